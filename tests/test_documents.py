"""README and documentation agree with the code. `documents` runs their examples."""

from __future__ import annotations

import re
import subprocess
import sys

from documents import PAGES
from samples import ROOT

import newsitem


def test_security_limits() -> None:
    """SECURITY.md lists every limit with its value."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    shown = {
        name: int(value.replace(",", ""))
        for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]*\d)", page, re.MULTILINE)
    }
    assert shown == newsitem.Limits()._asdict()


def test_import_is_light() -> None:
    """Importing newsitem imports neither ruamel.yaml and cattrs nor optional packages."""
    program = (
        "import sys, newsitem\n"
        "print([m for m in ('ruamel.yaml', 'cattrs', 'html', 'tqdm', 'pyarrow', 'dask') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert run.stdout.decode().strip() == "[]"


def test_all_code_blocks_are_tested() -> None:
    """Every code block in the documentation is one that `documents` runs or compares."""
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]:
        fences = re.findall(r"^ *```(\{code-block\}|\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        blocks = [example for example in PAGES.parse(page) if "language" in example.region.lexemes]
        assert len(blocks) == len(fences), page
