"""README, docs and examples: what they show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import newsitem


def test_readme_example(tmp_path: Path) -> None:
    """The example in the README prints what stands below it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code, output = re.findall(r"```(?:python|text)\n(.*?)```", readme, re.DOTALL)[:2]
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    shown = [line.rstrip() for line in run.stdout.decode().rstrip().split("\n")]
    assert shown == output.rstrip().split("\n")
    assert newsitem.load(tmp_path / "tomatoes.md").heat == 120


def test_readme_new_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second example writes the file that it names."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    exec(code, {"newsitem": newsitem})
    assert newsitem.load("2020-06-24-warm-pipes.md").title == "Warm pipes"


def test_readme_error() -> None:
    """The error in the README is the one that such a file gives."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)[1]
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.loads("---\ntitle: T\npublishedDateTime: soon\nprovider:\n  name: P\n---\n", name="item.md")
    assert str(caught.value) == shown.rstrip()


@pytest.mark.parametrize("arguments", [[], [str(ROOT / "tests" / "data" / "valid")]])
def test_quickstart(arguments: list[str]) -> None:
    """The quick start runs on the sample files and on a folder that is named, and all files come back."""
    command = [sys.executable, str(ROOT / "examples" / "quickstart.py"), *arguments]
    run = subprocess.run(command, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"})
    output = run.stdout.decode()
    counts = re.search(r"(\d+) of (\d+) files come back byte for byte", output)
    assert counts
    assert counts[1] == counts[2]
    assert "It reads back as the item: True" in output


def test_import_is_light() -> None:
    """Importing newsitem imports neither ruamel.yaml nor cattrs, nor anything optional."""
    program = (
        "import sys, newsitem; print([m for m in ('ruamel.yaml', 'cattrs', 'pyarrow', 'dask') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert run.stdout.decode().strip() == "[]"


def test_all_is_sorted_and_documented() -> None:
    """Every public name is exported in order, and has a docstring."""
    assert newsitem.__all__ == sorted(newsitem.__all__)
    assert all(getattr(newsitem, name).__doc__ for name in newsitem.__all__)


def test_imports_run_one_way() -> None:
    """The rooms import in the order in which CONTRIBUTING lists them, and never against it."""
    listed = re.findall(r"^\| `(\w+)\.py` ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    files = {path.stem for path in (ROOT / "newsitem").glob("*.py")} - {"__init__"}
    assert set(listed) == files
    for place, name in enumerate(listed):
        source = (ROOT / "newsitem" / f"{name}.py").read_text(encoding="utf-8")
        source = re.sub(r"^if TYPE_CHECKING:\n(?:    .*\n)+", "", source, flags=re.MULTILINE)
        imported = re.findall(r"^\s*from newsitem\.(\w+) import", source, re.MULTILINE)
        for line in re.findall(r"^\s*from newsitem import (.+)", source, re.MULTILINE):
            imported += line.split(", ")
        assert set(imported) <= set(listed[:place]), name
