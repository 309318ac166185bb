"""What the tests share: the settings of Hypothesis, and fixtures."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from people import FOLDER
from samples import EXAMPLES, VALID

settings.register_profile(
    "newsitem",
    deadline=None,
    derandomize="NEWSITEM_EXAMPLES" not in os.environ,  # the fast suite is the same everywhere, a search is not
    max_examples=int(os.environ.get("NEWSITEM_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("newsitem")


@pytest.fixture
def two_kinds(tmp_path: Path) -> Path:
    """Return a folder with a news item and two people."""
    for name, text in FOLDER.items():
        (tmp_path / name).write_text(text)
    return tmp_path


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


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Take a library away, and have modules imported again that need it."""

    def take_away(library: str, *modules: str) -> None:
        true_import = builtins.__import__

        def importing(name: str, *rest: Any) -> Any:
            if name.split(".", maxsplit=1)[0] == library:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return true_import(name, *rest)

        for module in modules:
            monkeypatch.delitem(sys.modules, module)
            monkeypatch.delattr(module, raising=False)
        monkeypatch.setattr(builtins, "__import__", importing)

    return take_away
