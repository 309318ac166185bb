"""Folders -> paths of the files in them: in order, one folder after the other, without what Jekyll skips."""

from __future__ import annotations

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
"""With the names that begin with one of the characters above, what Jekyll skips where its settings say nothing else."""


def starting_points(source: Sources) -> list[Path]:
    """Give the folders and files that are named, in the order of their paths, each once.

    Raises:
        FileNotFoundError: if one folder or file is named, and does not exist.
        TypeError: if *source* is no path, nor paths.
    """
    if isinstance(source, str | os.PathLike):
        os.stat(source)  # noqa: PTH116 - raises in the words of the system
        return [Path(source)]
    if isinstance(source, bytes) or not isinstance(source, Iterable):
        raise TypeError(f"expected a path, or paths, not {type(source).__name__}")
    return sorted({Path(one) for one in source})


def files(starts: Iterable[Path], pattern: str, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """Give the files that are named, and those below the folders that are named which match *pattern*.

    Symbolic links are followed. Each folder is read once, however many links lead to it. *failed* is called with
    the error of a folder that cannot be read.
    """
    segments = pattern.split("/") if isinstance(pattern, str) else [""]
    if not all(segments):
        raise ValueError(f"pattern must be relative to the folder, such as '**/*.md', not {pattern!r}")
    visited: set[tuple[int, int]] = set()
    starts = list(starts)
    folders = {start for start in starts if os.path.isdir(start)}  # noqa: PTH112 - which never raises
    named = set(starts) - folders
    for start in starts:
        if start in folders:
            for path in _walk(start, segments, _reached(segments, 0), visited, failed):
                named.discard(path)
                yield path
        elif start in named:
            yield start


def _walk(
    folder: Path,
    segments: list[str],
    places: set[int],
    visited: set[tuple[int, int]],
    failed: Callable[[OSError], None],
) -> Iterator[Path]:
    """Give the files of a folder whose path so far brought the pattern to *places*."""
    try:
        status = folder.stat()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        failed(error)
        return
    if (status.st_dev, status.st_ino) in visited:
        return
    visited.add((status.st_dev, status.st_ino))
    for entry in entries:
        reached = _after(entry.name, folder.name, segments, places)
        if reached and _is_folder(entry):
            yield from _walk(folder / entry.name, segments, reached, visited, failed)
        elif len(segments) in reached and _is_file(entry):
            yield folder / entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file, or a link to one, or to nothing, which reading will say."""
    try:
        return entry.is_file() or not Path(entry).exists()
    except OSError:  # a link to itself
        return True


def _reached(segments: list[str], place: int) -> set[int]:
    """Give the segments that may come next at *place*: any number of folders may be none."""
    reached = {place}
    while place < len(segments) and segments[place] == _ANY_DEPTH:
        place += 1
        reached.add(place)
    return reached


def _after(name: str, parent: str, segments: list[str], places: set[int]) -> set[int]:
    """Give the places in the pattern behind an entry of this name."""
    reached: set[int] = set()
    skipped = name.startswith(_SKIPPED_FIRST) or name in _SKIPPED or f"{parent}/{name}" in _SKIPPED
    for place in places - {len(segments)}:
        segment = segments[place]
        if skipped and segment[0] != name[0]:  # what is skipped is read where the pattern spells its beginning
            continue
        if segment == _ANY_DEPTH:
            reached |= _reached(segments, place)
        elif fnmatchcase(name, segment):
            reached |= _reached(segments, place + 1)
    return reached
