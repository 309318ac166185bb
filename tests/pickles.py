"""What the pickles in `tests/data/pickles` hold: objects of each public class, from invented texts.

There is a folder for each release. Before a release, add its folder, and never change those of the releases before it.
Use the oldest Python that newsitem supports, as paths that 3.13 pickles cannot be read by older ones:

    PYTHONPATH=tests python3.11 -m pickles

`test_pickles` loads every file of every folder and compares it with the object that `cases` makes of the same name.
"""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from samples import ROOT

import newsitem
from newsitem import FrontMatter, Image, Mention, NewsCollection, NewsItem, Problem, Provider, RelatedItem, Secured

FOLDER: Final = ROOT / "tests" / "data" / "pickles"

RELATED: Final = """\
  - title: "Façade {0}"
    excerpt: "What outlet {0} says of the pipes, and of what they will cost."
    publishedDateTime: 2020-06-25T08:00:00Z
    webUrl: "https://outlet-{0}.example/pipes"
    provider:
      name: Outlet {0}
      domain: outlet-{0}.example
"""
PIPES: Final = f"""\
---
category: news
title: "Warm pipes"
publishedDateTime: 2020-06-24T05:30:00Z
heat: 120

provider:
  name: Ledgerlight
  domain: ledgerlight.example

topics:
  - Energy

related:
{"".join(map(RELATED.format, range(20)))}
secured: "b3BhcXVl"
---

A body.
"""
"""A text in the canonical layout, with a list that is long enough to stay unread."""
BY_HAND: Final = """\
---
# a comment
title: Glass  # by its sound
publishedDateTime: 2020-07-14
provider: {name: Ledgerlight}
rank: 7
related:
- title: 'Sand'
...
""".replace("\n", "\r\n")
ADA: Final = """\
---
name: Ada
accounts:
  - site: forum.example
    posts: 12
---
"""


@newsitem.model
class Account:
    """A mapping in a class of a user's own."""

    site: str
    posts: int | None = None


@newsitem.model
class Person(FrontMatter):
    """A class of a user's own."""

    name: str
    born: datetime | None = None
    accounts: list[Account] = newsitem.key(factory=list)


def cases() -> dict[str, Any]:
    """Return the objects by the names of their pickles."""
    edited = read(PIPES, "news/pipes.md")
    edited.heat = 7
    edited.related[0].title = "Colder pipes"
    person = newsitem.loads(ADA, Person)
    person.accounts.append(Account(site="wiki.example"))
    problems = [Problem("must be text", field="title", path="news/glass.md", line=3, column=8), Problem("no date")]
    error = newsitem.ParseError([Problem("no front matter", path="news/sand.md", line=1, column=1)])
    conflict = newsitem.ConflictError([Problem("changed meanwhile", path="news/ice.md")])
    pipes, glass = read(PIPES, "news/pipes.md"), read(BY_HAND, "news/glass.md")
    return {
        "item-read": read(PIPES, "news/pipes.md"),
        "item-by-hand": read(BY_HAND, "news/glass.md"),
        "item-edited": edited,
        "item-made": made(),
        "front-matter": newsitem.loads(BY_HAND, FrontMatter),
        "own-read": newsitem.loads(ADA, Person),
        "own-edited": person,
        "own-made": Person(name="Grace", born=datetime(1906, 12, 9, tzinfo=UTC), extras={"rank": 1}),
        "collection": NewsCollection([pipes, glass, made()], errors=[error]),
        "description": NewsCollection([pipes, glass]).describe(),
        "error": newsitem.NewsItemError(problems),
        "error-of-parsing": error,
        "error-of-limit": newsitem.LimitError(problems),
        "error-of-validation": newsitem.ValidationError(problems),
        "error-of-conflict": conflict,
        "report-of-saving": newsitem.SaveReport((pipes,), (glass,), (conflict,), (error,)),
        "report-of-renaming": newsitem.RenameReport(((Path("a.md"), Path("b.md")),), (glass,), (), (), dry_run=True),
        "report-of-update": newsitem.UpdateReport(2, (pipes,), (glass,), {"heat": 1}),
        "mention": Mention(pipes.related[0], pipes),
        "limits": newsitem.Limits(size=1000),
        "secured": Secured("b3BhcXVl"),
    }


def read(text: str, path: str) -> NewsItem:
    """Read an item, and give it the path of a file."""
    item = newsitem.loads(text, name=path)
    item.path = Path(path)
    return item


def made() -> NewsItem:
    """Make an item that was never read."""
    picture = Image(url="https://img.example/ice.jpg", width=1440, height=960)
    return NewsItem(
        title="Ice",
        published_date_time=datetime(2020, 7, 28, 12, tzinfo=UTC),
        provider=Provider(name="Ledgerlight", images=[picture]),
        topics=["Energy", "Ice"],
        images=[picture],
        related=[RelatedItem(title="Snow", extras={"rank": [1, {"of": None}]})],
        secured=Secured("b3BhcXVl"),
        extras={"ratings": {"mean": 4.5, "when": datetime(2020, 8, 1, tzinfo=UTC)}},
        body="\nA body.\n",
    )


def write(folder: Path) -> None:
    """Write the pickles of a release, which must be a new one."""
    values = cases()
    folder.mkdir(parents=True)
    for name, value in values.items():
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(value, protocol=5))


if __name__ == "__main__":
    import pickles  # under this name, not `__main__`, the classes above are found again

    pickles.write(FOLDER / newsitem.__version__)
