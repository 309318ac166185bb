"""The types of the public API, checked by the type checker and not run."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any, assert_type

import newsitem


def items(path: Path, binary: io.BytesIO, text: io.StringIO) -> None:
    """Reading and writing."""
    item = assert_type(newsitem.load(path), newsitem.NewsItem)
    newsitem.load("name.md")
    newsitem.load(binary)
    newsitem.load(text)
    assert_type(newsitem.loads(b"", name="x"), newsitem.NewsItem)
    assert_type(newsitem.dumps(item), str)
    assert_type(newsitem.diff(item), str)
    newsitem.dump(item)
    newsitem.dump(item, path)
    newsitem.dump(item, binary)
    newsitem.dump(item, text)
    newsitem.load(5)  # type: ignore[arg-type]


def attributes(item: newsitem.NewsItem) -> None:
    """Attributes and what they hold."""
    assert_type(item.title, str)
    assert_type(item.heat, int | None)
    assert_type(item.published_date_time, datetime)
    assert_type(item.provider, newsitem.Provider)
    assert_type(item.provider.images, list[newsitem.Image])
    assert_type(item.related[0].provider, newsitem.Provider | None)
    assert_type(item.related[0].images[0].width, int | None)
    assert_type(item.secured, newsitem.Secured | None)
    assert_type(item.extras, dict[str, Any])
    assert_type(item.path, Path | None)
    assert_type(item.filename, str)
    item.heat = "114"  # type: ignore[assignment]
    item.topics.append(5)  # type: ignore[arg-type]
    item.tittle = "x"  # type: ignore[attr-defined]
    newsitem.Provider()  # type: ignore[call-arg]
    newsitem.Image(url=5)  # type: ignore[arg-type]


def data(item: newsitem.NewsItem) -> None:
    """Data, JSON and errors."""
    assert_type(newsitem.to_dict(item), dict[str, Any])
    assert_type(newsitem.from_dict({}, body=""), newsitem.NewsItem)
    assert_type(newsitem.to_json(item, indent=None), str)
    assert_type(newsitem.from_json("{}"), newsitem.NewsItem)
    assert_type(newsitem.json_schema(), dict[str, Any])
    error = newsitem.ParseError([newsitem.Problem("message", line=1, column=2)])
    assert_type(error.problems, tuple[newsitem.Problem, ...])
    assert_type(error.problems[0].line, int | None)
    assert_type(error.path, str | None)
