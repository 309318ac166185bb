"""Measure, and print tables in Markdown. Rounds go over all contestants in turn, so that no drift decides."""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import newsitem
from newsitem import _general

try:
    from benchmarks.contestants import WORKS, Work, facts_of_item
except ImportError as error:
    sys.exit(f"{error.name} is missing: pip install -e '.[bench]'")
from benchmarks.texts import groups

_IMPORTS = {"attrs": "import attrs", "newsitem": "import newsitem"}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--texts", type=int, default=20, help="texts for each group (default: 20)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds over all contestants (default: 7)")
    parser.add_argument("--work", default="", help="only works whose name begins so")
    options = parser.parse_args()
    for group, texts in groups(options.texts).items():
        size = statistics.median(len(text.encode()) for text in texts)
        print(f"\n{group}: {len(texts)} texts, median {size / 1000:.1f} KB\n", flush=True)
        print("| work | with | median per file | MB/s | newsitem takes | goal |")
        print("|---|---|--:|--:|--:|--:|")
        for work in WORKS:
            if work.name.startswith(options.work):
                _compare(work, texts, options.rounds)
    if not options.work:
        _report_import(options.rounds)
        subprocess.run([sys.executable, "-m", "benchmarks.memory"], check=True)


def _compare(work: Work, texts: list[str], rounds: int) -> None:
    given = [[each.prepare(text) for text in texts] for each in work.contestants]
    _check(work, given, texts)
    times = _times(work, given, rounds)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    for each, own in zip(work.contestants, times, strict=True):
        ratio = sum(times[0]) / sum(own)
        goal = "" if each.goal is None else f"≤ {each.goal}{'' if ratio <= each.goal else ' (missed)'}"
        print(
            f"| {work.name} | {each.name} | {statistics.median(own) * 1e6:,.0f} µs | {megabytes / sum(own):,.1f} |"
            f" {'' if each is work.contestants[0] else f'{ratio:.2f} times this'} | {goal} |",
            flush=True,
        )


def _times(work: Work, given: list[list[Any]], rounds: int) -> list[list[float]]:
    """Give for each contestant and text the median time over the rounds, in seconds."""
    measured: list[list[list[float]]] = [[[] for _ in each] for each in given]
    clock = time.perf_counter
    for _ in range(rounds):
        for contestant, each in enumerate(work.contestants):
            gc.collect()  # so that nobody pays for what another one left
            for text, thing in enumerate(given[contestant]):
                _general.composed.cache_clear()  # of texts that were read before
                start = clock()
                each.run(thing)
                measured[contestant][text].append(clock() - start)
    return [[statistics.median(seconds) for seconds in each] for each in measured]


def _check(work: Work, given: list[list[Any]], texts: list[str]) -> None:
    """Hold that all contestants come to the right result."""
    for number, text in enumerate(texts):
        right = facts_of_item(newsitem.loads(text))
        for each, things in zip(work.contestants, given, strict=True):
            assert each.facts(each.run(things[number])) == right, f"{each.name} reads {right} as something else"


def _report_import(rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in _IMPORTS}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", "import newsitem"], check=True, env=environment)  # writes the bytecode
    for _ in range(rounds * 3):
        for name, statement in _IMPORTS.items():
            code = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
            command = [sys.executable, "-c", code]
            run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            times[name].append(float(run.stdout))
    attrs, own = (statistics.median(times[name]) for name in _IMPORTS)
    print(f"\nimport newsitem: {own * 1e3:.1f} ms, {own / attrs:.2f} times import attrs (goal ≤ 1.5)")


if __name__ == "__main__":
    main()
