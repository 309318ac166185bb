"""Lists of objects stay unread until they are used, without a visible difference except in time."""

from __future__ import annotations

import copy
import inspect
import pickle
import random
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import EXAMPLES
from variants import VARIANTS

import newsitem
from newsitem import FrontMatter, NewsCollection, NewsItem
from newsitem._codec import patterns, source_text
from newsitem._schema.fields import deferred_keys
from newsitem._schema.unread import Lines, Unread, peek
from newsitem._yaml.scalars import Signs


def with_long_list(text: str) -> str:
    """Return a text with enough related items for the list to stay unread."""
    head, key, rest = text.partition("\nrelated:\n")
    block, end, tail = rest.partition("\n\n")
    times = (2 * patterns.SHORT) // len(block) + 1
    return f"{head}{key}{(block + chr(10)) * times}{end[1:]}{tail}"


EXAMPLE_TEXTS = [path.read_bytes().decode() for path in EXAMPLES]
IN_LAYOUT = [text for text in EXAMPLE_TEXTS if newsitem.loads(text)._source.in_layout and "\nrelated:\n" in text]
TEXTS = [with_long_list(text) for text in IN_LAYOUT]
TEXT = max(TEXTS, key=lambda text: len(newsitem.loads(text).related))
LISTS = [text.partition("\nrelated:\n")[2].partition("\n\n")[0] + "\n" for text in IN_LAYOUT]


def is_unread(item: NewsItem) -> bool:
    """Whether the related items of an item are still text."""
    return isinstance(peek(NewsItem, "related")(item), Unread)


def read_at_once(text: str) -> NewsItem:
    """Read a text and its unread list."""
    item = newsitem.loads(text)
    assert item.related is item.related
    assert not is_unread(item)
    return item


def test_only_related_items_are_deferred() -> None:
    """Only related items may stay unread: proving that a flat list is valid would take as long as reading it."""
    assert list(deferred_keys(NewsItem)) == ["related"]
    assert not deferred_keys(newsitem.RelatedItem)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_unread_list_is_read_on_access(text: str, line_end: str, mark: str) -> None:
    """The list has its values after non-ASCII text, with CR LF, and after a byte order mark."""
    for changed in (text, text.replace('title: "', 'title: "é𝄞 ', 1), text + "Ω\nrelated:\n  - x\n"):
        item = newsitem.loads(mark + changed.replace("\n", line_end))
        assert is_unread(item)
        data = newsitem.to_dict(newsitem.loads("---\n!!map\n" + changed.partition("---\n")[2]))
        assert newsitem.to_dict(item)["related"] == data["related"]
        assert not is_unread(item)


@given(st.sampled_from(LISTS), st.data())
def test_proved_lists_can_be_read(text: str, data: st.DataObject) -> None:
    """The pattern that creates objects matches every text that the proof accepts."""
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(at, min(len(text), at + 12)))
        new = st.sampled_from(
            ['"', "\\", '\\"', "\n", " ", "", "0", "31", "02-30", "no", "~", "x", ": ", " #", "- ", "é"]
        )
        text = text[:at] + data.draw(new) + text[end:]
    proved = patterns._proof(newsitem.RelatedItem).match(text)
    if proved is not None and Signs(proved[0].encode()).has_paired_quotes():
        assert patterns._list_reader(newsitem.RelatedItem)(proved[0])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("publishedDateTime", "2020-02-30T01:02:03Z"),
        ("publishedDateTime", "2020-02-03T24:02:03Z"),
        ("publishedDateTime", "0000-02-03T01:02:03Z"),
        ("name", "&x y"),
        ("name", "null"),
        ("title", '"\\q"'),
        ("title", "'x'"),
        ("title", '"x" # y'),
        ("title", '"x\\"'),
        ("title", '"\\x41"'),
        ("excerpt", '"x" y"'),
    ],
)
def test_unproved_lists_are_read_at_once(key: str, value: str) -> None:
    """If the proof fails, the list is read with the file, or the file is refused with the line of the problem."""
    head, below, rest = TEXT.partition("\nrelated:\n")
    line = re.search(rf"(?<=[ ]{key}: ).*", rest)
    assert line is not None
    text = head + below + rest[: line.start()] + value + rest[line.end() :]
    try:
        assert not is_unread(newsitem.loads(text))
    except newsitem.NewsItemError as error:
        assert error.problems[0].line == text[: text.index(value)].count("\n") + 1  # noqa: PT017


def test_nested_lists_of_text() -> None:
    """Objects that contain a list of text are proved readable too, unless an entry is not text."""
    text = '  - category: news\n    title: "T"\n    publishedDateTime: 2020-01-01T00:00:00Z\n'
    text += "    provider:\n      name: P\n    topics:\n      - AI\n      - C#\n"
    assert patterns._proof(NewsItem).fullmatch(text)
    assert not patterns._proof(NewsItem).fullmatch(text.replace("C#", "null"))


def test_all_problems_are_reported_at_once() -> None:
    """An invalid date in a related item is reported together with other problems, each with its position."""
    text = TEXT.replace("\nheat: ", "\nheat: x", 1)
    head, key, rest = text.partition("\nrelated:\n")
    day = rest.index("publishedDateTime: ") + len("publishedDateTime: ")
    with pytest.raises(newsitem.ValidationError) as caught:
        newsitem.loads(head + key + rest[:day] + "2020-02-30" + rest[day + 10 :])
    fields = [problem.field for problem in caught.value.problems]
    assert fields[0] == "heat"
    assert fields[1] is not None
    assert fields[1].startswith("related[")
    assert all(problem.line and problem.column for problem in caught.value.problems)


def test_list_stays_unread() -> None:
    """Edits of other attributes, comparing, diffing and writing leave the list unread."""
    item, other = newsitem.loads(TEXT), newsitem.loads(TEXT)
    assert item == other
    assert newsitem.dumps(item) == TEXT
    item.heat = 4_000
    item.topics.append("Moon")
    assert item != other
    assert "+heat: 4000" in newsitem.diff(item)
    assert newsitem.loads(newsitem.dumps(item)) == item
    repr(item)
    assert is_unread(item)
    assert is_unread(other)
    head, key, rest = TEXT.partition("\nrelated:\n")
    changed = newsitem.loads(head + key + rest.replace('title: "', 'title: "A ', 1))
    assert is_unread(changed)
    assert changed != other


@pytest.mark.parametrize("comment", ["", "# note\n", "# note\twith a tab\n"])
def test_new_and_removed_keys_leave_the_list_unread(comment: str) -> None:
    """A key is added or removed without reading the list, in the canonical layout and in hand-edited text."""
    item = newsitem.loads(TEXT.replace("---\n", f"---\n{comment}", 1))
    item.removed = True
    item.heat = None
    item.extras["own"] = [1]
    assert newsitem.loads(newsitem.dumps(item)) == item
    assert is_unread(item)


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_edits_of_hand_edited_text(name: str, tmp_path: Path) -> None:
    """After an edit is written, the unread list is found in the new text, for every kind of hand edit."""
    for seed, text in enumerate(TEXTS):
        changed = VARIANTS[name](text, random.Random(seed))
        item = newsitem.loads(changed)
        item.title = "é " * 9
        path = tmp_path / f"{seed}.md"
        newsitem.dump(item, path)
        item.path = path
        again = newsitem.load(path)
        again.heat = 12_345
        again.body = "\n" + "Ω body\n" * 3
        newsitem.dump(again)
        expected = newsitem.loads(changed)
        assert again.related == expected.related
        assert newsitem.dumps(again).encode() == path.read_bytes()
        again.related[0].title = "Another"
        newsitem.dump(again)
        assert newsitem.load(path).related[0].title == "Another"


COPIES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    lambda item: pickle.loads(pickle.dumps(item)),
    attrs.evolve,
]


@pytest.mark.parametrize("duplicate", COPIES)
def test_copies(duplicate: Callable[[Any], Any]) -> None:
    """Copies are equal, are written the same, and share the list if copies of a read list do."""
    for text in (TEXT, TEXT.replace("\nheat: ", "\nheat:  ", 1)):
        item, eager = newsitem.loads(text), read_at_once(text)
        twin, eager_twin = duplicate(item), duplicate(eager)
        assert twin == item == eager == eager_twin
        assert newsitem.dumps(twin) == text
        assert (twin.related is item.related) == (eager_twin.related is eager.related)
        item.related.pop()
        eager.related.pop()
        assert len(twin.related) == len(eager_twin.related)


def test_pickles_contain_text() -> None:
    """The pickle of an item contains an unread list as text, without objects."""
    data = pickle.dumps(newsitem.loads(TEXT))
    assert b"RelatedItem" not in data
    assert b"RelatedItem" in pickle.dumps(read_at_once(TEXT))
    assert is_unread(pickle.loads(data))


def test_setting_and_deleting() -> None:
    """A list that is set replaces the unread one; an invalid list and deleting are refused."""
    item = newsitem.loads(TEXT)
    with pytest.raises(newsitem.ValidationError, match="related: must be a list"):
        item.related = None  # type: ignore[assignment]
    with pytest.raises(AttributeError, match="to remove its key"):
        del item.related
    item = newsitem.loads(TEXT)
    item.related = []
    assert item.related == []
    assert "related:" not in newsitem.dumps(item)


def test_unknown_attribute() -> None:
    """An unknown attribute raises Python's own error, with its name and object."""
    item = newsitem.loads(TEXT)
    with pytest.raises(AttributeError, match=r"^'NewsItem' object has no attribute 'relatd'$") as caught:
        item.relatd  # type: ignore[attr-defined] # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("relatd", item)
    with pytest.raises(AttributeError):
        object.__new__(NewsItem).related  # noqa: B018
    assert "related" in dir(item)
    assert "related" in inspect.signature(NewsItem).parameters


@pytest.mark.parametrize("head", ["related: # these\n\n  # and those\n", '"related":\n', "related:\n\n"])
def test_list_under_a_hand_edited_key(head: str, tmp_path: Path) -> None:
    """A canonical list stays unread under a hand-edited key, and is found after an edit above it."""
    text = TEXT.replace("related:\n", head, 1).replace("\ntitle: ", "\n# new\ntitle: ", 1)
    text = "---\nzone: x\n" + text.removeprefix("---\n")
    item = newsitem.loads(text)
    assert is_unread(item)
    item.title = "Ünread " * 3
    item.path = tmp_path / "item.md"
    newsitem.dump(item, item.path)
    written = newsitem.dumps(item)
    assert is_unread(item)
    assert item.related == read_at_once(TEXT).related
    assert written == newsitem.dumps(item)


def test_several_unread_lists() -> None:
    """Several unread lists of an item are found by their attributes."""
    one, other = (Unread(name, Lines(name.upper(), 0, len(name)), list) for name in ("one", "other"))
    both = one.before(other)
    assert one.before(None) is one
    assert [both.unread(name, NewsItem).read() for name in ("one", "other")] == [["O", "N", "E", "\n"], [*"OTHER\n"]]


def test_edit_of_a_list_that_was_unread() -> None:
    """A hand-edited text is written correctly whether its list was only read or also changed."""
    text = TEXT.replace("\ntitle: ", "\n# new\ntitle: ", 1)
    item = read_at_once(text)
    item.heat = 4_000
    assert newsitem.dumps(item).count("\n") == text.count("\n")
    item.related[0].title = "Another"
    assert newsitem.loads(newsitem.dumps(item)) == item
    twin = newsitem.loads(text)
    twin.related.append(twin.related[0])
    assert len(newsitem.loads(newsitem.dumps(twin)).related) == len(twin.related)


def test_short_lists_are_read_at_once() -> None:
    """Short lists are read at once, and long ones stay unread."""
    short = [text for text in IN_LAYOUT if len(text) < patterns.SHORT]
    assert short
    assert not any(is_unread(newsitem.loads(text)) for text in short)
    assert all(is_unread(newsitem.loads(text)) for text in TEXTS)


def test_threads_share_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that read a list at the same time get the same object."""
    item = newsitem.loads(TEXT)
    read, barrier = Unread.read, threading.Barrier(8)
    found: list[object] = []

    def wait(unread: Unread) -> list[Any]:
        values = read(unread)
        barrier.wait(60)
        return values

    monkeypatch.setattr(Unread, "read", wait)
    threads = [threading.Thread(target=lambda: found.append(item.related)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(map(id, found)) == {id(item.related)}


def test_list_set_during_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that is set while the old one is being read is not overwritten."""
    item = newsitem.loads(TEXT)
    read = Unread.read

    def set_meanwhile(unread: Unread) -> list[Any]:
        item.related = []
        return read(unread)

    monkeypatch.setattr(Unread, "read", set_meanwhile)
    assert item.related == []
    assert "related:" not in newsitem.dumps(item)


def test_queries_leave_lists_unread() -> None:
    """Filtering, sorting, counting and saving leave lists unread: URLs are read from the text."""
    lazy = NewsCollection(newsitem.loads(text) for text in TEXTS)
    eager = NewsCollection(read_at_once(text) for text in TEXTS)
    url = next(one.web_url for item in eager for one in item.related if one.web_url)
    queries: list[Callable[[NewsCollection], list[NewsCollection]]] = [
        lambda news: [news.filter(min_heat=0, has_related=True, text="a"), news.filter(has_related=False)],
        lambda news: [news.sort("-heat", "provider")],
        lambda news: list(news.group_by("topic").values()),
        lambda news: news.stories(),
        lambda news: [news.find(url)],
    ]
    for query in queries:
        answers = [[[item.title for item in answer] for answer in query(news)] for news in (lazy, eager)]
        assert answers[0] == answers[1]
    assert lazy.find(url)
    assert lazy.mentions("nowhere.example") == []
    assert (len(lazy.changed()), lazy.diff()) == (0, "")
    assert all(map(is_unread, lazy))
    domain = next(one.provider.domain for item in eager for one in item.related if one.provider and one.provider.domain)
    assert [one.related for one in lazy.mentions(domain.upper())] == [one.related for one in eager.mentions(domain)]
    assert lazy.mentions("é.example") == eager.mentions("é.example")
    upper = NewsCollection(newsitem.loads(text.replace(domain, domain.upper())) for text in TEXTS)
    assert len(upper.mentions(domain)) == len(eager.mentions(domain)) > 0


def test_escaped_urls_are_found_in_unread_lists() -> None:
    """A URL with escapes is found in an unread list."""
    item = read_at_once(TEXT)
    item.related[0].web_url = 'https://a.example/"x"\\y'
    lazy = NewsCollection([newsitem.loads(newsitem.dumps(item))])
    assert len(lazy.find('https://a.example/"x"\\y')) == 1
    assert is_unread(lazy[0])


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "body", ["", "\n", "a\n---\nb\n", "\n---\n", "...\n", 'a "b\n', "\\\n", "\x85\x00\n", "---\nrelated:\n  - x\n---\n"]
)
def test_lists_before_any_body(body: str, line_end: str) -> None:
    """A long list stays unread whatever the body contains, and an edit changes one line."""
    text = (TEXT[: TEXT.rindex("---\n") + 4] + body).replace("\n", line_end)
    item = newsitem.loads(text)
    assert item.body == body.replace("\n", line_end)
    assert item._source.in_layout
    assert is_unread(item)
    item.heat = 4711
    assert newsitem.dumps(item) == re.sub(r"(?m)^heat: [0-9-]+", "heat: 4711", text, count=1)
    assert is_unread(item)
    assert item.related == read_at_once(TEXT).related


@pytest.mark.parametrize("closing", ["...\n", "--- \n", "---"])
def test_lists_before_any_fence(closing: str) -> None:
    """A long list stays unread whatever the closing fence is."""
    text = TEXT[: TEXT.rindex("---\n")] + closing
    item = newsitem.loads(text)
    assert item._source.in_layout
    assert is_unread(item)
    assert newsitem.dumps(item) == text


def test_list_without_an_empty_line_after_it() -> None:
    """A list that the next key follows at once is not in the canonical layout."""
    head, key, rest = TEXT.partition("\nrelated:\n")
    text = head + key + rest.replace("\n\n", "\n", 1)
    item = newsitem.loads(text)
    assert not item._source.in_layout
    assert item == newsitem.loads(TEXT)
    assert newsitem.dumps(item) == text


@newsitem.model
class Chapter:
    """An object with a list, so that a list of such objects may stay unread."""

    name: str
    images: list[newsitem.Image] = newsitem.key(factory=list)


@newsitem.model
class Book(newsitem.FrontMatter):
    """An item whose list follows a key on one line."""

    title: str
    chapters: list[Chapter] = newsitem.key(factory=list)


def test_list_below_a_key_on_one_line() -> None:
    """An edit above an unread list keeps the empty line between them."""
    text = newsitem.dumps(Book(title="A", chapters=[Chapter(name=f"Chapter {number}") for number in range(300)]))
    book = newsitem.loads(text, Book)
    assert isinstance(peek(Book, "chapters")(book), Unread)
    book.title = "B"
    assert newsitem.dumps(book) == text.replace('title: "A"', 'title: "B"')


@newsitem.model
class Measurement:
    """An object with a number that a pattern may be unable to prove, and with a list."""

    value: float
    images: list[newsitem.Image] = newsitem.key(factory=list)


@newsitem.model
class Series(newsitem.FrontMatter):
    """An item with a list of measurements."""

    measurements: list[Measurement] = newsitem.key(factory=list)


def test_list_whose_last_entry_is_not_proved() -> None:
    """A list that is proved up to an entry is read at once, in the canonical layout."""
    values = [*range(1, 500), 12345678901.5]
    text = newsitem.dumps(Series(measurements=[Measurement(value=value) for value in values]))
    series = newsitem.loads(text, Series)
    assert not isinstance(peek(Series, "measurements")(series), Unread)
    assert series._source.in_layout
    assert [measurement.value for measurement in series.measurements] == values


def test_limits_of_texts_with_unread_lists() -> None:
    """The values in an unread list count when an edited text is written."""
    item = newsitem.loads(TEXT)
    item.heat = 4711
    with newsitem.limits(values=100), pytest.raises(newsitem.LimitError):
        newsitem.dumps(item)
    assert is_unread(item)


def test_list_of_another_source_text() -> None:
    """The list of another text does not make a text equal to its source text, even if it is at the same bytes."""
    head, key, rest = TEXT.partition("\nrelated:\n")
    changed = head + key + rest.replace("article", "podcast", 1)
    source, other = (newsitem.loads(text)._source for text in (TEXT, changed))
    assert source.spans == other.spans
    (_, start, end) = source.spans[0]
    pieces = [source.data[:start], source.data[end:]]
    assert source_text.reproduces(source, pieces, [source.unread("related", NewsItem)])
    assert not source_text.reproduces(source, pieces, [other.unread("related", NewsItem)])


def test_failing_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that the proof refuses is read at once into an equal item."""
    expected = read_at_once(TEXT)
    monkeypatch.setattr(patterns, "_proof", lambda _: re.compile("(?!)"))
    item = newsitem.loads(TEXT)
    assert not is_unread(item)
    assert item == expected


def test_copied_attribute() -> None:
    """The attribute of a list that may be unread is itself after a copy, as cloudpickle makes one of a class."""
    attribute = vars(NewsItem)["related"]
    assert pickle.loads(pickle.dumps(attribute)) is attribute


@newsitem.model
class _Part:
    title: str = newsitem.key()
    tags: list[str] = newsitem.key(factory=list)
    more: Any = newsitem.key(default=None)


@newsitem.model
class _Page(FrontMatter):
    parts: list[_Part] = newsitem.key(factory=list)


@pytest.mark.parametrize("value", ["", " ", " 1", ' "a"', " [a]", "\n      - a"])
def test_plain_data_in_a_long_list(value: str) -> None:
    """Plain data is not proved readable, so a list that contains some is read at once, in any spelling."""
    entry = '  - title: "a part"\n'
    text = f"---\nparts:\n{entry * 400}    more:{value}\n---\n\n"
    page = newsitem.loads(text, _Page)
    assert len(page.parts) == 400
    assert page.parts[-1].more in (None, 1, "a", ["a"])
    assert newsitem.dumps(page) == text
