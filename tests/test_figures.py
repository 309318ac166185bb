"""The figures in the documentation and the README are those of the last runs."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.results import GOALS, is_missed, report
from samples import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from speed import times

SPEED: dict[str, Any] = json.loads((ROOT / "docs" / "performance.json").read_text(encoding="utf-8"))
WORKS: list[dict[str, Any]] = SPEED["works"]["ratios"]
OTHER_WORKS: list[dict[str, Any]] = [
    line for section in ("import", "memory", "folders", "collections", "engines") for line in SPEED[section]["ratios"]
]


def test_reliability_figures() -> None:
    """The last full run has a figure for every promise, and no promise was broken."""
    figures = json.loads((ROOT / "docs" / "reliability.json").read_text())["figures"]
    sources = "".join(path.read_text() for path in (ROOT / "tests" / "reliability").glob("test_*.py"))
    promises = set(re.findall(r'figure\(f?"(.*?)"', sources))
    readers = ("Psych", "PyYAML (YAML 1.1)", "ruamel.yaml (YAML 1.2)")
    expected = {promise.replace("{name}", name) for promise in promises for name in readers}
    assert set(figures) == expected
    assert all(tried > 0 and broken == 0 for tried, broken in figures.values())


def test_every_peer_is_measured() -> None:
    """The file has the ratios and the goal of every benchmark and tool, and no others."""
    for module in ("fmql", "frontmatter", "yaml", "yaml_edit", "yaml_rs"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install --group bench")
    from benchmarks import contestants

    peers = [(work.name, peer.name, peer.goal) for work in contestants.WORKS for peer in work.contestants[1:]]
    assert [(line["work"], line["with"], line["goal"]) for line in WORKS] == peers
    assert all(set(line["ratio"]) == set(SPEED["works"]["groups"]) for line in WORKS)


def test_goals_of_the_other_sections() -> None:
    """The goals in the other sections are those of the code, and each goal of the code is in one of them."""
    assert {line["with"] for line in OTHER_WORKS} == set(GOALS)
    assert all(line["goal"] == GOALS[line["with"]] for line in OTHER_WORKS)


def test_report_replaces_one_section(tmp_path: Path) -> None:
    """A benchmark replaces its own section of the file, and keeps the others."""
    file = tmp_path / "performance.json"
    for section, rounds in (("works", 1), ("growth", 2), ("works", 3)):
        report(section, {"rounds": rounds}, file)
    sections = json.loads(file.read_text(encoding="utf-8"))
    assert {name: section["rounds"] for name, section in sections.items()} == {"growth": 2, "works": 3}
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_missed_goals_are_explained() -> None:
    """The page on speed explains every goal that is missed."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\*\*(.+?)\*\*[:,]", page.split("## Missed goals")[1].split("\n## ")[0], re.MULTILINE))
    missed = {line["work"] for line in (*WORKS, *OTHER_WORKS) if is_missed(line)}
    assert {work for work in missed if work.split(": ")[0] not in explained} == set()


def test_speed_in_readme() -> None:
    """The table in the README shows the figures of the file, for small and large texts."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (.*)\|$", readme.split("## Speed")[1].split("\n## ")[0], re.MULTILINE)
    rows = [[cell.strip() for cell in line.split("|")] for line in table[1:]]
    assert rows
    work = ""
    for first, peer, *cells in rows:
        work = first or work
        assert cells == [_shown(ratios) for ratios in _measured(work, peer)], (work, peer)


def _measured(work: str, peer: str) -> tuple[list[float], list[float]]:
    """Return the ratios for small and for large texts; the files of a folder are small ones."""
    (ratio,) = (line["ratio"] for line in (*WORKS, *OTHER_WORKS) if (line["work"], line["with"]) == (work, peer))
    if not isinstance(ratio, dict):
        return [ratio], []
    *small, large = (ratio[group] for group in SPEED["works"]["groups"])
    return small, [large]


def _shown(ratios: list[float]) -> str:
    """Return the lowest and the highest speed, as the documentation rounds them."""
    ends = [times(ratio).removesuffix("×") for ratio in (max(ratios), min(ratios))] if ratios else []
    return f"{' to '.join(dict.fromkeys(ends))}×" if ends else ""
