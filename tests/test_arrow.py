"""Arrow: items as tables and back, through Parquet, DuckDB, Polars and pandas too."""

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
    """Make an item."""
    values.setdefault("provider", Provider(name="P"))
    return NewsItem(**{"title": "T", "published_date_time": datetime(2020, 6, 24, tzinfo=UTC), **values})


def through_parquet(table: Any) -> Any:
    """Write a table to Parquet and read it."""
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return pq.read_table(stream)


@settings(max_examples=40)
@given(st.lists(items, max_size=2))
def test_items_come_back_equal(given_items: list[NewsItem]) -> None:
    """Items that went through Arrow and Parquet are equal, their extras too."""
    table = arrow.to_table(given_items, columns=ALL)
    assert list(arrow.from_table(table)) == given_items
    assert list(arrow.from_table(through_parquet(table))) == given_items


def test_samples_come_back_with_their_paths() -> None:
    """Files come back equal but for ``secured``, with their paths, and as the publisher would write them."""
    news = NewsCollection.read(SAMPLES)
    table = news.to_arrow()
    assert table.schema.equals(arrow.SCHEMA, check_metadata=True)
    back = arrow.from_table(table)
    assert [one.path for one in back] == EXAMPLES
    for one in news:
        one.secured = None
    assert back == news
    assert newsitem.loads(newsitem.dumps(back[0])) == back[0]


def test_schema_follows_from_the_model() -> None:
    """There is a column for each key but ``secured``, in their order, with the file's key and its meaning."""
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
    """Columns are those that are asked for, in that order; ``secured`` only then."""
    news = NewsCollection.read(SAMPLES)
    table = news.to_arrow(columns=["heat", "secured", "title"])
    assert table.column_names == ["heat", "secured", "title"]
    assert table.column("heat").to_pylist() == [one.heat for one in news]
    assert table.column("secured").to_pylist() == [one.secured.text for one in news if one.secured]
    assert "secured" not in arrow.to_table(news).column_names
    with pytest.raises(ValueError, match="no column 'hat': expected one of category, title,"):
        arrow.to_table(news, columns=["heat", "hat"])
    assert arrow.to_table(news, columns=iter(["heat", "title"])).num_columns == 2  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="columns must not be empty"):
        arrow.to_table(news, columns=[])
    with pytest.raises(TypeError, match="columns must be an iterable of names, not 'heat'"):
        arrow.to_table(news, columns="heat")


def test_batches() -> None:
    """Batches have as many rows as asked for, and are made when their turn comes."""
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
        with pytest.raises(ValueError, match="rows must be a positive integer"):
            arrow.to_batches([item()], rows=rows)  # type: ignore[arg-type]


def test_more_text_than_a_batch_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items whose text is too much for one array come in more batches, each row once and in order."""
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
def test_an_item_of_more_text_than_a_batch_holds(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]) -> None:
    """An item that no batch can hold is refused with its number or path, after those before it."""
    monkeypatch.setattr(arrow_columns, "_MOST", 4_000)
    for path, name in ((None, "item 3"), ("x.md", r"x\.md")):
        batches = arrow.to_batches([item(), item(), item(path=path, **values), item()], columns=ALL)
        assert sum(next(batches).num_rows for _ in range(1)) == 2
        with pytest.raises(newsitem.ValidationError, match=f"^{name}: too much text for an Arrow column"):
            next(batches)


def test_what_pyarrow_finds_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow makes chunks of a column, or refuses it, there are more batches or an error of the item."""
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


def test_what_is_missing() -> None:
    """A missing value is null, a missing list is empty, and a missing provider among others is null."""
    related = [RelatedItem(title="a"), RelatedItem(title="b", provider=Provider(name="Q")), RelatedItem(title="c")]
    row = arrow.to_table([item(related=related, category=None)]).to_pylist()[0]
    assert (row["category"], row["topics"], row["extras"], row["path"], row["body"]) == (None, [], None, None, "\n")
    assert [each["provider"] and each["provider"]["name"] for each in row["related"]] == [None, "Q", None]


def test_extras_are_json() -> None:
    """Unknown keys are JSON that other tools read; what JSON lacks comes back as it was."""
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
    """Instants of any zone, and at both ends of time, are those in UTC."""
    instants = [
        datetime(2020, 6, 24, 14, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=2))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    table = through_parquet(arrow.to_table([item(published_date_time=instant) for instant in instants]))
    assert [one.published_date_time for one in arrow.from_table(table)] == instants


def test_wrong_values_are_refused() -> None:
    """What was put into a list is refused as when it is written."""
    one = item(path="folder/x.md")
    one.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"folder/x\.md: topics\[0\]"):
        arrow.to_table([one])


def rows(**columns: list[Any]) -> Any:
    """Make a table."""
    needed: dict[str, list[Any]] = {
        "title": ["T"],
        "published_date_time": [datetime(2020, 6, 24, tzinfo=UTC)],
        "provider": [{"name": "P"}],
    }
    return pa.table(needed | columns)


def test_tables_of_others() -> None:
    """A table of another tool needs but three columns, in types that can become those of the schema."""
    table = rows(
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
        (rows().drop(["title"]), "required column 'title' is missing"),
        (rows(month=[6]), "the column 'month' is not in the model: remove or rename it"),
        (rows(heat=["hot"]), "the column 'heat' cannot be converted from string to int64"),
        (rows(heat=[1.5]), "the column 'heat' cannot be converted from double to int64"),
        (rows(provider=["P"]), "the column 'provider' cannot be converted from string to struct"),
        (rows().append_column("title", [["U"]]), "duplicate column 'title'"),
        (
            rows(provider=[{"name": "P", "country": "DE"}]),
            "the field 'country' of the column 'provider' is not in the model",
        ),
        (rows(images=[[{"url": "u", "alt": "x"}]]), "the field 'alt' of the column 'images' is not in the model"),
        (rows(published=[1]), "the column 'published' cannot be converted from int64 to bool"),
        (rows(title=[5]), "the column 'title' cannot be converted from int64 to string"),
        (rows(published_date_time=[5]), "the column 'published_date_time' cannot be converted from int64 to timestamp"),
        (rows(topics=["AI"]), "the column 'topics' cannot be converted from string to list"),
        (
            rows(published_date_time=pa.array([2**60], pa.timestamp("s", tz="UTC"))),
            "the column 'published_date_time' cannot be converted from timestamp.* to timestamp",
        ),
    ],
)
def test_tables_that_are_none_of_items(table: Any, message: str) -> None:
    """A column that is missing, unknown, twice there or of another type is refused by its name."""
    with pytest.raises(ValueError, match=message):
        arrow.from_table(table)


def test_rows_that_are_no_items() -> None:
    """All rows with wrong values are named, from 1, with their fields."""
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
            arrow.from_table(rows(extras=[text]))


def test_all_problems_of_a_row() -> None:
    """A row with several wrong values gives them all, with the fields that they are in, each once."""
    table = rows(
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
    """Lists in Arrow's newer layout come back whole."""
    topics = pa.array([["x", "y"], ["z"]], pa.list_view(pa.string()))
    needed = rows().to_pydict()
    table = pa.table({name: values * 2 for name, values in needed.items()}).append_column("topics", topics)
    assert [one.topics for one in arrow.from_table(table)] == [["x", "y"], ["z"]]


def test_whatever_gives_arrow() -> None:
    """A reader, a data frame and a relation are taken as a table."""
    polars = pytest.importorskip("polars", reason="polars is not installed: pip install 'newsitem[engines]'")
    table = arrow.to_table(NewsCollection.read(SAMPLES))
    for given_table in (table.to_reader(), polars.from_arrow(table)):
        assert len(arrow.from_table(given_table)) == 21


def test_json_of_others_stays_as_it_is() -> None:
    """An object in extras that only looks like a tag is kept."""
    text = '{"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}'
    (one,) = arrow.from_table(rows(extras=[text]))
    assert one.extras == {"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}


def test_paths_that_are_no_utf_8() -> None:
    """Bytes in a path that are no UTF-8 are escaped."""
    assert arrow.to_table([item(path="x\udcff.md")]).column("path").to_pylist() == ["x\\udcff.md"]


def test_an_item_without_a_path_is_named_by_its_number() -> None:
    """An error in a batch says which item it is."""
    one = item()
    one.topics.append(5)  # type: ignore[arg-type]
    batches = arrow.to_batches([item(), item(), one], rows=2)
    next(batches)
    with pytest.raises(newsitem.ValidationError, match=r"^item 3: topics\[0\]"):
        next(batches)


def test_without_pyarrow(without: Callable[..., None]) -> None:
    """Without pyarrow the import says how to get it."""
    without("pyarrow", "newsitem._query.columns", "newsitem.arrow")
    with pytest.raises(ImportError, match=r"newsitem\.arrow needs pyarrow: .* \(or: pip install pyarrow\)"):
        importlib.import_module("newsitem.arrow")
    with pytest.raises(ImportError, match=r"pip install 'newsitem\[arrow\]'"):
        NewsCollection().to_arrow()


def test_secured_is_opaque_here_too() -> None:
    """``secured`` that was asked for comes back as the text that it was."""
    one = item(secured=Secured("c2VjcmV0"))
    assert arrow.from_table(arrow.to_table([one], columns=ALL))[0].secured == one.secured


def test_a_null_among_objects_is_refused() -> None:
    """A null in a list of objects is not dropped: the error names its row and its place."""
    rows = arrow.to_table([item(), item(images=[newsitem.Image(url="a"), newsitem.Image(url="b")])]).to_pylist()
    rows[1]["images"][0] = None
    with pytest.raises(newsitem.ValidationError, match=r"^row 2: images\[0\]: must be newsitem.Image, not null"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": [{"b": {"c": 1, "c": 1}}]}', '{"d": {"$date": "x", "$date": "y"}}']
)
def test_a_doubled_key_in_extras_is_refused(text: str) -> None:
    """JSON that has a key twice in one object is refused, at any depth."""
    rows = arrow.to_table([item()]).to_pylist()
    rows[0]["extras"] = text
    with pytest.raises(newsitem.ValidationError, match=r"row 1: extras: .* duplicate key"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))
