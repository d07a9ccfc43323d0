"""The simulator against others: an independent client, its own fake, and the shapes that Snowflake documents."""

from __future__ import annotations

import datetime
import json
import ssl
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from snowflake_sql_api import SnowflakeClient
from snowflake_sql_api.exceptions import SnowflakeProgrammingError
from snowflake_sql_api.retry import RetryPolicy
from snowflake_sql_api.testing import FakeSnowflake, make_client
from snowflake_sql_api.types import ColumnMeta, coerce_value

from snowflake_peer import Simulator

GOLDENS = Path(__file__).resolve().parents[2] / "contracts" / "goldens" / "snowflake" / "answers"
# Forms that Snowflake documents and the simulator does not answer in.
DECODERS_ALONE = {
    GOLDENS / f"{name}.json"
    for name in (
        "cancelled_code_zero",
        "failure_compilation_with_url",
        "failure_of_a_batch",
        "poll_success_without_data",
        "result_every_type",
        "result_upper_case_types",
        "too_many_requests",
    )
}


@pytest.fixture
def client(simulator: Simulator) -> Iterator[SnowflakeClient]:
    context = ssl.create_default_context(cafile=simulator.ca_file)
    with (
        httpx.Client(verify=context, timeout=20) as http,
        SnowflakeClient(
            "testorg-testaccount",
            "revops",
            private_key=simulator.key.private_pem,
            host=f"localhost:{simulator.port}",
            parameters={"QUERY_TAG": "revops/independent"},
            http_client=http,
            poll_interval=0.0,
            retry_policy=RetryPolicy(base_backoff=0.01),
        ) as connected,
    ):
        yield connected


def test_rows_over_several_partitions(simulator: Simulator, client: SnowflakeClient) -> None:
    simulator.control("settings", {"rows_per_partition": 7})
    simulator.load(30)
    rows = client.query("SELECT * FROM FCT_SALES ORDER BY SALE_ID")
    assert [row["SALE_ID"] for row in rows] == list(range(1, 31))
    assert rows[0] == {
        "SALE_ID": 1,
        "PRODUCT": "Sage HR",
        "REGION": "South",
        "AMOUNT": Decimal("1.25"),
        "STAGE": "Proposal",
        "CUSTOMER_NAME": "Customer 1",
        "SALE_DATE": datetime.date(2026, 1, 2),
        "STATUS": "Open",
    }
    assert simulator.violations() == []


def test_bindings_of_every_python_type(client: SnowflakeClient) -> None:
    values = [
        1,
        10**37,
        Decimal("1.50"),
        -2.5,
        True,
        "Zoë ☃",
        b"\x00\xff",
        datetime.date(1969, 12, 31),
        datetime.time(23, 1, 59, 123456),
        datetime.datetime(1969, 12, 31, 23, 59, 59, 500000),
    ]
    marks = ", ".join(f"? AS C{n}" for n in range(len(values)))
    assert list((client.query_one(f"SELECT {marks}", values) or {}).values()) == values


def test_errors_polling_and_retries(simulator: Simulator, client: SnowflakeClient) -> None:
    with pytest.raises(SnowflakeProgrammingError) as caught:
        client.query("SELECT NOPE FROM FCT_SALES")
    assert (caught.value.code, caught.value.sql_state) == ("000904", "42000")
    simulator.control("settings", {"answer_202": 3})
    assert client.query_scalar("SELECT 7 AS X") == 7
    simulator.control("settings", {"answer_202": 0})
    simulator.rule({"lose_answer": True}, operation="submit")
    simulator.rule({"status": 503}, operation="submit")
    assert client.query_scalar("SELECT 8 AS X") == 8
    assert [each["statement"] for each in simulator.control("log")["statements"]].count("SELECT 8 AS X") == 1
    assert simulator.violations() == []


def test_asynchronous_submission(simulator: Simulator, client: SnowflakeClient) -> None:
    simulator.control("settings", {"answer_202": 2})
    handle = client.submit("SELECT 9 AS X")
    assert handle.result() == [{"X": 9}]
    simulator.control("settings", {"run_seconds": 30})
    running = client.submit("SELECT 10 AS X")
    running.cancel()
    with pytest.raises(SnowflakeProgrammingError):
        running.status()


def test_where_the_independent_client_differs(simulator: Simulator, client: SnowflakeClient) -> None:
    """It binds NULL as a null value, and asks status, partitions and cancel without requestId."""
    with pytest.raises(Exception, match="must be strings"):
        client.query("SELECT ? AS X", [None])
    client.submit("SELECT 1 AS X").result()
    polls = [entry for entry in simulator.control("log")["requests"] if entry["operation"] == "poll"]
    assert [entry["query"] for entry in polls] == [{}]


ENCODED: list[tuple[str, Any, str]] = [
    ("fixed", 12345678901234567890, "12345678901234567890"),
    ("fixed", Decimal("-0.05"), "-0.05"),
    ("real", 1.5, "1.5"),
    ("real", 1e300, "1e+300"),
    ("text", "Zoë", "Zoë"),
    ("boolean", True, "true"),
    ("date", datetime.date(2020, 1, 1), "18262"),
    ("date", datetime.date(1969, 12, 31), "-1"),
    ("time", datetime.time(23, 1, 59), "82919.000000000"),
    ("timestamp_ntz", datetime.datetime(2024, 3, 1, 12, 34, 56, 789000), "1709296496.789000000"),
    ("timestamp_ntz", datetime.datetime(1969, 12, 31, 23, 59, 59, 500000), "-0.500000000"),
]


@pytest.mark.parametrize(("kind", "value", "wire"), ENCODED)
def test_encodings_against_the_fake(simulator: Simulator, kind: str, value: Any, wire: str) -> None:
    """The fake writes six decimals or none, Snowflake nine; both are the same value to the client's decoder."""
    fake = FakeSnowflake().register("SELECT X", [{"X": value}])
    with make_client(fake) as unreal:
        assert unreal.query_scalar("SELECT X") == value
    reply = (
        httpx.Client(transport=fake.transport)
        .post("https://x/api/v2/statements", json={"statement": "SELECT X"})
        .json()
    )
    types = {
        "fixed": f"NUMBER(38,{-value.as_tuple().exponent if isinstance(value, Decimal) else 0})",
        "real": "FLOAT",
        "text": "VARCHAR",
    }
    statement = f"SELECT CAST('{value}' AS {types.get(kind, kind.upper())}) AS X"
    document = simulator.submit(statement).document
    ours, theirs = document["resultSetMetaData"]["rowType"][0], reply["resultSetMetaData"]["rowType"][0]
    assert (ours["type"], ours["scale"] or 0) == (theirs["type"], theirs.get("scale") or ours["scale"] or 0)
    assert document["data"] == [[wire]]
    column = ColumnMeta.from_row_type(ours)
    assert coerce_value(wire, column) == coerce_value(reply["data"][0][0], column) == value


def shape(value: Any) -> Any:
    """Members and the kinds of their values; of a list, what its entries have."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def missing(golden: Any, answer: Any, path: str = "") -> list[str]:
    """Where an answer lacks a member that Snowflake documents, or has another kind of value."""
    if isinstance(golden, dict):
        if not isinstance(answer, dict):
            return [path]
        return [line for name, each in golden.items() for line in missing(each, answer.get(name), f"{path}.{name}")]
    if isinstance(golden, list):
        if not isinstance(answer, list):
            return [path]
        return missing(golden[0], answer[0], f"{path}[]") if golden and answer else []
    return [] if golden == answer or "NoneType" in (golden, answer) else [f"{path}: {golden} {answer}"]


def produce(simulator: Simulator, name: str) -> Any:
    """The answer of the simulator to what the golden of that name answers."""
    tag = {"QUERY_TAG": "x"}
    match name:
        case "result_one_partition":
            return simulator.submit("SELECT 'test' AS A, 2 AS B")
        case "result_two_partitions":
            simulator.control("settings", {"rows_per_partition": 6})
            simulator.load(10)
            return simulator.submit("SELECT SALE_ID, REGION FROM FCT_SALES")
        case "partition_data":
            handle = produce(simulator, "result_two_partitions").document["statementHandle"]
            return simulator.fetch(handle, 1)
        case "result_of_a_batch":
            return simulator.submit("SELECT 1; SELECT 2", parameters=tag | {"MULTI_STATEMENT_COUNT": "2"})
        case "status_ddl":
            simulator.control("users", {"name": "REVOPS", "roles": ["ACCOUNTADMIN"]})
            return simulator.submit("CREATE ROLE ANALYST", role="ACCOUNTADMIN")
        case "running":
            simulator.control("settings", {"answer_202": 1})
            return simulator.submit("SELECT 1")
        case "timed_out":
            simulator.control("settings", {"run_seconds": 9})
            return simulator.submit("SELECT 1", timeout=1)
        case "failure_invalid_identifier":
            return simulator.submit("select AFAF from FCT_SALES")
        case "failure_binding":
            return simulator.submit("SELECT ?", bindings={"1": {"type": "FIXED", "value": "teststring"}})
        case "failure_statement_count":
            return simulator.submit("SELECT 1; SELECT 2; SELECT 3")
        case "cancelled" | "cancel_not_found":
            simulator.control("settings", {"run_seconds": 9, "synchronous_seconds": 0})
            handle = simulator.submit("SELECT 1").document["statementHandle"]
            first = simulator.cancel(handle)
            return first if name == "cancelled" else simulator.cancel(handle)
        case "bad_payload":
            return simulator.ask("POST", "/api/v2/statements", b"{")
        case "invalid_oauth_token":
            return simulator.submit("SELECT 1", headers={"X-Snowflake-Authorization-Token-Type": "OAUTH"})
        case "invalid_jwt":
            return simulator.submit("SELECT 1", headers={"Authorization": "Bearer a.b.c"})
        case "method_not_allowed":
            return simulator.ask("PUT", "/api/v2/statements")
        case "too_large":
            simulator.rule({"code_391908": True})
            return simulator.submit("SELECT 1")
        case "rate_exceeded":
            simulator.rule({"status": 429})
            return simulator.submit("SELECT 1")
    raise AssertionError(f"no request is known for {name}")


def test_a_decoder_reads_every_type_of_the_golden() -> None:
    body = json.loads((GOLDENS / "result_every_type.json").read_text(encoding="utf-8"))["body"]
    columns = [ColumnMeta.from_row_type(row) for row in body["resultSetMetaData"]["rowType"]]
    assert {column.type for column in columns} >= {"fixed", "real", "text", "timestamp_tz", "variant"}
    first, _, nulls = (
        [coerce_value(cell, column) for cell, column in zip(row, columns, strict=True)] for row in body["data"]
    )
    assert first[:3] == [-7, 12345678901234567890123456789012345678, Decimal("-0.05")]
    assert nulls == [None] * len(columns)


@pytest.mark.parametrize("path", sorted(set(GOLDENS.glob("*.json")) - DECODERS_ALONE), ids=lambda path: path.stem)
def test_answers_have_what_is_documented(simulator: Simulator, path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    answer = produce(simulator, path.stem)
    assert answer.status == golden["status"]
    if golden["body"] is None:
        assert answer.body == b""
        return
    assert missing(shape(golden["body"]), shape(answer.document)) == []
    if "code" in golden["body"]:
        assert answer.code == golden["body"]["code"]
    for name, value in golden.get("headers", {}).items():
        assert answer.headers[name.lower()] == value
