"""Many who ask at once, a service in a brown-out, and what a live question costs this machine."""

from __future__ import annotations

import asyncio
import http.client
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program_driver import Server, until

from snowflake_peer import Simulator
from snowflake_program import SnowflakeProgram, live, on_snowflake, sales

CALLERS = 1000
CALLERS_PER_ADDRESS = 50  # the server takes 64 connections of one address
QUESTIONS = 200
BROWN_OUT_QUESTIONS = 900  # so many that the eight of the start are within the tenth
CPU_MS_MAX = 5.0
LIVE = {"operation": "submit", "statement_contains": "WITH W AS"}


@pytest.fixture
def program(simulator: Simulator, executable: Path, tmp_path: Path) -> Iterator[SnowflakeProgram]:
    simulator.control("rows", {"rows": sales(400)})
    made = on_snowflake(executable, tmp_path / "data", simulator)
    made.process()
    yield made
    made.close()
    assert simulator.violations() == []


@pytest.fixture
def server(program: SnowflakeProgram) -> Server:
    started = program.serve()
    assert live(started)[0] == 200
    assert started.settle()["state"] == "succeeded"
    return started


def live_statements(simulator: Simulator) -> list[dict[str, Any]]:
    return [entry for entry in simulator.control("log")["statements"] if "WITH W AS" in entry["statement"]]


async def ask_at_once(server: Server, simulator: Simulator) -> list[bytes]:
    """The first lines of the answers to a question that all callers ask while it is being answered to one."""
    request = f"GET /api/sales/last-month HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode()
    peers = [
        await asyncio.open_connection(
            server.host, server.port, local_addr=(f"127.0.0.{2 + number // CALLERS_PER_ADDRESS}", 0)
        )
        for number in range(CALLERS)
    ]
    before = len(live_statements(simulator))
    simulator.rule({"run_seconds": 3}, times=1, **LIVE)
    peers[0][1].write(request)
    await asyncio.to_thread(until, lambda: len(live_statements(simulator)) > before, "the first statement")
    for _, writer in peers[1:]:
        writer.write(request)
    lines = await asyncio.gather(*(reader.readline() for reader, _ in peers))
    for _, writer in peers:
        writer.close()
    return lines


def test_a_thousand_who_ask_the_same_cause_two_statements(server: Server, simulator: Simulator) -> None:
    before = len(live_statements(simulator))
    lines = asyncio.run(ask_at_once(server, simulator))
    assert set(lines) == {b"HTTP/1.1 200 OK\r\n"}
    assert len(live_statements(simulator)) - before <= 2


def test_a_brown_out_does_not_get_more_load(server: Server, simulator: Simulator) -> None:
    """Beyond the eight that are allowed at the start, one attempt more for eleven questions."""
    rule = {"match": LIVE, "action": {"status": 503}, "times": 0, "every": 2}
    simulator.control("rules", {"rules": [rule]})
    simulator.control("clear_log", {})
    statuses = [live(server, f"?limit={number}")[0] for number in range(1, BROWN_OUT_QUESTIONS + 1)]
    assert set(statuses) == {200, 503}
    requests = simulator.control("log")["requests"]
    print(f"{len(requests)} requests for {BROWN_OUT_QUESTIONS} questions")
    assert 1.05 * BROWN_OUT_QUESTIONS <= len(requests) <= 1.1 * BROWN_OUT_QUESTIONS


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_live_question_costs_little_of_this_machine(server: Server) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    before = 0.0
    for number in range(QUESTIONS + 10):
        if number == 10:
            before = cpu_seconds(server.process.pid)
        connection.request("GET", "/api/sales/last-month")
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
    connection.close()
    each = (cpu_seconds(server.process.pid) - before) / QUESTIONS * 1000
    print(f"CPU of the program per live question: {each:.2f} ms")
    assert each <= CPU_MS_MAX
