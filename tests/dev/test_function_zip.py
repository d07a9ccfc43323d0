"""The zips of the functions: what Lambda wants, and the same bytes for the same program."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

PACKER = Path(__file__).resolve().parents[2] / "tools" / "dev" / "function_zip.py"


def pack(program: Path, archive: Path) -> bytes:
    subprocess.run([sys.executable, PACKER, program, archive], check=True)
    return archive.read_bytes()


def test_a_function_is_one_executable_named_bootstrap(tmp_path: Path) -> None:
    program = tmp_path / "anything"
    program.write_bytes(b"\x7fELF" + bytes(10_000))
    archive = tmp_path / "function.zip"
    pack(program, archive)
    with zipfile.ZipFile(archive) as packed:
        [entry] = packed.infolist()
        assert packed.read(entry) == program.read_bytes()
    assert (entry.filename, entry.external_attr >> 16, entry.create_system) == ("bootstrap", 0o100755, 3)
    assert archive.stat().st_size < 1000
    assert list(tmp_path.glob("*.partial")) == []


def test_the_same_program_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for program, mode, at in ((first, 0o600, 0), (second, 0o755, 1_800_000_000)):
        program.write_bytes(b"\x7fELF" * 1000)
        program.chmod(mode)
        os.utime(program, (at, at))
    assert pack(first, tmp_path / "a.zip") == pack(second, tmp_path / "b.zip")
