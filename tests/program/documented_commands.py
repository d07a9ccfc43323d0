"""The commands that pages show: blocks fenced as ```sh tested, line by line, as a person would type them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from program_driver import PATIENCE

BLOCK = re.compile(r"^[ ]*```sh tested\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    lines = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def words(line: str) -> str:
    return line.split("#")[0].strip()


def environment(executable: Path, folder: Path) -> dict[str, str]:
    """One in which `revops` is the program."""
    tools = folder / "bin"
    tools.mkdir()
    (tools / "revops").symlink_to(executable)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REVOPS_")}
    return clean | {"PATH": f"{tools}:{clean['PATH']}", "REVOPS_LISTEN": "127.0.0.1:0"}


def run(line: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, (line, done.stdout, done.stderr)
    return done.stdout
