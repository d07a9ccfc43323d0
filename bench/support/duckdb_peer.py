"""DuckDB bare, by the same shared library as the program: statements in, processor time out.

    duckdb_peer.py LIBRARY DATABASE < statements.json

The input is a list of statements, run in order on one connection with two threads and the program's memory
limit. The output is a JSON object: the processor seconds of each, and of all with opening and closing.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys

OPTIONS = {"threads": "2", "memory_limit": "1GB"}


class DuckDbResult(ctypes.Structure):
    _fields_ = [("counts", ctypes.c_uint64 * 3), ("columns", ctypes.c_void_p)] + [
        ("error", ctypes.c_char_p),
        ("internal", ctypes.c_void_p),
    ]


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class DuckDb:
    """One database, one connection; closed at the end of a `with`."""

    def __init__(self, library: str, path: str) -> None:
        self._library = ctypes.CDLL(library)
        self._library.duckdb_result_error.restype = ctypes.c_char_p
        self._database, self._connection = ctypes.c_void_p(), ctypes.c_void_p()
        config, message = ctypes.c_void_p(), ctypes.c_char_p()
        self._library.duckdb_create_config(ctypes.byref(config))
        for name, value in OPTIONS.items():
            self._library.duckdb_set_config(config, name.encode(), value.encode())
        if self._library.duckdb_open_ext(path.encode(), ctypes.byref(self._database), config, ctypes.byref(message)):
            raise RuntimeError(f"{path}: {message.value!r}")
        self._library.duckdb_destroy_config(ctypes.byref(config))
        self._library.duckdb_connect(self._database, ctypes.byref(self._connection))

    def run(self, sql: str) -> None:
        result = DuckDbResult()
        failed = self._library.duckdb_query(self._connection, sql.encode(), ctypes.byref(result))
        message = self._library.duckdb_result_error(ctypes.byref(result)) if failed else None
        self._library.duckdb_destroy_result(ctypes.byref(result))
        if failed:
            raise RuntimeError(f"{message!r} from {sql}")

    def measure(self, sql: str) -> float:
        """Processor seconds of one statement, all threads."""
        before = cpu_seconds()
        self.run(sql)
        return cpu_seconds() - before

    def __enter__(self) -> DuckDb:
        return self

    def __exit__(self, *_: object) -> None:
        self._library.duckdb_disconnect(ctypes.byref(self._connection))
        self._library.duckdb_close(ctypes.byref(self._database))


def main() -> None:
    library, path = sys.argv[1:]
    statements = json.load(sys.stdin)
    before = cpu_seconds()
    with DuckDb(library, path) as database:
        each = [database.measure(sql) for sql in statements]
    json.dump({"each": each, "all": cpu_seconds() - before}, sys.stdout)


if __name__ == "__main__":
    main()
