"""Single files and streams: load, dump, edit, and conflicts."""

from __future__ import annotations

import io
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from folders import sample_file
from samples import EXAMPLES
from secured_items import SECURED_TEXT, Zone, secured_item
from small_items import WHEN

import newsitem
from newsitem import ConflictError, FrontMatter, NewsCollection, NewsItem

TEXT = EXAMPLES[0].read_bytes().decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of a sample file."""
    return sample_file(tmp_path)


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """An item with a secured text that was read from a file."""
    return secured_item(tmp_path)


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


def test_no_path_and_no_target() -> None:
    """An item without a path needs a target."""
    with pytest.raises(ValueError, match="has no path"):
        newsitem.dump(newsitem.loads(TEXT))


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    """Errors of the file system are those of Python."""
    with pytest.raises(FileNotFoundError):
        newsitem.dump(newsitem.loads(TEXT), tmp_path / "no" / "where.md")
    with pytest.raises(FileNotFoundError):
        newsitem.load(tmp_path / "nothing.md")


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


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no file here that cannot be read")
def test_an_error_while_a_file_is_read(tmp_path: Path) -> None:
    """Where a file opens but does not read, as on a failing disk, the error has its path."""
    (tmp_path / "1.md").symlink_to("/proc/self/mem")
    (error,) = NewsCollection.read(tmp_path, on_error="collect").errors
    assert str(error) == f"{tmp_path}/1.md: Input/output error"
    with pytest.raises(OSError, match=f"Input/output error: '{tmp_path}/1.md'"):
        newsitem.load(tmp_path / "1.md")


def test_an_error_on_set_names_the_file(path: Path) -> None:
    """Setting a wrong value on an item that was read says which item it is."""
    item = newsitem.load(path)
    with pytest.raises(newsitem.ValidationError, match=r"item\.md: heat: must be an integer"):
        item.heat = "5"  # type: ignore[assignment]


@pytest.mark.parametrize("explicit", [False, True])
def test_dump_leaves_the_file_of_an_unedited_item(item: NewsItem, explicit: bool) -> None:
    """The file keeps its inode and its time stamp, unless somebody else wrote it."""
    path = item.path
    assert path is not None
    before = path.stat()
    newsitem.dump(item, path if explicit else None)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    path.write_text(SECURED_TEXT.replace("Warm", "Cold"))
    if explicit:
        newsitem.dump(item, path)
        assert path.read_text() == SECURED_TEXT
    else:
        with pytest.raises(newsitem.ConflictError, match="has changed since"):
            newsitem.dump(item)
        path.unlink()
        path.mkdir()
        with pytest.raises(IsADirectoryError, match=r"item\.md"):
            newsitem.dump(item)


class Slow(Zone):
    """A zone that keeps a thread waiting when it is asked for the last time."""

    def __init__(self) -> None:
        self.asked, self.go, self.left = threading.Event(), threading.Event(), 1 << 20

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Wait, if it is time to."""
        self.left -= 1
        if self.left == 0:
            self.asked.set()
            self.go.wait(10)
        return timedelta(0)


def test_threads_that_dump_one_item(item: NewsItem) -> None:
    """What is compared is fixed before the text is made: a dump that returned is never undone without a conflict."""
    zone = Slow()
    refused: list[newsitem.ConflictError] = []

    def dump() -> None:
        try:
            newsitem.dump(item)
        except newsitem.ConflictError as error:
            refused.append(error)

    item.related.append(newsitem.RelatedItem(title="R", published_date_time=WHEN.replace(tzinfo=zone)))
    before = zone.left
    newsitem.dumps(item)
    zone.left = before - zone.left
    other = threading.Thread(target=dump)
    other.start()
    assert zone.asked.wait(10)  # its text is made, and all but compared
    item.heat = 7
    newsitem.dump(item)
    zone.go.set()
    other.join()
    assert item.path is not None
    assert newsitem.load(item.path).heat == 7
    assert len(refused) == 1


def test_undo(item: NewsItem) -> None:
    """`revert` brings back all that was read, lists that were unread included, and leaves the path."""
    text = newsitem.dumps(item)
    path = item.path
    twin = newsitem.loads(text)
    item.heat, item.topics, item.body, item.extras = 1, ["x"], "x", {"a": 1}
    item.provider.name = "Another"
    item.related.append(newsitem.RelatedItem(title="x"))
    item.revert()
    assert item == twin
    assert item.path == path
    assert newsitem.diff(item) == ""
    assert newsitem.dumps(item) == text
    twin.related = [newsitem.RelatedItem(title="T", web_url="u") for _ in range(400)]
    large = newsitem.loads(newsitem.dumps(twin))
    for touched in (False, True):
        if touched:
            large.related.pop()
        large.heat = 5
        large.revert()
        assert newsitem.diff(large) == ""
        assert len(large.related) == 400
    with pytest.raises(ValueError, match="was not read from a text"):
        newsitem.from_dict(newsitem.to_dict(item)).revert()


def test_undo_after_a_dump(item: NewsItem) -> None:
    """After a dump to its own file, an item goes back to what was written."""
    item.heat = 5
    newsitem.dump(item)
    item.heat = 6
    item.revert()
    assert item.heat == 5


def test_edit_tries_again(item: NewsItem) -> None:
    """A change is made again where somebody else wrote meanwhile, and not more often than allowed."""
    path = item.path
    assert path is not None
    calls = []

    def count_up(one: NewsItem) -> None:
        calls.append(one.heat)
        if len(calls) < 3:  # somebody else
            other = newsitem.load(path)
            other.heat = 100 * len(calls)
            newsitem.dump(other)
        one.heat = (one.heat or 0) + 1

    assert newsitem.edit(path, count_up).heat == 201
    assert newsitem.load(path).heat == 201
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(ConflictError):
        newsitem.edit(path, count_up, tries=2)
    assert newsitem.edit(path, lambda one: one.extras.clear(), cls=FrontMatter).extras == {}


@pytest.mark.parametrize(
    ("function", "tries", "error"), [(5, 3, TypeError), (print, 0, ValueError), (print, "3", TypeError)]
)
def test_wrong_calls_of_edit(function: Any, tries: Any, error: type[Exception]) -> None:
    """What is no function, or no number of tries, is refused."""
    with pytest.raises(error):
        newsitem.edit("x", function, tries=tries)
