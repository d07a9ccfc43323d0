"""The real tree keeps the rules, and each rule catches what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

import check_structure

ROOT = Path(__file__).resolve().parents[2]

TABLE = """
# Dependencies

<!-- dependency-table -->
| Folder | May include |
|---|---|
| `core/base` | |
| `core/net` | `core/base` |
| `core/sales` | `core/base` |
| `core/warehouse` | `core/base`, `core/sales` |
| `core/warehouse/duckdb` | `core/warehouse`, `core/base`, `core/sales` |
| `apps/revops`, `tests` | `core/` |
<!-- /dependency-table -->
"""

MODULES = {
    "base": [],
    "net": ["base"],
    "sales": ["base"],
    "warehouse": ["base", "sales"],
    "warehouse/duckdb": ["warehouse"],
}


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that keeps every rule."""
    write(tmp_path, "ARCHITECTURE.md", TABLE)
    for folder, depends in MODULES.items():
        name = folder.replace("/", "_")
        links = f" DEPENDS {' '.join(depends)} LIBRARIES fmt::fmt" if depends else ""
        write(tmp_path, f"core/{folder}/CMakeLists.txt", f"revops_module(\n  {name}\n  SOURCES a.cc{links})\n")
        write(tmp_path, f"core/{folder}/README.md", "line\n" * 12)
        write(tmp_path, f"core/{folder}/{name}.h", "#pragma once\n#include <string>\n")
    write(
        tmp_path, "core/sales/sale.cc", '#include "core/sales/sales.h"\n#include "core/base/base.h"\n// like DuckDB\n'
    )
    write(tmp_path, "core/warehouse/duckdb/duckdb_warehouse.cc", "#include <duckdb.h>\nint DuckDbOpen();\n")
    write(tmp_path, "core/net/server.cc", "#include <boost/beast/http.hpp>\n")
    write(tmp_path, "apps/revops/main.cc", '#include "core/warehouse/duckdb/warehouse_duckdb.h"\n')
    write(tmp_path, "apps/revops/CMakeLists.txt", 'file(CONFIGURE OUTPUT "${generated}/version.h" CONTENT "")\n')
    write(tmp_path, "apps/revops/README.md", "line\n" * 12)
    return tmp_path


def test_the_repository_keeps_its_rules() -> None:
    assert check_structure.check_tree(ROOT) == []


def test_a_tree_that_keeps_the_rules_is_accepted(tree: Path) -> None:
    assert check_structure.check_tree(tree) == []


@pytest.mark.parametrize(
    ("path", "text", "violation"),
    [
        (
            "core/sales/x.cc",
            '#include "core/warehouse/warehouse.h"\n',
            "core/sales may not include core/warehouse/warehouse.h",
        ),
        ("core/warehouse/x.cc", '#include "core/net/net.h"\n', "core/warehouse may not include core/net/net.h"),
        ("core/net/x.h", '#include "core/sales/sales.h"\n', "core/net may not include core/sales/sales.h"),
        ("core/other/x.cc", "int x;\n", "core/other is not in the dependency table"),
        ("core/sales/x.cc", '#include "sales.h"\n', '"sales.h" is not the path of a file'),
        ("core/sales/x.cc", '#include "core/base/absent.h"\n', '"core/base/absent.h" is not the path of a file'),
        ("core/sales/x.cc", "int OpenDuckDb();\n", "names the vendor duckdb"),
        ("core/sales/x.cc", "int snowflake_account;\n", "names the vendor snowflake"),
        ("core/sales/x.cc", "int S3Get();\n", "names the vendor s3"),
        ("core/sales/x.cc", "int aws_region;\n", "names the vendor aws"),
        ("core/sales/x.cc", "#include <duckdb.h>\n", "duckdb.h belongs to core/warehouse/duckdb alone"),
        ("core/sales/x.cc", "#include <boost/asio.hpp>\n", "in core/net alone"),
        ("core/base/base.h", "#include <fmt/format.h>\n", "a public header includes <fmt/format.h>"),
        ("core/base/base.h", "#include <sys/types.h>\n", "a public header includes <sys/types.h>"),
        ("core/sales/x.cc", "\n" * 501, "501 lines, at most 500"),
        ("core/sales/x_test.cc", "\n" * 601, "601 lines, at most 600"),
        ("frontend/src/app.css", "\n" * 501, "501 lines, at most 500"),
        ("core/sales/README.md", "short\n", "10 to 40 lines are wanted"),
        ("core/other/CMakeLists.txt", "", "core/other: has no README.md"),
        (
            "core/sales/CMakeLists.txt",
            "revops_module(sales SOURCES a.cc DEPENDS base net)\n",
            "core/sales may not link net",
        ),
        (
            "core/sales/CMakeLists.txt",
            "revops_module(sales SOURCES a.cc DEPENDS bas)\n",
            "links bas, which is no module",
        ),
    ],
)
def test_a_violation_is_named_with_its_file(tree: Path, path: str, text: str, violation: str) -> None:
    write(tree, path, text)
    found = check_structure.check_tree(tree)
    assert any(violation in line and line.startswith(path.rpartition("/")[0]) for line in found), found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/sales/x_test.cc", '#include "core/net/net.h"\n#include <gtest/gtest.h>\n'),
        ("core/warehouse/warehouse_contract.h", "#include <gtest/gtest.h>\n"),
        ("core/sales/x.cc", "int draws, laws;  // as Snowflake does\n"),
        ("core/sales/x.cc", 'const char* x = "duckdb:io";\n'),
        ("core/base/private.h", "#include <fmt/format.h>\n"),
        ("core/warehouse/duckdb/x.cc", '#include "core/sales/sales.h"\n'),
        ("apps/revops/x.cc", '#include "apps/revops/version.h"\n'),
        ("frontend/node_modules/x.js", "\n" * 5000),
    ],
)
def test_what_is_allowed_is_not_reported(tree: Path, path: str, text: str) -> None:
    write(tree, path, text)
    assert check_structure.check_tree(tree) == []


def test_a_third_file_that_compiles_boost_asio_by_a_header_is_one_too_many(tree: Path) -> None:
    write(tree, "core/net/loop.h", "#pragma once\n#include <boost/asio.hpp>\n")
    for name in ("a", "b", "c"):
        write(tree, f"core/net/{name}.cc", '#include "core/net/loop.h"\n')
    assert any("a third file" in line for line in check_structure.check_tree(tree))


def test_a_third_file_with_boost_asio_is_one_too_many(tree: Path) -> None:
    for name in ("client", "listener"):
        write(tree, f"core/net/{name}.cc", "#include <boost/asio.hpp>\n")
    assert check_structure.check_tree(tree) == [
        "core/net/server.cc: a third file that includes Boost.Asio or Beast; two at most"
    ]


def test_boost_json_is_compiled_in_one_file(tree: Path) -> None:
    for name in ("a", "b"):
        write(tree, f"core/sales/{name}.cc", "#include <boost/json/src.hpp>\n")
    assert check_structure.check_tree(tree) == ["core/sales/b.cc: boost/json/src.hpp is included in one file alone"]


def test_a_cycle_in_the_table_is_found(tree: Path) -> None:
    write(tree, "ARCHITECTURE.md", TABLE.replace("| `core/base` | |", "| `core/base` | `core/sales` |"))
    assert any("a cycle: core/base → core/sales → core/base" in line for line in check_structure.check_tree(tree))


def test_a_missing_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="dependency-table"):
        check_structure.parse_dependency_table("# Architecture\n")
