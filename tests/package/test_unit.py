"""The unit of systemd, by systemd's own tools, and its list of system calls against those that the program makes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from program_driver import Program, csv_text, sale, until

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "packaging/revops.service"
# Of 10: what is left is the network, which it serves, and the files of the system, which it may read.
EXPOSURE_MAX = 2.0
# What the import worker asks for in order to be refused, or falls back from.
JAIL = {"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}


def analyze(*arguments: str | Path) -> str:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def settings(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.M)


def test_systemd_understands_it(unpacked: Path, tmp_path: Path) -> None:
    unit = tmp_path / "revops.service"
    text = UNIT.read_text("utf-8").replace("/opt/revops/current", str(unpacked))
    # Not every machine has the user.
    unit.write_text(re.sub(r"^(User|Group)=revops$", r"\1=root", text, flags=re.M), encoding="utf-8")
    said = analyze("verify", "--man=no", unit)
    assert [line for line in said.splitlines() if "revops" in line] == []


def test_little_is_exposed() -> None:
    said = analyze("security", "--offline=true", "--no-pager", UNIT)
    found = re.search(r"Overall exposure level for revops.service: (\d+\.\d)", said)
    assert found is not None, said[-500:]
    assert float(found[1]) <= EXPOSURE_MAX


def group(name: str) -> set[str]:
    """The calls of one of systemd's groups, those of the groups in it as well."""
    lines = analyze("syscall-filter", name).split("\n")
    words = [line.strip() for line in lines[1:] if line.strip() and not line.strip().startswith("#")]
    return {call for word in words for call in (group(word) if word.startswith("@") else {word})}


def calls_of(words: str) -> set[str]:
    return {call for word in words.split() for call in (group(word) if word.startswith("@") else {word})}


def allowed_calls() -> set[str]:
    """As systemd reads the lines: the first names what is allowed, later ones add, or with ~ take away."""
    allowed = group("@default")
    for line in settings("SystemCallFilter"):
        calls = calls_of(line.removeprefix("~"))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def whole_trace(file: Path) -> str | None:
    """What strace wrote, once the process that was started is seen to end; it is named first."""
    text = file.read_text("utf-8", "replace")
    return text if re.search(rf"^{text.split()[0]} +\+\+\+ ", text, re.M) else None


def denied(call: str, error: str, program: Path, tmp_path: Path) -> Program:
    """The program where the kernel, or the filter of a container, answers one call with an error."""
    if shutil.which("strace") is None:
        pytest.skip("this machine has no strace")
    script = tmp_path / "denied"
    inject = f"-e trace={call} -e inject={call}:error={error}"
    script.write_text(f'#!/bin/sh\nexec strace -D -f -qqq -o /dev/null {inject} {program} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    made = Program(script, tmp_path / "data")
    made.must("init")
    (tmp_path / "sales.csv").write_text(csv_text([sale(1)]), encoding="utf-8")
    return made


def test_threads_are_made_where_a_container_denies_clone3(unpacked: Path, tmp_path: Path) -> None:
    program = denied("clone3", "ENOSYS", unpacked / "bin/revops", tmp_path)
    program.must("import", tmp_path / "sales.csv")
    assert program.count() == 1


def test_an_older_docker_denies_landlock_and_doctor_says_so(unpacked: Path, tmp_path: Path) -> None:
    program = denied("landlock_create_ruleset", "EPERM", unpacked / "bin/revops", tmp_path)
    program.must("import", tmp_path / "sales.csv")
    assert program.count() == 1
    assert "Landlock" in re.findall(r"^\S+ +import_jail: .*$", program.run("doctor").stdout, re.M)[0]


def test_without_filters_no_foreign_file_is_parsed(unpacked: Path, tmp_path: Path) -> None:
    program = denied("seccomp,prctl", "EPERM", unpacked / "bin/revops", tmp_path)
    assert "so no foreign file is parsed" in program.refuse("import", tmp_path / "sales.csv")
    assert program.count() == 0


@pytest.mark.timeout(280)
def test_every_call_that_it_makes_is_allowed(unpacked: Path, tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("this machine has no strace")
    allowed = allowed_calls()
    traced = tmp_path / "traced"
    script = tmp_path / "revops"
    script.write_text(f'#!/bin/sh\nexec strace -D -f -o {traced}.$$ {unpacked}/bin/revops "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    program = Program(script, tmp_path / "data")
    try:
        program.must("init", "--sample")
        server = program.serve()
        server.refresh()
        (tmp_path / "sales.csv").write_text(csv_text([sale(900001)]), encoding="utf-8")
        program.must("import", tmp_path / "sales.csv", "--mode", "upsert")
        program.must("doctor")
        program.must("backup", tmp_path / "backup.tar")
        program.must("import", "--undo")
        server.stop()
    finally:
        program.close()
    text = "".join(until(lambda file=file: whole_trace(file), f"all of {file}") for file in tmp_path.glob("traced.*"))
    made = set(re.findall(r"^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed)", text, re.M))
    assert {"execve", "openat", "accept4"} <= made
    assert made >= JAIL
    assert made - allowed == set()
