"""Columns of Arrow tables: schema, batches, and values of items."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from arrow_tables import through_parquet
from samples import ROOT
from small_items import new_item

import newsitem
from newsitem import NewsCollection, NewsItem, Provider, RelatedItem, Secured
from newsitem._schema.fields import keys

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")

from newsitem import arrow  # noqa: E402
from newsitem._query import columns as arrow_columns  # noqa: E402

SAMPLES = ROOT / "examples" / "news"
ALL = [*arrow.SCHEMA.names, "secured"]


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
    with pytest.raises(ValueError, match="no column 'hat': expected one of category, title,"):
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
            yield new_item(heat=number)

    batches = arrow.to_batches(given_items(), rows=4)
    assert next(batches).num_rows == 4
    assert len(taken) == 4
    assert [batch.num_rows for batch in batches] == [4, 2]
    assert arrow.to_table([]).num_rows == 0
    for rows in (0, -1, 2.5):
        with pytest.raises(ValueError, match="rows must be a positive integer"):
            arrow.to_batches([new_item()], rows=rows)  # type: ignore[arg-type]


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
        batches = arrow.to_batches([new_item(), new_item(), new_item(path=path, **values), new_item()], columns=ALL)
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
    assert [batch.num_rows for batch in arrow.to_batches([new_item()] * 5, columns=["title"])] == [2, 1, 2]
    monkeypatch.setattr(pa, "array", refused)
    with pytest.raises(newsitem.ValidationError, match=r"^item 1: too much text for an Arrow column"):
        arrow.to_table([new_item()])


def test_missing_values() -> None:
    """A missing value or provider is null, and a missing list is empty."""
    related = [RelatedItem(title="a"), RelatedItem(title="b", provider=Provider(name="Q")), RelatedItem(title="c")]
    row = arrow.to_table([new_item(related=related, category=None)]).to_pylist()[0]
    assert (row["category"], row["topics"], row["extras"], row["path"], row["body"]) == (None, [], None, None, "\n")
    assert [each["provider"] and each["provider"]["name"] for each in row["related"]] == [None, "Q", None]


def test_instants_in_utc_with_microseconds() -> None:
    """Instants of any zone are converted to UTC with microseconds, up to both ends of the range."""
    instants = [
        datetime(2020, 6, 24, 14, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=2))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    table = through_parquet(arrow.to_table([new_item(published_date_time=instant) for instant in instants]))
    assert [one.published_date_time for one in arrow.from_table(table)] == instants


def test_wrong_values_are_refused() -> None:
    """A wrong value that was appended to a list is refused with its path and field."""
    one = new_item(path="folder/x.md")
    one.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"folder/x\.md: topics\[0\]"):
        arrow.to_table([one])


def test_errors_number_items_without_a_path() -> None:
    """An error in a batch contains the number of an item without a path."""
    one = new_item()
    one.topics.append(5)  # type: ignore[arg-type]
    batches = arrow.to_batches([new_item(), new_item(), one], rows=2)
    next(batches)
    with pytest.raises(newsitem.ValidationError, match=r"^item 3: topics\[0\]"):
        next(batches)


def test_paths_that_are_not_utf_8() -> None:
    """Bytes of a path that are not UTF-8 are escaped."""
    assert arrow.to_table([new_item(path="x\udcff.md")]).column("path").to_pylist() == ["x\\udcff.md"]
