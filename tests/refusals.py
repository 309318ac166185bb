"""The files in ``tests/data/invalid`` with their expected problems, and what tests ask of an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from newsitem import LimitError, NewsItemError, ParseError, Problem, ValidationError

INVALID: Final = Path(__file__).parent / "data" / "invalid"
CASES: Final = sorted(path.stem for path in INVALID.glob("*.md"))
CLASSES: Final[dict[str, type[NewsItemError]]] = {
    cls.__name__: cls for cls in (LimitError, ParseError, ValidationError)
}
# line:column: field: message. A field contains no spaces; a message without a field contains one before its first ": ".
PROBLEM: Final = re.compile(r"(?P<line>\d+):(?P<column>\d+): (?:(?P<field>\S+): )?(?P<message>.+)")
SURROGATE: Final = "contains a lone surrogate (U+D800, character 2), which UTF-8 cannot encode: remove it"
"""The message for the text ``a\\ud800``."""


def data_of(case: str) -> bytes:
    """Return the bytes of an invalid file."""
    return (INVALID / f"{case}.md").read_bytes()


def expected_lines(case: str) -> list[str]:
    """Return the name of the expected exception class and a line for each expected problem."""
    return (INVALID / f"{case}.txt").read_bytes().decode().removesuffix("\n").split("\n")


def expected(case: str, path: str | None) -> tuple[type[NewsItemError], tuple[Problem, ...]]:
    """Return the expected exception class and problems of an invalid file."""
    name, *lines = expected_lines(case)
    return CLASSES[name], tuple(_problem(line, path) for line in lines)


def _problem(line: str, path: str | None) -> Problem:
    match = PROBLEM.fullmatch(line)
    assert match is not None, line
    place = {"line": int(match["line"]), "column": int(match["column"])}
    return Problem(match["message"], field=match["field"], path=path, **place)


def refusal(read: Callable[[], object]) -> NewsItemError:
    """Return the error that a function raises."""
    with pytest.raises(NewsItemError) as caught:
        read()
    return caught.value


def shown_chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and every exception that a traceback shows with it."""
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def fields(error: NewsItemError) -> list[tuple[str | None, str]]:
    """Return the field and the message of each problem."""
    return [(problem.field, problem.message) for problem in error.problems]
