"""Read news item files with other programs: Ruby's Psych, Jekyll, PyYAML (YAML 1.1) and ruamel.yaml (YAML 1.2).

The results are comparable: plain data, in which values of types that JSON lacks are lists of a name and a text.
"""

from __future__ import annotations

import json
import math
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML

import newsitem

PSYCH = Path(__file__).with_name("psych.rb")


def comparable(value: Any) -> Any:
    """Convert Python data to the form that `psych.rb` prints."""
    if isinstance(value, dict):
        return {name: comparable(child) for name, child in value.items()}
    if isinstance(value, list):
        return [[comparable(child) for child in value]]
    scalar = _SCALARS.get(type(value))
    return value if scalar is None else scalar(value)


def _time(value: datetime) -> list[str]:
    since = (value if value.tzinfo else value.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return ["time", str(since // timedelta(microseconds=1))]


_SCALARS: dict[type, Callable[[Any], list[str]]] = {
    datetime: _time,
    date: lambda value: ["date", value.isoformat()],
    float: lambda value: ["float", struct.pack(">d", math.nan if math.isnan(value) else value).hex()],
    int: lambda value: ["integer", str(value)],
}


def front_matter(text: str) -> str:
    """Return the YAML of a file."""
    lines = text.removeprefix("\ufeff").split("\n")
    stop = next(index for index, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
    return "\n".join(lines[1:stop]) + "\n"


def by_pyyaml(texts: Iterable[str]) -> list[Any]:
    """Read front matter with PyYAML."""
    return [comparable(yaml.load(front_matter(text), Loader=yaml.CSafeLoader)) for text in texts]


def by_ruamel(texts: Iterable[str]) -> list[Any]:
    """Read front matter with ruamel.yaml, as YAML 1.2."""
    return [comparable(YAML(typ="safe", pure=True).load(front_matter(text))) for text in texts]


class Psych:
    """A Ruby process that reads front matter as Jekyll does."""

    def __init__(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            ["ruby", str(PSYCH)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __call__(self, texts: Iterable[str]) -> list[Any]:
        """Read the front matter of texts."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(list(texts), ensure_ascii=False).replace("\u2028", "\\u2028") + "\n")
        self._process.stdin.flush()
        results: list[Any] = json.loads(self._process.stdout.readline())
        return results

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


Reader = Callable[[Iterable[str]], list[Any]]


def differences(item: newsitem.NewsItem, found: Any) -> tuple[int, dict[str, Any]]:
    """Compare an item with the data that another reader found, and return the number of values and the differences.

    If a key is not set, the other reader may find null, an empty list or no key.
    """
    expected = comparable(newsitem.to_dict(item))
    if not isinstance(found, dict):
        return leaves(expected), {"": found}
    unset: tuple[Any, ...] = (None, [[]])
    wrong = {name: (value, found.get(name)) for name, value in expected.items() if found.get(name, ...) != value}
    wrong |= {name: (None, value) for name, value in found.items() if name not in expected and value not in unset}
    return leaves(expected), wrong


def leaves(value: Any) -> int:
    """Count the scalars in comparable data."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    if isinstance(value, list) and len(value) == 1:
        return sum(map(leaves, value[0]))
    return 1


def has(program: str) -> bool:
    """Whether a program is installed."""
    return shutil.which(program) is not None


class Jekyll:
    """A Jekyll site whose only page lists, as JSON, the data of each item that templates see."""

    PAGE = """---
---
[{% for item in site.news %}{"path": {{ item.path | jsonify }}{% for key in page.keys %},
{{ key | jsonify }}: {{ item[key] | jsonify }}{% endfor %}}{% unless forloop.last %},{% endunless %}
{% endfor %}]
"""

    def __init__(self, folder: Path, keys: Iterable[str]) -> None:
        """Create a site in *folder* that shows some keys of the items in its collection ``news``."""
        self.news = folder / "_news"
        self.news.mkdir(parents=True)
        self._folder = folder
        self._keys = list(keys)
        settings = {"collections": {"news": {"output": False}}, "unpublished": True, "future": True, "timezone": "UTC"}
        (folder / "_config.yml").write_text(yaml.safe_dump(settings))
        page = self.PAGE.replace("---\n", f"---\nkeys: {json.dumps(self._keys)}\n", 1)
        (folder / "news.json").write_text(page)

    def build(self) -> dict[str, dict[str, Any]]:
        """Build the site, and return the data of each item by the name of its file."""
        built = self._folder / "_site"
        command = ["jekyll", "build", "--quiet", "--source", str(self._folder), "--destination", str(built)]
        run = subprocess.run([*command, "--disable-disk-cache"], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        assert "rror" not in run.stderr, run.stderr
        return {Path(item.pop("path")).name: item for item in json.loads((built / "news.json").read_text())}
