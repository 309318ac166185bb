"""Text that is normalised for searches and file names."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from query_items import titled

from newsitem import NewsCollection
from newsitem._schema.text import folded


def test_text_of_thousands_of_marks() -> None:
    """Marks in a row, of which Unicode's normal forms take the square of the time, do not stop a search."""
    one = titled("a" + "\u05b0\u05bc" * 150_000 + "z")
    assert len(NewsCollection([one]).filter(text="z")) == 1
    assert one.filename == Path("2020-06-24-az.md")


@example("\ua7f8")
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded stays as it is, and so finds itself in a text that holds it."""
    assert folded(folded(text)) == folded(text)
