"""Edits of hand-edited texts: the exact text that comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from small_items import HEAD

import newsitem
from newsitem._codec.source import Edit


def test_what_cannot_be_spliced_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should no edit ever read back as the item, there is an error, and no text."""
    item = newsitem.loads(f"---\n{HEAD}x: 1 # one\n---\n")
    item.heat = 2
    for wrong in ("x: 1", "[", "heat: 3"):
        monkeypatch.setattr(
            "newsitem._codec.splice._edited",
            lambda before, *_, wrong=wrong, **__: Edit(0, len(before.text), before.text.replace("x: 1", wrong)),
        )
        with pytest.raises(newsitem.NewsItemError, match="nothing was written"):
            newsitem.dumps(item)


def test_a_list_without_dashes_is_not_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should an entry of a list have no dash where it must, there is an error, and no text."""
    item = newsitem.loads(f"---\n{HEAD}x: # one\n- 1\n---\n")
    item.extras["x"].append(2)
    monkeypatch.setattr("newsitem._codec.entries.DASH", re.compile("!"))
    with pytest.raises(newsitem.NewsItemError, match="nothing was written"):
        newsitem.dumps(item)


def test_a_hand_edited_text_becomes_too_large() -> None:
    """What would be too large to be read again is not written, however it was read."""
    item = newsitem.loads(f"---\n{HEAD}x: 1\n---\n")
    item.body = "b" * 30_000_000
    with pytest.raises(newsitem.LimitError, match="larger than 20,000,000 bytes"):
        newsitem.dumps(item)


EDITS = Path(__file__).parent / "data" / "edits"


@pytest.mark.parametrize("path", sorted(EDITS.glob("*.md")), ids=lambda path: path.stem)
def test_edits_that_went_wrong_once(path: Path) -> None:
    """A text is edited by the code beside it, and becomes the text beside it, or is refused with that message."""
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
