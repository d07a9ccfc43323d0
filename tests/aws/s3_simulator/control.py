"""The control plane of the simulated S3."""

from __future__ import annotations

import base64
from typing import Any

from simulation import control

from .api import World
from .server import Server
from .store import Object


def _told(held: Object) -> dict[str, Any]:
    document: dict[str, Any] = {"etag": held.etag, "size": len(held.body), "modified_at": held.modified_at}
    document |= {"headers": held.headers, "base64": base64.b64encode(held.body).decode()}
    try:
        return document | {"text": held.body.decode()}
    except UnicodeDecodeError:
        return document


class Control(control.Control):
    server: Server

    def post_reset(self, body: dict[str, Any]) -> Any:
        self.server.replace(World(body.get("settings")))
        return self.get_settings({})

    def get_settings(self, _: dict[str, Any]) -> Any:
        return super().get_settings({}) | {"now": self._world.clock.now()}

    def get_journal(self, query: dict[str, Any]) -> Any:
        return self._world.journal.requests(int(query.get("since", 0)))

    def post_clear_journal(self, _: dict[str, Any]) -> Any:
        self._world.journal.clear()
        return {}

    def get_objects(self, query: dict[str, Any]) -> Any:
        bucket = query.get("bucket", self._world.settings.bucket)
        return {key: _told(held) for key, held in self._world.store.objects(bucket, query.get("prefix", ""))}

    def post_objects(self, body: dict[str, Any]) -> Any:
        """Puts `text` or `base64` under every one of `keys` or `key`, or deletes it."""
        bucket, keys = body.get("bucket", self._world.settings.bucket), body.get("keys") or [body["key"]]
        content = base64.b64decode(body["base64"]) if "base64" in body else str(body.get("text", "")).encode()
        for key in keys:
            if body.get("delete"):
                self._world.store.delete(bucket, key)
            else:
                self._world.store.put(bucket, key, content, body.get("headers", {}))
        return {"keys": len(keys)}

    def get_history(self, query: dict[str, Any]) -> Any:
        """Every change that took place, in order."""
        return [entry for entry in self._world.store.history() if entry["key"].startswith(query.get("prefix", ""))]
