"""Text that is normalised for searches and file names."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from query_items import titled

from newsitem import NewsCollection
from newsitem._schema.text import folded


def test_many_combining_marks() -> None:
    """Many combining marks in a row, which Unicode normalises in quadratic time, do not slow a search down."""
    one = titled("a" + "\u05b0\u05bc" * 150_000 + "z")
    assert len(NewsCollection([one]).filter(text="z")) == 1
    assert one.filename == Path("2020-06-24-az.md")


@example("\ua7f8")
@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    """Folding a folded text does not change it."""
    assert folded(folded(text)) == folded(text)
