"""What a request must look like before anything is done for it."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulation import wire

from . import bindings
from .answers import PATH
from .errors import HttpError, bad_payload

MEMBERS = {"statement", "timeout", "database", "schema", "warehouse", "role", "bindings", "parameters"}
_FORMATTED = "BINARY DATE TIME TIMESTAMP TIMESTAMP_LTZ TIMESTAMP_NTZ TIMESTAMP_TZ"
FORMATS = {f"{name}_OUTPUT_FORMAT" for name in _FORMATTED.split()}
PARAMETERS = FORMATS | {
    "CLIENT_RESULT_CHUNK_SIZE",
    "MULTI_STATEMENT_COUNT",
    "QUERY_TAG",
    "ROWS_PER_RESULTSET",
    "TIMEZONE",
    "USE_CACHED_RESULT",
}
QUERY = {
    "submit": {"requestId", "async", "nullable", "retry"},
    "status": {"requestId", "partition"},
    "cancel": {"requestId"},
}
TIMEOUT_MAX = 604_800
QUERY_TAG_MAX = 2000
_PRODUCT = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+(\s.*)?")
_TEXTS = ("database", "schema", "warehouse", "role")


class Request(wire.Request):
    BODY_BYTES_MAX = 1_048_576

    def header(self, name: str) -> str | None:
        """The value; HttpError 400 if it stands there twice."""
        found = self.values(name)
        if len(found) > 1:
            raise HttpError(400, "390142", f"Header {name} stands there {len(found)} times.")
        return found[0] if found else None


@dataclass
class Call:
    """A request sorted: which operation, on what."""

    operation: str  # submit, poll, fetch, cancel
    handle: str | None = None
    query: dict[str, str] | None = None
    faults: tuple[str, ...] = ()  # what is only a violation

    @property
    def partition(self) -> int | None:
        value = (self.query or {}).get("partition")
        return int(value) if value is not None else None


def route(request: Request) -> Call:
    """Raises HttpError 404, 405 or 400."""
    url = urlsplit(request.target)
    if url.scheme or url.netloc or url.fragment or not url.path.startswith("/"):
        raise HttpError(400, "390142", "The request target is not a path.")
    match = re.fullmatch(rf"{PATH}(?:/([^/]+)(/cancel)?)?", url.path)
    if match is None:
        raise HttpError(404, "390404", "HTTP 404 Not Found")
    handle, cancel = match.groups()
    kind = "cancel" if cancel else "status" if handle else "submit"
    if request.method != ("GET" if kind == "status" else "POST"):
        raise HttpError(405, None, f"{request.method} {url.path}")
    query, faults = _query(kind, url.query)
    operation = kind if kind != "status" else "fetch" if int(query.get("partition", 0)) > 0 else "poll"
    return Call(operation, handle, query, faults)


def _query(kind: str, text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    pairs = parse_qsl(text, keep_blank_values=True)
    query = dict(pairs)
    faults = [f"unknown_query_parameter: {name}" for name in query if name not in QUERY[kind]]
    if len(query) != len(pairs):
        raise bad_payload("A query parameter stands there twice.")
    if "nullable" in query and kind != "submit":
        raise bad_payload("nullable cannot be specified in this request.")
    for name in ("async", "nullable", "retry"):
        if query.get(name, "true") not in ("true", "false"):
            raise bad_payload(f"{name} must be true or false.")
    if "requestId" in query:
        try:
            canonical = str(uuid.UUID(query["requestId"]))
        except ValueError as error:
            raise bad_payload("requestId must be a UUID.") from error
        if canonical != query["requestId"].lower():
            raise bad_payload("requestId must be a UUID in its usual form.")
    elif kind == "submit":
        faults.append("request_id_missing: a submission cannot be repeated safely")
    if not re.fullmatch(r"\d{1,9}", query.get("partition", "0")):
        raise bad_payload("partition must be a number.")
    if query.get("nullable") == "false":
        faults.append("nullable_false: NULL cannot be told from a text")
    return query, tuple(faults)


def check_headers(request: Request, operation: str) -> list[str]:
    """Raises HttpError for a header that Snowflake refuses; returns what is only a violation."""
    agent = request.header("user-agent")
    if agent is None or not _PRODUCT.fullmatch(agent):
        raise HttpError(400, "390142", "User-Agent must name a product and its version.")
    accept = [part.split(";")[0].strip() for part in (request.header("accept") or "").split(",")]
    if not {"application/json", "*/*", "application/*"} & set(accept):
        raise HttpError(400, "390142", "Accept must be application/json or */*.")
    content_type = request.header("content-type")
    if operation == "submit" or (content_type is None and request.body):
        media = (content_type or "").split(";")[0].strip().lower()
        if media != "application/json":
            raise HttpError(415, "390142", f"Unsupported media type '{media}'.")
    if operation != "submit" and request.method == "GET" and request.body:
        raise bad_payload("A GET has no body.")
    faults = []
    if request.header("x-snowflake-authorization-token-type") is None:
        faults.append("token_type_missing: X-Snowflake-Authorization-Token-Type")
    if (content_type or "application/json").split(";")[0].strip().lower() != "application/json":
        faults.append(f"content_type: {content_type}")
    return faults


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a member stands there twice")
    return result


def check_body(body: bytes) -> tuple[dict[str, Any], list[str]]:
    """The submission and its violations. Raises HttpError 400."""
    try:
        document = json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise bad_payload("It is not JSON.") from error
    if not isinstance(document, dict):
        raise bad_payload("It is not an object.")
    if unknown := set(document) - MEMBERS:
        raise bad_payload(f"Unknown member '{min(unknown)}'.")
    if not isinstance(document.get("statement"), str) or not document["statement"].strip():
        raise bad_payload("statement must be a text.")
    for name in _TEXTS:
        if name in document and (not isinstance(document[name], str) or not document[name]):
            raise bad_payload(f"{name} must be a text.")
    timeout = document.get("timeout", 0)
    if isinstance(timeout, bool) or not isinstance(timeout, int) or not 0 <= timeout <= TIMEOUT_MAX:
        raise bad_payload("timeout must be whole seconds from 0 to 604800.")
    bindings.check_form(document.get("bindings"))
    return document, _check_parameters(document.get("parameters", {}))


def _check_parameters(parameters: Any) -> list[str]:
    if not isinstance(parameters, dict):
        raise bad_payload("parameters is not an object.")
    named = parameter_names(parameters)
    for name, value in named.items():
        if name not in PARAMETERS:
            raise bad_payload(f"Unknown parameter '{name}'.")
        if not isinstance(value, str) and not (name == "MULTI_STATEMENT_COUNT" and type(value) is int):
            raise bad_payload(f"Parameter {name} must be a text.")
    if not re.fullmatch(r"\d{1,4}", str(named.get("MULTI_STATEMENT_COUNT", "1"))):
        raise bad_payload("MULTI_STATEMENT_COUNT must be a number that is not negative.")
    if len(named.get("QUERY_TAG", "")) > QUERY_TAG_MAX:
        raise bad_payload("QUERY_TAG is too long.")
    faults = [f"output_format: {name}" for name in sorted(FORMATS & set(named))]
    if not named.get("QUERY_TAG"):
        faults.append("query_tag_missing: a statement that nobody can trace")
    return faults


def parameter_names(parameters: dict[str, Any]) -> dict[str, Any]:
    """The spelling is free: lower case as in the reference's table, upper case as in its example."""
    named = {name.upper(): value for name, value in parameters.items()}
    if len(named) != len(parameters):
        raise bad_payload("A parameter stands there twice.")
    return named
