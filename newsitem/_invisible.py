"""Characters that nobody sees, found where they change what a text means: around keys, colons, dashes and fences."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Spaces other than the usual one, marks without width, directions of text, and letters that are blank.
INVISIBLE: Final = (
    "\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
# After indentation, at a dash, or in or after what could be a key.
_NEAR_A_KEY: Final = (
    rf"(?:[ ]|-[ ])*+(?:-|[A-Za-z_][\w-]*+:)?(?P<near>[{INVISIBLE}])"
    rf"|(?:[ ]|-[ ])*+[A-Za-z_][\w-]*+(?P<within>[{INVISIBLE}])(?=[\w{INVISIBLE}-]*:)"
)
_FENCE: Final = rf"^(?=[^\n]*[{INVISIBLE}])[ {INVISIBLE}]*(?:---|\.\.\.)[ \t\r{INVISIBLE}]*$"
_LINES_BEFORE: Final = 10
"""How many lines before an error such a character may be to have caused it."""


def named(character: str) -> str:
    """Name a character that nobody sees."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'without a name')})"


def first_in(text: str) -> int | None:
    """Return the place of the first character in a text that nobody sees."""
    found = re.search(f"[{INVISIBLE}]", text)
    return None if found is None else found.start()


def key_without(text: str) -> str | None:
    """Return a key without such characters, or ``None`` if it holds none, or would still be no usual key."""
    key = re.sub(f"[{INVISIBLE}]", "", text)
    return key if key != text and re.fullmatch(r"[A-Za-z_][\w-]*", key) else None


def near_a_key(text: str, start: int, stop: int) -> int | None:
    """Return the place of such a character near a key or at a fence, in the line of *stop* or the lines before it."""
    end = text.find("\n", stop)
    place = len(text) if end < 0 else end
    for line in reversed(text[start:place].split("\n")[-_LINES_BEFORE:]):
        place -= len(line)
        if found := re.match(_NEAR_A_KEY, line):
            return place + max(found.start("near"), found.start("within"))
        if (at := in_fence(line)) is not None:
            return place + at
        place -= 1
    return None


def in_fence(text: str) -> int | None:
    """Return the place of the first such character in the first line that would be a fence without it."""
    found = re.search(_FENCE, text, re.MULTILINE)
    return None if found is None else found.start() + (first_in(found[0]) or 0)
