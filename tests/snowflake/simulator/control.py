"""The control plane of the simulated account."""

from __future__ import annotations

from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

from simulation import control

from .account import Session, Token, User, Warehouse
from .auth import KINDS, fingerprint, load_public_key
from .errors import SqlError
from .execution import CHANGES, Work
from .server import Server
from .tables import SALES, Cursor
from .world import World


class Control(control.Control):
    server: Server

    def failure(self, error: Exception) -> tuple[int, dict[str, Any]]:
        if isinstance(error, SqlError):
            return 422, {"error": error.message, "code": error.code, "sqlState": error.sql_state}
        return super().failure(error)

    def post_reset(self, body: dict[str, Any]) -> Any:
        self.server.replace(World(body.get("settings"), empty=body.get("empty", False)))
        return self.get_state({})

    def post_sql(self, body: dict[str, Any]) -> Any:
        """One committed change, or the rows of a query, as ACCOUNTADMIN."""
        database, schema = body.get("database", "REVOPS"), body.get("schema", "PUBLIC")
        if body.get("dialect", "snowflake") == "duckdb":
            return self._duckdb(body["sql"], f"{database}.{schema}")
        warehouse = Warehouse("ADMIN_WH")
        self._world.account.warehouses.setdefault("ADMIN_WH", warehouse)
        known = database in self._world.account.databases
        session = Session("ADMIN", "ACCOUNTADMIN", database if known else None, schema if known else None, "ADMIN_WH")
        try:
            result = self._world.executor.run(Work(body["sql"], session, zone="UTC"))
        finally:
            self._world.account.warehouses.pop("ADMIN_WH", None)
        return {"columns": [column.name for column in result.columns], "rows": result.rows}

    def _duckdb(self, sql: str, place: str) -> Any:
        tree = normalize_identifiers(sqlglot.parse_one(sql, dialect="duckdb"), dialect="snowflake")
        if not isinstance(tree, CHANGES):
            raise ValueError("in DuckDB's dialect: INSERT, UPDATE or DELETE")
        target = tree.find(exp.Table)
        assert target is not None
        name = f"{place}.{target.name}"

        def act(cursor: Cursor, storage: str) -> int:
            for node in list(tree.find_all(exp.Table)):
                if node.name == target.name and not node.db:
                    alias = None if node is target and isinstance(tree, exp.Insert) else node.alias or node.name
                    node.replace(exp.to_table(storage, alias=alias))
            counted = cursor.execute(tree.sql(dialect="duckdb")).fetchone()
            return int(counted[0]) if counted else 0

        return {"changed": self._world.tables.change(name, act), "committed_ns": self._world.tables.last_change(name)}

    def post_rows(self, body: dict[str, Any]) -> Any:
        name = body.get("table", SALES)
        count = self._world.tables.load(name, body["rows"], replace=body.get("mode", "append") == "replace")
        return {"rows": count, "committed_ns": self._world.tables.last_change(name)}

    def post_users(self, body: dict[str, Any]) -> Any:
        """Makes or changes a user; a role that is named is granted."""
        users, name = self._world.account.users, body.get("name", "REVOPS")
        user = users.setdefault(name, User(name))
        if "rsa_public_key" in body:
            user.keys = [load_public_key(body["rsa_public_key"])]
        if "rsa_public_key_2" in body:
            user.keys[1:] = [load_public_key(body["rsa_public_key_2"])]
        if body.get("forget_keys"):
            user.keys = []
        user.roles |= set(body.get("roles", []))
        for field in ("default_role", "default_warehouse", "default_database", "default_schema"):
            setattr(user, field, body.get(field, getattr(user, field)))
        for field in ("disabled", "blocked_by_network_policy"):
            setattr(user, field, bool(body.get(field, getattr(user, field))))
        return {"name": name, "fingerprints": [fingerprint(key) for key in user.keys], "roles": sorted(user.roles)}

    def post_tokens(self, body: dict[str, Any]) -> Any:
        kind, user = body["kind"], body.get("user", "REVOPS")
        if kind not in KINDS[1:] or user not in self._world.account.users:
            raise ValueError(f"a token of {KINDS[1:]} for a known user is wanted")
        seconds = body.get("expires_in_seconds")
        expires_at = None if seconds is None else self._world.clock.now() + seconds
        token = Token(user, body.get("role"), expires_at, bool(body.get("revoked", False)))
        self._world.account.tokens[kind, body["token"]] = token
        return {"kind": kind, "user": user}

    def post_warehouses(self, body: dict[str, Any]) -> Any:
        warehouse = self._world.account.warehouses.setdefault(body["name"], Warehouse(body["name"]))
        for field in ("auto_resume", "suspended"):
            setattr(warehouse, field, bool(body.get(field, getattr(warehouse, field))))
        return vars(warehouse)

    def post_account(self, body: dict[str, Any]) -> Any:
        account = self._world.account
        for field in ("organization", "name", "locator", "version"):
            setattr(account, field, str(body.get(field, getattr(account, field))))
        return {"identifiers": sorted(account.identifiers())}

    def post_clear_log(self, _: dict[str, Any]) -> Any:
        self._world.journal.clear()
        return {}

    def post_cancel_all(self, _: dict[str, Any]) -> Any:
        self._world.statements.cancel_all()
        return {}

    def get_log(self, query: dict[str, Any]) -> Any:
        journal = self._world.journal
        return {
            "requests": journal.requests(int(query.get("since", 0))),
            "statements": [statement.log() for statement in self._world.statements.find(lambda _: True)],
            "most_at_once": journal.most("text:"),
            "most_fetches_at_once": journal.most("fetch:"),
            "violations": journal.violations(),
        }

    def get_state(self, _: dict[str, Any]) -> Any:
        account, tables = self._world.account, self._world.tables.tables
        return {
            "now": self._world.clock.now(),
            "account": {"organization": account.organization, "name": account.name, "locator": account.locator},
            "users": {
                name: {"roles": sorted(user.roles), "fingerprints": [fingerprint(key) for key in user.keys]}
                for name, user in account.users.items()
            },
            "roles": sorted(account.roles),
            "grants": sorted(" ".join(grant) for grant in account.grants),
            "databases": {name: sorted(schemas) for name, schemas in account.databases.items()},
            "warehouses": {name: vars(warehouse) for name, warehouse in account.warehouses.items()},
            "others": account.others,
            "tables": {name: [version.committed_ns for version in table.versions] for name, table in tables.items()},
        }
