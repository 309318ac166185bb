"""No file is damaged and no edit is lost silently if a writer is killed, a disk is full or several writers compete."""

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
    """Start a module in this folder that prints figures, in a process of its own."""
    command = [sys.executable, "-m", f"reliability.{module}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


def figures_of(process: subprocess.Popen[str]) -> Counter[str]:
    """Wait for a process, and return its figures."""
    printed, _ = process.communicate()
    assert process.returncode == 0
    return Counter(json.loads(printed))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes")
def test_killed_writers(tmp_path: Path, times: int, figure: Figure) -> None:
    """After a SIGKILL at any moment, files are complete, contain all reported edits, and leftovers are ignored."""
    counts = figures_of(start("crashes", tmp_path, 20 * times))
    figure("writers killed / files damaged", counts["kills"], counts["damaged"])
    figure("writers killed / edits lost", counts["kills"], counts["lost"])
    assert counts["left a temporary file"] > 0, "some writers must be killed while they write"
    names = ("damaged", "lost", "read as an item", "more than one temporary file", "not cleaned up")
    assert {name: counts[name] for name in names if counts[name]} == {}


def test_two_editors(tmp_path: Path, times: int, figure: Figure) -> None:
    """If two processes edit the same files, each edit is either written or refused."""
    paths = stories.make(tmp_path, 2)
    edits = 60 * times
    editors = [start("editors", tmp_path, edits, seed) for seed in (1, 2)]
    counts = sum((figures_of(editor) for editor in editors), Counter[str]())
    written = {path.name: stories.number_of(newsitem.load(path)) for path in paths}
    lost = sum(abs(counts[path.name] - written[path.name]) for path in paths)
    figure("edits by two processes at once / lost without a ConflictError", counts.total(), lost)
    assert {path.name: counts[path.name] for path in paths} == written
    assert counts.total() == 2 * edits
    assert counts["refused"] > 0, "some edits must conflict"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a file to edit."""
    return stories.make(tmp_path, 1)[0]


def test_changes_are_detected_by_content(path: Path) -> None:
    """A change by another program is a conflict even if the size and the modification time of the file are the same."""
    item = newsitem.load(path)
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Story", b"STORY"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    stories.edit(item)
    with pytest.raises(ConflictError, match="changed since it was read"):
        newsitem.dump(item)
    assert b"STORY" in path.read_bytes()


def test_a_rewritten_file_is_no_conflict(path: Path) -> None:
    """A file that another program rewrote with the same content is not a conflict."""
    item = newsitem.load(path)
    path.write_bytes(path.read_bytes())
    os.utime(path, (0, 0))
    stories.edit(item)
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1


# -- disks and access rights ---------------------------------------------------------------------------------


@contextmanager
def little_space(size: int) -> Iterator[None]:
    """Stop files from growing beyond a size, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def without_rights() -> Iterator[None]:
    """Drop the rights of the superuser, who may access every file."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def shared_path() -> Iterator[Path]:
    """Return the path of a file that belongs to an ordinary user."""
    with tempfile.TemporaryDirectory() as folder:
        path = stories.make(Path(folder), 1)[0]
        if os.geteuid() == 0:
            os.chown(folder, 65534, -1)
            os.chown(path, 65534, -1)
        yield path
        Path(folder).chmod(0o700)


def calls_that_write(item: newsitem.NewsItem) -> list[Callable[[], object]]:
    """Return a function for each call that writes a file."""
    assert item.path is not None
    fresh = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    folder = item.path.parent
    return [
        lambda: newsitem.dump(item),
        lambda: newsitem.dump(item, item.path),
        lambda: NewsCollection([fresh]).write(folder),
    ]


def refused(path: Path, number: int, fault: Callable[[], AbstractContextManager[None]]) -> None:
    """Check that every call that writes raises an error with the name of the file, and changes nothing."""
    contents = {entry.name: entry.read_bytes() for entry in path.parent.iterdir()}
    item = newsitem.load(path)
    stories.edit(item)
    for write in calls_that_write(item):
        with fault(), pytest.raises(OSError, match=r"\.md'") as caught:
            write()
        assert caught.value.errno == number
        assert Path(caught.value.filename).parent == path.parent
        assert Path(caught.value.filename).suffix == ".md"
        assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == contents
    with fault():
        report = NewsCollection([item]).save()
    assert [(str(path), os.strerror(number)) for error in report.errors] == [
        (error.path, error.problems[0].message) for error in report.errors
    ]
    assert len(report.errors) == 1
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == contents
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1, "the edit must be written after the fault"


def test_full_disk(path: Path) -> None:
    """If there is no space for the new text, the old file stays unchanged, and the error names it."""
    refused(path, errno.EFBIG, lambda: little_space(1_000))


def test_read_only_folder(shared_path: Path) -> None:
    """If the folder is read-only, the old file stays unchanged, and the error names it."""

    @contextmanager
    def read_only() -> Iterator[None]:
        folder = shared_path.parent
        folder.chmod(0o555)
        with without_rights():
            yield
        folder.chmod(0o755)

    refused(shared_path, errno.EACCES, read_only)


def test_unreadable_file(shared_path: Path) -> None:
    """A file without read permission is an error with its path, which is raised or collected."""
    shared_path.chmod(0)
    with without_rights():
        with pytest.raises(PermissionError, match=r"Permission denied: '.*0\.md'"):
            newsitem.load(shared_path)
        (error,) = NewsCollection.read(shared_path.parent, on_error="collect").errors
    assert str(error) == f"{shared_path}: Permission denied"


def test_link_to_an_unreadable_folder(shared_path: Path) -> None:
    """A folder without read permission, and a link into it, are errors with their paths, and are not skipped."""
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
    """A file of another user, in a folder of the current user, is written and keeps its mode."""
    if os.geteuid() != 0:
        pytest.skip("only the superuser can create a file of another user")
    os.chown(shared_path, 0, 0)
    shared_path.chmod(0o644)
    with without_rights():
        item = newsitem.load(shared_path)
        stories.edit(item)
        newsitem.dump(item)
    status = shared_path.stat()
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (65534, 0o644)


def test_name_that_is_too_long(path: Path) -> None:
    """A name that is too long for the file system is an error with that name, and leaves no file behind."""
    item = newsitem.load(path)
    before = path.read_bytes()
    for target in (path.with_name("x" * 300 + ".md"), path.with_name("x" * 300) / "1.md"):
        with pytest.raises(OSError, match=r"File name too long: '.*xxx.*md'"):
            newsitem.dump(item, target)
    assert [entry.read_bytes() for entry in path.parent.iterdir()] == [before]


def test_longest_possible_name(path: Path) -> None:
    """A file is written under the longest possible name, because the name of the temporary file is not longer."""
    item = newsitem.load(path)
    target = path.with_name("x" * 252 + ".md")
    newsitem.dump(item, target)
    assert newsitem.load(target) == item


def test_deleted_folder(path: Path) -> None:
    """If the folder was deleted after reading, the error names the file."""
    item = newsitem.load(path)
    path.unlink()
    path.parent.rmdir()
    with pytest.raises(FileNotFoundError, match=r"No such file or directory: '.*0\.md'"):
        newsitem.dump(item, path)
    path.parent.mkdir()


@pytest.mark.parametrize("kind", ["file", "link", "broken link", "pipe"])
def test_leftover_is_removed(path: Path, tmp_path: Path, kind: str) -> None:
    """Anything that has the name of a temporary file is removed, and a link with this name is not followed."""
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
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["0.md", "victim"]


def test_leftover_that_cannot_be_removed(path: Path) -> None:
    """If something that cannot be removed has the name of the temporary file, another name is used."""
    leftover = path.with_name(".newsitem.tmp")
    leftover.mkdir()
    item = newsitem.load(path)
    stories.edit(item)
    newsitem.dump(item)
    assert stories.number_of(newsitem.load(path)) == 1
    assert sorted(entry.name for entry in path.parent.iterdir()) == [".newsitem.tmp", "0.md"]


def test_name_of_temporary_files_is_reserved(path: Path, tmp_path: Path) -> None:
    """An item cannot be written to the name of the temporary file, directly or through a link."""
    item = newsitem.load(path)
    link = tmp_path / "link.md"
    link.symlink_to(".newsitem.tmp")
    path.rename(path.with_name(".newsitem.tmp"))
    for target in (path.with_name(".newsitem.tmp"), link):
        with pytest.raises(OSError, match="reserved for temporary files"):
            newsitem.dump(item, target)
    assert newsitem.load(link) == item


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "link to a device"])
def test_target_that_is_not_a_regular_file(path: Path, tmp_path: Path, kind: str) -> None:
    """A pipe, a folder or a device is not replaced by a file; writing to it is an error, and does not block."""
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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes")
def test_forked_process_keeps_no_lock(tmp_path: Path) -> None:
    """A process that is forked while another thread writes does not block later writes."""
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


def test_temporary_file_is_private(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary file for a file that only its owner may read is private from the moment that it is created."""
    path.chmod(0o600)
    item = newsitem.load(path)
    stories.edit(item)
    modes = []
    original_chmod = os.chmod

    def chmod(name: Path, mode: int, **options: bool) -> None:
        modes.append(stat.S_IMODE(name.stat().st_mode))
        original_chmod(name, mode, **options)

    monkeypatch.setattr(os, "chmod", chmod)
    newsitem.dump(item)
    assert modes == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_item_written_by_another_thread(path: Path) -> None:
    """If another thread writes the same item between rendering and replacing, this is a conflict."""
    item = newsitem.load(path)
    item.heat = 1
    source = item._source
    check = files._conflict_check(item)
    item.heat = 2
    newsitem.dump(item)
    assert item._source is not source
    with pytest.raises(ConflictError):
        check(path)


def test_other_spelling_of_the_path(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_file_system_without_locks(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """If folders cannot be locked, each writer uses a unique temporary name. Other errors of locking are raised."""
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


def test_no_partial_parquet_file(tmp_path: Path) -> None:
    """If there is no space for a Parquet file, no partial file is left behind."""
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
