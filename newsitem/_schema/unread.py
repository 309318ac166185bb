"""Lists of objects that nobody has asked for yet: a pattern has proved that their lines can be read.

The slot of such a list is empty. The source text of the item has the lines, and what reads them when the attribute is
first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

from newsitem._schema.code import cached


class Unread:
    """A list of objects as it is in the source text of its item."""

    __slots__ = ("_lines", "_read", "name", "next", "span")

    def __init__(
        self,
        name: str,
        lines: str | Callable[[], str],
        read: Callable[[str], list[Any]],
        span: tuple[int, int] | None = None,
    ) -> None:
        self.name = name
        """The attribute that holds the list."""
        self.span = span
        """Where its lines begin and end in the front matter that was read, where that is known."""
        self.next: Unread | None = None
        """Another one of the same item."""
        self._lines = lines
        self._read = read

    def before(self, following: Unread | None) -> Unread:
        """Return the same with another one after it."""
        if self.next is following:
            return self
        twin = Unread(self.name, self._lines, self._read, self.span)
        twin.next = following
        return twin

    @property
    def text(self) -> str:
        """The lines below its key, the last without its line end."""
        return self._lines if isinstance(self._lines, str) else self._lines()

    def read(self) -> list[Any]:
        """Make the objects."""
        return self._read(f"{self.text}\n")

    def unread(self, name: str, _: type) -> Unread:
        """Return the one of an attribute: what is just read holds no more of its source text than these."""
        one: Unread | None = self
        while one is not None and one.name != name:
            one = one.next
        assert one is not None
        return one


_FILLING = Lock()
"""Held while a slot is filled, and not while a list is read."""


class Deferred:
    """The attribute of a list that may be unread: it is read when it is first asked for.

    It takes the place of the slot alone. A ``__getattr__`` of the class would slow down all its attributes.
    """

    def __init__(self, slot: Any) -> None:
        self.slot = slot
        self.__doc__ = None  # as of a slot: ``help`` shows nothing but its name

    def __get__(self, item: Any, cls: type | None = None) -> Any:
        if item is None:
            return self
        try:
            return self.slot.__get__(item)
        except AttributeError:
            if getattr(item, "_source", None) is None:  # an object that was not made by its class
                raise
        return self._fill(item)

    def _fill(self, item: Any) -> Any:
        """Read the list, and return it: the same to all who ask at once."""
        values = item._source.unread(self.slot.__name__, type(item)).read()
        with _FILLING:
            try:
                return self.slot.__get__(item)
            except AttributeError:
                self.slot.__set__(item, values)
                return values

    def __set__(self, item: Any, value: Any) -> None:
        with _FILLING:  # so that nobody fills it afterwards
            self.slot.__set__(item, value)


def slot(cls: type, name: str) -> Any:
    """Return the slot of an attribute, which is empty where a list is unread."""
    attribute = getattr(cls, name)
    return attribute.slot if isinstance(attribute, Deferred) else attribute


@cached
def peek(cls: type, name: str) -> Callable[[Any], Any]:
    """Return what gets an attribute of an item as it is: the list, or what is `Unread` of it."""
    get = slot(cls, name).__get__

    def value(item: Any) -> Any:
        try:
            return get(item)
        except AttributeError:
            return item._source.unread(name, cls)

    return value


def empty(cls: type, name: str) -> Callable[[Any], None]:
    """Return what leaves a list of an item unread again, as it is in a new source text."""
    delete: Callable[[Any], None] = slot(cls, name).__delete__

    def unread(item: Any) -> None:
        with _FILLING, suppress(AttributeError):  # where it was not read
            delete(item)

    return unread


@cached
def equality(cls: type, name: str) -> Callable[[Any, Any], bool]:
    """Make what tells whether a list is the same in two items of *cls*: where both have it unread, mostly as text."""
    get = peek(cls, name)

    def is_equal(item: Any, other: Any) -> bool:
        one, two = get(item), get(other)
        if isinstance(one, Unread) and isinstance(two, Unread) and one.text == two.text:
            return True
        return bool(getattr(item, name) == getattr(other, name))

    return is_equal
