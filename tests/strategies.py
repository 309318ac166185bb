"""Hypothesis strategies for items of every shape, and texts that YAML parsers tend to mistake for other types."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

import newsitem

NASTY_TEXTS = [
    *("", " ", "yes", "No", "ON", "off", "y", "n", "true", "False", "~", "null", "NULL", "Null", "nUll"),
    *(
        "1",
        "1010",
        "-3",
        "+4",
        "+.5",
        "-.5e+3",
        "... x",
        "1_000",
        "1,000",
        "0x1F",
        "0o17",
        "010",
        "0b11",
        "1.5",
        ".5",
        "1.",
        "1e3",
        "1.0e+3",
    ),
    *(".inf", "-.INF", ".nan", ".", "-", "--", "---", "...", "?", ":", "=", "<<", "1:30", "4:20:10", "1:30.5", "12e03"),
    *("2020-01-01", "2020-1-1", "2020-01-01T00:00:00Z", "2020-01-01 00:00:00 +0200", "2020-13-45", ":symbol", "0o8"),
    *("- x", "-x", "? x", "a: b", "a:b", "a:", "a #b", "a#b", "#x", "&a", "*a", "!t", "|", ">", "%x", "@x", "`x`"),
    *(
        "[a]",
        "{a: b}",
        "a, b",
        "'q'",
        '"q"',
        "it's",
        'say "hi"',
        "back\\slash",
        "\\n",
        " lead",
        "trail ",
        "two  blanks",
    ),
    *(
        "tab\there",
        "line\nbreak",
        "\n",
        "a\r\nb",
        "a\n---\nb",
        "\u00a0no-break space",
        "\u3000",
        "em space\u2003",
        "\u2028",
        "\u2029",
        "\x85",
        "\x97",
        "\x00",
        "\x7f",
        "\ufeff",
    ),
    *(
        "\u200b",
        "\ufffe",
        "é",
        "日本語",
        "العربية",
        "🎉",
        "{{ liquid }}",
        "{% raw %}",
        "<b>&amp;</b>",
        "&#8217;",
        "247 Sports",
    ),
    *("24/7 Wall St", "01Net", "1.1 TWINS REACTIONS", "Barron's", "Science | AAAS", "a" * 300),
]

texts = st.one_of(st.sampled_from(NASTY_TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
keys = texts.filter(lambda it: it != "<<" and len(it) < 100)
integers = st.integers(-(2**63), 2**63 - 1)
instants = st.one_of(
    st.datetimes(datetime(2019, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC)).map(
        lambda it: it.replace(microsecond=0)
    ),
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
    ).filter(lambda it: datetime(1, 1, 3, tzinfo=UTC) < it < datetime(9999, 12, 29, tzinfo=UTC)),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, instants, st.dates(date(1, 1, 1), date(9999, 12, 31))
)


def plain_data(scalar: st.SearchStrategy[Any] = scalars) -> st.SearchStrategy[Any]:
    """Return a strategy for values of unknown keys: scalars, and nested lists and mappings of them."""
    return st.recursive(
        scalar,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=6,
    )


def extras(taken: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for unknown keys and their values. Many objects have none."""
    names = keys.filter(lambda it: it not in taken)
    return st.one_of(st.builds(dict), st.dictionaries(names, plain_data(), max_size=2))


def _optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


images = st.builds(
    newsitem.Image,
    url=texts,
    width=_optional(integers),
    height=_optional(integers),
    is_cached=_optional(st.booleans()),
    title=_optional(texts),
    extras=extras({"url", "width", "height", "isCached", "title"}),
)
providers = st.builds(
    newsitem.Provider,
    name=texts,
    domain=_optional(texts),
    images=st.lists(images, max_size=2),
    extras=extras({"name", "domain", "images"}),
)
_COMMON: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "excerpt": _optional(texts),
    "web_url": _optional(texts),
    "amp_web_url": _optional(texts),
    "cdn_amp_web_url": _optional(texts),
    "type": _optional(st.one_of(st.sampled_from(["article", "video"]), texts)),
    "quality": _optional(integers),
    "images": st.lists(images, max_size=2),
}
_KEYS = {
    "title",
    "excerpt",
    "publishedDateTime",
    "webUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "type",
    "provider",
    "quality",
    "images",
}
related_items = st.builds(
    newsitem.RelatedItem,
    **_COMMON,
    published_date_time=_optional(instants),
    provider=_optional(providers),
    extras=extras(_KEYS),
)
items = st.builds(
    newsitem.NewsItem,
    **_COMMON,
    category=_optional(st.one_of(st.just("news"), texts)),
    published_date_time=instants,
    original_url=_optional(texts),
    heat=_optional(integers),
    published=_optional(st.booleans()),
    removed=_optional(st.booleans()),
    featured_content=_optional(texts),
    provider=providers,
    topics=st.lists(texts, max_size=3),
    tags=st.lists(texts, max_size=2),
    related=st.lists(related_items, max_size=2),
    secured=_optional(texts.map(newsitem.Secured)),
    extras=extras(
        _KEYS
        | {
            "category",
            "originalUrl",
            "heat",
            "published",
            "removed",
            "featuredContent",
            "topics",
            "tags",
            "related",
            "secured",
        }
    ),
    body=st.one_of(st.just("\n"), texts),
)
