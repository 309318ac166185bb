"""The scripts in ``examples`` run on the samples and on a given folder, and do what their docstrings say."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from runpy import run_path
from typing import Any, Final

import pytest
from samples import ROOT

import newsitem

OF_OTHER_KINDS: Final = sorted((ROOT / "examples").glob("[!n]*/*.md"))


@pytest.mark.parametrize("arguments", [[], [str(ROOT / "tests" / "data" / "valid")]])
def test_quickstart(arguments: list[str]) -> None:
    """The quick start runs on the sample files and on a given folder, and all files round-trip."""
    command = [sys.executable, str(ROOT / "examples" / "quickstart.py"), *arguments]
    run = subprocess.run(command, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"})
    output = run.stdout.decode()
    counts = re.search(r"(\d+) of (\d+) files round-trip byte for byte", output)
    assert counts
    assert counts[1] == counts[2]
    assert "Reads back as the same item: True" in output


def test_retag(tmp_path: Path) -> None:
    """The script renames a topic in a copy of the samples; in a given folder, it writes only with `--save`."""
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    command = [sys.executable, str(ROOT / "examples" / "retag.py")]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

    def run(*arguments: str) -> str:
        done = subprocess.run([*command, *arguments], capture_output=True, check=True, env=environment, text=True)
        return done.stdout

    assert "0 items have 'AI', 7 have 'Artificial intelligence'" in run()
    assert "4 to write" in run(str(tmp_path / "news"), "--old", "Privacy", "--new", "AI")
    assert newsitem.NewsCollection.read(tmp_path / "news") == newsitem.NewsCollection.read(ROOT / "examples" / "news")
    both = len(newsitem.NewsCollection.read(tmp_path / "news").filter(topic=["AI", "Privacy"]))
    assert f"{both} have 'AI'" in run(str(tmp_path / "news"), "--old", "Privacy", "--new", "AI", "--save")
    assert len(newsitem.NewsCollection.read(tmp_path / "news").filter(topic="AI")) == both


def test_heat(tmp_path: Path) -> None:
    """The script draws a picture of the samples and of a given folder."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install matplotlib")
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MPLCONFIGDIR": str(tmp_path)}
    for arguments in ([], [str(ROOT / "examples" / "news"), "other.png"]):
        command = [sys.executable, str(ROOT / "examples" / "heat.py"), *arguments]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env=environment)
    for name in ("heat.png", "other.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG\r\n")


def test_warehouse(tmp_path: Path) -> None:
    """The script reports on the samples, and writes a given folder to Parquet files."""
    for module in ("dask", "duckdb"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install 'newsitem[dask,engines]'")
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.environ["PATH"]}
    for arguments in ([], [str(ROOT / "examples" / "news"), str(tmp_path / "parquet")]):
        command = [sys.executable, str(ROOT / "examples" / "warehouse.py"), *arguments]
        run = subprocess.run(command, capture_output=True, check=True, env=environment, text=True)
        assert "21 items in 1 Parquet files" in run.stdout
        assert re.search(r"2020-06 │ Space +│ +3 │ +640 │ 2\.4 ORBIT DISPATCHES", run.stdout)
    assert [path.name for path in (tmp_path / "parquet").iterdir()] == ["part-00000.parquet"]


def test_kinds() -> None:
    """The script reads three kinds of files, from the examples or a given folder, shows an edit, and groups."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, str(ROOT / "examples" / "kinds.py")]
    for arguments in ([], [str(ROOT / "examples")]):
        run = subprocess.run([*command, *arguments], capture_output=True, check=True, env=environment, text=True)
        for name in ("samples", "learning", "people"):
            assert f"{name}: <NewsCollection: 3 items" in run.stdout
        assert run.stdout.count("3 of 3 files round-trip byte for byte.") == 3
        assert re.findall(r"^[-+](?![-+]).*$", run.stdout, re.MULTILINE) == [
            "-  followers: 5120",
            "+  followers: 5121",
            "+  - Oceans",
        ]
        assert "Free: Read a confusion matrix without confusion, How a search engine forgets" in run.stdout


@pytest.mark.parametrize("path", OF_OTHER_KINDS, ids=lambda path: path.stem)
def test_files_of_other_kinds_round_trip(path: Path) -> None:
    """A file of another kind round-trips byte for byte, as text and as plain data."""
    cls: Any = run_path(str(ROOT / "examples" / "kinds.py"))["KINDS"][path.parent.name]
    text = path.read_bytes().decode()
    item = newsitem.load(path, cls)
    assert item.extras == {}
    assert newsitem.dumps(item) == text
    assert newsitem.dumps(newsitem.from_dict(newsitem.to_dict(item), cls, body=item.body)) == text


def test_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook runs from top to bottom, contains no outputs, and ends with the lines that it changed."""
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    monkeypatch.chdir(tmp_path)
    cells = json.loads((ROOT / "examples" / "table.ipynb").read_text(encoding="utf-8"))["cells"]
    scope: dict[str, object] = {}
    diffs = []
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), scope)
            diffs.append(scope["news"].diff())  # type: ignore[attr-defined]
    changed = [line for line in diffs[-2].splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert len(changed) == 8
    assert all(line[1:].strip().startswith(("heat:", "domain:")) for line in changed)
    assert diffs[-1] == ""


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_scripts_are_short_and_documented(script: Path) -> None:
    """Each script is short, describes its arguments in its docstring, and has a test in this file."""
    source = script.read_text(encoding="utf-8")
    assert f"{script.name} FOLDER" in source.split('"""')[1]
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert len(source.splitlines()) - sum((node.end_lineno or 0) - node.lineno + 1 for node in classes) < 80
    assert f'"{script.name}"' in Path(__file__).read_text(encoding="utf-8")
