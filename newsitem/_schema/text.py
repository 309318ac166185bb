"""Normalise text for searches and file names, and suggest the name a user meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
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
"""Letters that Unicode does not decompose, and quotes and dashes that are missing from keyboards."""


def folded(text: str) -> str:
    """Return *text* without the differences that a search ignores: case, accents, quotes, dashes and white space."""
    if not text.isascii():
        decomposed = _normalized("NFKD", text.casefold().translate(_ALIKE))
        text = _normalized("NFKC", re.sub("[\u0300-\u036f]+", "", decomposed)).casefold()
    return " ".join(text.casefold().translate(_ALIKE).split())


def slug(text: str) -> str:
    """Return *text* as in the publisher's file names: ``a-z``, ``0-9``, and ``-`` between words."""
    ascii_only = _normalized("NFKD", text.lower()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[ -]+", "-", re.sub(r"[^a-z0-9 -]", "", ascii_only)).strip("-")


def suggestion(name: str, names: Sequence[str]) -> str:
    """Suggest which of *names* a user meant: those that share the most words with *name* or resemble it."""
    from difflib import get_close_matches

    words = _words(name)
    words = words.union(*(_ALSO.get(word, ()) for word in words))
    shared = {candidate: len(words & _words(candidate)) for candidate in names}
    most = max(shared.values())
    candidates = [candidate for candidate in names if most and shared[candidate] == most]
    candidates.sort(key=lambda candidate: len(_words(candidate)))
    exact = [candidate for candidate in candidates if _words(candidate) == words]
    likely = exact or candidates[:3] or get_close_matches(name, names, n=1, cutoff=0.7)
    return f"did you mean {' or '.join(map(repr, likely))}?" if likely else f"expected one of {', '.join(names)}"


_ALSO: Final = {
    "date": ("day", "since", "until"),
    **dict.fromkeys(("day", "week", "month", "year"), ("since", "until")),
    **dict.fromkeys(("title", "excerpt"), ("text",)),
    "outlet": ("provider",),
}
"""Words in the names of keys and criteria that can also mean other words."""


def _words(name: str) -> set[str]:
    snake_case = re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("datetime", "date_time")
    return {word.removesuffix("s") for word in re.findall(r"[^\W_]+", snake_case)}


def _normalized(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """Return a text in a Unicode normal form.

    Python's time for this grows with the square of the number of consecutive marks, so a text that is longer than any
    headline is normalised in parts.
    """
    parts = (text[start : start + _MAXIMUM_PART] for start in range(0, len(text), _MAXIMUM_PART))
    return "".join(unicodedata.normalize(form, part) for part in parts)
