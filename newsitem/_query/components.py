"""Things that share something, directly or through others -> groups of them (connected components)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def connected(things: Sequence[_T], marks: Iterable[Iterable[Hashable]]) -> list[list[_T]]:
    """Put things that have a mark in common, or are connected through others, into one group.

    Args:
        things: The things.
        marks: For each thing its marks.

    Returns:
        The groups in the order of their first things, each in the order of the things.
    """
    parents = list(range(len(things)))

    def first_of(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]  # halves the way for the next one
        return place

    places: dict[Hashable, int] = {}
    for place, own in enumerate(marks):
        for mark in own:
            one, other = first_of(places.setdefault(mark, place)), first_of(place)
            parents[max(one, other)] = min(one, other)
    groups: dict[int, list[_T]] = {}
    for place, thing in enumerate(things):
        groups.setdefault(first_of(place), []).append(thing)
    return list(groups.values())
