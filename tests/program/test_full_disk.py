"""Full disks: what cannot be kept is said, nothing half is left, and the server goes on."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_driver import Program, Server, csv_text, sale, until
from small_disk import SmallDisk, fill

FILE = {"Content-Type": "application/octet-stream"}
JSON = {"Content-Type": "application/json"}
TAKE = b'{"mode": "append", "skip_refused": false}'
ROWS = 8_000  # 1.3 MB of names that do not compress


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


@pytest.fixture
def deals() -> bytes:
    names = [hashlib.sha512(str(number).encode()).hexdigest()[:100] for number in range(ROWS)]
    return csv_text([sale(1000 + i, CUSTOMER_NAME=name) for i, name in enumerate(names)]).encode()


@pytest.fixture
def published(small_disk: SmallDisk, tmp_path: Path) -> Iterator[Program]:
    program = Program(small_disk.executable, small_disk.path / "data")
    program.must("init", "--sample")
    program.process()
    yield program
    program.close()


def serve(program: Program, tmp_path: Path) -> Server:
    """Its log is not on the disk that is full."""
    (tmp_path / "log").mkdir(exist_ok=True)
    return program.serve(log=tmp_path / "log" / "serve.log")


def assert_full(message: str) -> None:
    assert any(word in message.lower() for word in ("space", "room", "full")), message


def unmoved(server: Server, snapshot: str) -> None:
    assert server.ask("/healthz").status == 200
    summary = server.get("/api/summary")
    assert (summary["meta"]["snapshot_id"], summary["meta"]["rows"]) == (snapshot, 8)


def imports_in(disk: SmallDisk) -> list[str]:
    return sorted(path.name for path in (disk.seen / "data" / "imports").rglob("*") if path.is_file())


def test_an_upload_that_fills_the_disk(published: Program, small_disk: SmallDisk, deals: bytes, tmp_path: Path) -> None:
    server = serve(published, tmp_path)
    snapshot = server.get("/api/summary")["meta"]["snapshot_id"]
    filler = fill(small_disk.seen, leave=len(deals) // 2)
    refused = server.ask("/api/imports?name=deals.csv", "POST", FILE, deals)
    assert refused.status == 507, refused
    assert_full(refused.json()["error"]["message"])
    assert imports_in(small_disk) == []
    assert server.get("/api/imports")["data"] == []
    unmoved(server, snapshot)
    filler.unlink()
    accepted = server.ask("/api/imports?name=deals.csv", "POST", FILE, deals)
    assert accepted.status == 201
    assert server.stop() == 0


@pytest.mark.parametrize("leave", [0, 64 << 10, 512 << 10])
def test_an_import_that_fills_the_disk(
    published: Program, small_disk: SmallDisk, deals: bytes, tmp_path: Path, leave: int
) -> None:
    """Nothing of it is in the table, and it can be taken when there is room again."""
    server = serve(published, tmp_path)
    before = published.sql("SELECT * FROM FCT_SALES ORDER BY ALL")
    snapshot = server.get("/api/summary")["meta"]["snapshot_id"]
    path = server.ask("/api/imports?name=deals.csv", "POST", FILE, deals).headers["location"]
    until(lambda: server.get(path)["data"]["state"] == "waiting", "the inspection")
    filler = fill(small_disk.seen, leave=leave)
    answer = server.ask(f"{path}/take", "POST", JSON, TAKE)
    if answer.status == 503:  # Not even that it begins can be noted: it waits still.
        assert_full(answer.json()["error"]["message"])
        assert server.get(path)["data"]["state"] == "waiting"
    else:
        assert answer.status == 202, answer
        ended = until(lambda: (job := server.get(path)["data"])["state"] in ("failed", "done") and job, "the end")
        assert ended["state"] == "failed" and ended["rows"] is None, ended
        assert_full(ended["error"]["message"])
        assert not ended["undo"]["possible"]
    unmoved(server, snapshot)
    assert published.sql("SELECT * FROM FCT_SALES ORDER BY ALL") == before
    assert server.get("/api/mappings")["data"] == []
    filler.unlink()
    if server.get(path)["data"]["state"] == "failed":
        assert imports_in(small_disk) == ["job.json"], "the file goes with its import"
        path = server.ask("/api/imports?name=deals.csv", "POST", FILE, deals).headers["location"]
        until(lambda: server.get(path)["data"]["state"] == "waiting", "the inspection")
    assert server.ask(f"{path}/take", "POST", JSON, TAKE).status == 202
    until(lambda: server.get(path)["data"]["state"] == "done", "the import")
    assert server.get("/api/summary")["meta"]["rows"] == 8 + ROWS
    assert server.stop() == 0
    assert "0 damaged" in published.must("verify")


@pytest.mark.parametrize("leave", [0, 256 << 10])
def test_no_room_for_the_rows_of_the_worker(
    program: Program, small_disk: SmallDisk, deals: bytes, tmp_path: Path, leave: int
) -> None:
    """Its temporary files are on the small disk, the data folder is not."""
    temporary = small_disk.seen / "tmp"
    temporary.mkdir()
    program.executable = small_disk.executable
    program.environment["TMPDIR"] = str(small_disk.path / "tmp")
    program.must("init")
    server = program.serve()
    path = server.ask("/api/imports?name=deals.csv", "POST", FILE, deals).headers["location"]
    until(lambda: server.get(path)["data"]["state"] == "waiting", "the inspection")
    filler = fill(small_disk.seen, leave=leave)
    assert server.ask(f"{path}/take", "POST", JSON, TAKE).status == 202
    ended = until(lambda: (job := server.get(path)["data"])["state"] in ("failed", "done") and job, "the end")
    assert ended["state"] == "failed"
    assert_full(ended["error"]["message"])
    assert "TMPDIR" in ended["error"]["message"], "which of the disks"
    file = tmp_path / "deals.csv"
    file.write_bytes(deals)
    assert_full(program.refuse("import", file))
    assert program.count() == 0
    assert list(temporary.iterdir()) == []
    filler.unlink()
    program.must("import", file)
    assert program.count() == ROWS
    assert server.stop() == 0


def test_a_watched_file_is_not_refused_for_want_of_room(program: Program, small_disk: SmallDisk, deals: bytes) -> None:
    temporary = small_disk.seen / "tmp"
    temporary.mkdir()
    program.executable = small_disk.executable
    program.environment |= {"TMPDIR": str(small_disk.path / "tmp"), "REVOPS_IMPORT_WATCH": "inbox"}
    program.must("init")
    inbox = program.data / "inbox"
    inbox.mkdir()
    fill(small_disk.seen, leave=256 << 10)
    server = program.serve()
    (inbox / "deals.csv").write_bytes(deals)
    until(lambda: "deals.csv waits: " in server.stderr(), "the reason")
    assert_full(server.stderr())
    assert (inbox / "deals.csv").read_bytes() == deals, "it is tried again"
    assert not (inbox / "refused").exists()
    assert program.count() == 0
