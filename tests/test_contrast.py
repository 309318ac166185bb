"""The colours of code in the documentation are easy to tell from their background, in light and dark."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from typing import Any

import pytest
from samples import ROOT

pytest.importorskip("a11y_pygments", reason="the documentation's tools are not installed")
styles = pytest.importorskip("pygments.styles")
tokens = pytest.importorskip("pygments.token")

SETTINGS: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "conf.py"))
STYLES = {"light": SETTINGS["pygments_style"], "dark": SETTINGS["pygments_dark_style"]}
PAGE = {"light": "#ffffff", "dark": "#131416"}
"""The theme's background of a page."""
CSS = (ROOT / "docs" / "_static" / "custom.css").read_text(encoding="utf-8")
LEAST = 4.5
"""What WCAG 2.2 asks of text (level AA)."""


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = (int(colour.lstrip("#")[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colours(mode: str) -> dict[str, tuple[str, str]]:
    """Return the colours of text and background for the CSS class of each kind of token."""
    style, variables = styles.get_style_by_name(STYLES[mode]), _variables(mode)
    found = {}
    for token, name in tokens.STANDARD_TYPES.items():
        drawn = style.style_for_token(token)
        text = drawn["color"] or style.style_for_token(tokens.Text)["color"]
        assert text, token
        found[name] = (text, drawn["bgcolor"] or variables["color-code-background"])
    own = r"\.highlight \.(\w+)\.\1 {\s+color: var\(--([\w-]+)\);\s+background: var\(--([\w-]+)\);"
    for name, text, background in re.findall(own, CSS):
        found[name] = (variables[text], variables[background])
    return found


def _variables(mode: str) -> Mapping[str, str]:
    variables: Mapping[str, str] = SETTINGS["html_theme_options"][f"{mode}_css_variables"]
    return variables


def test_contrast_of_known_colours() -> None:
    """The computation agrees with ratios that are known."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#00a000", "#f0f0f0") == pytest.approx(3.06, abs=0.01)


@pytest.mark.parametrize("mode", STYLES)
def test_code_can_be_read(mode: str) -> None:
    """Every kind of token has a contrast of at least 4.5, lines of a diff too."""
    ratios = {name: contrast(text, background) for name, (text, background) in colours(mode).items()}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < LEAST} == {}


@pytest.mark.parametrize("mode", STYLES)
def test_lines_of_a_diff_have_colours_of_their_own(mode: str) -> None:
    """The style sheet sets the colours of removed and added lines, and each differs from plain code."""
    found = colours(mode)
    assert len({found[name] for name in ("gd", "gi", "")}) == 3


@pytest.mark.parametrize("mode", STYLES)
def test_marked_figures_can_be_read(mode: str) -> None:
    """The figure of a slower result has a contrast of at least 4.5 on the page."""
    assert contrast(_variables(mode)["color-slower"], PAGE[mode]) >= LEAST
