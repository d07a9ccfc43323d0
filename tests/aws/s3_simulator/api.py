"""What is done for a request: rules, signature, operation, journal."""

from __future__ import annotations

import hashlib
import traceback
from dataclasses import dataclass
from typing import Any

from simulation.rules import Rules
from simulation.settings import Clock

from .answers import Answer, S3Error, error_answer
from .auth import Caller, authenticate
from .journal import Journal
from .listing import list_objects
from .misbehaviour import Rule, damage, is_scripted, scripted_answer
from .operations import delete_object, get_object, put_object
from .requests import Call, Request, faults, place, refuse, route
from .settings import Settings
from .store import Store

TOLD = ("if-match", "if-none-match", "range", "content-length", "content-type", "content-md5", "user-agent", "expect")


class World:
    """Everything that `reset` makes anew."""

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        self.settings = Settings()
        self.settings.change(settings or {})
        self.clock = Clock(self.settings)
        self.journal = Journal(self.settings, self.clock)
        self.store = Store(self.clock)
        self.rules = Rules(Rule)

    def buckets(self) -> list[str]:
        return [self.settings.bucket, *self.settings.other_buckets]


@dataclass
class Outcome:
    answer: Answer
    action: dict[str, Any]
    entry: dict[str, Any]
    question: Any


class Api:
    def __init__(self, world: World, port: int, tls: bool) -> None:
        self._world, self._port, self._tls = world, port, tls

    def handle(self, request: Request, connection: int) -> Outcome:
        world = self._world
        call, refusal = self._route(request)
        facts = self._facts(request, call, connection)
        entry = world.journal.open_request(facts)
        asked = facts["credential"], request.method, request.target, request.header("x-amz-content-sha256")
        question = (*asked, *self._conditions(request))
        world.journal.ask(question, entry)
        conditional = bool({"if-match", "if-none-match"} & set(entry["headers"]))
        matched = {name: entry[name] for name in ("operation", "method", "key", "attempt")}
        action = world.rules.take(conditional=conditional, **matched)
        entry["rule"] = action or None
        try:
            answer = self._answer(request, call, refusal, action, entry)
        except Exception:
            world.journal.violate("simulator_failed", traceback.format_exc(), entry)
            answer = error_answer("InternalError", request.raw_path)
        damage(answer, action)
        if request.method == "HEAD" and not answer.bodiless:
            answer.bodiless = True
        entry |= {"status": answer.status, "code": answer.code, "applied": answer.applied}
        return Outcome(answer, action, entry, question)

    def settle(self, outcome: Outcome, how: str) -> None:
        self._world.journal.settle(outcome.question, outcome.entry, how)

    def now(self, action: dict[str, Any]) -> float:
        return self._world.clock.now() + float(action.get("clock_offset_seconds", 0))

    def _route(self, request: Request) -> tuple[Call, S3Error | None]:
        try:
            return route(request), None
        except S3Error as error:
            bucket, key, style = place(request)
            return Call("unknown", bucket, key, style), error

    def _conditions(self, request: Request) -> list[str | None]:
        return [request.header(name) for name in ("host", "if-match", "if-none-match", "range", "x-amz-security-token")]

    def _facts(self, request: Request, call: Call, connection: int) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in request.headers}
        told = {name: value for name, value in headers.items() if name in TOLD or name.startswith("x-amz-")}
        if "x-amz-security-token" in told:
            told["x-amz-security-token"] = "present"
        authorization = request.header("authorization") or ""
        return {
            "connection": connection,
            "operation": call.operation,
            "method": request.method,
            "bucket": call.bucket,
            "key": call.key,
            "style": call.style,
            "target": request.target,
            "host": request.header("host"),
            "query": call.query,
            "headers": told,
            "credential": authorization.partition("Credential=")[2].partition(",")[0] or None,
            "signed_headers": authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";"),
            "body_bytes": len(request.body),
            "body_sha256": hashlib.sha256(request.body).hexdigest(),
        }

    def _answer(
        self, request: Request, call: Call, refusal: S3Error | None, action: dict[str, Any], entry: dict[str, Any]
    ) -> Answer:
        """Violations are noted whatever the rule says; a request that is refused is never applied."""
        world = self._world
        for kind, detail in faults(request, call, world.settings, self._port):
            world.journal.violate(kind, detail, entry)
        violations: list[tuple[str, str]] = []
        try:
            caller = authenticate(request, world.settings, self.now(action), self._tls, violations)
            if refusal is not None:
                violations.append(("unknown_operation", f"{request.method} {request.target}: {refusal.code}"))
                raise refusal
            refuse(request)
        except S3Error as error:
            entry["skewed"] = error.code == "RequestTimeTooSkewed"
            return self._refusal(error, request)
        finally:
            for kind, detail in violations:
                world.journal.violate(kind, detail, entry)
        try:
            done = self._perform(request, call, caller, action)
        except S3Error as error:
            done = self._refusal(error, request)
        if is_scripted(action):
            scripted = scripted_answer(action, request.raw_path)
            scripted.applied = done.applied
            return scripted
        return done

    def _refusal(self, error: S3Error, request: Request) -> Answer:
        return error_answer(error.code, request.raw_path, error.status, error.message, **error.elements)

    def _perform(self, request: Request, call: Call, caller: Caller, action: dict[str, Any]) -> Answer:
        world = self._world
        if call.bucket not in world.buckets():
            raise S3Error("NoSuchBucket", BucketName=call.bucket)
        for other in [action["before"]] if "before" in action else []:
            if "put" in other:
                world.store.put(call.bucket, call.key, str(other["put"]).encode(), {})
            if other.get("delete"):
                world.store.delete(call.bucket, call.key)
        withheld = is_scripted(action) or action.get("reset_before") or action.get("hang")
        if withheld and not action.get("applied"):
            return Answer(200)
        match call.operation:
            case "list" | "head_bucket" if not caller.list_bucket:
                raise S3Error("AccessDenied")
            case "list":
                answer = list_objects(world.store, call, world.settings.page_size, action)
            case "head_bucket":
                answer = Answer(200, {"x-amz-bucket-region": world.settings.region})
            case "put":
                return put_object(world.store, call, request)
            case "delete":
                return delete_object(world.store, call, request)
            case _:
                return get_object(world.store, call, request, caller)
        answer.applied = True
        return answer
