"""Drives the built program as a user would: command lines, a server, HTTP."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import json
import os
import selectors
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
ENDED = ("succeeded", "failed", "cancelled")
COLUMNS = ["SALE_ID", "PRODUCT", "REGION", "AMOUNT", "STAGE", "CUSTOMER_NAME", "SALE_DATE", "STATUS"]


def find_program() -> Path:
    """REVOPS_PROGRAM, else the release build; skips the test without one."""
    named = os.environ.get("REVOPS_PROGRAM")
    found = Path(named) if named else REPOSITORY / "build" / "release" / "revops"
    if not found.is_file():
        pytest.skip(f"no program at {found}: build it, or name one with REVOPS_PROGRAM")
    return found.resolve()


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true value of the condition; fails loudly at the deadline."""
    pause = threading.Event()
    deadline = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s for {what}")
        pause.wait(0.02)
    return value


def sale(sale_id: int | str, **changed: str) -> dict[str, str]:
    row = dict(
        zip(
            COLUMNS,
            [str(sale_id), "Sage 50", "West", "100.00", "Proposal", "Acme", "2026-11-01", "Open"],
            strict=True,
        )
    )
    return row | changed


def csv_text(rows: list[dict[str, str]], columns: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A running `serve`; ended by `stop` or `kill`."""

    def __init__(self, process: subprocess.Popen[str], stderr: Path) -> None:
        self.process = process
        self._stderr = stderr
        line = self._first_line()
        if not line.startswith("Listening on http://"):
            process.kill()
            process.wait(PATIENCE)
            raise AssertionError(f"serve said {line!r}; {self.stderr()}")
        self.host, _, port = line.strip().removeprefix("Listening on http://").rpartition(":")
        self.port = int(port)

    def _first_line(self) -> str:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline() if selector.select(PATIENCE) else "nothing"

    def stderr(self) -> str:
        return self._stderr.read_text(encoding="utf-8")

    def ask(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status == 200, answer
        return answer.json()

    def send_raw(self, request: bytes) -> bytes:
        """The whole answer to bytes that no HTTP client would send."""
        received = b""
        with socket.create_connection((self.host, self.port), timeout=PATIENCE) as peer:
            with contextlib.suppress(ConnectionError):
                peer.sendall(request)
            with contextlib.suppress(ConnectionError):
                while piece := peer.recv(65536):
                    received += piece
        return received

    def settle(self) -> dict[str, Any]:
        """The run that begins by itself when a folder is served for the first time, once it has ended."""

        def look() -> dict[str, Any] | None:
            job = self.get("/api/refresh")["data"]
            return job if job and job["requested_by"] == "schedule" and job["state"] in ENDED else None

        return until(look, "the run that is due")

    def start_refresh(self) -> Answer:
        return self.ask("/api/refresh", "POST", {"Content-Type": "application/json"}, b"{}")

    def refresh(self) -> dict[str, Any]:
        """Runs the nightly job to its end: one that begins now, since one that ran already may have read before."""
        while True:
            answer = self.start_refresh()
            assert answer.status == 202, answer
            job = self.ended(answer.headers["location"])
            if not answer.json()["data"]["joined"]:
                return job

    def ended(self, path: str) -> dict[str, Any]:
        """The job at that path, once it has ended."""

        def look() -> dict[str, Any] | None:
            job = self.get(path)["data"]
            return job if job["state"] in ENDED else None

        return until(look, "the refresh")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


@dataclass
class Program:
    """The program on one data folder."""

    executable: Path
    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    now: str | None = None
    _servers: list[Server] = field(default_factory=list)

    def words(self, *arguments: str | Path) -> list[str]:
        clock = ["--now", self.now] if self.now else []
        return [str(self.executable), "--data", str(self.data), *clock, *map(str, arguments)]

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("REVOPS_")}
        return clean | self.environment

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*arguments),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def begin(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.words(*arguments),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def must(self, *arguments: str | Path) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def refuse(self, *arguments: str | Path, status: int = 1) -> str:
        """The one line that says why not."""
        done = self.run(*arguments)
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        lines = [line for line in done.stderr.splitlines() if not line.startswith('{"ts"')]
        assert len(lines) == 1, done.stderr
        assert lines[0].startswith("revops: "), lines
        return lines[0]

    def sql(self, statement: str) -> list[dict[str, str | None]]:
        return json.loads(self.must("sql", "--format", "json", statement))

    def count(self) -> int:
        return int(self.sql("SELECT count(*) AS n FROM FCT_SALES")[0]["n"] or 0)

    def ids(self) -> list[str | None]:
        return [row["SALE_ID"] for row in self.sql("SELECT SALE_ID FROM FCT_SALES ORDER BY SALE_ID")]

    def process(self) -> dict[str, Any]:
        return json.loads(self.must("process"))

    def snapshots(self) -> list[dict[str, Any]]:
        return json.loads(self.must("snapshots", "--format", "json"))

    def serve(self, *arguments: str, log: Path | None = None) -> Server:
        log = log or self.data.parent / f"serve-{len(self._servers)}.log"
        with log.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(
                self.words("serve", "--listen", "127.0.0.1:0", *arguments),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        server = Server(process, log)
        self._servers.append(server)
        return server

    @contextlib.contextmanager
    def serving(self) -> Iterator[Server]:
        server = self.serve()
        yield server
        assert server.stop() == 0, server.stderr()

    def close(self) -> None:
        for server in self._servers:
            if server.process.poll() is None:
                server.kill()
            if server.process.stdout is not None:
                server.process.stdout.close()
