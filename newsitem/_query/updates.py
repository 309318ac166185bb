"""Rows of a table -> values of items: what differs is set, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from math import isnan
from typing import Any, Final, Generic, NamedTuple

import attrs

from newsitem._query.attributes import getter, key_at, kinds_of
from newsitem._query.rows import data_of, extras_of, made, to_json
from newsitem._schema.checks import set_problems
from newsitem._schema.fields import Key, keys, keys_by_attribute
from newsitem._schema.kinds import DATA, class_of
from newsitem._schema.scalar_kinds import FLOAT, INTEGER, SECURED
from newsitem._schema.secured import Secured
from newsitem._schema.text import suggestion
from newsitem.errors import Problem, ValidationError, counted, printable
from newsitem.items import FrontMatter, Item, Item_co

_MOST_PROBLEMS: Final = 1_000
_OWN: Final = ("extras", "body")
"""Columns that are no keys."""


@attrs.frozen(repr=False)
class UpdateReport(Generic[Item_co]):
    """What `NewsCollection.update` did.

    Example:
        >>> news.update({"path": str(item.path), "heat": 5} for item in news)
        <UpdateReport: 21 rows, 21 items changed, 0 unchanged: heat (21)>
    """

    rows: int
    """The rows of the table."""
    changed: tuple[Item_co, ...]
    """The items of which a value was set, in the order of the rows."""
    unchanged: tuple[Item_co, ...]
    """The items that had all values of their rows already."""
    fields: dict[str, int]
    """For each column of which values were set, in how many items."""

    def __repr__(self) -> str:
        """Return the numbers."""
        fields = ", ".join(f"{printable(name)} ({count:,})" for name, count in self.fields.items())
        numbers = f"{counted(len(self.changed), 'item')} changed, {len(self.unchanged):,} unchanged"
        return f"<UpdateReport: {counted(self.rows, 'row')}, {numbers}{f': {fields}' if fields else ''}>"


class _Cell(NamedTuple):
    """A value of a table that may differ from that of its item."""

    row: int
    column: str
    value: Any


class _Change(NamedTuple):
    """A value that is to be set."""

    row: int
    column: str
    holder: Any
    attribute: str
    value: Any


def update(items: Sequence[Item], table: Any, on: str, columns: Sequence[str] | None) -> UpdateReport[Item]:
    """Set the values of a table; see `NewsCollection.update`."""
    source: _Arrow | _Mappings = _Arrow(table) if hasattr(table, "__arrow_c_stream__") else _Mappings(table)
    if isinstance(columns, str):
        raise TypeError(f"columns must be several names, not {columns!r}")
    wanted = [name for name in source.names if name != on] if columns is None else list(columns)
    wrong = _wrong_columns(items, source, on, wanted) if source.names else ()  # of no rows at all
    problems = list(islice(wrong, _MOST_PROBLEMS))
    rows = [] if problems else _items_of_rows(items, source.values(on), on, problems)
    changes: list[_Change] = []
    if not problems:
        for cell in source.cells(wanted, rows):
            changes += _changes(cell, rows[cell.row], problems, is_arrow=isinstance(source, _Arrow))
            if len(problems) >= _MOST_PROBLEMS:
                break
    if problems:
        raise ValidationError(problems)
    _set_all(changes)
    touched = {change.row for change in changes}
    fields = {name: len({change.row for change in changes if change.column == name}) for name in wanted}
    return UpdateReport(
        rows=len(rows),
        changed=tuple(item for row, item in enumerate(rows) if row in touched),
        unchanged=tuple(item for row, item in enumerate(rows) if row not in touched),
        fields={name: count for name, count in fields.items() if count},
    )


def _set_all(changes: list[_Change]) -> None:
    """Set all values, or none: a validator may compare one with another that is set, too."""
    done: list[tuple[_Change, Any]] = []
    try:
        for change in changes:
            old = getattr(change.holder, change.attribute)
            setattr(change.holder, change.attribute, change.value)
            done.append((change, old))
    except BaseException as error:
        for change, old in reversed(done):
            object.__setattr__(change.holder, change.attribute, old)
        if isinstance(error, ValidationError):
            row = f"row {changes[len(done)].row + 1}"
            raise ValidationError(
                attrs.evolve(problem, message=f"{row}: {problem.message}") for problem in error.problems
            ) from None
        raise


def _wrong_columns(
    items: Sequence[FrontMatter], source: _Arrow | _Mappings, on: str, wanted: list[str]
) -> Iterator[Problem]:
    """Find columns that are not there, are there twice, or name nothing that can be set."""
    for name in dict.fromkeys([on, *wanted]):
        if source.names.count(name) != 1:
            there = "there is no column" if name not in source.names else "there are two columns"
            yield Problem(f"{there} {printable(name)}: there are {', '.join(map(printable, source.names))}")
    for cls in kinds_of(items):
        if on != "path" and on not in _paths(cls):
            yield Problem(f"{printable(on)} is no attribute of {cls.__name__}: {suggestion(on, _paths(cls))}")
        for name in wanted:
            if name not in (*_paths(cls), "path"):
                hint = suggestion(name, _paths(cls))
                yield Problem(f"the column {printable(name)} names nothing that can be set in {cls.__name__}: {hint}")


def _paths(cls: type) -> list[str]:
    """Return the paths of attributes that can be set in items of a class, those in mappings below them too."""
    found = []
    for key in keys(cls):
        found.append(key.attribute)
        below = None if key.kind.is_list else class_of(key.kind)
        found += [] if below is None else [f"{key.attribute}.{path}" for path in (*_paths(below), "extras")]
    return [*found, *_OWN] if hasattr(cls, "_source") else found


def _items_of_rows(items: Sequence[Item], values: list[Any], on: str, problems: list[Problem]) -> list[Item]:
    """Return the item of each row. Rows without one, and items with several, are among the *problems*."""
    by_value: dict[Any, Item] = {}
    for item in items:
        value = _path_of(item) if on == "path" else getter(type(item), on)(item)
        if value is not None and by_value.setdefault(value, item) is not item:
            problems.append(Problem(f"several items have the {on} {printable(value)}, so that no row can name one"))
    found: list[Item] = []
    taken: dict[int, int] = {}
    for row, given in enumerate(map(_plain, values), 1):
        value = str(given) if on == "path" and given is not None else given
        one = by_value.get(value) if _is_hashable(value) else None
        if one is None:
            problems.append(Problem(f"row {row}: no item has the {on} {printable(value)}"))
        elif taken.setdefault(id(one), row) != row:
            problems.append(Problem(f"row {row}: the item has row {taken[id(one)]}, too", path=_path_of(one)))
        else:
            found.append(one)
    return found


def _is_hashable(value: object) -> bool:
    return not isinstance(value, list | dict)


def _path_of(item: FrontMatter) -> str | None:
    """Return the path of an item, as it is in tables."""
    return None if item.path is None else str(item.path).encode(errors="backslashreplace").decode()


def _changes(cell: _Cell, item: FrontMatter, problems: list[Problem], *, is_arrow: bool) -> Iterator[_Change]:
    """Find what is to be set in an item, if that differs."""
    own: list[Problem] = []
    holder: Any = item
    *above, attribute = cell.column.split(".")
    for name in above:
        holder = None if holder is None else getattr(holder, name)
    if cell.column == "path":
        if _plain(cell.value) not in (None, _path_of(item)):
            own.append(Problem("a table cannot move a file: use newsitem.rename", field="path"))
    elif holder is None:
        if _plain(cell.value) is not None:
            own.append(Problem(f"is in {'.'.join(above)}, which the item does not have", field=cell.column))
    else:
        key = key_at(type(holder), attribute)
        old = getattr(holder, attribute)
        given = _from_json(key, cell, old, own, is_arrow=is_arrow)
        value = _converted(key, given, old, own)
        if not own and not _is_same(key, attribute, old, value):
            own += set_problems(holder, attribute, key, value)
            if not own:
                yield _Change(cell.row, cell.column, holder, attribute, value)
        prefix = "".join(f"{one.name}." for one in _keys_on(type(item), above))
        own = [attrs.evolve(problem, field=f"{prefix}{problem.field}") for problem in own]
    problems += [
        attrs.evolve(problem, message=f"row {cell.row + 1}: {problem.message}", path=_path_of(item)) for problem in own
    ]


def _keys_on(cls: type, attributes: list[str]) -> Iterator[Key]:
    for attribute in attributes:
        key = key_at(cls, attribute)
        assert key is not None
        yield key
        cls = class_of(key.kind) or cls


def _is_same(key: Key | None, attribute: str, old: Any, value: Any) -> bool:
    kind = DATA if attribute == "extras" else None if key is None else key.kind
    return bool(old == value) if kind is None else kind.is_same(old, value)


def _converted(key: Key | None, given: Any, old: Any, problems: list[Problem]) -> Any:
    """Return a value of a table as that of a field. What is of another type stays what it is, and is refused."""
    value = _plain(given)
    is_nan = isinstance(value, float) and isnan(value)
    if key is None:  # extras, and the body
        return _EMPTY[type(old)] if value is None or is_nan else value
    kind = key.kind
    below = class_of(kind)
    if value is None or (is_nan and kind is not FLOAT):
        value = [] if kind.absent == "[]" else None
    elif kind.is_list and isinstance(value, list):
        olds = old if below is not None and old and len(old) == len(value) else [None] * len(value)
        value = [
            each if below is None else _object(below, each, before, f"{key.name}[{place}]", problems)
            for place, (each, before) in enumerate(zip(value, olds, strict=True))
        ]
    elif below is not None and not kind.is_list:
        value = _object(below, value, old, key.name, problems)
    elif kind is INTEGER and isinstance(value, float) and value.is_integer():
        value = int(value)
    elif kind is SECURED and isinstance(value, str):
        value = Secured(value)
    return value


_EMPTY: Final[dict[type, Any]] = {dict: {}, str: "\n"}
"""What a null is in what is no key."""


def _from_json(key: Key | None, cell: _Cell, old: Any, problems: list[Problem], *, is_arrow: bool) -> Any:
    """Return plain data, which tables hold as JSON text, and anything else as it is.

    In rows that are mappings a text is a text, unless it is what a table would hold of the old value.
    """
    given = cell.value
    if key is None:
        return extras_of(given, "", problems) if isinstance(old, dict) and isinstance(given, str) else given
    if key.kind is not DATA or not isinstance(given, str):
        return given
    if not is_arrow:
        return old if given == to_json(old) else given
    return data_of(given, cell.column, problems)


def _object(cls: type, given: Any, old: Any, path: str, problems: list[Problem]) -> Any:
    """Return an object of its values by their attributes; those that are not given are as before."""
    if not isinstance(given, Mapping):
        return given
    known: dict[str, Key | None] = {**keys_by_attribute(cls), "extras": None}
    problems += [Problem(f"has no attribute {printable(name)}", field=path) for name in given if name not in known]
    values = {} if old is None else {name: getattr(old, name) for name in known}
    for name, value in given.items():
        if name in known:
            own: list[Problem] = []
            values[name] = _converted(known[name], value, values.get(name, {} if name == "extras" else None), own)
            problems += [attrs.evolve(problem, field=f"{path}.{problem.field}") for problem in own]
    return made(cls, values, path, problems)


def _plain(value: Any) -> Any:
    """Return values of numpy and pandas as those of Python."""
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    return {name: _plain(child) for name, child in value.items()} if isinstance(value, Mapping) else value


class _Mappings:
    """Rows that are mappings; one may lack what others have."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
            raise TypeError(f"expected a table of Arrow, or mappings, not {type(rows).__name__}")
        self.rows = list(rows)
        for row in self.rows:
            if not isinstance(row, Mapping):
                raise TypeError(f"a row must be a mapping, not {type(row).__name__}")
        self.names = list(dict.fromkeys(name for row in self.rows for name in row))

    def values(self, name: str) -> list[Any]:
        """Return the values of a column."""
        return [row.get(name) for row in self.rows]

    def cells(self, names: list[str], _: Sequence[FrontMatter]) -> Iterator[_Cell]:
        """Return the values that are there."""
        for place, row in enumerate(self.rows):
            yield from (_Cell(place, name, row[name]) for name in names if name in row)


class _Arrow:
    """A table of Arrow, of which only those values are made that differ from those of the items."""

    def __init__(self, table: Any) -> None:
        from newsitem._query.columns import table_from  # which says what is to be installed

        self.table = table_from(table)
        self.names: list[str] = self.table.column_names

    def values(self, name: str) -> list[Any]:
        """Return the values of a column."""
        return list(self.table.column(name).to_pylist())

    def cells(self, names: list[str], items: Sequence[FrontMatter]) -> Iterator[_Cell]:
        """Return the values that differ, or may do so."""
        from newsitem._query.columns import differing

        for name in names:
            column = self.table.column(name)
            for place, value in differing(name, column, items):
                yield _Cell(place, name, value)
