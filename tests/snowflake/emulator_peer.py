"""snowduck, an emulator of Snowflake that others wrote, as a process. It asks for no credentials; DuckDB runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from program_driver import REPOSITORY, until

VARIABLE = "REVOPS_EMULATORS"  # an environment made from emulators.txt


def find_emulators() -> Path:
    """REVOPS_EMULATORS, else what ./dev setup has made; skips the test without one."""
    found = Path(os.environ.get(VARIABLE) or REPOSITORY / ".deps" / "emulators")
    if not (found / "bin" / "snowduck").is_file():
        pytest.skip(f"no emulator in {found}: ./dev setup test makes it, or name one with {VARIABLE}")
    return found


@dataclass
class Snowduck:
    process: subprocess.Popen[bytes]
    client: httpx.Client

    @classmethod
    def start(cls, environment: Path, folder: Path) -> Snowduck:
        """On loopback, with nothing of our environment, its files in `folder`."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [environment / "bin" / "snowduck", "--host", "127.0.0.1", "--port", str(port)],
                cwd=folder,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        peer = cls(process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30))
        until(peer._answers, "snowduck")
        return peer

    def _answers(self) -> bool:
        assert self.process.poll() is None, "snowduck does not start"
        try:
            return self.submit("SELECT 1").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(30)

    def submit(self, sql: str, bindings: Sequence[Sequence[str]] = (), schema: str = "PUBLIC") -> httpx.Response:
        bound = {str(at): {"type": kind, "value": value} for at, (kind, value) in enumerate(bindings, 1)}
        place = {"database": "SALES", "schema": schema, "role": "REVOPS_READER", "warehouse": "REVOPS_WH"}
        body = {"statement": sql, "bindings": bound, "parameters": {"QUERY_TAG": "revops/test"}} | place
        return self.client.post("/api/v2/statements", params={"requestId": str(uuid.uuid4())}, json=body)

    def rows(self, sql: str, bindings: Sequence[Sequence[str]] = (), schema: str = "PUBLIC") -> list[list[str | None]]:
        answer = self.submit(sql, bindings, schema)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]
