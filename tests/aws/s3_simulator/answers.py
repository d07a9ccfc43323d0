"""Answers and S3's errors, as they go over the wire."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from simulation import wire

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

# Code → status and message.
ERRORS: dict[str, tuple[int, str]] = {
    "AccessDenied": (403, "Access Denied"),
    "AuthorizationHeaderMalformed": (400, "The authorization header is malformed."),
    "BadDigest": (400, "The Content-MD5 or checksum value that you specified did not match what the server received."),
    "ConditionalRequestConflict": (
        409,
        "The conditional request cannot succeed due to a conflicting operation against this resource.",
    ),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size"),
    "ExpiredToken": (400, "The provided token has expired."),
    "IncompleteBody": (400, "The request body terminated unexpectedly"),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "InvalidAccessKeyId": (403, "The AWS Access Key Id you provided does not exist in our records."),
    "InvalidArgument": (400, "Invalid Argument"),
    "InvalidBucketName": (400, "The specified bucket is not valid."),
    "InvalidDigest": (400, "The Content-MD5 you specified was invalid."),
    "InvalidRange": (416, "The requested range is not satisfiable"),
    "InvalidRequest": (400, "Missing required header for this request: x-amz-content-sha256"),
    "InvalidToken": (400, "The provided token is malformed or otherwise invalid."),
    "InvalidURI": (400, "Couldn't parse the specified URI."),
    "KeyTooLongError": (400, "Your key is too long"),
    "MethodNotAllowed": (405, "The specified method is not allowed against this resource."),
    "MissingContentLength": (411, "You must provide the Content-Length HTTP header."),
    "NoSuchBucket": (404, "The specified bucket does not exist"),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NotImplemented": (501, "A header you provided implies functionality that is not implemented"),
    "OperationAborted": (409, "A conflicting conditional operation is currently in progress against this resource."),
    "PermanentRedirect": (301, "The bucket you are attempting to access must be addressed using another endpoint."),
    "PreconditionFailed": (412, "At least one of the pre-conditions you specified did not hold"),
    "RequestTimeTooSkewed": (403, "The difference between the request time and the current time is too large."),
    "RequestTimeout": (
        400,
        "Your socket connection to the server was not read from or written to within the timeout period.",
    ),
    "ServiceUnavailable": (503, "Service is unable to handle request."),
    "SignatureDoesNotMatch": (
        403,
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
    ),
    "SlowDown": (503, "Please reduce your request rate."),
    "TemporaryRedirect": (307, "Please re-send this request to the specified temporary endpoint."),
    "XAmzContentSHA256Mismatch": (400, "The provided 'x-amz-content-sha256' header does not match what was computed."),
}
# The code that goes with a status when a rule names none.
USUAL = {
    status: code
    for status, code in [
        (301, "PermanentRedirect"),
        (307, "TemporaryRedirect"),
        (400, "InvalidArgument"),
        (403, "AccessDenied"),
        (404, "NoSuchKey"),
        (405, "MethodNotAllowed"),
        (409, "ConditionalRequestConflict"),
        (411, "MissingContentLength"),
        (412, "PreconditionFailed"),
        (500, "InternalError"),
        (501, "NotImplemented"),
        (503, "SlowDown"),
    ]
}


class S3Error(Exception):
    def __init__(self, code: str, message: str | None = None, **elements: Any) -> None:
        super().__init__(code)
        self.code, self.elements = code, elements
        self.status, usual = ERRORS[code]
        self.message = message or usual


@dataclass
class Answer(wire.Answer):
    """Errors and lists come in chunks, as from S3; an object comes with its length."""

    code: str | None = None
    applied: bool = False


def text(value: str) -> str:
    """Character data; what XML 1.0 cannot say becomes a reference that it forbids, as S3 sends it."""
    return _CONTROL.sub(lambda found: f"&#x{ord(found[0]):x};", escape(value, {'"': "&quot;", "\r": "&#13;"}))


def xml_answer(status: int, document: str) -> Answer:
    return Answer(
        status, {"Content-Type": "application/xml"}, (DECLARATION + document).encode("utf-8", "replace"), chunked=True
    )


def error_answer(
    code: str, resource: str, status: int | None = None, message: str | None = None, **elements: Any
) -> Answer:
    usual_status, usual_message = ERRORS.get(code, (500, code))
    named = {"Code": code, "Message": message or usual_message, **elements}
    named |= {"Resource": resource, "RequestId": uuid.uuid4().hex[:16].upper(), "HostId": uuid.uuid4().hex}
    inner = "".join(f"<{name}>{text(str(value))}</{name}>" for name, value in named.items())
    answer = xml_answer(status or usual_status, f"<Error>{inner}</Error>")
    answer.code = code
    return answer
