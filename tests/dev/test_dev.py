"""./dev: usage, stamps and data folders, with a stand-in for the compiled program."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Records how it is called, and makes what the real program would make.
STAND_IN = """#!/usr/bin/env bash
echo "$*" >>calls
data=
for word in "$@"; do [ "$previous" != --data ] || data=$word; previous=$word; done
[ "$1" != "$(cat failing 2>/dev/null)" ] || exit 1
case $1 in
  init | demo) mkdir -p "$data" && touch "$data/warehouse.duckdb" ;;
esac
"""

# What a command needs is taken to be there.
NO_SETUP = "setup_for() { :; }; build_program() { :; };"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    program = tmp_path / "build/release/revops"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN)
    program.chmod(0o755)
    return tmp_path


def dev(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", "dev", *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)


def call(checkout: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a line of bash that sees the functions of all parts."""
    parts = "".join(f"source {part};" for part in sorted(checkout.glob("tools/dev/*.sh")))
    command = ["bash", "-euo", "pipefail", "-c", parts + NO_SETUP + script]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=60, check=False)


def calls(checkout: Path) -> list[str]:
    file = checkout / "calls"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["walk"], "there is no command 'walk'"),
        (["run", "--port"], "--port needs a value"),
        (["run", "--port", "70000"], "--port takes a number"),
        (["run", "--port", "http"], "--port takes a number"),
        (["run", "--demo", "--sample"], "--sample and --demo exclude each other"),
        (["run", "--sample", "--csv", "x.csv"], "--csv and --sample exclude each other"),
        (["run", "now"], "run does not know 'now'"),
        (["build", "fast"], "there is no preset 'fast'"),
        (["test", "nothing"], "there is no section 'nothing'"),
        (["setup", "nothing"], "not 'nothing'"),
        (["bench", "nothing"], "there is no benchmark"),
        (["package", "nothing"], "package knows program and functions, not 'nothing'"),
        (["release"], "release needs the tag"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_done(checkout: Path, arguments: list[str], message: str) -> None:
    result = dev(checkout, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert calls(checkout) == []
    assert not (checkout / ".deps").exists()


def test_help_names_every_command(checkout: Path) -> None:
    result = dev(checkout, "help")
    assert result.returncode == 0
    for command in ("setup", "build", "run", "test", "check", "bench", "fuzz", "format", "package"):
        assert f"\n  {command}" in result.stdout


@pytest.mark.parametrize("command", ["test", "check"])
def test_help_names_every_section_and_each_has_its_function(checkout: Path, command: str) -> None:
    script = f'for name in "${{{command}_sections[@]}}"; do declare -F "section_$name"; done'
    result = call(checkout, script)
    assert result.returncode == 0, result.stderr
    sections = [line.removeprefix("section_") for line in result.stdout.split()]
    named = re.search(rf"^  {command} \[SECTION…\](.*?)^  \w", dev(checkout, "help").stdout, re.M | re.S)
    assert named is not None
    assert named[1].split(":")[1].split() == sections


def test_a_csv_file_that_is_not_there_is_an_error(checkout: Path) -> None:
    result = dev(checkout, "run", "--csv", "absent.csv")
    assert result.returncode == 1
    assert "absent.csv" in result.stderr


def test_the_first_run_fills_and_the_second_keeps(checkout: Path) -> None:
    for _ in range(2):
        assert call(checkout, "command_run --port 8123").returncode == 0
    assert calls(checkout) == [
        "demo --data .data/demo.partial",
        "serve --data .data/demo --listen 127.0.0.1:8123",
        "serve --data .data/demo --listen 127.0.0.1:8123",
    ]


def test_the_sample_and_own_files_have_folders_of_their_own(checkout: Path) -> None:
    (checkout / "My sales.csv").touch()
    assert call(checkout, "command_run --sample").returncode == 0
    assert call(checkout, 'command_run --csv "My sales.csv"').returncode == 0
    folder = folder_of(checkout / "My sales.csv", "My_sales")
    assert calls(checkout) == [
        "init --data .data/sample.partial --sample",
        "process --data .data/sample.partial",
        "serve --data .data/sample --listen 127.0.0.1:8080",
        f"init --data {folder}.partial",
        f"import My sales.csv --data {folder}.partial",
        f"process --data {folder}.partial",
        f"serve --data {folder} --listen 127.0.0.1:8080",
    ]


def folder_of(file: Path, name: str) -> str:
    digest = hashlib.sha256(f"{file}\n".encode()).hexdigest()
    return f".data/csv-{name}-{digest[:8]}"


def test_files_are_taken_from_the_folder_of_the_caller(checkout: Path) -> None:
    for place in ("a", "b"):
        (checkout / place).mkdir()
        (checkout / place / "sales.csv").touch()
        script = f'caller="$PWD/{place}"; command_run --csv sales.csv'
        assert call(checkout, script).returncode == 0
        assert calls(checkout)[-1].startswith(f"serve --data {folder_of(checkout / place / 'sales.csv', 'sales')} ")
        assert f"import {checkout}/{place}/sales.csv --data " in calls(checkout)[-3]
    assert call(checkout, 'caller="$PWD/a"; command_run --data mine').returncode == 0
    assert (checkout / "a/mine/warehouse.duckdb").exists()


def test_the_command_knows_where_it_is_called(checkout: Path) -> None:
    place = checkout / "elsewhere"
    place.mkdir()
    command = ["bash", str(checkout / "dev"), "run", "--csv", "absent.csv"]
    result = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=60, check=False)
    assert f"{place}/absent.csv" in result.stderr


def test_an_edited_file_replaces_what_came_from_it(checkout: Path) -> None:
    file = checkout / "sales.csv"
    file.write_text("SALE_ID\n1\n")
    folder = folder_of(file, "sales")
    for _ in range(2):
        told(call(checkout, "command_run --csv sales.csv"))
    assert sum(line.startswith("import ") for line in calls(checkout)) == 1
    file.write_text("SALE_ID\n2\n")
    assert "importing sales.csv" in told(call(checkout, "command_run --csv sales.csv"))
    told(call(checkout, "command_run --csv sales.csv"))
    assert calls(checkout)[-4:] == [
        f"import sales.csv --mode replace --data {folder}",
        f"process --data {folder}",
        f"serve --data {folder} --listen 127.0.0.1:8080",
        f"serve --data {folder} --listen 127.0.0.1:8080",
    ]


def test_a_folder_that_came_from_elsewhere_is_not_replaced(checkout: Path) -> None:
    (checkout / "sales.csv").touch()
    told(call(checkout, "command_run --data mine"))
    assert "sales.csv is not imported" in told(call(checkout, "command_run --data mine --csv sales.csv"))
    assert not any(line.startswith("import ") for line in calls(checkout))


def told(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_a_fill_that_failed_does_not_count(checkout: Path) -> None:
    (checkout / "sales.csv").touch()
    (checkout / "failing").write_text("import")
    assert call(checkout, "command_run --csv sales.csv").returncode != 0
    assert not list(checkout.glob(".data/csv-sales*[0-9a-f]"))
    (checkout / "failing").unlink()
    assert call(checkout, "command_run --csv sales.csv").returncode == 0
    assert calls(checkout)[-1].startswith("serve --data .data/csv-sales-")


def test_a_folder_with_other_files_is_left_alone(checkout: Path) -> None:
    (checkout / "mine").mkdir()
    (checkout / "mine/letter.txt").touch()
    result = call(checkout, "command_run --data mine")
    assert result.returncode == 1
    assert "mine holds files but no warehouse" in result.stderr
    assert (checkout / "mine/letter.txt").exists()


def test_an_empty_folder_is_filled(checkout: Path) -> None:
    (checkout / "mine").mkdir()
    assert call(checkout, "command_run --data mine").returncode == 0
    assert (checkout / "mine/warehouse.duckdb").exists()


def test_a_stamp_holds_for_its_key_alone(checkout: Path) -> None:
    script = "mark_done thing one; is_done thing one && ! is_done thing two && ! is_done other one"
    assert call(checkout, script).returncode == 0


def test_the_key_of_a_folder_follows_content_and_names_but_not_generated_files(checkout: Path) -> None:
    script = """
      mkdir -p page/src page/node_modules page/dist; echo a >page/src/a.js
      before=$(hash_of page)
      echo x >page/node_modules/x.js; echo x >page/dist/x.js; [ "$(hash_of page)" = "$before" ]
      mv page/src/a.js page/src/b.js; [ "$(hash_of page)" != "$before" ]
      mv page/src/b.js page/src/a.js; [ "$(hash_of page)" = "$before" ]
      echo b >page/src/a.js; [ "$(hash_of page)" != "$before" ]
    """
    assert call(checkout, script).returncode == 0


def test_a_quiet_step_that_fails_shows_its_output_and_stops(checkout: Path) -> None:
    result = call(checkout, "step() { echo first; false; echo never; }; quietly things step; echo after")
    assert result.returncode == 1
    assert "first" in result.stderr
    assert "things failed; the whole log is .deps/log/things.log" in result.stderr
    assert "never" not in result.stderr
    assert "after" not in result.stdout


def test_all_sections_run_and_the_failed_one_is_named(checkout: Path) -> None:
    script = """
      command=test
      section_exists() { [ "$1" != absent ]; }
      section_good() { echo "2 passed"; }; section_bad() { false; echo never; }; section_absent() { echo never; }
      run_sections bad absent good
    """
    result = call(checkout, script)
    assert result.returncode == 1
    assert "2 passed" in result.stdout
    assert "never" not in result.stdout
    assert "bad" in result.stdout and "FAILED" in result.stdout
    assert "failed: bad" in result.stderr


def test_all_benchmarks_run_and_the_one_that_missed_is_named(checkout: Path) -> None:
    for name, status in (("fast", 0), ("slow", 1), ("small", 0)):
        benchmark = checkout / "bench" / name / "run"
        benchmark.parent.mkdir(parents=True)
        benchmark.write_text(f'#!/bin/sh\necho "{name} $*" >>calls\n[ -x "$REVOPS_PROGRAM" ] && exit {status}\n')
        benchmark.chmod(0o755)
    result = call(checkout, "command_bench --record")
    assert result.returncode == 1
    assert "missed a target, or failed: slow" in result.stderr
    assert calls(checkout) == ["fast --record", "slow --record", "small --record"]
    assert call(checkout, "command_bench fast").returncode == 0
    assert calls(checkout)[3:] == ["fast "]


@pytest.mark.parametrize(
    ("version", "is_recent"),
    [
        ("v18.19.0", 1),
        ("v20.18.3", 1),
        ("v20.19.0", 0),
        ("v21.7.0", 1),
        ("v22.11.0", 1),
        ("v22.12.0", 0),
        ("v24.0.0", 0),
    ],
)
def test_which_node_is_recent_enough(checkout: Path, version: str, is_recent: int) -> None:
    script = f"fake_node() {{ echo {version}; }}; node_is_recent fake_node"
    assert call(checkout, script).returncode == is_recent


def test_another_processor_is_refused_with_the_reason(checkout: Path) -> None:
    script = f"source {checkout}/tools/dev/setup.sh; uname() {{ echo aarch64; }}; setup_for run"
    result = call(checkout, script)
    assert result.returncode == 1
    assert "only x86_64 is supported so far" in result.stderr


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "fuzz/README.md"])
def test_the_commands_that_pages_name_exist(page: str) -> None:
    usage = subprocess.run(["bash", "dev", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    known = {line.split()[0] for line in usage.stdout.splitlines() if line.startswith("  ") and line[2:3].isalpha()}
    named = set(re.findall(r"\./dev ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"))) - {"help"}
    assert named <= known, named - known
