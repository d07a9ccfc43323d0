"""Writes contracts/goldens/snowflake/jwt.json: tokens as Snowflake's driver makes them, with a key made for it alone.

    pip install snowflake-connector-python==4.8.1
    python tests/snowflake/make_jwt_golden.py

core/warehouse/snowflake/credentials_test.cc compares our tokens with them, claim by claim.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from snowflake.connector.auth.keypair import AuthByKeyPair

GOLDEN = Path(__file__).resolve().parents[2] / "contracts/goldens/snowflake/jwt.json"
LIFETIME_SECONDS = 3540
CASES = [
    ("myorg-account1", "revops", "2026-11-22T02:00:00"),
    ("MYORG-MY_ACC_1", "Revops.Service@acme.example", "2026-11-22T02:00:59"),
    ("abc123", "REVOPS", "2000-02-29T23:59:59"),
    ("abc123.us-east-1", "REVOPS", "2026-11-22T02:00:00"),
    ("test.us-east-2.aws", "REVOPS", "2026-11-22T02:00:00"),
    ("myorg-account1.global", "REVOPS", "2037-01-19T03:14:07"),
]


def make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def to_pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def make_case(key: rsa.RSAPrivateKey, account: str, user: str, now: str) -> dict[str, object]:
    instant = datetime.fromisoformat(now)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return instant.replace(tzinfo=tz)

    with mock.patch("snowflake.connector.auth.keypair.datetime", Clock):
        token = AuthByKeyPair(key, lifetime_in_seconds=LIFETIME_SECONDS).prepare(account=account, user=user)
    claims = jwt.decode(token, options={"verify_signature": False})
    seconds = int(instant.replace(tzinfo=UTC).timestamp())
    return {
        "account": account,
        "user": user,
        "now": seconds,
        "header": jwt.get_unverified_header(token),
        "claims": claims,
    }


def main() -> None:
    key = make_key()
    golden = {
        "made_by": "snowflake-connector-python 4.8.1",
        "private_key": to_pem(key),
        "fingerprint": AuthByKeyPair.calculate_public_key_fingerprint(key),
        "cases": [make_case(key, *case) for case in CASES],
    }
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(golden, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
