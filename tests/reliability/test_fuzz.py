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
    """A sample file with mutations keeps every law, whether it is read or refused."""
    items = 0

    @settings(max_examples=200 * TIMES, suppress_health_check=list(HealthCheck))
    @given(mutated)
    def check(data: bytes) -> None:
        nonlocal items
        items += laws.check(data)
        figure("mutated texts / laws broken", 1)

    check()
    assert items > 30 * TIMES, "many mutated texts must still be read as items"


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_sample_files(seed: bytes) -> None:
    """Each sample file is read as an item and keeps every law."""
    assert laws.check(seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_texts_found_earlier(path: Path) -> None:
    """A text that the fuzzer once reported keeps every law, whatever is edited."""
    assert laws.check(path.read_bytes(), edits_to_try=1_000)


@pytest.mark.skipif(
    TIMES == 1, reason="CI runs the fuzzer separately: set NEWSITEM_TIMES to more than 1 to run it here"
)
def test_guided_fuzzing(tmp_path: Path, figure: Figure) -> None:
    """Texts from coverage-guided fuzzing keep every law."""
    pytest.importorskip("atheris", reason="atheris is not installed: pip install --group fuzz")
    command = [sys.executable, "-m", "fuzz", "--seconds", str(12 * TIMES), "--found", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=False)
    tried = re.search(r"^(\d+) texts tried", run.stdout, re.MULTILINE)
    assert tried, run.stdout
    figure("texts from coverage-guided fuzzing / laws broken", int(tried[1]), run.returncode != 0)
    assert run.returncode == 0, run.stdout
