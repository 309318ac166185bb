"""Print how much memory it takes to hold many items. A process of its own, so that nothing else counts."""

from __future__ import annotations

import os
import tracemalloc

import newsitem
from benchmarks.texts import generated


def main() -> None:
    """Hold all items below ``NEWSITEM_CORPUS``, or 2,000 of the generated ones."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    newsitem.loads("---\ntitle: x\npublishedDateTime: 2020-01-01\nprovider:\n  name: x\n---\n")  # what is made once
    tracemalloc.start()
    if folder:
        items = list(newsitem.NewsCollection.read(folder, on_error="collect"))
        size = sum(item.path.stat().st_size for item in items if item.path)
    else:
        items = [newsitem.loads(generated(seed % 20, seed).encode()) for seed in range(2_000)]
        size = sum(len(newsitem.dumps(item).encode()) for item in items)
    peak = tracemalloc.get_traced_memory()[1]
    held = f"{len(items):,} items held, {size / 1e6:.1f} MB of files"
    print(f"{held}: {peak / size:.2f} times their bytes at most (goal ≤ 3.0)")


if __name__ == "__main__":
    main()
