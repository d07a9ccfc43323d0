"""The operations of the API: from a request to its answer, and what is kept about both."""

from __future__ import annotations

import gzip
import json
import threading
import time
from typing import Any

from .answers import Answer, cancel_status, failure, partition_data, refusal, result_set, running, timed_out
from .auth import Authenticator, Identity
from .errors import HttpError, SqlError, bad_payload, cancelled, not_found
from .execution import Work, split_statements
from .misbehaviour import damage, scripted_answer
from .requests import TIMEOUT_MAX, Call, Request, check_body, check_headers, parameter_names, route
from .statements import Statement
from .translation import DEFAULT_ZONE
from .world import World

RETRYABLE = (408, 429, 500, 502, 503, 504, 522)
FETCHES_MAX = 8
RESIGN_SECONDS = 1.5
GZIP_BYTES_MIN = 256
FOREVER = 1_000_000_000


def question_of(body: Any) -> str:
    """What is asked, whatever the time that is left for it and the tag."""
    members = ("statement", "bindings", "database", "schema", "role")
    return json.dumps([body.get(name) for name in members] if isinstance(body, dict) else body)


class Api:
    def __init__(self, world: World) -> None:
        self._world = world
        self._authenticator = Authenticator(world.account, world.settings, world.clock)
        self._lock = threading.Lock()
        self._questions: dict[str, dict[str, Any]] = {}  # the last submission of each question
        self._submissions: dict[str, dict[str, Any]] = {}  # by requestId
        self._refused: dict[str, float] = {}  # tokens that were answered 401, and when first

    def handle(self, request: Request, connection: int) -> tuple[Answer, dict[str, Any], dict[str, Any]]:
        """The answer, the rule's action for the wire, and the log's entry, whose outcome the wire adds."""
        journal = self._world.journal
        entry = journal.open_request(
            connection=connection,
            operation=None,
            method=request.method,
            target=request.target,
            headers=[[name, value] for name, value in request.headers if name.lower() != "authorization"],
        )
        action: dict[str, Any] = {}
        try:
            call = route(request)
            text = self._describe(entry, call, request)
            attempt = journal.count(attempt_key=entry["attempt_key"])
            action = self._world.rules.take(
                operation=call.operation, statement=text, partition=call.partition, attempt=attempt
            )
            entry |= {"attempt": attempt, "action": action}
            answer = self._act(request, call, entry, action)
        except HttpError as error:
            answer = refusal(error)
            entry["reason"] = "; ".join([error.message, *getattr(error, "__notes__", [])])
            if error.status not in (401, 403):
                journal.violate("refused_request", f"{error.status} {error.message}", entry)
        except Exception as error:
            journal.violate("simulator_failed", repr(error), entry)
            answer = refusal(HttpError(500, "390000", f"The simulator failed: {error!r}"))
        entry["damaged"] = damage(answer, action)
        entry["status"] = answer.status
        self._watch_token(request, answer, entry)
        self._compress(request, answer)
        return answer, action, entry

    def _describe(self, entry: dict[str, Any], call: Call, request: Request) -> str:
        """Completes the log's entry; returns the statement's text, for the rules."""
        query = call.query or {}
        entry |= {"operation": call.operation, "handle": call.handle, "query": query}
        known = self._world.statements.by_handle.get(call.handle or "")
        text = known.text if known else ""
        if call.operation == "submit":
            try:
                entry["body"] = json.loads(request.body)
                text = str(entry["body"].get("statement", ""))
            except (ValueError, AttributeError, RecursionError):
                entry["body"] = repr(request.body[:200])
        name = query.get("requestId", f"#{entry['seq']}") if call.operation == "submit" else call.handle
        entry["attempt_key"] = f"{call.operation} {name} {call.partition}"
        return text

    def _act(self, request: Request, call: Call, entry: dict[str, Any], action: dict[str, Any]) -> Answer:
        if action.get("reset_before"):
            return Answer(0)
        if "status" in action and not action.get("execute"):
            if call.operation == "submit":
                self._note_submission(call, entry, question_of(entry["body"]), request.body)
            return scripted_answer(action)
        for fault in call.faults:
            self._world.journal.violate(*fault.split(": ", 1), entry)
        for fault in check_headers(request, call.operation):
            self._world.journal.violate(*fault.split(": ", 1), entry)
        kind = request.header("x-snowflake-authorization-token-type")
        identity = self._authenticator.identify(request.header("authorization"), kind)
        entry["authorization"] = identity.facts
        answer = self._operate(request, call, entry, action, identity)
        return scripted_answer(action) if "status" in action else answer

    def _operate(
        self, request: Request, call: Call, entry: dict[str, Any], action: dict[str, Any], identity: Identity
    ) -> Answer:
        if call.operation == "submit":
            return self._submit(request, call, entry, action, identity)
        statement = self._world.statements.by_handle.get(call.handle or "")
        if statement is None:
            self._world.journal.violate("unknown_handle", str(call.handle), entry)
            return failure(not_found(str(call.handle)), str(call.handle))
        if statement.user != identity.user.name:
            raise HttpError(403, "390403", "The statement belongs to somebody else.")
        if call.operation == "cancel":
            if self._world.statements.cancel(statement):
                return cancel_status(statement)
            return failure(not_found(statement.handle), statement.handle)
        if call.operation == "fetch":
            return self._fetch(statement, int(call.partition or 0), entry)
        return self._state(statement, 0.0)

    def _submit(
        self, request: Request, call: Call, entry: dict[str, Any], action: dict[str, Any], identity: Identity
    ) -> Answer:
        body, faults = check_body(request.body)
        for fault in faults:
            self._world.journal.violate(*fault.split(": ", 1), entry)
        query = call.query or {}
        earlier = self._note_submission(call, entry, question_of(body), request.body)
        statement = self._world.statements.by_request.get(query.get("requestId", ""))
        if statement is None or query.get("retry") != "true" or earlier is None:
            handle = self._world.statements.new_handle()
            try:
                statement = self._start(handle, body, query, action, identity)
            except SqlError as error:
                entry["handle"] = handle
                return failure(error, handle)
        elif statement.user != identity.user.name:
            raise HttpError(403, "390403", "The statement belongs to somebody else.")
        entry["handle"] = statement.handle
        if query.get("async") == "true" and not statement.is_final:
            return running(statement)
        return self._state(statement, self._world.settings.synchronous_seconds)

    def _note_submission(self, call: Call, entry: dict[str, Any], question: str, body: bytes) -> dict[str, Any] | None:
        """Holds a submission against earlier ones; the earlier one of the same requestId, if there was one."""
        request_id, journal = (call.query or {}).get("requestId"), self._world.journal
        now = time.monotonic()
        with self._lock:
            earlier = self._submissions.get(request_id or "")
            last = self._questions.get(question)
            note = {"request_id": request_id, "body": body, "fate": "open", "at": now, "entry": entry}
            self._questions[question] = note
            if request_id:
                self._submissions[request_id] = note
        if earlier is not None:
            if body != earlier["body"]:
                journal.violate("request_id_other_body", str(request_id), entry)
                raise bad_payload("The requestId was used with another body.")
            if (call.query or {}).get("retry") != "true" and earlier["fate"] != "refused":
                journal.violate("retry_without_flag", str(request_id), entry)
        elif last is not None and last["fate"] in ("open", "unknown"):
            if now - last["at"] < self._world.settings.fate_seconds:
                journal.violate("new_request_id", f"{last['request_id']} is not settled: {question[:200]}", entry)
        return earlier

    def settle(self, entry: dict[str, Any], answer: Answer, outcome: str) -> None:
        """What the client can know now about its submission; a fetch is over."""
        entry["outcome"] = outcome
        if key := entry.pop("leave", None):
            self._world.journal.leave(key)
        document = answer.document if isinstance(answer.document, dict) else {}
        unsure = answer.status in RETRYABLE and (answer.status != 408 or "statementHandle" not in document)
        fate = "known" if outcome == "answered" and not entry.get("damaged") and not unsure else "unknown"
        if fate == "known" and answer.status in (401, 403):
            fate = "refused"
        with self._lock:
            for note in (*self._submissions.values(), *self._questions.values()):
                if note["entry"] is entry:
                    note["fate"] = fate

    def _start(
        self, handle: str, body: dict[str, Any], query: dict[str, str], action: dict[str, Any], identity: Identity
    ) -> Statement:
        world, parameters = self._world, parameter_names(body.get("parameters", {}))
        session = world.account.session(identity.user, identity.role_restriction, body)
        bindings, zone = body.get("bindings") or {}, parameters.get("TIMEZONE", DEFAULT_ZONE)
        count = int(parameters.get("MULTI_STATEMENT_COUNT", 1))
        texts = [body["statement"]] if count == 1 else self._batch(body["statement"], count, bool(bindings))
        works = [Work(text, session, bindings, zone, in_batch=count != 1) for text in texts]
        timeout = body.get("timeout")
        statement = Statement(
            handle=handle,
            request_id=query.get("requestId"),
            text=body["statement"],
            question=question_of(body),
            user=identity.user.name,
            nullable=query.get("nullable") != "false",
            facts={"bindings": bindings, "parameters": parameters, "role": session.role, "is_batch": count != 1},
            timeout=world.settings.statement_timeout_seconds if timeout is None else timeout or TIMEOUT_MAX,
            run_seconds=FOREVER if action.get("endless_202") else action.get("run_seconds", world.settings.run_seconds),
            answers_202=FOREVER if action.get("endless_202") else action.get("answer_202", world.settings.answer_202),
            created_ms=world.clock.now_ns() // 1_000_000,
            forced=action,
        )
        world.statements.submit(statement, works)
        return statement

    @staticmethod
    def _batch(statement: str, count: int, bound: bool) -> list[str]:
        texts = split_statements(statement)
        if bound:
            raise SqlError("000009", "0A000", "Bind variables are not supported in multi-statement requests.")
        if count not in (0, len(texts)):
            text = f"Actual statement count {len(texts)} did not match the desired statement count {count}."
            raise SqlError("000008", "0A000", text)
        return texts

    def _state(self, statement: Statement, patience: float) -> Answer:
        statements = self._world.statements
        if statements.say_running(statement) or not statements.wait(statement, patience):
            return running(statement)
        if statement.state == "succeeded":
            return result_set(statement)
        if statement.state == "timed_out":
            return timed_out(statement)
        return failure(statement.error or cancelled(), statement.handle, statement.created_ms)

    def _fetch(self, statement: Statement, partition: int, entry: dict[str, Any]) -> Answer:
        journal, key = self._world.journal, f"fetch:{statement.handle}"
        entry["leave"] = key
        if journal.enter(key) > FETCHES_MAX:
            journal.violate("too_many_fetches", f"more than {FETCHES_MAX} of {statement.handle}", entry)
        if statement.state != "succeeded":
            journal.violate("partition_before_end", f"{statement.handle} is {statement.state}", entry)
            return self._state(statement, 0.0)
        if partition >= len(statement.partitions):
            journal.violate("partition_out_of_range", f"{partition} of {len(statement.partitions)}", entry)
            raise bad_payload(f"Partition {partition} does not exist.")
        return partition_data(statement, partition)

    def _watch_token(self, request: Request, answer: Answer, entry: dict[str, Any]) -> None:
        """A refused key-pair token is signed anew, not sent again; within a second it may come out the same."""
        token = next((value for name, value in request.headers if name.lower() == "authorization"), "")
        if token.count(".") != 2:
            return
        with self._lock:
            first = self._refused.get(token)
            if answer.status == 401:
                self._refused.setdefault(token, time.monotonic())
        if first is not None and time.monotonic() - first > RESIGN_SECONDS:
            self._world.journal.violate("refused_token_again", str(entry["target"]), entry)

    def _compress(self, request: Request, answer: Answer) -> None:
        accepted = ",".join(value for name, value in request.headers if name.lower() == "accept-encoding")
        if answer.status != 200 or not self._world.settings.gzip_results or "gzip" not in accepted:
            return
        if "Content-Encoding" not in answer.headers and len(answer.body) >= GZIP_BYTES_MIN:
            answer.body = gzip.compress(answer.body, 1, mtime=0)
            answer.headers["Content-Encoding"] = "gzip"
