"""Make ruamel.yaml's scanner and parser accept and refuse the same text as Jekyll.

Jekyll reads with libyaml, which implements YAML 1.1: it accepts a tab wherever a space is allowed and is not
indentation, allows only letters, digits, ``-`` and ``_`` in anchor names, and rejects mappings without a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final, cast

from ruamel.yaml.parser import Parser, ParserError
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import FlowEntryToken, FlowSequenceEndToken, ScalarToken, TagToken, ValueToken

from newsitem._yaml.nodes import LINE_ENDS

_MAXIMUM_TAG: Final = 1_000
"""The maximum length of a tag, which ruamel.yaml decodes in quadratic time."""
_LONGEST_KEY: Final = 1_024
"""The maximum length of a key on one line."""
_ENDS: Final = f"\0 \t{LINE_ENDS}"
_NAME: Final = "0-9A-Za-z_-"
_URI: Final = r"0-9A-Za-z_;/?:@&=+$.%!~*'()-"
# Patterns match at the position of the reader. ruamel.yaml ends a text with "\0".
_ANCHOR: Final = re.compile(f"[{_NAME}]*+")
_TAG: Final = re.compile(
    rf"!(?:<([{_URI},\[\]]++)>|([{_NAME}]*!)([{_URI}]++)|(?![{_NAME}]*!)([{_URI}]*+))(?=[{_ENDS}]|(,))"
)
"""A verbatim tag, a handle and its suffix, or a tag without a handle; then the comma that ends it in brackets."""
_ESCAPES: Final = re.compile("%(?:[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*+)?+")
_HEADER: Final = re.compile(rf"((?:[+-][1-9]?|[1-9][+-]?)?)[ \t]*+(?:#[^\0{LINE_ENDS}]*+)?")
_LINE: Final = re.compile(rf"[^\0{LINE_ENDS}]*+")


class LibyamlReader(Reader):
    """A reader with the line ends of YAML 1.1, which include ``U+0085``, ``U+2028`` and ``U+2029``."""

    forward = Reader.forward_1_1


class LibyamlScanner(Scanner):
    """A scanner that produces the tokens of libyaml."""

    def scan_to_next_token(self) -> None:
        super().scan_to_next_token()
        while self.reader.peek() == "\t" and not self.allow_simple_key:
            self.reader.forward()
            super().scan_to_next_token()
        if self.reader.column == 0 and self.reader.peek() == "\ufeff":  # libyaml skips it, but counts a column
            raise ScannerError(None, None, "found a byte order mark", self.reader.get_mark())

    def stale_possible_simple_keys(self) -> None:
        """Drop the positions at which no key can begin any more.

        There is one for each open bracket, and looking at all of them for each token would take quadratic time. They
        are in the order of the text, so none is stale if the first is not.
        """
        first = next(iter(self.possible_simple_keys.values()), None)
        if first is not None and (first.line != self.reader.line or self.reader.index - first.index > _LONGEST_KEY):
            super().stale_possible_simple_keys()

    def next_possible_simple_key(self) -> Any:
        """Return the number of the first token that may be a key."""
        first = next(iter(self.possible_simple_keys.values()), None)
        return first and first.token_number

    def check_value(self) -> bool:
        """Return whether a value follows the colon."""
        return bool(self.flow_level) or self.reader.peek(1) in _ENDS

    def scan_plain(self) -> Any:
        """Scan a plain scalar. In brackets, a colon must not precede another indicator."""
        token = super().scan_plain()
        if self.flow_level and (":?" in token.value or (token.value[-1] == ":" and self.reader.peek() in ",[]{}")):
            raise ScannerError(
                "while scanning a plain scalar", token.start_mark, "found unexpected ':'", token.end_mark
            )
        return token

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str] | None:  # noqa: ARG002 - the name is theirs
        """Return the folded space between two words of a plain scalar, or ``None`` at the end of a document."""
        spaces = self._blanks(0)
        ends: list[str] = []
        while self.reader.peek() in LINE_ENDS:
            ends.append(self.scan_line_break())
            self.allow_simple_key = True
            if self.reader.prefix(3) in ("---", "...") and self.reader.peek(3) in _ENDS:
                return None
            self._blanks(indent)
        if not ends:
            return [spaces] if spaces else []
        return (ends[1:] if ends[0] == "\n" else ends) or [" "]

    def _blanks(self, indent: int) -> str:
        """Consume spaces, and tabs after the indentation."""
        blanks = ""
        while (space := self.reader.peek()) == " " or (space == "\t" and self.reader.column >= indent):
            blanks += space
            self.reader.forward()
        return blanks

    def scan_anchor(self, TokenClass: Any) -> Any:  # noqa: N803 - the name is theirs
        start_mark = self.reader.get_mark()
        self.reader.forward()
        name = self._take(_ANCHOR)[0]
        if not name or self.reader.peek() not in f"{_ENDS}?:,]}}%@`":
            raise ScannerError(None, None, "found no name of an anchor", start_mark)
        return TokenClass(name, start_mark, self.reader.get_mark())

    def scan_tag(self) -> Any:
        start_mark = self.reader.get_mark()
        tag = _TAG.match(self.reader.buffer, self.reader.pointer)
        if tag is None or (tag[5] and not self.flow_level):
            raise ScannerError(None, None, "found no tag", start_mark)
        if len(tag[0]) > _MAXIMUM_TAG:
            raise ScannerError(None, None, "found a tag without end", start_mark)
        try:
            for escapes in _ESCAPES.findall(tag[0]):
                bytes.fromhex(escapes.replace("%", "") or "?").decode()
        except ValueError:  # not hexadecimal digits, or not UTF-8
            raise ScannerError(None, None, "found no tag", start_mark) from None
        full, handle, rest, local = tag.groups()[:4]
        self.reader.forward(len(tag[0]))
        full = full or ("" if handle or local else "!")
        value = (None, full) if full else (f"!{handle or ''}", rest or local)
        return TagToken(value, start_mark, self.reader.get_mark())

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> Any:  # noqa: ARG002 - the names are theirs
        start_mark = self.reader.get_mark()
        self.reader.forward()
        header = self._take(_HEADER)
        if not self.scan_line_break() and self.reader.peek() != "\0":
            raise ScannerError(None, None, "expected a comment or a line break", self.reader.get_mark())
        digit = header[1].strip("+-")
        chomping = header[1].strip(digit)
        indent = max(self.indent, 0) + int(digit) if digit else None
        breaks, deepest, end_mark = self._breaks(indent)
        if indent is None:
            indent = max(deepest, self.indent + 1, 1)
        text: list[str] = []
        line_break = ""
        after_blank = False
        while self.reader.column == indent and self.reader.peek() != "\0":
            blank = self.reader.peek() in " \t"
            if style == ">" and line_break == "\n" and not (blank or after_blank):
                line_break = "" if breaks else " "
            text += [line_break, *breaks, self._take(_LINE)[0]]
            line_break = self.scan_line_break()
            breaks, _, end_mark = self._breaks(indent)
            after_blank = blank
        if chomping != "-":
            text.append(line_break)
        if chomping == "+":
            text += breaks
        return ScalarToken("".join(text), False, start_mark, end_mark, style)

    def _breaks(self, indent: int | None) -> tuple[list[str], int, Any]:
        """Consume empty lines. Return their line ends, the deepest indentation (next line included) and their end."""
        breaks: list[str] = []
        deepest = 0
        end_mark = self.reader.get_mark()
        while True:
            while self.reader.peek() == " " and (indent is None or self.reader.column < indent):
                self.reader.forward()
            deepest = max(deepest, self.reader.column)
            if self.reader.peek() == "\t" and (indent is None or self.reader.column < indent):
                raise ScannerError(None, None, "found character '\\t'", self.reader.get_mark())
            line_break = self.scan_line_break()
            if not line_break:
                return breaks, deepest, end_mark
            breaks.append(line_break)
            end_mark = self.reader.get_mark()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Consume the match of a pattern. These patterns match everywhere, but the match may be empty."""
        match = cast("re.Match[str]", pattern.match(self.reader.buffer, self.reader.pointer))
        self.reader.forward(len(match[0]))
        return match


class LibyamlParser(Parser):
    """A parser that refuses a question mark without a key."""

    def parse_flow_sequence_entry_mapping_key(self) -> Any:
        """Parse a key in a list in brackets. If there is none, libyaml skips the next token and fails."""
        mark = self.scanner.get_token().start_mark
        if self.scanner.check_token(ValueToken, FlowEntryToken, FlowSequenceEndToken):
            raise ParserError(None, None, "expected the node content, but found '?'", mark)
        self.states.append(self.parse_flow_sequence_entry_mapping_value)
        return self.parse_flow_node()


def events(text: str) -> Iterator[Any]:
    """Return the events of a text, as libyaml would parse it."""
    loader = SimpleNamespace(
        comment_handling=None,
        processing_version=(1, 2),  # for the scanner: libyaml allows a question mark in plain scalars in brackets
        _resolver=SimpleNamespace(processing_version=(1, 1)),  # for the parser: libyaml requires a key before a colon
    )
    LibyamlReader(text, loader)
    LibyamlScanner(loader)
    parser = LibyamlParser(loader)
    while parser.check_event():
        yield parser.get_event()
