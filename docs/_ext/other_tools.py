"""One edit made with newsitem and with other tools, and its diffs, generated when the documentation is built."""

from __future__ import annotations

import difflib
import inspect
import io
import re
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import frontmatter
import yaml
import yaml_edit
from docutils.parsers.rst import directives
from ruamel.yaml import YAML
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from tables import Generated

import newsitem

SAMPLES: Final = sorted((Path(__file__).parents[2] / "examples" / "news").glob("*.md"))


def edit_with_frontmatter(text: str) -> str:
    post = frontmatter.loads(text)
    post["heat"] = 400
    return frontmatter.dumps(post)


def edit_with_pyyaml(text: str) -> str:
    opening, front_matter, rest = split(text)
    data = yaml.safe_load(front_matter)
    data["heat"] = 400
    return opening + yaml.safe_dump(data, sort_keys=False, allow_unicode=True) + rest


def edit_with_ruamel(text: str) -> str:
    opening, front_matter, rest = split(text)
    round_trip, written = YAML(), io.StringIO()
    data = round_trip.load(front_matter)
    data["heat"] = 400
    round_trip.dump(data, written)
    return opening + written.getvalue() + rest


def edit_with_ruamel_settings(text: str) -> str:
    opening, front_matter, rest = split(text)
    round_trip, written = YAML(), io.StringIO()
    round_trip.preserve_quotes = True
    round_trip.width = 1_000_000
    round_trip.indent(mapping=2, sequence=4, offset=2)
    data = round_trip.load(front_matter)
    data["heat"] = 400
    round_trip.dump(data, written)
    return opening + written.getvalue() + rest


def edit_with_yaml_edit(text: str) -> str:
    opening, front_matter, rest = split(text)
    document = yaml_edit.Document.parse(front_matter)
    document["heat"] = 400
    return opening + str(document) + rest


def edit_with_newsitem(text: str) -> str:
    item = newsitem.loads(text)
    item.heat = 400
    return newsitem.dumps(item)


def split(text: str) -> tuple[str, str, str]:
    """Return the opening fence, the front matter and the rest of a file, for tools that read only YAML."""
    parts = re.match(r"(\ufeff?---[ \t]*\r?\n)(.*?^)((?:---|\.\.\.)[ \t]*\r?\n.*)", text, re.DOTALL | re.MULTILINE)
    assert parts
    return parts[1], parts[2], parts[3]


class Tool(NamedTuple):
    """A way to set ``heat`` to 400 in the text of a file."""

    name: str
    edit: Callable[[str], str]
    distribution: str


TOOLS: Final = {
    "frontmatter": Tool("python-frontmatter", edit_with_frontmatter, "python-frontmatter"),
    "pyyaml": Tool("PyYAML", edit_with_pyyaml, "PyYAML"),
    "ruamel": Tool("ruamel.yaml round trip", edit_with_ruamel, "ruamel.yaml"),
    "ruamel-settings": Tool("ruamel.yaml with settings", edit_with_ruamel_settings, "ruamel.yaml"),
    "yaml-edit": Tool("yaml-edit", edit_with_yaml_edit, "yaml-edit"),
    "newsitem": Tool("newsitem", edit_with_newsitem, "newsitem"),
}


def changed_lines(old: str, new: str) -> int:
    """Count the lines that were removed and those that were added."""
    lines = difflib.ndiff(old.splitlines(keepends=True), new.splitlines(keepends=True))
    return sum(line.startswith(("- ", "+ ")) for line in lines)


class EditWith(Generated):
    """``{edit-with} TOOL``: the code of the edit, and its diff in a sample, cut after ``:most:`` lines."""

    required_arguments = 1
    option_spec = {"most": directives.positive_int, "sample": directives.unchanged}  # noqa: RUF012 - as docutils has it

    def lines(self) -> Iterator[str]:
        """Run the tool."""
        tool = TOOLS[self.arguments[0]]
        path = next(path for path in SAMPLES if self.options.get("sample", "the-baker") in path.name)
        old = path.read_bytes().decode()
        new = tool.edit(old)
        name = f"{path.name[:30]}….md"
        diff = list(difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm=""))
        most = self.options.get("most", len(diff))
        yield from ("```python", *inspect.getsource(tool.edit).splitlines(), "```", "```diff", *diff[:most], "```")
        if len(diff) > most:
            yield f"… and {len(diff) - most} more lines."


class EditTable(Generated):
    """``{edit-table}``: how many lines each tool changes in all samples."""

    def lines(self) -> Iterator[str]:
        """Run all tools on all samples."""
        yield from ("| tool | version | lines changed | files in which no other line changed |", "|---|---|--:|--:|")
        texts = [path.read_bytes().decode() for path in SAMPLES]
        least = [changed_lines(text, edit_with_newsitem(text)) for text in texts]
        for tool in TOOLS.values():
            changes = [changed_lines(text, tool.edit(text)) for text in texts]
            alone = sum(own <= fewest for own, fewest in zip(changes, least, strict=True))
            yield f"| {tool.name} | {version(tool.distribution)} | {sum(changes):,} | {alone} of {len(texts)} |"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("edit-with", EditWith)
    app.add_directive("edit-table", EditTable)
    return {"parallel_read_safe": True}
