"""Settings of the documentation."""

import sys
from importlib.metadata import version as _version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "newsitem"
author = "The newsitem developers"
copyright = "2026, The newsitem developers"  # noqa: A001
release = _version("newsitem")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.coverage",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "other_tools",
    "pictures",
    "reference",
    "signatures",
    "tables",
    "views",
]
exclude_patterns = ["_build"]
default_role = "py:obj"
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
coverage_ignore_modules = [r"newsitem\._.*"]
coverage_show_missing_items = True

nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", name)
    for name in (
        # Of other projects: no network is asked where they are documented.
        r"(datetime|pathlib|os|collections|typing|pa|pyarrow|dask|attrs?)\..*",
        r"(Any|Callable|Counter|IO|Iterable|Iterator|Literal|Mapping|Path|Sequence|None)",
        r"(FileExists|FileNotFound|Import|OS|Type|Value)Error",
        # Type variables.
        r"(newsitem\.items\.)?Item(_co)?|newsitem\.(collection\._K|_schema\.definition\._C)",
        r"(bool|bytes|date|datetime|dict|float|int|list|object|str|tuple)",
        # Types that only annotations name, each said in words where it is taken.
        r"(newsitem\.)?(_\w+\.)?(Source|Sources|Texts|Moment|OnError|Progress|TextKey|DayKey|OtherKey|SortKey)",
    )
]
suppress_warnings = ["ref.python"]

html_theme = "furo"
html_title = f"newsitem {release}"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
