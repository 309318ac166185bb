"""Plain data turned into items, and all problems of data that is refused."""

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
        [("related[0].publishedDateTime", ""), ("secured", "must be text (its value is not shown)")],
    ),
)


@pytest.mark.parametrize(("change", "problems"), WRONG_DATA)
@pytest.mark.parametrize("as_json", [False, True])
def test_wrong_plain_data(change: dict[str, Any], problems: list[tuple[str, str]], as_json: bool) -> None:
    """`from_dict` and `from_json` refuse data with every problem and its field, and have no line to name."""
    data = DATA | {"publishedDateTime": WHEN} | change
    if as_json:
        text = json.dumps(DATA | change)
        error = refusal(lambda: newsitem.from_json(text))
    else:
        error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [field for field, _ in fields(error)] == [field for field, _ in problems]
    assert all(found == wanted for (_, found), (_, wanted) in zip(fields(error), problems, strict=True) if wanted)
    assert all((each.line, each.column, each.path) == (None, None, None) for each in error.problems)
    assert list(shown_chain(error)) == [error]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize("change", [{}, {"actions": {"share": {"to": object()}}, "length": [1, {2}]}])
def test_all_problems_of_plain_data(change: dict[str, Any]) -> None:
    """Problems come in the publisher's order, those of unknown keys last, whatever the order of the data."""
    data: dict[str, Any] = {**change, "secured": [1], "topics": 5, "heat": "x", "excerpt": 5, "category": 5}
    error = refusal(lambda: newsitem.from_dict(data))
    known = ["category", "title", "excerpt", "publishedDateTime", "heat", "provider", "topics", "secured"]
    assert [problem.field for problem in error.problems] == known + (
        ["actions.share.to", "length[1]"] if change else []
    )


@pytest.mark.parametrize("data", [None, [], "title", 5, b"{}"])
def test_plain_data_that_is_no_mapping(data: Any) -> None:
    """What is not a dict is refused without a field."""
    error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [problem.field for problem in error.problems] == [None]
    assert error.problems[0].message.startswith("must be a mapping, not ")


def test_instants_of_plain_data() -> None:
    """`from_dict` takes aware datetimes, `from_json` text; each says what it wants instead of the other."""
    for wrong in (WHEN.replace(tzinfo=None), date(2020, 6, 24), "24 June 2020"):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": wrong}))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]
    for text in ("24 June 2020", "2020-02-30T00:00:00Z", 20200624, None):
        bad = json.dumps(DATA | {"publishedDateTime": text})
        error = refusal(partial(newsitem.from_json, bad))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]


def test_data_that_holds_itself() -> None:
    """Data without an end, or too deep, is refused with its field, not with a `RecursionError`."""
    endless: list[Any] = []
    endless.append(endless)
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    for value in (endless, deep):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": WHEN, "maze": value}))
        assert type(error) is ValidationError
        assert str(error.problems[0].field).startswith("maze")


def test_a_thousand_problems_of_data_are_listed() -> None:
    """Data from Python that are wrong in many places are refused with a thousand of them."""
    data = {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    with pytest.raises(ValidationError) as caught:
        newsitem.from_dict({**data, "odd": ["\ud800"] * 2_000})
    assert len(caught.value.problems) == 1_001
    assert str(caught.value.problems[-1]) == "there are more problems: fix those above first"


def test_from_dict_lists_every_problem() -> None:
    """All problems come at once, each with its field."""
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.from_dict(
            {"heat": "1", "provider": {"name": 5}, "related": [{"title": "x"}, {"images": [{}]}], "topics": ["a", None]}
        )
    assert {problem.field for problem in caught.value.problems} == {
        *("title", "publishedDateTime", "heat", "provider.name", "topics[1]"),
        *("related[1].title", "related[1].images[0].url"),
    }


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_from_dict_takes_a_mapping(data: Any) -> None:
    """Anything but a mapping is refused."""
    with pytest.raises(newsitem.ValidationError, match="must be a mapping"):
        newsitem.from_dict(data)


def test_from_dict_takes_secured_and_shows_no_long_number() -> None:
    """The secured text may come wrapped; a number of any length is named in a message without its digits."""
    data = {"title": "T", "publishedDateTime": datetime(2020, 1, 2, tzinfo=UTC), "provider": {"name": "P"}}
    secured = newsitem.Secured("abc")
    assert newsitem.from_dict({**data, "secured": secured}).secured == secured
    with pytest.raises(newsitem.ValidationError, match="title: must be text, not an integer of more than 64 bits"):
        newsitem.from_dict({**data, "title": 10**5000})


def test_from_dict_does_not_coerce() -> None:
    """Text without a zone is not an instant, and a naive datetime is none."""
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
