"""The laws of the library, over the sample files and over generated items and texts."""

from __future__ import annotations

import copy
import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import comments
import pytest
import yaml
from edits import check, edits
from hypothesis import given
from hypothesis import strategies as st
from readers import agree_and_render
from samples import EXAMPLES, VALID
from strategies import items, texts
from variants import VARIANTS, by_hand

import newsitem
from newsitem._codec import front_matter, render, splice
from newsitem._yaml import scalars

TEXTS = [path.read_bytes().decode() for path in EXAMPLES + VALID]
LAYOUT_TEXTS = [
    text
    for text in TEXTS
    if text.startswith("---\n") and text.endswith("\n---\n\n") and newsitem.loads(text)._source.in_layout
]


def test_untouched_is_identical(sample: Path) -> None:
    """A file that was read and not edited is written back byte for byte."""
    data = sample.read_bytes()
    assert newsitem.dumps(newsitem.loads(data)).encode() == data


@given(st.sampled_from(LAYOUT_TEXTS), st.randoms(use_true_random=False))
def test_untouched_hand_edited_text_is_identical(text: str, rng: random.Random) -> None:
    """Hand-edited text keeps its comments, quotes, order, line ends and indentation byte for byte."""
    variant = by_hand(text, rng)
    item = newsitem.loads(variant)
    assert newsitem.dumps(item) == variant
    assert newsitem.diff(item) == ""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("text", LAYOUT_TEXTS, ids=range(len(LAYOUT_TEXTS)))
def test_hand_edited_text_has_the_same_values(text: str, variant: str) -> None:
    """The same data in another style is read as an equal item."""
    item = newsitem.loads(VARIANTS[variant](text, random.Random(1)))
    item.body = "\n"
    assert item == newsitem.loads(text)


def test_an_edit_changes_its_own_lines(sample: Path) -> None:
    """Every edit, at every depth of a sample file, leaves the lines of other values alone."""
    text = sample.read_bytes().decode()
    item = newsitem.loads(text)
    rng = random.Random(0)
    every = list(edits(item))
    tried = rng.sample(every, min(len(every), 60 if item._source.in_layout else 15))
    for edit in tried:
        check(text, item, edit, strict=not item._source.in_layout)


@given(st.sampled_from(LAYOUT_TEXTS), st.randoms(use_true_random=False))
def test_an_edit_of_hand_edited_text_changes_its_own_lines(text: str, rng: random.Random) -> None:
    """An edit of hand-edited text leaves the lines of other values alone."""
    variant = by_hand(text, rng)
    item = newsitem.loads(variant)
    edit = rng.choice(list(edits(item)))
    check(variant, item, edit, strict=not item._source.in_layout)


@given(st.sampled_from(LAYOUT_TEXTS), items, st.randoms(use_true_random=False))
def test_replaced_values_of_hand_edited_text_read_back(text: str, new: newsitem.NewsItem, rng: random.Random) -> None:
    """Hand-edited text reads back even if all values of the item were replaced."""
    item = newsitem.loads(by_hand(text, rng))
    for name in ("title", "heat", "provider", "topics", "images", "related", "secured", "extras", "body"):
        if rng.random() < 0.5:
            setattr(item, name, copy.deepcopy(getattr(new, name)))
    assert newsitem.loads(newsitem.dumps(item)) == item


@given(items)
def test_written_items_read_back(item: newsitem.NewsItem) -> None:
    """Every valid item, whatever its text looks like, is read as it was written."""
    assert newsitem.loads(newsitem.dumps(item)) == item


@given(items)
def test_items_rebuilt_from_plain_data(item: newsitem.NewsItem) -> None:
    """Plain data restores an equal item that is written the same."""
    rebuilt = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    assert rebuilt == item
    assert newsitem.dumps(rebuilt) == newsitem.dumps(item)


@given(texts)
def test_text_is_text_to_other_readers(text: str) -> None:
    """PyYAML, a YAML 1.1 reader, reads the same text from plain and quoted fields."""
    item = newsitem.NewsItem(
        title=text,
        published_date_time=newsitem.loads(LAYOUT_TEXTS[0]).published_date_time,
        provider=newsitem.Provider(name=text),
        topics=[text],
        extras={"unknown": text},
    )
    data = yaml.safe_load(newsitem.dumps(item).split("---\n")[1])
    assert (data["title"], data["provider"]["name"], data["topics"], data["unknown"]) == (text, text, [text], text)


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.read_bytes().decode() in LAYOUT_TEXTS], ids=lambda path: path.stem[:30]
)
def test_a_rebuilt_item_has_the_publishers_layout(path: Path) -> None:
    """An item that is rebuilt from its data is written byte for byte as the publisher wrote it."""
    item = newsitem.load(path)
    assert newsitem.dumps(newsitem.from_dict(newsitem.to_dict(item), body=item.body)) == path.read_bytes().decode()


@given(st.data())
def test_all_readers_agree_on_altered_texts(data: st.DataObject) -> None:
    """All readers agree on a text with characters or lines inserted, removed or doubled."""
    content = front_matter.split(data.draw(st.sampled_from(LAYOUT_TEXTS))).content
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        if data.draw(st.booleans()):
            length = data.draw(st.integers(0, 3))
            put = data.draw(
                st.sampled_from(
                    ["", '"', "\\", ":", " ", "-", "#", "'", "0", "\n", "\n\n", "\u2028", "\x85", "\t", "null", "x"]
                )
            )
            content = content[:at] + put + content[at + length :]
        else:
            lines = content.split("\n")
            index = data.draw(st.integers(0, len(lines) - 1))
            lines[index : index + 1] = data.draw(
                st.sampled_from([[], [lines[index]] * 2, lines[index : index + 2][::-1]])
            )
            content = "\n".join(lines)
    agree_and_render(content)


@given(items)
def test_all_readers_agree_on_new_items(item: newsitem.NewsItem) -> None:
    """All readers agree on the text of a new item."""
    agree_and_render(scalars.escaped(render.render(item)))


@given(items)
def test_copies_keep_the_round_trip(item: newsitem.NewsItem) -> None:
    """A deep copy of an item that was read is written back unchanged."""
    text = newsitem.dumps(item)
    assert newsitem.dumps(copy.deepcopy(newsitem.loads(text))) == text


@pytest.mark.parametrize("edit", comments.EDITS)
@pytest.mark.parametrize("change", comments.CHANGES)
@pytest.mark.parametrize("place", comments.PLACES)
def test_comments_stay_with_their_related_items(place: str, change: str, edit: str) -> None:
    """Reordering and editing related items with comments loses no comment and moves none to another item."""
    found = [commented for text in LAYOUT_TEXTS if (commented := comments.with_comments(text, place))]
    assert len(found) > 3
    for text in found:
        assert comments.misplaced(text, place, change, edit) == []


@pytest.mark.parametrize("kind", VARIANTS)
def test_several_edits_in_place(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any edits together are made in place: none makes a value be written in full, which would lose its comments."""
    until_equal = splice._until_equal

    def in_place(*arguments: Any, in_full: bool = False) -> Any:
        assert not in_full
        return until_equal(*arguments)

    monkeypatch.setattr(splice, "_until_equal", in_place)
    rng = random.Random(len(kind))
    for text in LAYOUT_TEXTS:
        changed = VARIANTS[kind](text, rng)
        changed = re.sub(r"\n(?=\w+:)", lambda _: rng.choice(["\n", "\n# note\n"]), changed)
        item = newsitem.loads(re.sub(r"\n(?= *\w+:)", lambda _: rng.choice(["\n", "\n\n"]), changed))
        every = list(edits(item))
        for _ in range(5):
            edited = copy.deepcopy(item)
            for edit in rng.sample(every, 4):
                with suppress(IndexError, AttributeError):  # another edit has removed what this one edits
                    edit.apply(edited)
            assert newsitem.loads(newsitem.dumps(edited)) == edited


def test_check_of_edits_can_fail() -> None:
    """The check of edited lines refuses a text in which another line was changed."""
    text = LAYOUT_TEXTS[0]
    item = newsitem.loads(re.sub("published: true", "published: false", text))
    edit = next(edit for edit in edits(item) if edit.path == ("title",))
    with pytest.raises(AssertionError, match="changed line"):
        check(text, item, edit, strict=True)
