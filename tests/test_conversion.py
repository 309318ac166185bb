"""Values of tables become values of fields, or are refused."""

from __future__ import annotations

import math
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES
from things import Entry, Holder, holder, things

import newsitem
from newsitem import FrontMatter, Image, NewsCollection, Provider, Secured, key, model

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")


@pytest.fixture
def news() -> NewsCollection:
    """The sample files."""
    return NewsCollection.read(EXAMPLES[0].parent)


def test_values_of_all_kinds(news: NewsCollection) -> None:
    """Every attribute that can be set is set by its name or path, and equal values count as unchanged."""
    item = news[0]
    row = {
        "path": str(item.path),
        "title": "Another",
        "published_date_time": datetime(2021, 1, 2, tzinfo=UTC),
        "heat": 7.0,
        "quality": None,
        "published": False,
        "topics": ("A", "B"),
        "provider.domain": "other.example",
        "provider.images": [{"url": "u", "width": 3}, {"url": "v"}],
        "images": [],
        "secured": "AAAA",
        "extras": {"seats": 40},
        "body": "Text\n",
    }
    report = news.update([row])
    assert report.rows == 1
    assert report.changed == (item,)
    assert set(report.fields) == set(row) - {"path"}
    assert (item.title, item.heat, item.quality, item.published) == ("Another", 7, None, False)
    assert type(item.heat) is int
    assert (item.topics, item.images, item.extras, item.body) == (["A", "B"], [], {"seats": 40}, "Text\n")
    assert item.provider.images == [Image(url="u", width=3), Image(url="v")]
    assert item.provider.domain == "other.example"
    assert item.secured == Secured("AAAA")
    assert not news.update([row]).changed
    news.update([{"path": str(item.path), "extras": None, "body": None, "topics": None, "secured": None}])
    again = newsitem.to_dict(item)
    assert not {"seats", "topics", "secured"} & again.keys()
    assert newsitem.dumps(item).endswith("---\n\n")


def test_columns_of_other_types(news: NewsCollection) -> None:
    """Floats, categories and times without a zone are converted if they fit the field, and refused otherwise."""
    paths = [str(item.path) for item in news]
    heats = [float(item.heat or 0) + 1 for item in news]
    table = pa.table(
        {"path": pa.array(paths).dictionary_encode(), "heat": heats, "type": pa.array(["v"] * 21).dictionary_encode()}
    )
    assert news.update(table).fields == {"heat": 21, "type": 21}
    with pytest.raises(newsitem.ValidationError, match=r"row 2: must be an integer, not the number 1\.5"):
        news.update(pa.table({"path": paths, "heat": [1.0, 1.5, *heats[2:]]}))
    with pytest.raises(newsitem.ValidationError, match="row 1: must be an integer, not the text '1'"):
        news.update(pa.table({"path": paths, "heat": ["1"] * 21}))
    when = pa.array([datetime(2020, 1, 1)] * 21, pa.timestamp("s"))
    news.update(pa.table({"path": paths, "published_date_time": when}))
    assert news[0].published_date_time == datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(newsitem.ValidationError, match="must be a JSON object"):
        news.update(pa.table({"path": paths, "extras": ["["] * 21}))
    fine = pa.array([1_577_836_800_000_000_000] * 20 + [1_577_836_800_000_000_001], pa.timestamp("ns"))
    with pytest.raises(newsitem.ValidationError, match="row 21: has nanoseconds") as error:
        news.update(pa.table({"path": paths, "published_date_time": fine}))
    assert len(error.value.problems) == 1


def test_numpy_and_pandas_values(news: NewsCollection) -> None:
    """Scalars and arrays of numpy and the nulls of pandas become Python values."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    library = pytest.importorskip("pandas", reason="pandas is not installed")
    path = str(news[0].path)
    news.update([{"path": path, "heat": numpy.int64(5), "topics": numpy.array(["A"]), "published": numpy.bool_(True)}])
    assert (news[0].heat, news[0].topics, news[0].published) == (5, ["A"], True)
    assert type(news[0].topics[0]) is str
    for nothing in (library.NA, library.NaT, math.nan, numpy.nan):
        news[0].heat = 5
        news.update([{"path": path, "heat": nothing}])
        assert news[0].heat is None


def test_times_of_numpy(news: NewsCollection) -> None:
    """Times of numpy become Python's. Those that Python cannot represent are refused, never taken for integers."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    path = str(news[0].path)
    midnight = numpy.datetime64("2020-01-01", "ns")
    news.update([{"path": path, "extras": {"day": numpy.array(["2020-01-01"], "datetime64[D]")}}])
    assert news[0].extras["day"] == [date(2020, 1, 1)]
    for moment in (midnight, numpy.array([[midnight]])):  # which numpy itself turns into an integer
        with pytest.raises(newsitem.ValidationError, match="must have a time zone"):
            news.update([{"path": path, "extras": {"moment": moment}}])
    finest = midnight + numpy.timedelta64(1, "ns")
    for moment in (finest, numpy.datetime64("40000-01-01", "s"), numpy.timedelta64(3, "ns")):
        with pytest.raises(newsitem.ValidationError, match="heat: row 1: must be an integer, not a value of type"):
            news.update([{"path": path, "heat": moment}])
        with pytest.raises(newsitem.ValidationError, match=r"extras\.moment: row 1: .*(datetime|timedelta)64"):
            news.update([{"path": path, "extras": {"moment": moment}}])
    news[0].heat = 5
    news.update([{"path": path, "heat": numpy.datetime64("NaT", "ns")}])
    assert news[0].heat is None


def test_fields_of_user_defined_classes() -> None:
    """Dates, floats, plain data and optional mappings round-trip as plain data and as Arrow."""
    news = things()
    assert not news.update(news.to_arrow()).changed
    assert not news.update(news.to_arrow(flat=True)).changed
    assert not news.update(news.to_arrow().to_pylist()).changed
    news.update([{"path": "0.md", "rating": 5, "anything": [1, 2], "day": date(2021, 1, 1), "tags": ["x"]}])
    assert (news[0].rating, news[0].anything, news[0].tags) == (5, [1, 2], ["x"])
    news.update(pa.table({"path": ["0.md"], "anything": ['{"b": 2}'], "tags": pa.array([None], pa.list_(pa.string()))}))
    assert (news[0].anything, news[0].tags) == ({"b": 2}, None)
    with pytest.raises(newsitem.ValidationError, match=r"row 1: cannot be set: the item has no provider"):
        news.update([{"path": "0.md", "provider.name": "Q"}])
    assert not news.update([{"path": "0.md", "provider.name": None}]).changed
    news.update([{"path": "1.md", "provider.name": "Q"}])
    assert news[1].provider == Provider(name="Q")
    news.update([{"path": "0.md", "rating": math.nan}])
    assert news[0].rating is None
    news[0].rating = math.nan
    assert not news.update([{"path": "0.md", "rating": math.nan}]).changed


def test_moved_entries_keep_their_other_values() -> None:
    """Mappings in a list that move keep the values that a table leaves out, and plain data keeps its type."""
    one = holder()
    first, second = one[0].entries
    for rows in ([{"title": "b"}, {"title": "a"}], one.to_arrow().to_pylist()[0]["entries"][::-1]):
        one.update([{"path": "h.md", "entries": rows}])
        assert one[0].entries == [second, first]
        one[0].entries = [first, second]
    one.update([{"path": "h.md", "entries": [{"title": "b"}]}])
    assert one[0].entries == [second]
    one[0].entries = [first, second]
    one.update(pa.table({"path": ["h.md"], "entries": [[{"title": "a"}, {"title": "c"}]]}))
    assert [(entry.title, entry.note) for entry in one[0].entries] == [("a", "1.10"), ("c", None)]


def test_new_entries_take_no_values_from_others() -> None:
    """An entry of a list that shares no value with the old one at its place is new; one that does is a new version."""
    one = holder()
    first, second = one[0].entries
    one.update([{"path": "h.md", "entries": [{"title": "x"}, {"title": "y", "note": "hello"}]}])
    assert one[0].entries == [Entry(title="x"), Entry(title="y", note="hello", token=second.token)]
    one[0].entries = [first, second]
    one.update([{"path": "h.md", "entries": [{"title": "x", "tags": []}, {"title": "b"}]}])
    assert one[0].entries == [Entry(title="x"), second]
    one[0].entries = [first, second]
    rows = one.to_arrow().to_pylist()
    rows[0]["entries"] = [{"title": "x", "note": "new", "tags": ["t"]}, rows[0]["entries"][1]]
    one.update(rows)
    assert one[0].entries == [Entry(title="x", note="new", tags=["t"]), second]


@model
class Counts(FrontMatter):
    """A class with numbers."""

    name: str = key()
    number: int | None = None
    ratio: float | None = None


def test_large_integers_in_floats() -> None:
    """A float is the integer that it was made from, if that was not edited. Another large one is refused."""
    large = 2**60 + 1
    one = NewsCollection([Counts(name="a", number=large, ratio=large), Counts(name="b")])
    rows = [{"name": "a", "number": float(large), "ratio": float(large)}, {"name": "b", "number": 2.0**53}]
    one.update(rows, on="name")
    assert (one[0].number, one[0].ratio, one[1].number) == (large, large, 2**53)
    with pytest.raises(newsitem.ValidationError, match="number: row 1: may have been rounded"):
        one.update([{"name": "b", "number": float(large)}], on="name")
    with pytest.raises(newsitem.ValidationError, match="number: row 1: may have been rounded"):
        one.update([{"name": "c", "number": float(large)}], on="number")
    assert one.update([{"name": "c", "number": 2.0**53}], on="number").changed == (one[1],)


@model
class Numbered:
    """A mapping with a number, and text that tables leave out."""

    number: int | None = None
    token: Secured | None = None


@model
class Numbers(FrontMatter):
    """A class with mappings that only a number identifies."""

    entries: list[Numbered] = key(factory=list)


def test_large_integers_in_floats_of_a_list() -> None:
    """An entry is found by the float that its integer was rounded to, and keeps what the table leaves out."""
    large = 2**60 + 1
    entries = [Numbered(number=number, token=Secured(str(number))) for number in (3, large)]
    one = NewsCollection([Numbers(path=Path("n.md"), entries=entries)])
    one.update([{"path": "n.md", "entries": [{"number": float(large)}]}])
    assert one[0].entries == entries[1:]


def test_floats_for_plain_data() -> None:
    """A float that replaces a large integer of plain data is set, whatever the size of the integer."""
    one = things()
    one[0].anything = 10**400
    one.update([{"path": "0.md", "anything": 1.5}])
    assert one[0].anything == 1.5


def test_equal_entries_find_their_old_versions_quickly() -> None:
    """Thousands of entries that share all their texts are matched one by one, in linear time."""
    many = NewsCollection([Holder(path=Path("h.md"), entries=[Entry(title="same", note="n") for _ in range(5_000)])])
    start = time.process_time()
    many.update([{"path": "h.md", "entries": [{"title": "same"} for _ in range(5_000)]}])
    assert time.process_time() - start < 12  # with coverage, beside other work
    assert {entry.note for entry in many[0].entries} == {"n"}


def test_many_entries_find_their_old_versions_quickly() -> None:
    """The old version of an entry is found by its texts, so thousands of entries take no longer than a second."""
    many = NewsCollection([Holder(path=Path("h.md"), entries=[Entry(title=str(number)) for number in range(5_000)])])
    many.update([{"path": "h.md", "entries": [{"title": str(number), "note": "n"} for number in range(5_000)]}])
    start = time.process_time()
    many.update([{"path": "h.md", "entries": [{"title": str(number)} for number in reversed(range(5_000))]}])
    assert time.process_time() - start < 12  # with coverage, beside other work
    assert [(entry.title, entry.note) for entry in many[0].entries[:2]] == [("4999", "n"), ("4998", "n")]


@pytest.mark.parametrize("value", ["Infinity", "-Infinity"])
def test_infinite_decimals(news: NewsCollection, value: str) -> None:
    """An infinite decimal number is refused for an integer."""
    with pytest.raises(newsitem.ValidationError, match="row 1: must be an integer, not the number"):
        news.update([{"path": str(news[0].path), "heat": Decimal(value)}])


@pytest.mark.parametrize("value", ["NaN", "sNaN", "-sNaN"])
def test_missing_decimals(news: NewsCollection, value: str) -> None:
    """A decimal number that is NaN counts as missing."""
    news[0].heat = 5
    news.update([{"path": str(news[0].path), "heat": Decimal(value)}])
    assert news[0].heat is None


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"entry": {"title": "x", "tags": "abc"}}, "entry.tags: row 1: must be a list"),
        ({"entry": {"title": "x", "tags": {"a": 1}}}, "entry.tags: row 1: must be a list"),
        ({"entry": {"title": "x", "extras": [1]}}, "entry.extras: row 1: must be a dict"),
        ({"entries": [{"title": "x", "tags": [5]}, 5]}, "entries[0].tags[0]: row 1: must be text"),
        ({"entries": 5}, "entries: row 1: must be a list"),
        ({"entries": [{"headline": "a"}]}, "entries[0]: row 1: has no attribute headline"),
        ({"rating": "4.5"}, "rating: row 1: must be a number"),
        ({"rating": [1]}, "rating: row 1: must be a number"),
        ({"token": 1}, "the column 'token' is not an attribute"),
    ],
)
def test_wrong_types_in_mappings(value: dict[str, Any], message: str) -> None:
    """Wrong values in nested mappings are refused with their row and field."""
    with pytest.raises(newsitem.ValidationError) as error:
        holder().update([{"path": "h.md", **value}])
    assert message in str(error.value)


RECURSIVE: dict[str, Any] = {}
RECURSIVE["a"] = RECURSIVE


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("published_date_time", "2020-01-01T00:00:00Z", "must be a datetime"),
        ("extras", RECURSIVE, "contains itself"),
        ("secured", "\ud800", "lone surrogate"),
        ("heat", Decimal("1.5"), "must be an integer"),
        ("published", 1, "must be true or false"),
    ],
)
def test_wrong_values(news: NewsCollection, name: str, value: Any, message: str) -> None:
    """A value that its field cannot store is refused."""
    with pytest.raises(newsitem.ValidationError, match=message):
        news.update([{"path": str(news[0].path), name: value}])


def test_instant_out_of_range(news: NewsCollection) -> None:
    """An instant in Arrow that Python cannot represent is refused."""
    far = pa.array([2**62], pa.timestamp("s"))
    with pytest.raises(newsitem.ValidationError, match="must be a datetime"):
        news.update(pa.table({"path": [str(news[0].path)], "published_date_time": far}))


def test_decimals_and_paths(news: NewsCollection) -> None:
    """Decimals become integers or floats, and the path of a row may be a Path."""
    news.update([{"path": str(news[0].path), "heat": Decimal(7)}])
    assert news[0].heat == 7
    news.update([{"path": news[0].path, "heat": 8}])
    assert news[0].heat == 8
    one = holder()
    one.update([{"path": "h.md", "rating": Decimal("4.5")}])
    assert one[0].rating == 4.5


def test_wrong_values_are_replaced(news: NewsCollection) -> None:
    """A list with a wrong entry can be replaced from a table."""
    news[0].topics.append(5)  # type: ignore[arg-type]
    news.update(pa.table({"path": [str(news[0].path)], "topics": [["x"]]}))
    assert news[0].topics == ["x"]
