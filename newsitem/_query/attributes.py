"""Attributes that queries need: which classes have them, and what gets their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from newsitem._schema.code import cached
from newsitem._schema.fields import Key, keys, keys_by_attribute
from newsitem._schema.kinds import class_of
from newsitem._schema.scalar_kinds import DAY, INSTANT
from newsitem._schema.values import in_utc


def kinds_of(items: Iterable[object]) -> set[type]:
    """Return the classes of items."""
    return set(map(type, items))


@cached
def instant_of(cls: type) -> Key | None:
    """Return the key that says when items of a class were published: the first of an instant, or of a date."""
    found = [key for key in keys(cls) if key.kind in (INSTANT, DAY)]
    return min(found, key=lambda key: key.kind is DAY, default=None)


@cached
def key_at(cls: type, path: str) -> Key | None:
    """Return the key that a path of attributes leads to, such as ``provider.name``, if there is one."""
    attribute, _, rest = path.partition(".")
    key = keys_by_attribute(cls).get(attribute)
    if key is None or not rest:
        return key
    below = None if key.kind.is_list else class_of(key.kind)
    return None if below is None else key_at(below, rest)


def require(cls: type, path: str, query: str) -> Key:
    """Return the key that a query needs.

    Raises:
        ValueError: if items of the class have no such key.
    """
    key = key_at(cls, path)
    if key is None:
        raise ValueError(f"{query} needs the attribute {path}, which {cls.__name__} does not have")
    return key


def require_instant(cls: type, query: str) -> Key:
    """Return the key that says when items of a class were published.

    Raises:
        ValueError: if there is none.
    """
    key = instant_of(cls)
    if key is None:
        raise ValueError(f"{query} needs a datetime or a date, which {cls.__name__} does not have")
    return key


@cached
def getter(cls: type, path: str) -> Callable[[Any], Any]:
    """Return what gets the value at a path of attributes; ``None`` where an object on the way is not there."""
    attribute, _, rest = path.partition(".")
    key = keys_by_attribute(cls).get(attribute)
    if not rest:
        return _instant(attribute) if key is not None and key.kind is INSTANT else attrgetter(attribute)
    below = None if key is None else class_of(key.kind)
    assert below is not None, "a path leads through mappings"
    get, of_value = attrgetter(attribute), getter(below, rest)
    return lambda item: None if (value := get(item)) is None else of_value(value)


def _instant(attribute: str) -> Callable[[Any], Any]:
    """Return what gets an instant in UTC, in which all of them can be compared."""
    get = attrgetter(attribute)
    return lambda item: in_utc(get(item))


def moment_of(item: object) -> datetime | None:
    """Return when an item was published, in UTC: of a day, its first moment."""
    cls: type = type(item)
    value = getattr(item, require_instant(cls, "this").attribute)
    if value is None or isinstance(value, datetime):
        return in_utc(value)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def day_of(item: object) -> date | None:
    """Return the day on which an item was published, in UTC."""
    cls: type = type(item)
    value = getattr(item, require_instant(cls, "day").attribute)
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value
