"""Follow the tutorial word for word in an empty folder: ``python -m tutorial FOLDER``.

The commands run in a shell, and the Python code in an interactive session, as if a reader had pasted it. The output and
the errors must be those that the page shows. Set ``PIP_FIND_LINKS`` to the folder with the wheel, so that
``pip install newsitem`` finds it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from samples import ROOT


def main(folder: Path) -> None:
    """Follow the tutorial in *folder*."""
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    commands = "\n".join(block for language, block in blocks if language == "sh")
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, check=True)
    session = "\n\n".join(block for language, block in blocks if language == "python")
    shown = [block for language, block in blocks if language in ("text", "diff")]
    errors = [block.splitlines()[0] for language, block in blocks if language == "pytb"]
    run = subprocess.run(
        [".venv/bin/python", "-i", "-q"],
        cwd=folder / "try",
        input=f"{session}\n",
        capture_output=True,
        check=True,
        text=True,
    )
    printed = [line.rstrip() for line in run.stdout.splitlines()]
    expected = [line.rstrip() for block in shown for line in block.splitlines()]
    if [line for line in printed if line] != [line for line in expected if line]:
        sys.exit(f"the tutorial shows\n{expected}\nbut the output is\n{printed}\n{run.stderr}")
    raised = re.findall(r"^(?:>>> )*(newsitem\.errors\..*)$", run.stderr, re.MULTILINE)
    if raised != errors:
        sys.exit(f"the tutorial shows the errors\n{errors}\nbut the session raises\n{raised}\n{run.stderr}")
    print(f"the tutorial works: {len(shown)} outputs and {len(errors)} errors are as shown")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
