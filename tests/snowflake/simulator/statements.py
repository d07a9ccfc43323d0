"""Statements from submission to their end: each runs in a thread of its own, once for every requestId."""

from __future__ import annotations

import gzip
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulation.settings import Clock

from .encodings import Cell, Column
from .errors import SqlError, cancelled
from .execution import Executor, Result, Work
from .journal import Journal
from .settings import Settings

FINAL = ("succeeded", "failed", "cancelled", "timed_out")
GRACE_SECONDS = 10.0  # for an end that is due


@dataclass
class Partition:
    rows: list[list[Cell]]
    body: bytes
    packed: bytes


@dataclass
class Statement:
    handle: str
    request_id: str | None
    text: str
    question: str  # what makes two submissions the same question
    user: str
    nullable: bool
    facts: dict[str, Any]  # for the log
    timeout: float
    run_seconds: float
    answers_202: int
    created_ms: int
    state: str = "queued"
    history: list[dict[str, Any]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    partitions: list[Partition] = field(default_factory=list)
    stats: dict[str, int] | None = None
    error: SqlError | None = None
    children: list[str] = field(default_factory=list)
    forced: dict[str, Any] = field(default_factory=dict)  # a scripted result or failure
    work: list[Work] = field(default_factory=list)
    started: float = 0.0
    is_counted: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def row_count(self) -> int:
        return sum(len(partition.rows) for partition in self.partitions)

    def log(self) -> dict[str, Any]:
        return {
            "handle": self.handle,
            "request_id": self.request_id,
            "statement": self.text,
            "state": self.state,
            "history": list(self.history),
            "error": self.error and {"code": self.error.code, "message": self.error.message},
            "rows": self.row_count,
            "partitions": len(self.partitions),
            "children": self.children,
            **self.facts,
        }


def make_partitions(rows: list[list[Cell]], size: int) -> list[Partition]:
    chunks = [rows] if size <= 0 else [rows[at : at + size] for at in range(0, len(rows), size)] or [[]]
    result = []
    for index, chunk in enumerate(chunks):
        body = json.dumps({"data": chunk}, ensure_ascii=False, separators=(",", ":")).encode()
        result.append(Partition(chunk, body, gzip.compress(body, 1, mtime=0) if index else b""))
    return result


class Statements:
    def __init__(self, executor: Executor, settings: Settings, clock: Clock, journal: Journal) -> None:
        self._executor, self._settings, self._clock, self._journal = executor, settings, clock, journal
        self._lock = threading.Lock()
        self._count = 0
        self.by_handle: dict[str, Statement] = {}
        self.by_request: dict[str, Statement] = {}

    def new_handle(self) -> str:
        with self._lock:
            self._count += 1
            return str(uuid.UUID(f"01b8a2c4-0502-f1fc-0000-4383{self._count:08x}"))

    def submit(self, statement: Statement, works: list[Work]) -> None:
        """Starts it; `works` are the statements of a batch, or the one."""
        with self._lock:
            self.by_handle[statement.handle] = statement
            if statement.request_id:
                self.by_request[statement.request_id] = statement
        statement.work = works
        statement.started = time.monotonic()
        self._move(statement, "queued")
        self._move(statement, "running")
        threading.Thread(target=self._run, args=(statement,), daemon=True).start()

    def _move(self, statement: Statement, state: str) -> bool:
        """False if it has ended already."""
        with statement.changed:
            if statement.is_final:
                return False
            statement.state = state
            self._count_running(statement)
            statement.history.append({"state": state, "at": self._clock.now()})
            statement.changed.notify_all()
            return True

    def _count_running(self, statement: Statement) -> None:
        """Before anybody can see the new state, so that who asks again after an end is not counted twice."""
        key = f"text:{statement.question}"
        if statement.state == "running" and statement.question:
            statement.is_counted = True
            if self._journal.enter(key) > 1:
                self._journal.violate("same_question_twice", f"{statement.handle}: {statement.text[:200]}")
        elif statement.is_final and statement.is_counted:
            self._journal.leave(key)

    def _run(self, statement: Statement) -> None:
        timer = threading.Timer(min(statement.timeout, threading.TIMEOUT_MAX), self._end, (statement, "timed_out"))
        timer.daemon = True
        timer.start()
        try:
            self._work(statement)
            self._hold(statement)
            self._move(statement, "succeeded")
        except SqlError as error:
            statement.error = error
            self._hold(statement)
            self._move(statement, "failed")
        except Exception as error:
            statement.error = SqlError("000603", "XX000", f"SQL execution internal error: {error!r}")
            self._journal.violate("simulator_failed", f"{statement.text[:200]}: {error!r}")
            self._move(statement, "failed")
        finally:
            timer.cancel()

    def _work(self, statement: Statement) -> None:
        if "fail" in statement.forced:
            failure = statement.forced["fail"]
            raise SqlError(failure["code"], failure.get("sqlState", "42000"), failure.get("message", "scripted"))
        if "result" in statement.forced:
            result = self._scripted(statement.forced["result"])
        elif statement.facts.get("is_batch"):
            result = self._batch(statement)
        else:
            result = self._executor.run(statement.work[0])
        self._keep(statement, result)

    def _keep(self, statement: Statement, result: Result) -> None:
        rows = result.rows
        if not statement.nullable:
            rows = [["null" if cell is None else cell for cell in row] for row in rows]
        statement.columns, statement.stats = result.columns, result.stats
        statement.partitions = make_partitions(rows, self._settings.rows_per_partition)

    @staticmethod
    def _scripted(script: dict[str, Any]) -> Result:
        names = ("name", "length", "precision", "scale", "nullable")
        columns = [
            Column(kind=row["type"], **{name: row[name] for name in names if name in row}) for row in script["rowType"]
        ]
        return Result(columns, [list(row) for row in script["data"]])

    def _batch(self, statement: Statement) -> Result:
        for work in statement.work:
            child = Statement(
                self.new_handle(), None, work.statement, "", statement.user, True, {}, 0, 0, 0, statement.created_ms
            )
            with self._lock:
                self.by_handle[child.handle] = child
            self._move(child, "running")
            try:
                self._keep(child, self._executor.run(work))
            except SqlError as error:
                child.error = error
                self._move(child, "failed")
                text = f'Execution of multiple statements failed on statement "{work.statement}".\n{error.message}'
                raise SqlError("100132", "P0000", f"JavaScript execution error: Uncaught {text}") from error
            self._move(child, "succeeded")
            statement.children.append(child.handle)
        column = Column("multiple statement execution", "text", length=16_777_216, nullable=False)
        return Result([column], [["Multiple statements executed successfully."]])

    def _hold(self, statement: Statement) -> None:
        """Not before its time has run and "still running" has been said as often as was asked."""
        with statement.changed:
            due = statement.started + statement.run_seconds
            while not statement.is_final:
                left = due - time.monotonic()
                if left <= 0 and statement.answers_202 <= 0:
                    return
                statement.changed.wait(left if left > 0 else None)

    def _end(self, statement: Statement, state: str) -> bool:
        """Ends a running statement from outside."""
        ended = self._move(statement, state)
        if ended:
            for work in statement.work:
                work.interrupt()
        return ended

    def cancel(self, statement: Statement) -> bool:
        ended = self._end(statement, "cancelled")
        if ended:
            statement.error = cancelled()
        return ended

    def cancel_all(self) -> None:
        with self._lock:
            running = list(self.by_handle.values())
        for statement in running:
            self.cancel(statement)

    def say_running(self, statement: Statement) -> bool:
        """Whether an answer must be 202 because the script says so; counts it."""
        with statement.changed:
            if statement.answers_202 <= 0 or statement.is_final:
                return False
            statement.answers_202 -= 1
            statement.changed.notify_all()
            return True

    def wait(self, statement: Statement, patience: float) -> bool:
        """Whether it has ended; an end that is due is waited for a little longer."""
        deadline = time.monotonic() + patience
        with statement.changed:
            while not statement.is_final:
                now = time.monotonic()
                is_due = statement.answers_202 <= 0 and now >= statement.started + statement.run_seconds
                limit = max(deadline, statement.started + statement.run_seconds + GRACE_SECONDS) if is_due else deadline
                if now >= limit:
                    return False
                statement.changed.wait(min(0.05, limit - now))
            return True

    def find(self, choose: Callable[[Statement], bool]) -> list[Statement]:
        with self._lock:
            return [statement for statement in self.by_handle.values() if choose(statement)]
