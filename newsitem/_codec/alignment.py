"""Align two versions of a list: find the old entry from which each new entry comes.

Equal entries are paired first, then entries with the same name, then entries in the same position or with the most
fields in common. Of all pairs, the largest set that keeps its order stays in place. The other entries have moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import Final

import attrs

_MOST_COMPARED: Final = 1 << 12
"""The maximum number of pairs that are compared field by field, if neither name nor position identifies the entries."""


_LEAST_SHARED: Final = 2
"""The number of fields that entries with different names must share to be paired anywhere in the lists."""


@attrs.frozen
class Origin:
    """The origin of an entry of the new list."""

    old: int | None
    """The index of the old entry, or ``None`` for a new entry."""
    is_equal: bool = False
    """Whether the entry is equal to the old one."""
    is_in_place: bool = False
    """Whether the old entry can remain where it is."""


NEW: Final = Origin(None)


@attrs.frozen
class Identity:
    """The properties of an entry that the alignment compares."""

    content: Hashable
    """A value that is the same for equal entries."""
    names: tuple[Hashable, ...] = ()
    """The names that identify the entry, the most reliable first. A missing name is ``None``."""
    fields: tuple[Hashable, ...] = ()
    """The other fields: keys with their values."""

    @property
    def known_as(self) -> frozenset[tuple[int, Hashable]]:
        """The names that the entry has, each with its index."""
        return frozenset((level, name) for level, name in enumerate(self.names) if name is not None)

    def shared(self, other: Identity) -> int:
        """Return the number of fields and names that two entries have in common."""
        return len({*self.fields}.intersection(other.fields)) + len(self.known_as & other.known_as)

    def prefix(self, other: Identity) -> int:
        """Return the total length of the common prefixes of the names of two entries."""
        return sum(_alike(str(a), str(b)) for a, b in zip(self.names, other.names, strict=False))


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


Pairs = dict[int, int]
"""Indexes in the new list, mapped to the indexes of their origins in the old list."""


def align(old: Sequence[Identity], new: Sequence[Identity]) -> list[Origin]:
    """Find the origin of each entry of *new* in ``n log n`` steps."""
    pairs = _equal(old, new)
    equal = set(pairs)
    for level in range(max((len(entry.names) for entry in (*old, *new)), default=0)):
        _pair_namesakes(old, new, level, pairs)
    _pair_by_fields(old, new, pairs)
    _pair_neighbours(old, new, pairs)
    in_place = {at for at, _ in longest_increasing(sorted(pairs.items()))}
    return [Origin(pairs[at], at in equal, at in in_place) if at in pairs else NEW for at in range(len(new))]


def _equal(old: Sequence[Identity], new: Sequence[Identity]) -> Pairs:
    """Pair equal entries: first those at both ends, then those that occur once, then the rest between these."""
    contents_old = [entry.content for entry in old]
    contents_new = [entry.content for entry in new]
    pairs: Pairs = {}
    _pair_ends(contents_old, contents_new, range(len(old)), range(len(new)), pairs)
    left_old, left_new = _left(len(old), pairs.values()), _left(len(new), pairs)
    counts_old, counts_new = Counter(contents_old[i] for i in left_old), Counter(contents_new[i] for i in left_new)
    once = {contents_old[i]: i for i in left_old if counts_old[contents_old[i]] == 1}
    pairs |= {
        i: once[contents_new[i]] for i in left_new if counts_new[contents_new[i]] == 1 and contents_new[i] in once
    }
    for gap_old, gap_new in _gaps(len(old), len(new), pairs):
        _pair_ends(contents_old, contents_new, gap_old, gap_new, pairs)
    _pair_in_order(contents_old, contents_new, pairs)
    return pairs


def _pair_ends(
    old: Sequence[Hashable], new: Sequence[Hashable], places_old: Sequence[int], places_new: Sequence[int], pairs: Pairs
) -> None:
    """Pair equal entries from the start of a part, and then backwards from its end."""
    shortest = min(len(places_old), len(places_new))
    alike = zip(places_old, places_new, strict=False)
    head = next((n for n, (i, j) in enumerate(alike) if old[i] != new[j]), shortest)
    alike = zip(reversed(places_old[head:]), reversed(places_new[head:]), strict=False)
    tail = next((n for n, (i, j) in enumerate(alike) if old[i] != new[j]), shortest - head)
    pairs.update(zip(places_new[:head], places_old[:head], strict=True))
    pairs.update(zip(places_new[len(places_new) - tail :], places_old[len(places_old) - tail :], strict=True))


def _left(count: int, taken: Iterable[int]) -> list[int]:
    """Return the indexes that are not *taken*."""
    taken = set(taken)
    return [place for place in range(count) if place not in taken]


def _pair_in_order(old: Sequence[Hashable], new: Sequence[Hashable], pairs: Pairs) -> None:
    """Pair equal entries that are not paired yet, in order."""
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place in _left(len(old), pairs.values()):
        places[old[place]].append(place)
    for place in _left(len(new), pairs):
        if new[place] is not None and places[new[place]]:
            pairs[place] = places[new[place]].popleft()


def _gaps(length_old: int, length_new: int, pairs: Pairs) -> list[tuple[list[int], list[int]]]:
    """Return the unpaired indexes between the pairs that keep their order."""
    taken = set(pairs.values())
    kept = [(-1, -1), *longest_increasing(sorted(pairs.items())), (length_new, length_old)]
    gaps = []
    for (new_before, old_before), (new_after, old_after) in pairwise(kept):
        if new_after - new_before > 1 and old_after - old_before > 1:
            gap_old = [place for place in range(old_before + 1, old_after) if place not in taken]
            gap_new = [place for place in range(new_before + 1, new_after) if place not in pairs]
            gaps.append((gap_old, gap_new))
    return gaps


def longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of *pairs* in which the second numbers increase."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        at = bisect_left(tails, value)
        before.append(tail_pairs[at - 1] if at else -1)
        tails[at : at + 1] = [value]
        tail_pairs[at : at + 1] = [index]
    result = []
    index = tail_pairs[-1] if tail_pairs else -1
    while index >= 0:
        result.append(pairs[index])
        index = before[index]
    return result[::-1]


def _pair_namesakes(old: Sequence[Identity], new: Sequence[Identity], level: int, pairs: Pairs) -> None:
    """Pair entries with the same name. If there are several, the most similar are paired first, and ties in order."""
    names_old, names_new = _names(old, level), _names(new, level)
    places: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place in _left(len(old), pairs.values()):
        places[names_old[place]][0].append(place)
    for place in _left(len(new), pairs):
        places[names_new[place]][1].append(place)
    for name, (places_old, places_new) in places.items():
        if name is None or not (places_old and places_new):
            continue
        if len(places_old) > 1 or len(places_new) > 1:
            _pair_most_alike(old, new, places_old, places_new, pairs)
        left = [place for place in places_new if place not in pairs]
        taken = {pairs[place] for place in places_new if place in pairs}
        pairs.update(zip(left, [place for place in places_old if place not in taken], strict=False))


def _names(entries: Sequence[Identity], level: int) -> list[Hashable]:
    return [entry.names[level] if level < len(entry.names) else None for entry in entries]


def _pair_most_alike(
    old: Sequence[Identity], new: Sequence[Identity], places_old: list[int], places_new: list[int], pairs: Pairs
) -> None:
    """Pair entries by the number of fields they share, then by the similarity of names, then by distance."""
    if len(places_old) * len(places_new) > _MOST_COMPARED:
        return
    alike = sorted(
        (-old[one].shared(new[other]), -old[one].prefix(new[other]), abs(one - other), other, one)
        for one in places_old
        for other in places_new
        if _may_correspond(old[one], new[other])
    )
    taken: set[int] = set()
    for shared, _, _, other, one in alike:
        if shared and other not in pairs and one not in taken:
            pairs[other] = one
            taken.add(one)


def _may_correspond(one: Identity, other: Identity) -> bool:
    """Return whether an entry may have become another. If the names differ, most of the rest must be the same."""
    if not (one.known_as and other.known_as) or one.known_as & other.known_as:
        return True
    shared = one.shared(other)
    is_one_change = len(one.known_as) == len(other.known_as) == 1
    return 2 * shared >= max(len(one.fields), len(other.fields)) and (shared > 0 or is_one_change)


def _pair_neighbours(old: Sequence[Identity], new: Sequence[Identity], pairs: Pairs) -> None:
    """Pair entries in one position between pairs that stay, unless one of their names is also on the other side."""
    free_old, free_new = _unshared(old, new), _unshared(new, old)
    for gap_old, gap_new in _gaps(len(old), len(new), pairs):
        places_old = [place for place in gap_old if place in free_old]
        places_new = [place for place in gap_new if place in free_new]
        if len(places_old) != len(places_new):
            _pair_most_alike(old, new, places_old, places_new, pairs)
            continue
        for one, other in zip(places_old, places_new, strict=True):
            if _may_correspond(old[one], new[other]):
                pairs[other] = one


def _unshared(entries: Sequence[Identity], others: Sequence[Identity]) -> set[int]:
    """Return the indexes of entries with no name that occurs among the others. Ambiguous names are ignored."""
    counts = Counter(name for entry in entries for name in entry.known_as)
    known = {name for entry in others for name in entry.known_as if counts[name] == 1}
    return {place for place, entry in enumerate(entries) if known.isdisjoint(entry.known_as)}


def _pair_by_fields(old: Sequence[Identity], new: Sequence[Identity], pairs: Pairs) -> None:
    """Pair remaining entries, anywhere in the lists, by a field that only the two have."""
    unshared_old, unshared_new = _unshared(old, new), _unshared(new, old)
    left_old = [place for place in _left(len(old), pairs.values()) if place in unshared_old]
    left_new = [place for place in _left(len(new), pairs) if place in unshared_new]
    holders_old, holders_new = _only_holders(old, left_old), _only_holders(new, left_new)
    taken: set[int] = set()
    for field, other in holders_new.items():
        one = holders_old.get(field)
        if one is None or one in taken or other in pairs or not _may_correspond(old[one], new[other]):
            continue
        if old[one].known_as and old[one].shared(new[other]) < _LEAST_SHARED:  # another name in another position
            continue
        pairs[other] = one
        taken.add(one)


def _only_holders(entries: Sequence[Identity], places: list[int]) -> dict[Hashable, int]:
    """Return the fields that exactly one of the entries has, with the index of that entry."""
    counts = Counter(field for place in places for field in entries[place].fields)
    return {field: place for place in places for field in entries[place].fields if counts[field] == 1}
