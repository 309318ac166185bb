"""What is wrong with a YAML text, in words for a person: what ruamel.yaml says, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Any, Final

import attrs

# Spaces other than the usual one, marks without width, directions of text, and letters that are blank.
INVISIBLE: Final = (
    "\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
# After indentation, at a dash, or in or after what could be a key.
_NEAR_A_KEY: Final = (
    rf"(?:[ ]|-[ ])*+(?:-|[A-Za-z_][\w-]*+:)?(?P<near>[{INVISIBLE}])"
    rf"|(?:[ ]|-[ ])*+[A-Za-z_][\w-]*+(?P<within>[{INVISIBLE}])(?=[\w{INVISIBLE}-]*:)"
)
_FENCE: Final = rf"^(?=[^\n]*[{INVISIBLE}])[ {INVISIBLE}]*(?:---|\.\.\.)[ \t\r{INVISIBLE}]*$"
_LINES_BEFORE: Final = 10
"""How many lines before an error such a character may be to have caused it."""


def named(character: str) -> str:
    """Name a character that nobody sees."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'without a name')})"


def first_in(text: str) -> int | None:
    """Return the place of the first character in a text that nobody sees."""
    found = re.search(f"[{INVISIBLE}]", text)
    return None if found is None else found.start()


def key_without(text: str) -> str | None:
    """Return a key without such characters, or ``None`` if it holds none, or would still be no usual key."""
    key = re.sub(f"[{INVISIBLE}]", "", text)
    return key if key != text and re.fullmatch(r"[A-Za-z_][\w-]*", key) else None


def near_a_key(text: str, start: int, stop: int) -> int | None:
    """Return the place of such a character near a key or at a fence, in the line of *stop* or the lines before it."""
    end = text.find("\n", stop)
    place = len(text) if end < 0 else end
    for line in reversed(text[start:place].split("\n")[-_LINES_BEFORE:]):
        place -= len(line)
        if found := re.match(_NEAR_A_KEY, line):
            return place + max(found.start("near"), found.start("within"))
        if (at := in_fence(line)) is not None:
            return place + at
        place -= 1
    return None


def in_fence(text: str) -> int | None:
    """Return the place of the first such character in the first line that would be a fence without it."""
    found = re.search(_FENCE, text, re.MULTILINE)
    return None if found is None else found.start() + (first_in(found[0]) or 0)


class _Where(Enum):
    """Which place of an error a person wants to see."""

    PROBLEM = "where reading stopped"
    CONTEXT = "where what it stopped in begins"


# What ruamel.yaml says, what a person would want to know, and where. The first that is found in its message counts.
_QUOTE_OPEN: Final = "a quoted text is not closed: add the quote at its end"
_INDENTATION: Final = (
    "the indentation does not fit the lines above, or a text goes on after its closing quote: put all of it in quotes"
)
_BAD_START: Final = "a value must not start with this character: put the text in quotes"
_BRACKET_OPEN: Final = "a flow collection is not closed, or lacks a comma"
_AFTER_BRACKET: Final = "text after a closing bracket: put the text in quotes"
_EXPLANATIONS: Final = (
    ("found unexpected end of stream", _QUOTE_OPEN, _Where.CONTEXT),
    ("found unexpected document separator", _QUOTE_OPEN, _Where.CONTEXT),
    ("found unknown escape character", "an unknown escape in double quotes: write a backslash as \\\\", "\\"),
    ("expected escape sequence of", "an escape in double quotes lacks hexadecimal digits", "\\"),
    (
        "mapping values are not allowed",
        "a colon and a space in plain text: put the text in quotes, or check the indentation",
        _Where.PROBLEM,
    ),
    ("could not find expected ':'", "a line without a colon: expected 'key: value'", _Where.CONTEXT),
    ("found character '\\t'", "a tab where only spaces may stand: replace it with spaces", _Where.PROBLEM),
    ("that cannot start any token", _BAD_START, _Where.PROBLEM),
    ("mapping keys are not allowed", _BAD_START, _Where.PROBLEM),
    (
        "sequence entries are not allowed",
        "a dash of a list where no list can be: put the text in quotes, or check the indentation",
        _Where.PROBLEM,
    ),
    ("unexpected ':'", "a colon in brackets or braces: put the text in quotes", _Where.PROBLEM),
    ("found ':'", "expected a key before this colon, or quotes around the text", _Where.PROBLEM),
    ("<document start>", _INDENTATION, _Where.PROBLEM),
    ("expected <block end>", _INDENTATION, _Where.PROBLEM),
    ("expected ',' or", _BRACKET_OPEN, _Where.PROBLEM),
    (
        "expected a comment or",
        "text after the start of a block scalar: begin it on the next line, or put the text in quotes",
        _Where.PROBLEM,
    ),
    ("expected the node content", _BAD_START, _Where.PROBLEM),
    (
        "found no name of an anchor",
        "after & or *, expected the name of an anchor (letters, digits, - and _): put the text in quotes",
        _Where.PROBLEM,
    ),
    ("found undefined tag handle", "a tag (!) with an unknown handle: put the text in quotes", _Where.CONTEXT),
    ("found a tag without end", "a tag (!) of more than 1,000 characters: put the text in quotes", _Where.PROBLEM),
    ("found no tag", "after !, expected a tag: put the text in quotes", _Where.PROBLEM),
)


@attrs.frozen
class Read:
    """What was read of a text before an error."""

    last: int
    """The place after what was read last."""
    quoted: tuple[int, int] | None
    """From where to where a text in quotes is that was read last."""
    bracket: int | None
    """Where the innermost flow collection begins that is open."""
    closed: tuple[int, int] | None
    """From where to where a flow collection is that was closed last."""


def explain(error: Exception, text: str, read: Read) -> tuple[str, int]:
    """Say what is wrong, and where, in words of our own: what ruamel.yaml quotes from the text may be secret.

    Args:
        error: What ruamel.yaml raised.
        text: The text that it read.
        read: What it read before.
    """
    message, at = _explained(error, text, read)
    hidden = near_a_key(text, text.index("\n") + 1, at)
    if hidden is not None:
        return f"{named(text[hidden])} near a key or a fence, which nobody sees: remove it, or write a space", hidden
    return message, at


def _explained(error: Exception, text: str, read: Read) -> tuple[str, int]:
    problem = str(getattr(error, "problem", None) or error)
    at = _index(getattr(error, "problem_mark", None), read.last)
    if read.quoted is not None and "expected <block end>" in problem and "\n" in text[slice(*read.quoted)]:
        return f"not YAML: {_QUOTE_OPEN}", read.quoted[0]
    if read.closed is not None and "expected <block end>" in problem and "\n" not in text[read.closed[1] : at]:
        return f"not YAML: {_AFTER_BRACKET}", read.closed[0]
    if read.bracket is not None and "\n" in text[read.bracket : at] and any(sign in problem for sign in _IN_BRACKETS):
        return f"not YAML: {_BRACKET_OPEN}", read.bracket
    for sign, message, where in _EXPLANATIONS:
        if sign in problem:
            if where is _Where.CONTEXT:
                at = _index(getattr(error, "context_mark", None), at)
            elif isinstance(where, str):
                before = max(text.rfind(sign, 0, at + 1) for sign in where)
                at = at if before < 0 else before
            return f"not YAML: {message}", at
    return "not YAML: check quotes, brackets and indentation here and in the line before", at


_IN_BRACKETS: Final = ("expected ',' or", "expected the node content", "mapping values are not allowed")
"""What ruamel.yaml says in the lines after a bracket that is not closed."""


def _index(mark: Any, default: int) -> int:
    return default if mark is None else int(mark.index)
