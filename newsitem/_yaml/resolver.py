"""Resolve plain scalars as Jekyll's YAML 1.1 does.

Jekyll reads front matter with Ruby's Psych. Psych resolves plain scalars by the rules of YAML 1.1, with some of its own
(commas in numbers, ``1:30`` as hours and minutes, ``:name`` for a symbol). newsitem follows the same rules, so that its
values are the ones that the site shows.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from newsitem._yaml.scalars import TOO_LARGE

_NULLS = frozenset(("", "~", "null"))
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_INTEGER = re.compile(
    r"(?P<octal>[-+]?0[0-7_,]+)"
    r"|(?P<decimal>[-+]?(?:0|[1-9](?:[0-9]++|[,_][0-9])*+))"
    r"|(?P<hexadecimal>[-+]?0x[_,]*[0-9a-fA-F][0-9a-fA-F_,]*)"
    r"|(?P<binary>[-+]?0b[_,]*[01][01_,]*)"
)
_BASES = {"octal": 8, "decimal": 10, "hexadecimal": 16, "binary": 2}
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(\.[0-9_]*)?")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_,]*\.[0-9]*|\.[0-9]+)(?:[eE][+-][0-9]+)?")
_SPECIAL_FLOATS = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_INSTANT = re.compile(
    _DATE.pattern + r"(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?"
    r"(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2}):?([0-9]{2})?))?"
)


def is_null(text: str) -> bool:
    """Return whether the plain scalar *text* is a null."""
    return text.lower() in _NULLS


def to_boolean(text: str) -> bool | None:
    """Return the plain scalar *text* as a boolean, or ``None``."""
    return _BOOLEANS.get(text.lower())


def to_integer(text: str) -> int | None:
    """Return the plain scalar *text* as an integer, or ``None``. One with too many digits for Python is `TOO_LARGE`."""
    try:
        if match := _INTEGER.fullmatch(text):
            return int(text.replace("_", "").replace(",", ""), _BASES[str(match.lastgroup)])
        if (match := _SEXAGESIMAL.fullmatch(text)) and match[1] is None:
            return int(_sexagesimal(text))
    except ValueError:  # Python does not convert thousands of digits
        return TOO_LARGE
    return None


def to_float(text: str) -> float | None:
    """Return the plain scalar *text* as a floating-point number, or ``None``."""
    if special := _SPECIAL_FLOATS.get(text.lower()):
        return float(special)
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", "").replace(",", ""))
    if (match := _SEXAGESIMAL.fullmatch(text)) and match[1] is not None:
        return float(_sexagesimal(text))
    return None


def _sexagesimal(text: str) -> int | float:
    """Read ``1:30`` as Psych does: hours, minutes and seconds from the left. A sign applies to the hours only."""
    number = float if "." in text else int
    parts = text.replace("_", "").split(":")
    return sum(number(part) * seconds for part, seconds in zip(parts, (3600, 60, 1), strict=False))


def to_date(text: str) -> date | None:
    """Return the plain scalar *text* as a date, or ``None``."""
    match = _DATE.fullmatch(text)
    try:
        return match and date(*map(int, match.groups()))
    except ValueError:
        return None


def to_instant(text: str) -> datetime | None:
    """Return the plain scalar *text* as an instant in UTC, or ``None``. Without a zone, it is in UTC."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    *numbers, fraction, _, sign, hours, minutes = match.groups()
    microsecond = int(fraction[:6].ljust(6, "0")) if fraction else 0
    try:
        local = datetime(*map(int, numbers), microsecond, tzinfo=UTC)  # type: ignore[misc, arg-type]
        if sign is None:
            return local
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return local + offset if sign == "-" else local - offset
    except (ValueError, OverflowError):
        return None


def looks_like_instant(text: str) -> bool:
    """Return whether *text* has the form of a date or an instant, even if there is no such date."""
    return (_INSTANT.fullmatch(text) or _DATE.fullmatch(text)) is not None


def resolve(text: str) -> bool | int | float | date | datetime | str | None:
    """Return the value of a plain scalar whose type no field determines."""
    if is_null(text):
        return None
    for convert in (to_boolean, to_instant, to_date, to_float, to_integer):
        value = convert(text)
        if value is not None:
            return value
    return text
