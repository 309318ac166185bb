"""Texts for the benchmarks: the user's files or generated ones, in any layout."""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import variants

import newsitem
from newsitem import Image, NewsItem, Provider, RelatedItem, Secured

_GENERATED = {"generated, small": 0, "generated, medium": 6, "generated, large": 42}
"""Groups of generated texts, and the number of related items per text."""
_WORDS = [
    "the",
    "new",
    "council",
    "of",
    "a",
    "small",
    "town",
    "will",
    "vote",
    "on",
    "“smart”",
    "lamps,",
    "says",
    "Ólafur",
]


def groups(number: int) -> dict[str, list[str]]:
    """Return up to *number* texts for each folder in ``NEWSITEM_CORPUS``, or for each size if it is not set."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    if not folder:
        return {name: [generated(related, seed) for seed in range(number)] for name, related in _GENERATED.items()}
    by_group: dict[str, list[Path]] = {}
    for path in sorted(Path(folder).rglob("*.md")):
        by_group.setdefault(group_of(path), []).append(path)
    chosen = {name: random.Random(1).sample(paths, min(number, len(paths))) for name, paths in by_group.items()}
    return {name: _readable(paths) for name, paths in chosen.items()}


def group_of(path: Path | None) -> str:
    """Return the name of the folder in ``NEWSITEM_CORPUS`` that contains a file, without the path to it."""
    folder = os.environ.get("NEWSITEM_CORPUS")
    if not folder or path is None:
        return "generated"
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else Path(folder).name


def described(sizes: Iterable[tuple[str, int]]) -> dict[str, object]:
    """Return the number and the median size of the texts per group, from the group and size of each text.

    The group with the smallest texts comes first.
    """
    by_group: dict[str, list[int]] = {}
    for group, size in sizes:
        by_group.setdefault(group, []).append(size)
    groups = {
        group: {"texts": len(of_group), "kilobytes": round(statistics.median(of_group) / 1000, 1)}
        for group, of_group in sorted(by_group.items(), key=lambda entry: statistics.median(entry[1]))
    }
    return {"source": "files" if os.environ.get("NEWSITEM_CORPUS") else "generated", "groups": groups}


def _readable(paths: list[Path]) -> list[str]:
    texts = [path.read_bytes().decode() for path in paths]
    return [text for text in texts if "\x97" not in text]  # no YAML parser accepts this character


def generated(related: int, seed: int) -> str:
    """Return the text of an invented item with *related* related items."""
    rng = random.Random(seed)
    item = NewsItem(
        title=_sentence(rng, 9),
        excerpt=_sentence(rng, 40),
        published_date_time=_instant(rng),
        web_url=_address(rng),
        type="article",
        quality=rng.randrange(200),
        heat=rng.randrange(200),
        published=True,
        provider=_provider(rng),
        topics=["Street Lamps", "Town Council"],
        images=[_image(rng)],
        related=[_related(rng) for _ in range(related)],
        secured=Secured("".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789+/", k=600)) + "=="),
    )
    return newsitem.dumps(item)


def _related(rng: random.Random) -> RelatedItem:
    return RelatedItem(
        title=_sentence(rng, 9),
        excerpt=_sentence(rng, 45),
        published_date_time=_instant(rng),
        web_url=_address(rng),
        type="article",
        provider=_provider(rng),
        quality=rng.randrange(100),
        images=[_image(rng)],
    )


def _provider(rng: random.Random) -> Provider:
    name = rng.choice(["Harbour Post", "The Lamp", "Nordurland Daily", "Tech & Town"])
    domain = name.replace(" ", "-").replace("&", "and").lower() + ".example"
    return Provider(name=name, domain=domain, images=[Image(url=f"https://{domain}/logo.png", width=50, height=50)])


def _image(rng: random.Random) -> Image:
    return Image(url=_address(rng) + ".jpg", width=1200, height=rng.randrange(600, 900), title=_sentence(rng, 8))


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)) + (' ("at last")' if rng.random() < 0.1 else "")


def _instant(rng: random.Random) -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(500_000))


def _address(rng: random.Random) -> str:
    return f"https://news.example/{rng.randrange(10**9)}/street-lamps-{rng.randrange(10**9)}"


def front_matter(text: str) -> str:
    """Return the YAML of a text, for peers that read only YAML."""
    return text[4 : text.index("\n---\n", 4) + 1]


HAND_EDITED = (*variants.BY_HAND, "all at once", "PyYAML's layout", "PyYAML's order", "PyYAML's braces")
"""Kinds of hand edits. Each is measured separately."""
YAML_READER_ONLY = ("anchor and alias", "tags")
"""Kinds of edits that newsitem reads with ruamel.yaml."""


def varied(kind: str, text: str) -> str:
    """Return *text* with edits of a kind, which are the same on every call."""
    return variants.VARIANTS[kind](text, random.Random(len(text)))
