"""Puts the table of a class's keys, made from the model, where a page says ``{model-table} CLASS``."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

import newsitem
from newsitem._schema import keys


class ModelTable(SphinxDirective):
    """The keys of one class: key, attribute, how it is written, what it is."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        cls: type = getattr(newsitem, self.arguments[0])
        lines = ["| key | attribute | written as | required | meaning |", "|---|---|---|---|---|"]
        for key in keys(cls):
            required = "yes" if key.required else ""
            lines.append(f"| `{key.name}` | `{key.attribute}` | {key.style.value} | {required} | {key.doc} |")
        container = nodes.container()
        self.state.nested_parse(StringList(lines), self.content_offset, container)
        return list(container.children)


def setup(app: object) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("model-table", ModelTable)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True}
