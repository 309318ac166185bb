"""Edits of a source text: all or nothing, and regressions."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from small_items import HEAD
from things import Thing

import newsitem
from newsitem._codec.source import Edit


def test_failed_splice_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """If no edit reads back as the item, an error is raised and nothing is written."""
    item = newsitem.loads(f"---\n{HEAD}x: 1 # one\n---\n")
    item.heat = 2
    for wrong in ("x: 1", "[", "heat: 3"):
        monkeypatch.setattr(
            "newsitem._codec.splice._edited",
            lambda before, *_, wrong=wrong, **__: Edit(0, len(before.text), before.text.replace("x: 1", wrong)),
        )
        with pytest.raises(newsitem.NewsItemError, match="nothing was written"):
            newsitem.dumps(item)


def test_list_entry_without_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a list entry has no dash where one is expected, the list is replaced in full."""
    item = newsitem.loads(f"---\n{HEAD}x: # one\n- 1\n---\n")
    item.extras["x"].append(2)
    monkeypatch.setattr("newsitem._codec.entries.DASH", re.compile("!"))
    assert newsitem.dumps(item) == f"---\n{HEAD}x: # one\n  - 1\n  - 2\n---\n"


@pytest.mark.parametrize("value", ["|\r\n  x\r\r\n  y", '"x\r\r\n  y"', "x\r\r\n  y", "x # c\r", "[x,\n  y]"])
def test_carriage_returns_in_a_file_with_crlf(value: str) -> None:
    """A file with CRLF and other line ends, as Windows makes them, is written back as is, and edited as it is."""
    text = f"---\r\na: {value}\r\nb: 1\r\n---\r\n"
    item = newsitem.loads(text, newsitem.FrontMatter)
    assert newsitem.dumps(item) == text
    item.extras["b"] = 2
    assert newsitem.dumps(item) == text.replace("b: 1", "b: 2")
    item.extras["a"] = "x\ny\n"
    assert newsitem.loads(newsitem.dumps(item), newsitem.FrontMatter) == item


def test_last_attempt_with_scalars(monkeypatch: pytest.MonkeyPatch) -> None:
    """If scalars are not found where they are, the text is read with positions, and edited there."""
    item = newsitem.loads(f"---\n{HEAD}heat: 1 # one\n---\n")
    item.heat = 2
    monkeypatch.setattr("newsitem._codec.splice.scalar_at_margin", lambda *_: (0, 0))
    assert newsitem.dumps(item) == f"---\n{HEAD}heat: 2 # one\n---\n"


def test_last_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """If an edit inside a value fails, the values that differ are replaced in full."""
    item = newsitem.loads(f"---\n{HEAD}x:\n  - 1 # one\nk: 1 # k\n---\n")
    item.extras["x"].append(2)
    monkeypatch.setattr("newsitem._codec.editor.Editor.sequence", lambda *_: None)
    assert newsitem.dumps(item) == f"---\n{HEAD}x:\n  - 1\n  - 2\nk: 1 # k\n---\n"


def test_edited_text_that_is_too_large() -> None:
    """A text that would be too large to be read again is not written."""
    item = newsitem.loads(f"---\n{HEAD}x: 1\n---\n")
    item.body = "b" * 30_000_000
    with pytest.raises(newsitem.LimitError, match="larger than 20,000,000 bytes"):
        newsitem.dumps(item)


EDITS = Path(__file__).parent / "data" / "edits"


@pytest.mark.parametrize("path", sorted(EDITS.glob("*.md")), ids=lambda path: path.stem)
def test_regressions(path: Path) -> None:
    """A text in `tests/data/edits` is edited by its code and becomes its expected text, or is refused."""
    text = path.read_bytes().decode()
    edit, right, message = (path.with_suffix(suffix) for suffix in (".py", ".out", ".err"))
    if message.exists():
        with pytest.raises(newsitem.NewsItemError, match=message.read_text(encoding="utf-8").strip()):
            newsitem.loads(text, name=path.name)
        return
    scope: dict[str, Any] = {"item": newsitem.loads(text), "newsitem": newsitem}
    assert newsitem.dumps(scope["item"]) == text
    if edit.exists():
        exec(edit.read_text(encoding="utf-8"), scope)
    written = newsitem.dumps(scope["item"])
    assert written == (right if right.exists() else path).read_bytes().decode()
    assert newsitem.loads(written) == scope["item"]


@pytest.mark.parametrize(
    "text",
    [
        '---\n# first\nheat: 3\ntitle: "T"\npublishedDateTime: 2020-01-01\nprovider: { name: P }\n---\n',
        '---\n  title: "T"\n  heat: 3\n  publishedDateTime: 2020-01-01\n  provider: { name: P }\n---\n',
    ],
)
def test_removed_entry_beside_unusual_lines(text: str) -> None:
    """Removing an entry leaves the other lines, even if they begin with a comment or are all indented."""
    item = newsitem.loads(text)
    item.heat = None
    item.provider.name = "Q"
    assert newsitem.dumps(item) == re.sub(" *heat: 3\n", "", text).replace("P", "Q")


@newsitem.model
class Dotted(newsitem.FrontMatter):
    """A class with a key that the reader of single entries does not know."""

    version: str | None = newsitem.key(name="file.version", default=None)
    tags: list[str] = newsitem.key(factory=list)


def test_removed_entry_with_an_unusual_key() -> None:
    """Removing an entry leaves the other lines, even if its key keeps the lines from being split into entries."""
    item = newsitem.loads("---\ntags: [a]\nfile.version: 1\n---\n", Dotted)
    item.version = None
    assert newsitem.dumps(item) == "---\ntags: [a]\n---\n"
    item.tags.append("b")
    assert newsitem.dumps(item) == "---\ntags: [a, b]\n---\n"


@pytest.mark.parametrize(("old", "new"), [("1", True), ("true", 1), ("1", 1.0), ("0.0", False)])
@pytest.mark.parametrize("head", ["# r\n", ""])
def test_plain_data_of_another_type(old: str, new: object, head: str) -> None:
    """Plain data that Python compares as equal, such as ``1`` and ``True``, are different values and are written."""
    item = newsitem.loads(f"---\n{head}rating: 2.5\nanything: {old}\n---\n", Thing)
    item.anything = new
    assert repr(newsitem.loads(newsitem.dumps(item), Thing).anything) == repr(new)


def test_several_scalars_of_keys_in_any_order() -> None:
    """Changed scalars are replaced where they are, in whatever order the text has their keys."""
    text = "---\nheat: 3 # h\nprovider: {name: P}\ntitle: 'T' # t\npublishedDateTime: 2020-01-01\n---\n"
    item = newsitem.loads(text)
    item.title, item.heat = "It is warm: #1", 4
    assert newsitem.dumps(item) == text.replace("3 #", "4 #").replace("'T'", '"It is warm: #1"')


def test_edits_of_many_unknown_keys_take_no_quadratic_time() -> None:
    """Changing and removing thousands of unknown keys in a hand-edited text takes seconds."""
    lines = "".join(f"k{number}: v # c\n" for number in range(40_000))
    item = newsitem.loads(f"---\n{lines}---\n", newsitem.FrontMatter)
    names = list(item.extras)
    item.extras |= dict.fromkeys(names[::3], "new")
    for name in names[1::3]:
        del item.extras[name]
    start = time.process_time()
    assert newsitem.loads(newsitem.dumps(item), newsitem.FrontMatter) == item
    assert time.process_time() - start < 12  # with coverage, beside other work
