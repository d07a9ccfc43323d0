#!/usr/bin/env python3
"""Processor time and memory of the nightly job over ten million rows, against bare DuckDB doing the same."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import company, measure

ROWS, SMOKE_ROWS = 10_000_000, 20_000
CHANGED_MONTH = "2026-03"
GIB = 2**30

FINEST_CUBE = """
CREATE TEMP TABLE finest AS SELECT SALE_DATE, PRODUCT, REGION, STAGE, STATUS, count(*), count(AMOUNT), sum(AMOUNT)
FROM FCT_SALES GROUP BY ALL
"""
# As core/warehouse/duckdb/dialect.cc writes it, DayDigestsQuery.
DIGESTS = """
SELECT CASE WHEN SALE_DATE >= DATE '0001-01-01' AND SALE_DATE <= DATE '9999-12-31' THEN SALE_DATE END, count(*),
  CAST(sum(hash(CAST(SALE_ID AS DECIMAL(38,0)), PRODUCT, REGION, CAST(AMOUNT AS DECIMAL(38,2)), STAGE, CUSTOMER_NAME,
    SALE_DATE, STATUS)) AS HUGEINT)
FROM FCT_SALES GROUP BY 1 ORDER BY 1 NULLS LAST
"""
# The ids are unique, so this is the canonical order.
EXPORT = """
COPY (SELECT * FROM FCT_SALES WHERE {where} ORDER BY SALE_DATE NULLS LAST, SALE_ID NULLS LAST)
TO '{file}' (FORMAT csv, COMPRESSION zstd)
"""


class Nightly:
    """A data folder with the company in it, its nightly job, and what DuckDB does beside it."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.data = folder / "data"
        self.copy = folder / "rows.csv.zst"
        self.peaks: list[float] = []
        self.database = company.make(self.data, rows)
        self.edits = 0

    def process(self, outcome: str) -> float:
        used = measure.program(self.data, "--now", company.NOW, "process")
        report = json.loads(used.output)
        if report["outcome"] != outcome:
            raise RuntimeError(f"the nightly job ended with {report}, not {outcome}")
        self.peaks.append(used.peak_bytes / GIB)
        return used.cpu_seconds

    def full(self) -> float:
        shutil.rmtree(self.data / "store", ignore_errors=True)
        return self.process("published")

    def one_day(self) -> float:
        """One deal of the month gets another amount."""
        self.edits += 1
        edit = (
            f"UPDATE FCT_SALES SET AMOUNT = {self.edits} WHERE SALE_ID = "
            f"(SELECT min(SALE_ID) FROM FCT_SALES WHERE SALE_DATE = DATE '{CHANGED_MONTH}-15')"
        )
        measure.program(self.data, "sql", edit)
        return self.process("published")

    def unchanged(self) -> float:
        return self.process("unchanged")

    def bare(self, *statements: str) -> float:
        return measure.in_duckdb(self.database, list(statements))

    def bare_full(self) -> float:
        return self.bare(FINEST_CUBE, EXPORT.format(where="true", file=self.copy))

    def bare_one_day(self) -> float:
        month = f"SALE_DATE >= DATE '{CHANGED_MONTH}-01' AND SALE_DATE < DATE '{CHANGED_MONTH}-01' + INTERVAL 1 MONTH"
        return self.bare(DIGESTS, EXPORT.format(where=month, file=self.copy))

    def token_check(self) -> float:
        """The least that any command costs that opens the warehouse and touches the table."""
        return measure.program(self.data, "sql", "SELECT 1 FROM FCT_SALES LIMIT 1").cpu_seconds


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds, rows = (1, SMOKE_ROWS) if chosen.smoke else (chosen.rounds, chosen.rows)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        nightly = Nightly(Path(folder), rows)
        full = measure.in_turns(rounds, nightly.full, nightly.bare_full)
        one_day = measure.in_turns(rounds, nightly.one_day, nightly.bare_one_day)
        unchanged = measure.in_turns(9 * rounds, nightly.unchanged, nightly.token_check)
        return [
            measure.ratio("full refresh", 1.5, full),
            measure.ratio("one changed day", 2.0, one_day),
            measure.ratio("nothing changed", 1.1, unchanged),
            measure.largest("peak memory", 1.0, "GiB", nightly.peaks),
        ]


def main() -> int:
    parser = measure.arguments(__doc__, rounds=3)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, help="where the data is made; it needs a gigabyte")
    chosen = parser.parse_args()
    return measure.conclude("nightly", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
