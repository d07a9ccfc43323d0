"""A root of Debian 11, kept in .deps/; what its tests do in it; and its systemd, booted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fresh_root import Container, minimal_system
from program_driver import Answer, until

KEPT = Path(__file__).resolve().parents[2] / ".deps/older-system"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def kept_system() -> Path:
    """Made once, in a minute; its marker is written last."""
    if not (KEPT / "whole").exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        minimal_system("bullseye", KEPT, "systemd", "systemd-sysv", "dbus")
        (KEPT / "whole").touch()
    return KEPT


def newer_version(older: Container, folder: str, version: str) -> str:
    """The folder of the same program, which calls itself by another version."""
    made = f"/opt/newer-{version}"
    older.run(f"cp -a {folder} {made} && mv {made}/bin/revops {made}/bin/real")
    script = f"""#!/bin/sh
[ "$1" != version ] || {{ echo "revops {version}, duckdb 1"; exit; }}
exec "$(dirname "$(readlink -f "$0")")/real" "$@"
"""
    older.path(f"{made}/bin/revops").write_text(script, encoding="utf-8")
    older.path(f"{made}/bin/revops").chmod(0o755)
    return made


def import_over_http(ask: Callable[..., Answer], content: str) -> dict[str, Any]:
    """As the page does it: hands the file over, takes what it would become, waits for the snapshot."""
    posted = ask("/api/imports?name=deals.csv", "POST", {"Content-Type": "application/octet-stream"}, content.encode())
    assert posted.status == 201, posted
    path = "/api/imports/" + posted.json()["data"]["id"]

    def reached(state: str) -> dict[str, Any]:
        def job() -> dict[str, Any] | None:
            found = ask(path).json()["data"]
            assert found["state"] in {state, "inspecting", "waiting", "importing", "publishing"}, found
            return found if found["state"] == state else None

        return until(job, f"the import to be {state}")

    reached("waiting")
    order = json.dumps({"mode": "upsert", "skip_refused": False}).encode()
    taken = ask(f"{path}/take", "POST", {"Content-Type": "application/json"}, order)
    assert taken.status == 202, taken
    return reached("done")


# A machine as far as systemd can tell: first process, a network of its own, devices, a part of the tree of cgroups.
BOOT = """
root=$1
ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sys "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"
ln -s pts/ptmx "$root/dev/ptmx"
mkdir "$root/dev/shm" "$root/dev/pts" "$root/.system"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
cd "$root"
pivot_root . .system
umount -l /.system
exec env -i container=other /lib/systemd/systemd --log-target=null --show-status=0
"""


@dataclass
class Machine:
    """That root with its own systemd running; the network is its own."""

    process: subprocess.Popen[bytes]
    cgroup: Path

    @staticmethod
    def boot(root: Path) -> Machine:
        top = next(top for top in ("/sys/fs/cgroup/unified", "/sys/fs/cgroup") if Path(top, "cgroup.procs").exists())
        cgroup = Path(top, f"revops-test-{os.getpid()}")
        cgroup.mkdir()
        spaces = ["--mount", "--pid", "--ipc", "--uts", "--net", "--cgroup", "--fork", "--kill-child"]
        joined = f'set -e; echo $$ >{cgroup}/cgroup.procs; exec unshare {" ".join(spaces)} bash -ec "$0" boot "$1"'
        process = subprocess.Popen(["bash", "-c", joined, BOOT, str(root)], stdin=subprocess.DEVNULL)
        machine = Machine(process, cgroup)
        try:
            until(
                lambda: machine.run("systemctl is-system-running", check=False) in ("running\n", "degraded\n"),
                "systemd",
            )
        except BaseException:
            machine.end()
            raise
        return machine

    def _enter(self) -> list[str]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        return ["nsenter", "--target", children[0] if children else "none"]

    def run(self, command: str, check: bool = True) -> str:
        """A line of sh as root in it."""
        inside = [*self._enter(), "--mount", "--pid", "--ipc", "--uts", "--net", "--root", "--wd"]
        done = subprocess.run(
            [*inside, "/usr/bin/env", "-i", PATH, "/bin/sh", "-ec", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not check or done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        """A request to port 8080 from inside, by this machine's Python."""
        asks = """if True:
            import http.client, json, sys
            path, method, headers = json.loads(sys.argv[1])
            peer = http.client.HTTPConnection("127.0.0.1", 8080, timeout=30)
            peer.request(method, path, sys.stdin.buffer.read() or None, headers)
            answer = peer.getresponse()
            print(answer.status)
            sys.stdout.flush()
            sys.stdout.buffer.write(answer.read())
        """
        request = json.dumps([path, method, headers or {}])
        command = [*self._enter(), "--net", shutil.which("python3") or "python3", "-c", asks, request]
        done = subprocess.run(command, input=body, capture_output=True, timeout=60)
        status, _, content = done.stdout.partition(b"\n")
        return Answer(int(status or 0), {}, content)

    def end(self) -> None:
        self.process.kill()
        self.process.wait(30)
        folders = [Path(top) for top, _, _ in os.walk(self.cgroup, topdown=False)]
        for folder in folders:
            until(lambda folder=folder: removed(folder), f"{folder} to be left by all")


def removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
