"""Items in attrs, cattrs, rich, pytest and help."""

from __future__ import annotations

import copy
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import cattrs
import pytest
from secured_items import SECRET, SECURED_TEXT

import newsitem
from newsitem import NewsCollection, NewsItem


@pytest.mark.parametrize(
    "data_of",
    [attrs.asdict, cattrs.unstructure, cattrs.Converter().unstructure],
    ids=["attrs", "cattrs", "own converter"],
)
def test_asdict_and_unstructure(item: NewsItem, data_of: Callable[[Any], Any]) -> None:
    """The data of a loaded item has its attributes only, and the same secured text as `to_dict`."""
    data = data_of(item)
    assert list(data) == [field.name for field in attrs.fields(NewsItem)]
    assert not [name for name in data if name.startswith("_")]
    assert data["secured"] == newsitem.to_dict(item)["secured"] == SECRET
    assert data["provider"] == {"name": "Ledgerlight", "domain": None, "images": [], "extras": {}}
    assert SECRET not in repr(data)


def test_astuple(item: NewsItem) -> None:
    """A tuple of a loaded item's values does not contain the source text."""
    assert len(attrs.astuple(item)) == len(attrs.fields(NewsItem))
    assert "publishedDateTime" not in repr(attrs.astuple(item))


def test_evolve_keeps_the_source_text(item: NewsItem) -> None:
    """An evolved item keeps the source text of the original; a new item with the same values has none."""
    changes: dict[str, Any] = {
        "heat": 5,
        "extras": {"x": 1},
        "path": None,
        "topics": [],
        "provider": newsitem.Provider(name="O"),
    }
    twin = attrs.evolve(item, **changes)  # type: ignore[misc]
    assert newsitem.dumps(twin) == (
        SECURED_TEXT.replace("Ledgerlight", "O")
        .replace("22:10:00Z\n", "22:10:00Z\nheat: 5\n")
        .replace("---\n\n", "\nx: 1\n---\n\n")
    )
    fields = {field.name: getattr(item, field.name) for field in attrs.fields(NewsItem)}
    assert newsitem.diff(NewsItem(**fields)).startswith("---")


def test_rich(item: NewsItem) -> None:
    """Printing and inspecting show the attributes, but neither the secured text nor the source text."""
    rich = pytest.importorskip("rich", reason="rich is in the dependency group test")
    console = pytest.importorskip("rich.console").Console(file=io.StringIO(), width=200)
    parts = (item, [item], item.secured, item._source, attrs.asdict(item), NewsCollection([item]))
    for part in parts:
        console.print(part)
    rich.inspect(item, console=console, private=True)
    shown = console.file.getvalue()
    assert "title='Warm pipes'" in shown
    assert SECRET[:8] not in shown
    assert "publishedDateTime" not in shown
    assert not any(SECRET[:8] in f"{part!r}{part}" for part in parts)


def test_pytest_and_help(tmp_path: Path) -> None:
    """A failing comparison with -vv names the attributes that differ, and does not show the secured text."""
    other = SECRET[::-1]
    (tmp_path / "test_it.py").write_text(
        f"import newsitem\nA = {SECURED_TEXT!r}\n"
        f"def test_it():\n    a, b = newsitem.loads(A), newsitem.loads(A.replace({SECRET!r}, {other!r}))\n"
        "    b.heat = 5\n    help(a)\n    assert a == b\n"
        "def test_list():\n    a, b = newsitem.loads(A), newsitem.loads(A)\n    b.secured = None\n"
        "    assert [a] == [b]\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-vv",
        "--tb=line",
        "-p",
        "no:cacheprovider",
        "--rootdir=.",
        "test_it.py",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "2 failed" in run.stdout
    run = subprocess.run([*command, "--tb=short"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "heat" in run.stdout
    assert "<Secured: " in run.stdout
    assert SECRET[:8] not in run.stdout
    assert other[:8] not in run.stdout


def test_secured_in_comparisons_and_matches() -> None:
    """A secured text equals and hashes as its plain text, works in match statements, and can be copied."""
    secured = newsitem.Secured("a;b")
    assert secured == "a;b"
    assert secured != "x"
    assert secured != 5
    assert hash(secured) == hash("a;b")
    assert copy.deepcopy(secured) == copy.copy(secured) == secured
    match secured:
        case newsitem.Secured(text):
            assert text == "a;b"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del secured.text
