"""The pictures and tables of the documentation show the data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from samples import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from modules import modules
from speed import WORKS, chart, duration, goal_times, times

HAND_EDITED = "read: key order"


def works(**ratios: Mapping[str, float]) -> dict[str, Any]:
    """Return results of a run, with a ratio of each tool for each group, the same in all benchmarks."""
    groups = next(iter(ratios.values()))
    return {
        "groups": {group: {"texts": 2, "kilobytes": 1.5} for group in groups},
        "python": "3.11",
        "system": "Linux",
        "ratios": [
            {"work": work, "with": tool, "goal": 0.8, "ratio": of_tool, "microseconds": dict.fromkeys(groups, 12_345.6)}
            for work in (*WORKS, HAND_EDITED, "another work")
            for tool, of_tool in ratios.items()
        ],
    }


def bars(results: Mapping[str, Any]) -> list[dict[str, float]]:
    """Return the start and end of each bar of the chart, and the position of the 1× line, in percent."""
    styles = re.findall(r'style="(.*?)"', "\n".join(chart(results)))
    return [{name: float(place) for name, place in re.findall(r"--(\w+):([\d.]+)%", style)} for style in styles]


def test_bars_are_logarithmic() -> None:
    """The scale is logarithmic: 100× is twice as far from 1× as 10×, and slower tools are on the left."""
    hundred, ten, double, half = bars(works(peer={"a": 0.01, "b": 0.1, "c": 0.5, "d": 2.0}))[:4]
    lengths = [bar["to"] - bar["from"] for bar in (hundred, ten, double, half)]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[2] == pytest.approx(lengths[3], abs=0.2)
    assert [bar["from"] == bar["one"] for bar in (hundred, ten, double, half)] == [True, True, True, False]
    assert half["to"] == half["one"]


def test_chart_tables() -> None:
    """Each benchmark has a table of its figures, hand-edited texts one by layout; slower figures are marked."""
    lines = list(chart(works(peer={"small": 0.8, "large": 4.0})))
    rows = [re.sub(r" <span.*?</span>", "", line) for line in lines if line.startswith("| ")]
    head = "| × as fast {} | small, 1.5 KB | large, 1.5 KB |"
    figures = "1.25× | **0.25×** |"
    assert rows == [
        *(head.format("as"), f"| peer | {figures}") * 2,
        *(head.format("as peer"), f"| key order | {figures}"),
    ]
    assert [line for line in lines if line.startswith("**")] == [
        "**Read**",
        "**Read, set `heat`, write**",
        "**Hand-edited text: read**",
    ]
    assert sum(line.count('class="slower"') for line in lines) == 3


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(2, "0.50×"), (0.975, "1.03×"), (0.501, "2.0×"), (0.14, "7.1×"), (0.1003, "10×"), (0.0036, "278×")],
)
def test_ratios(ratio: float, words: str) -> None:
    """A ratio of times is shown as how many times as fast newsitem is, with more digits near 1."""
    assert times(ratio) == words


@pytest.mark.parametrize(("goal", "words"), [(0.8, "1.25"), (1.0, "1"), (1.5, "0.67"), (0.02, "50"), (4.0, "0.25")])
def test_goals(goal: float, words: str) -> None:
    """A goal is shown as a minimum in the same direction as the figures."""
    assert goal_times(goal) == f"at least {words}×"


@pytest.mark.parametrize(
    ("microseconds", "words"),
    [(9.44, "9.4 µs"), (44.1, "44 µs"), (9_999.4, "9,999 µs"), (9_999.5, "10 ms"), (201_496.5, "201 ms")],
)
def test_times(microseconds: float, words: str) -> None:
    """Times of five digits are in milliseconds, and do not wrap before the unit."""
    assert duration(microseconds) == words.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("ratio", [{}, {"a": None}, {"a": 0}, {"a": -1}, {"b": 1}])
def test_missing_figure(ratio: dict[str, Any]) -> None:
    """A figure that is missing or not a ratio is refused, and not left out."""
    results = works(peer={"a": 0.5})
    results["ratios"][0]["ratio"] = ratio
    with pytest.raises(ValueError, match="peer: not a ratio for each group"):
        list(chart(results))


def test_missing_benchmark() -> None:
    """Results without one of the benchmarks are refused."""
    results = works(peer={"a": 0.5})
    results["ratios"] = [one for one in results["ratios"] if one["work"] != WORKS[1]]
    with pytest.raises(ValueError, match=f"no figures for: {WORKS[1]}"):
        list(chart(results))


def test_chart_of_the_documentation() -> None:
    """The chart has a bar for each figure of reading and editing, including hand-edited texts."""
    results = json.loads((ROOT / "docs" / "performance.json").read_text(encoding="utf-8"))["works"]
    drawn = [line for line in results["ratios"] if line["work"].split(": ")[0] in WORKS]
    assert len(bars(results)) == len(drawn) * len(results["groups"])
    assert any(": " in line["work"] for line in drawn)


def test_reliability_sentences() -> None:
    """Each figure of the last run is in a sentence below its promise; a figure without a sentence is refused."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install --group docs")
    from tables import promises

    figures = json.loads((ROOT / "docs" / "reliability.json").read_text(encoding="utf-8"))["figures"]
    told = promises(figures)
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert sum(sentences.count("Of ") for sentences in told.values()) == len(figures)
    assert [promise for promise in told if promise not in page] == []
    assert promises({"writers killed / files damaged": [1_000, 0]}) == {
        "No file is ever half-written": "Of 1,000 kills of a process that was writing, none damaged a file."
    }
    assert "3 damaged a file" in "".join(promises({"writers killed / files damaged": [10, 3]}).values())
    with pytest.raises(ValueError, match="no sentence for: x / y"):
        promises({"x / y": [1, 0]})


def test_heat_plots(tmp_path: Path) -> None:
    """There are two transparent plots, one with dark text and one with light text."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install --group docs")
    image = pytest.importorskip("matplotlib.image", reason="matplotlib is not installed: pip install matplotlib")
    from pictures import draw_heat

    drawn = {mode: image.imread(path) for mode, path in draw_heat(tmp_path).items()}
    assert set(drawn) == {"light", "dark"}
    assert all(pixels[0, 0, 3] == 0 for pixels in drawn.values())
    dates = {mode: pixels[-20:][pixels[-20:, :, 3] == 1][:, :3] for mode, pixels in drawn.items()}
    assert dates["light"].max() < 0.2
    assert dates["dark"].min() > 0.7


def test_directives(tmp_path: Path) -> None:
    """The directives put boxes, bars and plots into an HTML page, and words into a text page."""
    for module in ("sphinx", "myst_parser", "matplotlib"):
        pytest.importorskip(module, reason=f"{module} is not installed: pip install --group docs")
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    settings = f"import sys\nsys.path.insert(0, {str(ROOT / 'docs' / '_ext')!r})\n"
    (source / "conf.py").write_text(f"{settings}project = 'x'\nextensions = ['myst_parser', 'pictures', 'tables']\n")
    (source / "figures.json").write_text(json.dumps({"works": works(peer={"small": 0.5, "large": 2.0})}))
    directives = (
        "architecture",
        "ways-of-writing",
        "speed-chart} figures.json",
        "speed-table} figures.json",
        "heat-plot",
    )
    fences = "".join(f"\n```{{{name}{'' if '}' in name else '}'}\n```\n" for name in directives)
    (source / "index.md").write_text("# Start\n\n```{toctree}\ninner/page\n```\n")
    (source / "inner" / "page.md").write_text(f"# Pictures\n{fences}")
    for builder in ("html", "text"):
        folders = ["-d", str(tmp_path / "read"), str(source), str(tmp_path / builder)]
        subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-b", builder, *folders], check=True)
    page = (tmp_path / "html" / "inner" / "page.html").read_text(encoding="utf-8")
    layers = re.findall(r'<div class="layer .*?</div>', page, re.DOTALL)
    shown = [re.findall(r'<span class="pre">(.*?)</span>', layer)[1:] for layer in layers]
    assert [label for labels in shown for label in labels] == [module.label for module in modules().values()]
    assert len(layers) == len({module.band for module in modules().values()})
    assert page.count('<span style="--one:') + page.count('<span class="slower" style="--one:') == 6
    for mode in ("light", "dark"):
        assert f'only-{mode}" src="../_images/heat-{mode}.png"' in page
        assert (tmp_path / "html" / "_images" / f"heat-{mode}.png").stat().st_size > 10_000
    words = " ".join((tmp_path / "text" / "inner" / "page.txt").read_text(encoding="utf-8").split())
    for told in ("YAML text to nodes and scalars", "nothing is written.", "12\N{NO-BREAK SPACE}ms", "**0.50×**"):
        assert told.replace("\N{NO-BREAK SPACE}", " ") in words
    assert "at least 1.25×, missed" in words
