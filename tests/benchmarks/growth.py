"""Measure how time grows from 1 to 10,000 related items: ``python -m benchmarks.growth``.

An exponent of 1 means that time is proportional to the size of the text. It is fitted to texts with at least 30 items.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import newsitem
from benchmarks import results
from benchmarks.texts import generated, varied
from newsitem import NewsItem
from newsitem._codec import reader

_NUMBERS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)


def _edited(text: str) -> NewsItem:
    item = newsitem.loads(text)
    item.heat = 7
    item.related[len(item.related) // 2].title = "Another lamp"
    item.related.append(item.related.pop(0))
    return item


_WORKS: dict[str, tuple[Callable[[str], Any], Callable[..., object]]] = {
    "read": (str, newsitem.loads),
    "write an unedited item": (newsitem.loads, newsitem.dumps),
    "write an edited item": (_edited, newsitem.dumps),
    "diff": (_edited, newsitem.diff),
}

_LAYOUTS: dict[str, Callable[[str], str]] = {
    "canonical": str,
    "hand-edited": partial(varied, "all at once"),
    "with an alias": partial(varied, "anchor and alias"),
}
"""Functions that change the layout of a text. The layout decides which reader is used."""
_ROUNDS = {"canonical": 7, "hand-edited": 5, "with an alias": 1}
"""The number of rounds, of which the best counts. The YAML reader, which reads aliases, is slow."""
GOAL = 1.1
"""The largest exponent that meets the goal."""


def main() -> None:
    """Measure all layouts up to the given numbers of related items."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="related items in the largest text (default: 10,000)")
    parser.add_argument("--other", type=int, default=10_000, help="the same for the slow layout with an alias")
    results.add_option(parser)
    options = parser.parse_args()
    numbers = [number for number in _NUMBERS if number <= options.most]
    kilobytes = {str(number): round(len(generated(number, 1).encode()) / 1000, 1) for number in (1, numbers[-1])}
    lines = [_line(layout, name, numbers) for layout in ("canonical", "hand-edited") for name in _WORKS]
    numbers = [number for number in numbers if number <= options.other]
    lines += [_line("with an alias", name, numbers) for name in _WORKS]
    results.report("growth", {"source": "generated", "kilobytes": kilobytes, "times": lines}, options.results)


def _line(layout: str, name: str, numbers: list[int]) -> dict[str, Any]:
    """Return the microseconds per kilobyte for each number of related items, and the exponent of the growth."""
    print(f"{layout}: {name}", file=sys.stderr, flush=True)
    rates = _rates(layout, name, numbers)
    return {
        "layout": layout,
        "work": name,
        "rounds": _ROUNDS[layout],
        "microseconds": {str(number): round(rate, 2) for number, rate in rates.items()},
        "exponent": round(_exponent(rates), 3),
        "goal": GOAL,
    }


def _rates(layout: str, name: str, numbers: list[int]) -> dict[int, float]:
    """Return the microseconds per kilobyte of each text, the best of all rounds."""
    texts = {number: _LAYOUTS[layout](generated(number, 1)) for number in numbers}
    prepare, work = _WORKS[name]
    prepared = {number: prepare(text) for number, text in texts.items()}
    times: dict[int, list[float]] = {number: [] for number in numbers}
    for _ in range(_ROUNDS[layout]):
        for number in (number for number in numbers for _ in range(2)):  # once after another text, once after the same
            reader.composed.cache_clear()
            start = time.perf_counter()
            work(prepared[number])
            times[number].append(time.perf_counter() - start)
    return {number: min(times[number]) * 1e9 / len(text.encode()) for number, text in texts.items()}


def _exponent(rates: dict[int, float]) -> float:
    """Fit the exponent with which the total time grows."""
    large = {number: rate for number, rate in rates.items() if number >= 30}
    slope = statistics.linear_regression(
        [math.log(number) for number in large], [math.log(rate) for rate in large.values()]
    ).slope
    return 1 + slope


if __name__ == "__main__":
    main()
