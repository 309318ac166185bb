"""Progress of batch operations: a progress bar, or calls of the user's function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = bool | Callable[[int, int], object]
"""Whether to show a progress bar, or a function that is called with the number of files done and the total."""
Step = Callable[..., object]
"""A function that is called after each file, with counts for the bar as keyword arguments, such as ``errors=2``."""


@contextmanager
def progress_of(progress: Progress, count: Callable[[], int], unit: str = "files") -> Iterator[Step]:
    """Provide the function to call after each file. *count* is called only if the total is needed.

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
        with tqdm(total=count(), unit=f" {unit}") as bar:

            def step(**numbers: int) -> None:
                bar.set_postfix({name: number for name, number in numbers.items() if number}, refresh=False)
                bar.update()

            yield step
    elif callable(progress):
        done, total = itertools.count(1), count()
        yield lambda **_numbers: progress(next(done), total)
    else:
        raise TypeError(f"progress must be True, False or a function (done, total), not {progress!r}")
