"""What the tests share: where the sample files are, and the settings of Hypothesis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples" / "news").glob("*.md"))
VALID = sorted((ROOT / "tests" / "data" / "valid").glob("*.md"))

settings.register_profile(
    "newsitem",
    deadline=None,
    derandomize="NEWSITEM_EXAMPLES" not in os.environ,  # the fast suite is the same everywhere, a search is not
    max_examples=int(os.environ.get("NEWSITEM_EXAMPLES", "150")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("newsitem")


@pytest.fixture(params=EXAMPLES + VALID, ids=lambda path: path.stem[:40])
def sample(request: pytest.FixtureRequest) -> Path:
    """Each sample file in turn."""
    path: Path = request.param
    return path


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """The files of the user's own collection."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    if not folder:
        pytest.skip("NEWSITEM_CORPUS is not set: name a folder of news item files to run this over it")
    files = sorted(Path(folder).rglob("*.md"))
    assert files, f"no *.md files in {folder}"
    return files
