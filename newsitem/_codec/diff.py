"""Compute unified diffs in time proportional to the length of the texts, not to its square.

Lines that occur once in each text are the anchors. The lines between two anchors are usually equal, or are the few
lines that were edited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

from newsitem._codec.alignment import common_length, longest_increasing

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
    old, new = _lines(before), _lines(after)
    lines: list[str] = []
    for group in _groups(list(_changes(old, new))):
        lines += _hunk(old, new, group)
    end = "\t\n" if " " in name else "\n"  # the tab tells tools where a name with spaces ends
    header = [f"--- a/{name}{end}", f"+++ b/{name}{end}"] if lines else []
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in header + lines
    )


def _lines(text: str) -> list[str]:
    """Split at LF only, as git does. The last line may have no line end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _changes(old: list[str], new: list[str]) -> Iterator[_Change]:
    middle = _trimmed(old, new, _Change(0, len(old), 0, len(new)))
    anchors = _anchors(old, new, middle)
    ends = (middle.old - 1, middle.new - 1), (middle.old_end, middle.new_end)
    for (old_before, new_before), (old_after, new_after) in pairwise([ends[0], *anchors, ends[1]]):
        gap = _trimmed(old, new, _Change(old_before + 1, old_after, new_before + 1, new_after))
        if max(gap.old_end - gap.old, gap.new_end - gap.new) <= _MAXIMUM_GAP:
            matcher = SequenceMatcher(None, old[gap.old : gap.old_end], new[gap.new : gap.new_end], autojunk=False)
            for kind, start, end, new_start, new_end in matcher.get_opcodes():
                if kind != "equal":
                    yield _Change(gap.old + start, gap.old + end, gap.new + new_start, gap.new + new_end)
        else:
            yield gap


def _trimmed(old: list[str], new: list[str], change: _Change) -> _Change:
    """Remove equal lines from both ends of a change."""
    lines, new_lines = old[change.old : change.old_end], new[change.new : change.new_end]
    before = common_length(lines, new_lines)
    after = common_length(reversed(lines[before:]), reversed(new_lines[before:]))
    return _Change(change.old + before, change.old_end - after, change.new + before, change.new_end - after)


def _anchors(old: list[str], new: list[str], change: _Change) -> list[tuple[int, int]]:
    """Pair lines that occur once in the old part and once in the new one, as many as can keep their order."""
    counts_old = Counter(old[change.old : change.old_end])
    counts_new = Counter(new[change.new : change.new_end])
    places = {new[place]: place for place in range(change.new, change.new_end) if counts_new[new[place]] == 1}
    places_old = range(change.old, change.old_end)
    return longest_increasing(
        (place, places[old[place]]) for place in places_old if counts_old[old[place]] == 1 and old[place] in places
    )


def _groups(changes: list[_Change]) -> list[list[_Change]]:
    """Group changes whose context lines touch."""
    groups: list[list[_Change]] = []
    for change in changes:
        if groups and change.old - groups[-1][-1].old_end <= 2 * _CONTEXT:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _hunk(old: list[str], new: list[str], changes: list[_Change]) -> Iterator[str]:
    before = min(_CONTEXT, changes[0].old)
    start, new_start = changes[0].old - before, changes[0].new - before
    after = min(_CONTEXT, len(old) - changes[-1].old_end)
    end, new_end = changes[-1].old_end + after, changes[-1].new_end + after
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
    for change in changes:
        yield from (f" {line}" for line in old[start : change.old])
        yield from (f"-{line}" for line in old[change.old : change.old_end])
        yield from (f"+{line}" for line in new[change.new : change.new_end])
        start = change.old_end
    yield from (f" {line}" for line in old[start:end])


def _range(start: int, end: int) -> str:
    """Format the lines of a hunk: the first line number and the count. An empty range names the line before it."""
    length = end - start
    return f"{start + 1}" if length == 1 else f"{start + (length > 0)},{length}"
