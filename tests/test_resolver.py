"""Plain scalars have the values that Jekyll reads."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_items import read_with

import newsitem
from newsitem._yaml import resolver, scalars

# The values that Ruby's Psych 4.0.4 returns.
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
def test_plain_scalars_of_unknown_keys(text: str) -> None:
    """A plain scalar of an unknown key has the value and the type that Psych reads."""
    value = read_with(f"odd: {text}\n").extras["odd"]
    assert (type(value), value) == (type(PSYCH[text]), PSYCH[text])


@pytest.mark.parametrize("text", ["7" * 4_001, "7" * 4_301, "-" + "7" * 9_000, "7" * 4_301 + ":30"], ids=len)
def test_integers_with_too_many_digits(text: str) -> None:
    """An integer with thousands of digits is refused, also if Python itself would not convert it, and is no text."""
    for lines in (f"odd: {text}\n", f"odd: [{text}]\n", f"odd:\n  - {text} # c\n"):
        with pytest.raises(newsitem.ValidationError, match="must have at most 4,000 digits"):
            read_with(lines)
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer of at most 64 bits"):
        read_with(f"heat: {text}\n")


def test_not_a_number() -> None:
    """`.nan` is the float NaN."""
    assert math.isnan(read_with("odd: .NaN\n").extras["odd"])


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
def test_tagged_scalars_of_unknown_keys(tag: str, value: Any) -> None:
    """Tags that YAML defines are applied to scalars, and others are ignored."""
    assert read_with(f"odd: {tag}\n").extras["odd"] == value


@given(st.floats(allow_nan=False))
def test_numbers_round_trip(value: float) -> None:
    """A float is written so that it is read as the same float."""
    assert resolver.resolve(scalars.number(value)) == value
