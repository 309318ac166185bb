"""Every public name is documented, in its docstring and on a page of the reference."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from textwrap import dedent
from types import FunctionType
from typing import Any, TypeVar, cast, get_origin

import pytest
from samples import ROOT

import newsitem
from newsitem._schema.fields import keys

MODULES = ("newsitem", "newsitem.arrow", "newsitem.dask")
SAME_MEMBERS = (newsitem.ParseError, newsitem.LimitError, newsitem.ValidationError, newsitem.ConflictError)
"""Classes whose members are those of their base, which has the table."""


def public(module: str) -> Iterator[tuple[str, Any]]:
    """Yield the public functions, classes and methods of a module with their qualified names."""
    pytest.importorskip(module, reason=f"{module} needs an extra", exc_type=ImportError)
    for name in sys.modules[module].__all__:
        thing = getattr(sys.modules[module], name)
        if callable(thing) and get_origin(thing) is None:  # such as Literal["a"]
            yield f"{module}.{name}", thing
        if isinstance(thing, type):
            for member, value in vars(thing).items():
                if not member.startswith("_") and isinstance(
                    value, FunctionType | classmethod | staticmethod | property
                ):
                    yield f"{module}.{name}.{member}", value


@pytest.mark.parametrize("module", MODULES)
def test_all_is_sorted(module: str) -> None:
    """`__all__` is sorted."""
    pytest.importorskip(module, reason=f"{module} needs an extra", exc_type=ImportError)
    names = sys.modules[module].__all__
    assert names == sorted(names)


@pytest.mark.parametrize("module", MODULES)
def test_everything_is_documented(module: str) -> None:
    """Every public object has a docstring with an example, and describes arguments, result and errors."""
    lacks = [f"{name}: {what}" for name, thing in public(module) for what in missing_in_docstring(thing)]
    assert lacks == []


def missing_in_docstring(thing: Any) -> Iterator[str]:
    """Yield the parts that are missing in the docstring of a public object."""
    docstring = inspect.getdoc(thing) or ""
    if not docstring:
        yield "a docstring"
    if ">>> " not in docstring and not isinstance(thing, property):
        yield "an example"
    if isinstance(thing, type):
        yield from (f"what {name} is" for name in undocumented_attributes(thing))
    elif isinstance(thing, property):
        yield from missing_errors(cast("FunctionType", thing.fget), docstring)
    else:
        yield from missing_of_function(inspect.unwrap(getattr(thing, "__func__", thing)), docstring)


def missing_of_function(function: FunctionType, docstring: str) -> Iterator[str]:
    """Yield the arguments, the result and the errors that a function's docstring does not describe."""
    signature = inspect.signature(function)
    told = {"self", "cls", *(newsitem.Criteria.__annotations__ if "    criteria: " in docstring else ())}
    for name in signature.parameters:
        if name not in told and f"    {name}: " not in docstring:
            yield f"the argument {name}"
    if signature.return_annotation != "None" and not re.search(r"^(Returns|Yields):$", docstring, re.MULTILINE):
        yield "what it returns"
    yield from missing_errors(function, docstring)


def missing_errors(function: FunctionType, docstring: str) -> Iterator[str]:
    """Yield the errors that the body of a function raises and its docstring does not describe."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    for call in calls:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and f"    {call.func.id}: " not in docstring:
            yield f"that it raises {call.func.id}"


def undocumented_attributes(cls: type) -> list[str]:
    """Return the public attributes of a class that are not followed by a docstring."""
    return [name for name, docstring in attribute_docstrings(cls).items() if not docstring and name[0] != "_"]


def attribute_docstrings(cls: type) -> dict[str, str]:
    """Return the docstring after each attribute in the source of a class."""
    (tree,) = ast.parse(dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    return {
        node.target.id: after.value.value
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        else ""
        for node, after in zip(tree.body, [*tree.body[1:], None], strict=True)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


@pytest.mark.parametrize("cls", [newsitem.NewsItem, newsitem.RelatedItem, newsitem.Provider, newsitem.Image])
def test_field_descriptions(cls: type) -> None:
    """The description of a field in tables, JSON Schema and Arrow is its docstring."""
    docstrings = attribute_docstrings(cls)
    for key in keys(cls):
        assert docstrings[key.attribute].replace("``", "`") == key.doc


@pytest.mark.parametrize("module", MODULES)
def test_signatures_name_public_types(module: str) -> None:
    """Every class and type of newsitem that a public signature names can be imported from it."""
    named = set()
    for _, thing in public(module):
        function = thing.fget if isinstance(thing, property) else inspect.unwrap(getattr(thing, "__func__", thing))
        defined = vars(sys.modules[function.__module__])
        if isinstance(function, FunctionType) and function.__module__.startswith("newsitem"):
            words = {word for kind in function.__annotations__.values() for word in re.findall(r"[\w.]+", str(kind))}
            named |= {word for word in words if word != "Any" and is_of_newsitem(defined.get(word))}
    assert named - {*sys.modules[module].__all__, *newsitem.__all__} == set()


def is_of_newsitem(thing: object) -> bool:
    """Whether newsitem defines a class or a compound type. Type variables do not count."""
    if isinstance(thing, TypeVar):
        return False
    module = getattr(thing, "__module__", None)
    return get_origin(thing) not in (None, type) or str(module).startswith("newsitem")


def test_version() -> None:
    """`__version__` is the version of the package."""
    assert newsitem.__version__ == version("newsitem")


def reference() -> str:
    """Return the text of all pages of the reference."""
    pages = sorted((ROOT / "docs" / "reference").glob("*.md"))
    return "".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("module", MODULES)
def test_reference_is_complete(module: str) -> None:
    """Every public name is on exactly one page of the reference, and no other name is."""
    pytest.importorskip(module, reason=f"{module} needs an extra", exc_type=ImportError)
    shown = re.findall(
        r"^\.\. (?:auto(?:class|function|exception)|py:data):: (newsitem\.[\w.]+)", reference(), re.MULTILINE
    )
    prefix = f"{module}."
    assert sorted(name.removeprefix(prefix) for name in shown if name.rpartition(".")[0] == module) == list(
        sys.modules[module].__all__
    )


def grouped(owner: str) -> list[str]:
    """Return the names in the tables of a class or module on the pages of the reference."""
    tables = re.findall(rf"^\.\. members:: {re.escape(owner)}\n\n((?:   \S.*\n)+)", reference(), re.MULTILINE)
    names = [name for lines in tables for line in lines.splitlines() for name in line.partition(": ")[2].split(", ")]
    return [re.sub(r".*<(\w+)>$", r"\1", name) for name in names]


def members(cls: type) -> set[str]:
    """Return the public attributes and methods of a class that newsitem defines."""
    found: set[str] = set()
    for base in cls.__mro__:
        if base.__module__.startswith("newsitem"):
            borrowed = {name for name, value in vars(base).items() if is_borrowed(value)}
            found |= {*inspect.get_annotations(base), *vars(base)} - borrowed
    return {name for name in found if not name.startswith("_")}


def is_borrowed(value: object) -> bool:
    """Whether a method is Python's own, such as the methods of every sequence."""
    return isinstance(value, FunctionType) and not str(value.__module__).startswith("newsitem")


@pytest.mark.parametrize("module", MODULES)
def test_every_member_is_in_a_group(module: str) -> None:
    """The tables at the top of the pages list each public function, attribute and method once."""
    for name, thing in public(module):
        if isinstance(thing, type) and thing not in SAME_MEMBERS:
            listed = [one for one in grouped(name) if not one.startswith("__")]
            assert sorted(listed) == sorted(members(thing)), name
        elif isinstance(thing, FunctionType) and name.rpartition(".")[0] == module:
            assert grouped(module).count(name.rpartition(".")[2]) == 1, name
