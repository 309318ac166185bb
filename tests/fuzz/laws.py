"""The laws that any input must keep, as one function."""

from __future__ import annotations

import contextlib
import copy
import random
import re
import zlib

import edits
import readers
import yaml

import newsitem
from newsitem import NewsItem, NewsItemError, ParseError, ValidationError

_OTHER_LINE_ENDS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")  # PyYAML ends lines at these too
EDITS = 3
"""The number of edits to try on each text."""


def check(data: bytes, edits_to_try: int = EDITS) -> bool:
    """Check the laws for the bytes of a file, and return whether they are an item.

    Raises:
        AssertionError: if a law is broken. Any other exception breaks a law too.
    """
    item = outcome(data)
    with contextlib.suppress(UnicodeDecodeError):
        assert same(outcome(data.decode()), item), "a text and its bytes must have the same outcome"
    if isinstance(item, NewsItemError):
        return False
    assert newsitem.dumps(item).encode() == data, "an unedited item must be written back byte for byte"
    readers.agree(data.decode())
    check_conversion(item)
    check_edits(data.decode(), item, edits_to_try)
    return True


def outcome(text: str | bytes) -> NewsItem | NewsItemError:
    """Return the item that a text is read as, or the error that refuses it."""
    try:
        return newsitem.loads(text)
    except (ParseError, ValidationError) as error:
        refused = error
    assert refused.problems
    assert all(problem.line and problem.column for problem in refused.problems)
    return refused


def same(first: NewsItem | NewsItemError, second: NewsItem | NewsItemError) -> bool:
    """Whether two outcomes are the same."""
    if isinstance(first, NewsItemError):
        return type(first) is type(second) and first.problems == getattr(second, "problems", None)
    return first == second


def check_conversion(item: NewsItem) -> None:
    """Check that the data of an item convert to an equal item, and that this item reads back when it is written."""
    try:
        again = newsitem.from_dict(newsitem.to_dict(item), body=item.body)
    except ValidationError as error:
        if all("is the name of an attribute" in problem.message for problem in error.problems):
            return
        raise
    assert again == item, "the data must convert to an equal item"
    assert newsitem.loads(newsitem.dumps(again)) == item, "a new item must read back"
    with contextlib.suppress(ValidationError):  # JSON has no infinity
        newsitem.from_json(newsitem.to_json(item))


def check_edits(text: str, item: NewsItem, number: int) -> None:
    """Check that edits read back, and that they change no other lines if PyYAML can tell the lines of the value."""
    draw = random.Random(zlib.crc32(text.encode()))
    every = list(edits.edits(item))
    for edit in draw.sample(every, min(number, len(every))):
        edited = copy.deepcopy(item)
        edit.apply(edited)
        result = newsitem.dumps(edited)
        assert newsitem.loads(result) == edited, f"{edit.kind} {edit.path} must read back"
        if edit.kind == "body" or _OTHER_LINE_ENDS.search(text):
            continue
        try:
            allowed = edits.allowed_lines(text, edit)
        except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, StopIteration, AssertionError):
            continue  # PyYAML refuses the document, or reads it differently
        edits.keeps_other_lines(text, result, allowed, edit, strict=False)
