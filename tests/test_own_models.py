"""The laws hold for any class that a user defines, in files, folders and tables."""

from __future__ import annotations

import copy
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import jsonschema
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libyaml import LOADER
from models import annotations_of, models, objects, values
from people import Person, kind_of, person
from readers import agree

import newsitem
from newsitem import NewsCollection, NewsItem, NewsItemError, Secured
from newsitem._codec import patterns
from newsitem._schema.fields import keys

MANY = settings(
    max_examples=max(250, int(os.environ["NEWSITEM_EXAMPLES"])) if "NEWSITEM_EXAMPLES" in os.environ else 60
)


@st.composite
def items(draw: st.DrawFn) -> Any:
    """Draw an item of a drawn class."""
    return draw(objects(draw(models())))


@MANY
@given(items())
def test_new_items_read_back(item: Any) -> None:
    """All readers read a new item as it was written, and it is written back unchanged."""
    text = newsitem.dumps(item)
    again = newsitem.loads(text, type(item))
    assert again == item
    assert newsitem.dumps(again) == text
    assert newsitem.dumps(copy.copy(again)) == text
    agree(text, type(item))


@MANY
@given(items())
def test_plain_data_and_json_round_trip(item: Any) -> None:
    """Plain data and JSON make the same item, and the JSON is valid against the JSON Schema."""
    cls = type(item)
    assert newsitem.from_dict(newsitem.to_dict(item), cls) == item
    try:
        text = newsitem.to_json(item)
    except newsitem.ValidationError as error:
        assume("infinity or NaN" not in str(error))
        raise
    jsonschema.Draft202012Validator(newsitem.json_schema(cls)).validate(json.loads(text))
    assert newsitem.to_json(newsitem.from_json(text, cls)) == text


@MANY
@given(items(), st.data())
def test_an_edit_keeps_all_other_lines(item: Any, data: st.DataObject) -> None:
    """An edit reads back and keeps the comments of other keys; undone, it restores the item."""
    cls = type(item)
    text = newsitem.dumps(item)
    commented = _commented(text)
    for before in (text, commented):
        edited = newsitem.loads(before, cls)
        field = data.draw(st.sampled_from(keys(cls)))
        old = copy.deepcopy(getattr(edited, field.attribute))
        new = data.draw(values(annotations_of(cls)[field.attribute]))
        setattr(edited, field.attribute, new)
        after = newsitem.dumps(edited)
        assert newsitem.loads(after, cls) == edited
        assert newsitem.dumps(newsitem.loads(after, cls)) == after
        missing = set(_comments(before)) - set(_comments(after))
        assert len(missing) <= 1 or field.kind.is_block
        setattr(edited, field.attribute, old)
        assert newsitem.loads(newsitem.dumps(edited), cls) == newsitem.loads(before, cls)


def _commented(text: str) -> str:
    """Put a comment above each key of the top-level mapping."""
    lines = text.split("\n")
    stop = lines.index("---", 1)
    marked = [line for place, line in enumerate(lines[1:stop]) for line in _with_comment(place, line)]
    return "\n".join([lines[0], *marked, *lines[stop:]])


def _with_comment(place: int, line: str) -> list[str]:
    return [line] if not line or line[0] in " {" else [f"# comment {place}", line]


def _comments(text: str) -> list[str]:
    return re.findall(r"^# comment \d+$", text, re.MULTILINE)


@MANY
@given(items(), st.data())
def test_all_readers_agree_on_altered_texts(item: Any, data: st.DataObject) -> None:
    """All readers agree on a text in which a line was changed, moved or removed, also if lists remain unread."""
    cls = type(item)
    lines = newsitem.dumps(item).split("\n")
    stop = lines.index("---", 1)
    places = st.integers(1, stop)
    change = data.draw(st.sampled_from(["drop", "move", "twice", "blank", "comment", "quotes", "null", "empty"]))
    place = data.draw(places)
    if change == "move":
        lines.insert(data.draw(places), lines.pop(min(place, stop - 1)))
    else:
        line = lines[place]
        new = {
            "drop": [],
            "twice": [line, line],
            "blank": ["", line],
            "comment": [f"{line} # comment"],
            "quotes": [re.sub(r': "?([^"]*)"?$', r": '\1'", line)],
            "null": [re.sub(r": .*$", ": null", line)],
            "empty": [re.sub(r": .*$", ": ", line)],
        }[change]
        lines[place : place + 1] = new if place < stop else [*new, *([] if "---" in new else ["---"])]
    text = "\n".join(lines)
    with mock.patch.object(patterns, "SHORT", data.draw(st.sampled_from([1, patterns.SHORT]))):
        try:
            found = newsitem.loads(text, cls)
        except NewsItemError:
            return
        assert newsitem.dumps(found) == text
        newsitem.to_dict(found)  # which reads the lists
        agree(text, cls)


@MANY
@given(items())
def test_pyyaml_reads_the_same_keys_and_texts(item: Any) -> None:
    """PyYAML, a YAML 1.1 reader, finds the keys that are set, and the same text."""
    content = newsitem.dumps(item).split("---\n", 2)[1] if item else ""
    found = yaml.load("---\n" + newsitem.dumps(item)[4:].rsplit("---\n", 1)[0], LOADER)
    assert content is not None
    data = newsitem.to_dict(item)
    assert set(found or {}) == set(data)
    for name, value in data.items():
        if isinstance(value, str):
            assert found[name] == value


def test_odd_keys_read_and_write() -> None:
    """Keys with special characters are treated as data: they read, write and change."""
    from models import ODD_KEYS

    for name in ODD_KEYS:
        body = {"__annotations__": {"value": str, "texts": list[str]}, "value": newsitem.key(name)}
        body["texts"] = newsitem.key(factory=list)
        cls: Any = newsitem.model(type("Odd", (newsitem.FrontMatter,), body))
        item = cls(value="x", texts=["a"])
        again = newsitem.loads(newsitem.dumps(item), cls)
        assert again == item
        assert newsitem.to_dict(again)[name] == "x"
        again.value = "y"
        assert newsitem.loads(newsitem.dumps(again), cls).value == "y"


@pytest.mark.parametrize("name", ["<<", "\ud800", "a" * 1_100])
def test_impossible_keys_are_refused(name: str) -> None:
    """A key that cannot be in a file is refused when the class is defined."""
    with pytest.raises(TypeError, match=r"Odd\.value a key"):
        newsitem.model(type("Odd", (), {"__annotations__": {"value": str}, "value": newsitem.key(name)}))


def test_several_classes_in_one_folder(two_kinds: Path) -> None:
    """A function chooses the class of each file; with one class, other files are among the errors."""
    both: NewsCollection[Any] = NewsCollection.read(two_kinds, cls=kind_of)
    assert [type(one) for one in both] == [NewsItem, Person, Person]
    people = NewsCollection.read(two_kinds, cls=Person, on_error="collect")
    assert (len(people), len(people.errors)) == (2, 1)
    (two_kinds / "odd.md").write_text("---\n'na\\me': 1\n? name\n: \"Odd\"\n---\n")
    (two_kinds / "tab.md").write_text('---\nname:\t"Tab"\n---\n')
    assert len(NewsCollection.read(two_kinds, cls=kind_of)) == 5
    with pytest.raises(TypeError, match="expected an item, not int"):
        NewsCollection.read(two_kinds, cls=lambda _path, _names: int, on_error="collect")  # type: ignore[type-var]
    with pytest.raises(TypeError, match="cls must be an item class, not None"):
        NewsCollection.read(two_kinds, cls=lambda _path, _names: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        NewsCollection.read(two_kinds, cls=lambda _path, _names: 1 / 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="cls must be an item class, not <function"):
        newsitem.load(two_kinds / "ana.md", kind_of)  # type: ignore[arg-type, type-var]
    (two_kinds / "odd.md").write_text("no front matter")
    with pytest.raises(newsitem.ParseError, match="no front matter"):
        NewsCollection.read(two_kinds, cls=kind_of)


def test_new_files_need_a_filename(tmp_path: Path) -> None:
    """Items without a `filename` cannot be written to a folder, and the error explains how to add one."""
    ana = person()
    with pytest.raises(newsitem.NewsItemError, match=r"Person has no filename: define a filename property"):
        NewsCollection([ana]).write(tmp_path)
    assert newsitem.diff(ana).startswith("--- a/Person\n")
    newsitem.dump(ana, tmp_path / "ana.md")
    assert newsitem.load(tmp_path / "ana.md", Person) == ana
    with (tmp_path / "ana.md").open("rb") as stream:
        assert newsitem.load(stream, Person) == ana


@newsitem.model
class Note(newsitem.FrontMatter):
    """A class whose file names come from the text, like those of a stranger's file."""

    filename: Any = newsitem.key(default=None)


@pytest.mark.parametrize("name", ["../x.md", "/x.md", "a/x.md", "x/", "./x.md", "..", ".", "", "x\0.md", 5, ["x.md"]])
def test_filenames_that_lead_elsewhere(tmp_path: Path, name: Any) -> None:
    """A filename that is not a single name is refused with its item, and no file is written or renamed."""
    (tmp_path / "in").mkdir()
    text = newsitem.dumps(Note(filename=name))
    (tmp_path / "in" / "a.md").write_text(text)
    (bad,) = notes = NewsCollection.read(tmp_path / "in", cls=Note)
    message = re.escape(f"{tmp_path}/in/a.md: the filename of {bad!r} must be a single name without a folder, not ")
    for refused in (
        lambda: NewsCollection([Note(filename="good.md"), bad]).write(tmp_path / "out"),
        lambda: newsitem.rename(bad),
    ):
        with pytest.raises(NewsItemError, match=f"^{message}"):
            refused()
    for dry_run in (True, False):
        report = notes.rename(dry_run=dry_run)
        assert (report.renamed, len(report.errors)) == ((), 1)
        assert re.match(message, str(report.errors[0]))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "in" / "a.md"]


@pytest.mark.parametrize("name", ["~root", "~", "a\\b.md", "a..md"])
def test_single_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A single name stays in the folder, whatever its characters, also if the folder is the current one."""
    monkeypatch.chdir(tmp_path)
    item = Note(filename=name)
    (path,) = NewsCollection([item]).write(".")
    for rename in (newsitem.rename, lambda item: NewsCollection([item]).rename()):
        assert [newsitem.load(path, Note), item.path] == [item, path]
        assert list(Path.cwd().iterdir()) == [tmp_path / name]
        newsitem.rename(item, "a.md")
        rename(item)


def test_arrow_round_trip_of_own_classes(two_kinds: Path) -> None:
    """Items of a user's class are written to Arrow with the types of their fields, and read back."""
    arrow = pytest.importorskip("newsitem.arrow", reason="newsitem.arrow needs an extra", exc_type=ImportError)
    people = NewsCollection.read(two_kinds, cls=Person, on_error="collect")
    people[0].anything = {"a": [1, date(2020, 1, 2)]}
    people[0].accounts = []
    people[1].token = Secured("SECRET")
    table = people.to_arrow()
    assert str(table.schema.field("rating").type) == "double"
    assert str(table.schema.field("born").type) == "date32[day]"
    assert table.column_names == [name for name in arrow.schema(Person).names if name != "token"]
    people[1].token = None
    assert list(arrow.from_table(table, Person)) == list(people)
    assert arrow.schema(NewsItem) == arrow.SCHEMA
    bad = table.set_column(table.column_names.index("anything"), "anything", [["{", None]])
    with pytest.raises(newsitem.ValidationError, match="anything: must be JSON"):
        arrow.from_table(bad, Person)
    assert arrow.to_table([], columns=["title"]).num_rows == 0
    both: NewsCollection[Any] = NewsCollection.read(two_kinds, cls=kind_of)
    with pytest.raises(TypeError, match="a table can only contain items of one class, not NewsItem and Person"):
        both.to_arrow()
