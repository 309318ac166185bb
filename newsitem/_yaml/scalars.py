"""Write text, numbers and instants as scalars that every YAML reader understands in the same way.

A text may be plain if no reader of YAML 1.1 or 1.2 would mistake it for something else. This test is stricter than
Jekyll's own rules, which are in `newsitem._yaml.resolver`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

INTEGER_LIMIT: Final = 2**63
"""Integer fields are signed 64-bit integers, the range that every reader and Arrow supports."""

TOO_LARGE: Final = 1 << 20_000
"""An integer that every check refuses, in place of those with too many digits for Python."""

# Characters that YAML does not allow in a stream: controls, lone surrogates and two noncharacters.
FORBIDDEN: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"

# Rarely used patterns are strings here; `re` compiles and caches them on first use. Repetitions are possessive (`++`,
# `*+`), because each character that a match could give back costs memory.

# Characters that the publisher never writes raw: three of its six escapes, the characters that YAML forbids, and the
# two other characters that end a line in YAML 1.1. The bytes below serve to find those of one and two bytes in UTF-8.
_UNUSUAL: Final = f"[\t\r\x85\u2028\u2029{FORBIDDEN}]"
_USUAL_SIGNS: Final = b'"\\\n'
_OTHER_BYTES: Final = bytes(set(range(32, 256)) - {127, *_USUAL_SIGNS})
_LEAD_BYTE: Final = b"\xc2"
_LAST_CONTROL: Final = 0x9F
_ESCAPES = {"\r": "\\r", "\t": "\\t", "\u2028": "\\u2028"}
_RAW: Final = r'[^"\\\n\r\t\u2028\u2029\x85]*+'
CANONICAL_QUOTED: Final = rf'{_RAW}(?:\\(?:["\\nrt]|u2028){_RAW})*+'
"""The text that `quoted` writes between its quotes for legal characters."""
_LINE_WITH_ESCAPES: Final = rb'[^"\\\n]*+"[^"\\\n]*+(?:\\(?:["\\nrt]|u2028)[^"\\\n]*+)++"\n'
_UNESCAPE: Final = r"\\(u2028|.)"
_UNESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "u2028": "\u2028"}

# Text that a reader of YAML 1.1 or 1.2 may resolve to null, a boolean, a number, a time, a merge or a default.
_AMBIGUOUS: Final = (
    r"(?i:~|null|y|n|yes|no|on|off|true|false|=|<<"
    r"|[-+]?\.(?:inf|nan)"
    r"|[-+]?0[xob][0-9a-f_,]*"
    r"|[-+]?\.?[0-9][0-9_,.]*(?:e[-+]?[0-9]*)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])++(?:\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:.]+[ \t]*(?:z|[-+][0-9:]+)?)?)"
)
_MAYBE_AMBIGUOUS: Final = r"(?=[-+.~=<0-9]|[nytofNYTOF].{0,4}\n)"
"""A quick test at the start of a line's text, which fails for most texts that are not ambiguous."""
_PLAIN: Final = (
    r"(?![-?:,\[\]{}#&*!|>'\"%@` \n])"  # an indicator or a space at the start
    r"[^\n:#]*+(?:(?::(?![ \n]|\Z)|(?<! )\#)[^\n:#]*+)*+"  # neither ': ' nor ' #'
    r"(?<![ ])"
)
SAFE_PLAIN: Final = rf"(?!{_MAYBE_AMBIGUOUS}{_AMBIGUOUS}\n){_PLAIN}"
"""Text that `is_safe_plain` accepts, up to a line end, in a text without unusual characters."""
PLAIN_TEXT: Final = r"(?:https?+:(?![ \n])|[A-Za-z][^\n:#]{5})[^\n:#]*+(?::[^ \n:#][^\n:#]*+)*+(?<![ ])"
"""Most text that `SAFE_PLAIN` matches, in a shorter pattern: URLs, and text that is too long to be ambiguous."""


IN_QUOTES: Final = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+')"""
"""A quoted scalar on one line."""
IN_BRACKETS: Final = rf"""(?:[^"'\#\[\]{{}}\n]|(?<=\w)'|(?:(?<=[\[{{,:])|(?<=[\[{{,:][ ])){IN_QUOTES})"""
"""A character or a quoted scalar in brackets that certainly opens and closes nothing."""


def is_safe_plain(text: str) -> bool:
    """Return whether *text*, written without quotes, means the same text to every YAML reader."""
    return (
        text != ""
        and re.fullmatch(_PLAIN, text) is not None
        and re.fullmatch(_AMBIGUOUS, text) is None
        and re.search(_UNUSUAL, text) is None
    )


class ShortTexts(dict[str, str]):
    """A cache of a function's results for texts that recur, such as outlets and topics. Long texts are not cached."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str) -> str:
        result = self._function(text)
        if len(text) <= _SHORT:
            if len(self) >= _MOST_SHORT_TEXTS:
                self.clear()
            self[text] = result
        return result


_SHORT: Final = 200
_MOST_SHORT_TEXTS: Final = 1 << 15

plain: Final[Callable[[str], str]] = ShortTexts(lambda text: text if is_safe_plain(text) else quoted(text)).__getitem__
"""Write text without quotes if that is safe, and in double quotes otherwise."""


def written_key(name: str) -> str:
    """Write a key. At the start of a line, even plain text may have another meaning."""
    return quoted(name) if name.startswith(("...", "\ufeff")) else plain(name)


def quoted(text: str) -> str:
    """Write *text* in double quotes on one line, with the publisher's escapes."""
    return escaped(enclosed(text))


def enclosed(text: str) -> str:
    """Write *text* in double quotes on one line. Rare characters are left for `escaped`."""
    if '"' in text or "\\" in text or "\n" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def escaped(text: str) -> str:
    """Replace unusual characters with escapes in a text that contains them only inside double quotes."""
    return re.sub(_UNUSUAL, _escape, text) if Signs(text.encode()).is_unusual(text) else text


class Signs:
    """The characters of a text that decide how it is read. They are found in one pass.

    Args:
        data: The text in UTF-8.
    """

    __slots__ = ("_signs", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        """The text in UTF-8."""
        self._signs = data.translate(None, _OTHER_BYTES)
        """The double quotes, backslashes, line ends and unusual bytes, in order."""

    def is_unusual(self, text: str) -> bool:
        """Return whether *text*, the text in characters, contains one that the publisher never writes raw."""
        if self._signs.translate(None, _USUAL_SIGNS):
            return True
        if text.isascii():
            return False
        if "\u2028" in text or "\u2029" in text or "\ufffe" in text or "\uffff" in text:
            return True
        at = self.data.find(_LEAD_BYTE)  # faster than a pattern, because the byte is rare
        while at >= 0 and self.data[at + 1] > _LAST_CONTROL:
            at = self.data.find(_LEAD_BYTE, at + 2)
        return at >= 0

    def has_paired_quotes(self) -> bool:
        """Return whether each line has no double quote, or two, with only legal escapes between them."""
        lines_left = len(self._signs.replace(b'""\n', b"\n").split())  # lines with signs other than two quotes
        line_at = re.compile(_LINE_WITH_ESCAPES).match
        at = self.data.find(b"\\")
        while at >= 0:
            line = line_at(self.data, self.data.rfind(b"\n", 0, at) + 1)
            if line is None:
                return False
            lines_left -= 1
            at = self.data.find(b"\\", line.end())
        return lines_left == 0


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _ESCAPES.get(character, f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def unquoted(body: str) -> str | None:
    """Read the text between double quotes, or return ``None`` if `quoted` would have written it differently."""
    if "\\" not in body:
        return None if '"' in body else body
    if re.fullmatch(CANONICAL_QUOTED, body) is None:
        return None
    return re.sub(_UNESCAPE, lambda match: _UNESCAPED[match[1]], body)


integer: Final = int.__repr__  # for subclasses too
"""Write an integer."""


def instant(value: datetime) -> str:
    """Write an instant in UTC, such as ``2020-06-24T22:10:00Z``."""
    return _instant_in_utc(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=1 << 14)
def _instant_in_utc(value: datetime) -> str:
    """Write an instant in UTC. In other zones, equal instants may be an hour apart when clocks go back."""
    return value.isoformat().removesuffix("+00:00") + "Z"


_YEAR: Final = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP: Final = "(?:0[48]|[2468][048]|[13579][26])"
DATE: Final = (
    f"(?:{_YEAR}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    f"|(?:[0-9]{{2}}{_LEAP}|{_LEAP}00)-02-29)"
)
"""A date that exists."""
TIME: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
"""Hours and minutes."""
RFC_3339: Final = f"{DATE}[Tt]{TIME}:[0-5][0-9](?:[.][0-9]+)?(?:[Zz]|[+-]{TIME})"
"""The pattern of an instant in plain data and JSON, and in JSON Schema."""


def instant_from_text(text: str) -> datetime | None:
    """Return an RFC 3339 *text* as an instant in UTC, or ``None``. Out of range there, it keeps its zone."""
    if re.fullmatch(RFC_3339, text) is None:
        return None
    instant = datetime.fromisoformat(text.upper())
    with suppress(OverflowError):
        return instant.astimezone(UTC)
    return instant


def date_from_text(text: str) -> date | None:
    """Return an RFC 3339 *text* as a date, or ``None``."""
    return date.fromisoformat(text) if re.fullmatch(DATE, text) is not None else None


def number(value: float) -> str:
    """Write a number for YAML 1.1, in which a floating-point number has a decimal point."""
    if isinstance(value, int):
        return integer(value)
    text = repr(float(value))
    if "n" in text:
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[text]
    mantissa, exponent, power = text.partition("e")
    return mantissa + (".0" if exponent and "." not in mantissa else "") + exponent + power


_WRITERS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (str, enclosed),
    (bool, lambda value: "true" if value else "false"),
    (int, integer),
    (float, number),
    (datetime, instant),
    (date, date.isoformat),
    (type(None), lambda _: "null"),
)


def untyped(value: Any) -> str:
    """Write a scalar of a key that no field names, on one line. Rare characters are left for `escaped`."""
    write: Any = next(write for kind, write in _WRITERS if isinstance(value, kind))
    text: str = write(value)
    return text
