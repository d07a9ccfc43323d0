"""The bodies of the answers, with the members that Snowflake's have."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from simulation import wire

from .errors import HttpError, SqlError
from .statements import Statement

PATH = "/api/v2/statements"
RUNNING = "Asynchronous execution in progress. Use provided query id to perform query monitoring and management."


@dataclass
class Answer(wire.Answer):
    document: Any = None  # what the body was made of, if it is not packed data
    statement: Statement | None = None
    partition: int | None = None

    def replace_document(self, document: Any) -> None:
        self.document = document
        self.body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        self.headers.pop("Content-Encoding", None)


def json_answer(status: int, document: Any, **more: Any) -> Answer:
    answer = Answer(status, headers={"Content-Type": "application/json"}, **more)
    answer.replace_document(document)
    return answer


def refusal(error: HttpError) -> Answer:
    if error.code is None:
        return Answer(error.status)
    return json_answer(error.status, {"code": error.code, "message": error.message})


def failure(error: SqlError, handle: str, created_ms: int | None = None) -> Answer:
    """QueryFailureStatus."""
    document: dict[str, Any] = {"code": error.code, "message": error.message, "sqlState": error.sql_state}
    document["statementHandle"] = handle
    if created_ms is not None:
        document |= {"createdOn": created_ms, "statementStatusUrl": f"{PATH}/{handle}"}
    return json_answer(422, document)


def running(statement: Statement) -> Answer:
    """QueryStatus."""
    document = {
        "code": "333334",
        "message": RUNNING,
        "statementHandle": statement.handle,
        "statementStatusUrl": f"{PATH}/{statement.handle}",
    }
    return json_answer(202, document, statement=statement)


def timed_out(statement: Statement) -> Answer:
    seconds = int(statement.timeout)
    document = {
        "code": "000630",
        "sqlState": "57014",
        "message": f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled.",
        "statementHandle": statement.handle,
        "statementStatusUrl": f"{PATH}/{statement.handle}",
        "createdOn": statement.created_ms,
    }
    return json_answer(408, document, statement=statement)


def cancel_status(statement: Statement) -> Answer:
    document = {
        "code": "000604",
        "sqlState": "57014",
        "message": "SQL execution canceled",
        "statementHandle": statement.handle,
        "statementStatusUrl": f"{PATH}/{statement.handle}",
    }
    return json_answer(200, document, statement=statement)


def _link(statement: Statement, partition: int) -> str:
    last = len(statement.partitions) - 1
    places = {"first": 0, "prev": partition - 1, "next": partition + 1, "last": last}
    return ",".join(
        f'<{PATH}/{statement.handle}?requestId={uuid.uuid4()}&partition={place}>; rel="{name}"'
        for name, place in places.items()
        if 0 <= place <= last
    )


def result_set(statement: Statement) -> Answer:
    """Everything about a statement that has succeeded, and partition 0."""
    info = [
        {"rowCount": len(part.rows), "uncompressedSize": len(part.body)}
        | ({"compressedSize": len(part.packed)} if index else {})
        for index, part in enumerate(statement.partitions)
    ]
    document: dict[str, Any] = {
        "resultSetMetaData": {
            "numRows": statement.row_count,
            "format": "jsonv2",
            "partitionInfo": info,
            "rowType": [column.row_type() for column in statement.columns],
        },
        "data": statement.partitions[0].rows,
        "code": "090001",
    }
    if statement.children:
        document["statementHandles"] = statement.children
    if statement.stats is not None:
        document["stats"] = statement.stats
    document |= {
        "statementStatusUrl": f"{PATH}/{statement.handle}?requestId={uuid.uuid4()}",
        "requestId": statement.request_id or str(uuid.uuid4()),
        "sqlState": "00000",
        "statementHandle": statement.handle,
        "message": "Statement executed successfully.",
        "createdOn": statement.created_ms,
    }
    answer = json_answer(200, document, statement=statement, partition=0, chunked=True)
    answer.headers["Link"] = _link(statement, 0)
    return answer


def partition_data(statement: Statement, partition: int) -> Answer:
    """Data only, always packed."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Link": _link(statement, partition)}
    part = statement.partitions[partition]
    document = {"data": part.rows}
    return Answer(200, headers, part.packed, chunked=True, document=document, statement=statement, partition=partition)
