"""Items -> Arrow record batches, column by column, and rows -> items. The types follow from the model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import accumulate, chain, islice
from math import isfinite
from operator import attrgetter
from typing import Any, Final

from newsitem._resolve import to_date, to_instant
from newsitem._scalars import instant
from newsitem._schema import Key, Style, element, keys
from newsitem.errors import Problem, ValidationError
from newsitem.model import NewsItem, Secured, require_valid

try:
    import pyarrow as pa
except ImportError:
    raise ImportError("newsitem.arrow needs pyarrow: pip install 'newsitem[arrow]'", name="pyarrow") from None

_SCALARS: Final = {
    Style.PLAIN: pa.string(),
    Style.QUOTED: pa.string(),
    Style.SECURED: pa.string(),
    Style.INTEGER: pa.int64(),
    Style.BOOLEAN: pa.bool_(),
    Style.INSTANT: pa.timestamp("us", tz="UTC"),
    Style.TEXTS: pa.list_(pa.string()),
}
ROWS: Final = 10_000
"""Rows of a record batch."""
_EXTRAS: Final = pa.field("extras", pa.string(), metadata={"doc": "Keys that the model does not name, as JSON."})
_BODY: Final = pa.field("body", pa.string(), metadata={"doc": "All that follows the front matter."})
_PATH: Final = pa.field("path", pa.string(), metadata={"doc": "The file that was read."})


def _type(key: Key) -> pa.DataType:
    if key.of is None or key.style is Style.SECURED:
        return _SCALARS[key.style]
    struct = pa.struct([*_fields(key.of), _EXTRAS])
    return struct if key.style is Style.OBJECT else pa.list_(struct)


def _fields(cls: type) -> list[pa.Field]:
    return [pa.field(key.attribute, _type(key), metadata={"key": key.name, "doc": key.doc}) for key in keys(cls)]


WHOLE: Final = pa.schema([*_fields(NewsItem), _EXTRAS, _BODY, _PATH])
"""All columns there are."""
SCHEMA: Final = pa.schema([field for field in WHOLE if field.name != "secured"])
"""The columns of a table, in the order of the model, with the file's own keys and their meanings as metadata."""


# Items -> record batches


def schema_of(columns: Sequence[str] | None) -> pa.Schema:
    """Give the schema of some columns, or of all but ``secured``."""
    if columns is None:
        return SCHEMA
    if isinstance(columns, str):
        raise TypeError(f"columns must be several names, not {columns!r}")
    unknown = [name for name in columns if name not in WHOLE.names]
    if unknown:
        raise ValueError(f"no column {unknown[0]!r}: there are {', '.join(WHOLE.names)}")
    return pa.schema([WHOLE.field(name) for name in columns])


def batches(items: Iterable[NewsItem], schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    """Give record batches of at most *rows* rows each, made when their turn comes."""
    if not isinstance(rows, int) or rows < 1:
        raise ValueError(f"rows must be a whole number above 0, not {rows!r}")
    waiting = iter(items)
    while share := list(islice(waiting, rows)):
        for item in share:
            require_valid(item)
        yield pa.RecordBatch.from_arrays([_column(field.name, share) for field in schema], schema=schema)


def table(items: Iterable[NewsItem], columns: Sequence[str] | None) -> pa.Table:
    """Give all items as one table."""
    schema = schema_of(columns)
    return pa.Table.from_batches(batches(items, schema, ROWS), schema=schema)


_KEYS: Final = {key.attribute: key for key in keys(NewsItem)}


def _column(name: str, items: list[NewsItem]) -> pa.Array:
    if name in _KEYS:
        return _array(_KEYS[name], list(map(attrgetter(name), items)))
    if name == "extras":
        return _extras(items)
    values = [item.body for item in items] if name == "body" else [item.path and str(item.path) for item in items]
    return pa.array(values, pa.string())


def _array(key: Key, values: list[Any]) -> pa.Array:
    if key.style is Style.SECURED:
        return pa.array([None if secured is None else secured.text for secured in values], pa.string())
    if key.of is None:
        return pa.array(values, _SCALARS[key.style])
    if key.style is Style.OBJECT:
        return _struct(key.of, values)
    ends = list(accumulate(map(len, values), initial=0))
    return pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), _struct(key.of, list(chain.from_iterable(values))), type=_type(key)
    )


def _struct(cls: type, objects: list[Any]) -> pa.StructArray:
    """Give objects of one class, of which some may be missing, as one array for each of their keys."""
    there = [each for each in objects if each is not None]
    arrays = [_array(key, list(map(attrgetter(key.attribute), there))) for key in keys(cls)]
    struct = pa.StructArray.from_arrays([*arrays, _extras(there)], fields=[*_fields(cls), _EXTRAS])
    if len(there) == len(objects):
        return struct
    places = [None if each is None else place for each, place in zip(objects, _places(objects), strict=True)]
    return struct.take(pa.array(places, pa.int32()))


def _places(objects: list[Any]) -> Iterator[int]:
    """Give for each object how many there are before it, not counting those that are missing."""
    return accumulate((each is not None for each in objects[:-1]), initial=0)


def _extras(objects: list[Any]) -> pa.Array:
    return pa.array([_to_json(each.extras) if each.extras else None for each in objects], pa.string())


# Rows -> items


def items_of(table: pa.Table) -> list[NewsItem]:
    """Make an item of each row.

    Raises:
        ValueError: if a column is missing that every item has, or one is none of the model, or of another type.
        ValidationError: with every problem, if values are not valid. The path of a problem is the row, from 1.
    """
    _require_columns(table.column_names)
    found: list[NewsItem] = []
    problems: list[Problem] = []
    columns = [_plain_values(name, table.column(name)) for name in table.column_names]
    for number, row in enumerate(zip(*columns, strict=True), 1):
        try:
            found.append(_item(dict(zip(table.column_names, row, strict=True))))
        except ValidationError as error:
            problems += error.in_file(f"row {number}").problems
    if problems:
        raise ValidationError(problems)
    return found


def _require_columns(names: list[str]) -> None:
    for name in names:
        if name not in WHOLE.names:
            raise ValueError(f"the column {name!r} is none of the model: drop it, or rename it")
        if names.count(name) > 1:
            raise ValueError(f"there are two columns {name!r}")
    for key in keys(NewsItem):
        if key.required and key.attribute not in names:
            raise ValueError(f"there is no column {key.attribute!r}, which every item has")


def _plain_values(name: str, column: pa.ChunkedArray) -> list[Any]:
    try:
        return list(column.cast(WHOLE.field(name).type).to_pylist())
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        expected = WHOLE.field(name).type
        raise ValueError(f"the column {name!r} is {column.type} and cannot become {expected}: {error}") from None


def _item(row: dict[str, Any]) -> NewsItem:
    body, path = row.get("body"), row.get("path")
    return NewsItem(**_attributes(NewsItem, row), body="\n" if body is None else body, path=path)


def _attributes(cls: type, data: dict[str, Any]) -> dict[str, Any]:
    values = {key.attribute: _value(key, data.get(key.attribute)) for key in keys(cls)}
    return values | {"extras": _from_json(data.get("extras"))}


def _value(key: Key, value: Any) -> Any:
    if key.style.is_list:
        return [_value(element(key), each) for each in value or ()]
    if value is None or key.of is None:
        return value
    return Secured(value) if key.style is Style.SECURED else key.of(**_attributes(key.of, value))


# Keys that the model does not name, as JSON


def _to_json(extras: dict[str, Any]) -> str:
    """Write plain data as JSON; what JSON lacks is an object with one key, as in MongoDB's extended JSON."""
    return json.dumps(_tagged(extras), ensure_ascii=False, allow_nan=False)


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {name: _tagged(each) for name, each in value.items()}
        return {"$literal": plain} if len(plain) == 1 and next(iter(plain)).startswith("$") else plain
    if isinstance(value, list):
        return [_tagged(each) for each in value]
    if isinstance(value, datetime):
        return {"$date": instant(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, float) and not isfinite(value):
        return {"$numberDouble": str(value)}
    return value


def _from_json(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ValidationError([Problem(f"must be JSON: {error}", field="extras")]) from None
    if not isinstance(data, dict):
        raise ValidationError([Problem("must be a JSON object", field="extras")])
    return {name: _untagged(each) for name, each in data.items()} if set(data) != {"$literal"} else _untagged(data)


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$date": str(text)} if len(value) == 1:
            return to_instant(text) or to_date(text)
        case {"$numberDouble": str(text)} if len(value) == 1:
            return float(text)
        case {"$literal": dict(plain)} if len(value) == 1:
            return {name: _untagged(each) for name, each in plain.items()}
    return {name: _untagged(each) for name, each in value.items()}
