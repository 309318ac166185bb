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

_ORIGINALS: Final[dict[int, tuple[ref[Any], Any]]] = {}
"""Copies of objects before their first edit, by the ``id`` of the object, which is unhashable. They last as long as the
objects."""


def remember(instance: Any) -> None:
    """Remember the values of an object that is about to be edited, unless it has been edited before."""
    place = id(instance)
    if place in _ORIGINALS:
        return
    copy = object.__new__(type(instance))
    for field in attrs.fields(type(instance)):
        object.__setattr__(copy, field.name, getattr(instance, field.name))
    remove = _ORIGINALS.pop  # Python may clear the module before the last objects
    _ORIGINALS[place] = ref(instance, lambda _: remove(place, None)), copy


def original(value: Any) -> Any:
    """Return an object as it was before its first edit. Any other value is returned as is."""
    return _ORIGINALS.get(id(value), (None, value))[1]


def forget(instance: Any) -> None:
    """Forget the former values of the objects below an object, because its file now contains the present ones."""
    cls: type = type(instance)
    for key in keys(cls) if _ORIGINALS else ():
        if class_of(key.kind) is None:
            continue
        value = peek(cls, key.attribute)(instance)
        for child in value if isinstance(value, list) else [value]:
            _ORIGINALS.pop(id(child), None)
            if type(child) is class_of(key.kind):
                forget(child)
