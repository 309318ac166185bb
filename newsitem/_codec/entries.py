"""Locate the entries of block collections in a source text, and describe them for the alignment."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

import attrs

from newsitem._codec.alignment import Identity
from newsitem._codec.render import is_block, node
from newsitem._codec.source import Source
from newsitem._codec.structure import MERGE, is_merge, key_text
from newsitem._schema.fields import INDENT, Key, entries
from newsitem._schema.kinds import DATA, Kind, element_of
from newsitem._yaml.blocks import Block, BlockMapping, NotSure
from newsitem._yaml.nodes import (
    BEFORE_INDICATOR,
    DASH,
    LINE_ENDS,
    SPACE,
    WHITE_SPACE,
    Alias,
    Collection,
    Mapping,
    Node,
    Scalar,
    Sequence,
    content_start,
    has_text,
    walk,
)

_COLON: Final = re.compile(rf"(?:{SPACE})*+:")
_EXPLICIT: Final = re.compile(rf"(?:[{{,]|{BEFORE_INDICATOR})*+\?(?=[ \t{LINE_ENDS}]|\Z)")
"""The text before an explicit key, up to its question mark."""
_COMMENT: Final = re.compile(r"[ \t]+#")
END_OF_HEAD: Final = re.compile(r"[ \t]+(?:#.*)?\Z")
"""The spaces at the end of a line, with a comment if there is one."""
_NAMES: Final = (("id", "slug"), ("title", "name"))
"""Besides URLs, the keys that identify a mapping: from each group, the first that the mapping has."""


@attrs.frozen
class Item:
    """An entry of a block sequence in the text."""

    start: int
    """The position of the dash."""
    value_start: int
    """The position after the dash."""
    end: int
    value: Node


@attrs.define(eq=False)
class Pair:
    """An entry of a mapping in the text. Its nodes are made on demand."""

    mapping: Mapping
    number: int
    name: str
    start: int
    value_start: int
    """The position after the colon."""
    has_colon: bool = True
    is_merge: bool = False

    @property
    def key(self) -> Node:
        """The key."""
        return self.mapping.pair(self.number)[0]

    @property
    def value(self) -> Node:
        """The value."""
        return self.mapping.pair(self.number)[1]

    @property
    def end(self) -> int:
        """The position after the value."""
        return max(self.value_start, self.value.end)

    @property
    def is_block(self) -> bool:
        """Whether the value is a block collection."""
        return self.mapping.is_block(self.number)


Entry = Pair | Item


def pairs_of(source: Source, mapping: Mapping) -> list[Pair]:
    """Return the entries of a mapping."""
    if isinstance(mapping, BlockMapping):
        return [Pair(mapping, number, *mapping.entry(number)) for number in range(len(mapping.matches))]
    pairs: list[Pair] = []
    for number, (key, _) in enumerate(mapping.pairs):
        explicit = _EXPLICIT.match(source.text, pairs[-1].end if pairs else mapping.start, key.start)
        start = key.start if explicit is None else explicit.end() - 1
        colon = _COLON.match(source.text, key.end)
        value_start = key.end if colon is None else colon.end()
        merges = is_merge(key)
        name = MERGE if merges else key_text(key)
        pairs.append(Pair(mapping, number, name, start, value_start, colon is not None, merges))
    return pairs


def items_of(source: Source, sequence: Sequence) -> list[Item]:
    """Return the entries of a block sequence."""
    items = []
    at = sequence.start
    for item in sequence.items:
        dash = DASH.match(source.text, at)
        if dash is None:
            raise NotSure
        at = max(item.end, dash.end())
        items.append(Item(dash.end() - 1, dash.end(), at, item))
    return items


def dash_width(source: Source, item: Item) -> int:
    """Return the width of an entry's dash and the spaces after it, or the usual one if no value follows on its line."""
    start = item.value.start
    is_beside = item.value_start < start < source.line_stop(item.start)
    return start - item.start if is_beside else INDENT


def tied_items(sequence: Sequence) -> set[int]:
    """Return the entries that must not be moved as text, because an alias in one refers to an anchor in another."""
    if isinstance(sequence, Block):  # it contains no alias
        return set()
    place_of = {id(node): place for place, item in enumerate(sequence.items) for node in walk(item)}
    aliases = (node for item in sequence.items for node in walk(item) if isinstance(node, Alias))
    pairs = ((place_of[id(alias)], place_of.get(id(alias.target))) for alias in aliases)
    return {place for pair in pairs if None not in pair and len({*pair}) > 1 for place in pair if place is not None}


def lines_of(source: Source, entry: Entry) -> range:
    """Return the range of the lines of an entry of a block, from its own start if it begins after a dash."""
    first = source.line_start(entry.start) if source.starts_line(entry.start) else entry.start
    return range(first, source.next_line(entry.end))


def with_comments(source: Source, items: list[Item], place: int) -> range:
    """Return the range of the lines of an entry with its own comments above and below it."""
    item = items[place]
    column = source.column(item.start)
    start = item.start
    if source.starts_line(start):
        floor = source.after(items[place - 1].end, column) if place else 0
        start = source.above(start, floor)
    return range(start, source.after(item.end, column))


def starts_below(source: Source, value: Node, value_start: int) -> bool:
    """Return whether a value begins below the line of its colon or dash, which is just before *value_start*.

    Block scalars do, if their indicator is on that line.
    """
    if content_start(source.text, value) <= source.line_stop(value_start):
        return _is_block_scalar(value)
    return isinstance(value, Collection) and not value.flow


def _is_block_scalar(value: Node) -> bool:
    return isinstance(value, Scalar) and value.style in ("|", ">")


def indicator_comment(source: Source, value: Node) -> str:
    """Return the comment on the line of a block scalar's indicator, with the space before it, or an empty text."""
    if not _is_block_scalar(value):
        return ""
    content = content_start(source.text, value)
    comment = END_OF_HEAD.search(source.text, content, source.line_stop(content))
    return "" if comment is None else comment[0].rstrip(WHITE_SPACE)


def has_comment(source: Source, end: int) -> bool:
    """Return whether a comment follows the value that ends at *end*, on its line in a block."""
    return has_text(source.text[end : source.line_stop(end)])


def has_own_comment(source: Source, pair: Pair) -> bool:
    """Return whether a comment follows the key of a block list, or a bracket of a flow list in a block."""
    value = pair.value
    if isinstance(value, Collection) and value.flow:
        after_bracket = _COMMENT.match(source.text, content_start(source.text, value) + 1)
        return not pair.mapping.flow and (after_bracket is not None or has_comment(source, value.end))
    head = source.text[pair.value_start : source.line_stop(pair.value_start)]
    return "#" in head and starts_below(source, value, pair.value_start)


class Gaps(NamedTuple):
    """The empty lines around blocks in a mapping."""

    before: bool
    """Whether there is one before each block."""
    after: bool
    """Whether there is one after each block."""
    apart: set[str]
    """The keys that they are written around: those of blocks, and those that the model sets apart."""
    removed: dict[int, int]
    """The lines of removed entries: the end of each by its start."""
    stop: int
    """The end of the mapping. The last empty line after a nested mapping belongs to the collection that contains it."""
    is_moved: bool
    """Whether the lines of the mapping are moved, without the lines after it."""

    def next_line(self, at: int) -> int:
        """Return the start of the first line from *at* that is not removed."""
        while at in self.removed:
            at = self.removed[at]
        return at

    def after_blank(self, source: Source, at: int) -> int | None:
        """Return the end of the empty line at *at*, or ``None`` if there is none that an added block may use."""
        at = self.next_line(at)
        end = source.next_line(at)
        is_own = at < self.stop or (not self.is_moved and source.is_blank(end))
        return end if is_own and source.is_blank(at) else None


def keys_apart(pairs: list[Pair], wanted: dict[str, tuple[Any, Kind]], model: dict[str, Key]) -> set[str]:
    """Return the keys of a mapping around which empty lines are written."""
    apart = {name for name, (child, _) in wanted.items() if name not in model and is_block(child)}
    return apart.union(
        (pair.name for pair in pairs if pair.is_block), (key.name for key in model.values() if key.apart)
    )


def usual_gaps(source: Source, pairs: list[Pair], apart: set[str]) -> tuple[bool, bool]:
    """Return whether most blocks in a mapping have an empty line before them, and after them.

    In a mapping without blocks, the entries *apart* count.
    """
    counted = {pair.name for pair in pairs if pair.is_block} or apart
    before: list[bool] = []
    after: list[bool] = []
    for pair, following in pairwise(pairs):
        if counted.isdisjoint((pair.name, following.name)):
            continue
        end = source.after(pair.end, source.column(pair.start))
        if pair.name in counted:
            after.append(source.is_blank(end))
        if following.name in counted:
            start = source.above(following.start, end)
            before.append(source.is_blank(source.line_start(start - 1)))
    # If no block has an entry before it, or none has one after it, the lines on the other side decide.
    is_before, is_after = (any(flags) and 2 * sum(flags) >= len(flags) for flags in (before or after, after or before))
    return is_before, is_after


def identify(value: object, kind: Kind) -> Identity:
    """Return the properties of a value that the alignment compares."""
    if not is_block(value):
        return Identity(node(value, kind, 0))
    if isinstance(value, list):
        texts = dict.fromkeys(node(child, element_of(kind), 0) for child in value)
        return Identity(node(value, kind, 0), (), tuple(texts))
    fields = {name: node(child, child_kind, 0) for name, child, child_kind in entries(value)}
    urls = [name for name in fields if name.lower().endswith("url")]
    names = [next((fields[name] for name in group if name in fields), None) for group in (urls, *_NAMES)]
    identifying = {*urls, *chain.from_iterable(_NAMES)}
    others = [(name, text) for name, text in fields.items() if name not in identifying]
    form = tuple(fields) if kind is DATA else None
    return Identity(tuple(fields.items()), tuple(names), tuple(others), form)
