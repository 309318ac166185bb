"""PyYAML's loader and dumper: with libyaml if PyYAML has it, else those in Python, which are slower."""

from __future__ import annotations

from typing import Any, Final

import yaml

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
