"""Measure tables and Parquet files of 1,000 to 75,000 files: ``python -m benchmarks.engines``.

The files are those in ``NEWSITEM_CORPUS`` or generated files, linked under several names until there are enough. The
cluster is local and has two workers, one of which is killed halfway.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
import tracemalloc
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from newsitem import NewsCollection

try:
    import distributed
    import pyarrow.parquet as pq

    import newsitem.dask as newsitem_dask
    from newsitem import arrow
except ImportError as error:
    sys.exit(f"{error.name} is not installed: pip install -e '.[dask]'")
from benchmarks import results
from benchmarks.texts import described, generated, group_of

_FILES_IN_A_FOLDER = 1_000


def main() -> None:
    """Measure tables of growing size, the peak memory of batches, and a cluster."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--files", type=int, default=75_000, help="number of files (default: 75,000)")
    results.add_option(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "news"
        sources = _sources(Path(temporary) / "originals")
        sizes = [(group_of(path), path.stat().st_size) for path in sources]
        bad = _link(sources, folder, options.files)
        NewsCollection.read(sorted(folder.rglob("*.md"))[:10], on_error="collect").to_arrow()  # imports all modules
        folders = sorted(folder.iterdir())
        lines = [_measure(folders[:number]) for number in (1, 10, len(folders))]
        cluster = _run_cluster(folder, Path(temporary) / "parquet", options.files, bad)
    results.report("engines", {**described(sizes), "ratios": lines, "cluster": cluster}, options.results)


def _sources(originals: Path) -> list[Path]:
    """Return the files in ``NEWSITEM_CORPUS``, or generate some."""
    corpus = os.environ.get("NEWSITEM_CORPUS")
    if corpus:
        sources = sorted(Path(corpus).rglob("*.md"))
    else:
        originals.mkdir()
        sources = [originals / f"{seed}.md" for seed in range(500)]
        for seed, path in enumerate(sources):
            path.write_text(generated(seed % 8, seed), encoding="utf-8")
    random.Random(0).shuffle(sources)  # so that each folder gets files of every size
    return sources


def _link(sources: list[Path], folder: Path, number: int) -> int:
    """Link files into folders until there are enough, and return the number of unreadable files."""
    unreadable = {error.path for error in NewsCollection.read(sources, on_error="collect").errors}
    bad = 0
    for place, source in enumerate(islice(cycle(sources), number)):
        target = folder / f"{place // _FILES_IN_A_FOLDER:03}" / f"{place}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # different file systems, or too many links
            target.write_bytes(source.read_bytes())
        bad += str(source) in unreadable
    return bad


def _measure(folders: list[Path]) -> dict[str, Any]:
    """Return the time to make a table, divided by the time to read the files, and the peak memory of batches."""
    start = time.perf_counter()
    news = NewsCollection.read(folders, on_error="collect")
    reading = time.perf_counter() - start
    start = time.perf_counter()
    table = arrow.to_table(news)
    converting = time.perf_counter() - start
    assert table.num_rows == len(news)
    rows, domains = table.num_rows, Counter(provider["domain"] for provider in table.column("provider").to_pylist())
    assert domains == news.count_by("domain")
    del news, table
    tracemalloc.start()
    for batch in arrow.to_batches(NewsCollection.iter(folders, on_error="collect"), rows=500):
        del batch
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return results.row(
        f"`to_table` of {rows:,} items",
        "reading them with newsitem",
        converting / reading,
        microseconds=round(converting / rows * 1e6, 1),
        megabytes=round(peak / 1e6, 1),
    )


def _run_cluster(folder: Path, target: Path, files: int, bad: int) -> dict[str, int]:
    """Write all files to Parquet on a cluster, kill one of its workers halfway, and return counts of the result."""
    with (
        distributed.LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        workers = list(client.run(os.getpid).values())

        def kill() -> None:
            while len(list(target.glob("*.parquet"))) < files // 1_000:
                time.sleep(0.05)
            os.kill(workers[0], signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        start = time.perf_counter()
        bag = newsitem_dask.read_bag(str(folder), on_error="collect", files_per_partition=500)
        report = newsitem_dask.to_parquet(bag, str(target))
        seconds = time.perf_counter() - start
        killed = set(workers) - set(client.run(os.getpid).values())
    paths = pq.read_table(target, columns=["path"]).column("path").to_pylist()
    assert len(paths) == len(set(paths)) == report.rows == files - bad, (len(paths), report.rows, files, bad)
    assert len(report.errors) == bad
    size = sum(path.stat().st_size for path in target.iterdir())
    return {
        "processes": len(workers),
        "killed": len(killed),
        "files": files,
        "rows": report.rows,
        "errors": len(report.errors),
        "parts": len(report.files),
        "megabytes": round(size / 1e6),
        "seconds": round(seconds),
    }


if __name__ == "__main__":
    main()
