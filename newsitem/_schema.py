"""What a field of the model is in the file: its key, its style, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple

import attrs

from newsitem._code import function

_METADATA_KEY: Final = "newsitem"
INDENT: Final = 2
"""Blanks by which a block stands under its key, dashes of a list included."""


class Style(Enum):
    """How the value of a key is written, which also says what type it has."""

    PLAIN = "text, plain"
    QUOTED = "text, double-quoted"
    SECURED = "opaque text, double-quoted"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    TEXTS = "list of text, plain"
    OBJECT = "mapping"
    OBJECTS = "list of mappings"
    DATA = "plain data"

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return self in (Style.TEXTS, Style.OBJECTS)

    @property
    def is_block(self) -> bool:
        """Whether the value stands on lines of its own, under its key."""
        return self in (Style.TEXTS, Style.OBJECT, Style.OBJECTS)


class Key(NamedTuple):
    """One key of a mapping in the file, and the attribute that holds its value."""

    name: str
    style: Style
    of: type | None = None
    """The class of the mapping, or of the mappings in the list."""
    apart: bool = False
    """Whether an empty line stands before and after it in the item's own mapping."""
    doc: str = ""
    attribute: str = ""
    required: bool = False


def key(name: str, style: Style, doc: str, *, of: type | None = None, apart: bool = False) -> dict[str, Any]:
    """Return the metadata of the attrs field that holds the key *name*; *doc* is its row in the docs' table."""
    return {_METADATA_KEY: Key(name, style, of, apart or (of is not None) or style.is_block, doc)}


DATA: Final = Key("", Style.DATA)
"""What stands for a key that the model does not name, and for all below it."""


@cache
def element(key: Key) -> Key:
    """Give what an entry of the list of *key* is."""
    if key.style is Style.TEXTS:
        return Key("", Style.PLAIN)
    if key.style is Style.OBJECTS:
        return Key("", Style.OBJECT, key.of)
    return DATA


@cache
def keys(cls: type) -> tuple[Key, ...]:
    """Return the keys of a class of the model, in the publisher's order."""
    return tuple(
        field.metadata[_METADATA_KEY]._replace(attribute=field.name, required=field.default is attrs.NOTHING)
        for field in attrs.fields(cls)
        if _METADATA_KEY in field.metadata
    )


@cache
def keys_by_name(cls: type) -> dict[str, Key]:
    """Return the keys of a class of the model by their names in the file."""
    return {one.name: one for one in keys(cls)}


@cache
def keys_by_attribute(cls: type) -> dict[str, Key]:
    """Return the keys of a class of the model by the attributes that hold them."""
    return {one.attribute: one for one in keys(cls)}


@cache
def constructor(cls: type) -> Callable[..., Any]:
    """Make a function that makes an object, unchecked, from the values of its keys in their order."""
    places = {key.attribute: place for place, key in enumerate(keys(cls))}
    names: dict[str, Any] = {"new": object.__new__, "cls": cls}
    lines = ["thing = new(cls)"]
    for field in attrs.fields(cls):
        place = places.setdefault(field.name, len(places))
        names[f"set_{place}"] = getattr(cls, field.name).__set__  # what the class itself does on set is to check
        if _METADATA_KEY in field.metadata:
            value = f"value_{place}"
        else:
            factory = getattr(field.default, "factory", None)
            names[f"default_{place}"] = factory or field.default
            value = f"default_{place}()" if factory else f"default_{place}"
        lines.append(f"set_{place}(thing, {value})")
    if hasattr(cls, "_source"):
        names["set_source"] = cls._source.__set__
        lines.append("set_source(thing, None)")
    parameters = [f"value_{place}" for place in range(len(keys(cls)))]
    return function(parameters, [*lines, "return thing"], names)


def entries(value: object) -> Iterator[tuple[str, Any, Key]]:
    """Return the keys that are set in an object of the model, or in plain data, in the publisher's order."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield name, child, DATA
        return
    cls: type = type(value)
    for key in keys(cls):
        child = getattr(value, key.attribute)
        if child is not None and child != []:
            yield key.name, child, key
    yield from entries(value.extras)  # type: ignore[attr-defined]
