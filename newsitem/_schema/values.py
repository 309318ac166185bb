"""Describe Python values in messages, convert them to plain types or paths, and compare them by type and value."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain, islice
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, Final

from newsitem._yaml.limits import Limits, current_limits
from newsitem._yaml.scalars import INTEGER_LIMIT
from newsitem.errors import shortened

if TYPE_CHECKING:
    from pathlib import Path


def describe(value: object, *, secret: bool = False) -> str:
    """Describe a value for a message: its kind and, unless it is secret, a short form of it."""
    kinds: dict[type, str] = {str: "text", bool: "boolean", int: "integer", float: "number", dict: "mapping"}
    kinds |= {list: "list", datetime: "instant", date: "date", type(None): "null"}
    kind = kinds.get(type(value), f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins."))
    if secret or not isinstance(value, str | bool | int | float | date):
        return "null" if value is None else f"a {kind}" if kind in ("mapping", "list") else f"a value of type {kind}"
    if isinstance(value, int) and abs(value) >= INTEGER_LIMIT:  # Python refuses to print thousands of digits
        return "an integer of more than 64 bits"
    shown = repr(value) if isinstance(value, str) else str(value).lower()
    return f"the {kind} {shortened(shown)}"


def use(kind: type[Any], value: object) -> str:
    """Return a hint to convert *value* with *kind*, if the result is certain to be the same value."""
    if isinstance(value, int | str | bytes) or kind not in _kinds_like(value):
        return ""
    try:
        same = kind in (dict, list) or bool(kind(value) == value)
    except Exception:  # the value's own class may raise anything
        return ""
    return f": use {kind.__name__}(value)" if same else ""


def _kinds_like(value: object) -> tuple[type, ...]:
    if isinstance(value, Iterable):
        return (dict,) if isinstance(value, Mapping) else (list,)
    return (bool,) if "bool" in type(value).__name__ else (int, float)


def function_of(name: str, value: Any) -> Any:
    """Return a function, or raise `TypeError` for another value of the argument *name*.

    A coroutine or generator function is refused, because calling it does not run it. So is an object whose
    ``__call__`` is one.
    """
    from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

    if not callable(value):
        raise TypeError(f"{name} must be a function, not {describe(value)}")
    refused = (isasyncgenfunction, iscoroutinefunction, isgeneratorfunction)
    if any(is_refused(function) for is_refused in refused for function in (value, type(value).__call__)):
        raise TypeError(f"{name} must be a plain function, not async and without yield")
    return value


def require_no_iterator(name: str, result: object) -> object:
    """Return the *result* of a function, or raise `TypeError` for an iterator, which is true and equals nothing."""
    if isinstance(result, Iterator):
        raise TypeError(f"{name} must return a value, not {describe(result)}: use any(), all() or list()")
    return result


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return a path as a user wrote it with ``~`` and ``~user`` expanded.

    Raises:
        TypeError: if it is not a path, but bytes, for example.
        ValueError: if the path is an empty text.
    """
    from pathlib import Path

    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"expected a path, not {type(path).__name__}")
    if path == "":  # which `Path` reads as the current folder
        raise ValueError("empty path: use '.' for the current folder")
    return unexpandable(Path(os.path.expanduser(path)))  # noqa: PTH111 - pathlib's raises if the user does not exist


def unexpandable(path: Path) -> Path:
    """Return a path that does not begin with ``~``, so that it is not expanded later."""
    return path.absolute() if str(path).startswith("~") else path


def plain(value: Any) -> Any:
    """Return valid data as Python's own types, which reading a file also produces. Plain data is returned as is.

    Methods of a subclass are not called, because they may do anything: ``Markup.replace`` escapes.
    """
    kind = type(value)
    if kind in _PLAIN_TYPES:
        return value
    if isinstance(value, list):
        children = list(map(plain, value))
        return value if kind is list and all(map(is_, children, value)) else children
    if isinstance(value, dict):
        pairs = {plain(name): plain(child) for name, child in value.items()}
        same = kind is dict and all(map(is_, chain(pairs, pairs.values()), chain(value, value.values())))
        return value if same else pairs
    return next((make(value) for base, make in _MAKE_PLAIN if isinstance(value, base)), value)


def _plain_integer(value: int) -> int:
    # ruamel.yaml's type for a boolean with an anchor is not a subclass of bool, which cannot be subclassed.
    return bool(value) if type(value).__name__ == "ScalarBoolean" else int.__int__(value)


_PARTS: Final = attrgetter("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo")
_MAKE_PLAIN: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, _plain_integer),
    (float, float.__float__),
    (datetime, lambda value: datetime(*_PARTS(value), fold=value.fold)),
    (date, lambda value: date(value.year, value.month, value.day)),
)
_PLAIN_TYPES: Final = frozenset({str, bool, int, float, datetime, date, type(None)})


def text_problem(value: object) -> str | None:
    """Return why *value* is not text that UTF-8 can encode, or ``None``."""
    if not isinstance(value, str):
        return f"must be text, not {describe(value)}"
    if type(value) is not str:
        text = str.__str__(value)
        if str(value) != text:  # an Enum of texts, for which Python shows its name
            return f"must be text, not {describe(value)}: use value.value"
        value = text
    try:
        value.encode()
    except UnicodeEncodeError as error:
        shown = f"U+{ord(value[error.start]):04X}, character {error.start + 1}"
        return f"contains a lone surrogate ({shown}), which UTF-8 cannot encode: remove it"
    return None


def is_beyond(data: object, limits: Limits) -> bool:
    """Return whether plain data contains too many values. A value that occurs in several places counts in each."""
    left = limits.values
    level = [data]
    for _ in range(limits.data_depth + 1):
        inner = (node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list))
        level = list(islice(chain.from_iterable(inner), left + 1))
        left -= len(level)
        if left < 0 or not level:
            break
    return left < 0


def in_utc(value: datetime | None) -> datetime | None:
    """Make an instant comparable. In Python, instants in a repeated or skipped hour are never equal across zones."""
    return value if value is None or value.tzinfo in (None, UTC) else value.astimezone(UTC)


def comparable(value: Any) -> Any:
    """Make plain data comparable by type and value: ``1`` is neither ``True`` nor ``1.0``, and NaN equals itself.

    Data that exceeds the limits, such as data that contains itself, is only equal to itself.
    """
    if value.__class__ is dict and not value:  # the common case
        return value
    limits = current_limits()
    if isinstance(value, dict | list) and is_beyond(value, limits):
        return object, id(value)
    return _comparable(value, limits.data_depth)


def _comparable(value: Any, levels: int) -> Any:
    if isinstance(value, dict | list) and levels < 0:
        return object, id(value)
    if isinstance(value, dict):
        return {name: _comparable(child, levels - 1) for name, child in value.items()}
    if isinstance(value, list):
        return [_comparable(child, levels - 1) for child in value]
    if isinstance(value, float):
        return (float, float.__repr__(value))
    if isinstance(value, int):
        return (type(number := plain(value)), number)
    return in_utc(value) if isinstance(value, datetime) else value
