"""What nobody waits for any more is cancelled at Snowflake: a refresh, a live question."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from program_driver import Server, until

from snowflake_peer import Simulator
from snowflake_program import SnowflakeProgram, on_snowflake, sales

JSON = {"Content-Type": "application/json"}
LIVE = "WITH W AS"
AT_ONCE = 8.0  # A tenth of a second on a machine at rest; the statements would last for an hour.
# Before its first answer, and while it is asked for.
LASTING: list[dict[str, Any]] = [{"run_seconds": 3600}, {"endless_202": True}]


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
        stopped_at = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - stopped_at < AT_ONCE
        assert operations(simulator)[-2:] == ["submit", "cancel"]
        assert last(simulator)["history"][-1]["state"] == "cancelled"
        assert simulator.violations() == []
    finally:
        program.close()


def serve_at_rest(program: SnowflakeProgram) -> Server:
    """With its first scheduled run done."""
    server = program.serve()
    assert server.settle()["state"] == "succeeded"
    return server


def ask(server: Server, simulator: Simulator) -> http.client.HTTPConnection:
    """A live question whose statement is at the warehouse."""
    before = len(live_states(simulator))
    peer = http.client.HTTPConnection(server.host, server.port)
    peer.request("GET", "/api/sales/last-month")
    until(lambda: len(live_states(simulator)) > before, "the live statement")
    return peer


def finish(peer: http.client.HTTPConnection) -> tuple[int, Any]:
    response = peer.getresponse()
    return response.status, json.loads(response.read())


def live_states(simulator: Simulator) -> list[str]:
    statements = simulator.control("log")["statements"]
    return [statement["state"] for statement in statements if LIVE in statement["statement"]]


@pytest.mark.parametrize("lasting", LASTING)
def test_a_live_statement_is_cancelled_when_its_last_asker_has_gone(
    executable: Path, simulator: Simulator, tmp_path: Path, lasting: dict[str, Any]
) -> None:
    simulator.control("rows", {"rows": sales(50)})
    program = on_snowflake(executable, tmp_path / "data", simulator)
    try:
        server = serve_at_rest(program)
        simulator.rule(lasting, operation="submit", statement_contains=LIVE)
        peer = ask(server, simulator)
        asked_at = time.monotonic()
        peer.close()
        until(lambda: live_states(simulator) == ["cancelled"], "the end of the statement")
        assert time.monotonic() - asked_at < AT_ONCE, "long before its deadline"
        assert operations(simulator)[-1] == "cancel"
        assert server.ask("/api/sales/last-month").status == 200
        assert simulator.violations() == []
    finally:
        program.close()


@pytest.mark.parametrize("lasting", LASTING)
def test_the_program_stops_at_once_and_cancels_the_live_statement(
    executable: Path, simulator: Simulator, tmp_path: Path, lasting: dict[str, Any]
) -> None:
    simulator.control("rows", {"rows": sales(50)})
    program = on_snowflake(executable, tmp_path / "data", simulator)
    try:
        server = serve_at_rest(program)
        simulator.rule(lasting, operation="submit", statement_contains=LIVE)
        peer = ask(server, simulator)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(finish, peer)
            stopped_at = time.monotonic()
            assert server.stop() == 0
            took = time.monotonic() - stopped_at
        status, body = answer.result()
        assert (status, body["error"]["code"]) == (503, "cancelled")
        assert live_states(simulator) == ["cancelled"]
        assert operations(simulator)[-1] == "cancel"
        assert took < AT_ONCE
        assert simulator.violations() == []
    finally:
        program.close()


def last(simulator: Simulator) -> dict[str, Any]:
    statements = simulator.control("log")["statements"]
    return statements[-1] if statements else {"statement": ""}


def operations(simulator: Simulator) -> list[str]:
    return [request["operation"] for request in simulator.control("log")["requests"]]
