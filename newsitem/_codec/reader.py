"""Any YAML -> item, with positions. What is wrong is refused, with every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from newsitem._codec.front_matter import BOM, FrontMatter, positions
from newsitem._codec.structure import MOST_PROBLEMS, is_merge, listed, structure
from newsitem._schema.kinds import Found, Refused
from newsitem._yaml.composer import Unreadable, compose, forbidden
from newsitem._yaml.limits import Limits, current_limits
from newsitem._yaml.messages import first_in, key_without, named
from newsitem._yaml.nodes import Mapping, Node, Scalar, Sequence, resolved, walk
from newsitem.errors import LimitError, ParseError, Problem, ValidationError, key_name
from newsitem.model import NewsItem

_MOST_KEPT: Final = 1 << 20
"""Characters of a text whose tree is kept."""


def read(text: str, parts: FrontMatter) -> NewsItem:
    """Read the front matter of *text*, whose parts are *parts*.

    Raises:
        ParseError: if the front matter is not YAML, or has a key twice.
        ValidationError: if a required key is missing or a value has the wrong type.
    """
    return to_item(text, tree(text, parts))


def tree(text: str, parts: FrontMatter) -> Node:
    """Compose the front matter of *text*, within the limits in force.

    Raises:
        ParseError: if it is not YAML, or beyond a limit.
    """
    compose_it = composed if len(text) < _MOST_KEPT else composed.__wrapped__
    return compose_it(text, parts, current_limits())


@lru_cache(maxsize=4)
def composed(text: str, parts: FrontMatter, limits: Limits) -> Node:
    """Compose a tree. The last few are kept, as a text that is read is mostly edited and written next: change none."""
    start = len(parts.opening)
    if bad := list(islice(forbidden(text, start, start + len(parts.content)), MOST_PROBLEMS + 1)):
        raise ParseError(_problems(text, (Found(each.message, "", each.index) for each in bad)))
    # The fence is the document's marker, so offsets are those of the file; spaces replace what YAML may not see.
    offset = len(BOM) if parts.opening.startswith(BOM) else 0
    document = "---".ljust(len(parts.opening) - offset - 1) + "\n" + parts.content
    try:
        return compose(document, offset, limits)
    except Unreadable as error:
        kind = LimitError if error.beyond_limit else ParseError
        raise kind(_problems(text, [Found(error.message, "", error.index)])) from None


def to_item(text: str, root: Node) -> NewsItem:
    """Make the item that *root*, composed from *text*, holds.

    Raises:
        ParseError: if a key stands twice.
        ValidationError: if a required key is missing or a value has the wrong type.
    """
    twice = list(islice(_duplicates(root, ""), MOST_PROBLEMS + 1))
    try:
        if not isinstance(resolved(root), Mapping):
            start = max(root.start, text.index("\n") + 1)
            raise Refused([Found("the front matter must be a mapping of keys to values", "", start)])
        item = structure(root, NewsItem)
    except Refused as refused:
        found = sorted([*twice, *refused.found, *_invisible_in_keys(root)], key=lambda each: each.index or 0)
        raise (ParseError if twice else ValidationError)(_problems(text, found)) from None
    if twice:
        raise ParseError(_problems(text, twice))
    return item


def _problems(text: str, found: Iterable[Found]) -> Iterator[Problem]:
    at = positions(text)
    for each in listed(found):
        line, column = at(each.index or 0)
        yield Problem(each.message, field=each.field or None, line=line, column=column)


def _invisible_in_keys(root: Node) -> Iterator[Found]:
    """Find keys that would have the name of another without a character that nobody sees."""
    for node in walk(root):
        for key, _ in node.pairs if isinstance(node, Mapping) else ():
            if isinstance(key, Scalar) and (name := key_without(key.text)) is not None:
                at = first_in(key.text) or 0
                message = f"the key holds {named(key.text[at])}, which nobody sees: remove it"
                yield Found(message, name, key.start + (at if key.style is None and key.tag is None else 0))


def _duplicates(node: Node, path: str, *, hidden: bool = False) -> Iterator[Found]:
    """Find keys that stand twice in one mapping. Aliases are not followed: their text is seen where it stands.

    Keys below ``secured`` are *hidden*: they are part of what is not shown.
    """
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _duplicates(item, path if hidden else f"{path}[{index}]", hidden=hidden)
    elif isinstance(node, Mapping):
        seen = set()
        for key, value in node.pairs:
            target = resolved(key)
            name = target.text if isinstance(target, Scalar) else "?"
            below = path if hidden else f"{path}.{key_name(name)}".lstrip(".")
            if isinstance(target, Scalar) and name in seen and not is_merge(key):
                yield Found("the key stands twice: keep one of the two", below, key.start)
            seen.add(name)
            yield from _duplicates(value, below, hidden=hidden or name == "secured")
