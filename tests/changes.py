"""Changes of small items, and the text that they produce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from small_items import HEAD, read_with

import newsitem

Change = Callable[[newsitem.NewsItem], Any]


def edited(lines: str, change: Change) -> str:
    """Return the lines after the required keys, as written after a change."""
    item = read_with(lines)
    change(item)
    text = newsitem.dumps(item)
    assert newsitem.loads(text) == item
    return text.removeprefix(f"---\n{HEAD}").removesuffix("---\n\n")


def extras(**values: Any) -> Change:
    """Return a change that sets unknown keys."""
    return lambda item: item.extras.update(values)


def several(*changes: Change) -> Change:
    """Return a change that makes several changes."""
    return lambda item: [change(item) for change in changes]
