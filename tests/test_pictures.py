"""The pictures of the documentation show what is so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from samples import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from architecture import architecture, arrows
from flow import ways_of_writing
from modules import Module, modules
from speed import WORKS, bars, in_words, speed_chart
from svg import path, picture, text


def module(name: str, imports: str = "", band: str = "") -> Module:
    """Make a module from the names that it imports."""
    return Module(name, band, f"What {name} is.", frozenset(imports.split()))


def named(*listed: Module) -> dict[str, Module]:
    """Return modules by their names."""
    return {one.name: one for one in listed}


def classes(element: ET.Element) -> list[str]:
    """Give the classes of an element."""
    return element.get("class", "").split()


def having(drawing: str, class_: str) -> list[ET.Element]:
    """Give the elements of a class, in order."""
    return [element for element in ET.fromstring(drawing).iter() if class_ in classes(element)]


def rectangle(element: ET.Element) -> tuple[float, float, float, float]:
    """Give the sides of the box in an element: left, top, right, bottom."""
    box = next(part for part in element.iter() if part.tag.endswith("rect"))
    left, top, width, height = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def works(**ratios: Mapping[str, float]) -> dict[str, Any]:
    """Give results of a run as they are in the file: for each tool a ratio for each group, the same in all works."""
    groups = next(iter(ratios.values()))
    return {
        "groups": {group: {"texts": 2, "kilobytes": 1.5} for group in groups},
        "ratios": [
            {"work": work, "with": tool, "goal": None, "ratio": of_tool}
            for work in (*WORKS, "another work")
            for tool, of_tool in ratios.items()
        ],
    }


def test_every_module_is_drawn_once() -> None:
    """Each module is in the picture once, with what it is for, and those for users look different."""
    found = modules()
    drawn = having(architecture(found), "module")
    shown = [(element[0].text, element[2].text, "public" in classes(element)) for element in drawn]
    assert sorted(shown) == sorted((one.summary, one.label, one.is_public) for one in found.values())
    assert {"errors", "items", "collection"} <= {name for _, name, is_public in shown if is_public}


def test_arrows_are_between_bands() -> None:
    """An arrow leads from one band to another that its modules import, and is left out where others lead there."""
    found = named(
        module("a", band="A"),
        module("b", "a", "B"),
        module("c", "a", "C"),
        module("d", "c", "C"),
        module("e", "a d", "E"),
        module("f", "b", "E"),
    )
    assert arrows(found) == [("B", "A"), ("C", "A"), ("E", "B"), ("E", "C")]
    drawing = architecture(found)
    tops = {name: top for name, (_, top, _, _) in zip("ABCE", map(rectangle, having(drawing, "band")), strict=True)}
    assert tops["A"] < tops["B"] == tops["C"] < tops["E"]
    assert len(having(drawing, "arrow")) == len(having(drawing, "head")) == 4


def test_nothing_overlaps() -> None:
    """Bands are in the picture, below what they import, with their modules in them, and nothing covers anything."""
    found = modules()
    drawing = architecture(found)
    names = list(dict.fromkeys(one.band for one in found.values()))
    bands = dict(zip(names, map(rectangle, having(drawing, "band")), strict=True))
    drawn = list(map(rectangle, having(drawing, "module")))
    _, _, width, height = map(float, ET.fromstring(drawing).get("viewBox", "").split())
    for inner, outer in [
        *((band, (-1, -1, width + 1, height + 1)) for band in bands.values()),
        *((box, bands[one.band]) for box, one in zip(drawn, found.values(), strict=True)),
    ]:
        assert outer[0] < inner[0] < inner[2] < outer[2]
        assert outer[1] < inner[1] < inner[3] < outer[3]
    for boxes in (drawn, list(bands.values())):
        for one, other in combinations(boxes, 2):
            assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    assert all(bands[upper][3] < bands[lower][1] for lower, upper in arrows(found))


@pytest.mark.parametrize(
    "drawing",
    [architecture(modules()), ways_of_writing(), speed_chart(works(peer={"small": 0.5}))],
    ids=["architecture", "ways-of-writing", "speed-chart"],
)
def test_pictures_are_told_and_coloured_by_the_theme(drawing: str) -> None:
    """A picture is well-formed, has a name and a description for those who do not see it, and no colour of its own."""
    root = ET.fromstring(drawing)
    description = next(element for element in root.iter() if element.get("id") == root.get("aria-describedby"))
    assert (root.get("role"), bool(root.get("aria-label")), bool(description.text)) == ("img", True, True)
    assert not {key for element in root.iter() for key in element.attrib} & {"style", "fill", "stroke", "color"}


def test_text_is_escaped() -> None:
    """Text comes back as it is, whatever it holds; what is in backticks is code."""
    hostile = "<b> & \"quotes\" 'n' </text>"
    drawing = picture(
        "some", (10, 10), hostile, hostile, text((0, 0), f"{hostile} `{hostile}` on"), path([(0, 0)], hostile)
    )
    root = ET.fromstring(drawing)
    description, words, line = root
    assert [root.get("aria-label"), description.text, line.get("class")] == [hostile] * 3
    assert "".join(words.itertext()) == f"{hostile} {hostile} on"
    assert (words[0].get("class"), words[0].text) == ("code", hostile)


def test_both_ways_of_writing() -> None:
    """The picture has both ways, the check, and both ends."""
    words = " ".join(text.strip() for text in ET.fromstring(ways_of_writing()).itertext())
    for told in (
        "Render the whole item",
        "compare each entry with the item",
        "Read the result back",
        "Nothing is written",
    ):
        assert told in words
    assert [classes(element)[-1] for element in having(ways_of_writing(), "end")] == ["end", "good", "bad"]


def test_bars_are_as_long_as_what_they_tell() -> None:
    """Equal steps multiply: ten times ten is twice as long as ten. Who is faster has a bar on the other side."""
    results = works(slow={"a": 0.01, "b": 0.1}, fast={"a": 2.0, "b": 0.5})
    drawn = having(speed_chart(results), "bar")[len(results["groups"]) :]
    widths = [float(element.get("width", "")) for element in drawn]
    hundred, ten, half, double = widths[:4]
    assert widths[4:] == widths[:4]
    assert hundred == pytest.approx(2 * ten, abs=0.2)
    assert half == pytest.approx(double, abs=0.2)
    assert ten > double > 0
    assert ["faster" in classes(element) for element in drawn[:4]] == [False, False, True, False]
    line = float(drawn[0].get("x", ""))
    assert rectangle(drawn[2])[2] == pytest.approx(line, abs=0.2)
    assert float(drawn[3].get("x", "")) == pytest.approx(line, abs=0.2)


def test_bars_tell_the_figures() -> None:
    """Each bar of the works that are drawn says its figure, and the groups come in the order of the file."""
    results = works(peer={"small": 0.8, "large": 0.25})
    assert [(one.work, one.tool, one.times) for one in bars(results)] == [(work, "peer", (1.25, 4.0)) for work in WORKS]
    words = [element.text for element in having(speed_chart(results), "small")]
    assert words == [
        "small: 2 texts, 1.5 KB (median)",
        "large: 2 texts, 1.5 KB (median)",
        *["1.25×", "4.0×"] * len(WORKS),
    ]


@pytest.mark.parametrize(
    ("times", "words"), [(0.5, "0.50×"), (1.026, "1.03×"), (7.14, "7.1×"), (17.4, "17×"), (200, "200×")]
)
def test_figures_in_words(times: float, words: str) -> None:
    """Figures are more exact near 1."""
    assert in_words(times) == words


@pytest.mark.parametrize("ratio", [{}, {"a": None}, {"a": 0}, {"a": -1}, {"b": 1}])
def test_a_missing_figure_is_an_error(ratio: dict[str, Any]) -> None:
    """A figure that is missing, or is no ratio, is refused rather than left out."""
    results = works(peer={"a": 0.5})
    results["ratios"][0]["ratio"] = ratio
    with pytest.raises(ValueError, match="peer: not a ratio for each group"):
        speed_chart(results)


def test_a_missing_work_is_an_error() -> None:
    """Results without one of the works, or of no groups or more than can be told apart, are refused."""
    results = works(peer={"a": 0.5})
    with pytest.raises(ValueError, match=f"no figures for: {WORKS[1]}"):
        speed_chart({**results, "ratios": [one for one in results["ratios"] if one["work"] != WORKS[1]]})
    for groups in ("", "abcd"):
        with pytest.raises(ValueError, match="1 to 3 groups of texts"):
            speed_chart({**results, "groups": {name: {} for name in groups}})


def test_the_figures_of_the_documentation_are_drawn() -> None:
    """The file that is in the documentation holds all that is drawn."""
    results = json.loads((ROOT / "docs" / "performance.json").read_text(encoding="utf-8"))["works"]
    assert len(bars(results)) == sum(one["work"] in WORKS for one in results["ratios"])


def test_the_heat_is_drawn_for_both_modes(tmp_path: Path) -> None:
    """The example draws two pictures on which the page is seen, one with dark and one with light text."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install --group docs")
    image = pytest.importorskip("matplotlib.image", reason="matplotlib is not installed: pip install matplotlib")
    from pictures import draw_heat

    drawn = {mode: image.imread(path) for mode, path in draw_heat(tmp_path).items()}
    assert set(drawn) == {"light", "dark"}
    assert all(pixels[0, 0, 3] == 0 for pixels in drawn.values())
    dates = {mode: pixels[-20:][pixels[-20:, :, 3] == 1][:, :3] for mode, pixels in drawn.items()}
    assert dates["light"].max() < 0.2
    assert dates["dark"].min() > 0.7


def test_pages_with_pictures(tmp_path: Path) -> None:
    """The directives put pictures into a page, and words into one that has no pictures."""
    for module in ("sphinx", "myst_parser", "matplotlib"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install --group docs")
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    settings = f"import sys\nsys.path.insert(0, {str(ROOT / 'docs' / '_ext')!r})\n"
    (source / "conf.py").write_text(f"{settings}project = 'x'\nextensions = ['myst_parser', 'pictures']\n")
    (source / "figures.json").write_text(json.dumps({"works": works(peer={"small": 0.5})}))
    directives = ("architecture", "ways-of-writing", "speed-chart} figures.json", "heat-plot")
    fences = "".join(f"\n```{{{name}{'' if '}' in name else '}'}\n```\n" for name in directives)
    (source / "index.md").write_text("# Start\n\n```{toctree}\ninner/page\n```\n")
    (source / "inner" / "page.md").write_text(f"# Pictures\n{fences}")
    for builder in ("html", "text"):
        folders = ["-d", str(tmp_path / "read"), str(source), str(tmp_path / builder)]
        subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-b", builder, *folders], check=True)
    page = (tmp_path / "html" / "inner" / "page.html").read_text(encoding="utf-8")
    assert page.count('class="picture-drawing ') == 3
    for mode in ("light", "dark"):
        assert f'only-{mode}" src="../_images/heat-{mode}.png"' in page
        assert (tmp_path / "html" / "_images" / f"heat-{mode}.png").stat().st_size > 10_000
    words = " ".join((tmp_path / "text" / "inner" / "page.txt").read_text(encoding="utf-8").split())
    for told in (
        "_yaml.limits imports errors.",
        "nothing is written.",
        "Read: peer takes 2.0× (small) the time of newsitem.",
    ):
        assert told in words
        assert f"<p>{told}" not in page
