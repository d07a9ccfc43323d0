"""What a test may turn on a simulator, and its clock."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Settings:
    """`POST /settings` changes any of these; `POST /reset` brings the defaults back."""

    clock_offset_seconds: float = 0.0  # the simulator's clock against the machine's
    refuse_connections: bool = False  # nobody listens on the port

    def change(self, values: dict[str, Any]) -> None:
        defaults = type(self)()
        known = {member.name: type(getattr(defaults, member.name)) for member in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no setting {name!r}; there are {', '.join(sorted(known))}")
            setattr(self, name, known[name]("" if value is None else value))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Clock:
    """Wall time of the simulated service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def now_ns(self) -> int:
        return time.time_ns() + int(self._settings.clock_offset_seconds * 1e9)

    def now(self) -> float:
        return self.now_ns() / 1e9
