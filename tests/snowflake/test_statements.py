"""Every statement that the Snowflake adapter sends is Snowflake's SQL to a parser that is not ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlglot

GOLDEN = Path(__file__).resolve().parents[2] / "contracts/goldens/snowflake/statements.json"
STATEMENTS = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_one_query_of_the_dialect(name: str) -> None:
    statement = STATEMENTS[name]
    parsed = sqlglot.parse(statement["sql"], read="snowflake", error_level=sqlglot.ErrorLevel.RAISE)
    assert len(parsed) == 1
    query = parsed[0]
    assert isinstance(query, sqlglot.exp.Query), "reads, and does nothing else"
    assert len(list(query.find_all(sqlglot.exp.Placeholder))) == len(statement["bindings"])
    tables = {table.name for table in query.find_all(sqlglot.exp.Table)}
    assert tables <= {"FCT_SALES", "W", "R"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_survives_being_written_again(name: str) -> None:
    query = sqlglot.parse_one(STATEMENTS[name]["sql"], read="snowflake")
    again = sqlglot.parse_one(query.sql(dialect="snowflake"), read="snowflake")
    assert again == query


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_has_no_parse_left_to_guess(name: str) -> None:
    query = sqlglot.parse_one(STATEMENTS[name]["sql"], read="snowflake")
    assert not list(query.find_all(sqlglot.exp.Command))
