"""The receipt of costs: what the account saw, nothing lost at a restart, and what did not have to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openapi_contract
import pytest
from program_driver import Server, until

from snowflake_peer import Simulator
from snowflake_program import SnowflakeProgram, live, on_snowflake, sales

LIVE = {"operation": "submit", "statement_contains": "WITH W AS"}


@pytest.fixture
def program(simulator: Simulator, executable: Path, tmp_path: Path) -> Iterator[SnowflakeProgram]:
    simulator.control("rows", {"rows": sales(400)})
    made = on_snowflake(executable, tmp_path / "data", simulator)
    yield made
    made.close()
    assert simulator.violations() == []


def receipt(server: Server) -> dict[str, Any]:
    answer = server.get("/api/receipt")
    assert openapi_contract.violations(openapi_contract.load(), "GET", "/api/receipt", 200, answer) == []
    return answer["data"]


def serve_at_rest(program: SnowflakeProgram) -> Server:
    server = program.serve()
    assert server.settle()["state"] == "succeeded"
    return server


def seen(simulator: Simulator) -> tuple[int, int]:
    """Statements and rows in the account's own record."""
    statements = simulator.control("log")["statements"]
    return len(statements), sum(statement["rows"] for statement in statements)


def counted(totals: dict[str, Any]) -> tuple[int, int]:
    return totals["statements"], totals["rows"]


def test_what_is_counted_is_what_the_account_saw(program: SnowflakeProgram, simulator: Simulator) -> None:
    assert program.process()["outcome"] == "published"
    assert program.process()["outcome"] == "unchanged"
    server = serve_at_rest(program)
    assert live(server, "?limit=5")[0] == 200
    assert program.process()["outcome"] == "unchanged", "by the process that serves"
    found = receipt(server)
    assert counted(found["totals"]) == seen(simulator)
    assert found["totals"]["bytes"] > 0
    months = server.get("/api/snapshots")["data"][0]["parts"]
    # The second run, the scheduled one of `serve`, and the last one found the table as it was.
    assert found["totals"]["avoided"] == {"live_questions": 0, "digests": 3, "months": 3 * months}
    assert len(found["days"]) in (1, 2), "unless it is midnight"
    assert server.stop() == 0
    again = program.serve()
    assert live(again)[0] == 200
    assert counted(receipt(again)["totals"]) == seen(simulator)


def test_metrics_count_since_the_start(program: SnowflakeProgram, simulator: Simulator) -> None:
    program.process()
    before = seen(simulator)[0]
    server = serve_at_rest(program)
    assert live(server)[0] == 200
    figures = dict(re.findall(r"^(revops_snowflake_\S+) (\S+)$", server.ask("/metrics").body.decode(), re.MULTILINE))
    assert float(figures["revops_snowflake_statements_total"]) == seen(simulator)[0] - before
    assert float(figures['revops_snowflake_avoided_total{what="digest"}']) == 1
    assert float(figures["revops_snowflake_bytes_total"]) > 0


def test_live_questions_that_share_a_statement_are_counted(program: SnowflakeProgram, simulator: Simulator) -> None:
    server = serve_at_rest(program)
    assert live(server)[0] == 200
    before = receipt(server)["totals"]["statements"]
    simulator.rule({"run_seconds": 2}, times=1, **LIVE)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(live, server)
        until(lambda: len(running(simulator)) == 1, "the first statement")
        others = [pool.submit(live, server) for _ in range(8)]
        assert [asked.result()[0] for asked in [first, *others]] == [200] * 9
    totals = receipt(server)["totals"]
    asked = totals["statements"] - before
    assert totals["avoided"]["live_questions"] == 9 - asked
    assert asked <= 3, "one that ran, one for those who came meanwhile"


def running(simulator: Simulator) -> list[str]:
    statements = simulator.control("log")["statements"]
    return [statement["statement"] for statement in statements if statement["state"] == "running"]


def test_a_killed_process_leaves_what_was_written(program: SnowflakeProgram, simulator: Simulator) -> None:
    program.process()
    kept = seen(simulator)
    serve_at_rest(program).kill()
    assert receipt(program.serve())["totals"]["statements"] >= kept[0]


def test_a_damaged_receipt_starts_anew(program: SnowflakeProgram, simulator: Simulator) -> None:
    program.process()
    (program.data / "receipt" / "costs.txt").write_text("revops costs 1\n2026-1")
    before = seen(simulator)
    server = serve_at_rest(program)
    assert receipt(server)["totals"]["statements"] == seen(simulator)[0] - before[0]
    assert "receipt_starts_anew" in server.stderr()
