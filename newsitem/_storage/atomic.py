"""Files: replaced as a whole or not at all, one writer at a time."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no such locks
    fcntl = None  # type: ignore[assignment]

_IS_WINDOWS: Final = os.name == "nt"
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])[ ]*(?:\..*)?|.*[<>:\"|?*\0-\x1f].*|.*[. ]", re.I | re.S
)
"""Names that Windows takes for a device, for a stream of another file, or for a name without the dots at its end."""

_TEMPORARY: Final = ".newsitem.tmp"
"""The one name, in each folder, of a file that is being written: who writes next clears what a killed writer left."""

_ACL: Final = "system.posix_acl_access"
"""The attribute that holds a POSIX ACL: where there is one, the bits of the group in the mode are its mask."""
_OF_CONTENT: Final = frozenset(("security.capability", "security.evm", "security.ima"))
"""Attributes that vouch for the content of a file, which is another now."""


def replace(
    path: Path,
    data: bytes,
    *,
    check: Callable[[Path], None] | None = None,
    note: Callable[[bool], None] | None = None,
) -> None:
    """Write *data* beside *path* and put it in its place, whole.

    A symbolic link is followed. Mode, owner, group, ACL and extended attributes of the file are kept as far as the user
    may set them; what cannot be kept never lets anybody do more with the file than before. *check* is called with the
    file's true path right before it is replaced, while no other writer of this kind can come between; what it raises
    ends the writing. *note* is called with ``True`` right before the file is replaced, and with ``False`` if it then is
    not. It is not called afterwards: Ctrl-C could come between.

    Raises:
        OSError: with *path* as its ``filename``, if the file cannot be written; the old one is as it was. Only if
            bringing the new name to the disk fails has the file been replaced already.
    """
    try:
        target = Path(os.path.realpath(path))
        _require_file(target)
        with _temporary(target.parent) as temporary:
            _write(temporary, data, like=target)
            if check is not None:
                check(target)
            _put(temporary, target, note or (lambda _: None))
        _flush_folder(target.parent)
    except OSError as error:
        _name(error, path)
        raise


def _put(temporary: Path, target: Path, note: Callable[[bool], None]) -> None:
    try:
        note(True)
        temporary.replace(target)
    except BaseException:
        if temporary.exists():
            note(False)
        raise


def confirm(path: Path, check: Callable[[Path], None]) -> None:
    """Call *check* as `replace` does, but replace nothing."""
    try:
        target = Path(os.path.realpath(path))
        _require_file(target)
        check(target)
    except OSError as error:
        _name(error, path)
        raise


def move(path: Path, target: Path, check: Callable[[Path], None]) -> None:
    """Rename a file, where the new name is free: at no time is there neither name, or a file overwritten.

    *check* is called with the file's path right before, while no other writer of this kind can come between; what it
    raises ends the renaming. A symbolic link is renamed itself.

    Raises:
        FileExistsError: if the new name is taken.
        OSError: if the file cannot be renamed, as to another file system.
    """
    _require_name(target.name, os.fspath(target))
    folders = sorted({path.parent.resolve(), target.parent.resolve()})
    if len(folders) > 1 and path.is_symlink():
        raise OSError(errno.EINVAL, "A symbolic link: it would lead elsewhere in another folder", os.fspath(path))
    with ExitStack() as stack:
        for folder in folders:
            stack.enter_context(_locked(folder))
        check(path)
        _rename(path, target)
    for folder in folders:
        _flush_folder(folder)


_NO_REPLACE: Final = 1
_HERE: Final = -100
"""`RENAME_NOREPLACE` and `AT_FDCWD` of Linux."""


def _rename(path: Path, target: Path) -> None:
    """Rename a file where the new name is not taken: by one call of the system, where there is one that refuses."""
    if _IS_WINDOWS or is_respelled(path, target):  # on Windows, renaming never replaces
        path.rename(target)
        return
    call = _renameat2()
    code = errno.ENOSYS if call is None else call(path, target)
    if code == 0:
        return
    if code not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        raise OSError(code, os.strerror(code), os.fspath(path), None, os.fspath(target))
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):  # as where a file can have but one name
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(target)) from None
        path.rename(target)
    else:
        path.unlink()


def is_respelled(path: Path, target: Path) -> bool:
    """Tell whether two paths are spellings of one name, of which the folder has the first: it may ignore case."""
    if path.name.casefold() != target.name.casefold() or not (path.exists() and target.exists()):
        return False
    return path.samefile(target) and target.name not in {one.name for one in target.parent.iterdir()}


@cache
def _renameat2() -> Callable[[Path, Path], int] | None:
    """Return the call of Linux that renames a file, but replaces none. It returns the code of an error, or 0."""
    import ctypes  # which most programs do without

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, TypeError, AttributeError):  # another system, or an old one
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)

    def rename(path: Path, target: Path) -> int:
        failed = call(_HERE, os.fsencode(path), _HERE, os.fsencode(target), _NO_REPLACE)
        return ctypes.get_errno() if failed else 0

    return rename


def _require_name(name: str, path: str | None = None) -> None:
    """Refuse a name that no file of the user's can have. The error names *path*."""
    if name == _TEMPORARY:
        raise OSError(errno.EINVAL, "This name is kept for temporary files: take another", path)
    if _IS_WINDOWS and _RESERVED.fullmatch(name):
        raise OSError(errno.EINVAL, "Windows does not allow this name: take another", path)


def _require_file(target: Path) -> None:
    """Refuse what is there but is not a file, such as a device, and what would be taken for a temporary file."""
    _require_name(target.name)
    if os.path.lexists(target) and not target.is_file():
        if target.is_dir():
            message = f"{os.strerror(errno.EISDIR)}: name a file in it, or use newsitem.NewsCollection.write"
            raise IsADirectoryError(errno.EISDIR, message)
        raise OSError(errno.EINVAL, "Not a regular file: open it, and dump the item to the stream")


def _name(error: OSError, path: Path) -> None:
    """Make an error name the file that the user knows, and after it the one that it came from."""
    other = error.filename
    error.filename = os.fspath(path)
    if other is not None and os.fspath(other) != error.filename:
        error.filename2 = os.fspath(other)


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    """Return a name for writing a file in *folder*, which nobody else gets meanwhile; afterwards, the file is gone."""
    with _locked(folder) as locked:
        temporary = folder / _TEMPORARY
        if not (locked and _is_cleared(temporary)):
            temporary = folder / f".newsitem-{os.urandom(8).hex()}.tmp"
        try:
            yield temporary
        finally:
            with suppress(FileNotFoundError):
                _remove(temporary)


def _remove(temporary: Path) -> None:
    try:
        temporary.unlink()
    except PermissionError:  # Windows removes no read-only file
        temporary.chmod(stat.S_IWRITE)
        temporary.unlink()


def _is_cleared(temporary: Path) -> bool:
    """Clear what a killed writer left, which may be another user's."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _write(temporary: Path, data: bytes, *, like: Path) -> None:
    old = like.stat() if like.exists() else None
    mode = 0o666 if old is None else 0o600  # nobody else may read it before it has the mode of the old file
    with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        if old is not None:
            _take_over(temporary, like, old)
        os.fsync(file.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a lock on the folder itself, so that no lock file is left. Tells whether there are such locks."""
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(descriptor)
    finally:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # a process that was forked meanwhile has the descriptor too
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Wait for the lock on an open folder. Some file systems have none, or none for folders."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # pyright: ignore[reportOptionalMemberAccess]
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOTSUP):
            raise
        return False
    return True


def _take_over(temporary: Path, path: Path, old: os.stat_result) -> None:
    """Hand a new file the owner, group, attributes, ACL and mode of the old one, as far as the user may."""
    if fcntl is not None:
        for owner in (old.st_uid, -1):  # the group may be given where the owner may not
            with suppress(OSError):
                os.chown(temporary, owner, old.st_gid)
                break
    new = temporary.stat()
    has_group = new.st_gid == old.st_gid
    has_acl = _take_over_attributes(temporary, path, with_acl=has_group)
    mode = _mode(old.st_mode, has_owner=new.st_uid == old.st_uid, has_group=has_group, has_acl=has_acl)
    temporary.chmod(mode)


def _take_over_attributes(temporary: Path, path: Path, *, with_acl: bool) -> bool:
    """Copy extended attributes, and tell whether the files have the same ACL: a folder may give its new files one."""
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
    """Return the extended attributes of a file, those that cannot be read as ``None``."""
    found: dict[str, bytes | None] = {}
    if not hasattr(os, "listxattr"):  # pragma: no cover - Linux alone has it
        return found
    with suppress(OSError):  # the file system has no attributes
        found = dict.fromkeys(os.listxattr(path))
    for name in found.keys() - _OF_CONTENT:
        with suppress(OSError):
            found[name] = os.getxattr(path, name)
    return found


def _mode(old: int, *, has_owner: bool, has_group: bool, has_acl: bool) -> int:
    """Return the mode of a new file, by which nobody may do more with it than with the old one.

    Who is not in the same class as before, such as the members of another group, gets what both classes may do.
    """
    special, owner, group, other = stat.S_IMODE(old) & ~0o777, old >> 6 & 7, old >> 3 & 7, old & 7
    if not has_owner:
        special &= ~stat.S_ISUID
        group, other = group & owner, other & owner
    if not has_group:
        special &= ~stat.S_ISGID
        group = other = group & other
    if not has_acl:  # whose entries may have refused what group and others may do
        group = other = 0
    return special | owner << 6 | group << 3 | other


def _flush_folder(folder: Path) -> None:
    """Bring the new name to the disk, where folders can be: the file is in its place in any case."""
    if fcntl is None:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
