"""Items to Arrow tables and back, for DuckDB, Polars, pandas, Parquet and any other tool that reads Arrow.

This module requires the extra ``arrow``: ``pip install 'newsitem[arrow]'``. `newsitem` itself does not import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from newsitem._query.columns import ROWS, batches, items_of, schema_of, table_of
from newsitem.collection import NewsCollection
from newsitem.items import FrontMatter, Item, NewsItem

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SCHEMA", "from_table", "schema", "to_batches", "to_table"]


def schema(cls: type[FrontMatter] = NewsItem) -> pa.Schema:
    """Return the Arrow schema of a class: one column for each attribute, in the order of the class.

    Args:
        cls: The class of the items.

    Returns:
        A ``pyarrow.Schema``. The metadata of each column contains the file's key and its description. Attributes
        of the type `newsitem.Secured` are left out.

    Raises:
        TypeError: if *cls* is not an item class.

    Example:
        >>> from newsitem import arrow
        >>> arrow.schema().names[:4]
        ['category', 'title', 'excerpt', 'published_date_time']
    """
    return schema_of(None, cls)


SCHEMA: Final = schema()
"""The schema of `newsitem.NewsItem`."""


def to_table(items: Iterable[FrontMatter], columns: Sequence[str] | None = None) -> pa.Table:
    """Convert items to an Arrow table with one row per item.

    The columns are the attributes of the items' class. Providers are structs; images and related items are lists of
    structs. Datetimes are timestamps in UTC with microsecond precision. ``extras`` and plain data are JSON text. Empty
    lists are empty lists, not nulls.

    Args:
        items: The items, for example a `newsitem.NewsCollection`.
        columns: The columns to include, in this order. Default: those of `newsitem.arrow.schema`, which leaves out
            ``secured``.

    Returns:
        A ``pyarrow.Table``.

    Raises:
        ValueError: if a column does not exist.
        TypeError: if *columns* is a single string, or *items* are not items of one class.
        ValidationError: if a value is not valid, for example a list entry of the wrong type, or if an item has more
            text than fits into a column (2 GiB).

    Example:
        >>> from newsitem import arrow
        >>> arrow.to_table(news, columns=["title", "heat"]).to_pylist()[0]
        {'title': 'Hospitals train a scan-reading AI without pooling patient records', 'heat': 312}
    """
    return table_of(items, columns, _class_of(items))


def to_batches(
    items: Iterable[FrontMatter], rows: int = ROWS, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Convert items to record batches lazily. Use it for more items than fit in memory.

    Args:
        items: The items, for example the iterator that `newsitem.NewsCollection.iter` returns.
        rows: The maximum number of items in a batch. A batch is smaller if its text would not fit into a column
            (2 GiB).
        columns: As for `to_table`.

    Returns:
        An iterator over the batches.

    Raises:
        ValueError: if a column does not exist, or *rows* is not a positive integer.
        TypeError: if *columns* is a single string, or *items* are not items of one class.
        ValidationError: if a value is not valid, for example a list entry of the wrong type, or if an item has more
            text than fits into a column (2 GiB).

    Example:
        >>> from newsitem import arrow
        >>> [batch.num_rows for batch in arrow.to_batches(newsitem.NewsCollection.iter("news"), rows=10)]
        [10, 10, 1]
    """
    if not isinstance(rows, int) or rows < 1:
        raise ValueError(f"rows must be a positive integer, not {rows!r}")
    return batches(items, columns, rows=rows, cls=_class_of(items))[1]


def _class_of(items: Iterable[FrontMatter]) -> type[FrontMatter] | None:
    """Return the class of a collection, even of an empty one, or ``None`` for other items."""
    return items._cls if isinstance(items, NewsCollection) else None  # noqa: SLF001 - one package


def from_table(table: pa.Table, cls: type[Item] = NewsItem) -> NewsCollection[Item]:  # type: ignore[assignment]
    """Create items from the rows of a table, for example one from `to_table` that another tool has changed.

    Args:
        table: A table with columns of `newsitem.arrow.SCHEMA`, optionally with ``secured``. The columns ``title``,
            ``published_date_time`` and ``provider`` are required.
        cls: The class of the items. The table has the columns of its `newsitem.arrow.schema`.

    Returns:
        The items, in the order of the rows. They have no source text, so they are written in the canonical layout.

    Raises:
        TypeError: if *table* is not a table, or *cls* is not an item class.
        ValueError: if a column is missing, is not in the model, or cannot be converted to the type that it has in
            `newsitem.arrow.SCHEMA`.
        ValidationError: if values are not valid. It lists every problem; the ``path`` of each names its row, starting
            at 1.

    Example:
        >>> from newsitem import arrow
        >>> arrow.from_table(arrow.to_table(news))[0].title
        'Hospitals train a scan-reading AI without pooling patient records'
    """
    return NewsCollection._of(items_of(table, cls), cls)
