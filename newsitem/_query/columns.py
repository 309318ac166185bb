"""Convert items to Arrow record batches, column by column, and rows to items. The model determines the types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain, islice
from operator import attrgetter
from typing import Any, Final

import attrs

from newsitem._query.attributes import kinds_of, path_of
from newsitem._query.conversion import Conversion, to_json
from newsitem._schema.checks import require
from newsitem._schema.code import cached
from newsitem._schema.fields import Key, keys, keys_by_attribute
from newsitem._schema.kinds import DATA, Kind, class_of, element_of
from newsitem._schema.scalar_kinds import FLOAT, SECURED
from newsitem.errors import Problem, ValidationError
from newsitem.items import FrontMatter, Item, NewsItem, require_kind, require_valid

try:
    import pyarrow as pa
except ImportError:
    message = "newsitem.arrow needs pyarrow: pip install 'newsitem[arrow]' (or: pip install pyarrow)"
    raise ImportError(message, name="pyarrow") from None

ROWS: Final = 10_000
"""The default number of rows in a record batch."""
_MOST: Final = (1 << 31) - 1
"""The maximum number of bytes of text in one array, whose offsets have 32 bits."""
_EXTRAS: Final = pa.field("extras", pa.string(), metadata={"doc": "Keys that the class does not define, as JSON."})
_BODY: Final = pa.field("body", pa.string(), metadata={"doc": "The text after the front matter."})
_PATH: Final = pa.field("path", pa.string(), metadata={"doc": "Path of the file that the item was read from."})


def _type(kind: Kind) -> pa.DataType:
    if kind.is_list:
        return pa.list_(_type(element_of(kind)))
    below = class_of(kind)
    return kind.arrow(pa) if below is None else pa.struct(_fields(below))


def _fields(cls: type) -> list[pa.Field]:
    """Return the columns of the keys of a class that are not hidden, and of its ``extras``."""
    return [*(_field(key) for key in keys(cls) if not key.kind.is_hidden), _EXTRAS]


def _field(key: Key) -> pa.Field:
    return pa.field(key.attribute, _type(key.kind), metadata={"key": key.name, "doc": key.doc})


@cached
def full_schema(cls: type) -> pa.Schema:
    """Return the schema of all columns of a class, including hidden ones."""
    return pa.schema([*map(_field, keys(cls)), _EXTRAS, _BODY, _PATH])


# Items -> record batches


def schema_of(columns: Sequence[str] | None, cls: type) -> pa.Schema:
    """Return the schema of *columns* of a class, or of its default columns."""
    require_kind(cls)
    if columns is None:
        return pa.schema([*_fields(cls), _BODY, _PATH])
    if isinstance(columns, str):
        raise TypeError(f"columns must be an iterable of names, not {columns!r}")
    columns = list(columns)
    if not columns:
        raise ValueError("columns must not be empty")
    if wrong := [name for name in columns if not isinstance(name, str)]:
        raise TypeError(f"column names must be text, not {wrong[0]!r}")
    return pa.schema([column_of(cls, name) for name in columns])


def _field_at(cls: type, path: str) -> pa.Field | None:
    """Return the column at a path of attributes, if there is one. A path through a list is a column of lists."""
    attribute, dot, rest = path.partition(".")
    key = keys_by_attribute(cls).get(attribute)
    if key is None:
        return _EXTRAS if path == "extras" else None
    if not dot:
        return _field(key)
    below = class_of(key.kind)
    inner = None if below is None else _field_at(below, rest)
    return inner and pa.field(path, pa.list_(inner.type) if key.kind.is_list else inner.type, metadata=inner.metadata)


def column_of(cls: type, name: str) -> pa.Field:
    """Return the column of this name.

    Raises:
        ValueError: if the class has no such column.
    """
    field = {"body": _BODY, "path": _PATH}.get(name) or _field_at(cls, name)
    if field is None:
        raise ValueError(f"no column {name!r}: expected one of {', '.join(full_schema(cls).names)}")
    return field


def batches(
    items: Iterable[FrontMatter], columns: Sequence[str] | None, *, rows: int = ROWS, cls: type | None = None
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return the schema and an iterator over record batches of at most *rows* rows each.

    Without *cls*, the items are of the class of the first one, or of `NewsItem` if there are none.
    """
    following = iter(items)
    first = list(islice(following, 1))
    cls = cls or next(map(type, first), NewsItem)
    schema = schema_of(columns, cls)
    return schema, _batches(chain(first, following), cls, schema, rows)


def _batches(items: Iterator[FrontMatter], cls: type, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    done = 0
    while share := list(islice(items, rows)):
        share = [_require_valid(item, cls, number) for number, item in enumerate(share, done + 1)]
        yield from _batches_of(share, schema, done + 1)
        done += len(share)


class _TooMuch(Exception):
    """The values have more text than fits into one Arrow array."""


def _batches_of(share: list[FrontMatter], schema: pa.Schema, number: int) -> Iterator[pa.RecordBatch]:
    """Return items as one record batch, or several if their text does not fit. *number* is that of the first item."""
    try:
        arrays = [column_array(type(share[0]), field.name, share) for field in schema]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    except _TooMuch:
        half = len(share) // 2
        if not half:
            path = str(share[0].path or f"item {number}")
            message = f"too much text for an Arrow column, which can contain at most {_MOST:,} bytes"
            raise ValidationError([Problem(message, path=path)]) from None
        yield from _batches_of(share[:half], schema, number)
        yield from _batches_of(share[half:], schema, number + half)


def _require_valid(item: FrontMatter, cls: type, number: int) -> FrontMatter:
    """Return the item if it is valid. Errors name an item without a path by its number."""
    try:
        valid: FrontMatter = require_valid(item)
    except ValidationError as error:
        raise error.in_file(error.path or f"item {number}") from None
    if type(item) is not cls:
        names = f"{cls.__name__} and {type(item).__name__}"
        raise TypeError(f"a table can only contain items of one class, not {names}: select the items of one class")
    return valid


def table_of(items: Iterable[FrontMatter], columns: Sequence[str] | None, cls: type | None = None) -> pa.Table:
    """Return all items as one table. Without items, it has the columns of *cls*."""
    schema, parts = batches(items, columns, cls=cls)
    return pa.Table.from_batches(parts, schema=schema)


_OWN: Final[dict[str, Callable[[Any], str | None]]] = {
    "extras": lambda instance: to_json(instance.extras) if instance.extras else None,
    "body": attrgetter("body"),
    "path": path_of,
}
"""The functions for the values of the columns that are not keys of the file."""
_CONVERTED: Final[dict[Kind, Callable[[Any], Any]]] = {FLOAT: float, DATA: to_json, SECURED: attrgetter("text")}
"""The functions that convert values of the kinds that pyarrow cannot convert."""


def column_array(cls: type, path: str, objects: list[Any]) -> pa.Array:
    """Return the values at a path of attributes of objects of one class. Some objects may be ``None``."""
    name, _, rest = path.partition(".")
    key = keys_by_attribute(cls).get(name)
    get = attrgetter(name) if key is not None else _OWN[name]
    values = [None if instance is None else get(instance) for instance in objects]
    return _plain_array(values, pa.string()) if key is None else _array(key.kind, values, rest)


def _array(kind: Kind, values: list[Any], path: str) -> pa.Array:
    """Return values of one kind, some of which may be ``None``, or the values at a *path* of their attributes."""
    below = class_of(kind)
    if kind.is_list:
        entries = _array(element_of(kind), list(chain.from_iterable(filter(None, values))), path)
        ends = pa.array(accumulate((len(value or ()) for value in values), initial=0), pa.int32())
        return pa.ListArray.from_arrays(ends, entries, mask=_missing(values))
    if below is None:
        convert = _CONVERTED.get(kind)
        plain = values if convert is None else [None if value is None else convert(value) for value in values]
        return _plain_array(plain, _type(kind))
    if path:
        return column_array(below, path, values)
    fields = _fields(below)
    arrays = [column_array(below, field.name, values) for field in fields]
    return pa.StructArray.from_arrays(arrays, fields=fields, mask=_missing(values))


def _missing(values: list[Any]) -> pa.Array:
    return pa.array([value is None for value in values], pa.bool_())


def _plain_array(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        array = pa.array(values, kind)
    except pa.ArrowCapacityError:
        raise _TooMuch from None
    if isinstance(array, pa.ChunkedArray) or array.nbytes > _MOST:  # pyarrow splits large data into chunks
        raise _TooMuch
    return array


# Rows -> items


def table_from(data: Any) -> pa.Table:
    """Return a table from any Arrow data, such as a reader, a data frame or a relation."""
    table = data if isinstance(data, pa.Table) else pa.table(data)
    index = [name for name in table.column_names if re.fullmatch(r"__index_level_[0-9]+__", name)]
    return table.drop_columns(index)  # pandas adds it to tables with filtered or sorted rows


def items_of(table: pa.Table, cls: type[Item]) -> list[Item]:
    """Create an item of *cls* from each row.

    Raises:
        ValueError: if a required column is missing, or a column is not in the model or has another type.
        ValidationError: if values are not valid. It lists every problem; the ``path`` of each names its row, starting
            at 1.
    """
    table = table_from(table)
    require_kind(cls)
    items: list[Item] = []
    problems: list[Problem] = []
    try:
        rows = pa.table(_columns(table, cls)).to_pylist()
    except OverflowError as error:  # a date that Python does not support
        raise ValueError(f"the table contains a date beyond the years 1 to 9999: {error}") from None
    for number, row in enumerate(rows, 1):
        body, path = row.pop("body", None), row.pop("path", None)
        conversion = Conversion(is_arrow=True)
        item: Item | None = conversion.object(cls, row, None, "")
        if item is not None:
            try:
                item.body, item.path = "\n" if body is None else body, path or None
                items.append(item)
            except ValidationError as error:
                conversion.problems += error.problems
        problems += [attrs.evolve(problem, path=f"row {number}") for problem in conversion.problems]
    require(problems)
    return items


def _columns(table: pa.Table, cls: type) -> dict[str, pa.ChunkedArray]:
    """Return the columns of a table, cast to the types of the model."""
    schema = full_schema(cls)
    columns: dict[str, pa.ChunkedArray] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name not in schema.names:
            raise ValueError(f"the column {name!r} is not in the model: remove or rename it")
        if name in columns:
            raise ValueError(f"duplicate column {name!r}: remove one of the two")
        columns[name] = _cast(name, column, schema.field(name).type)
    for key in keys(cls):
        if key.required and key.attribute not in columns:
            raise ValueError(f"required column {key.attribute!r} is missing")
    return columns


_NUMBERS: Final = (pa.types.is_integer, pa.types.is_floating)
_CONVERTIBLE: Final = {
    pa.string(): (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    pa.int64(): _NUMBERS,
    pa.float64(): _NUMBERS,
    pa.bool_(): (pa.types.is_boolean,),
    pa.date32(): (pa.types.is_date,),
    pa.timestamp("us", tz="UTC"): (pa.types.is_timestamp, pa.types.is_date),
}
"""For each type of the schema, the tests for types that can be converted to it unambiguously."""


def _require_type(name: str, actual: pa.DataType, expected: pa.DataType) -> None:
    """Raise `ValueError` if a column or a field in it has an unknown name or a type that cannot be converted."""
    if pa.types.is_dictionary(actual):
        actual = actual.value_type
    if pa.types.is_null(actual):
        return
    if pa.types.is_struct(expected) and pa.types.is_struct(actual):
        names = [field.name for field in actual]
        for field in actual:
            if expected.get_field_index(field.name) < 0 or names.count(field.name) > 1:
                place = f"the field {field.name!r} of the column {name!r}"
                raise ValueError(f"{place} is not in the model or occurs twice: remove it")
            _require_type(f"{name}.{field.name}", field.type, expected.field(field.name).type)
    elif pa.types.is_list(expected) and pa.types.is_nested(actual) and hasattr(actual, "value_type"):
        _require_type(name, actual.value_type, expected.value_type)
    elif not any(is_convertible(actual) for is_convertible in _CONVERTIBLE.get(expected, ())):
        raise ValueError(f"the column {name!r} cannot be converted from {actual} to {expected}")


def _cast(name: str, column: pa.ChunkedArray, expected: pa.DataType) -> pa.ChunkedArray:
    """Return a column, cast to the type that it should have, or raise `ValueError`."""
    _require_type(name, column.type, expected)
    try:
        if re.search("list_view|values=string_view", str(column.type)):  # pyarrow cannot cast these, or loses entries
            column = pa.chunked_array([pa.array(column.to_pylist(), expected)])
        return column.cast(expected)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, ValueError) as error:
        raise ValueError(f"the column {name!r} cannot be converted from {column.type} to {expected}: {error}") from None


# Columns that differ


def differing(name: str, column: pa.ChunkedArray, items: Sequence[FrontMatter]) -> Iterator[tuple[int, Any]]:
    """Return the rows of a column that differ from the items, with their values; all rows if they cannot be compared.

    Args:
        name: The column, or a path of attributes.
        column: The values, with one row per item.
        items: The items.
    """
    rows: Iterable[int] = range(len(items))
    if len(kinds_of(items)) == 1:
        cls: type = type(items[0])
        field = column_of(cls, name)
        # On any error, report all rows: values of another type are then rejected with their row numbers, and values
        # that are not valid in an item can be overwritten.
        with suppress(ValueError, TypeError, AttributeError, OverflowError, pa.ArrowException, _TooMuch):
            current = pa.chunked_array([column_array(cls, name, list(items))])
            new = _cast(name, column, field.type)
            pairs = enumerate(zip(new, current, strict=True))
            rows = [] if new.equals(current) else [row for row, (value, old) in pairs if not value.equals(old)]
            if not pa.types.is_nested(field.type):  # a cast of a nested type adds missing fields
                column = new
    return ((row, _python(column[row])) for row in rows)


def _python(scalar: pa.Scalar) -> Any:
    """Return an Arrow value as a Python value, or as text if Python cannot represent it."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return str(scalar.cast(pa.string()))
