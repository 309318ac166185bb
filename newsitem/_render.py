"""Item -> text, in the publisher's layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from newsitem._scalars import instant, number, plain, quoted
from newsitem._schema import DATA, INDENT, Key, Style, element, entries

if TYPE_CHECKING:
    from newsitem.model import NewsItem


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _integer(value: int) -> str:
    return f"{int(value)}"


_SCALARS: Final[dict[Style, Callable[[Any], str]]] = {
    Style.PLAIN: plain,
    Style.QUOTED: quoted,
    Style.SECURED: lambda secured: quoted(secured.text),
    Style.INTEGER: _integer,
    Style.BOOLEAN: _boolean,
    Style.INSTANT: instant,
}
_DATA_SCALARS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (str, quoted),
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
    for name, value, key in entries(item):
        apart = key.apart or (key is DATA and is_block(value))
        if text and (apart or after_apart):
            text += "\n"
        text += entry(name, value, key, 0) + "\n"
        after_apart = apart
    return text


def is_block(value: Any) -> bool:
    """Tell whether a value is written on lines of its own: a collection that is not empty."""
    if isinstance(value, (str, int, float, date)):  # most values: looking for an attribute that is missing is slow
        return False
    return bool(value) if isinstance(value, (list, dict)) else hasattr(value, "extras")


def entry(name: str, value: Any, key: Key, column: int) -> str:
    """Write a key at *column* and its value; the first line is not indented, the last has no line end."""
    return f"{_key(name)}:{after_colon(value, key, column)}"


def _key(name: str) -> str:
    """Write a key; at the start of a line even plain text may mean something else."""
    return quoted(name) if name.startswith(("...", "\ufeff")) else plain(name)


def after_colon(value: Any, key: Key, column: int) -> str:
    """Write what stands behind the colon of a key at *column*."""
    if not is_block(value):
        return " " + node(value, key, column)
    return line_break(column + INDENT) + node(value, key, column + INDENT)


def node(value: Any, key: Key, column: int) -> str:
    """Write a value that stands at *column*; the first line is not indented, the last has no line end."""
    if not is_block(value):
        return _scalar(value, key)
    if isinstance(value, list):
        child = element(key)
        return line_break(column).join("- " + node(each, child, column + INDENT) for each in value)
    return line_break(column).join(entry(name, child, its_key, column) for name, child, its_key in entries(value))


def line_break(column: int) -> str:
    """Give a line end and the blanks up to *column*."""
    return "\n" + " " * column


def _scalar(value: Any, key: Key) -> str:
    if key.style is not Style.DATA:
        return _SCALARS[key.style](value)
    if value is None:
        return "null"
    if value in ([], {}):
        return "[]" if value == [] else "{}"
    return next(write(value) for kind, write in _DATA_SCALARS if isinstance(value, kind))
