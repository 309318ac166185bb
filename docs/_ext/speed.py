"""The picture of how long other tools take for the work of newsitem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log, log10
from typing import Any

from svg import box, path, picture, text

from newsitem.errors import counted

WORKS = ("read", "read, set `heat`, write")
MOST = 3
"""How many groups of texts can be told apart."""
WIDTH = 380.0
LEFT, RIGHT = 2.0, 336.0
"""Where the scale begins and ends. The number beside the longest bar stands beyond it."""
BAR = 9.0
"""How high a bar is."""
TOOL = 22.0
"""How much the name of a tool needs above its bars."""


@dataclass(frozen=True)
class Bars:
    """How many times as long as newsitem another tool takes, for each group of texts."""

    work: str
    tool: str
    times: tuple[float, ...]


@dataclass(frozen=True)
class Scale:
    """A scale on which equal steps multiply."""

    least: float
    most: float

    def place(self, times: float) -> float:
        """Tell how far to the right a number stands."""
        return LEFT + (RIGHT - LEFT) * log(times / self.least) / log(self.most / self.least)


def bars(works: Mapping[str, Any]) -> list[Bars]:
    """Read the bars from the results of a run.

    Raises:
        ValueError: if there are none for a work, or one for a group is missing or not above zero.
    """
    groups = works["groups"]
    if not 1 <= len(groups) <= MOST:
        raise ValueError(f"the chart can show 1 to {MOST} groups of texts, not {len(groups)}")
    found = []
    for result in works["ratios"]:
        if result["work"] in WORKS:
            ratios = [result["ratio"].get(group) for group in groups]
            if not all(isinstance(ratio, int | float) and ratio > 0 for ratio in ratios):
                raise ValueError(f"{result['work']}, {result['with']}: not a ratio for each group of texts: {ratios}")
            found.append(Bars(result["work"], result["with"], tuple(1 / ratio for ratio in ratios)))
    if missing := set(WORKS) - {one.work for one in found}:
        raise ValueError(f"no figures for: {', '.join(sorted(missing))}")
    return found


def in_words(times: float) -> str:
    """Write how many times as long something takes, more exactly near 1."""
    return f"{times:.{2 if times < 2 else 1 if times < 10 else 0}f}×"


def description(works: Mapping[str, Any]) -> Iterator[str]:
    """Say in words what the chart shows."""
    groups = list(works["groups"])
    for one in bars(works):
        times = ", ".join(f"{in_words(times)} ({group})" for group, times in zip(groups, one.times, strict=True))
        yield f"{one.work.capitalize()}: {one.tool} takes {times} the time of newsitem.".replace("`", "")


def speed_chart(works: Mapping[str, Any]) -> str:
    """Draw a bar for each tool and group of texts, from the time that newsitem takes to the one that the tool takes."""
    found = bars(works)
    every = [times for one in found for times in one.times]
    scale = Scale(min(0.4, *every), max(10.0, *every))
    parts, top = _legend(works["groups"])
    for work in WORKS:
        chart, bottom = _chart(work, [one for one in found if one.work == work], scale, top)
        parts.extend(chart)
        top = bottom
    title = "How many times as long as newsitem other tools take"
    return picture("speed-chart", (WIDTH, top), title, " ".join(description(works)), *parts)


def _legend(groups: Mapping[str, Mapping[str, float]]) -> tuple[list[str], float]:
    """Say which bar is which group of texts."""
    parts, top = [], 2.0
    for place, (group, of) in enumerate(groups.items()):
        words = f"{group}: {counted(int(of['texts']), 'text')}, {of['kilobytes']:g} KB (median)"
        parts.append(box((LEFT, top), (22, BAR), f"bar bar-{place}", 1))
        parts.append(text((LEFT + 30, top + BAR - 0.5), words, "small"))
        top += 2 * BAR
    return parts, top


def _chart(work: str, found: Sequence[Bars], scale: Scale, top: float) -> tuple[list[str], float]:
    """Draw the bars of one work, with its name and the scale above them."""
    parts = [text((LEFT, top + 26), work.capitalize(), "work")]
    first = top + 62
    y = first
    for one in found:
        parts.append(text((scale.place(1) + 6, y + TOOL - 7), one.tool, "tool"))
        y += TOOL
        for place, times in enumerate(one.times):
            parts.extend(_bar(times, place, scale, y))
            y += BAR + 3
        y += 6
    return [*_lines(scale, first, y), *parts], y


def _bar(times: float, place: int, scale: Scale, top: float) -> Iterator[str]:
    """Draw a bar from the line of newsitem, to the left where the other tool is the faster one."""
    ends = sorted((scale.place(1), scale.place(times)))
    faster = " faster" if times < 1 else ""
    yield box((ends[0], top), (max(ends[1] - ends[0], 0.5), BAR), f"bar bar-{place}{faster}", 1)
    yield text((ends[1] + 5, top + BAR - 0.5), in_words(times), "small")


def _lines(scale: Scale, top: float, bottom: float) -> Iterator[str]:
    """Draw the scale: a line for each power of ten, and the one of newsitem."""
    for power in range(ceil(log10(scale.least)), floor(log10(scale.most)) + 1):
        x = scale.place(10**power)
        yield path([(x, top), (x, bottom)], "line line-one" if power == 0 else "line")
        yield text((x, top - 5), f"{10.0**power:g}×", "tick")
    x = scale.place(1)
    yield text((x - 8, top - 21), "◂ faster", "direction before")
    yield text((x + 8, top - 21), "slower than newsitem ▸ (log scale)", "direction")
