"""Progress of work on many files: nothing, a bar, or calls of the user's own function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = bool | Callable[[int, int], object]
"""Whether to show a bar, or what to call with the number of files that are done and that of all."""
Step = Callable[..., None]
"""What is called after each file, with numbers that a bar shows by their names, such as that of the errors so far."""


@contextmanager
def progress_of(progress: Progress, count: Callable[[], int], unit: str = "files") -> Iterator[Step]:
    """Return what is to be called after each of *count* files. They are counted only where it matters.

    Raises:
        ImportError: if a bar is asked for and tqdm is not installed.
        TypeError: if *progress* is neither a boolean nor a function.
    """
    if progress is False:
        yield lambda **_numbers: None
    elif progress is True:
        with _bar(count(), unit) as step:
            yield step
    elif callable(progress):
        yield _calls(progress, count())
    else:
        raise TypeError(f"progress must be True, False or a function (done, total), not {progress!r}")


def _calls(function: Callable[[int, int], object], total: int) -> Step:
    done = 0

    def step(**_numbers: int) -> None:
        nonlocal done
        done += 1
        function(done, total)

    return step


@contextmanager
def _bar(total: int, unit: str) -> Iterator[Step]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        message = "a progress bar needs tqdm: pip install 'newsitem[progress]' (or: pip install tqdm)"
        raise ImportError(message, name="tqdm") from None
    with tqdm(total=total, unit=f" {unit}") as bar:

        def step(**numbers: int) -> None:
            bar.set_postfix({name: number for name, number in numbers.items() if number}, refresh=False)
            bar.update()

        yield step
