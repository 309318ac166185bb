"""Code that is made from the model says what the plain ways say: objects from data, and whether an item is whole."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import items

import newsitem
from newsitem import _check, _fast, _frontmatter, _general, _usual
from newsitem._frontmatter import FrontMatter
from newsitem._render import render
from newsitem._schema import Style, key, keys
from newsitem._structure import structure, unstructure
from newsitem._values import Refused
from newsitem.model import _Checked

WRONG = st.sampled_from(
    [
        *(None, 0, 1, True, 1.5, "", "x", "\ud800", "é\udfff", b"x", (), [], ["x"], [1], [None], {}, {"url": "u"}),
        *({"name": "n", 1: 2}, 2**63, -(2**63), -(2**63) - 1, datetime(2020, 1, 1), "2020-01-01T00:00:00Z"),
        *(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2)))),
        *(newsitem.Secured("x"), newsitem.Image(url="u"), [newsitem.Image(url="u")]),
    ]
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths to all values in plain data."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in pairs for place in [(*path, key), *places(value, (*path, key))]]


def both_ways(data: Any) -> newsitem.NewsItem | None:
    """Read plain data in both ways; what the usual way takes, the general way takes alike."""
    usual = _usual.read(data)
    try:
        general = structure(data, newsitem.NewsItem)
    except Refused:
        assert usual is None
        return None
    assert usual in (None, general)
    return usual


@given(items, st.data(), st.booleans())
def test_both_ways_from_data_agree_on_wrong_values(
    item: newsitem.NewsItem, choice: st.DataObject, as_json: bool
) -> None:
    """Where a value is replaced by another, or a key is added, the usual way gives way or gives the same item."""
    try:
        data = json.loads(newsitem.to_json(item)) if as_json else newsitem.to_dict(item)
    except newsitem.ValidationError:
        return  # infinity or NaN in an unknown key
    every = [*places(data), ("heat",), ("other",)]
    *path, last = every[choice.draw(st.integers(0, len(every) - 1))]
    target: Any = data
    for step in path:
        target = target[step]
    target[last] = copy.deepcopy(choice.draw(WRONG))
    both_ways(data)


@given(items)
def test_usual_data_takes_the_usual_way(item: newsitem.NewsItem) -> None:
    """Data without unknown keys, with instants in UTC, is read without cattrs, to the same item."""
    item = newsitem.from_dict(without_extras(newsitem.to_dict(item)))
    item.published_date_time = datetime(2020, 1, 1, tzinfo=UTC)
    for related in item.related:
        related.published_date_time = None
    assert both_ways(newsitem.to_dict(item)) == item
    assert both_ways(json.loads(newsitem.to_json(item))) == item


def without_extras(data: Any, cls: type = newsitem.NewsItem) -> dict[str, Any]:
    """Give the data of an object without the keys that the model does not name."""
    result = {}
    for each in keys(cls):
        value = data.get(each.name)
        if each.of is not None and isinstance(value, dict):
            value = without_extras(value, each.of)
        elif each.of is not None and isinstance(value, list):
            value = [without_extras(child, each.of) for child in value]
        if value is not None:
            result[each.name] = value
    return result


def test_data_is_not_shared() -> None:
    """An item shares no list and no dict with the data that it was made from."""
    data = {
        "title": "T",
        "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC),
        "provider": {"name": "P", "images": [{"url": "u"}]},
        "topics": ["A"],
    }
    before = copy.deepcopy(data)
    item = newsitem.from_dict(data)
    item.topics.append("B")
    item.provider.images.clear()
    item.provider.extras["x"] = 1
    assert data == before


@given(items, st.data())
def test_whether_and_what_is_wrong_agree(item: newsitem.NewsItem, choice: st.DataObject) -> None:
    """An item is whole where no problem is found in it, whatever was put into its lists and dicts."""
    holders: list[Any] = [item, item.provider, *item.related, *item.images, *item.provider.images]
    holder = holders[choice.draw(st.integers(0, len(holders) - 1))]
    wrong = copy.deepcopy(choice.draw(WRONG))
    lists = [name for name in ("topics", "tags", "images", "related") if hasattr(holder, name)]
    name = choice.draw(st.sampled_from([*lists, "extras"]))
    if name == "extras":
        holder.extras[choice.draw(st.sampled_from(["x", "url", "title", "name", "<<", 1]))] = wrong
    else:
        getattr(holder, name).append(wrong)
    problems = _check._whole_problems(item, "")
    assert _check.is_whole(item) == (not problems)
    assert _check.whole_problems(item) == problems


@pytest.mark.parametrize(
    "related",
    [
        {"title": "R", "publishedDateTime": "soon"},
        {"title": "R", "publishedDateTime": ""},
        {"title": "R", "excerpt": "caf\u00e9 \ud800"},
        {"title": "R", "quality": True},
        {"title": "R", "images": [{"url": "u"}, {"url": None}]},
    ],
)
def test_the_usual_way_drops_nothing_that_is_wrong(related: dict[str, Any]) -> None:
    """What is wrong deep in the data is left to the general way, which refuses it."""
    when = datetime(2020, 1, 1, tzinfo=UTC)
    data = {"title": "T", "publishedDateTime": when, "provider": {"name": "P"}, "related": [related]}
    assert both_ways(data) is None
    with pytest.raises(Refused):
        structure(data, newsitem.NewsItem)


# Models that are not today's


def model(name: str, *fields: tuple[str, Style, Any], base: tuple[type, ...] = (_Checked,)) -> Any:
    """Make a class of the model: of each field attribute (``=`` key, ``!`` where required), style, class."""
    made: dict[str, Any] = {}
    types = {Style.INTEGER: int, Style.BOOLEAN: bool, Style.INSTANT: datetime, Style.TEXTS: list[str]}
    for text, style, of in fields:
        attribute, _, written = text.rstrip("!").partition("=")
        default = {} if text.endswith("!") else {"factory": list} if style.is_list else {"default": None}
        kind: Any = list.__class_getitem__(of) if style is Style.OBJECTS else of or types.get(style, str)
        annotation = kind if text.endswith("!") or style.is_list else kind | None
        described = key(written or attribute, style, "Made up.", of=of)
        made[attribute] = attrs.field(type=annotation, metadata=described, **default)
    made["extras"] = attrs.field(factory=dict, type=dict[str, Any])
    return attrs.make_class(name, made, bases=base, kw_only=True, slots=True)


LEAF = model("Thing", ("list!", Style.PLAIN, None), ("item", Style.QUOTED, None), ("value", Style.INTEGER, None))
CLASH = model("Thing", ("a_b", Style.PLAIN, None), ("extras_=it's {x}", Style.QUOTED, None), ("c", Style.TEXTS, None))
NAMED = model(
    "Named",
    *[("_name", Style.QUOTED, None), ("all", Style.TEXTS, None), ("parts=c++.x", Style.TEXTS, None)],
    *[("a=a:b", Style.BOOLEAN, None), ("thing", Style.OBJECTS, LEAF)],
)
ROOT = model(
    "Root",
    *[("title!", Style.QUOTED, None), ("a", Style.OBJECT, CLASH), ("a_b=it's", Style.TEXTS, None)],
    *[("write=no", Style.PLAIN, None), ("b", Style.OBJECTS, CLASH), ("b_c", Style.OBJECTS, LEAF)],
    *[("when", Style.INSTANT, None), ("named", Style.OBJECTS, NAMED), ("data", Style.OBJECT, NAMED)],
    *[("texts", Style.TEXTS, None), ("plain", Style.INTEGER, None), ("x_", Style.OBJECT, LEAF)],
)
MODELS = [ROOT, NAMED, LEAF]
SOME_TEXT = st.sampled_from(["", "x", "Cloud Computing", "247 Sports", "it's", '"q"', "a: b", "null", "é\n"])


def objects(cls: Any) -> st.SearchStrategy[Any]:
    """Make objects of a made-up class."""
    values: dict[str, Any] = {}
    for each in keys(cls):
        below = objects(each.of) if each.of is not None else SOME_TEXT
        value: Any = below
        if each.style.is_list:
            value = st.lists(below, max_size=3)
        elif each.style in VALUES:
            value = VALUES[each.style]
        optional = each.required or each.style.is_list
        values[each.attribute.lstrip("_")] = value if optional else st.none() | value
    return st.builds(cls, **values)


VALUES = {
    Style.INTEGER: st.integers(-9, 9),
    Style.BOOLEAN: st.booleans(),
    Style.INSTANT: st.just(datetime(2020, 1, 1, tzinfo=UTC)),
}


def front_matter(content: str) -> tuple[str, FrontMatter]:
    """Give a text with the content as its front matter, and its parts."""
    text = f"---\n{content}---\n\n"
    return text, _frontmatter.split(text)


@given(st.sampled_from(MODELS), st.data())
def test_made_code_is_right_for_any_model(cls: Any, data: st.DataObject) -> None:
    """What is made for a model reads, writes, checks and converts its objects as the general way does."""
    thing = data.draw(objects(cls))
    content = render(thing)
    text, parts = front_matter(content)
    assert structure(_general.tree(text, parts), cls) == thing
    pattern, make = _fast._item(cls)
    match = pattern.fullmatch(content)
    if match is not None:
        try:
            assert make(*match.groups("")) == thing
        except _fast._NotInLayout:
            match = None
    if data.draw(st.booleans()):  # another line where it may be, or not be
        lines = content.splitlines(keepends=True)
        lines.insert(data.draw(st.integers(0, len(lines))), "\n")
        match = pattern.fullmatch("".join(lines))
        assert match is None or "".join(lines) == content or '"' in content
    assert _check.is_whole(thing)
    plain = unstructure(thing)
    assert structure(plain, cls) == thing
    assert _usual._reader(cls)(plain) == thing


FULL = ROOT(
    title="T",
    a=CLASH(a_b="x", extras_='"', c=["Cloud Computing"]),
    a_b=["Cloud Computing", "AI"],
    b=[CLASH(a_b="y", c=["Deep Learning", "x"]), CLASH(a_b="z")],
    b_c=[LEAF(list="l", item="i", value=1), LEAF(list="m")],
    named=[NAMED(name="n", all=["a", "b"], parts=["c"], thing=[LEAF(list="x")])],
    data=NAMED(name="n", parts=["Cloud Computing"], all=["a"], a=True),
    texts=["Cloud Computing"],
    plain=5,
    x_=LEAF(list="l"),
)


def test_the_layout_of_a_made_up_model_is_read_by_its_pattern() -> None:
    """Lists of text at several depths, keys with odd names and classes of one name are read as they are."""
    content = render(FULL)
    pattern, make = _fast._item(ROOT)
    match = pattern.fullmatch(content)
    assert match is not None
    assert make(*match.groups("")) == FULL
    assert pattern.fullmatch(content + "\n") is None
    assert pattern.fullmatch(content.replace("\n\nplain", "\nplain")) is None
    assert pattern.fullmatch(content.replace("c++.x", "cc+x")) is None


def test_what_lacks_its_first_key_is_left_to_the_general_way() -> None:
    """The pattern does not take the key after an object for a key in it, nor the other way round."""
    pattern, _ = _fast._item(ROOT)
    assert pattern.fullmatch('title: "T"\n\na:\n  no: x\n') is None
    thing = ROOT(title="T", a=CLASH(extras_="x"), b=[CLASH()], data=NAMED())
    text, parts = front_matter(render(thing))
    assert pattern.fullmatch(parts.content) is None
    assert structure(_general.tree(text, parts), ROOT) == thing
