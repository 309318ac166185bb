"""Collections: many news items, to read, select, order, count, connect, edit and write together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar, Unpack, cast, overload

from newsitem._query import sort_keys
from newsitem._query.attributes import day_of, instant_of, kinds_of, moment_of, require, require_instant
from newsitem._query.criteria import Criteria, Texts, domains, matching, meeting, with_criteria
from newsitem._query.sort_keys import DayKey, OtherKey, SortKey, TextKey
from newsitem._query.summary import Description, describe
from newsitem._query.updates import UpdateReport, update
from newsitem._schema.kinds import class_of
from newsitem._storage import batch
from newsitem._storage.batch import NewsReader, OnError, RenameReport, SaveReport
from newsitem._storage.discovery import Sources
from newsitem._storage.files import ItemKind
from newsitem._storage.paths import expanded
from newsitem._storage.progress import Progress
from newsitem.errors import NewsItemError, counted, printable
from newsitem.items import FrontMatter, Item, Item_co, NewsItem, RelatedItem, require_kind, require_valid

if TYPE_CHECKING:
    import pyarrow as pa

    _Sequence = Sequence
else:

    class _Sequence(Generic[Item_co]):
        """What a sequence has. Polars would take one that says so for a list of rows, and not as Arrow data."""

        __slots__ = ()
        __reversed__ = Sequence.__reversed__
        index = Sequence.index
        count = Sequence.count


_K = TypeVar("_K")
_TOPICS_SHOWN: Final = 3


@contextmanager
def _whole(items: Iterable[FrontMatter], key: object = None) -> Iterator[None]:
    """Let an error that comes from what was put into a list say so: lists are not checked before an item is written.

    Where *key* is a function of the user's, an error is the user's own, and comes out as it is.
    """
    try:
        yield
    except (TypeError, AttributeError):
        if not callable(key):
            for item in items:
                require_valid(item)
        raise


class Mention(NamedTuple):
    """A related item of an outlet, and the item that carries it.

    Example:
        >>> mention = news.mentions("wardandward.example")[0]
        >>> mention.related.title
        'Opinion: a promise in a button is a contract'
        >>> mention.item.provider.name
        '12/5 Harbour St'
    """

    related: RelatedItem
    """The outlet's item."""
    item: NewsItem
    """The item whose `NewsItem.related` holds it."""


class NewsCollection(_Sequence[Item_co], Generic[Item_co]):
    """Items in order: a sequence that does not change, of items that can be edited.

    Methods that select or order give a new collection of the same items, so an edit shows in all of them. Such methods
    never raise for a value that an item lacks.

    Args:
        items: The items.
        errors: What `errors` holds.

    Raises:
        TypeError: if *items* holds something that is not an item.

    Its items may be of any class that is made with `model` and derived from `FrontMatter`. A query that needs an
    attribute which one of their classes lacks raises ``ValueError``.

    Example:
        >>> news = newsitem.NewsCollection.read("news")
        >>> news
        <NewsCollection: 21 items, 2020-05-04 to 2020-07-28, AI (7), Climate (6), Health (4)>
        >>> news[0].title
        'Hospitals train a scan-reading AI without pooling patient records'
        >>> len(news[:5]), news[0] in news
        (5, True)
    """

    __slots__ = ("_errors", "_items")

    _items: tuple[Item_co, ...]
    _errors: tuple[NewsItemError, ...]

    def __init__(self, items: Iterable[Item_co] = (), *, errors: Iterable[NewsItemError] = ()) -> None:
        """Take the items."""
        self._items = tuple(items)
        self._errors = tuple(errors)
        for kind in set(map(type, self._items)):
            if not issubclass(kind, FrontMatter):
                raise TypeError(f"a collection holds items, and nothing of type {kind.__name__}")
            require_kind(kind)

    @staticmethod
    def read(
        source: Sources,
        *,
        cls: ItemKind[Item] = NewsItem,  # type: ignore[assignment]
        pattern: str | None = None,
        on_error: OnError = "raise",
        progress: Progress = False,
    ) -> NewsCollection[Item]:
        """Read the files of a folder, in the order of their paths.

        Of a Jekyll site, the items in ``_posts`` and in all collections are read, such as ``_news``. What Jekyll skips
        is read only if *source* names it, or if *pattern* spells out the beginning of its name, as in
        ``"_drafts/*.md"``. These are the folders ``_data``, ``_drafts``, ``_includes``, ``_layouts``, ``_plugins``,
        ``_sass``, ``_site``, ``gemfiles``, ``node_modules`` and ``vendor``; files, and folders in a collection, whose
        names begin with ``_``; and all whose names begin with ``.``, ``#`` or ``~``, or end with ``~``.

        Symbolic links are followed; each folder is read once. If no file is found at all, a ``UserWarning`` says what
        was skipped.

        Args:
            source: A folder, a file, or an iterable of both; ``~`` is the home of the user. What is named here is read,
                whatever its name is.
            cls: The class of the items. Where a folder holds several kinds, a function that is called with the ``Path``
                of a file and a tuple of the keys in its front matter, and returns the class.
            pattern: Which files of a folder are read: ``*``, ``?`` and ``[…]`` match characters of a name, ``**``
                for any folders. Default: in all folders those that Jekyll takes for Markdown (``.md``, ``.mkd``,
                ``.mkdn``, ``.mkdown`` and ``.markdown``, in upper or lower case).
            on_error: ``"raise"`` stops at the first file that cannot be read; ``"collect"`` goes on, and keeps the
                errors in `errors`.
            progress: ``True`` shows a bar (which needs the extra ``progress``); a function is called after each file
                with the number of files that are done and the number of all files.

        Returns:
            The items.

        Raises:
            ParseError: if a file is not UTF-8, or its front matter is not closed or not valid YAML.
            ValidationError: if a required key is missing or a value has the wrong type.
            OSError: if a file or a folder cannot be read, or *source* names a single one that does not exist.
            ValueError: if *pattern* is absolute or not text, *on_error* is neither of the two, or a path is empty.
            TypeError: if *source* is neither a path nor an iterable of paths, or *progress* is neither a boolean nor
                a function.
            ImportError: if a bar is asked for and tqdm is not installed.

        Example:
            >>> news = newsitem.NewsCollection.read("news", on_error="collect")
            >>> len(news), len(news.errors)
            (21, 0)
        """
        reader = NewsReader(source, pattern, on_error, progress, cls)
        items = tuple(reader)
        return NewsCollection(items, errors=reader.errors)

    @staticmethod
    def iter(
        source: Sources,
        *,
        cls: ItemKind[Item] = NewsItem,  # type: ignore[assignment]
        pattern: str | None = None,
        on_error: OnError = "raise",
        progress: Progress = False,
    ) -> NewsReader[Item]:
        """Read the files of a folder one by one, each when its turn comes: for more items than memory holds.

        Args:
            source: As for `read`.
            cls: As for `read`.
            pattern: As for `read`.
            on_error: As for `read`. The errors are in `NewsReader.errors` of the iterator that is returned.
            progress: As for `read`.

        Returns:
            An iterator over the items, which raises what `read` does.

        Raises:
            OSError: if *source* names a single file or folder that does not exist.
            ValueError: if *on_error* is neither of the two, or a path is empty.
            TypeError: if *source* is neither a path nor an iterable of paths.

        Example:
            >>> max(item.heat or 0 for item in newsitem.NewsCollection.iter("news"))
            874
        """
        return NewsReader(source, pattern, on_error, progress, cls)

    @property
    def errors(self) -> tuple[NewsItemError, ...]:
        """The errors of files that could not be read, each with its ``path``.

        `filter`, `sort`, slices and ``+`` keep them; collections of what is grouped, found or changed do not.

        Example:
            >>> with open("news/bad.md", "w") as file:
            ...     _ = file.write("no front matter")
            >>> for error in newsitem.NewsCollection.read("news", on_error="collect").errors:
            ...     print(error)
            news/bad.md:1:1: no front matter: the first line must be '---'
        """
        return self._errors

    def _with(self, items: Iterable[Item_co]) -> NewsCollection[Item_co]:
        return NewsCollection(items, errors=self._errors)

    # A sequence

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def __iter__(self) -> Iterator[Item_co]:
        """Return the items in their order."""
        return iter(self._items)

    def __contains__(self, item: object) -> bool:
        """Tell whether an equal item is here."""
        return item in self._items

    @overload
    def __getitem__(self, place: int) -> Item_co: ...
    @overload
    def __getitem__(self, place: slice) -> NewsCollection[Item_co]: ...
    def __getitem__(self, place: int | slice) -> Item_co | NewsCollection[Item_co]:
        """Return the item at a place, or the collection of those in a slice."""
        return self._with(self._items[place]) if isinstance(place, slice) else self._items[place]

    def __add__(self, other: NewsCollection[Item]) -> NewsCollection[Item_co | Item]:
        """Return the items of both."""
        if not isinstance(other, NewsCollection):
            return NotImplemented
        return NewsCollection((*self, *other), errors=dict.fromkeys((*self.errors, *other.errors)))

    def __eq__(self, other: object) -> bool:
        """Tell whether both have equal items in the same order."""
        return self._items == other._items if isinstance(other, NewsCollection) else NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment] # as of the items, which can change

    # Select

    @with_criteria
    def filter(self, **criteria: Unpack[Criteria]) -> NewsCollection[Item_co]:
        """Select the items that meet all criteria, in their order. Items that lack the field are not selected.

        Args:
            topic: One of its topics is this, or one of these. Case matters, except in *domain* and *text*.
            tag: One of its tags is this, or one of these.
            provider: The name of its provider is this, or one of these.
            domain: The domain of its provider is this, or one of these; with or without ``www.``.
            type: Its type is this, or one of these.
            category: Its category is this, or one of these.
            published: The file says this: ``true`` or ``false``.
            removed: The file says this: ``true`` or ``false``. If it says neither, the item is not selected.
            since: It was published then or later. A ``datetime``, a ``date``, or ISO text such as ``2020-06`` or
                ``2020-06-24T22:10:00Z``; UTC if it has no zone, and the beginning of the period if it has no time.
            until: It was published before then.
            min_heat: Its heat is this or higher.
            max_heat: Its heat is this or lower.
            min_quality: Its quality is this or higher.
            max_quality: Its quality is this or lower.
            text: Title or excerpt contains this, or one of these; case, accents, and the form of quotes and white space
                make no difference.
            has_images: Whether it has images.
            has_related: Whether it has related items.
            where: A function that gives something true for the item.

        Returns:
            The selected items.

        Raises:
            TypeError: if a criterion has a value of the wrong type, or there is none of such a name.
            ValueError: if a text is not a date or an instant.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> [item.provider.name for item in news.filter(topic=["AI", "Robots"], since="2020-06", min_heat=200)]
            ['2.4 ORBIT DISPATCHES', 'Ledgerlight']
            >>> news.filter(text="sao lucas")[0].title
            'Façade panels turn São Lucas school into a café-sized power plant'
            >>> len(news.filter(where=lambda item: len(item.related) > 2))
            5
        """
        return self._with(self._selected(criteria, "filter"))

    def _selected(self, criteria: Criteria, caller: str) -> list[Item_co]:
        with _whole(self._items):
            selected = matching(self._items, criteria, caller=caller)
        where = criteria.get("where")
        return selected if where is None else meeting(selected, where)

    @with_criteria
    def exclude(self, **criteria: Unpack[Criteria]) -> NewsCollection[Item_co]:
        """Leave out the items that `filter` selects by the same criteria, and keep all others in their order.

        An item that lacks the field is kept. Of several criteria it is enough that one is not met.

        Args:
            criteria: Those of `filter`, each by its name.

        Returns:
            The remaining items.

        Raises:
            TypeError: if a criterion has a value of the wrong type, or there is none of such a name.
            ValueError: if a text is not a date or an instant.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> [item.heat for item in news.exclude(max_heat=500)]
            [None, 640, 874, 523, None]
            >>> len(news.filter(removed=True)), len(news.exclude(removed=True))
            (1, 20)
        """
        left_out = set(map(id, self._selected(criteria, "exclude")))
        return self._with(item for item in self._items if id(item) not in left_out)

    # Order and take

    def sort(self, *keys: SortKey | str | Callable[[Item_co], Any]) -> NewsCollection[Item_co]:
        """Order the items by one key, and those that it leaves equal by the next; items without the value come last.

        Args:
            keys: ``"topic"``, ``"tag"``, ``"domain"``, ``"provider"`` (its name), ``"day"``, ``"week"``, ``"month"``,
                ``"year"``, or an attribute of `NewsItem` that holds text, a number or the like, each with ``-`` before
                it for the greatest first; or a function of an item.

        Returns:
            The same items. Those that are equal by all keys keep their order.

        Raises:
            ValueError: if there is no such key.
            TypeError: if the values of a key have no order.

        Example:
            >>> [(item.provider.name, item.heat) for item in news.filter(topic="Space").sort("provider", "-heat")]
            [('2.4 ORBIT DISPATCHES', 640), ('2.4 ORBIT DISPATCHES', 362), ("Corrigan's Weekly", 122)]
        """
        return self._with(sort_keys.sorted_by(self._items, keys))

    def latest(self, n: int) -> NewsCollection[Item_co]:
        """Return the *n* items that were published last, the latest first.

        Args:
            n: How many.

        Returns:
            At most *n* items.

        Raises:
            ValueError: if *n* is below 0.
            TypeError: if *n* is not a whole number.

        Example:
            >>> [item.published_date_time.date().isoformat() for item in news.latest(2)]
            ['2020-07-28', '2020-07-21']
        """
        for cls in kinds_of(self._items):
            require_instant(cls, "latest()")
        return self.top(n, by=moment_of)

    def top(
        self, n: int, by: TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "heat"
    ) -> NewsCollection[Item_co]:
        """Return the *n* items with the greatest values, the greatest first, and those without a value last.

        Args:
            n: How many.
            by: A key, as for `sort`.

        Returns:
            At most *n* items.

        Raises:
            ValueError: if there is no such key, or *n* is below 0.
            TypeError: if the values of the key have no order, or *n* is not a whole number.

        Example:
            >>> [item.heat for item in news.top(3)]
            [874, 640, 523]
        """
        if not isinstance(n, int):
            raise TypeError(f"n must be a whole number, not {n!r}")
        if n < 0:
            raise ValueError(f"n must be 0 or more, not {n}")
        return self._with(sort_keys.ordered(self._items, by, descending=True)[:n])

    # Group and count

    @overload
    def group_by(self, key: TextKey) -> dict[str, NewsCollection[Item_co]]: ...
    @overload
    def group_by(self, key: DayKey) -> dict[date, NewsCollection[Item_co]]: ...
    @overload
    def group_by(self, key: OtherKey | str) -> dict[Any, NewsCollection[Item_co]]: ...
    @overload
    def group_by(self, key: Callable[[Item_co], list[_K]]) -> dict[_K, NewsCollection[Item_co]]: ...
    @overload
    def group_by(self, key: Callable[[Item_co], _K | None]) -> dict[_K, NewsCollection[Item_co]]: ...
    def group_by(self, key: str | Callable[[Item_co], Any]) -> dict[Any, NewsCollection[Item_co]]:
        """Put items that have the same value together. An item without a value is in no group.

        Args:
            key: ``"topic"``, ``"tag"``, ``"domain"``, ``"provider"`` (its name), ``"type"``, ``"day"``, ``"week"``,
                ``"month"``, ``"year"`` (the first day as a ``date``, in UTC), an attribute of `NewsItem` with text, a
                number or the like, or a function of an item. Where the value is a list, the item is in a group for
                each of its entries.

        Returns:
            The groups by their values, in the order in which these first occur.

        Raises:
            ValueError: if there is no such key.
            TypeError: if a value cannot be the key of a ``dict``.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> for kind, items in news.group_by("type").items():
            ...     print(kind, len(items))
            article 18
            video 3
        """
        groups: dict[Any, list[Item_co]] = {}
        values = sort_keys.values(key, kinds_of(self._items))
        with _whole(self._items, key):
            for item in self._items:
                for value in values(item):
                    groups.setdefault(value, []).append(item)
        return {value: NewsCollection(items) for value, items in groups.items()}

    @overload
    def count_by(self, key: TextKey) -> Counter[str]: ...
    @overload
    def count_by(self, key: DayKey) -> Counter[date]: ...
    @overload
    def count_by(self, key: OtherKey | str) -> Counter[Any]: ...
    @overload
    def count_by(self, key: Callable[[Item_co], list[_K]]) -> Counter[_K]: ...
    @overload
    def count_by(self, key: Callable[[Item_co], _K | None]) -> Counter[_K]: ...
    def count_by(self, key: str | Callable[[Item_co], Any]) -> Counter[Any]:
        """Count the items by a value. An item without one is not counted.

        Args:
            key: As for `group_by`.

        Returns:
            The number of items for each value.

        Raises:
            ValueError: if there is no such key.
            TypeError: if a value cannot be the key of a ``dict``.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> news.count_by("topic").most_common(2)
            [('AI', 7), ('Climate', 6)]
            >>> news.count_by(lambda item: len(item.related)).most_common(1)
            [(0, 13)]
        """
        values = sort_keys.values(key, kinds_of(self._items))
        with _whole(self._items, key):
            return Counter([value for item in self._items for value in values(item)])

    def timeline(self, every: DayKey = "day") -> dict[date, int]:
        """Count the items over time, from the first to the last, without a gap.

        Args:
            every: How long each span is. Days are those of UTC; weeks begin on Mondays.

        Returns:
            The number of items by the first day of each span, in order, including spans without items.

        Raises:
            ValueError: if *every* is none of the four.

        Example:
            >>> for month, count in news.timeline(every="month").items():
            ...     print(f"{month:%B}", count)
            May 6
            June 8
            July 7
        """
        return sort_keys.timeline(self._items, every)

    # Connect

    def find(self, url: str) -> NewsCollection[Item_co]:
        """Find the items that have an address, as their own or as that of a related item, AMP versions included.

        Scheme, ``www.``, a slash at the end, the fragment, and parameters that only track readers make no difference.

        Args:
            url: The address.

        Returns:
            The items whose own address it is, and then those that have a related item with that address.

        Raises:
            TypeError: if *url* is not text.
            ValidationError: if an item's ``related`` holds something that is not a related item.

        Example:
            >>> found = news.find("http://www.corrigansweekly.example/space/baker/?utm_source=letter")
            >>> [item.provider.name for item in found]
            ["Corrigan's Weekly", '2.4 ORBIT DISPATCHES']
        """
        from newsitem._query.addresses import finder, own_urls, related_urls, require_urls

        if not isinstance(url, str):
            raise TypeError(f"url must be text, not {url!r}")
        require_urls(self._items, "find()")
        found = finder(url)
        with _whole(self._items):
            own = [place for place, item in enumerate(self._items) if found(own_urls(item))]
            related = [place for place, item in enumerate(self._items) if found(related_urls(item))]
        return NewsCollection(self._items[place] for place in dict.fromkeys(own + related))

    def duplicates(
        self, key: Literal["url"] | TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "url"
    ) -> list[NewsCollection[Item_co]]:
        """Find items that occur more than once.

        Args:
            key: What duplicates have in common. With ``"url"``, it is one of their own addresses, AMP versions
                included, compared as in `find`; otherwise a value, as for `group_by`. Of several values, such as
                topics, one is enough, and items may be connected through others.

        Returns:
            The groups of two or more items, in the order of their first items.

        Raises:
            ValueError: if there is no such key.
            TypeError: if a value cannot be the key of a ``dict``.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> for group in news.duplicates():
            ...     print([item.filename.name[:10] for item in group])
            ['2020-07-03', '2020-07-05']
        """
        return [NewsCollection(items) for items in self._alike(key) if len(items) > 1]

    def unique(
        self, key: Literal["url"] | TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "url"
    ) -> NewsCollection[Item_co]:
        """Leave out duplicates, but keep the first item of each group of them.

        Args:
            key: As for `duplicates`.

        Returns:
            The remaining items, in their order.

        Raises:
            ValueError: if there is no such key.
            TypeError: if a value cannot be the key of a ``dict``.
            ValidationError: if one of an item's lists holds what it must not.

        Example:
            >>> len(news), len(news.unique())
            (21, 20)
        """
        return self._with(items[0] for items in self._alike(key))

    def _alike(self, key: str | Callable[[Item_co], Any]) -> list[list[Item_co]]:
        from newsitem._query.addresses import addresses, connected, own_urls, require_urls

        if key == "url":
            require_urls(self._items, "comparing addresses")
            return connected(self._items, [addresses(own_urls(item)) for item in self._items])
        values = sort_keys.values(key, kinds_of(self._items))
        with _whole(self._items, key):
            return connected(self._items, [values(item) for item in self._items])

    def stories(self) -> list[NewsCollection[Item_co]]:
        """Put items that tell the same story together: they share an address, their own or that of a related item.

        Items that are connected through others are in one story too. Addresses are compared as in `find`.

        Returns:
            The stories, the one with the most items first; each item is in one of them, even if alone.

        Raises:
            ValidationError: if an item's ``related`` holds something that is not a related item.

        Example:
            >>> [item.provider.name for item in news.stories()[0]]
            ['2.4 ORBIT DISPATCHES', "Corrigan's Weekly"]
        """
        from newsitem._query.addresses import addresses, connected, own_urls, related_urls, require_urls

        require_urls(self._items, "stories()")
        marks = (addresses(own_urls(item) + related_urls(item)) for item in self._items)
        with _whole(self._items):
            stories = connected(self._items, marks)
        return [NewsCollection(items) for items in sorted(stories, key=len, reverse=True)]

    def mentions(self, domain: Texts) -> list[Mention]:
        """Find the related items of an outlet, with the items that carry them.

        Args:
            domain: The domain of the outlet, or of many; with or without ``www.``.

        Returns:
            Each related item with its item, in their order.

        Raises:
            TypeError: if *domain* is neither text nor an iterable of texts.
            ValidationError: if an item's ``related`` holds something that is not a related item.

        Example:
            >>> [mention.item.provider.name for mention in news.mentions("ledgerlight.example")]
            ['Ward & Ward', '12/5 Harbour St']
        """
        from newsitem._query.addresses import may_mention

        wanted = domains("domain", domain)
        for cls in kinds_of(self._items):
            require(class_of(require(cls, "related", "mentions()").kind) or cls, "provider.domain", "mentions()")
        items = cast("tuple[NewsItem, ...]", self._items)  # or such as have the same
        with _whole(self._items):
            return [
                Mention(related, item)
                for item in items
                if may_mention(item, wanted)
                for related in item.related or ()
                if related.provider is not None
                and related.provider.domain is not None
                and related.provider.domain.lower() in wanted
            ]

    # Edit

    def changed(self) -> NewsCollection[Item_co]:
        """Select the items that differ from their files as they were read.

        Returns:
            The items that were edited or are new, including those that cannot be written as they are.

        Raises:
            NewsItemError: if something unexpected fails for an item, which it names.

        Example:
            >>> news[3].heat = 1
            >>> len(news.changed())
            1
        """
        return NewsCollection(batch.changed(self._items))

    def diff(self) -> str:
        """Compare what `save` would write with what was read.

        Returns:
            One unified diff of all items, or an empty text if nothing was changed. Like `newsitem.diff`, it shows
            lines as they are, including ``secured`` if it is near an edit.

        Raises:
            ValidationError: if values are not valid. It lists all of them.
            NewsItemError: if a text would not read back as its item, or something unexpected fails for an item.

        Example:
            >>> for item in news.filter(topic="Space"):
            ...     item.heat = 1
            >>> [line for line in news.diff().splitlines() if line.startswith("+heat")]
            ['+heat: 1', '+heat: 1', '+heat: 1']
        """
        return batch.diff_all(self._items)

    def save(self, *, dry_run: bool = False, progress: Progress = False) -> SaveReport[Item_co]:
        """Write the items that differ from their files as they were read, each back to its own file, atomically.

        What keeps one item from being written does not stop the others: it is in the report. Saving again retries
        what was not written, and only that.

        Args:
            dry_run: Say what would be done, and write nothing.
            progress: As for `read`.

        Returns:
            What was written and what was not. Look at its ``ok``.

        Raises:
            TypeError: if *progress* is neither a boolean nor a function.
            ImportError: if a bar is asked for and tqdm is not installed.

        Example:
            >>> for item in news.filter(topic="Space"):
            ...     item.tags.append("Front page")
            >>> print(news.save(dry_run=True))
            SaveReport: 3 to write, 18 unchanged, 0 conflicts, 0 errors
            >>> report = news.save()
            >>> report.ok, len(report.written), len(news.save().written)
            (True, 3, 0)
        """
        return batch.save_all(self._items, dry_run=dry_run, progress=progress)

    def update(self, table: Any, *, on: str = "path", columns: Sequence[str] | None = None) -> UpdateReport[Item_co]:
        """Set the values of a table, such as one that `to_arrow` returns and another tool has changed.

        Each row is that of one item, and each column sets what it names: an attribute, or one in a mapping, such as
        ``provider.domain``. A null removes what there is; a value that is the same changes nothing. Where one value is
        refused, no item is changed. No file is written: see `save`.

        Args:
            table: Arrow data in any form (a table, a stream, a data frame of Polars or pandas, a result of DuckDB), or
                an iterable of mappings. Values of numpy and pandas become Python's.
            on: The column that says which item a row is for, and the attribute with which it is compared.
            columns: The columns to use. Default: all but *on*.

        Returns:
            What was set.

        Raises:
            ValidationError: if a column names nothing that can be set, a value is not valid, a row has no item, or an
                item has two. It lists all that is wrong, with row, path and field.
            TypeError: if *table* is no table, or *columns* is a single string.
            ImportError: if it is Arrow data and pyarrow is not installed.

        Example:
            >>> table = news.to_arrow(columns=["path", "heat"])
            >>> news.update(table)
            <UpdateReport: 21 rows, 0 items changed, 21 unchanged>
            >>> news.update([{"path": str(news[0].path), "heat": 400, "provider.domain": "w.example"}])
            <UpdateReport: 1 row, 1 item changed, 0 unchanged: heat (1), provider.domain (1)>
        """
        return update(self._items, table, on, columns)

    def rename(self, *, dry_run: bool = False, progress: Progress = False) -> RenameReport[Item_co]:
        """Rename the files whose names are no longer the `NewsItem.filename` of their items, each in its own folder.

        No file is ever overwritten, and what keeps one from being renamed does not stop the others: it is in the
        report. An item that was edited is a conflict: save first.

        Args:
            dry_run: Say what would be done, and rename nothing.
            progress: As for `read`.

        Returns:
            What was renamed and what was not. Look at its ``ok``.

        Raises:
            TypeError: if *progress* is neither a boolean nor a function.
            ImportError: if a bar is asked for and tqdm is not installed.

        Example:
            >>> from datetime import timedelta
            >>> news[0].published_date_time += timedelta(days=1)
            >>> report = news.save() and news.rename()
            >>> [new.name[:10] for old, new in report.renamed]
            ['2020-05-05']
        """
        return batch.rename_all(self._items, dry_run=dry_run, progress=progress)

    def write(self, folder: str | os.PathLike[str], *, progress: Progress = False) -> list[Path]:
        """Write each item to a new file in a folder, under its `NewsItem.filename`.

        Nothing is overwritten: if a name is taken by a file or by another item with different content, or an item is
        not valid, nothing is written at all. What fails unexpectedly for one item does not stop the others. An item
        without a ``path`` gets the path of its file.

        Args:
            folder: The folder, which is made if it does not exist.
            progress: As for `read`.

        Returns:
            The paths of the files, in the order of the items.

        Raises:
            ConflictError: if names are taken. It lists all of them.
            ValidationError: if values are not valid.
            NewsItemError: if there are problems of several kinds, a text would not read back as its item, or something
                unexpected fails for an item.
            OSError: if a file cannot be written. What was written before it stays.
            TypeError: if *progress* is neither a boolean nor a function.
            ImportError: if a bar is asked for and tqdm is not installed.

        Example:
            >>> [path.name[:10] for path in news.filter(topic="Space").write("space")]
            ['2020-06-07', '2020-06-10', '2020-06-15']
        """
        return batch.create_all(self._items, expanded(folder), progress)

    def to_arrow(self, columns: Sequence[str] | None = None, *, flat: bool = False) -> pa.Table:
        """Return the items as an Arrow table.

        Args:
            columns: The columns to include. Default: all but those that are `Secured`. A name with dots is a column of
                its own: ``"provider.domain"``, or, below a list, a list of what its entries have: ``"images.url"``.
            flat: Whether the fields of mappings, such as the provider, are columns of their own, where *columns* names
                none.

        Returns:
            A ``pyarrow.Table`` with a row for each item.

        Raises:
            ValueError: if there is no such column.
            TypeError: if *columns* is a single string.
            ValidationError: if a value is not valid, such as a wrong entry added to a list.
            ImportError: if pyarrow is not installed.

        Example:
            >>> news.to_arrow(columns=["title", "heat"]).to_pylist()[0]
            {'title': 'Hospitals train a scan-reading AI without pooling patient records', 'heat': 312}
        """
        from newsitem._query import columns as arrow

        if flat and columns is None:
            columns = arrow.flat(type(self._items[0]) if self._items else NewsItem)
        return arrow.table_of(self._items, columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the items as a stream of Arrow, for whatever takes one: Polars, pandas, DuckDB, pyarrow."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    # Look

    def describe(self) -> Description:
        """Sum up the fields: how often they are set, how many different values there are, and their range.

        Returns:
            A summary for each field, by its name. It prints as a table.

        Example:
            >>> news.describe()["heat"].maximum
            874
            >>> print(str(news.describe()).splitlines()[12])
            heat                 19 (90%)   18        -1 to 874                             -1 (2)
        """
        return describe(self._items)

    def __repr__(self) -> str:
        """Return the number of items, the days from the first to the last, and the topics that most items have."""
        parts = [counted(len(self), "item")]
        if self:
            dated = [item for item in self._items if instant_of(type(item)) is not None]
            days = [day for item in dated if (day := day_of(item)) is not None]
            parts += [f"{min(days)} to {max(days)}"] if days else []
        lists = [getattr(item, "topics", None) for item in self._items]
        texts = [[topic for topic in topics if isinstance(topic, str)] for topics in lists if isinstance(topics, list)]
        topics = Counter(topic for own in texts for topic in dict.fromkeys(own))
        parts += [f"{printable(topic)} ({count:,})" for topic, count in topics.most_common(_TOPICS_SHOWN)]
        if self._errors:
            parts.append(f"{len(self._errors):,} not read")
        return f"<NewsCollection: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        from newsitem._schema.html import listing

        return listing(self._items, repr(self)[1:-1])
