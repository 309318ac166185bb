"""Notebook views: what tables of items look like, and where their files are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from html_tags import Tags
from query_items import related, titled, with_wrong_entries

from newsitem import (
    Description,
    FieldSummary,
    FrontMatter,
    Image,
    NewsCollection,
    Provider,
    RelatedItem,
    Secured,
    key,
    model,
)


@model
class Place(FrontMatter):
    """A class with front matter that is not a news item."""

    name: str = key()


def cells(page: str, name: str = "td") -> list[tuple[str, str]]:
    """Return the style and the text of each cell."""
    return re.findall(rf'<{name} style="(.*?)">(.*?)</{name}>', page)


def test_card_shows_the_path() -> None:
    """A card shows the escaped path of the file above the keys, if the item has one."""
    one = titled("A")
    assert one._repr_html_().startswith("<table")
    one.path = Path("news/<a>.md")
    assert one._repr_html_().startswith('<p class="tex2jax_ignore mathjax_ignore">news/&lt;a&gt;.md</p><table')
    assert one._repr_html_().count("news/") == 1


def test_table_shows_paths() -> None:
    """The last column of a table shows the paths of the files; a table of other classes shows them too."""
    one, other = titled("A"), titled("B")
    one.path = Path("news/a.md")
    page = NewsCollection([one, other])._repr_html_()
    assert [text for _, text in cells(page, "th")] == ["date", "heat", "provider", "title", "topics", "path"]
    assert [text for _, text in cells(page)][5::6] == ["news/a.md", ""]
    place = Place(name="Rome")
    place.path = Path("places/rome.md")
    page = NewsCollection([place])._repr_html_()
    assert [text for _, text in cells(page, "th")] == ["kind", "path", "item"]
    assert "places/rome.md" in page


def test_numbers_are_right_aligned() -> None:
    """Columns of numbers are right-aligned, even with gaps; columns of text are left-aligned."""
    page = NewsCollection([titled("1", heat=1_234), titled("B"), titled("C", heat=-1)])._repr_html_()
    assert [text for style, text in cells(page, "th") if "right" in style] == ["heat"]
    assert [text for style, text in cells(page) if "right" in style] == ["1234", "", "-1"]
    assert all("left" in style for style, _ in cells(titled("A", heat=5)._repr_html_()))
    page = Description(1_000, [FieldSummary("heat", 999, 1_000), FieldSummary("removed", 1)])._repr_html_()
    assert [text for style, text in cells(page, "th") if "right" in style] == ["present", "distinct"]
    assert [text for style, text in cells(page) if "right" in style] == ["999 (99%)", "1,000", "1 (&lt;1%)", ""]
    assert [style for style, _ in cells(Description(0, [])._repr_html_(), "th")] == ["text-align: left"] * 5


def test_dates_stay_on_one_line() -> None:
    """Dates and ranges of dates do not wrap; headlines do."""
    instants = (datetime(2020, 5, 4, 7, 40, tzinfo=UTC), datetime(2020, 7, 28, 21, 35, tzinfo=UTC))
    page = Description(2, [FieldSummary("published_date_time", 2, 2, *instants)])._repr_html_()
    title = "2,000 flats are heated with waste warmth"
    on_one_line = {text: "nowrap" in style for style, text in cells(page + titled(title)._repr_html_())}
    assert on_one_line["2020-05-04 07:40 to 2020-07-28 21:35"]
    assert on_one_line["2020-06-24 12:00:00 UTC"]
    assert not on_one_line[title]


def test_html_is_escaped() -> None:
    """Text is escaped, only web addresses are links, and no picture is loaded."""
    nasty = '<script>alert("x")</script> & \'<img src=x>'
    one = titled(
        nasty,
        excerpt=nasty,
        web_url="javascript:alert(1)",
        original_url='https://x.example/"><script>',
        featured_content="<iframe>",
        provider=Provider(name=nasty, domain=nasty, images=[Image(url="https://x.example/logo.png")]),
        topics=[nasty],
        tags=[nasty],
        images=[Image(url="https://x.example/1.png", title=nasty), Image(url="data:image/png;base64,AA")],
        related=[RelatedItem(title=nasty, web_url="https://x.example/r"), RelatedItem(title="no address")],
        secured=Secured("c2VjcmV0;" * 5),
        published=True,
    )
    one.extras["<b>"] = {"<i>": nasty}
    usual = {"table", "thead", "tbody", "tr", "th", "td", "a", "p", "br"}
    for page in (one._repr_html_(), NewsCollection([one])._repr_html_()):
        tags = Tags(page)
        assert set(tags.names) <= usual
        assert all((link or "").startswith("https://x.example/") for link in tags.links)
        assert nasty in tags.text
        assert "c2VjcmV0" not in page
    assert "45 characters" in one._repr_html_()
    assert "https://x.example/logo.png" in Tags(one._repr_html_()).links


def test_long_collections_and_texts_are_cut() -> None:
    """A table shows the first items and the number of the others, and long texts are cut."""
    news = NewsCollection(titled(str(number), web_url="https://x.example/") for number in range(1_025))
    html = news._repr_html_()
    assert 'nowrap">2020-06-24' in html, "a date stays on one line"
    assert 'nowrap"><a' not in html, "a headline does not"
    tags = Tags(html)
    assert tags.names["tr"] == 21
    assert "… and 1,005 more" in tags.text
    long = titled("x" * 10_000, excerpt="y" * 10_000, related=[related("https://x.example")] * 1_000)
    assert len(long._repr_html_()) < 5_000
    assert "… and 990 more" in long._repr_html_()


@pytest.mark.parametrize("wrong", [["a"], None, 5, "https://x.example", {}])
def test_wrong_values_are_shown(wrong: Any) -> None:
    """An item with wrong values in its lists is displayed, alone and in a collection."""
    one = with_wrong_entries({"topics": wrong, "tags": wrong, "images": wrong, "related": wrong})
    one.extras[5] = wrong  # type: ignore[index]
    assert str(wrong) in Tags(one._repr_html_()).text
    news = NewsCollection([titled("good"), one])
    assert "A (1)" in repr(news)
    assert "A" in Tags(news._repr_html_()).text


def test_long_integers_are_shown() -> None:
    """An integer with more digits than Python prints is described, wherever an object or a collection shows it."""
    number = 10**5_000
    one = with_wrong_entries({"topics": number, "tags": [number], "images": number, "related": [number]})
    one.extras.update(long=number, deep={"list": [number, -number], "short": 12_345})
    one.extras[number] = 1  # type: ignore[index]
    text = Tags(one._repr_html_()).text
    for shown in ("topicsA, an integer", "tagsa list", "longan integer", "'list': [an integer", "'short': 12345"):
        assert shown in text
    assert "an integer of more than 64 bits1" in text, "the last key and its value"
    assert "an integer of more than 64 bits" in Tags(NewsCollection([one])._repr_html_()).text


def test_secured_values_of_unknown_keys_are_hidden() -> None:
    """The value of a key named ``secured`` is not shown, even deep inside an unknown key."""
    one = titled("A")
    one.extras = {"more": [{"secured": "c2VjcmV0", "other": "shown"}]}
    page = one._repr_html_()
    assert "{&#x27;other&#x27;: &#x27;shown&#x27;, &#x27;secured&#x27;: (not shown)}" in page
    assert "c2VjcmV0" not in page
