"""Edits of values with anchors, aliases, merge keys and tags: the exact text afterwards."""

from __future__ import annotations

import pytest
from changes import Change, edited, extras

import newsitem


def remove_and_append(item: newsitem.NewsItem) -> None:
    """Remove the unknown key ``x``, and add a topic."""
    del item.extras["x"]
    item.topics.append("A")


CASES: dict[str, tuple[str, Change, str]] = {
    "a value of the only merge key of a mapping is removed": (
        "x: &p\n  name: P\n  domain: p.example\nrelated:\n  - title: R\n    provider:\n      <<: *p\n",
        lambda it: setattr(it.related[0].provider, "domain", None),
        "x: &p\n  name: P\n  domain: p.example\nrelated:\n  - title: R\n    provider:\n      name: P\n",
    ),
    "the only merge key of plain data is replaced by a key": (
        "x: &p\n  a: 1\ny:\n  <<: *p\n",
        lambda it: it.extras.update(y={"b": 2}),
        "x: &p\n  a: 1\ny:\n  b: 2\n",
    ),
    "a tag is removed with its value": (
        'x: 1\nheat: !!int "7"\n',
        lambda it: setattr(it, "heat", 8),
        "x: 1\nheat: 8\n",
    ),
    "an anchor stays, and its alias keeps the old value": (
        "excerpt: &e Old\nx: *e\n",
        lambda it: setattr(it, "excerpt", "New"),
        'excerpt: &e "New"\nx: "Old"\n',
    ),
    "an anchor is removed, and its alias written out": (
        "type: &e article\nx:\n  - *e\n  - 1\n",
        lambda it: setattr(it, "type", None),
        'x:\n  - "article"\n  - 1\n',
    ),
    "an alias is replaced": ("x: &e 1\nheat: *e\n", lambda it: setattr(it, "heat", 2), "x: &e 1\nheat: 2\n"),
    "a merged value is overridden after the merge key": (
        "x: &e\n  width: 1\nimages:\n  - <<: *e\n    url: u\n",
        lambda it: setattr(it.images[0], "width", 2),
        "x: &e\n  width: 1\nimages:\n  - <<: *e\n    url: u\n    width: 2\n",
    ),
    "an overridden key before a merge key moves after it, with its comment": (
        "x: &e\n  width: 1\nimages:\n  - url: u\n    width: 5 # old\n    <<: *e # m\n",
        lambda it: setattr(it.images[0], "width", 2),
        "x: &e\n  width: 1\nimages:\n  - url: u\n    <<: *e # m\n    width: 2 # old\n",
    ),
    "an overridden block moves after the merge key, and keeps its entries": (
        "x: &m\n  related: [{title: R}]\nrelated: # r\n  - title: S # s\n    quality: 1 # q\n<<: *m # m\n",
        lambda it: setattr(it, "related", [newsitem.RelatedItem(title="S", quality=2)]),
        "x: &m\n  related: [{title: R}]\n<<: *m # m\nrelated: # r\n  - title: S # s\n    quality: 2 # q\n",
    ),
    "an overridden key that an alias uses is written anew": (
        "x: &e\n  width: 1\nimages:\n  - url: u\n    width: &w 5 # old\n    <<: *e\n    height: *w\n",
        lambda it: setattr(it.images[0], "width", 2),
        "x: &e\n  width: 1\nimages:\n  - url: u\n    <<: *e\n    width: 2\n    height: 5\n",
    ),
    "an invalid value that a merge key overrides is set": (
        "x: &m\n  heat: 5\nheat: hot # h\n<<: *m\n",
        lambda it: setattr(it, "heat", 7),
        "x: &m\n  heat: 5\n<<: *m\nheat: 7 # h\n",
    ),
    "an invalid list that a merge key overrides is set": (
        "x: &m\n  related: [{title: R}]\nrelated:\n  - {}\n  - title: [b]\n    keywords: c # c\n<<: *m\n",
        lambda it: setattr(it, "related", [newsitem.RelatedItem(title="S")]),
        'x: &m\n  related: [{title: R}]\n<<: *m\nrelated:\n  - title: "S"\n',
    ),
    "an overridden key before a merge key stays if another is edited": (
        "x: &e\n  width: ~\n  title: t\nimages:\n  - url: u\n    width: 5 # old\n    title: s\n    <<: *e\n",
        lambda it: setattr(it.images[0], "url", "v"),
        ('x: &e\n  width: ~\n  title: t\nimages:\n  - url: "v"\n    width: 5 # old\n    title: s\n    <<: *e\n'),
    ),
    "an overridden key is set when its merge key is removed": (
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    width: 5 # old\n    <<: *e\n",
        lambda it: setattr(it.images[0], "height", None),
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    width: 1 # old\n",
    ),
    "removing a merged value removes the merge key": (
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    <<: *e\n",
        lambda it: setattr(it.images[0], "width", None),
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    height: 2\n",
    ),
    "a removed anchor is written out in place of its merge key": (
        "x: &e\n  width: 1\nimages:\n  - url: u\n    <<: [*e]\n",
        lambda it: it.extras.pop("x"),
        "images:\n  - url: u\n    width: 1\n",
    ),
    "an alias is written out if it keeps a value of another kind": (
        "x: &q 15\nheat: *q\n",
        extras(x="edited"),
        'x: &q "edited"\nheat: 15\n',
    ),
    "the only entry of a list is removed with its anchor": (
        "x: &n\ntopics:\n- *n\n",
        remove_and_append,
        "topics:\n- A\n",
    ),
    "empty entries stay with comments, tags and anchors": (
        "topics:\n- # of the week\n- A\n- !!null\n- &x\n- B\nx: *x\n",
        lambda it: setattr(it, "topics", ["B", "C"]),
        "topics:\n- # of the week\n- !!null\n- &x\n- B\n- C\nx: *x\n",
    ),
    "an alias of a removed empty value is removed": (
        "x: &n\ntopics:\n- *n\n- A\n",
        lambda it: it.extras.pop("x"),
        "topics:\n- A\n",
    ),
    "an alias as a key is written out": (
        "k: &x foo\n*x : 1\nheat: 1\n",
        lambda it: it.extras.pop("k"),
        "heat: 1\nfoo: 1\n",
    ),
    "an anchor is removed from a value of another kind": (
        "d: &d\n  width: 1\nimages:\n  - url: u\n    <<: *d # m\n",
        extras(d=1),
        "d: 1\nimages:\n  - url: u\n    width: 1\n",
    ),
    "a tag before an anchor": ("x: !!str &x 12\nz: *x\n", extras(x=12), 'x: &x 12\nz: "12"\n'),
    "another anchor with the same name": (
        "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
        lambda it: it.extras.pop("a"),
        "b: 1\nc: &x 2\nd: *x\n",
    ),
    "an alias moves with its comment": (
        "x: &x Water\ntopics:\n  - *x # main\n  - South\n",
        lambda it: it.topics.reverse(),
        "x: &x Water\ntopics:\n  - South\n  - *x # main\n",
    ),
    "an anchor moves with its comment": (
        "topics:\n  - &a North # from Ana\n  - South\ntags: [*a]\n",
        lambda it: it.topics.reverse(),
        "topics:\n  - South\n  - &a North # from Ana\ntags: [*a]\n",
    ),
    "an anchor moves after its alias": (
        "topics:\n  - &a North # 1\n  - *a # 2\n  - South # 3\n",
        lambda it: it.topics.append(it.topics.pop(0)),
        "topics:\n  - &a North # 1\n  - South # 3\n  - *a # 2\n",
    ),
    "an anchored list gets an entry that the field of its alias refuses": (
        "x: &a [b, 'c'] # x\ntopics: *a # t\n",
        lambda it: it.extras["x"].append([1]),
        "x: &a [b, 'c', [1]] # x\ntopics: # t\n  - b\n  - c\n",
    ),
    "an anchored mapping gets a value that the model refuses": (
        "x: &a\n  # url\n  url: u # u\n  width: 3 # w\nimages:\n  - *a\n",
        lambda it: it.extras["x"].__setitem__("width", "big"),
        'x: &a\n  # url\n  url: u # u\n  width: "big" # w\nimages:\n  - url: "u"\n    width: 3\n',
    ),
    "an alias moves to the end with its comment": (
        "x: &x W\ntopics:\n- *x # m\n- S # s\n- E\n",
        lambda it: it.topics.append(it.topics.pop(0)),
        "x: &x W\ntopics:\n- S # s\n- E\n- *x # m\n",
    ),
    "an entry with an anchor and its alias moves as text": (
        "x:\n- [&a v, *a ] # 1\n- s # 2\n- t # 3\n",
        lambda it: it.extras["x"].append(it.extras["x"].pop(0)),
        "x:\n- s # 2\n- t # 3\n- [&a v, *a ] # 1\n",
    ),
    "an alias that moves before its anchor is written out": (
        "x:\n- k: &a v # 1\n- l: *a # 2\n- m # 3\n",
        lambda it: it.extras["x"].insert(0, it.extras["x"].pop(1)),
        'x:\n- l: "v"\n- k: &a v # 1\n- m # 3\n',
    ),
    "the alias of an anchor that did not change stays": (
        "x: &a [b] # x\ny: &b [c] # y\ntopics: *a # t\ntags: *b # g\n",
        lambda it: it.extras["x"].append([1]),
        "x: &a [b, [1]] # x\ny: &b [c] # y\ntopics: # t\n  - b\ntags: *b # g\n",
    ),
    "a key with an anchor at the end of a mapping is renamed": (
        "x:\n  k: 1 # k\n  l: &a 2\ny: *a # y\n",
        lambda it: it.extras["x"].__setitem__("m", it.extras["x"].pop("l")),
        "x:\n  k: 1 # k\n  m: 2\ny: 2 # y\n",
    ),
    "an anchored block list gets an entry that the field of its alias refuses": (
        "x: &a\n  - url: u # u\nimages: *a # i\n",
        lambda it: it.extras["x"].append("s"),
        'x: &a\n  - url: u # u\n  - "s"\nimages: # i\n  - url: "u"\n',
    ),
    "an invalid scalar is set when the merge key that overrode it is removed": (
        "x: &m\n  heat: 5\nheat: hot # h\n<<: *m\n",
        lambda it: it.extras.pop("x"),
        "heat: 5 # h\n",
    ),
    "an invalid list is set when the merge key that overrode it is removed": (
        "x: &m\n  topics: [A]\ntopics:\n  - [b]\n  - c\n<<: *m\n",
        lambda it: it.extras.pop("x"),
        "topics:\n  - A\n",
    ),
    "an invalid mapping is set when the merge key that overrode it is removed": (
        "x: &m\n  related: [{title: R}]\nrelated:\n  - {}\n  - title: [b]\n    keywords: c # c\n<<: *m\n",
        lambda it: it.extras.pop("x"),
        'related:\n  - title: "R"\n',
    ),
    "an invalid key goes when the merge key that overrode its mapping is removed": (
        "x: &m\n  related: [{title: R}]\nrelated:\n  - title: S\n    [k]: c # c\n<<: *m\n",
        lambda it: it.extras.pop("x"),
        'related:\n  - title: "R"\n',
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_edits(case: str, line_end: str) -> None:
    """Only the lines of the edited value change; an alias keeps its value if its anchor is removed."""
    before, change, after = CASES[case]
    assert edited(before, change, line_end=line_end) == after.replace("\n", line_end)
