"""The listener of the API: a thread for every connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Any

from .answers import error_answer
from .api import Api, World
from .wire import BadRequest, Connection, Gone, deliver

HANDSHAKE_SECONDS = 10.0
IDLE_SECONDS = 120.0


class Server:
    def __init__(self, context: ssl.SSLContext | None, port: int) -> None:
        self._context = context
        self._stop = threading.Event()
        self._connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = port
        self.listen()
        self.replace(World())

    def replace(self, world: World) -> None:
        """A new world; connections of the old one are closed."""
        self.world, self._api = world, Api(world, self.port, self._context is not None)
        with self._lock:
            streams = list(self._open)
        for stream in streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        self.follow_settings()

    def follow_settings(self) -> None:
        if self.world.settings.refuse_connections:
            self._close_listener()
        elif self._listener is None:
            self.listen()

    def listen(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(128)
        self._listener, self.port = listener, listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _close_listener(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def close(self) -> None:
        self._stop.set()
        self._close_listener()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                stream, _ = listener.accept()
            except OSError:
                return
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream: socket.socket) -> None:
        with self._lock:
            self._connections += 1
            number = self._connections
        action = self.world.rules.take(operation="connect")
        if action:
            self._misbehave(stream, action)
            return
        try:
            stream.settimeout(HANDSHAKE_SECONDS)
            secured = stream if self._context is None else self._context.wrap_socket(stream, server_side=True)
            secured.settimeout(IDLE_SECONDS)
        except OSError:
            stream.close()
            return
        with self._lock:
            self._open.add(secured)
        try:
            self._converse(Connection(secured), number)
        finally:
            with self._lock:
                self._open.discard(secured)
            with contextlib.suppress(OSError):
                secured.close()

    def _misbehave(self, stream: socket.socket, action: dict[str, Any]) -> None:
        """Before TLS and HTTP: reset, hang, or bytes that are neither."""
        connection = Connection(stream)
        if action.get("hang"):
            connection.hang(self._stop)
        if "garbage" in action:
            with contextlib.suppress(Gone):
                connection.send(str(action["garbage"]).encode())
            connection.close()
        connection.reset()

    def _converse(self, connection: Connection, number: int) -> None:
        alive = True
        while alive:
            try:
                request = connection.read_request()
            except Gone:
                return
            except BadRequest as error:
                self.world.journal.violate("bad_http", str(error))
                self._refuse(connection)
                return
            api = self._api
            outcome = api.handle(request, number)

            def settled(how: str, api: Api = api, outcome: Any = outcome) -> None:
                api.settle(outcome, how)

            try:
                now = api.now(outcome.action)
                alive = deliver(connection, outcome.answer, outcome.action, now, self._stop, settled)
            except Gone:
                settled("client_gone")
                return
            if (request.header("connection") or "").lower() == "close" or outcome.answer.code == "RequestTimeout":
                alive = False

    def _refuse(self, connection: Connection) -> None:
        """Of bytes that are no request: an answer, and the end of the connection."""
        answer = error_answer("InvalidRequest", "/", message="Bad Request")
        answer.headers = {"Connection": "close"}
        with contextlib.suppress(Gone):
            deliver(connection, answer, {}, self.world.clock.now(), self._stop, lambda how: None)
