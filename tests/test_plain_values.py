"""Values of subclasses and of other libraries: stored as plain values, or refused with a hint."""

from __future__ import annotations

import copy
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

import attrs
import pytest
from ruamel.yaml import YAML
from secured_items import SECURED_TEXT
from small_items import new_item

import newsitem
from newsitem import NewsCollection


class Text(str):
    """A text whose own methods do something else, as those of ``markupsafe.Markup`` do."""

    def replace(self, *_: Any) -> Text:
        """Fail."""
        raise AssertionError("a method of the value was called")

    encode = isascii = replace  # type: ignore[assignment]


class Whole(IntEnum):
    """Integers with names."""

    TWO = 2


class Texts(list[Any]):
    """A list of one's own."""


class Moment(datetime):
    """An instant of one's own."""


class Day(date):
    """A day of one's own."""


@pytest.mark.parametrize("way", ["set", "init", "data"])
def test_values_of_subclasses_become_plain(way: str) -> None:
    """What an attribute holds is of Python's own types, whatever subclass it was set to."""
    values = {
        "title": Text('say "hi"'),
        "quality": Whole.TWO,
        "published_date_time": Moment(2020, 1, 1, tzinfo=UTC),
        "topics": Texts([Text("AI")]),
    }
    if way == "data":
        data = OrderedDict({**values, "publishedDateTime": values.pop("published_date_time")})
        del data["published_date_time"]
        made = newsitem.from_dict(
            {**data, "provider": OrderedDict(name=Text("P")), "secured": Text("x")}, body=Text("b")
        )
        assert (type(made.provider.name), type(made.body)) == (str, str)
        assert made.secured is not None
        assert type(made.secured.text) is str
    else:
        made = new_item(**values) if way == "init" else new_item()
        for name, value in values.items() if way == "set" else ():
            setattr(made, name, value)
    assert (made.title, made.quality, made.topics) == ('say "hi"', 2, ["AI"])
    assert list(map(type, (made.title, made.quality, made.topics, made.topics[0]))) == [str, int, list, str]
    assert type(made.published_date_time) is datetime
    assert newsitem.loads(newsitem.dumps(made)) == made


def odd_data() -> dict[str, Any]:
    """Give plain data in subclasses of plain types, ruamel.yaml's own among them."""
    commented = YAML().load(
        "a: 'x'\nb: [1, 2.50, 0x1F]\nc: &yes true\nd: &one 1\ne: |\n  block\nf: &m {g: ~}\nh: {<<: *m}"
    )
    return {
        "ordered": OrderedDict({Text("k"): Texts([Text('"v"'), Whole.TWO, Moment(2020, 1, 1, tzinfo=UTC)])}),
        "default": defaultdict(list, day=Day(2020, 1, 1)),
        "commented": commented,
    }


PLAIN: dict[str, Any] = {
    "ordered": {"k": ['"v"', 2, datetime(2020, 1, 1, tzinfo=UTC)]},
    "default": {"day": date(2020, 1, 1)},
    "commented": {
        "a": "x",
        "b": [1, 2.5, 31],
        "c": True,
        "d": 1,
        "e": "block\n",
        "f": {"g": None},
        "h": {"g": None},
    },
}


def types(value: Any) -> set[type]:
    """List the types in plain data."""
    if isinstance(value, dict):
        return {type(value), *map(type, value), *(kind for child in value.values() for kind in types(child))}
    return (
        {type(value), *(kind for child in value for kind in types(child))} if isinstance(value, list) else {type(value)}
    )


ALL_PLAIN = {dict, list, str, int, float, bool, datetime, date, type(None)}


def test_extras_become_plain() -> None:
    """Subclasses of dict, list and scalars in unknown keys are plain data once they are set."""
    made = new_item(extras=odd_data())
    assert made.extras == PLAIN
    assert types(made.extras) <= ALL_PLAIN
    assert made.extras["commented"]["c"] is True
    assert newsitem.from_dict({**newsitem.to_dict(new_item()), **odd_data()}) == made
    plain = {"a": [{"b": 1}]}
    made.extras = plain
    assert made.extras is plain  # what is plain is not copied


@pytest.mark.parametrize(
    "text", [SECURED_TEXT, SECURED_TEXT.replace("title:", "# by hand\ntitle:")], ids=["layout", "other"]
)
def test_what_is_put_into_lists_and_dicts_is_written_as_plain_data(text: str) -> None:
    """Lists and dicts are not watched: what they hold is plain in all that is made of an item, which stays as it is."""
    read = newsitem.loads(text)
    read.topics.append(Text('a "b"'))
    read.extras.update(odd_data())
    read.provider.extras["x"] = OrderedDict(y=Text("z"))
    read.related.append(newsitem.RelatedItem(title="R"))
    read.related[0].extras["x"] = Texts([1])
    again = newsitem.loads(newsitem.dumps(read))
    assert again == read
    assert again.extras == PLAIN
    data = newsitem.to_dict(read)
    assert types(data) <= ALL_PLAIN
    assert newsitem.from_json(newsitem.to_json(new_item(topics=[Text("x")]))).topics == ["x"]
    assert type(read.topics[0]) is Text
    assert type(read.extras["ordered"]) is OrderedDict


def test_texts_of_subclasses_are_read() -> None:
    """A text and bytes of a subclass are read as what they hold, without their own methods."""

    class Data(bytes):
        """Bytes of one's own."""

    assert (
        newsitem.loads(Text(SECURED_TEXT))
        == newsitem.loads(Data(SECURED_TEXT.encode()))
        == newsitem.loads(SECURED_TEXT)
    )
    assert type(newsitem.loads(Text(SECURED_TEXT)).title) is str


def test_a_boolean_with_an_anchor_is_no_integer() -> None:
    """What ruamel.yaml makes of an anchored boolean is one in a field too."""
    yes = YAML().load("- &x true")[0]
    assert new_item(published=yes).published is True
    assert newsitem.from_dict({**newsitem.to_dict(new_item()), "published": yes}).published is True
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        new_item(heat=yes)
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        newsitem.from_dict({**newsitem.to_dict(new_item()), "heat": yes})


class Odd:
    """A number that nothing can be made of."""

    def __int__(self) -> int:
        raise RuntimeError


class booly:  # noqa: N801 - called like numpy's
    """A boolean that is none of Python's."""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return other is True

    __hash__ = None  # type: ignore[assignment]


booly.__name__ = "bool"


@pytest.mark.parametrize(
    ("name", "value", "end"),
    [
        ("heat", 624.0, "the number 624.0: use int(value)"),
        ("heat", 624.5, "the number 624.5"),
        ("heat", Decimal(5), "decimal.Decimal: use int(value)"),
        ("heat", Odd(), "Odd"),
        ("published", booly(), "booly: use bool(value)"),
        ("topics", ("a",), "tuple: use list(value)"),
        ("topics", "a", "the text 'a'"),
        ("extras", UserDict(), "UserDict: use dict(value)"),
        ("extras", {"x": {1}}, "set: use list(value)"),
        ("extras", {"x": Decimal("1.5")}, "decimal.Decimal: use float(value)"),
    ],
)
def test_a_message_says_what_to_write(name: str, value: Any, end: str) -> None:
    """Values of other types are refused; where a conversion loses nothing, the message names it."""
    with pytest.raises(newsitem.ValidationError) as caught:
        setattr(new_item(), name, value)
    assert str(caught.value).endswith(end)
    if name != "extras":
        with pytest.raises(newsitem.ValidationError) as caught:
            newsitem.from_dict({**newsitem.to_dict(new_item()), name: value})
        assert str(caught.value).endswith(end)


def test_values_of_pandas_and_numpy() -> None:
    """A Timestamp is an instant, unless it has nanoseconds, no time, or a year of its own; numpy's text is text."""
    pd = pytest.importorskip("pandas", reason="pandas is in the extra engines")
    np = pytest.importorskip("numpy", reason="numpy comes with pandas")
    stamp = pd.Timestamp("2020-06-01T10:00:00.5+02:00")
    made = new_item(published_date_time=stamp, title=np.str_("x"), extras={"t": stamp, "f": np.float64(1.5)})
    assert made.published_date_time == stamp
    assert list(map(type, (made.published_date_time, made.title))) == [datetime, str]
    assert types(made.extras) == {dict, str, datetime, float}
    wrong = {
        "not NaT": pd.NaT,
        "has nanoseconds": stamp + pd.Timedelta(1, "ns"),
        "within the years": pd.Timestamp(np.datetime64("10000-01-01", "s"), tz="UTC"),
        "time zone": pd.Timestamp("2020-01-01"),
    }
    for message, value in wrong.items():
        for values in ({"published_date_time": value}, {"extras": {"t": value}}):
            with pytest.raises(newsitem.ValidationError, match=message):
                new_item(**values)
        with pytest.raises(newsitem.ValidationError, match=message):
            newsitem.from_dict({**newsitem.to_dict(new_item()), "publishedDateTime": value})
    with pytest.raises(newsitem.ValidationError, match=r"use int\(value\)"):
        made.heat = np.int64(5)
    with pytest.raises(newsitem.ValidationError, match=r"use list\(value\)"):
        made.topics = np.array(["a"])
    with pytest.raises(TypeError, match="since must be a datetime"):
        NewsCollection([made]).filter(since=pd.NaT)


def endless() -> dict[str, Any]:
    """Give data that contains itself."""
    data: dict[str, Any] = {}
    data["self"] = [data]
    return data


def bomb() -> dict[str, Any]:
    """Give data that is a list of two of one list of two, and so on, fifty levels deep."""
    data: list[Any] = []
    for _ in range(50):
        data = [data, data]
    return {"x": data}


@pytest.mark.parametrize("data", [endless, bomb])
def test_data_without_end(data: Callable[[], dict[str, Any]]) -> None:
    """Unknown data that has no end equals itself alone; it is shown, copied and refused without a RecursionError."""
    one, other = new_item(), new_item()
    one.extras["x"], other.extras["x"] = data(), data()
    assert one == copy.copy(one)
    assert one != other
    assert one != new_item()
    assert len(one._repr_html_()) < 2_000
    for write in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff, attrs.evolve):
        with pytest.raises(newsitem.ValidationError, match="extras"):
            write(one)
