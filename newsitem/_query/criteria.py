"""Criteria: which items of a collection are selected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any, Final, NamedTuple, TypedDict, TypeVar

from newsitem._query.attributes import getter, key_at, kinds_of, moment_of, require, require_instant
from newsitem._schema.code import function
from newsitem._schema.fields import Key
from newsitem._schema.kinds import Kind, class_of
from newsitem._schema.scalar_kinds import DAY
from newsitem._schema.text import folded, suggestion
from newsitem._schema.unread import peek

Texts = str | Iterable[str]
"""One text, or many of which any will do."""
Moment = datetime | date | str
"""An instant: a datetime, the beginning of a day, or either as ISO text. UTC, where it names no zone."""


class Criteria(TypedDict, total=False):
    """What `NewsCollection.filter` and `NewsCollection.exclude` take, each by its name.

    Example:
        >>> criteria: newsitem.Criteria = {"topic": "AI", "min_heat": 300}
        >>> len(news.filter(**criteria)), len(news.exclude(**criteria))
        (4, 17)
    """

    topic: Texts | None
    """One of its topics is this, or one of these."""
    tag: Texts | None
    """One of its tags is this, or one of these."""
    provider: Texts | None
    """The name of its provider is this, or one of these."""
    domain: Texts | None
    """The domain of its provider is this, or one of these; with or without ``www.``."""
    type: Texts | None
    """Its type is this, or one of these."""
    category: Texts | None
    """Its category is this, or one of these."""
    published: bool | None
    """The file says this."""
    removed: bool | None
    """The file says this."""
    since: Moment | None
    """It was published then or later."""
    until: Moment | None
    """It was published before then."""
    min_heat: float | None
    """Its heat is this or higher."""
    max_heat: float | None
    """Its heat is this or lower."""
    min_quality: float | None
    """Its quality is this or higher."""
    max_quality: float | None
    """Its quality is this or lower."""
    text: Texts | None
    """Title or excerpt contains this, or one of these."""
    has_images: bool | None
    """Whether it has images."""
    has_related: bool | None
    """Whether it has related items."""
    where: Callable[[Any], object] | None
    """A function that gives something true for the item."""


_I = TypeVar("_I")
_F = TypeVar("_F", bound=Callable[..., Any])


def with_criteria(method: _F) -> _F:
    """Have each criterion that a method takes shown as a parameter of its own, where there is help with names."""
    shown = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    for name, kind in Criteria.__annotations__.items():
        annotation = getattr(kind, "__forward_arg__", kind)
        shown.append(Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    method.__signature__ = signature(method).replace(parameters=shown)  # type: ignore[attr-defined]
    return method


def moment(name: str, value: object) -> datetime:
    """Return the instant that a user means.

    Raises:
        TypeError: if *value* is not an instant of any kind.
        ValueError: if it is text that is not an instant, or an instant beyond those that UTC has.
    """
    if isinstance(value, str):
        return _moment_of_text(name, value)
    if isinstance(value, datetime) and value == value:  # noqa: PLR0124 - NaT of pandas does not equal itself
        try:
            return value.replace(tzinfo=UTC) if value.utcoffset() is None else value.astimezone(UTC)
        except OverflowError:
            raise ValueError(f"{name} must be within the years 1 to 9999 in UTC, not {value}") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise TypeError(f"{name} must be a datetime, a date or ISO text, not {value!r}")


def _moment_of_text(name: str, text: str) -> datetime:
    whole = f"{text}-01-01"[:10] if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", text) else text
    try:
        instant = datetime.fromisoformat(whole)
    except ValueError:
        message = f"{name} must be a date or an instant, such as 2020-06 or 2020-06-24T22:10:00Z, not {text!r}"
        raise ValueError(message) from None
    return moment(name, instant)


def texts(name: str, value: object) -> frozenset[str]:
    """Return the texts that a user means: one, or many.

    Raises:
        TypeError: if *value* is neither.
    """
    found: frozenset[Any] = frozenset([value] if isinstance(value, str) or not isinstance(value, Iterable) else value)
    if not all(isinstance(one, str) for one in found):
        raise TypeError(f"{name} must be text, or texts, not {value!r}")
    return found


def domains(name: str, value: object) -> frozenset[str]:
    """Return the domains that a user means: one, or many, each with and without ``www.``.

    Raises:
        TypeError: if *value* is neither.
    """
    bare = {one.lower().removeprefix("www.") for one in texts(name, value)}
    return frozenset(form for one in bare for form in (one, f"www.{one}"))


def _number(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, not {value!r}")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def _folded_texts(name: str, value: object) -> list[str]:
    return [folded(one) for one in texts(name, value)]


class _Criterion(NamedTuple):
    """How items are selected by one of the `Criteria`."""

    path: str
    """The attributes that lead to the value, or ``""`` for the instant of publication."""
    wanted: tuple[str, Callable[[Kind], bool]]
    """What the value must be, in words, and whether values of a kind are that."""
    condition: str
    """What the value must be, as one would write it by hand: an expression of ``value`` and ``wanted``."""
    taken: Callable[[str, object], Any]
    """What makes ``wanted`` of what the user gave, or refuses it."""
    is_there: bool = True
    """Whether the value must be there for that."""


_TEXT: Final = "text", lambda kind: kind.python is str
_TEXTS: Final = "a list of text", lambda kind: kind.is_list and class_of(kind) is None
_LISTS: Final = "a list", lambda kind: kind.is_list
_TRUTH: Final = "a boolean", lambda kind: kind.python is bool
_NUMBERS: Final = "a number", lambda kind: kind.python in (int, float)
_INSTANTS: Final = "an instant or a date", lambda kind: kind.python in (datetime, date)
_CRITERIA: Final[dict[str, _Criterion]] = {
    "type": _Criterion("type", _TEXT, "value in wanted", texts, is_there=False),
    "category": _Criterion("category", _TEXT, "value in wanted", texts, is_there=False),
    "published": _Criterion("published", _TRUTH, "value is wanted", _boolean, is_there=False),
    "removed": _Criterion("removed", _TRUTH, "value is wanted", _boolean, is_there=False),
    "min_heat": _Criterion("heat", _NUMBERS, "value >= wanted", _number),
    "max_heat": _Criterion("heat", _NUMBERS, "value <= wanted", _number),
    "min_quality": _Criterion("quality", _NUMBERS, "value >= wanted", _number),
    "max_quality": _Criterion("quality", _NUMBERS, "value <= wanted", _number),
    "has_images": _Criterion("images", _LISTS, "bool(value) is wanted", _boolean, is_there=False),
    "has_related": _Criterion("related", _LISTS, "bool(value) is wanted", _boolean, is_there=False),
    "provider": _Criterion("provider.name", _TEXT, "value in wanted", texts),
    "domain": _Criterion("provider.domain", _TEXT, "value.lower() in wanted", domains),
    "topic": _Criterion("topics", _TEXTS, "not wanted.isdisjoint(value)", texts),
    "tag": _Criterion("tags", _TEXTS, "not wanted.isdisjoint(value)", texts),
    "since": _Criterion("", _INSTANTS, "value >= wanted", moment),
    "until": _Criterion("", _INSTANTS, "value < wanted", moment),
    "text": _Criterion("title", _TEXT, "contains(item, wanted)", _folded_texts, is_there=False),
}
"""How each of the `Criteria` selects, in the order in which they are applied: the slowest come last."""


def _contains(item: Any, wanted: list[str]) -> bool:
    # The line end, which is in no folded text, keeps a search from going across from one to the other.
    text = f"{folded(item.title or '')}\n{folded(getattr(item, 'excerpt', None) or '')}"
    return any(one in text for one in wanted)


def matching(items: Sequence[_I], wanted: Mapping[str, object], *, caller: str) -> list[_I]:
    """Return the items, in their order, that meet all criteria in *wanted* but ``where``; ``None`` is no criterion.

    Raises:
        TypeError: if a criterion gets a value of another type, or there is none of such a name.
        ValueError: if a text is no instant, or items lack what a criterion is about.
    """
    for name in wanted.keys() - Criteria.__annotations__.keys():
        hint = suggestion(name, list(Criteria.__annotations__))
        raise TypeError(f"{caller}() got an unexpected keyword argument {name!r}: {hint}")
    names = tuple(name for name in _CRITERIA if wanted.get(name) is not None)
    taken = [_CRITERIA[name].taken(name, wanted[name]) for name in names]
    kinds = kinds_of(items)
    selections = {cls: _selection(names, cls, caller) for cls in kinds}
    if len(kinds) < 2:
        return [item for select in selections.values() for item in select(items, *taken)]
    selected = {
        id(item)
        for cls, select in selections.items()
        for item in select([item for item in items if type(item) is cls], *taken)
    }
    return [item for item in items if id(item) in selected]


def meeting(items: Iterable[_I], where: Callable[[_I], object]) -> list[_I]:
    """Return the items for which a function of the user's gives something true.

    Raises:
        TypeError: if it is no function.
    """
    if not callable(where):
        raise TypeError(f"where must be a function of an item, not {where!r}")
    return [item for item in items if where(item)]


@lru_cache
def _selection(names: tuple[str, ...], cls: type, caller: str) -> Callable[..., list[Any]]:
    """Make the comprehension that selects items of *cls* by some criteria: half the time of one for each of them."""
    called: dict[str, Any] = {"contains": _contains}
    conditions = []
    for place, name in enumerate(names):
        criterion = _CRITERIA[name]
        query = f"{caller}({name}=…)"
        key = require(cls, criterion.path, query) if criterion.path else require_instant(cls, query)
        words, is_wanted = criterion.wanted
        if not is_wanted(key.kind):
            raise ValueError(f"{query} needs {criterion.path} to be {words}, which it is not in {cls.__name__}")
        path = criterion.path or key.attribute
        value = f"item.{path}"
        get = _own_getter(cls, path, key)
        if get is not None:
            called[f"get_{place}"] = get
            value = f"get_{place}(item)"
        condition = criterion.condition.replace("wanted", f"wanted_{place}")
        if criterion.is_there and not key.required and key.kind.absent == "None":
            condition = f"(value := {value}) is not None and {condition}"
        else:
            condition = re.sub(r"\bvalue\b", value, condition)
        conditions.append(condition)
    parameters = [f"wanted_{place}" for place in range(len(names))]
    line = f"return [item for item in items if {' and '.join(conditions) or True}]"
    return function("select items", ["items", *parameters], [line], called)


def _own_getter(cls: type, path: str, key: Key) -> Callable[[Any], Any] | None:
    """Return what gets a value that is not just there after some dots."""
    if key.kind is DAY:
        return moment_of
    if key.deferred:
        unread: Callable[[Any], Any] = peek(cls, path)
        return unread
    above = key_at(cls, path.partition(".")[0])
    return None if above is None or above is key or above.required else getter(cls, path)
