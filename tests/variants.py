"""Turn texts in the canonical layout into hand-edited texts with the same meaning.

Variants that write a value on several lines come last when variants are combined, because the others work line by line.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

import yaml
from libyaml import DUMPER, LOADER

_KEY = re.compile(r"^(\s*(?:- )?[A-Za-z]+:)(.*)$")
_FRONT_MATTER = re.compile(r"(---\n)(.*?)(\n---(?:\n.*)?)", re.DOTALL)
_PAIR = re.compile(
    r"""
    (?P<before>[ ]*(?:-[ ]+)?)                                        # the indentation, and the dash of a list entry
    (?P<key>[A-Za-z]\w*):[ ]+
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'&*!|>\[{\#].*?)  # quoted or plain
    (?P<comment>[ ]+\#.*)?
    """,
    re.VERBOSE,
)
_BREAKS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
"""Characters that need a backslash, or that end a line in some versions of YAML."""
_NOT_TEXT: Final = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Words that are text only in quotes."""
_OPTIONAL: Final = ("originalUrl", "ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "removed", "featuredContent", "tags")
_OPTIONAL_IN_RELATED: Final = ("ampWebUrl", "cdnAmpWebUrl", "quality")
_NULLS: Final = ("", " ~", " null", " Null", " NULL")
_ZONES: Final = (0, 120, -300, 330)
"""Offsets from UTC, in minutes."""


def _content(text: str, change: Callable[[list[str]], list[str]]) -> str:
    """Change the lines of the front matter. Line endings and the body stay the same."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    parts = _FRONT_MATTER.fullmatch(text.replace("\r\n", "\n"))
    if parts is None:
        return text
    content = parts[1] + "\n".join(change(parts[2].split("\n"))) + parts[3]
    return content.replace("\n", line_end)


def _values(text: str, change: Callable[[re.Match[str]], str | None]) -> str:
    """Replace the values of keys, with their comments. A value for which *change* returns ``None`` stays the same.

    A value is not turned into a block scalar if a comment follows on the next line, which could become part of it.
    """

    def changed(lines: list[str]) -> Iterator[str]:
        for line, following in zip(lines, _following(lines), strict=True):
            pair = _PAIR.fullmatch(line)
            after = change(pair) if pair else None
            is_swallowed = after is not None and after[0] in "|>" and following.lstrip().startswith("#")
            yield line if pair is None or after is None or is_swallowed else f"{pair['before']}{pair['key']}: {after}"

    return _content(text, lambda lines: list(changed(lines)))


def _following(lines: list[str]) -> list[str]:
    """Return the next non-empty line for each line."""
    result, following = [], ""
    for line in reversed(lines):
        result.append(following)
        following = line if line.strip() else following
    return result[::-1]


def _text(value: str) -> str | None:
    """Return the text of a quoted value, or ``None`` if it is not quoted or cannot be written in another style."""
    if value.startswith("'"):
        text = value[1:-1].replace("''", "'")
    elif value.startswith('"'):
        try:
            text = json.loads(value, strict=False)
        except ValueError:  # an escape that only YAML has
            return None
    else:
        return None
    return None if _BREAKS.search(text) else text


def _is_bare(text: str) -> bool:
    """Whether every parser reads the text as text even without quotes."""
    return (
        text[:1].isalpha()
        and text == text.strip()
        and "\n" not in text
        and re.search(r":(?: |$)| #", text) is None
        and text.lower() not in _NOT_TEXT
    )


def _wrapped(text: str, width: int, next_line: str = r"\S") -> list[str]:
    """Break *text* into lines of at least *width* characters, at single spaces that are followed by *next_line*."""
    lines, start = [], 0
    for blank in re.finditer(rf"(?<=\S) (?={next_line})", text):
        if blank.start() - start >= width:
            lines.append(text[start : blank.start()])
            start = blank.end()
    return [*lines, text[start:]]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _blocks(lines: list[str], before: str = "", start: str = r"\w+:") -> list[list[str]]:
    """Split *lines* before each line that begins with *before* and then with *start*, by default a key."""
    blocks: list[list[str]] = []
    for line in lines:
        if not blocks or re.match(before + start, line):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _related(lines: list[str]) -> range:
    """Return the range of the lines of the related items, or of all lines if there are no related items."""
    places = [number for number, line in enumerate(lines) if line.startswith("related:")]
    if not places:
        return range(len(lines))
    start = places[0] + 1
    ends = (number for number, line in enumerate(lines[start:], start) if re.match(r"\w", line))
    return range(start, next(ends, len(lines)))


def comments(text: str, rng: random.Random) -> str:
    """Add comments above lines and at the ends of lines."""
    mark = rng.choice(("  # ", "\t# ", " #\t"))

    def change(lines: list[str]) -> list[str]:
        result = []
        for line in lines:
            if rng.random() < 0.2:
                result.append(" " * rng.randrange(5) + f"# note {rng.randrange(100)}: 'quoted' - and [more]")
            trailing = line.strip() and rng.random() < 0.3
            result.append(f"{line}{mark}{rng.randrange(100)}" if trailing else line)
        return result

    return _content(text, change)


def comment_after_value(text: str, rng: random.Random) -> str:
    """Add a comment after the value of one key."""

    def change(lines: list[str]) -> list[str]:
        places = [number for number, line in enumerate(lines) if line[:1].strip() and _PAIR.fullmatch(line)]
        chosen = rng.choice(places) if places else None
        return [f"{line}  # checked" if number == chosen else line for number, line in enumerate(lines)]

    return _content(text, change)


def comments_above_keys(text: str, rng: random.Random) -> str:
    """Add comments above half of the keys of the item."""

    def change(lines: list[str]) -> list[str]:
        places = [number for number, line in enumerate(lines) if re.match(r"\w+:", line)]
        chosen = set(rng.sample(places, (len(places) + 1) // 2))
        added = {number: f"# about {lines[number].split(':')[0]}: see 'above'\n" for number in chosen}
        return [added.get(number, "") + line for number, line in enumerate(lines)]

    return _content(text, change)


def comments_in_related(text: str, rng: random.Random) -> str:
    """Add comments after values and above keys in related items, about one per item.

    If there are no related items, add the comments in other blocks.
    """

    def change(lines: list[str]) -> list[str]:
        inside = [number for number in _related(lines) if lines[number].startswith(" ")]
        pairs = [number for number in inside if _PAIR.fullmatch(lines[number])]
        entries = sum(re.match("  - ", lines[number]) is not None for number in inside)
        for number in rng.sample(pairs, min(len(pairs), max(1, entries))):
            line = lines[number]
            above = " " * _indentation(line) + "# seen: twice\n" + line
            lines[number] = above if rng.random() < 0.3 else f"{line}  # as seen"
        return lines

    return _content(text, change)


def crlf(text: str, rng: random.Random) -> str:
    """End all lines with CRLF, or sometimes only some of them."""
    if rng.random() < 0.5:
        return re.sub("\r?\n", "\r\n", text)
    return re.sub("\r?\n", lambda _: "\r\n" if rng.random() < 0.5 else "\n", text)


def single_quotes(text: str, rng: random.Random) -> str:
    """Write quoted text in single quotes, and sometimes also plain names."""

    def change(pair: re.Match[str]) -> str | None:
        value = _text(pair["value"])
        if value is None and pair["key"] in {"name", "domain", "type"} and _is_bare(pair["value"]):
            value = pair["value"] if rng.random() < 0.2 else None
        if value is None or "\n" in value or rng.random() >= 0.8:
            return None
        return "'" + value.replace("'", "''") + "'" + (pair["comment"] or "")

    return _values(text, change)


def bare_urls(text: str, rng: random.Random) -> str:
    """Write URLs without quotes."""
    del rng

    def change(pair: re.Match[str]) -> str | None:
        value = _text(pair["value"])
        is_url = value is not None and re.fullmatch(r"https?://\S+", value) is not None
        return value + (pair["comment"] or "") if value is not None and is_url and _is_bare(value) else None

    return _values(text, change)


def bare_text(text: str, rng: random.Random) -> str:
    """Write text without quotes if it stays the same text."""

    def change(pair: re.Match[str]) -> str | None:
        value = _text(pair["value"])
        return value + (pair["comment"] or "") if value is not None and _is_bare(value) and rng.random() < 0.8 else None

    return _values(text, change)


def flow_lists(text: str, rng: random.Random) -> str:
    """Write lists of text in brackets, on one line."""
    return _in_brackets(text, rng, lambda head, entries: [f"{head} [{', '.join(entries)}]"])


def flow_lists_on_lines(text: str, rng: random.Random) -> str:
    """Write lists of text in brackets, with a line for each entry, and the last bracket below the key or indented."""
    end = rng.choice(("]", "  ]", "]  # all"))
    return _in_brackets(text, rng, lambda head, entries: [f"{head} [", *(f"  {entry}," for entry in entries), end])


def _in_brackets(text: str, rng: random.Random, written: Callable[[str, list[str]], list[str]]) -> str:
    """Write lists of text in brackets, as the lines that *written* returns for the key and the entries."""

    def entry(value: str) -> str | None:
        is_plain = _is_bare(value) and _BREAKS.search(value) is None
        if not is_plain or re.search(r"[\\\"]", value):
            return value if re.fullmatch(r'"[^"\\]*"', value) else None
        spellings = [f'"{value}"', "'" + value.replace("'", "''") + "'"]
        return rng.choice(spellings if re.search(r"[,\[\]{}]", value) else [*spellings, value, value])

    def change(lines: list[str]) -> list[str]:
        result = []
        for block in _blocks(lines):
            entries = [entry(line[4:]) for line in block[1:] if line.startswith("  - ")]
            blanks = [line for line in block[1:] if not line]
            of_text = entries and None not in entries and len(entries) + len(blanks) + 1 == len(block)
            if re.fullmatch(r"\w+:", block[0]) and of_text:
                result += [*written(block[0], list(filter(None, entries))), *blanks]
            else:
                result += block
        return result

    return _content(text, change)


def spelled_keys(text: str, rng: random.Random) -> str:
    """Write some keys in quotes or with spaces before the colon."""

    def spelled(key: re.Match[str]) -> str:
        spelling = rng.choice(('"{}":', "'{}':", "{} :", '"{}"  :')) if rng.random() < 0.2 else "{}:"
        return key[1] + spelling.format(key[2])

    return _content(
        text, lambda lines: [re.sub(r"^([ ]*(?:- +)?)([A-Za-z]\w*):(?=[ ]|$)", spelled, line) for line in lines]
    )


def shuffled(text: str, rng: random.Random) -> str:
    """Shuffle the keys of the item, each with its block."""

    def change(lines: list[str]) -> list[str]:
        blocks = _blocks(lines)
        rng.shuffle(blocks)
        return [line for block in blocks for line in block]

    return _content(text, change)


def shuffled_inside(text: str, rng: random.Random) -> str:
    """Shuffle all keys, including those of nested mappings."""

    def entry(lines: list[str], before: str) -> list[str]:
        """Shuffle the keys of a list entry. The first of them goes after the dash."""
        own = lines[0].removeprefix(f"{before}- ")
        if not re.match(r"\w+:(?: |$)", own):
            return lines
        first, *others = mapping([f"{before}  {own}", *lines[1:]], f"{before}  ")
        return [f"{before}- {first.removeprefix(f'{before}  ')}", *others]

    def mapping(lines: list[str], before: str) -> list[str]:
        pairs = [[head, *block(inside)] for head, *inside in _blocks(lines, before)]
        rng.shuffle(pairs)
        return [line for pair in pairs for line in pair]

    def block(lines: list[str]) -> list[str]:
        """Shuffle the keys of a block. Empty lines after the block stay there."""
        end = max((number for number, line in enumerate(lines, 1) if line.strip()), default=0)
        if not end:
            return lines
        before = " " * _indentation(lines[0])
        if not lines[0].startswith(f"{before}- "):
            return [*mapping(lines[:end], before), *lines[end:]]
        entries = _blocks(lines[:end], before, "- ")
        return [*(line for lines_of in entries for line in entry(lines_of, before)), *lines[end:]]

    return _content(text, lambda lines: mapping(lines, ""))


def four_spaces(text: str, rng: random.Random) -> str:
    """Indent by four spaces instead of two."""
    del rng
    return _content(
        text,
        lambda lines: [
            re.sub(r"^ +", lambda match: match[0] * 2, line).replace("- ", "-   ", line.lstrip().startswith("- "))
            for line in lines
        ],
    )


def indented_block(text: str, rng: random.Random) -> str:
    """Indent one block by two more spaces, and leave the others unchanged."""

    def change(lines: list[str]) -> list[str]:
        blocks = _blocks(lines)
        places = [
            number for number, block in enumerate(blocks) if any(line.startswith(("  ", "- ")) for line in block[1:])
        ]
        if places:
            chosen = blocks[rng.choice(places)]
            chosen[1:] = [f"  {line}" if line else line for line in chosen[1:]]
        return [line for block in blocks for line in block]

    return _content(text, change)


def flush_dashes(text: str, rng: random.Random) -> str:
    """Write the dashes of lists flush with their key, in top-level lists only or in all lists."""
    everywhere = rng.random() < 0.5

    def change(lines: list[str]) -> list[str]:
        for number, line in enumerate(lines[:-1]):
            head = re.fullmatch(r"( *(?:- +)?)\w+:(?: +#.*)?", line)
            dash = len(head[1]) + 2 if head and (everywhere or not head[1]) else None
            if dash is None or not lines[number + 1].startswith(" " * dash + "- "):
                continue
            for place in range(number + 1, len(lines)):
                if lines[place] and _indentation(lines[place]) < dash:
                    break
                lines[place] = lines[place][2:]
        return lines

    return _content(text, change)


def tabs(text: str, rng: random.Random) -> str:
    """Separate keys from values with tabs, and add tabs at the ends of lines."""

    def change(lines: list[str]) -> list[str]:
        tabbed = [re.sub(_KEY, r"\1\t\2", line) if rng.random() < 0.3 else line for line in lines]
        return [f"{line}\t" if line.strip() and rng.random() < 0.2 else line for line in tabbed]

    return _content(text, change)


def nulls(text: str, rng: random.Random) -> str:
    """Add keys that are missing, with a null value in any spelling."""

    def absent(lines: list[str], keys: tuple[str, ...], before: str) -> Iterator[str]:
        found = {match[1] for line in lines if (match := re.match(r"[ -]*(\w+):", line)) and match.end(1) > len(before)}
        yield from (f"{before}{key}:{rng.choice(_NULLS)}" for key in keys if key not in found)

    def change(lines: list[str]) -> list[str]:
        blocks = _blocks(lines)
        names = [block[0] for block in blocks]
        for line in list(absent(names, _OPTIONAL, ""))[: rng.randrange(1, 4)]:
            blocks.insert(rng.randrange(len(blocks) + 1) if names else 0, [line])
        for block in blocks:
            if block[0] == "related:":
                block[1:] = [line for entry in _blocks(block[1:], "  ", "- ") for line in in_related(entry)]
        return [line for block in blocks for line in block]

    def in_related(entry: list[str]) -> list[str]:
        own = [line for line in entry if re.match(r"  (?:- |  )\w", line)]
        missing = list(absent(own, _OPTIONAL_IN_RELATED, "    "))
        is_plain = _PAIR.fullmatch(entry[0]) is not None
        return [entry[0], *missing[:1], *entry[1:]] if is_plain and missing and rng.random() < 0.5 else entry

    return _content(text, change)


def instants(text: str, rng: random.Random) -> str:
    """Write instants with a space and a UTC offset, with a fraction, without a time zone, or as a date."""

    def change(pair: re.Match[str]) -> str | None:
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", pair["value"]):
            return None
        return spelled(datetime.fromisoformat(pair["value"])) + (pair["comment"] or "")

    def spelled(instant: datetime) -> str:
        zone = timezone(timedelta(minutes=rng.choice(_ZONES)))
        local = instant.astimezone(zone) if 1 < instant.year < 9999 else instant
        text, offset = local.strftime("%Y-%m-%d %H:%M:%S"), f"{local:%z}"
        utc = instant.isoformat(" ").removesuffix("+00:00")
        spellings = [
            *(f"{text} {offset}", f"{text} {offset[:3]}:{offset[3:]}", f"{text}{offset[:3]}:{offset[3:]}"),
            *(f"{utc} Z", f"{utc}.0Z", utc, utc.replace(" ", "t") + "Z"),
        ]
        is_date = instant == datetime.combine(
            date.min.replace(instant.year, instant.month, instant.day), instant.min.time(), UTC
        )
        return f"{instant:%Y-%m-%d}" if is_date else rng.choice(spellings)

    return _values(text, change)


def _folded(pair: re.Match[str], width: int) -> str | None:
    value = _text(pair["value"])
    if not value or "\n" in value or value != value.strip():
        return None
    before = "\n" + " " * (len(pair["before"]) + 2)
    return f">-{pair['comment'] or ''}" + "".join(before + line for line in _wrapped(value, width))


def folded_excerpt(text: str, rng: random.Random) -> str:
    """Write the excerpt of the item as a folded block scalar."""
    del rng
    return _values(text, lambda pair: _folded(pair, 70) if pair["key"] == "excerpt" and not pair["before"] else None)


def folded(text: str, rng: random.Random) -> str:
    """Write texts at any depth as folded block scalars."""
    return _values(text, lambda pair: _folded(pair, rng.choice((10, 70))) if rng.random() < 0.5 else None)


def literal(text: str, rng: random.Random) -> str:
    """Write texts at any depth as literal block scalars."""

    def change(pair: re.Match[str]) -> str | None:
        value = _text(pair["value"])
        lines = value.removesuffix("\n").split("\n") if value else [""]
        is_safe = lines[0] == lines[0].lstrip() and lines[0] and lines[-1] and not any(map(str.isspace, lines))
        if value is None or not is_safe or rng.random() >= 0.5:
            return None
        indentation = " " * (len(pair["before"]) + rng.choice((2, 2, 3)))
        head = ("|" if value.endswith("\n") else "|-") + (pair["comment"] or rng.choice(("", "", "  # as it came")))
        return "\n".join([head, *(indentation + line if line else line for line in lines)])

    return _values(text, change)


def several_lines(text: str, rng: random.Random) -> str:
    """Continue plain and quoted texts on the next lines."""

    def change(pair: re.Match[str]) -> str | None:
        value = _text(pair["value"])
        if not value or "\n" in value or rng.random() >= 0.5:
            return None
        width = rng.choice((10, 70))
        lines = _wrapped(pair["value"], width)
        if _is_bare(value) and rng.random() < 0.5:
            lines = _wrapped(value, width, "[A-Za-z]")
        return ("\n" + " " * (len(pair["before"]) + 2)).join(lines) + (pair["comment"] or "")

    return _values(text, change)


def dumped(text: str, rng: random.Random) -> str:
    """Write the front matter as PyYAML does: other quotes, flush dashes, wrapped lines, no empty lines."""
    del rng
    return _dumped(text)


def dumped_and_sorted(text: str, rng: random.Random) -> str:
    """Write the front matter as PyYAML does by default, with the keys of all mappings in alphabetical order."""
    del rng
    return _dumped(text, sort_keys=True)


def dumped_with_braces(text: str, rng: random.Random) -> str:
    """Write the front matter as PyYAML did before version 5.1: the innermost collections are in brackets or braces."""
    del rng
    return _dumped(text, sort_keys=True, has_braces=True)


def _dumped(text: str, *, sort_keys: bool = False, has_braces: bool = False) -> str:
    def plain(node: Any) -> None:
        if isinstance(node, yaml.ScalarNode):
            node.style = None
            if node.tag.endswith(":timestamp"):
                node.value = re.sub(r"T(.*)Z$", r" \1+00:00", node.value)
            return
        if sort_keys and isinstance(node, yaml.MappingNode):
            node.value.sort(key=lambda pair: pair[0].value)
        children = [part for child in node.value for part in (child if isinstance(child, tuple) else (child,))]
        node.flow_style = has_braces and all(isinstance(child, yaml.ScalarNode) for child in children)
        for child in children:
            plain(child)

    def change(lines: list[str]) -> list[str]:
        root = yaml.compose("\n".join(lines), LOADER)
        plain(root)
        written: str = yaml.serialize(root, Dumper=DUMPER, allow_unicode=True)
        return written.removesuffix("\n").split("\n")

    return _content(text, change)


def anchor_and_alias(text: str, rng: random.Random) -> str:
    """Add an anchor to the first use of a value, and write an alias wherever the value is repeated."""
    counts: dict[str, int] = {}

    def count(pair: re.Match[str]) -> None:
        counts[pair["value"]] = counts.get(pair["value"], 0) + 1

    _values(text, count)
    repeated = [value for value, number in counts.items() if number > 1] or list(counts)
    chosen = rng.choice(repeated) if repeated else None
    names = iter(["&same " + (chosen or "")])

    def change(pair: re.Match[str]) -> str | None:
        return next(names, "*same") + (pair["comment"] or "") if pair["value"] == chosen else None

    return _values(text, change)


def tags(text: str, rng: random.Random) -> str:
    """Add a tag to the title, and sometimes to other values."""

    def change(pair: re.Match[str]) -> str | None:
        is_text = pair["value"][0] in "\"'"
        is_integer = re.fullmatch(r"[1-9]\d*", pair["value"]) and pair["key"] in {"quality", "heat", "width", "height"}
        if not (is_text or is_integer) or (pair["key"] != "title" and rng.random() >= 0.2):
            return None
        return f"{'!!str' if is_text else '!!int'} {pair['value']}{pair['comment'] or ''}"

    return _values(text, change)


Variant = Callable[[str, random.Random], str]

BY_HAND: dict[str, Variant] = {
    "comment after a value": comment_after_value,
    "comments above keys": comments_above_keys,
    "comments in related items": comments_in_related,
    "single quotes": single_quotes,
    "bare URLs": bare_urls,
    "brackets": flow_lists,
    "key order": shuffled,
    "indented block": indented_block,
    "flush dashes": flush_dashes,
    "folded excerpt": folded_excerpt,
}
"""The most common edits. The benchmarks measure each of them separately, and all at once."""


def everything(text: str, rng: random.Random) -> str:
    """Make all of the most common edits at once."""
    first = ("key order", "bare URLs", "brackets")  # URLs must lose their quotes before other texts get single quotes
    for name in (*first, *(name for name in BY_HAND if name not in first)):
        text = BY_HAND[name](text, rng)
    return text


VARIANTS: dict[str, Variant] = {
    **BY_HAND,
    "all at once": everything,
    "comments": comments,
    "crlf": crlf,
    "bare text": bare_text,
    "nested key order": shuffled_inside,
    "four spaces": four_spaces,
    "brackets on lines": flow_lists_on_lines,
    "spelled keys": spelled_keys,
    "tabs": tabs,
    "nulls": nulls,
    "instants": instants,
    "folded": folded,
    "literal": literal,
    "several lines": several_lines,
    "PyYAML's layout": dumped,
    "PyYAML's order": dumped_and_sorted,
    "PyYAML's braces": dumped_with_braces,
    "anchor and alias": anchor_and_alias,
    "tags": tags,
}
_CHAIN: Final = (
    *("nested key order", "key order", "nulls", "instants", "bare URLs", "bare text", "single quotes", "brackets"),
    *("four spaces", "flush dashes", "indented block", "tabs", "spelled keys", "comments"),
    *("literal", "folded", "several lines"),
)


def by_hand(text: str, rng: random.Random) -> str:
    """Apply several variants to *text*, chosen at random.

    Comments move to the margin before block scalars are written: an indented comment would become part of a block
    scalar if the lines between them were removed.
    """
    for name in _CHAIN:
        if rng.random() < 0.5:
            text = re.sub("^ +#", "#", text, flags=re.MULTILINE) if name in {"literal", "folded"} else text
            text = VARIANTS[name](text, rng)
    return crlf(text, rng) if rng.random() < 0.3 else text
