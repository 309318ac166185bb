"""Many files: read, saved, created, and the errors of some of them."""

from __future__ import annotations

import copy
import os
import re
from pathlib import Path
from typing import Any

import pytest
from folders import TEXT, fill, mixed_folder
from html_tags import Tags
from query_items import titled
from samples import EXAMPLES
from secured_items import SECRET, SECURED_TEXT, BrokenZone, secured_item
from small_items import WHEN, new_item

import newsitem
from newsitem import NewsCollection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: 0.md, 1.md and 2.md."""
    for number, path in enumerate(EXAMPLES[:3]):
        (tmp_path / f"{number}.md").write_bytes(path.read_bytes())
    return tmp_path


def test_raise_stops_at_the_first_error(tmp_path: Path) -> None:
    """By default, the first file that cannot be read ends the reading with its error."""
    mixed = mixed_folder(tmp_path)
    with pytest.raises(newsitem.ValidationError, match=r"2\.md"):
        NewsCollection.read(mixed)
    (mixed / "2.md").unlink()
    with pytest.raises(FileNotFoundError):
        NewsCollection.read(mixed)


def test_collect_continues(tmp_path: Path) -> None:
    """With on_error='collect', all valid files are read, and the errors have their paths and problems."""
    mixed = mixed_folder(tmp_path)
    news = NewsCollection.read(mixed, on_error="collect")
    assert [item.path for item in news] == [mixed / "1.md", mixed / "4.md"]
    assert [type(error) for error in news.errors] == [newsitem.ValidationError, newsitem.NewsItemError]
    assert [error.path for error in news.errors] == [str(mixed / "2.md"), str(mixed / "3.md")]
    assert {problem.field for problem in news.errors[0].problems} >= {"heat", "title"}
    assert str(news.errors[1]) == f"{mixed}/3.md: No such file or directory"


def test_wrong_on_error(tmp_path: Path) -> None:
    """Values of on_error other than 'raise' and 'collect' are refused."""
    with pytest.raises(ValueError, match="on_error must be 'raise' or 'collect', not 'ignore'"):
        NewsCollection.read(tmp_path, on_error="ignore")  # type: ignore[arg-type]


def test_iter_is_lazy(tmp_path: Path) -> None:
    """`iter` reads each file when its item is requested, and lists the errors so far."""
    mixed = mixed_folder(tmp_path)
    reader = NewsCollection.iter(mixed, on_error="collect")
    assert iter(reader) is reader
    assert next(reader).path == mixed / "1.md"
    assert list(reader.errors) == []
    fill(mixed, "2.md")
    assert [item.path for item in reader] == [mixed / "2.md", mixed / "4.md"]
    assert [error.path for error in reader.errors] == [str(mixed / "3.md")]
    with pytest.raises(StopIteration):
        next(reader)


def test_memory_of_iter(tmp_path: Path) -> None:
    """The memory that `iter` needs does not grow with the number of files."""
    import tracemalloc

    fill(tmp_path, *(f"{number}.md" for number in range(300)))
    sum(1 for _ in NewsCollection.iter(tmp_path))
    tracemalloc.start()
    assert sum(1 for _ in NewsCollection.iter(tmp_path)) == 300
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * len(TEXT) + 300 * 500  # the listing of the folder, and a few items


def test_save_continues_after_failures(folder: Path) -> None:
    """The report of `save` lists conflicts and invalid items with their paths, and the other items are written."""
    news = NewsCollection.read(folder) + NewsCollection([titled("no path")])
    for one in news:
        one.heat = 4711
    (folder / "0.md").write_bytes(b"changed by somebody")
    news[1].topics.append(5)  # type: ignore[arg-type]
    assert news.changed() == news
    dry, report = news.save(dry_run=True), news.save()
    for found in (dry, report):
        assert [one.path for one in found.written] == [folder / "2.md"]
        assert [error.path for error in found.conflicts] == [str(folder / "0.md")]
        assert [error.path for error in found.errors] == [str(folder / "1.md"), None]
        assert not found.ok
        assert not found
        assert not isinstance(found, tuple)
    assert (dry.dry_run, report.dry_run) == (True, False)
    assert repr(report) == "<SaveReport: 1 written, 0 unchanged, 1 conflict, 2 errors>"
    assert repr(dry).startswith("<SaveReport: 1 to write, ")
    assert str(report).splitlines()[0] == "SaveReport: 1 written, 0 unchanged, 1 conflict, 2 errors"
    assert "the file has changed since it was read" in str(report)
    assert "topics[" in str(report)
    assert "or set item.path, for example to item.filename" in str(report)
    assert (folder / "0.md").read_bytes() == b"changed by somebody"
    assert newsitem.load(folder / "2.md").heat == 4711


def test_report_in_a_notebook(folder: Path) -> None:
    """A notebook shows the numbers of a report above a table of the first problems."""
    news = NewsCollection.read(folder)
    assert news.save()._repr_html_() == (
        '<p class="tex2jax_ignore mathjax_ignore">SaveReport: 0 written, 3 unchanged, 0 conflicts, 0 errors</p>'
    )
    for one in news:
        one.heat = 4711
    news[0].topics.extend([5] * 30)  # type: ignore[list-item]
    (folder / "1.md").write_bytes(b"<b>")
    page = news.save()._repr_html_()
    Tags(page)
    assert "SaveReport: 1 written, 0 unchanged, 1 conflict, 1 error</p><table" in page
    assert f'conflict</td><td style="text-align: left">{folder}/1.md: the file has changed' in page
    assert page.count("must be text, not the integer 5") == 19
    assert "… and 11 more" in page


def test_save_again(folder: Path) -> None:
    """A second `save` writes only the items that could not be written before."""
    news = NewsCollection.read(folder)
    old = (folder / "1.md").read_bytes()
    for one in news:
        one.heat = 4711
    (folder / "1.md").write_bytes(b"")
    assert len(news.save().written) == 2
    (folder / "1.md").write_bytes(old)
    report = news.save()
    assert ([one.path for one in report.written], len(report.unchanged)) == ([folder / "1.md"], 2)


def test_dry_run(folder: Path) -> None:
    """A dry run leaves every file as it was."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    assert len(news.save(dry_run=True).written) == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert len(news.changed()) == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_to_a_missing_folder(folder: Path, dry_run: bool) -> None:
    """A missing folder is an error with the path and the system's message, in a dry run too."""
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    news[0].path = folder / "gone" / "0.md"
    report = news.save(dry_run=dry_run)
    assert [str(error) for error in report.errors] == [f"{folder}/gone/0.md: No such file or directory"]
    assert isinstance(report.errors[0].__cause__, FileNotFoundError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes, which Windows and WebAssembly do not have")
@pytest.mark.parametrize("dry_run", [True, False])
def test_save_and_rename_named_pipes(folder: Path, dry_run: bool) -> None:
    """An item whose path is or became a pipe is an error with the path, and nothing waits for the pipe."""
    (folder / "link.md").symlink_to(folder / "pipe.md")
    os.mkfifo(folder / "pipe.md")
    news = NewsCollection.read([folder / "0.md", folder / "1.md"])
    for item, name in zip(news, ("pipe.md", "link.md"), strict=True):
        item.path = folder / name
    paths = [str(item.path) for item in news]
    report: newsitem.SaveReport | newsitem.RenameReport = news.rename(dry_run=dry_run)
    assert [str(error) for error in report.errors] == [f"{path}: Not a regular file" for path in paths]
    for item in news:
        item.heat = 4711
    report = news.save(dry_run=dry_run)
    message = "Not a regular file: open it and dump the item to the stream"
    assert [str(error) for error in report.errors] == [f"{path}: {message}" for path in paths]


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_a_repeated_item(folder: Path, dry_run: bool) -> None:
    """An item that is in a collection twice is written and compared once."""
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    assert (news + news).diff() == news.diff()
    report = (news + news).save(dry_run=dry_run)
    assert (len(report.written), len(report.unchanged), report.ok) == (1, 2, True)


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_two_items_of_one_file(folder: Path, dry_run: bool) -> None:
    """If two items were read from one file, directly or by a link, one is written and the other is a conflict."""
    (folder / "link.md").symlink_to(folder / "0.md")
    news = NewsCollection.read(folder)
    news = NewsCollection([news[0], copy.copy(news[0]), news[3]])
    for number, one in enumerate(news):
        one.heat = 4711 + number
    report = news.save(dry_run=dry_run)
    assert [one.path for one in report.written] == [folder / "0.md"]
    assert [error.path for error in report.conflicts] == [str(folder / "0.md"), str(folder / "link.md")]
    assert all("another item in the collection was written to this file" in str(error) for error in report.conflicts)
    assert newsitem.load(folder / "0.md").heat == (312 if dry_run else 4711)


def test_save_unchanged_items(folder: Path) -> None:
    """Unedited items are not written, even if their files are gone, and have no diff."""
    news = NewsCollection.read(folder)
    for path in folder.iterdir():
        path.unlink()
    assert len(news.save().unchanged) == 3
    assert news.diff() == ""
    assert list(folder.iterdir()) == []


def test_diff_of_a_collection(folder: Path) -> None:
    """A diff contains each file that would change, and an error in it names the file."""
    news = NewsCollection.read(folder)
    news[0].heat = news[2].heat = 4711
    assert re.findall(r"^\+\+\+ .*/(\d\.md)$", news.diff(), re.MULTILINE) == ["0.md", "2.md"]
    assert news.diff().count("+heat: 4711\n") == 2
    news[1].topics.append(5)  # type: ignore[arg-type]
    news[2].tags.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"(?s)2 problems.*1\.md: topics\[.*2\.md: tags\["):
        news.diff()


def test_write(tmp_path: Path) -> None:
    """New items are written under their filenames, get their paths, and can be edited and saved."""
    news = NewsCollection([titled("One thing"), titled("Another thing")])
    written = news.write(tmp_path / "new" / "folder")
    assert [path.name for path in written] == ["2020-06-24-one-thing.md", "2020-06-24-another-thing.md"]
    assert [one.path for one in news] == written
    assert NewsCollection.read(tmp_path) == news.sort("filename")
    assert news.write(str(tmp_path / "new" / "folder")) == written
    news[0].heat = 5
    with pytest.raises(
        newsitem.ConflictError, match=r"one-thing\.md: the item has been edited since .*: save it instead"
    ):
        news.write(tmp_path / "new" / "folder")
    assert [one.path for one in news.save().written] == written[:1]


def test_write_to_an_empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty path is refused, as by `read`, and is not the current folder."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"empty path: use '\.' for the current folder"):
        NewsCollection([titled()]).write("")
    assert list(tmp_path.iterdir()) == []


def test_write_copies(tmp_path: Path) -> None:
    """`write` copies items that were read from elsewhere, and does not change their paths."""
    news = NewsCollection.read(EXAMPLES[0].parent)[:2]
    written = news.write(tmp_path)
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in EXAMPLES[:2]]
    assert [one.path for one in news] == EXAMPLES[:2]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes, which Windows and WebAssembly do not have")
def test_write_overwrites_nothing(tmp_path: Path) -> None:
    """Filenames that are taken and invalid items are listed in one error, and nothing is written."""
    (tmp_path / "2020-06-24-taken.md").write_text("mine")
    (tmp_path / "2020-06-24-folder.md").mkdir()
    (tmp_path / "2020-06-24-broken.md").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "2020-06-24-pipe.md")
    free, twins = titled("Free"), [titled("Twin"), titled("twin!"), titled("Twin")]
    with pytest.raises(newsitem.ConflictError) as caught:
        NewsCollection([free, titled("Taken"), *twins, titled("Folder"), titled("Broken"), titled("Pipe")]).write(
            tmp_path
        )
    assert [problem.path for problem in caught.value.problems] == [
        str(tmp_path / "2020-06-24-taken.md"),
        str(tmp_path / "2020-06-24-twin.md"),
        str(tmp_path / "2020-06-24-folder.md"),
        str(tmp_path / "2020-06-24-broken.md"),
        str(tmp_path / "2020-06-24-pipe.md"),
    ]
    assert "a file with this name already exists" in str(caught.value)
    assert "have the same filename" in str(caught.value)
    free.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"free\.md: topics\[0\]"):
        NewsCollection([free, titled("Other")]).write(tmp_path)
    with pytest.raises(newsitem.NewsItemError, match="2 problems") as mixed:
        NewsCollection([free, titled("Taken")]).write(tmp_path)
    assert type(mixed.value) is newsitem.NewsItemError
    assert len(list(tmp_path.iterdir())) == 4
    with pytest.raises(NotADirectoryError):
        NewsCollection([titled("x")]).write(tmp_path / "2020-06-24-taken.md" / "below")
    assert (tmp_path / "2020-06-24-taken.md").read_text() == "mine"
    assert free.path is None


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="needs a file that even root cannot read")
def test_write_keeps_the_cause(tmp_path: Path) -> None:
    """An OSError while an existing file is compared is the cause of the error that is raised."""
    (tmp_path / "2020-06-24-taken.md").symlink_to("/proc/self/mem")
    with pytest.raises(newsitem.NewsItemError, match=r"2020-06-24-taken\.md") as caught:
        NewsCollection([titled("Taken")]).write(tmp_path)
    assert isinstance(caught.value.__cause__, OSError)


def test_write_does_not_overwrite_a_file_created_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is created after the filenames were checked is not overwritten."""
    news = NewsCollection([titled("One")])
    monkeypatch.setattr("newsitem._storage.batch._failures", lambda named: named[0][1].write_text("mine") and ())
    with pytest.raises(newsitem.ConflictError):
        news.write(tmp_path)
    assert (tmp_path / "2020-06-24-one.md").read_text() == "mine"
    assert news[0].path is None


def test_write_to_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OSError ends `write`, and is raised as is."""

    def failing(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    news = NewsCollection([new_item(title="A"), new_item(title="B")])
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        with pytest.raises(OSError, match="No space left"):
            news.write(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def failing(tmp_path: Path) -> tuple[NewsCollection, BrokenZone]:
    """Three edited items of files, and the time zone that makes the second one fail on demand."""
    zone, items = BrokenZone(), []
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text(SECURED_TEXT)
        items.append(newsitem.load(tmp_path / name))
        items[-1].heat = 5
    items[1].published_date_time = WHEN.replace(tzinfo=zone, day=25)
    zone.fails = True
    return NewsCollection(items), zone


def require_cause(error: newsitem.NewsItemError) -> None:
    """Require that an error has the original exception as its cause, and does not show its message."""
    assert isinstance(error.__cause__, RuntimeError)
    assert "RuntimeError" in str(error)
    assert SECRET not in f"{error}{error!r}"


@pytest.mark.parametrize("dry_run", [False, True])
def test_save_continues_after_an_unexpected_error(failing: tuple[NewsCollection, BrokenZone], dry_run: bool) -> None:
    """An unexpected exception becomes an error of its item, and the other items are written."""
    news, zone = failing
    report = news.save(dry_run=dry_run)
    assert [item.path and item.path.name for item in report.written] == ["a.md", "c.md"]
    (error,) = report.errors
    assert (error.path, report.ok) == (str(news[1].path), False)
    require_cause(error)
    zone.fails = False
    assert news.save().ok


def test_unexpected_errors_in_diff_and_changed(failing: tuple[NewsCollection, BrokenZone]) -> None:
    """An unexpected exception is raised with the item's path, or with its title if it has none."""
    news, _ = failing
    for ask in (news.diff, news.changed):
        with pytest.raises(newsitem.NewsItemError, match=r"b\.md: failed with an unexpected RuntimeError") as caught:
            ask()
        require_cause(caught.value)
    news[1].path = None
    with pytest.raises(newsitem.NewsItemError, match=r"^the item 'Warm pipes' failed with an unexpected"):
        news.diff()
    twice = NewsCollection([news[1], copy.copy(news[1])])
    with pytest.raises(newsitem.NewsItemError, match=r"^2 problems") as both:
        twice.diff()
    assert isinstance(both.value.__cause__, ExceptionGroup)


def test_unexpected_errors_in_write(failing: tuple[NewsCollection, BrokenZone], tmp_path: Path) -> None:
    """An unexpected exception in `write` names the item, and the other items are written, as progress shows."""
    news, _ = failing
    calls: list[tuple[int, int]] = []
    with pytest.raises(newsitem.NewsItemError, match=r"b\.md: failed with an unexpected RuntimeError"):
        news.write(tmp_path / "new", progress=lambda *numbers: calls.append(numbers))
    assert calls == [(1, 2), (2, 2)]
    assert [newsitem.load(path) for path in (tmp_path / "new").iterdir()] == [news[0]]  # equal items share a file


def test_write_continues_after_an_unexpected_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception while a file is replaced does not stop the others."""
    replace = os.replace
    first: list[Any] = []

    def failing(source: Any, target: Any) -> None:
        if not first:
            first.append(target)
            raise MemoryError
        replace(source, target)

    news = NewsCollection([new_item(title="A"), new_item(title="B")])
    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(newsitem.NewsItemError, match=r"-a\.md: failed with an unexpected MemoryError"):
        news.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2020-06-24-b.md"]


def test_unexpected_errors_in_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception while a file is read is an error with its path."""
    path = secured_item(tmp_path).path
    assert path is not None

    def failing(*_: Any, **__: Any) -> Any:
        raise MemoryError

    raised = None
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", failing)
        (error,) = NewsCollection.read(path, on_error="collect").errors
        try:
            NewsCollection.read(path)
        except newsitem.NewsItemError as caught:
            raised = caught
    assert error.path == str(path)
    assert str(raised).startswith(f"{path}: failed with an unexpected MemoryError")


def test_write_of_a_new_item_with_a_taken_path(tmp_path: Path) -> None:
    """A new item whose `path` was set to an existing file is a name conflict, and not an edit to be saved."""
    item = titled("taken")
    item.path = tmp_path / item.filename
    item.path.write_text("somebody else's")
    with pytest.raises(newsitem.ConflictError, match="a file with this name already exists"):
        NewsCollection([item]).write(tmp_path)
    assert item.path.read_text() == "somebody else's"
