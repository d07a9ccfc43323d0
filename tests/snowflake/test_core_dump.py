"""What a crash leaves behind: the process holds the key to the account."""

import resource
import signal
import subprocess
from pathlib import Path

import pytest
from program_driver import Program

from snowflake_peer import Simulator
from snowflake_program import on_snowflake


def allow_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def crash(program: Program, folder: Path) -> list[Path]:
    """The core dumps that a serving program leaves in its working folder."""
    folder.mkdir()
    process = subprocess.Popen(
        program.words("serve", "--listen", "127.0.0.1:0"),
        cwd=folder,
        env=program._environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=allow_core_dumps,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"Listening on")
    process.send_signal(signal.SIGABRT)
    assert process.wait(60) == -signal.SIGABRT
    process.stdout.close()
    return list(folder.iterdir())


def test_keys_are_in_no_core_dump(simulator: Simulator, executable: Path, tmp_path: Path) -> None:
    if not crash(Program(executable, tmp_path / "plain"), tmp_path / "without-keys"):
        pytest.skip("this machine writes no core dumps into the working folder")
    assert crash(on_snowflake(executable, tmp_path / "data", simulator), tmp_path / "with-keys") == []
