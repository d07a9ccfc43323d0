"""Scripted faults do what they say, on the wire and in the log."""

from __future__ import annotations

import gzip
import http.client
import json
import ssl
import uuid
import zlib
from typing import Any

import pytest

from snowflake_peer import PATH, Simulator

ONE = "SELECT 1 AS X"
ALL = "SELECT SALE_ID, REGION FROM FCT_SALES ORDER BY SALE_ID"
BROKEN = (OSError, http.client.HTTPException, EOFError, zlib.error)


@pytest.fixture
def handle(simulator: Simulator) -> str:
    """A result of three partitions: ids 1–4, 5–8, 9–10."""
    simulator.control("settings", {"rows_per_partition": 4})
    simulator.load(10)
    return simulator.submit(ALL).document["statementHandle"]


def outcomes(simulator: Simulator) -> list[str]:
    return [entry["outcome"] for entry in simulator.control("log")["requests"]]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "390142"),
        (401, "390144"),
        (403, "390422"),
        (404, "390404"),
        (415, "390142"),
        (429, "390701"),
        (500, "390000"),
    ],
)
def test_any_status_with_the_body_that_goes_with_it(simulator: Simulator, status: int, code: str) -> None:
    simulator.rule({"status": status}, operation="submit")
    answer = simulator.submit(ONE)
    assert (answer.status, answer.code) == (status, code)
    assert simulator.control("log")["statements"] == []
    assert simulator.submit("SELECT 2").status == 200


@pytest.mark.parametrize("status", [502, 503, 504, 522])
def test_gateways_answer_html(simulator: Simulator, status: int) -> None:
    simulator.rule({"status": status, "headers": {"Retry-After": "1"}})
    answer = simulator.submit(ONE)
    assert (answer.status, answer.headers["content-type"], answer.headers["retry-after"]) == (status, "text/html", "1")


def test_a_status_with_a_body_of_its_own_or_none(simulator: Simulator) -> None:
    simulator.rule({"status": 405})
    simulator.rule({"status": 429, "body": {"code": "390505", "message": "Too many requests."}})
    simulator.rule({"status": 500, "body": "out of order"})
    assert [simulator.submit(ONE, "").body for _ in range(3)] == [
        b"",
        b'{"code":"390505","message":"Too many requests."}',
        b"out of order",
    ]


def test_rules_choose_by_operation_text_partition_and_attempt(simulator: Simulator, handle: str) -> None:
    simulator.rule({"status": 503}, operation="fetch", partition=2, attempt=2)
    simulator.rule({"status": 429}, statement_contains="CURRENT_USER", times=2, skip=1)
    assert [simulator.fetch(handle, part).status for part in (1, 2, 2, 2)] == [200, 200, 503, 200]
    statuses = [simulator.submit("SELECT CURRENT_USER()", f"requestId={uuid.uuid4()}").status for _ in range(4)]
    assert statuses == [200, 429, 429, 200]
    refused = {"rules": [{"match": {"colour": 1}, "action": {"status": 500}}]}
    assert "colour" in simulator.control("rules", refused, status=400)["error"]


def test_a_brown_out_hits_each_third(simulator: Simulator) -> None:
    rule = {"match": {"operation": "submit"}, "action": {"status": 503}, "times": 2, "every": 3}
    simulator.control("rules", {"rules": [rule]})
    statuses = [simulator.submit(f"SELECT {n}").status for n in range(9)]
    assert statuses == [200, 200, 503, 200, 200, 503, 200, 200, 200]


def test_a_success_whose_answer_is_lost(simulator: Simulator) -> None:
    simulator.rule({"lose_answer": True}, operation="submit")
    query = f"requestId={uuid.uuid4()}"
    with pytest.raises(BROKEN):
        simulator.submit(ONE, query)
    again = simulator.submit(ONE, f"{query}&retry=true")
    assert again.document["data"] == [["1"]]
    [statement] = simulator.control("log")["statements"]
    assert statement["handle"] == again.document["statementHandle"]
    assert (outcomes(simulator), simulator.violations()) == (["lose_answer", "answered"], [])


def test_a_503_after_the_statement_was_executed(simulator: Simulator) -> None:
    simulator.rule({"status": 503, "execute": True}, operation="submit")
    query = f"requestId={uuid.uuid4()}"
    assert [simulator.submit(ONE, query).status, simulator.submit(ONE, f"{query}&retry=true").status] == [503, 200]
    assert len(simulator.control("log")["statements"]) == 1


def test_a_request_that_is_reset_is_not_executed(simulator: Simulator) -> None:
    simulator.rule({"reset_before": True}, operation="submit")
    with pytest.raises(BROKEN):
        simulator.submit(ONE)
    assert simulator.control("log")["statements"] == []


@pytest.mark.parametrize("action", [{"reset": True}, {"hang": True}, {"garbage": "HTTP/1.1 200 OK\r\n\r\n"}])
def test_connections_that_are_none(simulator: Simulator, action: dict[str, Any]) -> None:
    simulator.rule(action, operation="connect")
    with pytest.raises(BROKEN):
        simulator.ask("POST", PATH, timeout=0.2)
    assert simulator.submit(ONE).status == 200


def test_connections_refused(simulator: Simulator) -> None:
    simulator.control("settings", {"refuse_connections": True})
    with pytest.raises(ConnectionRefusedError):
        simulator.submit(ONE)
    simulator.control("settings", {"refuse_connections": False})
    assert simulator.submit(ONE).status == 200


def test_nothing_is_answered(simulator: Simulator) -> None:
    simulator.rule({"hang": True}, operation="submit")
    with pytest.raises(TimeoutError):
        simulator.ask("POST", f"{PATH}?requestId={uuid.uuid4()}", json.dumps({"statement": ONE}).encode(), timeout=0.3)


@pytest.mark.parametrize("transfer", ["length", "chunked"])
@pytest.mark.parametrize("bytes_sent", [0, 1, 100])
def test_a_body_that_is_cut(simulator: Simulator, transfer: str, bytes_sent: int) -> None:
    simulator.rule({"cut_after": bytes_sent, "transfer": transfer}, operation="submit")
    with pytest.raises(BROKEN):
        simulator.submit(ONE)
    assert outcomes(simulator) == ["cut"]


def test_a_cut_behind_the_end_is_none(simulator: Simulator) -> None:
    simulator.rule({"cut_after": 1_000_000}, operation="submit")
    assert simulator.submit(ONE).document["data"] == [["1"]]
    assert outcomes(simulator) == ["answered"]


def test_a_body_without_length_ends_with_the_connection(simulator: Simulator) -> None:
    simulator.rule({"transfer": "close"}, operation="submit")
    assert simulator.submit(ONE).document["data"] == [["1"]]


def test_a_head_that_is_cut_or_too_large(simulator: Simulator) -> None:
    simulator.rule({"cut_head_after": 5})
    simulator.rule({"oversized_head": 100_000})
    for _ in range(2):
        with pytest.raises(BROKEN):
            simulator.submit(ONE, "")


def test_one_byte_at_a_time(simulator: Simulator) -> None:
    simulator.rule({"bytes_per_second": 2000}, operation="submit")
    assert simulator.submit(ONE).document["data"] == [["1"]]


def test_endless_202_ends_by_cancelling(simulator: Simulator) -> None:
    simulator.rule({"endless_202": True}, operation="submit")
    handle = simulator.submit(ONE).document["statementHandle"]
    assert {simulator.fetch(handle).status for _ in range(5)} == {202}
    assert simulator.cancel(handle).status == 200


def test_scripted_results_and_failures(simulator: Simulator) -> None:
    row_type = [{"name": "T", "type": "timestamp_tz", "scale": 9}, {"name": "D", "type": "decfloat"}]
    data = [["1616173619.000000000 1500", "1e400"], [None, None]]
    simulator.rule({"result": {"rowType": row_type, "data": data}}, operation="submit")
    assert simulator.submit(ONE).document["data"] == data
    simulator.rule({"fail": {"code": "000605", "sqlState": "57014", "message": "no"}}, operation="submit")
    assert simulator.submit(ONE).code == "000605"


def test_partitions_that_lie(simulator: Simulator, handle: str) -> None:
    simulator.rule({"truncated_partition": 1}, partition=1)
    simulator.rule({"repeated_partition": 2}, partition=1)
    simulator.rule({"missing_cell": True}, partition=1)
    simulator.rule({"changed_type": {"column": 0, "value": "abc"}}, partition=1)
    short, repeated, ragged, changed, right = (simulator.fetch(handle, 1).document["data"] for _ in range(5))
    assert [row[0] for row in short] == ["5", "6", "7"]
    assert [row[0] for row in repeated] == ["9", "10"]
    assert [len(row) for row in ragged] == [2, 2, 2, 1]
    assert {row[0] for row in changed} == {"abc"}
    assert [row[0] for row in right] == ["5", "6", "7", "8"]


def test_metadata_that_lies(simulator: Simulator, handle: str) -> None:
    simulator.rule({"wrong_row_count": 1}, operation="poll")
    simulator.rule({"wrong_num_rows": -1}, operation="poll")
    simulator.rule({"changed_type": {"column": 0, "row_type": {"type": "real", "scale": None}}}, operation="poll")
    simulator.rule({"code_391908": True}, operation="poll")
    first, second, third, fourth = (simulator.fetch(handle).document for _ in range(4))
    assert [part["rowCount"] for part in first["resultSetMetaData"]["partitionInfo"]] == [4, 4, 3]
    assert second["resultSetMetaData"]["numRows"] == 9
    assert third["resultSetMetaData"]["rowType"][0]["type"] == "real"
    assert fourth["code"] == "391908"


def test_gzip_that_is_damaged_or_a_bomb(simulator: Simulator, handle: str) -> None:
    simulator.rule({"damaged_gzip": True}, partition=1)
    with pytest.raises(BROKEN):
        gzip.decompress(simulator.fetch(handle, 1).body)
    simulator.rule({"gzip_bomb": 64 << 20}, partition=1)
    bomb = simulator.fetch(handle, 1)
    assert len(bomb.body) < 1 << 20
    assert len(gzip.decompress(bomb.body)) > 64 << 20
    simulator.rule({"wrong_encoding": "br"}, partition=1)
    assert simulator.fetch(handle, 1).headers["content-encoding"] == "br"


@pytest.mark.parametrize(
    "shape", ["list", "text", "null", "empty", "data_is_object", "cells_are_numbers", "no_metadata"]
)
def test_json_of_another_shape(simulator: Simulator, shape: str) -> None:
    simulator.rule({"wrong_shape": shape}, operation="submit")
    document: Any = simulator.submit(ONE).document
    assert not isinstance(document, dict) or "resultSetMetaData" not in document


def test_what_is_not_json(simulator: Simulator) -> None:
    simulator.rule({"not_json": '{"data": ['}, operation="submit")
    with pytest.raises(json.JSONDecodeError):
        _ = simulator.submit(ONE).document


def test_text_that_is_not_utf_8(simulator: Simulator, handle: str) -> None:
    simulator.rule({"not_utf8": True}, times=2)
    for answer in (simulator.submit("SELECT 'x' AS X"), simulator.fetch(handle, 1)):
        with pytest.raises(UnicodeDecodeError):
            _ = answer.document


def test_a_refused_token_is_not_sent_again(simulator: Simulator) -> None:
    simulator.rule({"status": 401, "delay_seconds": 1.6})
    assert [simulator.submit(ONE).status, simulator.submit(ONE).status] == [401, 200]
    assert simulator.violations() == ["refused_token_again"]


def test_connections_are_kept_alive(simulator: Simulator) -> None:
    context = ssl.create_default_context(cafile=simulator.ca_file)
    connection = http.client.HTTPSConnection("localhost", simulator.port, context=context)
    body = json.dumps({"statement": ONE, "parameters": {"QUERY_TAG": "x"}})
    for _ in range(3):
        connection.request("POST", f"{PATH}?requestId={uuid.uuid4()}", body, simulator.headers)
        assert connection.getresponse().read()
    connection.close()
    assert len({entry["connection"] for entry in simulator.control("log")["requests"]}) == 1
