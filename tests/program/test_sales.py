"""/api/sales of the running program: the rows behind its numbers."""

from __future__ import annotations

from typing import Any

from program_driver import Program, Server

COLUMNS = "SALE_ID, PRODUCT, REGION, AMOUNT, STAGE, CUSTOMER_NAME, SALE_DATE, STATUS"


def every_page(server: Server, query: str) -> list[dict[str, Any]]:
    """Pages of one snapshot, until no more is announced."""
    rows: list[dict[str, Any]] = []
    snapshot = server.get("/api/summary")["meta"]["snapshot_id"]
    while True:
        answer = server.get(f"/api/sales?{query}&as_of={snapshot}&limit=250&offset={len(rows)}")
        rows += answer["data"]
        if not answer["page"]["more"]:
            return rows


def test_every_row_of_the_table_once_and_in_order(program: Program) -> None:
    program.must("demo", "--nights", "1")
    program.process()
    texts = ", ".join(f"CAST({column} AS VARCHAR) AS {column.lower()}" for column in COLUMNS.split(", "))
    by_date = "t.SALE_DATE DESC NULLS LAST, t.SALE_ID DESC NULLS LAST"
    newest = program.sql(f"SELECT {texts} FROM FCT_SALES AS t ORDER BY {by_date}")
    largest = program.sql(
        f"SELECT {texts} FROM FCT_SALES AS t WHERE t.REGION = 'North' ORDER BY t.AMOUNT DESC NULLS LAST, {by_date}"
    )
    with program.serving() as server:
        assert every_page(server, "sort=-sale_date") == newest
        assert every_page(server, "sort=-amount&region=North") == largest


def test_a_snapshot_of_totals_alone_says_that_it_has_no_rows(program: Program) -> None:
    program.environment["REVOPS_SNAPSHOT_ROWS_MAX"] = "1"
    program.must("init", "--sample")
    program.process()
    with program.serving() as server:
        answer = server.ask("/api/sales")
        assert answer.status == 501
        assert "totals alone" in answer.json()["error"]["message"]
