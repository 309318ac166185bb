"""Exceptions, and the problems that they list."""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

_MOST_SHOWN = 20
"""The number of problems that a notebook shows for an error."""


def _public(field: str | None) -> str | None:
    """Return a field's path, cut off after ``secured`` at any depth: the keys below it must not be shown either."""
    return field and re.sub(r"(?s)((?:^|\.)secured)[.\[].*", r"\1", field)


@attrs.frozen
class Problem:
    """One problem: its location, what is wrong, and how to fix it.

    Example:
        >>> problem = newsitem.Problem("must be text", field="title", path="item.md", line=3, column=8)
        >>> str(problem)
        'item.md:3:8: title: must be text'
    """

    message: str
    """What is wrong and how to fix it. It never contains the text of ``secured``."""

    field: str | None = attrs.field(default=None, kw_only=True, converter=_public)
    """The path of the field, made of the file's keys, such as ``related[2].provider.name``."""

    path: str | None = attrs.field(default=None, kw_only=True)
    """The file, or the name passed to `newsitem.loads`, if there is one."""

    line: int | None = attrs.field(default=None, kw_only=True)
    """The line in the file, starting at 1."""

    column: int | None = attrs.field(default=None, kw_only=True)
    """The column in characters, starting at 1."""

    def __str__(self) -> str:
        """Return ``path:line:column: field: message``, leaving out unknown parts."""
        place = ":".join(printable(part) for part in (self.path, self.line, self.column) if part is not None)
        return ": ".join(part for part in (place, self.field, self.message) if part)


class NewsItemError(Exception):
    """Base class of the errors that newsitem raises for texts, data and files.

    ``str()`` lists every problem, one per line. The error can be pickled.

    Example:
        >>> try:
        ...     newsitem.from_dict({"title": "Warm pipes", "heat": "hot"})
        ... except newsitem.NewsItemError as error:
        ...     for problem in error.problems:
        ...         print(problem.field, problem.message, sep=": ")
        publishedDateTime: required key is missing
        heat: must be an integer, not the text 'hot'
        provider: required key is missing
    """

    problems: tuple[Problem, ...]
    """All problems, in the order of the file."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        """Create an error from one or more problems, or from a message, for example in a validator."""
        self.problems = (Problem(problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__(self.problems)

    @property
    def path(self) -> str | None:
        """The file that contains the problems, if known."""
        return next((problem.path for problem in self.problems), None)

    def in_file(self, path: str | None) -> NewsItemError:
        """Return a copy of the error for another file.

        Args:
            path: The path to set on every problem, or ``None``.

        Returns:
            A new error of the same class.

        Example:
            >>> try:
            ...     newsitem.loads("title: Warm pipes")
            ... except newsitem.ParseError as error:
            ...     print(error.in_file("letters.zip/item.md"))
            letters.zip/item.md:1:1: no front matter: the first line must be '---'
        """
        error = type(self)(attrs.evolve(problem, path=path) for problem in self.problems)
        error.__cause__ = self.__cause__
        return error

    def __repr__(self) -> str:
        """Show the number of problems and the file."""
        file = "" if self.path is None else f", {printable(self.path)}"
        return f"<{type(self).__name__}: {counted(len(self.problems), 'problem')}{file}>"

    def _repr_html_(self) -> str:
        from html import escape

        left = len(self.problems) - _MOST_SHOWN
        more = [f"… and {left:,} more"] if left > 0 else []
        text = "\n".join([repr(self)[1:-1], *map(str, self.problems[:_MOST_SHOWN]), *more])
        return f'<pre class="tex2jax_ignore mathjax_ignore">{escape(text)}</pre>'

    def __str__(self) -> str:
        """Return the problem, or the number of problems followed by one problem per line."""
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems:{lines}"


class ParseError(NewsItemError, ValueError):
    """The text cannot be parsed: bad encoding, missing fences, invalid YAML or duplicate keys.

    Example:
        >>> newsitem.loads("title: Warm pipes", name="item.md")
        Traceback (most recent call last):
        newsitem.errors.ParseError: item.md:1:1: no front matter: the first line must be '---'
    """


class LimitError(ParseError):
    """The text exceeds one of the `newsitem.limits`: ``size``, ``depth``, ``values`` or ``aliases``.

    Example:
        >>> try:
        ...     with newsitem.limits(values=20):
        ...         newsitem.load("item.md")
        ... except newsitem.LimitError as error:
        ...     print(error)
        item.md:13:3: more than 20 values: if you trust this file, raise the limit with newsitem.limits(values=…)
    """


class ValidationError(NewsItemError, ValueError):
    """The data is not a valid item: a required key is missing, or a value has the wrong type.

    Example:
        >>> item.heat = "hot"
        Traceback (most recent call last):
        newsitem.errors.ValidationError: item.md: heat: must be an integer, not the text 'hot'
    """


class ConflictError(NewsItemError):
    """Writing or renaming would overwrite someone else's work: the file has changed, or the new name is taken.

    Example:
        >>> with open("item.md", "a") as file:
        ...     _ = file.write("Someone else's words.")
        >>> item.heat = 400
        >>> try:
        ...     newsitem.dump(item)
        ... except newsitem.ConflictError as error:
        ...     print(error)
        item.md: the file has changed since it was read: load it again and repeat the edit
    """


def printable(value: object) -> str:
    """Return a value as text on one line, with control characters escaped so that terminals ignore them."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def shortened(text: str, most: int = 50) -> str:
    """Return text for a message, cut to at most *most* characters."""
    return text if len(text) <= most else text[: most - 2] + "…"


def key_name(name: object) -> str:
    """Return a key for the path of a field, shortened because a path may contain many keys."""
    return shortened(printable(name), 60)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 file`` or ``2 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
