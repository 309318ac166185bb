"""Plain data, JSON and JSON Schema."""

from __future__ import annotations

import itertools
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from people import Person
from refusals import SURROGATE, fields, refusal, shown_chain
from samples import EXAMPLES, VALID
from small_items import new_item
from strategies import items

import newsitem
from newsitem import ParseError, ValidationError

SCHEMA_ALONE = jsonschema.Draft202012Validator(newsitem.json_schema())
VALIDATOR = jsonschema.Draft202012Validator(newsitem.json_schema(), format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files(path: Path) -> None:
    """Each valid file is read as the data of its JSON file, with the body in its text file."""
    item = newsitem.load(path)
    assert json.loads(newsitem.to_json(item)) == json.loads(path.with_suffix(".json").read_bytes())
    assert list(json.loads(newsitem.to_json(item))) == list(json.loads(path.with_suffix(".json").read_bytes()))
    body = path.with_suffix(".body.txt")
    assert item.body == (body.read_bytes().decode() if body.exists() else "\n")


def test_json_round_trip(sample: Path) -> None:
    """An item that is converted to JSON and back is equal."""
    item = newsitem.load(sample)
    assert newsitem.from_json(newsitem.to_json(item), body=item.body) == item
    assert newsitem.from_json(newsitem.to_json(item, indent=None).encode(), body=item.body) == item


def test_schema_is_valid() -> None:
    """The JSON Schema is valid in draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(newsitem.json_schema())


def test_schema_accepts_the_json_of_files(sample: Path) -> None:
    """The JSON of each sample file is valid against the schema."""
    VALIDATOR.validate(json.loads(newsitem.to_json(newsitem.load(sample))))


@given(items)
def test_schema_accepts_the_json_of_any_item(item: newsitem.NewsItem) -> None:
    """The JSON of any item is valid against the schema."""
    try:
        text = newsitem.to_json(item)
    except newsitem.ValidationError:
        assume(False)  # JSON has no infinity or NaN
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
def test_schema_and_from_json_refuse_wrong_types(place: tuple[Any, ...], value: Any) -> None:
    """The schema and `from_json` both refuse a wrong type."""
    data: Any = json.loads(newsitem.to_json(newsitem.load(EXAMPLES[0])))
    at = data
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.from_json(json.dumps(data))
    assert (caught.value.problems[0].field or "").startswith(str(place[0]))


def test_to_dict() -> None:
    """Plain data has the file's keys, datetimes, and `secured` as text; it shares nothing with the item."""
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


INSTANT = datetime(2020, 6, 24, 22, 10, tzinfo=UTC)
INSTANTS = {
    "2020-06-24T22:10:00Z": INSTANT,
    "2020-06-24t22:10:00z": INSTANT,
    "2020-06-25T00:40:00+02:30": INSTANT,
    "2020-06-24T22:10:00-00:00": INSTANT,
    "2020-06-24T22:10:00.5Z": INSTANT.replace(microsecond=500_000),
    "2020-06-24T22:10:00.1234567+00:00": INSTANT.replace(microsecond=123_456),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "9999-12-31T23:59:59Z": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    "2000-02-29T00:00:00Z": datetime(2000, 2, 29, tzinfo=UTC),
}
NO_INSTANTS = [
    *("soon", "", "2020-06-24", "2020-06-24T22:10:00", "2020-06-24 22:10:00Z", "2020-06-24T22:10Z", "20200624T221000Z"),
    *("2020-06-24T22:10:00Z\n", " 2020-06-24T22:10:00Z", "2020-6-24T22:10:00Z", "2020-06-24T22:10:00.Z", "1592999400"),
    *("2020-13-01T00:00:00Z", "2020-04-31T00:00:00Z", "2020-02-30T00:00:00Z", "2019-02-29T00:00:00Z"),
    *("1900-02-29T00:00:00Z", "0000-02-29T00:00:00Z", "2020-06-24T24:00:00Z", "2020-06-24T22:10:60Z"),
    *("2020-06-24T22:10:00+24:00", "2020-06-24T22:10:00+0200", "٢٠٢٠-06-24T22:10:00Z", "10000-01-01T00:00:00Z"),
]


def with_instants(instant: Any) -> dict[str, Any]:
    """Return data with an instant at both places."""
    related = {"title": "R", "publishedDateTime": instant}
    return {"title": "T", "publishedDateTime": instant, "provider": {"name": "P"}, "related": [related]}


@pytest.mark.parametrize("text", INSTANTS)
@pytest.mark.parametrize("other", [{}, {"other": 1}])  # an unknown key takes the general implementation
def test_instants_as_text(text: str, other: dict[str, Any]) -> None:
    """RFC 3339 text is read as an instant in UTC, from a dict and from JSON."""
    data = {**with_instants(text), **other}
    for item in (newsitem.from_dict(data), newsitem.from_json(json.dumps(data))):
        assert item.published_date_time == item.related[0].published_date_time == INSTANTS[text]
        assert item.published_date_time.tzinfo is UTC


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_other_text_than_an_instant(text: str) -> None:
    """Other text is refused by `from_dict`, `from_json` and the schema, even without a format checker."""
    data = with_instants(text)
    for read, given_data in ((newsitem.from_dict, data), (newsitem.from_json, json.dumps(data))):
        with pytest.raises(newsitem.ValidationError) as caught:
            read(given_data)  # type: ignore[arg-type]
        places = [problem.field for problem in caught.value.problems]
        assert places == ["publishedDateTime", "related[0].publishedDateTime"]
    wrong = {error.json_path for error in SCHEMA_ALONE.iter_errors(data)}
    assert wrong == {"$.publishedDateTime", "$.related[0].publishedDateTime"}


def test_instants_outside_the_range_of_datetime() -> None:
    """An instant that is before the year 1 or after 9999 in UTC is refused."""
    for text in ("0001-01-01T00:00:00+00:01", "9999-12-31T23:59:00-00:01"):
        with pytest.raises(
            newsitem.ValidationError, match=r"publishedDateTime: must be within the years 1 to 9999 in UTC"
        ):
            newsitem.from_dict(with_instants(text))


@st.composite
def like_instants(draw: st.DrawFn) -> str:
    """Draw instants as text, with or without an error."""
    date, time, zone = (
        draw(st.dates()),
        draw(st.times()),
        draw(st.sampled_from(["Z", "z", "+02:00", "-11:30", "", "+2"])),
    )
    text = f"{date.isoformat()}{draw(st.sampled_from(['T', 't', ' ', '']))}{time.isoformat()}{zone}"
    place = draw(st.integers(0, len(text)))
    changed = text[:place] + draw(st.sampled_from("0123456789-:.TZ \n")) + text[place + draw(st.integers(0, 1)) :]
    return draw(st.sampled_from([text, changed]))


@given(like_instants())
def test_schema_and_from_json_agree_on_instants(text: str) -> None:
    """The schema accepts a text as an instant if, and only if, `from_json` does."""
    assume("0001-01-02" <= text <= "9999-12-30")
    data = with_instants(text)
    try:
        newsitem.from_json(json.dumps(data))
    except newsitem.ValidationError:
        accepted = False
    else:
        accepted = True
    assert SCHEMA_ALONE.is_valid(data) == VALIDATOR.is_valid(data) == accepted


@pytest.mark.parametrize(
    ("place", "name", "key"),
    [
        ((), "published_date_time", "publishedDateTime"),
        ((), "web_url", "webUrl"),
        ((), "featured_content", "featuredContent"),
        (("related", 0), "published_date_time", "publishedDateTime"),
        (("related", 0), "cdn_amp_web_url", "cdnAmpWebUrl"),
        (("images", 0), "is_cached", "isCached"),
        (("related", 0, "provider", "images", 0), "is_cached", "isCached"),
    ],
)
def test_attribute_name_instead_of_a_key(place: tuple[Any, ...], name: str, key: str) -> None:
    """The name of an attribute in place of its key is refused at any depth, with the key that was meant."""
    image = {"url": "u"}
    data: Any = {**with_instants("2020-06-24T22:10:00Z"), "images": [dict(image)]}
    data["related"][0]["provider"] = {"name": "P", "images": [dict(image)]}
    at = data
    for step in place:
        at = at[step]
    value = at.pop(key, "x")
    at[name] = value
    for read, given_data in ((newsitem.from_dict, data), (newsitem.from_json, json.dumps(data))):
        with pytest.raises(newsitem.ValidationError) as caught:
            read(given_data)  # type: ignore[arg-type]
        problem = next(each for each in caught.value.problems if (each.field or "").endswith(name))
        assert problem.message == f"is the name of an attribute: did you mean the key {key!r}?"


def test_attribute_name_beside_its_key() -> None:
    """If the key exists too, or in a file, the name of an attribute is an unknown key."""
    data = {**with_instants("2020-06-24T22:10:00Z"), "webUrl": "https://a.example", "web_url": "x"}
    assert newsitem.from_dict(data).extras == {"web_url": "x"}
    text = newsitem.dumps(newsitem.from_dict(data)).replace('webUrl: "https://a.example"\n', "")
    item = newsitem.loads(text)
    assert (item.web_url, item.extras) == (None, {"web_url": "x"})
    assert newsitem.dumps(item) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"title": }', "1:11: invalid JSON"),
        ('{"title": "a", "title": "b"}', "title: duplicate key: remove one of the two"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\xff", "not UTF-8"),
        ("[]", "must be a mapping"),
    ],
)
def test_invalid_json(text: str | bytes, message: str) -> None:
    """Text that is not JSON, or not an item, is refused with a clear message."""
    with pytest.raises(newsitem.NewsItemError, match=message):
        newsitem.from_json(text)


def test_infinity_in_json() -> None:
    """Infinity, which JSON does not have, is refused."""
    item = newsitem.load(EXAMPLES[0])
    item.extras["x"] = float("inf")
    with pytest.raises(newsitem.ValidationError, match="infinity"):
        newsitem.to_json(item)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ('{"title": ', 1, 11),
        ('{\n  "title": "Ten arms",\n  "heat": 1O\n}', 3, 12),
        ("{'title': 5}", 1, 2),
        (b'{"title": "\xff"}', None, None),
        ("[" * 100_000, None, None),
        ('{"heat": NaN, "title": 1O}', 1, 25),
        ('{"title": "One", "title": "Two"', 1, 32),
    ],
)
def test_positions_in_invalid_json(text: str | bytes, line: int | None, column: int | None) -> None:
    """Invalid JSON raises a `ParseError` with a position if it is known, whatever precedes it."""
    error = refusal(lambda: newsitem.from_json(text))
    assert type(error) is ParseError
    assert [(problem.line, problem.column, problem.field) for problem in error.problems] == [(line, column, None)]
    assert list(shown_chain(error)) == [error]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


NOT_FINITE = "must not be infinity or NaN, which JSON does not support"
TOO_LARGE = "must be between -1.8e308 and 1.8e308"
DUPLICATE = "duplicate key: remove one of the two"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('{"heat": NaN}', [("heat", NOT_FINITE)]),
        (
            '{"weight": -Infinity, "related": [{}, {"quality": Infinity}]}',
            [("weight", NOT_FINITE), ("related[1].quality", NOT_FINITE)],
        ),
        ('{"weight": {"a": [0, -1e999]}, "x": 1e308, "y": "NaN"}', [("weight.a[1]", TOO_LARGE)]),
        (f'{{"weight": {"9" * 400}.5}}', [("weight", TOO_LARGE)]),
        ("NaN", [(None, NOT_FINITE)]),
        ('{"title": "One", "title": "Two"}', [("title", DUPLICATE)]),
        (
            b'{"related": [{"title": "One", "x": {"a": 1, "a": 1, "a": 2}}]}',
            [("related[0].x.a", DUPLICATE), ("related[0].x.a", DUPLICATE)],
        ),
        ('{"a": 1, "a": 1e999, "b": NaN}', [("a", DUPLICATE), ("a", TOO_LARGE), ("b", NOT_FINITE)]),
        ('{"secured": {"SECRET": 1, "SECRET": [{"SECRET": NaN}]}}', [("secured", DUPLICATE), ("secured", NOT_FINITE)]),
    ],
)
def test_values_that_json_does_not_have(text: str | bytes, problems: list[tuple[str | None, str]]) -> None:
    """`from_json` refuses infinity, NaN, numbers that are too large, and duplicate keys, each with its field."""
    error = refusal(lambda: newsitem.from_json(text))
    assert type(error) is ParseError
    assert fields(error) == problems
    assert list(shown_chain(error)) == [error]


def test_names_below_an_own_secured_key() -> None:
    """The names of keys below a key that the class declares as secured are not shown."""
    text = '{"name": "Ana", "token": [{"SECRET": {"a": NaN}}, {"SECRET": 1, "SECRET": 2}]}'
    error = refusal(lambda: newsitem.from_json(text, Person))
    assert fields(error) == [("token", NOT_FINITE), ("token", DUPLICATE)]


def test_many_problems_in_json() -> None:
    """At most 1,000 problems of a JSON text are listed, followed by a note."""
    error = refusal(lambda: newsitem.from_json(f'{{"x": [{"NaN, " * 2_000} 1]}}'))
    assert len(error.problems) == 1_001
    assert error.problems[-1].message == "there are more problems: fix those above first"


def test_long_integers_in_json() -> None:
    """An integer with more digits than Python reads is refused like other long integers, with all other problems."""
    for digits, sign in itertools.product((4_200, 5_000, 100_000), ("", "-")):
        number = sign + "9" * digits
        text = f'{{"title": "T", "publishedDateTime": "2020-06-24T22:10:00Z", "heat": {number}, "w": [1, {number}]}}'
        error = refusal(partial(newsitem.from_json, text))
        assert type(error) is ValidationError
        assert fields(error) == [
            ("heat", "must be an integer of at most 64 bits"),
            ("provider", "required key is missing"),
            ("w[1]", "must have at most 4,000 digits"),
        ]
        assert list(shown_chain(error)) == [error]
    error = refusal(lambda: newsitem.from_json(f'{{"name": "Ana", "rating": {"9" * 5_000}}}', Person))
    assert [problem.field for problem in error.problems] == ["rating"]


def test_infinity_and_nan_to_json() -> None:
    """`to_json` reports each infinity and NaN with its field, and the path of the item."""
    nan, infinity = float("nan"), float("inf")
    item = new_item(path="/news/y.md", extras={"ratio": nan, "deep": [1, {"a.b": -infinity}], "fine": 0.5})
    item.provider.extras["z"] = nan
    item.related = [newsitem.RelatedItem(title="R"), newsitem.RelatedItem(title="R", extras={"x": infinity})]
    item.provider.extras["secured"] = {"SECRET": nan}
    error = refusal(lambda: newsitem.to_json(item))
    assert type(error) is ValidationError
    assert fields(error) == [
        (name, NOT_FINITE)
        for name in (
            *("provider.extras.z", "provider.extras.secured", "related[1].extras.x"),
            *("extras.ratio", "extras.deep[1].a.b"),
        )
    ]
    assert {problem.path for problem in error.problems} == {str(Path("/news/y.md"))}
    assert list(shown_chain(error)) == [error]
    error = refusal(lambda: newsitem.to_json(Person(name="Ana", rating=nan, anything={"a": [nan]})))
    assert [(problem.path, problem.field) for problem in error.problems] == [(None, "rating"), (None, "anything.a[0]")]


@pytest.mark.parametrize("data", [{"title": 1}, {"title": 1, "other": {2}}, 5])
def test_wrong_body_with_other_problems(data: Any) -> None:
    """A wrong body is reported after all other problems of the data, by `from_dict` and `from_json`."""
    others = fields(refusal(lambda: newsitem.from_dict(data)))
    assert others
    bodies: list[tuple[Any, str]] = [(5, "must be text, not the integer 5"), ("a\ud800", SURROGATE)]
    for body, message in bodies:
        expected = [*others, ("body", message)]
        assert fields(refusal(partial(newsitem.from_dict, data, body=body))) == expected
    error = refusal(lambda: newsitem.from_json('{"title": 1}', body=None))  # type: ignore[arg-type]
    assert [problem.field for problem in error.problems] == ["title", "publishedDateTime", "provider", "body"]


@pytest.mark.parametrize("cls", [new_item(), [newsitem.NewsItem], {}, 5, None])
def test_class_that_is_not_a_class(cls: Any) -> None:
    """Every function with the argument `cls` refuses an object in place of a class, even an unhashable one."""
    calls: list[Callable[[], object]] = [
        lambda: newsitem.loads("---\n---\n", cls),
        lambda: newsitem.load("item.md", cls),
        lambda: newsitem.from_dict({}, cls),
        lambda: newsitem.from_json("{}", cls),
        lambda: newsitem.json_schema(cls),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="cls must be an item class, not "):
            call()
