"""Objects of the buckets: strongly consistent, every change atomic."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

from simulation.settings import Clock

from .answers import S3Error


@dataclass(frozen=True)
class Object:
    body: bytes
    etag: str  # with its quotes: the MD5 of the content
    modified_at: float
    headers: dict[str, str] = field(default_factory=dict)  # what was sent with it and comes back


def make_etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def same_etag(condition: str, etag: str) -> bool:
    """Whether a list of entity tags names this one; S3 takes them with and without quotes."""
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in condition.split(",")]
    return "*" in tags or etag.strip('"') in tags


class Store:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._objects: dict[tuple[str, str], Object] = {}
        self._history: list[dict[str, Any]] = []

    def get(self, bucket: str, key: str) -> Object | None:
        with self._lock:
            return self._objects.get((bucket, key))

    def put(self, bucket: str, key: str, body: bytes, headers: dict[str, str], **conditions: str | None) -> Object:
        """Raises S3Error when `if_match` or `if_none_match` does not hold."""
        new = Object(body, make_etag(body), self._clock.now(), headers)
        with self._lock:
            self._check(self._objects.get((bucket, key)), **conditions)
            self._objects[bucket, key] = new
            self._note("put", bucket, key, new.etag)
        return new

    def delete(self, bucket: str, key: str, if_match: str | None = None) -> None:
        with self._lock:
            self._check(self._objects.get((bucket, key)), if_match=if_match)
            if self._objects.pop((bucket, key), None):
                self._note("delete", bucket, key, None)

    def _check(self, old: Object | None, *, if_match: str | None = None, if_none_match: str | None = None) -> None:
        if if_none_match is not None and old is not None:
            raise S3Error("PreconditionFailed", Condition="If-None-Match")
        if if_match is not None and old is None:
            raise S3Error("NoSuchKey")
        if if_match is not None and old is not None and not same_etag(if_match, old.etag):
            raise S3Error("PreconditionFailed", Condition="If-Match")

    def _note(self, change: str, bucket: str, key: str, etag: str | None) -> None:
        at = self._clock.now()
        self._history.append({"change": change, "bucket": bucket, "key": key, "etag": etag, "at": at})

    def objects(self, bucket: str, prefix: str = "") -> list[tuple[str, Object]]:
        """In the order of the keys' UTF-8 bytes."""
        with self._lock:
            held = list(self._objects.items())
        found = [(key, one) for (place, key), one in held if place == bucket and key.startswith(prefix)]
        return sorted(found, key=lambda pair: pair[0].encode())

    def history(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._history)
