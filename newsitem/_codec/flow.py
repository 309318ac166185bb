"""Build the text of an edited flow collection from its old and new entries."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from newsitem._codec.entries import Pair
from newsitem._codec.source import Edit, Source
from newsitem._schema.fields import INDENT
from newsitem._yaml.nodes import LINE_END, LINE_ENDS, SPACE, Node, Scalar

_COMMA: Final = re.compile(rf"(?:{SPACE})*+,")
_BRACKET: Final = re.compile(rf"(?:(?:[&!][^ \t\r\n]*+)(?:{SPACE})++)*+[\[{{]")
_BREAK: Final = rf"(?>\r\n|[{LINE_ENDS}])[ \t]*+"
_COMMENT: Final = rf"#[^{LINE_ENDS}]*+"
_OWN: Final = rf"(?:[ \t]*+,)?+[ \t]*+(?:{_COMMENT})?+"
_LINE_LEAD: Final = rf"{_BREAK}(?:,[ \t]*+)?+"
_LEAD: Final = re.compile(rf"(?:{_LINE_LEAD}|(?<![ \t])[ \t]*+)\Z")
_ABOVE: Final = rf"(?P<above>(?:{_BREAK}(?:{_COMMENT})?+)*?)(?P<lead>{_LINE_LEAD})"
_INNER_GAP: Final = re.compile(rf"(?P<own>{_OWN}){_ABOVE}")
"""The text after an entry: its comma and comment, empty lines and comments on lines of their own, and a line end.

The comma may also be on the line of the next entry.
"""
_OUTER_GAP: Final = re.compile(rf"(?P<own>{_OWN}(?:{_BREAK}(?={_BREAK}))*+){_ABOVE}")
"""The same for the text next to a bracket, in which empty lines before the comments keep their place."""
_OPEN_END: Final = re.compile(rf"(?::|(?:\A|[ \t{LINE_ENDS}])![^ \t{LINE_ENDS}]*+)\Z")
"""The end of an entry without a value: a colon or a tag."""
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


def quote_of(nodes: Iterable[Node]) -> str:
    """Return the quotation mark of all scalars among *nodes*, or an empty text if not all have the same."""
    styles = {node.style or "" for node in nodes if isinstance(node, Scalar)}
    return styles.pop() if len(styles) == 1 else ""


def quotes_of(pairs: Sequence[Pair]) -> tuple[str, str]:
    """Return the quotation marks for new keys and for new texts in a flow mapping."""
    of_keys = quote_of(pair.key for pair in pairs)
    return of_keys, quote_of(pair.value for pair in pairs) or of_keys


def combined(source: Source, old: Node, entries: Sequence[Node | Pair], cells: Sequence[Cell]) -> Edit:
    """Return the edit that replaces the *entries* of a flow collection with *cells*.

    Neighbours keep their separator, and entries keep the comments after them. Line breaks remain after the entry that
    they followed and before the entry that they preceded. Comments on lines of their own stay before the entry, or the
    bracket, that followed them.
    """
    start, stop = opening(source, old.start) or old.start, old.end - 1
    if not entries:
        return Edit(start, stop, _filled(source.text[start:stop], _SEPARATOR.join(cell.text for cell in cells)))
    bounds = zip([start, *(entry.end for entry in entries)], [*(entry.start for entry in entries), stop], strict=True)
    gaps = [source.text[before:after] for before, after in bounds]
    split = [_split(gap, is_inner=0 < place < len(entries)) for place, gap in enumerate(gaps)]
    separator, *after = (own for own, _ in split)
    texts = [source.text[entry.start : entry.end] for entry in entries]
    kept = {len(entries), *(cell.old for cell in cells)}
    *above, bracket = _moved_on([comments for _, comments in split], kept)
    broken = _broken(separator, after)
    common = _common(after, broken)
    pieces = []
    for cell, following in zip_longest(cells, cells[1:]):
        comments = "" if cell.old is None else above[cell.old]
        pieces += [_with_comments(separator, comments), cell.text]
        is_last = following is None
        separator = _end(cell.old, after) if is_last else _between(cell.old, following.old, after, common, broken)
        if cell.old is None or (cell.text, separator) != (texts[cell.old], after[cell.old]):
            separator = _apart(cell.text, separator)
    end = separator if cells else _empty(separator, _closing(after[-1]))
    return Edit(start, stop, "".join([*pieces, _with_comments(end, _before_bracket(bracket, after[-1]))]))


def _apart(text: str, separator: str) -> str:
    """Return a separator, with a space before it if it would otherwise become part of *text*.

    A comma after a colon or a tag would, and so would a comment after text without quotes.
    """
    is_open = _OPEN_END.search(text) is not None and not separator.startswith((" ", "\t", *LINE_ENDS))
    is_plain = separator.startswith("#") and not text.endswith(('"', "'", "]", "}"))
    return f" {separator}" if is_open or is_plain else separator


def _moved_on(comments: Sequence[str], kept: Container[int | None]) -> list[str]:
    """Add the comments above removed entries to those of the next entry, or the bracket, that is kept."""
    above: list[str] = []
    pending: list[str] = []
    for place, text in enumerate(comments):
        if text:
            pending[-1:] = [*map(_stripped, pending[-1:]), text]
        above.append("".join(pending) if place in kept else "")
        pending = [] if place in kept else pending
    return above


def _broken(head: str, after: Sequence[str]) -> str:
    """Return a separator that breaks the line, as the others do, with the comma before or after the line end."""
    leads = map(_lead, [*after[:-1], head, after[-1]])
    return next((lead if "," in lead else f",{lead}" for lead in leads if LINE_END.search(lead)), _SEPARATOR)


def _common(after: Sequence[str], broken: str) -> str:
    """Return the separator for new neighbours: one that has no comment and, if possible, does not break the line."""
    separators = [text for text in after[:-1] if "#" not in text]
    return min(separators, key=lambda text: len(text) if _breaks_line(text) else 0, default=broken)


def _empty(head: str, closing: str) -> str:
    """Return the text between the brackets of a collection that has lost its entries."""
    closing = _without_comma(closing)
    return (head if "#" in head and not _breaks_line(closing) else _stripped(head)) + closing


def _filled(gap: str, text: str) -> str:
    """Return the text between empty brackets with entries. Comments in the brackets stay on lines of their own."""
    if "#" not in gap:
        return text + gap
    lead = _lead(gap)
    indent = "" if lead.endswith((" ", "\t")) else " " * INDENT
    return f"{_stripped(gap)}{lead}{indent}{text}{lead}"


def _split(gap: str, *, is_inner: bool) -> tuple[str, str]:
    """Split the text after an entry into its separator with its comment, and the lines above the next entry.

    Both end with the line end and the indentation before the next entry.
    """
    match = (_INNER_GAP if is_inner else _OUTER_GAP).fullmatch(gap)
    if match is None:
        return gap, ""
    own, above, lead = match.group("own", "above", "lead")
    return own + lead, above and above + lead.partition(",")[0]


def _with_comments(separator: str, comments: str) -> str:
    """Return a separator with comments on lines of their own before the next entry."""
    if "#" not in comments and (not comments or LINE_END.search(separator) is None):
        return separator
    lead = _lead(separator)
    return _stripped(separator) + (_stripped(comments) + lead if "," in lead else comments)


def _stripped(text: str) -> str:
    """Return a separator, or comments, without the line end and the spaces before the next entry."""
    return text.removesuffix(_lead(text))


def _lead(text: str) -> str:
    """Return the end of a separator: a line end with spaces, possibly with the comma, or spaces alone."""
    return _LEAD.search(text)[0]  # type: ignore[index]


def _before_bracket(comments: str, closing: str) -> str:
    """Return comments with the indentation of a bracket on its own line."""
    lead = _lead(closing)
    return _stripped(comments) + lead if comments and LINE_END.match(lead) else comments


def _between(before: int | None, cell: int | None, after: Sequence[str], common: str, broken: str) -> str:
    """Return the separator for two entries. *after* is the text that followed each entry in the old text."""
    own = "" if before is None else after[before]
    is_last = before == len(after) - 1
    if "#" in own and is_last:  # its line end precedes the bracket
        comment = _stripped(own)
        if broken == _lead(broken):
            return _without_comma(comment) + broken
        return (comment if _COMMA.match(comment) else f",{comment}") + broken[1:]
    if "#" in own or (before is not None and cell == before + 1):
        return own
    preceding = after[cell - 1] if cell else ""
    kept = preceding if _breaks_line(preceding) else "" if is_last else own
    return kept or common


def _end(last: int | None, after: Sequence[str]) -> str:
    """Return the text between the last entry and the closing bracket."""
    if last == len(after) - 1:
        return after[-1]
    if last is None or "#" not in after[last]:
        return _closing(after[-1])
    kept = after[last]
    if _COMMA.match(after[-1]) is None:
        kept = _without_comma(kept)
    elif "," in _lead(kept):
        kept = f",{_without_comma(kept)}"
    end = _without_comma(after[-1])
    line_end = LINE_END.search(end)  # a bracket on its own line stays there
    return kept if line_end is None else _stripped(kept) + end[line_end.start() :]


def _without_comma(text: str) -> str:
    """Return the text after an entry without its comma, and if the comma is on the next line, without its spaces."""
    comma = _COMMA.match(text)
    if comma is None:
        return text
    before, rest = text[: comma.end() - 1], text[comma.end() :]
    if LINE_END.match(rest):
        return _stripped(before) + rest
    return before + (rest.lstrip(" ") if before else rest)


def _closing(last: str) -> str:
    """Return the text before the closing bracket, without the comment of the entry that was last."""
    if "#" not in last:
        return last
    end = _without_comma(last)
    return _lead(end) if end == last else f",{_lead(end)}"


def _breaks_line(text: str) -> bool:
    return "#" not in text and LINE_END.search(text) is not None
