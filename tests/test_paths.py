"""Paths as users write them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from folders import TEXT, fill
from samples import EXAMPLES

import newsitem
from newsitem import NewsCollection


def test_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is expanded wherever a path is accepted, and the paths of items are expanded."""
    monkeypatch.setenv("HOME", str(tmp_path))
    fill(tmp_path, "news/1.md")
    for source in ("~/news", "~/news/1.md", ["~/news"], Path("~/news")):
        assert [item.path for item in NewsCollection.read(source)] == [tmp_path / "news" / "1.md"]
    item = newsitem.load("~/news/1.md")
    assert item.path == newsitem.load(Path("~/news/1.md")).path == tmp_path / "news" / "1.md"
    newsitem.dump(item, "~/2.md")
    assert (tmp_path / "2.md").read_bytes() == TEXT
    assert NewsCollection([item]).write("~/new") == [tmp_path / "new" / item.filename]
    item.path = Path("~") / "3.md"
    assert item.path == tmp_path / "3.md"


def test_names_that_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or folder whose name starts with `~` is kept as is if it is found or written as a path."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, "~/1.md", "~nobody.md")
    for item in (
        *NewsCollection.read(".", pattern="~*/*.md"),
        newsitem.load("./~/1.md"),
        attrs.evolve(newsitem.load("./~/1.md")),  # type: ignore[misc]
    ):
        assert item.path == tmp_path / "~" / "1.md"
    assert newsitem.load("~nobody.md").path == tmp_path / "~nobody.md"


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("_news/*.md", "read('_news', pattern='*.md')"),
        ("a/_news/**/2020*.md", "read('a/_news', pattern='**/2020*.md')"),
        ("[ab]/c.md", "read('.', pattern='[ab]/c.md')"),
        ("/nowhere/?.md", "read('/nowhere', pattern='?.md')"),
    ],
)
def test_pattern_instead_of_a_path(source: str, call: str) -> None:
    """If a missing path looks like a pattern, the error shows the call that accepts a pattern."""
    message = re.escape(f"No such file or directory: to use a pattern, call NewsCollection.{call}")
    for read in (NewsCollection.read, NewsCollection.iter, newsitem.load):
        with pytest.raises(FileNotFoundError, match=message):
            read(source)
    (error,) = NewsCollection.read([source], on_error="collect").errors
    assert re.search(message, str(error))


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    """Loading or writing a folder is an error that names the method for folders."""
    with pytest.raises(IsADirectoryError, match=r"to read the files in it, use newsitem\.NewsCollection\.read"):
        newsitem.load(tmp_path)
    with pytest.raises(IsADirectoryError, match=r"pass a path to a file, or use newsitem\.NewsCollection\.write"):
        newsitem.dump(newsitem.load(EXAMPLES[0]), tmp_path)


def test_name_of_a_missing_folder(tmp_path: Path) -> None:
    """A target that ends with a separator is a folder, even if none exists yet. No file gets its name."""
    (tmp_path / "old.md").write_bytes(EXAMPLES[0].read_bytes())
    item = newsitem.load(tmp_path / "old.md")
    for write in (newsitem.dump, newsitem.rename):
        with pytest.raises(IsADirectoryError, match=r"pass a path to a file: '.*out/'"):
            write(item, f"{tmp_path}/out/")
    assert [path.name for path in tmp_path.iterdir()] == ["old.md"]


@pytest.mark.parametrize("wrong", ["a\0b.md", "\ud800.md", 5, b"x.md"])
def test_impossible_paths(wrong: Any) -> None:
    """A path that the system would refuse is refused when it is set."""
    with pytest.raises(newsitem.ValidationError, match="path: must be a valid file path"):
        newsitem.load(EXAMPLES[0]).path = wrong


def test_bytes_are_no_path(tmp_path: Path) -> None:
    """Paths in bytes are refused wherever a path is expected."""
    fill(tmp_path, "1.md")
    item: Any = newsitem.load(tmp_path / "1.md")
    path: Any = b"2.md"
    for use in (lambda: newsitem.rename(item, path), lambda: NewsCollection([item]).write(path)):
        with pytest.raises(TypeError, match="expected a path, not bytes"):
            use()
