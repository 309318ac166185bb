"""Collections of items: read, select, sort, count, connect, edit and write many items at once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar, Unpack, overload

from newsitem._query import sort_keys
from newsitem._query.addresses import addresses, connected, finder, mentions, own_urls, related_urls, require_urls
from newsitem._query.attributes import PUBLICATION, day_of, instant_of, kinds_of, moment_of, require
from newsitem._query.criteria import Criteria, Texts, domains, matching, with_criteria
from newsitem._query.sort_keys import DayKey, OtherKey, SortKey, TextKey
from newsitem._query.summary import Description, describe
from newsitem._query.updates import UpdateReport, update
from newsitem._schema.values import expanded, function_of, require_no_iterator
from newsitem._storage import batch
from newsitem._storage.batch import NewsReader, OnError, Progress, RenameReport, SaveReport
from newsitem._storage.discovery import Sources
from newsitem._storage.files import ItemKind
from newsitem.errors import NewsItemError, counted, printable
from newsitem.items import FrontMatter, Item, Item_co, NewsItem, RelatedItem, require_kind, require_valid

if TYPE_CHECKING:
    import pyarrow as pa

    _Sequence = Sequence
else:

    class _Sequence(Generic[Item_co]):
        """The methods of a sequence. Polars would treat a real ``Sequence`` as a list of rows, not as Arrow data."""

        __slots__ = ()
        __reversed__ = Sequence.__reversed__
        index = Sequence.index
        count = Sequence.count


_K = TypeVar("_K")
_TOPICS_SHOWN: Final = 3


@contextmanager
def _validating_lists(items: Iterable[FrontMatter]) -> Iterator[None]:
    """Raise `ValidationError` in place of an error that an invalid list entry causes: only writing validates lists."""
    try:
        yield
    except (TypeError, AttributeError):
        for item in items:
            require_valid(item)
        raise


class Mention(NamedTuple):
    """A related item of an outlet, and the item that lists it.

    Example:
        >>> mention = news.mentions("wardandward.example")[0]
        >>> mention.related.title
        'Opinion: a promise in a button is a contract'
        >>> mention.item.provider.name
        '12/5 Harbour St'
    """

    related: RelatedItem
    """The related item."""
    item: NewsItem
    """The item whose `NewsItem.related` contains it."""


class NewsCollection(_Sequence[Item_co], Generic[Item_co]):
    """An immutable sequence of items. The items themselves can be edited.

    Methods that select or sort return a new collection of the same items, so an edit is visible in all of them. They
    accept items that lack a value, and return a `NewsCollection` even for a subclass.

    Items may be of any class that is derived from `FrontMatter` and decorated with `model`. A query raises
    ``ValueError`` if it needs an attribute that one of the classes does not define.

    Args:
        items: The items.
        errors: The errors of files that could not be read. They are available as `errors`.

    Raises:
        TypeError: if *items* contains a value that is not an item.

    Example:
        >>> news = newsitem.NewsCollection.read("news")
        >>> news
        <NewsCollection: 21 items, 2020-05-04 to 2020-07-28, AI (7), Climate (6), Health (4)>
        >>> news[0].title
        'Hospitals train a scan-reading AI without pooling patient records'
        >>> len(news[:5]), news[0] in news
        (5, True)
    """

    __slots__ = ("_cls", "_errors", "_items")

    def __init__(self, items: Iterable[Item_co] = (), *, errors: Iterable[NewsItemError] = ()) -> None:
        """Create a collection of *items*."""
        self._items = tuple(items)
        self._errors = tuple(errors)
        self._cls: type[FrontMatter] = next(map(type, self._items), NewsItem)
        for kind in kinds_of(self._items):
            if not issubclass(kind, FrontMatter):
                raise TypeError(f"a collection can only contain items, not {kind.__name__}")
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
        """Read the files in a folder and its subfolders, sorted by path.

        In a Jekyll site, this reads ``_posts`` and all collections, such as ``_news``. Files and folders that Jekyll
        skips are read only if you name them in *source*, or if *pattern* spells out the first character of the name, as
        in ``"_drafts/*.md"``. Jekyll skips:

        - the folders ``_data``, ``_drafts``, ``_includes``, ``_layouts``, ``_plugins``, ``_sass``, ``_site``,
          ``gemfiles``, ``node_modules`` and ``vendor``;
        - files, and folders inside a collection, whose names begin with ``_``;
        - names that begin with ``.``, ``#`` or ``~``, or end with ``~``.

        Symbolic links are followed, and each folder is read once. If no file is found, a ``UserWarning`` lists the
        names that were skipped.

        Args:
            source: A folder, a file, or an iterable of both. ``~`` is the home directory. A path that you name
                here is always read, regardless of its name.
            cls: The class of the items. For folders with several kinds of items, pass a function instead. It is called
                with the ``Path`` of a file and a tuple of the keys in its front matter, and returns the class.
            pattern: A pattern that the paths of files must match, relative to the folder. ``*``, ``?`` and ``[…]``
                match characters within a name; ``**`` matches any number of folders. Default: the Markdown files that
                Jekyll recognises, at any depth (``.md``, ``.mkd``, ``.mkdn``, ``.mkdown`` and ``.markdown``, regardless
                of case).
            on_error: ``"raise"`` stops at the first file that cannot be read. ``"collect"`` continues and keeps the
                errors in `errors`.
            progress: ``True`` shows a progress bar, which requires the extra ``progress``. A function is called after
                each file with two numbers: the files done so far and the total.

        Returns:
            The items.

        Raises:
            ParseError: if a file is not UTF-8, or its front matter is not closed or not valid YAML.
            ValidationError: if a required key is missing or a value has the wrong type.
            OSError: if a file or folder cannot be read, or *source* is a single path that does not exist.
            ValueError: if *pattern* is absolute or not text, *on_error* is neither ``"raise"`` nor ``"collect"``, or a
                path is empty or the text of a file.
            TypeError: if *source* (for example an open file) is neither a path nor an iterable of paths, *cls* is
                neither an item class nor a function that returns one, or *progress* is neither a boolean nor a
                function.
            ImportError: if *progress* is ``True`` and tqdm is not installed.

        Example:
            >>> news = newsitem.NewsCollection.read("news", on_error="collect")
            >>> len(news), len(news.errors)
            (21, 0)
        """
        reader = NewsReader(source, pattern, on_error, progress, cls)
        items = tuple(reader)
        return NewsCollection._of(items, cls if isinstance(cls, type) else NewsItem, reader.errors)

    @staticmethod
    def _of(
        items: Iterable[Item], cls: type[FrontMatter], errors: Iterable[NewsItemError] = ()
    ) -> NewsCollection[Item]:
        """Return a collection. If there are no items, its tables have the columns of *cls*."""
        news = NewsCollection(items, errors=errors)
        news._cls = news._cls if news._items else cls
        return news

    @staticmethod
    def iter(
        source: Sources,
        *,
        cls: ItemKind[Item] = NewsItem,  # type: ignore[assignment]
        pattern: str | None = None,
        on_error: OnError = "raise",
        progress: Progress = False,
    ) -> NewsReader[Item]:
        """Read the files in a folder lazily, one at a time. Use it for more items than fit in memory.

        Args:
            source: As for `read`.
            cls: As for `read`.
            pattern: As for `read`.
            on_error: As for `read`. Collected errors are in the `NewsReader.errors` of the returned iterator.
            progress: As for `read`.

        Returns:
            An iterator over the items. While you iterate, it raises the same errors as `read`.

        Raises:
            OSError: if *source* is a single path that does not exist.
            ValueError: if *on_error* is neither ``"raise"`` nor ``"collect"``, or a path is empty or the text of a
                file.
            TypeError: if *source* (for example an open file) is neither a path nor an iterable of paths, or *cls* is
                neither an item class nor a function.

        Example:
            >>> max(item.heat or 0 for item in newsitem.NewsCollection.iter("news"))
            874
        """
        return NewsReader(source, pattern, on_error, progress, cls)

    @property
    def errors(self) -> tuple[NewsItemError, ...]:
        """The errors of files that could not be read, each with its ``path``.

        `filter`, `sort`, slices and ``+`` keep the errors. Groups, and the results of `find` and `changed`, do not.

        Example:
            >>> with open("news/bad.md", "w") as file:
            ...     _ = file.write("no front matter")
            >>> for error in newsitem.NewsCollection.read("news", on_error="collect").errors:
            ...     print(error)
            news/bad.md:1:1: no front matter: the first line must be '---'
        """
        return self._errors

    def _with(self, items: Iterable[Item_co]) -> NewsCollection[Item_co]:
        return self._of(items, self._cls, self._errors)

    # A sequence

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def __iter__(self) -> Iterator[Item_co]:
        """Iterate over the items in order."""
        return iter(self._items)

    def __contains__(self, item: object) -> bool:
        """Return whether the collection contains an equal item."""
        return item in self._items

    @overload
    def __getitem__(self, place: int) -> Item_co: ...
    @overload
    def __getitem__(self, place: slice) -> NewsCollection[Item_co]: ...
    def __getitem__(self, place: int | slice) -> Item_co | NewsCollection[Item_co]:
        """Return the item at an index, or a collection of the items in a slice."""
        return self._with(self._items[place]) if isinstance(place, slice) else self._items[place]

    def __add__(self, other: NewsCollection[Item]) -> NewsCollection[Item_co | Item]:
        """Return a collection of the items of both collections."""
        if not isinstance(other, NewsCollection):
            return NotImplemented
        cls = (other if self._cls is NewsItem else self)._cls
        return self._of((*self, *other), cls, dict.fromkeys((*self.errors, *other.errors)))

    def __eq__(self, other: object) -> bool:
        """Return whether both collections have equal items in the same order."""
        return self._items == other._items if isinstance(other, NewsCollection) else NotImplemented

    __hash__: ClassVar[None] = None  # type: ignore[assignment] # the items are mutable

    # Select

    @with_criteria
    def filter(self, **criteria: Unpack[Criteria]) -> NewsCollection[Item_co]:
        """Select the items that meet all criteria, in their order.

        An item that does not set the field is not selected, except by ``has_images=False`` and ``has_related=False``.
        A criterion that is ``None`` is ignored. If you pass several texts for a criterion, one match is enough.
        Matching is case-sensitive, except for *domain* and *text*.

        Args:
            topic: The item has this topic, or one of these topics.
            tag: The item has this tag, or one of these tags.
            provider: The name of the provider, or several names.
            domain: The domain of the provider, or several domains. A leading ``www.`` is ignored.
            type: The type of the item, or several types.
            category: The category of the item, or several categories.
            published: The value of ``published`` in the file, ``True`` or ``False``.
            removed: The value of ``removed`` in the file, ``True`` or ``False``. An item that does not set it matches
                neither.
            since: The item was published at this time or later. Pass a ``datetime``, a ``date``, or ISO text such as
                ``2020-06`` or ``2020-06-24T22:10:00Z``. A time without a zone is UTC; a date, month or year means its
                first moment.
            until: The item was published before this time.
            min_heat: The lowest heat to select.
            max_heat: The highest heat to select.
            min_quality: The lowest quality to select.
            max_quality: The highest quality to select.
            text: The title or the excerpt contains this text, or one of these texts. The search ignores case, accents,
                the style of quotation marks, and differences in white space.
            has_images: Whether the item has images.
            has_related: Whether the item has related items.
            where: A function that is called with each item and returns a true value for the items to select.

        Returns:
            The selected items.

        Raises:
            TypeError: if a criterion has a value of the wrong type, or its name is unknown.
            ValueError: if a text is not a date or time, a number is NaN, or an item's class does not define the field.
            ValidationError: if a list of an item contains an invalid value.

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
        with _validating_lists(self._items):
            selected = matching(self._items, criteria, caller=caller)
        where = criteria.get("where")
        if where is None:
            return selected
        where = function_of("where", where)
        return [item for item in selected if require_no_iterator("where", where(item))]

    @with_criteria
    def exclude(self, **criteria: Unpack[Criteria]) -> NewsCollection[Item_co]:
        """Remove the items that `filter` would select, and keep the others in their order.

        An item that does not set the field is kept. So is an item that meets some of the criteria but not all.

        Args:
            criteria: The keyword arguments of `filter`.

        Returns:
            The remaining items.

        Raises:
            TypeError: if a criterion has a value of the wrong type, or its name is unknown.
            ValueError: if a text is not a date or time, a number is NaN, or an item's class does not define the field.
            ValidationError: if a list of an item contains an invalid value.

        Example:
            >>> [item.heat for item in news.exclude(max_heat=500)]
            [None, 640, 874, 523, None]
            >>> len(news.filter(removed=True)), len(news.exclude(removed=True))
            (1, 20)
        """
        excluded = set(map(id, self._selected(criteria, "exclude")))
        return self._with(item for item in self._items if id(item) not in excluded)

    # Sort and take

    def sort(self, *keys: SortKey | str | Callable[[Item_co], Any]) -> NewsCollection[Item_co]:
        """Sort the items by one or more keys. Items without a value, or with NaN, come last.

        Args:
            keys: The first key decides, then the second, and so on. A key is ``"topic"``, ``"tag"``, ``"domain"``,
                ``"provider"`` (its name), ``"day"``, ``"week"``, ``"month"``, ``"year"``, an attribute of the items
                with a sortable value, or a function that takes an item and returns a value. Put ``-`` in front of a
                name for descending order.

        Returns:
            The same items. Items that are equal by all keys keep their order.

        Raises:
            ValueError: if a key does not exist.
            TypeError: if a key is neither a name nor a function, or its values cannot be compared.

        Example:
            >>> [(item.provider.name, item.heat) for item in news.filter(topic="Space").sort("provider", "-heat")]
            [('2.4 ORBIT DISPATCHES', 640), ('2.4 ORBIT DISPATCHES', 362), ("Corrigan's Weekly", 122)]
        """
        items: Sequence[Item_co] = self._items
        for key in reversed(keys):
            name = key.removeprefix("-") if isinstance(key, str) else key
            items = sort_keys.ordered(items, name, descending=name != key)
        return self._with(items)

    def latest(self, n: int) -> NewsCollection[Item_co]:
        """Return the *n* most recently published items, latest first.

        Args:
            n: The number of items.

        Returns:
            At most *n* items.

        Raises:
            ValueError: if *n* is below 0, or an item's class has no date.
            TypeError: if *n* is not an integer.

        Example:
            >>> [item.published_date_time.date().isoformat() for item in news.latest(2)]
            ['2020-07-28', '2020-07-21']
        """
        for cls in kinds_of(self._items):
            require(cls, PUBLICATION, "latest()")
        return self.top(n, by=moment_of)

    def top(
        self, n: int, by: TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "heat"
    ) -> NewsCollection[Item_co]:
        """Return the *n* items with the highest values, highest first. Items without a value come last.

        Args:
            n: The number of items.
            by: A key as for `sort`, without ``-``.

        Returns:
            At most *n* items.

        Raises:
            ValueError: if the key does not exist, or *n* is below 0.
            TypeError: if the key is neither a name nor a function, its values cannot be compared, or *n* is not an
                integer.

        Example:
            >>> [item.heat for item in news.top(3)]
            [874, 640, 523]
        """
        if not isinstance(n, int):
            raise TypeError(f"n must be an integer, not {n!r}")
        if n < 0:
            raise ValueError(f"n must be at least 0, not {n}")
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
        """Group the items by a value. Items without a value are in no group.

        Args:
            key: ``"topic"``, ``"tag"``, ``"domain"``, ``"provider"`` (its name), ``"type"``, ``"day"``, ``"week"``,
                ``"month"``, ``"year"``, an attribute of the items with a hashable value, or a function that takes an
                item and returns a value. Days, weeks, months and years are in UTC, and the value is their first day as
                a ``date``. If the value is a list, the item is in the group of each entry.

        Returns:
            A ``dict`` of the groups by value, in order of first occurrence.

        Raises:
            ValueError: if the key does not exist.
            TypeError: if the key is neither a name nor a function, or a value is not hashable.
            ValidationError: if a list of an item contains an invalid value.

        Example:
            >>> for kind, items in news.group_by("type").items():
            ...     print(kind, len(items))
            article 18
            video 3
        """
        groups: dict[Any, list[Item_co]] = {}
        for item, values in zip(self._items, self._values(key), strict=True):
            for value in values:
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
        """Count the items by a value. Items without a value are not counted.

        Args:
            key: As for `group_by`. If the value is a list, the item counts once for each distinct entry.

        Returns:
            The number of items for each value.

        Raises:
            ValueError: if the key does not exist.
            TypeError: if the key is neither a name nor a function, or a value is not hashable.
            ValidationError: if a list of an item contains an invalid value.

        Example:
            >>> news.count_by("topic").most_common(2)
            [('AI', 7), ('Climate', 6)]
            >>> news.count_by(lambda item: len(item.related)).most_common(1)
            [(0, 13)]
        """
        return Counter(chain.from_iterable(self._values(key)))

    def _values(self, key: str | Callable[[Item_co], Any]) -> list[Iterable[Any]]:
        """Return the values of each item."""
        values = sort_keys.values(key, kinds_of(self._items))
        # The error of the user's own function is raised unchanged.
        with nullcontext() if callable(key) else _validating_lists(self._items):
            return [values(item) for item in self._items]

    def timeline(self, every: DayKey = "day") -> dict[date, int]:
        """Count the items by day, week, month or year, including periods without items.

        Args:
            every: The length of a period. Days are in UTC; weeks start on Monday.

        Returns:
            The number of items by the first day of each period, from the earliest item to the latest.

        Raises:
            ValueError: if *every* is not one of ``"day"``, ``"week"``, ``"month"`` and ``"year"``, or an item's class
                has no date.

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
        """Find the items with a URL, either as their own or as the URL of a related item, including AMP versions.

        The comparison ignores the scheme, ``www.``, a trailing slash, the fragment and tracking parameters.

        Args:
            url: The URL.

        Returns:
            First the items that have it as their own URL, then those with a related item that has it.

        Raises:
            ValueError: if an item's class has no URL.
            TypeError: if *url* is not text.
            ValidationError: if an item's ``related`` contains a value that is not a related item.

        Example:
            >>> found = news.find("http://www.corrigansweekly.example/space/baker/?utm_source=letter")
            >>> [item.provider.name for item in found]
            ["Corrigan's Weekly", '2.4 ORBIT DISPATCHES']
        """
        if not isinstance(url, str):
            raise TypeError(f"url must be text, not {url!r}")
        require_urls(self._items, "find()")
        has_url = finder(url)
        with _validating_lists(self._items):
            own = [place for place, item in enumerate(self._items) if has_url(own_urls(item))]
            related = [place for place, item in enumerate(self._items) if has_url(related_urls(item))]
        return self._of((self._items[place] for place in dict.fromkeys(own + related)), self._cls)

    def duplicates(
        self, key: Literal["url"] | TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "url"
    ) -> list[NewsCollection[Item_co]]:
        """Find items that occur more than once.

        Args:
            key: The value that duplicates share. ``"url"`` compares the items' own URLs, including AMP versions, as
                `find` does. Other keys are the same as for `group_by`. If the value is a list, such as topics, one
                common entry is enough. Items that are connected through other items are in the same group.

        Returns:
            The groups of two or more items, in the order of their first items.

        Raises:
            ValueError: if the key does not exist.
            TypeError: if the key is neither a name nor a function, or a value is not hashable.
            ValidationError: if a list of an item contains an invalid value.

        Example:
            >>> for group in news.duplicates():
            ...     print([item.filename.name[:10] for item in group])
            ['2020-07-03', '2020-07-05']
        """
        return [NewsCollection(items) for items in self._duplicate_groups(key) if len(items) > 1]

    def unique(
        self, key: Literal["url"] | TextKey | DayKey | OtherKey | str | Callable[[Item_co], Any] = "url"
    ) -> NewsCollection[Item_co]:
        """Remove duplicates, keeping the first item of each group.

        Args:
            key: As for `duplicates`.

        Returns:
            The remaining items, in their order.

        Raises:
            ValueError: if the key does not exist.
            TypeError: if the key is neither a name nor a function, or a value is not hashable.
            ValidationError: if a list of an item contains an invalid value.

        Example:
            >>> len(news), len(news.unique())
            (21, 20)
        """
        return self._with(items[0] for items in self._duplicate_groups(key))

    def _duplicate_groups(self, key: str | Callable[[Item_co], Any]) -> list[list[Item_co]]:
        if key == "url":
            require_urls(self._items, "comparing URLs")
            return connected(self._items, [addresses(own_urls(item)) for item in self._items])
        return connected(self._items, self._values(key))

    def stories(self) -> list[NewsCollection[Item_co]]:
        """Group the items by story. Items of one story share a URL, either their own or that of a related item.

        Items that are connected through other items are in the same story. URLs are compared as in `find`.

        Returns:
            The stories, largest first. Each item is in exactly one story; a story may have a single item.

        Raises:
            ValueError: if an item's class has no URL.
            ValidationError: if an item's ``related`` contains a value that is not a related item.

        Example:
            >>> [item.provider.name for item in news.stories()[0]]
            ['2.4 ORBIT DISPATCHES', "Corrigan's Weekly"]
        """
        require_urls(self._items, "stories()")
        marks = (addresses(own_urls(item) + related_urls(item)) for item in self._items)
        with _validating_lists(self._items):
            stories = connected(self._items, marks)
        return [NewsCollection(items) for items in sorted(stories, key=len, reverse=True)]

    def mentions(self, domain: Texts) -> list[Mention]:
        """Find the related items of an outlet, with the items that list them.

        Args:
            domain: The domain of the outlet, or several domains. A leading ``www.`` is ignored.

        Returns:
            A `Mention` for each related item, in the order of the items.

        Raises:
            ValueError: if an item's class has no related items.
            TypeError: if *domain* is neither text nor an iterable of text.
            ValidationError: if an item's ``related`` contains a value that is not a related item.

        Example:
            >>> [mention.item.provider.name for mention in news.mentions("ledgerlight.example")]
            ['Ward & Ward', '12/5 Harbour St']
        """
        wanted = domains("domain", domain)
        with _validating_lists(self._items):
            return [Mention(related, item) for related, item in mentions(self._items, wanted)]

    # Edit

    def changed(self) -> NewsCollection[Item_co]:
        """Select the items that were edited since they were read, and new items.

        Returns:
            The changed items, including those that are not valid and could not be written.

        Raises:
            NewsItemError: if comparing an item fails unexpectedly. The error names the item.

        Example:
            >>> news[3].heat = 1
            >>> len(news.changed())
            1
        """
        return self._of(batch.changed(self._items), self._cls)

    def diff(self) -> str:
        """Return a unified diff of the changes that `save` would write.

        Returns:
            One diff for all items, or an empty string if nothing was changed. Like `newsitem.diff`, it shows lines
            verbatim, including ``secured`` if it is close to an edit.

        Raises:
            ValidationError: if values are not valid. It lists every problem.
            NewsItemError: if a text would not read back as its item, or an item fails unexpectedly.

        Example:
            >>> for item in news.filter(topic="Space"):
            ...     item.heat = 1
            >>> [line for line in news.diff().splitlines() if line.startswith("+heat")]
            ['+heat: 1', '+heat: 1', '+heat: 1']
        """
        return batch.diff_all(self._items)

    def save(self, *, dry_run: bool = False, progress: Progress = False) -> SaveReport[Item_co]:
        """Write the changed items back to their own files. Each file is replaced atomically.

        An item that cannot be written does not stop the others; its error is in the report. Calling `save` again
        retries only the items that were not written.

        Args:
            dry_run: Report what would be written, without writing.
            progress: As for `read`.

        Returns:
            A report of the items that were written and those that were not. Check its ``ok``.

        Raises:
            TypeError: if *progress* is neither a boolean nor a function.
            ImportError: if *progress* is ``True`` and tqdm is not installed.

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
        """Set attributes of the items from a table, for example one from `to_arrow` that another tool has changed.

        Each row updates one item. Each column names the attribute to set, such as ``heat`` or ``provider.domain``. A
        null removes the value; an equal value changes nothing. If any value is not valid, no item is changed. To write
        the changes to the files, call `save`.

        Args:
            table: Arrow data in any form (a table, a stream, a Polars or pandas data frame, a DuckDB result), or an
                iterable of mappings. numpy and pandas values are converted to Python values.
            on: The column that identifies the item of a row, and the attribute that it is compared with.
            columns: The columns to use. Default: all except *on*.

        Returns:
            A report of the items and columns that were set.

        Raises:
            ValidationError: if a column does not name an attribute that can be set, the rows have no column *on*, a
                value is not valid, no item or several match a row, or two rows match one item. It lists every problem,
                with row, path and field.
            TypeError: if *table* is not a table, *on* is not text, or *columns* is not an iterable of names.
            ImportError: if *table* is Arrow data and pyarrow is not installed.

        Example:
            >>> table = news.to_arrow(columns=["path", "heat"])
            >>> news.update(table)
            <UpdateReport: 21 rows, 0 items changed, 21 unchanged>
            >>> news.update([{"path": str(news[0].path), "heat": 400, "provider.domain": "w.example"}])
            <UpdateReport: 1 row, 1 item changed, 0 unchanged: heat (1), provider.domain (1)>
        """
        return update(self._items, table, on, columns)

    def rename(self, *, dry_run: bool = False, progress: Progress = False) -> RenameReport[Item_co]:
        """Rename each file whose name differs from the `NewsItem.filename` of its item, within its folder.

        No file is ever overwritten. A file that cannot be renamed does not stop the others; its error is in the
        report. An item with unsaved edits is a conflict: call `save` first. If the collection contains both a file and
        a symbolic link to it, both are conflicts.

        Args:
            dry_run: Report what would be renamed, without renaming.
            progress: As for `read`.

        Returns:
            A report of the files that were renamed and those that were not. Check its ``ok``.

        Raises:
            TypeError: if *progress* is neither a boolean nor a function.
            ImportError: if *progress* is ``True`` and tqdm is not installed.

        Example:
            >>> from datetime import timedelta
            >>> news[0].published_date_time += timedelta(days=1)
            >>> report = news.save() and news.rename()
            >>> [new.name[:10] for old, new in report.renamed]
            ['2020-05-05']
        """
        return batch.rename_all(self._items, dry_run=dry_run, progress=progress)

    def write(self, folder: str | os.PathLike[str], *, progress: Progress = False) -> list[Path]:
        """Write each item to a new file in a folder, named by its `NewsItem.filename`.

        No file is overwritten. Nothing is written at all if an item is not valid, its ``filename`` would lead to
        another folder, or its name belongs to a file or another item with different content. An unexpected failure of
        one item does not stop the others. An item without a ``path`` gets the path of its new file.

        Args:
            folder: The folder. It is created if it does not exist.
            progress: As for `read`.

        Returns:
            The paths of the files, in the order of the items.

        Raises:
            ConflictError: if names are taken. It lists every conflict.
            ValidationError: if values are not valid.
            NewsItemError: if a ``filename`` is not a single name, there are problems of several kinds, a text would not
                read back as its item, or an item fails unexpectedly.
            OSError: if a file cannot be written. Files that were written before it remain.
            ValueError: if *folder* is empty.
            TypeError: if *folder* is not a path, or *progress* is neither a boolean nor a function.
            ImportError: if *progress* is ``True`` and tqdm is not installed.

        Example:
            >>> [path.name[:10] for path in news.filter(topic="Space").write("space")]
            ['2020-06-07', '2020-06-10', '2020-06-15']
        """
        return batch.create_all(self._items, expanded(folder), progress)

    def to_arrow(self, columns: Sequence[str] | None = None, *, flat: bool = False) -> pa.Table:
        """Convert the items to an Arrow table. This requires the extra ``arrow``.

        Args:
            columns: The columns to include. Default: all except those of the type `Secured`. A dotted name selects a
                nested field: ``"provider.domain"`` is a column of text, ``"images.url"`` a column of lists of text.
            flat: Whether to split mappings, such as the provider, into one column per field. Ignored if *columns* is
                set.

        Returns:
            A ``pyarrow.Table`` with one row per item.

        Raises:
            ValueError: if a column does not exist.
            TypeError: if *columns* is a single string, or the items are of several classes.
            ValidationError: if a value is not valid, for example a list entry of the wrong type.
            ImportError: if pyarrow is not installed.

        Example:
            >>> news.to_arrow(columns=["title", "heat"]).to_pylist()[0]
            {'title': 'Hospitals train a scan-reading AI without pooling patient records', 'heat': 312}
        """
        from newsitem._query.columns import table_of

        table = table_of(self._items, columns, self._cls)
        return table.flatten() if flat and columns is None else table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the items as an Arrow stream, for Polars, pandas, DuckDB, pyarrow and other Arrow consumers."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    # Inspect

    def describe(self) -> Description:
        """Summarise the fields: how often each is set, its number of distinct values, its range and common values.

        Returns:
            A mapping from field names to summaries. It prints as a table.

        Example:
            >>> news.describe()["heat"].maximum
            874
            >>> print(str(news.describe()).splitlines()[12])
            heat                 19 (90%)   18        -1 to 874                             -1 (2)
        """
        return describe(self._items, self._cls)

    def __repr__(self) -> str:
        """Show the number of items, the first and the last day, and the most common topics."""
        days = [day for item in self._items if instant_of(type(item)) and (day := day_of(item)) is not None]
        parts = [counted(len(self), "item"), *([f"{min(days)} to {max(days)}"] if days else ())]
        lists = [getattr(item, "topics", None) for item in self._items]
        texts = [[topic for topic in topics if isinstance(topic, str)] for topics in lists if isinstance(topics, list)]
        counts = Counter(topic for topics in texts for topic in dict.fromkeys(topics))
        parts += [f"{printable(topic)} ({count:,})" for topic, count in counts.most_common(_TOPICS_SHOWN)]
        if self._errors:
            parts.append(f"{len(self._errors):,} not read")
        return f"<NewsCollection: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        from newsitem._schema.html import listing

        return listing(self._items, repr(self)[1:-1])
