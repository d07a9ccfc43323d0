"""TLS and keys in the functions: they have another library for both than the program, whose C++ tests do not see it."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from lambda_peer import PATIENCE, Function, Services, find_function, rest_event

import snowflake_peer

PASSPHRASE = "correct horse battery staple"


def start(services: Services, port: int, program: Path | None = None, **more: str) -> Function:
    """The function that needs nothing but Snowflake; `program` starts it where it must find itself elsewhere."""
    environment = {
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "KEY",
        "AWS_SECRET_ACCESS_KEY": "SECRET",
        "AWS_ENDPOINT_URL": f"http://{services.address}",
        "SNOWFLAKE_URL": f"https://localhost:{port}",
        "SNOWFLAKE_ACCOUNT_NAME": "TESTORG-TESTACCOUNT",
        "SNOWFLAKE_USER": "REVOPS",
        "SNOWFLAKE_DATABASE": "REVOPS",
        "SNOWFLAKE_WAREHOUSE": "REVOPS_WH",
        "SNOWFLAKE_ROLE": "REVOPS_READER",
        "SNOWFLAKE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:revops-AbCdEf",
    }
    return Function(program or find_function("get_last_month_sales"), environment | more)


def ask(services: Services, port: int, program: Path | None = None, **more: str) -> tuple[int, str]:
    """Status and body of its answer."""
    function = start(services, port, program, **more)
    try:
        answer = function.invoke(rest_event("/api/sales/last-month"))
    finally:
        function.close()
    return answer["statusCode"], answer["body"]


def by_hash(folder: Path, certificate: Path) -> Path:
    """A folder as archives have it: `certs/`."""
    command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(certificate)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    folder.mkdir()
    shutil.copy(certificate, folder / f"{name}.0")
    return folder


def test_certificates_are_found_by_their_hash(
    snowflake: snowflake_peer.Simulator, services: Services, tmp_path: Path
) -> None:
    certs = by_hash(tmp_path / "certs", Path(snowflake.ca_file))
    assert ask(services, snowflake.port, SSL_CERT_DIR=str(certs))[0] == 200


def on_a_system(folder: Path) -> Path:
    """Starts the function where `folder` is /etc/ssl."""
    apart = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    mounted = [*apart, "sh", "-c", f'mount --bind "{folder}" /etc/ssl && exec "$0"']
    tried = subprocess.run([*mounted, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"no folder can be mounted here: {tried.stderr.strip()}")
    script = folder / "start"
    script.write_text(f"#!/bin/sh\nexec {shlex.join([*mounted, str(find_function('get_last_month_sales'))])}\n")
    script.chmod(0o755)
    return script


@pytest.mark.parametrize("bundle", ["certs/ca-certificates.crt", "cert.pem"])
def test_a_bundle_of_the_system_is_trusted_where_no_folder_has_hashes(
    snowflake: snowflake_peer.Simulator, services: Services, tmp_path: Path, bundle: str
) -> None:
    """Nothing is said of certificates, and the folder that is looked into first is there, as on Amazon Linux."""
    (tmp_path / "certs").mkdir()
    program = on_a_system(tmp_path)
    status, body = ask(services, snowflake.port, program)
    assert (status, "certificate" in body) == (502, True)
    shutil.copy(snowflake.ca_file, tmp_path / bundle)
    assert ask(services, snowflake.port, program)[0] == 200


def test_nobody_else_is_trusted(snowflake: snowflake_peer.Simulator, services: Services, tmp_path: Path) -> None:
    status, body = ask(services, snowflake.port, SSL_CERT_DIR=str(tmp_path))
    assert (status, "certificate" in body) == (502, True)


def test_a_certificate_of_another_name_is_refused(services: Services, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:elsewhere.example"]
    subprocess.run([*request, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    received: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    received.append(secured.recv(1))
            except OSError:
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        status, body = ask(services, listener.getsockname()[1], SSL_CERT_FILE=str(certificate))
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    assert (status, "certificate" in body) == (502, True)
    assert b"".join(received) == b""


@pytest.mark.parametrize("cipher", ["aes256", "aes-256-cbc", "des3"])
def test_a_key_with_a_passphrase_signs_in(
    snowflake: snowflake_peer.Simulator, services: Services, tmp_path: Path, cipher: str
) -> None:
    plain = tmp_path / "plain.pem"
    plain.write_bytes(snowflake.key.private_pem)
    command = ["openssl", "pkcs8", "-topk8", "-v2", cipher, "-passout", f"pass:{PASSPHRASE}", "-in", str(plain)]
    locked = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "ENCRYPTED" in locked
    services.secret = locked
    trusted = {"SSL_CERT_FILE": snowflake.ca_file}
    assert ask(services, snowflake.port, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE=PASSPHRASE, **trusted)[0] == 200
    stranger = start(services, snowflake.port, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE="another", **trusted)
    assert stranger.process.wait(PATIENCE) == 1
    [error] = stranger.init_errors
    assert "passphrase" in error["errorMessage"]
    stranger.close()
