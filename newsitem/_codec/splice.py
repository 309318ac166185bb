"""Item and its source text -> new text: only the entries that differ are edited.

The text is composed again and compared with the item, entry by entry. What differs is replaced at its place: a scalar
alone, a removed entry with its lines, an added one after the key that the publisher would write before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from newsitem._codec import front_matter, reader
from newsitem._codec.editor import Editor, Mode
from newsitem._codec.entries import NotEdited
from newsitem._codec.front_matter import FrontMatter
from newsitem._codec.source import Source
from newsitem._yaml.nodes import Alias, Node, Scalar, walk
from newsitem.errors import LimitError, NewsItemError
from newsitem.model import NewsItem

_ROUNDS: Final = 5
_BLANK_WITH_TAB: Final = re.compile(r"^ *\t[ \t]*(?=#|\r?$)", re.MULTILINE)


def splice(text: str, parts: FrontMatter, item: NewsItem) -> str | None:
    """Return the front matter of *text*, whose parts are *parts*, with the differences of *item* written into it.

    If the finest edits do not read back as the item, whole entries are rendered; after that, lines that look empty
    but hold a tab are emptied too, as such lines may only follow plain text. Return ``None`` if all that fails.
    """
    content = _until_equal(text, parts, item, coarse=False)
    if content is None:
        content = _until_equal(text, parts, item, coarse=True)
    if content is None:
        parts = parts._replace(content=_without_blank_tabs(text, parts))
        content = _until_equal(front_matter.join(parts, parts.content, parts.body), parts, item, coarse=True)
    return content


def _without_blank_tabs(text: str, parts: FrontMatter) -> str:
    """Return the content with those lines emptied that look empty but hold a tab, outside quotes and block scalars."""
    nodes = walk(reader.tree(text, parts))
    texts = sorted((each.start, each.end) for each in nodes if isinstance(each, Scalar) and each.style)
    starts = [start for start, _ in texts]
    first = len(parts.opening)

    def emptied(match: re.Match[str]) -> str:
        place = first + match.start()
        at = bisect_right(starts, place) - 1
        return match[0] if at >= 0 and place < texts[at][1] else ""

    return _BLANK_WITH_TAB.sub(emptied, parts.content)


def _until_equal(text: str, parts: FrontMatter, item: NewsItem, *, coarse: bool) -> str | None:
    """Edit, read again, and edit what an anchor carried along, until the text reads as the item."""
    for tries in range(_ROUNDS):
        try:
            root = reader.tree(text, parts)
            found = reader.to_item(text, root)
        except NewsItemError as error:
            if tries == 0 or isinstance(error, LimitError):  # what was read once is refused only by other limits
                raise
            return None
        found.body = item.body
        if found == item:
            return parts.content if _stands(parts, item) else None
        try:
            text = _edited(text, parts, root, item, coarse=coarse)
        except NotEdited:
            return None
        end = len(text) - len(parts.closing) - len(parts.body)
        if text[:end].endswith("\r"):  # a line end to YAML, but not to what looks for the fence
            text = f"{text[:end]}\n{text[end:]}"
            end += 1
        parts = parts._replace(content=text[len(parts.opening) : end])
    return None


def _stands(parts: FrontMatter, item: NewsItem) -> bool:
    """Tell whether fences and content are found again where they are, once they are one text."""
    found = front_matter.split(front_matter.join(parts, parts.content, item.body))
    return (found.content, found.body) == (parts.content, item.body)


def _edited(text: str, parts: FrontMatter, root: Node, item: NewsItem, *, coarse: bool) -> str:
    """Write the differences into the whole *text*; aliases whose anchor goes are written out."""
    nodes = walk(root)
    mode = Mode(coarse, any(isinstance(each, Alias) for each in nodes))
    blocks = [each for each in nodes if isinstance(each, Scalar) and each.style in ("|", ">")]
    source = Source(text, parts, sorted(blocks, key=lambda block: block.start))
    lost: frozenset[int] = frozenset()
    while True:
        editor = Editor(source, mode, lost)
        editor.root(root, item)
        now_lost = lost | editor.lost_anchors(root)
        if now_lost == lost:
            return source.edited(editor.edits).text
        lost = now_lost
