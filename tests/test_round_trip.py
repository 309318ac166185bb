"""`loads`, `dumps` and `diff`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models import annotations_of, models, objects
from samples import EXAMPLES

import newsitem
from newsitem import FrontMatter, key, model
from newsitem._codec.render import rendered
from newsitem._codec.round_trip import key_names

TEXT = EXAMPLES[0].read_bytes().decode()
CONTENT = TEXT.split("---\n")[1]


def test_wrong_arguments() -> None:
    """Arguments that are not an item, text or path are refused, and the message does not show their contents."""
    for function in (newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff):
        with pytest.raises(TypeError, match="expected an item, not dict"):
            function({})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected str or bytes, not int"):
        newsitem.loads(5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^expected a path, not the text of a file: use newsitem\.loads$"):
        newsitem.load(TEXT)


def test_names_with_several_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several lines is a path if a file has it."""
    monkeypatch.chdir(tmp_path)
    Path("two\nlines.md").write_text(TEXT)
    assert newsitem.load("two\nlines.md").path == Path("two\nlines.md")


def test_lone_surrogates() -> None:
    """Text that cannot be encoded as UTF-8 is refused with its position."""
    with pytest.raises(newsitem.ParseError, match=r"^x\.md:2:1: lone surrogate \(U\+D800\)"):
        newsitem.loads("---\n\ud800", name="x.md")
    item = newsitem.load(EXAMPLES[0])
    with pytest.raises(newsitem.ValidationError, match="body: contains a lone surrogate"):
        item.body = "\udcff"


def test_file_names_in_messages() -> None:
    """Line ends and control characters in the name of a file are escaped in messages, but not in `path`."""
    name = "é\n\x1b[31m\udcff.md"
    with pytest.raises(newsitem.ParseError) as caught:
        newsitem.loads("", name=name)
    assert str(caught.value).startswith("é\\n\\x1b[31m\\udcff.md:1:1: ")
    assert caught.value.path == name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CONTENT, "title: x\n"),
        ("heat: 312", "heat: 15"),
        ("heat: 312", "heat: 3"),
        ("heat: 312", "heat: 31"),
        ("heat: 312\n", ""),
        ("heat: 312\n", "heat: 5\nheat: 5\n"),
        ("heat: 312\n", "heat: 5\nquality: 3\n"),
        ("heat: 312\n", "heat: 5\nTitle: 3\n"),
        ("heat: 312\n", "heat: 5\n---\n"),
        ("heat: 312\n", "heat: 5"),
        ("2020-05-04", "2020-02-30"),
        ("published: true\n", "published: true\npublished: true\n"),
        ("  - Privacy\n", ""),
        (CONTENT[CONTENT.index("secured: ") :], ""),
    ],
)
def test_text_that_does_not_read_back(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that would not read back as the same item is an error, and is not returned."""
    item = newsitem.loads(TEXT)
    item.heat = 5
    wrong = CONTENT.replace(old, new)
    monkeypatch.setattr("newsitem._codec.round_trip._renderer", lambda: lambda _: ([wrong], []))
    with pytest.raises(newsitem.NewsItemError, match="would not read back"):
        newsitem.dumps(item)


@given(st.data(), models())
def test_wrong_text_after_an_edit(data: st.DataObject, cls: Any) -> None:
    """Whatever a wrong renderer writes after an edit, the result reads back as the item or is refused."""
    first, second, third = (data.draw(objects(cls)) for _ in range(3))
    text = newsitem.dumps(first)
    edited, wrong = newsitem.loads(text, cls), newsitem.loads(text, cls)
    for name in annotations_of(cls):
        setattr(edited, name, getattr(data.draw(st.sampled_from([first, second])), name))
        setattr(wrong, name, getattr(data.draw(st.sampled_from([first, second, third])), name))
    rendering = rendered(wrong)
    with patch("newsitem._codec.round_trip._renderer", lambda: lambda _: rendering):
        try:
            result = newsitem.dumps(edited)
        except newsitem.NewsItemError:
            return
    assert result == text or newsitem.loads(result, cls) == edited


def _by_day(_instance: object, _field: object, value: datetime) -> None:
    if value.hour < 6:
        raise ValueError("must not be at night")


@model
class _Checked(FrontMatter):
    at: datetime = key(validator=_by_day)


def test_validators_of_written_values() -> None:
    """A text is not written if a validator would refuse the values as they are read: an instant is read in UTC."""
    item = newsitem.loads("---\nat: 2020-05-04T08:00:00Z\n---\n", _Checked)
    item.at = datetime(2020, 5, 4, 8, tzinfo=timezone(timedelta(hours=5)))
    with pytest.raises(newsitem.NewsItemError, match="would not read back"):
        newsitem.dumps(item)


@model
class _Apart(FrontMatter):
    first: str = key(blank_lines=True)
    second: int | None = key(default=None)


@pytest.mark.parametrize("opening", ["---\n", "--- \n", "\ufeff---\n", "---\r\n"])
@pytest.mark.parametrize("before", ["", "\n", "\n\n"])
def test_empty_line_after_the_first_fence(opening: str, before: str) -> None:
    """An empty line before a key that stands apart is kept, with any first fence."""
    text = f'{opening}{before}first: "a"\n\nsecond: 1\n---\n'
    text = text.replace("\r", "").replace("\n", "\r\n") if "\r" in opening else text
    item = newsitem.loads(text, _Apart)
    assert newsitem.dumps(item) == text
    item.second = 2
    assert newsitem.dumps(item) == text.replace("1", "2")


def test_diff_of_an_edit() -> None:
    """A unified diff contains the removed and added lines, and names the file."""
    item = newsitem.load(EXAMPLES[0])
    item.heat = 5
    item.topics.append("Facial Recognition")
    lines = newsitem.diff(item).splitlines()
    assert lines[0] == f"--- a/{str(EXAMPLES[0]).lstrip('/')}"
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        *(line for line in lines[2:] if line.startswith("-heat: ")),
        "+heat: 5",
        "+  - Facial Recognition",
    ]


def test_diff_of_a_new_item() -> None:
    """The diff of an item that was not read adds every line."""
    item = newsitem.from_dict(newsitem.to_dict(newsitem.loads(TEXT)))
    added = newsitem.diff(item).splitlines()[3:]
    assert added == [f"+{line}" for line in TEXT.splitlines()]


def test_diff_of_a_missing_final_line_end() -> None:
    """The diff marks a body without a final line end."""
    item = newsitem.loads(TEXT)
    item.body = "\nlast"
    assert newsitem.diff(item).endswith("+last\n\\ No newline at end of file\n")


def test_file_names_in_diffs() -> None:
    """Line ends and control characters in a path are escaped in the header of a diff."""
    item = newsitem.loads(EXAMPLES[0].read_bytes())
    item.path = Path("a\nb\t.md")
    item.heat = 4711
    assert newsitem.diff(item).startswith("--- a/a\\nb\\t.md\n+++ b/a\\nb\\t.md\n@@ ")


@model
class _Dated(FrontMatter):
    title: str
    date: datetime | None = None

    @property
    def filename(self) -> Path:
        return Path(f"{self.date:%Y}-{self.title}.md")


def test_diff_of_an_item_without_a_filename() -> None:
    """A diff has the name of the item's own file. It does not need the name that a new file would get."""
    item = newsitem.loads("---\ntitle: x\n---\n", _Dated)
    item.path = Path("post.md")
    item.title = "y"
    assert newsitem.diff(item).startswith("--- a/post.md\n+++ b/post.md\n")


def _must_be_short(_instance: object, _field: object, value: str) -> None:
    raise ValueError(f"must be short, not {value}")


def _must_be_ascii(_instance: object, _field: object, value: str) -> None:
    value.encode("ascii")


@model
class _Strict(FrontMatter):
    a: str | None = key(default=None, validator=_must_be_short)
    b: str | None = key(default=None, validator=_must_be_ascii)
    c: str | None = key(default=None, validator=attrs.validators.in_(["x"]))


def test_messages_of_validators() -> None:
    """The message of a validator is on one line, without control characters that come from the file."""
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.loads('---\na: "x\\nb.md:1:1: forged \\e[31m"\nb: é\nc: y\n---\n', _Strict)
    first, second, third = (problem.message for problem in caught.value.problems)
    assert first == "must be short, not x\\nb.md:1:1: forged \\x1b[31m"
    assert second == r"'ascii' codec can't encode character '\xe9' in position 0: ordinal not in range(128)"
    assert third.startswith("'c' must be in ['x']")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ('a: "x\nb: y"\nc: 1\n', ("a", "c")),
        ("a: 'x\nb: 2'\n", ("a",)),
        ("a: [x,\nb: 1]\n", ("a",)),
        ("a:\n  - {x: [\nb: 1]}\n", ("a",)),
        ("a: &x [\nb: 1]\n", ("a",)),
        ('a: |\n  "x\nb: 2\n', ("a", "b")),
        ("a: 1\n'b': 2\n", ("a", "b")),
    ],
)
def test_key_names(content: str, names: tuple[str, ...]) -> None:
    """The keys by which the class of a file is chosen are those that the file is read with."""
    text = f"---\n{content}---\n"
    assert key_names(text.encode(), "a.md") == names == tuple(newsitem.loads(text, FrontMatter).extras)


def test_key_names_of_a_duplicate_key() -> None:
    """A duplicate key is refused before a class is chosen."""
    with pytest.raises(newsitem.ParseError, match="duplicate key"):
        key_names(b"---\na: 1\na: 2\n---\n", "a.md")
