"""ruamel.yaml's scanner, made to accept and refuse what Jekyll does, and to refuse endless tags.

Jekyll (libyaml) accepts a tab wherever a space may be that is not indentation, and has its own rules for the names of
anchors, for tags, and for the first lines of block scalars.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote

from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import TagToken

_MAXIMUM_TAG: Final = 1_000
"""The most characters of a tag: ruamel.yaml decodes them in quadratic time."""
_LINE_ENDS: Final = "\r\n\x85\u2028\u2029"
_ANCHOR: Final = re.compile(r"[A-Za-z0-9_-]*+")
_AFTER_ANCHOR: Final = f"\0 \t{_LINE_ENDS}?:,]}}%@`"
_IN_TAG: Final = r"[A-Za-z0-9_;/?:@&=+$.!~*'()-]|%[0-9A-Fa-f]{2}"
_TAG: Final = re.compile(rf"!(?:<(?:{_IN_TAG}|[,\[\]])++>|(?!!(?![^\0 \t{_LINE_ENDS},]))(?:{_IN_TAG})*+)")
_HANDLE: Final = re.compile(r"(?:!(?:[\w-]*!)?)?", re.ASCII)
_BLOCK_HEADER: Final = re.compile(r"(?:[-+][1-9]?|[1-9][-+]?)?")


class TabScanner(Scanner):
    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.reader.peek() == "\t" and not self.allow_simple_key:
            self.reader.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str] | None:  # noqa: ARG002 - the name is theirs
        """Give what stands between two words of a plain scalar, folded; ``None`` where a document ends."""
        spaces = self._blanks(0)
        ends: list[str] = []
        while self.reader.peek() in _LINE_ENDS:
            ends.append(self.scan_line_break())
            self.allow_simple_key = True
            if self._at_document_marker():
                return None
            self._blanks(indent)
        if not ends:
            return [spaces] if spaces else []
        first = [] if ends[0] == "\n" else ends[:1]
        return [*first, *ends[1:]] if first or ends[1:] else [" "]

    def _blanks(self, indent: int) -> str:
        """Take spaces, and tabs that stand behind the indentation."""
        taken = ""
        while (space := self.reader.peek()) == " " or (space == "\t" and self.reader.column >= indent):
            taken += space
            self.reader.forward()
        return taken

    def _at_document_marker(self) -> bool:
        return self.reader.prefix(3) in ("---", "...") and self.reader.peek(3) in f"\0 \t{_LINE_ENDS}"

    def scan_anchor(self, token: Any) -> Any:
        """Scan an anchor or an alias."""
        start = self.reader.get_mark()
        self.reader.forward()
        name = self._matched(_ANCHOR)
        self.reader.forward(len(name))
        if not name or self.reader.peek() not in _AFTER_ANCHOR:
            raise ScannerError(None, None, "found no name of an anchor", start)
        return token(name, start, self.reader.get_mark())

    def scan_tag(self) -> Any:
        """Scan a tag, if it is one to libyaml too."""
        start = self.reader.get_mark()
        tag = self._matched(_TAG)
        if len(tag) > _MAXIMUM_TAG:
            raise ScannerError(None, None, "found a tag without end", start)
        if not tag or self.reader.peek(len(tag)) not in f"\0 \t{_LINE_ENDS}" + ("," if self.flow_level else ""):
            raise ScannerError(None, None, "found no tag", start)
        self.reader.forward(len(tag))
        handle = None if tag == "!" or tag.startswith("!<") else _HANDLE.match(tag)[0]  # type: ignore[index]
        try:
            suffix = unquote(tag.removeprefix(handle or "").removeprefix("!<").removesuffix(">"), errors="strict")
        except UnicodeDecodeError:
            raise ScannerError(None, None, "found no tag", start) from None
        return TagToken((handle, suffix), start, self.reader.get_mark())

    def _matched(self, pattern: re.Pattern[str]) -> str:
        """Return what comes next, as far as it matches a pattern."""
        found = pattern.match(self.reader.buffer, self.reader.pointer)
        return "" if found is None else found[0]

    def scan_block_scalar_indicators(self, start_mark: Any) -> tuple[bool | None, int | None]:  # noqa: ARG002 - theirs
        """Return how the end of a block scalar is chomped, and its indentation; take what is before a comment."""
        header = self._matched(_BLOCK_HEADER)
        self.reader.forward(len(header))
        self._blanks(0)
        if self.reader.peek() not in f"#\0{_LINE_ENDS}":
            raise ScannerError(None, None, "expected a comment or a line break", self.reader.get_mark())
        digit = header.strip("+-")
        return {"+": True, "-": False}.get(header.strip("123456789")), int(digit) if digit else None

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Any]:
        """Return the empty lines before the text of a block scalar, its indentation, and where these lines end."""
        lines: list[str] = []
        indent = 0
        end = self.reader.get_mark()
        while (character := self.reader.peek()) in f" {_LINE_ENDS}":
            if character == " ":
                self.reader.forward()
                indent = max(indent, self.reader.column)
            else:
                lines.append(self.scan_line_break())
                end = self.reader.get_mark()
        self._require_no_tab()
        return lines, indent, end

    def scan_block_scalar_breaks(self, indent: int) -> tuple[list[str], Any]:
        """Return the empty lines that come next in a block scalar, and where they end."""
        found: tuple[list[str], Any] = super().scan_block_scalar_breaks(indent)
        if self.reader.column < indent:
            self._require_no_tab()
        return found

    def _require_no_tab(self) -> None:
        if self.reader.peek() == "\t":
            raise ScannerError(None, None, "found character '\\t'", self.reader.get_mark())
