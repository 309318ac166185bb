"""Split a source text into lines, find the comments of its entries, and apply edits."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple

from newsitem._codec.front_matter import Parts
from newsitem._yaml.nodes import LINE_END, LINE_ENDS, Scalar, has_text, indentation

_COMMENT: Final = re.compile(rf"[ \t]*+#[^{LINE_ENDS}]*+")


class Edit(NamedTuple):
    """A span of the text and its replacement. New line ends are LF: text with only CRLF is edited with LF."""

    start: int
    end: int
    text: str
    open_block: Scalar | None = None
    """The block scalar at the end of *text*. The lines that follow may become part of it."""


class Source:
    """The source text of an item, with its front matter in lines.

    Args:
        text: The text of the file.
        parts: The parts of the text.
        blocks: The block scalars, in the order of the text.
    """

    def __init__(self, text: str, parts: Parts, blocks: Sequence[Scalar]) -> None:
        self.text = text
        self.stop = len(parts.opening) + len(parts.content)
        lines = text[: self.stop + len(parts.closing)].splitlines(keepends=True)
        # YAML forbids the other characters that end these lines.
        self._line_starts = list(accumulate(map(len, lines), initial=0))
        self._blocks = blocks
        self._block_ends = [self.next_line(block.end) for block in blocks]

    # Lines

    def line_start(self, index: int) -> int:
        """Return the start of the line that contains *index*."""
        return self._line_starts[bisect_right(self._line_starts, index) - 1]

    def line_stop(self, index: int) -> int:
        """Return the end of the line that contains *index*, without its line end."""
        match = LINE_END.search(self.text, index)
        return len(self.text) if match is None else match.start()

    def next_line(self, index: int) -> int:
        """Return the start of the next line."""
        line = bisect_right(self._line_starts, index)
        return self._line_starts[line] if line < len(self._line_starts) else len(self.text)

    def column(self, index: int) -> int:
        """Return the column of *index*, counted from 0."""
        return index - self.line_start(index)

    def starts_line(self, index: int) -> bool:
        """Return whether only spaces precede *index* on its line."""
        return self.text[self.line_start(index) : index].strip(" ") == ""

    def is_blank(self, start: int) -> bool:
        """Return whether the line at *start* looks empty."""
        return not has_text(self.text[start : self.next_line(start)])

    # Comments

    def after(self, end: int, column: int) -> int:
        """Return the end of an entry at *column*, whose value ends at *end*, with its comments.

        These are indented deeper than the entry, or are directly below it in its column and followed by a blank line.
        """
        line = last = self.next_line(end)
        is_directly_below = True
        while line < self.stop:
            comment = _COMMENT.match(self.text, line)
            following = self.next_line(line)
            if comment is not None:
                indent = comment[0].index("#")
                if indent < column or (indent == column and not is_directly_below):
                    break
                if indent > column:
                    last = following
            elif not self.is_blank(line):
                break
            elif is_directly_below:
                last, is_directly_below = line, False
            line = following
        return last

    def above(self, start: int, floor: int) -> int:
        """Return the start of the comments directly above the entry at *start*, in its column and from *floor* on."""
        column = self.column(start)
        first = self.line_start(start)
        while first > floor:
            line = self.line_start(first - 1)
            comment = _COMMENT.match(self.text, line)
            if comment is None or comment[0].index("#") != column:
                break
            first = line
        return first

    # Edits

    def edited(self, edits: Iterable[Edit], start: int = 0, stop: int | None = None) -> Edit:
        """Apply *edits* to the text, or to a part of it that contains all of them.

        When lines are removed or inserted, comments and blank lines may end up right after a block scalar and become
        part of it. To prevent this, such comments move left to the column of its key, and such blank lines are removed.
        """
        stop = len(self.text) if stop is None else stop
        pieces: list[str] = []
        at, block = start, None
        for edit in sorted([*edits, Edit(stop, stop, "")], key=itemgetter(0, 1)):
            if edit.start > at:
                between, block = self._between(at, edit.start, block)
                pieces.append(between)
            if edit.text:
                pieces.append(edit.text.lstrip("\r\n") if block and block.keeps else edit.text)
                block = edit.open_block
            at = max(at, edit.end)
            if self.text.startswith("#", at, stop) and pieces and not pieces[-1].endswith((" ", "\t", *LINE_ENDS)):
                pieces.append(" ")  # a comment may follow a quote or bracket directly, but no other text
        return Edit(start, stop, "".join(pieces), block)

    def _between(self, start: int, stop: int, block: Scalar | None) -> tuple[str, Scalar | None]:
        """Return a part of the text as it must be after *block*, and the block scalar at its end."""
        if block is None or self.line_start(start) != start:
            return self.text[start:stop], self._open_block(start, stop)
        pieces = []
        while start < stop:
            line = self.text[start : min(self.next_line(start), stop)]
            content = line.lstrip(" ")
            is_comment = content.startswith("#") and indentation(line) >= block.indent
            if has_text(line) and not is_comment:
                break
            start += len(line)
            if is_comment:
                pieces.append(" " * block.column + content)
                break
            if not block.takes(line):
                pieces.append(line)
        else:
            return "".join(pieces), block
        return "".join([*pieces, self.text[start:stop]]), self._open_block(start, stop)

    def _open_block(self, start: int, stop: int) -> Scalar | None:
        """Return the block scalar to which blank lines at *stop* would belong, if it is still there after *start*."""
        before = bisect_right(self._block_ends, stop) - 1
        if before < 0 or self._blocks[before].end <= start or has_text(self.text[self._block_ends[before] : stop]):
            return None
        return self._blocks[before]
