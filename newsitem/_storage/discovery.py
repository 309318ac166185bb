"""Folders -> paths of the files in them: in order, one folder after the other, without what Jekyll skips."""

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
from typing import Final

from newsitem._storage.paths import expanded, explain
from newsitem.errors import printable

Sources = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""What is read: a folder, a file, or many of them."""

_ANY_DEPTH: Final = "**"
_MARKDOWN: Final = ""
"""The segment of a pattern that any file matches whose name says that it is Markdown, as Jekyll's settings have it."""
_MARKDOWN_ENDS: Final = (".markdown", ".mkdown", ".mkdn", ".mkd", ".md")
_HIDDEN: Final = (".", "#", "~")
_NEVER_RENDERED: Final = frozenset(
    ("_data", "_drafts", "_includes", "_layouts", "_plugins", "_sass", "_site", "node_modules")
)
"""Names of folders that Jekyll does not look for items in, unless its settings differ."""
_OF_THE_SITE: Final = frozenset(("gemfiles", "vendor"))
"""Those that may be any folder in a collection."""
_MOST_NAMED: Final = 5


def starting_points(source: Sources) -> list[Path]:
    """Return the folders and files that are named, in the order of their paths, each once.

    Raises:
        FileNotFoundError: if a single folder or file is named, and does not exist.
        ValueError: if a path is empty.
        TypeError: if *source* is neither a path nor an iterable of paths.
    """
    if isinstance(source, str | os.PathLike):
        try:
            os.stat(os.path.expanduser(source))  # noqa: PTH111, PTH116 - raises in the words of the system
        except OSError as error:
            explain(error, source)
            raise
        return [expanded(source)]
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        raise TypeError(f"expected a path, or paths, not {type(source).__name__}")
    sources = list(source)
    if "" in sources:
        raise ValueError("a path is empty: the current folder is '.'")
    return sorted(set(map(expanded, sources)))


def files(
    starts: Iterable[Path], pattern: str | None, failed: Callable[[OSError], None], skipped: list[str] | None = None
) -> Iterator[Path]:
    """Return the files that are named, and, of the files below the folders that are named, those that match *pattern*.

    Symbolic links are followed. Each folder is read once, however many links lead to it. *failed* is called with
    the error of a folder that cannot be read. *skipped* takes the names of what would be read if Jekyll did.
    """
    segments = _segments(pattern)
    starts = list(starts)
    folders = {start for start in starts if os.path.isdir(start)}  # noqa: PTH112 - which never raises
    named = set(starts) - folders
    walk = _Walk(segments, failed, [] if skipped is None else skipped)
    for start in starts:
        if start in folders:
            for path in walk.files(start):
                named.discard(path)
                yield path
        elif start in named:
            yield start


def _segments(pattern: str | None) -> list[str]:
    if pattern is None:
        return [_ANY_DEPTH, _MARKDOWN]
    segments = pattern.split("/") if isinstance(pattern, str) else [""]
    if not all(segments):
        raise ValueError(f"pattern must be relative to the folder, such as '**/*.md', not {pattern!r}")
    return segments


def is_found(parts: list[str], skipped: list[str]) -> bool:
    """Tell whether a file is one that `files` would give without a pattern.

    *parts* are the names of the folder and of what is below it. *skipped* takes the name of what is skipped.
    """
    segments = _segments(None)
    reached = _reached(segments, 0)
    for name in parts[1:]:
        reached = _after(name, segments, reached)
    if len(segments) not in reached:
        return False
    for place, (parent, name) in enumerate(pairwise(parts), 2):
        if _is_skipped(name, parent, is_folder=place < len(parts)):
            skipped.append(name)
            return False
    return True


def warn_of_nothing(sources: Iterable[object], pattern: str | None, skipped: Iterable[str]) -> None:
    """Warn that nothing was found in *sources*, at the line of the user's code that asked for it."""
    names = Counter(skipped).most_common()
    message = "no Markdown files" if pattern is None else f"no files match {pattern!r}"
    message += f" in {', '.join(printable(source) for source in sources)}"
    if names:
        shown = ", ".join(f"{printable(name)} ({count:,})" for name, count in names[:_MOST_NAMED])
        more = ", …" if len(names) > _MOST_NAMED else ""
        message += f", and {sum(count for _, count in names):,} skipped: {shown}{more}; what source names is read"
    warnings.warn(message, stacklevel=_level_of_user())


def _level_of_user() -> int:
    """Return how many calls above the one that calls this the code begins that is not newsitem's."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__')}.".startswith("newsitem."):
        level, frame = level + 1, frame.f_back
    return level


_Places = frozenset[int]
"""Which segments of a pattern may come next: the number of segments is its end."""


class _Walk:
    """A way through folders along a pattern."""

    def __init__(self, segments: list[str], failed: Callable[[OSError], None], skipped: list[str]) -> None:
        self._segments = segments
        self._failed = failed
        self._skipped = skipped
        self._visited: set[tuple[int, int, _Places]] = set()

    def files(self, folder: Path) -> Iterator[Path]:
        """Return the files below a folder, with those of a folder in it at the place of its name in the order."""
        waiting: list[tuple[Path, _Places | None]] = [(folder, _reached(self._segments, 0))]
        while waiting:
            path, places = waiting.pop()
            if places is None:
                yield path
            else:
                waiting += reversed(self._listing(path, places))

    def _listing(self, folder: Path, places: _Places) -> list[tuple[Path, _Places | None]]:
        """Return the files in a folder that match, and the folders below which some may, with their places."""
        try:
            status = folder.stat()
            visit = (status.st_dev, status.st_ino, places)
            if visit in self._visited:
                return []
            self._visited.add(visit)
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._failed(error)
            return []
        found: list[tuple[Path, _Places | None]] = []
        parent = folder.absolute().name
        for entry in entries:
            reached = _after(entry.name, self._segments, places)
            is_folder = bool(reached) and _is_folder(entry)
            if not self._leads_on(entry, reached, is_folder):
                continue
            if _is_skipped(entry.name, parent, is_folder):
                reached = _after(entry.name, self._segments, _spelled(entry.name, self._segments, places))
                if not self._leads_on(entry, reached, is_folder):
                    self._skipped.append(entry.name)
                    continue
            found.append((_below(folder, entry.name), reached - {len(self._segments)} if is_folder else None))
        return found

    def _leads_on(self, entry: os.DirEntry[str], reached: _Places, is_folder: bool) -> bool:
        """Tell whether an entry is a file that matches, or a folder below which some may."""
        end = len(self._segments)
        return bool(reached - {end}) if is_folder else end in reached and _is_file(entry)


def _below(folder: Path, name: str) -> Path:
    """Return the path of an entry, which nobody takes for a user's home."""
    path = folder / name
    return path.absolute() if str(path).startswith("~") else path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder, or a link to one or to where nobody may look, which listing it will reveal."""
    try:
        return entry.is_dir()
    except OSError as error:
        return error.errno != errno.ELOOP  # a link to itself is none


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file, or a link to one or to nothing, which reading it will reveal."""
    try:
        return entry.is_file() or not Path(entry).exists()
    except OSError:  # a link to itself
        return True


def _reached(segments: list[str], place: int) -> _Places:
    """Return the segments that may come next at *place*: any number of folders may be none."""
    reached = {place}
    while place < len(segments) and segments[place] == _ANY_DEPTH:
        place += 1
        reached.add(place)
    return frozenset(reached)


def _after(name: str, segments: list[str], places: _Places) -> _Places:
    """Return the places in the pattern after an entry of this name."""
    reached: _Places = frozenset()
    for place in places - {len(segments)}:
        segment = segments[place]
        if segment == _ANY_DEPTH:
            reached |= _reached(segments, place)
        elif fnmatchcase(name, segment) if segment else name.lower().endswith(_MARKDOWN_ENDS):
            reached |= _reached(segments, place + 1)
    return reached


def _spelled(name: str, segments: list[str], places: _Places) -> _Places:
    """Return the places at which the pattern spells the start of a name, so that it is read though it is skipped."""
    return frozenset(place for place in places - {len(segments)} if segments[place][:1] == name[0])


def _is_skipped(name: str, parent: str, is_folder: bool) -> bool:
    """Tell whether Jekyll passes over an entry of a folder named *parent*.

    A folder whose name begins with ``_`` is a collection, such as ``_posts``, unless it lies in such a folder.
    """
    if name.startswith(_HIDDEN) or name.endswith("~") or name in _NEVER_RENDERED:
        return True
    if parent.startswith("_"):
        return name.startswith("_")
    return name in _OF_THE_SITE or (name.startswith("_") and not is_folder)
