"""Files that are handed over on the page: looked at, taken, undone; and what is left when the program is killed."""

import json
import random
import threading
from pathlib import Path
from typing import Any

import pytest
from program_driver import COLUMNS, Answer, Program, Server, csv_text, sale, until

JSON = {"Content-Type": "application/json"}
FILE = {"Content-Type": "application/octet-stream"}
ENDED = ("done", "failed", "undone", "discarded")
TAKE = {"mode": "replace", "skip_refused": False}
ROUNDS = 8


@pytest.fixture
def server(program: Program) -> Server:
    program.must("init")
    return program.serve()


def upload(server: Server, text: str, name: str = "deals.csv") -> str:
    answer = server.ask(f"/api/imports?name={name}", "POST", FILE, text.encode())
    assert answer.status == 201, answer
    job = answer.json()["data"]
    assert answer.headers["location"] == f"/api/imports/{job['id']}"
    return job["id"]


def job(server: Server, import_id: str) -> dict[str, Any]:
    return server.get(f"/api/imports/{import_id}")["data"]


def in_state(server: Server, import_id: str, *states: str) -> dict[str, Any]:
    def reached() -> dict[str, Any] | None:
        found = job(server, import_id)
        return found if found["state"] in states else None

    return until(reached, f"{states}")


def call(server: Server, import_id: str, what: str, body: dict[str, Any] | None = None) -> Answer:
    return server.ask(f"/api/imports/{import_id}/{what}", "POST", JSON, json.dumps(body or {}).encode())


def take(server: Server, text: str, **options: Any) -> dict[str, Any]:
    import_id = upload(server, text)
    in_state(server, import_id, "waiting")
    answer = call(server, import_id, "take", TAKE | options)
    assert answer.status == 202, answer
    return in_state(server, import_id, *ENDED)


def table(program: Program) -> list[dict[str, str | None]]:
    return program.sql("SELECT * FROM FCT_SALES ORDER BY ALL")


def content(server: Server) -> str:
    return server.get("/api/snapshots")["data"][0]["content_hash"]


def wait_for_content(server: Server, expected: str) -> None:
    until(lambda: content(server) == expected, "the content of before")


def left_in(program: Program) -> list[str]:
    return sorted(path.name for path in (program.data / "imports").rglob("*") if path.is_file())


def test_a_file_is_looked_at_taken_shown_and_undone(program: Program, server: Server) -> None:
    program.must("sql", "INSERT INTO FCT_SALES (SALE_ID, STATUS, AMOUNT) VALUES (1, 'Open', 5)")
    before = table(program)
    import_id = upload(server, csv_text([sale(7), sale(8, STATUS="Closed Won")]))
    assert in_state(server, import_id, "waiting")["mapping"]
    inspection = server.get(f"/api/imports/{import_id}/inspection")["data"]
    assert inspection["ready"] and inspection["outcome"]["taken"] == 2
    assert [column["name"] for column in inspection["columns"]] == COLUMNS
    assert table(program) == before, "nothing is written before it is taken"
    assert call(server, import_id, "take", TAKE).status == 202
    done = in_state(server, import_id, *ENDED)
    assert (done["state"], done["error"]) == ("done", None)
    assert done["rows"] == {"taken": 2, "refused": 0}
    assert done["undo"] == {"possible": True, "reason": None}
    assert done["snapshot_id"] == server.get("/api/summary")["meta"]["snapshot_id"]
    assert program.ids() == ["7", "8"]
    assert call(server, import_id, "undo").status == 202
    assert in_state(server, import_id, "undone")["error"] is None
    assert table(program) == before
    assert server.get("/api/summary")["meta"]["rows"] == 1
    assert left_in(program) == ["job.json"]


def test_undo_goes_back_one_import_after_the_other(program: Program, server: Server, chance: random.Random) -> None:
    rows = [sale(i, AMOUNT=f"{chance.randrange(10**6)}.{chance.randrange(100):02}") for i in range(40)]
    done = take(server, csv_text(rows))
    steps = [(table(program), content(server), done["id"])]
    for mode in ("append", "upsert", "replace"):
        some = [row | {"PRODUCT": mode} for row in chance.sample(rows, 9)]
        done = take(server, csv_text(some), mode=mode)
        assert done["state"] == "done", done
        steps.append((table(program), content(server), done["id"]))
    while len(steps) > 1:
        older = [entry for entry in server.get("/api/imports")["data"] if entry["id"] == steps[-2][2]][0]
        assert "later" in older["undo"]["reason"]
        undone = steps.pop()[2]
        assert call(server, undone, "undo").status == 202
        in_state(server, undone, "undone")
        assert (table(program), content(server)) == steps[-1][:2]


def test_undo_leaves_a_table_alone_that_has_changed(program: Program, server: Server) -> None:
    done = take(server, csv_text([sale(1)]))
    program.must("sql", "UPDATE FCT_SALES SET REGION = 'East'")
    assert call(server, done["id"], "undo").status == 202
    ended = in_state(server, done["id"], "done")
    until(lambda: job(server, done["id"])["error"], "the reason")
    assert "changed since" in job(server, done["id"])["error"]["message"], ended
    assert table(program)[0]["REGION"] == "East"


def test_a_discarded_file_leaves_nothing(program: Program, server: Server) -> None:
    import_id = upload(server, csv_text([sale(1)]))
    in_state(server, import_id, "waiting")
    assert server.ask(f"/api/imports/{import_id}", "DELETE", JSON).status == 200
    assert job(server, import_id)["state"] == "discarded"
    assert call(server, import_id, "take", TAKE).status == 409
    assert server.ask(f"/api/imports/{import_id}/inspection").status == 409
    assert left_in(program) == ["job.json"]
    assert program.count() == 0


def test_refused_rows_come_as_a_file(program: Program, server: Server) -> None:
    text = csv_text([sale(1), sale(2, AMOUNT="many"), sale(3)])
    import_id = upload(server, text)
    in_state(server, import_id, "waiting")
    answer = call(server, import_id, "take", TAKE)
    assert answer.status == 400 and "1 row" in answer.json()["error"]["message"]
    assert call(server, import_id, "take", TAKE | {"skip_refused": True}).status == 202
    assert in_state(server, import_id, *ENDED)["rows"] == {"taken": 2, "refused": 1}
    refused = server.ask(f"/api/imports/{import_id}/refused")
    assert refused.status == 200
    assert "REFUSED_BECAUSE" in refused.body.decode() and "many" in refused.body.decode()


def test_an_upload_that_breaks_off_leaves_nothing(program: Program, server: Server) -> None:
    head = (
        f"POST /api/imports?name=a.csv HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        "Content-Type: application/octet-stream\r\nContent-Length: 2000000\r\n\r\n"
    )
    server.send_raw(head.encode() + b"x" * 900_000)
    until(lambda: not left_in(program), "an empty folder")
    assert server.get("/api/imports")["data"] == []


def test_too_large_a_file_is_refused(program: Program) -> None:
    program.must("init")
    program.data.joinpath("revops.toml").write_text("[import]\nbytes_max = 1000\n")
    server = program.serve()
    assert server.ask("/api/imports?name=a.csv", "POST", FILE, b"x" * 1001).status == 413
    assert left_in(program) == []
    assert server.ask("/api/imports?name=a.csv", "POST", FILE, b"x" * 1000).status == 201


def test_files_that_come_at_once(program: Program, server: Server) -> None:
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: ids.append(upload(server, csv_text([sale(n)]), f"{n}.csv")))
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for import_id in ids:
        in_state(server, import_id, "waiting")
    answers = [call(server, import_id, "take", TAKE | {"mode": "append"}).status for import_id in ids]
    assert set(answers) <= {202, 409} and 202 in answers
    taken = [import_id for import_id, status in zip(ids, answers, strict=True) if status == 202]
    for import_id in taken:
        assert in_state(server, import_id, *ENDED)["state"] == "done"
    assert program.count() == len(taken)


def test_what_waits_is_kept_over_a_restart(program: Program, server: Server) -> None:
    import_id = upload(server, csv_text([sale(5)]))
    in_state(server, import_id, "waiting")
    server.kill()
    again = program.serve()
    in_state(again, import_id, "waiting")
    assert call(again, import_id, "take", TAKE).status == 202
    assert in_state(again, import_id, *ENDED)["state"] == "done"
    assert program.ids() == ["5"]


def test_killed_at_any_moment(program: Program, chance: random.Random) -> None:
    """Before or after, never between; and the entry says which."""
    program.must("init")
    server = program.serve()
    known = take(server, csv_text([sale(1)]))
    for number in range(2, 2 + ROUNDS):
        before, hash_before = table(program), content(server)
        import_id = upload(server, csv_text([sale(number * 1000 + i) for i in range(500)]))
        in_state(server, import_id, "waiting")
        assert call(server, import_id, "take", TAKE | {"mode": "append"}).status == 202
        threading.Event().wait(chance.uniform(0, 0.25))
        server.kill()
        server = program.serve()
        ended = in_state(server, import_id, *ENDED)
        rows = table(program)
        if ended["state"] == "failed":
            assert rows == before and "as it was before" in ended["error"]["message"]
            continue
        assert len(rows) == len(before) + 500
        assert call(server, import_id, "undo").status == 202
        threading.Event().wait(chance.uniform(0, 0.25))
        server.kill()
        server = program.serve()
        ended = in_state(server, import_id, "done", "undone")
        if ended["state"] == "done":
            assert table(program) == rows
            assert call(server, import_id, "undo").status == 202
            in_state(server, import_id, "undone")
        assert table(program) == before
        wait_for_content(server, hash_before)
    assert job(server, known["id"])["undo"]["possible"]


def test_rows_without_ids_update_nothing(program: Program, server: Server, tmp_path: Path) -> None:
    """They would come on top once more, and nobody would notice."""
    text = "Customer,Amount,Close Date,Stage\nAcme,10,2026-11-20,Closed Won\n"
    assert take(server, text)["state"] == "done"
    again = upload(server, text)
    in_state(server, again, "waiting")
    answer = call(server, again, "take", {"mode": "upsert", "skip_refused": False})
    assert answer.status == 400
    assert "holds ids" in answer.json()["error"]["message"]
    (tmp_path / "deals.csv").write_text(text)
    assert "holds ids" in program.refuse("import", "--mode", "upsert", tmp_path / "deals.csv")
    assert program.count() == 1


def test_words_get_a_meaning(program: Program, server: Server) -> None:
    assert take(server, csv_text([sale(1, STATUS="In Progress"), sale(2, STATUS="Open")]))["state"] == "done"

    def by_status() -> dict[str, int]:
        return {group["status"]: group["deals"] for group in server.get("/api/pipeline/by-status")["data"]}

    assert by_status()["unknown"] == 1
    body = {"stages": [], "statuses": {"in progress": "open"}, "currency": None}
    assert server.ask("/api/mappings/values", "PUT", JSON, json.dumps(body).encode()).status == 202
    until(lambda: by_status()["open"] == 2, "the new meaning")
    assert [mapping["name"] for mapping in server.get("/api/mappings")["data"]] == ["values"]
    assert (program.data / "mappings" / "values.toml").stat().st_mode & 0o077 == 0


def test_an_import_by_command_is_published_and_undone(program: Program, tmp_path: Path) -> None:
    program.must("init")
    file = tmp_path / "deals.csv"
    file.write_text(csv_text([sale(1), sale(2)]))
    said = program.must("import", file)
    assert "Took 2 rows." in said and "the open pipeline is 200.00" in said
    server = program.serve()
    assert server.get("/api/summary")["meta"]["rows"] == 2
    entry = server.get("/api/imports")["data"][0]
    assert (entry["requested_by"], entry["state"]) == ("command", "done")
    assert entry["file"] == {"name": "deals.csv", "size_bytes": file.stat().st_size}
    assert "undone" in program.must("import", "--undo")
    assert program.count() == 0


def test_the_newest_import_is_undone_although_the_clock_was_set_back(program: Program, tmp_path: Path) -> None:
    program.must("init")
    file = tmp_path / "deals.csv"
    for number, now in enumerate(["2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z", "2026-11-22T08:00:00Z"]):
        file.write_text(csv_text([sale(number)]))
        program.now = now
        program.must("import", file)
    for left in (["0", "1"], ["0"], []):
        program.must("import", "--undo")
        assert program.ids() == left


def test_made_up_rows_are_called_so_until_an_import_has_replaced_them(program: Program) -> None:
    program.must("init", "--sample")
    server = program.serve()

    def label() -> str | None:
        return server.get("/api/metrics")["deployment"]["label"]

    assert take(server, csv_text([sale(70)]), mode="append")["state"] == "done"
    assert label() == "sample", "made-up rows are still among them"
    replaced = take(server, csv_text([sale(71)]))
    assert label() is None
    assert take(server, csv_text([sale(72)]), mode="append")["state"] == "done"
    server.stop()
    server = program.serve()
    assert label() is None, "also after a restart"
    for import_id in [entry["id"] for entry in server.get("/api/imports")["data"]][:2]:
        assert call(server, import_id, "undo").status == 202
        in_state(server, import_id, "undone")
    assert job(server, replaced["id"])["state"] == "undone"
    assert label() == "sample"


def test_an_old_file_becomes_a_day_of_history(program: Program) -> None:
    program.must("init", "--sample")
    program.process()
    server = program.serve()
    server.settle()
    before = (table(program), server.get("/api/summary")["meta"])
    import_id = upload(server, csv_text([sale(1, AMOUNT="5.00"), sale(2)]), name="pipeline-2026-09-01.csv")
    waiting = in_state(server, import_id, "waiting")
    assert (waiting["date_in_name"], waiting["as_of"]) == ("2026-09-01", None)
    assert call(server, import_id, "take", TAKE | {"as_of": "2099-01-01"}).status == 400
    assert call(server, import_id, "take", TAKE | {"as_of": "2026-09-01", "mode": "append"}).status == 400
    assert call(server, import_id, "take", TAKE | {"as_of": "2026-09-01"}).status == 202
    done = in_state(server, import_id, *ENDED)
    assert (done["state"], done["as_of"], done["mode"]) == ("done", "2026-09-01", None), done
    assert done["rows"] == {"taken": 2, "refused": 0}
    assert not done["undo"]["possible"] and "mended" in done["undo"]["reason"]
    old = server.get("/api/summary?as_of=2026-09-01")
    assert old["meta"]["snapshot_id"] == done["snapshot_id"]
    assert old["data"]["totals"]["amount"] == "105.00"
    assert (table(program), server.get("/api/summary")["meta"]) == before, "today is as it was"
    assert server.get("/api/metrics")["deployment"]["label"] == "sample"
    assert left_in(program) == ["job.json"]
    mended = upload(server, csv_text([sale(1, AMOUNT="6.00")]), name="september.csv")
    assert in_state(server, mended, "waiting")["date_in_name"] is None
    assert call(server, mended, "take", TAKE | {"as_of": "2026-09-01"}).status == 202
    assert in_state(server, mended, *ENDED)["state"] == "done"
    assert server.get("/api/summary?as_of=2026-09-01")["data"]["totals"]["amount"] == "6.00"


def test_history_is_told_what_to_do_when_the_program_was_killed(program: Program, chance: random.Random) -> None:
    text = csv_text([sale(i) for i in range(3000)])
    program.must("init", "--sample")
    program.process()
    server = program.serve()
    before = table(program)
    for _ in range(ROUNDS):
        import_id = upload(server, text)
        in_state(server, import_id, "waiting")
        assert call(server, import_id, "take", TAKE | {"as_of": "2026-09-01"}).status == 202
        threading.Event().wait(chance.random() * 0.4)
        server.kill()
        server = program.serve()
        ended = in_state(server, import_id, *ENDED)
        if ended["state"] == "failed":
            assert "Hand it over again" in ended["error"]["message"]
        else:
            assert ended["rows"]["taken"] == 3000
        assert table(program) == before
    assert program.must("verify").endswith(" 0 damaged\n")
    import_id = upload(server, text)
    in_state(server, import_id, "waiting")
    assert call(server, import_id, "take", TAKE | {"as_of": "2026-09-01"}).status == 202
    assert in_state(server, import_id, *ENDED)["state"] == "done"
    assert server.get("/api/summary?as_of=2026-09-01")["meta"]["rows"] == 3000
