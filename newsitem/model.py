"""The classes: a news item and what it is made of. Each field says which key of the file it holds.

Objects are mutable, slotted, keyword-only and strictly typed: a value of a wrong type is refused when an
object is made and when an attribute is set. Equality is by data.
"""

from __future__ import annotations

import os
import sys
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import attrs
from attrs import field

from newsitem._schema.checks import init_problems, is_whole, make_plain, require, set_problems, whole_problems
from newsitem._schema.fields import deferred_keys, key, keys, with_deferred
from newsitem._schema.kinds import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    PLAIN,
    QUOTED,
    SECURED,
    TEXTS,
    class_of,
    list_of,
    mapping_of,
)
from newsitem._schema.secured import Secured
from newsitem._schema.text import slug
from newsitem._schema.unread import Unread, peek
from newsitem._schema.values import comparable, in_utc, plain
from newsitem._storage.paths import expanded
from newsitem.errors import Problem, ValidationError, printable

_MAXIMUM_FILENAME: Final = 240


def _check_set(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> Any:
    if problems := set_problems(type(instance), attribute.name, value):
        path = getattr(instance, "path", None)
        raise ValidationError(problems).in_file(None if path is None else str(path))
    return plain(value)


def _to_path(value: str | os.PathLike[str] | None) -> Path | None:
    if value is None:
        return None
    try:
        path = expanded(value)
        possible = b"\0" not in os.fsencode(path)
    except (TypeError, ValueError):
        possible = False
    if not possible:
        raise ValidationError([Problem("must be a path that a file can have", field="path")])
    return path


class _Checked:
    """What the mutable classes share: all problems of a new object in one error."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        require(init_problems(self))
        make_plain(self)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an attribute cannot be deleted: to remove its key, set {name} to None, or a list to []")


@attrs.define(kw_only=True, repr=False, on_setattr=_check_set)
class Image(_Checked):
    """A picture, as an address: newsitem never loads it.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> newsitem.Image(url="https://img.example/pipes.jpg", width=1440, height=960)
        <Image: https://img.example/pipes.jpg, 1440 × 960>
    """

    url: str = field(metadata=key("url", QUOTED, "Address of the picture."))
    """Address of the picture."""
    width: int | None = field(default=None, metadata=key("width", INTEGER, "Width in pixels."))
    """Width in pixels."""
    height: int | None = field(default=None, metadata=key("height", INTEGER, "Height in pixels."))
    """Height in pixels."""
    is_cached: bool | None = field(
        default=None, metadata=key("isCached", BOOLEAN, "Whether the publisher holds a copy of the picture.")
    )
    """Whether the publisher holds a copy of the picture."""
    title: str | None = field(default=None, metadata=key("title", QUOTED, "Text for the picture."))
    """Text for the picture."""
    extras: dict[str, Any] = field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""

    def __repr__(self) -> str:
        """Show address and size."""
        return f"<Image: {printable(self.url)}, {self.width} × {self.height}>"


@attrs.define(kw_only=True, repr=False, on_setattr=_check_set)
class Provider(_Checked):
    """The outlet that published a story.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        <Provider: Ledgerlight, ledgerlight.example>
    """

    name: str = field(metadata=key("name", PLAIN, "Name of the outlet."))
    """Name of the outlet."""
    domain: str | None = field(default=None, metadata=key("domain", PLAIN, "Domain of the outlet's site."))
    """Domain of the outlet's site."""
    images: list[Image] = field(
        factory=list, metadata=key("images", list_of(mapping_of(Image)), "Logos of the outlet.")
    )
    """Logos of the outlet."""
    extras: dict[str, Any] = field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""

    def __repr__(self) -> str:
        """Show name and domain."""
        return f"<Provider: {printable(self.name)}, {printable(self.domain)}>"


@attrs.define(kw_only=True, repr=False, on_setattr=_check_set)
class RelatedItem(_Checked):
    """Another outlet's item about the same story.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> outlet = newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        >>> item.related.append(newsitem.RelatedItem(title="A fridge that knew", provider=outlet))
        >>> item.related[-1]
        <RelatedItem: 'A fridge that knew', no date, Ledgerlight>
    """

    title: str = field(metadata=key("title", QUOTED, "Headline."))
    """Headline."""
    excerpt: str | None = field(
        default=None,
        metadata=key("excerpt", QUOTED, "First sentences, or what the outlet says the item is about."),
    )
    """First sentences, or what the outlet says the item is about."""
    published_date_time: datetime | None = field(
        default=None,
        eq=in_utc,
        metadata=key(
            "publishedDateTime",
            INSTANT,
            "When it was published, with a time zone; in UTC when read from a file.",
        ),
    )
    """When it was published, with a time zone; in UTC when read from a file."""
    web_url: str | None = field(
        default=None, metadata=key("webUrl", QUOTED, "Address of the page on the outlet's site.")
    )
    """Address of the page on the outlet's site."""
    amp_web_url: str | None = field(default=None, metadata=key("ampWebUrl", QUOTED, "Address of the AMP version."))
    """Address of the AMP version."""
    cdn_amp_web_url: str | None = field(
        default=None, metadata=key("cdnAmpWebUrl", QUOTED, "Address of the AMP version on the AMP CDN.")
    )
    """Address of the AMP version on the AMP CDN."""
    type: str | None = field(
        default=None, metadata=key("type", PLAIN, "`article` or `video` in the publisher's files.")
    )
    """``article`` or ``video`` in the publisher's files."""
    provider: Provider | None = field(
        default=None, metadata=key("provider", mapping_of(Provider), "The outlet that published the item.")
    )
    """The outlet that published the item."""
    quality: int | None = field(default=None, metadata=key("quality", INTEGER, "The publisher's score of the item."))
    """The publisher's score of the item."""
    images: list[Image] = field(
        factory=list, metadata=key("images", list_of(mapping_of(Image)), "Pictures of the item.")
    )
    """Pictures of the item."""
    extras: dict[str, Any] = field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""

    def __repr__(self) -> str:
        """Show headline, date and outlet."""
        return _summary(self)


class _Source(_Checked):
    """What an item keeps of the text that it was read from: no field of attrs, which would hand it on with the data."""

    __slots__ = ("_source",)

    _source: Any

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        set_source(self, _source_of_the_evolved())

    __hash__ = None  # type: ignore[assignment] # as of all objects that can change

    def __copy__(self) -> Self:
        cls: type = type(self)
        for name in deferred_keys(cls):  # which both share
            getattr(self, name)
        twin = object.__new__(type(self))
        twin.__setstate__(self.__getstate__())
        return twin

    def __getstate__(self) -> dict[str, Any]:
        cls: Any = type(self)
        values = {each.name: _as_it_is(self, each.name) for each in attrs.fields(cls)}
        kept = {name: value for name, value in values.items() if not isinstance(value, Unread)}
        return {**kept, "_source": self._source}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)


def _as_it_is(item: _Source, name: str) -> Any:
    """Return an attribute, a list that is unread as such."""
    cls: type = type(item)
    return peek(cls, name)(item) if name in deferred_keys(cls) else getattr(item, name)


def set_source(item: _Source, source: Any) -> None:
    """Note what an item keeps of its text."""
    object.__setattr__(item, "_source", source)


def _source_of_the_evolved() -> Any:
    """Return the source text of the item that `attrs.evolve` makes a new one of.

    It hands on nothing but the fields, and where its caller has the old item is the only trace of that.
    """
    caller = sys._getframe(3)
    return caller.f_locals["inst"]._source if caller.f_code is attrs.evolve.__code__ else None


@with_deferred
@attrs.define(kw_only=True, repr=False, eq=False, on_setattr=_check_set, getstate_setstate=False)
class NewsItem(_Source):
    """One news item: the front matter of a file, and its body.

    An item that was read from a file keeps the file's text, so that writing it changes nothing but what was
    edited. Copies (``copy``, ``pickle``, ``attrs.evolve``) keep it too.

    What a file does not set is ``None`` or an empty list. The defaults here are for items made in Python.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type. It lists every problem.

    Example:
        >>> from datetime import UTC, datetime
        >>> item = newsitem.NewsItem(
        ...     title="Warm pipes",
        ...     published_date_time=datetime(2020, 6, 24, 5, 30, tzinfo=UTC),
        ...     provider=newsitem.Provider(name="Ledgerlight"),
        ... )
        >>> print(newsitem.dumps(item).strip())
        ---
        category: news
        title: "Warm pipes"
        publishedDateTime: 2020-06-24T05:30:00Z
        <BLANKLINE>
        provider:
          name: Ledgerlight
        ---
        >>> item.heat = 120
        >>> item.heat = "hot"
        Traceback (most recent call last):
        newsitem.errors.ValidationError: heat: must be an integer, not the text 'hot'
    """

    category: str | None = field(
        default="news", metadata=key("category", PLAIN, "Always `news` in the publisher's files.")
    )
    """Always ``news`` in the publisher's files."""
    title: str = field(metadata=key("title", QUOTED, "Headline."))
    """Headline."""
    excerpt: str | None = field(
        default=None,
        metadata=key("excerpt", QUOTED, "First sentences, or what the outlet says the item is about."),
    )
    """First sentences, or what the outlet says the item is about."""
    published_date_time: datetime = field(
        eq=in_utc,
        metadata=key(
            "publishedDateTime",
            INSTANT,
            "When it was published, with a time zone; in UTC when read from a file.",
        ),
    )
    """When it was published, with a time zone; in UTC when read from a file."""
    original_url: str | None = field(
        default=None, metadata=key("originalUrl", QUOTED, "Address at which the item was found.")
    )
    """Address at which the item was found."""
    web_url: str | None = field(
        default=None, metadata=key("webUrl", QUOTED, "Address of the page on the outlet's site.")
    )
    """Address of the page on the outlet's site."""
    amp_web_url: str | None = field(default=None, metadata=key("ampWebUrl", QUOTED, "Address of the AMP version."))
    """Address of the AMP version."""
    cdn_amp_web_url: str | None = field(
        default=None, metadata=key("cdnAmpWebUrl", QUOTED, "Address of the AMP version on the AMP CDN.")
    )
    """Address of the AMP version on the AMP CDN."""
    type: str | None = field(
        default=None, metadata=key("type", PLAIN, "`article` or `video` in the publisher's files.")
    )
    """``article`` or ``video`` in the publisher's files."""
    quality: int | None = field(
        default=None,
        metadata=key("quality", INTEGER, "The publisher's score of the item, 0 to 213 in real files."),
    )
    """The publisher's score of the item, 0 to 213 in real files."""
    heat: int | None = field(
        default=None, metadata=key("heat", INTEGER, "How much the story is covered, -1 to 3654 in real files.")
    )
    """How much the story is covered, -1 to 3654 in real files."""
    published: bool | None = field(default=None, metadata=key("published", BOOLEAN, "Whether Jekyll shows the item."))
    """Whether Jekyll shows the item."""
    removed: bool | None = field(default=None, metadata=key("removed", BOOLEAN, "Whether the item was taken down."))
    """Whether the item was taken down."""
    featured_content: str | None = field(
        default=None, metadata=key("featuredContent", QUOTED, "HTML, such as a video's player.", apart=True)
    )
    """HTML, such as a video's player."""
    provider: Provider = field(metadata=key("provider", mapping_of(Provider), "The outlet that published the item."))
    """The outlet that published the item."""
    topics: list[str] = field(
        factory=list,
        metadata=key("topics", TEXTS, "What the item is about. An empty entry in a file is not in the list."),
    )
    """What the item is about. An empty entry in a file is not in the list."""
    tags: list[str] = field(
        factory=list, metadata=key("tags", TEXTS, "Labels for listings, such as the country codes of an edition.")
    )
    """Labels for listings, such as the country codes of an edition."""
    images: list[Image] = field(
        factory=list, metadata=key("images", list_of(mapping_of(Image)), "Pictures of the item.")
    )
    """Pictures of the item."""
    related: list[RelatedItem] = field(
        factory=list,
        metadata=key("related", list_of(mapping_of(RelatedItem)), "Other outlets' items about the same story."),
    )
    """Other outlets' items about the same story."""
    secured: Secured | None = field(
        default=None,
        metadata=key("secured", SECURED, "The publisher's opaque text, carried and never shown.", apart=True),
    )
    """The publisher's opaque text, carried and never shown."""
    extras: dict[str, Any] = field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""
    body: str = "\n"
    """Everything after the line of the closing fence, as it is."""
    path: Path | None = field(
        default=None, eq=False, converter=_to_path, on_setattr=[attrs.setters.convert, attrs.setters.validate]
    )
    """The file that `newsitem.load` read, and that `newsitem.dump` writes. Not part of equality."""

    @property
    def filename(self) -> Path:
        """The name that a new file gets, ``YYYY-MM-DD-slug.md``, by the publisher's rule.

        Example:
            >>> item.title = "Façade wins prize"
            >>> item.filename
            PosixPath('2020-06-10-facade-wins-prize.md')
        """
        day = self.published_date_time.astimezone(UTC).date().isoformat()
        return Path(f"{day}-{slug(self.title)}"[:_MAXIMUM_FILENAME].rstrip("-") + ".md")

    def __repr__(self) -> str:
        """Show headline, date and outlet."""
        return _summary(self)

    def _repr_html_(self) -> str:
        from newsitem._schema.html import card

        return card(self)


def require_valid(item: NewsItem) -> NewsItem:
    """Return *item*, or a copy with plain values where one of its lists or dicts holds others.

    Raises:
        TypeError: if it is not an item.
        ValidationError: if one of its lists or dicts holds something that it must not.
    """
    if type(item) is not NewsItem:
        raise TypeError(f"expected a NewsItem, not {type(item).__name__}")
    if is_whole(item):
        return item
    if problems := whole_problems(item):
        raise ValidationError(problems).in_file(None if item.path is None else str(item.path))
    twin: NewsItem = _plain_copy(item)
    return twin


def _plain_copy(thing: Any) -> Any:
    """Copy an object of the model, all values of which are valid, with plain ones."""
    twin = copy(thing)
    cls: type = type(thing)
    for each in keys(cls):
        value = getattr(thing, each.attribute)
        below = class_of(each.kind)
        if below is not None and each.kind.is_list:
            value = [_plain_copy(child) for child in value]
        elif below is not None and value is not None:
            value = _plain_copy(value)
        object.__setattr__(twin, each.attribute, plain(value))
    object.__setattr__(twin, "extras", plain(thing.extras))
    return twin


def _summary(item: NewsItem | RelatedItem) -> str:
    title = item.title if len(item.title) <= 60 else item.title[:59] + "…"
    instant = item.published_date_time
    when = "no date" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    outlet = printable(item.provider.name) if item.provider else "no provider"
    return f"<{type(item).__name__}: {title!r}, {when}, {outlet}>"
