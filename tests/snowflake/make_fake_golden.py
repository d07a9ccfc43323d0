"""Writes contracts/goldens/snowflake/fake_cells.json: cells as an independent fake of Snowflake encodes them.

    python tests/snowflake/make_fake_golden.py

Per cell the column's type and scale, the text on the wire, and the value as revops writes it: days and instants as
ISO 8601, money with two decimals. core/warehouse/snowflake/type_map_test.cc decodes the texts. The fake writes six
decimals of a second or none, Snowflake nine; our decoder takes both.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from snowflake_sql_api.testing import FakeSnowflake

GOLDEN = Path(__file__).resolve().parents[2] / "contracts/goldens/snowflake/fake_cells.json"
Value = int | Decimal | date | datetime | str | None

# Type, scale and value of the column, and the canonical form that is written down by hand.
CASES: list[tuple[str, int | None, Value, str | None]] = [
    ("fixed", 0, 0, "0"),
    ("fixed", 0, 42, "42"),
    ("fixed", 0, -1, "-1"),
    ("fixed", 0, 2**63, "9223372036854775808"),
    ("fixed", 0, 10**38 - 1, "9" * 38),
    ("fixed", 0, 1 - 10**38, "-" + "9" * 38),
    ("fixed", 0, None, None),
    ("fixed", 2, Decimal("0.00"), "0.00"),
    ("fixed", 2, Decimal("0.05"), "0.05"),
    ("fixed", 2, Decimal("-0.05"), "-0.05"),
    ("fixed", 2, Decimal("150000.00"), "150000.00"),
    ("fixed", 2, Decimal("9999999999.99"), "9999999999.99"),
    ("fixed", 2, Decimal("-9999999999.99"), "-9999999999.99"),
    ("fixed", 2, Decimal("90071992547409.93"), "90071992547409.93"),
    ("fixed", 2, None, None),
    ("date", None, date(1970, 1, 1), "1970-01-01"),
    ("date", None, date(1969, 12, 31), "1969-12-31"),
    ("date", None, date(2000, 2, 29), "2000-02-29"),
    ("date", None, date(2026, 11, 22), "2026-11-22"),
    ("date", None, date(1, 1, 1), "0001-01-01"),
    ("date", None, date(9999, 12, 31), "9999-12-31"),
    ("date", None, None, None),
    ("text", None, "", ""),
    ("text", None, " North ", " North "),
    ("text", None, "NULL", "NULL"),
    ("text", None, "007", "007"),
    ("text", None, "tab\tline\nquote\"back\\slash'", "tab\tline\nquote\"back\\slash'"),
    ("text", None, "Zoë & Söhne ☃ 🙂", "Zoë & Söhne ☃ 🙂"),
    ("text", None, None, None),
    ("timestamp_ltz", 9, datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01T00:00:00.000Z"),
    ("timestamp_ltz", 9, datetime(2026, 11, 22, 2, tzinfo=UTC), "2026-11-22T02:00:00.000Z"),
    ("timestamp_ltz", 9, datetime(2024, 3, 1, 12, 34, 56, 789000, UTC), "2024-03-01T12:34:56.789Z"),
    ("timestamp_ltz", 9, datetime(2026, 11, 22, 2, 0, 0, 123456, UTC), "2026-11-22T02:00:00.123Z"),
    (
        "timestamp_ltz",
        9,
        datetime(2026, 11, 22, 2, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        "2026-11-21T20:30:00.000Z",
    ),
    ("timestamp_ltz", 9, datetime(9999, 12, 31, 23, 59, 59, 999000, UTC), "9999-12-31T23:59:59.999Z"),
    ("timestamp_ltz", 9, None, None),
]


def encoded(kind: str, scale: int | None, value: Value) -> tuple[dict[str, Any], str | None]:
    """The column's description and its one cell, out of the fake's answer."""
    fake = FakeSnowflake().register("SELECT X", [[value]], columns=[{"name": "X", "type": kind, "scale": scale}])
    with httpx.Client(transport=fake.transport) as client:
        answer = client.post("https://fake/api/v2/statements", json={"statement": "SELECT X"}).json()
    return answer["resultSetMetaData"]["rowType"][0], answer["data"][0][0]


def make_cell(kind: str, scale: int | None, value: Value, canonical: str | None) -> dict[str, Any]:
    column, text = encoded(kind, scale, value)
    return {"type": column["type"], "scale": column.get("scale"), "text": text, "value": canonical}


def make_golden() -> str:
    golden = {"made_by": "snowflake-sql-api 0.1.4", "cells": [make_cell(*case) for case in CASES]}
    return json.dumps(golden, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(make_golden(), encoding="utf-8")
