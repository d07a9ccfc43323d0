"""Who asks: key-pair tokens verified wholly, the other kinds against what was registered."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulation.settings import Clock

from .account import Account, User
from .errors import HttpError
from .settings import Settings

KINDS = ("KEYPAIR_JWT", "OAUTH", "PROGRAMMATIC_ACCESS_TOKEN", "WORKLOAD_IDENTITY_FEDERATION")
LIFETIME_SECONDS = 3600
TOKEN_BYTES_MAX = 8192


@dataclass(frozen=True)
class Identity:
    user: User
    role_restriction: str | None
    facts: dict[str, Any]  # what may be logged


def load_public_key(text: str) -> rsa.RSAPublicKey:
    """PEM, or the bare base64 that ALTER USER … SET RSA_PUBLIC_KEY takes."""
    body = re.sub(r"-----[A-Z ]+-----|\s|\\n", "", text)
    key = serialization.load_der_public_key(base64.b64decode(body, validate=True))
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        raise ValueError("an RSA public key of at least 2048 bits is wanted")
    return key


def fingerprint(key: rsa.RSAPublicKey) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


class _Refused(Exception):
    """Why a token does not hold: for the log, not for the answer."""


def _decode(part: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", part):
        raise _Refused("not base64url without padding")
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise _Refused("not base64url") from error


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_decode(part))
    except ValueError as error:
        raise _Refused("not JSON") from error
    if not isinstance(value, dict):
        raise _Refused("not a JSON object")
    return value


def _instant(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refused(f"{name} is not a number of seconds")
    return float(value)


class Authenticator:
    def __init__(self, account: Account, settings: Settings, clock: Clock) -> None:
        self._account, self._settings, self._clock = account, settings, clock

    def identify(self, authorization: str | None, kind: str | None) -> Identity:
        """Raises HttpError 401 with the code of the token's kind, 403 where the network policy forbids."""
        if authorization is None:
            raise HttpError(401, "390101", "Authorization header not found in the request data.")
        match = re.fullmatch(r"Bearer ([!-~]+)", authorization)
        if match is None or len(match[1]) > TOKEN_BYTES_MAX:
            raise HttpError(401, "390103", "Authorization header is not of the form 'Bearer <token>'.")
        if kind is not None and kind not in KINDS:
            raise HttpError(401, "390103", f"Authorization token type '{kind}' is not supported.")
        identity = self._identify(match[1], kind or self._guess(match[1]))
        if identity.user.disabled:
            raise HttpError(401, "390101", f"User access disabled. [{uuid.uuid4()}]")
        if identity.user.blocked_by_network_policy:
            raise HttpError(403, "390422", "Incoming request with IP 127.0.0.1 is not allowed to access Snowflake.")
        return identity

    @staticmethod
    def _guess(token: str) -> str:
        if token.startswith("WIF."):
            return "WORKLOAD_IDENTITY_FEDERATION"
        return "KEYPAIR_JWT" if token.count(".") == 2 else "OAUTH"

    def _identify(self, token: str, kind: str) -> Identity:
        if kind != "KEYPAIR_JWT":
            return self._registered(token, kind)
        try:
            return self._key_pair(token)
        except _Refused as why:
            error = HttpError(401, "390144", f"JWT token is invalid. [{uuid.uuid4()}]")
            error.add_note(str(why))
            raise error from why

    def _registered(self, token: str, kind: str) -> Identity:
        known = self._account.tokens.get((kind, token))
        now = self._clock.now()
        formed = kind != "WORKLOAD_IDENTITY_FEDERATION" or token.startswith("WIF.AWS.")
        if known is None or known.revoked or not formed:
            code, text = {
                "OAUTH": ("390303", f"Invalid OAuth access token. ...{token[-8:]}"),
                "PROGRAMMATIC_ACCESS_TOKEN": ("394400", "Programmatic access token is invalid."),
                "WORKLOAD_IDENTITY_FEDERATION": ("390303", "Invalid workload identity token."),
            }[kind]
            raise HttpError(401, code, text)
        if known.expires_at is not None and now >= known.expires_at:
            code = "390318" if kind == "OAUTH" else "394400"
            raise HttpError(401, code, "The access token has expired.")
        user = self._account.users[known.user]
        return Identity(user, known.role, {"kind": kind, "user": user.name})

    def _key_pair(self, token: str) -> Identity:
        parts = token.split(".")
        if len(parts) != 3:
            raise _Refused("not three parts")
        header, claims = _object(parts[0]), _object(parts[1])
        if header.get("alg") != "RS256" or header.get("typ", "JWT") != "JWT" or "crit" in header:
            raise _Refused("the header is not that of an RS256 JWT")
        user, key_fingerprint = self._claimed_user(claims)
        key = next((key for key in user.keys if fingerprint(key) == key_fingerprint), None)
        if key is None:
            raise _Refused("the fingerprint is not that of a registered key")
        try:
            signed = f"{parts[0]}.{parts[1]}".encode()
            key.verify(_decode(parts[2]), signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise _Refused("the signature does not fit") from error
        self._check_times(claims)
        facts = {"kind": "KEYPAIR_JWT", "user": user.name, "verified": True, "claims": claims}
        return Identity(user, None, facts)

    def _claimed_user(self, claims: dict[str, Any]) -> tuple[User, str]:
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not isinstance(issuer, str) or not isinstance(subject, str):
            raise _Refused("iss and sub must be text")
        match = re.fullmatch(r"([^.]+)\.(.+)\.(SHA256:[A-Za-z0-9+/]{43}=)", issuer)
        if match is None:
            raise _Refused("iss is not <ACCOUNT>.<USER>.SHA256:<fingerprint>")
        account, name, key_fingerprint = match.groups()
        if subject != f"{account}.{name}":
            raise _Refused("sub is not the <ACCOUNT>.<USER> of iss")
        if account not in self._account.identifiers():
            raise _Refused(f"{account} is not this account in upper case, without region")
        user = self._account.users.get(name)
        if user is None:
            raise _Refused(f"there is no user {name}")
        return user, key_fingerprint

    def _check_times(self, claims: dict[str, Any]) -> None:
        now, skew = self._clock.now(), self._settings.clock_skew_seconds
        issued_at, expires_at = _instant(claims, "iat"), _instant(claims, "exp")
        if issued_at > now + skew:
            raise _Refused("issued in the future")
        if "nbf" in claims and _instant(claims, "nbf") > now + skew:
            raise _Refused("not valid yet")
        if expires_at <= issued_at:
            raise _Refused("ends before it begins")
        if now >= min(expires_at, issued_at + LIFETIME_SECONDS):
            raise _Refused("expired")
