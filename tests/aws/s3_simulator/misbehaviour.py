"""Scripted misbehaviour: rules that choose requests, and what they do to the answers."""

from __future__ import annotations

from typing import Any

import simulation.rules
from simulation.wire import LOSS, WIRE

from .answers import ERRORS, USUAL, Answer, error_answer

SCRIPTED = {"status", "code", "message", "body", "body_bytes", "not_xml", "empty", "headers", "applied", "location"}
LIST = {"huge_list", "repeat_token", "truncated_without_token", "foreign_keys"}
BYTES = {"flip_byte", "content_length", "close_after"}


class Rule(simulation.rules.Rule):
    OPERATIONS = ("get", "head", "put", "delete", "list", "head_bucket")
    MATCHES = {"method", "key", "key_prefix", "conditional", "attempt"}
    ACTIONS = SCRIPTED | LIST | BYTES | WIRE | LOSS | {"clock_offset_seconds", "before"}

    @classmethod
    def parse(cls, given: dict[str, Any]) -> simulation.rules.Rule:
        """`nth` is `skip` + 1."""
        skip = {"skip": given["nth"] - 1} if "nth" in given else {}
        return super().parse({name: value for name, value in given.items() if name != "nth"} | skip)

    def holds(self, name: str, wanted: Any, facts: dict[str, Any]) -> bool:
        if name == "key_prefix":
            return str(facts.get("key", "")).startswith(wanted)
        return super().holds(name, wanted, facts)


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
