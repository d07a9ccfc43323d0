"""What happened: every request with its answer, and what a correct client never does."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import simulation.journal
from simulation.settings import Clock

from .settings import Settings

FAILED = {409, 500, 502, 503, 504}
# Refusals that a caller may well meet again at once: it asks what is there, or tries its condition once more.
_ORDINARY = {"NoSuchKey", "PreconditionFailed", "InvalidRange"}
_AGAIN = {"RequestTimeout", "RequestTimeTooSkewed"}


@dataclass
class _Question:
    ended_at: float = 0.0  # of the steady clock
    status: int = 0
    code: str | None = None
    failures: int = 0  # in a row
    skewed: bool = False  # its own time was off, whatever a rule said


class Journal(simulation.journal.Journal):
    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__(clock)
        self._settings = settings
        self._questions: dict[Any, _Question] = {}
        self._attempts: Counter[tuple[str, str, str]] = Counter()

    def open_request(self, facts: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            asked = facts["method"], facts["bucket"], facts["key"]
            self._attempts[asked] += 1
            later = {"status": None, "code": None, "applied": False, "outcome": "open", "rule": None, "skewed": False}
            return self._open(attempt=self._attempts[asked], **facts, **later)

    def ask(self, question: Any, entry: dict[str, Any]) -> None:
        """Notes a question that was refused for good just now, or failed too often in a row."""
        with self._lock:
            before = self._questions.setdefault(question, _Question())
            recent = time.monotonic() - before.ended_at < self._settings.refusal_seconds
            refused = 300 <= before.status < 500 and before.status not in (304, 307, 409)
            again = recent and refused and before.code not in _ORDINARY | _AGAIN
            tired = before.failures >= self._settings.attempts_max
            detail = f"{entry['method']} {entry['key']} after {before.status} {before.code or ''}"
        if again:
            self.violate("refused_request_again", detail, entry)
        if tired:
            self.violate("too_many_attempts", f"{detail}, {before.failures} failures in a row", entry)

    def settle(self, question: Any, entry: dict[str, Any], outcome: str) -> None:
        with self._lock:
            entry["outcome"] = outcome
            before = self._questions.setdefault(question, _Question())
            skewed = before.skewed and entry["skewed"]
            failed = outcome != "answered" or entry["status"] in FAILED or entry["code"] in _AGAIN
            before.failures = before.failures + 1 if failed else 0
            before.ended_at, before.code, before.skewed = time.monotonic(), entry["code"], entry["skewed"]
            before.status = (entry["status"] or 0) if outcome == "answered" else 0
        if skewed:
            self.violate("skew_not_corrected", f"{entry['method']} {entry['key']}: the Date told the time", entry)

    def clear(self) -> None:
        super().clear()
        with self._lock:
            self._questions.clear()
            self._attempts.clear()
