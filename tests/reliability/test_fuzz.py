"""Mutated sample files keep the laws."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import laws
from fuzz.mutations import SEEDS, mutated
from hypothesis import HealthCheck, given, settings
from samples import ROOT

from .conftest import TIMES, Figure

FOUND = sorted((ROOT / "tests" / "data" / "found").glob("*.md"))


def test_mutated_texts(figure: Figure) -> None:
    """A sample file that is changed in some places keeps every law, as an item or as an error."""
    items = 0

    @settings(max_examples=200 * TIMES, suppress_health_check=list(HealthCheck))
    @given(mutated)
    def each(data: bytes) -> None:
        nonlocal items
        items += laws.check(data)
        figure("mutated texts / laws broken", 1)

    each()
    assert items > 30 * TIMES, "many are items still"


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_sample_files(seed: bytes) -> None:
    """The sample files themselves are items, and keep every law."""
    assert laws.check(seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_was_found(path: Path) -> None:
    """A text that broke a law once, or misled what judges it, keeps every law now, whatever is edited."""
    assert laws.check(path.read_bytes(), edits_to_try=1_000)


@pytest.mark.skipif(TIMES == 1, reason="CI fuzzes for two minutes: NEWSITEM_TIMES is how many times as long as here")
def test_guided_fuzzing(tmp_path: Path, figure: Figure) -> None:
    """Texts that are made with a view to the lines of code that they reach keep every law."""
    pytest.importorskip("atheris", reason="atheris is not installed: pip install --group fuzz")
    command = [sys.executable, "-m", "fuzz", "--seconds", str(12 * TIMES), "--found", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=False)
    tried = re.search(r"^(\d+) texts tried", run.stdout, re.MULTILINE)
    assert tried, run.stdout
    figure("texts of guided fuzzing / laws broken", int(tried[1]), run.returncode != 0)
    assert run.returncode == 0, run.stdout
