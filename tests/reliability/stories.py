"""Files whose every line tells which edit wrote it, so that one that is torn, or lost, is seen to be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import newsitem

_LINES = 400


def make(folder: Path, number: int) -> list[Path]:
    """Write new files; every second one holds what only an edit by hand leaves in a file."""
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
    """Count an item up, and give its number."""
    number = number_of(item) + 1
    item.heat, item.body = number, _body(number)
    return number


def number_of(item: newsitem.NewsItem) -> int:
    """Give the number of the last edit, if the item holds the whole of it and nothing else."""
    assert item.heat is not None
    assert item.body == _body(item.heat), f"{item.path} is torn"
    return item.heat
