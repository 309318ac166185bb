"""The picture of how an item becomes text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from svg import box, element, head, lines, path, picture

LEFT, MIDDLE, RIGHT = 91.0, 188.0, 285.0
"""The middles of the two ways, and of the whole picture."""
NARROW, WIDE = 178.0, 372.0
LINE = 17.0
"""How far lines of text are from each other."""
NEXT = 26.0
"""How long an arrow is."""
BRANCH = 70.0
"""How long an arrow is that says when it is followed."""
DESCRIPTION = (
    "An item that is new, or whose text was in the canonical layout, is rendered as a whole; where nothing changed, "
    "that gives the same text as before. Of an item whose text was in another layout, the source text is read again "
    "and compared with the item; only the entries that differ are written, at their places. "
    "The result of both ways is read back and compared with the item. If they are equal, the text is returned. "
    "If they differ, an error is raised, and nothing is written."
)


@dataclass(frozen=True)
class _Step:
    """A box with a few lines in it."""

    middle: float
    top: float
    words: tuple[str, ...]
    kind: str = "step"
    width: float = NARROW

    @property
    def bottom(self) -> float:
        """Where the box ends."""
        return self.top + LINE * len(self.words) + 14

    def draw(self) -> str:
        """Draw the box and its lines."""
        size = (self.width, self.bottom - self.top)
        corner = (self.middle - self.width / 2, self.top)
        words = lines((self.middle, (self.top + self.bottom) / 2 + 4.5), self.words, LINE)
        return element("g", box(corner, size, "node", 5), words, class_=self.kind)


def ways_of_writing() -> str:
    """Draw the two ways from an item to its text, and the check at the end of both."""
    item = _Step(MIDDLE, 1, ("A news item",), "end", WIDE)
    new = _Step(
        LEFT, item.bottom + BRANCH, ("Render the whole item:", "the same text as before", "where nothing changed")
    )
    compare = _Step(RIGHT, new.top, ("Read the source text,", "and compare each entry", "with the item"))
    splice = _Step(RIGHT, compare.bottom + NEXT, ("Write only the entries", "that differ, at their places"))
    check = _Step(MIDDLE, splice.bottom + NEXT, ("Read the result back,", "and compare it with the item"), "step", WIDE)
    returned = _Step(LEFT, check.bottom + BRANCH, ("The text is returned",), "end good")
    error = _Step(RIGHT, returned.top, ("Nothing is written",), "end bad")
    return picture(
        "ways-of-writing",
        (2 * MIDDLE, error.bottom + 1),
        "How an item becomes text",
        DESCRIPTION,
        *_arrow(item, new, "it is new, or its text was", "in the canonical layout"),
        *_arrow(item, compare, "its text was", "in another layout"),
        *_arrow(compare, splice),
        *_arrow(new, check),
        *_arrow(splice, check),
        *_arrow(check, returned, "they are equal"),
        *_arrow(check, error, "they differ:", "an error is raised"),
        *(step.draw() for step in (item, new, compare, splice, check, returned, error)),
    )


def _arrow(start: _Step, end: _Step, *when: str) -> Iterator[str]:
    """Draw an arrow straight down, and over it when it is followed."""
    middle = start.middle if start.width < end.width else end.middle
    yield path([(middle, start.bottom), (middle, end.top)], "arrow")
    yield head((middle, end.top), "head")
    if when:
        between = (start.bottom + end.top) / 2
        height = LINE * len(when) + 4
        yield box((middle - NARROW / 2, between - height / 2), (NARROW, height), "gap", 0)
        yield lines((middle, between + 4.5), when, LINE, "when")
