"""Nodes or plain data -> objects, with strict cattrs hooks; all problems at once, each with its field.

The same hooks read what `newsitem._nodes` composed and what `newsitem.from_dict` is given: a node says how
its text is written and where it stands, a plain value is taken as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import attrs
from cattrs import AttributeValidationNote, ClassValidationError, Converter
from cattrs.gen import make_dict_structure_fn, override

from newsitem._nodes import Node, Sequence
from newsitem._scalars import instant
from newsitem._schema import Key, Style, entries, keys, keys_by_attribute
from newsitem._values import (
    Found,
    Missing,
    Refused,
    boolean,
    extras,
    instant_of,
    integer,
    is_null_node,
    mapping,
    plain_data,
    secured,
    sequence,
    target_of,
    text,
)
from newsitem.model import Secured

T = TypeVar("T")


def structure(value: object, cls: type[T]) -> T:
    """Make an object of the model from a node or from plain data.

    Raises:
        Refused: with all problems.
    """
    try:
        return _converter(False).structure(value, cls)
    except (Refused, ClassValidationError) as error:
        raise Refused(list(_found(error, ""))) from None


def unstructure(value: object, *, json: bool = False) -> Any:
    """Make plain data from an object of the model: only keys that are set, in the publisher's order."""
    return _converter(json).unstructure(value)


@cache
def _converter(json: bool) -> Converter:
    converter = Converter(unstruct_collection_overrides={})
    readers: dict[Any, Callable[[Any], Any]] = {
        str: text,
        int: integer,
        bool: boolean,
        datetime: instant_of,
        Secured: secured,
    }
    for kind, reader in readers.items():
        converter.register_structure_hook(kind, _hook(reader))
    converter.register_structure_hook_factory(_is_model, lambda cls: _object_reader(converter, cls))
    converter.register_structure_hook_factory(_is_list, lambda kind: _list_reader(converter, get_args(kind)[0]))
    converter.register_unstructure_hook_func(
        _is_model, lambda thing: {name: converter.unstructure(child) for name, child, _ in entries(thing)}
    )
    converter.register_unstructure_hook(Secured, lambda secured: secured.text)
    if json:
        converter.register_unstructure_hook(datetime, instant)
        converter.register_unstructure_hook(date, date.isoformat)
    return converter


def _hook(reader: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: reader(value)


def _is_list(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is list


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind)


def _object_reader(converter: Converter, cls: type) -> Callable[[Any, Any], Any]:
    known = {key.attribute for key in keys(cls)}
    overrides: dict[str, Any] = {
        field.name: override(omit=True) for field in attrs.fields(cls) if field.name not in known
    }
    overrides["extras"] = override(struct_hook=_hook(lambda value: extras(value, cls)))
    from_attributes: Callable[[Any, Any], Any] = make_dict_structure_fn(cls, converter, **overrides)
    return lambda value, _: from_attributes(_attributes(value, cls), cls)


def _list_reader(converter: Converter, cls: Any) -> Callable[[Any, Any], list[Any]]:
    if cls is str:
        return _hook(_texts)
    return _hook(lambda value: _each(sequence(value), lambda item: converter.structure(item, cls)))


def _attributes(value: object, cls: type) -> dict[str, Any]:
    """Return the values of a mapping by the attributes that hold them; the unknown ones under ``extras``."""
    given, failed = mapping(value)
    values: dict[str, Any] = {}
    for key in keys(cls):
        child = given.pop(key.name, None)
        if not is_null_node(child):
            values[key.attribute] = child
        elif key.required:
            values[key.attribute] = Missing(getattr(value if child is None else child, "start", None))
        elif not key.style.is_list:
            values[key.attribute] = None  # a default, as of category, is for items made in Python
    if isinstance(value, dict):
        failed += _misnamed(given, value, cls)
    values["extras"] = given, failed
    return values


def _misnamed(unknown: dict[Any, Any], data: dict[Any, Any], cls: type) -> Iterator[Found]:
    """Find unknown keys of plain data that are names of attributes, whose own keys are not there."""
    for name, key in keys_by_attribute(cls).items():
        if name in unknown and data.get(key.name) is None:
            yield Found(f"is the name in Python: did you mean the key {key.name}?", f".{name}", None)


def _texts(value: object) -> list[str]:
    """Read a list of text. In a file an empty entry is no entry."""
    items = sequence(value)
    if isinstance(target_of(value), Sequence):
        return _each(items, text, skip=is_null_node)
    return _each(items, text)


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


def _found(error: Refused | ClassValidationError, path: str) -> Iterator[Found]:
    """Walk what cattrs gathered, and give each problem with its field by the file's own keys."""
    if isinstance(error, Refused):
        for found in error.found:
            yield attrs.evolve(found, field=(path + found.field).lstrip("."))
        return
    for each in error.exceptions:
        if not isinstance(each, Refused | ClassValidationError):  # such as a RecursionError
            raise each
        attribute = _attribute(each)
        name = "" if attribute == "extras" else f".{_key_name(error.cl, attribute)}"
        yield from _found(each, path + name)


def _attribute(error: BaseException) -> str:
    return next(note.name for note in error.__notes__ if isinstance(note, AttributeValidationNote))


def _key_name(cls: type, attribute: str) -> str:
    return keys_by_attribute(cls)[attribute].name
