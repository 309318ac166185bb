"""Notebook views: what tables of items look like, and where their files are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from newsitem import Description, FieldSummary, FrontMatter, NewsCollection, NewsItem, Provider, key, model


@model
class Place(FrontMatter):
    """A class with front matter that is not a news item."""

    name: str = key()


def item(title: str, **more: object) -> NewsItem:
    """Make a news item."""
    when = datetime(2020, 6, 24, 12, tzinfo=UTC)
    return NewsItem(title=title, published_date_time=when, provider=Provider(name="P"), **more)  # type: ignore[arg-type]


def cells(page: str, name: str = "td") -> list[tuple[str, str]]:
    """Return the style and the text of each cell."""
    return re.findall(rf'<{name} style="(.*?)">(.*?)</{name}>', page)


def test_the_card_of_an_item_shows_its_path() -> None:
    """The path of the file is above the keys, escaped, and left out of items that have no file."""
    one = item("A")
    assert one._repr_html_().startswith("<table")
    one.path = Path("news/<a>.md")
    assert one._repr_html_().startswith('<p class="tex2jax_ignore mathjax_ignore">news/&lt;a&gt;.md</p><table')
    assert one._repr_html_().count("news/") == 1


def test_a_collection_shows_paths() -> None:
    """A table of items ends with the paths of their files, and so does one of other classes."""
    one, other = item("A"), item("B")
    one.path = Path("news/a.md")
    page = NewsCollection([one, other])._repr_html_()
    assert [text for _, text in cells(page, "th")] == ["date", "heat", "provider", "title", "topics", "path"]
    assert [text for _, text in cells(page)][5::6] == ["news/a.md", ""]
    place = Place(name="Rome")
    place.path = Path("places/rome.md")
    page = NewsCollection([place])._repr_html_()
    assert [text for _, text in cells(page, "th")] == ["kind", "path", "item"]
    assert "places/rome.md" in page


def test_numbers_are_aligned_on_the_right() -> None:
    """A column of numbers and its head are aligned on the right, gaps or not; columns of text on the left."""
    page = NewsCollection([item("1", heat=1_234), item("B"), item("C", heat=-1)])._repr_html_()
    assert [text for style, text in cells(page, "th") if "right" in style] == ["heat"]
    assert [text for style, text in cells(page) if "right" in style] == ["1234", "", "-1"]
    assert all("left" in style for style, _ in cells(item("A", heat=5)._repr_html_()))
    page = Description(1_000, [FieldSummary("heat", 999, 1_000), FieldSummary("removed", 1)])._repr_html_()
    assert [text for style, text in cells(page, "th") if "right" in style] == ["present", "distinct"]
    assert [text for style, text in cells(page) if "right" in style] == ["999 (99%)", "1,000", "1 (&lt;1%)", ""]
    assert [style for style, _ in cells(Description(0, [])._repr_html_(), "th")] == ["text-align: left"] * 5


def test_dates_stay_on_one_line() -> None:
    """A date and a range of dates are not broken into lines; a headline is."""
    instants = (datetime(2020, 5, 4, 7, 40, tzinfo=UTC), datetime(2020, 7, 28, 21, 35, tzinfo=UTC))
    page = Description(2, [FieldSummary("published_date_time", 2, 2, *instants)])._repr_html_()
    title = "2,000 flats are heated with waste warmth"
    on_one_line = {text: "nowrap" in style for style, text in cells(page + item(title)._repr_html_())}
    assert on_one_line["2020-05-04 07:40 to 2020-07-28 21:35"]
    assert on_one_line["2020-06-24 12:00:00 UTC"]
    assert not on_one_line[title]
