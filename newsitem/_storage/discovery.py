"""Find the files in folders, sorted by path, except those that Jekyll skips."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from newsitem._schema.values import expanded, unexpandable
from newsitem.errors import printable

Sources = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A folder, a file, or an iterable of folders and files."""
_P = TypeVar("_P")

_ANY_DEPTH: Final = "**"
_MARKDOWN: Final = ""
"""The segment of a pattern that matches names with one of Jekyll's default Markdown extensions."""
_MARKDOWN_ENDS: Final = (".markdown", ".mkdown", ".mkdn", ".mkd", ".md")
_HIDDEN: Final = (".", "#", "~")
_NEVER_RENDERED: Final = ("_data", "_drafts", "_includes", "_layouts", "_plugins", "_sass", "_site", "node_modules")
"""Names that Jekyll skips everywhere by default."""
_OF_THE_SITE: Final = ("gemfiles", "vendor")
"""Names that Jekyll skips by default, except inside a collection."""
_MOST_NAMED: Final = 5


def starting_points(source: Sources) -> list[Path]:
    """Return the distinct paths in *source*, sorted.

    Raises:
        FileNotFoundError: if *source* is a single path that does not exist.
        ValueError: if a path is empty, or the text of a file.
        TypeError: if *source* is neither a path nor an iterable of paths.
    """
    if not isinstance(source, str | os.PathLike):
        return sorted(set(map(named_path, listed(source))))
    path = named_path(source)
    try:
        os.stat(os.path.expanduser(source))  # noqa: PTH111, PTH116 - its error names the path as the user wrote it
    except OSError as error:
        explain(error, source)
        raise
    return [path]


def named_path(path: str | os.PathLike[str]) -> Path:
    """Return a path that a user named, with ``~`` expanded.

    Raises:
        ValueError: if it is empty, or if it is text with several lines and no file has this name. The operating
            system's error would show the entire text.
    """
    result = expanded(path)
    if isinstance(path, str) and "\n" in path and not os.path.lexists(result):
        raise ValueError("expected a path, not the text of a file: use newsitem.loads")
    return result


def explain(error: OSError, path: str | os.PathLike[str]) -> None:
    """Add a hint to an error if *path* is a folder or a pattern."""
    if isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and os.path.isdir(path)):  # noqa: PTH112
        error.strerror = f"{error.strerror}: to read the files in it, use newsitem.NewsCollection.read"
    parts = Path(path).parts
    first = next((place for place, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if error.errno in (errno.ENOENT, errno.EINVAL) and first is not None:
        folder, pattern = Path(*parts[:first]), "/".join(parts[first:])
        error.strerror = f"{error.strerror}: to use a pattern, call NewsCollection.read({str(folder)!r}, {pattern=})"


def listed(sources: Iterable[_P]) -> list[_P]:
    """Return the paths in an iterable.

    Raises:
        TypeError: if *sources* is not an iterable of paths, or is an open file, which is an iterable of its lines.
    """
    if isinstance(sources, bytes) or not isinstance(sources, Iterable):
        raise TypeError(f"expected a path or an iterable of paths, not {type(sources).__name__}")
    if callable(getattr(sources, "readline", None)):
        message = "expected a path or an iterable of paths, not an open file: pass its path, or use newsitem.load"
        raise TypeError(message)
    paths = list(sources)
    for path in paths:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"expected a path, not {type(path).__name__}")
    return paths


def files(
    starts: Iterable[Path], pattern: str | None, failed: Callable[[OSError], None], skipped: list[str]
) -> Iterator[Path]:
    """Return the files in *starts*, and the files below its folders that match *pattern*.

    Symbolic links are followed. Each folder is read once, regardless of how many links lead to it.

    Args:
        starts: Files and folders.
        pattern: The pattern, or ``None`` for Markdown files.
        failed: Called with the error of each folder that cannot be read.
        skipped: Receives the names of files and folders that match but that Jekyll skips.
    """
    rests = _begun(_segments(pattern)) - {_MATCHED}
    visited: set[_Visit] = set()
    named = dict.fromkeys(starts)
    waiting = [(start, rests if os.path.isdir(start) else None) for start in reversed(named)]  # noqa: PTH112
    done: set[Path] = set()
    while waiting:
        path, below = waiting.pop()
        if below is not None:
            waiting += reversed(_listing(path, below, visited, failed, skipped))
        elif path not in done:
            if path in named:  # it may be below a folder too
                done.add(path)
            yield path


def _segments(pattern: str | None) -> tuple[str, ...]:
    if pattern is None:
        return _ANY_DEPTH, _MARKDOWN
    segments = tuple(pattern.split("/")) if isinstance(pattern, str) else ("",)
    if not all(segments):
        raise ValueError(f"pattern must be relative to the folder, such as '**/*.md', not {pattern!r}")
    return segments


def is_found(parts: list[str], skipped: list[str]) -> bool:
    """Return whether `files` would return a file without a pattern.

    *parts* are the names on the file's path, starting with the starting folder. If the file or a folder on the path is
    skipped, its name is added to *skipped*.
    """
    if not parts[-1].lower().endswith(_MARKDOWN_ENDS):
        return False
    for place, (parent, name) in enumerate(pairwise(parts), 2):
        if _is_skipped(name, parent, is_folder=place < len(parts)):
            skipped.append(name)
            return False
    return True


def warn_of_nothing(sources: Iterable[object], pattern: str | None, skipped: Iterable[str]) -> None:
    """Warn that no files were found in *sources*, at the calling line of the user's code."""
    names = Counter(skipped)
    message = "no Markdown files" if pattern is None else f"no files match {pattern!r}"
    places = ", ".join(printable(source) for source in sources)
    message += f" in {places}" if places else ": there are no paths to read"
    if names:
        shown = ", ".join(f"{printable(name)} ({count:,})" for name, count in names.most_common(_MOST_NAMED))
        more = ", …" if len(names) > _MOST_NAMED else ""
        message += f"; {names.total():,} skipped: {shown}{more} (to read a skipped path, pass it as source)"
    warnings.warn(message, stacklevel=_level_of_user())


def _level_of_user() -> int:
    """Return the stack level of the first caller outside newsitem."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__')}.".startswith("newsitem."):
        level, frame = level + 1, frame.f_back
    return level


_Rests = frozenset[tuple[str, ...]]
"""The remainders of a pattern that a path may still have to match. There may be several, because of ``**``."""
_MATCHED: Final = ()
"""The remainder of a pattern after a complete match."""


_Visit = tuple[int, int, _Rests]
"""A folder's device and inode number, and the remainders of the pattern that its files were compared with."""


def _listing(
    folder: Path, rests: _Rests, visited: set[_Visit], failed: Callable[[OSError], None], skipped: list[str]
) -> list[tuple[Path, _Rests | None]]:
    """Return the matching files in a folder, and the subfolders that may contain some, with the remainders for them."""
    try:
        status = folder.stat()
        visit = (status.st_dev, status.st_ino, rests)
        if visit in visited:
            return []
        visited.add(visit)
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        failed(error)
        return []
    matches: list[tuple[Path, _Rests | None]] = []
    parent = folder.absolute().name
    for entry in entries:
        name = entry.name
        after = _after(name, rests)
        is_folder = bool(after) and _is_folder(entry)
        if not _leads_on(entry, after, is_folder):
            continue
        if _is_skipped(name, parent, is_folder):
            # It is read if the pattern spells out the first character of its name.
            after = _after(name, frozenset(rest for rest in rests if rest[0][:1] == name[0]))
            if not _leads_on(entry, after, is_folder):
                skipped.append(name)
                continue
        matches.append((unexpandable(folder / name), after - {_MATCHED} if is_folder else None))
    return matches


def _leads_on(entry: os.DirEntry[str], rests: _Rests, is_folder: bool) -> bool:
    """Return whether an entry is a matching file, or a folder that may contain some."""
    return any(rests) if is_folder else _MATCHED in rests and _is_file(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, a link to one, or an inaccessible link, for which listing it will fail."""
    try:
        return entry.is_dir()
    except OSError as error:
        return error.errno != errno.ELOOP  # a link to itself is not a folder


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a file, a link to one, or a broken link, for which reading it will fail."""
    try:
        return entry.is_file() or not Path(entry).exists()
    except OSError:  # a link to itself
        return True


def _begun(rest: tuple[str, ...]) -> _Rests:
    """Return a remainder of the pattern, and those after each ``**`` at its start, because it may match no folder."""
    rests = {rest}
    while rest[:1] == (_ANY_DEPTH,):
        rest = rest[1:]
        rests.add(rest)
    return frozenset(rests)


def _after(name: str, rests: _Rests) -> _Rests:
    """Return the remainders of the pattern after it has matched an entry with this name."""
    remaining: _Rests = frozenset()
    for rest in filter(None, rests):
        segment = rest[0]
        if segment == _ANY_DEPTH:
            remaining |= _begun(rest)
        elif fnmatchcase(name, segment) if segment else name.lower().endswith(_MARKDOWN_ENDS):
            remaining |= _begun(rest[1:])
    return remaining


def _is_skipped(name: str, parent: str, is_folder: bool) -> bool:
    """Return whether Jekyll skips an entry of a folder named *parent*.

    A folder whose name begins with ``_`` is a collection, such as ``_posts``, unless it is inside another collection.
    """
    if name.startswith(_HIDDEN) or name.endswith("~") or name in _NEVER_RENDERED:
        return True
    if parent.startswith("_"):
        return name.startswith("_")
    return name in _OF_THE_SITE or (name.startswith("_") and not is_folder)
