"""The bindings of a request: their form, their types, and the Python values that DuckDB is given."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from .errors import SqlError, bad_binding, bad_payload

EPOCH = datetime.datetime(1970, 1, 1)
KINDS = ("FIXED REAL DECFLOAT TEXT BINARY BOOLEAN DATE TIME TIMESTAMP_NTZ TIMESTAMP_LTZ TIMESTAMP_TZ").split()
_FORMS = {
    "FIXED": r"[+-]?\d{1,38}(\.\d{0,37})?",
    "REAL": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?|[+-]?inf|NaN",
    "DECFLOAT": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,5})?",
    "BINARY": r"([0-9A-Fa-f]{2})*",
    "BOOLEAN": r"true|false",
    "DATE": r"-?\d{1,15}",
    "TIME": r"\d{1,14}",
    "TIMESTAMP_NTZ": r"-?\d{1,20}",
    "TIMESTAMP_LTZ": r"-?\d{1,20}",
    "TIMESTAMP_TZ": r"-?\d{1,20} \d{1,4}",
}
DAY_MS = 86_400_000


def check_form(bindings: Any) -> dict[str, dict[str, str]]:
    """The object of the body; values are texts, never numbers and never null."""
    if bindings is None:
        return {}
    if not isinstance(bindings, dict):
        raise bad_payload("bindings is not an object")
    for position, binding in bindings.items():
        if not re.fullmatch(r"[1-9]\d{0,4}", position):
            raise bad_payload(f"binding position '{position}' is not a 1-based number")
        if not isinstance(binding, dict) or set(binding) != {"type", "value"}:
            raise bad_payload(f"binding {position} is not an object of type and value")
        if not isinstance(binding["type"], str) or not isinstance(binding["value"], str):
            raise bad_payload(f"type and value of binding {position} must be strings")
    return bindings


def _from_epoch(microseconds: int) -> datetime.datetime:
    return EPOCH + datetime.timedelta(microseconds=microseconds)


def _value(kind: str, value: str) -> Any:
    match kind:
        case "FIXED" | "DECFLOAT":
            return Decimal(value)
        case "REAL":
            return float(value)
        case "BINARY":
            return bytes.fromhex(value)
        case "BOOLEAN":
            return value == "true"
        case "DATE":
            milliseconds = int(value)
            if milliseconds % DAY_MS:
                raise ValueError("not midnight")
            return _from_epoch(milliseconds * 1000).date()
        case "TIME":
            if int(value) >= 86_400_000_000_000:
                raise ValueError("later than a day")
            return _from_epoch(int(value) // 1000).time()
        case "TIMESTAMP_NTZ":
            return _from_epoch(int(value) // 1000)
        case "TIMESTAMP_LTZ":
            return _from_epoch(int(value) // 1000).replace(tzinfo=datetime.UTC)
        case "TIMESTAMP_TZ":
            instant, offset = value.split(" ")
            if not 0 <= int(offset) <= 2880:
                raise ValueError("not an offset")
            return _from_epoch(int(instant) // 1000).replace(tzinfo=datetime.UTC)
    return value


def values(bindings: dict[str, dict[str, str]], wanted: int) -> list[Any]:
    """In order of position. Raises SqlError 100037 for a bad value, 002049 for a wrong number of them."""
    if sorted(map(int, bindings)) != list(range(1, wanted + 1)):
        missing = next((n for n in range(1, wanted + 1) if str(n) not in bindings), None)
        text = f"Bind variable ? not set ({missing})." if missing else f"{wanted} bind variables are wanted."
        raise SqlError("002049", "42601", f"SQL compilation error:\n{text}")
    result = []
    for position in range(1, wanted + 1):
        kind, value = bindings[str(position)]["type"], bindings[str(position)]["value"]
        if kind not in KINDS or not re.fullmatch(_FORMS.get(kind, r"(?s).*"), value):
            raise bad_binding(kind, value)
        try:
            result.append(_value(kind, value))
        except (ValueError, OverflowError, ArithmeticError) as error:
            raise bad_binding(kind, value) from error
    return result
