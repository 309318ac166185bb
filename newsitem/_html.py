"""Objects as HTML for notebooks: all text escaped, addresses as links, pictures never loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from newsitem._schema import Key, Style, entries

if TYPE_CHECKING:
    from newsitem.model import NewsItem

_MAXIMUM_TEXT: Final = 300
_MAXIMUM_ROWS: Final = 20
_LEFT: Final = ' style="text-align: left"'
_PLAIN: Final = ' class="tex2jax_ignore mathjax_ignore"'
"""Keeps a notebook from taking what stands between two dollars for a formula."""


def card(thing: object) -> str:
    """Give an object of the model as a table: a row for each key that is set."""
    return _table((), ([_text(name), _value(value, key)] for name, value, key in entries(thing)))


def listing(items: Sequence[NewsItem], summary: str) -> str:
    """Give the first items of many as a table, below what sums all up."""
    columns = ("published", "heat", "provider", "title", "topics")
    table = _table(columns, map(_row, items[:_MAXIMUM_ROWS]))
    left = len(items) - _MAXIMUM_ROWS
    more = f"<p>… and {left:,} more</p>" if left > 0 else ""
    return f"<p>{_text(summary)}</p>{table if items else ''}{more}"


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Give plain data as a table."""
    return _table(columns, ([_text(str(cell)) for cell in row] for row in rows))


def _row(item: NewsItem) -> list[str]:
    when = f"{item.published_date_time.astimezone(UTC):%Y-%m-%d %H:%M}"
    title = _link(item.web_url or item.original_url or "", item.title)
    heat = "" if item.heat is None else str(item.heat)
    return [when, heat, _text(item.provider.name), title, _text(", ".join(item.topics))]


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th{_LEFT}>{_text(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td{_LEFT}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table{_PLAIN}>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _value(value: Any, key: Key) -> str:
    if key.style is Style.SECURED:
        return f"{len(value):,} characters"
    if key.style is Style.OBJECT:
        return card(value)
    if key.style is Style.OBJECTS:
        return "<br>".join(_brief(one) for one in value)
    if key.style is Style.TEXTS:
        return _text(", ".join(value))
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return _link(value, value) if key.name.lower().endswith("url") else _text(str(value))


def _brief(thing: Any) -> str:
    """Give an object that stands in a list as one line: an image by its address, a related item by its headline."""
    url = getattr(thing, "url", None) or getattr(thing, "web_url", None) or ""
    return _link(url, thing.title or url)


def _link(url: str, text: str) -> str:
    if not url.lower().startswith(("https://", "http://")):  # another scheme may run something
        return _text(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{_text(text)}</a>'


def _text(text: str) -> str:
    return escape(text if len(text) <= _MAXIMUM_TEXT else text[:_MAXIMUM_TEXT] + "…")
