#!/usr/bin/env python3
"""A function from exec to its first answer, S3 over TLS included, against the same in Python and in Node."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "aws"))
from s3_peer import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Simulator
from support import measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FUNCTIONS = Path(os.environ.get("REVOPS_FUNCTIONS", ROOT / "build" / "lambda"))
ARCHIVE = FUNCTIONS / "get_pipeline_by_region.zip"
PEER_KEY = "by-region.json"
WARM_CALLS, PATIENCE = 200, 30.0
EVENT = {
    "version": "2.0",
    "rawPath": "/api/pipeline/by-region",
    "rawQueryString": "",
    "headers": {"accept": "application/json", "accept-encoding": "gzip, br"},
    "requestContext": {"http": {"method": "GET", "path": "/api/pipeline/by-region"}, "stage": "$default"},
    "isBase64Encoded": False,
}


class Quiet(ThreadingHTTPServer):
    """Says nothing when its client is killed in the middle of a call."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class Runtime:
    """Lambda's Runtime API: as many calls as wanted, one after the other; then silence."""

    def __init__(self, calls: int) -> None:
        self.left, self.answered = calls, threading.Semaphore(0)
        self.answers: list[dict[str, Any]] = []
        runtime = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                if runtime.left == 0:
                    threading.Event().wait()
                runtime.left -= 1
                self.reply(200, json.dumps(EVENT).encode())

            def do_POST(self) -> None:
                runtime.answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.reply(202, b"")
                runtime.answered.release()

            def reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + PATIENCE) * 1000)))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def wait(self, calls: int) -> None:
        for _ in range(calls):
            if not self.answered.acquire(timeout=PATIENCE):
                raise RuntimeError("no answer")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@dataclasses.dataclass
class Start:
    """One process, from exec to the last of its answers."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float


def start(command: list[str | Path], environment: dict[str, str], calls: int = 1) -> Start:
    runtime = Runtime(calls)
    known = {"PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": runtime.address}
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        env=known | environment,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        runtime.wait(calls)
        wall = time.monotonic() - begun
        peak = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        runtime.close()
    answer = runtime.answers[-1]
    if answer.get("statusCode") != 200:
        raise RuntimeError(f"{command}: {answer}")
    assert peak
    return Start(wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3, int(peak[1]) * 1024 / 1e6)


def put(s3: Simulator, key: str, content: bytes) -> None:
    s3.control("objects", {"key": key, "base64": base64.b64encode(content).decode()})


def fill(s3: Simulator, folder: Path, body: str) -> None:
    """The demo company's store, and the answer itself for the peers."""
    measure.program(folder, "demo", "--nights", "2")
    store = folder / "store"
    for path in store.rglob("*"):
        key = str(path.relative_to(store))
        if path.is_file() and "~" not in key:
            put(s3, key, path.read_bytes())
    put(s3, PEER_KEY, body.encode())


@contextlib.contextmanager
def simulator() -> Iterator[Simulator]:
    s3 = Simulator.start("--tls")
    try:
        yield s3
    finally:
        s3.stop()


def unpack(task: Path, ca_file: str) -> Path:
    """The function as Lambda lays it out; the simulated S3's authority becomes one of those that it trusts."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(task)
    (task / "bootstrap").chmod(0o755)
    command = ["openssl", "x509", "-noout", "-subject_hash", "-in", ca_file]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    shutil.copy(ca_file, task / "certs" / f"{name}.0")
    return task / "bootstrap"


def environment_for(s3: Simulator, task: Path) -> dict[str, str]:
    assert s3.ca_file
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL_S3": s3.endpoint,
        "AWS_CA_BUNDLE": s3.ca_file,
        "NODE_EXTRA_CA_CERTS": s3.ca_file,
        "SSL_CERT_DIR": str(task / "certs"),
        "TZDIR": str(task / "zoneinfo"),
        "REVOPS_STORE_URL": f"s3://{BUCKET}",
        "BUCKET": BUCKET,
        "KEY": PEER_KEY,
    }


def system_calls(function: Path, environment: dict[str, str], folder: Path) -> int:
    """Of the function, from exec to the end of its first answer."""
    log = folder / "calls"
    start(["strace", "-f", "-qq", "-o", log, function], environment)
    # A call that another thread interrupts has two lines.
    lines = [line for line in log.read_text().splitlines() if " resumed>" not in line and "+++" not in line]
    return len(lines)


def against(peer: str, target: float, ours: list[Start], theirs: list[Start]) -> measure.Figure:
    """The ratio of processor time; of the wall time beside it most is the simulated S3's."""
    ratios = [a.cpu_ms / b.cpu_ms for a, b in zip(ours, theirs, strict=True)]
    detail = {
        "ours_cpu_ms": statistics.median(once.cpu_ms for once in ours),
        "other_cpu_ms": statistics.median(once.cpu_ms for once in theirs),
        "ours_wall_ms": statistics.median(once.wall_ms for once in ours),
        "other_wall_ms": statistics.median(once.wall_ms for once in theirs),
    }
    return measure.Figure(f"cold start to {peer}'s", statistics.median(ratios), target, "x", ratios, detail)


def run(chosen: Any) -> list[measure.Figure]:
    rounds = 1 if chosen.smoke else chosen.rounds
    peers = {"python": [sys.executable, HERE / "handler.py"], "node": ["node", HERE / "handler.mjs"]}
    with tempfile.TemporaryDirectory() as name, simulator() as s3:
        folder = Path(name)
        assert s3.ca_file
        function = unpack(folder / "task", s3.ca_file)
        environment = environment_for(s3, folder / "task")
        fill(s3, folder / "data", json.dumps({"data": ["x" * 80] * 25}))
        ours: list[Start] = []
        theirs: dict[str, list[Start]] = {peer: [] for peer in peers}
        for _ in range(rounds):
            ours.append(start([function], environment))
            for peer, command in peers.items():
                theirs[peer].append(start(command, environment))
        calls = system_calls(function, environment, folder) if shutil.which("strace") else None
        warm = [start([function], environment, 1 + WARM_CALLS).cpu_ms for _ in range(rounds)]
    cold = statistics.median(once.cpu_ms for once in ours)
    figures = [against(peer, target, ours, theirs[peer]) for peer, target in (("python", 0.02), ("node", 0.05))]
    figures.append(measure.largest("peak memory", 20, "MB", [once.peak_mb for once in ours]))
    figures.append(measure.median("warm answer", 0.3, "CPU ms", [(total - cold) / WARM_CALLS for total in warm]))
    if calls is not None:
        figures.append(measure.largest("system calls", 150, "calls", [float(calls)]))
    figures.append(measure.largest("zip", 3, "MB", [ARCHIVE.stat().st_size / 1e6]))
    return figures


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=11).parse_args()
    return measure.conclude("cold_start", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
