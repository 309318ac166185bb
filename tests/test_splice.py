"""Edits of hand-edited texts: the exact text that comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import newsitem
from newsitem._codec import front_matter, reader
from newsitem._codec.source import Edit

HEAD = "title: T\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\n"
Change = Callable[[newsitem.NewsItem], Any]


def edited(lines: str, change: Change, *, head: str = HEAD) -> str:
    """Give the lines behind the required ones after *change*."""
    item = newsitem.loads(f"---\n{head}{lines}---\n\n")
    change(item)
    text = newsitem.dumps(item)
    assert newsitem.loads(text) == item
    return text.removeprefix(f"---\n{head}").removesuffix("---\n\n")


def data(**values: Any) -> Change:
    """Give a change of unknown keys."""
    return lambda item: item.extras.update(values)


def several(*changes: Change) -> Change:
    """Give several changes as one."""
    return lambda item: [change(item) for change in changes]


def add_several(item: newsitem.NewsItem) -> None:
    """Add keys of several kinds."""
    item.heat = 1
    item.published = True
    item.tags = ["A"]
    item.extras["z"] = [1]


def remove_and_append(item: newsitem.NewsItem) -> None:
    """Remove the unknown key ``x``, and add a topic."""
    del item.extras["x"]
    item.topics.append("A")


def remove_heat_and_quality(item: newsitem.NewsItem) -> None:
    """Remove two keys."""
    item.heat = item.quality = None


def swap_and_edit(item: newsitem.NewsItem) -> None:
    """Swap two entries, and edit both."""
    item.related.reverse()
    for related in item.related:
        related.quality = 9


CASES: dict[str, tuple[str, Change, str]] = {
    "a merge key alone in a mapping gives too much": (
        "x: &p\n  name: P\n  domain: p.example\nrelated:\n  - title: R\n    provider:\n      <<: *p\n",
        lambda it: setattr(it.related[0].provider, "domain", None),
        "x: &p\n  name: P\n  domain: p.example\nrelated:\n  - title: R\n    provider:\n      name: P\n",
    ),
    "a mapping of plain data loses its merge key and gets others": (
        "x: &p\n  a: 1\ny:\n  <<: *p\n",
        lambda it: it.extras.update(y={"b": 2}),
        "x: &p\n  a: 1\ny:\n  b: 2\n",
    ),
    "entries that move and change at once take their lines along": (
        "related:\n  - title: A   # first\n    webUrl: x\n  - title: B   # bee\n    # inside B\n    quality: 1\n",
        swap_and_edit,
        (
            "related:\n  - title: B   # bee\n    # inside B\n    quality: 9\n"
            "  - title: A   # first\n    webUrl: x\n    quality: 9\n"
        ),
    ),
    "a comment behind a value stays": ("heat: 1  # one\n", lambda it: setattr(it, "heat", 2), "heat: 2  # one\n"),
    "a comment above the next key stays": (
        "x: 1\n# about heat\nheat: 1\n# about quality\nquality: 2\n",
        lambda it: setattr(it, "heat", None),
        "x: 1\n# about heat\n# about quality\nquality: 2\n",
    ),
    "an empty value gets one": ("x:\nheat: # soon\n", lambda it: setattr(it, "heat", 2), "x:\nheat: 2 # soon\n"),
    "a null spelling stays until there is a value": (
        "type: ~\nheat: ~\n",
        lambda it: setattr(it, "heat", 1),
        "type: ~\nheat: 1\n",
    ),
    "a value on the next line is replaced there": (
        "type:\n  article\n",
        lambda it: setattr(it, "type", "video"),
        "type:\n  video\n",
    ),
    "a block scalar becomes one line, what follows stays": (
        "x: 1\nexcerpt: |+\n  one\n\n  two\n\n# end\nheat: 1\n",
        lambda it: setattr(it, "excerpt", "new"),
        'x: 1\nexcerpt: "new"\n# end\nheat: 1\n',
    ),
    "a quoted text of several lines": (
        'excerpt: "one\n\n  two"  # c\nheat: 1\n',
        lambda it: setattr(it, "excerpt", "new"),
        'excerpt: "new"  # c\nheat: 1\n',
    ),
    "a tag goes with its value": ('x: 1\nheat: !!int "7"\n', lambda it: setattr(it, "heat", 8), "x: 1\nheat: 8\n"),
    "an explicit key": ("? heat\n: 1\n? x\n: 2\n", lambda it: setattr(it, "heat", 8), "? heat\n: 8\n? x\n: 2\n"),
    "an explicit key is removed with its mark": (
        "? heat\n: 1\n? x\n: 2\n",
        lambda it: setattr(it, "heat", None),
        "? x\n: 2\n",
    ),
    "an explicit key without a value": ("? x\nheat: 1\n", data(x=5), "x: 5\nheat: 1\n"),
    "an explicit key alone gets a value": (
        "? x # c\n? 'y'\n? |\n  z\n",
        data(x={"a": 1}, y=2, **{"z\n": 3}),
        'x: # c\n  a: 1\n"y": 2\n"z\\n": 3\n',
    ),
    "a quoted key": ('"heat": 1\n', lambda it: setattr(it, "heat", 2), '"heat": 2\n'),
    "unknown keys in each other": (
        "x:\n  a: 1 # one\n  b:\n    - c: 2\n      d: 3\n",
        lambda it: it.extras["x"]["b"][0].update(c=4, e=True),
        "x:\n  a: 1 # one\n  b:\n    - c: 4\n      d: 3\n      e: true\n",
    ),
    "one is not true": ("x: 1\n", data(x=True), "x: true\n"),
    "comments of entries go where no entry stays": (
        "topics: # main\n  - A # a\n  - B # b\nheat: 1\n",
        lambda it: setattr(it, "topics", ["C"]),
        "topics: # main\n  - C\nheat: 1\n",
    ),
    "another entry in its place does not get its comments": (
        "related: # all\n- title: a # first\n  webUrl: u\n- title: b\n",
        lambda it: it.related.__setitem__(0, newsitem.RelatedItem(title="c", web_url="w")),
        'related: # all\n- title: "c"\n  webUrl: "w"\n- title: b\n',
    ),
    "all keys of a mapping are replaced": ("x:\n  a: 1\n  b: 2\nheat: 1\n", data(x={"c": 3}), "x:\n  c: 3\nheat: 1\n"),
    "a mapping becomes a scalar": ("x:\n  a: 1\n  b: 2\nheat: 1\n", data(x=5), "x: 5\nheat: 1\n"),
    "a mapping becomes empty": ("x:\n  a: 1\nheat: 1\n", data(x={}), "x: {}\nheat: 1\n"),
    "a scalar becomes a list": ("x: 5\nheat: 1\n", data(x=[1, [2, 3]]), "x:\n  - 1\n  - - 2\n    - 3\nheat: 1\n"),
    "a list becomes a mapping": ("x:\n- 1\n- 2\nheat: 1\n", data(x={"a": 1}), "x:\n  a: 1\nheat: 1\n"),
    "no entry of a list stays": (
        "x:\n- # first\n  a: 1\n- 2\nheat: 1\n",
        data(x=[[5], None]),
        "x:\n- # first\n  - 5\n- null\nheat: 1\n",
    ),
    "a list in a list moves and is edited with its comments": (
        "x:\n  - - a # a\n  - - 'c' # c\n    - d # d\n",
        data(x=[["c", "d", 1], ["a"]]),
        "x:\n  - - 'c' # c\n    - d # d\n    - 1\n  - - a # a\n",
    ),
    "what identifies plain data": (
        "x:\n  - id: 7 # 7\n    v: 1\n  - id: 8 # 8\n    v: 1\n",
        data(x=[{"id": 8, "v": 2}, {"id": 7, "v": 3}]),
        "x:\n  - id: 8 # 8\n    v: 2\n  - id: 7 # 7\n    v: 3\n",
    ),
    "a list of the model that becomes empty keeps the comment at its key": (
        "tags: # x\n  - a # a\ntopics:\n  - b # b\nheat: 1\n",
        several(lambda it: it.tags.clear(), lambda it: it.topics.clear()),
        "tags: [] # x\nheat: 1\n",
    ),
    "the first of a list in a list goes": (
        "x:\n  - - 1\n    - 2 # two\n  - 3\n",
        data(x=[[2], 3]),
        "x:\n  - - 2 # two\n  - 3\n",
    ),
    "a list in a list is ordered anew": (
        "x:\n  - - 1 # one\n    - 2 # two\n    - 3\n",
        data(x=[[3, 1, 2]]),
        "x:\n  - - 3\n    - 1 # one\n    - 2 # two\n",
    ),
    "the first of a list in a list moves": (
        "x:\n  - - 1 # one\n    - 2 # two\n    - 3\n",
        data(x=[[2, 3, 1]]),
        "x:\n  - - 2 # two\n    - 3\n    - 1 # one\n",
    ),
    "one before the first of a list in a list": (
        "x:\n  - - 1\n    - 2\n",
        data(x=[[0, 1, 2]]),
        "x:\n  - - 0\n    - 1\n    - 2\n",
    ),
    "the first key behind a dash goes": (
        "x:\n  - a: 1 # gone too\n    b: 2\n    c: 3\n",
        data(x=[{"c": 3}]),
        "x:\n  - c: 3\n",
    ),
    "the first key behind a dash goes, the comment below stays": (
        "x:\n  - a: 1\n    # about b\n    b: 2\n    c: 3\n    d: 4\n",
        data(x=[{"b": 2, "d": 4}]),
        "x:\n  - \n    # about b\n    b: 2\n    d: 4\n",
    ),
    "a dash on a line of its own": (
        "x:\n  -\n    a: 1\n    b: 2\n  -\n    a: 3\n",
        data(x=[{"b": 2}, {"a": 4}]),
        "x:\n  -\n    b: 2\n  -\n    a: 4\n",
    ),
    "entries move with their lines": (
        "topics:\n- A # a\n# between\n- 'B'\n- C\n",
        lambda it: setattr(it, "topics", ["C", "A", "B"]),
        "topics:\n- C\n- A # a\n# between\n- 'B'\n",
    ),
    "an entry is edited in its place": (
        "images:\n    -   url: u\n        width: 1 # w\n    -   url: v\n",
        lambda it: setattr(it.images[0], "width", 2),
        "images:\n    -   url: u\n        width: 2 # w\n    -   url: v\n",
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
    "an anchor stays, its alias keeps the old value": (
        "excerpt: &e Old\nx: *e\n",
        lambda it: setattr(it, "excerpt", "New"),
        'excerpt: &e "New"\nx: "Old"\n',
    ),
    "an anchor goes, its alias is written out": (
        "type: &e article\nx:\n  - *e\n  - 1\n",
        lambda it: setattr(it, "type", None),
        'x:\n  - "article"\n  - 1\n',
    ),
    "an alias is replaced": ("x: &e 1\nheat: *e\n", lambda it: setattr(it, "heat", 2), "x: &e 1\nheat: 2\n"),
    "a merged value is said anew behind the merge": (
        "x: &e\n  width: 1\nimages:\n  - <<: *e\n    url: u\n",
        lambda it: setattr(it.images[0], "width", 2),
        "x: &e\n  width: 1\nimages:\n  - <<: *e\n    url: u\n    width: 2\n",
    ),
    "a key before a merge that replaces it gives way to one after it": (
        "x: &e\n  width: 1\nimages:\n  - url: u\n    width: 5 # old\n    <<: *e # m\n",
        lambda it: setattr(it.images[0], "width", 2),
        "x: &e\n  width: 1\nimages:\n  - url: u\n    <<: *e # m\n    width: 2\n",
    ),
    "a key before a merge that replaces it stays where another is edited": (
        "x: &e\n  width: ~\n  title: t\nimages:\n  - url: u\n    width: 5 # old\n    title: s\n    <<: *e\n",
        lambda it: setattr(it.images[0], "url", "v"),
        ('x: &e\n  width: ~\n  title: t\nimages:\n  - url: "v"\n    width: 5 # old\n    title: s\n    <<: *e\n'),
    ),
    "a key that gets its own value back as the merge goes": (
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    width: 5 # old\n    <<: *e\n",
        lambda it: setattr(it.images[0], "height", None),
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    width: 1 # old\n",
    ),
    "a merged value that goes takes the merge along": (
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    <<: *e\n",
        lambda it: setattr(it.images[0], "width", None),
        "x: &e\n  width: 1\n  height: 2\nimages:\n  - url: u\n    height: 2\n",
    ),
    "an anchor that goes is written out where it is merged": (
        "x: &e\n  width: 1\nimages:\n  - url: u\n    <<: [*e]\n",
        lambda it: it.extras.pop("x"),
        "images:\n  - url: u\n    width: 1\n",
    ),
    "an empty first entry of a list at the margin": (
        "topics:\n-\n- AI\n",
        lambda it: it.topics.append("C"),
        "topics:\n-\n- AI\n- C\n",
    ),
    "a list of empty entries": (
        "tags:\n-\n- ~ # none\nx: 1\n",
        lambda it: it.tags.append("A"),
        "tags:\n-\n- ~ # none\n- A\nx: 1\n",
    ),
    "an anchor goes where its alias could not be the new value": (
        "x: &q 15\nheat: *q\n",
        data(x="edited"),
        'x: "edited"\nheat: 15\n',
    ),
    "comments that a block scalar would take in move to its margin": (
        "excerpt: >-\n  Tide\n  # no comment\noriginalUrl: u\n  # one\n\n    # two\nheat: 1\n",
        lambda it: setattr(it, "original_url", None),
        "excerpt: >-\n  Tide\n  # no comment\n# one\n\n    # two\nheat: 1\n",
    ),
    "a comment goes back from the longer of two block scalars that begin alike": (
        "x: |\n  a\ny: |\n  a\n  # b\nheat: 1\n  # c\nz: 1\n",
        lambda it: setattr(it, "heat", None),
        "x: |\n  a\ny: |\n  a\n  # b\n# c\nz: 1\n",
    ),
    "empty lines that a block scalar would keep go": (
        "x: |+\n  one\n\nheat: 1\n\n  \nz: 2\n",
        lambda it: setattr(it, "heat", None),
        "x: |+\n  one\n\nz: 2\n",
    ),
    "blank lines and a comment after a block scalar, from between which all entries go": (
        "x: |-\n  a\nheat: 1\n\n \nquality: 2\n   \n  # c\nz: 1\n",
        remove_heat_and_quality,
        "x: |-\n  a\n\n \n# c\nz: 1\n",
    ),
    "a list whose only entry goes with its anchor": (
        "x: &n\ntopics:\n- *n\n",
        remove_and_append,
        "topics:\n- A\n",
    ),
    "a comment that an opaque block scalar would take in": (
        "secured: |-\n  bmV3;QUJD\nheat: 1\n  # one\nx: 1\n",
        lambda it: setattr(it, "heat", None),
        "secured: |-\n  bmV3;QUJD\n# one\nx: 1\n",
    ),
    "entries move with the comments that are indented deeper": (
        "topics:\n  - A\n  - B\n    # b\n  - |-\n    C\n    c\n  - D\n    # d\n",
        lambda it: setattr(it, "topics", ["A", "B", "D", "C\nc"]),
        "topics:\n  - A\n  - B\n    # b\n  - D\n    # d\n  - |-\n    C\n    c\n",
    ),
    "empty entries stay, with comment, tag and anchor": (
        "topics:\n- # of the week\n- A\n- !!null\n- &x\n- B\nx: *x\n",
        lambda it: setattr(it, "topics", ["B", "C"]),
        "topics:\n- # of the week\n- !!null\n- &x\n- B\n- C\nx: *x\n",
    ),
    "an empty entry before the first that is removed": (
        "topics:\n- # none yet\n- A\n- B\n",
        lambda it: it.topics.pop(0),
        "topics:\n- # none yet\n- B\n",
    ),
    "an alias of what goes is no empty entry that stays": (
        "x: &n\ntopics:\n- *n\n- A\n",
        lambda it: it.extras.pop("x"),
        "topics:\n- A\n",
    ),
    "an explicit key that is empty goes alone": (
        "heat: 1\n?\n: x\ntype: article\n",
        lambda it: it.extras.pop(""),
        "heat: 1\ntype: article\n",
    ),
    "a key behind a question mark goes with it": (
        "heat: 1\n? k\n: x\ntype: article\n",
        lambda it: it.extras.pop("k"),
        "heat: 1\ntype: article\n",
    ),
    "an explicit key without a value in a list": (
        "l:\n- ? x\n- z\n",
        lambda it: it.extras["l"].append(1),
        "l:\n- ? x\n- z\n- 1\n",
    ),
    "a key behind a scalar that keeps its empty lines": (
        "x: |+\n  one\n\nheat: 1\n",
        lambda it: it.extras.update(z=1),
        "x: |+\n  one\n\nheat: 1\nz: 1\n",
    ),
    "an entry behind a scalar that keeps its empty lines": (
        "x:\n- |+\n  one\n\n- 2\n",
        data(x=["one\n\n", 3, 2]),
        "x:\n- |+\n  one\n\n- 3\n- 2\n",
    ),
    "the first of a list in a list goes, the comment below stays": (
        "x:\n  - - a\n    # about b\n    - b\n",
        data(x=[["b"]]),
        "x:\n  - \n    # about b\n    - b\n",
    ),
    "an alias as a key is written out": (
        "k: &x foo\n*x : 1\nheat: 1\n",
        lambda it: it.extras.pop("k"),
        "heat: 1\nfoo: 1\n",
    ),
    "an anchor does not stay on another kind of value": (
        "d: &d\n  width: 1\nimages:\n  - url: u\n    <<: *d # m\n",
        data(d=1),
        "d: 1\nimages:\n  - url: u\n    width: 1\n",
    ),
    "a tag before an anchor": ("x: !!str &x 12\nz: *x\n", data(x=12), 'x: &x 12\nz: "12"\n'),
    "equal entries keep their comments": (
        "topics:\n- A\n- B\n- A # second\n",
        lambda it: it.topics.pop(0),
        "topics:\n- B\n- A # second\n",
    ),
    "an anchor of the same name elsewhere": (
        "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
        lambda it: it.extras.pop("a"),
        "b: 1\nc: &x 2\nd: *x\n",
    ),
    "a block is added without empty lines where no other block has any": (
        "x: 1\ntype: article\n\nsecured: 'a'\n",
        lambda it: it.topics.append("A"),
        "topics:\n  - A\nx: 1\ntype: article\n\nsecured: 'a'\n",
    ),
    "several keys are added, each in its place": (
        "type: article\nx: 1\n",
        add_several,
        "tags:\n  - A\ntype: article\nheat: 1\npublished: true\nx: 1\nz:\n  - 1\n",
    ),
    "a block is added between empty lines where the other blocks have them": (
        "x: 1\n\nimages:\n  - url: u # c\n\nsecured: s\n",
        lambda it: setattr(it, "tags", ["A"]),
        "\ntags:\n  - A\n\nx: 1\n\nimages:\n  - url: u # c\n\nsecured: s\n",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_edits_of_hand_edited_text(case: str) -> None:
    """The text that comes out is the old one, but for the lines of what was edited."""
    before, change, after = CASES[case]
    assert edited(before, change) == after


@pytest.mark.parametrize("case", CASES)
def test_edits_of_hand_edited_text_with_crlf(case: str) -> None:
    """The same with CR LF, which new lines get too."""
    before, change, after = CASES[case]
    text = f"---\n{HEAD}{before}---\n\n".replace("\n", "\r\n")
    item = newsitem.loads(text)
    change(item)
    assert newsitem.dumps(item) == f"---\n{HEAD}{after}---\n\n".replace("\n", "\r\n")


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
    """A carriage return alone ends a line as in YAML; before the fence, where it does not, a newline is added."""
    assert edited(lines, change) == expected


def test_a_flow_mapping_as_the_front_matter() -> None:
    """Braces around everything stay, unless there is a merge key in them."""
    text = "---\n{title: T, publishedDateTime: 2020-01-01, provider: {name: P}}\n---\nbody"
    item = newsitem.loads(text)
    assert newsitem.dumps(item) == text
    item.heat = 1
    assert newsitem.dumps(item) == text.replace("-01, prov", "-01, heat: 1, prov")
    item = newsitem.loads(text.replace("{name: P}", "{name: P}, <<: {heat: 1}"))
    item.heat = 2
    assert newsitem.dumps(item) == (
        '---\ntitle: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\nheat: 2\n\nprovider:\n  name: P\n---\nbody'
    )


def test_a_key_before_all_others() -> None:
    """What the publisher writes first is put first."""
    item = newsitem.loads(f"---\n# by hand\n{HEAD}---\n")
    item.category = "news"
    assert newsitem.dumps(item) == f"---\n# by hand\ncategory: news\n{HEAD}---\n"


def test_what_cannot_be_spliced_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should no edit ever read back as the item, there is an error, and no text."""
    item = newsitem.loads(f"---\n{HEAD}x: 1 # one\n---\n")
    item.heat = 2
    for wrong in ("x: 1", "[", "heat: 3"):
        monkeypatch.setattr(
            "newsitem._codec.splice._edited",
            lambda before, *_, wrong=wrong, **__: Edit(0, len(before.text), before.text.replace("x: 1", wrong)),
        )
        with pytest.raises(newsitem.NewsItemError, match="nothing was written"):
            newsitem.dumps(item)


def test_a_duplicate_of_a_null_key_is_seen_by_the_check() -> None:
    """Should an edit add a key that is elsewhere in the text, be it null, the text is refused when it is read again."""
    text = f"---\n{HEAD}heat: # none\nx: 1\n---\n"
    parts = front_matter.split(text)
    before = reader.read_to_edit(text, parts, newsitem.NewsItem)
    end = len(text) - len(parts.closing)
    added = parts._replace(content=f"{parts.content}heat: 5\n")
    with pytest.raises(newsitem.ParseError, match="heat: duplicate key"):
        reader.read_edited(before, added, end, end)


def test_a_list_without_dashes_is_not_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should an entry of a list have no dash where it must, there is an error, and no text."""
    item = newsitem.loads(f"---\n{HEAD}x: # one\n- 1\n---\n")
    item.extras["x"].append(2)
    monkeypatch.setattr("newsitem._codec.entries.DASH", re.compile("!"))
    with pytest.raises(newsitem.NewsItemError, match="nothing was written"):
        newsitem.dumps(item)


@pytest.mark.parametrize(
    ("lines", "change", "expected"),
    [
        ("x:\n  ? |\n", data(x="new"), 'x: "new"\n'),
        ("x:\n  ? >\n", data(x={"a": 1}), "x:\n  a: 1\n"),
        ("x:\n  ? |\n", data(n=1), 'x:\n  ? |\n"n": 1\n'),
        ("x:\n  ? |\n", lambda it: it.extras.clear(), ""),
        ("x:\n|\n a\n", data(x="q"), 'x: "q"\n'),
        ("x: v\n \t\n", data(n="v"), 'x: v\n"n": "v"\n\n'),
        ("x: v\n \t# c\ny: 1\n", data(x="q"), 'x: "q"\n# c\ny: 1\n'),
        ("x: v\n \t\n", lambda it: it.extras.pop("x"), "\n"),
        (
            'x: v\n \t\ncode: |\n  a\n  \t# b\n  c\nq: "a\n \t\n b"\n',
            data(x="y: z"),
            'x: "y: z"\n\ncode: |\n  a\n  \t# b\n  c\nq: "a\n \t\n b"\n',
        ),
        ("tags:\n- a #c\r- b\n", lambda it: it.tags.append("q"), "tags:\n- a #c\r- b\n- q\n"),
        ("heat: 5 # c\rtype: x\n", lambda it: setattr(it, "heat", 7), "heat: 7 # c\rtype: x\n"),
    ],
)
def test_edits_of_odd_places(lines: str, change: Change, expected: str) -> None:
    """Block scalars as keys, tabs in empty lines and lone carriage returns are edited as others are."""
    assert edited(lines, change) == expected


def test_a_hand_edited_text_becomes_too_large() -> None:
    """What would be too large to be read again is not written, however it was read."""
    item = newsitem.loads(f"---\n{HEAD}x: 1\n---\n")
    item.body = "b" * 30_000_000
    with pytest.raises(newsitem.LimitError, match="larger than 20,000,000 bytes"):
        newsitem.dumps(item)


FLOW_CASES: dict[str, tuple[str, Change, str]] = {
    "the first entry goes": ("x: [1, 2, 3] # c\n", data(x=[2, 3]), "x: [2, 3] # c\n"),
    "the last entry goes": ("x: [ 1,2 ]\n", data(x=[1]), "x: [ 1 ]\n"),
    "one comes between, with the commas of the others": ("x: [1,3]\n", data(x=[1, 2, 3]), "x: [1,2,3]\n"),
    "one comes before, a comma at the end stays": ("x: [1, 2,]\n", data(x=[0, 1, 2]), "x: [0, 1, 2,]\n"),
    "entries swap": ("x: ['a', b, \"c\"]\n", data(x=["c", "a", "b"]), "x: [\"c\", 'a', b]\n"),
    "an empty list gets entries": ("x: [] # none\n", data(x=[1, 2]), "x: [1, 2] # none\n"),
    "an empty list of the model": ("topics: [ ] # none\n", lambda it: it.topics.append("A"), "topics: [A ] # none\n"),
    "all entries go": ("x: [1, 2] # c\n", data(x=[]), "x: [] # c\n"),
    "all entries go, comments between them stay": (
        "x: [\n  # numbers\n  1, # one\n  2, # two\n]\ny: [1, # one\n  2]\n",
        data(x=[], y=[]),
        "x: [\n  # numbers\n]\ny: []\n",
    ),
    "a list becomes a mapping": ("x: [1, 2] # c\n", data(x={"a": [1]}), "x: {a: [1]} # c\n"),
    "a list becomes a scalar": ("x: [1, 2] # c\n", data(x=3), "x: 3 # c\n"),
    "what could not stand in brackets is quoted": (
        "topics: [A]\n",
        lambda it: it.topics.extend(["B, C", "[D]", "{E", "F: G", "H?", "I #J", "K#L"]),
        'topics: [A, "B, C", "[D]", "{E", "F: G", "H?", "I #J", K#L]\n',
    ),
    "on many lines, the last goes": (
        "topics: [\n  A, # a\n  B  # b\n]\n",
        lambda it: it.topics.pop(),
        "topics: [\n  A # a\n]\n",
    ),
    "on many lines, the first goes": (
        "topics: [\n  A, # a\n  # about B\n  B  # b\n]\n",
        lambda it: it.topics.pop(0),
        "topics: [\n  # about B\n  B  # b\n]\n",
    ),
    "on many lines, one comes at the end": (
        "topics: [\n  A, # a\n  B  # b\n]\n",
        lambda it: it.topics.append("C"),
        "topics: [\n  A, # a\n  B,  # b\n  C\n]\n",
    ),
    "on many lines, one comes before": (
        "topics: [\n  A, # a\n  B,  # b\n]\n",
        lambda it: it.topics.insert(0, "Z"),
        "topics: [\n  Z,\n  A, # a\n  B,  # b\n]\n",
    ),
    "on many lines, entries swap with their comments": (
        "topics: [\n  A, # a\n  # about B\n  B  # b\n]\n",
        lambda it: it.topics.reverse(),
        "topics: [\n  # about B\n  B,  # b\n  A # a\n]\n",
    ),
    "on many lines, a comment above one that goes stays": (
        "topics: [\n  A,\n  # about B\n  B,\n]\n",
        lambda it: it.topics.pop(),
        "topics: [\n  # about B\n  A,\n]\n",
    ),
    "the last goes, the comment of the one before stays": (
        "tags: [a, # A\n  b] # B\nq: {a: 1, # A\n  b: 2}\n",
        several(lambda it: it.tags.pop(), lambda it: it.extras["q"].pop("b")),
        "tags: [a # A\n  ] # B\nq: {a: 1 # A\n  }\n",
    ),
    "entries that share a line with a bracket swap with their comments": (
        "tags: [a, # A\n  b] # B\n",
        lambda it: it.tags.reverse(),
        "tags: [b, a # A\n  ] # B\n",
    ),
    "entries swap with their comments before a comma at the end": (
        "tags: [a, # A\n  b,]\n",
        lambda it: it.tags.reverse(),
        "tags: [b, a, # A\n  ]\n",
    ),
    "the last has a comment, and swaps": (
        "tags: [a, b # B\n  ]\nx: [1, 2, # two\n  ]\n",
        several(lambda it: it.tags.reverse(), lambda it: it.extras["x"].reverse()),
        "tags: [b, # B\n  a\n  ]\nx: [2, # two\n  1,\n  ]\n",
    ),
    "the last goes with its comment": (
        "tags: [a, b # B\n  ]\nx: [1, 2, # two\n  ]\ny: [1, 2, # two\n  ]\n",
        several(lambda it: it.tags.pop(), data(x=[1], y=[])),
        "tags: [a\n  ]\nx: [1,\n  ]\ny: [\n  ]\n",
    ),
    "a comment before a comma": (
        "x: [1 # one\n  , 2 # two\n  , 3]\n",
        data(x=[1, 3, 2]),
        "x: [1 # one\n  , 3, 2 # two\n  ]\n",
    ),
    "a fold of the line stays where one before or after it goes": (
        "x: [1, 2,\n  3, 4]\ny: [1, 2,\n  3, 4]\n",
        data(x=[1, 2, 4], y=[1, 3, 4]),
        "x: [1, 2,\n  4]\ny: [1,\n  3, 4]\n",
    ),
    "one comes where the line is folded": (
        "x: [1, 2,\n  3, 4]\nimages:\n  - {url: u,\n     height: 2} # h\n",
        several(data(x=[1, 2, 9, 3, 4]), lambda it: setattr(it.images[0], "width", 1)),
        "x: [1, 2,\n  9,\n  3, 4]\nimages:\n  - {url: u,\n     width: 1,\n     height: 2} # h\n",
    ),
    "several on a line": (
        "x: [1, 2, # two\n  3, 4]\n",
        data(x=[1, 2, 4, 5]),
        "x: [1, 2, # two\n  4, 5]\n",
    ),
    "a value in braces is set": ("x: {a: 1, b: 'c'} # d\n", data(x={"a": 2, "b": "c"}), "x: {a: 2, b: 'c'} # d\n"),
    "a key in braces comes": (
        "x: {a: 1}\n",
        data(x={"a": 1, "b, c": [None, {"d": True}]}),
        'x: {a: 1, "b, c": [null, {d: true}]}\n',
    ),
    "a key in braces goes": ("x: {a: 1, b: 2, c: 3}\n", data(x={"a": 1, "c": 3}), "x: {a: 1, c: 3}\n"),
    "keys of the model in braces take their places": (
        "images: [{title: t, url: u}]\n",
        lambda it: setattr(it.images[0], "width", 5),
        "images: [{title: t, url: u, width: 5}]\n",
    ),
    "the first key of the model in braces": (
        "related: [{excerpt: e, title: t}] # c\n",
        lambda it: setattr(it.related[0], "web_url", "u"),
        'related: [{excerpt: e, webUrl: "u", title: t}] # c\n',
    ),
    "a null of the model in braces stays until there is a value": (
        "images: [{url: u, width: , height: ~}, {url: v}]\n",
        lambda it: setattr(it.images[0], "height", 2),
        "images: [{url: u, width: , height: 2}, {url: v}]\n",
    ),
    "a key without a value in braces": ("x: {a, b: }\n", data(x={"a": 1, "b": 2}), "x: {a: 1, b: 2 }\n"),
    "deep inside brackets on many lines": (
        "x: [\n  {a: [1, 2], b: [\n    3, # three\n  ]},\n]\n",
        data(x=[{"a": [1], "b": [3, 4]}]),
        "x: [\n  {a: [1], b: [\n    3, # three\n    4,\n  ]},\n]\n",
    ),
    "a pair without braces in a list": ("x: [a: 1, 2]\n", data(x=[{"a": 2}, 2]), "x: [{a: 2}, 2]\n"),
    "an empty entry in brackets stays": (
        "topics: [~, A, null, B]\n",
        lambda it: it.topics.pop(0),
        "topics: [~, null, B]\n",
    ),
    "a merge in braces": (
        "x: &x {a: 1}\ny: {<<: *x, b: 2}\n",
        lambda it: it.extras["y"].update(b=3),
        "x: &x {a: 1}\ny: {a: 1, b: 3}\n",
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


@pytest.mark.parametrize("case", FLOW_CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_is_in_brackets_stays_in_brackets(case: str, line_end: str) -> None:
    """An edit in a flow collection changes that value and its comma; comments in and after it stay."""
    before, change, after = FLOW_CASES[case]
    item = newsitem.loads(f"---\n{HEAD}{before}---\n\n".replace("\n", line_end))
    change(item)
    assert newsitem.dumps(item) == f"---\n{HEAD}{after}---\n\n".replace("\n", line_end)


EDITS = Path(__file__).parent / "data" / "edits"


@pytest.mark.parametrize("path", sorted(EDITS.glob("*.md")), ids=lambda path: path.stem)
def test_edits_that_went_wrong_once(path: Path) -> None:
    """A text is edited by the code beside it, and becomes the text beside it, or is refused with that message."""
    text = path.read_bytes().decode()
    edit, right, message = (path.with_suffix(suffix) for suffix in (".py", ".out", ".err"))
    if message.exists():
        with pytest.raises(newsitem.NewsItemError, match=message.read_text(encoding="utf-8").strip()):
            newsitem.loads(text, name=path.name)
        return
    scope: dict[str, Any] = {"item": newsitem.loads(text), "newsitem": newsitem}
    assert newsitem.dumps(scope["item"]) == text
    if edit.exists():
        exec(edit.read_text(encoding="utf-8"), scope)
    written = newsitem.dumps(scope["item"])
    assert written == (right if right.exists() else path).read_bytes().decode()
    assert newsitem.loads(written) == scope["item"]
