"""Mutations of the sample files that are likely to confuse YAML parsers."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from samples import EXAMPLES, VALID

SEEDS: Final = [path.read_bytes() for path in VALID + EXAMPLES[:6]]

TOKENS: Final = [
    *("---\n", "...\n", "\n", "\r\n", "\r", "\t", " ", "  ", "\n  ", "\n- ", "\n  - ", ": ", ":\n", ":\t", "? ", "- "),
    *(" #", "#", "&a ", "*a", "<<: ", "<<: *a\n", "!!str ", "!!int ", "!x ", "!", "[", "]", "{", "}", ",", "'", '"'),
    *("\\", '\\"', "\\n", "\\u2028", "\\x00", "|", "|+\n", "|2-\n", ">", ">-\n", "%YAML 1.1\n", "~", "null", "yes"),
    *(
        "0x1F",
        "1:30",
        "010",
        "1_000",
        "1e3",
        ".nan",
        "2020-01-01",
        "2020-06-24T22:10:00Z",
        "-",
        "=",
        "@",
        "`",
        "\ufeff",
    ),
    *(
        "\u2028",
        "\x85",
        "\x97",
        "\x00",
        "\x7f",
        "\ud7ff",
        "\ufffe",
        "🎉",
        "é",
        "title: ",
        "provider:\n  name: ",
        "heat: ",
    ),
    *("related:\n  - title: ", "images:\n  - url: ", "topics:\n  - ", "secured: ", "published: ", "odd: ", "removed: "),
    *(
        "publishedDateTime: 2020-06-24T22:10:00Z\n",
        "body: ",
        "extras: ",
        "    ",
        "x: {a: &b [1, *b]}\n",
        "a: &a {b: c}\n",
    ),
]

_places = st.integers(0, 4_000)
_pieces = st.one_of(
    st.sampled_from([token.encode() for token in TOKENS]), st.binary(max_size=3), st.sampled_from([b""])
)
_changes = st.lists(st.tuples(_places, st.integers(0, 12), _pieces), min_size=1, max_size=3)


def _mutated(seed: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        at = place % (len(seed) + 1)
        seed = seed[:at] + piece + seed[at + length :]
    return seed


mutated = st.builds(_mutated, st.sampled_from(SEEDS), _changes)
"""A strategy for the bytes of sample files, changed in up to three places."""
