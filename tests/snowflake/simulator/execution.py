"""One statement from its text to its rows: what kind it is, what it may do, what DuckDB answers."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
from sqlglot import exp

from simulation.settings import Clock

from . import bindings as bound
from .account import Account, Session
from .encodings import Cell, Column, declared, derived, encode, fixed, text, wire_expression, with_declaration
from .errors import (
    SqlError,
    cancelled,
    forbidden,
    no_database,
    syntax_error,
    unknown_function,
    unknown_identifier,
    unknown_object,
)
from .errors import unsupported_statement as unsupported
from .setup import run_setup
from .tables import Cursor, Table, Tables
from .translation import DEFAULT_ZONE, Translated, Translation, name_placeholders, parse, position_of

CHANGES = (exp.Insert, exp.Update, exp.Delete)
SESSION_ONLY = (exp.Use, exp.Transaction, exp.Commit, exp.Rollback, exp.Set)


@dataclass
class Result:
    columns: list[Column]
    rows: list[list[Cell]]
    stats: dict[str, int] | None = None


@dataclass
class Work:
    """A statement under way; `interrupt` may be called from another thread."""

    statement: str
    session: Session
    bindings: dict[str, dict[str, str]] = field(default_factory=dict)
    zone: str = DEFAULT_ZONE
    in_batch: bool = False
    is_interrupted: bool = False
    cursor: Cursor | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, cursor: Cursor | None) -> None:
        with self.lock:
            if self.is_interrupted and cursor is not None:
                raise cancelled()
            self.cursor = cursor

    def interrupt(self) -> None:
        with self.lock:
            self.is_interrupted = True
            if self.cursor is not None:
                self.cursor.interrupt()


def split_statements(statement: str) -> list[str]:
    """The statements of a `;`-joined text."""
    return [tree.sql(dialect="snowflake", comments=False) for tree in parse(statement)]


def narrowed(column: Column, value: exp.Expression, table: Table | None) -> Column:
    """Precision and nullability that Snowflake gives a count, a sum, a digest and a literal."""
    if isinstance(value, exp.Count | exp.HashAgg):
        return replace(column, nullable=False)
    if isinstance(value, exp.Literal):
        digits = len(value.name) if column.kind == "fixed" and value.is_int else column.precision
        return replace(column, nullable=False, precision=digits)
    if isinstance(value, exp.Sum) and column.kind == "fixed":
        base = table.column(value.this.name) if table and isinstance(value.this, exp.Column) else None
        summed = base.precision if base and base.precision else 18 if column.scale == 0 else 24
        return replace(column, precision=min(38, summed + 12))
    return column


def status(message: str) -> Result:
    return Result([text("status")], [[message]])


class Executor:
    def __init__(self, account: Account, tables: Tables, clock: Clock) -> None:
        self._account, self._tables, self._clock = account, tables, clock

    def run(self, work: Work) -> Result:
        """Raises SqlError as Snowflake would."""
        named, placeholders = name_placeholders(work.statement)
        trees = parse(named)
        if not trees:
            raise SqlError("000900", "42601", "SQL compilation error:\nEmpty SQL statement.")
        if len(trees) > 1:
            text = f"Actual statement count {len(trees)} did not match the desired statement count 1."
            raise SqlError("000008", "0A000", text)
        values = bound.values(work.bindings, placeholders)
        tree = trees[0]
        translation = Translation(named, work.session, self._account, self._tables, self._clock, work.zone)
        if isinstance(tree, exp.Query):
            return self._query(work, translation.query(tree, values))
        if isinstance(tree, CHANGES):
            return self._change(work, translation, tree, values)
        return self._other(work, tree)

    def _other(self, work: Work, tree: exp.Expression) -> Result:
        words = re.findall(r"[\w$]+", work.statement.upper())
        session_alone = isinstance(tree, SESSION_ONLY) or words[:2] == ["ALTER", "SESSION"]
        if words[0] in ("PUT", "GET"):
            raise unsupported(words[0])
        if session_alone or (words[0] == "CREATE" and {"TEMPORARY", "TEMP"} & set(words[1:4])):
            if not work.in_batch:
                raise unsupported(" ".join(words[:2]) if words[0] in ("ALTER", "CREATE") else words[0])
            return status("Statement executed successfully.")
        if isinstance(tree, exp.Create) and tree.kind == "TABLE":
            return self._create_table(work, tree)
        return status(run_setup(self._account, self._tables, work.session, work.statement))

    def _query(self, work: Work, translated: Translated) -> Result:
        if translated.tables:
            self._account.wake(work.session.warehouse)
        cursor = self._tables.cursor()
        work.use(cursor)
        try:
            return self._fetch(cursor, translated)
        except duckdb.Error as error:
            raise self._sql_error(error, work.statement) from error
        finally:
            work.use(None)

    @staticmethod
    def _fetch(cursor: Cursor, translated: Translated) -> Result:
        described = cursor.execute(f"DESCRIBE {translated.sql}", translated.params).fetchall()
        columns = [derived(row[0], row[1]) for row in described]
        plain = translated.plain
        if plain == [None] and translated.names == [None]:
            plain = [column.name for column in columns]
        if len(plain) == len(columns) and translated.tables:
            bases = [name and translated.tables[0].column(name) for name in plain]
            columns = [with_declaration(column, base or None) for column, base in zip(columns, bases, strict=True)]
        if len(translated.values) == len(columns):
            bases = translated.tables[0] if translated.tables else None
            columns = [narrowed(*pair, bases) for pair in zip(columns, translated.values, strict=True)]
        inner = ", ".join(f"c{index}" for index in range(len(columns)))
        outer = ", ".join(wire_expression(column, f"c{index}") for index, column in enumerate(columns))
        rows = cursor.execute(f"SELECT {outer} FROM ({translated.sql}) AS r({inner})", translated.params).fetchall()
        return Result(columns, encode(columns, rows))

    def _change(self, work: Work, translation: Translation, tree: exp.Expression, values: list[Any]) -> Result:
        node = tree.find(exp.Table)
        if node is None:
            raise syntax_error(work.statement.split()[0])
        privilege = type(tree).__name__.upper()
        table = translation.resolve(exp.to_table(node.sql(dialect="snowflake").upper()), privilege)
        self._account.wake(work.session.warehouse)

        def act(cursor: Cursor, storage: str) -> int:
            work.use(cursor)
            try:
                translated = translation.command(tree, values, table.name.rsplit(".", 1)[-1], storage)
                counted = cursor.execute(translated.sql, translated.params).fetchone()
                return int(counted[0]) if counted else 0
            finally:
                work.use(None)

        try:
            count = self._tables.change(table.name, act)
        except duckdb.Error as error:
            raise self._sql_error(error, work.statement) from error
        done = {"INSERT": "inserted", "UPDATE": "updated", "DELETE": "deleted"}[privilege]
        stats = {"numRowsInserted": 0, "numRowsUpdated": 0, "numRowsDeleted": 0, "numDuplicateRowsUpdated": 0}
        stats[f"numRows{done.capitalize()}"] = count
        return Result([fixed(f"number of rows {done}", 19)], [[str(count)]], stats)

    def _create_table(self, work: Work, tree: exp.Create) -> Result:
        schema = tree.this
        if not isinstance(schema, exp.Schema) or tree.expression is not None:
            raise syntax_error("AS")
        node = schema.this
        database, schema_name = node.catalog or work.session.database, node.db or work.session.schema
        if database is None or schema_name is None:
            raise no_database("CREATE TABLE")
        place = f"{database.upper()}.{schema_name.upper()}"
        if schema_name.upper() not in self._account.databases.get(database.upper(), set()):
            raise unknown_object("Schema", place)
        if not self._account.may(work.session.role, "CREATE TABLE", "SCHEMA", place):
            raise forbidden("schema", place)
        name = f"{place}.{node.name.upper()}"
        short = node.name.upper()
        if name in self._tables.tables and tree.args.get("exists"):
            return status(f"{short} already exists, statement succeeded.")
        if name in self._tables.tables and not tree.args.get("replace"):
            raise SqlError("002002", "42710", f"SQL compilation error:\nObject '{name}' already exists.")
        self._tables.create(name, [self._declared(each) for each in schema.expressions])
        return status(f"Table {short} successfully created.")

    @staticmethod
    def _declared(node: exp.Expression) -> Column:
        if not isinstance(node, exp.ColumnDef) or node.kind is None:
            raise syntax_error(node.sql(dialect="snowflake"))
        required = any(isinstance(each.kind, exp.NotNullColumnConstraint) for each in node.constraints)
        name = node.name if node.this.quoted else node.name.upper()
        try:
            return declared(name, node.kind, nullable=not required)
        except ValueError as error:
            raise SqlError("002040", "42601", f"SQL compilation error:\nUnsupported data type '{error}'.") from error

    @staticmethod
    def _sql_error(error: duckdb.Error, statement: str) -> SqlError:
        message = str(error)
        if isinstance(error, duckdb.InterruptException):
            return cancelled()
        for form in (
            r'Referenced column "([^"]+)"',
            r'have a column named "([^"]+)"',
            r'Referenced table "([^"]+)"',
            r'Column "([^"]+)" ref',
        ):
            if match := re.search(form, message):
                return unknown_identifier(match[1].upper(), *position_of(match[1], statement))
        if match := re.search(r"Function with name (\S+) does not exist", message):
            return unknown_function(match[1].upper())
        if match := re.search(r'column "?([^"\s]+)"? must appear in the GROUP BY', message):
            text = f"SQL compilation error:\n[{match[1]}] is not a valid group by expression"
            return SqlError("000979", "42601", text)
        if isinstance(error, duckdb.ConversionException):
            word = re.search(r"['\"]([^'\"]*)['\"]", message)
            value = word[1] if word else ""
            if "date" in message.lower():
                return SqlError("100040", "22007", f"Date '{value}' is not recognized")
            return SqlError("100038", "22018", f"Numeric value '{value}' is not recognized")
        if isinstance(error, duckdb.OutOfRangeException):
            return SqlError("100046", "22003", "Number out of representable range")
        return syntax_error(message.splitlines()[0])
