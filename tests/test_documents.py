"""README, docs and examples: what they show is what happens."""

from __future__ import annotations

import json
import os
import re
import shutil
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


def test_readme_collection(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The example with many items prints what stands below it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(ROOT)
    exec(re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[2], {"newsitem": newsitem})
    assert capsys.readouterr().out == re.findall(r"```text\n(.*?)```", readme, re.DOTALL)[2]


def test_readme_error() -> None:
    """The error in the README is the one that such a file gives."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)[1]
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.loads("---\ntitle: T\npublishedDateTime: soon\nprovider:\n  name: P\n---\n", name="item.md")
    assert str(caught.value) == shown.rstrip()


def test_security_limits() -> None:
    """SECURITY.md names every limit with its value, and the block that it shows sets limits."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    shown = {
        name: int(value.replace(",", ""))
        for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]*\d)", page, re.MULTILINE)
    }
    assert shown == newsitem.Limits()._asdict()
    names: dict[str, object] = {
        "newsitem": newsitem,
        "upload": (ROOT / "examples" / "news").glob("*.md").__next__().read_text(),
    }
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(code, names)
    assert isinstance(names["item"], newsitem.NewsItem)


def test_figures_of_reliability() -> None:
    """The figures of the last full run are of every promise, and none was broken."""
    figures = json.loads((ROOT / "docs" / "reliability.json").read_text())["figures"]
    sources = "".join(path.read_text() for path in (ROOT / "tests" / "reliability").glob("test_*.py"))
    promises = set(re.findall(r'figure\(f?"(.*?)"', sources))
    readers = ("Psych", "PyYAML (YAML 1.1)", "ruamel.yaml (YAML 1.2)")
    expected = {promise.replace("{name}", name) for promise in promises for name in readers}
    assert set(figures) == expected
    assert all(tried > 0 and broken == 0 for tried, broken in figures.values())


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


@pytest.mark.parametrize(
    ("name", "expected", "needs"), [("collections", 8, ""), ("engines", 6, "duckdb polars pandas dask")]
)
def test_page(  # noqa: PLR0917 - pytest's fixtures
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    expected: int,
    needs: str,
) -> None:
    """Each example of a page runs after those before it, and prints what stands below it."""
    for module in needs.split():
        pytest.importorskip(module, reason=f"{module} is not installed: pip install 'newsitem[dask,engines]'")
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "page"}
    outputs = 0
    for kind, block in re.findall(r"```(python|text)\n(.*?)```", page, re.DOTALL):
        if kind == "python":
            assert capsys.readouterr().out == ""
            exec(block, names)
        else:
            outputs += 1
            assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
                line.rstrip() for line in block.splitlines()
            ]
    assert outputs == expected


def test_parallel_example(tmp_path: Path) -> None:
    """The last example of that page edits all shares in processes of its own."""
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    before = newsitem.NewsCollection.read(tmp_path / "news")
    page = (ROOT / "docs" / "collections.md").read_text(encoding="utf-8")
    (tmp_path / "script.py").write_text(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[-1], encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    cold = [item for item in before if item.published and (item.heat or 0) < 60]
    assert sum(map(int, run.stdout.split())) == len(cold) > 0
    after = newsitem.NewsCollection.read(tmp_path / "news")
    assert len(after.filter(published=True)) == len(before.filter(published=True)) - len(cold)


def test_dask_script(tmp_path: Path) -> None:
    """The script on the page about engines writes all samples on a cluster of two processes."""
    pytest.importorskip("distributed", reason="distributed is not installed: pip install 'newsitem[dask]'")
    shutil.copytree(ROOT / "examples" / "news", tmp_path / "news")
    page = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
    (tmp_path / "script.py").write_text(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[-1], encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, check=True, env=environment, text=True
    )
    assert run.stdout == "21 rows, 3 files, 0 errors\n"


def test_warehouse_example(tmp_path: Path) -> None:
    """The example reports on the samples, and on a folder that is named into Parquet files that are named."""
    for module in ("dask", "duckdb"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install 'newsitem[dask,engines]'")
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": os.environ["PATH"]}
    for arguments in ([], [str(ROOT / "examples" / "news"), str(tmp_path / "parquet")]):
        command = [sys.executable, str(ROOT / "examples" / "warehouse.py"), *arguments]
        run = subprocess.run(command, capture_output=True, check=True, env=environment, text=True)
        assert "21 items in 1 Parquet files" in run.stdout
        assert re.search(r"2020-06 │ Space +│ +3 │ +640 │ 2\.4 ORBIT DISPATCHES", run.stdout)
    assert [path.name for path in (tmp_path / "parquet").iterdir()] == ["part-00000.parquet"]


def test_retag_example(tmp_path: Path) -> None:
    """The example renames a topic in a copy of the samples, and in a folder that is named only when told to save."""
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


def test_heat_example(tmp_path: Path) -> None:
    """The example draws the samples, and a folder that is named, into a picture."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'newsitem[examples]'")
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MPLCONFIGDIR": str(tmp_path)}
    for arguments in ([], [str(ROOT / "examples" / "news"), "other.png"]):
        command = [sys.executable, str(ROOT / "examples" / "heat.py"), *arguments]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env=environment)
    for name in ("heat.png", "other.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG\r\n")


def test_import_is_light() -> None:
    """Importing newsitem imports neither ruamel.yaml nor cattrs, nor anything optional."""
    program = (
        "import sys, newsitem\n"
        "print([m for m in ('ruamel.yaml', 'cattrs', 'html', 'tqdm', 'pyarrow', 'dask') if m in sys.modules])"
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
