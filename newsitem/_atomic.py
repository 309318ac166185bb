"""Files: replaced as a whole or not at all, one writer at a time."""

from __future__ import annotations

import errno
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

    A symbolic link is followed, and mode, owner and group of the file stay as far as the user may. *check* is called
    with the file's true path right before it is replaced, while no other writer of this kind can come between; what
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
            _take_over(temporary, old)
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
