"""The modules of the package, their order and their imports, read from the source without importing it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "newsitem"
TABLE = ROOT / "CONTRIBUTING.md"
SECTION = "## How it is built"


@dataclass(frozen=True)
class Module:
    """A module of the package."""

    name: str
    """Its dotted name in the package, such as ``_yaml.scanner``."""
    band: str
    """The heading above it in the table, empty if there is none."""
    imports: frozenset[str]
    """The modules that it imports, at once or when a function first needs them."""

    @property
    def label(self) -> str:
        """Its name, without the folder if the heading names it."""
        folder, _, name = self.name.rpartition(".")
        return name if folder in self.band else f"{folder}/{name}"


def modules(package: Path = PACKAGE, table: Path = TABLE) -> dict[str, Module]:
    """Find the modules, in the order of the table.

    Raises:
        ValueError: if the table does not list each module once, or a module imports one that is listed below it.
    """
    paths = {_name(path.relative_to(package)): path for path in package.rglob("*.py") if path.stem != "__init__"}
    listed = list(_listed(table))
    if sorted(name for name, _ in listed) != sorted(paths):
        differing = sorted({name for name, _ in listed} ^ set(paths))
        raise ValueError(f"{table.name} does not list each module once: {', '.join(differing) or 'twice'}")
    found: dict[str, Module] = {}
    for name, band in listed:
        tree = ast.parse(paths[name].read_text(encoding="utf-8"))
        parent = ".".join([package.name, *name.split(".")[:-1]])
        imported = set(_imported(tree, parent))
        others = frozenset(other for other in paths if f"{package.name}.{other}" in imported)
        found[name] = Module(name, band, others)
        if below := found[name].imports - set(found):
            raise ValueError(f"{name} imports from below it: {', '.join(sorted(below))}")
    return found


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _listed(table: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each module of the table, and the last heading above it."""
    _, _, section = table.read_text(encoding="utf-8").partition(f"{SECTION}\n")
    band = ""
    for line in re.split(r"^## ", section, maxsplit=1, flags=re.MULTILINE)[0].splitlines():
        if line.startswith("### "):
            band = line[4:].strip()
        elif row := re.match(r"\| *`([\w/]+\.py)` *\|", line):
            yield _name(Path(row[1])), band


def _imported(node: ast.AST, parent: str) -> Iterator[str]:
    """Yield the dotted names that imports may mean, other than those for type checkers alone."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = resolve_name("." * node.level + (node.module or ""), parent)
        yield from (start, *(f"{start}.{alias.name}" for alias in node.names))
    else:
        is_for_types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for child in node.orelse if is_for_types else ast.iter_child_nodes(node):  # type: ignore[attr-defined]
            yield from _imported(child, parent)
