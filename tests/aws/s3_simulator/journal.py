"""What happened: every request with its answer, and what a correct client never does."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from .settings import Clock, Settings

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


class Journal:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._lock = threading.Lock()
        self._requests: list[dict[str, Any]] = []
        self._violations: list[dict[str, Any]] = []
        self._questions: dict[Any, _Question] = {}
        self._attempts: Counter[tuple[str, str, str]] = Counter()

    def open_request(self, facts: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            asked = facts["method"], facts["bucket"], facts["key"]
            self._attempts[asked] += 1
            entry = {"seq": len(self._requests) + 1, "at": self._clock.now(), "attempt": self._attempts[asked], **facts}
            entry |= {"status": None, "code": None, "applied": False, "outcome": "open", "rule": None, "skewed": False}
            self._requests.append(entry)
            return entry

    def violate(self, kind: str, detail: str, entry: dict[str, Any] | None = None) -> None:
        with self._lock:
            seq = entry["seq"] if entry else None
            self._violations.append({"kind": kind, "detail": detail, "request": seq, "at": self._clock.now()})

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
            self._questions.clear()
            self._attempts.clear()
