"""What happened: every request with its answer, and what a correct client never does."""

from __future__ import annotations

import threading
from typing import Any

from .settings import Clock


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: list[dict[str, Any]] = []
        self._violations: list[dict[str, Any]] = []

    def _open(self, **facts: Any) -> dict[str, Any]:
        """A new entry, whose answer is added later. The lock is held."""
        entry = {"seq": len(self._requests) + 1, "at": self._clock.now(), **facts}
        self._requests.append(entry)
        return entry

    def violate(self, kind: str, detail: str, entry: dict[str, Any] | None = None) -> None:
        with self._lock:
            seq = entry["seq"] if entry else None
            self._violations.append({"kind": kind, "detail": detail, "request": seq, "at": self._clock.now()})

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(entry) for entry in self._requests[since:]]

    def violations(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(entry) for entry in self._violations]

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
            self._violations.clear()
