"""Keys by which a collection is sorted, grouped and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import compress
from types import MemberDescriptorType
from typing import Any, Final, Literal, cast

import attrs

from newsitem._query.attributes import PUBLICATION, day_of, instant_of, is_nan, keys_at, kinds_of, require
from newsitem._query.attributes import getter as attribute_getter
from newsitem._schema.code import cached
from newsitem._schema.fields import keys, keys_by_attribute
from newsitem._schema.kinds import DATA, Kind, class_of
from newsitem._schema.text import suggestion
from newsitem._schema.values import function_of, require_no_iterator
from newsitem.items import Item, NewsItem

# fmt: off
TextKey = Literal[
    "topic", "tag", "domain", "provider", "type", "category", "title", "excerpt", "original_url", "web_url",
    "amp_web_url", "cdn_amp_web_url", "featured_content", "topics", "tags", "body",
]
"""Keys with text values."""
DayKey = Literal["day", "week", "month", "year"]
"""Keys with ``date`` values: the day in UTC, the Monday of its week, or the first day of its month or year."""
OtherKey = Literal["quality", "heat", "published", "removed", "published_date_time", "path", "filename"]
"""Keys with numbers, booleans, datetimes or paths as values."""
SortKey = TextKey | DayKey | OtherKey | Literal[
    "-topic", "-tag", "-domain", "-provider", "-type", "-category", "-title", "-excerpt", "-original_url", "-web_url",
    "-amp_web_url", "-cdn_amp_web_url", "-featured_content", "-topics", "-tags", "-body", "-day", "-week", "-month",
    "-year", "-quality", "-heat", "-published", "-removed", "-published_date_time", "-path", "-filename",
]
"""Keys to sort by. A leading ``-`` means descending order."""
# fmt: on


_SET: Final = frozenset((str, int, bool, date, datetime))
"""Types whose values never count as missing, unlike ``None``, empty lists and NaN."""
_SPANS: Final[dict[str, tuple[Callable[[date], date], int]]] = {
    "day": (lambda day: day, 1),
    "week": (lambda day: day - timedelta(day.weekday()), 7),
    "month": (lambda day: day.replace(day=1), 31),
    "year": (lambda day: day.replace(month=1, day=1), 366),
}
"""For each period, a function that returns its first day, and a number of days that always leads to the next period."""
_PATHS: Final = {"topic": "topics", "tag": "tags", "domain": "provider.domain", "provider": "provider.name"}
"""Keys that differ from the paths of the attributes with their values."""


@cached
def names_of(cls: type) -> tuple[str, ...]:
    """Return the names of the keys of a class."""
    derived = [name for name, path in _PATHS.items() if path in keys_at(cls)]
    spans = list(_SPANS) if instant_of(cls) is not None else []
    own = [key.attribute for key in keys(cls) if not _is_opaque(key.kind) and key.attribute not in derived]
    return tuple(dict.fromkeys((*derived, *spans, *own, "body", "path", *_properties(cls))))


@cached
def _properties(cls: type) -> list[str]:
    """Return the names of the properties of a class. For cached ones, attrs adds slots."""
    members = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items() if name[0] != "_"}
    fields = {field.name for field in attrs.fields(cls)}
    return [
        name
        for name, value in members.items()
        if isinstance(value, property | MemberDescriptorType) and name not in fields
    ]


def _is_opaque(kind: Kind) -> bool:
    """Return whether values of a kind can be neither sorted nor counted."""
    return kind.is_hidden or kind is DATA or class_of(kind) is not None


def getter(key: str | Callable[[Any], Any], kinds: Collection[type]) -> Callable[[Any], Any]:
    """Return a function that gets the value, or list of values, of an item.

    Raises:
        ValueError: if one of the classes in *kinds* has no key of this name.
        TypeError: if *key* is neither a name nor a function.
    """
    if callable(key):
        return cast("Callable[[Any], Any]", function_of("key", key))
    if not isinstance(key, str):
        raise TypeError(f"a key must be a name or a function that takes an item, not {key!r}")
    getters = {cls: _getter(key, cls) for cls in kinds}
    if len(getters) == 1:
        return next(iter(getters.values()))
    return lambda item: getters[type(item)](item)


def _getter(key: str, cls: type) -> Callable[[Any], Any]:
    names = names_of(cls)
    if key not in names:
        suffix = "" if cls is NewsItem else f" in {cls.__name__}"
        raise ValueError(f"cannot sort or group by {key!r}{suffix}: {suggestion(key, names)}")
    if key in _SPANS and key not in keys_by_attribute(cls) and key not in _properties(cls):
        first_day = _SPANS[key][0]
        return lambda item: None if (day := day_of(item)) is None else first_day(day)
    path = _PATHS.get(key, key)
    return attribute_getter(cls, path if path in keys_at(cls) else key)


def _is_missing(value: object) -> bool:
    """Return whether an item has no value of a key.

    Raises:
        TypeError: if the value is an iterator, which the user's function returned in place of a list.
    """
    if value is None or type(value) in _SET:
        return value is None
    return is_nan(require_no_iterator("key", value))


def values(key: str | Callable[[Any], Any], kinds: Collection[type]) -> Callable[[Any], Iterable[Any]]:
    """Return a function that gets the values of an item: the distinct entries of a list, and nothing if it has none."""
    get = getter(key, kinds)

    def values_of(item: Any) -> Iterable[Any]:
        value = get(item)
        if isinstance(value, list):
            return dict.fromkeys(entry for entry in value if not _is_missing(entry))
        return () if _is_missing(value) else (value,)

    return values_of


def timeline(items: Sequence[Any], every: str) -> dict[date, int]:
    """Count items by the first day of their period, including periods without items.

    Raises:
        ValueError: if *every* is not a period, or an item's class has no date.
    """
    if every not in tuple(_SPANS):  # it may be unhashable
        raise ValueError(f"every must be one of {', '.join(map(repr, _SPANS))}, not {every!r}")
    first_day, days = _SPANS[every]
    for cls in kinds_of(items):
        require(cls, PUBLICATION, "timeline()")
    counts = Counter(first_day(day) for item in items if (day := day_of(item)) is not None)
    if not counts:
        return {}
    periods, last = [min(counts)], max(counts)
    while periods[-1] < last:  # never step past the last period: date.max may be in it
        periods.append(first_day(periods[-1] + timedelta(days)))
    return {period: counts[period] for period in periods}


def ordered(items: Sequence[Item], key: str | Callable[[Item], Any], *, descending: bool) -> list[Item]:
    """Sort items by a key. The sort is stable, and items without a value, or with NaN, come last.

    Raises:
        ValueError: if the key does not exist.
        TypeError: if two values cannot be compared.
    """
    get = getter(key, kinds_of(items))
    values = [get(item) for item in items]  # not map, which would treat the user's StopIteration as the end
    try:
        if isinstance(key, str) and _SET.issuperset(map(type, values)):
            return sorted(items, key=get, reverse=descending)  # fastest, although it gets each value again
        is_missing = [_is_missing(value) or (isinstance(value, list) and not value) for value in values]
        places = [place for place, missing in enumerate(is_missing) if not missing]
        places.sort(key=values.__getitem__, reverse=descending)
    except TypeError as error:
        raise TypeError(f"cannot sort items by {key!r}: {error}") from error  # the cause may be in the user's class
    return [*(items[place] for place in places), *compress(items, is_missing)]
