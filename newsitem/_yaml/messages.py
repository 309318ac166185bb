"""Explain why a text is not valid YAML: messages for the errors of ruamel.yaml and for invisible characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import attrs

from newsitem._yaml.nodes import Collection, Scalar

# Unusual spaces, zero-width marks, text direction marks, and letters that render as blank.
INVISIBLE: Final = (
    "\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
# After indentation, next to a dash, or in or after a possible key.
_NEAR_A_KEY: Final = (
    rf"""(?:[ ]|-[ ])*+(?:-|(?:[^\W\d][\w-]*+|"[^"]*+"|'[^']*+'):)?(?P<near>[{INVISIBLE}])"""
    rf"|(?:[ ]|-[ ])*+[A-Za-z_][\w-]*+(?P<within>[{INVISIBLE}])(?=[\w{INVISIBLE}-]*:)"
)
_WHERE_IT_STOPS: Final = rf"(?:[!&*][^ \n{INVISIBLE}]*)?[{INVISIBLE}]"
"""An invisible character where the parser stops: after a quote, a bracket or an indicator, or in a tag or an anchor."""
_FENCE: Final = rf"^(?=[^\n]*[{INVISIBLE}])[ {INVISIBLE}]*(?:---|\.\.\.)[ \t\r{INVISIBLE}]*$"
_CONFLICT: Final = r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)"
CONFLICT: Final = "merge conflict: keep one of the two versions, and remove the lines that mark them"
_LINES_BEFORE: Final = 10
"""The maximum number of lines between an invisible character and an error that it may have caused."""


def named(character: str) -> str:
    """Return the code point and the name of an invisible character."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'unnamed')})"


def first_in(text: str) -> int | None:
    """Return the position of the first invisible character in a text."""
    match = re.search(f"[{INVISIBLE}]", text)
    return None if match is None else match.start()


def key_without(text: str) -> str | None:
    """Return a key without its invisible characters, or ``None`` if it has none or the result is unusual too.

    If no space follows its colon, the text of the key includes the colon, and the value up to a later colon.
    """
    visible = re.sub(f"[{INVISIBLE}]", "", text)
    key = re.match(r"""["' ]*+([A-Za-z_][\w-]*+)["' ]*+(?::|\Z)""", visible)
    return None if key is None or visible == text else key[1]


def near_a_key(text: str, start: int, stop: int) -> int | None:
    """Return the position of an invisible character near a key or a fence, on the line of *stop* or shortly before."""
    end = text.find("\n", stop)
    place = len(text) if end < 0 else end
    for line in reversed(text[start:place].split("\n")[-_LINES_BEFORE:]):
        place -= len(line)
        if match := re.match(_NEAR_A_KEY, line):
            return place + max(match.start("near"), match.start("within"))
        if (at := in_fence(line)) is not None:
            return place + at
        place -= 1
    return None


def in_fence(text: str) -> int | None:
    """Return the position of the first invisible character on the first line that would be a fence without it."""
    match = re.search(_FENCE, text, re.MULTILINE)
    return None if match is None else match.start() + (first_in(match[0]) or 0)


def in_conflict(text: str) -> int | None:
    """Return the position of the first line that version control added to mark the two versions of a merge conflict."""
    match = re.search(_CONFLICT, text, re.MULTILINE)
    return None if match is None else match.start()


_QUOTE_OPEN: Final = "a quoted text is not closed: add the closing quote"
_INDENTATION: Final = (
    "the indentation does not match the lines above, or text follows a closing quote: put the entire text in quotes"
)
_ENTRY: Final = re.compile(r"""\n[ ]*+(?:-[ ]|[\w-]++:[ \n]|["'])""")
"""The beginning of an entry, or of a quoted text, at the start of a line."""
_NO_SPACE: Final = re.compile(r"[ -]*+[\w-]++:(?=[^\s/])")
"""The start of a line with a key, if no space follows its colon. It is plain text, and so is the line below it."""
_BAD_START: Final = "a value must not start with this character: put the text in quotes"
_BRACKET_OPEN: Final = "a bracket or brace is not closed, or a comma is missing"
_AFTER_BRACKET: Final = "text after a closing bracket: put the text in quotes"
_EXPLANATIONS: Final = {
    "unexpected ':'": "a colon in brackets or braces: put the text in quotes",
    "found unexpected": _QUOTE_OPEN,
    "found unknown escape character": "unknown escape in double quotes: write a backslash as \\\\",
    "expected escape sequence of": "an escape in double quotes has too few hexadecimal digits",
    "mapping values are": "a colon and a space in plain text: put the text in quotes, or check the indentation",
    "could not find expected ':'": "a line without a colon and a space: expected 'key: value', or '- text' in a list",
    "found character '\\t'": "a tab where only spaces are allowed: replace it with spaces",
    "that cannot start any token": _BAD_START,
    "mapping keys are": _BAD_START,
    "sequence entries are": "a list entry is not allowed here: put the text in quotes, or check the indentation",
    "found ':'": "expected a key before this colon, or quotes around the text",
    "<document start>": _INDENTATION,
    "expected <block end>": _INDENTATION,
    "expected ',' or": _BRACKET_OPEN,
    "a comment or": "text after a block scalar indicator: start the text on the next line, or put it in quotes",
    "expected the node content": _BAD_START,
    "found no name": "expected an anchor name (letters, digits, - and _) after & or *: put the text in quotes",
    "found undefined tag handle": "a tag (!) with an unknown handle: put the text in quotes",
    "found a tag without end": "a tag (!) of more than 1,000 characters: put the text in quotes",
    "found no tag": "expected a tag after !: put the text in quotes",
}
"""Parts of messages of ruamel.yaml and `newsitem._yaml.scanner`, with newsitem's messages. The first match counts."""
_IN_ESCAPES: Final = ("found unknown escape character", "expected escape sequence of")
"""Problems that are reported at the backslash before the position of the error."""
_IN_CONTEXT: Final = ("found unexpected", "could not find expected ':'", "found undefined tag handle")
"""Problems that are reported at the start of the construct in which the parser stopped."""
_OF_BRACKETS: Final = ("expected ',' or", "expected the node content", "mapping values are")
"""Problems of the lines that follow an unclosed bracket."""


@attrs.define
class Read:
    """The part of a text that was read before an error."""

    last: int = 0
    """The position after the last node."""
    scalar: Scalar | None = None
    """The last scalar read."""
    bracket: Collection | None = None
    """The innermost open flow collection."""
    closed: Collection | None = None
    """The flow collection closed last."""


def explain(error: Exception, text: str, read: Read) -> tuple[str, int]:
    """Return a message about an error and the position of the error.

    The message is never that of ruamel.yaml, which quotes from the text and could reveal a secret.

    Args:
        error: The exception that ruamel.yaml raised.
        text: The text that it parsed.
        read: The state of the parser before the error.
    """
    if (conflict := in_conflict(text)) is not None:
        return CONFLICT, conflict
    message, at = _explained(error, text, read)
    hidden, where = near_a_key(text, text.index("\n") + 1, at), "near a key or a fence"
    stop = _index(getattr(error, "problem_mark", None), at)
    if hidden is None and (match := re.compile(_WHERE_IT_STOPS).match(text, stop)) is not None:
        hidden, where = match.end() - 1, "next to a value"
    if hidden is not None:
        return f"invisible character {named(text[hidden])} {where}: remove or replace it", hidden
    return message, at


def _explained(error: Exception, text: str, read: Read) -> tuple[str, int]:
    problem = str(getattr(error, "problem", None) or error)
    at = _index(getattr(error, "problem_mark", None), read.last)
    known = _after_scalar(problem, text, read.scalar, at) if read.scalar is not None else None
    message, place = known or _in_brackets(problem, text, read, at) or _general(error, problem, text, at)
    return f"invalid YAML: {message}", place


def _after_scalar(problem: str, text: str, scalar: Scalar, at: int) -> tuple[str, int] | None:
    """Return the message and the position for a problem at *at* if the last scalar explains it."""
    is_quoted = scalar.style in ("'", '"')
    if is_quoted and "expected <block end>" in problem and _ENTRY.search(text, scalar.start, scalar.end):
        return _QUOTE_OPEN, scalar.start
    if "mapping values are" in problem and "\n" in text[scalar.start : at]:
        key = _NO_SPACE.match(text, text.rfind("\n", 0, scalar.start) + 1)
        if key is not None and key.end() > scalar.start:
            return "a space is missing after this colon", key.end() - 1
    return None


def _in_brackets(problem: str, text: str, read: Read, at: int) -> tuple[str, int] | None:
    """Return the message and the position for a problem at *at* if a bracket explains it."""
    bracket, closed = read.bracket, read.closed
    if closed is not None and "expected <block end>" in problem and "\n" not in text[closed.end : at]:
        return _AFTER_BRACKET, closed.start
    if bracket is not None and text.startswith(",", at) and "expected the node content" in problem:
        return "a comma without a value before it: remove the comma", at
    if bracket is not None and "\n" in text[bracket.start : at] and any(sign in problem for sign in _OF_BRACKETS):
        return _BRACKET_OPEN, bracket.start
    return None


def _general(error: Exception, problem: str, text: str, at: int) -> tuple[str, int]:
    """Return the message for a problem regardless of what precedes it, and the position that fits the message."""
    for sign, message in _EXPLANATIONS.items():
        if sign in problem:
            if sign in _IN_CONTEXT:
                at = _index(getattr(error, "context_mark", None), at)
            elif sign in _IN_ESCAPES and (before := text.rfind("\\", 0, at + 1)) >= 0:
                at = before
            return message, at
    return "check the quotes, brackets and indentation on this line and the line before", at


def _index(mark: Any, default: int) -> int:
    return default if mark is None else int(mark.index)
