"""The simulator's plain operations, asked by boto3 and by hand."""

from __future__ import annotations

import hashlib
import socket
import threading
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError
from s3_peer import BUCKET, Simulator

K = f"/{BUCKET}/k"
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
KEYS = ["k", "a/b/c.json", "a b+c", "a//b", "a/../b", "./x", "ü/日本", "~-_.!*'();:@&=$,?#[]%", "/leading", "trailing/"]


def refusal(call: Any, **arguments: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        call(Bucket=BUCKET, **arguments)
    response = raised.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def keys_listed(client: Any, **arguments: Any) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, **arguments)
    return [held["Key"] for page in pages for held in page.get("Contents", [])]


@pytest.mark.parametrize("key", KEYS)
def test_an_object_is_put_read_listed_and_deleted(s3: Simulator, key: str) -> None:
    client, body = s3.client(), key.encode() * 3
    etag = client.put_object(Bucket=BUCKET, Key=key, Body=body, ContentType="text/x", Metadata={"run": "7"})["ETag"]
    assert etag == f'"{hashlib.md5(body).hexdigest()}"'
    answer = client.get_object(Bucket=BUCKET, Key=key)
    assert (answer["Body"].read(), answer["ETag"], answer["ContentType"]) == (body, etag, "text/x")
    assert answer["Metadata"] == {"run": "7"}
    head = client.head_object(Bucket=BUCKET, Key=key)
    assert (head["ContentLength"], head["ETag"], head["LastModified"]) == (len(body), etag, answer["LastModified"])
    assert keys_listed(client) == [key]
    for _ in range(2):
        assert client.delete_object(Bucket=BUCKET, Key=key)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert refusal(client.get_object, Key=key) == (404, "NoSuchKey")
    assert refusal(client.head_object, Key=key) == (404, "404")
    assert set(s3.violations()) == {"expect"}


def test_equal_bytes_have_equal_etags(s3: Simulator) -> None:
    client = s3.client()
    etags = [client.put_object(Bucket=BUCKET, Key=key, Body=b"same")["ETag"] for key in ("a", "b", "a")]
    assert len(set(etags)) == 1
    assert [entry["etag"] for entry in s3.control("history")] == etags


def test_a_revalidation_is_304_without_a_body(s3: Simulator) -> None:
    client = s3.client()
    etag = client.put_object(Bucket=BUCKET, Key="k", Body=b"1")["ETag"]
    assert refusal(client.get_object, Key="k", IfNoneMatch=etag) == (304, "304")
    answer = s3.ask("GET", K, headers={"If-None-Match": etag.strip('"')})
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert client.get_object(Bucket=BUCKET, Key="k", IfNoneMatch='"other"')["Body"].read() == b"1"
    assert refusal(client.get_object, Key="k", IfMatch='"other"') == (412, "PreconditionFailed")


def test_conditional_puts(s3: Simulator) -> None:
    client = s3.client()
    assert refusal(client.put_object, Key="k", Body=b"0", IfMatch='"any"') == (404, "NoSuchKey")
    first = client.put_object(Bucket=BUCKET, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    assert refusal(client.put_object, Key="k", Body=b"2", IfNoneMatch="*") == (412, "PreconditionFailed")
    client.put_object(Bucket=BUCKET, Key="k", Body=b"3", IfMatch=first)
    assert refusal(client.put_object, Key="k", Body=b"4", IfMatch=first) == (412, "PreconditionFailed")
    assert refusal(client.delete_object, Key="k", IfMatch=first) == (412, "PreconditionFailed")
    assert s3.texts() == {"k": "3"}
    applied = [(entry["status"], entry["applied"]) for entry in s3.journal()]
    assert applied == [(404, False), (200, True), (412, False), (200, True), (412, False), (412, False)]


@pytest.mark.parametrize("condition", [{"If-None-Match": '"x"'}, {"If-Match": "*"}, {"If-Modified-Since": "x"}])
def test_conditions_that_s3_does_not_know_are_not_ignored(s3: Simulator, condition: dict[str, str]) -> None:
    assert s3.ask("PUT", K, b"1", condition).code == "NotImplemented"
    assert s3.texts() == {}


def test_one_of_many_writers_wins(s3: Simulator) -> None:
    clients = [s3.client() for _ in range(8)]
    won: list[int] = []

    def write(number: int) -> None:
        try:
            clients[number].put_object(Bucket=BUCKET, Key="k", Body=str(number).encode(), IfNoneMatch="*")
            won.append(number)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert s3.texts() == {"k": str(won[0])} and len(won) == 1


@pytest.mark.parametrize(
    ("wanted", "status", "body", "content_range"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=x", 200, b"0123456789", None),
    ],
)
def test_ranges(s3: Simulator, wanted: str, status: int, body: bytes, content_range: str | None) -> None:
    s3.put("k", text="0123456789")
    answer = s3.ask("GET", K, headers={"Range": wanted})
    assert (answer.status, answer.body, answer.headers.get("content-range")) == (status, body, content_range)
    assert s3.ask("GET", K, headers={"Range": "bytes=10-"}).code == "InvalidRange"


def test_digests_are_checked(s3: Simulator) -> None:
    client = s3.client(checksums="when_supported")
    assert client.put_object(Bucket=BUCKET, Key="k", Body=b"1")["ChecksumCRC32"]
    assert client.get_object(Bucket=BUCKET, Key="k", ChecksumMode="ENABLED")["ChecksumCRC32"]
    for name in ("Content-MD5", "x-amz-checksum-crc32", "x-amz-checksum-sha256"):
        assert s3.ask("PUT", K, b"2", {name: "AAAAAAAAAAAAAAAAAAAAAA=="}).code == "BadDigest"
    assert s3.ask("PUT", K, b"2", {"Content-MD5": "no"}).code == "InvalidDigest"
    assert s3.ask("PUT", K, b"2", {"x-amz-checksum-crc64nvme": "AAAAAAAAAAA="}).code == "NotImplemented"
    assert s3.texts() == {"k": "1"}


# Lists --------------------------------------------------------------------------------------------------------


def test_a_list_goes_page_by_page_in_byte_order(s3: Simulator) -> None:
    names = [f"p/{n:03d}" for n in range(25)] + ["p/ü", "p/a b+%", "p/A", "p/~"]
    s3.put(*names, "o", "q/1")
    s3.control("settings", {"page_size": 4})
    client = s3.client()
    assert keys_listed(client, Prefix="p/") == sorted(names, key=str.encode)
    assert len(s3.journal()) == 8
    assert keys_listed(client, Prefix="p/02", PaginationConfig={"PageSize": 2}) == [f"p/02{n}" for n in range(5)]
    assert keys_listed(client, Prefix="none/") == []
    assert keys_listed(client, StartAfter="p/~") == ["p/ü", "q/1"]
    grouped = client.list_objects_v2(Bucket=BUCKET, Delimiter="/")
    assert [one["Prefix"] for one in grouped["CommonPrefixes"]] == ["p/", "q/"]
    assert [one["Key"] for one in grouped["Contents"]] == ["o"]
    assert s3.violations() == []


def test_a_page_holds_a_thousand_keys_at_most(s3: Simulator) -> None:
    s3.put(*[f"{n:04d}" for n in range(1001)])
    page = s3.client().list_objects_v2(Bucket=BUCKET, MaxKeys=5000)
    assert (page["KeyCount"], page["MaxKeys"], page["IsTruncated"]) == (1000, 1000, True)
    assert s3.client().list_objects_v2(Bucket=BUCKET, MaxKeys=0)["IsTruncated"] is False


def test_keys_are_spelled_for_xml_or_for_an_address(s3: Simulator) -> None:
    s3.put("a b+&<\x01ü")
    encoded = s3.ask("GET", f"/{BUCKET}?encoding-type=url&list-type=2")
    assert encoded.headers["transfer-encoding"] == "chunked"
    assert ElementTree.fromstring(encoded.body).findtext(f"*/{NAMESPACE}Key") == "a+b%2B%26%3C%01%C3%BC"
    plain = s3.ask("GET", f"/{BUCKET}?list-type=2").body.decode()
    assert "<Key>a b+&amp;&lt;&#x1;ü</Key>" in plain
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(plain)


@pytest.mark.parametrize(
    "query", ["continuation-token=x&list-type=2", "list-type=2&max-keys=-1", "list-type=2&prefix=a&prefix=b"]
)
def test_a_list_with_a_bad_argument_is_refused(s3: Simulator, query: str) -> None:
    assert s3.ask("GET", f"/{BUCKET}?{query}").code == "InvalidArgument"


# Buckets and addresses ----------------------------------------------------------------------------------------


def test_a_bucket_that_is_not_there(s3: Simulator) -> None:
    s3.control("settings", {"other_buckets": ["second"]})
    assert s3.ask("GET", "/absent/k").code == "NoSuchBucket"
    assert s3.ask("PUT", "/absent/k", b"1").code == "NoSuchBucket"
    assert s3.ask("HEAD", "/absent").status == 404
    assert s3.ask("HEAD", f"/{BUCKET}").headers["x-amz-bucket-region"] == "us-east-1"
    assert s3.ask("PUT", "/second/k", b"1").status == 200
    assert s3.texts() == {}


def test_without_the_right_to_list_a_missing_key_is_forbidden(s3: Simulator) -> None:
    s3.reset(list_bucket=False)
    s3.put("k", text="1")
    client = s3.client()
    assert client.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"1"
    assert refusal(client.get_object, Key="other") == (403, "AccessDenied")
    assert refusal(client.head_object, Key="other") == (403, "403")
    assert refusal(client.list_objects_v2) == (403, "AccessDenied")


@pytest.mark.parametrize("host", ["s3.us-east-1.amazonaws.com", "localhost"])
def test_virtual_hosts(s3: Simulator, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    asked: list[str] = []

    def resolve(name: str, *rest: Any, port: int = s3.port) -> list[Any]:
        asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    s3.reset(addressing="virtual")
    client = s3.client(addressing_style="virtual", host=host)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    client.put_object(Bucket=BUCKET, Key="a/b", Body=b"1")
    assert keys_listed(client) == ["a/b"]
    monkeypatch.undo()
    assert set(asked) == {f"{BUCKET}.{host}"}
    assert {entry["style"] for entry in s3.journal()} == {"virtual"}
    s3.ask("GET", f"/{BUCKET}/a/b")
    assert s3.violations() == ["expect", "wrong_addressing"]


def test_over_tls(s3_tls: Simulator) -> None:
    client = s3_tls.client()
    client.put_object(Bucket=BUCKET, Key="k", Body=b"1")
    assert client.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"1"
    assert s3_tls.ask("GET", headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}).status == 200
    assert s3_tls.violations() == ["expect"]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"/{BUCKET}", "NotImplemented"),
        ("PUT", f"/{BUCKET}", "NotImplemented"),
        ("POST", f"/{BUCKET}/k", "MethodNotAllowed"),
        ("GET", f"/{BUCKET}/%FF", "InvalidURI"),
        ("GET", f"/{BUCKET}/{'k' * 1025}", "KeyTooLongError"),
    ],
)
def test_what_is_not_simulated_is_refused(s3: Simulator, method: str, path: str, code: str) -> None:
    assert s3.ask(method, path).code == code
    assert "unknown_operation" in s3.violations()


def test_control_answers_what_it_does_not_know(s3: Simulator) -> None:
    s3.control("nonsense", {}, status=404)
    s3.control("settings", {"nonsense": 1}, status=400)
    s3.control("settings", {"addressing": "dns"}, status=400)
    s3.control("settings", {"credentials": [{"access_key": "a"}]}, status=400)
    s3.control("rules", {"rules": [{"action": {"nonsense": 1}}]}, status=400)
    s3.control("rules", {"rules": [{"action": {"reset": True}}]}, status=400)
    s3.control("rules", {"rules": [{"action": {"status": 500}, "every": 0}]}, status=400)
    s3.control("rules", {"rules": [{"action": {"status": 500}, "nth": 0}]}, status=400)
    s3.control("rules", {"rules": [{"match": {"verb": "GET"}, "action": {}}]}, status=400)
