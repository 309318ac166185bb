"""Item and its old text -> new text: only the entries that differ are written anew.

The old text is composed again and compared with the item, entry by entry. What differs is replaced at its
place: a scalar alone, a removed entry with its lines, an added one behind the key that the publisher would
write before it. Inside a flow collection, an alias or a merge, the smallest enclosing block entry is replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Any, Final

import attrs

from newsitem import _frontmatter, _general
from newsitem._align import Fate, Identity, Origin, align
from newsitem._check import comparable
from newsitem._frontmatter import FrontMatter
from newsitem._nodes import DASH, SPACE, Alias, Mapping, Node, Scalar, Sequence, resolved
from newsitem._render import after_colon, block_mapping, entry, is_block, line_break, node, render
from newsitem._scalars import escaped
from newsitem._schema import DATA, INDENT, Key, element, entries, keys
from newsitem._structure import value_of
from newsitem._values import MERGE, is_merge, is_null_node, key_text, merged
from newsitem.errors import LimitError, NewsItemError
from newsitem.model import NewsItem

_ROUNDS: Final = 5
_COLON: Final = re.compile(rf"(?:{SPACE})*+:")
_BLANK_WITH_TAB: Final = re.compile(r"^ *\t[ \t]*(?=#|\r?$)", re.MULTILINE)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_IN_PLACE: Final = (Fate.KEPT, Fate.EDITED)
_COMMENTS: Final = re.compile(r"(?:[ \t]*+(?:#.*+)?(?:\r\n|\r|\n|\Z))+")
_BEFORE_COMMENT: Final = re.compile(r"^[ \t]+(?=#)", re.MULTILINE)
_EXPLICIT: Final = re.compile(r"\?[ \t]*\Z")


@attrs.frozen
class _Edit:
    """A part of the text, and what comes in its place."""

    start: int
    end: int
    text: str


def splice(text: str, parts: FrontMatter, item: NewsItem) -> str | None:
    """Give the front matter of *text*, whose parts are *parts*, with the differences of *item* written into it.

    If the finest edits do not read back as the item, whole entries are written anew; after that, lines that look empty
    but hold a tab are emptied too, as such lines may only follow plain text. Gives ``None`` if all that fails.
    """
    content = _until_equal(text, parts, item, coarse=False)
    if content is None:
        content = _until_equal(text, parts, item, coarse=True)
    if content is None:
        parts = parts._replace(content=_without_blank_tabs(text, parts))
        content = _until_equal(_frontmatter.join(parts, parts.content, parts.body), parts, item, coarse=True)
    return content


def _without_blank_tabs(text: str, parts: FrontMatter) -> str:
    """Give the content with those lines emptied that look empty but hold a tab, outside quotes and block scalars."""
    nodes = _walk(_general.tree(text, parts))
    texts = sorted((each.start, each.end) for each in nodes if isinstance(each, Scalar) and each.style)
    starts = [start for start, _ in texts]
    first = len(parts.opening)

    def emptied(match: re.Match[str]) -> str:
        place = first + match.start()
        at = bisect_right(starts, place) - 1
        return match[0] if at >= 0 and place < texts[at][1] else ""

    return _BLANK_WITH_TAB.sub(emptied, parts.content)


def _until_equal(text: str, parts: FrontMatter, item: NewsItem, *, coarse: bool) -> str | None:
    """Edit, read again, and edit what an anchor carried along, until the text reads as the item."""
    blocks: tuple[str, ...] = ()
    for tries in range(_ROUNDS):
        try:
            root = _general.tree(text, parts)
            found = _general.to_item(text, root)
        except NewsItemError as error:
            if tries == 0 or isinstance(error, LimitError):  # what was read once is refused only by other limits
                raise
            return None
        found.body = item.body
        if found == item:
            return parts.content if _stands(parts, item) else None
        nodes = _walk(root)
        mode = _Mode(coarse, blocks, any(isinstance(each, Alias) for each in nodes))
        blocks = tuple(text[each.start : each.end] for each in nodes if _is_block_scalar(each))
        text = _edited(text, parts, root, item, mode)
        end = len(text) - len(parts.closing) - len(parts.body)
        if text[:end].endswith("\r"):  # a line end to YAML, but not to what looks for the fence
            text = f"{text[:end]}\n{text[end:]}"
            end += 1
        parts = parts._replace(content=text[len(parts.opening) : end])
    return None


def _stands(parts: FrontMatter, item: NewsItem) -> bool:
    """Tell whether fences and content are found again where they are, once they are one text."""
    found = _frontmatter.split(_frontmatter.join(parts, parts.content, item.body))
    return (found.content, found.body) == (parts.content, item.body)


def _edited(text: str, parts: FrontMatter, root: Node, item: NewsItem, mode: _Mode) -> str:
    """Write the differences into the whole *text*; aliases whose anchor goes are written out."""
    lost: frozenset[int] = frozenset()
    while True:
        editor = _Editor(text, parts, mode, lost)
        editor.root(root, item)
        now_lost = lost | editor.lost_anchors(root)
        if now_lost == lost:
            return editor.apply()
        lost = now_lost


def _is_block_scalar(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style in ("|", ">")


def _walk(root: Node) -> list[Node]:
    """List all nodes of the text, aliases not followed."""
    found = [root]
    for each in found:
        if isinstance(each, Sequence):
            found += each.items
        elif isinstance(each, Mapping):
            found += [part for pair in each.pairs for part in pair]
    return found


@attrs.frozen
class _Mode:
    """How a text is edited."""

    coarse: bool
    """Whether entries of the item's own mapping are written anew as a whole."""
    blocks: tuple[str, ...]
    """The block scalars that the text held before its last edits; none for the first edits."""
    has_alias: bool


@attrs.frozen
class _Entry:
    """An entry of a block mapping as it stands in the text."""

    name: str
    start: int
    behind: int
    """The place behind the colon."""
    end: int
    value: Node
    is_merge: bool
    key: Node


def _of_one_kind(old: Node, value: Any) -> bool:
    """Tell whether a new value may keep the anchor of the old: a merge key cannot name a scalar."""
    if isinstance(value, list):
        return isinstance(old, Sequence)
    if isinstance(value, dict) or is_block(value):
        return isinstance(old, Mapping)
    return isinstance(old, Scalar)


def _is_unset(old: Node) -> bool:
    """Tell whether a key of the model says nothing: null, or a list without entries."""
    target = resolved(old)
    return is_null_node(old) or (isinstance(target, Sequence) and all(is_null_node(each) for each in target.items))


def _places(staying: list[_Entry], added: list[str], order: tuple[str, ...]) -> dict[int, list[str]]:
    """Find behind which entry each added one goes: the last that the publisher would write before it.

    Names that *order* does not know go to the end. Before the first is ``-1``.
    """
    rank = {name: index for index, name in enumerate(order)}
    rank[MERGE] = -1  # what a merge key gives, an entry behind it replaces
    places = sorted((rank[each.name], index) for index, each in enumerate(staying) if each.name in rank)
    groups: dict[int, list[str]] = {}
    for name in added:
        place = len(staying) - 1
        if name in rank:
            before = bisect_left(places, (rank[name], -1))
            place = places[before - 1][1] if before else -1
        groups.setdefault(place, []).append(name)
    return groups


class _Editor:
    """Collects the edits that turn a text into that of an item."""

    def __init__(self, text: str, parts: FrontMatter, mode: _Mode, lost: frozenset[int]) -> None:
        self.text = text
        self.line_end = parts.line_end
        self.stop = len(parts.opening) + len(parts.content)
        self.lines = [match.end() for match in _LINE_END.finditer(text, 0, self.stop + len(parts.closing))]
        self.mode = mode
        self.lost = lost
        self.edits: list[_Edit] = []
        self.values: dict[tuple[int, Key], Any] = {}

    # -- edits -----------------------------------------------------------------------------------------------

    def replace(self, start: int, end: int, text: str) -> None:
        self.edits.append(_Edit(start, end, text))

    def new(self, text: str) -> str:
        """Give new lines the line end of the file."""
        return text if self.line_end == "\n" else text.replace("\n", self.line_end)

    def apply(self, start: int = 0, stop: int | None = None) -> str:
        """Give the text, or a part of it that holds all edits, as they make it."""
        pieces = []
        at = start
        for edit in sorted(self.edits, key=lambda edit: (edit.start, edit.end)):
            pieces += [self.text[at : edit.start], edit.text]
            at = max(at, edit.end)
        return "".join([*pieces, self.text[at:stop]])

    def lost_anchors(self, root: Node) -> frozenset[int]:
        """Find the values with an anchor that the edits remove, while an alias of theirs stays."""
        if not self.mode.has_alias:
            return frozenset()
        gone = sorted((edit for edit in self.edits if edit.end > edit.start), key=lambda edit: edit.start)
        starts = [edit.start for edit in gone]

        def goes(each: Node) -> bool:
            at = bisect_right(starts, each.start) - 1
            return at >= 0 and each.start < gone[at].end and f"&{each.anchor} " not in f"{gone[at].text} "

        nodes = _walk(root)
        going = {id(each) for each in nodes if each.anchor and not isinstance(each, Alias) and goes(each)}
        return frozenset(
            id(each.target) for each in nodes if isinstance(each, Alias) and id(each.target) in going and not goes(each)
        )

    # -- places ----------------------------------------------------------------------------------------------

    def line_start(self, index: int) -> int:
        line = bisect_right(self.lines, index)
        return self.lines[line - 1] if line else 0

    def line_stop(self, index: int) -> int:
        match = _LINE_END.search(self.text, index)
        assert match is not None, "the front matter ends with a line"
        return match.start()

    def next_line(self, index: int) -> int:
        return self.lines[bisect_right(self.lines, index)]

    def column(self, index: int) -> int:
        return index - self.line_start(index)

    def starts_line(self, index: int) -> bool:
        return self.text[self.line_start(index) : index].strip(" ") == ""

    def entries(self, mapping: Mapping) -> list[_Entry]:
        found = []
        for key, value in mapping.pairs:
            start = key.start
            if explicit := _EXPLICIT.search(self.text, self.line_start(start), start):
                start = explicit.start()
            colon = _COLON.match(self.text, key.end)
            behind = key.end if colon is None else colon.end()
            name = MERGE if is_merge(key) else key_text(key)
            found.append(_Entry(name, start, behind, max(behind, value.end), value, is_merge(key), key))
        return found

    def dashes(self, sequence: Sequence) -> list[int]:
        found = []
        at = sequence.start
        for item in sequence.items:
            dash = DASH.match(self.text, at)
            assert dash is not None, "a block sequence has a dash before each entry"
            found.append(dash.end() - 1)
            at = max(item.end, dash.end())
        return found

    # -- comparison ------------------------------------------------------------------------------------------

    def value_of(self, old: Node, key: Key) -> Any:
        """Give what a node of the old text holds; each is read once."""
        place = id(resolved(old)), key
        if place not in self.values:
            self.values[place] = value_of(old, key)
        return self.values[place]

    def is_lost(self, old: Node) -> bool:
        return isinstance(old, Alias) and id(old.target) in self.lost

    def same(self, old: Node, value: Any, key: Key) -> bool:
        if self.lost and any(self.is_lost(each) for each in _walk(old)):
            return False
        found = self.value_of(old, key)
        return bool(comparable(found) == comparable(value) if key is DATA else found == value)

    # -- mappings --------------------------------------------------------------------------------------------

    def root(self, root: Node, item: NewsItem) -> None:
        if isinstance(root, Mapping) and not root.flow:
            self.mapping(root, item, is_root=True)
        else:
            self.replace(root.start, root.end, self.new(escaped(render(item)).removesuffix("\n")))

    def mapping(self, old: Mapping, value: object, *, is_root: bool = False) -> None:
        """Edit the entries of a block mapping."""
        wanted = {name: (child, key) for name, child, key in entries(value)}
        cls: type = type(value)
        model = () if cls is dict else tuple(key.name for key in keys(cls))
        found = self.entries(old)
        inherited = self.inherited(old, wanted, model)
        stays = [
            inherited is not None
            if each.is_merge
            else not self.is_lost(each.key) and (each.name in wanted or (each.name in model and _is_unset(each.value)))
            for each in found
        ]
        if not any(stays):
            self.replace(found[0].start, old.end, self.new(block_mapping(value, self.column(found[0].start))))
            return
        for each, stay in zip(found, stays, strict=True):
            if stay and each.name in wanted and not each.is_merge:
                self.entry(each, *wanted[each.name], whole=self.mode.coarse and is_root)
        self.remove([(each.start, each.end) for each in found], stays)
        there = {each.name for each in found if not (each.is_merge or self.is_lost(each.key))}
        there |= {
            name for name, child in (inherited or {}).items() if name in wanted and self.same(child, *wanted[name])
        }
        added = [name for name in wanted if name not in there]
        staying = [each for each, stay in zip(found, stays, strict=True) if stay]
        for place, group in _places(staying, added, model or tuple(wanted)).items():
            self.insert(staying, place, [(name, *wanted[name]) for name in group], is_root)

    def inherited(self, old: Mapping, wanted: dict[str, Any], model: tuple[str, ...]) -> dict[str, Node] | None:
        """Give what merge keys add to a mapping, or ``None`` if they must go.

        They must go if they give what is not wanted, or name an anchor that goes.
        """
        own = {key_text(key) for key, _ in old.pairs if not is_merge(key)}
        merges = [value for key, value in old.pairs if is_merge(key)]
        if any(self.is_lost(each) for merge in merges for each in _walk(merge)):
            return None
        added = {name: child for name, child in merged(old).items() if name not in own}
        if any(name not in wanted and not (name in model and _is_unset(child)) for name, child in added.items()):
            return None
        return added

    def entry(self, old: _Entry, value: Any, key: Key, *, whole: bool) -> None:
        """Edit the value of an entry of a block mapping, if it differs."""
        if not self.same(old.value, value, key) and (whole or not self.inside(old.value, value, key)):
            self.value(old.value, old.behind, value, key, self.column(old.start))

    def inside(self, old: Node, value: Any, key: Key) -> bool:
        """Edit below a value, where both the old and the new one are block collections of a kind."""
        if not is_block(value):
            return False
        if isinstance(old, Sequence) and not old.flow and isinstance(value, list):
            self.sequence(old, value, key)
            return True
        if isinstance(old, Mapping) and not old.flow and not isinstance(value, list):
            self.mapping(old, value)
            return True
        return False

    def value(self, old: Node, behind: int, value: Any, key: Key, column: int) -> None:
        """Replace a value as a whole; *behind* is the place behind its colon or dash.

        Its anchor stays, unless the text could not be read if it did: an alias may stand for another type.
        """
        if self.gives_back(old, column):
            return
        anchor = f" &{old.anchor}" if old.anchor and not self.mode.coarse and _of_one_kind(old, value) else ""
        text = anchor + self.new(after_colon(value, key, column))
        in_line = (isinstance(old, Scalar | Alias) or old.flow) and not self.mode.coarse
        if in_line and old.end > old.start and not is_block(value):
            self.replace(old.start, old.end, text.lstrip())
        else:
            self.replace(behind, max(behind, old.end), text)

    def gives_back(self, old: Node, column: int) -> bool:
        """Take out of a block scalar what an edit put under it: comments move to the margin, empty lines go."""
        text = self.text[old.start : old.end]
        before = max((each for each in self.mode.blocks if text.startswith(each)), key=len, default=text)
        taken = text.removeprefix(before)
        if not taken or _COMMENTS.fullmatch(taken) is None:
            return False
        self.replace(old.end - len(taken), old.end, _BEFORE_COMMENT.sub(" " * column, taken) if taken.strip() else "")
        return True

    def remove(self, spans: list[tuple[int, int]], stays: list[bool]) -> None:
        """Remove the lines of entries; where the first stands behind a dash, the next one moves up to it."""
        first = stays.index(True)
        if self.starts_line(spans[0][0]) or first == 0:
            first = 0
        elif any(self.gap(before[1], after[0]) for before, after in pairwise(spans[: first + 1])):
            self.replace(spans[0][0], self.line_stop(spans[0][1]), "")
            first = 1
        else:
            self.replace(spans[0][0], spans[first][0], "")
        for (start, end), stay in zip(spans[first:], stays[first:], strict=True):
            if not stay:
                self.replace(self.line_start(start), self.next_line(end), "")

    def gap(self, before: int, after: int) -> str:
        """Give the comments between two entries."""
        return self.text[self.next_line(before) : self.line_start(after)].strip()

    def insert(self, staying: list[_Entry], place: int, added: list[tuple[str, Any, Key]], is_root: bool) -> None:
        """Add entries behind the one at *place*, or before the first; those that stand apart between empty lines."""
        column = self.column(staying[0].start)
        texts = [entry(name, value, key, column) for name, value, key in added]
        apart = [is_root and (key.apart or (key is DATA and is_block(value))) for _, value, key in added]
        if place < 0:
            text = "".join(each + line_break(column) for each in texts)
            self.replace(staying[0].start, staying[0].start, self.new(text))
            return
        text = ""
        for index, each in enumerate(texts):
            empty = apart[index] or (index > 0 and apart[index - 1])
            text += ("\n" if empty else "") + " " * column + each + "\n"
        at = self.next_line(staying[place].end)
        if apart[-1] and at < self.stop and self.text[at : self.next_line(at)].strip():
            text += "\n"
        self.replace(at, at, self.new(text))

    # -- sequences -------------------------------------------------------------------------------------------

    def sequence(self, old: Sequence, values: list[Any], key: Key) -> None:
        """Edit the entries of a block sequence: each stays, moves, changes, comes or goes with its own lines."""
        child = element(key)
        dashes = self.dashes(old)
        spans = [(dash, max(item.end, dash + 1)) for item, dash in zip(old.items, dashes, strict=True)]
        before = [self.identity_of(item, child) for item in old.items]
        origins = align(before, [_identity(value, child) for value in values])
        empty = {index for index, item in enumerate(old.items) if before[index] is None and not self.is_lost(item)}
        in_place = {each.old for each in origins if each.fate in _IN_PLACE}
        staying = in_place | empty
        if not staying:
            text = node(values, key, self.column(dashes[0]))
            self.replace(dashes[0], spans[-1][1], self.new(text))
            return
        behind = -1 if in_place else max(empty)
        coming: dict[int, list[str]] = {}
        for origin, value in zip(origins, values, strict=True):
            if origin.fate is Fate.EDITED:
                self.item(old.items[origin.old], dashes[origin.old], value, child)
            if origin.fate in _IN_PLACE:
                behind = origin.old
            else:
                coming.setdefault(behind, []).append(self.lines_of(origin, old, spans, value, child))
        self.remove(spans, [index in staying for index in range(len(spans))])
        self.insert_items(coming, spans, min(staying))

    def identity_of(self, item: Node, key: Key) -> Identity | None:
        """Give what the alignment compares of an entry, or ``None`` for an empty one, which no item shows."""
        if key is not DATA and is_null_node(item):
            return None
        identity = _identity(self.value_of(item, key), key)
        lost = bool(self.lost) and any(self.is_lost(each) for each in _walk(item))
        return Identity(None, identity.name) if lost else identity

    def item(self, old: Node, dash: int, value: Any, key: Key) -> None:
        """Edit an entry of a block sequence."""
        if self.inside(old, value, key):
            return
        if is_block(value):
            text = " " + self.new(node(value, key, self.column(dash) + INDENT))
            self.replace(dash + 1, max(dash + 1, old.end), text)
        else:
            self.value(old, dash + 1, value, key, self.column(dash))

    def edited(self, old: Node, dash: int, end: int, value: Any, key: Key) -> str:
        """Give the lines of an entry of a block sequence as an edit makes them, which goes elsewhere with them."""
        edits, self.edits = self.edits, []
        self.item(old, dash, value, key)
        lines = self.apply(dash, self.next_line(end))
        self.edits = edits
        return lines

    def lines_of(self, origin: Origin, old: Sequence, spans: list[tuple[int, int]], value: Any, key: Key) -> str:
        """Give the lines of an entry that is new where it is now, from its dash on."""
        if origin.fate is Fate.NEW or self.mode.has_alias:
            return self.new("- " + node(value, key, self.column(spans[0][0]) + INDENT) + "\n")
        dash, end = spans[origin.old]
        if origin.fate is Fate.MOVED:
            return self.text[dash : self.next_line(end)]
        return self.edited(old.items[origin.old], dash, end, value, key)

    def insert_items(self, coming: dict[int, list[str]], spans: list[tuple[int, int]], first: int) -> None:
        """Put lines of entries behind the entries at their places, or before the first that stays."""
        spaces = " " * self.column(spans[0][0])
        for place, texts in coming.items():
            if place < 0:
                at = spans[first][0]
                self.replace(at, at, "".join(text + spaces for text in texts))
            else:
                at = self.next_line(spans[place][1])
                self.replace(at, at, "".join(spaces + text for text in texts))


def _identity(value: object, key: Key) -> Identity:
    whole = node(value, key, 0)
    name = None
    if is_block(value) and not isinstance(value, list):
        name = next((child for _, child, _ in entries(value) if isinstance(child, str)), None)
    return Identity(whole, name)
