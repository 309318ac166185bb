"""Read the values of keys in the spellings that people use: scalars, lists of text, and plain data.

A value is the lines after the colon, up to the next entry. `NotSure` is raised if only ruamel.yaml can read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final

from newsitem._schema.kinds import DATA, Kind, element_of
from newsitem._yaml.blocks import SCALAR, SIMPLE, NotSure
from newsitem._yaml.limits import current_limits
from newsitem._yaml.resolver import is_null, resolve
from newsitem._yaml.scalars import ShortTexts
from newsitem._yaml.spellings import NOTHING, REST, block_scalar, flow_list, in_quotes, plain_scalar, simple_scalar

NULL: Final = re.compile(rf"[ ]++(?:~|(?i:null)){REST}")
"""A null that is written out."""
FIRST_DASH: Final = re.compile(rf"{REST}([ ]*+-)")
"""The start of a block list, up to its first dash. The group is the dash with its indentation."""
_NOTHING: Final = re.compile(f"{NOTHING}*+")


@cache
def value_reader(kind: Kind) -> Callable[[str], Any]:
    """Make a function that reads a value of *kind*, which has no class."""
    if kind is DATA:
        return read_data
    return (_texts_reader if kind.is_list else _scalar_reader)(kind)


def _scalar_reader(kind: Kind) -> Callable[[str], Any]:
    """Make a function that reads a scalar of *kind*."""

    def read(lines: str) -> Any:
        text = lines.lstrip(" ")
        if text[0] in "'\"":
            content, value_of = in_quotes(text), kind.from_quoted
        elif text[0] in "|>":
            content, value_of = block_scalar(text), kind.from_quoted
        elif _NOTHING.fullmatch(text):
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


def _texts_reader(kind: Kind) -> Callable[[str], list[Any] | None]:
    """Make a function that reads lists of text and skips empty entries."""
    element = element_of(kind)

    def value(text: str, is_quoted: bool) -> Any:
        return element.from_quoted(text) if is_quoted or not is_null(text) else None

    def read_lines(lines: str) -> Any:
        match = SCALAR.fullmatch(lines + "\n")
        if match is None:
            raise NotSure
        return value(*simple_scalar(match[1]))

    read_entry = ShortTexts(read_lines).__getitem__

    def read(text: str) -> list[Any] | None:
        first = FIRST_DASH.match(text)
        if first is not None:
            values = [read_entry(lines) for lines in text[first.end() : -1].split(f"\n{first[1]}")]
        elif (entries := flow_list(text.lstrip(" "))) is not None:
            values = [value(*entry) for entry in entries]
        else:
            return no_list(text)
        return [value for value in values if value is not None] if None in values else values

    return read


def no_list(lines: str) -> list[Any] | None:
    """Return the value of a list that is empty or null."""
    if _EMPTY.fullmatch(lines):
        return []
    if _NOTHING.fullmatch(lines.lstrip(" ")) or NULL.fullmatch(lines):
        return None
    raise NotSure


_EMPTY: Final = re.compile(rf"[ ]++\[[ ]*+\]{REST}")


def read_data(lines: str) -> Any:
    """Read plain data in a common spelling. Null is left to ruamel.yaml."""
    scalar = _UNTYPED.fullmatch(lines)
    if scalar is not None and (value := _untyped(*simple_scalar(scalar[1]))) is not None:
        return value
    text = lines.lstrip(" ")
    value = None
    if text[0] in "'\"":
        value = in_quotes(text)
    elif text[0] in "|>":  # only the column of the key distinguishes text from a comment or a list
        value = None if _UNCERTAIN_BELOW.match(text) else block_scalar(text)
    else:
        entries = flow_list(text) if text[0] == "[" else _block_list(lines)
        is_long = any(len(text) > _LONGEST_UNTYPED and not is_quoted for text, is_quoted in entries or ())
        if current_limits().data_depth and entries is not None and not is_long:
            value = [_untyped(*entry) for entry in entries]
    if value is None:
        raise NotSure
    return value


def _block_list(lines: str) -> list[tuple[str, bool]] | None:
    """Read a block list of scalars on one line each. Return each entry's text and whether it is quoted."""
    first = FIRST_DASH.match(lines)
    if first is None:
        return None
    matches = [SCALAR.fullmatch(f"{entry}\n") for entry in lines[first.end() : -1].split(f"\n{first[1]}")]
    return [simple_scalar(match[1]) for match in matches if match is not None] if None not in matches else None


_UNCERTAIN_BELOW: Final = re.compile(r"[^\n]*+\n[ ]*+[#-]")
_LONGEST_UNTYPED: Final = 100
"""The maximum length of plain scalars without a field that are read here. Numbers are shorter."""
_UNTYPED: Final = re.compile(rf"""[ ]++(?=["']|.{{1,{_LONGEST_UNTYPED}}}\n){SIMPLE}{REST}""")
_resolve: Final = lru_cache(1 << 14)(resolve)


def _untyped(text: str, is_quoted: bool) -> Any:
    return text if is_quoted else _resolve(text)
