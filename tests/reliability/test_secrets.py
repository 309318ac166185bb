"""The text of ``secured`` does not appear in anything that is displayed, logged or passed on implicitly."""

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
    """Return an item with a secret, which is stored in a file."""
    path = tmp_path / "item.md"
    secret = newsitem.loads(TEXT)
    secret.secured = newsitem.Secured(SECRET)
    newsitem.dump(secret, path)
    return newsitem.load(path)


def views(value: object) -> Iterator[str]:
    """Yield all texts that display a value to a user, in a log or in a notebook."""
    yield from (repr(value), str(value), f"{value}", f"{value!a}", "%s %r" % (value, value))  # noqa: UP031
    yield from (repr([value]), str({"value": value}), repr((value,)))
    with contextlib.suppress(AttributeError):
        yield value._repr_html_()  # type: ignore[attr-defined]
    with contextlib.suppress(AttributeError):
        yield repr(value._repr_mimebundle_())  # type: ignore[attr-defined]


def check_hidden(texts: Iterator[str] | list[str], figure: Figure) -> None:
    """Check that no text contains a piece of the secret."""
    for text in texts:
        found = [piece for piece in PIECES if piece in text]
        figure("outputs searched for the text of `secured` / outputs that contain part of it", 1, bool(found))
        assert not found, text


def test_views_of_items(item: NewsItem, figure: Figure) -> None:
    """Items, collections and results computed from them display at most the length of the secret."""
    news = NewsCollection([item, attrs.evolve(item, title="Another")])  # type: ignore[misc]
    values: list[Any] = [item, item.secured, news, news.describe(), news[:1], news.stories(), news.duplicates()]
    values += [news.group_by("provider"), news.count_by("topic"), news.timeline("day"), news.top(1, by="heat")]
    values += [news.mentions(item.provider.name), news.filter(text="e"), news.save(dry_run=True)]
    for value in values:
        check_hidden(views(value), figure)
    assert item.secured is not None
    assert str(len(SECRET)) in repr(item.secured)


def wrong_texts() -> list[str]:
    """Return invalid texts, with the error at, before or after the secret."""
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


def views_of_error(error: BaseException) -> Iterator[str]:
    """Yield all texts in which a program may print, log or pass on an error."""
    yield from views(error)
    yield "".join(traceback.format_exception(error))
    yield repr(error.__dict__)
    yield repr((error.__cause__, error.__context__))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.dumps(error, protocol).decode("latin-1")


def texts_with_aliases() -> list[str]:
    """Return valid and invalid texts whose secret comes from a merge key, an alias or both."""
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
    """A secret that comes from a merge key or an alias appears neither in errors nor in views of items."""
    outcomes: set[type] = set()
    for text in texts_with_aliases():
        try:
            item = newsitem.loads(text)
        except newsitem.NewsItemError as error:
            outcomes.add(type(error))
            check_hidden(views_of_error(error), figure)
        else:
            outcomes.add(NewsItem)
            check_hidden(views(item), figure)
            check_hidden(views(NewsCollection([item]).describe()), figure)
    assert outcomes == {NewsItem, newsitem.ParseError, newsitem.ValidationError}


def test_notebooks_hide_nested_secrets(item: NewsItem, figure: Figure) -> None:
    """Notebook views hide the value of a key ``secured`` inside unknown keys, even in recursive data."""
    data: dict[str, Any] = {"secured": [SECRET], "price": "Free", "in": [{"secured": {SECRET: 1}}, {"levels": "many"}]}
    data["itself"] = data["in"][0]["list"] = data["in"]
    item.extras["odd"] = data
    item.provider.extras["odd"] = [data, data]
    card = item._repr_html_()
    check_hidden([card], figure)
    assert [word for word in ("Free", "many", "(not shown)", "…") if word not in card] == []


def test_streams_that_cannot_encode(item: NewsItem, tmp_path: Path, figure: Figure) -> None:
    """If a stream cannot encode a character, the error names its position and contains no piece of the secret."""
    item.title = "Caf\u00e9"
    line = newsitem.dumps(item).split("\n").index('title: "Caf\u00e9"') + 1
    with (tmp_path / "out.md").open("w", encoding="ascii") as file:
        streams: list[Any] = [file, io.TextIOWrapper(io.BytesIO(), "cp1251"), codecs.getwriter("ascii")(io.BytesIO())]
        for stream in streams:
            with pytest.raises(
                newsitem.ValidationError, match=rf"{line}:12: the encoding of the stream is .* other bytes"
            ) as caught:
                newsitem.dump(item, stream)
            check_hidden(views_of_error(caught.value), figure)
            assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert (tmp_path / "out.md").read_bytes() == b""


def test_errors_of_writing_have_no_cause(figure: Figure) -> None:
    """An error of writing has no attached exception of another library, which some tools would log."""
    item = newsitem.loads(f"{HEAD}odd: {'[' * 25}{']' * 25}\nsecured: {SECRET}\n---\n")
    item.extras["odd"] = 1
    with newsitem.limits(depth=30), pytest.raises(newsitem.ValidationError) as caught:
        newsitem.dumps(item)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    check_hidden(views_of_error(caught.value), figure)


@pytest.mark.parametrize("text", wrong_texts())
def test_errors_of_texts(text: str, tmp_path: Path, figure: Figure) -> None:
    """The error for an invalid text contains no piece of the secret, whether it is raised or collected."""
    with contextlib.suppress(UnicodeEncodeError):
        (tmp_path / "1.md").write_bytes(text.encode())
        check_hidden(views(NewsCollection.read(tmp_path, on_error="collect").errors), figure)
    try:
        check_hidden(views(newsitem.loads(text)), figure)
    except newsitem.NewsItemError as error:
        check_hidden(views_of_error(error), figure)


def refused_calls(item: NewsItem) -> list[Callable[[], object]]:
    """Return calls that are refused, with an error that could contain the item or the secret."""
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
def test_errors_of_calls(item: NewsItem, number: int, figure: Figure) -> None:
    """The error for a wrong call with an item contains no piece of the secret."""
    with pytest.raises((newsitem.NewsItemError, TypeError, ValueError)) as caught:
        refused_calls(item)[number]()
    check_hidden(views_of_error(caught.value), figure)


def test_conflicts(item: NewsItem, figure: Figure) -> None:
    """A conflict, whether raised or reported, contains no piece of the secret."""
    assert item.path is not None
    item.heat = 7
    item.path.write_bytes(item.path.read_bytes() + b"x")
    with pytest.raises(newsitem.ConflictError) as caught:
        newsitem.dump(item)
    check_hidden(views_of_error(caught.value), figure)
    report = NewsCollection([item]).save()
    assert report.conflicts
    check_hidden(views(report), figure)
    check_hidden([pickle.dumps(report.conflicts).decode("latin-1")], figure)


def test_logs_and_progress(
    item: NewsItem, figure: Figure, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Logs, warnings, output and progress bars contain no piece of the secret."""
    assert item.path is not None
    reported: list[object] = []
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        news = NewsCollection.read(item.path.parent, progress=True)
        NewsCollection.read(item.path.parent, progress=lambda *state: reported.append(state))
        news[0].heat = 7
        news.save(progress=True)
    printed = capfd.readouterr()
    assert reported
    check_hidden([caplog.text, repr(warned), printed.out, printed.err, repr(reported)], figure)


def test_explicit_access_to_the_secret(item: NewsItem) -> None:
    """The attribute, the data, JSON and the text of the file contain the secret."""
    assert item.secured is not None
    assert item.secured.text == SECRET
    for text in (newsitem.dumps(item), newsitem.to_json(item), repr(newsitem.to_dict(item))):
        assert SECRET in text
