"""Items as Arrow tables, and back: the short way to DuckDB, Polars, pandas, Parquet and whatever else reads Arrow.

This module needs the extra ``arrow``: ``pip install 'newsitem[arrow]'``. `newsitem` itself does not import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from newsitem._query import columns as _columns
from newsitem._query.columns import ROWS, batches, items_of, table_of
from newsitem.collection import NewsCollection
from newsitem.items import FrontMatter, Item, NewsItem

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SCHEMA", "from_table", "schema", "to_batches", "to_table"]


def schema(cls: type[FrontMatter] = NewsItem) -> pa.Schema:
    """Return the columns of a table of items, in the order of their class.

    Args:
        cls: The class of the items.

    Returns:
        A ``pyarrow.Schema``, which has the file's own keys and their meanings as metadata. Keys that are
        `newsitem.Secured` are left out.

    Raises:
        TypeError: if *cls* is no class of items.

    Example:
        >>> from newsitem import arrow
        >>> arrow.schema().names[:4]
        ['category', 'title', 'excerpt', 'published_date_time']
    """
    return _columns.schema(cls)


SCHEMA: Final = schema()
"""The columns of a table of news items."""


def to_table(items: Iterable[FrontMatter], columns: Sequence[str] | None = None) -> pa.Table:
    """Return items as a table with a row for each.

    The columns are the attributes of the items' class, with providers, images and related items as structs and
    lists of structs. Instants are timestamps in UTC with microseconds; ``extras`` and plain data are JSON text; a list
    without entries is an empty list.

    Args:
        items: The items, such as a `newsitem.NewsCollection`.
        columns: The columns to include, in this order. Default: those of `newsitem.arrow.schema`, which are all
            but ``secured``.

    Returns:
        The table.

    Raises:
        ValueError: if there is no such column.
        TypeError: if *columns* is a single string, or *items* holds something that is not an item.
        ValidationError: if a value is not valid, such as a wrong entry added to a list, or an item has more text than a
            column takes (2 GiB).

    Example:
        >>> from newsitem import arrow
        >>> arrow.to_table(news, columns=["title", "heat"]).to_pylist()[0]
        {'title': 'Hospitals train a scan-reading AI without pooling patient records', 'heat': 312}
    """
    return table_of(items, columns)


def to_batches(
    items: Iterable[FrontMatter], rows: int = ROWS, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """Return items as record batches, each made when its turn comes: for more items than memory holds.

    Args:
        items: The items, such as those that `newsitem.NewsCollection.iter` gives.
        rows: How many items a batch has at most. It has fewer where their text is more than a column takes (2 GiB).
        columns: As for `to_table`.

    Returns:
        An iterator over the batches.

    Raises:
        ValueError: if there is no such column, or *rows* is not a whole number above 0.
        TypeError: if *columns* is a single string, or *items* holds something that is not an item.
        ValidationError: if a value is not valid, such as a wrong entry added to a list, or an item has more text than a
            column takes (2 GiB).

    Example:
        >>> from newsitem import arrow
        >>> [batch.num_rows for batch in arrow.to_batches(newsitem.NewsCollection.iter("news"), rows=10)]
        [10, 10, 1]
    """
    return batches(items, columns, rows)


def from_table(table: pa.Table, cls: type[Item] = NewsItem) -> NewsCollection[Item]:  # type: ignore[assignment]
    """Make an item of each row of a table, such as one that `to_table` gives or that another tool makes from it.

    Args:
        table: A table with columns of `newsitem.arrow.SCHEMA`, and perhaps ``secured``. The columns ``title``,
            ``published_date_time`` and ``provider`` must be there.
        cls: The class of the items, whose columns (`newsitem.arrow.schema`) the table has.

    Returns:
        The items, in the order of the rows. They keep no file's text, so writing one gives the publisher's layout.

    Raises:
        TypeError: if *table* is not a table.
        ValueError: if a column is missing, is not in the model, or cannot become the type that it has in
            `newsitem.arrow.SCHEMA`.
        ValidationError: if values are not valid. It lists every problem; the path of each is its row, from 1.

    Example:
        >>> from newsitem import arrow
        >>> arrow.from_table(arrow.to_table(news))[0].title
        'Hospitals train a scan-reading AI without pooling patient records'
    """
    return NewsCollection(items_of(table, cls))
