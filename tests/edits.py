"""Edits to try on an item, and an independent check of the lines that each edit changes.

The check composes the old text with PyYAML, which shares no code with newsitem, to find the lines of the edited value.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import yaml
from libyaml import LOADER

import newsitem
from newsitem._schema.fields import Key, keys
from newsitem._schema.kinds import class_of
from newsitem._schema.scalar_kinds import BOOLEAN, INSTANT, INTEGER, PLAIN, QUOTED, SECURED

Path = tuple[str | int, ...]
_PREFIXES = ("", "\u00a0", "- ", "'", "[", "a: ", "\u3000", '"', "&a ")
"""Text that newsitem must quote, or that other libraries take for white space, at the start of edited texts."""
_DASH = re.compile(r"\s*-(?:\s+[&!]\S*)*\s*(?:#.*)?")


@dataclass(frozen=True)
class Edit:
    """An edit: its kind, the path of the edited value by the keys of the file, and the function that makes it."""

    kind: str
    path: Path
    apply: Callable[[newsitem.NewsItem], None]


def edits(item: newsitem.NewsItem) -> Iterator[Edit]:
    """Yield edits of every kind, at every depth of the item; in a list, at both ends and in the middle."""
    yield from _edits_of(type(item), lambda it: it, (), item)
    yield Edit("set", ("seats",), lambda it: it.extras.update(seats=40))
    for name in item.extras:
        yield Edit("set", (name,), lambda it, name=name: it.extras.update({name: "edited"}))
        yield Edit("remove", (name,), lambda it, name=name: it.extras.pop(name))
    yield Edit("body", ("body",), lambda it: setattr(it, "body", "\nA new body.\n"))


def _edits_of(cls: type, find: Callable[[Any], Any], path: Path, parent: Any) -> Iterator[Edit]:
    for key in keys(cls):
        value = getattr(parent, key.attribute)
        here = (*path, key.name)
        yield Edit("set", here, _setter(find, key, value))
        if value not in (None, []) and not key.required:
            empty: Any = [] if key.kind.is_list else None
            yield Edit("remove", here, lambda it, key=key, empty=empty: setattr(find(it), key.attribute, empty))
        if key.kind.is_list and value:
            yield from _list_edits(find, key, here, value)
        elif (below := class_of(key.kind)) is not None and not key.kind.is_list and value is not None:
            yield from _edits_of(below, lambda it, key=key: getattr(find(it), key.attribute), here, value)


def _list_edits(find: Callable[[Any], Any], key: Key, path: Path, value: list[Any]) -> Iterator[Edit]:
    def the_list(item: Any) -> Any:
        return getattr(find(item), key.attribute)

    below = class_of(key.kind)
    yield Edit("append", (*path, len(value)), lambda it: the_list(it).append(_new_entry(key)))
    yield Edit("insert", (*path, 0), lambda it: the_list(it).insert(0, _new_entry(key)))
    for index in sorted({0, len(value) // 2, len(value) - 1}):
        if len(value) > 1:
            yield Edit("remove", (*path, index), lambda it, index=index: the_list(it).pop(index))
        if below is not None:
            yield from _edits_of(below, lambda it, index=index: the_list(it)[index], (*path, index), value[index])
    if len(value) > 1:
        yield Edit("swap", path, lambda it: the_list(it).insert(0, the_list(it).pop()))
    if len(value) > 1 and below is not None:
        number = next(field.attribute for field in keys(below) if field.kind is INTEGER)

        def swap_and_edit(item: Any) -> None:
            the_list(item).insert(0, the_list(item).pop())
            setattr(the_list(item)[0], number, (getattr(the_list(item)[0], number) or 0) + 1)

        yield Edit("swap and edit", path, swap_and_edit)


def _new_entry(key: Key) -> Any:
    below = class_of(key.kind)
    return "New entry" if below is None else _new_object(below)


def _new_object(cls: type) -> Any:
    if cls is newsitem.Image:
        return newsitem.Image(url="https://new.example/a.png", width=3, height=4)
    if cls is newsitem.Provider:
        return newsitem.Provider(name="New Outlet", domain="new.example")
    return newsitem.RelatedItem(
        title='New: "it"', provider=_new_object(newsitem.Provider), images=[_new_object(newsitem.Image)]
    )


def _setter(find: Callable[[Any], Any], key: Key, value: Any) -> Callable[[Any], None]:
    below = class_of(key.kind)
    new: Any
    if key.kind in (PLAIN, QUOTED):
        new = f"{_PREFIXES[len(value or '') % len(_PREFIXES)]}{value or ''} edited"
    elif key.kind is SECURED:
        new = newsitem.Secured("bmV3;QUJDREVGR0hJSktMTU5PUA==")
    elif key.kind is INTEGER:
        new = (value or 0) + 1
    elif key.kind is BOOLEAN:
        new = not value
    elif key.kind is INSTANT:
        new = newsitem.loads(_DATE).published_date_time if value is None else value + timedelta(hours=1)
    elif below is not None and not key.kind.is_list:
        new = _new_object(below)
    else:
        new = [_new_entry(key)] if not value else [*value, _new_entry(key)]
    return lambda it: setattr(find(it), key.attribute, copy.deepcopy(new))


_DATE = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n---\n\n"


def check(text: str, item: newsitem.NewsItem, edit: Edit, *, strict: bool) -> str:
    """Apply *edit* to a copy of *item*, which was read from *text*, and check the result of `newsitem.dumps`.

    With *strict*, no other line may differ, not even an empty line.
    """
    edited = copy.deepcopy(item)
    edit.apply(edited)
    result = newsitem.dumps(edited)
    assert newsitem.loads(result) == edited, "the result must read back as the edited item"
    if edit.kind == "body":
        assert result.removesuffix(edited.body).rstrip("\r\n") == text.removesuffix(item.body).rstrip("\r\n")
        return result
    keeps_other_lines(text, result, allowed_lines(text, edit), edit, strict=strict)
    return result


def allowed_lines(text: str, edit: Edit) -> set[int]:
    """Return the numbers of the lines that an edit may change, counted from 0."""
    return _allowed_lines(text, edit) | _dependent_lines(text)


def keeps_other_lines(text: str, result: str, allowed: set[int], edit: Edit, *, strict: bool) -> None:
    """Check that *result* contains all lines of *text* except those *allowed*.

    With *strict*, it must also contain the empty lines, and comments must keep their column.
    """
    rest = map(_comparable, result.split("\n")) if not strict else iter(result.split("\n"))
    for number, line in enumerate(text.split("\n")):
        if number not in allowed and (strict or line.strip()):
            assert (line if strict else _comparable(line)) in rest, (
                f"{edit.kind} {edit.path} changed line {number + 1}: {line!r}\n{result}"
            )
    keeps_other_lines_in_brackets(text, result, edit)
    if "*" in text:  # an edit may replace an alias with a copy of its value, comments included
        return
    assert result.count("#") <= text.count("#"), "comments must not be duplicated"
    if edit.kind.startswith("swap") and not _enclosing_flow(_compose(text), edit.path):
        dependent = _dependent_lines(text)
        kept = "\n".join(line for number, line in enumerate(text.split("\n")) if number not in dependent)
        parts = (filter(None, re.split("[\r\n]+", content)) for content in (kept, result))
        before, after = (Counter(map(_comparable, lines)) for lines in parts)
        lost = before - after
        assert lost.total() <= _lines_edited(text, edit), f"{edit.kind} {edit.path} lost {lost}\n{result}"


def keeps_other_lines_in_brackets(text: str, result: str, edit: Edit) -> None:
    """Check that an edit in a flow collection changes only the lines of the value, and one more for a comma."""
    root = _compose(text)
    is_new = edit.kind in ("append", "insert")
    flow = _enclosing_flow(root, edit.path[:-1] if is_new else edit.path)
    if not flow or edit.kind.startswith("swap") or "*" in text:
        return
    lines = text.split("\n")
    # An empty line before an entry goes with it if the bracket is closed on its line.
    lost = Counter(lines[number] for number in flow if lines[number].strip()) - Counter(result.split("\n"))
    own = 0 if is_new else len(_span(root, edit.path) or ())
    assert lost.total() <= own + 1, f"{edit.kind} {edit.path} changed other lines in brackets: {lost}\n{result}"


def _comparable(line: str) -> str:
    return line.strip() if line.lstrip().startswith("#") else line


def _lines_edited(text: str, edit: Edit) -> int:
    """Count the lines that a swap may change: none, or if it edits the entry too, one or those of a flow collection."""
    if edit.kind == "swap":
        return 0
    return len(_enclosing_flow(_compose(text), (*edit.path, -1))) or 1


def _allowed_lines(text: str, edit: Edit) -> set[int]:
    root = _compose(text)
    if edit.kind in ("append", "insert"):
        return _enclosing_flow(root, edit.path[:-1])
    span = _span(root, edit.path)
    if span is None:
        return _enclosing_flow(root, edit.path)
    if edit.kind == "remove":
        span |= _next_key_line(root, edit.path)  # if a list entry loses its first key, the next one moves to the dash
        span |= _lines_of_equal_entries(root, edit.path)  # any of these may go
    return span | _enclosing_flow(root, edit.path)


def _dependent_lines(text: str) -> set[int]:
    """Return the lines that any edit may change: entries with an alias or a merge key, and dashes above their value."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines]
    allowed = {
        index
        for index, line in enumerate(lines)
        if _DASH.fullmatch(line)
        and next((indents[below] for below in range(index + 1, len(lines)) if lines[below].strip()), 0) > indents[index]
    }
    starts = sorted(key.start_mark.line for key, _ in _compose(text).value)
    for start, stop in pairwise([*starts, len(lines)]):
        if any(re.search(r"[:\[,-] *\*\w|<<", line) for line in lines[start:stop]):
            allowed |= set(range(start, stop))
    return allowed


def _compose(text: str) -> yaml.Node:
    content = text.lstrip("\ufeff")
    lines = content.split("\n")
    stop = next(i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
    root = yaml.compose("---\n" + "\n".join(lines[1:stop]) + "\n", Loader=LOADER)
    assert root is not None
    return root


def _last_line(node: yaml.Node) -> int:
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return max(_last_line(value) for pair in node.value for value in pair)
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return max(_last_line(value) for value in node.value)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return int(node.end_mark.line) - 1
    return int(node.end_mark.line if node.end_mark.index > node.start_mark.index else node.start_mark.line)


def _walk(root: yaml.Node, path: Path) -> Iterator[tuple[yaml.Node, yaml.Node, yaml.Node]]:
    """Yield the collection, the key (in a list, the entry) and the value for each step of *path*."""
    node = root
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                return
            yield node, *pair
            node = pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            entries = [entry for entry in node.value if not _is_empty(entry)]
            yield node, entries[step], entries[step]
            node = entries[step]
        else:
            return


def _is_empty(entry: yaml.Node) -> bool:
    if not isinstance(entry, yaml.ScalarNode) or entry.tag.startswith("tag:yaml.org,2002:"):
        return bool(entry.tag.endswith(":null"))
    return not entry.style and entry.value in ("", "~", "null")  # newsitem ignores such a tag


def _span(root: yaml.Node, path: Path) -> set[int] | None:
    steps = list(_walk(root, path))
    if len(steps) < len(path):
        return None
    _, key, value = steps[-1]
    return set(range(key.start_mark.line, _last_line(value) + 1))


def _next_key_line(root: yaml.Node, path: Path) -> set[int]:
    steps = list(_walk(root, path))
    if len(steps) < 2:
        return set()
    parent, key, _ = steps[-1]
    if isinstance(parent, yaml.MappingNode) and parent.value[0][0] is key and len(parent.value) > 1:
        return {parent.value[1][0].start_mark.line}
    return set()


def _lines_of_equal_entries(root: yaml.Node, path: Path) -> set[int]:
    parent, _, value = list(_walk(root, path))[-1]
    if isinstance(parent, yaml.MappingNode):
        return set()
    equal = (entry for entry in parent.value if _content(entry) == _content(value))
    return {line for entry in equal for line in range(entry.start_mark.line, _last_line(entry) + 1)}


def _content(node: yaml.Node) -> Any:
    """Return the texts in a node, nested as in the file."""
    if isinstance(node, yaml.MappingNode):
        return [(_content(key), _content(value)) for key, value in node.value]
    return [_content(entry) for entry in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def _enclosing_flow(root: yaml.Node, path: Path) -> set[int]:
    """Return the lines of the block entry that contains the first flow collection on *path*."""
    for _, key, value in _walk(root, path):
        if getattr(value, "flow_style", False):
            return set(range(key.start_mark.line, _last_line(value) + 1))
    return set()
