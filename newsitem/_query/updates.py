"""Set values of items from the rows of a table: all values that differ, or none."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Generic, NamedTuple

import attrs

from newsitem._query.attributes import as_utf_8, getter, is_nan, keys_at, kinds_of, path_of
from newsitem._query.conversion import Conversion, is_same, to_python
from newsitem._schema.checks import MOST_PROBLEMS, require, type_problems
from newsitem._schema.fields import keys_by_attribute, rejections
from newsitem._schema.kinds import DATA, MappingOf
from newsitem._schema.text import suggestion
from newsitem._schema.values import describe, plain
from newsitem.errors import Problem, counted, printable
from newsitem.items import FrontMatter, Item, Item_co


@attrs.frozen(repr=False)
class UpdateReport(Generic[Item_co]):
    """The result of `NewsCollection.update`.

    Example:
        >>> news.update({"path": str(item.path), "heat": 5} for item in news)
        <UpdateReport: 21 rows, 21 items changed, 0 unchanged: heat (21)>
    """

    rows: int
    """The number of rows in the table."""
    changed: tuple[Item_co, ...]
    """The items that were changed, in the order of the rows."""
    unchanged: tuple[Item_co, ...]
    """The items that already had all values of their rows."""
    fields: dict[str, int]
    """The number of changed items for each column that changed any."""

    def __repr__(self) -> str:
        """Show the numbers of rows and items, and the columns that changed items."""
        fields = ", ".join(f"{printable(name)} ({count:,})" for name, count in self.fields.items())
        numbers = f"{counted(len(self.changed), 'item')} changed, {len(self.unchanged):,} unchanged"
        return f"<UpdateReport: {counted(self.rows, 'row')}, {numbers}{f': {fields}' if fields else ''}>"


class _Cell(NamedTuple):
    """A value of a table that may differ from the value of its item."""

    row: int
    column: str
    item: FrontMatter
    value: Any


class _Change(NamedTuple):
    """A value to set."""

    cell: _Cell
    holder: Any
    attribute: str
    value: Any


def update(items: Sequence[Item], table: Any, on: str, columns: Sequence[str] | None) -> UpdateReport[Item]:
    """Set the values of a table; see `NewsCollection.update`."""
    is_arrow = hasattr(table, "__arrow_c_stream__")
    data: Any = _arrow_table(table) if is_arrow else _mappings(table)
    names: list[str] = data.column_names if is_arrow else list(dict.fromkeys(name for row in data for name in row))
    if wrong := [name for name in names if not isinstance(name, str)]:
        raise TypeError(f"column names must be text, not {wrong[0]!r}")
    if not isinstance(on, str):
        raise TypeError(f"on must be the name of a column, not {on!r}")
    wanted = [name for name in names if name != on] if columns is None else _distinct_names(columns)
    matches: list[Item] = []
    if names or len(data):  # mappings without rows have no columns
        require(_wrong_columns(items, names, on, wanted))
        cells = data.column(on).to_pylist() if is_arrow else [row.get(on) for row in data]
        matches = _items_of_rows(items, cells, on, is_arrow=is_arrow)
    changes: list[_Change] = []
    problems: list[Problem] = []
    rows = _differing_rows(data, wanted, matches) if is_arrow else data
    for place, (row, item) in enumerate(zip(rows, matches, strict=True)):
        for name in wanted:
            if name in row and len(problems) <= MOST_PROBLEMS:
                changes += _changes(_Cell(place, name, item, row[name]), problems, is_arrow=is_arrow)
    shared = {change.cell.column for change in changes if "." in change.cell.column}  # objects below items
    cells = (
        _Cell(place, name, item, None)
        for place, item in enumerate(matches if shared else ())
        for name in sorted(shared)
        if is_arrow or name in data[place]
    )
    require(problems or _contradictions(changes, cells))
    _set_all(changes)
    changed_rows = {change.cell.row for change in changes}
    fields = Counter(change.cell.column for change in changes)
    return UpdateReport(
        rows=len(matches),
        changed=tuple(item for place, item in enumerate(matches) if place in changed_rows),
        unchanged=tuple(item for place, item in enumerate(matches) if place not in changed_rows),
        fields={name: fields[name] for name in wanted if name in fields},
    )


def _distinct_names(columns: object) -> list[str]:
    """Return the names of the columns to use, each once.

    Raises:
        TypeError: if *columns* is not an iterable of text, or is itself text.
    """
    names: list[Any] = list(columns) if isinstance(columns, Iterable) else [columns]
    if isinstance(columns, str) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"columns must be an iterable of names, not {columns!r}")
    return list(dict.fromkeys(names))


def _contradictions(changes: list[_Change], cells: Iterable[_Cell]) -> Iterator[Problem]:
    """Find values that two rows set differently, because their items share an object.

    A value that one row changes and another leaves as it is differs too. *cells* are all that may be shared.
    """
    first: dict[tuple[int, str], _Change] = {}
    changed: dict[tuple[int, str], Any] = {}
    for change in changes:
        first.setdefault((id(change.holder), change.attribute), change)
        changed[change.cell.row, change.cell.column] = change.value
    for cell in cells:
        *_, (holder, _) = _holders(cell)
        attribute = cell.column.rpartition(".")[2]
        other = first.get((id(holder), attribute))
        if other is not None and changed.get((cell.row, cell.column), getattr(holder, attribute)) != other.value:
            message = f"row {other.cell.row + 1} sets another value, and both items share the object"
            yield _in_row(Problem(message, field=cell.column), cell)


def _set_all(changes: list[_Change]) -> None:
    """Set all values, or none if a validator rejects the result."""
    before = [getattr(change.holder, change.attribute) for change in changes]
    try:
        for change in changes:
            object.__setattr__(change.holder, change.attribute, change.value)
        cells = [change.cell for change in changes]
        holders = {id(holder): (holder, prefix, cell) for cell in cells for holder, prefix in _holders(cell)}
        require(
            _in_row(Problem(problem, field=prefix + key.name), cell)
            for holder, prefix, cell in holders.values()
            for key, problem in rejections(holder)
        )
    except BaseException:
        for change, value in zip(changes, before, strict=True):
            object.__setattr__(change.holder, change.attribute, value)
        raise


def _holders(cell: _Cell) -> Iterator[tuple[Any, str]]:
    """Return the item of a cell and the mappings on the path to its attribute, each with a prefix for its keys.

    The last one may be ``None`` in place of a missing mapping.
    """
    holder: Any = cell.item
    prefix = ""
    yield holder, prefix
    for name in cell.column.split(".")[:-1]:
        prefix += f"{keys_by_attribute(type(holder))[name].name}."
        holder = getattr(holder, name)
        yield holder, prefix
        if holder is None:
            return


def _in_row(problem: Problem, cell: _Cell) -> Problem:
    """Add the number of the row and the path of its item to a problem."""
    return attrs.evolve(problem, message=f"row {cell.row + 1}: {problem.message}", path=path_of(cell.item))


def _wrong_columns(items: Sequence[FrontMatter], names: list[str], on: str, wanted: list[str]) -> Iterator[Problem]:
    """Find columns that are missing, duplicated, or do not name an attribute that can be set."""
    for name in dict.fromkeys([on, *wanted]):
        if name not in names:
            known = ", ".join(map(printable, names))
            hint = f"its columns are {known}" if known else "it has no columns"
            yield Problem(f"no column {name!r} in the table: {hint}")
        elif names.count(name) > 1:
            yield Problem(f"duplicate column {name!r}: remove one of the two")
    for name, other in combinations(sorted(wanted), 2):
        if other.startswith(f"{name}."):
            yield Problem(f"the columns {name!r} and {other!r} overlap: remove one of the two")
    for cls in kinds_of(items):
        kinds = {path: key.kind for path, key in keys_at(cls).items()}
        identifying = [path for path, kind in kinds.items() if not (kind.is_block or kind.is_hidden or kind is DATA)]
        if on not in ("path", *identifying):
            hint = suggestion(on, identifying) if identifying else "use on='path'"
            yield Problem(f"{on!r} cannot identify items of {cls.__name__}: {hint}")
        extras = [f"{path}.extras" for path, kind in kinds.items() if isinstance(kind, MappingOf)]
        settable = [*kinds, *extras, "extras", "body"]
        for name in wanted:
            if name not in ("path", *settable):
                hint = suggestion(name, settable)
                yield Problem(f"the column {name!r} is not an attribute of {cls.__name__} that can be set: {hint}")


def _items_of_rows(items: Sequence[Item], cells: list[Any], on: str, *, is_arrow: bool) -> list[Item]:
    """Return the item of each row.

    Raises:
        ValidationError: if a row matches no item or several.
    """
    by_value: dict[Any, list[Item]] = {}
    kinds = [keys_at(cls)[on].kind for cls in kinds_of(items) if on != "path"]
    kind = min(kinds, key=lambda kind: kind.label, default=None)  # does not depend on the order of classes
    for item in {id(item): item for item in items}.values():  # a collection may contain an item twice
        value = path_of(item) if on == "path" else getter(type(item), on)(item)
        by_value.setdefault(_distinguished(value), []).append(item)
    matches: list[Item] = []
    problems: list[Problem] = []
    rows: dict[int, int] = {}
    for row, cell in enumerate(cells, 1):
        conversion = Conversion(is_arrow=is_arrow)
        value = _as_path(cell) if kind is None else conversion.scalar(kind, to_python(cell), None, on)
        is_value = value is not None and isinstance(value, Hashable)
        candidates = by_value.get(_distinguished(value), []) if is_value else []
        if conversion.problems:
            problems += [Problem(f"row {row}: {problem.message}", field=on) for problem in conversion.problems]
        elif len(candidates) != 1:
            number = "no item has" if not candidates else "several items have"
            is_other = kind is not None and isinstance(value, str) and kind.python is not str
            shown = describe(value).removeprefix("the ") if is_other else printable(value)
            problems.append(Problem(f"row {row}: {number} the {on} {shown}"))
        elif (first := rows.setdefault(id(candidates[0]), row)) != row:
            problems.append(Problem(f"row {row}: same item as in row {first}", path=path_of(candidates[0])))
        else:
            matches.append(candidates[0])
    require(problems)
    return matches


def _distinguished(value: Any) -> Any:
    """Return a value such that booleans do not equal numbers, as True equals 1."""
    return (value,) if type(value) is bool else value


def _as_path(cell: Any) -> Any:
    """Return a path as tables contain it, or ``None`` for a missing value."""
    value = to_python(cell)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str):
        return as_utf_8(value)
    return None if is_nan(value) else value


def _changes(cell: _Cell, problems: list[Problem], *, is_arrow: bool) -> Iterator[_Change]:
    """Return the change that a cell makes to its item, if the value differs."""
    refused: list[Problem] = []
    above, _, attribute = cell.column.rpartition(".")
    *_, (holder, prefix) = _holders(cell)
    if cell.column == "path":
        if _as_path(cell.value) not in (None, path_of(cell.item)):
            refused.append(Problem("a table cannot rename a file: use newsitem.rename", field="path"))
    elif holder is None:
        if not is_nan(cell.value) and to_python(cell.value) is not None:
            refused.append(Problem(f"cannot be set: the item has no {above}", field=cell.column))
    else:
        key = keys_by_attribute(type(holder)).get(attribute)
        old = getattr(holder, attribute)
        conversion = Conversion(is_arrow=is_arrow)
        value = conversion.value(key, cell.value, old)
        # Validators run later, on objects with all their new values.
        refused = conversion.problems or type_problems(type(holder), attribute, key, value)
        if not refused and not is_same(key, old, value):
            yield _Change(cell, holder, attribute, plain(value))
        refused = [attrs.evolve(problem, field=f"{prefix}{problem.field}") for problem in refused]
    problems += [_in_row(problem, cell) for problem in refused]


def _mappings(table: Any) -> list[Mapping[str, Any]]:
    """Return rows that are mappings. They need not have the same columns."""
    if isinstance(table, str | bytes | Mapping) or not isinstance(table, Iterable):
        raise TypeError(f"expected an Arrow table or an iterable of mappings, not {type(table).__name__}")
    rows = list(table)
    for row in rows:
        if not isinstance(row, Mapping):
            raise TypeError(f"a row must be a mapping, not {type(row).__name__}")
    return rows


def _arrow_table(table: Any) -> Any:
    from newsitem._query.columns import table_from  # its ImportError names the package to install

    try:
        return table_from(table)
    except Exception as error:  # the tool that provides the data may raise anything
        raise TypeError(f"the table cannot be read as Arrow: {error}") from error


def _differing_rows(table: Any, names: list[str], items: Sequence[FrontMatter]) -> list[dict[str, Any]]:
    """Return the rows of an Arrow table, with the values that differ, or may differ, from those of the items.

    Only these are converted to Python.
    """
    from newsitem._query.columns import differing

    rows: list[dict[str, Any]] = [{} for _ in items]
    for name in names:
        for place, value in differing(name, table.column(name), items):
            rows[place][name] = value
    return rows
