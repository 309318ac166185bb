"""Add a comment to each related item, reorder and edit the items, and find comments that are lost or misplaced."""

from __future__ import annotations

import re
from collections.abc import Callable

from newsitem import NewsItem, RelatedItem, dumps, loads

_BLOCK = re.compile(r"\nrelated:\n((?:  .*\n)+)")
PLACES: dict[str, Callable[[list[str], str], list[str]]] = {
    "on the first line": lambda lines, comment: [f"{lines[0]}  {comment}", *lines[1:]],
    "on the last line": lambda lines, comment: [*lines[:-1], f"{lines[-1]}  {comment}"],
    "below": lambda lines, comment: [*lines, f"    {comment}"],
    "above": lambda lines, comment: [f"  {comment}", *lines],
}
"""Functions that add a comment to the lines of a related item, by the place of the comment."""


def _set_title(related: RelatedItem) -> None:
    related.title += " (updated)"


def _set_address(related: RelatedItem) -> None:
    related.web_url = f"{related.web_url or ''}?new"


def _set_quality(related: RelatedItem) -> None:
    related.quality = (related.quality or 0) + 1000


def _set_several(related: RelatedItem) -> None:
    related.title += " (updated)"
    related.excerpt = "Other words"
    related.quality = 1


EDITS: dict[str, Callable[[RelatedItem], None]] = {
    "title": _set_title,
    "address": _set_address,
    "quality": _set_quality,
    "several": _set_several,
}


def _reverse(item: NewsItem, edit: Callable[[RelatedItem], None]) -> None:
    item.related.reverse()
    edit(item.related[0])
    edit(item.related[-1])


def _sort(item: NewsItem, edit: Callable[[RelatedItem], None]) -> None:
    item.related.sort(key=lambda related: related.quality or 0)
    for place, related in enumerate(item.related):
        if place % 3:
            edit(related)


CHANGES = {"reverse, edit first and last": _reverse, "sort by quality, edit two thirds": _sort}


def with_comments(text: str, place: str) -> str | None:
    """Add a comment to each related item of a text in the canonical layout.

    Return ``None`` if the text has fewer than two related items.
    """
    block = _BLOCK.search(text)
    entries = re.split(r"(?m)^(?=  - )", block[1])[1:] if block else []
    if block is None or len(entries) < 2:
        return None
    lines = [
        line
        for number, entry in enumerate(entries)
        for line in PLACES[place](entry.removesuffix("\n").split("\n"), f"# comment {number}.")
    ]
    return text[: block.start(1)] + "\n".join(lines) + "\n" + text[block.end(1) :]


def misplaced(text: str, place: str, change: str, edit: str) -> list[str]:
    """Change a text with comments, and return the comments that are no longer at their related items."""
    item = loads(text)
    numbers = {id(related): number for number, related in enumerate(item.related)}
    CHANGES[change](item, EDITS[edit])
    expected = [f"comment {numbers[id(related)]}." for related in item.related]
    block = _BLOCK.search(dumps(item))
    assert block is not None
    start = r"(?m)^(?=  # comment )" if place == "above" else r"(?m)^(?=  - )"
    entries = re.split(start, block[1])[1:]
    return [
        comment
        for comment, entry in zip(expected, entries, strict=True)
        if re.findall(r"comment \d+\.", entry) != [comment]
    ]
