"""Define how each kind of value is checked, read, written, converted and shown. The kinds of collections are here.

Each kind has one rule for the meaning of a scalar, regardless of how the scalar was read: by a pattern of the canonical
layout, from a hand-written spelling, or from a node composed by ruamel.yaml. Nothing is coerced: a value that is not of
the kind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from newsitem._schema.values import comparable, describe, use

# The modules for nodes and plain scalars are imported on demand, because many programs never need them.
if TYPE_CHECKING:
    from newsitem._yaml.nodes import Scalar


class Found(NamedTuple):
    """A problem with its field and, if known, its position in the text."""

    message: str
    field: str
    place: int | None


class Refused(Exception):
    """The problems of some data, each with its field relative to that data."""

    def __init__(self, problems: list[Found]) -> None:
        super().__init__(problems)
        self.found = problems


def refused(message: str, node: object = None, field: str = "") -> Refused:
    """Return the exception for a problem, at the position of *node* if it is a node."""
    return Refused([Found(message, field, getattr(node, "start", None))])


def resolves_by_text(node: Scalar) -> bool:
    """Return whether the text of a scalar determines its type. If there is a tag, Psych ignores the quotes."""
    return node.style is None if node.tag is None else node.tag not in ("str", "float", "binary")


CACHED: Final = 1 << 14
"""The maximum number of cached numbers and instants, which recur."""


@lru_cache(CACHED)
def _resolved(function: str, text: str) -> Any:
    """Return the result of a function of the resolver for a plain scalar."""
    from newsitem._yaml import resolver

    return getattr(resolver, function)(text)


class Kind:
    """A kind of values, with everything that the reader, the writer and the converters need."""

    label = ""
    """The name of the kind and its style, for the documentation."""
    python: Any = None
    """The Python type of the values."""
    wanted = ""
    """The requirement in messages about values of a file, such as ``must be text``."""
    wanted_of_data = ""
    """The requirement in messages about plain data, if it differs."""
    is_hidden = False
    """Whether messages must not show the values."""
    is_list = False
    is_block = False
    """Whether the value is written on its own lines, below its key."""
    is_ordered = False
    """Whether the minimum and maximum of the values are meaningful."""
    takes_quotes = False
    """Whether a quoted scalar may be of this kind."""
    has_spellings = False
    """Whether equal values have several spellings, so that the existing one must be preserved."""
    absent = "None"
    """The expression for the value of a key that is missing from the file."""
    equality_key: Callable[[Any], Any] | None = None
    """The function that makes values comparable, if ``==`` is not sufficient."""
    resolvers: tuple[str, ...] = ()
    """The functions of the resolver that read a plain scalar, each if those before it return ``None``."""
    schema: ClassVar[dict[str, Any]] = {"type": "string"}
    """The JSON Schema of the values."""
    arrow_type = "string"
    """The function of pyarrow that makes the Arrow type of the values."""
    pattern = ""
    """The canonical layout of a scalar, as a pattern with one group."""
    proof = "(?!)"
    """The canonical layout of the rest of a line, as a pattern without groups. Every match can be read if the quotes of
    each line are paired and no character is unusual. By default, nothing matches."""
    reading = "{0}"
    """The expression that turns the group into a value."""
    writing = ""
    """The expression, part of an f-string, that writes ``value`` after ``{start}``."""
    calls: ClassVar[dict[str, Any]] = {}
    """The names that `reading` uses."""
    taking = ""
    """The expression that is true for plain values that are used as is. If it is false or raises `UnicodeEncodeError`,
    the value needs a closer look."""

    def problem(self, value: object) -> str | None:
        """Return the problem with *value* if it is not of this kind, or ``None``."""
        return None if self.is_of_type(value) else f"{self.wanted}, not {describe(value)}{use(self.python, value)}"

    def is_of_type(self, value: object) -> bool:
        """Return whether a value has the type of this kind, even if the kind refuses it."""
        return isinstance(value, self.python)

    def is_unset(self, value: object) -> bool:
        """Return whether a value represents a key that is missing from the file."""
        return value is None

    def is_same(self, value: Any, other: Any) -> bool:
        """Return whether two values are the same."""
        make = self.equality_key
        return bool(value == other if make is None else make(value) == make(other))

    def from_node(self, node: Scalar) -> Any:
        """Return the value of a scalar composed by ruamel.yaml, or ``None`` if it is not of this kind."""
        return self.from_plain(node.text) if resolves_by_text(node) else None

    def from_data(self, value: object) -> Any:
        """Return the value for plain data, or the data itself."""
        return value

    def from_plain(self, text: str) -> Any:
        """Return the value of a plain scalar, or ``None``."""
        return next((value for name in self.resolvers if (value := _resolved(name, text)) is not None), None)

    def from_quoted(self, text: str) -> Any:  # noqa: ARG002 - for kinds of text
        """Return the value of a quoted scalar, or ``None``."""
        return None

    def data(self, value: Any, *, json: bool) -> Any:  # noqa: ARG002 - most kinds are the same in JSON
        """Return a value as plain data."""
        return value

    def arrow(self, pyarrow: Any) -> Any:
        """Return the Arrow type of the values."""
        return getattr(pyarrow, self.arrow_type)()

    def shown(self, value: Any) -> str:
        """Return a value in readable form."""
        return str(value)


class ListOf(Kind):
    """A block list of values of one kind."""

    is_list = True
    is_block = True
    is_ordered = True  # by length

    def __init__(self, element: Kind, may_be_none: bool = False) -> None:
        self.element = element
        self.may_be_none = may_be_none
        """Whether a missing list is ``None``, and an empty list is written to the file."""
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
    """A block mapping, represented by an object of the model."""

    label = "mapping"
    is_block = True

    def __init__(self, cls: type) -> None:
        self.python = cls

    def problem(self, value: object) -> str | None:
        if type(value) is self.python:
            return None
        return f"must be {class_name(self.python)}, not {describe(value)}"


def class_name(cls: type) -> str:
    """Return the name of a class of the model for messages."""
    return f"newsitem.{cls.__name__}" if cls.__module__.partition(".")[0] == "newsitem" else cls.__qualname__


class Data(Kind):
    """Plain data: text, numbers, booleans, dates, ``None``, lists and dicts of them."""

    label = "plain data"
    python = Any
    equality_key = staticmethod(comparable)
    schema: ClassVar = {}

    def is_of_type(self, value: object) -> bool:  # noqa: ARG002 - any type; the content is checked elsewhere
        return True


DATA: Final = Data()
list_of: Final = cache(ListOf)
mapping_of: Final = cache(MappingOf)


def element_of(kind: Kind) -> Kind:
    """Return the kind of the elements of a list."""
    return kind.element if isinstance(kind, ListOf) else DATA


def class_of(kind: Kind) -> type | None:
    """Return the class of a mapping, or of the mappings in a list."""
    kind = element_of(kind) if kind.is_list else kind
    return kind.python if isinstance(kind, MappingOf) else None
