"""Front matter as a person edits it -> item: entries told apart by their lines, each read by the kind of its value.

A block mapping is read from the top. Where the lines of an entry, taken alone, are one complete pair, the parser is at
the next key in the state in which it was at the first, so that entries can be read one by one; so can those of a
block list. A value in one of the spellings that people use is read here; any other is composed by ruamel.yaml, alone.
Nothing is guessed: where an entry is not sure to be complete, or is refused, `NotSure` leaves all to the YAML reader,
which reads the whole front matter and says what is wrong with it, and where.

Pieces of text have LF as line end and hold no character that a line of the publisher's does not: see `split_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from newsitem._codec import patterns
from newsitem._codec.structure import extras, is_null_node, merged, structure
from newsitem._schema.checks import key_problem
from newsitem._schema.fields import INDENT, Key, constructor, keys
from newsitem._schema.kinds import DATA, Kind, Refused, class_of, element_of
from newsitem._yaml.limits import Limits, current_limits
from newsitem._yaml.nodes import Alias, Mapping, Node, walk
from newsitem._yaml.resolver import is_null, resolve
from newsitem._yaml.scalars import ShortTexts, written_key
from newsitem._yaml.spellings import block_scalar, flow_list, folded_plain, in_quotes

_DEEPEST_COLUMN: Final = 24
"""The deepest column at which patterns are made; what is deeper is left to the YAML reader."""
_LONGEST_UNTYPED: Final = 100
"""The most characters of a plain scalar that no field names, and that is read here: numbers have fewer."""
_NOTHING: Final = r"(?:[ ]*+(?:\#[^\n]*+)?\n)"
"""A line that is empty, or holds a comment alone."""
_PLAIN: Final = r"""(?:[^ \-?:,\[\]{}\#&*!|>'"%@`\n]|[-?:](?![ \n]))(?:[^:\#\n]++|:(?![ \n])|(?<![ ])\#)*+"""
"""A plain scalar, perhaps with blanks after it."""


class NotSure(Exception):
    """A piece of text is not sure to be a complete value that its field takes."""


@cache
def _entry(column: int) -> re.Pattern[str]:
    """Return the pattern of an entry of a block mapping at *column*, with the lines below it."""
    indent = " " * column
    return re.compile(
        rf"""
        {indent and f"[ ]{{{column}}}"}
        ([^\W\d][\w-]*+|"[^"\\\n]*+")[ ]*+:         # the key
        (?:[ ]++(?:
            ("[^"\\\n]*+"|'[^'\n]*+')[ ]*+          # a text in quotes
            |({_PLAIN})                             # or a plain scalar
        )(?:(?<=[ ])\#[^\n]*+)?+\n
        |([^\n]*+)\n)                               # or anything else
        ((?:{_NOTHING}*+[ ]{{{column}}}(?:[ ]++[^ \#\n]|-[ \n])[^\n]*+(?:\n|\Z))*+)   # the lines below it
        ({_NOTHING}*+)
        |((?s:.+))                                  # what is none
        """,
        re.VERBOSE,
    )


@cache
def _item(column: int) -> re.Pattern[str]:
    """Return the pattern of an entry of a block list whose dashes are at *column*, with the lines below it."""
    return re.compile(
        rf"([ ]{{{column}}}-[ ]++[^ \#\n][^\n]*+\n(?:{_NOTHING}*+[ ]{{{column + 1}}}[ ]*+[^ \#\n][^\n]*+\n)*+)"
        rf"({_NOTHING}*+)|((?s:.+))"
    )


_LEADING: Final = re.compile(rf"{_NOTHING}*+")
_INDENT: Final = re.compile(rf"{_NOTHING}*+([ ]*+)(-[ ]++)?")


class _Reader(NamedTuple):
    """How the values of one key are read."""

    place: int
    """The place of the key in the model."""
    from_quoted: Callable[[str], Any]
    from_plain: Callable[[str], Any]
    kind: Kind
    required: bool


def _plain_reader(kind: Kind) -> Callable[[str], Any]:
    """Return what reads plain scalars as values of *kind*, with or without blanks after them."""

    def read(text: str) -> Any:
        text = text.rstrip(" ")
        if is_null(text):
            return None
        value = kind.from_plain(text)
        if value is None or kind.problem(value):
            raise NotSure
        return value

    return ShortTexts(read).__getitem__


def _quoted_reader(kind: Kind) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = kind.from_quoted(text)
        if value is None:
            raise NotSure
        return value

    return read


def _no_scalar(_: str) -> Any:
    raise NotSure


@cache
def _readers(cls: type) -> dict[str, _Reader]:
    """Return for each key of *cls*, by its name and as it is written, how its values are read."""
    found = {}
    for place, key in enumerate(keys(cls)):
        if key.kind.is_block:
            reader = _Reader(place, _no_scalar, _null_or_not_sure, key.kind, key.required)
        else:
            reader = _Reader(place, _quoted_reader(key.kind), _plain_reader(key.kind), key.kind, key.required)
        found[key.name] = found[written_key(key.name)] = reader
    return found


def _null_or_not_sure(text: str) -> None:
    if not is_null(text.rstrip(" ")):
        raise NotSure


def read_mapping(text: str, cls: type, column: int, level: int) -> Any:
    """Make an object of *cls* from a block mapping whose keys are at *column*, *level* collections deep.

    Raises:
        NotSure: if the text is not sure to be such a mapping.
    """
    readers = _readers(cls)
    values: list[Any] = [_UNSET] * len(keys(cls))
    unknown: dict[str, Any] = {}
    start = _LEADING.match(text).end() if text[0] in "# \n" else 0  # type: ignore[union-attr]
    rows = _entry(column).findall(text, start) if start < len(text) else []
    for number, (name, quoted, plain, rest, below, after, wrong) in enumerate(rows):
        if wrong:
            raise NotSure
        reader = readers.get(name)
        if reader is None:
            _read_unknown(unknown, name, quoted, plain, _Piece(text, start, number, column, level), bool(below), cls)
            continue
        place, from_quoted, from_plain, kind, _ = reader
        if values[place] is not _UNSET:
            raise NotSure
        if below or rest or not (quoted or plain):
            values[place] = _read_other(kind, rest, below, after, _Piece(text, start, number, column, level))
        elif quoted:
            values[place] = from_quoted(quoted[1:-1])
        else:
            values[place] = from_plain(plain)
    return _made(cls, values, unknown)


_UNSET: Final = object()


def _made(cls: type, values: list[Any], unknown: dict[str, Any]) -> Any:
    for place, key in enumerate(keys(cls)):
        value = values[place]
        if value is _UNSET or value is None:
            if key.required:
                raise NotSure
            values[place] = [] if key.kind.is_list else None
    made = constructor(cls)(*values)
    if unknown:
        made.extras.update(unknown)
    return made


class _Piece(NamedTuple):
    """Where an entry of a block mapping is."""

    text: str
    start: int
    number: int
    column: int
    level: int

    def lines(self) -> str:
        """Return the lines of the entry."""
        found = _entry(self.column).finditer(self.text, self.start)
        return next(match[0] for number, match in enumerate(found) if number == self.number)


def _read_other(kind: Kind, rest: str, below: str, after: str, piece: _Piece) -> Any:
    """Return the value of an entry that is no scalar in one line."""
    if rest.lstrip(" ")[:1] in ("", "#") and (not rest or rest[0] == " "):
        if not below:
            return None
        if kind.is_block and class_of(kind) is not None and not kind.is_list:
            return _read_block_mapping(below, kind.python, piece)
        if kind.is_list:
            return _read_block_list(below, kind, piece)
    elif not kind.is_block or kind.is_list:
        value = _read_spelling(kind, rest.strip(" "), below, after)
        if value is not None:
            return value
    return compose_entry(kind, piece)


def _read_spelling(kind: Kind, rest: str, below: str, after: str) -> Any:
    """Return the value of a scalar or a list in one of the spellings of people, or ``None``."""
    if kind.is_list:
        if rest[:1] != "[" or class_of(kind) is not None:
            return None
        found = flow_list(f"{rest}\n{below}")
        return None if found is None else _texts_of(found, element_of(kind))
    if rest[:1] in ("|", ">"):
        text = block_scalar(rest, below + after)
    elif rest[:1] in ("'", '"'):
        text = in_quotes(f"{rest}\n{below}")
    else:
        return None
    return None if text is None else kind.from_quoted(text)
