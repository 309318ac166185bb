"""Read large collections in parallel with Dask, from any file system that fsspec supports, and write Parquet.

This module requires the extra ``dask``: ``pip install 'newsitem[dask]'``. `newsitem` itself does not import it. The
functions run on Dask's local schedulers and, without changes, on the cluster of a ``distributed.Client``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import attrs

try:
    import dask.bag
    import fsspec
    import pyarrow as pa
    import pyarrow.parquet as pq
    from fsspec.implementations.local import LocalFileSystem
except ImportError as _error:
    _package = str(_error.name).partition(".")[0]
    _message = f"newsitem.dask needs {_error.name}: pip install 'newsitem[dask]' (or: pip install {_package})"
    raise ImportError(_message, name=_error.name) from None

from newsitem._codec.round_trip import loads
from newsitem._query.columns import schema_of, table_of
from newsitem._schema.fields import is_model
from newsitem._storage import atomic, discovery
from newsitem._storage.batch import OnError, Report, collects, of_item, parted, with_path
from newsitem._storage.files import all_of
from newsitem._yaml.limits import Limits, current_limits, in_force
from newsitem.errors import NewsItemError, counted
from newsitem.items import FrontMatter, NewsItem, require_kind

__all__ = ["ParquetReport", "read_bag", "to_parquet", "to_tables"]

_Outcomes = Iterable[FrontMatter | NewsItemError]
"""A partition of a bag of items, which may contain errors that `read_bag` collected."""


@attrs.frozen(repr=False)
class ParquetReport(Report):
    """The result of `to_parquet`. It is true if all files could be read.

    Example:
        >>> from newsitem.dask import read_bag, to_parquet
        >>> to_parquet(read_bag("news"), "parquet").rows
        21
    """

    files: tuple[str, ...]
    """The Parquet files, one for each partition, in order."""
    rows: int
    """The total number of rows, one for each item that was read."""
    errors: tuple[NewsItemError, ...]
    """The errors of files that could not be read, each with its ``path``."""

    _failures: ClassVar = ("error",)

    def _done(self) -> str:
        return f"{counted(self.rows, 'row')} in {counted(len(self.files), 'file')}"


def read_bag(
    urlpath: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    storage_options: Mapping[str, Any] | None = None,
    on_error: OnError = "raise",
    files_per_partition: int = 500,
    cls: type[FrontMatter] = NewsItem,
) -> dask.bag.Bag:
    """Return a Dask bag of items, which are read in parallel when the bag is computed.

    The files are listed immediately, sorted by path, and read later, in partitions. The `newsitem.limits` in force at
    the time of the call also apply when the files are read.

    Args:
        urlpath: A folder, a file, or a pattern such as ``"s3://bucket/news/**/*.md"``, in any file system that fsspec
            supports, or several of these in one file system. In a folder, the same files are read as by
            `newsitem.NewsCollection.read`. If no file is found, a ``UserWarning`` lists the names that were skipped.
        storage_options: Options for the file system, such as credentials.
        on_error: ``"raise"`` stops the computation at the first file that cannot be read. ``"collect"`` puts the
            `newsitem.NewsItemError` of such a file into the bag instead of an item.
        files_per_partition: The number of files that one task reads.
        cls: The class of the items. The worker processes must be able to import it.

    Returns:
        A bag of items. Items from local files have a ``path``.

    Raises:
        FileNotFoundError: if a file or folder does not exist.
        ValueError: if *on_error* is neither ``"raise"`` nor ``"collect"``, *files_per_partition* is not a positive
            integer, a path is empty, or the paths are in several file systems.
        TypeError: if *urlpath* is neither a path nor an iterable of paths, or *cls* is not an item class.

    Example:
        >>> from newsitem.dask import read_bag
        >>> bag = read_bag("news", files_per_partition=10)
        >>> bag.npartitions, bag.map(lambda item: item.heat or 0).max().compute(scheduler="sync")
        (3, 874)
    """
    require_kind(cls)
    is_collecting = collects(on_error)
    if not isinstance(files_per_partition, int) or files_per_partition < 1:
        raise ValueError(f"files_per_partition must be a positive integer, not {files_per_partition!r}")
    urls = [urlpath] if isinstance(urlpath, str | os.PathLike) else discovery.listed(urlpath)
    located = [_located(os.fspath(url), storage_options) for url in urls]
    file_system = located[0][0] if located else LocalFileSystem()
    if any(other != file_system for other, _ in located):
        raise ValueError("all paths must be in one file system: read a bag for each file system, and concatenate them")
    errors: list[NewsItemError] = []
    skipped: list[str] = []
    paths = _files(file_system, [path for _, path in located], errors if is_collecting else None, skipped)
    if not paths and not errors:
        discovery.warn_of_nothing(urls, None, skipped)
    entries = [*sorted(paths, key=lambda path: path.split("/")), *errors]  # errors from folders that cannot be listed
    bag = dask.bag.from_sequence(entries, partition_size=files_per_partition)
    return bag.map_partitions(_read, file_system, on_error, current_limits(), cls)


def _located(url: str, storage_options: Mapping[str, Any] | None) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it. A URL that is the name of an existing local path is local."""
    discovery.named_path(url)  # it may be the text of a file
    options = dict(storage_options or {})
    protocols = fsspec.available_protocols()
    chained = "://" in url or any(part in protocols for part in url.split("::"))
    if os.path.lexists(url) or ("::" in url and not chained):
        return LocalFileSystem(**options), LocalFileSystem._strip_protocol(url)  # noqa: SLF001 - no public name does it
    file_system, path = fsspec.core.url_to_fs(url, **options)
    return file_system, path


def _files(file_system: Any, paths: list[str], errors: list[NewsItemError] | None, skipped: list[str]) -> set[str]:
    """Return the files at *paths*. Errors of folders are added to *errors*, or raised if *errors* is ``None``."""
    files: set[str] = set()
    folders: list[Path] = []
    for path in paths:
        if not file_system.exists(path):
            files.update(_matches(file_system, path))
        elif not file_system.isdir(path):
            files.add(path)
        elif isinstance(file_system, LocalFileSystem):
            folders.append(Path(path))
        else:
            files.update(_below(file_system, path.rstrip("/"), skipped))

    def failed(error: OSError) -> None:
        if errors is None:
            raise error
        errors.append(with_path(error, None))

    # Unlike fsspec, this follows links and reports unreadable folders.
    files.update(map(str, discovery.files(folders, None, failed, skipped)))
    return files


def _matches(file_system: Any, pattern: str) -> list[str]:
    """Return the files that match a pattern."""
    if not any(character in pattern for character in "*?["):
        raise FileNotFoundError(2, "No such file or directory", pattern)
    return [name for name, info in file_system.glob(pattern, detail=True).items() if info["type"] != "directory"]


def _below(file_system: Any, folder: str, skipped: list[str]) -> Iterator[str]:
    """Find the files in a folder of another file system."""
    name = folder.rpartition("/")[2]
    for file in file_system.find(folder):
        if discovery.is_found([name, *file.removeprefix(f"{folder}/").split("/")], skipped):
            yield file


def _read(
    entries: Iterable[str | NewsItemError], file_system: Any, on_error: OnError, limits: Limits, cls: type
) -> list[FrontMatter | NewsItemError]:
    """Read the files of a partition into a list: iterators cannot be sent between workers."""
    if not is_model(cls):  # it was sent by value
        message = "define it in a module that the worker processes can import, not in the script or notebook"
        raise TypeError(f"{cls.__name__} is not a model in this process: {message}")
    local = isinstance(file_system, LocalFileSystem)
    outcomes: list[FrontMatter | NewsItemError] = []
    for path in entries:
        if isinstance(path, NewsItemError):
            outcomes.append(path)
            continue
        name = path if local else file_system.unstrip_protocol(path)
        named_error = with_path  # shows errors of the file system, which may be of any type
        try:
            with in_force(limits), file_system.open(path, "rb") as stream:
                data = bytes(all_of(stream))
                named_error = of_item
                item: FrontMatter = loads(data, cls, name=name)
            if local:
                item.path = Path(path)
            outcomes.append(item)
        except Exception as error:
            if on_error == "raise":
                raise
            outcomes.append(named_error(error, name))
    return outcomes


def to_tables(
    bag: dask.bag.Bag, columns: Sequence[str] | None = None, *, cls: type[FrontMatter] = NewsItem
) -> dask.bag.Bag:
    """Return a bag of Arrow tables, one for each partition of a bag of items. Computing the bag creates the tables.

    Args:
        bag: A bag of items.
        columns: As for `newsitem.arrow.to_table`.
        cls: The class of the items.

    Returns:
        A bag of ``pyarrow.Table``. If the bag of items contains an error, computing the tables raises it.

    Raises:
        ValueError: if a column does not exist.
        TypeError: if *columns* is a single string, *bag* is not a bag, or *cls* is not an item class.

    Example:
        >>> from newsitem.dask import read_bag, to_tables
        >>> tables = to_tables(read_bag("news"), columns=["title", "heat"])
        >>> [table.num_rows for table in tables.compute(scheduler="sync")]
        [21]
    """
    _require_bag(bag)
    return bag.map_partitions(_table_of_all, schema_of(columns, cls).names, cls)


def _require_bag(bag: object) -> None:
    if not isinstance(bag, dask.bag.Bag):
        raise TypeError(f"expected a bag of items, as read_bag returns it, not {type(bag).__name__}")


def _table_of_all(items: _Outcomes, columns: Sequence[str] | None, cls: type) -> list[pa.Table]:
    read, errors = parted(items)
    if errors:
        raise errors[0]
    return [table_of(read, columns, cls)]


def to_parquet(
    bag: dask.bag.Bag,
    path: str | os.PathLike[str],
    *,
    columns: Sequence[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
    cls: type[FrontMatter] = NewsItem,
) -> ParquetReport:
    """Compute a bag of items and write it to Parquet, one file per partition.

    Each file is named after its partition and appears only when it is complete. If a worker dies and its task runs
    again, the task replaces the same file, so rows are never duplicated. Only one run at a time may write to a folder.

    Args:
        bag: A bag of items. It may contain errors that `read_bag` collected.
        path: A folder in any file system that fsspec supports. It is created if it does not exist.
        columns: As for `newsitem.arrow.to_table`.
        storage_options: Options for the file system, such as credentials.
        cls: The class of the items.

    Returns:
        A report of the files and rows that were written, and the errors of files that could not be read.

    Raises:
        FileExistsError: if the folder already contains Parquet files.
        ValueError: if a column does not exist, or *path* is empty.
        TypeError: if *columns* is a single string, *bag* is not a bag, or *cls* is not an item class.

    Example:
        >>> from newsitem.dask import read_bag, to_parquet
        >>> report = to_parquet(read_bag("news", files_per_partition=10), "parquet")
        >>> report.rows, len(report.files), report.errors
        (21, 3, ())
    """
    names = schema_of(columns, cls).names
    _require_bag(bag)
    file_system, folder = _located(os.fspath(path), storage_options)
    file_system.makedirs(folder, exist_ok=True)
    file_system.invalidate_cache()
    if any(name.endswith(".parquet") for name in file_system.ls(folder, detail=False)):
        message = "This folder already contains Parquet files: write to an empty folder"
        raise FileExistsError(17, message, os.fspath(path))
    files = [f"{folder}/part-{number:05}.parquet" for number in range(bag.npartitions)]
    targets = dask.bag.from_sequence(files, partition_size=1)
    run = f"write-{uuid4()}"  # so that a cluster does not reuse the results of another run
    parts = bag.map_partitions(_write, targets, file_system, names, cls, token=run).compute()
    errors = tuple(error for _, errors in parts for error in errors)
    return ParquetReport(tuple(files), sum(rows for rows, _ in parts), errors)


def _write(
    items: _Outcomes, names: list[str], file_system: Any, columns: Sequence[str] | None, cls: type
) -> list[tuple[int, list[NewsItemError]]]:
    """Write one partition to the only one of *names*. Return its number of rows and its errors."""
    (name,) = names
    read, errors = parted(items)
    stream = io.BytesIO()
    pq.write_table(table_of(read, columns, cls), stream)
    if isinstance(file_system, LocalFileSystem):
        atomic.replace(Path(name), stream.getvalue())
    else:
        file_system.pipe_file(name, stream.getvalue())
    return [(len(read), errors)]
