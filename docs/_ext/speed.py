"""How fast newsitem is, compared with other tools: in words for the tables, and as bars for the chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log
from typing import Any, Final

WORKS: Final = ("read", "read, set `heat`, write")
"""The works of the chart, each with its hand-edited layouts: ``read: key order``."""


def times(ratio: float) -> str:
    """Return how many times as fast newsitem is, from its time divided by that of the other tool."""
    faster = 1 / ratio
    return f"{faster:,.{2 if faster < 1.995 else 1 if faster < 9.95 else 0}f}×"


def goal_times(goal: float) -> str:
    """Return a goal in the same direction: a ratio of at most 0.8 is a speed of at least 1.25×."""
    return f"at least {f'{1 / goal:.2f}'.rstrip('0').rstrip('.')}×"


def duration(microseconds: float) -> str:
    """Return a time, in milliseconds if it has five digits or more in microseconds."""
    if microseconds < 9_999.5:
        return f"{microseconds:,.{1 if microseconds < 9.95 else 0}f}\N{NO-BREAK SPACE}µs"
    return f"{microseconds / 1_000:,.0f}\N{NO-BREAK SPACE}ms"


def group_heads(works: Mapping[str, Any]) -> list[str]:
    """Return the heading of each group of texts."""
    return [f"{name}, {group['kilobytes']:g} KB" for name, group in works["groups"].items()]


def chart(works: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table in Markdown for each work, in whose cells a bar shows the speed on a logarithmic scale.

    Raises:
        ValueError: if a work or the figure of a group is missing, or a figure is not above zero.
    """
    panels: dict[tuple[str, str], dict[str, list[float]]] = {}
    for line in works["ratios"]:
        work, _, layout = line["work"].partition(": ")
        if work in WORKS:
            ratios = [line["ratio"].get(group) for group in works["groups"]]
            if not all(isinstance(ratio, int | float) and ratio > 0 for ratio in ratios):
                raise ValueError(f"{line['work']}, {line['with']}: not a ratio for each group of texts: {ratios}")
            key = (f"Hand-edited text: {work}", f"as {line['with']}") if layout else (work.capitalize(), "as")
            panels.setdefault(key, {})[layout or line["with"]] = ratios
    if missing := {work for work in WORKS if (work.capitalize(), "as") not in panels}:
        raise ValueError(f"no figures for: {', '.join(sorted(missing))}")
    every = [1 / ratio for panel in panels.values() for ratios in panel.values() for ratio in ratios]
    ends = min(0.5, *every), max(10.0, *every)
    for (title, head), panel in panels.items():
        yield from (f"**{title}**", "", f"| × as fast {head} | {' | '.join(group_heads(works))} |")
        yield "|---" * (len(works["groups"]) + 1) + "|"
        for name, ratios in panel.items():
            yield f"| {' | '.join([name, *(_bar(ratio, ends) for ratio in ratios)])} |"
        yield ""
    yield "The scale is logarithmic, and each bar begins at 1×. A red bar points left: the other tool is faster."


def _bar(ratio: float, ends: tuple[float, float]) -> str:
    """Return a figure, and a bar from the line of 1×: to the right, or to the left if the other tool is faster."""
    one, end = (100 * log(value / ends[0]) / log(ends[1] / ends[0]) for value in (1.0, 1 / ratio))
    places = f"--one:{one:.1f}%;--from:{min(one, end):.1f}%;--to:{max(one, end):.1f}%"
    slower = ' class="slower"' if ratio > 1 else ""
    figure = f"**{times(ratio)}**" if ratio > 1 else times(ratio)
    return f'{figure} <span{slower} style="{places}"></span>'
