"""Dask: bags of items over any file system, and Parquet that is written once, whoever dies on the way."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import threading
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
    """Compute in this process, but for the test of a cluster."""
    with dask.config.set(scheduler=None if "cluster" in request.node.name else "sync"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The samples, one file that is no item, and what Jekyll skips."""
    copy = Path(shutil.copytree(SAMPLES, tmp_path / "news"))
    (copy / "2020-06-01-bad.md").write_text("no front matter")
    (copy / "_drafts").mkdir()
    (copy / "_drafts" / "draft.md").write_text("not read")
    return copy


@pytest.fixture
def memory(folder: Path) -> Iterator[str]:
    """The same in fsspec's file system in memory."""
    file_system = fsspec.filesystem("memory")
    for path in folder.rglob("*.md"):
        file_system.pipe_file(f"/site/{path.relative_to(folder)}", path.read_bytes())
    yield "memory://site"
    file_system.store.clear()
    file_system.pseudo_dirs[:] = [""]


def test_read_bag_is_what_a_collection_reads(folder: Path) -> None:
    """A bag has the items of the folder in their order, with their paths, in partitions of so many files."""
    (folder / "2020-06-01-bad.md").unlink()
    bag = newsitem_dask.read_bag(str(folder), files_per_partition=8)
    assert bag.npartitions == 3
    items = bag.compute()
    assert NewsCollection(items) == NewsCollection.read(folder)
    assert [item.path for item in items] == [item.path for item in NewsCollection.read(folder)]


def test_limits_go_to_the_workers(folder: Path) -> None:
    """The limits that are in force when the bag is made hold where its files are read, later and elsewhere."""
    with newsitem.limits(size=100):
        bag = newsitem_dask.read_bag(folder, on_error="collect")
    found = bag.compute()
    assert newsitem.LimitError in map(type, found)
    assert newsitem.NewsItem not in map(type, found)
    assert newsitem.NewsItem in {type(each) for each in newsitem_dask.read_bag(folder, on_error="collect").compute()}


def test_errors(folder: Path, memory: str) -> None:
    """An error ends the computation, or stands in the bag with its path, in any file system."""
    for url, name in ((str(folder), str(folder)), (memory, "memory:///site")):
        with pytest.raises(newsitem.ParseError, match="no front matter"):
            newsitem_dask.read_bag(url).compute()
        found = newsitem_dask.read_bag(url, on_error="collect").compute()
        errors = [each for each in found if isinstance(each, newsitem.NewsItemError)]
        assert [error.path for error in errors] == [f"{name}/2020-06-01-bad.md"]
        items = [each for each in found if not isinstance(each, newsitem.NewsItemError)]
        assert NewsCollection(items) == NewsCollection.read(folder, on_error="collect")


def test_urls(folder: Path, memory: str) -> None:
    """A file, a pattern, and many of both are read, each file once; a remote item has no path."""
    (item,) = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}").compute()
    assert (item, item.path) == (newsitem.load(EXAMPLES[0]), None)
    july = [path.name for path in EXAMPLES if "2020-07" in path.name]
    assert len(newsitem_dask.read_bag(f"{memory}/2020-07*.md").compute()) == len(july)
    first = str(folder / EXAMPLES[0].name)
    urls = [first, str(folder / "2020-05*.md")]
    read = newsitem_dask.read_bag(urls).compute()
    assert [item.path.name for item in read] == [path.name for path in EXAMPLES if "2020-05" in path.name]
    assert newsitem_dask.read_bag([]).compute() == []


def test_a_report_is_short(folder: Path, tmp_path: Path) -> None:
    """A report shows its numbers, prints its errors, has a view for notebooks, and is true if all could be read."""
    report = newsitem_dask.to_parquet(newsitem_dask.read_bag(folder, on_error="collect"), str(tmp_path / "parquet"))
    assert not report
    assert not report.ok
    assert repr(report) == "<ParquetReport: 21 rows in 1 file, 1 error>"
    error = f"{folder}/2020-06-01-bad.md:1:1: no front matter: the first line must be '---'"
    assert str(report) == f"ParquetReport: 21 rows in 1 file, 1 error\n{error}"
    assert f'<p class="tex2jax_ignore mathjax_ignore">{repr(report)[1:-1]}</p><table' in report._repr_html_()
    assert newsitem_dask.ParquetReport((), 0, ())


def test_nothing_found(folder: Path, memory: str) -> None:
    """Where no file is found a warning says what was skipped, in any file system, at the line that asked."""
    for path in folder.glob("*.md"):
        path.unlink()
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {folder}, and 1 skipped: _drafts \(1\); ") as caught:
        assert newsitem_dask.read_bag(folder).compute() == []
    assert caught[0].filename == __file__
    fsspec.filesystem("memory").pipe_file("/site/a/_posts/_drafts/1.md", b"not read")
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {memory}/a, and 1 skipped: _drafts \(1\); "):
        newsitem_dask.read_bag(f"{memory}/a")
    with pytest.warns(UserWarning, match=rf"^no Markdown files in {memory}/\*\.html$"):
        newsitem_dask.read_bag(f"{memory}/*.html")


def test_the_root_of_a_site(folder: Path, memory: str) -> None:
    """Of a site in any file system those files are read that a collection reads."""
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
    """What is not there, and what makes no sense, is refused before anything is computed."""
    with pytest.raises(FileNotFoundError):
        newsitem_dask.read_bag(str(folder / "typo"))
    with pytest.raises(ValueError, match="on_error must be 'raise' or 'collect', not 'ignore'"):
        newsitem_dask.read_bag(str(folder), on_error="ignore")  # type: ignore[arg-type]
    for number in (0, 2.5):
        with pytest.raises(ValueError, match="files_per_partition must be a whole number above 0"):
            newsitem_dask.read_bag(str(folder), files_per_partition=number)  # type: ignore[arg-type]
    bag = newsitem_dask.read_bag(str(folder))
    for work in (
        lambda: newsitem_dask.to_tables(bag, ["hat"]),
        lambda: newsitem_dask.to_parquet(bag, "x", columns=["hat"]),
    ):
        with pytest.raises(ValueError, match="no column 'hat'"):
            work()


def test_a_file_that_vanishes(folder: Path) -> None:
    """A file that is gone when its turn comes is one of the errors."""
    bag = newsitem_dask.read_bag(str(folder), on_error="collect")
    gone = folder / EXAMPLES[0].name
    gone.unlink()
    errors = [each for each in bag.compute() if isinstance(each, newsitem.NewsItemError)]
    assert [str(error) for error in errors][:1] == [f"{gone}: No such file or directory"]


def test_names_with_the_characters_of_patterns(tmp_path: Path) -> None:
    """What exists under a name is that, and no pattern; what is written there is noticed."""
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


def test_one_file_system(folder: Path, memory: str) -> None:
    """Paths of several file systems are refused, as the first one would look for all of them."""
    with pytest.raises(ValueError, match="all of urlpath must be in one file system"):
        newsitem_dask.read_bag([str(folder), memory])


def test_folders_as_a_collection_reads_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to folders are followed, and a folder that cannot be listed is an error."""
    (folder / "2020-06-01-bad.md").unlink()
    (folder.parent / "top").mkdir()
    (folder.parent / "top" / "link").symlink_to(folder)
    assert len(newsitem_dask.read_bag(folder.parent / "top").compute()) == 21
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


def test_errors_of_other_libraries(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file system raises, be it no OSError, is collected with the file's path."""

    def cat_file(_self: object, _path: str) -> bytes:
        raise LookupError("no route")

    bag = newsitem_dask.read_bag(f"{memory}/{EXAMPLES[0].name}", on_error="collect")
    monkeypatch.setattr(type(fsspec.filesystem("memory")), "cat_file", cat_file)
    (error,) = bag.compute()
    assert str(error) == f"memory:///site/{EXAMPLES[0].name}: LookupError: no route"


def test_to_tables(folder: Path) -> None:
    """There is a table for each partition; an error that stands among the items is raised."""
    bag = newsitem_dask.read_bag(str(folder), on_error="collect", files_per_partition=8)
    with pytest.raises(newsitem.ParseError):
        newsitem_dask.to_tables(bag).compute()
    (folder / "2020-06-01-bad.md").unlink()
    bag = newsitem_dask.read_bag(str(folder), files_per_partition=8)
    tables = newsitem_dask.to_tables(bag, columns=["title", "heat"]).compute()
    assert [table.num_rows for table in tables] == [8, 8, 5]
    assert tables[0].column_names == ["title", "heat"]


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("where", ["local", "memory"])
def test_to_parquet(folder: Path, tmp_path: Path, where: str) -> None:
    """There is a file for each partition with the rows of its items, and a report with the errors."""
    target = str(tmp_path / "parquet") if where == "local" else "memory://parquet"
    bag = newsitem_dask.read_bag(str(folder), on_error="collect", files_per_partition=8)
    report = newsitem_dask.to_parquet(bag, target)
    assert report.rows == 21
    assert [name.rpartition("/")[2] for name in report.files] == [f"part-{number:05}.parquet" for number in range(3)]
    assert [error.path for error in report.errors] == [str(folder / "2020-06-01-bad.md")]
    table = pq.read_table(
        target.removeprefix("memory:/"), filesystem=fsspec.filesystem("memory") if where == "memory" else None
    )
    for item in (news := NewsCollection.read(folder, on_error="collect")):
        item.secured = None
    assert arrow.from_table(table) == news
    with pytest.raises(FileExistsError, match="Parquet files in this folder"):
        newsitem_dask.to_parquet(bag, target)


@pytest.mark.filterwarnings("ignore")  # what distributed says when a worker dies
def test_cluster_whose_worker_is_killed(tmp_path: Path) -> None:
    """With two worker processes, of which one is killed in the middle, every row is there once."""
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
    """Without dask the import says how to get it."""
    without("dask", "newsitem.dask")
    with pytest.raises(
        ImportError,
        match=re.escape("newsitem.dask needs dask.bag: pip install 'newsitem[dask]' (or: pip install dask)"),
    ):
        importlib.import_module("newsitem.dask")
