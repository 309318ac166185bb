"""Queries over the samples and the folder in NEWSITEM_CORPUS, compared with counts that do not use newsitem."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml
from libyaml import LOADER
from samples import ROOT

from newsitem import NewsCollection

Data = dict[str, Any]
OWN = ("originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl")


class Folder(NamedTuple):
    """A folder of files: as a collection, and as the data that PyYAML reads from each file."""

    path: Path
    news: NewsCollection
    data: dict[str, Data]


@pytest.fixture(scope="module", params=["samples", pytest.param("corpus", marks=pytest.mark.corpus)])
def folder(request: pytest.FixtureRequest) -> Folder:
    """The sample files, or the user's own collection."""
    path = ROOT / "examples" / "news"
    if request.param == "corpus":
        named = os.environ.get("NEWSITEM_CORPUS")
        if not named:
            pytest.skip("NEWSITEM_CORPUS is not set: name a folder of news item files to run this over it")
        path = Path(named)
    news = NewsCollection.read(path, on_error="collect")
    data = {}
    for file in sorted(path.rglob("*.md")):
        content = re.split(r"^(?:---|\.\.\.)[ \t]*\r?\n", file.read_text("utf-8-sig"), flags=re.MULTILINE)[1]
        try:
            data[str(file)] = usual(yaml.load(content, LOADER))
        except yaml.YAMLError:
            assert str(file) in [error.path for error in news.errors]
    return Folder(path, news, data)


def usual(data: Data) -> Data:
    """Leave out empty keys, and convert instants that PyYAML reads as text or dates."""
    instant = data["publishedDateTime"]
    if isinstance(instant, str):
        instant = datetime.strptime(instant, "%Y-%m-%d %H:%M:%S %z")
    elif not isinstance(instant, datetime):
        instant = datetime(instant.year, instant.month, instant.day, tzinfo=UTC)
    found = {key: value for key, value in data.items() if value not in (None, [])}
    return found | {"publishedDateTime": instant if instant.tzinfo else instant.replace(tzinfo=UTC)}


def paths(news: NewsCollection) -> list[str]:
    """Return the paths of the items."""
    return [str(item.path) for item in news]


def day(data: Data) -> date:
    """Return the day of an item's data in UTC."""
    instant: datetime = data["publishedDateTime"]
    return instant.astimezone(UTC).date()


def address(url: str) -> str:
    """Return a URL in a form to compare, by a simpler rule that suffices for these files."""
    parts = urlsplit(url)
    kept = sorted(
        one for one in parts.query.split("&") if one and not re.match(r"utm_|(fbclid|cmp|partnerref|__tw)", one.lower())
    )
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + ("?" + "&".join(kept) if kept else "")


def addresses(data: Data, *, related: bool) -> set[str]:
    """Return the addresses of an item's data."""
    found = {address(data[key]) for key in OWN if data.get(key)}
    for one in data.get("related") or [] if related else []:
        found |= {address(one[key]) for key in OWN if one.get(key)}
    return found


def test_read_in_order(folder: Folder) -> None:
    """Every file that PyYAML reads is an item, in the order of the paths, and the others are errors."""
    assert paths(folder.news) == list(folder.data)
    assert len(folder.news) + len(folder.news.errors) == len(list(folder.path.rglob("*.md")))


def test_filter(folder: Folder) -> None:
    """Each criterion selects the items whose data meets it, and several criteria those that meet all."""
    news, data = folder.news, folder.data
    topics = Counter(topic for one in data.values() for topic in one["topics"] if topic)
    usual, rare = topics.most_common()[0][0], topics.most_common()[-1][0]
    domains = [domain for domain, _ in Counter(one["provider"]["domain"] for one in data.values()).most_common(2)]
    providers = sorted({str(one["provider"]["name"]) for one in data.values()})[:2]
    middle = sorted(one["publishedDateTime"] for one in data.values())[len(data) // 2]
    kind = next(iter(data.values()))["type"]
    cases: list[tuple[Data, Any]] = [
        ({"topic": usual}, lambda one: usual in one["topics"]),
        ({"topic": [usual, rare]}, lambda one: usual in one["topics"] or rare in one["topics"]),
        ({"tag": {"CA", "DK"}}, lambda one: "CA" in one.get("tags", ()) or "DK" in one.get("tags", ())),
        ({"domain": domains}, lambda one: one["provider"]["domain"] in domains),
        ({"type": kind}, lambda one: one["type"] == kind),
        ({"category": "news"}, lambda one: one["category"] == "news"),
        ({"published": True}, lambda one: one.get("published") is True),
        ({"published": False}, lambda one: one.get("published") is False),
        ({"removed": True}, lambda one: one.get("removed") is True),
        ({"removed": False}, lambda one: one.get("removed") is False),
        ({"provider": providers}, lambda one: str(one["provider"]["name"]) in providers),
        ({"max_heat": 99.5}, lambda one: "heat" in one and one["heat"] <= 99.5),
        ({"max_quality": 75}, lambda one: "quality" in one and one["quality"] <= 75),
        ({"min_heat": 100}, lambda one: "heat" in one and one["heat"] >= 100),
        ({"min_quality": 75.5}, lambda one: "quality" in one and one["quality"] >= 75.5),
        ({"since": middle}, lambda one: one["publishedDateTime"] >= middle),
        ({"until": middle}, lambda one: one["publishedDateTime"] < middle),
        ({"since": "2020-06", "until": date(2020, 7, 1)}, lambda one: f"{day(one):%Y-%m}" == "2020-06"),
        ({"has_images": True}, lambda one: "images" in one),
        ({"has_related": False}, lambda one: "related" not in one),
        ({"text": "ROBOT"}, lambda one: "robot" in f"{one['title']}\n{one['excerpt']}".lower()),
        ({"where": lambda item: len(item.title) < 40}, lambda one: len(one["title"]) < 40),
        (
            {"topic": usual, "published": True, "min_heat": 1, "has_images": True},
            lambda one: usual in one["topics"] and one.get("published") and one.get("heat", 0) >= 1 and "images" in one,
        ),
    ]
    for criteria, holds in cases:
        assert paths(news.filter(**criteria)) == [path for path, one in data.items() if holds(one)], criteria
        assert paths(news.exclude(**criteria)) == [path for path, one in data.items() if not holds(one)], criteria


def test_sort_and_take(folder: Folder) -> None:
    """Sorting uses each key in turn, is stable, and puts items without a value last."""
    news, data = folder.news, folder.data
    hot = sorted(data, key=lambda path: ("heat" not in data[path], -data[path].get("heat", 0)))
    assert paths(news.sort("-heat")) == hot
    assert paths(news.top(7)) == hot[:7]
    assert paths(news.top(3, by="title")) == sorted(data, key=lambda path: data[path]["title"], reverse=True)[:3]
    newest = sorted(data, key=lambda path: data[path]["publishedDateTime"], reverse=True)
    assert paths(news.latest(5)) == newest[:5]
    by_outlet = sorted(newest, key=lambda path: str(data[path]["provider"]["name"]))
    assert paths(news.sort("provider", "-published_date_time")) == by_outlet
    assert paths(news.sort(lambda item: len(item.title))) == sorted(data, key=lambda path: len(data[path]["title"]))


def test_group_and_count(folder: Folder) -> None:
    """Groups and counts are those of the data, and an item with several topics is in several groups."""
    news, data = folder.news, folder.data
    counts: dict[str, Counter[Any]] = defaultdict(Counter)
    for one in data.values():
        counts["topic"].update({topic for topic in one["topics"] if topic})
        counts["tag"].update(set(one.get("tags", ())))
        counts["domain"][one["provider"]["domain"]] += 1
        counts["provider"][str(one["provider"]["name"])] += 1
        counts["type"][one["type"]] += 1
        counts["day"][day(one)] += 1
        counts["month"][day(one).replace(day=1)] += 1
        counts["year"][date(day(one).year, 1, 1)] += 1
        counts["heat"].update([one["heat"]] if "heat" in one else [])
    for key, expected in counts.items():
        assert news.count_by(key) == expected
        groups = news.group_by(key)
        assert {value: len(items) for value, items in groups.items()} == expected
    topic = max(counts["topic"])
    assert paths(news.group_by("topic")[topic]) == [path for path, one in data.items() if topic in one["topics"]]


def test_timeline(folder: Folder) -> None:
    """A timeline counts every day, week, month or year from the first item to the last, without gaps."""
    days = Counter(day(one) for one in folder.data.values())
    span = [min(days) + timedelta(number) for number in range((max(days) - min(days)).days + 1)]
    assert list(folder.news.timeline().items()) == [(one, days[one]) for one in span]
    weeks, months, years = Counter[date](), Counter[date](), Counter[date]()
    for one in span:
        weeks[date.fromisocalendar(*one.isocalendar()[:2], 1)] += days[one]
        months[one.replace(day=1)] += days[one]
        years[date(one.year, 1, 1)] += days[one]
    assert list(folder.news.timeline("week").items()) == list(weeks.items())
    assert list(folder.news.timeline("month").items()) == list(months.items())
    assert list(folder.news.timeline("year").items()) == list(years.items())


def test_find(folder: Folder) -> None:
    """`find` returns the items with an address, and those with a related item that has it, in other spellings too."""
    news, data = folder.news, folder.data
    marks = {path: addresses(one, related=True) for path, one in data.items()}
    own = {path: addresses(one, related=False) for path, one in data.items()}
    urls = sorted({one[key] for one in data.values() for key in OWN if one.get(key)})
    urls += sorted({r[key] for one in data.values() for r in one.get("related", ()) for key in OWN if r.get(key)})
    for url in random.Random(0).sample(urls, min(len(urls), 40)):
        wanted = address(url)
        ordered = [path for path in data if wanted in own[path]] + [
            path for path in data if wanted in marks[path] - own[path]
        ]
        spelled = url.replace("https://www.", "http://").replace("https://", "http://www.")
        spelled += ("&" if "?" in url else "/?") + "utm_campaign=x&fbclid=y#top"
        assert paths(news.find(url)) == paths(news.find(spelled)) == ordered
        assert ordered


def components(marks: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of paths that are connected by shared marks."""
    holders = defaultdict(set)
    for path, own in marks.items():
        for mark in own:
            holders[mark].add(path)
    found: list[set[str]] = []
    left = set(marks)
    while left:
        group: set[str] = set()
        waiting = [left.pop()]
        while waiting:
            path = waiting.pop()
            group.add(path)
            waiting += set().union(*(holders[mark] for mark in marks[path])) - group
        left -= group
        found.append(group)
    return found


def test_stories(folder: Folder) -> None:
    """Stories are the connected components of items that share addresses, the largest first."""
    expected = components({path: addresses(one, related=True) for path, one in folder.data.items()})
    found = folder.news.stories()
    assert {frozenset(paths(story)) for story in found} == set(map(frozenset, expected))
    assert [len(story) for story in found] == sorted(map(len, expected), reverse=True)


def test_duplicates(folder: Folder) -> None:
    """Duplicates share an own address or another value, and `unique` keeps the first of each."""
    order = {path: place for place, path in enumerate(folder.data)}
    groups = components({path: addresses(one, related=False) for path, one in folder.data.items()})
    found = folder.news.duplicates()
    assert {frozenset(paths(one)) for one in found} == {frozenset(one) for one in groups if len(one) > 1}
    firsts = [min(group, key=order.__getitem__) for group in groups]
    assert paths(folder.news.unique()) == sorted(firsts, key=order.__getitem__)
    titles = Counter(one["title"] for one in folder.data.values())
    assert sorted(one[0].title for one in folder.news.duplicates("title")) == sorted(t for t in titles if titles[t] > 1)
    assert len(folder.news.unique("title")) == len(titles)


def test_mentions(folder: Folder) -> None:
    """The mentions of an outlet are its related items, with the items that contain them."""
    counts = Counter(
        one["provider"]["domain"]
        for data in folder.data.values()
        for one in data.get("related", ())
        if "provider" in one
    )
    for domain, count in counts.most_common(3) + counts.most_common()[-3:]:
        found = folder.news.mentions(domain)
        assert len(found) == count
        assert all(any(one is mention.related for one in mention.item.related) for mention in found)
    both = [domain for domain, _ in counts.most_common(2)]
    assert len(folder.news.mentions(both)) == sum(counts[domain] for domain in both)
    assert folder.news.mentions("nobody.example") == []


def test_describe(folder: Folder) -> None:
    """A description has the number of items with a field, its distinct values, minimum and maximum."""
    description = folder.news.describe()
    data = list(folder.data.values())
    heats = [one["heat"] for one in data if "heat" in one]
    assert (description["heat"].present, description["heat"].distinct) == (len(heats), len(set(heats)))
    assert (description["heat"].minimum, description["heat"].maximum) == (min(heats), max(heats))
    assert description["provider.domain"].distinct == len({one["provider"]["domain"] for one in data})
    assert description["related"].present == sum("related" in one for one in data)
    assert description["related"].maximum == max(len(one.get("related", ())) for one in data)
    assert description["published_date_time"].minimum == min(one["publishedDateTime"] for one in data)
    title, count = Counter(one["title"] for one in data).most_common(1)[0]
    assert description["title"].most_common[:1] == (((title, count),) if count > 1 else ())
    assert description["secured"].distinct is None


def test_bulk_retag(folder: Folder, tmp_path: Path) -> None:
    """Renaming a topic in all items changes only its lines, and saving again writes nothing."""
    copy = Path(shutil.copytree(folder.path, tmp_path / "copy"))
    for path in copy.rglob("*.md"):
        if not re.search(rb"^topics:\r?$", path.read_bytes(), re.MULTILINE):
            path.unlink()  # a flow list is rewritten as a whole
    before = {path: path.read_bytes().split(b"\n") for path in copy.rglob("*.md")}
    news = NewsCollection.read(copy, on_error="collect")
    old = news.count_by("topic").most_common(1)[0][0]
    holders = news.filter(topic=old)
    for item in holders:
        item.topics = ["Renamed" if topic == old else topic for topic in item.topics]
    assert paths(news.changed()) == paths(holders)
    diff = Counter(line[0] for line in news.diff().splitlines() if re.match(r"[-+](?!--|\+\+)", line))
    report = news.save()
    lines = 0
    for path, old_lines in before.items():
        new_lines = path.read_bytes().split(b"\n")
        assert len(new_lines) == len(old_lines)
        for one, other in zip(old_lines, new_lines, strict=True):
            if one != other:
                lines += 1
                assert one.rstrip(b"\r") == f"  - {old}".encode()
                assert other == one.replace(old.encode(), b"Renamed")
    assert diff == {"-": lines, "+": lines}
    assert [str(item.path) for item in report.written] == paths(holders)
    assert len(report.unchanged) == len(news) - len(holders)
    assert report.ok
    assert lines >= len(holders) > 0
    again = news.save()
    assert (len(again.written), len(again.unchanged)) == (0, len(news))
    assert NewsCollection.read(copy, on_error="collect").filter(topic=old) == NewsCollection()


def test_engines_count_the_same(folder: Folder, tmp_path: Path) -> None:
    """Outlets, topics and months have the same counts in newsitem, DuckDB and Polars."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: pip install 'newsitem[engines]'")
    polars = pytest.importorskip("polars", reason="polars is not installed: pip install 'newsitem[engines]'")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = folder.news.to_arrow()
    parquet.write_table(rows, tmp_path / "news.parquet")
    frame = polars.read_parquet(tmp_path / "news.parquet")
    month = "strftime(published_date_time AT TIME ZONE 'UTC', '%Y-%m')"
    in_sql = {
        "provider": "SELECT provider.name, count(*) FROM rows GROUP BY ALL",
        "topic": "SELECT topic, count(*) FROM (SELECT unnest(list_distinct(topics)) AS topic FROM rows) GROUP BY ALL",
        "month": f"SELECT {month} AS month, count(*) FROM rows GROUP BY ALL",
    }
    in_polars = {
        "provider": frame.select(polars.col("provider").struct.field("name")),
        "topic": frame.select(polars.col("topics").list.unique().explode().drop_nulls()),
        "month": frame.select(polars.col("published_date_time").dt.strftime("%Y-%m")),
    }
    ours = {key: folder.news.count_by(key) for key in ("provider", "topic")}
    ours["month"] = Counter({f"{first:%Y-%m}": count for first, count in folder.news.count_by("month").items()})
    for key, expected in ours.items():
        assert dict(duckdb.sql(in_sql[key]).fetchall()) == expected
        assert dict(in_polars[key].to_series().value_counts().rows()) == expected


def test_arrow_round_trip(folder: Folder) -> None:
    """All items are read back from Arrow unchanged, including ``secured`` if it is requested."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")
    from newsitem import arrow

    assert arrow.from_table(arrow.to_table(folder.news, [*arrow.SCHEMA.names, "secured"])) == folder.news
