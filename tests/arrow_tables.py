"""Arrow tables for tests."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'newsitem[arrow]'")
pq = pytest.importorskip("pyarrow.parquet")


def table_of(**columns: list[Any]) -> Any:
    """Return a table with the required columns and others."""
    needed: dict[str, list[Any]] = {
        "title": ["T"],
        "published_date_time": [datetime(2020, 6, 24, tzinfo=UTC)],
        "provider": [{"name": "P"}],
    }
    return pa.table(needed | columns)


def through_parquet(table: Any) -> Any:
    """Write a table to Parquet and read it back."""
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return pq.read_table(stream)
