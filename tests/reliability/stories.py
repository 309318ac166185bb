"""Files in which every line names the edit that wrote it, so that damaged files and lost edits are detected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import newsitem

_LINES = 400


def make(folder: Path, number: int) -> list[Path]:
    """Write new files in the canonical layout, and edit every second file by hand."""
    paths = [folder / f"{index}.md" for index in range(number)]
    for index, path in enumerate(paths):
        text = newsitem.dumps(_item(index))
        path.write_text(text.replace("heat: 0\n", "heat: 0 # by hand\n") if index % 2 else text)
    return paths


def _item(index: int) -> newsitem.NewsItem:
    provider = newsitem.Provider(name="Harbour Post")
    day = datetime(2020, 6, 24, tzinfo=UTC)
    return newsitem.NewsItem(title=f"Story {index}", published_date_time=day, provider=provider, heat=0, body=_body(0))


def _body(number: int) -> str:
    return f"edit {number}\n" * _LINES


def edit(item: newsitem.NewsItem) -> int:
    """Increment the number of the last edit in an item, and return it."""
    number = number_of(item) + 1
    item.heat, item.body = number, _body(number)
    return number


def number_of(item: newsitem.NewsItem) -> int:
    """Return the number of the last edit, and check that the item contains the entire edit and nothing else."""
    assert item.heat is not None
    assert item.body == _body(item.heat), f"{item.path} is damaged"
    return item.heat
