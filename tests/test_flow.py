"""Edits of flow collections: the exact text afterwards."""

from __future__ import annotations

import itertools
import re

import pytest
from changes import Change, edited, extras, several

import newsitem

CASES: dict[str, tuple[str, Change, str]] = {
    "the first entry is removed": ("x: [1, 2, 3] # c\n", extras(x=[2, 3]), "x: [2, 3] # c\n"),
    "the last entry is removed": ("x: [ 1,2 ]\n", extras(x=[1]), "x: [ 1 ]\n"),
    "an entry is inserted with the comma style of the others": ("x: [1,3]\n", extras(x=[1, 2, 3]), "x: [1,2,3]\n"),
    "an entry is inserted first, and a trailing comma stays": ("x: [1, 2,]\n", extras(x=[0, 1, 2]), "x: [0, 1, 2,]\n"),
    "entries swap": ("x: ['a', b, \"c\"]\n", extras(x=["c", "a", "b"]), "x: [\"c\", 'a', b]\n"),
    "entries are added to an empty list": ("x: [] # none\n", extras(x=[1, 2]), "x: [1, 2] # none\n"),
    "an entry is added to an empty list of topics": (
        "topics: [ ] # none\n",
        lambda it: it.topics.append("A"),
        "topics: [A ] # none\n",
    ),
    "all entries are removed": ("x: [1, 2] # c\n", extras(x=[]), "x: [] # c\n"),
    "all entries are removed from lists with comments": (
        "x: [\n  # numbers\n  1, # one\n  2, # two\n]\ny: [1, # one\n  2]\n",
        extras(x=[], y=[]),
        "x: [\n  # numbers\n]\ny: []\n",
    ),
    "new text is quoted as all others are": (
        'topics: [\'A\', \'B\'\'s\']\nx: {"a": "b", "n": 1}\ny: ["a", 1]\nz: ["a", b]\n',
        several(
            lambda it: it.topics.extend(["C", "D's", 'a "q"', "E: F", "a\n"]),
            lambda it: it.extras.update(x={"a": "c", "n": "d", "m": [{"o": "p"}]}, y=["a", 1, "b"], z=["a", "b", "c"]),
        ),
        """topics: ['A', 'B''s', 'C', 'D''s', 'a "q"', 'E: F', "a\\n"]
x: {"a": "c", "n": "d", "m": [{"o": "p"}]}\ny: ["a", 1, "b"]\nz: ["a", b, "c"]
""",
    ),
    "new topics among topics with several kinds of quotes, and without text": (
        "topics: ['A', \"B\"]\ntags: ['a', ~]\n",
        several(lambda it: it.topics.append("C"), lambda it: it.tags.append("b")),
        "topics: ['A', \"B\", C]\ntags: ['a', ~, 'b']\n",
    ),
    "text among text with several kinds of quotes": (
        'x: {a: \'b\', "c": "d"}\n',
        extras(x={"a": "e", "c": "d", "f": "g"}),
        'x: {a: "e", "c": "d", f: "g"}\n',
    ),
    "a list becomes a mapping": ("x: [1, 2] # c\n", extras(x={"a": [1]}), "x: {a: [1]} # c\n"),
    "a list becomes a scalar": ("x: [1, 2] # c\n", extras(x=3), "x: 3 # c\n"),
    "text that cannot be plain in brackets is quoted": (
        "topics: [A]\n",
        lambda it: it.topics.extend(["B, C", "[D]", "{E", "F: G", "H?", "I #J", "K#L"]),
        'topics: [A, "B, C", "[D]", "{E", "F: G", "H?", "I #J", K#L]\n',
    ),
    "on several lines, the last entry is removed": (
        "topics: [\n  A, # a\n  B  # b\n]\n",
        lambda it: it.topics.pop(),
        "topics: [\n  A # a\n]\n",
    ),
    "on several lines, the bracket keeps its indentation": (
        "topics: [A,  # a\n    B\n]\ntags: [ 1a, # one\n   2a, # two\n ]\nx: [1, # one\n  2]\n",
        several(lambda it: it.topics.pop(), lambda it: it.tags.pop(), extras(x=[1])),
        "topics: [A  # a\n]\ntags: [ 1a, # one\n ]\nx: [1 # one\n  ]\n",
    ),
    "on several lines, the first entry is removed": (
        "topics: [\n  A, # a\n  # about B\n  B  # b\n]\n",
        lambda it: it.topics.pop(0),
        "topics: [\n  # about B\n  B  # b\n]\n",
    ),
    "on several lines, an entry is appended": (
        "topics: [\n  A, # a\n  B  # b\n]\n",
        lambda it: it.topics.append("C"),
        "topics: [\n  A, # a\n  B,  # b\n  C\n]\n",
    ),
    "on several lines, an entry is inserted first": (
        "topics: [\n  A, # a\n  B,  # b\n]\n",
        lambda it: it.topics.insert(0, "Z"),
        "topics: [\n  Z,\n  A, # a\n  B,  # b\n]\n",
    ),
    "on several lines, entries swap with their comments": (
        "topics: [\n  A, # a\n  # about B\n  B  # b\n]\n",
        lambda it: it.topics.reverse(),
        "topics: [\n  # about B\n  B,  # b\n  A # a\n]\n",
    ),
    "on several lines, a comment above a removed entry stays": (
        "topics: [\n  A,\n  # about B\n  B,\n]\n",
        lambda it: it.topics.pop(),
        "topics: [\n  A,\n  # about B\n]\n",
    ),
    "on several lines, a comment above a removed entry stays between the others": (
        "topics: [\n  A,\n  # about B\n  B,\n  C\n  ]\n",
        lambda it: it.topics.remove("B"),
        "topics: [\n  A,\n  # about B\n  C\n  ]\n",
    ),
    "on several lines, the comment above the first entry moves with it": (
        "topics: [ # all\n\n  # about A\n  A, # A\n  # about B\n  B\n  # end\n  ]\n",
        lambda it: it.topics.reverse(),
        "topics: [ # all\n\n  # about B\n  B,\n  # about A\n  A # A\n  # end\n  ]\n",
    ),
    "text that looks like the anchor that it replaces": (
        "x: &a {k: v}\ny: *a # y\n",
        lambda it: it.extras.update(x="R &a b"),
        'x: "R &a b"\ny: # y\n  k: "v"\n',
    ),
    "text in quotes that looks like an anchor that is removed": (
        "x: {a: &a {k: v}, b: 'it''s &a b', c: \"\\\" &a b\"} # &a b\ny: *a\n",
        lambda it: it.extras["x"].update(a="z"),
        'x: {a: "z", b: \'it\'\'s &a b\', c: "\\" &a b"} # &a b\ny:\n  k: "v"\n',
    ),
    "the last entry is removed, and the comment of the previous one stays": (
        "tags: [a, # A\n  b] # B\nq: {a: 1, # A\n  b: 2}\n",
        several(lambda it: it.tags.pop(), lambda it: it.extras["q"].pop("b")),
        "tags: [a # A\n  ] # B\nq: {a: 1 # A\n  }\n",
    ),
    "entries that share a line with a bracket swap with their comments": (
        "tags: [a, # A\n  b] # B\n",
        lambda it: it.tags.reverse(),
        "tags: [b,\n  a # A\n  ] # B\n",
    ),
    "entries swap with their comments before a trailing comma": (
        "tags: [a, # A\n  b,]\n",
        lambda it: it.tags.reverse(),
        "tags: [b,\n  a, # A\n  ]\n",
    ),
    "the last entry has a comment and swaps": (
        "tags: [a, b # B\n  ]\nx: [1, 2, # two\n  ]\n",
        several(lambda it: it.tags.reverse(), lambda it: it.extras["x"].reverse()),
        "tags: [b, # B\n  a\n  ]\nx: [2, # two\n  1,\n  ]\n",
    ),
    "the last entry is removed with its comment": (
        "tags: [a, b # B\n  ]\nx: [1, 2, # two\n  ]\ny: [1, 2, # two\n  ]\n",
        several(lambda it: it.tags.pop(), extras(x=[1], y=[])),
        "tags: [a\n  ]\nx: [1,\n  ]\ny: [\n  ]\n",
    ),
    "a comment before a comma": (
        "x: [1 # one\n  , 2 # two\n  , 3]\n",
        extras(x=[1, 3, 2]),
        "x: [1 # one\n  , 3\n  , 2 # two\n  ]\n",
    ),
    "in a row, comments on lines of their own stay before the entry that followed them": (
        "x: [a, # a  \n  # above b\n  b, # b\n  # above c\n  c] # end\n",
        extras(x=["a", "b"]),
        "x: [a, # a  \n  # above b\n  b # b\n  # above c\n  ] # end\n",
    ),
    "in a row, such comments move with their entries": (
        "x: [ # list  \n  # above a\n  a, # a\n  # above b\n  b, c]\n",
        extras(x=["b", "a", "c"]),
        "x: [ # list  \n  # above b\n  b,\n  # above a\n  a, # a\n  c]\n",
    ),
    "in a row, the comments of a removed first entry stay": (
        "x: [a, # a\n  # above b\n  b, c]\n",
        extras(x=["b", "c"]),
        "x: [\n  # above b\n  b, c]\n",
    ),
    "commas first: an entry between comments is removed": (
        "x: [ a # a\n  # above b\n  , b # b\n  # above c\n  , c # c\n  # end\n  ]\n",
        extras(x=["a", "c"]),
        "x: [ a # a\n  # above b\n  # above c\n  , c # c\n  # end\n  ]\n",
    ),
    "commas first: entries with comments change places": (
        "x: [\n  # above a\n  a\n  # above b\n  , b # b\n  # above c\n  , c ]\n",
        extras(x=["c", "b", "a"]),
        "x: [\n  # above c\n  c\n  # above b\n  , b # b\n  # above a\n  , a ]\n",
    ),
    "commas first: entries are added at both ends": (
        "x: [ a # a\n  # above b\n  , b # b\n  # end\n  ]\n",
        extras(x=["z", "a", "b", "c"]),
        'x: [ "z"\n  , a # a\n  # above b\n  , b # b\n  , "c"\n  # end\n  ]\n',
    ),
    "commas first: the last entry is removed before a trailing comma": (
        "x: [ a # a\n  , b,\n  ]\n",
        extras(x=["a"]),
        "x: [ a, # a\n  ]\n",
    ),
    "an empty line stays where it was": (
        "x: [ # x\n\n  a, # a\n\n  # above b\n  b # b\n\n  ]\n",
        extras(x=["a", "n", "b"]),
        'x: [ # x\n\n  a, # a\n  "n",\n\n  # above b\n  b # b\n\n  ]\n',
    ),
    "the last entry is followed by a comma after a space": (
        "topics: [A , # a\n  B , # b\n  ]\n",
        lambda it: it.topics.append("C"),
        "topics: [A , # a\n  B , # b\n  C,\n  ]\n",
    ),
    "commas first: all entries are removed": (
        "x: [ a\n  # above b\n  , b ]\n",
        extras(x=[]),
        "x: [\n  # above b\n  ]\n",
    ),
    "a comma on its own line between comments": (
        "x: [a # a\n  # below a\n  , # comma\n  b, c]\n",
        extras(x=["a", "b"]),
        "x: [a # a\n  # below a\n  , # comma\n  b]\n",
    ),
    "a line break stays if an entry next to it is removed": (
        "x: [1, 2,\n  3, 4]\ny: [1, 2,\n  3, 4]\n",
        extras(x=[1, 2, 4], y=[1, 3, 4]),
        "x: [1, 2,\n  4]\ny: [1,\n  3, 4]\n",
    ),
    "an entry is inserted at a line break": (
        "x: [1, 2,\n  3, 4]\nimages:\n  - {url: u,\n     height: 2} # h\n",
        several(extras(x=[1, 2, 9, 3, 4]), lambda it: setattr(it.images[0], "width", 1)),
        "x: [1, 2,\n  9,\n  3, 4]\nimages:\n  - {url: u,\n     width: 1,\n     height: 2} # h\n",
    ),
    "several entries on a line": (
        "x: [1, 2, # two\n  3, 4]\n",
        extras(x=[1, 2, 4, 5]),
        "x: [1, 2, # two\n  4, 5]\n",
    ),
    "a value in braces is set": ("x: {a: 1, b: 'c'} # d\n", extras(x={"a": 2, "b": "c"}), "x: {a: 2, b: 'c'} # d\n"),
    "a key in braces is added": (
        "x: {a: 1}\n",
        extras(x={"a": 1, "b, c": [None, {"d": True}]}),
        'x: {a: 1, "b, c": [null, {d: true}]}\n',
    ),
    "a key in braces is removed": ("x: {a: 1, b: 2, c: 3}\n", extras(x={"a": 1, "c": 3}), "x: {a: 1, c: 3}\n"),
    "known keys in braces are added in their places": (
        "images: [{title: t, url: u}]\n",
        lambda it: setattr(it.images[0], "width", 5),
        "images: [{title: t, url: u, width: 5}]\n",
    ),
    "a known key in braces is added between others": (
        "related: [{excerpt: e, title: t}] # c\n",
        lambda it: setattr(it.related[0], "web_url", "u"),
        'related: [{excerpt: e, webUrl: "u", title: t}] # c\n',
    ),
    "a null in braces stays until it is set": (
        "images: [{url: u, width: , height: ~}, {url: v}]\n",
        lambda it: setattr(it.images[0], "height", 2),
        "images: [{url: u, width: , height: 2}, {url: v}]\n",
    ),
    "an empty list in braces stays if another key is set": (
        "related: [{title: t, images: [], quality: 1}]\n",
        lambda it: setattr(it.related[0], "quality", 2),
        "related: [{title: t, images: [], quality: 2}]\n",
    ),
    "a key without a value in braces": ("x: {a, b: }\n", extras(x={"a": 1, "b": 2}), "x: {a: 1, b: 2 }\n"),
    "nested brackets on several lines": (
        "x: [\n  {a: [1, 2], b: [\n    3, # three\n  ]},\n]\n",
        extras(x=[{"a": [1], "b": [3, 4]}]),
        "x: [\n  {a: [1], b: [\n    3, # three\n    4,\n  ]},\n]\n",
    ),
    "a pair without braces in a list": ("x: [a: 1, 2]\n", extras(x=[{"a": 2}, 2]), "x: [{a: 2}, 2]\n"),
    "an empty entry in brackets stays": (
        "topics: [~, A, null, B]\n",
        lambda it: it.topics.pop(0),
        "topics: [~, null, B]\n",
    ),
    "spaces before a comma": (
        "topics: [a , 'b'  , c ]\n",
        lambda it: it.topics.__setitem__(1, "d"),
        "topics: [a , d  , c ]\n",
    ),
    "a merge key in braces": (
        "x: &x {a: 1}\ny: {<<: *x, b: 2}\n",
        lambda it: it.extras["y"].update(b=3),
        "x: &x {a: 1}\ny: {<<: *x, b: 3}\n",
    ),
    "a merge key in braces on several lines": (
        "x: &x {a: 1}\ny: {\n  b: 2, # b\n  a: 7, # a\n  <<: *x, # x\n  c: 3 # c\n  }\n",
        lambda it: it.extras["y"].update(c=4),
        "x: &x {a: 1}\ny: {\n  b: 2, # b\n  a: 7, # a\n  <<: *x, # x\n  c: 4 # c\n  }\n",
    ),
    "a value that a merge key in braces overrode": (
        "x: &x {a: 1}\ny: {b: 2, a: 7, <<: *x}\n",
        lambda it: it.extras["y"].update(a=4),
        "x: &x {a: 1}\ny: {b: 2, <<: *x, a: 4}\n",
    ),
    "a key that a merge key in braces adds": (
        "x: &x {a: 1, b: 2}\ny: {<<: *x, c: 3}\n",
        lambda it: it.extras["y"].pop("a"),
        "x: &x {a: 1, b: 2}\ny: {b: 2, c: 3}\n",
    ),
    "an anchor is removed, and its alias is in other brackets that are edited": (
        "topics:\n  - &a AI # c\n  - Web\ntags: [*a , x, y] # d\n",
        several(lambda it: it.topics.pop(0), lambda it: it.tags.append("z")),
        "topics:\n  - Web\ntags: [AI , x, y , z] # d\n",
    ),
    "an anchor is removed, and its alias is in the same brackets": (
        "images: [\n  {url: &u a}, # a\n  {url: b, title: *u } # b\n  ]\n",
        lambda it: it.images.pop(0),
        'images: [\n  {url: b, title: "a" } # b\n  ]\n',
    ),
    "an anchor is removed, and its alias is deeper in the same brackets": (
        "x:\n   - [&v 1, {k: *v }] # c\n   - 'q' # d\n",
        lambda it: it.extras["x"][0].pop(0),
        "x:\n   - [{k: 1 }] # c\n   - 'q' # d\n",
    ),
    "an anchor is removed, and a merge key in the same braces refers to it": (
        "x: {a: &a {q: 1}, b: {<<: *a, z: 1}} # c\ny: 'q'\n",
        lambda it: it.extras["x"].pop("a"),
        "x: {b: {q: 1, z: 1}} # c\ny: 'q'\n",
    ),
    "an anchor and its alias are removed": (
        "x: &v 1 # c\ny: {k: *v , b: 2} # d\n",
        several(lambda it: it.extras.pop("x"), lambda it: it.extras["y"].pop("k")),
        "y: {b: 2} # d\n",
    ),
    "an anchor before a line end stays": (
        "topics: [&v\n  AI, b]\ntags: [*v , c] # d\n",
        lambda it: it.topics.append("z"),
        "topics: [&v\n  AI, b, z]\ntags: [*v , c] # d\n",
    ),
    "an anchor before a tab stays": (
        "x: {a: &v\t1, b: 2}\ny: *v # d\n",
        lambda it: it.extras["x"].update(b=3),
        "x: {a: &v\t1, b: 3}\ny: *v # d\n",
    ),
    "entries with anchors and aliases change places": (
        "x: [&a 1, *a , [*a , 2] ] # c\ny: *a # d\n",
        lambda it: it.extras["x"].reverse(),
        "x: [[1, 2], &a 1, *a ] # c\ny: *a # d\n",
    ),
    "empty lines stay if entries next to them are removed": (
        "x: [\n  1, # one\n\n  2,\n\n  3\n  ]\ny: [1,\n\n  2, 3]\n",
        extras(x=[2], y=[1, 3]),
        "x: [\n\n  2\n\n  ]\ny: [1,\n\n  3]\n",
    ),
    "an empty line goes if the entry below it moves next to a bracket": (
        "x: [1,\n\n  2]\ny: [1, 2,\n\n  3]\n",
        extras(x=[2], y=[1, 2]),
        "x: [2]\ny: [1, 2]\n",
    ),
    "a pair is added after a key without a value": (
        "x: {k: 1, l: }\ny: {k: 1, l: # l\n }\n",
        several(lambda it: it.extras["x"].update(m=2), lambda it: it.extras["y"].update(m=2)),
        "x: {k: 1, l: , m: 2 }\ny: {k: 1, l: , # l\n m: 2\n }\n",
    ),
    "the pair after a key without a value is removed": (
        "x: {k: 1, l: , n: 2}\n",
        lambda it: it.extras["x"].pop("n"),
        "x: {k: 1, l: }\n",
    ),
    "an entry is added after a tag without a value": (
        "x: [1, !!str ]\ny: {a: !!str }\n",
        several(lambda it: it.extras["x"].append(2), lambda it: it.extras["y"].update(b=2)),
        "x: [1, !!str , 2 ]\ny: {a: !!str , b: 2 }\n",
    ),
    "the entry after a tag without a value is removed": (
        "x: [!!str , 2]\n",
        lambda it: it.extras["x"].pop(),
        "x: [!!str ]\n",
    ),
    "a pair without braces has a comment": (
        "x: [k: 1 # c\n  ]\ny: [k: 1 # c\n  ]\n",
        several(lambda it: it.extras["x"][0].update(k=2), lambda it: it.extras["y"].append(2)),
        "x: [{k: 2} # c\n  ]\ny: [k: 1, # c\n  2\n  ]\n",
    ),
    "the last entry is removed before a comma on its own line": (
        "topics: [\n  A, # a\n  B\n  ,\n]\nx: [a # a\n  , b\n  , ]\n",
        several(lambda it: it.topics.pop(), extras(x=["a"])),
        "topics: [\n  A, # a\n]\nx: [a, # a\n  ]\n",
    ),
    "an entry is added after a comma on its own line": (
        "x: [a # a\n  , b # b\n  , ]\n",
        extras(x=["a", "b", 1]),
        "x: [a # a\n  , b # b\n  , 1,\n  ]\n",
    ),
    "an entry is added to empty brackets with a comment": (
        "topics: [ # to do\n] # a\nx: { # to do\n    } # b\n",
        several(lambda it: it.topics.append("A"), lambda it: it.extras["x"].update(a=1)),
        "topics: [ # to do\n  A\n] # a\nx: { # to do\n    a: 1\n    } # b\n",
    ),
    "pairs without braces have comments": (
        "x: [\n  k: 1, # k\n  l: 2 # l\n]\ny: [k: 1 # k\n  , b # b\n  ]\n",
        several(lambda it: it.extras["x"].append(3), lambda it: it.extras["y"].reverse()),
        "x: [\n  k: 1, # k\n  l: 2, # l\n  3\n]\ny: [b # b\n  , k: 1 # k\n  ]\n",
    ),
    "an anchor is removed whose alias is null in braces": (
        "x: &n\nimages:\n- {url: u, width: *n } # c\n",
        lambda it: it.extras.pop("x"),
        "images:\n- {url: u, width: null } # c\n",
    ),
    "an entry in braces with an alias moves": (
        "images:\n  - {url: a, title: &v V} # a\n  - {url: b, title: *v } # b\n",
        lambda it: it.images.reverse(),
        'images:\n  - {url: "b", title: "V"}\n  - {url: a, title: &v V} # a\n',
    ),
    "all entries are removed before a comma after a space": (
        "x:\n   a: [ # a\n       1 ,\n   ] # b\n   b: 'q' # c\n",
        lambda it: it.extras["x"]["a"].clear(),
        "x:\n   a: [ # a\n   ] # b\n   b: 'q' # c\n",
    ),
    "all entries are removed before a comma on its own line": (
        "x: { # a\n     k: 1\n     ,\n  } # b\n",
        lambda it: it.extras["x"].clear(),
        "x: { # a\n  } # b\n",
    ),
    "spaces and empty lines around comments stay": (
        "x: { u: [1],  \n  # d\n\n  a: 2,\n  # e\n\n  }\n",
        lambda it: it.extras["x"]["u"].append(2),
        "x: { u: [1, 2],  \n  # d\n\n  a: 2,\n  # e\n\n  }\n",
    ),
    "an alias in brackets is written out": (
        "x: &x one\ny: [*x, two]\n",
        lambda it: it.extras.pop("x"),
        'y: ["one", two]\n',
    ),
    "an anchor before brackets stays": (
        "x: &x [1]\ny: *x\n",
        lambda it: it.extras["x"].append(2),
        "x: &x [1, 2]\ny:\n  - 1\n",
    ),
}


FLOW_LISTS = [
    "[a, # a\n  # above b\n  b, # b\n  # above c\n  c] # end",
    "[a,\n  # above b\n  b,\n\n  # above c\n  # again\n  c # c\n  # last\n  ] # end",
    "[ # head\n  # above a\n  a, b,\n  # above c\n  c,\n  # last\n  ]",
    "[\n  # above a\n  a, # a\n\n  # above b\n  b, # b\n  c\n  # last\n]",
    "[a # a\n  , b # b\n  , c # c\n  # last\n  ]",
    "[\n  # above a\n  a # a\n  # above b\n  , b # b\n  # above c\n  , c # c\n  # last\n  ]",
    "[ a # a\n  # above b\n  , b\n\n  , c, # c\n  ]",
    "[a, # a\n\n  # above b\n  b, c,\n  # last\n]",
]


@pytest.mark.parametrize("text", FLOW_LISTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_order_of_a_flow_list(text: str, line_end: str) -> None:
    """Comments above and after an entry stay with it in every order and selection, and no comment above one is lost."""
    own_lines = sorted(re.findall(r"^ *(# (?:above|again|last).*)", text, re.MULTILINE))
    for number in range(1, 5):
        for order in itertools.permutations("abcn", number):
            after = edited(f"x: {text}\n", extras(x=list(order)), line_end=line_end).replace(line_end, "\n")
            assert sorted(re.findall(r"^ *(# (?:above|again|last).*)", after, re.MULTILINE)) == own_lines
            assert re.search(r"[ \t]$", after, re.MULTILINE) is None
            for name in order:
                above, own = f"# above {name}\n", f"# {name}\n"
                assert above not in text or re.search(rf"{above}(?:\n| *#.*\n)*[ ,]*{name}\b", after)
                assert own not in text or re.search(rf"\b{name}[ ,]*{own}", after)


@pytest.mark.parametrize(
    "text",
    [
        "[a,\n  b]",
        "[a\n  , b\n  , c]",
        "[a,\n  b, c]",
        "[a, b,\n  c, d]",
        "[\n  a, b,\n  c, d\n  ]",
        "[\n  a, # a\n  b # b\n  ]",
        "[\n  # above a\n  a,\n  # above b\n  b\n]",
        "[ a , b ]",
        "[\n  # above a\n  a # a\n  # above b\n  , b # b\n  ]",
    ],
)
def test_a_flow_list_is_reversed_and_reversed_again(text: str) -> None:
    """Entries that change places leave the line breaks and commas where they were, so that the old bytes come back."""
    lines = f"x: {text}\n"
    reverse: Change = lambda it: it.extras["x"].reverse()  # noqa: E731
    assert edited(edited(lines, reverse), reverse) == lines


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_edits_in_flow_collections(case: str, line_end: str) -> None:
    """An edit in a flow collection changes that value and its comma; comments in and after it stay."""
    before, change, after = CASES[case]
    assert edited(before, change, line_end=line_end) == after.replace("\n", line_end)


def test_flow_mapping_as_the_front_matter() -> None:
    """Front matter in braces stays in braces, even with a merge key."""
    text = "---\n{title: T, publishedDateTime: 2020-01-01, provider: {name: P}}\n---\nbody"
    item = newsitem.loads(text)
    assert newsitem.dumps(item) == text
    item.heat = 1
    assert newsitem.dumps(item) == text.replace("-01, prov", "-01, heat: 1, prov")
    text = text.replace("{name: P}", "{name: P}, <<: {heat: 1}")
    item = newsitem.loads(text)
    item.heat = 2
    assert newsitem.dumps(item) == text.replace("{heat: 1}", "{heat: 1}, heat: 2")
