"""Read, save, create and rename the files of many items, and show the progress."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from graphlib import CycleError, TopologicalSorter
from itertools import compress, count
from pathlib import Path
from typing import ClassVar, Final, Generic, Literal, TypeVar, cast

import attrs

from newsitem._codec.round_trip import diff, differs, dumps
from newsitem._schema.definition import first_text
from newsitem._schema.values import function_of, unexpandable
from newsitem._storage import discovery
from newsitem._storage.discovery import Sources
from newsitem._storage.files import ChoiceFailed, ItemKind, create, load_path, move, own_name, save, true_name
from newsitem.errors import ConflictError, NewsItemError, Problem, counted, shortened
from newsitem.items import FrontMatter, Item, Item_co, require_kind

_R = TypeVar("_R")
_I = TypeVar("_I", bound=FrontMatter)

OnError = Literal["raise", "collect"]
"""Whether to raise the error of a file that cannot be read, or to collect it and continue."""
Progress = bool | Callable[[int, int], object]
"""Whether to show a progress bar, or a function that is called with the number of files done and the total."""
_Step = Callable[..., object]
"""A function that is called after each file, with counts for the bar as keyword arguments, such as ``errors=2``."""


@contextmanager
def _progress_of(progress: Progress, get_total: Callable[[], int], unit: str = "files") -> Iterator[_Step]:
    """Provide the function to call after each file. *get_total* is called only if the total is needed.

    Raises:
        ImportError: if *progress* is ``True`` and tqdm is not installed.
        TypeError: if *progress* is neither a boolean nor a function.
    """
    if progress is False:
        yield lambda **_numbers: None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            message = "a progress bar needs tqdm: pip install 'newsitem[progress]' (or: pip install tqdm)"
            raise ImportError(message, name="tqdm") from None
        with tqdm(total=get_total(), unit=f" {unit}") as bar:

            def step(**numbers: int) -> None:
                bar.set_postfix({name: number for name, number in numbers.items() if number}, refresh=False)
                bar.update()

            yield step
    elif callable(progress):
        show, done, total = function_of("progress", progress), count(1), get_total()
        yield lambda **_numbers: show(next(done), total)
    else:
        raise TypeError(f"progress must be True, False or a function (done, total), not {progress!r}")


class NewsReader(Iterator[Item_co], Generic[Item_co]):
    """An iterator that reads the items of many files lazily, as returned by `NewsCollection.iter`.

    Example:
        >>> reader = newsitem.NewsCollection.iter("news", on_error="collect")
        >>> next(reader).title
        'Hospitals train a scan-reading AI without pooling patient records'
        >>> len(list(reader)), reader.errors
        (20, ())
    """

    def __init__(
        self, source: Sources, pattern: str | None, on_error: OnError, progress: Progress, cls: ItemKind[Item_co]
    ) -> None:
        """Create a reader with the arguments of `NewsCollection.iter`."""
        self._errors: list[NewsItemError] = []
        self._collects = collects(on_error)
        starts = discovery.starting_points(source)
        if isinstance(cls, type):
            require_kind(cls)
        elif not callable(cls):
            raise TypeError(f"cls must be an item class or a function that returns one, not {cls!r}")
        self._items = self._read(starts, pattern, progress, cls)

    @property
    def errors(self) -> tuple[NewsItemError, ...]:
        """The errors collected so far with ``on_error="collect"``, each with its ``path``."""
        return tuple(self._errors)

    def __next__(self) -> Item_co:
        """Return the next item, skipping files with collected errors."""
        return next(self._items)

    def __iter__(self) -> Iterator[Item_co]:
        """Return the reader itself."""
        return self

    def _read(
        self, starts: list[Path], pattern: str | None, progress: Progress, cls: ItemKind[Item_co]
    ) -> Iterator[Item_co]:
        def total() -> int:
            return sum(1 for _ in discovery.files(starts, pattern, lambda _error: None, []))

        path, skipped = None, list[str]()
        with _progress_of(progress, total) as step:
            for path in discovery.files(starts, pattern, self._failed, skipped):
                try:
                    item: Item_co = load_path(path, cls)
                except ChoiceFailed as error:
                    raise cast("Exception", error.__cause__) from None
                except Exception as error:  # other files may still be read
                    self._failed(error, path)
                else:
                    yield item
                step(errors=len(self._errors))
        if path is None and not self._errors:
            discovery.warn_of_nothing(starts, pattern, skipped)

    def _failed(self, error: Exception, path: Path | None = None) -> None:
        named_error = of_item(error, path)
        if not self._collects:
            raise error if isinstance(error, NewsItemError | OSError) else named_error
        self._errors.append(named_error)


def collects(on_error: OnError) -> bool:
    """Return whether errors are collected.

    Raises:
        ValueError: if *on_error* is not one of its values.
    """
    if on_error not in ("raise", "collect"):
        raise ValueError(f"on_error must be 'raise' or 'collect', not {on_error!r}")
    return on_error == "collect"


def with_path(error: Exception, path: str | Path | None) -> NewsItemError:
    """Convert any error to a `NewsItemError` that names the file."""
    if isinstance(error, NewsItemError):
        return error if path is None else error.in_file(str(path))
    name = getattr(error, "filename", None) if path is None else path
    return _caused(error, getattr(error, "strerror", None) or f"{type(error).__name__}: {error}", name)


def _caused(error: Exception, message: str, path: str | Path | None) -> NewsItemError:
    caused = NewsItemError([Problem(message, path=None if path is None else str(path))])
    caused.__cause__ = error
    return caused


def of_item(error: Exception, path: str | Path | None, item: object = "") -> NewsItemError:
    """Convert any error to a `NewsItemError` that names the item, by its file or else by its first text.

    The message of an unexpected error is not shown, only attached as the cause: it may contain any part of the text,
    including ``secured``.
    """
    if isinstance(error, NewsItemError | OSError):
        return with_path(error, path)
    subject = "" if path is not None else f"the item {shortened(''.join(first_text(item)))} "
    message = f"{subject}failed with an unexpected {type(error).__name__} (see __cause__)"
    return _caused(error, f"{message}: if it is not from your own class, please report it", path)


class Report:
    """The result of an operation on many files. It is true if nothing failed."""

    __slots__ = ()
    _failures: ClassVar[tuple[str, ...]] = ("conflict", "error")
    """The kinds of failures. The attribute for each is its plural."""

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self._failed()

    def __bool__(self) -> bool:
        """Return `ok`."""
        return self.ok

    def _done(self) -> str:  # pragma: no cover - each kind of report has its own
        raise NotImplementedError

    def _failed(self) -> list[tuple[str, NewsItemError]]:
        """Return each conflict and error with its kind."""
        return [(kind, error) for kind in self._failures for error in getattr(self, f"{kind}s")]

    def __repr__(self) -> str:
        """Show the numbers of files or items, conflicts and errors."""
        failed = (counted(len(getattr(self, f"{kind}s")), kind) for kind in self._failures)
        return f"<{type(self).__name__}: {', '.join([self._done(), *failed])}>"

    def __str__(self) -> str:
        """Return the numbers, followed by each conflict and error on its own line."""
        return "\n".join([repr(self)[1:-1], *(str(error) for _, error in self._failed())])

    def _repr_html_(self) -> str:
        from newsitem._schema.html import report

        problems = [(kind, problem) for kind, error in self._failed() for problem in error.problems]
        return report(repr(self)[1:-1], problems)


@attrs.frozen(repr=False)
class SaveReport(Report, Generic[Item_co]):
    """The result of `NewsCollection.save`. It is true if there are no conflicts and no errors.

    Example:
        >>> news[0].heat = 1
        >>> report = news.save()
        >>> report
        <SaveReport: 1 written, 20 unchanged, 0 conflicts, 0 errors>
        >>> report.ok
        True
    """

    written: tuple[Item_co, ...]
    """The items whose files were written, or would be written in a dry run."""
    unchanged: tuple[Item_co, ...]
    """The items that were not edited. Their files were not touched."""
    conflicts: tuple[ConflictError, ...]
    """An error, with its ``path``, for each file that someone else changed or created, or that two items share."""
    errors: tuple[NewsItemError, ...]
    """The errors of other items that could not be written, each with its ``path`` if the item has one."""
    dry_run: bool = False
    """Whether this was a dry run, which writes nothing."""

    def _done(self) -> str:
        return f"{len(self.written):,} {'to write' if self.dry_run else 'written'}, {len(self.unchanged):,} unchanged"


@attrs.frozen(repr=False)
class RenameReport(Report, Generic[Item_co]):
    """The result of `NewsCollection.rename`. It is true if there are no conflicts and no errors.

    Example:
        >>> news[0].title = "Hospitals train a model"
        >>> report = news.save() and news.rename()
        >>> report
        <RenameReport: 1 renamed, 20 unchanged, 0 conflicts, 0 errors>
        >>> news[0].path.name
        '2020-05-04-hospitals-train-a-model.md'
    """

    renamed: tuple[tuple[Path, Path], ...]
    """The old and the new path of each file that was renamed, or would be renamed in a dry run."""
    unchanged: tuple[Item_co, ...]
    """The items whose files already have the right name."""
    conflicts: tuple[ConflictError, ...]
    """An error, with its ``path``, for each file that changed, whose item was edited, or whose new name is taken."""
    errors: tuple[NewsItemError, ...]
    """The errors of other items whose files could not be renamed, each with its ``path`` if the item has one."""
    dry_run: bool = False
    """Whether this was a dry run, which renames nothing."""

    def _done(self) -> str:
        return f"{len(self.renamed):,} {'to rename' if self.dry_run else 'renamed'}, {len(self.unchanged):,} unchanged"


def save_all(items: Sequence[Item], *, dry_run: bool, progress: Progress) -> SaveReport[Item]:
    """Write the edited items to their files; see `NewsCollection.save`."""
    taken: set[Path] = set()

    def written(item: Item) -> Item | None:
        return item if save(item, taken, dry_run=dry_run) else None

    return SaveReport(*_outcomes(_distinct(items), written, progress, "written"), dry_run)


def _outcomes(
    items: list[_I], act: Callable[[_I], _R | None], progress: Progress, done: str
) -> tuple[tuple[_R, ...], tuple[_I, ...], tuple[ConflictError, ...], tuple[NewsItemError, ...]]:
    """Call *act* with each item. The failure of one item does not stop the others.

    Args:
        items: The items.
        act: A function that returns ``None`` if there is nothing to do for an item.
        progress: As for `NewsCollection.save`.
        done: The name of the results in a progress bar.

    Returns:
        The results, the items that needed nothing, the conflicts and the other errors.
    """
    results: list[_R] = []
    unchanged: list[_I] = []
    conflicts: list[ConflictError] = []
    errors: list[NewsItemError] = []
    with _progress_of(progress, lambda: len(items), "items") as step:
        for item, result in zip(items, _attempted(items, act), strict=True):
            if result is None:
                unchanged.append(item)
            elif isinstance(result, ConflictError):
                conflicts.append(result)
            elif isinstance(result, NewsItemError):
                errors.append(result)
            else:
                results.append(result)
            step(**{done: len(results)}, conflicts=len(conflicts), errors=len(errors))
    return tuple(results), tuple(unchanged), tuple(conflicts), tuple(errors)


def _attempted(items: Iterable[_I], act: Callable[[_I], _R]) -> Iterator[_R | NewsItemError]:
    """Call *act* with each item and return the results, or errors that name the items."""
    for item in items:
        try:
            yield act(item)
        except Exception as error:
            yield of_item(error, item.path, item)


def parted(outcomes: Iterable[_R | NewsItemError]) -> tuple[list[_R], list[NewsItemError]]:
    """Separate results from errors."""
    outcomes = list(outcomes)
    errors = [outcome for outcome in outcomes if isinstance(outcome, NewsItemError)]
    return [outcome for outcome in outcomes if not isinstance(outcome, NewsItemError)], errors


def _distinct(items: Iterable[Item]) -> list[Item]:
    """Return each item once: a collection may contain an item twice."""
    return list({id(item): item for item in items}.values())


def changed(items: Sequence[Item]) -> list[Item]:
    """Return the items that were edited, including those that cannot be written."""
    outcomes = list(_attempted(items, differs))
    _raise_all([outcome for outcome in outcomes if isinstance(outcome, NewsItemError) and outcome.__cause__])
    return list(compress(items, outcomes))  # an error is true: its item was edited, but cannot be written


def diff_all(items: Iterable[FrontMatter]) -> str:
    """Return the diffs of all items, or raise one error for all items that cannot be written."""
    diffs, errors = parted(_attempted(_distinct(items), diff))
    _raise_all(errors)
    return "".join(diffs)


def _raise_all(errors: list[NewsItemError]) -> None:
    """Raise one error with the problems of all *errors*, if there are any. A single error is raised unchanged."""
    if errors:
        if len(errors) == 1:
            raise errors[0]
        kinds = {type(error) for error in errors}
        kind = kinds.pop() if len(kinds) == 1 else NewsItemError
        causes = [error.__cause__ for error in errors if isinstance(error.__cause__, Exception)]
        cause = ExceptionGroup("the causes", causes) if causes else None
        raise kind(problem for error in errors for problem in error.problems) from cause


def create_all(items: Sequence[FrontMatter], folder: Path, progress: Progress) -> list[Path]:
    """Write items to new files after checking that all can be written; see `NewsCollection.write`."""
    pairs, errors = parted(_attempted(items, lambda item: (item, unexpandable(folder / _name(item)))))
    with _progress_of(progress, lambda: len(pairs)) as step:
        failures = [*errors, *_failures(pairs)]
        # An unexpected failure of one item does not stop the others.
        if any(error.__cause__ is None or isinstance(error.__cause__, OSError) for error in failures):
            _raise_all(failures)
        folder.mkdir(parents=True, exist_ok=True)
        for item, path in pairs:
            try:
                create(item, path)
            except OSError:
                raise
            except Exception as error:
                errors.append(of_item(error, path))
            step(errors=len(errors))
        _raise_all(errors)
    return [path for _, path in pairs]


def _name(item: FrontMatter) -> str:
    """Return the ``filename`` of an item as text."""
    name = own_name(item)
    if name is None:
        message = f"{type(item).__name__} has no filename: define a filename property, or dump each item to a path"
        raise NewsItemError([Problem(message)])
    return name


def _failures(pairs: Sequence[tuple[FrontMatter, Path]]) -> Iterator[NewsItemError]:
    """Return an error for each item that cannot be written."""
    taken: dict[Path, FrontMatter] = {}
    for item, path in pairs:
        try:
            create(item, path, dry_run=True)
            first = taken.setdefault(path, item)
            if first is not item and dumps(first) != dumps(item):
                message = f"{first!r} and {item!r} have the same filename: change a title, or dump one elsewhere"
                raise ConflictError([Problem(message)])
        except Exception as error:  # list the errors of all items
            yield of_item(error, path)


_Renamings = dict[int, tuple[Path, Path] | NewsItemError | None]
"""By the ID of an item, the old and the new path of its file, an error, or ``None`` if the paths are the same."""


def rename_all(items: Sequence[Item], *, dry_run: bool, progress: Progress) -> RenameReport[Item]:
    """Rename files to match their items; see `NewsCollection.rename`."""
    items = _distinct(items)
    renamings: _Renamings = dict(zip(map(id, items), _attempted(items, _renaming), strict=True))
    linked = _linked(items)
    taken: dict[Path, bool] = {}  # the names that a dry run would have taken or freed so far

    def require(target: Path) -> None:
        if taken.get(true_name(target), os.path.lexists(target)):
            raise FileExistsError

    def renamed(item: Item) -> tuple[Path, Path] | None:
        renaming = renamings[id(item)]
        if isinstance(renaming, NewsItemError):
            raise renaming
        if renaming is None:
            move(item, cast("Path", item.path))  # which checks that the file is there
        else:
            path, target = renaming
            if linked and Path(os.path.realpath(path)) in linked:
                raise ConflictError([Problem(_BOTH, path=str(path))])
            move(item, target, require if dry_run else None)
            taken.update({true_name(path): False, true_name(target): True})
        return renaming

    return RenameReport(*_outcomes(list(_in_order(items, renamings)), renamed, progress, "renamed"), dry_run)


_BOTH: Final = (
    "a symbolic link and the file that it leads to are both in the collection, and renaming one would break or hide "
    "the other: leave one of them out"
)


def _linked(items: list[Item]) -> set[Path]:
    """Return the files of items to which the symbolic links of other items lead."""
    paths = [item.path for item in items if item.path is not None]
    targets = {Path(os.path.realpath(path)) for path in paths if path.is_symlink() and path.is_file()}
    return targets.intersection(map(true_name, paths)) if targets else set()


def _in_order(items: list[Item], renamings: _Renamings) -> Iterator[Item]:
    """Return the items in an order in which each file frees its name before another file takes it."""
    names = {key: [*map(true_name, paths)] for key, paths in renamings.items() if isinstance(paths, tuple)}
    holders: defaultdict[Path, list[int]] = defaultdict(list)
    for key, (name, _) in names.items():
        holders[name].append(key)
    sorter = TopologicalSorter[int](dict.fromkeys(renamings, ()))
    for key, (_, wanted) in names.items():
        sorter.add(key, *holders.get(wanted, ()))
    with suppress(CycleError):
        sorter.prepare()
    left = {id(item): item for item in items}
    while ready := sorter.get_ready():
        yield from map(left.pop, ready)
        sorter.done(*ready)
    yield from left.values()  # they form a cycle, or wait for one


def _renaming(item: FrontMatter) -> tuple[Path, Path] | None:
    """Return the old and the new path of the item's file, or ``None`` if they are the same."""
    if item.path is None:
        raise NewsItemError([Problem(f"{item!r} has no path: there is no file to rename")])
    target = unexpandable(item.path.with_name(_name(item)))
    return None if target == item.path else (item.path, target)
