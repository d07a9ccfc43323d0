"""Mutated files while readers poll: the server is unmoved, workers end, and nothing is left behind."""

import io
import os
import random
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from program_driver import Program, Server, csv_text, sale, until

MUTATIONS = 60  # of each format; more by REVOPS_MUTATIONS
SHEET = (
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    '<c r="C1" t="s"><v>2</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Acme</t></is></c>'
    '<c r="B2"><v>12.5</v></c><c r="C2" s="1"><v>46348</v></c></row></sheetData></worksheet>'
)
PARTS = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="Deals" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/>'
    '<Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/>'
    '<Relationship Id="r3" Type="x/styles" Target="y.xml"/></Relationships>',
    "xl/t.xml": "<sst><si><t>Account Name</t></si><si><t>Amount</t></si><si><t>Close Date</t></si></sst>",
    "xl/y.xml": '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    "xl/s.xml": SHEET,
}


def workbook(compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
    return out.getvalue()


def seeds(folder: Path) -> dict[str, list[bytes]]:
    text = csv_text([sale(i, CUSTOMER_NAME='Müller, "quoted"\nand more') for i in range(20)])
    path = folder / "seed.parquet"
    duckdb.execute(f"COPY (SELECT i AS SALE_ID, i * 1.5 AS AMOUNT, 'x' AS STAGE FROM range(99) t(i)) TO '{path}'")
    return {
        "csv": [text.encode(), text.encode("utf-16"), text.replace(",", ";").encode("cp1252")],
        "xlsx": [workbook(), workbook(zipfile.ZIP_DEFLATED)],
        "parquet": [path.read_bytes()],
    }


def mutated(chance: random.Random, seed: bytes) -> bytes:
    content = bytearray(seed)
    for _ in range(chance.choice([1, 1, 4, 32])):
        at = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randrange(1, 64)]
        elif kind == 2:
            content[at:at] = content[at : at + chance.randrange(1, 64)]
        else:
            content[at:at] = chance.choice([b"\0", b'"', b"\n", b"<", b"\xff\xff\xff\xff", b"]]>", b"&x;"])
        content = content or bytearray(b"x")
    return bytes(content)


class Readers:
    """Ask the server all the while, and keep what it should not have said."""

    def __init__(self, server: Server) -> None:
        self.faults: list[object] = []
        self._server = server
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._poll, args=(path,)) for path in ("/healthz", "/api/summary")]

    def _poll(self, path: str) -> None:
        while not self._ended.is_set():
            self._ended.wait(0.01)
            answer = self._server.ask(path)
            if answer.status != 200:
                self.faults.append(answer)

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Where the program's temporary files go; none may be left."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def shown(executable: Path, tmp_path: Path, temporary: Path) -> Iterator[Program]:
    """With a snapshot for readers."""
    program = Program(executable, tmp_path / "data", environment={"TMPDIR": str(temporary)})
    program.must("init", "--sample")
    program.process()
    yield program
    program.close()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_mutated_files_never_harm_the_server(
    shown: Program, temporary: Path, chance: random.Random, tmp_path: Path, kind: str
) -> None:
    server = shown.serve()
    choices = seeds(tmp_path)[kind]
    with Readers(server) as readers:
        for number in range(int(os.environ.get("REVOPS_MUTATIONS", MUTATIONS))):
            file = tmp_path / f"bad.{kind}"
            file.write_bytes(mutated(chance, chance.choice(choices)))
            how = chance.choice([["--preview"], ["--skip-refused"], ["--mode", "append"]])
            done = shown.run("import", file, *how)
            assert done.returncode in (0, 1), (number, done)
            assert "Sanitizer" not in done.stderr, (number, done)
    assert readers.faults == []
    assert "0 damaged" in shown.must("verify")
    assert server.stop() == 0
    assert list(temporary.iterdir()) == []


def test_a_workbook_that_unpacks_without_end_is_refused(program: Program, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            if name != "xl/s.xml":
                archive.writestr(name, text)
        with archive.open("xl/s.xml", "w") as sheet:
            sheet.write(SHEET[: SHEET.index("</sheetData>")].encode())
            for _ in range(200):
                sheet.write(b" " * 2**20)
            sheet.write(b"</sheetData></worksheet>")
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(out.getvalue())
    assert len(out.getvalue()) < 2**20
    program.must("init")
    assert "expands to more than may be read" in program.refuse("import", file)


def launcher(folder: Path, executable: Path, limits: str) -> str:
    """Stands before the program and starts it with limits of its own; a worker keeps those that are lower."""
    script = folder / "limited"
    script.write_text(f'#!/bin/sh\n{limits}\nexec "{executable}" "$@"\n')
    script.chmod(0o755)
    return str(script)


@pytest.mark.parametrize(
    ("limits", "kind", "rows"),
    [("ulimit -t 1", "csv", 2_000_000), ("ulimit -f 64", "csv", 20_000), ("ulimit -v 150000", "parquet", 1_000_000)],
    ids=["time", "output", "memory"],
)
def test_a_worker_at_its_limits_is_the_end_of_that_file_alone(
    executable: Path, shown: Program, temporary: Path, tmp_path: Path, limits: str, kind: str, rows: int
) -> None:
    shown.environment["REVOPS_LAUNCHER"] = launcher(tmp_path, executable, limits)
    server = shown.serve()
    file = tmp_path / f"large.{kind}"
    options = "FORMAT csv, HEADER" if kind == "csv" else "FORMAT parquet, ROW_GROUP_SIZE 1000000"
    duckdb.execute(
        'COPY (SELECT i AS "Deal ID", \'Won\' AS "Deal Stage", DATE \'2026-11-01\' AS "Close Date", '
        f"md5(i::VARCHAR) AS \"Deal Name\", i * 1.5 AS Amount FROM range({rows}) t(i)) TO '{file}' ({options})"
    )
    with Readers(server) as readers:
        answer = server.ask(
            f"/api/imports?name=large.{kind}", "POST", {"Content-Type": "application/octet-stream"}, file.read_bytes()
        )
        path = answer.headers["location"]
        states = ("failed", "waiting")
        found = until(lambda: (job := server.get(path)["data"])["state"] in states and job, "the inspection", 120)
        if found["state"] == "waiting":  # What it says of a file is short; its rows are not.
            body = b'{"mode": "replace", "skip_refused": false}'
            json_type = {"Content-Type": "application/json"}
            assert server.ask(f"{path}/take", "POST", json_type, body).status == 202
            states = ("failed", "done")
            found = until(lambda: (job := server.get(path)["data"])["state"] in states and job, "the end", 120)
    assert found["state"] == "failed", found
    message = found["error"]["message"]
    assert any(words in message for words in ("more time or memory", "memory", "crashed the parser")), message
    assert readers.faults == []
    assert server.get("/api/summary")["meta"]["rows"] == 8
    assert server.stop() == 0
    assert list(temporary.iterdir()) == []
    assert [entry.name for entry in (shown.data / "imports").rglob("*") if entry.is_file()] == ["job.json"]
    assert "0 damaged" in shown.must("verify")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_mutated_uploads_never_harm_the_server(
    shown: Program, temporary: Path, chance: random.Random, tmp_path: Path, kind: str
) -> None:
    """As above, handed over on the page: each ends as failed or as waiting, and none leaves more than its entry."""
    server = shown.serve()
    choices = seeds(tmp_path)[kind]
    with Readers(server) as readers:
        for number in range(int(os.environ.get("REVOPS_MUTATIONS", MUTATIONS)) // 2):
            content = mutated(chance, chance.choice(choices))
            kinds = {"Content-Type": "application/octet-stream"}
            answer = server.ask(f"/api/imports?name=bad.{kind}", "POST", kinds, content)
            assert answer.status == 201, (number, answer)
            path = answer.headers["location"]
            until(lambda: server.get(path)["data"]["state"] in ("failed", "waiting"), f"{number}")  # noqa: B023
            job = server.get(path)["data"]
            if job["state"] == "waiting":
                inspection = server.ask(f"{path}/inspection")
                assert inspection.status == 200, (number, inspection)
                assert server.ask(path, "DELETE", {"Content-Type": "application/json"}).status == 200
            else:
                assert job["error"]["message"], (number, job)
    assert readers.faults == []
    assert server.stop() == 0
    assert list(temporary.iterdir()) == []
    left = {entry.name for entry in (shown.data / "imports").rglob("*") if entry.is_file()}
    assert left == {"job.json"}
