"""Compare URLs, collect those of an item, and find the items that they connect."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from newsitem._query.attributes import kinds_of, require
from newsitem._schema.code import cached
from newsitem._schema.fields import INDENT, Key, keys, keys_by_attribute, keys_by_name
from newsitem._schema.kinds import class_of
from newsitem._schema.unread import Unread, peek
from newsitem._yaml.scalars import unquoted, written_key
from newsitem.items import NewsItem

_T = TypeVar("_T")

_PARTS = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:www\.)?([^/?]*)([^?]*)(?:\?(.*))?", re.IGNORECASE | re.DOTALL)
_ENCODED_LETTERS = re.compile(r"(?:%[89a-f][0-9a-f])+", re.IGNORECASE)
_DEFAULT_PORT = re.compile(r":(?:80|443)?\Z")
_TRACKING: Final = re.compile(
    """(?:utm_[^=]* | __twitter_impression | _ga | _gl | _hsenc | _hsmi | cmp | cmpid | dclid | fbclid | gbraid | gclid
    | gclsrc | icid | igshid | mc_cid | mc_eid | mkt_tok | msclkid | ncid | ocid | partnerref | smid | ttclid | twclid
    | vero_id | wbraid | yclid) (?:=.*)?""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""Query parameters that only track readers."""


def canonical(url: str) -> str:
    """Return the normalised form of a URL, which is equal for two URLs of one page; an empty string if it is empty.

    It ignores the scheme, ``www.``, the case of the host, the default port, trailing slashes, the fragment, tracking
    parameters, the order of the other parameters, and the percent-encoding of non-ASCII characters.
    """
    url = url.partition("#")[0].strip(" \t\r\n\f")
    if "%" in url:
        url = _ENCODED_LETTERS.sub(lambda match: unquote(match[0], errors="surrogateescape"), url)
    match = _PARTS.match(url)
    assert match is not None  # every part may be empty
    host, path, query = match.groups()
    path = path.rstrip("/")
    address = _DEFAULT_PORT.sub("", host.lower()) + path
    parameters = sorted(part for part in query.split("&") if part and not _TRACKING.fullmatch(part)) if query else ()
    return f"{address}?{'&'.join(parameters)}" if parameters else address


@cached
def _url_keys(cls: type) -> list[Key]:
    """Return the keys of a class whose values are URLs of its objects: ``url`` and those of `NewsItem`, or else any."""
    urls = [key for key in keys(cls) if key.name.lower().endswith("url") and key.kind.python is str]
    own = {"url", *keys_by_attribute(NewsItem), *keys_by_name(NewsItem)}
    return [key for key in urls if key.name in own or key.attribute in own] or urls


@cached
def _related(cls: type) -> type | None:
    """Return the class of the related items of a class, if it has any."""
    key = keys_by_attribute(cls).get("related")
    return class_of(key.kind) if key is not None and key.kind.is_list else None


def require_urls(items: Iterable[object], query: str) -> None:
    """Raise `ValueError` if the class of an item has no URLs."""
    for cls in kinds_of(items):
        if not _url_keys(cls) and _related(cls) is None:
            raise ValueError(f"{query} needs a key with a URL, such as webUrl, which {cls.__name__} does not have")


_PLAIN_DOMAIN: Final = re.compile(r"[a-z0-9.-]+")
"""A domain that YAML text contains unescaped."""


@cached
def _in_text(cls: type) -> re.Pattern[str]:
    """Return the pattern that finds the URLs of objects of *cls* in the lines of an unread list."""
    names = "|".join(re.escape(written_key(key.name)) for key in _url_keys(cls))
    return re.compile(rf"(?:^{' ' * INDENT}- |\n{' ' * INDENT}(?:- |  ))(?:{names}): (.+)")


def own_urls(item: object) -> list[str]:
    """Return the URLs of an item, including AMP versions."""
    return [url for key in _url_keys(type(item)) if (url := getattr(item, key.attribute))]


def related_urls(item: object) -> list[str]:
    """Return the URLs of an item's related items, including AMP versions."""
    below = _related(type(item))
    if below is None:
        return []
    url_keys = _url_keys(below)
    related = peek(type(item), "related")(item)
    if not isinstance(related, Unread):
        return [url for entry in related or () for key in url_keys if (url := getattr(entry, key.attribute))]
    return [_url(url) for url in _in_text(below).findall(related.text)] if url_keys else []


def _url(text: str) -> str:
    """Return the URL that a scalar in the canonical layout represents."""
    return (unquoted(text[1:-1]) or "") if text[0] == '"' else text


def mentions(items: Collection[Any], domains: Collection[str]) -> Iterator[tuple[Any, Any]]:
    """Return each related item of an outlet with one of *domains*, which are in lower case, and the item that lists it.

    Raises:
        ValueError: if the class of an item has no related items.
    """
    for cls in kinds_of(items):
        require(cls, "related", "mentions()")
        if (below := _related(cls)) is None:
            raise ValueError(f"mentions() needs a list of objects as related, which {cls.__name__} does not have")
        require(below, "provider.domain", "mentions()")
    for item in items:
        for related in (item.related or ()) if _may_mention(item, domains) else ():
            if related.provider is not None and (domain := related.provider.domain) and domain.lower() in domains:
                yield related, item


def _may_mention(item: object, domains: Collection[str]) -> bool:
    """Return whether an item may have a related item of one of *domains*, which are in lower case."""
    related = peek(type(item), "related")(item)
    if not isinstance(related, Unread) or not all(map(_PLAIN_DOMAIN.fullmatch, domains)):
        return True
    text = related.text.lower()
    return any(domain in text for domain in domains)


def addresses(urls: list[str]) -> set[str]:
    """Return the normalised forms of URLs. A value that is not a URL, such as ``#``, is left out and never matches."""
    return set(map(canonical, urls)) - {""}


def finder(url: str) -> Callable[[list[str]], bool]:
    """Return a function that tests whether a list contains *url*. It rejects most URLs without parsing them."""
    wanted = canonical(url)
    after_host = wanted.partition("/")[2]
    literal = max(re.findall(r"[A-Za-z0-9_-]+", after_host), key=len, default="")

    return lambda urls: wanted != "" and any(literal in url and canonical(url) == wanted for url in urls)


def connected(items: Sequence[_T], marks: Iterable[Iterable[Hashable]]) -> list[list[_T]]:
    """Group items that share a mark, directly or through other items.

    Args:
        items: The items.
        marks: The marks of each item.

    Returns:
        The groups, in the order of their first items. Each keeps the order of *items*.
    """
    parents = list(range(len(items)))

    def first_of(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]  # path halving
        return place

    places: dict[Hashable, int] = {}
    for place, marks_of_item in enumerate(marks):
        for mark in marks_of_item:
            first, last = sorted((first_of(places.setdefault(mark, place)), first_of(place)))
            parents[last] = first
    groups: dict[int, list[_T]] = {}
    for place, item in enumerate(items):
        groups.setdefault(first_of(place), []).append(item)
    return list(groups.values())
