"""Run the laws, splicing and data tests on CPython 3.14: ``PYTHONPATH=tests python -m python314 [ARGUMENT…]``.

Ends with pytest's closing line and its exit status. Arguments replace the tests and options for pytest.
If node or npm is not installed, or npm cannot install pyodide, a line says so, and the exit status is 0.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

RUN: Final = Path(__file__).with_name("run.mjs")
ROOT: Final = RUN.parent.parent.parent
PYODIDE: Final = "pyodide@314"
PACKAGES: Final = (
    "attrs",
    "cattrs",
    "ruamel.yaml",
    "hypothesis",
    "jsonschema<4.18",
    "pytest",
    "rich",
    "sybil",
    "tzdata",
)
"""pip installs the newest version of each that is written in Python alone, as nothing is compiled for WebAssembly.

Newer versions of jsonschema need rpds-py, which is written in Rust."""
PYYAML: Final = "PyYAML"
"""Its wheels have a compiled part, which this Python passes over: the rest works without."""
TESTS: Final = (
    *(
        "alignment",
        "blocks",
        "convert",
        "definition",
        "diff",
        "editor",
        "flow",
        "front_matter",
        "items",
        "laws",
        "patterns",
    ),
    *("pickles", "pieces", "public_api", "reader", "render", "resolver", "scalar_kinds", "scalars", "secured"),
    *("spellings", "splice", "structure", "values"),
)
"""Those that need neither threads nor processes, which WebAssembly does not have."""
DESELECTED: Final = "not own_lines and not invalid_json and not names_that_are_imported"
"""The checks of edits by PyYAML take minutes without libyaml, with a large stack no JSON is nested too deeply, and a
test of imports needs a process."""
OPTIONS: Final = ("-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", "-k", DESELECTED)
EXAMPLES: Final = "10"
"""How many examples each property test draws: WebAssembly is several times slower."""
_STACK: Final = 64 << 20
"""Bytes of stack: V8's default is too small for the deepest texts, and overflowing it ends the process."""


def main(arguments: list[str]) -> int:
    """Install what is needed in a temporary folder, and run pytest there."""
    if missing := [command for command in ("node", "npm") if shutil.which(command) is None]:
        print(f"CPython 3.14 was not tried: {' and '.join(missing)} not installed")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if subprocess.run(["npm", "install", "--silent", PYODIDE], cwd=folder, check=False).returncode:
            print(f"CPython 3.14 was not tried: npm cannot install {PYODIDE}")
            return 0
        packages = folder / "packages"
        install(packages, *PACKAGES, "--platform=any", "--implementation=py", "--abi=none", "--python-version=3.14")
        install(packages, PYYAML, "--no-deps")
        tests = arguments or [*OPTIONS, *(f"tests/test_{test}.py" for test in TESTS)]
        stack = stack_size()
        size = f"--stack-size={stack * 15 // 16 // 1024}"
        node = ["node", size, str(RUN), str(ROOT), str(packages), os.environ.get("NEWSITEM_EXAMPLES", EXAMPLES), *tests]
        limits = (stack, resource.getrlimit(resource.RLIMIT_STACK)[1])
        return subprocess.run(
            node,
            cwd=folder,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, limits),
        ).returncode


def install(folder: Path, *arguments: str) -> None:
    """Install packages in a folder."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--only-binary=:all:"]
    subprocess.run([*pip, f"--target={folder}", *arguments], check=True)


def stack_size() -> int:
    """Return how large a stack the process may have."""
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    return _STACK if most == resource.RLIM_INFINITY else min(_STACK, most)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
