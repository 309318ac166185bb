"""Defer creating the objects of long lists until they are first used. A pattern has proved their lines readable.

The slot of such a list is empty. The source text of the item has the lines and the function that reads them on first
access.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple

from newsitem._schema.code import cached


class Lines(NamedTuple):
    """Lines in the source text of an item. Until the item has a source text, they are in a `str` with LF line ends."""

    source: str | bytes
    start: int
    end: int

    @property
    def encoded(self) -> bytes:
        """The lines in UTF-8, with the line ends of the source text if they are in one."""
        part = self.source[self.start : self.end]
        return part if isinstance(part, bytes) else part.encode()

    @property
    def text(self) -> str:
        """The lines with LF line ends."""
        part = self.source[self.start : self.end]
        return part if isinstance(part, str) else part.decode().replace("\r\n", "\n")


class Unread:
    """A list of objects that is still text in the source text of its item."""

    __slots__ = ("_read", "lines", "name", "next")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str, lines: Lines, read: Callable[[str], list[Any]]) -> None:
        self.name = name
        """The attribute of the list."""
        self.lines = lines
        """The lines below the key. The last has no line end."""
        self.next: Unread | None = None
        """The next unread list of the same item."""
        self._read = read

    def before(self, following: Unread | None) -> Unread:
        """Return this list, or a copy of it, with *following* as the next one."""
        if self.next is following:
            return self
        copy = Unread(self.name, self.lines, self._read)
        copy.next = following
        return copy

    @property
    def text(self) -> str:
        """The lines below the key, with LF line ends. The last has none."""
        return self.lines.text

    def __eq__(self, other: object) -> bool:
        """Return whether another list has the same lines. This is quick if both are in the same text."""
        if not isinstance(other, Unread):
            return NotImplemented
        left, right = self.lines, other.lines
        return (left.source is right.source and left[1:] == right[1:]) or self.text == other.text

    def read(self) -> list[Any]:
        """Create the objects."""
        return self._read(f"{self.text}\n")

    def unread(self, name: str, _: type) -> Unread:
        """Return the unread list of an attribute. Unread lists take the place of a source text that is not set yet."""
        entry: Unread | None = self
        while entry is not None and entry.name != name:
            entry = entry.next
        assert entry is not None
        return entry


_FILLING = Lock()
"""Locked while a slot is filled, but not while a list is read."""


class Deferred:
    """The attribute of a list that may be unread. The list is read on first access.

    It replaces only this slot. A ``__getattr__`` of the class would slow down all its attributes.
    """

    def __init__(self, slot: Any) -> None:
        self.slot = slot
        self.__doc__ = None  # as for a slot: ``help`` shows only the name

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[type, str]]:
        """Pickle it as a member of its class. cloudpickle copies the members of classes that it cannot import."""
        return getattr, (self.slot.__objclass__, self.slot.__name__)

    def __get__(self, item: Any, cls: type | None = None) -> Any:
        if item is None:
            return self
        try:
            return self.slot.__get__(item)
        except AttributeError:
            if getattr(item, "_source", None) is None:  # the object was not created by its class
                raise
        values = item._source.unread(self.slot.__name__, type(item)).read()
        with _FILLING:
            with suppress(AttributeError):
                return self.slot.__get__(item)  # another thread was faster: both get the same list
            self.slot.__set__(item, values)
            return values

    def __set__(self, item: Any, value: Any) -> None:
        with _FILLING:  # so that a concurrent read does not overwrite the value
            self.slot.__set__(item, value)


def slot(cls: type, name: str) -> Any:
    """Return the slot of an attribute. It is empty while a list is unread."""
    attribute = getattr(cls, name)
    return attribute.slot if isinstance(attribute, Deferred) else attribute


@cached
def peek(cls: type, name: str) -> Callable[[Any], Any]:
    """Return a function that gets an attribute of an item as is: the list, or an `Unread`."""
    get = slot(cls, name).__get__

    def value(item: Any) -> Any:
        try:
            return get(item)
        except AttributeError:
            return item._source.unread(name, cls)

    return value


def empty(item: Any, name: str) -> None:
    """Empty the slot of a list, so that it is unread again in a new source text."""
    with _FILLING, suppress(AttributeError):  # if it was never read
        slot(type(item), name).__delete__(item)
