"""Measure the peak memory of reading many items. Run in a process of its own, so that only the items count."""

from __future__ import annotations

import argparse
import os
import tracemalloc

import newsitem
from benchmarks import results
from benchmarks.texts import described, generated, group_of


def main() -> None:
    """Read all items in ``NEWSITEM_CORPUS``, or 2,000 generated items."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    results.add_option(parser)
    options = parser.parse_args()
    folder = os.environ.get("NEWSITEM_CORPUS")
    newsitem.loads("---\ntitle: x\npublishedDateTime: 2020-01-01\nprovider:\n  name: x\n---\n")  # compiles patterns
    tracemalloc.start()
    if folder:
        items = list(newsitem.NewsCollection.read(folder, on_error="collect"))
    else:
        items = [newsitem.loads(generated(seed % 20, seed).encode()) for seed in range(2_000)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    sizes = [(group_of(item.path), len(newsitem.dumps(item).encode())) for item in items]
    size = sum(of_item for _, of_item in sizes)
    work = f"keep {len(items):,} items ({size / 1e6:.1f} MB) in memory"
    line = results.row(work, "the size of their files", peak / size)
    results.report("memory", {**described(sizes), "ratios": [line]}, options.results)


if __name__ == "__main__":
    main()
