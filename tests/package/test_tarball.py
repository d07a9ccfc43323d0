"""The archive on this machine: what is in it, and that nothing else is needed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest
from program_driver import Program, csv_text, sale
from program_tarball import folder_entries, write_tarball

NOTHING: dict[str, str] = {"PATH": ""}


def ask(command: Path, *arguments: str, environment: dict[str, str] = NOTHING, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [command, *arguments],
        env=environment,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_archive_is_of_nobody_and_of_no_time(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names)
    assert {name.split("/")[0] for name in names} == {archive.name.removesuffix(".tar.gz")}
    assert {(member.uid, member.gid, member.uname, member.mtime) for member in members} == {(0, 0, "", 0)}
    assert {member.mode for member in members} == {0o644, 0o755}
    assert all(member.isfile() or member.isdir() for member in members)


def test_the_same_content_is_the_same_archive(archive: Path, unpacked: Path, tmp_path: Path) -> None:
    # Copied now, in whatever order the disk has, by whoever runs this.
    again = tmp_path / "other" / unpacked.name
    shutil.copytree(unpacked, again, copy_function=shutil.copy)
    files = {name: (content, mode) for name, content, mode in folder_entries(again)}
    write_tarball(tmp_path / "again.tar.gz", again.name, files)
    assert hash_of(tmp_path / "again.tar.gz") == hash_of(archive)


def hash_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def test_it_has_the_licence_of_everything_and_says_where_sources_are(unpacked: Path) -> None:
    licences = {file.stem for file in (unpacked / "licences").iterdir()}
    assert {"libc6", "libstdc++6", "libgcc-s1", "libssl", "libseccomp", "duckdb", "page-react"} <= licences
    assert {"ca-certificates", "tzdata", "LGPL-2.1", "GPL-3", "Apache-2.0"} <= licences
    sources = (unpacked / "licences/SOURCES.txt").read_text("utf-8")
    assert re.search(r"^glibc 2\.\d+", sources, re.M)
    assert re.search(r"^libseccomp 2\.", sources, re.M)


def test_the_program_does_not_say_where_it_was_built(unpacked: Path) -> None:
    here = str(Path(__file__).resolve().parents[2]).encode()
    assert here not in (unpacked / "lib/revops").read_bytes()
    assert here not in (unpacked / "bin/revops").read_bytes()


def test_the_launcher_needs_no_loader(unpacked: Path) -> None:
    # Program header type 3 names the loader: e_phoff at 32, e_phentsize at 54, e_phnum at 56.
    program = (unpacked / "bin/revops").read_bytes()
    start, size, count = (
        int.from_bytes(program[at : at + width], "little") for at, width in ((32, 8), (54, 2), (56, 2))
    )
    types = {int.from_bytes(program[start + i * size :][:4], "little") for i in range(count)}
    assert program.startswith(b"\x7fELF")
    assert 1 in types
    assert 3 not in types


def test_it_starts_from_anywhere_with_nothing_in_the_environment(unpacked: Path, tmp_path: Path) -> None:
    version = unpacked.name.split("-")[1]
    link = tmp_path / "revops"
    link.symlink_to(unpacked / "bin/revops")
    moved = tmp_path / "ein Ordner, mit Ümläuten"
    shutil.copytree(unpacked, moved, ignore=shutil.ignore_patterns("share", "licences"))
    for command in (unpacked / "bin/revops", link, moved / "bin/revops"):
        assert ask(command, "version", cwd=Path("/")).startswith(f"revops {version}, duckdb ")


def test_libraries_of_others_are_not_taken(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "libz.so.1").write_text("not a library")
    assert ask(unpacked / "bin/revops", "version", environment={"LD_LIBRARY_PATH": str(tmp_path)})


def test_a_folder_that_the_loader_would_misread_is_refused(unpacked: Path, tmp_path: Path) -> None:
    moved = tmp_path / "a:b"
    shutil.copytree(unpacked / "bin", moved / "bin")
    done = subprocess.run([moved / "bin/revops", "version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert (
        done.stderr == f"revops: cannot start {moved}: the loader cannot read a path with : ; or $; move the folder\n"
    )


def test_what_is_missing_is_named(unpacked: Path, tmp_path: Path) -> None:
    shutil.copytree(unpacked / "bin", tmp_path / "bin")
    done = subprocess.run([tmp_path / "bin/revops", "version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"revops: cannot start {tmp_path}/lib/ld-linux-x86-64.so.2: No such file or directory\n"


def test_zones_that_somebody_chose_are_taken(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "zones").mkdir()
    program = Program(unpacked / "bin/revops", tmp_path / "data", {"REVOPS_ZONE": "Pacific/Auckland"})
    program.must("init")
    program.environment["TZDIR"] = str(tmp_path / "zones")
    assert "unknown time zone 'Pacific/Auckland'" in program.refuse("doctor")


def loaded_files(pid: int) -> set[Path]:
    lines = Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines()
    return {Path(line.split(maxsplit=5)[5]) for line in lines if re.search(r"r-xp .* /", line)}


@pytest.mark.timeout(120)
def test_half_a_minute_from_the_archive_to_the_demo_and_an_import(archive: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    subprocess.run(["tar", "-xzf", archive, "-C", tmp_path], check=True)
    folder = tmp_path / archive.name.removesuffix(".tar.gz")
    program = Program(folder / "bin/revops", tmp_path / "data", {"PATH": ""})
    program.must("demo")
    server = program.serve()
    try:
        assert b"<html" in server.ask("/").body
        assert server.get("/api/pipeline/by-region")["data"]
        assert time.monotonic() - started < 30
        # All that runs in it is from the folder.
        outside = {file for file in loaded_files(server.process.pid) if not file.is_relative_to(folder)}
        assert outside == set()
        assert Path(f"/proc/{server.process.pid}/comm").read_text("ascii") == "revops\n"
        # The worker is started by way of the launcher, and gives up its rights there as well.
        before = program.count()
        (tmp_path / "sales.csv").write_text(csv_text([sale(900001), sale(900002)]), encoding="utf-8")
        program.must("import", tmp_path / "sales.csv", "--mode", "upsert")
        assert program.count() == before + 2
        assert re.search(r"^ok +import_jail: ", program.must("doctor"), re.M)
        assert server.stop() == 0
    finally:
        program.close()


def test_a_launcher_that_the_environment_names_is_not_taken(unpacked: Path, tmp_path: Path) -> None:
    program = Program(unpacked / "bin/revops", tmp_path / "data", {"REVOPS_LAUNCHER": "/nowhere"})
    program.must("init")
    (tmp_path / "sales.csv").write_text(csv_text([sale(1)]), encoding="utf-8")
    program.must("import", tmp_path / "sales.csv")
    assert program.count() == 1


def test_no_file_of_it_can_be_written_by_others(unpacked: Path) -> None:
    assert not [file for file in unpacked.rglob("*") if file.lstat().st_mode & 0o022]
    assert os.access(unpacked / "install.sh", os.X_OK)
