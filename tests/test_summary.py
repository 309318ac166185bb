"""Summaries of the fields of a collection."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from html_tags import Tags
from query_items import titled
from small_items import new_item
from things import Thing

import newsitem
from newsitem import FrontMatter, NewsCollection, key, model


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, "0 (0%)"),
        (0, 9, "0 (0%)"),
        (1, 8_075, "1 (<1%)"),
        (40, 8_075, "40 (<1%)"),
        (41, 8_075, "41 (1%)"),
        (4_000, 8_000, "4,000 (50%)"),
        (8_034, 8_075, "8,034 (99%)"),
        (8_035, 8_075, "8,035 (99%)"),
        (8_074, 8_075, "8,074 (99%)"),
        (8_075, 8_075, "8,075 (100%)"),
    ],
)
def test_percentages(part: int, whole: int, shown: str) -> None:
    """A percentage is 100 % only for all items, and 0 % only for none."""
    description = newsitem.Description(whole, [newsitem.FieldSummary("heat", part)])
    assert " ".join(repr(description).splitlines()[-1].split()) == f"heat {shown}"
    assert f"{shown}</td>" in description._repr_html_().replace("&lt;", "<")


def test_description_is_a_mapping_and_a_table() -> None:
    """A description is a mapping, and shows one line for each field, in HTML too."""
    one, other = titled("a" * 50, heat=5, topics=["A"]), titled("a" * 50, heat=7, topics=["A", "B"])
    one.extras |= {"length": 5, "na\nme": [1], "deep": {"x": 1}}
    description = NewsCollection([one, other]).describe()
    assert (len(description), description.item_count, list(description)[-1]) == (25, 2, "extras.deep")
    assert (description["extras.length"].present, description["extras.length"].distinct) == (1, 1)
    assert description["extras.deep"].distinct is None
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in repr(description).splitlines()}
    assert lines["heat"] == "heat 2 (100%) 2 5 to 7"
    assert lines["topics"] == "topics 2 (100%) 2 1 to 2 A (2)"
    assert lines["published_date_time"].endswith("2020-06-24 12:00 to 2020-06-24 12:00 2020-06-24 12:00 (2)")
    assert f"{'a' * 27}… (2)" in lines["title"]
    assert r"extras.na\nme" in lines
    assert Tags(description._repr_html_()).names["tr"] == 26


def test_distinct_types_of_equal_values() -> None:
    """In unknown keys, 1, 1.0 and true count as different values."""
    values = [1, True, 1.0, 1.0, "1", float("nan"), float("nan")]
    field = NewsCollection([new_item(extras={"z": value}) for value in values]).describe()["extras.z"]
    assert field.distinct == 5
    assert [(type(value), count) for value, count in field.most_common] == [(float, 2), (float, 2)]


def test_fields_of_several_classes() -> None:
    """A field has one summary for all classes in which it has the same type, and each summary has its own name."""

    def made(**fields: Any) -> Any:
        annotations = {name: annotation for name, (annotation, _) in fields.items()}
        keys = {name: key(**options) for name, (_, options) in fields.items()}
        return model(type("Made", (FrontMatter,), {"__annotations__": annotations, **keys}))

    quoted, plain = made(title=(str, {})), made(title=(str, {"plain": True}))
    description = NewsCollection([quoted(title="x"), plain(title="x")]).describe()
    assert description["title"].most_common == (("x", 2),)
    timed, dated = made(when=(datetime | None, {"default": None})), made(when=(date | None, {"default": None}))
    description = NewsCollection([timed(when=datetime(2020, 1, 1, tzinfo=UTC)), dated(when=None)]).describe()
    assert {name: field.present for name, field in description.items()} == {"when of Made": 1, "when of Made (2)": 0}


@pytest.mark.parametrize("values", [(math.nan, 1.0, 5.0), (1.0, math.nan, 5.0), (5.0, 1.0, math.nan)])
def test_ranges_ignore_nan(values: tuple[float, ...]) -> None:
    """NaN is neither the minimum nor the maximum, regardless of the order."""
    summary = NewsCollection([Thing(rating=value) for value in (*values, None)]).describe()["rating"]
    assert (summary.present, summary.minimum, summary.maximum) == (3, 1.0, 5.0)
    alone = NewsCollection([Thing(rating=math.nan)]).describe()["rating"]
    assert (alone.present, alone.minimum, alone.maximum) == (1, None, None)
