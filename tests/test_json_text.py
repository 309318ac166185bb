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
    "text", ['{"a": 1, "a": 2}', '{"a": [{"b": {"c": 1, "c": 1}}]}', '{"d": {"$date": "x", "$date": "y"}}']
)
def test_duplicate_keys_in_extras(text: str) -> None:
    """JSON with a duplicate key in an object is refused, at any depth."""
    rows = arrow.to_table([new_item()]).to_pylist()
    rows[0]["extras"] = text
    with pytest.raises(newsitem.ValidationError, match=r"row 1: extras: .* duplicate key"):
        arrow.from_table(pa.Table.from_pylist(rows, schema=arrow.SCHEMA))
