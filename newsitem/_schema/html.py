"""Render objects as HTML for notebooks: text escaped, URLs as links, images never loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from html import escape
from reprlib import Repr
from typing import Any, Final

from newsitem._schema.fields import entries, keys_by_attribute
from newsitem._schema.kinds import DATA, Kind, class_of
from newsitem._schema.values import describe
from newsitem._yaml.scalars import INTEGER_LIMIT

_OF_NEWS: Final = ("published_date_time", "heat", "provider", "title", "topics", "web_url", "original_url")
"""The attributes shown in a table of news items."""
_REQUIRED_OF_NEWS: Final = ("published_date_time", "provider", "title")
_MAXIMUM_TEXT: Final = 300
_MAXIMUM_ROWS: Final = 20
_MAXIMUM_LIST: Final = 10
_NUMBER: Final = re.compile(r"-?[\d,.]+(?: \((?:&lt;)?\d+%\))?")
"""A cell of a column that is aligned on the right: ``21`` or ``21 (100%)``."""
_ONE_LINE: Final = re.compile(r".{0,20}|\d{4}-.{0,40}")
"""A cell that is not broken into lines: a short one, a date, or a range of dates."""
_PLAIN: Final = ' class="tex2jax_ignore mathjax_ignore"'
"""Prevents a notebook from treating text between two dollar signs as a formula."""


def card(instance: object) -> str:
    """Return an object of the model as a table: a row for each key that is set, below the path of its file."""
    path = getattr(instance, "path", None)
    table = _table((), ([_text(name), _value(name, value, key)] for name, value, key in entries(instance)))
    return table if path is None else f"<p{_PLAIN}>{_text(path)}</p>{table}"


def listing(items: Sequence[Any], summary: str) -> str:
    """Return the first items as a table, below a summary of all items."""
    shown = items[:_MAXIMUM_ROWS]
    if all(map(_is_news, shown)):
        rows = _table(("date", "heat", "provider", "title", "topics", "path"), map(_row, shown))
    else:
        rows = table(("kind", "path", "item"), ((type(item).__name__, item.path or "", repr(item)) for item in shown))
    return _below_summary(summary, rows, len(items))


def report(summary: str, problems: Sequence[Sequence[object]]) -> str:
    """Return the first problems as a table, each with its kind, below a summary of all problems."""
    return _below_summary(summary, table((), problems[:_MAXIMUM_ROWS]), len(problems))


def _below_summary(summary: str, table: str, total: int) -> str:
    """Return a table of the first of *total* rows, below a summary of all rows."""
    left = total - _MAXIMUM_ROWS
    more = f"<p>… and {left:,} more</p>" if left > 0 else ""
    return f"<p{_PLAIN}>{_text(summary)}</p>{table if total else ''}{more}"


def table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return plain data as a table."""
    return _table(columns, (map(_text, row) for row in rows))


def _row(item: Any) -> list[str]:
    when = f"{item.published_date_time.astimezone(UTC):%Y-%m-%d %H:%M}"
    title = _link(item.web_url or item.original_url or "", item.title)
    heat = "" if item.heat is None else str(item.heat)
    topics = _text(", ".join(map(_plain_text, item.topics)))
    return [when, heat, _text(item.provider.name), title, topics, _text(item.path or "")]


def _is_news(item: object) -> bool:
    known = keys_by_attribute(type(item))
    return all(name in known for name in _OF_NEWS) and all(known[name].required for name in _REQUIRED_OF_NEWS)


def _table(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return cells as a table. Columns of numbers are aligned on the right, as in a data frame."""
    cells = [list(row) for row in rows]
    sides = ["right" if _are_numbers(column) else "left" for column in zip(*cells, strict=True)]
    heads = "".join(map(_head, columns, sides or ["left"] * len(columns)))
    body = "".join(f"<tr>{''.join(map(_cell, row, sides))}</tr>" for row in cells)
    return f"<table{_PLAIN}>{f'<thead><tr>{heads}</tr></thead>' if heads else ''}<tbody>{body}</tbody></table>"


def _head(name: str, side: str) -> str:
    return f'<th style="text-align: {side}">{_text(name)}</th>'


def _are_numbers(column: Iterable[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(map(_NUMBER.fullmatch, filled))


def _cell(cell: str, side: str) -> str:
    on_one_line = "; white-space: nowrap" if _ONE_LINE.fullmatch(cell) else ""
    return f'<td style="text-align: {side}{on_one_line}">{cell}</td>'


def _value(name: str, value: Any, kind: Kind) -> str:
    if kind is DATA:
        if isinstance(value, dict | list):  # cut to fit a cell, because it may contain itself
            value = _EXCERPT.repr(value)
        return _text("(not shown)" if name == "secured" else value)
    if kind.is_list:
        return _text(", ".join(map(_plain_text, value))) if class_of(kind) is None else _list(value)
    if class_of(kind) is not None:
        return card(value)
    is_url = name.lower().endswith("url") and isinstance(value, str)
    return _link(value, value) if is_url else _text(kind.shown(value))


def _plain_text(value: object) -> str:
    """Return a value as text. Python refuses to print integers with thousands of digits."""
    try:
        return str(value)
    except ValueError:
        return describe(value)


class _Secret:
    def __repr__(self) -> str:
        return "(not shown)"


class _Excerpt(Repr):
    """A representation of unknown data that fits a cell and hides the values of keys named ``secured``."""

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        """Show a mapping."""
        return super().repr_dict({name: _Secret() if name == "secured" else child for name, child in x.items()}, level)

    def repr_int(self, x: int, level: int) -> str:
        """Show an integer."""
        return super().repr_int(x, level) if abs(x) < INTEGER_LIMIT else describe(x)


_EXCERPT: Final = _Excerpt()
_EXCERPT.maxlevel, _EXCERPT.fillvalue = 4, "…"
_EXCERPT.maxlist = _EXCERPT.maxdict = _MAXIMUM_LIST
_EXCERPT.maxstring = _EXCERPT.maxother = _MAXIMUM_TEXT


def _list(values: list[Any]) -> str:
    left = [f"… and {len(values) - _MAXIMUM_LIST:,} more"] if len(values) > _MAXIMUM_LIST else []
    return "<br>".join([*map(_brief, values[:_MAXIMUM_LIST]), *left])


def _brief(instance: Any) -> str:
    """Return an object in a list as one line: the URL of an image, the headline of a related item."""
    urls = (getattr(instance, name, None) for name in ("url", "web_url"))
    url = next((value for value in urls if value and isinstance(value, str)), "")
    title = getattr(instance, "title", None) or url
    outlet = getattr(getattr(instance, "provider", None), "name", None)
    if not isinstance(title, str):  # not an object of the model; writing the item will refuse it
        return _text(instance)
    return _link(url, title) + ("" if outlet is None else f" ({_text(outlet)})")


def _link(url: str, text: str) -> str:
    if not url.lower().startswith(("https://", "http://")):  # other schemes may run code
        return _text(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{_text(text)}</a>'


def _text(value: object) -> str:
    text = _plain_text(value)
    return escape(text if len(text) <= _MAXIMUM_TEXT else text[:_MAXIMUM_TEXT] + "…")
