"""The few shapes that pictures are made of, as text. What they look like is in ``_static/custom.css``."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

Point = tuple[float, float]
HEAD = 6.0
"""How long the head of an arrow is."""


def number(value: float) -> str:
    """Write a number as short as a picture needs it."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, *children: str, **attributes: str | float) -> str:
    """Give an element: its children are markup, its attributes are escaped, and ``class_`` is ``class``."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(children)}</{name}>"


def text(at: Point, words: str, class_: str = "label") -> str:
    """Give a line of text; what is in backticks is code."""
    parts = [
        element("tspan", escape(part), class_="code") if place % 2 else escape(part)
        for place, part in enumerate(words.split("`"))
    ]
    return element("text", *parts, x=at[0], y=at[1], class_=class_)


def lines(middle: Point, words: Iterable[str], height: float, class_: str = "label") -> str:
    """Give lines of text around a point."""
    listed = list(words)
    top = middle[1] - height * (len(listed) - 1) / 2
    return "".join(text((middle[0], top + height * place), line, class_) for place, line in enumerate(listed))


def box(corner: Point, size: Point, class_: str, radius: float = 4) -> str:
    """Give a box with round corners."""
    return element("rect", x=corner[0], y=corner[1], width=size[0], height=size[1], rx=radius, class_=class_)


def path(points: Iterable[Point], class_: str) -> str:
    """Give straight lines through points."""
    return element("path", d="M" + " L".join(f"{number(x)},{number(y)}" for x, y in points), class_=class_)


def head(tip: Point, class_: str, down: bool = True) -> str:
    """Give the head of an arrow that points down or up."""
    x, y = tip
    back = y - HEAD if down else y + HEAD
    return path([(x - HEAD / 2, back), (x + HEAD / 2, back), (x, y), (x - HEAD / 2, back)], class_)


def picture(name: str, size: Point, title: str, description: str, *parts: str) -> str:
    """Give a whole picture with what it is called and what it shows, for those who do not see it."""
    return element(
        "svg",
        element("desc", escape(description), id=f"{name}-description"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(size[0])} {number(size[1])}",
        class_=f"picture-drawing {name}",
        role="img",
        aria_label=title,
        aria_describedby=f"{name}-description",
    )
