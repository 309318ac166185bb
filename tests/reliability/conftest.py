"""Fixtures that the reliability tests share: the number of tries, and the figures that the tests record."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Protocol

import pytest

TIMES = int(os.environ.get("NEWSITEM_TIMES", "1"))
"""The number of tries, as a multiple of those in the fast suite."""
FIGURES = os.environ.get("NEWSITEM_FIGURES")
"""The file for the figures."""


class Figure(Protocol):
    """Record tests of a promise. The name of a promise is ``what is tried / what would break the promise``."""

    def __call__(self, promise: str, tried: int, broken: int = 0) -> None:
        """Add to the numbers of a promise, such as ``writers killed / files damaged``."""


_figures: dict[str, list[int]] = {}
"""How often each promise was tried and how often it was broken."""


@pytest.fixture
def times() -> int:
    """Return the number of tries, as a multiple of those in the fast suite."""
    return TIMES


@pytest.fixture
def figure() -> Figure:
    """Return a function that records tests of a promise. Failed tests count too."""

    def add(promise: str, tried: int, broken: int = 0) -> None:
        counts = _figures.setdefault(promise, [0, 0])
        counts[0] += tried
        counts[1] += broken

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures, and write them to the file that ``NEWSITEM_FIGURES`` names."""
    if not _figures:
        return
    terminalreporter.section("reliability: tried, broken")
    for promise, (tried, broken) in _figures.items():
        terminalreporter.line(f"{tried:>12,} {broken:>6,}  {promise}")
    if FIGURES:
        about = {"python": platform.python_version(), "system": platform.system(), "times": TIMES}
        Path(FIGURES).write_text(json.dumps({**about, "figures": dict(sorted(_figures.items()))}, indent=2) + "\n")
