#!/usr/bin/env python3
"""Processor time of the live endpoint over a million rows, against its own SQL in bare DuckDB."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import company, measure
from support.duckdb_peer import DuckDb
from support.server import Server

ROWS, SMOKE_ROWS = 1_000_000, 10_000
LIMIT = 100
QUESTIONS = 10
PATH = f"/api/sales/last-month?limit={LIMIT}"


# As core/warehouse/duckdb/dialect.cc writes it, RecentSalesQuery.
WINDOW = "SALE_DATE >= DATE '{start}' AND SALE_DATE < DATE '{end}'"
SQL = f"""
(SELECT CAST(SALE_ID AS DECIMAL(38,0)), PRODUCT, REGION, AMOUNT, STAGE, CUSTOMER_NAME, SALE_DATE, STATUS,
   NULL, NULL, NULL, NULL
 FROM FCT_SALES WHERE {WINDOW}
 ORDER BY SALE_DATE DESC NULLS LAST, CAST(SALE_ID AS DECIMAL(38,0)) DESC NULLS LAST, PRODUCT COLLATE C NULLS LAST,
   REGION COLLATE C NULLS LAST, AMOUNT NULLS LAST, STAGE COLLATE C NULLS LAST, CUSTOMER_NAME COLLATE C NULLS LAST,
   STATUS COLLATE C NULLS LAST LIMIT {LIMIT})
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  STATUS COLLATE C, count(*), count(AMOUNT), CAST(sum(AMOUNT) AS DECIMAL(38,2))
FROM FCT_SALES WHERE {WINDOW} GROUP BY STATUS COLLATE C
"""


def sql_of(server: Server) -> str:
    """The statement behind an answer, for the window that the answer names."""
    window = json.loads(server.get(PATH))["meta"]["window"]
    return SQL.format(start=window["start"], end=window["end"])


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds, rows = (1, SMOKE_ROWS) if chosen.smoke else (chosen.rounds, ROWS)
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "data", Path(folder) / "copy.duckdb"
        shutil.copy(company.make(data, rows), copy)
        measure.program(data, "--now", company.NOW, "process")
        with contextlib.ExitStack() as stack:
            server = stack.enter_context(Server(data, "--now", company.NOW))
            sql = sql_of(server)
            duckdb = stack.enter_context(DuckDb(str(measure.LIBRARY), str(copy)))

            def asked() -> float:
                before = server.cpu_seconds()
                for _ in range(QUESTIONS):
                    server.get(PATH)
                return (server.cpu_seconds() - before) / QUESTIONS

            def bare() -> float:
                return sum(duckdb.measure(sql) for _ in range(QUESTIONS)) / QUESTIONS

            asked(), bare()
            return [measure.ratio("live answer", 1.10, measure.in_turns(rounds, asked, bare))]


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=41).parse_args()
    return measure.conclude("live", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
