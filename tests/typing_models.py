"""Types of custom models. Type checkers check this file; it is never run."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, assert_type

import newsitem
import newsitem.arrow
from newsitem import FrontMatter, Image, NewsCollection, NewsItem, Provider, Secured, key, model


@model
class Account:
    """A nested mapping."""

    username: str | None = key(default=None, plain=True)
    followers: int | None = key(default=None)


@model
class Community(Provider):
    """A provider with one more key."""

    authors: list[str] = key(factory=list)


@model
class Person(FrontMatter):
    """A model of another kind of file."""

    name: str = key()
    born: date | None = key(default=None)
    rating: float | None = None
    twitter: Account | None = key(default=None)
    images: list[Image] = key(factory=list)
    secured: Secured | None = key(default=None, blank_lines=True)
    anything: Any = key(default=None)


@model
class Course(NewsItem):
    """A news item with one more key, and a provider of another class."""

    price: str | None = key(default=None, plain=True, after="type")
    provider: Community = key()  # pyright: ignore[reportIncompatibleVariableOverride]


def constructors() -> None:
    """The constructor takes the fields of the class and its base, as keyword arguments only."""
    person = Person(name="Ana", twitter=Account(username="ana"), body="x", path=Path("ana.md"))
    assert_type(person.name, str)
    assert_type(person.born, date | None)
    assert_type(person.extras, dict[str, Any])
    assert_type(person.path, Path | None)
    person.rating = 5
    Person()  # type: ignore[call-arg]
    Person("Ana")  # type: ignore[arg-type, call-arg]
    Person(name=5)  # type: ignore[arg-type]
    Person(name="Ana", nmae="x")  # type: ignore[call-arg]
    person.born = "1990"  # type: ignore[assignment]
    course = Course(title="T", published_date_time=datetime(2020, 1, 1), provider=Community(name="P"), price="Free")
    assert_type(course.provider.authors, list[str])
    assert_type(course.heat, int | None)
    assert_type(course.filename, Path)


def reading(path: Path) -> None:
    """Functions that read take a class and return its objects."""
    assert_type(newsitem.load(path, Person), Person)
    assert_type(newsitem.loads("", Person, name="x"), Person)
    assert_type(newsitem.from_dict({}, Course, body=""), Course)
    assert_type(newsitem.from_json("{}", Course), Course)
    assert_type(newsitem.json_schema(Person), dict[str, Any])
    assert_type(newsitem.edit(path, lambda item: item.name.upper(), cls=Person), Person)
    newsitem.load(path, Account)  # type: ignore[type-var]
    person = newsitem.load(path, Person)
    person.revert()
    newsitem.dumps(person)
    newsitem.rename(person, "x.md")


def collections(path: Path) -> None:
    """Collections are generic in the class of their items."""
    people = assert_type(NewsCollection.read(path, cls=Person), NewsCollection[Person])
    assert_type(people[0], Person)
    assert_type(people[1:], NewsCollection[Person])
    assert_type(people.sort("-name").top(1, by="rating"), NewsCollection[Person])
    assert_type(people.filter(where=lambda person: person.name == "Ana"), NewsCollection[Person])
    assert_type(people.group_by(lambda person: person.name), dict[str, NewsCollection[Person]])
    for person in NewsCollection.iter(path, cls=Person):
        assert_type(person, Person)
    assert_type(people.save().written, tuple[Person, ...])
    assert_type(people.rename().unchanged, tuple[Person, ...])
    assert_type(people.update([]).changed, tuple[Person, ...])
    assert_type(newsitem.arrow.from_table(people.to_arrow(flat=True), Person), NewsCollection[Person])
    hottest(NewsCollection.read(path, cls=Course))


def hottest(news: NewsCollection[NewsItem]) -> NewsItem:
    """Return the hottest item. A collection of a derived class is accepted too."""
    return news.top(1)[0]


def kind_of(path: Path, names: tuple[str, ...]) -> type[Person]:
    """Choose the class for a file."""
    assert path.name in names
    return Person


def chosen(path: Path) -> None:
    """A collection can be read with a function that chooses the class for each file."""
    assert_type(NewsCollection.read(path, cls=kind_of), NewsCollection[Person])
