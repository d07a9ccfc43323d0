"""The built program with its snapshots on the simulated S3."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program_driver import Program, Server, until
from s3_peer import ACCESS_KEY, BUCKET, SECRET_KEY, Simulator

PREFIX = "team/sales"
PATHS = [
    "/api/pipeline/by-region",
    "/api/pipeline/by-product?region=North",
    "/api/pipeline/by-stage",
    "/api/summary",
]


def on_s3(executable: Path, data: Path, s3: Simulator, **changed: str) -> Program:
    """Two seconds for an operation: nobody waits long for an S3 that is gone."""
    settings = {
        "REVOPS_STORE_URL": f"s3://{BUCKET}/{PREFIX}",
        "REVOPS_STORE_REGION": "us-east-1",
        "REVOPS_STORE_ENDPOINT": s3.endpoint.replace("localhost", "127.0.0.1"),
        "REVOPS_STORE_TIMEOUT_SECONDS": "2",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return Program(executable, data, settings | changed)


@pytest.fixture
def program(executable: Path, tmp_path: Path, s3: Simulator) -> Iterator[Program]:
    """Eight sample rows in its warehouse, nothing on S3."""
    made = on_s3(executable, tmp_path / "data", s3)
    made.must("init", "--sample")
    yield made
    made.close()
    assert s3.violations() == []


def figures(server: Server, path: str) -> Any:
    """An answer without what differs from snapshot to snapshot."""
    answer = server.get(path)
    return answer["data"], answer.get("totals")


def take_down(s3: Simulator) -> None:
    s3.rule({"reset_before": True}, times=0)
    s3.control("settings", {"refuse_connections": True})


def bring_up(s3: Simulator) -> None:
    s3.control("settings", {"refuse_connections": False})
    s3.control("clear_rules", {})


def test_snapshots_rest_in_the_bucket(program: Program, s3: Simulator) -> None:
    report = program.process()
    assert report["outcome"] == "published"
    assert [entry["snapshot"] for entry in program.snapshots()] == [report["snapshot_id"]]
    assert program.must("verify").endswith(" 0 damaged\n")
    keys = s3.control("objects").keys()
    assert f"{PREFIX}/revops/current.json" in keys
    assert all(key.startswith(PREFIX + "/") for key in keys)
    assert not (program.data / "store").exists()


def test_answers_are_those_of_a_folder(program: Program, executable: Path, tmp_path: Path) -> None:
    program.process()
    local = Program(executable, tmp_path / "local")
    local.must("init", "--sample")
    local.process()
    ours, theirs = program.serve(), local.serve()
    assert [figures(ours, path) for path in PATHS] == [figures(theirs, path) for path in PATHS]
    assert [ours.ask(path).status for path in ("/healthz", "/readyz", "/metrics", "/api/snapshots")] == [200] * 4
    assert (ours.stop(), theirs.stop()) == (0, 0)
    local.close()


def test_commands_go_through_the_server(program: Program) -> None:
    server = program.serve()
    job = server.refresh()
    assert job["state"] == "succeeded"
    assert len(program.snapshots()) == 1
    assert "ok    store_writable: s3://revops-test/team/sales/\n" in program.must("doctor")
    assert server.stop() == 0


def test_a_second_server_sees_what_the_first_has_published(program: Program, executable: Path, s3: Simulator) -> None:
    """The scheduled run of the first one counts for both."""
    first = program.serve()
    first.settle()
    other = on_s3(executable, program.data.parent / "other", s3)
    second = other.serve()
    program.must("sql", "UPDATE FCT_SALES SET AMOUNT = AMOUNT + 1")
    published = program.process()["snapshot_id"]
    until(lambda: second.get("/api/summary")["meta"]["snapshot_id"] == published, "the other's snapshot")
    assert (first.stop(), second.stop()) == (0, 0)
    other.close()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "another-secret-key"}, ["AWS_SECRET_ACCESS_KEY", "s3:SignatureDoesNotMatch"]),
        ({"AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, ["AWS_ACCESS_KEY_ID", "s3:InvalidAccessKeyId"]),
        ({"REVOPS_STORE_REGION": "eu-west-1"}, ["us-east-1", "REVOPS_STORE_REGION"]),
        ({"REVOPS_STORE_URL": "s3://no-such-bucket"}, ["create it", "s3:NoSuchBucket"]),
        ({"REVOPS_STORE_URL": "bucket"}, ["s3://BUCKET"]),
        ({"REVOPS_STORE_ENDPOINT": "127.0.0.1"}, ["store.endpoint"]),
    ],
)
def test_a_wrong_setting_is_named(program: Program, s3: Simulator, changed: dict[str, str], said: list[str]) -> None:
    s3.control("settings", {"refusal_seconds": 0})  # two commands, and doctor's findings, ask for themselves
    program.environment |= changed
    words = program.refuse("process")
    assert [part for part in said if part not in words] == [], words
    done = program.run("doctor")
    assert done.returncode == 1
    for text in (words, done.stdout, done.stderr):
        assert "another-secret-key" not in text
        assert SECRET_KEY not in text


def test_missing_rights_are_named(program: Program, s3: Simulator) -> None:
    s3.control("settings", {"list_bucket": False})
    assert "s3:ListBucket" in program.refuse("process")


def test_cached_answers_go_on_without_s3(program: Program, s3: Simulator) -> None:
    program.process()
    server = program.serve()
    assert server.settle()["state"] == "succeeded"
    before = [figures(server, path) for path in PATHS]
    take_down(s3)
    assert [figures(server, path) for path in PATHS] == before
    assert server.get("/api/sales/last-month")["meta"]["source"] == "live"
    refused = server.start_refresh()
    if refused.status == 202:
        path = refused.headers["location"]
        until(lambda: server.ask(path).status != 200 or server.get(path)["data"]["state"] == "failed", "the failure")
    else:
        assert refused.status in (502, 503, 504), refused
    assert [figures(server, path) for path in PATHS] == before
    bring_up(s3)
    program.must("sql", "UPDATE FCT_SALES SET AMOUNT = AMOUNT + 1")
    assert server.refresh()["state"] == "succeeded"
    assert [figures(server, path) for path in PATHS] != before
    assert server.stop() == 0


def test_it_starts_without_s3(program: Program, s3: Simulator) -> None:
    take_down(s3)
    server = program.serve()
    assert server.ask("/healthz").status == 200
    assert server.ask("/api/summary").status in (502, 503, 504)
    bring_up(s3)
    assert server.refresh()["state"] == "succeeded"
    assert server.ask("/api/summary").status == 200
    assert server.stop() == 0


@pytest.mark.parametrize(
    "action", [{"lose_answer": True}, {"status": 500, "applied": True}, {"code": "SlowDown"}, {"reset_before": True}]
)
def test_a_run_gets_past_what_passes(program: Program, s3: Simulator, action: dict[str, Any]) -> None:
    """Each fourth request fails so."""
    program.environment["REVOPS_STORE_TIMEOUT_SECONDS"] = "20"
    s3.rule(action, times=4, every=4)
    assert program.process()["outcome"] == "published"
    s3.control("clear_rules", {})
    assert program.must("verify").endswith(" 0 damaged\n")


def test_restore_and_backup(program: Program, executable: Path, tmp_path: Path) -> None:
    snapshot = program.process()["snapshot_id"]
    program.must("sql", "DELETE FROM FCT_SALES")
    program.must("restore", snapshot)
    assert program.count() == 8
    said = program.must("backup", tmp_path / "backup.tar")
    assert "an empty REVOPS_STORE_URL" in said
    folder = tmp_path / "unpacked"
    folder.mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "backup.tar", "-C", folder], check=True)
    local = Program(executable, folder)
    assert [entry["snapshot"] for entry in local.snapshots()] == [snapshot]
    assert local.must("verify").endswith(" 0 damaged\n")
    assert local.count() == 8
    local.close()
