"""Whose rows a snapshot holds: a demo is compared with itself alone, and the label goes and comes with the rows."""

from pathlib import Path
from typing import Any

import pytest
from program_driver import Program, Server, csv_text, sale, until

NOW = "2026-11-22T10:00:00Z"


@pytest.fixture
def demo(program: Program) -> Program:
    program.now = NOW
    program.must("demo", "--nights", "3")
    return program


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deals.csv"
    path.write_text(csv_text([sale(1), sale(2)]))
    return path


def label(server: Server) -> str | None:
    return server.get("/api/metrics")["deployment"]["label"]


def origins(server: Server) -> list[str]:
    """Newest first."""
    return [entry["origin"] for entry in server.get("/api/snapshots")["data"]]


def meta(server: Server, as_of: str = "") -> dict[str, Any]:
    return server.get("/api/summary" + (f"?as_of={as_of}" if as_of else ""))["meta"]


def test_a_file_that_replaces_the_demo_stands_apart_from_it_and_undo_brings_it_back(demo: Program, file: Path) -> None:
    with demo.serving() as server:
        assert (label(server), set(origins(server))) == ("demo", {"demo"})
        night = meta(server)
        demo.must("import", "--mode", "replace", file)
        assert (label(server), meta(server)["origin"], origins(server)[:2]) == (None, "own", ["own", "demo"])
        assert meta(server, night["snapshot_id"])["origin"] == "demo", "by its id the demo is still there"
        demo.must("import", "--mode", "upsert", file)
        assert (label(server), meta(server)["origin"]) == (None, "own")
    with demo.serving() as server:
        assert label(server) is None, "also after a restart"
        demo.must("import", "--undo")
        assert label(server) is None
        demo.must("import", "--undo")
        assert (label(server), meta(server)["origin"]) == ("demo", "demo")
        assert demo.must("import", "--mode", "append", file)
        assert label(server) == "demo", "made-up rows are still among them"
    assert "0 damaged" in demo.must("verify")


def test_a_day_is_looked_for_among_the_rows_that_are_shown(demo: Program, file: Path) -> None:
    with demo.serving() as server:
        demo.must("import", "--as-of", "2026-11-10", file)
        assert meta(server, "2026-11-21")["origin"] == "demo"
        old = meta(server, "2026-11-19")
        assert (old["origin"], old["business_date"]) == ("own", "2026-11-10"), "the demo has no snapshot of that day"
        assert label(server) == "demo", "what is current is as it was"
        demo.must("import", "--mode", "replace", file)
        week_ago = meta(server, "2026-11-21")
        assert (week_ago["origin"], week_ago["business_date"]) == ("own", "2026-11-10")


def test_a_restored_table_says_whose_rows_it_holds_again(demo: Program, file: Path) -> None:
    demo.must("import", "--mode", "replace", file)
    entries = demo.snapshots()
    assert [entry["origin"] for entry in entries[:2]] == ["own", "demo"]
    with demo.serving() as server:
        for entry, expected in ((entries[1], "demo"), (entries[0], None), (entries[1], "demo")):
            demo.must("restore", entry["snapshot"])
            demo.process()
            assert label(server) == expected
            assert meta(server)["content_hash"].startswith(entry["content"])


@pytest.mark.parametrize(("mode", "expected"), [("upsert", "demo"), ("replace", None)])
def test_a_watched_folder_ends_the_label_where_it_replaces(
    demo: Program, file: Path, mode: str, expected: str | None
) -> None:
    inbox = demo.data / "inbox"
    inbox.mkdir()
    demo.environment |= {"REVOPS_IMPORT_WATCH": "inbox", "REVOPS_IMPORT_WATCH_MODE": mode}
    with demo.serving() as server:
        (inbox / "deals.csv").write_bytes(file.read_bytes())
        until(lambda: [job["state"] for job in server.get("/api/imports")["data"]] == ["done"], "the import")
        assert label(server) == expected


def test_rows_of_a_folder_without_a_label_are_somebodys_own(program: Program, file: Path) -> None:
    program.must("init")
    program.must("import", "--mode", "append", file)
    with program.serving() as server:
        assert (label(server), set(origins(server))) == (None, {"own"})
    assert program.snapshots()[0]["origin"] is None, "nothing is written that nobody said"


def test_an_earlier_version_left_the_origin_to_the_configuration(program: Program, file: Path) -> None:
    program.must("init")
    program.must("import", "--mode", "append", file)
    (program.data / "revops.toml").write_text('[deployment]\nlabel = "demo"\n')
    with program.serving() as server:
        assert (label(server), set(origins(server))) == ("demo", {"demo"})
        program.must("import", "--mode", "replace", file)
        assert (label(server), origins(server)[0], origins(server)[-1]) == (None, "own", "demo")
