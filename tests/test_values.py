"""Python values: subclasses, time zones and comparison."""

from __future__ import annotations

import copy
import math
from datetime import date, datetime
from enum import Enum, IntEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from people import Person, person
from samples import EXAMPLES
from small_items import new_item

import newsitem


class _Topic(str, Enum):  # noqa: UP042 - a StrEnum is written as its text
    AI = "ai"


class _Number(IntEnum):
    ONE = 1


class _OwnImage(newsitem.Image):
    """A subclass of a model class that is not a model."""


def test_subclasses_of_text_integers_and_classes() -> None:
    """Text enums and objects of undecorated subclasses are refused; integer enums are integers."""
    item = new_item()
    with pytest.raises(newsitem.ValidationError, match="title: must be text, not the"):
        item.title = _Topic.AI
    item.images.append(_OwnImage(url="u"))
    with pytest.raises(newsitem.ValidationError, match=r"images\[0\]: must be newsitem.Image, not a"):
        newsitem.dumps(item)
    item.images.clear()
    item.quality = _Number.ONE
    item.extras["number"] = _Number.ONE
    assert newsitem.loads(newsitem.dumps(item)) == item


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2020-10-25T00:30:00Z"),
        (datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1), "2020-10-25T01:30:00Z"),
        (datetime(2020, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2020-03-29T01:30:00Z"),
    ],
    ids=["first", "second", "skipped"],
)
def test_ambiguous_and_skipped_local_times(local: datetime, utc: str) -> None:
    """Local times at a change of the clocks are written as the instants they are in UTC."""
    item = new_item()
    item.published_date_time = local
    item.extras["seen"] = local
    text = newsitem.dumps(item)
    assert text.count(utc) == 2
    assert newsitem.loads(text) == item


def test_equality_is_by_data() -> None:
    """Path and source text do not affect equality; the type of an unknown value does."""
    item = newsitem.load(EXAMPLES[0])
    other = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    assert other == item
    other.path = Path("elsewhere.md")
    assert other == item
    assert new_item(extras={"a": 1}) != new_item(extras={"a": True})
    assert new_item(extras={"a": [float("nan")]}) == new_item(extras={"a": [float("nan")]})


def test_subclasses_of_numbers_and_dates() -> None:
    """Subclasses of float and date become plain values; an integer in a float field stays an integer."""

    class OwnDate(date):
        pass

    class OwnFloat(float):
        pass

    ana = person(rating=OwnFloat(5), born=OwnDate(2020, 1, 2))
    assert (type(ana.rating), type(ana.born)) == (float, date)
    text = '---\nname: "Ana"\nrating: 4\n---\n\n'
    item = newsitem.loads(text, Person)
    assert (item.rating, type(item.rating)) == (4, int)
    assert newsitem.dumps(newsitem.from_dict(newsitem.to_dict(item), Person)) == text
    item.rating = 4.0
    assert newsitem.dumps(item) == text
    assert person(rating=4) == person(rating=4.0)
    assert person(rating=2**60 + 1) != person(rating=2**60)
    ana.rating = math.nan
    assert ana == copy.deepcopy(ana)
    assert "rating: .nan\n" in newsitem.dumps(ana)
    with pytest.raises(newsitem.ValidationError, match="rating: must not be infinity or NaN"):
        newsitem.to_json(ana)
    assert person(rating=0.0) != person(rating=-0.0)
    assert newsitem.from_dict({"name": "A", "born": "2020-01-02", "rating": 3}, Person).born == date(2020, 1, 2)
