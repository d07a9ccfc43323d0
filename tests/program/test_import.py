"""Good files, bad files and hostile files."""

import csv
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from program_driver import COLUMNS, Program, Server, csv_text, sale

PARQUET_SELECT = (
    "SELECT i::DECIMAL(38,0) AS SALE_ID, 'Sage 50' AS PRODUCT, 'West' AS REGION, (i * 1.5)::DECIMAL(12,2) AS AMOUNT, "
    "'Proposal' AS STAGE, 'Acme' AS CUSTOMER_NAME, DATE '2026-11-01' AS SALE_DATE, 'Open' AS STATUS "
    "FROM range(1, {n}) t(i)"
)


@pytest.fixture(scope="module")
def folder(executable: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """One folder for files that are refused: it must hold nothing after each of them."""
    made = Program(executable, tmp_path_factory.mktemp("refused") / "data")
    made.must("init")
    return made


@pytest.fixture(scope="module")
def server(folder: Program) -> Server:
    started = folder.serve()
    yield started
    folder.close()


def parquet(path: Path, select: str) -> Path:
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(folder: Program, server: Server, file: Path, *options: str) -> str:
    """The refusal; the table is as empty as before and the server answers."""
    said = folder.refuse("import", file, *options)
    assert server.get("/api/sales/last-month")["data"] == []
    assert folder.count() == 0
    return said


class Reason(NamedTuple):
    line: int
    column: str | None
    text: str


def reasons(file: Path) -> list[Reason]:
    """What stands beside the file's own columns in the file of refused rows."""
    kept = file.with_name(file.name + ".refused.csv")
    with kept.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    told = [(int(row["REFUSED_LINE"]), row["REFUSED_BECAUSE"]) for row in rows]
    return [Reason(line, text.split()[0] if text.split()[0] in COLUMNS else None, text) for line, text in told]


def test_csv_columns_in_any_case_and_order(program: Program, tmp_path: Path) -> None:
    columns = [name.lower() if i % 2 else name.title() for i, name in enumerate(reversed(COLUMNS))]
    row = {column: sale(7, CUSTOMER_NAME='Ünïcode, "quoted"\nand more')[column.upper()] for column in columns}
    program.must("import", write(tmp_path / "a.csv", csv_text([row], columns)))
    assert program.sql("SELECT * FROM FCT_SALES") == [sale(7, CUSTOMER_NAME='Ünïcode, "quoted"\nand more')]


def test_csv_of_spreadsheets(program: Program, tmp_path: Path) -> None:
    text = "\ufeff" + csv_text([sale(1), sale(2)]).replace("\n", "\r\n")
    program.must("import", write(tmp_path / "a.csv", text))
    assert program.ids() == ["1", "2"]


def test_jsonl(program: Program, tmp_path: Path) -> None:
    first = {"SALE_ID": 1, "STAGE": None, "AMOUNT": 12.5}
    rows = [{name: (sale(1) | first)[name] for name in COLUMNS}, {name: sale(2)[name] for name in reversed(COLUMNS)}]
    for name, case in (("a.jsonl", str.lower), ("b.ndjson", str.title)):
        text = "\n".join(json.dumps({case(column): value for column, value in row.items()}) for row in rows)
        program.must("import", write(tmp_path / name, text), "--mode", "replace")
        found = program.sql("SELECT SALE_ID, AMOUNT, STAGE FROM FCT_SALES ORDER BY SALE_ID")
        assert [(row["SALE_ID"], row["AMOUNT"], row["STAGE"]) for row in found] == [
            ("1", "12.50", None),
            ("2", "100.00", "Proposal"),
        ]


def test_parquet(program: Program, tmp_path: Path) -> None:
    program.must("import", parquet(tmp_path / "a.parquet", PARQUET_SELECT.format(n=1001)))
    assert program.sql("SELECT count(*) AS n, sum(AMOUNT) AS total FROM FCT_SALES") == [
        {"n": "1000", "total": "750750.00"}
    ]


def test_the_same_rows_in_three_formats_have_one_hash(executable: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "a.parquet", tmp_path / "a.jsonl"]
    select = PARQUET_SELECT.format(n=50)
    duckdb.execute(f"COPY ({select}) TO '{files[0]}' (FORMAT csv, HEADER)")
    parquet(files[1], select)
    write(files[2], "\n".join(json.dumps(sale(i, AMOUNT=f"{i * 1.5:.2f}")) for i in range(1, 50)))
    hashes = set()
    for file in files:
        program = Program(executable, tmp_path / file.suffix, now="2026-11-22T10:00:00Z")
        program.must("import", file)
        hashes.add(program.process()["content_hash"])
    assert len(hashes) == 1


def test_modes(program: Program, tmp_path: Path) -> None:
    start = write(tmp_path / "start.csv", csv_text([sale(1), sale(2), sale(2), sale(3)]))
    change = write(tmp_path / "change.csv", csv_text([sale(2, REGION="East"), sale(4), sale(4), sale("")]))
    program.must("import", start)
    program.must("import", start, "--mode", "append")
    assert program.count() == 8
    program.must("import", start, "--mode", "replace")
    assert program.ids() == ["1", "2", "2", "3"]
    program.must("import", change, "--mode", "upsert")
    assert program.ids() == ["1", "2", "3", "4", "4", None]
    assert program.sql("SELECT REGION FROM FCT_SALES WHERE SALE_ID = 2") == [{"REGION": "East"}]


def test_replace_with_refused_rows_keeps_the_old_ones(program: Program, tmp_path: Path) -> None:
    program.must("import", write(tmp_path / "good.csv", csv_text([sale(1)])))
    program.refuse("import", write(tmp_path / "bad.csv", csv_text([sale("x")])), "--mode", "replace")
    assert program.ids() == ["1"]


UNFIT: list[tuple[dict[str, str], str]] = [
    ({"AMOUNT": "10000000000.00"}, "AMOUNT"),
    ({"AMOUNT": "-10000000000"}, "AMOUNT"),
    ({"AMOUNT": "1.005"}, "AMOUNT"),
    ({"AMOUNT": "NaN"}, "AMOUNT"),
    ({"AMOUNT": "1,5"}, "AMOUNT"),
    ({"AMOUNT": "abc"}, "AMOUNT"),
    ({"SALE_ID": "1" * 39}, "SALE_ID"),
    ({"SALE_ID": "1.5"}, "SALE_ID"),
    ({"SALE_ID": "abc"}, "SALE_ID"),
    ({"SALE_DATE": "2026-02-30"}, "SALE_DATE"),
    ({"SALE_DATE": "infinity"}, "SALE_DATE"),
    ({"SALE_DATE": "12000-01-01"}, "SALE_DATE"),
    ({"SALE_DATE": "0000-01-01"}, "SALE_DATE"),
    ({"SALE_DATE": "22.11.2026"}, "SALE_DATE"),
    ({"REGION": "x" * 21}, "REGION"),
    ({"CUSTOMER_NAME": "x" * 100_000}, "CUSTOMER_NAME"),
]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_values_that_do_not_fit(folder: Program, server: Server, tmp_path: Path, kind: str) -> None:
    """Each unfit row stands between good ones; every one is named, and none is taken."""
    rows = [row for number, (change, _) in enumerate(UNFIT) for row in (sale(number), sale(number, **change))]
    text = csv_text(rows) if kind == "csv" else "\n".join(json.dumps(row) for row in rows)
    file = write(tmp_path / f"a.{kind}", text)
    said = refused(folder, server, file)
    assert f"{len(UNFIT)} rows were refused" in said
    assert "nothing was taken" in said
    header = 1 if kind == "csv" else 0
    expected = [(2 * number + 2 + header, column) for number, (_, column) in enumerate(UNFIT)]
    assert [(reason.line, reason.column) for reason in reasons(file)] == expected


@pytest.mark.parametrize(
    ("select", "column"),
    [
        ("DATE 'infinity'", "SALE_DATE"),
        ("DATE '12000-01-01'", "SALE_DATE"),
        ("DATE '0044-03-15 (BC)'", "SALE_DATE"),
        ("10000000000.00::DECIMAL(20,2)", "AMOUNT"),
        ("'inf'::DOUBLE", "AMOUNT"),
        ("repeat('x', 100000)", "CUSTOMER_NAME"),
        ("'a' || chr(0) || 'b'", "CUSTOMER_NAME"),
    ],
)
def test_parquet_values_that_do_not_fit(
    folder: Program, server: Server, tmp_path: Path, select: str, column: str
) -> None:
    file = parquet(
        tmp_path / "a.parquet", f"SELECT * REPLACE ({select} AS {column}) FROM ({PARQUET_SELECT.format(n=3)})"
    )
    refused(folder, server, file)
    assert {reason.column for reason in reasons(file)} == {column}


def test_limits_that_fit(program: Program, tmp_path: Path) -> None:
    rows = [
        sale("9" * 38, AMOUNT="9999999999.99", SALE_DATE="9999-12-31"),
        sale("-" + "9" * 38, AMOUNT="-9999999999.99", SALE_DATE="0001-01-01", CUSTOMER_NAME="ü" * 100),
        sale(1, AMOUNT="", SALE_DATE="", REGION=""),
    ]
    program.must("import", write(tmp_path / "a.csv", csv_text(rows)))
    found = program.sql("SELECT * FROM FCT_SALES ORDER BY SALE_ID DESC")
    assert found[0] == rows[0]
    assert found[2] == rows[1]
    assert (found[1]["AMOUNT"], found[1]["SALE_DATE"]) == (None, None)
    assert program.process()["rows"] == 3
    assert "0 damaged" in program.must("verify")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_columns_without_end(folder: Program, server: Server, tmp_path: Path, kind: str) -> None:
    header = [*COLUMNS, *(f"C{i}" for i in range(3000))]
    if kind == "csv":
        text = ",".join(header) + "\n" + ",".join("1" for _ in header) + "\n"
    else:
        text = json.dumps(dict.fromkeys(header, "1"))
    said = refused(folder, server, write(tmp_path / f"a.{kind}", text))
    assert "the file has 3008 columns; at most 1000 are taken" in said


DIALECTS: dict[str, Callable[[str], bytes]] = {
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 unmarked": lambda text: text.encode("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "bars": lambda text: text.replace(",", "|").encode(),
    "told": lambda text: ("sep=;\r\n" + text.replace(",", ";")).encode(),
    "report": lambda text: f"Pipeline\nAs of today\n\n{text}\n\nConfidential Information\n".encode(),
}


@pytest.mark.parametrize("write_as", DIALECTS.values(), ids=DIALECTS.keys())
def test_text_of_any_dialect(program: Program, tmp_path: Path, write_as: Callable[[str], bytes]) -> None:
    rows = [sale(1, CUSTOMER_NAME="Müller & Söhne"), sale(2, CUSTOMER_NAME="Café")]
    program.must("import", write(tmp_path / "a.csv", write_as(csv_text(rows))))
    assert program.sql("SELECT * FROM FCT_SALES ORDER BY SALE_ID") == rows


def test_refused_rows_are_mended_and_imported_again(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", csv_text([sale(1), sale(2, AMOUNT="x", CUSTOMER_NAME='a "b",\nc')]))
    assert program.run("import", file, "--skip-refused").returncode == 0
    kept = file.with_name("a.csv.refused.csv")
    program.must("import", write(tmp_path / "mended.csv", kept.read_text().replace(",x,", ",7,")))
    found = program.sql("SELECT SALE_ID, AMOUNT, CUSTOMER_NAME FROM FCT_SALES ORDER BY SALE_ID")
    assert found[1] == {"SALE_ID": "2", "AMOUNT": "7.00", "CUSTOMER_NAME": 'a "b",\nc'}


def test_skip_refused_takes_the_rest(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", csv_text([sale(1), sale(2, AMOUNT="x"), sale(3), sale(4, SALE_DATE="x")]))
    done = program.run("import", file, "--skip-refused")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Took 2 rows.")
    assert "2 rows were refused" in done.stderr
    assert [reason.line for reason in reasons(file)] == [3, 5]
    assert program.ids() == ["1", "3"]


def test_lines_with_too_many_or_too_few_fields(folder: Program, server: Server, tmp_path: Path) -> None:
    """Each line once, as an editor counts them: also after a blank one and a value of two lines."""
    first = csv_text([sale(1, CUSTOMER_NAME="two\nlines")])
    text = first + "\n2,short\n3" + ",x" * 20 + "\n" + csv_text([sale(4, AMOUNT="x"), sale(5)]).split("\n", 1)[1]
    file = write(tmp_path / "a.csv", text)
    assert "3 rows were refused" in refused(folder, server, file)
    assert [(reason.line, reason.column) for reason in reasons(file)] == [(5, None), (6, None), (7, "AMOUNT")]
    assert ["too few" in reasons(file)[0].text, "too many" in reasons(file)[1].text] == [True, True]


def test_refusals_of_before_are_kept(folder: Program, server: Server, tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", csv_text([sale("x")]))
    assert "1 row was refused, the reasons are in " in refused(folder, server, file)
    kept = file.with_name("a.csv.refused.csv")
    kept.write_text("kept\n")
    assert "a.csv.refused-2.csv" in refused(folder, server, file)
    assert kept.read_text() == "kept\n"


GOOD = csv_text([sale(1)])
FOREIGN: dict[str, tuple[str, bytes, str]] = {
    "unclosed quote": ("csv", GOOD.replace("Acme", '"Acme').encode(), "line 2 opens a quote that is never closed"),
    "text after a quote": ("csv", GOOD.replace("Acme", '"Ac"me').encode(), "line 2 has text after a closing quote"),
    "binary": (
        "csv",
        GOOD.encode() + random.Random(2).randbytes(50_000),
        "holds a NUL character, so the file is no text",
    ),
    "csv as parquet": ("parquet", GOOD.encode(), "no Parquet file"),
    "json list": ("jsonl", json.dumps([sale(1)]).encode(), "the file has no columns"),
    "json cut": ("jsonl", json.dumps(sale(1)).encode() + b'\n{"SALE_ID": 1,', "line 2 is no JSON"),
}


@pytest.mark.parametrize(("kind", "content", "words"), FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_wrong_with_a_file_is_one_plain_sentence(
    folder: Program, server: Server, tmp_path: Path, kind: str, content: bytes, words: str
) -> None:
    said = refused(folder, server, write(tmp_path / f"a.{kind}", content))
    assert words in said
    assert f"a.{kind}: " in said
    for foreign in ("duckdb", "/proc", "strict_mode", "\n"):
        assert foreign not in said.strip()
    assert len(said) < 300


def test_damaged_parquet_is_told_from_another_format(folder: Program, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    content = bytearray(parquet(file, PARQUET_SELECT.format(n=2000)).read_bytes())
    content[500:564] = bytes(range(64))
    assert "the Parquet file is damaged" in refused(folder, server, write(file, bytes(content)))


@pytest.mark.parametrize("value", ["'x'::BLOB", "[1]", "{'a': 1}"])
def test_parquet_columns_without_plain_values(folder: Program, server: Server, tmp_path: Path, value: str) -> None:
    select = f"SELECT * REPLACE ({value} AS STAGE) FROM ({PARQUET_SELECT.format(n=3)})"
    assert "the column STAGE holds " in refused(folder, server, parquet(tmp_path / "a.parquet", select))


def test_json_values_that_are_not_plain(folder: Program, server: Server, tmp_path: Path) -> None:
    rows = [sale(1, CUSTOMER_NAME="[1]"), sale(2, CUSTOMER_NAME={"a": 1}), sale(3, AMOUNT=[1]), "text", sale(5)]
    file = write(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert "3 rows were refused" in refused(folder, server, file)
    found = [(reason.line, reason.column) for reason in reasons(file)]
    assert found == [(2, "CUSTOMER_NAME"), (3, "AMOUNT"), (4, None)]


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMP_NS"])
def test_midnight_is_a_date_and_another_time_is_not(program: Program, tmp_path: Path, kind: str) -> None:
    for time, taken in (("00:00:00", True), ("10:30:00", False)):
        select = f"SELECT * REPLACE ('2026-11-01 {time}'::{kind} AS SALE_DATE) FROM ({PARQUET_SELECT.format(n=2)})"
        file = parquet(tmp_path / f"{taken}.parquet", select)
        if taken:
            program.must("import", file)
        else:
            program.refuse("import", file)
            assert "time of day" in reasons(file)[0].text
    assert program.sql("SELECT SALE_DATE FROM FCT_SALES") == [{"SALE_DATE": "2026-11-01"}]


def test_a_pipe_is_refused_at_once(program: Program, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "not a regular file" in program.refuse("import", tmp_path / "a.csv")


def test_replace_does_not_empty_the_table_by_mistake(program: Program, tmp_path: Path) -> None:
    program.must("import", write(tmp_path / "good.csv", GOOD))
    header = write(tmp_path / "header.csv", HEADER)
    bad = write(tmp_path / "bad.csv", csv_text([sale("x")]))
    assert "DELETE FROM FCT_SALES" in program.refuse("import", header, "--mode", "replace")
    done = program.run("import", bad, "--mode", "replace", "--skip-refused")
    assert (done.returncode, "DELETE FROM FCT_SALES" in done.stderr) == (1, True)
    assert program.ids() == ["1"]


def random_bytes(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


HEADER = (",".join(COLUMNS) + "\n").encode()
HOSTILE: dict[str, bytes] = {
    "one bad byte": csv_text([sale(1, CUSTOMER_NAME="Müller"), sale(2, CUSTOMER_NAME="Jäger")]).encode()
    + b"3,a,b,1,c,B\xfchler,2026-11-01,Open\n",
    "no encoding": csv_text([sale(1)]).encode() + b"2,a,b,1,c,\x81\x8d\x90,2026-11-01,Open\n",
    "nul": csv_text([sale(1, CUSTOMER_NAME="a\0b")]).encode(),
    "all nul": b"\0" * 10_000,
    "one endless quote": HEADER + b'1,"' + b"x" * 3_000_000,
    "one endless line": b"x" * 5_000_000,
    "random": random_bytes(1, 100_000),
    "random after the header": HEADER + random_bytes(2, 100_000),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_csv(folder: Program, server: Server, tmp_path: Path, content: bytes) -> None:
    refused(folder, server, write(tmp_path / "a.csv", content))


@pytest.mark.parametrize(
    "content",
    [
        random_bytes(3, 100_000),
        b"\0" * 1000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'"text"\n1\n',
        json.dumps(sale(1)).encode() + b"\n{broken\n",
        json.dumps(sale(1)).encode()[:-9],
        json.dumps(sale(1, CUSTOMER_NAME="a\0b")).encode(),
        json.dumps(sale(1) | {"CUSTOMER_NAME": {"nested": [1]}, "AMOUNT": [1]}).encode(),
        json.dumps(sale(1)).encode().replace(b"Acme", b"\xff\xfe"),
    ],
    ids=["random", "nul", "deep list", "deep object", "scalars", "broken", "cut", "nul field", "nested", "utf-8"],
)
def test_hostile_jsonl(folder: Program, server: Server, tmp_path: Path, content: bytes) -> None:
    refused(folder, server, write(tmp_path / "a.jsonl", content))


def test_hostile_parquet(folder: Program, server: Server, tmp_path: Path) -> None:
    good = parquet(tmp_path / "good.parquet", PARQUET_SELECT.format(n=2000)).read_bytes()
    cuts = [good[:size] for size in (0, 4, 8, 100, len(good) // 2, len(good) - 1)]
    noise = [random_bytes(4, 50_000), b"PAR1" + random_bytes(5, 1000) + good[-8:], csv_text([sale(1)]).encode()]
    for number, content in enumerate([*cuts, *noise]):
        refused(folder, server, write(tmp_path / f"bad-{number}.parquet", content))


def test_damaged_parquet_never_harms_the_server(program: Program, tmp_path: Path) -> None:
    """A damaged file may pass for a good one; it is then taken whole. Nothing else may happen."""
    server = program.serve()
    good = parquet(tmp_path / "good.parquet", PARQUET_SELECT.format(n=2000)).read_bytes()
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    rows = 0
    for _ in range(6):
        content = bytearray(good)
        for _ in range(chance.choice([1, 8, 64])):
            content[chance.randrange(max(0, len(content) - 900), len(content))] = chance.randrange(256)
        done = program.run("import", write(tmp_path / "bad.parquet", bytes(content)))
        assert done.returncode in (0, 1), (seed, done)
        if done.returncode == 0:
            rows += int(done.stdout.split()[1])
        assert server.ask("/healthz").status == 200
    assert program.count() == rows
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.csv", "No such file"),
        ("a.xlsx", "no workbook"),
        ("a.xls", "save it as .xlsx"),
        ("a.doc", ".parquet"),
        ("folder.csv", "regular file"),
    ],
)
def test_files_that_are_none(program: Program, tmp_path: Path, name: str, words: str) -> None:
    if name == "folder.csv":
        (tmp_path / name).mkdir()
    elif not name.startswith("missing"):
        (tmp_path / name).write_text("x")
    assert words in program.refuse("import", tmp_path / name)


def test_an_empty_file_is_refused_and_a_header_alone_is_no_row(program: Program, tmp_path: Path) -> None:
    program.refuse("import", write(tmp_path / "a.csv", b""))
    assert program.must("import", write(tmp_path / "b.csv", HEADER)).splitlines()[0] == "Took 0 rows."
    assert program.count() == 0
    assert program.must("import", write(tmp_path / "c.csv", csv_text([sale(77)]))).splitlines()[0] == "Took 1 row."


def test_one_bad_file_among_good_ones_takes_nothing(program: Program, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", csv_text([sale(1)]))
    bad = write(tmp_path / "bad.parquet", b"PAR1PAR1")
    assert "bad.parquet" in program.refuse("import", good, bad)
    program.must("init")
    assert program.count() == 0


def test_a_worker_beyond_its_limits_leaves_nothing(folder: Program, server: Server, tmp_path: Path) -> None:
    """A small file that unpacks to far more than the worker may write."""
    import resource
    import subprocess

    file = parquet(tmp_path / "a.parquet", PARQUET_SELECT.format(n=200_000))

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        folder.words("import", file), preexec_fn=little_room, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1, done
    assert done.stderr.startswith("revops: ")
    assert server.get("/api/sales/last-month")["data"] == []
    assert folder.count() == 0
