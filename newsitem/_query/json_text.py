"""Convert plain data to the JSON text in tables, and back."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import Any

from newsitem._codec.convert import unique
from newsitem._yaml.scalars import instant
from newsitem.errors import Problem


def data_of(text: str, path: str, problems: list[Problem]) -> Any:
    """Parse JSON text as plain data. If it is not valid, add a problem with the field *path* to *problems*."""
    import json

    try:
        return _untagged(json.loads(text, object_pairs_hook=unique))
    except (ValueError, RecursionError) as error:
        problems.append(Problem(f"must be JSON: {error}", field=path))
        return None


def extras_of(text: str, problems: list[Problem]) -> dict[str, Any]:
    """Parse JSON text as ``extras``. If it is not valid, add a problem to *problems*."""
    try:
        return _from_json(text)
    except (ValueError, RecursionError) as error:
        problems.append(Problem(f"must be a JSON object: {error}", field="extras"))
        return {}


# Extras as JSON


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


def _from_json(text: str) -> dict[str, Any]:
    import json

    data = json.loads(text, object_pairs_hook=unique)
    if not isinstance(data, dict):
        raise ValueError(f"not {text[:20]}")
    if set(data) == {"$literal"}:
        data = data["$literal"]
    return {name: _untagged(child) for name, child in data.items()}


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(child) for child in value]
    if not isinstance(value, dict):
        return value
    from newsitem._yaml.resolver import to_date, to_instant

    match value:
        case {"$date": str(text)} if len(value) == 1 and (found := to_instant(text) or to_date(text)):
            return found
        case {"$numberDouble": "inf" | "-inf" | "nan" as text} if len(value) == 1:
            return float(text)
        case {"$literal": dict(plain)} if len(value) == 1:
            value = plain
    return {name: _untagged(child) for name, child in value.items()}
