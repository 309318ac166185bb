"""Edits of hand-edited block collections: the exact text afterwards."""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from changes import Change, edited, extras, several
from hypothesis import given
from hypothesis import strategies as st
from people import made
from small_items import HEAD, text_with

import newsitem
from newsitem import FrontMatter, NewsItem, key


def add_several(item: newsitem.NewsItem) -> None:
    """Add keys of several kinds."""
    item.heat = 1
    item.published = True
    item.tags = ["A"]
    item.extras["z"] = [1]


def clear_lists(item: newsitem.NewsItem) -> None:
    """Remove all entries of some lists."""
    item.topics.clear()
    item.tags.clear()
    for related in item.related:
        related.images.clear()


def remove_heat_and_quality(item: newsitem.NewsItem) -> None:
    """Remove two keys."""
    item.heat = item.quality = None


def swap_and_edit(item: newsitem.NewsItem) -> None:
    """Swap two entries, and edit both."""
    item.related.reverse()
    for related in item.related:
        related.quality = 9


CASES: dict[str, tuple[str, Change, str]] = {
    "lines of spaces after an empty block scalar stay": (
        "x: |\n      \ny: >-\n\n      \n\nz: 1\n",
        extras(x=5, y=6),
        "x: 5\n      \ny: 6\n\n      \n\nz: 1\n",
    ),
    "no-break spaces at the end of a comment stay": (
        "x:\n  |  # c\u2003\n  a\ny:\n  5 # c\u00a0\nz:\n  > # c\u3000\n  a\n",
        extras(x=5, y=[1], z=[2]),
        "x:\n  5  # c\u2003\ny:\n  # c\u00a0\n  - 1\nz:\n  # c\u3000\n  - 2\n",
    ),
    "empty entries stay without others": (
        "topics:\n  # by Ana\n  - ~ # ask Bob\n  - B\n  # note\n  -\ntags: [a, ~, b] # c\n",
        several(lambda it: it.topics.clear(), lambda it: setattr(it, "tags", [])),
        "topics:\n  # by Ana\n  - ~ # ask Bob\n  # note\n  -\ntags: [~] # c\n",
    ),
    "a tag after an anchor, and a key that ends like a tag": (
        "'!t': &a !!str x\n",
        extras(**{"!t": "b"}),
        "'!t': &a \"b\"\n",
    ),
    "a tag on the line before an anchor": (
        "y: !!str # hey! you\n  &b z\n",
        extras(y=5),
        "y: # hey! you\n  &b 5\n",
    ),
    "block scalars whose indicator is below their tag": (
        "x: !!str\n  |\n   a\ny: 1\n  # note\nz: !!str # c\n  |+\n   b\n\nyy: 1\n\nzz: 2\n",
        lambda it: [it.extras.pop(name) for name in ("y", "yy")],
        "x: !!str\n  |\n   a\n  # note\nz: !!str # c\n  |+\n   b\n\nzz: 2\n",
    ),
    "no-break spaces are text": (
        "'type': y\nx:\n- 5 # c\n- 5\n- |  # c\u2003\n  a\nz:\n- # c\u00a0\n  a: 1\n",
        several(
            lambda it: setattr(it, "type", "\u00a0z"),
            extras(x=[{"\u2003k": 1}, "\u3000b", 6], z=[7]),
        ),
        ("'type': \u00a0z\nx:\n- \u2003k: 1 # c\n- \"\u3000b\"\n- 6  # c\u2003\nz:\n- 7 # c\u00a0\n"),
    ),
    "new entries are as far from their dash as the first one": (
        "topics:\n-   A\nx:\n    -   a: 1\n        b: 2\ny:\n-\n  - 1\nz:\n- \n-   1\n",
        several(
            lambda it: it.topics.append("B"),
            extras(x=[{"a": 1, "b": 2}, {"c": 3, "d": 4}], y=[[1], 2], z=[None, 1, 2]),
        ),
        (
            "topics:\n-   A\n-   B\nx:\n    -   a: 1\n        b: 2\n    -   c: 3\n        d: 4\n"
            "y:\n-\n  - 1\n- 2\nz:\n- \n-   1\n- 2\n"
        ),
    ),
    "entries that move and change keep their comments": (
        "related:\n  - title: A   # first\n    webUrl: x\n  - title: B   # bee\n    # inside B\n    quality: 1\n",
        swap_and_edit,
        (
            "related:\n  - title: B   # bee\n    # inside B\n    quality: 9\n"
            "  - title: A   # first\n    webUrl: x\n    quality: 9\n"
        ),
    ),
    "a comment after a value stays": ("heat: 1  # one\n", lambda it: setattr(it, "heat", 2), "heat: 2  # one\n"),
    "a comment above the next key stays": (
        "x: 1\n# about heat\nheat: 1\n# about quality\nquality: 2\n",
        lambda it: setattr(it, "heat", None),
        "x: 1\n# about heat\n# about quality\nquality: 2\n",
    ),
    "an empty value is set": ("x:\nheat: # soon\n", lambda it: setattr(it, "heat", 2), "x:\nheat: 2 # soon\n"),
    "a null keeps its spelling until it is set": (
        "type: ~\nheat: ~\n",
        lambda it: setattr(it, "heat", 1),
        "type: ~\nheat: 1\n",
    ),
    "a value on the next line is replaced there": (
        "type:\n  article\n",
        lambda it: setattr(it, "type", "video"),
        "type:\n  video\n",
    ),
    "a block scalar becomes one line, and the lines after it stay": (
        "x: 1\nexcerpt: |+\n  one\n\n  two\n\n# end\nheat: 1\n",
        lambda it: setattr(it, "excerpt", "new"),
        'x: 1\nexcerpt: "new"\n# end\nheat: 1\n',
    ),
    "quoted text on several lines": (
        'excerpt: "one\n\n  two"  # c\nheat: 1\n',
        lambda it: setattr(it, "excerpt", "new"),
        'excerpt: "new"  # c\nheat: 1\n',
    ),
    "an explicit key": ("? heat\n: 1\n? x\n: 2\n", lambda it: setattr(it, "heat", 8), "? heat\n: 8\n? x\n: 2\n"),
    "an explicit key is removed with its indicator": (
        "? heat\n: 1\n? x\n: 2\n",
        lambda it: setattr(it, "heat", None),
        "? x\n: 2\n",
    ),
    "an explicit key without a value": ("? x\nheat: 1\n", extras(x=5), "x: 5\nheat: 1\n"),
    "explicit keys without a value are set": (
        "? x # c\n? 'y'\n? |\n  z\n",
        extras(x={"a": 1}, y=2, **{"z\n": 3}),
        'x: # c\n  a: 1\n"y": 2\n"z\\n": 3\n',
    ),
    "a quoted key": ('"heat": 1\n', lambda it: setattr(it, "heat", 2), '"heat": 2\n'),
    "nested unknown keys": (
        "x:\n  a: 1 # one\n  b:\n    - c: 2\n      d: 3\n",
        lambda it: it.extras["x"]["b"][0].update(c=4, e=True),
        "x:\n  a: 1 # one\n  b:\n    - c: 4\n      d: 3\n      e: true\n",
    ),
    "1 becomes true": ("x: 1\n", extras(x=True), "x: true\n"),
    "comments of entries are removed if no entry stays": (
        "topics: # main\n  - A # a\n  - B # b\nheat: 1\n",
        lambda it: setattr(it, "topics", ["C"]),
        "topics: # main\n  - C\nheat: 1\n",
    ),
    "a new entry does not inherit the comments of the old one": (
        "related: # all\n- title: a # first\n  webUrl: u\n- title: b\n",
        lambda it: it.related.__setitem__(0, newsitem.RelatedItem(title="c", web_url="w")),
        'related: # all\n- title: "c"\n  webUrl: "w"\n- title: b\n',
    ),
    "a comment between a key and an empty line stays with the key": (
        "heat: 1\n# was 2\n# and 3\n\nx: 1\n",
        lambda it: setattr(it, "published", True),
        "heat: 1\n# was 2\n# and 3\npublished: true\n\nx: 1\n",
    ),
    "a comment between an empty line and a key stays with the key": (
        "heat: 1\n\n\n# was 2\n\nx: 1\n",
        lambda it: setattr(it, "published", True),
        "heat: 1\npublished: true\n\n\n# was 2\n\nx: 1\n",
    ),
    "a comment directly above a key stays with the key": (
        "heat: 1\n# about x\nx: 1\n",
        lambda it: setattr(it, "published", True),
        "heat: 1\npublished: true\n# about x\nx: 1\n",
    ),
    "an entry moves with the comments between it and an empty line": (
        "x:\n- 1\n# was 2\n  # and 3\n\n# about 4\n- 4\n- 5\n",
        extras(x=[4, 5, 1]),
        "x:\n\n# about 4\n- 4\n- 5\n- 1\n# was 2\n  # and 3\n",
    ),
    "a comment to the left of an entry does not belong to it": (
        "x:\n  - 1\n  - 2\n# about y\n\ny: 1\n",
        extras(x=[2, 1]),
        "x:\n  - 2\n  - 1\n# about y\n\ny: 1\n",
    ),
    "a comment directly after a quote or a bracket stays a comment": (
        "type: 'v'#c\nx:\n- 'a'#c\n- [b]#c\n- ['c'#c\n  , d]#d\n- b: 'b'#c\n",
        several(lambda it: setattr(it, "type", "w"), extras(x=[{"k": 1}, "b", [5, "d"], {"b": [1]}])),
        'type: w #c\nx:\n- k: 1 #c\n- "b" #c\n- [5 #c\n  , d]#d\n- b: #c\n    - 1\n',
    ),
    "a key is added after explicit keys on lines of their own": (
        "x:\n  ?\n    b\n  : 3\n  ? # c\n    c\n  : 4 # why?\n  d: 5\n",
        extras(x={"b": {"e": 1}, "d": 5, "a": 1}),
        "x:\n  ?\n    b\n  :\n    e: 1\n  d: 5\n  a: 1\n",
    ),
    "an explicit key on its own line without a value": (
        "?\n  x b\nheat: 1\n",
        extras(**{"x b": 5}),
        "x b: 5\nheat: 1\n",
    ),
    "a comma directly after a tag stays there": (
        "x: [!a,  # a\n  b]\n",
        lambda it: it.extras["x"].append("c"),
        'x: [!a,  # a\n  b,\n  "c"]\n',
    ),
    "explicit keys in braces": (
        "x: {?\n a : 1, ? b , ?\n c : 3}\n",
        extras(x={"b": 2, "c": 3}),
        "x: {? b: 2 , ?\n c : 3}\n",
    ),
    "all keys of a mapping are replaced": (
        "x:\n  a: 1\n  b: 2\nheat: 1\n",
        extras(x={"c": 3}),
        "x:\n  c: 3\nheat: 1\n",
    ),
    "a mapping becomes a scalar": ("x:\n  a: 1\n  b: 2\nheat: 1\n", extras(x=5), "x: 5\nheat: 1\n"),
    "a mapping becomes empty": ("x:\n  a: 1\nheat: 1\n", extras(x={}), "x: {}\nheat: 1\n"),
    "a scalar becomes a list": ("x: 5\nheat: 1\n", extras(x=[1, [2, 3]]), "x:\n  - 1\n  - - 2\n    - 3\nheat: 1\n"),
    "a list becomes a mapping": ("x:\n- 1\n- 2\nheat: 1\n", extras(x={"a": 1}), "x:\n  a: 1\nheat: 1\n"),
    "all entries of a list are replaced": (
        "x:\n- # first\n  a: 1\n- 2\nheat: 1\n",
        extras(x=[[5], None]),
        "x:\n- # first\n  - 5\n- null\nheat: 1\n",
    ),
    "a nested list moves and is edited with its comments": (
        "x:\n  - - a # a\n  - - 'c' # c\n    - d # d\n",
        extras(x=[["c", "d", 1], ["a"]]),
        "x:\n  - - 'c' # c\n    - d # d\n    - 1\n  - - a # a\n",
    ),
    "plain data is identified by its id": (
        "x:\n  - id: 7 # 7\n    v: 1\n  - id: 8 # 8\n    v: 1\n",
        extras(x=[{"id": 8, "v": 2}, {"id": 7, "v": 3}]),
        "x:\n  - id: 8 # 8\n    v: 2\n  - id: 7 # 7\n    v: 3\n",
    ),
    "lists become empty or are removed with their comments": (
        "tags: # x\n  - a # a\ntopics:\n  - b # b\nheat: 1\n",
        several(lambda it: it.tags.clear(), lambda it: it.topics.clear()),
        "tags: [] # x\nheat: 1\n",
    ),
    "the first entry of a nested list is removed": (
        "x:\n  - - 1\n    - 2 # two\n  - 3\n",
        extras(x=[[2], 3]),
        "x:\n  - - 2 # two\n  - 3\n",
    ),
    "a nested list is reordered": (
        "x:\n  - - 1 # one\n    - 2 # two\n    - 3\n",
        extras(x=[[3, 1, 2]]),
        "x:\n  - - 3\n    - 1 # one\n    - 2 # two\n",
    ),
    "the first entry of a nested list moves": (
        "x:\n  - - 1 # one\n    - 2 # two\n    - 3\n",
        extras(x=[[2, 3, 1]]),
        "x:\n  - - 2 # two\n    - 3\n    - 1 # one\n",
    ),
    "an entry is added before the first of a nested list": (
        "x:\n  - - 1\n    - 2\n",
        extras(x=[[0, 1, 2]]),
        "x:\n  - - 0\n    - 1\n    - 2\n",
    ),
    "the first key after a dash is removed": (
        "x:\n  - a: 1 # gone too\n    b: 2\n    c: 3\n",
        extras(x=[{"c": 3}]),
        "x:\n  - c: 3\n",
    ),
    "the first key after a dash is removed, and the comment below stays": (
        "x:\n  - a: 1\n    # about b\n    b: 2\n    c: 3\n    d: 4\n",
        extras(x=[{"b": 2, "d": 4}]),
        "x:\n  -\n    # about b\n    b: 2\n    d: 4\n",
    ),
    "a dash on its own line": (
        "x:\n  -\n    a: 1\n    b: 2\n  -\n    a: 3\n",
        extras(x=[{"b": 2}, {"a": 4}]),
        "x:\n  -\n    b: 2\n  -\n    a: 4\n",
    ),
    "entries move with their lines": (
        "topics:\n- A # a\n# between\n- 'B'\n- C\n",
        lambda it: setattr(it, "topics", ["C", "A", "B"]),
        "topics:\n- C\n- A # a\n# between\n- 'B'\n",
    ),
    "an entry is edited in place": (
        "images:\n    -   url: u\n        width: 1 # w\n    -   url: v\n",
        lambda it: setattr(it.images[0], "width", 2),
        "images:\n    -   url: u\n        width: 2 # w\n    -   url: v\n",
    ),
    "all entries of a list are replaced, and comments between them stay": (
        "topics: # t\n  # above a\n  - a # a\n  # above b\n  - b # b\n  # end\n",
        lambda it: setattr(it, "topics", ["C"]),
        "topics: # t\n  # above a\n  - C\n  # above b\n  # end\n",
    ),
    "an entry moves to the front of a list after a dash, and a comment follows the removed one": (
        "x:\n- - 'a' # a\n  # b\n  - 'b' # b\n  - 'c' # c\n",
        lambda it: it.extras["x"].__setitem__(0, ["c", "b"]),
        "x:\n-\n  - 'c' # c\n  # b\n  - 'b' # b\n",
    ),
    "a null below its key becomes a list": (
        "topics: # t\n  ~ # n\n",
        lambda it: it.topics.append("A"),
        "topics: # t\n  # n\n  - A\n",
    ),
    "a scalar below its key becomes a list": (
        "x: # x\n  # about a\n  'a' # a\ny: 1\n",
        lambda it: it.extras.update(x=["b"]),
        'x: # x\n  # about a\n  # a\n  - "b"\ny: 1\n',
    ),
    "a scalar on two lines below a dash becomes a mapping": (
        "x:\n- # x\n  a\n  b\n- c\n",
        lambda it: it.extras["x"].__setitem__(0, {"k": 1}),
        "x:\n- # x\n  k: 1\n- c\n",
    ),
    "a scalar below its tag": (
        "x: !!str # x\n  # about a\n  a # a\n",
        lambda it: it.extras.update(x="b"),
        'x: # x\n  # about a\n  "b" # a\n',
    ),
    "a scalar below its anchor": (
        "x: &x # x\n  a # a\ny: *x\n",
        lambda it: it.extras.update(x="b", y="b"),
        'x: &x # x\n  "b" # a\ny: "b"\n',
    ),
    "a scalar below its tag becomes a list": (
        "x: !!str # x\n  # about a\n  a # a\n",
        lambda it: it.extras.update(x=["b"]),
        'x: # x\n  # about a\n  # a\n  - "b"\n',
    ),
    "an entry that is a flow mapping": (
        "images:\n- {url: u, width: 1} # one\n- url: v\n",
        lambda it: setattr(it.images[0], "width", 2),
        "images:\n- {url: u, width: 2} # one\n- url: v\n",
    ),
    "a flow list": (
        "x: 1\ntopics: [A, 'B'] # c\n",
        lambda it: it.topics.append("C"),
        "x: 1\ntopics: [A, 'B', C] # c\n",
    ),
    "a flow mapping in a flow list": (
        "images: [{url: u},\n  {url: v}]\nheat: 1\n",
        lambda it: it.images.pop(),
        "images: [{url: u}]\nheat: 1\n",
    ),
    "an empty first entry of a list that is not indented": (
        "topics:\n-\n- AI\n",
        lambda it: it.topics.append("C"),
        "topics:\n-\n- AI\n- C\n",
    ),
    "a list of empty entries": (
        "tags:\n-\n- ~ # none\nx: 1\n",
        lambda it: it.tags.append("A"),
        "tags:\n-\n- ~ # none\n- A\nx: 1\n",
    ),
    "a comment stays where it is if the block scalar above it was replaced": (
        "topics:\n  - |\n    a\n  - b\n    # c\nheat: 1\n",
        lambda it: setattr(it, "topics", ["new"]),
        "topics:\n  - new\n    # c\nheat: 1\n",
    ),
    "an empty line stays if the block scalar above it was replaced": (
        "x:\n    a: |+\n      a\n    b: 4\n\n      # c\n    d: 1\n",
        several(lambda it: it.extras["x"].update(a="new"), lambda it: it.extras["x"].pop("b")),
        'x:\n    a: "new"\n\n      # c\n    d: 1\n',
    ),
    "a comment after an entry stays if the entry changes and others are added": (
        "topics:\n  - a # a\n  - b # b\n",
        lambda it: setattr(it, "topics", ["a", "B", "c", "d"]),
        "topics:\n  - a # a\n  - B # b\n  - c\n  - d\n",
    ),
    "an anchor is removed whose alias is null or an empty list": (
        "x: &n ~\nheat: *n # a\ny: &e []\ntags: *e # b\n",
        several(lambda it: it.extras.pop("x"), lambda it: it.extras.pop("y")),
        "heat: null # a\ntags: [] # b\n",
    ),
    "the value of an anchor changes whose alias is null": (
        "excerpt: &q ~\nquality: *q # a\n",
        lambda it: setattr(it, "excerpt", "a"),
        'excerpt: &q "a"\nquality: null # a\n',
    ),
    "an anchor is removed whose alias is null in a list": (
        "images:\n- url: a\n  width: &q\n- 'url': b # a\n  width: *q # b\n",
        lambda it: it.images.pop(0),
        "images:\n- 'url': b # a\n  width: null # b\n",
    ),
    "an anchor gets a value that the field of its alias refuses": (
        "rating: &r 4 # a\nheat: *r # b\nx: [1, 'a'] # c\n",
        several(lambda it: it.extras.update(rating="high"), lambda it: it.extras["x"].append(3)),
        "rating: &r \"high\" # a\nheat: 4 # b\nx: [1, 'a', 3] # c\n",
    ),
    "an anchor in a list gets a value that the field of its alias refuses": (
        "x:\n  - 'q' # a\n  - &r {url: u} # b\nimages:\n - *r # c\n - 'url': v # d\n",
        lambda it: it.extras["x"][1].pop("url"),
        "x:\n  - 'q' # a\n  - &r {} # b\nimages:\n - url: \"u\" # c\n - 'url': v # d\n",
    ),
    "comments that would become part of a block scalar are dedented": (
        "excerpt: >-\n  Tide\n  # no comment\noriginalUrl: u\n  # one\n\n    # two\nheat: 1\n",
        lambda it: setattr(it, "original_url", None),
        "excerpt: >-\n  Tide\n  # no comment\n# one\n\n    # two\nheat: 1\n",
    ),
    "a comment is dedented after the second of two similar block scalars": (
        "x: |\n  a\ny: |\n  a\n  # b\nheat: 1\n  # c\nz: 1\n",
        lambda it: setattr(it, "heat", None),
        "x: |\n  a\ny: |\n  a\n  # b\n# c\nz: 1\n",
    ),
    "empty lines that would become part of a block scalar are removed": (
        "x: |+\n  one\n\nheat: 1\n\n  \nz: 2\n",
        lambda it: setattr(it, "heat", None),
        "x: |+\n  one\n\nz: 2\n",
    ),
    "blank lines and a comment after a block scalar when the keys between are removed": (
        "x: |-\n  a\nheat: 1\n\n \nquality: 2\n   \n  # c\nz: 1\n",
        remove_heat_and_quality,
        "x: |-\n  a\n\n \n# c\nz: 1\n",
    ),
    "a comment that would become part of secured": (
        "secured: |-\n  bmV3;QUJD\nheat: 1\n  # one\nx: 1\n",
        lambda it: setattr(it, "heat", None),
        "secured: |-\n  bmV3;QUJD\n# one\nx: 1\n",
    ),
    "entries move with more deeply indented comments": (
        "topics:\n  - A\n  - B\n    # b\n  - |-\n    C\n    c\n  - D\n    # d\n",
        lambda it: setattr(it, "topics", ["A", "B", "D", "C\nc"]),
        "topics:\n  - A\n  - B\n    # b\n  - D\n    # d\n  - |-\n    C\n    c\n",
    ),
    "an empty entry before a removed entry stays": (
        "topics:\n- # none yet\n- A\n- B\n",
        lambda it: it.topics.pop(0),
        "topics:\n- # none yet\n- B\n",
    ),
    "an empty explicit key is removed": (
        "heat: 1\n?\n: x\ntype: article\n",
        lambda it: it.extras.pop(""),
        "heat: 1\ntype: article\n",
    ),
    "an explicit key is removed with its question mark": (
        "heat: 1\n? k\n: x\ntype: article\n",
        lambda it: it.extras.pop("k"),
        "heat: 1\ntype: article\n",
    ),
    "an explicit key without a value in a list": (
        "l:\n- ? x\n- z\n",
        lambda it: it.extras["l"].append(1),
        "l:\n- ? x\n- z\n- 1\n",
    ),
    "a key is added after a scalar that keeps empty lines": (
        "x: |+\n  one\n\nheat: 1\n",
        lambda it: it.extras.update(z=1),
        "x: |+\n  one\n\nheat: 1\nz: 1\n",
    ),
    "an entry is added after a scalar that keeps empty lines": (
        "x:\n- |+\n  one\n\n- 2\n",
        extras(x=["one\n\n", 3, 2]),
        "x:\n- |+\n  one\n\n- 3\n- 2\n",
    ),
    "the first entry of a nested list is removed, and the comment below stays": (
        "x:\n  - - a\n    # about b\n    - b\n",
        extras(x=[["b"]]),
        "x:\n  -\n    # about b\n    - b\n",
    ),
    "equal entries keep their comments": (
        "topics:\n- A\n- B\n- A # second\n",
        lambda it: it.topics.pop(0),
        "topics:\n- B\n- A # second\n",
    ),
    "a block is added without empty lines if no other block has them": (
        "x: 1\ntype: article\n\nsecured: 'a'\n",
        lambda it: it.topics.append("A"),
        "topics:\n  - A\nx: 1\ntype: article\n\nsecured: 'a'\n",
    ),
    "a block with an anchor counts for the empty lines": (
        "topics: &t\n- a # c\n\nheat: 1\n",
        lambda it: setattr(it, "tags", ["k"]),
        "topics: &t\n- a # c\n\ntags:\n  - k\n\nheat: 1\n",
    ),
    "a list in brackets with a comment is emptied": (
        "topics: [a, b] # c\ntags: !!seq [ # d\n  x # x\n  ]\nheat: 1\n",
        clear_lists,
        "topics: [] # c\ntags: !!seq [ # d\n  ]\nheat: 1\n",
    ),
    "a list in brackets without comments of its own is removed": (
        "topics: [\n  'a#b' # a\n  ]\ntags: ['#1']\nrelated: [{title: T, images: [{url: u}]}] # c\n",
        clear_lists,
        "related: [{title: T}] # c\n",
    ),
    "an explicit key with a tab before its comment becomes a block": (
        "? d\n: null\t# c\ny: 1\n",
        extras(d=[1]),
        "? d\n: # c\n  - 1\ny: 1\n",
    ),
    "several keys are added in their places": (
        "type: article\nx: 1\n",
        add_several,
        "tags:\n  - A\ntype: article\nheat: 1\npublished: true\nx: 1\nz:\n  - 1\n",
    ),
    "a block in a nested mapping is added between empty lines if its other blocks have them": (
        "x:\n  a:\n    b: 1\n\n  # c\n  c:\n    d: 1\n\n  e: 1\n",
        lambda it: it.extras["x"].__setitem__("f", {"g": 1}),
        "x:\n  a:\n    b: 1\n\n  # c\n  c:\n    d: 1\n\n  e: 1\n\n  f:\n    g: 1\n",
    ),
    "a block is added between empty lines if other blocks have them": (
        "x: 1\n\nimages:\n  - url: u # c\n\nsecured: s\n",
        lambda it: setattr(it, "tags", ["A"]),
        "\ntags:\n  - A\n\nx: 1\n\nimages:\n  - url: u # c\n\nsecured: s\n",
    ),
    "a nested list becomes a scalar, and the comment of its last entry goes": (
        "x:\n  - - a\n    - b # b\n  - - c # c\n",
        lambda it: it.extras["x"].__setitem__(0, "s"),
        'x:\n  - "s"\n  - - c # c\n',
    ),
    "a nested mapping becomes a list, and the comment of its last entry goes": (
        "x:\n  - a: 1\n    b: 2 # b\n  - 3\n",
        lambda it: it.extras["x"].__setitem__(0, [4]),
        "x:\n  - - 4\n  - 3\n",
    ),
    "a list after an explicit key becomes empty, and the comment of its last entry goes": (
        "? x\n: - a\n  - b # b\n",
        lambda it: it.extras.__setitem__("x", []),
        "? x\n: []\n",
    ),
    "a block scalar whose indicator is below comments": (
        "excerpt: # a\n  # b\n  |\n  text\n",
        lambda it: setattr(it, "excerpt", "new"),
        'excerpt: # a\n  # b\n  "new"\n',
    ),
    "a comment after an anchor on a line of its own stays": (
        "excerpt:\n  &a # a\n  text # t\n",
        lambda it: setattr(it, "excerpt", "new"),
        'excerpt:\n  &a # a\n  "new" # t\n',
    ),
    "brackets and braces after a dash stay for collections of the other kind": (
        "x:\n  - [a, b] # t\n  - {a: 1} # e\n",
        extras(x=[{"z": 5}, [5]]),
        "x:\n  - {z: 5} # t\n  - [5] # e\n",
    ),
    "an empty line with a tab is emptied if quoted text comes before it, and other lines stay": (
        "x:\n  k: a\n   \t\n  l:\n  - b # b\ny: 'c' # c\n",
        lambda it: it.extras["x"].__setitem__("k", "d"),
        "x:\n  k: \"d\"\n\n  l:\n  - b # b\ny: 'c' # c\n",
    ),
}


@pytest.mark.parametrize("head", ["x:\n  - - ", "x:\n- - ", "x:\n-   - ", "x:\n- y:\n  - "])
@pytest.mark.parametrize("entry", ["'{}' # {}", "|\n  {}", "k: {} # {}\n  l: 1", "\n  {}", "- {}\n  - 'z'"])
def test_every_order_of_a_list(head: str, entry: str) -> None:
    """Entries that move keep their lines, and those that are removed take theirs, wherever the list begins."""
    column = len(head.rpartition("\n")[2]) - 2
    lines = [entry.replace("{}", name).replace("\n", "\n" + " " * column) for name in "abcd"]
    between = "\n" + " " * column + "- "
    for number in range(1, 5):
        for order in itertools.permutations(range(4), number):
            item = newsitem.loads(text_with(f"{head}{between.join(lines)}\n"))
            values = _list_of(item)
            values[:] = [values[place] for place in order]
            expected = text_with(f"{head}{between.join(lines[place] for place in order)}\n")
            assert newsitem.dumps(item) == expected


def _list_of(item: newsitem.NewsItem) -> list[object]:
    """Return the list inside the list ``x``."""
    inner: object = item.extras["x"][0]
    values = inner["y"] if isinstance(inner, dict) else inner
    assert isinstance(values, list)
    return values


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_edits(case: str, line_end: str) -> None:
    """Only the lines of the edited value change, and new lines end as the others do."""
    before, change, after = CASES[case]
    assert edited(before, change, line_end=line_end) == after.replace("\n", line_end)


@pytest.mark.parametrize(
    ("lines", "change", "expected"),
    [
        ("heat: 1\rquality: 2\n", lambda it: setattr(it, "heat", None), "quality: 2\n"),
        ("heat: 1\r# c\rquality: 2\n", lambda it: setattr(it, "heat", None), "# c\rquality: 2\n"),
        ("heat: 1\rquality: 2\n", lambda it: setattr(it, "quality", None), "heat: 1\r\n"),
        ("topics:\n  - A\r  - B\n", lambda it: it.topics.reverse(), "topics:\n  - B\n  - A\r\n"),
    ],
)
def test_lone_carriage_returns(lines: str, change: Change, expected: str) -> None:
    """A lone carriage return ends a line as in YAML; before the fence, a newline is added."""
    assert edited(lines, change) == expected


def test_first_key_of_the_publisher() -> None:
    """A key that the publisher writes first is added before all others."""
    item = newsitem.loads(f"---\n# by hand\n{HEAD}---\n")
    item.category = "news"
    assert newsitem.dumps(item) == f"---\n# by hand\ncategory: news\n{HEAD}---\n"


@pytest.mark.parametrize(
    ("lines", "change", "expected"),
    [
        ("x:\n  ? |\n", extras(x="new"), 'x: "new"\n'),
        ("x:\n  ? >\n", extras(x={"a": 1}), "x:\n  a: 1\n"),
        ("x:\n  ? |\n", extras(n=1), 'x:\n  ? |\n"n": 1\n'),
        ("x:\n  ? |\n", lambda it: it.extras.clear(), ""),
        ("x:\n|\n a\n", extras(x="q"), 'x: "q"\n'),
        ("x: v\n \t\n", extras(n="v"), 'x: v\n"n": "v"\n\n'),
        ("x: v\n \t# c\ny: 1\n", extras(x="q"), 'x: "q"\n# c\ny: 1\n'),
        ("x: v\n \t\n", lambda it: it.extras.pop("x"), "\n"),
        (
            'x: v\n \t\ncode: |\n  a\n  \t# b\n  c\nq: "a\n \t\n b"\n',
            extras(x="y: z"),
            'x: "y: z"\n\ncode: |\n  a\n  \t# b\n  c\nq: "a\n \t\n b"\n',
        ),
        ("tags:\n- a #c\r- b\n", lambda it: it.tags.append("q"), "tags:\n- a #c\r- b\n- q\n"),
        ("heat: 5 # c\rtype: x\n", lambda it: setattr(it, "heat", 7), "heat: 7 # c\rtype: x\n"),
    ],
)
def test_edits_in_unusual_places(lines: str, change: Change, expected: str) -> None:
    """Block scalars as keys, tabs in empty lines and lone carriage returns can be edited."""
    assert edited(lines, change) == expected


def test_scalar_added_after_a_block() -> None:
    """A key that is added after a block leaves the empty line at the end of the block."""
    cls = made(links=(list[str], key(factory=list)), rank=(int | None, None))
    text = "---\nnone: a # comment\n\nlinks:\n  - x\n\nfoo: 1\n---\n"
    item = newsitem.loads(text, cls)
    item.rank = 1
    assert newsitem.dumps(item) == text.replace("foo", "rank: 1\nfoo")


@pytest.mark.parametrize(
    ("block", "edit"),
    [
        ("images:\n  - width: 3\n    url: |\n    # own\n    height: 5\n", lambda it: setattr(it.images[0], "url", "u")),
        ("images:\n  - width: 3\n    url: >\n # odd\nheat: 5\n", lambda it: setattr(it.images[0], "url", "u")),
        ("topics:\n  - |\n # own\n  - b\n", lambda it: it.topics.pop(0)),
        ("odd:\n  a: |\n  # own\n  b: 5\n", lambda it: it.extras["odd"].update(a="x")),
    ],
)
def test_comments_after_empty_block_scalars_stay(block: str, edit: object) -> None:
    """A comment after an empty block scalar stays when the scalar is edited."""
    text = text_with(block)
    item = newsitem.loads(text)
    edited = copy.deepcopy(item)
    edit(edited)  # type: ignore[operator]
    result = newsitem.dumps(edited)
    assert newsitem.loads(result) == edited
    comments = [line for line in text.splitlines() if "#" in line]
    assert [line for line in result.splitlines() if "#" in line] == comments


@pytest.mark.parametrize("line_end", ["\x85", "\u2028", "\u2029"])
def test_last_line_with_an_unusual_end(line_end: str) -> None:
    """If a line that ends with NEL, LS or PS becomes the last one, the fence stays on a line of its own."""
    item = newsitem.loads(text_with(f"x: 1{line_end}y: 2\n"))
    del item.extras["y"]
    assert newsitem.dumps(item) == text_with(f"x: 1{line_end}\n")


FRONT = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P # hand\n'


@pytest.mark.parametrize("removed", [["topics"], ["topics", "images"]])
def test_a_block_in_place_of_removed_ones(removed: list[str]) -> None:
    """A block that is added where others are removed uses the empty lines around them, and adds none."""
    blocks = {
        "topics": "topics:\n  - A\n\n",
        "images": 'images:\n  - url: "u"\n\n',
        "related": 'related:\n  - title: "r"\n\n',
    }
    text = f"---\n{FRONT}\n{''.join(blocks.values())}secured: x\n---\n"
    item = newsitem.loads(text)
    for name in removed:
        setattr(item, name, [])
    item.tags = ["x"]
    expected = text.replace(blocks["topics"], "tags:\n  - x\n\n")
    for name in removed[1:]:
        expected = expected.replace(blocks[name], "\n")
    assert newsitem.dumps(item) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"images": [newsitem.Image(url="u")], "tags": ["b"]},
        {"topics": ["a"], "images": [newsitem.Image(url="u")], "tags": ["b"]},
        {"featured_content": "f", "quality": 3},
        {"extras": {"n": ["a"], "m": ["b"]}},
        {"extras": {"n": ["a"], "m": 1}},
        {"extras": {"n": 1, "m": ["b"]}},
    ],
)
def test_empty_lines_do_not_pile_up(values: dict[str, Any]) -> None:
    """Blocks that are added again and again use the empty lines that stayed when they were removed."""
    head = FRONT.replace("provider", "\nprovider")
    item = newsitem.loads(f"---\n{head}\nx: 1\n---\n")
    before = {name: copy.deepcopy(getattr(item, name)) for name in values}
    texts = []
    for _ in range(3):
        for state in ({**values, "extras": {"x": 1, **values.get("extras", {})}}, before):
            for name in values:
                setattr(item, name, copy.deepcopy(state[name]))
            texts.append(newsitem.dumps(item))
            item = newsitem.loads(texts[-1])
    assert texts[2:] == [*texts[:2], *texts[:2]]


@pytest.mark.parametrize("end", ["", "q: 1\n", "\nq: 1\n", "\n\nq: 1\n", "\n  # end\n\nq: 1\n"])
def test_empty_lines_of_nested_blocks_do_not_pile_up(end: str) -> None:
    """A key at the end of a nested block leaves the last empty line to the next key, and uses others again."""
    text = f"---\na:\n  d: 1 # c\n\n  b:\n  - 2\n{end}---\n"
    item = newsitem.loads(text, FrontMatter)
    texts = []
    for _ in range(4):
        item.extras["a"]["z"] = [1]
        texts.append(newsitem.dumps(item))
        item = newsitem.loads(texts[-1], FrontMatter)
        del item.extras["a"]["z"]
        texts.append(newsitem.dumps(item))
        item = newsitem.loads(texts[-1], FrontMatter)
    assert texts[4:] == [*texts[2:4], *texts[2:4]]
    assert ("\n\nq: 1" in text) == ("\n\nq: 1" in texts[0])


def test_key_at_the_end_of_a_nested_block_without_an_empty_line() -> None:
    """A key at the end of a nested block is not followed by an empty line if the block was not."""
    text = "---\na:\n  b:\n  - 1\n\n  c:\n  - 2\nq: 1\n---\n"
    item = newsitem.loads(text, FrontMatter)
    item.extras["a"]["z"] = [1]
    assert newsitem.dumps(item) == text.replace("  - 2\n", "  - 2\n\n  z:\n    - 1\n")


def test_key_at_the_end_of_an_entry_that_moves() -> None:
    """A key that is added to an entry moves with it, and the empty lines after the entry stay."""
    entry, gap, others = "- d: 1 # c\n\n  b:\n  - 2\n", "\n\n\n", "- q: 1 # q\n- r: 1 # r\n"
    item = newsitem.loads(f"---\na:\n{entry}{gap}{others}---\n", FrontMatter)
    item.extras["a"][0]["z"] = [1]
    item.extras["a"].append(item.extras["a"].pop(0))
    assert newsitem.dumps(item) == f"---\na:\n{gap}{others}{entry}\n  z:\n    - 1\n---\n"


@given(st.data())
def test_additions_at_several_depths(data: st.DataObject) -> None:
    """Whatever is added at any depth in one edit, between any empty lines, no line goes, and none changes its order."""

    def block(depth: int) -> list[str]:
        lines: list[str] = []
        for name in "abc"[: data.draw(st.integers(1, 3))]:
            nested = depth < 2 and data.draw(st.booleans())
            value = data.draw(st.sampled_from(["", " # c"]))
            below = block(depth + 1) if nested else []
            is_list = data.draw(st.booleans())
            dash = "- " if below and is_list else "  "
            lines.append(f"{name}:{value if below else f' 1{value}'}")
            lines += [f"  {dash if place == 0 else '  '}{line}".rstrip() for place, line in enumerate(below)]
            lines += [""] * data.draw(st.integers(0, 3))
        return lines

    def add(value: Any) -> None:
        for child in [*(value.values() if isinstance(value, dict) else value)]:
            if isinstance(child, dict | list):
                add(child)
        new = data.draw(st.sampled_from([1, ["x"], {"k": [1]}, None]))
        if new is not None:
            value.update(z=new) if isinstance(value, dict) else value.append(new)

    text = "\n".join(["---", *block(0), "---", ""])
    item = newsitem.loads(text, FrontMatter)
    add(item.extras)
    result = iter(newsitem.dumps(item).split("\n"))
    assert all(line in result for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (
            "related:\n- title: T # t\n\n  images:\n  - url: u # u\n\n- title: U # U\n\n  provider:\n    name: N\n\n",
            lambda item: item.related[1].images.append(newsitem.Image(url="i")),
        ),
        ("images:\n  - url: u # u\n\n", lambda item: item.images[0].extras.update(z=[1])),
    ],
)
def test_additions_in_an_object_and_after_its_list(text: str, edit: Any) -> None:
    """A block that is added to an object goes before the empty line that separates it from the next key of the file."""
    text = text_with(text)
    item = newsitem.loads(text)
    edit(item)
    item.extras["new"] = 1
    result = iter(newsitem.dumps(item).split("\n"))
    assert all(line in result for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "scalar", "block"),
    [
        ("x: | # c\n  v\n", 'x: "n" # c\n', "x: # c\n  - n\n"),
        ("x:\n  >- # c\n  v\n", 'x:\n  "n" # c\n', "x:\n  # c\n  - n\n"),
        ("x: # k\n  |2 # c\n  v\n", 'x: # k\n  "n" # c\n', "x: # k\n  # c\n  - n\n"),
        ("x: # k\n  !!str | # c\n  v\n", 'x: # k\n  "n" # c\n', "x: # k\n  # c\n  - n\n"),
        ("x: !!str # k\n  | # c\n  v\n", 'x: # k\n  "n" # c\n', "x: # k\n  # c\n  - n\n"),
    ],
)
def test_comment_of_a_block_scalar(text: str, scalar: str, block: str) -> None:
    """The comment on the line of a block scalar's indicator stays with any new value, wherever the indicator is."""
    rest = "y: 1 # d\n"
    assert edited(text + rest, extras(x="n")) == scalar + rest
    assert edited(text + rest, extras(x=["n"])).replace('"n"', "n") == block + rest


@pytest.mark.parametrize("head", ["", " &a", " !!seq", " !!seq &a # c"])
@pytest.mark.parametrize("entry", ["- x", "- x: 1", "-\n    x: 1", "- # c\n    x: 1"])
def test_block_after_lists_of_any_form(head: str, entry: str) -> None:
    """A list is a block even if its first dash is alone, or after a tag, so a new block gets the same empty lines."""
    text = f"---\na:{head}\n  {entry}\n\nb:{head.replace('a', 'b')}\n  {entry}\n---\n"
    item = newsitem.loads(text, FrontMatter)
    item.extras["z"] = ["q"]
    assert newsitem.dumps(item) == text.removesuffix("---\n") + '\nz:\n  - "q"\n---\n'


def test_keys_apart_without_blocks() -> None:
    """In a mapping without blocks, a block gets the empty lines that the keys with ``blank_lines`` have."""

    @newsitem.model
    class Author(FrontMatter):
        name: str = key()
        bio: str | None = key(default=None, blank_lines=True)
        links: list[str] = key(factory=list)
        age: int | None = key(default=None)

    text = '---\nname: A # a\n\nbio: "b"\n\nage: 3\n---\n'
    author = newsitem.loads(text, Author)
    author.links = ["x"]
    assert newsitem.dumps(author) == text.replace("age", "links:\n  - x\n\nage")
    author.links = []
    assert newsitem.dumps(author) == text
    author.bio, author.links = None, ["x"]
    assert newsitem.dumps(author) == text.replace('bio: "b"', "links:\n  - x")


@pytest.mark.parametrize("name", ["a", "nk"])
def test_keys_next_to_the_only_block(name: str) -> None:
    """If only one side of a block shows whether blocks have empty lines around them, the other side is alike."""
    head = "title: T # t\npublishedDateTime: 2020-01-01\n"
    text = f"---\n{head}\nprovider:\n  name: L\n---\n"
    item = newsitem.loads(text)
    item.featured_content = "<b>x</b>"
    item.extras[name] = 1
    featured = '\nfeaturedContent: "<b>x</b>"\n'
    assert newsitem.dumps(item) == f"---\n{head}{featured}\nprovider:\n  name: L\n\n{name}: 1\n---\n"


def test_keys_after_the_only_block() -> None:
    """If the only block is the first entry, the empty line after it shows that a new block has one before it too."""
    text = "---\nm:\n  - 1\n\na: 1 # c\n---\n"
    item = newsitem.loads(text, FrontMatter)
    item.extras["z"] = [2]
    assert newsitem.dumps(item) == text.replace("# c\n", "# c\n\nz:\n  - 2\n")


@pytest.mark.parametrize("end", ["", "\n"])
def test_key_after_secured(end: str) -> None:
    """A key that is added after ``secured`` is set apart by an empty line if blocks are, as in the canonical layout."""
    head = FRONT.replace("provider", "\nprovider")
    text = f'---\n{head}\nsecured: "x"\n{end}---\n'
    item = newsitem.loads(text)
    item.extras["a"] = 1
    assert newsitem.dumps(item) == text.replace(f'"x"\n{end}', '"x"\n\na: 1\n')


@pytest.mark.parametrize("value", [{"a": 1, "b": 2}, [1, 2], {"a": {"b": [1]}, "c": 2}])
def test_comment_of_an_entry_that_becomes_a_block(value: Any) -> None:
    """The comment of an entry of a list stays on the line of the dash if the entry becomes a block, and goes back."""
    text = "---\nl:\n  - x # c\n  - y\n---\n"
    item = newsitem.loads(text, FrontMatter)
    item.extras["l"][0] = value
    written = newsitem.dumps(item)
    assert written.startswith("---\nl:\n  - # c\n    ")
    again = newsitem.loads(written, FrontMatter)
    assert again.extras["l"] == [value, "y"]
    again.extras["l"][0] = "x"
    assert newsitem.dumps(again) == text.replace("x", '"x"')


@pytest.mark.parametrize("old", ["!!str v", "&a v", "&a !!str v", "!!str\n  v"])
@pytest.mark.parametrize("new", [{"r": 1}, [1]])
def test_tag_below_its_key(old: str, new: Any) -> None:
    """The tag or the anchor of a scalar below its key goes if the scalar becomes a collection. Comments stay."""
    item = newsitem.loads(f"---\nf: # c\n  {old} # d\ng: 1 # e\n---\n", FrontMatter)
    item.extras["f"] = new
    lines = newsitem.dumps(item).split("\n")
    block = ["  r: 1"] if isinstance(new, dict) else ["  - 1"]
    assert [line for line in lines if line.strip()] == ["---", "f: # c", "  # d", *block, "g: 1 # e", "---"]


@pytest.mark.parametrize("old", ["x\t# c", "x \t # c", "|\t# c\n    x", "'x'\t# c"])
def test_tab_between_a_dash_and_a_comment(old: str) -> None:
    """YAML allows no tab between a dash and a comment: if the value between them goes, a space replaces the tab."""
    item = newsitem.loads(f"---\na:\n  - {old}\n  - y # d\n---\n", FrontMatter)
    item.extras["a"][0] = {"k": 1, "j": 2}
    assert newsitem.dumps(item) == "---\na:\n  - # c\n    k: 1\n    j: 2\n  - y # d\n---\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (f"topics: [{'~, ' * 16_000}a]\n", lambda item: item.topics.append("b")),
        (
            "topics:\n" + "".join(f"  - a{number} # c\n" for number in range(20_000)),
            lambda item: setattr(item, "topics", [text for topic in item.topics for text in (topic, f"{topic}b")]),
        ),
        (
            "k: [\n" + "".join(f"  # o{number}\n  a{number},\n" for number in range(8_000)) + "  z]\n",
            lambda item: item.extras.update(k=["z"]),
        ),
    ],
    ids=["empty entries", "entries between others", "removed entries with comments"],
)
def test_long_lists_take_no_quadratic_time(text: str, edit: Callable[[NewsItem], object]) -> None:
    """Edits of lists with thousands of entries, which took up to a minute, take a second."""
    item = newsitem.loads(f"---\n{FRONT}{text}---\n")
    edit(item)
    start = time.process_time()
    assert newsitem.loads(newsitem.dumps(item)) == item
    assert time.process_time() - start < 12  # with coverage, beside other work


@pytest.mark.parametrize("start", ["m:\n  ", ""])
def test_first_key_in_place_of_another(start: str) -> None:
    """A key that becomes the first in place of a removed one stands above the comments of the next."""
    column = " " * (len(start) - 3) if start else ""
    text = f"---\n{start[:-2]}{column}# over a\n{column}a: 1\n{column}# over b\n{column}b: 2\n---\n"
    item = newsitem.loads(text, FrontMatter)
    if start:
        item.extras["m"] = {"z": 0, "b": 2}
    else:
        item.extras = {"z": 0, "b": 2}
    assert newsitem.dumps(item) == text.replace("a: 1", "z: 0")
    if start:
        item.extras["m"] = {"a": 1, "b": 2}
    else:
        item.extras = {"a": 1, "b": 2}
    assert newsitem.dumps(item) == text
