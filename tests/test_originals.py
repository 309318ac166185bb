"""Objects edited in place: their lines are found by the values that they had before."""

from __future__ import annotations

import copy
import errno
import gc
import pickle
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsitem
from newsitem import Image, NewsItem, RelatedItem
from newsitem._schema import originals

HEAD = '---\ntitle: "T" # remark\npublishedDateTime: 2020-06-24T05:30:00Z\nprovider:\n  name: P\n'
ENTRY = '  - url: "{0}" # url {0}\n    width: {0} # width {0}\n    title: "t{0}" # title {0}\n'
VALUES = {"url": "new", "width": 9_999, "title": "new"}


def with_images(number: int) -> NewsItem:
    """Return an item with images whose lines have comments that contain their number."""
    return newsitem.loads(f"{HEAD}\nimages:\n{''.join(map(ENTRY.format, range(number)))}---\n")


def comments(item: NewsItem) -> list[list[str]]:
    """Return the numbers in the comments of each image in the text that an item is written as."""
    entries = newsitem.dumps(item).partition("images:\n")[2].split("  - ")[1:]
    return [[line.split()[-1] for line in entry.splitlines() if "#" in line] for entry in entries]


@given(st.data())
def test_objects_keep_their_comments(data: st.DataObject) -> None:
    """Whatever values of objects are set, and wherever the objects move, the comments of their lines stay theirs."""
    item = with_images(data.draw(st.integers(1, 4)))
    numbers = {id(image): str(number) for number, image in enumerate(item.images)}
    for image in item.images:
        for name in data.draw(st.sets(st.sampled_from(sorted(VALUES)))):
            setattr(image, name, VALUES[name])
    kept = data.draw(st.permutations(item.images))[data.draw(st.integers(0, 1)) :]
    item.images[:] = kept
    assert comments(item) == [3 * [numbers[id(image)]] for image in kept]


def test_every_value_of_an_object_is_set() -> None:
    """An entry of which every value is set keeps its comments and its order of keys."""
    text = f"{HEAD}images:\n  - width: 1 # w\n    url: a # u\nheat: 1\n---\n"
    item = newsitem.loads(text)
    for value in (2, 3, 2):
        item.images[0].width = value
    item.images[0].url = "x"
    item.images[0].url = "b"
    assert newsitem.dumps(item) == text.replace("width: 1", "width: 2").replace("url: a", 'url: "b"')


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))])
def test_copies_of_edited_objects(copied: Callable[[NewsItem], NewsItem]) -> None:
    """A copy of an item, also from another process, is written as the item itself, and so is a copy that is edited."""
    item = with_images(3)
    for name, value in VALUES.items():
        setattr(item.images[1], name, value)
    del item.images[0]
    clone = copied(item)
    assert newsitem.dumps(clone) == newsitem.dumps(item)
    clone.images[0].width = 1
    clone.images.reverse()
    assert comments(clone) == [3 * ["2"], 3 * ["1"]]


def test_copy_of_an_edited_object() -> None:
    """A copy of an edited object that replaces it has its lines, and later edits of one are not those of the other."""
    item = with_images(2)
    item.images[0].url = "new"
    first = copy.copy(item.images[0])
    item.images[0].width, first.width, first.title = 9, 8, "new"
    item.images[0] = first
    item.images.reverse()
    assert comments(item) == [3 * ["1"], 3 * ["0"]]


def test_new_object_has_no_comments() -> None:
    """An object that replaces another, and has nothing in common with it, is written as a new entry."""
    item = with_images(2)
    item.images[0] = Image(url="new", width=9_999)
    assert comments(item) == [[], 3 * ["1"]]


def test_edited_copy_of_an_entry() -> None:
    """An edited copy of an entry is new. The entry keeps its lines even if it follows the copy."""
    item = with_images(1)
    duplicate = copy.copy(item.images[0])
    duplicate.url = "new"
    item.images.insert(0, duplicate)
    assert comments(item) == [[], 3 * ["0"]]


def test_entry_replaced_by_an_evolved_copy() -> None:
    """A copy with one changed value takes the place of the entry, although it was never edited."""
    item = with_images(2)
    item.images = [attrs.evolve(image, url="new") for image in item.images]  # type: ignore[misc]
    assert comments(item) == [3 * ["0"], 3 * ["1"]]


def test_plain_data() -> None:
    """A mapping of plain data with the same keys at the same position keeps its comments, whatever its values."""
    text = "---\nk:\n  - name: a # a\n    role: x # x\n  - name: b # b\n    role: y # y\n---\n"
    item = newsitem.loads(text, newsitem.FrontMatter)
    item.extras["k"][0] |= {"name": "n", "role": "m"}
    assert newsitem.dumps(item) == text.replace("name: a", 'name: "n"').replace("role: x", 'role: "m"')
    item.extras["k"][0] = {"name": "n", "age": 3}
    assert newsitem.dumps(item) == text.replace("name: a # a", 'name: "n"').replace("role: x # x", "age: 3")


def test_nested_lists() -> None:
    """Objects in the lists of other objects are remembered too."""
    text = f"{HEAD}related:\n  - title: r # a\n    images:\n      - url: u # b\n        width: 1 # c\n---\n"
    item = newsitem.loads(text)
    item.related[0].title = "s"
    item.related[0].images[0].width = 2
    item.related[0].images[0].url = "v"
    expected = text.replace("title: r", 'title: "s"').replace("width: 1", "width: 2").replace("url: u", 'url: "v"')
    assert newsitem.dumps(item) == expected


@pytest.mark.parametrize("write", [newsitem.dump, lambda item: newsitem.NewsCollection([item]).save()])
def test_written_values_are_forgotten(write: Callable[[NewsItem], object], tmp_path: Path) -> None:
    """Once they are in the item's own file, the values of an object are those by which its lines are found."""
    (tmp_path / "item.md").write_text(newsitem.dumps(with_images(2)))
    item = newsitem.load(tmp_path / "item.md")
    for image, url in zip(item.images, ("x", "0"), strict=True):
        image.url, image.width, image.title = url, 7, "same"
    write(item)
    first, second = item.images
    first.width = second.width = 8
    item.images.reverse()
    assert comments(item) == [3 * ["1"], 3 * ["0"]]


def test_failed_write_forgets_nothing(tmp_path: Path) -> None:
    """If a file cannot be written, another try finds the lines of edited objects as before."""
    item = with_images(2)
    item.path = tmp_path / "item.md"
    newsitem.dump(item, item.path)
    for name, value in VALUES.items():
        setattr(item.images[1], name, value)
    item.images.reverse()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", Mock(side_effect=OSError(errno.ENOSPC, "full")))
        with pytest.raises(OSError, match="full"):
            newsitem.dump(item)
    assert comments(item) == [3 * ["1"], 3 * ["0"]]


def test_new_file_is_remembered_as_read(tmp_path: Path) -> None:
    """An item that becomes a new file has no former values any more."""
    news = newsitem.NewsCollection([with_images(1)])
    news[0].images[0].url = "x"
    news[0].related.append(RelatedItem(title="r"))
    news[0].related[0].title = "s"
    news[0].related[0].images.append(Image(url="u"))
    news[0].related[0].images[0].url = "v"
    objects = [*news[0].images, *news[0].related, *news[0].related[0].images]
    assert all(originals.original(value) is not value for value in objects)
    news.write(tmp_path)
    assert all(originals.original(value) is value for value in objects)


def test_nothing_is_kept_longer_than_its_object() -> None:
    """The former values of an object are dropped with it."""
    gc.collect()
    before = len(originals._FORMER)
    item = with_images(3)
    for image in item.images:
        image.width = 2
    assert len(originals._FORMER) == before + 3
    del item, image
    gc.collect()
    assert len(originals._FORMER) == before
