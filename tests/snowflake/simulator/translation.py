"""A Snowflake query as DuckDB's SQL: names resolved and checked, history, session functions, bindings."""

from __future__ import annotations

import datetime
import logging
import re
import zoneinfo
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

from simulation.settings import Clock

from .account import Account, Session
from .errors import SqlError, forbidden, syntax_error, unknown_identifier, unknown_object
from .functions import check_functions, replace_functions
from .tables import Table, Tables

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
DEFAULT_ZONE = "America/Los_Angeles"
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)


@dataclass
class Translated:
    sql: str
    params: dict[str, Any]
    tables: list[Table]
    names: list[str | None] = field(default_factory=list)  # of the columns; None: as DuckDB names it
    plain: list[str | None] = field(default_factory=list)  # the table's column that is shown unchanged
    values: list[exp.Expression] = field(default_factory=list)  # what the columns are, where that is one SELECT


def parse(statement: str) -> list[exp.Expression]:
    try:
        trees = sqlglot.parse(statement, dialect="snowflake")
    except SqlglotError as error:
        first = (getattr(error, "errors", None) or [{}])[0]
        raise syntax_error(first.get("highlight") or "<EOF>", first.get("line") or 1, first.get("col") or 0) from error
    return [tree for tree in trees if tree is not None]


def name_placeholders(statement: str) -> tuple[str, int]:
    """Each `?` as `:b1`, `:b2` …, since the order of a syntax tree is not that of the text; and how many there are."""
    try:
        tokens = sqlglot.tokenize(statement, dialect="snowflake")
    except SqlglotError as error:
        raise syntax_error(str(error)) from error
    marks = [token.start for token in tokens if token.token_type == TokenType.PLACEHOLDER]
    pieces, end = [], 0
    for index, mark in enumerate(marks, 1):
        pieces.append(f"{statement[end:mark]}:b{index}")
        end = mark + 1
    return "".join(pieces) + statement[end:], len(marks)


def position_of(name: str, statement: str) -> tuple[int, int]:
    match = re.search(rf"(?i)(?<![\w$]){re.escape(name)}(?![\w$])", statement)
    if match is None:
        return 1, 0
    before = statement[: match.start()]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)


class Translation:
    """One statement on its way; used once."""

    def __init__(
        self, statement: str, session: Session, account: Account, tables: Tables, clock: Clock, zone: str
    ) -> None:
        self._statement, self._session = statement, session
        self._account, self._tables, self._clock, self._zone = account, tables, clock, zone
        self._used: list[Table] = []
        self._params: dict[str, Any] = {}

    def query(self, tree: exp.Expression, values: list[Any]) -> Translated:
        check_functions(tree, self._statement)
        tree = normalize_identifiers(tree, dialect="snowflake")
        names, plain = self._projections(tree)
        shown = [each.unalias().copy() for each in tree.expressions] if isinstance(tree, exp.Select) else []
        tree = self._rewrite(tree, values)
        self._check_case(tree)
        if names and not any(name is None for name in names):
            self._name_projections(tree, [str(name) for name in names])
        return Translated(self._sql(tree), self._params, self._used, names, plain, shown)

    def command(self, tree: exp.Expression, values: list[Any], target: str, storage: str) -> Translated:
        """An INSERT, UPDATE or DELETE whose target is replaced by a storage of its own."""
        check_functions(tree, self._statement)
        tree = normalize_identifiers(tree, dialect="snowflake")
        node = tree.find(exp.Table)
        assert node is not None
        node.replace(exp.to_table(storage, alias=None if isinstance(tree, exp.Insert) else target))
        return Translated(self._sql(self._rewrite(tree, values, spared=storage)), self._params, self._used)

    def _sql(self, tree: exp.Expression) -> str:
        try:
            return tree.sql(dialect="duckdb", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
        except SqlglotError as error:
            raise syntax_error(str(error)) from error

    def _rewrite(self, tree: exp.Expression, values: list[Any], spared: str = "") -> exp.Expression:
        common = {each.alias for each in tree.find_all(exp.CTE)}
        tree = replace_functions(tree)
        self._params |= {f"b{index}": value for index, value in enumerate(values, 1)}
        for node in list(tree.find_all(exp.Table)):
            if node.name != spared and (node.name not in common or node.db):
                self._place(node)
        return tree.transform(self._leaf)

    def _leaf(self, node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Literal) and node.is_string and "\0" in node.this:
            name = f"t{len(self._params)}"
            self._params[name] = node.this
            return exp.Placeholder(this=name)
        if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIMESTAMPNTZ:
            return exp.DataType.build("TIMESTAMP_NS", dialect="duckdb")
        if isinstance(node, exp.Func):
            return self._session_function(node) or node
        return node

    def _session_function(self, node: exp.Func) -> exp.Expression | None:
        session, account = self._session, self._account
        texts = {
            exp.CurrentUser: session.user,
            exp.CurrentRole: session.role,
            exp.CurrentWarehouse: session.warehouse,
            exp.CurrentDatabase: session.database,
            exp.CurrentSchema: session.schema,
            exp.CurrentVersion: account.version,
            exp.CurrentAccountName: account.name,
            exp.CurrentAccount: account.locator,
            exp.CurrentOrganizationName: account.organization,
        }
        if type(node) in texts:
            value = texts[type(node)]
            return exp.Literal.string(value) if value is not None else exp.cast(exp.Null(), "VARCHAR")
        if isinstance(node, exp.CurrentTimestamp):
            instant = datetime.datetime.fromtimestamp(self._clock.now(), datetime.UTC)
            return exp.cast(exp.Literal.string(instant.isoformat(" ")), "TIMESTAMPTZ", dialect="duckdb")
        if isinstance(node, exp.CurrentDate):
            today = datetime.datetime.fromtimestamp(self._clock.now(), self._time_zone()).date()
            return exp.cast(exp.Literal.string(today.isoformat()), "DATE")
        if isinstance(node, exp.Anonymous) and node.name.upper() == "SYSTEM$LAST_CHANGE_COMMIT_TIME":
            argument = node.expressions[0] if len(node.expressions) == 1 else None
            if not isinstance(argument, exp.Literal) or not argument.is_string:
                raise syntax_error(node.name)
            table = self.resolve(exp.to_table(argument.this.upper(), dialect="snowflake"))
            return exp.cast(exp.Literal.number(self._tables.last_change(table.name)), "DECIMAL(38,0)")
        return None

    def _time_zone(self) -> datetime.tzinfo:
        try:
            return zoneinfo.ZoneInfo(self._zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return datetime.UTC

    def resolve(self, node: exp.Table, privilege: str = "SELECT") -> Table:
        database = node.catalog or self._session.database
        schema = node.db or self._session.schema
        for kind, code, value in (("database", "090105", database), ("schema", "090106", schema)):
            if value is None:
                text = f"Cannot perform {privilege}. This session does not have a current {kind}."
                raise SqlError(code, "22000", f"{text} Call 'USE {kind.upper()}', or use a qualified name.")
        name = f"{database}.{schema}.{node.name}"
        role = self._session.role
        visible = [each for each in ("SELECT", privilege) if self._account.may(role, each, "TABLE", name)]
        if name not in self._tables.tables or not visible:
            raise unknown_object("Object", ".".join(filter(None, (node.catalog, node.db, node.name))))
        if privilege not in visible:
            raise forbidden("table", node.name)
        return self._tables.tables[name]

    def _place(self, node: exp.Table) -> None:
        table = self.resolve(node)
        if table not in self._used:
            self._used.append(table)
        storage = self._tables.storage_at(table.name, self._instant(node.args.get("when")))
        replacement = exp.to_table(storage)
        replacement.set("alias", node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name)))
        replacement.set("joins", node.args.get("joins"))
        node.replace(replacement)

    def _instant(self, when: exp.Expression | None) -> int | None:
        if when is None:
            return None
        value = when.expression
        if str(when.this).upper() != "AT" or str(when.args.get("kind")).upper() != "TIMESTAMP":
            raise syntax_error(str(when.args.get("kind")))
        if not isinstance(value, exp.Cast) or not isinstance(value.this, exp.Literal):
            raise syntax_error(value.sql(dialect="snowflake"))
        match = _INSTANT.fullmatch(value.this.name)
        if match is None:
            raise SqlError("100035", "22007", f"Timestamp '{value.this.name}' is not recognized")
        day, clock_time, fraction, zone = match.groups()
        instant = datetime.datetime.fromisoformat(f"{day} {clock_time}{(zone or '').upper()}")
        if instant.tzinfo is None:
            naive = value.to.this == exp.DataType.Type.TIMESTAMPNTZ
            instant = instant.replace(tzinfo=datetime.UTC if naive else self._time_zone())
        return int(instant.timestamp()) * 1_000_000_000 + int((fraction or "").ljust(9, "0"))

    def _check_case(self, tree: exp.Expression) -> None:
        """DuckDB ignores case, Snowflake does not: a name that is not upper case must have been made so."""
        made = {node.alias for node in tree.find_all(exp.Alias, exp.TableAlias)}
        for node in tree.find_all(exp.Column):
            if node.name != node.name.upper() and node.name not in made:
                raise unknown_identifier(f'"{node.name}"', *position_of(node.name, self._statement))

    @staticmethod
    def _select_of(tree: exp.Expression) -> exp.Select | None:
        while isinstance(tree, exp.SetOperation | exp.Subquery):
            tree = tree.this
        return tree if isinstance(tree, exp.Select) else None

    def _projections(self, tree: exp.Expression) -> tuple[list[str | None], list[str | None]]:
        select = self._select_of(tree)
        if select is None:
            return [], []
        source = select.args.get("from_")
        direct = isinstance(tree, exp.Select) and source is not None and isinstance(source.this, exp.Table)
        names: list[str | None] = []
        plain: list[str | None] = []
        for node in select.expressions:
            value = node.unalias()
            if isinstance(value, exp.Star) or (isinstance(value, exp.Column) and isinstance(value.this, exp.Star)):
                return [None], [None] if direct else []
            names.append(node.alias_or_name if isinstance(node, exp.Alias | exp.Column) else self._text_of(node))
            plain.append(value.name if direct and isinstance(value, exp.Column) else None)
        return names, plain

    @staticmethod
    def _text_of(node: exp.Expression) -> str:
        return re.sub(r":B\d+", "?", node.sql(dialect="snowflake").upper())

    def _name_projections(self, tree: exp.Expression, names: list[str]) -> None:
        select = self._select_of(tree)
        assert select is not None
        named = [
            node if isinstance(node, exp.Column) else exp.alias_(node.unalias(), name, quoted=True)
            for node, name in zip(select.expressions, names, strict=True)
        ]
        select.set("expressions", named)
