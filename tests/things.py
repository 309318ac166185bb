"""Two small classes that a user might define, and collections of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from newsitem import FrontMatter, NewsCollection, Provider, Secured, key, model


@model
class Thing(FrontMatter):
    """A class with optional values of several kinds."""

    day: date | None = key(default=None)
    rating: float | None = key(default=None)
    anything: Any = key(default=None)
    provider: Provider | None = key(default=None)
    tags: list[str] | None = key(default=None)


def things() -> NewsCollection[Thing]:
    """Return two items of the class."""
    made = [Thing(rating=4.5, anything={"a": [1]}, tags=[]), Thing(day=date(2020, 1, 1), provider=Provider(name="P"))]
    for place, item in enumerate(made):
        item.path = Path(f"{place}.md")
    return NewsCollection(made)


@model
class Entry:
    """A mapping with plain data, a list, and a value that tables leave out."""

    title: str = key()
    note: Any = key(default=None)
    tags: list[str] = key(factory=list)
    token: Secured | None = key(default=None)


@model
class Holder(FrontMatter):
    """A class with mappings in a list, and one on its own."""

    entries: list[Entry] = key(factory=list)
    entry: Entry | None = key(default=None)
    rating: float | None = key(default=None)


def holder() -> NewsCollection[Holder]:
    """Return a collection of one item with two entries."""
    entries = [Entry(title=name, note=note, token=Secured(name)) for name, note in (("a", "1.10"), ("b", "hello"))]
    return NewsCollection([Holder(entries=entries, path=Path("h.md"))])
