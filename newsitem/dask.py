"""More files than one machine reads: folders anywhere that fsspec reaches -> Dask bags of items -> Parquet.

It needs the extra ``dask``: ``pip install 'newsitem[dask]'``. `newsitem` itself does not import it. What is here runs
on Dask's local schedulers, and unchanged on any cluster that a ``distributed.Client`` is connected to.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

try:
    import dask.bag
    import fsspec
    import pyarrow as pa
    import pyarrow.parquet as pq
    from dask.base import compute, get_scheduler
    from dask.delayed import delayed
    from fsspec.implementations.local import LocalFileSystem
except ImportError as error:
    message = f"newsitem.dask needs {error.name}: pip install 'newsitem[dask]'"
    raise ImportError(message, name=error.name) from None

from newsitem import _atomic, _folders
from newsitem._arrow import schema_of, table
from newsitem._bulk import OnError, with_path
from newsitem.errors import NewsItemError
from newsitem.files import loads
from newsitem.model import NewsItem

__all__ = ["ParquetReport", "read_bag", "to_parquet", "to_tables"]

_PATTERN = "**/*.md"


class ParquetReport(NamedTuple):
    """What `to_parquet` wrote."""

    files: tuple[str, ...]
    """The files, one for each partition, in their order."""
    rows: int
    """The rows in all of them: the items that were read."""
    errors: tuple[NewsItemError, ...]
    """Why files could not be read, each with its ``path``."""


def read_bag(
    urlpath: str | Sequence[str],
    *,
    storage_options: Mapping[str, Any] | None = None,
    on_error: OnError = "raise",
    files_per_partition: int = 500,
) -> dask.bag.Bag:
    """Read items in many processes, or on many machines, when the bag is computed.

    The files are listed at once, in the order of their paths, and read in partitions.

    Args:
        urlpath: A folder, a file, or a pattern such as ``"s3://bucket/news/**/*.md"``, in any file system that fsspec
            knows; or many. In a folder all ``*.md`` files are read that `NewsCollection.read` reads.
        storage_options: What the file system needs, such as credentials.
        on_error: ``"raise"`` lets the first file that cannot be read end the computation; ``"collect"`` puts its
            `NewsItemError` into the bag, in the place of the item.
        files_per_partition: How many files one task reads.

    Returns:
        A bag of `NewsItem` objects. Those of local files have their ``path``.

    Raises:
        FileNotFoundError: if there is no such file or folder.
        ValueError: if *on_error* is neither of the two, or *files_per_partition* no whole number above 0.
    """
    if on_error not in ("raise", "collect"):
        raise ValueError(f"on_error must be 'raise' or 'collect', not {on_error!r}")
    if not isinstance(files_per_partition, int) or files_per_partition < 1:
        raise ValueError(f"files_per_partition must be a whole number above 0, not {files_per_partition!r}")
    urls = [urlpath] if isinstance(urlpath, str) else list(urlpath)
    found = [_files(url, dict(storage_options or {})) for url in urls]
    file_system = found[0][0] if found else LocalFileSystem()
    paths = sorted({path for _, paths in found for path in paths}, key=lambda path: path.split("/"))
    shares = [paths[start : start + files_per_partition] for start in range(0, len(paths), files_per_partition)]
    bag = dask.bag.from_sequence(shares or [[]], npartitions=len(shares) or 1)
    return bag.map_partitions(_read, file_system, on_error)


def _files(url: str, options: dict[str, Any]) -> tuple[Any, list[str]]:
    """Give a file system, and the files that *url* names in it."""
    file_system, path = fsspec.core.url_to_fs(url, **options)
    if any(character in path for character in "*?["):
        return file_system, [each for each in file_system.glob(path) if not file_system.isdir(each)]
    if not file_system.exists(path):
        raise FileNotFoundError(2, "No such file or directory", url)
    if not file_system.isdir(path):
        return file_system, [path]
    root = path.rstrip("/") + "/"
    return file_system, [
        each for each in file_system.find(path) if _folders.matches(each.removeprefix(root).split("/"), _PATTERN)
    ]


def _read(shares: Iterable[list[str]], file_system: Any, on_error: OnError) -> list[NewsItem | NewsItemError]:
    """Read the files of a partition: a list, as workers hand no iterators to each other."""
    found: list[NewsItem | NewsItemError] = []
    for path in chain.from_iterable(shares):
        local = isinstance(file_system, LocalFileSystem)
        name = path if local else file_system.unstrip_protocol(path)
        try:
            item = loads(file_system.cat_file(path), name=name)
        except (NewsItemError, OSError) as error:
            if on_error == "raise":
                raise
            found.append(with_path(error, name))
        else:
            if local:
                item.path = Path(path)
            found.append(item)
    return found


def to_tables(bag: dask.bag.Bag, columns: Sequence[str] | None = None) -> dask.bag.Bag:
    """Make a bag of Arrow tables out of one of items: one for each partition, made when it is computed.

    Args:
        bag: A bag of items.
        columns: As for `newsitem.arrow.to_table`.

    Returns:
        A bag of ``pyarrow.Table``. Computing it raises an error that stands among the items.

    Raises:
        ValueError: if there is no such column.
    """
    schema_of(columns)
    return bag.map_partitions(_table_of_all, columns)


def _table_of_all(items: Iterable[NewsItem | NewsItemError], columns: Sequence[str] | None) -> list[pa.Table]:
    read, errors = _parted(items)
    if errors:
        raise errors[0]
    return [table(read, columns)]


def _parted(items: Iterable[NewsItem | NewsItemError]) -> tuple[list[NewsItem], list[NewsItemError]]:
    read: list[NewsItem] = []
    errors: list[NewsItemError] = []
    for item in items:
        if isinstance(item, NewsItemError):
            errors.append(item)
        else:
            read.append(item)
    return read, errors


def to_parquet(
    bag: dask.bag.Bag,
    path: str,
    *,
    columns: Sequence[str] | None = None,
    storage_options: Mapping[str, Any] | None = None,
) -> ParquetReport:
    """Write a bag of items to Parquet, one file for each partition.

    Each file is put in its place as a whole, under a name that its partition has: a task that is run again, because a
    worker died, writes the same file again, and no row is there twice.

    Args:
        bag: A bag of items, with errors among them where `read_bag` collects these.
        path: A folder, in any file system that fsspec knows. It is made if it does not exist.
        columns: As for `newsitem.arrow.to_table`.
        storage_options: What the file system needs.

    Returns:
        What was written, and why files could not be read.

    Raises:
        FileExistsError: if there are Parquet files in the folder already.
        ValueError: if there is no such column.
    """
    schema_of(columns)
    file_system, folder = fsspec.core.url_to_fs(path, **dict(storage_options or {}))
    file_system.makedirs(folder, exist_ok=True)
    if file_system.glob(f"{folder}/*.parquet"):
        raise FileExistsError(17, "There are Parquet files in this folder, whose rows would be there twice", path)
    names = [f"{folder}/part-{number:05}.parquet" for number in range(bag.npartitions)]
    write = delayed(_write)
    tasks = [write(part, name, file_system, columns) for part, name in zip(bag.to_delayed(), names, strict=True)]
    parts = compute(*tasks, scheduler=get_scheduler(collections=[bag]))
    errors = [error for _, own in parts for error in own]
    return ParquetReport(tuple(names), sum(rows for rows, _ in parts), tuple(errors))


def _write(
    items: Iterable[NewsItem | NewsItemError], name: str, file_system: Any, columns: Sequence[str] | None
) -> tuple[int, list[NewsItemError]]:
    """Write one partition, and give the number of its rows, and its errors."""
    read, errors = _parted(items)
    stream = io.BytesIO()
    pq.write_table(table(read, columns), stream)
    if isinstance(file_system, LocalFileSystem):
        _atomic.replace(Path(name), stream.getvalue())
    else:
        file_system.pipe_file(name, stream.getvalue())
    return len(read), errors
