"""Kinds of scalars: the values in files and in Python that each kind accepts and refuses."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from people import Account, Person, made, person
from small_items import WHEN, read_with, text_with
from test_resolver import PSYCH

import newsitem
from newsitem._schema.kinds import list_of, mapping_of
from newsitem._schema.scalar_kinds import INTEGER, PLAIN


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("rating", "4.7", 4.7),
        ("rating", "5", 5),
        ("rating", "1:30.5", 5400.0 + 5 * 6),
        ("rating", ".inf", math.inf),
        ("rating", "1_000.5", 1000.5),
        ("rating", "0x10", 16.0),
        ("born", "2020-06-24", date(2020, 6, 24)),
        ("born", "2020-6-4", date(2020, 6, 4)),
        ("anything", "[1, {a: 2020-01-01}]", [1, {"a": date(2020, 1, 1)}]),
        ("anything", "~", None),
        ("anything", "null", None),
        ("rating", "1.50", 1.5),
        ("rating", "!!float 5", 5.0),
        ("rating", '!!float "4.5"', 4.5),
        ("anything", '"text"', "text"),
        ("accounts", "[]", []),
        ("accounts", "~", None),
        ("topics", "[]", []),
    ],
)
def test_values_in_files(field: str, text: str, value: Any) -> None:
    """Scalars have the value that Psych reads, and keep their spelling until they change."""
    file = f'---\nname: "Ana"\n{field}: {text}\n---\n'
    ana = newsitem.loads(file, Person)
    if text != "1:30.5":
        assert getattr(ana, field) == value
    assert newsitem.dumps(ana) == file
    setattr(ana, field, getattr(ana, field))
    assert newsitem.dumps(ana) == file


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("rating", "abc", "must be a number, not the text 'abc'"),
        ("rating", '"4.7"', "must be a number, not the text '4.7'"),
        ("rating", "!!float x", "does not match its tag !!float"),
        ("rating", "true", "must be a number, not the boolean true"),
        ("rating", "9" * 400, "must be a number"),
        ("born", "2020-02-30", "must be a valid date such as 2020-06-24, not 2020-02-30"),
        ("born", "2020-06-24T00:00:00Z", "must be a date such as 2020-06-24, without quotes, not the instant"),
        ("born", '"2020-06-24"', "must be a date such as 2020-06-24, without quotes, not the text"),
        ("twitter", "x", "must be a mapping, not the text 'x'"),
        ("anything", "{a: {<<: 5}}", "a merge key"),
        ("token", "[a]", "must be text (the value is not shown)"),
    ],
)
def test_invalid_values_in_files(field: str, text: str, message: str) -> None:
    """A value of another kind is refused with its position and field."""
    with pytest.raises(newsitem.ValidationError) as error:
        newsitem.loads(f'---\nname: "Ana"\n{field}: {text}\n---\n', Person, name="ana.md")
    (problem,) = error.value.problems
    assert message in problem.message
    assert problem.line == 3
    assert str(problem.field).startswith(field)
    assert problem.path == "ana.md"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rating", "4.7", "must be a number, not the text '4.7'"),
        ("rating", True, "must be a number, not the boolean true"),
        ("rating", 10**400, "must be a number"),
        ("born", WHEN, "use value.date()"),
        ("born", "2020-01-01", "must be a datetime.date, not the text '2020-01-01'"),
        ("anything", {"a": object()}, "must be text, a number"),
        ("anything", {1: 2}, "a key must be text"),
        ("twitter", {"username": "x"}, "must be Account, not a mapping"),
        ("accounts", ["x"], "must be Account, not the text 'x'"),
        ("topics", None, "must be a list, not null"),
        ("token", "x", "must be wrapped"),
        ("name", None, "must be text, not null"),
    ],
)
def test_invalid_values_in_python(field: str, value: Any, message: str) -> None:
    """A value of another kind is refused on set and on init."""
    with pytest.raises(newsitem.ValidationError) as error:
        setattr(person(), field, value)
    assert message in str(error.value)
    with pytest.raises(newsitem.ValidationError) as error:
        person(**{field: value})
    assert message in str(error.value)


def test_optional_lists() -> None:
    """A list with ``| None`` is `None` if the file has none, and an empty list is written."""
    ana = newsitem.loads('---\nname: "Ana" # comment\n---\n', Person)
    assert ana.accounts is None
    ana.accounts = []
    assert newsitem.dumps(ana) == '---\nname: "Ana" # comment\naccounts: []\n---\n'
    ana.accounts = [Account(username="a")]
    text = newsitem.dumps(ana)
    assert text == '---\nname: "Ana" # comment\naccounts:\n  - username: a\n---\n'
    again = newsitem.loads(text, Person)
    again.accounts = None
    assert newsitem.dumps(again) == '---\nname: "Ana" # comment\n---\n'
    assert newsitem.to_dict(person(accounts=[])) == {"name": "Ana", "accounts": []}


def test_plain_data_is_edited_in_place() -> None:
    """An edit inside the plain data of an ``Any`` key changes its own lines."""
    text = '---\nname: "Ana"\nanything:\n  # first\n  a: 1 # one\n  b: [1, 2] # two\n---\n'
    ana = newsitem.loads(text, Person)
    ana.anything["b"].append(3)
    assert newsitem.dumps(ana) == text.replace("[1, 2]", "[1, 2, 3]")
    ana.anything["a"] = object()
    with pytest.raises(newsitem.ValidationError, match=r"anything\.a: must be text"):
        newsitem.dumps(ana)
    with pytest.raises(newsitem.ValidationError, match="anything: plain data contains more"):
        ana.anything = [1] * 600_000


def test_required_plain_data() -> None:
    """Required plain data cannot be `None`, in a file or in Python."""
    cls = made(one=Any)
    for text in ("---\n---\n", "---\none: ~\n---\n", "---\none: null # comment\n---\n"):
        with pytest.raises(newsitem.ValidationError):
            newsitem.loads(text, cls)
    with pytest.raises(newsitem.ValidationError, match="one: must not be None, because the key is required"):
        cls(one=None)


def test_limits_of_plain_data() -> None:
    """The limits of depth and values hold for the plain data of a key."""
    deep: Any = 1
    for _ in range(120):
        deep = [deep]
    with pytest.raises(newsitem.ValidationError, match=r"anything.*levels deep"):
        newsitem.from_dict({"name": "A", "anything": deep}, Person)
    with pytest.raises(newsitem.ValidationError, match="plain data contains more"):
        newsitem.from_dict({"name": "A", "anything": [1] * 600_000}, Person)


@pytest.mark.parametrize(
    ("text", "value"), [(text, value) for text, value in PSYCH.items() if type(value) is int] + [('!!int "7"', 7)]
)
def test_integer_fields(text: str, value: int) -> None:
    """An integer field reads every spelling of an integer that Jekyll reads."""
    assert read_with(f"heat: {text}\n").heat == value


@pytest.mark.parametrize(
    "text", ['"114"', "1.5", "0o17", "ten", "true", "9223372036854775808", "1" * 5000, "[1]", "2020-01-01"]
)
def test_integer_fields_refuse(text: str) -> None:
    """Quoted digits, other numbers, and numbers of more than 64 bits are not integers."""
    with pytest.raises(newsitem.ValidationError, match=r"^6:7: heat: must be an integer"):
        read_with(f"heat: {text}\n")


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("Off", False), ("TRUE", True), ('!!bool "no"', False)])
def test_boolean_fields(text: str, value: bool) -> None:
    """A boolean field reads the words of YAML 1.1."""
    assert read_with(f"published: {text}\n").published is value


@pytest.mark.parametrize("text", ["'yes'", "y", "1", "{}"])
def test_boolean_fields_refuse(text: str) -> None:
    """Quoted words and other values are not booleans."""
    with pytest.raises(newsitem.ValidationError, match=r"^6:12: published: must be true or false"):
        read_with(f"published: {text}\n")


def read_published(text: str) -> newsitem.NewsItem:
    """Read an item with the text of its published instant."""
    return newsitem.loads(text_with("").replace("2020-01-01T00:00:00Z", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-02 03:04:05 +0200", "2020-01-02T01:04:05+00:00"),
        ("2020-01-02T03:04:05-05:30", "2020-01-02T08:34:05+00:00"),
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 3:04:05.123456789Z", "2020-01-02T03:04:05.123456+00:00"),
        ("2020-01-02", "2020-01-02T00:00:00+00:00"),
        ('!!timestamp "2020-01-02"', "2020-01-02T00:00:00+00:00"),
    ],
)
def test_instants(text: str, expected: str) -> None:
    """Instants are read in every spelling and converted to UTC; without a time zone they are UTC."""
    assert read_published(text).published_date_time.isoformat() == expected


@pytest.mark.parametrize(
    "text", ['"2020-01-02T00:00:00Z"', "2020-02-30", "2020-01-02T25:00:00Z", "0001-01-01T00:00:00+02:00", "soon"]
)
def test_instant_fields_refuse(text: str) -> None:
    """Quoted text, impossible dates, and words are not instants."""
    with pytest.raises(
        newsitem.ValidationError, match=r"^3:20: publishedDateTime: must be an? (valid )?instant such as"
    ):
        read_published(text)


@pytest.mark.parametrize("text", ["1010", "yes", "4:20", "2020-01-01", "1.5", "0x1F", "!!str 12", "247 Sports"])
def test_text_fields_are_text(text: str) -> None:
    """A text field contains text, whatever its plain scalar looks like."""
    item = read_with(f"type: {text}\ntopics:\n  - {text}\n")
    assert (item.type, item.topics) == (text.removeprefix("!!str "), [text.removeprefix("!!str ")])


@pytest.mark.parametrize("text", ["~", "null", "Null", ""])
def test_null_in_text_fields(text: str) -> None:
    """Null leaves optional text unset, and is a missing value of required text."""
    assert read_with(f"type: {text}\n").type is None
    with pytest.raises(newsitem.ValidationError, match=r"provider\.name: required key is missing"):
        newsitem.loads(f"---\ntitle: T\npublishedDateTime: 2020-01-01\nprovider:\n  name: {text}\n---\n")


def test_scalars_for_other_kinds() -> None:
    """Only text is read from quotes, and lists and mappings are not read from a plain scalar."""
    assert (INTEGER.from_quoted("5"), list_of(PLAIN).from_plain("x"), mapping_of(newsitem.Image).from_plain("x")) == (
        None,
        None,
        None,
    )
    assert list_of(mapping_of(newsitem.Image)).label == "list of mappings"
