#!/usr/bin/env python3
"""Processor time per cached GET of /api/pipeline/by-region, against nginx serving the same bytes from a file.

A loop that only receives and sends the same answer stands beside both: what no server can be below.
"""

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

# docs/adr/0011: a 304 that is only received and sent already costs more than 0.75 of nginx's.
TARGETS = {"plain": 0.75, "brotli": 0.75, "304": 1.0}
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


def bare_loop(root: Path, stack: contextlib.ExitStack, name: str, ours: Peer) -> Peer:
    """The compiled loop, answering with the very bytes that ours answers with."""
    program, answer, port = root / "bare_loop", root / f"{name}.answer", free_port()
    if not program.exists():
        source = Path(__file__).with_name("bare_loop.c")
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", program, source], check=True)
    response, body = ours.ask()
    fields = "".join(f"{field}: {value}\r\n" for field, value in response.getheaders())
    answer.write_bytes(f"HTTP/1.1 {response.status} {response.reason}\r\n{fields}\r\n".encode() + body)
    process = stack.enter_context(subprocess.Popen(["taskset", "-c", SERVER_CORE, program, str(port), answer]))
    stack.callback(process.terminate)
    wait_until_listening(port)
    return dataclasses.replace(ours, pid=process.pid, port=port)


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


def figure(name: str, turns: list[tuple[float, float, float]]) -> measure.Figure:
    """The median of neighbouring turns' ratios; microseconds per request, and the bare loop's ratio, beside it."""
    detail = {
        "ours_cpu_us": statistics.median(a for a, _, _ in turns),
        "nginx_cpu_us": statistics.median(b for _, b, _ in turns),
        "bare_loop_ratio": statistics.median(c / b for _, b, c in turns),
    }
    ratios = [a / b for a, b, _ in turns]
    return measure.Figure(name, statistics.median(ratios), TARGETS[name], "x", ratios, detail)


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
        rivals = {name: (ours, other, bare_loop(root, stack, name, ours)) for name, ours, other in peers}
        turns: dict[str, list[tuple[float, float, float]]] = {name: [] for name in rivals}
        for _ in range(rounds):
            for name, (ours, other, bare) in rivals.items():
                turns[name].append((ours.micros_per_request(), other.micros_per_request(), bare.micros_per_request()))
    return [figure(name, each) for name, each in turns.items()]


def main() -> int:
    chosen = measure.arguments(__doc__, rounds=21).parse_args()
    return measure.conclude("http_cached", run(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
