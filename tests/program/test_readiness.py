"""`serve` tells the service manager when it answers, as sd_notify(3) describes."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from program_driver import PATIENCE, Program


@pytest.mark.parametrize("is_abstract", [False, True], ids=["a file", "a name without a file"])
def test_the_manager_hears_when_the_page_is_there(program: Program, tmp_path: Path, is_abstract: bool) -> None:
    name = f"@revops-test-{os.getpid()}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0", 1) if is_abstract else name)
        manager.settimeout(PATIENCE)
        program.environment["NOTIFY_SOCKET"] = name
        with program.serving() as server:
            assert manager.recv(100) == b"READY=1"
            assert server.ask("/").status == 200
        # One message, and only from the process that serves.
        program.must("init")
        manager.setblocking(False)
        with pytest.raises(BlockingIOError):
            manager.recv(100)


@pytest.mark.parametrize("name", ["", "/nowhere/notify", "/" + 200 * "x"])
def test_nobody_who_listens_is_no_failure(program: Program, name: str) -> None:
    program.environment["NOTIFY_SOCKET"] = name
    with program.serving() as server:
        assert server.ask("/").status == 200
