"""Draw a heat map of topics by week: read a folder, group it twice, and plot the numbers with matplotlib.

Run it without arguments on the sample files, or pass a folder and an output file: ``heat.py FOLDER OUT.png``.
It requires matplotlib: ``pip install matplotlib``.
"""

import sys
from math import nan
from pathlib import Path

from newsitem import NewsCollection

try:
    import matplotlib as mpl

    mpl.use("Agg")  # works without a display
    import matplotlib.pyplot as plt
    from matplotlib.colors import PowerNorm
except ImportError:
    sys.exit("heat.py needs matplotlib: pip install matplotlib")

SAMPLES = Path(__file__).parent / "news"
ROWS = 14
"""The number of topics to draw, hottest first."""


def heat(news: NewsCollection) -> int:
    """Return the total heat of all items."""
    return sum(item.heat or 0 for item in news)


def draw(news: NewsCollection, picture: Path, colours: str = "YlOrRd") -> None:
    """Save a picture with one row per topic and one column per week."""
    weeks = list(news.timeline(every="week"))
    topics = sorted(news.group_by("topic").items(), key=lambda pair: heat(pair[1]), reverse=True)[:ROWS]
    rows = []
    for _, group in topics:
        heats = {week: heat(items) for week, items in group.group_by("week").items()}
        rows.append([heats.get(week, nan) for week in weeks])

    figure, axes = plt.subplots(figsize=(10, 1.5 + 0.35 * len(topics)), layout="constrained")
    mesh = axes.pcolormesh(rows, cmap=colours, norm=PowerNorm(0.3, vmin=0), linewidth=0.5 if len(weeks) < 60 else 0)
    mesh.set_edgecolor(axes.get_facecolor())
    axes.set_yticks([place + 0.5 for place in range(len(topics))], [topic for topic, _ in topics])
    step = -(-len(weeks) // 5)
    axes.set_xticks(
        [place + 0.5 for place in range(0, len(weeks), step)], [f"{week:%d %b %Y}" for week in weeks[::step]]
    )
    axes.tick_params(length=0)
    axes.invert_yaxis()
    axes.set_title(f"Heat of {len(news):,} items by topic and week", loc="left")
    figure.colorbar(mesh, label="total heat per week, low → high", format="{x:,.0f}", pad=0.02)
    figure.savefig(picture, dpi=144)
    plt.close(figure)


def main(folder: Path, picture: Path) -> None:
    """Draw the items in a folder that have heat."""
    news = NewsCollection.read(folder, on_error="collect").filter(min_heat=1)
    if not news.count_by("topic"):
        sys.exit(f"no items with both topics and heat in {folder}")
    draw(news, picture)
    print(f"{news!r}\n{picture}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES, Path(sys.argv[2] if len(sys.argv) > 2 else "heat.png"))
