"""Hand-written scalars in many spellings: all readers agree."""

from __future__ import annotations

import itertools
import random

import pytest
from readers import agree
from small_items import HEAD

import newsitem
from newsitem._yaml.spellings import block_scalar, in_quotes

BELOW_TITLE = HEAD.partition("\n")[2]
PLACES = {
    "title": f"title: {{}}\n{BELOW_TITLE}",
    "unknown": f"{HEAD}odd: {{}}\n",
    "unknown, deep": f"{HEAD}odd:\n  k: {{}}\n",
    "image": f"{HEAD}images:\n  - title: {{}}\n    url: u\n",
    "topic": f"{HEAD}topics:\n  - {{}}\n",
    "indented": "  title: {}\n  publishedDateTime: 2020-01-01T00:00:00Z\n  provider:\n    name: P\n",
}
LINES = ["", " ", "  ", "    ", "     ", "    a", "      b", "   # c", "  # d", "    # e", "# f"]
HEADERS = {"|": "", ">": "", "|-": "", ">-": "", '"x': '"', "'x": "'", "x": "", "[x,": "]"}


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("place", PLACES)
def test_values_on_several_lines(place: str, header: str) -> None:
    """All readers agree on a value that is followed by lines of spaces, text and comments."""
    draw = random.Random(f"{place} {header}")
    short = [lines for length in (1, 2) for lines in itertools.product(LINES, repeat=length)]
    long = [draw.choices(LINES, k=3) for _ in range(60)]
    for lines in [*draw.sample(short, 60), *long]:
        value = "\n".join([header, *lines]) + HEADERS[header]
        agree(f"---\n{PLACES[place].format(value)}---\n\n")


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
            "x # comment",
            "'x' # comment",
        ),
        *(
            "'x' # comment",
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
            "# comment",
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
            *(
                "http: x",
                "https:",
                "http: //x",
                "http:x: y",
                "https://a:",
                "http:",
                "http:#x",
                "http://a #b",
                "words: x",
            ),
            "{name: P}",
            "{name: P, url: 'it''s', domain: \"a\\u0041\\n\"} # c",
            "{ name : P , url: u , }",
            "{name: P, name: Q}",
            "{name: P # c\n  , url: u}",
            "{name: 'a\n  b',\n  url: u}",
            "{name: 'a\n\n  b', url: u}",
            '{name: "a\\\n  b", url: u}',
            "{name: P,\n  url: a#b}",
            "{name: P} # c\n  x",
            "{name: P} # }\n  x}",
            "[a] # c\n  b",
            "[a] # ]\n  b",
            "[a,\n# c\n  b]",
            "[a,\n\n  b]",
            "[a,\nb]",
            "{name: P,\nurl: b}",
            "{name: P}#b",
            "{name: P} x",
            "{name:P}",
            "{name: }",
            "{name}",
            '{"name": P}',
            "{name: a:b}",
            "{name: [a]}",
            "{name: P,, url: u}",
            "{? name: P}",
            "{name: !!str P}",
            "[{url: u}, {name: P}]",
            "|2\n  x",
            "|+\n  x\n\n",
            ">\n   a\n    b\n   c",
        ),
    ],
)
@pytest.mark.parametrize(
    "key",
    [
        "title",
        "publishedDateTime",
        "heat",
        "published",
        "topics",
        "images",
        "provider",
        "secured",
        "odd",
        '"type"',
        "images:\n-",
    ],
)
def test_spellings(key: str, spelling: str) -> None:
    """All readers agree on a value in any spelling, for a field of any kind."""
    content = HEAD
    if key == "provider":
        content = HEAD.replace("\n  name: P", f" {spelling}")
    elif key == "title":
        content = f"title: {spelling}\n{BELOW_TITLE}"
    elif key == "publishedDateTime":
        content = f"title: T\npublishedDateTime: {spelling}\nprovider:\n  name: P\n"
    else:
        content += f"{key if key.endswith('-') else f'{key}:'} {spelling}\n"
    agree(f"---\n{content}---\n\n")


def test_ambiguous_spellings() -> None:
    """Empty block scalars and document markers in quotes are left to the YAML reader; escaped line breaks are read."""
    assert block_scalar("|\n") is None
    assert in_quotes('"a\n--- b"\n') is None
    assert in_quotes('"a\\\n\n  b"\n') == "a\nb"


@pytest.mark.parametrize("value", ["1" * 101, "1" * 5_000, "x" * 5_000, "1." + "0" * 200, "[0x" + "1" * 5_000 + "]"])
def test_long_scalars_of_unknown_keys(value: str) -> None:
    """A long scalar of an unknown key is read like the YAML reader reads it, or refused on its line."""
    text = f'---\n# r\ntitle: "T"\npublishedDateTime: 2020-01-01\nprovider:\n  name: P\nzone: {value}\n---\n'
    agree(text)
    try:
        assert newsitem.dumps(newsitem.loads(text)) == text
    except newsitem.NewsItemError as error:
        assert [problem.line for problem in error.problems] == [7]  # noqa: PT017


@pytest.mark.parametrize("value", ['"a"#b', "'a'#b", "[a]#b", "|#b\n  a", "a#b", "[a#b]", "2020-01-01#b", "5#b"])
@pytest.mark.parametrize("key", ["title", "excerpt", "zone", "topics", "heat", "webUrl"])
def test_number_sign_without_a_space(key: str, value: str) -> None:
    """All readers agree on a number sign without a space before it."""
    head = "" if key == "title" else 'title: "T"\n'
    text = f"---\n{head}publishedDateTime: 2020-01-01\nprovider:\n  name: P\n{key}: {value}\n---\n"
    assert agree(text) <= {"pieces"}


@pytest.mark.parametrize(
    "value",
    [
        '"a" # "b"',
        '"a" # "b" # c',
        '"a" # b"',
        '"a # b"',
        '"a \\" # b"',
        '"a \\" # b\n  c"',
        '"a\\\\" # b',
        "'a' # 'b'",
        "'a' # it's",
        "'a # b'",
        "'a'' # b'",
        "'a'' # b\n  c'",
        '"a" "b" # c',
        '"a"   # b   ',
        "'' # c",
    ],
)
@pytest.mark.parametrize("key", ["title", "excerpt", "type", "secured", "zone"])
def test_comment_after_quotes(key: str, value: str) -> None:
    """All readers agree on where quoted text ends and a comment begins, whatever either contains."""
    head = "" if key == "title" else 'title: "T"\n'
    text = f"---\n{head}publishedDateTime: 2020-01-01\nprovider:\n  name: P\n{key}: {value}\n---\n"
    assert agree(text) <= {"pieces"}


@pytest.mark.parametrize(
    ("before", "after"), [('"a\n\n  b', 'c"'), ("'a\n\n  b", "c'"), ("a\n\n  b", "c"), ('"a\\n\\\n\n  b', 'c\\t"')]
)
def test_many_spaces_in_a_text_on_several_lines(before: str, after: str) -> None:
    """The time for a text does not grow with the square of the number of spaces between two words."""
    spaces = " " * 500_000
    item = newsitem.loads(f"---\n{HEAD}excerpt: {before}{spaces}{after}\n---\n")
    assert spaces in (item.excerpt or "")


@pytest.mark.parametrize("spaces", ["", " ", "   "])
def test_escaped_space_at_the_end_of_a_line(spaces: str) -> None:
    """An escaped space stays, and the spaces after it are folded with the line end."""
    assert in_quotes(f'"a\\ {spaces}\n  b"\n') == "a  b"
    assert in_quotes(f'"a\\\\{spaces}\n\n  b"\n') == "a\\\nb"
