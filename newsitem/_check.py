"""Which values a field accepts. Nothing is coerced: a wrong type is a problem, whose message names the right one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain, islice
from operator import is_
from typing import Any, Final

from newsitem import _limits
from newsitem._code import function
from newsitem._scalars import INTEGER_LIMIT, quoted
from newsitem._schema import Key, Style, keys, keys_by_attribute, keys_by_name
from newsitem.errors import Problem, ValidationError, key_name, shortened

MAXIMUM_KEY: Final = 1_000
"""The most characters of a key as written: YAML reads a key on one line of up to 1,024."""
_MAXIMUM_INTEGER_DIGITS: Final = 4_000
TOO_MANY: Final = "unknown keys hold more than {:,} values: if you trust them, use newsitem.limits(values=…)"

Found = Iterator[tuple[str, str]]
"""Problems as pairs of the path below the value, such as ``[2].name``, and the message."""


def describe(value: object, *, secret: bool = False) -> str:
    """Name a value in a message: its kind and, unless it is secret, a short form of it."""
    kinds: dict[type, str] = {str: "text", bool: "boolean", int: "integer", float: "number", dict: "mapping"}
    kinds |= {list: "list", datetime: "instant", date: "date", type(None): "null"}
    kind = kinds.get(type(value), f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins."))
    if secret or not isinstance(value, str | bool | int | float | date):
        return "null" if value is None else f"a {kind}" if kind in ("mapping", "list") else f"a value of type {kind}"
    if isinstance(value, int) and abs(value) >= INTEGER_LIMIT:  # Python refuses to show one of many digits
        return "an integer beyond 64 bits"
    shown = repr(value) if isinstance(value, str) else str(value).lower()
    return f"the {kind} {shortened(shown)}"


def use(kind: type[Any], value: object) -> str:
    """Return the hint to convert *value*, where ``kind(value)`` says the same and no doubt is left."""
    if isinstance(value, int | str | bytes) or kind not in _kinds_like(value):
        return ""
    try:
        same = kind in (dict, list) or bool(kind(value) == value)
    except Exception:  # whatever the value's own class raises
        return ""
    return f": use {kind.__name__}(value)" if same else ""


def _kinds_like(value: object) -> tuple[type, ...]:
    if isinstance(value, Iterable):
        return (dict,) if isinstance(value, Mapping) else (list,)
    return (bool,) if "bool" in type(value).__name__ else (int, float)


def plain(value: Any) -> Any:
    """Return valid data in Python's own types, which files give: of a subclass the base, what is plain as it is.

    Methods of a subclass are not called, as they may do anything: ``Markup.replace`` escapes.
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


def _plain_instant(value: datetime) -> datetime:
    return datetime(
        *(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond),
        tzinfo=value.tzinfo,
        fold=value.fold,
    )


def _plain_integer(value: int) -> int:
    # What ruamel.yaml makes of a boolean that has an anchor is no subclass of bool, as there can be none.
    return bool(value) if type(value).__name__ == "ScalarBoolean" else int.__int__(value)


_MAKE_PLAIN: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (str, str.__str__),
    (int, _plain_integer),
    (float, float.__float__),
    (datetime, _plain_instant),
    (date, lambda value: date(value.year, value.month, value.day)),
)
_PLAIN_TYPES: Final = frozenset({str, bool, int, float, datetime, date, type(None)})


def text_problem(value: object) -> str | None:
    """Say what keeps *value* from being text that a UTF-8 file can hold."""
    if not isinstance(value, str):
        return f"must be text, not {describe(value)}"
    if type(value) is not str:
        text = str.__str__(value)
        if str(value) != text:  # an Enum of texts, which Python shows as its name
            return f"must be text, not {describe(value)}: use value.value"
        value = text
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            at = error.start
            return f"holds a lone surrogate (U+{ord(value[at]):04X}, character {at + 1}), which no UTF-8 file can hold"
    return None


def _secured_problem(value: object) -> str | None:
    if isinstance(value, str):
        return "must be wrapped: newsitem.Secured(text)"
    return f"must be newsitem.Secured, not {describe(value, secret=True)}"


def integer_problem(value: object) -> str | None:
    """Say what keeps *value* from being an integer of 64 bits."""
    if not isinstance(value, int) or isinstance(plain(value), bool):
        return f"must be an integer, not {describe(value)}{use(int, value)}"
    if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
        return "must be an integer of at most 64 bits"
    return None


def boolean_problem(value: object) -> str | None:
    """Say what keeps *value* from being a boolean."""
    if isinstance(value, int) and isinstance(plain(value), bool):
        return None
    return f"must be true or false, not {describe(value)}{use(bool, value)}"


def instant_problem(value: object) -> str | None:
    """Say what keeps *value* from being an aware datetime in the years 1 to 9999 of UTC."""
    if not isinstance(value, datetime):
        return f"must be a datetime with a time zone, not {describe(value)}"
    if value != value:  # noqa: PLR0124 - of all datetimes, NaT of pandas alone does not equal itself
        return "must be a datetime with a time zone, not NaT, which is no time at all"
    if getattr(value, "nanosecond", 0):  # as Timestamp of pandas has
        return "has nanoseconds, which would be lost: use value.floor('us')"
    if value.utcoffset() is None:
        return "must have a time zone: add tzinfo=datetime.timezone.utc"
    try:
        plain(value).astimezone(UTC)
    except (OverflowError, ValueError):  # ValueError: a subclass may know other years
        return "must be within the years 1 to 9999 in UTC"
    return None


SCALAR_PROBLEM: Final[dict[Style, Callable[[object], str | None]]] = {
    Style.PLAIN: text_problem,
    Style.QUOTED: text_problem,
    Style.INTEGER: integer_problem,
    Style.BOOLEAN: boolean_problem,
    Style.INSTANT: instant_problem,
}


def value_problems(value: object, key: Key) -> Found:
    """Find what is wrong with *value* as the value of *key*, without looking into objects."""
    if value is None and not (key.required or key.style.is_list):
        return
    if key.style.is_list:
        yield from _list_problems(value, key)
    elif problem := _one_problem(value, key):
        yield "", problem


def _one_problem(value: object, key: Key) -> str | None:
    if key.of is None:
        return SCALAR_PROBLEM[key.style](value)
    if type(value) is key.of:
        return None
    if key.style is Style.SECURED:
        return _secured_problem(value)
    return f"must be newsitem.{key.of.__name__}, not {describe(value)}"


def _list_problems(value: object, key: Key) -> Found:
    if not isinstance(value, list):
        yield "", f"must be a list, not {describe(value)}{use(list, value)}"
        return
    for index, entry in enumerate(value):
        problem = text_problem(entry) if key.of is None else _one_problem(entry, key)
        if problem:
            yield f"[{index}]", problem


def extras_problems(extras: object, cls: type) -> Found:
    """Find what is wrong with the unknown keys of an object of *cls*, and with their values."""
    if not isinstance(extras, dict):
        yield "", f"must be a dict, not {describe(extras)}{use(dict, extras)}"
        return
    for name in extras:
        if name in keys_by_name(cls):
            yield f".{name}", f"is a field of its own: set the attribute {keys_by_name(cls)[name].attribute}"
    limits = _limits.current()
    if extras and is_beyond(extras, limits):
        yield "", TOO_MANY.format(limits.values)
        return
    yield from _plain_problems(extras, limits.data_depth)


def is_beyond(data: object, limits: _limits.Limits) -> bool:
    """Tell whether plain data holds too many values; what is in several places counts in each."""
    left = limits.values
    level = [data]
    for _ in range(limits.data_depth + 1):
        inner = (each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list))
        level = list(islice(chain.from_iterable(inner), left + 1))
        left -= len(level)
        if left < 0:
            return True
    return False


def too_deep() -> str:
    """Say that plain data is beyond the limit of depth."""
    return f"is nested more than {_limits.current().data_depth} levels deep: {_limits.advice('depth')}"


def _plain_problems(value: object, levels: int) -> Found:
    """Find what is wrong with plain data, which is what YAML can hold and every reader gives back."""
    if levels < 0 and isinstance(value, dict | list):
        yield "", too_deep()
    elif isinstance(value, dict):
        for name, child in value.items():
            problem = key_problem(name)
            if problem:
                yield f".{key_name(name)}" if isinstance(name, str) else "", problem
            else:
                yield from _below(f".{key_name(name)}", _plain_problems(child, levels - 1))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _below(f"[{index}]", _plain_problems(child, levels - 1))
    elif problem := _plain_scalar_problem(value):
        yield "", problem


def _below(prefix: str, found: Found) -> Found:
    return ((prefix + path, message) for path, message in found)


def key_problem(name: object) -> str | None:
    """Say what keeps *name* from being a key."""
    if problem := text_problem(name):
        return f"a key {problem}"
    if name == "<<":
        return "a key '<<' means a merge to some readers of YAML"
    if len(quoted(str(name))) > MAXIMUM_KEY:
        return f"a key must be at most {MAXIMUM_KEY} characters long as written"
    return None


def _plain_scalar_problem(value: object) -> str | None:
    if value is None or isinstance(value, bool | float):
        return None
    if isinstance(value, int):
        too_long = abs(value) > 1 << 64 and math.log10(abs(value)) > _MAXIMUM_INTEGER_DIGITS
        return f"must have at most {_MAXIMUM_INTEGER_DIGITS} digits" if too_long else None
    if isinstance(value, datetime):
        return instant_problem(value)
    if isinstance(value, date):
        return None
    if isinstance(value, str):
        return text_problem(value)
    hint = next(filter(None, (use(kind, value) for kind in (dict, list, bool, int, float))), "")
    return f"must be text, a number, a boolean, a date, None, a list or a dict, not {describe(value)}{hint}"


def set_problems(cls: type, attribute: str, value: object) -> list[Problem]:
    """List what is wrong with setting *attribute* of an object of *cls* to *value*."""
    if attribute == "extras":
        return _problems("extras", extras_problems(value, cls))
    if attribute == "body":
        problem = text_problem(value)
        return [Problem(problem, field="body")] if problem else []
    found = keys_by_attribute(cls).get(attribute)
    return [] if found is None else _problems(found.name, value_problems(value, found))


def _problems(prefix: str, found: Found) -> list[Problem]:
    return [Problem(message, field=prefix + path) for path, message in found]


def init_problems(thing: object) -> list[Problem]:
    """List what is wrong with the attributes of one object, without looking into the objects below it."""
    cls: type = type(thing)
    return [problem for name in _attributes(thing) for problem in set_problems(cls, name, getattr(thing, name))]


def _attributes(thing: object) -> list[str]:
    cls: type = type(thing)
    return [key.attribute for key in keys(cls)] + [name for name in ("extras", "body") if hasattr(thing, name)]


def make_plain(thing: object) -> None:
    """Return an object, whose attributes are valid, plain values."""
    for name in _attributes(thing):
        object.__setattr__(thing, name, plain(getattr(thing, name)))


def require(problems: Iterable[Problem]) -> None:
    """Raise `ValidationError` where there are problems."""
    if problems := list(problems):
        raise ValidationError(problems)


def whole_problems(thing: Any) -> list[Problem]:
    """List what is wrong with an object and all below it.

    Attributes are checked when they are set, so that only what lists and dicts hold can be wrong.
    """
    return _whole_problems(thing, "")


def is_whole(thing: Any) -> bool:
    """Tell whether `whole_problems` finds nothing and all values are plain."""
    cls: type = type(thing)
    return _whole_check(cls)(thing)


@cache
def _whole_check(cls: type) -> Callable[[Any], bool]:
    """Make the function for `is_whole`, which does without the cost of listing what is wrong."""
    names: dict[str, Any] = {"cls": cls, "are_whole": _are_whole_extras, "text": {str}, "text_problem": text_problem}
    lines = ["if thing.extras and not are_whole(thing.extras, cls): return False"]
    for key in keys(cls):
        value, check, of = f"thing.{key.attribute}", f"check_{key.attribute}", f"class_of_{key.attribute}"
        if key.of is not None and key.style.is_block:
            names |= {check: _whole_check(key.of), of: key.of}
        if key.style is Style.TEXTS:
            lines.append(f"if not text.issuperset(map(type, {value})) or any(map(text_problem, {value})): return False")
        elif key.style is Style.OBJECT:
            lines.append(f"if {value} is not None and not {check}({value}): return False")
        elif key.style is Style.OBJECTS:
            lines.append(f"for each in {value}:")
            lines.append(f"    if each.__class__ is not {of} or not {check}(each): return False")
    return function(["thing"], [*lines, "return True"], names)


def _are_whole_extras(extras: dict[str, Any], cls: type) -> bool:
    return not any(True for _ in extras_problems(extras, cls)) and plain(extras) is extras


def _whole_problems(thing: Any, prefix: str) -> list[Problem]:
    cls: type = type(thing)
    problems = _problems(f"{prefix}extras", extras_problems(thing.extras, cls))
    for key in keys(cls):
        value = getattr(thing, key.attribute)
        path = prefix + key.name
        if key.style is Style.OBJECT and value is not None:
            problems += _whole_problems(value, f"{path}.")
        elif key.style.is_list and value:
            problems += _problems(path, _list_problems(value, key))
            for index, child in enumerate(value if key.of else ()):
                if type(child) is key.of:
                    problems += _whole_problems(child, f"{path}[{index}].")
    return problems


def in_utc(value: datetime | None) -> datetime | None:
    """Make an instant comparable: Python calls none equal in an hour that a zone has twice, or not at all."""
    return value if value is None or value.tzinfo in (None, UTC) else value.astimezone(UTC)


def comparable(value: Any) -> Any:
    """Make plain data comparable by type and value: ``1`` is neither ``True`` nor ``1.0``, NaN equals itself.

    What is beyond the limits, as data that contains itself, is equal to itself alone.
    """
    if value.__class__ is dict and not value:  # as mostly
        return value
    limits = _limits.current()
    if isinstance(value, dict | list) and is_beyond(value, limits):
        return _identity(value)
    return _comparable(value, limits.data_depth)


def _identity(value: object) -> tuple[type, int]:
    return object, id(value)


def _comparable(value: Any, levels: int) -> Any:
    if isinstance(value, dict | list) and levels < 0:
        return _identity(value)
    if isinstance(value, dict):
        return {name: _comparable(child, levels - 1) for name, child in value.items()}
    if isinstance(value, list):
        return [_comparable(child, levels - 1) for child in value]
    if isinstance(value, float):
        return (float, float.__repr__(value))
    if isinstance(value, int):
        return (type(number := plain(value)), number)
    return in_utc(value) if isinstance(value, datetime) else value
