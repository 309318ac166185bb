"""A remark at each related item, and where it is after the items were ordered anew and edited."""

from __future__ import annotations

import re
from collections.abc import Callable

from newsitem import NewsItem, RelatedItem, dumps, loads

_BLOCK = re.compile(r"\nrelated:\n((?:  .*\n)+)")
PLACES: dict[str, Callable[[list[str], str], list[str]]] = {
    "in the first line": lambda lines, remark: [f"{lines[0]}  {remark}", *lines[1:]],
    "in the last line": lambda lines, remark: [*lines[:-1], f"{lines[-1]}  {remark}"],
    "below": lambda lines, remark: [*lines, f"    {remark}"],
    "above": lambda lines, remark: [f"  {remark}", *lines],
}
"""Where a remark is, as a function that adds it to the lines of a related item."""


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


CHANGES = {"reverse, edit the first and the last": _reverse, "sort by quality, edit two thirds": _sort}


def with_remarks(text: str, place: str) -> str | None:
    """Return a text in the publisher's layout with a remark at each of two related items or more."""
    block = _BLOCK.search(text)
    entries = re.split(r"(?m)^(?=  - )", block[1])[1:] if block else []
    if block is None or len(entries) < 2:
        return None
    lines = [
        line
        for number, entry in enumerate(entries)
        for line in PLACES[place](entry.removesuffix("\n").split("\n"), f"# remark {number}.")
    ]
    return text[: block.start(1)] + "\n".join(lines) + "\n" + text[block.end(1) :]


def misplaced(text: str, place: str, change: str, edit: str) -> list[str]:
    """Return the remarks that are not at their related items after a change of a text that has them."""
    item = loads(text)
    numbers = {id(related): number for number, related in enumerate(item.related)}
    CHANGES[change](item, EDITS[edit])
    wanted = [f"remark {numbers[id(related)]}." for related in item.related]
    block = _BLOCK.search(dumps(item))
    assert block is not None
    start = r"(?m)^(?=  # remark )" if place == "above" else r"(?m)^(?=  - )"
    entries = re.split(start, block[1])[1:]
    return [one for one, entry in zip(wanted, entries, strict=True) if re.findall(r"remark \d+\.", entry) != [one]]
