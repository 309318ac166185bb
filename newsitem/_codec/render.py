"""Write an item in the canonical layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, zip_longest
from typing import Any, Final

from newsitem._schema.code import function
from newsitem._schema.fields import INDENT, entries, keys
from newsitem._schema.kinds import DATA, Kind, class_of, element_of
from newsitem._schema.scalar_kinds import PLAIN
from newsitem._schema.unread import Unread, slot
from newsitem._yaml.scalars import enclosed, escaped, instant, integer, number, plain, quoted, untyped, written_key
from newsitem.items import FrontMatter

_FLOW_INDICATORS: Final = frozenset(",[]{}?")
"""Characters that a plain scalar in brackets must not contain. Some readers treat a question mark as a key."""

Writer = Callable[[Any], str]
"""Writes a value. Unusual characters remain raw inside double quotes, and are all escaped at the end."""


def render(item: FrontMatter) -> str:
    r"""Write the front matter of *item* without its fences, as lines that end in ``\n``.

    Unusual characters remain raw for `newsitem._yaml.scalars.escaped`, so that a text without any is never searched.
    """
    texts, lists = rendered(item)
    return "".join(chain.from_iterable(zip_longest(texts, (unread.text for unread in lists), fillvalue="")))


def rendered(item: FrontMatter) -> tuple[list[str], list[Unread]]:
    """Return the output of `render` in parts: the texts before, between and after unread lists, and these lists."""
    cls: type = type(item)
    texts: list[str] = []
    lists: list[Unread] = []
    parts = _item(cls)(item, texts, lists)
    for name, value in item.extras.items():
        parts += (*_blank_before(parts, value), f"\n{entry(name, value, DATA, 0)}", *_blank_after(value))
    if parts and parts[-1] != "\n":
        parts.append("\n")
    texts.append("".join(parts))
    texts[0] = texts[0].lstrip("\n")
    return texts, lists


def _before_list(parts: list[str], head: str) -> str:
    """Return the text before an unread list: *parts*, an empty line unless there is one already, and its key."""
    empty_line = "\n" if parts and parts[-1] != "\n" else ""
    return "".join([*parts, empty_line, head])


def _blank_before(parts: list[str], value: Any) -> str:
    """Return an empty line to insert before plain data that is a block, unless there is one already."""
    return "\n" if is_block(value) and parts and parts[-1] != "\n" else ""


def _blank_after(value: Any) -> str:
    return "\n" if is_block(value) else ""


def is_block(value: Any) -> bool:
    """Return whether a value is written on its own lines: whether it is a collection that is not empty."""
    if isinstance(value, (str, int, float, date)):  # most values; `hasattr` is slow for a missing attribute
        return False
    return bool(value) if isinstance(value, list | dict) else hasattr(value, "extras")


def entry(name: str, value: Any, kind: Kind, column: int) -> str:
    """Write a key at *column* with its value. The first line is not indented, and the last has no line end."""
    return f"{written_key(name)}:{after_colon(value, kind, column)}"


def after_colon(value: Any, kind: Kind, column: int) -> str:
    """Write the text after the colon of a key at *column*."""
    if not is_block(value):
        return " " + node(value, kind, column)
    return line_break(column + INDENT) + node(value, kind, column + INDENT)


def node(value: Any, kind: Kind, column: int) -> str:
    """Write a value that begins at *column*. The first line is not indented, and the last has no line end."""
    return escaped(_writer(kind, column)(value))


def flow(value: Any, kind: Kind, quote: str = "") -> str:
    """Write a value inside brackets or braces, on one line. Keys and texts are in the *quote* of their neighbours."""
    if isinstance(value, list):
        return f"[{', '.join(flow(child, element_of(kind), quote) for child in value)}]"
    if isinstance(value, dict) or is_block(value):
        pairs = (flow_pair(name, child, child_kind, quote, quote) for name, child, child_kind in entries(value))
        return f"{{{', '.join(pairs)}}}"
    return _flow_scalar(value, node(value, kind, 0), quote)


def flow_pair(name: str, value: Any, kind: Kind, quote_of_key: str, quote: str) -> str:
    """Write a key and its value inside braces."""
    return f"{_flow_scalar(name, written_key(name), quote_of_key)}: {flow(value, kind, quote)}"


def _flow_scalar(value: Any, text: str, quote: str) -> str:
    """Return *text*, the scalar as written elsewhere, or a quoted scalar if it would be ambiguous in brackets."""
    if not isinstance(value, str):
        return text
    if quote == "'" and "\\" not in text:  # single quotes have no escapes
        return "'" + value.replace("'", "''") + "'"
    is_plain = not text.startswith('"')
    return quoted(value) if is_plain and (quote or not _FLOW_INDICATORS.isdisjoint(text)) else text


def block_mapping(value: Any, column: int) -> str:
    """Write a mapping or an object of the model with its keys at *column*. The first line is not indented."""
    cls: type = type(value)
    return escaped(_data(value, column) if cls is dict else _object(cls, column)(value))


def line_break(column: int) -> str:
    """Return a line end and the spaces up to *column*."""
    return "\n" + " " * column


@lru_cache
def _writer(kind: Kind, column: int) -> Writer:
    """Make a function that writes values of *kind* that begin at *column*."""
    if kind is DATA:
        return lambda value: _data(value, column)
    if kind.is_list:
        write = _writer(element_of(kind), column + INDENT)
        dash = line_break(column) + "- "
        return lambda values: "- " + dash.join(map(write, values)) if values else "[]"
    if kind is PLAIN:
        return plain  # without a call of a Python function for each topic
    below = class_of(kind)
    return _scalar(kind) if below is None else _object(below, column)


@cache
def _scalar(kind: Kind) -> Writer:
    """Make a function that writes scalars of a kind, at any column."""
    return _compiled(f"write {kind.label}", [f"return {kind.writing.replace('{start}', '')}"], {}, ("value",))


@lru_cache
def _object(cls: type, column: int) -> Writer:
    """Make a function that writes objects of *cls* at *column*: generated code with a line for each key."""
    line_end = line_break(column)
    names, entries = _entries(cls, column)
    parts = [f"({write}) if {is_set} else ''" for is_set, write in entries]
    parts.append(f"{line_end!r} + data(instance.extras) if instance.extras else ''")
    return _compiled(
        f"write {cls.__name__}", [f"return ''.join(({', '.join(parts)},))[{len(line_end)}:] or '{{}}'"], names
    )


@lru_cache
def _item(cls: type) -> Callable[[FrontMatter, list[str], list[Unread]], list[str]]:
    """Make a function that writes items in parts. Entries begin with a line end, and those apart end with one.

    It adds unread lists and the texts before them to two lists, and returns the parts that follow.
    """
    names, entries = _entries(cls, 0)
    names |= {"before_list": _before_list, "cls": cls, "blank": _blank_before, "after": _blank_after}
    lines = []
    for place, ((is_set, write), key) in enumerate(zip(entries, keys(cls), strict=True)):
        if key.deferred:
            names |= {
                f"get_{place}": slot(cls, key.attribute).__get__,
                f"head_{place}": f"\n{written_key(key.name)}:\n",
            }
            unread = f"instance._source.unread({key.attribute!r}, cls)"
            lines.append(f"try: value = get_{place}(instance)")
            lines += [
                "except AttributeError:",
                f"    texts.append(before_list(parts, head_{place})); lists.append({unread})",
                "    value, parts = None, ['\\n']",
            ]
            is_set = is_set.replace(f"value := instance.{key.attribute}", "value")  # noqa: PLW2901 - it was just read
        if key.apart:
            separate = "if parts and parts[-1] != '\\n': parts.append('\\n')"
            lines += [f"if {is_set}:", f"    {separate}", f"    parts += ({write}, '\\n')"]
        elif key.kind is DATA:
            lines.append(f"if {is_set}: parts += (*blank(parts, value), {write}, *after(value))")
        else:
            lines.append(f"if {is_set}: parts.append({write})")
    return _compiled(
        f"write parts of {cls.__name__}", ["parts = []", *lines, "return parts"], names, ("instance", "texts", "lists")
    )


def _entries(cls: type, column: int) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the generated code for each key of *cls*: whether *instance* sets it, and the expression that writes it.

    The names that the code uses come first. Names of keys are values among them, never part of the code.
    """
    names: dict[str, Any] = {"data": partial(_data, column=column)}
    entries = []
    for place, key in enumerate(keys(cls)):
        is_set = f"(value := instance.{key.attribute})" + ("" if key.kind.absent == "[]" else " is not None")
        head = f"{line_break(column)}{written_key(key.name)}:"
        write = key.kind.writing
        if key.kind.is_block:
            names[f"write_{place}"] = _writer(key.kind, column + INDENT)
            write = f"f'{{start}}{{write_{place}(value)}}'"
            if key.kind.is_list and key.kind.absent == "None":
                names[f"empty_{place}"] = f"{head} []"
                write = f"({write} if value else empty_{place})"
        elif key.kind is DATA:
            names[f"write_{place}"] = partial(after_colon, kind=DATA, column=column)
            write = f"f'{{start}}{{write_{place}(value)}}'"
        gap = line_break(column + INDENT) if key.kind.is_block else "" if key.kind is DATA else " "
        names[f"start_{place}"] = f"{head}{gap}"
        entries.append((is_set, write.replace("{start}", f"{{start_{place}}}")))
    return names, entries


def _compiled(
    name: str, lines: list[str], names: dict[str, Any], parameters: tuple[str, ...] = ("instance",)
) -> Callable[..., Any]:
    """Make a function that uses *names*."""
    calls = {"plain": plain, "enclosed": enclosed, "instant": instant, "integer": integer, "number": number, **names}
    return function(name, parameters, lines, calls)


def _data(value: Any, column: int) -> str:
    """Write plain data."""
    if isinstance(value, dict) and value:
        return line_break(column).join(entry(name, child, DATA, column) for name, child in value.items())
    if isinstance(value, list) and value:
        return line_break(column).join("- " + _data(child, column + INDENT) for child in value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return untyped(value)
