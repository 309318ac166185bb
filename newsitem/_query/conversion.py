"""Convert values of tables (numpy, pandas, Polars, mappings) to values of fields, and plain data to JSON and back."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Final

from newsitem._codec.convert import parsed
from newsitem._query.attributes import is_nan
from newsitem._schema.checks import type_problems
from newsitem._schema.fields import Key, constructor, keys_by_attribute
from newsitem._schema.kinds import DATA, Kind, Refused, class_of
from newsitem._schema.scalar_kinds import FLOAT, INSTANT, INTEGER, SECURED
from newsitem._schema.values import describe, plain
from newsitem._yaml.scalars import INTEGER_LIMIT, instant
from newsitem.errors import ParseError, Problem, printable

_EXACT: Final = 2**53
"""Every integer up to this one is exactly a ``float``."""


def to_python(value: Any) -> Any:
    """Convert numpy, pandas and Polars values to Python values."""
    from decimal import Decimal

    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if type(value).__module__ == "numpy" and getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M"):
        return list(map(to_python, value)) if value.ndim else _time(value)
    if isinstance(value, Decimal) and not value.is_finite():
        return float("nan" if value.is_nan() else value)
    for method in ("tolist", "to_list"):
        if hasattr(value, method) and hasattr(value, "dtype"):
            value = getattr(value, method)()
    if isinstance(value, list | tuple):
        return list(map(to_python, value))
    return {name: to_python(child) for name, child in value.items()} if isinstance(value, Mapping) else value


def _time(value: Any) -> Any:
    """Convert a time of numpy, or return it as is if Python cannot represent it, where numpy returns an integer."""
    time = value.tolist()
    if isinstance(time, int) and value.dtype.kind == "M" and (rounded := value.astype("datetime64[us]")) == value:
        time = rounded.tolist()
    return value if isinstance(time, int) else time


def is_same(key: Key | None, old: Any, value: Any) -> bool:
    """Return whether *value*, which has the right type, is the current value of a field."""
    return (DATA if key is None else key.kind).is_same(old, value)


class Conversion:
    """Convert values and collect the problems. A value of a wrong type is left as is, for the type check to reject."""

    def __init__(self, *, is_arrow: bool) -> None:
        self.is_arrow = is_arrow
        """Whether plain data is JSON text. In mappings, text is just text."""
        self.problems: list[Problem] = []

    def value(self, key: Key | None, cell: Any, old: Any) -> Any:
        """Convert the value of a key, or of ``extras`` or the body if *key* is ``None``. *old* is the current value."""
        field = "extras" if key is None else key.name
        try:
            value = cell if self.is_arrow else to_python(cell)
        except RecursionError:
            self.problems.append(Problem("contains itself, or is nested too deeply", field=field))
            return old
        if value is None or (is_nan(value) and not is_nan(old)):
            return _nothing(key, old)
        if key is None:
            is_text = isinstance(value, str) and isinstance(old, dict)
            return data_of(value, field, self.problems, is_extras=True) if is_text else value
        below = class_of(key.kind)
        if below is None:
            return value if key.kind.is_list else self.scalar(key.kind, value, old, field)
        if not key.kind.is_list:
            return self.object(below, value, old, field)
        return self.objects(below, value, old or [], field) if isinstance(value, list) else value

    def scalar(self, kind: Kind, value: Any, old: Any, field: str) -> Any:
        """Convert a scalar or plain data."""
        from decimal import Decimal

        if kind in (INTEGER, FLOAT) and isinstance(value, float) and type(old) is int and value == float(old):
            value = old  # tables that store integers as floats round large ones
        elif kind is INTEGER and isinstance(value, float) and _EXACT < abs(value) < INTEGER_LIMIT:
            message = "may have been rounded, because the table stores integers as floats: use a column of integers"
            self.problems.append(Problem(message, field=field))
        elif kind is INTEGER and isinstance(value, float | Decimal) and value == value // 1:
            value = int(value)
        elif kind is FLOAT and isinstance(value, Decimal):
            value = float(value)
        elif kind is INSTANT and self.is_arrow and isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)  # as in Arrow's cast to timestamps with a zone
        elif kind is SECURED:
            try:
                value = kind.from_data(value)
            except Refused as error:
                self.problems += [Problem(problem.message, field=field) for problem in error.found]
        elif kind is DATA and isinstance(value, str) and self.is_arrow:
            value = data_of(value, field, self.problems)
        elif kind is DATA and isinstance(value, str) and old is not None and value == to_json(old):
            value = old
        return value

    def objects(self, cls: type, entries: list[Any], olds: list[Any], field: str) -> list[Any]:
        """Convert a list of objects.

        The old object of an entry is the first unused one that agrees with it. If none does and the lists have the same
        length, it is the one at the same index, if that is unused and resembles the entry.
        """
        olds = olds if all(isinstance(entry, Mapping) for entry in entries) else []  # others are refused
        unused = {id(old): old for old in olds}
        equal_in_a_value = _by_values(cls, olds)
        matches: list[Any] = []
        for entry in entries:
            candidates = equal_in_a_value(entry)
            while candidates and id(candidates[0]) not in unused:
                candidates.popleft()
            left = (old for old in candidates if id(old) in unused)
            matches.append(next((old for old in left if all(self.agreements(cls, entry, old))), None))
            unused.pop(id(matches[-1]), None)
        if len(entries) == len(olds):
            matches = [
                old if match is None and id(old) in unused and self.resembles(cls, entry, old) else match
                for entry, old, match in zip(entries, olds, matches, strict=True)
            ]
        pairs = enumerate(zip(entries, matches, strict=True))
        return [self.object(cls, entry, old, f"{field}[{place}]") for place, (entry, old) in pairs]

    def object(self, cls: type, data: Any, old: Any, path: str) -> Any:
        """Create an object from a mapping of its attributes. Attributes that it lacks keep their old values."""
        if not isinstance(data, Mapping):
            return data
        known: dict[str, Key | None] = {**keys_by_attribute(cls), "extras": None}
        problems = [Problem(f"has no attribute {printable(name)}") for name in data if name not in known]
        values = {name: _nothing(key, {}) if old is None else getattr(old, name) for name, key in known.items()}
        for name, key in known.items():
            conversion = Conversion(is_arrow=self.is_arrow)
            if name in data:
                values[name] = conversion.value(key, data[name], values[name])
            problems += conversion.problems or type_problems(cls, name, key, values[name])
        instance = None
        if not problems:
            extras = values.pop("extras")
            try:
                instance = constructor(cls)(*map(plain, values.values()))
                instance.extras.update(extras)
            except Refused as error:  # by a validator
                problems += [Problem(problem.message, field=problem.field[1:]) for problem in error.found]
        for problem in problems:
            self.problems.append(Problem(problem.message, field=f"{path}.{problem.field or ''}".strip(".")))
        return instance

    def resembles(self, cls: type, entry: Mapping[str, Any], old: Any) -> bool:
        """Return whether an entry agrees with *old* in a value, so that it may keep the attributes that it lacks."""
        given = {name: value for name, value in entry.items() if not _is_empty(value)}
        return any(self.agreements(cls, given, old))

    def agreements(self, cls: type, entry: Mapping[str, Any], old: Any) -> Iterator[bool]:
        """Return for each value that an entry sets whether it is that of the object *old*."""
        known: dict[str, Key | None] = {**keys_by_attribute(cls), "extras": None}
        for name, value in entry.items():
            yield name in known and self.is_current(known[name], value, getattr(old, name))

    def is_current(self, key: Key | None, cell: Any, old: Any) -> bool:
        """Return whether a value of a table is the current value of a key, or of ``extras`` if *key* is ``None``."""
        trial = Conversion(is_arrow=self.is_arrow)
        value = trial.value(key, cell, old)
        return not trial.problems and type(value) is type(old) and is_same(key, old, value)


def _by_values(cls: type, olds: list[Any]) -> Callable[[Mapping[str, Any]], deque[Any]]:
    """Return a function that finds the objects with one of the texts or numbers of an entry, the least common one."""
    kinds = {name: key.kind.python for name, key in keys_by_attribute(cls).items() if olds}
    names = [name for name, python in kinds.items() if python in (str, int, float, bool)]
    having: defaultdict[tuple[str, Any], deque[Any]] = defaultdict(deque)
    for old in olds:
        for name in names:
            having[name, getattr(old, name)].append(old)
    every = deque(olds)

    def found(entry: Mapping[str, Any]) -> deque[Any]:
        # Tables that store integers as floats round large ones.
        values = ((name, value) for name in names if (value := entry.get(name)) is not None)
        sure = ((name, value) for name, value in values if isinstance(value, str) or _is_exact(value))
        return min((having.get(pair, deque()) for pair in sure), key=len, default=every)

    return found


def _is_exact(value: object) -> bool:
    """Return whether a value is a number that is the same in every type that can represent it."""
    return isinstance(value, int | float) and abs(value) <= _EXACT


def _is_empty(value: Any) -> bool:
    """Return whether a value of a table is missing, or a list or a mapping without entries."""
    return value is None or is_nan(value) or (isinstance(value, list | tuple | Mapping) and not value)


def _nothing(key: Key | None, old: Any) -> Any:
    """Return the value of a missing key, or empty ``extras`` or an empty body if *key* is ``None``."""
    if key is None:
        return "\n" if isinstance(old, str) else {}
    return [] if key.kind.absent == "[]" else None


# Plain data as JSON


def data_of(text: str, path: str, problems: list[Problem], *, is_extras: bool = False) -> Any:
    """Parse JSON text as plain data. If it is not valid, add a problem with the field *path* to *problems*.

    With *is_extras*, the text must be an object, and is never a single tagged value.
    """
    wanted = "must be a JSON object" if is_extras else "must be JSON"
    try:
        data = parsed(text)
        if not is_extras:
            return _untagged(data)
        if isinstance(data, dict):
            return _mapping(data)
        problems.append(Problem(f"{wanted}, not {describe(data, secret=True)}", field=path))
    except RecursionError:
        problems.append(Problem(f"{wanted}: nested too deeply", field=path))
    except ParseError as error:
        problems += [_below(path, problem, wanted) for problem in error.problems]
    return {} if is_extras else None


def _below(path: str, problem: Problem, wanted: str) -> Problem:
    """Return a problem of JSON text as a problem of the field *path*, which contains the text."""
    if problem.field is None:
        return Problem(f"{wanted}: {problem}", field=path)
    dot = "" if problem.field[0] == "[" else "."
    return Problem(problem.message, field=path + dot + problem.field)


def to_json(extras: Any) -> str:
    """Write plain data as JSON. Types that JSON lacks become an object with one key, as in MongoDB's extended JSON."""
    import json

    return json.dumps(_tagged(extras), ensure_ascii=False, allow_nan=False)


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {name: _tagged(child) for name, child in value.items()}
        return {"$literal": plain} if len(plain) == 1 and next(iter(plain)).startswith("$") else plain
    if isinstance(value, list):
        return [_tagged(child) for child in value]
    if isinstance(value, datetime):
        return {"$date": instant(value)}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, float) and not isfinite(value):
        return {"$numberDouble": str(value)}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(child) for child in value]
    if not isinstance(value, dict):
        return value
    from newsitem._yaml.resolver import to_date, to_instant

    match value:
        case {"$date": str(text)} if len(value) == 1 and (moment := to_instant(text) or to_date(text)):
            return moment
        case {"$numberDouble": "inf" | "-inf" | "nan" as text} if len(value) == 1:
            return float(text)
    return _mapping(value)


def _mapping(value: dict[str, Any]) -> dict[str, Any]:
    if value.keys() == {"$literal"} and isinstance(value["$literal"], dict):
        value = value["$literal"]
    return {name: _untagged(child) for name, child in value.items()}
