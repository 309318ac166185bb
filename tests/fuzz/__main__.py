"""Check the laws on mutated files for a given time, guided by code coverage if atheris is installed.

The last line of output is the number of texts that were tried. A text that breaks a law is written to a file.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FUZZING = "--atheris"
"""The argument that tells a process to hand over to atheris."""


def main() -> int:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=120, help="how long to run, at least 1 (default: 120)")
    parser.add_argument(
        "--found", type=Path, default=Path("found"), help="the folder for texts that break a law (default: found)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="a positive number that repeats the same texts (default: 0, new texts on every run)",
    )
    parser.add_argument("--texts", type=Path, help="a folder that keeps the texts for the next run (with atheris)")
    arguments = parser.parse_args()
    if arguments.seconds < 1:
        parser.error("--seconds must be at least 1")
    arguments.found.mkdir(parents=True, exist_ok=True)
    try:
        import atheris  # noqa: F401
    except ImportError:
        tried, status = by_hypothesis(arguments.seconds, arguments.seed, arguments.found), 0
    else:
        tried, status = by_atheris(arguments.seconds, arguments.seed, arguments.found, arguments.texts)
    with contextlib.suppress(OSError):
        arguments.found.rmdir()  # fails if the folder has texts that break a law
    print(f"{tried} texts tried")
    return status


def by_hypothesis(seconds: int, seed: int, found: Path) -> int:
    """Try random mutations, which depend only on the seed, and return how many were tried."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as drawn_from

    from . import laws, mutations

    tried = 0
    last = b""

    @settings(
        max_examples=200,
        derandomize=False,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations.mutated)
    def try_one(data: bytes) -> None:
        nonlocal tried, last
        tried += 1
        last = data
        laws.check(data)

    draw = random.Random(seed or None)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            drawn_from(draw.getrandbits(64))(try_one)()
        except BaseException:
            path = found / "hypothesis.md"
            path.write_bytes(last)
            print(f"this text breaks a law: {path}")
            raise
    return tried


def by_atheris(seconds: int, seed: int, found: Path, texts: Path | None) -> tuple[int, int]:
    """Run atheris in a process of its own, and return the number of texts that it tried and its exit status."""
    from . import mutations

    with tempfile.TemporaryDirectory() as work:
        seeds = Path(work, "seeds")
        seeds.mkdir()
        for number, data in enumerate(mutations.SEEDS):
            (seeds / str(number)).write_bytes(data)
        lines = [f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in token.encode())}"\n' for token in mutations.TOKENS]
        Path(work, "tokens").write_text("".join(lines))
        kept = texts or Path(work, "texts")
        kept.mkdir(exist_ok=True)
        options = {"max_total_time": seconds, "max_len": 4096, "timeout": 60, "rss_limit_mb": 3000}
        options |= {"seed": seed, "print_final_stats": 1, "verbosity": 1}
        command = [sys.executable, "-m", "fuzz", FUZZING, str(kept), str(seeds), f"-dict={work}/tokens"]
        command += [f"-artifact_prefix={found}/", *(f"-{name}={value}" for name, value in options.items())]
        environment = dict(os.environ)
        if seed:
            environment["PYTHONHASHSEED"] = str(seed)
            command = [*_with_fixed_addresses(), *command]
        run = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    tried = re.search(r"number_of_executed_units: (\d+)", run.stderr)
    if run.returncode or tried is None:
        print(run.stderr[-8_000:])
    return int(tried[1]) if tried else 0, run.returncode


def _with_fixed_addresses() -> list[str]:
    """Return a command prefix that disables address randomisation, or nothing if the system does not support that.

    atheris identifies places in the code by their addresses, so a run is repeatable only if these stay the same.
    """
    setarch = ["setarch", "--addr-no-randomize"]
    if (
        shutil.which(setarch[0])
        and subprocess.run([*setarch, "true"], capture_output=True, check=False).returncode == 0
    ):
        return setarch
    return []


def run_atheris() -> None:
    """Let atheris check the laws in this process, with newsitem instrumented for coverage."""
    import atheris

    with atheris.instrument_imports(include=["newsitem"]):
        import newsitem._codec.reader
        import newsitem._codec.splice  # noqa: F401

        from . import laws
    sys.argv.remove(FUZZING)
    atheris.Setup(sys.argv, laws.check)
    atheris.Fuzz()


if __name__ == "__main__":
    if FUZZING in sys.argv:
        run_atheris()
    else:
        sys.exit(main())
