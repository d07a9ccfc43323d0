"""The simulator as a process, its control plane, and a plain HTTP client that knows no rule of the API."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import ssl
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from simulation.peer import PATIENCE, Peer  # noqa: E402

PATH = "/api/v2/statements"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)

    @property
    def code(self) -> str:
        return self.document["code"]


class KeyPair:
    """A service user's key and the tokens that it signs."""

    def __init__(self, key: rsa.RSAPrivateKey | None = None) -> None:
        self.key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self.key.public_key()
        encoding, form = serialization.Encoding, serialization.PublicFormat.SubjectPublicKeyInfo
        self.public_pem = public.public_bytes(encoding.PEM, form).decode()
        digest = hashlib.sha256(public.public_bytes(encoding.DER, form)).digest()
        self.fingerprint = "SHA256:" + base64.b64encode(digest).decode()
        private = serialization.PrivateFormat.PKCS8
        self.private_pem = self.key.private_bytes(encoding.PEM, private, serialization.NoEncryption())

    def claims(self, account: str = "TESTORG-TESTACCOUNT", user: str = "REVOPS", **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        issuer = f"{account}.{user}.{self.fingerprint}"
        return {"iss": issuer, "sub": f"{account}.{user}", "iat": now, "exp": now + 3540} | changed

    def token(self, algorithm: str = "RS256", **changed: Any) -> str:
        return jwt.encode(self.claims(**changed), self.key, algorithm=algorithm)


@dataclass
class Simulator(Peer):
    FOLDER, MODULE = HERE, "simulator"

    key: KeyPair = field(default_factory=KeyPair)
    headers: dict[str, str] = field(default_factory=dict)

    def reset(self, **settings: Any) -> None:
        self.control("reset", {"settings": settings})
        self.control("users", {"name": "REVOPS", "rsa_public_key": self.key.public_pem})
        self.headers = {
            "Authorization": f"Bearer {self.key.token()}",
            "X-Snowflake-Authorization-Token-Type": "KEYPAIR_JWT",
            "User-Agent": "revops-tests/1.0",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def rule(self, action: dict[str, Any], times: int = 1, skip: int = 0, **match: Any) -> None:
        self.control("rules", {"rules": [{"match": match, "action": action, "times": times, "skip": skip}]})

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: dict[str, str | None] | None = None,
        timeout: float = PATIENCE,
    ) -> Answer:
        """One request on a connection of its own; a header of None is left out."""
        context = ssl.create_default_context(cafile=self.ca_file)
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=timeout)
        sent = {name: value for name, value in (self.headers | (headers or {})).items() if value is not None}
        try:
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def submit(self, statement: str, query: str | None = None, **body: Any) -> Answer:
        """A submission as it should be; `headers` and members of the body may be changed."""
        headers = body.pop("headers", None)
        document = {"statement": statement, "parameters": {"QUERY_TAG": "revops/test"}} | body
        query = f"requestId={uuid.uuid4()}" if query is None else query
        return self.ask("POST", f"{PATH}?{query}", json.dumps(document).encode(), headers)

    def rows(self, statement: str, *values: str, kind: str = "TEXT") -> list[list[str | None]]:
        bindings = {str(at): {"type": kind, "value": value} for at, value in enumerate(values, 1)}
        answer = self.submit(statement, bindings=bindings)
        assert answer.status == 200, answer.document
        return answer.document["data"]

    def fetch(self, handle: str, partition: int | None = None) -> Answer:
        suffix = "" if partition is None else f"&partition={partition}"
        return self.ask("GET", f"{PATH}/{handle}?requestId={uuid.uuid4()}{suffix}", headers={"Content-Type": None})

    def cancel(self, handle: str) -> Answer:
        return self.ask("POST", f"{PATH}/{handle}/cancel?requestId={uuid.uuid4()}", b"{}")

    def load(self, count: int, *, mode: str = "append") -> None:
        """Invented sales with ids from 1 on, five regions, January 2026."""
        regions = ["North", "South", "East", " west ", None]
        rows = [
            [
                str(n),
                "Sage HR",
                regions[n % 5],
                f"{n}.25",
                "Proposal",
                f"Customer {n}",
                f"2026-01-{n % 28 + 1:02d}",
                "Open",
            ]
            for n in range(1, count + 1)
        ]
        self.control("rows", {"rows": rows, "mode": mode})
