"""/api/sales of the running program: the rows behind its numbers."""

from __future__ import annotations

import csv
import io
from typing import Any

import openapi_contract
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
    products = program.sql(
        f"SELECT {texts} FROM FCT_SALES AS t WHERE t.REGION = 'North'"
        f" ORDER BY lower(nullif(trim(t.PRODUCT), '')) DESC NULLS LAST, {by_date}"
    )
    with program.serving() as server:
        assert every_page(server, "sort=-sale_date") == newest
        assert every_page(server, "sort=-amount&region=North") == largest
        assert every_page(server, "sort=-product&region=North") == products
        download = server.ask("/api/sales?sort=-product&region=North&limit=20", headers={"Accept": "text/csv"})
        listed = list(csv.DictReader(io.StringIO(download.body.decode())))
        assert listed == [{name: value or "" for name, value in row.items()} for row in products[:20]]


def test_a_further_dimension_is_named_grouped_by_and_sorted_by(program: Program) -> None:
    program.must("init", "--sample")
    program.sql("ALTER TABLE FCT_SALES ADD COLUMN LEAD_SOURCE VARCHAR")
    program.sql("UPDATE FCT_SALES SET LEAD_SOURCE = CASE WHEN SALE_ID < 4 THEN 'Web' WHEN SALE_ID < 6 THEN 'fair' END")
    program.process()
    with program.serving() as server:
        dimension = server.get("/api/metrics")["dimensions"][-1]
        assert dimension == {
            "name": "lead_source",
            "column": "LEAD_SOURCE",
            "label": "Lead source",
            "parameters": ["lead_source", "not_lead_source"],
            "sort": ["lead_source", "-lead_source"],
            "grouping": "/api/pipeline/by-lead_source",
        }
        groups = server.get(dimension["grouping"])
        found = openapi_contract.violations(openapi_contract.load(), "GET", dimension["grouping"], 200, groups)
        assert found == []
        assert {group["lead_source"]: group["deals"] for group in groups["data"]} == {"Web": 3, "fair": 2, None: 3}
        for sort, first in zip(dimension["sort"], ("fair", "Web"), strict=True):
            rows = server.get(f"/api/sales?sort={sort}")["data"]
            assert rows[0]["lead_source"] == first
            assert [row["lead_source"] for row in rows[5:]] == [None, None, None]
        assert server.get(f"/api/summary?{dimension['parameters'][1]}=Web")["meta"]["rows"] == 5


def test_a_snapshot_of_totals_alone_says_that_it_has_no_rows(program: Program) -> None:
    program.environment["REVOPS_SNAPSHOT_ROWS_MAX"] = "1"
    program.must("init", "--sample")
    program.process()
    with program.serving() as server:
        answer = server.ask("/api/sales")
        assert answer.status == 501
        assert "totals alone" in answer.json()["error"]["message"]
