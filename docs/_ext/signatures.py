"""Types that the text tells in words stand in the reference by their names, not as long lists of what they allow."""

from __future__ import annotations

import re
from typing import Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

TYPES: Final = ("TextKey", "DayKey", "OtherKey", "SortKey")


def name_types(app: Sphinx, _domain: str, _kind: str, _content: nodes.Element) -> None:
    """Undo how autodoc shows the name of a type that it was told not to look into."""
    for types in app.env.current_document.autodoc_annotations.values():
        for argument, name in types.items():
            named = re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", name)
            types[argument] = re.sub(r"~[\w.]*\.(?=\w)", "", named) if "'" in named else named


def setup(app: Sphinx) -> ExtensionMetadata:
    """Have autodoc keep the names."""
    app.config.autodoc_type_aliases = {name: name for name in TYPES}
    app.connect("object-description-transform", name_types, priority=100)  # before autodoc uses them
    return {"parallel_read_safe": True}
