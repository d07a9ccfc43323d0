"""A simulator's process and its control plane, as a Python test sees them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

PATIENCE = 20.0


@dataclass
class Peer:
    FOLDER: ClassVar[Path]
    MODULE: ClassVar[str]

    process: subprocess.Popen[str]
    port: int
    control_port: int
    ca_file: str | None = None

    @classmethod
    def start(cls, *options: str) -> Self:
        command = [sys.executable, "-m", cls.MODULE, *options]
        process = subprocess.Popen(command, cwd=cls.FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return cls(process, **json.loads(process.stdout.readline()))

    def stop(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def control(self, name: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        """POST with a body, GET without one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=PATIENCE)
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, f"/{name}", None if body is None else json.dumps(body))
            response = connection.getresponse()
            document = json.loads(response.read())
        finally:
            connection.close()
        assert response.status == status, document
        return document

    def violations(self) -> list[str]:
        return [violation["kind"] for violation in self.control("violations")]
