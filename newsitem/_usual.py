"""Plain data of the usual types -> objects, without the cost of saying what is wrong.

Data with anything else in it, such as an unknown key, is left to `newsitem._structure`, which gives the same
objects, and the problems. Which values are usual follows from the model.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from newsitem._check import text_problem
from newsitem._code import function
from newsitem._scalars import INTEGER_LIMIT, instant_from_text
from newsitem._schema import Key, Style, constructor, keys
from newsitem.model import NewsItem, secured


class _Unusual(Exception):
    """The data is left to the general way."""


_IS_TEXT: Final = "{0}.__class__ is str and ({0}.isascii() or not _text_problem({0}))"
_IS_USUAL: Final[dict[Style, str]] = {
    Style.PLAIN: _IS_TEXT,
    Style.QUOTED: _IS_TEXT,
    Style.SECURED: _IS_TEXT,
    Style.INTEGER: f"{{0}}.__class__ is int and {-INTEGER_LIMIT} <= {{0}} < {INTEGER_LIMIT}",
    Style.BOOLEAN: "{0}.__class__ is bool",
    Style.INSTANT: "{0}.__class__ is _datetime and {0}.tzinfo is _UTC",
    Style.TEXTS: f"{{0}}.__class__ is list and all([{_IS_TEXT.format('_each')} for _each in {{0}}])",
    Style.OBJECT: "{0}.__class__ is dict",
    Style.OBJECTS: "{0}.__class__ is list",
}
"""For each style the condition that a value of it meets, as code."""
_VALUES: Final = {
    Style.SECURED: "_secured({0})",
    Style.TEXTS: "list({0})",
    Style.OBJECT: "_read{0}({0})",
    Style.OBJECTS: "[_read{0}(_each) for _each in {0}]",
}
"""For each style whose values are not taken as they are, what makes them, as code."""


def read(data: object) -> NewsItem | None:
    """Make an item from plain data, or give ``None`` where that is not of the usual types."""
    try:
        item: NewsItem = _reader(NewsItem)(data)
    except _Unusual:
        return None
    return item


@cache
def _reader(cls: type) -> Callable[[object], Any]:
    """Make a function that makes objects of *cls* from a ``dict``, and raises `_Unusual` for anything else."""
    names: dict[str, Any] = {
        "_UTC": UTC,
        "_secured": secured,
        "_Unusual": _Unusual,
        "_construct": constructor(cls),
        "_datetime": datetime,
        "_known": frozenset(key.name for key in keys(cls)),
        "_text_problem": text_problem,
        "_from_text": instant_from_text,
    }
    lines = ["if _data.__class__ is not dict or not _known.issuperset(_data): raise _Unusual", "_get = _data.get"]
    variables = [f"_{place}" for place in range(len(keys(cls)))]
    for variable, key in zip(variables, keys(cls), strict=True):
        lines.append(f"{variable} = _get({key.name!r})")
        if key.style is Style.INSTANT:
            lines.append(f"if {variable}.__class__ is str: {variable} = _from_text({variable}) or {variable}")
        lines += _lines(key, variable)
        if key.of is not None and key.style is not Style.SECURED:
            names[f"_read{variable}"] = _reader(key.of)
    lines.append(f"return _construct({', '.join(variables)})")
    return function(["_data"], lines, names)


def _lines(key: Key, name: str) -> list[str]:
    """Return the code that checks what is in the variable *name* of *key*, and makes the value of it."""
    check = f"if not ({_IS_USUAL[key.style].format(name)}): raise _Unusual"
    value = f"{name} = {_VALUES.get(key.style, '{0}').format(name)}"
    if key.required:
        return [check, value]
    return [
        f"if {name} is not None:",
        f"    {check}",
        f"    {value}",
        *(["else:", f"    {name} = []"] if key.style.is_list else []),
    ]
