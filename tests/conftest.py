"""Hypothesis settings and fixtures that the tests share."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import sample_file
from hypothesis import HealthCheck, settings
from people import FOLDER
from samples import EXAMPLES, VALID
from secured_items import secured_item

from newsitem import NewsItem

settings.register_profile(
    "newsitem",
    deadline=None,
    derandomize="NEWSITEM_EXAMPLES" not in os.environ,  # the fast suite tries the same examples everywhere
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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a copy of a sample file."""
    return sample_file(tmp_path)


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """Return an item with a secured text that was read from a file."""
    return secured_item(tmp_path)


@pytest.fixture(params=EXAMPLES + VALID, ids=lambda path: path.stem[:40])
def sample(request: pytest.FixtureRequest) -> Path:
    """Return each sample file in turn."""
    path: Path = request.param
    return path


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Return the files of the folder that ``NEWSITEM_CORPUS`` names."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    if not folder:
        pytest.skip("NEWSITEM_CORPUS is not set: set it to a folder of news item files to run this test on them")
    files = sorted(Path(folder).rglob("*.md"))
    assert files, f"no *.md files in {folder}"
    return files


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that makes a library unavailable and reloads the modules that need it."""

    def hide(library: str, *modules: str) -> None:
        original_import = builtins.__import__

        def import_others(name: str, *rest: Any) -> Any:
            if name.split(".", maxsplit=1)[0] == library:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return original_import(name, *rest)

        for module in modules:
            monkeypatch.delitem(sys.modules, module)
            monkeypatch.delattr(module, raising=False)
        monkeypatch.setattr(builtins, "__import__", import_others)

    return hide
