"""Collect the examples in the README, the docs and the docstrings as tests. See `tests/documents.py`."""

from documents import pytest_collect_file

__all__ = ["pytest_collect_file"]
