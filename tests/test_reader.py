"""Front matter that is refused: every problem, with its position."""

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


def test_every_invalid_file_has_its_expectation() -> None:
    """Each file in the directory of invalid files has the list of its problems beside it, and the other way round."""
    assert {path.stem for path in INVALID.glob("*.txt")} == set(CASES)
    assert len(CASES) > 100


@pytest.mark.parametrize("case", CASES)
def test_class_and_problems(case: str) -> None:
    """A bad file is refused with every problem it has, in its order, each with line, column, field and message."""
    cls, problems = expected(case, f"{case}.md")
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    assert error.problems == problems
    assert type(error) is cls


@pytest.mark.parametrize("case", CASES)
def test_load_from_a_path(case: str, tmp_path: Path) -> None:
    """`load` refuses a file as `loads` refuses its bytes, and names the path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    error = refusal(lambda: newsitem.load(path))
    named = refusal(lambda: newsitem.loads(data_of(case), name=str(path)))
    assert type(error) is type(named)
    assert error.problems == named.problems
    assert str(error) == str(named)
    assert error.path == str(path)


@pytest.mark.parametrize("case", CASES)
def test_load_from_an_open_file(case: str, tmp_path: Path) -> None:
    """An open binary file is refused as its path is, and a nameless stream without a path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    with path.open("rb") as file:
        error = refusal(lambda: newsitem.load(file))
    assert error.problems == refusal(lambda: newsitem.load(path)).problems
    nameless = refusal(lambda: newsitem.load(io.BytesIO(data_of(case))))
    assert nameless.problems == refusal(lambda: newsitem.loads(data_of(case))).problems
    assert nameless.path is None


@pytest.mark.parametrize("case", CASES)
def test_text_is_refused_as_bytes_are(case: str) -> None:
    """A text is refused with the same class and problems as its UTF-8 bytes."""
    data = data_of(case)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        pytest.skip("only bytes can be what is no UTF-8")
    error, same = refusal(lambda: newsitem.loads(text)), refusal(lambda: newsitem.loads(data))
    assert type(error) is type(same)
    assert error.problems == same.problems


@pytest.mark.parametrize("case", CASES)
def test_positions_are_inside_the_file(case: str) -> None:
    """Line and column of every problem stand in the file, and never go back."""
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
    """An error of a file comes alone: no exception of a dependency is its cause or context."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of(case))
    for read in (lambda: newsitem.loads(data_of(case)), lambda: newsitem.load(path)):
        error = refusal(read)
        assert list(shown_chain(error)) == [error]
        assert (error.__cause__, error.__context__) == (None, None)


def test_text_file_that_is_no_utf8(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a `ParseError` with its path, however it was opened."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of("not-utf8-front-matter"))
    with path.open(encoding="utf-8") as file:
        error = refusal(lambda: newsitem.load(file))
    assert type(error) is ParseError
    assert error.path == str(path)


def test_lone_surrogate_in_a_text() -> None:
    """A text with a lone surrogate, which no file can hold, is refused with its place."""
    text = text_with('excerpt: "Apples \ud83c by the ton"\n')
    error = refusal(lambda: newsitem.loads(text, name="item.md"))
    assert type(error) is ParseError
    message = "a lone surrogate (U+D83C), which UTF-8 cannot encode: remove it"
    assert error.problems == (Problem(message, path="item.md", line=6, column=18),)
    assert str(error).encode()


def test_a_byte_order_mark_is_no_column() -> None:
    """Columns of the first line count from behind the byte order mark, those of other lines are not changed by it."""
    with pytest.raises(newsitem.ParseError) as first:
        newsitem.loads("\ufeff--\ud800\n")
    assert (first.value.problems[0].line, first.value.problems[0].column) == (1, 3)
    with pytest.raises(newsitem.ParseError) as second:
        newsitem.loads("\ufeff---\nab\ud800\n---\n")
    assert (second.value.problems[0].line, second.value.problems[0].column) == (2, 3)


@pytest.mark.parametrize("number", [1_000, 1_001, 3_000])
@pytest.mark.parametrize("extra", ["{}: x\n", "k: {}\n", "odd{}: !!float x\n", "x: {}\x01\n"])
def test_a_thousand_problems_are_listed(number: int, extra: str) -> None:
    """An error lists a thousand problems, and then says where there are more."""
    body = "".join(extra.format(count) for count in range(number))
    if extra.startswith("{}"):
        body = "related:\n" + "- odd: x\n" * number
    text = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{body}---\n\n"
    with pytest.raises(NewsItemError) as caught:
        newsitem.loads(text)
    problems = caught.value.problems
    expected = number - extra.startswith("k")  # the first of a key is right
    assert len(problems) == min(expected, 1_001)
    assert all(problem.line for problem in problems)
    assert ("there are more problems" in problems[-1].message) == (expected > 1_000)


def test_a_stack_that_is_nearly_full() -> None:
    """Where the caller has left no room on the stack, that is not blamed on the text."""
    text = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\nodd: [[[[[[]]]]]]\n---\n"
    newsitem.loads(text)  # modules are loaded when they are needed

    def at(depth: int) -> NewsItem:
        return at(depth - 1) if depth else newsitem.loads(f"{text}{left}")  # another text, as trees are kept

    outcomes: set[type] = set()
    for left in range(20, 200):
        try:
            outcomes.add(type(at(sys.getrecursionlimit() - left)))
        except RecursionError:
            outcomes.add(RecursionError)
    assert outcomes == {NewsItem, RecursionError}


@pytest.mark.parametrize("wrong", [None, 5, b"x.md", []])
def test_what_is_no_file(wrong: Any) -> None:
    """What is neither a path nor an open file is a `TypeError` that says so."""
    item = newsitem.from_dict(
        {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    )
    with pytest.raises(TypeError, match="expected a path or an open file, not "):
        newsitem.load(wrong)
    if wrong is not None:
        with pytest.raises(TypeError, match="expected a path or an open file, not "):
            newsitem.dump(item, wrong)
    with pytest.raises(TypeError, match="expected a NewsItem, not "):
        newsitem.dump(wrong)
    if not isinstance(wrong, bytes):
        for read in (newsitem.loads, newsitem.from_json):
            with pytest.raises(TypeError, match="expected str or bytes, not "):
                read(wrong)


def test_a_duplicate_of_a_null_key_is_seen_by_the_check() -> None:
    """Should an edit add a key that is elsewhere in the text, be it null, the text is refused when it is read again."""
    text = f"---\n{HEAD}heat: # none\nx: 1\n---\n"
    parts = front_matter.split(text)
    before = reader.read_to_edit(text, parts, newsitem.NewsItem)
    end = len(text) - len(parts.closing)
    added = parts._replace(content=f"{parts.content}heat: 5\n")
    with pytest.raises(newsitem.ParseError, match="heat: duplicate key"):
        reader.read_edited(before, added, end, end)
