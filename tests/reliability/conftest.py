"""What the tests of reliability share: how much they try, and the figures that they write down."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Protocol

import pytest

TIMES = int(os.environ.get("NEWSITEM_TIMES", "1"))
"""How many times as much is tried as in the fast suite."""
FIGURES = os.environ.get("NEWSITEM_FIGURES")
"""The file that the figures are written to."""


class Figure(Protocol):
    """Adds to the figures of a promise, which is named for what is tried and what would break it."""

    def __call__(self, promise: str, tried: int, broken: int = 0) -> None:
        """Add to one line of the table, such as ``kills / files torn``."""


_figures: dict[str, list[int]] = {}
"""For each promise how much was tried, and how much of it broke it."""


@pytest.fixture
def times() -> int:
    """How many times as much is tried as in the fast suite."""
    return TIMES


@pytest.fixture
def figure() -> Figure:
    """Write down what was tried; it counts where the test passed as well as where it failed."""

    def add(promise: str, tried: int, broken: int = 0) -> None:
        counts = _figures.setdefault(promise, [0, 0])
        counts[0] += tried
        counts[1] += broken

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures, and write them to a file where one is named."""
    if not _figures:
        return
    terminalreporter.section("reliability: tried, broken")
    for promise, (tried, broken) in _figures.items():
        terminalreporter.line(f"{tried:>12,} {broken:>6,}  {promise}")
    if FIGURES:
        about = {"python": platform.python_version(), "system": platform.system(), "times": TIMES}
        Path(FIGURES).write_text(json.dumps({**about, "figures": dict(sorted(_figures.items()))}, indent=2) + "\n")
