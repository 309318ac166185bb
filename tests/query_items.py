"""Items for tests of queries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newsitem import NewsCollection, NewsItem, Provider, RelatedItem


def titled(title: str = "T", **values: Any) -> NewsItem:
    """Return an item with a title, the other required values, and more values."""
    values.setdefault("published_date_time", datetime(2020, 6, 24, 12, tzinfo=UTC))
    return NewsItem(title=title, provider=values.pop("provider", Provider(name="P", domain="p.example")), **values)


def titles(news: NewsCollection) -> list[str]:
    """Return the titles of the items."""
    return [one.title for one in news]


def related(url: str, domain: str | None = "r.example") -> RelatedItem:
    """Return a related item."""
    return RelatedItem(title="R", web_url=url, provider=None if domain is None else Provider(name="R", domain=domain))


def with_wrong_entries(values: dict[str, Any]) -> NewsItem:
    """Return an item with a path, after appending a wrong value to some of its lists."""
    one = titled(path="folder/broken.md", topics=["A"], related=[related("https://r.example")])
    for name, value in values.items():
        getattr(one, name).append(value)
    return one
