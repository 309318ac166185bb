"""Find keys that no field names, and suggest the keys that were meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from newsitem._codec import front_matter, reader
from newsitem._codec.structure import merged
from newsitem._schema.fields import keys, keys_by_name
from newsitem._schema.kinds import class_of
from newsitem._schema.text import suggestion
from newsitem._yaml.nodes import Mapping, Node, Scalar, Sequence, resolved
from newsitem.errors import Problem, key_name


def unknown_keys(text: str, cls: type, path: str | None) -> Iterator[Problem]:
    """Find the keys in a text that neither a class nor the classes below it name.

    Args:
        text: The text of a file.
        cls: The class of its item.
        path: The path of the file for the problems.

    Raises:
        ParseError: if the front matter is not valid YAML.
    """
    parts = front_matter.split(text)
    at = front_matter.positions(text)
    for field, name, start, known in _unknown(reader.tree(text, parts, cls), cls, ""):
        line, column = at(start)
        message = f"unknown key: {suggestion(name, known)}" if known else "unknown key"
        yield Problem(message, field=field, path=path, line=line, column=column)


def has_unknown(instance: Any) -> bool:
    """Return whether an object, or an object below it, has keys that no field names."""
    cls: type = type(instance)
    below = (getattr(instance, key.attribute) for key in keys(cls) if class_of(key.kind) is not None)
    children = chain.from_iterable(
        value if isinstance(value, list) else [value] for value in below if value is not None
    )
    return bool(instance.extras) or any(map(has_unknown, children))


def _unknown(node: Node, cls: type, prefix: str) -> Iterator[tuple[str, str, int, list[str]]]:
    """Find unknown keys. Return the path, name and position of each, and the known keys of its mapping."""
    target = resolved(node)
    if isinstance(target, Sequence):
        for index, entry in enumerate(target.items):
            yield from _unknown(entry, cls, f"{prefix.removesuffix('.')}[{index}].")
    if not isinstance(target, Mapping):
        return
    known = keys_by_name(cls)
    places = {scalar.text: scalar.start for key, _ in target.pairs if isinstance(scalar := resolved(key), Scalar)}
    for name, value in merged(target, []).items():
        key = known.get(name)
        if key is None:
            yield f"{prefix}{key_name(name)}", name, places.get(name, target.start), list(known)
        elif (below := class_of(key.kind)) is not None:
            yield from _unknown(value, below, f"{prefix}{name}.")
