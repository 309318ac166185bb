"""Unified diffs: correct for any two texts, and as short as those of difflib for edits."""

from __future__ import annotations

import difflib
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsitem._codec.diff import unified

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "-\n", "last"]), max_size=25).map("".join)


def patched(before: str, diff: str) -> str:
    """Apply a unified diff, and check every line number in it."""
    old = re.findall(r"[^\n]*\n|[^\n]+", before)
    new: list[str] = []
    at = 0
    lines = re.findall(r"[^\n]*\n", diff.replace("\n\\ No newline at end of file\n", "\0\n"))
    for line in lines[2:]:
        if match := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", line):
            start = int(match[1]) - (match[2] != "0")
            new += old[at:start]
            at = start
            assert int(match[3]) - (match[4] != "0") == len(new)
            continue
        kind, text = line[0], line[1:].removesuffix("\0\n") if line.endswith("\0\n") else line[1:]
        if kind in " -":
            assert old[at] == text
            at += 1
        if kind in " +":
            new.append(text)
    return "".join(new + old[at:])


@given(texts, texts)
def test_diff_applies(before: str, after: str) -> None:
    """Applying the diff to the old text returns the new one; equal texts have an empty diff."""
    diff = unified(before, after, "x.md")
    assert (diff == "") == (before == after)
    assert patched(before, diff) == after


@pytest.mark.parametrize("seed", range(20))
def test_diff_of_few_edits_is_as_short_as_difflib(seed: int) -> None:
    """If few lines of many change, the diff contains no more changed lines than that of difflib."""
    rng = random.Random(seed)
    old = [rng.choice([f"title: {i}\n", "width: 50\n", "height: 50\n", "\n"]) for i in range(600)]
    new = list(old)
    for _ in range(6):
        at = rng.randrange(len(new))
        new[at : at + rng.randrange(3)] = [f"new: {rng.random()}\n"] * rng.randrange(2)
    expected = difflib.unified_diff(old, new, "a/x.md", "b/x.md")
    changed = [line for line in expected if line[0] in "+-"]
    found = unified("".join(old), "".join(new), "x.md").splitlines(keepends=True)
    assert len([line for line in found if line[0] in "+-"]) <= len(changed)


def test_long_gap_without_unique_lines() -> None:
    """If no line is unique and the gap is long, all of it is shown as changed, and nothing is lost."""
    before, after = "a\nb\n" * 300, "b\nc\nb\na\n" * 200
    assert patched(before, unified(before, after, "x.md")) == after


def test_file_names_with_spaces_end_with_a_tab() -> None:
    """A tab in the header marks the end of a file name that contains spaces."""
    assert unified("a\n", "b\n", "my file.md").startswith("--- a/my file.md\t\n+++ b/my file.md\t\n@@")
    assert unified("a\n", "b\n", "file.md").startswith("--- a/file.md\n+++ b/file.md\n@@")
