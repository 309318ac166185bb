"""Files: replaced as a whole or not at all, one writer at a time."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks
    fcntl = None  # type: ignore[assignment]

_TEMPORARY: Final = ".newsitem.tmp"
"""The one name, in each folder, of a file that is being written: who writes next clears what a killed writer left."""


def _nothing() -> None: ...


def replace(
    path: Path, data: bytes, *, check: Callable[[Path], None] | None = None, done: Callable[[], None] = _nothing
) -> None:
    """Write *data* beside *path* and put it in its place, whole.

    A symbolic link is followed, and mode, owner and group of the file stay as far as the user may. *check* is called
    with the file's true path right before it is replaced, while no other writer of this kind can come between; what
    it raises ends the writing. *done* is called as soon as it is replaced, whatever fails after that.

    Raises:
        OSError: with *path* as its ``filename``, if the file cannot be written; the old one is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        with _temporary(target.parent) as temporary:
            _write(temporary, data, like=target)
            if check is not None:
                check(target)
            temporary.replace(target)
            done()
        _flush_folder(target.parent)
    except OSError as error:
        _name(error, path)
        raise


def _name(error: OSError, path: Path) -> None:
    """Have an error name the file that the user knows, and behind it the one that it came from."""
    other = error.filename
    error.filename = os.fspath(path)
    error.filename2 = None if other is None or os.fspath(other) == error.filename else os.fspath(other)


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """Give the name under which a file in *folder* may be written, to nobody else meanwhile; then it is gone."""
    with _locked(folder) as locked:
        temporary = folder / (_TEMPORARY if locked else f".newsitem-{os.urandom(8).hex()}.tmp")
        temporary.unlink(missing_ok=True)
        try:
            yield temporary
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def _write(temporary: Path, data: bytes, *, like: Path) -> None:
    with temporary.open("xb") as file:
        with suppress(FileNotFoundError):
            old = like.stat()
            _take_over(temporary, old)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a lock on the folder itself, so that no lock file is left behind. Tells whether there are such locks."""
    if fcntl is None:  # pragma: no cover
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Wait for the lock on an open folder. Some file systems have none, or none for folders."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOTSUP):
            raise
        return False
    return True


def _take_over(temporary: Path, old: os.stat_result) -> None:
    """Give a new file mode, owner and group of the old one, as far as the user may."""
    if fcntl is not None:  # pragma: no branch
        for owner in (old.st_uid, -1):  # the group may be given where the owner may not
            with suppress(PermissionError):
                os.chown(temporary, owner, old.st_gid)
                break
    temporary.chmod(stat.S_IMODE(old.st_mode))


def _flush_folder(folder: Path) -> None:
    """Bring the new name to the disk, where folders can be: the file is in its place in any case."""
    if fcntl is None:  # pragma: no cover
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
