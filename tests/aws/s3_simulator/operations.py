"""GET, HEAD, PUT and DELETE of objects."""

from __future__ import annotations

import base64
import binascii
import email.utils
import hashlib
import re
import zlib

from .answers import Answer, S3Error
from .auth import Caller
from .requests import Call, Request
from .store import Object, Store, same_etag

KEPT = ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires")
_CHECKSUMS = {
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
}


def get_object(store: Store, call: Call, request: Request, caller: Caller) -> Answer:
    """GET and HEAD. Raises S3Error."""
    held = store.get(call.bucket, call.key)
    if held is None:
        if not caller.list_bucket:
            raise S3Error("AccessDenied")
        raise S3Error("NoSuchKey", Key=call.key)
    if_match, if_none_match = request.header("if-match"), request.header("if-none-match")
    if if_match is not None and not same_etag(if_match, held.etag):
        raise S3Error("PreconditionFailed", Condition="If-Match")
    headers = {"ETag": held.etag, "Last-Modified": email.utils.formatdate(held.modified_at, usegmt=True)}
    if if_none_match is not None and same_etag(if_none_match, held.etag):
        return Answer(304, headers, bodiless=True, applied=True)
    checked = (request.header("x-amz-checksum-mode") or "").upper() == "ENABLED"
    headers |= {
        name: value for name, value in held.headers.items() if checked or not name.startswith("x-amz-checksum-")
    }
    headers |= {"Accept-Ranges": "bytes"}
    headers.setdefault("content-type", "binary/octet-stream")
    return _ranged(held, request, headers)


def _ranged(held: Object, request: Request, headers: dict[str, str]) -> Answer:
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", request.header("range") or "")
    if match is None or match.groups() == ("", ""):
        return Answer(200, headers, held.body, applied=True)
    size = len(held.body)
    first = int(match[1]) if match[1] else max(0, size - int(match[2]))
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first > last:
        raise S3Error("InvalidRange", ActualObjectSize=size, RangeRequested=match[0])
    headers = {name: value for name, value in headers.items() if not name.startswith("x-amz-checksum-")}
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Answer(206, headers, held.body[first : last + 1], applied=True)


def put_object(store: Store, call: Call, request: Request) -> Answer:
    """Raises S3Error."""
    if_match, if_none_match = request.header("if-match"), request.header("if-none-match")
    if (if_none_match is not None and (if_none_match != "*" or if_match is not None)) or if_match == "*":
        raise S3Error("NotImplemented", Header="If-Match" if if_match else "If-None-Match")
    _check_digests(request)
    headers = {}
    for name, value in request.headers:
        name = name.lower()
        if name in KEPT or name.startswith("x-amz-meta-") or name in _CHECKSUMS:
            headers[name] = value
    held = store.put(call.bucket, call.key, request.body, headers, if_match=if_match, if_none_match=if_none_match)
    answered = {name: value for name, value in headers.items() if name in _CHECKSUMS}
    answered |= {"ETag": held.etag, "x-amz-server-side-encryption": "AES256"}
    return Answer(200, answered, applied=True)


def _check_digests(request: Request) -> None:
    content_md5 = request.header("content-md5")
    if content_md5 is not None:
        try:
            digest = base64.b64decode(content_md5, validate=True)
        except binascii.Error:
            digest = b""
        if len(digest) != 16:
            raise S3Error("InvalidDigest")
        if digest != hashlib.md5(request.body, usedforsecurity=False).digest():
            raise S3Error("BadDigest")
    for name, compute in _CHECKSUMS.items():
        value = request.header(name)
        if value is not None and value != base64.b64encode(compute(request.body)).decode():
            raise S3Error("BadDigest", f"The {name} you specified did not match the calculated checksum.")


def delete_object(store: Store, call: Call, request: Request) -> Answer:
    if request.header("if-none-match") is not None:
        raise S3Error("NotImplemented", Header="If-None-Match")
    store.delete(call.bucket, call.key, request.header("if-match"))
    return Answer(204, bodiless=True, applied=True)
