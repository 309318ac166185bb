"""Merge keys, anchors, tags, explicit keys and block scalars have the meaning that Psych, Jekyll's reader, gives them.

The reliability tests compare these expectations, and random texts, with Psych itself.
"""

from __future__ import annotations

from typing import Any

import pytest

import newsitem

HEAD = "---\ntitle: T\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\n"
BASES = "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\n"

VALUES: dict[str, Any] = {
    # merge keys: the later key or merge key takes precedence
    f"{BASES}odd:\n  x: 0\n  <<: *a\n": {"x": 1, "y": 1},
    f"{BASES}odd:\n  <<: *a\n  x: 0\n": {"x": 0, "y": 1},
    f"{BASES}odd:\n  <<: *a\n  <<: *b\n": {"x": 2, "y": 1, "z": 2},
    f"{BASES}odd:\n  <<: *a\n  x: 0\n  <<: *b\n": {"x": 2, "y": 1, "z": 2},
    f"{BASES}odd:\n  <<: [*a, *b]\n": {"x": 1, "z": 2, "y": 1},
    f"{BASES}odd:\n  x: 0\n  <<: [*b, {{x: 3, w: 3}}]\n": {"x": 2, "w": 3, "z": 2},
    f"{BASES}odd:\n  <<:\n    x: 3\n    <<: *a\n": {"x": 1, "y": 1},
    f"{BASES}odd: {{x: 0, <<: *a}}\n": {"x": 1, "y": 1},
    f"{BASES}odd:\n  x: 0\n  <<: []\n": {"x": 0},
    f'{BASES}odd:\n  "<<": *a\n': {"x": 1, "y": 1},
    f"{BASES}odd:\n  !odd <<: *a\n": {"x": 1, "y": 1},
    f"{BASES}odd:\n  &m <<: *a\n": {"x": 1, "y": 1},
    f"{BASES}m: &m <<\nodd:\n  *m : *a\n": {"x": 1, "y": 1},
    f"{BASES}odd:\n  <<: *a\n  x: ~\n": {"x": None, "y": 1},
    # anchors
    "a: &a-_1 5\nodd: [*a-_1,*a-_1]\n": [5, 5],
    "odd: [&a,b]\n": [None, "b"],
    "a: &a 1\nb: &a 2\nodd: *a\n": 2,
    # tags
    "odd: ! 'yes'\n": True,
    "odd: !!null sad\n": "sad",
    "odd: !<tag:yaml.org,2002:str> 5\n": "5",
    "odd: !!st%72 5\n": "5",
    "odd: [!odd, 5]\n": [None, 5],
    "odd: !!odd {x: 1}\n": {"x": 1},
    "odd: !!str\t5\n": "5",
    # keys
    "odd:\n  ? x\n  ? y\n  : 1\n": {"x": None, "y": 1},
    "odd: [x: 1, ? y, 'z':2]\n": [{"x": 1}, {"y": None}, {"z": 2}],
    "odd: {x, y: , z?: 1, a:b}\n": {"x": None, "y": None, "z?": 1, "a:b": None},
    # block scalars
    "odd: |\n  \n    x\n": "\nx\n",
    "odd: |\n      \n": "",
    "odd: |\n\n   \n    x\n   \n": "\n\nx\n",
    "odd: |2\n    \n    x\n": "  \n  x\n",
    "odd: |+\n   \n\n": "\n\n",
    "odd: >\n    \n    a\n    b\n\n    c\n     d\n    e\n": "\na b\nc\n d\ne\n",
    "odd: >-\n  a\n\n\n  b\n\n": "a\n\nb",
    "odd: |-\t# comment\n  a\n": "a",
    "odd: |1-\n  a\n": " a",
    "odd: |+ # comment\n": "",
    "odd: |\n  \xa0\n  a\n": "\xa0\na\n",
    "odd:\n- |\n x\n": ["x\n"],
    "odd: !!str\n  |\n": "",
    "odd: &a # comment\n  >+\n\n\n": "\n\n",
    "odd: &a\n     |-\n   # a\n    b\n": "# a\n b",
    # rare line breaks of YAML
    "odd: 1\u2028other: 2\n": 1,
    "odd: |\n  a\x85  b\n": "a\nb\n",
}

REFUSED: dict[str, tuple[str, str]] = {
    "odd: &quot;x&quot; y\n": ("6:6", "expected an anchor name"),
    "odd: &é x\n": ("6:6", "expected an anchor name"),
    "odd: *a.b\n": ("6:6", "expected an anchor name"),
    "odd: &a: x\n": ("6:8", "a colon and a space"),
    "odd: *none\n": ("6:6", "undefined alias (*)"),
    "odd: !<> x\n": ("6:6", "expected a tag"),
    "odd: !! x\n": ("6:6", "expected a tag"),
    "odd: !a!b x\n": ("6:6", "a tag (!)"),
    "odd: !a! x\n": ("6:6", "expected a tag"),
    "odd: !a,b x\n": ("6:6", "expected a tag"),
    "odd: !é x\n": ("6:6", "expected a tag"),
    "odd: !a%4 x\n": ("6:6", "expected a tag"),
    "odd: !a%C3%41 x\n": ("6:6", "expected a tag"),
    "odd: [!a]\n": ("6:7", "expected a tag"),
    "odd: !!set {x}\n": ("6:6", "instantiates a class"),
    "odd: !!omap {x: 1}\n": ("6:6", "instantiates a class"),
    "odd: !ruby/object:Object {}\n": ("6:6", "instantiates a class"),
    "odd: !!float x\n": ("6:6", "!!float"),
    ": 1\n": ("6:1", "expected a key before this colon"),
    "odd:\n  : 1\n": ("7:3", "expected a key before this colon"),
    "odd: {: 1}\n": ("6:7", "expected a key before this colon"),
    "odd: [?]\n": ("6:7", "a value must not start"),
    "odd: [a:]\n": ("6:9", "a colon in brackets"),
    "odd: {a:?b}\n": ("6:11", "a colon in brackets"),
    "odd: |0\n  x\n": ("6:7", "text after a block scalar indicator"),
    "odd: |\n \tx\n": ("7:2", "a tab"),
    "odd: |2\n \tx\n": ("7:2", "a tab"),
    "odd: |\n    \n  x\n": ("8:3", "the indentation does not match"),
}


def read(lines: str) -> newsitem.NewsItem:
    """Read a small item with further lines."""
    return newsitem.loads(f"{HEAD}{lines}---\n")


@pytest.mark.parametrize("lines", VALUES)
def test_values_are_those_of_psych(lines: str) -> None:
    """An unknown key has the value that Psych reads, and is written back unchanged."""
    item = read(lines)
    assert repr(item.extras["odd"]) == repr(VALUES[lines])
    assert newsitem.dumps(item) == f"{HEAD}{lines}---\n"


@pytest.mark.parametrize("lines", REFUSED)
def test_refused_like_psych(lines: str) -> None:
    """A text that Psych refuses is refused, with its position and a hint."""
    place, message = REFUSED[lines]
    with pytest.raises(newsitem.NewsItemError) as caught:
        read(lines)
    assert str(caught.value).startswith(f"{place}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("<<: x\n", "6:5"),
        ("<<:\n", "6:4"),
        ("a: &a []\n<<: *a\n", "7:5"),
        ("<<: [{}, x]\n", "6:10"),
        ("!!str <<: {}\n", "6:1"),
    ],
)
def test_merge_keys_need_a_mapping(lines: str, place: str) -> None:
    """A merge key whose value is not a mapping is refused, although Psych reads it as an ordinary key."""
    with pytest.raises(newsitem.ValidationError, match=f"^{place}: "):
        read(lines)


def test_byte_order_mark_in_the_middle() -> None:
    """A byte order mark at the start of a later line, which some readers skip, is refused by name."""
    with pytest.raises(newsitem.ParseError, match=r"^6:1: .*U\+FEFF"):
        read("\ufeffodd: x\n")


@pytest.mark.parametrize("tag", ["!!binary", "!!float"])
def test_tagged_keys_must_be_text(tag: str) -> None:
    """A key whose tag makes it a value other than text is refused."""
    with pytest.raises(newsitem.ValidationError, match=r"^6:1: a key must be text"):
        read(f"{tag} eA==: x\n")
