"""Split block mappings and lists into entries by their lines, and make the nodes on demand.

If the lines of an entry form a complete pair on their own, the parser reaches the next key in the same state as the
first. The same is true for the entries of a block list. `NotSure` is raised if a text does not meet this condition.

Lines end in LF and contain no tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any, ClassVar, Final, TypeVar

from newsitem._yaml.composer import Unreadable, compose, measure
from newsitem._yaml.limits import current_limits
from newsitem._yaml.nodes import Collection, Mapping, Node, Scalar, Sequence, children, indentation, walk
from newsitem._yaml.scalars import IN_BRACKETS
from newsitem._yaml.spellings import (
    HEAD,
    NOTHING,
    PLAIN,
    REST,
    TAIL,
    block_end,
    block_scalar,
    flow_places,
    in_quotes,
    plain_scalar,
)

SIMPLE: Final = rf"""("[^"\\\n]*+"|'[^'\n]*+'|{PLAIN})"""
"""A scalar on one line, without escapes."""
INDENT: Final = re.compile(rf"{NOTHING}*+([ ]*+)(-[ ]++)?")
"""The text before the first entry of a block: blank lines and comments, the indentation, and a dash if there is one."""
_DEEPEST: Final = 9
"""Nesting levels reserved for collections around a piece: a piece close to the depth limit is not composed alone."""
WIDEST: Final = 40
"""The maximum indentation of entries that are split by their lines, in spaces."""
SCALAR: Final = re.compile(rf"[ ]++{SIMPLE}{REST}")
"""Such a scalar with the spaces before it, and the lines up to the next entry."""
_BELOW: Final = re.compile(rf"{REST}([ ]*+)(?:(-)(?=[ \n])|(?=[^ ]))")
_BELOW_WITH_PROPERTIES: Final = re.compile(rf"(?:[ ]++[&!][^ \n]*+)*+{_BELOW.pattern}")
_BELOW_A_KEY: Final = " \n#-]}"
_AT_MARGIN: Final = re.compile(rf"^[^{re.escape(_BELOW_A_KEY)}]", re.MULTILINE)
_SCALAR_ALONE: Final = re.compile(rf"[ ]++{SIMPLE}{REST}(?![ -])")
_QUOTED: Final = re.compile(r""""(?:[^"\\]++|\\(?s:.))*+"|'(?:[^']++|'')*+'""")
_HEADER: Final = re.compile(r"[|>][-+0-9]{0,2}[ ]*+(?:(?<=[ ])\#[^\n]*+)?\n")
_VALUE_MAY_START: Final = r"(?:(?<=[:-][ ].)|(?<=[ ][ ].)|(?<=\n[ ].)|(?<=\n.)|(?<=\A[ ].)|(?<=\A.))"
_GOES_ON: Final = {
    '"': r'(?:[^"\\\n]++|\\.)*+\\?+$',
    "'": r"(?:[^'\n]++|'')*+$",
    r"\[": rf"(?!{IN_BRACKETS}*+[\]}}])",
    r"\{": rf"(?!{IN_BRACKETS}*+[\]}}])",
    "!": "",
    "&": "",
}
"""The signs that start a value that may continue on any line: open quotes or brackets, or a tag or an anchor."""
_QUICK: Final = re.compile("|".join(f"{sign}{_VALUE_MAY_START}{rest}" for sign, rest in _GOES_ON.items()), re.MULTILINE)
_MAY_GO_ON: Final = re.compile(
    f"(?:^|[:-][ ])[ ]*+(?:{'|'.join(f'{sign}{rest}' for sign, rest in _GOES_ON.items())})", re.MULTILINE
)
_ENTRY_KEY: Final = r"""(?:[A-Za-z]++(?=:[ \n])|\w[^:\#\n]*+(?::(?![ \n])[^:\#\n]*+)*+|"[^"\\\n]*+"|'[^'\n]*+')"""
"""A key: in quotes without escapes, or without quotes and possibly followed by spaces. The first is the fastest."""
_COLON: Final = r"[ ]{0,20}+:(?=[ \n])"
_LONGEST_KEY: Final = 1_000
"""The maximum length of a key with the spaces after it, in characters. YAML requires the colon within 1,024."""
KEY: Final = re.compile(f"[ ]*+{_ENTRY_KEY}{_COLON}")
"""The start of a line up to the colon after a key."""


_Block = TypeVar("_Block", bound="Block")


_HEADER_OR_EXPLICIT_KEY: Final = re.compile(r"[|>][-+0-9]*+[ \t]*+(?:\#|$)|^[ \-]*+[?:](?:[ \t]|$)", re.MULTILINE)
_BEFORE_TABS: Final = r"""(?![ \-]*+\t)(?:[^\t"'\#]++|(?<=\w)["'\#])*+(?:"(?:[^"\\\t]|\\.)*+"|'[^'\t]*+')?+"""
_TABBED: Final = re.compile(rf"({_BEFORE_TABS})([ \t]*+(?:(?:(?<=[ \t])|(?<!.))\#.*+)?+)")
"""A line with tabs only after its value. The groups are the line up to the end of its value, and the rest."""


class NotSure(Exception):
    """The lines of a text do not determine its structure with certainty."""


def without_tabs(lines: str) -> str:
    """Return lines in which spaces replace the tabs in comments, before comments and at the ends of lines.

    If there may be other tabs, the lines stay the same.
    """
    pieces, end = [], 0
    while (tab := lines.find("\t", end)) >= 0:
        start = lines.rfind("\n", 0, tab) + 1
        pieces.append(lines[end:start])
        end = lines.find("\n", tab)
        pieces.append(_without_tabs(lines[start:end]))
    spaced = "".join([*pieces, lines[end:]])
    return lines if "\t" in spaced or may_go_on(spaced) or _may_be_text(lines) else spaced


def _may_be_text(lines: str) -> bool:
    """Return whether tabs may be in the text of a block scalar. Those in comments at the margin never are."""
    end = 0
    while (tab := lines.find("\t", end)) >= 0:
        end = lines.find("\n", tab)
        if lines[lines.rfind("\n", 0, tab) + 1] != "#":
            start, end = entries_around(lines, tab, tab)
            if _HEADER_OR_EXPLICIT_KEY.search(lines, start, end) is not None:
                return True
    return False


def _without_tabs(line: str) -> str:
    match = _TABBED.fullmatch(line)
    return line if match is None else match[1] + match[2].replace("\t", " ")


def entry(indent: str, key: str = _ENTRY_KEY) -> str:
    """Return the pattern for a block mapping entry, without the indentation of the key, and the lines below it."""
    return f"{key}{_COLON}" + value_lines(indent, rf"{indent}(?:[ ]|-(?=[ \n]))[^\n]*+\n|{NOTHING}")


def value_lines(indent: str, below: str) -> str:
    """Return the pattern for the lines of a value: the rest of its key's line, and the lines that match *below*.

    The line of the key begins with the pattern *indent*. Brackets may be closed in the same column.
    """
    in_brackets = rf"[ ]++[\[{{][^\n]*+\n(?:{below}|{indent}[\]}}][^\n]*+\n)*+"
    return rf"(?:{in_brackets}|(?:[ ][^\n]*+)?+\n(?:{below})*+)"


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
    return re.compile(rf"({indent}-(?:[ ]++[^ \#\n][^\n]*+\n|{TAIL})(?:{indent}[ ][^\n]*+\n|{NOTHING})*+)|((?s:.+))")


def may_go_on(lines: str) -> bool:
    """Return whether a value in *lines* may continue on lines that look like the next entry.

    The first pattern, which does not count the spaces before a value, takes a fifth of the time.
    """
    return _QUICK.search(lines) is not None and _MAY_GO_ON.search(lines) is not None


def split_entries(lines: str) -> list[tuple[str, str]]:
    """Return the lines and the key of each entry of a block mapping. Comments alone contain no entry.

    Raises:
        NotSure: if the entries cannot be split by their lines.
    """
    start = INDENT.match(lines)
    rows = entry_pattern(start[1]).findall(lines, start.start(1))  # type: ignore[index, union-attr]
    if start[2] or (rows and rows[-1][-1]):  # type: ignore[index]
        raise NotSure
    return [(own, key_text(name)) for own, name, _ in rows]


def key_text(written: str) -> str:
    """Return the text of a key as `entry_pattern` finds it.

    Raises:
        NotSure: if it may be too long.
    """
    if len(written) > _LONGEST_KEY:
        raise NotSure
    return written[1:-1] if written[0] in "'\"" else written.rstrip(" ")


def split_items(lines: str) -> list[str]:
    """Return the lines of each entry of a block list. *lines* begin with the first dash or the spaces before it.

    Raises:
        NotSure: if the entries cannot be split by their lines.
    """
    rows = item_pattern(lines[: indentation(lines)]).findall(lines)
    if rows[-1][-1]:
        raise NotSure
    return [item for item, _ in rows]


def key_names(lines: str) -> list[str]:
    """Return the keys of a block mapping in order.

    Raises:
        NotSure: if the entries cannot be split by their lines.
    """
    return [name for _, name in split_entries(lines)]


def entries_around(lines: str, start: int, stop: int) -> tuple[int, int]:
    """Return the span of the top-level entries that overlap or touch the part of *lines* from *start* to *stop*."""
    first = lines.rfind("\n", 0, max(start - 1, 0)) + 1
    while first > 0 and lines[first] in _BELOW_A_KEY:
        first = lines.rfind("\n", 0, first - 1) + 1
    after = _AT_MARGIN.search(lines, stop + 1)
    return first, len(lines) if after is None else after.start()


def scalar_at_margin(lines: str, name: str) -> tuple[int, int] | None:
    """Return the span of a top-level key's value, or ``None`` unless it is a scalar on one line without escapes."""
    at = f"\n{lines}".find(f"\n{name}:")
    match = None if at < 0 else _SCALAR_ALONE.match(lines, at + len(name) + 1)
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


class Block(Collection):
    """A block collection: *lines*, which begin at *offset* in *text*. Its nodes are made on demand."""

    pattern: ClassVar[staticmethod[[str], re.Pattern[str]]]
    """The function that returns the pattern of an entry. The first group of a match contains the lines of the entry."""

    def __init__(self, text: str, lines: str, offset: int) -> None:
        self.text = text
        self.lines = lines
        self.offset = offset
        self.flow = False
        self.tag = self.anchor = None
        indent: re.Match[str] = INDENT.match(lines)  # type: ignore[assignment]
        self.start = offset + indent.end(1)
        self.matches = list(self.pattern(indent[1]).finditer(lines, indent.start(1)))
        if not self.matches or self.matches[-1][1] is None:
            raise NotSure
        self.nodes: list[Any] = [None] * len(self.matches)
        """The pairs or the entries. Each is ``None`` until it is needed."""


class BlockMapping(Block, Mapping):
    """A block mapping."""

    pattern = staticmethod(entry_pattern)

    def entry(self, number: int) -> tuple[str, int, int]:
        """Return the key of a pair, its position, and the position after its colon."""
        match = self.matches[number]
        start, end = match.span(2)
        return key_text(match[2]), self.offset + start, self.offset + self.lines.index(":", end) + 1

    def is_block(self, number: int) -> bool:
        match = self.matches[number]
        _, _, after = self.entry(number)
        below = _BELOW_WITH_PROPERTIES.match(self.lines, after - self.offset, match.end())
        return below is not None and (below[2] or KEY.match(self.lines, below.end(), match.end())) is not None

    def pair(self, number: int) -> tuple[Node, Node]:
        """Return the pair at this index."""
        pair: tuple[Node, Node] | None = self.nodes[number]
        if pair is None:
            match = self.matches[number]
            _, _, colon = self.entry(number)
            value = _value_of(self, colon - self.offset, match.end()) or sole_pair(_piece(self, *match.span()))[1]
            pair = self.nodes[number] = _simple_scalar(self, *match.span(2)), value
        return pair

    @property
    def pairs(self) -> list[tuple[Node, Node]]:  # type: ignore[override]
        """The pairs, in the order of the text."""
        return [self.pair(number) for number in range(len(self.matches))]

    @property
    def end(self) -> int:  # type: ignore[override]
        """The position after the last value."""
        return self.pair(-1)[1].end


class BlockSequence(Block, Sequence):
    """A block list."""

    pattern = staticmethod(item_pattern)

    @cached_property
    def items(self) -> list[Node]:  # type: ignore[override]
        """The entries."""
        return [self.item(number) for number in range(len(self.matches))]

    @property
    def end(self) -> int:  # type: ignore[override]
        """The position after the last entry."""
        return self.item(-1).end

    def item(self, number: int) -> Node:
        """Return the entry at this index."""
        if self.nodes[number] is None:
            self.nodes[number] = self._item(*self.matches[number].span())
        node: Node = self.nodes[number]
        return node

    def _item(self, start: int, stop: int) -> Node:
        width = INDENT.match(self.lines, start, stop).end() - start  # type: ignore[union-attr]
        if KEY.match(self.lines, start + width, stop):
            lines = " " * width + self.lines[start + width : stop]
            return _complete(BlockMapping(self.text, lines, self.offset + start))
        return _value_of(self, self.lines.index("-", start) + 1, stop) or sole_item(_piece(self, start, stop))


def _complete(block: _Block) -> _Block:
    """Return a block below a key or a dash if each of its entries is complete.

    The entries of the item's own mapping have been read one by one. Those below may contain quotes or brackets that are
    closed on a line that looks like the next entry. Such entries are composed, with everything below them.

    Raises:
        NotSure: if an entry is not complete.
    """
    for number, match in enumerate(block.matches) if may_go_on(block.lines) else ():
        if may_go_on(match[0]):
            root = _piece(block, *match.span())
            block.nodes[number] = sole_pair(root) if isinstance(block, Mapping) else sole_item(root)
    return block


def _value_of(block: Block, after: int, stop: int) -> Node | None:
    """Return the value that follows a colon or a dash, or ``None`` if only ruamel.yaml can read it."""
    lines, offset = block.lines, block.offset
    if (scalar := SCALAR.fullmatch(lines, after, stop)) is not None:
        return _simple_scalar(block, *scalar.span(1))
    if HEAD.fullmatch(lines, after, stop):
        return Scalar(offset + after, offset + after, "", None)
    if (below := _BELOW.match(lines, after, stop)) is not None:
        start = below.start(1)
        kind = BlockSequence if below[2] else BlockMapping if KEY.match(lines, below.end(), stop) else None
        return None if kind is None else _complete(kind(block.text, lines[start:stop], offset + start))
    start = after + indentation(lines[after:stop])
    first = lines[start]
    if first in "|>[":
        return (_flow_list if first == "[" else _block_scalar)(block, start, stop)
    quoted = _QUOTED.match(lines, start, stop)
    text = (plain_scalar if quoted is None else in_quotes)(lines[start:stop])
    end = start + len(lines[start:stop].rstrip(" \n")) if quoted is None else quoted.end()
    return None if text is None else Scalar(start + offset, end + offset, text, first if quoted is not None else None)


def _simple_scalar(block: Block, start: int, stop: int) -> Scalar:
    """Return a scalar without escapes, possibly followed by spaces."""
    text = block.lines[start:stop].rstrip(" ")
    style = text[0] if text[0] in "'\"" else None
    start += block.offset
    return Scalar(start, start + len(text), text[1:-1] if style else text, style)


def _flow_list(block: Block, start: int, stop: int) -> Sequence | None:
    """Return the bracket list that begins at *start*, or ``None`` if only ruamel.yaml can read it."""
    found = flow_places(block.lines, start, stop)
    if found is None:
        return None
    places, end = found
    items: list[Node] = [_simple_scalar(block, *place) for place in places]
    return Sequence(start + block.offset, end + block.offset, flow=True, size=1 + len(items), items=items)


def _block_scalar(block: Block, start: int, stop: int) -> Scalar | None:
    """Return the block scalar that begins at *start*, or ``None`` if only ruamel.yaml can read it."""
    value = block.lines[start:stop]
    text = block_scalar(value, len(INDENT.match(block.lines)[1]))  # type: ignore[index]
    if text is None:
        return None
    first = value.index("\n") + 1
    place = block.offset + start
    node = Scalar(place, place + block_end(value, first, indentation(value[first:])), text, value[0])
    measure(block.text, node)
    return node


def _piece(block: Block, start: int, stop: int) -> Node:
    """Compose an entry of a block. The dash before it may have been replaced with spaces."""
    root = compose_piece(block.lines[start:stop], block.offset + start)
    for node in walk(root):
        if isinstance(node, Scalar) and node.style in ("|", ">"):
            end = node.end
            measure(block.text, node)
            node.end = end  # the last line may be an empty one that the scalar keeps
    return root


def block_scalars(root: Node) -> Iterator[Scalar]:
    """Find the block scalars in a node. Blocks that cannot contain any are skipped."""
    nodes = [root]
    for node in nodes:
        if isinstance(node, Scalar):
            if node.style in ("|", ">"):
                yield node
        elif not isinstance(node, Block) or _HEADER.search(node.lines):
            nodes += children(node)
