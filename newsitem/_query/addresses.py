"""Addresses: which are the same, which an item has, and which items they connect."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from newsitem._schema.fields import INDENT, keys
from newsitem._schema.unread import Unread, peek
from newsitem._yaml.scalars import unquoted
from newsitem.model import NewsItem, RelatedItem

_T = TypeVar("_T")

_PARTS = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:www\.)?([^/?]*)([^?]*)(?:\?(.*))?", re.IGNORECASE | re.DOTALL)
_ENCODED_LETTERS = re.compile(r"(?:%[89a-f][0-9a-f])+", re.IGNORECASE)
_USUAL_PORT = re.compile(r":(?:80|443)?\Z")
# fmt: off
_TRACKING: Final = frozenset((
    "__twitter_impression", "_ga", "_gl", "_hsenc", "_hsmi", "cmp", "cmpid", "dclid", "fbclid", "gbraid", "gclid",
    "gclsrc", "icid", "igshid", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ncid", "ocid", "partnerref", "smid",
    "ttclid", "twclid", "vero_id", "wbraid", "yclid",
))
"""Parameters that say where a reader came from, besides all that begin with ``utm_``."""
# fmt: on


def canonical(url: str) -> str:
    """Return what two addresses of one page have in common; an empty text for one that is empty.

    Scheme, ``www.``, upper case in the host, the usual port, slashes at the end, the fragment, tracking parameters and
    the order of the others make no difference, nor does it matter whether letters beyond ASCII are percent-encoded.
    """
    url = url.partition("#")[0].strip(" \t\r\n\f")
    if "%" in url:
        url = _ENCODED_LETTERS.sub(lambda run: unquote(run[0], errors="surrogateescape"), url)
    match = _PARTS.match(url)
    assert match is not None  # every part may be empty
    host, path, query = match.groups()
    path = path.rstrip("/")
    address = _USUAL_PORT.sub("", host.lower()) + path
    kept = sorted(one for one in query.split("&") if one and not _is_tracking(one)) if query else ()
    return f"{address}?{'&'.join(kept)}" if kept else address


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING or name.startswith("utm_")


def _getter(cls: type) -> Callable[[Any], tuple[str | None, ...]]:
    return attrgetter(*(key.attribute for key in keys(cls) if key.name.endswith("Url")))


_of_item: Final = _getter(NewsItem)
_of_related: Final = _getter(RelatedItem)
_related: Final = peek(NewsItem, "related")


_PLAIN_DOMAIN: Final = re.compile(r"[a-z0-9.-]+")
"""A domain that is written in a text as it is."""


@cache
def _in_text() -> re.Pattern[str]:
    """Return the pattern of an address of a related item in the lines of an unread list."""
    names = "|".join(re.escape(key.name) for key in keys(RelatedItem) if key.name.endswith("Url"))
    return re.compile(rf'\n{" " * 2 * INDENT}(?:{names}): "(.+)"')


def own_urls(item: NewsItem) -> list[str]:
    """Return the addresses of an item, AMP versions included."""
    return [url for url in _of_item(item) if url]


def related_urls(item: NewsItem) -> list[str]:
    """Return the addresses of an item's related items, AMP versions included."""
    related = _related(item)
    if isinstance(related, Unread):
        return [unquoted(url) or "" if "\\" in url else url for url in _in_text().findall(related.text)]
    return [url for related in item.related for url in _of_related(related) if url]


def may_mention(item: NewsItem, domains: Collection[str]) -> bool:
    """Tell whether an item may have a related item of one of some domains, whose letters are in lower case."""
    related = _related(item)
    if not isinstance(related, Unread) or not all(map(_PLAIN_DOMAIN.fullmatch, domains)):
        return True
    text = related.text.lower()
    return any(one in text for one in domains)


def addresses(urls: list[str]) -> set[str]:
    """Return what addresses are compared by; one that is not an address, such as ``#``, equals no other."""
    return set(map(canonical, urls)) - {""}


def finder(url: str) -> Callable[[list[str]], bool]:
    """Make what tells whether one of many addresses is *url*: most are told apart without taking them to pieces."""
    wanted = canonical(url)
    behind_host = wanted.partition("/")[2]
    certain = max(re.findall(r"[A-Za-z0-9_-]+", behind_host), key=len, default="")

    def found(urls: list[str]) -> bool:
        return wanted != "" and any(certain in one and canonical(one) == wanted for one in urls)

    return found


def connected(things: Sequence[_T], marks: Iterable[Iterable[Hashable]]) -> list[list[_T]]:
    """Put things that have a mark in common, or are connected through others, into one group.

    Args:
        things: The things.
        marks: For each thing its marks.

    Returns:
        The groups in the order of their first things, each in the order of the things.
    """
    parents = list(range(len(things)))

    def first_of(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]  # halves the way for the next one
        return place

    places: dict[Hashable, int] = {}
    for place, own in enumerate(marks):
        for mark in own:
            one, other = first_of(places.setdefault(mark, place)), first_of(place)
            parents[max(one, other)] = min(one, other)
    groups: dict[int, list[_T]] = {}
    for place, thing in enumerate(things):
        groups.setdefault(first_of(place), []).append(thing)
    return list(groups.values())
