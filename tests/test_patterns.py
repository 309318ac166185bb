"""The pattern of the canonical layout matches that layout only."""

from __future__ import annotations

import pytest
from readers import agree_and_render, by_pattern

import newsitem
from newsitem import FrontMatter, key, model


@pytest.mark.parametrize(
    "lines",
    [
        "topics:\n    - A\n",
        "topics:\n  - A\n    B\n",
        "images:\n  - url: u\n",
        'images:\n  - url: "u"\n\n',
        "heat: 01\n",
        "type: 1\n",
        'excerpt: "a"b"\n',
        'title: "again"\n',
        'secured: "a"\n',
    ],
)
def test_text_close_to_the_canonical_layout(lines: str) -> None:
    """Text that is not exactly in the canonical layout does not match."""
    start = 'category: news\ntitle: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n'
    assert by_pattern(start + "\nprovider:\n  name: P\n\n" + lines) is None or "secured" in lines
    assert by_pattern(start + lines + "\nprovider:\n  name: P\n") is None
    assert by_pattern(start + "\nprovider:\n  name: P\n") is not None


@pytest.mark.parametrize("last", ['secured: "s"\n', "provider:\n  name: P\n", "heat: 1\n"])
def test_empty_line_before_the_fence(last: str) -> None:
    """An empty line before the closing fence is not in the canonical layout, and stays."""
    before = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n\nprovider:\n  name: P\n\n'
    text = f"---\n{before.replace(last, '')}{last}\n---\n"
    assert newsitem.dumps(newsitem.loads(text)) == text


@pytest.mark.parametrize(
    ("canonical", "other"),
    [
        ('title: "T"', 'title: """'),
        ('title: "T"', 'title: """"'),
        ('url: "u"', 'url: """'),
        ('secured: "s"', 'secured: """'),
        ("T00:00:00Z", "T24:00:00Z"),
        ("T00:00:00Z", "T00:00:60Z"),
    ],
)
def test_invalid_values_in_the_canonical_layout(canonical: str, other: str) -> None:
    """A lone quote and an impossible time do not match, even if everything else is canonical."""
    content = (
        'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n\nprovider:\n  name: P\n  images:\n    - url: "u"\n'
        '\nsecured: "s"\n'
    )
    assert by_pattern(content) is not None
    assert by_pattern(content.replace(canonical, other)) is None


_WITH_UNKNOWN = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n\nprovider:\n  name: {0}\n\nreviewed: {1}\n'


@pytest.mark.parametrize("name", ["P", '"yes"', '"1010"', '""', '"a: b"', '"- a"', '"a \\"b\\" # c"', '"a\\nb"'])
@pytest.mark.parametrize(
    "value",
    ["true", "-7", "0.25", "1.0e+30", ".inf", "null", '"a \\"b\\" # c"', '""', "2020-01-01", "2020-01-01T00:00:00Z"],
)
def test_quoted_names_and_unknown_scalars(name: str, value: str) -> None:
    """Names that need quotes, and scalars of unknown keys, match as newsitem writes them."""
    content = _WITH_UNKNOWN.format(name, value) + "desk-2: 4\n"
    assert by_pattern(content) is not None
    agree_and_render(content)


@pytest.mark.parametrize("name", ['"P"', '"P', '"', "yes", '"a\\tb', "'yes'", '"\\x41"', '"yes" # c', '"a"b"'])
def test_other_spellings_of_names(name: str) -> None:
    """A name that newsitem would write in another way does not match."""
    assert by_pattern(_WITH_UNKNOWN.format("P", "true")) is not None
    assert by_pattern(_WITH_UNKNOWN.format(name, "true")) is None


@pytest.mark.parametrize(
    "value",
    [
        *("text", "yes", "True", "+7", "07", "1_000", "0.250", "1e30", "~", "2020-1-1", "2020-01-01 00:00:00", "[]"),
        *('"a', '"', "'a'", '"a" # c', "true # c", '"\\x41"', " true", "true ", "&a 1", "!!str 1", "|", "- 1", "a: b"),
        *("1\nreviewed: 1", "1\nheat: 1", "1\nn: 1", "1\nyes: 1", "1\n\nother: 1", "1\n  a: 1", "1\n- a", '1\n"o": 1'),
        "1\n" + "k" * 1025 + ": 1",
    ],
)
def test_other_spellings_of_unknown_values(value: str) -> None:
    """An unknown value that newsitem would write in another way, or an unusual key, does not match."""
    assert by_pattern(_WITH_UNKNOWN.format("P", "true")) is not None
    assert by_pattern(_WITH_UNKNOWN.format("P", value)) is None


@pytest.mark.parametrize("line", ["  *", "  *a", "  **a**"])
def test_alias_in_place_of_a_list(line: str) -> None:
    """An alias below the key of a list of objects is left to the YAML reader, which refuses it with its position."""
    content = _WITH_UNKNOWN.format("P", "true").replace("reviewed: true", f"related:\n{line}")
    with pytest.raises(newsitem.ParseError, match=r"^9:3: "):
        newsitem.loads(f"---\n{content}---\n")


@model
class _Options:
    size: int | None = key(default=None)
    colour: str | None = key(default=None, plain=True)


@model
class _Part:
    options: _Options | None = key(default=None)
    number: int | None = key(default=None)


@model
class _Parts(FrontMatter):
    parts: list[_Part] = key(factory=list, blank_lines=False)
    last: int | None = key(default=None)


@pytest.mark.parametrize("before", ["", "  - number: 1\n" * 500], ids=["short", "long"])
@pytest.mark.parametrize(
    ("lines", "options"),
    [
        ("    options:\n      number: 5\n", {"number": 5}),
        ("    options:\n      \n", None),
        ('    options:\n      colour: "-"\n', {"colour": "-"}),
    ],
)
def test_mappings_of_which_no_key_is_required(before: str, lines: str, options: dict[str, object] | None) -> None:
    """A mapping whose first line is not one of its keys does not match as an empty mapping."""
    text = f"---\nparts:\n{before}  - {lines[4:]}last: 5\n---\n"
    item = newsitem.loads(text, _Parts)
    data = newsitem.to_dict(item)
    assert data["parts"][-1].get("options") == options
    assert data["last"] == 5
    assert newsitem.dumps(newsitem.loads(text, _Parts)) == text


@model
class _Rated:
    rating: float | None = key(default=None)
    options: _Options | None = key(default=None)


@model
class _Ratings(FrontMatter):
    ratings: list[_Rated] = key(factory=list, blank_lines=False)


@pytest.mark.parametrize(
    "number", ["0", "-7", "0.0", "-0.0", "0.0001", "123456789.1234", "0.10", "0.00001", "-0", "7.00", "1.0e+30"]
)
def test_numbers_in_long_lists(number: str) -> None:
    """A long list of objects can be read, even if a number in it is not written as newsitem writes it."""
    text = "---\nratings:\n" + f"  - rating: {number}\n" * 500 + "---\n"
    item = newsitem.loads(text, _Ratings)
    assert {one.rating for one in item.ratings} == {float(number)}
    assert newsitem.dumps(item) == text
