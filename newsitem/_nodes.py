"""YAML text -> nodes with positions. ruamel.yaml reads the text; here its events become a tree.

The tree is plain: what a value is comes later, from the model. Aliases stay in it as such, so that an edit
knows where the text of a value really stands. Limits keep hostile text from costing more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from newsitem._check import MAXIMUM_DEPTH
from newsitem._frontmatter import BOM, FrontMatter
from newsitem._scalars import FORBIDDEN

MAXIMUM_ALIASED: Final = 100_000
"""How many values aliases may stand for, all aliases taken together."""

# From the end of what stands before it to the dash or colon that an empty value stands behind.
_INDICATOR = re.compile(r"(?:[ \t]++|#[^\n]*+|\r?\n)*+[-:]")
_STANDARD_TAG: Final = "tag:yaml.org,2002:"


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


@attrs.define(eq=False)
class Sequence:
    """A list."""

    start: int
    end: int
    flow: bool
    tag: str | None = None
    anchor: str | None = None
    size: int = 1
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
    pairs: list[tuple[Node, Node]] = attrs.field(factory=list)


@attrs.define(eq=False)
class Alias:
    """A place that names an anchor, and the node that it stands for."""

    start: int
    end: int
    target: Scalar | Sequence | Mapping
    anchor: str
    size: int


Node = Scalar | Sequence | Mapping | Alias


class Unreadable(Exception):
    """The text is not YAML that newsitem reads: what is wrong, and where in the text."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message, index)
        self.message = message
        self.index = index


def resolved(node: Node) -> Scalar | Sequence | Mapping:
    """Give the node itself, or the one that an alias stands for."""
    return node.target if isinstance(node, Alias) else node


def forbidden(text: str, start: int, end: int) -> list[Unreadable]:
    """Find all characters of a part of *text* that YAML forbids."""
    return [
        Unreadable(
            f"the character U+{ord(match[0]):04X} is not allowed in YAML: remove it, or write it as an escape"
            " in double quotes",
            match.start(),
        )
        for match in FORBIDDEN.finditer(text, start, end)
    ]


def compose(parts: FrontMatter) -> Node:
    """Read the front matter of a file as one YAML document. Positions count from the start of the file.

    Raises:
        Unreadable: if it is not YAML, or beyond the limits.
    """
    # The fence is the document's marker, so offsets are those of the file; blanks replace what YAML may not see.
    offset = len(BOM) if parts.opening.startswith(BOM) else 0
    text = "---".ljust(len(parts.opening) - offset - 1) + "\n" + parts.content
    builder = _Builder(text, offset)
    try:
        for event in _events(text):
            builder.take(event)
    except Unreadable:
        raise
    except Exception as error:  # ruamel.yaml lets ValueError and more escape for some texts
        raise Unreadable(*_explain(error, builder.last, offset)) from None
    if builder.root is None or builder.documents != 1:
        raise Unreadable("the front matter holds more than one YAML document", builder.last)
    return builder.root


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    return iter(YAML(typ="safe", pure=True).parse(text))


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.root: Node | None = None
        self.documents = 0
        self.last = offset
        self.aliased = 0
        self.anchors: dict[str, Scalar | Sequence | Mapping] = {}
        self.open: list[Sequence | Mapping] = []
        self.keys: list[Node | None] = []
        """For each open collection the key that waits for its value."""

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        start, end = event.start_mark.index + self.offset, event.end_mark.index + self.offset
        if kind == "ScalarEvent":
            self.add(self.scalar(event, start, end))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            cls: type[Mapping] | type[Sequence] = Mapping if kind == "MappingStartEvent" else Sequence
            self.push(cls(start, start, bool(event.flow_style), _tag(event), event.anchor))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.pop(end)
        elif kind == "AliasEvent":
            self.add(self.alias(event.anchor, start, end))
        elif kind == "DocumentStartEvent":
            self.documents += 1
        self.last = end

    def scalar(self, event: Any, start: int, end: int) -> Scalar:
        if event.style in ("|", ">"):  # the empty lines behind a block scalar stay when it goes
            end = start + len(self.text[start - self.offset : end - self.offset].rstrip())
        elif start == end:  # nothing: ruamel.yaml places it at what comes next
            indicator = _INDICATOR.match(self.text, self.last - self.offset)
            start = end = self.last if indicator is None else indicator.end() + self.offset
        node = Scalar(start, end, event.value, event.style, _tag(event), event.anchor)
        if node.anchor:
            self.anchors[node.anchor] = node
        return node

    def alias(self, anchor: str, start: int, end: int) -> Alias:
        target = self.anchors.get(anchor)
        if target is None:
            raise Unreadable("an alias (*) names an anchor (&) that does not stand before it", start)
        if any(target is each for each in self.open):
            raise Unreadable("an alias (*) stands inside the value that its anchor (&) names", start)
        self.aliased += target.size
        if self.aliased > MAXIMUM_ALIASED:
            raise Unreadable(f"aliases stand for more than {MAXIMUM_ALIASED} values", start)
        return Alias(start, end, target, anchor, target.size)

    def push(self, node: Sequence | Mapping) -> None:
        if len(self.open) >= MAXIMUM_DEPTH:
            raise Unreadable(f"nested more than {MAXIMUM_DEPTH} levels deep", node.start)
        if node.anchor:
            self.anchors[node.anchor] = node
        self.open.append(node)
        self.keys.append(None)

    def pop(self, end: int) -> None:
        node = self.open.pop()
        self.keys.pop()
        if node.flow:
            node.end = end
        self.add(node)

    def add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.end = max(parent.end, node.end)
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            parent.pairs.append((self.keys[-1], node))
            self.keys[-1] = None


def _tag(event: Any) -> str | None:
    """Give a tag in short: ``str``, ``int`` … for YAML's own, ``!`` and more for others, ``None`` for none."""
    if event.tag is None:
        return None
    return str(event.tag).removeprefix(_STANDARD_TAG)


# What ruamel.yaml says -> what a person would want to know. The first that is found in its message counts.
_EXPLANATIONS: Final = (
    ("found unexpected end of stream", "a quoted text is not closed: add the quote at its end"),
    ("found unexpected document separator", "a quoted text is not closed: add the quote at its end"),
    ("found unknown escape character", "an unknown escape in double quotes: write a backslash as \\\\"),
    ("expected escape sequence of", "an escape in double quotes lacks hexadecimal digits"),
    ("mapping values are not allowed", "a colon and a blank in plain text: put the text in quotes"),
    ("could not find expected ':'", "a line without a colon: expected 'key: value'"),
    ("that cannot start any token", "a value must not start with this character: put it in quotes"),
    ("found character '\\t'", "a tab where only blanks may indent"),
    ("sequence entries are not allowed", "a dash of a list where no list can stand: check the indentation"),
    (
        "expected <block end>",
        "the indentation does not fit the lines above, or a text goes on behind its closing quote",
    ),
    ("did not find expected", "not what YAML expects here: check quotes, brackets and indentation"),
    ("expected ',' or", "a flow collection is not closed, or lacks a comma"),
    ("expected a comment or a line break", "text behind the start of a block scalar: begin it on the next line"),
    ("expected the node content", "a value is missing here, or the character before it is not allowed"),
    ("expected alphabetic or numeric", "an anchor (&) or alias (*) without a name: put the text in quotes"),
    ("found undefined tag handle", "a tag with an unknown handle: put the text in quotes"),
)


def _explain(error: Exception, last: int, offset: int) -> tuple[str, int]:
    problem = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    index = last if mark is None else mark.index + offset
    for sign, message in _EXPLANATIONS:
        if sign in problem:
            return f"not YAML: {message}", index
    # Anything that ruamel.yaml quotes from the text may be secret.
    detail = re.sub(r"(['\"]).{2,}\1", "…", problem)
    return "not YAML" + (f": {detail}" if detail else ""), index
