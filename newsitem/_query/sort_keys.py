"""Keys: what a collection is ordered, grouped and counted by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, timedelta
from operator import attrgetter
from typing import Any, Final, Literal, get_args

from newsitem._schema.text import suggestion
from newsitem._schema.values import in_utc
from newsitem.model import NewsItem

# fmt: off
TextKey = Literal[
    "topic", "tag", "domain", "provider", "type", "category", "title", "excerpt", "original_url", "web_url",
    "amp_web_url", "cdn_amp_web_url", "featured_content", "topics", "tags", "body",
]
"""Keys whose values are text."""
DayKey = Literal["day", "week", "month", "year"]
"""Keys whose values are dates: the day in UTC, the Monday of its week, and the first day of its month or year."""
OtherKey = Literal["quality", "heat", "published", "removed", "published_date_time", "path", "filename"]
"""Keys whose values are numbers, booleans, instants and paths."""
SortKey = TextKey | DayKey | OtherKey | Literal[
    "-topic", "-tag", "-domain", "-provider", "-type", "-category", "-title", "-excerpt", "-original_url", "-web_url",
    "-amp_web_url", "-cdn_amp_web_url", "-featured_content", "-topics", "-tags", "-body", "-day", "-week", "-month",
    "-year", "-quality", "-heat", "-published", "-removed", "-published_date_time", "-path", "-filename",
]
"""Keys to order by: with ``-`` the greatest first."""
# fmt: on

_MISSING: Final = frozenset((type(None), list))
"""Types of values that may be missing, which is ``None``, or a list without entries."""
NAMES: Final[tuple[str, ...]] = (*get_args(TextKey), *get_args(DayKey), *get_args(OtherKey))


def day(item: NewsItem) -> date:
    """Return the day on which an item was published, in UTC."""
    return item.published_date_time.astimezone(UTC).date()


def month(item: NewsItem) -> date:
    """Return the first day of the month in which an item was published, in UTC."""
    return day(item).replace(day=1)


def week(item: NewsItem) -> date:
    """Return the Monday of the week in which an item was published, in UTC."""
    published = day(item)
    return published - timedelta(published.weekday())


def year(item: NewsItem) -> date:
    """Return the first day of the year in which an item was published, in UTC."""
    return month(item).replace(month=1)


_SPANS: Final = {"day": (day, 1), "week": (week, 7), "month": (month, 31), "year": (year, 366)}
"""What gives the first day of an item's span, and how many days lead into the next one."""
_GETTERS: Final[dict[str, Callable[[NewsItem], Any]]] = {
    "topic": attrgetter("topics"),
    "tag": attrgetter("tags"),
    "domain": attrgetter("provider.domain"),
    "provider": attrgetter("provider.name"),
    "published_date_time": lambda item: in_utc(item.published_date_time),
    "day": day,
    "week": week,
    "month": month,
    "year": year,
}
_FIRST_DAY: Final[dict[str, dict[str, Any]]] = {"month": {"day": 1}, "year": {"month": 1, "day": 1}}
"""What the first day of a span that is not always equally long has in common with all others."""


def getter(key: str | Callable[[NewsItem], Any]) -> Callable[[NewsItem], Any]:
    """Return the function that gives the value, or the list of values, of an item.

    Raises:
        ValueError: if there is no key of this name.
        TypeError: if *key* is neither a name nor a function.
    """
    if callable(key):
        return key
    if not isinstance(key, str):
        raise TypeError(f"a key is a name or a function of an item, not {key!r}")
    if key not in NAMES:
        raise ValueError(f"no key {key!r}: {suggestion(key, NAMES)}")
    return _GETTERS.get(key) or attrgetter(key)


def values(key: str | Callable[[NewsItem], Any]) -> Callable[[NewsItem], Iterable[Any]]:
    """Return the function that gives the values of an item: each entry of a list once, and none for ``None``."""
    get = getter(key)

    def values_of(item: NewsItem) -> Iterable[Any]:
        value = get(item)
        if isinstance(value, list):
            return dict.fromkeys(one for one in value if one is not None)
        return () if value is None else (value,)

    return values_of


def timeline(items: Iterable[NewsItem], every: str) -> dict[date, int]:
    """Count items by the first day of a span of time, without a gap from the first to the last.

    Raises:
        ValueError: if there is no span of this name.
    """
    if every not in _SPANS:
        raise ValueError(f"every must be one of {', '.join(map(repr, _SPANS))}, not {every!r}")
    first_day, days = _SPANS[every]
    counts = Counter(first_day(item) for item in items)
    found: dict[date, int] = {}
    if counts:
        current, last = min(counts), max(counts)
        found[current] = counts[current]
        while current < last:  # no day beyond the last, which may be the last that there is
            current = (current + timedelta(days)).replace(**_FIRST_DAY.get(every, {}))
            found[current] = counts[current]
    return found


def ordered(items: Sequence[NewsItem], key: str | Callable[[NewsItem], Any], *, descending: bool) -> list[NewsItem]:
    """Order items by a key, those that are equal as they were, and those without a value last.

    Raises:
        ValueError: if there is no key of this name.
        TypeError: if two values have no order.
    """
    get = getter(key)
    values = [get(item) for item in items]  # not by map, which would take a StopIteration for the end of the items
    try:
        if isinstance(key, str) and _MISSING.isdisjoint(map(type, values)):
            return sorted(items, key=get, reverse=descending)  # the fastest way, but it gets each value again
        places = [place for place, value in enumerate(values) if value is not None and value != []]
        places.sort(key=values.__getitem__, reverse=descending)
    except TypeError as error:
        raise TypeError(f"items cannot be ordered by {key!r}: {error}") from error  # perhaps of the user's own class
    missing = [place for place, value in enumerate(values) if value is None or value == []]
    return [items[place] for place in places + missing]


def sorted_by(items: Sequence[NewsItem], keys: Sequence[str | Callable[[NewsItem], Any]]) -> Sequence[NewsItem]:
    """Order items by the first key, those that are equal by the next; ``-`` before a name is for the greatest first."""
    for key in reversed(keys):
        if isinstance(key, str) and key.startswith("-"):
            items = ordered(items, key[1:], descending=True)
        else:
            items = ordered(items, key, descending=False)
    return items
