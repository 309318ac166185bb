"""What an item keeps of the text that it was read from, and where its unread lists are in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from newsitem._codec import front_matter, patterns
from newsitem._codec.front_matter import Parts
from newsitem._schema.fields import INDENT, keys_by_attribute
from newsitem._schema.unread import Unread
from newsitem._yaml.scalars import written_key
from newsitem.errors import counted
from newsitem.items import FrontMatter, Item

_LONGEST_FENCES: Final = 50
"""Characters of fences that are kept as one object for all items that have the same."""


_READERS: Final[list[Callable[[str, bytes, type], Any]]] = []
"""What reads a text: `newsitem._codec.round_trip`, which imports this module, puts it here."""


def reads(reader: Callable[[str, bytes, type], Any]) -> None:
    """Have *reader* called to read a text again."""
    _READERS.append(reader)


class SourceText(NamedTuple):
    """What an item keeps of the text that it was read from."""

    data: bytes
    """The text in UTF-8, which takes half the memory of a ``str`` that holds a character beyond Latin-1."""
    fences: Parts
    """The fences alone, without content and body."""
    in_layout: bool
    """Whether the text is in the publisher's layout, so that rendering the item gives it again."""
    spans: tuple[tuple[str, int, int], ...]
    """The attributes of lists that were left unread, and where the bytes of their lines begin and end."""

    def __repr__(self) -> str:
        """Show the length only: the text holds ``secured``."""
        return f"<SourceText: {counted(len(self.data), 'byte')}>"

    def __rich_repr__(self) -> Iterator[str]:
        yield counted(len(self.data), "byte")

    def unread(self, name: str, cls: type) -> Unread:
        """Return the list that an attribute of the item, which is of *cls*, has unread."""
        return patterns.unread(keys_by_attribute(cls)[name], partial(self._lines, name))

    def read(self, cls: type[Item]) -> Item:
        """Return what is read from the text."""
        item: Item = _READERS[0](self.data.decode(), self.data, cls)
        return item

    def _lines(self, name: str) -> str:
        start, end = self.span(name)
        return self.data[start:end].decode().replace("\r\n", "\n")

    def span(self, name: str) -> tuple[int, int]:
        """Return where the bytes of an unread list begin and end."""
        return next((start, end) for attribute, start, end in self.spans if attribute == name)


def keep(item: FrontMatter, data: bytes, parts: Parts, content: str, *, in_layout: bool) -> SourceText:
    """Let an item keep the text that it was just read from. Its lists that are unread stay so.

    Args:
        item: The item.
        data: The text in UTF-8.
        parts: The parts of the text.
        content: The lines of its front matter with LF as line end.
        in_layout: Whether the text is in the publisher's layout.
    """
    cls: type = type(item)
    unread: Unread | None = item._source
    spans = []
    while unread is not None:
        key = keys_by_attribute(cls)[unread.name].name
        spans.append((unread.name, *_bytes_of(unread, key, data, parts, content)))
        unread = unread.next
    source = SourceText(data, _fences(parts.opening, parts.closing), in_layout, tuple(spans))
    object.__setattr__(item, "_source", source)
    return source


def _bytes_of(unread: Unread, key: str, data: bytes, parts: Parts, content: str) -> tuple[int, int]:
    """Return where the bytes of an unread list begin and end. What is before and after it is mostly short."""
    span = unread.span
    if span is None:
        start = _start(content, key)
        span = start, start + len(unread.text)
    after = len(front_matter.after(parts, parts.body).encode())
    first = len(parts.opening.encode()) + _length(content[: span[0]], parts)
    return first, len(data) - after - _length(content[span[1] :], parts)


def _start(content: str, key: str) -> int:
    """Return where the first line of a block list of the item's own mapping begins.

    A line at the margin that begins with its key is the line of the key: nothing that is read without the YAML reader
    goes on at the margin.
    """
    head = f"\n{written_key(key)}:\n"
    at = content.find(f"{head}{' ' * INDENT}- ")
    if at >= 0:
        return at + len(head)
    from newsitem._yaml.spellings import NOTHING, TAIL  # which text in the publisher's layout does without

    line = re.compile(
        rf"^(?:{re.escape(written_key(key))}|\"{re.escape(key)}\"|{re.escape(key)}):{TAIL}{NOTHING}*+", re.MULTILINE
    )
    found = line.search(content)
    assert found is not None
    return found.end()


def _length(lines: str, parts: Parts) -> int:
    """Return the number of bytes that lines of the content have in the text."""
    return len(lines.encode()) + (lines.count("\n") if parts.line_end == "\r\n" else 0)


def _fences(opening: str, closing: str) -> Parts:
    """Return fences, one object for all items that have the same short ones."""
    is_short = len(opening) + len(closing) < _LONGEST_FENCES
    return (_one_for_all if is_short else _one_for_all.__wrapped__)(opening, closing)


@lru_cache(maxsize=64)
def _one_for_all(opening: str, closing: str) -> Parts:
    return Parts(opening, "", closing, "")


def holds(source: SourceText, parts: list[str | Unread], after: str) -> bool:
    """Tell whether the text is what an item is written as.

    Args:
        source: The text.
        parts: Those of the content that the item is written as. Unread lists are those of the text.
        after: What follows the content.
    """
    at, pending = 0, [source.fences.opening]
    line_end = source.fences.line_end
    for part in parts:
        if isinstance(part, str):
            pending.append(part if line_end == "\n" else part.replace("\n", line_end))
            continue
        if not source.data.startswith("".join(pending).encode(), at):  # up to the key, which is there but once
            return False
        at, pending = source.span(part.name)[1], []
    return source.data[at:] == ("".join(pending) + after).encode()
