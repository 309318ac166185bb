"""Plain scalars as Jekyll reads them, and text that must not be taken for something else."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsitem
from newsitem._yaml import resolver, scalars
from newsitem._yaml.scalars import ShortTexts

FRONT = "---\ntitle: T\npublishedDateTime: {when}\nprovider:\n  name: P\n{line}---\n\n"


def read(line: str, when: str = "2020-01-01T00:00:00Z") -> newsitem.NewsItem:
    """Read a small item with one more line."""
    return newsitem.loads(FRONT.format(line=line and line + "\n", when=when))


# What Ruby's Psych 4.0.4 gives for these, as seen by running it.
PSYCH: dict[str, Any] = {
    **dict.fromkeys(["~", "null", "NULL", "nULL", ""]),
    **dict.fromkeys(["yes", "Yes", "yEs", "on", "true", "TRUE"], True),
    **dict.fromkeys(["no", "off", "OFF", "false"], False),
    **{text: text for text in ["y", "n", "0o17", "1e3", "1.0e3", "2020-13-45", "=", "08", "09", "1__0", "12e03"]},
    **{text: text for text in [".", "+.", "_1", "1_", "0x", "0b", "24/7", "1:60", "2020-13-45T00:00:00Z"]},
    "0x1F": 31,
    "010": 8,
    "1_000": 1000,
    "1,000": 1000,
    "1,2,3": 123,
    "0b11": 3,
    "+12": 12,
    "-0": 0,
    "0": 0,
    "00": 0,
    "0_": 0,
    "1:30": 5400,
    "1:30:30": 5430,
    "4:20": 15600,
    "123:45": 445500,
    "-1:30": -1800,
    "1.5": 1.5,
    "1.": 1.0,
    ".5": 0.5,
    "1.0e+3": 1000.0,
    "190:20:30.15": 685230.15,
    "1:30.5": 5430.0,
    ".inf": math.inf,
    "+.inf": math.inf,
    "-.INF": -math.inf,
    "2020-01-01": date(2020, 1, 1),
    "2020-1-1": date(2020, 1, 1),
    "2020-01-02 03:04:05.25 +0200": datetime(2020, 1, 2, 1, 4, 5, 250_000, tzinfo=UTC),
    "2020-01-02t03:04:05": datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
}


@pytest.mark.parametrize("text", PSYCH)
def test_unknown_keys_read_as_jekyll_reads_them(text: str) -> None:
    """A plain scalar under an unknown key has the value and the type that Psych gives it."""
    value = read(f"odd: {text}").extras["odd"]
    assert (type(value), value) == (type(PSYCH[text]), PSYCH[text])


def test_not_a_number() -> None:
    """`.nan` is a number that is none."""
    assert math.isnan(read("odd: .NaN").extras["odd"])


@pytest.mark.parametrize(
    ("text", "value"), [(text, value) for text, value in PSYCH.items() if type(value) is int] + [('!!int "7"', 7)]
)
def test_integer_fields(text: str, value: int) -> None:
    """A number field reads every spelling of an integer that Jekyll does."""
    assert read(f"heat: {text}").heat == value


@pytest.mark.parametrize(
    "text", ['"114"', "1.5", "0o17", "ten", "true", "9223372036854775808", "1" * 5000, "[1]", "2020-01-01"]
)
def test_integer_fields_refuse(text: str) -> None:
    """Quoted digits, other numbers, and numbers beyond 64 bits are not taken for integers."""
    with pytest.raises(newsitem.ValidationError, match=r"^6:7: heat: must be an integer"):
        read(f"heat: {text}")


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("Off", False), ("TRUE", True), ('!!bool "no"', False)])
def test_boolean_fields(text: str, value: bool) -> None:
    """A boolean field reads the words of YAML 1.1."""
    assert read(f"published: {text}").published is value


@pytest.mark.parametrize("text", ["'yes'", "y", "1", "{}"])
def test_boolean_fields_refuse(text: str) -> None:
    """Quoted words and other values are not booleans."""
    with pytest.raises(newsitem.ValidationError, match=r"^6:12: published: must be true or false"):
        read(f"published: {text}")


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
    """Instants are read in every spelling, as UTC; without a zone they are UTC."""
    assert read("", when=text).published_date_time.isoformat() == expected


@pytest.mark.parametrize(
    "text", ['"2020-01-02T00:00:00Z"', "2020-02-30", "2020-01-02T25:00:00Z", "0001-01-01T00:00:00+02:00", "soon"]
)
def test_instants_refused(text: str) -> None:
    """Quoted text, days that no calendar has, and words are not instants."""
    with pytest.raises(
        newsitem.ValidationError, match=r"^3:20: publishedDateTime: must be an? (valid )?instant such as"
    ):
        read("", when=text)


@pytest.mark.parametrize("text", ["1010", "yes", "4:20", "2020-01-01", "1.5", "0x1F", "!!str 12", "247 Sports"])
def test_text_fields_are_text(text: str) -> None:
    """A text field is text whatever its plain scalar looks like."""
    item = read(f"type: {text}\ntopics:\n  - {text}")
    assert (item.type, item.topics) == (text.removeprefix("!!str "), [text.removeprefix("!!str ")])


@pytest.mark.parametrize("text", ["~", "null", "Null", ""])
def test_null_in_optional_and_required_text(text: str) -> None:
    """Null leaves an optional text unset, and is a missing value where text is required."""
    assert read(f"type: {text}").type is None
    with pytest.raises(newsitem.ValidationError, match=r"provider\.name: required key is missing"):
        newsitem.loads(f"---\ntitle: T\npublishedDateTime: 2020-01-01\nprovider:\n  name: {text}\n---\n")


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("!!null x", "x"),
        ("!!null ~", None),
        ("!!float 5", 5.0),
        ("!!float 1.5", 1.5),
        ("!odd x", "x"),
        ("! 12", 12),
        ("!!set x", "x"),
        ("!str 5", "5"),
    ],
)
def test_tags_under_unknown_keys(tag: str, value: Any) -> None:
    """Tags of scalars are heeded where YAML defines them, and passed over where not."""
    assert read(f"odd: {tag}").extras["odd"] == value


@given(st.text(max_size=30))
def test_quoted_text_comes_back(text: str) -> None:
    """What is escaped for double quotes is read back, or left to the general way."""
    body = scalars.quoted(text)[1:-1]
    assert scalars.unquoted(body) in (text, None)


@pytest.mark.parametrize("body", ['a"b', "a\\", "\\x41", "\\u0041", "\\/", 'a\\"b"c', "\\u2029"])
def test_escapes_that_the_publisher_does_not_write(body: str) -> None:
    """Text in another spelling than the publisher's is not read by the fast way."""
    assert scalars.unquoted(body) is None


@given(st.floats(allow_nan=False))
def test_numbers_come_back(value: float) -> None:
    """A floating-point number is written so that it is read as the same."""
    assert resolver.resolve(scalars.number(value)) == value


def test_long_texts_are_not_kept() -> None:
    """What is kept of texts that repeat are short ones, and not endlessly many."""
    calls: list[str] = []

    def function(text: str) -> str:
        calls.append(text)
        return text.upper()

    kept = ShortTexts(function)
    for text in ("a", "a", "x" * 201, "x" * 201, "x" * 200, "x" * 200):
        assert kept[text] == text.upper()
    assert [len(text) for text in calls] == [1, 201, 201, 200]
    for number in range(40_000):
        kept[str(number)]
    assert len(kept) < 33_000
    assert kept["7"] == "7"
