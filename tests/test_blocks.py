"""Block mappings and lists, split into entries by their lines."""

from __future__ import annotations

import pytest
from readers import agree
from small_items import text_with

import newsitem
from newsitem._yaml.blocks import NotSure, sole_item, sole_pair
from newsitem._yaml.composer import compose


@pytest.mark.parametrize(
    "block",
    [
        "images:\n - url: a\n  - url: b\n",
        'images:\n  - url: "a"\n    width: 3\n      - url: b\n',
        'images:\n- url: "a"\n    - url: b\n      width: 3\n    - url: c\n',
        'related:\n  - title: x\n    images:\n      - url: "a"\n        - url: b\n',
        "topics:\n  - a\n - b\n",
        "topics:\n- a\n  - b\n",
        "provider2:\n  name: x\n domain: y\n",
        "title: again\n",
        '"title": again\n',
        "odd: 1\nodd: 2\n",
        "images:\n  - url: u\n    url: v\n",
        "related:\n  - title: x\n    provider:\n      name: a\n      name: b\n",
        "images:\n  - width: 3\n",
        "topics:\n  -\n",
        "topics:\n  - # none\n  - a\n",
        "images:\n  - {url: u}\n  - url: v\n    odd: [1, x]\n",
        "images:\n  - &a {url: u}\n  - *a\n",
        "related:\n  -   title: x\n      type: y\n  - type: z\n    title: w\n",
        "images:\n-\nheat: 5\n",
        "topics:\n-\n- a\n-\nheat: 5\n",
        "odd: |\n# c\nheat: 5\n",
        f"{'k' * 1001}: x\n",
        '"<<": x\n',
        "odd:\n  a: |\n  # own\n  b: 5\n",
        " heat: 5\n",
        "heat:5\n",
        "heat : 5\n",
        "? heat\n: 5\n",
        "... # x\n",
        "odd: *a\nother: &a 1\n",
        f"{' ' * 41}odd: x\n",
        "images:\n" + " " * 41 + "- url: u\n",
        "odd:\n" + " " * 41 + "a: x\n",
    ],
)
def test_blocks(block: str) -> None:
    """All readers agree on blocks whose entries could be split incorrectly."""
    agree(text_with(block))


def test_several_entries_in_place_of_one() -> None:
    """If an assumed entry is several entries or another collection, the text is left to the YAML reader."""
    limits = newsitem.Limits()
    for take, text in (
        (sole_pair, "a: 1\nb: 2\n"),
        (sole_pair, "- a\n"),
        (sole_item, "- a\n- b\n"),
        (sole_item, "a: 1\n"),
    ):
        with pytest.raises(NotSure):
            take(compose(text, 0, limits))


@pytest.mark.parametrize(
    "entry",
    [
        '  - title: "A\n    quality: 2"\n',
        "  - title: 'A\n    quality: 2'\n",
        '  - title: "A\\"\n    quality: 2"\n',
        '  - title: "A\\\n    quality: 2"\n',
        '  - title: "A\\\\\\\n    quality: 2"\n',
        '  - title:\n      "A\n    quality: 2"\n',
        '  - title: !!str "A\n    quality: 2"\n',
        '  - title: &a "A\n    quality: 2"\n',
        '  - title: "A"\n    note: [a,\n    quality: 2]\n',
        '  - title: "A"\n    note: {a: b,\n    quality: 2}\n',
        '  - title: "A"\n    provider:\n      name: "B\n      domain: x"\n',
        '  - title: "A"\n    images:\n      - url: "B\n      - url: x"\n',
        '  - title: "A\n  - title: x"\n',
    ],
)
def test_line_of_a_value_that_looks_like_an_entry(entry: str) -> None:
    """A line in quotes or brackets is not taken for an entry of the block, and an edit changes only its own line."""
    text = text_with(f"related:\n{entry}    quality: 3 # 1 to 5\n")
    item = newsitem.loads(text)
    item.related[0].quality = 4
    assert newsitem.dumps(item) == text.replace("quality: 3", "quality: 4")
