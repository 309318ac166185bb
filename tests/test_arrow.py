"""Items to Arrow and back, with Parquet and other tools."""

from __future__ import annotations

import copy
import importlib
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from arrow_tables import table_of, through_parquet
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import EXAMPLES, ROOT
from small_items import new_item
from strategies import items
from things import Thing, things

import newsitem
from newsitem import NewsCollection, NewsItem, Secured

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")

from newsitem import arrow  # noqa: E402

SAMPLES = ROOT / "examples" / "news"
ALL = [*arrow.SCHEMA.names, "secured"]


@settings(max_examples=40)
@given(st.lists(items, max_size=2))
def test_round_trip(given_items: list[NewsItem]) -> None:
    """Items written to Arrow and Parquet are read back equal, including their extras."""
    table = arrow.to_table(given_items, columns=ALL)
    assert list(arrow.from_table(table)) == given_items
    assert list(arrow.from_table(through_parquet(table))) == given_items


def test_round_trip_of_the_samples() -> None:
    """The sample files are read back with their paths, equal except for ``secured``, and can be written."""
    news = NewsCollection.read(SAMPLES)
    table = news.to_arrow()
    assert table.schema.equals(arrow.SCHEMA, check_metadata=True)
    back = arrow.from_table(table)
    assert [one.path for one in back] == EXAMPLES
    for one in news:
        one.secured = None
    assert back == news
    assert newsitem.loads(newsitem.dumps(back[0])) == back[0]


def test_tables_of_other_tools() -> None:
    """A table needs only three columns, in types that can be converted to those of the schema."""
    table = table_of(
        published_date_time=pa.array([datetime(2020, 6, 24, 2)], pa.timestamp("ns", tz="Europe/Berlin")),
        heat=pa.array([5], pa.int8()),
        topics=pa.array([["A"]], pa.large_list(pa.large_string())),
        title=pa.array(["T"], pa.large_string()),
        type=pa.array(["article"]).dictionary_encode(),
        quality=pa.nulls(1),
        images=[[{"url": "https://x.example"}]],
        body=[None],
    )
    (one,) = arrow.from_table(table)
    assert (one.heat, one.topics, one.images[0].url, one.category) == (5, ["A"], "https://x.example", None)
    assert one.published_date_time == datetime(2020, 6, 24, 2, tzinfo=UTC)
    assert one.body == "\n"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (table_of().drop(["title"]), "required column 'title' is missing"),
        (table_of(month=[6]), "the column 'month' is not in the model: remove or rename it"),
        (table_of(heat=["hot"]), "the column 'heat' cannot be converted from string to int64"),
        (table_of(heat=[1.5]), "the column 'heat' cannot be converted from double to int64"),
        (table_of(provider=["P"]), "the column 'provider' cannot be converted from string to struct"),
        (table_of().append_column("title", [["U"]]), "duplicate column 'title'"),
        (
            table_of(provider=[{"name": "P", "country": "DE"}]),
            "the field 'country' of the column 'provider' is not in the model",
        ),
        (
            table_of(images=[[{"url": "u", "alt": "x"}]]),
            "the field 'alt' of the column 'images' is not in the model",
        ),
        (table_of(published=[1]), "the column 'published' cannot be converted from int64 to bool"),
        (table_of(title=[5]), "the column 'title' cannot be converted from int64 to string"),
        (
            table_of(published_date_time=[5]),
            "the column 'published_date_time' cannot be converted from int64 to timestamp",
        ),
        (table_of(topics=["AI"]), "the column 'topics' cannot be converted from string to list"),
        (
            table_of(published_date_time=pa.array([2**60], pa.timestamp("s", tz="UTC"))),
            "the column 'published_date_time' cannot be converted from timestamp.* to timestamp",
        ),
    ],
)
def test_wrong_columns(table: Any, message: str) -> None:
    """A column that is missing, unknown, duplicate or of the wrong type is refused by name."""
    with pytest.raises(ValueError, match=message):
        arrow.from_table(table)


def test_date_beyond_python() -> None:
    """A date that Python does not support is refused, and not with an error of pyarrow."""
    days = pa.array([2**30], pa.int32()).cast(pa.date32())
    with pytest.raises(ValueError, match="the table contains a date beyond the years 1 to 9999"):
        arrow.from_table(pa.table({"day": days}), Thing)


def test_wrong_rows() -> None:
    """Each row with a wrong value is in the error, with its number and field."""
    table = pa.table(
        {
            "title": ["T", None, "U", "V"],
            "published_date_time": [datetime(2020, 6, 24, tzinfo=UTC)] * 4,
            "provider": [{"name": "P"}, {"name": "P"}, {"name": None}, {"name": "P"}],
            "extras": [None, None, None, "["],
        }
    )
    with pytest.raises(newsitem.ValidationError) as caught:
        arrow.from_table(table)
    assert [problem.path for problem in caught.value.problems] == ["row 2", "row 3", "row 4"]
    for text in ("[]", "{", '{"a": ' + "[" * 100_000):
        with pytest.raises(newsitem.ValidationError, match="row 1: extras: must be a JSON object"):
            arrow.from_table(table_of(extras=[text]))


def test_all_problems_of_a_row() -> None:
    """All wrong values of a row are in the error, each once, with their fields."""
    table = table_of(
        title=[None],
        provider=[{"name": None, "extras": "["}],
        related=[[{"title": "R", "images": [{"url": "https://x.example"}, {"url": None}]}]],
    )
    with pytest.raises(newsitem.ValidationError) as caught:
        arrow.from_table(table)
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"title", "provider.name", "provider.extras", "related[0].images[1].url"}
    assert len(caught.value.problems) == 4


def test_list_views() -> None:
    """Lists in Arrow's list view layout are read."""
    topics = pa.array([["x", "y"], ["z"]], pa.list_view(pa.string()))
    needed = table_of().to_pydict()
    table = pa.table({name: values * 2 for name, values in needed.items()}).append_column("topics", topics)
    assert [one.topics for one in arrow.from_table(table)] == [["x", "y"], ["z"]]


def test_categories() -> None:
    """Text that a tool stores as categories is read."""
    polars = pytest.importorskip("polars", reason="polars is not installed: pip install 'newsitem[engines]'")
    frame = polars.DataFrame(NewsCollection.read(SAMPLES)).with_columns(polars.col("title").cast(polars.Categorical))
    assert [one.title for one in arrow.from_table(frame)] == frame["title"].to_list()


def test_other_arrow_producers() -> None:
    """A reader and a data frame are accepted in place of a table."""
    polars = pytest.importorskip("polars", reason="polars is not installed: pip install 'newsitem[engines]'")
    table = arrow.to_table(NewsCollection.read(SAMPLES))
    for given_table in (table.to_reader(), polars.from_arrow(table)):
        assert len(arrow.from_table(given_table)) == 21


def test_without_pyarrow(without: Callable[..., None]) -> None:
    """Without pyarrow, the import raises an error with installation instructions."""
    without("pyarrow", "newsitem._query.columns", "newsitem.arrow")
    with pytest.raises(ImportError, match=r"newsitem\.arrow needs pyarrow: .* \(or: pip install pyarrow\)"):
        importlib.import_module("newsitem.arrow")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[arrow\]'"):
        NewsCollection().to_arrow()


def test_round_trip_of_secured() -> None:
    """A requested ``secured`` column is read back as the same text."""
    one = new_item(secured=Secured("c2VjcmV0"))
    assert arrow.from_table(arrow.to_table([one], columns=ALL))[0].secured == one.secured


def test_null_in_a_list_of_objects() -> None:
    """A null in a list of objects is refused with its row and position, and not dropped."""
    rows = arrow.to_table([new_item(), new_item(images=[newsitem.Image(url="a"), newsitem.Image(url="b")])]).to_pylist()
    rows[1]["images"][0] = None
    with pytest.raises(newsitem.ValidationError, match=r"^row 2: images\[0\]: must be newsitem.Image, not null"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))


def test_empty_collections_keep_their_class(tmp_path: Path) -> None:
    """A collection that has lost its items, or never had any, has the columns of its class in tables and summaries."""
    news = things()
    names = news.to_arrow().column_names
    with pytest.warns(UserWarning, match="no Markdown files"):
        unread = NewsCollection.read(tmp_path, cls=Thing)
    empty = [
        news.filter(where=lambda _: False),
        news.exclude(where=lambda _: True),
        news[:0].sort("day"),
        NewsCollection([newsitem.loads(newsitem.dumps(news[0]), Thing)]).changed(),
        arrow.from_table(news.to_arrow()[:0], Thing),
        unread,
        copy.copy(news[:0]),
        pickle.loads(pickle.dumps(news[:0])),
        news[:0] + unread,
    ]
    for collection in empty:
        assert len(collection) == 0
        assert collection.to_arrow().column_names == names
        assert arrow.to_table(collection).column_names == names
        assert list(arrow.to_batches(collection, columns=["day"])) == []
        assert arrow.from_table(collection.to_arrow(), Thing) == collection
        assert collection.to_arrow(columns=["rating"]).num_columns == 1
        assert list(collection.describe()) == list(news.describe())
    assert NewsCollection().to_arrow().column_names == NewsCollection([new_item()]).to_arrow().column_names
