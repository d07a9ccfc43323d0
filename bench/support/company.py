"""A large made-up FCT_SALES, computed by DuckDB from a seed: the same rows on every machine.

Twenty-four months up to NOW, 5,000 customers, 12 products, 8 regions, 4 stages and 4 statuses with the
spellings, blanks and NULLs of a real table; ids follow the date loosely, as deals close when they close.
"""

from __future__ import annotations

from pathlib import Path

from support import measure

NOW = "2026-11-22T12:00:00Z"
FIRST_DAY, DAYS = "2024-12-01", 722

# Each column draws from a hash of its own; `pick` is a number below the second argument.
ROWS = """
SELECT i + 1,
  CASE WHEN pick(i, 1000, 1) = 0 THEN NULL ELSE ['Sage Intacct', 'Sage Payroll', 'Sage HR', 'Sage 50', 'Sage 100',
    'Sage 200', 'Sage X3', 'Sage Accounting', 'Sage People', 'Sage Expense', 'Sage Active', 'Sage Network'
  ][1 + least(pick(i, 12, 2), pick(i, 12, 3))] END,
  CASE WHEN pick(i, 500, 4) = 0 THEN NULL ELSE ['North', 'South', 'East', 'West', 'Central', 'Iberia', 'Nordics',
    ' north '][1 + pick(i, 8, 5)] END,
  CASE WHEN pick(i, 200, 6) = 0 THEN NULL ELSE CAST(1000 + pick(i, 25000000, 7) / 100.0 AS DECIMAL(12,2)) END,
  CASE WHEN pick(i, 400, 8) = 0 THEN NULL ELSE ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'
  ][1 + pick(i, 4, 9)] END,
  'Customer ' || lpad(CAST(pick(i, 5000, 10) AS VARCHAR), 4, '0') || ' ' || ['Ltd', 'GmbH', 'Inc', 'SARL'
  ][1 + pick(i, 5000, 10) % 4],
  CASE WHEN pick(i, 2000, 11) = 0 THEN NULL ELSE DATE '{first}'
    + CAST(greatest(0, least({days} - 1, (i * {days}) // {rows} + pick(i, 61, 12) - 30)) AS INTEGER) END,
  ['Open', 'Closed', 'Won', 'Lost'][1 + pick(i, 4, 13)]
FROM range({rows}) AS numbers(i)
"""


def statements(rows: int, seed: int = 1) -> list[str]:
    """What fills an empty FCT_SALES."""
    return [
        f"CREATE TEMP MACRO pick(i, n, k) AS CAST(hash(i * 64 + k + {seed} * 1000003) % n AS BIGINT)",
        "INSERT INTO FCT_SALES " + ROWS.format(first=FIRST_DAY, days=DAYS, rows=rows),
    ]


def make(data: Path, rows: int) -> Path:
    """A new data folder whose warehouse holds the company; returns the warehouse's file."""
    measure.program(data, "init")
    database = data / "warehouse.duckdb"
    measure.in_duckdb(database, statements(rows))
    return database
