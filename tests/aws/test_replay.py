"""The same thousand requests to `revops serve` and to a function: the same answers, byte for byte."""

from __future__ import annotations

import base64
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from lambda_peer import PATIENCE, Function, find_function
from program_driver import Program, Server, until
from s3_peer import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Simulator
from test_serve_on_s3 import PREFIX, on_s3

REQUESTS = Path(__file__).with_name("requests.jsonl")
ORIGIN = "https://app.example.com"
# Of the connection, or of the moment.
APART = {"date", "x-request-id", "content-length", "connection"}


@dataclass
class Seen:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def seen(status: int, headers: list[tuple[str, str]], body: bytes) -> Seen:
    named = sorted((name.lower(), value) for name, value in headers if name.lower() not in APART)
    return Seen(status, named, re.sub(rb'"request_id":"[0-9a-f]{32}"', b'"request_id":"ID"', body))


def by_server(connection: http.client.HTTPConnection, request: dict[str, Any]) -> Seen:
    query = f"?{request['query']}" if request["query"] else ""
    connection.putrequest(request["method"], request["path"] + query, skip_accept_encoding=True)
    for name, value in request["headers"].items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    return seen(response.status, response.getheaders(), response.read())


def version_1(request: dict[str, Any]) -> dict[str, Any]:
    """As a REST API sends it: the query decoded."""
    parameters: dict[str, list[str]] = {}
    for pair in filter(None, request["query"].split("&")):
        name, _, value = pair.partition("=")
        parameters.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return {
        "resource": "/api/{proxy+}",
        "path": request["path"],
        "httpMethod": request["method"],
        "headers": request["headers"] or None,
        "multiValueHeaders": {name: [value] for name, value in request["headers"].items()} or None,
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "requestContext": {"stage": "prod", "path": "/prod" + request["path"], "httpMethod": request["method"]},
        "body": None,
        "isBase64Encoded": False,
    }


def version_2(request: dict[str, Any]) -> dict[str, Any]:
    """As an HTTP API sends it."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request["path"],
        "rawQueryString": request["query"],
        "headers": request["headers"],
        "requestContext": {"http": {"method": request["method"], "path": request["path"]}, "stage": "$default"},
        "isBase64Encoded": False,
    }


def by_function(function: Function, event: dict[str, Any]) -> Seen:
    answer = function.invoke(event)
    headers = dict(answer.get("headers") or {})
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers[name] = ", ".join(values)
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer["isBase64Encoded"] else text.encode()
    return seen(answer["statusCode"], list(headers.items()), body)


@pytest.fixture
def program(executable: Path, tmp_path: Path, s3: Simulator) -> Iterator[Program]:
    made = on_s3(executable, tmp_path / "data", s3)
    made.environment["REVOPS_CORS_ORIGINS"] = ORIGIN
    made.must("init", "--sample")
    yield made
    made.close()


@pytest.fixture
def function(s3: Simulator) -> Iterator[Function]:
    environment = {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL_S3": s3.endpoint,
        "REVOPS_STORE_URL": f"s3://{BUCKET}/{PREFIX}",
        "REVOPS_REST_API_BINARY": "true",
        "REVOPS_CORS_ORIGINS": ORIGIN,
    }
    made = Function(find_function("get_pipeline_by_region"), environment)
    yield made
    made.close()


def recorded(ids: dict[str, str]) -> list[dict[str, Any]]:
    requests = []
    for line in REQUESTS.read_text().splitlines():
        for name, id in ids.items():
            line = line.replace("{" + name + "}", id)
        requests.append(json.loads(line))
    return requests


def with_etag(connection: http.client.HTTPConnection, request: dict[str, Any]) -> dict[str, Any]:
    """What the server would have answered before, in place of `{etag}`."""
    wanted = request["headers"].get("if-none-match", "")
    if "{etag}" not in wanted:
        return request
    others = {name: value for name, value in request["headers"].items() if name != "if-none-match"}
    before = by_server(connection, request | {"headers": others})
    etag = dict(before.headers).get("etag", '"none"')
    return request | {"headers": others | {"if-none-match": wanted.replace("{etag}", etag)}}


def serving(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)


def let_first_run_pass(server: Server, s3: Simulator) -> None:
    """A server makes up the night's run when it starts, which moves the clocks of every answer."""
    store = s3.client()

    def pointer() -> dict[str, Any]:
        return json.loads(store.get_object(Bucket=BUCKET, Key=f"{PREFIX}/revops/current.json")["Body"].read())

    until(lambda: pointer()["last_scheduled_for"], "the night's run")
    computed_at = pointer()["computed_at"]
    until(lambda: server.get("/api/summary")["meta"]["computed_at"] == computed_at, "the server to show it")


def test_a_thousand_requests(program: Program, function: Function, s3: Simulator) -> None:
    earlier = program.process()["snapshot_id"]
    program.must("sql", "UPDATE FCT_SALES SET AMOUNT = 1 WHERE SALE_ID = 1")
    current = program.process()["snapshot_id"]
    requests = recorded({"current": current, "earlier": earlier})
    assert len(requests) == 1000
    statuses: dict[int, int] = {}
    with program.serving() as server:
        let_first_run_pass(server, s3)
        connection = serving(server)
        for request in requests:
            asked = with_etag(connection, request)
            wanted = by_server(connection, asked)
            assert by_function(function, version_2(asked)) == wanted, asked
            if "%FF" not in asked["query"]:  # a REST API hands on text, which this is not
                assert by_function(function, version_1(asked)) == wanted, asked
            statuses[wanted.status] = statuses.get(wanted.status, 0) + 1
    assert statuses[200] > 200 and statuses[304] > 20 and statuses[400] > 100, statuses
