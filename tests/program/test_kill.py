"""kill -9 at any moment: what was acknowledged is there, what is read is whole."""

import random
import shutil
import signal
import subprocess
from pathlib import Path

from program_driver import Program, Server, csv_text, sale, until

ROUNDS = 10


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Ends the process after so long, unless it has ended by itself."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(30)


def batch(tmp_path: Path, number: int, rows: int) -> Path:
    file = tmp_path / f"batch-{number}.csv"
    file.write_text(csv_text([sale(number * 100_000 + i, PRODUCT=f"batch {number}") for i in range(rows)]))
    return file


def batches(program: Program) -> dict[str, int]:
    rows = program.sql("SELECT PRODUCT, count(*) AS n FROM FCT_SALES GROUP BY PRODUCT")
    return {row["PRODUCT"] or "": int(row["n"] or 0) for row in rows}


def check(program: Program, acknowledged: set[str], rows: int) -> None:
    found = batches(program)
    assert acknowledged <= set(found)
    assert set(found.values()) <= {rows}, "half a batch was taken"


def test_import_killed(program: Program, tmp_path: Path, chance: random.Random) -> None:
    program.must("init")
    acknowledged = set()
    for number in range(ROUNDS):
        process = program.begin("import", batch(tmp_path, number, 2000))
        kill_after(process, chance.uniform(0.02, 0.6))
        if process.returncode == 0:
            acknowledged.add(f"batch {number}")
    check(program, acknowledged, 2000)


def test_server_killed_while_it_imports(program: Program, tmp_path: Path, chance: random.Random) -> None:
    acknowledged = set()
    for number in range(ROUNDS):
        server = program.serve()
        importing = program.begin("import", batch(tmp_path, number, 2000))
        try:
            importing.wait(chance.uniform(0.1, 0.8))
        except subprocess.TimeoutExpired:
            pass
        server.kill()
        # Without a server the command does the work itself: acknowledged either way.
        if importing.wait(30) == 0:
            acknowledged.add(f"batch {number}")
    check(program, acknowledged, 2000)


def whole(server: Server) -> str:
    """The snapshot that is served, after checking that its answers agree with each other."""
    summary = server.get("/api/summary")
    snapshot = summary["meta"]["snapshot_id"]
    totals = summary["data"]["totals"]
    for path in ("/api/pipeline/by-region", "/api/pipeline/by-product", "/api/pipeline/by-month"):
        answer = server.get(f"{path}?as_of={snapshot}")
        assert answer["totals"] == totals
        assert sum(group["deals"] for group in answer["data"]) == totals["deals"]
    return snapshot


def test_process_killed(program: Program, tmp_path: Path, chance: random.Random) -> None:
    program.must("import", batch(tmp_path, 0, 2000))
    published = {program.process()["snapshot_id"]}
    for number in range(ROUNDS):
        program.must("sql", f"UPDATE FCT_SALES SET AMOUNT = {number + 1}")
        process = program.begin("process")
        kill_after(process, chance.uniform(0.05, 0.5))
        assert "0 damaged" in program.must("verify")
        listed = {row["snapshot"] for row in program.snapshots()}
        assert published <= listed
        published = listed
    program.process()
    with program.serving() as server:
        whole(server)


def test_server_killed_while_it_refreshes(program: Program, tmp_path: Path, chance: random.Random) -> None:
    program.must("import", batch(tmp_path, 0, 2000))
    published = {program.process()["snapshot_id"]}
    for number in range(ROUNDS):
        server = program.serve()
        assert whole(server)
        program.must("sql", f"UPDATE FCT_SALES SET AMOUNT = {number + 1}")
        assert server.start_refresh().status == 202
        try:
            server.process.wait(chance.uniform(0.0, 0.3))
        except subprocess.TimeoutExpired:
            pass
        server.kill()
        assert "0 damaged" in program.must("verify")
        listed = {row["snapshot"] for row in program.snapshots()}
        assert published <= listed
        published = listed
    assert program.sql("SELECT DISTINCT AMOUNT FROM FCT_SALES") == [{"AMOUNT": f"{ROUNDS}.00"}]


def test_readers_see_whole_snapshots_while_others_are_published(program: Program, tmp_path: Path) -> None:
    program.must("import", batch(tmp_path, 0, 2000))
    program.process()
    with program.serving() as server:
        seen = {whole(server)}
        for number in range(3):
            program.must("sql", f"UPDATE FCT_SALES SET AMOUNT = {number + 1}")
            path = server.start_refresh().headers["location"]
            until(lambda path=path: seen.add(whole(server)) or server.get(path)["data"]["ended_at"], "the refresh")
        seen.add(whole(server))
        assert len(seen) >= 2


def months_of_nights(program: Program, tmp_path: Path) -> None:
    """Twenty nights of one January; two years later only those stay that the pointer names."""
    program.now = "2026-01-01T09:00:00Z"
    program.must("import", batch(tmp_path, 0, 200))
    for day in range(1, 21):
        program.now = f"2026-01-{day:02}T10:00:00Z"
        program.must("sql", f"UPDATE FCT_SALES SET AMOUNT = {day}")
        program.process()
    program.now = "2028-01-01T10:00:00Z"
    program.must("sql", "UPDATE FCT_SALES SET AMOUNT = 99")


def dates(program: Program) -> list[str]:
    return [night["snapshot"].partition("T")[0] for night in program.snapshots()]


def test_process_collects_without_a_server(program: Program, tmp_path: Path) -> None:
    months_of_nights(program, tmp_path)
    objects = len(list((program.data / "store" / "revops" / "objects").iterdir()))
    program.process()
    assert dates(program) == ["20280101", *(f"202601{day}" for day in range(20, 12, -1))]
    assert len(list((program.data / "store" / "revops" / "objects").iterdir())) < objects
    assert "0 damaged" in program.must("verify")


def test_killed_while_it_collects(program: Program, tmp_path: Path, chance: random.Random) -> None:
    months_of_nights(program, tmp_path)
    for number in range(ROUNDS):
        copy = Program(program.executable, tmp_path / f"copy-{number}", now=program.now)
        shutil.copytree(program.data, copy.data)
        kill_after(copy.begin("process"), chance.uniform(0.03, 0.25))
        assert "0 damaged" in copy.must("verify")
        assert "20260120" in dates(copy)
        # An amount of no night: what a killed collector has condemned cannot be written anew for six hours.
        copy.must("sql", "UPDATE FCT_SALES SET AMOUNT = 123.45")
        copy.process()
        # One more of that day stands there where the process was killed between its manifest and the swap.
        assert 7 <= len([night for night in dates(copy) if night != "20280101"]) <= 8
        with copy.serving() as server:
            whole(server)
