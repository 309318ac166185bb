"""The classes: strict types, copies, equality, what they show."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from samples import EXAMPLES
from strategies import items

import newsitem
from newsitem._schema.fields import keys
from newsitem._schema.kinds import Kind, list_of
from newsitem._schema.scalar_kinds import BOOLEAN, INSTANT, INTEGER, PLAIN, QUOTED, SECURED

WHEN = datetime(2020, 6, 24, 22, 10, tzinfo=UTC)
CLASSES = [newsitem.NewsItem, newsitem.RelatedItem, newsitem.Provider, newsitem.Image]


def new(**values: Any) -> newsitem.NewsItem:
    """Make an item with what is required."""
    return newsitem.NewsItem(
        **{"title": "T", "published_date_time": WHEN, "provider": newsitem.Provider(name="P"), **values}
    )


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
def test_wrong_types_are_refused_on_set(cls: type) -> None:
    """No attribute takes a value of another type, and a refused one leaves the old; the error names the key."""
    item = newsitem.load(next(path for path in EXAMPLES if "regulator" in path.name))
    thing: Any = {
        newsitem.NewsItem: item,
        newsitem.RelatedItem: item.related[0],
        newsitem.Provider: item.provider,
        newsitem.Image: newsitem.Image(url="u"),
    }[cls]
    for key in keys(cls):
        before = getattr(thing, key.attribute)
        others = WRONG_LISTS if key.kind.is_list else WRONG_OBJECTS
        for wrong in WRONG.get(key.kind, others) + ([None] if key.required else []):
            with pytest.raises(newsitem.ValidationError) as caught:
                setattr(thing, key.attribute, wrong)
            assert (caught.value.problems[0].field or "").startswith(key.name)
        assert getattr(thing, key.attribute) is before


def test_an_init_lists_every_problem() -> None:
    """A new object with several wrong values gets one error with all of them."""
    with pytest.raises(newsitem.ValidationError) as caught:
        new(title=5, heat="1", extras={"title": "x", "odd": {5: 6}}, body=b"")
    assert [problem.field for problem in caught.value.problems] == [
        "title",
        "heat",
        "extras.title",
        "extras.odd",
        "body",
    ]


def test_path_is_a_path() -> None:
    """A path may be set as text, and nothing else is one."""
    item = new(path="a.md")
    item.path = "b/c.md"  # type: ignore[assignment]
    assert item.path == Path("b/c.md")
    with pytest.raises(newsitem.ValidationError, match="path: must be a path"):
        item.path = 5  # type: ignore[assignment]


def test_attributes_cannot_be_deleted() -> None:
    """A key is removed by setting None; deleting an attribute says so."""
    item = new(heat=5)
    with pytest.raises(AttributeError, match="set heat to None"):
        del item.heat
    assert item.heat == 5


def test_required_values_and_unknown_attributes() -> None:
    """What is required cannot be left out, and a mistyped attribute is an error."""
    with pytest.raises(TypeError, match="title"):
        newsitem.NewsItem(published_date_time=WHEN, provider=newsitem.Provider(name="P"))  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        new().tittle = "x"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "value",
    [
        {"a": object()},
        {"a": {1}},
        {"": {"b": [WHEN.replace(tzinfo=None)]}},
        {5: "x"},
        {"<<": {}},
        {"k" * 1200: 1},
        {"heat": 1},
        [],
    ],
)
def test_extras_hold_plain_data(value: Any) -> None:
    """Unknown keys hold what YAML can, under keys that are text and no field's own."""
    with pytest.raises(newsitem.ValidationError, match="extras"):
        new(extras=value)


def test_a_key_that_means_a_merge_is_refused() -> None:
    """A key that some readers take for a merge, even in quotes, is no key."""
    with pytest.raises(newsitem.ValidationError, match="treat as a merge key"):
        new(extras={"<<": {}})


def test_endless_extras_are_refused() -> None:
    """A list that holds itself, and a number of ten thousand digits, are refused when written."""
    item = new()
    item.extras["loop"] = [item.extras]
    with pytest.raises(newsitem.ValidationError, match="nested more than 90 levels"):
        newsitem.dumps(item)
    with pytest.raises(newsitem.ValidationError, match="digits"):
        item.extras = {"long": 10**10_000}


def test_equality_is_by_data() -> None:
    """Path and kept text do not count; the type of an unknown key's value does."""
    item = newsitem.load(EXAMPLES[0])
    other = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    assert other == item
    other.path = Path("elsewhere.md")
    assert other == item
    assert new(extras={"a": 1}) != new(extras={"a": True})
    assert new(extras={"a": [float("nan")]}) == new(extras={"a": [float("nan")]})


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it)), attrs.evolve],
    ids=["copy", "deepcopy", "pickle", "evolve"],
)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem[:20])
def test_copies_keep_the_round_trip(path: Path, again: Any) -> None:
    """A copy of any kind is equal, knows its file, and is written as that was."""
    item = newsitem.load(path)
    twin = again(item)
    assert twin == item
    assert twin.path == path
    assert newsitem.dumps(twin).encode() == path.read_bytes()
    twin.heat = 12345
    assert item.heat != 12345


def test_evolve_changes_its_lines_only() -> None:
    """An evolved item is written with the changed lines and no others."""
    item = newsitem.load(EXAMPLES[0])
    before, after = newsitem.dumps(item).split("\n"), newsitem.dumps(attrs.evolve(item, title="New")).split("\n")  # type: ignore[misc]
    assert [new for old, new in zip(before, after, strict=True) if old != new] == ['title: "New"']


@given(items)
def test_reprs_are_short_and_tell_no_secret(item: newsitem.NewsItem) -> None:
    """A repr stays short, and no object shows the secured text."""
    item.secured = newsitem.Secured("c2VjcmV0IHRleHQgbm9ib2R5IG1heSBzZWU=")
    shown = [repr(item), str(item), f"{item}", repr(item.secured), str(item.secured), repr([item.secured])]
    shown += [repr(each) for each in (item.provider, *item.images, *item.related)]
    assert not any("c2Vj" in each for each in shown)
    assert len(repr(item.secured)) < 40


def test_repr_is_for_people() -> None:
    """A repr shows headline, date and outlet."""
    assert repr(new(title="A" * 70)) == f"<NewsItem: '{'A' * 59}…', 2020-06-24 22:10 UTC, P>"
    assert repr(newsitem.RelatedItem(title="R")) == "<RelatedItem: 'R', no date, no provider>"
    assert repr(newsitem.Image(url="u", width=2)) == "<Image: u, 2 × None>"
    assert repr(newsitem.Provider(name="P", domain="p.example")) == "<Provider: P, p.example>"


def test_secured() -> None:
    """The secured text is reachable by name, has a length, compares and hashes by text, and cannot be changed."""
    secured = newsitem.Secured("abc;def")
    assert (secured.text, len(secured), secured == newsitem.Secured("abc;def")) == ("abc;def", 7, True)
    assert len({secured, newsitem.Secured("abc;def")}) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        secured.text = "x"  # type: ignore[misc]
    for wrong in (5, "\ud800"):
        with pytest.raises(newsitem.ValidationError):
            newsitem.Secured(wrong)  # type: ignore[arg-type]


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
    """A new file is named by the day in UTC and the title in plain letters, short enough for any file system."""
    when = datetime(2020, 6, 24, 22, 10, tzinfo=timezone(timedelta(hours=-8)))
    assert new(title=title, published_date_time=when).filename == Path(f"2020-06-25{slug}.md")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem[:20])
def test_filenames_of_the_examples(path: Path) -> None:
    """The sample files are named by the rule."""
    assert newsitem.load(path).filename == Path(path.name)


@pytest.mark.parametrize("cls", CLASSES)
def test_the_model_is_documented(cls: type) -> None:
    """Every key has a row for the docs, and each class starts with a required key, as its records do."""
    assert all(key.doc.endswith(".") for key in keys(cls))
    assert any(key.required for key in keys(cls))


def test_keys_that_stand_apart_come_last() -> None:
    """The patterns of the fast way put an empty line before what stands apart, so all such keys end the item."""
    apart = [key.apart for key in keys(newsitem.NewsItem)]
    assert apart == sorted(apart)


class _Topic(str, Enum):  # noqa: UP042 - a StrEnum is written as its text
    AI = "ai"


class _Number(IntEnum):
    ONE = 1


class _OwnImage(newsitem.Image):
    """A class that a user made of the model's."""


def test_texts_and_objects_are_what_they_are_written_as() -> None:
    """A text that Python shows as another, and an object of a class of one's own, are refused; numbers are numbers."""
    item = new()
    with pytest.raises(newsitem.ValidationError, match="title: must be text, not the"):
        item.title = _Topic.AI
    item.images.append(_OwnImage(url="u"))
    with pytest.raises(newsitem.ValidationError, match=r"images\[0\]: must be newsitem.Image, not a"):
        newsitem.dumps(item)
    item.images.clear()
    item.quality = _Number.ONE
    item.extras["number"] = _Number.ONE
    assert newsitem.loads(newsitem.dumps(item)) == item


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2020-10-25T00:30:00Z"),
        (datetime(2020, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1), "2020-10-25T01:30:00Z"),
        (datetime(2020, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2020-03-29T01:30:00Z"),
    ],
    ids=["first", "second", "skipped"],
)
def test_hours_that_a_zone_has_twice_or_not_at_all(local: datetime, utc: str) -> None:
    """When clocks go back or forward, an instant is written as the one that it is in UTC."""
    item = new()
    item.published_date_time = local
    item.extras["seen"] = local
    text = newsitem.dumps(item)
    assert text.count(utc) == 2
    assert newsitem.loads(text) == item
