"""`loads`, `dumps` and `diff`."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import EXAMPLES

import newsitem

TEXT = EXAMPLES[0].read_bytes().decode()


def test_arguments_of_a_wrong_kind() -> None:
    """What is no item, no text or no path is a TypeError or ValueError that says so, and shows nothing of it."""
    for function in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff):
        with pytest.raises(TypeError, match="expected a NewsItem, not dict"):
            function({})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected str or bytes, not int"):
        newsitem.loads(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^expected a path, not the text of a file: use newsitem\.loads$"):
        newsitem.load(TEXT)


def test_lone_surrogates_in_a_text() -> None:
    """Text that no UTF-8 file can hold is refused with its place."""
    with pytest.raises(newsitem.ParseError, match=r"^x\.md:2:1: a lone surrogate \(U\+D800\)"):
        newsitem.loads("---\n\ud800", name="x.md")
    item = newsitem.load(EXAMPLES[0])
    with pytest.raises(newsitem.ValidationError, match="body: contains a lone surrogate"):
        item.body = "\udcff"


def test_messages_show_names_on_one_line() -> None:
    """A file's name with a line end, or with what a terminal would obey, is escaped in messages, and only there."""
    name = "é\n\x1b[31m\udcff.md"
    with pytest.raises(newsitem.ParseError) as caught:
        newsitem.loads("", name=name)
    assert str(caught.value).startswith("é\\n\\x1b[31m\\udcff.md:1:1: ")
    assert caught.value.path == name


def test_a_text_that_would_not_read_back_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should rendering ever be wrong, the check finds it and nothing is written."""
    item = newsitem.loads(TEXT)
    item.heat = 5
    for wrong in ("title: x\n", TEXT.split("---\n")[1].replace("heat: ", "heat: 1")):
        monkeypatch.setattr("newsitem._codec.round_trip.rendered", lambda _, wrong=wrong: [wrong])
        with pytest.raises(newsitem.NewsItemError, match="would not read back"):
            newsitem.dumps(item)


def test_diff_shows_the_lines_of_an_edit() -> None:
    """A unified diff holds the removed and the added lines, and names the file."""
    item = newsitem.load(EXAMPLES[0])
    item.heat = 5
    item.topics.append("Facial Recognition")
    lines = newsitem.diff(item).splitlines()
    assert lines[0] == f"--- a/{str(EXAMPLES[0]).lstrip('/')}"
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        *(line for line in lines[2:] if line.startswith("-heat: ")),
        "+heat: 5",
        "+  - Facial Recognition",
    ]


def test_diff_of_a_new_item_adds_every_line() -> None:
    """An item that was not read is compared with nothing."""
    item = newsitem.from_dict(newsitem.to_dict(newsitem.loads(TEXT)))
    added = newsitem.diff(item).splitlines()[3:]
    assert added == [f"+{line}" for line in TEXT.splitlines()]


def test_diff_says_where_the_last_line_end_is_missing() -> None:
    """A body without a final line end is shown as such."""
    item = newsitem.loads(TEXT)
    item.body = "\nlast"
    assert newsitem.diff(item).endswith("+last\n\\ No newline at end of file\n")


def test_a_diff_names_the_file_on_one_line() -> None:
    """A path that holds a line end or another control stays one line of the header."""
    item = newsitem.loads(EXAMPLES[0].read_bytes())
    item.path = Path("a\nb\t.md")
    item.heat = 4711
    assert newsitem.diff(item).startswith("--- a/a\\nb\\t.md\n+++ b/a\\nb\\t.md\n@@ ")
