"""A folder that exports are dropped into: `revops watch DIR` and the key import.watch."""

import os
import random
import signal
import subprocess
import threading
from pathlib import Path

from program_driver import Program, csv_text, sale, until

ENDED = ("done", "failed", "undone", "discarded")
KILLS = int(os.environ.get("REVOPS_KILLS", "3"))
HUBSPOT = "Record ID,Deal Name,Deal Stage,Close Date,Amount\n11,Acme,Closed Won,2026-11-20 10:00,1200.50\n"


def test_a_server_takes_what_is_dropped_and_says_so(program: Program, tmp_path: Path) -> None:
    """Its own columns, foreign ones, and what nobody can read, each to its place."""
    program.must("init")
    inbox = program.data / "inbox"
    inbox.mkdir()
    program.environment["REVOPS_IMPORT_WATCH"] = "inbox"
    with program.serving() as server:
        (inbox / "b-own.csv").write_text(csv_text([sale(1), sale(2)]))
        (inbox / "a-foreign.csv").write_text(HUBSPOT)
        (inbox / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        (inbox / "unfinished.csv.part").write_text("SALE_ID")
        until((inbox / "refused" / "picture.csv.why.txt").exists, "the reason")
        until(lambda: len(list((inbox / "imported").glob("*.csv"))) == 2, "both files")
        assert [path.name[11:] for path in sorted((inbox / "imported").iterdir())] == ["a-foreign.csv", "b-own.csv"]
        assert [path.name for path in inbox.iterdir() if path.is_file()] == ["unfinished.csv.part"]
        refused = sorted(path.name for path in (inbox / "refused").iterdir())
        assert refused == ["picture.csv", "picture.csv.why.txt"]
        assert (inbox / "refused" / "picture.csv.why.txt").read_text().strip()
        jobs = server.get("/api/imports")["data"]
        taken = {job["file"]["name"]: (job["requested_by"], job["state"]) for job in jobs}
        assert taken["a-foreign.csv"] == ("watch", "done")
        assert taken["b-own.csv"] == ("watch", "done")
        assert taken["picture.csv"] == ("watch", "failed")
        assert server.get("/api/summary")["meta"]["rows"] == 3
    assert program.ids() == ["1", "2", "11"]


def test_the_command_watches_by_way_of_the_server(program: Program, tmp_path: Path) -> None:
    program.must("init")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with program.serving() as server:
        watching = subprocess.Popen(
            program.words("watch", inbox), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            assert watching.stdout is not None
            assert watching.stdout.readline() == f"Watching {inbox} until this command is stopped.\n"
            (inbox / "deals.csv").write_text(csv_text([sale(1)]))
            assert watching.stdout.readline().endswith("  deals.csv: imported\n")
            assert server.get("/api/summary")["meta"]["rows"] == 1
        finally:
            # Not SIGINT, which is ignored in whatever a shell has put into the background.
            watching.send_signal(signal.SIGTERM)
            watching.wait(30)
            watching.stdout.close()


def test_the_command_watches_alone(program: Program, tmp_path: Path) -> None:
    program.must("init")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    watching = subprocess.Popen(
        program.words("watch", inbox), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert watching.stdout is not None
    watching.stdout.readline()
    (inbox / "deals.csv").write_text(csv_text([sale(1), sale(2)]))
    assert watching.stdout.readline().endswith("  deals.csv: imported\n")
    watching.kill()
    watching.wait(30)
    watching.stdout.close()
    assert program.count() == 2


def test_a_folder_that_is_not_there_is_refused(program: Program, tmp_path: Path) -> None:
    program.must("init")
    assert "there is no folder" in program.refuse("watch", tmp_path / "nowhere")


def test_the_doctor_knows_a_folder_that_is_gone(program: Program, tmp_path: Path) -> None:
    program.must("init")
    program.environment["REVOPS_IMPORT_WATCH"] = str(tmp_path / "share")
    assert "FAIL  watched_folder: " in program.run("doctor").stdout
    (tmp_path / "share").mkdir()
    assert "ok    watched_folder: " in program.run("doctor").stdout


def test_killed_at_any_moment_each_file_counts_once(program: Program) -> None:
    """Nothing is lost, nothing counts twice, and nothing of the work broken off waits for a person."""
    seed = int(os.environ.get("REVOPS_SEED", random.randrange(2**32)))
    print("seed", seed)
    chance = random.Random(seed)
    program.must("init")
    inbox = program.data / "inbox"
    inbox.mkdir()
    program.environment["REVOPS_IMPORT_WATCH"] = "inbox"
    texts = {
        f"day-{number:02}.csv": csv_text([sale(number * 1000 + i, AMOUNT=f"{number}.{i:02}") for i in range(60)])
        for number in range(KILLS * 4)
    }
    expected = sorted(str(number * 1000 + i) for number in range(KILLS * 4) for i in range(60))
    for name, text in texts.items():
        (inbox / name).write_text(text)

    def archived() -> dict[str, str]:
        return {path.name: path.read_text() for path in (inbox / "imported").glob("*")}

    for _ in range(KILLS):
        server = program.serve()
        done = len(archived())
        until(lambda: list((inbox / "importing").glob("*")) or len(archived()) > done, "a file in work")  # noqa: B023
        threading.Event().wait(chance.uniform(0, 0.6))
        server.kill()
    with program.serving() as server:
        until(lambda: len(archived()) == len(texts), "every file", patience=120)
        until(lambda: all(job["state"] in ENDED for job in server.get("/api/imports")["data"]), "an end of each")
        jobs = server.get("/api/imports")["data"]
        assert server.get("/api/summary")["meta"]["rows"] == len(expected)
    assert {name[11:]: text for name, text in archived().items()} == texts
    assert [path.name for path in inbox.rglob("*") if path.is_file() and path.parent.name != "imported"] == []
    assert sorted(program.ids(), key=str) == expected
    assert {job["state"] for job in jobs} <= {"done", "failed", "discarded"}
    left = [path.name for path in (program.data / "imports").rglob("*") if path.is_file()]
    assert set(left) == {"job.json"}, "no copy of a file is left"
