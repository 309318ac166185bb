"""ruamel.yaml's scanner, made to accept tabs as Jekyll does, and to refuse endless tags.

ruamel.yaml accepts no tab outside quotes. Jekyll (libyaml) accepts one wherever a space may be and is not indentation.
"""

from __future__ import annotations

from typing import Any, Final

from ruamel.yaml.scanner import Scanner, ScannerError

_MAXIMUM_TAG: Final = 1_000
"""The most characters of a tag: ruamel.yaml decodes them in quadratic time."""
_LINE_ENDS: Final = "\r\n\x85\u2028\u2029"


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

    def scan_tag_uri(self, name: Any, start_mark: Any) -> Any:
        uri = super().scan_tag_uri(name, start_mark)
        if len(uri) > _MAXIMUM_TAG:
            raise ScannerError(None, None, "found a tag without end", start_mark)
        return uri
