"""The S3 simulator as a process, its control plane, an independent client, and signed requests by hand."""

from __future__ import annotations

import http.client
import socket
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

from simulation.peer import PATIENCE, Peer  # noqa: E402

BUCKET, REGION = "revops-test", "us-east-1"
ACCESS_KEY, SECRET_KEY = "SIMULATORKEY", "simulator/secret+key"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        return ElementTree.fromstring(self.body).findtext("Code")


class Simulator(Peer):
    FOLDER, MODULE = HERE, "s3_simulator"

    @property
    def endpoint(self) -> str:
        return f"{'https' if self.ca_file else 'http'}://localhost:{self.port}"

    def reset(self, **settings: Any) -> None:
        self.control("reset", {"settings": settings})

    def rule(self, action: dict[str, Any], times: int = 1, nth: int = 1, every: int = 1, **match: Any) -> None:
        self.control(
            "rules", {"rules": [{"match": match, "action": action, "times": times, "nth": nth, "every": every}]}
        )

    def put(self, *keys: str, text: str = "") -> None:
        """Objects that are there, without a request of the API."""
        self.control("objects", {"keys": keys, "text": text})

    def texts(self) -> dict[str, str]:
        return {key: held["text"] for key, held in self.control("objects").items()}

    def journal(self) -> list[dict[str, Any]]:
        return self.control("journal")

    def client(self, *, secret: str = SECRET_KEY, token: str | None = None, attempts: int = 1, **config: Any) -> Any:
        """boto3's client, which tries `attempts` times."""
        style = {"addressing_style": config.pop("addressing_style", "path")}
        host = config.pop("host", "localhost")
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint.replace("localhost", host),
            region_name=config.pop("region", REGION),
            aws_access_key_id=config.pop("access_key", ACCESS_KEY),
            aws_secret_access_key=secret,
            aws_session_token=token,
            verify=self.ca_file,
            config=Config(
                s3=style,
                retries={"mode": "standard", "total_max_attempts": attempts},
                request_checksum_calculation=config.pop("checksums", "when_required"),
                read_timeout=config.pop("read_timeout", PATIENCE),
                **config,
            ),
        )

    def ask(
        self,
        method: str,
        path: str = f"/{BUCKET}/k",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        unsigned: dict[str, str | None] | None = None,
        signer: S3SigV4Auth | None = None,
        timeout: float = PATIENCE,
    ) -> Answer:
        """One request as botocore signs it; `unsigned` headers are put in, or taken out by None, behind its back."""
        request = AWSRequest(method, f"{self.endpoint}{path}", data=body, headers=headers or {})
        (signer or S3SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "s3", REGION)).add_auth(request)
        sent = dict(request.headers.items()) | (unsigned or {})
        if body or method == "PUT":
            sent = {"Content-Length": str(len(body))} | sent
        connection = self._connect(timeout)
        try:
            connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        if self.ca_file is None:
            return http.client.HTTPConnection("localhost", self.port, timeout=timeout)
        context = ssl.create_default_context(cafile=self.ca_file)
        return http.client.HTTPSConnection("localhost", self.port, timeout=timeout, context=context)

    def say(self, data: bytes) -> bytes:
        """These bytes over plain TCP, and whatever comes back until the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as stream:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: stream.recv(65536), b""))
