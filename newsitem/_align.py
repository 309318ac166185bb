"""Two versions of a list -> which entry of the new one stems from which of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final

import attrs


class Fate(Enum):
    """What became of an entry."""

    KEPT = "the same, in the same order"
    MOVED = "the same, elsewhere"
    EDITED = "changed, in its place"
    EDITED_ELSEWHERE = "changed, and elsewhere"
    NEW = "not there before"


@attrs.frozen
class Origin:
    """Where an entry of the new list comes from."""

    fate: Fate
    old: int = -1


NEW: Final = Origin(Fate.NEW)


@attrs.frozen
class Identity:
    """An entry as the alignment sees it: equal entries share ``whole``, likely versions of one share ``name``."""

    whole: Hashable
    name: Hashable


def align(old: Sequence[Identity | None], new: Sequence[Identity]) -> list[Origin]:
    """Find the origin of each entry of *new*; entries of *old* that are ``None`` are nobody's origin.

    The most entries that can keep their order are kept; it takes ``n log n`` steps.
    """
    same = _same(old, new)
    kept = longest_increasing(same)
    origins = [NEW] * len(new)
    for at, origin in same:
        origins[at] = Origin(Fate.MOVED, origin)
    for at, origin in kept:
        origins[at] = Origin(Fate.KEPT, origin)
    taken = {origin for _, origin in same}
    for (new_before, old_before), (new_after, old_after) in pairwise([(-1, -1), *kept, (len(new), len(old))]):
        gap_old = [i for i in range(old_before + 1, old_after) if i not in taken and old[i] is not None]
        gap_new = [i for i in range(new_before + 1, new_after) if origins[i] is NEW]
        for at, origin in _edited_pairs(old, new, gap_old, gap_new):
            origins[at] = Origin(Fate.EDITED, origin)
    for at, origin in _moved_pairs(old, new, origins):
        origins[at] = Origin(Fate.EDITED_ELSEWHERE, origin)
    return origins


def _same(old: Sequence[Identity | None], new: Sequence[Identity]) -> list[tuple[int, int]]:
    """Pair equal entries: those at both ends as they stand, and those between the first with the first."""
    wholes_old = [each and each.whole for each in old]
    wholes_new = [each.whole for each in new]
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if wholes_old[i] != wholes_new[i]), shortest)
    rest = shortest - head
    tail = next((i for i in range(rest) if wholes_old[-1 - i] != wholes_new[-1 - i]), rest)
    middle = _equal_pairs(wholes_old[head : len(old) - tail], wholes_new[head : len(new) - tail])
    return [
        *((i, i) for i in range(head)),
        *((at + head, origin + head) for at, origin in middle),
        *((len(new) - i, len(old) - i) for i in range(tail, 0, -1)),
    ]


def _equal_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair equal entries, the first with the first, as positions in the new and the old list."""
    places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, entry in enumerate(old):
        if entry is not None:
            places[entry].append(index)
    return [(index, places[entry].popleft()) for index, entry in enumerate(new) if places[entry]]


def longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest part of *pairs* in which the second numbers rise."""
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


def _edited_pairs(
    old: Sequence[Identity | None], new: Sequence[Identity], gap_old: list[int], gap_new: list[int]
) -> list[tuple[int, int]]:
    """Pair entries of a gap: those of one name in their order, then those of other names in turn; pairs never cross."""
    names_old = [each.name if (each := old[i]) else None for i in gap_old]
    names_new = [new[i].name for i in gap_new]
    named = longest_increasing(_equal_pairs(names_old, names_new))
    named = [(at, origin) for at, origin in named if names_new[at] is not None]
    on_both_sides = set(names_old) & set(names_new) - {None}
    pairs: list[tuple[int, int]] = []
    for (new_before, old_before), (new_after, old_after) in pairwise([(-1, -1), *named, (len(gap_new), len(gap_old))]):
        others_new = [gap_new[i] for i in range(new_before + 1, new_after) if names_new[i] not in on_both_sides]
        others_old = [gap_old[i] for i in range(old_before + 1, old_after) if names_old[i] not in on_both_sides]
        pairs += zip(others_new, others_old, strict=False)
        if new_after < len(gap_new):
            pairs.append((gap_new[new_after], gap_old[old_after]))
    return pairs


def _moved_pairs(
    old: Sequence[Identity | None], new: Sequence[Identity], origins: list[Origin]
) -> list[tuple[int, int]]:
    """Pair entries that are left over on both sides, and share a name."""
    taken = {each.old for each in origins}
    gone = [index for index, each in enumerate(old) if index not in taken and each and each.name is not None]
    come = [index for index, each in enumerate(new) if origins[index] is NEW and each.name is not None]
    pairs = _equal_pairs([each.name if (each := old[i]) else None for i in gone], [new[i].name for i in come])
    return [(come[at], gone[origin]) for at, origin in pairs]
