"""Remember objects as they were before they were first edited in place.

To edit a list, the writer finds the entry from which each object comes. If every attribute of an object was set, only
its former values tell which entry that is.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import ref

import attrs

from newsitem._schema.fields import keys
from newsitem._schema.kinds import class_of
from newsitem._schema.unread import peek

_FORMER: Final[dict[int, tuple[ref[Any], dict[str, Any]]]] = {}
"""The former values of the attributes that were set, by the ``id`` of their object, which is unhashable. They last as
long as the object."""


def remember(instance: Any, attribute: str) -> None:
    """Remember the value of an attribute that is about to be set, unless it has been set before."""
    values = former_values(instance)
    if not values:
        set_former_values(instance, values)
    values.setdefault(attribute, getattr(instance, attribute))


def former_values(instance: Any) -> dict[str, Any]:
    """Return the former values of an object by attribute. Only edited objects have any."""
    entry = _FORMER.get(id(instance))
    return {} if entry is None else entry[1]


def set_former_values(instance: Any, values: dict[str, Any]) -> None:
    """Set the former values of an object, for example to those of the object that it copies."""
    place, remove = id(instance), _FORMER.pop  # Python may clear the module before the last objects
    _FORMER[place] = ref(instance, lambda _: remove(place, None)), values


def original(value: Any) -> Any:
    """Return an object as it was before any attribute was set. Any other value is returned as is."""
    former = former_values(value)
    if not former:
        return value
    copy = object.__new__(type(value))
    for field in attrs.fields(type(value)):
        object.__setattr__(copy, field.name, former.get(field.name, getattr(value, field.name)))
    return copy


def forget(instance: Any) -> None:
    """Forget the former values of the objects below an object, because its file now contains the present ones."""
    cls: type = type(instance)
    for key in keys(cls) if _FORMER else ():
        if class_of(key.kind) is None:
            continue
        value = peek(cls, key.attribute)(instance)
        for child in value if isinstance(value, list) else [value]:
            _FORMER.pop(id(child), None)
            if type(child) is class_of(key.kind):
                forget(child)
