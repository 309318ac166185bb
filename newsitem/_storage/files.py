"""Files: loaded and written by path or as streams, replaced as a whole, with a conflict if somebody else wrote."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

from newsitem._codec import front_matter
from newsitem._codec.round_trip import differs, key_names, loads, write
from newsitem._codec.source_text import SourceText
from newsitem._schema.definition import set_source
from newsitem._storage import atomic
from newsitem._storage.paths import expanded, explain
from newsitem._yaml.limits import current_limits
from newsitem.errors import ConflictError, ParseError, Problem, ValidationError, printable
from newsitem.items import FrontMatter, Item, NewsItem, require_kind

Source = str | os.PathLike[str] | IO[str] | IO[bytes]
"""What `load` reads and `dump` writes: a path, or an open text or binary file."""

ItemKind = type[Item] | Callable[[Path, tuple[str, ...]], type[Item]]
"""The class of items; or a function that returns the class of one, called with its file and the keys in it."""
_PIECE: Final = 1 << 20
"""How much of a stream is read at a time."""


def load(source: Source, cls: type[Item] = NewsItem) -> Item:  # type: ignore[assignment]
    """Read a news item, or an item of another kind, from a file.

    Args:
        source: A path (``~`` is the home of the user), or an open file in text or binary mode (binary keeps its line
            endings).
        cls: The class of the item: `NewsItem`, or one that is derived from `FrontMatter` and made with `model`.

    Returns:
        The item. If it was read from a path, that is its ``path``.

    Raises:
        ParseError: if the text is not UTF-8, or its front matter is not closed or not valid YAML.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        ValidationError: if a required key is missing or a value has the wrong type.
        OSError: if the file cannot be read. If *source* is a folder or a pattern, it says how to read many files.
        ValueError: if *source* is text of several lines, or other text that cannot be a path.
        TypeError: if *source* is neither a path nor an open file, or *cls* is no class of items.

    Example:
        >>> item = newsitem.load("item.md")
        >>> item
        <NewsItem: "The baker who kept a satellite's frequency on her fridge", 2020-06-10 08:15 UTC, Corrigan's Weekly>
        >>> item.heat, item.topics
        (122, ['Space', 'Radio'])
    """
    if not isinstance(source, str | os.PathLike):
        _require_stream(source, "read")
        return _load_stream(source, cls, _name_of(source))
    if isinstance(source, str) and "\n" in source:  # the error of the file system would show all of it
        raise ValueError("this is the text of a file, not its path: use newsitem.loads")
    require_kind(cls)
    return load_path(expanded(source), cls)


def load_path(path: Path, kind: ItemKind[Item]) -> Item:
    """Read an item from a file, as `load` does, whose path is taken as it is."""
    data = _contents(path)
    cls = kind if isinstance(kind, type) else _chosen(kind, path, key_names(data, str(path)))
    item = loads(data, cast("type[Item]", cls), name=str(path))
    object.__setattr__(item, "path", path)
    return item


class ChoiceFailed(Exception):
    """The user's function that chooses a class has raised an error, which is the cause of this, or returned none."""


def _chosen(choose: Callable[[Path, tuple[str, ...]], type[Item]], path: Path, names: tuple[str, ...]) -> type[Item]:
    """Return the class that a function of the user's chooses for a file."""
    try:
        cls = choose(path, names)
        require_kind(cls)
    except Exception as error:
        raise ChoiceFailed from error
    return cls


def _contents(path: Path) -> bytes:
    """Read a file, or as much of it as shows that it is too large."""
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        explain(error, path)
        raise
    with file:
        status = os.fstat(file.fileno())
        try:
            if stat.S_ISREG(status.st_mode) and 0 < status.st_size <= current_limits().size:  # 0 may be a lie
                return file.readall()
            return cast("bytes", all_of(file))
        except OSError as error:
            error.filename = os.fspath(path)
            raise


def all_of(stream: Any) -> Any:
    """Read a stream to its end, or to where it is too large."""
    pieces: list[Any] = []
    left = current_limits().size
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


def _name_of(stream: object) -> str | None:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else None


def _load_stream(stream: IO[str] | IO[bytes], cls: type[Item], name: str | None) -> Item:
    try:
        text = all_of(stream)
    except UnicodeDecodeError as error:
        message = f"not UTF-8: the byte 0x{error.object[error.start]:02X} cannot stand here; save the file as UTF-8"
    else:
        return loads(text, cls, name=name)
    raise ParseError([Problem(message, path=name)])


def dump(item: FrontMatter, target: Source | None = None) -> None:
    """Write a news item to a file.

    A file that is given by its path is replaced as a whole or not at all, and a symbolic link is followed. The file's
    mode, ACL and extended attributes are kept, or cut so that nobody gets in who could not before.

    Without *target*, the item goes back to its own file if that is still what was read.

    An item that was not edited leaves its own file as it is, time stamp included. If a *target* is given, it is
    overwritten, whatever it holds.

    Args:
        item: The item.
        target: A path, or a file open for writing in text or binary mode. Default: ``item.path``.

    Raises:
        ConflictError: if there is no *target* and the file is no longer what was read.
        ValidationError: if a value is not valid, or has a character that the encoding of a text stream lacks.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
        ValueError: if there is neither a *target* nor an ``item.path``.
        OSError: if the file cannot be written.
        TypeError: if *target* is neither a path nor an open file, or *item* is not an item.

    Example:
        >>> item.heat = 400
        >>> newsitem.dump(item)  # back to its own file
        >>> newsitem.load(item.path).heat
        400
        >>> newsitem.dump(item, "copy.md")  # to another file, which is overwritten if it exists
    """
    source = _source_of(item)  # fixed before the text is made: another thread may dump the item meanwhile
    check = _conflict_check(item)
    kept = write(item)
    if target is not None and not isinstance(target, str | os.PathLike):
        _require_stream(target, "write")
        _write_stream(target, kept.data.decode())
        return
    path = item.path if target is None else expanded(target)
    if path is None:
        raise ValueError("the item has no path: set it, as in item.path = item.filename, or name a target")
    is_own = item.path is not None and os.path.realpath(path) == os.path.realpath(item.path)
    is_unedited = is_own and source is not None and source.data == kept.data
    if target is not None:
        if not (is_unedited and _holds(path, kept.data)):
            atomic.replace(path, kept.data, note=_note(item, kept) if is_own else None)
    elif is_unedited:
        atomic.confirm(path, check)
    else:
        atomic.replace(path, kept.data, check=check, note=_note(item, kept))


def _source_of(item: FrontMatter) -> SourceText | None:
    kept: SourceText | None = getattr(item, "_source", None)  # what is no item has none, and is refused as such
    return kept


def _note(item: FrontMatter, kept: SourceText) -> Callable[[bool], None]:
    """Make what notes that the file of *item* holds *kept*, or takes that back."""
    before = item._source

    def note(written: bool) -> None:
        nonlocal before
        if written:
            before = item._source
        set_source(item, kept if written else before)

    return note


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def save(item: FrontMatter, *, dry_run: bool, require: Callable[[FrontMatter], Path]) -> bool:
    """Write a news item back to its own file, as `dump` does, if it differs from what was read.

    Args:
        item: The item.
        dry_run: Find out whether it can be written, but write nothing.
        require: Called with an item that differs: gives the path of its file, or raises.

    Returns:
        Whether the item differs from what was read. An item that was not read always differs.

    Raises:
        ConflictError: if it differs, and the file is no longer what was read.
        ValidationError: if a value is not valid.
        LimitError: if the text is beyond a limit that `newsitem.limits` sets.
        NewsItemError: if the text would not read back as the item.
        OSError: if the file cannot be written.
    """
    source = _source_of(item)  # fixed first, as in `dump`
    check = _conflict_check(item)
    kept = write(item)
    if source is not None and kept.data == source.data:
        return False
    path = require(item)
    if dry_run:
        path.parent.stat()
        check(path)
    else:
        atomic.replace(path, kept.data, check=check, note=_note(item, kept))
    return True


def create(item: FrontMatter, path: Path, *, dry_run: bool = False) -> None:
    """Write a news item to a new file, which becomes its own if it has none.

    A file that holds exactly what is to be written may be there already.

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
    kept = write(item)

    def check(target: Path) -> None:
        if os.path.lexists(target) and not _holds(target, kept.data):
            message = f"this name is taken by something else: give {item!r} another title, or dump it elsewhere"
            if item.path == path:
                message = "the item was edited since this file was written: save it"
            raise ConflictError([Problem(message, path=str(path))])

    if dry_run:
        check(path)
        return
    if not _holds(path, kept.data):
        atomic.replace(path, kept.data, check=check)
    if item.path in (None, path):
        item.path = path
        set_source(item, kept)


def rename(item: FrontMatter, target: str | os.PathLike[str] | None = None) -> Path:
    """Rename the file of an item, whose path follows.

    The file is moved as it is. No file is ever overwritten, and whatever happens, it has the old name or the new one.
    Other systems than Linux have no call for that: there, a crash may leave it with both.

    Args:
        item: The item. It must not differ from its file.
        target: The new path, on the same file system. Default: `NewsItem.filename` in the folder where the file is.

    Returns:
        The new path, which is ``item.path`` too.

    Raises:
        ConflictError: if the new name is taken, the file is no longer what was read, or the item was edited.
        ValueError: if the item has no ``path``, or there is neither a *target* nor a ``filename``.
        OSError: if the file cannot be renamed.
        TypeError: if *item* is not an item.

    Example:
        >>> newsitem.rename(item)
        PosixPath('2020-06-10-the-baker-who-kept-a-satellites-frequency-on-her-fridge.md')
        >>> item.path.exists()
        True
    """
    require_kind(type(item))
    if item.path is None:
        raise ValueError("the item has no path: it has no file that could be renamed")
    if target is None:
        name = getattr(item, "filename", None)
        if name is None:
            raise ValueError(f"{type(item).__name__} has no filename: name a target")
        target = item.path.with_name(Path(name).name)
    move(item, expanded(target))
    return item.path


def move(item: FrontMatter, target: Path, require: Callable[[Path], None] | None = None) -> None:
    """Rename the file of an item, as `rename` does.

    Args:
        item: The item.
        target: The new path.
        require: For a dry run, which renames nothing: called with the new path, raises ``FileExistsError`` where that
            is taken.
    """
    path = cast("Path", item.path)
    if true_name(target) == true_name(path):  # in another spelling, perhaps
        object.__setattr__(item, "path", target)
        return
    check = _conflict_check(item)
    if differs(item):
        raise ConflictError([Problem("the item was edited since it was read: save it first", path=str(path))])
    refused = None
    try:
        if require is not None:
            check(path)
            if not atomic.is_respelled(path, target):
                require(target)
            return
        atomic.move(path, target, check)
        object.__setattr__(item, "path", target)
    except FileExistsError:
        message = f"cannot be renamed: {printable(target.name)} already exists"
        refused = ConflictError([Problem(message, path=str(path))])
    finally:
        if require is None and os.path.lexists(target) and not os.path.lexists(path):  # whatever failed after that
            object.__setattr__(item, "path", target)
    if refused is not None:
        raise refused


def true_name(path: Path) -> Path:
    """Return a path whose folder is spelled in one way alone."""
    return Path(os.path.realpath(path.parent), path.name)


def edit(
    path: str | os.PathLike[str],
    function: Callable[[Item], object],
    *,
    tries: int = 3,
    cls: type[Item] = NewsItem,  # type: ignore[assignment]
) -> Item:
    """Read a file, change its item, and write it back; again, if somebody else wrote the file meanwhile.

    Args:
        path: The file.
        function: Changes the item that it is called with. It may be called several times, each time with an item that
            was just read.
        tries: How many times at most.
        cls: The class of the item.

    Returns:
        The item, as it was written.

    Raises:
        ConflictError: if the file was changed meanwhile each time.
        ParseError: if the file cannot be read, as with `load`.
        ValidationError: if a value is not valid, in the file or after the change.
        OSError: if the file cannot be read or written.
        ValueError: if *tries* is below 1.
        TypeError: if *tries* is not a whole number, or *function* is not callable.

    Example:
        >>> newsitem.edit("item.md", lambda item: item.topics.append("Moon")).topics
        ['Space', 'Radio', 'Moon']
    """
    if not isinstance(tries, int) or isinstance(tries, bool):
        raise TypeError(f"tries must be a whole number, not {tries!r}")
    if tries < 1:
        raise ValueError(f"tries must be 1 or more, not {tries}")
    if not callable(function):
        raise TypeError(f"function must be a function of an item, not {function!r}")
    while True:
        item = load(path, cls)
        function(item)
        tries -= 1
        try:
            dump(item)
        except ConflictError:
            if tries == 0:
                raise
        else:
            return item


def _conflict_check(item: FrontMatter) -> Callable[[Path], None]:
    """Make the check that a file still holds what the item was read from, or is absent if the item was not read.

    A file that already holds what is to be written is a conflict too: two writers who each count up from 1 both
    write 2. The check raises `ConflictError`.
    """
    source = _source_of(item)
    expected = None if source is None else source.data

    def check(path: Path) -> None:
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            found = None
        if found == expected:
            return
        if found is None:
            message = "the file no longer exists, or item.path was changed: pass a target to write anyway"
        elif expected is None:
            message = "a file of this name exists, which the item was not read from: pass a target to overwrite it"
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
    if isinstance(stream, io.TextIOWrapper) and "\r\n" in text:
        with _untranslated(stream) as same:
            _write_text(same, text)
    else:
        _write_text(stream, text)


@contextmanager
def _untranslated(stream: io.TextIOWrapper) -> Iterator[io.TextIOWrapper]:
    """Open a text stream again, to write CRLF as it is: on Windows, the stream would make CR CR LF of it."""
    stream.flush()
    same = io.TextIOWrapper(stream.buffer, stream.encoding, stream.errors, newline="")
    try:
        yield same
    finally:
        same.detach()


def _write_text(stream: Any, text: str) -> None:
    refused = None
    try:
        stream.write(text)
    except TypeError:
        stream.write(text.encode())
    except UnicodeEncodeError as error:
        line, column = front_matter.position(error.object, error.start)
        encoding = getattr(stream, "encoding", error.encoding)  # that of the error may be "charmap"
        message = f"the encoding of the stream, {encoding}, lacks a character: open it with encoding='utf-8'"
        refused = ValidationError([Problem(message, path=_name_of(stream), line=line, column=column)])
    if refused is not None:
        raise refused  # here, so that the error of the codec, which holds the whole text, is not attached
