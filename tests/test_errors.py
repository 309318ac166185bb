"""The exception classes and their problems: text, pickles, copies and short forms."""

from __future__ import annotations

import copy
import pickle

import pytest
from refusals import CASES, data_of, expected_lines, refusal

import newsitem
from newsitem import ConflictError, LimitError, NewsItemError, ParseError, Problem, ValidationError


@pytest.mark.parametrize("case", CASES)
def test_text_of_an_error(case: str) -> None:
    """The text of an error is its problem, or a count and one line per problem."""
    lines = [f"{case}.md:{line}" for line in expected_lines(case)[1:]]
    text = lines[0] if len(lines) == 1 else "\n  ".join([f"{len(lines)} problems:", *lines])
    assert str(refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))) == text


@pytest.mark.parametrize("case", CASES)
def test_text_of_an_error_is_printable(case: str) -> None:
    """The text of an error can be encoded as UTF-8, and contains no control characters apart from line breaks."""
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    lines = str(error).split("\n")
    assert len(lines) == (1 if len(error.problems) == 1 else 1 + len(error.problems))
    assert all(line.isprintable() for line in lines)
    assert str(error).encode()


@pytest.mark.parametrize("case", CASES)
def test_pickles_and_copies(case: str) -> None:
    """Pickles of every protocol and copies keep the class, the problems and the text of an error."""
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    again = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for same in [*again, copy.copy(error), copy.deepcopy(error)]:
        assert type(same) is type(error)
        assert same.problems == error.problems
        assert str(same) == str(error)
        assert same.path == error.path


# Exception classes


@pytest.mark.parametrize("cls", [ParseError, ValidationError])
def test_errors_of_data_are_value_errors(cls: type[NewsItemError]) -> None:
    """Errors about data are `ValueError` as well as `NewsItemError`."""
    assert issubclass(cls, NewsItemError)
    assert issubclass(cls, ValueError)


def test_conflicts_are_not_value_errors() -> None:
    """A `ConflictError` is a `NewsItemError`, but not a `ValueError`."""
    assert issubclass(ConflictError, NewsItemError)
    assert not issubclass(ConflictError, ValueError)
    assert not issubclass(NewsItemError, ValueError)


@pytest.mark.parametrize("cls", [NewsItemError, ParseError, LimitError, ValidationError, ConflictError])
def test_every_class_can_be_pickled(cls: type[NewsItemError]) -> None:
    """Each exception class keeps its problems and path in a pickle, and in `in_file`."""
    error = cls(Problem(text, path="a.md", line=2) for text in ("is odd", "is even"))
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is cls
    assert (same.problems, same.path, str(same)) == (error.problems, "a.md", str(error))
    moved = error.in_file("b.md")
    assert type(moved) is cls
    assert str(moved) == "2 problems:\n  b.md:2: is odd\n  b.md:2: is even"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is odd"), "is odd"),
        (Problem("is odd", field="heat"), "heat: is odd"),
        (Problem("is odd", line=3, column=7), "3:7: is odd"),
        (Problem("is odd", path="a.md"), "a.md: is odd"),
        (Problem("is odd", path="a.md", line=3), "a.md:3: is odd"),
        (Problem("is odd", path="a.md", line=3, column=7, field="heat"), "a.md:3:7: heat: is odd"),
    ],
)
def test_text_of_a_problem(problem: Problem, text: str) -> None:
    """The text of a problem contains the parts that are known."""
    assert str(problem) == text


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (newsitem.ParseError([newsitem.Problem("x", path="item.md", line=3)]), "<ParseError: 1 problem, item.md>"),
        (newsitem.ValidationError([newsitem.Problem("x")] * 1_200), "<ValidationError: 1,200 problems>"),
        (
            newsitem.ConflictError([newsitem.Problem("x", path="a\n\x1b[2J.md")]),
            r"<ConflictError: 1 problem, a\n\x1b[2J.md>",
        ),
    ],
)
def test_repr_of_an_error(error: newsitem.NewsItemError, shown: str) -> None:
    """The repr of an error is one short line with the number of problems and the file."""
    assert repr(error) == shown
    assert repr([pickle.loads(pickle.dumps(error))]) == f"[{shown}]"


def test_errors_in_notebooks() -> None:
    """A notebook shows the first 20 problems of an error as escaped HTML."""
    hostile = newsitem.Problem("must be <script> & text", field="title", path="<b>.md", line=3, column=8)
    page = newsitem.ValidationError([hostile] * 22)._repr_html_()
    first, *lines, last = page.removesuffix("</pre>").splitlines()
    assert first == '<pre class="tex2jax_ignore mathjax_ignore">ValidationError: 22 problems, &lt;b&gt;.md'
    assert lines == ["&lt;b&gt;.md:3:8: title: must be &lt;script&gt; &amp; text"] * 20
    assert last == "… and 2 more"
    assert newsitem.ParseError([hostile])._repr_html_().count("\n") == 1
