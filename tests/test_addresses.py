"""Addresses: which are the same, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsitem._query.addresses import canonical, connected, finder


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/a/b?x=1&y=2",
        "//www.example.com/a/b?x=1&y=2",
        "www.example.com/a/b?x=1&y=2",
        " https://EXAMPLE.com:443/a/b/?y=2&x=1\n",
        "https://www.example.com/a/b//?x=1&utm_source=n&y=2&fbclid=z&UTM_Medium=m#part",
        "http://example.com:80/a/b?&x=1&&y=2&gclid",
    ],
)
def test_same(other: str) -> None:
    """Scheme, www, usual port, slashes at the end, fragment, order and tracking of parameters make no difference."""
    url = "https://www.example.com/a/b?x=1&y=2"
    assert canonical(other) == canonical(url) == "example.com/a/b?x=1&y=2"
    assert finder(url)([other])
    assert finder(other)([url])


@pytest.mark.parametrize(
    "other",
    [
        "https://example.com/a/c?x=1",
        "https://example.com/A/b?x=1",
        "https://example.com/a/b?x=2",
        "https://example.com/a/b?x=1&id=2",
        "https://example.com/a/b",
        "https://example.com:8080/a/b?x=1",
        "https://amp.example.com/a/b?x=1",
        "https://example.com/a%2Fb?x=1",
        "https://example.org/a/b?x=1",
        "",
    ],
)
def test_different(other: str) -> None:
    """Another host, port, path, upper case in the path, or parameter is another address."""
    url = "https://example.com/a/b?x=1"
    assert canonical(other) != canonical(url)
    assert not finder(url)([other])
    assert not finder(other)([url])


def test_letters_may_be_encoded() -> None:
    """Letters beyond ASCII are the same percent-encoded, and bytes that are no UTF-8 stay different."""
    assert canonical("https://example.com/caf%C3%A9/%d7%90-x") == canonical("https://example.com/café/א-x")
    assert finder("https://example.com/caf%C3%A9-noir")(["https://example.com/café-noir"])
    assert canonical("https://example.com/?q=caf%c3%a9") == canonical("https://example.com/?q=café")
    assert canonical("https://example.com/%FF") != canonical("https://example.com/%FE")


@given(st.text(alphabet=st.sampled_from("ahtps:/?#&=%.wé41utm_ \n@[]"), max_size=40))
def test_any_text(text: str) -> None:
    """Any text finds itself unless it is empty, and is the same with any scheme."""
    assert finder(text)([text]) == (canonical(text) != "")
    assert canonical(f"http://h{text}") == canonical(f"//www.h{text}") == canonical(f"h{text}") or "//" in text


@given(st.lists(st.sets(st.integers(0, 12), max_size=3), max_size=14))
def test_connected(marks: list[set[int]]) -> None:
    """Groups are those that joining any two groups with a common mark, until there are none, gives too."""
    groups = [({place}, set(own)) for place, own in enumerate(marks)]
    joined = True
    while joined:
        joined = False
        for one in groups:
            for other in groups:
                if one is not other and one[1] & other[1]:
                    one[0].update(other[0])
                    one[1].update(other[1])
                    groups.remove(other)
                    joined = True
                    break
            if joined:
                break
    assert connected(range(len(marks)), marks) == sorted(sorted(group) for group, _ in groups)
