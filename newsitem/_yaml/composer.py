"""YAML text -> a tree of nodes. ruamel.yaml reads the text; here its events become the tree.

Limits keep hostile text from costing more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from newsitem._yaml.limits import CHARACTERS_OF_A_VALUE, Limits, advice
from newsitem._yaml.messages import Read, explain
from newsitem._yaml.nodes import (
    BEFORE_INDICATOR,
    DASH,
    LINE_END,
    LINE_ENDS,
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    resolved,
)
from newsitem._yaml.scalars import FORBIDDEN
from newsitem.errors import counted, printable, shortened

_COLON = re.compile(rf"{BEFORE_INDICATOR}:(?=[ \t{LINE_ENDS}])")
_TAG_BEFORE_ANCHOR = re.compile(r"![^ \t\r\n]*[ \t]+\Z")
_LONGEST_TAG: Final = 1_200
"""Characters from a tag to the anchor after it: a tag has at most 1,000."""
_LONGEST_LINE: Final = 2_400
"""Characters before a block scalar in its line: a key has at most 1,024, a tag and an anchor little more."""
_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_STANDARD_TAG: Final = "tag:yaml.org,2002:"
_CLASS_TAGS: Final = {
    "ScalarEvent": r"!(?:str|ruby/string):|!ruby/(?:sym|regexp|range|class|encoding|object:(?:BigD|DateT|Comp|Rat))",
    "MappingStartEvent": r"!?(?:set|omap|str)\Z|!(?:str|map):"
    r"|!ruby/(?:string|struct|object|exception|hash:|hash-with|marshalable|array:|range)",
    "SequenceStartEvent": r"!?omap\Z|!(?:seq|ruby/array):",
}
"""Tags that make an object of a class, for each kind of value."""
_MERGE: Final = frozenset(("<<",))
_TAGS: Final = frozenset(("str", "int", "float", "bool", "null", "timestamp", "binary"))


class Unreadable(Exception):
    """The text is not YAML that newsitem reads: what is wrong, and where in the text."""

    def __init__(self, message: str, index: int, *, beyond_limit: bool = False) -> None:
        super().__init__(message, index)
        self.message = message
        self.index = index
        self.beyond_limit = beyond_limit


def _beyond(message: str, limit: str, index: int) -> Unreadable:
    """Make the exception for what is beyond a limit."""
    return Unreadable(f"{message}: {advice(limit)}", index, beyond_limit=True)


def forbidden(text: str, start: int, end: int) -> Iterator[Unreadable]:
    """Find the characters of a part of *text* that YAML forbids."""
    advice = "remove it, or write it as an escape in double quotes"
    for match in _FORBIDDEN.finditer(text, start, end):
        yield Unreadable(f"the character U+{ord(match[0]):04X} is not allowed in YAML: {advice}", match.start())


def compose(text: str, offset: int, limits: Limits, secured: frozenset[str] = frozenset()) -> Node:
    """Read *text* as one YAML document. Positions count from *offset* before it, as of a part of a file.

    The values of keys in *secured* are not to be shown, so no alias may make them those of other keys.

    Raises:
        Unreadable: if it is not YAML, or beyond the limits.
    """
    builder = _Builder(text, offset, limits, secured)
    try:
        for event in _events(text):
            builder.take(event)
    except (Unreadable, RecursionError, MemoryError):  # the last two say nothing about the text
        raise
    except Exception as error:  # ruamel.yaml lets ValueError and more escape for some texts
        message, at = builder.explain(error)
        raise Unreadable(message, at) from None
    assert builder.root is not None, "a fence or a key begins a document"
    return builder.root


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    from newsitem._yaml.scanner import LibyamlParser, LibyamlReader, LibyamlScanner

    yaml = YAML(typ="safe", pure=True)
    yaml.Reader = LibyamlReader
    yaml.Scanner = LibyamlScanner
    yaml.Parser = LibyamlParser
    return iter(yaml.parse(text))


class _Builder:
    """Builds the tree from events, without recursion."""

    def __init__(self, text: str, offset: int, limits: Limits, secured: frozenset[str]) -> None:
        self.text = text
        self.offset = offset
        self.limits = limits
        self.secured = secured
        self.root: Node | None = None
        self.documents = 0
        self.last = offset
        self.aliased = 0
        self.hidden: set[int] = set()
        """The values with anchors that are part of ``secured``."""
        self.giving: set[int] = set()
        """The collections that give ``secured`` to a mapping that they are merged into."""
        self.merged: set[int] = set()
        """The values with anchors that are merged into the front matter itself."""
        self.values = 0
        self.quoted: Scalar | None = None
        """The value read last, where it is in quotes."""
        self.closed: Sequence | Mapping | None = None
        """The flow collection closed last."""
        self.anchors: dict[str, Scalar | Sequence | Mapping] = {}
        self.open: list[Sequence | Mapping] = []
        self.keys: list[Node | None] = []
        """For each open collection the key that waits for its value."""

    def explain(self, error: Exception) -> tuple[str, int]:
        """Say what is wrong, and where."""
        bracket = next((each.start for each in reversed(self.open) if each.flow), None)
        read = Read(
            self.last - self.offset,
            None if self.quoted is None else (self.quoted.start - self.offset, self.quoted.end - self.offset),
            None if bracket is None else bracket - self.offset,
            None if self.closed is None else (self.closed.start - self.offset, self.closed.end - self.offset),
        )
        message, at = explain(error, self.text, read)
        return message, at + self.offset

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        start, end = self.start(event), event.end_mark.index + self.offset
        if kind == "ScalarEvent":
            node = self.scalar(event, start, end)
            self.add(node)
            end = node.end  # of a block scalar the mark may lie on the next line
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            cls: type[Mapping] | type[Sequence] = Mapping if kind == "MappingStartEvent" else Sequence
            self.push(cls(start, start, bool(event.flow_style), _tag(event, start), event.anchor))
            end = end if event.flow_style else start  # the mark of a block may be after its first dash
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.pop(end)
        elif kind == "AliasEvent":
            self.add(self.alias(event.anchor, start, end))
        elif kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise Unreadable("the front matter holds more than one YAML document", start)
        self.last = end

    def scalar(self, event: Any, start: int, end: int) -> Scalar:
        if start == end and not self.awaits_key():  # nothing: ruamel.yaml places it at what comes next
            start = end = self.behind_indicator(end)
        size = 1 + len(event.value) // CHARACTERS_OF_A_VALUE
        node = Scalar(start, end, event.value, event.style, _tag(event, start), event.anchor, size)
        if event.style in ("|", ">"):
            self.measure(node)
        self.quoted = node if node.style in ("'", '"') else None
        self.remember(node)
        return node

    def awaits_key(self) -> bool:
        """Tell whether what comes next is a key."""
        return bool(self.open) and isinstance(self.open[-1], Mapping) and self.keys[-1] is None

    def remember(self, node: Scalar | Sequence | Mapping) -> None:
        """Keep a value that has an anchor for its aliases."""
        if node.anchor:
            self.anchors[node.anchor] = node
            if self.in_secured():
                self.hidden.add(id(node))
            if self.in_merge():
                self.merged.add(id(node))

    def in_secured(self) -> bool:
        """Tell whether what comes next is part of ``secured``, at any depth."""
        return any(_is_one_of(key, self.secured) for key in self.keys)

    def in_merge(self) -> bool:
        """Tell whether what comes next is merged into the front matter itself."""
        keys = [key for key, node in zip(self.keys, self.open, strict=True) if isinstance(node, Mapping)]
        return bool(keys) and all(_is_one_of(key, _MERGE) for key in keys)

    def start(self, event: Any) -> int:
        """Return where a value begins: ruamel.yaml leaves a tag before an anchor out."""
        start = int(event.start_mark.index)
        if getattr(event, "anchor", None) and getattr(event, "tag", None):
            tag = _TAG_BEFORE_ANCHOR.search(self.text, max(0, start - _LONGEST_TAG), start)
            start = start if tag is None else tag.start()
        return start + self.offset

    def measure(self, block: Scalar) -> None:
        """Find how far a block scalar is indented, and where it ends: ruamel.yaml places that at what comes next."""
        start, stop = block.start - self.offset, block.end - self.offset
        header, *lines = _lines(self.text, start, stop)
        before = LINE_END.split(self.text[max(0, start - _LONGEST_LINE) : start])[-1]
        block.column = len(before) - len(before.lstrip(" "))
        block.indent = block.column + 1
        block.keeps = "+" in self.text[slice(*header)].split("#")[0]
        first = next((self.text[at:end] for at, end in lines if self.text[at:end].strip(" ")), None)
        if first is not None:
            given = next(each for each in LINE_END.split(block.text) if each.strip(" "))
            block.indent = len(first) - len(first.lstrip(" ")) - (len(given) - len(given.lstrip(" ")))
            block.column = min(block.column, max(block.indent - 1, 0))
        ends = (end for at, end in reversed(lines) if self.text[at:end].strip(" ") or block.takes(self.text[at:end]))
        block.end = next(ends, header[1]) + self.offset

    def behind_indicator(self, next_token: int) -> int:
        """Return the place after the dash or the colon of an empty value, or after its key where there is none."""
        pattern = DASH if self.open and isinstance(self.open[-1], Sequence) else _COLON
        found = pattern.match(self.text, self.last - self.offset, next_token - self.offset + 1)
        return self.last if found is None else found.end() + self.offset

    def alias(self, anchor: str, start: int, end: int) -> Alias:
        target = self.anchors.get(anchor)
        if target is None:
            raise Unreadable("an alias (*) names an anchor (&) that does not stand before it", start)
        if any(target is each for each in self.open):
            raise Unreadable("an alias (*) stands inside the value that its anchor (&) names", start)
        self.aliased += target.size
        if self.aliased > self.limits.aliases:
            raise _beyond(f"aliases stand for more than {counted(self.limits.aliases, 'value')}", "aliases", start)
        self.check_depth(target.height, start)
        if problem := self.secured_problem(target):
            raise Unreadable(problem, start)
        return Alias(start, end, target, anchor, target.size, target.height)

    def secured_problem(self, target: Scalar | Sequence | Mapping) -> str | None:
        """Say why an alias may not stand here: the text of ``secured`` would be the value of another key too."""
        if id(target) in self.hidden:
            return "an alias (*) names what is part of secured, which is not shown elsewhere"
        if self.in_secured():
            return "an alias (*) in secured names a value that is shown elsewhere: write the value here"
        if id(target) in self.giving and (id(target) in self.merged or self.in_merge()):
            return "an alias (*) names what holds secured, which would be shown elsewhere: write that key outside"
        return None

    def push(self, node: Sequence | Mapping) -> None:
        self.check_depth(1, node.start)
        self.remember(node)
        self.open.append(node)
        self.keys.append(None)

    def check_depth(self, height: int, start: int) -> None:
        """Refuse what is *height* levels deep here, where that is too deep."""
        if len(self.open) + height > self.limits.depth:
            raise _beyond(f"nested more than {self.limits.depth} levels deep", "depth", start)

    def pop(self, end: int) -> None:
        node = self.open.pop()
        self.keys.pop()
        if node.flow:
            node.end = end
            self.closed = node
        self.add(node)

    def add(self, node: Node) -> None:
        self.values += 1 if isinstance(node, Sequence | Mapping) else node.size
        if self.values > self.limits.values:
            raise _beyond(f"holds more than {counted(self.limits.values, 'value')}", "values", node.start)
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        parent.end = max(parent.end, node.end)
        if self.anchors and self.gives_secured(node):
            self.giving.add(id(parent))
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            parent.pairs.append((self.keys[-1], node))
            self.keys[-1] = None

    def gives_secured(self, node: Node) -> bool:
        """Tell whether a part of a collection gives ``secured`` to a mapping that the collection is merged into."""
        key = self.keys[-1]
        merges = _is_one_of(key, _MERGE) or isinstance(self.open[-1], Sequence)
        return _is_one_of(key, self.secured) or (merges and id(resolved(node)) in self.giving)


def _is_one_of(key: Node | None, names: frozenset[str]) -> bool:
    """Tell whether a key has one of some names, in whatever spelling."""
    target = key and resolved(key)
    return isinstance(target, Scalar) and target.text in names


def _lines(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return where the lines of a part of a text begin and end, without their line ends."""
    found = []
    while start < stop:
        match = LINE_END.search(text, start, stop)
        found.append((start, stop if match is None else match.start()))
        start = stop if match is None else match.end()
    return found


def _tag(event: Any, start: int) -> str | None:
    """Return the tag of an event, in short: ``str`` for ``!!str`` and ``!str``; ``other`` for one without a meaning."""
    if event.tag is None:
        return None
    name = str(event.tag).removeprefix(_STANDARD_TAG)
    if re.match(_CLASS_TAGS[type(event).__name__], name):
        shown = shortened(printable(name.removeprefix("!")))
        message = f"the tag !{shown} makes an object of a class, which Jekyll refuses: remove the tag"
        raise Unreadable(message, start)
    name = name.removeprefix("!ruby/").removeprefix("!")
    return {"string": "str"}.get(name, name if name in _TAGS else "other")
