"""Checks of values from Python code: on set, on init and before writing."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import attrs
import pytest
from people import Account
from refusals import SURROGATE, fields, refusal, shown_chain
from small_items import WHEN, new_item

import newsitem
from newsitem import FrontMatter, Image, NewsItem, Problem, Provider, RelatedItem, ValidationError, key, model

NAIVE: Final = WHEN.replace(tzinfo=None)


def image() -> Image:
    return Image(url="https://img.hay-herald.example/1.jpg")


def provider() -> Provider:
    return Provider(name="Hay Herald")


def related() -> RelatedItem:
    return RelatedItem(title="Ten arms")


Maker = Callable[[], Any]
PLAIN_DATA: Final = "must be text, a number, a boolean, a date, None, a list or a dict, not a value of type "
WRONG_ITEM_VALUES: Final[tuple[tuple[str, Any, str, str], ...]] = (
    ("title", None, "title", "must be text, not null"),
    ("title", 5, "title", "must be text, not the integer 5"),
    ("title", b"Ten arms", "title", "must be text, not a value of type bytes"),
    ("title", "a\ud800", "title", SURROGATE),
    ("category", 1.5, "category", "must be text, not the number 1.5"),
    ("published_date_time", None, "publishedDateTime", "must be a datetime with a time zone, not null"),
    (
        "published_date_time",
        "2020-06-24T22:10:00Z",
        "publishedDateTime",
        "must be a datetime with a time zone, not the text '2020-06-24T22:10:00Z'",
    ),
    (
        "published_date_time",
        date(2020, 6, 24),
        "publishedDateTime",
        "must be a datetime with a time zone, not the date 2020-06-24",
    ),
    ("published_date_time", NAIVE, "publishedDateTime", "must have a time zone: add tzinfo=datetime.timezone.utc"),
    ("original_url", 5, "originalUrl", "must be text, not the integer 5"),
    ("web_url", 5, "webUrl", "must be text, not the integer 5"),
    ("amp_web_url", 5, "ampWebUrl", "must be text, not the integer 5"),
    ("cdn_amp_web_url", 5, "cdnAmpWebUrl", "must be text, not the integer 5"),
    ("featured_content", True, "featuredContent", "must be text, not the boolean true"),
    ("heat", "114", "heat", "must be an integer, not the text '114'"),
    ("heat", 1.0, "heat", "must be an integer, not the number 1.0: use int(value)"),
    ("heat", True, "heat", "must be an integer, not the boolean true"),
    ("heat", 2**63, "heat", "must be an integer of at most 64 bits"),
    ("quality", -(2**63) - 1, "quality", "must be an integer of at most 64 bits"),
    ("published", 1, "published", "must be true or false, not the integer 1"),
    ("removed", "yes", "removed", "must be true or false, not the text 'yes'"),
    ("provider", None, "provider", "must be newsitem.Provider, not null"),
    ("provider", {"name": "Hay Herald"}, "provider", "must be newsitem.Provider, not a mapping"),
    ("topics", None, "topics", "must be a list, not null"),
    ("topics", "AI", "topics", "must be a list, not the text 'AI'"),
    ("topics", ("AI",), "topics", "must be a list, not a value of type tuple: use list(value)"),
    ("tags", ["a", None], "tags[1]", "must be text, not null"),
    ("images", [{"url": "u"}], "images[0]", "must be newsitem.Image, not a mapping"),
    ("related", ["u"], "related[0]", "must be newsitem.RelatedItem, not the text 'u'"),
    ("secured", "bm8=", "secured", "must be wrapped: use newsitem.Secured(text)"),
    ("secured", 271828, "secured", "must be newsitem.Secured, not a value of type integer"),
    ("extras", None, "extras", "must be a dict, not null"),
    ("extras", {"heat": 5}, "extras.heat", "is a key of the model: set the attribute heat"),
    ("extras", {"webUrl": "u"}, "extras.webUrl", "is a key of the model: set the attribute web_url"),
    ("extras", {5: 1}, "extras", "a key must be text, not the integer 5"),
    ("extras", {"a": [1, {"b": {2}}]}, "extras.a[1].b", PLAIN_DATA + "set: use list(value)"),
    ("extras", {"a": NAIVE}, "extras.a", "must have a time zone: add tzinfo=datetime.timezone.utc"),
    ("extras", {"k" * 999: 1}, "extras." + "k" * 58 + "…", "a key must have at most 1,000 characters as written"),
    ("body", None, "body", "must be text, not null"),
    ("body", "a\ud800", "body", SURROGATE),
)
WRONG_VALUES: Final[tuple[tuple[Maker, str, Any, str, str], ...]] = (
    *((new_item, *row) for row in WRONG_ITEM_VALUES),
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
def test_invalid_value_on_set(make: Maker, attribute: str, value: Any, field: str, message: str) -> None:
    """Setting an invalid value is refused under the key of the file, and changes nothing."""
    target = make()
    error = refusal(lambda: setattr(target, attribute, value))
    assert type(error) is ValidationError
    assert error.problems == (Problem(message, field=field),)
    assert target == make()


@pytest.mark.parametrize(("make", "attribute", "value", "field", "message"), WRONG_VALUES)
def test_invalid_value_on_init(make: Maker, attribute: str, value: Any, field: str, message: str) -> None:
    """Creating or evolving an object with an invalid value is refused like setting it."""
    target = make()
    given = {each.name: getattr(target, each.name) for each in attrs.fields(type(target)) if each.name != "path"}
    for make_other in (
        lambda: type(target)(**given | {attribute: value}),
        lambda: attrs.evolve(target, **{attribute: value}),
    ):
        error = refusal(make_other)
        assert type(error) is ValidationError
        assert error.problems == (Problem(message, field=field),)


def test_all_problems_of_an_init() -> None:
    """One error lists all problems of a new object in the publisher's order, then those of `extras` and `body`."""
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


def test_path_among_all_problems_of_an_init() -> None:
    """A wrong path is reported after all other problems of a new object."""
    for path in (5, "a\0b", Path("a\0b"), b"x"):
        error = refusal(partial(new_item, title=5, body=5, path=path))
        assert fields(error) == [
            ("title", "must be text, not the integer 5"),
            ("body", "must be text, not the integer 5"),
            ("path", "must be a valid file path"),
        ]


def test_wrong_path_on_set() -> None:
    """Setting a wrong path is refused, and the item keeps its path, which the error names."""
    item = new_item(path="a.md")
    error = refusal(lambda: setattr(item, "path", "a\0b"))
    assert error.problems == (Problem("must be a valid file path", field="path", path="a.md"),)
    assert item.path == Path("a.md")


def break_topics(item: NewsItem) -> None:
    item.topics.append(5)  # type: ignore[arg-type]


def break_image_extras(item: NewsItem) -> None:
    item.images[0].extras["x"] = object()


def break_logos(item: NewsItem) -> None:
    item.provider.images.append("logo.png")  # type: ignore[arg-type]


def break_related(item: NewsItem) -> None:
    item.related[1].images.append(None)  # type: ignore[arg-type]
    item.related.append({})  # type: ignore[arg-type]


def break_related_extras(item: NewsItem) -> None:
    source = item.related[1].provider
    assert source is not None
    source.extras["authors"] = [{"name": "Ann"}, {"name": {1}}]


def break_with_a_known_key(item: NewsItem) -> None:
    item.extras["heat"] = 5


BREAKS: Final[tuple[tuple[Callable[[NewsItem], None], list[tuple[str, str]]], ...]] = (
    (break_topics, [("topics[1]", "must be text, not the integer 5")]),
    (break_image_extras, [("images[0].extras.x", PLAIN_DATA + "object")]),
    (break_logos, [("provider.images[0]", "must be newsitem.Image, not the text 'logo.png'")]),
    (
        break_related,
        [
            ("related[2]", "must be newsitem.RelatedItem, not a mapping"),
            ("related[1].images[0]", "must be newsitem.Image, not null"),
        ],
    ),
    (break_related_extras, [("related[1].provider.extras.authors[1].name", PLAIN_DATA + "set: use list(value)")]),
    (break_with_a_known_key, [("extras.heat", "is a key of the model: set the attribute heat")]),
)
WRITERS: Final[tuple[Callable[[NewsItem], object], ...]] = (
    newsitem.dumps,
    newsitem.to_dict,
    newsitem.to_json,
    newsitem.diff,
    lambda item: newsitem.dump(item, io.StringIO()),
)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("read", [False, True])
@pytest.mark.parametrize(("make_invalid", "problems"), BREAKS)
def test_invalid_values_in_place(
    make_invalid: Callable[[NewsItem], None],
    problems: list[tuple[str, str]],
    read: bool,
    write: Callable[[NewsItem], object],
) -> None:
    """An invalid value that was put into a list or dict is refused with its path before anything is written."""
    target = new_item(
        topics=["AI"], images=[image()], related=[related(), RelatedItem(title="Two", provider=provider())]
    )
    if read:
        target = newsitem.loads(newsitem.dumps(target))
    make_invalid(target)
    error = refusal(lambda: write(target))
    assert type(error) is ValidationError
    assert fields(error) == problems
    assert all(problem.line is None and problem.column is None for problem in error.problems)


def test_invalid_item_leaves_its_file_alone(tmp_path: Path) -> None:
    """An invalid item is not written: its file stays the same byte for byte."""
    path = tmp_path / "item.md"
    newsitem.dump(new_item(topics=["AI"]), path)
    before = path.read_bytes()
    target = newsitem.load(path)
    break_topics(target)
    refusal(lambda: newsitem.dump(target))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["item.md"]


@pytest.mark.parametrize("levels", range(95, 104))
@pytest.mark.parametrize("deep", [False, True])
def test_depth_of_extras(levels: int, deep: bool) -> None:
    """Nested data is either written and read back, or refused with its field."""
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    extras = {"maze": value}
    try:
        item = new_item(related=[RelatedItem(title="Two", extras=extras)]) if deep else new_item(extras=extras)
        text = newsitem.dumps(item)
    except ValidationError as error:
        assert "extras.maze" in str(error.problems[0].field)  # noqa: PT017 - depends on the depth
    else:
        assert newsitem.loads(text) == item


@pytest.mark.parametrize(
    "value",
    [
        {"a": object()},
        {"a": {1}},
        {"": {"b": [WHEN.replace(tzinfo=None)]}},
        {5: "x"},
        {"<<": {}},
        {"k" * 1200: 1},
        {"heat": 1},
        [],
    ],
)
def test_invalid_extras(value: Any) -> None:
    """Unknown keys are text that no field uses, and their values are plain data that YAML can represent."""
    with pytest.raises(newsitem.ValidationError, match="extras"):
        new_item(extras=value)


def test_merge_key_in_extras() -> None:
    """`<<` is refused as a key, because some readers treat it as a merge key even in quotes."""
    with pytest.raises(newsitem.ValidationError, match="treat as a merge key"):
        new_item(extras={"<<": {}})


def test_endless_extras() -> None:
    """A list that contains itself and a number with 10,000 digits are refused."""
    item = new_item()
    item.extras["loop"] = [item.extras]
    with pytest.raises(newsitem.ValidationError, match="nested more than 90 levels"):
        newsitem.dumps(item)
    with pytest.raises(newsitem.ValidationError, match="digits"):
        item.extras = {"long": 10**10_000}


@model
class Rated(FrontMatter):
    """A class with validators: one as an argument, one as a method."""

    score: int = key(validator=attrs.validators.ge(5))
    code: str | None = key(default=None, validator=[attrs.validators.min_len(2), attrs.validators.max_len(4)])
    inner: list[Account] = key(factory=list)

    @score.validator  # type: ignore[attr-defined, untyped-decorator]
    def _not_seven(self, _: Any, value: int) -> None:
        if value == 7:
            raise ValueError


@model
class Shelf(FrontMatter):
    """A class with validated objects in a list that could otherwise stay unread."""

    @model
    class Book:
        """An object with a validator."""

        pages: int = key(validator=attrs.validators.ge(1))
        images: list[Image] = key(factory=list)

    books: list[Book] = key(factory=list)


def test_validators() -> None:
    """Validators run for files, plain data, new objects and attributes, after the type check."""
    for text in ("---\nscore: 3\n---\n", "---\nscore: 3 # comment\n---\n", "---\n? score\n: 3\n---\n"):
        with pytest.raises(newsitem.ValidationError, match=r"score: 'score' must be >= 5: 3") as error:
            newsitem.loads(text, Rated)
        assert error.value.problems[0].line in (2, 3)
    with pytest.raises(newsitem.ValidationError, match=r"rejected by its validator"):
        newsitem.loads("---\nscore: 7\n---\n", Rated)
    with pytest.raises(newsitem.ValidationError, match="2 problems"):
        Rated(score=3, code="x")
    with pytest.raises(newsitem.ValidationError, match="must be an integer"):
        Rated(score="3")  # type: ignore[arg-type]
    with pytest.raises(newsitem.ValidationError, match="code"):
        newsitem.from_dict({"score": 9, "code": "12345"}, Rated)
    one = newsitem.loads("---\nscore: 9 # comment\n---\n", Rated)
    with pytest.raises(newsitem.ValidationError, match="must be >= 5"):
        one.score = 2
    one.score = 8
    assert newsitem.dumps(one) == "---\nscore: 8 # comment\n---\n"
    object.__setattr__(one, "score", 1)
    with pytest.raises(newsitem.ValidationError, match="must be >= 5"):
        newsitem.dumps(one)


@model
class Range(FrontMatter):
    """A class whose validators look at other attributes."""

    low: int = key()
    high: int = key()
    topics: list[str] = key(factory=list)

    @high.validator  # type: ignore[attr-defined, untyped-decorator]
    def _not_below_low(self, _: Any, value: int) -> None:
        if value < self.low:
            raise ValueError("must not be below low")

    @topics.validator  # type: ignore[attr-defined, untyped-decorator]
    def _in_capitals(self, _: Any, value: list[str]) -> None:
        if not all(topic.isupper() for topic in value):  # an AttributeError if a topic is not text
            raise ValueError("must be in capitals")


@pytest.mark.parametrize(
    "values",
    [
        {"low": "x", "high": 1},
        {"low": None, "high": 1},
        {"low": 5, "high": 1, "topics": [5]},
        {"low": 5, "high": "x", "topics": ["ai"]},
        {"low": 5, "high": 1},
        {"low": 5, "high": 1, "topics": ["ai"]},
        {"low": 1, "high": 5, "topics": ["AI", "ai"]},
    ],
)
def test_validators_see_only_the_right_types(values: dict[str, Any]) -> None:
    """The constructor finds the same fields as `from_dict`: validators run only if all types are right."""
    error = refusal(lambda: Range(**values))
    expected = refusal(lambda: newsitem.from_dict(values, Range))
    assert [problem.field for problem in error.problems] == [problem.field for problem in expected.problems]
    is_right = all(type(values[name]) is int for name in ("low", "high")) and 5 not in values.get("topics", ())
    assert is_right == str(error.problems[0].message).endswith(("below low", "in capitals"))


def test_validators_see_other_attributes_as_plain_values() -> None:
    """When a new object is validated, all of its attributes are already Python's own types."""
    seen = []

    @model
    class Pair(FrontMatter):
        one: int = key(validator=lambda pair, _, value: seen.append((type(value), type(pair.two))))
        two: str = key()

    Pair(one=type("Number", (int,), {})(5), two=type("Text", (str,), {})("x"))
    assert seen == [(int, str)]


def test_validators_on_writing_see_only_the_right_types() -> None:
    """When an item is written, its validators run only if the contents of its lists and dicts have the right types."""
    edits: list[tuple[Callable[[Range], None], tuple[str, str]]] = [
        (lambda item: item.topics.append(cast("str", 5)), ("topics[0]", "must be text, not the integer 5")),
        (lambda item: item.extras.update(x={1}), ("extras.x", PLAIN_DATA + "set: use list(value)")),
        (lambda item: item.topics.append("ai"), ("topics", "must be in capitals")),
    ]
    for edit, problem in edits:
        item = Range(low=1, high=5)
        edit(item)
        assert fields(refusal(partial(newsitem.dumps, item))) == [problem]


def test_validators_of_objects_in_lists() -> None:
    """Objects with validators are created when their file is read, so an invalid file is refused at once."""
    book = "  - pages: 3\n    images:\n" + '      - url: "https://x.example/picture"\n' * 100
    text = f"---\nbooks:\n{book * 3}---\n"
    assert newsitem.loads(text, Shelf)._source.spans == ()
    with pytest.raises(newsitem.ValidationError, match=r"books\[1\].pages"):
        newsitem.loads(text.replace(book * 2, book + book.replace("pages: 3", "pages: 0"), 1), Shelf)


@pytest.mark.parametrize("write", [newsitem.dumps, newsitem.to_dict, newsitem.to_json, newsitem.diff])
def test_lone_surrogates_in_lists(write: Callable[[NewsItem], object]) -> None:
    """A text that was added to a list, and that UTF-8 cannot encode, is refused with its place in the list."""
    item = new_item(topics=["A", "é"])
    write(item)
    item.topics.append("a\ud800")
    with pytest.raises(newsitem.ValidationError) as error:
        write(item)
    assert [(problem.field, problem.message) for problem in error.value.problems] == [("topics[2]", SURROGATE)]
