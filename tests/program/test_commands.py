"""Each command alone, and the same commands beside a running server."""

import json
import stat
import subprocess
from pathlib import Path

import pytest
from program_driver import COLUMNS, Program, Server, csv_text, sale


@pytest.fixture(params=["alone", "beside serve"])
def either(request: pytest.FixtureRequest, program: Program) -> Program:
    """A folder that nobody serves, and one that is served."""
    if request.param == "beside serve":
        program.serve().settle()  # What follows must not race with that run.
    return program


def test_init_is_harmless_twice(either: Program) -> None:
    either.must("init", "--sample")
    either.must("init")
    assert "not added" in either.must("init", "--sample")
    assert either.count() == 8


def test_sql_formats(either: Program) -> None:
    either.must("init")
    either.must("sql", "INSERT INTO FCT_SALES (SALE_ID, REGION, AMOUNT) VALUES (1, 'a,\"b', 2.5)")
    query = "SELECT SALE_ID, REGION, AMOUNT, STATUS FROM FCT_SALES"
    assert json.loads(either.must("sql", "--format", "json", query)) == [
        {"SALE_ID": "1", "REGION": 'a,"b', "AMOUNT": "2.50", "STATUS": None}
    ]
    assert either.must("sql", "--format", "csv", query) == 'SALE_ID,REGION,AMOUNT,STATUS\n1,"a,""b",2.50,\n'
    table = either.must("sql", query).splitlines()
    assert table[0].split() == ["SALE_ID", "REGION", "AMOUNT", "STATUS"]
    assert table[2].split()[:3] == ["1", 'a,"b', "2.50"]


def test_sql_refuses_two_statements_and_takes_neither(either: Program) -> None:
    either.must("init")
    said = either.refuse(
        "sql", "INSERT INTO FCT_SALES (SALE_ID) VALUES (1); INSERT INTO FCT_SALES (SALE_ID) VALUES (2)"
    )
    assert "One statement at a time" in said
    assert either.count() == 0


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM nothing_here", "nothing_here"),
        ("SELECT 'x'::INTEGER", "x"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("COPY FCT_SALES TO '/tmp/revops-must-not-appear.csv'", "disabled"),
        ("ATTACH '/tmp/revops-must-not-appear.duckdb'", "Only SELECT"),
        ("SET enable_external_access = true", "Only SELECT"),
        ("", ""),
    ],
)
def test_sql_errors_are_one_line(either: Program, statement: str, words: str) -> None:
    either.must("init")
    assert words in either.refuse("sql", statement)
    assert not list(Path("/tmp").glob("revops-must-not-appear*"))


def test_process_reports_json_and_repeats_nothing(either: Program) -> None:
    either.must("init", "--sample")
    first = either.process()
    assert first["outcome"] == "published"
    assert (first["rows"], first["parts_shared"]) == (8, 0)
    again = either.process()
    assert again["outcome"] == "unchanged"
    assert again["snapshot_id"] == first["snapshot_id"]
    assert again["data_as_of"] > first["data_as_of"]
    listed = either.snapshots()
    assert listed[0]["snapshot"] == first["snapshot_id"]
    assert (listed[0]["state"], listed[0]["rows"], listed[0]["amount"]) == ("current", "8", "490000.00")
    assert "0 damaged" in either.must("verify")


def test_doctor_tells_a_healthy_folder_from_a_sick_one(either: Program) -> None:
    either.must("init", "--sample")
    either.process()
    assert "FAIL" not in either.must("doctor")
    either.must("sql", "ALTER TABLE FCT_SALES DROP COLUMN REGION")
    sick = either.run("doctor")
    assert sick.returncode == 1
    assert "REGION" in sick.stdout
    either.must("sql", "DROP TABLE FCT_SALES")
    assert either.run("doctor").returncode == 1


def test_doctor_misses_the_first_snapshot(program: Program) -> None:
    program.must("init")
    done = program.run("doctor")
    assert done.returncode == 1
    assert "FAIL  snapshot" in done.stdout


@pytest.mark.parametrize("change", ["DROP TABLE FCT_SALES", "ALTER TABLE FCT_SALES DROP COLUMN AMOUNT"])
def test_a_table_that_does_not_fit_leaves_the_last_snapshot(program: Program, change: str) -> None:
    program.must("init", "--sample")
    published = program.process()
    program.must("sql", change)
    assert "FCT_SALES" in program.refuse("process")
    assert [row["snapshot"] for row in program.snapshots()] == [published["snapshot_id"]]


def test_restore_brings_the_rows_back_and_keeps_the_present_ones(either: Program) -> None:
    either.must("init", "--sample")
    snapshot = either.process()["snapshot_id"]
    either.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID > 3")
    said = either.must("restore", snapshot)
    kept = next(word for word in said.split() if word.startswith("warehouse.before-restore"))
    assert (either.data / kept.rstrip(".")).exists()
    assert either.count() == 8
    assert either.process()["rows"] == 8
    assert "no" in either.refuse("restore", "20200101T000000Z-00000000").lower()
    assert either.count() == 8


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "x" * 5000])
def test_restore_of_a_name_that_is_no_snapshot(program: Program, name: str) -> None:
    program.must("init")
    program.refuse("restore", name)


def test_backup_is_a_data_folder(either: Program, tmp_path: Path, executable: Path) -> None:
    either.must("init", "--sample")
    published = either.process()
    file = tmp_path / "backup.tar"
    either.must("backup", file)
    copy = Program(executable, tmp_path / "copy")
    copy.data.mkdir()
    subprocess.run(["tar", "-xf", file, "-C", copy.data], check=True)
    assert copy.count() == 8
    assert copy.snapshots()[0]["snapshot"] == published["snapshot_id"]
    assert "0 damaged" in copy.must("verify")


def test_what_a_backup_needs_lies_in_it(program: Program, tmp_path: Path, executable: Path) -> None:
    """The configuration names a table of rates: without it no file could be imported from then on."""
    program.must("init")
    with (program.data / "revops.toml").open("a") as config:
        config.write("\n[report]\ncurrency = 'USD'\n[import]\nrates = 'rates.csv'\n")
    (program.data / "rates.csv").write_text("date,currency,rate\n2026-01-01,EUR,1.1\n")
    (tmp_path / "deals.csv").write_text("Id,Amount,Currency,Close Date,Stage\n1,10,EUR,2026-11-20,Closed Won\n")
    program.must("import", tmp_path / "deals.csv")
    program.must("backup", tmp_path / "backup.tar")
    copy = Program(executable, tmp_path / "copy")
    copy.data.mkdir()
    subprocess.run(["tar", "-xf", tmp_path / "backup.tar", "-C", copy.data], check=True)
    copy.must("import", "--mode", "upsert", tmp_path / "deals.csv")
    assert copy.sql("SELECT AMOUNT FROM FCT_SALES") == [{"AMOUNT": "11.00"}]


def test_version_needs_no_folder(program: Program) -> None:
    assert program.must("version").startswith("revops ")
    assert not program.data.exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["sql"],
        ["import"],
        ["import", "--mode", "merge", "x.csv"],
        ["restore"],
        ["demo", "--nights", "0"],
        ["demo", "--seed", "abc"],
        ["init", "--unknown"],
        ["init", "--now", "yesterday"],
        ["sql", "--format", "xml", "SELECT 1"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_two_and_makes_nothing(program: Program, words: list[str]) -> None:
    done = program.run(*words)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("revops: ")
    assert not done.stdout
    assert not program.data.exists()


def test_an_unknown_command_is_named_with_those_that_there_are(program: Program) -> None:
    said = program.refuse("frob", status=2)
    assert "unknown command 'frob'" in said
    for command in ("init", "import", "process", "snapshots", "doctor"):
        assert command in said
    assert "import-worker" not in said


@pytest.mark.parametrize("command", ["init", "sql", "process", "backup"])
def test_the_help_of_a_command_has_the_options_of_all(program: Program, command: str) -> None:
    said = program.must(command, "--help")
    for option in ("--data", "--config", "--now"):
        assert option in said


def test_a_clock_of_its_own_is_refused_beside_a_server(program: Program) -> None:
    program.must("init", "--sample")
    with program.serving():
        assert "--now" in program.refuse("process", "--now", "2026-11-22T10:00:00Z")
        program.must("process")


def test_sql_says_how_many_rows_changed(either: Program) -> None:
    either.must("init", "--sample")
    assert either.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1") == "1 row changed.\n"
    assert either.must("sql", "UPDATE FCT_SALES SET AMOUNT = 1") == "7 rows changed.\n"
    assert either.must("sql", "DELETE FROM FCT_SALES WHERE SALE_ID = 1") == "0 rows changed.\n"


def test_a_table_that_is_missing_or_does_not_fit_is_told(program: Program) -> None:
    program.must("init")
    program.must("sql", "ALTER TABLE FCT_SALES DROP COLUMN REGION")
    assert "REGION" in program.refuse("init")
    program.must("sql", "DROP TABLE FCT_SALES")
    for words in (["sql", "SELECT * FROM fct_sales"], ["process"]):
        assert "`revops init`" in program.refuse(*words)
    program.must("init")
    assert "`revops init`" not in program.refuse("sql", "SELECT * FROM nothing_here")


def test_doctor_only_warns_of_legal_rows(program: Program) -> None:
    program.must("init")
    program.must(
        "sql",
        "INSERT INTO FCT_SALES (SALE_ID, SALE_DATE) VALUES (1, NULL), (2, CURRENT_DATE + 1), (NULL, CURRENT_DATE)",
    )
    program.process()
    said = program.must("doctor")
    assert "FAIL" not in said
    for check in ("future_dates", "undated", "ids"):
        assert f"warn  {check}: 1 of 3 rows" in said


def test_bad_configuration_names_every_key(program: Program) -> None:
    program.must("init")
    (program.data / "revops.toml").write_text('[report]\nzone = "Nowhere/Land"\n[server]\nlitsen = "x"\n')
    program.environment["REVOPS_LIVE_POLL_SECONDS"] = "often"
    said = program.refuse("doctor")
    for word in ("Nowhere/Land", "server.litsen", "REVOPS_LIVE_POLL_SECONDS"):
        assert word in said


def test_commands_show_up_live_in_the_server(program: Program) -> None:
    with program.serving() as server:
        program.must(
            "sql",
            "INSERT INTO FCT_SALES VALUES (99, 'Sage Intacct', 'East', 200000, 'Negotiation', 'NewClient', "
            "CURRENT_DATE, 'Closed')",
        )
        live = server.get("/api/sales/last-month")
        assert [row["sale_id"] for row in live["data"]] == ["99"]
        published = program.process()
        assert server.get("/api/summary")["meta"]["snapshot_id"] == published["snapshot_id"]


def test_a_second_server_on_the_folder_is_refused(program: Program) -> None:
    with program.serving() as server:
        said = program.refuse("serve", "--listen", "127.0.0.1:0")
        assert "another revops process" in said
        assert str(server.process.pid) in said
        assert str(program.data) in said
        assert server.ask("/healthz").status == 200


def test_a_stale_socket_is_harmless(program: Program) -> None:
    server = program.serve()
    program.must("init", "--sample")
    server.kill()
    assert [path for path in program.data.iterdir() if stat.S_ISSOCK(path.stat().st_mode)]
    assert program.count() == 8
    with program.serving():
        assert program.count() == 8


def test_a_data_folder_with_a_long_path(executable: Path, tmp_path: Path) -> None:
    program = Program(executable, tmp_path / ("long" * 30) / ("ünïcode und Leerzeichen " * 3).strip() / "data")
    assert len(str(program.data)) > 200
    program.data.parent.mkdir(parents=True)
    try:
        with program.serving():
            program.must("init", "--sample")
            assert program.count() == 8
    finally:
        program.close()


def test_the_socket_and_the_lock_are_for_the_user_alone(program: Program) -> None:
    with program.serving():
        for path in program.data.iterdir():
            if stat.S_ISSOCK(path.stat().st_mode):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_import_beside_serve_keeps_the_order_of_arguments(either: Program, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(csv_text([sale(1), sale(2)]))
    second.write_text(csv_text([sale(3)]))
    assert "3 rows" in either.must("import", first, second)
    assert either.ids() == ["1", "2", "3"]
    columns = either.must("sql", "--format", "csv", "SELECT * FROM FCT_SALES LIMIT 1").splitlines()[0]
    assert columns.split(",") == COLUMNS


def test_a_server_that_cannot_listen_says_so(program: Program, served: Server) -> None:
    assert "listen" in program.refuse("serve", "--listen", f"127.0.0.1:{served.port}").lower()


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])
def test_listening_beyond_loopback_is_refused(program: Program, address: str) -> None:
    assert "no login is configured" in program.refuse("serve", "--listen", address)


@pytest.mark.parametrize("address", ["8080", "localhost", "127.0.0.1:99999", ":"])
def test_addresses_that_are_none(program: Program, address: str) -> None:
    said = program.refuse("serve", "--listen", address, status=2)
    assert "--listen" in said and "ADDRESS:PORT" in said
    assert not program.data.exists()
