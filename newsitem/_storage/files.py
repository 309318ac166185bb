"""Load, write, rename and edit single files, by path or as streams, with conflict detection, and copy the samples."""

from __future__ import annotations

import errno
import io
import os
from codecs import BOM_UTF8, lookup
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final, cast

from newsitem._codec import front_matter
from newsitem._codec.round_trip import differs, key_names, loads, write
from newsitem._codec.source_text import SourceText
from newsitem._schema.originals import forget
from newsitem._schema.values import describe, expanded, function_of, unexpandable
from newsitem._storage import atomic
from newsitem._storage.discovery import explain, named_path
from newsitem._yaml.limits import current_limits
from newsitem.errors import ConflictError, NewsItemError, ParseError, Problem, ValidationError, printable, shortened
from newsitem.items import FrontMatter, Item, NewsItem, require_kind

Source = str | os.PathLike[str] | IO[str] | IO[bytes]
"""A path, or a file open in text or binary mode."""

ItemKind = type[Item] | Callable[[Path, tuple[str, ...]], type[Item]]
"""The class of the items, or a function that is called with the path and the keys of a file and returns its class."""
_PIECE: Final = 1 << 16
"""The number of characters or bytes to read from a stream at a time."""
_SAMPLES: Final = (Path(__file__).parents[1] / "_samples", Path(__file__).parents[2] / "examples" / "news")
"""The folders that may contain the sample files: in an installed wheel, and in a checkout."""


def load(source: Source, cls: type[Item] = NewsItem) -> Item:  # type: ignore[assignment]
    """Read an item from a file.

    Args:
        source: A path, in which ``~`` is the home directory, or a file open in text or binary mode. Binary mode
            preserves line endings.
        cls: The class of the item: `NewsItem`, or your own class derived from `FrontMatter` and decorated with `model`.

    Returns:
        The item. If *source* is a path, ``path`` of the item is set to it.

    Raises:
        ParseError: if the text is not UTF-8, or its front matter is not closed or not valid YAML.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        ValidationError: if a required key is missing or a value has the wrong type.
        OSError: if the file cannot be read. If *source* is a folder or a pattern, the message explains how to read
            several files.
        ValueError: if *source* is text with several lines that is not the name of a file, or other text that cannot be
            a path.
        TypeError: if *source* is neither a path nor an open file, or *cls* is not an item class.

    Example:
        >>> item = newsitem.load("item.md")
        >>> item
        <NewsItem: "The baker who kept a satellite's frequency on her fridge", 2020-06-10 08:15 UTC, Corrigan's Weekly>
        >>> item.heat, item.topics
        (122, ['Space', 'Radio'])
    """
    if isinstance(source, str | os.PathLike):
        require_kind(cls)
        return load_path(named_path(source), cls)
    _require_stream(source, "read")
    name = _name_of(source)
    try:
        text = all_of(source)
    except UnicodeError as error:
        message = _undecodable(error, getattr(source, "encoding", None))
    else:
        return loads(text, cls, name=name)
    raise ParseError([Problem(message, path=name)])  # without the codec's error, which contains the entire text


def load_path(path: Path, kind: ItemKind[Item]) -> Item:
    """Read an item from a file, as `load` does, without expanding ``~``."""
    try:
        with path.open("rb", buffering=0) as file:
            data: bytes = all_of(file)
    except OSError as error:
        error.filename = os.fspath(path)
        explain(error, path)
        raise
    cls: Any = kind
    if not isinstance(kind, type):
        names = key_names(data, str(path))
        try:
            cls = kind(path, names)
            require_kind(cls)
        except Exception as error:
            raise ChoiceFailed from error
    item: Item = loads(data, cls, name=str(path))
    object.__setattr__(item, "path", path)
    return item


class ChoiceFailed(Exception):
    """The user's function raised an error or did not return an item class. The cause has the details."""


def all_of(stream: Any) -> Any:
    """Read a stream to its end, or to just beyond the size limit."""
    pieces: list[Any] = []
    left = current_limits().size
    while not pieces or (pieces[-1] and left >= 0):
        piece = stream.read(_PIECE)
        if piece is None:
            raise BlockingIOError("the stream has no data yet: read it when it is complete")
        pieces.append(piece)
        left -= len(piece)
    return pieces[0][:0].join(pieces)


def _require_stream(source: object, method: str) -> None:
    if not callable(getattr(source, method, None)):
        raise TypeError(f"expected a path or an open file, not {type(source).__name__}")


def _name_of(stream: object) -> str | None:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else None


def _undecodable(error: UnicodeError, encoding: str | None) -> str:
    """Return the message for a text stream that cannot be decoded. Its encoding may not be that of the file."""
    byte = f" (invalid byte 0x{error.object[error.start]:02X})" if isinstance(error, UnicodeDecodeError) else ""
    if encoding is None or lookup(encoding).name in ("utf-8", "utf-8-sig"):
        return f"not UTF-8{byte}: save the file as UTF-8"
    return f"not {encoding}{byte}, the encoding of the stream: open the file with encoding='utf-8' or in binary mode"


def dump(item: FrontMatter, target: Source | None = None) -> None:
    """Write an item to a file.

    Without *target*, the item is written back to its own file, provided that the file has not changed since it was
    read. If the item was not edited, the file is not touched, and its modification time stays the same.

    A *target* is overwritten, regardless of its content.

    Paths are written atomically: the file is replaced completely or not at all. Symbolic links are followed. The file's
    mode, ACL and extended attributes are preserved, or restricted so that nobody gains access.

    Args:
        item: The item.
        target: A path, or a file open for writing in text or binary mode. Default: ``item.path``.

    Raises:
        ConflictError: if there is no *target* and the file has changed since it was read.
        ValidationError: if a value is not valid, or the encoding of a text stream would change the text.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item.
        ValueError: if there is neither a *target* nor an ``item.path``.
        OSError: if the file cannot be written.
        TypeError: if *target* is neither a path nor an open file, or *item* is not an item.

    Example:
        >>> item.heat = 400
        >>> newsitem.dump(item)  # back to its own file
        >>> newsitem.load(item.path).heat
        400
        >>> newsitem.dump(item, "copy.md")  # to another file, overwriting it if it exists
    """
    before = _data_of(item)  # before the text is rendered: another thread may dump the item in the meantime
    check = _conflict_check(item) if target is None else lambda _path: None
    source_text = write(item)
    if target is not None and not isinstance(target, str | os.PathLike):
        _require_stream(target, "write")
        _write_stream(target, source_text.data.decode())
        return
    path = item.path if target is None else _file_named(target)
    if path is None:
        raise ValueError("the item has no path: set item.path, for example to item.filename, or pass a target")
    is_own = target is None or (item.path is not None and os.path.realpath(path) == os.path.realpath(item.path))
    if is_own and before == source_text.data and has_content(path, source_text.data):
        return
    note = _note(item, source_text) if is_own else lambda _is_written: None
    atomic.replace(path, source_text.data, check=check, note=note)
    if is_own:
        forget(item)


def _file_named(target: str | os.PathLike[str]) -> Path:
    """Return the path of a file to write. A name that ends with a separator is that of a folder."""
    if isinstance(target, str) and target.endswith(("/", os.sep)):
        raise IsADirectoryError(errno.EISDIR, f"{os.strerror(errno.EISDIR)}: pass a path to a file", target)
    return expanded(target)


def _data_of(item: FrontMatter) -> bytes | None:
    """Return the source text of an item, if it has one. Other types are rejected later, with a better message."""
    return getattr(getattr(item, "_source", None), "data", None)


def _note(item: FrontMatter, source_text: SourceText) -> Callable[[bool], None]:
    """Return a function that records *source_text* as the content of the item's file, or undoes that."""
    before = item._source

    def note(written: bool) -> None:
        nonlocal before
        if written:
            before = item._source
        item._source = source_text if written else before

    return note


def has_content(path: Path, data: bytes) -> bool:
    """Return whether a file exists and its content is *data*."""
    return path.is_file() and path.read_bytes() == data


def save(item: FrontMatter, taken: set[Path], *, dry_run: bool) -> bool:
    """Write an item back to its own file, as `dump` does, if it was edited.

    Args:
        item: The item.
        taken: The real paths of the files that other items were written to. That of this item is added.
        dry_run: Check whether it can be written, without writing.

    Returns:
        Whether the item was edited. An item that was not read from a file always counts as edited.

    Raises:
        ConflictError: if the item was edited, and its file has changed since it was read or is in *taken*.
        ValidationError: if a value is not valid.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item, or an edited item has no path.
        OSError: if the file cannot be written.
    """
    before = _data_of(item)  # first, as in `dump`
    check = _conflict_check(item)
    source_text = write(item)
    if before == source_text.data:
        return False
    if item.path is None:
        message = f"{item!r} has no path: write it to a folder, or set item.path, for example to item.filename"
        raise NewsItemError([Problem(message)])
    path = Path(os.path.realpath(item.path))
    if path in taken:
        message = "another item in the collection was written to this file: remove one of the two"
        raise ConflictError([Problem(message, path=str(item.path))])
    atomic.replace(path, source_text.data, check=check, note=_note(item, source_text), dry_run=dry_run)
    if not dry_run:
        forget(item)
    taken.add(path)
    return True


def create(item: FrontMatter, path: Path, *, dry_run: bool = False) -> None:
    """Write an item to a new file. It becomes the item's own file if the item has none.

    The file may exist already if its content is exactly the text of the item.

    Args:
        item: The item.
        path: The new file.
        dry_run: Check whether it can be written, without writing.

    Raises:
        ConflictError: if the file exists with different content.
        ValidationError: if a value is not valid.
        LimitError: if the text exceeds one of the `newsitem.limits`.
        NewsItemError: if the text would not read back as the item.
        OSError: if the file cannot be written.
    """
    source_text = write(item)

    def check(target: Path) -> None:
        if os.path.lexists(target) and not has_content(target, source_text.data):
            message = f"a file with this name already exists: change the title of {item!r}, or dump it elsewhere"
            if item.path == path and _data_of(item) is not None:
                message = "the item has been edited since this file was written: save it instead"
            raise ConflictError([Problem(message, path=str(path))])

    if dry_run:
        check(path)
        return
    if not has_content(path, source_text.data):
        atomic.replace(path, source_text.data, check=check)
    if item.path in (None, path):
        item.path = path
        item._source = source_text
        forget(item)


def rename(item: FrontMatter, target: str | os.PathLike[str] | None = None) -> Path:
    """Rename the file of an item and update ``item.path``.

    The content of the file does not change. No file is ever overwritten, and the file always has either the old or the
    new name. If the system cannot rename a file in one step, as on macOS, a crash may leave it with both names.

    Args:
        item: The item. It must not have unsaved edits.
        target: The new path, on the same file system. Default: `NewsItem.filename`, in the current folder of the file.

    Returns:
        The new path, which is also ``item.path``.

    Raises:
        ConflictError: if the new name is taken, the file has changed since it was read, or the item was edited.
        NewsItemError: if there is no *target* and the ``filename``, such as ``../x.md``, is not a single name.
        ValueError: if the item has no ``path``, there is neither a *target* nor a ``filename``, or the *target*
            contains a null character.
        OSError: if the file cannot be renamed.
        TypeError: if *item* is not an item, or *target* is not a path.

    Example:
        >>> newsitem.rename(item)
        PosixPath('2020-06-10-the-baker-who-kept-a-satellites-frequency-on-her-fridge.md')
        >>> item.path.exists()
        True
    """
    require_kind(type(item))
    if item.path is None:
        raise ValueError("the item has no path: there is no file to rename")
    if target is not None:
        new = _file_named(target)
    elif (name := own_name(item)) is not None:
        new = unexpandable(item.path.with_name(name))
    else:
        raise ValueError(f"{type(item).__name__} has no filename: pass a target")
    move(item, new)
    return item.path


def own_name(item: FrontMatter) -> str | None:
    """Return the ``filename`` of an item as text; ``None`` if it has none.

    Raises:
        NewsItemError: if it is not a single name. It may come from the text of a stranger, and must not lead to another
            folder.
    """
    filename: object = getattr(item, "filename", None)
    if filename is None:
        return None
    name = os.fspath(filename) if isinstance(filename, os.PathLike) else filename
    if isinstance(name, str) and name == Path(name).name and name not in ("", "..") and "\0" not in name:
        return name
    message = f"the filename of {item!r} must be a single name without a folder, not {shortened(repr(name))}"
    raise NewsItemError([Problem(message, path=None if item.path is None else str(item.path))])


def move(item: FrontMatter, target: Path, require: Callable[[Path], None] | None = None) -> None:
    """Rename the file of an item, as `rename` does.

    Args:
        item: The item.
        target: The new path.
        require: For a dry run, which renames nothing: a function that is called with the new path and raises
            ``FileExistsError`` if it is taken.
    """
    path = cast("Path", item.path)
    check = _conflict_check(item)
    if true_name(target) == true_name(path):  # possibly spelled differently
        if not os.path.lexists(path):
            check(path)
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
        object.__setattr__(item, "path", target)
        return
    if differs(item):
        raise ConflictError([Problem("the item has been edited since it was read: save it first", path=str(path))])
    if path.exists() and not path.is_file():  # reading a pipe to compare it could block forever
        raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
    is_checked = False

    def check_once(path: Path) -> None:
        nonlocal is_checked
        check(path)
        is_checked = True

    try:
        if require is None:
            atomic.move(path, target, check_once)
            object.__setattr__(item, "path", target)
            return
        check(path)
        if not atomic.is_respelled(path, target):
            require(target)
    except FileExistsError:
        taken = "a folder" if target.is_dir() else "a file"
        message = f"cannot rename to {printable(target.name or str(target))}: {taken} with this name already exists"
        raise ConflictError([Problem(message, path=str(path))]) from None
    finally:
        # An error may follow the renaming. But if the check did not pass, another program may have moved the file.
        if is_checked and os.path.lexists(target) and not os.path.lexists(path):
            object.__setattr__(item, "path", target)


def true_name(path: Path) -> Path:
    """Return a path with its folder resolved, so that paths can be compared."""
    return Path(os.path.realpath(path.parent), path.name)


def edit(
    path: str | os.PathLike[str],
    function: Callable[[Item], object],
    *,
    tries: int = 3,
    cls: type[Item] = NewsItem,  # type: ignore[assignment]
) -> Item:
    """Read a file, edit its item, and write it back. Try again if the file changes in the meantime.

    Args:
        path: The file.
        function: A function that edits the item it is called with. Each try calls it with a newly read item.
        tries: The maximum number of tries.
        cls: The class of the item.

    Returns:
        The item as written.

    Raises:
        ConflictError: if the file changed during every try.
        ParseError: if the text of the file cannot be read, as with `load`.
        ValidationError: if a value is not valid, in the file or after the change.
        NewsItemError: if the text would not read back as the item.
        OSError: if the file cannot be read or written.
        ValueError: if *tries* is below 1.
        TypeError: if *path* is not a path, *tries* is not an integer, *function* is not callable, or it returns another
            item or a coroutine instead of editing its own.

    Example:
        >>> newsitem.edit("item.md", lambda item: item.topics.append("Moon")).topics
        ['Space', 'Radio', 'Moon']
    """
    if not isinstance(tries, int) or isinstance(tries, bool):
        raise TypeError(f"tries must be an integer, not {tries!r}")
    if tries < 1:
        raise ValueError(f"tries must be at least 1, not {tries}")
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"expected a path, not {type(path).__name__}")
    function = function_of("function", function)
    while True:
        item = load(path, cls)
        _require_edit(function(item), item)
        try:
            dump(item)
            return item
        except ConflictError:
            tries -= 1
            if tries == 0:
                raise


def _require_edit(result: object, item: FrontMatter) -> None:
    """Raise `TypeError` if a function returned another item, or something that has not run yet, in place of an edit."""
    from inspect import isawaitable, isgenerator

    if isawaitable(result) or isgenerator(result) or (isinstance(result, FrontMatter) and result is not item):
        raise TypeError(f"function must edit the item that it is called with: it returned {describe(result)}")


def _conflict_check(item: FrontMatter) -> Callable[[Path], None]:
    """Return a function that raises `ConflictError` unless a file still contains the source text of the item.

    If the item was not read from a file, the file must not exist. A file that already contains the text to write is a
    conflict too: if two writers each add 1 to a counter, both write the same text, and one increment would be lost.
    """
    expected = _data_of(item)

    def check(path: Path) -> None:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = None
        if data == expected:
            return
        if data is None:
            message = "the file no longer exists, or item.path was changed: newsitem.dump(item, target) writes it"
        elif expected is None:
            message = (
                "a file with this name already exists, and the item was not read from it: "
                "newsitem.dump(item, target) overwrites it"
            )
        else:
            message = "the file has changed since it was read: load it again and repeat the edit"
        raise ConflictError([Problem(message, path=str(item.path))])

    return check


def _write_stream(stream: Any, text: str) -> None:
    """Write the entire text to a stream as is. A text stream must not encode it differently from UTF-8."""
    encoding = getattr(stream, "encoding", None)
    if not isinstance(encoding, str) or text.encode(encoding, "replace").removeprefix(BOM_UTF8) == text.encode():
        try:
            if isinstance(stream, io.TextIOWrapper) and "\r\n" in text:  # on Windows, it would turn CRLF into CR CR LF
                stream.flush()
                _write_all(stream.buffer, text.encode(stream.encoding))
                return
            try:
                _write_all(stream, text)
            except TypeError:  # a binary stream
                _write_all(stream, text.encode())
            return
        except UnicodeEncodeError as error:
            encoding = error.encoding
    line, column = front_matter.position(text, next((place for place, sign in enumerate(text) if sign > "\x7f"), 0))
    message = f"the encoding of the stream is {encoding}, in which this text has other bytes: use encoding='utf-8'"
    # Outside the except block: the codec's error contains the entire text and must not be attached.
    raise ValidationError([Problem(message, path=_name_of(stream), line=line, column=column)])


def _write_all(stream: Any, data: Any) -> None:
    """Write *data* to a stream that may accept only a part of it at a time."""
    while data:
        count = stream.write(data)
        if count is None and not isinstance(stream, io.RawIOBase):  # it does not report how much it wrote
            return
        if not count:
            raise BlockingIOError("the stream accepts no more data: its file contains only a part of the text")
        data = data[count:]


def samples(folder: str | os.PathLike[str]) -> list[Path]:
    """Write 21 invented news items to a folder, so that you can try the library.

    Sample files that already exist are not touched, so you can repeat the call until you edit one of them.

    Args:
        folder: The folder. It is created if it does not exist. ``~`` is the home directory.

    Returns:
        The paths of the files, sorted by name.

    Raises:
        ConflictError: if the folder contains files with the same names but different content. Nothing is written in
            this case.
        OSError: if the folder cannot be created, or a file cannot be written.
        ValueError: if *folder* is empty.
        TypeError: if *folder* is not a path.

    Example:
        >>> len(newsitem.samples("try"))
        21
        >>> newsitem.NewsCollection.read("try").count_by("domain").most_common(1)
        [('wardandward.example', 4)]
    """
    target = expanded(folder)
    source = next(filter(Path.is_dir, _SAMPLES))
    files = {target / path.name: path.read_bytes() for path in sorted(source.glob("*.md"))}
    missing = {path: data for path, data in files.items() if not has_content(path, data)}
    _require_no_file(*missing)
    target.mkdir(parents=True, exist_ok=True)
    for path, data in missing.items():
        atomic.replace(path, data, check=_require_no_file)
    return list(files)


def _require_no_file(*paths: Path) -> None:
    if taken := list(filter(os.path.lexists, paths)):
        message = "a different file with this name already exists: pass another folder, or move this file away"
        raise ConflictError(Problem(message, path=str(path)) for path in taken)
