"""Scripted misbehaviour: rules that choose requests, and what they do to the answers."""

from __future__ import annotations

import copy
import gzip
import json
import zlib
from typing import Any

import simulation.rules
from simulation.wire import LOSS, WIRE

from .answers import Answer, json_answer

# Of the statement, of the answer's content, of its bytes.
STATEMENT = {"result", "fail", "run_seconds", "answer_202", "endless_202"}
CONTENT = {
    "truncated_partition",
    "repeated_partition",
    "wrong_row_count",
    "wrong_num_rows",
    "changed_type",
    "missing_cell",
    "code_391908",
    "wrong_shape",
    "document",
}
BYTES = {"not_json", "not_utf8", "damaged_gzip", "gzip_bomb", "wrong_encoding"}

_BODIES: dict[int, Any] = {
    400: {"code": "390142", "message": "Incoming request does not contain a valid payload."},
    401: {"code": "390144", "message": "JWT token is invalid. [00000000-0000-4000-8000-000000000000]"},
    403: {"code": "390422", "message": "Incoming request with IP 127.0.0.1 is not allowed to access Snowflake."},
    404: {"code": "390404", "message": "HTTP 404 Not Found"},
    408: {"message": "Request Timeout"},
    415: {"code": "390142", "message": "Unsupported media type."},
    429: {"code": "390701", "message": "Request rate exceeds max. Try later."},
    500: {"code": "390000", "message": "Internal Server Error"},
}
_SHAPES: dict[str, Any] = {
    "list": [],
    "text": "data",
    "null": None,
    "empty": {},
    "data_is_object": {"data": {}},
    "rows_are_objects": {"data": [{"a": "1"}]},
    "cells_are_numbers": {"data": [[1]]},
    "no_metadata": {"data": [], "code": "090001", "statementHandle": "x"},
}


class Rule(simulation.rules.Rule):
    OPERATIONS = ("submit", "poll", "fetch", "cancel")
    MATCHES = {"statement_contains", "partition", "attempt"}
    ACTIONS = STATEMENT | CONTENT | BYTES | WIRE | LOSS | {"status", "body", "headers", "execute"}

    def holds(self, name: str, wanted: Any, facts: dict[str, Any]) -> bool:
        if name == "statement_contains":
            return wanted in facts.get("statement", "")
        return super().holds(name, wanted, facts)


def scripted_answer(action: dict[str, Any]) -> Answer:
    """The answer that a rule gives by its status alone: its own body, or the one that goes with the status."""
    status = action["status"]
    body = action.get("body", _BODIES.get(status))
    headers = dict(action.get("headers", {}))
    if isinstance(body, str):
        answer = Answer(status, {"Content-Type": "text/html"}, body.encode())
    elif body is None and status in (502, 503, 504, 522):
        answer = Answer(status, {"Content-Type": "text/html"}, f"<html><body>{status}</body></html>".encode())
    else:
        answer = Answer(status) if body is None else json_answer(status, body)
    answer.headers |= headers
    return answer


def damage(answer: Answer, action: dict[str, Any]) -> bool:
    """Applies what a rule does to content and bytes; whether anything was."""
    content, packed = CONTENT & set(action), answer.headers.get("Content-Encoding") == "gzip"
    if content and answer.document is not None:
        document = copy.deepcopy(answer.document)
        for name in sorted(content):
            document = _damage_content(name, action[name], document, answer)
        answer.replace_document(document)
        if packed:
            answer.body = gzip.compress(answer.body, 1, mtime=0)
            answer.headers["Content-Encoding"] = "gzip"
    changed = BYTES & set(action)
    for name in sorted(changed):
        _damage_bytes(name, action[name], answer)
    return bool(content or changed)


def _damage_content(name: str, value: Any, document: Any, answer: Answer) -> Any:
    meta, data = document.get("resultSetMetaData"), document.get("data", [])
    match name:
        case "truncated_partition":
            document["data"] = data[: max(0, len(data) - int(value))]
        case "repeated_partition":
            if answer.statement is not None:
                document["data"] = answer.statement.partitions[int(value)].rows
        case "wrong_row_count" if meta:
            meta["partitionInfo"][-1]["rowCount"] += int(value)
        case "wrong_num_rows" if meta:
            meta["numRows"] += int(value)
        case "changed_type":
            index = int(value["column"])
            if meta:
                meta["rowType"][index] |= value.get("row_type", {"type": "text"})
            document["data"] = [[*row[:index], value.get("value", row[index]), *row[index + 1 :]] for row in data]
        case "missing_cell":
            document["data"] = [*data[:-1], data[-1][:-1]] if data else data
        case "code_391908":
            document["code"] = "391908"
            document["message"] = "The result set is too large."
        case "wrong_shape":
            return _SHAPES[value]
        case "document":
            return document | value
    return document


def _damage_bytes(name: str, value: Any, answer: Answer) -> None:
    match name:
        case "not_json":
            answer.body = value.encode() if isinstance(value, str) else b"<html>busy</html>"
            answer.headers.pop("Content-Encoding", None)
        case "not_utf8":
            packed = answer.headers.get("Content-Encoding") == "gzip"
            body = gzip.decompress(answer.body) if packed else answer.body
            body = body.replace(b'[["', b'[["\xff\xc0', 1)
            answer.body = gzip.compress(body, 1, mtime=0) if packed else body
        case "damaged_gzip":
            packed = answer.body if answer.headers.get("Content-Encoding") == "gzip" else gzip.compress(answer.body)
            middle = len(packed) // 2
            answer.body = packed[:middle] + bytes([packed[middle] ^ 0x55]) + packed[middle + 1 : -8] + b"\0" * 8
            answer.headers["Content-Encoding"] = "gzip"
        case "gzip_bomb":
            packer = zlib.compressobj(9, wbits=31)
            chunk = b" " * 1_048_576
            blown = b"".join(packer.compress(chunk) for _ in range(max(1, int(value) // len(chunk))))
            answer.body = blown + packer.compress(json.dumps({"data": []}).encode()) + packer.flush()
            answer.headers["Content-Encoding"] = "gzip"
        case "wrong_encoding":
            answer.headers["Content-Encoding"] = str(value)
