"""Tables at the top of reference pages: names by task, with links and the first sentences of their docstrings."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from typing import Any, Final
from unittest.mock import patch

import pyarrow
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

import newsitem
import newsitem.arrow
from newsitem._schema.fields import keys

_NAME: Final = re.compile(r"\s*(?P<label>[^,<]+?)(?:\s*<(?P<name>\w+)>)?\s*(?:,|$)")
_LEFT_OUT: Final = frozenset(("minimum", "maximum", "pattern", "not"))
_FIRST_SENTENCE: Final = re.compile(r".*?\.(?=\s+[A-Z`*]|\s*$)", re.DOTALL)


class Members(SphinxDirective):
    """``.. members:: OWNER``, in ``eval-rst``: a table of names of a class or a module, in groups.

    Each line of the content is a group: its title, a colon, and names separated by commas. ``label <name>`` shows
    another text than the name.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        body = nodes.tbody()
        with patch.dict(self.env.ref_context, self._context()):
            for line in self.content:
                title, _, names = line.partition(": ")
                body += self._row(f"**{title}**")
                for match in _NAME.finditer(names):
                    body += self._entry(match["label"], match["name"] or match["label"])
        columns = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (32, 68)), body, cols=2)
        return [nodes.table("", columns, classes=["members", "colwidths-given"], width="100%")]

    def _context(self) -> dict[str, str | None]:
        """Return where names in the docstrings of the owner's members are looked up."""
        owner = self.arguments[0]
        owner_object = _object_named(owner)
        return (
            {"py:module": owner_object.__name__, "py:class": None}
            if inspect.ismodule(owner_object)
            else {"py:module": owner.rpartition(".")[0], "py:class": owner_object.__name__}
        )

    def _entry(self, label: str, name: str) -> nodes.row:
        owner = self.arguments[0]
        return self._row(f":py:obj:`{label} <{owner}.{name}>`", first_sentence(owner, name))

    def _row(self, *cells: str) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            text, messages = self.parse_inline(cell, lineno=self.lineno)
            row += nodes.entry("", nodes.paragraph(cell, "", *text), *messages, morecols=2 - len(cells))
        return row


def first_sentence(owner: str, name: str) -> str:
    """Return the first sentence of the docstring of a member of a class or a module."""
    owner_object = _object_named(owner)
    docstring = _attribute_docstring(owner_object, name) if isinstance(owner_object, type) else None
    paragraph = re.split(r"\n\s*\n", docstring or inspect.getdoc(getattr(owner_object, name)) or "")[0]
    match = _FIRST_SENTENCE.match(" ".join(paragraph.split()))
    if match is None:
        raise ValueError(f"{owner}.{name} has no docstring that begins with a sentence")
    return match[0]


def _object_named(path: str) -> Any:
    """Return the module or the class with a dotted name."""
    try:
        return import_module(path)
    except ImportError:
        module, _, name = path.rpartition(".")
        return getattr(import_module(module), name)


def _attribute_docstring(cls: type, name: str) -> str | None:
    """Return the string below an attribute in the source of a class or of one of its bases."""
    for base in cls.__mro__:
        if base.__module__.startswith("newsitem"):
            lines = ModuleAnalyzer.for_module(base.__module__).find_attr_docs().get((base.__qualname__, name))
            if lines:
                return "\n".join(lines)
    return None


@newsitem.model
class Part:
    """A mapping in the sample."""

    text: str | None = newsitem.key(default=None)


@newsitem.model
class Sample(newsitem.FrontMatter):
    """A key of each kind, named by its annotation."""

    text: str | None = newsitem.key("str")
    plain_text: str | None = newsitem.key("str, plain=True", plain=True)
    integer: int | None = newsitem.key("int")
    number: float | None = newsitem.key("float")
    boolean: bool | None = newsitem.key("bool")
    instant: datetime | None = newsitem.key("datetime")
    day: date | None = newsitem.key("date")
    opaque: newsitem.Secured | None = newsitem.key("Secured")
    texts: list[str] = newsitem.key("list[str]", factory=list)
    mapping: Part | None = newsitem.key("Part")
    mappings: list[Part] = newsitem.key("list[Part]", factory=list)
    anything: Any = newsitem.key("Any", default=None)


class KeyTypes(SphinxDirective):
    """``{key-types}``: how the values of each annotation are written, their JSON Schema and their Arrow type."""

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        container = nodes.container()
        self.state.nested_parse(StringList(list(self._lines())), self.content_offset, container)
        return list(container.children)

    def _lines(self) -> Iterator[str]:
        schemas = newsitem.json_schema(Sample)["properties"]
        columns = {column.name: column.type for column in newsitem.arrow.schema(Sample)}
        yield from ("| annotation | written as | absent | JSON Schema | Arrow |", "|---|---|---|---|---|")
        for key in keys(Sample):
            column = columns.get(key.attribute) or key.kind.arrow(pyarrow)
            cells = [key.name, key.kind.absent, _described(schemas[key.name]), str(column)]
            annotation, absent, schema, arrow = (f"`{cell}`" for cell in cells)
            yield f"| {annotation} | {key.kind.label} | {absent} | {schema} | {arrow} |"


def _described(schema: dict[str, Any]) -> str:
    """Return a JSON Schema as text, without bounds and patterns."""
    return json.dumps({name: value for name, value in schema.items() if name not in _LEFT_OUT})


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("members", Members)
    app.add_directive("key-types", KeyTypes)
    return {"parallel_read_safe": True}
