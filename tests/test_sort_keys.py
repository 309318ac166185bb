"""Keys by which items are sorted, grouped and counted."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs
import pytest
from query_items import titled, titles
from samples import EXAMPLES

import newsitem
from newsitem import NewsCollection, NewsItem
from newsitem._query.sort_keys import SortKey, names_of


def test_sort_is_stable() -> None:
    """Items that are equal by all keys keep their order, in descending order too."""
    news = NewsCollection(
        [titled("a", heat=1), titled("b", heat=2), titled("c", heat=1), titled("d"), titled("e", heat=2)]
    )
    assert titles(news.sort("heat")) == ["a", "c", "b", "e", "d"]
    assert titles(news.sort("-heat")) == ["b", "e", "a", "c", "d"]
    assert titles(news.sort("-heat", "-title")) == ["e", "b", "c", "a", "d"]
    assert news.sort() == news
    assert titles(news.top(2, by=lambda one: one.title)) == ["e", "d"]
    assert (titles(news.latest(0)), titles(news.top(9)[5:])) == ([], [])


def test_properties() -> None:
    """Properties are keys. One with the name of a period replaces it, but not ``topic``."""

    @newsitem.model
    class Post(newsitem.FrontMatter):
        title: str
        day_of_post: date
        topics: list[str] = newsitem.key(factory=list)

        @property
        def month(self) -> str:
            return f"{self.day_of_post:%B}"

        @property
        def topic(self) -> str:
            return "own"

    dates = [date(2020, 5, 1), date(2021, 5, 1)]
    news = NewsCollection([Post(title="a", day_of_post=day, topics=["A"]) for day in dates])
    assert news.count_by("month") == {"May": 2}
    assert news.count_by("year") == {date(2020, 1, 1): 1, date(2021, 1, 1): 1}
    assert news.count_by("topic") == {"A": 2}
    with pytest.raises(ValueError, match="expected one of topic, day, week, month, year, title, day_of_post, topics, "):
        news.sort("x")


@attrs.define
class _Probe:
    @cached_property
    def value(self) -> int:
        return 1


@pytest.mark.skipif(
    "value" in vars(_Probe) and isinstance(vars(_Probe)["value"], cached_property), reason="attrs is too old"
)
def test_cached_properties() -> None:
    """Cached properties, which newer versions of attrs support, are keys."""

    @newsitem.model
    class Post(newsitem.FrontMatter):
        title: str

        @cached_property
        def words(self) -> int:
            return len(self.title.split())

    news = NewsCollection([Post(title="a b " * number) for number in (1, 2)])
    assert news.sort("-words")[0] is news[1]
    assert news.count_by("words") == {2: 1, 4: 1}


def test_redefined_properties() -> None:
    """A member of a derived class counts, not that of the base class which it replaces."""

    class Base:
        __slots__ = ()

        @property
        def score(self) -> int:
            return 1

        def rank(self) -> int:
            return 2

    @newsitem.model
    class Post(newsitem.FrontMatter, Base):
        title: str

        def score(self) -> int:  # type: ignore[override]
            return 1

        @property
        def rank(self) -> int:  # type: ignore[override]
            return len(self.title)

    news = NewsCollection([Post(title="ab"), Post(title="a")])
    assert news.sort("rank")[0] is news[1]
    with pytest.raises(ValueError, match="cannot sort or group by 'score' in Post"):
        news.sort("score")


def test_key_names() -> None:
    """The type of keys allows exactly the names that sort, and every name sorts, groups and counts."""
    news = NewsCollection.read(EXAMPLES[0].parent)
    allowed = {name for part in get_args(SortKey) for name in (get_args(part) or (part,))}
    names = names_of(newsitem.NewsItem)
    assert allowed == {*names, *(f"-{name}" for name in names)}
    attributes = {field.name for field in attrs.fields(NewsItem)} - {"_source"}
    without_order = {"images", "related", "secured", "extras"}
    assert attributes - without_order <= set(names)
    for name in names:
        assert Counter(map(id, news.sort(f"-{name}"))) == Counter(map(id, news))
        assert news.count_by(name).total() >= 1


@pytest.mark.parametrize("method", ["sort", "group_by", "count_by", "duplicates", "unique"])
def test_unknown_keys(method: str) -> None:
    """An unknown key is refused with a suggestion or a list of keys, and so is a value that is not a name."""
    call = getattr(NewsCollection([titled()]), method)
    with pytest.raises(ValueError, match=r"cannot sort or group by 'domian': did you mean 'domain'\?"):
        call("domian")
    with pytest.raises(ValueError, match="cannot sort or group by 'images': expected one of topic, tag,"):
        call("images")
    for wrong, hint in {
        "date": "did you mean 'day' or 'published_date_time'",
        "publishedDateTime": "did you mean 'published_date_time'",
        "webUrl": "did you mean 'web_url'",
        "link_url": "did you mean 'original_url' or 'web_url' or 'amp_web_url'",
    }.items():
        with pytest.raises(ValueError, match=re.escape(f"cannot sort or group by {wrong!r}: {hint}?")):
            call(wrong)
    with pytest.raises(TypeError, match="a key must be a name or a function that takes an item, not 5"):
        call(5)
    with pytest.raises(ValueError, match=r"cannot sort or group by '-?-heat': did you mean"):
        call("--heat")


def test_values_without_an_order() -> None:
    """Values that cannot be compared are refused with the key; exceptions of a user's function are raised as is."""
    news = NewsCollection([titled("a"), titled("b")])
    with pytest.raises(TypeError, match=r"cannot sort items by <function .*: '<' not supported"):
        news.sort(lambda one: one.provider)
    with pytest.raises(ZeroDivisionError):
        news.sort(lambda _: 1 / 0)


def test_nan_has_no_place_in_an_order() -> None:
    """NaN comes last like a missing value, in both directions."""

    @newsitem.model
    class Rated(newsitem.FrontMatter):
        rating: float | None = newsitem.key(default=None)

    nan = float("nan")
    news = NewsCollection([Rated(rating=rating) for rating in (3.0, nan, 1.0, None, 2, 0.5)])
    assert [item.rating for item in news.sort("rating")[:4]] == [0.5, 1.0, 2, 3.0]
    assert [item.rating for item in news.sort("-rating")[:4]] == [3.0, 2, 1.0, 0.5]
    assert [item.rating for item in news.top(2, by="rating")] == [3.0, 2]


def test_ambiguous_local_times() -> None:
    """Sorting, counting and filtering compare instants, and not local times, when clocks go back."""
    berlin = ZoneInfo("Europe/Berlin")
    first = titled("first", published_date_time=datetime(2020, 10, 25, 2, 45, tzinfo=berlin))
    second = titled("second", published_date_time=datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=berlin))
    again = titled("again", published_date_time=datetime(2020, 10, 25, 1, 30, tzinfo=UTC))
    news = NewsCollection([second, first, again])
    assert titles(news.sort("published_date_time")) == ["first", "second", "again"]
    assert titles(news.latest(1)) == ["second"]
    assert news.count_by("published_date_time")[datetime(2020, 10, 25, 1, 30, tzinfo=UTC)] == 2
    assert titles(news.filter(since=datetime(2020, 10, 25, 2, 40, tzinfo=berlin))) == ["second", "first", "again"]
    assert titles(news.filter(until=datetime(2020, 10, 25, 2, 40, tzinfo=berlin))) == []
    description = news.describe()["published_date_time"]
    assert (description.minimum, description.distinct) == (datetime(2020, 10, 25, 0, 45, tzinfo=UTC), 2)
    assert "2020-10-25 00:45 to 2020-10-25 01:30" in repr(news.describe())


def test_items_with_several_values() -> None:
    """An item is once in the group of each of its values, also if a function returns a list."""
    news = NewsCollection([titled("a", topics=["X", "Y", "X"]), titled("b", topics=["Y"]), titled("c")])
    assert {topic: titles(group) for topic, group in news.group_by("topic").items()} == {"X": ["a"], "Y": ["a", "b"]}
    assert news.count_by(lambda one: one.topics or None) == {"X": 1, "Y": 2}
    assert news.count_by(lambda one: [None, *one.topics]) == {"X": 1, "Y": 2}
    assert news.count_by(lambda one: one.title > "a") == {False: 1, True: 2}
    assert news.count_by("published_date_time") == {datetime(2020, 6, 24, 12, tzinfo=UTC): 3}
    with pytest.raises(TypeError, match="unhashable"):
        news.group_by(lambda one: one.provider)


def test_days_are_in_utc() -> None:
    """Days, weeks, months and years are those of the instant in UTC, and weeks start on Monday."""
    late = datetime(2019, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    news = NewsCollection([titled(published_date_time=late), titled(published_date_time=late + timedelta(days=60))])
    assert news.count_by("day") == {date(2020, 1, 1): 1, date(2020, 3, 1): 1}
    assert news.count_by("month") == {date(2020, 1, 1): 1, date(2020, 3, 1): 1}
    assert news.count_by("week") == {date(2019, 12, 30): 1, date(2020, 2, 24): 1}
    assert news.timeline("month") == {date(2020, 1, 1): 1, date(2020, 2, 1): 0, date(2020, 3, 1): 1}
    assert list(news.timeline("week").items())[:2] == [(date(2019, 12, 30), 1), (date(2020, 1, 6), 0)]
    assert news.timeline("year") == {date(2020, 1, 1): 2}
    assert (len(news.timeline()), sum(news.timeline().values())) == (61, 2)


def test_timeline_of_the_last_days() -> None:
    """A timeline may end with the last day that Python supports."""
    news = NewsCollection(titled(published_date_time=datetime(9999, 12, number, tzinfo=UTC)) for number in (30, 31))
    assert list(news.timeline().values()) == [1, 1]
    assert list(news.timeline("month").values()) == list(news.timeline("week").values()) == [2]
    assert news.timeline("year") == {date(9999, 1, 1): 2}
    with pytest.raises(ValueError, match="every must be one of 'day', 'week', 'month', 'year', not 'hour'"):
        news.timeline("hour")  # type: ignore[arg-type]


class Vector(float):
    """A number like those of numpy, which compares itself with a list element by element."""

    def __eq__(self, other: object) -> Any:
        """Refuse to compare with a list."""
        if isinstance(other, list):
            raise ValueError("the truth value of an empty array is ambiguous")
        return super().__eq__(other)

    __hash__ = float.__hash__


def test_numbers_of_other_libraries() -> None:
    """A function may return a number of another library. NaN comes last, whatever its class."""
    news = NewsCollection([titled("a", heat=3), titled("b"), titled("c", heat=1)])
    by_heat = news.sort(lambda one: Vector("nan" if one.heat is None else one.heat))
    assert titles(by_heat) == ["c", "a", "b"]


def test_missing_values_of_other_libraries() -> None:
    """NaN, NaT and NA of any library come last, and are in no group."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed: pip install 'newsitem[engines]'")
    pandas = pytest.importorskip("pandas", reason="pandas is not installed: pip install 'newsitem[engines]'")
    missing = [(numpy.float32("nan"), numpy.float32), (pandas.NaT, pandas.Timestamp), (pandas.NA, int)]
    missing += [(Decimal("nan"), Decimal), (numpy.datetime64("NaT", "D"), lambda number: numpy.datetime64(number, "D"))]
    news = NewsCollection([titled("a", heat=3), titled("b"), titled("c", heat=1), titled("d", heat=2)])
    for nothing, kind in missing:

        def value(one: NewsItem, nothing: Any = nothing, kind: Any = kind) -> Any:
            return nothing if one.heat is None else kind(one.heat)

        assert titles(news.sort(value)) == ["c", "d", "a", "b"]
        assert titles(news.top(3, by=value)) == ["a", "d", "c"]
        assert [titles(group) for group in news.group_by(value).values()] == [["a"], ["c"], ["d"]]
        assert len(news.count_by(lambda one: [value(one)])) == 3


def test_period_that_is_not_text() -> None:
    """A period of another type is refused like an unknown one."""
    with pytest.raises(ValueError, match=r"every must be one of 'day', 'week', 'month', 'year', not \['day'\]"):
        NewsCollection().timeline(["day"])  # type: ignore[arg-type]
