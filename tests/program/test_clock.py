"""The live window to the day, under a frozen clock and in any zone."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from program_driver import Program, csv_text, sale, until


def days_around(program: Program, today: date, tmp_path: Path) -> None:
    """One sale of each day around the borders of the window; its id is its age in days, plus 100."""
    rows = [sale(100 + age, SALE_DATE=str(today - timedelta(days=age))) for age in (31, 30, 29, 1, 0, -1)]
    file = tmp_path / "days.csv"
    file.write_text(csv_text(rows))
    program.must("import", file)


@pytest.mark.parametrize(
    ("now", "zone", "today"),
    [
        ("2026-11-22T00:00:00Z", "UTC", "2026-11-22"),
        ("2026-11-22T23:59:59Z", "UTC", "2026-11-22"),
        ("2024-03-01T12:00:00Z", "UTC", "2024-03-01"),
        ("2026-11-22T10:59:59Z", "Pacific/Auckland", "2026-11-22"),
        ("2026-11-22T11:00:00Z", "Pacific/Auckland", "2026-11-23"),
        ("2026-11-22T07:59:59Z", "America/Los_Angeles", "2026-11-21"),
        ("2026-11-22T08:00:00Z", "America/Los_Angeles", "2026-11-22"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25"),
    ],
)
def test_the_window_is_thirty_days_with_today(
    program: Program, tmp_path: Path, now: str, zone: str, today: str
) -> None:
    program.now = now
    program.environment["REVOPS_ZONE"] = zone
    day = date.fromisoformat(today)
    days_around(program, day, tmp_path)
    program.process()
    with program.serving() as server:
        live = server.get("/api/sales/last-month")
        assert live["meta"]["business_date"] == today
        assert live["meta"]["zone"] == zone
        window = {"start": str(day - timedelta(days=29)), "end": str(day + timedelta(days=1)), "zone": zone}
        assert live["meta"]["window"] == window | {"partial": True}
        assert [row["sale_id"] for row in live["data"]] == ["100", "101", "129"]
        assert live["totals"]["amount"] == "300.00"
        data = server.get("/api/summary")["data"]
        assert data["last_30_days"]["window"] == window | {"partial": True}
        assert data["last_30_days"]["totals"]["deals"] == 3
        complete = data["last_30_complete_days"]
        assert (complete["window"]["start"], complete["window"]["end"]) == (str(day - timedelta(days=30)), today)
        assert complete["totals"]["deals"] == 3
        assert data["previous_30_complete_days"]["totals"]["deals"] == 1
        future = next(entry for entry in data["ledger"]["reasons"] if entry["reason"] == "date_future")
        assert future["rows"] == 1


# Whenever this runs, it is every hour of the day in one of them.
EVERY_HOUR = [f"Etc/GMT{-offset:+d}" for offset in range(-12, 15)]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/St_Johns", *EVERY_HOUR])
def test_the_warehouse_and_the_window_agree_on_today(program: Program, zone: str) -> None:
    """CURRENT_DATE is the true day in the zone of the reports; a frozen clock does not move it."""
    program.environment["REVOPS_ZONE"] = zone
    before = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    with program.serving() as server:
        program.must("sql", "INSERT INTO FCT_SALES (SALE_ID, AMOUNT, SALE_DATE) VALUES (1, 5, CURRENT_DATE)")
        live = server.get("/api/sales/last-month")
        after = datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
        assert before <= date.fromisoformat(live["meta"]["business_date"]) <= after
        assert [row["sale_id"] for row in live["data"]] == ["1"]
        (row,) = program.sql("SELECT CAST(SALE_DATE AS VARCHAR) AS day FROM FCT_SALES")
        assert before <= date.fromisoformat(row["day"] or "") <= after


def test_another_zone_counts_from_the_next_snapshot_on(program: Program, tmp_path: Path) -> None:
    program.now = "2026-11-22T12:00:00Z"
    days_around(program, date(2026, 11, 22), tmp_path)
    program.process()
    program.environment["REVOPS_ZONE"] = "Pacific/Auckland"
    program.environment["REVOPS_SCHEDULE"] = "0 2 31 12 *"
    made = program.snapshots()[0]["snapshot"]
    with program.serving() as server:
        meta = server.get(f"/api/summary?as_of={made}")["meta"]
        assert (meta["zone"], meta["business_date"]) == ("UTC", "2026-11-22")
        # The schedule may have made a snapshot in the new zone already: live rows follow what is shown.
        shown = server.get("/api/summary")["meta"]
        live = server.get("/api/sales/last-month")["meta"]
        assert (live["zone"], live["business_date"]) == (shown["zone"], shown["business_date"])
        again = program.process()["snapshot_id"]
        assert again != made, "another business date is another snapshot"
        live = server.get("/api/sales/last-month")["meta"]
        assert (live["zone"], live["business_date"]) == ("Pacific/Auckland", "2026-11-23")


def test_seven_nights(program: Program, executable: Path, tmp_path: Path) -> None:
    program.now = "2026-11-22T10:00:00Z"
    program.must("demo", "--seed", "11", "--nights", "7")
    again = Program(executable, tmp_path / "again", now=program.now)
    again.must("demo", "--seed", "11", "--nights", "7")
    other = Program(executable, tmp_path / "other", now=program.now)
    other.must("demo", "--seed", "12", "--nights", "1")
    assert "7 snapshots" in program.must("verify")
    assert "0 damaged" in program.must("verify")
    with program.serving() as server, again.serving() as twin:
        answer = server.get("/api/snapshots")
        nights = answer["data"]
        assert answer["meta"]["count"] == 7
        assert [night["business_date"] for night in nights] == [f"2026-11-{day}" for day in range(22, 15, -1)]
        assert [night["current"] for night in nights] == [True] + [False] * 6
        assert nights[-1]["shared_parts"] == 0
        for night in nights[:-1]:
            assert 0 < night["shared_parts"] < night["parts"]
        for night in nights:
            meta = server.get("/api/summary?as_of=" + night["id"])["meta"]
            assert (meta["content_hash"], meta["business_date"]) == (night["content_hash"], night["business_date"])
        assert [night["content_hash"] for night in twin.get("/api/snapshots")["data"]] == [
            night["content_hash"] for night in nights
        ]
        assert server.get("/api/metrics")["deployment"]["label"] == "demo"
    assert other.snapshots()[0]["content"] != program.snapshots()[0]["content"]


def test_demo_needs_a_folder_of_its_own(program: Program) -> None:
    program.must("init", "--sample")
    assert "already holds" in program.refuse("demo", "--nights", "1")
    assert program.count() == 8


def test_the_report_carries_the_frozen_clock(program: Program) -> None:
    program.now = "2026-11-22T10:00:00Z"
    program.must("init", "--sample")
    report = json.loads(program.must("process"))
    assert (report["data_as_of"], report["computed_at"]) == ("2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.000Z")
    assert report["snapshot_id"].startswith("20261122T100000Z-")


def test_a_run_from_the_future_is_told_and_undone_by_a_refresh(program: Program) -> None:
    program.now = "2031-01-01T10:00:00Z"
    program.must("init")
    program.must("sql", "INSERT INTO FCT_SALES (SALE_ID, AMOUNT, SALE_DATE) VALUES (1, 10, DATE '2026-11-20')")
    with program.serving() as server:
        until(lambda: server.get("/api/snapshots")["data"], "the scheduled run")
    program.now = "2026-11-22T10:00:00Z"
    told = program.run("doctor")
    assert "FAIL  schedule: the last run was on behalf of 2031-01-01T02:00:00.000Z" in told.stdout
    program.process()
    assert "FAIL" not in program.must("doctor")
    with program.serving() as server:
        assert server.ask("/readyz").status == 200


def test_the_page_is_told_what_kind_of_data_it_shows(program: Program) -> None:
    program.must("init", "--sample")
    with program.serving() as server:
        assert server.get("/api/metrics")["deployment"]["label"] == "sample"
