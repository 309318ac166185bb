"""Rename a topic in all items of a folder: select, edit, show the diff, and save only the edited lines.

Run it without arguments on a temporary copy of the sample files, or pass a folder. It only writes to that folder with
``--save``: ``retag.py FOLDER --old AI --new "Artificial intelligence" --save``.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from newsitem import NewsCollection

SAMPLES = Path(__file__).parent / "news"


def retag(news: NewsCollection, old: str, new: str) -> None:
    """Rename a topic in all items. If an item already has the new topic, the old one is removed."""
    for item in news.filter(topic=old):
        item.topics = list(dict.fromkeys(new if topic == old else topic for topic in item.topics))


def main(folder: Path, old: str | None, new: str, *, save: bool) -> None:
    """Rename the topic *old*, or the most common one, and print each step."""
    news = NewsCollection.read(folder, on_error="collect")
    print(repr(news))
    for error in news.errors:
        print(f"not read: {error}")
    topics = news.count_by("topic")
    if old is None and topics:
        old = topics.most_common(1)[0][0]
    if old is None or old not in topics:
        sys.exit("no item has this topic")
    retag(news, old, new)
    changed = news.changed()
    print(f"\n{old!r} becomes {new!r} in {len(changed)} items. The diff of the first:\n")
    print(changed[:1].diff())
    report = news.save(dry_run=not save)
    print(report)
    if save and report.ok:
        print(f"Saving again: {news.save()}")
        counts = NewsCollection.read(folder, on_error="collect").count_by("topic")
        print(f"Read again: {counts[old]} items have {old!r}, {counts[new]} have {new!r}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="the folder (default: a temporary copy of the sample files)"
    )
    parser.add_argument("--old", help="the topic to rename (default: the most common one)")
    parser.add_argument("--new", default="Artificial intelligence", help="the new name (default: %(default)s)")
    parser.add_argument("--save", action="store_true", help="write the files instead of only showing the changes")
    options = parser.parse_args()
    if options.folder:
        main(options.folder, options.old, options.new, save=options.save)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(shutil.copytree(SAMPLES, Path(temporary) / "news")), options.old, options.new, save=True)
