"""Who may send a request, and what no request may look like."""

from __future__ import annotations

import email.utils
import hashlib
import time
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.credentials import Credentials
from s3_peer import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Simulator

EMPTY = hashlib.sha256(b"").hexdigest()


def signer(
    secret: str = SECRET_KEY, key: str = ACCESS_KEY, token: str | None = None, region: str = REGION
) -> S3SigV4Auth:
    return S3SigV4Auth(Credentials(key, secret, token), "s3", region)


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        (signer(secret="wrong"), 403, "SignatureDoesNotMatch"),
        (signer(key="OTHER"), 403, "InvalidAccessKeyId"),
        (signer(region="eu-west-1"), 400, "AuthorizationHeaderMalformed"),
        (signer(token="unknown"), 400, "InvalidToken"),
    ],
)
def test_a_wrong_signer_is_refused(s3: Simulator, wrong: S3SigV4Auth, status: int, code: str) -> None:
    answer = s3.ask("PUT", body=b"1", signer=wrong)
    assert (answer.status, answer.code) == (status, code)
    assert (b"<Region>us-east-1</Region>" in answer.body) == (code == "AuthorizationHeaderMalformed")
    assert s3.texts() == {} and s3.violations() == []
    assert not s3.journal()[0]["applied"]


@pytest.mark.parametrize(
    ("unsigned", "status", "code", "violation"),
    [
        ({"Authorization": None}, 403, "AccessDenied", "unsigned_request"),
        ({"Authorization": "Basic dTpw"}, 400, "InvalidArgument", None),
        ({"Authorization": "AWS4-HMAC-SHA256 x"}, 400, "AuthorizationHeaderMalformed", None),
        ({"X-Amz-Content-SHA256": None}, 400, "InvalidRequest", "missing_content_sha256"),
        ({"X-Amz-Date": None}, 403, "AccessDenied", None),
        ({"X-Amz-Date": "yesterday"}, 403, "AccessDenied", None),
        ({"x-amz-meta-a": "1"}, 403, "AccessDenied", "unsigned_header"),
        ({"X-Amz-Security-Token": "t"}, 400, "InvalidToken", None),
        ({"Transfer-Encoding": "chunked", "Content-Length": None}, 501, "NotImplemented", "transfer_encoding"),
    ],
)
def test_headers_of_a_signature(
    s3: Simulator, unsigned: dict[str, str | None], status: int, code: str, violation: str | None
) -> None:
    chunked = "Transfer-Encoding" in unsigned
    body = b"1\r\n1\r\n0\r\n\r\n" if chunked else b"1"
    headers = {"X-Amz-Content-SHA256": hashlib.sha256(b"1").hexdigest()}
    answer = s3.ask(
        "PUT", body=body, unsigned=unsigned | (headers if chunked else {}), signer=Chunk() if chunked else None
    )
    assert (answer.status, answer.code) == (status, code)
    assert s3.violations() == ([violation] if violation else [])
    assert s3.texts() == {}


class Chunk(S3SigV4Auth):
    """Signs the content of the one chunk in the place of its frame."""

    def __init__(self) -> None:
        super().__init__(Credentials(ACCESS_KEY, SECRET_KEY), "s3", REGION)

    def payload(self, request: object) -> str:
        return hashlib.sha256(b"1").hexdigest()


class Lie(Chunk):
    """A hash that is signed and is not the body's."""

    def payload(self, request: object) -> str:
        return EMPTY


class Unsigned(Chunk):
    def payload(self, request: object) -> str:
        return "UNSIGNED-PAYLOAD"


def test_a_signed_hash_that_is_not_the_bodys(s3: Simulator) -> None:
    answer = s3.ask("PUT", body=b"1", signer=Lie())
    assert (answer.status, answer.code) == (400, "XAmzContentSHA256Mismatch")
    assert s3.violations() == ["wrong_content_sha256"]
    assert s3.ask("PUT", body=b"1", signer=Unsigned()).status == 200
    assert s3.violations()[1:] == ["unsigned_payload"]


class Normalised(Chunk):
    payload = S3SigV4Auth.payload
    _normalize_url_path = SigV4Auth._normalize_url_path


class EncodedTwice(Normalised):
    def _normalize_url_path(self, path: str) -> str:
        return quote(path, safe="/~")


@pytest.mark.parametrize(
    ("way", "key", "violation"),
    [(Normalised, "a//b", "path_normalised"), (Normalised, "a/../b", "path_normalised")]
    + [(EncodedTwice, "a%20b", "path_encoded_twice")],
)
def test_a_path_signed_as_for_other_services_is_named(
    s3: Simulator, way: type[Normalised], key: str, violation: str
) -> None:
    assert s3.ask("GET", f"/{BUCKET}/{key}", signer=way()).code == "SignatureDoesNotMatch"
    assert s3.violations() == [violation]
    assert s3.ask("GET", f"/{BUCKET}/{key}").code == "NoSuchKey"


@pytest.mark.parametrize(
    ("path", "violation"),
    [
        (f"/{BUCKET}/a+b", "path_encoding"),
        (f"/{BUCKET}/a%2fb", "path_encoding"),
        (f"/{BUCKET}/a(b", "path_encoding"),
        (f"/{BUCKET}?list-type=2&prefix=a/b", "query_encoding"),
        (f"/{BUCKET}?list-type=2&prefix=a+b", "query_encoding"),
    ],
)
def test_an_address_is_signed_as_s3_writes_it(s3: Simulator, path: str, violation: str) -> None:
    assert s3.ask("GET", path).code == "SignatureDoesNotMatch"
    assert violation in s3.violations()


@pytest.mark.parametrize(("offset", "refused"), [(-910, True), (-890, False), (890, False), (910, True)])
def test_a_clock_that_is_off(s3: Simulator, offset: int, refused: bool) -> None:
    s3.reset(clock_offset_seconds=offset)
    answer = s3.ask("GET")
    assert (answer.status, answer.code) == ((403, "RequestTimeTooSkewed") if refused else (404, "NoSuchKey"))
    told = email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp()
    assert told - time.time() == pytest.approx(offset, abs=5)
    s3.ask("GET")
    assert s3.violations() == (["skew_not_corrected"] if refused else [])


def test_temporary_credentials_come_with_their_token(s3: Simulator) -> None:
    s3.reset(session_token="temporary/token+")
    assert s3.ask("GET").code == "InvalidAccessKeyId"
    assert s3.ask("GET", signer=signer(token="other")).code == "InvalidToken"
    assert s3.ask("GET", signer=signer(token="temporary/token+")).code == "NoSuchKey"
    client = s3.client(token="temporary/token+")
    client.put_object(Bucket=BUCKET, Key="k", Body=b"1")
    assert s3.journal()[-1]["headers"]["x-amz-security-token"] == "present"


def test_every_credential_has_its_own_rights(s3: Simulator) -> None:
    one = {"access_key": "ONE", "secret_key": "1", "session_token": "t", "expired": True}
    s3.reset(credentials=[one, {"access_key": "TWO", "secret_key": "2", "list_bucket": False}])
    assert s3.ask("GET").code == "InvalidAccessKeyId"
    expired = s3.ask("GET", signer=signer("1", "ONE", "t"))
    assert (expired.status, expired.code) == (400, "ExpiredToken")
    assert s3.ask("GET", signer=signer("2", "TWO")).code == "AccessDenied"


@pytest.mark.parametrize(
    ("method", "path", "body", "unsigned", "violation"),
    [
        ("PUT", f"/{BUCKET}/k", b"1", {"Expect": "100-continue"}, "expect"),
        ("GET", f"/{BUCKET}/k", b"1", {}, "body_unwanted"),
        ("GET", f"/{BUCKET}/k", b"", {"X-Trace": "1"}, "unknown_header"),
        ("GET", f"/{BUCKET}/k?versionId=1", b"", {}, "unknown_query"),
    ],
)
def test_what_s3_tolerates_and_a_client_never_sends(
    s3: Simulator, method: str, path: str, body: bytes, unsigned: dict[str, str | None], violation: str
) -> None:
    s3.put("k")
    assert s3.ask(method, path, body, unsigned=unsigned).status == 200
    assert s3.violations() == [violation]


@pytest.mark.parametrize(
    ("data", "violation"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "bad_http"),
        (b"GET / HTTP/1.0\r\n\r\n", "bad_http"),
        (b"PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "bad_http"),
        (b"PUT /b/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", "bad_http"),
        (b"PUT /b/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n", "bad_http"),
        (b"PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: 0000000000\r\n\r\n", "bad_http"),
        (b"GET /b/k HTTP/1.1\r\nHost: a\r\nAccept: 1\r\nAccept: 2\r\n\r\n", "duplicate_header"),
        (b"GET /b/k HTTP/1.1\r\nHost: localhost\r\n\r\n", "host_without_port"),
    ],
)
def test_http_that_is_not_as_it_should_be(s3: Simulator, data: bytes, violation: str) -> None:
    answer = s3.say(data)
    assert answer.startswith(b"HTTP/1.1 400" if violation == "bad_http" else b"HTTP/1.1 403")
    assert violation in s3.violations()


def test_a_put_has_a_length(s3: Simulator) -> None:
    assert s3.ask("PUT", unsigned={"Content-Length": None}).code == "MissingContentLength"


def test_a_refusal_is_not_asked_again_and_a_failure_not_for_ever(s3: Simulator) -> None:
    s3.reset(refusal_seconds=60, attempts_max=2)
    for _ in range(2):
        s3.ask("GET")  # NoSuchKey: a caller may look again
    assert s3.violations() == []
    for _ in range(2):
        s3.ask("GET", signer=signer("wrong"))
    assert s3.violations() == ["refused_request_again"]
    s3.control("clear_journal", {})
    s3.rule({"status": 503}, times=0)
    for _ in range(3):
        s3.ask("GET")
    assert s3.violations() == ["too_many_attempts"]
