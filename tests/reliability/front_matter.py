"""Random front matter with merge keys, anchors, aliases, tags, explicit keys, nulls, comments and block scalars."""

from __future__ import annotations

import random
from typing import Final

PLAIN: Final = (
    *("x", "two words", "5", "0x1F", "1.5", "1,000", "yes", "off", "2020-01-01", "2020-01-02 03:04:05", "12:30", "-x"),
    *(
        "a:b",
        "a#b",
        "?x",
        "a,b",
        "<<",
        "=",
        "a?b",
        "a&b",
        "",
        "~",
        "null",
        "NULL",
        "&quot;x&quot; y",
        "*x*",
        "http://x",
    ),
)
QUOTED: Final = ('"q"', '""', '"5"', '"null"', '"a\\tb"', '"x\\u0041"', "'q'", "''", "'it''s'", "'5'", "'~'")
TAGS: Final = (
    *("!", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq", "!!odd", "!odd", "!str"),
    *("!<tag:yaml.org,2002:str>", "!<!odd>", "!o%20d", "!!st%72", "!!a!b", "!-", "!int", "!null", "!!pairs"),
)
BAD_TAGS: Final = ("!!", "!<>", "!<x", "!a!b", "!a!", "!o%2", "!é", "!a,b", "!a#b", "!a[b]")
ANCHORS: Final = ("a", "b", "c-d", "e_1", "1")
BAD_ANCHORS: Final = ("quot;", "a.b", "é", "a:", "a,b", "", "a!b", "a]")
MERGES: Final = ("<<", "<<", "<<", '"<<"', "'<<'", "!odd <<", "! <<", "!!merge <<", "&m <<")
ODD_FLOW: Final = (
    *("a: b", "? a : b", "? a", ": b", '"a":b', "a:b", "a?", "?a", ":b", "a :b", "[a]:b", "-", "- a", "-a", "a: "),
    *("x#y", "x #y", "?", "?a: b", "a:,", "a:?b", "[", "}", "a b: c"),
)
HEADERS: Final = (
    *("|", ">", "|-", ">-", "|+", ">+", "|2", ">1", "|2-", "|-2", ">+3", "|4", "|0", "|+-", "|10", "| ", "|  # c"),
    *("|# c", "|\t", "|-\t# c", "| x"),
)
WORDS: Final = ("text", "a b", "# c", "\ttab", "- x", "k: v", "x ", "x\t", "\xa0", "\xa0y", "é", "x\u2028y", "")
PIECES: Final = (
    *" \t\n:-?,[]{}&*!|>'\"%@`#ab5~<=\\\r",
    *("\xa0", "\u2028", "\x85", "é", "  ", "\n  ", ": ", "- ", "<<", "&a ", "*a", "!!", "|\n", ">-\n", "# ", "? "),
)


class Maker:
    """Make the lines of some unknown keys."""

    def __init__(self, draw: random.Random, *, bad: float = 0.0) -> None:
        """Use *draw* for random choices, and write invalid anchors, aliases and tags with probability *bad*."""
        self.draw = draw
        self.bad = bad
        self.anchors: list[str] = []

    def lines(self) -> str:
        """Return the lines."""
        return self._mapping(0, 0, "e")

    def _happens(self, share: float) -> bool:
        return self.draw.random() < share

    def _tag(self) -> str:
        return self.draw.choice(BAD_TAGS if self._happens(self.bad) else TAGS)

    def _properties(self) -> str:
        properties = []
        if self._happens(0.15):
            name = self.draw.choice(BAD_ANCHORS if self._happens(self.bad) else ANCHORS)
            properties.append(f"&{name} ")
            self.anchors.append(name)
        if self._happens(0.06):
            properties.append(f"{self._tag()} ")
        self.draw.shuffle(properties)
        return "".join(properties)

    def _alias(self) -> str:
        if self._happens(self.bad):
            return f"*{self.draw.choice(BAD_ANCHORS + ANCHORS)}"
        return f"*{self.draw.choice(self.anchors)}" if self.anchors else "x"

    def _scalar(self) -> str:
        return self.draw.choice(QUOTED if self._happens(0.2) else PLAIN)

    def _comment(self) -> str:
        return "  # c" if self._happens(0.07) else ""

    def _mapping(self, column: int, depth: int, name: str = "k") -> str:
        spaces = " " * column
        lines = []
        for number in range(self.draw.randint(1, 4)):
            key = f"{name}{number}"
            if self._happens(0.2):
                lines.append(f"{spaces}{self.draw.choice(MERGES)}:{self._merged(column, depth)}")
            elif self._happens(0.06):
                lines.append(f"{spaces}? {key}\n{spaces}:{self._value(column, depth)}")
            else:
                quoted = f'"{key}"' if self._happens(0.1) else key
                quoted = self.draw.choice(("", "? ", "*a ", "&a k", '""')) if self._happens(self.bad / 2) else quoted
                lines.append(f"{spaces}{quoted}:{self._value(column, depth)}")
            if self._happens(0.05):
                lines.append(self.draw.choice(("\n", f"{spaces}# c\n", "# c\n", "   \n")))
        return "".join(lines)

    def _merged(self, column: int, depth: int) -> str:
        kind = self.draw.random()
        if kind < 0.5:
            return f" {self._alias()}{self._comment()}\n"
        if kind < 0.7:
            several = ", ".join(
                self.draw.choice((self._alias(), "{k1: 1, k9: 2}")) for _ in range(self.draw.randint(0, 3))
            )
            return f" [{several}]\n"
        return f" {self._flow_mapping(depth)}\n" if kind < 0.85 else self._value(column, depth)

    def _value(self, column: int, depth: int) -> str:
        """Return the text that follows the colon of a key, or a dash, at *column*."""
        known = list(self.anchors)
        properties = self._properties()
        inner, self.anchors = self.anchors, known  # an alias cannot refer to the value that contains it
        kind = self.draw.random()
        if depth < 3 and kind < 0.3:
            text = f" {properties}".rstrip() + self._comment() + "\n"
            text += self._mapping(column + self.draw.choice((1, 2, 2, 4)), depth + 1)
        elif depth < 3 and kind < 0.42:
            at = column + 2
            items = "".join(f"{' ' * at}-{self._value(at, depth + 1)}" for _ in range(self.draw.randint(1, 3)))
            text = f" {properties}".rstrip() + f"\n{items}"
        elif kind < 0.55:
            text = f" {properties}{self._flow(depth + 1)}{self._comment()}\n"
        elif kind < 0.68:
            self.anchors = known
            return f" {self._alias()}{self._comment()}\n"
        else:
            text = f" {properties}{self._scalar()}".rstrip() + self._comment() + "\n"
        self.anchors += inner[len(known) :]
        return text

    def _flow(self, depth: int) -> str:
        kind = self.draw.random()
        if depth < 4 and kind < 0.3:
            items = ", ".join(self._flow(depth + 1) for _ in range(self.draw.randint(0, 3)))
            return f"[{items}{self.draw.choice(('', '', ',', ' '))}]"
        if depth < 4 and kind < 0.6:
            return self._flow_mapping(depth)
        if kind < 0.7:
            return self._alias()
        return self.draw.choice(ODD_FLOW) if self._happens(self.bad) else self._scalar()

    def _flow_mapping(self, depth: int) -> str:
        pairs = []
        for number in range(self.draw.randint(0, 3)):
            name = "<<" if self._happens(0.2) else f"k{number}"
            pairs.append(name if self._happens(0.1) else f"{name}: {self._flow(depth + 1)}")
        return f"{{{', '.join(pairs)}}}"


def block_scalar(draw: random.Random) -> str:
    """Return the lines of a key or list entry with a block scalar, sometimes followed by another key."""
    column = draw.choice((0, 0, 2))
    spaces = " " * column
    head = f"{spaces}- " if draw.random() < 0.25 else f"{spaces}k0: "
    base = column + draw.choice((1, 2, 2, 2, 4))
    text = (
        ("o:\n" if column or "-" in head else "") + head + draw.choice(("", "", "&a ", "!!str ")) + draw.choice(HEADERS)
    )
    ends = ["\n"] * 12 + ["\t\n", "\xa0\n", "\r\n", "\u2028", "\x85"]
    for _ in range(draw.randint(0, 3) * draw.randint(0, 1)):
        text += "\n" + " " * draw.choice((0, column, base - 1, base, base, base + 2)) + draw.choice(ends).strip("\n")
    text += "\n"
    for _ in range(draw.randint(0, 6)):
        text += " " * draw.choice((*(base,) * 9, base + 1, base + 2, base - 1)) + draw.choice(WORDS) + "\n"
    for _ in range(draw.randint(0, 3) * draw.randint(0, 1)):
        text += " " * draw.choice((0, column, base, base + 2)) + draw.choice([*ends[:14], "# c\n"])
    return text + (f"{draw.choice((spaces, ''))}z: 1\n" if draw.random() < 0.6 else "")


def changed(text: str, draw: random.Random) -> str:
    """Insert, remove or replace one or two pieces of a text."""
    for _ in range(draw.randint(1, 2)):
        at = draw.randrange(len(text) + 1)
        kind = draw.random()
        piece = "" if kind < 0.25 else draw.choice(PIECES)
        text = text[:at] + piece + text[at + (kind < 0.5) :]
    return text


def made(number: int) -> str:
    """Return random text, which depends only on *number*."""
    draw = random.Random(number)
    kind = number % 5
    text = block_scalar(draw) if kind < 2 else Maker(draw, bad=0.0 if kind < 4 else 0.1).lines()
    return changed(text, draw) if kind in (1, 3) and draw.random() < 0.5 else text
