"""Measure all jobs, and print tables.

Each round runs every job with every contestant in turn, so that the changing speed of a machine affects all alike.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from statistics import fmean, median
from typing import Any

import newsitem
from benchmarks import results
from newsitem._codec import reader

try:
    from benchmarks.contestants import WORKS, Work, facts_of_item
except ImportError as error:
    sys.exit(f"{error.name} is not installed: pip install -e '.[bench]'")
from benchmarks.texts import described, groups

_IMPORTS = {"attrs": "import attrs", "newsitem": "import newsitem"}


def main() -> None:
    """Run the benchmarks that the command line selects."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--texts", type=int, default=20, help="texts per group (default: 20)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds over all jobs (default: 7)")
    parser.add_argument("--work", default="", help="only jobs whose name begins with this text")
    results.add_option(parser)
    options = parser.parse_args()
    if options.work and options.results:
        parser.error("--results needs all jobs: omit --work")
    texts = groups(options.texts)
    sizes = [(group, len(text.encode())) for group, of_group in texts.items() for text in of_group]
    works = [work for work in WORKS if work.name.startswith(options.work)]
    lines = list(_compare(works, texts, options.rounds))
    results.report("works", {"rounds": options.rounds, **described(sizes), "ratios": lines}, options.results)
    if not options.work:
        results.report("import", _measure_import(options.rounds * 3), options.results)
        arguments = ["--results", str(options.results)] if options.results else []
        subprocess.run([sys.executable, "-m", "benchmarks.memory", *arguments], check=True)


def _compare(works: list[Work], texts: dict[str, list[str]], rounds: int) -> Iterator[dict[str, Any]]:
    """Yield a line for each peer: the time of newsitem divided by that of the peer, and the time of newsitem."""
    times = _times(works, texts, rounds)
    for work in works:
        for place, peer in enumerate(work.contestants[1:], 1):
            seconds = {group: (times[work.name, group][0], times[work.name, group][place]) for group in texts}
            yield {
                "work": work.name,
                "with": peer.name,
                "goal": peer.goal,
                "ratio": {group: round(own / other, 4) for group, (own, other) in seconds.items()},
                "microseconds": {group: round(own * 1e6, 1) for group, (own, _) in seconds.items()},
            }


def _times(works: list[Work], texts: dict[str, list[str]], rounds: int) -> dict[tuple[str, str], list[float]]:
    """Return the times of all contestants for each job and group: the mean over the texts of the median of a text."""
    inputs = {}
    for work, (group, of_group) in product(works, texts.items()):
        prepared = [[contestant.prepare(text) for text in of_group] for contestant in work.contestants]
        _check(work, prepared, of_group)
        inputs[work.name, group] = prepared
    measured: dict[tuple[str, str], list[list[list[float]]]] = {
        place: [[[] for _ in values] for values in prepared] for place, prepared in inputs.items()
    }
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for work, group in product(works, texts):
            _run(work, inputs[work.name, group], measured[work.name, group])
    return {place: [fmean(map(median, times)) for times in of_place] for place, of_place in measured.items()}


def _run(work: Work, inputs: list[list[Any]], measured: list[list[list[float]]]) -> None:
    """Measure one round."""
    clock = time.perf_counter
    for contestant, prepared, times in zip(work.contestants, inputs, measured, strict=True):
        gc.collect()  # so that no contestant pays for the garbage of another
        for value, of_text in zip(prepared, times, strict=True):
            reader.composed.cache_clear()  # newsitem caches the nodes of the last few texts
            start = clock()
            contestant.run(value)
            of_text.append(clock() - start)


def _check(work: Work, inputs: list[list[Any]], texts: list[str]) -> None:
    """Check that all contestants produce the right result."""
    for number, text in enumerate(texts):
        right = facts_of_item(newsitem.loads(text))
        for contestant, prepared in zip(work.contestants, inputs, strict=True):
            facts = contestant.facts(contestant.run(prepared[number]))
            assert facts == right, f"{work.name}: {contestant.name} finds {facts}, newsitem {right}"


def _measure_import(rounds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in _IMPORTS}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", "import newsitem"], check=True, env=environment)  # writes the bytecode
    for _ in range(rounds):
        for name, statement in _IMPORTS.items():
            code = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
            command = [sys.executable, "-c", code]
            run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            times[name].append(float(run.stdout))
    attrs, own = (median(times[name]) for name in _IMPORTS)
    line = results.row("`import newsitem`", "`import attrs`", own / attrs, milliseconds=round(own * 1e3, 1))
    return {"rounds": rounds, "ratios": [line]}


if __name__ == "__main__":
    main()
