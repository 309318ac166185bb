"""The classes: a news item and what it is made of. Each field says which key of the file it holds.

Objects are mutable, slotted, keyword-only and strictly typed: a value of a wrong type is refused when an
object is made and when an attribute is set. Equality is by data.
"""

from __future__ import annotations

import os
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, dataclass_transform

import attrs

from newsitem._schema.checks import is_whole, plain_value, whole_problems
from newsitem._schema.code import cached
from newsitem._schema.definition import Checked, define, key, model
from newsitem._schema.fields import deferred_keys, is_model, keys
from newsitem._schema.kinds import class_of
from newsitem._schema.secured import Secured
from newsitem._schema.text import slug
from newsitem._schema.unread import Unread, empty, peek
from newsitem._schema.values import comparable, plain
from newsitem._storage.paths import expanded
from newsitem.errors import Problem, ValidationError, printable

_MAXIMUM_FILENAME: Final = 240
_C = TypeVar("_C", bound=type)


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field,))
def _base(cls: _C) -> _C:
    """Make a class of the model whose fields are no keys."""
    return define(cls, {name: vars(cls).get(name) for name in cls.__annotations__ if not name.startswith("_")})


@_base
class _Mapping(Checked):
    """A mapping inside a file."""

    extras: dict[str, Any] = attrs.field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""


def _to_path(value: str | os.PathLike[str] | None) -> Path | None:
    if value is None:
        return None
    try:
        path = expanded(value)
        if b"\0" not in os.fsencode(path):
            return path
    except (TypeError, ValueError):
        pass
    raise ValidationError([Problem("must be a path that a file can have", field="path")])


class _Source(Checked):
    """What an item keeps of the text that it was read from: no field of attrs, which would hand it on with the data."""

    __slots__ = ("_source",)

    if TYPE_CHECKING:  # to which a class whose objects have no hash would have none itself
        _source: Any
    else:
        __hash__ = None  # as of all objects that can change

    def revert(self) -> None:
        """Undo all edits: the item is again what was read, or written to its own file last. Its ``path`` stays.

        Raises:
            ValueError: if the item was not read from a text.

        Example:
            >>> item.heat = 400
            >>> item.revert()
            >>> item.heat, newsitem.diff(item)
            (122, '')
        """
        if self._source is None:
            raise ValueError("the item was not read from a text, so there is nothing to go back to")
        cls: type = type(self)
        state = self._source.read(cls).__getstate__()
        for name in deferred_keys(cls).keys() - state.keys():
            empty(cls, name)(self)
        self.__setstate__({**state, "path": getattr(self, "path", None)})

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


@_base
class FrontMatter(_Source):
    r"""A file with front matter and a body: what `NewsItem` and kinds of one's own are derived from.

    An item that was read from a file keeps the file's text, so that writing it changes nothing but what was
    edited. Copies (``copy``, ``pickle``, ``attrs.evolve``) keep it too.

    It can be read itself, too: all keys are in `extras` then.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type. It lists every problem.

    Example:
        >>> post = newsitem.loads("---\nlayout: post\n---\nText\n", newsitem.FrontMatter)
        >>> post.extras, post.body
        ({'layout': 'post'}, 'Text\n')
    """

    extras: dict[str, Any] = attrs.field(factory=dict, eq=comparable)
    """Keys that the model does not name, with their values as plain data."""
    body: str = attrs.field(default="\n")
    """Everything after the line of the closing fence, as it is."""
    path: Path | None = attrs.field(
        default=None, eq=False, converter=_to_path, on_setattr=[attrs.setters.convert, attrs.setters.validate]
    )
    """The file that `newsitem.load` read, and that `newsitem.dump` writes. Not part of equality."""


@model
class Image(_Mapping):
    """A picture, as an address: newsitem never loads it.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> newsitem.Image(url="https://img.example/pipes.jpg", width=1440, height=960)
        <Image: https://img.example/pipes.jpg, 1440 × 960>
    """

    url: str = key(doc="Address of the picture.")
    """Address of the picture."""
    width: int | None = key(default=None, doc="Width in pixels.")
    """Width in pixels."""
    height: int | None = key(default=None, doc="Height in pixels.")
    """Height in pixels."""
    is_cached: bool | None = key(default=None, doc="Whether the publisher holds a copy of the picture.")
    """Whether the publisher holds a copy of the picture."""
    title: str | None = key(default=None, doc="Text for the picture.")
    """Text for the picture."""

    def __repr__(self) -> str:
        """Show address and size."""
        return f"<Image: {printable(self.url)}, {self.width} × {self.height}>"


@model
class Provider(_Mapping):
    """The outlet that published a story.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        <Provider: Ledgerlight, ledgerlight.example>
    """

    name: str = key(plain=True, doc="Name of the outlet.")
    """Name of the outlet."""
    domain: str | None = key(default=None, plain=True, doc="Domain of the outlet's site.")
    """Domain of the outlet's site."""
    images: list[Image] = key(factory=list, doc="Logos of the outlet.")
    """Logos of the outlet."""

    def __repr__(self) -> str:
        """Show name and domain."""
        return f"<Provider: {printable(self.name)}, {printable(self.domain)}>"


@model
class RelatedItem(_Mapping):
    """Another outlet's item about the same story.

    Raises:
        ValidationError: on init and on set, if a value has the wrong type.

    Example:
        >>> outlet = newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        >>> item.related.append(newsitem.RelatedItem(title="A fridge that knew", provider=outlet))
        >>> item.related[-1]
        <RelatedItem: 'A fridge that knew', no date, Ledgerlight>
    """

    title: str = key(doc="Headline.")
    """Headline."""
    excerpt: str | None = key(default=None, doc="First sentences, or what the outlet says the item is about.")
    """First sentences, or what the outlet says the item is about."""
    published_date_time: datetime | None = key(
        default=None, doc="When it was published, with a time zone; in UTC when read from a file."
    )
    """When it was published, with a time zone; in UTC when read from a file."""
    web_url: str | None = key(default=None, doc="Address of the page on the outlet's site.")
    """Address of the page on the outlet's site."""
    amp_web_url: str | None = key(default=None, doc="Address of the AMP version.")
    """Address of the AMP version."""
    cdn_amp_web_url: str | None = key(default=None, doc="Address of the AMP version on the AMP CDN.")
    """Address of the AMP version on the AMP CDN."""
    type: str | None = key(default=None, plain=True, doc="`article` or `video` in the publisher's files.")
    """``article`` or ``video`` in the publisher's files."""
    provider: Provider | None = key(default=None, doc="The outlet that published the item.")
    """The outlet that published the item."""
    quality: int | None = key(default=None, doc="The publisher's score of the item.")
    """The publisher's score of the item."""
    images: list[Image] = key(factory=list, doc="Pictures of the item.")
    """Pictures of the item."""

    def __repr__(self) -> str:
        """Show headline, date and outlet."""
        return _summary(self)


@model
class NewsItem(FrontMatter):
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

    category: str | None = key(default="news", plain=True, doc="Always `news` in the publisher's files.")
    """Always ``news`` in the publisher's files."""
    title: str = key(doc="Headline.")
    """Headline."""
    excerpt: str | None = key(default=None, doc="First sentences, or what the outlet says the item is about.")
    """First sentences, or what the outlet says the item is about."""
    published_date_time: datetime = key(doc="When it was published, with a time zone; in UTC when read from a file.")
    """When it was published, with a time zone; in UTC when read from a file."""
    original_url: str | None = key(default=None, doc="Address at which the item was found.")
    """Address at which the item was found."""
    web_url: str | None = key(default=None, doc="Address of the page on the outlet's site.")
    """Address of the page on the outlet's site."""
    amp_web_url: str | None = key(default=None, doc="Address of the AMP version.")
    """Address of the AMP version."""
    cdn_amp_web_url: str | None = key(default=None, doc="Address of the AMP version on the AMP CDN.")
    """Address of the AMP version on the AMP CDN."""
    type: str | None = key(default=None, plain=True, doc="`article` or `video` in the publisher's files.")
    """``article`` or ``video`` in the publisher's files."""
    quality: int | None = key(default=None, doc="The publisher's score of the item, 0 to 213 in real files.")
    """The publisher's score of the item, 0 to 213 in real files."""
    heat: int | None = key(default=None, doc="How much the story is covered, -1 to 3654 in real files.")
    """How much the story is covered, -1 to 3654 in real files."""
    published: bool | None = key(default=None, doc="Whether Jekyll shows the item.")
    """Whether Jekyll shows the item."""
    removed: bool | None = key(default=None, doc="Whether the item was taken down.")
    """Whether the item was taken down."""
    featured_content: str | None = key(default=None, blank_lines=True, doc="HTML, such as a video's player.")
    """HTML, such as a video's player."""
    provider: Provider = key(doc="The outlet that published the item.")
    """The outlet that published the item."""
    topics: list[str] = key(factory=list, doc="What the item is about. An empty entry in a file is not in the list.")
    """What the item is about. An empty entry in a file is not in the list."""
    tags: list[str] = key(factory=list, doc="Labels for listings, such as the country codes of an edition.")
    """Labels for listings, such as the country codes of an edition."""
    images: list[Image] = key(factory=list, doc="Pictures of the item.")
    """Pictures of the item."""
    related: list[RelatedItem] = key(factory=list, doc="Other outlets' items about the same story.")
    """Other outlets' items about the same story."""
    secured: Secured | None = key(
        default=None, blank_lines=True, doc="The publisher's opaque text, carried and never shown."
    )
    """The publisher's opaque text, carried and never shown."""

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


if TYPE_CHECKING:  # as Python knows defaults of type variables from 3.13 on
    from typing_extensions import TypeVar as _TypeVar

    Item = _TypeVar("Item", bound=FrontMatter, default=NewsItem)
    Item_co = _TypeVar("Item_co", bound=FrontMatter, covariant=True, default=NewsItem)
else:
    Item = TypeVar("Item", bound=FrontMatter)
    Item_co = TypeVar("Item_co", bound=FrontMatter, covariant=True)


def require_valid(item: Any) -> Any:
    """Return *item*, or a copy with plain values where one of its lists or dicts holds others.

    Raises:
        TypeError: if it is not an item.
        ValidationError: if one of its lists or dicts holds something that it must not.
    """
    cls: type = type(item)
    require_kind(cls)
    if is_whole(item):
        return item
    if problems := whole_problems(item):
        raise ValidationError(problems).in_file(None if item.path is None else str(item.path))
    return _plain_copy(item)


@cached
def require_kind(cls: type) -> None:
    """Raise `TypeError` where a class is not one of items."""
    if not isinstance(cls, type):
        raise TypeError(f"cls must be a class of items, not {cls!r}")
    if is_model(cls) and issubclass(cls, FrontMatter):
        return
    name = cls.__name__
    if issubclass(cls, FrontMatter):
        raise TypeError(
            f"{name} is derived from {cls.__mro__[1].__name__} but not made with newsitem.model: decorate it"
        )
    hint = f": derive {name} from newsitem.FrontMatter" if is_model(cls) else ""
    raise TypeError(f"expected a NewsItem, not {name}{hint}")


def _plain_copy(thing: Any) -> Any:
    """Copy an object of the model, all values of which are valid, with plain ones."""
    twin = copy(thing)
    cls: type = type(thing)
    for each in keys(cls):
        value = getattr(thing, each.attribute)
        if value is not None and class_of(each.kind) is not None:
            value = list(map(_plain_copy, value)) if each.kind.is_list else _plain_copy(value)
        object.__setattr__(twin, each.attribute, plain_value(each, value))
    object.__setattr__(twin, "extras", plain(thing.extras))
    return twin


def _summary(item: NewsItem | RelatedItem) -> str:
    title = item.title if len(item.title) <= 60 else item.title[:59] + "…"
    instant = item.published_date_time
    when = "no date" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    outlet = printable(item.provider.name) if item.provider else "no provider"
    return f"<{type(item).__name__}: {title!r}, {when}, {outlet}>"
