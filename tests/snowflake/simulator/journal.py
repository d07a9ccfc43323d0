"""What happened: every request, every statement, and what a correct client never does."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from .settings import Clock


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.requests: list[dict[str, Any]] = []
        self.violations: list[dict[str, Any]] = []
        self._under_way: Counter[str] = Counter()
        self._most: Counter[str] = Counter()

    def open_request(self, **facts: Any) -> dict[str, Any]:
        with self._lock:
            entry = {"seq": len(self.requests) + 1, "at": self._clock.now(), **facts}
            self.requests.append(entry)
            return entry

    def violate(self, kind: str, detail: str, request: dict[str, Any] | None = None) -> None:
        with self._lock:
            seq = request["seq"] if request else None
            self.violations.append({"kind": kind, "detail": detail, "request": seq, "at": self._clock.now()})

    def enter(self, key: str) -> int:
        """How many are now under way of what `key` names."""
        with self._lock:
            self._under_way[key] += 1
            self._most[key] = max(self._most[key], self._under_way[key])
            return self._under_way[key]

    def leave(self, key: str) -> None:
        with self._lock:
            self._under_way[key] -= 1

    def most(self, prefix: str) -> dict[str, int]:
        with self._lock:
            return {key[len(prefix) :]: count for key, count in self._most.items() if key.startswith(prefix)}

    def count(self, **wanted: Any) -> int:
        """Earlier requests with these facts."""
        with self._lock:
            return sum(all(entry.get(name) == value for name, value in wanted.items()) for entry in self.requests)

    def copy(self, since: int = 0) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        with self._lock:
            return [dict(entry) for entry in self.requests[since:]], [dict(entry) for entry in self.violations]

    def clear(self) -> None:
        with self._lock:
            self.requests.clear()
            self.violations.clear()
            self._most.clear()
