"""Write copies of the sample files that come with the package to a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from newsitem._schema.values import expanded
from newsitem._storage import atomic
from newsitem._storage.files import has_content
from newsitem.errors import ConflictError, Problem

_FOLDERS: Final = (Path(__file__).parents[1] / "_samples", Path(__file__).parents[2] / "examples" / "news")
"""The folders that may contain the files: in an installed wheel, and in a checkout."""


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

    Example:
        >>> len(newsitem.samples("try"))
        21
        >>> newsitem.NewsCollection.read("try").count_by("domain").most_common(1)
        [('wardandward.example', 4)]
    """
    target = expanded(folder)
    source = next(filter(Path.is_dir, _FOLDERS))
    files = {target / path.name: path.read_bytes() for path in sorted(source.glob("*.md"))}
    missing = {path: data for path, data in files.items() if not has_content(path, data)}
    _require_free(*missing)
    target.mkdir(parents=True, exist_ok=True)
    for path, data in missing.items():
        atomic.replace(path, data, check=_require_free)
    return list(files)


def _require_free(*paths: Path) -> None:
    if taken := list(filter(os.path.lexists, paths)):
        message = "a different file with this name already exists: pass another folder, or move this file away"
        raise ConflictError(Problem(message, path=str(path)) for path in taken)
