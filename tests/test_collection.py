"""Collections: edge cases, wrong arguments, saving, and what is shown."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from samples import EXAMPLES, ROOT

import newsitem
from newsitem import Image, NewsCollection, NewsItem, Provider, RelatedItem, Secured
from newsitem._query.criteria import _CRITERIA
from newsitem._query.sort_keys import SortKey, names_of
from newsitem._schema.text import folded

SAMPLES = ROOT / "examples" / "news"


def item(title: str = "T", **values: Any) -> NewsItem:
    """Make an item."""
    values.setdefault("published_date_time", datetime(2020, 6, 24, 12, tzinfo=UTC))
    return NewsItem(title=title, provider=values.pop("provider", Provider(name="P", domain="p.example")), **values)


def titles(news: NewsCollection) -> list[str]:
    """Give the titles of the items."""
    return [one.title for one in news]


# A sequence


def test_is_a_sequence() -> None:
    """A collection has a length, places, slices, membership, order, equality, and can be added to another."""
    a, b, c = item("a"), item("b"), item("c")
    news = NewsCollection([a, b, c])
    assert (len(news), news[0], news[-1], list(reversed(news))) == (3, a, c, [c, b, a])
    assert news[0] is a
    assert news[1:] == NewsCollection([b, c])
    assert type(news[::2]) is NewsCollection
    assert item("b") in news
    assert "b" not in news  # type: ignore[comparison-overlap]
    assert (news.index(c), news.count(item("a"))) == (2, 1)
    assert titles(news[:1] + news[2:]) == ["a", "c"]
    assert news != NewsCollection([c, b, a])
    assert news != [a, b, c]
    assert sum([news[:1], news[1:]], NewsCollection()) == news


def test_does_not_change() -> None:
    """A collection cannot be changed, nor be the key of a dict, and keeps what it was given."""
    given_items = [item()]
    news = NewsCollection(given_items)
    given_items.append(item())
    assert len(news) == 1
    with pytest.raises(TypeError):
        news[0] = item()  # type: ignore[index]
    with pytest.raises(TypeError, match="unhashable"):
        hash(news)
    with pytest.raises(TypeError):
        news + [item()]  # type: ignore[operator]  # noqa: RUF005


def test_copies_and_pickles() -> None:
    """A collection that went through copy or pickle is equal, its errors too, and its items still round-trip."""
    news = NewsCollection.read(SAMPLES)
    for twin in (copy.copy(news), copy.deepcopy(news), pickle.loads(pickle.dumps(news))):
        assert twin == news
        assert twin.changed() == NewsCollection()


def test_holds_items_only() -> None:
    """Something else than items is refused by its type."""
    with pytest.raises(TypeError, match="can only contain items, not str"):
        NewsCollection("text")  # type: ignore[type-var]


def test_errors_stay_with_selections(tmp_path: Path) -> None:
    """What is selected, ordered and added keeps the errors of reading, each once; groups do not."""
    (tmp_path / "bad.md").write_text("no front matter")
    (tmp_path / "good.md").write_bytes(EXAMPLES[0].read_bytes())
    news = NewsCollection.read(tmp_path, on_error="collect")
    assert len(news.errors) == 1
    for selected in (news.filter(min_heat=0), news.sort("heat"), news[:0], news.unique(), news + news, news.latest(1)):
        assert selected.errors == news.errors
    assert [group.errors for group in news.group_by("type").values()] == [()]


# Empty, and without values


def test_empty() -> None:
    """Every method works on no items."""
    news = NewsCollection()
    assert [
        news.filter(topic="x", text="y"),
        news.sort("-heat"),
        news.latest(3),
        news.top(3),
        news.find("https://x"),
    ] == [news] * 5
    assert (news.group_by("topic"), news.count_by("tag"), news.timeline("month")) == ({}, Counter(), {})
    assert (news.stories(), news.duplicates(), news.unique(), news.mentions("x")) == ([], [], news, [])
    assert (news.changed(), news.diff()) == (news, "")
    assert news.save() == newsitem.SaveReport((), (), (), ())
    assert repr(news) == "<NewsCollection: 0 items>"
    assert news._repr_html_() == '<p class="tex2jax_ignore mathjax_ignore">NewsCollection: 0 items</p>'
    assert news.describe()["heat"] == newsitem.FieldSummary("heat", 0, 0)
    assert repr(news.describe()).startswith("0 items\n")


def test_missing_values_match_nothing() -> None:
    """An item without a value meets no criterion about it, is in no group, and comes last in either direction."""
    bare, full = (
        item("bare", category=None),
        item("full", heat=1, quality=2, type="video", topics=["A"], published=False),
    )
    news = NewsCollection([bare, full])
    for criterion in (
        {"min_heat": -9},
        {"min_quality": -9},
        {"type": ["video", ""]},
        {"category": "news"},
        {"topic": "A"},
    ):
        assert titles(news.filter(**criterion)) == ["full"]
    assert titles(news.filter(published=False)) == ["full"]
    assert titles(news.filter(removed=False)) == []
    assert news.count_by("heat") == {1: 1}
    assert list(news.group_by("topic")) == ["A"]
    for key in ("heat", "-heat", "type", "-type", "topics", "-topics", "topic"):
        assert titles(news.sort(key)) == ["full", "bare"]
    assert titles(news.sort(lambda one: one.heat)) == ["full", "bare"]
    assert titles(news.top(5)) == ["full", "bare"]
    no_domain = NewsCollection([item(provider=Provider(name="P"))])
    assert (no_domain.count_by("domain"), no_domain.filter(domain="p.example")) == (Counter(), NewsCollection())


# Select


def test_filter_none_is_no_criterion_and_an_empty_choice_matches_nothing() -> None:
    """A criterion that is None selects all; one of no texts selects none."""
    news = NewsCollection.read(SAMPLES)
    assert news.filter() == news.filter(topic=None, published=None) == news
    assert news.filter(topic=[]) == NewsCollection()


@pytest.mark.parametrize(
    ("since", "until", "selected"),
    [
        (datetime(2020, 6, 24, 12, tzinfo=UTC), None, "bc"),
        (datetime(2020, 6, 24, 12), None, "bc"),
        (datetime(2020, 6, 24, 14, tzinfo=timezone(timedelta(hours=2))), None, "bc"),
        (None, datetime(2020, 6, 24, 12, tzinfo=UTC), "a"),
        (date(2020, 6, 24), date(2020, 6, 25), "abc"),
        ("2020-06-24T12:00:00Z", "2020-06-24T12:00:01Z", "b"),
        ("2020-06-24 14:00:00 +0200", None, "bc"),
        ("2020-06-24T12:00", None, "bc"),
        ("2020-06-24", "2020-06-24", ""),
        ("2020-06", "2020-07", "abc"),
        ("2020", "2021", "abc"),
        ("2021", None, ""),
    ],
)
def test_since_and_until(since: Any, until: Any, selected: str) -> None:
    """An instant is taken in every form, and the span holds its beginning but not its end."""
    hours = {"a": 11, "b": 12, "c": 13}
    news = NewsCollection(
        item(title, published_date_time=datetime(2020, 6, 24, hour, tzinfo=UTC)) for title, hour in hours.items()
    )
    assert "".join(titles(news.filter(since=since, until=until))) == selected


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("sao lucas", True),
        ("SÃO LUCAS", True),
        ("Sa\u0303o Lucas", True),
        ("orsted's “lodz”", True),
        ('ØRSTED’S "łódź"', True),
        ("strasse  in\nistanbul", True),
        ("가", False),
        ("각", True),
        ("か", False),
        ("Istanbul The", False),
        ("x-ray 1-2-3", True),
        ('"quoted" it\'s', True),
        (["nothing", "excerpt"], True),
        ("", True),
        ([], False),
    ],
)
def test_text(search: Any, found: bool) -> None:
    """A search looks at title and excerpt, and not at case, accents, the form of quotes or of white space."""
    one = item('São Lucas: Ørsted’s "Łódź" Straße in İstanbul', excerpt="The Excerpt 각 が x‑ray 1—2–3 „quoted“ it´s")
    assert len(NewsCollection([one]).filter(text=search)) == found


def test_text_of_thousands_of_marks() -> None:
    """Marks in a row, of which Unicode's normal forms take the square of the time, do not stop a search."""
    one = item("a" + "\u05b0\u05bc" * 150_000 + "z")
    assert len(NewsCollection([one]).filter(text="z")) == 1
    assert one.filename == Path("2020-06-24-az.md")


@example("\ua7f8")
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded stays as it is, and so finds itself in a text that holds it."""
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("criteria", "error", "message"),
    [
        ({"topic": 5}, TypeError, "topic must be text or an iterable of text, not 5"),
        ({"domain": [b"x"]}, TypeError, "domain must be text"),
        ({"published": "yes"}, TypeError, "published must be True or False, not 'yes'"),
        ({"has_images": 1}, TypeError, "has_images must be True or False"),
        ({"min_heat": "100"}, TypeError, "min_heat must be a number, not '100'"),
        ({"since": 2020}, TypeError, "since must be a datetime, a date or ISO text, not 2020"),
        ({"until": "soon"}, ValueError, "until must be a date or time such as 2020-06.*, not 'soon'"),
        ({"since": "2020-13"}, ValueError, "since must be"),
        ({"where": "heat > 5"}, TypeError, "where must be a function that takes an item"),
        ({"text": None, "topics": "AI"}, TypeError, "topics"),
    ],
)
def test_filter_refuses(criteria: Any, error: type[Exception], message: str) -> None:
    """A criterion of a wrong type is refused by name, on no items too."""
    with pytest.raises(error, match=message):
        NewsCollection().filter(**criteria)


# Order, group, count


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("topics", "did you mean 'topic'?"),
        ("heat", "did you mean 'min_heat' or 'max_heat'?"),
        ("minHeat", "did you mean 'min_heat'?"),
        ("date", "did you mean 'since' or 'until'?"),
        ("year", "did you mean 'since' or 'until'?"),
        ("images", "did you mean 'has_images'?"),
        ("title", "did you mean 'text'?"),
        ("outlet", "did you mean 'provider'?"),
        ("domian", "did you mean 'domain'?"),
        ("where_", "did you mean 'where'?"),
        ("xyz", "expected one of topic, tag, provider, domain, type,"),
    ],
)
@pytest.mark.parametrize("method", ["filter", "exclude"])
def test_unknown_criteria(method: str, wrong: str, hint: str) -> None:
    """A criterion that there is not is refused with those that were meant, whatever its value."""
    message = re.escape(f"{method}() got an unexpected keyword argument {wrong!r}: {hint}")
    for value in ("AI", None):
        with pytest.raises(TypeError, match=message):
            getattr(NewsCollection([item()]), method)(**{wrong: value})


def test_criteria_are_parameters() -> None:
    """Help and completion see each criterion; what takes criteria takes the same, and all are applied."""
    shown = [inspect.signature(method) for method in (NewsCollection.filter, NewsCollection.exclude)]
    assert shown[0] == shown[1]
    assert list(shown[0].parameters) == ["self", *newsitem.Criteria.__annotations__]
    assert set(newsitem.Criteria.__annotations__) == {*_CRITERIA, "where"}


def test_exclude() -> None:
    """What is excluded and what is selected are all items, each once, in their order; those without a value stay."""
    news = NewsCollection.read(SAMPLES) + NewsCollection([item(heat=5), item(), item()])
    cases: tuple[newsitem.Criteria, ...] = (
        {"topic": "AI"},
        {"provider": ["Ledgerlight", "P"]},
        {"max_heat": 100},
        {"min_heat": 100, "max_heat": 300},
        {"max_quality": 80.5, "published": True},
        {"removed": False},
        {"where": lambda one: one.heat},
        {"text": []},
        {},
    )
    for criteria in cases:
        selected, rest = news.filter(**criteria), news.exclude(**criteria)
        assert [one for one in news if any(one is other for other in selected)] == list(selected)
        assert [one for one in news if not any(one is other for other in selected)] == list(rest)
    assert len(news.exclude(min_heat=0).filter(where=lambda one: one.heat is None)) == 4
    assert NewsCollection(errors=[newsitem.ParseError([newsitem.Problem("x")])]).exclude().errors != ()
    with pytest.raises(TypeError, match="published must be True or False, not 'yes'"):
        news.exclude(published="yes")  # type: ignore[arg-type]


def test_sort_is_stable_and_goes_by_each_key() -> None:
    """Equal items stay in their order, in descending order too."""
    news = NewsCollection([item("a", heat=1), item("b", heat=2), item("c", heat=1), item("d"), item("e", heat=2)])
    assert titles(news.sort("heat")) == ["a", "c", "b", "e", "d"]
    assert titles(news.sort("-heat")) == ["b", "e", "a", "c", "d"]
    assert titles(news.sort("-heat", "-title")) == ["e", "b", "c", "a", "d"]
    assert news.sort() == news
    assert titles(news.top(2, by=lambda one: one.title)) == ["e", "d"]
    assert (titles(news.latest(0)), titles(news.top(9)[5:])) == ([], [])


@pytest.mark.parametrize("method", ["top", "latest"])
def test_how_many(method: str) -> None:
    """How many items are taken is an integer that is not negative."""
    with pytest.raises(ValueError, match="n must be at least 0, not -1"):
        getattr(NewsCollection(), method)(-1)
    with pytest.raises(TypeError, match="n must be an integer, not '5'"):
        getattr(NewsCollection(), method)("5")


def test_every_name_is_a_key() -> None:
    """Every name that types allow sorts, and the types allow every name; what has an order has it by all."""
    news = NewsCollection.read(SAMPLES)
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
    """A name that is no key is refused with the one that is like it, or with all; so is what is no name."""
    call = getattr(NewsCollection([item()]), method)
    with pytest.raises(ValueError, match=r"no key 'domian': did you mean 'domain'\?"):
        call("domian")
    with pytest.raises(ValueError, match="no key 'images': expected one of topic, tag,"):
        call("images")
    for wrong, hint in {
        "date": "did you mean 'day' or 'published_date_time'",
        "publishedDateTime": "did you mean 'published_date_time'",
        "webUrl": "did you mean 'web_url'",
        "link_url": "did you mean 'original_url' or 'web_url' or 'amp_web_url'",
    }.items():
        with pytest.raises(ValueError, match=re.escape(f"no key {wrong!r}: {hint}?")):
            call(wrong)
    with pytest.raises(TypeError, match="a key must be a name or a function that takes an item, not 5"):
        call(5)
    with pytest.raises(ValueError, match=r"no key '-?-heat': did you mean"):
        call("--heat")


def test_values_without_an_order() -> None:
    """Values that cannot be compared are refused, with the key; an error of the user's own function is not hidden."""
    news = NewsCollection([item("a"), item("b")])
    with pytest.raises(TypeError, match=r"cannot sort items by <function .*: '<' not supported"):
        news.sort(lambda one: one.provider)
    with pytest.raises(ZeroDivisionError):
        news.sort(lambda _: 1 / 0)


def test_a_key_that_ends_early_loses_nothing() -> None:
    """A function that raises StopIteration, as ``next`` does, does not end the items."""
    news = NewsCollection([item("a", topics=["A"]), item("b")])

    def first_topic(one: NewsItem) -> str:
        return next(iter(one.topics))

    for method in (news.sort, news.count_by, news.group_by, news.unique):
        with pytest.raises((StopIteration, RuntimeError)):
            method(first_topic)


def test_instants_of_one_zone() -> None:
    """In the hour that a zone has twice, order, counts and spans go by the instant, and not by what clocks show."""
    berlin = ZoneInfo("Europe/Berlin")
    first = item("first", published_date_time=datetime(2020, 10, 25, 2, 45, tzinfo=berlin))
    second = item("second", published_date_time=datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=berlin))
    again = item("again", published_date_time=datetime(2020, 10, 25, 1, 30, tzinfo=UTC))
    news = NewsCollection([second, first, again])
    assert titles(news.sort("published_date_time")) == ["first", "second", "again"]
    assert titles(news.latest(1)) == ["second"]
    assert news.count_by("published_date_time")[datetime(2020, 10, 25, 1, 30, tzinfo=UTC)] == 2
    assert titles(news.filter(since=datetime(2020, 10, 25, 2, 40, tzinfo=berlin))) == ["second", "first", "again"]
    assert titles(news.filter(until=datetime(2020, 10, 25, 2, 40, tzinfo=berlin))) == []
    description = news.describe()["published_date_time"]
    assert (description.minimum, description.distinct) == (datetime(2020, 10, 25, 0, 45, tzinfo=UTC), 2)
    assert "2020-10-25 00:45 to 2020-10-25 01:30" in repr(news.describe())


def test_groups() -> None:
    """An item is once in the group of each of its values, also where a function gives them as a list."""
    news = NewsCollection([item("a", topics=["X", "Y", "X"]), item("b", topics=["Y"]), item("c")])
    assert {topic: titles(group) for topic, group in news.group_by("topic").items()} == {"X": ["a"], "Y": ["a", "b"]}
    assert news.count_by(lambda one: one.topics or None) == {"X": 1, "Y": 2}
    assert news.count_by(lambda one: [None, *one.topics]) == {"X": 1, "Y": 2}
    assert news.count_by(lambda one: one.title > "a") == {False: 1, True: 2}
    assert news.count_by("published_date_time") == {datetime(2020, 6, 24, 12, tzinfo=UTC): 3}
    with pytest.raises(TypeError, match="unhashable"):
        news.group_by(lambda one: one.provider)


def test_days_are_those_of_utc() -> None:
    """An instant in another zone counts for its day in UTC; weeks begin on Mondays."""
    late = datetime(2019, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    news = NewsCollection([item(published_date_time=late), item(published_date_time=late + timedelta(days=60))])
    assert news.count_by("day") == {date(2020, 1, 1): 1, date(2020, 3, 1): 1}
    assert news.count_by("month") == {date(2020, 1, 1): 1, date(2020, 3, 1): 1}
    assert news.count_by("week") == {date(2019, 12, 30): 1, date(2020, 2, 24): 1}
    assert news.timeline("month") == {date(2020, 1, 1): 1, date(2020, 2, 1): 0, date(2020, 3, 1): 1}
    assert list(news.timeline("week").items())[:2] == [(date(2019, 12, 30), 1), (date(2020, 1, 6), 0)]
    assert news.timeline("year") == {date(2020, 1, 1): 2}
    assert (len(news.timeline()), sum(news.timeline().values())) == (61, 2)


def test_timeline_at_the_ends_of_time() -> None:
    """The last days that there are have a timeline too."""
    news = NewsCollection(item(published_date_time=datetime(9999, 12, number, tzinfo=UTC)) for number in (30, 31))
    assert list(news.timeline().values()) == [1, 1]
    assert list(news.timeline("month").values()) == list(news.timeline("week").values()) == [2]
    assert news.timeline("year") == {date(9999, 1, 1): 2}
    with pytest.raises(ValueError, match="every must be one of 'day', 'week', 'month', 'year', not 'hour'"):
        news.timeline("hour")  # type: ignore[arg-type]


# Connect


def related(url: str, domain: str | None = "r.example") -> RelatedItem:
    """Make a related item."""
    return RelatedItem(title="R", web_url=url, provider=None if domain is None else Provider(name="R", domain=domain))


def test_find_gives_own_addresses_first() -> None:
    """Items come first whose own address it is, and then those that carry it as that of a related item."""
    carries = item("carries", related=[related("https://x.example/1")])
    amp = item("amp", amp_web_url="https://x.example/1")
    cdn = item("cdn", related=[RelatedItem(title="R", cdn_amp_web_url="http://www.x.example/1/")])
    news = NewsCollection([carries, amp, item("other", web_url="https://x.example/12"), cdn])
    assert titles(news.find("x.example/1")) == ["amp", "carries", "cdn"]
    assert titles(news.find("https://x.example/2")) == titles(news.find("")) == []


def test_stories_connect_through_others() -> None:
    """Items are one story where a third one, or a related item that both carry, connects them."""
    a = item("a", web_url="https://a.example/")
    b = item("b", web_url="https://b.example/", related=[related("http://a.example")])
    c = item("c", related=[related("https://b.example"), related("https://z.example/1")])
    d, e = item("d", related=[related("https://z.example/1?utm_source=x")]), item("e")
    other = item("other", web_url="https://a.example/other")
    stories = NewsCollection([e, d, other, c, b, a, item("e2")]).stories()
    assert [titles(story) for story in stories] == [["d", "c", "b", "a"], ["e"], ["other"], ["e2"]]


def test_duplicates_by_their_own_addresses_only() -> None:
    """Items that only share a related item are no duplicates; those without an address are not either."""
    shared = related("https://z.example/1")
    a, b = item("a", original_url="https://a.example/1", related=[shared]), item("b", related=[shared])
    c = item("c", web_url="http://www.a.example/1/#top", amp_web_url="https://amp.a.example/1")
    d = item("d", web_url="https://amp.a.example/1?fbclid=1")
    news = NewsCollection([a, b, c, d])
    assert [titles(group) for group in news.duplicates()] == [["a", "c", "d"]]
    assert titles(news.unique()) == ["a", "b"]
    assert titles(NewsCollection([item("x"), item("y"), item("x")]).unique("title")) == ["x", "y"]
    assert titles(news.unique(lambda one: one.web_url)) == ["a", "b", "c", "d"]


def test_what_is_no_address_connects_nothing() -> None:
    """Items with ``#`` and the like in place of an address are no duplicates, and no story."""
    urls = ["https://", "#", "/", "?utm_source=rss", "  ", "#top"]
    news = NewsCollection(item(url, web_url=url, related=[related("#")]) for url in urls)
    assert (news.duplicates(), news.unique(), len(news.stories()), news.find("#")) == ([], news, 6, NewsCollection())


def test_mentions() -> None:
    """A related item without a provider mentions nobody."""
    one = item(related=[related("https://r.example/1"), related("https://r.example/2", None)])
    assert NewsCollection([one]).mentions("r.example") == [newsitem.Mention(one.related[0], one)]
    with pytest.raises(TypeError, match="domain must be text"):
        NewsCollection([one]).mentions(5)  # type: ignore[arg-type]


def test_domains_with_and_without_www() -> None:
    """A domain is that of an outlet with www before it and without, in upper and lower case."""
    provider = Provider(name="R", domain="www.R.example")
    others = [related("https://r.example/1", "r.EXAMPLE"), related("https://r.example/2", None)]
    others.append(RelatedItem(title="R", provider=Provider(name="No domain")))
    one = item(provider=provider, related=others)
    news = NewsCollection([one, item("other"), item("none", provider=Provider(name="No domain"))])
    for domain in ("r.example", "www.r.example", "R.Example"):
        assert news.filter(domain=domain) == NewsCollection([one])
        assert len(news.mentions(domain)) == 1
    assert news.filter(domain="example") == NewsCollection()


# What was put into lists, which are checked when an item is written


def broken(values: dict[str, Any]) -> NewsItem:
    """Make an item with a path, and put things into its lists that must not be there."""
    one = item(path="folder/broken.md", topics=["A"], related=[related("https://r.example")])
    for name, value in values.items():
        getattr(one, name).append(value)
    return one


@pytest.mark.parametrize("wrong", [["a"], None, 5, "https://x.example", {}])
def test_what_is_shown_of_wrong_values(wrong: Any) -> None:
    """An item with something wrong in its lists can be looked at, alone and in a collection."""
    one = broken({"topics": wrong, "tags": wrong, "images": wrong, "related": wrong})
    one.extras[5] = wrong  # type: ignore[index]
    assert str(wrong) in Tags(one._repr_html_()).text
    news = NewsCollection([item("good"), one])
    assert "A (1)" in repr(news)
    assert "A" in Tags(news._repr_html_()).text


def test_queries_over_wrong_values() -> None:
    """A query that cannot do with such a value says where it is; one that can goes on."""
    news = NewsCollection([item("good"), broken({"topics": ["a"]})])
    queries: list[Callable[[], object]] = [lambda: news.count_by("topic"), lambda: news.group_by("topic"), news.diff]
    for query in queries:
        with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: topics\[1\]: must be text"):
            query()
    with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: topics\[1\]"):
        news.duplicates("topic")
    assert news.describe()["topics"].distinct is None
    news = NewsCollection([broken({"related": "text"})])
    queries = [lambda: news.find("https://x.example"), news.stories, lambda: news.mentions("x.example")]
    for query in queries:
        with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: related\[1\]"):
            query()
    assert len(news.filter(topic="A").sort("-heat")) == 1


def test_find_takes_text() -> None:
    """An address that is none, such as that of an item without one, is refused."""
    with pytest.raises(TypeError, match="url must be text, not None"):
        NewsCollection().find(None)  # type: ignore[arg-type]


def test_an_error_on_set_names_the_file(folder: Path) -> None:
    """Setting a wrong value on an item that was read says which item it is."""
    news = NewsCollection.read(folder)
    with pytest.raises(newsitem.ValidationError, match=r"0\.md: heat: must be an integer"):
        news[0].heat = "5"  # type: ignore[assignment]


# Edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: 0.md, 1.md and 2.md."""
    for number, path in enumerate(EXAMPLES[:3]):
        (tmp_path / f"{number}.md").write_bytes(path.read_bytes())
    return tmp_path


def test_save_goes_on_after_failures(folder: Path) -> None:
    """A conflict and an item that is not valid are in the report with their paths, and the rest is written."""
    news = NewsCollection.read(folder) + NewsCollection([item("no path")])
    for one in news:
        one.heat = 4711
    (folder / "0.md").write_bytes(b"changed by somebody")
    news[1].topics.append(5)  # type: ignore[arg-type]
    assert news.changed() == news
    dry, report = news.save(dry_run=True), news.save()
    for found in (dry, report):
        assert [one.path for one in found.written] == [folder / "2.md"]
        assert [error.path for error in found.conflicts] == [str(folder / "0.md")]
        assert [error.path for error in found.errors] == [str(folder / "1.md"), None]
        assert not found.ok
        assert not found
        assert not isinstance(found, tuple)
    assert (dry.dry_run, report.dry_run) == (True, False)
    assert repr(report) == "<SaveReport: 1 written, 0 unchanged, 1 conflict, 2 errors>"
    assert repr(dry).startswith("<SaveReport: 1 to write, ")
    assert str(report).splitlines()[0] == "SaveReport: 1 written, 0 unchanged, 1 conflict, 2 errors"
    assert "the file has changed since it was read" in str(report)
    assert "topics[" in str(report)
    assert "or set item.path, for example to item.filename" in str(report)
    assert (folder / "0.md").read_bytes() == b"changed by somebody"
    assert newsitem.load(folder / "2.md").heat == 4711


def test_a_report_in_a_notebook(folder: Path) -> None:
    """A report is a table of what went wrong, below the numbers; of many problems it shows the first."""
    news = NewsCollection.read(folder)
    assert news.save()._repr_html_() == (
        '<p class="tex2jax_ignore mathjax_ignore">SaveReport: 0 written, 3 unchanged, 0 conflicts, 0 errors</p>'
    )
    for one in news:
        one.heat = 4711
    news[0].topics.extend([5] * 30)  # type: ignore[list-item]
    (folder / "1.md").write_bytes(b"<b>")
    page = news.save()._repr_html_()
    Tags(page)
    assert "SaveReport: 1 written, 0 unchanged, 1 conflict, 1 error</p><table" in page
    assert f'conflict</td><td style="text-align: left">{folder}/1.md: the file has changed' in page
    assert page.count("must be text, not the integer 5") == 19
    assert "… and 11 more" in page


def test_saving_again_finishes_the_rest(folder: Path) -> None:
    """What could not be written is tried again, and what was written is not."""
    news = NewsCollection.read(folder)
    old = (folder / "1.md").read_bytes()
    for one in news:
        one.heat = 4711
    (folder / "1.md").write_bytes(b"")
    assert len(news.save().written) == 2
    (folder / "1.md").write_bytes(old)
    report = news.save()
    assert ([one.path for one in report.written], len(report.unchanged)) == ([folder / "1.md"], 2)


def test_dry_run_writes_nothing(folder: Path) -> None:
    """A dry run leaves every file as it was."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    assert len(news.save(dry_run=True).written) == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert len(news.changed()) == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_reports_what_the_system_refuses(folder: Path, dry_run: bool) -> None:
    """A folder that is gone is an error with the path and the words of the system, in a dry run too."""
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    news[0].path = folder / "gone" / "0.md"
    report = news.save(dry_run=dry_run)
    assert [str(error) for error in report.errors] == [f"{folder}/gone/0.md: No such file or directory"]
    assert isinstance(report.errors[0].__cause__, FileNotFoundError)


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_an_item_that_is_here_twice(folder: Path, dry_run: bool) -> None:
    """An item that is in a collection twice is written and compared once."""
    news = NewsCollection.read(folder)
    news[0].heat = 4711
    assert (news + news).diff() == news.diff()
    report = (news + news).save(dry_run=dry_run)
    assert (len(report.written), len(report.unchanged), report.ok) == (1, 2, True)


@pytest.mark.parametrize("dry_run", [True, False])
def test_save_two_items_of_one_file(folder: Path, dry_run: bool) -> None:
    """Of two items that are read from one file, by a link too, one is written, and the other is a conflict."""
    (folder / "link.md").symlink_to(folder / "0.md")
    news = NewsCollection.read(folder)
    news = NewsCollection([news[0], copy.copy(news[0]), news[3]])
    for number, one in enumerate(news):
        one.heat = 4711 + number
    report = news.save(dry_run=dry_run)
    assert [one.path for one in report.written] == [folder / "0.md"]
    assert [error.path for error in report.conflicts] == [str(folder / "0.md"), str(folder / "link.md")]
    assert all("another item in the collection was written to this file" in str(error) for error in report.conflicts)
    assert newsitem.load(folder / "0.md").heat == (312 if dry_run else 4711)


def test_save_and_diff_of_the_unchanged(folder: Path) -> None:
    """What was not edited is not written, even where its file is gone, and has no diff."""
    news = NewsCollection.read(folder)
    for path in folder.iterdir():
        path.unlink()
    assert len(news.save().unchanged) == 3
    assert news.diff() == ""
    assert list(folder.iterdir()) == []


def test_diff_is_of_all_items(folder: Path) -> None:
    """A diff names each file that would change, and an error in it the file."""
    news = NewsCollection.read(folder)
    news[0].heat = news[2].heat = 4711
    assert re.findall(r"^\+\+\+ .*/(\d\.md)$", news.diff(), re.MULTILINE) == ["0.md", "2.md"]
    assert news.diff().count("+heat: 4711\n") == 2
    news[1].topics.append(5)  # type: ignore[arg-type]
    news[2].tags.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"(?s)2 problems.*1\.md: topics\[.*2\.md: tags\["):
        news.diff()


# Write


def test_write(tmp_path: Path) -> None:
    """New items are written under their names, get their paths, and can be edited and saved from there."""
    news = NewsCollection([item("One thing"), item("Another thing")])
    written = news.write(tmp_path / "new" / "folder")
    assert [path.name for path in written] == ["2020-06-24-one-thing.md", "2020-06-24-another-thing.md"]
    assert [one.path for one in news] == written
    assert NewsCollection.read(tmp_path) == news.sort("filename")
    assert news.write(str(tmp_path / "new" / "folder")) == written
    news[0].heat = 5
    with pytest.raises(
        newsitem.ConflictError, match=r"one-thing\.md: the item has been edited since .*: save it instead"
    ):
        news.write(tmp_path / "new" / "folder")
    assert [one.path for one in news.save().written] == written[:1]


def test_write_keeps_the_paths_of_items_that_have_one(tmp_path: Path) -> None:
    """Writing items that were read elsewhere makes copies."""
    news = NewsCollection.read(SAMPLES)[:2]
    written = news.write(tmp_path)
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in EXAMPLES[:2]]
    assert [one.path for one in news] == EXAMPLES[:2]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes, which Windows and WebAssembly do not have")
def test_write_overwrites_nothing(tmp_path: Path) -> None:
    """Taken names, by files or by other items, and what is not valid are one error, and nothing is written."""
    (tmp_path / "2020-06-24-taken.md").write_text("mine")
    (tmp_path / "2020-06-24-folder.md").mkdir()
    (tmp_path / "2020-06-24-broken.md").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "2020-06-24-pipe.md")
    free, twins = item("Free"), [item("Twin"), item("twin!"), item("Twin")]
    with pytest.raises(newsitem.ConflictError) as caught:
        NewsCollection([free, item("Taken"), *twins, item("Folder"), item("Broken"), item("Pipe")]).write(tmp_path)
    assert [problem.path for problem in caught.value.problems] == [
        str(tmp_path / "2020-06-24-taken.md"),
        str(tmp_path / "2020-06-24-twin.md"),
        str(tmp_path / "2020-06-24-folder.md"),
        str(tmp_path / "2020-06-24-broken.md"),
        str(tmp_path / "2020-06-24-pipe.md"),
    ]
    assert "a file with this name already exists" in str(caught.value)
    assert "have the same filename" in str(caught.value)
    free.topics.append(5)  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match=r"free\.md: topics\[0\]"):
        NewsCollection([free, item("Other")]).write(tmp_path)
    with pytest.raises(newsitem.NewsItemError, match="2 problems") as mixed:
        NewsCollection([free, item("Taken")]).write(tmp_path)
    assert type(mixed.value) is newsitem.NewsItemError
    assert len(list(tmp_path.iterdir())) == 4
    with pytest.raises(NotADirectoryError):
        NewsCollection([item("x")]).write(tmp_path / "2020-06-24-taken.md" / "below")
    assert (tmp_path / "2020-06-24-taken.md").read_text() == "mine"
    assert free.path is None


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="needs a file that cannot be read, by root neither")
def test_write_keeps_the_cause(tmp_path: Path) -> None:
    """An error of the system while a taken name is compared is the cause of what is raised."""
    (tmp_path / "2020-06-24-taken.md").symlink_to("/proc/self/mem")
    with pytest.raises(newsitem.NewsItemError, match=r"2020-06-24-taken\.md") as caught:
        NewsCollection([item("Taken")]).write(tmp_path)
    assert isinstance(caught.value.__cause__, OSError)


def test_write_notices_a_file_that_came_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that comes after the names were looked at is not overwritten either."""
    news = NewsCollection([item("One")])
    monkeypatch.setattr("newsitem._storage.batch._failures", lambda named: named[0][1].write_text("mine") and ())
    with pytest.raises(newsitem.ConflictError):
        news.write(tmp_path)
    assert (tmp_path / "2020-06-24-one.md").read_text() == "mine"
    assert news[0].path is None


# Look


def test_repr() -> None:
    """A collection shows its size, its days and its topics, and files that were not read."""
    news = NewsCollection([item(topics=["A", "B"]), item(topics=["B"])], errors=[newsitem.NewsItemError([])])
    assert repr(news) == "<NewsCollection: 2 items, 2020-06-24 to 2020-06-24, B (2), A (1), 1 not read>"


class Tags(HTMLParser):
    """Collects what a page holds, and holds that what is opened is closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names = Counter[str]()
        self.links: list[str | None] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.names[tag] += 1
        self.links += [value for name, value in attributes if name == "href"]
        assert {name for name, _ in attributes} <= {"href", "rel", "target", "style", "class"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:  # noqa: D102
        self.text += data


def test_html_is_escaped_and_loads_nothing() -> None:
    """Text that looks like HTML is shown as text, only web addresses are links, and no picture is loaded."""
    nasty = '<script>alert("x")</script> & \'<img src=x>'
    one = item(
        nasty,
        excerpt=nasty,
        web_url="javascript:alert(1)",
        original_url='https://x.example/"><script>',
        featured_content="<iframe>",
        provider=Provider(name=nasty, domain=nasty, images=[Image(url="https://x.example/logo.png")]),
        topics=[nasty],
        tags=[nasty],
        images=[Image(url="https://x.example/1.png", title=nasty), Image(url="data:image/png;base64,AA")],
        related=[RelatedItem(title=nasty, web_url="https://x.example/r"), RelatedItem(title="no address")],
        secured=Secured("c2VjcmV0;" * 5),
        published=True,
    )
    one.extras["<b>"] = {"<i>": nasty}
    usual = {"table", "thead", "tbody", "tr", "th", "td", "a", "p", "br"}
    for page in (one._repr_html_(), NewsCollection([one])._repr_html_()):
        tags = Tags(page)
        assert set(tags.names) <= usual
        assert all((link or "").startswith("https://x.example/") for link in tags.links)
        assert nasty in tags.text
        assert "c2VjcmV0" not in page
    assert "45 characters" in one._repr_html_()
    assert "https://x.example/logo.png" in Tags(one._repr_html_()).links


def test_html_is_small() -> None:
    """A table shows the first items and how many more there are; a long text is cut."""
    news = NewsCollection(item(str(number), web_url="https://x.example/") for number in range(1_025))
    html = news._repr_html_()
    assert 'nowrap">2020-06-24' in html, "a date stays on one line"
    assert 'nowrap"><a' not in html, "a headline does not"
    tags = Tags(html)
    assert tags.names["tr"] == 21
    assert "… and 1,005 more" in tags.text
    long = item("x" * 10_000, excerpt="y" * 10_000, related=[related("https://x.example")] * 1_000)
    assert len(long._repr_html_()) < 5_000
    assert "… and 990 more" in long._repr_html_()


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, "0 (0%)"),
        (0, 9, "0 (0%)"),
        (1, 8_075, "1 (<1%)"),
        (40, 8_075, "40 (<1%)"),
        (41, 8_075, "41 (1%)"),
        (4_000, 8_000, "4,000 (50%)"),
        (8_034, 8_075, "8,034 (99%)"),
        (8_035, 8_075, "8,035 (99%)"),
        (8_074, 8_075, "8,074 (99%)"),
        (8_075, 8_075, "8,075 (100%)"),
    ],
)
def test_shares_are_not_rounded_to_all_or_nothing(part: int, whole: int, shown: str) -> None:
    """Only what all have is 100 %, and only what none has is 0 %."""
    description = newsitem.Description(whole, [newsitem.FieldSummary("heat", part)])
    assert " ".join(repr(description).splitlines()[-1].split()) == f"heat {shown}"
    assert f"{shown}</td>" in description._repr_html_().replace("&lt;", "<")


def test_description_prints_as_a_table() -> None:
    """A description is a mapping, and prints in columns, on one line for each field, in HTML too."""
    one, other = item("a" * 50, heat=5, topics=["A"]), item("a" * 50, heat=7, topics=["A", "B"])
    one.extras |= {"length": 5, "na\nme": [1], "deep": {"x": 1}}
    description = NewsCollection([one, other]).describe()
    assert (len(description), description.item_count, list(description)[-1]) == (25, 2, "extras.deep")
    assert (description["extras.length"].present, description["extras.length"].distinct) == (1, 1)
    assert description["extras.deep"].distinct is None
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in repr(description).splitlines()}
    assert lines["heat"] == "heat 2 (100%) 2 5 to 7"
    assert lines["topics"] == "topics 2 (100%) 2 1 to 2 A (2)"
    assert lines["published_date_time"].endswith("2020-06-24 12:00 to 2020-06-24 12:00 2020-06-24 12:00 (2)")
    assert f"{'a' * 27}… (2)" in lines["title"]
    assert r"extras.na\nme" in lines
    assert Tags(description._repr_html_()).names["tr"] == 26
