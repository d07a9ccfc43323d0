"""S3 on the wire: the headers of every answer, and what ends a connection."""

from __future__ import annotations

import ssl
import uuid
from email.utils import formatdate

from simulation.listener import Exchange, Listener
from simulation.wire import Answer

from .answers import error_answer
from .api import Api, World
from .requests import Request


def _common(now: float) -> dict[str, str]:
    request_id = uuid.uuid4().hex[:16].upper()
    named = {"x-amz-id-2": uuid.uuid4().hex, "x-amz-request-id": request_id, "Server": "AmazonS3"}
    return named | {"Date": formatdate(now, usegmt=True)}


class Server(Listener):
    request = Request
    world: World

    def __init__(self, context: ssl.SSLContext | None, port: int) -> None:
        super().__init__(context, port)
        self._is_secure = context is not None
        self.replace(World())

    def replace(self, world: World) -> None:
        """A new world; connections of the old one are closed."""
        self.world, self._api = world, Api(world, self.port, self._is_secure)
        self.start_over()

    def exchange(self, request: Request, connection: int) -> Exchange:
        api = self._api
        outcome = api.handle(request, connection)
        common = _common(api.now(outcome.action))
        return Exchange(
            outcome.answer,
            common,
            outcome.action,
            lambda how: api.settle(outcome, how),
            is_last=outcome.answer.code == "RequestTimeout",
        )

    def refusal(self) -> tuple[Answer, dict[str, str]]:
        answer = error_answer("InvalidRequest", "/", message="Bad Request")
        answer.headers = {"Connection": "close"}
        return answer, _common(self.world.clock.now())
