"""The picture of the package: its folders with their modules, and what imports what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

from modules import Module
from svg import Point, box, element, head, path, picture, text

WIDTH = 480.0
CHARACTER = 7.25
"""How wide a character of a name is."""
HEIGHT = 24.0
"""How high a module is."""
GAP = 8.0
"""How far modules are from each other."""
EDGE = 12.0
"""How far modules are from the edges of their band, and bands side by side from each other."""
HEADING = 26.0
"""How much the name of a band needs above its modules."""
BETWEEN = 26.0
"""How far a band is from those that it imports."""


@dataclass(frozen=True)
class Band:
    """A box with the modules below one heading of the table."""

    name: str
    corner: Point
    width: float
    height: float
    places: dict[str, Point]
    """The upper left corner of each module."""


def architecture(found: Mapping[str, Module]) -> str:
    """Draw the bands, each below all that it imports."""
    bands = {band.name: band for band in _bands(found)}
    return picture(
        "architecture",
        (WIDTH, max(band.corner[1] + band.height for band in bands.values())),
        "The modules of newsitem, and what they import",
        " ".join(description(found)),
        element("style", _marked(found)),
        *(part for lower, upper in arrows(found) for part in _arrow(bands[lower], bands[upper])),
        *(part for band in bands.values() for part in _band(band, found)),
    )


def description(found: Mapping[str, Module]) -> Iterator[str]:
    """Say in words what the picture shows: what each module imports."""
    for name, module in found.items():
        imported = [other for other in found if other in module.imports]
        yield f"{name} imports {', '.join(imported)}." if imported else f"{name} imports none of the others."


def arrows(found: Mapping[str, Module]) -> list[tuple[str, str]]:
    """Return the imports between bands, lower one first, without those that follow from others."""
    imports = _between(found)
    reached: dict[str, set[str]] = {}
    for band, others in imports.items():
        reached[band] = others.union(*(reached[other] for other in others))
    return [
        (band, other)
        for band, others in imports.items()
        for other in imports
        if other in others and not any(other in reached[neighbour] for neighbour in others)
    ]


def _between(found: Mapping[str, Module]) -> dict[str, set[str]]:
    """Return which bands each band imports, in the order of the table."""
    imports: dict[str, set[str]] = {}
    for module in found.values():
        others = {found[name].band for name in module.imports} - {module.band}
        imports.setdefault(module.band, set()).update(others)
    return imports


def _bands(found: Mapping[str, Module]) -> Iterator[Band]:
    """Place the bands: each as high as it can be below all that it imports, several side by side."""
    level: dict[str, int] = {}
    for name, others in _between(found).items():
        level[name] = max((level[other] + 1 for other in others), default=0)
    top = 0.0
    for row in range(max(level.values()) + 1):
        names = [name for name in level if level[name] == row]
        width = (WIDTH - EDGE * (len(names) - 1)) / len(names)
        bands = [_placed(found, name, (place * (width + EDGE), top), width) for place, name in enumerate(names)]
        height = max(band.height for band in bands)
        yield from (replace(band, height=height) for band in bands)
        top += height + BETWEEN


def _placed(found: Mapping[str, Module], band: str, corner: Point, width: float) -> Band:
    """Place the modules of a band from left to right, in as many rows as they need."""
    left, y = x, _ = corner[0] + EDGE, corner[1] + HEADING
    places = {}
    for module in (module for module in found.values() if module.band == band):
        if x > left and x + _width(module) > corner[0] + width - EDGE:
            x, y = left, y + HEIGHT + GAP
        places[module.name] = (x, y)
        x += _width(module) + GAP
    return Band(band, corner, width, y + HEIGHT + EDGE - corner[1], places)


def _width(module: Module) -> float:
    return CHARACTER * len(module.label) + 14


def _arrow(lower: Band, upper: Band) -> Iterator[str]:
    """Draw an arrow straight up. A band between the two hides its part of it."""
    left = max(lower.corner[0], upper.corner[0])
    right = min(lower.corner[0] + lower.width, upper.corner[0] + upper.width)
    tip = ((left + right) / 2, upper.corner[1] + upper.height)
    yield path([(tip[0], lower.corner[1]), tip], "arrow")
    yield head(tip, "head", down=False)


def _band(band: Band, found: Mapping[str, Module]) -> Iterator[str]:
    yield box(band.corner, (band.width, band.height), "band", 6)
    yield text((band.corner[0] + EDGE, band.corner[1] + 17), band.name.replace("newsitem/", ""), "band-name")
    for name, (x, y) in band.places.items():
        module, width = found[name], _width(found[name])
        used_by = [f"used-by-{_class(other)}" for other in found if name in found[other].imports]
        uses = [f"uses-{_class(other)}" for other in sorted(module.imports)]
        public = ["public"] if module.is_public else []
        yield element(
            "g",
            element("title", escape(module.summary)),
            box((x, y), (width, HEIGHT), "node"),
            text((x + width / 2, y + HEIGHT / 2 + 4), module.label, "module-name"),
            class_=" ".join(["module", f"module-{_class(name)}", *public, *used_by, *uses]),
        )


def _class(name: str) -> str:
    return name.replace(".", "-")


def _marked(found: Iterable[str]) -> str:
    """Return the style that marks what a module imports while the pointer is on it, and what imports it."""
    rules = []
    for prefix, mark in (("uses", "imported"), ("used-by", "imports")):
        chosen = ",".join(f".architecture:has(.module-{_class(name)}:hover) .{prefix}-{_class(name)}" for name in found)
        rules.append(f"{chosen}{{--mark:var(--picture-{mark})}}")
    return "".join(rules)
