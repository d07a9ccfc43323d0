"""STS as far as GetWebIdentityToken goes: the form as the service model has it, and signatures verified by botocore."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from lambda_peer import Handler, Peer

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/sts/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
WANTED = {
    "Action": "GetWebIdentityToken",
    "Version": "2011-06-15",
    "Audience.member.1": "snowflakecomputing.com",
    "SigningAlgorithm": "ES384",
}


@dataclass
class Role:
    access_key: str
    secret_key: str
    arn: str


class _Received(SigV4Auth):
    """botocore's signer over the headers that the client says it signed."""

    def __init__(self, role: Role, region: str, signed: list[str]) -> None:
        super().__init__(Credentials(role.access_key, role.secret_key), "sts", region)
        self._signed = signed

    def headers_to_sign(self, request: AWSRequest) -> object:
        headers = super().headers_to_sign(request)
        for name in set(headers.keys()) - set(self._signed):
            del headers[name]
        return headers


def _token(role: Role, lifetime: int) -> str:
    now = int(time.time())
    claims = {"aud": "snowflakecomputing.com", "sub": role.arn, "exp": now + lifetime, "jti": str(uuid.uuid4())}
    parts = [{"alg": "ES384", "typ": "JWT"}, claims]
    text = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    signature = hashlib.sha384(".".join(text).encode()).digest()
    return ".".join([*text, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


class Sts(Peer):
    """Gives tokens to one role; what a correct client never does is a violation."""

    def __init__(self, role: Role, region: str, on_token: Callable[[str, int], object]) -> None:
        super().__init__()
        self.role, self.region, self.on_token = role, region, on_token
        self.refusals: list[str] = []  # codes to refuse the next requests with; the last one stays
        self.lifetimes: list[int] = []
        self.violations: list[str] = []

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        code = self._fault(request, method, body)
        if code is None and self.refusals:
            code = self.refusals[0] if len(self.refusals) == 1 else self.refusals.pop(0)
        if code is not None:
            text = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>"
            return self._answer(request, 403, "ErrorResponse", text)
        lifetime = int(dict(urllib.parse.parse_qsl(body.decode()))["DurationSeconds"])
        token = _token(self.role, lifetime)
        self.lifetimes.append(lifetime)
        self.on_token(token, lifetime)
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + lifetime))
        inner = f"<Expiration>{end}</Expiration><WebIdentityToken>{token}</WebIdentityToken>"
        wrapped = f"<GetWebIdentityTokenResult>{inner}</GetWebIdentityTokenResult>"
        return self._answer(request, 200, "GetWebIdentityTokenResponse", wrapped)

    def _answer(self, request: Handler, status: int, root: str, inner: str) -> None:
        end = f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
        text = f'<{root} xmlns="{NAMESPACE}">{inner}{end}</{root}>'
        request.answer(status, text.encode(), {"Content-Type": "text/xml", "Date": formatdate(usegmt=True)})

    def _fault(self, request: Handler, method: str, body: bytes) -> str | None:
        form = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
        names = [name for name, _ in form]
        lifetime = dict(form).get("DurationSeconds", "")
        wrong = (
            (method, request.path) != ("POST", "/")
            or request.headers.get("Content-Type") != "application/x-www-form-urlencoded"
            or len(names) != len(set(names))
            or {name: value for name, value in form if name != "DurationSeconds"} != WANTED
            or not re.fullmatch(r"\d{1,4}", lifetime)
            or not 60 <= int(lifetime) <= 3600
        )
        if wrong:
            self.violations.append(f"{method} {request.path} {body.decode()}")
            return "ValidationError"
        return self._unsigned(request, body)

    def _unsigned(self, request: Handler, body: bytes) -> str | None:
        form = _FORM.fullmatch(request.headers.get("Authorization", ""))
        if form is None:
            self.violations.append("no signature")
            return "MissingAuthenticationToken"
        access_key, date, region, signed, signature = form.groups()
        stamp = request.headers.get("X-Amz-Date", "")
        if access_key != self.role.access_key:
            return "InvalidClientTokenId"
        if not {"host", "x-amz-date", "content-type"} <= set(signed.split(";")) or region != self.region:
            self.violations.append(f"signed {signed} for {region}")
            return "SignatureDoesNotMatch"
        received = AWSRequest(method="POST", url=f"http://{request.headers['Host']}/", data=body)
        for name, value in request.headers.items():
            received.headers.add_header(name, value)
        received.context["timestamp"] = stamp
        signer = _Received(self.role, region, signed.split(";"))
        string = signer.string_to_sign(received, signer.canonical_request(received))
        if date != stamp[:8] or not hmac.compare_digest(signer.signature(string, received), signature):
            self.violations.append("the signature does not fit")
            return "SignatureDoesNotMatch"
        return None
