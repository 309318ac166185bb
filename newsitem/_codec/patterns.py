"""Read text in the canonical layout with compiled patterns.

In this layout there is one spelling for each item, so patterns generated from the model can read it: one for the entire
item, and one for the entries of each list. The groups of a pattern are the values as written, or ``""`` if a key is
missing, and a generated expression converts each group to a value. Unknown keys with scalar values are read here too if
they belong to the item itself. Text that does not match exactly is left to `newsitem._codec.reader`. Nothing is
guessed: `newsitem._codec.render` reproduces the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any, Final, NamedTuple

from newsitem._codec.front_matter import FENCE, is_end
from newsitem._schema.checks import key_problem
from newsitem._schema.code import cached, function
from newsitem._schema.fields import INDENT, Key, constructor, keys, keys_by_name
from newsitem._schema.kinds import DATA, Kind, Refused, class_of, element_of
from newsitem._schema.unread import Lines, Unread
from newsitem._yaml.scalars import ShortTexts, Signs, is_safe_plain, unquoted, untyped, written_key
from newsitem.items import Item

_CACHED: Final = 1 << 14
"""The maximum number of cached scalars without a field, which recur."""
SHORT: Final = 4_000
"""The length, about five related items, below which reading a list of objects costs less than leaving it unread."""


class _NotInLayout(Exception):
    """The text is not in the canonical layout."""


_REFUSED: Final = (_NotInLayout, Refused, ValueError)
"""The exceptions for such a text: `ValueError` for a date that does not exist, `Refused` from a validator."""


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
"""The group of an empty quoted text, because an empty group means that the key is missing."""
STAND_IN: Final = "  *"
"""The line that replaces an unread list in content that is read back. No list begins with it."""
_NAMES: Final[dict[str, Any]] = {"_plain": _plain, "_quoted": _quoted}


class Part(NamedTuple):
    """A pattern for a part of the text, and the expression that converts its groups."""

    pattern: str
    groups: tuple[str, ...]
    """Names of the groups. Each consists of the indexes of the keys on the path to the value, such as ``_4_0``."""
    expression: str
    """The source code of the expression that makes the value from the groups."""
    names: dict[str, Any]
    """The names that the expression uses. Those that differ between parts end with the same indexes as the groups."""

    def reader(self) -> Callable[..., Any]:
        """Compile a function that makes the value from the groups of a match."""
        return function("read entries", self.groups, [f"return {self.expression}"], self.names)


def _record(cls: type, column: int = 0, place: str = "") -> Part:
    """Return the part for a mapping with its keys at *column*. If it follows a dash, its first line is not indented."""
    entries = _entries(cls, column, place)
    parts = [part for _, part in entries]
    names = {name: value for part in parts for name, value in part.names.items()}
    make = f"_new{place}"
    marker = (f"_there{place}",) if place and _may_begin_later(cls) else ()
    return Part(
        "".join([_THERE if marker else "", *starmap(_line, entries), _NOT_EMPTY if marker else ""]),
        (*marker, *(group for part in parts for group in part.groups)),
        f"{make}({', '.join(part.expression for part in parts)})",
        {**names, make: constructor(cls)},
    )


def _entries(cls: type, column: int, place: str) -> list[tuple[Key, Part]]:
    """Return the keys of a mapping in order, each with the part for it and its value."""
    entries = []
    for number, (key, start) in enumerate(zip(keys(cls), _starts(cls, column), strict=True)):
        part = _value(key, column, f"{place}_{number}")
        line = f"{start}{re.escape(written_key(key.name))}:{part.pattern}"
        if key.apart and not place:
            line = f"{_EMPTY_LINE_BEFORE}{line}{'' if key.deferred else _EMPTY_LINE_AFTER}"
        entries.append((key, part._replace(pattern=line)))
    return entries


def _line(key: Key, part: Part) -> str:
    """Return the pattern for an entry, which may be missing unless its key is required."""
    return part.pattern if key.required else f"(?:{part.pattern})?+"


_THERE: Final = "(?=([^ ]))"
"""A group that shows that a mapping is present, for mappings in which every key is optional."""
_NOT_EMPTY: Final = r"(?<=\n)"
"""The end of such a mapping, if at least one of its keys matched: otherwise, the indentation precedes it."""


def _starts(cls: type, column: int) -> Iterator[str]:
    """Return the pattern for the start of each key's line. The first key after a dash is not indented."""
    spaces = " " * column
    is_first = True  # certainly, or possibly if all keys before it are optional
    for number, key in enumerate(keys(cls)):
        yield (
            (f"(?:(?<=[ ])|{spaces})" if number else "" if key.required else "(?<=[ ])")
            if is_first and column
            else spaces
        )
        is_first = is_first and not key.required


def _may_begin_later(cls: type) -> bool:
    """Return whether the first key of a mapping is optional."""
    return not keys(cls)[0].required


_START: Final = rf"(?<=\A{FENCE})"
"""The start of the front matter, after a fence at the start of the text."""
_EMPTY_LINE_BEFORE: Final = rf"(?:(?<![^\n]\n)|{_START}|(?!{_START})(?<=[^\n]\n)\n)"
"""An empty line, or nothing at the start or after another empty line."""
_EMPTY_LINE_AFTER: Final = rf"(?:\n(?!\Z|{FENCE})|(?=\Z|{FENCE}))"


def _value(key: Key, column: int, place: str) -> Part:
    """Return the part for the text after the colon of a key at *column*, including the line end."""
    below = class_of(key.kind)
    if below is not None and key.deferred:
        # The pattern ends before the lines. `read` replaces the group, which contains a single space, with the list.
        return Part(rf"\n(?=(?P<{place}>[ ]){' ' * (INDENT - 1)})", (place,), f"{place} or {key.kind.absent}", {})
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
    """Return the part for a list of mappings.

    For flat mappings, the first has its own groups: most such lists have only one entry and need no second match.
    """
    dash = f"{' ' * column}- "
    record = _record(cls, column + INDENT, place)
    entry = re.compile(f"{dash}{record.pattern}|(?s:(.+))")  # the last group captures text that is not an entry
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
"""A scalar whose type no field determines. Long numbers are rare."""
_EXTRA: Final = r"[^\W\d][\w-]*+: (?:\".*\"|[^\"\n].{0,40})\n"
"""An unknown key with a scalar value. Collections and other forms of keys are rare."""


def _extras_reader(cls: type) -> Callable[[str], dict[str, Any]]:
    """Make a function that reads the lines of keys that *cls* does not name."""

    def checked_key(name: str) -> str:
        if name in keys_by_name(cls) or key_problem(name) or not is_safe_plain(name):
            raise _NotInLayout
        return name

    key = ShortTexts(checked_key).__getitem__

    def extras(block: str) -> dict[str, Any]:
        rows = [line.split(": ", 1) for line in block[:-1].split("\n")]
        values = {key(name): _in_quotes(text) if text[0] == '"' else _untyped(text) for name, text in rows}
        if len(values) < len(rows):
            raise _NotInLayout
        return values

    return extras


@lru_cache(_CACHED)
def _untyped(text: str) -> Any:
    from newsitem._yaml.resolver import resolve  # its patterns take time to compile, and few programs need them

    value = resolve(text)
    if untyped(value) != text:
        raise _NotInLayout
    return value


def _data(text: str) -> Any:
    """Return the value of a key for plain data that is not null."""
    value = _in_quotes(text) if text[0] == '"' else _untyped(text)
    if value is None:
        raise _NotInLayout
    return value


class _Pattern(NamedTuple):
    """The compiled patterns for the front matter of a class.

    A match ends before the lines of a list that may remain unread. Its last group, which has a name, identifies the
    list. Another pattern reads the keys after these lines.
    """

    first: re.Pattern[str]
    after: dict[str, tuple[Key, re.Pattern[str]]]
    """The keys of the lists by their groups, each with the pattern for the keys that follow."""
    make: Callable[..., Any]
    """The function that makes an object from the groups."""


@cached
def _pattern(cls: type) -> _Pattern:
    """Compile the patterns for the front matter of *cls*."""
    record = _record(cls)
    lines = [f"item = {record.expression}", "if extras: item.extras.update(read_extras(extras))", "return item"]
    make = function(
        f"read {cls.__name__}", [*record.groups, "extras"], lines, {**record.names, "read_extras": _extras_reader(cls)}
    )
    pattern, after = f"((?:{_EXTRA})++)?+", {}
    for key, entry in reversed(_entries(cls, 0, "")):
        if key.deferred:
            after[entry.groups[0]] = key, re.compile(f"{_EMPTY_LINE_AFTER}{pattern}")
            pattern = entry.pattern if key.required else f"(?:{entry.pattern}|{pattern})"
        else:
            pattern = f"{_line(key, entry)}{pattern}"
    return _Pattern(re.compile(pattern), after, make)


ListReader = Callable[[Key, str], list[Any] | None]
"""Reads the lines of a list of objects in any layout, or returns ``None`` if that fails."""


def read(  # noqa: PLR0913 - keyword arguments
    text: str,
    cls: type[Item],
    signs: Signs | None = None,
    *,
    start: int = 0,
    lists: Sequence[Unread] = (),
    list_reader: ListReader | None = None,
) -> tuple[Item, int, bool] | None:
    """Read the lines of a front matter as an item of *cls*.

    Args:
        text: The lines, or a text that begins with a fence.
        cls: The class.
        signs: The signs of the text or of a longer one, if they are known.
        start: The start of the first line. If it follows a fence, another one must follow the last line.
        lists: The unread lists of the item. The lines contain a `STAND_IN` for each.
        list_reader: Reads the lines of a list that are not in the canonical layout, although the others are.

    Returns:
        The item, the end of its last line, and whether all lines are in the canonical layout; ``None`` if some are not,
        and *list_reader* does not read them.
    """
    first, after, make = _pattern(cls)
    known = iter(lists)
    match = first.match(text, start)
    if match is None:
        return None
    values: Sequence[Any] = match.groups("")
    at = match.end()
    in_layout = True
    try:
        while match.lastgroup is not None:
            key, rest = after[match.lastgroup]
            is_known = bool(lists) and text.startswith(STAND_IN, at)  # a file may contain the same text
            value: list[Any] | Unread | None
            if is_known:
                value, end = next(known), at + len(STAND_IN) + 1
            else:
                value, end = _unread_if_long(key, text, at, signs)
            following = rest.match(text, end)
            if following is None:
                return None
            if value is None:
                try:
                    value = _list_reader(_class_in(key))(text[at:end])
                except _REFUSED:
                    lines = text[at : end + text.startswith("\n", end)]  # a block scalar may keep the empty line
                    if list_reader is None or (value := list_reader(key, lines)) is None:
                        return None
                    in_layout = False
            groups = following.groups("")
            values = [*values[: -len(groups) - 1], value, *groups]
            match, at = following, following.end()
        if is_end(text, start, at):
            return make(*values), at, in_layout
    except _REFUSED:
        pass
    return None


# Lists of objects in the item's own mapping, either read or proved readable


@cached
def _list_reader(cls: type) -> Callable[[str], list[Any]]:
    part = _objects(cls, INDENT, "_")
    read: Callable[[str], list[Any]] = part.names["_read_"]
    return read


def _class_in(key: Key) -> type:
    """Return the class of the objects in the list of a key."""
    cls = class_of(key.kind)
    assert cls is not None
    return cls


def unread_list(text: str, key: Key) -> Unread | None:
    """Leave the lines of a block list in the item's own mapping unread if it is long and proved readable."""
    unread_lines, end = _unread_if_long(key, text, 0)
    return unread_lines if end == len(text) else None


def unread(key: Key, lines: Lines) -> Unread:
    """Return an unread list of objects whose *lines* have been proved readable."""
    return Unread(key.attribute, lines, _list_reader(_class_in(key)))


_LINES: Final = re.compile(f"(?:{' ' * INDENT}.*\n)*+")
"""The lines of a list, and of any other block below a key."""


def _unread_if_long(key: Key, text: str, start: int, signs: Signs | None = None) -> tuple[Unread | None, int]:
    """Leave a list unread if it is long and its lines are proved readable.

    Returns:
        The list, or ``None`` if it must be read now, and the position of its end.
    """
    end = _end_of(text, start, start + SHORT)
    if not text.startswith(" ", end):
        return None, end
    proved = _proof(_class_in(key)).match(text, start)
    if proved is None:
        return None, _end_of(text, end, len(text))
    end = proved.end()
    if text.startswith(" ", end) or not _has_paired_quotes(text, start, end, signs):
        return None, _end_of(text, end, len(text))
    return unread(key, Lines(text, start, end - 1)), end


def _end_of(text: str, start: int, stop: int) -> int:
    """Return the end of the indented lines from *start*. Only lines that end before *stop* count."""
    lines = _LINES.match(text, start, stop)
    assert lines is not None
    return lines.end()


def _has_paired_quotes(text: str, start: int, end: int, signs: Signs | None) -> bool:
    """Return whether the quotes of lines are paired, as they are if those of a longer text are."""
    return (signs is not None and signs.has_paired_quotes()) or Signs(text[start:end].encode()).has_paired_quotes()


@cached
def _proof(cls: type) -> re.Pattern[str]:
    """Compile the pattern for a block list of objects of *cls* that can certainly be read if its quotes are paired."""
    return re.compile(f"(?:{' ' * INDENT}- {_proof_of_record(cls, 2 * INDENT)})++")


def _proof_of_record(cls: type, column: int) -> str:
    """Return the pattern for a mapping, as `_record` does, but without groups."""
    lines = ["(?! )"] if _may_begin_later(cls) else []
    for key, start in zip(keys(cls), _starts(cls, column), strict=True):
        line = f"{start}{re.escape(written_key(key.name))}:{_proof_of(key.kind, column + INDENT)}"
        lines.append(line if key.required else f"(?:{line})?+")
    return "".join([*lines, _NOT_EMPTY if _may_begin_later(cls) else ""])


def _proof_of(kind: Kind, column: int) -> str:
    """Return the pattern for the text after a colon, including the line end. A block value begins at *column*."""
    below = class_of(kind)
    if kind.is_list:
        entry = f"{element_of(kind).proof}\n" if below is None else _proof_of_record(below, column + INDENT)
        return rf"\n(?:{' ' * column}- {entry})++"
    if below is not None:
        return rf"\n{' ' * column}{_proof_of_record(below, column)}"
    return f" {kind.proof}\n"
