"""Classes of one's own: what makes one, what is refused, and that they are as the built-in classes are."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import GenericAlias
from typing import Any, ClassVar, Optional

import attrs
import pytest

import newsitem
from newsitem import FrontMatter, Image, NewsCollection, NewsItem, Provider, Secured, key, model

WHEN = datetime(2020, 6, 24, 5, 30, tzinfo=UTC)


@model
class Account:
    """A mapping inside."""

    username: str | None = key(default=None, plain=True)
    followers: int | None = key(default=None)


@model
class Person(FrontMatter):
    """A kind of file."""

    note: str | None = key(default=None)
    name: str = key(doc="As the person writes it.")
    rating: float | None = None
    born: date | None = key(default=None)
    twitter: Account | None = key(default=None)
    accounts: list[Account] | None = key(default=None)
    topics: list[str] = key(factory=list)
    images: list[Image] = key(factory=list)
    anything: Any = key(default=None)
    token: Secured | None = key(default=None, blank_lines=True)

    KIND: ClassVar[str] = "person"
    plain_attribute = 5

    @property
    def initial(self) -> str:
        """The first letter."""
        return self.name[0]

    @cached_property
    def shouted(self) -> str:
        """The name in capitals."""
        return self.name.upper()

    def greeting(self) -> str:
        """Return a greeting."""
        return f"Hello, {self.name}"


@model
class Course(NewsItem):
    """A news item with one key more."""

    price: str | None = key(default=None, plain=True, after="type")
    length: str | None = key(default=None, plain=True, after="type")
    category: str | None = key(default="course", plain=True)
    seats: int | None = key(default=None)

    def __repr__(self) -> str:
        """Return what the base does, with the price."""
        return f"{super().__repr__()} {self.price}"


@model
class Evening(Course):
    """A class derived from one of one's own."""

    hour: int | None = key(default=None, after="heat")


PERSON = '---\nname: "Ana"\ntwitter:\n  username: ana\n  followers: 3\n---\nBody\n'


def person(**values: Any) -> Person:
    """Make a person with what is required."""
    return Person(**{"name": "Ana", **values})


def names(cls: Any) -> list[str]:
    """Return the names of the keys of a class in their order."""
    return list(newsitem.json_schema(cls)["properties"])


def test_keys_are_in_the_order_of_definition() -> None:
    """Keys keep the places of the base; new ones are after the key that they name, in their order, or at the end."""
    own = names(Course)
    assert own[own.index("type") : own.index("type") + 3] == ["type", "price", "length"]
    assert own[0] == "category"
    assert own[-1] == "seats"
    assert [name for name in own if name not in ("price", "length", "seats")] == names(NewsItem)
    own = names(Evening)
    assert own[own.index("heat") + 1] == "hour"
    assert [field.name for field in attrs.fields(Person)][-3:] == ["extras", "body", "path"]
    made = Course(title="T", published_date_time=WHEN, provider=Provider(name="P"), price="Free", seats=3)
    assert newsitem.dumps(made).splitlines()[1] == "category: course"
    assert newsitem.loads(newsitem.dumps(made), Course) == made
    assert repr(made) == "<Course: 'T', 2020-06-24 05:30 UTC, P> Free"


def test_a_class_may_be_a_method_s_and_property_s_owner() -> None:
    """Methods, properties, class variables and plain attributes are as without the decorator, and are no keys."""
    one = newsitem.loads(PERSON, Person)
    assert (one.greeting(), one.initial, Person.KIND, one.plain_attribute) == ("Hello, Ana", "A", "person", 5)
    assert names(Person) == [
        *("note", "name", "rating", "born", "twitter", "accounts", "topics", "images", "anything", "token")
    ]
    assert Person.__doc__ == "A kind of file."
    assert repr(one) == "<Person: 'Ana'>"
    assert repr(Account(followers=3)) == "<Account>"
    assert "Ana" in one._repr_html_()
    assert "3" in Account(followers=3)._repr_html_()  # type: ignore[attr-defined]
    assert ">4.5<" in person(rating=4.5)._repr_html_()
    assert ">.nan<" in person(rating=math.nan)._repr_html_()


@pytest.mark.skipif(
    version("attrs").startswith("23.1."), reason="attrs 23.1 has no cached properties in slotted classes"
)
def test_a_class_may_have_cached_properties() -> None:
    """A cached property is computed once, and is no key."""
    one = newsitem.loads(PERSON, Person)
    assert one.shouted == "ANA"
    one.name = "Bo"
    assert one.shouted == "ANA"
    assert "shouted" not in newsitem.to_dict(one)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), attrs.evolve]
)
def test_copies_keep_the_text(copied: Any) -> None:
    """Copies of an item of one's own are equal, and keep the text that it was read from."""
    text = PERSON.replace('"Ana"', '"Ana" # remark')
    one = newsitem.loads(text, Person)
    twin = copied(one)
    assert type(twin) is Person
    assert twin == one
    assert newsitem.dumps(twin) == text
    twin.name = "Bo"
    assert twin != one
    with pytest.raises(TypeError, match="unhashable"):
        hash(twin)


def test_a_check_of_one_s_own_runs_after_newsitem_s() -> None:
    """``__attrs_post_init__`` is called for new objects, once these were checked, and evolved ones keep their text."""
    seen = []

    @model
    class Checked(FrontMatter):
        name: str

        def __attrs_post_init__(self) -> None:
            super().__attrs_post_init__()
            seen.append(self.name)

    with pytest.raises(newsitem.ValidationError):
        Checked(name=5)  # type: ignore[arg-type]
    assert seen == []
    assert Checked(name="x") == Checked(name="x")
    read = newsitem.loads('---\nname: "y" # remark\n---\n', Checked)
    assert newsitem.dumps(attrs.evolve(read, name="z")) == '---\nname: "z" # remark\n---\n'  # type: ignore[misc]
    assert seen == ["x", "x", "z"]


# What is refused


def made(name: str = "Made", bases: tuple[type, ...] = (FrontMatter,), **fields: Any) -> Any:
    """Make a class of fields, each an annotation or a pair of it and a key."""
    pairs = {attribute: field if isinstance(field, tuple) else (field,) for attribute, field in fields.items()}
    body: dict[str, Any] = {"__annotations__": {attribute: pair[0] for attribute, pair in pairs.items()}}
    body |= {attribute: pair[1] for attribute, pair in pairs.items() if len(pair) > 1}
    return model(type(name, bases, body))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"one": (str, key("x")), "two": (str, key("x"))}, ".two has the key x, which one already has"),
        ({"one": complex}, ".one has the annotation complex, which newsitem does not support: use str, int"),
        ({"one": list[int]}, r".one has the annotation list\[int\], which newsitem does not support"),
        ({"one": list[list[str]]}, "which newsitem does not support"),
        ({"one": dict[str, str]}, "which newsitem does not support"),
        ({"one": str | int}, "which newsitem does not support"),
        ({"one": Provider | Image}, "which newsitem does not support"),
        ({"one": "Nowhere"}, ".one has the annotation 'Nowhere', which uses an undefined name"),
        ({"one": "1 +"}, "which uses an undefined name"),
        ({"one": (list[str], key())}, r".one is a list, which cannot be required: write newsitem.key\(factory=list\)"),
        (
            {"one": (str | None, key(default=None, after="typ"))},
            "after the key 'typ', which does not exist: there are no keys before it",
        ),
        ({"type": str, "one": (str, key(after="typ"))}, "'typ', which does not exist: did you mean 'type'"),
        ({"body": str}, ".body is a reserved name"),
        ({"extras": str}, ".extras is a reserved name"),
        ({"path": str}, ".path is a reserved name"),
        ({"self": str}, ".self is a reserved name"),
        ({"_one": str}, "._one is a reserved name"),
        ({"one": (int, key(plain=True))}, ".one has plain=True, which is only for text, but its annotation is int"),
        ({"one": (str, key(default="x"))}, r".one has a default, .* write str \| None"),
        ({"one": (str, "x")}, r".one has a default, .* write str \| None"),
        ({"date": (key(), key())}, ".date shadows the type in its annotation"),
        ({"one": (str, key(after="two")), "two": str}, "after the key 'two', which does not exist"),
        ({"one": (str, key(after="one"))}, "after the key 'one', which does not exist"),
        ({"class": str}, ".class is a reserved name"),
        ({"one": list[str | None]}, "which newsitem does not support"),
        ({"one": (list[str], key(default=None))}, "an invalid default: it must be a list, not null"),
        ({"one": (int | None, "x")}, "an invalid default: it must be an integer, not the text 'x'"),
        ({"one": (NewsItem | None, None)}, ".one is NewsItem, which is a kind of file, not a mapping"),
        ({"one": (list[NewsItem], key(factory=list))}, ".one is NewsItem, which is a kind of file, not a mapping"),
        ({"one": (list[str], [])}, ".one has a default that all objects would share"),
        ({"one": (Account | None, Account())}, ".one has a default that all objects would share"),
    ],
)
def test_a_class_that_cannot_work_is_refused(fields: dict[str, Any], message: str) -> None:
    """A class of which files could not be read or written is refused when it is made, in words."""
    with pytest.raises(TypeError, match=message):
        made(**fields)


@pytest.mark.parametrize(
    ("base", "fields", "message"),
    [
        (NewsItem, {"filename": str}, ".filename is already an attribute of a base class"),
        (NewsItem, {"heat": (str | None, None)}, r".heat is str \| None, but int in the base"),
        (NewsItem, {"provider": (Provider | None, None)}, ".provider may be None, but is required in the base class"),
        (NewsItem, {"topics": (list[str] | None, None)}, ".topics is list.*, but list.* in the base"),
        (NewsItem, {"images": (list[Provider], key(factory=list))}, ".images is list.*, but list"),
        (type("Undecorated", (NewsItem,), {}), {"one": (str | None, None)}, "Undecorated, which is not made with"),
        (attrs.make_class("Other", ["x"]), {"one": str}, "Other, which is not made with newsitem.model"),
    ],
)
def test_what_does_not_fit_its_base_is_refused(base: type, fields: dict[str, Any], message: str) -> None:
    """A class may narrow the fields of its base, and nothing else."""
    with pytest.raises(TypeError, match=message):
        made(bases=(base,), **fields)


def test_other_mistakes_in_classes_are_refused() -> None:
    """A key without an annotation, methods that newsitem makes, and a class in itself are refused."""
    with pytest.raises(TypeError, match="one has no annotation"):
        model(type("Made", (), {"one": key()}))
    with pytest.raises(TypeError, match="__init__ is generated by newsitem"):
        model(type("Made", (), {"__init__": print, "__annotations__": {"one": str}}))
    with pytest.raises(TypeError, match=": has no keys: use Any for a mapping with arbitrary keys"):
        made(bases=())
    one, two = made(x=(str | None, key("a", default=None))), made()
    with pytest.raises(TypeError, match=r"\.y has the key a, which x already has"):
        made(bases=(two, one), y=(str | None, key("a", default=None)))
    other = made(bases=(), z=(str, key("a")))
    mixin = model(type("Mixin", (), {"__annotations__": {"z": str}, "z": key("a")}))
    assert other is not mixin
    assert model(one) is one
    with pytest.raises(TypeError, match="takes a class, not 5"):
        model(5)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="a default or a factory, not both"):
        key(default=None, factory=list)
    with pytest.raises(TypeError, match="parent refers to its own class"):

        @model
        class Node(FrontMatter):
            parent: Node | None = key(default=None)

    with pytest.raises(TypeError, match=r"one has .*\n.*two has") as error:
        made(one=complex, two=complex)
    assert len(str(error.value).splitlines()) == 2


def test_a_class_without_the_decorator_is_refused() -> None:
    """A class that is only derived from one of the model is no class of items, nor is a mapping."""

    class Undecorated(NewsItem):
        pass

    with pytest.raises(TypeError, match="Undecorated is derived from NewsItem but is not a model: decorate it"):
        newsitem.loads(PERSON, Undecorated)
    with pytest.raises(TypeError, match=r"expected a NewsItem, not Account: derive Account from newsitem.FrontMatter"):
        newsitem.loads(PERSON, Account)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="cls must be an item class or a function"):
        NewsCollection.iter([], cls="Person")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        newsitem.dumps(5)  # type: ignore[arg-type]


# Kinds of values


def test_annotations_that_mean_the_same() -> None:
    """Annotations as text and as objects, with ``Optional``, and on local classes make the same keys."""

    @model
    class Local:
        x: str

    cls = made(one=(Optional[str], None), two=("Account | None", None), three=(list[Local], key(factory=list)))  # noqa: UP045
    assert newsitem.json_schema(cls)["properties"]["three"]["items"] == {"$ref": "#/$defs/Local"}
    assert cls(two=Account(username="a")).two.username == "a"
    own = made("Local", bases=(), y=str)
    both = newsitem.json_schema(made(one=Local, two=own))
    assert both["properties"]["two"] == {"$ref": "#/$defs/Local2"}
    assert list(both["$defs"]["Local2"]["properties"]) == ["y"]


def test_key_names() -> None:
    """A key is the attribute in camel case, without underscores at its ends, or named; that of the base stays."""
    cls = made(amp_web_url=str, from_=str, x=(str, key("a b")))
    assert names(cls) == ["ampWebUrl", "from", "a b"]
    assert names(made(bases=(cls,), x=(str, key(plain=True)))) == ["ampWebUrl", "from", "a b"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("rating", "4.7", 4.7),
        ("rating", "5", 5),
        ("rating", "1:30.5", 5400.0 + 5 * 6),
        ("rating", ".inf", math.inf),
        ("rating", "1_000.5", 1000.5),
        ("rating", "0x10", 16.0),
        ("born", "2020-06-24", date(2020, 6, 24)),
        ("born", "2020-6-4", date(2020, 6, 4)),
        ("anything", "[1, {a: 2020-01-01}]", [1, {"a": date(2020, 1, 1)}]),
        ("anything", "~", None),
        ("anything", "null", None),
        ("rating", "1.50", 1.5),
        ("rating", "!!float 5", 5.0),
        ("rating", '!!float "4.5"', 4.5),
        ("anything", '"text"', "text"),
        ("accounts", "[]", []),
        ("accounts", "~", None),
        ("topics", "[]", []),
    ],
)
def test_what_files_say(field: str, text: str, value: Any) -> None:
    """Scalars are what Psych reads, and keep their spelling until they change."""
    whole = f'---\nname: "Ana"\n{field}: {text}\n---\n'
    one = newsitem.loads(whole, Person)
    if text != "1:30.5":
        assert getattr(one, field) == value
    assert newsitem.dumps(one) == whole
    setattr(one, field, getattr(one, field))
    assert newsitem.dumps(one) == whole


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("rating", "abc", "must be a number, not the text 'abc'"),
        ("rating", '"4.7"', "must be a number, not the text '4.7'"),
        ("rating", "!!float x", "does not match its tag !!float"),
        ("rating", "true", "must be a number, not the boolean true"),
        ("rating", "9" * 400, "must be a number"),
        ("born", "2020-02-30", "must be a valid date such as 2020-06-24, not 2020-02-30"),
        ("born", "2020-06-24T00:00:00Z", "must be a date such as 2020-06-24, without quotes, not the instant"),
        ("born", '"2020-06-24"', "must be a date such as 2020-06-24, without quotes, not the text"),
        ("twitter", "x", "must be a mapping, not the text 'x'"),
        ("anything", "{a: {<<: 5}}", "a merge key"),
        ("token", "[a]", "must be text (its value is not shown)"),
    ],
)
def test_what_files_must_not_say(field: str, text: str, message: str) -> None:
    """A value of another kind is refused with its place and field."""
    with pytest.raises(newsitem.ValidationError) as error:
        newsitem.loads(f'---\nname: "Ana"\n{field}: {text}\n---\n', Person, name="ana.md")
    (problem,) = error.value.problems
    assert message in problem.message
    assert problem.line == 3
    assert str(problem.field).startswith(field)
    assert problem.path == "ana.md"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rating", "4.7", "must be a number, not the text '4.7'"),
        ("rating", True, "must be a number, not the boolean true"),
        ("rating", 10**400, "must be a number"),
        ("born", WHEN, "use value.date()"),
        ("born", "2020-01-01", "must be a datetime.date, not the text '2020-01-01'"),
        ("anything", {"a": object()}, "must be text, a number"),
        ("anything", {1: 2}, "a key must be text"),
        ("twitter", {"username": "x"}, "must be Account, not a mapping"),
        ("accounts", ["x"], "must be Account, not the text 'x'"),
        ("topics", None, "must be a list, not null"),
        ("token", "x", "must be wrapped"),
        ("name", None, "must be text, not null"),
    ],
)
def test_what_python_must_not_set(field: str, value: Any, message: str) -> None:
    """A value of another kind is refused when it is set, when an object is made, and from data."""
    with pytest.raises(newsitem.ValidationError) as error:
        setattr(person(), field, value)
    assert message in str(error.value)
    with pytest.raises(newsitem.ValidationError) as error:
        person(**{field: value})
    assert message in str(error.value)


def test_numbers_and_dates_are_made_plain() -> None:
    """Objects of classes derived from Python's become plain; a whole number in a field of floats stays one."""

    class OwnDate(date):
        pass

    class OwnFloat(float):
        pass

    one = person(rating=OwnFloat(5), born=OwnDate(2020, 1, 2))
    assert (type(one.rating), type(one.born)) == (float, date)
    text = '---\nname: "Ana"\nrating: 4\n---\n\n'
    whole = newsitem.loads(text, Person)
    assert (whole.rating, type(whole.rating)) == (4, int)
    assert newsitem.dumps(newsitem.from_dict(newsitem.to_dict(whole), Person)) == text
    whole.rating = 4.0
    assert newsitem.dumps(whole) == text
    assert person(rating=4) == person(rating=4.0)
    assert person(rating=2**60 + 1) != person(rating=2**60)
    one.rating = math.nan
    assert one == copy.deepcopy(one)
    assert "rating: .nan\n" in newsitem.dumps(one)
    with pytest.raises(newsitem.ValidationError, match="rating: contains infinity or NaN"):
        newsitem.to_json(one)
    assert person(rating=0.0) != person(rating=-0.0)
    assert newsitem.from_dict({"name": "A", "born": "2020-01-02", "rating": 3}, Person).born == date(2020, 1, 2)


def test_lists_that_may_be_none() -> None:
    """A list with ``| None`` is None where a file has none, and its empty list is in the file."""
    one = newsitem.loads('---\nname: "Ana" # remark\n---\n', Person)
    assert one.accounts is None
    one.accounts = []
    assert newsitem.dumps(one) == '---\nname: "Ana" # remark\naccounts: []\n---\n'
    one.accounts = [Account(username="a")]
    text = newsitem.dumps(one)
    assert text == '---\nname: "Ana" # remark\naccounts:\n  - username: a\n---\n'
    again = newsitem.loads(text, Person)
    again.accounts = None
    assert newsitem.dumps(again) == '---\nname: "Ana" # remark\n---\n'
    assert newsitem.to_dict(person(accounts=[])) == {"name": "Ana", "accounts": []}


def test_plain_data_is_edited_in_place() -> None:
    """A key with ``Any`` holds plain data, in which an edit changes its own lines."""
    text = '---\nname: "Ana"\nanything:\n  # first\n  a: 1 # one\n  b: [1, 2] # two\n---\n'
    one = newsitem.loads(text, Person)
    one.anything["b"].append(3)
    assert newsitem.dumps(one) == text.replace("[1, 2]", "[1, 2, 3]")
    one.anything["a"] = object()
    with pytest.raises(newsitem.ValidationError, match=r"anything\.a: must be text"):
        newsitem.dumps(one)
    with pytest.raises(newsitem.ValidationError, match="anything: plain data contains more"):
        one.anything = [1] * 600_000


def test_required_plain_data() -> None:
    """Plain data that is required cannot be None, in a file or in Python."""
    cls = made(one=Any)
    for text in ("---\n---\n", "---\none: ~\n---\n", "---\none: null # remark\n---\n"):
        with pytest.raises(newsitem.ValidationError):
            newsitem.loads(text, cls)
    with pytest.raises(newsitem.ValidationError, match="one: is required and cannot be None"):
        cls(one=None)


def test_limits_of_plain_data_in_files() -> None:
    """Plain data of a key is as deep as the limit allows, in files and in data."""
    deep: Any = 1
    for _ in range(120):
        deep = [deep]
    with pytest.raises(newsitem.ValidationError, match=r"anything.*levels deep"):
        newsitem.from_dict({"name": "A", "anything": deep}, Person)
    with pytest.raises(newsitem.ValidationError, match="plain data contains more"):
        newsitem.from_dict({"name": "A", "anything": [1] * 600_000}, Person)


# Validators


@model
class Rated(FrontMatter):
    """A class with validators, one as a parameter and one as a method."""

    score: int = key(validator=attrs.validators.ge(5))
    code: str | None = key(default=None, validator=[attrs.validators.min_len(2), attrs.validators.max_len(4)])
    inner: list[Account] = key(factory=list)

    @score.validator  # type: ignore[attr-defined, untyped-decorator]
    def _not_seven(self, _: Any, value: int) -> None:
        if value == 7:
            raise ValueError


@model
class Shelf(FrontMatter):
    """A class that holds objects with validators, in a list that could stay unread."""

    @model
    class Book:
        """An object with a validator."""

        pages: int = key(validator=attrs.validators.ge(1))
        images: list[Image] = key(factory=list)

    books: list[Book] = key(factory=list)


def test_validators_run_everywhere() -> None:
    """Validators run for files, data, new objects and attributes, after the type was checked."""
    for text in ("---\nscore: 3\n---\n", "---\nscore: 3 # remark\n---\n", "---\n? score\n: 3\n---\n"):
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
    one = newsitem.loads("---\nscore: 9 # remark\n---\n", Rated)
    with pytest.raises(newsitem.ValidationError, match="must be >= 5"):
        one.score = 2
    one.score = 8
    assert newsitem.dumps(one) == "---\nscore: 8 # remark\n---\n"
    object.__setattr__(one, "score", 1)
    with pytest.raises(newsitem.ValidationError, match="must be >= 5"):
        newsitem.dumps(one)


def test_validators_of_objects_in_lists() -> None:
    """Objects with validators are made when their file is read, so that it is refused then."""
    book = "  - pages: 3\n    images:\n" + '      - url: "https://x.example/picture"\n' * 100
    text = f"---\nbooks:\n{book * 3}---\n"
    assert newsitem.loads(text, Shelf)._source.spans == ()
    with pytest.raises(newsitem.ValidationError, match=r"books\[1\].pages"):
        newsitem.loads(text.replace(book * 2, book + book.replace("pages: 3", "pages: 0"), 1), Shelf)


# Many items


FOLDER = {
    "ana.md": PERSON,
    "bo.md": '---\nname: "Bo"\nborn: 1990-05-06\nrating: 4\ntopics:\n  - AI\n---\n',
    "2020-06-24-t.md": '---\ntitle: "T"\npublishedDateTime: 2020-06-24T05:30:00Z\nheat: 3\nwebUrl: "https://x.example"\n'
    "provider:\n  name: P\n  domain: p.example\ntopics:\n  - AI\n---\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of two kinds."""
    for name, text in FOLDER.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def kind_of(path: Path, names: tuple[str, ...]) -> type[Person] | type[NewsItem]:
    """Choose a class by the keys of a file."""
    assert path.suffix == ".md"
    return Person if "name" in names else NewsItem


def test_several_kinds_in_one_folder(folder: Path) -> None:
    """A function chooses the class of each file; or those of others are among the errors."""
    both: NewsCollection[Any] = NewsCollection.read(folder, cls=kind_of)
    assert [type(one) for one in both] == [NewsItem, Person, Person]
    people = NewsCollection.read(folder, cls=Person, on_error="collect")
    assert (len(people), len(people.errors)) == (2, 1)
    (folder / "odd.md").write_text("---\n'na\\me': 1\n? name\n: \"Odd\"\n---\n")
    (folder / "tab.md").write_text('---\nname:\t"Tab"\n---\n')
    assert len(NewsCollection.read(folder, cls=kind_of)) == 5
    with pytest.raises(TypeError, match="expected a NewsItem, not int"):
        NewsCollection.read(folder, cls=lambda _path, _names: int, on_error="collect")  # type: ignore[type-var]
    with pytest.raises(TypeError, match="cls must be an item class, not None"):
        NewsCollection.read(folder, cls=lambda _path, _names: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        NewsCollection.read(folder, cls=lambda _path, _names: 1 / 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="cls must be an item class, not <function"):
        newsitem.load(folder / "ana.md", kind_of)  # type: ignore[arg-type, type-var]
    (folder / "odd.md").write_text("no front matter")
    with pytest.raises(newsitem.ParseError, match="no front matter"):
        NewsCollection.read(folder, cls=kind_of)


def test_queries_of_own_kinds(folder: Path) -> None:
    """Attributes are sort and group keys, and a query that needs an attribute which a class lacks says so."""
    people = NewsCollection.read(folder, cls=Person, on_error="collect")
    assert [one.name for one in people.sort("-name")] == ["Bo", "Ana"]
    assert people.count_by("born") == {date(1990, 5, 6): 1}
    assert people.count_by("initial") == {"A": 1, "B": 1}
    assert list(people.group_by("topic")) == ["AI"]
    assert people.timeline("year") == {date(1990, 1, 1): 1}
    assert [one.name for one in people.latest(1)] == ["Bo"]
    assert [one.name for one in people.filter(since="1990-05-06", until=date(1991, 1, 1))] == ["Bo"]
    assert [one.name for one in people.filter(topic="AI")] == ["Bo"]
    assert [one.name for one in people.exclude(has_images=True)] == ["Ana", "Bo"]
    assert "1990-05-06 to 1990-05-06, AI (1), 1 not read" in repr(people)
    assert people.describe()["rating"].maximum == 4.0
    assert "bo.md" in people._repr_html_()
    for query, message in {
        "filter(min_heat=1)": "filter(min_heat=…) needs the attribute heat, which Person does not have",
        "exclude(provider='P')": "exclude(provider=…) needs the attribute provider.name, which Person does not have",
        "sort('heat')": "no key 'heat' in Person",
        "find('x')": "find() needs a key with a URL",
        "duplicates()": "comparing addresses needs a key with a URL",
        "stories()": "stories() needs a key with a URL",
        "mentions('x')": "mentions() needs the attribute related, which Person does not have",
    }.items():
        with pytest.raises(ValueError, match=r"which Person does not have|no key") as error:
            eval(f"people.{query}")
        assert message in str(error.value)
    nothing_dated = NewsCollection([Rated(score=9)])
    for method in (nothing_dated.timeline, lambda: nothing_dated.latest(1), lambda: nothing_dated.filter(since="2020")):
        with pytest.raises(ValueError, match="needs a datetime or a date, which Rated does not have"):
            method()
    assert repr(nothing_dated) == "<NewsCollection: 1 item>"


def test_queries_of_several_kinds(folder: Path) -> None:
    """What all classes have can be asked of all items at once, in their order."""
    both: NewsCollection[Any] = NewsCollection.read(folder, cls=kind_of)
    assert [type(one).__name__ for one in both.filter(topic="AI")] == ["NewsItem", "Person"]
    assert both.count_by("topic") == {"AI": 2}
    assert [one.path.name for one in both.sort("day")] == ["bo.md", "2020-06-24-t.md", "ana.md"]
    assert both.describe()["topics"].present == 2
    assert both.describe()["name"].present == 2
    assert both.describe()["heat"].maximum == 3
    assert both.diff() == ""
    assert both.save(dry_run=True).ok


def test_criteria_need_the_types_of_news() -> None:
    """A criterion of an attribute that is something else than in news items says so."""
    cls = made(topics=(str | None, None), heat=(str | None, None), provider=(str | None, None))
    items = NewsCollection([cls(topics="AI", heat="3", provider="P")])
    with pytest.raises(ValueError, match=r"filter\(topic=…\) needs topics to be a list of text, but in"):
        items.filter(topic="A")
    with pytest.raises(ValueError, match="needs heat to be a number"):
        items.filter(min_heat=3)
    with pytest.raises(ValueError, match=r"needs the attribute provider\.name"):
        items.filter(provider="P")
    assert items.count_by("heat") == {"3": 1}
    assert items.count_by("provider") == {"P": 1}


def test_a_type_that_a_key_hides() -> None:
    """An annotation that a key of the same name hides is explained where Python evaluates it at once."""
    with pytest.raises(TypeError, match="a key shadows the type in its annotation"):
        key() | None


def test_new_files_of_own_kinds(tmp_path: Path) -> None:
    """Items without a ``filename`` cannot be written to a folder, and say how they can."""
    one = person()
    with pytest.raises(newsitem.NewsItemError, match=r"Person has no filename: define a filename property"):
        NewsCollection([one]).write(tmp_path)
    assert newsitem.diff(one).startswith("--- a/Person\n")
    newsitem.dump(one, tmp_path / "ana.md")
    assert newsitem.load(tmp_path / "ana.md", Person) == one
    with (tmp_path / "ana.md").open("rb") as stream:
        assert newsitem.load(stream, Person) == one


def test_a_provider_that_may_be_missing() -> None:
    """Queries by outlet leave out items without one."""
    cls = made(provider=(Provider | None, None), related_url=(str | None, None))
    items = NewsCollection(
        [cls(), cls(provider=Provider(name="P", domain="p.example"), related_url="https://x.example")]
    )
    assert len(items.filter(provider="P")) == len(items.filter(domain="www.p.example")) == 1
    assert items.count_by("domain") == {"p.example": 1}
    assert len(items.find("x.example")) == 1
    assert len(items.stories()) == 2
    assert len(items.unique()) == 2


def test_hidden_under_any_name() -> None:
    """The text of a field of ``Secured`` is in no message and no view, whatever its key is."""
    one = newsitem.loads('---\nname: "Ana"\ntoken: "SECRET"\n---\n', Person)
    assert (
        "SECRET"
        not in f"{one!r}{one._repr_html_()}{NewsCollection([one])._repr_html_()}{NewsCollection([one]).describe()}"
    )
    for text in (
        "token: &a SECRET\nnote: *a",
        "token: {SECRET: 1, SECRET: 2}",
        "token: [SECRET, *x]",
        "token: {x: SECRET",
    ):
        with pytest.raises(newsitem.NewsItemError) as error:
            newsitem.loads(f'---\nname: "Ana"\n{text}\n---\n', Person)
        assert "SECRET" not in str(error.value)
    schema = newsitem.json_schema(Person)
    assert schema["properties"]["token"] == {"type": "string"}
    assert schema["properties"]["name"]["description"] == "As the person writes it."


def test_an_empty_front_matter() -> None:
    """An item of which no key is required may be empty, as Jekyll has it, and gets keys where it has a remark alone."""
    cls = made(one=(str | None, None))
    for text in ("---\n---\n", "---\n\n---\n", "---\n# remark\n---\n", "---\n{}\n---\n"):
        one = newsitem.loads(text, cls)
        assert newsitem.dumps(one) == text
        one.one = "x"
        after = newsitem.dumps(one)
        assert newsitem.loads(after, cls).one == "x"
        assert ("# remark" in after) == ("# remark" in text)
    assert newsitem.dumps(cls()) == "---\n---\n\n"
    with pytest.raises(newsitem.ValidationError, match="must be a mapping"):
        newsitem.loads("---\n---\n", Person)


@pytest.mark.parametrize(
    "text", ["---\n\n---\n", "---\n# remark\n---\n", "---\r\n\r\n---\r\n", "---\n---\n", "---\n~\n---\n"]
)
def test_the_first_key_of_any_front_matter(text: str) -> None:
    """A key can be added where there is none, and what is there stays."""
    one = newsitem.loads(text, FrontMatter)
    one.extras["q"] = 1
    after = newsitem.dumps(one)
    assert newsitem.loads(after, FrontMatter).extras == {"q": 1}
    assert after.replace("\r\n", "\n").replace("q: 1\n", "") == text.replace("\r\n", "\n").replace("~\n", "")


def test_a_scalar_after_a_block() -> None:
    """A key that is added after a block leaves the empty line that is the block's where it is."""
    cls = made(links=(list[str], key(factory=list)), rank=(int | None, None))
    text = "---\nnone: a # remark\n\nlinks:\n  - x\n\nfoo: 1\n---\n"
    one = newsitem.loads(text, cls)
    one.rank = 1
    assert newsitem.dumps(one) == text.replace("foo", "rank: 1\nfoo")


def test_keys_that_nobody_sees_are_hidden_below_secured() -> None:
    """A key with an invisible character below opaque text is part of what is not shown."""
    news = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider: {name: P}\nsecured'
    for cls, start in ((Person, 'name: "A"\ntoken'), (NewsItem, news)):
        with pytest.raises(newsitem.ValidationError) as error:
            newsitem.loads(f'---\n{start}: {{"SECRET\u200b": 5}}\n---\n', cls)
        assert "SECRET" not in str(error.value)
    one = newsitem.loads('---\nsecured: "SECRET"\n---\n', FrontMatter)
    assert "SECRET" not in repr(NewsCollection([one, copy.copy(one)]).describe())


def test_views_of_odd_kinds() -> None:
    """Cards and tables show objects whose attributes have names of news, and other types."""
    inner: Any = made("Inner", bases=(), title=str, provider=(str | None, None), url=(int | None, None))
    cls = made(
        n_url=(int | None, None), url=(Secured | None, None), inner=(GenericAlias(list, (inner,)), key(factory=list))
    )
    one = cls(n_url=5, url=Secured("SECRET"), inner=[inner(title="T", provider="P", url=3)])
    assert ">5<" in one._repr_html_()
    assert "SECRET" not in one._repr_html_()
    several = made(provider=(list[Provider], key(factory=list)))
    with pytest.raises(ValueError, match="no key 'domain'"):
        NewsCollection([several()]).sort("domain")
    deep = made(outer=(made("Outer", bases=(), inner=(Account | None, None)) | None, None))
    assert NewsCollection([deep()]).describe()["outer.inner.username"].present == 0
    mixed: NewsCollection[Any] = NewsCollection(
        [made("A", day=(date | None, None))(), made("B", day=(datetime, key()))(day=WHEN)]
    )
    assert {"day of A", "day of B"} <= set(mixed.describe())
    assert [type(one).__name__ for one in mixed.latest(2)] == ["B", "A"]


def test_front_matter_itself_is_a_kind() -> None:
    """`FrontMatter` reads any front matter, with all keys as plain data."""
    one = newsitem.loads("---\nlayout: post\nlist: [1]\n---\nText\n", FrontMatter)
    assert one.extras == {"layout": "post", "list": [1]}
    one.extras["list"].append(2)
    assert newsitem.dumps(one) == "---\nlayout: post\nlist: [1, 2]\n---\nText\n"
    assert repr(one) == "<FrontMatter>"


def test_arrow_of_own_kinds(folder: Path) -> None:
    """Items of one's own go out to Arrow with the types of their fields, and come back."""
    arrow = pytest.importorskip("newsitem.arrow", reason="newsitem.arrow needs an extra", exc_type=ImportError)
    people = NewsCollection.read(folder, cls=Person, on_error="collect")
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
    both: NewsCollection[Any] = NewsCollection.read(folder, cls=kind_of)
    with pytest.raises(TypeError, match="a table can only contain items of one class, not NewsItem and Person"):
        both.to_arrow()


def test_annotations_may_be_values() -> None:
    """A module whose annotations are not text, and are evaluated late from Python 3.14 on, defines the same classes."""
    text = """
class Author:
    name: str

Author = model(Author)

@model
class Post(FrontMatter):
    layout: ClassVar[str] = "post"
    author: Author | None = None
    others: list[Author] = key(factory=list)
    day: Optional[date] = None
"""
    names: dict[str, Any] = {**vars(newsitem), "ClassVar": ClassVar, "Optional": Optional, "date": date}
    exec(compile(text, "post.py", "exec", dont_inherit=True), names)
    post = newsitem.loads("---\nauthor: {name: Ada}\nothers: [{name: Grace}]\n---\n", names["Post"])
    assert (post.author.name, post.others[0].name, post.day, post.extras) == ("Ada", "Grace", None, {})
