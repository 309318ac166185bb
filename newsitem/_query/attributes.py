"""Attributes that queries need: which classes define them, and functions that get their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Final

from newsitem._schema.code import cached
from newsitem._schema.fields import Key, keys, keys_by_attribute
from newsitem._schema.kinds import class_of
from newsitem._schema.scalar_kinds import DAY, INSTANT
from newsitem._schema.values import in_utc
from newsitem.items import FrontMatter


def kinds_of(items: Iterable[object]) -> set[type]:
    """Return the classes of items."""
    return set(map(type, items))


@cached
def instant_of(cls: type) -> Key | None:
    """Return the key for the publication time of a class: its first datetime or, if it has none, its first date."""
    candidates = [key for key in keys(cls) if key.kind in (INSTANT, DAY)]
    return min(candidates, key=lambda key: key.kind is DAY, default=None)


@cached
def keys_at(cls: type) -> dict[str, Key]:
    """Return the keys of a class, including those in its mappings, by paths of attributes such as ``provider.name``."""
    by_path = {}
    for key in keys(cls):
        by_path[key.attribute] = key
        below = None if key.kind.is_list else class_of(key.kind)
        if below is not None:
            by_path |= {f"{key.attribute}.{path}": inner for path, inner in keys_at(below).items()}
    return by_path


PUBLICATION: Final = ""
"""The path of the attribute with the publication time, regardless of its name."""


def require(cls: type, path: str, query: str) -> Key:
    """Return the key that a query needs.

    Raises:
        ValueError: if the class has no such key.
    """
    key = instant_of(cls) if path == PUBLICATION else keys_at(cls).get(path)
    if key is None:
        needed = "a datetime or a date" if path == PUBLICATION else f"the attribute {path}"
        raise ValueError(f"{query} needs {needed}, which {cls.__name__} does not have")
    return key


@cached
def getter(cls: type, path: str) -> Callable[[Any], Any]:
    """Return a function that gets the value at a path of attributes; ``None`` if a mapping on the path is missing."""
    attribute, _, rest = path.partition(".")
    key = keys_by_attribute(cls).get(attribute)
    get = attrgetter(attribute)
    if not rest:
        is_instant = key is not None and key.kind is INSTANT
        return (lambda item: in_utc(get(item))) if is_instant else get  # in UTC, so that instants can be compared
    below = None if key is None else class_of(key.kind)
    assert below is not None, "a path leads through mappings"
    get_inner = getter(below, rest)
    return lambda item: None if (value := get(item)) is None else get_inner(value)


def moment_of(item: object) -> datetime | None:
    """Return the publication time of an item in UTC. A date counts as its first moment."""
    value = getattr(item, require(type(item), PUBLICATION, "this").attribute)
    if value is None or isinstance(value, datetime):
        return in_utc(value)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def day_of(item: object) -> date | None:
    """Return the UTC day on which an item was published."""
    moment = moment_of(item)
    return None if moment is None else moment.date()


def is_nan(value: object) -> bool:
    """Return whether a value does not equal itself: NaN, NaT or NA, which other libraries use for missing values."""
    try:
        return bool(value != value)  # noqa: PLR0124
    except Exception:  # noqa: BLE001 - the value's own class may raise anything, as arrays and pandas' NA do
        return type(value).__name__ == "NAType"


def path_of(item: FrontMatter) -> str | None:
    """Return the path of an item as tables contain it."""
    return None if item.path is None else as_utf_8(str(item.path))


def as_utf_8(path: str) -> str:
    """Return a path with bytes that are not UTF-8 escaped, because the text of Arrow is UTF-8."""
    return path.encode(errors="backslashreplace").decode()
