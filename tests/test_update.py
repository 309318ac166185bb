"""Tables out and back: Arrow streams, columns of their own, and values that are set from rows."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EXAMPLES
from strategies import items

import newsitem
from newsitem import FrontMatter, Image, NewsCollection, NewsItem, Provider, RelatedItem, Secured, key, model
from newsitem._query import updates

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")
arrow = pytest.importorskip("newsitem.arrow", exc_type=ImportError)


@pytest.fixture
def news() -> NewsCollection:
    """The samples."""
    return NewsCollection.read(EXAMPLES[0].parent)


def lines_of(news: NewsCollection[Any]) -> list[str]:
    """Return the lines that an edit removes or adds."""
    return [line for line in news.diff().splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def polars(news: NewsCollection) -> Any:
    """Return a data frame of Polars."""
    return pytest.importorskip("polars", reason="polars is not installed").DataFrame(news)


def pandas(news: NewsCollection) -> Any:
    """Return a data frame of pandas, with its own types."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    return news.to_arrow().to_pandas()


def duckdb(news: NewsCollection) -> Any:
    """Return a result of DuckDB."""
    library = pytest.importorskip("duckdb", reason="duckdb is not installed")
    assert len(news)
    return library.sql("select * from news")


TOOLS: list[Callable[[NewsCollection], Any]] = [
    *(polars, pandas, duckdb),
    pa.table,
    lambda news: news.to_arrow().to_reader(),
    lambda news: news.to_arrow().to_pylist(),
    lambda news: news.to_arrow(flat=True),
    lambda news: news.to_arrow(flat=True).to_pylist(),
    lambda news: pandas(news).to_dict("records"),
]


@pytest.mark.parametrize("tool", TOOLS)
def test_out_and_back(news: NewsCollection, tool: Callable[[NewsCollection], Any]) -> None:
    """What a tool was given changes nothing when it comes back."""
    before = copy.deepcopy(news)
    report = news.update(tool(news))
    assert repr(report) == "<UpdateReport: 21 rows, 0 items changed, 21 unchanged>"
    assert (report.changed, report.fields) == ((), {})
    assert news == before
    assert news.diff() == ""


@pytest.mark.parametrize("tool", [polars, pandas, duckdb])
def test_an_edit_in_each_tool(news: NewsCollection, tool: Callable[[NewsCollection], Any]) -> None:
    """Where a tool counts one up, exactly the lines of that value differ, and a null stays one."""
    table = pa.table(tool(news)) if tool is not pandas else pa.Table.from_pandas(tool(news))
    hotter = pa.compute.add(table.column("heat").cast("int64"), 1)
    report = news.update(table.set_column(table.column_names.index("heat"), "heat", hotter))
    assert report.fields == {"heat": 19}
    assert len(report.changed) == 19
    changed = lines_of(news)
    assert len(changed) == 2 * 19
    assert all(line[1:].startswith("heat: ") for line in changed)


def test_columns_of_their_own(news: NewsCollection) -> None:
    """Names with dots are columns; below lists they are lists; flat, mappings are no columns."""
    names = ["path", "provider.domain", "images.url", "related.provider.name", "related.extras"]
    row = news.to_arrow(columns=names).to_pylist()[0]
    item = news[0]
    assert row == {
        "path": str(item.path),
        "provider.domain": item.provider.domain,
        "images.url": [image.url for image in item.images],
        "related.provider.name": [related.provider and related.provider.name for related in item.related],
        "related.extras": [None] * len(item.related),
    }
    flat = news.to_arrow(flat=True).column_names
    assert [name for name in flat if name.startswith("provider")] == [
        *("provider.name", "provider.domain", "provider.images", "provider.extras"),
    ]
    assert news.to_arrow(columns=["title"], flat=True).column_names == ["title"]
    assert NewsCollection().to_arrow(flat=True).num_rows == 0
    for wrong in ("provider.nmae", "heat.x", "provider.body", "provider.images.url.x"):
        with pytest.raises(ValueError, match=f"no column '{wrong}'"):
            news.to_arrow(columns=[wrong])
    with pytest.raises(TypeError, match="column names must be text, not 5"):
        news.to_arrow(columns=[5])  # type: ignore[list-item]
    item.related[0].provider = None
    row = news.to_arrow(columns=["related.provider.name"]).to_pylist()[0]
    assert row["related.provider.name"][0] is None


def test_a_sequence_that_polars_takes_for_a_table(news: NewsCollection) -> None:
    """A collection has what sequences have."""
    assert next(reversed(news)) is news[-1]
    assert news.index(news[3]) == 3
    assert news.count(news[3]) == 1


def test_values_of_all_kinds(news: NewsCollection) -> None:
    """Each attribute that can be set is, by its name or its path; what is the same counts as unchanged."""
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


def test_only_some_columns(news: NewsCollection) -> None:
    """The columns to use may be named; rows may lack what others have; a path that is the same is no change."""
    rows = [{"path": str(news[0].path), "heat": 1, "title": "x"}, {"path": str(news[1].path), "title": "y"}]
    assert news.update(rows, columns=["heat"]).fields == {"heat": 1}
    assert news.update(rows).fields == {"title": 2}
    by_title = [{"title": "y", "path": str(news[1].path), "heat": 3}]
    assert news.update(by_title, on="title").fields == {"heat": 1}
    assert news.update([]).rows == 0
    assert news.update(iter(rows)).changed == ()


def test_entries_of_lists_keep_their_text() -> None:
    """Of a list of mappings, entries that stay the same keep their lines, and what a table lacks stays."""
    text = (
        '---\ntitle: "T" # remark\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\nrelated:\n'
        "  - title: 'one' # first\n    webUrl: u\n    odd: 1\n  - title: 'two' # second\n---\n"
    )
    item = newsitem.loads(text)
    item.path = Path("x.md")
    news = NewsCollection([item])
    news.update([{"path": "x.md", "related": [{"title": "one"}, {"title": "three"}]}])
    assert newsitem.dumps(item) == text.replace("'two' # second", '"three" # second')
    item.revert()
    news.update([{"path": "x.md", "related": [{"title": "one"}]}])
    assert item.related == [RelatedItem(title="one", web_url="u", extras={"odd": 1})]
    table = pa.table({"path": ["x.md"], "provider": [{"domain": "d.example"}]})
    news.update(table)
    assert item.provider == Provider(name="P", domain="d.example")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"heat": "hot"}, "row 1: must be an integer, not the text 'hot'"),
        ({"heat": 1.5}, "row 1: must be an integer, not the number 1.5"),
        ({"title": None}, "row 1: must be text, not null"),
        ({"topics": ["x", None]}, "topics[1]: row 1: must be text, not null"),
        ({"topics": "AI"}, "topics: row 1: must be a list"),
        ({"provider.name": 5}, "provider.name: row 1: must be text, not the integer 5"),
        ({"provider": {"nmae": "x"}}, "provider: row 1: has no attribute nmae"),
        ({"provider": "P"}, "provider: row 1: must be newsitem.Provider"),
        ({"images": [{"url": 5}]}, "images[0].url: row 1: must be text"),
        ({"extras": {"heat": 5}}, "extras.heat: row 1: is a key of the model"),
        ({"published_date_time": datetime(2020, 1, 1)}, "must have a time zone"),
        ({"path": "nowhere.md"}, "row 1: no item has the path nowhere.md"),
        ({"path": None}, "row 1: no item has the path None"),
        ({"heet": 5}, "the column 'heet' is not an attribute of NewsItem that can be set: did you mean 'heat'?"),
        ({"images.url": 5}, "the column 'images.url' is not an attribute"),
        ({"filename": "x"}, "the column 'filename' is not an attribute"),
    ],
)
def test_what_is_refused(news: NewsCollection, row: dict[str, Any], message: str) -> None:
    """A value that is refused is named with row, path and field, and nothing is changed, not even in other rows."""
    before = copy.deepcopy(news)
    rows = [{"path": str(news[0].path), **row}, {"path": str(news[1].path), "body": "changed"}]
    with pytest.raises(newsitem.ValidationError) as error:
        news.update(rows)
    assert message in str(error.value)
    assert news == before


def test_all_that_is_refused_at_once(news: NewsCollection) -> None:
    """One error lists all rows that are wrong, and rows for one item, and items that no row can name."""
    rows = [{"path": str(item.path), "heat": "x"} for item in news]
    with pytest.raises(newsitem.ValidationError) as error:
        news.update(rows)
    assert [problem.path for problem in error.value.problems] == [str(item.path) for item in news]
    with pytest.raises(newsitem.ValidationError, match="row 2: same item as in row 1"):
        news.update([rows[0], rows[0]])
    with pytest.raises(newsitem.ValidationError, match="several items have the type video"):
        news.update([{"type": "video"}], on="type")
    with pytest.raises(newsitem.ValidationError, match="row 1: no item has the title"):
        news.update([{"title": ["x"]}], on="title")
    for on in ("secured", "topics", "provider", "extras"):
        with pytest.raises(newsitem.ValidationError, match=f"'{on}' cannot identify items of"):
            news.update([{on: "SECRET", "heat": 1}], on=on)
    with pytest.raises(newsitem.ValidationError, match=r"the columns 'provider' and 'provider\.name' overlap"):
        news.update([{"path": str(news[0].path), "provider": {"name": "x"}, "provider.name": "y"}])
    with pytest.raises(newsitem.ValidationError, match=r"a table cannot rename a file: use newsitem\.rename"):
        news.update([{"title": news[0].title, "path": "x.md"}], on="title")
    with pytest.raises(newsitem.ValidationError, match="no column 'path' in the table: its columns are heat"):
        news.update([{"heat": 5}])
    with pytest.raises(newsitem.ValidationError, match=r"duplicate column 'heat': remove one of the two"):
        news.update(pa.table([[str(news[0].path)], [1], [2]], names=["path", "heat", "heat"]))
    with pytest.raises(newsitem.ValidationError, match="'hot' cannot identify items of NewsItem"):
        news.update([{"hot": 5}], on="hot")
    many = [{**one, "quality": "x", "title": 5, "excerpt": 5} for one in rows] * 1
    wide = {f"column {number}": 5 for number in range(2_000)}
    for wrong_rows in (many, [{"path": str(number)} for number in range(2_000)], [{**rows[0], **wide}]):
        with pytest.raises(newsitem.ValidationError):
            news.update(wrong_rows)
    things = NewsCollection([copy.copy(news[0]) for _ in range(1_100)])
    for number, one in enumerate(things):
        one.path = Path(f"{number}.md")
    with pytest.raises(newsitem.ValidationError) as error:
        things.update([{"path": str(one.path), "heat": "x"} for one in things])
    assert len(error.value.problems) == 1_000
    for wrong in ("x", 5, {"path": "x"}, [5]):
        with pytest.raises(TypeError, match=r"expected an Arrow table|must be a mapping"):
            news.update(wrong)
    with pytest.raises(TypeError, match="columns must be an iterable of names"):
        news.update([], columns="heat")


def test_columns_of_other_types(news: NewsCollection) -> None:
    """Whole numbers as floats, categories, and times without a zone become what fields hold; others are refused."""
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


def test_values_of_numpy_and_pandas(news: NewsCollection) -> None:
    """Scalars and arrays of numpy, and what pandas has for nothing, become Python's."""
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


@model
class Thing(FrontMatter):
    """A kind of one's own."""

    day: date | None = key(default=None)
    rating: float | None = key(default=None)
    anything: Any = key(default=None)
    provider: Provider | None = key(default=None)
    tags: list[str] | None = key(default=None)


def things() -> NewsCollection[Thing]:
    """Two items of one's own."""
    made = [Thing(rating=4.5, anything={"a": [1]}, tags=[]), Thing(day=date(2020, 1, 1), provider=Provider(name="P"))]
    for place, item in enumerate(made):
        item.path = Path(f"{place}.md")
    return NewsCollection(made)


def test_own_kinds() -> None:
    """Dates, floats, plain data and mappings that may be missing go out and back, as data and as Arrow."""
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


@model
class Span(FrontMatter):
    """A kind whose validator compares two fields."""

    first: int = key()
    last: int = key(validator=lambda span, _, value: _refuse(value < span.first))


def _refuse(wrong: object) -> None:
    if wrong:
        raise ValueError("must not be before first")


@model
class Inner:
    """A mapping whose validator refuses a value."""

    size: int = key(validator=lambda _, __, value: _refuse(value < 1))


@model
class Outer(FrontMatter):
    """A kind that holds such mappings."""

    inner: list[Inner] = key(factory=list)


def test_validators_in_mappings() -> None:
    """Objects below are refused by their validators, in a table and in rows, with row and field."""
    outer = NewsCollection([Outer(inner=[Inner(size=1)], path=Path("x.md"))])
    table = outer.to_arrow()
    inner = pa.array([[{"size": 0, "extras": None}]], table.schema.field("inner").type)
    bad = table.set_column(table.column_names.index("inner"), "inner", inner)
    with pytest.raises(newsitem.ValidationError, match=r"row 1: inner\[0\]\.size: must not be before first"):
        arrow.from_table(bad, Outer)
    with pytest.raises(newsitem.ValidationError, match=r"x\.md: inner\[0\]\.size: row 1: must not be before first"):
        outer.update(bad)
    with pytest.raises(newsitem.ValidationError, match="row 1: path: must be a valid file path"):
        arrow.from_table(table.set_column(table.column_names.index("path"), "path", [["a\0b"]]), Outer)


def test_validators_that_compare() -> None:
    """Where a value is refused only once others are set, all are as before."""
    spans = NewsCollection([Span(first=1, last=5, path=Path(f"{place}.md")) for place in range(2)])
    with pytest.raises(newsitem.ValidationError, match="last: row 2: must not be before first"):
        spans.update([{"path": "0.md", "first": 2, "last": 6}, {"path": "1.md", "first": 9, "last": 8}])
    assert [(span.first, span.last) for span in spans] == [(1, 5), (1, 5)]


def test_an_interruption(news: NewsCollection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where setting is interrupted, all values are as before."""
    before = copy.deepcopy(news)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(updates, "validator_problem", interrupted)
    with pytest.raises(KeyboardInterrupt):
        news.update([{"path": str(news[0].path), "heat": 5, "provider.domain": "x.example"}])
    assert news == before


@model
class Entry:
    """An entry with plain data, lists and what no table holds."""

    title: str = key()
    note: Any = key(default=None)
    tags: list[str] = key(factory=list)
    token: Secured | None = key(default=None)


@model
class Holder(FrontMatter):
    """Entries in a list, and one alone."""

    entries: list[Entry] = key(factory=list)
    entry: Entry | None = key(default=None)
    rating: float | None = key(default=None)


def holder() -> NewsCollection[Holder]:
    """An item with two entries."""
    entries = [Entry(title=name, note=note, token=Secured(name)) for name, note in (("a", "1.10"), ("b", "hello"))]
    return NewsCollection([Holder(entries=entries, path=Path("h.md"))])


def test_entries_are_found_again() -> None:
    """Entries that move, or lose a neighbour, keep what a table does not hold; plain data stays what it is."""
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
    assert [(entry.title, entry.note) for entry in one[0].entries] == [("a", "1.10"), ("c", "hello")]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"entry": {"title": "x", "tags": "abc"}}, "entry.tags: row 1: must be a list"),
        ({"entry": {"title": "x", "tags": {"a": 1}}}, "entry.tags: row 1: must be a list"),
        ({"entry": {"title": "x", "extras": [1]}}, "entry.extras: row 1: must be a dict"),
        ({"entries": [{"title": "x", "tags": [5]}, 5]}, "entries[0].tags[0]: row 1: must be text"),
        ({"entries": 5}, "entries: row 1: must be a list"),
        ({"rating": "4.5"}, "rating: row 1: must be a number"),
        ({"rating": [1]}, "rating: row 1: must be a number"),
        ({"token": 1}, "the column 'token' is not an attribute"),
    ],
)
def test_wrong_types_in_mappings(value: dict[str, Any], message: str) -> None:
    """Values below mappings are refused as those above are."""
    with pytest.raises(newsitem.ValidationError) as error:
        holder().update([{"path": "h.md", **value}])
    assert message in str(error.value)


def test_odd_values(news: NewsCollection) -> None:
    """What cannot be a value is refused with its row, whatever it is."""
    path = str(news[0].path)
    endless: dict[str, Any] = {}
    endless["a"] = endless
    for row, message in {
        "published_date_time": ("2020-01-01T00:00:00Z", "must be a datetime"),
        "extras": (endless, "contains itself"),
        "secured": ("\ud800", "lone surrogate"),
        "heat": (Decimal("1.5"), "must be an integer"),
        "published": (1, "must be true or false"),
    }.items():
        value, expected = message
        with pytest.raises(newsitem.ValidationError, match=expected):
            news.update([{"path": path, row: value}])
    news.update([{"path": path, "heat": Decimal(7)}])
    assert news[0].heat == 7
    news.update([{"path": news[0].path, "heat": 8}])
    assert news[0].heat == 8
    one = holder()
    one.update([{"path": "h.md", "rating": Decimal("4.5")}])
    assert one[0].rating == 4.5
    for table in (pa.table({}), pa.table({"path": pa.array([], pa.string())})):
        assert news.update(table).rows == 0
    far = pa.array([2**62], pa.timestamp("s"))
    with pytest.raises(newsitem.ValidationError, match="must be a datetime"):
        news.update(pa.table({"path": [path], "published_date_time": far}))
    news[0].topics.append(5)  # type: ignore[arg-type]
    news.update(pa.table({"path": [path], "topics": [["x"]]}))
    assert news[0].topics == ["x"]
    with pytest.raises(TypeError, match="column names must be text, not 5"):
        news.update([{5: 1}])

    class Broken:
        def __arrow_c_stream__(self, _: object = None) -> object:
            raise RuntimeError

    with pytest.raises(TypeError, match="the table cannot be read as Arrow"):
        news.update(Broken())


def test_a_sorted_frame_of_pandas(news: NewsCollection) -> None:
    """The index that pandas adds where rows were taken out is no column."""
    frame = pandas(news)
    assert not news.update(frame[frame.heat > 100].sort_values("heat")).changed


def test_several_kinds(news: NewsCollection) -> None:
    """Rows may be for items of several classes, which then all have what is set."""
    both: NewsCollection[Any] = NewsCollection([*news[:1], *things()])
    rows = pa.table({"path": [str(item.path) for item in both], "body": ["new\n"] * 3})
    assert both.update(rows).fields == {"body": 3}
    with pytest.raises(
        newsitem.ValidationError, match="the column 'heat' is not an attribute of Thing that can be set"
    ):
        both.update([{"path": "0.md", "heat": 5}])


@given(st.lists(items, min_size=1, max_size=4), st.lists(items, min_size=1, max_size=4))
def test_any_items(old: list[NewsItem], new: list[NewsItem]) -> None:
    """A table of any items makes others equal to them, but for what tables do not hold."""
    pairs = list(zip(old, new, strict=False))
    for place, pair in enumerate(pairs):
        for item in pair:
            item.path = Path(f"{place}.md")
            item.secured = None
    one, other = (NewsCollection(side) for side in zip(*pairs, strict=True))
    one.update(other)
    assert one == other
    assert not one.update(other.to_arrow().to_pylist()).changed
