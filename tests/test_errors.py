"""What is refused, where a message points, and what it never shows."""

from __future__ import annotations

import copy
import io
import json
import pickle
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

import newsitem
from newsitem import (
    ConflictError,
    Image,
    LimitError,
    NewsItem,
    NewsItemError,
    ParseError,
    Problem,
    Provider,
    RelatedItem,
    Secured,
    ValidationError,
)

INVALID: Final = Path(__file__).parent / "data" / "invalid"
CASES: Final = sorted(path.stem for path in INVALID.glob("*.md"))
CLASSES: Final[dict[str, type[NewsItemError]]] = {
    cls.__name__: cls for cls in (LimitError, ParseError, ValidationError)
}
# line:column: field: message - a field has no blanks, and a message without a field has one before its first ': '.
PROBLEM: Final = re.compile(r"(?P<line>\d+):(?P<column>\d+): (?:(?P<field>\S+): )?(?P<message>.+)")
NOON: Final = datetime(2020, 6, 24, 12, tzinfo=UTC)
NAIVE: Final = NOON.replace(tzinfo=None)

# Texts that a message must not show, and how many of their characters in a row are too many. The letters of
# the second stand in no message, so that even one of them would be seen.
SECRETS: Final = (("QzWvXkJqGbYtZxWq", 3), ("ЖЩЫЭЮЯФЪ", 1))

ITEM: Final = """\
---
title: "Orchard robot picks its first ton"
publishedDateTime: 2020-06-24T22:10:00Z
provider:
  name: Orchard Weekly
{}
heat: 114
---

"""


def data_of(case: str) -> bytes:
    return (INVALID / f"{case}.md").read_bytes()


def expected(case: str, path: str | None) -> tuple[type[NewsItemError], tuple[Problem, ...]]:
    """Read the class and the problems that are written down beside a case."""
    name, *lines = (INVALID / f"{case}.txt").read_bytes().decode().removesuffix("\n").split("\n")
    return CLASSES[name], tuple(expected_problem(line, path) for line in lines)


def expected_problem(line: str, path: str | None) -> Problem:
    match = PROBLEM.fullmatch(line)
    assert match is not None, line
    place = {"line": int(match["line"]), "column": int(match["column"])}
    return Problem(match["message"], field=match["field"], path=path, **place)


def refusal(read: Callable[[], object]) -> NewsItemError:
    """Give the error with which *read* refuses."""
    with pytest.raises(NewsItemError) as caught:
        read()
    return caught.value


def shown_chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and all that a traceback shows with it."""
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def all_shown(error: NewsItemError) -> str:
    """Give everything that a log, a console or another process may get to see of an error."""
    texts = [str(error), repr(error), error._repr_html_(), repr(error.args), *traceback.format_exception(error)]
    texts += [text for problem in error.problems for text in (str(problem), repr(problem))]
    texts += [pickle.dumps(error, protocol).decode("utf-8", "replace") for protocol in (2, pickle.HIGHEST_PROTOCOL)]
    return "\n".join(texts)


def assert_hidden(secret: str, length: int, shown: str) -> None:
    found = [part for i in range(len(secret) - length + 1) if (part := secret[i : i + length]) in shown]
    assert not found


def fields(error: NewsItemError) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.message) for problem in error.problems]


def item(**values: Any) -> NewsItem:
    """Make a valid item, or one with other *values*."""
    default: dict[str, Any] = {
        "title": "Ten arms",
        "published_date_time": NOON,
        "provider": Provider(name="Hay Herald"),
    }
    return NewsItem(**default | values)


# Files that are refused


def test_every_invalid_file_has_its_expectation() -> None:
    """Each file in the directory of invalid files has the list of its problems beside it, and the other way round."""
    assert {path.stem for path in INVALID.glob("*.txt")} == set(CASES)
    assert len(CASES) > 100


@pytest.mark.parametrize("case", CASES)
def test_class_and_problems(case: str) -> None:
    """A bad file is refused with every problem it has, in its order, each with line, column, field and message."""
    cls, problems = expected(case, f"{case}.md")
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    assert error.problems == problems
    assert type(error) is cls


@pytest.mark.parametrize("case", CASES)
def test_text(case: str) -> None:
    """The text of an error is its problem, or a count and a line each, as path:line:column: field: message."""
    lines = (INVALID / f"{case}.txt").read_bytes().decode().removesuffix("\n").split("\n")[1:]
    lines = [f"{case}.md:{line}" for line in lines]
    text = lines[0] if len(lines) == 1 else "\n  ".join([f"{len(lines)} problems:", *lines])
    assert str(refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))) == text


@pytest.mark.parametrize("case", CASES)
def test_text_is_printable(case: str) -> None:
    """The text of an error can be printed as UTF-8, has a line a problem, and no character that steers a terminal."""
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    lines = str(error).split("\n")
    assert len(lines) == (1 if len(error.problems) == 1 else 1 + len(error.problems))
    assert all(line.isprintable() for line in lines)
    assert str(error).encode()


@pytest.mark.parametrize("case", CASES)
def test_load_from_a_path(case: str, tmp_path: Path) -> None:
    """`load` refuses a file as `loads` refuses its bytes, and names the path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    error = refusal(lambda: newsitem.load(path))
    named = refusal(lambda: newsitem.loads(data_of(case), name=str(path)))
    assert type(error) is type(named)
    assert error.problems == named.problems
    assert str(error) == str(named)
    assert error.path == str(path)


@pytest.mark.parametrize("case", CASES)
def test_load_from_an_open_file(case: str, tmp_path: Path) -> None:
    """An open binary file is refused as its path is, and a nameless stream without a path."""
    path = tmp_path / f"{case}.md"
    path.write_bytes(data_of(case))
    with path.open("rb") as file:
        error = refusal(lambda: newsitem.load(file))
    assert error.problems == refusal(lambda: newsitem.load(path)).problems
    nameless = refusal(lambda: newsitem.load(io.BytesIO(data_of(case))))
    assert nameless.problems == refusal(lambda: newsitem.loads(data_of(case))).problems
    assert nameless.path is None


@pytest.mark.parametrize("case", CASES)
def test_text_is_refused_as_bytes_are(case: str) -> None:
    """A text is refused with the same class and problems as its UTF-8 bytes."""
    data = data_of(case)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        pytest.skip("only bytes can be what is no UTF-8")
    error, same = refusal(lambda: newsitem.loads(text)), refusal(lambda: newsitem.loads(data))
    assert type(error) is type(same)
    assert error.problems == same.problems


@pytest.mark.parametrize("case", CASES)
def test_positions_are_inside_the_file(case: str) -> None:
    """Line and column of every problem stand in the file, and never go back."""
    text = data_of(case).decode("utf-8", "replace").removeprefix("\ufeff")
    lines = text.split("\n")
    places = []
    for problem in refusal(lambda: newsitem.loads(data_of(case))).problems:
        assert problem.line is not None
        assert problem.column is not None
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        places.append((problem.line, problem.column))
    assert places == sorted(places)


@pytest.mark.parametrize("case", CASES)
def test_pickle_and_copy(case: str) -> None:
    """An error goes through pickle (every protocol) and copy as it is: class, problems, text."""
    error = refusal(lambda: newsitem.loads(data_of(case), name=f"{case}.md"))
    again = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for same in [*again, copy.copy(error), copy.deepcopy(error)]:
        assert type(same) is type(error)
        assert same.problems == error.problems
        assert str(same) == str(error)
        assert same.path == error.path


@pytest.mark.parametrize("case", CASES)
def test_no_other_exception_is_shown(case: str, tmp_path: Path) -> None:
    """An error of a file comes alone: no exception of a dependency is its cause or context."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of(case))
    for read in (lambda: newsitem.loads(data_of(case)), lambda: newsitem.load(path)):
        error = refusal(read)
        assert list(shown_chain(error)) == [error]
        assert (error.__cause__, error.__context__) == (None, None)


# The exception tree


@pytest.mark.parametrize("cls", [ParseError, ValidationError])
def test_errors_of_data_are_value_errors(cls: type[NewsItemError]) -> None:
    """Errors about what was given are `NewsItemError` and `ValueError`."""
    assert issubclass(cls, NewsItemError)
    assert issubclass(cls, ValueError)


def test_conflict_is_no_value_error() -> None:
    """A conflict says nothing about a value: it is a `NewsItemError`, not a `ValueError`."""
    assert issubclass(ConflictError, NewsItemError)
    assert not issubclass(ConflictError, ValueError)
    assert not issubclass(NewsItemError, ValueError)


@pytest.mark.parametrize("cls", [NewsItemError, ParseError, LimitError, ValidationError, ConflictError])
def test_every_error_can_be_pickled(cls: type[NewsItemError]) -> None:
    """Each class of the tree keeps problems, path and text in a pickle, and in a copy for another file."""
    error = cls(Problem(text, path="a.md", line=2) for text in ("is odd", "is even"))
    same = pickle.loads(pickle.dumps(error))
    assert type(same) is cls
    assert (same.problems, same.path, str(same)) == (error.problems, "a.md", str(error))
    moved = error.in_file("b.md")
    assert type(moved) is cls
    assert str(moved) == "2 problems:\n  b.md:2: is odd\n  b.md:2: is even"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("is odd"), "is odd"),
        (Problem("is odd", field="heat"), "heat: is odd"),
        (Problem("is odd", line=3, column=7), "3:7: is odd"),
        (Problem("is odd", path="a.md"), "a.md: is odd"),
        (Problem("is odd", path="a.md", line=3), "a.md:3: is odd"),
        (Problem("is odd", path="a.md", line=3, column=7, field="heat"), "a.md:3:7: heat: is odd"),
    ],
)
def test_text_of_a_problem(problem: Problem, text: str) -> None:
    """The text of a problem leaves out what is not known."""
    assert str(problem) == text


# What is never shown


def with_line(data: bytes, line: str, *, last: bool) -> bytes:
    """Put a line into a file: behind the first one, or before the last fence."""
    lines = data.splitlines(keepends=True)
    fences = [index for index, each in enumerate(lines) if each.rstrip() == b"---" and index]
    at = (fences[-1] if fences else len(lines)) if last else 1
    return b"".join([*lines[:at], line.encode() + b"\n", *lines[at:]])


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_secured_beside_other_problems(case: str, last: bool, secret: str, length: int) -> None:
    """Whatever else is wrong with a file, its error does not show the text of `secured`."""
    data = with_line(data_of(case), f'secured: "{secret}"', last=last)
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.loads(data, name="item.md"))))


REFUSED_SECURED: Final = (
    'secured: "SECRET\\qSECRET"',
    'secured: "SECRET\\uSECRET"',
    'secured: "\\SECRET"',
    'secured: "SECRET',
    "secured: 'SECRET",
    'secured: SECRET"\nexcerpt: "SECRET: "SECRET',
    'secured: "SECRET"SECRET',
    'secured: "SECRET" SECRET',
    "secured: 'SECRET'SECRET'",
    "secured: *SECRET",
    "secured: *SECRET;SECRET",
    "secured: * SECRET",
    "secured: & SECRET",
    "secured: &SECRET SECRET: SECRET",
    "secured: !SECRET!SECRET",
    "secured: !<SECRET",
    "secured: !SECRET%SECRET SECRET",
    'secured: !!int "SECRET"',
    "secured: !!float SECRET",
    "secured: !!binary SECRET",
    'secured: "SECRET\tSECRET',
    "secured:\n\tSECRET",
    "secured:\n\tSECRET: SECRET",
    "secured: |SECRET",
    "secured: >SECRET",
    "secured: | SECRET",
    "secured: @SECRET",
    "secured: `SECRET",
    "secured: %SECRET",
    "secured: ? SECRET",
    "secured: - SECRET",
    "secured: ,SECRET",
    "secured: ]SECRET",
    "secured: SECRET: SECRET",
    "secured:\nSECRET",
    "secured: SECRET\nSECRET",
    "secured: [SECRET",
    "secured: [SECRET, SECRET]",
    "secured: {SECRET: SECRET",
    "secured: {SECRET: SECRET}",
    "secured: {SECRET: 1, SECRET: 2}",
    "secured:\n  SECRET:\n    SECRET: 1\n    SECRET: 2",
    "secured:\n  - SECRET: 1\n    SECRET: 2",
    "secured:\n  - !!int SECRET",
    "secured:\n  <<: SECRET",
    "secured: {[SECRET]: SECRET}",
    "<<: {secured: [SECRET]}",
    "<<: {secured: {SECRET: 1, SECRET: 2}}",
    'secured: "SECRET"\nsecured: "SECRET"',
    'secured: "SECRET"\n"secured": [SECRET]',
    'secured: "SECRET\\ud800SECRET"',
    'secured: "SECRET\x97SECRET"',
    'secured: &text "SECRET"\nquality: *text',
    'secured: &text "SECRET"\npublished: *text',
    'secured: &text "SECRET"\nimages:\n  - *text',
    'secured: &text "SECRET"\nrelated:\n  - title: "Ten arms"\n    publishedDateTime: *text',
)

TAKEN_SECURED: Final = (
    'secured: "SECRET"',
    "secured: SECRET",
    "secured: 'SECRET'",
    "secured: &text SECRET",
    "secured: !text SECRET",
    "secured: |\n  SECRET",
    'secured: "SECRET\n  SECRET"',
    'secured: "SECRET"  # not to be shown',
)


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("form", REFUSED_SECURED)
def test_secured_in_broken_forms(form: str, secret: str, length: int) -> None:
    """Where `secured` itself is what is wrong, the error says so without one piece of its text."""
    text = ITEM.format(form.replace("SECRET", secret))
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.loads(text, name="item.md"))))


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("form", TAKEN_SECURED)
def test_secured_that_is_taken(form: str, secret: str, length: int) -> None:
    """An item shows the length of `secured` at most, and so does the error of an edit."""
    loaded = newsitem.loads(ITEM.format(form.replace("SECRET", secret)))
    assert loaded.secured is not None
    assert secret in loaded.secured.text
    assert_hidden(secret, length, f"{loaded!r} {loaded} {loaded.secured!r} {loaded.secured}")
    for attribute in ("title", "heat", "topics", "provider", "extras"):
        error = refusal(partial(setattr, loaded, attribute, loaded.secured))
        assert_hidden(secret, length, all_shown(error))
    loaded.topics.append(loaded.secured)  # type: ignore[arg-type]
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.dumps(loaded))))


@pytest.mark.parametrize(("secret", "length"), SECRETS)
def test_secured_from_python(secret: str, length: int) -> None:
    """`secured` that Python hands in wrongly is refused without showing it."""
    wrong: list[Any] = [secret, secret.encode(), [secret], {secret: 1}, {secret}]
    data = {"title": "Ten arms", "publishedDateTime": NOON, "provider": {"name": "Hay Herald"}}
    bad_data: list[Any] = [*wrong[1:], [{secret: {secret: object()}}], secret + "\ud800"]
    valid = item()
    reads: list[Callable[[], object]] = [partial(item, secured=value) for value in wrong]
    reads += [partial(setattr, valid, "secured", value) for value in wrong]
    reads += [partial(Secured, value) for value in [*wrong[1:], secret + "\ud800"]]
    reads += [partial(newsitem.from_dict, data | {"secured": value}) for value in bad_data]
    reads.append(lambda: newsitem.from_json(json.dumps({"secured": [secret]}, ensure_ascii=False)))
    reads.append(lambda: newsitem.from_json(f'{{"secured": "{secret}'))
    reads.append(lambda: newsitem.from_json(f'{{"secured": {{"{secret}": 1, "{secret}": 2}}}}'))
    for read in reads:
        assert_hidden(secret, length, all_shown(refusal(read)))


# Values set from Python


def image() -> Image:
    return Image(url="https://img.hay-herald.example/1.jpg")


def provider() -> Provider:
    return Provider(name="Hay Herald")


def related() -> RelatedItem:
    return RelatedItem(title="Ten arms")


Maker = Callable[[], Any]
PLAIN_DATA: Final = "must be text, a number, a boolean, a date, None, a list or a dict, not a value of type "
SURROGATE: Final = "contains a lone surrogate (U+D800, character 2), which UTF-8 cannot encode"
WRONG_VALUES: Final[tuple[tuple[Maker, str, Any, str, str], ...]] = (
    (item, "title", None, "title", "must be text, not null"),
    (item, "title", 5, "title", "must be text, not the integer 5"),
    (item, "title", b"Ten arms", "title", "must be text, not a value of type bytes"),
    (item, "title", "a\ud800", "title", SURROGATE),
    (item, "category", 1.5, "category", "must be text, not the number 1.5"),
    (item, "published_date_time", None, "publishedDateTime", "must be a datetime with a time zone, not null"),
    (
        item,
        "published_date_time",
        "2020-06-24T22:10:00Z",
        "publishedDateTime",
        "must be a datetime with a time zone, not the text '2020-06-24T22:10:00Z'",
    ),
    (
        item,
        "published_date_time",
        date(2020, 6, 24),
        "publishedDateTime",
        "must be a datetime with a time zone, not the date 2020-06-24",
    ),
    (
        item,
        "published_date_time",
        NAIVE,
        "publishedDateTime",
        "must have a time zone: add tzinfo=datetime.timezone.utc",
    ),
    (item, "original_url", 5, "originalUrl", "must be text, not the integer 5"),
    (item, "web_url", 5, "webUrl", "must be text, not the integer 5"),
    (item, "amp_web_url", 5, "ampWebUrl", "must be text, not the integer 5"),
    (item, "cdn_amp_web_url", 5, "cdnAmpWebUrl", "must be text, not the integer 5"),
    (item, "featured_content", True, "featuredContent", "must be text, not the boolean true"),
    (item, "heat", "114", "heat", "must be an integer, not the text '114'"),
    (item, "heat", 1.0, "heat", "must be an integer, not the number 1.0: use int(value)"),
    (item, "heat", True, "heat", "must be an integer, not the boolean true"),
    (item, "heat", 2**63, "heat", "must be an integer of at most 64 bits"),
    (item, "quality", -(2**63) - 1, "quality", "must be an integer of at most 64 bits"),
    (item, "published", 1, "published", "must be true or false, not the integer 1"),
    (item, "removed", "yes", "removed", "must be true or false, not the text 'yes'"),
    (item, "provider", None, "provider", "must be newsitem.Provider, not null"),
    (item, "provider", {"name": "Hay Herald"}, "provider", "must be newsitem.Provider, not a mapping"),
    (item, "topics", None, "topics", "must be a list, not null"),
    (item, "topics", "AI", "topics", "must be a list, not the text 'AI'"),
    (item, "topics", ("AI",), "topics", "must be a list, not a value of type tuple: use list(value)"),
    (item, "tags", ["a", None], "tags[1]", "must be text, not null"),
    (item, "images", [{"url": "u"}], "images[0]", "must be newsitem.Image, not a mapping"),
    (item, "related", ["u"], "related[0]", "must be newsitem.RelatedItem, not the text 'u'"),
    (item, "secured", "bm8=", "secured", "must be wrapped: use newsitem.Secured(text)"),
    (item, "secured", 271828, "secured", "must be newsitem.Secured, not a value of type integer"),
    (item, "extras", None, "extras", "must be a dict, not null"),
    (item, "extras", {"heat": 5}, "extras.heat", "is a key of the model: set the attribute heat"),
    (item, "extras", {"webUrl": "u"}, "extras.webUrl", "is a key of the model: set the attribute web_url"),
    (item, "extras", {5: 1}, "extras", "a key must be text, not the integer 5"),
    (item, "extras", {"a": [1, {"b": {2}}]}, "extras.a[1].b", PLAIN_DATA + "set: use list(value)"),
    (item, "extras", {"a": NAIVE}, "extras.a", "must have a time zone: add tzinfo=datetime.timezone.utc"),
    (
        item,
        "extras",
        {"k" * 999: 1},
        "extras." + "k" * 58 + "…",
        "a key must have at most 1000 characters as written",
    ),
    (item, "body", None, "body", "must be text, not null"),
    (item, "body", "a\ud800", "body", SURROGATE),
    (related, "title", None, "title", "must be text, not null"),
    (
        related,
        "published_date_time",
        NAIVE,
        "publishedDateTime",
        "must have a time zone: add tzinfo=datetime.timezone.utc",
    ),
    (related, "cdn_amp_web_url", 5, "cdnAmpWebUrl", "must be text, not the integer 5"),
    (related, "provider", "Hay Herald", "provider", "must be newsitem.Provider, not the text 'Hay Herald'"),
    (related, "extras", {"quality": 1}, "extras.quality", "is a key of the model: set the attribute quality"),
    (provider, "name", None, "name", "must be text, not null"),
    (provider, "domain", 5, "domain", "must be text, not the integer 5"),
    (provider, "images", [image(), None], "images[1]", "must be newsitem.Image, not null"),
    (image, "url", None, "url", "must be text, not null"),
    (image, "width", "300", "width", "must be an integer, not the text '300'"),
    (image, "is_cached", 0, "isCached", "must be true or false, not the integer 0"),
    (image, "extras", {"x": object()}, "extras.x", PLAIN_DATA + "object"),
)


@pytest.mark.parametrize(("make", "attribute", "value", "field", "message"), WRONG_VALUES)
def test_wrong_value_on_set(make: Maker, attribute: str, value: Any, field: str, message: str) -> None:
    """Setting an attribute to a wrong value is refused under the file's own key, and changes nothing."""
    thing = make()
    error = refusal(lambda: setattr(thing, attribute, value))
    assert type(error) is ValidationError
    assert error.problems == (Problem(message, field=field),)
    assert thing == make()


@pytest.mark.parametrize(("make", "attribute", "value", "field", "message"), WRONG_VALUES)
def test_wrong_value_on_init(make: Maker, attribute: str, value: Any, field: str, message: str) -> None:
    """Making an object with a wrong value is refused as setting it is; `attrs.evolve` likewise."""
    thing = make()
    given = {each.name: getattr(thing, each.name) for each in attrs.fields(type(thing)) if each.name != "path"}
    for make_other in (
        lambda: type(thing)(**given | {attribute: value}),
        lambda: attrs.evolve(thing, **{attribute: value}),
    ):
        error = refusal(make_other)
        assert type(error) is ValidationError
        assert error.problems == (Problem(message, field=field),)


def test_all_problems_of_one_init() -> None:
    """One error lists all that is wrong with a new object, in the publisher's order, then extras and body."""
    wrong: dict[str, Any] = {
        "body": None,
        "extras": {"x": object(), "title": "again"},
        "secured": "bm8=",
        "images": [image(), 5],
        "topics": ["AI", 5, None],
        "provider": "Hay Herald",
        "published": "yes",
        "heat": "114",
        "published_date_time": NAIVE,
        "title": None,
        "category": 5,
    }
    error = refusal(lambda: NewsItem(**wrong))
    assert [problem.field for problem in error.problems] == [
        "category",
        "title",
        "publishedDateTime",
        "heat",
        "published",
        "provider",
        "topics[1]",
        "topics[2]",
        "images[1]",
        "secured",
        "extras.title",
        "extras.x",
        "body",
    ]
    assert str(error).startswith("13 problems:\n  category: must be text, not the integer 5\n  title: ")
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert list(shown_chain(error)) == [error]


# Lists and objects that were damaged in place


def damage_topics(thing: NewsItem) -> None:
    thing.topics.append(5)  # type: ignore[arg-type]


def damage_image_extras(thing: NewsItem) -> None:
    thing.images[0].extras["x"] = object()


def damage_logos(thing: NewsItem) -> None:
    thing.provider.images.append("logo.png")  # type: ignore[arg-type]


def damage_related(thing: NewsItem) -> None:
    thing.related[1].images.append(None)  # type: ignore[arg-type]
    thing.related.append({})  # type: ignore[arg-type]


def damage_related_extras(thing: NewsItem) -> None:
    source = thing.related[1].provider
    assert source is not None
    source.extras["authors"] = [{"name": "Ann"}, {"name": {1}}]


def damage_with_a_known_key(thing: NewsItem) -> None:
    thing.extras["heat"] = 5


DAMAGES: Final[tuple[tuple[Callable[[NewsItem], None], list[tuple[str, str]]], ...]] = (
    (damage_topics, [("topics[1]", "must be text, not the integer 5")]),
    (damage_image_extras, [("images[0].extras.x", PLAIN_DATA + "object")]),
    (damage_logos, [("provider.images[0]", "must be newsitem.Image, not the text 'logo.png'")]),
    (
        damage_related,
        [
            ("related[2]", "must be newsitem.RelatedItem, not a mapping"),
            ("related[1].images[0]", "must be newsitem.Image, not null"),
        ],
    ),
    (damage_related_extras, [("related[1].provider.extras.authors[1].name", PLAIN_DATA + "set: use list(value)")]),
    (damage_with_a_known_key, [("extras.heat", "is a key of the model: set the attribute heat")]),
)
WRITERS: Final[tuple[Callable[[NewsItem], object], ...]] = (
    newsitem.dumps,
    newsitem.to_dict,
    newsitem.to_json,
    newsitem.diff,
    lambda thing: newsitem.dump(thing, io.StringIO()),
)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize(("damage", "problems"), DAMAGES)
def test_damage_in_place(
    damage: Callable[[NewsItem], None],
    problems: list[tuple[str, str]],
    read: bool,
    write: Callable[[NewsItem], object],
) -> None:
    """What was put into a list or a dict past the checks is refused with its path before anything is written."""
    thing = item(topics=["AI"], images=[image()], related=[related(), RelatedItem(title="Two", provider=provider())])
    if read:
        thing = newsitem.loads(newsitem.dumps(thing))
    damage(thing)
    error = refusal(lambda: write(thing))
    assert type(error) is ValidationError
    assert fields(error) == problems
    assert all(problem.line is None and problem.column is None for problem in error.problems)


def test_damaged_item_leaves_its_file_alone(tmp_path: Path) -> None:
    """A damaged item is not written: its file stays byte for byte."""
    path = tmp_path / "item.md"
    newsitem.dump(item(topics=["AI"]), path)
    before = path.read_bytes()
    thing = newsitem.load(path)
    damage_topics(thing)
    refusal(lambda: newsitem.dump(thing))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["item.md"]


@pytest.mark.parametrize("levels", range(95, 104))
@pytest.mark.parametrize("deep", [False, True])
def test_depth_is_refused_by_name(levels: int, deep: bool) -> None:
    """Data of any depth is either written or refused with its field: validation and reading have one limit."""
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    extras = {"maze": value}
    try:
        thing = item(related=[RelatedItem(title="Two", extras=extras)]) if deep else item(extras=extras)
        text = newsitem.dumps(thing)
    except ValidationError as error:
        assert "extras.maze" in str(error.problems[0].field)  # noqa: PT017 - either way is right, by the depth
    else:
        assert newsitem.loads(text) == thing


# Plain data and JSON

DATA: Final[dict[str, Any]] = {
    "title": "Ten arms",
    "publishedDateTime": "2020-06-24T22:10:00Z",
    "provider": {"name": "Hay Herald"},
}
MISSING: Final = "required key is missing"
WRONG_DATA: Final[tuple[tuple[dict[str, Any], list[tuple[str, str]]], ...]] = (
    ({"title": None}, [("title", MISSING)]),
    ({"title": 5}, [("title", "must be text, not the integer 5")]),
    ({"title": "a\ud800"}, [("title", SURROGATE)]),
    ({"heat": "114"}, [("heat", "must be an integer, not the text '114'")]),
    ({"heat": 1.5}, [("heat", "must be an integer, not the number 1.5")]),
    ({"heat": True}, [("heat", "must be an integer, not the boolean true")]),
    ({"quality": 2**63}, [("quality", "must be an integer of at most 64 bits")]),
    ({"published": 1}, [("published", "must be true or false, not the integer 1")]),
    ({"provider": {}}, [("provider.name", MISSING)]),
    ({"provider": "Hay Herald"}, [("provider", "must be a mapping, not the text 'Hay Herald'")]),
    ({"topics": "AI"}, [("topics", "must be a list, not the text 'AI'")]),
    (
        {"topics": ["AI", None, 5]},
        [("topics[1]", "must be text, not null"), ("topics[2]", "must be text, not the integer 5")],
    ),
    (
        {"images": [{"url": "u"}, {"width": "300"}, None]},
        [
            ("images[1].url", MISSING),
            ("images[1].width", "must be an integer, not the text '300'"),
            ("images[2]", "must be a mapping, not null"),
        ],
    ),
    (
        {"related": [{"title": "One"}, {"title": "Two", "provider": {"name": 5, "images": [{"url": 5}]}}, {}]},
        [
            ("related[1].provider.name", "must be text, not the integer 5"),
            ("related[1].provider.images[0].url", "must be text, not the integer 5"),
            ("related[2].title", MISSING),
        ],
    ),
    (
        {"related": [{"title": "One", "publishedDateTime": True}], "secured": 271828},
        [("related[0].publishedDateTime", ""), ("secured", "must be text (its value is not shown)")],
    ),
)


@pytest.mark.parametrize(("change", "problems"), WRONG_DATA)
@pytest.mark.parametrize("as_json", [False, True])
def test_wrong_plain_data(change: dict[str, Any], problems: list[tuple[str, str]], as_json: bool) -> None:
    """`from_dict` and `from_json` refuse data with every problem and its field, and have no line to name."""
    data = DATA | {"publishedDateTime": NOON} | change
    if as_json:
        text = json.dumps(DATA | change)
        error = refusal(lambda: newsitem.from_json(text))
    else:
        error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [field for field, _ in fields(error)] == [field for field, _ in problems]
    assert all(found == wanted for (_, found), (_, wanted) in zip(fields(error), problems, strict=True) if wanted)
    assert all((each.line, each.column, each.path) == (None, None, None) for each in error.problems)
    assert list(shown_chain(error)) == [error]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


@pytest.mark.parametrize("change", [{}, {"actions": {"share": {"to": object()}}, "length": [1, {2}]}])
def test_all_problems_of_plain_data(change: dict[str, Any]) -> None:
    """Problems come in the publisher's order, those of unknown keys last, whatever the order of the data."""
    data: dict[str, Any] = {**change, "secured": [1], "topics": 5, "heat": "x", "excerpt": 5, "category": 5}
    error = refusal(lambda: newsitem.from_dict(data))
    known = ["category", "title", "excerpt", "publishedDateTime", "heat", "provider", "topics", "secured"]
    assert [problem.field for problem in error.problems] == known + (
        ["actions.share.to", "length[1]"] if change else []
    )


@pytest.mark.parametrize("data", [None, [], "title", 5, b"{}"])
def test_plain_data_that_is_no_mapping(data: Any) -> None:
    """What is not a dict is refused without a field."""
    error = refusal(lambda: newsitem.from_dict(data))
    assert type(error) is ValidationError
    assert [problem.field for problem in error.problems] == [None]
    assert error.problems[0].message.startswith("must be a mapping, not ")


def test_instants_of_plain_data() -> None:
    """`from_dict` takes aware datetimes, `from_json` text; each says what it wants instead of the other."""
    for wrong in (NAIVE, date(2020, 6, 24), "24 June 2020"):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": wrong}))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]
    for text in ("24 June 2020", "2020-02-30T00:00:00Z", 20200624, None):
        bad = json.dumps(DATA | {"publishedDateTime": text})
        error = refusal(partial(newsitem.from_json, bad))
        assert [problem.field for problem in error.problems] == ["publishedDateTime"]


def test_data_that_holds_itself() -> None:
    """Data without an end, or too deep, is refused with its field, not with a `RecursionError`."""
    endless: list[Any] = []
    endless.append(endless)
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    for value in (endless, deep):
        error = refusal(partial(newsitem.from_dict, DATA | {"publishedDateTime": NOON, "maze": value}))
        assert type(error) is ValidationError
        assert str(error.problems[0].field).startswith("maze")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ('{"title": ', 1, 11),
        ('{\n  "title": "Ten arms",\n  "heat": 1O\n}', 3, 12),
        ("{'title': 5}", 1, 2),
        (b'{"title": "\xff"}', None, None),
        ('{"title": "One", "title": "Two"}', None, None),
        ('{"related": [{"title": "One", "title": "Two"}]}', None, None),
        ("[" * 100_000, None, None),
        ('{"heat": ' + "1" * 10_000 + "}", None, None),
    ],
)
def test_text_that_is_no_json(text: str | bytes, line: int | None, column: int | None) -> None:
    """Text that is not JSON, or JSON that says a key twice, is a `ParseError` with its place where that is known."""
    error = refusal(lambda: newsitem.from_json(text))
    assert type(error) is ParseError
    assert [(problem.line, problem.column, problem.field) for problem in error.problems] == [(line, column, None)]
    assert list(shown_chain(error)) == [error]
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_infinity_has_no_json() -> None:
    """A number that JSON lacks is refused by `to_json` under extras, and nothing else is shown."""
    error = refusal(lambda: newsitem.to_json(item(extras={"ratio": float("nan")})))
    assert type(error) is ValidationError
    assert str(error.problems[0].field).startswith("extras")
    assert list(shown_chain(error)) == [error]


def test_text_file_that_is_no_utf8(tmp_path: Path) -> None:
    """A file that is not UTF-8 is a `ParseError` with its path, however it was opened."""
    path = tmp_path / "item.md"
    path.write_bytes(data_of("not-utf8-front-matter"))
    with path.open(encoding="utf-8") as file:
        error = refusal(lambda: newsitem.load(file))
    assert type(error) is ParseError
    assert error.path == str(path)


def test_lone_surrogate_in_a_text() -> None:
    """A text with a lone surrogate, which no file can hold, is refused with its place."""
    text = ITEM.format('excerpt: "Apples \ud83c by the ton"')
    error = refusal(lambda: newsitem.loads(text, name="item.md"))
    assert type(error) is ParseError
    message = "a lone surrogate (U+D83C), which UTF-8 cannot encode: remove it"
    assert error.problems == (Problem(message, path="item.md", line=6, column=18),)
    assert str(error).encode()


def test_a_byte_order_mark_is_no_column() -> None:
    """Columns of the first line count from behind the byte order mark, those of other lines are not changed by it."""
    with pytest.raises(newsitem.ParseError) as first:
        newsitem.loads("\ufeff--\ud800\n")
    assert (first.value.problems[0].line, first.value.problems[0].column) == (1, 3)
    with pytest.raises(newsitem.ParseError) as second:
        newsitem.loads("\ufeff---\nab\ud800\n---\n")
    assert (second.value.problems[0].line, second.value.problems[0].column) == (2, 3)


@pytest.mark.parametrize("number", [1_000, 1_001, 3_000])
@pytest.mark.parametrize("extra", ["{}: x\n", "k: {}\n", "odd{}: !!float x\n", "x: {}\x01\n"])
def test_a_thousand_problems_are_listed(number: int, extra: str) -> None:
    """An error lists a thousand problems, and then says where there are more."""
    body = "".join(extra.format(count) for count in range(number))
    if extra.startswith("{}"):
        body = "related:\n" + "- odd: x\n" * number
    text = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{body}---\n\n"
    with pytest.raises(NewsItemError) as caught:
        newsitem.loads(text)
    problems = caught.value.problems
    expected = number - extra.startswith("k")  # the first of a key is right
    assert len(problems) == min(expected, 1_001)
    assert all(problem.line for problem in problems)
    assert ("there are more problems" in problems[-1].message) == (expected > 1_000)


def test_a_thousand_problems_of_data_are_listed() -> None:
    """Data from Python that are wrong in many places are refused with a thousand of them."""
    data = {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    with pytest.raises(ValidationError) as caught:
        newsitem.from_dict({**data, "odd": ["\ud800"] * 2_000})
    assert len(caught.value.problems) == 1_001
    assert str(caught.value.problems[-1]) == "there are more problems: fix those above first"


@pytest.mark.parametrize(
    "text",
    [
        'secured: &s "{}"\n*s : {{a: 1, a: 2}}\n',
        "secured: &s [{}]\nimages: *s\n",
        "secured: &s {{{}: !!int q}}\nx: *s\n",
        "secured: [&s {}]\nheat: *s\n",
    ],
)
def test_secured_is_not_reached_by_an_alias(text: str) -> None:
    """What is part of `secured` cannot be named elsewhere, where it would be shown."""
    secret = "c2VjcmV0LXRleHQ7QUJD"
    front = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{text.format(secret)}---\n"
    with pytest.raises(ParseError, match=r"an alias .* refers to a part of secured") as caught:
        newsitem.loads(front)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<<: {{secured: &s {}}}\nnote: *s\n", "refers to a part of secured"),
        ("<<: {{'secured': [&s {}]}}\nnote: *s\n", "refers to a part of secured"),
        ("x: &k secured\n*k : &s {}\nnote: *s\n", "refers to a part of secured"),
        ("ratings: {{secured: &s {}}}\nnote: *s\n", "refers to a part of secured"),
        ("x: &a {}\nsecured: *a\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &a {}\nsecured: [*a]\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &a {}\n<<: {{secured: *a}}\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &b {{secured: {}}}\n<<: *b\n", "refers to a value that contains secured"),
        ("x: &b [{{secured: {}}}]\n<<: *b\n", "refers to a value that contains secured"),
        ("x: [&b {{secured: {}}}]\n<<: [{{a: 1}}, *b]\n", "refers to a value that contains secured"),
        ("x: &b {{secured: {}}}\ny: &c {{<<: *b}}\n<<: *c\n", "refers to a value that contains secured"),
        ("<<: &b {{secured: {}}}\nnote: [*b]\n", "refers to a value that contains secured"),
        ("<<: [&b {{secured: {}}}]\nnote: {{<<: *b}}\n", "refers to a value that contains secured"),
        ("<<: {{<<: &b {{secured: {}}}}}\nnote: *b\n", "refers to a value that contains secured"),
    ],
)
def test_secured_is_in_no_other_key(text: str, why: str) -> None:
    """No alias makes the text of `secured` the value of another key, in either direction, by merge keys neither."""
    secret = "c2VjcmV0LXRleHQ7QUJD"
    front = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{text.format(secret)}---\n"
    with pytest.raises(ParseError, match=rf"an alias \(\*\) {why}") as caught:
        newsitem.loads(front)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "<<: {secured: a;b}\n",
        "<<: [{c: 1}, {secured: a;b}]\n",
        "x: &a {c: 1}\n<<: *a\nsecured: a;b\n",
        "x: &a {y: {secured: no}}\nz: *a\nsecured: a;b\n",
        "x: &a {secured: no}\nz: {<<: *a}\nsecured: a;b\n",
    ],
)
def test_aliases_that_do_not_reach_secured(text: str) -> None:
    """A merge key may give `secured`, and aliases are read that have nothing to do with the text of the item's own."""
    front = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{text}---\n"
    item = newsitem.loads(front)
    assert item.secured is not None
    assert item.secured.text == "a;b"


@pytest.mark.parametrize("wrong", [None, 5, b"x.md", []])
def test_what_is_no_file(wrong: Any) -> None:
    """What is neither a path nor an open file is a `TypeError` that says so."""
    item = newsitem.from_dict(
        {"title": "x", "publishedDateTime": datetime(2020, 1, 1, tzinfo=UTC), "provider": {"name": "y"}}
    )
    with pytest.raises(TypeError, match="expected a path or an open file, not "):
        newsitem.load(wrong)
    if wrong is not None:
        with pytest.raises(TypeError, match="expected a path or an open file, not "):
            newsitem.dump(item, wrong)
    with pytest.raises(TypeError, match="expected a NewsItem, not "):
        newsitem.dump(wrong)
    if not isinstance(wrong, bytes):
        for read in (newsitem.loads, newsitem.from_json):
            with pytest.raises(TypeError, match="expected str or bytes, not "):
                read(wrong)


def test_a_stack_that_is_nearly_full() -> None:
    """Where the caller has left no room on the stack, that is not blamed on the text."""
    text = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\nodd: [[[[[[]]]]]]\n---\n"
    newsitem.loads(text)  # modules are loaded when they are needed

    def at(depth: int) -> NewsItem:
        return at(depth - 1) if depth else newsitem.loads(f"{text}{left}")  # another text, as trees are kept

    outcomes: set[type] = set()
    for left in range(20, 200):
        try:
            outcomes.add(type(at(sys.getrecursionlimit() - left)))
        except RecursionError:
            outcomes.add(RecursionError)
    assert outcomes == {NewsItem, RecursionError}


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (newsitem.ParseError([newsitem.Problem("x", path="item.md", line=3)]), "<ParseError: 1 problem, item.md>"),
        (newsitem.ValidationError([newsitem.Problem("x")] * 1_200), "<ValidationError: 1,200 problems>"),
        (
            newsitem.ConflictError([newsitem.Problem("x", path="a\n\x1b[2J.md")]),
            r"<ConflictError: 1 problem, a\n\x1b[2J.md>",
        ),
    ],
)
def test_a_short_repr(error: newsitem.NewsItemError, shown: str) -> None:
    """An error shows itself in one short line: how many problems, and in which file."""
    assert repr(error) == shown
    assert repr([pickle.loads(pickle.dumps(error))]) == f"[{shown}]"


def test_an_error_in_a_notebook() -> None:
    """A notebook shows the problems of an error, the first of many, escaped."""
    hostile = newsitem.Problem("must be <script> & text", field="title", path="<b>.md", line=3, column=8)
    page = newsitem.ValidationError([hostile] * 22)._repr_html_()
    first, *lines, last = page.removesuffix("</pre>").splitlines()
    assert first == '<pre class="tex2jax_ignore mathjax_ignore">ValidationError: 22 problems, &lt;b&gt;.md'
    assert lines == ["&lt;b&gt;.md:3:8: title: must be &lt;script&gt; &amp; text"] * 20
    assert last == "… and 2 more"
    assert newsitem.ParseError([hostile])._repr_html_().count("\n") == 1
