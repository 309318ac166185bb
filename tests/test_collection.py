"""Collections: a sequence of items, empty collections, missing and wrong values, and the errors of users' functions."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from query_items import titled, titles, with_wrong_entries
from samples import EXAMPLES
from small_items import new_item

import newsitem
from newsitem import NewsCollection, NewsItem, Provider


def test_is_a_sequence() -> None:
    """Collections support length, indexing, slicing, membership, iteration, equality and addition."""
    a, b, c = titled("a"), titled("b"), titled("c")
    news = NewsCollection([a, b, c])
    assert (len(news), news[0], news[-1], list(reversed(news))) == (3, a, c, [c, b, a])
    assert news[0] is a
    assert news[1:] == NewsCollection([b, c])
    assert type(news[::2]) is NewsCollection
    assert titled("b") in news
    assert "b" not in news  # type: ignore[comparison-overlap]
    assert (news.index(c), news.count(titled("a"))) == (2, 1)
    assert titles(news[:1] + news[2:]) == ["a", "c"]
    assert news != NewsCollection([c, b, a])
    assert news != [a, b, c]
    assert sum([news[:1], news[1:]], NewsCollection()) == news


def test_is_immutable() -> None:
    """A collection cannot be changed or hashed, and does not follow changes of the list it was made from."""
    given_items = [titled()]
    news = NewsCollection(given_items)
    given_items.append(titled())
    assert len(news) == 1
    with pytest.raises(TypeError):
        news[0] = titled()  # type: ignore[index]
    with pytest.raises(TypeError, match="unhashable"):
        hash(news)
    with pytest.raises(TypeError):
        news + [titled()]  # type: ignore[operator]  # noqa: RUF005


def test_copies_and_pickles() -> None:
    """Copies and pickles of a collection equal it, and their items still round-trip."""
    news = NewsCollection.read(EXAMPLES[0].parent)
    for twin in (copy.copy(news), copy.deepcopy(news), pickle.loads(pickle.dumps(news))):
        assert twin == news
        assert twin.changed() == NewsCollection()


def test_only_items() -> None:
    """A collection refuses anything but items, and the message names the type."""
    with pytest.raises(TypeError, match="can only contain items, not str"):
        NewsCollection("text")  # type: ignore[type-var]


def test_selections_keep_the_errors(tmp_path: Path) -> None:
    """Selections, sorted collections and sums keep the errors of reading, each once; groups do not."""
    (tmp_path / "bad.md").write_text("no front matter")
    (tmp_path / "good.md").write_bytes(EXAMPLES[0].read_bytes())
    news = NewsCollection.read(tmp_path, on_error="collect")
    assert len(news.errors) == 1
    for selected in (news.filter(min_heat=0), news.sort("heat"), news[:0], news.unique(), news + news, news.latest(1)):
        assert selected.errors == news.errors
    assert [group.errors for group in news.group_by("type").values()] == [()]


def test_empty_collection() -> None:
    """Every method works on an empty collection."""
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


def test_repr() -> None:
    """The repr shows the number of items, their days and topics, and the number of files that were not read."""
    news = NewsCollection([titled(topics=["A", "B"]), titled(topics=["B"])], errors=[newsitem.NewsItemError([])])
    assert repr(news) == "<NewsCollection: 2 items, 2020-06-24 to 2020-06-24, B (2), A (1), 1 not read>"


def test_missing_values() -> None:
    """An item without a value matches no criterion about it, is in no group, and is sorted last."""
    bare, full = (
        titled("bare", category=None),
        titled("full", heat=1, quality=2, type="video", topics=["A"], published=False),
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
    no_domain = NewsCollection([titled(provider=Provider(name="P"))])
    assert (no_domain.count_by("domain"), no_domain.filter(domain="p.example")) == (Counter(), NewsCollection())


@pytest.mark.parametrize("method", ["top", "latest"])
def test_wrong_numbers_of_items(method: str) -> None:
    """`top` and `latest` refuse negative numbers, and values that are not integers."""
    with pytest.raises(ValueError, match="n must be at least 0, not -1"):
        getattr(NewsCollection(), method)(-1)
    with pytest.raises(TypeError, match="n must be an integer, not '5'"):
        getattr(NewsCollection(), method)("5")


def test_stop_iteration_in_a_key_function() -> None:
    """A key function that raises StopIteration does not silently end the items."""
    news = NewsCollection([titled("a", topics=["A"]), titled("b")])

    def first_topic(one: NewsItem) -> str:
        return next(iter(one.topics))

    for method in (news.sort, news.count_by, news.group_by, news.unique):
        with pytest.raises((StopIteration, RuntimeError)):
            method(first_topic)


def test_queries_of_wrong_values() -> None:
    """A query names the wrong value that it cannot use, and ignores values that it does not need."""
    news = NewsCollection([titled("good"), with_wrong_entries({"topics": ["a"]})])
    queries: list[Callable[[], object]] = [lambda: news.count_by("topic"), lambda: news.group_by("topic"), news.diff]
    for query in queries:
        with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: topics\[1\]: must be text"):
            query()
    with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: topics\[1\]"):
        news.duplicates("topic")
    assert news.describe()["topics"].distinct is None
    news = NewsCollection([with_wrong_entries({"related": "text"})])
    queries = [lambda: news.find("https://x.example"), news.stories, lambda: news.mentions("x.example")]
    for query in queries:
        with pytest.raises(newsitem.ValidationError, match=r"^folder/broken\.md: related\[1\]"):
            query()
    assert len(news.filter(topic="A").sort("-heat")) == 1


@pytest.mark.parametrize("error", [TypeError, AttributeError, StopIteration, KeyError])
def test_errors_of_user_functions(error: type[Exception]) -> None:
    """Exceptions of a user's function are raised as is, even if an item contains wrong values."""
    mine = error("mine")

    def failing(_: NewsItem) -> Any:
        raise mine

    wrong = new_item()
    wrong.topics.append(5)  # type: ignore[arg-type]
    news = NewsCollection([new_item(), wrong])
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


def test_sequence_methods_that_polars_uses() -> None:
    """`reversed`, `index` and `count` work, as Polars requires of a table."""
    news = NewsCollection.read(EXAMPLES[0].parent)
    assert next(reversed(news)) is news[-1]
    assert news.index(news[3]) == 3
    assert news.count(news[3]) == 1
