"""Paths of the sample files."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples" / "news").glob("*.md"))
VALID = sorted((ROOT / "tests" / "data" / "valid").glob("*.md"))
