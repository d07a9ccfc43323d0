"""A refresh that is cancelled while Snowflake works on its statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from program_driver import until

from snowflake_peer import Simulator
from snowflake_program import on_snowflake, sales

JSON = {"Content-Type": "application/json"}


def test_a_cancelled_refresh_cancels_its_statement_and_stays_cancelled(
    executable: Path, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.control("rows", {"rows": sales(50), "mode": "replace"})
    simulator.control("settings", {"answer_202": 1_000_000})
    program = on_snowflake(executable, tmp_path / "data", simulator)
    try:
        server = program.serve()
        until(lambda: "poll" in operations(simulator), "the scheduled run to wait for its statement")
        job = server.get("/api/refresh")["data"]
        assert job["requested_by"] == "schedule"
        assert server.ask(f"/api/refresh/{job['id']}", "DELETE", JSON).status == 202
        until(lambda: server.get(f"/api/refresh/{job['id']}")["data"]["state"] == "cancelled", "the end")
        assert operations(simulator)[-1] == "cancel"
        assert simulator.control("log")["statements"][-1]["history"][-1]["state"] == "cancelled"
        # Another run would be the newest by now: the end of one wakes the schedule.
        assert server.stop() == 0
        assert operations(simulator)[-1] == "cancel"
        assert simulator.violations() == []
    finally:
        program.close()


def test_a_stop_before_the_first_answer_cancels_the_statement_as_well(
    executable: Path, simulator: Simulator, tmp_path: Path
) -> None:
    """The handle would have come with that answer, which may take 45 s."""
    simulator.control("rows", {"rows": sales(50), "mode": "replace"})
    simulator.rule({"run_seconds": 3600}, operation="submit", statement_contains="HASH_AGG")
    program = on_snowflake(executable, tmp_path / "data", simulator)
    try:
        server = program.serve()
        until(lambda: "HASH_AGG" in last(simulator)["statement"], "the scheduled run to submit its statement")
        assert server.stop() == 0
        assert operations(simulator)[-2:] == ["submit", "cancel"]
        assert last(simulator)["history"][-1]["state"] == "cancelled"
        assert simulator.violations() == []
    finally:
        program.close()


def last(simulator: Simulator) -> dict[str, Any]:
    statements = simulator.control("log")["statements"]
    return statements[-1] if statements else {"statement": ""}


def operations(simulator: Simulator) -> list[str]:
    return [request["operation"] for request in simulator.control("log")["requests"]]
