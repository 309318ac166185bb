"""The ways in which a front matter is read, one at a time, and how to hold that they agree."""

from __future__ import annotations

from typing import Any

from newsitem import FrontMatter, NewsItem, NewsItemError
from newsitem._codec import front_matter, patterns, pieces, reader, render
from newsitem._yaml import scalars
from newsitem._yaml.blocks import BlockMapping, NotSure
from newsitem._yaml.nodes import Alias, Mapping, Node, Scalar, Sequence


def content_of(text: str) -> str | None:
    """Return the lines of a front matter as the ways without ruamel.yaml read them; ``None`` where they may not."""
    return front_matter.plain_content(text, text.encode(), front_matter.split(text))


def by_pattern(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read what is in the canonical layout."""
    return patterns.read(content, cls)


def by_pieces(content: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | None:
    """Read what people write, where that is sure."""
    try:
        item: FrontMatter = pieces.read(content, cls)
    except NotSure:
        return None
    return item


def by_yaml(text: str, cls: type[FrontMatter] = NewsItem) -> FrontMatter | NewsItemError:
    """Read the whole by the YAML reader, or return why it is refused."""
    try:
        return reader.to_item(text, reader.tree(text, front_matter.split(text), cls), cls)
    except NewsItemError as error:
        return error


def agree(text: str, cls: type[FrontMatter] = NewsItem) -> set[str]:
    """Hold that all ways read a text alike, and return the names of those that read it without ruamel.yaml."""
    content = content_of(text)
    if content is None:
        return set()
    found = {"pattern": by_pattern(content, cls), "pieces": by_pieces(content, cls)}
    read = {way for way, item in found.items() if item is not None}
    if read:
        whole = by_yaml(text, cls)
        assert isinstance(whole, FrontMatter), f"{read} read what is refused: {whole}"
        for way in read:
            item = found[way]
            assert item is not None
            assert item == whole, f"{way} and the YAML reader differ"
            assert repr(item.extras) == repr(whole.extras)
    if "pieces" in read and content == front_matter.split(text).content:
        same_nodes(text, content)
    return read


def same_nodes(text: str, content: str) -> None:
    """Hold that entries, told apart by their lines, have the nodes that they have in the whole."""
    parts = front_matter.split(text)
    whole = reader.tree(text, parts, NewsItem)
    try:
        blocks = BlockMapping(text, content, len(parts.opening))
        assert described(blocks) == described(whole)
    except NotSure:
        pass


def described(node: Node) -> Any:
    """Return what an edit needs to know of a node: what it is, where it begins and ends, and all below it."""
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
