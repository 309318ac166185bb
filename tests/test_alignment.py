"""The alignment of two versions of a list."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from newsitem._codec.alignment import Identity, align

identities = st.builds(
    lambda address, name, fields: Identity((address, name, fields), (address, name), fields),
    st.sampled_from(["u", "v", None]),
    st.sampled_from(["A", "B", None]),
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 1)), max_size=3, unique_by=lambda pair: pair[0]).map(
        tuple
    ),
)
entries = st.lists(identities, max_size=9)


def entry(address: str | None, name: str | None = None, **fields: int) -> Identity:
    """Make an entry as the alignment sees it."""
    return Identity((address, name, *fields.items()), (address, name), tuple(fields.items()))


def origins(old: list[Identity], new: list[Identity]) -> list[int | None]:
    """Return the places that the entries of a list stem from."""
    return [each.old for each in align(old, new)]


@given(entries, entries)
def test_every_entry_has_one_origin(old: list[Identity], new: list[Identity]) -> None:
    """Equal entries stem from each other, no old entry is used twice, and what stays in place stays in order."""
    found = align(old, new)
    used = [each.old for each in found if each.old is not None]
    assert len(used) == len(set(used))
    for each, one in zip(found, new, strict=True):
        assert each.is_equal == (each.old is not None and old[each.old] == one)
    in_place = [each.old for each in found if each.is_in_place and each.old is not None]
    assert in_place == sorted(in_place)


@given(entries, entries)
def test_an_entry_that_is_there_is_never_new(old: list[Identity], new: list[Identity]) -> None:
    """As many entries as the lists have in common stem from equal ones."""
    common = sum(min(old.count(one), new.count(one)) for one in set(old))
    assert sum(each.is_equal for each in align(old, new)) == common


@given(entries)
def test_an_equal_list_is_kept(entries: list[Identity]) -> None:
    """A list that did not change keeps every entry in its place."""
    assert origins(entries, entries) == list(range(len(entries)))


def test_an_edited_entry_is_known_by_its_address_or_name() -> None:
    """An address tells what an entry stems from, and where that is new, its name."""
    old = [entry("u", "A", x=1), entry("v", "B", x=1)]
    assert origins(old, [entry("v", "C", x=2), entry("w", "A", x=2)]) == [1, 0]


def test_entries_of_one_name_are_told_apart_by_their_place() -> None:
    """Where several entries have one name and all are edited, the first stems from the first."""
    old = [entry("u", "A", x=1), entry("u", "A", x=2)]
    assert origins(old, [entry("u", "A", x=3), entry("u", "A", x=4)]) == [0, 1]


def test_of_several_namesakes_the_most_alike_is_taken() -> None:
    """Where one of several entries of one name went, what the others say tells which."""
    old = [entry("u", x=1, y=1), entry("u", x=2, y=2), entry("u", x=3, y=3)]
    assert origins(old, [entry("u", x=2, y=5), entry("u", x=3, y=5)]) == [1, 2]


def test_of_several_namesakes_that_are_as_alike_the_other_name_tells() -> None:
    """Where an address is shared and the titles were edited alike, the beginnings of the titles tell which is which."""
    old = [entry("u", "Fog [new]", x=1), entry("u", "Fog", x=1)]
    assert origins(old, [entry("u", "Fog!", x=2), entry("u", "Fog [new]!", x=2)]) == [1, 0]


def test_a_name_that_is_in_both_lists_is_never_paired_with_another() -> None:
    """An entry whose name is elsewhere in the other list is not taken for a version of its neighbour."""
    old = [entry("u", "A"), entry("w", "B")]
    assert origins(old, [entry("u", "B"), entry("v", "A")]) == [0, None]


def test_another_entry_in_the_same_place_is_new() -> None:
    """An entry with other names stems from the one in its place only if most of the rest is the same."""
    old = [entry("u", "A", x=1, y=1), entry("v", "B", x=2, y=2)]
    assert origins(old, [entry("n", "N", x=1, y=1), entry("m", "M", x=1, y=3)]) == [0, None]
    assert origins([entry("u")], [entry("n")]) == [0]
    assert origins([entry("u", "A")], [entry("n", "N")]) == [None]


def test_an_entry_with_new_names_is_found_elsewhere_by_a_field_of_its_own() -> None:
    """What moved and has other names stems from the one that shares a field with it alone."""
    old = [entry("u", "A", x=1, y=7), entry("v", "B", x=1, y=8), entry("w", "C", x=1, y=9)]
    assert origins(old, [entry("w", "C", x=1, y=9), entry("n", "N", x=1, y=7), entry("v", "B", x=1, y=8)]) == [2, 0, 1]
    old = [entry("u", y=7), entry("v", y=8)]
    assert origins(old, [entry("v", y=9), entry("n", y=7)]) == [1, None]


def test_a_field_of_its_own_counts_before_the_place() -> None:
    """Entries that swap and get other names are told apart by what only they say."""
    old = [entry(None, "A", x=1, y=7), entry(None, "B", x=1, y=8)]
    assert origins(old, [entry(None, "N", x=1, y=8), entry(None, "M", x=1, y=7)]) == [1, 0]


def test_equal_entries_stay_between_their_neighbours() -> None:
    """Of equal entries those stem from each other that have the same neighbours."""
    a, b, c, d = (Identity(name) for name in "abcd")
    assert origins([a, b, a, c], [b, a, d]) == [1, 2, 3]
    assert origins([a, a, b], [d, a, b]) == [0, 1, 2]


def test_work_grows_with_length() -> None:
    """Twenty thousand entries in reverse order, all alike or all of one name take no quadratic time."""
    many = [Identity(index) for index in range(20_000)]
    alike = [entry("u", "A", x=index) for index in range(20_000)]
    start = time.process_time()
    assert sum(each.is_in_place for each in align(many, many[::-1])) == 1
    assert sum(each.is_equal for each in align(many[:1] * 20_000, many[:1] * 19_999)) == 19_999
    assert len(align(alike, [entry("u", "A", x=-1)] * 19_999)) == 19_999
    assert time.process_time() - start < 10
