"""Text in other forms: folded, as a search compares it, and as a part of a file's name."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

_MAXIMUM_PART: Final = 2_000
_ALIKE: Final = str.maketrans(
    {
        **dict(zip("øłđħıŧ", "oldhit", strict=True)),
        **dict.fromkeys("‘’‚‛‹›′´`ʼ❛❜", "'"),
        **dict.fromkeys("“”„‟«»″❝❞〝〞", '"'),
        **dict.fromkeys("‐–—−", "-"),
    }
)
"""Letters that Unicode does not take to pieces, and quotes and dashes that keyboards do not have."""


def folded(text: str) -> str:
    """Give *text* without what a search does not look at: case, accents, the form of quotes, dashes and white space."""
    if not text.isascii():
        taken_apart = _normalized("NFKD", text.casefold().translate(_ALIKE))
        text = _normalized("NFKC", re.sub("[\u0300-\u036f]+", "", taken_apart)).casefold()
    return " ".join(text.casefold().translate(_ALIKE).split())


def slug(text: str) -> str:
    """Give *text* as the publisher has it in the names of files: ``a-z``, ``0-9``, and ``-`` between words."""
    ascii_only = _normalized("NFKD", text.lower()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[ -]+", "-", re.sub(r"[^a-z0-9 -]", "", ascii_only)).strip("-")


def _normalized(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """Give a text in a normal form of Unicode.

    The time that Python takes for this grows with the square of the number of marks in a row, so a text that is longer
    than any headline is taken in parts.
    """
    parts = (text[start : start + _MAXIMUM_PART] for start in range(0, len(text), _MAXIMUM_PART))
    return "".join(unicodedata.normalize(form, part) for part in parts)
