"""Functions made from the model: code for each key, without a loop over keys or a call for each."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable
from functools import cache
from itertools import count
from typing import Any, Final, TypeVar, cast

_F = TypeVar("_F", bound=Callable[..., Any])
_NUMBERS: Final = count(1)


def function(name: str, parameters: Iterable[str], lines: Iterable[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Make a function of lines of code that may use *names*. Tracebacks and profilers show its *name* and its lines.

    The code holds no name of the model but those of attributes after a dot: two keys, or a key and a name of the code
    itself, could have the same.
    """
    scope = dict(names)
    source = "\n    ".join([f"def made({', '.join(parameters)}):", *lines]) + "\n"
    file = f"<newsitem {next(_NUMBERS)}: {name}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), scope)
    made: Callable[..., Any] = scope["made"]
    return made


def cached(function: _F) -> _F:
    """Keep what a function of a class returns. To type checkers, classes whose objects have no hash have none, too."""
    return cast("_F", cache(function))
