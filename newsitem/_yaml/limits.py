"""How much one text may cost: limits that keep hostile files from taking all time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from newsitem.errors import LimitError, Problem

DEEPEST: Final = 100
"""How deeply collections may be nested at most: Python's stack sets the bound."""
CHARACTERS_OF_A_VALUE: Final = 100
"""A text counts as one more value for each this many characters: what aliases name may be long."""
MODEL_DEPTH: Final = 10
"""Levels of a file's depth that are reserved for the model, whose own objects go no deeper."""


class Limits(NamedTuple):
    """How much one text may cost. Each limit is far beyond what real news items have.

    Example:
        >>> newsitem.Limits()
        Limits(size=20000000, depth=100, values=500000, aliases=10000)
    """

    size: int = 20_000_000
    """Bytes of a whole file."""

    depth: int = DEEPEST
    """How deeply collections may be nested, including those that aliases name, from 10 to 100."""

    values: int = 500_000
    """Keys, scalars and collections in the front matter, including those that aliases name.

    A text counts as one more for each 100 characters.
    """

    aliases: int = 10_000
    """Values that aliases (``*name``) name, counted in the same way, over all aliases together."""

    @property
    def data_depth(self) -> int:
        """How deep the value of a key that the model does not name may be, at any place where such a key may be."""
        return self.depth - MODEL_DEPTH


_LEAST: Final = {"size": 1, "depth": MODEL_DEPTH, "values": 1, "aliases": 0}
_MOST: Final = {"depth": DEEPEST}

_CURRENT: Final[ContextVar[Limits]] = ContextVar("newsitem.limits", default=Limits())  # noqa: B039 - it is frozen


current_limits: Final[Callable[[], Limits]] = _CURRENT.get
"""Gives the limits that are in force."""


def advice(limit: str) -> str:
    """Say what to do about a text beyond a limit."""
    if limit == "depth" and current_limits().depth == DEEPEST:
        return "make it less deep, as this is the most"
    return f"if you trust it, use newsitem.limits({limit}=…)"


def require_size(size: int) -> None:
    """Refuse a text that is larger than the limit."""
    if size > (most := current_limits().size):
        raise LimitError([Problem(f"larger than {most:,} bytes: {advice('size')}")])


@contextmanager
def in_force(limits: Limits) -> Iterator[Limits]:
    """Put limits in force for a ``with`` block."""
    token = _CURRENT.set(limits)
    try:
        yield limits
    finally:
        _CURRENT.reset(token)


@contextmanager
def limits(
    *, size: int | None = None, depth: int | None = None, values: int | None = None, aliases: int | None = None
) -> Iterator[Limits]:
    """Set how much one text may cost, for everything that is read and written in a ``with`` block.

    Text beyond a limit is refused with a `LimitError`. Below a key that the model does not name, what is too deep is
    refused with a `ValidationError`, and so is data from Python. An item that is beyond the usual limits must be edited
    and written in such a block too. A limit that is not given stays as it is.

    The limits apply to the block in its own thread, and to tasks that begin there. Other threads and processes have
    their own: a function that a thread pool runs must begin such a block itself. `NewsCollection.iter` uses the
    limits in force when each file is read. Blocks must end in the reverse of the order in which they began, so a
    generator should not ``yield`` in one.

    Args:
        size: Bytes of a whole file; 20,000,000 unless set otherwise. More is not read into memory.
        depth: How deeply collections may be nested: 10 to 100; 100 unless set otherwise. Inside unknown keys the limit
            is 10 lower.
        values: Keys, scalars and collections in the front matter, including those that aliases name; 500,000
            unless set otherwise. A text counts as one more for each 100 characters.
        aliases: Values that aliases (``*name``) name, counted in the same way, over all aliases together; 10,000
            unless set otherwise.

    Yields:
        The limits in force in the block.

    Raises:
        ValueError: if a limit is out of its range.
        TypeError: if a limit is not a whole number.

    Example:
        >>> with newsitem.limits(size=1000):
        ...     newsitem.load("item.md")
        Traceback (most recent call last):
        newsitem.errors.LimitError: item.md: larger than 1,000 bytes: if you trust it, use newsitem.limits(size=…)
    """
    given = {"size": size, "depth": depth, "values": values, "aliases": aliases}
    changes = {name: _checked(name, value) for name, value in given.items() if value is not None}
    with in_force(current_limits()._replace(**changes)) as changed:
        yield changed


def _checked(name: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    least, most = _LEAST[name], _MOST.get(name)
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {bounds}, not {value}")
    return value
