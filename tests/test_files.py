"""Single files and streams: load, dump, edit, and conflicts."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from samples import EXAMPLES
from secured_items import SECURED_TEXT, Zone
from small_items import WHEN

import newsitem
from newsitem import ConflictError, FrontMatter, NewsCollection, NewsItem

TEXT = EXAMPLES[0].read_bytes().decode()


def test_load_and_dump_by_path(path: Path) -> None:
    """An edit is written to the item's own file, repeatedly."""
    for heat in (1, 2):
        item = newsitem.load(path)
        item.heat = heat
        newsitem.dump(item)
        item.heat = heat + 10
        newsitem.dump(item)
        assert newsitem.load(str(path)).heat == heat + 10
    assert list(path.parent.iterdir()) == [path]


def test_dump_without_an_edit(path: Path) -> None:
    """Writing an item without an edit produces the same bytes."""
    newsitem.dump(newsitem.load(path))
    assert path.read_bytes() == EXAMPLES[0].read_bytes()


def test_open_files(tmp_path: Path) -> None:
    """Binary and text streams are read and written, and an item from a stream without a file has no path."""
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


def test_stream_with_short_reads() -> None:
    """A stream that returns fewer bytes than requested is read to its end."""

    class ShortReads(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size or 7))

    assert newsitem.dumps(newsitem.load(ShortReads(TEXT.encode()))) == TEXT


class ShortWrites(io.RawIOBase):
    """A stream that accepts seven bytes at a time, up to a limit."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.taken = b""
        self.most = most

    def writable(self) -> bool:
        """Return that the stream can be written."""
        return True

    def write(self, data: Any) -> int | None:
        """Take a part of *data*, and return its length if there is any."""
        piece = bytes(data[: min(7, self.most - len(self.taken))])
        self.taken += piece
        return len(piece) or None


class Wrapped:
    """A stream of another type, such as a temporary file, that passes on what is written."""

    def __init__(self, stream: Any) -> None:
        self.write = stream.write


@pytest.mark.parametrize("wrap", [lambda stream: stream, Wrapped], ids=["raw", "wrapped"])
def test_stream_with_short_writes(wrap: Callable[[Any], Any]) -> None:
    """A stream that accepts only a part of the bytes at a time gets them all."""
    stream = ShortWrites()
    newsitem.dump(newsitem.loads(TEXT), wrap(stream))
    assert stream.taken.decode() == TEXT
    assert not stream.closed


def test_text_stream_with_short_writes() -> None:
    """A text stream that accepts only a part of the text at a time gets it all, and so does one that does not count."""
    taken: list[str] = []

    def write(text: str) -> int:
        taken.append(text[:7])
        return len(text[:7])

    newsitem.dump(newsitem.loads(TEXT), SimpleNamespace(write=write))
    assert "".join(taken) == TEXT
    newsitem.dump(newsitem.loads(TEXT), SimpleNamespace(write=taken.append))
    assert taken[-1] == TEXT


@pytest.mark.parametrize("stream", [ShortWrites(50), SimpleNamespace(write=lambda _: 0)], ids=["raw", "other"])
def test_stream_that_accepts_no_more(stream: Any) -> None:
    """If a stream accepts no more data, the error says so, and the stream stays open and gets nothing later."""
    with pytest.raises(BlockingIOError, match="accepts no more data"):
        newsitem.dump(newsitem.loads(TEXT), stream)
    gc.collect()
    if isinstance(stream, ShortWrites):
        assert not stream.closed
        assert stream.taken == TEXT.encode()[:50]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_failing_text_stream_stays_open(line_end: str) -> None:
    """After a failed write, a text stream is still the user's."""
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        with pytest.raises(OSError, match="No space left"):
            newsitem.dump(newsitem.loads(TEXT.replace("\n", line_end) + "x" * 100_000), stream)
        gc.collect()
        assert not stream.closed
        with contextlib.suppress(OSError):
            stream.close()


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-8", r"not UTF-8 \(invalid byte 0xE9\): save the file as UTF-8"),
        ("ascii", r"not ascii \(invalid byte 0xE9\), the encoding of the stream: open the file with encoding='utf-8'"),
        ("utf-16", r"not utf-16(?: \(.*\))?, the encoding of the stream: open the file with encoding='utf-8'"),
    ],
)
def test_encoding_of_a_text_stream(tmp_path: Path, encoding: str, message: str) -> None:
    """If a text stream cannot be decoded, the error says whether its encoding or that of the file is wrong."""
    (tmp_path / "item.md").write_bytes(TEXT.replace("title: ", "title: caf\xe9").encode("latin-1"))
    with (tmp_path / "item.md").open(encoding=encoding) as stream, pytest.raises(newsitem.ParseError, match=message):
        newsitem.load(stream)


def test_non_blocking_stream() -> None:
    """A non-blocking stream without data is refused, rather than read in part."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, TEXT.encode()[:100])
    with os.fdopen(reading, "rb", buffering=0) as stream, pytest.raises(BlockingIOError, match="when it is complete"):
        newsitem.load(stream)
    os.close(writing)


def test_error_in_an_open_file(tmp_path: Path) -> None:
    """An error names the open file; for a stream without a name, the error has no path."""
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


def test_missing_files_and_folders(tmp_path: Path) -> None:
    """A missing file or folder raises Python's FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        newsitem.dump(newsitem.loads(TEXT), tmp_path / "no" / "where.md")
    with pytest.raises(FileNotFoundError):
        newsitem.load(tmp_path / "nothing.md")


@pytest.mark.parametrize("edit", [True, False])
def test_changed_file_is_a_conflict(path: Path, edit: bool) -> None:
    """Changes by somebody else are not overwritten, even if size and time stamp are the same."""
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


def test_removed_file_is_a_conflict(path: Path) -> None:
    """A file that was removed is not created again without a target."""
    item = newsitem.load(path)
    path.unlink()
    with pytest.raises(newsitem.ConflictError, match="no longer exists"):
        newsitem.dump(item)
    assert not path.exists()


def test_new_item_does_not_overwrite(path: Path) -> None:
    """A new item whose path is that of an existing file is a conflict."""
    item = newsitem.from_dict(newsitem.to_dict(newsitem.loads(TEXT)))
    item.path, item.heat = path, 4711
    with pytest.raises(newsitem.ConflictError, match="not read from"):
        newsitem.dump(item)
    item.path = path.with_name("other.md")
    newsitem.dump(item)
    assert newsitem.load(item.path) == item


def test_invalid_item_is_not_written(path: Path) -> None:
    """An invalid value that was appended to a list is refused before anything is written."""
    item = newsitem.load(path)
    item.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"topics\[\d\]: must be text"):
        newsitem.dump(item)
    assert path.read_bytes() == EXAMPLES[0].read_bytes()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens but cannot be read")
def test_error_of_the_file_system(tmp_path: Path) -> None:
    """If a file opens but reading it fails, as on a failing disk, the error has its path."""
    (tmp_path / "1.md").symlink_to("/proc/self/mem")
    (error,) = NewsCollection.read(tmp_path, on_error="collect").errors
    assert str(error) == f"{tmp_path}/1.md: Input/output error"
    with pytest.raises(OSError, match=f"Input/output error: '{tmp_path}/1.md'"):
        newsitem.load(tmp_path / "1.md")


def test_error_on_set_names_the_file(path: Path) -> None:
    """A wrong value that is set on a loaded item is an error with the path of its file."""
    item = newsitem.load(path)
    with pytest.raises(newsitem.ValidationError, match=r"item\.md: heat: must be an integer"):
        item.heat = "5"  # type: ignore[assignment]


@pytest.mark.parametrize("explicit", [False, True])
def test_unedited_item_is_not_written(item: NewsItem, explicit: bool) -> None:
    """An unedited item's file keeps its inode and time stamp, unless somebody else changed it."""
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


class SlowZone(Zone):
    """A zone that keeps a thread waiting when it is asked for the last time."""

    def __init__(self) -> None:
        self.asked, self.go, self.left = threading.Event(), threading.Event(), 1 << 20

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Return the offset, after waiting if this is the last time."""
        self.left -= 1
        if self.left == 0:
            self.asked.set()
            self.go.wait(10)
        return timedelta(0)


def test_threads_dump_the_same_item(item: NewsItem) -> None:
    """Concurrent dumps never undo each other without a conflict."""
    zone = SlowZone()
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
    assert zone.asked.wait(10)  # its text is complete, and about to be compared
    item.heat = 7
    newsitem.dump(item)
    zone.go.set()
    other.join()
    assert item.path is not None
    assert newsitem.load(item.path).heat == 7
    assert len(refused) == 1


def test_revert(item: NewsItem) -> None:
    """`revert` restores everything that was read, including unread lists, and keeps the path."""
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


def test_revert_after_a_dump(item: NewsItem) -> None:
    """After a dump to its own file, `revert` restores what was written."""
    item.heat = 5
    newsitem.dump(item)
    item.heat = 6
    item.revert()
    assert item.heat == 5


def test_edit_retries(item: NewsItem) -> None:
    """After a conflict, `edit` repeats the change, up to the allowed number of tries."""
    path = item.path
    assert path is not None
    calls = []

    def count_up(one: NewsItem) -> None:
        calls.append(one.heat)
        if len(calls) < 3:  # a change by somebody else
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
def test_edit_with_wrong_arguments(function: Any, tries: Any, error: type[Exception]) -> None:
    """`edit` refuses anything but a function, and a number of tries that is not a positive integer."""
    with pytest.raises(error):
        newsitem.edit("x", function, tries=tries)


def _later(item: NewsItem) -> Any:
    yield item


def _same(item: NewsItem) -> NewsItem:
    return item


async def _awaited(item: NewsItem) -> None:
    item.heat = 5


@pytest.mark.parametrize("function", [_later, _awaited])
def test_edit_needs_a_function_that_runs(function: Any) -> None:
    """A coroutine or generator function is refused before the file is read."""
    with pytest.raises(TypeError, match="function must be a plain function, not async and without yield"):
        newsitem.edit("missing.md", function)


@pytest.mark.parametrize(
    "function",
    [
        lambda one: attrs.evolve(one, heat=5),
        lambda one: _later(one),  # noqa: PLW0108 - a plain function
        lambda one: _awaited(one),  # noqa: PLW0108
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_edit_needs_an_edit(item: NewsItem, function: Any) -> None:
    """A function that returns another item, or that has not run yet, has edited nothing: that is an error."""
    assert item.path is not None
    before = item.path.read_bytes()
    with pytest.raises(TypeError, match="function must edit the item that it is called with: it returned a"):
        newsitem.edit(item.path, function)
    assert item.path.read_bytes() == before
    newsitem.edit(item.path, _same)
    assert item.path.read_bytes() == before


def test_empty_paths(item: NewsItem) -> None:
    """An empty path is refused by its own message, not that of the operating system about the current folder."""
    for call in (newsitem.load, newsitem.samples, lambda path: newsitem.dump(item, path)):
        with pytest.raises(ValueError, match="empty path"):
            call("")


def test_edit_takes_a_path() -> None:
    """An open file is refused before the function is called."""
    with pytest.raises(TypeError, match="expected a path, not BytesIO"):
        newsitem.edit(io.BytesIO(EXAMPLES[0].read_bytes()), lambda _: pytest.fail("called"))  # type: ignore[arg-type]
