"""Examples in README, docs and docstrings are tests; `tests/documents.py` says how."""

from documents import pytest_collect_file

__all__ = ["pytest_collect_file"]
