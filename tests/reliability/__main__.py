"""Test every guarantee many times, and count how often each was tested and how often it failed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest


def main() -> int:
    """Run the tests in this folder as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m reliability", description=__doc__)
    parser.add_argument("--times", type=int, default=25, help="tries, as a multiple of the fast suite (default: 25)")
    parser.add_argument("--news", help="a folder of news item files to edit and to read with other programs")
    parser.add_argument("--yaml-suite", help="a folder with the test cases of the YAML test suite")
    parser.add_argument("--figures", help="write the figures to this file, such as docs/reliability.json")
    options = parser.parse_args()
    given = {"NEWSITEM_TIMES": str(options.times), "NEWSITEM_CORPUS": options.news}
    given |= {"NEWSITEM_YAML_SUITE": options.yaml_suite, "NEWSITEM_FIGURES": options.figures}
    os.environ.update({name: value for name, value in given.items() if value})
    marker = "corpus or not corpus" if options.news else "not corpus"
    return pytest.main([str(Path(__file__).parent), "-q", "-m", marker])


if __name__ == "__main__":
    sys.exit(main())
