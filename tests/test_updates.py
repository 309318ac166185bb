"""Rows of a table set the values of items."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EXAMPLES
from small_items import new_item
from strategies import items
from things import things

import newsitem
from newsitem import FrontMatter, NewsCollection, NewsItem, Provider, RelatedItem, key, model
from newsitem._query import updates

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")
arrow = pytest.importorskip("newsitem.arrow", exc_type=ImportError)


@pytest.fixture
def news() -> NewsCollection:
    """The sample files."""
    return NewsCollection.read(EXAMPLES[0].parent)


def lines_of(news: NewsCollection[Any]) -> list[str]:
    """Return the lines that a diff removes or adds."""
    return [line for line in news.diff().splitlines() if line[:1] in "+-" and not line.startswith(("+++", "---"))]


def polars(news: NewsCollection) -> Any:
    """Return a Polars data frame."""
    return pytest.importorskip("polars", reason="polars is not installed").DataFrame(news)


def pandas(news: NewsCollection) -> Any:
    """Return a pandas data frame with pandas' own types."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    return news.to_arrow().to_pandas()


def duckdb(news: NewsCollection) -> Any:
    """Return a DuckDB result."""
    library = pytest.importorskip("duckdb", reason="duckdb is not installed")
    assert len(news)
    return library.sql("select * from news")


TOOLS: dict[str, Callable[[NewsCollection], Any]] = {
    "polars": polars,
    "pandas": pandas,
    "duckdb": duckdb,
    "table": pa.table,
    "reader": lambda news: news.to_arrow().to_reader(),
    "rows": lambda news: news.to_arrow().to_pylist(),
    "flat table": lambda news: news.to_arrow(flat=True),
    "flat rows": lambda news: news.to_arrow(flat=True).to_pylist(),
    "pandas rows": lambda news: pandas(news).to_dict("records"),
}


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_unchanged_tables(news: NewsCollection, tool: Callable[[NewsCollection], Any]) -> None:
    """A table that comes back unchanged from a tool changes nothing."""
    before = copy.deepcopy(news)
    report = news.update(tool(news))
    assert repr(report) == "<UpdateReport: 21 rows, 0 items changed, 21 unchanged>"
    assert (report.changed, report.fields) == ((), {})
    assert news == before
    assert news.diff() == ""


@pytest.mark.parametrize("tool", [polars, pandas, duckdb])
def test_edit_in_each_tool(news: NewsCollection, tool: Callable[[NewsCollection], Any]) -> None:
    """If a tool increments a column, exactly the lines of that key change, and nulls stay nulls."""
    table = pa.table(tool(news)) if tool is not pandas else pa.Table.from_pandas(tool(news))
    hotter = pa.compute.add(table.column("heat").cast("int64"), 1)
    report = news.update(table.set_column(table.column_names.index("heat"), "heat", hotter))
    assert report.fields == {"heat": 19}
    assert len(report.changed) == 19
    changed = lines_of(news)
    assert len(changed) == 2 * 19
    assert all(line[1:].startswith("heat: ") for line in changed)


def test_chosen_columns(news: NewsCollection) -> None:
    """The columns to use can be chosen, rows may lack columns, and an equal path is not a change."""
    rows = [{"path": str(news[0].path), "heat": 1, "title": "x"}, {"path": str(news[1].path), "title": "y"}]
    assert news.update(rows, columns=["heat"]).fields == {"heat": 1}
    assert news.update(rows).fields == {"title": 2}
    by_title = [{"title": "y", "path": str(news[1].path), "heat": 3}]
    assert news.update(by_title, on="title").fields == {"heat": 1}
    assert news.update([]).rows == 0
    assert news.update(iter(rows)).changed == ()
    repeated: Any = iter(["heat", "path", "heat"])
    assert news.update([{"path": str(news[0].path), "title": "z", "heat": 7}], columns=repeated).fields == {"heat": 1}
    assert news[0].heat == 7


def test_unchanged_entries_keep_their_lines() -> None:
    """Unchanged mappings in a list keep their lines, and values that the table lacks are kept."""
    text = (
        '---\ntitle: "T" # comment\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\nrelated:\n'
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
def test_wrong_values(news: NewsCollection, row: dict[str, Any], message: str) -> None:
    """A wrong value is refused with its row, path and field, and no row is applied."""
    before = copy.deepcopy(news)
    rows = [{"path": str(news[0].path), **row}, {"path": str(news[1].path), "body": "changed"}]
    with pytest.raises(newsitem.ValidationError) as error:
        news.update(rows)
    assert message in str(error.value)
    assert news == before


def test_all_wrong_rows_are_in_one_error(news: NewsCollection) -> None:
    """An error lists every wrong row, with the path of its item."""
    with pytest.raises(newsitem.ValidationError) as error:
        news.update([{"path": str(item.path), "heat": "x"} for item in news])
    assert [problem.path for problem in error.value.problems] == [str(item.path) for item in news]


def test_rows_without_a_single_item(news: NewsCollection) -> None:
    """Two rows for one item, a row for several items, and a row for none are refused."""
    row = {"path": str(news[0].path), "heat": "x"}
    with pytest.raises(newsitem.ValidationError, match="row 2: same item as in row 1"):
        news.update([row, row])
    with pytest.raises(newsitem.ValidationError, match="several items have the type video"):
        news.update([{"type": "video"}], on="type")
    with pytest.raises(newsitem.ValidationError, match="row 1: no item has the title"):
        news.update([{"title": ["x"]}], on="title")


def test_identifying_text_in_place_of_a_number(news: NewsCollection) -> None:
    """A number that identifies an item is no text, as a file of comma-separated values would have it."""
    with pytest.raises(newsitem.ValidationError, match=r"row 1: no item has the heat text '312'"):
        news.update([{"heat": "312", "quality": 1}], on="heat")


def test_repeated_items(news: NewsCollection) -> None:
    """An item that is in a collection twice counts as one item; equal items are several."""
    twice = news + news
    assert twice.update([{"path": str(news[0].path), "heat": 7}]).changed == (news[0],)
    assert news[0].heat == 7
    with pytest.raises(newsitem.ValidationError, match="several items have the path"):
        NewsCollection([news[0], copy.copy(news[0])]).update([{"path": str(news[0].path), "heat": 8}])


@pytest.mark.parametrize("on", ["heat", "quality"])
def test_booleans_are_no_numbers(news: NewsCollection, on: str) -> None:
    """True and 1 do not match each other, in rows and in Arrow tables; 1 and 1.0 do."""
    one = news[:1]
    setattr(one[0], on, 1)
    one[0].published = True
    assert one.update([{on: 1.0, "title": "x"}], on=on).changed == (one[0],)
    assert one.update([{"published": True, "title": "y"}], on="published").changed == (one[0],)
    tables = [[{on: True, "title": "z"}], pa.table({on: [True], "title": ["z"]})]
    for name, table in [(on, table) for table in tables] + [("published", [{"published": 1, "title": "z"}])]:
        with pytest.raises(newsitem.ValidationError, match=f"row 1: no item has the {name} (True|1)"):
            one.update(table, on=name)


@pytest.mark.parametrize("on", ["secured", "topics", "provider", "extras", "hot"])
def test_attributes_that_cannot_identify_items(news: NewsCollection, on: str) -> None:
    """An attribute that is opaque, not a scalar or unknown is refused as `on`."""
    with pytest.raises(newsitem.ValidationError, match=f"'{on}' cannot identify items of NewsItem"):
        news.update([{on: "SECRET", "heat": 1}], on=on)


def test_wrong_columns(news: NewsCollection) -> None:
    """Columns that overlap, are duplicate or missing, or would rename a file are refused."""
    path = str(news[0].path)
    with pytest.raises(newsitem.ValidationError, match=r"the columns 'provider' and 'provider\.name' overlap"):
        news.update([{"path": path, "provider": {"name": "x"}, "provider.name": "y"}])
    with pytest.raises(newsitem.ValidationError, match=r"a table cannot rename a file: use newsitem\.rename"):
        news.update([{"title": news[0].title, "path": "x.md"}], on="title")
    with pytest.raises(newsitem.ValidationError, match="no column 'path' in the table: its columns are heat"):
        news.update([{"heat": 5}])
    without_columns: list[Any] = [[{}, {}], [{}], pa.table({"path": [path]}).select([])]
    for empty_rows in without_columns:
        with pytest.raises(newsitem.ValidationError, match="no column 'path' in the table: it has no columns"):
            news.update(empty_rows)
    with pytest.raises(newsitem.ValidationError, match=r"duplicate column 'heat': remove one of the two"):
        news.update(pa.table([[path], [1], [2]], names=["path", "heat", "heat"]))
    with pytest.raises(TypeError, match="columns must be an iterable of names"):
        news.update([], columns="heat")
    for columns in (5, [5], b"heat"):
        with pytest.raises(TypeError, match="columns must be an iterable of names"):
            news.update([], columns=columns)  # type: ignore[arg-type]
    for on in (5, None, ["path"]):
        with pytest.raises(TypeError, match="on must be the name of a column, not "):
            news.update([{"path": path}], on=on)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="column names must be text, not 5"):
        news.update([{5: 1}])


def test_many_problems(news: NewsCollection) -> None:
    """An error of many rows or columns lists the first 1,000 problems, and says whether there are more."""
    rows = [{"path": str(item.path), "heat": "x", "quality": "x", "title": 5, "excerpt": 5} for item in news]
    wide = {f"column {number}": 5 for number in range(2_000)}
    for wrong_rows in ([{"path": str(number)} for number in range(2_000)], [{**rows[0], **wide}]):
        with pytest.raises(newsitem.ValidationError) as error:
            news.update(wrong_rows)
        assert len(error.value.problems) == 1_001
        assert error.value.problems[-1].message == "there are more problems: fix those above first"
    with pytest.raises(newsitem.ValidationError) as error:
        news.update(rows)
    assert len(error.value.problems) == 4 * len(rows)
    copies = NewsCollection([copy.copy(news[0]) for _ in range(1_100)])
    for number, one in enumerate(copies):
        one.path = Path(f"{number}.md")
    for number in (1_000, 1_001, 1_100):
        with pytest.raises(newsitem.ValidationError) as error:
            copies.update([{"path": str(one.path), "heat": "x"} for one in copies[:number]])
        assert len(error.value.problems) == min(number, 1_001)
        assert ("there are more problems" in error.value.problems[-1].message) is (number > 1_000)


class BrokenTable:
    """An Arrow table that cannot be exported."""

    def __arrow_c_stream__(self, _: object = None) -> object:
        """Fail."""
        raise RuntimeError


@pytest.mark.parametrize(
    ("table", "message"),
    [
        *((value, "expected an Arrow table|must be a mapping") for value in ("x", 5, {"path": "x"}, [5])),
        (BrokenTable(), "the table cannot be read as Arrow"),
    ],
    ids=["text", "integer", "mapping", "list of integers", "broken table"],
)
def test_not_a_table(news: NewsCollection, table: Any, message: str) -> None:
    """A value that is not an Arrow table or an iterable of mappings is refused."""
    with pytest.raises(TypeError, match=message):
        news.update(table)


@pytest.mark.parametrize(
    "table", [pa.table({}), pa.table({"path": pa.array([], pa.string())})], ids=["no columns", "no rows"]
)
def test_empty_tables(news: NewsCollection, table: Any) -> None:
    """A table without rows changes nothing."""
    assert news.update(table).rows == 0


@model
class Span(FrontMatter):
    """A class with a validator that compares two fields."""

    first: int = key()
    last: int = key(validator=lambda span, _, value: _refuse(value < span.first))


def _refuse(wrong: object) -> None:
    if wrong:
        raise ValueError("must not be before first")


@model
class Inner:
    """A mapping with a validator."""

    size: int = key(validator=lambda _, __, value: _refuse(value < 1))


@model
class Outer(FrontMatter):
    """A class with a list of such mappings."""

    inner: list[Inner] = key(factory=list)


def test_validators_in_mappings() -> None:
    """Validators of nested mappings are applied to tables and rows, and errors name row and field."""
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


@model
class Above(FrontMatter):
    """A class with a validator for a mapping as a whole."""

    outer: Inner = key(validator=lambda _, __, value: _refuse(value.extras))
    single: Inner | None = None


def test_validators_of_keys_above_a_column() -> None:
    """A column that leads into a mapping is checked by the validators of the mapping and of the key above it."""
    above = NewsCollection([Above(single=Inner(size=1), outer=Inner(size=2), path=Path("x.md"))])
    with pytest.raises(newsitem.ValidationError, match=r"x\.md: outer: row 1: must not be before first"):
        above.update([{"path": "x.md", "outer.extras": {"a": 1}}])
    with pytest.raises(newsitem.ValidationError, match=r"x\.md: single\.size: row 1: must not be before first"):
        above.update([{"path": "x.md", "single.size": 0}])
    assert (above[0].outer, above[0].single) == (Inner(size=2), Inner(size=1))


def test_validators_that_compare_fields() -> None:
    """If a validator refuses a value after others were set, all values are restored."""
    spans = NewsCollection([Span(first=1, last=5, path=Path(f"{place}.md")) for place in range(2)])
    with pytest.raises(newsitem.ValidationError, match="last: row 2: must not be before first"):
        spans.update([{"path": "0.md", "first": 2, "last": 6}, {"path": "1.md", "first": 9, "last": 8}])
    assert [(span.first, span.last) for span in spans] == [(1, 5), (1, 5)]


def test_interrupt_while_setting(news: NewsCollection, monkeypatch: pytest.MonkeyPatch) -> None:
    """If setting is interrupted, all values are restored."""
    before = copy.deepcopy(news)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(updates, "rejections", interrupted)
    with pytest.raises(KeyboardInterrupt):
        news.update([{"path": str(news[0].path), "heat": 5, "provider.domain": "x.example"}])
    assert news == before


def test_pandas_index_is_ignored(news: NewsCollection) -> None:
    """The index that pandas adds to a filtered and sorted frame is not a column."""
    frame = pandas(news)
    assert not news.update(frame[frame.heat > 100].sort_values("heat")).changed


def test_items_of_several_classes(news: NewsCollection) -> None:
    """Rows may belong to items of several classes, if all have the attributes that are set."""
    both: NewsCollection[Any] = NewsCollection([*news[:1], *things()])
    rows = pa.table({"path": [str(item.path) for item in both], "body": ["new\n"] * 3})
    assert both.update(rows).fields == {"body": 3}
    with pytest.raises(
        newsitem.ValidationError, match="the column 'heat' is not an attribute of Thing that can be set"
    ):
        both.update([{"path": "0.md", "heat": 5}])


@given(st.lists(items, min_size=1, max_size=4), st.lists(items, min_size=1, max_size=4))
def test_any_items(old: list[NewsItem], new: list[NewsItem]) -> None:
    """Updating items from a table of others makes them equal, except for values that tables leave out."""
    pairs = list(zip(old, new, strict=False))
    for place, pair in enumerate(pairs):
        for item in pair:
            item.path = Path(f"{place}.md")
            item.secured = None
    one, other = (NewsCollection(side) for side in zip(*pairs, strict=True))
    one.update(other)
    assert one == other
    assert not one.update(other.to_arrow().to_pylist()).changed


def test_rows_that_contradict_each_other() -> None:
    """Two rows must not set different values in an object that their items share."""
    first, second = (new_item(path=Path(f"{name}.md")) for name in "ab")
    second.provider = first.provider
    news = NewsCollection([first, second])
    rows = [{"path": f"{name}.md", "provider.name": name} for name in "ab"]
    with pytest.raises(newsitem.ValidationError, match=r"b\.md: provider\.name: row 2: row 1 sets another value"):
        news.update(rows)
    assert first.provider == new_item().provider
    unchanged = [rows[0], {"path": "b.md", "provider.name": first.provider.name}]
    for table in (
        unchanged,
        NewsCollection(copy.deepcopy([first, second]))
        .to_arrow(["path"])
        .append_column("provider.name", [[row["provider.name"] for row in unchanged]]),
    ):
        with pytest.raises(newsitem.ValidationError, match=r"b\.md: provider\.name: row 2: row 1 sets another value"):
            news.update(table)
    assert first.provider == new_item().provider
    news.update([rows[0], {"path": "b.md", "heat": 5}])
    assert second.provider.name == "a"
    news.update([{**row, "provider.name": "Q"} for row in rows])
    assert second.provider.name == "Q"


def test_class_without_an_identifying_key() -> None:
    """If no attribute can identify items, the error says that the path can."""
    news = NewsCollection([newsitem.loads("---\na: 1\n---\n", FrontMatter)])
    with pytest.raises(newsitem.ValidationError, match="cannot identify items of FrontMatter: use on='path'"):
        news.update([{"a": 1, "body": "x"}], on="a")
