"""Code that is made from the model says what the plain ways say: objects from data, and whether an item is whole."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import items

import newsitem
from newsitem import _check, _usual
from newsitem._schema import keys
from newsitem._structure import structure
from newsitem._values import Refused

WRONG = st.sampled_from(
    [
        *(None, 0, 1, True, 1.5, "", "x", "\ud800", "é\udfff", b"x", (), [], ["x"], [1], [None], {}, {"url": "u"}),
        *({"name": "n", 1: 2}, 2**63, -(2**63), -(2**63) - 1, datetime(2020, 1, 1), "2020-01-01T00:00:00Z"),
        *(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
        *(newsitem.Secured("x"), newsitem.Image(url="u"), [newsitem.Image(url="u")]),
    ]
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths to all values in plain data."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in pairs for place in [(*path, key), *places(value, (*path, key))]]


def both_ways(data: Any) -> newsitem.NewsItem | None:
    """Read plain data in both ways; what the usual way takes, the general way takes alike."""
    usual = _usual.read(data)
    try:
        general = structure(data, newsitem.NewsItem)
    except Refused:
        assert usual is None
        return None
    assert usual in (None, general)
    return usual


@given(items, st.data(), st.booleans())
def test_both_ways_from_data_agree_on_wrong_values(
    item: newsitem.NewsItem, choice: st.DataObject, as_json: bool
) -> None:
    """Where a value is replaced by another, or a key is added, the usual way gives way or gives the same item."""
    try:
        data = json.loads(newsitem.to_json(item)) if as_json else newsitem.to_dict(item)
    except newsitem.ValidationError:
        return  # infinity or NaN in an unknown key
    every = [*places(data), ("heat",), ("other",)]
    *path, last = every[choice.draw(st.integers(0, len(every) - 1))]
    target: Any = data
    for key in path:
        target = target[key]
    target[last] = copy.deepcopy(choice.draw(WRONG))
    both_ways(data)


@given(items)
def test_usual_data_takes_the_usual_way(item: newsitem.NewsItem) -> None:
    """Data without unknown keys, with instants in UTC, is read without cattrs, to the same item."""
    item = newsitem.from_dict(without_extras(newsitem.to_dict(item)))
    item.published_date_time = datetime(2020, 1, 1, tzinfo=UTC)
    for related in item.related:
        related.published_date_time = None
    assert both_ways(newsitem.to_dict(item)) == item
    assert both_ways(json.loads(newsitem.to_json(item))) == item


def without_extras(data: Any, cls: type = newsitem.NewsItem) -> dict[str, Any]:
    """Give the data of an object without the keys that the model does not name."""
    result = {}
    for key in keys(cls):
        value = data.get(key.name)
        if key.of is not None and isinstance(value, dict):
            value = without_extras(value, key.of)
        elif key.of is not None and isinstance(value, list):
            value = [without_extras(each, key.of) for each in value]
        if value is not None:
            result[key.name] = value
    return result


def test_data_is_not_shared() -> None:
    """An item shares no list and no dict with the data that it was made from."""
    data = {
        "title": "T",
        "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC),
        "provider": {"name": "P", "images": [{"url": "u"}]},
        "topics": ["A"],
    }
    before = copy.deepcopy(data)
    item = newsitem.from_dict(data)
    item.topics.append("B")
    item.provider.images.clear()
    item.provider.extras["x"] = 1
    assert data == before


@given(items, st.data())
def test_whether_and_what_is_wrong_agree(item: newsitem.NewsItem, choice: st.DataObject) -> None:
    """An item is whole where no problem is found in it, whatever was put into its lists and dicts."""
    holders: list[Any] = [item, item.provider, *item.related, *item.images, *item.provider.images]
    holder = holders[choice.draw(st.integers(0, len(holders) - 1))]
    wrong = copy.deepcopy(choice.draw(WRONG))
    lists = [name for name in ("topics", "tags", "images", "related") if hasattr(holder, name)]
    name = choice.draw(st.sampled_from([*lists, "extras"]))
    if name == "extras":
        holder.extras[choice.draw(st.sampled_from(["x", "url", "title", "name", "<<", 1]))] = wrong
    else:
        getattr(holder, name).append(wrong)
    problems = _check._whole_problems(item, "")
    assert _check._whole_check(newsitem.NewsItem)(item) == (not problems)
    assert _check.whole_problems(item) == problems


@pytest.mark.parametrize(
    "related",
    [
        {"title": "R", "publishedDateTime": "soon"},
        {"title": "R", "publishedDateTime": ""},
        {"title": "R", "excerpt": "caf\u00e9 \ud800"},
        {"title": "R", "quality": True},
        {"title": "R", "images": [{"url": "u"}, {"url": None}]},
    ],
)
def test_the_usual_way_drops_nothing_that_is_wrong(related: dict[str, Any]) -> None:
    """What is wrong deep in the data is left to the general way, which refuses it."""
    when = datetime(2020, 1, 1, tzinfo=UTC)
    data = {"title": "T", "publishedDateTime": when, "provider": {"name": "P"}, "related": [related]}
    assert both_ways(data) is None
    with pytest.raises(Refused):
        structure(data, newsitem.NewsItem)
