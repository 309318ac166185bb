"""Summarise the fields of items: how often each is set, its distinct values and its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from newsitem._query.attributes import getter, is_nan, keys_at
from newsitem._schema.fields import SECURED_ALONE, Key
from newsitem._schema.kinds import DATA, Kind, class_of
from newsitem._schema.values import comparable
from newsitem.errors import counted, printable
from newsitem.items import FrontMatter

_COMMON: Final = 3
_MAXIMUM_TEXT: Final = 28
_COLUMNS: Final = ("field", "present", "distinct", "range", "most common")


class FieldSummary(NamedTuple):
    """A summary of one field across the items of a collection.

    Example:
        >>> field = news.describe()["topics"]
        >>> field.present, field.most_common[0]
        (21, ('AI', 7))
    """

    name: str
    """The attribute, such as ``heat`` or ``provider.name``, or ``extras.`` followed by a key that no class defines."""
    present: int
    """The number of items that set the field. An empty list does not count."""
    distinct: int | None = None
    """The number of distinct values, or of distinct entries for lists. ``None`` for lists of objects, ``secured``, and
    extras that are lists or mappings, whose values are not compared."""
    minimum: Any = None
    """The smallest number, the earliest datetime or date, or the length of the shortest list that is not empty."""
    maximum: Any = None
    """The largest number, the latest datetime or date, or the length of the longest list."""
    most_common: tuple[tuple[Any, int], ...] = ()
    """Up to three values that occur in more than one item, each with its number of items."""


class Description(Mapping[str, FieldSummary]):
    """Summaries of the fields of a collection: a mapping from field names to `FieldSummary` that prints as a table.

    Example:
        >>> description = news.describe()
        >>> description.item_count, description["provider.name"].distinct
        (21, 13)
    """

    __slots__ = ("_fields", "item_count")

    item_count: int
    """The number of items."""

    def __init__(self, items: int, fields: Sequence[FieldSummary]) -> None:
        """Create a description from the number of items and the summaries of their fields."""
        self.item_count = items
        self._fields = {field.name: field for field in fields}

    def __getitem__(self, name: str) -> FieldSummary:
        """Return the summary of a field."""
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the fields."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Return the number of fields."""
        return len(self._fields)

    def __repr__(self) -> str:
        """Show the summaries as a table."""
        rows = [_COLUMNS, *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
        return f"{counted(self.item_count, 'item')}\n" + "\n".join(lines)

    def _repr_html_(self) -> str:
        from newsitem._schema.html import table

        return table(_COLUMNS, self._rows())

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                printable(field.name),
                f"{field.present:,} ({_percent(field.present, self.item_count)})",
                "" if field.distinct is None else f"{field.distinct:,}",
                "" if field.minimum is None else f"{_shown(field.minimum)} to {_shown(field.maximum)}",
                ", ".join(f"{_shown(value)} ({count:,})" for value, count in field.most_common),
            )
            for field in self.values()
        ]


def _percent(part: int, total: int) -> str:
    """Return a percentage as text: 100% only for all items, and 0% only for none."""
    rounded = round(100 * part / total) if total else 0
    if rounded == 0 and part:
        return "<1%"
    return f"{99 if rounded == 100 and part < total else rounded}%"


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = printable(value)
    return text if len(text) <= _MAXIMUM_TEXT else text[: _MAXIMUM_TEXT - 1] + "…"


def describe(items: Sequence[FrontMatter], cls: type) -> Description:
    """Summarise the fields of *items*, in the order of their classes, or those of *cls*, followed by the extras."""
    kinds = dict.fromkeys(map(type, items)) or {cls: None}
    fields = [_summary(*row) for row in _rows(items, kinds)]
    extras: dict[Any, list[Any]] = {}
    for item in items:
        for name, value in item.extras.items():
            extras.setdefault(name, []).append(value)
    fields += [_summary(f"extras.{name}", DATA, values) for name, values in extras.items()]
    return Description(len(items), fields)


def _rows(items: Sequence[object], kinds: Iterable[type]) -> Iterator[tuple[str, Kind, list[Any]]]:
    """Return each field with its values. An attribute whose type differs between classes becomes several fields."""
    fields: dict[tuple[str, Any], dict[type, Key]] = {}
    for cls in kinds:
        for path, key in keys_at(cls).items():
            if key.kind.is_list or class_of(key.kind) is None:
                fields.setdefault((path, key.kind.python), {})[cls] = key
    paths = Counter(path for path, _ in fields)
    names = Counter[str]()
    for (path, _), known in fields.items():
        name = path if paths[path] == 1 else f"{path} of {' and '.join(cls.__name__ for cls in known)}"
        names[name] += 1
        unique = name if names[name] == 1 else f"{name} ({names[name]})"  # classes may have the same name
        getters = {cls: getter(cls, path) for cls in known}
        kind = next(iter(known.values())).kind
        yield unique, kind, [getters[type(item)](item) for item in items if type(item) in getters]


def _summary(name: str, kind: Kind, values: list[Any]) -> FieldSummary:
    present: list[Any] = [value for value in values if value is not None and value != []]
    measured = [len(value) for value in present] if kind.is_list else [value for value in present if not is_nan(value)]
    has_range = bool(measured) and kind.is_ordered
    counts = _counts(name, kind, present)
    common = [] if counts is None else counts.most_common(_COMMON)
    originals = {comparable(value): value for value in reversed(present)} if common and not kind.is_list else {}
    return FieldSummary(
        name=name,
        present=len(present),
        distinct=None if counts is None else len(counts),
        minimum=min(measured) if has_range else None,
        maximum=max(measured) if has_range else None,
        most_common=tuple((originals.get(value, value), count) for value, count in common if count > 1),
    )


def _counts(name: str, kind: Kind, values: list[Any]) -> Counter[Any] | None:
    if kind.is_hidden or name.removeprefix("extras.") in SECURED_ALONE or (kind.is_list and class_of(kind) is not None):
        return None
    try:
        if kind.is_list:
            return Counter(entry for value in values for entry in dict.fromkeys(value))
        return Counter(map(comparable, values))  # keeps 1, 1.0 and True distinct
    except TypeError:  # extras that are lists or mappings
        return None
