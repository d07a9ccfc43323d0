"""What happened: every request, every statement, and what a correct client never does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import simulation.journal
from simulation.settings import Clock


class Journal(simulation.journal.Journal):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._under_way: Counter[str] = Counter()
        self._most: Counter[str] = Counter()

    def open_request(self, **facts: Any) -> dict[str, Any]:
        with self._lock:
            return self._open(**facts)

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
            return sum(all(entry.get(name) == value for name, value in wanted.items()) for entry in self._requests)

    def clear(self) -> None:
        super().clear()
        with self._lock:
            self._most.clear()
