"""The zips of the functions and of their layer: what Lambda wants, and the same bytes for the same content."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "dev"
AUTHORITIES = Path("/usr/share/ca-certificates/mozilla")


def run(tool: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, TOOLS / tool, *paths], capture_output=True, text=True, check=False)


def pack(program: Path, zones: Path, authorities: Path, archive: Path) -> bytes:
    done = run("function_zip.py", program, zones, authorities, archive)
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


@pytest.fixture
def authorities(tmp_path: Path) -> Path:
    """One that everybody trusts, twice: two files of one name differ by their number."""
    folder = tmp_path / "authorities"
    folder.mkdir()
    for name in ("a", "b"):
        shutil.copy(AUTHORITIES / "ISRG_Root_X1.crt", folder / f"{name}.crt")
    return folder


def test_a_function_is_a_bootstrap_with_zones_and_certificates(tmp_path: Path, zones: Path, authorities: Path) -> None:
    program = tmp_path / "anything"
    program.write_bytes(b"\x7fELF" + bytes(10_000))
    archive = tmp_path / "function.zip"
    pack(program, zones, authorities, archive)
    with zipfile.ZipFile(archive) as packed:
        first, *others = packed.infolist()
        assert packed.read(first) == program.read_bytes()
        assert {entry.filename: packed.read(entry) for entry in others} == {
            "certs/4042bcee.0": (authorities / "a.crt").read_bytes(),
            "certs/4042bcee.1": (authorities / "b.crt").read_bytes(),
            "zoneinfo/Europe/Belfast": b"TZif2Europe/London",
            "zoneinfo/Europe/London": b"TZif2Europe/London",
        }
    assert (first.filename, first.external_attr >> 16, first.create_system) == ("bootstrap", 0o100755, 3)
    assert {entry.external_attr >> 16 for entry in others} == {0o100644}
    assert archive.stat().st_size < 4500
    assert list(tmp_path.glob("*.partial")) == []


def test_the_same_program_gives_the_same_bytes(tmp_path: Path, zones: Path, authorities: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for program, mode, at in ((first, 0o600, 0), (second, 0o755, 1_800_000_000)):
        program.write_bytes(b"\x7fELF" * 1000)
        program.chmod(mode)
        os.utime(program, (at, at))
    packed = [pack(program, zones, authorities, tmp_path / f"{program.name}.zip") for program in (first, second)]
    assert packed[0] == packed[1]


@pytest.mark.parametrize("lacking", ["zones", "authorities"])
def test_a_machine_without_them_packs_nothing(tmp_path: Path, zones: Path, authorities: Path, lacking: str) -> None:
    (tmp_path / "program").touch()
    (tmp_path / "empty").mkdir()
    sources = {"zones": zones, "authorities": authorities} | {lacking: tmp_path / "empty"}
    done = run("function_zip.py", tmp_path / "program", *sources.values(), tmp_path / "function.zip")
    assert done.returncode != 0
    assert f"there are no {'zone files' if lacking == 'zones' else 'certificates'}" in done.stderr
    assert not (tmp_path / "function.zip").exists()


def test_the_layer_holds_authorities_zones_and_licences(tmp_path: Path, zones: Path, authorities: Path) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences/boringssl.txt").write_text("Apache")
    archive = tmp_path / "layer.zip"
    done = run("layer_zip.py", authorities, zones, tmp_path / "licences", archive)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(archive) as packed:
        assert packed.namelist() == [
            "certs/4042bcee.0",
            "certs/4042bcee.1",
            "licences/boringssl.txt",
            "zoneinfo/Europe/Belfast",
            "zoneinfo/Europe/London",
        ]


def test_every_authority_of_this_system_is_packed(tmp_path: Path, zones: Path) -> None:
    program = tmp_path / "program"
    program.touch()
    pack(program, zones, AUTHORITIES, tmp_path / "function.zip")
    with zipfile.ZipFile(tmp_path / "function.zip") as packed:
        certificates = [packed.read(name).decode() for name in packed.namelist() if name.startswith("certs/")]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata="".join(certificates))
    assert context.cert_store_stats()["x509_ca"] == len(list(AUTHORITIES.glob("*.crt"))) > 100
