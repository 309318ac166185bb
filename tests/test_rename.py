"""Files that follow their items: names, conflicts, kills; edits that are undone, and that are tried again."""

from __future__ import annotations

import ctypes
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES

import newsitem
from newsitem import ConflictError, FrontMatter, NewsCollection, NewsItem
from newsitem._storage import atomic

NAME = EXAMPLES[0].name


@pytest.fixture
def news(tmp_path: Path) -> NewsCollection:
    """The samples, in a folder of their own."""
    shutil.copytree(EXAMPLES[0].parent, tmp_path / "news")
    return NewsCollection.read(tmp_path / "news")


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """A sample under another name than its own."""
    shutil.copy(EXAMPLES[0], tmp_path / "item.md")
    return newsitem.load(tmp_path / "item.md")


@pytest.fixture(params=["one call", "links", "no links"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way of renaming, as systems have them."""

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "one call" and atomic._renameat2() is None:
        pytest.skip("this system has no call that renames without replacing")
    if request.param != "one call":
        monkeypatch.setattr(atomic, "_renameat2", lambda: None)
    if request.param == "no links":
        monkeypatch.setattr(os, "link", refused)
    return str(request.param)


def test_a_file_gets_the_name_of_its_item(item: NewsItem, way: str) -> None:
    """The file moves as it is, and the path of the item with it; a second call changes nothing."""
    assert item.path is not None
    old, data = item.path, item.path.read_bytes()
    for _ in range(2):
        assert newsitem.rename(item) == item.path == old.with_name(NAME)
    assert not old.exists()
    assert item.path.read_bytes() == data
    item.heat = 5
    newsitem.dump(item)
    assert newsitem.load(old.with_name(NAME)).heat == 5
    assert newsitem.rename(item, old.parent / "." / ".." / old.parent.name / NAME).exists()
    assert [path.name for path in old.parent.iterdir()] == [NAME], way


def test_a_file_gets_a_name_that_is_given(item: NewsItem, tmp_path: Path, way: str) -> None:
    """A target may be in another folder of the same file system."""
    (tmp_path / "other").mkdir()
    newsitem.rename(item, str(tmp_path / "other" / "x.md"))
    assert item.path == tmp_path / "other" / "x.md"
    assert newsitem.load(item.path) == item, way


def test_a_name_that_is_taken(item: NewsItem, tmp_path: Path, way: str) -> None:
    """Nothing is overwritten, be it a file, a folder or a dangling link, and the item keeps its path."""
    (tmp_path / "file.md").write_text("mine")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to("nowhere")
    for name in ("file.md", "folder.md", "link.md"):
        with pytest.raises(ConflictError, match=f"cannot rename to {name}: a file with this name already exists"):
            newsitem.rename(item, tmp_path / name)
    assert item.path == tmp_path / "item.md"
    assert item.path.exists()
    assert (tmp_path / "file.md").read_text() == "mine", way


def test_what_is_not_renamed(item: NewsItem, tmp_path: Path) -> None:
    """Edited items, files that changed or went, and items without a file or a name are refused."""
    item.heat = 77
    with pytest.raises(ConflictError, match="the item has been edited since it was read: save it first"):
        newsitem.rename(item)
    item.revert()
    assert item.path is not None
    item.path.write_bytes(item.path.read_bytes() + b"x")
    with pytest.raises(ConflictError, match="changed since it was read"):
        newsitem.rename(item)
    item.path.unlink()
    with pytest.raises(ConflictError, match="no longer exists"):
        newsitem.rename(item)
    item.path = None
    with pytest.raises(ValueError, match="has no path"):
        newsitem.rename(item)
    kind = newsitem.loads("---\n---\n", FrontMatter)
    kind.path = tmp_path / "x.md"
    with pytest.raises(ValueError, match="FrontMatter has no filename: pass a target"):
        newsitem.rename(kind)
    with pytest.raises(TypeError, match="expected an item, not str"):
        newsitem.rename("x.md")  # type: ignore[arg-type]
    twin = newsitem.load(EXAMPLES[0])
    with pytest.raises(FileNotFoundError):
        newsitem.rename(twin, tmp_path / "missing" / "x.md")
    assert EXAMPLES[0].exists()


def test_names_and_links_that_are_refused(item: NewsItem, tmp_path: Path) -> None:
    """The name of temporary files is no name for an item, and a link that would lead elsewhere stays where it is."""
    with pytest.raises(OSError, match="reserved for temporary files"):
        newsitem.rename(item, tmp_path / ".newsitem.tmp")
    (tmp_path / "other").mkdir()
    (tmp_path / "link.md").symlink_to("item.md")
    linked = newsitem.load(tmp_path / "link.md")
    with pytest.raises(OSError, match="its target may be relative"):
        newsitem.rename(linked, tmp_path / "other" / "link.md")
    newsitem.rename(linked, tmp_path / "renamed.md")
    assert (tmp_path / "renamed.md").is_symlink()
    assert newsitem.load(tmp_path / "renamed.md") == item


def test_a_failure_after_the_renaming(item: NewsItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new name cannot be brought to the disk, the path of the item follows its file nevertheless."""

    def failing(_: Path) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(atomic, "_flush_folder", failing)
    with pytest.raises(OSError, match="broken disk"):
        newsitem.rename(item, tmp_path / "new.md")
    assert item.path == tmp_path / "new.md"
    assert item.path.exists()


def test_a_file_system_without_the_call(item: NewsItem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the system has the call and the file system does not, links are taken; other errors come out."""

    def failing(code: int) -> Any:
        return lambda: lambda *_: code

    monkeypatch.setattr(atomic, "_renameat2", failing(errno.EXDEV))
    with pytest.raises(OSError, match="ross-device"):
        newsitem.rename(item)
    monkeypatch.setattr(atomic, "_renameat2", failing(errno.EINVAL))
    newsitem.rename(item)
    monkeypatch.setattr(os, "link", lambda *_, **__: failing(0) and (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
    with pytest.raises(OSError, match="broken"):
        newsitem.rename(item, tmp_path / "y.md")


def test_a_system_without_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library of the system has no such call, there is none."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert atomic._renameat2.__wrapped__() is None


def test_a_collection_renames_its_files(news: NewsCollection) -> None:
    """Files whose names differ from those of their items are renamed, and the report says which."""
    first, second = news[0], news[1]
    first.title = "Another headline"
    second.published_date_time += timedelta(days=1)
    assert len(news.rename(dry_run=True).conflicts) == 2  # as they were not saved
    assert news.save()
    before = {item.path for item in news}
    report = news.rename(dry_run=True)
    assert repr(report) == "<RenameReport: 2 to rename, 19 unchanged, 0 conflicts, 0 errors>"
    assert {item.path for item in news} == before
    report = news.rename()
    assert report
    assert str(report) == "RenameReport: 2 renamed, 19 unchanged, 0 conflicts, 0 errors"
    assert [(old.name[:10], new.name) for old, new in report.renamed] == [
        ("2020-05-04", "2020-05-04-another-headline.md"),
        ("2020-05-11", second.filename.name),
    ]
    assert "2 renamed" in report._repr_html_()
    assert first.path == report.renamed[0][1]
    assert news.rename().renamed == ()
    assert NewsCollection.read(first.path.parent) == news.sort("path")


def test_names_that_collide(news: NewsCollection) -> None:
    """Of two items with one name the first gets it; names that others give up are free; a ring is a conflict."""
    one, two, three, four = news[0], news[1], news[2], news[3]
    names = [item.filename for item in (one, two, three, four)]

    def take(item: NewsItem, other: Path) -> None:
        item.published_date_time = item.published_date_time.replace(
            year=int(other.name[:4]), month=int(other.name[5:7]), day=int(other.name[8:10])
        )
        item.title = other.stem[11:]

    take(one, names[1])  # which the next gives up
    take(two, Path("2020-01-01-free.md"))
    take(three, names[3])
    take(four, names[2])
    news[4].path = None
    assert news[:4].save()
    for dry_run in (True, False):
        report = news.rename(dry_run=dry_run)
        assert [new.name for _, new in report.renamed] == ["2020-01-01-free.md", str(names[1])]
        assert [str(error.path).endswith(str(name)) for error, name in zip(report.conflicts, names[2:], strict=True)]
        assert ["has no path" in str(error) for error in report.errors] == [True]
        assert not report
    first, second, third = news[7:10]
    take(first, Path("2020-02-02-x.md"))
    take(second, Path(str(first.path)).relative_to(Path(str(first.path)).parent))
    take(third, Path(str(second.path)).relative_to(Path(str(second.path)).parent))
    assert news[7:10].save()
    for dry_run in (True, False):
        assert len(news[7:10].rename(dry_run=dry_run).renamed) == 3
    same = [news[5], news[6]]
    for item in same:
        item.title, item.published_date_time = "Same", news[5].published_date_time
    both = NewsCollection(same)
    assert both.save()
    for dry_run in (True, False):
        assert [len(both.rename(dry_run=dry_run).conflicts)] == [1]


def test_items_without_a_name(news: NewsCollection, tmp_path: Path) -> None:
    """What has no file name is in the report; a path in another spelling is no new name."""
    kind = newsitem.loads("---\n---\n", FrontMatter)
    kind.path = tmp_path / "x.md"
    assert news[0].path is not None
    news[0].path = news[0].path.parent / ".." / news[0].path.parent.name / news[0].path.name
    both: NewsCollection[Any] = NewsCollection([kind, news[0]])
    for dry_run in (True, False):
        report = both.rename(dry_run=dry_run)
        assert ["has no filename" in str(error) for error in report.errors] == [True]
        assert report.conflicts == ()


def test_unexpected_errors_are_in_the_report(news: NewsCollection, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails for one file does not stop the others."""
    news[0].title = "Another"
    news.save()
    monkeypatch.setattr(atomic, "_renameat2", lambda: lambda *_: 1 / 0)
    report = news.rename()
    assert ["ZeroDivisionError" in str(error) for error in report.errors] == [True]


@pytest.mark.skipif(atomic._renameat2() is None, reason="no call that renames without replacing")
def test_kills(news: NewsCollection) -> None:
    """After SIGKILL at any moment, 200 times, each file is there once, and whole."""
    folder = EXAMPLES[0].parent if news[0].path is None else news[0].path.parent
    for path in sorted(folder.iterdir())[5:]:
        path.unlink()
    texts = sorted(path.read_bytes() for path in folder.iterdir())
    draw = random.Random(1)
    for _ in range(200):
        pid = os.fork()
        if pid == 0:  # pragma: no cover - in another process
            while True:
                for item in NewsCollection.read(folder):
                    newsitem.rename(item, folder / f"{draw.random()}.md")
        time.sleep(draw.random() / 100)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        assert sorted(path.read_bytes() for path in folder.iterdir()) == texts


def test_two_processes(news: NewsCollection) -> None:
    """Two processes that rename the files of one folder leave each file once, under the name of its item."""
    folder = news[0].path.parent  # type: ignore[union-attr]
    for number, item in enumerate(news):
        newsitem.rename(item, folder / f"{number}.md")
    command = [sys.executable, "-c", f"import newsitem; newsitem.NewsCollection.read({str(folder)!r}).rename()"]
    both = [subprocess.Popen(command) for _ in range(2)]
    for process in both:
        process.wait()
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in EXAMPLES]


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
