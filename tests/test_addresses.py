"""URLs: which are the same, and which items they connect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_items import related, titled, titles

import newsitem
from newsitem import FrontMatter, NewsCollection, Provider, RelatedItem, key, model
from newsitem._query.addresses import canonical, connected, finder


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/a/b?x=1&y=2",
        "//www.example.com/a/b?x=1&y=2",
        "www.example.com/a/b?x=1&y=2",
        " https://EXAMPLE.com:443/a/b/?y=2&x=1\n",
        "https://www.example.com/a/b//?x=1&utm_source=n&y=2&fbclid=z&UTM_Medium=m#part",
        "http://example.com:80/a/b?&x=1&&y=2&gclid",
    ],
)
def test_equivalent_addresses(other: str) -> None:
    """Scheme, www, default port, final slashes, fragment, order and tracking parameters are ignored."""
    url = "https://www.example.com/a/b?x=1&y=2"
    assert canonical(other) == canonical(url) == "example.com/a/b?x=1&y=2"
    assert finder(url)([other])
    assert finder(other)([url])


@pytest.mark.parametrize(
    "other",
    [
        "https://example.com/a/c?x=1",
        "https://example.com/A/b?x=1",
        "https://example.com/a/b?x=2",
        "https://example.com/a/b?x=1&id=2",
        "https://example.com/a/b",
        "https://example.com:8080/a/b?x=1",
        "https://amp.example.com/a/b?x=1",
        "https://example.com/a%2Fb?x=1",
        "https://example.org/a/b?x=1",
        "",
    ],
)
def test_different_addresses(other: str) -> None:
    """Addresses with another host, port, path, case in the path, or parameter differ."""
    url = "https://example.com/a/b?x=1"
    assert canonical(other) != canonical(url)
    assert not finder(url)([other])
    assert not finder(other)([url])


def test_percent_encoding() -> None:
    """Percent-encoded letters equal the letters, and bytes that are not UTF-8 stay different."""
    assert canonical("https://example.com/caf%C3%A9/%d7%90-x") == canonical("https://example.com/café/א-x")
    assert finder("https://example.com/caf%C3%A9-noir")(["https://example.com/café-noir"])
    assert canonical("https://example.com/?q=caf%c3%a9") == canonical("https://example.com/?q=café")
    assert canonical("https://example.com/%FF") != canonical("https://example.com/%FE")


@given(st.text(alphabet=st.sampled_from("ahtps:/?#&=%.wé41utm_ \n@[]"), max_size=40))
def test_any_text(text: str) -> None:
    """Any text with a non-empty address finds itself, and the scheme does not matter."""
    assert finder(text)([text]) == (canonical(text) != "")
    assert canonical(f"http://h{text}") == canonical(f"//www.h{text}") == canonical(f"h{text}") or "//" in text


@given(st.lists(st.sets(st.integers(0, 12), max_size=3), max_size=14))
def test_connected_groups(marks: list[set[int]]) -> None:
    """The groups are those of a naive algorithm that joins any two groups with a common mark."""
    groups = [({place}, set(own)) for place, own in enumerate(marks)]
    joined = True
    while joined:
        joined = False
        for one in groups:
            for other in groups:
                if one is not other and one[1] & other[1]:
                    one[0].update(other[0])
                    one[1].update(other[1])
                    groups.remove(other)
                    joined = True
                    break
            if joined:
                break
    assert connected(range(len(marks)), marks) == sorted(sorted(group) for group, _ in groups)


def test_find_returns_own_addresses_first() -> None:
    """`find` returns the items with the URL first, and then the items with a related item that has it."""
    carries = titled("carries", related=[related("https://x.example/1")])
    amp = titled("amp", amp_web_url="https://x.example/1")
    cdn = titled("cdn", related=[RelatedItem(title="R", cdn_amp_web_url="http://www.x.example/1/")])
    news = NewsCollection([carries, amp, titled("other", web_url="https://x.example/12"), cdn])
    assert titles(news.find("x.example/1")) == ["amp", "carries", "cdn"]
    assert titles(news.find("https://x.example/2")) == titles(news.find("")) == []


def test_find_requires_text() -> None:
    """`find` refuses a value that is not text, such as the missing URL of an item."""
    with pytest.raises(TypeError, match="url must be text, not None"):
        NewsCollection().find(None)  # type: ignore[arg-type]


def test_stories() -> None:
    """Items are in one story if a third item, or a shared related item, connects them."""
    a = titled("a", web_url="https://a.example/")
    b = titled("b", web_url="https://b.example/", related=[related("http://a.example")])
    c = titled("c", related=[related("https://b.example"), related("https://z.example/1")])
    d, e = titled("d", related=[related("https://z.example/1?utm_source=x")]), titled("e")
    other = titled("other", web_url="https://a.example/other")
    stories = NewsCollection([e, d, other, c, b, a, titled("e2")]).stories()
    assert [titles(story) for story in stories] == [["d", "c", "b", "a"], ["e"], ["other"], ["e2"]]


def test_duplicates_share_own_addresses() -> None:
    """Items that share only a related item are not duplicates, and neither are items without a URL."""
    shared = related("https://z.example/1")
    a, b = titled("a", original_url="https://a.example/1", related=[shared]), titled("b", related=[shared])
    c = titled("c", web_url="http://www.a.example/1/#top", amp_web_url="https://amp.a.example/1")
    d = titled("d", web_url="https://amp.a.example/1?fbclid=1")
    news = NewsCollection([a, b, c, d])
    assert [titles(group) for group in news.duplicates()] == [["a", "c", "d"]]
    assert titles(news.unique()) == ["a", "b"]
    assert titles(NewsCollection([titled("x"), titled("y"), titled("x")]).unique("title")) == ["x", "y"]
    assert titles(news.unique(lambda one: one.web_url)) == ["a", "b", "c", "d"]


def test_urls_that_are_not_addresses() -> None:
    """If an own class has ``url`` or a URL key of `NewsItem`, its other URLs are not those of its items."""

    @model
    class Post(FrontMatter):
        url: str | None = None
        web_url: str | None = key("page_url", default=None)
        author_url: str | None = None

    @model
    class Page(FrontMatter):
        link: str | None = key("webUrl", default=None)
        author_url: str | None = None

    pages = NewsCollection(
        [Page(link=f"https://x.example/{place}", author_url="https://x.example/ana") for place in "ab"]
    )
    assert pages.duplicates() == []

    posts = NewsCollection([Post(author_url="https://x.example/ana", web_url="https://x.example/1")])
    posts += NewsCollection([Post(author_url="https://x.example/ana", url=url) for url in (None, "//x.example/1")])
    assert [len(group) for group in posts.duplicates()] == [2]
    assert list(posts.unique()) == [posts[0], posts[1]]


def test_empty_addresses_connect_nothing() -> None:
    """Items whose URLs are `#` or other empty addresses are not duplicates, and not a story."""
    urls = ["https://", "#", "/", "?utm_source=rss", "  ", "#top"]
    news = NewsCollection(titled(url, web_url=url, related=[related("#")]) for url in urls)
    assert (news.duplicates(), news.unique(), len(news.stories()), news.find("#")) == ([], news, 6, NewsCollection())


def test_mentions_need_a_provider() -> None:
    """A related item without a provider is not a mention, and the domain must be text."""
    one = titled(related=[related("https://r.example/1"), related("https://r.example/2", None)])
    assert NewsCollection([one]).mentions("r.example") == [newsitem.Mention(one.related[0], one)]
    with pytest.raises(TypeError, match="domain must be text"):
        NewsCollection([one]).mentions(5)  # type: ignore[arg-type]


@model
class Linked(FrontMatter):
    """A class whose related items are only URLs."""

    provider: Provider | None = None
    related: list[str] = key(factory=list)


@model
class Followed(FrontMatter):
    """A class with one related item."""

    provider: Provider | None = None
    related: RelatedItem | None = None


@pytest.mark.parametrize("cls", [Linked, Followed])
def test_mentions_need_related_items(cls: type[FrontMatter]) -> None:
    """Related items that are not a list of objects cannot mention an outlet."""
    with pytest.raises(ValueError, match=f"mentions.. needs a list of objects as related, which {cls.__name__}"):
        NewsCollection([cls()]).mentions("r.example")
