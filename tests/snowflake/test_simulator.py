"""What the simulator demands of a request and how it answers, by plain HTTP."""

from __future__ import annotations

import json
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from snowflake_peer import PATH, Simulator

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
ONE = "SELECT 1 AS X"
RUNNING = {"run_seconds": 30}


def text(value: str) -> dict[str, str]:
    return {"type": "TEXT", "value": value}


# Requests -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"User-Agent": "curl"}, 400),
        ({"Accept": "text/html"}, 400),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": None}, 415),
        ({"Authorization": None}, 401),
        ({"Authorization": "Basic dTpw"}, 401),
        ({"X-Snowflake-Authorization-Token-Type": "PASSWORD"}, 401),
        ({"Accept": "*/*"}, 200),
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"X-Snowflake-Authorization-Token-Type": None}, 200),
    ],
)
def test_headers(simulator: Simulator, headers: dict[str, str | None], status: int) -> None:
    assert simulator.submit(ONE, headers=headers).status == status
    assert ("token_type_missing" in simulator.violations()) == (
        headers == {"X-Snowflake-Authorization-Token-Type": None}
    )


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/api/v2/statement", 404),
        ("GET", "/", 404),
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("POST", f"{PATH}/{uuid.UUID(int=1)}", 405),
        ("GET", f"{PATH}/{uuid.UUID(int=1)}/cancel", 405),
    ],
)
def test_wrong_endpoints(simulator: Simulator, method: str, target: str, status: int) -> None:
    answer = simulator.ask(method, target, headers={"Content-Type": None})
    assert answer.status == status
    if status == 405:
        assert (answer.body, answer.headers["content-length"]) == (b"", "0")


@pytest.mark.parametrize(
    ("query", "status", "violation"),
    [
        ("", 200, "request_id_missing"),
        ("requestId=1", 400, "refused_request"),
        (f"requestId={uuid.UUID(int=2).hex}", 400, "refused_request"),
        (f"requestId={uuid.UUID(int=3)}&async=yes", 400, "refused_request"),
        (f"requestId={uuid.UUID(int=4)}&partition=1", 200, "unknown_query_parameter"),
        (f"requestId={uuid.UUID(int=5)}&nullable=false", 200, "nullable_false"),
        (f"requestId={uuid.UUID(int=6)}&requestId={uuid.UUID(int=7)}", 400, "refused_request"),
    ],
)
def test_query_parameters(simulator: Simulator, query: str, status: int, violation: str) -> None:
    assert simulator.submit(ONE, query).status == status
    assert simulator.violations() == [violation]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"{}",
        b'{"statement": 1}',
        b'{"statement": " "}',
        b'{"statement": "SELECT 1", "statement": "SELECT 2"}',
        b'{"statement": "SELECT 1", "stmt": 1}',
        b'{"statement": "SELECT 1", "timeout": "5"}',
        b'{"statement": "SELECT 1", "timeout": -1}',
        b'{"statement": "SELECT 1", "timeout": 604801}',
        b'{"statement": "SELECT 1", "role": ""}',
        b'{"statement": "SELECT 1", "parameters": []}',
        b'{"statement": "SELECT 1", "parameters": {"AUTOCOMMIT": "false"}}',
        b'{"statement": "SELECT 1", "parameters": {"QUERY_TAG": 1}}',
        b'{"statement": "SELECT 1", "parameters": {"MULTI_STATEMENT_COUNT": "-1"}}',
        b'{"statement": "SELECT ?", "bindings": [1]}',
        b'{"statement": "SELECT ?", "bindings": {"0": {"type": "FIXED", "value": "1"}}}',
        b'{"statement": "SELECT ?", "bindings": {"1": {"type": "FIXED", "value": 1}}}',
        b'{"statement": "SELECT ?", "bindings": {"1": {"type": "TEXT", "value": null}}}',
        b'{"statement": "SELECT ?", "bindings": {"1": {"type": "TEXT"}}}',
    ],
)
def test_bodies_that_are_no_payload(simulator: Simulator, body: bytes) -> None:
    answer = simulator.ask("POST", f"{PATH}?requestId={uuid.uuid4()}", body)
    assert (answer.status, answer.code) == (400, "390142")


def test_parameters(simulator: Simulator) -> None:
    assert simulator.submit(ONE, parameters={"query_tag": "x", "TIMEZONE": "UTC"}).status == 200
    assert simulator.violations() == []
    simulator.submit(ONE, parameters={"DATE_OUTPUT_FORMAT": "YYYY"})
    assert simulator.violations() == ["output_format", "query_tag_missing"]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("FIXED", "123", ["123"]),
        ("FIXED", "12345678901234567890123456789012345678", ["12345678901234567890123456789012345678"]),
        ("FIXED", "-1.50", ["-1.50"]),
        ("REAL", "1e300", ["1e+300"]),
        ("REAL", "2", ["2"]),
        ("TEXT", "Zoë's \"\0 ☃", ["Zoë's \"\0 ☃"]),
        ("BOOLEAN", "true", ["true"]),
        ("BINARY", "00ff", ["00FF"]),
        ("DATE", "-86400000", ["-1"]),
        ("TIME", "82919123456000", ["82919.123456000"]),
        ("TIMESTAMP_NTZ", "-500000000", ["-0.500000000"]),
        ("TIMESTAMP_LTZ", "1616173619000000000", ["1616173619.000000000"]),
    ],
)
def test_bindings(simulator: Simulator, kind: str, value: str, shown: list[str]) -> None:
    assert simulator.rows("SELECT ?", value, kind=kind) == [shown]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("FIXED", "1,5", "100037"),
        ("FIXED", "", "100037"),
        ("fixed", "1", "100037"),
        ("VARCHAR", "1", "100037"),
        ("BOOLEAN", "1", "100037"),
        ("BINARY", "abc", "100037"),
        ("DATE", "2026-01-01", "100037"),
        ("DATE", "1000", "100037"),
        ("TIME", "86400000000000", "100037"),
        ("TIMESTAMP_TZ", "1616173619000000000", "100037"),
    ],
)
def test_bad_bindings(simulator: Simulator, kind: str, value: str, code: str) -> None:
    answer = simulator.submit("SELECT ?", bindings={"1": {"type": kind, "value": value}})
    assert (answer.status, answer.code, answer.document["sqlState"]) == (422, code, "22018")


@pytest.mark.parametrize("bindings", [{}, {"2": text("a")}, {"1": text("a"), "3": text("b")}])
def test_every_placeholder_needs_its_binding(simulator: Simulator, bindings: dict[str, Any]) -> None:
    assert simulator.submit("SELECT ?, ?", bindings=bindings).code == "002049"


def test_placeholders_keep_the_order_of_the_text(simulator: Simulator) -> None:
    simulator.load(3)
    statement = (
        "SELECT CASE SALE_ID WHEN ? THEN ? ELSE ? END AS X FROM FCT_SALES WHERE SALE_DATE >= TO_DATE(?, 'YYYY-MM-DD') "
        "ORDER BY SALE_ID LIMIT 2"
    )
    assert simulator.rows(statement, "1", "one", "other", "2026-01-01") == [["one"], ["other"]]


# Statements ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "code", "state"),
    [
        ("SELEC 1", "001003", "42000"),
        ("SELECT 1 FROM", "001003", "42000"),
        ("SELECT * FROM NOPE", "002003", "42S02"),
        ("SELECT NOPE FROM FCT_SALES", "000904", "42000"),
        ('SELECT "product" FROM FCT_SALES', "000904", "42000"),
        ("SELECT FCT_SALES.NOPE FROM FCT_SALES", "000904", "42000"),
        ("SELECT STRFTIME(SALE_DATE, '%Y') FROM FCT_SALES", "002140", "42601"),
        ("SELECT PRODUCT, COUNT(*) FROM FCT_SALES", "000979", "42601"),
        ("SELECT TO_DATE('yesterday')", "100040", "22007"),
        ("SELECT COLLATE(PRODUCT, 'xx') FROM FCT_SALES", "002195", "42601"),
        ("SELECT 1; SELECT 2", "000008", "0A000"),
        ("BEGIN", "391911", "0A000"),
        ("COMMIT", "391911", "0A000"),
        ("USE ROLE PUBLIC", "391911", "0A000"),
        ("ALTER SESSION SET TIMEZONE = 'UTC'", "391911", "0A000"),
        ("SET X = 1", "391911", "0A000"),
        ("PUT file:///tmp/x @s", "391911", "0A000"),
        ("CREATE TEMPORARY TABLE T (X INT)", "391911", "0A000"),
        ("INSERT INTO FCT_SALES (SALE_ID) VALUES (1)", "003001", "42501"),
        ("SELECT 1 FROM FCT_SALES AT(TIMESTAMP => '2020-01-01 00:00:00 +0000'::TIMESTAMP_TZ)", "000707", "02000"),
    ],
)
def test_refused_statements(simulator: Simulator, statement: str, code: str, state: str) -> None:
    answer = simulator.submit(statement)
    assert (answer.status, answer.code, answer.document["sqlState"]) == (422, code, state)
    assert uuid.UUID(answer.document["statementHandle"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"role": "NOBODY"}, "390189"),
        ({"role": "ACCOUNTADMIN"}, "390186"),
        ({"role": "revops_reader"}, "390189"),
        ({"warehouse": "revops_wh"}, "000606"),
        ({"database": "revops"}, "090105"),
        ({"schema": "public"}, "090106"),
        ({"role": "PUBLIC"}, "090105"),
    ],
)
def test_names_in_the_body_are_exact(simulator: Simulator, changed: dict[str, str], code: str) -> None:
    assert simulator.submit("SELECT COUNT(*) FROM FCT_SALES", **changed).code == code


def test_a_sleeping_warehouse_wakes_or_refuses(simulator: Simulator) -> None:
    simulator.control("warehouses", {"name": "REVOPS_WH", "suspended": True})
    assert simulator.rows("SELECT COUNT(*) FROM FCT_SALES") == [["0"]]
    assert simulator.control("state")["warehouses"]["REVOPS_WH"]["resumed"] == 1
    simulator.control("warehouses", {"name": "REVOPS_WH", "suspended": True, "auto_resume": False})
    assert simulator.submit("SELECT COUNT(*) FROM FCT_SALES").code == "000606"
    assert simulator.submit("SELECT CURRENT_TIMESTAMP()").status == 200


def test_time_travel_and_change_token(simulator: Simulator) -> None:
    token = "SELECT SYSTEM$LAST_CHANGE_COMMIT_TIME('FCT_SALES') AS CHANGE_TOKEN"
    simulator.load(10)
    first = simulator.rows(token)
    assert simulator.rows(token) == first
    then = int(first[0][0] or 0)
    simulator.control("sql", {"sql": "DELETE FROM FCT_SALES WHERE SALE_ID > 4", "dialect": "duckdb"})
    assert simulator.rows(token) > first
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(then // 10**9)) + f".{then % 10**9:09d} +0000"
    counted = "SELECT COUNT(*) FROM FCT_SALES"
    travelled = f"{counted} AT(TIMESTAMP => '{moment}'::TIMESTAMP_TZ)"
    assert (simulator.rows(counted), simulator.rows(travelled)) == ([["4"]], [["10"]])
    simulator.control("settings", {"retention_seconds": 0})
    assert simulator.submit(travelled).code == "000707"


def test_hash_agg_is_blind_to_order_but_not_to_duplicates(simulator: Simulator) -> None:
    digest = "SELECT COUNT(*), HASH_AGG(SALE_ID, REGION) FROM FCT_SALES"
    rows = [[str(n), None, "a" if n % 2 else None, *[None] * 5] for n in range(5)]

    def loaded(some: list[list[str | None]]) -> list[list[str | None]]:
        simulator.control("rows", {"rows": some, "mode": "replace"})
        return simulator.rows(digest)

    straight = loaded(rows)
    assert loaded(rows[::-1]) == straight
    assert loaded([*rows[:4], rows[3]]) != straight
    assert loaded([*rows[:4], ["4", None, "a", *[None] * 5]]) != straight
    assert -(2**63) <= int(straight[0][1] or 0) < 2**63
    assert loaded([]) == [["0", "0"]]


def test_order_is_kept_over_all_partitions(simulator: Simulator) -> None:
    simulator.load(5000)
    answer = simulator.submit("SELECT SALE_ID FROM FCT_SALES ORDER BY SALE_ID DESC").document
    rows = list(answer["data"])
    for partition in range(1, len(answer["resultSetMetaData"]["partitionInfo"])):
        rows += simulator.fetch(answer["statementHandle"], partition).document["data"]
    assert rows == [[str(n)] for n in range(5000, 0, -1)]


def test_a_window_and_its_totals_in_one_statement(simulator: Simulator) -> None:
    simulator.load(3)
    statement = (
        "WITH W AS (SELECT SALE_ID, AMOUNT, TRANSLATE(TRIM(REGION, CHR(9) || CHR(32) || CHR(160)), "
        "'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') AS R FROM FCT_SALES WHERE SALE_DATE IS NOT NULL) "
        "SELECT 'row' AS K, SALE_ID, R, AMOUNT::NUMBER(38,2) AS A FROM "
        "(SELECT * FROM W ORDER BY COLLATE(R, 'utf8') LIMIT 2) "
        "UNION ALL SELECT 'sum', CAST(NULL AS NUMBER(38,0)), CAST(NULL AS VARCHAR), SUM(AMOUNT) FROM W GROUP BY 1 "
        "ORDER BY 1, 2 NULLS LAST"
    )
    expected = [["row", "1", "SOUTH", "1.25"], ["row", "2", "EAST", "2.25"], ["sum", None, None, "6.75"]]
    assert simulator.rows(statement) == expected


def test_set_up_from_an_empty_account(simulator: Simulator) -> None:
    simulator.control("reset", {"empty": True})
    simulator.control("users", {"name": "ADMIN", "rsa_public_key": simulator.key.public_pem})
    admin = {"headers": {"Authorization": f"Bearer {simulator.key.token(user='ADMIN')}"}, "role": "ACCOUNTADMIN"}
    key = "".join(simulator.key.public_pem.splitlines()[1:-1])
    for statement in (
        "CREATE DATABASE IF NOT EXISTS REVOPS",
        "CREATE SCHEMA IF NOT EXISTS REVOPS.SALES",
        "CREATE RESOURCE MONITOR IF NOT EXISTS REVOPS_MONITOR WITH CREDIT_QUOTA = 5 TRIGGERS ON 100 PERCENT DO SUSPEND",
        "CREATE WAREHOUSE IF NOT EXISTS W WITH WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE",
        "ALTER WAREHOUSE W SET RESOURCE_MONITOR = REVOPS_MONITOR STATEMENT_TIMEOUT_IN_SECONDS = 600",
        "CREATE ROLE IF NOT EXISTS READER",
        "GRANT USAGE ON DATABASE REVOPS TO ROLE READER",
        "GRANT USAGE ON SCHEMA REVOPS.SALES TO ROLE READER",
        "GRANT USAGE ON WAREHOUSE W TO ROLE READER",
        "GRANT SELECT ON FUTURE TABLES IN SCHEMA REVOPS.SALES TO ROLE READER",
        f"CREATE USER IF NOT EXISTS SERVICE TYPE = SERVICE DEFAULT_ROLE = READER RSA_PUBLIC_KEY = '{key}'",
        "GRANT ROLE READER TO USER SERVICE",
    ):
        answer = simulator.submit(statement, **admin)
        assert answer.status == 200, (statement, answer.document)
    place = {"database": "REVOPS", "schema": "SALES", "warehouse": "W"}
    for _ in range(2):
        assert simulator.submit((CONTRACTS / "fct_sales.sql").read_text("utf-8"), **admin, **place).status == 200
    sample = (CONTRACTS / "sample_sales.sql").read_text("utf-8")
    assert simulator.submit(sample, **admin, **place).document["stats"]["numRowsInserted"] == 8
    service = {"headers": {"Authorization": f"Bearer {simulator.key.token(user='SERVICE')}"}, **place}
    assert simulator.submit("SELECT SUM(AMOUNT) FROM FCT_SALES", **service).document["data"] == [["490000.00"]]
    assert simulator.submit("DROP TABLE FCT_SALES", **service).code == "003001"
    assert simulator.submit("CREATE DATABASE REVOPS", **admin).code == "002002"
    assert simulator.submit("EXPLODE DATABASE REVOPS", **admin).code == "001003"


def test_many_statements_in_one_request(simulator: Simulator) -> None:
    several = "USE SCHEMA PUBLIC; SELECT 1 AS A; SELECT COUNT(*) FROM FCT_SALES"
    document = simulator.submit(several, parameters={"QUERY_TAG": "x", "MULTI_STATEMENT_COUNT": "3"}).document
    assert document["data"] == [["Multiple statements executed successfully."]]
    assert simulator.fetch(document["statementHandles"][1]).document["data"] == [["1"]]
    wrong = {"QUERY_TAG": "x", "MULTI_STATEMENT_COUNT": "2"}
    assert simulator.submit(several, parameters=wrong).code == "000008"
    failing = {"QUERY_TAG": "x", "MULTI_STATEMENT_COUNT": "0"}
    assert simulator.submit("SELECT 1; SELECT NOPE FROM FCT_SALES", parameters=failing).code == "100132"
    assert simulator.submit("SELECT ?; SELECT 1", parameters=failing, bindings={"1": text("a")}).code == "000009"


# The life of a statement --------------------------------------------------------------------------------------


def test_202_before_200(simulator: Simulator) -> None:
    simulator.control("settings", {"answer_202": 3})
    first = simulator.submit(ONE)
    assert (first.status, first.code) == (202, "333334")
    url = first.document["statementStatusUrl"]
    statuses = [simulator.ask("GET", url, headers={"Content-Type": None}).status for _ in range(3)]
    assert statuses == [202, 202, 200]


def test_async_is_always_202_first(simulator: Simulator) -> None:
    answer = simulator.submit(ONE, f"requestId={uuid.uuid4()}&async=true")
    handle = answer.document["statementHandle"]
    assert answer.status in (200, 202)
    assert simulator.fetch(handle).document["data"] == [["1"]]


def test_cancel_ends_a_running_statement(simulator: Simulator) -> None:
    simulator.control("settings", RUNNING)
    handle = simulator.submit(ONE, f"requestId={uuid.uuid4()}&async=true").document["statementHandle"]
    assert simulator.fetch(handle).status == 202
    cancelled = simulator.cancel(handle)
    assert (cancelled.status, cancelled.code, cancelled.document["sqlState"]) == (200, "000604", "57014")
    assert (simulator.fetch(handle).status, simulator.fetch(handle).code) == (422, "000604")
    again = simulator.cancel(handle)
    assert (again.status, again.code, again.document["sqlState"]) == (422, "000709", "02000")
    [statement] = simulator.control("log")["statements"]
    assert [entry["state"] for entry in statement["history"]] == ["queued", "running", "cancelled"]


def test_408_when_the_timeout_of_the_statement_passes(simulator: Simulator) -> None:
    simulator.control("settings", RUNNING)
    answer = simulator.submit(ONE, timeout=1)
    assert (answer.status, answer.document["sqlState"]) == (408, "57014")
    assert answer.document["statementStatusUrl"].endswith(answer.document["statementHandle"])
    assert simulator.fetch(answer.document["statementHandle"]).status == 408


def test_a_request_id_is_executed_once(simulator: Simulator) -> None:
    query = f"requestId={uuid.uuid4()}"
    first = simulator.submit(ONE, query).document["statementHandle"]
    assert simulator.submit(ONE, f"{query}&retry=true").document["statementHandle"] == first
    assert simulator.violations() == []
    assert simulator.submit(ONE, query).document["statementHandle"] != first
    assert simulator.violations() == ["retry_without_flag"]
    assert simulator.submit("SELECT 2", f"{query}&retry=true").status == 400
    assert "request_id_other_body" in simulator.violations()


def test_a_question_is_not_asked_anew_while_its_fate_is_unknown(simulator: Simulator) -> None:
    simulator.rule({"status": 503}, operation="submit")
    query = f"requestId={uuid.uuid4()}"
    assert simulator.submit(ONE, query).status == 503
    assert simulator.submit(ONE, f"{query}&retry=true").status == 200
    assert simulator.submit(ONE).status == 200
    assert simulator.violations() == []
    simulator.rule({"status": 429}, operation="submit")
    assert simulator.submit(ONE).code == "390701"
    assert simulator.submit(ONE).status == 200
    assert simulator.violations() == ["new_request_id"]


def test_the_same_question_twice_at_once_is_noticed(simulator: Simulator) -> None:
    simulator.control("settings", RUNNING | {"synchronous_seconds": 0})
    for _ in range(2):
        assert simulator.submit(ONE).status == 202
    assert simulator.violations() == ["same_question_twice"]
    assert list(simulator.control("log")["most_at_once"].values()) == [2]
    simulator.control("cancel_all", {})


def test_partitions(simulator: Simulator) -> None:
    simulator.control("settings", {"rows_per_partition": 4})
    simulator.load(10)
    answer = simulator.submit("SELECT SALE_ID, AMOUNT FROM FCT_SALES ORDER BY 1")
    document, handle = answer.document, answer.document["statementHandle"]
    info = document["resultSetMetaData"]["partitionInfo"]
    assert [part["rowCount"] for part in info] == [4, 4, 2]
    assert ["compressedSize" in part for part in info] == [False, True, True]
    assert 'rel="last"' in answer.headers["link"]
    second = simulator.fetch(handle, 1)
    assert second.headers["content-encoding"] == "gzip"
    assert second.document == {"data": [[str(n), f"{n}.25"] for n in range(5, 9)]}
    assert len(second.body) == info[1]["compressedSize"]
    assert simulator.fetch(handle).document["data"] == document["data"]
    assert simulator.violations() == []
    assert simulator.fetch(handle, 3).status == 400
    assert simulator.fetch(str(uuid.uuid4()), 1).code == "000709"
    assert {"partition_out_of_range", "unknown_handle"} <= set(simulator.violations())


def test_more_than_eight_fetches_at_once_are_noticed(simulator: Simulator) -> None:
    simulator.control("settings", {"rows_per_partition": 1})
    simulator.load(12)
    handle = simulator.submit("SELECT SALE_ID FROM FCT_SALES").document["statementHandle"]
    simulator.rule({"delay_seconds": 2}, times=0, operation="fetch")
    threads = [threading.Thread(target=simulator.fetch, args=(handle, n)) for n in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(simulator.violations()) == {"too_many_fetches"}


def test_nullable_false_hides_null(simulator: Simulator) -> None:
    answer = simulator.submit("SELECT CAST(NULL AS VARCHAR) AS X", f"requestId={uuid.uuid4()}&nullable=false")
    assert answer.document["data"] == [["null"]]
    assert simulator.rows("SELECT CAST(NULL AS VARCHAR) AS X") == [[None]]


def test_row_types(simulator: Simulator) -> None:
    document = simulator.submit("SELECT * FROM FCT_SALES LIMIT 0").document
    types = {row["name"]: row for row in document["resultSetMetaData"]["rowType"]}
    assert list(types) == "SALE_ID PRODUCT REGION AMOUNT STAGE CUSTOMER_NAME SALE_DATE STATUS".split()
    assert (types["AMOUNT"]["type"], types["AMOUNT"]["precision"], types["AMOUNT"]["scale"]) == ("fixed", 12, 2)
    assert (types["PRODUCT"]["length"], types["PRODUCT"]["byteLength"]) == (50, 200)
    assert types["SALE_DATE"] | {"name": ""} == {
        "name": "",
        "database": "REVOPS",
        "schema": "PUBLIC",
        "table": "FCT_SALES",
        "nullable": True,
        "length": None,
        "type": "date",
        "scale": None,
        "precision": None,
        "byteLength": None,
        "collation": None,
    }
    assert (document["data"], document["resultSetMetaData"]["numRows"]) == ([], 0)


def test_row_types_of_what_is_computed(simulator: Simulator) -> None:
    simulator.load(1)
    sums = "SUM(AMOUNT) AS A, SUM(AMOUNT)::NUMBER(38,2) AS B"
    statement = f"SELECT COUNT(*) AS N, {sums}, HASH_AGG(SALE_ID) AS D, 10 AS T FROM FCT_SALES"
    rows = simulator.submit(statement).document["resultSetMetaData"]["rowType"]
    shown = {row["name"]: (row["type"], row["precision"], row["scale"], row["nullable"]) for row in rows}
    assert shown == {
        "N": ("fixed", 18, 0, False),
        "A": ("fixed", 24, 2, True),
        "B": ("fixed", 38, 2, True),
        "D": ("fixed", 19, 0, False),
        "T": ("fixed", 2, 0, False),
    }


def test_history_inside_of_subqueries_and_common_tables(simulator: Simulator) -> None:
    simulator.load(5)
    moment = simulator.rows("SELECT CURRENT_TIMESTAMP() AS READ_AT")[0][0] or ""
    seconds, _, fraction = moment.partition(".")
    then = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(seconds))) + f".{fraction} +0000"
    past = f"FCT_SALES AT(TIMESTAMP => '{then}'::TIMESTAMP_TZ)"
    simulator.control("sql", {"sql": "UPDATE FCT_SALES SET REGION = NULL, AMOUNT = 0"})
    shown = "SALE_DATE AS DAY, NULLIF(TRIM(REGION), '') AS D0, COUNT(*) AS N, SUM(AMOUNT) AS A"
    inner = f"SELECT {shown} FROM {past} WHERE SALE_ID < ?"
    totals = f"SELECT D0, SUM(N), SUM(A) FROM ({inner} GROUP BY SALE_DATE, D0) GROUP BY D0 ORDER BY 1 NULLS LAST"
    expected = [["East", "1", "2.25"], ["South", "1", "1.25"], ["west", "1", "3.25"], [None, "1", "4.25"]]
    assert simulator.rows(totals, "5", kind="FIXED") == expected
    common = f"WITH P AS (SELECT * FROM {past} AS F WHERE F.REGION IS NOT NULL) SELECT COUNT(*) FROM P"
    assert simulator.rows(common) == [["4"]]
    assert simulator.rows("SELECT COUNT(REGION) FROM FCT_SALES") == [["0"]]


def test_answers_are_packed_for_who_accepts_it(simulator: Simulator) -> None:
    answer = simulator.submit(ONE, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.document["data"] == [["1"]]


def test_the_log_names_no_token(simulator: Simulator) -> None:
    simulator.submit(ONE)
    log = json.dumps(simulator.control("log"))
    assert simulator.headers["Authorization"].removeprefix("Bearer ") not in log
    [entry] = simulator.control("log")["requests"]
    assert entry["authorization"]["claims"]["sub"] == "TESTORG-TESTACCOUNT.REVOPS"
    assert (entry["status"], entry["outcome"], entry["operation"]) == (200, "answered", "submit")


def test_the_clock_can_be_wrong(simulator: Simulator) -> None:
    simulator.control("settings", {"clock_offset_seconds": -600})
    answer = simulator.submit(ONE)
    assert (answer.status, answer.code) == (401, "390144")
    simulator.control("settings", {"clock_offset_seconds": 7200})
    assert simulator.submit(ONE).code == "390144"
