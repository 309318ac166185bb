"""Settings of the documentation."""

import sys
from importlib.metadata import version as _version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "newsitem"
author = "The newsitem developers"
copyright = "2026, The newsitem developers"  # noqa: A001
release = _version("newsitem")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "tables"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
default_role = "py:obj"
html_theme = "furo"
exclude_patterns = ["_build"]
suppress_warnings = ["ref.python"]
