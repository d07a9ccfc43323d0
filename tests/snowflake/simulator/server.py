"""The TLS listener of the API: a thread for every connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

from .answers import Answer, json_answer
from .api import Api
from .wire import BadRequest, Connection, Gone, deliver
from .world import World

HANDSHAKE_SECONDS = 10.0
IDLE_SECONDS = 120.0


class Server:
    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        self._context = context
        self._stop = threading.Event()
        self._connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.world = World()
        self.api = Api(self.world)
        self._listener: socket.socket | None = None
        self.port = port
        self.listen()

    def replace(self, world: World) -> None:
        """A new world; what runs in the old one is cancelled, its connections are closed."""
        old, self.world, self.api = self.world, world, Api(world)
        old.close()
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
        self.world.close()

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
        action = self.world.rules.take("connect")
        if action:
            self._misbehave(stream, action)
            return
        try:
            stream.settimeout(HANDSHAKE_SECONDS)
            secured = self._context.wrap_socket(stream, server_side=True)
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

    def _misbehave(self, stream: socket.socket, action: dict[str, object]) -> None:
        """Before TLS: reset, hang, or bytes that are no TLS."""
        connection = Connection(stream)
        if action.get("hang"):
            connection.hang(self._stop)
        if "not_json" in action:
            with contextlib.suppress(Gone):
                connection.send(str(action["not_json"]).encode())
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
            world, api = self.world, self.api
            answer, action, entry = api.handle(request, number)

            def settled(outcome: str, answer: Answer = answer, entry: dict = entry, api: Api = api) -> None:
                api.settle(entry, answer, outcome)

            try:
                alive = deliver(connection, answer, action, world.clock.now(), self._stop, settled)
            except Gone:
                settled("client_gone")
                return
            if (request.header("connection") or "").lower() == "close":
                alive = False

    def _refuse(self, connection: Connection) -> None:
        answer = json_answer(400, {"code": "390142", "message": "Incoming request does not contain a valid payload."})
        with contextlib.suppress(Gone):
            deliver(connection, answer, {}, self.world.clock.now(), self._stop, lambda outcome: None)
