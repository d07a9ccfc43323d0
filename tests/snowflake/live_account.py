"""A real account for the live tests: what it is called, who we are there, and plain requests of its SQL API."""

from __future__ import annotations

import os
import re
import ssl
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization

from snowflake_peer import PATH, KeyPair

SWITCH = "LIVE_SNOWFLAKE"
SUFFIX = ".snowflakecomputing.com"
NAME = re.compile(r"REVOPS_LIVE[A-Z0-9_]*")


def address(url: str) -> str:
    """https://HOST of an account in the forms that people paste; a port is kept."""
    host = re.sub(r"^https?://", "", url.strip().lower()).partition("/")[0]
    if "." not in host and ":" not in host:
        host = host.replace("_", "-")
    return f"https://{host}" if ":" in host or host.endswith((SUFFIX, ".cn")) else f"https://{host}{SUFFIX}"


def name_in_tokens() -> str:
    host = address(os.environ["SNOWFLAKE_URL"]).removeprefix("https://")
    return os.environ.get("SNOWFLAKE_ACCOUNT_NAME") or host.partition(".")[0].upper()


def administrators_headers() -> dict[str, str]:
    """From the variables that the program reads."""
    environment = os.environ
    for kind, names in {
        "PROGRAMMATIC_ACCESS_TOKEN": ("SNOWFLAKE_ACCESS_TOKEN", "SNOWFLAKE_PASSWORD"),
        "OAUTH": ("SNOWFLAKE_OAUTH_TOKEN",),
    }.items():
        if token := next((environment[name] for name in names if environment.get(name)), None):
            return {"Authorization": f"Bearer {token}", "X-Snowflake-Authorization-Token-Type": kind}
    file = environment.get("SNOWFLAKE_PRIVATE_KEY_FILE")
    pem = Path(file).read_text() if file else environment["SNOWFLAKE_PRIVATE_KEY"].replace("\\n", "\n")
    passphrase = environment.get("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "").encode() or None
    key: Any = serialization.load_pem_private_key(pem.encode(), passphrase)
    return key_headers(KeyPair(key), environment["SNOWFLAKE_USER"])


def key_headers(key: KeyPair, user: str) -> dict[str, str]:
    token = key.token(account=name_in_tokens(), user=user.upper())
    return {"Authorization": f"Bearer {token}", "X-Snowflake-Authorization-Token-Type": "KEYPAIR_JWT"}


@dataclass
class Account:
    """Somebody's session of the SQL API, as the program's requests are but written apart from it."""

    headers: dict[str, str]
    place: dict[str, str] = field(default_factory=dict)

    def submit(self, sql: str, bindings: Sequence[Sequence[str]] = ()) -> httpx.Response:
        bound = {str(at): {"type": kind, "value": value} for at, (kind, value) in enumerate(bindings, 1)}
        body = {"statement": sql, "timeout": 120, "parameters": {"QUERY_TAG": "revops/live-test"}} | self.place
        body |= {"bindings": bound} if bound else {}
        context = ssl.create_default_context(cafile=os.environ.get("SNOWFLAKE_CA_FILE") or None)
        with httpx.Client(verify=context, timeout=120, base_url=address(os.environ["SNOWFLAKE_URL"])) as client:
            headers = self.headers | {"User-Agent": "revops-tests/1.0", "Accept": "application/json"}
            return client.post(PATH, params={"requestId": str(uuid.uuid4())}, json=body, headers=headers)

    def answer(self, sql: str, bindings: Sequence[Sequence[str]] = ()) -> Any:
        response = self.submit(sql, bindings)
        assert response.status_code == 200, (sql, response.status_code, response.text)
        return response.json()
