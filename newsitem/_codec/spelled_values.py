"""Read the values of keys in the spellings that people use: scalars, lists of text, and plain data.

A value is the lines after the colon, up to the next entry. `NotSure` is raised if only ruamel.yaml can read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from newsitem._schema.checks import key_problem
from newsitem._schema.kinds import Kind, element_of
from newsitem._yaml.blocks import INDENT, KEY, SCALAR, NotSure, split_entries, split_items
from newsitem._yaml.limits import current_limits
from newsitem._yaml.resolver import is_null, resolve
from newsitem._yaml.scalars import ShortTexts
from newsitem._yaml.spellings import BLANK, HEAD, REST, block_scalar, flow_lines, in_quotes, plain_scalar, simple_scalar

NULL: Final = re.compile(rf"[ ]++(?:~|(?i:null)){REST}")
"""A null that is written out."""
FIRST_DASH: Final = re.compile(rf"{REST}([ ]*+-)")
"""The start of a block list, up to its first dash. The group is the dash with its indentation."""


def scalar_reader(kind: Kind) -> Callable[[str], Any]:
    """Make a function that reads a scalar of *kind*."""

    def read(lines: str) -> Any:
        text = lines.lstrip(" ")
        if text[0] in "'\"":
            content, value_of = in_quotes(text), kind.from_quoted
        elif text[0] in "|>":
            content, value_of = block_scalar(text), kind.from_quoted
        elif BLANK.fullmatch(text):
            return None
        else:
            content, value_of = plain_scalar(text), kind.from_plain
            if content is not None and is_null(content):
                return None
        value = None if content is None else value_of(content)
        if value is None or kind.problem(value):
            raise NotSure
        return value

    return read


def texts_reader(kind: Kind) -> Callable[[str], list[Any] | None]:
    """Make a function that reads lists of text and skips empty entries."""
    element = element_of(kind)

    def read_lines(lines: str) -> Any:
        match = SCALAR.fullmatch(lines + "\n")
        if match is None:
            raise NotSure
        text, is_quoted = simple_scalar(match[1])
        return element.from_quoted(text) if is_quoted or not is_null(text) else None

    read_entry = ShortTexts(read_lines).__getitem__

    def read(text: str) -> list[Any] | None:
        first = FIRST_DASH.match(text)
        if first is None:
            block = flow_lines(text.lstrip(" "))
            return read("\n".join(["", *block, ""])) if block else no_list(text)
        values = [read_entry(lines) for lines in text[first.end() : -1].split(f"\n{first[1]}")]
        return [value for value in values if value is not None] if None in values else values

    return read


def no_list(lines: str) -> list[Any] | None:
    """Return the value of a list that is empty or null."""
    if _EMPTY.fullmatch(lines):
        return []
    if BLANK.fullmatch(lines.lstrip(" ")) or NULL.fullmatch(lines):
        return None
    raise NotSure


_EMPTY: Final = re.compile(rf"[ ]++\[[ ]*+\]{REST}")


def read_data(lines: str) -> Any:
    """Read plain data: a scalar in a common spelling, or a list or a mapping of plain data."""
    return _read_data(lines, current_limits().data_depth)


def _read_data(lines: str, levels: int) -> Any:
    """Read plain data with at most this number of *levels* of collections."""
    scalar = SCALAR.fullmatch(lines)
    if scalar is not None:
        return _untyped(*simple_scalar(scalar[1]))
    text = lines.lstrip(" ")
    value: Any = None
    if text[0] in "'\"":
        value = in_quotes(text)
    elif text[0] in "|>":  # only the column of the key distinguishes text from a comment or a list
        value = None if _UNCERTAIN_BELOW.match(text) else block_scalar(text)
    elif BLANK.fullmatch(text):
        return None
    elif levels > 0:
        value = _read_collection(lines, levels - 1)
    if value is None:
        raise NotSure
    return value


def _read_collection(lines: str, levels: int) -> list[Any] | dict[str, Any] | None:
    """Read a list or a mapping of plain data in a block or in brackets."""
    text = lines.lstrip(" ")
    if (block := flow_lines(text)) is not None:
        return _read_collection("\n".join(["", *block, ""]), levels) if block or text[0] == "{" else []
    below = HEAD.match(lines)
    if below is None:
        return None
    if FIRST_DASH.match(lines) is None:
        return _read_mapping(lines[below.end() :], levels)
    return [_read_item(item, levels) for item in split_items(lines[below.end() :])]


def _read_mapping(lines: str, levels: int) -> dict[str, Any]:
    entries = split_entries(lines)
    data = {name: _read_data(own[KEY.match(own).end() :], levels) for own, name in entries}  # type: ignore[union-attr]
    if len(data) < len(entries) or any(map(key_problem, data)):
        raise NotSure
    return data


def _read_item(item: str, levels: int) -> Any:
    """Read an entry of a block list of plain data."""
    width = INDENT.match(item).end()  # type: ignore[union-attr]
    if KEY.match(item, width):
        if not levels:
            raise NotSure
        return _read_mapping(" " * width + item[width:], levels - 1)
    return _read_data(item[item.index("-") + 1 :], levels)


_UNCERTAIN_BELOW: Final = re.compile(r"[^\n]*+\n[ ]*+[#-]")
_LONGEST_UNTYPED: Final = 100
"""The maximum length of plain scalars without a field that are resolved. Longer ones are text after a first letter."""
_resolve: Final = lru_cache(1 << 14)(resolve)


def _untyped(text: str, is_quoted: bool) -> Any:
    if is_quoted or (len(text) > _LONGEST_UNTYPED and text[0].isalpha()):
        return text
    if len(text) > _LONGEST_UNTYPED:
        raise NotSure
    return _resolve(text)
