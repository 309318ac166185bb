"""Limit how much one text may cost, so that hostile files cannot exhaust time and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

from newsitem.errors import LimitError, Problem

DEEPEST: Final = 100
"""The maximum nesting depth of collections. Python's stack sets this bound."""
CHARACTERS_OF_A_VALUE: Final = 100
"""A long text counts as one additional value per this many characters, because aliases can refer to long texts."""
MODEL_DEPTH: Final = 10
"""Levels of a file's depth that are reserved for the model. Its own objects are not nested more deeply."""


class Limits(NamedTuple):
    """How much one text may cost. Every limit is far above what real news items need.

    Example:
        >>> newsitem.Limits()
        Limits(size=20000000, depth=100, values=500000, aliases=10000)
    """

    size: int = 20_000_000
    """Size of a file, in bytes."""

    depth: int = DEEPEST
    """How deeply collections may be nested, from 10 to 100. Collections reached through aliases count."""

    values: int = 500_000
    """Keys, scalars and collections in the front matter. Values reached through aliases count.

    A long text counts as one additional value per 100 characters.
    """

    aliases: int = 10_000
    """Values reached through aliases (``*name``), counted in the same way and added up over all aliases."""

    @property
    def data_depth(self) -> int:
        """How deeply the value of an unknown key may be nested, wherever that key is."""
        return self.depth - MODEL_DEPTH


_BOUNDS: Final = {"size": (1, None), "depth": (MODEL_DEPTH, DEEPEST), "values": (1, None), "aliases": (0, None)}

_CURRENT: Final[ContextVar[Limits]] = ContextVar("newsitem.limits", default=Limits())  # noqa: B039 - it is frozen


current_limits: Final[Callable[[], Limits]] = _CURRENT.get
"""Return the limits in force."""


def advice(limit: str) -> str:
    """Return the advice for a text that exceeds a limit."""
    if limit == "depth" and current_limits().depth == DEEPEST:
        return "reduce the nesting, because this limit cannot be raised"
    return f"if you trust this file, raise the limit with newsitem.limits({limit}=…)"


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
    """Limit the cost of each text that is read or written in a ``with`` block.

    Text that exceeds a limit is refused with a `LimitError`. Values that are nested too deeply below an unknown key are
    refused with a `ValidationError`, and so is data from Python. To edit and write an item that exceeds the default
    limits, use such a block too. Limits that you do not pass keep their current values.

    The limits apply to the block in its own thread and to tasks that start in it. Other threads and processes have
    their own limits: a function that runs in a thread pool must open such a block itself. `NewsCollection.iter` uses
    the limits in force when it reads each file. Close blocks in the reverse of the order in which you opened them; a
    generator should therefore not ``yield`` inside one.

    Args:
        size: Size of a file in bytes. Default: 20,000,000. A larger file is not read into memory.
        depth: How deeply collections may be nested, from 10 to 100. Default: 100. Inside unknown keys the limit is 10
            lower.
        values: Keys, scalars and collections in the front matter, including values reached through aliases. Default:
            500,000. A long text counts as one additional value per 100 characters.
        aliases: Values reached through aliases (``*name``), counted in the same way and added up over all aliases.
            Default: 10,000.

    Yields:
        The limits in force inside the block.

    Raises:
        ValueError: if a limit is out of range.
        TypeError: if a limit is not an integer.

    Example:
        >>> try:
        ...     with newsitem.limits(size=1000):
        ...         newsitem.load("item.md")
        ... except newsitem.LimitError as error:
        ...     print(error)
        item.md: larger than 1,000 bytes: if you trust this file, raise the limit with newsitem.limits(size=…)
    """
    arguments = {"size": size, "depth": depth, "values": values, "aliases": aliases}
    changes = {name: _checked(name, value) for name, value in arguments.items() if value is not None}
    with in_force(current_limits()._replace(**changes)) as changed:
        yield changed


def _checked(name: str, value: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    least, most = _BOUNDS[name]
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be {bounds}, not {value}")
    return value
