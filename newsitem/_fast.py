"""Text in the publisher's own layout -> item.

The layout has one spelling for each item, so patterns made from the model can read it: one for the whole
item, and one for the entries of each list. Their groups are the values as written, ``""`` where a key is not
there, and each group has a function that makes the value from it. Of the keys that the model does not name, those of
the item itself that hold scalars are read here too. Whatever the patterns do not match to the letter is left to
`newsitem._general`: nothing is guessed here, and `newsitem._render` gives the text back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from itertools import starmap
from typing import Any, Final, NamedTuple

from newsitem import _limits
from newsitem._check import key_problem
from newsitem._code import function
from newsitem._frontmatter import FrontMatter
from newsitem._limits import CHARACTERS_OF_A_VALUE
from newsitem._scalars import ShortTexts, is_unusual, stands_plain, unquoted, untyped
from newsitem._schema import INDENT, Key, Style, constructor, keys, keys_by_name
from newsitem.model import NewsItem, Secured

_CACHED: Final = 1 << 14
"""How many numbers and instants are kept as objects, as they repeat. So do outlets, domains, types and topics."""


_VALUES_OF_A_LINE: Final = 2
"""How many values a line of the layout gives at most, but for a dash: a key, and its value or the block below."""


class _NotInLayout(Exception):
    """The text is not in the publisher's layout."""


def _unquoted_where_needed(text: str) -> str:
    if stands_plain(text):
        return text
    value = _in_quotes(text)
    if stands_plain(value):
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
_QUOTED_PATTERN: Final = '(?:"(?!"")|(?=""\n))(.+)"'
_QUOTED: Final = """({0} if '"' not in {0} and '\\\\' not in {0} else _quoted({0}))"""
_SCALARS: Final[dict[Style, tuple[str, str]]] = {
    Style.PLAIN: ("(.+)", "_plain({0})"),
    Style.QUOTED: (_QUOTED_PATTERN, _QUOTED),
    Style.SECURED: (_QUOTED_PATTERN, f"_secured({_QUOTED})"),
    Style.INTEGER: ("(0|-?[1-9][0-9]{0,17})", "_integer({0})"),
    Style.BOOLEAN: ("(true|false)", "{0} == 'true'"),
    Style.INSTANT: ("([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)", "_instant({0})"),
}
"""For each style of scalar the pattern, whose group is its text, and the expression that makes the value of it."""
_NAMES: Final[dict[str, Any]] = {
    "_plain": _plain,
    "_quoted": _quoted,
    "_secured": constructor(Secured),
    "_integer": lru_cache(_CACHED)(int),
    "_instant": lru_cache(_CACHED)(datetime.fromisoformat),
}


class _Part(NamedTuple):
    """How a part of the text is read."""

    pattern: str
    groups: tuple[str, ...]
    """Names of the pattern's groups: the path of attributes to each."""
    expression: str
    """The source of the expression that makes the value out of the groups."""
    names: dict[str, Any]
    """What the expression calls."""

    def reader(self) -> Callable[..., Any]:
        """Compile what makes the value out of the groups of a match."""
        return function(self.groups, [f"return {self.expression}"], self.names)


def _record(cls: type, column: int, path: str = "") -> _Part:
    """Describe a mapping whose keys stand at *column*; the spaces of its first line are left out."""
    lines: list[str] = []
    parts = [(key, _value(key, column, f"{path}{key.attribute}")) for key in keys(cls)]
    for key, part in parts:
        before = (r"\n" if key.apart and cls is NewsItem else "") + (" " * column if lines else "")
        line = f"{before}{key.name}:{part.pattern}"
        lines.append(line if key.required else f"(?:{line})?+")
    names = {name: value for _, part in parts for name, value in part.names.items()}
    return _Part(
        "".join(lines),
        tuple(group for _, part in parts for group in part.groups),
        f"_{cls.__name__}({', '.join(part.expression for _, part in parts)})",
        {**names, f"_{cls.__name__}": constructor(cls)},
    )


def _value(key: Key, column: int, path: str) -> _Part:
    """Describe what stands behind the colon of a key at *column*, line end included."""
    if key.style is Style.OBJECT:
        return _object(key, column + INDENT, path)
    if key.style is Style.OBJECTS:
        return _objects(key, column + INDENT, path)
    if key.style is Style.TEXTS:
        return _texts(column + INDENT, path)
    pattern, expression = _SCALARS[key.style]
    expression = expression.format(path) if key.required else f"{expression.format(path)} if {path} else None"
    return _Part(f" {pattern}\n", (path,), expression, _NAMES)


def _object(key: Key, column: int, path: str) -> _Part:
    record = _record_of(key, column, path)
    return record._replace(
        pattern=f"\n{' ' * column}{record.pattern}",
        expression=f"{record.expression} if {record.groups[0]} else None",
    )


def _objects(key: Key, column: int, path: str) -> _Part:
    """Describe a list of mappings.

    Where these are flat, the first has groups of its own: most such lists have but one, which needs no second look.
    """
    dash = f"{' ' * column}- "
    record = _record_of(key, column + INDENT, path)
    entry = re.compile(f"{dash}{record.pattern}|(?s:(.+))")  # what is no entry is in the last group
    read_entry = record._replace(groups=(*record.groups, "nothing_else")).reader()

    def objects(block: str) -> list[Any]:
        rows = entry.findall(block)
        if rows[-1][-1]:
            raise _NotInLayout
        return list(starmap(read_entry, rows))

    lines = f"{' ' * column}.*\n"
    read = f"_read_{path}"
    if any(each.style.is_block for each in keys(_class_of(key))):
        return _Part(rf"\n((?:{lines})++)", (path,), f"{read}({path}) if {path} else []", {read: objects})
    return _Part(
        rf"\n{dash}{record.pattern}((?:{lines})*+)",
        (*record.groups, path),
        f"([{record.expression}, *{read}({path})] if {path} else [{record.expression}]) if {record.groups[0]} else []",
        {**record.names, read: objects},
    )


def _record_of(key: Key, column: int, path: str) -> _Part:
    assert keys(_class_of(key))[0].required, "the first group tells whether there is an object"
    return _record(_class_of(key), column, f"{path}__")


def _class_of(key: Key) -> type:
    assert key.of is not None
    return key.of


def _texts(column: int, path: str) -> _Part:
    dash = f"{' ' * column}- "
    line_end = f"\n{dash}"

    def texts(block: str) -> list[str]:
        return list(map(_plain, block[len(dash) : -1].split(line_end)))

    return _Part(rf"\n((?:{dash}.+\n)++)", (path,), f"_texts({path}) if {path} else []", {"_texts": texts})


_EXTRA: Final = r"[^\W\d][\w-]*+: (?:\".*\"|[^\"\n].{0,40})\n"
"""A key that the model does not name, and its scalar. Collections, long numbers and other kinds of keys are rare."""


def _extras(block: str) -> dict[str, Any]:
    rows = [line.split(": ", 1) for line in block[:-1].split("\n")]
    extras = {_unknown_key(name): _in_quotes(text) if text[0] == '"' else _untyped(text) for name, text in rows}
    if len(extras) < len(rows):
        raise _NotInLayout
    return extras


def _checked_key(name: str) -> str:
    if name in keys_by_name(NewsItem) or key_problem(name) or not stands_plain(name):
        raise _NotInLayout
    return name


_unknown_key: Final = ShortTexts(_checked_key).__getitem__


@lru_cache(_CACHED)
def _untyped(text: str) -> Any:
    from newsitem._resolve import resolve  # whose patterns take longer to compile than most programs need

    value = resolve(text)
    if untyped(value) != text:
        raise _NotInLayout
    return value


@cache
def _item() -> tuple[re.Pattern[str], Callable[..., Any]]:
    record = _record(NewsItem, 0)
    lines = [f"_item = {record.expression}", "if extras: _item.extras.update(_extras(extras))", "return _item"]
    make = function([*record.groups, "extras"], lines, {**record.names, "_extras": _extras})
    return re.compile(rf"{record.pattern}(?:\n((?:{_EXTRA})++))?+"), make


def read(text: str, data: bytes, parts: FrontMatter) -> NewsItem | None:
    """Read the front matter of *text*, which is *data* in UTF-8 and whose parts are *parts*.

    Returns:
        The item, or ``None`` where the front matter has another layout.
    """
    # Most texts hold nothing unusual, and then their content needs no look of its own.
    content = _usual_content(parts) if is_unusual(text, data) else parts.content
    if content is None:
        return None
    if len(content) > (values := _limits.current().values) and _most_values(content) >= values:
        return None  # whether these are too many, the general way counts
    pattern, make = _item()
    match = pattern.fullmatch(content)
    if match is None:
        return None
    try:
        item: NewsItem = make(*match.groups(""))
    except (_NotInLayout, ValueError):  # ValueError: no such date
        return None
    return item


def _most_values(content: str) -> int:
    dashes = content.count("- ")  # and what looks so in texts: too many are counted exactly, too few would pass
    return content.count("\n") * _VALUES_OF_A_LINE + dashes + len(content) // CHARACTERS_OF_A_VALUE


def _usual_content(parts: FrontMatter) -> str | None:
    """Give the content with LF as line end, where all its lines end like the first fence and nothing is unusual."""
    content = parts.content
    if parts.line_end == "\r\n":
        if content.count("\r\n") != content.count("\n"):
            return None
        content = content.replace("\r\n", "\n")
    return None if is_unusual(content, content.encode()) else content
