"""Threads and processes do not affect each other, and process-wide state stays the same."""

from __future__ import annotations

import copy
import gc
import locale
import os
import pickle
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from samples import EXAMPLES, ROOT, VALID

import newsitem
from newsitem import ConflictError, Limits, NewsCollection, NewsItem, Problem

from .conftest import Figure

THREADS = 16
PATHS = VALID + EXAMPLES
SHARE = 4
"""The number of texts per thread."""


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads switch as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """Call a function in sixteen threads that start at the same moment, and return the results."""
    barrier = Barrier(THREADS)

    def begin(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def edited(data: bytes, number: int) -> tuple[str, str, str]:
    """Load, edit and write a text, and return the results."""
    item = newsitem.loads(data)
    item.heat = number
    item.topics.append(f"Topic {number}")
    text = newsitem.dumps(item)
    assert newsitem.loads(text) == item
    return text, newsitem.diff(item), newsitem.to_json(newsitem.from_dict(newsitem.to_dict(item)))


@pytest.mark.usefixtures("switching")
def test_threads_that_share_nothing(times: int, figure: Figure) -> None:
    """Sixteen threads that load, edit and write separate texts get the same results as a single thread."""
    texts = [path.read_bytes() for path in PATHS]
    expected = {
        (data, number): edited(data, number)
        for number in range(THREADS)
        for data in random.Random(number).sample(texts, SHARE)
    }

    def work(number: int) -> int:
        share = random.Random(number).sample(texts, SHARE) * times
        return sum(edited(data, number) != expected[data, number] for data in share)

    wrong = in_threads(work)
    figure("texts edited in sixteen threads / differences from a single thread", THREADS * SHARE * times, sum(wrong))
    assert sum(wrong) == 0


def results_of(item: NewsItem) -> tuple[object, ...]:
    """Return the results of all functions that read an item and do not change it."""
    data = (newsitem.dumps(item), newsitem.diff(item), newsitem.to_dict(item), newsitem.to_json(item))
    return (*data, repr(item), item._repr_html_(), item.filename, copy.deepcopy(item), pickle.dumps(item))


@pytest.mark.usefixtures("switching")
def test_threads_that_share_items(times: int) -> None:
    """Sixteen threads that use the same items get the same results as a single thread, and the items do not change."""
    items = [newsitem.load(path) for path in PATHS[::12]]
    for item in items[::2]:
        item.heat = 7
    expected = [results_of(item) for item in items]
    news = NewsCollection(items)
    counts = news.count_by("provider")

    def work(number: int) -> bool:
        order = random.Random(number).sample(range(len(items)), len(items)) * times
        same = all(results_of(items[index]) == expected[index] for index in order)
        return same and news.count_by("provider") == counts and news.sort("-heat").filter(text="the") is not None

    assert in_threads(work) == [True] * THREADS
    assert [results_of(item) for item in items] == expected


def global_state() -> dict[str, Any]:
    """Return the process-wide state, and the collections in newsitem's modules."""
    state: dict[str, Any] = {
        "recursion limit": sys.getrecursionlimit(),
        "warnings": list(warnings.filters),
        "locale": locale.setlocale(locale.LC_ALL),
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "collector": (gc.isenabled(), gc.get_threshold()),
        "digits of integers": sys.get_int_max_str_digits(),
    }
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "newsitem":
            tables = {key: value for key, value in vars(module).items() if isinstance(value, dict | list | set)}
            state[name] = {key: repr(value) for key, value in tables.items() if not key.startswith("__")}
    return state


def test_global_state_does_not_change(tmp_path: Path) -> None:
    """Reading, editing, writing and displaying items does not change process-wide state."""
    for path in PATHS:  # imports modules and fills caches
        results_of(newsitem.load(path))
        edited(path.read_bytes(), 1)
    before = global_state()
    for path in PATHS:
        results_of(newsitem.load(path))
        edited(path.read_bytes(), 2)
        newsitem.dump(newsitem.load(path), tmp_path / path.name)
    for bad in ("", "---\na: [\n---\n", "---\na: b\n---\n"):
        with pytest.raises(newsitem.NewsItemError):
            newsitem.loads(bad)
    NewsCollection.read(tmp_path).describe()
    assert global_state() == before


def public_objects() -> list[Any]:
    """Return an object of each public class that contains data."""
    items = [newsitem.load(path) for path in PATHS]
    items[0].heat = 7
    news = NewsCollection(items)
    problem = Problem("is missing", field="title", path="x.md", line=1, column=2)
    errors = [
        kind([problem, problem])
        for kind in vars(newsitem).values()
        if isinstance(kind, type) and issubclass(kind, newsitem.NewsItemError)
    ]
    with pytest.raises(newsitem.NewsItemError) as caught:
        newsitem.loads("---\ntitle: [\n---\n", name="x.md")
    report = newsitem.SaveReport(
        written=tuple(items), unchanged=(), conflicts=(ConflictError([problem]),), errors=(errors[0],)
    )
    mentions = next(iter(news.mentions(items[0].provider.name)), None)
    limits = Limits(size=5)
    return [
        *items,
        *items[0].related,
        items[0].provider,
        news,
        *errors,
        caught.value,
        problem,
        report,
        mentions,
        limits,
    ]


def test_public_objects_can_be_pickled() -> None:
    """Objects of public classes can be copied, and pickled with every protocol from 2."""
    for original in public_objects():
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(original, protocol))
            assert type(again) is type(original)
            assert str(again) == str(original)
            assert repr(again) == repr(original)
        assert str(copy.deepcopy(original)) == str(copy.copy(original)) == str(original)


def test_pickled_item_keeps_its_text() -> None:
    """A pickled item keeps its source text, and writes edits like the original."""
    for path in PATHS:
        item = newsitem.load(path)
        again = pickle.loads(pickle.dumps(item))
        assert (again, again.path, newsitem.dumps(again)) == (item, item.path, path.read_bytes().decode())
        again.heat = item.heat = 99
        assert newsitem.dumps(again) == newsitem.dumps(item)


def test_query_results_in_another_process(tmp_path: Path) -> None:
    """Results of queries, such as a description, can be pickled and loaded in another process."""
    news = NewsCollection.read(ROOT / "examples" / "news")
    (tmp_path / "sent").write_bytes(pickle.dumps([news.describe(), news.sort("-heat")[:2], news.duplicates()]))
    program = f"import pickle; print(*pickle.load(open({str(tmp_path / 'sent')!r}, 'rb')), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "\n".join(map(str, [news.describe(), news.sort("-heat")[:2], news.duplicates()])) + "\n"
