"""Small items: the required keys, and the lines or values that a test adds to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import newsitem

WHEN = datetime(2020, 6, 24, 22, 10, tzinfo=UTC)
HEAD = "title: T\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: P\n"
"""The required keys of a news item."""


def new_item(**values: Any) -> newsitem.NewsItem:
    """Return an item with the required values and others."""
    return newsitem.NewsItem(
        **{"title": "T", "published_date_time": WHEN, "provider": newsitem.Provider(name="P"), **values}
    )


def text_with(lines: str) -> str:
    """Return the text of an item with the required keys, followed by other lines."""
    return f"---\n{HEAD}{lines}---\n\n"


def read_with(lines: str) -> newsitem.NewsItem:
    """Read an item with the required keys, followed by other lines."""
    return newsitem.loads(text_with(lines))
