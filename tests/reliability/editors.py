"""Edit files while other processes edit them too: ``python -m reliability.editors FOLDER EDITS SEED``.

Prints figures as JSON: the number of edits that were written to each file, and the number that were refused.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

import newsitem
from newsitem import ConflictError, NewsCollection

from . import stories


def edit(path: Path, *, as_collection: bool) -> bool:
    """Edit a file, and return whether the edit was written."""
    if as_collection:
        news = NewsCollection.read(path)
        stories.edit(news[0])
        return bool(news.save().written)
    item = newsitem.load(path)
    stories.edit(item)
    try:
        newsitem.dump(item)
    except ConflictError:
        return False
    return True


def main(folder: Path, edits: int, seed: int) -> None:
    """Edit files drawn at random, and print the figures."""
    draw = random.Random(seed)
    paths = sorted(folder.glob("*.md"))
    figures = Counter[str]()
    for _ in range(edits):
        path = draw.choice(paths)
        written = edit(path, as_collection=draw.random() < 0.5)
        figures[path.name if written else "refused"] += 1
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
