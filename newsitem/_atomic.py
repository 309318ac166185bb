"""Files: replaced as a whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks
    fcntl = None  # type: ignore[assignment]


def replace(path: Path, data: bytes, *, check: Callable[[Path], None] | None = None) -> None:
    """Write *data* beside *path* and put it in its place, whole.

    A symbolic link is followed, and the mode and the owner of the file stay. *check* is called with the
    file's true path right before it is replaced, while no other writer of this kind can come between; what
    it raises ends the writing.

    Raises:
        OSError: if the file cannot be written; the old one is as it was.
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f".newsitem-{os.urandom(8).hex()}.tmp"
    with _locked(target.parent):
        if check is not None:
            check(target)
        try:
            _write(temporary, data, like=target)
            temporary.replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                temporary.unlink()
            raise
        _flush_folder(target.parent)


def _write(temporary: Path, data: bytes, *, like: Path) -> None:
    with temporary.open("xb") as file:
        with suppress(FileNotFoundError):
            old = like.stat()
            with suppress(PermissionError):
                os.chown(file.fileno(), old.st_uid, old.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder itself, so that no lock file is left behind."""
    if fcntl is None:  # pragma: no cover
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
