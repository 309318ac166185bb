"""The public API matches `tests/data/public_api.txt`. `tests/public_api.py` explains how to renew that file."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import get_type_hints

import pytest
from public_api import COMMAND, COPY, MODULES, section
from samples import ROOT

import newsitem
from newsitem import _schema


@pytest.mark.parametrize("title", [*MODULES, COMMAND])
def test_the_public_api_is_as_agreed(title: str) -> None:
    """No public name, signature, attribute, base class or option changes unless its copy changes too."""
    try:
        public = section(title)
    except ImportError as error:
        pytest.skip(str(error))
    copies = {copy.partition("\n")[0]: copy.splitlines() for copy in COPY.read_text(encoding="utf-8").split("\n\n")}
    assert public == copies[f"# {title}"], "renew the copy on purpose: PYTHONPATH=tests python -m public_api"


def test_type_hints_can_be_evaluated() -> None:
    """Tools that read type hints at run time, as cattrs and Sphinx do, find every name in those of public functions."""
    public = [getattr(newsitem, name) for name in newsitem.__all__]
    classes = [value for value in public if isinstance(value, type)]
    members = [member for cls in classes for name, member in vars(cls).items() if not name.startswith("_")]
    functions = [inspect.unwrap(getattr(value, "__func__", value)) for value in (*public, *members)]
    names = {"pa": SimpleNamespace(Table=object)}  # of pyarrow, which is optional
    hints = [get_type_hints(one, localns=names) for one in functions if isinstance(one, FunctionType)]
    assert len(hints) > 30
    assert {get_type_hints(cls)["path"] for cls in classes if issubclass(cls, newsitem.FrontMatter)} == {Path | None}


def test_names_that_are_imported_on_first_use() -> None:
    """Such a name is listed by `dir`, found by every form of import, and the same object as in its module."""
    code = """
import newsitem
assert "NewsCollection" in dir(newsitem)
assert "NewsCollection" not in vars(newsitem)
from newsitem import NewsCollection, load as read
from newsitem import *
import newsitem.collection
assert NewsCollection is newsitem.NewsCollection is newsitem.collection.NewsCollection
assert read is load is vars(newsitem)["load"]
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert set(newsitem.__all__) <= set(dir(newsitem))


def test_module_that_is_imported_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module of collections is found as an attribute before anything has imported it."""
    collection = newsitem.NewsCollection
    monkeypatch.delattr(newsitem, "collection")
    assert newsitem.collection.NewsCollection is collection


@pytest.mark.parametrize("module", [newsitem, _schema])
def test_unknown_names(module: object) -> None:
    """A name that a module does not have is an error like that of any module."""
    assert not hasattr(module, "paths_")
    with pytest.raises(AttributeError, match=r"^module 'newsitem.*' has no attribute 'paths_'$"):
        module.paths_  # type: ignore[attr-defined] # noqa: B018
