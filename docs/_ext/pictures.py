"""Pictures that are made when the documentation is built: drawn as SVG in the page, or by an example."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from architecture import architecture
from architecture import description as of_architecture
from docutils import nodes
from flow import DESCRIPTION, ways_of_writing
from modules import PACKAGE, ROOT, TABLE, modules
from speed import description as of_speed
from speed import speed_chart
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

SCRIPT = ROOT / "examples" / "heat.py"
NEWS = ROOT / "examples" / "news"
MODES = {"light": ("#000000", "#ffffff", "YlOrRd"), "dark": ("#cfd0d0", "#131416", "YlOrRd_r")}
"""For each mode of the theme: the colours of text and of the page, and those of the heat, the hottest standing out."""
INKED = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")

HEAT_IN_WORDS = (
    "A table of coloured cells: a row for each topic, the hottest first, and a column for each week; "
    "the further its colour stands out, the more heat the items of that topic have together in that week."
)


class _Picture(SphinxDirective):
    """A picture in the page, and words in its place where there are no pictures."""

    legend = ""

    def run(self) -> list[nodes.Node]:
        """Make the picture."""
        container = nodes.container(classes=["picture"])
        drawing = nodes.raw("", f'<div class="picture-scroll">{self.drawing()}</div>', format="html")
        container += drawing
        if self.legend:
            container += nodes.paragraph("", self.legend, classes=["picture-legend"])
        return [_only("html", container), _only("not html", self._list())]

    def _list(self) -> nodes.Node:
        items = (nodes.list_item("", nodes.paragraph("", words)) for words in self.words())
        return nodes.bullet_list("", *items)

    def drawing(self) -> str:
        """Give the picture."""
        raise NotImplementedError

    def words(self) -> Iterable[str]:
        """Say in words what it shows."""
        raise NotImplementedError


class Architecture(_Picture):
    """``{architecture}``: the modules of the package, and what imports what."""

    legend = (
        "An arrow leads from modules to those that they import; what follows from other arrows is left out. "
        "In a box, a module imports only from those before it. Blue: made for users. "
        "Point at a module to see what it does, what it imports, and what imports it."
    )

    def drawing(self) -> str:
        """Draw the modules as they are now."""
        for path in (TABLE, PACKAGE, *PACKAGE.rglob("*.py")):
            self.env.note_dependency(str(path))
        return architecture(modules())

    def words(self) -> Iterable[str]:
        """Say what each module imports."""
        return of_architecture(modules())


class WaysOfWriting(_Picture):
    """``{ways-of-writing}``: how an item becomes text."""

    def drawing(self) -> str:
        """Draw the two ways."""
        return ways_of_writing()

    def words(self) -> Iterable[str]:
        """Tell the two ways."""
        return [DESCRIPTION]


class SpeedChart(_Picture):
    """``{speed-chart} FILE``: how many times as long as newsitem other tools take. The file is one in ``docs``."""

    required_arguments = 1
    legend = (
        "How many times as long as newsitem each tool takes for the same work, on a logarithmic scale: "
        "equal steps multiply. A tool that is faster than newsitem has a red bar, to the left of 1."
    )

    def drawing(self) -> str:
        """Draw the figures of the file."""
        return speed_chart(self._works())

    def words(self) -> Iterable[str]:
        """Say the figures of the file."""
        return of_speed(self._works())

    def _works(self) -> dict[str, Any]:
        path = Path(self.env.srcdir, self.arguments[0])
        self.env.note_dependency(str(path))
        works: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["works"]
        return works


class HeatPlot(SphinxDirective):
    """``{heat-plot}``: what ``examples/heat.py`` draws of the sample files, once for each mode of the theme."""

    def run(self) -> list[nodes.Node]:
        """Draw the pictures and put the fitting one into the page."""
        for path in (SCRIPT, NEWS, *NEWS.glob("*.md")):
            self.env.note_dependency(str(path))
        folder = Path(self.env.doctreedir, "pictures")
        folder.mkdir(exist_ok=True)
        container = nodes.container(classes=["picture", "heat-plot"])
        for mode, path in draw_heat(folder).items():
            uri = os.path.relpath(path, Path(self.env.doc2path(self.env.docname)).parent)
            image = nodes.image(uri=uri, alt=HEAT_IN_WORDS, classes=[f"only-{mode}"])
            container += image if mode == "light" else _only("html", image)
        return [container]


def draw_heat(folder: Path) -> dict[str, Path]:
    """Let the example draw the sample files, in a folder; give the picture for each mode of the theme."""
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


def _only(tag: str, node: nodes.Node) -> nodes.Node:
    """Show a node only where a page is made that the tag fits."""
    return addnodes.only("", node, expr=tag)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("architecture", Architecture)
    app.add_directive("ways-of-writing", WaysOfWriting)
    app.add_directive("speed-chart", SpeedChart)
    app.add_directive("heat-plot", HeatPlot)
    return {"parallel_read_safe": True}
