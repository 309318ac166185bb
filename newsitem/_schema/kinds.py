"""Kinds of values: how each is checked, read, written, converted and shown. A new kind is one class here.

A kind has one rule for what a scalar of a text is, however it was found: by a pattern of the canonical layout, in the
spelling of a person, or as a node that ruamel.yaml composed. Nothing is coerced: what is not of a kind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar

from newsitem._schema.secured import Secured, secured
from newsitem._schema.values import comparable, describe, in_utc, plain, text_problem, use
from newsitem._yaml.scalars import (
    CANONICAL_QUOTED,
    DATE,
    INTEGER_LIMIT,
    RFC_3339,
    TIME,
    date_from_text,
    instant_from_text,
    number,
)
from newsitem.errors import shortened

# What reads nodes and plain scalars is imported where it is needed: programs that read no such file do without it.
if TYPE_CHECKING:
    from newsitem._yaml.nodes import Scalar

T = TypeVar("T")
_OTHER_THAN_TEXT: Final = frozenset(("int", "float", "bool", "null", "timestamp", "binary"))
_CACHED: Final = 1 << 14
"""How many numbers and instants are kept as objects, as they repeat."""


class Found(NamedTuple):
    """A problem with its field, and its place in the text where it has one."""

    message: str
    field: str
    place: int | None


class Refused(Exception):
    """What is wrong with data: all problems, each with the field below the data that it is in."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(found)
        self.found = found


def refused(message: str, node: object = None, field: str = "") -> Refused:
    """Return the exception for one problem, at the place of *node* where that is one."""
    return Refused([Found(message, field, getattr(node, "start", None))])


def says_its_type(node: Scalar) -> bool:
    """Tell whether the text of a scalar says what it is: where a tag is before it, Psych looks at no quotes."""
    return node.style is None if node.tag is None else node.tag not in ("str", "float", "binary")


class Kind:
    """A kind of values, with what the reader, the writer and the converters need to know of it."""

    label = ""
    """What the documentation calls it, and how it is written."""
    python: Any = None
    """The type of its values."""
    wanted = ""
    """What a message says that a value of a file must be."""
    wanted_of_data = ""
    """What it says of plain data, where that is something else."""
    is_hidden = False
    """Whether messages show nothing of the values."""
    is_list = False
    is_block = False
    """Whether the value is on lines of its own, under its key."""
    is_ordered = False
    """Whether a least and a greatest value say something."""
    takes_quotes = False
    """Whether a scalar in quotes may be of this kind."""
    absent = "None"
    """The expression of the value of a key that a file does not have."""
    equality_key: Callable[[Any], Any] | None = None
    """What makes values comparable, where ``==`` alone does not tell whether two are the same."""
    pattern = ""
    """The canonical layout of a scalar: a pattern with one group."""
    proof = ""
    """The canonical layout, without a group: a value that it matches can be read. It may have one around what cannot be
    proved by a pattern."""
    reading = "{0}"
    """The expression that makes the value of that group."""
    writing = ""
    """The expression of a text, part of an f-string, that writes ``value`` after ``{start}``."""
    calls: ClassVar[dict[str, Any]] = {}
    """What `reading` calls."""
    taking = ""
    """The expression that is true for a plain value which is taken as it is; others need a closer look."""

    def problem(self, value: object) -> str | None:
        """Say what keeps *value* from being of this kind."""
        return None if self.is_of_type(value) else f"{self.wanted}, not {describe(value)}{use(self.python, value)}"

    def is_of_type(self, value: object) -> bool:
        """Tell whether a value has the type of this kind, be it one that the kind refuses."""
        return isinstance(value, self.python)

    def is_unset(self, value: object) -> bool:
        """Tell whether a value is that of a key which a file does not have."""
        return value is None

    def plain(self, value: Any) -> Any:
        """Return a valid value in Python's own types."""
        return plain(value)

    def is_same(self, value: Any, other: Any) -> bool:
        """Tell whether two values are the same."""
        make = self.equality_key
        return bool(value == other if make is None else make(value) == make(other))

    def from_node(self, node: Scalar) -> Any:
        """Return the value of a scalar that ruamel.yaml composed, or ``None`` where it is none of this kind."""
        return self.from_plain(node.text) if says_its_type(node) else None

    def from_data(self, value: object) -> Any:
        """Return what plain data says, or the data itself."""
        return value

    def from_plain(self, text: str) -> Any:  # noqa: ARG002 - for those that are scalars
        """Return the value of a plain scalar, or ``None``."""
        return None

    def from_quoted(self, text: str) -> Any:  # noqa: ARG002 - the text of those that are text
        """Return the value of a scalar in quotes, or ``None``."""
        return None

    def data(self, value: Any, *, json: bool) -> Any:  # noqa: ARG002 - for JSON most are as in Python
        """Return a value as plain data."""
        return value

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the values."""
        return {"type": "string"}

    def arrow(self, pyarrow: Any) -> Any:
        """Return the Arrow type of the values."""
        return pyarrow.string()

    def shown(self, value: Any) -> str:
        """Return a value as people read it."""
        return str(value)


class Text(Kind):
    """Text, whatever it looks like."""

    python = str
    wanted = "must be text"
    takes_quotes = True
    taking = "{0}.__class__ is str and ({0}.isascii() or not _text_problem({0}))"

    def problem(self, value: object) -> str | None:
        return text_problem(value)

    def from_node(self, node: Scalar) -> str | None:
        return node.text if self._is_text(node) else None

    def _is_text(self, node: Scalar) -> bool:
        """Tell whether a scalar is text to Psych, also where its tag says something else, as in ``!!null x``."""
        if node.tag not in _OTHER_THAN_TEXT:
            return True
        from newsitem._yaml.resolver import resolve

        return says_its_type(node) and isinstance(resolve(node.text), str)

    def from_plain(self, text: str) -> str:
        return text

    def from_quoted(self, text: str) -> str:
        return text


class PlainText(Text):
    """Text without quotes, where it may be so."""

    label = "text, plain"
    pattern = "(.+)"
    proof = pattern
    reading = "_plain({0})"
    writing = "f'{start}{plain(value)}'"


_QUOTED: Final = '(?:"(?!"")|(?=""\n))(.+)"'
"""Text in double quotes. Of an empty one the group is a quote, as an empty group says that there is no such key."""
_UNQUOTED: Final = """({0} if '"' not in {0} and '\\\\' not in {0} else _quoted({0}))"""


class QuotedText(Text):
    """Text in double quotes."""

    label = "text, double-quoted"
    pattern = _QUOTED
    proof = f'"{CANONICAL_QUOTED}"'
    reading = _UNQUOTED
    writing = (
        """(f'{start}"{value}"' if '"' not in value and '\\\\' not in value and '\\n' not in value"""
        """ else f'{start}{enclosed(value)}')"""
    )


class SecuredText(Kind):
    """The publisher's opaque text. Messages show nothing of it."""

    label = "opaque text, double-quoted"
    python = Secured
    wanted = "must be text (its value is not shown)"
    is_hidden = True
    takes_quotes = True
    pattern = _QUOTED
    proof = QuotedText.proof
    reading = f"_secured({_UNQUOTED})"
    calls: ClassVar = {"_secured": secured}
    writing = "f'{start}{enclosed(value.text)}'"

    def problem(self, value: object) -> str | None:
        if type(value) is Secured:
            return None
        if isinstance(value, str):
            return "must be wrapped: newsitem.Secured(text)"
        return f"must be newsitem.Secured, not {describe(value, secret=True)}"

    def from_node(self, node: Scalar) -> Secured | None:
        return None if node.tag in _OTHER_THAN_TEXT else self.from_data(node.text, node)

    def from_data(self, value: object, place: object = None) -> Any:
        if isinstance(value, str) and text_problem(value):
            raise refused("holds a lone surrogate, which no UTF-8 file can hold (its value is not shown)", place)
        return Secured(value) if isinstance(value, str) else value

    def from_plain(self, text: str) -> Secured:
        return secured(text)

    def from_quoted(self, text: str) -> Secured:
        return secured(text)

    def data(self, value: Secured, *, json: bool) -> str:  # noqa: ARG002 - the same in JSON
        return value.text

    def shown(self, value: Secured) -> str:
        return f"{len(value):,} characters"


@lru_cache(_CACHED)
def _integer(text: str) -> int | None:
    from newsitem._yaml.resolver import to_integer

    return to_integer(text)


class Integer(Kind):
    """An integer of 64 bits."""

    label = "integer"
    python = int
    is_ordered = True
    wanted = "must be an integer"
    taking = f"{{0}}.__class__ is int and {-INTEGER_LIMIT} <= {{0}} < {INTEGER_LIMIT}"
    pattern = "(0|-?[1-9][0-9]{0,17})"
    proof = "(?:0|-?[1-9][0-9]{0,17})"
    reading = "_integer({0})"
    calls: ClassVar = {"_integer": lru_cache(_CACHED)(int)}
    writing = "f'{start}{integer(value)}'"

    def problem(self, value: object) -> str | None:
        if value.__class__ is not int and not self.is_of_type(value):
            return f"{self.wanted}, not {describe(value)}{use(int, value)}"
        if not -INTEGER_LIMIT <= value < INTEGER_LIMIT:  # type: ignore[operator]
            return "must be an integer of at most 64 bits"
        return None

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(plain(value), bool)

    def from_plain(self, text: str) -> int | None:
        return _integer(text)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.int64()


@lru_cache(_CACHED)
def _boolean(text: str) -> bool | None:
    from newsitem._yaml.resolver import to_boolean

    return to_boolean(text)


class Boolean(Kind):
    """A boolean."""

    label = "boolean"
    python = bool
    wanted = "must be true or false"
    taking = "{0}.__class__ is bool"
    pattern = "(true|false)"
    proof = "(?:true|false)"
    reading = "{0} == 'true'"
    writing = "f'{start}true' if value else f'{start}false'"

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, int) and isinstance(plain(value), bool)

    def from_plain(self, text: str) -> bool | None:
        return _boolean(text)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.bool_()

    def shown(self, value: bool) -> str:
        return str(value).lower()


@lru_cache(_CACHED)
def _instant(text: str) -> datetime | None:
    """Return the instant that a plain scalar is; a date is its first moment."""
    from newsitem._yaml.resolver import to_date, to_instant

    instant = to_instant(text)
    if instant is None and (day := to_date(text)):
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return instant


class Instant(Kind):
    """An instant, in UTC when it is read."""

    label = "instant"
    python = datetime
    wanted = "must be an instant such as 2020-06-24T22:10:00Z, without quotes"
    wanted_of_data = "must be a datetime with a time zone, or text such as 2020-06-24T22:10:00Z"
    is_ordered = True
    equality_key = staticmethod(in_utc)
    taking = "{0}.__class__ is _datetime and {0}.tzinfo is _UTC"
    pattern = "([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"
    proof = f"{DATE}T{TIME}:[0-5][0-9]Z"
    reading = "_instant({0})"
    calls: ClassVar = {"_instant": lru_cache(_CACHED)(datetime.fromisoformat)}
    writing = "f'{start}{instant(value)}'"

    def problem(self, value: object) -> str | None:
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

    def from_node(self, node: Scalar) -> datetime | None:
        from newsitem._yaml.resolver import looks_like_instant

        instant = self.from_plain(node.text) if says_its_type(node) else None
        if instant is None and node.style is None and looks_like_instant(node.text):
            message = f"must be an instant that exists, such as 2020-06-24T22:10:00Z, not {shortened(node.text)}"
            raise refused(message, node)
        return instant

    def from_data(self, value: object) -> Any:
        return instant_from_text(value) if isinstance(value, str) else value

    def from_plain(self, text: str) -> datetime | None:
        return _instant(text)

    def data(self, value: datetime, *, json: bool) -> Any:
        from newsitem._yaml.scalars import instant

        return instant(value) if json else value

    def json_schema(self) -> dict[str, Any]:
        # To Python's `re` a `$` matches before a line end, too.
        return {"type": "string", "format": "date-time", "pattern": f"^{RFC_3339}$", "not": {"pattern": "\n"}}

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.timestamp("us", tz="UTC")

    def shown(self, value: datetime) -> str:
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@lru_cache(_CACHED)
def _date(text: str) -> date | None:
    from newsitem._yaml.resolver import to_date

    return to_date(text)


class Date(Kind):
    """A day, without a time."""

    label = "date"
    python = date
    wanted = "must be a date such as 2020-06-24, without quotes"
    wanted_of_data = "must be a datetime.date, or text such as 2020-06-24"
    is_ordered = True
    taking = "{0}.__class__ is _date"
    pattern = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
    proof = DATE
    reading = "_date({0})"
    calls: ClassVar = {"_date": lru_cache(_CACHED)(date.fromisoformat)}
    writing = "f'{start}{value.isoformat()}'"

    def problem(self, value: object) -> str | None:
        if isinstance(value, datetime):
            return f"must be a datetime.date, not {describe(value)}: use value.date()"
        return None if isinstance(value, date) else f"must be a datetime.date, not {describe(value)}"

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, date) and not isinstance(value, datetime)

    def from_node(self, node: Scalar) -> date | None:
        from newsitem._yaml.resolver import looks_like_instant, to_instant

        found = super().from_node(node)
        if found is None and node.style is None and looks_like_instant(node.text) and to_instant(node.text) is None:
            raise refused(f"must be a date that exists, such as 2020-06-24, not {shortened(node.text)}", node)
        return found

    def from_data(self, value: object) -> Any:
        return date_from_text(value) or value if isinstance(value, str) else value

    def from_plain(self, text: str) -> date | None:
        return _date(text)

    def data(self, value: date, *, json: bool) -> Any:
        return value.isoformat() if json else value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": f"^{DATE}$", "not": {"pattern": "\n"}}

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.date32()


@lru_cache(_CACHED)
def _float(text: str) -> float | None:
    from newsitem._yaml.resolver import to_float

    found = to_float(text)
    return _float_of_integer(_integer(text)) if found is None else found


def _float_of_integer(value: int | None) -> float | None:
    """Return a whole number as a float, where there is one: those beyond have more than 300 digits."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


@lru_cache(_CACHED)
def _canonical_float(text: str) -> float:
    """Return the number that `newsitem._yaml.scalars.number` writes as *text*."""
    value = float(text)
    if number(value) != text:
        raise ValueError
    return value


class Float(Kind):
    """A floating-point number. A whole number is one, too, as in Python."""

    label = "number"
    python = float
    wanted = "must be a number"
    is_ordered = True
    equality_key = staticmethod(comparable)
    taking = "{0}.__class__ is float"
    pattern = r"(-?[0-9]++\.[0-9]++(?:e[+-][0-9]++)?+)"
    proof = pattern
    reading = "_float({0})"
    calls: ClassVar = {"_float": _canonical_float}
    writing = "f'{start}{number(value)}'"

    def problem(self, value: object) -> str | None:
        if not self.is_of_type(value):
            return f"{self.wanted}, not {describe(value)}{use(float, value)}"
        too_large = isinstance(value, int) and _float_of_integer(int(value)) is None
        return "must be a number of at most 64 bits" if too_large else None

    def is_of_type(self, value: object) -> bool:
        return isinstance(value, float) or INTEGER.is_of_type(value)

    def plain(self, value: Any) -> Any:
        return float(plain(value))

    def from_plain(self, text: str) -> float | None:
        return _float(text)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "number"}

    def arrow(self, pyarrow: Any) -> Any:
        return pyarrow.float64()

    def shown(self, value: float) -> str:
        return number(value) if isfinite(value) else str(value)


class ListOf(Kind):
    """A block list of values of one kind."""

    is_list = True
    is_block = True
    is_ordered = True  # by length

    def __init__(self, element: Kind, *, may_be_none: bool = False) -> None:
        self.element = element
        self.may_be_none = may_be_none
        """Whether a list that a file does not have is ``None``, and one without entries is in the file."""
        self.absent = "None" if may_be_none else "[]"

    def is_unset(self, value: object) -> bool:
        return value is None or (value == [] and not self.may_be_none)

    @property
    def label(self) -> str:  # type: ignore[override]
        return "list of mappings" if isinstance(self.element, MappingOf) else f"list of {self.element.label}"

    @property
    def python(self) -> Any:
        return list[self.element.python]  # type: ignore[name-defined]

    def problem(self, value: object) -> str | None:
        return None if isinstance(value, list) else f"must be a list, not {describe(value)}{use(list, value)}"


class MappingOf(Kind):
    """A block mapping that an object of the model holds."""

    label = "mapping"
    is_block = True

    def __init__(self, cls: type) -> None:
        self.python = cls

    def problem(self, value: object) -> str | None:
        if type(value) is self.python:
            return None
        return f"must be {class_name(self.python)}, not {describe(value)}"


def class_name(cls: type) -> str:
    """Return the name of a class of the model, as messages show it."""
    return f"newsitem.{cls.__name__}" if cls.__module__.partition(".")[0] == "newsitem" else cls.__qualname__


class Data(Kind):
    """Plain data: text, numbers, booleans, dates, ``None``, lists and dicts of them."""

    label = "plain data"
    python = Any
    equality_key = staticmethod(comparable)

    def is_of_type(self, value: object) -> bool:  # noqa: ARG002 - of any; what is in it is looked at elsewhere
        return True

    def json_schema(self) -> dict[str, Any]:
        return {}


PLAIN: Final = PlainText()
QUOTED: Final = QuotedText()
SECURED: Final = SecuredText()
INTEGER: Final = Integer()
BOOLEAN: Final = Boolean()
INSTANT: Final = Instant()
FLOAT: Final = Float()
DAY: Final = Date()
DATA: Final = Data()
SCALARS: Final = (PLAIN, QUOTED, SECURED, INTEGER, FLOAT, BOOLEAN, INSTANT, DAY)
mapping_of: Final = cache(MappingOf)


@cache
def list_of(element: Kind, may_be_none: bool = False) -> ListOf:  # noqa: FBT001, FBT002 - the cache knows it by its place
    """Return the kind of lists of a kind."""
    return ListOf(element, may_be_none=may_be_none)


def element_of(kind: Kind) -> Kind:
    """Return the kind of the entries of a list."""
    return kind.element if isinstance(kind, ListOf) else DATA


def class_of(kind: Kind) -> type | None:
    """Return the class of the mapping, or of the mappings in the list."""
    kind = element_of(kind) if kind.is_list else kind
    return kind.python if isinstance(kind, MappingOf) else None
