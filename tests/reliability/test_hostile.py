"""Malicious text is read as an item or refused with a `NewsItemError`, in limited time and memory."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from samples import ROOT

import newsitem
from newsitem import LimitError, NewsItem, NewsItemError

from .conftest import Figure
from .hostile import CASES, LINES, VALUES, Text

SIZE = 2_000
"""The number of characters of a malicious text in the fast suite."""


def read(text: Text) -> NewsItem | None:
    """Return the item of a text, or ``None`` if it is refused."""
    try:
        return newsitem.loads(text)
    except NewsItemError:
        return None


def use(text: Text) -> None:
    """Load, edit, write and display a text, and convert it to data and JSON, as a user would do."""
    item = read(text)
    if item is None:
        return
    assert newsitem.dumps(item).encode() == (text.encode() if isinstance(text, str) else text)
    item.heat = 7
    with contextlib.suppress(NewsItemError):
        assert newsitem.loads(newsitem.dumps(item)) == item
        newsitem.diff(item)
    for show in (repr, str, newsitem.to_dict, NewsItem._repr_html_, lambda item: item.filename):
        show(item)
    with contextlib.suppress(NewsItemError):
        assert newsitem.from_json(newsitem.to_json(item)).heat == 7


@pytest.mark.parametrize("case", CASES)
def test_no_other_exceptions(case: str, times: int, figure: Figure) -> None:
    """Using a malicious text raises no exception other than `NewsItemError`."""
    for size in (100, SIZE * times):
        broken = 1
        try:
            use(CASES[case](size))
            broken = 0
        finally:
            figure("malicious texts / exceptions other than NewsItemError", 1, broken)


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that a function takes, the best of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("case", LINES)
def test_long_line_takes_linear_time(case: str) -> None:
    """Using a line that is 16 times as long takes less than 64 times as long; quadratic time would be 256 times."""
    short, long = LINES[case](2_000), LINES[case](32_000)
    if seconds(lambda: use(long)) > 0.05:  # shorter times cannot be compared
        gc.collect()
        assert seconds(lambda: use(long)) < seconds(lambda: use(short)) * 64


def with_many_new_keys(number: int) -> Callable[[], object]:
    """Return a function that writes an item in which many new keys precede the old keys of a mapping."""
    head = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\nodd:\n"
    item = newsitem.loads(head + "".join(f"  k{count}: 1\n" for count in range(number)) + "---\n\n")
    item.extras["odd"] = {f"new{count}": count for count in range(number)} | item.extras["odd"]
    return lambda: newsitem.dumps(item)


@pytest.mark.parametrize("case", ["tags before anchors", "merge keys", "new keys"])
def test_many_values_take_linear_time(case: str) -> None:
    """Using eight times as many values takes less than 20 times as long; quadratic time would be 64 times."""

    def work(size: int) -> Callable[[], object]:
        return with_many_new_keys(size // 20) if case == "new keys" else partial(use, VALUES[case](size))

    assert seconds(work(24_000)) < seconds(work(3_000)) * 20


MEASURE = """
import json, pathlib, re, sys
sys.path.insert(0, "tests")
from reliability import hostile, test_hostile

def memory(kind):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(kind + r":\\s+(\\d+)", status)[1]) * 1024

for case in hostile.CASES.values():
    test_hostile.read(case(100))  # imports all modules
most = {}
for cases, size in ((hostile.LINES, 20_000), (hostile.VALUES, 5_000)):
    size *= int(sys.argv[1])
    for name, case in cases.items():
        text = case(size)
        pathlib.Path("/proc/self/clear_refs").write_text("5")  # resets the peak to the current size
        before = memory("VmRSS")
        test_hostile.read(text)
        most[name] = max(0, memory("VmHWM") - before - 1_000_000) / size
print(json.dumps(most))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports the peak memory of a process")
def test_memory_is_proportional_to_the_text(times: int) -> None:
    """Reading takes at most 1 MB, plus 100 bytes per character of a long line or 500 per character of many values."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(min(times, 10))], cwd=ROOT, capture_output=True, check=True
    )
    most = json.loads(run.stdout)
    assert {name: memory for name, memory in most.items() if memory > (500 if name in VALUES else 100)} == {}


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """Return the path of a sparse file of 100 GB."""
    path = tmp_path / "huge.md"
    path.touch()
    os.truncate(path, 100_000_000_000)
    return path


def refused_as_too_large(work: Callable[[], object]) -> None:
    """Check that a call is refused, and that it does not read the entire text into memory."""
    tracemalloc.start()
    with pytest.raises(LimitError, match=r"larger than 20,000,000 bytes: if you trust .* with newsitem\.limits"):
        work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_huge_file(huge: Path) -> None:
    """A file above the size limit is refused, with its path, before it is read into memory."""
    refused_as_too_large(lambda: newsitem.load(huge))
    with huge.open("rb") as file:
        refused_as_too_large(lambda: newsitem.load(file))
    (error,) = newsitem.NewsCollection.read(huge.parent, on_error="collect").errors
    assert (type(error), error.path) == (LimitError, str(huge))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless device")
def test_endless_device() -> None:
    """An endless device is refused once the size limit is reached."""
    refused_as_too_large(lambda: newsitem.load("/dev/zero"))


@pytest.mark.parametrize("head", ["", "---\na: "], ids=["no front matter", "one line"])
def test_huge_text(head: str) -> None:
    """A text of 100 MB is refused within two seconds, as text and as bytes."""
    text = f"{head}{'x' * 100_000_000}\n---\n"
    for source in (text, text.encode()):
        start = time.process_time()
        with pytest.raises(LimitError, match="larger than 20,000,000 bytes"):
            newsitem.loads(source)
        assert time.process_time() - start < 2
