"""Store the publisher's opaque text and never show it."""

from __future__ import annotations

import attrs

from newsitem._schema.values import plain, text_problem
from newsitem.errors import Problem, ValidationError, counted


class Secured:
    """The publisher's ``secured`` text: opaque, and preserved byte for byte.

    ``repr`` and ``str`` show only its length, and messages never show the text. If you have to pass it on, use
    `text`. A ``Secured`` is equal to any ``Secured`` or ``str`` with the same text.

    Raises:
        ValidationError: if the text is not a ``str`` or contains a lone surrogate.

    Example:
        >>> item.secured
        <Secured: 105 characters>
        >>> newsitem.Secured("AXi0wA==;Yh0+Le==")
        <Secured: 17 characters>
    """

    # Not an attrs class, because tools such as rich and pytest show all fields of attrs classes.

    __slots__ = ("_text",)
    __match_args__ = ("text",)

    _text: str

    def __init__(self, text: str) -> None:
        """Create a secured text."""
        if not isinstance(text, str):
            raise ValidationError([Problem("must be text", field="secured")])
        if text_problem(text):
            message = "contains a lone surrogate, which UTF-8 cannot encode: remove it (the value is not shown)"
            raise ValidationError([Problem(message, field="secured")])
        object.__setattr__(self, "_text", plain(text))

    @property
    def text(self) -> str:
        """The text itself. Do not log it."""
        return self._text

    def __setattr__(self, name: str, value: object) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __delattr__(self, name: str) -> None:
        raise attrs.exceptions.FrozenInstanceError

    def __reduce__(self) -> tuple[type[Secured], tuple[str]]:
        return Secured, (self.text,)

    def __eq__(self, other: object) -> bool:
        """Return whether the texts are the same."""
        text = other.text if isinstance(other, Secured) else other
        return self.text == text if isinstance(text, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __len__(self) -> int:
        """Return the number of characters."""
        return len(self.text)

    def __repr__(self) -> str:
        """Show the length only."""
        return f"<Secured: {counted(len(self.text), 'character')}>"


def secured(text: str) -> Secured:
    """Make a secured text without checking it."""
    instance = object.__new__(Secured)
    object.__setattr__(instance, "_text", text)
    return instance
