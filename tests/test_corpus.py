"""The laws over a collection of real files, in the folder that NEWSITEM_CORPUS names."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import comments
import pytest
from edits import check, edits
from readers import agree
from variants import by_hand

import newsitem
from newsitem._codec import front_matter
from newsitem._schema.fields import keys_by_name

pytestmark = pytest.mark.corpus
SAMPLE = int(os.environ.get("NEWSITEM_CORPUS_SAMPLE", "500"))
"""The number of files that are edited."""
EDITS = int(os.environ.get("NEWSITEM_CORPUS_EDITS", "4"))
"""The number of edits tried on each hand-edited file; 0 means all."""


def texts(corpus: list[Path]) -> list[tuple[Path, str, newsitem.NewsItem]]:
    """Load a random sample of the valid files."""
    found = []
    for path in random.Random(0).sample(corpus, min(len(corpus), SAMPLE)):
        try:
            found.append((path, path.read_bytes().decode(), newsitem.load(path)))
        except newsitem.NewsItemError:
            continue
    return found


def in_publishers_order(text: str) -> bool:
    """Whether the keys of an item are in the publisher's order."""
    order = list(keys_by_name(newsitem.NewsItem))
    lines = front_matter.split(text).content.split("\n")
    found = [order.index(line.split(":")[0]) for line in lines if line[:1].isalpha() and line.split(":")[0] in order]
    return found == sorted(found)


def test_untouched_is_identical(corpus: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Every file is refused with positions, or comes back byte for byte, also when rebuilt from its data."""
    counts = Counter[str]()
    refused: list[str] = []
    placed = 0
    for path in corpus:
        data = path.read_bytes()
        try:
            item = newsitem.load(path)
        except newsitem.NewsItemError as error:
            placed += all(problem.line and problem.column for problem in error.problems)
            refused.append(f"{type(error).__name__} {error}")
            continue
        assert newsitem.dumps(item).encode() == data, path
        counts["loaded and written back byte for byte"] += 1
        counts["in the canonical layout"] += item._source.in_layout
        rebuilt = newsitem.dumps(newsitem.from_dict(newsitem.to_dict(item), body=item.body)).encode()
        if rebuilt == data:
            counts["rebuilt from their data byte for byte"] += 1
        else:
            assert (
                not in_publishers_order(data.decode()) or b"\r" in data or item.extras or not item._source.in_layout
            ), path
    with capsys.disabled():
        print(f"\n{len(corpus)} files: {dict(counts)}, {len(refused)} refused", *refused, sep="\n  ")
    assert placed == len(refused), "every problem has a line and a column"


def test_all_readers_agree(corpus: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """All readers agree on each file and on a hand-edited variant of it."""
    counts = Counter[str]()
    rng = random.Random(0)
    for _, text, _ in texts(corpus):
        for each in (text, by_hand(text, rng)):
            counts.update(agree(each) or {"YAML reader only"})
    with capsys.disabled():
        print(f"\nfiles and their hand-edited variants, by reader: {dict(counts)}")


def test_an_edit_changes_its_own_lines(corpus: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Every edit of a sampled file leaves all other lines alone, and reads back."""
    counts = Counter[str]()
    sample = texts(corpus)
    for _, text, item in sample:
        for edit in edits(item):
            check(text, item, edit, strict=not item._source.in_layout)
            counts[edit.kind] += 1
    with capsys.disabled():
        print(f"\n{sum(counts.values())} edits of {len(sample)} files: {dict(counts)}")


def test_an_edit_of_a_hand_edited_file_changes_its_own_lines(
    corpus: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every edit of a hand-edited variant leaves all other lines alone, and reads back."""
    counts = Counter[str]()
    rng = random.Random(0)
    sample = texts(corpus)
    for path, text, item in sample:
        variant = by_hand(text, rng)
        twin = newsitem.loads(variant, name=str(path))
        assert newsitem.dumps(twin) == variant
        body, twin.body = twin.body, item.body
        assert twin == item
        twin.body = body
        every = list(edits(twin))
        for edit in rng.sample(every, min(len(every), EDITS or len(every))):
            check(variant, twin, edit, strict=not twin._source.in_layout)
            counts[edit.kind] += 1
    with capsys.disabled():
        print(f"\n{sum(counts.values())} edits of {len(sample)} hand-edited files: {dict(counts)}")


def test_comments_stay_with_their_related_items(corpus: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Reordering and editing related items with comments loses no comment and moves none to another item."""
    counts = Counter[str]()
    rng = random.Random(0)
    for path in rng.sample(corpus, len(corpus)):
        place = rng.choice(list(comments.PLACES))
        text = comments.with_comments(path.read_bytes().decode(), place)
        if text is None or (SAMPLE and counts["files"] >= SAMPLE):
            continue
        for change in comments.CHANGES:
            assert not comments.misplaced(text, place, change, edit := rng.choice(list(comments.EDITS))), (
                path,
                place,
                change,
                edit,
            )
        counts["files"] += 1
    with capsys.disabled():
        print(f"\n{counts['files']} files with comments at their related items: each stayed with its item")


@pytest.mark.parametrize("tool", ["polars", "pandas", "duckdb", "pyarrow"])
def test_tables_round_trip(corpus: list[Path], tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A table that another tool returns unchanged changes nothing; with heat changed, only heat lines differ."""
    library = pytest.importorskip(tool, reason=f"{tool} is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    news = newsitem.NewsCollection.read(corpus, on_error="collect")
    if tool == "polars":
        table = library.DataFrame(news)
        hotter = table.with_columns(library.col("heat") + 1)
    elif tool == "duckdb":
        table = library.sql("SELECT * FROM news")
        hotter = library.sql("SELECT path, heat + 1 AS heat FROM news")
    else:
        table = news.to_arrow() if tool == "pyarrow" else news.to_arrow().to_pandas()
        hotter = news.to_arrow(columns=["path", "heat"]).to_pandas()
        hotter["heat"] += 1
    assert not news.update(table).changed
    assert not news.changed()
    report = news.update(hotter)
    lines = [line for line in news.diff().splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert all(line[1:].startswith("heat:") for line in lines)
    assert len(lines) == 2 * len(report.changed)
    with capsys.disabled():
        print(f"\n{report.rows} items to {tool} and back: nothing changed; {len(report.changed)} with heat increased")
