"""What is read without ruamel.yaml: small texts in all spellings and layouts, each held against the YAML reader."""

from __future__ import annotations

import copy
import itertools
import random
from pathlib import Path

import pytest
from readers import agree, by_pieces, content_of
from samples import EXAMPLES
from variants import VARIANTS

import newsitem
from newsitem._codec import pieces
from newsitem._schema.kinds import list_of, mapping_of
from newsitem._schema.scalar_kinds import INTEGER, PLAIN
from newsitem._yaml.blocks import NotSure, sole_item, sole_pair
from newsitem._yaml.composer import compose
from newsitem._yaml.spellings import block_scalar, in_quotes

HEAD = "publishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\n"
PLACES = {
    "title": f"title: {{}}\n{HEAD}",
    "unknown": f"title: T\n{HEAD}odd: {{}}\n",
    "unknown, deep": f"title: T\n{HEAD}odd:\n  k: {{}}\n",
    "image": f"title: T\n{HEAD}images:\n  - title: {{}}\n    url: u\n",
    "topic": f"title: T\n{HEAD}topics:\n  - {{}}\n",
    "indented": "  title: {}\n  publishedDateTime: 2020-01-01T00:00:00Z\n  provider:\n    name: P\n",
}
LAYOUTS = [path for path in EXAMPLES if newsitem.load(path)._source.in_layout][::4]
LINES = ["", " ", "  ", "    ", "     ", "    a", "      b", "   # c", "  # d", "    # e", "# f"]
HEADERS = {"|": "", ">": "", "|-": "", ">-": "", '"x': '"', "'x": "'", "x": "", "[x,": "]"}


def text_of(content: str) -> str:
    """Return a text with a front matter."""
    return f"---\n{content}---\n\n"


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("place", PLACES)
def test_values_of_several_lines(place: str, header: str) -> None:
    """Whatever lines of blanks, text and comments follow the beginning of a value, all ways read the same."""
    draw = random.Random(f"{place} {header}")
    short = [lines for length in (1, 2) for lines in itertools.product(LINES, repeat=length)]
    long = [draw.choices(LINES, k=3) for _ in range(60)]
    for lines in [*draw.sample(short, 60), *long]:
        agree(text_of(PLACES[place].format("\n".join([header, *lines]) + HEADERS[header])))


@pytest.mark.parametrize(
    "spelling",
    [
        *(
            "plain",
            "'it''s'",
            '"a \\"b\\""',
            '"\\x41\\u00e9\\U0001F600"',
            "C# and F#",
            "a: b",
            "x # remark",
            "'x' # remark",
        ),
        *(
            "'x' # remark",
            "[a, 'b', \"c\"]",
            "[]",
            "[a,]",
            "[ ,]",
            "[a: b]",
            "[[a]]",
            "{a: b}",
            "~",
            "null",
            "",
            "# remark",
            "!!str x",
        ),
        *("&a x", "*a", "- x", "? x", "@x", "`x`", "%x", ",x", "-x", ":x", "?x", "x:", "x :y", "0x1F", "1_000", "1:30"),
        *(
            "yes",
            "2020-01-02",
            "2020-01-02 03:04:05 +0200",
            "2020-01-02 03:04:05 +02:",
            "2020-01-02T03:04:05Z # at: noon",
            "5:",
            "1:30:",
            "yes: no",
            "true #: x",
            ".inf",
            '"a\\/b"',
            '"\\ud800"',
            '"\\q"',
            '"a',
            "'a",
            "a'",
        ),
        *(
            '"a" b',
            "'a' 'b'",
            "1" * 101,
            "1" * 5000,
            '"a\\\n  b"',
            '"a\\\n\n  b"',
            "|2\n  x",
            "|+\n  x\n\n",
            ">\n   a\n    b\n   c",
        ),
    ],
)
@pytest.mark.parametrize(
    "key",
    ["title", "publishedDateTime", "heat", "published", "topics", "images", "provider", "secured", "odd", '"type"'],
)
def test_spellings(key: str, spelling: str) -> None:
    """A value in any spelling, for a field of any kind, is read alike in all ways, or refused."""
    content = f"title: T\n{HEAD}"
    if key == "provider":
        content = f"title: T\n{HEAD.splitlines()[0]}\nprovider: {spelling}\n"
    elif key == "title":
        content = f"title: {spelling}\n{HEAD}"
    elif key == "publishedDateTime":
        content = f"title: T\npublishedDateTime: {spelling}\nprovider:\n  name: P\n"
    else:
        content += f"{key}: {spelling}\n"
    agree(text_of(content))


@pytest.mark.parametrize(
    "block",
    [
        "images:\n - url: a\n  - url: b\n",
        'images:\n  - url: "a"\n    width: 3\n      - url: b\n',
        'images:\n- url: "a"\n    - url: b\n      width: 3\n    - url: c\n',
        'related:\n  - title: x\n    images:\n      - url: "a"\n        - url: b\n',
        "topics:\n  - a\n - b\n",
        "topics:\n- a\n  - b\n",
        "provider2:\n  name: x\n domain: y\n",
        "title: again\n",
        '"title": again\n',
        "odd: 1\nodd: 2\n",
        "images:\n  - url: u\n    url: v\n",
        "related:\n  - title: x\n    provider:\n      name: a\n      name: b\n",
        "images:\n  - width: 3\n",
        "topics:\n  -\n",
        "topics:\n  - # none\n  - a\n",
        "images:\n  - {url: u}\n  - url: v\n    odd: [1, x]\n",
        "images:\n  - &a {url: u}\n  - *a\n",
        "related:\n  -   title: x\n      type: y\n  - type: z\n    title: w\n",
        "images:\n-\nheat: 5\n",
        "topics:\n-\n- a\n-\nheat: 5\n",
        "odd: |\n# c\nheat: 5\n",
        f"{'k' * 1001}: x\n",
        '"<<": x\n',
        "odd:\n  a: |\n  # own\n  b: 5\n",
        " heat: 5\n",
        "heat:5\n",
        "heat : 5\n",
        "? heat\n: 5\n",
        "... # x\n",
        "odd: *a\nother: &a 1\n",
        f"{' ' * 41}odd: x\n",
        "images:\n" + " " * 41 + "- url: u\n",
        "odd:\n" + " " * 41 + "a: x\n",
    ],
)
def test_blocks(block: str) -> None:
    """Blocks whose entries could be told apart wrongly are read alike in all ways, or refused."""
    agree(text_of(f"title: T\n{HEAD}{block}"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem[:30])
def test_variants_need_no_yaml_reader(path: Path) -> None:
    """What people write is read without composing the whole; but not what needs the YAML reader."""
    text = newsitem.dumps(newsitem.load(path))
    for name, vary in VARIANTS.items():
        varied = vary(text, random.Random(1))
        content = content_of(varied)
        found = None if content is None else by_pieces(content)
        if name not in ("tabs", "crlf", "anchor and alias"):
            assert found is not None, name


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
    """A comment that no block scalar takes as its text is not edited with it."""
    text = text_of(f"title: T\n{HEAD}{block}")
    item = newsitem.loads(text)
    edited = copy.deepcopy(item)
    edit(edited)  # type: ignore[operator]
    result = newsitem.dumps(edited)
    assert newsitem.loads(result) == edited
    remarks = [line for line in text.splitlines() if "#" in line]
    assert [line for line in result.splitlines() if "#" in line] == remarks


def test_kinds_of_scalars() -> None:
    """No kind but text takes quotes, and none that has lines of its own takes a scalar."""
    assert (INTEGER.from_quoted("5"), list_of(PLAIN).from_plain("x"), mapping_of(newsitem.Image).from_plain("x")) == (
        None,
        None,
        None,
    )
    assert list_of(mapping_of(newsitem.Image)).label == "list of mappings"


def test_spellings_that_are_not_sure() -> None:
    """What has no text, or goes on elsewhere, is left to the YAML reader."""
    assert block_scalar("|\n") is None
    assert in_quotes('"a\n--- b"\n') is None
    assert in_quotes('"a\\\n\n  b"\n') == "a\nb"


def test_entries_that_are_not_alone() -> None:
    """Where what was taken for one entry is several, or another collection, the text is left to the YAML reader."""
    limits = newsitem.Limits()
    for take, text in (
        (sole_pair, "a: 1\nb: 2\n"),
        (sole_pair, "- a\n"),
        (sole_item, "- a\n- b\n"),
        (sole_item, "a: 1\n"),
    ):
        with pytest.raises(NotSure):
            take(compose(text, 0, limits))


def test_an_entry_that_is_gone_is_gone_from_the_item() -> None:
    """What is read again after an edit lacks the values of the lines that the edit removed."""
    old = newsitem.loads(
        '---\n# r\ntitle: "T"\npublishedDateTime: 2020-01-01\nheat: 5\nzone: x\nprovider: {name: P}\n---\n'
    )
    assert (old.heat, old.extras) == (5, {"zone": "x"})
    made = pieces.reread("", old, "heat: 5\nzone: x\n")
    assert (made.heat, made.extras, made.title) == (None, {}, "T")
    made = pieces.reread("heat: 6\n", old, "# a remark\n\nheat: 5\n")
    assert (made.heat, made.extras) == (6, {"zone": "x"})


@pytest.mark.parametrize("value", ["1" * 101, "1" * 5_000, "x" * 5_000, "1." + "0" * 200, "[" + "1" * 5_000 + "]"])
def test_a_long_scalar_without_a_field_is_what_the_yaml_reader_says(value: str) -> None:
    """A long number under an unknown key is read, or refused, as the YAML reader does, and never with another error."""
    text = f'---\n# r\ntitle: "T"\npublishedDateTime: 2020-01-01\nprovider:\n  name: P\nzone: {value}\n---\n'
    agree(text)
    try:
        assert newsitem.dumps(newsitem.loads(text)) == text
    except newsitem.NewsItemError as error:
        assert [problem.line for problem in error.problems] == [7]  # noqa: PT017


@pytest.mark.parametrize("value", ['"a"#b', "'a'#b", "[a]#b", "|#b\n  a", "a#b", "[a#b]", "2020-01-01#b", "5#b"])
@pytest.mark.parametrize("key", ["title", "excerpt", "zone", "topics", "heat", "webUrl"])
def test_a_number_sign_without_a_blank_before_it(key: str, value: str) -> None:
    """After quotes and brackets a remark needs no blank, and within plain text it needs one, however it is read."""
    head = "" if key == "title" else 'title: "T"\n'
    text = f"---\n{head}publishedDateTime: 2020-01-01\nprovider:\n  name: P\n{key}: {value}\n---\n"
    assert agree(text) <= {"pieces"}
