"""Build objects from nodes or plain data with strict cattrs hooks, and report all problems at once.

The same hooks read the nodes of `newsitem._yaml.composer` and the data passed to `newsitem.from_dict`. A node knows how
its text is written and where it is. A plain value is used as is. Each value is checked once, by its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any, Final, TypeVar, cast, get_args

from cattrs import Converter

from newsitem._schema.checks import (
    MORE_PROBLEMS,
    MOST_PROBLEMS,
    TOO_MANY,
    data_problems,
    extras_problems,
    key_problem,
    too_deep,
)
from newsitem._schema.fields import constructor, entries, is_model, keys, keys_by_attribute
from newsitem._schema.kinds import DATA, Found, Kind, Refused, refused, resolves_by_text
from newsitem._schema.scalar_kinds import SCALARS
from newsitem._schema.values import describe, is_beyond, plain, text_problem, use
from newsitem._yaml.limits import DEEPEST, current_limits
from newsitem._yaml.messages import first_in, named
from newsitem._yaml.nodes import Alias, Collection, Mapping, Node, Scalar, Sequence, resolved, target_of
from newsitem._yaml.resolver import is_null, resolve
from newsitem.errors import key_name

T = TypeVar("T")

MERGE: Final = "<<"


def structure(value: object, python: type[T]) -> T:
    """Make an object of the model, or another value of a field, from a node or from plain data.

    Raises:
        Refused: with all problems.
    """
    try:
        return _converter(json=False).structure(value, python)
    except Refused as error:
        raise Refused([problem._replace(field=problem.field.removeprefix(".")) for problem in error.found]) from None


def unstructure(value: object, *, json: bool = False) -> Any:
    """Make plain data from an object of the model. It contains only the keys that are set, in the publisher's order."""
    return _converter(json=json).unstructure(value)


def value_of(node: Node, kind: Kind) -> Any:
    """Return the value of *node* as *kind*: an object, a list or a scalar, or plain data if there is no field.

    The node must be part of a text that an item was read from.
    """
    if kind is DATA:
        return _data(node, "", [], DEEPEST)  # as Jekyll reads it
    return empty(kind) if is_null_node(node) else structure(node, kind.python)


@cache
def _converter(*, json: bool) -> Converter:
    converter = Converter(unstruct_collection_overrides={})
    converter.register_structure_hook_func(lambda python: python is Any, _data_of)
    for kind in SCALARS:
        converter.register_structure_hook(kind.python, _scalar_reader(kind))
        converter.register_unstructure_hook(kind.python, partial(kind.data, json=json))
    converter.register_structure_hook_factory(is_model, partial(_object_reader, converter))
    converter.register_structure_hook_factory(
        lambda python: getattr(python, "__origin__", None) is list, partial(_list_reader, converter)
    )
    converter.register_unstructure_hook_func(
        is_model, lambda instance: {name: converter.unstructure(child) for name, child, _ in entries(instance)}
    )
    if json:
        converter.register_unstructure_hook(date, date.isoformat)
    return converter


Hook = Callable[[Any, Any], Any]
"""A function that cattrs calls with a value and its type."""


def _scalar_reader(kind: Kind) -> Hook:
    """Make a function that reads scalars of *kind*."""

    def read(value: Any, _: Any) -> Any:
        target = target_of(value)
        wanted = kind.wanted
        if isinstance(target, Scalar):
            result = kind.from_node(target)
        elif isinstance(target, Collection):
            result = None
        else:
            result = kind.from_data(target)
            wanted = kind.wanted_of_data or wanted
        if not kind.is_of_type(result):
            raise refused(wanted, value) if kind.is_hidden else _refusal(wanted, value, kind.python)
        if problem := kind.problem(result):
            raise refused(problem, value)
        return plain(result)

    return read


def _object_reader(converter: Converter, cls: type) -> Hook:
    """Make a function that reads objects of *cls*, key by key."""
    construct = constructor(cls)
    hooks = [(key, key.name, key.kind.python, converter.get_structure_hook(key.kind.python)) for key in keys(cls)]

    def read(value: Any, _: Any) -> Any:
        problems: list[Found] = []
        key_problems: list[Found] = []
        children = mapping(value, key_problems)
        values = []
        for key, name, python, structure_value in hooks:
            child = children.pop(name, None)
            if is_null_node(child):
                if key.required:
                    place = _place(value if child is None else child)
                    problems.append(Found("required key is missing", f".{name}", place))
                child = empty(key.kind)
            else:
                try:
                    child = structure_value(child, python)
                except Refused as error:
                    problems += _below(f".{name}", error.found)
            values.append(child)
        unknown = {}
        if children or key_problems:
            key_problems += _misnamed(children, value, cls)
            try:
                unknown = extras(children, key_problems, cls)
            except Refused as error:
                problems += error.found
        if problems:
            raise Refused(problems)
        try:
            instance = construct(*values)
        except Refused as error:  # raised by a validator
            children = mapping(value, [])
            raise Refused(
                [problem._replace(place=_place(children.get(problem.field[1:]))) for problem in error.found]
            ) from None
        instance.extras.update(unknown)
        return instance

    return read


def _place(value: object) -> int | None:
    """Return the position of a value, if it is a node."""
    return getattr(value, "start", None)


def empty(kind: Kind) -> list[Any] | None:
    """Return the value of a key of this kind that is missing or null."""
    return [] if kind.absent == "[]" else None


def _below(path: str, problems: Iterable[Found]) -> Iterator[Found]:
    """Prefix the fields of the problems of a value with its path."""
    return (problem._replace(field=path + problem.field) for problem in problems)


def _misnamed(unknown: dict[Any, Any], data: object, cls: type) -> Iterator[Found]:
    """Find unknown keys in plain data that are the names of attributes whose own keys are missing."""
    for name, key in keys_by_attribute(cls).items():
        if name in unknown and isinstance(data, dict) and data.get(key.name) is None:
            yield Found(f"is the name of an attribute: did you mean the key {key.name!r}?", f".{name}", None)


def _list_reader(converter: Converter, python: Any) -> Hook:
    """Make a function that reads lists. In a file, empty entries of a list of text are skipped."""
    element = get_args(python)[0]
    structure_entry = converter.get_structure_hook(element)

    def read(value: Any, _: Any) -> list[Any]:
        skips_empty = element is str and isinstance(target_of(value), Sequence)
        result: list[Any] = []
        problems: list[Found] = []
        for index, entry in enumerate(sequence(value)):
            if skips_empty and is_null_node(entry):
                continue
            try:
                result.append(structure_entry(entry, element))
            except Refused as error:
                problems += _below(f"[{index}]", error.found)
        if problems:
            raise Refused(problems)
        return result

    return read


def _refusal(wanted: str, value: object, python: type[Any]) -> Refused:
    target = target_of(value)
    if isinstance(target, Scalar):
        shown = "binary data" if target.tag == "binary" else describe(untyped(target))
        hidden = first_in(target.text)
        shown += "" if hidden is None else f", which contains the invisible character {named(target.text[hidden])}"
    elif isinstance(target, Collection):
        shown = "a list" if isinstance(target, Sequence) else "a mapping"
        may_be_text = target.flow or (isinstance(target, Mapping) and len(target.pairs) == 1)
        shown += ": put the text in quotes" if may_be_text and "text" in wanted else ""
    else:
        shown = describe(target) + use(python, target)
    return refused(f"{wanted}, not {shown}", value)


def untyped(node: Scalar) -> Any:
    """Return the value of a scalar without a field, as Psych reads it."""
    if problem := text_problem(node.text):
        raise refused(problem, node)
    if node.tag == "float":
        number = resolve(node.text)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise refused("does not match its tag !!float", node)
        return float(number)
    return resolve(node.text) if resolves_by_text(node) else node.text


def listed(problems: Iterable[Found]) -> Iterator[Found]:
    """Return the problems up to the maximum number, followed by a note if there are more."""
    for number, problem in enumerate(problems):
        if number == MOST_PROBLEMS:
            yield Found(MORE_PROBLEMS, "", problem.place)
            return
        yield problem


def mapping(value: object, problems: list[Found]) -> dict[Any, Any]:
    """Return the values of a mapping by key. Problems with its keys are added to *problems*."""
    target = target_of(value)
    if isinstance(target, Mapping):
        return merged(target, problems)
    if not isinstance(target, dict):
        raise _refusal("must be a mapping", value, dict)
    return dict(target.items())


def merged(node: Mapping, problems: list[Found]) -> dict[str, Node]:
    """Return the values of a mapping by key. As in Psych, a merge key overrides the keys before it.

    Problems with keys are added to *problems*.
    """
    values: dict[str, Node] = {}
    for key, value in node.pairs:
        if is_merge(key):
            values |= _merge(value, problems)
            continue
        try:
            values[key_text(key)] = value
        except Refused as error:
            problems += error.found
    return values


def _merge(node: Node, problems: list[Found]) -> dict[str, Node]:
    """Return the keys that a merge key adds. In a list of mappings, the first one with a key takes precedence."""
    result: dict[str, Node] = {}
    for item in reversed(node.items) if isinstance(node, Sequence) else [node]:
        child = resolved(item)
        if isinstance(child, Mapping):
            result.update(merged(child, problems))
        else:
            message = "a merge key (<<) takes a mapping or a list of mappings"
            problems.append(Found(message, "", item.start))
    return result


def is_merge(key: Node) -> bool:
    """Return whether a key is a merge key. Psych ignores whether it is quoted or an alias."""
    target = resolved(key)
    return isinstance(target, Scalar) and target.text == MERGE and (isinstance(key, Alias) or target.tag != "str")


def key_text(key: Node) -> str:
    """Return a key as text, regardless of the type of its plain scalar."""
    target = resolved(key)
    if not isinstance(target, Scalar):
        raise refused("a key must be text, not a collection: if it is text, put it in quotes", key)
    if target.tag in ("float", "binary"):
        raise refused("a key must be text: remove the tag", key)
    if problem := key_problem(target.text):
        raise refused(problem, key, f".{key_name(target.text)}")
    return target.text


def is_null_node(value: object) -> bool:
    """Return whether a node or a plain value is null."""
    target = target_of(value)
    if not isinstance(target, Scalar):
        return target is None
    return resolves_by_text(target) and is_null(target.text)


def sequence(value: object) -> list[Any]:
    """Return the entries of a list, which may be a node."""
    target = target_of(value)
    if isinstance(target, Sequence):
        return target.items
    if not isinstance(target, list):
        raise _refusal("must be a list", value, list)
    return target


def _data_of(value: object, _: Any) -> Any:
    """Return a node or a plain value as plain data.

    Raises:
        Refused: with all problems.
    """
    return _checked_data(value, [], data_problems, {"": value})


def extras(values: dict[Any, Any], problems: list[Found], cls: type) -> dict[str, Any]:
    """Return unknown keys with their values as plain data, if there are no other *problems*.

    Raises:
        Refused: with all problems.
    """
    nodes = {f".{key_name(name)}": child for name, child in values.items()}
    return cast("dict[str, Any]", _checked_data(values, problems, partial(extras_problems, cls=cls), nodes))


def _checked_data(
    value: object, problems: list[Found], check: Callable[[Any], Iterable[tuple[str, str]]], nodes: dict[str, Any]
) -> Any:
    """Return a value as valid plain data. A problem has the position of the deepest of the *nodes* on its path."""
    limits = current_limits()
    if value and isinstance(value, dict | list) and is_beyond(value, limits):  # before it is copied
        raise refused(TOO_MANY.format(limits.values))
    data = _data(value, "", problems, limits.data_depth)
    for path, message in () if problems else check(data):
        above = (path[: match.start()] for match in re.finditer(r"[.\[]|\Z", path))  # a key may contain dots
        places = [_place(nodes[parent]) for parent in above if parent in nodes]
        problems.append(Found(message, path, places[-1] if places else None))
    if problems:
        raise Refused(problems)
    return plain(data)


def _data(value: object, path: str, problems: list[Found], levels: int) -> Any:
    """Return a value as plain data: nodes as Jekyll reads them, and copies of containers."""
    target = target_of(value)
    if isinstance(target, Scalar):
        try:
            return untyped(target)
        except Refused as error:
            problems += _below(path, error.found)
            return None
    if levels < 0 and isinstance(target, Collection | list | dict):
        problems.append(Found(too_deep(), path, _place(value)))
    elif isinstance(target, Sequence | list):
        items = enumerate(sequence(target))
        return [_data(item, f"{path}[{index}]", problems, levels - 1) for index, item in items]
    elif isinstance(target, Mapping | dict):
        key_problems: list[Found] = []
        children = mapping(target, key_problems)
        problems += _below(path, key_problems)
        return {
            name: _data(child, f"{path}.{key_name(name)}", problems, levels - 1) for name, child in children.items()
        }
    return target


def duplicates(node: Node, path: str, secured: frozenset[str], *, hidden: bool = False) -> Iterator[Found]:
    """Find duplicate keys in mappings. Aliases are not followed, because their target is checked in its own place.

    The keys below *secured* keys are *hidden*: their names must not be shown.
    """
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from duplicates(item, path if hidden else f"{path}[{index}]", secured, hidden=hidden)
    elif isinstance(node, Mapping):
        seen = set()
        for key, value in node.pairs:
            target = resolved(key)
            name = target.text if isinstance(target, Scalar) else "?"
            below = path if hidden else f"{path}.{key_name(name)}".lstrip(".")
            if isinstance(target, Scalar) and name in seen and not is_merge(key):
                yield Found("duplicate key: remove one of the two", below, key.start)
            seen.add(name)
            yield from duplicates(value, below, secured, hidden=hidden or name in secured)
