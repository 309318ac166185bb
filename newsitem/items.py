"""The item classes: `NewsItem`, its parts and its base. Each field declares its key in the file.

The classes are mutable, slotted, keyword-only and strictly typed: a value of the wrong type is rejected when an
object is created and when an attribute is set. Objects are equal if their data is equal.
"""

# This module does not use ``from __future__ import annotations``: the annotations would be text, and `model` would have
# to evaluate each of them when newsitem is imported.

import os
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, dataclass_transform

import attrs

from newsitem import _schema
from newsitem._schema.checks import all_problems, check_set, validity_check
from newsitem._schema.code import cached
from newsitem._schema.definition import Checked, define, key, model, set_state
from newsitem._schema.fields import deferred_keys, is_model, keys
from newsitem._schema.kinds import class_of
from newsitem._schema.secured import Secured
from newsitem._schema.unread import Unread, empty, peek
from newsitem._schema.values import comparable, expanded, plain
from newsitem.errors import ValidationError, printable

_MAXIMUM_FILENAME: Final = 240
_C = TypeVar("_C", bound=type)


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field,))
def _base(cls: _C) -> _C:
    """Define a base class of the model. Its fields are not keys of the file."""
    return define(cls, {name: vars(cls).get(name) for name in cls.__annotations__ if not name.startswith("_")})


@_base
class _Mapping(Checked):
    """A mapping inside a file."""

    extras: dict[str, Any] = attrs.field(factory=dict, eq=comparable)
    """Keys that the class does not define, with their values as plain data."""


def _to_path(value: "str | os.PathLike[str] | None") -> Any:
    """Return a path, or a value that the check of all attributes refuses."""
    if value is None:
        return None
    try:
        path = expanded(value)
        if b"\0" not in os.fsencode(path):
            return path
    except (TypeError, ValueError):
        pass
    return NotImplemented


class _Source(Checked):
    """The source text of an item. It is not an attrs field, because attrs would treat it as part of the data."""

    __slots__ = ("_source",)

    if TYPE_CHECKING:
        _source: Any

    def revert(self) -> None:
        """Undo all edits since the item was read, or last written to its own file. ``path`` stays the same.

        Raises:
            ValueError: if the item was not read from a text.

        Example:
            >>> item.heat = 400
            >>> item.revert()
            >>> item.heat, newsitem.diff(item)
            (122, '')
        """
        if self._source is None:
            raise ValueError("the item was not read from a text: there is nothing to revert to")
        cls: type = type(self)
        state = self._source.read(cls).__getstate__()
        self.__setstate__({**state, "path": getattr(self, "path", None)})

    def __copy__(self) -> Self:
        cls: type = type(self)
        for name in deferred_keys(cls):  # create the objects of unread lists now, so that both items share them
            getattr(self, name)
        clone = object.__new__(type(self))
        clone.__setstate__(self.__getstate__())
        return clone

    def __getstate__(self) -> dict[str, Any]:
        cls: Any = type(self)
        values = {field.name: peek(cls, field.name)(self) for field in attrs.fields(cls)}
        state = {name: value for name, value in values.items() if not isinstance(value, Unread)}
        return {**state, "_source": self._source}

    def __setstate__(self, state: dict[str, Any]) -> None:
        cls: type = type(self)
        spans = () if state["_source"] is None else state["_source"].spans
        unread = {name for name, *_ in spans if name in deferred_keys(cls)} - state.keys()
        for name in unread:
            empty(self, name)
        set_state(self, state, unread)


@_base
class FrontMatter(_Source):
    r"""A file with front matter and a body: the base class of `NewsItem` and of your own item classes.

    An item that was read from a file keeps its source text, and writing it changes only the lines that you edited.
    Copies (``copy``, ``pickle``, ``attrs.evolve``) keep the source text too.

    You can also read files with `FrontMatter` itself. All keys are then in `extras`.

    Raises:
        ValidationError: if a value has the wrong type, when an item is created or an attribute is set. It lists every
            problem.

    Example:
        >>> post = newsitem.loads("---\nlayout: post\n---\nText\n", newsitem.FrontMatter)
        >>> post.extras, post.body
        ({'layout': 'post'}, 'Text\n')
    """

    extras: dict[str, Any] = attrs.field(factory=dict, eq=comparable)
    """Keys that the class does not define, with their values as plain data."""
    body: str = attrs.field(default="\n")
    """The text after the line of the closing fence, unchanged."""
    path: "_schema.Path | None" = attrs.field(
        default=None, eq=False, converter=_to_path, on_setattr=[attrs.setters.convert, check_set]
    )
    """The file that `newsitem.load` read and that `newsitem.dump` writes to. It is ignored by ``==``."""


@model
class Image(_Mapping):
    """An image, referenced by its URL. newsitem never downloads it.

    Raises:
        ValidationError: if a value has the wrong type, when an object is created or an attribute is set.

    Example:
        >>> newsitem.Image(url="https://img.example/pipes.jpg", width=1440, height=960)
        <Image: https://img.example/pipes.jpg, 1440 × 960>
    """

    url: str = key(doc="URL of the image.")
    """URL of the image."""
    width: int | None = key(default=None, doc="Width in pixels.")
    """Width in pixels."""
    height: int | None = key(default=None, doc="Height in pixels.")
    """Height in pixels."""
    is_cached: bool | None = key(default=None, doc="Whether the publisher keeps a copy of the image.")
    """Whether the publisher keeps a copy of the image."""
    title: str | None = key(default=None, doc="Title of the image.")
    """Title of the image."""

    def __repr__(self) -> str:
        """Show the URL and the size in pixels."""
        return f"<Image: {printable(self.url)}, {self.width} × {self.height}>"


@model
class Provider(_Mapping):
    """The outlet that published an item.

    Raises:
        ValidationError: if a value has the wrong type, when an object is created or an attribute is set.

    Example:
        >>> newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        <Provider: Ledgerlight, ledgerlight.example>
    """

    name: str = key(plain=True, doc="Name of the outlet.")
    """Name of the outlet."""
    domain: str | None = key(default=None, plain=True, doc="Domain of the outlet's website.")
    """Domain of the outlet's website."""
    images: list[Image] = key(factory=list, doc="Logos of the outlet.")
    """Logos of the outlet."""

    def __repr__(self) -> str:
        """Show the name and the domain."""
        return f"<Provider: {printable(self.name)}, {printable(self.domain)}>"


@model
class RelatedItem(_Mapping):
    """Another outlet's item about the same story.

    Raises:
        ValidationError: if a value has the wrong type, when an object is created or an attribute is set.

    Example:
        >>> outlet = newsitem.Provider(name="Ledgerlight", domain="ledgerlight.example")
        >>> item.related.append(newsitem.RelatedItem(title="A fridge that knew", provider=outlet))
        >>> item.related[-1]
        <RelatedItem: 'A fridge that knew', no date, Ledgerlight>
    """

    title: str = key(doc="Headline.")
    """Headline."""
    excerpt: str | None = key(default=None, doc="First sentences of the item, or the outlet's summary of it.")
    """First sentences of the item, or the outlet's summary of it."""
    published_date_time: datetime | None = key(
        default=None, doc="Time of publication, with a time zone; in UTC if read from a file."
    )
    """Time of publication, with a time zone; in UTC if read from a file."""
    web_url: str | None = key(default=None, doc="URL of the page on the outlet's website.")
    """URL of the page on the outlet's website."""
    amp_web_url: str | None = key(default=None, doc="URL of the AMP version.")
    """URL of the AMP version."""
    cdn_amp_web_url: str | None = key(default=None, doc="URL of the AMP version on the AMP CDN.")
    """URL of the AMP version on the AMP CDN."""
    type: str | None = key(default=None, plain=True, doc="`article` or `video` in the publisher's files.")
    """``article`` or ``video`` in the publisher's files."""
    provider: Provider | None = key(default=None, doc="The outlet that published the item.")
    """The outlet that published the item."""
    quality: int | None = key(default=None, doc="Quality score assigned by the publisher.")
    """Quality score assigned by the publisher."""
    images: list[Image] = key(factory=list, doc="Images of the item.")
    """Images of the item."""

    def __repr__(self) -> str:
        """Show the headline, the time of publication and the outlet."""
        return _summary(self)


@model
class NewsItem(FrontMatter):
    """A news item: the front matter of a file and its body.

    An item that was read from a file keeps its source text, and writing it changes only the lines that you edited.
    Copies (``copy``, ``pickle``, ``attrs.evolve``) keep the source text too.

    Values that a file does not set are ``None`` or an empty list. The defaults below apply to items that you create in
    Python.

    Raises:
        ValidationError: if a value has the wrong type, when an item is created or an attribute is set. It lists every
            problem.

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
    excerpt: str | None = key(default=None, doc="First sentences of the item, or the outlet's summary of it.")
    """First sentences of the item, or the outlet's summary of it."""
    published_date_time: datetime = key(doc="Time of publication, with a time zone; in UTC if read from a file.")
    """Time of publication, with a time zone; in UTC if read from a file."""
    original_url: str | None = key(default=None, doc="URL at which the item was found.")
    """URL at which the item was found."""
    web_url: str | None = key(default=None, doc="URL of the page on the outlet's website.")
    """URL of the page on the outlet's website."""
    amp_web_url: str | None = key(default=None, doc="URL of the AMP version.")
    """URL of the AMP version."""
    cdn_amp_web_url: str | None = key(default=None, doc="URL of the AMP version on the AMP CDN.")
    """URL of the AMP version on the AMP CDN."""
    type: str | None = key(default=None, plain=True, doc="`article` or `video` in the publisher's files.")
    """``article`` or ``video`` in the publisher's files."""
    quality: int | None = key(default=None, doc="Quality score assigned by the publisher, 0 to 213 in real files.")
    """Quality score assigned by the publisher, 0 to 213 in real files."""
    heat: int | None = key(default=None, doc="How widely the story is covered, -1 to 3654 in real files.")
    """How widely the story is covered, -1 to 3654 in real files."""
    published: bool | None = key(default=None, doc="Whether Jekyll publishes the item.")
    """Whether Jekyll publishes the item."""
    removed: bool | None = key(default=None, doc="Whether the item was taken down.")
    """Whether the item was taken down."""
    featured_content: str | None = key(default=None, blank_lines=True, doc="HTML to embed, such as a video player.")
    """HTML to embed, such as a video player."""
    provider: Provider = key(doc="The outlet that published the item.")
    """The outlet that published the item."""
    topics: list[str] = key(factory=list, doc="Subjects of the item. Empty entries in the file are left out.")
    """Subjects of the item. Empty entries in the file are left out."""
    tags: list[str] = key(factory=list, doc="Labels for listings, such as the country code of an edition.")
    """Labels for listings, such as the country code of an edition."""
    images: list[Image] = key(factory=list, doc="Images of the item.")
    """Images of the item."""
    related: list[RelatedItem] = key(factory=list, doc="Other outlets' items about the same story.")
    """Other outlets' items about the same story."""
    secured: Secured | None = key(
        default=None, blank_lines=True, doc="Opaque text of the publisher, preserved and never shown."
    )
    """Opaque text of the publisher, preserved and never shown."""

    @property
    def filename(self) -> "_schema.Path":
        """The publisher's name for a new file, ``YYYY-MM-DD-slug.md``, made from the UTC date and the title.

        Example:
            >>> item.title = "Façade wins prize"
            >>> item.filename
            PosixPath('2020-06-10-facade-wins-prize.md')
        """
        from newsitem._schema.text import slug

        day = self.published_date_time.astimezone(UTC).date().isoformat()
        return _schema.Path(f"{day}-{slug(self.title)}"[:_MAXIMUM_FILENAME].rstrip("-") + ".md")

    def __repr__(self) -> str:
        """Show the headline, the time of publication and the outlet."""
        return _summary(self)


if TYPE_CHECKING:  # Python supports defaults of type variables only from 3.13 on
    from typing_extensions import TypeVar as _TypeVar

    Item = _TypeVar("Item", bound=FrontMatter, default=NewsItem)
    Item_co = _TypeVar("Item_co", bound=FrontMatter, covariant=True, default=NewsItem)
else:
    Item = TypeVar("Item", bound=FrontMatter)
    Item_co = TypeVar("Item_co", bound=FrontMatter, covariant=True)


def require_valid(item: Any) -> Any:
    """Return *item*, or a copy with plain values if its lists or dicts contain instances of subclasses.

    Raises:
        TypeError: if *item* is not an item.
        ValidationError: if one of its lists or dicts contains an invalid value.
    """
    cls: type = type(item)
    _require_item_class(cls)
    if validity_check(cls)(item):
        return item
    if problems := all_problems(item):
        raise ValidationError(problems).in_file(None if item.path is None else str(item.path))
    return _plain_copy(item)


def require_kind(cls: type) -> None:
    """Raise `TypeError` if *cls* is not an item class."""
    if not isinstance(cls, type):  # it may be unhashable
        raise TypeError(f"cls must be an item class, not {cls!r}")
    _require_item_class(cls)


@cached
def _require_item_class(cls: type) -> None:
    if is_model(cls) and issubclass(cls, FrontMatter):
        return
    name = cls.__name__
    if issubclass(cls, FrontMatter):
        raise TypeError(
            f"{name} is derived from {cls.__mro__[1].__name__} but is not a model: decorate it with newsitem.model"
        )
    hint = f": derive {name} from newsitem.FrontMatter" if is_model(cls) else ""
    raise TypeError(f"expected an item, not {name}{hint}")


def _plain_copy(instance: Any) -> Any:
    """Copy a valid object of the model, with plain values in place of instances of subclasses."""
    clone = copy(instance)
    cls: type = type(instance)
    for field in keys(cls):
        value = getattr(instance, field.attribute)
        if value is not None and class_of(field.kind) is not None:
            value = list(map(_plain_copy, value)) if field.kind.is_list else _plain_copy(value)
        object.__setattr__(clone, field.attribute, plain(value))
    object.__setattr__(clone, "extras", plain(instance.extras))
    return clone


def _summary(item: "NewsItem | RelatedItem") -> str:
    title = item.title if len(item.title) <= 60 else item.title[:59] + "…"
    instant = item.published_date_time
    time = "no date" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    outlet = printable(item.provider.name) if item.provider else "no provider"
    return f"<{type(item).__name__}: {title!r}, {time}, {outlet}>"
