"""Rows of tables -> objects of the model; and plain data as JSON text, as which tables hold it."""

from __future__ import annotations

import json
from datetime import date, datetime
from math import isfinite
from typing import Any

import attrs

from newsitem._codec.convert import unique
from newsitem._schema.fields import keys
from newsitem._schema.kinds import DATA, Kind, class_of, element_of
from newsitem._schema.scalar_kinds import SECURED
from newsitem._schema.secured import Secured
from newsitem._yaml.resolver import to_date, to_instant
from newsitem._yaml.scalars import instant
from newsitem.errors import Problem, ValidationError
from newsitem.items import FrontMatter


def made(cls: type, data: dict[str, Any], path: str, problems: list[Problem]) -> Any:
    """Make an object of its values by their attributes; where that cannot be, list why, and give ``None``."""
    before = len(problems)
    values: dict[str, Any] = {"extras": extras_of(data.get("extras"), path, problems)}
    for key in keys(cls):
        values[key.attribute] = value_of(key.kind, data.get(key.attribute), f"{path}.{key.name}".lstrip("."), problems)
    if issubclass(cls, FrontMatter):
        body = data.get("body")
        values |= {"body": "\n" if body is None else body, "path": data.get("path") or None}
    below = {problem.field for problem in problems[before:]}
    try:
        return cls(**values)
    except ValidationError as error:
        own = [attrs.evolve(each, field=f"{path}.{each.field}".lstrip(".")) for each in error.problems]
        problems += [each for each in own if not any((field or "").startswith(f"{each.field}") for field in below)]
        return None


def value_of(kind: Kind, value: Any, path: str, problems: list[Problem]) -> Any:
    if kind.is_list and (value is not None or kind.absent == "[]"):
        entries = [_entry(kind, each, f"{path}[{n}]", problems) for n, each in enumerate(value or ())]
        return entries if class_of(kind) is None else [each for each in entries if each is not None]
    if value is None:
        return value
    below = class_of(kind)
    if below is not None:
        return made(below, value, path, problems)
    if kind is DATA:
        return data_of(value, path, problems)
    return Secured(value) if kind is SECURED else value


def _entry(kind: Kind, value: Any, path: str, problems: list[Problem]) -> Any:
    """Make an entry of a list. A missing text is refused by the object that gets the list."""
    below = class_of(kind)
    if value is None and below is not None:
        problems.append(Problem(f"must be newsitem.{below.__name__}, not null", field=path))
    return value_of(element_of(kind), value, path, problems)


def data_of(text: str, path: str, problems: list[Problem]) -> Any:
    try:
        return _untagged(json.loads(text, object_pairs_hook=unique))
    except (ValueError, RecursionError) as error:
        problems.append(Problem(f"must be JSON: {error}", field=path))
        return None


def extras_of(text: str | None, path: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        return {} if text is None else _from_json(text)
    except (ValueError, RecursionError) as error:
        problems.append(Problem(f"must be a JSON object: {error}", field=f"{path}.extras".lstrip(".")))
        return {}


# Keys that the model does not name, as JSON


def to_json(extras: Any) -> str:
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


def _from_json(text: str) -> dict[str, Any]:
    data = json.loads(text, object_pairs_hook=unique)
    if not isinstance(data, dict):
        raise ValueError(f"not {text[:20]}")
    if set(data) == {"$literal"}:
        data = data["$literal"]
    return {name: _untagged(each) for name, each in data.items()}


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$date": str(text)} if len(value) == 1 and (found := to_instant(text) or to_date(text)):
            return found
        case {"$numberDouble": "inf" | "-inf" | "nan" as text} if len(value) == 1:
            return float(text)
        case {"$literal": dict(plain)} if len(value) == 1:
            value = plain
    return {name: _untagged(each) for name, each in value.items()}
