"""Plain data becomes items, or is refused with all its problems."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import pytest
from refusals import SURROGATE, fields, refusal, shown_chain
from small_items import WHEN

import newsitem
from newsitem import ValidationError

DATA: Final[dict[str, Any]] = {
    "title": "Ten arms",
    "publishedDateTime": "2020-06-24T22:10:00Z",
    "provider": {"name": "Hay Herald"},
}
MISSING: Final = "required key is missing"
WRONG_DATA: Final[tuple[tuple[dict[str, Any], list[tuple[str, str]]], ...]] = (
    ({"title": None}, [("title", MISSING)]),
    ({"title": 5}, [("title", "must be text, not the integer 5")]),
    ({"title": "a\ud800"}, [("title", SURROGATE)]),
    ({"heat": "114"}, [("heat", "must be an integer, not the text '114'")]),
    ({"heat": 1.5}, [("heat", "must be an integer, not the number 1.5")]),
    ({"heat": True}, [("heat", "must be an integer, not the boolean true")]),
    ({"quality": 2**63}, [("quality", "must be an integer of at most 64 bits")]),
    ({"published": 1}, [("published", "must be true or false, not the integer 1")]),
    ({"provider": {}}, [("provider.name", MISSING)]),
    ({"provider": "Hay Herald"}, [("provider", "must be a mapping, not the text 'Hay Herald'")]),
    ({"topics": "AI"}, [("topics", "must be a list, not the text 'AI'")]),
    (
        {"topics": ["AI", None, 5]},
        [("topics[1]", "must be text, not null"), ("topics[2]", "must be text, not the integer 5")],
    ),
    (
        {"images": [{"url": "u"}, {"width": "300"}, None]},
        [
            ("images[1].url", MISSING),
            ("images[1].width", "must be an integer, not the text '300'"),
            ("images[2]", "must be a mapping, not null"),
        ],
    ),
    (
        {"related": [{"title": "One"}, {"title": "Two", "provider": {"name": 5, "images": [{"url": 5}]}}, {}]},
        [
            ("related[1].provider.name", "must be text, not the integer 5"),
            ("related[1].provider.images[0].url", "must be text, not the integer 5"),
            ("related[2].title", MISSING),
        ],
    ),
    (
        {"related": [{"title": "One", "publishedDateTime": True}], "secured": 271828},
        [("related[0].publishedDateTime", ""), ("secured", "must be text (the value is not shown)")],
    ),
)


@pytest.mark.parametrize(("change", "problems"), WRONG_DATA)
@pytest.mark.parametrize("as_json", [False, True])
def test_invalid_plain_data(change: dict[str, Any], problems: list[tuple[str, str]], as_json: bool) -> None:
    """`from_dict` and `from_json` refuse data with every problem and its field, without positions."""
    data = DATA | {"publishedDateTime": WHEN} | change
    if as_json:
        text = json.dumps(DATA | change)
        error = refusal(lambda: newsitem.from_json(text))
    else:
        error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [field for field, _ in fields(error)] == [field for field, _ in problems]
    assert all(found == expected for (_, found), (_, expected) in zip(fields(error), problems, strict=True) if expected)
    assert all((each.line, each.column, each.path) == (None, None, None) for each in error.problems)
    assert list(shown_chain(error)) == [error]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize("change", [{}, {"actions": {"share": {"to": object()}}, "length": [1, {2}]}])
def test_order_of_problems(change: dict[str, Any]) -> None:
    """Problems are in the publisher's order, then those of unknown keys, whatever the order of the data."""
    data: dict[str, Any] = {**change, "secured": [1], "topics": 5, "heat": "x", "excerpt": 5, "category": 5}
    error = refusal(lambda: newsitem.from_dict(data))
    known = ["category", "title", "excerpt", "publishedDateTime", "heat", "provider", "topics", "secured"]
    assert [problem.field for problem in error.problems] == known + (
        ["actions.share.to", "length[1]"] if change else []
    )


@pytest.mark.parametrize("data", [None, [], "title", 5, b"{}"])
def test_other_data_than_a_mapping(data: Any) -> None:
    """A value that is not a dict is refused without a field."""
    error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [problem.field for problem in error.problems] == [None]
    assert error.problems[0].message.startswith("must be a mapping, not ")


def test_invalid_instants() -> None:
    """A naive datetime, a date and other text are refused as instants."""
    for wrong in (WHEN.replace(tzinfo=None), date(2020, 6, 24), "24 June 2020"):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": wrong}))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]
    for text in ("24 June 2020", "2020-02-30T00:00:00Z", 20200624, None):
        bad = json.dumps(DATA | {"publishedDateTime": text})
        error = refusal(partial(newsitem.from_json, bad))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]


def test_endless_data() -> None:
    """Data that contains itself or is nested too deeply is refused with its field, without `RecursionError`."""
    endless: list[Any] = []
    endless.append(endless)
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    for value in (endless, deep):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": WHEN, "maze": value}))
        assert type(error) is ValidationError
        assert str(error.problems[0].field).startswith("maze")


def test_at_most_1000_problems_of_data() -> None:
    """An error lists 1,000 problems of data, and then states that there are more."""
    data = {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    with pytest.raises(ValidationError) as caught:
        newsitem.from_dict({**data, "odd": ["\ud800"] * 2_000})
    assert len(caught.value.problems) == 1_001
    assert str(caught.value.problems[-1]) == "there are more problems: fix those above first"


def test_all_problems_of_data() -> None:
    """All problems are reported at once, each with its field."""
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.from_dict(
            {"heat": "1", "provider": {"name": 5}, "related": [{"title": "x"}, {"images": [{}]}], "topics": ["a", None]}
        )
    assert {problem.field for problem in caught.value.problems} == {
        *("title", "publishedDateTime", "heat", "provider.name", "topics[1]"),
        *("related[1].title", "related[1].images[0].url"),
    }


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_from_dict_needs_a_mapping(data: Any) -> None:
    """`from_dict` refuses anything but a mapping."""
    with pytest.raises(newsitem.ValidationError, match="must be a mapping"):
        newsitem.from_dict(data)


def test_secured_objects_and_long_numbers_in_data() -> None:
    """`secured` may be a `Secured` object; an error does not show the digits of a long number."""
    data = {"title": "T", "publishedDateTime": datetime(2020, 1, 2, tzinfo=UTC), "provider": {"name": "P"}}
    secured = newsitem.Secured("abc")
    assert newsitem.from_dict({**data, "secured": secured}).secured == secured
    with pytest.raises(newsitem.ValidationError, match="title: must be text, not an integer of more than 64 bits"):
        newsitem.from_dict({**data, "title": 10**5000})


def test_from_dict_does_not_coerce() -> None:
    """Text without a time zone and naive datetimes are not converted to instants."""
    data: dict[str, Any] = {"title": "T", "publishedDateTime": "2020-01-02T00:00:00", "provider": {"name": "P"}}
    message = (
        "publishedDateTime: must be a datetime with a time zone, or text such as 2020-06-24T22:10:00Z, not the text"
    )
    with pytest.raises(newsitem.ValidationError, match=message):
        newsitem.from_dict(data)
    with pytest.raises(newsitem.ValidationError, match="time zone"):
        newsitem.from_dict({**data, "publishedDateTime": datetime(2020, 1, 2)})
    with pytest.raises(newsitem.ValidationError, match=r"^odd: must be text"):
        newsitem.from_dict({**data, "publishedDateTime": datetime(2020, 1, 2, tzinfo=UTC), "odd": object()})


def test_data_is_not_shared() -> None:
    """An item shares no list and no dict with the data it was created from."""
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
