"""Tables that follow from something else: keys from the model, figures from a file that a run has written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import newsitem
from newsitem._schema import keys


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


class ModelTable(_Table):
    """``{model-table} CLASS``: the keys of one class: key, attribute, how it is written, what it is."""

    def lines(self) -> Iterator[str]:
        """Give a line for each key."""
        yield from ("| key | attribute | written as | required | meaning |", "|---|---|---|---|---|")
        for key in keys(getattr(newsitem, self.arguments[0])):
            required = "yes" if key.required else ""
            yield f"| `{key.name}` | `{key.attribute}` | {key.style.value} | {required} | {key.doc} |"


class FiguresTable(_Table):
    """``{figures-table} FILE``: what was tried, and how often that broke a promise."""

    def lines(self) -> Iterator[str]:
        """Give a line for each promise."""
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        run = json.loads(path.read_text())
        yield from ("| what was tried | how often | what would break the promise | how often |", "|---|--:|---|--:|")
        for promise, (tried, broken) in run["figures"].items():
            what, how = promise.split(" / ")
            yield f"| {what} | {tried:,} | {how} | {broken:,} |"
        yield from (
            "",
            f"Python {run['python']} on {run['system']}, {run['times']} times as much as in the fast test suite.",
        )


def setup(app: object) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("model-table", ModelTable)  # type: ignore[attr-defined]
    app.add_directive("figures-table", FiguresTable)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
