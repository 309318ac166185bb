"""Hand-edited front matter is read without the YAML reader."""

from __future__ import annotations

import itertools
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from people import Person
from readers import agree, by_pattern, by_pattern_and_pieces, by_pieces, by_yaml, content_of
from samples import EXAMPLES
from variants import VARIANTS

import newsitem
from newsitem import FrontMatter, NewsItem, NewsItemError, ParseError
from newsitem._codec import pieces, reader
from newsitem._yaml.blocks import WIDEST

LAYOUTS = [path for path in EXAMPLES if newsitem.load(path)._source.in_layout][::4]


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem[:30])
def test_variants_need_no_yaml_reader(path: Path) -> None:
    """Common hand edits are read piece by piece; only tabs, CR LF and aliases may need the YAML reader."""
    text = newsitem.dumps(newsitem.load(path))
    for name, vary in VARIANTS.items():
        varied = vary(text, random.Random(1))
        content = content_of(varied)
        found = None if content is None else by_pieces(content)
        if name not in ("tabs", "crlf", "anchor and alias"):
            assert found is not None, name


ENTRIES = [
    '  - title: "a" # c\n',
    "  - title: a\n    excerpt: |+\n      x\n",
    "  - title: a\n    provider:\n      name: >+\n        x\n",
    "  # c\n  - title: 'a'\n    images:\n    - url: u # c\n",
    "    - title: a\n",
    "  - {title: a}\n",
    '  - title: "a\n\n  b"\n',
    "  - title: &a a\n",
    "  - title: *a\n",
    "  -\n    title: a\n",
    "  - title: a\n    title: b\n",
    "  - ? title\n    : b\n",
    "  - title: [\n  a]\n",
    "  []\n",
    "  ~\n",
    "  title: a\n",
]
AFTER = ["", "\n", '\nsecured: "x"\n', 'secured: "x"\n', "\nz: 1\n", "\n\nz: 1\n", "# c\nz: 1\n", "  # c\n\nz: 1\n"]


@pytest.mark.parametrize("first", ENTRIES)
@pytest.mark.parametrize("after", AFTER)
def test_list_in_a_canonical_text(first: str, after: str) -> None:
    """All readers agree on hand-edited entries in a list whose item is in the canonical layout, whatever follows it."""
    head = '---\ntitle: "T"\npublishedDateTime: 2020-06-24T05:30:00Z\n\nprovider:\n  name: P\n\nrelated:\n'
    for second in ("", *ENTRIES):
        text = f"{head}{first}{second}{after}---\n"
        agree(text)
        expected = by_yaml(text)
        if isinstance(expected, NewsItem):
            assert newsitem.to_dict(newsitem.loads(text)) == newsitem.to_dict(expected)
        else:
            with pytest.raises(NewsItemError, match=re.escape(str(expected).splitlines()[0])):
                newsitem.loads(text)


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem[:30])
def test_comments_in_a_list_leave_the_rest_to_the_pattern(path: Path) -> None:
    """An item in the canonical layout with comments in its related items is read without the lenient pattern."""
    item = newsitem.load(path)
    if not item.related:
        item.related = [newsitem.RelatedItem(title="R", quality=1)]
    varied = VARIANTS["comments in related items"](newsitem.dumps(item), random.Random(1))
    content = content_of(varied)
    assert content is not None
    assert by_pattern(content) is None
    assert by_pattern_and_pieces(content) == by_yaml(varied)


@pytest.mark.parametrize("name", ["key order", "nested key order", "PyYAML's order", "PyYAML's braces", "all at once"])
@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem[:30])
def test_one_pattern_reads_keys_in_any_order(path: Path, name: str) -> None:
    """One match reads mappings whose keys are in any order, at any level, and gives each key its own value."""
    item = newsitem.load(path)
    for seed in range(10):
        content = content_of(VARIANTS[name](newsitem.dumps(item), random.Random(seed)))
        assert content is not None
        found = pieces.read_whole(content, NewsItem)
        assert found is not None
        assert newsitem.to_dict(found[0]) == newsitem.to_dict(item)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_edits_in_any_order_of_reads(order: tuple[int, ...]) -> None:
    """The match of the last text that was read is used again only for the same text, read as the same class."""
    head = "title: 'T'\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n"
    kinds: list[tuple[str, type[FrontMatter]]] = [("1", NewsItem), ("2", NewsItem), ("2", FrontMatter)]
    texts = [f"---\n{head}z: {number} # c\n---\n" for number, _ in kinds]
    items = [newsitem.loads(text, cls) for text, (_, cls) in zip(texts, kinds, strict=True)]
    for place in order:
        for last in range(3):
            newsitem.loads(texts[last], kinds[last][1])
            items[place].extras["z"] = 10 + last
            assert newsitem.dumps(items[place]) == texts[place].replace(f"z: {kinds[place][0]}", f"z: {10 + last}")


def test_edit_after_reading_a_longer_text() -> None:
    """The match of a text that only begins like the edited one is not used for it."""
    text = "---\ntitle: 'T'\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n---\n"
    item = newsitem.loads(text)
    longer = text.replace("name: P}\n", "name: P}\nheat: 1\n")
    newsitem.loads(longer)
    item.heat = 1
    assert newsitem.dumps(item) == text.replace("provider", "heat: 1\nprovider")


WITH_ALL_KEYS = """\
title: 'T'  # twice
publishedDateTime: 2020-01-01
webUrl: https://example.org/
heat: 5
topics: [AI]
provider:
  name: P
  domain: p.example
  images:
    - url: "u"
      width: 5
related:
  - title: R
    quality: 3
    provider:
      name: Q
images:
  - height: 6
    url: v
secured: "s"
"""
_ENTRY = re.compile(r"^(?P<indent>[ ]*(?:- )?)(?P<key>[a-zA-Z]+:).*\n", re.MULTILINE)


@pytest.mark.parametrize("entry", list(_ENTRY.finditer(WITH_ALL_KEYS)), ids=lambda entry: entry[0].strip())
@pytest.mark.parametrize("value", ["", " ~", " 5", " x", ' "x"', " 'x'", " 'x'  # c", " >-\n{}  x", " [x]", " {{}}"])
def test_a_duplicate_key_matches_no_pattern(entry: re.Match[str], value: str) -> None:
    """A key that is there twice is an error, wherever it is and whatever its values are, even if one is null."""
    indent = " " * len(entry["indent"])
    line = f"{indent}{entry['key']}{value.format(indent)}\n"
    following = re.compile(rf"^(?!{indent}[ ])(?![ ]*- )", re.MULTILINE)  # the end of the entry
    place = following.search(WITH_ALL_KEYS, entry.end())
    assert place is not None
    twice = WITH_ALL_KEYS[: place.start()] + line + WITH_ALL_KEYS[place.start() :]
    assert pieces.read_whole(WITH_ALL_KEYS, NewsItem) is not None
    assert pieces.read_whole(twice, NewsItem) is None
    with pytest.raises(ParseError, match="duplicate key"):
        newsitem.loads(f"---\n{twice}---\n")


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("provider", "provider: {name: P, domain: 'p.example'}  # c\n"),
        ("provider", "provider: {name: P,\n  domain: p.example}\n"),
        ("provider", "provider:\n  domain: p.example\n  own: 5\n  name: P\n"),
        ("provider", "provider:\n\n  # c\n  name: P\n  domain: p.example\n"),
        ("provider", 'provider:\n  "name": P\n  domain: p.example\n'),
        ("images", "images:\n- {url: 'https://a.example/', width: 5}\n- url: 'it''s'\n"),
        ("images", "images:\n  - url: u\n    own: [a]\n"),
        ("images", "images: [{url: u, width: 5}, {url: 'v'}]\n"),
        ("images", "images: [  # c\n  {url: u,\n    width: 5},  # d\n  # e\n  {url: 'v\n  w'},\n]\n"),
        ("images", "images:\n  - {url: https://a.example/b c\n      d, width: 5,}\n"),
        ("related", "related: [{title: R, provider: {name: Q, images: [{url: u}]}, images: []}]\n"),
        ("images", "images: []\n"),
        ("images", "images: NULL # c\n"),
        ("related", "related: [ ]\n"),
        ("related", "related:\n# none\n"),
        ("related", "related:\n- title: |\n    R\n  quality: 0x1F\n  provider: {name: Q}\n"),
        ("topics", "topics:\n# first\n- A\n# second\n- 'B'\n# last\n"),
        ("topics", "topics: ~\n"),
        ("topics", "topics: [A, ~, 'null', null]\n"),
        ("topics", "topics:\n- A\n- ~\n- 'null'\n- null\n"),
        ("heat", "heat: +5\n"),
        ("heat", "heat: !!int 5\n"),
        ("excerpt", 'excerpt: "a \\u00e9\\\n  b"\n'),
    ],
)
def test_one_value_in_a_rare_spelling(value: str, lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One value in a rare spelling does not keep the pattern from matching the other keys."""
    whole = f'title: "T"\npublishedDateTime: 2020-01-01\n{lines}heat: 3\nprovider:\n  name: P\nsecured: "s"\n'
    content = re.sub(rf"^{value}: 3\n|^{value}:\n  name: P\n", "", whole, flags=re.MULTILINE)
    assert agree(f"---\n{content}---\n") == {"pieces"}
    if "own" not in lines and '"name"' not in lines:
        monkeypatch.setattr(pieces, "read_entries", lambda *_: pytest.fail("read entry by entry"))
    assert pieces.read_whole(content, NewsItem) is not None


@pytest.mark.parametrize(
    "entries", ["own: 5\n", "own: 5\n# c\nother:\n- a\n", "own: {a: [b]}\n", '"own": |\n  5\n', "own:\n"]
)
@pytest.mark.parametrize("place", range(4))
def test_unknown_keys_that_follow_each_other(entries: str, place: int) -> None:
    """One match reads a mapping with other keys than those of the model, in one place of the mapping."""
    own = ['title: "T"\n', "heat: 3\n", "publishedDateTime: 2020-01-01\nprovider: {name: P}\n"]
    content = "".join([*own[:place], entries, *own[place:]])
    found = pieces.read_whole(content, NewsItem)
    assert found is not None
    assert found[0].heat == 3
    assert agree(f"---\n{content}---\n") == {"pieces"}
    assert pieces.read_whole(f"{content}heat: 3\n", NewsItem) is None
    assert pieces.read_whole(f"{content}own: 3\n", NewsItem) is None


@pytest.mark.parametrize("key", ["provider", "images", "related", "topics", "title", "heat"])
@pytest.mark.parametrize("block", ["  name: P\n", "  - P\n", "- P\n", "  - url: P\n", "  P\n"])
@pytest.mark.parametrize("value", ["~", "null", "[]", "{}", "[] # c", "x", "'x'", "5", "|", ">-", "&a", "!!str"])
def test_a_value_with_a_block_below_it(key: str, value: str, block: str) -> None:
    """A value on the line of its key, such as a null, is not followed by a block. The readers agree what is wrong."""
    lines = {"title": "title: T\n", "provider": "provider: {name: P}\n", key: f"{key}: {value}\n{block}"}
    text = f"---\npublishedDateTime: 2020-01-01\n{''.join(lines.values())}secured: s\n---\n"
    agree(text)
    expected = by_yaml(text)
    if isinstance(expected, NewsItemError):
        with pytest.raises(type(expected)) as caught:
            newsitem.loads(text)
        assert caught.value.problems == expected.problems
    else:
        assert newsitem.to_dict(newsitem.loads(text)) == newsitem.to_dict(expected)


DATA = [
    "own:",
    "own: ~  # c",
    "own: {}",
    'own: {a: 1, \'b\': "c", "d e": https://x.example/}',
    "own: [https://x.example/a, 'b', 5, ~]",
    "own: [\n  a,\n  b\n]",
    "own: [a, {b: c, 'd': [e, {\"f\":g}]}, [], {}]",
    "own: {a: b\n  c, d: 'e\n  f', g: [h],}  # i",
    "own: {\n  a: 1\n}  # c",
    "own:\n  a: 1\n  b:\n    - c\n    - 'd'  # e\n\n  f:",
    "own:\n- a: 1\n  b: |-\n    x\n    y\n- c\n-   d: 'e'\n    f: {g: h}\n- [i, j]",
    "own:\n  - a:\n    - b: 1\n    # c\n    - d",
    "own:\n  2020: a\n  seen by: b\n  og:title: c\n  'd': e\n  f : g",
    f"own:\n  - {'x ' * 100}y",
]
"""Plain data in the spellings that are read without ruamel.yaml."""


@pytest.mark.parametrize("lines", DATA)
def test_plain_data(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown keys with lists and mappings at any depth are read without ruamel.yaml, and all readers agree on them."""
    text = f"---\n{lines}\nother: 1\n---\n"
    assert agree(text, newsitem.FrontMatter) == {"pieces"}
    monkeypatch.setattr(pieces, "compose_piece", lambda *_: pytest.fail("composed"))
    assert newsitem.loads(text, newsitem.FrontMatter).extras.keys() == {"own", "other"}


@pytest.mark.parametrize("dash", ["-", "  -", " -  "])
@pytest.mark.parametrize("entry", ["a", "'a'  # c", "5", "~", "1:30", "2020-01-02", "a #b", '"a"', "x" * 200, "a\n# c"])
def test_lists_of_unknown_keys(dash: str, entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block list of scalars is read without ruamel.yaml, even if the model does not name its key."""
    text = f"---\nown:\n\n{dash} b\n{dash} {entry}\n{dash} 'c'\nother: 1\n---\n"
    assert agree(text, newsitem.FrontMatter) == {"pieces"}
    monkeypatch.setattr(pieces, "compose_piece", lambda *_: pytest.fail("composed"))
    assert len(newsitem.loads(text, newsitem.FrontMatter).extras["own"]) == 3


@pytest.mark.parametrize(
    "lines",
    [
        "- a\n  b\n- c\n",
        "- - a\n",
        "-\n- a\n",
        "- 'a\n  b'\n",
        "  - a\n  -b\n",
        "- a: 1\n  a: 2\n",
        "- a: 1\n b: 2\n",
        "- <<: {a: 1}\n",
        "- {a: b, a: c}\n",
        "- {a: ?}\n",
        "- [[a], b]\n- [,]\n",
        "- [{a: b},, c]\n",
        "- {a: [b}]\n",
        "- {a: b c: d}\n",
        "- {a: 'b\n\n  c'}\n",
        '- {a: "b\\\\ \n  c"}\n',
        f"- {'[' * 12}{']' * 12}\n",
        "  a: 1\n  b: 2\n c: 3\n",
        f"- {'1' * 200}\n- b\n",
        f"- {'k' * 1001}: 1\n",
    ],
)
def test_other_lists_of_unknown_keys(lines: str) -> None:
    """A list or a mapping that only ruamel.yaml can read has the same value for all readers, or none."""
    text = f"---\nown:\n{lines}other: 1\n---\n"
    assert agree(text, newsitem.FrontMatter) <= {"pieces"}


@pytest.mark.parametrize(("depth", "is_within"), [(11, False), (12, False), (13, True)])
@pytest.mark.parametrize("lines", ["own:\n- a: [b]\n", "own:\n  a:\n    b: {}\n", "own:\n- a:\n  - b\n"])
def test_plain_data_within_the_depth_limit(lines: str, depth: int, is_within: bool) -> None:
    """Plain data may be as deep as the limit says, whichever reader reads it."""
    text = f"---\n# r\n{lines}---\n"
    with newsitem.limits(depth=depth):
        assert agree(text, newsitem.FrontMatter) == ({"pieces"} if is_within else set())


KEYS = ['"heat"', "'heat'", "heat ", '"heat"  ', "'heat' "]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", range(4))
def test_spelled_keys(key: str, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in quotes or with spaces before its colon is read without ruamel.yaml, and stays as it is in an edit."""
    lines = ['title: "T"\n', "publishedDateTime: 2020-01-01\n", "provider: {name: P}\n"]
    lines.insert(place, f"{key}: 3  # c\n")
    text = f"---\n{''.join(lines)}---\n"
    assert agree(text) == {"pieces"}
    assert agree(text.replace("title:", "'heat' : 4\ntitle:")) == set()
    monkeypatch.setattr(pieces, "compose_piece", lambda *_: pytest.fail("composed"))
    item = newsitem.loads(text)
    item.heat = 5
    assert newsitem.dumps(item) == text.replace("3", "5")
    item.heat = None
    assert newsitem.dumps(item) == text.replace(f"{key}: 3  # c\n", "")


@pytest.mark.parametrize(
    "key", ["seen by", "og:title", "og.title", "2020", "own ", "'own'", '"own"', "a, [b]", "it's", 'a"b']
)
@pytest.mark.parametrize("at_end", [True, False])
def test_unknown_keys_in_any_spelling(key: str, at_end: bool) -> None:
    """An unknown key may contain blanks, colons, dots or quotes. Only the lines of an edit change."""
    front = 'title: "T"\npublishedDateTime: 2020-01-01\nprovider:\n  name: P\n'
    text = f"---\n{front if at_end else ''}{key}: 1 # c\n{'' if at_end else front}---\n"
    assert agree(text) == {"pieces"}
    item = newsitem.loads(text)
    (name,) = item.extras
    assert name == key.strip("'\"" if key[0] in "'\"" else " ")
    item.extras[name] = 2
    item.heat = 3
    assert newsitem.dumps(item).replace("heat: 3\n", "") == text.replace(": 1 #", ": 2 #")
    del item.extras[name]
    item.heat = None
    assert newsitem.dumps(item) == text.replace(f"{key}: 1 # c\n", "")


@pytest.mark.parametrize("key", ["heat", "own", '"heat"', "'own'"])
def test_distant_colon(key: str) -> None:
    """A colon far from its key is found, but not beyond the limit of YAML."""
    front = 'title: "T"\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n'
    near = f"---\n{front}{key}{' ' * 900}: 1\n---\n"
    agree(near)
    assert newsitem.dumps(newsitem.loads(near)) == near
    far = near.replace(" " * 900, " " * 1500)
    assert agree(far) == set()
    with pytest.raises(ParseError):
        newsitem.loads(far)


@pytest.mark.parametrize(
    "line", ["--- a: 1", "... a: 1", "-a: 1", "a#b: 1", "'it''s': 1", '"a\\"b": 1', "%a: 1", "&a b: 1"]
)
def test_other_unknown_keys(line: str) -> None:
    """Lines that may not be entries, or whose keys need ruamel.yaml, are left to it."""
    assert agree(f"---\na: 1\n{line}\n---\n", newsitem.FrontMatter) == set()


@pytest.mark.parametrize(
    ("lines", "topics"),
    [
        ("topics: [\n  A,\n  'B'\n]\n", ["A", "B"]),
        ("topics:   [  # c\n  A,  # d\n\n  B,\n]  # e\n# f\n", ["A", "B"]),
        ("topics: [A,\n  B\n  ]\n", ["A", "B"]),
        ("topics: [\n]\n", []),
    ],
)
def test_brackets_that_are_closed_below_the_key(lines: str, topics: list[str]) -> None:
    """Brackets may be closed in the column of the key. The readers agree, and an edit does not move the brackets."""
    front = 'title: "T"\npublishedDateTime: 2020-01-01\nprovider: {\n  name: P\n}\n'
    for text in (f"---\n{front}{lines}---\n", f"---\n{lines}{front}---\n"):
        assert agree(text) == {"pieces"}
        item = newsitem.loads(text)
        assert item.topics == topics
        item.provider.name = "Q"
        item.heat = 5
        edited = newsitem.dumps(item)
        assert edited.replace("heat: 5\n", "") == text.replace("name: P", "name: Q")
        item.topics.append("C")
        appended = newsitem.dumps(item)
        assert newsitem.loads(appended).topics == [*topics, "C"]
        item.topics.pop()
        assert newsitem.dumps(item) == edited


@pytest.mark.parametrize(
    "lines",
    [
        "title: a\n]\n",
        "topics: a\n]\n",
        'title: "a\n]"\n',
        "own: x\n]\n",
        "own:\n]\n",
        "topics:\n- a\n]\n",
        "own: [a]\n]\n",
    ],
)
def test_brackets_that_close_nothing(lines: str) -> None:
    """A bracket in the column of a key continues no other value."""
    agree(f"---\nprovider: {{name: P}}\n{lines}heat: 5\n---\n")


@pytest.mark.parametrize("topics", ["[A, B]", "\n- A\n- B", "\n  # c\n  - A\n  - 'B'"])
def test_items_share_no_lists(topics: str) -> None:
    """Items that are read from equal texts have lists of their own, although read text is cached."""
    text = f"---\nprovider: {{name: P}}\ntitle: T\npublishedDateTime: 2020-01-01\ntopics: {topics}\n---\n"
    first, second = newsitem.loads(text), newsitem.loads(text)
    first.topics.append("C")
    assert second.topics == newsitem.loads(text).topics == ["A", "B"]


@pytest.mark.parametrize("lines", ["own: [a]\n", "own:\n- a\n", "own: []\n", "own: {}\n"])
def test_lists_of_unknown_keys_within_the_limit(lines: str) -> None:
    """The lowest limit allows no collections in unknown keys, and no reader allows any."""
    text = f"---\n# r\n{lines}---\n"
    with newsitem.limits(depth=10), pytest.raises(newsitem.NewsItemError, match="nested more than 0 levels deep"):
        newsitem.loads(text, newsitem.FrontMatter)


def test_few_patterns_are_compiled() -> None:
    """A text with many different indentations does not need a pattern for each: compiling one takes milliseconds."""
    items = "".join(f"-{' ' * width}own: 5\n {' ' * width}title: T\n" for width in range(1, 100))
    text = f"---\ntitle: T\npublishedDateTime: 2020-01-01\nprovider: {{name: P}}\nrelated:\n{items}---\n"
    before = _compiled()
    assert len(newsitem.loads(text).related) == 99
    assert _compiled() - before <= WIDEST


def _compiled() -> int:
    """Return the number of patterns of mappings that were compiled so far."""
    count: int = pieces._mapping_pattern.cache_info().currsize  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("|2\n        P\n", "  P\n"),
        ("\n      |2\n        P\n", "  P\n"),
        ("# c\n\n      !!str >1-\n        P\n", "   P"),
        ("|\n  # c\n", ""),
        ("|\n    # c\n", ""),
        ("|\n     # c\n", "# c\n"),
        ("!!str |\n  # c\n", ""),
        ("\n      >\n  # c\n", ""),
    ],
)
@pytest.mark.parametrize("key", ["name", "own"])
def test_block_scalar_that_depends_on_the_column_of_its_key(key: str, value: str, text: str) -> None:
    """A block scalar is read with its key: only their columns tell its indentation, and a comment from its text."""
    head = "---\ntitle: T\npublishedDateTime: 2020-01-01\nprovider:\n"
    front = f"{head}    {'name: P' if key == 'own' else 'own: P'}\n    {key}: {value}---\n"
    assert agree(front) == {"pieces"}
    provider = newsitem.loads(front).provider
    assert {"name": provider.name, **provider.extras}[key] == text


@pytest.mark.parametrize("value", ["|", ">-  # c", "a", "!!str a", "\n      a", "!!str |"])
@pytest.mark.parametrize("head", ["name: N\nimages:\n  - url: u\n    ", "name: N\ntwitter:\n    ", "  name: N\n  "])
def test_list_below_a_scalar(head: str, value: str) -> None:
    """A dash in the column of a key does not begin another line of its text, whether or not the model names the key."""
    column = " " * len(head[head.rindex("\n") + 1 :])
    for key in ("own", "anything"):
        text = f"---\n{head}{key}: {value}\n{column}- b\n---\n"
        assert agree(text, Person) == set()
        with pytest.raises(ParseError):
            newsitem.loads(text, Person)


@pytest.mark.parametrize(
    "lines",
    [
        "twitter: ~\n  username: x\n",
        "twitter: null # c\n\n  username: x\n",
        "accounts:\n- - username: x\n",
        "accounts:\n  - username: x\n  - - username: y\n",
        "images:\n- - -\n",
    ],
)
def test_mapping_after_a_null_or_a_second_dash(lines: str) -> None:
    """A mapping below a null, or in a list in the list, is not read as the value of the key or the entry."""
    text = f"---\nname: N\n{lines}---\n"
    assert agree(text, Person) == set()
    with pytest.raises(newsitem.NewsItemError):
        newsitem.loads(text, Person)


def test_reread_after_removing_an_entry() -> None:
    """Reading again after an edit drops the values of removed lines, and keeps the others."""
    old = newsitem.loads(
        '---\n# r\ntitle: "T"\npublishedDateTime: 2020-01-01\nheat: 5\nzone: x\nprovider: {name: P}\n---\n'
    )
    assert (old.heat, old.extras) == (5, {"zone": "x"})
    made = pieces.reread("", old, {"heat", "zone"})
    assert (made.heat, made.extras, made.title) == (None, {}, "T")
    made = pieces.reread("heat: 6\n", old, {"heat"})
    assert (made.heat, made.extras) == (6, {"zone": "x"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  - title: "Second"', "  - title: 'Second'"),
        ('  - title: "Second"', '  - "title": "Second"'),
        ("      name: Q\n", "      name: Q # comment\n"),
    ],
)
def test_later_entry_in_another_layout(old: str, new: str) -> None:
    """A list entry in another layout is read, and keeps its layout when another entry is edited."""
    providers = [newsitem.Provider(name=name) for name in "PQ"]
    related = [
        newsitem.RelatedItem(title=title, provider=p) for title, p in zip(("First", "Second"), providers, strict=True)
    ]
    instant = datetime(2020, 6, 24, tzinfo=UTC)
    item = newsitem.NewsItem(title="T", published_date_time=instant, provider=providers[0], related=related)
    text = newsitem.dumps(item).replace(old, new)
    assert new in text
    twin = newsitem.loads(text)
    assert (twin, twin._source.in_layout) == (item, False)
    twin.related[0].title = "Edited"
    assert newsitem.dumps(twin) == text.replace('"First"', '"Edited"')


TABBED = 'title: "T"{}\npublishedDateTime: 2020-01-01{}\nprovider:{}\n  name: P{}\n{}\nheat: 5{}\n'


@pytest.mark.parametrize("tail", ["\t", " \t", "\t# c", " \t # c", "  # c\td", "\t#\t'd\" {", "  #\t"])
def test_tabs_after_values(tail: str) -> None:
    """Tabs at the ends of lines and in comments do not need the YAML reader, and an edit keeps them."""
    comment = tail.lstrip() if "#" in tail else "# c"
    text = f"---\n{TABBED.format(tail, tail, tail, tail, comment, tail)}---\n"
    assert agree(text) == {"pieces"}
    item = newsitem.loads(text)
    item.heat = 6
    item.provider.name = "Q"
    assert newsitem.dumps(item) == text.replace("heat: 5", "heat: 6").replace("name: P", "name: Q")
    item.excerpt = "E"
    item.heat = None
    text = text.replace("name: P", "name: Q").replace(f"heat: 5{tail}\n", "")
    assert newsitem.dumps(item) == text.replace("publishedDateTime", 'excerpt: "E"\npublishedDateTime')


@pytest.mark.parametrize(
    "lines",
    [
        "heat:\t5\n",
        "own: a\tb\n",
        'own: "a\tb"\n',
        "own: it's\t# c\n",
        "own:\n  -\ta\n",
        "own:\n  -\t\n  - a\n",
        "own: |\t\n  a\t# b\n",
        "own: |+#c\n  a\t# b\n",
        "own: >-\t# c\n  a\t\n",
        "own: 'a\n  b\t# c'\n",
        "own: [a,\t# c\n  b]\n",
        "\t\nheat: 5\n",
        "  \t# c\nheat: 5\n",
        "own: a\t\n  b\t# c\n",
        'own:\n  ? "x\n   y\t# c"\n  : z\n',
        "own:\n  - ?\t\n",
        "own:\n  ? x\n  :\t# c\n",
        "own:\n  - ? 'x\n     y\t# c'\n    : z\n",
    ],
)
def test_other_tabs(lines: str) -> None:
    """All readers agree on tabs that may be part of a value, or that YAML does not allow."""
    text = f"---\n{TABBED.format(*[''] * 6)}{lines}---\n".replace("heat: 5\n", "", 1)
    agree(text)
    expected = by_yaml(text)
    if isinstance(expected, NewsItemError):
        with pytest.raises(type(expected)):
            newsitem.loads(text)
        return
    item = newsitem.loads(text)
    item.quality = 7
    assert newsitem.dumps(item).replace("quality: 7\n", "") == text


@pytest.mark.parametrize("key", ['"heat', 'heat"', "'heat", "heat'", "\"heat'", "'heat\""])
def test_quotation_marks_that_do_not_belong_together(key: str) -> None:
    """A key between two different quotation marks, or with only one, is not the key of the model."""
    front = 'title: "T"\npublishedDateTime: 2020-01-01\nprovider: {name: P}\n'
    text = f"---\n{front}{key}: 3\n---\n"
    agree(text)
    expected = by_yaml(text)
    if not isinstance(expected, NewsItemError):
        assert newsitem.loads(text).heat is None


def test_mapping_in_a_list_within_the_depth_limit() -> None:
    """A mapping in a list counts as a level of plain data of its own."""
    text = "---\n# r\nown:\n- a: b\n---\n"
    for depth, readers in ((11, set()), (12, {"pieces"})):
        with newsitem.limits(depth=depth):
            assert agree(text, newsitem.FrontMatter) == readers


def test_escaped_space_at_the_end_of_a_line_in_braces() -> None:
    """A space that is escaped before a line end in brackets stays."""
    text = '---\nown: {a: "b\\ \n  c"}\n---\n'
    agree(text, newsitem.FrontMatter)
    assert newsitem.loads(text, newsitem.FrontMatter).extras == {"own": {"a": "b  c"}}


@pytest.mark.parametrize(
    "lines",
    [
        "excerpt: 'Note: *really* good'\n",
        'excerpt: "a - *b* c, *d*"\n',
        "own: |-\n  see: *this*\n  - *that*\n",
        "# see: *a\nown: 1 # or, *b\n",
    ],
)
def test_asterisks_that_are_no_aliases(lines: str) -> None:
    """Emphasis in Markdown and comments do not make a file slow to read."""
    text = f"---\n# by hand\ntitle: T\npublishedDateTime: 2020-01-01\nprovider: {{name: P}}\n{lines}---\n"
    assert agree(text) == {"pieces"}


@pytest.mark.parametrize(
    "lines",
    ["own: *a\n", "own: [ *a, b]\n", "own:\n  - *a # c\n", "own: {*a : 1}\n", "topics:\n- *a\n", "topics: [*a]\n"],
)
def test_aliases(lines: str) -> None:
    """Aliases are left to the YAML reader, wherever they are."""
    text = f"---\n# by hand\ntitle: &a T\npublishedDateTime: 2020-01-01\nprovider: {{name: P}}\n{lines}---\n"
    assert agree(text) == set()
    assert "T" in repr(newsitem.to_dict(newsitem.loads(text)))


@pytest.mark.parametrize(
    "lines",
    [
        "topics:\n  - A\n  - \n  -\n  - B\n",
        "topics:\n-\n    A\n- # c\n  B\n",
        "own:\n  -\n    a: 1\n  - # c\n\n    - b\n    -\n  -\n    |\n    c\n",
        "related:\n  -\n    title: 'x'\n  - title: y\n",
    ],
)
def test_dashes_alone_on_their_lines(lines: str) -> None:
    """Empty entries, and entries whose value is below their dash, are read and edited without composing the file."""
    text = f"---\n# by hand\ntitle: T\npublishedDateTime: 2020-01-01\nprovider: {{name: P}}\n{lines}---\n"
    assert agree(text) == {"pieces"}
    reader.composed.cache_clear()
    item = newsitem.loads(text)
    item.topics.append("C")
    item.removed = True
    assert newsitem.loads(newsitem.dumps(item)) == item
    assert reader.composed.cache_info().misses == 0


@pytest.mark.parametrize(
    ("lines", "readers"),
    [
        ("own: |\n  a\n# b\tc\n", {"pieces"}),
        ("own: |\n  a\nother: 1\t# b\tc\n", {"pieces"}),
        ("own:\n  - |\n    a\n  - b\t# c\n", set()),
        ("own: |\n  a\tb\n", set()),
    ],
)
def test_tabs_beside_block_scalars(lines: str, readers: set[str]) -> None:
    """Tabs matter only in the entry of a block scalar, of which they may be a part."""
    text = f"---\n# by hand\ntitle: T\npublishedDateTime: 2020-01-01\nprovider: {{name: P}}\n{lines}---\n"
    assert agree(text) == readers
