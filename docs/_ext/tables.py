"""Tables that follow from something else: keys from the model, figures from a file that a run has written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import newsitem
from newsitem._schema.fields import keys

_TEXTS: Final = {"work", "with", "layout", "key", "meaning", "written as", "attribute", "column", "type"}


class _Table(SphinxDirective):
    """A table whose lines are made."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        container = nodes.container()
        self.state.nested_parse(StringList(list(self.lines())), self.content_offset, container)
        return list(container.children)

    def lines(self) -> Iterator[str]:
        """Give the lines of the table in Markdown."""
        raise NotImplementedError

    def read(self) -> Any:
        """Read the file that the first argument names."""
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        return json.loads(path.read_text(encoding="utf-8"))


class ModelTable(_Table):
    """``{model-table} CLASS``: the keys of one class: key, what it is, how it is written, attribute."""

    def lines(self) -> Iterator[str]:
        """Give a line for each key."""
        yield from _head("key", "meaning", "written as", "attribute")
        for key in keys(getattr(newsitem, self.arguments[0])):
            name = f"`{key.name}`, required" if key.required else f"`{key.name}`"
            yield _row(name, key.doc, key.kind.label, f"`{key.attribute}`")


class SchemaTable(_Table):
    """``{schema-table}``: the columns of the Arrow tables."""

    required_arguments = 0

    def lines(self) -> Iterator[str]:
        """Give a line for each column."""
        from newsitem.arrow import SCHEMA

        yield from _head("column", "type", "meaning")
        for field in SCHEMA:
            kind = re.sub(r"<.*", "", str(field.type))
            yield _row(f"`{field.name}`", f"`{kind}`", field.metadata[b"doc"].decode())


class FiguresTable(_Table):
    """``{figures-table} FILE``: what was tried, and how often that broke a promise."""

    def lines(self) -> Iterator[str]:
        """Give a line for each promise."""
        run = self.read()
        yield from ("| what was tried | tries | what would break the promise | failures |", "|---|--:|---|--:|")
        for promise, (tried, broken) in run["figures"].items():
            what, how = promise.split(" / ")
            yield f"| {what} | {tried:,} | {how} | {broken:,} |"
        yield from (
            "",
            f"Python {run['python']} on {run['system']}, {run['times']} times as much as in the fast test suite.",
        )


class SpeedTable(_Table):
    """``{speed-table} FILE``: the time of newsitem divided by that of its peers, for each group of texts."""

    def lines(self) -> Iterator[str]:
        """Give a line for newsitem in each work, and one for each of its peers."""
        run = self.read()["works"]
        groups = run["groups"]
        sizes = [f"{name}, {group['kilobytes']} KB" for name, group in groups.items()]
        yield from _head("work", "with", *sizes, "goal")
        before = None
        for line in run["ratios"]:
            if line["work"] != before:
                before = line["work"]
                times = [f"{line['microseconds'][group]:,.0f} µs" for group in groups]
                yield _row(before, "newsitem itself", *times, "")
            yield _row("", line["with"], *_against([line["ratio"][group] for group in groups], line["goal"]))
        yield from ("", _conditions(run))


class RatioTable(_Table):
    """``{ratio-table} FILE SECTION``: what newsitem takes, divided by what something else takes."""

    required_arguments = 2

    def lines(self) -> Iterator[str]:
        """Give a line for each ratio."""
        run = self.read()[self.arguments[1]]
        yield from _head("work", "with", "newsitem takes", "goal")
        before = None
        for line in run["ratios"]:
            work = "" if line["work"] == before else line["work"]
            before = line["work"]
            yield _row(work, line["with"], *_against([line["ratio"]], line["goal"]))
        yield from ("", _conditions(run))


class EnginesTable(_Table):
    """``{engines-table} FILE``: what Arrow takes for folders of growing size, and what a cluster made of the last."""

    def lines(self) -> Iterator[str]:
        """Give a line for each folder, and a sentence for the cluster."""
        run = self.read()["engines"]
        yield from _head("work", "microseconds for each", "of the time to read them", "goal", "most of `to_batches`")
        for line in run["ratios"]:
            ratio, goal = _against([line["ratio"]], line["goal"])
            yield _row(line["work"], f"{line['microseconds']:.0f}", ratio, goal, f"{line['megabytes']:.0f} MB")
        cluster = (
            "On a cluster of {processes} processes, {killed} of them killed, {files:,} files became {rows:,} rows in"
            " {parts:,} files, none double and none lost, with {errors:,} errors."
        )
        yield from ("", _conditions(run), "", cluster.format_map(run["cluster"]))


class GrowthTable(_Table):
    """``{growth-table} FILE``: microseconds for each kilobyte of texts of growing size."""

    def lines(self) -> Iterator[str]:
        """Give a line for each layout and work, with a cell for 1, 10, 100 … related items."""
        run = self.read()["growth"]
        numbers = [number for number in run["times"][0]["microseconds"] if number.strip("0") == "1"]
        yield from _head("layout", "work", *(f"{int(number):,}" for number in numbers), "exponent")
        for line in run["times"]:
            rates = [line["microseconds"].get(number) for number in numbers]
            cells = ["" if rate is None else f"{rate:,.{0 if rate >= 100 else 1}f}" for rate in rates]
            yield _row(line["layout"], line["work"], *cells, f"{line['exponent']:.2f}")
        sizes, exponents = run["kilobytes"].values(), [line["exponent"] for line in run["times"]]
        yield from ("", f"{_conditions(run)} Generated texts of {min(sizes):,.0f} to {max(sizes):,.0f} KB.")
        yield f"The exponents are {min(exponents):.2f} to {max(exponents):.2f}."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(*heads: str) -> Iterator[str]:
    """Give the first two lines of a table. All but texts are aligned on the right."""
    yield _row(*heads)
    yield _row(*("---" if head in _TEXTS else "--:" for head in heads))


def _against(ratios: list[float], goal: float | None) -> list[str]:
    """Give a cell for each ratio, and one for the goal that says whether any of them misses it."""
    missed = [goal is not None and ratio > goal for ratio in ratios]
    shown = [f"{ratio:.{3 if ratio < 0.02 else 2 if ratio < 10 else 0}f}" for ratio in ratios]
    cells = [f"**{cell}**" if is_missed else cell for cell, is_missed in zip(shown, missed, strict=True)]
    return [*cells, "" if goal is None else f"{goal}{', missed' if any(missed) else ''}"]


def _conditions(run: dict[str, Any]) -> str:
    """Say where a section was measured, and with which texts."""
    rounds = f", {run['rounds']} rounds" if "rounds" in run else ""
    kind = "Files" if run.get("source") == "files" else "Generated texts"
    groups = [
        f"{group['texts']:,} of {name} (median {group['kilobytes']} KB)"
        for name, group in run.get("groups", {}).items()
    ]
    texts = f" {kind}: {', '.join(groups)}." if groups else ""
    return f"Python {run['python']} on {run['system']}{rounds}.{texts}"


def setup(app: object) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("model-table", ModelTable)  # type: ignore[attr-defined]
    app.add_directive("schema-table", SchemaTable)  # type: ignore[attr-defined]
    app.add_directive("figures-table", FiguresTable)  # type: ignore[attr-defined]
    app.add_directive("speed-table", SpeedTable)  # type: ignore[attr-defined]
    app.add_directive("ratio-table", RatioTable)  # type: ignore[attr-defined]
    app.add_directive("engines-table", EnginesTable)  # type: ignore[attr-defined]
    app.add_directive("growth-table", GrowthTable)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
