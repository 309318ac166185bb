"""Code generated from the model does what the general implementation does, for any model."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone
from types import GenericAlias
from typing import Any, get_origin

from hypothesis import given
from hypothesis import strategies as st
from readers import by_pattern
from strategies import items

import newsitem
from newsitem._codec import reader
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


@given(items, st.data())
def test_validity_check_agrees_with_all_problems(item: newsitem.NewsItem, choice: st.DataObject) -> None:
    """`validity_check` is true exactly if `all_problems` finds nothing, whatever was put into lists and dicts."""
    holders: list[Any] = [item, item.provider, *item.related, *item.images, *item.provider.images]
    holder = holders[choice.draw(st.integers(0, len(holders) - 1))]
    wrong = copy.deepcopy(choice.draw(WRONG))
    lists = [name for name in ("topics", "tags", "images", "related") if hasattr(holder, name)]
    name = choice.draw(st.sampled_from([*lists, "extras"]))
    if name == "extras":
        holder.extras[choice.draw(st.sampled_from(["x", "url", "title", "name", "<<", 1]))] = wrong
    else:
        getattr(holder, name).append(wrong)
    problems = checks.all_problems(item)
    assert checks.validity_check(type(item))(item) == (not problems)


# Models other than news items


def model(name: str, *fields: tuple[str, Any]) -> Any:
    """Make a model class from fields: attribute, ``=`` and key, ``!`` if required; and annotation."""
    body: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for text, annotation in fields:
        attribute, _, written = text.rstrip("!").partition("=")
        is_list = get_origin(annotation) is list
        default = {} if text.endswith("!") else {"factory": list} if is_list else {"default": None}
        body["__annotations__"][attribute] = annotation if text.endswith("!") or is_list else annotation | None
        body[attribute] = newsitem.key(written or None, doc="Made up.", **default)
    return newsitem.model(type(name, (), body))


def list_of(cls: Any) -> Any:
    """Return the annotation of a list of objects."""
    return GenericAlias(list, (cls,))


LEAF: Any = model("Thing", ("list!", str), ("item", str), ("value", int))
CLASH: Any = model("Thing", ("a_b", str), ("extras_=it's {x}", str), ("c", list[str]))
NAMED: Any = model(
    "Named",
    *[("name_=_name", str), ("all", list[str]), ("parts=c++.x", list[str])],
    *[("a=a:b", bool), ("instance", list_of(LEAF))],
)
ROOT = model(
    "Root",
    *[("title!", str), ("a", CLASH), ("a_b=it's", list[str])],
    *[("write=no", str), ("b", list_of(CLASH)), ("b_c", list_of(LEAF))],
    *[("when", datetime), ("named", list_of(NAMED)), ("data", NAMED)],
    *[("texts", list[str]), ("plain", int), ("x_", LEAF)],
)
MODELS = [ROOT, NAMED, LEAF]
SOME_TEXT = st.sampled_from(["", "x", "Cloud Computing", "247 Sports", "it's", '"q"', "a: b", "null", "é\n"])


def objects(cls: Any) -> st.SearchStrategy[Any]:
    """Draw objects of a made-up class."""
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
    """Return a text with the content as its front matter, and its parts."""
    text = f"---\n{content}---\n\n"
    return text, split(text)


@given(st.sampled_from(MODELS), st.data())
def test_generated_code_for_any_model(cls: Any, data: st.DataObject) -> None:
    """Generated code reads, writes, checks and converts objects of any model like the general implementation."""
    thing = data.draw(objects(cls))
    content = render(thing)
    text, parts = front_matter(content)
    assert not content or structure(reader.tree(text, parts, cls), cls) == thing
    read = by_pattern(content, cls)
    assert read is None or read == thing
    if data.draw(st.booleans()):  # an empty line, allowed or not
        lines = content.splitlines(keepends=True)
        lines.insert(data.draw(st.integers(0, len(lines))), "\n")
        read = by_pattern("".join(lines), cls)
        assert read is None or "".join(lines) == content or '"' in content
    assert checks.validity_check(type(thing))(thing)
    plain = unstructure(thing)
    assert structure(plain, cls) == thing


FULL = ROOT(
    title="T",
    a=CLASH(a_b="x", extras_='"', c=["Cloud Computing"]),
    a_b=["Cloud Computing", "AI"],
    b=[CLASH(a_b="y", c=["Deep Learning", "x"]), CLASH(a_b="z")],
    b_c=[LEAF(list="l", item="i", value=1), LEAF(list="m")],
    named=[NAMED(name_="n", all=["a", "b"], parts=["c"], instance=[LEAF(list="x")])],
    data=NAMED(name_="n", parts=["Cloud Computing"], all=["a"], a=True),
    texts=["Cloud Computing"],
    plain=5,
    x_=LEAF(list="l"),
)


def test_pattern_of_a_made_up_model() -> None:
    """The pattern reads lists of text at several depths, keys with odd names and classes with the same name."""
    content = render(FULL)
    assert by_pattern(content, ROOT) == FULL
    assert by_pattern(content + "\n", ROOT) is None
    assert by_pattern(content.replace("\n\nplain", "\nplain"), ROOT) is None
    assert by_pattern(content.replace("c++.x", "cc+x"), ROOT) is None


def test_object_without_its_first_key_is_left_to_the_yaml_reader() -> None:
    """The pattern does not assign the key after an object to the object, nor its first key to the parent."""
    assert by_pattern('title: "T"\n\na:\n  no: x\n', ROOT) is None
    thing = ROOT(title="T", a=CLASH(extras_="x"), b=[CLASH()], data=NAMED())
    text, parts = front_matter(render(thing))
    assert by_pattern(parts.content, ROOT) is None
    assert structure(reader.tree(text, parts, ROOT), ROOT) == thing
