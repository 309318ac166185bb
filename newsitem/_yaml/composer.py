"""Compose YAML text into a tree of nodes from the events that ruamel.yaml parses.

Limits keep the cost of hostile text in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from newsitem._yaml.limits import CHARACTERS_OF_A_VALUE, Limits, advice
from newsitem._yaml.messages import Read, explain
from newsitem._yaml.nodes import (
    BEFORE_INDICATOR,
    DASH,
    LINE_END,
    LINE_ENDS,
    SPACE,
    Alias,
    Collection,
    Mapping,
    Node,
    Scalar,
    Sequence,
    content_start,
    indentation,
    resolved,
    walk,
)
from newsitem._yaml.scalars import FORBIDDEN
from newsitem.errors import counted, printable, shortened

_LINE = re.compile(rf"(?!\Z)([^{LINE_ENDS}]*+)(?:{LINE_END.pattern}|\Z)")
"""A line. The group is the line without its line end."""
_COLON = re.compile(rf"{BEFORE_INDICATOR}:(?=[ \t{LINE_ENDS}])")
_TAG_BEFORE_ANCHOR = re.compile(rf"![^ \t{LINE_ENDS}]*+(?:{SPACE})++\Z")
_TAG_AFTER_ANCHOR = re.compile(rf"&[^ \t{LINE_ENDS}]++(?:{SPACE})++!")
_LONGEST_TAG: Final = 1_200
"""The maximum number of characters from a tag to the anchor after it. A tag has at most 1,000."""
_LONGEST_LINE: Final = 2_400
"""The maximum number of characters before a block scalar on its line: a key of up to 1,024, a tag and an anchor."""
_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_STANDARD_TAG: Final = "tag:yaml.org,2002:"
_CLASS_TAGS: Final = {
    "ScalarEvent": r"!(?:str|ruby/string):|!ruby/(?:sym|regexp|range|class|encoding|object:(?:BigD|DateT|Comp|Rat))",
    "MappingStartEvent": r"!?(?:set|omap|str)\Z|!(?:str|map):"
    r"|!ruby/(?:string|struct|object|exception|hash:|hash-with|marshalable|array:|range)",
    "SequenceStartEvent": r"!?omap\Z|!(?:seq|ruby/array):",
}
"""Tags that instantiate a class, by the event of the value."""
_MERGE: Final = frozenset(("<<",))
_TAGS: Final = frozenset(("str", "int", "float", "bool", "null", "timestamp", "binary"))


@attrs.define
class Unreadable(Exception):
    """The text is not YAML that newsitem reads. The error contains the message and the position in the text."""

    message: str
    index: int
    beyond_limit: bool = False


def _beyond(message: str, limit: str, index: int) -> Unreadable:
    """Return the exception for a text that exceeds a limit."""
    return Unreadable(f"{message}: {advice(limit)}", index, beyond_limit=True)


def forbidden(text: str, start: int, end: int) -> Iterator[Unreadable]:
    """Find the characters in a part of *text* that YAML forbids."""
    for match in _FORBIDDEN.finditer(text, start, end):
        message = f"the character U+{ord(match[0]):04X} is not allowed in YAML"
        yield Unreadable(f"{message}: remove it, or write it as an escape in double quotes", match.start())


def compose(text: str, offset: int, limits: Limits, secured: frozenset[str] = frozenset()) -> Node:
    """Compose *text* as one YAML document. Positions are relative to *offset*, for a text that is part of a file.

    The values of the *secured* keys must not be shown, so no alias may make them the values of other keys.

    Raises:
        Unreadable: if the text is not YAML or exceeds a limit.
    """
    from newsitem._yaml.scanner import events  # many programs never need ruamel.yaml

    builder = _Builder(text, limits, secured)
    try:
        for event in events(text):
            builder.take(event)
    except Unreadable as error:
        error.index += offset
        raise
    except (RecursionError, MemoryError):  # not errors in the text
        raise
    except Exception as error:  # for some texts, ruamel.yaml raises ValueError and other exceptions
        builder.read.bracket = next((collection for collection in reversed(builder.open) if collection.flow), None)
        message, at = explain(error, text, builder.read)
        raise Unreadable(message, at + offset) from None
    assert builder.root is not None, "a fence or a key begins a document"
    for node in walk(builder.root) if offset else ():
        node.start += offset
        node.end += offset
    return builder.root


class _Builder:
    """Build the tree from events, without recursion."""

    def __init__(self, text: str, limits: Limits, secured: frozenset[str]) -> None:
        self.text = text
        self.limits = limits
        self.secured = secured
        self.root: Node | None = None
        self.read = Read()
        self.aliased = 0
        self.adding: set[int] = set()
        """The collections that add ``secured`` to any mapping that they are merged into."""
        self.values = 0
        self.anchors: dict[str, tuple[Scalar | Sequence | Mapping, bool, bool]] = {}
        """The anchored values, whether each is part of ``secured``, and is merged into the front matter itself."""
        self.open: list[Sequence | Mapping] = []
        self.keys: list[Node | None] = []
        """For each open collection, the key whose value comes next."""

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        start, end = self.start(event), int(event.end_mark.index)
        if kind == "ScalarEvent":
            node = self.scalar(event, start, end)
            self.add(node)
            end = node.end  # the end mark of a block scalar may be on the next line
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            cls: type[Mapping] | type[Sequence] = Mapping if kind == "MappingStartEvent" else Sequence
            collection = cls(start, start, bool(event.flow_style), _tag(event, start), event.anchor)
            self.check_depth(1, start)
            self.remember(collection)
            self.open.append(collection)
            self.keys.append(None)
            end = end if event.flow_style else start  # the end mark of a block may be after its first dash
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.pop(end if end > start else None)  # a pair without braces ends with its value
        elif kind == "AliasEvent":
            self.add(self.alias(event.anchor, start, end))
        elif kind == "DocumentStartEvent" and self.root is not None:
            raise Unreadable("the front matter contains more than one YAML document", start)
        self.read.last = end

    def scalar(self, event: Any, start: int, end: int) -> Scalar:
        parent = self.open[-1] if self.open else None
        is_key = isinstance(parent, Mapping) and self.keys[-1] is None
        if start == end and not is_key:  # empty: ruamel.yaml places it at the next token
            indicator = DASH if isinstance(parent, Sequence) else _COLON
            match = indicator.match(self.text, self.read.last, end + 1)
            start = end = self.read.last if match is None else match.end()
        size = 1 + len(event.value) // CHARACTERS_OF_A_VALUE
        node = Scalar(start, end, event.value, event.style, _tag(event, start), event.anchor, size)
        if event.style in ("|", ">"):
            measure(self.text, node)
        self.read.scalar = node
        self.remember(node)
        return node

    def remember(self, node: Scalar | Sequence | Mapping) -> None:
        """Register an anchored value, so that aliases can refer to it."""
        if node.anchor:
            self.anchors[node.anchor] = node, self.in_secured(), self.in_merge()

    def in_secured(self) -> bool:
        """Return whether the next node is part of ``secured``, at any depth."""
        return any(_is_one_of(key, self.secured) for key in self.keys)

    def in_merge(self) -> bool:
        """Return whether the next node is merged into the front matter itself."""
        keys = [key for key, node in zip(self.keys, self.open, strict=True) if isinstance(node, Mapping)]
        return bool(keys) and all(_is_one_of(key, _MERGE) for key in keys)

    def start(self, event: Any) -> int:
        """Return the start of a value. ruamel.yaml leaves out a tag that precedes an anchor."""
        start = int(event.start_mark.index)
        has_both = getattr(event, "anchor", None) and getattr(event, "tag", None)
        if has_both and not _TAG_AFTER_ANCHOR.match(self.text, start):
            tag = _TAG_BEFORE_ANCHOR.search(self.text, max(0, start - _LONGEST_TAG), start)
            start = start if tag is None else tag.start()
        return start

    def alias(self, anchor: str, start: int, end: int) -> Alias:
        if anchor not in self.anchors:
            raise Unreadable("undefined alias (*): its anchor (&) must come before it", start)
        target, is_hidden, is_merged = self.anchors[anchor]
        if any(target is collection for collection in self.open):
            raise Unreadable("an alias (*) must not be inside the value of its own anchor (&)", start)
        self.aliased += target.size
        if self.aliased > self.limits.aliases:
            raise _beyond(f"aliases expand to more than {counted(self.limits.aliases, 'value')}", "aliases", start)
        self.check_depth(target.height, start)
        if problem := self.secured_problem(target, is_hidden=is_hidden, is_merged=is_merged):
            raise Unreadable(problem, start)
        return Alias(start, end, target, anchor, target.size, target.height)

    def secured_problem(self, target: Node, *, is_hidden: bool, is_merged: bool) -> str | None:
        """Return why an alias would make the text of ``secured`` the value of another key too, or ``None``."""
        if is_hidden:
            return "an alias (*) refers to a part of secured, which must not be shown elsewhere"
        if self.in_secured():
            return "an alias (*) in secured refers to a value that is shown elsewhere: write the value here"
        if id(target) in self.adding and (is_merged or self.in_merge()):
            return "an alias (*) refers to a value that contains secured: move secured out of that value"
        return None

    def check_depth(self, height: int, start: int) -> None:
        """Refuse a value of *height* levels if it would be nested too deeply here."""
        if len(self.open) + height > self.limits.depth:
            raise _beyond(f"nested more than {self.limits.depth} levels deep", "depth", start)

    def pop(self, end: int | None) -> None:
        node = self.open.pop()
        self.keys.pop()
        if node.flow:
            node.end = node.end if end is None else end
            self.read.closed = node
        self.add(node)

    def add(self, node: Node) -> None:
        self.values += 1 if isinstance(node, Collection) else node.size
        if self.values > self.limits.values:
            raise _beyond(f"more than {counted(self.limits.values, 'value')}", "values", node.start)
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        parent.end = max(parent.end, node.end)
        if self.anchors and self.adds_secured(node):
            self.adding.add(id(parent))
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            parent.pairs.append((self.keys[-1], node))
            self.keys[-1] = None

    def adds_secured(self, node: Node) -> bool:
        """Return whether a part of a collection adds ``secured`` to any mapping that the collection is merged into."""
        key = self.keys[-1]
        merges = _is_one_of(key, _MERGE) or isinstance(self.open[-1], Sequence)
        return _is_one_of(key, self.secured) or (merges and id(resolved(node)) in self.adding)


def measure(text: str, block: Scalar) -> None:
    """Measure the indentation and the end of a block scalar in a text. ruamel.yaml places the end at the next token."""
    header, *lines = _LINE.finditer(text, content_start(text, block), block.end)
    before = LINE_END.split(text[max(0, block.start - _LONGEST_LINE) : block.start])[-1]
    block.column = indentation(before)
    block.indent = block.column + 1
    block.keeps = "+" in header[1].split("#")[0]
    first = next((line[1] for line in lines if line[1].strip(" ")), None)
    if first is not None:
        content = next(line for line in LINE_END.split(block.text) if line.strip(" "))
        block.indent = indentation(first) - indentation(content)
        block.column = min(block.column, max(block.indent - 1, 0))
    ends = (line.end(1) for line in reversed(lines) if line[1].strip(" ") or block.takes(line[1]))
    block.end = next(ends, header.end(1))


def _is_one_of(key: Node | None, names: frozenset[str]) -> bool:
    """Return whether a key is one of *names*, in any spelling."""
    target = key and resolved(key)
    return isinstance(target, Scalar) and target.text in names


def _tag(event: Any, start: int) -> str | None:
    """Return the short name of an event's tag: ``str`` for ``!!str`` and ``!str``, ``other`` for an unknown tag."""
    if event.tag is None:
        return None
    name = str(event.tag).removeprefix(_STANDARD_TAG)
    if re.match(_CLASS_TAGS[type(event).__name__], name):
        shown = shortened(printable(name.removeprefix("!")))
        message = f"the tag !{shown} instantiates a class, which Jekyll refuses: remove the tag"
        raise Unreadable(message, start)
    name = name.removeprefix("!ruby/").removeprefix("!")
    return {"string": "str"}.get(name, name if name in _TAGS else "other")
