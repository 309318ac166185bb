"""Compute the edits that turn a source text into the text of an item: change, add, remove and move entries."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from itertools import compress, pairwise
from typing import Any

from newsitem._codec.alignment import Origin
from newsitem._codec.comparison import Comparison, is_unset, places
from newsitem._codec.entries import (
    Entry,
    Gaps,
    Item,
    Pair,
    dash_width,
    has_comment,
    indicator_comment,
    items_of,
    keys_apart,
    lines_of,
    pairs_of,
    starts_below,
    tied_items,
    usual_gaps,
    with_comments,
)
from newsitem._codec.flow import Cell, combined, opening, quote_of, quotes_of
from newsitem._codec.render import block_mapping, entry, flow, flow_pair, is_block, line_break, node, render
from newsitem._codec.source import Edit
from newsitem._codec.structure import is_merge, merged
from newsitem._schema.fields import INDENT, Key, changed_values, entries, keys_by_name
from newsitem._schema.kinds import Kind, element_of
from newsitem._yaml.blocks import BlockMapping
from newsitem._yaml.nodes import (
    WHITE_SPACE,
    Alias,
    Collection,
    Mapping,
    Node,
    Scalar,
    Sequence,
    content_start,
    has_text,
    resolved,
    walk,
)
from newsitem._yaml.scalars import escaped, written_key
from newsitem.items import FrontMatter

Wanted = dict[str, tuple[Any, Kind]]
"""The wanted keys of a mapping, with their values."""


class Editor(Comparison):
    """Collects the edits that turn a text into that of an item."""

    is_aside = False
    """Whether the edits are applied to the text of a single entry, and not to the source text."""

    # Mappings

    def root(self, root: Node, before: FrontMatter, item: FrontMatter) -> None:
        """Edit the entire front matter, which was read as *before*."""
        if isinstance(root, Mapping):
            self.mapping(root, before, item)
        elif root.start == root.end:  # the front matter is empty or contains only comments
            self.replace(self.source.stop, self.source.stop, escaped(render(item)))
        else:
            self.replace(root.start, root.end, escaped(render(item)).removesuffix("\n"))

    def mapping(self, old: Mapping, before: object, value: object) -> None:
        """Edit the entries of a mapping, which was read as *before*."""
        pairs = pairs_of(self.source, old)
        if isinstance(old, BlockMapping) and self.values_alone(pairs, before, value):
            return
        wanted, model = self.wanted(pairs, before, value)
        inherited = self.inherited(old, pairs, wanted, model)
        merged_values = inherited or {}
        stays = [self.stays(pair, wanted, model, inherited) for pair in pairs]
        staying = list(compress(pairs, stays))
        present = {pair.name for pair in staying if not pair.is_merge}
        present |= {name for name, child in merged_values.items() if name in wanted and self.same(child, *wanted[name])}
        added = places(staying, [name for name in wanted if name not in present], tuple(model or wanted), merged_values)
        own = {name: wanted[name] for name in wanted.keys() - merged_values.keys()}
        if old.flow:
            quotes = quotes_of(pairs)
            new = {place: [flow_pair(name, *wanted[name], *quotes) for name in names] for place, names in added.items()}
            self.flow_mapping(old, pairs, stays, own, new)
            return
        if not staying:
            self.replace_all(pairs, block_mapping(value, self.source.column(pairs[0].start)))
            return
        # *before* lacks the values that a merge key overrides. It is ``None`` if one overrides an invalid mapping.
        is_read = before is not None and not any(pair.is_merge for pair in pairs)
        values = {name: child for name, child, _ in entries(before, value)} if is_read else {}
        for pair in staying:
            if pair.name in own and not pair.is_merge:
                child, kind = own[pair.name]
                known = values.get(pair.name) if is_read else self.value_of(pair.value, kind)
                self.entry(pair, known, child, kind)
        removed: dict[int, int] = {}
        if len(staying) < len(pairs):
            lines = [lines_of(self.source, pair) for pair in pairs]
            self.remove(pairs, stays, lines)
            removed = {span.start: span.stop for span, stay in zip(lines, stays, strict=True) if not stay}
        if not added:
            return
        stop = self.source.stop if isinstance(value, FrontMatter) else lines_of(self.source, pairs[-1]).stop
        apart = keys_apart(pairs, wanted, model)
        gaps = Gaps(*usual_gaps(self.source, pairs, apart), apart, removed, stop, is_moved=self.is_aside)
        overridden = {pair.name: pair for pair in pairs if pair.name in merged_values}
        for place, names in added.items():
            texts = {name: self.added(name, *wanted[name], overridden.get(name), pairs[0].start) for name in names}
            self.insert(staying, place, texts, gaps)

    def values_alone(self, pairs: list[Pair], before: object, value: object) -> bool:
        """Edit the entries of a mapping if it keeps its keys, and return whether it does."""
        pairs_by_name = {pair.name: pair for pair in pairs}
        changed = changed_values(before, value)
        if changed is None or any(name not in pairs_by_name for name, *_ in changed):  # a validator may set others
            return False
        for name, known, child, kind in changed:
            self.entry(pairs_by_name[name], known, child, kind)
        return True

    def wanted(self, pairs: list[Pair], before: object, value: object) -> tuple[Wanted, dict[str, Key]]:
        """Return the wanted keys of a mapping, including those that stay although they are unset, and its model."""
        wanted = {name: (child, kind) for name, child, kind in entries(value, before)}
        cls: type = type(value)
        model = {} if cls is dict else keys_by_name(cls)
        unwanted = (pair for pair in pairs if pair.name not in wanted)
        unset = {pair.name: child for pair in unwanted if (child := self.written_unset(pair, model.get(pair.name)))}
        return wanted | unset, model

    def added(self, name: str, value: Any, kind: Kind, overridden: Pair | None, start: int) -> str:
        """Return the text of an entry to add to a block mapping, without the indentation and the last line end.

        If a merge key overrides an entry with this key, the text consists of its lines with the value edited.
        """
        if overridden is None or any(node.anchor for node in walk(overridden.value)):
            return entry(name, value, kind, self.source.column(start))
        return self.moved(overridden, lines_of(self.source, overridden), value, kind).text.removesuffix("\n")

    def flow_mapping(
        self, old: Mapping, pairs: list[Pair], stays: list[bool], wanted: Wanted, added: dict[int, list[str]]
    ) -> None:
        """Edit the entries of a flow mapping. *added* are the pairs to insert after each of the entries that stay."""
        _, quote = quotes_of(pairs)
        cells = [Cell(None, text) for text in added.get(-1, ())]
        for number, (place, pair) in enumerate(compress(enumerate(pairs), stays)):
            text = self.text[pair.start : pair.end]
            if pair.name in wanted and not pair.is_merge:
                text = self.flow_text(pair, *wanted[pair.name], quote)
            cells += [Cell(place, text), *(Cell(None, text) for text in added.get(number, ()))]
        self.edits.append(combined(self.source, old, pairs, cells))

    def flow_text(self, old: Node | Pair, value: Any, kind: Kind, quote: str) -> str:
        """Return the text of an entry of a flow collection with its value edited. New text is in the *quote*."""
        child = old.value if isinstance(old, Pair) else old
        editor = self.aside()
        if not (self.same(child, value, kind) or editor.inside(child, value, kind)):
            if isinstance(old, Pair) and child.start == child.end:
                editor.replace(old.value_start, old.end, f"{'' if old.has_colon else ':'} {flow(value, kind, quote)}")
            else:
                editor.replace(child.start, child.end, self.anchor(child, value) + flow(value, kind, quote))
        return self.source.edited(editor.edits, old.start, old.end).text

    def aside(self) -> Editor:
        """Return an editor for a single entry: a copy of this one without edits."""
        editor = copy(self)
        editor.edits = []
        editor.is_aside = True
        return editor

    def stays(self, pair: Pair, wanted: Wanted, model: dict[str, Key], inherited: dict[str, Node] | None) -> bool:
        """Return whether an entry of a mapping stays, with its old value or a new one."""
        if pair.is_merge:
            return inherited is not None
        if inherited and pair.name in inherited:  # a merge key after the entry overrides it
            return pair.name not in wanted or self.same(inherited[pair.name], *wanted[pair.name])
        if self.lost and self.is_lost(pair.key):
            return False
        return pair.name in wanted or is_unset(pair.value, model.get(pair.name))

    def inherited(
        self, old: Mapping, pairs: list[Pair], wanted: Wanted, model: dict[str, Key]
    ) -> dict[str, Node] | None:
        """Return the values that merge keys add to a mapping, or ``None`` if the merge keys must be removed.

        They must be removed if they add an unwanted key or refer to an anchor that is removed.
        """
        merges = [pair.value for pair in pairs if pair.is_merge]
        if not merges:
            return {}
        if any(self.is_lost(node) for merge in merges for node in walk(merge)):
            return None
        own = {id(value) for key, value in old.pairs if not is_merge(key)}
        added = {name: child for name, child in merged(old, []).items() if id(child) not in own}
        is_unwanted = any(name not in wanted and not is_unset(child, model.get(name)) for name, child in added.items())
        return None if is_unwanted else added

    def entry(self, old: Pair, known: Any, value: Any, kind: Kind) -> None:
        """Edit the value of an entry of a block mapping, which was read as *known*, if it differs."""
        if not self.lost and kind.is_same(known, value):  # without making the node
            return
        self.values[id(resolved(old.value)), kind] = known
        self.value(old, value, kind)

    def inside(self, old: Node, value: Any, kind: Kind) -> bool:
        """Edit inside a value if the old and the new value are collections of one kind, and return whether they are."""
        if self.mode.in_full or isinstance(old, Scalar | Alias):
            return False
        if isinstance(value, list) is not isinstance(old, Sequence):
            return False
        if not is_block(value) and (value not in ([], {}) or not (old.flow or self.has_empty(old, kind))):
            return False
        if old.flow and opening(self.source, old.start) is None:  # a pair without braces
            return False
        before = self.value_of(old, kind)
        if isinstance(old, Sequence):
            self.sequence(old, before, value, kind)
        else:
            self.mapping(old, before, value)
        return True

    def value(self, entry: Entry, value: Any, kind: Kind) -> None:
        """Edit the value of an entry of a block if it differs: inside, or as a whole.

        A comment on the line of the colon stays there.
        """
        old, value_start, column = entry.value, entry.value_start, self.source.column(entry.start)
        if self.same(old, value, kind) or self.inside(old, value, kind):
            return
        anchor = self.anchor(old, value)
        below = is_block(value)
        if isinstance(old, Collection) and old.flow and below:
            self.replace(old.start, old.end, anchor + flow(value, kind))
            return
        if isinstance(entry, Pair) and not entry.has_colon:  # an explicit key without a value
            self.replace(entry.start, entry.end, f"{written_key(entry.name)}:")
        # A comment of the last entry of a block belongs to it.
        end = self.source.line_stop(old.end) if isinstance(old, Collection) and not old.flow else entry.end
        text = f" {anchor}".rstrip(" ") if below else f" {anchor}{node(value, kind, column)}"
        rest = line_break(column + INDENT) + node(value, kind, column + INDENT) if below else ""
        first = self.source.line_stop(value_start)
        content = content_start(self.text, old)
        inner_comment = indicator_comment(self.source, old)
        if starts_below(self.source, old, value_start):
            self.head(value_start, first, text)
            self.replace(first, self.source.line_stop(end), rest)
        elif not below and old.end > old.start and (content <= first or self.source.column(content) > column):
            if self.source.line_stop(old.start) < content:  # a comment may follow its anchor or tag
                start, space = (value_start, " ") if old.start <= first else (old.start, "")
                self.head(start, self.source.line_stop(old.start), f"{space}{anchor}".rstrip(" "))
                self.replace(content, end, node(value, kind, column) + inner_comment)
            else:
                self.replace(old.start, end, text[1:] + inner_comment)
        elif first < content:
            self.head(value_start, first, text)
            if first < old.start and self.source.line_stop(old.start) < content:  # the line of an anchor or a tag
                self.head(old.start, self.source.line_stop(old.start), "")
            start, stop = self.source.line_start(content), self.source.line_stop(end)
            comment = (inner_comment or self.text[old.end : stop]).strip(WHITE_SPACE)
            properties = self.text[start:content].lstrip(" ")  # they go
            indent = self.text[start : content - len(properties)]
            kept = f"{indent}{comment}{rest}" if comment else rest.lstrip("\r\n")
            self.replace(start, stop if kept else self.source.next_line(stop), kept)
        elif below and isinstance(entry, Item) and not (rest.count("\n") > 1 and has_comment(self.source, end)):
            self.replace(value_start, end, f" {rest.lstrip(WHITE_SPACE)}")
        else:
            self.before_comment(value_start, end, text)
            self.replace(self.source.line_stop(end), self.source.line_stop(end), rest)

    def replace_all(self, old: list[Pair] | list[Item], text: str) -> None:
        """Replace the first of the *old* entries of a block with *text*, and remove the others. Comments stay."""
        self.replace(old[0].start, self.source.line_stop(old[0].end), text)
        for removed in old[1:]:
            lines = lines_of(self.source, removed)
            self.replace(lines.start, lines.stop, "")

    def remove(self, entries: list[Pair] | list[Item], stays: list[bool], lines: list[range]) -> bool:
        """Remove the lines of entries. If the first entry follows a dash, the next one moves up to the dash.

        Returns:
            Whether the first entry that stays follows a dash.
        """
        first = stays.index(True)
        start = entries[0].start
        follows_dash = not self.source.starts_line(start)
        if not follows_dash:
            first = 0
        elif any(has_text(self.text[before.stop : after.start]) for before, after in pairwise(lines[: first + 1])):
            line = self.source.line_start(start)
            dash = line + len(self.text[line:start].rstrip(" "))  # without spaces after it
            self.replace(dash, self.source.line_stop(self.source.line_start(lines[0].stop - 1)), "")
            first, follows_dash = 1, False
        elif first:
            self.replace(start, entries[first].start, "")
        for span, stay in zip(lines[first:], stays[first:], strict=True):
            if not stay:
                self.replace(span.start, span.stop, "")
        return follows_dash

    def insert(self, staying: list[Pair], place: int, added: dict[str, str], gaps: Gaps) -> None:
        """Insert entries after the one at *place*, or before the first, with empty lines around blocks as in *gaps*."""
        column = self.source.column(staying[0].start)
        if place < 0:
            first = min(gaps.removed, default=staying[0].start)
            if first < staying[0].start and self.source.starts_line(first):  # above the comments of the next entry
                self.replace(first, first, "".join(f"{' ' * column}{text}\n" for text in added.values()))
                return
            text = "".join(text + line_break(column) for text in added.values())
            self.replace(staying[0].start, staying[0].start, text)
            return
        end = self.source.after(staying[place].end, column)
        at = self.ends.get(end, end)
        apart = [name in gaps.apart for name in (staying[place].name, *added)]
        for text, (before, after) in zip(added.values(), pairwise(apart), strict=True):
            line_end = ""
            if (gaps.after and before) or (gaps.before and after):
                after_blank = gaps.after_blank(self.source, at)
                line_end, at = ("\n", at) if after_blank is None else ("", after_blank)
            self.replace(at, at, f"{line_end}{' ' * column}{text}\n")
        self.ends[end] = at
        following = gaps.next_line(at)
        if gaps.after and apart[-1] and following < gaps.stop and not self.source.is_blank(following):
            self.replace(at, at, "\n")

    # Sequences

    def sequence(self, old: Sequence, before: list[Any] | None, values: list[Any], kind: Kind) -> None:
        """Edit the entries of a sequence, which was read as *before*.

        In a block, each entry stays, moves, changes, is added or is removed with its own lines.
        """
        child = element_of(kind)
        filled = [item for item in old.items if not self.is_empty(item, child)]
        if before is not None and len(filled) == len(before):
            self.values |= {(id(resolved(item)), child): value for item, value in zip(filled, before, strict=True)}
        origins = self.origins(old, values, child)
        if old.flow:
            self.flow_sequence(old, origins, values, child)
            return
        items = items_of(self.source, old)
        in_place = {origin.old for origin in origins if origin.old is not None and origin.is_in_place}
        staying = in_place.union(place for place, item in enumerate(items) if self.is_empty(item.value, child))
        if not staying:
            self.replace_all(items, node(values, kind, self.source.column(items[0].start)))
            return
        moved = {origin.old for origin in origins} - in_place
        lines = [
            with_comments(self.source, items, place) if place in moved else lines_of(self.source, item)
            for place, item in enumerate(items)
        ]
        after = -1 if in_place else max(staying)
        coming: defaultdict[int, list[Edit]] = defaultdict(list)
        tied = tied_items(old)
        for origin, value in zip(origins, values, strict=True):
            if origin.old is not None and origin.is_in_place:
                after = origin.old
                self.value(items[after], value, child)
            elif origin.old is None or origin.old in tied:
                is_flow = origin.old is not None and getattr(items[origin.old].value, "flow", False)
                width = dash_width(self.source, items[0])
                column = self.source.column(items[0].start) + width
                text = flow(value, child) if is_flow else node(value, child, column)
                coming[after].append(Edit(0, 0, f"{'-'.ljust(width)}{text}\n"))
            else:
                coming[after].append(self.moved(items[origin.old], lines[origin.old], value, child))
        stays = [place in staying for place in range(len(items))]
        follows_dash = self.remove(items, stays, lines)
        first = min(staying)
        for place, edits in coming.items():
            self.insert_items(items, max(place, first), edits, before=place < 0, follows_dash=follows_dash)

    def flow_sequence(self, old: Sequence, origins: list[Origin], values: list[Any], kind: Kind) -> None:
        """Edit the entries of a flow sequence. Empty entries stay after the entry before them."""
        cells = []
        tied = tied_items(old)
        quote = quote_of(item for item in old.items if not self.is_empty(item, kind))
        for origin, value in zip(origins, values, strict=True):
            if origin.old is None or (origin.old in tied and not origin.is_in_place):
                text = flow(value, kind, quote)
            else:
                text = self.flow_text(old.items[origin.old], value, kind, quote)
            cells.append(Cell(origin.old, text))
        after = {cell.old: number for number, cell in enumerate(cells, 1)}
        last, empty = 0, defaultdict[int, list[Cell]](list)
        for place, item in enumerate(old.items):
            last = max(last, after.get(place, 0))
            if self.is_empty(item, kind):
                empty[last].append(Cell(place, self.text[item.start : item.end]))
        cells = [*empty[0], *(each for number, cell in enumerate(cells, 1) for each in (cell, *empty[number]))]
        self.edits.append(combined(self.source, old, old.items, cells))

    def moved(self, entry: Entry, lines: range, value: Any, kind: Kind) -> Edit:
        """Return the lines of an entry that moves, with its value edited."""
        editor = self.aside()
        editor.value(entry, value, kind)
        moved = self.source.edited(editor.edits, lines.start, lines.stop)
        return moved._replace(text=moved.text.lstrip(" "))

    def insert_items(
        self, items: list[Item], place: int, edits: list[Edit], *, before: bool, follows_dash: bool
    ) -> None:
        """Insert the lines of entries after, or *before*, the entry at *place* and its comments.

        If the first entry *follows_dash*, so do those that are inserted before it.
        """
        start = items[place].start
        spaces = " " * self.source.column(start)
        if before and follows_dash:
            self.replace(start, start, "".join(edit.text + spaces for edit in edits))
            return
        lines = with_comments(self.source, items, place)
        at = lines.start if before else self.ends.get(lines.stop, lines.stop)
        self.replace(at, at, "".join(spaces + edit.text for edit in edits), edits[-1].open_block)
