"""Psych, Jekyll, PyYAML and ruamel.yaml read the same values from files that newsitem writes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import edits
import pytest
import strategies
import test_psych
from hypothesis import HealthCheck, given, settings
from strategies import NASTY_TEXTS

import newsitem
from newsitem._schema.fields import keys_by_name

from .conftest import TIMES, Figure
from .front_matter import Maker, made
from .readers import Jekyll, Psych, Reader, by_pyyaml, by_ruamel, comparable, differences, has

needs_ruby = pytest.mark.skipif(not has("ruby"), reason="Ruby is not installed: apt-get install ruby")
needs_jekyll = pytest.mark.skipif(not has("jekyll"), reason="Jekyll is not installed: apt-get install jekyll")
READERS = [
    pytest.param("Psych", marks=needs_ruby),
    pytest.param("PyYAML (YAML 1.1)"),
    pytest.param("ruamel.yaml (YAML 1.2)"),
]
BY_HAND = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"


@pytest.fixture(scope="module")
def psych() -> Iterator[Reader]:
    """Return a reader that uses one Psych process for all tests."""
    process = Psych()
    yield process
    process.close()


@pytest.fixture
def reader(name: str, request: pytest.FixtureRequest) -> Reader:
    """Return the reader of that name."""
    if name == "Psych":
        by_psych: Reader = request.getfixturevalue("psych")
        return by_psych
    return by_pyyaml if "PyYAML" in name else by_ruamel


def full_of(text: str, *, published: bool = True) -> newsitem.NewsItem:
    """Return an item that contains a text in every place that accepts text."""
    common: dict[str, Any] = {"title": text, "excerpt": text, "web_url": text, "type": text}
    odd: dict[str, Any] = {"odd": text, "list": [text, {"inner": text}]}
    if text not in keys_by_name(newsitem.NewsItem) and text != "<<":
        odd[text] = text
    return newsitem.NewsItem(
        **common,
        category=text,
        original_url=text,
        featured_content=text,
        published=published,
        published_date_time=datetime(2020, 6, 24, 22, 10, tzinfo=UTC),
        provider=newsitem.Provider(
            name=text, domain=text, images=[newsitem.Image(url=text, title=text, extras={"odd": text})]
        ),
        topics=[text, "x", text],
        tags=[text],
        related=[newsitem.RelatedItem(**common, provider=newsitem.Provider(name=text))],
        secured=newsitem.Secured(text),
        extras=odd,
    )


def agree(items: Iterable[newsitem.NewsItem], reader: Reader, name: str, figure: Figure) -> None:
    """Check that a reader finds the same values as newsitem in items that newsitem writes."""
    items = list(items)
    for item, found in zip(items, reader(newsitem.dumps(item) for item in items), strict=True):
        number, wrong = differences(item, found)
        figure(f"values compared with {name} / differences", number, len(wrong))
        assert wrong == {}


@pytest.mark.parametrize("name", READERS)
def test_nasty_texts(name: str, reader: Reader, figure: Figure) -> None:
    """Other readers read text as text, in every place, even if it looks like another type."""
    agree(map(full_of, NASTY_TEXTS), reader, name, figure)


@pytest.mark.parametrize("name", READERS)
def test_items_of_every_shape(name: str, reader: Reader, figure: Figure) -> None:
    """Other readers find the same values in items of every shape, including data of unknown keys."""

    @settings(max_examples=40 * TIMES, suppress_health_check=list(HealthCheck))
    @given(strategies.items)
    def check(item: newsitem.NewsItem) -> None:
        agree([item], reader, name, figure)

    check()


def plain_scalars(number: int) -> set[str]:
    """Return plain scalars that consist of pieces of numbers, times and other types."""
    pieces = [
        "0",
        "1",
        "2",
        "7",
        "8",
        "9",
        "00",
        "12",
        "60",
        "_",
        ",",
        ".",
        ":",
        "+",
        "-",
        "e",
        "E",
        "x",
        "0x",
        "0o",
        "0b",
        "f",
        "inf",
        "nan",
        ".inf",
        "~",
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "N",
        "y",
        "T",
        "Z",
        "2020-01-01",
        "2020-1-1",
        "12:30:45",
        "+02:00",
        "-05:30",
        "Inf",
        "NaN",
        "TRUE",
        "Yes",
        "nUll",
        "NULL",
        "1e3",
        "1.5",
        "b",
        "a",
        "=",
        "<",
        "?",
    ]
    draw = random.Random(number)
    return {"".join(draw.choices([*pieces, " ", "\t"], k=draw.randint(1, 5))).strip() for _ in range(number)}


@needs_ruby
def test_plain_scalars(psych: Reader, times: int, figure: Figure) -> None:
    """Psych and newsitem read any plain scalar of an unknown key as the same value."""
    items = {}
    for text in sorted(plain_scalars(1_500 * times)):
        file = f"{BY_HAND}odd: {text}\n---\n\n"
        try:
            items[file] = newsitem.loads(file)
        except newsitem.NewsItemError:
            continue
    for (file, item), found in zip(items.items(), psych(items), strict=True):
        if isinstance(found, dict):  # Psych refuses some scalars, such as `:symbol` and `0x,`
            wrong = found["odd"] != comparable(item.extras["odd"])
            figure("values compared with Psych / differences", 1, wrong)
            assert not wrong, (file, found["odd"])


def edited(path: Path, draw: random.Random) -> newsitem.NewsItem:
    """Load a file, make a random edit, and set some texts that look like other types."""
    item = newsitem.load(path)
    every = [edit for edit in edits.edits(item) if edit.kind != "remove" or len(edit.path) == 1]
    for edit in draw.sample(every, 1):
        edit.apply(item)
    nasty = iter(draw.sample(NASTY_TEXTS, 5))
    item.title, item.provider.name, item.excerpt = next(nasty), next(nasty), next(nasty)
    item.topics.insert(0, next(nasty))
    item.extras["odd"] = next(nasty)
    return item


@pytest.mark.corpus
@pytest.mark.parametrize("name", READERS)
def test_edited_files(corpus: list[Path], name: str, reader: Reader, figure: Figure) -> None:
    """Other readers find the same values as newsitem in edited real files."""
    draw = random.Random(6)
    items = []
    for path in draw.sample(corpus, min(len(corpus), 1_000 if name == "Psych" else 300)):
        try:
            items.append(edited(path, draw))
        except newsitem.NewsItemError:
            continue
    assert items
    agree(items, reader, name, figure)


def shown_by_jekyll(value: Any) -> Any:
    """Return plain data as a Jekyll template writes them to JSON."""
    if isinstance(value, dict):
        return {name: shown_by_jekyll(child) for name, child in value.items()}
    if isinstance(value, list):
        return [shown_by_jekyll(child) for child in value]
    return value.strftime("%Y-%m-%d %H:%M:%S UTC") if isinstance(value, datetime) else value


def agree_with_jekyll(items: dict[str, newsitem.NewsItem], folder: Path, figure: Figure) -> None:
    """Check that a Jekyll site with these items, given by file name, shows the same data."""
    site = Jekyll(folder / "site", [*keys_by_name(newsitem.NewsItem), "odd"])
    for name, item in items.items():
        newsitem.dump(item, site.news / name)
    built = site.build()
    assert set(built) == set(items)
    for name, item in items.items():
        data = newsitem.to_dict(item)
        for key, found in built[name].items():
            if key == "excerpt" and key not in data:
                continue  # Jekyll derives the excerpt from the body
            wrong = found != shown_by_jekyll(data.get(key)) and not (found == [] and key not in data)
            figure("values compared with Jekyll / differences", 1, wrong)
            assert not wrong, (name, key, found, data.get(key))


@needs_jekyll
def test_site_with_nasty_texts(tmp_path: Path, figure: Figure) -> None:
    """A Jekyll site shows text as text even if it looks like another type, in published and unpublished items."""
    items = {f"2020-06-24-{n}.md": full_of(text, published=n % 2 == 0) for n, text in enumerate(NASTY_TEXTS)}
    agree_with_jekyll(items, tmp_path, figure)


@needs_jekyll
@pytest.mark.corpus
def test_site_with_edited_files(corpus: list[Path], tmp_path: Path, figure: Figure) -> None:
    """A Jekyll site shows the same data as newsitem for edited real files."""
    draw = random.Random(7)
    items = {}
    for number, path in enumerate(draw.sample(corpus, min(len(corpus), 200))):
        try:
            items[f"2020-06-24-{number}.md"] = edited(path, draw)
        except newsitem.NewsItemError:
            continue
    agree_with_jekyll(items, tmp_path, figure)


TAGS = ["!", "!!str", "!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!foo", "!foo,bar", "!!foo"]
TAGS += ["!<x>", "!<>", "!!", "!a!b", "!e%21x", "!e%zz", "!f[x", "!<tag:yaml.org,2002:int>", "!ruby/object:Foo"]
TAGS += ["!ruby/string", "!ruby/sym", "!ruby/hash", "!str:Foo", "!!set", "!!omap", "!!map"]
TAGGED = [
    "12",
    "abc",
    "~",
    "null",
    "",
    "yes",
    "1.5",
    "'12'",
    '"x y"',
    "'~'",
    "2020-01-01",
    "0x1F",
    "{a: 1}",
    "[1]",
    "|\n  ab",
]
ANCHORS = ["&a", "&a-b", "&a_1", "&quot;", "&é", "&a.b", "&a,", "&a]", "&", "&a/b", "&1", "&a%", "&a@"]
ALIASES = ["*a", "*a.", "*a,", "*a b", "*a # c", "[*a, *a]", "[*a,b]", "{*a : 1}", "{*a: 1}", "*b", "* a", "*"]
KEYS = [": x", "? x", "? x\n: y", "x: {: y}", "x: [: y]", "x: [? a : b]", "x: {a, b}", "x: {a: , b: }", "x: {a:1}"]
KEYS += [
    "x: {'a':1}",
    "x: [a: b, c]",
    "x: [,]",
    "x: [a,,b]",
    "x: {,}",
    "x: {a,}",
    "'': x",
    "x:\n  : b",
    "x:\n  a: 1\n  : b",
]
MERGE_KEYS = ["<<", '"<<"', "? <<\n "]
MERGED = ["*m", "[*m, *n]", "[*n, *m]", "{a: 9}", "[]", "{}", "!!map {a: 7}", "[{a: 8}, *n]"]
HEADERS = [
    "|",
    ">",
    "|-",
    "|+",
    ">+",
    ">-",
    "|1",
    "|2",
    "|3-",
    "|-2",
    "|0",
    "|12",
    "|+ # c",
    "|# c",
    "| x",
    ">\t",
    "|  ",
]
LINES = [
    "  a",
    "    a",
    "",
    "  ",
    "   ",
    "     ",
    " a",
    "  \t",
    "\t",
    "  a\t",
    "  # c",
    "# c",
    "  \xa0",
    "  a: b",
    " \t# c",
]


def merges(draw: random.Random) -> str:
    """Return a mapping with keys and merge keys in random order."""
    keys = [f"{name}: {draw.randrange(9)}" for name in draw.sample("abcd", draw.randint(1, 3))]
    merge_keys = [f"{draw.choice(MERGE_KEYS)}: {draw.choice(MERGED)}" for _ in range(draw.randint(1, 2))]
    lines = draw.sample(keys + merge_keys, len(keys + merge_keys))
    return "m: &m {a: 1, b: 2}\nn: &n\n  <<: *m\n  b: 3\n  c: 4\nz:\n" + "".join(f"  {line}\n" for line in lines)


def block_scalars(draw: random.Random) -> str:
    """Return a block scalar with odd lines, in a mapping or a list."""
    start, indent, end = draw.choice([("x: ", "", "y: 1"), ("x:\n  - ", "  ", "  - z"), ("x:\n  k: ", "  ", "  z: 1")])
    lines = [indent + line for line in draw.choices(LINES, k=draw.randint(0, 4))]
    return "\n".join([start + draw.choice(HEADERS), *lines, draw.choice([end, "# end"]), ""])


def odd_texts(kind: str, number: int) -> list[str]:
    """Return texts of a kind that YAML parsers read differently."""
    draw = random.Random(number)
    return {
        "tags": [f"{key}{tag} {value}\n" for tag in TAGS for value in TAGGED for key in ("x: ", "x:\n- ")],
        "anchors": [f"x: {anchor} v\ny: *a\n" for anchor in ANCHORS] + [f"x: &a v\ny: {alias}\n" for alias in ALIASES],
        "keys": [f"{key}\n" for key in KEYS],
        "merge keys": [merges(draw) for _ in range(number)],
        "block scalars": [block_scalars(draw) for _ in range(number)],
    }[kind]


@needs_ruby
@pytest.mark.parametrize("kind", ["tags", "anchors", "keys", "merge keys", "block scalars"])
def test_odd_texts(psych: Reader, times: int, figure: Figure, kind: str) -> None:
    """Psych and newsitem read the same data from odd texts, or both refuse them."""
    files = [f"{BY_HAND}{text}---\n\n" for text in odd_texts(kind, 400 * times)]
    for file, found in zip(files, psych(files), strict=True):
        try:
            item = newsitem.loads(file)
        except newsitem.NewsItemError:
            item = None
        odd = {name: found[name] for name in found if name in "kmnxyz"} if isinstance(found, dict) else None
        wrong = odd != (None if item is None else comparable(item.extras))
        figure("values compared with Psych / differences", 1, wrong)
        assert not wrong, (file, found, item and item.extras)


ON_PURPOSE = (
    "duplicate key",
    "treat as a merge key",
    "a merge key (<<) takes",
    "a key must be text",
    "more than one YAML document",
    "inside the value of its own anchor",
    "instantiates a class",
    "binary data",
    "a value must not start",  # `[?,]`, in which libyaml reads the question mark as text
)
"""Errors for texts that Psych accepts."""


@needs_ruby
def test_facts_about_psych(psych: Reader) -> None:
    """Psych reads and refuses the texts that the fast tests claim it reads and refuses."""
    files = [f"{test_psych.HEAD}{lines}---\n" for lines in test_psych.VALUES]
    for lines, found in zip(test_psych.VALUES, psych(files), strict=True):
        assert found["odd"] == comparable(test_psych.VALUES[lines]), lines
    files = [f"{test_psych.HEAD}{lines}---\n" for lines in test_psych.REFUSED]
    for lines, found in zip(test_psych.REFUSED, psych(files), strict=True):
        assert found[0] == "error", lines


@needs_ruby
def test_random_front_matter(psych: Reader, times: int, figure: Figure) -> None:
    """Psych and newsitem read the same data from random front matter, or both refuse it."""
    files = [f"{BY_HAND}{made(number)}---\n\n" for number in range(3_000 * times)]
    read = 0
    for file, found in zip(files, psych(files), strict=True):
        refused = isinstance(found, list)
        try:
            item = newsitem.loads(file)
        except newsitem.NewsItemError as error:
            if not refused and not any(reason in str(error) for reason in ON_PURPOSE):
                pytest.fail(f"Psych reads this text, but newsitem refuses it with {error}:\n{file}")
            continue
        if "Symbol" in str(found) or has_other_keys(found):
            continue  # newsitem reads symbols, and keys of any type, as text
        wrong = refused or differences(item, found)[1] != {}
        read += 1
        figure("values compared with Psych / differences", 1, wrong)
        assert not wrong, (file, found, newsitem.to_dict(item))
    assert read > 600 * times


def has_other_keys(found: Any) -> bool:
    """Whether Psych found a mapping with a key that is not text. `psych.rb` prints such keys as JSON."""
    if isinstance(found, dict):
        return any(name == "null" or name[:1] == "[" or has_other_keys(child) for name, child in found.items())
    return isinstance(found, list) and any(map(has_other_keys, found))


def edit_data(data: Any, draw: random.Random) -> None:
    """Set, remove or add a value somewhere in plain data."""
    inner = [
        child
        for child in (data.values() if isinstance(data, dict) else data)
        if isinstance(child, dict | list) and child
    ]
    if inner and draw.random() < 0.6:
        edit_data(draw.choice(inner), draw)
    elif isinstance(data, list):
        data.insert(draw.randint(0, len(data)), draw.choice((9, "v", {"k1": 1})))
    else:
        name = draw.choice([*data, "k0", "k1", "new"])
        if draw.random() < 0.4:
            data.pop(name, None)
        else:
            data[name] = draw.choice((1, "t", None, [1], {"k0": 2, "q": 1}, {}))


MERGED_FRONT_MATTER = "\n".join(
    (
        "B: &B {name: B, domain: b}",
        "C: &C {name: C, odd: 4}",
        "D: &D",
        "  <<: *B",
        "  domain: ~",
        "provider:",
        "  PROVIDER",
        "",
    )
)
PROVIDERS = (
    "<<: *B",
    "name: N\n  <<: *B",
    "<<: *B\n  name: N",
    "name: N\n  <<: [*C, *B]\n  odd: 1",
    "domain: d\n  <<: *C\n  name: N\n  <<: *D",
    "name: N\n  domain: d # d\n  <<: {domain: e, more: 2}",
    '"<<": *D\n  name: N',
)


@needs_ruby
def test_edits_of_merges(psych: Reader, times: int, figure: Figure) -> None:
    """Psych and newsitem read the same data from edited files with merge keys and anchors."""
    items = []
    for number in range(1_500 * times):
        draw = random.Random(number)
        provider = MERGED_FRONT_MATTER.replace("PROVIDER", draw.choice(PROVIDERS))
        try:
            item = newsitem.loads(
                f"{BY_HAND.partition('provider')[0]}{provider}{Maker(draw).lines().replace('? ', '')}---\n"
            )
        except newsitem.NewsItemError:
            continue
        item.provider.domain = draw.choice((None, "z", "b", item.provider.domain))
        item.provider.name = draw.choice(("B", "N", item.provider.name))
        edit_data(draw.choice((item.provider.extras, item.extras)), draw)
        items.append(item)
    assert len(items) > 400 * times
    for item, found in zip(items, psych(map(newsitem.dumps, items)), strict=True):
        if "Float" in str(found):  # an invalid value that a merge key replaces, which newsitem ignores
            continue
        if found["provider"].get("domain", ...) is None:
            del found["provider"]["domain"]  # newsitem omits keys that are null
        if not has_other_keys(found):
            wrong = differences(item, found)[1]
            figure("values compared with Psych / differences", 1, wrong != {})
            assert wrong == {}, newsitem.dumps(item)
