"""Describe the fields of the model and the kinds of values. This folder knows nothing about files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathlib

    Path = pathlib.Path
else:

    def __getattr__(name: str) -> object:
        """Import `Path` on first use: pathlib is slow to import, and an item without a path does not need it."""
        if name == "Path":
            from pathlib import Path

            return globals().setdefault(name, Path)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
