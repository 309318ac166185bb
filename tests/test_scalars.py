"""Plain scalars as Jekyll reads them, and text that must not be taken for something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsitem._yaml import scalars
from newsitem._yaml.scalars import ShortTexts


@given(st.text(max_size=30))
def test_quoted_text_comes_back(text: str) -> None:
    """What is escaped for double quotes is read back, or left to the general way."""
    body = scalars.quoted(text)[1:-1]
    assert scalars.unquoted(body) in (text, None)


@pytest.mark.parametrize("body", ['a"b', "a\\", "\\x41", "\\u0041", "\\/", 'a\\"b"c', "\\u2029"])
def test_escapes_that_the_publisher_does_not_write(body: str) -> None:
    """Text in another spelling than the publisher's is not read by the fast way."""
    assert scalars.unquoted(body) is None


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
