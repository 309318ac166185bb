"""A writer that is killed, a disk that is full, others who write too: no file is torn, and no edit is lost unseen."""

from __future__ import annotations

import errno
import json
import os
import resource
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from samples import ROOT

import newsitem
from newsitem import ConflictError, NewsCollection
from newsitem._storage import files

from . import stories
from .conftest import Figure

TESTS = ROOT / "tests"


def start(module: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a module of this folder as a process of its own, which prints figures."""
    command = [sys.executable, "-m", f"reliability.{module}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


def figures_of(process: subprocess.Popen[str]) -> Counter[str]:
    """Wait for a process, and give its figures."""
    printed, _ = process.communicate()
    assert process.returncode == 0
    return Counter(json.loads(printed))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_writer_that_is_killed(tmp_path: Path, times: int, figure: Figure) -> None:
    """After SIGKILL, at any moment, files are whole and hold all that was told; what is left over is no item."""
    found = figures_of(start("crashes", tmp_path, 20 * times))
    figure("kills / files torn", found["kills"], found["torn"])
    figure("kills / edits lost", found["kills"], found["lost"])
    assert found["left a temporary file"] > 0, "kills came while files were written"
    names = ("torn", "lost", "taken for an item", "more than one temporary file", "not cleaned up")
    assert {name: found[name] for name in names if found[name]} == {}


def test_two_editors(tmp_path: Path, times: int, figure: Figure) -> None:
    """Of two processes that edit the same files, each edit is in its file, or was refused."""
    paths = stories.make(tmp_path, 2)
    each = 60 * times
    editors = [start("editors", tmp_path, each, seed) for seed in (1, 2)]
    found = sum((figures_of(editor) for editor in editors), Counter[str]())
    there = {path.name: stories.number_of(newsitem.load(path)) for path in paths}
    lost = sum(abs(found[path.name] - there[path.name]) for path in paths)
    figure("conflicting edits / lost without a ConflictError", found.total(), lost)
    assert {path.name: found[path.name] for path in paths} == there
    assert found.total() == 2 * each
    assert found["refused"] > 0, "the two came in each other's way"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file to edit."""
    return stories.make(tmp_path, 1)[0]


def test_a_change_is_seen_by_content(path: Path) -> None:
    """A change by another program is noticed, also where size and time of the file are as they were."""
    item = newsitem.load(path)
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Story", b"STORY"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    stories.edit(item)
    with pytest.raises(ConflictError, match="changed since it was read"):
        newsitem.dump(item)
    assert b"STORY" in path.read_bytes()


def test_a_touched_file_is_no_conflict(path: Path) -> None:
    """A file that was written again with the same content is what was read."""
    item = newsitem.load(path)
    path.write_bytes(path.read_bytes())
    os.utime(path, (0, 0))
    stories.edit(item)
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1


# -- disks and rights ----------------------------------------------------------------------------------------


@contextmanager
def little_space(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def without_rights() -> Iterator[None]:
    """Do without the rights of the superuser, whom no file system refuses anything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def shared_path() -> Iterator[Path]:
    """A file of a user without rights, in a folder that all may look into."""
    with tempfile.TemporaryDirectory() as folder:
        path = stories.make(Path(folder), 1)[0]
        if os.geteuid() == 0:
            os.chown(folder, 65534, -1)
            os.chown(path, 65534, -1)
        yield path
        Path(folder).chmod(0o700)


def every_writing(item: newsitem.NewsItem) -> list[Callable[[], object]]:
    """Give all ways that write a file."""
    assert item.path is not None
    fresh = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    folder = item.path.parent
    return [
        lambda: newsitem.dump(item),
        lambda: newsitem.dump(item, item.path),
        lambda: NewsCollection([fresh]).write(folder),
    ]


def refused(path: Path, number: int, fault: Callable[[], AbstractContextManager[None]]) -> None:
    """Have every way of writing refused by the system, with the name of the file, and nothing changed."""
    names = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    item = newsitem.load(path)
    stories.edit(item)
    for write in every_writing(item):
        with fault(), pytest.raises(OSError, match=r"\.md'") as caught:
            write()
        assert caught.value.errno == number
        assert Path(caught.value.filename).parent == path.parent
        assert Path(caught.value.filename).suffix == ".md"
        assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == names
    with fault():
        report = NewsCollection([item]).save()
    assert [(str(path), os.strerror(number)) for error in report.errors] == [
        (error.path, error.problems[0].message) for error in report.errors
    ]
    assert len(report.errors) == 1
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == names
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1, "once the fault is gone, the edit is written"


def test_a_disk_that_is_full(path: Path) -> None:
    """Where there is no room for the whole text, the old file stays, and the error names it."""
    refused(path, errno.EFBIG, lambda: little_space(1_000))


def test_a_folder_that_is_read_only(shared_path: Path) -> None:
    """In a folder that may not be written to, the old file stays, and the error names it."""

    @contextmanager
    def read_only() -> Iterator[None]:
        folder = shared_path.parent
        folder.chmod(0o555)
        with without_rights():
            yield
        folder.chmod(0o755)

    refused(shared_path, errno.EACCES, read_only)


def test_a_file_that_may_not_be_read(shared_path: Path) -> None:
    """A file without rights is an error with its path: raised, or collected beside the items of others."""
    shared_path.chmod(0)
    with without_rights():
        with pytest.raises(PermissionError, match=r"Permission denied: '.*0\.md'"):
            newsitem.load(shared_path)
        (error,) = NewsCollection.read(shared_path.parent, on_error="collect").errors
    assert str(error) == f"{shared_path}: Permission denied"


def test_a_link_to_where_nobody_may_look(shared_path: Path) -> None:
    """A link into a folder without rights is not passed over: the error names it."""
    folder = shared_path.parent
    hidden = folder / "hidden"
    (hidden / "news").mkdir(parents=True)
    (folder / "link").symlink_to(hidden / "news")
    hidden.chmod(0)
    with without_rights():
        errors = NewsCollection.read(folder, on_error="collect").errors
    assert sorted(str(error) for error in errors) == [
        f"{folder / name}: Permission denied" for name in ("hidden", "link")
    ]


def test_a_file_of_another_user_keeps_its_mode(shared_path: Path) -> None:
    """A file of somebody else, in a folder of one's own, is written; its mode stays."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can make a file of another user")
    os.chown(shared_path, 0, 0)
    shared_path.chmod(0o644)
    with without_rights():
        item = newsitem.load(shared_path)
        stories.edit(item)
        newsitem.dump(item)
    status = shared_path.stat()
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (65534, 0o644)


def test_a_name_that_is_too_long(path: Path) -> None:
    """A name that the file system does not take is an error with that name, and leaves nothing behind."""
    item = newsitem.load(path)
    before = path.read_bytes()
    for target in (path.with_name("x" * 300 + ".md"), path.with_name("x" * 300) / "1.md"):
        with pytest.raises(OSError, match=r"File name too long: '.*xxx.*md'"):
            newsitem.dump(item, target)
    assert [each.read_bytes() for each in path.parent.iterdir()] == [before]


def test_a_longest_name_is_written(path: Path) -> None:
    """A name that the file system just takes is written: what is written first has no longer one."""
    item = newsitem.load(path)
    target = path.with_name("x" * 252 + ".md")
    newsitem.dump(item, target)
    assert newsitem.load(target) == item


def test_a_folder_that_is_gone(path: Path) -> None:
    """Where the folder was removed meanwhile, the error names the file."""
    item = newsitem.load(path)
    path.unlink()
    path.parent.rmdir()
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '.*0\.md'"):
        newsitem.dump(item, path)
    path.parent.mkdir()


@pytest.mark.parametrize("kind", ["file", "link", "broken link", "pipe"])
def test_a_leftover_is_cleared(path: Path, tmp_path: Path, kind: str) -> None:
    """What has the name of a temporary file is cleared away and never written through, whatever it is."""
    leftover = path.with_name(".newsitem.tmp")
    victim = tmp_path / "victim"
    victim.write_text("precious")
    match kind:
        case "file":
            leftover.write_text("half")
        case "link":
            leftover.symlink_to(victim)
        case "broken link":
            leftover.symlink_to(tmp_path / "new")
        case "pipe":
            os.mkfifo(leftover)
    item = newsitem.load(path)
    stories.edit(item)
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1
    assert victim.read_text() == "precious"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["0.md", "victim"]


def test_a_leftover_that_cannot_be_cleared(path: Path) -> None:
    """Where the name of temporary files is taken for good, as by another user's file, another is used."""
    leftover = path.with_name(".newsitem.tmp")
    leftover.mkdir()
    item = newsitem.load(path)
    stories.edit(item)
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1
    assert sorted(each.name for each in path.parent.iterdir()) == [".newsitem.tmp", "0.md"]


def test_the_name_of_temporary_files_is_no_target(path: Path, tmp_path: Path) -> None:
    """An item is not written to the name that the next writer clears, also not by way of a link."""
    item = newsitem.load(path)
    link = tmp_path / "link.md"
    link.symlink_to(".newsitem.tmp")
    path.rename(path.with_name(".newsitem.tmp"))
    for target in (path.with_name(".newsitem.tmp"), link):
        with pytest.raises(OSError, match="reserved for temporary files"):
            newsitem.dump(item, target)
    assert newsitem.load(link) == item


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "link to a device"])
def test_what_is_no_file(path: Path, tmp_path: Path, kind: str) -> None:
    """A pipe, a folder or a device is not replaced by a file, and nobody waits for it."""
    target = tmp_path / "target.md"
    match kind:
        case "pipe":
            os.mkfifo(target)
        case "folder":
            target.mkdir()
        case "device":
            target = Path("/dev/null")
        case "link to a device":
            target.symlink_to("/dev/null")
    before = target.stat()
    item = newsitem.load(path)
    with pytest.raises(OSError, match=r"Is a directory|Not a regular file: open it") as caught:
        newsitem.dump(item, target)
    assert caught.value.filename == str(target)
    item.path = target
    stories.edit(item)
    with pytest.raises(OSError, match=r"Is a directory|Not a regular file"):
        newsitem.dump(item)
    after = target.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_process_that_was_forked_holds_no_lock(tmp_path: Path) -> None:
    """Writing goes on while a process lives that was forked by another thread in the middle of it."""
    program = """
import os, pathlib, signal, sys, threading, time
sys.path.insert(0, "tests")
import newsitem
from reliability import stories

path = stories.make(pathlib.Path(sys.argv[1]), 1)[0]
item = newsitem.load(path)
done = threading.Event()

def write():
    while not done.is_set():
        stories.edit(item)
        newsitem.dump(item)

writer = threading.Thread(target=write)
writer.start()
children = []
for _ in range(20):
    time.sleep(0.003)
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    children.append(child)
before = item.heat
time.sleep(0.2)
print(item.heat - before)
for child in children:
    os.kill(child, signal.SIGKILL)
done.set()
writer.join()
"""
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert int(run.stdout) > 0


def test_nobody_reads_what_is_being_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that only its owner may read is written by way of one that only its owner may read, from the first."""
    path.chmod(0o600)
    item = newsitem.load(path)
    stories.edit(item)
    modes = []
    true_chmod = os.chmod

    def chmod(name: Path, mode: int, **options: bool) -> None:
        modes.append(stat.S_IMODE(name.stat().st_mode))
        true_chmod(name, mode, **options)

    monkeypatch.setattr(os, "chmod", chmod)
    newsitem.dump(item)
    assert modes == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_edited_by_another_thread(path: Path) -> None:
    """What another thread wrote with the same item, between rendering and writing, is a conflict or is written."""
    item = newsitem.load(path)
    item.heat = 1
    source = item._source
    check = files._conflict_check(item)
    item.heat = 2
    newsitem.dump(item)
    assert item._source is not source
    with pytest.raises(ConflictError):
        check(path)


def test_another_spelling_of_the_own_path(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item that was written to its own file under another spelling of the path is written again without conflict."""
    item = newsitem.load(path)
    monkeypatch.chdir(path.parent)
    for _ in range(2):
        stories.edit(item)
        newsitem.dump(item, path.name)
        stories.edit(item)
        newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 4


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EBADF, errno.EIO])
def test_a_file_system_without_locks(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Where folders cannot be locked, each writer takes a name of its own; other errors are errors."""
    fcntl = pytest.importorskip("fcntl")

    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    item = newsitem.load(path)
    stories.edit(item)
    other = path.with_name(".newsitem.tmp")
    other.write_text("of another writer")
    if number == errno.EIO:
        with pytest.raises(OSError, match=r"Input/output error: '.*0\.md'"):
            newsitem.dump(item)
    else:
        newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == (number != errno.EIO)
    assert other.read_text() == "of another writer"
    assert len(list(path.parent.iterdir())) == 2


def test_a_parquet_file_is_written_as_a_whole(tmp_path: Path) -> None:
    """Where there is no room for a part, there is none, not half of one."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[dask]'")
    dask = pytest.importorskip("dask", reason="dask is not installed: pip install 'newsitem[dask]'")
    from newsitem.dask import read_bag, to_parquet

    stories.make(tmp_path, 3)
    out = tmp_path / "out"
    with dask.config.set(scheduler="sync"):
        with little_space(1_000), pytest.raises(OSError, match=r"too large: '.*\.parquet'"):
            to_parquet(read_bag(tmp_path), str(out))
        assert list(out.iterdir()) == []
        (name,) = to_parquet(read_bag(tmp_path), str(out)).files
    assert Path(name).stat().st_size > 1_000
