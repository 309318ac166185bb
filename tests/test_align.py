"""The alignment of two versions of a list."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from newsitem._align import Fate, Identity, align

identities = st.builds(lambda whole, name: Identity((whole, name), name or None), st.integers(0, 5), st.integers(0, 2))
entries = st.lists(identities, max_size=12)


@given(st.lists(st.one_of(st.none(), identities), max_size=12), entries)
def test_every_entry_has_one_origin(old: list[Identity | None], new: list[Identity]) -> None:
    """Equal entries stem from each other, no old entry is used twice, and what stays in place stays in order."""
    origins = align(old, new)
    used = [each.old for each in origins if each.fate is not Fate.NEW]
    assert len(used) == len(set(used))
    assert all(old[index] is not None for index in used)
    for each, entry in zip(origins, new, strict=True):
        if each.fate in (Fate.KEPT, Fate.MOVED):
            assert old[each.old] == entry
    in_place = [each.old for each in origins if each.fate in (Fate.KEPT, Fate.EDITED)]
    assert in_place == sorted(in_place)


@given(entries)
def test_an_equal_list_is_kept(entries: list[Identity]) -> None:
    """A list that did not change keeps every entry in its place."""
    assert [each.old for each in align(entries, entries)] == list(range(len(entries)))


def test_an_edited_entry_is_known_by_its_name() -> None:
    """Where one entry went and another changed, the change is found by name."""
    old = [Identity("a1", "a"), Identity("b1", "b"), Identity("c1", "c")]
    origins = align(old, [Identity("b2", "b"), Identity("c1", "c")])
    assert [(each.fate, each.old) for each in origins] == [(Fate.EDITED, 1), (Fate.KEPT, 2)]


def test_an_entry_that_moves_and_changes_is_known_by_its_name() -> None:
    """What moved and changed at once stems from the entry of its name, which no other one takes before it."""
    old = [Identity("a1", "a"), Identity("b1", "b"), Identity("c1", "c")]
    moved, other, stayed = align(old, [Identity("c2", "c"), Identity("d1", "d"), Identity("b2", "b")])
    assert (moved.fate, moved.old) == (Fate.EDITED_ELSEWHERE, 2)
    assert (stayed.fate, stayed.old) == (Fate.EDITED, 1)
    assert other.old == 0


def test_work_grows_with_length() -> None:
    """Ten thousand entries in reverse order take no quadratic time."""
    many = [Identity(index, None) for index in range(20_000)]
    start = time.process_time()
    origins = align(many, many[::-1])
    assert sum(each.fate is Fate.KEPT for each in origins) == 1
    assert time.process_time() - start < 5
