"""Read hand-edited front matter: with lenient patterns, entry by entry, or piece by piece.

A pattern generated from the model matches the keys in the publisher's order, with any indentation, comments, and the
spellings that people use. If it fails, the block mapping is split into its entries. If the lines of an entry form a
complete pair on their own, the parser reaches the next key in the same state as the first. The entries can therefore be
sorted into the publisher's order, and each can be read on its own. Pieces that match no pattern are composed by
ruamel.yaml, on their own. The same is true for the entries of block lists.

Nothing is guessed. If a piece may be incomplete, or its field refuses it, `NotSure` leaves the entire front matter to
the YAML reader, which reports what is wrong and where.

Pieces of text have LF line ends and contain no character that the publisher never writes raw.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial, wraps
from itertools import starmap
from typing import Any, Final

from newsitem._codec.patterns import Part, read_list
from newsitem._codec.structure import duplicates, extras, is_null_node, structure
from newsitem._schema.checks import key_problem
from newsitem._schema.code import cached
from newsitem._schema.fields import INDENT as STEP
from newsitem._schema.fields import SECURED_ALONE, Key, all_values, constructor, keys
from newsitem._schema.kinds import DATA, Kind, Refused, class_of, element_of
from newsitem._schema.unread import Unread
from newsitem._yaml.blocks import (
    INDENT,
    PLAIN,
    SIMPLE,
    NotSure,
    compose_piece,
    entry_pattern,
    item_pattern,
    sole_item,
    sole_pair,
)
from newsitem._yaml.limits import current_limits
from newsitem._yaml.nodes import Alias, Node, walk
from newsitem._yaml.resolver import is_null, resolve
from newsitem._yaml.scalars import ShortTexts, written_key
from newsitem._yaml.spellings import NOTHING, TAIL, block_scalar, flow_list, in_quotes, plain_scalar

_LONGEST_UNTYPED: Final = 100
"""The maximum length of plain scalars without a field that are read here. Numbers are shorter."""

_NULL: Final = rf"(?:[ ]++(?:~|null))?+{TAIL}{NOTHING}*+"
_ALIAS: Final = re.compile(r"[:,\[{?-] +\*[\w-]")
"""An alias, or text that looks like one."""
_NOTHING: Final = re.compile(f"{NOTHING}*+")


def _sure(read: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function raise `NotSure` instead of `Refused`."""

    @wraps(read)
    def read_surely(*arguments: Any) -> Any:
        try:
            return read(*arguments)
        except Refused:
            raise NotSure from None

    return read_surely


@_sure
def read(content: str, cls: type) -> Any:
    """Make an object of *cls* from the lines of its front matter.

    Raises:
        NotSure: if the lines may not represent one.
    """
    if "*" in content and _ALIAS.search(content) is not None:
        raise NotSure
    made = _in_order(content, cls, "")
    return _by_entries(content, cls) if made is None else made


@_sure
def reread(lines: str, old: Any, gone: str) -> Any:
    """Make an object from *old* by replacing the entries in the lines *gone* with those in *lines*.

    All other values are taken from *old*. No other entry may have a key of *lines*.

    Raises:
        NotSure: if the lines may not be entries.
    """
    cls: type = type(old)
    *values, extra = all_values(cls)(old)
    known, unknown = _entries(gone, cls)
    kept = {place: value for place, value in enumerate(values) if place not in known}
    kept_extra = {name: value for name, value in extra.items() if name not in unknown}
    known, unknown = _entries(lines, cls)
    kept |= {place: _read_entry(entry, cls, place) for place, entry in known.items()}
    return _made(kept, kept_extra | _read_unknown(unknown, cls), cls)


def _entries(lines: str, cls: type) -> tuple[dict[int, str], dict[str, str]]:
    """Split lines into entries as `_split` does, even if there are none."""
    return ({}, {}) if _NOTHING.fullmatch(lines) else _split(lines, cls)


# Patterns


def _record(cls: type, indent: str, place: str, *, after_dash: bool = False) -> Part:
    """Return the part for a mapping whose lines begin with the pattern *indent*, except the first line *after_dash*."""
    # Each key occurs once, in order. In a loop that accepts any order, Python 3.11's `re` loses groups.
    parts = [(key, _value(key, indent, f"{place}_{number}")) for number, key in enumerate(keys(cls))]
    lines = []
    may_be_first = after_dash
    for key, part in parts:
        start = f"(?:(?<=[ ])|{indent})" if may_be_first else indent
        line = f"{start}{re.escape(written_key(key.name))}:{part.pattern}"
        lines.append(f"(?:{line})" if key.required else f"(?:{line})?+")
        may_be_first = may_be_first and not key.required
    values = [f"_required({part.expression})" if key.required else part.expression for key, part in parts]
    names = {name: value for _, part in parts for name, value in part.names.items()}
    return Part(
        "".join(lines),
        tuple(group for _, part in parts for group in part.groups),
        f"_new{place}({', '.join(values)})",
        {**names, "_required": _required, f"_new{place}": constructor(cls)},
    )


def _required(value: Any) -> Any:
    if value is None:
        raise NotSure
    return value


def _value(key: Key, indent: str, place: str) -> Part:
    """Return the part for the text after a key's colon, up to the next entry. The key's line begins with *indent*."""
    if key.kind is DATA:
        return Part("(?!)", (), "None", {})  # these keys are read entry by entry
    if not key.kind.is_block:
        return (_text if key.kind.takes_quotes else _scalar)(key.kind, indent, place)
    cls = class_of(key.kind)
    if cls is None:
        part = _texts(key.kind, indent, place)
    else:
        part = _list(key, cls, indent, place) if key.kind.is_list else _mapping(cls, indent, place)
    return part._replace(
        pattern=f"(?:{part.pattern}|{_NULL})", expression=f"({part.expression} else {key.kind.absent})"
    )


def _text(kind: Kind, indent: str, place: str) -> Part:
    """Return the part for a text: quoted and on one line, as most are, or in any other spelling, with the line end."""
    continued = rf"\n(?:[ ]*+\n)*+{indent}[ ]"
    quoted = rf""""(?:[^"\\\n]++|\\[^\n]|\\?+{continued})*+"|'(?:[^'\n]++|''|{continued})*+'"""
    plain = rf"{PLAIN}(?:{continued}[ ]*+[^ \#\n][^\n]*+)*+"
    block = rf"[|>]-?+{TAIL}(?:{indent}[ ]++[^\n]*+\n|[ ]*+\n)*+"
    double, single, read = f"_double{place}", f"_single{place}", f"_read{place}"
    make = "" if kind.python is str else f"_make{place}"
    other = rf"[ ]++((?:{quoted}|{plain}){TAIL}|{block})|{TAIL}"
    return Part(
        rf"""(?:[ ]"(.+)"\n|[ ]'(.+)'\n|{other}){NOTHING}*+""",
        (double, single, place),
        f"""(({make}({double}) if '"' not in {double} and '\\\\' not in {double} else {read}(f'"{{{double}}}"\\n'))"""
        f""" if {double} else ({make}({single}) if "'" not in {single} else {read}(f"'{{{single}}}'\\n")) if {single}"""
        f""" else {read}({place}) if {place} else None)""",
        {read: _reader(kind), f"_make{place}": kind.from_quoted},
    )


def _scalar(kind: Kind, _: str, place: str) -> Part:
    """Return the part for a scalar that is not text. Reading it checks that it is plain."""
    read = f"_read{place}"
    pattern = rf"(?:[ ]++([\w~.+-].*\n)|{TAIL}){NOTHING}*+"
    return Part(pattern, (place,), f"({read}({place}) if {place} else None)", {read: _reader(kind)})


@cache
def _reader(kind: Kind) -> Callable[[str], Any]:
    """Make a function that reads a scalar of *kind* in any spelling, including the line end."""

    def read(text: str) -> Any:
        if text[0] in "'\"":
            found, value_of = in_quotes(text), kind.from_quoted
        elif text[0] in "|>":
            found, value_of = block_scalar(text), kind.from_quoted
        else:
            found, value_of = plain_scalar(text), kind.from_plain
            if found is not None and is_null(found):
                return None
        value = None if found is None else value_of(found)
        if value is None or kind.problem(value):
            raise NotSure
        return value

    return ShortTexts(read).__getitem__


def _mapping(cls: type, indent: str, place: str) -> Part:
    own = f"indent{place}"
    record = _record(cls, f"(?P={own})", place)
    return Part(
        rf"{TAIL}{NOTHING}*+(?=(?P<{own}>{indent}[ ]++)[^ \-]){record.pattern}",
        (own, *record.groups),
        f"{record.expression} if {own}",
        record.names,
    )


def _texts(kind: Kind, indent: str, place: str) -> Part:
    """Return the part for a list of text, in brackets or with one entry per line."""
    dash = f"dash{place}"
    rest = rf"-[ ]++[^ \n][^\n]*+\n{NOTHING}*+"
    block = rf"{TAIL}{NOTHING}*+(?P<{dash}>{indent}[ ]*+){rest}(?:(?P={dash}){rest})*+"
    read = f"_read{place}"
    return Part(
        rf"([ ]++\[(?:[^\[\]\n]++|\n(?:[ ]*+\n)*+{indent}[ ])*+\]{TAIL}|{block}){NOTHING}*+",
        (place, dash),
        f"{read}({place}) if {place}",
        {read: _texts_reader(element_of(kind))},
    )


_TEXT: Final = re.compile(rf"[ ]++{SIMPLE}{TAIL}{NOTHING}*+")
_FIRST_DASH: Final = re.compile(rf"{TAIL}{NOTHING}*+([ ]*+-)")


@cache
def _texts_reader(element: Kind) -> Callable[[str], list[Any]]:
    """Make a function that reads lists of text and skips empty entries."""

    def value(text: str, is_quoted: bool) -> Any:
        return element.from_quoted(text) if is_quoted or not is_null(text) else None

    def read_lines(lines: str) -> Any:
        found = _TEXT.fullmatch(lines + "\n")
        if found is None:
            raise NotSure
        return value(*_simple(found[1]))

    read_entry = ShortTexts(read_lines).__getitem__

    def read(text: str) -> Any:
        first = _FIRST_DASH.match(text)
        if first is not None:
            values = [read_entry(lines) for lines in text[first.end() : -1].split(f"\n{first[1]}")]
        elif (found := flow_list(text.lstrip(" "))) is not None:
            values = [value(*entry) for entry in found]
        else:
            raise NotSure
        return [value for value in values if value is not None] if None in values else values

    known = ShortTexts(read).__getitem__
    return lambda text: list(known(text))  # a copy, because items must not share a list


def _simple(text: str) -> tuple[str, bool]:
    """Return the content of a scalar on one line without escapes, and whether it is quoted."""
    return (text[1:-1], True) if text[0] in "'\"" else (text.rstrip(" "), False)


def _list(key: Key, cls: type, indent: str, place: str) -> Part:
    """Return the part for a list of mappings. If these are flat, the first has its own groups: most lists have one."""
    dash, blanks, block, read = f"dash{place}", f"blanks{place}", f"block{place}", f"_read{place}"
    names = {read: partial(_read_list, key=key, cls=cls)}
    start = rf"{TAIL}{NOTHING}*+"
    more = rf"(?:(?P={dash})[ ].*\n|{NOTHING})*+"
    items = rf"(?:(?P={dash})-[ ].*\n{more})*+"
    if any(field.kind.is_block for field in keys(cls)):
        return Part(
            rf"{start}((?P<{dash}>{indent}[ ]*+)-[ ].*\n{more}{items})",
            (block, dash),
            f"{read}({block}) if {block}",
            names,
        )
    record = _record(cls, rf"(?P={dash})[ ](?P={blanks})", place, after_dash=True)
    return Part(
        rf"{start}(?P<{dash}>{indent}[ ]*+)-(?P<{blanks}>[ ]++){record.pattern}({items})",
        (dash, blanks, *record.groups, block),
        f"[{record.expression}, *{read}({block})] if {block} else [{record.expression}] if {blanks}",
        {**record.names, **names},
    )


@cached
def _mapping_pattern(cls: type, indent: str) -> tuple[re.Pattern[str], Callable[..., Any]]:
    record = _record(cls, indent, "_")
    return re.compile(f"{NOTHING}*+{record.pattern}"), record.reader()


@cached
def _entry_pattern(cls: type, number: int) -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Return the pattern for one entry, and the function that makes its value."""
    key = keys(cls)[number]
    part = _value(key, "(?P=indent)", "_")
    pattern = re.compile(rf"(?P<indent>[ ]*+){re.escape(written_key(key.name))}:{part.pattern}")
    return pattern, part._replace(groups=("indent", *part.groups)).reader()


@cached
def _item_pattern(cls: type) -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Return the pattern for an entry of a block list or any other text, and the function that makes an object."""
    record = _record(cls, "(?P=dash)[ ](?P=blanks)", "_", after_dash=True)
    pattern = re.compile(rf"(?P<dash>[ ]*+)-(?P<blanks>[ ]++){record.pattern}|((?s:.+))")
    return pattern, record._replace(groups=("dash", "blanks", *record.groups, "nothing_else")).reader()


# Mappings


def _in_order(text: str, cls: type, indent: str) -> Any:
    """Make an object of *cls* from a block mapping in the publisher's order, or return ``None``."""
    pattern, make = _mapping_pattern(cls, indent)
    try:
        return (match := pattern.fullmatch(text)) and make(*match.groups(""))
    except NotSure:
        return None


@cached
def _places(cls: type) -> dict[str, int]:
    """Return the indexes of the keys of *cls* by name, with and without quotes."""
    return {
        name: place
        for place, key in enumerate(keys(cls))
        for name in (key.name, f'"{key.name}"', written_key(key.name))
    }


def _split(text: str, cls: type) -> tuple[dict[int, str], dict[str, str]]:
    """Split a block mapping into the lines of its entries: known ones by the index of the key, others by the key."""
    start = INDENT.match(text)
    if start is None or start[2]:
        raise NotSure
    rows = entry_pattern(start[1]).findall(text, start.start(1))
    if not rows or rows[-1][-1]:
        raise NotSure
    places = _places(cls)
    unknown = {}
    try:
        known = {places[name]: lines for lines, name, _ in rows}
    except KeyError:
        known = {places[name]: lines for lines, name, _ in rows if name in places}
        unknown = {name.strip('"'): lines for lines, name, _ in rows if name not in places}
    if len(known) + len(unknown) != len(rows):  # a duplicate key
        raise NotSure
    return known, unknown


def _by_entries(text: str, cls: type) -> Any:
    """Make an object of *cls* from the entries of a block mapping, in any order."""
    known, unknown = _split(text, cls)
    made, order = None, sorted(known)
    if unknown or order != list(known):
        lines = "".join([known[place] for place in order])
        made = _in_order(lines, cls, lines[: len(lines) - len(lines.lstrip(" "))])
    if made is None:
        made = _made({place: _read_entry(lines, cls, place) for place, lines in known.items()}, {}, cls)
    if unknown:
        made.extras.update(_read_unknown(unknown, cls))
    return made


def _made(values: dict[int, Any], unknown: dict[str, Any], cls: type) -> Any:
    """Make an object from values by the indexes of their keys."""
    given = []
    for place, key in enumerate(keys(cls)):
        value = values.get(place)
        if value is None and key.required:
            raise NotSure
        given.append([] if value is None and key.kind.absent == "[]" else value)
    made = constructor(cls)(*given)
    made.extras.update(unknown)
    return made


def _read_entry(lines: str, cls: type, number: int) -> Any:
    """Return the value of an entry, using its pattern, the entries of its block, or ruamel.yaml."""
    key = keys(cls)[number]
    if key.kind is DATA and (value := _unknown_value(lines)) is not None:
        return value
    pattern, make = _entry_pattern(cls, number)
    match = pattern.fullmatch(lines)
    below = class_of(key.kind)
    try:
        if match is not None:
            return make(*match.groups(""))
        if below is not None and (block := _BLOCK.fullmatch(lines)) is not None:
            return _read_list(block[1], key, below) if key.kind.is_list else _by_entries(block[1], below)
    except NotSure:
        pass
    _, node = sole_pair(_composed(lines))
    return None if is_null_node(node) else structure(node, key.kind.python)


_BLOCK: Final = re.compile(rf"[ ]*+[^:\n]++:{TAIL}{NOTHING}*+((?s:.+))")
"""A key with a block below it."""


def _read_unknown(entries: dict[str, str], cls: type) -> dict[str, Any]:
    """Read entries whose keys the model does not name."""
    found: dict[str, Any] = {}
    for name, lines in entries.items():
        if key_problem(name):
            raise NotSure
        value = _unknown_value(lines)
        found |= extras({name: sole_pair(_composed(lines))[1]}, [], cls) if value is None else {name: value}
    return found


def _unknown_value(lines: str) -> Any:
    """Return the value of an entry in a common spelling, or ``None`` if it is null or spelled differently."""
    text = lines[_KEY.match(lines).end() :]  # type: ignore[union-attr]
    scalar = _UNKNOWN.fullmatch(text)
    if scalar is not None:
        return _untyped(*_simple(scalar[1]))
    start = text.lstrip(" ")
    if start[0] in "'\"":
        return in_quotes(start)
    if start[0] in "|>":
        return block_scalar(start, len(lines) - len(lines.lstrip(" ")))
    entries = flow_list(start) if start[0] == "[" and current_limits().data_depth else None
    if entries is None or any(len(entry) > _LONGEST_UNTYPED for entry, is_quoted in entries if not is_quoted):
        return None
    return [_untyped(*entry) for entry in entries]


_KEY: Final = re.compile(r'[ ]*+(?:"[^"\n]*+"|[^:\n]++):')
_UNKNOWN: Final = re.compile(rf"""[ ]++(?=["']|.{{1,{_LONGEST_UNTYPED}}}\n){SIMPLE}{TAIL}{NOTHING}*+""")
_resolve: Final = lru_cache(1 << 14)(resolve)


def _untyped(text: str, is_quoted: bool) -> Any:
    return text if is_quoted else _resolve(text)


# Lists


def _read_list(text: str, key: Key, cls: type) -> list[Any] | Unread:
    """Make the objects in the block list of *key*, or leave them unread."""
    start = INDENT.match(text)
    if start is None or not start[2]:
        raise NotSure
    if len(start[1]) == STEP and (values := read_list(text.rstrip("\n") + "\n", key)) is not None:
        return values
    pattern, make = _item_pattern(cls)
    rows = pattern.findall(text, start.start(1))
    try:
        if not rows[-1][-1] and len({row[0] for row in rows}) == 1:
            return list(starmap(make, rows))
    except NotSure:
        pass
    items = item_pattern(start[1]).findall(text, start.start(1))
    if items[-1][-1]:
        raise NotSure
    return [_read_item(item, cls) for item, _ in items]


def _read_item(item: str, cls: type) -> Any:
    """Make an object of *cls* from an entry of a block list."""
    pattern, make = _item_pattern(cls)
    match = pattern.fullmatch(item)
    try:
        if match is not None and match[match.lastindex or 0] != item:
            return make(*match.groups(""))
    except NotSure:
        pass
    width = INDENT.match(item).end()  # type: ignore[union-attr]
    try:
        return _by_entries(" " * width + item[width:], cls)
    except NotSure:
        return structure(sole_item(_composed(item)), cls)


# Pieces composed by ruamel.yaml


def _composed(text: str) -> Node:
    """Compose a piece of the text on its own.

    Pieces with aliases are left to the YAML reader, which counts the values that all aliases of the text expand to.
    """
    node = compose_piece(text)
    if any(isinstance(each, Alias) for each in walk(node)) or any(duplicates(node, "", SECURED_ALONE)):
        raise NotSure
    return node
