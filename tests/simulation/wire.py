"""HTTP/1.1 over a socket: requests read strictly, answers sent whole or damaged as a rule says."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

HEAD_BYTES_MAX = 32_768
# What a rule may ask of `deliver`, whatever the service.
WIRE = {"delay_seconds", "cut_after", "cut_head_after", "bytes_per_second", "transfer", "oversized_head"}
LOSS = {"reset_before", "lose_answer", "hang"}
_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.1")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*")


class BadRequest(Exception):
    """Bytes that are not an HTTP/1.1 request as a client sends it."""


class Gone(Exception):
    """The connection is over."""


@dataclass
class Request:
    BODY_BYTES_MAX: ClassVar[int]

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]


@dataclass
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunked: bool = False
    bodiless: bool = False  # a HEAD, 204 or 304: the headers speak of a body that does not follow


class Connection:
    def __init__(self, stream: socket.socket, kind: type[Request]) -> None:
        self._stream, self._kind = stream, kind
        self._buffer = bytearray()

    def _more(self) -> None:
        try:
            piece = self._stream.recv(262_144)
        except OSError as error:
            raise Gone from error
        if not piece:
            raise Gone
        self._buffer += piece

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._more()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _take_to(self, end: bytes) -> bytes:
        while (at := self._buffer.find(end)) < 0:
            if len(self._buffer) > HEAD_BYTES_MAX:
                raise BadRequest("the head is too large")
            self._more()
        return self._take(at + len(end))[: -len(end)]

    def read_request(self) -> Request:
        try:
            first, *lines = self._take_to(b"\r\n\r\n").decode("ascii").split("\r\n")
        except UnicodeDecodeError as error:
            raise BadRequest("the head is not ASCII") from error
        match = _REQUEST_LINE.fullmatch(first)
        if match is None:
            raise BadRequest(f"not a request line: {first[:100]}")
        headers = []
        for line in lines:
            header = _HEADER.fullmatch(line)
            if header is None:
                raise BadRequest(f"not a header: {line[:100]}")
            headers.append((header[1], header[2]))
        names = [name.lower() for name, _ in headers]
        if names.count("host") != 1:
            raise BadRequest("exactly one Host is wanted")
        return self._kind(match[1], match[2], headers, self._read_body(names, headers))

    def _read_body(self, names: list[str], headers: list[tuple[str, str]]) -> bytes:
        values = dict(zip(names, (value for _, value in headers), strict=True))
        if "transfer-encoding" in names and ("content-length" in names or values["transfer-encoding"] != "chunked"):
            raise BadRequest("Transfer-Encoding other than chunked alone")
        length = values.get("content-length", "0")
        if names.count("content-length") > 1 or not re.fullmatch(r"\d{1,9}", length):
            raise BadRequest(f"Content-Length {length}")
        if int(length) > self._kind.BODY_BYTES_MAX:
            raise BadRequest("the body is too large")
        if values.get("expect", "").lower() == "100-continue":
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._read_chunks() if "transfer-encoding" in names else self._take(int(length))

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            line = self._take_to(b"\r\n")
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,7}", line) or len(body) > self._kind.BODY_BYTES_MAX:
                raise BadRequest("a bad chunk")
            body += self._take(int(line, 16))
            if self._take_to(b"\r\n") != b"":
                raise BadRequest("trailers, or a chunk without end")
            if int(line, 16) == 0:
                return bytes(body)

    def send(self, data: bytes) -> None:
        try:
            self._stream.sendall(data)
        except OSError as error:
            raise Gone from error

    def reset(self) -> None:
        """RST: the peer loses also what it has not read yet."""
        with contextlib.suppress(OSError):
            self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.close()

    def hang(self, stop: threading.Event) -> None:
        """Says nothing until the peer goes."""
        self._stream.settimeout(0.1)
        while not stop.is_set():
            try:
                if not self._stream.recv(65536):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def _frame(answer: Answer, action: dict[str, Any]) -> tuple[list[str], bytes]:
    if answer.status in (204, 304):
        return [], b""
    transfer = action.get("transfer", "chunked" if answer.chunked and "content_length" not in action else "length")
    if transfer == "close":
        return ["Connection: close"], answer.body
    if transfer != "chunked":
        return [f"Content-Length: {max(0, len(answer.body) + int(action.get('content_length', 0)))}"], answer.body
    size = max(1, min(16_384, len(answer.body) // 3))
    pieces = [answer.body[at : at + size] for at in range(0, len(answer.body), size)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return ["Transfer-Encoding: chunked"], framed + b"0\r\n\r\n"


def _serialise(answer: Answer, common: dict[str, str], action: dict[str, Any]) -> tuple[bytes, bytes]:
    """Head and framed body."""
    framing, body = _frame(answer, action)
    lines = [f"HTTP/1.1 {answer.status} {http.client.responses.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for headers in (common, answer.headers) for name, value in headers.items()]
    if "oversized_head" in action:
        lines.append(f"X-Padding: {'p' * int(action['oversized_head'])}")
    head = "\r\n".join([*lines, *framing, "", ""]).encode("latin-1")
    return head, b"" if answer.bodiless else body


def deliver(
    connection: Connection,
    answer: Answer,
    common: dict[str, str],
    action: dict[str, Any],
    stop: threading.Event,
    settled: Callable[[str], None],
) -> bool:
    """Sends, under the headers that are `common` to all answers; returns whether the connection lives on. `settled` is
    told the outcome before the last byte goes."""
    if action.get("delay_seconds"):
        stop.wait(action["delay_seconds"])
    lost = next((name for name in ("reset_before", "lose_answer", "hang") if action.get(name)), None)
    if lost:
        settled(lost)
        if lost == "hang":
            connection.hang(stop)
        if action[lost] == "close":
            connection.close()
        else:
            connection.reset()
        return False
    head, body = _serialise(answer, common, action)
    data = head + body
    end = int(action.get("cut_head_after", len(head) + int(action.get("cut_after", len(body)))))
    if end < len(data):
        settled("cut")
        _send_slowly(connection, data[:end], action, stop)
        connection.close()
        return False
    _send_slowly(connection, data[:-1], action, stop)
    settled("answered")
    connection.send(data[-1:])
    ends = action.get("close_after") or action.get("transfer") == "close" or int(action.get("content_length", 0)) > 0
    return not ends


def _send_slowly(connection: Connection, data: bytes, action: dict[str, Any], stop: threading.Event) -> None:
    rate = action.get("bytes_per_second")
    if not rate:
        connection.send(data)
        return
    for at in range(len(data)):
        connection.send(data[at : at + 1])
        if stop.wait(1 / rate):
            raise Gone
