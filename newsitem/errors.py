"""What can go wrong: one exception tree, and the problems that an exception lists."""

from __future__ import annotations

from collections.abc import Iterable

import attrs


@attrs.frozen
class Problem:
    """One thing that is wrong, where it stands, and what to do about it."""

    message: str
    """What is wrong, in words a person can act on. Never holds the text of ``secured``."""

    field: str | None = attrs.field(default=None, kw_only=True)
    """The field by the file's own keys, such as ``related[2].provider.name``."""

    path: str | None = attrs.field(default=None, kw_only=True)
    """The file (or the name given to `newsitem.loads`), where there is one."""

    line: int | None = attrs.field(default=None, kw_only=True)
    """The line in the file, counted from 1."""

    column: int | None = attrs.field(default=None, kw_only=True)
    """The column in characters, counted from 1."""

    def __str__(self) -> str:
        """Give ``path:line:column: field: message``, without the parts that are not known."""
        place = ":".join(printable(part) for part in (self.path, self.line, self.column) if part is not None)
        return ": ".join(part for part in (place, self.field, self.message) if part)


class NewsItemError(Exception):
    """Base of all errors that newsitem raises for what it was given.

    Its text lists every problem, one a line. It can be pickled.
    """

    problems: tuple[Problem, ...]
    """Everything that is wrong, in the order in which it stands in the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems, at least one."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @property
    def path(self) -> str | None:
        """The file that the problems are in, where it is known."""
        return next((problem.path for problem in self.problems), None)

    def in_file(self, path: str | None) -> NewsItemError:
        """Give the same error with *path* as the file of every problem."""
        return type(self)(attrs.evolve(problem, path=path) for problem in self.problems)

    def __str__(self) -> str:
        """Give the one problem, or a count and then a problem a line."""
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems:{lines}"


class ParseError(NewsItemError, ValueError):
    """The text cannot be read: encoding, fences, YAML syntax, duplicate keys."""


class LimitError(ParseError):
    """The text is beyond a limit, which `newsitem.limits` sets: its size, its depth, its values, its aliases."""


class ValidationError(NewsItemError, ValueError):
    """The data is not a news item: a required key is missing, or a value has the wrong type."""


class ConflictError(NewsItemError):
    """The file is no longer what was read, so writing would lose somebody's work."""


def printable(thing: object) -> str:
    """Give a name as it stands in a message: on one line, and without what a terminal would obey."""
    text = str(thing)
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def shortened(text: str, most: int = 50) -> str:
    """Give text as it stands in a message, cut where it is longer than a person would read."""
    return text if len(text) <= most else text[: most - 2] + "…"


def key_name(name: object) -> str:
    """Give a key as it stands in the path of a field, which may hold many."""
    return shortened(printable(name), 60)


def counted(number: int, noun: str) -> str:
    """Give a number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
