"""Nodes or plain data -> objects, with strict cattrs hooks; all problems at once, each with its field.

The same hooks read what `newsitem._nodes` composed and what `newsitem.from_dict` is given: a node says how
its text is written and where it stands, a plain value is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import attrs
from cattrs import AttributeValidationNote, ClassValidationError, Converter, IterableValidationError
from cattrs.gen import make_dict_structure_fn, override

from newsitem._check import SCALAR_PROBLEM, describe, extras_problems
from newsitem._nodes import Alias, Mapping, Node, Scalar, Sequence, resolved
from newsitem._scalars import instant, is_null, resolve, to_boolean, to_date, to_float, to_instant, to_integer
from newsitem._schema import Key, Style, entries, keys, keys_by_attribute
from newsitem.model import Image, NewsItem, Provider, RelatedItem, Secured

T = TypeVar("T")
_NODES = (Scalar, Sequence, Mapping)
MERGE = "<<"


@attrs.frozen
class Found:
    """A problem with its field, and its place in the text where it has one."""

    message: str
    field: str
    index: int | None


class _Refused(Exception):
    """A value that a field does not take. *path* is the place below the field."""

    def __init__(self, message: str, node: object = None, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.index = getattr(node, "start", None)
        self.path = path


class Refused(Exception):
    """All that is wrong with the data for an object."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(found)
        self.found = found


@attrs.frozen
class _Missing:
    """Stands for a required key that is not there."""

    start: int | None


def structure(value: object, cls: type[T], *, json: bool = False) -> T:
    """Make an object of the model from a node or from plain data.

    Raises:
        Refused: with all problems.
    """
    try:
        return _converter(json).structure(value, cls)
    except _Refused as refused:
        raise Refused([Found(refused.message, "", refused.index)]) from None
    except (ClassValidationError, IterableValidationError) as error:
        raise Refused(list(_found(error, ""))) from None


def unstructure(value: object, *, json: bool = False) -> Any:
    """Make plain data from an object of the model: only keys that are set, in the publisher's order."""
    return _converter(json).unstructure(value)


@cache
def _converter(json: bool) -> Converter:
    converter = Converter(unstruct_collection_overrides={})
    readers: dict[Any, Callable[[Any], Any]] = {
        str: _text,
        int: _integer,
        bool: _boolean,
        datetime: _instant_text if json else _instant,
        Secured: _secured,
    }
    for kind, reader in readers.items():
        converter.register_structure_hook(kind, _hook(reader))
    _register_list(converter, str, _texts)
    for cls in (Image, Provider, RelatedItem, NewsItem):
        _register_class(converter, cls)
    converter.register_unstructure_hook(Secured, lambda secured: secured.text)
    if json:
        converter.register_unstructure_hook(datetime, instant)
        converter.register_unstructure_hook(date, date.isoformat)
    return converter


def _hook(reader: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: reader(value)


def _register_class(converter: Converter, cls: type) -> None:
    overrides: dict[str, Any] = {
        field.name: override(omit=True) for field in attrs.fields(cls) if field.name in ("body", "path", "_source")
    }
    overrides["extras"] = override(struct_hook=_hook(lambda value: _extras(value, cls)))
    from_attributes: Callable[[Any, Any], Any] = make_dict_structure_fn(cls, converter, **overrides)

    def from_value(value: object, _: object) -> object:
        return from_attributes(_attributes(value, cls), cls)

    converter.register_structure_hook(cls, from_value)
    _register_list(converter, cls, lambda value: _each(sequence(value), lambda item: converter.structure(item, cls)))
    converter.register_unstructure_hook(
        cls, lambda thing: {name: converter.unstructure(child) for name, child, _ in entries(thing)}
    )


def _register_list(converter: Converter, cls: type, read: Callable[[object], list[Any]]) -> None:
    def is_list(kind: Any) -> bool:
        origin: Any = get_origin(kind)
        return origin is list and get_args(kind) == (cls,)

    converter.register_structure_hook_func(is_list, _hook(read))


def _attributes(value: object, cls: type) -> dict[str, Any]:
    """Give the values of a mapping by the attributes that hold them; the unknown ones under ``extras``."""
    given = _mapping(value)
    missing = _Missing(getattr(value, "start", None))
    values: dict[str, Any] = {}
    for key in keys(cls):
        child = given.pop(key.name, None)
        if not is_null_node(child):
            values[key.attribute] = child
        elif key.required:
            values[key.attribute] = missing
        elif key.attribute == "category":
            values[key.attribute] = None  # the default is for items made in Python
    values["extras"] = given
    return values


def _mapping(value: object) -> dict[Any, Any]:
    target = _target(value)
    if isinstance(target, Mapping):
        return merged(target)
    if not isinstance(target, dict):
        raise _refusal("must be a mapping", value)
    return dict(target)


def merged(node: Mapping) -> dict[str, Node]:
    """Give the values of a mapping by their keys; merge keys give what the mapping itself does not say."""
    own: dict[str, Node] = {}
    for key, value in node.pairs:
        if not is_merge(key):
            own[key_text(key)] = value
    for key, value in node.pairs:
        if is_merge(key):
            for name, child in _merge(resolved(value)).items():
                own.setdefault(name, child)
    return own


def _merge(node: Scalar | Sequence | Mapping) -> dict[str, Node]:
    if isinstance(node, Mapping):
        return merged(node)
    if not isinstance(node, Sequence):
        raise _Refused("a merge key (<<) takes a mapping or a list of mappings", node)
    result: dict[str, Node] = {}
    for item in node.items:
        child = resolved(item)
        if not isinstance(child, Mapping):
            raise _Refused("a merge key (<<) takes a mapping or a list of mappings", item)
        for name, value in merged(child).items():
            result.setdefault(name, value)
    return result


def is_merge(key: Node) -> bool:
    """Tell whether a key is a merge key."""
    return isinstance(key, Scalar) and key.style is None and key.text == MERGE and key.tag is None


def key_text(key: Node) -> str:
    """Give a key as text, whatever its plain scalar looks like."""
    target = resolved(key)
    if not isinstance(target, Scalar):
        raise _Refused("a key must be text, not a collection", key)
    return target.text


def is_null_node(value: object) -> bool:
    target = _target(value)
    if not isinstance(target, Scalar):
        return target is None
    return target.tag == "null" or (target.tag is None and target.style is None and is_null(target.text))


def _target(value: object) -> object:
    """Give what an alias stands for, and anything else as it is."""
    return value.target if isinstance(value, Alias) else value


def _refusal(wanted: str, value: object) -> _Refused:
    if isinstance(value, _Missing):
        return _Refused("is missing, and is required", value)
    target = _target(value)
    if isinstance(target, Scalar):
        shown = describe(scalar(target))
    elif isinstance(target, Sequence | Mapping):
        shown = "a list" if isinstance(target, Sequence) else "a mapping"
    else:
        shown = describe(value)
    return _Refused(f"{wanted}, not {shown}", value)


def _text(value: object) -> str:
    target = _target(value)
    text: object = target
    if isinstance(target, Scalar) and target.tag not in ("int", "float", "bool", "null", "timestamp", "binary"):
        text = target.text
    if not isinstance(text, str):
        raise _refusal("must be text", value)
    return _checked(text, Style.QUOTED, value)


def _checked(value: T, style: Style, node: object) -> T:
    if problem := SCALAR_PROBLEM[style](value):
        raise _Refused(problem, node)
    return value


def _secured(value: object) -> Secured:
    if isinstance(value, Secured):
        return value
    try:
        return Secured(_text(value))
    except _Refused:
        raise _Refused("must be text (its value is not shown)", value) from None


def _plain_value(value: object, tag: str, convert: Callable[[str], T | None]) -> object:
    """Give what a plain (or so tagged) scalar is, or the value itself where it is no node."""
    target = _target(value)
    if not isinstance(target, Scalar):
        return target
    if target.tag == tag or (target.tag is None and target.style is None):
        return convert(target.text)
    return None


def _integer(value: object) -> int:
    number = _plain_value(value, "int", to_integer)
    if not isinstance(number, int) or isinstance(number, bool):
        raise _refusal("must be an integer", value)
    return _checked(number, Style.INTEGER, value)


def _boolean(value: object) -> bool:
    truth = _plain_value(value, "bool", to_boolean)
    if not isinstance(truth, bool):
        raise _refusal("must be true or false", value)
    return truth


def _instant(value: object) -> datetime:
    instant = _plain_value(value, "timestamp", _to_instant)
    if not isinstance(instant, datetime):
        raise _refusal("must be an instant such as 2020-06-24T22:10:00Z, without quotes", value)
    return _checked(instant, Style.INSTANT, value)


def _instant_text(value: object) -> datetime:
    if isinstance(value, str) and (instant := to_instant(value)):
        return instant
    raise _refusal("must be text with an instant such as 2020-06-24T22:10:00Z", value)


def _to_instant(text: str) -> datetime | None:
    instant = to_instant(text)
    if instant is None and (day := to_date(text)):
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return instant


def sequence(value: object) -> list[Any]:
    """Give the entries of a list, of a node or not."""
    target = _target(value)
    if isinstance(target, Sequence):
        return target.items
    if not isinstance(target, list):
        raise _refusal("must be a list", value)
    return target


def _texts(value: object) -> list[str]:
    """Read a list of text. In a file an empty entry is no entry."""
    items = sequence(value)
    if isinstance(_target(value), Sequence):
        return _each(items, _text, skip=is_null_node)
    return _each(items, _text)


def _each(items: list[Any], read: Callable[[Any], T], skip: Callable[[Any], bool] | None = None) -> list[T]:
    result: list[T] = []
    failed: list[Found] = []
    for index, item in enumerate(items):
        if skip is not None and skip(item):
            continue
        try:
            result.append(read(item))
        except _Refused as refused:
            failed.append(Found(refused.message, f"[{index}]", refused.index))
        except ClassValidationError as error:
            failed += _found(error, f"[{index}]")
    if failed:
        raise Refused(failed)
    return result


def _extras(given: dict[Any, Any], cls: type) -> dict[str, Any]:
    values = {}
    failed: list[Found] = []
    for name, child in given.items():
        try:
            values[name] = plain_data(child)
        except _Refused as refused:
            failed.append(Found(refused.message, f".{name}", refused.index))
    if failed:
        raise Refused(failed)
    for path, message in extras_problems(values, cls):
        name = next((name for name in given if path.startswith(f".{name}")), None)
        failed.append(Found(message, path, getattr(given.get(name), "start", None)))
    if failed:
        raise Refused(failed)
    return values


def plain_data(value: object) -> Any:
    """Give a value that no field names as plain data: nodes as Jekyll reads them, containers copied."""
    target = _target(value)
    if isinstance(target, Scalar):
        return scalar(target)
    if isinstance(target, Sequence | list):
        return [plain_data(item) for item in sequence(target)]
    if isinstance(target, Mapping | dict):
        return {name: plain_data(child) for name, child in _mapping(target).items()}
    return target


def value_of(node: Node, key: Key) -> Any:
    """Give what *node* is as the value of *key*: an object, a list, a scalar; plain data where no key is.

    Raises:
        Refused: if it is not a value of that key.
    """
    if key.style is Style.DATA:
        return plain_data(node)
    if is_null_node(node):
        return [] if key.style.is_list else None
    kind: Any = _TYPES.get(key.style) or key.of
    return _converter(False).structure(node, list[kind] if key.style.is_list else kind)


_TYPES: dict[Style, type] = {
    Style.PLAIN: str,
    Style.QUOTED: str,
    Style.INTEGER: int,
    Style.BOOLEAN: bool,
    Style.INSTANT: datetime,
    Style.TEXTS: str,
}
_TAGGED: dict[str, Callable[[str], Any]] = {
    "int": to_integer,
    "float": lambda text: to_float(text) if to_integer(text) is None else float(to_integer(text) or 0),
    "bool": to_boolean,
    "timestamp": lambda text: to_instant(text) or to_date(text),
}


def scalar(node: Scalar) -> Any:
    """Give the value of a scalar that no field names. A tag that YAML does not define is passed over."""
    if node.tag is None:
        return resolve(node.text) if node.style is None else node.text
    if node.tag == "null":
        return None
    if node.tag not in _TAGGED:
        return node.text
    value = _TAGGED[node.tag](node.text)
    if value is None:
        raise _Refused(f"is not what its tag !!{node.tag} says", node)
    return value


def _found(error: BaseException, path: str) -> Iterator[Found]:
    """Walk what cattrs gathered, and give each problem with its field by the file's own keys."""
    if isinstance(error, Refused):
        for found in error.found:
            yield attrs.evolve(found, field=(path + found.field).lstrip("."))
    elif isinstance(error, _Refused):
        yield Found(error.message, path.lstrip("."), error.index)
    elif isinstance(error, ClassValidationError):
        for each in error.exceptions:
            attribute = _attribute(each)
            name = "" if attribute == "extras" else f".{_key_name(error.cl, attribute)}"
            yield from _found(each, path + name)
    else:
        raise error


def _attribute(error: BaseException) -> str:
    return next(note.name for note in error.__notes__ if isinstance(note, AttributeValidationNote))


def _key_name(cls: type, attribute: str) -> str:
    return keys_by_attribute(cls)[attribute].name
