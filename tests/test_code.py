"""Code that is made from the model says what the plain ways say: objects from data, and whether an item is whole."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from types import GenericAlias
from typing import Any, get_origin

from hypothesis import given
from hypothesis import strategies as st
from strategies import items

import newsitem
from newsitem._codec import patterns, reader
from newsitem._codec.front_matter import Parts, split
from newsitem._codec.render import render
from newsitem._codec.structure import structure, unstructure
from newsitem._schema import checks
from newsitem._schema.fields import keys
from newsitem._schema.kinds import class_of
from newsitem._schema.scalar_kinds import BOOLEAN, INSTANT, INTEGER

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
    problems = checks._whole_problems(item, "")
    assert checks.is_whole(item) == (not problems)
    assert checks.whole_problems(item) == problems


# Models that are not today's


def model(name: str, *fields: tuple[str, Any]) -> Any:
    """Make a class of the model: of each field attribute (``=`` key, ``!`` where required) and annotation."""
    body: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for text, annotation in fields:
        attribute, _, written = text.rstrip("!").partition("=")
        is_list = get_origin(annotation) is list
        default = {} if text.endswith("!") else {"factory": list} if is_list else {"default": None}
        body["__annotations__"][attribute] = annotation if text.endswith("!") or is_list else annotation | None
        body[attribute] = newsitem.key(written or None, doc="Made up.", **default)
    return newsitem.model(type(name, (), body))


def a_list(cls: Any) -> Any:
    """Return the annotation of a list of objects."""
    return GenericAlias(list, (cls,))


LEAF: Any = model("Thing", ("list!", str), ("item", str), ("value", int))
CLASH: Any = model("Thing", ("a_b", str), ("extras_=it's {x}", str), ("c", list[str]))
NAMED: Any = model(
    "Named",
    *[("name_=_name", str), ("all", list[str]), ("parts=c++.x", list[str])],
    *[("a=a:b", bool), ("thing", a_list(LEAF))],
)
ROOT = model(
    "Root",
    *[("title!", str), ("a", CLASH), ("a_b=it's", list[str])],
    *[("write=no", str), ("b", a_list(CLASH)), ("b_c", a_list(LEAF))],
    *[("when", datetime), ("named", a_list(NAMED)), ("data", NAMED)],
    *[("texts", list[str]), ("plain", int), ("x_", LEAF)],
)
MODELS = [ROOT, NAMED, LEAF]
SOME_TEXT = st.sampled_from(["", "x", "Cloud Computing", "247 Sports", "it's", '"q"', "a: b", "null", "é\n"])


def objects(cls: Any) -> st.SearchStrategy[Any]:
    """Make objects of a made-up class."""
    values: dict[str, Any] = {}
    for each in keys(cls):
        of = class_of(each.kind)
        below = objects(of) if of is not None else SOME_TEXT
        value: Any = below
        if each.kind.is_list:
            value = st.lists(below, max_size=3)
        elif each.kind in VALUES:
            value = VALUES[each.kind]
        optional = each.required or each.kind.is_list
        values[each.attribute] = value if optional else st.none() | value
    return st.builds(cls, **values)


VALUES = {
    INTEGER: st.integers(-9, 9),
    BOOLEAN: st.booleans(),
    INSTANT: st.just(datetime(2020, 1, 1, tzinfo=UTC)),
}


def front_matter(content: str) -> tuple[str, Parts]:
    """Give a text with the content as its front matter, and its parts."""
    text = f"---\n{content}---\n\n"
    return text, split(text)


@given(st.sampled_from(MODELS), st.data())
def test_made_code_is_right_for_any_model(cls: Any, data: st.DataObject) -> None:
    """What is made for a model reads, writes, checks and converts its objects as the general way does."""
    thing = data.draw(objects(cls))
    content = render(thing)
    text, parts = front_matter(content)
    assert not content or structure(reader.tree(text, parts, cls), cls) == thing
    pattern, make = patterns._item(cls)
    match = pattern.fullmatch(content)
    if match is not None:
        try:
            assert make(*match.groups("")) == thing
        except patterns._NotInLayout:
            match = None
    if data.draw(st.booleans()):  # another line where it may be, or not be
        lines = content.splitlines(keepends=True)
        lines.insert(data.draw(st.integers(0, len(lines))), "\n")
        match = pattern.fullmatch("".join(lines))
        assert match is None or "".join(lines) == content or '"' in content
    assert checks.is_whole(thing)
    plain = unstructure(thing)
    assert structure(plain, cls) == thing


FULL = ROOT(
    title="T",
    a=CLASH(a_b="x", extras_='"', c=["Cloud Computing"]),
    a_b=["Cloud Computing", "AI"],
    b=[CLASH(a_b="y", c=["Deep Learning", "x"]), CLASH(a_b="z")],
    b_c=[LEAF(list="l", item="i", value=1), LEAF(list="m")],
    named=[NAMED(name_="n", all=["a", "b"], parts=["c"], thing=[LEAF(list="x")])],
    data=NAMED(name_="n", parts=["Cloud Computing"], all=["a"], a=True),
    texts=["Cloud Computing"],
    plain=5,
    x_=LEAF(list="l"),
)


def test_the_layout_of_a_made_up_model_is_read_by_its_pattern() -> None:
    """Lists of text at several depths, keys with odd names and classes of one name are read as they are."""
    content = render(FULL)
    pattern, make = patterns._item(ROOT)
    match = pattern.fullmatch(content)
    assert match is not None
    assert make(*match.groups("")) == FULL
    assert pattern.fullmatch(content + "\n") is None
    assert pattern.fullmatch(content.replace("\n\nplain", "\nplain")) is None
    assert pattern.fullmatch(content.replace("c++.x", "cc+x")) is None


def test_what_lacks_its_first_key_is_left_to_the_general_way() -> None:
    """The pattern does not take the key after an object for a key in it, nor the other way round."""
    pattern, _ = patterns._item(ROOT)
    assert pattern.fullmatch('title: "T"\n\na:\n  no: x\n') is None
    thing = ROOT(title="T", a=CLASH(extras_="x"), b=[CLASH()], data=NAMED())
    text, parts = front_matter(render(thing))
    assert pattern.fullmatch(parts.content) is None
    assert structure(reader.tree(text, parts, ROOT), ROOT) == thing
