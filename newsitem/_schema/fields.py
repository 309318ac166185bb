"""Describe how the fields of the model are written in files: the key, the kind of the values, the position."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from weakref import WeakSet

import attrs

from newsitem._schema.code import cached, function
from newsitem._schema.kinds import DATA, Found, Kind, Refused, class_of
from newsitem._schema.unread import Unread, peek, slot
from newsitem._schema.values import comparable
from newsitem.errors import printable

METADATA: Final = "newsitem"
"""The name of a key in the metadata of its attrs field."""
INDENT: Final = 2
"""The indentation of a block below its key, in spaces. The dashes of a list are indented too."""


Validator = Callable[[Any, Any, Any], Any]
"""An attrs validator, called with an object, a field and a value. It raises if the value is not valid."""


@attrs.define(eq=False, repr=False, kw_only=True)
class Key:
    """A key of a mapping in the file, and the attribute for its value."""

    name: str
    kind: Kind
    apart: bool
    """Whether an empty line precedes and follows it in the item's own mapping."""
    doc: str
    required: bool
    validators: tuple[Validator, ...]
    after: str | None
    """In a derived class, the key that it follows."""
    attribute: str
    deferred: bool
    """Whether its value, a list of objects, may remain unread text until it is used."""


def key_of(field: attrs.Attribute[Any]) -> Key | None:
    """Return the key of an attrs field, if it has one."""
    key: Key | None = field.metadata.get(METADATA)
    return key


MODELS: Final[WeakSet[type]] = WeakSet()
"""All classes that were made with `newsitem.model`."""


def is_model(cls: Any) -> bool:
    """Return whether a class was itself made with `newsitem.model`, not just derived from such a class."""
    return isinstance(cls, type) and cls in MODELS


@cached
def keys(cls: type) -> tuple[Key, ...]:
    """Return the keys of a class of the model, in the order in which new keys are written."""
    return tuple(key for field in attrs.fields(cls) if (key := key_of(field)) is not None)


def is_deep(kind: Kind) -> bool:
    """Return whether a kind is a list of nested objects. Flat ones are as quick to read as to prove readable."""
    below = class_of(kind) if kind.is_list else None
    return below is not None and any(key.kind.is_block for key in keys(below)) and not has_validators(below)


@cached
def validated_keys(cls: type) -> tuple[Key, ...]:
    """Return the keys of a class with validators."""
    return tuple(key for key in keys(cls) if key.validators)


@cached
def has_validators(cls: type) -> bool:
    """Return whether a class, or a class below it, has validators. No pattern can prove that these accept a text."""
    below = (class_of(key.kind) for key in keys(cls))
    return bool(validated_keys(cls)) or any(has_validators(model) for model in below if model is not None)


def has_required(cls: type) -> bool:
    """Return whether a class has a required key."""
    return any(key.required for key in keys(cls))


SECURED_ALONE: Final = frozenset(("secured",))
"""The key that is hidden in every mapping, even if the class does not name it."""


@cached
def hidden_keys(cls: type) -> frozenset[str]:
    """Return the names of the keys whose values are not shown, in objects of a class and below them."""
    below = [hidden_keys(inner) for key in keys(cls) if (inner := class_of(key.kind)) is not None]
    return SECURED_ALONE.union((key.name for key in keys(cls) if key.kind.is_hidden), *below)


@cached
def deferred_keys(cls: type) -> dict[str, Key]:
    """Return the keys of a class whose values may remain unread, by attribute."""
    return {key.attribute: key for key in keys(cls) if key.deferred}


@cached
def keys_by_name(cls: type) -> dict[str, Key]:
    """Return the keys of a class of the model, by name in the file."""
    return {key.name: key for key in keys(cls)}


@cached
def keys_by_attribute(cls: type) -> dict[str, Key]:
    """Return the keys of a class of the model, by attribute."""
    return {key.attribute: key for key in keys(cls)}


class _Unchecked:
    """A mixin for objects whose attributes are set without a check.

    Python sets them several times faster than the slots' own methods do.
    """

    __slots__ = ()
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__

    def __init_subclass__(cls) -> None:
        """Skip the user's ``__init_subclass__``, which must not see this class."""


@cached
def constructor(cls: type) -> Callable[..., Any]:
    """Make a function that creates an object, unchecked, from the values of its keys in order.

    Unread lists take the place of the object's source text until that is set.
    """
    deferred = deferred_keys(cls)
    # The user's metaclass must not see this class either.
    unchecked: Any = type.__new__(type(cls), f"_Unchecked{cls.__name__}", (_Unchecked, cls), {"__slots__": ()})
    if abstract := getattr(cls, "__abstractmethods__", None):
        unchecked.__abstractmethods__ = abstract
    names: dict[str, Any] = {"new": object.__new__, "unchecked": unchecked, "cls": cls, "unread": Unread}
    lines = ["instance = new(unchecked)"]
    if hasattr(cls, "_source"):
        lines.append("instance._source = None")
    for place, field in enumerate(attrs.fields(cls)):  # those with a key come first
        value = f"value_{place}"
        if key_of(field) is None:
            factory = getattr(field.default, "factory", None)
            names[value] = factory or field.default
            value += "()" if factory else ""
        if field.name in deferred:
            names[f"set_{place}"] = slot(cls, field.name).__set__  # setting the attribute itself would lock it
            lines.append(f"if {value}.__class__ is unread: instance._source = {value}.before(instance._source)")
            lines.append(f"else: set_{place}(instance, {value})")
        else:
            lines.append(f"instance.{field.name} = {value}")
    lines.append("instance.__class__ = cls")
    if validated_keys(cls):
        names["validate"] = validate
        lines.append("validate(instance)")
    parameters = [f"value_{place}" for place in range(len(keys(cls)))]
    return function(f"make {cls.__name__}", parameters, [*lines, "return instance"], names)


def validate(instance: Any) -> None:
    """Run the validators of an object.

    Raises:
        Refused: with all problems that they report.
    """
    if problems := [Found(problem, f".{key.name}", None) for key, problem in rejections(instance)]:
        raise Refused(problems)


def rejections(instance: Any) -> Iterator[tuple[Key, str]]:
    """Run the validators of an object whose values have the right types, and find the keys with a problem."""
    for key in validated_keys(type(instance)):
        if (problem := validator_problem(instance, key, getattr(instance, key.attribute))) is not None:
            yield key, problem


def validator_problem(instance: Any, key: Key, value: Any) -> str | None:
    """Return the problem that the validators of a key report for a valid value, or ``None``. They never see None."""
    if key.validators and value is not None:
        field = getattr(attrs.fields(type(instance)), key.attribute)
        for validator in key.validators:
            try:
                validator(instance, field, value)
            except (ValueError, TypeError) as error:
                # attrs' own validators add other arguments after the message.
                has_message = type(error) in (ValueError, TypeError) and error.args
                return printable(error.args[0] if has_message else error) or "rejected by its validator"
    return None


def entries(value: object, other: object = None) -> Iterator[tuple[str, Any, Kind]]:
    """Return the keys that are set in an object of the model or in plain data, in the publisher's order.

    Lists that are unread in an *other* object too, with the same lines, stay unread.
    """
    if isinstance(value, dict):
        for name, child in value.items():
            yield name, child, DATA
        return
    cls: type = type(value)
    for key in keys(cls):
        child = _unread_in_both(value, other, key) if key.deferred and type(other) is cls else None
        child = getattr(value, key.attribute) if child is None else child
        if not key.kind.is_unset(child):
            yield key.name, child, key.kind
    yield from entries(value.extras)  # type: ignore[attr-defined]


def _unread_in_both(item: object, other: object, key: Key) -> Unread | None:
    """Return the list of a key if it is unread in both items, with the same lines."""
    get = peek(type(item), key.attribute)
    value = get(item)
    return value if isinstance(value, Unread) and value == get(other) else None


@cached
def all_values(cls: type) -> Callable[[Any], tuple[Any, ...]]:
    """Make a function that gets the values of all keys of an object and its ``extras``. Unread values stay unread."""
    names: dict[str, Any] = {}
    code = ""
    for place, key in enumerate(keys(cls)):
        names[f"peek_{place}"] = peek(cls, key.attribute)
        code += f"peek_{place}(instance), " if key.deferred else f"instance.{key.attribute}, "
    return function(f"values of {cls.__name__}", ["instance"], [f"return ({code}instance.extras,)"], names)


def comparison(cls: type) -> Callable[[Any, Any], bool]:
    """Make the ``__eq__`` of a class. It compares as attrs does, but compares lists that are unread in both as text."""
    names: dict[str, Any] = {}
    tests = []
    for place, field in enumerate(attrs.fields(cls)):
        left, right = f"left.{field.name}", f"right.{field.name}"
        if field.name in deferred_keys(cls):
            names[f"peek_{place}"] = peek(cls, field.name)
            tests.append(f"(peek_{place}(left) == peek_{place}(right) or {left} == {right})")
        elif field.eq_key:
            names[f"key_{place}"] = field.eq_key
            is_equal = f"key_{place}({left}) == key_{place}({right})"
            tests.append(f"({left} is {right} or {{}} == {left} == {right} or {is_equal})")  # most extras are empty
        elif field.eq:
            tests.append(f"{left} == {right}")
    lines = ["if right.__class__ is not left.__class__: return NotImplemented", f"return {' and '.join(tests)}"]
    # This name tells pytest that it may show which attributes differ.
    return function(f"compare {cls.__name__} (like attrs generated eq)", ["left", "right"], lines, names)


def changed_values(old: object, new: object) -> list[tuple[str, Any, Any, Kind]] | None:
    """Return the keys whose values differ, with both values, or ``None`` if the two do not set the same keys.

    Both must be objects of the model. If plain data or unknown keys differ, the result is ``None`` too.
    """
    cls: type = type(new)
    if cls is dict or not isinstance(old, cls) or comparable(old.extras) != comparable(new.extras):  # type: ignore[attr-defined]
        return None
    values = all_values(cls)  # unread lists that are equal as text stay unread
    changes = []
    for key, before, after in zip(keys(cls), values(old), values(new), strict=False):
        if before is after or (before == after and key.kind.equality_key is None):
            continue
        if key.deferred:
            before, after = getattr(old, key.attribute), getattr(new, key.attribute)  # noqa: PLW2901
        if key.kind.is_same(before, after):
            continue
        if key.kind.is_unset(before) or key.kind.is_unset(after):
            return None
        changes.append((key.name, before, after, key.kind))
    return changes
