"""Damaged files, folders of newer versions."""

import hashlib
import shutil
from pathlib import Path

import pytest
from program_driver import Program, csv_text, sale


@pytest.fixture
def two_snapshots(program: Program) -> tuple[Program, str, str]:
    program.must("init", "--sample")
    first = program.process()["snapshot_id"]
    program.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1")
    return program, first, program.process()["snapshot_id"]


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x10
    file.chmod(0o600)
    file.write_bytes(content)


def manifest(program: Program, snapshot: str) -> Path:
    return program.data / "store" / "revops" / "snapshots" / f"{snapshot}.json"


def test_every_flipped_byte_is_found(two_snapshots: tuple[Program, str, str]) -> None:
    program, _, _ = two_snapshots
    program.must("verify")
    objects = sorted((program.data / "store" / "revops" / "objects").iterdir())
    assert objects
    for file in objects:
        good = file.read_bytes()
        flip(file)
        done = program.run("verify")
        assert done.returncode == 1, file
        assert file.name in done.stdout
        file.write_bytes(good)
    program.must("verify")


@pytest.mark.parametrize("damage", ["manifest cut", "manifest gone", "manifest flipped"])
def test_a_damaged_newest_manifest_serves_the_one_before(two_snapshots: tuple[Program, str, str], damage: str) -> None:
    program, first, second = two_snapshots
    file = manifest(program, second)
    if damage == "manifest cut":
        file.write_bytes(file.read_bytes()[:100])
    elif damage == "manifest gone":
        file.unlink()
    else:
        flip(file)
    assert program.run("verify").returncode == 1
    warehouse = program.data / "warehouse.duckdb"
    rows = warehouse.read_bytes()
    warehouse.write_bytes(b"no warehouse" * 2000)  # So that the run that is due does not mend it.
    server = program.serve()
    assert server.settle()["state"] == "failed"
    meta = server.get("/api/summary")["meta"]
    assert (meta["snapshot_id"], meta["degraded"] is not None) == (first, True)
    warehouse.write_bytes(rows)
    job = server.refresh()  # Recomputes what was lost.
    assert job["state"] == "succeeded", job
    meta = server.get("/api/summary")["meta"]
    assert "degraded" not in meta
    assert server.get("/api/summary")["data"]["totals"]["deals"] == 7


@pytest.mark.parametrize("content", [b"garbage", b"", b"{}", b"\0" * 400, b'{"format":1'])
def test_a_damaged_pointer_serves_the_newest_that_proves_itself(
    two_snapshots: tuple[Program, str, str], content: bytes
) -> None:
    program, _, _ = two_snapshots
    (program.data / "store" / "revops" / "current.json").write_bytes(content)
    server = program.serve()
    assert server.get("/api/summary")["data"]["totals"]["deals"] == 7
    assert server.refresh()["state"] == "succeeded"
    assert "degraded" not in server.get("/api/summary")["meta"]
    program.must("verify")


def test_a_damaged_object_is_never_served(two_snapshots: tuple[Program, str, str]) -> None:
    program, _, _ = two_snapshots
    for file in (program.data / "store" / "revops" / "objects").iterdir():
        flip(file)
    shutil.copy(program.data / "warehouse.duckdb", program.data.parent / "kept.duckdb")
    (program.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)  # Nothing can be made up either.
    server = program.serve()
    assert server.ask("/api/pipeline/by-region").status == 503
    assert server.ask("/healthz").status == 200


def test_a_damaged_warehouse_leaves_the_snapshot_and_restore_rebuilds_it(
    two_snapshots: tuple[Program, str, str],
) -> None:
    program, first, _ = two_snapshots
    (program.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    with program.serving() as server:
        assert server.get("/api/pipeline/by-region")["totals"]["amount"] == "340000.00"
        live = server.ask("/api/sales/last-month")
        assert live.status >= 500
        assert "restore" in live.json()["error"]["message"]
        assert program.run("doctor").returncode == 1
        assert "restore" in program.refuse("process")
        said = program.must("restore", first)
        assert "warehouse.damaged-" in said
        assert list(program.data.glob("warehouse.damaged-*"))
        assert server.get("/api/sales/last-month")["totals"]["amount"] == "490000.00"
        assert program.count() == 8


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("words", [["serve", "--listen", "127.0.0.1:0"], ["process"], ["init"], ["sql", "SELECT 1"]])
@pytest.mark.parametrize("written", ["2\n", "garbage\n"])
def test_a_folder_of_a_newer_version_is_left_alone(program: Program, words: list[str], written: str) -> None:
    program.must("init", "--sample")
    (program.data / "format").write_text(written)
    before = fingerprint(program.data)
    said = program.refuse(*words)
    assert "newer version" in said
    assert "nothing was changed" in said
    assert fingerprint(program.data) == before


def test_import_into_a_folder_of_a_newer_version(program: Program, tmp_path: Path) -> None:
    program.must("init")
    (program.data / "format").write_text("2\n")
    file = tmp_path / "a.csv"
    file.write_text(csv_text([sale(1)]))
    assert "newer version" in program.refuse("import", file)


def test_live_rows_of_a_damaged_warehouse_are_an_upstream_error_that_waiting_does_not_mend(program: Program) -> None:
    program.must("init", "--sample")
    (program.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    with program.serving() as server:
        answer = server.ask("/api/sales/last-month")
        assert answer.status == 502
        assert answer.json()["error"]["retryable"] is False
