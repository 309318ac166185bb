"""Compute unified diffs in time proportional to the length of the texts, not to its square.

Lines that occur once in each text are the anchors. The lines between two anchors are usually equal, or are the few
lines that were edited.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise, takewhile
from operator import eq
from typing import Any, Final, NamedTuple

_CONTEXT: Final = 3
"""The number of lines shown around a change."""
_MAXIMUM_GAP: Final = 80
"""The maximum number of lines between two anchors that are compared with each other. Longer gaps change entirely."""


class _Change(NamedTuple):
    """Lines of the old text and the lines of the new text that replace them, as index ranges."""

    old: int
    old_end: int
    new: int
    new_end: int


def unified(before: str, after: str, name: str) -> str:
    """Return the unified diff of two versions of the file *name*, or an empty string if they are equal."""
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))  # at LF only, as git does
    lines: list[str] = []
    for opcodes in Matcher(old, new).get_grouped_opcodes(_CONTEXT):
        lines += _hunk(old, new, opcodes)
    end = "\t\n" if " " in name else "\n"  # the tab tells tools where a name with spaces ends
    header = [f"--- a/{name}{end}", f"+++ b/{name}{end}"] if lines else []
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in header + lines
    )


class Matcher(SequenceMatcher[Any]):
    """Finds the equal lines of two texts, or the equal entries of two lists."""

    def __init__(self, old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.old = old
        self.new = new

    def get_matching_blocks(self) -> list[Match]:
        """Return the equal parts of both, in order, followed by an empty one at the end."""
        old_end, new_end = len(self.old), len(self.new)
        changes = pairwise([_Change(0, 0, 0, 0), *self._changes(), _Change(old_end, old_end, new_end, new_end)])
        blocks = [
            Match(change.old_end, change.new_end, following.old - change.old_end) for change, following in changes
        ]
        return [*blocks, Match(old_end, new_end, 0)]

    def _changes(self) -> Iterator[_Change]:
        old, new = self.old, self.new
        middle = self._trimmed(_Change(0, len(old), 0, len(new)))
        ends = (middle.old - 1, middle.new - 1), (middle.old_end, middle.new_end)
        anchors = [ends[0], *self._anchors(middle), ends[1]]
        for (old_before, new_before), (old_after, new_after) in pairwise(anchors):
            gap = self._trimmed(_Change(old_before + 1, old_after, new_before + 1, new_after))
            if max(gap.old_end - gap.old, gap.new_end - gap.new) <= _MAXIMUM_GAP:
                matcher = SequenceMatcher(None, old[gap.old : gap.old_end], new[gap.new : gap.new_end], autojunk=False)
                for kind, start, end, new_start, new_end in matcher.get_opcodes():
                    if kind != "equal":
                        yield _Change(gap.old + start, gap.old + end, gap.new + new_start, gap.new + new_end)
            else:
                yield gap

    def _trimmed(self, change: _Change) -> _Change:
        """Remove equal lines from both ends of a change."""
        lines, new_lines = self.old[change.old : change.old_end], self.new[change.new : change.new_end]
        before = common_length(lines, new_lines)
        after = common_length(reversed(lines[before:]), reversed(new_lines[before:]))
        return _Change(change.old + before, change.old_end - after, change.new + before, change.new_end - after)

    def _anchors(self, change: _Change) -> list[tuple[int, int]]:
        """Pair lines that occur once in the old part and once in the new one, as many as can keep their order."""
        counts = Counter(self.old[change.old : change.old_end])
        new_counts = Counter(self.new[change.new : change.new_end])
        places = {self.new[place]: place for place in range(change.new, change.new_end)}
        lines = [(place, self.old[place]) for place in range(change.old, change.old_end)]
        return longest_increasing(
            (place, places[line]) for place, line in lines if counts[line] == new_counts[line] == 1
        )


def common_length(values: Iterable[Hashable], others: Iterable[Hashable]) -> int:
    """Return the length of the common prefix of two texts or series of values."""
    return sum(takewhile(bool, map(eq, values, others)))


def longest_increasing(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of the sorted *pairs* in which the second numbers increase."""
    tails: list[int] = []
    """The smallest number that ends a subsequence, by its length."""
    chains: list[Any] = []
    """Each of these subsequences: its last pair, and the rest."""
    for pair in sorted(pairs):
        at = bisect_left(tails, pair[1])
        tails[at : at + 1] = [pair[1]]
        chains[at : at + 1] = [(pair, chains[at - 1] if at else None)]
    result = []
    chain = chains[-1] if chains else None
    while chain is not None:
        pair, chain = chain
        result.append(pair)
    return result[::-1]


def _hunk(old: list[str], new: list[str], opcodes: list[tuple[str, int, int, int, int]]) -> Iterator[str]:
    (_, start, _, new_start, _), (_, _, end, _, new_end) = opcodes[0], opcodes[-1]
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
    for kind, start, end, new_start, new_end in opcodes:
        if kind == "equal":
            yield from (f" {line}" for line in old[start:end])
        else:
            yield from (f"-{line}" for line in old[start:end])
            yield from (f"+{line}" for line in new[new_start:new_end])


def _range(start: int, end: int) -> str:
    """Format the lines of a hunk: the first line number and the count. An empty range names the line before it."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + (length > 0)},{length}"
