"""Plain data as JSON text in tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from arrow_tables import table_of, through_parquet
from small_items import new_item

import newsitem

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")

from newsitem import arrow  # noqa: E402


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
        one = new_item(extras=given_extras)
        table = through_parquet(arrow.to_table([one]))
        assert arrow.from_table(table)[0] == one
    text = arrow.to_table([new_item(extras=extras)]).column("extras")[0].as_py()
    assert '"length": 5, "ö": {"a": [1, null, true, "x"]}' in text
    assert '"when": {"$date": "2020-01-02T01:04:05.600000Z"}, "day": {"$date": "2020-01-02"}' in text


def test_lookalikes_of_tags_in_json() -> None:
    """An object in extras that only looks like a tagged value is kept."""
    text = '{"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}'
    (one,) = arrow.from_table(table_of(extras=[text]))
    assert one.extras == {"a": {"$date": "soon"}, "b": {"$numberDouble": "zz"}, "c": {"$date": 5}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1, "a": 2}', "extras.a: duplicate key: remove one of the two"),
        ('{"a": [{"b": {"c": 1, "c": 1}}]}', "extras.a[0].b.c: duplicate key: remove one of the two"),
        ('{"d": {"$date": "x", "$date": "y"}}', "extras.d.$date: duplicate key: remove one of the two"),
        ('{"secured": {"SECRET": NaN}}', "extras.secured: must not be infinity or NaN, which JSON does not support"),
        ('{"a": 1e999}', "extras.a: must be between -1.8e308 and 1.8e308"),
        (f'{{"a": {"9" * 5_000}}}', "extras.a: must have at most 4,000 digits"),
        ('{"a": 1O}', "extras: must be a JSON object: 1:8: invalid JSON: Expecting ',' delimiter"),
        ("[NaN]", "extras[0]: must not be infinity or NaN, which JSON does not support"),
        ("[]", "extras: must be a JSON object, not a list"),
    ],
)
def test_refused_json_in_extras(text: str, problem: str) -> None:
    """Text that is not a JSON object, or has a value that JSON lacks, is refused with its row and its field."""
    rows = arrow.to_table([new_item()]).to_pylist()
    rows[0]["extras"] = text
    with pytest.raises(newsitem.ValidationError) as error:
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))
    assert str(error.value) == f"row 1: {problem}"


@pytest.mark.parametrize("depth", [100, 600, 1_500, 100_000])
def test_deep_json_in_extras(depth: int) -> None:
    """JSON that is nested too deeply is refused, whichever step meets its limit first."""
    rows = arrow.to_table([new_item()]).to_pylist()
    rows[0]["extras"] = f'{{"a": {"[" * depth}{"]" * depth}}}'
    with pytest.raises(newsitem.ValidationError, match=r"row 1: extras.*nested (too deeply|more than 90 levels)"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))


def test_schema_of_an_object() -> None:
    """The schema of an object in place of a class is refused, even if it is unhashable."""
    with pytest.raises(TypeError, match="cls must be an item class, not <NewsItem"):
        arrow.schema(new_item())  # type: ignore[arg-type]
