"""The pictures of the documentation show what is so."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from samples import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from architecture import architecture
from flow import ways_of_writing
from layers import crossings, layout, rows
from rooms import Room, arrows, rooms
from speed import WORKS, bars, in_words, speed_chart
from svg import path, picture, text

MODULES = sorted(path.stem for path in (ROOT / "newsitem").glob("*.py") if path.stem != "__init__")
IMPORTING = """
import builtins, importlib, json, sys

usual = builtins.__import__
seen = []

def noting(name, globals=None, locals=None, fromlist=(), level=0):
    seen.append(((globals or {}).get("__name__", ""), name, list(fromlist or ())))
    return usual(name, globals, locals, fromlist, level)

builtins.__import__ = noting
imported = []
for module in sys.argv[1:]:
    try:
        importlib.import_module(f"newsitem.{module}")
        imported.append(module)
    except ImportError:
        pass
print(json.dumps([imported, seen]))
"""
"""A program that imports modules and tells which were there, and each import that happened meanwhile."""


def made(folder: Path, table: str, modules: Mapping[str, str]) -> dict[str, Room]:
    """Write a package and the table of its rooms, and find them."""
    package = folder / "newsitem"
    package.mkdir()
    for name, source in {"__init__": "from newsitem import model", **modules}.items():
        (package / f"{name}.py").write_text(source)
    contributing = folder / "CONTRIBUTING.md"
    contributing.write_text(
        f"# Contributing\n\n| `other.py` | not a room |\n\n## How it is built\n\n{table}\n\n## More\n"
    )
    return rooms(package, contributing)


def room(name: str, imports: str = "", later: str = "", band: str = "") -> Room:
    """Make a room of the names that it imports."""
    return Room(name, band, f"What {name} is.", frozenset(imports.split()), frozenset(later.split()))


def named(*listed: Room) -> dict[str, Room]:
    """Give rooms by their names."""
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
    """Give results of a run as they stand in the file: for each tool a ratio for each group, the same in all works."""
    groups = next(iter(ratios.values()))
    return {
        "groups": {group: {"texts": 2, "kilobytes": 1.5} for group in groups},
        "ratios": [
            {"work": work, "with": tool, "goal": None, "ratio": of_tool}
            for work in (*WORKS, "another work")
            for tool, of_tool in ratios.items()
        ],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "from newsitem import _one",
        "from newsitem import _one as other",
        "from newsitem._one import name",
        "import newsitem._one",
        "import os, newsitem._one as other",
        "from . import _one",
        "from ._one import name",
        "class Some:\n    from newsitem import _one",
        "try:\n    from newsitem import _one\nexcept ImportError:\n    pass",
        "from typing import TYPE_CHECKING\nif not_(TYPE_CHECKING):\n    from newsitem import _one",
        "if TYPE_CHECKING:\n    pass\nelse:\n    from newsitem import _one",
    ],
)
def test_an_import_is_found(tmp_path: Path, statement: str) -> None:
    """Each way to import a room is found, as one that happens at once, or in a function as one that happens later."""
    body = "\n".join(f"    {line}" for line in statement.splitlines())
    sources = {
        "_one": "",
        "at_once": statement,
        "later": f"def do():\n{body}",
        "both": f"{statement}\ndef do():\n{body}",
    }
    found = made(tmp_path, "\n".join(f"| `{name}.py` | |" for name in sources), sources)
    assert {name: (set(one.imports), set(one.later)) for name, one in found.items()} == {
        "_one": (set(), set()),
        "at_once": ({"_one"}, set()),
        "later": (set(), {"_one"}),
        "both": ({"_one"}, set()),
    }


@pytest.mark.parametrize(
    "statement",
    [
        "if TYPE_CHECKING:\n    from newsitem import _one",
        "import typing\nif typing.TYPE_CHECKING:\n    import newsitem._one",
        "from elsewhere import _one",
        "from elsewhere.newsitem._one import name",
        "import _one",
        "from newsitem import name",
    ],
)
def test_what_is_no_import_is_left_out(tmp_path: Path, statement: str) -> None:
    """Imports for type checkers, of other packages, and of names that are no rooms are left out."""
    found = made(tmp_path, "| `_one.py` | |\n| `_two.py` | |", {"_one": "", "_two": statement})
    assert found["_two"].needs == set()


def test_rooms_of_the_table(tmp_path: Path) -> None:
    """Rooms come in the order of the table, with the heading above them and the first line of their docstring."""
    table = "| room |\n|---|\n| `_b.py` | x |\n\n### The model\n\n| room |\n|---|\n| `c.py` | `x.py` |\n| `a.py` | |"
    found = made(tmp_path, table, {"a": "", "_b": '"""What\n\nit is."""', "c": '"""Whole."""'})
    assert [(one.name, one.band, one.summary, one.is_public) for one in found.values()] == [
        ("_b", "", "What", False),
        ("c", "The model", "Whole.", True),
        ("a", "The model", "", True),
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("| `_one.py` | |", "each module once: _two"),
        ("| `_one.py` | |\n| `_two.py` | |\n| `_six.py` | |", "each module once: _six"),
        ("| `_one.py` | |\n| `_two.py` | |\n| `_one.py` | |", "each module once: twice"),
        ("| `_two.py` | |\n| `_one.py` | |", "_two imports from below it: _one"),
    ],
)
def test_a_table_that_is_not_true(tmp_path: Path, table: str, problem: str) -> None:
    """A table that lacks a module, has one too many or twice, or not in the order of imports is refused."""
    with pytest.raises(ValueError, match=problem):
        made(tmp_path, table, {"_one": "", "_two": "def do():\n    from newsitem import _one"})


def test_imports_are_those_that_happen() -> None:
    """What is found in the package at once is what its modules import when they are imported."""
    command = [sys.executable, "-W", "ignore", "-c", IMPORTING, *MODULES]
    run = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True)
    imported, seen = json.loads(run.stdout)
    happened: dict[str, set[str]] = {name: set() for name in imported}
    for importer, name, names in seen:
        package, _, importing = importer.partition(".")
        if package == "newsitem" and importing in happened and name.partition(".")[0] == "newsitem":
            happened[importing] |= {*name.split(".")[1:2], *names} & set(MODULES)
    assert {"model", "collection"} <= set(imported)
    assert {name: set(room.imports) for name, room in rooms().items() if name in imported} == happened


@pytest.mark.parametrize(
    ("found", "drawn"),
    [
        (named(room("a"), room("b", "a"), room("c", "a b")), {"ba": False, "cb": False}),
        (named(room("a"), room("b", later="a"), room("c", "a b")), {"ba": True, "ca": False, "cb": False}),
        (named(room("a"), room("b", "a"), room("c", "b", later="a")), {"ba": False, "cb": False}),
        (named(room("a"), room("b", "a"), room("c", later="a b")), {"ba": False, "cb": True}),
        (named(room("a"), room("b", later="a"), room("c", later="a b")), {"ba": True, "cb": True}),
        (named(room("a"), room("b", "a"), room("c", "b"), room("d", "a c")), {"ba": False, "cb": False, "dc": False}),
    ],
)
def test_what_follows_is_left_out(found: dict[str, Room], drawn: dict[str, bool]) -> None:
    """An import is left out where others lead there, one that happens at once only where they happen at once, too."""
    assert {"".join(arrow): later for arrow, later in arrows(found).items()} == drawn


def test_rows() -> None:
    """Names stand as high as they can below all that they need, and no row has more than the most."""
    needs = {"a": "", "b": "z", "c": "a", "d": "", "e": "cd", "f": ""}
    assert rows(needs, {name: set(others) for name, others in needs.items()}, 2) == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert rows(needs, {name: set(others) for name, others in needs.items()}, 9) == [["a", "b", "d", "f"], ["c"], ["e"]]


def test_layout_uncrosses() -> None:
    """Lines that need not cross do not, what stands side by side keeps its distance, and each arrow is one way."""
    above, below = list("abcd"), list("dbca")
    drawn = {(name.upper(), name) for name in above} | {("Z", "a")}
    placed = layout([above, [name.upper() for name in below], ["Z"]], drawn, dict.fromkeys("abcdABCDZ", 10.0), 5)
    standing = [sorted((at, spot) for spot, at in placed.places.items() if spot[0] == row) for row in range(3)]
    assert crossings([[spot for _, spot in row] for row in standing], placed.segments) == 0
    half = {spot: 0 if spot == (1, "a") else 5 for spot in placed.places}
    for (left, one), (right, other) in (pair for row in standing for pair in pairwise(row)):
        assert right - half[other] - (left + half[one]) >= 5 - 1e-9
    assert placed.segments[(2, "Z"), (1, "a")] == placed.segments[(1, "a"), (0, "a")][:1] == [("Z", "a")]
    assert sorted(arrow for shared in placed.segments.values() for arrow in shared) == sorted([*drawn, ("Z", "a")])


def test_crossings() -> None:
    """Two lines cross where the order of their ends is not that of their starts."""
    upper, lower = [(0, "a"), (0, "b")], [(1, "c"), (1, "d")]
    assert crossings([upper, lower], [(lower[0], upper[0]), (lower[1], upper[1])]) == 0
    assert crossings([upper, lower], [(lower[0], upper[1]), (lower[1], upper[0])]) == 1
    assert crossings([upper, lower], [(lower[0], upper[0]), (lower[1], upper[0])]) == 0


def test_every_module_is_drawn_once() -> None:
    """Each module of the package is in the picture once, with what it is for, and those for users look different."""
    drawn = having(architecture(rooms()), "room")
    assert sorted(element[2].text or "" for element in drawn) == MODULES
    for element in drawn:
        name = element[2].text or ""
        docstring = ast.get_docstring(ast.parse((ROOT / "newsitem" / f"{name}.py").read_text(encoding="utf-8")))
        assert element[0].text == (docstring or "").splitlines()[0]
        assert ("public" in classes(element)) == (not name.startswith("_"))


def test_every_arrow_is_drawn() -> None:
    """The lines in the picture are those of the imports that do not follow from others; later ones are dashed."""
    found = rooms()
    drawn: dict[tuple[str, str], list[bool]] = {}
    for line in having(architecture(found), "arrow"):
        of_line = classes(line)
        to = next(name.removeprefix("to-") for name in of_line if name.startswith("to-"))
        for importer in (name.removeprefix("from-") for name in of_line if name.startswith("from-")):
            drawn.setdefault((importer, to), []).append("later" in of_line)
    assert {arrow: any(dashed) for arrow, dashed in drawn.items()} == arrows(found)


def test_nothing_overlaps() -> None:
    """Rooms stand in the picture, below what they import, in the order of their bands, and not on each other."""
    found = rooms()
    drawing = architecture(found)
    boxes = {element[2].text or "": rectangle(element) for element in having(drawing, "room")}
    _, _, width, height = map(float, ET.fromstring(drawing).get("viewBox", "").split())
    assert all(
        left >= 0 and top >= 0 and right <= width and below <= height for left, top, right, below in boxes.values()
    )
    for one, other in combinations(boxes.values(), 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    assert all(boxes[other][3] < boxes[name][1] for name in found for other in found[name].needs)


def test_bands_are_drawn() -> None:
    """Each heading of the table is a band, one below the other, with its rooms in it."""
    drawing = architecture(named(room("a", band="One"), room("b", band="One"), room("c", band="Two")))
    bands = [element for element in ET.fromstring(drawing).iter() if classes(element) == ["band"]]
    assert [element.text for element in having(drawing, "band-name")] == ["One", "Two"]
    (_, top, _, middle), (_, start, _, end) = map(rectangle, bands)
    assert top < middle < start < end
    tops = {element[2].text: rectangle(element)[1] for element in having(drawing, "room")}
    assert top < tops["a"] == tops["b"] < middle
    assert start < tops["c"] < end


@pytest.mark.parametrize(
    "drawing",
    [architecture(rooms()), ways_of_writing(), speed_chart(works(peer={"small": 0.5}))],
    ids=["architecture", "ways-of-writing", "speed-chart"],
)
def test_pictures_are_told_and_coloured_by_the_theme(drawing: str) -> None:
    """A picture is well-formed, has a name and a description for those who do not see it, and no colour of its own."""
    root = ET.fromstring(drawing)
    description = next(element for element in root.iter() if element.get("id") == root.get("aria-describedby"))
    assert (root.get("role"), bool(root.get("aria-label")), bool(description.text)) == ("img", True, True)
    assert not {key for element in root.iter() for key in element.attrib} & {"style", "fill", "stroke", "color"}


def test_text_is_escaped() -> None:
    """Text comes back as it is, whatever it holds; what stands in backticks is code."""
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
    for told in ("Render the whole item", "Compare it with the item", "Read the result back", "Nothing is written"):
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
    pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install 'newsitem[docs]'")
    image = pytest.importorskip(
        "matplotlib.image", reason="matplotlib is not installed: pip install 'newsitem[examples]'"
    )
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
        pytest.importorskip(module, reason=f"{module} is not installed: pip install 'newsitem[docs]'")
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
        "_schema imports _code.",
        "nothing is written.",
        "Read: peer takes 2.0× (small) the time of newsitem.",
    ):
        assert told in words
        assert f"<p>{told}" not in page
