"""Measure time and memory for collections of many large files: ``python -m benchmarks.collections``.

Each measurement runs in a process of its own. The files are those in ``NEWSITEM_CORPUS`` that are larger than 20 KB, or
generated files. They are linked under several names until there are enough of them.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import results
from benchmarks.texts import generated
from newsitem import NewsCollection, NewsItem
from newsitem._storage.files import load_path

_LARGE = 20_000
"""The size in bytes above which a file counts as large."""
_RELATED = 60
"""The number of related items in a generated file."""


def main() -> None:
    """Measure folders with each number of files, in rounds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collections", description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[1_000, 4_000, 16_000], help="numbers of files")
    parser.add_argument("--rounds", type=int, default=3, help="processes per measurement (default: 3)")
    parser.add_argument("--measure", nargs=2, metavar=("WORK", "FOLDER"), help="measure one job in this process")
    results.add_option(parser)
    options = parser.parse_args()
    if options.measure:
        print(*_measure(options.measure[0], Path(options.measure[1])))
        return
    lines, per_file, megabytes = [], {}, {}
    with tempfile.TemporaryDirectory() as temporary:
        samples = _samples(Path(temporary))
        for number in options.files:
            folder = Path(temporary, str(number))
            folder.mkdir()
            for place in range(number):
                (folder / f"{place}.md").hardlink_to(samples[place % len(samples)])
            size = sum(path.stat().st_size for path in folder.iterdir())
            times = _medians(folder, options.rounds)
            megabytes[f"{number:,}"] = round(size / 1e6, 1)
            per_file[number] = times["read"][0] / number
            work = f"read large files: {number:,}"
            lines += [
                results.row(work, "reading, decoding and keeping their bytes", times["read"][0] / times["decode"][0]),
                results.row(work, "the same without garbage collection", times["read"][0] / times["without"][0]),
                results.row(f"peak memory: {number:,} large files", "their size", times["read"][1] / size),
                results.row(f"`changed()`: {number:,} items", "reading them", times["read"][2] / times["read"][0]),
            ]
    most, least = max(per_file), min(per_file)
    work = f"read one of {most:,} files"
    lines.append(results.row(work, "the same in the smallest folder", per_file[most] / per_file[least]))
    report = {"rounds": options.rounds, "megabytes": megabytes, "ratios": lines}
    results.report("collections", report, options.results)


def _samples(folder: Path) -> list[Path]:
    """Write large files, copied from ``NEWSITEM_CORPUS`` or generated, and return their paths."""
    corpus = os.environ.get("NEWSITEM_CORPUS")
    paths = sorted(Path(corpus).rglob("*.md")) if corpus else []
    texts = [
        data for path in paths if path.stat().st_size > _LARGE and _is_readable(path) for data in [path.read_bytes()]
    ]
    texts = texts or [generated(_RELATED, seed).encode() for seed in range(200)]
    samples = [folder / f"{place}.txt" for place in range(len(texts))]
    for path, text in zip(samples, texts, strict=True):
        path.write_bytes(text)
    return samples


def _is_readable(path: Path) -> bool:
    return len(NewsCollection.read(path, on_error="collect")) == 1


def _medians(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Run `_measure` in a new process for each job in each round, and return the medians of its results."""
    measured: dict[str, list[list[float]]] = {"decode": [], "read": [], "without": []}
    for _ in range(rounds):
        for work, runs in measured.items():
            command = [sys.executable, "-m", "benchmarks.collections", "--measure", work, str(folder)]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            runs.append([float(number) for number in run.stdout.split()])
    return {work: [median(column) for column in zip(*runs, strict=True)] for work, runs in measured.items()}


def _measure(work: str, folder: Path) -> tuple[float, int, float]:
    """Return the seconds that the job takes, the peak memory in bytes, and the seconds that ``changed()`` takes."""
    paths = sorted(folder.iterdir())
    load_path(paths[0], NewsItem)  # imports modules and compiles patterns
    if work == "without":
        gc.disable()
    clock = time.perf_counter
    start = clock()
    if work == "decode":
        held = [_decoded(path) for path in paths]
        seconds = clock() - start
        return seconds, len(held), 0
    news = NewsCollection.read(folder)
    seconds = clock() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    start = clock()
    assert not news.changed()
    return seconds, peak, clock() - start


def _decoded(path: Path) -> bytes:
    data = path.read_bytes()
    data.decode()
    return data


if __name__ == "__main__":
    main()
