"""New items are written in the publisher's layout."""

from __future__ import annotations

from datetime import UTC, datetime

import newsitem


def test_new_items_have_the_publishers_layout() -> None:
    """Keys are in order, blocks between empty lines, and text that looks like another value in quotes."""
    image = newsitem.Image(url="https://a.example/i.png", width=50, height=40, is_cached=True, title='An "image"')
    item = newsitem.NewsItem(
        title="A\tnew \\ story\u2028here",
        published_date_time=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
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
