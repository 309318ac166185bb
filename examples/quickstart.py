"""Load news items, edit one, show the diff and write it: only the edited lines of the file change.

Run it without arguments on the sample files, or pass a folder: ``quickstart.py FOLDER``. It only writes to a temporary
copy.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import newsitem

SAMPLES = Path(__file__).parent / "news"


def main(folder: Path) -> None:
    """Load the files in *folder*, then edit and write a copy of one of them."""
    paths = sorted(folder.rglob("*.md"))
    if not paths:
        sys.exit(f"no .md files in {folder}")
    items = [newsitem.load(path) for path in paths]
    print(f"{'date':10}  {'heat':>4}  {'provider':24}  title")
    for item in items:
        heat = "" if item.heat is None else item.heat
        print(f"{item.published_date_time:%Y-%m-%d}  {heat:>4}  {item.provider.name[:24]:24}  {item.title[:50]}")

    unchanged = sum(newsitem.dumps(item).encode() == path.read_bytes() for item, path in zip(items, paths, strict=True))
    print(f"\n{unchanged} of {len(paths)} files round-trip byte for byte.\n")

    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copy(max(items, key=lambda item: len(item.related)).path or "", temporary))
        before = copy.read_text(encoding="utf-8").splitlines()
        item = newsitem.load(copy)
        item.heat = (item.heat or 0) + 1
        item.topics.append("Facial Recognition")
        if item.related and item.related[-1].provider:
            item.related[-1].provider.name = "1010"
        print(newsitem.diff(item))
        newsitem.dump(item)
        after = copy.read_text(encoding="utf-8").splitlines()
        same = (Counter(before) & Counter(after)).total()
        print(f"Written: {len(after) - same} new lines, {same} of {len(before)} lines unchanged.")
        print(f"Reads back as the same item: {newsitem.load(copy) == item}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
