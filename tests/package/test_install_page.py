"""docs/install.md: its commands in their order, and its proxy in front of the program."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_driver import PATIENCE, Program, Server, csv_text, sale, until

PAGE = Path(__file__).resolve().parents[2] / "docs/install.md"
NAME = "sales.example.com"


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    assert found is not None
    return found[1]


def test_trying_it_takes_four_lines(archive: Path, tmp_path: Path) -> None:
    lines = block("sh").splitlines()
    assert len(lines) == 4
    shutil.copy(archive, tmp_path)
    # Its last line stays until it is ended.
    script = "set -e\n" + "\n".join(lines[:-1]) + f"\nexec {lines[-1]} --listen 127.0.0.1:0"
    with (tmp_path / "log").open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            ["sh", "-c", script],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("The demo company is in ")
    server = Server(process, tmp_path / "log")
    try:
        assert b"<html" in server.ask("/").body
        assert server.get("/api/pipeline/by-region")["data"]
    finally:
        assert server.stop() == 0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def behind(unpacked: Path, tmp_path: Path) -> Iterator[int]:
    """The port of the page's nginx, with a certificate and one user, in front of the program."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("this machine has no nginx, or no openssl")
    program = Program(unpacked / "bin/revops", tmp_path / "data", {"REVOPS_HOST_NAMES": NAME})
    program.must("init", "--sample")
    program.process()
    port, server = free_port(), program.serve()
    key, certificate, users = (tmp_path / name for name in ("key", "certificate", "users"))
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "1"]
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout", str(key), "-out", str(certificate))
    users.write_text(f"ada:{openssl('passwd', '-apr1', 'secret')}\n", encoding="utf-8")
    site = block("nginx")
    for shown, real in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/sales.pem", str(certificate)),
        ("/etc/ssl/sales.key", str(key)),
        ("/etc/nginx/sales.htpasswd", str(users)),
        ("http://127.0.0.1:8080", f"http://127.0.0.1:{server.port}"),
    ):
        assert site.count(shown) == 1, shown
        site = site.replace(shown, real)
    settings = tmp_path / "nginx.conf"
    user = "user root;\n" if Path("/proc/self").owner() == "root" else ""
    around = f"{user}daemon off;\npid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n"
    paths = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings.write_text(f"error_log stderr;\n{around}{paths}{site}}}\n", encoding="utf-8")
    proxy = subprocess.Popen([nginx, "-p", str(tmp_path), "-e", "stderr", "-c", str(settings)])
    try:
        until(lambda: is_open(port), "nginx")
        yield port
    finally:
        proxy.terminate()
        proxy.wait(PATIENCE)
        program.close()


def is_open(port: int) -> bool:
    with socket.socket() as peer:
        return peer.connect_ex(("127.0.0.1", port)) == 0


def ask(
    port: int, tmp_path: Path, path: str, method: str = "GET", body: bytes | None = None, user: str = "ada:secret"
) -> tuple[int, bytes]:
    """As a browser that trusts the certificate and found the name in the DNS."""
    trusted = ssl.create_default_context(cafile=str(tmp_path / "certificate"))
    connection = http.client.HTTPSConnection(NAME, port, timeout=PATIENCE, context=trusted)
    connection._create_connection = lambda *_: socket.create_connection(("127.0.0.1", port), PATIENCE)  # type: ignore[attr-defined]
    headers = {"Authorization": "Basic " + b64encode(user.encode()).decode(), "Host": NAME, "Origin": f"https://{NAME}"}
    headers["Content-Type"] = "application/octet-stream"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        if answer.headers.get_content_type() == "text/event-stream":
            return answer.status, answer.readline()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_colleagues_sign_in_at_the_proxy(behind: int, tmp_path: Path) -> None:
    assert ask(behind, tmp_path, "/", user="ada:wrong")[0] == 401
    assert ask(behind, tmp_path, "/api/summary", user="eve:secret")[0] == 401
    status, page = ask(behind, tmp_path, "/")
    assert (status, b"<html" in page) == (200, True)
    assert ask(behind, tmp_path, "/api/pipeline/by-region")[0] == 200


def test_files_and_news_pass_the_proxy(behind: int, tmp_path: Path) -> None:
    # Larger than what nginx takes without being told.
    file = csv_text([sale(number) for number in range(1, 40_000)]).encode()
    assert len(file) > 2_000_000
    assert ask(behind, tmp_path, "/api/imports?name=deals.csv", "POST", file)[0] == 201
    status, line = ask(behind, tmp_path, "/api/events")
    assert status == 200
    assert line
