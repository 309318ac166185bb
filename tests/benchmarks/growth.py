"""Print how time grows from 1 to 10,000 related items: ``python -m benchmarks.growth``.

An exponent of 1 is time in proportion to the text. It is fitted to the texts with 30 items and more.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections.abc import Callable

import newsitem
from benchmarks.texts import generated, in_another_layout
from newsitem import NewsItem, _general

_NUMBERS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)


def _edited(text: str) -> NewsItem:
    item = newsitem.loads(text)
    item.heat = 7
    item.related[len(item.related) // 2].title = "Another lamp"
    item.related.append(item.related.pop(0))
    return item


_WORKS: dict[str, tuple[Callable[[str], NewsItem | str], Callable[..., object]]] = {
    "read": (str, newsitem.loads),
    "write what was read": (newsitem.loads, newsitem.dumps),
    "write an edit": (_edited, newsitem.dumps),
    "diff": (_edited, newsitem.diff),
}


def main() -> None:
    """Measure both layouts up to the number that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="related items of the largest text")
    parser.add_argument("--other", type=int, default=1_000, help="the same for the general way, which is slow")
    options = parser.parse_args()
    numbers = [number for number in _NUMBERS if number <= options.most]
    print("| layout | work | " + " | ".join(f"{number:,}" for number in numbers) + " | exponent |")
    print("|---|---|" + "--:|" * (len(numbers) + 1))
    for layout, most in (("publisher's", options.most), ("other", options.other)):
        for name in _WORKS:
            rates = {number: _seconds(name, layout, number) for number in numbers if number <= most}
            cells = [f"{rates[number]:.2f}" if number in rates else "" for number in numbers]
            print(f"| {layout} | {name} | {' | '.join(cells)} | {_exponent(rates):.2f} |", flush=True)
    print("\nThe numbers are microseconds for each kilobyte.")


def _seconds(name: str, layout: str, number: int) -> float:
    """Give the microseconds that a kilobyte takes, the best of some runs."""
    text = generated(number, 1) if layout == "publisher's" else in_another_layout(generated(number, 1))
    prepare, work = _WORKS[name]
    thing = prepare(text)
    times = []
    for _ in range(7 if number <= 1_000 and layout == "publisher's" else 2):
        _general.composed.cache_clear()
        start = time.perf_counter()
        work(thing)
        times.append(time.perf_counter() - start)
    return min(times) * 1e9 / len(text.encode())


def _exponent(rates: dict[int, float]) -> float:
    """Fit the power of the number with which the whole time grows."""
    large = {number: rate for number, rate in rates.items() if number >= 30}
    slope = statistics.linear_regression(
        [math.log(number) for number in large], [math.log(rate) for rate in large.values()]
    ).slope
    return 1 + slope


if __name__ == "__main__":
    main()
