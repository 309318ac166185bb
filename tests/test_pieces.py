"""Hand-edited front matter is read without the YAML reader."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from readers import by_pieces, content_of
from samples import EXAMPLES
from variants import VARIANTS

import newsitem
from newsitem._codec import pieces

LAYOUTS = [path for path in EXAMPLES if newsitem.load(path)._source.in_layout][::4]


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem[:30])
def test_variants_need_no_yaml_reader(path: Path) -> None:
    """Common hand edits are read piece by piece; only tabs, CR LF and aliases may need the YAML reader."""
    text = newsitem.dumps(newsitem.load(path))
    for name, vary in VARIANTS.items():
        varied = vary(text, random.Random(1))
        content = content_of(varied)
        found = None if content is None else by_pieces(content)
        if name not in ("tabs", "crlf", "anchor and alias"):
            assert found is not None, name


def test_reread_after_removing_an_entry() -> None:
    """Reading again after an edit drops the values of removed lines, and keeps the others."""
    old = newsitem.loads(
        '---\n# r\ntitle: "T"\npublishedDateTime: 2020-01-01\nheat: 5\nzone: x\nprovider: {name: P}\n---\n'
    )
    assert (old.heat, old.extras) == (5, {"zone": "x"})
    made = pieces.reread("", old, "heat: 5\nzone: x\n")
    assert (made.heat, made.extras, made.title) == (None, {}, "T")
    made = pieces.reread("heat: 6\n", old, "# a comment\n\nheat: 5\n")
    assert (made.heat, made.extras) == (6, {"zone": "x"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  - title: "Second"', "  - title: 'Second'"),
        ('  - title: "Second"', '  - "title": "Second"'),
        ("      name: Q\n", "      name: Q # comment\n"),
    ],
)
def test_later_entry_in_another_layout(old: str, new: str) -> None:
    """A list entry in another layout is read, and keeps its layout when another entry is edited."""
    providers = [newsitem.Provider(name=name) for name in "PQ"]
    related = [
        newsitem.RelatedItem(title=title, provider=p) for title, p in zip(("First", "Second"), providers, strict=True)
    ]
    instant = datetime(2020, 6, 24, tzinfo=UTC)
    item = newsitem.NewsItem(title="T", published_date_time=instant, provider=providers[0], related=related)
    text = newsitem.dumps(item).replace(old, new)
    assert new in text
    twin = newsitem.loads(text)
    assert (twin, twin._source.in_layout) == (item, False)
    twin.related[0].title = "Edited"
    assert newsitem.dumps(twin) == text.replace('"First"', '"Edited"')
