"""Define classes for other kinds of files: read each folder with its class, edit one file, group the others.

Run it without arguments on the sample files, or pass a folder that contains ``samples``, ``learning`` and ``people``:
``kinds.py FOLDER``. It writes no files.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from newsitem import FrontMatter, Image, NewsCollection, Secured, diff, dumps, key, model

FOLDER = Path(__file__).parent


@model
class Picture(Image):
    """An image whose URL is written without quotes."""

    url: str = key(plain=True)
    attribution: str | None = key(default=None)


@model
class Author:
    """An author of a sample."""

    name: str = key(plain=True)


@model
class Organization:
    """The maker of a sample or a course, or a person's employer."""

    name: str = key(plain=True)
    domain: str | None = key(default=None, plain=True)
    images: list[Picture] = key(factory=list)
    authors: list[Author] = key(factory=list)


@model
class Action:
    """A link in a sample."""

    url: str = key()
    type: str | None = key(default=None)
    title: str | None = key(default=None)
    attribution: str | None = key(default=None)


@model
class Sample(FrontMatter):
    """A file in ``samples``. Its body is HTML."""

    title: str = key()
    excerpt: str | None = key(default=None)
    original_url: str | None = key(default=None, plain=True)
    type: str | None = key(default=None, plain=True)
    published_date_time: datetime = key()
    heat: int | None = key(default=None)
    actions: list[Action] = key(factory=list)
    provider: Organization | None = key(default=None)
    topics: list[str] = key(factory=list)
    images: list[Picture] = key(factory=list)
    secured: Secured | None = key(default=None, blank_lines=True)


@model
class Ratings:
    """The ratings of a course."""

    average: float | None = key(default=None)
    count: int | None = key(default=None)


@model
class Learning(FrontMatter):
    """A file in ``learning``: a course, a video or a lecture."""

    title: str = key()
    excerpt: str | None = key(default=None)
    original_url: str | None = key(default=None, plain=True)
    web_url: str | None = key(default=None, plain=True)
    type: str | None = key(default=None, plain=True)
    price: str | None = key(default=None, plain=True)
    length: str | None = key(default=None, plain=True)
    published_date_time: datetime | None = key(default=None)
    ratings: Ratings | None = key(default=None)
    heat: int | None = key(default=None)
    published: bool | None = key(default=None)
    removed: bool | None = key(default=None)
    featured_content: str | None = key(default=None, blank_lines=True)
    provider: Organization | None = key(default=None)
    levels: list[str] = key(factory=list)
    items: list[str] = key(factory=list)
    topics: list[str] = key(factory=list)
    images: list[Picture] = key(factory=list)
    secured: Secured | None = key(default=None, blank_lines=True)


@model
class Account:
    """A person's account on a social network."""

    username: str | None = key(default=None, plain=True)
    url: str | None = key(default=None, plain=True)
    followers: int | None = key(default=None)


@model
class Person(FrontMatter):
    """A file in ``people``."""

    name: str = key()
    bio: str | None = key(default=None)
    location: str | None = key(default=None, plain=True)
    type: str | None = key(default=None)
    heat: int | None = key(default=None)
    affiliation: Organization | None = key(default=None)
    website: str | None = key(default=None, plain=True)
    twitter: Account | None = key(default=None)
    linkedin: Account | None = key(default=None)
    topics: list[str] = key(factory=list)
    images: list[Picture] = key(factory=list)
    secured: Secured | None = key(default=None, blank_lines=True)


KINDS: dict[str, type[FrontMatter]] = {"samples": Sample, "learning": Learning, "people": Person}
"""The class for each folder."""


def main(folder: Path) -> None:
    """Print the items of each kind in *folder*, the diff of an edit, and the groups."""
    for name, cls in KINDS.items():
        items = NewsCollection.read(folder / name, cls=cls)
        unchanged = sum(dumps(item).encode() == item.path.read_bytes() for item in items if item.path)
        print(f"{name}: {items}\n{unchanged} of {len(items)} files round-trip byte for byte.\n")

    people = NewsCollection.read(folder / "people", cls=Person)
    person = people.top(1, by="heat")[0]
    person.topics.append("Oceans")
    if person.twitter and person.twitter.followers:
        person.twitter.followers += 1
    print(diff(person))

    courses = NewsCollection.read(folder / "learning", cls=Learning)
    for price, group in courses.group_by("price").items():
        print(f"{price}: {', '.join(course.title for course in group)}")
    print("Most common topics of people:", people.count_by("topic").most_common(2))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
