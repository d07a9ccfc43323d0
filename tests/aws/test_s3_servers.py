"""One scenario of plain operations, with the same answers from the simulator and from MiniStack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack_peer import VARIABLE, MiniStack
from s3_peer import BUCKET, Simulator

ONE, TWO = '"c4ca4238a0b923820dcc509a6f75849b"', '"c81e728d9d4c2f636f067f89cc14862c"'
KEYS = ["k", "a/b/c.json", "a b+c", "a//b", "a/../b", "ü/日本", "~-_.!*'();:@&=$,?#[]%", "/leading", "trailing/"]


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    python = os.environ.get(VARIABLE)
    if not python:
        pytest.skip(f"no MiniStack: {VARIABLE} is not set")
    started = MiniStack.start(python, tmp_path_factory.mktemp("ministack"))
    yield started
    started.stop()


@pytest.fixture(params=["simulator", "ministack"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """boto3's client of a server that has one empty bucket."""
    if request.param == "simulator":
        simulator: Simulator = request.getfixturevalue("s3")
        yield simulator.client()
        assert set(simulator.violations()) <= {"expect"}
        return
    client = request.getfixturevalue("ministack").client()
    client.create_bucket(Bucket=BUCKET)
    yield client
    for held in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=held["Key"])
    client.delete_bucket(Bucket=BUCKET)


def answer(call: Any, **arguments: Any) -> tuple[int, str | None]:
    """Status with the ETag, or with the error's code."""
    try:
        response = call(**({"Bucket": BUCKET} | arguments))
        return response["ResponseMetadata"]["HTTPStatusCode"], response.get("ETag")
    except ClientError as error:
        response = error.response
        return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


@pytest.mark.parametrize("key", KEYS)
def test_every_key_comes_back(client: Any, key: str) -> None:
    assert answer(client.put_object, Key=key, Body=b"1") == (200, ONE)
    assert client.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"1"
    assert answer(client.head_object, Key=key) == (200, ONE)
    assert answer(client.delete_object, Key=key) == answer(client.delete_object, Key=key) == (204, None)
    assert answer(client.get_object, Key=key) == (404, "NoSuchKey")
    assert answer(client.head_object, Key=key) == (404, "404")


def test_conditions(client: Any) -> None:
    assert answer(client.put_object, Key="k", Body=b"1", IfMatch=ONE) == (404, "NoSuchKey")
    assert answer(client.put_object, Key="k", Body=b"1", IfNoneMatch="*") == (200, ONE)
    assert answer(client.put_object, Key="k", Body=b"2", IfNoneMatch="*") == (412, "PreconditionFailed")
    assert answer(client.get_object, Key="k", IfNoneMatch=ONE) == (304, "304")
    assert answer(client.get_object, Key="k", IfMatch=TWO) == (412, "PreconditionFailed")
    assert answer(client.put_object, Key="k", Body=b"2", IfMatch=ONE) == (200, TWO)
    assert answer(client.put_object, Key="k", Body=b"1", IfMatch=ONE) == (412, "PreconditionFailed")
    assert answer(client.delete_object, Key="k", IfMatch=ONE) == (412, "PreconditionFailed")
    assert answer(client.delete_object, Key="absent", IfMatch=ONE) == (404, "NoSuchKey")
    assert answer(client.get_object, Key="k") == (200, TWO)


def test_ranges_and_buckets(client: Any) -> None:
    answer(client.put_object, Key="k", Body=b"0123")
    ranged = client.get_object(Bucket=BUCKET, Key="k", Range="bytes=1-2")
    assert (ranged["Body"].read(), ranged["ContentRange"]) == (b"12", "bytes 1-2/4")
    assert answer(client.get_object, Key="k", Range="bytes=4-") == (416, "InvalidRange")
    assert answer(client.get_object, Bucket="not-there", Key="k") == (404, "NoSuchBucket")


def test_lists(client: Any) -> None:
    for key in KEYS:
        answer(client.put_object, Key=key, Body=b"1")
    paginate = client.get_paginator("list_objects_v2").paginate
    pages = list(paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2}))
    in_order = sorted(KEYS, key=str.encode)
    assert [held["Key"] for page in pages for held in page["Contents"]] == in_order
    assert [page["KeyCount"] for page in pages] == [2, 2, 2, 2, 1]
    assert {(held["ETag"], held["Size"]) for page in pages for held in page["Contents"]} == {(ONE, 1)}
    grouped = client.list_objects_v2(Bucket=BUCKET, Delimiter="/")
    assert [one["Prefix"] for one in grouped["CommonPrefixes"]] == ["/", "a/", "trailing/", "ü/"]
    after = client.list_objects_v2(Bucket=BUCKET, Prefix="a", StartAfter="a/../b")
    assert [held["Key"] for held in after["Contents"]] == ["a//b", "a/b/c.json"]
