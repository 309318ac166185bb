"""Keep the source text of an item, with the positions of its unread lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from newsitem._codec import front_matter, patterns
from newsitem._codec.front_matter import FENCE, NEW, Parts
from newsitem._schema.fields import keys_by_attribute
from newsitem._schema.unread import Lines, Unread
from newsitem.errors import counted
from newsitem.items import FrontMatter, Item

_LONGEST_FENCES: Final = 50
"""The maximum length, in characters, of fences that items with equal fences share."""


_READERS: Final[list[Callable[[str, bytes, type], Any]]] = []
"""The function that reads a text. `newsitem._codec.round_trip`, which imports this module, registers it here."""


def register_reader(reader: Callable[[str, bytes, type], Any]) -> None:
    """Register *reader* as the function that reads a text again."""
    _READERS.append(reader)


_Spans = tuple[tuple[str, int, int], ...]


class SourceText(NamedTuple):
    """The text that an item was read from, as the item keeps it."""

    data: bytes
    """The text in UTF-8. A ``str`` with a character beyond Latin-1 takes about twice the memory."""
    fences: Parts
    """The fences, without content and body."""
    in_layout: bool
    """Whether the text is in the canonical layout, so that rendering the item reproduces it."""
    spans: _Spans
    """The attributes of lists that were left unread, and the byte positions at which their lines begin and end."""

    def __repr__(self) -> str:
        """Show only the length, because the text contains ``secured``."""
        return f"<SourceText: {counted(len(self.data), 'byte')}>"

    def __rich_repr__(self) -> Iterator[str]:
        yield counted(len(self.data), "byte")

    def unread(self, name: str, cls: type) -> Unread:
        """Return the unread list of an attribute of the item, whose class is *cls*."""
        spans = {attribute: Lines(self.data, start, end) for attribute, start, end in self.spans}
        return patterns.unread(keys_by_attribute(cls)[name], spans[name])

    def read(self, cls: type[Item]) -> Item:
        """Read the text again."""
        item: Item = _READERS[0](self.data.decode(), self.data, cls)
        return item


def keep(item: FrontMatter, data: bytes, parts: Parts, content: str, *, in_layout: bool) -> SourceText:
    """Set the body and the source text of an item that was just read. Unread lists stay unread.

    Args:
        item: The item.
        data: The text in UTF-8.
        parts: The parts of the text.
        content: The lines of the front matter with LF line ends.
        in_layout: Whether the text is in the canonical layout.
    """
    spans: _Spans = ()
    if item._source is not None:
        spans = tuple(_span(unread, data, parts, content) for unread in _unread_lists(item))
    source = SourceText(data, _fences(parts.opening, parts.closing), in_layout, spans)
    _set_source(item, source, parts.body)
    return source


def keep_in_place(item: FrontMatter, data: bytes, text: str, end: int, *, in_layout: bool) -> None:
    """Set what `keep` sets, for an item that was read from *text*, with the fences `NEW` and its content up to *end*.

    Any unread lists are in *text* too.
    """
    spans: _Spans = ()
    if item._source is not None:
        spans = tuple(
            (unread.name, len(text[: unread.lines.start].encode()), len(data) - len(text[unread.lines.end :].encode()))
            for unread in _unread_lists(item)
        )
    _set_source(item, SourceText(data, NEW, in_layout, spans), text[end + len(FENCE) :])


def _set_source(item: FrontMatter, source: SourceText, body: str) -> None:
    object.__setattr__(item, "body", body)
    object.__setattr__(item, "_source", source)


def _span(unread: Unread, data: bytes, parts: Parts, content: str) -> tuple[str, int, int]:
    """Return the attribute of an unread list, and the positions in *data* at which its lines begin and end."""
    lines = unread.lines
    if lines.source is not content:  # the list was read separately; any equal lines will do
        start = content.index(f"\n{unread.text}\n") + 1
        lines = Lines(content, start, start + len(unread.text))
    before = len(parts.opening.encode()) + _length(content[: lines.start], parts)
    after = len(front_matter.after(parts, parts.body).encode()) + _length(content[lines.end :], parts)
    return unread.name, before, len(data) - after


def _unread_lists(item: FrontMatter) -> Iterator[Unread]:
    """Return the unread lists of an item that has no source text yet."""
    unread: Unread | None = item._source
    while unread is not None:
        yield unread
        unread = unread.next


def _length(lines: str, parts: Parts) -> int:
    """Return the number of bytes that lines of the content occupy in the text."""
    return len(lines.encode()) + (lines.count("\n") if parts.line_end == "\r\n" else 0)


def _fences(opening: str, closing: str) -> Parts:
    """Return fences. Items with equal short fences share one object."""
    is_short = len(opening) + len(closing) < _LONGEST_FENCES
    return (_shared_fences if is_short else _shared_fences.__wrapped__)(opening, closing)


@lru_cache(maxsize=64)
def _shared_fences(opening: str, closing: str) -> Parts:
    return Parts(opening, "", closing, "")


# Written text


def reproduces(source: SourceText, pieces: list[bytes], lists: list[Unread]) -> bool:
    """Return whether the pieces of a text and the unread lists between them together are the source text."""
    if not lists:
        return pieces[0] == source.data
    at = 0
    for piece, unread in zip_longest(pieces, lists):
        if not source.data.startswith(piece, at):
            return False
        at += len(piece)
        if unread is not None:
            data, start, end = unread.lines
            at = end if data is source.data and start == at else -1
    return at == len(source.data)


def assembled(pieces: list[bytes], lists: list[Unread], fences: Parts) -> SourceText:
    """Return the source text made of pieces and the unread lists between them."""
    data = pieces[0]
    spans: _Spans = ()
    for place, unread in enumerate(lists, 1):
        lines = unread.lines.encoded
        spans = (*spans, (unread.name, len(data), len(data) + len(lines)))
        data = b"".join((data, lines, pieces[place]))
    return SourceText(data, fences, True, spans)
