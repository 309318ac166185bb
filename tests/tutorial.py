"""Follow the tutorial word for word in a copy of the project: ``python -m tutorial COPY``.

Its commands go to a shell, its Python to an interactive session, as somebody pastes it. What that prints, and the
errors that it ends in, must be what the page shows.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def main(project: Path) -> None:
    """Follow the tutorial in *project*, which is changed by that."""
    page = (project / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    for language, block in blocks:
        if language == "sh":
            subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=project, check=True)
    session = "\n\n".join(block for language, block in blocks if language == "python")
    shown = [block for language, block in blocks if language in ("text", "diff")]
    errors = [block.splitlines()[0] for language, block in blocks if language == "pytb"]
    run = subprocess.run(
        ["../.venv/bin/python", "-i", "-q"],
        cwd=project / "try",
        input=f"{session}\n",
        capture_output=True,
        check=True,
        text=True,
    )
    printed = [line.rstrip() for line in run.stdout.splitlines()]
    expected = [line.rstrip() for block in shown for line in block.splitlines()]
    if [line for line in printed if line] != [line for line in expected if line]:
        sys.exit(f"the tutorial shows\n{expected}\nand it is\n{printed}\n{run.stderr}")
    raised = re.findall(r"^(?:>>> )*(newsitem\.errors\..*)$", run.stderr, re.MULTILINE)
    if raised != errors:
        sys.exit(f"the tutorial ends in the errors\n{errors}\nand it is\n{raised}\n{run.stderr}")
    print(f"the tutorial was followed: {len(shown)} outputs and {len(errors)} errors are as shown")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
