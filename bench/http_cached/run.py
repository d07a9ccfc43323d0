#!/usr/bin/env python3
"""CPU per cached keep-alive GET: our server against nginx serving the same bytes from a file.

Both run on one core, wrk on another, in turns; each figure is the median over the rounds of
(user + system time of the server) / (requests answered). Needs nginx and wrk.

    bench/http_cached/run.py build/release/bench/http_cached/bench_http_cached_server
"""

import argparse
import contextlib
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

BODY_BYTES = 3392
TARGET = 0.75

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
  types {{ application/json json; }}
  client_body_temp_path {root}/t1;
  proxy_temp_path {root}/t2;
  fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4;
  scgi_temp_path {root}/t5;
  server {{
    listen 127.0.0.1:{port};
    root {root}/www;
  }}
}}
"""


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


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    pinned = ["taskset", "-c", "0", *command]
    with subprocess.Popen(pinned, stdin=subprocess.PIPE) as process:
        try:
            wait_until_listening(port)
            yield process.pid
        finally:
            process.terminate()


def measure(pid: int, port: int, seconds: int, connections: int) -> tuple[float, float]:
    """Microseconds of CPU per request, and requests per second."""
    before = cpu_seconds(pid)
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    output = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/body.json"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"(\d+) requests in", output)
    if found is None or "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    requests = int(found.group(1))
    return (cpu_seconds(pid) - before) / requests * 1e6, requests / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server", help="the program bench_http_cached_server")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    arguments = parser.parse_args()
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit("no nginx")

    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "www").mkdir(mode=0o755)
        body = Path(root) / "www" / "body.json"
        body.write_text(('{"data":[' + '"0123456789abcdef",' * 200)[: BODY_BYTES - 4] + '"0"]')
        nginx_port, own_port = free_port(), free_port()
        (Path(root) / "nginx.conf").write_text(NGINX_CONF.format(root=root, port=nginx_port))
        commands = {
            "nginx": ([nginx, "-p", root, "-c", f"{root}/nginx.conf"], nginx_port),
            "revops": ([arguments.server, str(own_port), str(body)], own_port),
        }
        cpu: dict[str, list[float]] = {name: [] for name in commands}
        with contextlib.ExitStack() as stack:
            pids = {
                name: stack.enter_context(running(command, port))
                for name, (command, port) in commands.items()
            }
            for _ in range(arguments.rounds):
                for name, (_, port) in commands.items():
                    micros, rate = measure(
                        pids[name], port, arguments.seconds, arguments.connections
                    )
                    cpu[name].append(micros)
                    print(f"{name:7} {micros:6.2f} CPU-us/request {rate:9.0f} requests/s")

    ratios = [own / other for own, other in zip(cpu["revops"], cpu["nginx"], strict=True)]
    ratio = statistics.median(ratios)
    print(
        f"ratio {ratio:.3f} (target <= {TARGET}; rounds {min(ratios):.3f}..{max(ratios):.3f}); "
        f"revops {statistics.median(cpu['revops']):.2f}, "
        f"nginx {statistics.median(cpu['nginx']):.2f} CPU-us/request"
    )
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
