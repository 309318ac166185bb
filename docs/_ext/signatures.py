"""Signatures in the reference: of models, with all keys; and types by their names, not as long lists of literals."""

from __future__ import annotations

import inspect
import re
from typing import Any, Final

import attrs
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.inspect import stringify_signature
from sphinx.util.typing import ExtensionMetadata

from newsitem._schema.fields import is_model

TYPES: Final = ("TextKey", "DayKey", "OtherKey", "SortKey")
WITH_TYPES: Final = frozenset(("newsitem.Limits", "newsitem.key", "newsitem.limits", "newsitem.model"))
"""Names that are shown with types in their signatures, like the models."""
_PRIVATE: Final = re.compile(r"~?newsitem\.[\w.]*\._C\b")
"""The type variable of a class."""
LONGEST_LINE: Final = 100
"""Longer signatures are shown with one parameter per line."""


def name_types(app: Sphinx, _domain: str, _kind: str, _content: nodes.Element) -> None:
    """Show the plain names of the types in `TYPES`, which autodoc wraps in its own."""
    for types in app.env.current_document.autodoc_annotations.values():
        for argument, name in types.items():
            named = re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", name)
            types[argument] = re.sub(r"~[\w.]*\.(?=\w)", "", named) if "'" in named else _PRIVATE.sub("type", named)


def show_types(
    _app: Sphinx, _kind: str, name: str, documented: Any, _options: object, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Show types in signatures with many arguments, and the names of classes that are defaults."""
    if is_model(documented) or name in WITH_TYPES:
        return _with_types(documented), None
    return signature and re.sub(r"<class 'newsitem\.(?:\w+\.)*(\w+)'>", r"\1", signature), returned


def _with_types(documented: Any) -> str:
    signature = inspect.signature(documented)
    fields = {field.name: field for field in attrs.fields(documented)} if is_model(documented) else {}
    parameters = [
        parameter.replace(annotation=_annotation(parameter.annotation), default=_default(parameter, fields))
        for parameter in signature.parameters.values()
    ]
    return stringify_signature(
        signature.replace(parameters=parameters), show_return_annotation=False, unqualified_typehints=True
    )


def _annotation(annotation: Any) -> Any:
    """Return an annotation, as text if it is a name."""
    text = getattr(annotation, "__forward_arg__", annotation)
    return "type" if text == "_C" else text


def _default(parameter: inspect.Parameter, fields: dict[str, Any]) -> Any:
    """Return the default of a parameter, or the value that its factory makes."""
    factory = getattr(getattr(fields.get(parameter.name), "default", None), "factory", None)
    return parameter.default if factory is None else factory()


def name_pythons_type(_app: Sphinx, doctree: nodes.document) -> None:
    """Let ``type`` in a signature refer to Python's own, not to an attribute of this name."""
    for reference in doctree.findall(addnodes.pending_xref):
        if (reference["refdomain"], reference.get("reftype"), reference["reftarget"]) == ("py", "class", "type"):
            reference.attributes.pop("refspecific", None)
            reference.attributes |= {"py:class": None, "py:module": None}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Have autodoc keep the names, and show the types."""
    app.config.autodoc_type_aliases = {name: name for name in TYPES}
    app.config.python_maximum_signature_line_length = LONGEST_LINE
    app.connect("object-description-transform", name_types, priority=100)  # before autodoc uses them
    app.config.nitpick_ignore = [*app.config.nitpick_ignore, ("py:class", "type")]
    app.connect("autodoc-process-signature", show_types)
    app.connect("doctree-read", name_pythons_type)
    return {"parallel_read_safe": True}
