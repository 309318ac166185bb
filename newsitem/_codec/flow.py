"""Build the text of an edited flow collection from its old and new entries."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from newsitem._codec.entries import Pair
from newsitem._codec.source import Edit, Source
from newsitem._yaml.nodes import LINE_END, LINE_ENDS, SPACE, Node

_COMMA: Final = re.compile(rf"(?:{SPACE})*+,")
_BRACKET: Final = re.compile(rf"(?:(?:[&!][^ \t\r\n]*+)(?:{SPACE})++)*+[\[{{]")
_BREAK: Final = rf"(?:\r\n|[{LINE_ENDS}])[ \t]*+"
_OWN: Final = rf"(?:[ \t]*+,)?+[ \t]*+(?:#[^{LINE_ENDS}]*+)?+"
_GAP: Final = re.compile(
    rf"(?P<own>{_OWN})(?P<comments>(?:{_BREAK})++#.*)(?<!\r)(?P<lead>{_BREAK})(?P<comma>,[ \t]*+)?+", re.DOTALL
)
"""The text after an entry: its comma and comment, comments on lines of their own, and a line end with spaces.

The comma may also be on the line of the next entry.
"""
_LEAD: Final = re.compile(rf"(?:{_BREAK}(?P<comma>,[ \t]*+)?+|[ \t]*+)\Z")
"""The end of a separator: a line end with spaces, possibly with the comma, or spaces alone."""
_SEPARATOR: Final = ", "


class Cell(NamedTuple):
    """An entry of the new collection."""

    old: int | None
    """The index of the old entry that it comes from."""
    text: str


def opening(source: Source, start: int) -> int | None:
    """Return the position after the bracket of the collection at *start*, or ``None`` for a pair without braces."""
    bracket = _BRACKET.match(source.text, start)
    return None if bracket is None else bracket.end()


def combined(source: Source, old: Node, entries: Sequence[Node | Pair], cells: Sequence[Cell]) -> Edit:
    """Return the edit that replaces the *entries* of a flow collection with *cells*."""
    start = opening(source, old.start) or old.start
    if not entries:
        return Edit(start, start, _SEPARATOR.join(cell.text for cell in cells))
    spans = [(entry.start, entry.end) for entry in entries]
    ends = [_after_comma(source, end) for _, end in spans]
    if all(_is_alone(source, *span, end) for span, end in zip(spans, ends, strict=True)):
        return _lines(source, source.next_line(start - 1), spans, ends, cells)
    return _in_a_row(source, start, old.end - 1, spans, cells)


def _after_comma(source: Source, end: int) -> int:
    """Return the position after the comma that follows an entry, or the end of the entry if there is no comma."""
    comma = _COMMA.match(source.text, end)
    return end if comma is None else comma.end()


def _is_alone(source: Source, start: int, end: int, after: int) -> bool:
    """Return whether an entry is alone on its lines, except for a comment."""
    rest = source.text[after : source.line_stop(after)].strip()
    own = source.text[end:after]
    return source.starts_line(start) and (not rest or rest.startswith("#")) and own in ("", ",")


def _lines(
    source: Source, floor: int, spans: Sequence[tuple[int, int]], ends: Sequence[int], cells: Sequence[Cell]
) -> Edit:
    """Build a collection with one entry per line. Comments after and above an entry move with it.

    If an entry is removed, the comments above it stay before the entry that followed it. *floor* is the start of the
    line after the bracket.
    """
    first = source.above(spans[0][0], floor)
    starts = [source.line_start(start) for start, _ in spans]
    stops = [source.next_line(end) for end in ends]
    comments = [source.text[stop:start] for stop, start in zip([first, *stops], starts, strict=False)]
    above = ["".join(texts) for texts in _moved_on(comments, {cell.old for cell in cells})]
    rests = [source.text[end:stop] for end, stop in zip(ends, stops, strict=True)]
    indent = source.text[starts[0] : spans[0][0]]
    has_last_comma = ends[-1] > spans[-1][1]
    lines = []
    for number, cell in enumerate(cells, 1):
        comma = "," if number < len(cells) or has_last_comma else ""
        before, rest = ("", source.new("\n")) if cell.old is None else (above[cell.old], rests[cell.old])
        lines.append(f"{before}{indent}{cell.text}{comma}{rest}")
    return Edit(first, stops[-1], "".join([*lines, above[-1]]))


def _moved_on(comments: Sequence[str], kept: Container[int | None]) -> list[list[str]]:
    """Add the comments above removed entries to those of the next entry that is kept, or after the last one."""
    above: list[list[str]] = []
    pending: list[str] = []
    for place, text in enumerate(comments):
        pending.append(text)
        is_kept = place in kept
        above.append(pending if is_kept else [])
        pending = [] if is_kept else pending
    return [*above, pending]


def _in_a_row(source: Source, start: int, stop: int, spans: Sequence[tuple[int, int]], cells: Sequence[Cell]) -> Edit:
    """Build a collection whose entries share lines. Neighbours keep their separator, entries keep their comments.

    Line breaks remain after the entry that they followed and before the entry that they preceded. Comments on their own
    lines stay before the entry, or the bracket, that followed them.
    """
    bounds = zip([start, *(end for _, end in spans)], [*(begin for begin, _ in spans), stop], strict=True)
    head, *gaps = (source.text[end:begin] for end, begin in bounds)
    split = [_split(head, is_inner=False), *map(_split, gaps[:-1]), _split(gaps[-1], is_inner=False)]
    separator, *after = (own for own, _ in split)
    *above, bracket, _ = map(
        _joined, _moved_on([text for _, text in split], {len(spans), *(cell.old for cell in cells)})
    )
    common = _common(after)
    pieces = []
    for cell, following in zip_longest(cells, cells[1:]):
        comments = "" if cell.old is None else above[cell.old]
        pieces += [_with_comments(separator, comments), cell.text]
        separator = _end(cell.old, after) if following is None else _between(cell.old, following.old, after, common)
    separator += "" if cells else _closing(after[-1]).lstrip(",")
    return Edit(start, stop, "".join([*pieces, _with_comments(separator, _before_bracket(bracket, after[-1]))]))


def _common(after: Sequence[str]) -> str:
    """Return the separator for new neighbours. If all have comments, the comma may be on the line of the next entry."""
    separators = [text for text in after[:-1] if "#" not in text]
    default = next((lead[0] for text in after if (lead := _LEAD.search(text)) and lead["comma"]), _SEPARATOR)
    return next((text for text in separators if not _breaks_line(text)), next(iter(separators), default))


def _split(gap: str, *, is_inner: bool = True) -> tuple[str, str]:
    """Split the text after an entry into its separator with its comment, and comments on lines of their own.

    Both end with the line end and the indentation before the next entry.
    """
    match = _GAP.fullmatch(gap)
    if match is None or (is_inner and not (match["comma"] or "," in match["own"].partition("#")[0])):
        return gap, ""
    return match["own"] + match["lead"] + (match["comma"] or ""), match["comments"] + match["lead"]


def _with_comments(separator: str, comments: str) -> str:
    """Return a separator with comments on lines of their own before the next entry."""
    if not comments:
        return separator
    end = separator[len(_stripped(separator)) :]
    return _stripped(separator) + (_stripped(comments) + end if "," in end else comments)


def _stripped(text: str) -> str:
    """Return a separator, or comments, without the line end and the spaces before the next entry."""
    lead = _LEAD.search(text)
    assert lead is not None
    return text[: lead.start()]


def _joined(comments: Sequence[str]) -> str:
    """Join comments with the lines before the next entry."""
    text = ""
    for comment in filter(None, comments):
        text = _stripped(text) + comment
    return text


def _before_bracket(comments: str, closing: str) -> str:
    """Return comments with the indentation of a bracket on its own line."""
    breaks = [*LINE_END.finditer(closing)]
    return _stripped(comments) + closing[breaks[-1].start() :] if comments and breaks else comments


def _between(before: int | None, cell: int | None, after: Sequence[str], common: str) -> str:
    """Return the separator for two entries. *after* is the text that followed each entry in the old text."""
    own = "" if before is None else after[before]
    if "#" in own:
        if _COMMA.match(own):
            return own
        return f",{own}" if common.lstrip(" \t").startswith(",") else _stripped(own) + common
    if before is not None and cell == before + 1:
        return own
    preceding = after[cell - 1] if cell else ""
    is_last = before == len(after) - 1
    kept = preceding if _breaks_line(preceding) else "" if is_last or not _breaks_line(own) else own
    return kept or common


def _end(last: int | None, after: Sequence[str]) -> str:
    """Return the text between the last entry and the closing bracket."""
    if last == len(after) - 1:
        return after[-1]
    if last is None or "#" not in after[last]:
        return _closing(after[-1])
    comma = _COMMA.match(after[last])
    kept = after[last]
    if comma is not None and _COMMA.match(after[-1]) is None:
        before, rest = kept[: comma.end() - 1], kept[comma.end() :]
        kept = before + (rest.lstrip(" ") if before else rest)
    breaks = [*LINE_END.finditer(after[-1])]
    if breaks:  # a bracket on its own line keeps its indentation
        kept = kept[: [*LINE_END.finditer(kept)][-1].end()] + after[-1][breaks[-1].end() :]
    return kept


def _closing(last: str) -> str:
    """Return the text before the closing bracket, without the comment of the entry that was last."""
    if "#" not in last:
        return last
    comma = "," if _COMMA.match(last) else ""
    end = [match.start() for match in LINE_END.finditer(last)][-1]
    return comma + last[end:]


def _breaks_line(text: str) -> bool:
    return "#" not in text and LINE_END.search(text) is not None
