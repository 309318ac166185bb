"""Paths as users write them: ``~``, and hints if a pattern or folder is passed instead of a file."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def expanded(path: str | os.PathLike[str]) -> Path:
    """Expand ``~`` and ``~user`` in a path.

    Raises:
        ValueError: if the path is an empty text.
    """
    require_not_empty(path)
    return unexpandable(Path(os.path.expanduser(path)))  # noqa: PTH111 - pathlib's raises if the user does not exist


def unexpandable(path: Path) -> Path:
    """Return a path that does not begin with ``~``, so that it is not expanded later."""
    return path.absolute() if str(path).startswith("~") else path


def require_not_empty(path: object) -> None:
    """Raise `ValueError` if *path* is an empty text, which ``Path`` reads as the current folder."""
    if path == "":
        raise ValueError("empty path: use '.' for the current folder")


def require_no_text(path: object) -> None:
    """Raise `ValueError` if *path* is text with several lines and no file has this name.

    The operating system's error would show the entire text.
    """
    if isinstance(path, str) and "\n" in path and not os.path.lexists(expanded(path)):
        raise ValueError("expected a path, not the text of a file: use newsitem.loads")


def explain(error: OSError, path: str | os.PathLike[str]) -> None:
    """Add a hint to an error if *path* is a folder or a pattern."""
    if isinstance(error, IsADirectoryError) or (isinstance(error, PermissionError) and os.path.isdir(path)):  # noqa: PTH112
        error.strerror = f"{error.strerror}: to read the files in it, use newsitem.NewsCollection.read"
    parts = Path(path).parts
    first = next((place for place, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if error.errno in (errno.ENOENT, errno.EINVAL) and first is not None:
        folder, pattern = Path(*parts[:first]), "/".join(parts[first:])
        error.strerror = f"{error.strerror}: to use a pattern, call NewsCollection.read({str(folder)!r}, {pattern=})"
