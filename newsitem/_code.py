"""Functions made from the model: code for each key, without a loop over keys or a call for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def function(parameters: Iterable[str], lines: Iterable[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Make a function of lines of code that may use *names*.

    The code holds no name of the model but those of attributes after a dot: two keys, or a key and a name of the code
    itself, could have the same.
    """
    scope = dict(names)
    exec("\n    ".join([f"def made({', '.join(parameters)}):", *lines]), scope)
    made: Callable[..., Any] = scope["made"]
    return made
