"""Settings of the documentation."""

import sys
from importlib.metadata import version as _version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "newsitem"
author = "The newsitem developers"
copyright = "2026, The newsitem developers"  # noqa: A001
version = release = _version("newsitem")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.coverage",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "links",
    "other_tools",
    "pictures",
    "reference",
    "signatures",
    "tables",
    "views",
]
exclude_patterns = ["_build", "_inventories"]
default_role = "py:obj"
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
coverage_ignore_modules = [r"newsitem\._.*"]
coverage_show_missing_items = True

# Other projects, from copies in this folder: the build needs no network.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3/", "_inventories/python.inv"),
    "attrs": ("https://www.attrs.org/en/stable/", "_inventories/attrs.inv"),
    "pandas": ("https://pandas.pydata.org/docs/", "_inventories/pandas.inv"),
}

nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", name)
    for name in (
        # Of projects whose inventory is not here.
        r"(pa|pyarrow|dask)\..*",
        # Type variables.
        r"(newsitem\.items\.)?Item(_co)?|newsitem\.(collection\._K|_schema\.definition\._C)",
        # Types that only annotations name; the text describes their values.
        r"(newsitem\.)?(_\w+\.)?(Source|Sources|Texts|Moment|OnError|Progress|TextKey|DayKey|OtherKey|SortKey)",
    )
]
suppress_warnings = ["ref.python"]

html_theme = "furo"
html_title = f"newsitem {release}"
html_theme_options = {
    # Every colour of code has a contrast of 4.5 or more on these: tests/test_contrast.py.
    "light_css_variables": {
        "color-code-background": "#f6f8fa",
        "color-deleted": "#82071e",
        "color-deleted-background": "#ffebe9",
        "color-inserted": "#044f1e",
        "color-inserted-background": "#dafbe1",
        "color-slower": "#a40e26",
    },
    "dark_css_variables": {
        "color-code-background": "#0d1117",
        "color-deleted": "#ffdcd7",
        "color-deleted-background": "#490e12",
        "color-inserted": "#aff5b4",
        "color-inserted-background": "#033a16",
        "color-slower": "#ff9492",
    },
}
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "github-light-high-contrast"
pygments_dark_style = "github-dark-high-contrast"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
