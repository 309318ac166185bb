"""Split block mappings and lists into entries by their lines, and make the nodes on demand.

If the lines of an entry form a complete pair on their own, the parser reaches the next key in the same state as the
first. The same is true for the entries of a block list. `NotSure` is raised if a text does not meet this condition.

Lines end in LF and contain no tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, TypeVar

from newsitem._yaml.composer import Unreadable, compose
from newsitem._yaml.limits import current_limits
from newsitem._yaml.nodes import Mapping, Node, Scalar, Sequence, walk
from newsitem._yaml.spellings import NOTHING, PLAIN, TAIL, block_scalar, flow_places, in_quotes, plain_scalar

SIMPLE: Final = rf"""("[^"\\\n]*+"|'[^'\n]*+'|{PLAIN})"""
"""A scalar on one line, without escapes."""
INDENT: Final = re.compile(rf"{NOTHING}*+([ ]*+)(-[ ]++)?")
"""The text before the first entry of a block: blank lines and comments, the indentation, and a dash if there is one."""
_DEEPEST: Final = 9
"""Nesting levels reserved for collections around a piece: a piece close to the depth limit is not composed alone."""
WIDEST: Final = 40
"""The maximum indentation of entries that are split by their lines, in spaces."""
_SCALAR: Final = re.compile(rf"[ ]++{SIMPLE}{TAIL}{NOTHING}*+")
_BELOW: Final = re.compile(rf"{TAIL}{NOTHING}*+([ ]*+)(?:(-)(?=[ ])|(?=[^ ]))")
_BELOW_A_KEY: Final = " \n#-"
_AT_MARGIN: Final = re.compile(rf"^[^{_BELOW_A_KEY}]", re.MULTILINE)
_SCALAR_ALONE: Final = re.compile(rf"[ ]++{SIMPLE}{TAIL}{NOTHING}*+(?![ -])")
_QUOTED: Final = re.compile(r""""(?:[^"\\]++|\\(?s:.))*+"|'(?:[^']++|'')*+'""")
_EMPTY: Final = re.compile(rf"{TAIL}{NOTHING}*+")
_HEADER: Final = re.compile(r"[|>][-+0-9]{0,2}[ ]*+(?:(?<=[ ])\#[^\n]*+)?\n")
_MAY_GO_ON: Final = re.compile(
    r"""(?:^|[:-][ ])[ ]*+(?:"(?:[^"\\\n]++|\\.)*+\\?+$|'(?:[^'\n]++|'')*+$|[!&]|[\[{](?![^\[\]{}"'\#\n]*+[\]}]))""",
    re.MULTILINE,
)
"""The start of a value that may continue on any line: open quotes or brackets, or a tag or an anchor before these."""
_ENTRY_KEY: Final = r"""(?:[A-Za-z][A-Za-z]*+|[^\W\d][\w-]*+|"[^"\\\n]*+")"""
"""A key that is not quoted or has no escapes. The first alternative is the fastest."""
_KEY: Final = re.compile(r"""(?:[^\W\d][\w-]*+|"[^"\\\n]*+"):(?=[ \n])""")


class NotSure(Exception):
    """A piece of text may differ from what its lines suggest."""


def entry(indent: str, key: str = _ENTRY_KEY) -> str:
    """Return the pattern for a block mapping entry, without the indentation of the key, and the lines below it."""
    return rf"{key}:(?=[ \n])[^\n]*+\n(?:{indent}(?:[ ]|-(?=[ \n]))[^\n]*+\n|{NOTHING})*+"


@cache
def entry_pattern(indent: str) -> re.Pattern[str]:
    """Return the pattern of a block mapping entry with the lines below it, or of the text that follows the last entry.

    The groups are the lines of the entry, its key, and the text that is not an entry.
    """
    if len(indent) > WIDEST:
        raise NotSure
    return re.compile(rf"({indent}{entry(indent, f'({_ENTRY_KEY})')})|((?s:.+))")


@cache
def item_pattern(indent: str) -> re.Pattern[str]:
    """Return the pattern of a block list entry with the lines below it, or of the text that follows the last entry.

    The groups are the lines of the entry, and the text that is not an entry.
    """
    if len(indent) > WIDEST:
        raise NotSure
    return re.compile(rf"({indent}-[ ]++[^ \#\n][^\n]*+\n(?:{indent}[ ][^\n]*+\n|{NOTHING})*+)|((?s:.+))")


def key_names(lines: str) -> list[str]:
    """Return the keys of a block mapping in order. Lines without entries have none.

    Raises:
        NotSure: if the entries cannot be split by their lines.
    """
    start = INDENT.match(lines)
    if start is not None and start.end() == len(lines):
        return []
    rows = [] if start is None or start[2] else entry_pattern(start[1]).findall(lines, start.start(1))
    if not rows or rows[-1][-1]:
        raise NotSure
    return [name.strip('"') for _, name, _ in rows]


def entries_around(lines: str, start: int, stop: int) -> tuple[int, int]:
    """Return the span of the top-level entries that overlap or touch the part of *lines* from *start* to *stop*."""
    first = lines.rfind("\n", 0, max(start - 1, 0)) + 1
    while first > 0 and lines[first] in _BELOW_A_KEY:
        first = lines.rfind("\n", 0, first - 1) + 1
    after = _AT_MARGIN.search(lines, stop + 1)
    return first, len(lines) if after is None else after.start()


def has_entry(name: str, lines: str, start: int, stop: int) -> bool:
    """Return whether a part of *lines* has a top-level entry with this key. The part begins at the start of a line."""
    forms = (f"{name}:", f'"{name}":')
    return lines.startswith(forms, start, stop) or any(lines.find(f"\n{form}", start, stop) >= 0 for form in forms)


def scalar_at_margin(lines: str, name: str) -> tuple[int, int] | None:
    """Return the span of a top-level key's value, or ``None`` unless it is a scalar on one line without escapes."""
    at = 0 if lines.startswith(f"{name}:") else lines.find(f"\n{name}:") + 1
    match = _SCALAR_ALONE.match(lines, at + len(name) + 1) if at or lines.startswith(f"{name}:") else None
    return None if match is None else (match.start(1), match.start(1) + len(match[1].rstrip(" ")))


def compose_piece(text: str, offset: int = 0) -> Node:
    """Compose a piece of a text on its own.

    Raises:
        NotSure: if the piece is not one complete value.
    """
    limits = current_limits()
    try:
        return compose(text, offset, limits._replace(depth=limits.depth - _DEEPEST))
    except Unreadable:
        raise NotSure from None


def sole_pair(node: Node) -> tuple[Node, Node]:
    """Return the pair of a mapping that has exactly one, such as an entry composed on its own."""
    if not isinstance(node, Mapping) or len(node.pairs) != 1:
        raise NotSure
    return node.pairs[0]


def sole_item(node: Node) -> Node:
    """Return the entry of a list that has exactly one, such as an entry composed on its own."""
    if not isinstance(node, Sequence) or len(node.items) != 1:
        raise NotSure
    return node.items[0]


_B = TypeVar("_B", bound="BlockMapping | BlockSequence")


class BlockMapping(Mapping):
    """A block mapping: *lines*, which begin at *offset* in *text*."""

    __slots__ = ("_pairs", "lines", "matches", "offset", "text")

    def __init__(self, text: str, lines: str, offset: int) -> None:
        self.text = text
        self.lines = lines
        self.offset = offset
        self.flow = False
        self.tag = self.anchor = None
        self.start = offset + INDENT.match(lines).end()  # type: ignore[union-attr]
        column = self.start - offset
        first = lines.rfind("\n", 0, column) + 1
        self.matches = list(entry_pattern(lines[first:column]).finditer(lines, first))
        if not self.matches or self.matches[-1][3]:
            raise NotSure
        self._pairs: list[tuple[Node, Node] | None] = [None] * len(self.matches)

    def __len__(self) -> int:
        return len(self.matches)

    def entry(self, number: int) -> tuple[str, int, int]:
        """Return the key of a pair, its position, and the position after its colon."""
        match = self.matches[number]
        start, end = match.span(2)
        return match[2].strip('"'), self.offset + start, self.offset + end + 1

    def is_block(self, number: int) -> bool:
        """Return whether the value of a pair is a block collection."""
        match = self.matches[number]
        below = _BELOW.match(self.lines, match.end(2) + 1, match.end())
        return below is not None and (below[2] or _KEY.match(self.lines, below.end(), match.end())) is not None

    def number_of(self, name: str) -> int:
        """Return the index of the pair with this key."""
        quoted = f'"{name}"'
        return next(number for number, match in enumerate(self.matches) if match[2] in (name, quoted))

    def pair(self, number: int) -> tuple[Node, Node]:
        """Return the pair at this index."""
        pair = self._pairs[number]
        if pair is None:
            match = self.matches[number]
            start, end = match.span(2)
            name = match[2].strip('"')
            key = Scalar(self.offset + start, self.offset + end, name, '"' if match[2] != name else None)
            pair = self._pairs[number] = key, self._value(match.start(), end + 1, match.end())
        return pair

    @property
    def pairs(self) -> list[tuple[Node, Node]]:  # type: ignore[override]
        """The pairs, in the order of the text."""
        return [self.pair(number) for number in range(len(self.matches))]

    @property
    def end(self) -> int:  # type: ignore[override]
        """The position after the last value."""
        return self.pair(-1)[1].end

    def _value(self, start: int, after: int, stop: int) -> Node:
        """Return the value that follows the colon at *after* in the lines of an entry."""
        node = _value_of(self, after, stop)
        if node is None:
            node = sole_pair(_piece(self, start, stop))[1]
        return node


class BlockSequence(Sequence):
    """A block list: *lines*, which begin at *offset* in *text*."""

    __slots__ = ("_items", "lines", "matches", "offset", "text")

    def __init__(self, text: str, lines: str, offset: int) -> None:
        self.text = text
        self.lines = lines
        self.offset = offset
        self.flow = False
        self.tag = self.anchor = None
        self.start = offset + INDENT.match(lines).end(1)  # type: ignore[union-attr]
        column = self.start - offset
        first = lines.rfind("\n", 0, column) + 1
        self.matches = list(item_pattern(lines[first:column]).finditer(lines, first))
        if not self.matches or self.matches[-1][2]:
            raise NotSure
        self._items: list[Node] | None = None

    @property
    def items(self) -> list[Node]:  # type: ignore[override]
        """The entries."""
        if self._items is None:
            self._items = [self._item(*match.span()) for match in self.matches]
        return self._items

    @property
    def end(self) -> int:  # type: ignore[override]
        """The position after the last entry."""
        return self.items[-1].end

    def _item(self, start: int, stop: int) -> Node:
        width = INDENT.match(self.lines, start, stop).end() - start  # type: ignore[union-attr]
        if _KEY.match(self.lines, start + width, stop):
            lines = " " * width + self.lines[start + width : stop]
            return _complete(BlockMapping(self.text, lines, self.offset + start))
        node = _value_of(self, self.lines.index("-", start) + 1, stop)
        if node is None:
            node = sole_item(_piece(self, start, stop))
        return node


def _complete(block: _B) -> _B:
    """Return a block below a key or a dash if each of its entries is complete.

    The entries of the item's own mapping have been read one by one. Those below may contain quotes or brackets that are
    closed on a line that looks like the next entry.

    Raises:
        NotSure: if an entry is not complete.
    """
    if _MAY_GO_ON.search(block.lines) is not None:
        for match in block.matches:
            if _MAY_GO_ON.search(block.lines, *match.span()) is not None:
                _piece(block, *match.span())
    return block


def _value_of(block: BlockMapping | BlockSequence, after: int, stop: int) -> Node | None:
    """Return the value that follows a colon or a dash, or ``None`` if only ruamel.yaml can read it."""
    lines, offset = block.lines, block.offset
    if (simple := _SCALAR.fullmatch(lines, after, stop)) is not None:
        text = simple[1].rstrip(" ")
        start, end = simple.start(1) + offset, simple.start(1) + len(text) + offset
        return Scalar(start, end, text, None) if text[0] not in "'\"" else Scalar(start, end, text[1:-1], text[0])
    if _EMPTY.fullmatch(lines, after, stop):
        return Scalar(offset + after, offset + after, "", None)
    if (below := _BELOW.match(lines, after, stop)) is not None:
        start = below.start(1)
        kind = BlockSequence if below[2] else BlockMapping if _KEY.match(lines, below.end(), stop) else None
        return None if kind is None else _complete(kind(block.text, lines[start:stop], offset + start))
    start = after + len(lines[after:stop]) - len(lines[after:stop].lstrip(" "))
    first = lines[start]
    if first in "|>[":
        return (_flow_list if first == "[" else _block_scalar)(block, start, stop)
    quoted = _QUOTED.match(lines, start, stop)
    text = (plain_scalar if quoted is None else in_quotes)(lines[start:stop])
    end = start + len(lines[start:stop].rstrip(" \n")) if quoted is None else quoted.end()
    return None if text is None else Scalar(start + offset, end + offset, text, first if quoted is not None else None)


def _flow_list(block: BlockMapping | BlockSequence, start: int, stop: int) -> Sequence | None:
    """Return the bracket list that begins at *start*, or ``None`` if only ruamel.yaml can read it."""
    lines, offset = block.lines, block.offset
    places = flow_places(lines, start, stop)
    if places is None:
        return None
    items: list[Node] = []
    for first, last in places:
        text = lines[first:last].rstrip(" ")
        style = text[0] if text[0] in "'\"" else None
        items.append(Scalar(first + offset, first + len(text) + offset, text[1:-1] if style else text, style))
    end = lines.index("]", places[-1][1] if places else start) + 1
    return Sequence(start + offset, end + offset, flow=True, size=1 + len(items), items=items)


def _block_scalar(block: BlockMapping | BlockSequence, start: int, stop: int) -> Scalar | None:
    """Return the block scalar that begins at *start*, or ``None`` if only ruamel.yaml can read it."""
    value = block.lines[start:stop]
    text = block_scalar(value, len(INDENT.match(block.lines)[1]))  # type: ignore[index]
    if text is None:
        return None
    header, *rest = value.split("\n")
    margin = len(rest[0]) - len(rest[0].lstrip(" "))
    taken = len(header)
    length = taken
    for line in rest:
        length += 1 + len(line)
        if len(line) > margin and line.startswith(" " * margin):
            taken = length
        elif line.strip(" "):  # a comment, which ends the block scalar
            break
    place = block.offset + start
    return Scalar(place, place + taken, text, value[0], indent=margin, column=_column(block.text, place, margin))


def _column(text: str, place: int, indent: int) -> int:
    """Return the column at which a comment after the block scalar at *place* is no longer part of it."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return min(len(line) - len(line.lstrip(" ")), max(indent - 1, 0))


def _piece(block: BlockMapping | BlockSequence, start: int, stop: int) -> Node:
    """Compose an entry of a block. The dash before it may have been replaced with spaces."""
    node = compose_piece(block.lines[start:stop], block.offset + start)
    for part in walk(node):
        if isinstance(part, Scalar) and part.style in ("|", ">"):
            if not part.text.strip(" \n"):  # no line of text determines the indentation
                part.indent = _column(block.text, part.start, WIDEST) + 1
            part.column = _column(block.text, part.start, part.indent)
    return node


def _may_contain_block_scalar(lines: str) -> bool:
    return ("|" in lines or ">" in lines) and _HEADER.search(lines) is not None


def block_scalars(node: Node) -> Iterator[Scalar]:
    """Find the block scalars in a node. Blocks that cannot contain any are skipped."""
    if isinstance(node, BlockMapping | BlockSequence) and not _may_contain_block_scalar(node.lines):
        return
    if isinstance(node, Scalar):
        if node.style in ("|", ">"):
            yield node
    elif isinstance(node, Mapping):
        for key, value in node.pairs:
            yield from block_scalars(key)
            yield from block_scalars(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from block_scalars(item)
