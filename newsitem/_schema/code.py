"""Generate functions from the model, with code for each key instead of a loop over keys."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable
from functools import cache
from itertools import count
from typing import Any, Final, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])
_NUMBERS: Final = count(1)


def function(name: str, parameters: Iterable[str], lines: Iterable[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Make a function from lines of code that use *names*. Tracebacks and profilers show its *name* and its lines.

    The only names of the model in the code are attributes after a dot and keys in quotes. Otherwise two keys, or a key
    and a name in the code itself, could collide.
    """
    scope = dict(names)
    source = "\n    ".join([f"def generated({', '.join(parameters)}):", *lines]) + "\n"
    file = f"<newsitem {next(_NUMBERS)}: {name}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), scope)
    generated: Callable[..., Any] = scope["generated"]
    return generated


def cached(function: _F) -> _F:
    """Cache the results of a function of a class. Type checkers treat classes of unhashable objects as unhashable."""
    return cast("_F", cache(function))
