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
from cattrs import AttributeValidationNote, ClassValidationError, Converter
from cattrs.gen import make_dict_structure_fn, override

from newsitem._check import (
    MAXIMUM_DATA_DEPTH,
    SCALAR_PROBLEM,
    TOO_DEEP,
    describe,
    extras_problems,
    key_problem,
    printable,
    text_problem,
)
from newsitem._nodes import Alias, Mapping, Node, Scalar, Sequence, resolved
from newsitem._resolve import (
    is_null,
    looks_like_instant,
    resolve,
    to_boolean,
    to_date,
    to_float,
    to_instant,
    to_integer,
)
from newsitem._scalars import instant
from newsitem._schema import Key, Style, entries, keys, keys_by_attribute
from newsitem.model import Image, NewsItem, Provider, RelatedItem, Secured

T = TypeVar("T")

MERGE = "<<"
_OTHER_THAN_TEXT = ("int", "float", "bool", "null", "timestamp", "binary")


@attrs.frozen
class Found:
    """A problem with its field, and its place in the text where it has one."""

    message: str
    field: str
    index: int | None


class Refused(Exception):
    """What is wrong with data: all problems, each with the field below the data that it is in."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(found)
        self.found = found


def _refused(message: str, node: object = None, field: str = "") -> Refused:
    return Refused([Found(message, field, getattr(node, "start", None))])


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
    except (Refused, ClassValidationError) as error:
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
    given, failed = _mapping(value)
    values: dict[str, Any] = {}
    for key in keys(cls):
        child = given.pop(key.name, None)
        if not is_null_node(child):
            values[key.attribute] = child
        elif key.required:
            values[key.attribute] = _Missing(getattr(value if child is None else child, "start", None))
        elif key.attribute == "category":
            values[key.attribute] = None  # the default is for items made in Python
    values["extras"] = given, failed
    return values


def _mapping(value: object) -> tuple[dict[Any, Any], list[Found]]:
    """Give the values of a mapping by key, and what is wrong with its keys."""
    target = _target(value)
    failed: list[Found] = []
    if isinstance(target, Mapping):
        return merged(target, failed), failed
    if not isinstance(target, dict):
        raise _refusal("must be a mapping", value)
    return dict(target), failed


def merged(node: Mapping, failed: list[Found] | None = None) -> dict[str, Node]:
    """Give the values of a mapping by their keys; merge keys give what the mapping itself does not say.

    What is wrong with keys is added to *failed*.
    """
    own: dict[str, Node] = {}
    added: dict[str, Node] = {}
    wrong: list[Found] = []
    for key, value in node.pairs:
        if is_merge(key):
            added = {**_merge(value, wrong), **added}
            continue
        try:
            own[key_text(key)] = value
        except Refused as refused:
            wrong += refused.found
    if failed is not None:
        failed += wrong
    return {**own, **{name: value for name, value in added.items() if name not in own}}


def _merge(node: Node, failed: list[Found]) -> dict[str, Node]:
    """Give what the value of a merge key adds: of a list of mappings the first that has a key counts."""
    target = resolved(node)
    result: dict[str, Node] = {}
    for item in reversed(target.items) if isinstance(target, Sequence) else [node]:
        child = resolved(item)
        if isinstance(child, Mapping):
            result.update(merged(child, failed))
        else:
            message = "a merge key (<<) takes a mapping or a list of mappings"
            failed.append(Found(message, "", item.start))
    return result


def is_merge(key: Node) -> bool:
    """Tell whether a key is a merge key."""
    return isinstance(key, Scalar) and key.style is None and key.text == MERGE and key.tag is None


def key_text(key: Node) -> str:
    """Give a key as text, whatever its plain scalar looks like."""
    target = resolved(key)
    if not isinstance(target, Scalar):
        raise _refused("a key must be text, not a collection", key)
    if problem := key_problem(target.text):
        raise _refused(problem, key, f".{printable(target.text)}")
    return target.text


def is_null_node(value: object) -> bool:
    target = _target(value)
    if not isinstance(target, Scalar):
        return target is None
    return target.tag == "null" or (target.tag is None and target.style is None and is_null(target.text))


def _target(value: object) -> object:
    """Give what an alias stands for, and anything else as it is."""
    return value.target if isinstance(value, Alias) else value


def _refusal(wanted: str, value: object) -> Refused:
    if isinstance(value, _Missing):
        return _refused("is missing, and is required", value)
    if isinstance(value, Alias):  # it may stand for what is secret
        shown = "what its anchor names"
    elif isinstance(value, Scalar):
        shown = "binary data" if value.tag == "binary" else describe(scalar(value))
    elif isinstance(value, Sequence | Mapping):
        shown = "a list" if isinstance(value, Sequence) else "a mapping"
    else:
        shown = describe(value)
    return _refused(f"{wanted}, not {shown}", value)


def _text(value: object) -> str:
    target = _target(value)
    text: object = target
    if isinstance(target, Scalar) and target.tag not in _OTHER_THAN_TEXT:
        text = target.text
    if not isinstance(text, str):
        raise _refusal("must be text", value)
    return _checked(text, Style.QUOTED, value)


def _checked(value: T, style: Style, node: object) -> T:
    if problem := SCALAR_PROBLEM[style](value):
        raise _refused(problem, node)
    return value


def _secured(value: object) -> Secured:
    if isinstance(value, Secured):
        return value
    target = _target(value)
    text = target.text if isinstance(target, Scalar) and target.tag not in _OTHER_THAN_TEXT else target
    if not isinstance(text, str):
        raise _refused("must be text (its value is not shown)", value)
    if text_problem(text):
        raise _refused("holds a lone surrogate, which no UTF-8 file can hold (its value is not shown)", value)
    return Secured(text)


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
    if isinstance(value, Scalar) and instant is None and looks_like_instant(value.text) and value.style is None:
        raise _refused(f"must be an instant that exists, such as 2020-06-24T22:10:00Z, not {value.text}", value)
    if not isinstance(instant, datetime) and not isinstance(value, Scalar | Sequence | Mapping | Alias | _Missing):
        raise _refusal("must be a datetime with a time zone (newsitem.from_json reads text)", value)
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
        except (Refused, ClassValidationError) as error:
            failed += _found(error, f"[{index}]")
    if failed:
        raise Refused(failed)
    return result


def _extras(given: tuple[dict[Any, Any], list[Found]], cls: type) -> dict[str, Any]:
    values, failed = given
    data = {name: _data(child, f".{printable(name)}", failed, 1) for name, child in values.items()}
    if not failed:
        starts = {f".{printable(name)}": getattr(child, "start", None) for name, child in values.items()}
        for path, message in extras_problems(data, cls):
            name = max((each for each in starts if path.startswith(each)), key=len, default="")
            failed.append(Found(message, path, starts.get(name)))
    if failed:
        raise Refused(failed)
    return data


def plain_data(value: object) -> Any:
    """Give a value that no field names as plain data: nodes as Jekyll reads them, containers copied.

    It must be part of a text that an item was read from.
    """
    failed: list[Found] = []
    data = _data(value, "", failed, 0)
    assert not failed, "an item was made of it"
    return data


def _data(value: object, path: str, failed: list[Found], depth: int) -> Any:
    target = _target(value)
    if isinstance(target, Scalar):
        try:
            return scalar(target)
        except Refused as refused:
            failed += [attrs.evolve(found, field=path + found.field) for found in refused.found]
            return None
    if depth > MAXIMUM_DATA_DEPTH and isinstance(target, Sequence | Mapping | list | dict):
        failed.append(Found(TOO_DEEP, path, getattr(value, "start", None)))
    elif isinstance(target, Sequence | list):
        items = enumerate(sequence(target))
        return [_data(item, f"{path}[{index}]", failed, depth + 1) for index, item in items]
    elif isinstance(target, Mapping | dict):
        children, found = _mapping(target)
        failed += [attrs.evolve(each, field=path + each.field) for each in found]
        return {name: _data(child, f"{path}.{printable(name)}", failed, depth + 1) for name, child in children.items()}
    return target


def value_of(node: Node, key: Key) -> Any:
    """Give what *node* is as the value of *key*: an object, a list, a scalar; plain data where no key is.

    It must be part of a text that an item was read from.
    """
    if key.style is Style.DATA:
        return plain_data(node)
    if is_null_node(node):
        return [] if key.style.is_list else None
    kind: Any = _TYPES.get(key.style) or key.of
    return structure(node, list[kind] if key.style.is_list else kind)


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
    if problem := text_problem(node.text):
        raise _refused(problem, node)
    if node.tag is None:
        return resolve(node.text) if node.style is None else node.text
    if node.tag == "null":
        return None
    if node.tag not in _TAGGED:
        return node.text
    value = _TAGGED[node.tag](node.text)
    if value is None:
        raise _refused(f"is not what its tag !!{node.tag} says", node)
    return value


def _found(error: Refused | ClassValidationError, path: str) -> Iterator[Found]:
    """Walk what cattrs gathered, and give each problem with its field by the file's own keys."""
    if isinstance(error, Refused):
        for found in error.found:
            yield attrs.evolve(found, field=(path + found.field).lstrip("."))
        return
    for each in error.exceptions:
        assert isinstance(each, Refused | ClassValidationError), "the hooks raise nothing else"
        attribute = _attribute(each)
        name = "" if attribute == "extras" else f".{_key_name(error.cl, attribute)}"
        yield from _found(each, path + name)


def _attribute(error: BaseException) -> str:
    return next(note.name for note in error.__notes__ if isinstance(note, AttributeValidationNote))


def _key_name(cls: type, attribute: str) -> str:
    return keys_by_attribute(cls)[attribute].name
