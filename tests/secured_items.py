"""An item with a secured text, in a file, and time zones that tests control."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import newsitem

SECRET = "c2VjcmV0IHRleHQgbm9ib2R5;bWF5IHNlZQ=="
SECURED_TEXT = f"""---
title: "Warm pipes"
publishedDateTime: 2020-06-24T22:10:00Z

provider:
  name: Ledgerlight

secured: "{SECRET}"
---

"""


def secured_item(folder: Path) -> newsitem.NewsItem:
    """Write an item with a secured text to a file, and load it."""
    path = folder / "item.md"
    path.write_text(SECURED_TEXT)
    return newsitem.load(path)


class Zone(tzinfo):
    """A user-defined time zone, equal to UTC."""

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Return the offset from UTC."""
        return timedelta(0)

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        """Return the name."""
        return "Z"


class BrokenZone(Zone):
    """A time zone that raises an unexpected exception while ``fails`` is set."""

    fails = False

    def utcoffset(self, _: datetime | None) -> timedelta:
        """Fail, or return the offset from UTC."""
        if self.fails:
            raise RuntimeError(f"the zone has no answer for {SECRET}")
        return timedelta(0)

    def __deepcopy__(self, _: Any) -> BrokenZone:
        return self
