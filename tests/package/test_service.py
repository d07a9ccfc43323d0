"""install.sh and the unit under a real systemd, that of Debian 11: ./dev check package."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator

import pytest
from fresh_root import Container
from older_system import Machine, import_over_http, newer_version
from program_driver import csv_text, sale, until

DATA = "/var/lib/revops"
AS_USER = "runuser -u revops -- revops"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def machine(older: Container) -> Iterator[Machine]:
    if subprocess.run(["unshare", "--cgroup", "--net", "true"], check=False).returncode != 0:
        pytest.skip("this machine makes no namespaces")
    booted = Machine.boot(older.root)
    yield booted
    booted.end()


def main_process(machine: Machine) -> int:
    return int(machine.run("systemctl show --property MainPID --value revops"))


def answers(machine: Machine) -> bool:
    return machine.ask("/readyz").status == 200


def test_half_a_minute_from_the_script_to_the_page(machine: Machine, folder: str) -> None:
    started = time.monotonic()
    said = machine.run(f"{folder}/install.sh --demo")
    assert "http://127.0.0.1:8080" in said
    assert answers(machine)
    assert time.monotonic() - started < 30
    assert b"<html" in machine.ask("/").body
    assert machine.run("systemctl is-enabled revops") == "enabled\n"


def test_it_has_few_rights_and_those_suffice(machine: Machine, folder: str) -> None:
    machine.run(f"{folder}/install.sh --demo")
    until(lambda: answers(machine), "the page")
    status = machine.run(f"cat /proc/{main_process(machine)}/status")
    assert re.search(r"^CapBnd:\t0+$", status, re.M)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.M)
    assert re.search(r"^Seccomp:\t2$", status, re.M)
    # What needs most: the worker that gives up its rights, writing, and tar in a process of its own.
    assert import_over_http(machine.ask, csv_text([sale(900001)]))["rows"] == {"taken": 1, "refused": 0}
    findings = machine.run(f"{AS_USER} doctor --data {DATA}")
    assert re.search(r"^ok +import_jail: foreign files are parsed without any other$", findings, re.M)
    machine.run(f"{AS_USER} backup /var/backups/revops/today.tar --data {DATA}")
    assert "./warehouse.duckdb" in machine.run("tar -tf /var/backups/revops/today.tar")
    # And it can write nowhere else, as which it is asked over its socket.
    machine.run(f"mkdir -m 777 /srv/open; {AS_USER} backup /srv/open/x.tar --data {DATA}", check=False)
    assert machine.run("ls -A /srv/open") == ""
    machine.run("mkdir -p /etc/systemd/system/revops.service.d")
    machine.run("printf '[Service]\\nReadWritePaths=/srv/open\\n' >/etc/systemd/system/revops.service.d/override.conf")
    machine.run("systemctl daemon-reload && systemctl restart revops")
    until(lambda: answers(machine), "the page")
    machine.run(f"{AS_USER} backup /srv/open/x.tar --data {DATA}")
    assert machine.run("ls -A /srv/open") == "x.tar\n"


def test_it_comes_back_when_it_is_killed_and_ends_when_it_is_stopped(machine: Machine, folder: str) -> None:
    machine.run(f"{folder}/install.sh --demo")
    until(lambda: answers(machine), "the page")
    before = main_process(machine)
    machine.run(f"kill -KILL {before}")
    until(lambda: main_process(machine) not in (0, before) and answers(machine), "it to come back")
    machine.run("systemctl stop revops")
    assert machine.run("systemctl show --property Result --value revops") == "success\n"
    assert machine.run("systemctl is-active revops", check=False) == "inactive\n"


def test_settings_by_variables_are_read_and_a_service_that_does_not_start_is_told(
    machine: Machine, folder: str
) -> None:
    machine.run("mkdir /etc/revops && echo REVOPS_LISTEN=127.0.0.1:8080x >/etc/revops/environment")
    said = machine.run(f"{folder}/install.sh && echo went well", check=False)
    assert re.fullmatch(r"revops \S+ is installed, but does not start\. journalctl -u revops tells why\.\n", said)
    assert "8080x" in machine.run("journalctl -u revops -o cat")
    machine.run("rm /etc/revops/environment")
    assert "went well" in machine.run(f"{folder}/install.sh && echo went well")
    assert machine.ask("/").status == 200


def test_an_upgrade_restarts_it_and_removing_ends_it(machine: Machine, older: Container, folder: str) -> None:
    machine.run(f"{folder}/install.sh --demo")
    until(lambda: answers(machine), "the page")
    before = main_process(machine)
    said = machine.run(f"{newer_version(older, folder, '9.1.0')}/install.sh")
    until(lambda: answers(machine), "the page")
    assert main_process(machine) != before
    assert "/opt/revops/9.1.0/" in machine.run(f"cat /proc/{main_process(machine)}/cmdline")
    back = re.search(r"^To go back: (.*)\.$", said, re.M)
    assert back is not None
    machine.run(back[1])
    until(lambda: answers(machine), "the page")
    assert "9.1.0" not in machine.run(f"cat /proc/{main_process(machine)}/cmdline")
    machine.run(f"{folder}/install.sh --uninstall")
    assert machine.run("systemctl is-active revops", check=False) == "inactive\n"
    assert machine.ask("/readyz").status == 0
    assert machine.run(f"ls {DATA}/warehouse.duckdb")
