"""Links from short names of other projects in docstrings, such as ``Path``, to their documentation."""

from __future__ import annotations

from typing import Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.ext.intersphinx import resolve_reference_any_inventory
from sphinx.util.typing import ExtensionMetadata

MODULES: Final = {
    "collections": ("Counter",),
    "collections.abc": ("Callable", "Iterable", "Iterator", "Mapping", "Sequence"),
    "datetime": ("date", "datetime"),
    "pathlib": ("Path",),
    "typing": ("IO", "Any", "Literal"),
}
FULL_NAMES: Final = {name: f"{module}.{name}" for module, names in MODULES.items() for name in names}


def find(_app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement) -> nodes.reference | None:
    """Look for the full name of a reference that was not found."""
    if node.get("reftarget") not in FULL_NAMES:
        return None
    node["reftarget"] = FULL_NAMES[node["reftarget"]]
    return resolve_reference_any_inventory(env, True, node, content)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look for full names after intersphinx has looked for short ones."""
    app.connect("missing-reference", find, priority=600)
    return {"parallel_read_safe": True}
