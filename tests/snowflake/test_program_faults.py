"""Whatever Snowflake does: the right snapshot is published or none, and what was published stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openapi_contract
import pytest
from program_driver import Server, until
from revops_snapshot import open_current

from snowflake_peer import Simulator
from snowflake_program import TOKEN, Row, SnowflakeProgram, live, on_snowflake, texts, today

CONTRACT = openapi_contract.load()
PER_PARTITION = 20
SUBMIT: dict[str, Any] = {"operation": "submit", "statement_contains": '"STATUS" FROM FCT_SALES AT'}
DIGEST: dict[str, Any] = {"operation": "submit", "statement_contains": "HASH_AGG"}
POLL: dict[str, Any] = {"operation": "poll"}
FETCH: dict[str, Any] = {"operation": "fetch", "partition": 1}
LIVE: dict[str, Any] = {"operation": "submit", "statement_contains": "WITH W AS"}


def table(changed: bool) -> list[Row]:
    """Six months of thirty rows; with the changes two of them and a few rows of today."""
    rows: list[Row] = [
        [str(n), "Sage 50", "West", f"{n}.25", "Proposal", f"Customer {n}", f"2026-{n % 6 + 1:02d}-15", "Open"]
        for n in range(1, 181)
    ]
    for row in rows:
        if changed and row[6] in ("2026-02-15", "2026-05-15"):
            row[3] = "7.00"
    recent: list[Row] = [
        [str(n), "Sage HR", "East", "5.00", "Proposal", None, today().isoformat(), "Open"] for n in range(200, 230)
    ]
    return rows + (recent if changed else [])


@dataclass
class Bench:
    """The simulator, a folder with the snapshot of yesterday, and the hashes of yesterday and of today."""

    simulator: Simulator
    executable: Path
    template: Path
    yesterday: str
    right: str

    def reset(self, **settings: Any) -> None:
        self.simulator.reset(rows_per_partition=PER_PARTITION, **settings)
        self.simulator.control("rows", {"rows": table(changed=True)})

    def program(self, folder: Path, environment: dict[str, str] | None = None) -> SnowflakeProgram:
        shutil.copytree(self.template, folder / "data")
        return on_snowflake(self.executable, folder / "data", self.simulator, environment)

    def rules(self, *rules: tuple[dict[str, Any], dict[str, Any]]) -> None:
        self.simulator.control("rules", {"rules": [{"match": match, "action": action} for match, action in rules]})


@pytest.fixture(scope="module")
def bench(executable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    simulator = Simulator.start()
    simulator.reset(rows_per_partition=PER_PARTITION)
    simulator.control("rows", {"rows": table(changed=False)})
    template = tmp_path_factory.mktemp("template") / "data"
    yesterday = on_snowflake(executable, template, simulator).process()["content_hash"]
    made = Bench(simulator, executable, template, yesterday, "")
    made.reset()
    made.right = made.program(tmp_path_factory.mktemp("right")).process()["content_hash"]
    assert made.right != made.yesterday
    yield made
    assert simulator.stop() == 0


def judge(bench: Bench, program: SnowflakeProgram) -> bool:
    """Runs the job; whether it published. What is published then is right or what was there, byte by byte."""
    done = program.run("process")
    published = open_current(program.data / "store").manifest["content_hash"]
    assert published == (bench.right if done.returncode == 0 else bench.yesterday), done.stderr
    assert done.returncode == 0 or "revops: " in done.stderr
    program.must("verify")
    log = bench.simulator.control("log")
    assert log["violations"] == []
    assert {statement["state"] for statement in log["statements"]} <= {"succeeded", "failed", "cancelled", "timed_out"}
    assert all(most <= 1 for most in log["most_at_once"].values())
    return done.returncode == 0


def acts(match: dict[str, Any], *actions: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(match, action) for action in actions]


HEALED = {401: True, 429: True, 500: True, 502: True, 503: True, 504: True, 408: True}
STATUSES = [400, 401, 403, 404, 405, 408, 415, 422, 429, 500, 502, 503, 504, 522]
STATE = {"result": {"rowType": [{"name": "X", "type": "fixed", "precision": 38, "scale": 0}], "data": [["1"]]}}
FAULTS: list[tuple[str, list[tuple[dict[str, Any], dict[str, Any]]], bool | None]] = [
    *[(f"submit {status}", acts(SUBMIT, {"status": status}), HEALED.get(status)) for status in STATUSES],
    *[(f"poll {status}", acts(POLL, {"status": status}), None) for status in STATUSES],
    *[(f"partition {status}", acts(FETCH, {"status": status}), HEALED.get(status)) for status in STATUSES],
    ("executed but 503", acts(SUBMIT, {"status": 503, "execute": True}), True),
    ("lost success", acts(SUBMIT, {"lose_answer": True}), True),
    ("lost success, closed", acts(SUBMIT, {"lose_answer": "close"}), True),
    ("lost partition", acts(FETCH, {"lose_answer": True}), True),
    ("reset before", acts(SUBMIT, {"reset_before": True}), True),
    ("refused twice", acts({"operation": "connect"}, {"reset": True}, {"reset": True}), True),
    ("truncated partition", acts(FETCH, {"truncated_partition": 1}), False),
    ("truncated first partition", acts(SUBMIT, {"truncated_partition": 1}), False),
    ("repeated partition", acts(FETCH, {"repeated_partition": 0}), False),
    ("a later partition", acts(FETCH, {"repeated_partition": 2}), False),
    ("one row too many", acts(SUBMIT, {"wrong_row_count": 1}), False),
    ("one row too few", acts(SUBMIT, {"wrong_row_count": -1}), False),
    ("more rows in all", acts(SUBMIT, {"wrong_num_rows": 1}), False),
    ("fewer rows in all", acts(SUBMIT, {"wrong_num_rows": -1}), False),
    ("other rows of digests", acts(DIGEST, {"wrong_num_rows": 1}), False),
    ("missing cell", acts(FETCH, {"missing_cell": True}), True),
    ("no number any more", acts(FETCH, {"changed_type": {"column": 3, "value": "abc"}}), False),
    ("no date any more", acts(FETCH, {"changed_type": {"column": 6, "value": "2026-01-01"}}), False),
    ("real amounts", acts(SUBMIT, {"changed_type": {"column": 3, "row_type": {"type": "real", "scale": None}}}), False),
    ("text ids", acts(SUBMIT, {"changed_type": {"column": 0}}), False),
    ("too large", acts(SUBMIT, {"code_391908": True}), False),
    ("another result", acts(SUBMIT, STATE), False),
    ("another digest", acts(DIGEST, STATE), False),
    ("failed", acts(SUBMIT, {"fail": {"code": "000603", "sqlState": "XX000", "message": "internal error"}}), False),
    *[
        (f"shape {shape}", acts(SUBMIT, {"wrong_shape": shape}), None)
        for shape in ("list", "null", "empty", "no_metadata")
    ],
    *[
        (f"shape {shape}", acts(SUBMIT, {"wrong_shape": shape}), None)
        for shape in ("data_is_object", "cells_are_numbers")
    ],
    ("not JSON", acts(SUBMIT, {"not_json": True}), True),
    ("half of JSON", acts(FETCH, {"not_json": '{"data": [["1"'}), True),
    ("not UTF-8", acts(FETCH, {"not_utf8": True}), None),
    ("damaged gzip", acts(FETCH, {"damaged_gzip": True}), None),
    ("gzip bomb", acts(FETCH, {"gzip_bomb": 512 << 20}), None),
    ("unknown encoding", acts(FETCH, {"wrong_encoding": "br"}), None),
    ("oversized head", acts(SUBMIT, {"oversized_head": 1 << 20}), None),
    ("cut head", acts(SUBMIT, {"cut_head_after": 9}), True),
    ("chunks", acts(SUBMIT, {"transfer": "chunked"}), True),
    ("ends with the connection", acts(SUBMIT, {"transfer": "close"}), None),
]


@pytest.mark.parametrize(("rules", "heals"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_the_job_publishes_what_is_right_or_nothing(
    bench: Bench, tmp_path: Path, rules: list[tuple[dict[str, Any], dict[str, Any]]], heals: bool | None
) -> None:
    bench.reset(answer_202=1 if rules[0][0] is POLL else 0)
    bench.rules(*rules)
    published = judge(bench, bench.program(tmp_path))
    assert heals is None or published == heals
    assert all(rule["seen"] for rule in bench.simulator.control("rules"))


@pytest.mark.parametrize("byte", range(0, 1400, 199))
@pytest.mark.parametrize("transfer", ["length", "chunked"])
def test_a_body_that_is_cut_is_asked_for_again(bench: Bench, tmp_path: Path, byte: int, transfer: str) -> None:
    bench.reset()
    cut = {"cut_after": byte, "transfer": transfer}
    parts = [
        ({"operation": "fetch", "partition": number}, cut | {"cut_after": byte // 4 + number}) for number in (1, 2)
    ]
    bench.rules((SUBMIT, cut), (DIGEST, cut), *parts)
    assert judge(bench, bench.program(tmp_path))


def test_an_answer_that_comes_by_the_byte_is_asked_for_again(bench: Bench, tmp_path: Path) -> None:
    """It would take half an hour; after ten seconds below the least rate it is given up."""
    bench.reset()
    slow = {"bytes_per_second": 1}
    bench.rules((DIGEST, slow), (FETCH, slow))
    assert judge(bench, bench.program(tmp_path))
    assert all(rule["seen"] for rule in bench.simulator.control("rules"))


@pytest.mark.parametrize("seconds", [-600, 600])
def test_a_clock_that_is_off_is_made_up_for(bench: Bench, tmp_path: Path, seconds: int) -> None:
    bench.reset(clock_offset_seconds=seconds)
    assert judge(bench, bench.program(tmp_path))


def test_a_table_without_history_is_read_all_the_same(bench: Bench, tmp_path: Path) -> None:
    bench.reset(retention_seconds=0)
    assert judge(bench, bench.program(tmp_path))


def test_a_table_without_history_is_read_anew_after_a_write(bench: Bench, tmp_path: Path) -> None:
    bench.reset(retention_seconds=0)
    bench.simulator.rule({"run_seconds": 2}, skip=1, **DIGEST)  # the first asks for the history
    program = bench.program(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(program.run, "process")
        until(lambda: len(digests(bench.simulator)) == 2, "the digests")
        bench.simulator.control("rows", {"rows": table(changed=True)[:1]})
    assert done.result().returncode == 0, done.result().stderr
    assert len(digests(bench.simulator)) == 4
    assert open_current(program.data / "store").manifest["content_hash"] not in (bench.right, bench.yesterday)


def digests(simulator: Simulator) -> list[str]:
    return [text for text in texts(simulator) if "HASH_AGG" in text]


@pytest.mark.parametrize("answers", [1, 2])
def test_still_running_is_waited_for(bench: Bench, tmp_path: Path, answers: int) -> None:
    bench.reset(answer_202=answers)
    assert judge(bench, bench.program(tmp_path))


def test_a_token_that_ends_in_mid_run(bench: Bench, tmp_path: Path) -> None:
    bench.reset()
    bench.simulator.control("tokens", {"kind": "OAUTH", "token": TOKEN})
    bench.rules((FETCH, {"status": 401, "body": {"code": "390303", "message": "Invalid OAuth access token."}}))
    program = bench.program(tmp_path, {"SNOWFLAKE_OAUTH_TOKEN": TOKEN})
    done = program.run("process")
    assert done.returncode == 1
    assert "the token is not valid: renew that of OAuth" in done.stderr
    assert open_current(program.data / "store").manifest["content_hash"] == bench.yesterday
    assert judge(bench, program), "once the token is good again"


def test_a_service_that_is_not_there(bench: Bench, tmp_path: Path) -> None:
    """The page goes on with what was published."""
    bench.reset(refuse_connections=True)
    program = bench.program(tmp_path)
    server = program.serve()
    assert server.get("/api/summary")["meta"]["content_hash"] == bench.yesterday
    program.close()
    assert open_current(program.data / "store").manifest["content_hash"] == bench.yesterday


# Live rows ---------------------------------------------------------------------------------------------------------

LIVE_FAULTS: list[dict[str, Any]] = [
    *[{"status": status} for status in (400, 401, 403, 404, 405, 415, 422)],
    {"status": 422, "body": {"code": "002003", "sqlState": "42S02", "message": "Object does not exist."}},
    {"status": 422, "body": {"code": "390201", "sqlState": "42501", "message": "not authorized"}},
    {"status": 429},
    {"status": 503, "execute": True},
    {"lose_answer": True},
    {"cut_after": 100},
    {"not_json": True},
    {"truncated_partition": 1},
    {"wrong_num_rows": 1},
    {"missing_cell": True},
    {"changed_type": {"column": 3, "value": "abc"}},
    {"changed_type": {"column": 3, "row_type": {"type": "real", "scale": None}}},
    {"code_391908": True},
    {"gzip_bomb": 512 << 20},
    {"damaged_gzip": True},
    STATE,
]


def test_the_live_endpoint_is_right_or_says_that_it_cannot(bench: Bench, tmp_path: Path) -> None:
    bench.reset()
    program = bench.program(tmp_path)
    server = program.serve()
    assert server.settle()["state"] == "succeeded"
    for limit, action in enumerate(LIVE_FAULTS, 1):
        bench.simulator.control("clear_rules", {})
        right = live(server, f"?limit={limit}")[1]
        bench.rules((LIVE, action))
        answer = server.ask(f"/api/sales/last-month?limit={limit}")
        check_live(answer.status, answer.headers, answer.json(), right)
        program.hides(answer.body)
        assert server.get("/api/summary")["meta"]["content_hash"] == bench.right, action
    bench.simulator.control("clear_rules", {})
    assert live(server)[0] == 200
    # The scripted 401 refuses a token that is good; one that is signed in the same second equals it.
    # A table that seems to have changed its columns is described and asked anew, and the simulator counts an answer
    # that it damaged as none.
    outdated = [action for action in LIVE_FAULTS if action is STATE or "row_type" in action.get("changed_type", {})]
    found = [kind for kind in bench.simulator.violations() if kind != "refused_token_again"]
    assert found == ["new_request_id"] * len(outdated)
    program.close()


def check_live(status: int, headers: dict[str, str], answer: Any, right: Any) -> None:
    if status == 200:
        assert (answer["data"], answer["totals"]) == (right["data"], right["totals"])
        return
    assert status in (502, 503, 504), answer
    assert status == 502 or int(headers["retry-after"]) > 0
    assert openapi_contract.violations(CONTRACT, "GET", "/api/sales/last-month", status, answer) == []


SLOW: dict[str, dict[str, Any]] = {
    "endless 202": {"endless_202": True},
    "no answer": {"hang": True},
    "always 503": {"status": 503},
    "a byte a second": {"bytes_per_second": 1},
}


def ask_slow(executable: Path, template: Path, folder: Path, action: dict[str, Any]) -> dict[str, Any]:
    """One live question to a service that behaves so for ever; a simulator of its own."""
    simulator = Simulator.start()
    simulator.reset()
    simulator.control("rows", {"rows": table(changed=True)})
    shutil.copytree(template, folder / "data")
    program = on_snowflake(executable, folder / "data", simulator)
    try:
        server: Server = program.serve()
        server.settle()
        summary = server.get("/api/summary")["data"]
        simulator.rule(action, times=0, statement_contains="WITH W AS")
        answer = server.ask("/api/sales/last-month")
        cached = server.get("/api/summary")["data"] == summary
        until(lambda: not running(simulator), "the end of every statement")
        return {"answer": answer, "cached": cached, "log": simulator.control("log")}
    finally:
        program.close()
        simulator.stop()


def running(simulator: Simulator) -> list[str]:
    statements = simulator.control("log")["statements"]
    return [statement["statement"] for statement in statements if statement["state"] in ("queued", "running")]


@pytest.fixture(scope="module")
def slow(
    executable: Path, bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[dict[str, Any]]]]:
    """All of them at once, since each takes the 25 s that a live question may take."""
    with ThreadPoolExecutor(len(SLOW)) as pool:
        yield {
            name: pool.submit(ask_slow, executable, bench.template, tmp_path_factory.mktemp("slow"), action)
            for name, action in SLOW.items()
        }


@pytest.mark.parametrize("name", SLOW)
def test_a_live_question_that_is_not_answered_in_time(slow: dict[str, Future[dict[str, Any]]], name: str) -> None:
    seen = slow[name].result(90)
    assert seen["cached"]
    answer = seen["answer"]
    assert answer.status in (503, 504)
    check_live(answer.status, answer.headers, json.loads(answer.body), None)
    assert seen["log"]["violations"] == []
    requests = [request for request in seen["log"]["requests"] if request["operation"] == "submit"]
    assert len(requests) <= len(seen["log"]["statements"]) + 9
