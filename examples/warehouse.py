"""Produce a report with SQL: read a folder in parallel, write Parquet, and query it with DuckDB.

Run it without arguments on the sample files, or pass a folder and an output folder for the Parquet files:
``warehouse.py FOLDER PARQUET``. It requires Dask and DuckDB: ``pip install 'newsitem[dask,engines]'``.
"""

import sys
import tempfile
from pathlib import Path

try:
    import duckdb
    from dask.diagnostics.progress import ProgressBar

    from newsitem.dask import read_bag, to_parquet
except ImportError as error:
    package = str(error.name).partition(".")[0]
    sys.exit(f"warehouse.py needs {error.name}: pip install 'newsitem[dask,engines]' (or: pip install {package})")

SAMPLES = Path(__file__).parent / "news"
REPORT = """
    SELECT strftime(published_date_time, '%Y-%m') AS month, topic, count(*) AS items, max(heat) AS heat,
           arg_max(provider.name, heat) AS hottest_outlet
    FROM (SELECT *, unnest(list_distinct(topics)) AS topic FROM read_parquet(?))
    GROUP BY ALL
    ORDER BY items DESC, month, topic
    LIMIT 10
"""


def main(folder: str, parquet: str) -> None:
    """Write the items of a folder to Parquet and print a report."""
    bag = read_bag(folder, on_error="collect")
    with ProgressBar():  # type: ignore[no-untyped-call]
        report = to_parquet(bag, parquet)
    print(f"{report.rows:,} items in {len(report.files)} Parquet files")
    for error in report.errors:
        print(f"not read: {error}")
    duckdb.sql("SET TimeZone = 'UTC'")
    print(duckdb.sql(REPORT, params=[f"{parquet}/*.parquet"]))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(sys.argv[1], sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(sys.argv[1] if len(sys.argv) > 1 else str(SAMPLES), f"{temporary}/parquet")
