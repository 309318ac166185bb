"""Work grows with the text and not with its square: counted in calls of functions, not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import newsitem
from newsitem import Image, NewsItem, Provider, RelatedItem, _general

FEW = {False: 30, True: 8}
"""How many related items the smaller text has, in the layout and edited by hand: the general way is slow."""


def text_of(number: int, *, hand_edited: bool) -> str:
    """Give an item with *number* related items; a comment takes it out of the publisher's layout."""
    related = [
        RelatedItem(
            title=f"Street lamp {each}",
            provider=Provider(name="The Lamp", images=[Image(url="https://lamp.example/logo.png", width=50)]),
            images=[Image(url=f"https://lamp.example/{each}.jpg"), Image(url="https://lamp.example/all.jpg")],
        )
        for each in range(number)
    ]
    item = NewsItem(
        title="Lamps",
        published_date_time=datetime(2020, 1, 1, tzinfo=UTC),
        provider=Provider(name="The Lamp"),
        topics=[f"Topic {each}" for each in range(number)],
        related=related,
    )
    return newsitem.dumps(item).replace("\ntitle:", "\n# by hand\ntitle:" if hand_edited else "\ntitle:")


def calls(work: Callable[[], object]) -> int:
    """Count the calls of functions, those in C included, that *work* makes."""
    count = 0

    def profile(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def read(text: str) -> Callable[[], object]:
    return lambda: newsitem.loads(text)


def write_untouched(text: str) -> Callable[[], object]:
    item = newsitem.loads(text)
    return lambda: newsitem.dumps(item)


def write_edited(text: str) -> Callable[[], object]:
    item = newsitem.loads(text)
    item.heat = 7
    item.related[len(item.related) // 2].title = "Another lamp"
    return lambda: newsitem.dumps(item)


def write_shuffled(text: str) -> Callable[[], object]:
    item = newsitem.loads(text)
    item.related.append(item.related.pop(0))
    item.topics.reverse()
    return lambda: newsitem.dumps(item)


def compare(text: str) -> Callable[[], object]:
    item = newsitem.loads(text)
    item.heat = 7
    for related in item.related[::7]:
        related.quality = 1
    return lambda: newsitem.diff(item)


def rebuild(text: str) -> Callable[[], object]:
    data = newsitem.to_dict(newsitem.loads(text))
    return lambda: newsitem.dumps(newsitem.from_dict(data))


@pytest.mark.parametrize("hand_edited", [False, True], ids=["in the layout", "edited by hand"])
@pytest.mark.parametrize("work", [read, write_untouched, write_edited, write_shuffled, compare, rebuild])
def test_work_grows_with_the_text(work: Callable[[str], Callable[[], object]], hand_edited: bool) -> None:
    """Ten times as many related items and topics take at most ten times the work, and a tenth for what is once."""
    counts = []
    for number in (FEW[hand_edited], 10 * FEW[hand_edited]):
        prepared = work(text_of(number, hand_edited=hand_edited))
        _general.composed.cache_clear()
        prepared()  # functions that are made once are not counted
        _general.composed.cache_clear()
        counts.append(calls(prepared))
    assert counts[1] <= counts[0] * 11


def test_an_edit_of_a_hand_edited_text_composes_two_texts() -> None:
    """The text that was read is not composed again to be edited: only the result is, to be checked."""
    _general.composed.cache_clear()
    item = newsitem.loads(text_of(2, hand_edited=True))
    item.heat = 7
    newsitem.dumps(item)
    assert _general.composed.cache_info().misses == 2


def test_many_problems_grow_with_the_text() -> None:
    """Each problem of a file with many costs the same work."""

    def refused(text: str) -> None:
        with pytest.raises(newsitem.ValidationError):
            newsitem.loads(text)

    counts = []
    for number in (FEW[True], 10 * FEW[True]):
        text = text_of(number, hand_edited=True).replace("width: 50", "width: wide")
        refused(text)
        counts.append(calls(lambda text=text: refused(text)))  # type: ignore[misc]
    assert counts[1] <= counts[0] * 11
