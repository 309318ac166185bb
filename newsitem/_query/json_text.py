"""Convert plain data to the JSON text in tables, and back."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import Any

from newsitem._codec.convert import unique
from newsitem._yaml.scalars import instant
from newsitem.errors import Problem


def data_of(text: str, path: str, problems: list[Problem], *, is_extras: bool = False) -> Any:
    """Parse JSON text as plain data. If it is not valid, add a problem with the field *path* to *problems*.

    With *is_extras*, the text must be an object, and is never a single tagged value.
    """
    import json

    wanted = "must be a JSON object" if is_extras else "must be JSON"
    try:
        data = json.loads(text, object_pairs_hook=unique)
        if is_extras and not isinstance(data, dict):
            raise ValueError(f"not {text[:20]}")
        return _mapping(data) if is_extras else _untagged(data)
    except (ValueError, RecursionError) as error:
        problems.append(Problem(f"{wanted}: {error}", field=path))
        return {} if is_extras else None


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
        case {"$date": str(text)} if len(value) == 1 and (found := to_instant(text) or to_date(text)):
            return found
        case {"$numberDouble": "inf" | "-inf" | "nan" as text} if len(value) == 1:
            return float(text)
    return _mapping(value)


def _mapping(value: dict[str, Any]) -> dict[str, Any]:
    if value.keys() == {"$literal"} and isinstance(value["$literal"], dict):
        value = value["$literal"]
    return {name: _untagged(child) for name, child in value.items()}
