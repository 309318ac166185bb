"""Measure how long it takes to read a folder and to query a collection: ``python -m benchmarks.folders``.

The folder contains 1,000 files, drawn at random from ``NEWSITEM_CORPUS`` or generated.
"""

from __future__ import annotations

import argparse
import copy
import gc
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import newsitem
from newsitem import NewsCollection, NewsItem

try:
    import fmql
    import frontmatter
except ImportError as error:
    sys.exit(f"{error.name} is not installed: pip install -e '.[bench]'")
from benchmarks import results
from benchmarks.texts import described, generated, group_of

_OTHERS: dict[str, Callable[[Path], object]] = {
    "a loop with `loads`": lambda folder: [newsitem.loads(path.read_bytes()) for path in folder.iterdir()],
    "fmql `Workspace`": fmql.Workspace,
    "a loop with python-frontmatter": lambda folder: [frontmatter.load(str(path)) for path in folder.iterdir()],
}
"""Other ways to read a folder."""


def main() -> None:
    """Measure folders and queries."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folders", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000, help="files in the folder (default: 1,000)")
    parser.add_argument("--items", type=int, default=75_000, help="items to query (default: 75,000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds over all contestants (default: 5)")
    results.add_option(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sizes = _fill(folder, options.files)
        lines = _compare_reading(folder, options.rounds)
        news = NewsCollection.read(folder)
        items = [copy.copy(news[place % len(news)]) for place in range(options.items)]
        random.Random(0).shuffle(items)
        lines += _compare_queries(items, options.rounds)
        lines.append(_compare_saving(news, options.rounds))
    results.report("folders", {"rounds": options.rounds, **described(sizes), "ratios": lines}, options.results)


def _fill(folder: Path, number: int) -> list[tuple[str, int]]:
    """Fill a folder with files, and return the group and the size of each."""
    corpus = os.environ.get("NEWSITEM_CORPUS")
    if not corpus:
        texts = [generated(seed % 8, seed).encode() for seed in range(number)]
        for seed, text in enumerate(texts):
            (folder / f"{seed}.md").write_bytes(text)
        return [("generated", len(text)) for text in texts]
    readable = (item.path for item in NewsCollection.iter(corpus, on_error="collect"))
    paths = [path for path in readable if path is not None]
    chosen = random.Random(0).sample(paths, min(number, len(paths)))
    for place, path in enumerate(chosen):
        shutil.copy(path, folder / f"{place}.md")  # two groups may have files of the same name
    return [(group_of(path), path.stat().st_size) for path in chosen]


def _medians(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Run all jobs in turn in each round, and return the median time of each."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            gc.collect()
            start = time.perf_counter()
            held = work()
            times[name].append(time.perf_counter() - start)
            del held
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def _compare_reading(folder: Path, rounds: int) -> list[dict[str, Any]]:
    files = len(list(folder.iterdir()))
    assert len(NewsCollection.read(folder)) == len(fmql.Workspace(folder)) == files
    works: dict[str, Callable[[], object]] = {"newsitem": lambda: NewsCollection.read(folder)}
    works |= {name: partial(read, folder) for name, read in _OTHERS.items()}
    medians = _medians(works, rounds)
    return [results.row(f"read {files:,} files", name, medians["newsitem"] / medians[name]) for name in _OTHERS]


def _compare_queries(items: list[NewsItem], rounds: int) -> list[dict[str, Any]]:
    """Compare each query with a comprehension and a call of ``sorted`` that return the same items."""
    lines = []
    for name, (query, comprehension) in _queries(items).items():
        assert list(query()) == comprehension()
        medians = _medians({"newsitem": query, "comprehension": comprehension}, rounds)
        work = f"query {len(items):,} items: {name}"
        ratio = medians["newsitem"] / medians["comprehension"]
        lines.append(results.row(work, "a comprehension and `sorted`", ratio))
    return lines


def _queries(items: list[NewsItem]) -> dict[str, tuple[Callable[[], NewsCollection], Callable[[], list[NewsItem]]]]:
    """Return queries, each written with newsitem and with a comprehension."""
    news = NewsCollection(items)
    since = datetime(2020, 5, 1, tzinfo=UTC)
    topic = news.count_by("topic").most_common(1)[0][0]
    domain = news.count_by("domain").most_common(1)[0][0]
    return {
        "topic, published, heat, since; by heat": (
            lambda: news.filter(topic=topic, published=True, min_heat=100, since=since).sort("-heat"),
            lambda: sorted(
                [
                    item
                    for item in items
                    if topic in item.topics
                    and item.published is True
                    and item.heat is not None
                    and item.heat >= 100
                    and item.published_date_time >= since
                ],
                key=lambda item: item.heat or 0,
                reverse=True,
            ),
        ),
        "domain; by date": (
            lambda: news.filter(domain=domain).sort("published_date_time"),
            lambda: sorted(
                [item for item in items if item.provider.domain == domain], key=lambda item: item.published_date_time
            ),
        ),
        "since; by title": (
            lambda: news.filter(since=since).sort("title"),
            lambda: sorted([item for item in items if item.published_date_time >= since], key=lambda item: item.title),
        ),
        "all; by heat, then date": (
            lambda: news.sort("-heat", "-published_date_time"),
            lambda: sorted(
                items,
                key=lambda item: (item.heat is not None, item.heat or 0, item.published_date_time),
                reverse=True,
            ),
        ),
    }


def _compare_saving(news: NewsCollection, rounds: int) -> dict[str, Any]:
    """Compare saving an unchanged collection with reading its files."""
    sources = [item.path for item in news if item.path is not None]
    medians = _medians({"save": news.save, "read": lambda: NewsCollection.read(sources)}, rounds)
    work = f"save {len(news):,} unchanged items"
    return results.row(work, "reading them with newsitem", medians["save"] / medians["read"])


if __name__ == "__main__":
    main()
