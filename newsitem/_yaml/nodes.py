"""Represent YAML text as a tree of nodes with positions.

The tree is untyped: the model determines the types later. Aliases remain in the tree, so that an edit knows where the
text of a value really is.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

LINE_ENDS: Final = "\r\n\x85\u2028\u2029"
LINE_END: Final = re.compile(rf"\r\n|[{LINE_ENDS}]")
"""A line end in YAML 1.1."""
WHITE_SPACE: Final = f" \t{LINE_ENDS}"
"""White space in YAML. Python's own includes characters that are text in YAML, such as no-break spaces."""
SPACE: Final = rf"[ \t]++|#[^{LINE_ENDS}]*+|[{LINE_ENDS}]"
"""A pattern for spaces and tabs, a comment, or a line end."""
# From the end of the preceding token to the dash or colon before an empty value.
# ruamel.yaml allows U+2028 and U+2029 in anchor names.
BEFORE_INDICATOR = rf"(?:{SPACE}|![^ \t{LINE_ENDS}]*+|&[^ \t\r\n\x85]*+)*+"
_PROPERTIES: Final = re.compile(rf"(?:[&!][^ \t{LINE_ENDS}]*+(?:{SPACE})++)++")
DASH: Final = re.compile(rf"{BEFORE_INDICATOR}-(?=[ \t{LINE_ENDS}])")


def has_text(lines: str) -> bool:
    """Return whether lines contain anything but white space."""
    return lines.strip(WHITE_SPACE) != ""


def indentation(text: str) -> int:
    """Return the number of spaces at the start of a text."""
    return len(text) - len(text.lstrip(" "))


@attrs.define(eq=False)
class Scalar:
    """A single value."""

    start: int
    end: int
    text: str
    style: str | None
    """``None`` for a plain scalar, otherwise its first character."""
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
    height: int = 0
    indent: int = 0
    """For a block scalar, the number of spaces before each of its lines."""
    column: int = 0
    """For a block scalar, the number of spaces before the line that it begins on."""
    keeps: bool = False
    """Whether empty lines at the end belong to it, as in a block scalar with ``+``."""

    def takes(self, line: str) -> bool:
        """Return whether a blank *line* after a block scalar would become part of its text."""
        is_deeper = "\t" in line or len(line.rstrip(LINE_ENDS)) > self.indent
        return self.keeps or (is_deeper and self.text.strip("\n") != "")


@attrs.define(eq=False)
class Collection:
    """A list or a mapping."""

    start: int
    end: int
    flow: bool
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
    """The number of values in the collection, itself and everything below it included."""
    height: int = 1
    """The number of nested collection levels, the collection itself included."""


@attrs.define(eq=False)
class Sequence(Collection):
    """A list."""

    items: list[Node] = attrs.field(factory=list)


@attrs.define(eq=False)
class Mapping(Collection):
    """A mapping. Its pairs are in the order of the text and include merge keys."""

    pairs: list[tuple[Node, Node]] = attrs.field(factory=list)

    def pair(self, number: int) -> tuple[Node, Node]:
        """Return the pair at this index."""
        return self.pairs[number]

    def is_block(self, number: int) -> bool:
        """Return whether the value of the pair at this index is a block collection."""
        value = self.pairs[number][1]
        return isinstance(value, Collection) and not value.flow


@attrs.define(eq=False)
class Alias:
    """An alias, and the node that has its anchor."""

    start: int
    end: int
    target: Scalar | Sequence | Mapping
    anchor: str
    size: int
    height: int


Node = Scalar | Sequence | Mapping | Alias


def resolved(node: Node) -> Scalar | Sequence | Mapping:
    """Return the node itself, or the target of an alias."""
    return node.target if isinstance(node, Alias) else node


def content_start(text: str, node: Node) -> int:
    """Return the position of a value after its anchor and tag."""
    properties = _PROPERTIES.match(text, node.start, node.end)
    return node.start if properties is None else properties.end()


def target_of(value: object) -> object:
    """Return the target of an alias, and any other value as is."""
    return value.target if isinstance(value, Alias) else value


def walk(root: Node) -> list[Node]:
    """List all nodes from *root* downwards, without following aliases."""
    nodes = [root]
    for node in nodes:
        nodes += children(node)
    return nodes


def children(node: Node) -> list[Node]:
    """Return the entries of a list, or the keys and values of a mapping, without following aliases."""
    if isinstance(node, Sequence):
        return node.items
    return [part for pair in node.pairs for part in pair] if isinstance(node, Mapping) else []
