"""The tables, in DuckDB. Every commit makes a version of its own, so that AT(TIMESTAMP) can answer."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from simulation.settings import Clock

from .encodings import Column, fixed, text
from .errors import no_time_travel
from .settings import Settings

SALES = "REVOPS.PUBLIC.FCT_SALES"
Cursor = duckdb.DuckDBPyConnection


def sales_columns() -> list[Column]:
    return [
        fixed("SALE_ID", 38, 0),
        text("PRODUCT", 50),
        text("REGION", 20),
        fixed("AMOUNT", 12, 2),
        text("STAGE", 30),
        text("CUSTOMER_NAME", 100),
        Column("SALE_DATE", "date"),
        text("STATUS", 20),
    ]


@dataclass(frozen=True)
class Version:
    committed_ns: int
    storage: str  # the name of DuckDB's table


@dataclass
class Table:
    name: str  # DATABASE.SCHEMA.TABLE
    columns: list[Column]
    versions: list[Version] = field(default_factory=list)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


class Tables:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._database = duckdb.connect(":memory:")
        self._database.execute("SET TimeZone = 'UTC'")
        self._database.execute("SET autoinstall_known_extensions = false")
        self._lock = threading.Lock()
        self._names = 0
        self._last_commit = 0
        self.tables: dict[str, Table] = {}

    def cursor(self) -> Cursor:
        return self._database.cursor()

    def close(self) -> None:
        self._database.close()

    def _commit(self, table: Table, storage: str) -> None:
        self._last_commit = max(self._last_commit + 1, self._clock.now_ns())
        table.versions.append(Version(self._last_commit, storage))

    def _new_storage(self) -> str:
        self._names += 1
        return f"v_{self._names}"

    def create(self, name: str, columns: list[Column]) -> None:
        origin = tuple(name.split(".", 2))
        placed = [Column(**{**vars(column), "origin": origin}) for column in columns]
        with self._lock:
            table, storage = Table(name, placed), self._new_storage()
            listed = ", ".join(f'"{column.name}" {column.duckdb_type()}' for column in placed)
            self.cursor().execute(f"CREATE TABLE {storage} ({listed})")
            self._commit(table, storage)
            self.tables[name] = table

    def drop(self, name: str) -> None:
        self.tables.pop(name, None)

    def change(self, name: str, act: Callable[[Cursor, str], Any], *, keep: bool = True) -> Any:
        """Runs `act` on a copy of the newest version; the copy becomes the newest if nothing is raised."""
        table = self.tables[name]
        with self._lock:
            cursor, storage = self.cursor(), self._new_storage()
            filtered = "" if keep else " WHERE false"
            cursor.execute(f"CREATE TABLE {storage} AS SELECT * FROM {table.versions[-1].storage}{filtered}")
            try:
                result = act(cursor, storage)
            except BaseException:
                cursor.execute(f"DROP TABLE {storage}")
                raise
            self._commit(table, storage)
            return result

    def load(self, name: str, rows: list[list[Any]], *, replace: bool) -> int:
        """Rows of texts, numbers and nulls in the table's order, cast by DuckDB."""
        columns = [column.name for column in self.tables[name].columns]
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            for row in rows:
                if len(row) != len(columns):
                    raise ValueError(f"{len(columns)} values a row are wanted: {row}")
                cells = (None if cell is None else str(cell) for cell in row)
                file.write(json.dumps(dict(zip(columns, cells, strict=True))) + "\n")
            file.flush()
            types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
            listed = ", ".join(f'"{column}"' for column in columns)

            def insert(cursor: Cursor, storage: str) -> None:
                if rows:
                    cursor.execute(
                        f"INSERT INTO {storage} SELECT {listed} FROM read_json('{file.name}', "
                        f"format = 'newline_delimited', columns = {{{types}}})"
                    )

            self.change(name, insert, keep=not replace)
        return len(rows)

    def storage_at(self, name: str, instant_ns: int | None) -> str:
        """DuckDB's table for the newest state, or for the state as of an instant."""
        versions = self.tables[name].versions
        if instant_ns is None:
            return versions[-1].storage
        now, retention = self._clock.now_ns(), self._settings.retention_seconds
        old = [version for version in versions if version.committed_ns <= instant_ns]
        if retention <= 0 or not old or instant_ns > now or instant_ns < now - int(retention * 1e9):
            raise no_time_travel(name.rsplit(".", 1)[-1])
        return old[-1].storage

    def last_change(self, name: str) -> int:
        return self.tables[name].versions[-1].committed_ns
