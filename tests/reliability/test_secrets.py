"""The text of ``secured`` is in nothing that is shown, logged or handed on by itself."""

from __future__ import annotations

import codecs
import contextlib
import io
import logging
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from samples import EXAMPLES

import newsitem
from newsitem import NewsCollection, NewsItem

from .conftest import Figure

SECRET = "c2VjcmV0LXRleHQ7QUJDREVG=="
PIECES = [SECRET, *(SECRET[start : start + 8] for start in range(0, len(SECRET) - 8, 4))]
TEXT = EXAMPLES[0].read_bytes().decode()
HEAD = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"


@pytest.fixture
def item(tmp_path: Path) -> NewsItem:
    """An item with a secret, in a file."""
    path = tmp_path / "item.md"
    secret = newsitem.loads(TEXT)
    secret.secured = newsitem.Secured(SECRET)
    newsitem.dump(secret, path)
    return newsitem.load(path)


def shown(thing: object) -> Iterator[str]:
    """Give all that a user, a log or a notebook sees of a thing."""
    yield from (repr(thing), str(thing), f"{thing}", f"{thing!a}", "%s %r" % (thing, thing))  # noqa: UP031
    yield from (repr([thing]), str({"thing": thing}), repr((thing,)))
    with contextlib.suppress(AttributeError):
        yield thing._repr_html_()  # type: ignore[attr-defined]
    with contextlib.suppress(AttributeError):
        yield repr(thing._repr_mimebundle_())  # type: ignore[attr-defined]


def hidden(texts: Iterator[str] | list[str], figure: Figure) -> None:
    """Find no piece of the secret in any text."""
    for text in texts:
        found = [piece for piece in PIECES if piece in text]
        figure("texts searched for secured / that hold a piece of it", 1, bool(found))
        assert not found, text


def test_what_shows_an_item(item: NewsItem, figure: Figure) -> None:
    """Items, collections and all that is computed of them show the length at most."""
    news = NewsCollection([item, attrs.evolve(item, title="Another")])  # type: ignore[misc]
    things: list[Any] = [item, item.secured, news, news.describe(), news[:1], news.stories(), news.duplicates()]
    things += [news.group_by("provider"), news.count_by("topic"), news.timeline("day"), news.top(1, by="heat")]
    things += [news.mentions(item.provider.name), news.filter(text="e"), news.save(dry_run=True)]
    for thing in things:
        hidden(shown(thing), figure)
    assert item.secured is not None
    assert str(len(SECRET)) in repr(item.secured)


def wrong_texts() -> list[str]:
    """Make texts whose secret stands where something is wrong: with it, beside it, before and behind."""
    forms = [
        "{}",
        '"{}',
        "'{}",
        "[{}",
        "{{a: {}",
        "!!int {}",
        "&{} x",
        "*{}",
        "{}: {}",
        "|{}\n  x",
        '"\\q{}"',
        "{}\x01",
    ]
    forms += [
        "[{}]",
        "{{{}: {}}}",
        "!{} x",
        "%{}",
        "@{}",
        "!!binary {}",
        '"{}" x',
        "? {}",
        "- {}",
        "{}\n\t{}",
        "\ud800{}",
    ]
    forms += ["{}\n  {}: {}", "&a {}\nsecured: *a", "*a\nodd: &a {}", "{}\nheat: many", "{}\nsecured: {}", "<<: {}"]
    secrets = [f"{HEAD}secured: {form.format(*[SECRET] * 3)}\n---\n\n" for form in forms]
    fences = [f"{HEAD}secured: {SECRET}\n", f"secured: {SECRET}\n---\n", f"---\nsecured: {SECRET}\n---\n"]
    return secrets + fences


def report_of(error: BaseException) -> Iterator[str]:
    """Give all that a program may print, log or hand on of an error."""
    yield from shown(error)
    yield "".join(traceback.format_exception(error))
    yield repr(error.__dict__)
    yield repr((error.__cause__, error.__context__))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.dumps(error, protocol).decode("latin-1")


def texts_with_aliases() -> list[str]:
    """Make texts whose secret comes by merge keys, aliases and both, beside what is right and what is wrong."""
    sources = ["<<: {{secured: {}}}", "<<: [{{a: 1}}, {{secured: {}}}]", "<<:\n  <<:\n    secured: {}", "secured: {}"]
    sources += ["x: &b {{secured: {}}}\n<<: *b", "x: &b {{secured: {}}}\n<<: [*b]", "x: &b [{{secured: {}}}]\n<<: *b"]
    sources += ["<<: &b {{secured: {}}}", "x: &b {{<<: {{secured: {}}}}}\n<<: *b", "x: {{secured: {}}}"]
    sources += ["x: &k secured\n*k : {}", "? secured\n: {}", "!!str secured: {}", "x: &b {{secured: {}}}"]
    sources += ["provider:\n  secured: {}\n  name: z", "images:\n- secured: {}\n  url: z"]
    forms = [SECRET, f"&s {SECRET}", f"[&s {SECRET}]", f"{{{SECRET}: &s 1}}", f"{{{SECRET}: 1, {SECRET}: 2}}"]
    forms += [f"&s {{{SECRET}: !!int q}}", f"!!int {SECRET}", f"!!binary {SECRET}", f"!!str &s {SECRET}"]
    uses = ["", "note: *s", "heat: *s", "topics: [*s]", "*s : 1", "note: *b", "heat: *b", "images: [*b]", "heat: many"]
    made = [(source.format(form), use) for source in sources for form in forms for use in uses]
    made += [(f"x: &s {SECRET}\n{source.format('*s')}", "") for source in sources]
    return [f"{HEAD}{source}\n{use}\n---\n\n" for source, use in made]


def test_texts_with_aliases(figure: Figure) -> None:
    """A secret that comes by a merge key or an alias is in no error, and in nothing that an item shows."""
    outcomes: set[type] = set()
    for text in texts_with_aliases():
        try:
            item = newsitem.loads(text)
        except newsitem.NewsItemError as error:
            outcomes.add(type(error))
            hidden(report_of(error), figure)
        else:
            outcomes.add(NewsItem)
            hidden(shown(item), figure)
            hidden(shown(NewsCollection([item]).describe()), figure)
    assert outcomes == {NewsItem, newsitem.ParseError, newsitem.ValidationError}


def test_a_notebook_hides_what_is_named_secured(item: NewsItem, figure: Figure) -> None:
    """What a key of this name holds inside an unknown key is not shown, also in data that contains itself."""
    data: dict[str, Any] = {"secured": [SECRET], "price": "Free", "in": [{"secured": {SECRET: 1}}, {"levels": "many"}]}
    data["itself"] = data["in"][0]["list"] = data["in"]
    item.extras["odd"] = data
    item.provider.extras["odd"] = [data, data]
    card = item._repr_html_()
    hidden([card], figure)
    assert [each for each in ("Free", "many", "(not shown)", "…") if each not in card] == []


def test_streams_that_cannot_encode(item: NewsItem, tmp_path: Path, figure: Figure) -> None:
    """Where the encoding of a stream lacks a character, the error says where, and has nothing of the text in it."""
    item.title = "Caf\u00e9"
    line = newsitem.dumps(item).split("\n").index('title: "Caf\u00e9"') + 1
    with (tmp_path / "out.md").open("w", encoding="ascii") as file:
        streams: list[Any] = [file, io.TextIOWrapper(io.BytesIO(), "cp1251"), codecs.getwriter("ascii")(io.BytesIO())]
        for stream in streams:
            with pytest.raises(
                newsitem.ValidationError, match=rf"{line}:12: the encoding .* cannot represent"
            ) as caught:
                newsitem.dump(item, stream)
            hidden(report_of(caught.value), figure)
            assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert (tmp_path / "out.md").read_bytes() == b""


def test_errors_of_writing_bring_no_others(figure: Figure) -> None:
    """What keeps an item from being written has no error of another library attached, which some tools pass on."""
    item = newsitem.loads(f"{HEAD}odd: {'[' * 25}{']' * 25}\nsecured: {SECRET}\n---\n")
    item.extras["odd"] = 1
    with newsitem.limits(depth=30), pytest.raises(newsitem.ValidationError) as caught:
        newsitem.dumps(item)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    hidden(report_of(caught.value), figure)


@pytest.mark.parametrize("text", wrong_texts())
def test_errors_of_texts(text: str, tmp_path: Path, figure: Figure) -> None:
    """However a text with a secret is broken, its error shows nothing of it, nor does the collection's."""
    with contextlib.suppress(UnicodeEncodeError):
        (tmp_path / "1.md").write_bytes(text.encode())
        hidden(shown(NewsCollection.read(tmp_path, on_error="collect").errors), figure)
    try:
        hidden(shown(newsitem.loads(text)), figure)
    except newsitem.NewsItemError as error:
        hidden(report_of(error), figure)


def edits_that_are_refused(item: NewsItem) -> list[Callable[[], object]]:
    """Give what an error could show the item, or the secret, of."""
    assert item.path is not None
    data = newsitem.to_dict(item)
    return [
        lambda: setattr(item, "secured", SECRET),
        lambda: setattr(item, "secured", SECRET.encode()),
        lambda: setattr(item, "secured", [SECRET]),
        lambda: setattr(item, "title", item.secured),
        lambda: setattr(item, "heat", item.secured),
        lambda: setattr(item, "heat", item),
        lambda: setattr(item, "extras", {"a": item.secured}),
        lambda: setattr(item, "extras", {"secured": SECRET}),
        lambda: setattr(item, "topics", [item.secured]),
        lambda: newsitem.Secured(SECRET.encode()),  # type: ignore[arg-type]
        lambda: newsitem.from_dict({**data, "heat": "many"}),
        lambda: newsitem.from_dict({**data, "secured": {SECRET: 1}}),
        lambda: newsitem.from_json(newsitem.to_json(item)[:-5]),
        lambda: newsitem.loads(item),  # type: ignore[arg-type]
        lambda: newsitem.dump(attrs.evolve(item, path=None)),  # type: ignore[misc]
        lambda: newsitem.dumps(attrs.evolve(item, tags=[item.secured])),  # type: ignore[misc]
    ]


@pytest.mark.parametrize("number", range(16))
def test_errors_of_edits(item: NewsItem, number: int, figure: Figure) -> None:
    """However an item with a secret is handled wrongly, the error shows nothing of it."""
    with pytest.raises((newsitem.NewsItemError, TypeError, ValueError)) as caught:
        edits_that_are_refused(item)[number]()
    hidden(report_of(caught.value), figure)


def test_conflicts(item: NewsItem, figure: Figure) -> None:
    """A conflict, raised or reported, shows nothing of either version."""
    assert item.path is not None
    item.heat = 7
    item.path.write_bytes(item.path.read_bytes() + b"x")
    with pytest.raises(newsitem.ConflictError) as caught:
        newsitem.dump(item)
    hidden(report_of(caught.value), figure)
    report = NewsCollection([item]).save()
    assert report.conflicts
    hidden(shown(report), figure)
    hidden([pickle.dumps(report.conflicts).decode("latin-1")], figure)


def test_logs_and_progress(
    item: NewsItem, figure: Figure, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing is logged, warned of or printed with the secret, by a bar of progress neither."""
    assert item.path is not None
    told: list[object] = []
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        news = NewsCollection.read(item.path.parent, progress=True)
        NewsCollection.read(item.path.parent, progress=lambda *state: told.append(state))
        news[0].heat = 7
        news.save(progress=True)
    printed = capfd.readouterr()
    assert told
    hidden([caplog.text, repr(warned), printed.out, printed.err, repr(told)], figure)


def test_what_gives_the_secret(item: NewsItem) -> None:
    """What is asked for the text gives it: the attribute, the data, the text of the file."""
    assert item.secured is not None
    assert item.secured.text == SECRET
    for text in (newsitem.dumps(item), newsitem.to_json(item), repr(newsitem.to_dict(item))):
        assert SECRET in text
