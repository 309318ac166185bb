"""Renaming files after their items: targets, conflicts, systems, and interruptions."""

from __future__ import annotations

import copy
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
    """Copies of the sample files in a temporary folder."""
    shutil.copytree(EXAMPLES[0].parent, tmp_path / "news")
    return NewsCollection.read(tmp_path / "news")


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """A sample item whose file does not have the item's filename."""
    shutil.copy(EXAMPLES[0], tmp_path / "item.md")
    return newsitem.load(tmp_path / "item.md")


@pytest.fixture(params=["renameat2", "links", "no links"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each method of renaming without replacing that systems offer."""

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if request.param == "renameat2" and atomic._renameat2() is None:
        pytest.skip("this system has no renameat2")
    if request.param != "renameat2":
        monkeypatch.setattr(atomic, "_renameat2", lambda: None)
    if request.param == "no links":
        monkeypatch.setattr(os, "link", refused)
    return str(request.param)


def test_rename_to_the_filename(item: NewsItem, method: str) -> None:
    """The file moves unchanged, the item's path follows, and a second call changes nothing."""
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
    assert [path.name for path in old.parent.iterdir()] == [NAME], method


def test_rename_to_a_target(item: NewsItem, tmp_path: Path, method: str) -> None:
    """The target may be in another folder of the same file system."""
    (tmp_path / "other").mkdir()
    newsitem.rename(item, str(tmp_path / "other" / "x.md"))
    assert item.path == tmp_path / "other" / "x.md"
    assert newsitem.load(item.path) == item, method


def test_existing_target(item: NewsItem, tmp_path: Path, method: str) -> None:
    """An existing file, folder or broken link is not overwritten, and the item keeps its path."""
    (tmp_path / "file.md").write_text("mine")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to("nowhere")
    for name in ("file.md", "folder.md", "link.md"):
        with pytest.raises(ConflictError, match=f"cannot rename to {name}: a .* with this name already exists"):
            newsitem.rename(item, tmp_path / name)
    assert item.path == tmp_path / "item.md"
    assert item.path.exists()
    assert (tmp_path / "file.md").read_text() == "mine", method


def test_items_that_cannot_be_renamed(item: NewsItem, tmp_path: Path) -> None:
    """Edited items, files that changed or are gone, and items without a path or filename are refused."""
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


def test_reserved_names_and_relative_links(item: NewsItem, tmp_path: Path) -> None:
    """The name of temporary files and a null character are refused, and so is moving a link with a relative target."""
    with pytest.raises(OSError, match="reserved for temporary files"):
        newsitem.rename(item, tmp_path / ".newsitem.tmp")
    with pytest.raises(ValueError, match="null byte"):
        newsitem.rename(item, f"{tmp_path}/new.md\0old.md")
    assert item.path is not None
    assert [*tmp_path.iterdir()] == [item.path]
    (tmp_path / "other").mkdir()
    (tmp_path / "link.md").symlink_to("item.md")
    linked = newsitem.load(tmp_path / "link.md")
    with pytest.raises(OSError, match="its target may be relative"):
        newsitem.rename(linked, tmp_path / "other" / "link.md")
    newsitem.rename(linked, tmp_path / "renamed.md")
    assert (tmp_path / "renamed.md").is_symlink()
    assert newsitem.load(tmp_path / "renamed.md") == item


def test_failure_after_the_rename(item: NewsItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If flushing the folder fails after the rename, the item's path is still the new one."""

    def failing(_: Path) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(atomic, "_flush_folder", failing)
    with pytest.raises(OSError, match="broken disk"):
        newsitem.rename(item, tmp_path / "new.md")
    assert item.path == tmp_path / "new.md"
    assert item.path.exists()


def test_file_system_without_renameat2(item: NewsItem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If the file system does not support renameat2, links are used; other errors are raised."""

    def failing(code: int) -> Any:
        def fail(*_: Any, **__: Any) -> None:
            raise OSError(code, os.strerror(code))

        return fail

    monkeypatch.setattr(atomic, "_renameat2", lambda: failing(errno.EXDEV))
    with pytest.raises(OSError, match="ross-device"):
        newsitem.rename(item)
    monkeypatch.setattr(atomic, "_renameat2", lambda: failing(errno.EINVAL))
    newsitem.rename(item)
    monkeypatch.setattr(os, "link", failing(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        newsitem.rename(item, tmp_path / "y.md")


def test_system_without_renameat2(monkeypatch: pytest.MonkeyPatch) -> None:
    """A C library without renameat2 is recognised."""
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert atomic._renameat2.__wrapped__() is None


def test_rename_the_files_of_a_collection(news: NewsCollection) -> None:
    """Files whose names differ from the filenames of their items are renamed, and the report lists them."""
    first, second = news[0], news[1]
    first.title = "Another headline"
    second.published_date_time += timedelta(days=1)
    assert len(news.rename(dry_run=True).conflicts) == 2  # edits that are not saved
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


def test_colliding_names(news: NewsCollection) -> None:
    """If two items have one filename, the first gets it; names given up by others are free; a cycle is a conflict."""
    one, two, three, four = news[0], news[1], news[2], news[3]
    names = [item.filename for item in (one, two, three, four)]

    def take(item: NewsItem, other: Path) -> None:
        item.published_date_time = item.published_date_time.replace(
            year=int(other.name[:4]), month=int(other.name[5:7]), day=int(other.name[8:10])
        )
        item.title = other.stem[11:]

    take(one, names[1])  # the name that the next item gives up
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
        assert len(news[9:6:-1].rename(dry_run=dry_run).renamed) == 3  # the last one gives up its name first
    same = [news[5], news[6]]
    for item in same:
        item.title, item.published_date_time = "Same", news[5].published_date_time
    both = NewsCollection(same)
    assert both.save()
    for dry_run in (True, False):
        assert [len(both.rename(dry_run=dry_run).conflicts)] == [1]


@pytest.mark.parametrize("dry_run", [True, False])
def test_two_items_of_one_file(news: NewsCollection, dry_run: bool) -> None:
    """If two items were read from one file, one renames it and the other is a conflict; a third gets the free name."""
    first, third = news[0], news[1]
    old = first.path
    assert old is not None
    third.title, third.published_date_time = first.title, first.published_date_time
    first.title = "Another"
    assert news.save()
    twin = copy.copy(first)
    report = NewsCollection([third, first, twin]).rename(dry_run=dry_run)
    assert [new.name for _, new in report.renamed] == ["2020-05-04-another.md", old.name]
    assert (len(report.conflicts), len(report.errors)) == (1, 0)


def test_items_without_a_filename(news: NewsCollection, tmp_path: Path) -> None:
    """An item without a filename is in the report; another spelling of the same path is not a new name."""
    kind = newsitem.loads("---\n---\n", FrontMatter)
    kind.path = tmp_path / "x.md"
    assert news[0].path is not None
    news[0].path = news[0].path.parent / ".." / news[0].path.parent.name / news[0].path.name
    both: NewsCollection[Any] = NewsCollection([kind, news[0]])
    for dry_run in (True, False):
        report = both.rename(dry_run=dry_run)
        assert ["has no filename" in str(error) for error in report.errors] == [True]
        assert report.conflicts == ()


def test_progress_of_items_without_a_filename(news: NewsCollection, tmp_path: Path) -> None:
    """Progress counts the items that cannot be renamed too, so it ends at the total."""
    (tmp_path / "other.md").write_text("---\n---\n")
    other = newsitem.load(tmp_path / "other.md", FrontMatter)
    calls: list[tuple[int, int]] = []
    report = NewsCollection([other, *news]).rename(dry_run=True, progress=lambda *numbers: calls.append(numbers))
    assert len(report.errors) == 1
    assert calls == [(number, 22) for number in range(1, 23)]


def test_unexpected_errors_are_in_the_report(news: NewsCollection, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception for one file does not stop the others."""
    news[0].title = "Another"
    news.save()
    monkeypatch.setattr(atomic, "_renameat2", lambda: lambda *_: 1 / 0)
    report = news.rename()
    assert ["ZeroDivisionError" in str(error) for error in report.errors] == [True]


@pytest.mark.skipif(atomic._renameat2() is None, reason="this system has no renameat2")
def test_kills(news: NewsCollection) -> None:
    """After each of 200 SIGKILLs at random moments, every file exists once and is complete."""
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
    """If two processes rename the files of a folder, every file exists once, under the filename of its item."""
    folder = news[0].path.parent  # type: ignore[union-attr]
    for number, item in enumerate(news):
        newsitem.rename(item, folder / f"{number}.md")
    command = [sys.executable, "-c", f"import newsitem; newsitem.NewsCollection.read({str(folder)!r}).rename()"]
    both = [subprocess.Popen(command) for _ in range(2)]
    for process in both:
        process.wait()
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in EXAMPLES]


def test_folder_as_the_new_name(item: NewsItem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is not a name for a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name in ("folder", "."):
        with pytest.raises(ConflictError, match=rf"cannot rename to {name}: a folder with this name already exists"):
            newsitem.rename(item, name)
    assert item.path == tmp_path / "item.md"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "item.md"]


def test_missing_file_whose_new_name_is_taken(item: NewsItem, tmp_path: Path) -> None:
    """If the file of an item is gone and another one has its new name, the path stays."""
    path = item.path
    assert path is not None
    path.rename(tmp_path / "elsewhere.md")
    other = path.with_name(NAME)
    other.write_text("another text", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ConflictError, match=r"item\.md: the file no longer exists"):
            newsitem.rename(item)
        assert item.path == path
    report = NewsCollection([item]).rename()
    assert [error.path for error in report.conflicts] == [str(path)]
    assert item.path == path


def test_missing_file_with_the_right_name(item: NewsItem, tmp_path: Path) -> None:
    """A file that is gone is an error, even if its name is already right."""
    newsitem.rename(item)
    (tmp_path / NAME).unlink()
    with pytest.raises(ConflictError, match="no longer exists"):
        newsitem.rename(item)
    new = copy.copy(newsitem.from_dict(newsitem.to_dict(item)))
    new.path = tmp_path / NAME
    with pytest.raises(FileNotFoundError):
        newsitem.rename(new)


def test_names_that_are_spelled_differently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may take the name that another file gives up, also if one path is relative and the other is not."""
    monkeypatch.chdir(tmp_path)
    text = EXAMPLES[0].read_bytes()
    Path("a.md").write_bytes(text)
    first = newsitem.load("a.md")
    Path(first.filename.name).write_bytes(EXAMPLES[1].read_bytes())
    second = newsitem.load(tmp_path / first.filename.name)
    report = NewsCollection([first, second]).rename()
    assert len(report.renamed) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.filename.name, second.filename.name])


@pytest.mark.parametrize("name", ["link.md", NAME])
def test_link_and_its_file(name: str, tmp_path: Path) -> None:
    """If a collection contains a file and a link to it, neither is renamed, because the link would be broken."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "old.md").write_bytes(EXAMPLES[0].read_bytes())
    (tmp_path / name).symlink_to("folder/old.md")
    news = NewsCollection.read(tmp_path)
    for dry_run in (True, False):
        report = news.rename(dry_run=dry_run)
        assert {error.path for error in report.conflicts} >= {str(folder / "old.md")}
        assert report.renamed == ()
    assert (tmp_path / name).read_bytes() == (folder / "old.md").read_bytes()
    alone = NewsCollection.read(folder)
    assert len(alone.rename().renamed) == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_missing_file_in_a_collection(dry_run: bool, tmp_path: Path) -> None:
    """A file that is gone is a conflict, even if its name would not change."""
    for number in range(2):
        (tmp_path / f"{number}.md").write_bytes(EXAMPLES[number].read_bytes())
    news = NewsCollection.read(tmp_path)
    news.rename()
    assert news[0].path is not None
    news[0].path.unlink()
    report = news.rename(dry_run=dry_run)
    assert [error.path for error in report.conflicts] == [str(news[0].path)]
    assert report.unchanged == (news[1],)
