"""Entries of a flow collection, in brackets or braces, put together from those that were there and new ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from newsitem._nodes import LINE_END, SPACE
from newsitem._source import Edit, Source

_COMMA: Final = re.compile(rf"(?:{SPACE})*+,")
_BRACKET: Final = re.compile(rf"(?:(?:[&!][^ \t\r\n]*+)(?:{SPACE})++)*+[\[{{]")
_SEPARATOR: Final = ", "


class Cell(NamedTuple):
    """An entry of the new collection."""

    old: int | None
    """The place of the old entry that it stems from."""
    text: str


def opening(source: Source, start: int) -> int | None:
    """Return the place after the bracket of the collection at *start*; ``None`` for a pair without braces."""
    found = _BRACKET.match(source.text, start)
    return None if found is None else found.end()


def together(source: Source, start: int, spans: Sequence[tuple[int, int]], cells: Sequence[Cell]) -> Edit:
    """Return the edit that makes a flow collection hold *cells*.

    Args:
        source: The text.
        start: The place after the opening bracket.
        spans: From where to where the old entries are.
        cells: The new entries.
    """
    if not spans:
        return Edit(start, start, _SEPARATOR.join(cell.text for cell in cells))
    ends = [_after_comma(source, end) for _, end in spans]
    if all(_is_alone(source, *span, end) for span, end in zip(spans, ends, strict=True)):
        return _lines(source, spans, ends, cells)
    return _in_a_row(source, spans, cells)


def _after_comma(source: Source, end: int) -> int:
    """Return the place after the comma of an entry that ends at *end*, or its end where it has none."""
    comma = _COMMA.match(source.text, end)
    return end if comma is None else comma.end()


def _is_alone(source: Source, start: int, end: int, after: int) -> bool:
    """Tell whether an entry has its lines to itself, but for a comment."""
    rest = source.text[after : source.line_stop(after)].strip()
    own = source.text[end:after]
    return source.starts_line(start) and (not rest or rest.startswith("#")) and own in ("", ",")


def _lines(source: Source, spans: Sequence[tuple[int, int]], ends: Sequence[int], cells: Sequence[Cell]) -> Edit:
    """Put entries together that are on lines of their own. Comments after them move along, and so do those above."""
    starts = [source.line_start(start) for start, _ in spans]
    stops = [source.next_line(end) for end in ends]
    above = ["", *(source.text[stop:start] for stop, start in zip(stops, starts[1:], strict=False))]
    rests = [source.text[end:stop] for end, stop in zip(ends, stops, strict=True)]
    indent = source.text[starts[0] : spans[0][0]]
    has_last_comma = ends[-1] > spans[-1][1]
    kept = {cell.old for cell in cells}
    gone = "".join(text for place, text in enumerate(above) if place not in kept)
    lines = [gone]
    for number, cell in enumerate(cells, 1):
        comma = "," if number < len(cells) or has_last_comma else ""
        before, rest = ("", source.new("\n")) if cell.old is None else (above[cell.old], rests[cell.old])
        lines.append(f"{before}{indent}{cell.text}{comma}{rest}")
    return Edit(starts[0], stops[-1], "".join(lines))


def _in_a_row(source: Source, spans: Sequence[tuple[int, int]], cells: Sequence[Cell]) -> Edit:
    """Put entries together between which is what was there before: where they were neighbours, or had a comment."""
    if not cells:
        return Edit(spans[0][0], _after_comma(source, spans[-1][1]), "")
    between = [source.text[end:start] for (_, end), (start, _) in pairwise(spans)]
    usual = next((each for each in between if "#" not in each and not LINE_END.search(each)), _SEPARATOR)
    text = cells[0].text
    for before, cell in pairwise(cells):
        own = between[before.old] if before.old is not None and before.old < len(between) else ""
        were_neighbours = before.old is not None and cell.old == before.old + 1
        text += (own if were_neighbours or "#" in own else usual) + cell.text
    return Edit(spans[0][0], spans[-1][1], text)
