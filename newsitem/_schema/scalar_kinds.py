"""Define the kinds of scalars: text, numbers, booleans, instants and dates. A new kind is one class here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from newsitem._schema.kinds import CACHED, Kind, refused, resolves_by_text
from newsitem._schema.secured import Secured, secured
from newsitem._schema.values import describe, in_utc, plain, text_problem
from newsitem._yaml.scalars import (
    DATE,
    INTEGER_LIMIT,
    RFC_3339,
    SAFE_PLAIN,
    TIME,
    date_from_text,
    instant_from_text,
    number,
)
from newsitem.errors import ValidationError, shortened

if TYPE_CHECKING:
    from newsitem._yaml.nodes import Scalar

_OTHER_THAN_TEXT: Final = frozenset(("int", "float", "bool", "null", "timestamp", "binary"))


class Text(Kind):
    """Text, regardless of what it looks like."""

    python = str
    wanted = "must be text"
    takes_quotes = True
    taking = "{0}.__class__ is str and ({0}.isascii() or {0}.encode())"

    def problem(self, value: object) -> str | None:
        return text_problem(value)

    def from_node(self, node: Scalar) -> str | None:
        """Return the text if Psych reads the scalar as text, even if its tag names another type, as in ``!!null x``."""
        if node.tag not in _OTHER_THAN_TEXT:
            return node.text
        from newsitem._yaml.resolver import resolve

        return node.text if resolves_by_text(node) and isinstance(resolve(node.text), str) else None

    def from_plain(self, text: str) -> str:
        return text

    from_quoted = from_plain


class PlainText(Text):
    """Text without quotes, if that is safe."""

    label = "text, plain"
    pattern = "(.+)"
    proof = SAFE_PLAIN
    reading = "_plain({0})"
    writing = "f'{start}{plain(value)}'"


_QUOTED: Final = '(?:"(?!"")|(?=""\n))(.+)"'
"""Text in double quotes. For an empty text, the group is a quote: an empty group means that the key is missing."""
_UNQUOTED: Final = """({0} if '"' not in {0} and '\\\\' not in {0} else _quoted({0}))"""


class QuotedText(Text):
    """Text in double quotes."""

    label = "text, double-quoted"
    pattern = _QUOTED
    proof = '".*"'
    reading = _UNQUOTED
    writing = (
        """(f'{start}"{value}"' if '"' not in value and '\\\\' not in value and '\\n' not in value"""
        """ else f'{start}{enclosed(value)}')"""
    )


class SecuredText(Kind):
    """The publisher's opaque text. Messages never show it."""

    label = "opaque text, double-quoted"
    python = Secured
    wanted = "must be text (the value is not shown)"
    is_hidden = True
    takes_quotes = True
    pattern = _QUOTED
    proof = QuotedText.proof
    reading = f"_secured({_UNQUOTED})"
    calls: ClassVar = {"_secured": secured}
    writing = "f'{start}{enclosed(value.text)}'"
    taking = "{0}.__class__ is _Secured"

    def problem(self, value: object) -> str | None:
        if type(value) is Secured:
            return None
        if isinstance(value, str):
            return "must be wrapped: use newsitem.Secured(text)"
        return f"must be newsitem.Secured, not {describe(value, secret=True)}"

    def from_node(self, node: Scalar) -> Secured | None:
        return None if node.tag in _OTHER_THAN_TEXT else self.from_data(node.text, node)

    def from_data(self, value: object, place: object = None) -> Any:
        if type(value) is str and value.isascii():  # nothing else to check
            return secured(value)
        try:
            return Secured(value) if isinstance(value, str) else value
        except ValidationError as error:
            raise refused(error.problems[0].message, place) from None

    def from_plain(self, text: str) -> Secured:
        return secured(text)

    from_quoted = from_plain

    def data(self, value: Secured, *, json: bool) -> str:  # noqa: ARG002 - the same in JSON
        return value.text

    def shown(self, value: Secured) -> str:
        return f"{len(value):,} characters"


class Integer(Kind):
    """A 64-bit integer."""

    label = "integer"
    python: Any = int
    is_ordered = True
    wanted = "must be an integer"
    resolvers: tuple[str, ...] = ("to_integer",)
    schema: ClassVar = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
    arrow_type = "int64"
    taking = f"{{0}}.__class__ is int and {-INTEGER_LIMIT} <= {{0}} < {INTEGER_LIMIT}"
    pattern = "(0|-?[1-9][0-9]{0,17})"
    proof = "(?:0|-?[1-9][0-9]{0,17})"
    reading = "_integer({0})"
    calls: ClassVar = {"_integer": lru_cache(CACHED)(int)}
    writing = "f'{start}{integer(value)}'"

    def problem(self, value: object) -> str | None:
        if isinstance(value, int) and not -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            return f"{self.wanted} of at most 64 bits"
        return super().problem(value)

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(plain(value), bool)


class Boolean(Kind):
    """A boolean."""

    label = "boolean"
    python = bool
    wanted = "must be true or false"
    resolvers = ("to_boolean",)
    schema: ClassVar = {"type": "boolean"}
    arrow_type = "bool_"
    taking = "{0}.__class__ is bool"
    pattern = "(true|false)"
    proof = "(?:true|false)"
    reading = "{0} == 'true'"
    writing = "f'{start}true' if value else f'{start}false'"

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, int) and isinstance(plain(value), bool)

    def shown(self, value: bool) -> str:
        return str(value).lower()


class Instant(Kind):
    """An instant. Reading converts it to UTC."""

    label = "instant"
    python = datetime
    wanted = "must be an instant such as 2020-06-24T22:10:00Z, without quotes"
    wanted_of_data = "must be a datetime with a time zone, or text such as 2020-06-24T22:10:00Z"
    is_ordered = True
    equality_key = staticmethod(in_utc)
    resolvers = ("to_instant", "to_date")
    # In Python's `re`, `$` also matches before a trailing line end.
    schema: ClassVar = {"type": "string", "format": "date-time", "pattern": f"^{RFC_3339}$", "not": {"pattern": "\n"}}
    taking = "{0}.__class__ is _datetime and {0}.tzinfo is _UTC"
    pattern = "([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"
    proof = f"{DATE}T{TIME}:[0-5][0-9]Z"
    reading = "_instant({0})"
    calls: ClassVar = {"_instant": lru_cache(CACHED)(datetime.fromisoformat)}
    writing = "f'{start}{instant(value)}'"

    def problem(self, value: object) -> str | None:
        if not isinstance(value, datetime):
            return f"must be a datetime with a time zone, not {describe(value)}"
        if value != value:  # noqa: PLR0124 - true only for NaT, pandas' missing datetime
            return "must be a datetime with a time zone, not NaT"
        if getattr(value, "nanosecond", 0):  # pandas' Timestamp
            return "has nanoseconds, which would be lost: use value.floor('us')"
        if value.utcoffset() is None:
            return "must have a time zone: add tzinfo=datetime.timezone.utc"
        try:
            plain(value).astimezone(UTC)
        except (OverflowError, ValueError):  # ValueError: a subclass may support other years
            return "must be within the years 1 to 9999 in UTC"
        return None

    def from_node(self, node: Scalar) -> datetime | None:
        instant: datetime | None = super().from_node(node)
        if instant is None:
            _refuse_impossible(node, "instant such as 2020-06-24T22:10:00Z")
        return instant

    def from_data(self, value: object) -> Any:
        return instant_from_text(value) or value if isinstance(value, str) else value

    def from_plain(self, text: str) -> datetime | None:
        """Return a plain scalar as an instant. A date is read as its first moment."""
        value: date | None = super().from_plain(text)
        if value is None or isinstance(value, datetime):
            return value
        return datetime(value.year, value.month, value.day, tzinfo=UTC)

    def data(self, value: datetime, *, json: bool) -> Any:
        from newsitem._yaml.scalars import instant

        return instant(value) if json else value

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.timestamp("us", tz="UTC")

    def shown(self, value: datetime) -> str:
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _refuse_impossible(node: Scalar, wanted: str) -> None:
    """Raise an error for a scalar that looks like an instant or a date but is not a valid one."""
    from newsitem._yaml.resolver import looks_like_instant

    if node.style is None and looks_like_instant(node.text):
        raise refused(f"must be a valid {wanted}, not {shortened(node.text)}", node)


class Date(Kind):
    """A date without a time."""

    label = "date"
    python = date
    wanted = "must be a date such as 2020-06-24, without quotes"
    wanted_of_data = "must be a datetime.date, or text such as 2020-06-24"
    is_ordered = True
    resolvers = ("to_date",)
    schema: ClassVar = {"type": "string", "format": "date", "pattern": f"^{DATE}$", "not": {"pattern": "\n"}}
    arrow_type = "date32"
    taking = "{0}.__class__ is _date"
    pattern = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
    proof = DATE
    reading = "_date({0})"
    calls: ClassVar = {"_date": lru_cache(CACHED)(date.fromisoformat)}
    writing = "f'{start}{value.isoformat()}'"

    def problem(self, value: object) -> str | None:
        if isinstance(value, datetime):
            return f"must be a datetime.date, not {describe(value)}: use value.date()"
        return None if isinstance(value, date) else f"must be a datetime.date, not {describe(value)}"

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, date) and not isinstance(value, datetime)

    def from_node(self, node: Scalar) -> date | None:
        day: date | None = super().from_node(node)
        if day is None and INSTANT.from_plain(node.text) is None:
            _refuse_impossible(node, "date such as 2020-06-24")
        return day

    def from_data(self, value: object) -> Any:
        return date_from_text(value) or value if isinstance(value, str) else value

    def data(self, value: date, *, json: bool) -> Any:
        return value.isoformat() if json else value


@lru_cache(CACHED)
def _canonical_number(text: str) -> float:
    """Return the number for which `newsitem._yaml.scalars.number` writes *text*."""
    value = float(text) if "." in text else int(text)
    if number(value) != text:
        raise ValueError
    return value


def _comparable_number(value: float | None) -> str:
    """Make a number comparable. ``1`` and ``1.0`` are the same, and NaN equals itself."""
    as_float = None if value is None else float(value)
    return str(value) if as_float is None or (isinstance(value, int) and as_float != value) else repr(as_float)


class Float(Integer):
    """A floating-point number. As in Python, an integer is accepted too, and remains an integer."""

    label = "number"
    python = float
    wanted = "must be a number"
    equality_key = staticmethod(_comparable_number)
    resolvers = ("to_float", "to_integer")
    schema: ClassVar = {"type": "number"}
    arrow_type = "float64"
    taking = f"{{0}}.__class__ is float or {Integer.taking}"
    has_spellings = True
    pattern = r"(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]++(?:e[+-][0-9]++)?+)?+)"
    # Python writes numbers of up to 15 digits as they are, except small ones and zeros at the end.
    proof = r"(?:0|-?[1-9][0-9]{0,8}|-?(?:0|[1-9][0-9]{0,8})\.(?:0|[0-9]{0,3}[1-9]))"
    reading = "_number({0})"
    calls: ClassVar = {"_number": _canonical_number}
    writing = "f'{start}{number(value)}'"

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, float) or super().is_of_type(value)

    def from_node(self, node: Scalar) -> Any:
        if node.tag != "float":
            return super().from_node(node)
        value = self.from_plain(node.text)  # regardless of its quotes
        return None if value is None else float(value)

    def shown(self, value: float) -> str:
        return number(value)


PLAIN: Final = PlainText()
QUOTED: Final = QuotedText()
SECURED: Final = SecuredText()
INTEGER: Final = Integer()
BOOLEAN: Final = Boolean()
INSTANT: Final = Instant()
FLOAT: Final = Float()
DAY: Final = Date()
SCALARS: Final = (PLAIN, QUOTED, SECURED, INTEGER, FLOAT, BOOLEAN, INSTANT, DAY)
