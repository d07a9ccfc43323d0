"""The SQL API on the wire: the headers of every answer."""

from __future__ import annotations

import ssl
from email.utils import formatdate

from simulation.listener import Exchange, Listener
from simulation.wire import Answer

from .answers import json_answer
from .api import Api
from .requests import Request
from .world import World


def _common(world: World) -> dict[str, str]:
    return {"Date": formatdate(world.clock.now(), usegmt=True), "X-Content-Type-Options": "nosniff"}


class Server(Listener):
    request = Request
    world: World

    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        super().__init__(context, port)
        self.world = World()
        self._api = Api(self.world)

    def replace(self, world: World) -> None:
        """A new world; what runs in the old one is cancelled, its connections are closed."""
        old, self.world, self._api = self.world, world, Api(world)
        old.close()
        self.start_over()

    def close(self) -> None:
        super().close()
        self.world.close()

    def exchange(self, request: Request, connection: int) -> Exchange:
        world, api = self.world, self._api
        answer, action, entry = api.handle(request, connection)
        return Exchange(answer, _common(world), action, lambda outcome: api.settle(entry, answer, outcome))

    def refusal(self) -> tuple[Answer, dict[str, str]]:
        answer = json_answer(400, {"code": "390142", "message": "Incoming request does not contain a valid payload."})
        return answer, _common(self.world)
