"""Text, numbers and instants written as scalars, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsitem._yaml import scalars
from newsitem._yaml.scalars import ShortTexts


@given(st.text(max_size=30))
def test_quoted_text_round_trips(text: str) -> None:
    """Text that was quoted is unquoted to the same text, or left to the YAML reader."""
    body = scalars.quoted(text)[1:-1]
    assert scalars.unquoted(body) in (text, None)


@pytest.mark.parametrize("body", ['a"b', "a\\", "\\x41", "\\u0041", "\\/", 'a\\"b"c', "\\u2029"])
def test_other_escapes_are_left_to_the_yaml_reader(body: str) -> None:
    """Text with escapes that the publisher does not use is left to the YAML reader."""
    assert scalars.unquoted(body) is None


def test_short_texts_are_cached() -> None:
    """The cache of repeated texts contains short texts only, and is limited."""
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
