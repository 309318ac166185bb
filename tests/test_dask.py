"""Dask: bags of items in any file system, and Parquet files that are written once, even if a worker dies."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES, ROOT

import newsitem
from newsitem import NewsCollection

dask = pytest.importorskip("dask", reason="dask is not installed: pip install 'newsitem[dask]'")
fsspec = pytest.importorskip("fsspec")
pq = pytest.importorskip("pyarrow.parquet")

import newsitem.dask as newsitem_dask  # noqa: E402
from newsitem import arrow  # noqa: E402

SAMPLES = ROOT / "examples" / "news"


@pytest.fixture(autouse=True)
def one_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compute in this process, except in the test of a cluster."""
    with dask.config.set(scheduler=None if "cluster" in request.node.name else "sync"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample files, an invalid file, and a file that Jekyll skips."""
    copy = Path(shutil.copytree(SAMPLES, tmp_path / "news"))
    (copy / "2020-06-01-bad.md").write_text("no front matter")
    (copy / "_drafts").mkdir()
    (copy / "_drafts" / "draft.md").write_text("not read")
    return copy


@pytest.fixture
def memory(folder: Path) -> Iterator[str]:
    """The same files in fsspec's in-memory file system."""
    file_system = fsspec.filesystem("memory")
    for path in folder.rglob("*.md"):
        file_system.pipe_file(f"/site/{path.relative_to(folder)}", path.read_bytes())
    yield "memory://site"
    file_system.store.clear()
    file_system.pseudo_dirs[:] = [""]


def test_read_bag(folder: Path) -> None:
    """A bag contains the items of the folder with their paths, in order, in partitions of the requested size."""
    (folder / "2020-06-01-bad.md").unlink()
    bag = newsitem_dask.read_bag(str(folder), files_per_partition=8)
    assert bag.npartitions == 3
    items = bag.compute()
    assert NewsCollection(items) == NewsCollection.read(folder)
    assert [item.path for item in items] == [item.path for item in NewsCollection.read(folder)]


def test_limits_apply_to_workers(folder: Path) -> None:
    """The limits in force when a bag is made apply when its files are read later."""
    with newsitem.limits(size=100):
        bag = newsitem_dask.read_bag(folder, on_error="collect")
    found = bag.compute()
    assert newsitem.LimitError in map(type, found)
    assert newsitem.NewsItem not in map(type, found)
    assert newsitem.NewsItem in {type(each) for each in newsitem_dask.read_bag(folder, on_error="collect").compute()}


def test_errors(folder: Path, memory: str) -> None:
    """An error ends the computation, or is collected in the bag with its path, in any file system."""
    for url, name in ((str(folder), str(folder)), (memory, "memory:///site")):
        with pytest.raises(newsitem.ParseError, match="no front matter"):
            newsitem_dask.read_bag(url).compute()
        found = newsitem_dask.read_bag(url, on_error="collect").compute()
        errors = [each for each in found if isinstance(each, newsitem.NewsItemError)]
        assert [error.path for error in errors] == [f"{name}/2020-06-01-bad.md"]
        items = [each for each in found if not isinstance(each, newsitem.NewsItemError)]
        assert NewsCollection(items) == NewsCollection.read(folder, on_error="collect")


def test_urls(folder: Path, memory: str) -> None:
    """Files and patterns are read, each file once, and an item of a remote file has no path."""
    (item,) = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}").compute()
    assert (item, item.path) == (newsitem.load(EXAMPLES[0]), None)
    july = [path.name for path in EXAMPLES if "2020-07" in path.name]
    assert len(newsitem_dask.read_bag(f"{memory}/2020-07*.md").compute()) == len(july)
    first = str(folder / EXAMPLES[0].name)
    urls = [first, str(folder / "2020-05*.md")]
    read = newsitem_dask.read_bag(urls).compute()
    assert [item.path.name for item in read] == [path.name for path in EXAMPLES if "2020-05" in path.name]
    with pytest.warns(UserWarning, match="^no Markdown files: there are no paths to read$"):
        assert newsitem_dask.read_bag([]).compute() == []
    with EXAMPLES[0].open() as file, pytest.raises(TypeError, match="not an open file: pass its path"):
        newsitem_dask.read_bag(file)
    with pytest.raises(ValueError, match=r"^expected a path, not the text of a file: use newsitem\.loads$"):
        newsitem_dask.read_bag(EXAMPLES[0].read_text())


def test_files_in_the_root(memory: str) -> None:
    """Files in the root of a file system are found, and those that Jekyll skips are not."""
    file_system = fsspec.filesystem("memory")
    file_system.store.clear()
    for name in ("/a.md", "/_drafts/b.md", "/_c.md"):
        file_system.pipe_file(name, EXAMPLES[0].read_bytes())
    assert len(newsitem_dask.read_bag(memory.removesuffix("site")).compute()) == 1


def test_report(folder: Path, tmp_path: Path) -> None:
    """A report shows its numbers and errors, also in a notebook, and is true if there are no errors."""
    report = newsitem_dask.to_parquet(newsitem_dask.read_bag(folder, on_error="collect"), str(tmp_path / "parquet"))
    assert not report
    assert not report.ok
    assert repr(report) == "<ParquetReport: 21 rows in 1 file, 1 error>"
    error = f"{folder}/2020-06-01-bad.md:1:1: no front matter: the first line must be '---'"
    assert str(report) == f"ParquetReport: 21 rows in 1 file, 1 error\n{error}"
    assert f'<p class="tex2jax_ignore mathjax_ignore">{repr(report)[1:-1]}</p><table' in report._repr_html_()
    assert newsitem_dask.ParquetReport((), 0, ())


def test_warning_if_nothing_is_found(folder: Path, memory: str) -> None:
    """If no file is found, a warning at the caller's line lists what was skipped, in any file system."""
    for path in folder.glob("*.md"):
        path.unlink()
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {folder}; 1 skipped: _drafts \(1\) \(to ") as caught:
        assert newsitem_dask.read_bag(folder).compute() == []
    assert caught[0].filename == __file__
    fsspec.filesystem("memory").pipe_file("/site/a/_posts/_drafts/1.md", b"not read")
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {memory}/a; 1 skipped: _drafts \(1\) \(to "):
        newsitem_dask.read_bag(f"{memory}/a")
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {memory}/\*\.html$"):
        newsitem_dask.read_bag(f"{memory}/*.html")


def test_root_of_a_site(folder: Path, memory: str) -> None:
    """A bag contains the same files of a site as a collection, in any file system."""
    names = ["_news/1.md", "_posts/2.MD", "a/_posts/3.markdown", "_site/4.md", "a/_5.md", "_news/_6/7.md", "8.txt"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(EXAMPLES[0].read_bytes())
        fsspec.filesystem("memory").pipe_file(f"/site/{name}", EXAMPLES[0].read_bytes())
    read = NewsCollection.read(folder, on_error="collect")
    assert len(read) == len(EXAMPLES) + 3
    for url in (str(folder), memory, f"{memory}/"):
        found = newsitem_dask.read_bag(url, on_error="collect").compute()
        assert [each for each in found if isinstance(each, newsitem.NewsItem)] == list(read)


def test_wrong_arguments(folder: Path) -> None:
    """Missing paths and wrong arguments are refused before anything is computed."""
    with pytest.raises(FileNotFoundError):
        newsitem_dask.read_bag(str(folder / "typo"))
    with pytest.raises(ValueError, match="on_error must be 'raise' or 'collect', not 'ignore'"):
        newsitem_dask.read_bag(str(folder), on_error="ignore")  # type: ignore[arg-type]
    for number in (0, 2.5):
        with pytest.raises(ValueError, match="files_per_partition must be a positive integer"):
            newsitem_dask.read_bag(str(folder), files_per_partition=number)  # type: ignore[arg-type]
    bag = newsitem_dask.read_bag(str(folder))
    for work in (
        lambda: newsitem_dask.to_tables(bag, ["hat"]),
        lambda: newsitem_dask.to_parquet(bag, "x", columns=["hat"]),
    ):
        with pytest.raises(ValueError, match="no column 'hat'"):
            work()
    no_bag: Any = []
    for wrong in (lambda: newsitem_dask.to_tables(no_bag), lambda: newsitem_dask.to_parquet(no_bag, folder)):
        with pytest.raises(TypeError, match="expected a bag of items, as read_bag returns it, not list"):
            wrong()


def test_class_that_was_sent_by_value(folder: Path) -> None:
    """A worker process that cannot import the class, because a script defines it, says what to do."""
    with pytest.raises(TypeError, match="Thing is not a model in this process: define it in a module"):
        newsitem_dask._read([str(folder)], None, "raise", newsitem.Limits(), type("Thing", (newsitem.FrontMatter,), {}))


def test_empty_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty path is refused, as in a collection, and is not the current folder."""
    monkeypatch.chdir(folder)
    for urlpath in ("", [""], [".", ""]):
        with pytest.raises(ValueError, match=r"empty path: use '\.' for the current folder"):
            newsitem_dask.read_bag(urlpath)
    with pytest.raises(ValueError, match="empty path"):
        newsitem_dask.to_parquet(newsitem_dask.read_bag("."), "")
    assert list(Path().glob("*.parquet")) == []


@pytest.mark.parametrize("name", ["a::b", "a::b::c", "::", "zip::memory", "memory:", "x::zip:"])
def test_local_names_that_look_like_urls(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local folder is read and written under its name, even if fsspec would read the name as a URL."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / name
    folder.mkdir()
    (folder / "c::d.md").write_bytes(EXAMPLES[0].read_bytes())
    for urlpath in (name, str(folder), folder, folder / "c::d.md", [folder]):
        (item,) = newsitem_dask.read_bag(urlpath).compute()
        assert item.path == folder / "c::d.md"
    newsitem_dask.to_parquet(newsitem_dask.read_bag(folder), name)
    assert pq.read_table(folder / "part-00000.parquet").num_rows == 1


def test_double_colons(tmp_path: Path) -> None:
    """`::` chains file systems only if the path names a file system."""
    (tmp_path / "a::b").mkdir()
    (tmp_path / "a::b" / "1.md").write_bytes(EXAMPLES[0].read_bytes())
    assert len(newsitem_dask.read_bag(str(tmp_path / "a::b" / "*.md")).compute()) == 1
    with pytest.raises(FileNotFoundError):
        newsitem_dask.read_bag(str(tmp_path / "a::c"))
    newsitem_dask.to_parquet(newsitem_dask.read_bag(tmp_path / "a::b"), str(tmp_path / "new::folder"))
    assert pq.read_table(tmp_path / "new::folder").num_rows == 1
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.write(EXAMPLES[0], "news/1.md")
    for url in (f"zip://news::{tmp_path}/news.zip", f"simplecache::zip://news/*.md::{tmp_path}/news.zip"):
        assert len(newsitem_dask.read_bag(url).compute()) == 1


@pytest.mark.parametrize("where", ["local", "memory"])
def test_large_file_is_not_read(folder: Path, memory: str, where: str) -> None:
    """A file beyond the limit is read only up to the limit, in any file system."""
    with (folder / "big.md").open("wb") as file:
        file.truncate(50_000_000)
    url = str(folder / "big.md") if where == "local" else f"{memory}/big.md"
    if where == "memory":
        fsspec.filesystem("memory").pipe_file("/site/big.md", bytes(50_000_000))
    with newsitem.limits(size=100_000):
        bag = newsitem_dask.read_bag(url, on_error="collect")
        one = newsitem_dask.read_bag(url)
    tracemalloc.start()
    (error,) = bag.compute()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, newsitem.LimitError)
    assert "big.md: larger than 100,000 bytes: if you trust this file" in str(error)
    assert peak < 10_000_000
    with pytest.raises(newsitem.LimitError, match=r"big\.md: larger than"):
        one.compute()


def test_file_of_unknown_size(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a file system does not report the size of a file, the file is read up to the limit."""
    kind = type(fsspec.filesystem("memory"))
    bag = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}", on_error="collect")
    with newsitem.limits(size=1_000):
        small = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}", on_error="collect")
    true_info = kind.info
    monkeypatch.setattr(kind, "info", lambda self, path, **how: {**true_info(self, path, **how), "size": None})
    assert bag.compute() == [newsitem.load(EXAMPLES[0])]
    assert [type(each) for each in small.compute()] == [newsitem.LimitError]


def test_file_that_is_removed(folder: Path) -> None:
    """A file that is removed before it is read is an error with its path."""
    bag = newsitem_dask.read_bag(str(folder), on_error="collect")
    gone = folder / EXAMPLES[0].name
    gone.unlink()
    errors = [each for each in bag.compute() if isinstance(each, newsitem.NewsItemError)]
    assert [str(error) for error in errors][:1] == [f"{gone}: No such file or directory"]


def test_local_names_that_look_like_patterns(tmp_path: Path) -> None:
    """An existing name with wildcards is not a pattern, and files in such a folder are not overwritten."""
    folder = tmp_path / "year[2020]"
    folder.mkdir()
    (folder / "a*.md").write_bytes(EXAMPLES[0].read_bytes())
    assert len(newsitem_dask.read_bag(folder).compute()) == 1
    assert len(newsitem_dask.read_bag(folder / "a*.md").compute()) == 1
    bag = newsitem_dask.read_bag([folder])
    newsitem_dask.to_parquet(bag, str(tmp_path / "out[1]"), columns=iter(["title"]))  # type: ignore[arg-type]
    assert pq.read_table(tmp_path / "out[1]").shape == (1, 1)
    with pytest.raises(FileExistsError):
        newsitem_dask.to_parquet(bag, str(tmp_path / "out[1]"))


def test_several_file_systems(folder: Path, memory: str) -> None:
    """Paths in several file systems are refused."""
    with pytest.raises(ValueError, match="all paths must be in one file system"):
        newsitem_dask.read_bag([str(folder), memory])


def test_links_and_unreadable_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to folders are followed, but read once, and a folder that cannot be listed is an error."""
    (folder / "2020-06-01-bad.md").unlink()
    (folder.parent / "top").mkdir()
    (folder.parent / "top" / "link").symlink_to(folder)
    for source in (folder.parent / "top", [folder, folder.parent / "top"]):
        assert len(newsitem_dask.read_bag(source).compute()) == 21
    true_scandir = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("link"):
            raise PermissionError(13, "Permission denied", str(path))
        return true_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(PermissionError):
        newsitem_dask.read_bag(folder.parent / "top")
    (error,) = newsitem_dask.read_bag(folder.parent / "top", on_error="collect").compute()
    assert str(error) == f"{folder.parent}/top/link: Permission denied"


def test_errors_of_a_file_system(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any exception of a file system is collected with the path of the file."""

    def refuse(*_: object, **_options: object) -> bytes:
        raise LookupError("no route")

    bag = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}", on_error="collect")
    monkeypatch.setattr(type(fsspec.filesystem("memory")), "open", refuse)
    (error,) = bag.compute()
    assert str(error) == f"memory:///site/{EXAMPLES[0].name}: LookupError: no route"


def test_unexpected_errors_of_a_class(memory: str, folder: Path) -> None:
    """The message of an unexpected error is attached and not shown, as it may contain any part of the text."""

    def fail(item: newsitem.NewsItem, _attribute: object, value: str) -> None:
        raise RuntimeError(f"{value} {item.secured}")

    @newsitem.model
    class Failing(newsitem.NewsItem):
        excerpt: str | None = newsitem.key(default=None, validator=fail)

    for url, path in (memory, f"memory:///site/{EXAMPLES[0].name}"), (str(folder), str(folder / EXAMPLES[0].name)):
        bag = newsitem_dask.read_bag(f"{url}/{EXAMPLES[0].name}", on_error="collect", cls=Failing)
        (error,) = bag.compute()
        assert str(error).startswith(f"{path}: failed with an unexpected RuntimeError (see __cause__)")
        assert isinstance(error.__cause__, RuntimeError)


def test_class_of_a_function(folder: Path) -> None:
    """A class that cannot be imported can be used in this process, and also later, although Dask copies it."""

    @newsitem.model
    class Course(newsitem.NewsItem):
        price: str | None = newsitem.key(default=None)

    bag = newsitem_dask.read_bag(str(folder), on_error="collect", cls=Course)
    items = [each for each in bag.compute() if isinstance(each, Course)]
    assert items == list(NewsCollection.read(folder, cls=Course, on_error="collect"))
    assert sum(len(item.related) for item in items) > 0
    with pytest.raises(newsitem.ValidationError, match="price: must be text"):
        items[0].price = 5  # type: ignore[assignment]


def test_to_tables(folder: Path) -> None:
    """There is a table for each partition, and an error among the items is raised."""
    bag = newsitem_dask.read_bag(str(folder), on_error="collect", files_per_partition=8)
    with pytest.raises(newsitem.ParseError):
        newsitem_dask.to_tables(bag).compute()
    (folder / "2020-06-01-bad.md").unlink()
    bag = newsitem_dask.read_bag(str(folder), files_per_partition=8)
    tables = newsitem_dask.to_tables(bag, columns=["title", "heat"]).compute()
    assert [table.num_rows for table in tables] == [8, 8, 5]
    assert tables[0].column_names == ["title", "heat"]


def test_partition_with_much_text(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A partition with too much text for one array is a table of several chunks, and one Parquet file."""
    (folder / "2020-06-01-bad.md").unlink()
    bag = newsitem_dask.read_bag(folder)
    whole = newsitem_dask.to_tables(bag).compute()[0]
    monkeypatch.setattr("newsitem._query.columns._MOST", 2_000)
    (table,) = newsitem_dask.to_tables(bag).compute()
    assert table.column("body").num_chunks > 1
    assert table.equals(whole)
    report = newsitem_dask.to_parquet(bag, str(tmp_path / "parquet"))
    assert (report.rows, len(report.files)) == (21, 1)
    assert pq.read_table(report.files[0]).equals(whole)


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("where", ["local", "memory"])
def test_to_parquet(folder: Path, tmp_path: Path, where: str) -> None:
    """There is a file for each partition with the rows of its items, and a report with the errors."""
    target = str(tmp_path / "parquet") if where == "local" else "memory://parquet"
    bag = newsitem_dask.read_bag(str(folder), on_error="collect", files_per_partition=8)
    report = newsitem_dask.to_parquet(bag, Path(target) if where == "local" else target)
    assert report.rows == 21
    assert [name.rpartition("/")[2] for name in report.files] == [f"part-{number:05}.parquet" for number in range(3)]
    assert [error.path for error in report.errors] == [str(folder / "2020-06-01-bad.md")]
    table = pq.read_table(
        target.removeprefix("memory:/"), filesystem=fsspec.filesystem("memory") if where == "memory" else None
    )
    for item in (news := NewsCollection.read(folder, on_error="collect")):
        item.secured = None
    assert arrow.from_table(table) == news
    with pytest.raises(FileExistsError, match="already contains Parquet files"):
        newsitem_dask.to_parquet(bag, target)


@pytest.mark.filterwarnings("ignore")  # warnings of distributed about the killed worker
def test_cluster_whose_worker_is_killed(tmp_path: Path) -> None:
    """If one of two workers is killed, every row is written exactly once."""
    distributed = pytest.importorskip("distributed")
    for number in range(120):
        for path in EXAMPLES[:5]:
            (tmp_path / f"{number:03}-{path.name}").write_bytes(path.read_bytes())
    (tmp_path / "bad.md").write_text("no front matter")
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        workers = list(client.run(os.getpid).values())
        bag = newsitem_dask.read_bag(str(tmp_path), on_error="collect", files_per_partition=10)

        def kill() -> None:
            while len(list((tmp_path / "parquet").glob("*.parquet"))) < 12:
                pass
            os.kill(workers[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        report = newsitem_dask.to_parquet(bag, str(tmp_path / "parquet"))
        killer.join()
        assert workers != list(client.run(os.getpid).values())
    assert (report.rows, [error.path for error in report.errors]) == (600, [str(tmp_path / "bad.md")])
    found = pq.read_table(tmp_path / "parquet").column("path").to_pylist()
    assert sorted(found) == sorted(str(path) for path in tmp_path.glob("[0-9]*.md"))


def test_without_dask(without: Callable[..., None]) -> None:
    """Without dask, the import raises an error with installation instructions."""
    without("dask", "newsitem.dask")
    with pytest.raises(
        ImportError,
        match=re.escape("newsitem.dask needs dask.bag: pip install 'newsitem[dask]' (or: pip install dask)"),
    ):
        importlib.import_module("newsitem.dask")
