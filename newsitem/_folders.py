"""Folders -> paths of the files in them: in order, one folder after the other, without what Jekyll skips."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

Sources = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""What is read: a folder, a file, or many of them."""

_ANY_DEPTH: Final = "**"
_SKIPPED_FIRST: Final = (".", "_", "#", "~")
_SKIPPED: Final = ("node_modules", "vendor/bundle", "vendor/cache", "vendor/gems", "vendor/ruby")
"""With names that begin with one of the characters above, this is what Jekyll skips unless its settings differ."""


def starting_points(source: Sources) -> list[Path]:
    """Give the folders and files that are named, in the order of their paths, each once.

    Raises:
        FileNotFoundError: if a single folder or file is named, and does not exist.
        ValueError: if a path is empty.
        TypeError: if *source* is neither a path nor an iterable of paths.
    """
    if isinstance(source, str | os.PathLike):
        os.stat(source)  # noqa: PTH116 - raises in the words of the system
        return [Path(source)]
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        raise TypeError(f"expected a path, or paths, not {type(source).__name__}")
    sources = list(source)
    if "" in sources:
        raise ValueError("a path is empty: the current folder is '.'")
    return sorted(set(map(Path, sources)))


def files(starts: Iterable[Path], pattern: str, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Give the files that are named, and, of the files below the folders that are named, those that match *pattern*.

    Symbolic links are followed. Each folder is read once, however many links lead to it. *failed* is called with
    the error of a folder that cannot be read.
    """
    segments = pattern.split("/") if isinstance(pattern, str) else [""]
    if not all(segments):
        raise ValueError(f"pattern must be relative to the folder, such as '**/*.md', not {pattern!r}")
    starts = list(starts)
    folders = {start for start in starts if os.path.isdir(start)}  # noqa: PTH112 - which never raises
    named = set(starts) - folders
    walk = _Walk(segments, failed)
    for start in starts:
        if start in folders:
            for path in walk.files(start):
                named.discard(path)
                yield path
        elif start in named:
            yield start


def matches(parts: list[str], pattern: str) -> bool:
    """Tell whether a file is one that `files` would give: *parts* are those of its path from the folder on."""
    segments = pattern.split("/")
    places, parent = _reached(segments, 0), ""
    for name in parts:
        places, parent = _after(name, parent, segments, places), name
    return len(segments) in places


_Places = frozenset[int]
"""Which segments of a pattern may come next: the number of segments is its end."""


class _Walk:
    """A way through folders along a pattern."""

    def __init__(self, segments: list[str], failed: Callable[[OSError], None]) -> None:
        self._segments = segments
        self._failed = failed
        self._visited: set[tuple[int, int, _Places]] = set()

    def files(self, folder: Path) -> Iterator[Path]:
        """Give the files below a folder, with those of a folder in it at the place of its name in the order."""
        waiting: list[tuple[Path, _Places | None]] = [(folder, _reached(self._segments, 0))]
        while waiting:
            path, places = waiting.pop()
            if places is None:
                yield path
            else:
                waiting += reversed(self._listing(path, places))

    def _listing(self, folder: Path, places: _Places) -> list[tuple[Path, _Places | None]]:
        """Give the files in a folder that match, and the folders below which some may, with their places."""
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
        for entry in entries:
            reached = _after(entry.name, folder.name, self._segments, places)
            below = reached - {len(self._segments)}
            if reached and _is_folder(entry):
                found += [(folder / entry.name, below)] if below else []
            elif len(self._segments) in reached and _is_file(entry):
                found.append((folder / entry.name, None))
        return found


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
    """Give the segments that may come next at *place*: any number of folders may be none."""
    reached = {place}
    while place < len(segments) and segments[place] == _ANY_DEPTH:
        place += 1
        reached.add(place)
    return frozenset(reached)


def _after(name: str, parent: str, segments: list[str], places: _Places) -> _Places:
    """Give the places in the pattern behind an entry of this name."""
    reached: _Places = frozenset()
    skipped = _is_skipped(name, parent)
    for place in places - {len(segments)}:
        segment = segments[place]
        if skipped and segment[0] != name[0]:  # what is skipped is read where the pattern spells its beginning
            continue
        if segment == _ANY_DEPTH:
            reached |= _reached(segments, place)
        elif fnmatchcase(name, segment):
            reached |= _reached(segments, place + 1)
    return reached


def _is_skipped(name: str, parent: str) -> bool:
    return name.startswith(_SKIPPED_FIRST) or name.endswith("~") or not {name, f"{parent}/{name}"}.isdisjoint(_SKIPPED)
