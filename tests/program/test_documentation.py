"""The commands that the pages show do what the pages say: blocks fenced as ```sh tested run in order, in one folder."""

from __future__ import annotations

import signal
import subprocess
import tarfile
from pathlib import Path

import pytest
from documented_commands import commands, environment, run, words
from program_driver import PATIENCE, Server, csv_text, sale

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs" / "runbooks" / "one-machine.md"]
TESTED = {page.relative_to(ROOT).as_posix(): page for page in PAGES if commands(page)}


@pytest.fixture
def shell(executable: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which `revops` is the program, and a folder with somebody's file."""
    (tmp_path / "sales.csv").write_text(csv_text([sale(1, REGION="North"), sale(2), sale(3, AMOUNT="0.50")]))
    return environment(executable, tmp_path)


def serve(line: str, folder: Path, shell: dict[str, str]) -> None:
    """Starts the server, asks it something and ends it."""
    log = folder / "serve.log"
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {line}"],
            cwd=folder,
            env=shell,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    server = Server(process, log)
    try:
        assert server.get("/api/pipeline/by-region")["totals"]["deals"] == 3
        assert b"<html" in server.ask("/").body
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0, server.stderr()


@pytest.mark.parametrize("page", TESTED.values(), ids=TESTED.keys())
def test_the_commands_of_a_page_work_in_its_order(page: Path, shell: dict[str, str], tmp_path: Path) -> None:
    for line in commands(page):
        if words(line).startswith("revops serve"):
            serve(words(line), tmp_path, shell)
        else:
            run(line, tmp_path, shell)


def test_the_readme_shows_every_command_that_people_need() -> None:
    shown = {words(line).split()[1] for line in commands(ROOT / "README.md")}
    assert {"init", "import", "sql", "process", "snapshots", "verify", "backup", "doctor", "serve"} <= shown


def test_what_the_readme_leads_to(shell: dict[str, str], tmp_path: Path) -> None:
    """The outcome, not only the exit statuses."""
    said = {words(line).split()[1]: "" for line in commands(ROOT / "README.md")}
    for line in commands(ROOT / "README.md"):
        if not words(line).startswith("revops serve"):
            said[words(line).split()[1]] = run(line, tmp_path, shell)
    assert said["import"].startswith("Took 3 rows.\nSnapshot ")
    assert "North" in said["sql"] and "100.50" in said["sql"]
    assert '"rows":3' in said["process"].replace(" ", "")
    assert "0 damaged" in said["verify"]
    assert "FAIL" not in said["doctor"]
    with tarfile.open(tmp_path / "company.tar") as backup:
        assert any(name.endswith("warehouse.duckdb") for name in backup.getnames())
