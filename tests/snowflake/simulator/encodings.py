"""Snowflake's types: how a column is described in rowType, and how DuckDB's values become default encodings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlglot import exp

TEXT_LENGTH_MAX = 16_777_216
BINARY_LENGTH_MAX = 8_388_608
Cell = str | None

_DUCKDB = {
    "text": "VARCHAR",
    "date": "DATE",
    "real": "DOUBLE",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
    "time": "TIME",
    "timestamp_ntz": "TIMESTAMP_NS",
    "timestamp_ltz": "TIMESTAMPTZ",
    "timestamp_tz": "TIMESTAMPTZ",
    "variant": "JSON",
}
_FIXED = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 18, "UBIGINT": 20, "HUGEINT": 38}
_OTHER = {
    "VARCHAR": "text",
    "DATE": "date",
    "DOUBLE": "real",
    "FLOAT": "real",
    "BOOLEAN": "boolean",
    "BLOB": "binary",
    "TIME": "time",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP_NS": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp_ltz",
    "JSON": "variant",
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    nullable: bool = True
    origin: tuple[str, str, str] = ("", "", "")  # database, schema, table

    def row_type(self) -> dict[str, Any]:
        database, schema, table = self.origin
        byte_length = self.length
        if self.kind == "text" and self.length is not None:
            byte_length = min(self.length * 4, TEXT_LENGTH_MAX)
        return {
            "name": self.name,
            "database": database,
            "schema": schema,
            "table": table,
            "nullable": self.nullable,
            "length": self.length,
            "type": self.kind,
            "scale": self.scale,
            "precision": self.precision,
            "byteLength": byte_length,
            "collation": None,
        }

    def duckdb_type(self) -> str:
        return f"DECIMAL({self.precision},{self.scale})" if self.kind == "fixed" else _DUCKDB[self.kind]


def fixed(name: str, precision: int = 38, scale: int = 0, **more: Any) -> Column:
    return Column(name, "fixed", precision=precision, scale=scale, **more)


def text(name: str, length: int = TEXT_LENGTH_MAX, **more: Any) -> Column:
    return Column(name, "text", length=length, **more)


def _temporal(name: str, kind: str, **more: Any) -> Column:
    return Column(name, kind, precision=0, scale=9, **more)


def declared(name: str, data_type: exp.DataType, *, nullable: bool) -> Column:
    """A column of CREATE TABLE. Raises ValueError for a type that the simulator has not."""
    kinds = exp.DataType.Type
    sizes = [int(size.name) for size in data_type.expressions]
    kind = data_type.this
    if kind in (kinds.DECIMAL, kinds.INT, kinds.BIGINT, kinds.SMALLINT, kinds.TINYINT):
        precision, scale = (sizes + [38, 0][len(sizes) :])[:2]
        return fixed(name, precision, scale, nullable=nullable)
    if kind in (kinds.VARCHAR, kinds.TEXT, kinds.CHAR):
        default = 1 if kind == kinds.CHAR else TEXT_LENGTH_MAX
        return text(name, sizes[0] if sizes else default, nullable=nullable)
    plain = {
        kinds.DATE: "date",
        kinds.DOUBLE: "real",
        kinds.FLOAT: "real",
        kinds.BOOLEAN: "boolean",
        kinds.BINARY: "binary",
        kinds.VARBINARY: "binary",
        kinds.VARIANT: "variant",
    }
    if kind in plain:
        length = BINARY_LENGTH_MAX if plain[kind] == "binary" else None
        return Column(name, plain[kind], length=length, nullable=nullable)
    temporal = {
        kinds.TIME: "time",
        kinds.TIMESTAMP: "timestamp_ntz",
        kinds.TIMESTAMPNTZ: "timestamp_ntz",
        kinds.TIMESTAMPLTZ: "timestamp_ltz",
        kinds.TIMESTAMPTZ: "timestamp_tz",
    }
    if kind in temporal:
        return _temporal(name, temporal[kind], nullable=nullable)
    raise ValueError(data_type.sql(dialect="snowflake"))


def derived(name: str, duckdb_type: str) -> Column:
    """A column of a result, by the type that DuckDB gave it."""
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb_type):
        return fixed(name, int(match[1]), int(match[2]))
    if duckdb_type in _FIXED:
        return fixed(name, _FIXED[duckdb_type])
    kind = _OTHER.get(duckdb_type)
    if kind == "text" or duckdb_type == '"NULL"':
        return text(name)
    if kind in ("time", "timestamp_ntz", "timestamp_ltz"):
        return _temporal(name, kind)
    if kind is None:
        kind = "array" if duckdb_type.endswith("[]") else "object"
    return Column(name, kind, length=BINARY_LENGTH_MAX if kind == "binary" else None)


def with_declaration(column: Column, base: Column | None) -> Column:
    """A result column that shows a table's column as it is has its length, precision and origin."""
    if base is None or (base.kind != column.kind and (base.kind, column.kind) != ("timestamp_tz", "timestamp_ltz")):
        return column
    return replace(base, name=column.name)


def wire_expression(column: Column, name: str) -> str:
    """DuckDB's SQL for what `finish` completes."""
    if column.kind == "date":
        return f"CAST({name} - DATE '1970-01-01' AS VARCHAR)"
    if column.kind == "binary":
        return f"hex({name})"
    if column.kind == "timestamp_ntz":
        return f"epoch_ns({name})"
    if column.kind.startswith("timestamp"):
        return f"epoch_us({name}) * 1000"
    if column.kind == "time":
        return f"epoch_us({name}) * 1000"
    if column.kind in ("array", "object"):
        return f"CAST(to_json({name}) AS VARCHAR)"
    return f"CAST({name} AS VARCHAR)"


def seconds(nanoseconds: int) -> str:
    whole, fraction = divmod(abs(nanoseconds), 1_000_000_000)
    return f"{'-' if nanoseconds < 0 else ''}{whole}.{fraction:09d}"


def real(value: str) -> str:
    return {"nan": "NaN", "inf": "inf", "-inf": "-inf"}.get(value, value.removesuffix(".0"))


def finish(column: Column) -> Callable[[Any], str] | None:
    """What Python still does to a value that is not NULL."""
    if column.kind == "timestamp_tz":
        return lambda value: f"{seconds(value)} 1440"
    if column.kind.startswith("time"):
        return seconds
    return real if column.kind == "real" else None


def encode(columns: list[Column], rows: list[tuple[Any, ...]]) -> list[list[Cell]]:
    steps = [(index, step) for index, column in enumerate(columns) if (step := finish(column))]
    encoded = [list(row) for row in rows]
    for index, step in steps:
        for row in encoded:
            if row[index] is not None:
                row[index] = step(row[index])
    return encoded
