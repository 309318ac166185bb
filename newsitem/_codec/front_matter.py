"""Find the fences that enclose the front matter of a file, as Jekyll does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from newsitem._yaml.limits import CHARACTERS_OF_A_VALUE, current_limits
from newsitem._yaml.scalars import IN_BRACKETS, IN_QUOTES, Signs
from newsitem.errors import ParseError, Problem

BOM: Final = "\ufeff"
FENCE: Final = "---\n"
"""The line that usually precedes and follows the front matter."""
_OPENING: Final = re.compile(BOM + r"?---[ \t\r\f\v]*(?:\n|\Z)")
_CLOSING: Final = re.compile(r"\n((?:---|\.\.\.)[ \t\r\f\v]*(?:\n|\Z))")


class Parts(NamedTuple):
    """The four parts of the text of a file, in order. Joined, they are the text again."""

    opening: str
    """The line of the first fence, with the byte order mark if there is one."""
    content: str
    """The YAML, in complete lines."""
    closing: str
    """The line of the second fence."""
    body: str
    """The text after the second fence."""

    @property
    def line_end(self) -> str:
        """The line end of the first line."""
        return "\r\n" if self.opening.endswith("\r\n") else "\n"


NEW: Final = Parts(FENCE, "", FENCE, "")
"""The fences of a new file, and of most others."""


def split(text: str) -> Parts:
    """Split the text of a file at its fences.

    Raises:
        ParseError: if there is no front matter or it is not closed.
    """
    opening = _OPENING.match(text)
    if opening is None:
        raise _no_fence("no front matter: the first line must be '---'", text.partition("\n")[0], text.startswith(BOM))
    start = opening.end()
    closing = _CLOSING.search(text, start - 1)  # from the line end of the first fence
    if closing is None:
        raise _no_fence("the front matter is not closed: add a line '---' after it", text, start)
    return split_at(text, (start, *closing.span(1)))


def split_at(text: str, fences: tuple[int, int, int]) -> Parts:
    """Split the text of a file where its content begins and ends, and where its body begins."""
    start, end, body = fences
    return Parts(text[:start], text[start:end], text[end:body], text[body:])


def is_end(text: str, start: int, end: int) -> bool:
    """Return whether *end* is the end of the front matter: the second fence, or the end of a text without fences.

    In a text without fences, *start* is 0.
    """
    return text.startswith(FENCE, end) if start else end == len(text)


def _no_fence(message: str, text: str, start: int) -> ParseError:
    """Return the error for a missing fence. It names the merge conflict or invisible character that hides the fence."""
    from newsitem._yaml.messages import CONFLICT, in_conflict, in_fence, named

    line, column = 1, 1
    if (conflict := in_conflict(text[start:])) is not None:
        message, (line, column) = CONFLICT, position(text, start + conflict)
    if (hidden := in_fence(text[start:])) is not None:
        line, column = position(text, start + hidden)
        message += f", without the invisible character {named(text[start + hidden])}"
    return ParseError([Problem(message, line=line, column=column)])


def join(parts: Parts, content: str, body: str) -> str:
    """Return the text that has the fences of *parts*, but another content and body."""
    return f"{parts.opening}{content}{after(parts, body)}"


def after(parts: Parts, body: str) -> str:
    """Return the text after the content in a text that has the fences of *parts*, but another body."""
    closing = parts.closing
    if body and not closing.endswith("\n"):
        closing += parts.line_end
    return closing + body


def plain_content(text: str, signs: Signs, parts: Parts) -> str | None:
    """Return the lines of the front matter with LF line ends, or ``None`` if only the YAML reader can read them.

    The YAML reader is needed for mixed line ends and for characters that the publisher never writes raw. It also counts
    the values if there may be too many. Spaces replace tabs after values and in comments.

    Args:
        text: The text of the file.
        signs: The signs of the text.
        parts: The parts of the text.
    """
    content = parts.content
    if signs.is_unusual(text):  # most texts are not, so their content is not either
        if parts.line_end == "\r\n":
            if content.count("\r\n") != content.count("\n"):
                return None
            content = content.replace("\r\n", "\n")
        if "\t" in content:
            from newsitem._yaml.blocks import without_tabs  # which needs ruamel.yaml

            content = without_tabs(content)
        if Signs(content.encode()).is_unusual(content):
            return None
    return None if may_exceed(content) else content


def may_exceed(lines: str) -> bool:
    """Return whether lines may contain more values than the limit in force, so that the YAML reader must count them."""
    return len(lines) > current_limits().values and not is_within_limit(lines.encode())


def is_within_limit(data: bytes) -> bool:
    """Return whether a text in UTF-8 certainly contains no more values than the limit in force allows."""
    limit = current_limits().values
    return len(data) <= limit or any(most < limit for most in _upper_bounds(data))


_NOT_BEFORE_A_VALUE: Final = bytes(set(range(256)).difference(b"\n-,[{:"))
_FLOW: Final = rb"(?:.*[:?-] )? *[\[{!&]"
"""A line with a bracket, a tag or an anchor where a value may begin, or text in quotes that looks like one."""
_PLAIN: Final = r"""[^\[{"'&!*?\#\n-][^:\#\n]*+(?::(?![ \n])[^:\#\n]*+)*+"""
_CLOSED: Final = (
    rf"[ ]*+(?:-[ ]++)*+(?:(?:[\w-]++|{IN_QUOTES})[ ]*+:[ ]++)?+"
    rf"(?:{IN_QUOTES}|{_PLAIN}|[\[{{](?:{IN_BRACKETS}|[\[{{]{IN_BRACKETS}*+[\]}}])*+[\]}}])"
    r"[ ]*+(?:(?<=[ ])\#.*+)?+\n?"
).encode()
"""Such a line if it certainly opens no bracket that is closed on another line."""


def _upper_bounds(data: bytes) -> Iterator[int]:
    """Return upper bounds of the number of values in the front matter, each closer than the one before, but slower.

    A line contains at most one scalar, for each colon a value or a mapping, and for each dash a mapping. Empty lines
    and comments contain none. In brackets, each indicator may precede another value: they are counted in lines with
    brackets, or in all lines if a bracket may be closed on another line. Only the YAML reader reads explicit keys.
    """
    parts_of_texts = len(data) // CHARACTERS_OF_A_VALUE
    yield 2 * len(data.translate(None, _NOT_BEFORE_A_VALUE)) + parts_of_texts
    lines = chain(_lines_with(b"[", data), _lines_with(b"{", data))
    with_flow = [line for line in lines if re.match(_FLOW, line) is not None]
    is_closed = all(re.fullmatch(_CLOSED, line) is not None for line in with_flow)
    flow = b"".join(with_flow) if is_closed else data
    signs = sum(map(flow.count, (b",", b"[", b"{", b":")))
    others = 1 + data.count(b"- ") + 2 * signs + parts_of_texts  # the front matter itself is a mapping
    yield 2 * data.count(b"\n") + others
    pairs = sum(data.count(colon) - flow.count(colon) for colon in (b": ", b":\n"))
    yield data.count(b"\n") - len(re.findall(rb"\n *(?=[#\n])", data)) + pairs + others


def _lines_with(sign: bytes, data: bytes) -> Iterator[bytes]:
    """Find the lines that contain a sign. Searching for one byte takes no noticeable time."""
    end = 0
    while (at := data.find(sign, end)) >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        end = data.find(b"\n", at) + 1 or len(data)
        yield data[start:end]


def position(text: str, index: int) -> tuple[int, int]:
    """Return the line and column, both counted from 1, of the character at *index* in the text of a file."""
    return positions(text)(index)


def positions(text: str) -> Callable[[int], tuple[int, int]]:
    """Make a function that returns the line and column, both counted from 1, of the character at an index.

    A byte order mark does not count as a character of the first line.
    """
    from bisect import bisect_right

    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    bom = text.startswith(BOM)

    def at(index: int) -> tuple[int, int]:
        line = bisect_right(starts, index)
        return line, index - starts[line - 1] + 1 - (bom and line == 1)

    return at
