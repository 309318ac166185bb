"""Items as plain data and as JSON, and the JSON Schema of both; built on cattrs and the model."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from newsitem._schema.fields import Key, keys
from newsitem._schema.kinds import Kind, class_of, element_of
from newsitem._yaml.limits import require_size
from newsitem.errors import ParseError, Problem, ValidationError
from newsitem.items import FrontMatter, NewsItem, require_kind, require_valid

_I = TypeVar("_I", bound=FrontMatter)


def to_dict(item: FrontMatter) -> dict[str, Any]:
    """Return the front matter of an item as plain data.

    Args:
        item: The item.

    Returns:
        The file's own keys in the publisher's order, only those that are set, with unknown keys last.
        Instants are aware ``datetime`` objects, and ``secured`` is text. The data shares nothing with the item.

    Raises:
        ValidationError: if a value is not valid, such as a wrong entry added to a list.
        TypeError: if *item* is not an item.

    Example:
        >>> data = newsitem.to_dict(item)
        >>> data["provider"]["name"], data["publishedDateTime"].isoformat()
        ("Corrigan's Weekly", '2020-06-10T08:15:00+00:00')
        >>> newsitem.from_dict(data) == item
        True
    """
    from newsitem._codec.structure import unstructure

    data: dict[str, Any] = unstructure(require_valid(item))
    return data


@overload
def from_dict(data: dict[str, Any], *, body: str = "\n") -> NewsItem: ...
@overload
def from_dict(data: dict[str, Any], cls: type[_I], *, body: str = "\n") -> _I: ...
def from_dict(data: dict[str, Any], cls: type[FrontMatter] = NewsItem, *, body: str = "\n") -> FrontMatter:
    """Make an item from plain data, such as `to_dict` gives.

    Args:
        data: The file's own keys with plain values. An instant is an aware ``datetime``, or text by RFC 3339. Keys
            that the model does not name become ``extras``, but the name of an attribute in place of its key, such as
            ``web_url``, is refused.
        cls: The class of the item.
        body: What follows the front matter.

    Returns:
        A new item, which `newsitem.dumps` writes in the publisher's layout. What *data* does not set is ``None``
        or an empty list.

    Raises:
        ValidationError: if a required key is missing or a value has the wrong type. It lists every problem.

    Example:
        >>> from datetime import UTC, datetime
        >>> item = newsitem.from_dict({
        ...     "title": "Warm pipes",
        ...     "publishedDateTime": datetime(2020, 6, 24, 5, 30, tzinfo=UTC),
        ...     "provider": {"name": "Ledgerlight"},
        ... })
        >>> item.filename.name
        '2020-06-24-warm-pipes.md'
    """
    return _from_data(data, cls, body)


def _from_data(data: object, cls: type[_I], body: str) -> _I:
    require_kind(cls)
    item = _structured(data, cls)
    if body != item.body:  # an attribute that is set is checked
        item.body = body
    return item


def _structured(data: object, cls: type[_I]) -> _I:
    from newsitem._codec.structure import from_plain_data, listed
    from newsitem._schema.kinds import Refused

    try:
        return from_plain_data(data, cls)
    except Refused as refused:
        problems = [Problem(each.message, field=each.field or None) for each in listed(refused.found)]
    raise ValidationError(problems)


def to_json(item: FrontMatter, *, indent: int | None = 2) -> str:
    """Return the front matter of an item as JSON text: `to_dict` with instants in RFC 3339.

    Args:
        item: The item.
        indent: Spaces for each level, or ``None`` for one line.

    Returns:
        JSON text, with characters beyond ASCII written as themselves.

    Raises:
        ValidationError: if a value is not valid, or is one that JSON lacks (infinity and NaN in ``extras``).
        TypeError: if *item* is not an item.

    Example:
        >>> text = newsitem.to_json(item)
        >>> print(text[:94])
        {
          "category": "news",
          "title": "The baker who kept a satellite's frequency on her fridge",
    """
    import json

    from newsitem._codec.structure import unstructure

    item = require_valid(item)
    try:
        return json.dumps(unstructure(item, json=True), ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        raise ValidationError([Problem("holds a number that JSON lacks: infinity or NaN", field="extras")]) from None


@overload
def from_json(text: str | bytes, *, body: str = "\n") -> NewsItem: ...
@overload
def from_json(text: str | bytes, cls: type[_I], *, body: str = "\n") -> _I: ...
def from_json(text: str | bytes, cls: type[FrontMatter] = NewsItem, *, body: str = "\n") -> FrontMatter:
    """Make an item from JSON text, such as `to_json` gives. Dates in unknown keys stay text.

    Args:
        text: A JSON object with the file's own keys.
        cls: The class of the item.
        body: What follows the front matter.

    Returns:
        A new item.

    Raises:
        ParseError: if the text is not JSON, or has a key twice in one object.
        LimitError: if the text is larger than `newsitem.limits` allows.
        ValidationError: if a required key is missing or a value has the wrong type. It lists every problem.
        TypeError: if *text* is neither ``str`` nor ``bytes``.

    Example:
        >>> newsitem.from_json(newsitem.to_json(item)) == item
        True
    """
    import json

    if not isinstance(text, str | bytes):
        raise TypeError(f"expected str or bytes, not {type(text).__name__}")
    require_size(len(text) if isinstance(text, bytes) else len(text.encode(errors="surrogatepass")))
    try:
        data = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        problem = Problem(f"not JSON: {error.msg}", line=error.lineno, column=error.colno)
    except UnicodeDecodeError as error:
        problem = Problem(f"not UTF-8: the byte at {error.start} cannot stand there")
    except RecursionError:
        problem = Problem("not JSON that newsitem reads: nested too deeply")
    except ValueError as error:
        problem = Problem(f"not JSON that newsitem reads: {error}")
    else:
        return _from_data(data, cls, body)
    raise ParseError([problem])


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict of the pairs of a JSON object, or raise `ValueError` where it has a key twice."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return data


def json_schema(cls: type[FrontMatter] = NewsItem) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `to_json` gives, derived from the model.

    Args:
        cls: The class of the items.

    Returns:
        A new ``dict``. Unknown keys are allowed everywhere, as in the files.

    Example:
        >>> schema = newsitem.json_schema()
        >>> schema["required"]
        ['title', 'publishedDateTime', 'provider']
        >>> schema["properties"]["title"]
        {'description': 'Headline.', 'type': 'string'}
    """
    definitions: dict[str, Any] = {}
    require_kind(cls)
    schema = _object_schema(cls, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "News item" if cls is NewsItem else cls.__name__,
        **schema,
        "$defs": definitions,
    }


def _object_schema(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key.name: _value_schema(key, definitions) for key in keys(cls)},
        "required": [key.name for key in keys(cls) if key.required],
    }


def _value_schema(key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    return {**({"description": key.doc} if key.doc else {}), **_schema_of(key.kind, definitions)}


def _schema_of(kind: Kind, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.is_list:
        return {"type": "array", "items": _schema_of(element_of(kind), definitions)}
    below = class_of(kind)
    if below is None:
        return kind.json_schema()
    if below.__name__ not in definitions:
        definitions[below.__name__] = {}
        definitions[below.__name__] = _object_schema(below, definitions)
    return {"$ref": f"#/$defs/{below.__name__}"}
