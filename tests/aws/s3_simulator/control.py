"""The control plane: plain HTTP with JSON on another loopback port, for the tests alone."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .api import World
from .server import Server
from .store import Object

Handler = Callable[[dict[str, Any]], Any]


def _told(held: Object) -> dict[str, Any]:
    document: dict[str, Any] = {"etag": held.etag, "size": len(held.body), "modified_at": held.modified_at}
    document |= {"headers": held.headers, "base64": base64.b64encode(held.body).decode()}
    try:
        return document | {"text": held.body.decode()}
    except UnicodeDecodeError:
        return document


class Control:
    """What `POST /name` and `GET /name` do; every method takes the JSON object or the query and returns JSON."""

    def __init__(self, server: Server) -> None:
        self._server = server
        names = [name for name in dir(self) if name.startswith(("post_", "get_"))]
        self.posts: dict[str, Handler] = {name[5:]: getattr(self, name) for name in names if name.startswith("post_")}
        self.gets: dict[str, Handler] = {name[4:]: getattr(self, name) for name in names if name.startswith("get_")}

    @property
    def _world(self) -> World:
        return self._server.world

    def post_reset(self, body: dict[str, Any]) -> Any:
        self._server.replace(World(body.get("settings")))
        return self.get_settings({})

    def post_settings(self, body: dict[str, Any]) -> Any:
        self._world.settings.change(body)
        self._server.follow_settings()
        return self.get_settings({})

    def get_settings(self, _: dict[str, Any]) -> Any:
        return self._world.settings.as_dict() | {"now": self._world.clock.now()}

    def post_rules(self, body: dict[str, Any]) -> Any:
        self._world.rules.add(body["rules"])
        return self.get_rules({})

    def post_clear_rules(self, _: dict[str, Any]) -> Any:
        self._world.rules.clear()
        return []

    def get_rules(self, _: dict[str, Any]) -> Any:
        return self._world.rules.left()

    def get_journal(self, query: dict[str, Any]) -> Any:
        return self._world.journal.requests(int(query.get("since", 0)))

    def post_clear_journal(self, _: dict[str, Any]) -> Any:
        self._world.journal.clear()
        return {}

    def get_violations(self, _: dict[str, Any]) -> Any:
        return self._world.journal.violations()

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


def serve_control(server: Server, port: int) -> ThreadingHTTPServer:
    control = Control(server)

    class Plain(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, handlers: dict[str, Handler], argument: dict[str, Any]) -> None:
            handler = handlers.get(urlsplit(self.path).path.strip("/"))
            try:
                status, document = (200, handler(argument)) if handler else (404, {"error": f"no {self.path}"})
            except Exception as error:
                status, document = 400, {"error": repr(error)}
            body = json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            query = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self._answer(control.gets, query)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(control.posts, json.loads(body or b"{}"))

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing: stdout is for the ready line, stderr for failures."""

    plain = ThreadingHTTPServer(("127.0.0.1", port), Plain)
    plain.daemon_threads = True
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    return plain
