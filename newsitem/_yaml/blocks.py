"""Block mappings and lists whose entries are told apart by their lines, as nodes that are made when they are asked for.

Where the lines of an entry, taken alone, are one complete pair, the parser is at the next key in the state in which it
was at the first; so is it for the entries of block lists. `NotSure` says that this is not known of a text.

Lines have LF as line end, and hold no tab.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from newsitem._yaml.composer import Unreadable, compose
from newsitem._yaml.limits import current_limits
from newsitem._yaml.nodes import Mapping, Node, Scalar, Sequence, walk
from newsitem._yaml.spellings import NOTHING, TAIL, block_scalar, in_quotes

_FIRST: Final = r"""(?:[^ \-?:,\[\]{}\#&*!|>'"%@`\n]|[-?:](?![ \n]))"""
PLAIN: Final = rf"{_FIRST}[^:\#\n]*+(?:(?::(?![ \n])|(?<![ ])\#)[^:\#\n]*+)*+"
"""A plain scalar on one line, perhaps with blanks after it."""
SIMPLE: Final = rf"""("[^"\\\n]*+"|'[^'\n]*+'|{PLAIN})"""
"""A scalar on one line without an escape."""
INDENT: Final = re.compile(rf"{NOTHING}*+([ ]*+)(-[ ]++)?")
"""What is before the first entry of a block: lines that are none, its indentation, and a dash."""
_DEEPEST: Final = 9
"""Collections that may be around what is composed alone: what is nested nearly as deeply as limits allow is not."""
_WIDEST: Final = 40
"""The most spaces before an entry that is told apart."""
_SCALAR: Final = re.compile(rf"[ ]++{SIMPLE}{TAIL}{NOTHING}*+")
_BELOW: Final = re.compile(rf"{TAIL}{NOTHING}*+([ ]*+)(?:(-)(?=[ ])|(?=[^ ]))")
_BELOW_A_KEY: Final = " \n#-"
_AT_MARGIN: Final = re.compile(rf"^[^{_BELOW_A_KEY}]", re.MULTILINE)
_SCALAR_ALONE: Final = re.compile(rf"[ ]++{SIMPLE}{TAIL}{NOTHING}*+(?![ -])")
_QUOTED: Final = re.compile(r""""(?:[^"\\]++|\\(?s:.))*+"|'(?:[^']++|'')*+'""")
_EMPTY: Final = re.compile(rf"{TAIL}{NOTHING}*+")
_HEADER: Final = re.compile(r"[|>][-+0-9]{0,2}[ ]*+(?:(?<=[ ])\#[^\n]*+)?\n")
_KEY: Final = re.compile(r"""(?:[^\W\d][\w-]*+|"[^"\\\n]*+"):(?=[ \n])""")


class NotSure(Exception):
    """A piece of text is not sure to be what it looks like."""


@cache
def entry_pattern(indent: str) -> re.Pattern[str]:
    """Return the pattern of an entry of a block mapping with the lines below it, or of what is none.

    Its groups are the lines, the key, and what is no entry.
    """
    if len(indent) > _WIDEST:
        raise NotSure
    return re.compile(
        rf"({indent}([A-Za-z][A-Za-z]*+|[^\W\d][\w-]*+|\"[^\"\\\n]*+\"):(?=[ \n])[^\n]*+\n"
        rf"(?:{indent}(?:[ ]|-(?=[ \n]))[^\n]*+\n|{NOTHING})*+)|((?s:.+))"
    )


@cache
def item_pattern(indent: str) -> re.Pattern[str]:
    """Return the pattern of an entry of a block list with the lines below it, or of what is none.

    Its groups are the lines, and what is no entry.
    """
    if len(indent) > _WIDEST:
        raise NotSure
    return re.compile(rf"({indent}-[ ]++[^ \#\n][^\n]*+\n(?:{indent}[ ][^\n]*+\n|{NOTHING})*+)|((?s:.+))")


def key_names(lines: str) -> list[str]:
    """Return the keys of a block mapping in their order.

    Raises:
        NotSure: if its entries are not told apart by their lines.
    """
    start = INDENT.match(lines)
    rows = [] if start is None or start[2] else entry_pattern(start[1]).findall(lines, start.start(1))
    if not rows or rows[-1][-1]:
        raise NotSure
    return [name.strip('"') for _, name, _ in rows]


def entries_around(lines: str, start: int, stop: int) -> tuple[int, int]:
    """Return from where to where the entries at the margin are that a part of *lines* is in, or begins or ends at."""
    first = lines.rfind("\n", 0, max(start - 1, 0)) + 1
    while first > 0 and lines[first] in _BELOW_A_KEY:
        first = lines.rfind("\n", 0, first - 1) + 1
    after = _AT_MARGIN.search(lines, stop + 1)
    return first, len(lines) if after is None else after.start()


def keys_at_margin(lines: str) -> list[str]:
    """Return the keys of the entries at the margin, without quotes."""
    return [match[2].strip('"') for match in entry_pattern("").finditer(lines) if not match[3]]


def has_entry(name: str, lines: str, start: int, stop: int) -> bool:
    """Tell whether a part of *lines*, which begins with a line, has an entry at the margin with a key."""
    forms = (f"{name}:", f'"{name}":')
    return lines.startswith(forms, start, stop) or any(lines.find(f"\n{form}", start, stop) >= 0 for form in forms)


def scalar_at_margin(lines: str, name: str) -> tuple[int, int] | None:
    """Return from where to where the value of a key at the margin is: a scalar on one line without an escape."""
    at = 0 if lines.startswith(f"{name}:") else lines.find(f"\n{name}:") + 1
    found = _SCALAR_ALONE.match(lines, at + len(name) + 1) if at or lines.startswith(f"{name}:") else None
    return None if found is None else (found.start(1), found.start(1) + len(found[1].rstrip(" ")))


def compose_piece(text: str, offset: int = 0) -> Node:
    """Compose a piece of a text alone.

    Raises:
        NotSure: if it is not one complete value.
    """
    limits = current_limits()
    try:
        return compose(text, offset, limits._replace(depth=limits.depth - _DEEPEST))
    except Unreadable:
        raise NotSure from None


def sole_pair(node: Node) -> tuple[Node, Node]:
    """Return the pair of a mapping that has but one, as an entry that was composed alone."""
    if not isinstance(node, Mapping) or len(node.pairs) != 1:
        raise NotSure
    return node.pairs[0]


def sole_item(node: Node) -> Node:
    """Return the entry of a list that has but one, as an entry that was composed alone."""
    if not isinstance(node, Sequence) or len(node.items) != 1:
        raise NotSure
    return node.items[0]


class BlockMapping(Mapping):
    """A block mapping: *lines*, whose first character is the one at *offset* of *text*."""

    __slots__ = ("_matches", "_pairs", "lines", "offset", "text")

    def __init__(self, text: str, lines: str, offset: int) -> None:
        self.text = text
        self.lines = lines
        self.offset = offset
        self.flow = False
        self.tag = self.anchor = None
        self.start = offset + INDENT.match(lines).end()  # type: ignore[union-attr]
        column = self.start - offset
        first = lines.rfind("\n", 0, column) + 1
        self._matches = list(entry_pattern(lines[first:column]).finditer(lines, first))
        if not self._matches or self._matches[-1][3]:
            raise NotSure
        self._pairs: list[tuple[Node, Node] | None] = [None] * len(self._matches)

    def __len__(self) -> int:
        return len(self._matches)

    def entry(self, number: int) -> tuple[str, int, int]:
        """Return the key of a pair, where it begins, and the place after its colon."""
        match = self._matches[number]
        start, end = match.span(2)
        return match[2].strip('"'), self.offset + start, self.offset + end + 1

    def is_block(self, number: int) -> bool:
        """Tell whether the value of a pair is a block collection."""
        match = self._matches[number]
        below = _BELOW.match(self.lines, match.end(2) + 1, match.end())
        return below is not None and (below[2] or _KEY.match(self.lines, below.end(), match.end())) is not None

    def number_of(self, name: str) -> int:
        """Return the place of the pair that has a key."""
        quoted = f'"{name}"'
        return next(number for number, match in enumerate(self._matches) if match[2] in (name, quoted))

    def pair(self, number: int) -> tuple[Node, Node]:
        """Return one of the pairs."""
        pair = self._pairs[number]
        if pair is None:
            match = self._matches[number]
            start, end = match.span(2)
            name = match[2].strip('"')
            key = Scalar(self.offset + start, self.offset + end, name, '"' if match[2] != name else None)
            pair = self._pairs[number] = key, self._value(match.start(), end + 1, match.end())
        return pair

    @property
    def pairs(self) -> list[tuple[Node, Node]]:  # type: ignore[override]
        """Its pairs in the order of the text."""
        return [self.pair(number) for number in range(len(self._matches))]

    @property
    def end(self) -> int:  # type: ignore[override]
        """The place after its last value."""
        return self.pair(-1)[1].end

    def _value(self, start: int, after: int, stop: int) -> Node:
        """Return the value that begins *after* the colon in the lines of an entry."""
        found = _value_of(self, after, stop)
        if found is None:
            found = sole_pair(_piece(self, start, stop))[1]
        return found


class BlockSequence(Sequence):
    """A block list: *lines*, whose first character is the one at *offset* of *text*."""

    __slots__ = ("_items", "_matches", "lines", "offset", "text")

    def __init__(self, text: str, lines: str, offset: int) -> None:
        self.text = text
        self.lines = lines
        self.offset = offset
        self.flow = False
        self.tag = self.anchor = None
        self.start = offset + INDENT.match(lines).end(1)  # type: ignore[union-attr]
        column = self.start - offset
        first = lines.rfind("\n", 0, column) + 1
        self._matches = list(item_pattern(lines[first:column]).finditer(lines, first))
        if not self._matches or self._matches[-1][2]:
            raise NotSure
        self._items: list[Node] | None = None

    @property
    def items(self) -> list[Node]:  # type: ignore[override]
        """Its entries."""
        if self._items is None:
            self._items = [self._item(*match.span()) for match in self._matches]
        return self._items

    @property
    def end(self) -> int:  # type: ignore[override]
        """The place after its last entry."""
        return self.items[-1].end

    def _item(self, start: int, stop: int) -> Node:
        width = INDENT.match(self.lines, start, stop).end() - start  # type: ignore[union-attr]
        if _KEY.match(self.lines, start + width, stop):
            return BlockMapping(self.text, " " * width + self.lines[start + width : stop], self.offset + start)
        found = _value_of(self, self.lines.index("-", start) + 1, stop)
        if found is None:
            found = sole_item(_piece(self, start, stop))
        return found


def _value_of(block: BlockMapping | BlockSequence, after: int, stop: int) -> Node | None:
    """Return what is *after* a colon or a dash in the lines of a block; ``None`` where ruamel.yaml has to say."""
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
        return None if kind is None else kind(block.text, lines[start:stop], offset + start)
    start = after + len(lines[after:stop]) - len(lines[after:stop].lstrip(" "))
    if lines[start] in "|>" and start > after:
        return _block_scalar(block, start, stop)
    quoted = _QUOTED.match(lines, start, stop) if start > after else None
    text = None if quoted is None else in_quotes(lines[start:stop])
    return None if quoted is None or text is None else Scalar(start + offset, quoted.end() + offset, text, lines[start])


def _block_scalar(block: BlockMapping | BlockSequence, start: int, stop: int) -> Scalar | None:
    """Return the block scalar that begins at *start*."""
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
        elif line.strip(" "):  # a comment, after which there is no more of it
            break
    place = block.offset + start
    return Scalar(place, place + taken, text, value[0], indent=margin, column=_column(block.text, place, margin))


def _column(text: str, place: int, indent: int) -> int:
    """Return the column to which a comment after the block scalar at *place* moves out of it."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return min(len(line) - len(line.lstrip(" ")), max(indent - 1, 0))


def _piece(block: BlockMapping | BlockSequence, start: int, stop: int) -> Node:
    """Compose an entry of a block, of which the dash before it may have become spaces."""
    node = compose_piece(block.lines[start:stop], block.offset + start)
    for each in walk(node):
        if isinstance(each, Scalar) and each.style in ("|", ">"):
            if not each.text.strip(" \n"):  # no line of its text says how far it is indented
                each.indent = _column(block.text, each.start, _WIDEST) + 1
            each.column = _column(block.text, each.start, each.indent)
    return node


def _may_hold_block_scalar(lines: str) -> bool:
    return ("|" in lines or ">" in lines) and _HEADER.search(lines) is not None


def block_scalars(node: Node) -> Iterator[Scalar]:
    """Find the block scalars in a node; what cannot hold one is not looked into."""
    if isinstance(node, BlockMapping | BlockSequence) and not _may_hold_block_scalar(node.lines):
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
