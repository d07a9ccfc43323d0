"""A request sorted: which bucket, which key, which operation; and what a client must never send."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, unquote_to_bytes

from simulation import wire

from .answers import S3Error
from .settings import Settings

KEY_BYTES_MAX = 1024
_ENDPOINT = re.compile(r"(?:(?P<bucket>[a-z0-9][a-z0-9.-]*)\.)?s3(?:\.[a-z0-9-]+)?\.amazonaws\.com")
_LOCAL = re.compile(r"(?:(?P<bucket>[a-z0-9][a-z0-9.-]*)\.)?(?:localhost|127\.0\.0\.1)")
_LIST = {"list-type", "prefix", "delimiter", "continuation-token", "start-after", "max-keys", "encoding-type"}
QUERY = {"list": _LIST | {"fetch-owner"}, "get": {"x-id"}, "head": {"x-id"}, "put": {"x-id"}, "delete": {"x-id"}}
HEADERS = {
    "accept accept-encoding amz-sdk-invocation-id amz-sdk-request authorization cache-control connection",
    "content-disposition content-encoding content-language content-length content-md5 content-type date expect expires",
    "host if-match if-none-match range transfer-encoding user-agent x-amz-content-sha256 x-amz-date",
    "x-amz-security-token x-amz-server-side-encryption x-amz-expected-bucket-owner x-amz-checksum-mode",
    "x-amz-checksum-crc32 x-amz-checksum-sha1 x-amz-checksum-sha256 x-amz-sdk-checksum-algorithm",
    "x-amzn-trace-id x-amz-user-agent",
}
KNOWN = {name for line in HEADERS for name in line.split()}
ONCE = {"authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "if-match", "if-none-match"}


class Request(wire.Request):
    BODY_BYTES_MAX = 256 * 1024 * 1024

    def header(self, name: str) -> str | None:
        found = self.values(name)
        return ",".join(found) if found else None

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        return self.target.partition("?")[2]


@dataclass
class Call:
    operation: str  # get, head, put, delete, list, head_bucket
    bucket: str
    key: str
    style: str  # path, virtual
    query: dict[str, str] = field(default_factory=dict)


def encode(value: bytes | str, *, slash: bool) -> str:
    return quote(value, safe="/-_.~" if slash else "-_.~")


def canonical_path(request: Request) -> str:
    return encode(unquote_to_bytes(request.raw_path), slash=True)


def canonical_pairs(request: Request) -> list[str]:
    pairs = (part.partition("=") for part in request.raw_query.split("&") if part)
    spelled = ((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)
    return [f"{encode(name, slash=False)}={encode(value, slash=False)}" for name, value in spelled]


def place(request: Request) -> tuple[str, str, str]:
    """Bucket, raw path of the key, style. A host that is nobody's is a bucket's own name, as S3 takes it."""
    host = (request.header("host") or "").lower().partition(":")[0]
    match = _ENDPOINT.fullmatch(host) or _LOCAL.fullmatch(host)
    if match is None or match["bucket"]:
        return match["bucket"] if match else host, request.raw_path[1:], "virtual"
    bucket, _, key = request.raw_path[1:].partition("/")
    return unquote_to_bytes(bucket).decode("utf-8", "replace"), key, "path"


def route(request: Request) -> Call:
    """Raises S3Error."""
    if not request.target.startswith("/") or "#" in request.target:
        raise S3Error("InvalidURI")
    bucket, raw_key, style = place(request)
    try:
        key = unquote_to_bytes(raw_key).decode()
    except UnicodeDecodeError as error:
        raise S3Error("InvalidURI") from error
    if len(key.encode()) > KEY_BYTES_MAX:
        raise S3Error("KeyTooLongError", MaxSizeAllowed=KEY_BYTES_MAX, Size=len(key.encode()))
    pairs = [tuple(unquote_plus(part) for part in pair.split("=", 1)) for pair in canonical_pairs(request)]
    query = dict(pairs)
    operation = _operation(request.method, key, query)
    if len(query) != len(pairs):
        raise S3Error("InvalidArgument", "A query parameter stands there twice.")
    return Call(operation, bucket, key, style, query)


def _operation(method: str, key: str, query: dict[str, str]) -> str:
    if not key:
        if method == "GET" and query.get("list-type") == "2":
            return "list"
        if method == "HEAD" and not query:
            return "head_bucket"
        raise S3Error("NotImplemented", f"{method} of a bucket is not simulated: only HEAD and list-type=2 are.")
    if method not in ("GET", "HEAD", "PUT", "DELETE"):
        raise S3Error("MethodNotAllowed", Method=method, ResourceType="OBJECT")
    return method.lower()


def faults(request: Request, call: Call, settings: Settings, port: int) -> list[tuple[str, str]]:
    """What is wrong with the request's form, though some of it S3 tolerates: kind and detail."""
    found: list[tuple[str, str]] = []
    names = [name.lower() for name, _ in request.headers]
    found += [("duplicate_header", name) for name in sorted({name for name in names if names.count(name) > 1})]
    found += [("unknown_header", name) for name in names if name not in KNOWN and not name.startswith("x-amz-meta-")]
    found += [("unknown_query", name) for name in call.query if name not in QUERY.get(call.operation, set())]
    if request.raw_path != canonical_path(request):
        found.append(("path_encoding", f"{request.raw_path} is not written as {canonical_path(request)}"))
    parts = [part if "=" in part else f"{part}=" for part in request.raw_query.split("&") if part]
    if parts != canonical_pairs(request):
        found.append(("query_encoding", f"{request.raw_query} is not written as {'&'.join(canonical_pairs(request))}"))
    if "expect" in names:
        found.append(("expect", request.header("expect") or ""))
    if "transfer-encoding" in names:
        found.append(("transfer_encoding", request.header("transfer-encoding") or ""))
    if request.body and call.operation != "put":
        found.append(("body_unwanted", f"{len(request.body)} bytes with {request.method}"))
    host, _, named_port = (request.header("host") or "").partition(":")
    if _LOCAL.fullmatch(host.lower()) and named_port != str(port):
        found.append(("host_without_port", request.header("host") or ""))
    if settings.addressing not in ("any", call.style):
        found.append(("wrong_addressing", f"{call.style} style"))
    return found


def refuse(request: Request) -> None:
    """Raises S3Error for what S3 does not take either."""
    names = [name.lower() for name, _ in request.headers]
    if twice := sorted(name for name in ONCE if names.count(name) > 1):
        raise S3Error("InvalidArgument", f"The header {twice[0]} stands there twice.")
    unknown = (name for name in names if name not in KNOWN and not name.startswith("x-amz-meta-"))
    implied = [name for name in unknown if name.startswith(("x-amz-", "if-"))]
    if "transfer-encoding" in names or "aws-chunked" in (request.header("content-encoding") or ""):
        implied.append("Transfer-Encoding")
    if implied:
        raise S3Error("NotImplemented", Header=implied[0])
    if request.method == "PUT" and "content-length" not in names:
        raise S3Error("MissingContentLength")
