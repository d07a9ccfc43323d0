"""Damaged files, folders of newer versions, full disks."""

import hashlib
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
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
    warehouse.write_bytes(b"no warehouse" * 2000)  # So that no scheduled run mends it before it is seen.
    server = program.serve()
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


@dataclass
class SmallDisk:
    """`path` is where the program finds it, `seen` where this process does."""

    path: Path
    seen: Path
    executable: Path


@pytest.fixture
def small_disk(executable: Path, tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(folder)]
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    owner = ["-o", f"uid={os.geteuid()}"]
    if (not as_root or shutil.which("sudo")) and subprocess.run([*as_root, *mount, *owner]).returncode == 0:
        yield SmallDisk(folder, folder, executable)
        subprocess.run([*as_root, "umount", "-l", str(folder)], check=True)
        return
    # Else in a namespace of its own, which needs no rights where the kernel lets users make one. It lives as long as
    # the process that waits for its input to end; the program is started within.
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f"{shlex.join(mount)} && echo ready && cat"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as holder:
        if holder.stdout.readline() != b"ready\n":
            said = holder.communicate()[1].decode().strip()
            pytest.skip(f"a small disk can be mounted neither as root nor in a user namespace: {said}")
        within = tmp_path / "revops-within"
        enter = ["nsenter", "--target", str(holder.pid), "--user", "--mount", "--preserve-credentials"]
        within.write_text(f'#!/bin/sh\nexec {shlex.join([*enter, str(executable)])} "$@"\n')
        within.chmod(0o755)
        yield SmallDisk(folder, Path(f"/proc/{holder.pid}/root{folder}"), within)
        holder.stdin.close()


def fill(folder: Path) -> Path:
    file = folder / "filler"
    with file.open("wb", buffering=0) as out:
        for size in (65536, 4096, 1):
            try:
                while out.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return file


def test_a_full_disk_keeps_serving(tmp_path: Path, small_disk: SmallDisk) -> None:
    program = Program(small_disk.executable, small_disk.path / "data")
    program.must("init", "--sample")
    published = program.process()["snapshot_id"]
    log = tmp_path / "log"
    log.mkdir()
    filler = fill(small_disk.seen)
    big = tmp_path / "big.csv"
    big.write_text(csv_text([sale(i, CUSTOMER_NAME=f"{i:0>90}") for i in range(1000, 60_000)]))
    try:
        server = program.serve(log=log / "serve.log")
        assert server.get("/api/pipeline/by-region")["totals"]["amount"] == "490000.00"
        assert server.get("/api/sales/last-month")["totals"]["amount"] == "490000.00"
        said = program.refuse("import", big)
        assert any(word in said.lower() for word in ("space", "room", "full")), said
        assert program.count() == 8
        assert server.get("/api/pipeline/by-region")["meta"]["snapshot_id"] == published
        assert server.get("/api/sales/last-month")["totals"]["amount"] == "490000.00"
        filler.unlink()
        program.must("sql", "INSERT INTO FCT_SALES (SALE_ID) VALUES (9)")
        assert server.refresh()["state"] == "succeeded"
        assert server.stop() == 0
        assert program.count() == 9
        assert "0 damaged" in program.must("verify")
    finally:
        program.close()


def test_a_refresh_on_a_full_disk_fails_whole(small_disk: SmallDisk) -> None:
    program = Program(small_disk.executable, small_disk.path / "data")
    program.must("init", "--sample")
    program.process()
    program.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1")
    filler = fill(small_disk.seen)
    said = program.refuse("process")
    assert any(word in said.lower() for word in ("space", "room", "full")), said
    filler.unlink()
    assert "0 damaged" in program.must("verify")
    assert program.process()["rows"] == 7


def test_live_rows_of_a_damaged_warehouse_are_an_upstream_error_that_waiting_does_not_mend(program: Program) -> None:
    program.must("init", "--sample")
    (program.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    with program.serving() as server:
        answer = server.ask("/api/sales/last-month")
        assert answer.status == 502
        assert answer.json()["error"]["retryable"] is False
