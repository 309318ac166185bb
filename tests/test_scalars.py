"""Text, numbers and instants written as scalars, and read back."""

from __future__ import annotations

import re

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


SCALARS = st.one_of(
    st.text(alphabet="ab1~-+.:# ?,[]{}&*!|>'\"%@`=<_yYnNoOfFtTeExX0", max_size=8),
    st.from_regex(scalars._AMBIGUOUS, fullmatch=True),
    st.text(max_size=12),
)


@given(SCALARS)
def test_pattern_of_safe_plain_text(text: str) -> None:
    """The pattern for a line matches the text that is safe without quotes, and no other."""
    if "\n" not in text and not scalars.Signs(text.encode(errors="replace")).is_unusual(text):
        assert (re.fullmatch(f"{scalars.SAFE_PLAIN}\n", f"{text}\n") is not None) == scalars.is_safe_plain(text)


WORDS = ("http", "https", ":", ": ", " #", "#", " ", "//", "word", "b", "-", ",", "false", "null", "1:30", "é", "'")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join))
def test_pattern_of_plain_text(text: str) -> None:
    """The shorter pattern for plain text matches only text that is safe without quotes."""
    if re.fullmatch(f"{scalars.PLAIN_TEXT}\n", f"{text}\n") is not None:
        assert scalars.is_safe_plain(text)


@pytest.mark.parametrize("text", ["https://example.org/?a=1:30", "Street lamps", "Berlin:the city"])
def test_pattern_of_plain_text_matches_most(text: str) -> None:
    """It matches URLs and sentences, for which it is made."""
    assert re.fullmatch(f"{scalars.PLAIN_TEXT}\n", f"{text}\n") is not None


PIECES = st.sampled_from(["a", "é", ": ", '"', '\\"', "\\", "\\\\", "\\n", "\\u2028", "\\x41"])


@given(st.lists(st.lists(PIECES).map("".join)))
def test_lines_with_paired_quotes(lines: list[str]) -> None:
    """If quotes are paired, the text from the first quote to the one that ends the line has legal escapes only."""
    data = "".join(f"{line}\n" for line in lines).encode()
    if scalars.Signs(data).has_paired_quotes():
        quoted = [match[1] for line in lines if (match := re.fullmatch(r'[^"]*"(.*)"', line))]
        assert all(re.fullmatch(scalars.CANONICAL_QUOTED, body) for body in quoted)


@given(st.lists(st.text(alphabet='a"\\\té\u2028')))
def test_written_lines_have_paired_quotes(texts: list[str]) -> None:
    """The quotes of lines with a quoted text each are paired, whatever the texts contain."""
    data = "".join(f"  key: {scalars.quoted(text)}\n- plain\n" for text in texts).encode()
    assert scalars.Signs(data).has_paired_quotes()
