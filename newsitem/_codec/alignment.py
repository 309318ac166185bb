"""Align two versions of a list: find the old entry from which each new entry comes.

Equal entries are paired first, then entries with the same name, then entries in the same position or with the most
fields in common. The largest set of pairs that keep their order stays in place. The other entries have moved.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from operator import itemgetter, ne
from typing import Final

import attrs

from newsitem._codec.diff import Matcher, common_length, longest_increasing

_MOST_COMPARED: Final = 1 << 12
"""The maximum number of pairs that are compared field by field, if neither name nor position identifies the entries."""

_LEAST_SHARED: Final = 2
"""The number of fields that entries with different names must share to be paired anywhere in the lists."""


@attrs.frozen
class Origin:
    """The origin of an entry of the new list."""

    old: int | None
    """The index of the old entry, or ``None`` for a new entry."""
    is_in_place: bool = False
    """Whether the old entry can remain where it is."""


@attrs.frozen
class Identity:
    """The properties of an entry that the alignment compares."""

    content: Hashable
    """A value that is the same for equal entries."""
    names: tuple[Hashable, ...] = ()
    """The names that identify the entry, the most reliable first. A missing name is ``None``."""
    fields: tuple[Hashable, ...] = ()
    """The other fields: keys with their values."""
    form: tuple[str, ...] | None = None
    """The keys of a mapping of plain data. Unlike an object, it may have been edited in place without notice."""

    @property
    def known_as(self) -> frozenset[tuple[int, Hashable]]:
        """The names that the entry has, each with its index."""
        return frozenset((level, name) for level, name in enumerate(self.names) if name is not None)

    def shared(self, other: Identity) -> int:
        """Return the number of fields and names that two entries have in common."""
        return len({*self.fields}.intersection(other.fields)) + len(self.known_as & other.known_as)

    def prefix(self, other: Identity) -> int:
        """Return the total length of the common prefixes of the names of two entries."""
        return sum(map(common_length, map(str, self.names), map(str, other.names)))

    def may_become(self, other: Identity) -> bool:
        """Return whether this may be the origin of another. If the names differ, most of the rest must be equal."""
        if not (self.known_as and other.known_as) or self.known_as & other.known_as:
            return True
        shared = self.shared(other)
        is_one_change = len(self.known_as) == len(other.known_as) == 1
        return 2 * shared >= max(len(self.fields), len(other.fields)) and (shared > 0 or is_one_change)


def align(old: Sequence[Identity], new: Sequence[Identity], originals: Sequence[Identity] = ()) -> list[Origin]:
    """Find the origin of each entry of *new* in ``n log n`` steps.

    If any of them were edited in place, *originals* are the new entries as they were before that.
    """
    pairing = _Pairing(old, new)
    for entries in filter(None, (_without_copies(old, new, originals), new)):
        pairing.new = entries
        pairing.pair_equal()
    for entries in filter(None, (originals, new)):
        pairing.new = entries
        for level in range(max(len(entry.names) for entry in entries)):
            pairing.pair_namesakes(level)
    pairing.pair_by_fields()
    pairing.pair_neighbours()
    pairs = pairing.pairs
    in_place = {at for at, _ in longest_increasing(pairs.items())}
    return [Origin(pairs.get(at), at in in_place) for at in range(len(new))]


def _without_copies(old: Sequence[Identity], new: Sequence[Identity], originals: Sequence[Identity]) -> list[Identity]:
    """Return the *originals*, with an entry that equals nothing in place of each copy.

    If more originals than old entries have the same content, the most edited ones are copies.
    """
    left = Counter(entry.content for entry in old)
    result = list(originals)
    changes = [
        (before.content != after.content, list(map(ne, before.names, after.names)))
        for before, after in zip(originals, new, strict=False)
    ]
    for place in sorted(range(len(result)), key=changes.__getitem__):
        left[result[place].content] -= 1
        if left[result[place].content] < 0:
            result[place] = Identity(object())
    return result


def _steps(contents: Sequence[Hashable], start: int, size: int, most: int) -> int:
    """Return the number of entries directly after a part that equal all of its entries, at *most* this number."""
    following = contents[start + size : start + size + max(0, most)]
    is_equal = len({*contents[start : start + size]}) == 1
    return common_length(following, repeat(contents[start])) if is_equal else 0


Places = Sequence[int]
"""Indexes in one of the two lists."""


class _Pairing:
    """Pairs the entries of two lists step by step. Each step pairs some of those that the steps before it left."""

    def __init__(self, old: Sequence[Identity], new: Sequence[Identity]) -> None:
        self.old = old
        self.new = new
        self.pairs: dict[int, int] = {}
        """Indexes in the new list, mapped to the indexes of their origins in the old list."""
        self.paired_old: set[int] = set()
        """The indexes in the old list that are paired."""

    def pair_equal(self) -> None:
        """Pair equal entries: first those that keep their order, then the others."""
        old, new = ([entry.content for entry in entries] for entries in (self.old, self.new))
        end_old = end_new = 0
        for block, following in pairwise(Matcher(old, new).get_matching_blocks()):
            place_old, place_new, size = block
            # If further entries are equal, move on to them until the gaps before the pairs are equally long: the
            # entries in such gaps were replaced, rather than added or removed.
            excess = (place_new - end_new) - (place_old - end_old)
            place_old += _steps(old, place_old, size, min(excess, following.a - place_old - size))
            place_new += _steps(new, place_new, size, min(-excess, following.b - place_new - size))
            end_old, end_new = place_old + size, place_new + size
            self._pair(range(place_old, end_old), range(place_new, end_new))
        for group in self._groups(lambda entry: (entry.content,)):
            self._pair(*group)

    def pair_namesakes(self, level: int) -> None:
        """Pair entries with the same name. If there are several, the most similar come first, and ties in order."""
        kept = longest_increasing(self.pairs.items())
        for places_old, places_new in self._groups(lambda entry: {*entry.names[level : level + 1]} - {None}):
            self._pair_most_alike(places_old, places_new, kept)
            self._pair(places_old, places_new)

    def pair_by_fields(self) -> None:
        """Pair entries, anywhere in the lists, by a field that only the two have."""
        for places_old, places_new in self._groups(lambda entry: entry.fields):
            old, new = self.old[places_old[0]], self.new[places_new[0]]
            is_only = len(places_old) == len(places_new) == 1
            # If both the name and the position differ, one shared field is too little.
            if is_only and old.may_become(new) and (not old.known_as or old.shared(new) >= _LEAST_SHARED):
                self._pair(places_old, places_new)

    def pair_neighbours(self) -> None:
        """Pair entries in the same position between pairs that stay."""
        for places_old, places_new in self._gaps():
            if len(places_old) != len(places_new):
                self._pair_most_alike(places_old, places_new)
                if len(places_old) > len(places_new) or places_old[-1:] != [len(self.old) - 1]:
                    continue  # positions count only if entries were added at the end of the list
            for place_old, place_new in zip(places_old, places_new, strict=False):
                old, new = self.old[place_old], self.new[place_new]
                if old.may_become(new) or (old.form is not None and old.form == new.form):
                    self._pair([place_old], [place_new])

    def _unpaired(self, places_old: Places, places_new: Places) -> tuple[list[int], list[int]]:
        """Return the indexes of the entries that are not paired yet."""
        unpaired_old = [place for place in places_old if place not in self.paired_old]
        return unpaired_old, [place for place in places_new if place not in self.pairs]

    def _gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """Return the unpaired indexes between the pairs that keep their order."""
        kept = [(-1, -1), *longest_increasing(self.pairs.items()), (len(self.new), len(self.old))]
        for (new_before, old_before), (new_after, old_after) in pairwise(kept):
            if new_after - new_before > 1 and old_after - old_before > 1:
                yield self._unpaired(range(old_before + 1, old_after), range(new_before + 1, new_after))

    def _groups(self, keys: Callable[[Identity], Iterable[Hashable]]) -> list[tuple[list[int], list[int]]]:
        """Group unpaired entries by their keys, in the order of the new list. Each group has entries of both lists."""
        places_old, places_new = self._unpaired(range(len(self.old)), range(len(self.new)))
        groups: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, entries, places in ((1, self.new, places_new), (0, self.old, places_old)):
            for place in places:
                for key in keys(entries[place]):
                    groups[key][side].append(place)
        return [group for group in groups.values() if all(group)]

    def _pair(self, places_old: Places, places_new: Places) -> None:
        """Pair entries in order, except those that are paired already."""
        places_old, places_new = self._unpaired(places_old, places_new)
        self.pairs.update(zip(places_new, places_old, strict=False))
        self.paired_old.update(places_old[: len(places_new)])

    def _pair_most_alike(self, places_old: Places, places_new: Places, kept: Sequence[tuple[int, int]] = ()) -> None:
        """Pair entries by the number of fields they share, then by the similarity of names, then by distance.

        The distance is the number of *kept* pairs between them, or of other entries if that is the same.
        """
        if len(places_old) * len(places_new) > _MOST_COMPARED:
            return
        old, new = self.old, self.new
        alike = sorted(
            (
                -old[place_old].shared(new[place_new]),
                -old[place_old].prefix(new[place_new]),
                abs(bisect(kept, place_old, key=itemgetter(1)) - bisect(kept, place_new, key=itemgetter(0))),
                abs(place_old - place_new),
                place_new,
                place_old,
            )
            for place_old in places_old
            for place_new in places_new
            if old[place_old].may_become(new[place_new])
        )
        for shared, *_, place_new, place_old in alike:
            if shared and place_new not in self.pairs and place_old not in self.paired_old:
                self._pair([place_old], [place_new])
