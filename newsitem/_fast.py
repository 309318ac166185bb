"""Text in the publisher's own layout -> item.

The layout has one spelling for each item, so patterns made from the model can read it: a pattern a record,
with the values in its groups. Whatever the patterns do not admit to the letter is left to
`newsitem._general`: here nothing is guessed, and `newsitem._render` gives the text back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final

import attrs

from newsitem._scalars import FORBIDDEN, stands_plain, unquoted
from newsitem._schema import INDENT, Key, Style, keys
from newsitem.model import NewsItem, Secured

# Characters that the publisher writes as escapes, and those that YAML forbids.
_UNUSUAL: Final = re.compile("[\t\r\x85\u2028\u2029]|" + FORBIDDEN.pattern)


class _NotInLayout(Exception):
    """The text is not in the publisher's layout."""


@lru_cache(maxsize=1 << 16)
def _plain(text: str) -> str:
    """Take plain text; the cache makes one object of outlets, domains and topics that repeat."""
    if not stands_plain(text):
        raise _NotInLayout
    return text


def _quoted(body: str) -> str:
    text = unquoted(body)
    if text is None:
        raise _NotInLayout
    return text


def _integer(text: str) -> int:
    return int(text)


_PATTERNS: Final[dict[Style, tuple[str, Callable[[str], Any]]]] = {
    Style.PLAIN: ("(.+)", _plain),
    Style.QUOTED: ('"(.*)"', _quoted),
    Style.SECURED: ('"(.*)"', lambda body: Secured(_quoted(body))),
    Style.INTEGER: ("(0|-?[1-9][0-9]{0,17})", _integer),
    Style.BOOLEAN: ("(true|false)", "true".__eq__),
    Style.INSTANT: ("([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)", datetime.fromisoformat),
}


@attrs.frozen
class _Record:
    """How the lines of one mapping are read: a pattern, and what makes its groups an object."""

    pattern: str
    build: Callable[[Iterator[str | None]], Any]


def _record(cls: type, column: int, which: tuple[Key, ...]) -> _Record:
    """Make the record of the keys *which* of *cls*, at *column*; the first line's blanks are left out."""
    lines: list[str] = []
    fields: list[tuple[str, Callable[[Iterator[str | None]], Any]]] = []
    for key in which:
        line, read = _field(key, column)
        blanks = " " * column if lines else ""
        lines.append(f"{blanks}{key.name}:{line}" if key.required else f"(?:{blanks}{key.name}:{line})?")
        fields.append((key.attribute, read))

    def build(groups: Iterator[str | None]) -> Any:
        return _new(cls, {attribute: read(groups) for attribute, read in fields})

    return _Record("".join(lines), build)


def _field(key: Key, column: int) -> tuple[str, Callable[[Iterator[str | None]], Any]]:
    """Give the pattern of what stands behind a key, line end included, and what reads its groups."""
    if key.style is Style.OBJECT:
        assert key.of is not None
        record = _record(key.of, column + INDENT, keys(key.of))
        return f"()\n{' ' * (column + INDENT)}{record.pattern}", lambda groups: _optional(record, groups)
    if key.style.is_list:
        read_list = _list_reader(key, column + INDENT)
        return (
            rf"\n((?:{' ' * (column + INDENT)}.*\n)+)",
            lambda groups: read_list(block) if (block := next(groups)) else [],
        )
    pattern, convert = _PATTERNS[key.style]
    return f" {pattern}\n", lambda groups: None if (text := next(groups)) is None else convert(text)


def _optional(record: _Record, groups: Iterator[str | None]) -> Any:
    present = next(groups) is not None
    thing = record.build(groups)
    return thing if present else None


def _list_reader(key: Key, column: int) -> Callable[[str], list[Any]]:
    """Make what reads the lines of a list whose dashes stand at *column*."""
    dash = " " * column + "- "
    if key.of is None:
        return lambda block: [_plain(line.removeprefix(dash)) for line in _entries(block, dash)]
    record = _record(key.of, column + INDENT, keys(key.of))
    pattern = re.compile(dash + record.pattern)

    def read(block: str) -> list[Any]:
        things = []
        at = 0
        while at < len(block):
            match = pattern.match(block, at)
            if match is None:
                raise _NotInLayout
            things.append(record.build(iter(match.groups())))
            at = match.end()
        return things

    return read


def _entries(block: str, dash: str) -> list[str]:
    lines = block[:-1].split("\n")
    if not all(line.startswith(dash) for line in lines):
        raise _NotInLayout
    return lines


def _new(cls: type, values: dict[str, Any]) -> Any:
    """Make an object from values that are known to be right, without checking them again."""
    thing: Any = object.__new__(cls)
    for attribute, default in _unset(cls):
        value = values.get(attribute, default)
        object.__setattr__(thing, attribute, {} if attribute == "extras" else value)
    return thing


@cache
def _unset(cls: type) -> tuple[tuple[str, Any], ...]:
    """Give all attributes of a class with the value of those that have no key."""
    return tuple((field.name, field.default) for field in attrs.fields(cls))


@cache
def _item_reader() -> tuple[re.Pattern[str], _Record]:
    """Make the pattern of a whole item: its keys, with an empty line before each part that stands apart."""
    fields: list[str] = []
    readers = []
    for key in keys(NewsItem):
        line, read = _field(key, 0)
        empty = r"\n" if key.apart else ""
        fields.append(f"{empty}{key.name}:{line}" if key.required else f"(?:{empty}{key.name}:{line})?")
        readers.append((key.attribute, read))

    def build(groups: Iterator[str | None]) -> Any:
        return _new(NewsItem, {attribute: read(groups) for attribute, read in readers})

    record = _Record("".join(fields), build)
    return re.compile(record.pattern), record


def read(content: str) -> NewsItem | None:
    r"""Read front matter (fences left out, lines that end in ``\n``), or give ``None`` where it has another layout."""
    if not content.replace("\n", "").isprintable() and _UNUSUAL.search(content):
        return None
    pattern, record = _item_reader()
    match = pattern.fullmatch(content)
    if match is None:
        return None
    try:
        item: NewsItem = record.build(iter(match.groups()))
    except (_NotInLayout, ValueError):  # ValueError: no such date
        return None
    item.body = "\n"
    return item
