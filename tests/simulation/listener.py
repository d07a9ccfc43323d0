"""The port of a simulated service: a thread for every connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from .journal import Journal
from .rules import Rules
from .settings import Settings
from .wire import Answer, BadRequest, Connection, Gone, Request, deliver

HANDSHAKE_SECONDS = 10.0
IDLE_SECONDS = 120.0


class World(Protocol):
    """Everything that a reset of the simulator makes anew, as far as the listener needs it."""

    settings: Settings
    journal: Journal
    rules: Rules


@dataclass
class Exchange:
    """What is to be sent for one request, and who is told how that went."""

    answer: Answer
    common: dict[str, str]  # headers as every answer has them
    action: dict[str, Any]
    settled: Callable[[str], None]
    is_last: bool = False


class Listener:
    request: type[Request]
    world: World  # and the rest of what `replace` of the simulator sets, before it calls start_over

    def __init__(self, context: ssl.SSLContext | None, port: int) -> None:
        self._context = context
        self._stop = threading.Event()
        self._connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = port
        self._listen()

    def exchange(self, request: Request, connection: int) -> Exchange:
        raise NotImplementedError

    def refusal(self) -> tuple[Answer, dict[str, str]]:
        """Of bytes that are no request: the answer and its common headers."""
        raise NotImplementedError

    def start_over(self) -> None:
        """Closes the connections of the world before, and does what the settings say."""
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
            self._listen()

    def _listen(self) -> None:
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
            self._misbehave(Connection(stream, self.request), action)
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
            self._converse(Connection(secured, self.request), number)
        finally:
            with self._lock:
                self._open.discard(secured)
            with contextlib.suppress(OSError):
                secured.close()

    def _misbehave(self, connection: Connection, action: dict[str, Any]) -> None:
        """Before TLS and HTTP: reset, hang, or bytes that are neither."""
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
                with contextlib.suppress(Gone):
                    deliver(connection, *self.refusal(), {}, self._stop, lambda outcome: None)
                return
            made = self.exchange(request, number)
            try:
                alive = deliver(connection, made.answer, made.common, made.action, self._stop, made.settled)
            except Gone:
                made.settled("client_gone")
                return
            if made.is_last or ",".join(request.values("connection")).lower() == "close":
                alive = False
