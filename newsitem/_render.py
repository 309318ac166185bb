"""Item -> text, in the publisher's layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Final

from newsitem._scalars import enclosed, escaped, instant, number, plain, quoted
from newsitem._schema import DATA, INDENT, Key, Style, element, keys
from newsitem.model import NewsItem

Writer = Callable[[Any], str]
"""Writes a value. Unusual characters are left raw: they are in double quotes, and are escaped all at once."""


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _integer(value: int) -> str:
    return f"{int(value)}"


_SCALARS: Final[dict[Style, str]] = {
    Style.PLAIN: "plain(value)",
    Style.QUOTED: """('"' + value + '"' if '"' not in value and '\\\\' not in value and '\\n' not in value else enclosed(value))""",
    Style.SECURED: "enclosed(value.text)",
    Style.INTEGER: "f'{value:d}'",
    Style.BOOLEAN: "('true' if value else 'false')",
    Style.INSTANT: "instant(value)",
}
"""For each style of scalar the expression that writes its value."""
_DATA_SCALARS: Final[tuple[tuple[type, Writer], ...]] = (
    (str, enclosed),
    (bool, _boolean),
    (int, _integer),
    (float, number),
    (datetime, instant),
    (date, date.isoformat),
)


def render(item: NewsItem) -> str:
    r"""Write the front matter of *item*, fences left out: lines that end in ``\n``.

    Unusual characters are left raw, for `newsitem._scalars.escaped`: a text that holds none need not be searched.
    """
    text = _object(type(item), 0)(item)
    for name, value in item.extras.items():
        text += _separated(text, entry(name, value, DATA, 0), apart=is_block(value))
    return text[1:].rstrip("\n") + "\n"


def _separated(before: str, entry_text: str, *, apart: bool) -> str:
    """Give an entry of the item with its line ends: one before it, and where it stands apart empty lines around it."""
    if not apart:
        return f"\n{entry_text}"
    return f"\n{entry_text}\n" if before[-1:] in ("", "\n") else f"\n\n{entry_text}\n"


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
    return _compiled(["value = thing", f"return {_SCALARS[key.style]}"], {})


@lru_cache
def _object(cls: type, column: int) -> Writer:
    """Make what writes objects of *cls* at *column*: code made from the model, with a line for each key.

    The text of an item itself lacks its extras, and has a line end before it and, perhaps, behind it.
    """
    line_end = line_break(column)
    is_item = issubclass(cls, NewsItem)
    names: dict[str, Any] = {"data": partial(_data, column=column), "separated": _separated}
    lines = ["text = ''"]
    for key in keys(cls):
        is_set = f"(value := thing.{key.attribute})" + ("" if key.style.is_list else " is not None")
        write = _SCALARS.get(key.style, f"write_{key.attribute}(value)")
        gap = line_break(column + INDENT) if key.style.is_block else " "
        if key.style.is_block:
            names[f"write_{key.attribute}"] = _writer(key, column + INDENT)
        if key.apart and is_item:
            lines.append(f"if {is_set}: text += separated(text, {key.name + ':' + gap!r} + {write}, apart=True)")
        else:
            lines.append(f"if {is_set}: text += {line_end + key.name + ':' + gap!r} + {write}")
    if is_item:
        return _compiled([*lines, "return text"], names)
    lines.append(f"if thing.extras: text += {line_end!r} + data(thing.extras)")
    return _compiled([*lines, f"return text[{len(line_end)}:]"], names)


def _compiled(lines: list[str], names: dict[str, Any]) -> Writer:
    """Make a function of *thing* that calls *names*."""
    scope = {"plain": plain, "enclosed": enclosed, "instant": instant, **names}
    exec("\n    ".join(["def write(thing):", *lines]), scope)
    write: Writer = scope["write"]
    return write


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
