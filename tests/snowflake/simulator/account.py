"""The account: users, tokens, roles and grants, databases, schemas, warehouses."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from .errors import SqlError, no_warehouse
from .settings import Settings

ADMINISTRATORS = ("ACCOUNTADMIN", "SYSADMIN", "SECURITYADMIN", "USERADMIN")


@dataclass
class User:
    name: str
    keys: list[rsa.RSAPublicKey] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    default_role: str | None = None
    default_warehouse: str | None = None
    default_database: str | None = None
    default_schema: str | None = None
    disabled: bool = False
    blocked_by_network_policy: bool = False


@dataclass
class Token:
    user: str
    role: str | None = None
    expires_at: float | None = None
    revoked: bool = False


@dataclass
class Warehouse:
    name: str
    auto_resume: bool = True
    suspended: bool = False
    resumed: int = 0


@dataclass(frozen=True)
class Session:
    """What one request works with; every name is exact."""

    user: str
    role: str
    database: str | None
    schema: str | None
    warehouse: str | None


class Account:
    def __init__(self, settings: Settings, *, empty: bool = False) -> None:
        self._settings = settings
        self.lock = threading.RLock()
        self.organization, self.name, self.locator, self.version = "TESTORG", "TESTACCOUNT", "XY12345", "9.38.1"
        self.users: dict[str, User] = {}
        self.tokens: dict[tuple[str, str], Token] = {}
        self.roles: set[str] = {*ADMINISTRATORS, "PUBLIC"}
        self.role_parents: set[tuple[str, str]] = set()  # (granted role, role that has it)
        self.grants: set[tuple[str, str, str, str]] = set()  # (privilege, kind, object, role)
        self.databases: dict[str, set[str]] = {}
        self.warehouses: dict[str, Warehouse] = {}
        self.others: dict[str, dict[str, Any]] = {}  # resource monitors, policies: recorded only
        self.users["ADMIN"] = User("ADMIN", roles={"ACCOUNTADMIN"}, default_role="ACCOUNTADMIN")
        if not empty:
            self._furnish()

    def _furnish(self) -> None:
        self.databases["REVOPS"] = {"PUBLIC"}
        self.warehouses["REVOPS_WH"] = Warehouse("REVOPS_WH")
        self.roles.add("REVOPS_READER")
        self.grants |= {
            ("USAGE", "DATABASE", "REVOPS", "REVOPS_READER"),
            ("USAGE", "SCHEMA", "REVOPS.PUBLIC", "REVOPS_READER"),
            ("USAGE", "WAREHOUSE", "REVOPS_WH", "REVOPS_READER"),
            ("SELECT", "TABLE", "REVOPS.PUBLIC.FCT_SALES", "REVOPS_READER"),
        }
        self.users["REVOPS"] = User(
            "REVOPS",
            roles={"REVOPS_READER"},
            default_role="REVOPS_READER",
            default_warehouse="REVOPS_WH",
            default_database="REVOPS",
            default_schema="PUBLIC",
        )

    def identifiers(self) -> set[str]:
        """The spellings that a key-pair token may name this account by."""
        return {self.locator, f"{self.organization}-{self.name}"}

    def session(self, user: User, restriction: str | None, body: dict[str, Any]) -> Session:
        """Names are compared exactly: what was created unquoted is upper case."""
        role = body.get("role", restriction or user.default_role or "PUBLIC")
        if role not in self.roles:
            raise SqlError("390189", "08001", f"Role '{role}' specified in the connect string does not exist.")
        if not self._user_may_use(user, role) or (restriction and role != restriction):
            text = f"Role '{role}' specified in the connect string is not granted to this user."
            raise SqlError("390186", "08001", text)
        database = body.get("database", user.default_database)
        schema = body.get("schema", user.default_schema or "PUBLIC")
        warehouse = body.get("warehouse", user.default_warehouse)
        if not self.may(role, "USAGE", "DATABASE", database) or database not in self.databases:
            database = schema = None
        elif schema not in self.databases[database] or not self.may(role, "USAGE", "SCHEMA", f"{database}.{schema}"):
            schema = None
        if warehouse not in self.warehouses or not self.may(role, "USAGE", "WAREHOUSE", warehouse):
            warehouse = None
        return Session(user.name, role, database, schema, warehouse)

    def _roles_of(self, role: str) -> set[str]:
        """The role and what it inherits."""
        found, open_ends = {role, "PUBLIC"}, [role]
        while open_ends:
            current = open_ends.pop()
            for child, parent in self.role_parents:
                if parent == current and child not in found:
                    found.add(child)
                    open_ends.append(child)
        return found

    def _user_may_use(self, user: User, role: str) -> bool:
        return role == "PUBLIC" or any(role in self._roles_of(granted) for granted in user.roles)

    def may(self, role: str, wish: str, kind: str, name: str | None) -> bool:
        roles = self._roles_of(role)
        if roles & {"ACCOUNTADMIN", "SYSADMIN"}:
            return True
        wanted = {wish, "ALL", "OWNERSHIP"}
        names = {name, f"{str(name).rpartition('.')[0]}.*"}  # the second is a grant on future objects
        return any(
            privilege in wanted and of == kind and on in names and to in roles for privilege, of, on, to in self.grants
        )

    def is_administrator(self, role: str) -> bool:
        return bool(self._roles_of(role) & set(ADMINISTRATORS))

    def wake(self, name: str | None) -> None:
        """What a statement that computes does first; refused without a warehouse that may run."""
        with self.lock:
            warehouse = self.warehouses.get(name or "")
            if warehouse is None or (warehouse.suspended and not warehouse.auto_resume):
                raise no_warehouse()
            asleep, warehouse.suspended = warehouse.suspended, False
            warehouse.resumed += asleep
        if asleep:
            time.sleep(self._settings.resume_seconds)
