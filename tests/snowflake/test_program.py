"""What the built program does on Snowflake, and that it is what it does on the embedded warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openapi_contract
import pytest
from program_driver import Program, Server
from revops_snapshot import open_current

from snowflake_peer import Simulator
from snowflake_program import (
    PASSPHRASE,
    TOKEN,
    SnowflakeProgram,
    comparable,
    key_text,
    live,
    on_duckdb,
    on_snowflake,
    sales,
    texts,
    today,
)

ROWS = sales(400)
PATHS = [
    "/api/pipeline/by-region",
    "/api/pipeline/by-region?region=North&region=&not_stage=Proposal&from=2020-01-01&to=2100-01-01",
    "/api/pipeline/by-product",
    "/api/pipeline/by-product?status=won&status=lost",
    "/api/pipeline/by-stage",
    "/api/pipeline/by-stage?not_region=East",
    "/api/pipeline/by-status",
    "/api/pipeline/by-month",
    "/api/summary",
    "/api/sales/last-month",
    "/api/sales/last-month?limit=7",
]
# What two snapshots of the same rows differ in.
OF_ITS_OWN = {"computed_at", "data_as_of", "day_digests_object", "source"}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    """An account that the module's tests share and only read."""
    simulator = Simulator.start()
    simulator.reset(rows_per_partition=37)
    simulator.control("rows", {"rows": ROWS})
    yield simulator
    assert simulator.violations() == []
    assert simulator.stop() == 0


@pytest.fixture(scope="module")
def cloud(account: Simulator, executable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SnowflakeProgram]:
    program = on_snowflake(executable, tmp_path_factory.mktemp("cloud") / "data", account)
    yield program
    program.close()


@pytest.fixture(scope="module")
def embedded(executable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = on_duckdb(executable, tmp_path_factory.mktemp("embedded") / "data", ROWS)
    yield program
    program.close()


@pytest.fixture(scope="module")
def both(cloud: SnowflakeProgram, embedded: Program) -> tuple[Server, Server]:
    cloud.process()
    embedded.process()
    return cloud.serve(), embedded.serve()


@pytest.fixture
def program(simulator: Simulator, executable: Path, tmp_path: Path) -> Iterator[SnowflakeProgram]:
    """On an account of its own."""
    made = on_snowflake(executable, tmp_path / "data", simulator)
    yield made
    made.close()
    assert simulator.violations() == []


# The same rows, the same figures -----------------------------------------------------------------------------------


def test_the_same_rows_give_the_same_snapshot(both: Any, cloud: SnowflakeProgram, embedded: Program) -> None:
    ours, theirs = (open_current(program.data / "store") for program in (cloud, embedded))
    assert ours.manifest["content_hash"] == theirs.manifest["content_hash"]
    assert ours.manifest["ledger"] == theirs.manifest["ledger"]
    assert [ours.rows(part) for part in ours.manifest["parts"]] == [
        theirs.rows(part) for part in theirs.manifest["parts"]
    ]
    shared = set(ours.manifest) - OF_ITS_OWN
    assert {name: ours.manifest[name] for name in shared} == {name: theirs.manifest[name] for name in shared}
    assert cloud.must("verify").endswith(" 0 damaged\n")


@pytest.mark.parametrize("path", PATHS)
def test_the_same_rows_give_the_same_answers(both: tuple[Server, Server], path: str) -> None:
    ours, theirs = (server.get(path) for server in both)
    assert comparable(ours) == comparable(theirs)
    assert openapi_contract.violations(openapi_contract.load(), "GET", path.partition("?")[0], 200, ours) == []


def test_page_and_probes_answer(both: tuple[Server, Server]) -> None:
    pages = [server.ask("/") for server in both]
    assert [page.status for page in pages] == [200, 200]
    assert pages[0].body.lower().startswith(b"<!doctype html>")
    assert pages[0].body == pages[1].body
    for path in ("/healthz", "/readyz", "/api/snapshots", "/metrics"):
        assert [server.ask(path).status for server in both] == [200, 200], path


def test_each_says_where_its_rows_come_from(both: tuple[Server, Server]) -> None:
    told = [server.get("/api/metrics")["deployment"]["warehouse"] for server in both]
    assert told == ["snowflake", "duckdb"]


def test_totals_above_the_limit_of_rows(
    account: Simulator, executable: Path, tmp_path: Path, embedded: Program
) -> None:
    """The totals that Snowflake computes are those that we would compute from the rows."""
    totals_only = {"REVOPS_SNAPSHOT_ROWS_MAX": "100"}
    cloud = on_snowflake(executable, tmp_path / "cloud" / "data", account, totals_only)
    local = on_duckdb(executable, tmp_path / "local" / "data", ROWS)
    local.environment |= totals_only
    assert cloud.process()["content_hash"] == local.process()["content_hash"]


# What it costs -----------------------------------------------------------------------------------------------------


def bindings(simulator: Simulator, since: int) -> list[dict[str, Any]]:
    return [statement["bindings"] for statement in simulator.control("log")["statements"][since:]]


def test_an_unchanged_table_is_not_read(program: SnowflakeProgram, simulator: Simulator) -> None:
    simulator.control("rows", {"rows": sales(50)})
    first = program.process()
    before = len(texts(simulator))
    second = program.process()
    assert (first["outcome"], second["outcome"]) == ("published", "unchanged")
    assert second["snapshot_id"] == first["snapshot_id"]
    assert len(texts(simulator, before)) <= 3
    assert [entry["rows"] for entry in simulator.control("log")["statements"][before:]] == [0, 1, 1]


def test_a_second_run_reads_changed_months_alone(program: SnowflakeProgram, simulator: Simulator) -> None:
    rows = [
        [str(n), "Sage 50", "West", "1.00", "Proposal", "Acme", f"2026-{n % 6 + 1:02d}-15", "Open"] for n in range(60)
    ]
    simulator.control("rows", {"rows": rows})
    assert program.process()["parts_written"] == 6
    before = len(texts(simulator))
    simulator.control("sql", {"sql": "UPDATE FCT_SALES SET AMOUNT = 2 WHERE SALE_ID = 8", "dialect": "duckdb"})
    report = program.process()
    assert (report["changed_days"], report["parts_written"], report["parts_shared"]) == (1, 1, 5)
    assert [list(binding.values()) for binding in bindings(simulator, before) if binding] == [
        [{"type": "TEXT", "value": "2026-03-01"}, {"type": "TEXT", "value": "2026-03-31"}]
    ]
    [read] = [entry for entry in simulator.control("log")["statements"][before:] if entry["bindings"]]
    assert read["rows"] == 10


def test_a_live_question_is_one_statement_and_one_round_trip(account: Simulator, both: tuple[Server, Server]) -> None:
    both[0].get("/api/sales/last-month?limit=5")
    before = account.control("log")
    for _ in range(3):
        both[0].get("/api/sales/last-month?limit=5")
    after = account.control("log")
    asked = after["statements"][len(before["statements"]) :]
    assert (len(asked), len(after["requests"]) - len(before["requests"])) == (3, 3)
    assert len({(entry["statement"], json.dumps(entry["bindings"])) for entry in asked}) == 1
    assert len({request["connection"] for request in after["requests"][len(before["requests"]) :]}) == 1


def test_every_statement_is_tagged_and_in_the_role(account: Simulator, both: Any) -> None:
    log = account.control("log")["statements"]
    assert {entry["parameters"]["QUERY_TAG"].partition("/")[0] for entry in log} == {"revops"}
    assert {entry["role"] for entry in log} == {"REVOPS_READER"}


# Credentials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("KEYPAIR_JWT", {"SNOWFLAKE_PRIVATE_KEY": "plain"}),
        ("KEYPAIR_JWT", {"SNOWFLAKE_PRIVATE_KEY": "encrypted", "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": PASSPHRASE}),
        ("KEYPAIR_JWT", {"SNOWFLAKE_PRIVATE_KEY": "plain", "SNOWFLAKE_ACCOUNT_NAME": "xy12345"}),
        ("PROGRAMMATIC_ACCESS_TOKEN", {"SNOWFLAKE_ACCESS_TOKEN": TOKEN}),
        ("OAUTH", {"SNOWFLAKE_OAUTH_TOKEN": TOKEN}),
        ("PROGRAMMATIC_ACCESS_TOKEN", {"SNOWFLAKE_PASSWORD": TOKEN}),
    ],
)
def test_every_kind_of_credentials(
    simulator: Simulator, executable: Path, tmp_path: Path, kind: str, given: dict[str, str]
) -> None:
    keys = {"plain": key_text(simulator), "encrypted": key_text(simulator, PASSPHRASE)}
    given = {name: keys.get(value, value) for name, value in given.items()}
    if kind != "KEYPAIR_JWT":
        simulator.control("tokens", {"kind": kind, "token": TOKEN})
    simulator.control("rows", {"rows": sales(20)})
    program = on_snowflake(executable, tmp_path / "data", simulator, given)
    done = program.run("process")
    assert (done.returncode, json.loads(done.stdout)["rows"]) == (0, 22)
    assert ("snowflake_password_taken_as_access_token" in done.stderr) == ("SNOWFLAKE_PASSWORD" in given)
    server = program.serve()
    assert live(server)[0] == 200
    program.hides(server.ask("/metrics").body, server.ask("/api/about").body, program.run("doctor").stdout)
    program.close()
    requests = simulator.control("log")["requests"]
    assert {request["authorization"]["kind"] for request in requests} == {kind}
    assert simulator.violations() == []


def test_a_key_is_used_where_a_token_is_given_too(simulator: Simulator, executable: Path, tmp_path: Path) -> None:
    both = {"SNOWFLAKE_PRIVATE_KEY": key_text(simulator), "SNOWFLAKE_PASSWORD": TOKEN}
    on_snowflake(executable, tmp_path / "data", simulator, both).must("process")
    assert {request["authorization"]["kind"] for request in simulator.control("log")["requests"]} == {"KEYPAIR_JWT"}


def test_commands_of_the_embedded_warehouse_say_where_the_rows_are(program: SnowflakeProgram) -> None:
    for command in (["sql", "SELECT 1"], ["init"]):
        done = program.run(*command)
        assert done.returncode == 0 or "Snowflake" in done.stderr, done


def test_a_job_asked_for_over_http_publishes(program: SnowflakeProgram, simulator: Simulator) -> None:
    simulator.control("rows", {"rows": sales(20)})
    server = program.serve()
    before = today()
    job = server.refresh()
    assert job["state"] == "succeeded"
    assert server.get("/api/summary")["data"]["totals"]["deals"] > 0
    shown = server.get("/api/sales/last-month")["meta"]["business_date"]
    assert before.isoformat() <= shown <= today().isoformat()
