"""Generated tables: keys from the model, and figures from files that a run has written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from docutils import nodes
from docutils.statemachine import StringList
from speed import duration, goal_times, group_heads, times
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

import newsitem
from newsitem._schema.fields import keys

_TEXTS: Final = {"job", "compared with", "layout", "key", "meaning", "written as", "attribute", "column", "type"}
_READERS: Final = ("Jekyll", "Psych", "PyYAML (YAML 1.1)", "ruamel.yaml (YAML 1.2)")
_PROMISES: Final = {
    "No file is ever half-written": {
        "writers killed / files damaged": "Of {tried} kills of a process that was writing, {broken} damaged a file.",
        "writers killed / edits lost": "Of the same {tried} kills, {broken} lost an edit.",
    },
    "No edit is lost": {
        "edits by two processes at once / lost without a ConflictError": (
            "Of {tried} edits by two processes at once, {broken} were lost without a `ConflictError`."
        ),
    },
    "Malicious text is read or refused": {
        "malicious texts / exceptions other than NewsItemError": (
            "Of {tried} malicious texts, {broken} raised an exception other than `NewsItemError`."
        ),
    },
    "The laws hold for any input": {
        "mutated texts / laws broken": "Of {tried} mutated texts, {broken} broke a law.",
        "texts from coverage-guided fuzzing / laws broken": (
            "Of {tried} texts from coverage-guided fuzzing, {broken} broke a law."
        ),
    },
    "All of YAML is preserved": {
        "mappings of the YAML test suite / changed by an edit of another key": (
            "Of {tried} mappings of the YAML test suite, {broken} changed when another key was edited."
        ),
    },
    "Other parsers read the same values": {
        f"values compared with {reader} / differences": f"Of {{tried}} values that {reader} read, {{broken}} differed."
        for reader in _READERS
    },
    "Threads do not affect each other": {
        "texts edited in sixteen threads / differences from a single thread": (
            "Of {tried} texts that sixteen threads read and wrote, {broken} differed from the result of one thread."
        ),
    },
    "`secured` is never shown": {
        "outputs searched for the text of `secured` / outputs that contain part of it": (
            "Of {tried} outputs that were searched for the text of `secured`, {broken} contained part of it."
        ),
    },
}
"""For each promise, by its heading on the page, the figures of a run as sentences."""


class Generated(SphinxDirective):
    """A part of a page whose Markdown is made when the page is built."""

    classes: ClassVar[tuple[str, ...]] = ()
    """The classes of a container around it, if it has one."""

    def run(self) -> list[nodes.Node]:
        """Make the Markdown, and parse it."""
        container = nodes.container(classes=list(self.classes))
        self.state.nested_parse(StringList(list(self.lines())), self.content_offset, container)
        return [container] if self.classes else list(container.children)

    def lines(self) -> Iterator[str]:
        """Yield the lines."""
        raise NotImplementedError

    def read(self) -> Any:
        """Read the file that the first argument names."""
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        return json.loads(path.read_text(encoding="utf-8"))


class ModelTable(Generated):
    """``{model-table} CLASS``: the keys of one class: key, meaning, how it is written, attribute."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield a line for each key."""
        yield from _head("key", "meaning", "written as", "attribute")
        for key in keys(getattr(newsitem, self.arguments[0])):
            name = f"`{key.name}`, required" if key.required else f"`{key.name}`"
            yield _row(name, key.doc, key.kind.label, f"`{key.attribute}`")


class SchemaTable(Generated):
    """``{schema-table}``: the columns of the Arrow tables."""

    def lines(self) -> Iterator[str]:
        """Yield a line for each column."""
        from newsitem.arrow import SCHEMA

        yield from _head("column", "type", "meaning")
        for field in SCHEMA:
            kind = re.sub(r"<.*", "", str(field.type))
            yield _row(f"`{field.name}`", f"`{kind}`", field.metadata[b"doc"].decode())


class FiguresTable(Generated):
    """``{figures-table} FILE``: how often each guarantee was tested, and how often a test failed."""

    required_arguments = 1
    classes = ("promises",)

    def lines(self) -> Iterator[str]:
        """Yield a line for each promise, with its figures in sentences."""
        run = self.read()
        yield from ("| guarantee | tests and failures |", "|---|---|")
        yield from (_row(f"**{promise}**", text) for promise, text in promises(run["figures"]).items())
        conditions = (
            f"Python {run['python']} on {run['system']}, {run['times']} times as many tries as in the fast test suite."
        )
        yield from ("", conditions)


def promises(figures: dict[str, list[int]]) -> dict[str, str]:
    """Return the figures of a run in sentences, by promise.

    Raises:
        ValueError: if there is a figure without a sentence.
    """
    sentences_of = {
        promise: [
            sentence.format(
                tried=f"{figures[name][0]:,}", broken=f"{figures[name][1]:,}" if figures[name][1] else "none"
            )
            for name, sentence in sentences.items()
            if name in figures
        ]
        for promise, sentences in _PROMISES.items()
    }
    if missing := set(figures) - {name for sentences in _PROMISES.values() for name in sentences}:
        raise ValueError(f"no sentence for: {', '.join(sorted(missing))}")
    return {promise: " ".join(sentences) for promise, sentences in sentences_of.items() if sentences}


class SpeedTable(Generated):
    """``{speed-table} FILE``: the time of newsitem for each group of texts, and how much faster it is than others."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield a line with the time of newsitem for each work, and below it one for each of its peers."""
        run = self.read()["works"]
        yield from _head("job", *group_heads(run), "goal")
        before = None
        for line in run["ratios"]:
            if line["work"] != before:
                before = line["work"]
                yield _row(f"**{before}**", *(duration(line["microseconds"][group]) for group in run["groups"]), "")
            ratios = [line["ratio"][group] for group in run["groups"]]
            yield _row(f"vs {line['with']}", *_against(ratios, line["goal"]))
        yield from (
            "",
            "µs and ms: mean time that newsitem takes for one text. ×: how many times as fast as the other tool it is.",
        )
        yield from ("", _conditions(run))


class RatioTable(Generated):
    """``{ratio-table} FILE SECTION``: how many times as fast as its yardstick newsitem is, or as small."""

    required_arguments = 2

    def lines(self) -> Iterator[str]:
        """Yield a line for each ratio."""
        run = self.read()[self.arguments[1]]
        yield from _head("job", "compared with", _measure([line["work"] for line in run["ratios"]]), "goal")
        for line in run["ratios"]:
            yield _row(line["work"], line["with"], *_against([line["ratio"]], line["goal"]))
        yield from ("", _conditions(run))


class EnginesTable(Generated):
    """``{engines-table} FILE``: time and memory of Arrow tables for growing folders, and the result of a cluster."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield a line for each folder, and a sentence for the cluster."""
        run = self.read()["engines"]
        yield from _head("job", "time per item", "× as fast as reading", "goal", "peak memory of `to_batches`")
        for line in run["ratios"]:
            ratio, goal = _against([line["ratio"]], line["goal"])
            yield _row(line["work"], duration(line["microseconds"]), ratio, goal, f"{line['megabytes']:.0f} MB")
        cluster = (
            "On a cluster of {processes} processes, {killed} of them killed, {files:,} files became {rows:,} rows in"
            " {parts:,} files, with no row lost or duplicated and {errors:,} errors."
        )
        yield from ("", _conditions(run), "", cluster.format_map(run["cluster"]))


class GrowthTable(Generated):
    """``{growth-table} FILE``: the time for each kilobyte of texts of growing size."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield a line for each layout and work, with a cell for 1, 10, 100 … related items."""
        run = self.read()["growth"]
        numbers = [number for number in run["times"][0]["microseconds"] if number.strip("0") == "1"]
        yield from _head("job", *(f"{int(number):,}" for number in numbers), "exponent")
        for line in run["times"]:
            rates = [line["microseconds"].get(number) for number in numbers]
            cells = ["" if rate is None else duration(rate) for rate in rates]
            yield _row(f"{line['layout']}: {line['work']}", *cells, f"{line['exponent']:.2f}")
        sizes, exponents = run["kilobytes"].values(), [line["exponent"] for line in run["times"]]
        yield from ("", f"{_conditions(run)} Generated texts of {min(sizes):,.0f} to {max(sizes):,.0f} KB.")
        yield f"The exponents are {min(exponents):.2f} to {max(exponents):.2f}."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _head(*heads: str) -> Iterator[str]:
    """Yield the first two lines of a table. All but texts are aligned on the right."""
    yield _row(*heads)
    yield _row(*("---" if head in _TEXTS else "--:" for head in heads))


def _measure(works: list[str]) -> str:
    """Return the heading of the ratios of works, some of which measure memory."""
    of_memory = {work.startswith(("keep ", "peak memory")) for work in works}
    return (
        "× as fast, or × less memory" if len(of_memory) > 1 else "× less memory" if True in of_memory else "× as fast"
    )


def _against(ratios: list[float], goal: float | None) -> list[str]:
    """Return a cell for each ratio, and one for the goal that says whether any of them misses it."""
    missed = [goal is not None and ratio > goal for ratio in ratios]
    cells = [
        f"**{times(ratio)}**" if is_missed else times(ratio) for ratio, is_missed in zip(ratios, missed, strict=True)
    ]
    return [*cells, "" if goal is None else f"{goal_times(goal)}{', missed' if any(missed) else ''}"]


def _conditions(run: dict[str, Any]) -> str:
    """Return where a section was measured, and with which texts."""
    rounds = f", {run['rounds']} rounds" if "rounds" in run else ""
    kind = "Files" if run.get("source") == "files" else "Generated texts"
    groups = [
        f"{group['texts']:,} of {name} (median {group['kilobytes']} KB)"
        for name, group in run.get("groups", {}).items()
    ]
    texts = f" {kind}: {', '.join(groups)}." if groups else ""
    return f"Python {run['python']} on {run['system']}{rounds}.{texts}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    for name, directive in (
        ("model-table", ModelTable),
        ("schema-table", SchemaTable),
        ("figures-table", FiguresTable),
        ("speed-table", SpeedTable),
        ("ratio-table", RatioTable),
        ("engines-table", EnginesTable),
        ("growth-table", GrowthTable),
    ):
        app.add_directive(name, directive)
    return {"parallel_read_safe": True}
