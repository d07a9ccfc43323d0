"""What a test may turn on the simulator."""

from __future__ import annotations

from dataclasses import dataclass

import simulation.settings


@dataclass
class Settings(simulation.settings.Settings):
    rows_per_partition: int = 1000  # 0: everything in partition 0
    answer_202: int = 0  # so many times "still running" before a statement may end
    run_seconds: float = 0.0  # the least time that a statement runs
    synchronous_seconds: float = 45.0  # how long a submission waits before it answers 202
    statement_timeout_seconds: int = 172_800  # where a request names none
    clock_skew_seconds: float = 60.0  # how far in the future a token may have been issued
    retention_seconds: float = 86_400.0  # time travel; 0: none
    resume_seconds: float = 0.05  # what a suspended warehouse takes to wake
    fate_seconds: float = 60.0  # how long an unanswered question may not be asked under a new requestId
    gzip_results: bool = True  # compress first answers for a client that accepts gzip
