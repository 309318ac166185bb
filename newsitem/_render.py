"""Item -> text, in the publisher's layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import attrs

from newsitem._scalars import enclosed, escaped, instant, number, plain, quoted
from newsitem._schema import DATA, INDENT, Key, Style, element, keys

if TYPE_CHECKING:
    from newsitem.model import NewsItem

Writer = Callable[[Any], str]
"""Writes a value. Unusual characters are left raw: they are in double quotes, and are escaped all at once."""


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _integer(value: int) -> str:
    return f"{int(value)}"


_SCALARS: Final[dict[Style, Writer]] = {
    Style.PLAIN: plain,
    Style.QUOTED: enclosed,
    Style.SECURED: lambda secured: enclosed(secured.text),
    Style.INTEGER: _integer,
    Style.BOOLEAN: _boolean,
    Style.INSTANT: instant,
}
_DATA_SCALARS: Final[tuple[tuple[type, Writer], ...]] = (
    (str, enclosed),
    (bool, _boolean),
    (int, _integer),
    (float, number),
    (datetime, instant),
    (date, date.isoformat),
)


def render(item: NewsItem) -> str:
    r"""Write the front matter of *item*, fences left out: lines that end in ``\n``."""
    text = ""
    after_apart = False
    for entry_text, apart in _layout(type(item), 0).entries(item, 0):
        if text and (apart or after_apart):
            text += "\n"
        text += entry_text + "\n"
        after_apart = apart
    return escaped(text)


def is_block(value: Any) -> bool:
    """Tell whether a value is written on lines of its own: a collection that is not empty."""
    if isinstance(value, (str, int, float, date)):  # most values: looking for an attribute that is missing is slow
        return False
    return bool(value) if isinstance(value, list | dict) else hasattr(value, "extras")


def entry(name: str, value: Any, key: Key, column: int) -> str:
    """Write a key at *column* and its value; the first line is not indented, the last has no line end."""
    return f"{_key(name)}:{after_colon(value, key, column)}"


def after_colon(value: Any, key: Key, column: int) -> str:
    """Write what stands behind the colon of a key at *column*."""
    if not is_block(value):
        return " " + node(value, key, column)
    return line_break(column + INDENT) + node(value, key, column + INDENT)


def node(value: Any, key: Key, column: int) -> str:
    """Write a value that stands at *column*; the first line is not indented, the last has no line end."""
    return escaped(_writer(key, column)(value))


def line_break(column: int) -> str:
    """Give a line end and the blanks up to *column*."""
    return "\n" + " " * column


def _key(name: str) -> str:
    """Write a key; at the start of a line even plain text may mean something else."""
    return quoted(name) if name.startswith(("...", "\ufeff")) else plain(name)


@lru_cache
def _writer(key: Key, column: int) -> Writer:
    """Make what writes the values of *key* that stand at *column*."""
    if key.style is Style.DATA:
        return lambda value: _data(value, column)
    if key.style is Style.OBJECT:
        assert key.of is not None
        return _object(key.of, column)
    if key.style.is_list:
        write = _writer(element(key), column + INDENT)
        dash = line_break(column) + "- "
        return lambda values: "- " + dash.join(map(write, values))
    return _SCALARS[key.style]


@attrs.frozen
class _Layout:
    """How the entries of a mapping are written at a column."""

    values: Callable[[Any], tuple[Any, ...]]
    """Gives what an object holds for all its keys, and its extras."""
    keys: tuple[tuple[str, Writer, bool], ...]
    """For each key what stands before its value, what writes that, and whether the entry stands apart."""

    def entries(self, thing: Any, column: int) -> list[tuple[str, bool]]:
        """Write the entries of an object, and tell of each whether it stands apart."""
        *values, extras = self.values(thing)
        texts = [
            (start + write(value), apart)
            for value, (start, write, apart) in zip(values, self.keys, strict=True)
            if value or not (value is None or value == [])
        ]
        for name, value in extras.items():
            texts.append((entry(name, value, DATA, column), is_block(value)))
        return texts


@lru_cache
def _layout(cls: type, column: int) -> _Layout:
    lines = []
    for key in keys(cls):
        below = column + INDENT
        gap = line_break(below) if key.style.is_block else " "
        lines.append((f"{key.name}:{gap}", _writer(key, below), key.apart))
    return _Layout(attrgetter(*(key.attribute for key in keys(cls)), "extras"), tuple(lines))


def _object(cls: type, column: int) -> Writer:
    layout = _layout(cls, column)
    line_end = line_break(column)
    return lambda thing: line_end.join([text for text, _ in layout.entries(thing, column)])


def _data(value: Any, column: int) -> str:
    """Write plain data."""
    if isinstance(value, dict) and value:
        return line_break(column).join(entry(name, child, DATA, column) for name, child in value.items())
    if isinstance(value, list) and value:
        return line_break(column).join("- " + _data(child, column + INDENT) for child in value)
    if value is None:
        return "null"
    if value in ([], {}):
        return "[]" if value == [] else "{}"
    return next(write(value) for kind, write in _DATA_SCALARS if isinstance(value, kind))
