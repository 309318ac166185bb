"""Compare a source text with the wanted values, and collect edits."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container
from operator import is_
from typing import Any, Final, NamedTuple

import attrs

from newsitem._codec.alignment import Identity, Origin, align
from newsitem._codec.entries import END_OF_HEAD, Pair, has_own_comment, identify
from newsitem._codec.render import is_block
from newsitem._codec.source import Edit, Source
from newsitem._codec.structure import MERGE, is_null_node, value_of
from newsitem._schema.fields import Key
from newsitem._schema.kinds import DATA, Kind, Refused, element_of
from newsitem._schema.originals import original
from newsitem._yaml.blocks import Block
from newsitem._yaml.nodes import LINE_ENDS, SPACE, Alias, Mapping, Node, Scalar, Sequence, resolved, walk

_BEFORE_VALUE: Final = rf"(?:\A|[\[{{,:]|(?:[?-]|![^ \t{LINE_ENDS}]*+)(?={SPACE}))(?:{SPACE})*+"
_ANCHOR_OR_ALIAS: Final = re.compile(rf"{_BEFORE_VALUE}([&*][^ \t{LINE_ENDS},\[\]{{}}]++)")
"""An anchor or an alias where a value may begin, or quoted text that looks like one."""
_TABS: Final = re.compile(r" *\t[ \t]*(?=#)")


def may_keep_anchor(old: Node, value: Any) -> bool:
    """Return whether a new value may keep the anchor of the old one, so that aliases refer to the new value.

    A merge key cannot refer to a scalar, and a null in a list of text is not part of the item.
    """
    if isinstance(value, list):
        return isinstance(old, Sequence)
    if isinstance(value, dict) or is_block(value):
        return isinstance(old, Mapping)
    return isinstance(old, Scalar) and value is not None


def is_unset(old: Node, key: Key | None) -> bool:
    """Return whether a key of the model counts as unset: it is null, or a list without entries."""
    if key is None:
        return False
    target = resolved(old)
    is_empty = isinstance(target, Sequence) and all(is_null_node(item) for item in target.items)
    return is_null_node(old) or (is_empty and key.kind.is_unset([]))


def places(
    staying: list[Pair], added: list[str], order: tuple[str, ...], merged: Container[str] = ()
) -> dict[int, list[str]]:
    """Find the entry after which to insert each added key: the last one that precedes it in the publisher's order.

    Keys that are missing from *order* go to the end. Keys that are *merged* go after the merge keys, whose values they
    override. ``-1`` is the position before the first entry.
    """
    place_of = {pair.name: place for place, pair in enumerate(staying)}
    last_merge = max((place for place, pair in enumerate(staying) if pair.is_merge), default=-1)
    place, before = -1, {}
    for name in (MERGE, *order):
        before[name] = place
        place = place_of.get(name, place)
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for name in added:
        place = before.get(name, len(staying) - 1)
        groups[max(place, last_merge) if name in merged else place].append(name)
    return groups


class Mode(NamedTuple):
    """How a text is edited."""

    in_full: bool
    """Whether values that differ are replaced in full."""
    writes_out: bool = False
    """Whether aliases of all values that change are written out."""


class Comparison:
    """Compares the nodes of a text with values, and collects edits.

    Args:
        source: The text.
        lost: The anchored values that the edits remove although one of their aliases stays.
        mode: How the text is edited.
    """

    def __init__(self, source: Source, lost: frozenset[int], mode: Mode) -> None:
        self.source = source
        self.text = source.text
        self.lost = lost
        self.mode = mode
        self.edits: list[Edit] = []
        self.values: dict[tuple[int, Kind], Any] = {}
        self.ends: dict[int, int] = {}
        """For the end of each block to which entries were added, the position at which the next ones are added."""

    def replace(self, start: int, end: int, text: str, open_block: Scalar | None = None) -> None:
        """Add an edit."""
        self.edits.append(Edit(start, end, text, open_block))

    def head(self, start: int, stop: int, text: str) -> None:
        """Replace the rest of the line after a colon or a dash, except for a comment."""
        comment = END_OF_HEAD.search(self.text, start, stop)
        self.before_comment(start, stop if comment is None else comment.start(), text)

    def before_comment(self, start: int, end: int, text: str) -> None:
        """Replace a span that a comment may follow.

        Tabs before the comment become a space if it follows a dash or an explicit colon, where YAML forbids them.
        """
        tabs = _TABS.match(self.text, end)
        if tabs is not None and not text and (self.text[start - 1] == "-" or self.source.starts_line(start - 1)):
            end, text = tabs.end(), " "
        self.replace(start, end, text)

    def anchor(self, old: Node, value: Any) -> str:
        """Return the anchor of the old value, with a space, if the new value keeps it.

        It is removed if the text would become unreadable, because an alias may be of another type.
        """
        return f"&{old.anchor} " if old.anchor and not self.mode.in_full and may_keep_anchor(old, value) else ""

    def value_of(self, old: Node, kind: Kind) -> Any:
        """Return the value of a node of the old text, or ``None`` if it is not valid. Each node is read once."""
        place = id(resolved(old)), kind
        if place not in self.values:
            try:
                self.values[place] = value_of(old, kind)
            except Refused:  # a merge key that is removed has overridden the value
                self.values[place] = None
        return self.values[place]

    def is_lost(self, old: Node) -> bool:
        """Return whether a node is an alias whose anchor is removed."""
        return isinstance(old, Alias) and id(old.target) in self.lost

    def has_lost(self, old: Node) -> bool:
        """Return whether a value is, or contains, an alias whose anchor is removed."""
        return bool(self.lost) and any(self.is_lost(node) for node in walk(old))

    def written_unset(self, pair: Pair, key: Key | None) -> tuple[Any, Kind] | None:
        """Return the value to write for a key that stays although it is unset, or ``None``.

        It was an alias whose anchor is removed, or a list of the model with an empty entry, or with a comment that
        belongs to no entry.
        """
        if key is None:
            return None
        if is_unset(pair.value, key):
            return ([] if key.kind.absent == "[]" else None, DATA) if self.has_lost(pair.value) else None
        if key.kind.absent == "[]" and self.has_empty(pair.value, key.kind):
            return [], key.kind
        return ([], DATA) if key.kind.absent == "[]" and has_own_comment(self.source, pair) else None

    def lost_anchors(self, root: Node) -> frozenset[int]:
        """Find the anchored values that the edits remove although one of their aliases stays."""
        if isinstance(root, Block):  # it contains no alias
            return frozenset()
        edits = sorted(self.edits, key=lambda edit: (edit.start, edit.end))
        starts = [edit.start for edit in edits]
        written = {name for edit in edits for name in _ANCHOR_OR_ALIAS.findall(edit.text)}

        def is_removed(node: Node) -> bool:
            is_alias = isinstance(node, Alias)
            if self.mode.writes_out and not is_alias:  # if there is any edit in it, or an entry is added to its end
                at = bisect_right(starts, self.source.next_line(node.end)) - 1
                return at >= 0 and edits[at].end >= node.start
            at = bisect_right(starts, node.start) - 1
            is_replaced = at >= 0 and node.start < edits[at].end
            return is_replaced and f"{'*' if is_alias else '&'}{node.anchor}" not in written

        nodes = walk(root)
        removed = {id(node) for node in nodes if node.anchor and not isinstance(node, Alias) and is_removed(node)}
        return frozenset(
            id(node.target)
            for node in nodes
            if isinstance(node, Alias) and id(node.target) in removed and not is_removed(node)
        )

    def same(self, old: Node, value: Any, kind: Kind) -> bool:
        """Return whether a node already has the wanted value and loses no anchor."""
        return not self.has_lost(old) and kind.is_same(self.value_of(old, kind), value)

    def origins(self, old: Sequence, values: list[Any], kind: Kind) -> list[Origin]:
        """Find the origins of the new entries. Empty entries, which are not part of the item, are never an origin."""
        filled = [place for place, item in enumerate(old.items) if not self.is_empty(item, kind)]
        before = [
            # Outside plain data, ``None`` stands for an invalid entry, or an alias whose anchor is removed.
            Identity(None) if value is None and kind is not DATA else identify(value, kind)
            for value in (self.value_of(old.items[place], kind) for place in filled)
        ]
        new = [identify(value, kind) for value in values]
        originals = [original(value) for value in values]
        is_edited = not all(map(is_, originals, values))
        former = [identify(value, kind) for value in originals] if is_edited else []
        return [
            origin if origin.old is None else attrs.evolve(origin, old=filled[origin.old])
            for origin in align(before, new, former)
        ]

    def is_empty(self, item: Node, kind: Kind) -> bool:
        """Return whether an entry of a list is not part of the item."""
        return kind is not DATA and is_null_node(item) and not self.is_lost(item)

    def has_empty(self, old: Node, kind: Kind) -> bool:
        """Return whether a list has an entry that is not part of the item."""
        return isinstance(old, Sequence) and any(self.is_empty(item, element_of(kind)) for item in old.items)
