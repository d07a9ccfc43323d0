"""Scripted faults do what they say: on the wire, to a client that is not ours, and in the journal."""

from __future__ import annotations

import email.utils
import http.client
import ssl
import time
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from s3_peer import BUCKET, Simulator

BROKEN = (OSError, http.client.HTTPException)
LIST = f"/{BUCKET}?list-type=2"


@pytest.fixture
def held(s3: Simulator) -> Simulator:
    s3.put("k", text="0123456789")
    return s3


def outcomes(s3: Simulator) -> list[tuple[str, bool]]:
    return [(entry["outcome"], entry["applied"]) for entry in s3.journal()]


@pytest.mark.parametrize(
    ("action", "status", "code"),
    [
        ({"status": 500}, 500, "InternalError"),
        ({"status": 503}, 503, "SlowDown"),
        ({"code": "ServiceUnavailable"}, 503, "ServiceUnavailable"),
        ({"code": "RequestTimeout"}, 400, "RequestTimeout"),
        ({"status": 409}, 409, "ConditionalRequestConflict"),
        ({"code": "OperationAborted"}, 409, "OperationAborted"),
        ({"code": "ExpiredToken"}, 400, "ExpiredToken"),
        ({"status": 403, "code": "ExpiredToken"}, 403, "ExpiredToken"),
        ({"code": "RequestTimeTooSkewed"}, 403, "RequestTimeTooSkewed"),
        ({"status": 301}, 301, "PermanentRedirect"),
        ({"status": 307, "location": "http://localhost:1/elsewhere"}, 307, "TemporaryRedirect"),
        ({"status": 200, "code": "InternalError"}, 200, "InternalError"),
        ({"status": 404, "code": "NoSuchBucket"}, 404, "NoSuchBucket"),
    ],
)
def test_any_error_leaves_the_object_as_it_was(held: Simulator, action: dict[str, Any], status: int, code: str) -> None:
    held.rule(action)
    answer = held.ask("PUT", body=b"new")
    assert (answer.status, answer.code, answer.headers["transfer-encoding"]) == (status, code, "chunked")
    assert answer.headers.get("location") == action.get("location")
    assert (b"<Endpoint>" in answer.body) == (status in (301, 307))
    assert held.texts() == {"k": "0123456789"}
    assert outcomes(held) == [("answered", False)]


def test_the_error_of_a_head_has_no_body(s3: Simulator) -> None:
    s3.rule({"status": 503}, operation="head")
    answer = s3.ask("HEAD")
    assert (answer.status, answer.body) == (503, b"")


def test_a_success_that_is_answered_as_a_failure(held: Simulator) -> None:
    held.rule({"status": 500, "applied": True}, conditional=True)
    assert held.ask("PUT", f"/{BUCKET}/new", b"1").status == 200
    assert held.ask("PUT", f"/{BUCKET}/other", b"2", {"If-None-Match": "*"}).code == "InternalError"
    assert held.ask("PUT", f"/{BUCKET}/other", b"2", {"If-None-Match": "*"}).code == "PreconditionFailed"
    assert held.texts()["other"] == "2"


@pytest.mark.parametrize("way", [True, "close"])
def test_a_success_whose_answer_is_lost(s3: Simulator, way: bool | str) -> None:
    s3.rule({"lose_answer": way})
    with pytest.raises(BROKEN):
        s3.ask("PUT", body=b"1", headers={"If-None-Match": "*"})
    assert s3.texts() == {"k": "1"}
    assert s3.ask("PUT", body=b"1", headers={"If-None-Match": "*"}).code == "PreconditionFailed"
    assert outcomes(s3) == [("lose_answer", True), ("answered", False)]


@pytest.mark.parametrize("action", [{"reset_before": True}, {"hang": True}])
def test_an_operation_that_is_not_done(s3: Simulator, action: dict[str, Any]) -> None:
    s3.rule(action)
    with pytest.raises(BROKEN):
        s3.ask("PUT", body=b"1", timeout=0.2)
    assert s3.texts() == {}
    assert outcomes(s3) == [(next(iter(action)), False)]


def test_an_operation_that_is_done_in_silence(s3: Simulator) -> None:
    s3.rule({"hang": True, "applied": True})
    with pytest.raises(TimeoutError):
        s3.ask("PUT", body=b"1", timeout=0.2)
    assert s3.texts() == {"k": "1"}


def test_a_body_that_is_cut(held: Simulator) -> None:
    held.rule({"cut_after": 4})
    with pytest.raises(http.client.IncompleteRead) as raised:
        held.ask("GET")
    assert raised.value.partial == b"0123"
    held.rule({"cut_head_after": 8})
    with pytest.raises(BROKEN):
        held.ask("GET")
    held.rule({"cut_after": 40})
    with pytest.raises(http.client.IncompleteRead):
        held.ask("GET", LIST)
    assert outcomes(held) == [("cut", True)] * 3


def test_a_length_that_is_wrong(held: Simulator) -> None:
    held.rule({"content_length": 5})
    with pytest.raises(http.client.IncompleteRead):
        held.ask("GET")
    held.rule({"content_length": -5})
    answer = held.ask("GET")
    assert (answer.body, answer.headers["content-length"]) == (b"01234", "5")


def test_a_connection_that_ends_unannounced_behind_its_answer(held: Simulator) -> None:
    held.rule({"close_after": True})
    client = held.client(attempts=2)
    for _ in range(2):
        assert client.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"0123456789"
    assert [entry["connection"] for entry in held.journal()] == [held.journal()[0]["connection"] + n for n in (0, 1)]


@pytest.mark.parametrize("transfer", ["chunked", "close", "length"])
def test_other_ways_to_end_a_body(held: Simulator, transfer: str) -> None:
    held.rule({"transfer": transfer})
    answer = held.ask("GET")
    assert answer.body == b"0123456789"
    assert ("content-length" in answer.headers) == (transfer == "length")


def test_a_flipped_byte_keeps_its_etag(held: Simulator) -> None:
    etag = held.ask("GET").headers["etag"]
    held.rule({"flip_byte": 3})
    held.rule({"flip_byte": -1})
    flipped = [held.ask("GET") for _ in range(3)]
    assert [answer.body for answer in flipped] == [b"012\x13456789", b"012345678\x19", b"0123456789"]
    assert {answer.headers["etag"] for answer in flipped} == {etag}


def test_headers_are_set_and_taken_away(held: Simulator) -> None:
    held.rule({"headers": {"etag": None, "Content-Type": "text/html", "Retry-After": "1"}})
    answer = held.ask("GET")
    assert "etag" not in answer.headers
    assert (answer.headers["content-type"], answer.headers["retry-after"]) == ("text/html", "1")


def test_one_byte_at_a_time(held: Simulator) -> None:
    held.rule({"bytes_per_second": 5000})
    assert held.ask("GET").body == b"0123456789"
    held.rule({"bytes_per_second": 1})
    with pytest.raises(TimeoutError):
        held.ask("GET", timeout=0.2)


@pytest.mark.parametrize("operation", ["get", "put", "list"])
def test_an_empty_success(held: Simulator, operation: str) -> None:
    held.rule({"empty": True}, operation=operation)
    method, path = {"get": ("GET", f"/{BUCKET}/k"), "put": ("PUT", f"/{BUCKET}/k"), "list": ("GET", LIST)}[operation]
    answer = held.ask(method, path, b"new" if method == "PUT" else b"")
    assert (answer.status, answer.body, answer.headers.get("etag")) == (200, b"", None)
    assert held.texts() == {"k": "0123456789"}


@pytest.mark.parametrize("action", [{"not_xml": True}, {"body": "<Error><Code>Slow"}, {"body": ""}])
def test_an_error_that_is_not_xml(s3: Simulator, action: dict[str, Any]) -> None:
    s3.rule({"status": 503} | action)
    answer = s3.ask("GET")
    assert (answer.status, answer.headers["content-type"]) == (503, "text/html")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(answer.body)
    s3.rule({"status": 503} | action)
    with pytest.raises((ClientError, BotoCoreError)):
        s3.client().get_object(Bucket=BUCKET, Key="k")


def test_answers_that_are_too_large(held: Simulator) -> None:
    held.rule({"status": 500, "body_bytes": 1_000_000})
    assert len(held.ask("GET").body) > 1_000_000
    held.rule({"oversized_head": 70_000})
    with pytest.raises(http.client.LineTooLong):
        held.ask("GET")


# Lists --------------------------------------------------------------------------------------------------------


def test_a_huge_list(held: Simulator) -> None:
    held.rule({"huge_list": 3_000})
    page = held.client().list_objects_v2(Bucket=BUCKET, Prefix="k")
    assert (page["KeyCount"], page["Contents"][-1]["Key"]) == (3_001, "khuge/00002999")


def test_a_list_that_repeats_its_token(held: Simulator) -> None:
    held.rule({"repeat_token": True}, times=3)
    client = held.client()
    token = client.list_objects_v2(Bucket=BUCKET)["NextContinuationToken"]
    for _ in range(2):
        page = client.list_objects_v2(Bucket=BUCKET, ContinuationToken=token)
        assert (page["NextContinuationToken"], page["IsTruncated"]) == (token, True)
    assert client.list_objects_v2(Bucket=BUCKET, ContinuationToken=token)["IsTruncated"] is False


def test_a_list_that_ends_without_a_token_or_names_strangers(held: Simulator) -> None:
    held.rule({"truncated_without_token": True})
    page = held.client().list_objects_v2(Bucket=BUCKET)
    assert page["IsTruncated"] and "NextContinuationToken" not in page
    held.rule({"foreign_keys": ["../etc/passwd", "z"]})
    keys = [one["Key"] for one in held.client().list_objects_v2(Bucket=BUCKET, Prefix="k")["Contents"]]
    assert keys == ["k", "../etc/passwd", "z"]


# Time, writers and connections --------------------------------------------------------------------------------


def test_one_request_is_judged_by_another_clock(held: Simulator) -> None:
    held.rule({"clock_offset_seconds": 3600})
    answer = held.ask("GET")
    assert answer.code == "RequestTimeTooSkewed"
    told = email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp()
    assert told - time.time() == pytest.approx(3600, abs=5)
    assert held.ask("GET").status == 200


def test_another_writer_comes_first(held: Simulator) -> None:
    etag = held.ask("HEAD").headers["etag"]
    held.rule({"before": {"put": "theirs"}}, method="PUT")
    assert held.ask("PUT", body=b"ours", headers={"If-Match": etag}).code == "PreconditionFailed"
    assert held.texts() == {"k": "theirs"}
    held.rule({"before": {"delete": True}}, method="PUT")
    assert held.ask("PUT", body=b"ours", headers={"If-Match": etag}).code == "NoSuchKey"
    assert [entry["change"] for entry in held.control("history")] == ["put", "put", "delete"]


@pytest.mark.parametrize("action", [{"reset": True}, {"hang": True}, {"garbage": "SSH-2.0-x\r\n"}])
def test_connections_that_are_none(held: Simulator, action: dict[str, Any]) -> None:
    held.rule(action, operation="connect")
    with pytest.raises(BROKEN):
        held.ask("GET", timeout=0.2)
    assert held.ask("GET").status == 200
    assert len(held.journal()) == 1


def test_connections_that_are_no_tls(s3_tls: Simulator) -> None:
    s3_tls.rule({"garbage": "HTTP/1.1 200 OK\r\n\r\n"}, operation="connect")
    with pytest.raises(ssl.SSLError):
        s3_tls.ask("GET")


def test_nobody_listens(held: Simulator) -> None:
    held.control("settings", {"refuse_connections": True})
    with pytest.raises(ConnectionRefusedError):
        held.ask("GET")
    held.control("settings", {"refuse_connections": False})
    assert held.ask("GET").status == 200
