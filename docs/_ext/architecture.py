"""The picture of the rooms of the package: what imports what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby

from layers import Layout, layout, rows
from rooms import Arrow, Room, arrows
from svg import Point, box, curve, element, head, picture, text

CHARACTER = 7.25
"""How wide a character of a name is."""
HEIGHT = 24.0
"""How high a room is."""
BETWEEN = 22.0
"""How far the rows of a band are from each other."""
GAP = 12.0
"""How far rooms, and arrows that pass between them, are from each other."""
EDGE = 12.0
"""How far the rooms are from the edges of their band."""
HEADING = 26.0
"""How much a band with a name needs above its rooms."""
MOST = 4
"""How many rooms stand in a row."""


@dataclass(frozen=True)
class _Row:
    names: list[str]
    top: float


@dataclass(frozen=True)
class _Band:
    name: str
    top: float
    bottom: float


def architecture(found: Mapping[str, Room]) -> str:
    """Draw the rooms, one below all that it imports."""
    drawn = arrows(found)
    bands, lined = _lined(found)
    widths = {name: CHARACTER * len(name) + 14 for name in found}
    placed = layout([row.names for row in lined], drawn, widths, GAP)
    width = placed.width + 2 * EDGE
    return picture(
        "architecture",
        (width, bands[-1].bottom),
        "The modules of newsitem, and what they import",
        " ".join(description(found)),
        element("style", _marked(found)),
        *(_band(band, width) for band in bands),
        *_lines(placed, lined, drawn),
        *(
            _room(found, name, (placed.places[index, name] + EDGE, row.top), widths[name])
            for index, row in enumerate(lined)
            for name in row.names
        ),
        *(text((EDGE, band.top + 17), band.name, "band-name") for band in bands),
    )


def description(found: Mapping[str, Room]) -> Iterator[str]:
    """Say in words what the picture shows: for each room what it imports, without what follows from the rest."""
    to: dict[str, list[str]] = {name: [] for name in found}
    for (name, other), later in arrows(found).items():
        to[name].append(f"{other} (when first needed)" if later else other)
    for name, others in to.items():
        yield f"{name} imports {', '.join(others)}." if others else f"{name} imports none of the others."


def _lined(found: Mapping[str, Room]) -> tuple[list[_Band], list[_Row]]:
    """Put the rooms into rows, band after band."""
    needs = {name: room.needs for name, room in found.items()}
    bands: list[_Band] = []
    lined: list[_Row] = []
    top = 0.0
    for band, names in groupby(found, key=lambda name: found[name].band):
        y = top + (HEADING if band else EDGE)
        for row in rows(names, needs, MOST):
            lined.append(_Row(row, y))
            y += HEIGHT + BETWEEN
        bottom = y - BETWEEN + EDGE
        bands.append(_Band(band, top, bottom))
        top = bottom + EDGE
    return bands, lined


def _band(band: _Band, width: float) -> str:
    return box((0, band.top), (width, band.bottom - band.top), "band", 6)


def _lines(placed: Layout, lined: list[_Row], drawn: Mapping[Arrow, bool]) -> Iterator[str]:
    """Draw the arrows: the parts that several share once, and one head for all that lead to the same room."""
    to: dict[str, list[Arrow]] = {}
    for (lower, upper), shared in placed.segments.items():
        start = (placed.places[lower] + EDGE, lined[lower[0]].top)
        end = (placed.places[upper] + EDGE, lined[upper[0]].top + HEIGHT)
        class_ = _class("arrow", shared, drawn)
        passes = lower[1] not in lined[lower[0]].names
        yield curve(start, end, class_, (start[0], start[1] + HEIGHT) if passes else None)
        to.setdefault(upper[1], []).extend(shared)
    for index, row in enumerate(lined):
        for name in row.names:
            if name in to:
                tip = (placed.places[index, name] + EDGE, row.top + HEIGHT)
                yield head(tip, _class("head", to[name], drawn), down=False)


def _class(kind: str, shared: Iterable[Arrow], drawn: Mapping[Arrow, bool]) -> str:
    """Name what a part of an arrow belongs to, for the style."""
    listed = sorted(set(shared))
    later = ["later"] if all(drawn[arrow] for arrow in listed) else []
    return " ".join([kind, *later, f"to-{listed[0][1]}", *(f"from-{name}" for name, _ in listed)])


def _room(found: Mapping[str, Room], name: str, middle: Point, width: float) -> str:
    """Draw a room, with what lives there as its tooltip."""
    kinds = ["room", f"room-{name}", *(["public"] if found[name].is_public else [])]
    used_by = [f"used-by-{other}" for other, room in found.items() if name in room.needs]
    uses = [f"uses-{other}" for other in sorted(found[name].needs)]
    return element(
        "g",
        element("title", escape(found[name].summary)),
        box((middle[0] - width / 2, middle[1]), (width, HEIGHT), "node"),
        text((middle[0], middle[1] + HEIGHT / 2 + 4), name, "room-name"),
        class_=" ".join([*kinds, *used_by, *uses]),
    )


def _marked(found: Iterable[str]) -> str:
    """Give the style that marks what a room imports while the pointer is on it, and what imports it."""
    rules = []
    for prefix, mark in (("to", "imported"), ("uses", "imported"), ("from", "imports"), ("used-by", "imports")):
        chosen = ",".join(f".architecture:has(.room-{name}:hover) .{prefix}-{name}" for name in found)
        rules.append(f"{chosen}{{--mark:var(--picture-{mark});--mark-width:2px;--mark-opacity:1}}")
    return "".join(rules)
