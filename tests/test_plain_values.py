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
    """A subclass of str whose methods must not be called, like those of ``markupsafe.Markup``."""

    def replace(self, *_: Any) -> Text:
        """Fail."""
        raise AssertionError("a method of the value was called")

    encode = isascii = replace  # type: ignore[assignment]


class Number(IntEnum):
    """Integers with names."""

    TWO = 2


class Texts(list[Any]):
    """A subclass of list."""


class Moment(datetime):
    """A subclass of datetime."""


class Day(date):
    """A subclass of date."""


@pytest.mark.parametrize("method", ["set", "init", "from_dict"])
def test_subclasses_become_plain(method: str) -> None:
    """Attributes store Python's own types, even if they are set to values of subclasses."""
    values = {
        "title": Text('say "hi"'),
        "quality": Number.TWO,
        "published_date_time": Moment(2020, 1, 1, tzinfo=UTC),
        "topics": Texts([Text("AI")]),
    }
    if method == "from_dict":
        data = OrderedDict({**values, "publishedDateTime": values.pop("published_date_time")})
        del data["published_date_time"]
        made = newsitem.from_dict(
            {**data, "provider": OrderedDict(name=Text("P")), "secured": Text("x")}, body=Text("b")
        )
        assert (type(made.provider.name), type(made.body)) == (str, str)
        assert made.secured is not None
        assert type(made.secured.text) is str
    else:
        made = new_item(**values) if method == "init" else new_item()
        for name, value in values.items() if method == "set" else ():
            setattr(made, name, value)
    assert (made.title, made.quality, made.topics) == ('say "hi"', 2, ["AI"])
    assert list(map(type, (made.title, made.quality, made.topics, made.topics[0]))) == [str, int, list, str]
    assert type(made.published_date_time) is datetime
    assert newsitem.loads(newsitem.dumps(made)) == made


def subclassed_data() -> dict[str, Any]:
    """Return plain data in subclasses of plain types, including those of ruamel.yaml."""
    commented = YAML().load(
        "a: 'x'\nb: [1, 2.50, 0x1F]\nc: &yes true\nd: &one 1\ne: |\n  block\nf: &m {g: ~}\nh: {<<: *m}"
    )
    return {
        "ordered": OrderedDict({Text("k"): Texts([Text('"v"'), Number.TWO, Moment(2020, 1, 1, tzinfo=UTC)])}),
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
    """Return the types in plain data."""
    if isinstance(value, dict):
        return {type(value), *map(type, value), *(kind for child in value.values() for kind in types(child))}
    return (
        {type(value), *(kind for child in value for kind in types(child))} if isinstance(value, list) else {type(value)}
    )


ALL_PLAIN = {dict, list, str, int, float, bool, datetime, date, type(None)}


def test_extras_become_plain() -> None:
    """Subclasses of dict, list and scalars in unknown keys become plain data when they are set."""
    made = new_item(extras=subclassed_data())
    assert made.extras == PLAIN
    assert types(made.extras) <= ALL_PLAIN
    assert made.extras["commented"]["c"] is True
    assert newsitem.from_dict({**newsitem.to_dict(new_item()), **subclassed_data()}) == made
    plain = {"a": [{"b": 1}]}
    made.extras = plain
    assert made.extras is plain  # plain data is not copied


@pytest.mark.parametrize(
    "text", [SECURED_TEXT, SECURED_TEXT.replace("title:", "# by hand\ntitle:")], ids=["canonical", "hand-edited"]
)
def test_appended_subclasses_are_written_as_plain_data(text: str) -> None:
    """Values appended to lists and dicts keep their types in the item and are plain in everything written from it."""
    read = newsitem.loads(text)
    read.topics.append(Text('a "b"'))
    read.extras.update(subclassed_data())
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


def test_str_and_bytes_subclasses_are_read() -> None:
    """Subclasses of str and bytes are read by their contents, without a call of their methods."""

    class Data(bytes):
        """A subclass of bytes."""

    assert (
        newsitem.loads(Text(SECURED_TEXT))
        == newsitem.loads(Data(SECURED_TEXT.encode()))
        == newsitem.loads(SECURED_TEXT)
    )
    assert type(newsitem.loads(Text(SECURED_TEXT)).title) is str


def test_anchored_boolean() -> None:
    """A boolean with an anchor, as ruamel.yaml returns it, is a boolean and not an integer."""
    yes = YAML().load("- &x true")[0]
    assert new_item(published=yes).published is True
    assert newsitem.from_dict({**newsitem.to_dict(new_item()), "published": yes}).published is True
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        new_item(heat=yes)
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        newsitem.from_dict({**newsitem.to_dict(new_item()), "heat": yes})


class NoInteger:
    """A number that cannot be converted to an integer."""

    def __int__(self) -> int:
        raise RuntimeError


class NumpyLikeBool:
    """A boolean type that is not Python's."""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return other is True

    __hash__ = None  # type: ignore[assignment]


NumpyLikeBool.__name__ = "bool"  # the name of numpy's type


@pytest.mark.parametrize(
    ("name", "value", "end"),
    [
        ("heat", 624.0, "the number 624.0: use int(value)"),
        ("heat", 624.5, "the number 624.5"),
        ("heat", Decimal(5), "decimal.Decimal: use int(value)"),
        ("heat", NoInteger(), "NoInteger"),
        ("published", NumpyLikeBool(), "NumpyLikeBool: use bool(value)"),
        ("topics", ("a",), "tuple: use list(value)"),
        ("topics", "a", "the text 'a'"),
        ("extras", UserDict(), "UserDict: use dict(value)"),
        ("extras", {"x": {1}}, "set: use list(value)"),
        ("extras", {"x": Decimal("1.5")}, "decimal.Decimal: use float(value)"),
    ],
)
def test_conversion_hints(name: str, value: Any, end: str) -> None:
    """Values of other types are refused, and the message names a conversion if it loses nothing."""
    with pytest.raises(newsitem.ValidationError) as caught:
        setattr(new_item(), name, value)
    assert str(caught.value).endswith(end)
    if name != "extras":
        with pytest.raises(newsitem.ValidationError) as caught:
            newsitem.from_dict({**newsitem.to_dict(new_item()), name: value})
        assert str(caught.value).endswith(end)


def test_pandas_and_numpy_values() -> None:
    """Timestamps are instants unless they have nanoseconds, are NaT or out of range; numpy's text is text."""
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


def recursive() -> dict[str, Any]:
    """Return data that contains itself."""
    data: dict[str, Any] = {}
    data["self"] = [data]
    return data


def exponential() -> dict[str, Any]:
    """Return nested lists in which every list contains the next one twice, 50 levels deep."""
    data: list[Any] = []
    for _ in range(50):
        data = [data, data]
    return {"x": data}


@pytest.mark.parametrize("data", [recursive, exponential])
def test_recursive_data(data: Callable[[], dict[str, Any]]) -> None:
    """Recursive data equals only itself, and is shown, copied and refused without a RecursionError."""
    one, other = new_item(), new_item()
    one.extras["x"], other.extras["x"] = data(), data()
    assert one == copy.copy(one)
    assert one != other
    assert one != new_item()
    assert len(one._repr_html_()) < 2_000
    for write in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff, attrs.evolve):
        with pytest.raises(newsitem.ValidationError, match="extras"):
            write(one)
