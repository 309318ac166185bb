"""Nodes or plain data -> scalars, mappings and unknown data, strictly: what is not of a field's type is refused.

A node says how its text is written and where it stands, a plain value is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

import attrs

from newsitem import _limits
from newsitem._check import (
    SCALAR_PROBLEM,
    TOO_MANY,
    describe,
    extras_problems,
    is_beyond,
    key_problem,
    plain,
    text_problem,
    too_deep,
    use,
)
from newsitem._invisible import first_in, named
from newsitem._nodes import Alias, Mapping, Node, Scalar, Sequence, resolved
from newsitem._resolve import (
    is_null,
    looks_like_instant,
    resolve,
    to_boolean,
    to_date,
    to_instant,
    to_integer,
)
from newsitem._scalars import instant_from_text
from newsitem._schema import Style
from newsitem.errors import key_name, shortened
from newsitem.model import Secured

T = TypeVar("T")

MERGE = "<<"
MOST_PROBLEMS: Final = 1_000
"""How many problems of one item are listed."""


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


def listed(found: Iterable[Found]) -> Iterator[Found]:
    """Give as many problems as an error lists, and say where there are more."""
    for number, each in enumerate(found):
        if number == MOST_PROBLEMS:
            yield Found("and more problems from here on: mend those above first", "", each.index)
            return
        yield each


def refused(message: str, node: object = None, field: str = "") -> Refused:
    """Make the exception for one problem, at the place of *node* where that is one."""
    return Refused([Found(message, field, getattr(node, "start", None))])


@attrs.frozen
class Missing:
    """Stands for a required key that is not there."""

    start: int | None


def mapping(value: object) -> tuple[dict[Any, Any], list[Found]]:
    """Return the values of a mapping by key, and what is wrong with its keys."""
    target = target_of(value)
    failed: list[Found] = []
    if isinstance(target, Mapping):
        return merged(target, failed), failed
    if not isinstance(target, dict):
        raise refusal("must be a mapping", value, dict)
    return dict(target.items()), failed


def merged(node: Mapping, failed: list[Found] | None = None) -> dict[str, Node]:
    """Return the values of a mapping by their keys. As in Psych, a merge key replaces what is before it.

    What is wrong with keys is added to *failed*.
    """
    values: dict[str, Node] = {}
    wrong: list[Found] = []
    for key, value in node.pairs:
        if is_merge(key):
            values |= _merge(value, wrong)
            continue
        try:
            values[key_text(key)] = value
        except Refused as refused:
            wrong += refused.found
    if failed is not None:
        failed += wrong
    return values


def _merge(node: Node, failed: list[Found]) -> dict[str, Node]:
    """Give what the value of a merge key adds: of a list of mappings the first that has a key counts."""
    result: dict[str, Node] = {}
    for item in reversed(node.items) if isinstance(node, Sequence) else [node]:
        child = resolved(item)
        if isinstance(child, Mapping):
            result.update(merged(child, failed))
        else:
            message = "a merge key (<<) takes a mapping or a list of mappings"
            failed.append(Found(message, "", item.start))
    return result


def is_merge(key: Node) -> bool:
    """Tell whether a key is a merge key: to Psych, neither quotes nor an alias make a difference."""
    target = resolved(key)
    return isinstance(target, Scalar) and target.text == MERGE and (isinstance(key, Alias) or target.tag != "str")


def key_text(key: Node) -> str:
    """Return a key as text, whatever its plain scalar looks like."""
    target = resolved(key)
    if not isinstance(target, Scalar):
        raise refused("a key must be text, not a collection: if it is text, put it in quotes", key)
    if target.tag in ("float", "binary"):
        raise refused("a key must be text, without such a tag", key)
    if problem := key_problem(target.text):
        raise refused(problem, key, f".{key_name(target.text)}")
    return target.text


def is_null_node(value: object) -> bool:
    """Tell whether a node, or a plain value, is null."""
    target = target_of(value)
    if not isinstance(target, Scalar):
        return target is None
    return _is_plain(target) and is_null(target.text)


def _is_text_all_the_same(node: Scalar) -> bool:
    """Tell whether a scalar is text to Psych, though its tag says something else, as in ``!!null x``."""
    return _is_plain(node) and isinstance(resolve(node.text), str)


def _is_plain(node: Scalar) -> bool:
    """Tell whether the text of a scalar says what it is: where a tag is before it, Psych looks at no quotes."""
    return node.style is None if node.tag is None else node.tag not in ("str", "float", "binary")


def target_of(value: object) -> object:
    """Give what an alias stands for, and anything else as it is."""
    return value.target if isinstance(value, Alias) else value


def refusal(wanted: str, value: object, kind: type[Any] | None = None) -> Refused:
    """Make the exception for a value that is not what was wanted, or not of the Python type *kind*."""
    if isinstance(value, Missing):
        return refused("is missing, and is required", value)
    target = target_of(value)
    if isinstance(target, Scalar):
        shown = "binary data" if target.tag == "binary" else describe(scalar(target))
        hidden = first_in(target.text)
        shown += "" if hidden is None else f", which holds {named(target.text[hidden])}"
    elif isinstance(target, Sequence | Mapping):
        shown = "a list" if isinstance(target, Sequence) else "a mapping"
        shown += ": put the text in quotes" if target.flow and "text" in wanted else ""
    else:
        shown = describe(target) + (use(kind, target) if kind else "")
    return refused(f"{wanted}, not {shown}", value)


def text(value: object) -> str:
    """Read the value of a field of text, whatever its plain scalar looks like."""
    target = target_of(value)
    text: object = target
    if isinstance(target, Scalar) and (target.tag not in _OTHER_THAN_TEXT or _is_text_all_the_same(target)):
        text = target.text
    if not isinstance(text, str):
        raise refusal("must be text", value)
    return _checked(text, Style.QUOTED, value)


def _checked(value: T, style: Style, node: object) -> T:
    if problem := SCALAR_PROBLEM[style](value):
        raise refused(problem, node)
    return cast("T", plain(value))


def secured(value: object) -> Secured:
    """Read ``secured``, and show nothing of it."""
    if isinstance(value, Secured):
        return value
    target = target_of(value)
    text = target.text if isinstance(target, Scalar) and target.tag not in _OTHER_THAN_TEXT else target
    if not isinstance(text, str):
        raise refused("must be text (its value is not shown)", value)
    if text_problem(text):
        raise refused("holds a lone surrogate, which no UTF-8 file can hold (its value is not shown)", value)
    return Secured(text)


def _plain_value(value: object, convert: Callable[[str], T | None]) -> object:
    """Give what a plain (or so tagged) scalar is, or the value itself where it is no node."""
    target = target_of(value)
    if not isinstance(target, Scalar):
        return target
    return convert(target.text) if _is_plain(target) else None


def integer(value: object) -> int:
    """Read the value of a field of integers."""
    number = _plain_value(value, to_integer)
    if not isinstance(number, int) or isinstance(plain(number), bool):
        raise refusal("must be an integer", value, int)
    return _checked(number, Style.INTEGER, value)


def boolean(value: object) -> bool:
    """Read the value of a field of booleans."""
    truth = _plain_value(value, to_boolean)
    if not isinstance(truth, int) or not isinstance(plain(truth), bool):
        raise refusal("must be true or false", value, bool)
    return bool(truth)


def instant_of(value: object) -> datetime:
    """Read the value of a field of instants."""
    instant = _plain_value(value, _to_instant)
    if isinstance(value, Scalar) and instant is None and looks_like_instant(value.text) and value.style is None:
        raise refused(
            f"must be an instant that exists, such as 2020-06-24T22:10:00Z, not {shortened(value.text)}", value
        )
    if isinstance(value, str):
        instant = instant_from_text(value)
    if not isinstance(instant, datetime) and not isinstance(value, Scalar | Sequence | Mapping | Alias | Missing):
        raise refusal("must be a datetime with a time zone, or text such as 2020-06-24T22:10:00Z", value)
    if not isinstance(instant, datetime):
        raise refusal("must be an instant such as 2020-06-24T22:10:00Z, without quotes", value)
    return _checked(instant, Style.INSTANT, value)


def _to_instant(text: str) -> datetime | None:
    instant = to_instant(text)
    if instant is None and (day := to_date(text)):
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return instant


def sequence(value: object) -> list[Any]:
    """Return the entries of a list, of a node or not."""
    target = target_of(value)
    if isinstance(target, Sequence):
        return target.items
    if not isinstance(target, list):
        raise refusal("must be a list", value, list)
    return target


def extras(given: tuple[dict[Any, Any], list[Found]], cls: type) -> dict[str, Any]:
    """Give unknown keys with their values as plain data."""
    values, failed = given
    limits = _limits.current()
    from_python = {name: child for name, child in values.items() if isinstance(child, dict | list)}
    if from_python and is_beyond(from_python, limits):
        raise refused(TOO_MANY.format(limits.values))
    levels = limits.data_depth - 1
    data = {name: _data(child, f".{key_name(name)}", failed, levels) for name, child in values.items()}
    if not failed:
        starts = {f".{key_name(name)}": getattr(child, "start", None) for name, child in values.items()}
        for path, message in extras_problems(data, cls):
            above = (path[: match.start()] for match in re.finditer(r"[.\[]|\Z", path))  # a key may hold dots
            places = [starts[each] for each in above if each in starts]
            failed.append(Found(message, path, places[-1] if places else None))
    if failed:
        raise Refused(failed)
    return cast("dict[str, Any]", plain(data))


def plain_data(value: object) -> Any:
    """Return a value that no field names as plain data: nodes as Jekyll reads them, containers copied.

    It must be part of a text that an item was read from, as what is wrong with it is not told.
    """
    return _data(value, "", [], _limits.DEEPEST)


def _data(value: object, path: str, failed: list[Found], levels: int) -> Any:
    target = target_of(value)
    if len(failed) > MOST_PROBLEMS:
        return None
    if isinstance(target, Scalar):
        try:
            return scalar(target)
        except Refused as refused:
            failed += [attrs.evolve(found, field=path + found.field) for found in refused.found]
            return None
    if levels < 0 and isinstance(target, Sequence | Mapping | list | dict):
        failed.append(Found(too_deep(), path, getattr(value, "start", None)))
    elif isinstance(target, Sequence | list):
        items = enumerate(sequence(target))
        return [_data(item, f"{path}[{index}]", failed, levels - 1) for index, item in items]
    elif isinstance(target, Mapping | dict):
        children, found = mapping(target)
        failed += [attrs.evolve(each, field=path + each.field) for each in found]
        return {name: _data(child, f"{path}.{key_name(name)}", failed, levels - 1) for name, child in children.items()}
    return target


def scalar(node: Scalar) -> Any:
    """Return the value of a scalar that no field names."""
    if problem := text_problem(node.text):
        raise refused(problem, node)
    if node.tag == "float":
        number = resolve(node.text)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise refused("is not what its tag !!float says", node)
        return float(number)
    return resolve(node.text) if _is_plain(node) else node.text
