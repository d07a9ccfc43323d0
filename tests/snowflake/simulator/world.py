"""Everything that `reset` makes anew."""

from __future__ import annotations

from typing import Any

from simulation.rules import Rules
from simulation.settings import Clock

from .account import Account
from .execution import Executor
from .journal import Journal
from .misbehaviour import Rule
from .settings import Settings
from .statements import Statements
from .tables import SALES, Tables, sales_columns


class World:
    def __init__(self, settings: dict[str, Any] | None = None, *, empty: bool = False) -> None:
        self.settings = Settings()
        self.settings.change(settings or {})
        self.clock = Clock(self.settings)
        self.journal = Journal(self.clock)
        self.account = Account(self.settings, empty=empty)
        self.tables = Tables(self.settings, self.clock)
        self.rules = Rules(Rule)
        executor = Executor(self.account, self.tables, self.clock)
        self.executor = executor
        self.statements = Statements(executor, self.settings, self.clock, self.journal)
        if not empty:
            self.tables.create(SALES, sales_columns())

    def close(self) -> None:
        self.statements.cancel_all()
