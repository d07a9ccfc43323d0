#!/usr/bin/env python3
"""Processor time and memory of `revops import`: a million rows in three formats, a workbook, an upload."""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import foreign_files
from support import company, measure
from support.server import Server

ROWS, SMOKE_ROWS = 1_000_000, 5_000
SECONDS_MAX = 10.0
MAPPED_SECONDS_MAX = 20.0
WORKBOOK_SECONDS_MAX = 4.0
MEGABYTES_MAX = 500.0
RECEIVED_MEGABYTES_MAX = 100.0
TAKEN_MEGABYTES_MAX = 1074.0
UPLOAD_BYTES = 300 << 20
UPLOAD_PATIENCE = 300
FORMATS = {"csv": "(FORMAT csv, HEADER)", "parquet": "(FORMAT parquet)"}
CREATE = (measure.ROOT / "contracts/fct_sales.sql").read_text()


class Import:
    """One file, taken into an empty table and published again and again; `peer` is what stands beside it."""

    def __init__(self, folder: Path, file: Path, rows: int, peer: Callable[[], float]) -> None:
        self.folder, self.file, self.rows, self.peer = folder, file, rows, peer
        self.peaks: list[float] = []

    def ours(self) -> float:
        data = self.folder / "imported"
        shutil.rmtree(data, ignore_errors=True)
        measure.program(data, "init")
        used = measure.program(data, "import", self.file)
        if not used.output.startswith(f"Took {self.rows} rows.\n"):
            raise RuntimeError(used.output)
        self.peaks.append(used.peak_bytes / 1e6)
        return used.cpu_seconds

    def figures(self, name: str, seconds_max: float, rounds: int) -> list[measure.Figure]:
        pairs = measure.in_turns(rounds, self.ours, self.peer)
        return [
            measure.seconds(f"import of {name}", seconds_max, pairs),
            measure.largest(f"memory, import of {name}", MEGABYTES_MAX, "MB", self.peaks),
        ]


def bare(folder: Path, statements: list[str]) -> Callable[[], float]:
    def run() -> float:
        database = folder / "bare.duckdb"
        database.unlink(missing_ok=True)
        return measure.in_duckdb(database, statements)

    return run


class Upload:
    """A file that is handed over on the page, and the memory of the server meanwhile."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=UPLOAD_PATIENCE)
        self.rows = 0
        self.received_bytes = self.held_bytes = 0

    def _ask(self, method: str, path: str, given: object = None, headers: dict[str, str] | None = None) -> Any:
        self._connection.request(method, path, given, headers or {})
        answer = json.loads(self._connection.getresponse().read())
        if "data" not in answer:
            raise RuntimeError(answer)
        return answer["data"]

    def _wait(self, path: str, state: str) -> Any:
        deadline = time.monotonic() + UPLOAD_PATIENCE
        while (job := self._ask("GET", path))["state"] != state:
            if job["state"] == "failed" or time.monotonic() > deadline:
                raise RuntimeError(job)
            self.held_bytes = max(self.held_bytes, self._server.anonymous_bytes())
            time.sleep(0.05)
        return job

    def run(self, file: Path, size: int) -> None:
        """Sends the file's rows again and again, about `size` bytes, takes them and waits for their snapshot."""
        head, body = file.read_bytes().split(b"\n", 1)
        times = max(1, size // len(body))
        length = len(head) + 1 + times * len(body)
        kind = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
        job = self._ask("POST", "/api/imports?name=deals.csv", iter([head + b"\n", *[body] * times]), kind)
        self.received_bytes = self._server.peak_bytes()
        path = f"/api/imports/{job['id']}"
        self._wait(path, "waiting")
        options = '{"mode": "replace", "skip_refused": false}'
        self._ask("POST", f"{path}/take", options, {"Content-Type": "application/json"})
        self.rows = self._wait(path, "done")["rows"]["taken"]
        self._connection.close()


def upload_figures(folder: Path, file: Path, size: int) -> list[measure.Figure]:
    data = folder / "uploaded"
    measure.program(data, "init")
    with Server(data) as server:
        upload = Upload(server)
        upload.run(file, size)
        resident = server.peak_bytes() / 1e6
    name = f"upload of {size >> 20} MiB"
    received, held = upload.received_bytes / 1e6, upload.held_bytes / 1e6
    return [
        measure.median(f"memory of serve, {name}, received", RECEIVED_MEGABYTES_MAX, "MB", [received]),
        measure.median(
            f"memory of serve, {name}, taken", TAKEN_MEGABYTES_MAX, "MB", [held], rows=upload.rows, resident_mb=resident
        ),
    ]


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds, rows = (1, SMOKE_ROWS) if chosen.smoke else (chosen.rounds, ROWS)
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = company.make(folder / "company", rows)
        for extension, options in FORMATS.items():
            file = folder / f"sales.{extension}"
            measure.in_duckdb(database, [f"COPY FCT_SALES TO '{file}' {options}"])
            peer = bare(folder, [CREATE, f"INSERT INTO FCT_SALES SELECT * FROM '{file}'"])
            figures += Import(folder, file, rows, peer).figures(extension, SECONDS_MAX, rounds)
        deals = folder / "deals.csv"
        foreign_files.write_csv(database, deals)
        peer = bare(folder, [foreign_files.TABLE, foreign_files.TAKEN.format(file=deals)])
        figures += Import(folder, deals, rows, peer).figures("a mapped csv", MAPPED_SECONDS_MAX, rounds)
        workbook = folder / "deals.xlsx"
        foreign_files.write_workbook(workbook, rows // 10)
        read = [sys.executable, "-c", foreign_files.READ_WORKBOOK, workbook]
        taken = Import(folder, workbook, rows // 10, lambda: measure.measured(read).cpu_seconds)
        figures += taken.figures("a workbook of a tenth of the rows", WORKBOOK_SECONDS_MAX, rounds)
        figures += upload_figures(folder, deals, (1 << 20) if chosen.smoke else UPLOAD_BYTES)
    return figures


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=5).parse_args()
    return measure.conclude("import", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
