"""Load, write and compare: paths, streams, atomic replacement, conflicts."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

from newsitem import _atomic, _fast, _frontmatter, _limits
from newsitem._frontmatter import FrontMatter
from newsitem._render import render
from newsitem._scalars import escaped, is_unusual
from newsitem.errors import ConflictError, LimitError, NewsItemError, ParseError, Problem, printable
from newsitem.model import NewsItem, require_valid

Source = str | os.PathLike[str] | IO[str] | IO[bytes]
"""What `load` reads and `dump` writes: a path, or an open text or binary file."""


_PIECE: Final = 1 << 20
"""How much of a stream is read at a time."""


class _Kept(NamedTuple):
    """What an item keeps of the text that it was read from."""

    data: bytes
    """The text in UTF-8, which takes half the memory of a ``str`` that holds a character beyond Latin-1."""
    fences: FrontMatter
    """The fences alone, without content and body."""
    in_layout: bool
    """Whether the text is in the publisher's layout, so that rendering the item gives it again."""


# Past the checks on set, which text that was decoded passes, and a path.
_set_body: Final[Callable[[NewsItem, str], None]] = NewsItem.__dict__["body"].__set__
_set_path: Final[Callable[[NewsItem, Path], None]] = NewsItem.__dict__["path"].__set__
_set_source: Final[Callable[[NewsItem, _Kept], None]] = NewsItem.__dict__["_source"].__set__


def loads(text: str | bytes, *, name: str | None = None) -> NewsItem:
    """Read a news item from the text of its file.

    Args:
        text: The whole text of a file: front matter and body. Bytes are UTF-8.
        name: What errors call the text, such as a file name.

    Returns:
        The item. It keeps the text, so that `dumps` changes nothing but what was edited.

    Raises:
        ParseError: if the text is not UTF-8, has no closed front matter, or that is not YAML.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        ValidationError: if a required key is missing or a value has the wrong type.
    """
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"expected str or bytes, not {type(text).__name__}")
    try:
        return _read(text, _encode(text)) if isinstance(text, str) else _read(_decode(text), text)
    except NewsItemError as error:
        refused = error.in_file(name)
    raise refused  # here, where nothing of a dependency hangs on it, which some tools hand on with it


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = _frontmatter.position(before, len(before))
        message = f"not UTF-8: the byte 0x{data[error.start]:02X} cannot stand here; save the file as UTF-8"
        raise ParseError([Problem(message, line=line, column=column)]) from None


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line, column = _frontmatter.position(text, error.start)
        message = f"a lone surrogate (U+{ord(text[error.start]):04X}), which no UTF-8 file can hold: remove it"
        raise ParseError([Problem(message, line=line, column=column)]) from None


def _read(text: str, data: bytes) -> NewsItem:
    _limits.require_size(len(data))
    parts = _frontmatter.split(text)
    item = _fast.read(text, data, parts)
    in_layout = item is not None
    if item is None:
        from newsitem import _general

        item = _general.read(text, parts)
    _set_body(item, parts.body)
    _set_source(item, _Kept(data, _fences(parts.opening, parts.closing), in_layout))
    return item


def _fences(opening: str, closing: str) -> FrontMatter:
    """Give fences, one object for all items that have the same usual ones."""
    return _usual_fences(opening, closing) if len(opening + closing) < 50 else FrontMatter(opening, "", closing, "")


@lru_cache(maxsize=64)
def _usual_fences(opening: str, closing: str) -> FrontMatter:
    return FrontMatter(opening, "", closing, "")


def dumps(item: NewsItem) -> str:
    """Write a news item as the text of its file.

    An item that was read gives its own text again, with only the lines of edited values changed; a new one
    is written in the publisher's layout. What is written is read back and compared before it is returned.

    Args:
        item: The item. It is not changed.

    Returns:
        The whole text of the file.

    Raises:
        ValidationError: if a value is not valid, such as an entry that was put into a list.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
    """
    return _write(item)[0]


def _write(item: NewsItem) -> tuple[str, _Kept]:
    """Give the text of an item, read back, and what an item keeps that is read from it."""
    try:
        return _written(item)
    except LimitError as error:
        refused = error.in_file(None if item.path is None else str(item.path))
    raise refused


def _written(item: NewsItem) -> tuple[str, _Kept]:
    require_valid(item)
    kept: _Kept | None = item._source
    if kept is not None and not kept.in_layout:
        text = _splice(item, kept.data.decode())
        data = text.encode()
        _limits.require_size(len(data))
        return text, kept._replace(data=data)
    fences = _frontmatter.NEW if kept is None else kept.fences
    content = render(item)
    text, data = _joined(fences, content, item.body)
    if kept is None or data != kept.data:
        if is_unusual(text, data):
            text, data = _joined(fences, escaped(content), item.body)
        kept = _read_back(text, data, item)
    return text, kept


def _joined(fences: FrontMatter, content: str, body: str) -> tuple[str, bytes]:
    if fences.line_end != "\n":
        content = content.replace("\n", fences.line_end)
    text = _frontmatter.join(fences, content, body)
    return text, text.encode()


def _splice(item: NewsItem, old: str) -> str:
    from newsitem._splice import splice

    parts = _frontmatter.split(old)
    content = splice(old, parts, item)
    if content is None:
        raise _not_written(item)
    return _frontmatter.join(parts, content, item.body)


def _read_back(text: str, data: bytes, item: NewsItem) -> _Kept:
    try:
        again = _read(text, data)
    except LimitError:
        raise
    except NewsItemError:
        again = None
    if again != item:
        raise _not_written(item)
    kept: _Kept = again._source
    return kept


def _not_written(item: NewsItem) -> NewsItemError:
    message = "the item would not read back as it is, so nothing was written: please report this with the edit"
    return NewsItemError([Problem(message, path=None if item.path is None else str(item.path))])


def load(source: Source) -> NewsItem:
    """Read a news item from a file.

    Args:
        source: A path, or an open file in text or binary mode (binary keeps its line ends).

    Returns:
        The item. Read from a path, it has that as its ``path``.

    Raises:
        ParseError: if the text is not UTF-8, has no closed front matter, or that is not YAML.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        ValidationError: if a required key is missing or a value has the wrong type.
        OSError: if the file cannot be read.
        ValueError: if *source* is a text of several lines, and no path.
        TypeError: if *source* is neither a path nor an open file.
    """
    if not isinstance(source, str | os.PathLike):
        _require_stream(source, "read")
        name = getattr(source, "name", None)
        return _load_stream(source, name if isinstance(name, str) else None)
    if isinstance(source, str) and "\n" in source:  # the error of the file system would show all of it
        raise ValueError("this is the text of a file, not its path: use newsitem.loads")
    path = source if isinstance(source, Path) else Path(source)
    item = loads(_contents(path), name=str(path))
    _set_path(item, path)
    return item


def _contents(path: Path) -> bytes:
    """Read a file, or as much of it as shows that it is too large."""
    with path.open("rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        try:
            if stat.S_ISREG(status.st_mode) and status.st_size <= _limits.current().size:
                return file.readall()
            return cast("bytes", _all_of(file))
        except OSError as error:
            error.filename = os.fspath(path)
            raise


def _all_of(stream: Any) -> Any:
    """Read a stream to its end, or to where it is too large."""
    pieces: list[Any] = []
    left = _limits.current().size
    while not pieces or (pieces[-1] and left >= 0):
        piece = stream.read(_PIECE)
        if piece is None:
            raise BlockingIOError("the stream has nothing to give yet: read it when it is complete")
        pieces.append(piece)
        left -= len(piece)
    return pieces[0][:0].join(pieces)


def _require_stream(source: object, method: str) -> None:
    if not callable(getattr(source, method, None)):
        raise TypeError(f"expected a path or an open file, not {type(source).__name__}")


def _load_stream(stream: IO[str] | IO[bytes], name: str | None) -> NewsItem:
    try:
        text = _all_of(stream)
    except UnicodeDecodeError as error:
        message = f"not UTF-8: the byte 0x{error.object[error.start]:02X} cannot stand here; save the file as UTF-8"
    else:
        return loads(text, name=name)
    raise ParseError([Problem(message, path=name)])


def dump(item: NewsItem, target: Source | None = None) -> None:
    """Write a news item to a file.

    A file that is named by a path is replaced as a whole or not at all. Its mode stays, and a symbolic link
    is written through. Without *target* the item goes back to its own file, if that is still what was read.

    A target that is named is overwritten, whatever it holds.

    Args:
        item: The item.
        target: A path, or a file open for writing in text or binary mode. Default: ``item.path``.

    Raises:
        ConflictError: if there is no *target* and the file is no longer what was read.
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
        ValueError: if there is neither a *target* nor an ``item.path``.
        OSError: if the file cannot be written.
        TypeError: if *target* is neither a path nor an open file.
    """
    check = _conflict_check(item) if target is None else None
    text, kept = _write(item)
    if target is not None and not isinstance(target, str | os.PathLike):
        _require_stream(target, "write")
        _write_stream(target, text)
        return
    path = item.path if target is None else Path(target)
    if path is None:
        raise ValueError("the item has no path: set it, as in item.path = item.filename, or name a target")

    def done() -> None:
        if item.path is not None and os.path.realpath(path) == os.path.realpath(item.path):
            item._source = kept

    _atomic.replace(path, kept.data, check=check, done=done)


def differs(item: NewsItem) -> bool:
    """Tell whether a news item differs from what it was read from. One that was not read does.

    Raises:
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
    """
    return item._source is None or _write(item)[1].data != item._source.data


def save(item: NewsItem, *, dry_run: bool, require: Callable[[NewsItem], Path]) -> bool:
    """Write a news item back to its own file where it differs from what was read, as `dump` does.

    Args:
        item: The item.
        dry_run: Find out whether it can be written, but write nothing.
        require: Called with an item that differs: gives the path of its file, or raises.

    Returns:
        Whether the item differs from what was read. One that was not read does.

    Raises:
        ConflictError: if it differs, and the file is no longer what was read.
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
        OSError: if the file cannot be written.
    """
    check = _conflict_check(item)
    kept = _write(item)[1]
    if item._source is not None and kept.data == item._source.data:
        return False
    path = require(item)
    if dry_run:
        path.parent.stat()
        check(path)
    else:
        _atomic.replace(path, kept.data, check=check, done=lambda: setattr(item, "_source", kept))
    return True


def create(item: NewsItem, path: Path, *, dry_run: bool = False) -> None:
    """Write a news item to a new file, which becomes its own if it has none. One that holds just this may be there.

    Args:
        item: The item.
        path: The new file.
        dry_run: Find out whether it can be written, but write nothing.

    Raises:
        ConflictError: if there is a file that holds something else.
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
        OSError: if the file cannot be written.
    """
    kept = _write(item)[1]

    def holds_it(target: Path) -> bool:
        return target.is_file() and target.read_bytes() == kept.data

    def check(target: Path) -> None:
        if os.path.lexists(target) and not holds_it(target):
            message = f"this name is taken by something else: give {item!r} another title, or dump it elsewhere"
            if item.path == path:
                message = "the item was edited since this file was written: save it"
            raise ConflictError([Problem(message, path=str(path))])

    if dry_run:
        check(path)
        return
    if not holds_it(path):
        _atomic.replace(path, kept.data, check=check)
    if item.path in (None, path):
        item.path, item._source = path, kept


def _conflict_check(item: NewsItem) -> Callable[[Path], None]:
    """Make the check that a file still holds what the item was read from; for an item that was not, nothing.

    A file that holds what is to be written is a conflict too: two who count up from 1 both write 2. What is made
    raises `ConflictError`.
    """
    expected = None if item._source is None else item._source.data

    def check(path: Path) -> None:
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            found = None
        if found == expected:
            return
        if found is None:
            message = "the file is gone, or the item got another path: to write it all the same, name it as the target"
        elif expected is None:
            message = "there is a file of this name already, which the item was not read from: name it as the target"
        else:
            message = "the file was changed since it was read: load it again and repeat the edit"
        raise ConflictError([Problem(message, path=str(item.path))])

    return check


def _write_stream(stream: Any, text: str) -> None:
    if isinstance(stream, io.RawIOBase):  # which may take less than it was given
        buffered = io.BufferedWriter(stream)
        buffered.write(text.encode())
        buffered.flush()
        buffered.detach()
        return
    try:
        stream.write(text)
    except TypeError:
        stream.write(text.encode())


def diff(item: NewsItem) -> str:
    """Compare what `dumps` would write with the text that the item was read from.

    A diff shows lines of the file as they are, ``secured`` among them where it stands near an edit.

    Args:
        item: The item. One that was not read from a text is compared with an empty one.

    Returns:
        A unified diff, or an empty text where nothing was changed.

    Raises:
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
    """
    from newsitem._diff import unified

    after = _write(item)[1].data
    before = b"" if item._source is None else item._source.data
    if before == after:
        return ""
    name = printable(str(item.path or item.filename).lstrip("/"))
    return unified(before.decode(), after.decode(), name)
