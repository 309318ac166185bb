"""Print how much memory it takes to hold many items. A process of its own, so that nothing else counts."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import newsitem
from benchmarks.texts import generated


def main() -> None:
    """Hold all items below ``NEWSITEM_CORPUS``, or 2,000 of the generated ones."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    if folder:
        datas = (path.read_bytes() for path in sorted(Path(folder).rglob("*.md")))
    else:
        datas = (generated(seed % 20, seed).encode() for seed in range(2_000))
    newsitem.loads("---\ntitle: x\npublishedDateTime: 2020-01-01\nprovider:\n  name: x\n---\n")  # what is made once
    items = []
    size = 0
    tracemalloc.start()
    for data in datas:
        try:
            items.append(newsitem.loads(data))
        except newsitem.NewsItemError:
            continue
        size += len(data)
    peak = tracemalloc.get_traced_memory()[1]
    held = f"{len(items):,} items held, {size / 1e6:.1f} MB of files"
    print(f"{held}: {peak / size:.2f} times their bytes at most (goal ≤ 3.0)")


if __name__ == "__main__":
    main()
