"""Types of the public API. The type checker checks this file; it is never run."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any, assert_type

import newsitem
import newsitem.arrow
import newsitem.dask


def items(path: Path, binary: io.BytesIO, text: io.StringIO) -> None:
    """Functions that read and write return the right types."""
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
    """Attributes have the types of their values, and wrong values and names are rejected."""
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
    assert_type(item.filename, Path)
    item.path = item.filename
    item.heat = "114"  # type: ignore[assignment]
    item.topics.append(5)  # type: ignore[arg-type]
    item.tittle = "x"  # type: ignore[attr-defined]
    newsitem.Provider()  # type: ignore[call-arg]
    newsitem.Image(url=5)  # type: ignore[arg-type]


def data(item: newsitem.NewsItem) -> None:
    """Conversions to and from data and JSON, and the attributes of errors, are typed."""
    assert_type(newsitem.to_dict(item), dict[str, Any])
    assert_type(newsitem.from_dict({}, body=""), newsitem.NewsItem)
    assert_type(newsitem.to_json(item, indent=None), str)
    assert_type(newsitem.from_json("{}"), newsitem.NewsItem)
    assert_type(newsitem.json_schema(), dict[str, Any])
    error = newsitem.ParseError([newsitem.Problem("message", line=1, column=2)])
    assert_type(error.problems, tuple[newsitem.Problem, ...])
    assert_type(error.problems[0].line, int | None)
    assert_type(error.path, str | None)


def outlets(item: newsitem.NewsItem) -> list[str]:
    """Return the names of the outlets of related items."""
    return [related.provider.name for related in item.related if related.provider]


def annotated(  # noqa: PLR0917
    source: newsitem.Source,
    sources: newsitem.Sources,
    on_error: newsitem.OnError,
    progress: newsitem.Progress,
    text: newsitem.TextKey,
    day: newsitem.DayKey,
    other: newsitem.OtherKey,
    key: newsitem.SortKey,
    texts: newsitem.Texts,
    moment: newsitem.Moment,
) -> newsitem.NewsCollection:
    """Users can annotate their own functions with the public types of arguments."""
    assert_type(newsitem.load(source), newsitem.NewsItem)
    assert_type(newsitem.__version__, str)
    news = newsitem.NewsCollection.read(sources, pattern=None, on_error=on_error, progress=progress)
    news.count_by(text)
    news.group_by(day)
    news.duplicates(other)
    news.timeline(day)
    return news.filter(topic=texts, since=moment).sort(key).top(5, by=text)


def collections(path: Path, key: str) -> None:
    """Methods of collections return the right types and reject wrong arguments."""
    news = assert_type(newsitem.NewsCollection.read(path, on_error="collect", progress=True), newsitem.NewsCollection)
    newsitem.NewsCollection.read([path, "name.md"], progress=lambda done, total: print(done / total))
    newsitem.NewsCollection.read(path, on_error="ignore")  # type: ignore[arg-type]
    for item in newsitem.NewsCollection.iter(path):
        assert_type(item, newsitem.NewsItem)
    assert_type(newsitem.NewsCollection.iter(path).errors, tuple[newsitem.NewsItemError, ...])
    assert_type(news.errors, tuple[newsitem.NewsItemError, ...])
    assert_type(news[0], newsitem.NewsItem)
    assert_type(news[1:], newsitem.NewsCollection)
    assert_type(news + news, newsitem.NewsCollection)
    assert_type(news.filter(topic={"AI"}, since=date(2020, 6, 1), min_heat=5), newsitem.NewsCollection)
    assert_type(news.exclude(provider=["P"], max_heat=5, max_quality=1.5), newsitem.NewsCollection)
    criteria: newsitem.Criteria = {"topic": "AI"}
    news.filter(**criteria).exclude(**criteria)
    news.filter(heat=5)  # type: ignore[call-arg]
    news.exclude(topics="AI")  # type: ignore[call-arg]
    news.exclude(published="yes")  # type: ignore[arg-type]
    news.filter(published="yes")  # type: ignore[arg-type]
    assert_type(news.sort("-heat", lambda item: len(item.title)).latest(5).top(3), newsitem.NewsCollection)
    news.sort(key, 5)  # type: ignore[arg-type]
    assert_type(news.group_by("topic"), dict[str, newsitem.NewsCollection])
    assert_type(news.group_by("day"), dict[date, newsitem.NewsCollection])
    assert_type(news.group_by(lambda item: item.heat), dict[int, newsitem.NewsCollection])
    assert_type(news.count_by("domain"), Counter[str])
    assert_type(news.count_by("month"), Counter[date])
    assert_type(news.count_by("year"), Counter[date])
    assert_type(news.group_by("filename"), dict[Any, newsitem.NewsCollection])
    assert_type(news.count_by("heat"), Counter[Any])
    assert_type(news.count_by(outlets), Counter[str])
    news.count_by(5)  # type: ignore[call-overload]
    assert_type(news.timeline("year"), dict[date, int])
    assert_type(news.find("https://x.example"), newsitem.NewsCollection)
    assert_type(news.duplicates("title"), list[newsitem.NewsCollection])
    assert_type(news.unique(), newsitem.NewsCollection)
    assert_type(news.stories(), list[newsitem.NewsCollection])
    assert_type(news.mentions("x.example")[0].related, newsitem.RelatedItem)
    assert_type(news.changed(), newsitem.NewsCollection)
    assert_type(news.save(dry_run=True), newsitem.SaveReport)
    assert_type(news.save().written, tuple[newsitem.NewsItem, ...])
    assert_type(bool(news.save()), bool)
    assert_type(news.write("folder", progress=True), list[Path])
    assert_type(news.describe()["heat"].present, int)
    assert_type(newsitem.arrow.from_table(news.to_arrow(["title"])), newsitem.NewsCollection)
    newsitem.arrow.to_table(news, columns=5)  # type: ignore[arg-type]
    assert_type(newsitem.dask.to_parquet(newsitem.dask.read_bag("s3://bucket/news"), "parquet").rows, int)
    newsitem.dask.read_bag("news", on_error="ignore")  # type: ignore[arg-type]
