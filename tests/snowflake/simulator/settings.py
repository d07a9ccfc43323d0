"""What a test may turn on the simulator, and its clock."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Settings:
    """`POST /settings` changes any of these; `POST /reset` brings the defaults back."""

    rows_per_partition: int = 1000  # 0: everything in partition 0
    answer_202: int = 0  # so many times "still running" before a statement may end
    run_seconds: float = 0.0  # the least time that a statement runs
    synchronous_seconds: float = 45.0  # how long a submission waits before it answers 202
    statement_timeout_seconds: int = 172_800  # where a request names none
    clock_offset_seconds: float = 0.0  # the simulator's clock against the machine's
    clock_skew_seconds: float = 60.0  # how far in the future a token may have been issued
    retention_seconds: float = 86_400.0  # time travel; 0: none
    resume_seconds: float = 0.05  # what a suspended warehouse takes to wake
    fate_seconds: float = 60.0  # how long an unanswered question may not be asked under a new requestId
    gzip_results: bool = True  # compress first answers for a client that accepts gzip
    refuse_connections: bool = False  # nobody listens on the port

    def change(self, values: dict[str, Any]) -> None:
        known = {field.name: type(getattr(Settings(), field.name)) for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no setting {name!r}; there are {', '.join(sorted(known))}")
            setattr(self, name, known[name](value))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Clock:
    """Wall time of the simulated account, in nanoseconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def now_ns(self) -> int:
        return time.time_ns() + int(self._settings.clock_offset_seconds * 1e9)

    def now_ms(self) -> int:
        return self.now_ns() // 1_000_000

    def now(self) -> float:
        return self.now_ns() / 1e9
