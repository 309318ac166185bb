"""Kinds of values: how each is checked, read, written, converted and shown. Here are those that hold others.

A kind has one rule for what a scalar of a text is, however it was found: by a pattern of the canonical layout, in the
spelling of a person, or as a node that ruamel.yaml composed. Nothing is coerced: what is not of a kind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from newsitem._schema.values import comparable, describe, plain, use

# What reads nodes and plain scalars is imported where it is needed: programs that read no such file do without it.
if TYPE_CHECKING:
    from newsitem._yaml.nodes import Scalar


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


def resolves_by_text(node: Scalar) -> bool:
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
    has_spellings = False
    """Whether values that are the same may be written in several ways, of which the one that is there stays."""
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
        return self.from_plain(node.text) if resolves_by_text(node) else None

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


DATA: Final = Data()
mapping_of: Final = cache(MappingOf)


@cache
def list_of(element: Kind, may_be_none: bool = False) -> ListOf:
    """Return the kind of lists of a kind."""
    return ListOf(element, may_be_none=may_be_none)


def element_of(kind: Kind) -> Kind:
    """Return the kind of the entries of a list."""
    return kind.element if isinstance(kind, ListOf) else DATA


def class_of(kind: Kind) -> type | None:
    """Return the class of the mapping, or of the mappings in the list."""
    kind = element_of(kind) if kind.is_list else kind
    return kind.python if isinstance(kind, MappingOf) else None
