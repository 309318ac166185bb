"""Pickles that a release wrote are read by every later one; `tests/pickles.py` says how a release adds its own."""

from __future__ import annotations

import os
import pickle
import pickletools
from pathlib import Path
from typing import Any

import attrs
import pytest
from pickles import ADA, BY_HAND, FOLDER, PIPES, cases

import newsitem
from newsitem._schema.unread import Unread, peek

PICKLES = sorted(FOLDER.glob("*/*.pickle"))


def loaded(file: Path) -> Any:
    """Load a pickle, where the system has such paths as are in it."""
    data = file.read_bytes()
    if os.name == "nt" and b"PosixPath" in data:
        pytest.skip("Python cannot load a pickled path of another system")
    return pickle.loads(data)


def facts(thing: Any) -> Any:
    """Return what two objects must have in common, all texts that are written included."""
    if isinstance(thing, newsitem.FrontMatter):
        return [type(thing), newsitem.to_dict(thing), thing.path, newsitem.dumps(thing), newsitem.diff(thing)]
    if isinstance(thing, newsitem.NewsItemError):
        return [type(thing), thing.problems, thing.path, str(thing)]
    if isinstance(thing, newsitem.NewsCollection):
        return [type(thing), facts(list(thing)), facts(thing.errors)]
    if isinstance(thing, list | tuple):
        return [type(thing), *map(facts, thing)]
    if attrs.has(type(thing)):
        return [type(thing), *(facts(getattr(thing, field.name)) for field in attrs.fields(type(thing)))]
    return [type(thing), thing if hasattr(type(thing), "__hash__") else None, str(thing)]


@pytest.mark.parametrize("file", PICKLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_pickle_of_a_release_is_read(file: Path) -> None:
    """It holds what its release put in, and is written to the same text; so is a pickle that is made of it now."""
    value = loaded(file)
    expected = facts(cases()[file.stem])
    assert facts(pickle.loads(pickle.dumps(value))) == expected
    assert facts(value) == expected


@pytest.mark.parametrize("file", PICKLES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_pickle_can_be_read_anywhere(file: Path) -> None:
    """It has no path of the machine that made it, no class of a script, and none that only newer Pythons have."""
    texts = [text for _, text, _ in pickletools.genops(file.read_bytes()) if isinstance(text, str)]
    assert not [text for text in texts if text.startswith("/") or text in ("__main__", "pathlib._local")]


@pytest.mark.parametrize("release", sorted({file.parent for file in PICKLES}), ids=lambda folder: folder.name)
@pytest.mark.parametrize(
    ("name", "text"), [("item-read", PIPES), ("item-edited", PIPES), ("item-by-hand", BY_HAND), ("own-edited", ADA)]
)
def test_a_pickled_item_keeps_its_text(release: Path, name: str, text: str) -> None:
    """An item that was read can be reverted to the text that it was read from."""
    item = loaded(release / f"{name}.pickle")
    item.revert()
    assert newsitem.dumps(item) == text


@pytest.mark.parametrize("release", sorted({file.parent for file in PICKLES}), ids=lambda folder: folder.name)
def test_an_unread_list_is_pickled_as_text(release: Path) -> None:
    """A list of objects that nobody asked for is not read by pickling, nor by loading."""
    item = loaded(release / "item-read.pickle")
    assert isinstance(peek(newsitem.NewsItem, "related")(item), Unread)
    assert [related.title for related in item.related] == [f"Façade {number}" for number in range(20)]


def test_this_release_has_pickles() -> None:
    """Who raises the version adds its pickles."""

    def numbers(version: str) -> list[int]:
        return [int(part) for part in version.split(".")[:3]]

    assert max(numbers(file.parent.name) for file in PICKLES) >= numbers(newsitem.__version__)


@newsitem.model
class Part:
    """A mapping of a file."""

    name: str = newsitem.key()


@newsitem.model
class Note(newsitem.FrontMatter):
    """A file with a list that may stay unread."""

    title: str = newsitem.key()
    part: Part | None = newsitem.key(default=None)
    related: list[newsitem.RelatedItem] = newsitem.key(factory=list)


def test_keys_that_were_added_after_an_object_was_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that a class did not have yet is unset in objects from older pickles. An unread list stays unread."""
    related = "".join(f'  - title: "Façade {number}"\n    provider:\n      name: P\n' for number in range(99))
    text = f'---\ntitle: "T"\n\npart:\n  name: "P"\n\nrelated:\n{related}---\n'
    data = pickle.dumps([newsitem.loads(text, Note), Note(title="T", part=Part(name="P"))])

    @newsitem.model
    class LongerPart:
        name: str = newsitem.key()
        labels: list[str] = newsitem.key(factory=list)
        size: int | None = newsitem.key(default=None)

    @newsitem.model
    class LongerNote(newsitem.FrontMatter):
        title: str = newsitem.key()
        part: LongerPart | None = newsitem.key(default=None)
        heat: int | None = newsitem.key(default=3)
        images: list[newsitem.Image] = newsitem.key(factory=list)
        related: list[newsitem.RelatedItem] = newsitem.key(factory=list)
        others: list[newsitem.RelatedItem] = newsitem.key(factory=list)

    for name, cls in {"Part": LongerPart, "Note": LongerNote}.items():
        monkeypatch.setitem(globals(), name, cls)
    read, made = pickle.loads(data)
    for item in (read, made):
        assert (item.part.labels, item.part.size, item.heat, item.images, item.others) == ([], None, None, [], [])
    assert isinstance(peek(LongerNote, "related")(read), Unread)
    assert newsitem.dumps(read) == text
    assert newsitem.dumps(made) == '---\ntitle: "T"\n\npart:\n  name: "P"\n---\n\n'


def test_keys_that_were_removed_after_an_object_was_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object with a key that its class has lost is refused: written without it, the file would lose the key."""
    data = pickle.dumps(Note(title="T"))

    @newsitem.model
    class ShorterNote(newsitem.FrontMatter):
        title: str = newsitem.key()

    ShorterNote.__qualname__ = ShorterNote.__name__ = "Note"
    monkeypatch.setattr(f"{__name__}.Note", ShorterNote)
    with pytest.raises(AttributeError, match="Note has lost part, related since the object was pickled: read its file"):
        pickle.loads(data)
