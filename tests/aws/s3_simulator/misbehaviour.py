"""Scripted misbehaviour: rules that choose requests, and what they do to the answers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from .answers import ERRORS, USUAL, Answer, error_answer

OPERATIONS = ("connect", "get", "head", "put", "delete", "list", "head_bucket")
MATCHES = {"operation", "method", "key", "key_prefix", "conditional", "attempt"}
SCRIPTED = {"status", "code", "message", "body", "body_bytes", "not_xml", "empty", "headers", "applied", "location"}
LIST = {"huge_list", "repeat_token", "truncated_without_token", "foreign_keys"}
BYTES = {"flip_byte", "content_length"}
WIRE = {"delay_seconds", "cut_after", "cut_head_after", "bytes_per_second", "transfer", "oversized_head", "close_after"}
LOSS = {"reset_before", "lose_answer", "hang"}
ACTIONS = SCRIPTED | LIST | BYTES | WIRE | LOSS | {"clock_offset_seconds", "before"}
CONNECT = {"reset", "hang", "garbage"}


@dataclass
class Rule:
    match: dict[str, Any]
    action: dict[str, Any]
    times: int = 1  # 0: for ever
    skip: int = 0  # so many matching requests are left alone first
    every: int = 1  # of those that are left only each so-manieth
    seen: int = 0

    @classmethod
    def parse(cls, given: dict[str, Any]) -> Rule:
        skip = given.get("nth", given.get("skip", 0) + 1) - 1
        rule = cls(given.get("match", {}), given["action"], given.get("times", 1), skip, given.get("every", 1))
        unknown = (set(given) - {"match", "action", "times", "skip", "nth", "every"}) | (set(rule.match) - MATCHES)
        unknown |= set(rule.action) - (CONNECT if rule.match.get("operation") == "connect" else ACTIONS)
        if unknown or rule.match.get("operation", "get") not in OPERATIONS or rule.every < 1 or skip < 0:
            raise ValueError(f"a rule that the simulator does not know: {given} {sorted(unknown)}")
        return rule

    def fits(self, facts: dict[str, Any]) -> bool:
        wanted = dict(self.match)
        if facts["operation"] == "connect" and wanted.get("operation") != "connect":
            return False
        prefix = wanted.pop("key_prefix", "")
        return str(facts.get("key", "")).startswith(prefix) and all(facts.get(name) == wanted[name] for name in wanted)

    def takes_turn(self) -> bool:
        turns = max(0, self.seen - self.skip) // self.every
        if self.times and turns >= self.times:
            return False
        self.seen += 1
        return self.seen > self.skip and (self.seen - self.skip) % self.every == 0


class Rules:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, rules: list[dict[str, Any]]) -> None:
        parsed = [Rule.parse(rule) for rule in rules]
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


def is_scripted(action: dict[str, Any]) -> bool:
    """Whether the rule gives an answer of its own in place of the operation's."""
    return bool({"status", "code", "empty"} & set(action))


def scripted_answer(action: dict[str, Any], resource: str) -> Answer:
    status = action.get("status") or (200 if action.get("empty") else ERRORS.get(action.get("code", ""), (500, ""))[0])
    code = action.get("code", USUAL.get(status))
    if action.get("empty"):
        return Answer(status)
    if "body" in action or action.get("not_xml"):
        body = action.get("body", f"<html><body><h1>{status}</h1>Busy, come back<br></body></html>")
        answer = Answer(status, {"Content-Type": "text/html"}, body.encode(), code=code)
    elif code is None:
        answer = Answer(status)
    else:
        elsewhere = {"Endpoint": "s3.eu-west-1.amazonaws.com"} if code.endswith("Redirect") else {}
        answer = error_answer(code, resource, status, action.get("message"), **elsewhere)
    if "body_bytes" in action:
        answer.body += b"x" * int(action["body_bytes"])
    if "location" in action:
        answer.headers["Location"] = str(action["location"])
    return answer


def damage(answer: Answer, action: dict[str, Any]) -> None:
    """What a rule does to the head and to the bytes; a wrong Content-Length is of the wire."""
    for name, value in action.get("headers", {}).items():
        for known in [known for known in answer.headers if known.lower() == name.lower()]:
            del answer.headers[known]
        if value is not None:
            answer.headers[name] = str(value)
    if "flip_byte" in action and answer.body:
        at = int(action["flip_byte"]) % len(answer.body)
        answer.body = answer.body[:at] + bytes([answer.body[at] ^ 0x20]) + answer.body[at + 1 :]
