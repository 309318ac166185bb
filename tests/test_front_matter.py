"""Fences, line ends, and front matter without keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import Person, made
from samples import EXAMPLES

import newsitem
from newsitem import FrontMatter
from newsitem._codec import front_matter


def test_empty_front_matter() -> None:
    """Front matter may be empty if no key is required, and keys can be added to it."""
    cls = made(one=(str | None, None))
    for text in ("---\n---\n", "---\n\n---\n", "---\n# comment\n---\n", "---\n{}\n---\n"):
        item = newsitem.loads(text, cls)
        assert newsitem.dumps(item) == text
        item.one = "x"
        after = newsitem.dumps(item)
        assert newsitem.loads(after, cls).one == "x"
        assert ("# comment" in after) == ("# comment" in text)
    assert newsitem.dumps(cls()) == "---\n---\n\n"
    with pytest.raises(newsitem.ValidationError, match="must be a mapping"):
        newsitem.loads("---\n---\n", Person)


@pytest.mark.parametrize(
    "text", ["---\n\n---\n", "---\n# comment\n---\n", "---\r\n\r\n---\r\n", "---\n---\n", "---\n~\n---\n"]
)
def test_first_key(text: str) -> None:
    """A key can be added to front matter without keys, and the other lines stay."""
    item = newsitem.loads(text, FrontMatter)
    item.extras["q"] = 1
    after = newsitem.dumps(item)
    assert newsitem.loads(after, FrontMatter).extras == {"q": 1}
    assert after.replace("\r\n", "\n").replace("q: 1\n", "") == text.replace("\r\n", "\n").replace("~\n", "")


@pytest.mark.parametrize("path", EXAMPLES[:3], ids=lambda path: path.stem[:20])
@pytest.mark.parametrize("closing", ["---\n", "---\r\n", "...\r\n"])
@pytest.mark.parametrize("content_end", ["\n", "\r\n"])
@pytest.mark.parametrize("opening", ["---\n", "---\r\n", "\ufeff---\r\n"])
def test_line_ends_of_fences_and_content(path: Path, opening: str, content_end: str, closing: str) -> None:
    """Fences and content keep their own line ends, whichever reader reads them."""
    content = front_matter.split(path.read_bytes().decode()).content.replace("\n", content_end)
    text = f"{opening}{content}{closing}body\tof the file\r\n"
    item = newsitem.loads(text)
    assert newsitem.dumps(item) == text
    assert newsitem.diff(item) == ""
    item.heat = 4711
    changed = [line for line in newsitem.diff(item).split("\n")[3:] if line[:1] in ("-", "+")]
    assert [line.strip("\r") for line in changed][-1] == "+heat: 4711"
    assert len(changed) <= 2


@pytest.mark.parametrize("path", EXAMPLES[:3], ids=lambda path: path.stem[:20])
@pytest.mark.parametrize("edit", ["", "# by hand\n", "own: {a: [b]}\n", "own: &a x\n", "? own\n: x\n"])
@pytest.mark.parametrize(
    "end", ["", "---", "----\n", " ---\n", "--- x\n", "--\n", "..\n", ". . .\n", "---\f\n", "...\n", "--- \n"]
)
def test_front_matter_must_be_closed(path: Path, edit: str, end: str) -> None:
    """No reader takes the end of the text, or a line that is not quite a fence, for the second fence."""
    parts = front_matter.split(path.read_bytes().decode())
    text = f"---\n{edit}{parts.content}{end}"
    if end in ("---", "---\f\n", "...\n", "--- \n"):
        assert newsitem.loads(text).body == ""
        assert newsitem.dumps(newsitem.loads(text)) == text
    else:
        with pytest.raises(newsitem.ParseError, match="not closed"):
            newsitem.loads(text)
