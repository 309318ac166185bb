"""Atomic file replacement and renaming, with one writer per folder at a time."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # pragma: no cover - not available on Windows
    fcntl = None  # type: ignore[assignment]

_IS_WINDOWS: Final = os.name == "nt"
_RESERVED: Final = re.compile(r"(?is)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]) *(?:\..*)?|.*[<>:\"|?*\0-\x1f].*|.*[. ]")
"""Names that Windows reads as a device or as a stream of another file, or whose final dots it drops."""

_UNSUPPORTED: Final = (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)
"""The error codes of file systems that cannot lock or flush folders, rename without replacing, or link files."""
_TEMPORARY: Final = ".newsitem.tmp"
"""The name of the temporary file in each folder. It is fixed so that a writer can remove what a killed writer left."""

_ACL: Final = "system.posix_acl_access"
"""The extended attribute of a POSIX ACL. If a file has one, the group bits of its mode are the mask of the ACL."""
_CONTENT_ATTRIBUTES: Final = frozenset(("security.capability", "security.evm", "security.ima"))
"""Attributes that certify the content of a file. They are not copied, because the content changes."""


def replace(
    path: Path,
    data: bytes,
    *,
    check: Callable[[Path], None] = lambda _path: None,
    note: Callable[[bool], None] = lambda _is_written: None,
    dry_run: bool = False,
) -> None:
    """Replace the file at *path* atomically with a new file that contains *data*.

    Symbolic links are followed. The mode, owner, group, ACL and extended attributes of the file are preserved as far as
    the user may set them. If one cannot be preserved, nobody gets more access to the file than before.

    Args:
        path: The file.
        data: The new content.
        check: Called with the real path of the file right before it is replaced, while the folder is locked against
            other writers. If it raises, the file is not replaced.
        note: Called with ``True`` right before the file is replaced, and with ``False`` if replacing it then fails. It
            is not called after the replacement, because Ctrl-C could interrupt between the two.
        dry_run: Call only *check*, and write nothing.

    Raises:
        OSError: if the file cannot be written, with *path* as its ``filename``. The old file is then unchanged, unless
            only flushing the folder to disk failed.
    """
    try:
        target = Path(os.path.realpath(path))
        _require_file(target)
        if dry_run:
            target.parent.stat()
            check(target)
            return
        with _temporary(target.parent) as temporary:
            _write(temporary, data, like=target)
            check(target)
            try:
                note(True)
                temporary.replace(target)
            except BaseException:
                if temporary.exists():
                    note(False)
                raise
        _flush_folder(target.parent)
    except OSError as error:  # name the path that the user knows
        actual = error.filename
        error.filename = os.fspath(path)
        if actual is not None and os.fspath(actual) != error.filename:
            error.filename2 = os.fspath(actual)
        raise


def move(path: Path, target: Path, check: Callable[[Path], None]) -> None:
    """Rename a file without overwriting another. At every moment, at least one of the two names exists.

    *check* is called with the file's path right before the renaming, while the folders are locked against other
    writers. If it raises, the file is not renamed. If *path* is a symbolic link, the link itself is renamed.

    Raises:
        FileExistsError: if the new name is taken.
        OSError: if the file cannot be renamed, for example because *target* is on another file system.
    """
    _require_name(target.name, os.fspath(target))
    folders = sorted({path.parent.resolve(), target.parent.resolve()})
    if len(folders) > 1 and path.is_symlink():
        message = "A symbolic link cannot be moved to another folder: its target may be relative"
        raise OSError(errno.EINVAL, message, os.fspath(path))
    other = _locked(folders[1]) if len(folders) > 1 else nullcontext()
    with _locked(folders[0]), other:  # an `ExitStack` could keep a lock after an interrupt
        check(path)
        _rename(path, target)
    for folder in folders:
        _flush_folder(folder)


_NO_REPLACE: Final = 1
_HERE: Final = -100
"""`RENAME_NOREPLACE` and `AT_FDCWD` on Linux."""


def _rename(path: Path, target: Path) -> None:
    """Rename a file unless the new name is taken, with a single system call if the system has one."""
    if _IS_WINDOWS or is_respelled(path, target):  # on Windows, renaming never replaces a file
        path.rename(target)
        return
    renameat2 = _renameat2()
    if renameat2 is not None and _is_supported(partial(renameat2, path, target)):
        return
    if _is_supported(partial(os.link, path, target, follow_symlinks=False), errno.EPERM):
        path.unlink()
    elif os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(target))
    else:
        path.rename(target)


def _is_supported(call: Callable[[], object], *codes: int) -> bool:
    """Call a function. Return ``False`` if the system does not support it, which other error *codes* may also mean."""
    try:
        call()
    except OSError as error:
        if error.errno not in (*_UNSUPPORTED, *codes):
            raise
        return False
    return True


def is_respelled(path: Path, target: Path) -> bool:
    """Return whether *target* is the name of *path* in another spelling, in a folder that ignores case."""
    if path.name.casefold() != target.name.casefold() or not (path.exists() and target.exists()):
        return False
    return path.samefile(target) and target.name not in {entry.name for entry in target.parent.iterdir()}


@cache
def _renameat2() -> Callable[[Path, Path], None] | None:
    """Return a function for the system call of Linux that renames without replacing, if there is one."""
    import ctypes  # slow to import, and rarely needed

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, TypeError, AttributeError):  # another system, or an old C library
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)

    def rename(path: Path, target: Path) -> None:
        if call(_HERE, os.fsencode(path), _HERE, os.fsencode(target), _NO_REPLACE):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), os.fspath(path), None, os.fspath(target))

    return rename


def _require_name(name: str, path: str | None = None) -> None:
    """Raise an error, with *path* as its ``filename``, if the name is reserved or contains a null character."""
    if "\0" in name:  # the system call takes it for the end of the name
        raise ValueError("embedded null byte")
    if name == _TEMPORARY:
        raise OSError(errno.EINVAL, "This name is reserved for temporary files: choose another", path)
    if _IS_WINDOWS and _RESERVED.fullmatch(name):
        raise OSError(errno.EINVAL, "Windows does not allow this name: choose another", path)


def _require_file(target: Path) -> None:
    """Raise `OSError` if the target exists but is not a regular file, or if its name is reserved."""
    _require_name(target.name)
    try:
        mode = target.lstat().st_mode  # a single call, because another program may move the file at any time
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        message = f"{os.strerror(errno.EISDIR)}: pass a path to a file, or use newsitem.NewsCollection.write"
        raise IsADirectoryError(errno.EISDIR, message)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Not a regular file: open it and dump the item to the stream")


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """Provide a path for a temporary file in *folder*, unique while in use. The file is removed afterwards."""
    with _locked(folder) as locked:
        temporary = folder / f".newsitem-{os.urandom(8).hex()}.tmp"
        if locked:
            with suppress(OSError):  # the file that a killed writer left may belong to another user
                (folder / _TEMPORARY).unlink(missing_ok=True)
                temporary = folder / _TEMPORARY
        try:
            yield temporary
        finally:
            try:
                temporary.unlink(missing_ok=True)
            except PermissionError:  # Windows does not remove read-only files
                temporary.chmod(stat.S_IWRITE)
                temporary.unlink()


def _write(temporary: Path, data: bytes, *, like: Path) -> None:
    old = like.stat() if like.exists() else None
    mode = 0o666 if old is None else 0o600  # private until it has the mode of the old file
    with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        if old is not None:
            _copy_metadata(temporary, like, old)
        os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock the folder itself, so that no lock file is needed. Yield whether the file system supports this."""
    if fcntl is None:
        yield False
        return
    with _opened(folder) as descriptor:
        try:
            yield _is_supported(partial(fcntl.flock, descriptor, fcntl.LOCK_EX))
        finally:
            with suppress(OSError):  # closing is not enough: a forked process may share the descriptor
                fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder and provide its descriptor."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _copy_metadata(temporary: Path, path: Path, old: os.stat_result) -> None:
    """Copy owner, group, attributes, ACL and mode from the old file to the new one, as far as the user may."""
    for owner in (old.st_uid, -1):  # the user may be allowed to set only the group
        with suppress(OSError, AttributeError):  # Windows has no `chown`
            os.chown(temporary, owner, old.st_gid)
            break
    new = temporary.stat()
    has_owner, has_group = new.st_uid == old.st_uid, new.st_gid == old.st_gid
    has_acl = _copy_attributes(temporary, path, with_acl=has_group)
    temporary.chmod(_mode(old.st_mode, has_owner=has_owner, has_group=has_group, has_acl=has_acl))


def _copy_attributes(temporary: Path, path: Path, *, with_acl: bool) -> bool:
    """Copy extended attributes. Return whether both files have the same ACL, since a folder may have a default one."""
    old, new = _attributes(path), _attributes(temporary)
    if _ACL in new:
        with suppress(OSError):
            os.removexattr(temporary, _ACL)
    for name, value in old.items():
        if value is not None and (with_acl or name != _ACL):
            with suppress(OSError):
                os.setxattr(temporary, name, value)
    return old.get(_ACL, b"") == _attributes(temporary).get(_ACL, b"")


def _attributes(path: Path) -> dict[str, bytes | None]:
    """Return the extended attributes of a file, with ``None`` for those that cannot be read."""
    attributes: dict[str, bytes | None] = {}
    with suppress(OSError, AttributeError):  # not every file system or operating system has them
        attributes = dict.fromkeys(os.listxattr(path))
    for name in attributes.keys() - _CONTENT_ATTRIBUTES:
        with suppress(OSError):
            attributes[name] = os.getxattr(path, name)
    return attributes


def _mode(old: int, *, has_owner: bool, has_group: bool, has_acl: bool) -> int:
    """Return a mode for the new file that grants nobody more access than the old file did.

    Users who move to another permission class, for example because the group differs, get only the permissions that
    both classes have.
    """
    special, owner, group, other = stat.S_IMODE(old) & ~0o777, old >> 6 & 7, old >> 3 & 7, old & 7
    if not has_owner:
        special &= ~stat.S_ISUID
        group, other = group & owner, other & owner
    if not has_group:
        special &= ~stat.S_ISGID
        group = other = group & other
    if not has_acl:  # the entries of the lost ACL may have denied access to some of these users
        group = other = 0
    return special | owner << 6 | group << 3 | other


def _flush_folder(folder: Path) -> None:
    """Flush the folder to disk, if the file system supports that."""
    if fcntl is not None:
        with _opened(folder) as descriptor:
            _is_supported(partial(os.fsync, descriptor))
