"""How items get on with others: values of subclasses, attrs and what prints, a user's own errors, Ctrl-C, threads."""

from __future__ import annotations

import copy
import io
import os
import subprocess
import sys
import threading
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any

import attrs
import cattrs
import pytest
from ruamel.yaml import YAML

import newsitem
from newsitem import NewsCollection, NewsItem

WHEN = datetime(2020, 6, 24, 22, 10, tzinfo=UTC)
SECRET = "c2VjcmV0IHRleHQgbm9ib2R5;bWF5IHNlZQ=="
TEXT = f"""---
title: "Warm pipes"
publishedDateTime: 2020-06-24T22:10:00Z

provider:
  name: Ledgerlight

secured: "{SECRET}"
---

"""
AT_THE_EDGES = [
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
]


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


class Zone(tzinfo):
    """A zone of one's own."""

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Return the offset from UTC."""
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        """Return the name."""
        return "Z"


class Broken(Zone):
    """A zone that fails when it is asked while it is told to, as nobody expects."""

    fails = False

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Fail, or return the offset from UTC."""
        if self.fails:
            raise RuntimeError(f"the zone has no answer for {SECRET}")
        return timedelta(0)

    def __deepcopy__(self, _: Any) -> Broken:
        return self


def new(**values: Any) -> NewsItem:
    """Make an item with what is required."""
    given = {"title": "T", "published_date_time": WHEN, "provider": newsitem.Provider(name="P"), **values}
    return NewsItem(**given)


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """Give an item that was read from a file, with a secured text."""
    path = tmp_path / "item.md"
    path.write_text(TEXT)
    return newsitem.load(path)


# Subclasses


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
        made = new(**values) if way == "init" else new()
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
    made = new(extras=odd_data())
    assert made.extras == PLAIN
    assert types(made.extras) <= ALL_PLAIN
    assert made.extras["commented"]["c"] is True
    assert newsitem.from_dict({**newsitem.to_dict(new()), **odd_data()}) == made
    plain = {"a": [{"b": 1}]}
    made.extras = plain
    assert made.extras is plain  # what is plain is not copied


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("title:", "# by hand\ntitle:")], ids=["layout", "other"])
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
    assert newsitem.from_json(newsitem.to_json(new(topics=[Text("x")]))).topics == ["x"]
    assert type(read.topics[0]) is Text
    assert type(read.extras["ordered"]) is OrderedDict


def test_texts_of_subclasses_are_read() -> None:
    """A text and bytes of a subclass are read as what they hold, without their own methods."""

    class Data(bytes):
        """Bytes of one's own."""

    assert newsitem.loads(Text(TEXT)) == newsitem.loads(Data(TEXT.encode())) == newsitem.loads(TEXT)
    assert type(newsitem.loads(Text(TEXT)).title) is str


def test_a_boolean_with_an_anchor_is_no_integer() -> None:
    """What ruamel.yaml makes of an anchored boolean is one in a field too."""
    yes = YAML().load("- &x true")[0]
    assert new(published=yes).published is True
    assert newsitem.from_dict({**newsitem.to_dict(new()), "published": yes}).published is True
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        new(heat=yes)
    with pytest.raises(newsitem.ValidationError, match="heat: must be an integer"):
        newsitem.from_dict({**newsitem.to_dict(new()), "heat": yes})


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
        setattr(new(), name, value)
    assert str(caught.value).endswith(end)
    if name != "extras":
        with pytest.raises(newsitem.ValidationError) as caught:
            newsitem.from_dict({**newsitem.to_dict(new()), name: value})
        assert str(caught.value).endswith(end)


def test_values_of_pandas_and_numpy() -> None:
    """A Timestamp is an instant, unless it has nanoseconds, no time, or a year of its own; numpy's text is text."""
    pd = pytest.importorskip("pandas", reason="pandas is in the extra engines")
    np = pytest.importorskip("numpy", reason="numpy comes with pandas")
    stamp = pd.Timestamp("2020-06-01T10:00:00.5+02:00")
    made = new(published_date_time=stamp, title=np.str_("x"), extras={"t": stamp, "f": np.float64(1.5)})
    assert made.published_date_time == stamp
    assert list(map(type, (made.published_date_time, made.title))) == [datetime, str]
    assert types(made.extras) == {dict, str, datetime, float}
    wrong = {
        "NaT, which is no time": pd.NaT,
        "has nanoseconds": stamp + pd.Timedelta(1, "ns"),
        "within the years": pd.Timestamp(np.datetime64("10000-01-01", "s"), tz="UTC"),
        "time zone": pd.Timestamp("2020-01-01"),
    }
    for message, value in wrong.items():
        for values in ({"published_date_time": value}, {"extras": {"t": value}}):
            with pytest.raises(newsitem.ValidationError, match=message):
                new(**values)
        with pytest.raises(newsitem.ValidationError, match=message):
            newsitem.from_dict({**newsitem.to_dict(new()), "publishedDateTime": value})
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
    one, other = new(), new()
    one.extras["x"], other.extras["x"] = data(), data()
    assert one == copy.copy(one)
    assert one != other
    assert one != new()
    assert len(one._repr_html_()) < 2_000
    for write in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff, attrs.evolve):
        with pytest.raises(newsitem.ValidationError, match="extras"):
            write(one)


# attrs, cattrs, and what prints


@pytest.mark.parametrize(
    "data_of", [attrs.asdict, cattrs.unstructure, cattrs.Converter().unstructure], ids=["attrs", "cattrs", "own"]
)
def test_data_that_attrs_gives(item: NewsItem, data_of: Callable[[Any], Any]) -> None:
    """A loaded item's data has its attributes and no more, and the secured text is that of `to_dict`."""
    data = data_of(item)
    assert list(data) == [field.name for field in attrs.fields(NewsItem)]
    assert not [name for name in data if name.startswith("_")]
    assert data["secured"] == newsitem.to_dict(item)["secured"] == SECRET
    assert data["provider"] == {"name": "Ledgerlight", "domain": None, "images": [], "extras": {}}
    assert SECRET not in repr(data)


def test_tuples_that_attrs_gives(item: NewsItem) -> None:
    """A tuple of a loaded item's values has no source text."""
    assert len(attrs.astuple(item)) == len(attrs.fields(NewsItem))
    assert "publishedDateTime" not in repr(attrs.astuple(item))


def test_evolve_hands_the_source_text_on(item: NewsItem) -> None:
    """An evolved item is written as the old one whatever fields change; an item made anew of the same values is not."""
    changes: dict[str, Any] = {
        "heat": 5,
        "extras": {"x": 1},
        "path": None,
        "topics": [],
        "provider": newsitem.Provider(name="O"),
    }
    twin = attrs.evolve(item, **changes)  # type: ignore[misc]
    assert newsitem.dumps(twin) == (
        TEXT.replace("Ledgerlight", "O")
        .replace("22:10:00Z\n", "22:10:00Z\nheat: 5\n")
        .replace("---\n\n", "\nx: 1\n---\n\n")
    )
    fields = {field.name: getattr(item, field.name) for field in attrs.fields(NewsItem)}
    assert newsitem.diff(NewsItem(**fields)).startswith("---")


def test_what_rich_shows(item: NewsItem) -> None:
    """Neither printing nor inspecting shows the secured text or the source text; the attributes are there."""
    rich = pytest.importorskip("rich", reason="rich is in the extra test")
    console = pytest.importorskip("rich.console").Console(file=io.StringIO(), width=200)
    parts = (item, [item], item.secured, item._source, attrs.asdict(item), NewsCollection([item]))
    for part in parts:
        console.print(part)
    rich.inspect(item, console=console, private=True)
    shown = console.file.getvalue()
    assert "title='Warm pipes'" in shown
    assert SECRET[:8] not in shown
    assert "publishedDateTime" not in shown
    assert not any(SECRET[:8] in f"{part!r}{part}" for part in parts)


def test_what_pytest_and_help_show(tmp_path: Path) -> None:
    """A comparison that fails with -vv names the attributes that differ, and shows nothing of the secured text."""
    other = SECRET[::-1]
    (tmp_path / "test_it.py").write_text(
        f"import newsitem\nA = {TEXT!r}\n"
        f"def test_it():\n    a, b = newsitem.loads(A), newsitem.loads(A.replace({SECRET!r}, {other!r}))\n"
        "    b.heat = 5\n    help(a)\n    assert a == b\n"
        "def test_list():\n    a, b = newsitem.loads(A), newsitem.loads(A)\n    b.secured = None\n"
        "    assert [a] == [b]\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-vv",
        "--tb=line",
        "-p",
        "no:cacheprovider",
        "--rootdir=.",
        "test_it.py",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 failed" in run.stdout
    run = subprocess.run([*command, "--tb=short"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "heat" in run.stdout
    assert "<Secured: " in run.stdout
    assert SECRET[:8] not in run.stdout
    assert other[:8] not in run.stdout


def test_secured_equals_its_text() -> None:
    """A secured text equals another and the plain text, hashes as that, is matched by text, and can be copied."""
    secured = newsitem.Secured("a;b")
    assert secured == "a;b"
    assert secured != "x"
    assert secured != 5
    assert hash(secured) == hash("a;b")
    assert copy.deepcopy(secured) == copy.copy(secured) == secured
    match secured:
        case newsitem.Secured(text):
            assert text == "a;b"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del secured.text


# Many items


@pytest.fixture
def broken(tmp_path: Path) -> tuple[NewsCollection, Broken]:
    """Give three items of files, edited, of which the second fails as nobody expects, once it is told to."""
    zone, items = Broken(), []
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text(TEXT)
        items.append(newsitem.load(tmp_path / name))
        items[-1].heat = 5
    items[1].published_date_time = WHEN.replace(tzinfo=zone, day=25)
    zone.fails = True
    return NewsCollection(items), zone


def require_cause(error: newsitem.NewsItemError) -> None:
    """Check that an error keeps what it came from, and shows nothing of it."""
    assert isinstance(error.__cause__, RuntimeError)
    assert "RuntimeError" in str(error)
    assert SECRET not in f"{error}{error!r}"


@pytest.mark.parametrize("dry_run", [False, True])
def test_save_goes_on_past_what_nobody_expected(broken: tuple[NewsCollection, Broken], dry_run: bool) -> None:
    """An unexpected exception for one item is an error of that item, and the others are written."""
    news, zone = broken
    report = news.save(dry_run=dry_run)
    assert [item.path and item.path.name for item in report.written] == ["a.md", "c.md"]
    (error,) = report.errors
    assert (error.path, report.ok) == (str(news[1].path), False)
    require_cause(error)
    zone.fails = False
    assert news.save().ok


def test_diff_and_changed_say_which_item(broken: tuple[NewsCollection, Broken]) -> None:
    """What nobody expected is raised with the item's file, or with its title where it has none."""
    news, _ = broken
    for ask in (news.diff, news.changed):
        with pytest.raises(newsitem.NewsItemError, match=r"b\.md: failed with an unexpected RuntimeError") as caught:
            ask()
        require_cause(caught.value)
    news[1].path = None
    with pytest.raises(newsitem.NewsItemError, match=r"^the item 'Warm pipes' failed with an unexpected"):
        news.diff()
    twice = NewsCollection([news[1], copy.copy(news[1])])
    with pytest.raises(newsitem.NewsItemError, match=r"^2 problems") as both:
        twice.diff()
    assert isinstance(both.value.__cause__, ExceptionGroup)


def test_write_says_which_item(broken: tuple[NewsCollection, Broken], tmp_path: Path) -> None:
    """What keeps an item from being written, as nobody expects, names it; the others are written."""
    news, _ = broken
    with pytest.raises(newsitem.NewsItemError, match=r"b\.md: failed with an unexpected RuntimeError"):
        news.write(tmp_path / "new")
    assert [newsitem.load(path) for path in (tmp_path / "new").iterdir()] == [news[0]]  # of equal items, one file


def test_write_goes_on_past_what_nobody_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails only when files are replaced does not stop the others."""
    replace = os.replace
    first: list[Any] = []

    def failing(source: Any, target: Any) -> None:
        if not first:
            first.append(target)
            raise MemoryError
        replace(source, target)

    news = NewsCollection([new(title="A"), new(title="B")])
    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(newsitem.NewsItemError, match=r"-a\.md: failed with an unexpected MemoryError"):
        news.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2020-06-24-b.md"]


def test_reading_goes_on_past_what_nobody_expected(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose reading fails as nobody expects is an error with its path."""
    assert item.path is not None

    def failing(*_: Any) -> Any:
        raise MemoryError

    raised = None
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", failing)
        (error,) = NewsCollection.read(item.path, on_error="collect").errors
        try:
            NewsCollection.read(item.path)
        except newsitem.NewsItemError as caught:
            raised = caught
    assert error.path == str(item.path)
    assert str(raised).startswith(f"{item.path}: failed with an unexpected MemoryError")


@pytest.mark.parametrize("error", [TypeError, AttributeError, StopIteration, KeyError])
def test_a_users_own_error_comes_out_as_it_is(error: type[Exception]) -> None:
    """What a function of the user's raises is not taken for what was put into a list of some item."""
    mine = error("mine")

    def failing(_: NewsItem) -> Any:
        raise mine

    wrong = new()
    wrong.topics.append(5)  # type: ignore[arg-type]
    news = NewsCollection([new(), wrong])
    asks: list[Callable[[], object]] = [
        lambda: news.filter(where=failing),
        lambda: news.sort(failing),
        lambda: news.top(1, by=failing),
        lambda: news.group_by(failing),
        lambda: news.count_by(failing),
        lambda: news.duplicates(failing),
        lambda: news.unique(failing),
    ]
    for ask in asks:
        with pytest.raises(error) as caught:
            ask()
        assert caught.value is mine


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("moment", AT_THE_EDGES)
def test_moments_at_the_edges(name: str, moment: Any) -> None:
    """An instant that UTC does not have is a ValueError, as text and as a datetime."""
    with pytest.raises(ValueError, match=f"{name} must be within the years 1 to 9999 in UTC"):
        NewsCollection([new()]).filter(**{name: moment})


def test_describe_keeps_lookalikes_apart() -> None:
    """In keys that the model does not name, 1, 1.0 and true are three values."""
    values = [1, True, 1.0, 1.0, "1", float("nan"), float("nan")]
    field = NewsCollection([new(extras={"z": value}) for value in values]).describe()["extras.z"]
    assert field.distinct == 5
    assert [(type(value), count) for value, count in field.most_common] == [(float, 2), (float, 2)]


# Files


@pytest.mark.parametrize("save", [newsitem.dump, lambda item: NewsCollection([item]).save()], ids=["dump", "save"])
def test_ctrl_c_right_after_a_file_was_replaced(
    item: NewsItem, save: Callable[[NewsItem], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt between replacing a file and noting it leaves no false conflict."""
    replace = os.replace

    def interrupted(source: Any, target: Any) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    item.heat = 5
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            save(item)
    item.heat = 6
    newsitem.dump(item)
    assert item.path is not None
    assert newsitem.load(item.path).heat == 6


def test_ctrl_c_right_before_a_file_is_replaced(item: NewsItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt before a file is replaced leaves the item as it was: still to be written."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    item.heat = 5
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            newsitem.dump(item)
    assert newsitem.diff(item)
    newsitem.dump(item)
    assert not newsitem.diff(item)


@pytest.mark.parametrize("explicit", [False, True])
def test_dump_leaves_the_file_of_an_unedited_item(item: NewsItem, explicit: bool) -> None:
    """The file keeps its inode and its time stamp, unless somebody else wrote it."""
    path = item.path
    assert path is not None
    before = path.stat()
    newsitem.dump(item, path if explicit else None)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    path.write_text(TEXT.replace("Warm", "Cold"))
    if explicit:
        newsitem.dump(item, path)
        assert path.read_text() == TEXT
    else:
        with pytest.raises(newsitem.ConflictError, match="has changed since"):
            newsitem.dump(item)
        path.unlink()
        path.mkdir()
        with pytest.raises(IsADirectoryError, match=r"item\.md"):
            newsitem.dump(item)


class Slow(Zone):
    """A zone that keeps a thread waiting when it is asked for the last time."""

    def __init__(self) -> None:
        self.asked, self.go, self.left = threading.Event(), threading.Event(), 1 << 20

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Wait, if it is time to."""
        self.left -= 1
        if self.left == 0:
            self.asked.set()
            self.go.wait(10)
        return timedelta(0)


def test_threads_that_dump_one_item(item: NewsItem) -> None:
    """What is compared is fixed before the text is made: a dump that returned is never undone without a conflict."""
    zone = Slow()
    refused: list[newsitem.ConflictError] = []

    def dump() -> None:
        try:
            newsitem.dump(item)
        except newsitem.ConflictError as error:
            refused.append(error)

    item.related.append(newsitem.RelatedItem(title="R", published_date_time=WHEN.replace(tzinfo=zone)))
    before = zone.left
    newsitem.dumps(item)
    zone.left = before - zone.left
    other = threading.Thread(target=dump)
    other.start()
    assert zone.asked.wait(10)  # its text is made, and all but compared
    item.heat = 7
    newsitem.dump(item)
    zone.go.set()
    other.join()
    assert item.path is not None
    assert newsitem.load(item.path).heat == 7
    assert len(refused) == 1


def test_write_stops_where_a_file_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the file system ends the writing, as it is."""

    def failing(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    news = NewsCollection([new(title="A"), new(title="B")])
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        with pytest.raises(OSError, match="No space left"):
            news.write(tmp_path)
    assert not list(tmp_path.iterdir())
