#!/usr/bin/env python3
"""Processor time of `revops import` of a million rows from CSV and Parquet, beside bare DuckDB's INSERT."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import company, measure

ROWS, SMOKE_ROWS = 1_000_000, 5_000
SECONDS_MAX = 10.0
FORMATS = {"csv": "(FORMAT csv, HEADER)", "parquet": "(FORMAT parquet)"}
CREATE = (measure.ROOT / "contracts/fct_sales.sql").read_text()


class Import:
    """One file, taken into an empty table again and again."""

    def __init__(self, folder: Path, file: Path, rows: int) -> None:
        self.folder, self.file, self.rows = folder, file, rows

    def ours(self) -> float:
        data = self.folder / "imported"
        shutil.rmtree(data, ignore_errors=True)
        measure.program(data, "init")
        used = measure.program(data, "import", self.file)
        if used.output != f"Took {self.rows} rows.\n":
            raise RuntimeError(used.output)
        return used.cpu_seconds

    def bare(self) -> float:
        database = self.folder / "bare.duckdb"
        database.unlink(missing_ok=True)
        return measure.in_duckdb(database, [CREATE, f"INSERT INTO FCT_SALES SELECT * FROM '{self.file}'"])


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds, rows = (1, SMOKE_ROWS) if chosen.smoke else (chosen.rounds, ROWS)
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = company.make(folder / "company", rows)
        for extension, options in FORMATS.items():
            file = folder / f"sales.{extension}"
            measure.in_duckdb(database, [f"COPY FCT_SALES TO '{file}' {options}"])
            taken = Import(folder, file, rows)
            pairs = measure.in_turns(rounds, taken.ours, taken.bare)
            figures.append(measure.seconds(f"import of {extension}", SECONDS_MAX, pairs))
    return figures


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=5).parse_args()
    return measure.conclude("import", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
