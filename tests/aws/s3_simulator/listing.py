"""ListObjectsV2: pages in key order, opaque tokens, keys spelled as XML or URL-encoded."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from typing import Any
from urllib.parse import quote_plus

from .answers import Answer, S3Error, text, xml_answer
from .requests import Call
from .store import Object, Store, make_etag

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
KEYS_MAX = 1000


def _token(bucket: str, last: str) -> str:
    """Opaque, with characters that a query must encode."""
    seal = hashlib.sha256(f"{bucket}\0{last}".encode()).digest()[:6]
    return "1+/" + base64.b64encode(seal + last.encode()).decode()


def _read_token(bucket: str, token: str) -> str:
    try:
        last = base64.b64decode(token.removeprefix("1+/"), validate=True)[6:].decode()
    except (binascii.Error, UnicodeDecodeError):
        last = ""
    if not last or _token(bucket, last) != token:
        raise S3Error("InvalidArgument", "The continuation token provided is incorrect")
    return last


def _keys_max(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise S3Error("InvalidArgument", "Provided max-keys not an integer or within integer range")
    return min(int(value), KEYS_MAX)


def list_objects(store: Store, call: Call, page_size: int, action: dict[str, Any]) -> Answer:
    """Raises S3Error. `action` may spoil the page: huge_list, repeat_token, truncated_without_token, foreign_keys."""
    query = call.query
    if query.get("encoding-type", "url") != "url":
        raise S3Error("InvalidArgument", "Invalid Encoding Method specified in Request", ArgumentName="encoding-type")
    limit = _keys_max(query.get("max-keys", str(KEYS_MAX)))
    token = query.get("continuation-token")
    after = query.get("start-after", "") if token is None else _read_token(call.bucket, token)
    entries = _entries(store, call, after)
    page = entries[: min(limit, page_size)]
    cut = len(entries) > len(page) and limit > 0
    next_token = _token(call.bucket, page[-1][0]) if cut else None
    if "huge_list" in action:
        page += [(f"{query.get('prefix', '')}huge/{n:08d}", _invented(n)) for n in range(int(action["huge_list"]))]
    if "foreign_keys" in action:
        page += [(key, _invented(0)) for key in action["foreign_keys"]]
    if "repeat_token" in action:
        cut, next_token = True, token or _token(call.bucket, page[-1][0] if page else "~")
    if "truncated_without_token" in action:
        cut, next_token = True, None
    return xml_answer(200, _document(call, limit, page, cut, next_token))


def _invented(number: int) -> Object:
    return Object(b"", make_etag(str(number).encode()), 0.0)


def _entries(store: Store, call: Call, after: str) -> list[tuple[str, Object | None]]:
    """Keys and common prefixes after the last one; a prefix has no object."""
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    entries: list[tuple[str, Object | None]] = []
    for key, held in store.objects(call.bucket, prefix):
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        name = key if end < 0 else key[: end + len(delimiter)]
        if name.encode() <= after.encode() or (entries and entries[-1][0] == name):
            continue
        entries.append((name, held if end < 0 else None))
    return entries


def _document(call: Call, limit: int, page: list[tuple[str, Object | None]], cut: bool, next_token: str | None) -> str:
    query = call.query

    def name(value: str) -> str:
        return quote_plus(value, safe="/*-._") if query.get("encoding-type") == "url" else text(value)

    def element(tag: str, value: str | None) -> str:
        return "" if value is None else f"<{tag}>{value}</{tag}>"

    def spelled(tag: str, parameter: str) -> str:
        return element(tag, name(query[parameter])) if parameter in query else ""

    parts = [f'<ListBucketResult xmlns="{NAMESPACE}">', element("Name", call.bucket)]
    parts += [element("Prefix", name(query.get("prefix", ""))), spelled("Delimiter", "delimiter")]
    parts += [spelled("StartAfter", "start-after"), element("EncodingType", query.get("encoding-type"))]
    if "continuation-token" in query:
        parts.append(element("ContinuationToken", text(query["continuation-token"])))
    parts += [element("NextContinuationToken", next_token), element("KeyCount", str(len(page)))]
    parts += [element("MaxKeys", str(limit)), element("IsTruncated", "true" if cut else "false")]
    for key, held in page:
        if held is None:
            parts.append(f"<CommonPrefixes>{element('Prefix', name(key))}</CommonPrefixes>")
            continue
        modified = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(held.modified_at))
        parts += ["<Contents>", element("Key", name(key)), element("LastModified", modified)]
        parts += [element("ETag", text(held.etag)), element("Size", str(len(held.body)))]
        parts += [element("StorageClass", "STANDARD"), "</Contents>"]
    return "".join([*parts, "</ListBucketResult>"])
