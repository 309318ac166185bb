"""Run the examples in the README, the docs and the docstrings with Sybil, and compare their output.

The examples of a Markdown page run in order, in one namespace. The language of a block decides how it is tested:

- ``python``: the block is run. The next block must show its output (``text``, ``diff``, ``json`` or ``yaml``) or the
  error that it raises (``pytb``).
- ``console``: the commands after ``$`` are run, and the block must show their output.
- ``sh``: the block is not run, because it installs something or takes long. The modules, files, extras, dependency
  groups and nox sessions that it names must exist. The sessions ``readme`` and ``tutorial`` run the commands of these
  pages.
- A block with a caption is written to a file of that name. The file is loaded if the next block shows an error.

Each page runs in a folder of its own, with copies of ``examples`` and of the sample files (in ``news``). Each docstring
does too; its folder also has an ``item.md``, and the names ``newsitem``, ``item`` and ``news`` are defined.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

import pytest
from samples import ROOT
from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.lexers import LexerCollection
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.parsers.myst import SkipParser
from sybil.parsers.myst.lexers import DirectiveLexer
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection
from sybil.typing import Evaluator

import newsitem

SAMPLE: Final = ROOT / "examples" / "news" / "2020-06-10-the-baker-who-kept-a-satellites-frequency-on-her-fridge.md"
"""The file that is copied to ``item.md`` in the folder of each docstring."""
OUTPUTS: Final = ("text", "diff", "json", "yaml")
ERROR: Final = "pytb"
NEEDS: Final = {"arrow": "pyarrow", "newsitem.dask": "distributed"}
"""The package that a docstring containing the word needs."""


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def _difference(shown: str, actual: str) -> str | None:
    if _lines(shown) == _lines(actual):
        return None
    return f"the page shows\n\n{_lines(shown)}\n\nbut the output is\n\n{_lines(actual)}"


def _next_language(example: Example) -> str | None:
    regions = iter(example.document.regions)
    next(region for _, region in regions if region is example.region)
    return next((region.lexemes.get("language") for _, region in regions), None)


def _run_python(example: Example) -> str | None:
    output = StringIO()
    with redirect_stdout(output):
        raised = _error_of(lambda: PythonEvaluator()(example), example)
    example.namespace["_output"] = raised or output.getvalue()
    if output.getvalue() and _next_language(example) not in OUTPUTS:
        return f"the page does not show this output:\n{output.getvalue()}"
    return None


def _error_of(run: Callable[[], object], example: Example) -> str | None:
    """Return the last line of the traceback if the page shows an error, and ``None`` otherwise."""
    if _next_language(example) != ERROR:
        run()
        return None
    try:
        run()
    except Exception as error:
        return f"{type(error).__module__}.{type(error).__qualname__}: {error}".removeprefix("builtins.")
    return "no error is raised"


def _compare_output(example: Example) -> str | None:
    if "_output" not in example.namespace:
        return "the block before this one has no output"
    return _difference(example.parsed, example.namespace.pop("_output"))


def _run_console(example: Example) -> str | None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "120"}
    actual = []
    for command in re.findall(r"^\$ (.*)$", example.parsed, re.MULTILINE):
        run = subprocess.run(
            ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, env=environment
        )
        actual += [f"$ {command}", *run.stdout.decode().rstrip().splitlines()]
    return _difference(example.parsed, "\n".join(actual))


def _check_commands(example: Example) -> str | None:
    """Check that bash can parse the commands, and that all modules, files, extras, groups and sessions exist."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras_of_project, groups_of_project = settings["project"]["optional-dependencies"], settings["dependency-groups"]
    sessions_of_project = re.findall(r"^def (\w+)\(session", (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    subprocess.run(["bash", "-n"], input=example.parsed.encode(), check=True)
    modules = re.findall(r"python3? -m (\S+)", example.parsed)
    extras = [extra for names in re.findall(r"\[([a-z,]+)\]", example.parsed) for extra in names.split(",")]
    files = re.findall(r"(?<=[ =])(?:\w+/)+\w*(?:\.\w+)?(?=\s)", example.parsed)
    groups = re.findall(r"--group (\w+)", example.parsed)
    sessions = [name for names in re.findall(r"\bnox -s((?: \w[\w.-]*)+)", example.parsed) for name in names.split()]
    installed = [str(requirement) for requirement in chain(*extras_of_project.values(), *groups_of_project.values())]
    missing = [
        name
        for name in modules
        if find_spec(name) is None and not any(name in requirement for requirement in installed)
    ]
    missing += [extra for extra in extras if extra not in extras_of_project]
    missing += [group for group in groups if group not in groups_of_project]
    missing += [name for name in sessions if name.partition("-")[0] not in sessions_of_project]
    missing += [
        file for file in files if not (ROOT / file).exists() and not file.startswith(("path/", "try/", "docs/_build"))
    ]
    return f"not found: {', '.join(missing)}" if missing else None


def _make_file(example: Example) -> None:
    path = Path(example.region.lexemes["options"]["caption"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.parsed, encoding="utf-8")
    if _next_language(example) == ERROR:
        example.namespace["_output"] = _error_of(lambda: newsitem.load(path), example)


RULES: Final[dict[str, Evaluator]] = {
    "python": _run_python,
    "console": _run_console,
    "sh": _check_commands,
    ERROR: _compare_output,
    **dict.fromkeys(OUTPUTS, _compare_output),
}
"""The function that tests a block, by language. Any other language is an error."""


def _blocks(document: Document) -> Iterator[Region]:
    names = {"source": "source"}
    lexers = [
        FencedCodeBlockLexer(r"\w*", mapping={"language": "language", **names}),
        DirectiveLexer("code-block", mapping={"arguments": "language", "options": "options", **names}),
    ]
    for region in LexerCollection(lexers)(document):
        region.parsed = region.lexemes["source"]
        region.evaluator = _make_file if "options" in region.lexemes else RULES[region.lexemes["language"]]
        yield region


def _missing(*modules: str) -> bool:
    return any(find_spec(module) is None for module in modules)


def _enter(namespace: dict[str, Any]) -> None:
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "examples" / "news", folder / "news")
    namespace |= {"_previous": Path.cwd(), "_folder": folder, "missing": _missing, "__name__": "example"}
    os.chdir(folder)


def _leave(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["_previous"])
    shutil.rmtree(namespace["_folder"])


class _DocStrings(PythonDocStringDocument):
    """The docstrings of a module. Their examples do not see the module's names, as if a user had typed them."""

    def __init__(self, text: str, path: str) -> None:
        Document.__init__(self, text, path)  # skips the base class, which imports the module for its names


def _doctests(docstring: Document) -> Iterator[Region]:
    needed = [module for word, module in NEEDS.items() if word in docstring.text]
    for number, region in enumerate(DocTestParser()(docstring)):
        region.evaluator = _with(needed, cast("Evaluator", region.evaluator), is_first=number == 0)
        yield region


def _with(needed: list[str], evaluator: Evaluator, *, is_first: bool) -> Evaluator:
    def evaluate(example: Example) -> str | None:
        for module in needed:
            pytest.importorskip(module)
        if is_first:
            names = example.namespace
            _leave(names)
            names.clear()
            _enter(names)
            shutil.copy(SAMPLE, "item.md")
            names |= {"newsitem": newsitem, "NewsCollection": newsitem.NewsCollection}
            names |= {"item": newsitem.load("item.md"), "news": newsitem.NewsCollection.read("news")}
        return evaluator(example)

    return evaluate


PAGES: Final = Sybil(
    [_blocks, SkipParser()],
    patterns=["docs/*.md", "docs/*/*.md"],
    filenames=["README.md", "SECURITY.md", "CONTRIBUTING.md"],
    path=str(ROOT),
    setup=_enter,
    teardown=_leave,
)

DOCSTRINGS: Final = Sybil(
    [_doctests],
    pattern="newsitem/*.py",
    path=str(ROOT),
    setup=_enter,
    teardown=_leave,
    document_types={".py": _DocStrings},
)

pytest_collect_file = SybilCollection([PAGES, DOCSTRINGS]).pytest()
