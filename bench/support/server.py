"""A running `revops serve` and one kept-alive connection to it."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from pathlib import Path

from support import measure

PATIENCE_SECONDS = 60


def cpu_seconds_of(pid: int) -> float:
    """Processor seconds of a process so far, in the threads that live."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class Server:
    """Ends with its `with`; on one core alone if it is named."""

    def __init__(self, data: Path, *words: str, core: str | None = None) -> None:
        self._started = time.monotonic()
        pinned = [] if core is None else ["taskset", "-c", core]
        command = [*pinned, measure.PROGRAM, "--data", data, *words, "serve", "--listen", "127.0.0.1:0"]
        self._process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout
        listening = re.match(r"Listening on http://(.*):(\d+)", self._process.stdout.readline())
        if listening is None:
            self._process.kill()
            raise RuntimeError("serve did not start")
        self.pid, self.port = self._process.pid, int(listening[2])
        self._connection = http.client.HTTPConnection(listening[1], self.port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        self._connection.request("GET", path, headers=headers or {})
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        return body

    def seconds_since_start(self) -> float:
        return time.monotonic() - self._started

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.pid)

    def anonymous_bytes(self) -> int:
        """RssAnon: memory that is the process's own, code and mapped files left out."""
        return self._kilobytes("RssAnon") * 1024

    def peak_bytes(self) -> int:
        """VmHWM: the most that was resident at once, mapped files included."""
        return self._kilobytes("VmHWM") * 1024

    def _kilobytes(self, name: str) -> int:
        found = re.search(rf"{name}:\s*(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1])

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE_SECONDS)
