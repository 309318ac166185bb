"""The item classes: strict types, copies, reprs and file names."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest
from samples import EXAMPLES
from small_items import WHEN, new_item

import newsitem
from newsitem._schema.fields import keys
from newsitem._schema.kinds import Kind, list_of
from newsitem._schema.scalar_kinds import BOOLEAN, INSTANT, INTEGER, PLAIN, QUOTED, SECURED

CLASSES = [newsitem.NewsItem, newsitem.RelatedItem, newsitem.Provider, newsitem.Image]
WRONG: dict[Kind, list[Any]] = {
    PLAIN: [5, True, b"x", ["x"], "\ud800"],
    QUOTED: [5, 1.5, WHEN, "\udfff"],
    SECURED: ["text", 5],
    INTEGER: ["114", 1.0, True, 2**63],
    BOOLEAN: [1, 0, "yes"],
    INSTANT: ["2020-01-01", datetime(2020, 1, 1), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))],
    list_of(PLAIN): [None, "AI", ("AI",), [5], ["x", None]],
}
WRONG_OBJECTS: list[Any] = [{}, "P", newsitem.Image(url="x")]
WRONG_LISTS: list[Any] = [None, {}, [None], [newsitem.Provider(name="P")]]


@pytest.mark.parametrize("cls", CLASSES)
def test_wrong_types_on_set(cls: type) -> None:
    """An attribute refuses a value of another type, keeps its old value, and names the key."""
    item = newsitem.load(next(path for path in EXAMPLES if "regulator" in path.name))
    target: Any = {
        newsitem.NewsItem: item,
        newsitem.RelatedItem: item.related[0],
        newsitem.Provider: item.provider,
        newsitem.Image: newsitem.Image(url="u"),
    }[cls]
    for key in keys(cls):
        before = getattr(target, key.attribute)
        others = WRONG_LISTS if key.kind.is_list else WRONG_OBJECTS
        for wrong in WRONG.get(key.kind, others) + ([None] if key.required else []):
            with pytest.raises(newsitem.ValidationError) as caught:
                setattr(target, key.attribute, wrong)
            assert (caught.value.problems[0].field or "").startswith(key.name)
        assert getattr(target, key.attribute) is before


def test_all_problems_of_an_init() -> None:
    """A new object with several invalid values raises one error with all of them."""
    with pytest.raises(newsitem.ValidationError) as caught:
        new_item(title=5, heat="1", extras={"title": "x", "odd": {5: 6}}, body=b"")
    assert [problem.field for problem in caught.value.problems] == [
        "title",
        "heat",
        "extras.title",
        "extras.odd",
        "body",
    ]


def test_path() -> None:
    """`path` accepts text and path objects only."""
    item = new_item(path="a.md")
    item.path = "b/c.md"  # type: ignore[assignment]
    assert item.path == Path("b/c.md")
    with pytest.raises(newsitem.ValidationError, match="path: must be a valid file path"):
        item.path = 5  # type: ignore[assignment]


def test_attributes_cannot_be_deleted() -> None:
    """Deleting an attribute is refused: setting it to `None` removes its key."""
    item = new_item(heat=5)
    with pytest.raises(AttributeError, match="set heat to None"):
        del item.heat
    assert item.heat == 5


def test_required_values_and_unknown_attributes() -> None:
    """A required value cannot be omitted, and a misspelt attribute is an error."""
    with pytest.raises(TypeError, match="title"):
        newsitem.NewsItem(published_date_time=WHEN, provider=newsitem.Provider(name="P"))  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        new_item().tittle = "x"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it)), attrs.evolve],
    ids=["copy", "deepcopy", "pickle", "evolve"],
)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem[:20])
def test_copies_keep_the_round_trip(path: Path, again: Any) -> None:
    """Every kind of copy is equal, knows its file, and is written like the original."""
    item = newsitem.load(path)
    twin = again(item)
    assert twin == item
    assert twin.path == path
    assert newsitem.dumps(twin).encode() == path.read_bytes()
    twin.heat = 12345
    assert item.heat != 12345


def test_evolved_item_changes_its_own_lines() -> None:
    """An evolved item is written with the changed lines and no others."""
    item = newsitem.load(EXAMPLES[0])
    before, after = newsitem.dumps(item).split("\n"), newsitem.dumps(attrs.evolve(item, title="New")).split("\n")  # type: ignore[misc]
    assert [new for old, new in zip(before, after, strict=True) if old != new] == ['title: "New"']


def test_reprs() -> None:
    """The repr of an item shows its title, date and provider."""
    assert repr(new_item(title="A" * 70)) == f"<NewsItem: '{'A' * 59}…', 2020-06-24 22:10 UTC, P>"
    assert repr(newsitem.RelatedItem(title="R")) == "<RelatedItem: 'R', no date, no provider>"
    assert repr(newsitem.Image(url="u", width=2)) == "<Image: u, 2 × None>"
    assert repr(newsitem.Provider(name="P", domain="p.example")) == "<Provider: P, p.example>"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Boston bans police: a story", "-boston-bans-police-a-story"),
        ("Ça — c'est  l’été!", "-ca-cest-lete"),
        ('24/7 -- "AI"', "-247-ai"),
        ("Party time 🎉", "-party-time"),
        ("뉴스", ""),
        ("x" * 400, "-" + "x" * 229),
    ],
)
def test_filename(title: str, slug: str) -> None:
    """The name of a new file is its day in UTC and its title in plain letters, limited in length."""
    when = datetime(2020, 6, 24, 22, 10, tzinfo=timezone(timedelta(hours=-8)))
    assert new_item(title=title, published_date_time=when).filename == Path(f"2020-06-25{slug}.md")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem[:20])
def test_filenames_of_the_examples(path: Path) -> None:
    """The names of the sample files follow the rule."""
    assert newsitem.load(path).filename == Path(path.name)


@pytest.mark.parametrize("cls", CLASSES)
def test_keys_are_documented(cls: type) -> None:
    """Every key has a description, and each class has a required key."""
    assert all(key.doc.endswith(".") for key in keys(cls))
    assert any(key.required for key in keys(cls))


def test_keys_with_blank_lines_are_last() -> None:
    """Keys with blank lines before them are the last ones of an item, as the patterns require."""
    apart = [key.apart for key in keys(newsitem.NewsItem)]
    assert apart == sorted(apart)


def test_front_matter_class() -> None:
    """`FrontMatter` reads any front matter, with all keys as plain data."""
    item = newsitem.loads("---\nlayout: post\nlist: [1]\n---\nText\n", newsitem.FrontMatter)
    assert item.extras == {"layout": "post", "list": [1]}
    item.extras["list"].append(2)
    assert newsitem.dumps(item) == "---\nlayout: post\nlist: [1, 2]\n---\nText\n"
    assert repr(item) == "<FrontMatter>"
