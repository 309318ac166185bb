"""Call each reader of front matter separately, and check that they agree.

The fast readers are the pattern for the canonical layout and the reader of single pieces. The YAML reader can read any
front matter.
"""

from __future__ import annotations

from typing import Any

from newsitem import FrontMatter, NewsItem, NewsItemError
from newsitem._codec import front_matter, patterns, pieces, reader, render
from newsitem._yaml import scalars
from newsitem._yaml.blocks import BlockMapping, NotSure
from newsitem._yaml.nodes import Alias, Mapping, Node, Scalar, Sequence


def content_of(text: str) -> str | None:
    """Return the lines of the front matter for the fast readers, or ``None`` if only the YAML reader may read it."""
    return front_matter.plain_content(text, scalars.Signs(text.encode()), front_matter.split(text))


def by_pattern(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read front matter in the canonical layout. Return ``None`` for any other."""
    match = patterns.read(content, cls)
    return None if match is None else match[0]


def by_pattern_and_pieces(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read front matter in the canonical layout except for entries of lists. Return ``None`` for any other."""
    match = patterns.read(content, cls, list_reader=pieces.read_list)
    return None if match is None else match[0]


def by_pieces(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read hand-edited front matter piece by piece. Return ``None`` if this could go wrong."""
    try:
        item: FrontMatter = pieces.read(content, cls)
    except NotSure:
        return None
    return item


def by_entries(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read hand-edited front matter entry by entry. Return ``None`` if this could go wrong."""
    try:
        item: FrontMatter = pieces.read_entries(content, cls)
    except NotSure:
        return None
    return item


def by_yaml(text: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | NewsItemError:
    """Read the entire front matter with the YAML reader. Return the error if it is refused."""
    try:
        return reader.to_item(text, reader.tree(text, front_matter.split(text), cls), cls)
    except NewsItemError as error:
        return error


def agree(text: str, cls: type[FrontMatter] = NewsItem) -> set[str]:
    """Check that all readers agree on a text, and return the names of the fast readers that can read it.

    "pieces" reads entry by entry only if one pattern does not match. So that is tried too.
    """
    content = content_of(text)
    if content is None:
        return set()
    results = {
        "pattern": by_pattern(content, cls),
        "pattern and pieces": by_pattern_and_pieces(content, cls),
        "pieces": by_pieces(content, cls),
        "entries": by_entries(content, cls),
    }
    readers = {name for name, item in results.items() if item is not None}
    if readers:
        expected = by_yaml(text, cls)
        assert isinstance(expected, FrontMatter), f"{readers} read text that the YAML reader refuses: {expected}"
        for name in readers:
            item = results[name]
            assert item is not None
            assert item == expected, f"{name} and the YAML reader differ"
            assert repr(item.extras) == repr(expected.extras)
    if "pieces" in readers and content == front_matter.split(text).content:
        same_nodes(text, content)
    return readers & {"pattern", "pieces"}


def same_nodes(text: str, content: str) -> None:
    """Check that splitting the text into entries by lines yields the same nodes as composing the entire text."""
    parts = front_matter.split(text)
    composed = reader.tree(text, parts, NewsItem)
    try:
        blocks = BlockMapping(text, content, len(parts.opening))
        assert described(blocks) == described(composed)
    except NotSure:
        pass


def described(node: Node) -> Any:
    """Return the properties of a node that an edit depends on: kind, start, end, style and child nodes."""
    assert not isinstance(node, Alias)
    if isinstance(node, Scalar):
        block = (node.indent, node.column, node.keeps) if node.style in ("|", ">") else ()
        return node.start, node.end, node.text, node.style, block
    if isinstance(node, Sequence):
        return node.end, node.flow, [described(item) for item in node.items]
    assert isinstance(node, Mapping)
    return node.start, node.end, node.flow, [(described(key), described(value)) for key, value in node.pairs]


def agree_and_render(content: str) -> None:
    """Check that all readers agree on content, and that rendering restores content in the canonical layout."""
    text = f"---\n{content}---\n\n"
    if not content.endswith("\n") or front_matter.split(text).content != content:
        return
    if "pattern" in agree(text):
        item = by_pattern(content)
        assert item is not None
        assert scalars.escaped(render.render(item)) == content
