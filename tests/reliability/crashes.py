"""Kill writers at random moments and at every line of code: ``python -m reliability.crashes FOLDER KILLS``.

Each writer is a process of its own. Prints figures as JSON: the number of kills, and the state of the files after them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import newsitem
from newsitem import NewsCollection, NewsItemError
from newsitem._storage import atomic

from . import stories

Written = Callable[[int, int], None]
"""Reports that a file was written: its index, and the number of the edit that it now contains."""


def dump_in_turn(paths: list[Path], written: Written) -> None:
    """Edit the files one after another, in an endless loop."""
    while True:
        for index, path in enumerate(paths):
            item = newsitem.load(path)
            number = stories.edit(item)
            newsitem.dump(item)
            written(index, number)


def save_as_collection(paths: list[Path], written: Written) -> None:
    """Edit all files and save them as a collection, in an endless loop."""
    while True:
        news = NewsCollection.read(paths)
        numbers = [stories.edit(item) for item in news]
        assert news.save().ok
        for index, number in enumerate(numbers):
            written(index, number)


def dump_until(path: Path, moment: int) -> None:
    """Edit a file, and kill this process once the module `atomic` has run *moment* lines, if it runs that many."""
    remaining = moment

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal remaining
        if frame.f_code.co_filename != atomic.__file__:
            return None
        remaining -= event in ("line", "return")
        if remaining < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    item = newsitem.load(path)
    stories.edit(item)
    sys.settrace(trace)
    newsitem.dump(item)


def in_child(work: Callable[[], None]) -> int:
    """Run *work* in a child process, and return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return pid


def report_written(pipe: int, index: int, number: int) -> None:
    """Report to the parent process which edit was written."""
    os.write(pipe, f"{index} {number}\n".encode())


def killed_at_random(paths: list[Path], kills: int, figures: Counter[str]) -> None:
    """Kill writers that run in an endless loop, each after a few milliseconds."""
    draw = random.Random(kills)
    numbers = [0] * len(paths)
    for turn in range(kills):
        reading, writing = os.pipe()
        writer = save_as_collection if turn % 3 == 0 else dump_in_turn

        pid = in_child(partial(writer, paths, partial(report_written, writing)))
        os.close(writing)
        with os.fdopen(reading) as reported:
            first = reported.readline()
            time.sleep(draw.random() * 0.03)
            os.kill(pid, signal.SIGKILL)
            assert os.waitpid(pid, 0)[1] == signal.SIGKILL, "the writer must not stop before it is killed"
            for line in [first, *reported]:
                index, number = map(int, line.split())
                numbers[index] = number
        figures["kills"] += 1
        inspect_files(paths, numbers, figures)


def killed_at_every_line(paths: list[Path], numbers: list[int], figures: Counter[str]) -> None:
    """Kill a writer before each line of code that it runs while it replaces a file."""
    for index in (0, 1):  # a file in the canonical layout, and a hand-edited file
        path = paths[index]
        for moment in count():
            status = os.waitpid(in_child(partial(dump_until, path, moment)), 0)[1]
            if status == 0:
                break
            assert status == signal.SIGKILL
            figures["kills"] += 1
            inspect_files(paths, numbers, figures)
        numbers[index] += 1


def inspect_files(paths: list[Path], numbers: list[int], figures: Counter[str]) -> None:
    """Count damaged files, lost edits and leftovers after a kill.

    *numbers* are the last edits that the writer reported. They are replaced by the edits that the files contain.
    """
    for index, path in enumerate(paths):
        try:
            found = stories.number_of(newsitem.load(path))
        except (NewsItemError, OSError, AssertionError):
            figures["damaged"] += 1
            continue
        figures["lost"] += found < numbers[index]
        numbers[index] = found
    folder = paths[0].parent
    names = [entry.name for entry in folder.iterdir()]
    figures["left a temporary file"] += len(names) > len(paths)
    found_paths = [item.path for item in NewsCollection.read(folder, pattern="**/*")]
    figures["read as an item"] += found_paths != paths
    figures["more than one temporary file"] += len(names) > len(paths) + 1


def main(folder: Path, kills: int) -> None:
    """Kill writers, and print the figures."""
    paths = stories.make(folder, 4)
    figures = Counter[str]()
    killed_at_random(paths, kills, figures)
    numbers = [stories.number_of(newsitem.load(path)) for path in paths]
    killed_at_every_line(paths, numbers, figures)
    item = newsitem.load(paths[0])
    stories.edit(item)
    newsitem.dump(item)
    figures["not cleaned up"] += len(list(folder.iterdir())) - len(paths)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
