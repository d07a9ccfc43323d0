"""Who sent a request. Signatures are computed from the received bytes by botocore's own signer."""

from __future__ import annotations

import calendar
import email.utils
import hashlib
import hmac
import posixpath
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from .answers import S3Error
from .requests import Request, canonical_pairs, canonical_path
from .settings import Settings

Violations = list[tuple[str, str]]  # kind and detail
UNSIGNED = "UNSIGNED-PAYLOAD"
_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<access_key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]*)/(?P<service>[^/,\s]+)"
    r"/aws4_request, ?SignedHeaders=(?P<signed>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass
class Caller:
    access_key: str
    list_bucket: bool


class _Received(S3SigV4Auth):
    """botocore's signer over exactly the headers that the client says it signed."""

    def __init__(self, credentials: Credentials, scope: re.Match[str], path: str) -> None:
        super().__init__(credentials, scope["service"], scope["region"])
        self._signed, self._path = set(scope["signed"].split(";")), path

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        headers = HTTPHeaders()
        for name, value in request.headers.items():
            if name.lower() in self._signed:
                headers[name.lower()] = value
        return headers

    def _normalize_url_path(self, path: str) -> str:
        return self._path


def _sign(request: Request, scope: re.Match[str], secret: str, stamp: str, path: str) -> tuple[str, str, str]:
    """Signature, string to sign, canonical request."""
    url = f"http://simulator{path}?{'&'.join(canonical_pairs(request))}"
    received = AWSRequest(request.method, url, data=request.body)
    for name, value in request.headers:
        received.headers.add_header(name, value)
    received.context["timestamp"] = stamp
    signer = _Received(Credentials(scope["access_key"], secret), scope, path)
    canonical = signer.canonical_request(received)
    string = signer.string_to_sign(received, canonical)
    return signer.signature(string, received), string, canonical


def _instant(request: Request) -> tuple[float, str]:
    stamp, date = request.header("x-amz-date"), request.header("date")
    try:
        if stamp is not None:
            return calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")), stamp
        if date is not None:
            at = email.utils.parsedate_to_datetime(date).timestamp()
            return at, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    except ValueError:
        pass
    raise S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")


def _scope(request: Request, settings: Settings, stamp: str) -> re.Match[str]:
    authorization = request.header("authorization") or ""
    if not authorization.startswith("AWS4-HMAC-SHA256 "):
        raise S3Error("InvalidArgument", "Unsupported Authorization Type", ArgumentName="Authorization")
    scope = _FORM.fullmatch(authorization)
    if scope is None:
        raise S3Error("AuthorizationHeaderMalformed", "The authorization header is malformed; it cannot be read.")
    wanted = {"region": settings.region, "service": "s3", "date": stamp[:8]}
    for name, value in wanted.items():
        if scope[name] != value:
            message = f"The authorization header is malformed; the {name} '{scope[name]}' is wrong; expecting '{value}'"
            raise S3Error("AuthorizationHeaderMalformed", message, Region=settings.region)
    return scope


def _check_token(request: Request, credential: dict[str, Any]) -> None:
    token = request.header("x-amz-security-token")
    if credential["session_token"] and token is None:
        raise S3Error("InvalidAccessKeyId", AWSAccessKeyId=credential["access_key"])
    if token is not None and token != credential["session_token"]:
        raise S3Error("InvalidToken")
    if credential["expired"]:
        raise S3Error("ExpiredToken")


def _misunderstanding(request: Request, scope: re.Match[str], secret: str, stamp: str) -> str | None:
    """The usual wrong way to write the path that explains a signature, if one does."""
    path = canonical_path(request)
    ways = {
        "path_normalised": quote(posixpath.normpath(path).replace("//", "/"), safe="/-_.~%"),
        "path_encoded_twice": quote(path, safe="/-_.~"),
        "path_not_encoded": request.raw_path,
    }
    for name, way in ways.items():
        if way != path and hmac.compare_digest(_sign(request, scope, secret, stamp, way)[0], scope["signature"]):
            return name
    return None


def authenticate(request: Request, settings: Settings, now: float, tls: bool, violations: Violations) -> Caller:
    """Raises S3Error; appends what a client must never send."""
    if request.header("authorization") is None:
        violations.append(("unsigned_request", f"{request.method} {request.raw_path}"))
        raise S3Error("AccessDenied")
    payload = request.header("x-amz-content-sha256")
    if payload is None:
        violations.append(("missing_content_sha256", f"{request.method} {request.raw_path}"))
        raise S3Error("InvalidRequest")
    sent_at, stamp = _instant(request)
    scope = _scope(request, settings, stamp)
    credential = settings.credential(scope["access_key"])
    if credential is None:
        raise S3Error("InvalidAccessKeyId", AWSAccessKeyId=scope["access_key"])
    _check_token(request, credential)
    if abs(sent_at - now) > settings.clock_skew_seconds:
        raise S3Error(
            "RequestTimeTooSkewed",
            RequestTime=stamp,
            ServerTime=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            MaxAllowedSkewMilliseconds=int(settings.clock_skew_seconds * 1000),
        )
    _check_signed_headers(request, scope, violations)
    expected, string, canonical = _sign(request, scope, credential["secret_key"], stamp, canonical_path(request))
    if not hmac.compare_digest(expected, scope["signature"]):
        if way := _misunderstanding(request, scope, credential["secret_key"], stamp):
            violations.append((way, request.raw_path))
        raise S3Error(
            "SignatureDoesNotMatch",
            AWSAccessKeyId=scope["access_key"],
            StringToSign=string,
            SignatureProvided=scope["signature"],
            CanonicalRequest=canonical,
        )
    _check_payload(request, payload, tls, violations)
    return Caller(scope["access_key"], credential["list_bucket"])


def _check_signed_headers(request: Request, scope: re.Match[str], violations: Violations) -> None:
    signed = scope["signed"].split(";")
    names = {name.lower() for name, _ in request.headers}
    missing = sorted(name for name in names if (name.startswith("x-amz-") or name == "host") and name not in signed)
    if missing:
        violations.append(("unsigned_header", ", ".join(missing)))
        message = "There were headers present in the request which were not signed"
        raise S3Error("AccessDenied", message, HeadersNotSigned=", ".join(missing))
    if signed != sorted(set(signed)):
        violations.append(("signed_headers_order", scope["signed"]))
    hops = {"connection", "expect", "transfer-encoding", "keep-alive", "te"} & set(signed)
    violations += [("hop_header_signed", name) for name in sorted(hops)]


def _check_payload(request: Request, payload: str, tls: bool, violations: Violations) -> None:
    if payload == UNSIGNED:
        if not tls:
            violations.append(("unsigned_payload", "over plain HTTP"))
        return
    if payload.startswith("STREAMING-"):
        raise S3Error("NotImplemented", Header="x-amz-content-sha256")
    computed = hashlib.sha256(request.body).hexdigest()
    if payload != computed:
        violations.append(("wrong_content_sha256", request.raw_path))
        raise S3Error(
            "XAmzContentSHA256Mismatch", ClientComputedContentSHA256=payload, S3ComputedContentSHA256=computed
        )
