"""The rooms of the package: which there are, in which order, and which of them each imports. Read, never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "newsitem"
TABLE = ROOT / "CONTRIBUTING.md"
SECTION = "## How it is built"
Arrow = tuple[str, str]
"""The names of a room and of one that it imports."""


@dataclass(frozen=True)
class Room:
    """A module of the package."""

    name: str
    band: str
    """The heading that it stands under in the table, empty where there is none."""
    summary: str
    """The first line of its docstring."""
    imports: frozenset[str]
    """The rooms that it imports when it is imported."""
    later: frozenset[str]
    """The rooms that it imports only when a function first needs them."""

    @property
    def needs(self) -> frozenset[str]:
        """All rooms that it imports, at once or later."""
        return self.imports | self.later

    @property
    def is_public(self) -> bool:
        """Whether users import it by its name."""
        return not self.name.startswith("_")


def rooms(package: Path = PACKAGE, table: Path = TABLE) -> dict[str, Room]:
    """Find the rooms, in the order of the table.

    Raises:
        ValueError: if the table does not hold each module once, or a room imports one that stands below it.
    """
    listed = list(_listed(table))
    modules = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in package.glob("*.py")}
    modules.pop("__init__", None)
    if sorted(name for name, _ in listed) != sorted(modules):
        differing = {name for name, _ in listed} ^ set(modules)
        raise ValueError(f"{table.name} does not hold each module once: {', '.join(sorted(differing)) or 'twice'}")
    found: dict[str, Room] = {}
    for name, band in listed:
        found[name] = _room(name, band, modules[name], package.name, set(modules))
        if below := found[name].needs - set(found):
            raise ValueError(f"{name} imports from below it: {', '.join(sorted(below))}")
    return found


def _listed(table: Path) -> Iterator[tuple[str, str]]:
    """Give the name of each room of the table, and the last heading above it."""
    _, _, section = table.read_text(encoding="utf-8").partition(f"{SECTION}\n")
    band = ""
    for line in re.split(r"^## ", section, maxsplit=1, flags=re.MULTILINE)[0].splitlines():
        if line.startswith("### "):
            band = line[4:].strip()
        elif row := re.match(r"\| *`(\w+)\.py` *\|", line):
            yield row[1], band


def _room(name: str, band: str, module: ast.Module, package: str, names: set[str]) -> Room:
    imported: dict[bool, set[str]] = {False: set(), True: set()}
    for statement, later in _imports(module, later=False):
        imported[later] |= set(_imported(statement, package)) & names
    summary = (ast.get_docstring(module) or "").partition("\n")[0]
    return Room(name, band, summary, frozenset(imported[False]), frozenset(imported[True] - imported[False]))


def _imports(node: ast.AST, *, later: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Give the imports that happen when a program runs, and whether a function has to be called for that."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, later
    elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        for other in node.orelse:
            yield from _imports(other, later=later)
    else:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from _imports(child, later=later or is_function)


def _imported(statement: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """Give the names in the package that a statement may import."""
    if isinstance(statement, ast.Import):
        paths = [alias.name for alias in statement.names]
    else:
        start = ".".join(filter(None, (package if statement.level else "", statement.module)))
        paths = [start, *(f"{start}.{alias.name}" for alias in statement.names)]
    for parts in (path.split(".") for path in paths):
        if parts[0] == package and len(parts) > 1:
            yield parts[1]


def arrows(found: Mapping[str, Room]) -> dict[Arrow, bool]:
    """Give the imports that do not follow from others, and whether each happens later.

    What follows from imports that happen at once is left out; a later one is left out where others lead there, too.
    """
    at_once = _reached({name: room.imports for name, room in found.items()})
    ever = _reached({name: room.needs for name, room in found.items()})
    drawn = {}
    for name, room in found.items():
        for other in sorted(room.imports):
            if not _leads(room.imports, other, at_once):
                drawn[name, other] = False
        for other in sorted(room.later):
            if not _leads(room.needs, other, ever):
                drawn[name, other] = True
    return drawn


def _reached(imports: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    """Give all that each name imports, directly or through others. What is imported stands before who imports it."""
    reached: dict[str, set[str]] = {}
    for name, others in imports.items():
        reached[name] = set(others).union(*(reached[other] for other in others))
    return reached


def _leads(neighbours: Iterable[str], other: str, reached: Mapping[str, set[str]]) -> bool:
    return any(other in reached[neighbour] for neighbour in neighbours)
