"""Read hand-written scalars and flow collections, or return ``None`` if the result would be uncertain.

Each function reads a complete text without ruamel.yaml, whose composer takes hundreds of times longer. Tests compare
the two.
"""

from __future__ import annotations

import re
from typing import Final

# The alternatives below begin with different characters, the most frequent first, because that is faster.
NOTHING: Final = r"(?:\n|[ ][ ]*+(?:\#[^\n]*+)?+\n|\#[^\n]*+\n)"
"""A blank line, or a line with only a comment."""
TAIL: Final = r"(?:\n|[ ]*+(?:(?<=[ ])\#[^\n]*+)?+\n)"
"""The rest of a value's line: spaces and a comment."""
REST: Final = rf"{TAIL}{NOTHING}*+"
"""The rest of a value's line, with the blank lines and comments below it."""
HEAD: Final = re.compile(REST)
"""The same: all lines of a value that is empty, or the head of a block, up to its first line."""
BLANK: Final = re.compile(f"{NOTHING}*+")
"""Blank lines and comments."""
_FIRST: Final = r"""(?:[^ \-?:,\[\]{}\#&*!|>'"%@`\n]|[-?:](?![ \n]))"""
PLAIN: Final = rf"{_FIRST}[^:\#\n]*+(?:(?::(?![ \n])|(?<![ ])\#)[^:\#\n]*+)*+"
"""A plain scalar on one line, possibly followed by spaces."""
_DOUBLE: Final = re.compile(rf'"((?:[^"\\]++|\\(?s:.))*+)"{REST}', re.VERBOSE)
_PLAIN: Final = re.compile(rf"({PLAIN}){REST}")
_SINGLE: Final = re.compile(rf"'((?:[^']++|'')*+)'{REST}", re.VERBOSE)
_FOLD: Final = re.compile(r"\n(\n*)")
_ESCAPE: Final = r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\n((?:[ ]*+\n)*+)[ ]*+|(.))"
_ESCAPE_ALONE: Final = re.compile(_ESCAPE)
# A folded line end begins at the first of the spaces before it, so that a search does not try each of them.
_ESCAPE_OR_FOLD: Final = re.compile(rf"{_ESCAPE}|(?:(?<![ ])|(?<=\\[ ]))[ ]*+\n((?:[ ]*+\n)*+)[ ]*+")
_ESCAPED: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_MOST_CHARACTER: Final = 0x10FFFF
_HEADER: Final = re.compile(r"([|>])(-?)[ ]*+(?:(?<=[ ])\#.*+)?")
_IN_BRACKETS: Final = r"[^,\[\]{}:\#?\n]*+"
_PLAIN_IN_BRACKETS: Final = (
    rf"""[^ \-?:,\[\]{{}}\#&*!|>'"%@`\n]{_IN_BRACKETS}(?::(?![ ,\[\]{{}}:?\n]){_IN_BRACKETS})*+"""
)
_LIST_ENTRY: Final = rf"""(?:"[^"\\\n]*+"|'[^'\n]*+'|{_PLAIN_IN_BRACKETS})"""
_GAP: Final = r"(?:[ \n]++|(?<=[ \n])\#[^\n]*+\n)*+"
"""Spaces, line ends and comments between the entries in brackets."""
_LIST: Final = re.compile(
    rf"\[{_GAP}(?:({_LIST_ENTRY}{_GAP}(?:,{_GAP}{_LIST_ENTRY}{_GAP})*+)(?:,{_GAP})?+)?+(\]){REST}", re.VERBOSE
)
"""A bracket list of scalars. The groups are its entries with the gaps between them, and the last bracket."""
_ENTRY: Final = re.compile(rf"\#[^\n]*+|({_LIST_ENTRY})", re.VERBOSE)
"""An entry of such a list, or a comment between entries, for which the group is empty."""
_ON_LINES: Final = rf"{_PLAIN_IN_BRACKETS}(?:\n[ ]++(?=\w){_PLAIN_IN_BRACKETS})*+"
_COMMA: Final = f"{_GAP}(,{_GAP})?+"
_VALUE: Final = rf"""(?:("(?:[^"\\]++|\\.)*+"|'(?:[^']++|'')*+'|{_ON_LINES}){_COMMA}|(?=[\[{{]))"""
_FLOW_ENTRY: Final = re.compile(f"(){_VALUE}", re.VERBOSE)
_FLOW_PAIR: Final = re.compile(rf"""([A-Za-z][\w-]*+(?=:[ ])|"[^"\\\n]*+"|'[^'\n]*+'):[ ]*+{_VALUE}""", re.VERBOSE)
"""A pair in braces. The groups are its key, and its value and the comma after it unless that is a collection."""
_SPACE: Final = re.compile(_GAP, re.VERBOSE)
_AFTER_BRACKET: Final = re.compile(_COMMA, re.VERBOSE)
_DEEPEST: Final = 9
"""The maximum number of levels of brackets and braces that are read here."""


class _NotSure(Exception):
    """The meaning of an escape or a flow collection is uncertain."""


def in_quotes(text: str) -> str | None:
    """Read a quoted scalar on one or more lines, including its line ends."""
    match = (_DOUBLE if text[0] == '"' else _SINGLE).fullmatch(text)
    if match is None or "\n---" in text or "\n..." in text:  # these may end the document
        return None
    inner = match[1] if text[0] == '"' else match[1].replace("''", "'")
    if text[0] == "'" or "\\" not in inner:
        return _fold(inner)
    try:
        return (_ESCAPE_OR_FOLD if "\n" in inner else _ESCAPE_ALONE).sub(_unescaped, inner)
    except _NotSure:
        return None


def _fold(text: str) -> str:
    """Fold the line ends in a scalar."""
    if "\n" not in text:
        return text
    first, *middle, last = text.split("\n")
    lines = "\n".join([first.rstrip(" "), *[line.strip(" ") for line in middle], last.lstrip(" ")])
    return _FOLD.sub(_folded, lines) if "\n\n" in lines else lines.replace("\n", " ")


def _folded(match: re.Match[str]) -> str:
    """Fold a line end in a scalar. The first group contains the line ends after it."""
    return match[1] or " "


def _unescaped(match: re.Match[str]) -> str:
    """Replace an escape: a code (groups 1 to 3), line ends (4) or a letter (5). Group 6 is a folded line end."""
    number = match.lastindex or 0
    text = match[number]
    if number == 5:
        if text not in _ESCAPED:
            raise _NotSure
        return _ESCAPED[text]
    if number > 3:
        return "\n" * text.count("\n") or ("" if number == 4 else " ")
    code = int(text, 16)
    if code > _MOST_CHARACTER or 0xD800 <= code < 0xE000:
        raise _NotSure
    return chr(code)


def plain_scalar(text: str) -> str | None:
    """Read a plain scalar on one or more lines, including its line ends."""
    match = _PLAIN.match(text)
    if match is None:
        return None
    if match.end() == len(text):
        return match[1].rstrip(" ")
    if "#" in text or ": " in text or ":\n" in text:  # a comment would end it, and a colon would make it a key
        return None
    return _fold(text.strip(" \n"))


def block_scalar(text: str, column: int = 0) -> str | None:
    """Read a block scalar of an entry at *column*: its header and all lines up to the next entry."""
    header, _, rest = text.partition("\n")
    marks = _HEADER.fullmatch(header)
    margin = rest[: len(rest) - len(rest.lstrip(" "))]
    if marks is None or len(margin) <= column or rest.startswith(f"{margin}\n"):
        return None
    end = "" if marks[2] else "\n"
    start = f"\n{margin}"
    if rest.count(start) == rest.count("\n") - 1 and f"{start} " not in rest and f"{start}\n" not in rest:
        return rest[len(margin) : -1].replace(start, "\n" if marks[1] == "|" else " ") + end  # the common case
    length = len(header) + 1
    stop = block_end(text, length, len(margin))
    if BLANK.fullmatch(text, stop + 1) is None:
        return None
    content = "\n".join([line[len(margin) :] for line in text[length:stop].split("\n")])
    if marks[1] == "|":
        return content + end
    return None if content.startswith(" ") or "\n " in content else _FOLD.sub(_folded, content) + end


def block_end(text: str, start: int, margin: int) -> int:
    """Return the end of the last line of a block scalar whose lines begin at *start*, each with *margin* spaces."""
    lines = re.compile(rf"(?:(?:[ ]{{0,{margin}}}\n)*+[ ]{{{margin}}}[^\n]++\n)*+")
    return lines.match(text, start).end() - 1  # type: ignore[union-attr]


def flow_places(text: str, start: int, stop: int) -> tuple[list[tuple[int, int]], int] | None:
    """Return the positions of the entries of a bracket list and its end. The list, with its line ends, is in *text*."""
    match = _LIST.fullmatch(text, start, stop)
    if match is None:
        return None
    entries = () if match[1] is None else _ENTRY.finditer(text, *match.span(1))
    return [entry.span() for entry in entries if entry[1]], match.end(2)


def flow_lines(text: str) -> list[str] | None:
    """Read a collection in brackets or braces, with its line ends. Return it as the lines of a block."""
    if text[0] not in "[{":
        return None
    try:
        lines, end = _block_lines(text, 0, _DEEPEST)
    except _NotSure:
        return None
    return None if HEAD.fullmatch(text, end) is None else lines


def _block_lines(text: str, start: int, levels: int) -> tuple[list[str], int]:
    """Return the flow collection at *start* as the lines of a block, and the position of its end."""
    pattern, closing = (_FLOW_PAIR, "}") if text[start] == "{" else (_FLOW_ENTRY, "]")
    lines: list[str] = []
    at, comma = _SPACE.match(text, start + 1).end(), ","  # type: ignore[union-attr]
    while not text.startswith(closing, at):
        entry = pattern.match(text, at) if comma and levels else None
        if entry is None:
            raise _NotSure
        key, scalar, comma = entry.groups()
        head, at = f"{key}:" if key else "-", entry.end()
        if scalar is None:
            empty = "[]" if text[at] == "[" else "{}"
            inner, end = _block_lines(text, at, levels - 1)
            below = [f"  {line}" for line in inner]
            lines += [f"{head} {empty}"] if not below else [head, *below] if key else [f"- {inner[0]}", *below[1:]]
            following: re.Match[str] = _AFTER_BRACKET.match(text, end)  # type: ignore[assignment]
            at, comma = following.end(), following[1]
        else:
            lines.append(f"{head} {_on_one_line(scalar)}")
    return lines, at + 1


def _on_one_line(scalar: str) -> str:
    """Return a scalar as it is written on one line."""
    if "\n" in scalar:
        scalar = _fold(scalar)
        if "\n" in scalar or "\\" in scalar:
            raise _NotSure
    return scalar.rstrip(" ")


def simple_scalar(text: str) -> tuple[str, bool]:
    """Return the content of a scalar on one line without escapes, and whether it is quoted."""
    return (text[1:-1], True) if text[0] in "'\"" else (text.rstrip(" "), False)
