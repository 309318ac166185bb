"""``python -m newsitem check``: its output formats and its exit status."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samples import EXAMPLES, ROOT

import newsitem
from newsitem import __main__ as command
from newsitem._codec.unknown_keys import has_unknown, unknown_keys

BAD = '---\ntitle: "T"\npublishedDateTime: soon\nheat: "114"\nprovider:\n  name: P\n---\n'
UNKNOWN = """---
title: "T"
publishedDateTime: 2020-01-01T00:00:00Z
heet: 3
provider:
  nmae: x
  name: P
  images:
    - url: "u"
    - url: "u"
      withd: 5
  <<: {odd: 1}
related:
  - title: "R"
    provider: {name: P, domian: d}
---
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two valid files and an invalid one."""
    for path in EXAMPLES[:2]:
        shutil.copy(path, tmp_path)
    (tmp_path / "bad.md").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each problem is a line that starts with its position, and the numbers are on standard error."""
    assert command.main(["check", "."]) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        (
            "bad.md:3:20: publishedDateTime: must be an instant such as 2020-06-24T22:10:00Z, without quotes, "
            "not the text 'soon'"
        ),
        "bad.md:4:7: heat: must be an integer, not the text '114'",
    ]
    assert printed.err == "3 files checked, 1 file with problems\n"
    (folder / "bad.md").unlink()
    assert command.main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == ""


def test_output_to_any_stream(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output may be any text stream."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert command.main(["check", str(folder / "bad.md")]) == 1
    assert stream.getvalue().count("bad.md:") == 2


def test_paths_on_standard_input(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `-`, paths are read from standard input, one per line or NUL-separated; there may be none."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"bad.md\n{EXAMPLES[0].name}\n"))
    assert command.main(["check", "-"]) == 1
    assert capsys.readouterr().err == "2 files checked, 1 file with problems\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"bad.md\0{EXAMPLES[0].name}\0"))
    assert command.main(["check", "-"]) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("bad.md\r\n"))
    assert command.main(["check", "-"]) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    capsys.readouterr()
    assert command.main(["check", "-"]) == 0
    assert capsys.readouterr().err == "0 files checked, 0 files with problems\n"
    assert folder.exists()


def test_json_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON format is a list of objects, and may be empty."""
    assert command.main(["check", ".", "--format", "json"]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert [(one["path"], one["line"], one["column"], one["field"]) for one in problems] == [
        ("bad.md", 3, 20, "publishedDateTime"),
        ("bad.md", 4, 7, "heat"),
    ]
    (folder / "bad.md").unlink()
    assert command.main(["check", ".", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The GitHub format is a workflow command for each problem, with special characters escaped."""
    (folder / "bad.md").rename(folder / "a, 100%: b.md")
    assert command.main(["check", ".", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == (
        "::error file=a%2C 100%25%3A b.md,line=4,col=7,title=heat::heat: must be an integer, not the text '114'"
    )


def test_unknown_keys_in_an_object_that_is_false() -> None:
    """Unknown keys are found in an object whose class makes it false."""

    @newsitem.model
    class Empty:
        x: str | None = newsitem.key(default=None)

        def __len__(self) -> int:
            return 0

    @newsitem.model
    class Post(newsitem.FrontMatter):
        inner: Empty | None = newsitem.key(default=None)

    assert has_unknown(newsitem.loads("---\ninner:\n  y: 1\n---\n", Post))
    assert not has_unknown(newsitem.loads("---\ninner:\n  x: a\n---\n", Post))


def test_unknown_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--unknown-keys error`, unknown keys at any depth are problems with a suggestion."""
    (folder / "bad.md").write_text(UNKNOWN)
    assert command.main(["check", "bad.md"]) == 0
    assert command.main(["check", "bad.md", EXAMPLES[0].name, "--unknown-keys", "error"]) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "bad.md:4:1: heet: unknown key: did you mean 'heat'?",
        "bad.md:6:3: provider.nmae: unknown key: did you mean 'name'?",
        "bad.md:11:7: provider.images[1].withd: unknown key: did you mean 'width'?",
        "bad.md:6:3: provider.odd: unknown key: expected one of name, domain, images",
        "bad.md:15:25: related[0].provider.domian: unknown key: did you mean 'domain'?",
    ]
    assert printed.err.endswith("2 files checked, 1 file with problems\n")
    assert [str(one) for one in unknown_keys("---\na: 1\n---\n", newsitem.FrontMatter, None)] == ["2:1: a: unknown key"]
    (folder / "bad.md").write_text(BAD.replace("provider", "heet: 5\nprovider"))
    (folder / "worse.md").write_text("---\n{\n---\n")
    assert command.main(["check", "bad.md", "worse.md", "--unknown-keys", "error"]) == 1
    printed = capsys.readouterr()
    assert "bad.md:5:1: heet: unknown key: did you mean 'heat'?" in printed.out
    assert printed.err.endswith("2 files checked, 2 files with problems\n")


def test_user_defined_class(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--cls` names a class in a module, also of the current folder; a wrong name is an error."""
    (folder / "own_kinds.py").write_text(
        "import newsitem\n\n@newsitem.model\nclass Person(newsitem.FrontMatter):\n    name: str\n"
    )
    (folder / "bad.md").write_text("---\nname: 5 # a text, whatever it looks like\n---\n")
    assert command.main(["check", "bad.md", "--cls", "own_kinds:Person"]) == 0
    assert command.main(["check", "bad.md", "--cls", "own_kinds:Nobody"]) == 2
    assert command.main(["check", "bad.md", "--cls", "nowhere:Nobody"]) == 2
    assert command.main(["check", "bad.md", "--cls", "newsitem:Provider"]) == 2
    assert command.main(["check", "bad.md", "--cls", "newsitem"]) == 2
    (folder / "broken_kinds.py").write_text("1 / 0")
    assert command.main(["check", "bad.md", "--cls", "broken_kinds:Person"]) == 2
    errors = capsys.readouterr().err
    assert "--cls newsitem: expected MODULE:CLASS, such as" in errors
    assert "--cls broken_kinds:Person: ZeroDivisionError: division by zero" in errors
    assert "--cls own_kinds:Nobody: AttributeError: module 'own_kinds' has no attribute 'Nobody'" in errors
    assert "--cls nowhere:Nobody: ModuleNotFoundError: No module named 'nowhere'" in errors
    assert "--cls newsitem:Provider: TypeError: expected an item, not Provider" in errors


def test_wrong_arguments(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing paths, folders without files and wrong arguments end with status 2 and a message."""
    assert command.main(["check", "bad.md", "nowhere.md"]) == 2
    assert "newsitem: no such file or folder: nowhere.md" in capsys.readouterr().err
    (folder / "empty").mkdir()
    assert command.main(["check", "empty"]) == 2
    assert "0 files checked" in capsys.readouterr().err
    for others in ([EXAMPLES[0].name], [EXAMPLES[0].name, "bad.md"]):
        assert command.main(["check", "empty", *others]) == 2
        lines = capsys.readouterr().err.splitlines()
        assert lines[0] == "newsitem: no Markdown files in empty"
        assert lines[1].startswith(f"{len(others)} file")
    for arguments in ([], ["check"], ["check", ".", "--format", "xml"], ["fix", "."]):
        with pytest.raises(SystemExit) as exit_:
            command.main(arguments)
        assert exit_.value.code == 2


def test_folders_that_are_not_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder whose files are read through another folder, or a link, is not empty."""
    (folder / "bad.md").unlink()
    (folder / "sub").mkdir()
    shutil.copy(EXAMPLES[0], folder / "sub")
    (folder / "link").symlink_to("sub")
    assert command.main(["check", ".", "sub", "link"]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_paths_without_permission(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path in a folder that cannot be entered is not missing, and a folder that cannot be listed is a problem."""
    true_lstat, true_scandir = os.lstat, os.scandir

    def lstat(path: Any) -> os.stat_result:
        if str(path).startswith("closed/"):  # root can enter every folder
            raise PermissionError(13, "Permission denied", path)
        return true_lstat(path)

    def scandir(path: Any) -> Any:
        if str(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return true_scandir(path)

    (folder / "closed").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", lstat)
        assert command.main(["check", "closed/a.md", "nowhere.md", "closed/b\n.md", "bad.md"]) == 2
    assert capsys.readouterr().err == (
        "newsitem: permission denied: closed/a.md, closed/b\\n.md; no such file or folder: nowhere.md\n"
    )
    monkeypatch.setattr(os, "scandir", scandir)
    assert command.main(["check", EXAMPLES[0].name, "closed"]) == 1
    assert capsys.readouterr().out == "closed: Permission denied\n"


def test_interrupt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the command without a traceback."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "NewsReader", interrupted)
    assert command.main(["check", str(folder)]) == 130


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """Return that the stream is a terminal."""
        return True


def test_progress_bar_on_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch, without: Any) -> None:
    """A progress bar is shown on a terminal for many files, unless tqdm is missing."""
    pytest.importorskip("tqdm", reason="tqdm is not installed: pip install 'newsitem[progress]'")
    for most, shown in ((500, False), (2, True)):
        monkeypatch.setattr(command, "_LONG", most)
        monkeypatch.setattr(sys, "stderr", Terminal())
        assert command.main(["check", "."]) == 1
        assert ("0/3" in sys.stderr.getvalue()) is shown  # type: ignore[union-attr]
    without("tqdm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert command.main(["check", str(folder)]) == 1
    assert sys.stderr.getvalue() == "3 files checked, 1 file with problems\n"  # type: ignore[union-attr]


def test_run_as_a_module(folder: Path) -> None:
    """The command runs with `python -m`, and ends without a traceback if its output is closed."""
    run = [sys.executable, "-m", "newsitem", "check", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(run, cwd=folder, env=environment, capture_output=True, check=False).returncode == 1
    for number in range(2_000):
        (folder / f"{number}.md").write_text(BAD)
    with subprocess.Popen(run, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert "Traceback" not in errors
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    ("redirection", "status", "message"),
    [
        ("- <&-", 2, "newsitem: -: standard input is closed"),
        ("good.md >&-", 0, "1 file checked, 0 files with problems"),
        ("bad.md >&-", 1, "1 file checked, 1 file with problems"),
        ("bad.md >/dev/full", 2, "No space left on device"),
        ("--unknown-keys error /dev/stdin < unknown.md", 1, "1 file checked, 1 file with problems"),
        ("--unknown-keys error <(cat unknown.md)", 1, "1 file checked, 1 file with problems"),
        ("--unknown-keys error <(cat bad.md)", 1, "1 file checked, 1 file with problems"),
        ("bad.md 2>&-", 1, ""),
    ],
)
def test_redirections(folder: Path, redirection: str, status: int, message: str) -> None:
    """Closed, full and special files are handled without a traceback, and unknown keys are found in pipes too."""
    shutil.copy(EXAMPLES[0], folder / "good.md")
    (folder / "unknown.md").write_text(UNKNOWN)
    line = f"{sys.executable} -m newsitem check {redirection}"
    run = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status
    assert "Traceback" not in run.stderr
    assert message in run.stderr


def test_closed_streams(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A closed standard input is an error of the call, and a closed standard output is not."""
    monkeypatch.setattr(sys, "stdin", None)
    assert command.main(["check", "-"]) == 2
    assert "standard input is closed" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdout", None)
    assert command.main(["check", str(EXAMPLES[0])]) == 0


def test_closed_standard_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """If standard error is closed, its messages do not get into standard output."""
    monkeypatch.setattr(sys, "stderr", None)
    assert command.main(["check", "--format", "json", str(EXAMPLES[0])]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_pre_commit(tmp_path: Path) -> None:
    """The pre-commit hook accepts a valid file, and refuses an invalid one with the problem."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    shutil.copy(EXAMPLES[0], tmp_path / "good.md")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    hook = re.sub(r"language: python", "language: system", (ROOT / ".pre-commit-hooks.yaml").read_text())
    hook = hook.replace("entry: newsitem", f"entry: {sys.executable} -m newsitem")
    hook = "\n".join(f"      {line}" for line in hook.splitlines())
    (tmp_path / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: local\n    hooks:\n{hook}\n")
    run = [sys.executable, "-m", "pre_commit", "run"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for text, status in ((None, 0), (BAD, 1)):
        if text is not None:
            (tmp_path / "bad.md").write_text(text)
        subprocess.run([*git, "add", "-A"], cwd=tmp_path, check=True)
        done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, check=False, text=True)
        assert done.returncode == status, done.stdout
    assert "bad.md:4:7: heat: must be an integer" in done.stdout
