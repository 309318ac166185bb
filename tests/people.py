"""Two kinds of files, news items and people, for tests of classes that users define."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import newsitem
from newsitem import (
    FrontMatter,
    Image,
    NewsItem,
    Secured,
    key,
    model,
)


@model
class Account:
    """A mapping inside a person."""

    username: str | None = key(default=None, plain=True)
    followers: int | None = key(default=None)


@model
class Person(FrontMatter):
    """A file about a person."""

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
        """The first letter of the name."""
        return self.name[0]

    @cached_property
    def shouted(self) -> str:
        """The name in capitals."""
        return self.name.upper()

    def greeting(self) -> str:
        """Return a greeting."""
        return f"Hello, {self.name}"


PERSON = '---\nname: "Ana"\ntwitter:\n  username: ana\n  followers: 3\n---\nBody\n'


def person(**values: Any) -> Person:
    """Return a person with the required values and others."""
    return Person(**{"name": "Ana", **values})


def names(cls: Any) -> list[str]:
    """Return the key names of a class in order."""
    return list(newsitem.json_schema(cls)["properties"])


def made(name: str = "Made", bases: tuple[type, ...] = (FrontMatter,), **fields: Any) -> Any:
    """Define a class with fields, each an annotation or a pair of an annotation and a key."""
    pairs = {attribute: field if isinstance(field, tuple) else (field,) for attribute, field in fields.items()}
    body: dict[str, Any] = {"__annotations__": {attribute: pair[0] for attribute, pair in pairs.items()}}
    body |= {attribute: pair[1] for attribute, pair in pairs.items() if len(pair) > 1}
    return model(type(name, bases, body))


FOLDER = {
    "ana.md": PERSON,
    "bo.md": '---\nname: "Bo"\nborn: 1990-05-06\nrating: 4\ntopics:\n  - AI\n---\n',
    "2020-06-24-t.md": '---\ntitle: "T"\npublishedDateTime: 2020-06-24T05:30:00Z\nheat: 3\nwebUrl: "https://x.example"\n'
    "provider:\n  name: P\n  domain: p.example\ntopics:\n  - AI\n---\n",
}


def kind_of(path: Path, names: tuple[str, ...]) -> type[Person] | type[NewsItem]:
    """Return the class for a file by its keys."""
    assert path.suffix == ".md"
    return Person if "name" in names else NewsItem
