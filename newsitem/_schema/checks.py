"""Check values of fields. Nothing is coerced: the message for a wrong type names the right one."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

import attrs

from newsitem._schema.code import cached, function
from newsitem._schema.fields import Key, keys, keys_by_attribute, rejections, validated_keys, validator_problem
from newsitem._schema.kinds import DATA, Kind, class_of, element_of
from newsitem._schema.originals import remember
from newsitem._schema.scalar_kinds import INSTANT
from newsitem._schema.unread import slot
from newsitem._schema.values import describe, is_beyond, plain, text_problem, use
from newsitem._yaml.limits import advice, current_limits
from newsitem._yaml.scalars import quoted
from newsitem.errors import Problem, ValidationError, key_name

MAXIMUM_KEY: Final = 1_000
"""The maximum length of a key as written. YAML allows 1,024 characters for a key on one line."""
_MAXIMUM_INTEGER_DIGITS: Final = 4_000
MOST_PROBLEMS: Final = 1_000
"""The maximum number of problems that an error lists."""
MORE_PROBLEMS: Final = "there are more problems: fix those above first"
TOO_MANY: Final = (
    "plain data contains more than {:,} values: if you trust this data, raise the limit with newsitem.limits(values=…)"
)

Problems = Iterator[tuple[str, str]]
"""Pairs of a path below the value, such as ``[2].name``, and a message."""


def value_problems(value: object, kind: Kind, *, is_required: bool) -> Problems:
    """Find problems with *value* as the value of a key, without checking the objects in it."""
    if value is None and not is_required and kind.absent == "None":
        return
    if problem := kind.problem(value):
        yield "", problem
    elif value is None:
        yield "", "must not be None, because the key is required"
    elif kind is DATA:
        yield from data_problems(value)
    elif isinstance(value, list):
        element = element_of(kind)
        for index, entry in enumerate(value):
            if problem := element.problem(entry):
                yield f"[{index}]", problem


def extras_problems(extras: object, cls: type) -> Problems:
    """Find problems with the unknown keys of an object of *cls* and with their values."""
    if not isinstance(extras, dict):
        yield "", f"must be a dict, not {describe(extras)}{use(dict, extras)}"
        return
    for key in keys(cls):
        if key.name in extras:
            yield f".{key.name}", f"is a key of the model: set the attribute {key.attribute}"
    yield from data_problems(extras)


def data_problems(data: object) -> Problems:
    """Find problems with plain data."""
    limits = current_limits()
    if data and is_beyond(data, limits):
        yield "", TOO_MANY.format(limits.values)
        return
    yield from _plain_problems(data, limits.data_depth)


def too_deep() -> str:
    """Return the message for plain data that exceeds the depth limit."""
    return f"is nested more than {current_limits().data_depth} levels deep: {advice('depth')}"


def _plain_problems(value: object, levels: int, path: str = "") -> Problems:
    """Find problems with plain data. It must consist of values that YAML can represent and every reader preserves."""
    if levels < 0 and isinstance(value, dict | list):
        yield path, too_deep()
    elif isinstance(value, dict):
        for name, child in value.items():
            if problem := key_problem(name):
                yield f"{path}.{key_name(name)}" if isinstance(name, str) else path, problem
            else:
                yield from _plain_problems(child, levels - 1, f"{path}.{key_name(name)}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _plain_problems(child, levels - 1, f"{path}[{index}]")
    elif problem := _plain_scalar_problem(value):
        yield path, problem


def key_problem(name: object) -> str | None:
    """Return why *name* cannot be a key, or ``None``."""
    if problem := text_problem(name):
        return f"a key {problem}"
    if name == "<<":
        return "a key must not be '<<', which some YAML readers treat as a merge key"
    if len(quoted(str(name))) > MAXIMUM_KEY:
        return f"a key must have at most {MAXIMUM_KEY:,} characters as written"
    return None


def _plain_scalar_problem(value: object) -> str | None:
    if isinstance(value, str):
        return text_problem(value)
    if isinstance(value, int):  # or a boolean
        too_long = abs(value) > 1 << 64 and math.log10(abs(value)) > _MAXIMUM_INTEGER_DIGITS
        return f"must have at most {_MAXIMUM_INTEGER_DIGITS:,} digits" if too_long else None
    if isinstance(value, datetime):
        return INSTANT.problem(value)
    if value is None or isinstance(value, float | date):
        return None
    hint = next(filter(None, (use(kind, value) for kind in (dict, list, bool, int, float))), "")
    return f"must be text, a number, a boolean, a date, None, a list or a dict, not {describe(value)}{hint}"


def check_set(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> Any:
    """Return the value to set, as Python's own types, or raise `ValidationError`."""
    key = keys_by_attribute(type(instance)).get(attribute.name)
    problems = type_problems(type(instance), attribute.name, key, value)
    if not problems:
        value = plain(value)
        if key is not None and (problem := validator_problem(instance, key, value)) is not None:
            problems = [Problem(problem, field=key.name)]
    if problems:
        path = getattr(instance, "path", None)
        raise ValidationError(problems).in_file(None if path is None else str(path))
    if key is not None and key.kind.has_spellings and key.kind.is_same(value, getattr(instance, attribute.name)):
        return getattr(instance, attribute.name)
    if not hasattr(type(instance), "_source"):  # files are not entries of a list
        remember(instance, attribute.name)
    return value


def type_problems(cls: type, attribute: str, key: Key | None, value: object) -> list[Problem]:
    """List the problems with a value of an attribute of *cls*, except those found by validators.

    The attributes without a key are ``extras``, ``body`` and ``path``.
    """
    if key is not None:
        if value.__class__ is key.kind.python and not key.kind.problem(value):
            return []  # the common case, and the quickest
        return _problems(key.name, value_problems(value, key.kind, is_required=key.required))
    if attribute == "extras":
        return _problems("extras", extras_problems(value, cls))
    if attribute == "path":  # the converter returns other values if they cannot be a path
        is_path = value is None or isinstance(value, os.PathLike)
        return [] if is_path else [Problem("must be a valid file path", field="path")]
    problem = text_problem(value)
    return [] if problem is None else [Problem(problem, field="body")]


def _problems(prefix: str, problems: Problems) -> list[Problem]:
    return [Problem(message, field=prefix + path) for path, message in problems]


def check_all(instance: object) -> None:
    """Check all attributes of an object, report all problems in one error, and convert the values to plain types.

    The objects below it were checked when they were created. Validators run only if all types are right.
    """
    cls: type = type(instance)
    known = keys_by_attribute(cls)
    values = [(field.name, known.get(field.name), getattr(instance, field.name)) for field in attrs.fields(cls)]
    require(problem for name, key, value in values for problem in type_problems(cls, name, key, value))
    for name, _, value in values:
        object.__setattr__(instance, name, plain(value))
    require(Problem(problem, field=key.name) for key, problem in rejections(instance))


def require(problems: Iterable[Problem]) -> None:
    """Raise `ValidationError` if there are problems. If there are more than the maximum, a note follows the first."""
    first = list(islice(problems, MOST_PROBLEMS + 1))
    if len(first) > MOST_PROBLEMS:
        first[-1] = Problem(MORE_PROBLEMS)
    if first:
        raise ValidationError(first)


def all_problems(instance: Any, prefix: str = "") -> list[Problem]:
    """List the problems with an object and everything below it. Their fields begin with *prefix*.

    Attributes are checked when they are set, so only the content of lists and dicts can be invalid. Validators run only
    if all types are right.
    """
    cls: type = type(instance)
    problems = _problems(f"{prefix}extras", extras_problems(instance.extras, cls))
    for key in keys(cls):
        value = getattr(instance, key.attribute)
        path = prefix + key.name
        problems += _problems(path, value_problems(value, key.kind, is_required=key.required))
        is_list = isinstance(value, list)
        for index, child in enumerate(value if is_list else [value]):
            if type(child) is class_of(key.kind):
                problems += all_problems(child, f"{path}[{index}]." if is_list else f"{path}.")
    return problems or [Problem(problem, field=prefix + key.name) for key, problem in rejections(instance)]


@cached
def validity_check(cls: type) -> Callable[[Any], bool]:
    """Make a function that returns whether `all_problems` of an object is empty and all of its values are plain."""
    names: dict[str, Any] = {"cls": cls, "is_plain": _is_plain, "text": {str}, "is_text": _is_text}
    names |= {"data_problems": data_problems, "extras_problems": extras_problems, "rejections": rejections}
    lines = ["extras = instance.extras"]
    lines.append("if extras and not is_plain(extras, extras_problems(extras, cls)): return False")
    for place, key in enumerate(keys(cls)):
        below = class_of(key.kind)
        if below is not None:
            names |= {f"check_{place}": validity_check(below), f"class_{place}": below}
        elif not (key.kind.is_list or key.kind is DATA):
            continue
        if key.deferred:
            names[f"get_{place}"] = slot(cls, key.attribute).__get__
            lines += [f"try: value = get_{place}(instance)", "except AttributeError: value = ()  # unread, so valid"]
        else:
            lines.append(f"value = instance.{key.attribute}")
        if key.kind is DATA:
            lines.append("if not is_plain(value, data_problems(value)): return False")
        elif not key.kind.is_list:
            lines.append(f"if value is not None and not check_{place}(value): return False")
        elif below is None:
            lines.append("if value and not (text.issuperset(map(type, value)) and is_text(value)): return False")
        else:
            lines.append("for entry in value or ():")
            lines.append(f"    if entry.__class__ is not class_{place} or not check_{place}(entry): return False")
    accepted = "not any(rejections(instance))" if validated_keys(cls) else "True"
    return function(f"check {cls.__name__}", ["instance"], [*lines, f"return {accepted}"], names)


def _is_text(texts: list[str]) -> bool:
    """Return whether UTF-8 can encode all texts in a list."""
    return all(map(str.isascii, texts)) or not any(map(text_problem, texts))


def _is_plain(data: object, problems: Problems) -> bool:
    """Return whether data has no problems, and contains only values of Python's own types."""
    return not any(problems) and plain(data) is data
