"""Fences: where the front matter of a file begins and ends, as Jekyll sees it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final, NamedTuple

from newsitem._yaml.limits import CHARACTERS_OF_A_VALUE, current_limits
from newsitem._yaml.scalars import is_unusual
from newsitem.errors import ParseError, Problem

BOM: Final = "\ufeff"
_USUAL_OPENING: Final = "---\n"
_OPENING = re.compile(BOM + r"?---[ \t\r\f\v]*(?:\n|\Z)")
_CLOSING = re.compile(r"\n((?:---|\.\.\.)[ \t\r\f\v]*(?:\n|\Z))")


class Parts(NamedTuple):
    """A file's text in four parts, which give the text again when joined."""

    opening: str
    """The line of the first fence, with the byte order mark before it where there is one."""
    content: str
    """The YAML: whole lines."""
    closing: str
    """The line of the second fence."""
    body: str
    """All that follows."""

    @property
    def line_end(self) -> str:
        """The line end of the first line, which new lines get too."""
        return "\r\n" if self.opening.endswith("\r\n") else "\n"


NEW: Final = Parts("---\n", "", "---\n", "")
"""The fences of a file that is written for the first time."""


def split(text: str) -> Parts:
    """Split a file's text at its fences.

    Raises:
        ParseError: if there is no front matter, or if it is not closed.
    """
    start = len(_USUAL_OPENING) if text.startswith(_USUAL_OPENING) else _end_of_opening(text)
    closing = _CLOSING.search(text, start - 1)  # from the line end of the first fence
    if closing is None:
        message = "the front matter is not closed: add a line '---' after it"
        raise _no_fence(message, text, start)
    end, body = closing.span(1)
    return Parts(text[:start], text[start:end], text[end:body], text[body:])


def _end_of_opening(text: str) -> int:
    opening = _OPENING.match(text)
    if opening is None:
        raise _no_fence("no front matter: the first line must be '---'", text.partition("\n")[0], text.startswith(BOM))
    return opening.end()


def _no_fence(message: str, text: str, start: int) -> ParseError:
    """Make the error for a fence that is not there, with the character that nobody sees, if one hides it."""
    from newsitem._yaml.messages import in_fence, named

    hidden = in_fence(text[start:])
    if hidden is None:
        return ParseError([Problem(message, line=1, column=1)])
    line, column = position(text, start + hidden)
    found = named(text[start + hidden])
    return ParseError([Problem(f"{message}, and not hold {found}, which nobody sees", line=line, column=column)])


def join(parts: Parts, content: str, body: str) -> str:
    """Return the text of *parts* with another content and body."""
    return f"{parts.opening}{content}{after(parts, body)}"


def after(parts: Parts, body: str) -> str:
    """Return what follows the content in a text of *parts* with another body."""
    closing = parts.closing
    if body and not closing.endswith("\n"):
        closing += parts.line_end
    return closing + body


def plain_content(text: str, data: bytes, parts: Parts) -> str | None:
    """Return the lines of the front matter with LF as line end, where these may be read without the YAML reader.

    They may not where a line ends in another way than the first, where a character is in them that the publisher never
    writes raw, or where they may hold too many values, which the YAML reader counts.
    """
    content = parts.content
    if is_unusual(text, data):  # most texts hold nothing unusual, and then their content needs no look of its own
        if parts.line_end == "\r\n":
            if content.count("\r\n") != content.count("\n"):
                return None
            content = content.replace("\r\n", "\n")
        if is_unusual(content, content.encode()):
            return None
    return None if may_exceed(content) else content


def may_exceed(content: str) -> bool:
    """Tell whether lines may hold more values than the limit in force: then the YAML reader counts them."""
    return len(content) > (values := current_limits().values) and _most_values(content) >= values


_IN_QUOTES: Final = re.compile(r"\"[^\"\\\n]*\"|'[^'\n]*'")
_FLOW: Final = re.compile(r"(?:[^\"']*[:-] )? *[\[{]")


def _most_values(content: str) -> int:
    """Return no fewer values than there are: for each line a key and its value, and a mapping for each dash.

    In brackets, each sign may be before a value, too: those of the line, or of all lines where one goes on in the next.
    """
    has_brackets = "[" in content or "{" in content
    lines = [line for line in content.split("\n") if "[" in line or "{" in line] if has_brackets else ()
    flow = "\n".join(line for line in lines if _FLOW.match(line) is not None)
    signs_alone = _IN_QUOTES.sub("", flow)
    if sum(map(signs_alone.count, "[{\"'")) > sum(map(signs_alone.count, "]}")):
        flow = content
    signs = sum(map(flow.count, ",[{:"))
    return 2 * (content.count("\n") + signs) + content.count("- ") + len(content) // CHARACTERS_OF_A_VALUE


def position(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of the character at *index* of a file's text."""
    return positions(text)(index)


def positions(text: str) -> Callable[[int], tuple[int, int]]:
    """Make a function that gives line and column, both from 1, of the character at an index of a file's text.

    A byte order mark does not count as a character of the first line.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    bom = text.startswith(BOM)

    def at(index: int) -> tuple[int, int]:
        line = bisect_right(starts, index)
        return line, index - starts[line - 1] + 1 - (bom and line == 1)

    return at
