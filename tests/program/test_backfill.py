"""History from files of earlier days: `revops import --as-of`."""

import http.client
import random
import subprocess
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from program_driver import Program, csv_text, sale

NOW = "2026-11-22T10:00:00Z"
WEEKS = ["2026-10-25", "2026-11-01", "2026-11-08", "2026-11-15"]


@pytest.fixture
def company(executable: Path, tmp_path: Path) -> Program:
    made = Program(executable, tmp_path / "data", now=NOW)
    yield made
    made.close()


def rows_of(week: int) -> list[dict[str, str]]:
    """Deals grow from week to week; one is lost on the way, one closes."""
    rows = [sale(i, AMOUNT=f"{100 + i + week}.00") for i in range(1, 4 + week) if i != 2 or week < 2]
    rows[0]["STATUS"] = "Closed" if week >= 3 else "Open"
    return rows


def write_week(folder: Path, week: int, form: str = "deals-{}.csv") -> Path:
    file = folder / form.format(WEEKS[week])
    file.write_text(csv_text(rows_of(week)))
    return file


def total(rows: list[dict[str, str]]) -> str:
    return str(sum(Decimal(row["AMOUNT"]) for row in rows))


def by_date(program: Program) -> dict[str, dict[str, Any]]:
    return {entry["business date"]: entry for entry in program.snapshots()}


def test_old_exports_become_history_on_day_one(company: Program, tmp_path: Path) -> None:
    files = [write_week(tmp_path, week) for week in (2, 0, 3, 1)]
    said = company.must("import", "--as-of", "from-name", *files).splitlines()
    assert said[0] == "FCT_SALES was empty and holds the 5 rows of deals-2026-11-15.csv now."
    assert [line[:10] for line in said[1:]] == [WEEKS[3], *WEEKS[:3]], "the newest is current first"
    assert "3 rows of deals-2026-10-25.csv" in said[2]
    entries = company.snapshots()
    assert [entry["business date"] for entry in entries] == WEEKS[::-1]
    assert [entry["state"] for entry in entries] == ["current", "", "", ""]
    assert [entry["amount"] for entry in entries] == [total(rows_of(week)) for week in (3, 2, 1, 0)]
    assert [entry["data as of"] for entry in entries] == [f"{day}T23:59:59.000Z" for day in WEEKS[::-1]]
    assert company.ids() == [row["SALE_ID"] for row in rows_of(3)]
    company.must("verify")


def test_history_appears_beside_a_running_server(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    company.process()
    with company.serving() as server:
        current = server.get("/api/summary")["meta"]
        said = company.must("import", "--as-of", WEEKS[1], write_week(tmp_path, 1))
        assert said.startswith(f"{WEEKS[1]}  20261101T235959Z-")
        listed = server.get("/api/snapshots")["data"]
        assert [entry["business_date"] for entry in listed] == ["2026-11-22", WEEKS[1]]
        for day in (WEEKS[1], "2026-11-10"):
            past = server.get(f"/api/pipeline/by-region?as_of={day}")
            assert past["totals"]["amount"] == total(rows_of(1))
            assert past["meta"]["business_date"] == WEEKS[1]
        assert server.ask(f"/api/summary?as_of={WEEKS[0]}").status == 404, "nothing is known of before"
        rows = server.get(f"/api/sales?as_of={WEEKS[1]}")["data"]
        assert len(rows) == len(rows_of(1))
        after = server.get("/api/summary")["meta"]
        assert (after["snapshot_id"], after["computed_at"]) == (current["snapshot_id"], current["computed_at"])
        assert company.count() == 8, "the table stays"
    company.must("verify")


def test_pages_that_are_open_hear_of_it(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    company.process()
    with company.serving() as server:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
        connection.request("GET", "/api/events")
        events = connection.getresponse()

        def next_version() -> bytes:
            while (line := events.readline()).strip() != b"event: data-version":
                assert line, "the stream has ended"
            return events.readline()

        first = next_version()
        company.must("import", "--as-of", WEEKS[1], write_week(tmp_path, 1))
        assert next_version() == first, "what is current stays; the list of snapshots is to be read again"
        connection.close()


def test_an_empty_server_shows_the_newest_file(company: Program, tmp_path: Path) -> None:
    with company.serving() as server:
        files = [write_week(tmp_path, week) for week in (0, 1)]
        company.must("import", "--as-of", "from-name", *files)
        assert server.get("/api/pipeline/by-region")["totals"]["amount"] == total(rows_of(1))
        assert server.get(f"/api/pipeline/by-region?as_of={WEEKS[0]}")["totals"]["amount"] == total(rows_of(0))
    company.must("verify")


def test_a_table_without_a_snapshot_gets_one_first(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    company.must("import", "--as-of", WEEKS[0], write_week(tmp_path, 0))
    assert [(entry["business date"], entry["state"]) for entry in company.snapshots()] == [
        ("2026-11-22", "current"),
        (WEEKS[0], ""),
    ]


def test_the_same_file_again_changes_nothing_and_a_mended_one_takes_its_place(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    file = write_week(tmp_path, 0)
    company.must("import", "--as-of", "from-name", file)
    before = company.snapshots()
    assert "was there already" in company.must("import", "--as-of", "from-name", file)
    assert company.snapshots() == before
    file.write_text(csv_text(rows_of(3)))
    assert "already" not in company.must("import", "--as-of", "from-name", file)
    assert len(company.snapshots()) == len(before) + 1
    with company.serving() as server:
        assert server.get(f"/api/pipeline/by-region?as_of={WEEKS[0]}")["totals"]["amount"] == total(rows_of(3))


def test_two_files_of_one_day_are_one_table_when_the_day_is_given(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    files = []
    for name, first in (("north", 1), ("south", 11)):
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(csv_text([sale(first + i) for i in range(2)]))
    company.must("import", "--as-of", WEEKS[0], *files)
    assert by_date(company)[WEEKS[0]]["rows"] == "4"


def test_what_retention_will_let_go_is_said(company: Program, tmp_path: Path) -> None:
    company.must("init", "--sample")
    files = []
    for day in ("2026-09-07", "2026-09-08", "2026-09-13"):  # Monday, Tuesday, Sunday of one week
        files.append(tmp_path / f"{day}.csv")
        files[-1].write_text(csv_text([sale(1, CUSTOMER_NAME=day)]))
    said = company.must("import", "--as-of", "from-name", *files)
    assert "the next refresh lets 2 snapshots go" in said
    company.sql("INSERT INTO FCT_SALES (SALE_ID) VALUES (99)")
    company.process()
    assert "2026-09-13" in by_date(company)
    assert "2026-09-07" not in by_date(company)


@pytest.mark.parametrize(
    ("arguments", "name", "because"),
    [
        (["--as-of", "from-name"], "deals.csv", "there is no date such as 2026-09-01 in its name"),
        (["--as-of", "tomorrow"], "deals.csv", "'tomorrow' is neither"),
        (["--as-of", "2026-11-23"], "deals.csv", "2026-11-23 has not begun"),
        (["--as-of", "2026-02-30"], "deals.csv", "'2026-02-30' is neither"),
    ],
)
def test_days_that_cannot_be_are_refused(
    company: Program, tmp_path: Path, arguments: list[str], name: str, because: str
) -> None:
    company.must("init")
    file = tmp_path / name
    file.write_text(csv_text([sale(1)]))
    assert because in company.refuse("import", *arguments, file)
    assert company.snapshots() == []
    assert company.count() == 0


def test_a_refused_row_in_one_file_keeps_all_from_being_taken(company: Program, tmp_path: Path) -> None:
    company.must("init")
    good = write_week(tmp_path, 0)
    bad = tmp_path / "deals-2026-11-02.csv"
    bad.write_text(csv_text([sale(1), sale(2, AMOUNT="much")]))
    assert "1 row was refused" in company.refuse("import", "--as-of", "from-name", good, bad)
    assert company.snapshots() == []
    assert company.count() == 0
    assert "there is nothing to show for" in company.refuse(
        "import", "--as-of", WEEKS[1], _write(tmp_path / "empty.csv", csv_text([]))
    )


def test_as_of_and_mode_exclude_each_other(company: Program, tmp_path: Path) -> None:
    company.must("init")
    company.refuse("import", "--as-of", WEEKS[0], "--mode", "append", write_week(tmp_path, 0), status=2)


def test_killed_at_any_moment_history_is_whole(executable: Path, tmp_path: Path) -> None:
    """Half of the days may be there; the next try brings the rest."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    files = [write_week(tmp_path, week) for week in range(4)]
    whole = Program(executable, tmp_path / "whole", now=NOW)
    started = time.monotonic()
    whole.must("import", "--as-of", "from-name", *files)
    takes = time.monotonic() - started
    for attempt in range(12):
        program = Program(executable, tmp_path / f"data{attempt}", now=NOW)
        process = program.begin("import", "--as-of", "from-name", *files)
        try:
            process.wait(chance.uniform(0, takes))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if (program.data / "format").exists():
            program.must("verify")
        program.must("import", "--as-of", "from-name", *files)
        program.must("verify")
        history = {day: (entry["amount"], entry["content"]) for day, entry in by_date(program).items()}
        expected = {day: (entry["amount"], entry["content"]) for day, entry in by_date(whole).items()}
        assert {day: history[day] for day in WEEKS} == expected, attempt
        assert program.count() == whole.count()
        assert not (program.data / "backfill.partial").exists()


def _write(file: Path, text: str) -> Path:
    file.write_text(text)
    return file
