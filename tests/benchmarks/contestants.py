"""The jobs to measure, as newsitem and its peers do them, and the facts by which their results are compared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import fmql
import frontmatter
import yaml
import yaml_edit
import yaml_rs
from ruamel.yaml import YAML

import newsitem
from benchmarks.texts import HAND_EDITED, YAML_READER_ONLY, front_matter, varied

HEAT = 4711
"""The value that edits set."""
NEWSITEM = "newsitem"


def facts_of_item(item: newsitem.NewsItem) -> tuple[Any, Any]:
    """Return title and number of related items."""
    return item.title, len(item.related)


def facts_of_data(data: Any) -> tuple[Any, Any]:
    """Return title and number of related items."""
    return data["title"], len(data.get("related") or ())


def facts_of_text(text: str) -> tuple[Any, Any]:
    """Return title and number of related items, read with PyYAML."""
    return facts_of_data(yaml.load(front_matter(text) if text.startswith("---") else text, yaml.CSafeLoader))


def facts_of_edited(text: str) -> tuple[Any, Any]:
    """Check that the text contains the edit, and return title and number of related items."""
    assert re.search(rf"^heat: {HEAT}(?: +#.*)?$", text, re.MULTILINE)
    return facts_of_text(text)


def facts_of_node(node: Any) -> tuple[Any, Any]:
    """Return title and number of related items of a mapping node."""
    values = {key.value: value.value for key, value in node.value}
    return values["title"], len(values.get("related", ()))


class Contestant(NamedTuple):
    """A tool that does a job."""

    name: str
    prepare: Callable[[str], Any]
    """Turns a text into the argument of `run`. Not timed."""
    run: Callable[[Any], Any]
    goal: float | None = None
    """The time that newsitem may take, as a multiple of the contestant's time."""
    facts: Callable[[Any], tuple[Any, Any]] = facts_of_data
    """Returns the title and the number of related items in the result."""


class Work(NamedTuple):
    """A job to measure, with its contestants. newsitem comes first."""

    name: str
    contestants: list[Contestant]


def _read_with_related(text: str) -> newsitem.NewsItem:
    item = newsitem.loads(text)
    assert isinstance(item.related, list)  # made on first use
    return item


def _edit(text: str) -> str:
    item = newsitem.loads(text)
    item.heat = HEAT
    return newsitem.dumps(item)


def _edit_with_yaml_edit(content: str) -> str:
    document = yaml_edit.Document.parse(content)
    document["heat"] = HEAT
    return str(document)


def _edit_with_ruamel(content: str) -> str:
    yaml_round_trip = YAML()
    data = yaml_round_trip.load(content)
    data["heat"] = HEAT
    stream = io.StringIO()
    yaml_round_trip.dump(data, stream)
    return stream.getvalue()


def _compose(content: str) -> Any:
    return YAML(typ="safe", pure=True).compose(content)


def _of(kind: str, contestant: Contestant) -> Contestant:
    """Return a contestant that works on texts with a kind of hand edit."""
    return contestant._replace(prepare=lambda text: contestant.prepare(varied(kind, text)))


LOADS = Contestant(NEWSITEM, str, newsitem.loads, facts=facts_of_item)
EDIT = Contestant(NEWSITEM, str, _edit, facts=facts_of_edited)
YAML_RS = Contestant("yaml-rs, to a `dict`", str, lambda text: yaml_rs.loads(front_matter(text)), 2.0)
YAML_EDIT = Contestant("yaml-edit", front_matter, _edit_with_yaml_edit, 2.0, facts_of_edited)
COMPOSE = Contestant("ruamel.yaml `compose`", front_matter, _compose, 1.2, facts_of_node)
ROUND_TRIP = Contestant("ruamel.yaml round trip", front_matter, _edit_with_ruamel, 1.0, facts_of_edited)

WORKS = [
    Work(
        "read",
        [
            LOADS,
            YAML_RS._replace(goal=1.0),
            Contestant("PyYAML with libyaml", str, lambda text: yaml.load(front_matter(text), yaml.CSafeLoader)),
            Contestant("python-frontmatter", str, lambda text: frontmatter.loads(text).metadata),
            Contestant("fmql", str, lambda text: fmql.parse(text, abspath=Path("/item.md")).frontmatter),
            Contestant("ruamel.yaml round trip", str, lambda text: YAML().load(front_matter(text))),
        ],
    ),
    Work(
        "read, set `heat`, write",
        [
            EDIT,
            YAML_EDIT._replace(goal=0.8),
            ROUND_TRIP._replace(goal=None),
        ],
    ),
    Work(
        "write an unedited item",
        [
            Contestant(NEWSITEM, newsitem.loads, newsitem.dumps, facts=facts_of_text),
            LOADS._replace(name="reading it with newsitem", goal=0.5),
        ],
    ),
    Work(
        "create from a `dict`, write",
        [
            Contestant(
                NEWSITEM,
                lambda text: newsitem.to_dict(newsitem.loads(text)),
                lambda data: newsitem.dumps(newsitem.from_dict(data)),
                facts=facts_of_text,
            ),
            LOADS._replace(name="reading it with newsitem", goal=2.0),
            LOADS._replace(name="the same with its related items", run=_read_with_related, goal=2.0),
        ],
    ),
    *(
        Work(f"{name}: {kind}", [_of(kind, own), _of(kind, peer)])
        for kinds, works in (
            (HAND_EDITED, {"read": (LOADS, YAML_RS), "read, set `heat`, write": (EDIT, YAML_EDIT)}),
            (YAML_READER_ONLY, {"read": (LOADS, COMPOSE), "read, set `heat`, write": (EDIT, ROUND_TRIP)}),
        )
        for name, (own, peer) in works.items()
        for kind in kinds
    ),
]
