#!/usr/bin/env python3
"""Processor time per cached GET of /api/pipeline/by-region, against nginx serving the same bytes from a file."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import measure
from support.server import Server, cpu_seconds_of

TARGET = 0.75
CONNECTIONS = 64
PATH = "/api/pipeline/by-region"
# Both servers share one core, so that the other is left to the one that asks.
SERVER_CORE, CLIENT_CORE = "0", str(min(1, (os.cpu_count() or 1) - 1))

NGINX_CONF = """
daemon off;
master_process off;
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout 65;
  keepalive_requests 100000000;
  open_file_cache max=100 inactive=600s;
  open_file_cache_valid 600s;
  default_type application/json;
  client_body_temp_path {root}/t1;
  proxy_temp_path {root}/t2;
  fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4;
  scgi_temp_path {root}/t5;
  server {{
    listen 127.0.0.1:{port};
    root {root}/www;
    location /br/ {{ add_header Content-Encoding br; }}
  }}
}}
"""


@dataclasses.dataclass
class Peer:
    """A server, and how its answer is asked for."""

    pid: int
    port: int
    path: str
    fields: dict[str, str]

    def ask(self) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", self.path, headers=self.fields)
        response = connection.getresponse()
        return response, response.read()

    def micros_per_request(self) -> float:
        """Processor time of the server, while for a second one core of clients asks as fast as it can."""
        fields = [word for name, value in self.fields.items() for word in ("-H", f"{name}: {value}")]
        wrk = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", "-d1s", *fields]
        before = cpu_seconds_of(self.pid)
        asked = subprocess.run([*wrk, f"http://127.0.0.1:{self.port}{self.path}"], check=True, capture_output=True)
        output = asked.stdout.decode()
        answered = re.search(r"(\d+) requests in", output)
        if answered is None or "Non-2xx" in output or "Socket errors" in output:
            raise RuntimeError(output)
        return (cpu_seconds_of(self.pid) - before) / int(answered[1]) * 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")


@contextlib.contextmanager
def nginx(root: Path) -> Iterator[tuple[int, int]]:
    """Its process and port; it serves what lies in root/www."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit("no nginx")
    port = free_port()
    (root / "nginx.conf").write_text(NGINX_CONF.format(root=root, port=port))
    pinned = ["taskset", "-c", SERVER_CORE, program, "-p", str(root), "-c", str(root / "nginx.conf")]
    with subprocess.Popen(pinned, stdin=subprocess.DEVNULL) as process:
        try:
            wait_until_listening(port)
            yield process.pid, port
        finally:
            process.terminate()


def variants(server: Server, nginx_at: tuple[int, int], www: Path) -> Iterator[tuple[str, Peer, Peer]]:
    """The same answer by both: as it is, as brotli, and as "you have it already"."""
    for name, file, accepted in [("plain", "by-region", {}), ("brotli", "br/by-region", {"Accept-Encoding": "br"})]:
        ours, other = Peer(server.pid, server.port, PATH, accepted), Peer(*nginx_at, f"/{file}", {})
        (www / file).parent.mkdir(mode=0o755, exist_ok=True)
        (www / file).write_bytes(ours.ask()[1])
        require_same(ours, other, 200)
        yield name, ours, other
        if name == "plain":
            ours, other = having_it(ours), having_it(other)
            require_same(ours, other, 304)
            yield "304", ours, other


def having_it(peer: Peer) -> Peer:
    """The same question by somebody who has the answer already."""
    return dataclasses.replace(peer, fields={"If-None-Match": str(peer.ask()[0].headers["ETag"])})


def require_same(ours: Peer, other: Peer, status: int) -> None:
    (our_head, our_body), (other_head, other_body) = ours.ask(), other.ask()
    same_coding = our_head.headers["Content-Encoding"] == other_head.headers["Content-Encoding"]
    if (our_head.status, other_head.status) != (status, status) or our_body != other_body or not same_coding:
        raise RuntimeError(f"the answers differ: {our_head.headers} {other_head.headers}")


def figure(name: str, pairs: list[tuple[float, float]]) -> measure.Figure:
    """The median of neighbouring turns' ratios; microseconds per request beside it."""
    detail = {
        "ours_cpu_us": statistics.median(a for a, _ in pairs),
        "nginx_cpu_us": statistics.median(b for _, b in pairs),
    }
    ratios = [a / b for a, b in pairs]
    return measure.Figure(name, statistics.median(ratios), TARGET, "x", ratios, detail)


def run(chosen: argparse.Namespace) -> list[measure.Figure]:
    rounds = 1 if chosen.smoke else chosen.rounds
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        data, root = Path(folder) / "data", Path(folder)
        root.chmod(0o755)
        (root / "www").mkdir(mode=0o755)
        measure.program(data, "demo", "--nights", "2")
        server = stack.enter_context(Server(data, core=SERVER_CORE))
        nginx_at = stack.enter_context(nginx(root))
        peers = list(variants(server, nginx_at, root / "www"))
        turns: dict[str, list[tuple[float, float]]] = {name: [] for name, _, _ in peers}
        for _ in range(rounds):
            for name, ours, other in peers:
                turns[name].append((ours.micros_per_request(), other.micros_per_request()))
    return [figure(name, pairs) for name, pairs in turns.items()]


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=21).parse_args()
    return measure.conclude("http_cached", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
