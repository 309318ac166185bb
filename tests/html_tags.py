"""A parser that checks and collects the tags of a page."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Tags(HTMLParser):
    """The tags, links and text of a page. Requires every tag to be closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names = Counter[str]()
        self.links: list[str | None] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.names[tag] += 1
        self.links += [value for name, value in attributes if name == "href"]
        assert {name for name, _ in attributes} <= {"href", "rel", "target", "style", "class"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:  # noqa: D102
        self.text += data
