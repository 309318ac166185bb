"""Folders with copies of a sample file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samples import EXAMPLES

from newsitem import NewsCollection

TEXT = EXAMPLES[0].read_bytes()


def fill(folder: Path, *names: str) -> None:
    """Write the sample file under each of the names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TEXT)


def found(folder: Path, **options: Any) -> list[str]:
    """Return the paths of the files that are read, relative to the folder."""
    return [str(item.path).removeprefix(f"{folder}/") for item in NewsCollection.read(folder, **options)]


def sample_file(folder: Path) -> Path:
    """Write the sample file as ``item.md`` and return its path."""
    fill(folder, "item.md")
    return folder / "item.md"


def mixed_folder(folder: Path) -> Path:
    """Write two valid files, an invalid one and a link to a missing file, and return the folder."""
    fill(folder, "1.md", "4.md")
    (folder / "2.md").write_text("---\nheat: x\n---\n")
    (folder / "3.md").symlink_to(folder / "nothing")
    return folder
