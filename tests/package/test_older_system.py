"""The archive and its install.sh in Debian 11, where glibc is 2.31 and no compiler is: ./dev check package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from fresh_root import Container
from older_system import import_over_http, newer_version
from program_driver import Server, csv_text, sale

DATA = "/var/lib/revops"

pytestmark = pytest.mark.timeout(900)


def serve(older: Container, command: str, log: Path) -> Server:
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            older.words(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    return Server(process, log)


def refused(older: Container, command: str) -> str:
    """The last line that a failing command says."""
    done = subprocess.run(older.words(command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0, done.stdout
    return done.stderr.splitlines()[-1]


def test_the_system_is_old_and_has_no_compiler(older: Container) -> None:
    assert "2.31" in older.run("ldd --version")
    assert older.run("command -v cc gcc g++ clang ld as make python3 curl || true") == ""


def test_half_a_minute_to_the_demo_and_then_an_import(older: Container, archive: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    name = archive.name.removesuffix(".tar.gz")
    older.run(f"cd /opt && tar -xzf {archive.name} && {name}/bin/revops demo --data /opt/demo 2>/dev/null")
    server = serve(older, f"/opt/{name}/bin/revops serve --data /opt/demo --listen 127.0.0.1:0", tmp_path / "log")
    try:
        assert b"<html" in server.ask("/").body
        before = server.get("/api/summary")["data"]
        took = time.monotonic() - started
        print(f"from the archive to the page: {took:.1f} s")
        assert took < 30
        done = import_over_http(server.ask, csv_text([sale(900001), sale(900002)]))
        assert done["rows"] == {"taken": 2, "refused": 0}
        assert server.get("/api/summary")["data"] != before
        doctor = older.run(f"/opt/{name}/bin/revops doctor --data /opt/demo")
        assert re.search(r"^ok +import_jail: foreign files are parsed", doctor, re.M)
    finally:
        server.kill()


def test_what_the_system_lacks_is_lent(older: Container, folder: str, tmp_path: Path) -> None:
    shutil.rmtree(older.path("/usr/share/zoneinfo"))
    assert not older.path("/etc/ssl/certs/ca-certificates.crt").exists()
    older.run(f"{folder}/bin/revops init --data /opt/d")
    program = f"exec {folder}/bin/revops serve --data /opt/d --listen 127.0.0.1:0"
    command = f"unset SSL_CERT_FILE; REVOPS_ZONE=Pacific/Auckland {program}"
    server = serve(older, command, tmp_path / "log")
    try:
        (inside,) = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        environment = Path(f"/proc/{inside}/environ").read_text("utf-8").split("\0")
        assert f"SSL_CERT_FILE={folder}/share/ca-bundle.pem" in environment
        assert f"TZDIR={folder}/share/zoneinfo" in environment
        assert server.get("/api/openapi.json")["openapi"]
    finally:
        server.kill()


def test_installing_twice_is_installing_once(older: Container, folder: str, tmp_path: Path) -> None:
    version = folder.split("-")[1]
    said = older.run(f"{folder}/install.sh")
    assert f"runuser -u revops -- revops serve --data {DATA}" in said
    older.run(f"runuser -u revops -- revops init --sample --data {DATA} && {folder}/install.sh --demo")
    assert older.path(f"/opt/revops/{version}/bin/revops").stat().st_uid == 0
    assert os.readlink(older.path("/opt/revops/current")) == f"/opt/revops/{version}"
    assert older.run("stat -c '%U %a' /var/lib/revops /var/backups/revops") == "revops 700\nrevops 700\n"
    unit = older.path("/etc/systemd/system/revops.service").read_text("utf-8")
    assert unit == (older.path(folder) / "revops.service").read_text("utf-8")
    # --demo fills what is empty alone, and what is there stays.
    assert older.run(
        f"runuser -u revops -- revops sql 'SELECT count(*) AS N FROM FCT_SALES' --format csv --data {DATA}"
    ) == ("N\n8\n")
    started = re.search(r"^ExecStart=(.*)$", unit, re.M)
    assert started is not None
    server = serve(older, f"exec runuser -u revops -- {started[1]} --listen 127.0.0.1:0", tmp_path / "log")
    try:
        assert import_over_http(server.ask, csv_text([sale(900001)]))["rows"] == {"taken": 1, "refused": 0}
    finally:
        server.kill()


def test_an_upgrade_backs_up_first_and_leads_back(older: Container, folder: str) -> None:
    version = folder.split("-")[1]
    older.run(f"{folder}/install.sh --demo")
    rows = f"runuser -u revops -- revops sql 'SELECT count(*) FROM FCT_SALES' --format csv --data {DATA}"
    before = older.run(rows)
    said = older.run(f"{newer_version(older, folder, '9.1.0')}/install.sh")
    assert "revops 9.1.0 is installed" in said
    assert "/var/backups/revops/before-9.1.0.tar" in said
    assert older.run("revops version") == "revops 9.1.0, duckdb 1\n"
    assert older.run(rows) == before
    assert older.run("stat -c '%U %a' /var/backups/revops/before-9.1.0.tar") == "revops 600\n"
    assert "./warehouse.duckdb" in older.run("tar -tf /var/backups/revops/before-9.1.0.tar")
    back = re.search(r"^To go back: (ln .*?) &&", said, re.M)
    assert back is not None
    older.run(back[1])
    assert older.run("revops version").startswith(f"revops {version}, ")
    # Of three versions the one before the newest stays.
    older.run("/opt/newer-9.1.0/install.sh && rm -f /var/backups/revops/*")
    older.run(f"{newer_version(older, folder, '9.2.0')}/install.sh")
    assert older.run("ls /opt/revops") == "9.1.0\n9.2.0\ncurrent\n"


def test_an_upgrade_that_cannot_back_up_changes_nothing(older: Container, folder: str) -> None:
    older.run(f"{folder}/install.sh --demo && mkdir /var/backups/revops/before-9.1.0.tar.partial")
    said = refused(older, f"{newer_version(older, folder, '9.1.0')}/install.sh")
    assert said == "install.sh: the data could not be backed up, so nothing was changed"
    assert "9.1.0" not in older.run("ls /opt/revops; revops version")


def test_removing_keeps_the_data(older: Container, folder: str) -> None:
    older.run(f"{folder}/install.sh --demo")
    said = older.run(f"{folder}/install.sh --uninstall")
    assert not older.path("/opt/revops").exists()
    assert not os.path.lexists(older.path("/usr/local/bin/revops"))
    assert not older.path("/etc/systemd/system/revops.service").exists()
    assert older.path(f"{DATA}/warehouse.duckdb").exists()
    older.run(f"{folder}/install.sh --uninstall")
    remove = re.search(r"^rm -r .*", said, re.M)
    assert remove is not None
    older.run(remove[0])
    assert older.run("id revops 2>&1 || true").endswith("no such user\n")
    assert not older.path(DATA).exists()


def test_what_would_go_wrong_is_refused_before_anything_is_changed(older: Container, folder: str) -> None:
    assert refused(older, f"{folder}/install.sh --help") == (
        "install.sh: it takes --demo, --uninstall or nothing, not '--help'"
    )
    assert "run it as root" in refused(older, f"runuser -u nobody -- {folder}/install.sh")
    assert "run it as root" in refused(older, f"runuser -u nobody -- {folder}/install.sh --uninstall")
    older.path("/usr/local/bin/revops").write_text("somebody's own", encoding="utf-8")
    assert refused(older, f"{folder}/install.sh") == (
        "install.sh: /usr/local/bin/revops is something else: move it away first"
    )
    assert older.run("ls /opt/revops /var/lib/revops 2>/dev/null || true; id revops 2>&1 || true").endswith(
        "no such user\n"
    )
