"""Atomic replacement of a file: mode, owner, ACL, links, failures and interruptions."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES

import newsitem
from newsitem import NewsCollection, NewsItem
from newsitem._storage import atomic

ACL = "system.posix_acl_access"
_TAGS = {("u", False): 1, ("u", True): 2, ("g", False): 4, ("g", True): 8, ("m", False): 16, ("o", False): 32}
"""The tags of entries, by their letter and whether they name a user or a group."""
NOBODY = 0xFFFFFFFF
"""The ID of entries without a name."""


def set_acl(path: Path, entries: str, *, default: bool = False) -> None:
    """Set the ACL of a file, or the default ACL of a folder, as ``setfacl`` does; skip if there are no ACLs."""
    mode = path.stat().st_mode
    acl = {(1, NOBODY): mode >> 6 & 7, (4, NOBODY): mode >> 3 & 7, (32, NOBODY): mode & 7}
    for entry in entries.split(","):
        letter, *name, rights = entry.split(":")
        number = int(name[0]) if name and name[0] else NOBODY
        acl[_TAGS[letter, number != NOBODY], number] = sum({"r": 4, "w": 2, "x": 1}.get(sign, 0) for sign in rights)
    acl.setdefault((16, NOBODY), 7)
    data = b"".join(struct.pack("<HHI", tag, rights, number) for (tag, number), rights in sorted(acl.items()))
    try:
        os.setxattr(path, "system.posix_acl_default" if default else ACL, struct.pack("<I", 2) + data)
    except (AttributeError, OSError) as error:
        pytest.skip(f"no ACL on this system: {error}")


def edit(path: Path) -> None:
    """Load a file, edit the item and write it back."""
    item = newsitem.load(path)
    item.heat = 4711
    newsitem.dump(item)
    assert newsitem.load(path).heat == 4711


def access(path: Path) -> tuple[int, dict[str, bytes]]:
    """Return the mode and the extended attributes of a file, including its ACL."""
    return stat.S_IMODE(path.stat().st_mode), {name: os.getxattr(path, name) for name in os.listxattr(path)}


@contextmanager
def another_user(uid: int = 65534, gid: int = 65534) -> Iterator[None]:
    """Run as another user with one group."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can be another user")
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A copy of a sample file in a folder that every user can write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        copy = Path(folder) / "item.md"
        copy.write_bytes(EXAMPLES[0].read_bytes())
        yield copy


def test_mode_of_a_new_file(tmp_path: Path) -> None:
    """A new file gets the mode that the umask allows, and not that of a temporary file."""
    (tmp_path / "usual").touch()
    newsitem.dump(newsitem.load(EXAMPLES[0]), tmp_path / "new.md")
    assert (tmp_path / "new.md").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_mode_is_kept(path: Path) -> None:
    """A replaced file keeps its mode."""
    path.chmod(0o640)
    item = newsitem.load(path)
    item.heat = 5
    newsitem.dump(item)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("entries", ["u:4711:rw,g::-,m:rw", "u:4711:-,g:4712:r,m:rwx", "u:4711:rw,m:-", "g:4712:r,o:-"])
@pytest.mark.parametrize("default", [False, True])
def test_acl_is_kept(path: Path, entries: str, default: bool) -> None:
    """A replaced file keeps its ACL, regardless of the default ACL of its folder."""
    set_acl(path, entries)
    if default:
        set_acl(path.parent, "u:4713:rwx,g:4714:rw", default=True)
    before = access(path)
    edit(path)
    assert access(path) == before
    assert ACL in before[1]


def test_default_acl_of_the_folder(path: Path) -> None:
    """A replaced file without an ACL does not get the default ACL of its folder; a new file does."""
    set_acl(path.parent, "u:4713:rwx", default=True)
    path.chmod(0o640)
    edit(path)
    assert access(path) == (0o640, {})
    newsitem.dump(newsitem.load(path), path.with_name("new.md"))
    assert ACL in os.listxattr(path.with_name("new.md"))


@pytest.mark.parametrize("fails", ["setxattr", "getxattr"])
def test_acl_that_cannot_be_copied(path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    """If the ACL cannot be copied, only the owner can access the file, as the ACL may deny access to others."""
    set_acl(path, "u:4711:-,g::-,m:rw,o:r")

    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOTSUP, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, fails, fail)
        edit(path)
    assert access(path) == (0o600, {})


def test_default_acl_that_cannot_be_removed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A default ACL that cannot be removed from a replaced file grants nothing, as its mask is empty."""
    set_acl(path.parent, "u:4713:rwx", default=True)

    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOTSUP, "no")

    path.chmod(0o664)
    monkeypatch.setattr(os, "removexattr", fail)
    edit(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_extended_attributes_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced file keeps the user's extended attributes, or at least its mode if they cannot be set."""
    path.chmod(0o640)
    try:
        os.setxattr(path, "user.note", b"read twice")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    edit(path)
    assert access(path) == (0o640, {"user.note": b"read twice"})

    def fail(*_arguments: object) -> None:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(os, "setxattr", fail)
    item = newsitem.load(path)
    item.heat = 4712
    newsitem.dump(item)
    assert access(path) == (0o640, {})


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o664, 0o644), (0o644, 0o644), (0o604, 0o600), (0o6755, 0o755), (0o1664, 0o1644), (0o446, 0o444), (0o666, 0o666)],
)
def test_owner_and_group_that_cannot_be_kept(open_path: Path, mode: int, expected: int) -> None:
    """A new group gets no rights of the old one, and the setuid and setgid bits are removed."""
    with another_user():
        pass
    os.chown(open_path, 0, 4712)
    open_path.chmod(mode)
    with another_user():
        edit(open_path)
    status = open_path.stat()
    assert (status.st_uid, status.st_gid, oct(stat.S_IMODE(status.st_mode))) == (65534, 65534, oct(expected))


@pytest.mark.parametrize(("group", "kept"), [(4712, True), (65534, False)])
def test_acl_with_another_group(open_path: Path, group: int, kept: bool) -> None:
    """The ACL is kept only if the group is kept, as its entry for the group applies to the old one."""
    with another_user():
        pass
    os.chown(open_path, 0, 4712)
    set_acl(open_path, "u:65534:rw,g::rw,m:rw,o:-")
    before = access(open_path)
    with another_user(gid=group):
        edit(open_path)
    assert access(open_path) == (before if kept else (0o600, {}))


def test_no_mode_grants_more_rights() -> None:
    """For every mode, and whether or not owner and group are kept, no user gets more rights than before."""
    for old, has_owner, has_group in itertools.product(range(0o1000), (False, True), (False, True)):
        new = atomic._mode(old, has_owner=has_owner, has_group=has_group, has_acl=True)
        rights = {who: (old >> bits & 7, new >> bits & 7) for who, bits in {"owner": 6, "group": 3, "other": 0}.items()}
        assert rights["owner"][0] == rights["owner"][1]
        before = [rights[who][0] for who in ("group", "other")]
        after = [rights[who][1] for who in ("group", "other")]
        assert all(then & ~now == 0 for now, then in zip(before, after, strict=True))
        if not has_group:  # members of the old group may now be others, and vice versa
            assert all(then & ~now == 0 for now, then in itertools.product(before, after))
        if not has_owner:  # the old owner may now be a member of the group, or one of the others
            assert all(then & ~rights["owner"][0] == 0 for then in after)
        if has_owner and has_group:
            assert new == old


@pytest.mark.parametrize("number", [errno.EPERM, errno.EINVAL])  # EINVAL if an owner is not mapped
def test_group_is_kept_without_the_owner(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """If the owner cannot be kept, the group is; if that fails too, the file is still written."""
    calls: list[tuple[int, int]] = []

    def chown(_path: Path, owner: int, group: int) -> None:
        calls.append((owner, group))
        raise OSError(number, "no")

    monkeypatch.setattr(os, "chown", chown)
    item = newsitem.load(path)
    item.heat = 4711
    status = path.stat()
    newsitem.dump(item)
    assert calls == [(status.st_uid, status.st_gid), (-1, status.st_gid)]
    assert newsitem.load(path).heat == 4711


def test_symbolic_link(path: Path, tmp_path: Path) -> None:
    """The target of a symbolic link is replaced, and the link stays."""
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.md"
    link.symlink_to(path)
    item = newsitem.load(link)
    item.heat = 5
    newsitem.dump(item)
    assert link.is_symlink()
    assert newsitem.load(path).heat == 5
    assert list(folder.iterdir()) == [link]


def test_write_that_fails(path: Path) -> None:
    """If the disk is full, there is an error, the old file is intact, and no temporary file is left."""
    program = f"""
import resource, signal, sys
import newsitem
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
item = newsitem.load({str(path)!r})
item.body = "x" * 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    newsitem.dump(item)
except OSError:
    sys.exit(7)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 7
    assert path.read_bytes() == EXAMPLES[0].read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_flush_that_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If flushing to the disk fails, the old file is intact, and no temporary file is left."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    item = newsitem.load(path)
    item.heat = 5
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        newsitem.dump(item)
    assert path.read_bytes() == EXAMPLES[0].read_bytes()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(("number", "fails"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
def test_folder_that_cannot_be_flushed(path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fails: bool) -> None:
    """A file system that cannot flush folders is written to; a failing disk is an error."""
    item = newsitem.load(path)
    item.heat = 4711
    true_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, "no")
        true_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="no") if fails else nullcontext():
        newsitem.dump(item)
    assert newsitem.load(path).heat == 4711


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.EIO, "Input/output error")])
def test_write_after_an_interrupted_flush(path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """A write that is interrupted after the file was replaced does not cause a conflict with itself."""
    item = newsitem.load(path)
    item.heat = 4711
    true_flush = atomic._flush_folder

    def interrupted(_folder: Path) -> None:
        raise error

    monkeypatch.setattr(atomic, "_flush_folder", interrupted)
    with pytest.raises(type(error)):
        newsitem.dump(item)
    monkeypatch.setattr(atomic, "_flush_folder", true_flush)
    newsitem.dump(item)
    assert newsitem.load(path) == item


@pytest.mark.parametrize("save", [newsitem.dump, lambda item: NewsCollection([item]).save()], ids=["dump", "save"])
def test_interrupt_after_the_replacement(
    item: NewsItem, save: Callable[[NewsItem], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt right after a file was replaced does not cause a false conflict."""
    replace = os.replace

    def interrupted(source: Any, target: Any) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    item.heat = 5
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            save(item)
    item.heat = 6
    newsitem.dump(item)
    assert item.path is not None
    assert newsitem.load(item.path).heat == 6


def test_interrupt_before_the_replacement(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt before the replacement, the item still counts as changed and can be written."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    item.heat = 5
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            newsitem.dump(item)
    assert newsitem.diff(item)
    newsitem.dump(item)
    assert not newsitem.diff(item)
