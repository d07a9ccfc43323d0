"""Scripted misbehaviour: rules that choose requests, one after the other."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, ClassVar

CONNECT = {"reset", "hang", "garbage"}  # what may befall a connection before TLS and HTTP


@dataclass
class Rule:
    OPERATIONS: ClassVar[tuple[str, ...]]  # `connect` aside
    MATCHES: ClassVar[set[str]]  # `operation` aside
    ACTIONS: ClassVar[set[str]]

    match: dict[str, Any]
    action: dict[str, Any]
    times: int = 1  # 0: for ever
    skip: int = 0  # so many matching requests are left alone first
    every: int = 1  # of those that are left only each so-manieth
    seen: int = 0

    @classmethod
    def parse(cls, given: dict[str, Any]) -> Rule:
        match, action = given.get("match", {}), given["action"]
        rule = cls(match, action, given.get("times", 1), given.get("skip", 0), given.get("every", 1))
        unknown = set(given) - {"match", "action", "times", "skip", "every"}
        unknown |= set(match) - {"operation"} - cls.MATCHES
        unknown |= set(action) - (CONNECT if match.get("operation") == "connect" else cls.ACTIONS)
        known = match.get("operation", "connect") in ("connect", *cls.OPERATIONS)
        if unknown or not known or rule.every < 1 or rule.skip < 0:
            raise ValueError(f"a rule that the simulator does not know: {given} {sorted(unknown)}")
        return rule

    def fits(self, facts: dict[str, Any]) -> bool:
        if facts["operation"] == "connect" and self.match.get("operation") != "connect":
            return False
        return all(self.holds(name, wanted, facts) for name, wanted in self.match.items())

    def holds(self, name: str, wanted: Any, facts: dict[str, Any]) -> bool:
        return facts.get(name) == wanted

    def takes_turn(self) -> bool:
        turns = max(0, self.seen - self.skip) // self.every
        if self.times and turns >= self.times:
            return False
        self.seen += 1
        return self.seen > self.skip and (self.seen - self.skip) % self.every == 0


class Rules:
    def __init__(self, kind: type[Rule]) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, rules: list[dict[str, Any]]) -> None:
        parsed = [self._kind.parse(rule) for rule in rules]
        with self._lock:
            self._rules += parsed

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def take(self, **facts: Any) -> dict[str, Any]:
        """The action of the first rule that fits and is not used up; empty if there is none."""
        with self._lock:
            return next((rule.action for rule in self._rules if rule.fits(facts) and rule.takes_turn()), {})

    def left(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(vars(rule)) for rule in self._rules]
