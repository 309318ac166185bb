"""Work grows linearly with the text. It is measured in function calls, not in seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import newsitem
from newsitem import Image, NewsCollection, NewsItem, Provider, RelatedItem
from newsitem._codec import reader

LAYOUTS = {
    "canonical layout": (20, ""),
    "hand-edited": (20, "\n# by hand"),
    "alias": (4, "\nx: &x 1\ny: *x"),
}
"""The number of related items in the smaller text, and the lines that take it out of the canonical layout."""


def text_of(number: int, layout: str = "canonical layout") -> str:
    """Return the text of an item with *number* related items, in a layout."""
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
    return newsitem.dumps(item).replace("\ntitle:", f"{LAYOUTS[layout][1]}\ntitle:")


def calls(work: Callable[[], object]) -> int:
    """Count the function calls, including those of C functions, that *work* makes."""
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


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("work", [read, write_untouched, write_edited, write_shuffled, compare, rebuild])
def test_work_grows_with_the_text(work: Callable[[str], Callable[[], object]], layout: str) -> None:
    """Ten times as many related items and topics take at most ten times the work, plus a tenth."""
    counts = []
    few = LAYOUTS[layout][0]
    for number in (few, 10 * few):
        prepared = work(text_of(number, layout))
        reader.composed.cache_clear()
        prepared()  # so that code that is generated once is not counted
        reader.composed.cache_clear()
        counts.append(calls(prepared))
    assert counts[1] <= counts[0] * 11


def test_hand_edited_text_is_not_composed() -> None:
    """A text with comments is read and edited without composing it; with an alias, it is composed twice."""
    reader.composed.cache_clear()
    for layout, composed in (("hand-edited", 0), ("alias", 2)):
        item = newsitem.loads(text_of(2, layout))
        item.heat = 7
        newsitem.dumps(item)
        assert reader.composed.cache_info().misses == composed


def test_problems_of_files_take_linear_work() -> None:
    """Each further problem of a file costs the same work."""

    def refused(text: str) -> None:
        with pytest.raises(newsitem.ValidationError):
            newsitem.loads(text)

    counts = []
    for number in (8, 80):
        text = text_of(number, "hand-edited").replace("width: 50", "width: wide")
        refused(text)
        counts.append(calls(lambda text=text: refused(text)))  # type: ignore[misc]
    assert counts[1] <= counts[0] * 11


def test_problems_of_data_take_linear_work() -> None:
    """Each further problem of plain data costs the same work."""

    def refused(number: int) -> None:
        data = {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
        with pytest.raises(newsitem.ValidationError):
            newsitem.from_dict({**data, **{f"odd{each}": object() for each in range(number)}})

    refused(1)
    few, many = (calls(lambda number=number: refused(number)) for number in (100, 1_000))  # type: ignore[misc]
    assert many <= few * 11


HEAD = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"


def remove(name: str, step: int = 1) -> Callable[[NewsItem], object]:
    """Return an edit that removes every unknown key with a prefix, or every *step*-th."""

    def edit(item: NewsItem) -> None:
        for key in [key for key in item.extras if key.startswith(name)][::step]:
            del item.extras[key]

    return edit


def set_all(name: str, value: object) -> Callable[[NewsItem], object]:
    """Return an edit that sets every unknown key with a prefix."""
    return lambda item: item.extras.update({key: value for key in item.extras if key.startswith(name)})


def below(name: str, edit: Callable[[Any], object]) -> Callable[[NewsItem], object]:
    """Return an edit inside every unknown key with a prefix."""
    return lambda item: [edit(value) for key, value in item.extras.items() if key.startswith(name)]


def add(item: NewsItem) -> None:
    """Add as many unknown keys as the item has."""
    item.extras |= {f"new{number}": number for number in range(len(item.extras))}


def every_second(item: NewsItem) -> None:
    """Remove every second entry of a list, or every second key of a mapping."""
    value = item.extras["k"]
    item.extras["k"] = value[::2] if isinstance(value, list) else dict(list(value.items())[::2])


BLOCKS = "k{0}: |-\n  t\nd{0}: x\n  # note\n"
LISTS = "k{0}:\n  - |\n    a\n  # note\n  - b\nd{0}: x\n"
ANCHORS = "k{0}: &a{0} t\nd{0}: &b{0} [*a{0}]\ne{0}: *b{0}\n"
MERGES = "k{0}: &a{0} {{x: 1}}\nd{0}:\n  <<: *a{0}\n  y: 2\n"
EDITS: dict[str, tuple[str, str, Callable[[NewsItem], object]]] = {
    "keys between block scalars and comments": ("", BLOCKS, remove("d")),
    "every second key between block scalars and comments": ("", BLOCKS, remove("d", 2)),
    "keys between unequal block scalars": ("", BLOCKS.replace("  t\n", "  t{0}\n"), remove("d")),
    "keys between block scalars that keep empty lines": ("", "k{0}: |+\n  t\n\nd{0}: x\n# note\n", remove("d")),
    "block scalars between comments": ("", BLOCKS, remove("k")),
    "folded text": ("", BLOCKS.replace("|-", ">"), set_all("k", "a\nb")),
    "keys added among block scalars": ("", BLOCKS, add),
    "lists with block scalars are emptied": ("", LISTS, set_all("k", [])),
    "lists with block scalars grow": ("", LISTS, below("k", lambda value: value.append("c"))),
    "keys inside mappings": ("", "k{0}:\n  a: |\n    t\n  # note\n  b: 2\n", below("k", lambda value: value.pop("b"))),
    "mappings inside mappings": (
        "",
        "k{0}:\n  a: |\n    t\n  # note\n",
        below("k", lambda value: value.update(c=[{}])),
    ),
    "anchors": ("", ANCHORS, remove("k")),
    "values of anchors": ("", ANCHORS, set_all("k", "u")),
    "values of merge keys": ("", MERGES, below("d", lambda value: value.update(x=5))),
    "explicit keys": ("", "? k{0}\n: t\n", remove("k", 2)),
    "keys between lines with tabs": ("", "k{0}: 'a\n  b'\nd{0}: x\n \t\n", remove("d", 2)),
    "entries between block scalars": ("k:\n", "- |\n  t\n# note\n- {0}\n", every_second),
    "equal entries": ("k:\n", "- t # note\n", every_second),
    "entries with the same name": ("k:\n", "- n: t # note\n  v: {0}\n", every_second),
    "keys of a mapping": ("k:\n", "  a{0}: |\n    t\n  # note\n", every_second),
    "entries in reverse": ("k:\n", "- t{0} # note\n", lambda item: item.extras["k"].reverse()),
    "topics beside empty entries": (
        "topics:\n",
        "- t{0} # note\n- \n",
        lambda item: setattr(item, "topics", item.topics[::2]),
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_edits_take_linear_work(name: str) -> None:
    """A hundred further edits of a hand-edited text take at most twice the work of the fifty before them."""
    start, entry, edit = EDITS[name]
    counts = []
    for number in (50, 50, 100, 200):  # the first run is a warm-up
        item = newsitem.loads(f"{HEAD}{start}{''.join(map(entry.format, range(number)))}---\n")
        edit(item)
        reader.composed.cache_clear()
        counts.append(calls(lambda item=item: newsitem.dumps(item)))  # type: ignore[misc]
    assert counts[3] - counts[2] <= (counts[2] - counts[1]) * 2.06


def renamed_chain(number: int, folder: Path) -> Callable[[], object]:
    """Return a dry run that renames files, each of which takes the name that the next gives up."""
    news = NewsCollection(
        newsitem.loads(HEAD.replace("2020-01-01", f"{date(2020, 1, 1) + timedelta(day)}") + "---\n")
        for day in range(number + 1)
    )
    for item in news[:number]:
        item.path = folder / item.filename
        item.path.write_text(newsitem.dumps(item))
    chain = NewsCollection.read(folder)
    for item, following in zip(chain, news[1:], strict=True):
        item.published_date_time = following.published_date_time
    assert chain.save()
    return lambda: chain.rename(dry_run=True)


def test_chains_of_names_take_linear_work(tmp_path: Path) -> None:
    """Ten times as many files that wait for each other's names take at most ten times the work, plus a tenth."""
    counts: list[int] = []
    for number in (30, 30, 300):  # the first run is a warm-up
        folder = tmp_path / str(len(counts))
        folder.mkdir()
        dry_run = renamed_chain(number, folder)
        counts.append(calls(dry_run))
        assert repr(dry_run()).startswith(f"<RenameReport: {number} to rename, 0 unchanged, 0 conflicts")
    assert counts[2] <= counts[1] * 11


@pytest.mark.parametrize("bracket", ["[", "{", "[ ", "[[a, ", '{"a": '])
def test_brackets_that_are_never_closed(bracket: str) -> None:
    """Brackets that are nested too deeply are refused without going through all of them for each."""

    def refuse(number: int) -> Callable[[], None]:
        def work() -> None:
            with pytest.raises(newsitem.NewsItemError):
                newsitem.loads(f"---\ntitle: {bracket * number}\n---\n")

        return work

    assert calls(refuse(800 // len(bracket))) < 2.5 * calls(refuse(400 // len(bracket)))


def test_empty_lines_around_a_block_scalar() -> None:
    """Ten times as many empty lines around a block scalar take ten times as long, not a hundred times."""

    def seconds(number: int) -> float:
        start = time.perf_counter()
        newsitem.loads(f"{HEAD}x: >\n{number * chr(10)}   a\n{number * chr(10)}---\n")
        return time.perf_counter() - start

    few, many = (min(seconds(number) for _ in range(3)) for number in (2_000, 20_000))
    assert many < 40 * few


def test_quotes_on_several_lines_below_nested_keys() -> None:
    """A value whose quotes are closed on another line is composed once, not once for each key above it."""

    def edited(depth: int) -> Callable[[], object]:
        below = "".join(f"{' ' * level}k:\n" for level in range(1, depth))
        keys = "".join(f'k{number}:\n{below}{" " * depth}a: "1\n{" " * depth} 2"\n' for number in range(9))
        item = newsitem.loads(f"{HEAD}# note\n{keys}---\n")
        item.heat = 7
        return lambda: newsitem.dumps(item)

    edited(1)()
    assert calls(edited(32)) < 6 * calls(edited(8))
