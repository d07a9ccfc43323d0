"""The zips of the functions and of their layer: what Lambda wants, and the same bytes for the same content."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "dev"
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBIjCByaADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHRlc3Q=
-----END CERTIFICATE-----
"""


def run(tool: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, TOOLS / tool, *paths], capture_output=True, text=True, check=False)


def pack(program: Path, zones: Path, archive: Path) -> bytes:
    done = run("function_zip.py", program, zones, archive)
    assert done.returncode == 0, done.stderr
    return archive.read_bytes()


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    """As a system has them: links, tables that are no zones, and twins of everything."""
    folder = tmp_path / "zones"
    for name in ("Europe/London", "posix/Europe/London", "right/Europe/London"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"TZif2" + name.encode())
    (folder / "Europe/Belfast").symlink_to("London")
    (folder / "zone.tab").write_text("GB +513030-0000731 Europe/London")
    return folder


def test_a_function_is_an_executable_named_bootstrap_and_the_zones(tmp_path: Path, zones: Path) -> None:
    program = tmp_path / "anything"
    program.write_bytes(b"\x7fELF" + bytes(10_000))
    archive = tmp_path / "function.zip"
    pack(program, zones, archive)
    with zipfile.ZipFile(archive) as packed:
        first, *others = packed.infolist()
        assert packed.read(first) == program.read_bytes()
        assert {entry.filename: packed.read(entry) for entry in others} == {
            "zoneinfo/Europe/Belfast": b"TZif2Europe/London",
            "zoneinfo/Europe/London": b"TZif2Europe/London",
        }
    assert (first.filename, first.external_attr >> 16, first.create_system) == ("bootstrap", 0o100755, 3)
    assert {entry.external_attr >> 16 for entry in others} == {0o100644}
    assert archive.stat().st_size < 1000
    assert list(tmp_path.glob("*.partial")) == []


def test_the_same_program_gives_the_same_bytes(tmp_path: Path, zones: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for program, mode, at in ((first, 0o600, 0), (second, 0o755, 1_800_000_000)):
        program.write_bytes(b"\x7fELF" * 1000)
        program.chmod(mode)
        os.utime(program, (at, at))
    assert pack(first, zones, tmp_path / "a.zip") == pack(second, zones, tmp_path / "b.zip")


def test_a_machine_without_zones_packs_nothing(tmp_path: Path) -> None:
    (tmp_path / "program").touch()
    (tmp_path / "empty").mkdir()
    done = run("function_zip.py", tmp_path / "program", tmp_path / "empty", tmp_path / "function.zip")
    assert done.returncode != 0
    assert "there are no zone files" in done.stderr
    assert not (tmp_path / "function.zip").exists()


def test_the_layer_holds_authorities_zones_and_licences(tmp_path: Path, zones: Path) -> None:
    for name in ("authorities/b.crt", "authorities/a.crt", "licences/openssl.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(CERTIFICATE + f"{name}\n")
    archive = tmp_path / "layer.zip"
    done = run("layer_zip.py", tmp_path / "authorities", zones, tmp_path / "licences", archive)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(archive) as packed:
        assert packed.namelist() == [
            "ca-bundle.pem",
            "licences/openssl.txt",
            "zoneinfo/Europe/Belfast",
            "zoneinfo/Europe/London",
        ]
        written = packed.read("ca-bundle.pem").decode()
    assert written == f"{CERTIFICATE}authorities/a.crt\n{CERTIFICATE}authorities/b.crt\n"


def test_the_authorities_of_this_system_are_a_bundle(tmp_path: Path, zones: Path) -> None:
    system = Path("/usr/share/ca-certificates/mozilla")
    (tmp_path / "licences").mkdir()
    archive = tmp_path / "layer.zip"
    assert run("layer_zip.py", system, zones, tmp_path / "licences", archive).returncode == 0
    with zipfile.ZipFile(archive) as packed:
        bundle = packed.read("ca-bundle.pem").decode()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=bundle)
    assert context.cert_store_stats()["x509_ca"] == len(list(system.glob("*.crt"))) > 100
