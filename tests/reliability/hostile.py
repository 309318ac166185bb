"""Malicious texts. Most of them have about *n* characters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import newsitem

_HEAD = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"
_IN_LAYOUT = newsitem.dumps(
    newsitem.NewsItem(
        title="TITLE",
        excerpt="EXCERPT",
        published_date_time=datetime(2020, 1, 1, tzinfo=UTC),
        heat=1,
        provider=newsitem.Provider(name="OUTLET"),
        topics=["TOPIC"],
        secured=newsitem.Secured("SECURED"),
        extras={"note": "NOTE", "rank": 777},
    )
)

Text = str | bytes
Case = Callable[[int], Text]


def _by_hand(before: str, repeated: str = "", after: str = "") -> Case:
    """Return a case that follows the required keys with *before*, *repeated* as often as fits, and *after*."""
    return lambda n: f"{_HEAD}{before}{repeated * (n // max(1, len(repeated)))}{after}\n---\n\n"


def _in_layout(place: str, repeated: str, after: str = "") -> Case:
    """Return a case in the canonical layout that has *repeated*, as often as fits, and *after* in a place."""
    assert place in _IN_LAYOUT
    return lambda n: _IN_LAYOUT.replace(place, repeated * (n // len(repeated)) + after)


LINES: Final[dict[str, Case]] = {
    "plain text": _by_hand("a: ", "x"),
    "double quotes": _by_hand('a: "', "x", '"'),
    "escapes": _by_hand('a: "', "\\n", '"'),
    "hexadecimal escapes": _by_hand('a: "', "\\x41", '"'),
    "unknown escapes": _by_hand('a: "', "\\q", '"'),
    "single quotes": _by_hand("a: ", "'"),
    "an unclosed quote": _by_hand('a: "', "x"),
    "spaces": _by_hand("a:", " ", "x"),
    "tabs": _by_hand("a:", "\t"),
    "a comment": _by_hand("", "#"),
    "colons": _by_hand("a: ", ":"),
    "colons and spaces": _by_hand("a: ", ": "),
    "percent signs": _by_hand("", "%"),
    "mismatched brackets": _by_hand("a: ", "[}"),
    "commas": _by_hand("a: [", ","),
    "a key": _by_hand("", "k", ": x"),
    "an explicit key": _by_hand("? ", "k", "\n: x"),
    "a tag": _by_hand("a: !", "x", " y"),
    "a tag with escapes": _by_hand("a: !", "%41", " y"),
    "exclamation marks": _by_hand("a: ", "!"),
    "an anchor": _by_hand("a: &", "x", " y"),
    "an alias": _by_hand("a: *", "x"),
    "three-byte characters": _by_hand("a: ", "日"),
    "byte order marks": _by_hand("a: ", "\ufeff"),
    "bidirectional controls": _by_hand("a: ", "\u202e\u2066"),
    "carriage returns": _by_hand("a: x", "\r"),
    "a block scalar header": _by_hand("a: |", "9"),
    "an integer": _by_hand("heat: ", "9"),
    "a hexadecimal integer": _by_hand("heat: 0x", "f"),
    "an octal integer": _by_hand("heat: 0", "7"),
    "an integer with commas": _by_hand("heat: 1", ",1"),
    "an integer with underscores": _by_hand("a: 1", "_1"),
    "an integer of an unknown key": _by_hand("a: ", "9"),
    "a fraction": _by_hand("a: 1.", "9"),
    "an exponent": _by_hand("a: 1.0e+", "9"),
    "a sexagesimal number": _by_hand("a: ", "9", ":10"),
    "an instant": _by_hand("publishedDateTime: 2020-01-01T00:00:00.", "9"),
    "an instant with spaces": _by_hand("a: 2020-01-01", " ", "00:00:00"),
    "an instant that does not exist": _by_hand("a: 2020-13-01T00:00:00.", "9"),
    "a line that is almost a fence": lambda n: f"---\n---{' ' * n}x\n",
    "no closing fence": lambda n: "---\n" + "\n" * n,
    "dashes": lambda n: "---\n" + "\n--" * (n // 3),
    "outlet": _in_layout("OUTLET", "a"),
    "outlet of colons": _in_layout("OUTLET", "a:", "a"),
    "outlet of hashes": _in_layout("OUTLET", "a#"),
    "outlet of hashes and spaces": _in_layout("OUTLET", "a #"),
    "outlet of spaces": _in_layout("OUTLET", " ", "x"),
    "outlet like an integer": _in_layout("OUTLET", "0"),
    "outlet like an integer with commas": _in_layout("OUTLET", "1,", "1x"),
    "outlet like a sexagesimal number": _in_layout("OUTLET", "1:1", "x"),
    "outlet like an instant": _in_layout("OUTLET", "2020-01-01 ", "x"),
    "outlet like a hexadecimal integer": _in_layout("OUTLET", "0x", "x"),
    "topic of dashes": _in_layout("TOPIC", "- "),
    "title": _in_layout("TITLE", "a"),
    "title of line breaks": _in_layout("TITLE", "a\\n"),
    "title of quotes": _in_layout("TITLE", '"'),
    "title of escaped quotes": _in_layout("TITLE", '\\"'),
    "title of backslashes": _in_layout("TITLE", "\\"),
    "title of tabs": _in_layout("TITLE", "\t"),
    "title of line separators": _in_layout("TITLE", "\u2028"),
    "secured of line breaks": _in_layout("SECURED", "\\n"),
    "unknown text": _in_layout("NOTE", "\\n"),
    "unknown text of quotes": _in_layout("NOTE", '"'),
    "unknown number": _in_layout("777", "7"),
    "unknown key": _in_layout("note", "n"),
    "unknown key of hyphens": _in_layout("note", "n-"),
    "heat": _in_layout("heat: 1", "heat: 1", "1" * 30),
    "body": lambda n: _IN_LAYOUT + "x" * n,
    "body of fences": lambda n: _IN_LAYOUT + "---\n" * (n // 4),
}
"""A very long line or value, for which a pattern could take quadratic time."""

VALUES: Final[dict[str, Case]] = {
    "keys": lambda n: _HEAD + "".join(f"k{number}: v\n" for number in range(n // 8)) + "---\n\n",
    "explicit keys": lambda n: _HEAD + "".join(f"? k{number}\n: v\n" for number in range(n // 10)) + "---\n\n",
    "duplicate keys": _by_hand("", "k: v\n"),
    "empty lists": _by_hand("a: [", "[],", "]"),
    "empty mappings": _by_hand("a: [", "{},", "]"),
    "pairs in a list": _by_hand("a: [", "a: b,", "]"),
    "nulls": _by_hand("a:\n", "-\n"),
    "entries": _by_hand("a:\n", "- a\n"),
    "tags": _by_hand("a: [", "!!str x,", "]"),
    "tags before anchors": _by_hand("a: [", "!!str &a x,", "]"),
    "merge keys": lambda n: _HEAD + "".join(f"<<: {{k{number}: 1}}\n" for number in range(n // 16)) + "---\n\n",
    "empty related items": _by_hand("related:\n", "- {}\n"),
    "related items": _by_hand("related:\n", "- title: x\n"),
    "related items with unknown keys": _by_hand("related:\n", "- title: x\n  foo: 3\n"),
    "related items without titles": _by_hand("related:\n", "- foo: 3\n"),
    "a literal block": _by_hand("a: |\n", "  x\n"),
    "a folded block": _by_hand("a: >\n", "  x\n\n"),
    "a folded line": _by_hand("a: x\n", "  x\n"),
    "empty lines": _by_hand("a: x\n", "\n"),
    "comments": _by_hand("", "# x\n"),
    "controls": _by_hand("a: ", "\x01"),
    "null characters": _by_hand("a: ", "\x00"),
    "carriage returns as line ends": _by_hand("", "a: x\r"),
    "anchors": lambda n: f"{_HEAD}a: [{','.join(f'&a{number} x' for number in range(n // 9))}]\n---\n\n",
    "topics": _in_layout("  - TOPIC\n", "  - T\n"),
    "unknown keys": lambda n: _IN_LAYOUT.replace("rank: 777\n", "".join(f"k{number}: 7\n" for number in range(n // 9))),
    "duplicate unknown keys": _in_layout("rank: 777\n", "k: 7\n"),
    "topics and a line that is not a topic": _in_layout("  - TOPIC\n", "  - T\n", "x\n"),
    "documents": _by_hand("", "... \n"),
}
"""Many values or lines."""

DEPTHS: Final[dict[str, Case]] = {
    "lists": _by_hand("a: ", "["),
    "closed lists": lambda n: f"{_HEAD}a: {'[' * (n // 2)}{']' * (n // 2)}\n---\n\n",
    "mappings": _by_hand("a: ", "{a: "),
    "dashes": _by_hand("a:\n  ", "- "),
    "question marks": _by_hand("a:\n  ", "? "),
    "indented keys": lambda n: _HEAD + "".join(f"{' ' * level}a:\n" for level in range(min(n, 2_000))) + "---\n\n",
    "lists of aliases": lambda n: (
        f"{_HEAD}k0: &a0 [x]\n"
        + "".join(f"k{level}: &a{level} [*a{level - 1}]\n" for level in range(1, min(n, 130)))
        + "---\n\n"
    ),
    "merges of merges": lambda n: (
        f"{_HEAD}k0: &a0 {{a: b}}\n"
        + "".join(f"k{level}: &a{level} {{<<: *a{level - 1}}}\n" for level in range(1, min(n, 80)))
        + "---\n\n"
    ),
}
"""Deeply nested collections."""

TRICKS: Final[dict[str, Case]] = {
    "an alias bomb": lambda _: (
        f"{_HEAD}a0: &a0 [x, x]\n"
        + "".join(f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n" for level in range(1, 40))
        + "---\n\n"
    ),
    "a merge key bomb": lambda _: (
        f"{_HEAD}a0: &a0 {{k: v}}\n"
        + "".join(
            f"a{level}: &a{level} {{<<: [*a{level - 1}, *a{level - 1}], k{level}: v}}\n" for level in range(1, 40)
        )
        + "---\n\n"
    ),
    "aliases of a long text": lambda n: f"{_HEAD}a: &a {'x' * n}\nb: [{'*a,' * 9_000}]\n---\n\n",
    "nested long keys": lambda n: (
        "---\n"
        + "".join(f"{' ' * level}{'k' * 900}:\n" for level in range(60))
        + " " * 60
        + "z: {"
        + "a: 1," * min(n, 5_000)
        + "}\n---\n"
    ),
    "aliases of one value": lambda n: f"{_HEAD}a: &a x\nb: [{'*a,' * min(n, 9_000)}]\n---\n\n",
    "an anchor that contains itself": _by_hand("a: &a [*a]"),
    "a mapping that contains itself": _by_hand("a: &a {b: *a}"),
    "a mapping that merges itself": _by_hand("a: &a {<<: *a}"),
    "a merge of a later mapping": _by_hand("a: {<<: *b}\nb: &b {<<: *a}"),
    "a merge of a text": _by_hand("<<: x"),
    "a merge of a list of texts": _by_hand("<<: [x, {a: b}]"),
    "an anchor as a key": _by_hand("? &a [x]\n: *a"),
    "the item as an alias": lambda _: "---\n&a\ntitle: x\nrelated: *a\n---\n\n",
    "a Python object": _by_hand("a: !!python/object:os.system {command: 'touch /tmp/harm'}"),
    "a Python call": _by_hand("a: !!python/object/apply:os.system ['touch /tmp/harm']"),
    "a Python call as the title": lambda _: _IN_LAYOUT.replace('"TITLE"', "!!python/object/apply:os.getcwd []"),
    "a Ruby object": _by_hand("a: !ruby/object:Gem::Installer {i: x}"),
    "a tag of another type": _by_hand("a: !!int x"),
    "a tag with an unknown handle": _by_hand("a: !e!x y"),
    "a tag with a broken escape": _by_hand("a: !%zz y"),
    "a tag with invalid UTF-8": _by_hand("a: !%ff y"),
    "binary data": _by_hand("title: !!binary '*'"),
    "a set": _by_hand("a: !!set {x, y}"),
    "an ordered mapping": _by_hand("a: !!omap [x: 1, x: 2]"),
    "a directive": lambda _: "---\n%YAML 9.9\n---\n\n",
    "a tag directive": lambda _: "---\n%TAG ! tag:x,\n--- \ntitle: x\n---\n",
    "a second document": _by_hand("--- x"),
    "a lone surrogate": _by_hand("a: \ud800"),
    "an escaped lone surrogate": _by_hand('a: "\\ud800"'),
    "a character beyond Unicode": _by_hand('a: "\\U00110000"'),
    "an escaped null character": _by_hand('title: "\\0"'),
    "half a character": lambda _: _HEAD.encode() + b"a: \xe6\x97\n---\n\n",
    "an overlong encoding": lambda _: _HEAD.encode() + b"a: \xc0\xaf\n---\n\n",
    "Latin-1": lambda _: _HEAD.encode() + b"a: caf\xe9\n---\n\n",
    "UTF-16": lambda _: _IN_LAYOUT.encode("utf-16"),
    "UTF-32": lambda _: _IN_LAYOUT.encode("utf-32"),
    "an empty file": lambda _: b"",
    "a byte order mark": lambda _: b"\xef\xbb\xbf",
    "only a fence": lambda _: "---",
    "two fences": lambda _: "---\n---\n",
    "null bytes": bytes,
    "random bytes": lambda n: b"---\n" + bytes(number * 7919 % 251 for number in range(n)) + b"\n---\n",
    "a mapping as the title": lambda _: _IN_LAYOUT.replace('"TITLE"', "{a: b}"),
    "a list as the provider": lambda _: _IN_LAYOUT.replace("  name: OUTLET", "  - a"),
    "a mapping as the related items": _by_hand("related: {a: b}"),
    "a null as a related item": _by_hand("related: [~]"),
    "a five-digit year": lambda _: _IN_LAYOUT.replace("2020-", "12020-"),
    "an instant before year 1": lambda _: _IN_LAYOUT.replace("2020-01-01T00:00:00Z", "0001-01-01T00:00:00+23:00"),
    "keys with control characters": _by_hand('"\\e[31m": x\n"\\e[31m": y'),
    "keys named like attributes": _by_hand("__class__: x\n_source: y\npath: /etc/passwd\nextras: {a: b}\nbody: z"),
}
"""Texts that are malicious at any size."""

CASES: Final[dict[str, Case]] = {
    f"{kind}: {name}": case
    for kind, cases in (("line", LINES), ("values", VALUES), ("depth", DEPTHS), ("trick", TRICKS))
    for name, case in cases.items()
}
