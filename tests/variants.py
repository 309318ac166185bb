"""Texts in the publisher's layout turned into hand-edited ones with the same meaning."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_KEY = re.compile(r"^(\s*(?:- )?[A-Za-z]+:)(.*)$")


def _content(text: str, change: Callable[[list[str]], list[str]]) -> str:
    content = text.removeprefix("---\n").removesuffix("\n---\n\n")
    return "---\n" + "\n".join(change(content.split("\n"))) + "\n---\n\n"


def comments(text: str, rng: random.Random) -> str:
    """Add comments above keys and at the ends of lines."""

    def change(lines: list[str]) -> list[str]:
        result = []
        for line in lines:
            if rng.random() < 0.2:
                result.append(" " * rng.randrange(5) + f"# note {rng.randrange(100)}: 'quoted' - and [more]")
            trailing = line.strip() and rng.random() < 0.3
            result.append(line + f"  # {rng.randrange(100)}" if trailing else line)
        return result

    return _content(text, change)


def crlf(text: str, rng: random.Random) -> str:
    """End all lines in CR LF; or, now and then, only some."""
    if rng.random() < 0.5:
        return text.replace("\n", "\r\n")
    return "".join(line + ("\r\n" if rng.random() < 0.5 else "\n") for line in text.split("\n")[:-1])


def single_quotes(text: str, rng: random.Random) -> str:
    """Write double-quoted text without escapes in single quotes."""

    def change(lines: list[str]) -> list[str]:
        def quote(match: re.Match[str]) -> str:
            return match[1] + " '" + match[2].replace("'", "''") + "'" if rng.random() < 0.8 else match[0]

        return [re.sub(r'^(\s*(?:- )?[A-Za-z]+:) "([^"\\]*)"$', quote, line) for line in lines]

    return _content(text, change)


def flow_lists(text: str, rng: random.Random) -> str:
    """Write lists of text as flow sequences."""
    del rng

    def flow(match: re.Match[str]) -> str:
        entries = [line[4:] for line in match[2].rstrip("\n").split("\n")]
        return f"{match[1]} [{', '.join(chr(34) + entry + chr(34) for entry in entries)}]\n"

    return re.sub(r'^(topics:|tags:)\n((?:  - [^"\\\n]*\n)+)(?!  - )', flow, text, flags=re.MULTILINE)


def shuffled(text: str, rng: random.Random) -> str:
    """Put the keys of the item in another order, each with its block."""

    def change(lines: list[str]) -> list[str]:
        blocks: list[list[str]] = []
        for line in lines:
            if re.match("[A-Za-z]", line):
                blocks.append([])
            blocks[-1].append(line)
        rng.shuffle(blocks)
        return [line for block in blocks for line in block]

    return _content(text, change)


def four_spaces(text: str, rng: random.Random) -> str:
    """Indent by four blanks in place of two."""
    del rng
    return _content(
        text,
        lambda lines: [
            re.sub(r"^ +", lambda match: match[0] * 2, line).replace("- ", "-   ", line.lstrip().startswith("- "))
            for line in lines
        ],
    )


def tabs(text: str, rng: random.Random) -> str:
    """Separate keys from scalars by tabs, and leave some at the ends of lines."""

    def change(lines: list[str]) -> list[str]:
        tabbed = [re.sub(_KEY, r"\1\t\2", line) if rng.random() < 0.3 else line for line in lines]
        return [f"{line}\t" if line.strip() and rng.random() < 0.2 else line for line in tabbed]

    return _content(text, change)


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "comments": comments,
    "crlf": crlf,
    "single quotes": single_quotes,
    "flow lists": flow_lists,
    "shuffled": shuffled,
    "four spaces": four_spaces,
    "tabs": tabs,
}


def by_hand(text: str, rng: random.Random) -> str:
    """Turn *text* into one that a person might have left behind: several variants at once."""
    for name in ("shuffled", "single quotes", "flow lists", "four spaces", "tabs", "comments"):
        if rng.random() < 0.6:
            text = VARIANTS[name](text, rng)
    return crlf(text, rng) if rng.random() < 0.3 else text
