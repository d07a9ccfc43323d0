"""What a test may turn on the simulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import simulation.settings

ACCESS_KEY, SECRET_KEY = "SIMULATORKEY", "simulator/secret+key"
_CREDENTIAL_MEMBERS = {"access_key", "secret_key", "session_token", "expired", "list_bucket"}


@dataclass
class Settings(simulation.settings.Settings):
    region: str = "us-east-1"
    bucket: str = "revops-test"
    other_buckets: list[str] = field(default_factory=list)
    credentials: list[dict[str, Any]] = field(
        default_factory=lambda: [{"access_key": ACCESS_KEY, "secret_key": SECRET_KEY}]
    )
    session_token: str = ""  # wanted of every credential that names none of its own
    list_bucket: bool = True  # False: a list is refused, and a missing key is 403 as it is to such a caller
    addressing: str = "any"  # "path" or "virtual": the other one is a violation
    page_size: int = 1000
    clock_skew_seconds: float = 900.0  # how far off a request's time may be
    refusal_seconds: float = 0.25  # a request that was refused for good is not sent again sooner
    attempts_max: int = 10  # so many failures of the same question in a row are not followed by one more

    def change(self, values: dict[str, Any]) -> None:
        super().change(values)
        for credential in self.credentials:
            if set(credential) - _CREDENTIAL_MEMBERS or not {"access_key", "secret_key"} <= set(credential):
                raise ValueError(f"a credential has {sorted(_CREDENTIAL_MEMBERS)}")
        if self.addressing not in ("any", "path", "virtual"):
            raise ValueError("addressing is any, path or virtual")

    def credential(self, access_key: str) -> dict[str, Any] | None:
        found = next((one for one in self.credentials if one["access_key"] == access_key), None)
        defaults = {"session_token": self.session_token, "expired": False, "list_bucket": self.list_bucket}
        return None if found is None else defaults | found
