"""Two versions of a list: the origin of each entry."""

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
    """Return the identity of an entry."""
    return Identity((address, name, *fields.items()), (address, name), tuple(fields.items()))


def origins(old: list[Identity], new: list[Identity]) -> list[int | None]:
    """Return the index of the old entry that each new entry comes from."""
    return [each.old for each in align(old, new)]


def equal_pairs(old: list[Identity], new: list[Identity]) -> int:
    """Return the number of new entries that come from an equal old entry."""
    return sum(place is not None and old[place] == one for place, one in zip(origins(old, new), new, strict=True))


@given(entries, entries)
def test_each_old_entry_is_used_once(old: list[Identity], new: list[Identity]) -> None:
    """No old entry is used twice, and entries in place keep their order."""
    found = align(old, new)
    used = [each.old for each in found if each.old is not None]
    assert len(used) == len(set(used))
    in_place = [each.old for each in found if each.is_in_place and each.old is not None]
    assert in_place == sorted(in_place)


@given(entries, entries)
def test_common_entries_are_paired(old: list[Identity], new: list[Identity]) -> None:
    """As many pairs are equal as the two lists have entries in common."""
    common = sum(min(old.count(one), new.count(one)) for one in set(old))
    assert equal_pairs(old, new) == common


@given(entries)
def test_unchanged_list(entries: list[Identity]) -> None:
    """Every entry of an unchanged list comes from its own position."""
    assert origins(entries, entries) == list(range(len(entries)))


def test_edited_entry_is_found_by_address_then_name() -> None:
    """An edited entry is found by its address, or by its name if the address is new."""
    old = [entry("u", "A", x=1), entry("v", "B", x=1)]
    assert origins(old, [entry("v", "C", x=2), entry("w", "A", x=2)]) == [1, 0]


def test_edited_entries_with_the_same_name_keep_their_order() -> None:
    """If several entries have the same name and all are edited, they are paired in order."""
    old = [entry("u", "A", x=1), entry("u", "A", x=2)]
    assert origins(old, [entry("u", "A", x=3), entry("u", "A", x=4)]) == [0, 1]


def test_remaining_fields_tell_namesakes_apart() -> None:
    """If one of several entries with the same name was removed, the other fields tell which."""
    old = [entry("u", x=1, y=1), entry("u", x=2, y=2), entry("u", x=3, y=3)]
    assert origins(old, [entry("u", x=2, y=5), entry("u", x=3, y=5)]) == [1, 2]


def test_title_prefixes_tell_namesakes_apart() -> None:
    """If entries share an address and their titles were edited, the beginnings of the titles tell them apart."""
    old = [entry("u", "Fog [new]", x=1), entry("u", "Fog", x=1)]
    assert origins(old, [entry("u", "Fog!", x=2), entry("u", "Fog [new]!", x=2)]) == [1, 0]


def test_place_among_others_tells_namesakes_apart() -> None:
    """Of namesakes that differ in the same way, the one between the same neighbours is the origin."""
    old = [entry("u", x=1), entry("v"), entry("u", x=2)]
    assert origins(old, [entry("v"), entry("u", x=3)]) == [1, 2]
    assert origins(old, [entry("u", x=3), entry("v")]) == [0, 1]
    assert origins([*old, entry("u", x=4)], [entry("v"), entry("u", x=5), entry("u", x=4)]) == [1, 2, 3]


def test_name_in_both_lists_is_not_paired_with_another() -> None:
    """An entry whose name occurs elsewhere in the other list is not treated as a version of its neighbour."""
    old = [entry("u", "A"), entry("w", "B")]
    assert origins(old, [entry("u", "B"), entry("v", "A")]) == [0, None]


def test_renamed_entry_in_the_same_place() -> None:
    """An entry with new names comes from the one in its place only if most other fields are equal."""
    old = [entry("u", "A", x=1, y=1), entry("v", "B", x=2, y=2)]
    assert origins(old, [entry("n", "N", x=1, y=1), entry("m", "M", x=1, y=3)]) == [0, None]
    assert origins([entry("u")], [entry("n")]) == [0]
    assert origins([entry("u", "A")], [entry("n", "N")]) == [None]


def test_renamed_and_moved_entry_is_found_by_a_unique_field() -> None:
    """A moved entry with new names is found by a value that no other entry shares."""
    old = [entry("u", "A", x=1, y=7), entry("v", "B", x=1, y=8), entry("w", "C", x=1, y=9)]
    assert origins(old, [entry("w", "C", x=1, y=9), entry("n", "N", x=1, y=7), entry("v", "B", x=1, y=8)]) == [2, 0, 1]
    old = [entry("u", y=7), entry("v", y=8)]
    assert origins(old, [entry("v", y=9), entry("n", y=7)]) == [1, None]


def test_unique_field_takes_precedence_over_place() -> None:
    """Entries that are swapped and renamed are told apart by their unique values."""
    old = [entry(None, "A", x=1, y=7), entry(None, "B", x=1, y=8)]
    assert origins(old, [entry(None, "N", x=1, y=8), entry(None, "M", x=1, y=7)]) == [1, 0]


def test_equal_entries_stay_between_their_neighbours() -> None:
    """Of several equal entries, those with the same neighbours are paired."""
    a, b, c, d = (Identity(name) for name in "abcd")
    assert origins([a, b, a, c], [b, a, d]) == [1, 2, 3]
    assert origins([a, a, b], [d, a, b]) == [0, 1, 2]


def test_equal_entries_next_to_replaced_ones() -> None:
    """Of several equal entries, those are paired that leave each replaced entry one in its own place."""
    a, b, c = (Identity(name) for name in "abc")
    assert origins([a, a, b], [c, a]) == [0, 1]
    assert origins([c, a], [a, a]) == [0, 1]
    assert origins([c, a, b], [a, a, Identity("d")]) == [0, 1, 2]
    assert origins([a, a], [b, a, c, a]) == [None, 0, None, 1]


def test_original_of_an_edited_entry() -> None:
    """An edited entry comes from the entry that it was, even if an equal one stays or it now equals another one.

    Only if there are more such entries than before, edited ones are copies.
    """
    a, b, c, x, y = (Identity(name) for name in "abcxy")
    assert [origin.old for origin in align([a, a], [x, a, y], [a, a, y])] == [0, 1, None]
    assert [origin.old for origin in align([a, b, a], [a, a, c], [a, b, a])] == [0, 1, 2]
    assert [origin.old for origin in align([a, b], [x, a, b], [a, a, b])] == [None, 0, 1]
    assert [origin.old for origin in align([a, b], [x, y, b], [a, a, b])] == [0, None, 1]
    one, other = entry("u", "A", x=1), entry("v", "B", x=1)
    for edited in (entry("u", "A", x=5), entry("u", "K", x=1)):
        assert [origin.old for origin in align([one], [other, edited], [one, one])] == [None, 0]


def test_long_lists_take_no_quadratic_time() -> None:
    """Lists of 20,000 entries in reverse order, all equal, or all with the same name are aligned in seconds."""
    many = [Identity(index) for index in range(20_000)]
    alike = [entry("u", "A", x=index) for index in range(20_000)]
    start = time.process_time()
    assert sum(each.is_in_place for each in align(many, many[::-1])) == 1
    assert equal_pairs(many[:1] * 20_000, many[:1] * 19_999) == 19_999
    assert len(align(alike, [entry("u", "A", x=-1)] * 19_999)) == 19_999
    assert time.process_time() - start < 10
