"""The golden of cells is what the fake of today writes, and an independent decoder reads what we say is in them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import pytest
from snowflake_sql_api.types import ColumnMeta, coerce_value

from make_fake_golden import GOLDEN, make_golden

CELLS = json.loads(GOLDEN.read_text(encoding="utf-8"))["cells"]


def test_the_golden_is_up_to_date() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == make_golden(), "python tests/snowflake/make_fake_golden.py"
    assert version("snowflake-sql-api") in make_golden().partition('\n  "cells"')[0]


def canonical(value: Any) -> str | None:
    match value:
        case None:
            return None
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    return str(value)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell['type']}-{cell['value']!a}")
def test_an_independent_decoder_reads_the_value(cell: dict[str, Any]) -> None:
    column = ColumnMeta.from_row_type({"name": "X", "type": cell["type"], "scale": cell["scale"]})
    assert canonical(coerce_value(cell["text"], column)) == cell["value"]
