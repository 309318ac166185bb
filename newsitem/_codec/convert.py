"""Convert items to plain data and JSON, and back, and describe both with JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain, count
from math import isfinite, isinf, nan
from typing import Any, Final

from newsitem._schema.checks import type_problems
from newsitem._schema.code import cached, function
from newsitem._schema.fields import SECURED_ALONE, constructor, hidden_keys, is_model, keys
from newsitem._schema.kinds import DATA, Found, Kind, Refused, class_of, element_of
from newsitem._schema.scalar_kinds import PLAIN
from newsitem._schema.secured import Secured
from newsitem._yaml.limits import require_size
from newsitem._yaml.scalars import TOO_LARGE
from newsitem.errors import ParseError, Problem, ValidationError, key_name
from newsitem.items import FrontMatter, Item, NewsItem, require_kind, require_valid

_Definitions = dict[type, tuple[str, dict[str, Any]]]
"""The schemas of classes and their names."""
_NOT_FINITE: Final = "must not be infinity or NaN, which JSON does not support"


def to_dict(item: FrontMatter) -> dict[str, Any]:
    """Return the front matter of an item as plain data.

    Args:
        item: The item.

    Returns:
        The file's own keys in the publisher's order, followed by unknown keys. Only keys that are set are included.
        Instants are aware ``datetime`` objects, and ``secured`` is text. The data shares nothing with the item.

    Raises:
        ValidationError: if a value is not valid, for example because an invalid entry was added to a list.
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


def from_dict(data: dict[str, Any], cls: type[Item] = NewsItem, *, body: str = "\n") -> Item:  # type: ignore[assignment]
    """Make an item from plain data, such as the result of `to_dict`.

    Args:
        data: The file's own keys with plain values. An instant is an aware ``datetime`` or RFC 3339 text. Unknown keys
            become ``extras``. The name of an attribute, such as ``web_url``, in place of its key is refused.
        cls: The class of the item.
        body: The text after the front matter.

    Returns:
        A new item, which `newsitem.dumps` writes in the canonical layout. Attributes that *data* does not set are
        ``None`` or an empty list.

    Raises:
        ValidationError: if a required key is missing or a value has the wrong type. The error lists every problem.
        TypeError: if *cls* is not an item class.

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
    require_kind(cls)
    item = _structured(data, cls, body)
    if body != item.body:  # setting the attribute checks the value
        item.body = body
    return item


def _structured(data: object, cls: type[Item], body: object) -> Item:
    """Make an item from plain data. If that fails, the error also lists the problem with the body."""
    reader: Callable[[object], Item] = _data_reader(cls)
    try:
        return reader(data)
    except (ValueError, Refused):
        pass
    from newsitem._codec.structure import structure

    try:
        return structure(data, cls)
    except Refused as refused:
        problems = _listed(refused.found)
    raise ValidationError([*problems, *type_problems(cls, "body", None, body)])


def _listed(found: Iterable[Found]) -> list[Problem]:
    from newsitem._codec.structure import listed

    return [Problem(problem.message, field=problem.field or None) for problem in listed(found)]


@cached
def _data_reader(cls: type) -> Callable[[object], Any]:
    """Make a function that creates objects of *cls* from a ``dict``.

    It raises `ValueError` if a value may be of a subclass, unknown, or wrong, and needs a closer look.
    It takes a third of the time of the cattrs hooks, which report problems.
    """
    names: dict[str, Any] = {
        "_UTC": UTC,
        "_datetime": datetime,
        "_date": date,
        "_Secured": Secured,
        "_construct": constructor(cls),
        "_known": {key.name for key in keys(cls)},
    }
    lines = [
        "if _data.__class__ is not dict or not _known.issuperset(_data): raise ValueError",
        "_get = _data.get",
    ]
    values = []
    for place, key in enumerate(keys(cls)):
        name = f"_{place}"
        if (below := class_of(key.kind)) is not None:
            names[f"_read{name}"] = _data_reader(below)
        lines.append(f"{name} = _get({key.name!r})")
        if type(key.kind).from_data is not Kind.from_data:  # it converts text
            names[f"_from_data{name}"] = key.kind.from_data
            lines.append(f"if {name}.__class__ is str: {name} = _from_data{name}({name})")
        test, value = _expressions(key.kind, name)
        lines.append(f"if not ({test}){'' if key.required else f' and {name} is not None'}: raise ValueError")
        values.append(value if key.required or value == name else f"{key.kind.absent} if {name} is None else {value}")
    lines.append(f"return _construct({', '.join(values)})")
    return function(f"structure {cls.__name__}", ["_data"], lines, names)


def _expressions(kind: Kind, name: str) -> tuple[str, str]:
    """Return two expressions: whether the value in the variable *name* is accepted, and the value to use."""
    if kind.is_list:
        test = f"{name}.__class__ is list"
        if class_of(kind) is not None:
            return test, f"[_read{name}(_entry) for _entry in {name}]"
        return f"{test} and all([{element_of(kind).taking.format('_entry')} for _entry in {name}])", f"list({name})"
    if class_of(kind) is not None:
        return f"{name}.__class__ is dict", f"_read{name}({name})"
    return (PLAIN if kind is DATA else kind).taking.format(name), name


def to_json(item: FrontMatter, *, indent: int | None = 2) -> str:
    """Return the front matter of an item as JSON text, with instants in RFC 3339.

    Args:
        item: The item.
        indent: Spaces for each level, or ``None`` for one line.

    Returns:
        The data of `to_dict` as JSON text. Non-ASCII characters are not escaped.

    Raises:
        ValidationError: if a value is not valid, or not supported by JSON (infinity and NaN). The error lists every
            problem.
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

    data = unstructure(require_valid(item), json=True)
    try:
        return json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        problems = _listed(_beyond_json(item, ""))
    raise ValidationError(problems).in_file(None if item.path is None else str(item.path))


def _beyond_json(value: Any, path: str) -> Iterator[Found]:
    """Find the values that JSON does not support in an object of the model or in plain data."""
    if isinstance(value, float) and not isfinite(value):
        yield Found(_NOT_FINITE, path, None)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _beyond_json(child, f"{path}[{index}]")
    elif isinstance(value, dict) or is_model(type(value)):
        for name, child in value.items() if isinstance(value, dict) else _fields(value):
            yield from _beyond_json(child, f"{path}.{key_name(name)}".removeprefix("."))


def _fields(instance: Any) -> Iterator[tuple[str, Any]]:
    """Return the names of all fields of an object, as errors show them, and their values."""
    yield from ((key.name, getattr(instance, key.attribute)) for key in keys(type(instance)))
    yield "extras", instance.extras


def from_json(text: str | bytes, cls: type[Item] = NewsItem, *, body: str = "\n") -> Item:  # type: ignore[assignment]
    """Make an item from JSON text, such as the result of `to_json`. Dates in unknown keys remain text.

    Args:
        text: A JSON object with the file's own keys.
        cls: The class of the item.
        body: The text after the front matter.

    Returns:
        A new item.

    Raises:
        ParseError: if the text is not JSON, an object has a duplicate key, or a number is too large for a ``float``.
            ``NaN`` and ``Infinity``, which Python's own ``json`` accepts, are not JSON.
        LimitError: if the text exceeds the size limit of `newsitem.limits`.
        ValidationError: if a required key is missing or a value has the wrong type. The error lists every problem.
        TypeError: if *text* is neither ``str`` nor ``bytes``, or *cls* is not an item class.

    Example:
        >>> newsitem.from_json(newsitem.to_json(item)) == item
        True
    """
    require_kind(cls)
    if not isinstance(text, str | bytes):
        raise TypeError(f"expected str or bytes, not {type(text).__name__}")
    require_size(len(text) if isinstance(text, bytes) else len(text.encode(errors="surrogatepass")))
    return from_dict(parsed(text, hidden_keys(cls)), cls, body=body)


def parsed(text: str | bytes, hidden: frozenset[str] = SECURED_ALONE) -> Any:
    """Return the data of a JSON text.

    Raises:
        ParseError: with all problems. The names of keys below *hidden* keys are not shown.
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_finite)
    except (RecursionError, ValueError):  # `ValueError` also means an integer with too many digits
        pass
    read = partial(json.loads, text, parse_int=_integer)
    try:
        data = read(object_pairs_hook=tuple, parse_constant=lambda _: nan)
        problems = _listed(_refused_values(data, "", hidden))
        if not problems:
            return read()
    except json.JSONDecodeError as error:
        problems = [Problem(f"invalid JSON: {error.msg}", line=error.lineno, column=error.colno)]
    except UnicodeDecodeError as error:
        problems = [Problem(f"not UTF-8 (invalid byte at position {error.start}): encode the text as UTF-8")]
    except RecursionError:
        problems = [Problem("unsupported JSON: nested too deeply")]
    raise ParseError(problems)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict from the pairs of a JSON object, whose names must differ."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError
    return data


def _finite(text: str) -> float:
    """Return a number that is neither infinity nor NaN."""
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


def _integer(text: str) -> int:
    """Return an integer. One with too many digits for Python is `TOO_LARGE`."""
    try:
        return int(text)
    except ValueError:
        return TOO_LARGE


def _refused_values(value: object, path: str, hidden: frozenset[str], *, is_below: bool = False) -> Iterator[Found]:
    """Find duplicate keys and unsupported numbers in JSON whose objects are tuples of pairs.

    Its constants, such as ``Infinity``, are NaN, so that infinity is a number that is too large for a ``float``.
    The names of keys below *hidden* keys are not shown.
    """
    if isinstance(value, float) and not isfinite(value):
        yield Found("must be between -1.8e308 and 1.8e308" if isinf(value) else _NOT_FINITE, path, None)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _refused_values(child, path if is_below else f"{path}[{index}]", hidden, is_below=is_below)
    elif isinstance(value, tuple):
        seen = set()
        for name, child in value:
            below = path if is_below else f"{path}.{key_name(name)}".removeprefix(".")
            if name in seen:
                yield Found("duplicate key: remove one of the two", below, None)
            seen.add(name)
            yield from _refused_values(child, below, hidden, is_below=is_below or name in hidden)


def json_schema(cls: type[FrontMatter] = NewsItem) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) for the output of `to_json`, derived from the model.

    Args:
        cls: The class of the items.

    Returns:
        A new ``dict``. Unknown keys are allowed everywhere, as in the files.

    Raises:
        TypeError: if *cls* is not an item class.

    Example:
        >>> schema = newsitem.json_schema()
        >>> schema["required"]
        ['title', 'publishedDateTime', 'provider']
        >>> schema["properties"]["title"]
        {'description': 'Headline.', 'type': 'string'}
    """
    definitions: _Definitions = {}
    require_kind(cls)
    schema = _object_schema(cls, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "News item" if cls is NewsItem else cls.__name__,
        **schema,
        "$defs": dict(definitions.values()),
    }


def _object_schema(cls: type, definitions: _Definitions) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            key.name: {**({"description": key.doc} if key.doc else {}), **_schema_of(key.kind, definitions)}
            for key in keys(cls)
        },
        "required": [key.name for key in keys(cls) if key.required],
    }


def _schema_of(kind: Kind, definitions: _Definitions) -> dict[str, Any]:
    if kind.is_list:
        return {"type": "array", "items": _schema_of(element_of(kind), definitions)}
    below = class_of(kind)
    if below is None:
        return deepcopy(kind.schema)
    if below not in definitions:
        names = {name for name, _ in definitions.values()}
        numbered = (f"{below.__name__}{number}" for number in count(2))
        name = next(candidate for candidate in chain([below.__name__], numbered) if candidate not in names)
        definitions[below] = name, {}
        definitions[below] = name, _object_schema(below, definitions)
    return {"$ref": f"#/$defs/{definitions[below][0]}"}
