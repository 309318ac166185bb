"""Draw how hot each topic was in each week: read a folder, group twice, hand the numbers to matplotlib.

Run it without arguments for the sample files, or name a folder of your own and a picture: ``heat.py FOLDER OUT.png``.
It needs matplotlib: ``pip install matplotlib``.
"""

import sys
from math import nan
from pathlib import Path

from newsitem import NewsCollection

try:
    import matplotlib as mpl

    mpl.use("Agg")  # draws into a file, on machines without a screen too
    import matplotlib.pyplot as plt
    from matplotlib.colors import PowerNorm
except ImportError:
    sys.exit("heat.py needs matplotlib: pip install matplotlib")

SAMPLES = Path(__file__).parent / "news"
ROWS = 14
"""Topics that are drawn: the hottest."""


def heat(news: NewsCollection) -> int:
    """Add up the heat of all items."""
    return sum(item.heat or 0 for item in news)


def draw(news: NewsCollection, picture: Path, colours: str = "YlOrRd") -> None:
    """Write a picture with a row for each topic and a column for each week, in colours from cool to hot."""
    weeks = list(news.timeline(every="week"))
    topics = sorted(news.group_by("topic").items(), key=lambda pair: heat(pair[1]), reverse=True)[:ROWS]
    rows = []
    for _, group in topics:
        heats = {one: heat(items) for one, items in group.group_by("week").items()}
        rows.append([heats.get(one, nan) for one in weeks])

    figure, axes = plt.subplots(figsize=(10, 1.5 + 0.35 * len(topics)), layout="constrained")
    mesh = axes.pcolormesh(rows, cmap=colours, norm=PowerNorm(0.3, vmin=0), linewidth=0.5 if len(weeks) < 60 else 0)
    mesh.set_edgecolor(axes.get_facecolor())
    axes.set_yticks([place + 0.5 for place in range(len(topics))], [topic for topic, _ in topics])
    step = -(-len(weeks) // 5)
    axes.set_xticks([place + 0.5 for place in range(0, len(weeks), step)], [f"{one:%d %b %Y}" for one in weeks[::step]])
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.set_title(f"Heat of {len(news):,} items by topic and week", loc="left")
    figure.colorbar(mesh, label="heat of all items of the week", format="{x:,.0f}", pad=0.02)
    figure.savefig(picture, dpi=144)
    plt.close(figure)


def main(folder: Path, picture: Path) -> None:
    """Draw the items of a folder that have a heat."""
    news = NewsCollection.read(folder, on_error="collect").filter(min_heat=1)
    if not news.count_by("topic"):
        sys.exit(f"no items with topics and heat in {folder}")
    draw(news, picture)
    print(f"{news!r}\n{picture}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES, Path(sys.argv[2] if len(sys.argv) > 2 else "heat.png"))
