"""Limits: defaults, settings, and every place where they apply."""

from __future__ import annotations

import io
import pickle
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from samples import EXAMPLES
from strategies import items

import newsitem
from newsitem import LimitError, Limits, NewsCollection
from newsitem._codec import front_matter, reader
from newsitem._yaml.composer import compose

TEXT = EXAMPLES[0].read_bytes().decode()
HEAD = "---\ntitle: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"


def by_hand(extra: str) -> str:
    return f"{HEAD}{extra}\n---\n\n"


def nested(levels: int) -> str:
    """Return a text whose collections are nested to a depth, including the front matter itself."""
    return by_hand(f"a: {'[' * (levels - 1)}{']' * (levels - 1)}")


def test_defaults() -> None:
    """Outside a block, the default limits apply."""
    with newsitem.limits() as in_force:
        assert in_force == Limits()
    assert (in_force.size, in_force.depth, in_force.values, in_force.aliases) == (20_000_000, 100, 500_000, 10_000)


# Functions that make a text of exactly *n* bytes, values or aliased values; 60 is within all limits.
KINDS: list[tuple[str, Callable[[int], str], str]] = [
    ("size", lambda n: f"{TEXT}{'x' * (n - len(TEXT.encode()))}", "larger than {} bytes"),
    ("values", lambda n: by_hand(f"a: [{','.join('x' * (n - 11))}]"), "more than {} values"),
    ("aliases", lambda n: by_hand(f"a: &a x\nb: [{','.join(['*a'] * n)}]"), "aliases expand to more than {} values"),
]
AT = {"size": len(TEXT.encode()) + 60, "values": 60, "aliases": 60}


@pytest.mark.parametrize(("name", "make", "message"), KINDS, ids=[kind[0] for kind in KINDS])
def test_boundaries(name: str, make: Callable[[int], str], message: str) -> None:
    """A text at a limit is read, and one above is refused with the limit and how to raise it."""
    most = AT[name]
    setting: dict[str, Any] = {name: most}
    with newsitem.limits(**setting):
        item = newsitem.loads(make(most))
        assert newsitem.dumps(item) == make(most)
        with pytest.raises(LimitError) as caught:
            newsitem.loads(make(most + 1), name="x.md")
    (problem,) = caught.value.problems
    assert message.format(f"{most:,}") in problem.message
    assert f"newsitem.limits({name}=…)" in problem.message
    assert problem.path == "x.md"
    assert newsitem.dumps(newsitem.loads(make(most + 1))) == make(most + 1), "outside the block"


def test_depth() -> None:
    """The value of an unknown key may be ten levels less deep than a file."""
    with newsitem.limits(depth=60):
        item = newsitem.loads(nested(51))
        item.heat = 7
        assert newsitem.loads(newsitem.dumps(item)) == item
        with pytest.raises(newsitem.ValidationError, match="is nested more than 50 levels deep"):
            newsitem.loads(nested(52))
        with pytest.raises(newsitem.ValidationError, match="is nested more than 50 levels deep"):
            newsitem.loads(nested(60))
        with pytest.raises(
            LimitError, match=r"6:63: nested more than 60 levels deep: if you trust this file, .* newsitem.limits"
        ):
            newsitem.loads(nested(61))


def test_values_in_every_layout_are_counted() -> None:
    """Too many values are refused in the canonical layout and in hand-edited text."""
    item = newsitem.loads(TEXT)
    item.topics = ["Tides"] * 1_000
    text = newsitem.dumps(item)
    for each in (text, text.replace("topics:", "topics: # by hand")):
        with newsitem.limits(values=1_000), pytest.raises(LimitError, match="more than 1,000 values"):
            newsitem.loads(each)
        with newsitem.limits(values=2_000):
            assert newsitem.loads(each) == item


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\ntitle:", "\n# by hand\ntitle:", 1)], ids=["canonical", "by hand"]
)
def test_values_in_the_body_do_not_count(text: str) -> None:
    """A body may contain any number of lines and brackets."""
    with newsitem.limits(values=500):
        assert newsitem.loads(text + "- [a, b]: {}\n" * 1_000).title == newsitem.loads(text).title


@given(items)
def test_upper_bound_of_values(item: newsitem.NewsItem) -> None:
    """The upper bounds of the number of values are at least the number that the YAML reader counts."""
    parts = front_matter.split(newsitem.dumps(item))
    most = min(front_matter._upper_bounds(parts.content.encode()))
    with newsitem.limits(values=most):
        assert not front_matter.is_within_limit(parts.content.encode())
        assert reader.read(newsitem.dumps(item), parts, None, newsitem.NewsItem).title == item.title


@pytest.mark.parametrize(
    "flow",
    [
        "[x, y, z]",
        "['x]', y, {a: b}]",
        "[\n  x,\n  y,z,w]",
        "{a: [b], c: {d: e}} # [",
        "['it''s [', x,\n  y]",
        '["]",\n  a,b]',
        "[ # ]\n  x,y,z,w,v,u\n  ]",
        "[x, # ]\n  y,z,w,v,u]",
        "['x' # ]\n  ,y,z,w,v,u]",
        "[b 'c, [d' e]\n  ,y,z,w,v,u]",
        "[it's,\n  y,z,w,v,u]",
    ],
)
def test_upper_bound_of_values_in_brackets(flow: str) -> None:
    """The upper bounds include entries in brackets, on one line or several, whatever is in quotes."""
    text = by_hand(f"a: {flow}\nb: - x").replace("b: - x", "b: x")
    parts = front_matter.split(text)
    most = min(front_matter._upper_bounds(parts.content.encode()))
    with newsitem.limits(values=most):
        assert not front_matter.is_within_limit(parts.content.encode())
        assert reader.read(text, parts, None, newsitem.NewsItem).extras["b"] == "x"


@pytest.mark.parametrize(
    "block",
    [
        "  - - - x\n  - - y: 1\n",
        '  - "x": y\n    z: [b]\n',
        "  - x\n  -\n    - y\n",
        "  x:\n  y:\n    -\n    -\n",
        '  "x": {"y":1}\n  z: &a\n    - |\n      u: v\n',
    ],
)
def test_upper_bound_of_values_in_blocks(block: str) -> None:
    """The upper bounds include keys, values, mappings and lists in blocks, whatever their layout."""
    content = "".join(f"k{number}:\n{block}" for number in range(50))
    most = min(front_matter._upper_bounds(content.encode()))
    limits = Limits()._replace(values=most)
    assert len(compose(content, 0, limits).pairs) == 50  # type: ignore[union-attr]
    with newsitem.limits(values=most):
        assert not front_matter.is_within_limit(content.encode())


def test_remarks_do_not_count_as_values() -> None:
    """A text with many comments, empty lines and lines of text is not composed to count its values."""
    topics = "".join(f"  # remark\n\n  - Topic {number}\n" for number in range(300))
    reader.composed.cache_clear()
    with newsitem.limits(values=800):
        assert len(newsitem.loads(by_hand(f"topics:\n{topics}").replace("\n\n---", "\n---")).topics) == 300
    assert reader.composed.cache_info().misses == 0


@pytest.mark.parametrize(
    "head", ["a: [ # ]", "b: []\na: [", "a 'b: [c' d,", "it's: [c's,", '"a": [ # "]"', "a: [b 'c, [d' e],"]
)
def test_values_in_brackets_that_seem_to_be_closed(head: str) -> None:
    """A bracket in a comment, in quotes or in another value does not hide one that stays open."""
    text = f"---\n{head}\n  {'1,' * 600}\n  ]\n---\n"
    with newsitem.limits(values=500), pytest.raises(LimitError, match="more than 500 values"):
        newsitem.loads(text, newsitem.FrontMatter)


@pytest.mark.parametrize(
    "line",
    [
        "topics: {}",
        '"topics": {}',
        "'topics': {}",
        "topics: {} # it's",
        "x: {}",
        '"x": {}',
        "x   : {}",
        "x:\n  - {}",
        'x:\n  "y": {}',
        "x:\n  - 'y': {}",
        'x: {{"y": {}}}',
        "it's: {}",
    ],
)
@pytest.mark.parametrize("values", ["[{}]", "['x',\n  {}]"], ids=["on one line", "on two lines"])
def test_values_in_brackets_are_counted(line: str, values: str) -> None:
    """Too many values in brackets are refused, whatever precedes the brackets."""
    text = by_hand(line.format(values.format(", ".join(f"a{number}" for number in range(1_000)))))
    with newsitem.limits(values=1_000), pytest.raises(LimitError, match="more than 1,000 values"):
        newsitem.loads(text)
    assert newsitem.loads(text).title


@pytest.mark.parametrize("before", ["!!seq ", "&{} ", "\n  !!seq &{} ", "\n  - &{} "])
def test_values_in_brackets_after_a_tag_or_an_anchor(before: str) -> None:
    """The values of all entries with a tag or an anchor count together, although each entry is read on its own."""
    values = f"[{', '.join('1' for _ in range(600))}]"
    text = by_hand("\n".join(f"{name}: {before.format(name)}{values}" for name in ("x", "y")))
    with newsitem.limits(values=1_000), pytest.raises(LimitError, match="more than 1,000 values"):
        newsitem.loads(text)
    assert newsitem.loads(text).title


def test_several_values_per_line() -> None:
    """A line can count as three values: a mapping, its key and its value."""
    item = newsitem.loads(TEXT)
    item.images = [newsitem.Image(url="https://x.example") for _ in range(1_000)]
    text = newsitem.dumps(item)
    with newsitem.limits(values=2_900), pytest.raises(LimitError, match="more than 2,900 values"):
        newsitem.loads(text)


def test_long_lines() -> None:
    """Long lines do not count as many values."""
    item = newsitem.loads(TEXT)
    item.topics = ["Tides"] * 100
    text = newsitem.dumps(item)
    with newsitem.limits(values=300):
        assert newsitem.loads(text) == item


@pytest.mark.parametrize(
    "read",
    [
        newsitem.load,
        lambda path: newsitem.load(io.BytesIO(path.read_bytes())),
        lambda path: newsitem.load(io.StringIO(path.read_text())),
        lambda path: newsitem.loads(path.read_bytes()),
        NewsCollection.read,
    ],
    ids=["path", "binary stream", "text stream", "bytes", "collection"],
)
def test_every_source(read: Callable[[Path], object], tmp_path: Path) -> None:
    """The limits apply to every source of text."""
    path = tmp_path / "1.md"
    path.write_text(TEXT)
    read(path)
    with newsitem.limits(size=100), pytest.raises(LimitError):
        read(path)


def test_file_that_reports_no_size() -> None:
    """A system file that reports a size of 0 is read only as far as the limit."""
    path = Path("/proc/kallsyms")
    if not (path.exists() and path.stat().st_size == 0 and len(path.read_bytes()) > 3_000_000):
        pytest.skip("no such file on this system")
    tracemalloc.start()
    with newsitem.limits(size=1_000), pytest.raises(LimitError):
        newsitem.load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_written_text_is_within_the_limits() -> None:
    """A text that could not be read again is not written."""
    item = newsitem.loads(TEXT)
    item.body = "x" * 10_000
    with newsitem.limits(size=10_000), pytest.raises(LimitError, match="larger than 10,000 bytes"):
        newsitem.dumps(item)
    long = newsitem.loads(by_hand("a: [x, y, z]"))
    long.heat = 7
    with newsitem.limits(values=10), pytest.raises(LimitError, match="more than 10 values"):
        newsitem.dumps(long)
    assert newsitem.loads(newsitem.dumps(long)) == long
    many = newsitem.loads(by_hand("a: [x, y]"))
    many.topics = ["x"] * 100
    with newsitem.limits(values=100), pytest.raises(LimitError, match="more than 100 values"):
        newsitem.dumps(many)
    item.topics = ["x"] * 100
    with newsitem.limits(values=100), pytest.raises(LimitError, match="more than 100 values"):
        newsitem.dumps(item)
    many.body = "x" * 1_000
    with newsitem.limits(size=1_000), pytest.raises(LimitError, match="larger than 1,000 bytes"):
        newsitem.dumps(many)


@pytest.mark.parametrize("levels", [50, 51])
def test_depth_of_data_from_python(levels: int) -> None:
    """The limit of depth applies to data that is set from Python."""
    data: Any = "x"
    for _ in range(levels):
        data = [data]
    item = newsitem.loads(TEXT)
    with newsitem.limits(depth=60):
        if levels == 50:
            item.extras = {"a": data}
            assert newsitem.loads(newsitem.dumps(item)) == item
        else:
            with pytest.raises(newsitem.ValidationError, match="nested more than 50 levels deep"):
                item.extras = {"a": data}


def test_values_of_data_from_python() -> None:
    """The limit of values applies to data that is set from Python, however little memory it takes."""
    data: list[Any] = [1]
    for _ in range(60):
        data = [data, data]  # two to the power of sixty
    item = newsitem.loads(TEXT)
    message = (
        r"extras: plain data contains more than 500,000 values: if you trust this data, .* newsitem\.limits\(values=…\)"
    )
    with pytest.raises(newsitem.ValidationError, match=message):
        item.extras = {"a": data}
    with pytest.raises(newsitem.ValidationError, match="plain data contains more than 500,000 values"):
        newsitem.from_dict({**newsitem.to_dict(item), "a": data})
    with newsitem.limits(values=10):
        item.extras = {"a": [1, 2, 3, 4, 5, 6, 7, 8, 9]}
        with pytest.raises(newsitem.ValidationError, match="more than 10 values"):
            item.extras = {"a": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}


def test_aliases_of_long_text() -> None:
    """Each hundred characters of text count as one more value, so aliases cannot multiply text endlessly."""
    text = by_hand(f"a: &a {'x' * 1_000}\nb: [{','.join(['*a'] * 100)}]")
    with newsitem.limits(aliases=1_100):
        newsitem.loads(text)
    with newsitem.limits(aliases=1_099), pytest.raises(LimitError, match="aliases expand to more than 1,099 values"):
        newsitem.loads(text)


def test_values_of_aliases_are_counted() -> None:
    """The value of an alias counts as if it were written out, also in the limit of values."""
    text = by_hand(f"a: &a [{','.join('x' * 50)}]\nb: [*a, *a, *a, *a]")
    newsitem.loads(text)
    with newsitem.limits(values=200), pytest.raises(LimitError, match=": more than 200 values"):
        newsitem.loads(text)


def test_depth_of_aliases() -> None:
    """Lists that refer to each other count as deep as if they were written out."""
    lists = "k0: &a0 [x]\n" + "\n".join(f"k{n}: &a{n} [*a{n - 1}]" for n in range(1, 30))
    newsitem.loads(by_hand(lists))
    with newsitem.limits(depth=30), pytest.raises(LimitError, match="nested more than 30 levels deep"):
        newsitem.loads(by_hand(lists))


def test_nested_blocks() -> None:
    """An inner block changes the limits that it names, and restores them at its end, even after an error."""
    with newsitem.limits(size=1_000, depth=20) as outer:
        with newsitem.limits(size=500) as inner:
            assert (inner.size, inner.depth) == (500, 20)
        with pytest.raises(KeyError), newsitem.limits(depth=10):
            raise KeyError
        with newsitem.limits() as again:
            assert again == outer
    with newsitem.limits() as after:
        assert after == Limits()


def test_threads_have_their_own_limits() -> None:
    """A block in one thread does not change the limits of another."""
    found: list[object] = []
    with newsitem.limits(size=10):
        thread = threading.Thread(target=lambda: found.append(newsitem.loads(TEXT)))
        thread.start()
        thread.join()
    assert found == [newsitem.loads(TEXT)]


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"size": 0}, ValueError, "size must be at least 1, not 0"),
        ({"depth": 9}, ValueError, "depth must be from 10 to 100, not 9"),
        ({"depth": 101}, ValueError, "depth must be from 10 to 100, not 101"),
        ({"values": -1}, ValueError, "values must be at least 1, not -1"),
        ({"aliases": -1}, ValueError, "aliases must be at least 0, not -1"),
        ({"size": "1"}, TypeError, "size must be an integer, not '1'"),
        ({"size": True}, TypeError, "size must be an integer, not True"),
        ({"size": 1.5}, TypeError, "size must be an integer, not 1.5"),
    ],
)
def test_invalid_limits(setting: dict[str, Any], error: type[Exception], message: str) -> None:
    """A limit out of range or of the wrong type is refused, and changes nothing."""
    with pytest.raises(error, match=message), newsitem.limits(**setting):
        pass
    with newsitem.limits() as in_force:
        assert in_force == Limits()


def test_depth_beyond_the_highest_limit() -> None:
    """If the limit cannot be raised, the error does not advise raising it."""
    with pytest.raises(LimitError, match="100 levels deep: reduce the nesting, because this limit cannot be raised"):
        newsitem.loads(nested(101))


def test_size_of_json() -> None:
    """JSON text has the size limit of a file."""
    item = newsitem.loads(TEXT)
    item.title = "Fünf Öfen"
    text = newsitem.to_json(item)
    size = len(text.encode())
    for form in (text, text.encode()):
        with newsitem.limits(size=size):
            newsitem.from_json(form)
        with (
            newsitem.limits(size=size - 1),
            pytest.raises(LimitError, match=r"larger than .* bytes: if you trust this file"),
        ):
            newsitem.from_json(form)


def test_limit_error_on_writing_has_a_path(tmp_path: Path) -> None:
    """The error of a text that is too large to be written has the path of its item."""
    path = tmp_path / "1.md"
    path.write_text(TEXT)
    item = newsitem.load(path)
    item.heat = 4711
    with newsitem.limits(size=100), pytest.raises(LimitError) as caught:
        newsitem.dump(item)
    assert caught.value.path == str(path)


def test_limits_objects() -> None:
    """Limits compare, have a readable repr, can be pickled, and are immutable."""
    limits = Limits(size=1)
    assert repr(limits) == "Limits(size=1, depth=100, values=500000, aliases=10000)"
    assert pickle.loads(pickle.dumps(limits)) == limits
    with pytest.raises(AttributeError):
        limits.size = 2  # type: ignore[misc]
