"""Pictures that are generated when the documentation is built: boxes and bars in HTML, and the plot of an example."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils import nodes
from modules import PACKAGE, ROOT, TABLE, modules
from speed import chart
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from tables import Generated

SCRIPT = ROOT / "examples" / "heat.py"
NEWS = ROOT / "examples" / "news"
MODES = {"light": ("#000000", "#ffffff", "YlOrRd"), "dark": ("#cfd0d0", "#131416", "YlOrRd_r")}
"""For each mode of the theme: the colours of text and of the page, and those of the heat, the hottest standing out."""
INKED = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")

HEAT_IN_WORDS = (
    "A heat map with a row for each topic, the hottest first, and a column for each week. "
    "The stronger the colour of a cell, the higher the total heat of the items of that topic in that week."
)
WRITING = """\
1. **Render or splice.** There are two cases:
   - The item is new, or its source text is in the canonical layout: newsitem renders the entire item. If nothing has
     changed, the result equals the source text.
   - The source text is in another layout: newsitem reads it again, compares each entry with the item, and writes only
     the entries that differ, in place.
2. **Check.** newsitem reads the result back, or only the entries that were edited in place, and compares it with the
   item.
3. **Return.** If they are equal, the text is returned. If they differ, an error is raised and nothing is written.
"""


class Architecture(Generated):
    """``{architecture}``: the layers of the package in import order, with their modules."""

    classes = ("layers",)

    def lines(self) -> Iterator[str]:
        """Yield a box for each heading of the table: its folder, what it is for, and its modules."""
        for path in (TABLE, PACKAGE, *PACKAGE.rglob("*.py")):
            self.env.note_dependency(str(path))
        for band, found in groupby(modules().values(), key=lambda module: module.band):
            folder, _, purpose = band.replace("`", "").partition(": ")
            labels = " ".join(f"`{module.label}`" for module in found)
            yield from ("````{container} layer", f"**`{folder}`** {purpose}", "", labels, "````")


class WaysOfWriting(Generated):
    """``{ways-of-writing}``: how an item becomes text, in steps."""

    classes = ("steps",)

    def lines(self) -> Iterator[str]:
        """Yield the steps."""
        yield from WRITING.splitlines()


class SpeedChart(Generated):
    """``{speed-chart} FILE``: how many times as fast as other tools newsitem is. The file is one in ``docs``."""

    required_arguments = 1
    classes = ("speed-chart",)

    def lines(self) -> Iterator[str]:
        """Yield the tables with their bars."""
        yield from chart(self.read()["works"])


class HeatPlot(SphinxDirective):
    """``{heat-plot}``: the plot that ``examples/heat.py`` draws of the sample files, once per mode of the theme."""

    def run(self) -> list[nodes.Node]:
        """Draw the pictures and add them to the page, each for its mode."""
        for path in (SCRIPT, NEWS, *NEWS.glob("*.md")):
            self.env.note_dependency(str(path))
        folder = Path(self.env.doctreedir, "pictures")
        folder.mkdir(exist_ok=True)
        container = nodes.container(classes=["heat-plot"])
        for mode, path in draw_heat(folder).items():
            uri = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
            image = nodes.image(uri=uri, alt=HEAT_IN_WORDS, classes=[f"only-{mode}"])
            container += image if mode == "light" else addnodes.only("", image, expr="html")
        return [container]


def draw_heat(folder: Path) -> dict[str, Path]:
    """Let the example draw the sample files into a folder, and return the picture for each mode of the theme."""
    import matplotlib as mpl

    heat = _script(SCRIPT)
    news = heat.NewsCollection.read(NEWS).filter(min_heat=1)
    drawn = {}
    for mode, (ink, page, colours) in MODES.items():
        drawn[mode] = folder / f"heat-{mode}.png"
        style: dict[Any, Any] = dict.fromkeys(INKED, ink)
        with mpl.rc_context({**style, "axes.facecolor": page, "savefig.transparent": True, "font.size": 13}):
            heat.draw(news, drawn[mode], colours)
    return drawn


def _script(path: Path) -> ModuleType:
    """Import a script by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no Python script: {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("architecture", Architecture)
    app.add_directive("ways-of-writing", WaysOfWriting)
    app.add_directive("speed-chart", SpeedChart)
    app.add_directive("heat-plot", HeatPlot)
    return {"parallel_read_safe": True}
