"""What the program advises about damage, followed to the letter."""

import json
import os
import shutil
from pathlib import Path

import pytest
from program_driver import Program
from small_disk import SmallDisk, fill, small_disk
from test_damage import flip

__all__ = ["small_disk"]

OBJECTS = ("revops", "objects")
POINTER = ("revops", "current.json")


@pytest.fixture
def published(program: Program) -> Program:
    program.must("init", "--sample")
    program.process()
    return program


def store(program: Program, *names: str) -> Path:
    return program.data.joinpath("store", *names)


def objects(program: Program, kind: str = "") -> list[str]:
    return sorted(file.name for file in store(program, *OBJECTS).iterdir() if file.name.endswith(kind))


def names_in_the_manifest(program: Program, kind: str) -> list[str]:
    snapshot = program.snapshots()[0]["snapshot"]
    manifest = json.loads(store(program, "revops", "snapshots", f"{snapshot}.json").read_text())
    return [key for key in objects(program) if key.split(".")[0] in json.dumps(manifest[kind])]


def decay(file: Path) -> None:
    """Other bytes under the same time of modification, as a disk loses them."""
    before = file.stat()
    flip(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_process_mends_every_object_that_was_changed(published: Program) -> None:
    names = objects(published)
    assert len(names) > 8
    for name in names:
        flip(store(published, *OBJECTS, name))
        assert published.run("verify").returncode == 1, name
        assert published.process()["outcome"] == "published", name
        published.must("verify")
    assert published.process()["outcome"] == "unchanged"


def test_every_object_that_decayed_is_mended_by_what_verify_advises(published: Program) -> None:
    for name in objects(published):
        decay(store(published, *OBJECTS, name))
        advice = published.refuse("verify")
        assert "`revops process --full`" in advice
        assert json.loads(published.must("process", "--full"))["outcome"] == "published"
        published.must("verify")


def test_what_cannot_be_opened_is_mended_by_what_doctor_advises(published: Program) -> None:
    for name in objects(published, ".cube.zst"):
        decay(store(published, *OBJECTS, name))
    said = published.run("doctor")
    assert said.returncode == 1
    assert "`revops process --full`" in said.stdout
    published.must("process", "--full")
    published.must("doctor")


def test_a_refresh_mends_what_a_server_cannot_serve(published: Program) -> None:
    published.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1")
    second = published.process()["snapshot_id"]
    for name in names_in_the_manifest(published, "views"):
        decay(store(published, *OBJECTS, name))
    warehouse = published.data / "warehouse.duckdb"
    rows = warehouse.read_bytes()
    warehouse.write_bytes(b"no warehouse" * 2000)  # So that the run that is due does not mend it.
    server = published.serve()
    assert server.settle()["state"] == "failed"
    assert server.get("/api/summary")["meta"]["degraded"] == "object_damaged"
    ready = server.ask("/readyz")
    assert (ready.status, "object_damaged" in ready.json()["reasons"]) == (503, True)
    warehouse.write_bytes(rows)
    job = server.refresh()
    assert (job["state"], job["outcome"]) == ("succeeded", "published")
    meta = server.get("/api/summary")["meta"]
    assert "degraded" not in meta
    assert meta["snapshot_id"] != second
    assert server.ask("/readyz").status == 200
    published.must("verify")


def test_a_damaged_pointer_leaves_the_list_of_snapshots(published: Program) -> None:
    listed = published.snapshots()
    store(published, *POINTER).write_text("garbage")
    done = published.run("snapshots", "--format", "json")
    assert [row["snapshot"] for row in json.loads(done.stdout)] == [row["snapshot"] for row in listed]
    assert done.returncode == 1
    assert "current.json" in done.stderr and "`revops process`" in done.stderr
    assert published.process()["outcome"] == "published"
    assert len(published.snapshots()) == 2


@pytest.mark.parametrize("state", ["damaged", "table dropped", "whole"])
def test_restore_of_damaged_rows_changes_nothing(published: Program, state: str) -> None:
    snapshot = published.snapshots()[0]["snapshot"]
    for name in objects(published, ".csv.zst"):
        flip(store(published, *OBJECTS, name))
    if state == "damaged":
        (published.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    if state == "table dropped":
        published.must("sql", "DROP TABLE FCT_SALES")
    before = sorted(path.name for path in published.data.iterdir())
    content = (published.data / "warehouse.duckdb").read_bytes()
    assert "nothing was changed" in published.refuse("restore", snapshot)
    assert sorted(path.name for path in published.data.iterdir()) == before
    if state == "whole":
        assert published.count() == 8
    else:
        assert (published.data / "warehouse.duckdb").read_bytes() == content
        published.refuse("process")
    assert [row["rows"] for row in published.snapshots()] == ["8"]


def test_restore_without_room_leaves_the_damaged_warehouse(small_disk: SmallDisk) -> None:
    program = Program(small_disk.executable, small_disk.path / "data")
    data = small_disk.seen / "data"
    program.must("init", "--sample")
    snapshot = program.process()["snapshot_id"]
    warehouse = data / "warehouse.duckdb"
    warehouse.write_bytes(b"garbage" * 1000)
    content = warehouse.read_bytes()
    filler = fill(small_disk.seen)
    program.refuse("restore", snapshot)
    assert warehouse.read_bytes() == content
    assert not list(data.glob("warehouse.*-*"))
    program.refuse("process")
    filler.unlink()
    program.must("restore", snapshot)
    assert program.count() == 8
    assert [file.read_bytes() for file in data.glob("warehouse.damaged-*")] == [content]
    assert not list(data.glob("*restoring*"))


def test_restore_keeps_the_log_of_a_damaged_warehouse(published: Program) -> None:
    snapshot = published.snapshots()[0]["snapshot"]
    shutil.copy(published.data / "warehouse.duckdb", published.data / "warehouse.duckdb.wal")
    (published.data / "warehouse.duckdb").write_bytes(b"garbage" * 1000)
    published.must("restore", snapshot)
    assert published.count() == 8
    assert len(list(published.data.glob("warehouse.damaged-*.duckdb.wal"))) == 1


def test_restore_of_an_unknown_snapshot_says_where_they_are_listed(published: Program) -> None:
    assert "`revops snapshots`" in published.refuse("restore", "20200101T000000Z-00000000")
