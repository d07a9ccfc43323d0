"""A refresh that is cancelled while Snowflake works on its statement."""

from __future__ import annotations

from pathlib import Path

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


def operations(simulator: Simulator) -> list[str]:
    return [request["operation"] for request in simulator.control("log")["requests"]]
