"""Files and streams: paths, modes, links, conflicts, and that a failure leaves the file as it was."""

from __future__ import annotations

import errno
import io
import itertools
import os
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES

import newsitem
from newsitem._storage import atomic

TEXT = EXAMPLES[0].read_bytes().decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of a sample file."""
    copy = tmp_path / "item.md"
    copy.write_bytes(EXAMPLES[0].read_bytes())
    return copy


def test_load_and_dump_by_path(path: Path) -> None:
    """An edit goes back to the item's own file, and can be repeated."""
    for heat in (1, 2):
        item = newsitem.load(path)
        item.heat = heat
        newsitem.dump(item)
        item.heat = heat + 10
        newsitem.dump(item)
        assert newsitem.load(str(path)).heat == heat + 10
    assert list(path.parent.iterdir()) == [path]


def test_untouched_item_leaves_its_file_identical(path: Path) -> None:
    """Writing without an edit gives the same bytes."""
    newsitem.dump(newsitem.load(path))
    assert path.read_bytes() == EXAMPLES[0].read_bytes()


def test_open_files(tmp_path: Path) -> None:
    """Binary and text files are read and written; such an item has no path of its own."""
    crlf = TEXT.replace("\n", "\r\n").encode()
    item = newsitem.load(io.BytesIO(crlf))
    assert item.path is None
    binary, text = io.BytesIO(), io.StringIO()
    newsitem.dump(item, binary)
    newsitem.dump(newsitem.load(io.StringIO(TEXT)), text)
    assert (binary.getvalue(), text.getvalue()) == (crlf, TEXT)
    with (tmp_path / "out.md").open("wb") as file:
        newsitem.dump(item, file)
    assert (tmp_path / "out.md").read_bytes() == crlf
    with (tmp_path / "out.md").open("rb") as file:
        assert newsitem.load(file) == item


def test_a_stream_that_gives_little_at_a_time() -> None:
    """A stream may give less than it was asked for, and is read to its end all the same."""

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size or 7))

    assert newsitem.dumps(newsitem.load(Slow(TEXT.encode()))) == TEXT


def test_a_stream_that_takes_little_at_a_time() -> None:
    """A stream that takes less than it is given gets the rest too, and is left open."""

    class Slow(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.taken += bytes(data[:7])
            return min(7, len(data))

    stream = Slow()
    newsitem.dump(newsitem.loads(TEXT), stream)  # type: ignore[arg-type]
    assert stream.taken.decode() == TEXT
    assert not stream.closed


def test_a_stream_that_has_nothing_yet() -> None:
    """A stream that does not wait for what is to come is refused, not read in half."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, TEXT.encode()[:100])
    with os.fdopen(reading, "rb", buffering=0) as stream, pytest.raises(BlockingIOError, match="when it is complete"):
        newsitem.load(stream)
    os.close(writing)


def test_an_error_in_an_open_file_names_it(tmp_path: Path) -> None:
    """The name of an open file stands in the problem; a stream without one has none."""
    (tmp_path / "bad.md").write_text("no fences")
    with (tmp_path / "bad.md").open("rb") as file, pytest.raises(newsitem.ParseError) as caught:
        newsitem.load(file)
    assert caught.value.path == str(tmp_path / "bad.md")
    with pytest.raises(newsitem.ParseError) as caught:
        newsitem.load(io.StringIO("no fences"))
    assert caught.value.path is None


def test_arguments_of_a_wrong_kind() -> None:
    """What is no item, no text or no path is a TypeError or ValueError that says so, and shows nothing of it."""
    for function in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff):
        with pytest.raises(TypeError, match="expected an item, not dict"):
            function({})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected str or bytes, not int"):
        newsitem.loads(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^expected a path, not the text of a file: use newsitem\.loads$"):
        newsitem.load(TEXT)


def test_no_path_and_no_target() -> None:
    """An item without a path needs a target."""
    with pytest.raises(ValueError, match="has no path"):
        newsitem.dump(newsitem.loads(TEXT))


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    """A file that is made new has the mode that the user's mask gives, not that of a temporary file."""
    (tmp_path / "usual").touch()
    newsitem.dump(newsitem.loads(TEXT), tmp_path / "new.md")
    assert (tmp_path / "new.md").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_the_mode_is_kept(path: Path) -> None:
    """A file that is replaced keeps its mode."""
    path.chmod(0o640)
    item = newsitem.load(path)
    item.heat = 5
    newsitem.dump(item)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# -- who may do what with a file -----------------------------------------------------------------------------

ACL = "system.posix_acl_access"


_TAGS = {("u", False): 1, ("u", True): 2, ("g", False): 4, ("g", True): 8, ("m", False): 16, ("o", False): 32}
"""The numbers of entries by their letter, and by whether they name a user or a group."""
NOBODY = 0xFFFFFFFF
"""What stands for no name in an ACL."""


def set_acl(path: Path, entries: str, *, default: bool = False) -> None:
    """Set the ACL of a file, or of the new files in a folder, in the words of ``setfacl``; skip without ACLs."""
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
    """Write an edit to a file."""
    item = newsitem.load(path)
    item.heat = 4711
    newsitem.dump(item)
    assert newsitem.load(path).heat == 4711


def access(path: Path) -> tuple[int, dict[str, bytes]]:
    """Give mode and extended attributes of a file, an ACL among them."""
    return stat.S_IMODE(path.stat().st_mode), {name: os.getxattr(path, name) for name in os.listxattr(path)}


@pytest.mark.parametrize("entries", ["u:4711:rw,g::-,m:rw", "u:4711:-,g:4712:r,m:rwx", "u:4711:rw,m:-", "g:4712:r,o:-"])
@pytest.mark.parametrize("default", [False, True])
def test_an_acl_is_kept(path: Path, entries: str, default: bool) -> None:
    """A file that is replaced keeps its ACL, whatever its folder gives to new files."""
    set_acl(path, entries)
    if default:
        set_acl(path.parent, "u:4713:rwx,g:4714:rw", default=True)
    before = access(path)
    edit(path)
    assert access(path) == before
    assert ACL in before[1]


def test_the_acl_of_a_folder_lets_nobody_in(path: Path) -> None:
    """A file without an ACL gets none from its folder; a file that is new gets it."""
    set_acl(path.parent, "u:4713:rwx", default=True)
    path.chmod(0o640)
    edit(path)
    assert access(path) == (0o640, {})
    newsitem.dump(newsitem.load(path), path.with_name("new.md"))
    assert ACL in os.listxattr(path.with_name("new.md"))


@pytest.mark.parametrize("fails", ["setxattr", "getxattr"])
def test_where_an_acl_cannot_be_copied(path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    """Without its ACL a file is for its owner alone: the group's bits were only the mask, and entries may refuse."""
    set_acl(path, "u:4711:-,g::-,m:rw,o:r")

    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOTSUP, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, fails, fail)
        edit(path)
    assert access(path) == (0o600, {})


def test_where_the_acl_of_a_folder_cannot_be_removed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ACL that a new file has and the old one had not is closed by its mask."""
    set_acl(path.parent, "u:4713:rwx", default=True)

    def fail(*_arguments: object) -> None:
        raise OSError(errno.ENOTSUP, "no")

    path.chmod(0o664)
    monkeypatch.setattr(os, "removexattr", fail)
    edit(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_extended_attributes_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attributes that users give to files stay; where they cannot, the file keeps its mode all the same."""
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


@contextmanager
def another_user(uid: int = 65534, gid: int = 65534) -> Iterator[None]:
    """Be another user, of one group."""
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
    """A copy of a sample file in a folder that all may write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        copy = Path(folder) / "item.md"
        copy.write_bytes(EXAMPLES[0].read_bytes())
        yield copy


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o664, 0o644), (0o644, 0o644), (0o604, 0o600), (0o6755, 0o755), (0o1664, 0o1644), (0o446, 0o444), (0o666, 0o666)],
)
def test_where_owner_and_group_cannot_be_kept(open_path: Path, mode: int, expected: int) -> None:
    """The members of another group get no rights that the old one had, and a program is not run as somebody else."""
    with another_user():
        pass
    os.chown(open_path, 0, 4712)
    open_path.chmod(mode)
    with another_user():
        edit(open_path)
    status = open_path.stat()
    assert (status.st_uid, status.st_gid, oct(stat.S_IMODE(status.st_mode))) == (65534, 65534, oct(expected))


@pytest.mark.parametrize(("group", "kept"), [(4712, True), (65534, False)])
def test_an_acl_for_another_group(open_path: Path, group: int, kept: bool) -> None:
    """An ACL stays where the group does; its entry for the group is not for another one."""
    with another_user():
        pass
    os.chown(open_path, 0, 4712)
    set_acl(open_path, "u:65534:rw,g::rw,m:rw,o:-")
    before = access(open_path)
    with another_user(gid=group):
        edit(open_path)
    assert access(open_path) == (before if kept else (0o600, {}))


def test_no_mode_lets_anybody_do_more() -> None:
    """Of all modes, whoever cannot be kept: owner, members of the group and others may do at most what they could."""
    for old, has_owner, has_group in itertools.product(range(0o1000), (False, True), (False, True)):
        new = atomic._mode(old, has_owner=has_owner, has_group=has_group, has_acl=True)
        rights = {who: (old >> bits & 7, new >> bits & 7) for who, bits in {"owner": 6, "group": 3, "other": 0}.items()}
        assert rights["owner"][0] == rights["owner"][1]
        before = [rights[who][0] for who in ("group", "other")]
        after = [rights[who][1] for who in ("group", "other")]
        assert all(then & ~now == 0 for now, then in zip(before, after, strict=True))
        if not has_group:  # who was in the group may now be among the others, and the other way round
            assert all(then & ~now == 0 for now, then in itertools.product(before, after))
        if not has_owner:  # the old owner may now be in the group, or among the others
            assert all(then & ~rights["owner"][0] == 0 for then in after)
        if has_owner and has_group:
            assert new == old


# -- links and conflicts -------------------------------------------------------------------------------------


def test_a_symbolic_link_is_written_through(path: Path, tmp_path: Path) -> None:
    """The file that a link names is replaced, and the link stays."""
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


@pytest.mark.parametrize("edit", [True, False])
def test_a_file_that_was_changed_meanwhile_is_a_conflict(path: Path, edit: bool) -> None:
    """What somebody else wrote is not overwritten, even where it has the old size and time stamp."""
    item = newsitem.load(path)
    if edit:
        item.heat = 5
    times = path.stat()
    changed = path.read_bytes().replace(b"category: news", b"category: olds")
    path.write_bytes(changed)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(newsitem.ConflictError, match="has changed since it was read"):
        newsitem.dump(item)
    assert path.read_bytes() == changed
    newsitem.dump(item, path)
    assert newsitem.load(path) == item


def test_a_file_that_is_gone_is_a_conflict(path: Path) -> None:
    """A file that was removed meanwhile is not made anew without being asked for."""
    item = newsitem.load(path)
    path.unlink()
    with pytest.raises(newsitem.ConflictError, match="no longer exists"):
        newsitem.dump(item)
    assert not path.exists()


def test_a_new_item_does_not_overwrite(path: Path) -> None:
    """An item that was made in Python with the path of a file that exists is a conflict."""
    item = newsitem.from_dict(newsitem.to_dict(newsitem.loads(TEXT)))
    item.path, item.heat = path, 4711
    with pytest.raises(newsitem.ConflictError, match="not read from"):
        newsitem.dump(item)
    item.path = path.with_name("other.md")
    newsitem.dump(item)
    assert newsitem.load(item.path) == item


def test_an_invalid_item_leaves_the_file(path: Path) -> None:
    """A value that was put into a list unchecked is refused before anything is written."""
    item = newsitem.load(path)
    item.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"topics\[\d\]: must be text"):
        newsitem.dump(item)
    assert path.read_bytes() == EXAMPLES[0].read_bytes()


def test_a_failing_write_leaves_the_file(path: Path) -> None:
    """Where the disk takes only a part, there is an error, the old file, and no temporary one."""
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


def test_a_failing_flush_leaves_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails at the last moment, the old file stays, and no temporary one."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    item = newsitem.load(path)
    item.heat = 5
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        newsitem.dump(item)
    assert path.read_bytes() == EXAMPLES[0].read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    """Errors of the file system are those of Python."""
    with pytest.raises(FileNotFoundError):
        newsitem.dump(newsitem.loads(TEXT), tmp_path / "no" / "where.md")
    with pytest.raises(FileNotFoundError):
        newsitem.load(tmp_path / "nothing.md")


def test_diff_shows_the_lines_of_an_edit(path: Path) -> None:
    """A unified diff holds the removed and the added lines, and names the file."""
    item = newsitem.load(path)
    item.heat = 5
    item.topics.append("Facial Recognition")
    lines = newsitem.diff(item).splitlines()
    assert lines[0] == f"--- a/{str(path).lstrip('/')}"
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        *(line for line in lines[2:] if line.startswith("-heat: ")),
        "+heat: 5",
        "+  - Facial Recognition",
    ]


def test_diff_of_a_new_item_adds_every_line() -> None:
    """An item that was not read is compared with nothing."""
    item = newsitem.from_dict(newsitem.to_dict(newsitem.loads(TEXT)))
    added = newsitem.diff(item).splitlines()[3:]
    assert added == [f"+{line}" for line in TEXT.splitlines()]


def test_diff_says_where_the_last_line_end_is_missing() -> None:
    """A body without a final line end is shown as such."""
    item = newsitem.loads(TEXT)
    item.body = "\nlast"
    assert newsitem.diff(item).endswith("+last\n\\ No newline at end of file\n")


def test_a_text_that_would_not_read_back_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should rendering ever be wrong, the check finds it and nothing is written."""
    item = newsitem.loads(TEXT)
    item.heat = 5
    for wrong in ("title: x\n", TEXT.split("---\n")[1].replace("heat: ", "heat: 1")):
        monkeypatch.setattr("newsitem._codec.round_trip.rendered", lambda _, wrong=wrong: [wrong])
        with pytest.raises(newsitem.NewsItemError, match="would not read back"):
            newsitem.dumps(item)


def test_lone_surrogates_in_a_text(path: Path) -> None:
    """Text that no UTF-8 file can hold is refused with its place."""
    with pytest.raises(newsitem.ParseError, match=r"^x\.md:2:1: lone surrogate \(U\+D800\)"):
        newsitem.loads("---\n\ud800", name="x.md")
    item = newsitem.load(path)
    with pytest.raises(newsitem.ValidationError, match="body: contains a lone surrogate"):
        item.body = "\udcff"


def test_a_diff_names_the_file_on_one_line() -> None:
    """A path that holds a line end or another control stays one line of the header."""
    item = newsitem.loads(EXAMPLES[0].read_bytes())
    item.path = Path("a\nb\t.md")
    item.heat = 4711
    assert newsitem.diff(item).startswith("--- a/a\\nb\\t.md\n+++ b/a\\nb\\t.md\n@@ ")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.EIO, "Input/output error")])
def test_writing_again_after_an_interruption(path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """What was interrupted when the file was in its place already is no conflict with itself."""
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


@pytest.mark.parametrize(("number", "fails"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
def test_folders_that_cannot_be_flushed(path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fails: bool) -> None:
    """A file system whose folders cannot be flushed is written to; a disk that fails says so."""
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


@pytest.mark.parametrize("number", [errno.EPERM, errno.EINVAL])  # the second where an owner is not mapped
def test_the_group_stays_where_the_owner_cannot(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A user who may not give a file to its owner gives it to its group, or else writes it all the same."""
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


@pytest.mark.parametrize("wrong", ["a\0b.md", "\ud800.md", 5, b"x.md"])
def test_a_path_that_no_file_can_have(wrong: Any) -> None:
    """A path that the system would refuse is refused on set."""
    with pytest.raises(newsitem.ValidationError, match="path: must be a valid file path"):
        newsitem.loads(TEXT).path = wrong


def test_messages_show_names_on_one_line() -> None:
    """A file's name with a line end, or with what a terminal would obey, is escaped in messages, and only there."""
    name = "é\n\x1b[31m\udcff.md"
    with pytest.raises(newsitem.ParseError) as caught:
        newsitem.loads("", name=name)
    assert str(caught.value).startswith("é\\n\\x1b[31m\\udcff.md:1:1: ")
    assert caught.value.path == name
