"""Text in the publisher's own layout -> item.

The layout has one spelling for each item, so patterns made from the model can read it: one for the whole
item, and one for the entries of each list. Their groups are the values as written, ``""`` where a key is not
there, and each group has a function that makes the value from it. Of the keys that the model does not name, those of
the item itself that hold scalars are read here too. Whatever the patterns do not match to the letter is left to
`newsitem._codec.reader`: nothing is guessed here, and `newsitem._codec.render` gives the text back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any, Final, NamedTuple

from newsitem._schema.checks import key_problem
from newsitem._schema.code import cached, function
from newsitem._schema.fields import INDENT, Key, constructor, keys, keys_by_name
from newsitem._schema.kinds import DATA, Kind, Refused, class_of, element_of
from newsitem._schema.unread import Unread
from newsitem._yaml.scalars import ShortTexts, is_safe_plain, unquoted, untyped, written_key
from newsitem.items import Item

_CACHED: Final = 1 << 14
"""How many scalars without a field are kept as objects, as they repeat."""
SHORT: Final = 4_000
"""Characters of a list of objects, some five related items, below which reading costs less than leaving it unread."""


class _NotInLayout(Exception):
    """The text is not in the publisher's layout."""


_REFUSED: Final = (_NotInLayout, Refused, ValueError)
"""What says so: ``ValueError`` comes of a date that does not exist, and `Refused` of a validator."""


def _unquoted_where_needed(text: str) -> str:
    if is_safe_plain(text):
        return text
    value = _in_quotes(text)
    if is_safe_plain(value):
        raise _NotInLayout
    return value


_plain: Final = ShortTexts(_unquoted_where_needed).__getitem__


def _in_quotes(text: str) -> str:
    value = unquoted(text[1:-1]) if len(text) > 1 and text[0] == text[-1] == '"' else None
    if value is None:
        raise _NotInLayout
    return value


def _quoted(body: str) -> str:
    text = "" if body == _EMPTY else unquoted(body)
    if text is None:
        raise _NotInLayout
    return text


_EMPTY: Final = '"'
"""The group of a quoted text that is empty, as an empty group says that there is no such key."""
_NAMES: Final[dict[str, Any]] = {"_plain": _plain, "_quoted": _quoted}


class Part(NamedTuple):
    """How a part of the text is read."""

    pattern: str
    groups: tuple[str, ...]
    """Names of the pattern's groups, each after the places of its key and of those above it: ``_4_0``."""
    expression: str
    """The source of the expression that makes the value out of the groups."""
    names: dict[str, Any]
    """What the expression calls. Names that are not the same in all parts end with the place, as groups do."""

    def reader(self) -> Callable[..., Any]:
        """Compile what makes the value out of the groups of a match."""
        return function("read entries", self.groups, [f"return {self.expression}"], self.names)


def _record(cls: type, column: int = 0, place: str = "") -> Part:
    """Describe a mapping whose keys are at *column*. Its first line has no spaces, as it follows a dash, or they do."""
    parts = [(key, _value(key, column, f"{place}_{number}")) for number, key in enumerate(keys(cls))]
    lines: list[str] = []
    for (key, part), start in zip(parts, _starts(cls, column), strict=True):
        line = f"{start}{re.escape(written_key(key.name))}:{part.pattern}"
        if key.apart and not place:
            line = f"{_EMPTY_LINE_BEFORE}{line}{_EMPTY_LINE_AFTER}"
        lines.append(line if key.required else f"(?:{line})?+")
    names = {name: value for _, part in parts for name, value in part.names.items()}
    make = f"_new{place}"
    marker = (f"_there{place}",) if place and _may_begin_later(cls) else ()
    return Part(
        "".join([_THERE if marker else "", *lines]),
        (*marker, *(group for _, part in parts for group in part.groups)),
        f"{make}({', '.join(part.expression for _, part in parts)})",
        {**names, make: constructor(cls)},
    )


_THERE: Final = "(?=([^ ]))"
"""That something is there, where each key of a mapping may be left out, in a group: one of a required key tells it."""


def _starts(cls: type, column: int) -> Iterator[str]:
    """Return patterns of what is before each key in its line: nothing before the one that follows the dash."""
    spaces = " " * column
    is_first = True  # for sure, or perhaps, as all before it may be left out
    for number, key in enumerate(keys(cls)):
        yield (
            (f"(?:(?<=[ ])|{spaces})" if number else "" if key.required else "(?<=[ ])")
            if is_first and column
            else spaces
        )
        is_first = is_first and not key.required


def _may_begin_later(cls: type) -> bool:
    """Tell whether a mapping may do without its first key."""
    return not keys(cls)[0].required


_EMPTY_LINE_BEFORE: Final = r"(?:(?<![^\n]\n)|(?<=[^\n]\n)\n)"
"""An empty line, unless one was matched, or nothing."""
_EMPTY_LINE_AFTER: Final = r"(?:\n(?!\Z)|\Z)"


def _value(key: Key, column: int, place: str) -> Part:
    """Describe what is after the colon of a key at *column*, line end included."""
    below = class_of(key.kind)
    if below is not None and key.deferred:
        # Its lines are not copied into a group: `read` replaces a group that holds a blank with the list.
        pattern = rf"\n(?=(?P<{place}>[ ]))(?:{' ' * INDENT}.*\n)++()"
        return Part(pattern, (place, f"{place}_end"), f"{place} or {key.kind.absent}", {})
    if below is not None:
        part = (_objects if key.kind.is_list else _object)(below, column + INDENT, place)
        return part._replace(expression=f"{part.expression} else {key.kind.absent}")
    if key.kind.is_list:
        part = _texts(column + INDENT, place)
        return part._replace(expression=f"{part.expression} else {key.kind.absent}")
    if key.kind is DATA:
        return Part(f" {_SCALAR}\n", (place,), f"_data({place}) if {place} else None", {"_data": _data})
    expression = key.kind.reading.format(place)
    expression = expression if key.required else f"{expression} if {place} else None"
    return Part(f" {key.kind.pattern}\n", (place,), expression, {**_NAMES, **key.kind.calls})


def _object(cls: type, column: int, place: str) -> Part:
    record = _record(cls, column, place)
    return record._replace(
        pattern=f"\n{' ' * column}{record.pattern}", expression=f"{record.expression} if {record.groups[0]}"
    )


def _objects(cls: type, column: int, place: str) -> Part:
    """Describe a list of mappings.

    Where these are flat, the first has groups of its own: most such lists have but one, which needs no second look.
    """
    dash = f"{' ' * column}- "
    record = _record(cls, column + INDENT, place)
    entry = re.compile(f"{dash}{record.pattern}|(?s:(.+))")  # what is no entry is in the last group
    read_entry = record._replace(groups=(*record.groups, "nothing_else")).reader()

    def objects(block: str) -> list[Any]:
        rows = entry.findall(block)
        if rows[-1][-1]:
            raise _NotInLayout
        return list(starmap(read_entry, rows))

    lines = f"{' ' * column}.*\n"
    read = f"_read{place}"
    if any(key.kind.is_block for key in keys(cls)):
        return Part(rf"\n((?:{lines})++)", (place,), f"{read}({place}) if {place}", {read: objects})
    first = record.expression
    return Part(
        rf"\n{dash}{record.pattern}((?:{lines})*+)",
        (*record.groups, place),
        f"([{first}, *{read}({place})] if {place} else [{first}]) if {record.groups[0]}",
        {**record.names, read: objects},
    )


def _texts(column: int, place: str) -> Part:
    dash = f"{' ' * column}- "
    line_end = f"\n{dash}"

    def texts(block: str) -> list[str]:
        return list(map(_plain, block[len(dash) : -1].split(line_end)))

    read = f"_read{place}"
    return Part(rf"\n((?:{dash}.+\n)++)", (place,), f"{read}({place}) if {place}", {read: texts})


_SCALAR: Final = r"(\".*\"|[^\"\n].{0,40})"
"""A scalar of which nothing says what it is. Long numbers are rare."""
_EXTRA: Final = r"[^\W\d][\w-]*+: (?:\".*\"|[^\"\n].{0,40})\n"
"""A key that the model does not name, and its scalar. Collections and other kinds of keys are rare."""


def _extras_reader(cls: type) -> Callable[[str], dict[str, Any]]:
    """Make what reads the lines of keys that *cls* does not name."""

    def checked_key(name: str) -> str:
        if name in keys_by_name(cls) or key_problem(name) or not is_safe_plain(name):
            raise _NotInLayout
        return name

    key = ShortTexts(checked_key).__getitem__

    def extras(block: str) -> dict[str, Any]:
        rows = [line.split(": ", 1) for line in block[:-1].split("\n")]
        found = {key(name): _in_quotes(text) if text[0] == '"' else _untyped(text) for name, text in rows}
        if len(found) < len(rows):
            raise _NotInLayout
        return found

    return extras


@lru_cache(_CACHED)
def _untyped(text: str) -> Any:
    from newsitem._yaml.resolver import resolve  # whose patterns take longer to compile than most programs need

    value = resolve(text)
    if untyped(value) != text:
        raise _NotInLayout
    return value


def _data(text: str) -> Any:
    """Return the value of a key that holds plain data, and is not null."""
    value = _in_quotes(text) if text[0] == '"' else _untyped(text)
    if value is None:
        raise _NotInLayout
    return value


@cached
def _item(cls: type) -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Make the pattern of the front matter of *cls*, and what makes an object out of the groups of a match."""
    record = _record(cls)
    lines = [f"item = {record.expression}", "if extras: item.extras.update(read_extras(extras))", "return item"]
    make = function(
        f"read {cls.__name__}", [*record.groups, "extras"], lines, {**record.names, "read_extras": _extras_reader(cls)}
    )
    return re.compile(f"{record.pattern}((?:{_EXTRA})++)?+"), make


@cached
def _deferred_groups(cls: type) -> list[tuple[Key, int]]:
    """Return the keys of lists that may stay unread, with the numbers of their groups in the pattern of *cls*."""
    places = _item(cls)[0].groupindex
    return [(key, places[f"_{number}"]) for number, key in enumerate(keys(cls)) if key.deferred]


def read(content: str, cls: type[Item]) -> Item | None:
    """Read the lines of a front matter as an item of *cls*.

    Returns:
        The item, or ``None`` where the front matter has another layout.
    """
    pattern, make = _item(cls)
    match = pattern.fullmatch(content)
    if match is None:
        return None
    values: Sequence[Any] = match.groups("")
    try:
        for key, group in _deferred_groups(cls):
            if values[group - 1]:
                of_key = _deferred(key, content, match.start(group), match.end(group + 1))
                values = [*values[: group - 1], of_key, *values[group:]]
        item: Item = make(*values)
    except _REFUSED:
        return None
    return item


# Lists of objects of the item's own mapping: read, or proved readable


@cached
def _list_reader(cls: type) -> Callable[[str], list[Any]]:
    part = _objects(cls, INDENT, "_")
    read: Callable[[str], list[Any]] = part.names["_read_"]
    return read


def _class_in(key: Key) -> type:
    """Return the class of the objects in the lists of a key."""
    cls = class_of(key.kind)
    assert cls is not None
    return cls


def read_list(text: str, key: Key) -> list[Any] | Unread | None:
    """Read the lines of a block list of the item's own mapping, or leave them unread where that may be.

    Returns:
        The list, or ``None`` where the lines have another layout.
    """
    try:
        return _deferred(key, text, 0, len(text)) if key.deferred else _list_reader(_class_in(key))(text)
    except _REFUSED:
        return None


def unread(key: Key, lines: str | Callable[[], str], span: tuple[int, int] | None = None) -> Unread:
    """Return the list of objects that is in *lines*, which have been proved readable."""
    return Unread(key.attribute, lines, _list_reader(_class_in(key)), span)


def _deferred(key: Key, text: str, start: int, end: int) -> list[Any] | Unread:
    """Leave the list in some lines of a text unread. What the proof does not take is read, and perhaps refused then."""
    cls = _class_in(key)
    if end - start < SHORT:
        return _list_reader(cls)(text[start:end])
    try:
        _proof(cls)(text, start, end)
    except (_NotInLayout, ValueError):
        return _list_reader(cls)(text[start:end])
    if end - start == len(text):
        return unread(key, text[:-1])
    return unread(key, lambda: text[start : end - 1], (start, end - 1))


@cached
def _proof(cls: type) -> Callable[[str, int, int], None]:
    """Make what proves that some lines of a text are a block list of objects of *cls*, which raises where it cannot."""
    looks: list[Kind] = []
    record = _proof_of_record(cls, 2 * INDENT, looks)
    item = re.compile(f"{' ' * INDENT}- {record}|(?s:(.+))()")  # what is no entry is in the last group but one
    look_at = [
        function(f"look at {kind.label}", ["text"], [f"return {kind.reading.format('text')}"], _NAMES) for kind in looks
    ]

    def prove(text: str, start: int, end: int) -> None:
        rows = item.findall(text, start, end)
        if rows[-1][-2]:
            raise _NotInLayout
        for look, texts in zip(look_at, zip(*rows, strict=True), strict=False):
            for one in set(texts):
                if one:
                    look(one)

    return prove


def _proof_of_record(cls: type, column: int, looks: list[Kind]) -> str:
    """Return the pattern of a mapping as `_record` does, and add to *looks* the kinds of its groups."""
    lines: list[str] = []
    for key, start in zip(keys(cls), _starts(cls, column), strict=True):
        line = f"{start}{re.escape(written_key(key.name))}:{_proof_of(key.kind, column, looks)}"
        lines.append(line if key.required else f"(?:{line})?+")
    return "".join(["(?! )" if _may_begin_later(cls) else "", *lines])


def _proof_of(kind: Kind, column: int, looks: list[Kind]) -> str:
    """Return the pattern of what is after the colon of a key at *column*, line end included."""
    column += INDENT
    below = class_of(kind)
    if kind.is_list:
        in_list: list[Kind] = []
        dash = f"{' ' * column}- "
        entry = f"{element_of(kind).proof}\n" if below is None else _proof_of_record(below, column + INDENT, in_list)
        # A group has but one of many entries: such a list is not proved.
        return rf"\n(?:{dash}{entry})++" if re.compile(entry).groups == 0 else "(?!)"
    if below is not None:
        return rf"\n{' ' * column}{_proof_of_record(below, column, looks)}"
    if re.compile(kind.proof).groups:
        looks.append(kind)
    return f" {kind.proof}\n"
