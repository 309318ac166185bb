"""Item and its source text -> new text: only the entries that differ are edited.

The text is read again and compared with the item, key by key. What differs is replaced at its place: a scalar alone, a
removed entry with its lines, an added one after the key that the publisher would write before it. The result is read
back: only the entries that the edits touched, where these are told apart by their lines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from newsitem._codec import front_matter, reader
from newsitem._codec.comparison import Mode
from newsitem._codec.editor import Editor
from newsitem._codec.entries import NotEdited
from newsitem._codec.front_matter import Parts
from newsitem._codec.render import is_block, node
from newsitem._codec.source import Edit, Source
from newsitem._schema.fields import changed_values
from newsitem._yaml.blocks import BlockMapping, NotSure, block_scalars, scalar_at_margin
from newsitem._yaml.nodes import Alias, Node, Scalar, walk
from newsitem.errors import LimitError, NewsItemError
from newsitem.items import FrontMatter

_ROUNDS: Final = 5
_BLANK_WITH_TAB: Final = re.compile(r"^ *\t[ \t]*(?=#|\r?$)", re.MULTILINE)


class Spliced(NamedTuple):
    """A text into which differences were written."""

    parts: Parts
    content: str
    """Its content with LF as line end, where it was read piece by piece."""
    item: FrontMatter
    """The item that it reads as."""


def splice(text: str, parts: Parts, item: FrontMatter) -> Spliced | None:
    """Write the differences of *item* into the front matter of *text*, whose parts are *parts*.

    If the finest edits do not read back as the item, whole entries are rendered; after that, lines that look empty
    but hold a tab are emptied too, as such lines may only follow plain text. Return ``None`` if all that fails.
    """
    if parts.line_end == "\r\n" and "\n" not in parts.content.replace("\r\n", ""):
        opening, inner, closing = (part.replace("\r\n", "\n") for part in parts[:3])
        unix = Parts(opening, inner, closing, parts.body)
        found = splice(front_matter.join(unix, unix.content, unix.body), unix, item)
        return found and found._replace(parts=parts._replace(content=found.content.replace("\n", "\r\n")))
    found = _until_equal(text, parts, item, coarse=False)
    if found is None:
        found = _until_equal(text, parts, item, coarse=True)
    if found is None:
        parts = parts._replace(content=_without_blank_tabs(text, parts, type(item)))
        found = _until_equal(front_matter.join(parts, parts.content, parts.body), parts, item, coarse=True)
    return found


def _without_blank_tabs(text: str, parts: Parts, cls: type) -> str:
    """Return the content with those lines emptied that look empty but hold a tab, outside quotes and block scalars."""
    nodes = walk(reader.tree(text, parts, cls))
    texts = sorted((each.start, each.end) for each in nodes if isinstance(each, Scalar) and each.style)
    starts = [start for start, _ in texts]
    first = len(parts.opening)

    def emptied(match: re.Match[str]) -> str:
        place = first + match.start()
        at = bisect_right(starts, place) - 1
        return match[0] if at >= 0 and place < texts[at][1] else ""

    return _BLANK_WITH_TAB.sub(emptied, parts.content)


def _until_equal(text: str, parts: Parts, item: FrontMatter, *, coarse: bool) -> Spliced | None:
    """Edit, read again, and edit what an anchor carried along, until the text reads as the item."""
    before = reader.read_to_edit(text, parts, type(item), whole=coarse)
    for _ in range(_ROUNDS):
        object.__setattr__(before.item, "body", item.body)
        if before.item == item:
            is_sure = before.by_pieces or _is_whole(before.parts, item)
            return Spliced(before.parts, before.parts.content, before.item) if is_sure else None
        try:
            edited = _edited(before, item, coarse=coarse)
        except NotEdited:
            return None
        try:
            before = reader.read_edited(before, _parts(edited.text, before.parts), edited.start, edited.end)
        except LimitError:
            raise
        except NewsItemError:
            return None
    return None


def _parts(text: str, old: Parts) -> Parts:
    end = len(text) - len(old.closing) - len(old.body)
    content = text[len(old.opening) : end]
    # A line that ends in CR does so to YAML, but not to what looks for the fence.
    return old._replace(content=f"{content}\n" if content.endswith("\r") else content)


def _is_whole(parts: Parts, item: FrontMatter) -> bool:
    """Tell whether fences and content are found again where they are, once they are one text.

    No line of what is read by pieces can be taken for a fence.
    """
    found = front_matter.split(front_matter.join(parts, parts.content, item.body))
    return (found.content, found.body) == (parts.content, item.body)


def _edited(before: reader.Reading, item: FrontMatter, *, coarse: bool) -> Edit:
    """Return the whole text with the differences of *item* written into it, and from where to where it has edits.

    Aliases whose anchor goes are written out.
    """
    if before.by_pieces and (scalars := _with_scalars(before, item)) is not None:
        return scalars
    try:
        return _with_edits(before, before.root, item, coarse=coarse)
    except NotSure:
        whole = reader.read_to_edit(before.text, before.parts, type(item), whole=True)
        return _with_edits(whole, whole.root, item, coarse=coarse)


def _with_scalars(before: reader.Reading, item: FrontMatter) -> Edit | None:
    """Return the whole text where nothing but scalars on one line, of the item's own keys, differ from those before."""
    changed = changed_values(before.item, item)
    if not changed or any(kind.is_block or is_block(value) for _, _, value, kind in changed):
        return None
    content, offset = before.parts.content, len(before.parts.opening)
    spans = [(scalar_at_margin(content, name), value, kind) for name, _, value, kind in changed]
    edits = [(*span, node(value, kind, 0)) for span, value, kind in spans if span is not None]
    if len(edits) < len(changed):
        return None
    pieces, at = [before.parts.opening], 0
    for start, end, text in sorted(edits):
        pieces += (content[at:start], text)
        at = end
    text = "".join([*pieces, content[at:], before.parts.closing, before.parts.body])
    return Edit(min(edits)[0] + offset, max(edits)[1] + offset, text)


def _with_edits(before: reader.Reading, root: Node, item: FrontMatter, *, coarse: bool) -> Edit:
    has_alias = not isinstance(root, BlockMapping) and any(isinstance(each, Alias) for each in walk(root))
    source = Source(before.text, before.parts, sorted(block_scalars(root), key=lambda block: block.start))
    lost: frozenset[int] = frozenset()
    while True:
        editor = Editor(source, Mode(coarse, has_alias), lost)
        editor.root(root, before.item, item)
        now_lost = lost | editor.lost_anchors(root)
        if now_lost == lost:
            start = min((edit.start for edit in editor.edits), default=0)
            end = max((edit.end for edit in editor.edits), default=0)
            return Edit(start, end, source.edited(editor.edits).text)
        lost = now_lost
