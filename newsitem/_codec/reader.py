"""Read front matter in any layout: in pieces, or in full with positions and all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from newsitem._codec import pieces
from newsitem._codec.front_matter import BOM, Parts, join, may_exceed, plain_content, positions
from newsitem._codec.structure import duplicates, is_null_node, listed, structure
from newsitem._schema.checks import MOST_PROBLEMS
from newsitem._schema.fields import has_required, hidden_keys
from newsitem._schema.kinds import Found, Refused
from newsitem._yaml.blocks import BlockMapping, NotSure, entries_around, key_names
from newsitem._yaml.composer import Unreadable, compose, forbidden
from newsitem._yaml.limits import Limits, current_limits
from newsitem._yaml.messages import first_in, key_without, named
from newsitem._yaml.nodes import Mapping, Node, Scalar, Sequence, resolved
from newsitem._yaml.scalars import Signs
from newsitem.errors import LimitError, ParseError, Problem, ValidationError, key_name
from newsitem.items import FrontMatter, Item


def read(text: str, parts: Parts, content: str | None, cls: type[Item], *, is_tried: bool = False) -> Item:
    """Read the front matter of *text*, in pieces if that is safe, and in full otherwise.

    Args:
        text: The text of a file.
        parts: The parts of the text.
        content: The lines of the front matter if they may be read in pieces, otherwise ``None``.
        cls: The class of the item.
        is_tried: Whether the lines do not match the lenient pattern.

    Raises:
        ParseError: if the front matter is not valid YAML or has a duplicate key.
        ValidationError: if a required key is missing or a value has the wrong type.
    """
    if content is not None:
        try:
            item: Item = (pieces.read_entries if is_tried else pieces.read)(content, cls)
            return item
        except NotSure:
            pass
    return to_item(text, tree(text, parts, cls), cls)


class Reading(NamedTuple):
    """A text that was read in order to be edited."""

    text: str
    parts: Parts
    item: FrontMatter
    lines: str
    """The lines of the front matter, with spaces in place of tabs, if it was read in pieces."""
    tree: Node | None = None
    """The tree of the front matter, if it was read in full."""

    @property
    def root(self) -> Node:
        """The tree of the front matter. If it was read in pieces, most of it is made on demand.

        Raises:
            NotSure: if the entries cannot be split by their lines.
        """
        return self.tree or BlockMapping(self.text, self.lines, len(self.parts.opening))


def read_to_edit(text: str, parts: Parts, cls: type[FrontMatter], *, in_full: bool = False) -> Reading:
    """Read the front matter of *text* like `read`, or with the YAML reader only if *in_full* is true."""
    content = parts.content
    lines = None if in_full else plain_content(content, Signs(content.encode()), parts)
    if lines is not None and len(lines) == len(content):  # positions are the same
        try:
            return Reading(text, parts, pieces.read(lines, cls), lines)
        except NotSure:
            pass
    root = tree(text, parts, cls)
    return Reading(text, parts, to_item(text, root, cls), "", root)


def read_edited(before: Reading, parts: Parts, start: int, stop: int) -> Reading:
    """Read a text that is *before* with edits from *start* to *stop*. If possible, only the edited entries are read."""
    text = join(parts, parts.content, parts.body)
    try:
        if before.tree is None:
            return _reread(before, text, parts, start, stop)
    except NotSure:
        pass
    return read_to_edit(text, parts, type(before.item), in_full=before.tree is not None)


def _reread(before: Reading, text: str, parts: Parts, start: int, stop: int) -> Reading:
    old, new, offset = before.parts.content, parts.content, len(parts.opening)
    first, last = entries_around(before.lines, start - offset, stop - offset)
    rest = last + len(new) - len(old)
    lines = new[first:rest]
    if new[:first] != old[:first] or new[rest:] != old[last:] or may_exceed(new):
        raise NotSure
    if Signs(lines.encode()).is_unusual(lines):
        raise NotSure
    head, edited, tail = before.lines[:first], before.lines[first:last], before.lines[last:]
    removed = set(key_names(edited))
    added = set(key_names(lines)).difference(removed)
    if added and not added.isdisjoint(key_names(head + tail)):
        raise NotSure  # a duplicate key, even if it is null
    return Reading(text, parts, pieces.reread(lines, before.item, removed), head + lines + tail)


def tree(text: str, parts: Parts, cls: type) -> Node:
    """Compose the front matter of *text*, the text of an item of *cls*, within the limits in force.

    Raises:
        ParseError: if it is not valid YAML or exceeds a limit.
    """
    is_cached = len(text) < pieces.MOST_KEPT
    return (composed if is_cached else composed.__wrapped__)(text, parts, current_limits(), hidden_keys(cls))


@lru_cache(maxsize=4)
def composed(text: str, parts: Parts, limits: Limits, secured: frozenset[str]) -> Node:
    """Compose a tree. Callers must not change it: the last few are cached, because an edit often follows a read."""
    start = len(parts.opening)
    if errors := list(islice(forbidden(text, start, start + len(parts.content)), MOST_PROBLEMS + 1)):
        raise ParseError(_problems(text, (Found(error.message, "", error.index) for error in errors)))
    # The fence is the document marker, so offsets are those of the file. Spaces replace other characters after it.
    offset = len(BOM) if parts.opening.startswith(BOM) else 0
    document = "---".ljust(len(parts.opening) - offset - 1) + "\n" + parts.content
    try:
        return compose(document, offset, limits, secured)
    except Unreadable as error:
        kind = LimitError if error.beyond_limit else ParseError
        raise kind(_problems(text, [Found(error.message, "", error.index)])) from None


def to_item(text: str, root: Node, cls: type[Item]) -> Item:
    """Make an item of *cls* from *root*, which was composed from *text*.

    Raises:
        ParseError: if there is a duplicate key.
        ValidationError: if a required key is missing or a value has the wrong type.
    """
    repeated = list(islice(duplicates(root, "", hidden_keys(cls)), MOST_PROBLEMS + 1))
    try:
        if not isinstance(resolved(root), Mapping) and not (is_null_node(root) and not has_required(cls)):
            start = max(root.start, text.index("\n") + 1)
            raise Refused([Found("the front matter must be a mapping of keys to values", "", start)])
        item = structure({} if is_null_node(root) else root, cls)
    except Refused as refused:
        problems = sorted(
            [*repeated, *refused.found, *_invisible_in_keys(root, hidden_keys(cls))],
            key=lambda problem: problem.place or 0,
        )
        raise (ParseError if repeated else ValidationError)(_problems(text, problems)) from None
    if repeated:
        raise ParseError(_problems(text, repeated))
    return item


def _problems(text: str, problems: Iterable[Found]) -> Iterator[Problem]:
    at = positions(text)
    for problem in listed(problems):
        line, column = at(problem.place or 0)
        yield Problem(problem.message, field=problem.field or None, line=line, column=column)


def _invisible_in_keys(root: Node, secured: frozenset[str]) -> Iterator[Found]:
    """Find keys whose names are hidden by an invisible character, except below the *secured* keys."""
    pending: list[tuple[Node, str]] = [(root, "")]
    while pending:
        node, path = pending.pop()
        items = node.items if isinstance(node, Sequence) else []
        pending += [(item, f"{path}[{index}]") for index, item in enumerate(items)]
        for key, value in node.pairs if isinstance(node, Mapping) else ():
            if not isinstance(key, Scalar):
                pending += [(key, path), (value, path)]
                continue
            above = f"{path}." if path else ""
            if (name := key_without(key.text)) is not None:
                at = first_in(key.text) or 0
                message = f"invisible character {named(key.text[at])} in the key: remove it"
                yield Found(message, above + name, key.start + (at if key.style is None and key.tag is None else 0))
            pending += [] if key.text in secured else [(value, above + key_name(key.text))]
