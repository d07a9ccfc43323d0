"""Set-up statements: recorded, and modelled as far as queries depend on them."""

from __future__ import annotations

import re
from typing import Any

from .account import Account, Session, User, Warehouse
from .auth import load_public_key
from .errors import SqlError, forbidden, no_database, syntax_error, unknown_object
from .tables import Tables

_PART = r"(?:\"(?:[^\"]|\"\")*\"|[\w$]+)"
_WORD = re.compile(rf"\s*('(?:[^']|'')*'|{_PART}(?:\.{_PART})*|[=(),;*])")
KINDS = ("DATABASE", "SCHEMA", "WAREHOUSE", "ROLE", "USER", "RESOURCE MONITOR", "NETWORK POLICY", "NETWORK RULE")
_OTHER = ("AUTHENTICATION POLICY", "SECURITY INTEGRATION", "TABLE", "ACCOUNT", "VIEW")


def words_of(statement: str) -> list[str]:
    """Names in upper case, quoted texts as they are with their quotes."""
    words, position = [], 0
    body = re.sub(r"--[^\n]*|/\*.*?\*/", " ", statement, flags=re.DOTALL).strip().rstrip(";").strip()
    while position < len(body):
        match = _WORD.match(body, position)
        if match is None:
            raise syntax_error(body[position : position + 20].split()[0] if body[position:].strip() else "<EOF>")
        words.append(match[1] if match[1][0] in "'\"" else match[1].upper())
        position = match.end()
    return words


def _name(word: str) -> str:
    return word[1:-1] if word[0] in "'\"" else word


def _properties(words: list[str]) -> dict[str, str]:
    """NAME = value pairs, wherever they stand."""
    return {
        words[index - 1]: _name(words[index + 1])
        for index in range(1, len(words) - 1)
        if words[index] == "=" and words[index + 1] != "("
    }


def _take_kind(words: list[str]) -> str:
    for kind in (*KINDS, *_OTHER):
        length = kind.count(" ") + 1
        if " ".join(words[:length]) == kind:
            del words[:length]
            return kind
    raise syntax_error(words[0] if words else "<EOF>")


class _Setup:
    def __init__(self, account: Account, tables: Tables, session: Session) -> None:
        self._account, self._tables, self._session = account, tables, session

    def run(self, words: list[str]) -> str:
        verb = words.pop(0)
        act = {"CREATE": self._create, "ALTER": self._alter, "GRANT": self._grant, "DROP": self._drop}.get(verb)
        act = self._revoke if verb == "REVOKE" else act
        if act is None or not words:
            raise syntax_error(verb)
        if not self._account.is_administrator(self._session.role):
            raise forbidden("account", self._account.locator)
        with self._account.lock:
            return act(words)

    def _create(self, words: list[str]) -> str:
        replace = words[:2] == ["OR", "REPLACE"]
        del words[: 2 * replace]
        while words and words[0] in ("TRANSIENT", "SECURE"):
            words.pop(0)
        kind = _take_kind(words)
        tolerant = words[:3] == ["IF", "NOT", "EXISTS"]
        del words[: 3 * tolerant]
        if not words:
            raise syntax_error("<EOF>")
        name = self._qualified(kind, words.pop(0))
        if self._exists(kind, name) and not replace:
            if tolerant:
                return f"{name} already exists, statement succeeded."
            raise SqlError("002002", "42710", f"SQL compilation error:\nObject '{name}' already exists.")
        self._make(kind, name, words)
        return f"{kind.capitalize()} {name} successfully created."

    def _qualified(self, kind: str, word: str) -> str:
        name = ".".join(_name(part) for part in re.findall(r"\"[^\"]*\"|[^.]+", word))
        if kind == "SCHEMA" and "." not in name:
            if self._session.database is None:
                raise no_database("CREATE SCHEMA")
            name = f"{self._session.database}.{name}"
        elif kind == "TABLE":
            missing = 2 - name.count(".")
            session = [self._session.database or "", self._session.schema or ""]
            name = ".".join([*session[:missing], name])
        return name

    def _exists(self, kind: str, name: str) -> bool:
        account = self._account
        if kind == "SCHEMA":
            database, _, schema = name.partition(".")
            return schema in account.databases.get(database, set())
        if kind == "TABLE":
            return name in self._tables.tables
        places: dict[str, Any] = {
            "DATABASE": account.databases,
            "WAREHOUSE": account.warehouses,
            "ROLE": account.roles,
            "USER": account.users,
            "ACCOUNT": {name},
        }
        return name in places[kind] if kind in places else f"{kind} {name}" in account.others

    def _make(self, kind: str, name: str, words: list[str]) -> None:
        account, properties = self._account, _properties(words)
        if kind == "DATABASE":
            account.databases[name] = {"PUBLIC"}
        elif kind == "SCHEMA":
            database, _, schema = name.partition(".")
            if database not in account.databases:
                raise unknown_object("Database", database)
            account.databases[database].add(schema)
        elif kind == "WAREHOUSE":
            account.warehouses[name] = Warehouse(name, suspended=properties.get("INITIALLY_SUSPENDED") == "TRUE")
            self._set_warehouse(name, properties)
        elif kind == "ROLE":
            account.roles.add(name)
        elif kind == "USER":
            account.users[name] = User(name)
            self._set_user(name, properties)
        else:
            account.others[f"{kind} {name}"] = properties

    def _set_warehouse(self, name: str, properties: dict[str, str]) -> None:
        if "AUTO_RESUME" in properties:
            self._account.warehouses[name].auto_resume = properties["AUTO_RESUME"] == "TRUE"
        monitor = properties.get("RESOURCE_MONITOR")
        if monitor and f"RESOURCE MONITOR {monitor}" not in self._account.others:
            raise unknown_object("Resource monitor", monitor)

    def _set_user(self, name: str, properties: dict[str, str]) -> None:
        user = self._account.users[name]
        for slot, word in enumerate(("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2")):
            if word in properties:
                try:
                    user.keys[slot : slot + 1] = [load_public_key(properties[word])]
                except ValueError as error:
                    text = f"New public key rejected by current policy. Reason: {error}"
                    raise SqlError("390402", "22023", text) from error
        user.default_role = properties.get("DEFAULT_ROLE", user.default_role)
        user.default_warehouse = properties.get("DEFAULT_WAREHOUSE", user.default_warehouse)
        if "DISABLED" in properties:
            user.disabled = properties["DISABLED"] == "TRUE"
        if "DEFAULT_NAMESPACE" in properties:
            database, _, schema = properties["DEFAULT_NAMESPACE"].partition(".")
            user.default_database, user.default_schema = database, schema or None

    def _alter(self, words: list[str]) -> str:
        kind = _take_kind(words)
        tolerant = words[:2] == ["IF", "EXISTS"]
        del words[: 2 * tolerant]
        name = "ACCOUNT" if kind == "ACCOUNT" else self._qualified(kind, words.pop(0))
        if not self._exists(kind, name):
            if tolerant:
                return "Statement executed successfully."
            raise unknown_object(kind.capitalize(), name)
        if kind == "WAREHOUSE" and words[:1] in (["SUSPEND"], ["RESUME"]):
            self._account.warehouses[name].suspended = words[0] == "SUSPEND"
        elif kind == "WAREHOUSE":
            self._set_warehouse(name, _properties(words))
        elif kind == "USER":
            self._set_user(name, _properties(words))
        else:
            self._account.others.setdefault(f"{kind} {name}", {}).update(_properties(words))
        return "Statement executed successfully."

    def _parties(self, words: list[str], joint: str) -> tuple[list[tuple[str, str, str, str]], str]:
        """The grants that `… ON kind name TO ROLE role` names."""
        if "ON" not in words or joint not in words:
            raise syntax_error(words[-1])
        on, to = words.index("ON"), words.index(joint)
        privileges = [each.strip() for each in " ".join(words[:on]).replace(" PRIVILEGES", "").split(",")]
        target = words[on + 1 : to]
        future = target[:1] in (["FUTURE"], ["ALL"])
        kind = target[1].removesuffix("S") if future else _take_kind(target)
        name = target[-1] if target else "ACCOUNT"
        name = name if kind == "ACCOUNT" else self._qualified(kind, name)
        role = _name(words[-1])
        if role not in self._account.roles:
            raise unknown_object("Role", role)
        if future:
            names = [f"{_name(target[-1])}.*"]
        else:
            names = [name]
            if not self._exists(kind, name):
                raise unknown_object(kind.capitalize(), name)
        return [(privilege, kind, each, role) for privilege in privileges for each in names], role

    def _grant(self, words: list[str]) -> str:
        if words[0] == "ROLE":
            role, target = _name(words[1]), _name(words[-1])
            if role not in self._account.roles:
                raise unknown_object("Role", role)
            if not self._exists(words[3], target):
                raise unknown_object(words[3].capitalize(), target)
            if words[3] == "USER":
                self._account.users[target].roles.add(role)
            else:
                self._account.role_parents.add((role, target))
        else:
            self._account.grants |= set(self._parties(words, "TO")[0])
        return "Statement executed successfully."

    def _revoke(self, words: list[str]) -> str:
        if words[0] == "ROLE":
            self._account.users[_name(words[-1])].roles.discard(_name(words[1]))
        else:
            self._account.grants -= set(self._parties(words, "FROM")[0])
        return "Statement executed successfully."

    def _drop(self, words: list[str]) -> str:
        kind = _take_kind(words)
        tolerant = words[:2] == ["IF", "EXISTS"]
        del words[: 2 * tolerant]
        name, account = self._qualified(kind, words.pop(0)), self._account
        if not self._exists(kind, name):
            if tolerant:
                return "Drop statement executed successfully."
            raise unknown_object(kind.capitalize(), name)
        if kind == "TABLE":
            self._tables.drop(name)
        elif kind == "SCHEMA":
            account.databases[name.partition(".")[0]].discard(name.partition(".")[2])
        elif kind == "ROLE":
            account.roles.discard(name)
        else:
            places: dict[str, Any] = {"DATABASE": account.databases, "USER": account.users}
            places["WAREHOUSE"] = account.warehouses
            places.get(kind, account.others).pop(name if kind in places else f"{kind} {name}", None)
        return f"{name} successfully dropped."


def run_setup(account: Account, tables: Tables, session: Session, statement: str) -> str:
    """The status line. Raises SqlError 001003 for a statement that the simulator does not know."""
    return _Setup(account, tables, session).run(words_of(statement))
