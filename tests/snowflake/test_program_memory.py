"""What a refresh holds in memory follows from the size of a partition and a month, not from how many there are."""

from __future__ import annotations

import re
from pathlib import Path

from program_driver import Server, until

from snowflake_peer import Simulator
from snowflake_program import on_snowflake

ROWS_A_MONTH = 10_000
ROWS_A_PARTITION = 1_000
MONTHS = 6
TIMES = 8
GROWTH_MAX = 1.25


def fill(simulator: Simulator, months: int) -> None:
    """Months of equal size, one customer a row."""
    simulator.control("settings", {"rows_per_partition": ROWS_A_PARTITION})
    statement = f"""
        INSERT INTO FCT_SALES
        SELECT i, 'Sage 50', 'North', 12.34, 'Proposal', 'Customer number ' || i,
               make_date(2020 + i // {12 * ROWS_A_MONTH}, 1 + i // {ROWS_A_MONTH} % 12, 1 + i % 28), 'Open'
        FROM range({months * ROWS_A_MONTH}) AS t(i)"""
    simulator.control("sql", {"sql": statement, "dialect": "duckdb"})


def peak_bytes(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def refresh(executable: Path, simulator: Simulator, data: Path, months: int) -> tuple[int, int]:
    """Rows that were read, and the most memory that the process which read them ever had."""
    simulator.reset()
    fill(simulator, months)
    program = on_snowflake(executable, data, simulator)
    try:
        server = program.serve()
        until(
            lambda: (server.get("/api/refresh")["data"] or {}).get("state") == "succeeded", "the refresh", patience=120
        )
        fetched = [request for request in simulator.control("log")["requests"] if request["operation"] == "fetch"]
        assert len(fetched) >= months * ROWS_A_MONTH // ROWS_A_PARTITION - 1
        assert simulator.violations() == []
        return server.get("/api/summary")["data"]["totals"]["deals"], peak_bytes(server)
    finally:
        program.close()


def test_memory_does_not_grow_with_the_result(executable: Path, simulator: Simulator, tmp_path: Path) -> None:
    few, small = refresh(executable, simulator, tmp_path / "small" / "data", MONTHS)
    many, large = refresh(executable, simulator, tmp_path / "large" / "data", MONTHS * TIMES)
    assert many == TIMES * few
    print(f"{few} rows: {small / 1e6:.1f} MB, {many} rows: {large / 1e6:.1f} MB")
    assert large <= GROWTH_MAX * small
