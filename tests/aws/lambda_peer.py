"""What a function sees of AWS besides S3: a strict Runtime API, and Secrets Manager and Lambda's Invoke on one port."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
RUNTIME = "/2018-06-01/runtime/"


def find_function(name: str) -> Path:
    """Below REVOPS_FUNCTIONS, else the preset `lambda`; skips the test without one."""
    folder = Path(os.environ.get("REVOPS_FUNCTIONS", REPOSITORY / "build" / "lambda"))
    program = folder / name / "bootstrap"
    if not program.is_file():
        pytest.skip(f"no function at {program}: ./dev package makes it")
    return program.resolve()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: the second would wait for the first's acknowledgement
    peer: Any

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.peer.on_request(self, "GET", b"")

    def do_POST(self) -> None:
        self.peer.on_request(self, "POST", self.body())


class Peer:
    """A server on a port of its own whose requests `on_request` answers."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"peer": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclass
class Call:
    event: Any
    seconds: float
    headers: dict[str, str]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: queue.Queue[tuple[str, bytes]] = field(default_factory=queue.Queue)


class Function(Peer):
    """A function's process and the runtime that calls it; what a correct client never does is a violation."""

    def __init__(self, program: Path, environment: dict[str, str]) -> None:
        super().__init__()
        self.calls: queue.Queue[Call | None] = queue.Queue()
        self.open: Call | None = None
        self.violations: list[str] = []
        self.init_errors: list[dict[str, Any]] = []
        self.response_status = 202
        self.is_waiting = False  # for a call, so that it has started
        clean = {"AWS_LAMBDA_RUNTIME_API": self.address, "PATH": "/usr/bin:/bin"}
        self.process = subprocess.Popen(
            [str(program)], env=clean | environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )

    def invoke(self, event: Any, seconds: float = 28.0, **headers: str) -> Any:
        """The answer's JSON; an AssertionError with the error's where the call has failed."""
        call = Call(event, seconds, headers)
        self.calls.put(call)
        kind, body = call.answers.get(timeout=PATIENCE)
        assert kind == "response", body
        return json.loads(body)

    def fail(self, event: Any, seconds: float = 28.0) -> dict[str, Any]:
        call = Call(event, seconds, {})
        self.calls.put(call)
        kind, body = call.answers.get(timeout=PATIENCE)
        assert kind == "error", body
        return json.loads(body)

    def close(self) -> str:
        """Ends the process; what it has said. Asserts that it kept the rules."""
        self.process.kill()
        said = self.process.communicate()[1].decode()
        self.calls.put(None)
        super().close()
        assert self.violations == []
        return said

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        path = request.path.removeprefix(RUNTIME)
        if method == "GET" and path == "invocation/next":
            return self._next(request)
        answered = re.fullmatch(r"invocation/([^/]+)/(response|error)", path)
        if method == "POST" and path == "init/error":
            self.init_errors.append(json.loads(body))
            return request.answer(202)
        if method != "POST" or not answered:
            self.violations.append(f"unknown {method} {request.path}")
            return request.answer(404)
        return self._answered(request, answered[1], answered[2], body)

    def _next(self, request: Handler) -> None:
        if self.open is not None:
            self.violations.append("next before the answer")
        self.is_waiting = True
        call = self.calls.get()
        if call is None:
            return
        self.open = call
        deadline = str(int((time.time() + call.seconds) * 1000))
        headers = {"Lambda-Runtime-Aws-Request-Id": call.id, "Lambda-Runtime-Deadline-Ms": deadline} | call.headers
        request.answer(200, json.dumps(call.event).encode(), headers)

    def _answered(self, request: Handler, id: str, kind: str, body: bytes) -> None:
        call = self.open
        if call is None or call.id != id:
            self.violations.append(f"{kind} to a call that is not open")
            return request.answer(400)
        if kind == "error" and "Lambda-Runtime-Function-Error-Type" not in request.headers:
            self.violations.append("error without its type")
        self.open = None
        request.answer(self.response_status)
        call.answers.put((kind, body))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """A function under AWS's own runtime interface emulator: `aws-lambda-rie-x86_64` of the wheel aws-sam-cli."""

    def __init__(self, program: Path, environment: dict[str, str]) -> None:
        emulator = os.environ.get("REVOPS_LAMBDA_EMULATOR")
        if not emulator:
            pytest.skip("REVOPS_LAMBDA_EMULATOR does not name the runtime interface emulator")
        self.port = free_port()
        usual = {"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_TIMEOUT": "20", "PATH": "/usr/bin:/bin"}
        addresses = {"runtime-api": free_port(), "runtime-interface-emulator": self.port}
        options = [word for name, port in addresses.items() for word in (f"--{name}-address", f"127.0.0.1:{port}")]
        # A session of its own: the emulator leaves the function behind when it is killed.
        self.process = subprocess.Popen(
            [emulator, *options, str(program)],
            env=environment | usual,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def __enter__(self) -> Emulator:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise AssertionError("the emulator does not listen")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def invoke(self, event: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class Services(Peer):
    """Secrets Manager's GetSecretValue and Lambda's Invoke, each only signed; counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.secret = ""
        self.secret_reads = 0
        self.secret_ids: list[str] = []
        self.secret_refusal: str | None = None
        self.invocations: list[tuple[str, Any]] = []

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        target = request.headers.get("X-Amz-Target", "")
        signed = request.headers.get("Authorization", "")
        invoked = re.fullmatch(r"/2015-03-31/functions/([^/]+)/invocations", request.path)
        if target == "secretsmanager.GetSecretValue" and "/secretsmanager/aws4_request" in signed:
            self.secret_reads += 1
            self.secret_ids.append(json.loads(body)["SecretId"])
            if self.secret_refusal is not None:
                return request.answer(400, json.dumps({"__type": self.secret_refusal}).encode())
            value = {"ARN": json.loads(body)["SecretId"], "Name": "revops", "SecretString": self.secret}
            return request.answer(200, json.dumps(value).encode(), {"Content-Type": "application/x-amz-json-1.1"})
        event_type = request.headers.get("X-Amz-Invocation-Type")
        if invoked and event_type == "Event" and "/lambda/aws4_request" in signed:
            self.invocations.append((invoked[1], json.loads(body)))
            return request.answer(202)
        return request.answer(400, b"{}")


def rest_event(
    path: str, method: str = "GET", query: dict[str, list[str]] | None = None, **headers: str
) -> dict[str, Any]:
    """As a REST API sends it."""
    return {
        "resource": "/api/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {name: value for name, value in headers.items()} or None,
        "multiValueHeaders": {name.replace("_", "-"): [value] for name, value in headers.items()} or None,
        "queryStringParameters": {name: values[-1] for name, values in (query or {}).items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": path.removeprefix("/api/")},
        "stageVariables": None,
        "requestContext": {"stage": "prod", "path": "/prod" + path, "httpMethod": method},
        "body": "{}" if method == "POST" else None,
        "isBase64Encoded": False,
    }
