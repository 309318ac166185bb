"""Notebook views and the JSON Schema of the model, generated when the documentation is built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

import newsitem

SAMPLES: Final = Path(__file__).parents[2] / "examples" / "news"


class View(SphinxDirective):
    """``{view} item``, ``collection`` or ``description``: the notebook view of the samples."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Render the samples."""
        news = newsitem.NewsCollection.read(SAMPLES)
        for item in news:
            item.path = Path("news", Path(item.path or "").name)  # not the folder where the page is built
        shown = {"item": news[8], "collection": news[:4], "description": news.describe()}[self.arguments[0]]
        html = f'<div class="notebook-view">{shown._repr_html_()}</div>'  # type: ignore[attr-defined]
        return [nodes.raw("", html, format="html")]


class JsonSchema(SphinxDirective):
    """``{json-schema}``: the JSON Schema of the model."""

    def run(self) -> list[nodes.Node]:
        """Write it as a block of code."""
        text = json.dumps(newsitem.json_schema(), indent=2)
        return [nodes.literal_block(text, text, language="json")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("view", View)
    app.add_directive("json-schema", JsonSchema)
    return {"parallel_read_safe": True}
