"""Paths as users write them: with ``~`` for a home, a pattern or a folder where a file is wanted."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return a path with the home of a user in the place of ``~``.

    A relative path that begins with ``~`` all the same is made absolute, so that nobody takes it for a home later.
    """
    found = Path(os.path.expanduser(path))  # noqa: PTH111 - that of pathlib raises where there is no such user
    return found.absolute() if str(found).startswith("~") else found


def explain(error: OSError, path: str | os.PathLike[str]) -> None:
    """Let an error say what to do if *path* is a folder, or a pattern that is no path."""
    if isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and os.path.isdir(path)):  # noqa: PTH112
        error.strerror = f"{error.strerror}: newsitem.NewsCollection.read reads the files in it"
    parts = Path(path).parts
    first = next((place for place, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if error.errno in (errno.ENOENT, errno.EINVAL) and first is not None:
        folder, pattern = Path(*parts[:first]), "/".join(parts[first:])
        error.strerror = f"{error.strerror}: a pattern goes into NewsCollection.read({str(folder)!r}, {pattern=})"
