"""Functions made from the model: code for each key, without a loop over keys or a call for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def function(parameters: Iterable[str], lines: Iterable[str], names: dict[str, Any]) -> Callable[..., Any]:
    """Make a function of lines of code that may use *names*.

    Where variables are called like attributes of the model, all other names begin with an underscore.
    """
    scope = dict(names)
    exec("\n    ".join([f"def made({', '.join(parameters)}):", *lines]), scope)
    made: Callable[..., Any] = scope["made"]
    return made
