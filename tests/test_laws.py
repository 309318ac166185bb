"""The laws of the library, over the sample files and over generated items and texts."""

from __future__ import annotations

import copy
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import comments
import pytest
import yaml
from edits import check, edits
from hypothesis import given
from hypothesis import strategies as st
from readers import agree, by_pattern
from samples import EXAMPLES, VALID
from strategies import items, texts
from variants import VARIANTS, by_hand

import newsitem
from newsitem._codec import front_matter, render
from newsitem._yaml import scalars

TEXTS = [path.read_bytes().decode() for path in EXAMPLES + VALID]
LAYOUT_TEXTS = [
    text
    for text in TEXTS
    if text.startswith("---\n") and text.endswith("\n---\n\n") and newsitem.loads(text)._source.in_layout
]


def test_untouched_is_identical(sample: Path) -> None:
    """A file that was read and not edited is written byte for byte as it was."""
    data = sample.read_bytes()
    assert newsitem.dumps(newsitem.loads(data)).encode() == data


@given(st.sampled_from(LAYOUT_TEXTS), st.randoms(use_true_random=False))
def test_untouched_hand_edited_text_is_identical(text: str, rng: random.Random) -> None:
    """Comments, quoting, order, line ends and indentation of a hand-edited text come back as they were."""
    variant = by_hand(text, rng)
    item = newsitem.loads(variant)
    assert newsitem.dumps(item) == variant
    assert newsitem.diff(item) == ""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("text", LAYOUT_TEXTS, ids=range(len(LAYOUT_TEXTS)))
def test_hand_edited_text_means_the_same(text: str, variant: str) -> None:
    """Another style of the same data is read as the same item."""
    item = newsitem.loads(VARIANTS[variant](text, random.Random(1)))
    item.body = "\n"
    assert item == newsitem.loads(text)


def test_an_edit_changes_its_own_lines(sample: Path) -> None:
    """Every edit at every depth of a sample file leaves all lines that do not carry the value."""
    text = sample.read_bytes().decode()
    item = newsitem.loads(text)
    rng = random.Random(0)
    every = list(edits(item))
    tried = rng.sample(every, min(len(every), 60 if item._source.in_layout else 15))
    for edit in tried:
        check(text, item, edit, strict=not item._source.in_layout)


@given(st.sampled_from(LAYOUT_TEXTS), st.randoms(use_true_random=False))
def test_an_edit_of_hand_edited_text_changes_its_own_lines(text: str, rng: random.Random) -> None:
    """The same holds in texts with comments, other quotes, flow lists, another order and indentation."""
    variant = by_hand(text, rng)
    item = newsitem.loads(variant)
    edit = rng.choice(list(edits(item)))
    check(variant, item, edit, strict=not item._source.in_layout)


@given(st.sampled_from(LAYOUT_TEXTS), items, st.randoms(use_true_random=False))
def test_any_change_of_a_hand_edited_item_reads_back(text: str, new: newsitem.NewsItem, rng: random.Random) -> None:
    """Even an item all of whose values were replaced is spliced into its old text so that it reads back."""
    item = newsitem.loads(by_hand(text, rng))
    for name in ("title", "heat", "provider", "topics", "images", "related", "secured", "extras", "body"):
        if rng.random() < 0.5:
            setattr(item, name, copy.deepcopy(getattr(new, name)))
    assert newsitem.loads(newsitem.dumps(item)) == item


@given(items)
def test_what_is_written_reads_back(item: newsitem.NewsItem) -> None:
    """Every valid item, whatever its texts look like, is read as it was written."""
    assert newsitem.loads(newsitem.dumps(item)) == item


@given(items)
def test_a_new_item_rebuilt_from_its_data_is_the_same(item: newsitem.NewsItem) -> None:
    """Data out and in again gives an equal item with equal text, and shares nothing with the first."""
    rebuilt = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    assert rebuilt == item
    assert newsitem.dumps(rebuilt) == newsitem.dumps(item)


@given(texts)
def test_text_is_text_to_other_readers(text: str) -> None:
    """PyYAML, a reader of YAML 1.1, gives the same text for a plain and for a quoted field."""
    item = newsitem.NewsItem(
        title=text,
        published_date_time=newsitem.loads(LAYOUT_TEXTS[0]).published_date_time,
        provider=newsitem.Provider(name=text),
        topics=[text],
        extras={"unknown": text},
    )
    data = yaml.safe_load(newsitem.dumps(item).split("---\n")[1])
    assert (data["title"], data["provider"]["name"], data["topics"], data["unknown"]) == (text, text, [text], text)


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if path.read_bytes().decode() in LAYOUT_TEXTS], ids=lambda path: path.stem[:30]
)
def test_a_rebuilt_item_has_the_publishers_layout(path: Path) -> None:
    """An item rebuilt from its data is written byte for byte as the publisher wrote it."""
    item = newsitem.load(path)
    assert newsitem.dumps(newsitem.from_dict(newsitem.to_dict(item), body=item.body)) == path.read_bytes().decode()


def test_a_new_item_has_the_publishers_layout() -> None:
    """Keys stand in order, blocks between empty lines, and text that looks like something else in quotes."""
    image = newsitem.Image(url="https://a.example/i.png", width=50, height=40, is_cached=True, title='An "image"')
    item = newsitem.NewsItem(
        title="A\tnew \\ story\u2028here",
        published_date_time=newsitem.loads(LAYOUT_TEXTS[0]).published_date_time.replace(
            year=2020, month=1, day=2, hour=3, minute=4, second=5
        ),
        type="video",
        heat=-1,
        published=False,
        featured_content='<b class="x">\r\n</b>',
        provider=newsitem.Provider(name="247 Sports", domain="1010", images=[image]),
        topics=["AI", "yes"],
        related=[
            newsitem.RelatedItem(
                title="R", provider=newsitem.Provider(name="P"), quality=3, images=[newsitem.Image(url="u")]
            )
        ],
        secured=newsitem.Secured("YQ==;YWJj"),
        extras={"length": 5},
    )
    assert (
        newsitem.dumps(item)
        == r"""---
category: news
title: "A\tnew \\ story\u2028here"
publishedDateTime: 2020-01-02T03:04:05Z
type: video
heat: -1
published: false

featuredContent: "<b class=\"x\">\r\n</b>"

provider:
  name: 247 Sports
  domain: "1010"
  images:
    - url: "https://a.example/i.png"
      width: 50
      height: 40
      isCached: true
      title: "An \"image\""

topics:
  - AI
  - "yes"

related:
  - title: "R"
    provider:
      name: P
    quality: 3
    images:
      - url: "u"

secured: "YQ==;YWJj"

length: 5
---

"""
    )


def _both_ways(content: str) -> None:
    """Read *content* in all ways: they agree, and rendering restores what is in the canonical layout."""
    text = f"---\n{content}---\n\n"
    if not content.endswith("\n") or front_matter.split(text).content != content:
        return
    if "pattern" in agree(text):
        item = by_pattern(content)
        assert item is not None
        assert scalars.escaped(render.render(item)) == content


@given(st.data())
def test_all_ways_of_reading_agree_on_altered_texts(data: st.DataObject) -> None:
    """Where characters or lines are put in, taken out or doubled, all ways read the same item or leave it to YAML."""
    content = front_matter.split(data.draw(st.sampled_from(LAYOUT_TEXTS))).content
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        if data.draw(st.booleans()):
            length = data.draw(st.integers(0, 3))
            put = data.draw(
                st.sampled_from(
                    ["", '"', "\\", ":", " ", "-", "#", "'", "0", "\n", "\n\n", "\u2028", "\x85", "\t", "null", "x"]
                )
            )
            content = content[:at] + put + content[at + length :]
        else:
            lines = content.split("\n")
            index = data.draw(st.integers(0, len(lines) - 1))
            lines[index : index + 1] = data.draw(
                st.sampled_from([[], [lines[index]] * 2, lines[index : index + 2][::-1]])
            )
            content = "\n".join(lines)
    _both_ways(content)


@pytest.mark.parametrize(
    "lines",
    [
        "topics:\n    - A\n",
        "topics:\n  - A\n    B\n",
        "images:\n  - url: u\n",
        'images:\n  - url: "u"\n\n',
        "heat: 01\n",
        "type: 1\n",
        'excerpt: "a"b"\n',
        'title: "again"\n',
        'secured: "a"\n',
    ],
)
def test_the_canonical_pattern_refuses_what_is_near_the_layout(lines: str) -> None:
    """Text that is not to the letter in the publisher's layout is not in the canonical layout."""
    start = 'category: news\ntitle: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n'
    assert by_pattern(start + "\nprovider:\n  name: P\n\n" + lines) is None or "secured" in lines
    assert by_pattern(start + lines + "\nprovider:\n  name: P\n") is None
    assert by_pattern(start + "\nprovider:\n  name: P\n") is not None


@pytest.mark.parametrize(
    ("usual", "odd"),
    [
        ('title: "T"', 'title: """'),
        ('title: "T"', 'title: """"'),
        ('url: "u"', 'url: """'),
        ('secured: "s"', 'secured: """'),
        ("T00:00:00Z", "T24:00:00Z"),
        ("T00:00:00Z", "T00:00:60Z"),
    ],
)
def test_the_canonical_pattern_refuses_odd_values(usual: str, odd: str) -> None:
    """A lone quote is no empty text, and an hour 24 no hour, where all else is in the publisher's layout."""
    content = (
        'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n\nprovider:\n  name: P\n  images:\n    - url: "u"\n'
        '\nsecured: "s"\n'
    )
    assert by_pattern(content) is not None
    assert by_pattern(content.replace(usual, odd)) is None


_WITH_UNKNOWN = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\n\nprovider:\n  name: {0}\n\nreviewed: {1}\n'


@pytest.mark.parametrize("name", ["P", '"yes"', '"1010"', '""', '"a: b"', '"- a"', '"a \\"b\\" # c"', '"a\\nb"'])
@pytest.mark.parametrize(
    "value",
    ["true", "-7", "0.25", "1.0e+30", ".inf", "null", '"a \\"b\\" # c"', '""', "2020-01-01", "2020-01-01T00:00:00Z"],
)
def test_the_canonical_pattern_reads_quoted_names_and_unknown_scalars(name: str, value: str) -> None:
    """Names that need quotes, and scalars of unknown keys, as newsitem writes them, are in the canonical layout."""
    content = _WITH_UNKNOWN.format(name, value) + "desk-2: 4\n"
    assert by_pattern(content) is not None
    _both_ways(content)


@pytest.mark.parametrize("name", ['"P"', '"P', '"', "yes", '"a\\tb', "'yes'", '"\\x41"', '"yes" # c', '"a"b"'])
def test_the_canonical_pattern_refuses_odd_names(name: str) -> None:
    """A name in needless quotes, with a comment, or spelled otherwise than newsitem does, is not canonical."""
    assert by_pattern(_WITH_UNKNOWN.format("P", "true")) is not None
    assert by_pattern(_WITH_UNKNOWN.format(name, "true")) is None


@pytest.mark.parametrize(
    "value",
    [
        *("text", "yes", "True", "+7", "07", "1_000", "0.250", "1e30", "~", "2020-1-1", "2020-01-01 00:00:00", "[]"),
        *('"a', '"', "'a'", '"a" # c', "true # c", '"\\x41"', " true", "true ", "&a 1", "!!str 1", "|", "- 1", "a: b"),
        *("1\nreviewed: 1", "1\nheat: 1", "1\nn: 1", "1\nyes: 1", "1\n\nother: 1", "1\n  a: 1", "1\n- a", '1\n"o": 1'),
        "1\n" + "k" * 1025 + ": 1",
    ],
)
def test_the_canonical_pattern_refuses_odd_unknown_values(value: str) -> None:
    """An unknown value that newsitem would spell otherwise, or whose key is odd, is not in the canonical layout."""
    assert by_pattern(_WITH_UNKNOWN.format("P", "true")) is not None
    assert by_pattern(_WITH_UNKNOWN.format("P", value)) is None


@given(items)
def test_all_ways_of_reading_agree_on_new_items(item: newsitem.NewsItem) -> None:
    """A text that was rendered from any item is read alike in all ways."""
    _both_ways(scalars.escaped(render.render(item)))


@given(items)
def test_copies_keep_the_round_trip(item: newsitem.NewsItem) -> None:
    """A deep copy of an item that was read gives the same text."""
    text = newsitem.dumps(item)
    assert newsitem.dumps(copy.deepcopy(newsitem.loads(text))) == text


@pytest.mark.parametrize("edit", comments.EDITS)
@pytest.mark.parametrize("change", comments.CHANGES)
@pytest.mark.parametrize("place", comments.PLACES)
def test_remarks_stay_with_their_related_items(place: str, change: str, edit: str) -> None:
    """With a remark at each related item, ordering and editing them loses no remark, and moves none to another."""
    found = [remarked for text in LAYOUT_TEXTS if (remarked := comments.with_comments(text, place))]
    assert len(found) > 3
    for text in found:
        assert comments.misplaced(text, place, change, edit) == []


def test_the_judge_of_edits_can_fail() -> None:
    """The check of an edit's lines refuses a text in which another line was changed."""
    text = LAYOUT_TEXTS[0]
    item = newsitem.loads(re.sub("published: true", "published: false", text))
    edit = next(edit for edit in edits(item) if edit.path == ("title",))
    with pytest.raises(AssertionError, match="changed line"):
        check(text, item, edit, strict=True)


@pytest.mark.parametrize("path", EXAMPLES[:3], ids=lambda path: path.stem[:20])
@pytest.mark.parametrize("closing", ["---\n", "---\r\n", "...\r\n"])
@pytest.mark.parametrize("content_end", ["\n", "\r\n"])
@pytest.mark.parametrize("opening", ["---\n", "---\r\n", "\ufeff---\r\n"])
def test_line_ends_of_fences_and_content_come_back(path: Path, opening: str, content_end: str, closing: str) -> None:
    """Fences and content keep line ends of their own, whichever way the text is read."""
    content = front_matter.split(path.read_bytes().decode()).content.replace("\n", content_end)
    text = f"{opening}{content}{closing}body\tof the file\r\n"
    item = newsitem.loads(text)
    assert newsitem.dumps(item) == text
    assert newsitem.diff(item) == ""
    item.heat = 4711
    changed = [line for line in newsitem.diff(item).split("\n")[3:] if line[:1] in ("-", "+")]
    assert [line.strip("\r") for line in changed][-1] == "+heat: 4711"
    assert len(changed) <= 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  - title: "Second"', "  - title: 'Second'"),
        ('  - title: "Second"', '  - "title": "Second"'),
        ("      name: Q\n", "      name: Q # comment\n"),
    ],
)
def test_a_later_entry_in_another_layout(old: str, new: str) -> None:
    """Another layout in an entry of a list that is not the first is read by its entries, and stays."""
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
