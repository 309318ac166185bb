"""Where things stand that need each other: in rows, with few crossings, each near what it is connected to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

Spot = tuple[int, str]
"""A row, and the name of what stands there, or of what the arrows lead to that pass through the row there."""
Arrow = tuple[str, str]
"""The name of what needs something, and the name of that; it stands in a row further up."""
ROUNDS = 24
"""How often all rows are ordered."""
MOVES = 300
"""How often all rows are moved."""
NEAR, COOLER = 100.0, 0.97
"""How far *near* reaches in the first round of moves, and what becomes of that from one round to the next."""
PASSING = 4.0
"""How much more a straight line matters where an arrow passes through a row."""


@dataclass(frozen=True)
class Layout:
    """Where everything stands."""

    places: dict[Spot, float]
    """How far to the right the middle of each spot is."""
    width: float
    """How far to the right the last spot ends."""
    segments: dict[tuple[Spot, Spot], list[Arrow]]
    """Lines between spots of neighbouring rows, the lower one first, with the arrows that share them.

    Arrows to the same thing run together as early as they can.
    """


def rows(names: Iterable[str], needs: Mapping[str, Collection[str]], most: int) -> list[list[str]]:
    """Put names into rows of at most *most*: each as high as it can stand below all that it needs.

    What is needed comes before what needs it, and what is not among the names is of no account.
    """
    made: list[list[str]] = []
    row_of: dict[str, int] = {}
    for name in names:
        row = max((row_of[need] + 1 for need in needs[name] if need in row_of), default=0)
        while row < len(made) and len(made[row]) >= most:
            row += 1
        if row == len(made):
            made.append([])
        made[row].append(name)
        row_of[name] = row
    return made


def layout(named: Sequence[Sequence[str]], arrows: Iterable[Arrow], widths: Mapping[str, float], gap: float) -> Layout:
    """Find a place for each name of each row and for the arrows between them, from 0 to the right."""
    row_of = {name: row for row, names in enumerate(named) for name in names}
    segments: dict[tuple[Spot, Spot], list[Arrow]] = defaultdict(list)
    for lower, upper in sorted(arrows, key=lambda arrow: (row_of[arrow[1]], arrow)):
        way = [(row, upper) for row in range(row_of[upper], row_of[lower])] + [(row_of[lower], lower)]
        for above, below in pairwise(way):
            segments[below, above].append((lower, upper))
    spots = [[(row, name) for name in names] for row, names in enumerate(named)]
    for row, names in enumerate(spots):
        names.extend(sorted({below for below, _ in segments if below[0] == row} - set(names)))
    spots = _ordered(spots, list(segments))
    wide = {spot: widths[spot[1]] if row_of[spot[1]] == spot[0] else 0.0 for row in spots for spot in row}
    places = _placed(spots, list(segments), wide, gap)
    return Layout(places, max(place + wide[spot] / 2 for spot, place in places.items()), dict(segments))


def _neighbours(segments: Iterable[tuple[Spot, Spot]]) -> dict[Spot, list[Spot]]:
    neighbours: dict[Spot, list[Spot]] = defaultdict(list)
    for lower, upper in segments:
        neighbours[lower].append(upper)
        neighbours[upper].append(lower)
    return neighbours


def crossings(spots: Sequence[Sequence[Spot]], segments: Iterable[tuple[Spot, Spot]]) -> int:
    """Count the pairs of lines that cross."""
    place = {spot: index for row in spots for index, spot in enumerate(row)}
    by_row: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for lower, upper in segments:
        by_row[lower[0]].append((place[lower], place[upper]))
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0
        for lines in by_row.values()
        for one, other in combinations(lines, 2)
    )


def _ordered(spots: list[list[Spot]], segments: list[tuple[Spot, Spot]]) -> list[list[Spot]]:
    """Order each row, so that few lines cross."""
    neighbours = _neighbours(segments)
    best = spots = [list(row) for row in spots]
    fewest = crossings(best, segments)
    for turn in range(ROUNDS):
        spots = [list(row) for row in spots]
        downwards = turn % 2 == 0
        for row in range(len(spots)) if downwards else reversed(range(len(spots))):
            beside = row - 1 if downwards else row + 1
            if 0 <= beside < len(spots):
                spots[row] = _by_neighbours(spots[row], spots[beside], neighbours)
        _exchange(spots, segments)
        if (count := crossings(spots, segments)) < fewest:
            best, fewest = spots, count
    return best


def _by_neighbours(row: list[Spot], beside: list[Spot], neighbours: Mapping[Spot, list[Spot]]) -> list[Spot]:
    """Order a row by the middle of what each of its spots is connected to in the row beside it."""
    share = {spot: (index + 0.5) / len(beside) for index, spot in enumerate(beside)}

    def middle(index: int) -> float:
        near = [share[other] for other in neighbours[row[index]] if other in share]
        return sum(near) / len(near) if near else (index + 0.5) / len(row)

    return [row[index] for index in sorted(range(len(row)), key=middle)]


def _exchange(spots: list[list[Spot]], segments: list[tuple[Spot, Spot]]) -> None:
    """Let two that stand side by side change places as long as that takes crossings away."""
    for index, row in enumerate(spots):
        near = [segment for segment in segments if index in (segment[0][0], segment[1][0])]
        count, before = crossings(spots, near), -1
        while count != before:
            before = count
            for left in range(len(row) - 1):
                row[left : left + 2] = row[left + 1], row[left]
                if (now := crossings(spots, near)) < count:
                    count = now
                else:
                    row[left : left + 2] = row[left + 1], row[left]


@dataclass(frozen=True)
class _Row:
    """What stands side by side."""

    spots: list[Spot]
    offsets: list[float]
    """The middles of the spots when all stand as far to the left as they can."""
    length: float
    """How far to the right the last one ends then."""

    def at(self, shifts: Iterable[float]) -> dict[Spot, float]:
        """Give the places of the spots when each is shifted to the right."""
        return {spot: offset + shift for spot, offset, shift in zip(self.spots, self.offsets, shifts, strict=True)}


def _row(spots: list[Spot], wide: Mapping[Spot, float], gap: float) -> _Row:
    offsets = [wide[spots[0]] / 2]
    for left, right in pairwise(spots):
        offsets.append(offsets[-1] + wide[left] / 2 + gap + wide[right] / 2)
    return _Row(spots, offsets, offsets[-1] + wide[spots[-1]] / 2)


def _placed(
    spots: list[list[Spot]], segments: list[tuple[Spot, Spot]], wide: Mapping[Spot, float], gap: float
) -> dict[Spot, float]:
    """Move each row, in the order that it has, to where its lines are short."""
    neighbours = _neighbours(segments)
    every = [_row(names, wide, gap) for names in spots]
    width = max(row.length for row in every)
    places: dict[Spot, float] = {}
    for row in every:
        places |= row.at([(width - row.length) / 2] * len(row.spots))
    for turn in range(MOVES):
        near = max(0.1, NEAR * COOLER**turn)
        for row in every if turn % 2 else reversed(every):
            wanted = [_wanted(spot, neighbours[spot], places, wide, near) for spot in row.spots]
            shifts = [want - offset for (want, _), offset in zip(wanted, row.offsets, strict=True)]
            risen = _rising(shifts, [weight for _, weight in wanted])
            places |= row.at(min(max(shift, 0), width - row.length) for shift in risen)
    left = min(place - wide[spot] / 2 for spot, place in places.items())
    return {spot: place - left for spot, place in places.items()}


def _wanted(
    spot: Spot, neighbours: Iterable[Spot], places: Mapping[Spot, float], wide: Mapping[Spot, float], near: float
) -> tuple[float, float]:
    """Tell where a spot would best stand, and how much that matters.

    What is further away than *near* pulls less. So a line that has to bend does that in one place in the end, and is
    straight elsewhere. In the first rounds all pull alike, since a row that stands badly later would stay there.
    """
    at = places[spot]
    pulls = {
        other: (1 + PASSING * ((not wide[spot]) + (not wide[other]))) / max(near, abs(places[other] - at))
        for other in neighbours
    }
    weight = sum(pulls.values())
    return (sum(places[other] * pull for other, pull in pulls.items()) / weight if pulls else at), weight or 0.1


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Give numbers that never fall and are as near to the values as they can be, by the sum of squares."""
    groups: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        groups.append((value, weight, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (one, heavy, several), (other, light, more) = groups[-2:]
            groups[-2:] = [((one * heavy + other * light) / (heavy + light), heavy + light, several + more)]
    return [value for value, _, times in groups for _ in range(times)]
