"""A YAML text as a tree of nodes with positions.

The tree is plain: what a value is comes later, from the model. Aliases stay in it as such, so that an edit
knows where the text of a value really is.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

LINE_ENDS: Final = r"\r\n\x85\u2028\u2029"
LINE_END: Final = re.compile(rf"\r\n|[{LINE_ENDS}]")
"""The end of a line, as YAML 1.1 has it."""
SPACE: Final = rf"[ \t]++|#[^{LINE_ENDS}]*+|[{LINE_ENDS}]"
"""Blanks, a comment, or the end of a line; a pattern."""
# From the end of what is before it to the dash or colon before an empty value.
# To ruamel.yaml the name of an anchor may hold U+2028 and U+2029.
BEFORE_INDICATOR = rf"(?:{SPACE}|![^ \t{LINE_ENDS}]*+|&[^ \t\r\n\x85]*+)*+"
DASH: Final = re.compile(rf"{BEFORE_INDICATOR}-(?=[ \t{LINE_ENDS}])")


@attrs.define(eq=False)
class Scalar:
    """A single value."""

    start: int
    end: int
    text: str
    style: str | None
    """``None`` for a plain scalar, else its first character."""
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
    height: int = 0
    indent: int = 0
    """Of a block scalar, the spaces before each of its lines."""
    column: int = 0
    """Of a block scalar, the spaces before the line that it begins in."""
    keeps: bool = False
    """Whether empty lines at its end belong to it, as in a block scalar with a ``+``."""

    def takes(self, line: str) -> bool:
        """Tell whether a block scalar would take a blank *line* that came next as a part of its text."""
        if self.keeps or not self.text.strip("\n"):
            return self.keeps
        return "\t" in line or len(line.rstrip("\r\n\x85\u2028\u2029")) > self.indent


@attrs.define(eq=False)
class Sequence:
    """A list."""

    start: int
    end: int
    flow: bool
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
    """How many values it and all below it are."""
    height: int = 1
    """How deep collections are in each other, from it on."""
    items: list[Node] = attrs.field(factory=list)


@attrs.define(eq=False)
class Mapping:
    """A mapping: its pairs in the order of the text, merge keys among them."""

    start: int
    end: int
    flow: bool
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
    height: int = 1
    pairs: list[tuple[Node, Node]] = attrs.field(factory=list)


@attrs.define(eq=False)
class Alias:
    """A place that names an anchor, and the node that has that anchor."""

    start: int
    end: int
    target: Scalar | Sequence | Mapping
    anchor: str
    size: int
    height: int


Node = Scalar | Sequence | Mapping | Alias


def resolved(node: Node) -> Scalar | Sequence | Mapping:
    """Return the node itself, or the one that an alias names."""
    return node.target if isinstance(node, Alias) else node


def target_of(value: object) -> object:
    """Return the value that an alias names, and anything else as it is."""
    return value.target if isinstance(value, Alias) else value


def walk(root: Node) -> list[Node]:
    """List all nodes of a text from *root* on, aliases not followed."""
    found = [root]
    for each in found:
        if isinstance(each, Sequence):
            found += each.items
        elif isinstance(each, Mapping):
            found += [part for pair in each.pairs for part in pair]
    return found
