"""Results of the benchmarks as plain data: printed as tables, and stored in a file that the documentation shows."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsitem._storage import atomic

GOALS = {
    "a loop with `loads`": 1.5,
    "fmql `Workspace`": 0.02,
    "a loop with python-frontmatter": 1.0,
    "a comprehension and `sorted`": 2.0,
    "reading them with newsitem": 1.0,
    "`import attrs`": 1.4,
    "the size of their files": 3.0,
    "reading, decoding and keeping their bytes": 4.0,
    "the same without garbage collection": 1.1,
    "their size": 1.5,
    "reading them": 0.05,
    "the same in the smallest folder": 1.15,
}
"""The largest ratio that meets the goal, by the yardstick. `contestants.py` has the goals for single texts."""


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--results`` to a command."""
    parser.add_argument(
        "--results", type=Path, help="also store the results in this file, such as docs/performance.json"
    )


def row(work: str, other: str, ratio: float, **more: float) -> dict[str, Any]:
    """Return a line of a table: newsitem takes *ratio* times as much as the yardstick."""
    return {"work": work, "with": other, "goal": GOALS[other], "ratio": round(ratio, 4), **more}


def report(section: str, measured: dict[str, Any], path: Path | None) -> None:
    """Print a section, and store it in the file, if one is given, in place of the section of that name."""
    python = ".".join(platform.python_version_tuple()[:2])
    measured = {"python": python, "system": platform.system(), **measured}
    print(f"\n## {section}\n", *_lines(measured), sep="\n", flush=True)
    if path is not None:
        sections = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        sections = dict(sorted({**sections, section: measured}.items()))
        atomic.replace(path, (json.dumps(sections, indent=2, ensure_ascii=False) + "\n").encode())


def is_missed(line: dict[str, Any]) -> bool:
    """Whether a line misses its goal in at least one group."""
    goal, ratio = line.get("goal"), line.get("ratio", line.get("exponent"))
    return goal is not None and max(ratio.values() if isinstance(ratio, dict) else [ratio]) > goal


def _lines(measured: dict[str, Any]) -> Iterator[str]:
    for name, value in measured.items():
        if isinstance(value, list):
            yield from _table([_flat(line) for line in value])
        else:
            yield f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


def _flat(line: dict[str, Any]) -> dict[str, object]:
    """Return a line with a separate cell for each group."""
    cells: dict[str, object] = {}
    for name, value in line.items():
        cells |= {f"{name}: {key}": cell for key, cell in value.items()} if isinstance(value, dict) else {name: value}
    if is_missed(line):
        cells["goal"] = f"{line['goal']} (missed)"
    return cells


def _table(lines: list[dict[str, object]]) -> Iterator[str]:
    heads = list(dict.fromkeys(head for line in lines for head in line))
    yield from ("", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|")
    for line in lines:
        cells = ["" if line.get(head) is None else str(line[head]) for head in heads]
        yield f"| {' | '.join(cells)} |"
