"""Read and write items as text with `loads`, `dumps` and `diff`, and check that written text reads back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from newsitem._codec import front_matter, patterns
from newsitem._codec.front_matter import FENCE
from newsitem._codec.source_text import (
    SourceText,
    assembled,
    keep,
    keep_in_place,
    register_reader,
    reproduces,
)
from newsitem._schema.fields import Key
from newsitem._schema.unread import Unread
from newsitem._yaml.limits import current_limits, require_size
from newsitem._yaml.scalars import Signs, escaped
from newsitem.errors import LimitError, NewsItemError, ParseError, Problem, printable
from newsitem.items import FrontMatter, Item, NewsItem, require_kind, require_valid


def loads(text: str | bytes, cls: type[Item] = NewsItem, *, name: str | None = None) -> Item:  # type: ignore[assignment]
    """Read a news item, or an item of another class, from the text of its file.

    Args:
        text: The text of a file: front matter and body. Bytes are decoded as UTF-8.
        cls: The class of the item: `NewsItem`, or your own class derived from `FrontMatter` and decorated with `model`.
        name: The name of the text in errors, such as a file name.

    Returns:
        The item. It keeps its text, so that `dumps` changes only the lines that you edit.

    Raises:
        ParseError: if the text is not UTF-8, or its front matter is not closed or not valid YAML.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        ValidationError: if a required key is missing or a value has the wrong type.
        TypeError: if *text* is neither ``str`` nor ``bytes``, or *cls* is not an item class.

    Example:
        >>> text = '''---
        ... title: "Warm pipes"
        ... publishedDateTime: 2020-06-24T05:30:00Z
        ... provider:
        ...   name: Ledgerlight
        ... ---
        ... '''
        >>> item = newsitem.loads(text)
        >>> item.title, item.heat
        ('Warm pipes', None)
        >>> newsitem.dumps(item) == text
        True
    """
    require_kind(cls)
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"expected str or bytes, not {type(text).__name__}")
    text = str.__str__(text) if isinstance(text, str) else bytes(text)  # a subclass becomes its base class
    try:
        return _read(text, _encode(text), cls) if isinstance(text, str) else _read(_decode(text), text, cls)
    except NewsItemError as error:
        refused = error.in_file(name)
    raise refused  # not in the except block, because tools may show the content of an attached error


def key_names(data: bytes, name: str) -> tuple[str, ...]:
    """Return the keys of a front matter in order.

    Raises:
        NewsItemError: if it cannot be read.
    """
    from newsitem._yaml import blocks

    try:
        text = data.decode()
        content = front_matter.plain_content(text, Signs(data), front_matter.split(text))
        if content is not None and not blocks.may_go_on(content):  # else a line of a value may look like a key
            names = blocks.key_names(content)
            if len({*names}) == len(names):
                return tuple(names)
    except (NewsItemError, UnicodeDecodeError, blocks.NotSure):
        pass
    return tuple(loads(data, FrontMatter, name=name).extras)


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = front_matter.position(before, len(before))
        message = f"not UTF-8 (invalid byte 0x{data[error.start]:02X}): save the file as UTF-8"
        raise ParseError([Problem(message, line=line, column=column)]) from None


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line, column = front_matter.position(text, error.start)
        message = f"lone surrogate (U+{ord(text[error.start]):04X}), which UTF-8 cannot encode: remove it"
        raise ParseError([Problem(message, line=line, column=column)]) from None


def _read(text: str, data: bytes, cls: type[Item]) -> Item:
    if len(data) > current_limits().size:
        require_size(len(data))
    signs = Signs(data)
    is_plain = text.startswith(FENCE) and not signs.is_unusual(text) and front_matter.is_within_limit(data)
    item: Item | None = _read_in_place(text, data, signs, cls) if is_plain else None
    return _read_content(text, data, signs, cls, is_tried=is_plain) if item is None else item


def _read_in_place(text: str, data: bytes, signs: Signs, cls: type[Item]) -> Item | None:
    """Read an item with one of the patterns, which find the end of the front matter, or return ``None``.

    Content that a pattern matches contains no fence, so the first line after it is the second fence.
    """
    match = patterns.read(text, cls, signs, start=len(FENCE), list_reader=_read_list)
    match = match or _other_readers()[0].read_whole(text, cls, len(FENCE))
    if match is None:
        return None
    item, end, in_layout = match
    if in_layout or item._source is None:
        keep_in_place(item, data, text, end, in_layout=in_layout)
    else:
        parts = front_matter.split_at(text, (len(FENCE), end, end + len(FENCE)))
        keep(item, data, parts, parts.content, in_layout=False)
    return item


def _read_content(text: str, data: bytes, signs: Signs, cls: type[Item], *, is_tried: bool) -> Item:
    """Read an item whose text no pattern matches in place.

    It may have unusual values, be long, or have CRLF line ends, unusual fences or unusual characters. If it *is_tried*,
    its content is not matched again.
    """
    parts = front_matter.split(text)
    content = front_matter.plain_content(text, signs, parts)
    is_tried = is_tried and parts.closing == FENCE
    canonical = None if content is None or is_tried else patterns.read(content, cls, signs)
    if canonical is None:
        item: Item = _other_readers()[1].read(text, parts, content, cls, is_tried=is_tried)
    else:
        item, *_ = canonical
    keep(item, data, parts, content or "", in_layout=canonical is not None)
    return item


register_reader(_read)


@cache
def _other_readers() -> tuple[Any, Any]:
    """Import the modules for other layouts on demand: the one that reads pieces, and the one that reads any text."""
    from newsitem._codec import pieces, reader

    return pieces, reader


def _read_list(key: Key, lines: str) -> list[Any] | None:
    values: list[Any] | None = _other_readers()[0].read_list(key, lines)
    return values


def dumps(item: FrontMatter) -> str:
    """Return the text of an item's file, with all edits.

    For an item that was read, this is its source text, in which only the lines of edited values differ. A new item is
    written in the canonical layout. New text is read back and compared with the item before it is returned.

    Args:
        item: The item. It is not changed.

    Returns:
        The text of the file.

    Raises:
        ValidationError: if a value is not valid, for example because an invalid entry was added to a list.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item.
        TypeError: if *item* is not an item.

    Example:
        >>> old = item.path.read_text(encoding="utf-8")
        >>> newsitem.dumps(item) == old
        True
        >>> item.heat = 400
        >>> newsitem.dumps(item) == old.replace("heat: 122", "heat: 400")
        True
    """
    return write(item).data.decode()


def write(item: FrontMatter) -> SourceText:
    """Return the source text of *item* as written. It is checked by reading it back."""
    try:
        return _written(item)
    except NewsItemError as error:
        refused = error.in_file(None if item.path is None else str(item.path))
    raise refused  # here, as in `loads`


def _written(item: FrontMatter) -> SourceText:
    item = require_valid(item)
    source: SourceText | None = item._source
    if source is not None and not source.in_layout:
        return _spliced(item, source)
    return _rendered(item, source, *_renderer()(item))


def _rendered(item: FrontMatter, source: SourceText | None, texts: list[str], lists: list[Unread]) -> SourceText:
    """Return the source text with these *texts* and *lists* as its front matter, or *source* if it is the same."""
    fences = front_matter.NEW if source is None else source.fences
    encoded = list(map(str.encode, texts))
    pieces = encoded if fences.line_end == "\n" else [text.replace(b"\n", b"\r\n") for text in encoded]
    pieces = [*pieces[:-1], pieces[-1] + front_matter.after(fences, item.body).encode()]
    pieces[0] = fences.opening.encode() + pieces[0]
    if source is not None and reproduces(source, pieces, lists):
        return source
    signs = Signs(patterns.STAND_IN.encode().join(encoded))
    content = patterns.STAND_IN.join(texts)
    if signs.is_unusual(content):
        return _rendered(item, source, list(map(escaped, texts)), lists)
    written = assembled(pieces, lists, fences)
    require_size(len(written.data))
    if _as_read(item, content, signs, lists, written.data) != item:
        raise _not_written(item)
    return written


@cache
def _renderer() -> Callable[[FrontMatter], tuple[list[str], list[Unread]]]:
    """Return the function that renders items. It is imported on demand, because many programs only read."""
    from newsitem._codec.render import rendered

    return rendered


def _as_read(item: FrontMatter, content: str, signs: Signs, lists: list[Unread], data: bytes) -> Any:
    """Return the item that the written text of *item* reads as, or ``None`` if it cannot be read.

    Content that matches the pattern contains no fence, so the text is not split again.
    """
    may_exceed = len(data) > current_limits().values if lists else front_matter.may_exceed(content)
    canonical = None if may_exceed else patterns.read(content, type(item), signs, lists=lists)
    if canonical is None:
        try:
            return _read(data.decode(), data, type(item))
        except LimitError:
            raise
        except NewsItemError:
            return None
    object.__setattr__(canonical[0], "body", item.body)
    return canonical[0]


def _spliced(item: FrontMatter, source: SourceText) -> SourceText:
    from newsitem._codec.splice import splice

    old = source.data.decode()
    parts = front_matter.split(old)
    written = splice(old, parts, item)
    if written is None:
        raise _not_written(item)
    new = written.parts._replace(body=item.body)
    if new == parts:
        return source
    data = front_matter.join(new, new.content, new.body).encode()
    require_size(len(data))
    return keep(written.item, data, new, written.content, in_layout=False)


def _not_written(item: FrontMatter) -> NewsItemError:
    message = "nothing was written, because the text would not read back as the item: please report this with the edit"
    return NewsItemError([Problem(message, path=None if item.path is None else str(item.path))])


def differs(item: FrontMatter) -> bool:
    """Return whether a news item differs from its source text. An item that was not read always differs.

    Raises:
        ValidationError: if a value is not valid.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item.
    """
    return item._source is None or write(item).data != item._source.data


def diff(item: FrontMatter) -> str:
    """Compare the text that `dumps` would write with the source text of an item.

    A diff shows lines of the file verbatim, including ``secured`` if it is close to an edit.

    Args:
        item: The item. If it was not read from a text, it is compared with an empty text.

    Returns:
        A unified diff, or an empty string if nothing was changed.

    Raises:
        ValidationError: if a value is not valid.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item.
        TypeError: if *item* is not an item.

    Example:
        >>> newsitem.diff(item)
        ''
        >>> item.topics.append("Moon")
        >>> [line for line in newsitem.diff(item).splitlines() if line.startswith(("- ", "+ "))]
        ['+  - Moon']
    """
    from newsitem._codec.diff import unified

    after = write(item).data
    before = b"" if item._source is None else item._source.data
    if before == after:
        return ""
    name: object = item.path or getattr(item, "filename", type(item).__name__)
    return unified(before.decode(), after.decode(), printable(str(name).lstrip("/")))
