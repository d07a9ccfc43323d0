"""The two ways in which a request fails: at the HTTP layer, or as a statement."""

from __future__ import annotations


class SqlError(Exception):
    """A statement that Snowflake answers with 422 and a QueryFailureStatus."""

    def __init__(self, code: str, sql_state: str, message: str) -> None:
        super().__init__(message)
        self.code, self.sql_state, self.message = code, sql_state, message


class HttpError(Exception):
    """A request that is refused before it becomes a statement. Without a code the body is empty."""

    def __init__(self, status: int, code: str | None, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def bad_payload(why: str) -> HttpError:
    return HttpError(400, "390142", f"Incoming request does not contain a valid payload. {why}".strip())


def syntax_error(unexpected: str, line: int = 1, position: int = 0) -> SqlError:
    text = f"SQL compilation error:\nsyntax error line {line} at position {position} unexpected '{unexpected}'."
    return SqlError("001003", "42000", text)


def unknown_object(kind: str, name: str) -> SqlError:
    state = "42S02" if kind == "Object" else "02000"
    return SqlError("002003", state, f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")


def unknown_identifier(name: str, line: int = 1, position: int = 0) -> SqlError:
    text = f"SQL compilation error: error line {line} at position {position}\ninvalid identifier '{name}'"
    return SqlError("000904", "42000", text)


def unknown_function(name: str) -> SqlError:
    return SqlError("002140", "42601", f"SQL compilation error:\nUnknown function {name}")


def forbidden(kind: str, name: str) -> SqlError:
    return SqlError(
        "003001", "42501", f"SQL access control error:\nInsufficient privileges to operate on {kind} '{name}'"
    )


def no_database(action: str) -> SqlError:
    return SqlError("090105", "22000", f"Cannot perform {action}. This session does not have a current database.")


def unsupported_statement(kind: str) -> SqlError:
    return SqlError("391911", "0A000", f"Statement type {kind} is not supported outside a multi-statement request.")


def bad_binding(kind: str, value: object) -> SqlError:
    return SqlError("100037", "22018", f"{kind} value '{value}' is not recognized")


def no_warehouse() -> SqlError:
    text = (
        "No active warehouse selected in the current session.  "
        "Select an active warehouse with the 'use warehouse' command."
    )
    return SqlError("000606", "57P03", text)


def no_time_travel(table: str) -> SqlError:
    text = (
        f"Time travel data is not available for table {table}. The requested time is either beyond the allowed "
        "time travel period or before the object creation time."
    )
    return SqlError("000707", "02000", text)


def cancelled() -> SqlError:
    return SqlError("000604", "57014", "SQL execution canceled")


def not_found(handle: str) -> SqlError:
    return SqlError("000709", "02000", f"Statement {handle} not found")
