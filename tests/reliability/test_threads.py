"""Many threads at once, and other processes: each gets what it would get alone, and nothing global is changed."""

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
"""Texts for each thread."""


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Do some work in sixteen threads that begin together, and give what each gave."""
    barrier = Barrier(THREADS)

    def begin(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def edited(data: bytes, number: int) -> tuple[str, str, str]:
    """Load a text, edit and write it, and give what came of it."""
    item = newsitem.loads(data)
    item.heat = number
    item.topics.append(f"Topic {number}")
    text = newsitem.dumps(item)
    assert newsitem.loads(text) == item
    return text, newsitem.diff(item), newsitem.to_json(newsitem.from_dict(newsitem.to_dict(item)))


@pytest.mark.usefixtures("switching")
def test_threads_that_share_nothing(times: int, figure: Figure) -> None:
    """Sixteen threads that load, edit and write texts of their own get what one alone gets."""
    texts = [path.read_bytes() for path in PATHS]
    alone = {
        (data, number): edited(data, number)
        for number in range(THREADS)
        for data in random.Random(number).sample(texts, SHARE)
    }

    def work(number: int) -> int:
        mine = random.Random(number).sample(texts, SHARE) * times
        return sum(edited(data, number) != alone[data, number] for data in mine)

    wrong = at_once(work)
    figure("texts in sixteen threads / different from one alone", THREADS * SHARE * times, sum(wrong))
    assert sum(wrong) == 0


def looked_at(item: NewsItem) -> tuple[object, ...]:
    """Look at an item in every way that changes nothing."""
    data = (newsitem.dumps(item), newsitem.diff(item), newsitem.to_dict(item), newsitem.to_json(item))
    return (*data, repr(item), item._repr_html_(), item.filename, copy.deepcopy(item), pickle.dumps(item))


@pytest.mark.usefixtures("switching")
def test_threads_that_share_items(times: int) -> None:
    """Sixteen threads that look at the same items see what one alone sees, and the items stay as they were."""
    items = [newsitem.load(path) for path in PATHS[::12]]
    for item in items[::2]:
        item.heat = 7
    alone = [looked_at(item) for item in items]
    news = NewsCollection(items)
    counts = news.count_by("provider")

    def work(number: int) -> bool:
        order = random.Random(number).sample(range(len(items)), len(items)) * times
        same = all(looked_at(items[index]) == alone[index] for index in order)
        return same and news.count_by("provider") == counts and news.sort("-heat").filter(text="the") is not None

    assert at_once(work) == [True] * THREADS
    assert [looked_at(item) for item in items] == alone


def global_state() -> dict[str, Any]:
    """Give what all modules of a process share, and the tables that newsitem's modules keep."""
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


def test_nothing_global_is_changed(tmp_path: Path) -> None:
    """Reading, editing, writing and looking leaves the process as it was."""
    for path in PATHS:  # modules are loaded when they are needed, and stay
        looked_at(newsitem.load(path))
        edited(path.read_bytes(), 1)
    before = global_state()
    for path in PATHS:
        looked_at(newsitem.load(path))
        edited(path.read_bytes(), 2)
        newsitem.dump(newsitem.load(path), tmp_path / path.name)
    for bad in ("", "---\na: [\n---\n", "---\na: b\n---\n"):
        with pytest.raises(newsitem.NewsItemError):
            newsitem.loads(bad)
    NewsCollection.read(tmp_path).describe()
    assert global_state() == before


def everything() -> list[Any]:
    """Make one of each public thing that holds data."""
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


def test_everything_pickles() -> None:
    """Each public thing that holds data goes through pickle, in every protocol from 2 on, and through copy."""
    for thing in everything():
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(thing, protocol))
            assert type(again) is type(thing)
            assert str(again) == str(thing)
            assert repr(again) == repr(thing)
        assert str(copy.deepcopy(thing)) == str(copy.copy(thing)) == str(thing)


def test_an_item_keeps_its_text_in_a_pickle() -> None:
    """An item that another process gets is written as the one that was sent, edits among it."""
    for path in PATHS:
        item = newsitem.load(path)
        again = pickle.loads(pickle.dumps(item))
        assert (again, again.path, newsitem.dumps(again)) == (item, item.path, path.read_bytes().decode())
        again.heat = item.heat = 99
        assert newsitem.dumps(again) == newsitem.dumps(item)


def test_description_goes_to_another_process(tmp_path: Path) -> None:
    """What is not data alone, such as a description, goes to another process too."""
    news = NewsCollection.read(ROOT / "examples" / "news")
    (tmp_path / "sent").write_bytes(pickle.dumps([news.describe(), news.sort("-heat")[:2], news.duplicates()]))
    program = f"import pickle; print(*pickle.load(open({str(tmp_path / 'sent')!r}, 'rb')), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "\n".join(map(str, [news.describe(), news.sort("-heat")[:2], news.duplicates()])) + "\n"
