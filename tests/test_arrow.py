"""Arrow: items to tables and back, with Parquet and other tools."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import EXAMPLES, ROOT
from strategies import items

import newsitem
from newsitem import NewsCollection, NewsItem, Provider, RelatedItem, Secured
from newsitem._schema.fields import keys

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")
pq = pytest.importorskip("pyarrow.parquet")

from newsitem import arrow  # noqa: E402
from newsitem._query import columns as arrow_columns  # noqa: E402

SAMPLES = ROOT / "examples" / "news"
ALL = [*arrow.SCHEMA.names, "secured"]


def item(**values: Any) -> NewsItem:
    """Return an item with the required values and others."""
    values.setdefault("provider", Provider(name="P"))
    return NewsItem(**{"title": "T", "published_date_time": datetime(2020, 6, 24, tzinfo=UTC), **values})


def through_parquet(table: Any) -> Any:
    """Write a table to Parquet and read it back."""
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return pq.read_table(stream)


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


def test_schema() -> None:
    """The schema has a column for each key but ``secured``, in order, with the key and its description."""
    names = [key.attribute for key in keys(NewsItem) if key.attribute != "secured"]
    assert arrow.SCHEMA.names == [*names, "extras", "body", "path"]
    field = arrow.SCHEMA.field("published_date_time")
    assert (field.type, field.nullable) == (pa.timestamp("us", tz="UTC"), True)
    assert field.metadata[b"key"] == b"publishedDateTime"
    assert field.metadata[b"doc"].startswith(b"Time of publication")
    related = arrow.SCHEMA.field("related").type.value_type
    assert [each.name for each in related] == [*(key.attribute for key in keys(RelatedItem)), "extras"]
    assert related.field("provider").type.field("images").type.value_type.field("width").type == pa.int64()


def test_columns() -> None:
    """The columns are those that are requested, in that order; ``secured`` is included only on request."""
    news = NewsCollection.read(SAMPLES)
    table = news.to_arrow(columns=["heat", "secured", "title"])
    assert table.column_names == ["heat", "secured", "title"]
    assert table.column("heat").to_pylist() == [one.heat for one in news]
    assert table.column("secured").to_pylist() == [one.secured.text for one in news if one.secured]
    assert "secured" not in arrow.to_table(news).column_names
    with pytest.raises(ValueError, match="no column 'hat': the columns are category, title,"):
        arrow.to_table(news, columns=["heat", "hat"])
    assert arrow.to_table(news, columns=iter(["heat", "title"])).num_columns == 2  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="columns must not be empty"):
        arrow.to_table(news, columns=[])
    with pytest.raises(TypeError, match="columns must be an iterable of names, not 'heat'"):
        arrow.to_table(news, columns="heat")


def test_nested_columns() -> None:
    """Names with dots select nested attributes, as lists below lists; a flat table has no mappings."""
    news = NewsCollection.read(SAMPLES)
    names = ["path", "provider.domain", "images.url", "related.provider.name", "related.extras"]
    row = news.to_arrow(columns=names).to_pylist()[0]
    item = news[0]
    assert row == {
        "path": str(item.path),
        "provider.domain": item.provider.domain,
        "images.url": [image.url for image in item.images],
        "related.provider.name": [related.provider and related.provider.name for related in item.related],
        "related.extras": [None] * len(item.related),
    }
    flat = news.to_arrow(flat=True).column_names
    assert [name for name in flat if name.startswith("provider")] == [
        *("provider.name", "provider.domain", "provider.images", "provider.extras"),
    ]
    assert news.to_arrow(columns=["title"], flat=True).column_names == ["title"]
    assert NewsCollection().to_arrow(flat=True).num_rows == 0
    for wrong in ("provider.nmae", "heat.x", "provider.body", "provider.images.url.x"):
        with pytest.raises(ValueError, match=f"no column '{wrong}'"):
            news.to_arrow(columns=[wrong])
    with pytest.raises(TypeError, match="column names must be text, not 5"):
        news.to_arrow(columns=[5])  # type: ignore[list-item]
    item.related[0].provider = None
    row = news.to_arrow(columns=["related.provider.name"]).to_pylist()[0]
    assert row["related.provider.name"][0] is None


def test_batches() -> None:
    """Batches have the requested number of rows, and are made on demand."""
    taken = []

    def given_items() -> Any:
        for number in range(10):
            taken.append(number)
            yield item(heat=number)

    batches = arrow.to_batches(given_items(), rows=4)
    assert next(batches).num_rows == 4
    assert len(taken) == 4
    assert [batch.num_rows for batch in batches] == [4, 2]
    assert arrow.to_table([]).num_rows == 0
    for rows in (0, -1, 2.5):
        with pytest.raises(ValueError, match="rows must be a whole number above 0"):
            arrow.to_batches([item()], rows=rows)  # type: ignore[arg-type]


def test_text_is_split_into_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items with too much text for one array are split into batches, in order."""
    news = NewsCollection.read(SAMPLES)
    for one in news[3:5]:
        one.topics = ["x" * 500] * 10
        one.extras["odd"] = ["x" * 500] * 10
    for one in news[8:12]:
        one.related = [RelatedItem(title="r", provider=Provider(name="x" * 500))] * 10
    whole = arrow.to_table(news)
    monkeypatch.setattr(arrow_columns, "_MOST", 6_000)
    batches = list(arrow.to_batches(news, rows=15))
    assert len(batches) > 2
    assert max(batch.num_rows for batch in batches) <= 15
    assert pa.Table.from_batches(batches).equals(whole)
    assert arrow.to_table(news).equals(whole)
    assert news.to_arrow().equals(whole)


@pytest.mark.parametrize(
    "values",
    [
        {"body": "x" * 5_000},
        {"topics": ["x" * 500] * 10},
        {"extras": {"odd": "x" * 5_000}},
        {"secured": Secured("x" * 5_000)},
        {"related": [RelatedItem(title="x" * 500)] * 10},
        {"provider": Provider(name="P", extras={"odd": "x" * 5_000})},
    ],
)
def test_item_with_too_much_text(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]) -> None:
    """An item with too much text is refused with its number or path, after the items before it."""
    monkeypatch.setattr(arrow_columns, "_MOST", 4_000)
    for path, name in ((None, "item 3"), ("x.md", r"x\.md")):
        batches = arrow.to_batches([item(), item(), item(path=path, **values), item()], columns=ALL)
        assert sum(next(batches).num_rows for _ in range(1)) == 2
        with pytest.raises(newsitem.ValidationError, match=f"^{name}: too much text for an Arrow column"):
            next(batches)


def test_pyarrow_capacity(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that pyarrow splits or refuses leads to smaller batches, or to an error of the item."""
    true_array = pa.array

    def chunked(values: Any, *arguments: Any) -> Any:
        array = true_array(values, *arguments)
        return pa.chunked_array([array[:2], array[2:]]) if len(values) > 2 else array

    def refused(values: Any, *arguments: Any) -> Any:
        if "T" in values:
            raise pa.ArrowCapacityError("array cannot contain more than 2147483646 bytes")
        return true_array(values, *arguments)

    monkeypatch.setattr(pa, "array", chunked)
    assert [batch.num_rows for batch in arrow.to_batches([item()] * 5, columns=["title"])] == [2, 1, 2]
    monkeypatch.setattr(pa, "array", refused)
    with pytest.raises(newsitem.ValidationError, match=r"^item 1: too much text for an Arrow column"):
        arrow.to_table([item()])


def test_missing_values() -> None:
    """A missing value or provider is null, and a missing list is empty."""
    related = [RelatedItem(title="a"), RelatedItem(title="b", provider=Provider(name="Q")), RelatedItem(title="c")]
    row = arrow.to_table([item(related=related, category=None)]).to_pylist()[0]
    assert (row["category"], row["topics"], row["extras"], row["path"], row["body"]) == (None, [], None, None, "\n")
    assert [each["provider"] and each["provider"]["name"] for each in row["related"]] == [None, "Q", None]


def test_extras_are_json() -> None:
    """Unknown keys are JSON that other tools read, and values that JSON does not have are read back."""
    extras: dict[str, Any] = {
        "length": 5,
        "ö": {"a": [1, None, True, "x"]},
        "when": datetime(2020, 1, 2, 3, 4, 5, 600_000, tzinfo=timezone(timedelta(hours=2))),
        "day": date(2020, 1, 2),
        "odd": [float("inf"), float("nan"), -0.0, {"$date": "text"}, {"$literal": {"x": 1}}, {"$date": 1, "b": 2}],
    }
    tagged: list[dict[str, Any]] = [{"$date": "2020-01-01"}, {"$literal": {"$literal": []}}]
    for given_extras in (extras, *tagged):
        one = item(extras=given_extras)
        table = through_parquet(arrow.to_table([one]))
        assert arrow.from_table(table)[0] == one
    assert (
        '"length": 5, "ö": {"a": [1, null, true, "x"]}'
        in arrow.to_table([item(extras=extras)]).column("extras")[0].as_py()
    )


def test_instants_in_utc_with_microseconds() -> None:
    """Instants of any zone are converted to UTC with microseconds, up to both ends of the range."""
    instants = [
        datetime(2020, 6, 24, 14, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=2))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    table = through_parquet(arrow.to_table([item(published_date_time=instant) for instant in instants]))
    assert [one.published_date_time for one in arrow.from_table(table)] == instants


def test_wrong_values_are_refused() -> None:
    """A wrong value that was appended to a list is refused with its path and field."""
    one = item(path="folder/x.md")
    one.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"folder/x\.md: topics\[0\]"):
        arrow.to_table([one])


def table_of(**columns: list[Any]) -> Any:
    """Return a table with the required columns and others."""
    needed: dict[str, list[Any]] = {
        "title": ["T"],
        "published_date_time": [datetime(2020, 6, 24, tzinfo=UTC)],
        "provider": [{"name": "P"}],
    }
    return pa.table(needed | columns)


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
        (table_of().drop(["title"]), "the required column 'title' is missing"),
        (table_of(month=[6]), "the column 'month' is not in the model: drop or rename it"),
        (table_of(heat=["hot"]), "the column 'heat' cannot be converted from string to int64"),
        (table_of(heat=[1.5]), "the column 'heat' cannot be converted from double to int64"),
        (table_of(provider=["P"]), "the column 'provider' cannot be converted from string to struct"),
        (table_of().append_column("title", [["U"]]), "duplicate column 'title'"),
        (
            table_of(provider=[{"name": "P", "country": "DE"}]),
            "the column 'provider' has a field 'country' that is not in the model",
        ),
        (
            table_of(images=[[{"url": "u", "alt": "x"}]]),
            "the column 'images' has a field 'alt' that is not in the model",
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


def test_other_arrow_producers() -> None:
    """A reader and a data frame are accepted in place of a table."""
    polars = pytest.importorskip("polars", reason="polars is not installed: pip install 'newsitem[engines]'")
    table = arrow.to_table(NewsCollection.read(SAMPLES))
    for given_table in (table.to_reader(), polars.from_arrow(table)):
        assert len(arrow.from_table(given_table)) == 21


def test_lookalikes_of_tags_in_json() -> None:
    """An object in extras that only looks like a tagged value is kept."""
    text = '{"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}'
    (one,) = arrow.from_table(table_of(extras=[text]))
    assert one.extras == {"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}


def test_paths_that_are_not_utf_8() -> None:
    """Bytes of a path that are not UTF-8 are escaped."""
    assert arrow.to_table([item(path="x\udcff.md")]).column("path").to_pylist() == ["x\\udcff.md"]


def test_errors_number_items_without_a_path() -> None:
    """An error in a batch contains the number of an item without a path."""
    one = item()
    one.topics.append(5)  # type: ignore[arg-type]
    batches = arrow.to_batches([item(), item(), one], rows=2)
    next(batches)
    with pytest.raises(newsitem.ValidationError, match=r"^item 3: topics\[0\]"):
        next(batches)


def test_without_pyarrow(without: Callable[..., None]) -> None:
    """Without pyarrow, the import raises an error with installation instructions."""
    without("pyarrow", "newsitem._query.columns", "newsitem.arrow")
    with pytest.raises(ImportError, match=r"newsitem\.arrow needs pyarrow: .* \(or: pip install pyarrow\)"):
        importlib.import_module("newsitem.arrow")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[arrow\]'"):
        NewsCollection().to_arrow()


def test_round_trip_of_secured() -> None:
    """A requested ``secured`` column is read back as the same text."""
    one = item(secured=Secured("c2VjcmV0"))
    assert arrow.from_table(arrow.to_table([one], columns=ALL))[0].secured == one.secured


def test_null_in_a_list_of_objects() -> None:
    """A null in a list of objects is refused with its row and position, and not dropped."""
    rows = arrow.to_table([item(), item(images=[newsitem.Image(url="a"), newsitem.Image(url="b")])]).to_pylist()
    rows[1]["images"][0] = None
    with pytest.raises(newsitem.ValidationError, match=r"^row 2: images\[0\]: must be newsitem.Image, not null"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": [{"b": {"c": 1, "c": 1}}]}', '{"d": {"$date": "x", "$date": "y"}}']
)
def test_duplicate_keys_in_extras(text: str) -> None:
    """JSON with a duplicate key in an object is refused, at any depth."""
    rows = arrow.to_table([item()]).to_pylist()
    rows[0]["extras"] = text
    with pytest.raises(newsitem.ValidationError, match=r"row 1: extras: .* duplicate key"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))
