"""Data, JSON and the JSON Schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from samples import EXAMPLES, VALID
from strategies import items

import newsitem

VALIDATOR = jsonschema.Draft202012Validator(newsitem.json_schema(), format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files_hold_what_stands_beside_them(path: Path) -> None:
    """Each valid file is read as the data in its JSON file, with the body in its text file."""
    item = newsitem.load(path)
    assert json.loads(newsitem.to_json(item)) == json.loads(path.with_suffix(".json").read_bytes())
    assert list(json.loads(newsitem.to_json(item))) == list(json.loads(path.with_suffix(".json").read_bytes()))
    body = path.with_suffix(".body.txt")
    assert item.body == (body.read_bytes().decode() if body.exists() else "\n")


def test_json_comes_back(sample: Path) -> None:
    """An item goes through JSON and back, but for dates in unknown keys."""
    item = newsitem.load(sample)
    assert newsitem.from_json(newsitem.to_json(item), body=item.body) == item
    assert newsitem.from_json(newsitem.to_json(item, indent=None).encode(), body=item.body) == item


def test_schema_is_a_schema() -> None:
    """The schema is one of draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(newsitem.json_schema())


def test_schema_takes_what_to_json_gives(sample: Path) -> None:
    """What `to_json` gives of a file is valid."""
    VALIDATOR.validate(json.loads(newsitem.to_json(newsitem.load(sample))))


@given(items)
def test_schema_takes_any_item(item: newsitem.NewsItem) -> None:
    """What `to_json` gives of any item is valid."""
    try:
        text = newsitem.to_json(item)
    except newsitem.ValidationError:
        assume(False)  # infinity or NaN in an unknown key
    VALIDATOR.validate(json.loads(text))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("heat",), "114"),
        (("title",), None),
        (("publishedDateTime",), "yesterday"),
        (("topics", 0), 5),
        (("provider",), "Fox"),
        (("provider", "name"), 1010),
        (("images",), {}),
        (("published",), 1),
    ],
)
def test_schema_refuses_what_from_json_refuses(place: tuple[Any, ...], value: Any) -> None:
    """A wrong type is wrong to the schema and to newsitem."""
    data: Any = json.loads(newsitem.to_json(newsitem.load(EXAMPLES[0])))
    at = data
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.from_json(json.dumps(data))
    assert (caught.value.problems[0].field or "").startswith(str(place[0]))


def test_to_dict_gives_plain_values() -> None:
    """The data holds the file's keys, datetimes, and `secured` as text; it shares nothing with the item."""
    item = newsitem.NewsItem(
        title="T",
        published_date_time=datetime(2020, 1, 2, tzinfo=UTC),
        provider=newsitem.Provider(name="P"),
        secured=newsitem.Secured("abc"),
        topics=["AI"],
        extras={"deep": {"list": [1, {"day": date(2020, 1, 2)}]}},
    )
    data = newsitem.to_dict(item)
    assert data == {
        "category": "news",
        "title": "T",
        "publishedDateTime": datetime(2020, 1, 2, tzinfo=UTC),
        "provider": {"name": "P"},
        "topics": ["AI"],
        "secured": "abc",
        "deep": {"list": [1, {"day": date(2020, 1, 2)}]},
    }
    data["topics"].append("X")
    data["deep"]["list"][1]["day"] = None
    assert item.topics == ["AI"]
    assert item.extras["deep"]["list"][1]["day"] == date(2020, 1, 2)


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
    with pytest.raises(newsitem.ValidationError, match="title: must be text, not an integer beyond 64 bits"):
        newsitem.from_dict({**data, "title": 10**5000})


def test_from_dict_does_not_coerce() -> None:
    """Text with an instant is not an instant, and a naive datetime is none."""
    data: dict[str, Any] = {"title": "T", "publishedDateTime": "2020-01-02T00:00:00Z", "provider": {"name": "P"}}
    with pytest.raises(newsitem.ValidationError, match="publishedDateTime: must be a datetime with a time zone"):
        newsitem.from_dict(data)
    with pytest.raises(newsitem.ValidationError, match="time zone"):
        newsitem.from_dict({**data, "publishedDateTime": datetime(2020, 1, 2)})
    with pytest.raises(newsitem.ValidationError, match=r"^odd: must be text"):
        newsitem.from_dict({**data, "publishedDateTime": datetime(2020, 1, 2, tzinfo=UTC), "odd": object()})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"title": }', "1:11: not JSON"),
        ('{"title": "a", "title": "b"}', "a key stands twice"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\xff", "not UTF-8"),
        ("[]", "must be a mapping"),
        ('{"heat": NaN}', "heat: must be an integer"),
    ],
)
def test_from_json_refuses(text: str | bytes, message: str) -> None:
    """Text that is not JSON, or not an item, is refused in clear words."""
    with pytest.raises(newsitem.NewsItemError, match=message):
        newsitem.from_json(text)


def test_json_has_no_infinity() -> None:
    """A number that JSON lacks is refused, not written as something else."""
    item = newsitem.load(EXAMPLES[0])
    item.extras["x"] = float("inf")
    with pytest.raises(newsitem.ValidationError, match="infinity"):
        newsitem.to_json(item)
