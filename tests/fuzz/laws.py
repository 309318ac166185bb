"""What must hold for any bytes whatever, as one function."""

from __future__ import annotations

import contextlib
import copy
import random
import re
import zlib

import edits
import ways
import yaml

import newsitem
from newsitem import NewsItem, NewsItemError, ParseError, ValidationError

_OTHER_LINE_ENDS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")  # PyYAML counts lines by them too
EDITS = 3
"""How many edits are tried on each text."""


def check(data: bytes, edits_to_try: int = EDITS) -> bool:
    """Check the laws for the bytes of a file, some edits among them. Tells whether it is an item.

    Raises:
        AssertionError: if a law is broken. Any other exception breaks one too.
    """
    item = outcome(data)
    with contextlib.suppress(UnicodeDecodeError):
        assert same(outcome(data.decode()), item), "text and its bytes read as the same"
    if isinstance(item, NewsItemError):
        return False
    assert newsitem.dumps(item).encode() == data, "untouched is identical"
    ways.agree(data.decode())
    rebuilt(item)
    some_edits(data.decode(), item, edits_to_try)
    return True


def outcome(text: str | bytes) -> NewsItem | NewsItemError:
    """Give the item of a text, or the error that refuses it."""
    try:
        return newsitem.loads(text)
    except (ParseError, ValidationError) as error:
        refused = error
    assert refused.problems
    assert all(problem.line and problem.column for problem in refused.problems)
    return refused


def same(one: NewsItem | NewsItemError, other: NewsItem | NewsItemError) -> bool:
    """Tell whether two outcomes are the same."""
    if isinstance(one, NewsItemError):
        return type(one) is type(other) and one.problems == getattr(other, "problems", None)
    return one == other


def rebuilt(item: NewsItem) -> None:
    """Data of an item make the item again, and what is written of it reads back."""
    try:
        again = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    except ValidationError as error:
        if all("is the name of an attribute" in problem.message for problem in error.problems):
            return
        raise
    assert again == item, "data make the item again"
    assert newsitem.loads(newsitem.dumps(again)) == item, "a new item reads back"
    with contextlib.suppress(ValidationError):  # infinity has no JSON
        newsitem.from_json(newsitem.to_json(item))


def some_edits(text: str, item: NewsItem, number: int) -> None:
    """An edit reads back, and where another reader knows the lines of a value, it changes no other."""
    draw = random.Random(zlib.crc32(text.encode()))
    every = list(edits.edits(item))
    for edit in draw.sample(every, min(number, len(every))):
        edited = copy.deepcopy(item)
        edit.apply(edited)
        result = newsitem.dumps(edited)
        assert newsitem.loads(result) == edited, f"{edit.kind} {edit.path} reads back"
        if edit.kind == "body" or _OTHER_LINE_ENDS.search(text):
            continue
        try:
            allowed = edits.allowed_lines(text, edit)
        except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, StopIteration, AssertionError):
            continue  # PyYAML reads another document, or none
        edits.keeps_other_lines(text, result, allowed, edit, strict=False)
