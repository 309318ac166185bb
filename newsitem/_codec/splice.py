"""Write the changes of an item into its source text, editing only the entries that differ.

The text is read again and compared with the item, key by key. Each difference is edited in place: a scalar is replaced,
an entry is removed with its lines, or added after the key that precedes it in the publisher's order. The result is read
back. If the entries can be split by their lines, only the edited ones are read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from newsitem._codec import front_matter, reader
from newsitem._codec.comparison import Mode
from newsitem._codec.editor import Editor
from newsitem._codec.front_matter import Parts
from newsitem._codec.render import is_block, node
from newsitem._codec.source import Edit, Source
from newsitem._schema.fields import changed_values
from newsitem._schema.kinds import Refused
from newsitem._yaml.blocks import NotSure, block_scalars, scalar_at_margin
from newsitem._yaml.nodes import LINE_ENDS, Scalar, walk
from newsitem.errors import LimitError, NewsItemError
from newsitem.items import FrontMatter

_ROUNDS: Final = 5
_OTHER_END: Final = re.compile(r"(?<!\r)\n|\r(?!\n)")
_BLANK_WITH_TAB: Final = re.compile(rf"(?<![^{LINE_ENDS}]) *\t[ \t]*(?=#|[{LINE_ENDS}])")


class Spliced(NamedTuple):
    """A text with the changes of an item."""

    parts: Parts
    content: str
    """The content with LF line ends, if it was read in pieces."""
    item: FrontMatter
    """The item that the text reads as."""


def splice(text: str, parts: Parts, item: FrontMatter) -> Spliced | None:
    """Write the changes of *item* into the front matter of *text*, or return ``None`` if that fails.

    If the edits do not read back as the item, lines that look empty but contain a tab are emptied: they are only
    allowed after plain text. If that fails too, the values of the item's own keys are replaced in full.
    """
    if parts.line_end == "\r\n" and _OTHER_END.search(parts.content) is None:
        opening, inner, closing = (part.replace("\r\n", "\n") for part in parts[:3])
        unix = Parts(opening, inner, closing, parts.body)
        spliced = splice(front_matter.join(unix, unix.content, unix.body), unix, item)
        return spliced and spliced._replace(parts=parts._replace(content=spliced.content.replace("\n", "\r\n")))
    if (spliced := _until_equal(text, parts, item)) is not None:
        return spliced
    emptied = parts._replace(content=_without_blank_tabs(text, parts, type(item)))
    emptied_text = front_matter.join(emptied, emptied.content, emptied.body)
    return _until_equal(emptied_text, emptied, item) or _until_equal(emptied_text, emptied, item, in_full=True)


def _without_blank_tabs(text: str, parts: Parts, cls: type) -> str:
    """Return the content with lines that look empty but contain a tab emptied, except in quotes and block scalars."""
    nodes = walk(reader.tree(text, parts, cls))
    spans = sorted((node.start, node.end) for node in nodes if isinstance(node, Scalar) and node.style)
    starts = [start for start, _ in spans]
    first = len(parts.opening)

    def emptied(match: re.Match[str]) -> str:
        place = first + match.start()
        at = bisect_right(starts, place) - 1
        return match[0] if at >= 0 and place < spans[at][1] else ""

    return _BLANK_WITH_TAB.sub(emptied, parts.content)


def _until_equal(text: str, parts: Parts, item: FrontMatter, *, in_full: bool = False) -> Spliced | None:
    """Edit and read the text until it reads as the item. An edit may affect other values through an anchor."""
    before = reader.read_to_edit(text, parts, type(item), in_full=in_full)
    for _ in range(_ROUNDS):
        object.__setattr__(before.item, "body", item.body)
        if before.item == item:
            is_sure = before.tree is None or _has_same_fences(before.parts, item)
            return Spliced(before.parts, before.parts.content, before.item) if is_sure else None
        edited = _read_edited(before, item, Mode(in_full)) or _read_edited(before, item, Mode(in_full, writes_out=True))
        if edited is None:
            return None
        before = edited
    return None


def _read_edited(before: reader.Reading, item: FrontMatter, mode: Mode) -> reader.Reading | None:
    """Edit and read the text once, or return ``None`` if that fails."""
    try:
        edited = _edited(before, item, mode)
        parts = before.parts
        content = edited.text[len(parts.opening) : len(edited.text) - len(parts.closing) - len(parts.body)]
        if content and not content.endswith("\n"):  # other signs end a line for YAML, but not for the fence
            content += "\n"
        return reader.read_edited(before, parts._replace(content=content), edited.start, edited.end)
    except LimitError:
        raise
    except (NotSure, Refused, NewsItemError):
        return None


def _has_same_fences(parts: Parts, item: FrontMatter) -> bool:
    """Return whether the fences are found at the same positions in the joined text.

    Text that is read in pieces has no line that could be mistaken for a fence.
    """
    result = front_matter.split(front_matter.join(parts, parts.content, item.body))
    return (result.content, result.body) == (parts.content, item.body)


def _edited(before: reader.Reading, item: FrontMatter, mode: Mode) -> Edit:
    """Return the entire text with the changes of *item*, and the span of the edits.

    Aliases whose anchor is removed are replaced with their values.
    """
    if before.tree is None and (scalars := _with_scalars(before, item)) is not None:
        return scalars
    try:
        return _with_edits(before, item, mode)
    except NotSure:
        full = reader.read_to_edit(before.text, before.parts, type(item), in_full=True)
        return _with_edits(full, item, mode)


def _with_scalars(before: reader.Reading, item: FrontMatter) -> Edit | None:
    """Return the entire text if all changes are to one-line scalars of the item's own keys, otherwise ``None``."""
    offset = len(before.parts.opening)
    edits = []
    for name, _, value, kind in changed_values(before.item, item) or ():
        span = None if kind.is_block or is_block(value) else scalar_at_margin(before.lines, name)
        if span is None:
            return None
        edits.append(Edit(offset + span[0], offset + span[1], node(value, kind, 0)))
    edits.sort(reverse=True)
    text = before.text
    for start, end, new, _ in edits:
        text = f"{text[:start]}{new}{text[end:]}"
    return Edit(edits[-1].start, edits[0].end, text) if edits else None


def _with_edits(before: reader.Reading, item: FrontMatter, mode: Mode) -> Edit:
    root = before.root
    source = Source(before.text, before.parts, sorted(block_scalars(root), key=lambda block: block.start))
    lost: frozenset[int] = frozenset()
    while True:
        editor = Editor(source, lost, mode)
        editor.root(root, before.item, item)
        now_lost = lost | editor.lost_anchors(root)
        if now_lost == lost:
            start = min((edit.start for edit in editor.edits), default=0)
            end = max((edit.end for edit in editor.edits), default=0)
            return Edit(start, end, source.edited(editor.edits).text)
        lost = now_lost
