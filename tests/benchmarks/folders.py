"""Print how long a folder takes to read, and a collection to query: ``python -m benchmarks.folders``.

The folder has 1,000 generated files, or as many of those below ``NEWSITEM_CORPUS``, drawn at random.
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
from pathlib import Path

import newsitem
from newsitem import NewsCollection, NewsItem

try:
    import fmql
    import frontmatter
except ImportError as error:
    sys.exit(f"{error.name} is missing: pip install -e '.[bench]'")
from benchmarks.texts import generated

_OTHERS: dict[str, tuple[Callable[[Path], object], float]] = {
    "its bytes and `loads`, by hand": (lambda folder: [newsitem.loads(p.read_bytes()) for p in folder.iterdir()], 1.5),
    "fmql `Workspace`": (fmql.Workspace, 0.02),
    "python-frontmatter, by hand": (lambda folder: [frontmatter.load(str(path)) for path in folder.iterdir()], 1.0),
}
"""What else reads a folder, and how many times its time newsitem may take."""


def main() -> None:
    """Measure folders and queries."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folders", description=__doc__)
    parser.add_argument("--files", type=int, default=1_000, help="files of the folder (default: 1,000)")
    parser.add_argument("--items", type=int, default=75_000, help="items that are queried (default: 75,000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds over all contestants (default: 5)")
    options = parser.parse_args()
    print("| work | with | newsitem takes | goal |\n|---|---|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _fill(folder, options.files)
        _compare_reading(folder, options.rounds)
        news = NewsCollection.read(folder)
        items = [copy.copy(news[place % len(news)]) for place in range(options.items)]
        random.Random(0).shuffle(items)
        _compare_queries(items, options.rounds)
        _report_saving(news, options.rounds)


def _fill(folder: Path, number: int) -> None:
    corpus = os.environ.get("NEWSITEM_CORPUS")
    if not corpus:
        for seed in range(number):
            (folder / f"{seed}.md").write_text(generated(seed % 8, seed), encoding="utf-8")
        return
    readable = (item.path for item in NewsCollection.iter(corpus, on_error="collect"))
    paths = [path for path in readable if path is not None]
    for path in random.Random(0).sample(paths, min(number, len(paths))):
        shutil.copy(path, folder)


def _medians(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Give the median time of each, all in turn in each round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            gc.collect()
            start = time.perf_counter()
            held = work()
            times[name].append(time.perf_counter() - start)
            del held
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def _compare_reading(folder: Path, rounds: int) -> None:
    files = len(list(folder.iterdir()))
    assert len(NewsCollection.read(folder)) == len(fmql.Workspace(folder)) == files
    works: dict[str, Callable[[], object]] = {"newsitem": lambda: NewsCollection.read(folder)}
    for name, (read, _) in _OTHERS.items():
        works[name] = lambda read=read: read(folder)  # type: ignore[misc]
    medians = _medians(works, rounds)
    for name, (_, goal) in _OTHERS.items():
        _row(f"read {files:,} files", name, medians["newsitem"] / medians[name], goal)


def _compare_queries(items: list[NewsItem], rounds: int) -> None:
    """Hold each query against the comprehension and the ``sorted`` that give the same."""
    news = NewsCollection(items)
    since = datetime(2020, 5, 1, tzinfo=UTC)
    topic = news.count_by("topic").most_common(1)[0][0]
    domain = news.count_by("domain").most_common(1)[0][0]
    queries: dict[str, tuple[Callable[[], NewsCollection], Callable[[], list[NewsItem]]]] = {
        'topic, published, min_heat, since; "-heat"': (
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
        'domain; "published_date_time"': (
            lambda: news.filter(domain=domain).sort("published_date_time"),
            lambda: sorted(
                [item for item in items if item.provider.domain == domain], key=lambda item: item.published_date_time
            ),
        ),
        'since; "title"': (
            lambda: news.filter(since=since).sort("title"),
            lambda: sorted([item for item in items if item.published_date_time >= since], key=lambda item: item.title),
        ),
        '"-heat", "-published_date_time"': (
            lambda: news.sort("-heat", "-published_date_time"),
            lambda: sorted(
                items,
                key=lambda item: (item.heat is not None, item.heat or 0, item.published_date_time),
                reverse=True,
            ),
        ),
    }
    for name, (query, by_hand) in queries.items():
        assert list(query()) == by_hand()
        medians = _medians({"newsitem": query, "by hand": by_hand}, rounds)
        _row(
            f"query {len(items):,} items: {name}",
            "a comprehension, sorted",
            medians["newsitem"] / medians["by hand"],
            2,
        )


def _report_saving(news: NewsCollection, rounds: int) -> None:
    """Hold what finds out that nothing was changed against reading the files."""
    sources = [item.path for item in news if item.path is not None]
    medians = _medians({"save": news.save, "read": lambda: NewsCollection.read(sources)}, rounds)
    _row(f"save {len(news):,} items, none changed", "newsitem reading them", medians["save"] / medians["read"], 1)


def _row(work: str, name: str, ratio: float, goal: float) -> None:
    print(f"| {work} | {name} | {ratio:.3f} times this | ≤ {goal}{'' if ratio <= goal else ' (missed)'} |", flush=True)


if __name__ == "__main__":
    main()
