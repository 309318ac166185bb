"""Hypothesis strategies for custom models, their objects and the values of their fields."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from types import GenericAlias
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from strategies import texts

import newsitem
from newsitem import FrontMatter, key, model

ODD_KEYS = [
    *(
        "it's",
        'say "x"',
        "a b",
        "a: b",
        "a #b",
        "#a",
        "-",
        "- a",
        "?",
        "? a",
        "a.b[0]",
        "(a|b)+",
        "$a",
        "\\d",
        "{x}",
        "{",
        "'",
    ),
    *(
        "열쇠",
        "ключ",
        "é",
        "🎉",
        "a\u2028b",
        "a\tb",
        "a\nb",
        "",
        " a",
        "a ",
        "null",
        "true",
        "no",
        "1",
        "1.5",
        "2020-01-01",
        "y",
    ),
    *(
        "title",
        "secured",
        "...",
        "---",
        "--- a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`",
        "[a]",
        "a,b",
        "\x85",
        "\ufeffa",
        "~",
    ),
]
SCALARS: list[Any] = [str, int, float, bool, datetime, date, newsitem.Secured, Any]
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DATA: Any = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | texts | INSTANTS | st.dates(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["a", "b c", "x"]), below, max_size=3),
    max_leaves=5,
)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9),
    float: st.floats() | st.sampled_from([4.7, 5.0, 1e20, 1e-7, -0.0, math.inf, math.nan]),
    bool: st.booleans(),
    datetime: INSTANTS,
    date: st.dates(),
    newsitem.Secured: texts.map(newsitem.Secured),
    Any: DATA,
}


@st.composite
def models(draw: st.DrawFn, bases: tuple[type, ...] = (FrontMatter,), levels: int = 2) -> Any:
    """Draw a model class whose fields may contain objects of other models, nested up to *levels* deep."""
    body: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    odd = draw(st.lists(st.sampled_from(ODD_KEYS), unique=True, max_size=2))
    for place in range(draw(st.integers(1, 5))):
        attribute = f"field_{place}"
        annotation, options = draw(_fields(levels))
        body["__annotations__"][attribute] = annotation
        body[attribute] = key(odd.pop() if odd else None, blank_lines=draw(st.booleans()), **options)
    return model(type("Drawn", bases, body))


@st.composite
def _fields(draw: st.DrawFn, levels: int) -> tuple[Any, dict[str, Any]]:
    """Draw an annotation and the arguments of `newsitem.key` for it."""
    kind = draw(st.sampled_from(["scalar", "scalar", "texts", "object", "objects"] if levels else ["scalar", "texts"]))
    if kind == "scalar":
        python = draw(st.sampled_from(SCALARS))
        plain = {"plain": True} if python is str and draw(st.booleans()) else {}
        required = draw(st.booleans())
        return (
            (python, plain) if required else (python | None if python is not Any else Any, {**plain, "default": None})
        )
    below: Any = str if kind == "texts" else draw(models((), levels - 1))
    several: Any = GenericAlias(list, (below,))
    if kind == "object":
        return (below, {}) if draw(st.booleans()) else (below | None, {"default": None})
    return (several, {"factory": list}) if draw(st.booleans()) else (several | None, {"default": None})


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for values of an annotation."""
    if annotation in VALUES:
        return VALUES[annotation]
    if get_origin(annotation) is list:
        return st.lists(values(get_args(annotation)[0]), max_size=3)
    if get_args(annotation):
        return st.none() | values(get_args(annotation)[0])
    return objects(annotation)


def objects(cls: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for objects of a class."""
    return st.builds(cls, **{name: values(kind) for name, kind in annotations_of(cls).items()})


def annotations_of(cls: Any) -> dict[str, Any]:
    """Return the annotations of the fields of a drawn class."""
    return {name: kind for name, kind in cls.__annotations__.items() if name.startswith("field_")}
