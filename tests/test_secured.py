"""The text of `secured` is never shown: not in errors, reprs, notebooks, pickles of errors or by aliases."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from people import Person
from refusals import CASES, data_of, refusal
from small_items import WHEN, new_item
from strategies import items

import newsitem
from newsitem import FrontMatter, NewsCollection, NewsItem, NewsItemError, ParseError, Secured

# Texts that no message may show, and the number of consecutive characters that would reveal them. The letters of
# the second occur in no message, so a single one would be noticed.
SECRETS: Final = (("QzWvXkJqGbYtZxWq", 3), ("ЖЩЫЭЮЯФЪ", 1))
ITEM: Final = """\
---
title: "Orchard robot picks its first ton"
publishedDateTime: 2020-06-24T22:10:00Z
provider:
  name: Orchard Weekly
{}
heat: 114
---

"""


def all_shown(error: NewsItemError) -> str:
    """Return everything that a log, a console or another process may see of an error."""
    texts = [str(error), repr(error), error._repr_html_(), repr(error.args), *traceback.format_exception(error)]
    texts += [text for problem in error.problems for text in (str(problem), repr(problem))]
    texts += [pickle.dumps(error, protocol).decode("utf-8", "replace") for protocol in (2, pickle.HIGHEST_PROTOCOL)]
    return "\n".join(texts)


def assert_hidden(secret: str, length: int, shown: str) -> None:
    found = [part for i in range(len(secret) - length + 1) if (part := secret[i : i + length]) in shown]
    assert not found


def with_line(data: bytes, line: str, *, last: bool) -> bytes:
    """Insert a line into a file: after the first line, or before the last fence."""
    lines = data.splitlines(keepends=True)
    fences = [index for index, each in enumerate(lines) if each.rstrip() == b"---" and index]
    at = (fences[-1] if fences else len(lines)) if last else 1
    return b"".join([*lines[:at], line.encode() + b"\n", *lines[at:]])


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_secured_is_hidden_in_errors_about_other_keys(case: str, last: bool, secret: str, length: int) -> None:
    """Whatever else is wrong with a file, its error does not show the text of `secured`."""
    data = with_line(data_of(case), f'secured: "{secret}"', last=last)
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.loads(data, name="item.md"))))


INVALID_FORMS: Final = (
    'secured: "SECRET\\qSECRET"',
    'secured: "SECRET\\uSECRET"',
    'secured: "\\SECRET"',
    'secured: "SECRET',
    "secured: 'SECRET",
    'secured: SECRET"\nexcerpt: "SECRET: "SECRET',
    'secured: "SECRET"SECRET',
    'secured: "SECRET" SECRET',
    "secured: 'SECRET'SECRET'",
    "secured: *SECRET",
    "secured: *SECRET;SECRET",
    "secured: * SECRET",
    "secured: & SECRET",
    "secured: &SECRET SECRET: SECRET",
    "secured: !SECRET!SECRET",
    "secured: !<SECRET",
    "secured: !SECRET%SECRET SECRET",
    'secured: !!int "SECRET"',
    "secured: !!float SECRET",
    "secured: !!binary SECRET",
    'secured: "SECRET\tSECRET',
    "secured:\n\tSECRET",
    "secured:\n\tSECRET: SECRET",
    "secured: |SECRET",
    "secured: >SECRET",
    "secured: | SECRET",
    "secured: @SECRET",
    "secured: `SECRET",
    "secured: %SECRET",
    "secured: ? SECRET",
    "secured: - SECRET",
    "secured: ,SECRET",
    "secured: ]SECRET",
    "secured: SECRET: SECRET",
    "secured:\nSECRET",
    "secured: SECRET\nSECRET",
    "secured: [SECRET",
    "secured: [SECRET, SECRET]",
    "secured: {SECRET: SECRET",
    "secured: {SECRET: SECRET}",
    "secured: {SECRET: 1, SECRET: 2}",
    "secured:\n  SECRET:\n    SECRET: 1\n    SECRET: 2",
    "secured:\n  - SECRET: 1\n    SECRET: 2",
    "secured:\n  - !!int SECRET",
    "secured:\n  <<: SECRET",
    "secured: {[SECRET]: SECRET}",
    "<<: {secured: [SECRET]}",
    "<<: {secured: {SECRET: 1, SECRET: 2}}",
    'secured: "SECRET"\nsecured: "SECRET"',
    'secured: "SECRET"\n"secured": [SECRET]',
    'secured: "SECRET\\ud800SECRET"',
    'secured: "SECRET\x97SECRET"',
    'secured: &text "SECRET"\nquality: *text',
    'secured: &text "SECRET"\npublished: *text',
    'secured: &text "SECRET"\nimages:\n  - *text',
    'secured: &text "SECRET"\nrelated:\n  - title: "Ten arms"\n    publishedDateTime: *text',
)
VALID_FORMS: Final = (
    'secured: "SECRET"',
    "secured: SECRET",
    "secured: 'SECRET'",
    "secured: &text SECRET",
    "secured: !text SECRET",
    "secured: |\n  SECRET",
    'secured: "SECRET\n  SECRET"',
    'secured: "SECRET"  # not to be shown',
)


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("form", INVALID_FORMS)
def test_secured_is_hidden_in_errors_about_itself(form: str, secret: str, length: int) -> None:
    """If the value of `secured` is invalid, the error shows no part of it."""
    text = ITEM.format(form.replace("SECRET", secret))
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.loads(text, name="item.md"))))


@pytest.mark.parametrize(("secret", "length"), SECRETS)
@pytest.mark.parametrize("form", VALID_FORMS)
def test_secured_is_hidden_in_reprs_and_errors_of_edits(form: str, secret: str, length: int) -> None:
    """The repr of an item and the errors of edits show at most the length of `secured`."""
    loaded = newsitem.loads(ITEM.format(form.replace("SECRET", secret)))
    assert loaded.secured is not None
    assert secret in loaded.secured.text
    assert_hidden(secret, length, f"{loaded!r} {loaded} {loaded.secured!r} {loaded.secured}")
    for attribute in ("title", "heat", "topics", "provider", "extras"):
        error = refusal(partial(setattr, loaded, attribute, loaded.secured))
        assert_hidden(secret, length, all_shown(error))
    loaded.topics.append(loaded.secured)  # type: ignore[arg-type]
    assert_hidden(secret, length, all_shown(refusal(lambda: newsitem.dumps(loaded))))


@pytest.mark.parametrize(("secret", "length"), SECRETS)
def test_secured_is_hidden_in_errors_about_python_values(secret: str, length: int) -> None:
    """An invalid `secured` from Python code is refused without showing it."""
    wrong: list[Any] = [secret, secret.encode(), [secret], {secret: 1}, {secret}]
    data = {"title": "Ten arms", "publishedDateTime": WHEN, "provider": {"name": "Hay Herald"}}
    bad_data: list[Any] = [*wrong[1:], [{secret: {secret: object()}}], secret + "\ud800"]
    valid = new_item()
    reads: list[Callable[[], object]] = [partial(new_item, secured=value) for value in wrong]
    reads += [partial(setattr, valid, "secured", value) for value in wrong]
    reads += [partial(Secured, value) for value in [*wrong[1:], secret + "\ud800"]]
    reads += [partial(newsitem.from_dict, data | {"secured": value}) for value in bad_data]
    reads.append(lambda: newsitem.from_json(json.dumps({"secured": [secret]}, ensure_ascii=False)))
    reads.append(lambda: newsitem.from_json(f'{{"secured": "{secret}'))
    reads.append(lambda: newsitem.from_json(f'{{"secured": {{"{secret}": 1, "{secret}": 2}}}}'))
    for read in reads:
        assert_hidden(secret, length, all_shown(refusal(read)))


def require_refused_alias(text: str, why: str) -> None:
    """Check that a text, with a secret in the place of ``{}``, is refused without showing the secret."""
    secret = "c2VjcmV0LXRleHQ7QUJD"
    front = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{text.format(secret)}---\n"
    with pytest.raises(ParseError, match=rf"an alias \(\*\) {why}") as caught:
        newsitem.loads(front)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'secured: &s "{}"\n*s : {{a: 1, a: 2}}\n',
        "secured: &s [{}]\nimages: *s\n",
        "secured: &s {{{}: !!int q}}\nx: *s\n",
        "secured: [&s {}]\nheat: *s\n",
    ],
)
def test_alias_of_a_part_of_secured(text: str) -> None:
    """A part of `secured` cannot be used elsewhere by an alias, which would show it."""
    require_refused_alias(text, "refers to a part of secured")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<<: {{secured: &s {}}}\nnote: *s\n", "refers to a part of secured"),
        ("<<: {{'secured': [&s {}]}}\nnote: *s\n", "refers to a part of secured"),
        ("x: &k secured\n*k : &s {}\nnote: *s\n", "refers to a part of secured"),
        ("ratings: {{secured: &s {}}}\nnote: *s\n", "refers to a part of secured"),
        ("x: &a {}\nsecured: *a\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &a {}\nsecured: [*a]\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &a {}\n<<: {{secured: *a}}\n", "in secured refers to a value that is shown elsewhere"),
        ("x: &b {{secured: {}}}\n<<: *b\n", "refers to a value that contains secured"),
        ("x: &b [{{secured: {}}}]\n<<: *b\n", "refers to a value that contains secured"),
        ("x: [&b {{secured: {}}}]\n<<: [{{a: 1}}, *b]\n", "refers to a value that contains secured"),
        ("x: &b {{secured: {}}}\ny: &c {{<<: *b}}\n<<: *c\n", "refers to a value that contains secured"),
        ("<<: &b {{secured: {}}}\nnote: [*b]\n", "refers to a value that contains secured"),
        ("<<: [&b {{secured: {}}}]\nnote: {{<<: *b}}\n", "refers to a value that contains secured"),
        ("<<: {{<<: &b {{secured: {}}}}}\nnote: *b\n", "refers to a value that contains secured"),
    ],
)
def test_aliases_and_merge_keys_that_would_show_secured(text: str, why: str) -> None:
    """No alias or merge key shares the text of `secured` with another key, in either direction."""
    require_refused_alias(text, why)


@pytest.mark.parametrize(
    "text",
    [
        "<<: {secured: a;b}\n",
        "<<: [{c: 1}, {secured: a;b}]\n",
        "x: &a {c: 1}\n<<: *a\nsecured: a;b\n",
        "x: &a {y: {secured: no}}\nz: *a\nsecured: a;b\n",
        "x: &a {secured: no}\nz: {<<: *a}\nsecured: a;b\n",
    ],
)
def test_aliases_and_merge_keys_beside_secured(text: str) -> None:
    """A merge key may supply `secured`, and aliases that do not involve its text are read."""
    front = f"---\ntitle: x\npublishedDateTime: 2020-06-24T22:10:00Z\nprovider:\n  name: y\n{text}---\n"
    item = newsitem.loads(front)
    assert item.secured is not None
    assert item.secured.text == "a;b"


def test_secured_objects() -> None:
    """The text of a `Secured` object is an attribute; objects compare and hash by it, and are immutable."""
    secured = newsitem.Secured("abc;def")
    assert (secured.text, len(secured), secured == newsitem.Secured("abc;def")) == ("abc;def", 7, True)
    assert len({secured, newsitem.Secured("abc;def")}) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        secured.text = "x"  # type: ignore[misc]
    for wrong in (5, "\ud800"):
        with pytest.raises(newsitem.ValidationError):
            newsitem.Secured(wrong)  # type: ignore[arg-type]


@given(items)
def test_reprs_hide_secured(item: newsitem.NewsItem) -> None:
    """No repr shows the text of `secured`, and its own is short."""
    item.secured = newsitem.Secured("c2VjcmV0IHRleHQgbm9ib2R5IG1heSBzZWU=")
    shown = [repr(item), str(item), f"{item}", repr(item.secured), str(item.secured), repr([item.secured])]
    shown += [repr(each) for each in (item.provider, *item.images, *item.related)]
    assert not any("c2Vj" in each for each in shown)
    assert len(repr(item.secured)) < 40


def test_secured_fields_of_any_name() -> None:
    """The text of a `Secured` field is in no message and no view, whatever its key is called."""
    ana = newsitem.loads('---\nname: "Ana"\ntoken: "SECRET"\n---\n', Person)
    assert (
        "SECRET"
        not in f"{ana!r}{ana._repr_html_()}{NewsCollection([ana])._repr_html_()}{NewsCollection([ana]).describe()}"
    )
    for text in (
        "token: &a SECRET\nnote: *a",
        "token: {SECRET: 1, SECRET: 2}",
        "token: [SECRET, *x]",
        "token: {x: SECRET",
    ):
        with pytest.raises(newsitem.NewsItemError) as error:
            newsitem.loads(f'---\nname: "Ana"\n{text}\n---\n', Person)
        assert "SECRET" not in str(error.value)
    schema = newsitem.json_schema(Person)
    assert schema["properties"]["token"] == {"type": "string"}
    assert schema["properties"]["name"]["description"] == "As the person writes it."


def test_keys_below_secured_are_hidden() -> None:
    """Errors do not show keys below `secured`, even if these contain invisible characters."""
    news = 'title: "T"\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider: {name: P}\nsecured'
    for cls, start in ((Person, 'name: "A"\ntoken'), (NewsItem, news)):
        with pytest.raises(newsitem.ValidationError) as error:
            newsitem.loads(f'---\n{start}: {{"SECRET\u200b": 5}}\n---\n', cls)
        assert "SECRET" not in str(error.value)
    one = newsitem.loads('---\nsecured: "SECRET"\n---\n', FrontMatter)
    assert "SECRET" not in repr(NewsCollection([one, copy.copy(one)]).describe())
