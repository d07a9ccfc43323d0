"""The control plane: plain HTTP with JSON on another loopback port, for the tests alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .listener import Listener

Handler = Callable[[dict[str, Any]], Any]


class Control:
    """What `POST /name` and `GET /name` do; every method takes the JSON object or the query and returns JSON."""

    def __init__(self, server: Listener) -> None:
        self.server = server
        names = [name for name in dir(self) if name.startswith(("post_", "get_"))]
        self.posts: dict[str, Handler] = {name[5:]: getattr(self, name) for name in names if name.startswith("post_")}
        self.gets: dict[str, Handler] = {name[4:]: getattr(self, name) for name in names if name.startswith("get_")}

    @property
    def _world(self) -> Any:
        return self.server.world

    def failure(self, error: Exception) -> tuple[int, dict[str, Any]]:
        """Status and document for what a method raised."""
        return 400, {"error": repr(error)}

    def post_settings(self, body: dict[str, Any]) -> Any:
        self._world.settings.change(body)
        self.server.follow_settings()
        return self.get_settings({})

    def get_settings(self, _: dict[str, Any]) -> Any:
        return self._world.settings.as_dict()

    def post_rules(self, body: dict[str, Any]) -> Any:
        self._world.rules.add(body["rules"])
        return self.get_rules({})

    def post_clear_rules(self, _: dict[str, Any]) -> Any:
        self._world.rules.clear()
        return []

    def get_rules(self, _: dict[str, Any]) -> Any:
        return self._world.rules.left()

    def get_violations(self, _: dict[str, Any]) -> Any:
        return self._world.journal.violations()


def serve_control(control: Control, port: int) -> ThreadingHTTPServer:
    class Plain(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, handlers: dict[str, Handler], argument: dict[str, Any]) -> None:
            handler = handlers.get(urlsplit(self.path).path.strip("/"))
            try:
                status, document = (200, handler(argument)) if handler else (404, {"error": f"no {self.path}"})
            except Exception as error:
                status, document = control.failure(error)
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
