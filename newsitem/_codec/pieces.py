"""Read hand-edited front matter: with a lenient pattern, entry by entry, or piece by piece.

A pattern generated from the model matches a block mapping with its keys in any order. The most common spellings of a
value have groups of their own. Another group takes the lines of a value in any other spelling. These lines are read
separately: nested mappings and lists with further patterns, and what no pattern matches with ruamel.yaml. If the first
pattern does not match, the mapping is split into its entries, and each entry is read separately.

This is safe because the lines of an entry form a complete pair: the parser reaches the next key in the same state as
the first. Nothing is guessed. If a piece may be incomplete, or its field refuses it, `NotSure` leaves the entire front
matter to the YAML reader, which reports the problems and their positions.

Pieces of text have LF line ends and contain no character that the publisher never writes raw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import cache, partial
from itertools import starmap
from typing import Any, Final

from newsitem._codec.front_matter import FENCE, is_end
from newsitem._codec.patterns import Part, unread_list
from newsitem._codec.spelled_values import FIRST_DASH, NULL, no_list, read_data, scalar_reader, texts_reader
from newsitem._codec.structure import duplicates, empty, extras, is_null_node, structure
from newsitem._schema.checks import key_problem
from newsitem._schema.code import cached
from newsitem._schema.fields import INDENT as STEP
from newsitem._schema.fields import SECURED_ALONE, Key, all_values, constructor, keys
from newsitem._schema.kinds import DATA, Kind, Refused, class_of
from newsitem._schema.unread import Unread
from newsitem._yaml.blocks import (
    INDENT,
    KEY,
    WIDEST,
    NotSure,
    compose_piece,
    entry,
    sole_item,
    sole_pair,
    split_entries,
    split_items,
    value_lines,
)
from newsitem._yaml.nodes import Alias, Node, Scalar, walk
from newsitem._yaml.scalars import PLAIN_TEXT, ShortTexts, written_key
from newsitem._yaml.spellings import BLANK, HEAD, NOTHING, REST, flow_lines

_ALIAS: Final = re.compile(r"[:,\[{?-] +\*[\w-]++(?= *(?:[,\]}\n]| \#))")
"""An alias, or text that looks like one. Emphasis in Markdown does not."""
MOST_KEPT: Final = 1 << 20
"""The maximum length, in characters, of a text of which a result is cached."""


def read(content: str, cls: type) -> Any:
    """Make an object of *cls* from the lines of its front matter, or of another block mapping.

    Raises:
        NotSure: if the lines may not represent one.
    """
    indent = INDENT.match(content)[1]  # type: ignore[index]
    if len(indent) > WIDEST:
        raise NotSure
    result = read_whole(content, cls, indent=indent)
    return read_entries(content, cls) if result is None else result[0]


def read_whole(text: str, cls: type, start: int = 0, indent: str = "") -> tuple[Any, int, bool] | None:
    """Make an object of *cls* from a block mapping if its lenient pattern matches, up to its end or a fence.

    Args:
        text: The lines of the mapping, or a text that begins with a fence.
        cls: The class.
        start: The position of the first line.
        indent: The indentation of the mapping.

    Returns:
        The object, the end of the mapping and ``False``, as `patterns.read` does, or ``None``.
    """
    pattern, make = _mapping_pattern(cls, indent)
    groups = () if start else _groups_of_last(text, cls)
    end = len(text)
    if not groups:
        match = pattern.match(text, start)
        assert match is not None, "all keys are optional"
        end = match.end()
        if not is_end(text, start, end) or _has_alias(text, start, end):
            return None
        groups = match.groups("")
        if start and end < MOST_KEPT:
            _LAST.set((cls, text, end, groups))
    try:
        instance = make(*groups)
        if groups[-1]:
            _, unknown = _split(f"{indent}{groups[-1]}", cls)
            instance.extras.update(_read_unknown(unknown, cls))
    except (NotSure, Refused):
        return None
    return instance, end, False


def _has_alias(text: str, start: int, end: int) -> bool:
    """Return whether a part of a text seems to have an alias. Its piece would be refused too, but only when it is read.

    A comment may contain anything.
    """
    aliases = _ALIAS.finditer(text, start, end) if "*" in text else ()
    return any("#" not in text[text.rfind("\n", 0, alias.start()) + 1 : alias.start()] for alias in aliases)


_LAST: Final[ContextVar[tuple[type, str, int, tuple[str, ...]]]] = ContextVar("last", default=(object, "", 0, ()))
"""The last front matter that a lenient pattern matched: its class, the text, the end, and the groups."""


def _groups_of_last(text: str, cls: type) -> tuple[str, ...]:
    """Return the groups of the last match if it was the same text. An edit often follows a read, and reads it again."""
    last_cls, last, end, groups = _LAST.get()
    is_same = last_cls is cls and end == len(FENCE) + len(text) and last.startswith(text, len(FENCE))
    return groups if is_same else ()


def read_entries(
    content: str, cls: type, values: list[Any] | None = None, extra: Iterable[tuple[str, Any]] = ()
) -> Any:
    """Make an object like `read`, but entry by entry.

    Args:
        content: The lines.
        cls: The class.
        values: The values of the keys of *cls*, in order, if other entries have been read before.
        extra: Unknown keys that have been read before, with their values.

    Raises:
        NotSure: if the lines may not represent one.
    """
    if _has_alias(content, 0, len(content)):
        raise NotSure
    known, unknown = _split(content, cls)
    values = values or [None] * len(keys(cls))
    try:
        for place, lines in known.items():
            values[place] = _read_entry(lines, cls, place)
        for place, is_required in _needed(cls):
            if values[place] is None:
                if is_required:
                    raise NotSure
                values[place] = []
        instance = constructor(cls)(*values)
        instance.extras.update(extra)
        instance.extras.update(_read_unknown(unknown, cls))
    except Refused:
        raise NotSure from None
    return instance


@cached
def _needed(cls: type) -> list[tuple[int, bool]]:
    """Return the indexes of the keys that must have a value, and whether they are required, rather than empty lists."""
    return [(place, key.required) for place, key in enumerate(keys(cls)) if key.required or key.kind.absent == "[]"]


def reread(lines: str, old: Any, names: set[str]) -> Any:
    """Make an object from *old*, with the entries in *lines* in place of those whose keys are *names*.

    All other values come from *old*. No other entry may have a key of *lines*.

    Raises:
        NotSure: if the lines may not be entries.
    """
    cls: type = type(old)
    *values, extra = all_values(cls)(old)
    places = _places(cls)
    for name in places.keys() & names:
        values[places[name]] = None
    return read_entries(lines, cls, values, ((name, value) for name, value in extra.items() if name not in names))


# Patterns


def _record(cls: type, indent: str, place: str, *, after_dash: bool = False, has_others: bool = False) -> Part:
    """Return the part for a mapping, whose lines begin with the pattern *indent*, except the first line *after_dash*.

    The keys may be in any order, and in quotes. An empty group marks that a key is there, so that a duplicate key does
    not match. If the mapping may have other keys, the last group takes their entries, which must follow each other.
    """
    start = f"(?:(?<=[ ])|{indent})" if after_dash else indent
    lines, groups, values = [], [], []
    names: dict[str, Any] = {"_missing": _missing, f"_new{place}": constructor(cls)}
    for number, key in enumerate(keys(cls)):
        part = _value(key, indent, f"{place}_{number}")
        marker = f"there{place}_{number}"
        lines.append(rf"{_spelled(key)}(?({marker})(?!))(){part.pattern}")
        groups += [marker, *part.groups]
        needed = f"(value if (value := {part.expression}) is not None else _missing())"
        values.append(needed if key.required else part.expression)
        names |= part.names
    mapping = rf"[\"']?+(?:{'|'.join(lines)})"
    if has_others:
        known = "|".join(map(re.escape, _places(cls)))
        other = rf"""(?!["']?(?:{known})["']?[ ]*+:){entry(indent)}"""
        mapping += rf"|(?(others)(?!))({other}(?:{indent}{other})*+)"
        groups.append("others")
    return Part(f"(?:{start}(?:{mapping}){NOTHING}*+)*+", tuple(groups), f"_new{place}({', '.join(values)})", names)


def _compiled(before: str, part: Part, after: str = "") -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Compile a pattern, and the function that makes a value from its groups, which are those of *part*.

    Conditions name groups that follow. Python only takes their numbers.
    """
    numbers = {name: str(number) for number, name in enumerate(part.groups, 1)}
    pattern = re.sub(r"(?<=\(\?\()\w+", lambda name: numbers[name[0]], f"{before}{part.pattern}{after}")
    return re.compile(pattern), part.reader()


def _spelled(key: Key) -> str:
    """Return the pattern of a key, after an optional quotation mark, up to its colon.

    An unusual name is read only as the publisher would write it.
    """
    written = written_key(key.name)
    name = re.escape(written)
    if re.fullmatch(r"[\w-]+", written):
        return rf"""{name}(?:(?<!["']{name})|(?<="{name})"|(?<='{name})')[ ]{{0,20}}+:"""
    return (rf'(?<="){re.escape(written[1:])}' if written[0] == '"' else rf"(?<![\"']){name}") + ":"


def _missing() -> None:
    raise NotSure


def _value(key: Key, indent: str, place: str) -> Part:
    """Return the part for the lines after a key's colon, up to the next entry. The key's line begins with *indent*.

    The last group takes the lines in any spelling. `re` may leave a group set by an alternative that did not match, so
    this group is checked first.
    """
    kind, read = key.kind, f"_read{place}"
    may_be_flush = kind.is_list or kind is DATA
    below = rf"{indent}(?:[ ]|-[ ])[^\n]*+\n|{NOTHING}" if may_be_flush else rf"{indent}[ ][^\n]*+\n|[ ]*+\n"
    lines = f"({value_lines(indent, below)})"
    common = _common(key, indent, place)
    if common is None:
        value = f"{read}({place})"
        if kind.is_list and class_of(kind) is None:  # items must not share a list
            value = f"(None if (value := {value}) is None else list(value))"
        return Part(lines, (place,), f"({value} if {place} else {kind.absent})", {read: _reader(key)})
    return Part(
        f"(?:{common.pattern}|{lines})",
        (*common.groups, place),
        f"({read}({place}) if {place} else {common.expression} else {kind.absent})",
        {**common.names, read: _reader(key)},
    )


def _common(key: Key, indent: str, place: str) -> Part | None:
    """Return the part for the most common spellings, if these have groups of their own."""
    cls = class_of(key.kind)
    if cls is None:
        return _text(key.kind, place, indent) if key.kind.takes_quotes else None
    if not key.kind.is_list:
        return _mapping(cls, indent, place)
    is_flat = not any(field.kind.is_block for field in keys(cls))
    return _flat_list(cls, indent, place) if is_flat else None


def _text(kind: Kind, place: str, indent: str) -> Part:
    """Return the part for text on one line: in quotes, or without quotes if it is certainly text."""
    double, single, plain, read = f"_double{place}", f"_single{place}", f"_plain{place}", f"_read{place}"
    make, end = "" if kind.python is str else f"_make{place}", r"(?:[ ]++\#.*+)?+\n"
    return Part(
        rf"""[ ]"(.+)"{end}|[ ]'(.+)'{end}|[ ]({PLAIN_TEXT})\n(?!\n|{indent}[ ])""",
        (double, single, plain),
        f"""{make}({plain}) if {plain} else ({make}({double}) if '"' not in {double} and '\\\\' not in {double}"""
        f""" else {read}(f' "{{{double}}}"\\n')) if {double} else ({make}({single}) if "'" not in {single}"""
        f""" else {read}(f" '{{{single}}}'\\n")) if {single}""",
        {f"_make{place}": kind.from_quoted},
    )


def _mapping(cls: type, indent: str, place: str) -> Part:
    """Return the part for a block mapping that has only known keys."""
    own = f"indent{place}"
    record = _record(cls, f"(?P={own})", place)
    return Part(
        rf"{REST}(?=(?P<{own}>{indent}[ ]++)[^ \-]){record.pattern}(?!{indent}[ ])",
        (own, *record.groups),
        f"{record.expression} if {own}",
        record.names,
    )


def _flat_list(cls: type, indent: str, place: str) -> Part:
    """Return the part for a block list of flat mappings. The first has its own groups: most lists have only one."""
    dash, blanks, block, read = f"dash{place}", f"blanks{place}", f"block{place}", f"_read{place}"
    record = _record(cls, rf"(?P={dash})[ ](?P={blanks})", place, after_dash=True)
    items = rf"(?:(?P={dash})-[ ].*\n(?:(?P={dash})[ ].*\n|{NOTHING})*+)*+"
    return Part(
        rf"{REST}(?P<{dash}>{indent}[ ]*+)-(?P<{blanks}>[ ]++){record.pattern}(?<=\n)({items})"
        rf"(?!{indent}(?:[ ]|-[ ]))",
        (dash, blanks, *record.groups, block),
        f"[{record.expression}, *{read}(f'\\n{{{block}}}')] if {block} else [{record.expression}] if {blanks}",
        record.names,
    )


@cached
def _mapping_pattern(cls: type, indent: str) -> tuple[re.Pattern[str], Callable[..., Any]]:
    return _compiled(f"{NOTHING}*+", _record(cls, indent, "_", has_others=True))


@cached
def _entry_pattern(cls: type, number: int) -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Return the pattern for one entry, and the function that makes its value."""
    key = keys(cls)[number]
    part = _value(key, "(?P=indent)", "_")
    start = rf"""(?P<indent>[ ]*+)["']?+{_spelled(key)}"""
    return _compiled(start, part._replace(groups=("indent", *part.groups)), f"{NOTHING}*+")


@cached
def _item_pattern(cls: type) -> tuple[re.Pattern[str], Callable[..., Any]]:
    """Return the pattern for an entry of a block list or any other text, and the function that makes an object."""
    record = _record(cls, "(?P=dash)[ ](?P=blanks)", "_", after_dash=True)
    part = record._replace(groups=("dash", "blanks", *record.groups, "nothing_else"))
    return _compiled("(?P<dash>[ ]*+)-(?P<blanks>[ ]++)", part, r"(?<=\n)|((?s:.+))")


# Values


@cache
def _reader(key: Key) -> Callable[[str], Any]:
    """Make a function that reads the value of a key in any spelling: the lines after the colon.

    Lines in any other spelling are composed by ruamel.yaml, separately from the rest of the text.
    """
    kind, cls = key.kind, class_of(key.kind)
    if cls is None:
        read_lines = read_data if kind is DATA else (texts_reader if kind.is_list else scalar_reader)(kind)
    else:
        read_lines = partial(_read_list, key=key, cls=cls) if kind.is_list else partial(_read_mapping, cls=cls)

    def read(lines: str) -> Any:
        try:
            value = read_lines(lines)
        except NotSure:
            value = _composed_value(lines, kind)
        return empty(kind) if value is None else value

    return read if cls is not None or kind is DATA else ShortTexts(read).__getitem__


def _composed_value(lines: str, kind: Kind) -> Any:
    """Return the value of the lines after a colon, composed by ruamel.yaml below an underscore in place of the key."""
    text = f"_:{lines}"
    _, node = sole_pair(_composed(text))
    if isinstance(node, Scalar) and node.style not in ("'", '"') and "\n" in text[node.start : node.end]:
        raise NotSure  # only the column of the key tells which lines belong to it
    return None if is_null_node(node) else structure(node, kind.python)


# Mappings


def _read_mapping(lines: str, cls: type) -> Any:
    """Make an object of *cls* from a mapping in a block or in braces, or return ``None`` if it is null."""
    if BLANK.fullmatch(lines) or NULL.fullmatch(lines):
        return None
    if HEAD.match(lines):
        return read(lines, cls)
    block = flow_lines(lines.lstrip(" "))
    if block is None:
        raise NotSure
    return read("\n".join([*block, ""]), cls)


@cached
def _places(cls: type) -> dict[str, int]:
    """Return the indexes of the keys of *cls* by name."""
    return {key.name: place for place, key in enumerate(keys(cls))}


def _split(text: str, cls: type) -> tuple[dict[int, str], dict[str, str]]:
    """Split a block mapping into the lines of its entries: known ones by the index of the key, others by the key."""
    entries = split_entries(text)
    places = _places(cls)
    known = {places[name]: lines for lines, name in entries if name in places}
    unknown = {name: lines for lines, name in entries if name not in places}
    if len(known) + len(unknown) != len(entries):  # a duplicate key
        raise NotSure
    return known, unknown


def _read_entry(lines: str, cls: type, number: int) -> Any:
    """Return the value of an entry, using its pattern or ruamel.yaml."""
    pattern, make = _entry_pattern(cls, number)
    match = pattern.fullmatch(lines)
    if match is not None:
        try:
            return make(*match.groups(""))
        except NotSure:
            pass
    _, node = sole_pair(_composed(lines))
    return None if is_null_node(node) else structure(node, keys(cls)[number].kind.python)


def _read_unknown(entries: dict[str, str], cls: type) -> dict[str, Any]:
    """Read entries whose keys the model does not name."""
    values: dict[str, Any] = {}
    for name, lines in entries.items():
        if key_problem(name):
            raise NotSure
        try:
            values[name] = read_data(lines[KEY.match(lines).end() :])  # type: ignore[union-attr]
        except NotSure:
            values |= extras({name: sole_pair(_composed(lines))[1]}, [], cls)
    return values


# Lists


def _read_list(lines: str, key: Key, cls: type) -> list[Any] | Unread | None:
    """Make the objects in the block list of *key*, with one pattern or one by one, or leave them unread."""
    start = FIRST_DASH.match(lines)
    if start is None:
        block = flow_lines(lines.lstrip(" "))
        return _read_list("\n".join(["", *block, ""]), key, cls) if block else no_list(lines)
    text, indent = lines[start.start(1) :], start[1][:-1]
    if key.deferred and len(indent) == STEP and (unread := unread_list(text.rstrip("\n") + "\n", key)) is not None:
        return unread
    return _read_items(text, cls)


def _read_items(text: str, cls: type) -> list[Any]:
    """Make the objects in a block list, with one pattern or one by one. *text* begins with the first dash's line."""
    pattern, make = _item_pattern(cls)
    try:
        return list(starmap(make, _rows(pattern, text)))
    except NotSure:
        return [_read_item(item, cls) for item in split_items(text)]


def _rows(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, ...]]:
    """Match the entries of a block list, with all dashes in one column, and return the groups of each.

    They are matched one by one, because the groups of thousands of entries do not fit in the caches of processors.
    """
    indent = INDENT.match(text)[1]  # type: ignore[index]
    for match in pattern.finditer(text):
        row = match.groups("")
        if row[0] != indent or row[-1]:
            raise NotSure
        yield row


def read_list(key: Key, lines: str) -> list[Any] | None:
    """Make the objects in the block list of *key*, or return ``None`` if the lines may not represent one."""
    cls = class_of(key.kind)
    start = FIRST_DASH.match(f"\n{lines}")
    if cls is None or start is None or _has_alias(lines, 0, len(lines)):
        return None
    try:
        return _read_items(lines[start.start(1) - 1 :], cls)
    except (NotSure, Refused):
        return None


def _read_item(item: str, cls: type) -> Any:
    """Make an object of *cls* from an entry of a block list. If it is in braces, it is turned into a block first."""
    width = INDENT.match(item).end()  # type: ignore[union-attr]
    if block := flow_lines(item[width:]):
        item = item[:width] + f"\n{' ' * width}".join(block) + "\n"
    try:
        return read(" " * width + item[width:], cls)
    except NotSure:
        return structure(sole_item(_composed(item)), cls)


# Pieces composed by ruamel.yaml


def _composed(text: str) -> Node:
    """Compose a piece of the text on its own.

    Pieces with aliases are left to the YAML reader, which counts the values that all aliases of the text expand to.
    """
    root = compose_piece(text)
    if any(isinstance(node, Alias) for node in walk(root)) or any(duplicates(root, "", SECURED_ALONE)):
        raise NotSure
    return root
