"""Invalid front matter: every problem is reported, with its position."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from refusals import CASES, INVALID, data_of, expected, refusal, shown_chain
from small_items import HEAD, text_with

import newsitem
from newsitem import NewsItem, NewsItemError, ParseError, Problem
from newsitem._codec import front_matter, reader


def test_invalid_files_have_expectations() -> None:
    """Each invalid file has a list of expected problems, and each list has a file."""
    assert {path.stem for path in INVALID.glob("*.txt")} == set(CASES)
    assert len(CASES) > 100


@pytest.mark.parametrize("case", CASES)
def test_invalid_files(case: str) -> None:
    """An invalid file is refused with all its problems in order, each with line, column, field and message."""
    cls, problems = expected(case, f"{case}.md")
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    assert error.problems == problems
    assert type(error) is cls


@pytest.mark.parametrize("case", CASES)
def test_invalid_file_from_a_path(case: str, tmp_path: Path) -> None:
    """`load` refuses a file with the problems that `loads` reports, and the path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    error = refusal(lambda: newsitem.load(path))
    named = refusal(lambda: newsitem.loads(data_of(case), name=str(path)))
    assert type(error) is type(named)
    assert error.problems == named.problems
    assert str(error) == str(named)
    assert error.path == str(path)


@pytest.mark.parametrize("case", CASES)
def test_invalid_file_from_a_stream(case: str, tmp_path: Path) -> None:
    """An open binary file is refused with the problems of its path; a stream without a name has no path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    with path.open("rb") as file:
        error = refusal(lambda: newsitem.load(file))
    assert error.problems == refusal(lambda: newsitem.load(path)).problems
    nameless = refusal(lambda: newsitem.load(io.BytesIO(data_of(case))))
    assert nameless.problems == refusal(lambda: newsitem.loads(data_of(case))).problems
    assert nameless.path is None


@pytest.mark.parametrize("case", CASES)
def test_invalid_text(case: str) -> None:
    """Text is refused with the same class and problems as its UTF-8 bytes."""
    data = data_of(case)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        pytest.skip("invalid UTF-8 exists only as bytes")
    error, same = refusal(lambda: newsitem.loads(text)), refusal(lambda: newsitem.loads(data))
    assert type(error) is type(same)
    assert error.problems == same.problems


@pytest.mark.parametrize("case", CASES)
def test_positions_are_inside_the_file(case: str) -> None:
    """The line and column of every problem are inside the file, in ascending order."""
    text = data_of(case).decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.split("\n")
    places = []
    for problem in refusal(lambda: newsitem.loads(data_of(case))).problems:
        assert problem.line is not None
        assert problem.column is not None
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        places.append((problem.line, problem.column))
    assert places == sorted(places)


@pytest.mark.parametrize("case", CASES)
def test_no_other_exception_is_shown(case: str, tmp_path: Path) -> None:
    """The error about an invalid file has no cause and no context."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of(case))
    for read in (lambda: newsitem.loads(data_of(case)), lambda: newsitem.load(path)):
        error = refusal(read)
        assert list(shown_chain(error)) == [error]
        assert (error.__cause__, error.__context__) == (None, None)


def test_text_stream_with_invalid_utf8(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused with its path even if it was opened as text."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of("not-utf8-front-matter"))
    with path.open(encoding="utf-8") as file:
        error = refusal(lambda: newsitem.load(file))
    assert type(error) is ParseError
    assert error.path == str(path)


def test_lone_surrogate() -> None:
    """Text with a lone surrogate, which no file can contain, is refused with its position."""
    text = text_with('excerpt: "Apples \ud83c by the ton"\n')
    error = refusal(lambda: newsitem.loads(text, name="item.md"))
    assert type(error) is ParseError
    message = "lone surrogate (U+D83C), which UTF-8 cannot encode: remove it"
    assert error.problems == (Problem(message, path="item.md", line=6, column=18),)
    assert str(error).encode()


def test_byte_order_mark_is_not_a_column() -> None:
    """A byte order mark does not count as a column, and does not change the columns of later lines."""
    with pytest.raises(newsitem.ParseError) as first:
        newsitem.loads("\ufeff--\ud800\n")
    assert (first.value.problems[0].line, first.value.problems[0].column) == (1, 3)
    with pytest.raises(newsitem.ParseError) as second:
        newsitem.loads("\ufeff---\nab\ud800\n---\n")
    assert (second.value.problems[0].line, second.value.problems[0].column) == (2, 3)


@pytest.mark.parametrize("number", [1_000, 1_001, 3_000])
@pytest.mark.parametrize("extra", ["{}: x\n", "k: {}\n", "odd{}: !!float x\n", "x: {}\x01\n"])
def test_at_most_1000_problems_of_a_file(number: int, extra: str) -> None:
    """An error lists 1,000 problems, and then states that there are more."""
    body = "".join(extra.format(count) for count in range(number))
    if extra.startswith("{}"):
        body = "related:\n" + "- odd: x\n" * number
    text = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{body}---\n\n"
    with pytest.raises(NewsItemError) as caught:
        newsitem.loads(text)
    problems = caught.value.problems
    expected = number - extra.startswith("k")  # the first of several equal keys is valid
    assert len(problems) == min(expected, 1_001)
    assert all(problem.line for problem in problems)
    assert ("there are more problems" in problems[-1].message) == (expected > 1_000)


def test_nearly_full_stack() -> None:
    """If the caller has left no space on the stack, `RecursionError` is raised, not an error about the text."""
    text = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\nodd: [[[[[[]]]]]]\n---\n"
    newsitem.loads(text)  # import what is loaded on demand

    def at(depth: int) -> NewsItem:
        return at(depth - 1) if depth else newsitem.loads(f"{text}{left}")  # a different text, because trees are cached

    outcomes: set[type] = set()
    for left in range(20, 200):
        try:
            outcomes.add(type(at(sys.getrecursionlimit() - left)))
        except RecursionError:
            outcomes.add(RecursionError)
    assert outcomes == {NewsItem, RecursionError}


@pytest.mark.parametrize("wrong", [None, 5, b"x.md", []])
def test_arguments_of_the_wrong_type(wrong: Any) -> None:
    """An argument that is not a path, an open file, text or an item raises `TypeError`."""
    item = newsitem.from_dict(
        {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    )
    with pytest.raises(TypeError, match="expected a path or an open file, not "):
        newsitem.load(wrong)
    if wrong is not None:
        with pytest.raises(TypeError, match="expected a path or an open file, not "):
            newsitem.dump(item, wrong)
    with pytest.raises(TypeError, match="expected an item, not "):
        newsitem.dump(wrong)
    if not isinstance(wrong, bytes):
        for read in (newsitem.loads, newsitem.from_json):
            with pytest.raises(TypeError, match="expected str or bytes, not "):
                read(wrong)


@pytest.mark.parametrize("others", [0, 20])
def test_duplicate_of_an_empty_key_after_an_edit(others: int) -> None:
    """If an edit adds a key that exists with an empty value, reading the text again refuses it, even among others."""
    text = f"---\n{HEAD}heat: # none\nx: 1\n---\n"
    parts = front_matter.split(text)
    before = reader.read_to_edit(text, parts, newsitem.NewsItem)
    end = len(text) - len(parts.closing)
    lines = "".join(f"k{number}: 1\n" for number in range(others))
    added = parts._replace(content=f"{parts.content}{lines}heat: 5\n")
    with pytest.raises(newsitem.ParseError, match="heat: duplicate key"):
        reader.read_edited(before, added, end, end)


@pytest.mark.parametrize(("line", "spaced"), [("a: 1\t# b\n", "a: 1 # b\n"), ("a: b\tc\n", None)])
def test_lines_of_an_edited_text(line: str, spaced: str | None) -> None:
    """The lines of a text that is read in order to be edited have spaces in place of tabs, unless these may matter."""
    text = f"---\n{line}---\n"
    reading = reader.read_to_edit(text, front_matter.split(text), newsitem.FrontMatter)
    assert reading.lines == (spaced or "")
    assert (reading.tree is None) is (spaced is not None)
