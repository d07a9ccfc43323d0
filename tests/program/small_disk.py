"""A disk of six megabytes, to be filled."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class SmallDisk:
    """`path` is where the program finds it, `seen` where this process does."""

    path: Path
    seen: Path
    executable: Path


@pytest.fixture
def small_disk(executable: Path, tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(folder)]
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    owner = ["-o", f"uid={os.geteuid()}"]
    if (not as_root or shutil.which("sudo")) and subprocess.run([*as_root, *mount, *owner]).returncode == 0:
        yield SmallDisk(folder, folder, executable)
        subprocess.run([*as_root, "umount", "-l", str(folder)], check=True)
        return
    # Else in a namespace of its own, which needs no rights where the kernel lets users make one. It lives as long as
    # the process that waits for its input to end; the program is started within.
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f"{shlex.join(mount)} && echo ready && cat"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as holder:
        if holder.stdout.readline() != b"ready\n":
            said = holder.communicate()[1].decode().strip()
            pytest.skip(f"a small disk can be mounted neither as root nor in a user namespace: {said}")
        within = tmp_path / "revops-within"
        enter = ["nsenter", "--target", str(holder.pid), "--user", "--mount", "--preserve-credentials"]
        within.write_text(f'#!/bin/sh\nexec {shlex.join([*enter, str(executable)])} "$@"\n')
        within.chmod(0o755)
        yield SmallDisk(folder, Path(f"/proc/{holder.pid}/root{folder}"), within)
        holder.stdin.close()


def fill(folder: Path, leave: int = 0) -> Path:
    """Takes all the room but `leave` bytes; removing the file gives it back."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as out:
        for size in (65536, 4096, 1):
            try:
                while out.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
        out.truncate(max(0, file.stat().st_size - leave))
    return file
