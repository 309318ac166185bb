"""Scalars: what a plain one means in Jekyll's YAML 1.1, and how text is written so that it stays text.

Jekyll reads front matter with Ruby's Psych, whose rules for plain scalars are those of YAML 1.1 with
habits of its own (commas in numbers, ``1:30`` in minutes of an hour, ``:name`` for a symbol). The resolver
here has the same rules, so that what newsitem holds is what the site shows. The test whether a text may
stand plain is wider: it asks whether any reader of YAML 1.1 or 1.2 would take the text for something else.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

INTEGER_LIMIT: Final = 2**63
"""Integers of a field are those of 64 bits with a sign, as every reader and Arrow can hold them."""

# What YAML allows in a stream. Lone surrogates are not characters, and are refused with the rest.
FORBIDDEN: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What stands raw in no line of the publisher's: three of its six escapes, what YAML forbids, and the two other
# characters that end a line in YAML 1.1. Below it what of them are single bytes, and those of two.
_UNUSUAL: Final = re.compile("[\t\r\x85\u2028\u2029]|" + FORBIDDEN.pattern)
_UNUSUAL_BYTES: Final = bytes(byte for byte in range(128) if byte != ord("\n") and _UNUSUAL.match(chr(byte)))
_UNUSUAL_TWO_BYTES: Final = re.compile(b"\xc2[\x80-\x9f]")
_ESCAPES = {"\r": "\\r", "\t": "\\t", "\u2028": "\\u2028"}
_CANONICAL_QUOTED = re.compile(
    r'(?:[^"\\\n\r\t\u2028\u2029\x85]|\\["\\nrt]|\\u2028)*'  # what `quoted` writes for legal characters
)
_UNESCAPE = re.compile(r"\\(u2028|.)")
_UNESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "u2028": "\u2028"}

_NULLS = frozenset(("", "~", "null"))
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_INTEGER = re.compile(
    r"(?P<octal>[-+]?0[0-7_,]+)"
    r"|(?P<decimal>[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*))"
    r"|(?P<hexadecimal>[-+]?0x[_,]*[0-9a-fA-F][0-9a-fA-F_,]*)"
    r"|(?P<binary>[-+]?0b[_,]*[01][01_,]*)"
)
_BASES = {"octal": 8, "decimal": 10, "hexadecimal": 16, "binary": 2}
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(\.[0-9_]*)?")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][+-][0-9]+)?")
_SPECIAL_FLOATS = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_INSTANT = re.compile(
    _DATE.pattern + r"(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?"
    r"(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2}):?([0-9]{2})?))?"
)

# Any text that a reader of YAML 1.1 or 1.2 may take for null, a boolean, a number, a time, a merge or a default.
_LOOKS_LIKE_ELSE = re.compile(
    r"~|null|y|n|yes|no|on|off|true|false|=|<<"
    r"|[-+]?\.(?:inf|nan)"
    r"|[-+]?0[xob][0-9a-f_,]*"
    r"|[-+]?\.?[0-9][0-9_,.]*(?:e[-+]?[0-9]*)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:.]+[ \t]*(?:z|[-+][0-9:]+)?)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?![-?:,\[\]{}#&*!|>'\"%@` ])"  # an indicator or a blank at the start
    r"(?:[^\t\n\r:#\u2028\u2029\x85]|:(?![ ]|\Z)|(?<! )\#)*"  # neither ': ' nor ' #'
    r"(?<![ ])"
)


def is_null(text: str) -> bool:
    """Tell whether the plain scalar *text* is a null."""
    return text.lower() in _NULLS


def to_boolean(text: str) -> bool | None:
    """Give the boolean that the plain scalar *text* is, or ``None``."""
    return _BOOLEANS.get(text.lower())


def to_integer(text: str) -> int | None:
    """Give the integer that the plain scalar *text* is, or ``None`` (also where it has too many digits)."""
    try:
        if match := _INTEGER.fullmatch(text):
            return int(text.replace("_", "").replace(",", ""), _BASES[str(match.lastgroup)])
        if (match := _SEXAGESIMAL.fullmatch(text)) and match[1] is None:
            return int(_sexagesimal(text))
    except ValueError:  # Python refuses to convert thousands of digits
        pass
    return None


def to_float(text: str) -> float | None:
    """Give the floating-point number that the plain scalar *text* is, or ``None``."""
    if special := _SPECIAL_FLOATS.get(text.lower()):
        return float(special)
    if _FLOAT.fullmatch(text) and text.strip("+-") != ".":
        return float(text.replace("_", "").replace(",", ""))
    if (match := _SEXAGESIMAL.fullmatch(text)) and match[1] is not None:
        return float(_sexagesimal(text))
    return None


def _sexagesimal(text: str) -> int | float:
    """Read ``1:30`` as Psych does: hours, minutes and seconds from the left, in seconds."""
    sign = -1 if text.startswith("-") else 1
    hours, minutes, *seconds = text.replace("_", "").lstrip("+-").split(":")
    total: int | float = int(hours) * 3600 + int(minutes if "." not in minutes else 0) * 60
    if "." in minutes:
        return sign * (total + float(minutes) * 60)
    if not seconds:
        return sign * total
    return sign * (total + (float(seconds[0]) if "." in seconds[0] else int(seconds[0])))


def to_date(text: str) -> date | None:
    """Give the date that the plain scalar *text* is, or ``None``."""
    match = _DATE.fullmatch(text)
    try:
        return match and date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def to_instant(text: str) -> datetime | None:
    """Give the instant that the plain scalar *text* is, in UTC, or ``None``. Without a zone it is UTC."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    fraction, _, sign, hours, minutes = match.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    microseconds = int((fraction or "")[:6].ljust(6, "0"))
    try:
        local = datetime(*(int(part) for part in match.groups()[:6]), microseconds, tzinfo=UTC)  # type: ignore[misc, arg-type]
        return local + offset if sign == "-" else local - offset
    except (ValueError, OverflowError):
        return None


def looks_like_instant(text: str) -> bool:
    """Tell whether *text* has the form of a date or an instant, be it one that exists or not."""
    return (_INSTANT.fullmatch(text) or _DATE.fullmatch(text)) is not None


def resolve(text: str) -> bool | int | float | date | datetime | str | None:
    """Give the value of a plain scalar where no field names its type."""
    if is_null(text):
        return None
    for convert in (to_boolean, to_instant, to_date, to_float, to_integer):
        value = convert(text)
        if value is not None:
            return value
    return text


@lru_cache(maxsize=1 << 16)
def stands_plain(text: str) -> bool:
    """Tell whether *text*, written without quotes, is the same text to every reader of YAML."""
    return (
        text != ""
        and _PLAIN.fullmatch(text) is not None
        and _LOOKS_LIKE_ELSE.fullmatch(text) is None
        and FORBIDDEN.search(text) is None
    )


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Write *text* without quotes where it may stand so, and else in double quotes."""
    return text if stands_plain(text) else quoted(text)


def quoted(text: str) -> str:
    """Write *text* in double quotes, escaped as the publisher does, on one line."""
    return escaped(enclosed(text))


def enclosed(text: str) -> str:
    """Write *text* in double quotes, on one line, but leave to `escaped` what is rare."""
    if '"' in text or "\\" in text or "\n" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def escaped(text: str) -> str:
    """Give text whose unusual characters all stand in double quotes with escapes in their place."""
    return _UNUSUAL.sub(_escape, text) if is_unusual(text, text.encode()) else text


def is_unusual(text: str, data: bytes) -> bool:
    """Tell whether *text*, which is *data* in UTF-8, holds a character that the publisher never writes raw."""
    if data.translate(None, _UNUSUAL_BYTES) != data:
        return True
    if text.isascii():
        return False
    wide = "\u2028" in text or "\u2029" in text or "\ufffe" in text or "\uffff" in text
    return wide or _UNUSUAL_TWO_BYTES.search(data) is not None


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _ESCAPES.get(character, f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def unquoted(body: str) -> str | None:
    """Read what stands between double quotes, or give ``None`` where `quoted` would not have written it so."""
    if "\\" not in body:
        return None if '"' in body else body
    if _CANONICAL_QUOTED.fullmatch(body) is None:
        return None
    return _UNESCAPE.sub(lambda match: _UNESCAPED[match[1]], body)


@lru_cache(maxsize=1 << 14)
def instant(value: datetime) -> str:
    """Write an instant in UTC, as ``2020-06-24T22:10:00Z``."""
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def number(value: float) -> str:
    """Write a floating-point number so that YAML 1.1 reads it as one."""
    text = repr(float(value))
    if "n" in text:
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[text]
    mantissa, exponent, power = text.partition("e")
    return mantissa + (".0" if exponent and "." not in mantissa else "") + exponent + power
