"""The modules of the package: small, listed in CONTRIBUTING, tested, and importing in one direction."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tokenize
from collections.abc import Mapping
from pathlib import Path

import pytest
from samples import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from modules import Module, modules

PACKAGE = ROOT / "newsitem"
MOST_LINES = 350
LAYERS = ("errors", "_yaml", "_schema", "items", "_codec", "_storage", "_query")
"""Modules and folders: each imports nothing from those after it. Those that are not listed come last."""
TESTED_WITH = {
    "_codec.entries": "editor",
    "_codec.source": "editor",
    "_codec.source_text": "unread",
    "_codec.spelled_values": "spellings",
    "_codec.unknown_keys": "main",
    "_schema.fields": "definition",
    "_schema.kinds": "scalar_kinds",
    "_yaml.composer": "psych",
    "_yaml.messages": "reader",
    "_yaml.nodes": "psych",
    "_yaml.scanner": "psych",
}
"""Modules without a test file of their own, and the file that tests them: ``tests/test_<value>.py``."""
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
AT_ONCE = {
    *("errors", "items"),
    *("_yaml.limits", "_yaml.scalars"),
    *(f"_schema.{name}" for name in ("checks", "code", "definition", "fields", "kinds")),
    *(f"_schema.{name}" for name in ("originals", "scalar_kinds", "secured", "unread", "values")),
}
"""The modules that `import newsitem` imports."""
SLOW = {"bisect", "cattrs", "difflib", "fcntl", "ipaddress", "json", "pathlib", "ruamel.yaml", "urllib.parse"}
"""Modules that it does not import unless Python or attrs imports them."""
IMPORTED = """
import attrs, sys

before = {*sys.modules}
import newsitem
after = {*sys.modules}
import json
print(json.dumps(sorted(after - before)))
"""
"""A program that prints the modules that `import newsitem` imports."""
IMPORTING = """
import builtins, importlib, json, sys

original = builtins.__import__
seen = []

def recording(name, globals=None, locals=None, fromlist=(), level=0):
    seen.append(((globals or {}).get("__name__", ""), name, list(fromlist or ())))
    return original(name, globals, locals, fromlist, level)

builtins.__import__ = recording
imported = []
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
        imported.append(module)
    except ImportError:
        pass
print(json.dumps([imported, seen]))
"""
"""A program that imports modules, and prints those that exist and every import on the way."""


def made(folder: Path, table: str, sources: Mapping[str, str]) -> dict[str, Module]:
    """Write a package and a table of its modules, and return what `modules` finds."""
    for name, source in {"__init__": "from newsitem import model", **sources}.items():
        path = folder / "newsitem" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    contributing = folder / "CONTRIBUTING.md"
    contributing.write_text(
        f"# Contributing\n\n| `other.py` | not listed |\n\n## How it is built\n\n{table}\n\n## More\n"
    )
    return modules(folder / "newsitem", contributing)


def lines_of_code(source: str) -> int:
    """Count lines of code: neither blank lines, nor comments, nor docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_lines_of_code() -> None:
    """Each line of code is counted once, and no other line."""
    no_code = '"""What\nit is."""\n\n# why\n\n'
    assert lines_of_code(no_code) == 0
    code = 'x = (\n    # one\n    1,\n)\n\ndef f():\n    """Do."""\n    return """a\n\nb"""; g()\n'
    assert lines_of_code(no_code + code) == 7


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_small(path: Path) -> None:
    """No module has more than 350 lines of code."""
    assert lines_of_code(path.read_text(encoding="utf-8")) <= MOST_LINES


def test_modules_import_from_above() -> None:
    """CONTRIBUTING lists each module once, below every module that it imports."""
    assert len(modules()) > len(LAYERS)  # and no error


def test_folders_import_in_one_direction() -> None:
    """No folder imports from a later layer."""
    layer = {name: index for index, name in enumerate(LAYERS)}
    against = {
        (name, other)
        for name, module in modules().items()
        for other in module.imports
        if layer.get(other.split(".")[0], len(layer)) > layer.get(name.split(".")[0], len(layer))
    }
    assert against == set()


def test_few_modules_are_imported_at_once() -> None:
    """`import newsitem` imports only the modules of the model, and no slow module of the standard library."""
    run = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, check=True, cwd=ROOT, text=True)
    imported: list[str] = json.loads(run.stdout)
    own = {name.removeprefix("newsitem.") for name in imported if name.startswith("newsitem.")} & modules().keys()
    assert own == AT_ONCE
    assert not SLOW.intersection(imported)


def test_every_module_has_a_test_file() -> None:
    """Each module has a test file of its name or an entry in `TESTED_WITH`, and no entry is stale."""
    files = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    without = {name for name in modules() if name.rpartition(".")[2].strip("_") not in files}
    assert without == set(TESTED_WITH)
    assert set(TESTED_WITH.values()) <= files


def test_imports_at_run_time_are_found() -> None:
    """Every import at run time is among the imports that were found in the code."""
    found = modules()
    command = [sys.executable, "-W", "ignore", "-c", IMPORTING, *(f"newsitem.{name}" for name in found)]
    run = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True)
    imported, seen = json.loads(run.stdout)
    names = {f"newsitem.{name}": name for name in found}
    happened = {
        (names[importer], names[path])
        for importer, start, imports in seen
        for path in (start, *(f"{start}.{name}" for name in imports))
        if importer in names and path in names
    }
    assert {"newsitem.items", "newsitem.collection"} <= set(imported)
    assert happened
    assert happened <= {(name, other) for name, module in found.items() for other in module.imports}


@pytest.mark.parametrize(
    "statement",
    [
        "from newsitem._one import two",
        "from newsitem._one import two as other",
        "from newsitem._one.two import name",
        "import newsitem._one.two",
        "import os, newsitem._one.two as other",
        "from . import two",
        "from .two import name",
        "from .._one import two",
        "class Some:\n    from newsitem._one import two",
        "try:\n    from newsitem._one import two\nexcept ImportError:\n    pass",
        "from typing import TYPE_CHECKING\nif not_(TYPE_CHECKING):\n    from newsitem._one import two",
        "if TYPE_CHECKING:\n    pass\nelse:\n    from newsitem._one import two",
        "def do():\n    from newsitem._one import two",
    ],
)
def test_import_statements(tmp_path: Path, statement: str) -> None:
    """Every form of an import statement is found."""
    found = made(tmp_path, "| `_one/two.py` | |\n| `_one/six.py` | |", {"_one/two": "", "_one/six": statement})
    assert {name: set(module.imports) for name, module in found.items()} == {
        "_one.two": set(),
        "_one.six": {"_one.two"},
    }


@pytest.mark.parametrize(
    "statement",
    [
        "if TYPE_CHECKING:\n    from newsitem import _one",
        "import typing\nif typing.TYPE_CHECKING:\n    import newsitem._one",
        "from elsewhere import _one",
        "from elsewhere.newsitem._one import name",
        "import _one",
        "from newsitem import name",
    ],
)
def test_ignored_imports(tmp_path: Path, statement: str) -> None:
    """Imports for type checkers, of other packages, and of names that are not modules are left out."""
    found = made(tmp_path, "| `_one.py` | |\n| `_two.py` | |", {"_one": "", "_two": statement})
    assert found["_two"].imports == set()


def test_modules_of_the_table(tmp_path: Path) -> None:
    """Modules come in the order of the table, with the heading above them, which shortens their names."""
    table = (
        "| module |\n|---|\n| `_d/b.py` | x |\n\n### In `_d`\n\n| module |\n|---|\n| `c.py` | `x.py` |\n| `_d/a.py` | |"
    )
    found = made(tmp_path, table, dict.fromkeys(("_d/a", "_d/b", "c"), ""))
    assert [(one.name, one.label, one.band) for one in found.values()] == [
        ("_d.b", "_d/b", ""),
        ("c", "c", "In `_d`"),
        ("_d.a", "a", "In `_d`"),
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("| `_one.py` | |", "each module once: _two"),
        ("| `_one.py` | |\n| `_two.py` | |\n| `_six.py` | |", "each module once: _six"),
        ("| `_one.py` | |\n| `_two.py` | |\n| `_one.py` | |", "each module once: twice"),
        ("| `_two.py` | |\n| `_one.py` | |", "_two imports from below it: _one"),
    ],
)
def test_incorrect_tables(tmp_path: Path, table: str, problem: str) -> None:
    """A table that misses a module, lists an unknown or repeated one, or has the wrong order is refused."""
    with pytest.raises(ValueError, match=problem):
        made(tmp_path, table, {"_one": "", "_two": "def do():\n    from newsitem import _one"})
