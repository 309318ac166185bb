"""Queries over items of users' classes: which attributes they need, and how they find them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from types import GenericAlias
from typing import Any

import pytest
from people import Account, Person, kind_of, made
from small_items import WHEN

from newsitem import NewsCollection, Provider, Secured, key


def test_queries_over_a_users_class(two_kinds: Path) -> None:
    """Attributes are sort and group keys; a query that needs a missing attribute is refused by name."""
    people = NewsCollection.read(two_kinds, cls=Person, on_error="collect")
    assert [one.name for one in people.sort("-name")] == ["Bo", "Ana"]
    assert people.count_by("born") == {date(1990, 5, 6): 1}
    assert people.count_by("initial") == {"A": 1, "B": 1}
    assert list(people.group_by("topic")) == ["AI"]
    assert people.timeline("year") == {date(1990, 1, 1): 1}
    assert [one.name for one in people.latest(1)] == ["Bo"]
    assert [one.name for one in people.filter(since="1990-05-06", until=date(1991, 1, 1))] == ["Bo"]
    assert [one.name for one in people.filter(topic="AI")] == ["Bo"]
    assert [one.name for one in people.exclude(has_images=True)] == ["Ana", "Bo"]
    assert "1990-05-06 to 1990-05-06, AI (1), 1 not read" in repr(people)
    assert people.describe()["rating"].maximum == 4.0
    assert "bo.md" in people._repr_html_()
    for query, message in {
        "filter(min_heat=1)": "filter(min_heat=…) needs the attribute heat, which Person does not have",
        "exclude(provider='P')": "exclude(provider=…) needs the attribute provider.name, which Person does not have",
        "sort('heat')": "cannot sort or group by 'heat' in Person",
        "find('x')": "find() needs a key with a URL",
        "duplicates()": "comparing URLs needs a key with a URL",
        "stories()": "stories() needs a key with a URL",
        "mentions('x')": "mentions() needs the attribute related, which Person does not have",
    }.items():
        with pytest.raises(ValueError, match=r"which Person does not have|cannot sort|needs a key") as error:
            eval(f"people.{query}")
        assert message in str(error.value)
    undated = NewsCollection([made("Rated", score=int)(score=9)])
    for method in (undated.timeline, lambda: undated.latest(1), lambda: undated.filter(since="2020")):
        with pytest.raises(ValueError, match="needs a datetime or a date, which Rated does not have"):
            method()
    assert repr(undated) == "<NewsCollection: 1 item>"


def test_queries_over_several_classes(two_kinds: Path) -> None:
    """Items of several classes can be queried by common attributes; a summary has the attributes of each."""
    both: NewsCollection[Any] = NewsCollection.read(two_kinds, cls=kind_of)
    assert [type(one).__name__ for one in both.filter(topic="AI")] == ["NewsItem", "Person"]
    assert both.count_by("topic") == {"AI": 2}
    assert [one.path.name for one in both.sort("day")] == ["bo.md", "2020-06-24-t.md", "ana.md"]
    assert both.describe()["topics"].present == 2
    assert both.describe()["name"].present == 2
    assert both.describe()["heat"].maximum == 3
    assert both.diff() == ""
    assert both.save(dry_run=True).ok


def test_criteria_need_the_types_of_news_items() -> None:
    """A criterion is refused if the attribute has another type than in news items."""
    cls = made(topics=(str | None, None), heat=(str | None, None), provider=(str | None, None))
    items = NewsCollection([cls(topics="AI", heat="3", provider="P")])
    with pytest.raises(ValueError, match=r"filter\(topic=…\) needs topics to be a list of text, but in"):
        items.filter(topic="A")
    with pytest.raises(ValueError, match="needs heat to be a number"):
        items.filter(min_heat=3)
    with pytest.raises(ValueError, match=r"needs the attribute provider\.name"):
        items.filter(provider="P")
    assert items.count_by("heat") == {"3": 1}
    assert items.count_by("provider") == {"P": 1}


def test_optional_provider() -> None:
    """Queries by outlet leave out items without a provider."""
    cls = made(provider=(Provider | None, None), related_url=(str | None, None))
    items = NewsCollection(
        [cls(), cls(provider=Provider(name="P", domain="p.example"), related_url="https://x.example")]
    )
    assert len(items.filter(provider="P")) == len(items.filter(domain="www.p.example")) == 1
    assert items.count_by("domain") == {"p.example": 1}
    assert len(items.find("x.example")) == 1
    assert len(items.stories()) == 2
    assert len(items.unique()) == 2


def test_views_of_unusual_classes() -> None:
    """HTML views, sorting and summaries work if names of news attributes have other types."""
    inner: Any = made("Inner", bases=(), title=str, provider=(str | None, None), url=(int | None, None))
    cls = made(
        n_url=(int | None, None), url=(Secured | None, None), inner=(GenericAlias(list, (inner,)), key(factory=list))
    )
    one = cls(n_url=5, url=Secured("SECRET"), inner=[inner(title="T", provider="P", url=3)])
    assert ">5<" in one._repr_html_()
    assert "SECRET" not in one._repr_html_()
    several = made(provider=(list[Provider], key(factory=list)))
    with pytest.raises(ValueError, match="cannot sort or group by 'domain'"):
        NewsCollection([several()]).sort("domain")
    deep = made(outer=(made("Outer", bases=(), inner=(Account | None, None)) | None, None))
    assert NewsCollection([deep()]).describe()["outer.inner.username"].present == 0
    mixed: NewsCollection[Any] = NewsCollection(
        [made("A", day=(date | None, None))(), made("B", day=(datetime, key()))(day=WHEN)]
    )
    assert {"day of A", "day of B"} <= set(mixed.describe())
    assert [type(one).__name__ for one in mixed.latest(2)] == ["B", "A"]
