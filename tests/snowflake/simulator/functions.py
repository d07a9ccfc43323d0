"""The functions of Snowflake that the simulator knows; every other name is refused, also where DuckDB has it."""

from __future__ import annotations

from sqlglot import exp

from .errors import SqlError, unknown_function

KNOWN = set(
    """
    ABS ANY_VALUE APPROX_COUNT_DISTINCT AVG CAST CEIL CHAR CHARINDEX CHR COALESCE COLLATE CONCAT CONCAT_WS CONTAINS
    COUNT COUNT_IF CURRENT_ACCOUNT CURRENT_ACCOUNT_NAME CURRENT_DATABASE CURRENT_DATE CURRENT_ORGANIZATION_NAME
    CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURRENT_VERSION CURRENT_WAREHOUSE
    DATEADD DATEDIFF DATE_FROM_PARTS DATE_PART DATE_TRUNC DAY DAYOFMONTH DECODE DENSE_RANK EQUAL_NULL EXTRACT
    FIRST_VALUE FLOOR GETDATE GREATEST HASH_AGG IFF IFNULL LAG LAST_DAY LAST_VALUE LEAD LEAST LEFT LEN LENGTH
    LISTAGG LOCALTIMESTAMP LOWER LPAD LTRIM MAX MD5 MEDIAN MIN MOD MONTH MONTHNAME NULLIF NVL NVL2 PARSE_JSON
    POSITION QUARTER RANK REGEXP_LIKE REGEXP_REPLACE REPEAT REPLACE REVERSE RIGHT ROUND ROW_NUMBER RPAD RTRIM SIGN
    SPLIT_PART SQRT STARTSWITH STDDEV SUBSTR SUBSTRING SUM SYSDATE SYSTEM$LAST_CHANGE_COMMIT_TIME TO_BINARY
    TO_BOOLEAN TO_CHAR TO_DATE TO_DECIMAL TO_DOUBLE TO_NUMBER TO_NUMERIC TO_TIME TO_TIMESTAMP TO_TIMESTAMP_LTZ
    TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_VARCHAR TO_VARIANT TRANSLATE TRIM TRUNC TRUNCATE TRY_CAST TRY_TO_DATE
    TRY_TO_NUMBER UPPER WEEK YEAR ZEROIFNULL
    """.split()
)
_MODULUS = 2**64


def check_functions(tree: exp.Expression, statement: str) -> None:
    """Raises SqlError 002140 for the first function that Snowflake has not, or the simulator not."""
    for node in tree.find_all(exp.Func):
        if "start" in node.meta:
            name = statement[node.meta["start"] : node.meta["end"] + 1].upper()
        elif isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
            name = node.name.upper()
        else:
            continue
        if name not in KNOWN:
            raise unknown_function(name)


def _sum_of_hashes(values: list[exp.Expression]) -> exp.Expression:
    """Blind to order, not to duplicates; NULL has a hash. Signed 64 bits as NUMBER(19,0)."""
    hashed = exp.cast(exp.Anonymous(this="HASH", expressions=values), "HUGEINT", dialect="duckdb")
    modulus = exp.Literal.number(_MODULUS)
    remainder = exp.Mod(this=exp.paren(exp.Sum(this=hashed)), expression=modulus)
    remainder = exp.Coalesce(this=remainder, expressions=[exp.Literal.number(0)])
    signed = exp.Case(
        ifs=[
            exp.If(
                this=exp.GTE(this=remainder.copy(), expression=exp.Literal.number(2**63)),
                true=exp.Sub(this=remainder.copy(), expression=modulus.copy()),
            )
        ],
        default=remainder,
    )
    return exp.cast(signed, "DECIMAL(19,0)", dialect="duckdb")


def _hash_agg(node: exp.Expression) -> exp.Expression:
    if not isinstance(node, exp.HashAgg):
        return node
    values = [node.this, *node.expressions]
    if any(isinstance(value, exp.Star | exp.Distinct) for value in values):
        raise SqlError("002140", "42601", "SQL compilation error:\nHASH_AGG is known over columns alone")
    return _sum_of_hashes(values)


def _collate(node: exp.Expression) -> exp.Expression:
    """DuckDB compares texts bytewise, as Snowflake does under 'utf8'; other collations are refused."""
    if not isinstance(node, exp.Collate):
        return node
    if node.expression.name.lower() not in ("utf8", ""):
        text = f"SQL compilation error:\nInvalid collation specification: {node.expression.name!r}"
        raise SqlError("002195", "42601", text)
    return _collate(node.this)


def replace_functions(tree: exp.Expression) -> exp.Expression:
    """What sqlglot does not carry over to DuckDB."""
    return tree.transform(_collate).transform(_hash_agg)
