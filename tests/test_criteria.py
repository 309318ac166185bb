"""Criteria of `filter` and `exclude`."""

from __future__ import annotations

import inspect
import math
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from query_items import related, titled, titles
from samples import EXAMPLES
from small_items import new_item

import newsitem
from newsitem import NewsCollection, Provider, RelatedItem
from newsitem._query.criteria import _CRITERIA

OUT_OF_RANGE = [
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
]


def test_none_and_empty_criteria() -> None:
    """A criterion that is None selects every item; an empty list selects none."""
    news = NewsCollection.read(EXAMPLES[0].parent)
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
        ("2020-06-24t12:00:00z", None, "bc"),
        ("2020-06-24 14:00:00 +0200", None, "bc"),
        ("2020-06-24T12:00", None, "bc"),
        ("2020-06-24", "2020-06-24", ""),
        ("2020-06", "2020-07", "abc"),
        ("2020", "2021", "abc"),
        ("2021", None, ""),
    ],
)
def test_since_and_until(since: Any, until: Any, selected: str) -> None:
    """Every form of an instant is accepted; `since` is inclusive and `until` is exclusive."""
    hours = {"a": 11, "b": 12, "c": 13}
    news = NewsCollection(
        titled(title, published_date_time=datetime(2020, 6, 24, hour, tzinfo=UTC)) for title, hour in hours.items()
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
    """A text search covers title and excerpt, and ignores case, accents, white space and the form of quotes."""
    one = titled('São Lucas: Ørsted’s "Łódź" Straße in İstanbul', excerpt="The Excerpt 각 が x‑ray 1—2–3 „quoted“ it´s")
    assert len(NewsCollection([one]).filter(text=search)) == found


@pytest.mark.parametrize(
    ("criteria", "error", "message"),
    [
        ({"topic": 5}, TypeError, "topic must be text or an iterable of text, not 5"),
        ({"domain": [b"x"]}, TypeError, "domain must be text"),
        ({"published": "yes"}, TypeError, "published must be True or False, not 'yes'"),
        ({"has_images": 1}, TypeError, "has_images must be True or False"),
        ({"min_heat": "100"}, TypeError, "min_heat must be a number, not '100'"),
        ({"min_heat": math.nan}, ValueError, "min_heat must be a number, not NaN"),
        ({"max_quality": -math.nan}, ValueError, "max_quality must be a number, not NaN"),
        ({"since": 2020}, TypeError, "since must be a datetime, a date or ISO text, not 2020"),
        ({"until": "soon"}, ValueError, "until must be a date or time such as 2020-06.*, not 'soon'"),
        ({"since": "2020-13"}, ValueError, "since must be"),
        ({"where": "heat > 5"}, TypeError, "where must be a function, not the text 'heat > 5'"),
        ({"text": None, "topics": "AI"}, TypeError, "topics"),
    ],
)
def test_wrong_criteria(criteria: Any, error: type[Exception], message: str) -> None:
    """A criterion of the wrong type, or that no value can meet, is refused by name, even for an empty collection."""
    with pytest.raises(error, match=message):
        NewsCollection().filter(**criteria)


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
    """An unknown criterion is refused with a suggestion, whatever its value."""
    message = re.escape(f"{method}() got an unexpected keyword argument {wrong!r}: {hint}")
    for value in ("AI", None):
        with pytest.raises(TypeError, match=message):
            getattr(NewsCollection([titled()]), method)(**{wrong: value})


def test_criteria_are_parameters() -> None:
    """All methods with criteria have the same parameters in their signatures, and each is implemented."""
    shown = [inspect.signature(method) for method in (NewsCollection.filter, NewsCollection.exclude)]
    assert shown[0] == shown[1]
    assert list(shown[0].parameters) == ["self", *newsitem.Criteria.__annotations__]
    assert set(newsitem.Criteria.__annotations__) == {*_CRITERIA, "where"}


def test_exclude() -> None:
    """`exclude` selects the items that `filter` does not, in order, including those without a value."""
    news = NewsCollection.read(EXAMPLES[0].parent) + NewsCollection([titled(heat=5), titled(), titled()])
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


def test_domains_with_and_without_www() -> None:
    """Domains match with and without `www`, regardless of case."""
    provider = Provider(name="R", domain="www.R.example")
    others = [related("https://r.example/1", "r.EXAMPLE"), related("https://r.example/2", None)]
    others.append(RelatedItem(title="R", provider=Provider(name="No domain")))
    one = titled(provider=provider, related=others)
    news = NewsCollection([one, titled("other"), titled("none", provider=Provider(name="No domain"))])
    for domain in ("r.example", "www.r.example", "R.Example"):
        assert news.filter(domain=domain) == NewsCollection([one])
        assert len(news.mentions(domain)) == 1
    assert news.filter(domain="example") == NewsCollection()


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("moment", OUT_OF_RANGE)
def test_instants_out_of_range(name: str, moment: Any) -> None:
    """An instant that is out of range in UTC is refused, as text and as a datetime."""
    with pytest.raises(ValueError, match=f"{name} must be within the years 1 to 9999 in UTC"):
        NewsCollection([new_item()]).filter(**{name: moment})


def test_text_of_a_class_with_another_excerpt() -> None:
    """A search for text ignores an excerpt that is not text."""

    @newsitem.model
    class Scored(newsitem.FrontMatter):
        title: str = newsitem.key()
        excerpt: int | None = newsitem.key(default=None)

    news = NewsCollection([Scored(title="Moon", excerpt=1), Scored(title="Sun")])
    assert news.filter(text="moon") == news[:1]


def test_criteria_that_cannot_be_hashed() -> None:
    """An object in place of its name is refused like other values that are not text."""
    news = NewsCollection.read(EXAMPLES[0].parent)
    for value in (Provider(name="P"), [["P"]]):
        with pytest.raises(TypeError, match="provider must be text or an iterable of text"):
            news.filter(provider=value)  # type: ignore[arg-type]
