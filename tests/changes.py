"""Changes of small items, and the text that they produce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from small_items import HEAD, text_with

import newsitem

Change = Callable[[newsitem.NewsItem], Any]


def edited(lines: str, change: Change, *, line_end: str = "\n") -> str:
    """Return the lines after the required keys, as written after a change."""
    item = newsitem.loads(text_with(lines).replace("\n", line_end))
    change(item)
    text = newsitem.dumps(item)
    assert newsitem.loads(text) == item
    start, end = (part.replace("\n", line_end) for part in (f"---\n{HEAD}", "---\n\n"))
    assert text.startswith(start)
    assert text.endswith(end)
    return text.removeprefix(start).removesuffix(end)


def extras(**values: Any) -> Change:
    """Return a change that sets unknown keys."""
    return lambda item: item.extras.update(values)


def several(*changes: Change) -> Change:
    """Return a change that makes several changes."""
    return lambda item: [change(item) for change in changes]
