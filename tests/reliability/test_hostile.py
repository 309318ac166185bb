"""Whatever somebody hands in is an item or a `NewsItemError`, within bounds of time and memory."""

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
"""Characters of a hostile text in the fast suite."""


def read(text: Text) -> NewsItem | None:
    """Give the item of a text, or nothing where it is refused."""
    try:
        return newsitem.loads(text)
    except NewsItemError:
        return None


def use(text: Text) -> None:
    """Do with a text what a user would do: read it, show it, edit it, write it, take its data."""
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
def test_an_item_or_an_error_of_newsitem(case: str, times: int, figure: Figure) -> None:
    """Every hostile text is used as any other, and gives no exception but those of newsitem."""
    for size in (100, SIZE * times):
        broken = 1
        try:
            use(CASES[case](size))
            broken = 0
        finally:
            figure("hostile inputs / foreign exceptions", 1, broken)


def seconds(work: Callable[[], object]) -> float:
    """Give the time of the processor that some work takes, the least of some tries."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("case", LINES)
def test_an_endless_line_takes_linear_time(case: str) -> None:
    """Sixteen times the line takes far less than the 256 times of square work, to read and to write again."""
    few, many = LINES[case](2_000), LINES[case](32_000)
    if seconds(lambda: use(many)) > 0.05:  # where it is quick, there is nothing to harm
        gc.collect()
        assert seconds(lambda: use(many)) < seconds(lambda: use(few)) * 64


def with_many_new_keys(number: int) -> Callable[[], object]:
    """Give the work of writing an item into whose mapping many keys were put before others."""
    head = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\nodd:\n"
    item = newsitem.loads(head + "".join(f"  k{count}: 1\n" for count in range(number)) + "---\n\n")
    item.extras["odd"] = {f"new{count}": count for count in range(number)} | item.extras["odd"]
    return lambda: newsitem.dumps(item)


@pytest.mark.parametrize("case", ["tags before anchors", "merge keys", "new keys"])
def test_many_values_take_linear_time(case: str) -> None:
    """Eight times the values take far less than the 64 times of square work."""

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
    test_hostile.read(case(100))  # modules are loaded when they are needed, and stay
most = {}
for cases, size in ((hostile.LINES, 20_000), (hostile.VALUES, 5_000)):
    size *= int(sys.argv[1])
    for name, case in cases.items():
        text = case(size)
        pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak is what is used now
        before = memory("VmRSS")
        test_hostile.read(text)
        most[name] = max(0, memory("VmHWM") - before - 1_000_000) / size
print(json.dumps(most))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process's memory")
def test_memory_grows_with_the_text(times: int) -> None:
    """Reading takes a million bytes, and a hundred for each of an endless line, five hundred for each of values."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(min(times, 10))], cwd=ROOT, capture_output=True, check=True
    )
    most = json.loads(run.stdout)
    assert {name: each for name, each in most.items() if each > (500 if name in VALUES else 100)} == {}


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A file of 100 GB, which takes no place on the disk."""
    path = tmp_path / "huge.md"
    path.touch()
    os.truncate(path, 100_000_000_000)
    return path


def refused_as_too_large(work: Callable[[], object]) -> None:
    """Have some work refused, without the memory that the whole text would take."""
    tracemalloc.start()
    with pytest.raises(LimitError, match=r"larger than 20,000,000 bytes: if you trust .* with newsitem\.limits"):
        work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_huge_file_is_not_read(huge: Path) -> None:
    """A file beyond the limit is refused with its path, before it is in memory."""
    refused_as_too_large(lambda: newsitem.load(huge))
    with huge.open("rb") as file:
        refused_as_too_large(lambda: newsitem.load(file))
    (error,) = newsitem.NewsCollection.read(huge.parent, on_error="collect").errors
    assert (type(error), error.path) == (LimitError, str(huge))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file here")
def test_an_endless_file_is_not_read_to_its_end() -> None:
    """A device that never ends is read up to the limit."""
    refused_as_too_large(lambda: newsitem.load("/dev/zero"))


@pytest.mark.parametrize("head", ["", "---\na: "], ids=["no front matter", "one line"])
def test_a_hundred_megabytes(head: str) -> None:
    """A text of 100 MB is refused at once, as text and as bytes."""
    text = f"{head}{'x' * 100_000_000}\n---\n"
    for each in (text, text.encode()):
        start = time.process_time()
        with pytest.raises(LimitError, match="larger than 20,000,000 bytes"):
            newsitem.loads(each)
        assert time.process_time() - start < 2
