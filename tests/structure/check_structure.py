"""Holds the source tree to the rules of ARCHITECTURE.md; prints one line per violation.

The dependency table is read from ARCHITECTURE.md itself, between `<!-- dependency-table -->` and
`<!-- /dependency-table -->`: rows of `| folders | may include |`, each a list of `paths` in backticks.
A folder that is named also allows what lies below it only if it is written with a slash at its end.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

CODE_ROOTS = ("core", "apps", "lambdas", "bench", "fuzz", "tests")
GENERATED = {"node_modules", "dist", "build", ".deps", ".data", ".git", "__pycache__", "corpus"}
VENDORS = {"duckdb", "snowflake", "s3", "aws"}
VENDOR_FOLDERS = re.compile(r"^(apps|lambdas|tests|bench|fuzz)/|^core/((warehouse|store)/[a-z0-9_]+|net/aws)/")
SOURCE_LINES_MAX, TEST_LINES_MAX = 500, 600
SIZED_SUFFIXES = {".cc", ".h", ".py", ".sh", ".js", ".jsx", ".mjs", ".css", ".sql", ".cmake"}
README_LINES = range(10, 41)

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
MODULE = re.compile(r"^revops_module\(\s*(\w+)(.*?)\)", re.MULTILINE | re.DOTALL)
DEPENDS = re.compile(r"\bDEPENDS\b(.*?)(?=\b(?:SOURCES|LIBRARIES|PUBLIC_LIBRARIES)\b|$)", re.DOTALL)
STANDARD_HEADER = re.compile(r"^[a-z0-9_]+$")


@dataclass(frozen=True)
class Source:
    """One C++ file, by its path from the root of the repository."""

    path: str
    text: str

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_header(self) -> bool:
        return self.path.endswith(".h")

    @property
    def is_test(self) -> bool:
        """Tests, contract suites and test helpers: free of the table, not of the path rules."""
        name = self.path.rpartition("/")[2]
        return (
            self.folder.startswith(("tests", "bench", "fuzz"))
            or re.search(r"(_test|_contract|_test_support|_testing)\.(cc|h)$|^(fake|faulty)_", name) is not None
            or "/testing/" in self.path
        )

    def includes(self) -> list[tuple[str, str]]:
        """Pairs of the opening character and the path."""
        return INCLUDE.findall(self.text)

    def own_includes(self) -> list[str]:
        return [path for kind, path in self.includes() if kind == '"']

    def code_words(self) -> set[str]:
        """The lower-case words that the identifiers outside comments and literals are made of."""
        code = COMMENT_OR_TEXT.sub(" ", INCLUDE.sub(" ", self.text))
        identifiers = re.findall(r"[A-Za-z][A-Za-z0-9_]*", code)
        words = {word.lower() for name in identifiers for word in re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name)}
        return words | {name.lower().replace("_", "") for name in identifiers}


def read_sources(root: Path) -> list[Source]:
    files = (file for top in CODE_ROOTS for file in sorted((root / top).rglob("*")))
    return [
        Source(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
        for file in files
        if file.suffix in (".cc", ".h") and not GENERATED & set(file.relative_to(root).parts)
    ]


def parse_dependency_table(markdown: str) -> dict[str, list[str]]:
    """Folder → what it may include. Raises ValueError if the table is missing or a row is not of its form."""
    match = re.search(r"<!-- dependency-table -->(.*?)<!-- /dependency-table -->", markdown, re.DOTALL)
    if match is None:
        raise ValueError("there is no table between the dependency-table markers")
    table: dict[str, list[str]] = {}
    rows = [line.strip() for line in match[1].splitlines() if line.strip().startswith("|")]
    for row in rows[2:]:
        cells = row.strip("|").split("|")
        if len(cells) < 2 or not re.findall(r"`([^`]+)`", cells[0]):
            raise ValueError(f"not a row of the dependency table: {row}")
        for folder in re.findall(r"`([^`]+)`", cells[0]):
            table[folder.rstrip("/")] = re.findall(r"`([^`]+)`", cells[1])
    return table


def table_row(table: dict[str, list[str]], folder: str) -> str | None:
    """The row that speaks of a folder: its own, or that of the nearest folder above it."""
    while folder and folder not in table:
        folder = folder.rpartition("/")[0]
    return folder or None


def is_allowed(allowed: list[str], own: str, target: str) -> bool:
    if target == own or target.startswith(own + "/"):
        return True
    return any(target == entry or (entry.endswith("/") and (target + "/").startswith(entry)) for entry in allowed)


def check_table_has_no_cycle(table: dict[str, list[str]]) -> list[str]:
    done: set[str] = set()

    def visit(folder: str, trail: tuple[str, ...]) -> list[str]:
        if folder in trail:
            return [f"dependency table: a cycle: {' → '.join((*trail[trail.index(folder) :], folder))}"]
        if folder in done:
            return []
        found = [line for entry in table.get(folder, []) for line in visit(entry.rstrip("/"), (*trail, folder))]
        done.add(folder)
        return found

    return [line for folder in table for line in visit(folder, ())]


def check_directions(sources: list[Source], table: dict[str, list[str]]) -> list[str]:
    found = []
    for source in (source for source in sources if not source.is_test):
        row = table_row(table, source.folder)
        if row is None:
            found.append(f"{source.path}: {source.folder} is not in the dependency table")
            continue
        for include in source.own_includes():
            target = include.rpartition("/")[0]
            if not is_allowed(table[row], row, target):
                found.append(f"{source.path}: {row} may not include {include}")
    return found


def parse_modules(root: Path) -> dict[str, tuple[str, list[str]]]:
    """Module name → its folder and the modules that its CMakeLists.txt links."""
    modules = {}
    files = (file for top in ("core", "apps", "lambdas") for file in sorted((root / top).rglob("CMakeLists.txt")))
    for file in files:
        for name, arguments in MODULE.findall(file.read_text(encoding="utf-8")):
            depends = DEPENDS.search(arguments)
            modules[name] = (file.parent.relative_to(root).as_posix(), depends[1].split() if depends else [])
    return modules


def check_links(modules: dict[str, tuple[str, list[str]]], table: dict[str, list[str]]) -> list[str]:
    found = []
    for name, (folder, depends) in modules.items():
        # What serves tests alone is as free as tests are.
        row = None if re.search(r"_(contract|testing)$", name) else table_row(table, folder)
        for dependency in depends:
            if dependency not in modules:
                found.append(f"{folder}/CMakeLists.txt: {name} links {dependency}, which is no module")
            elif row is not None and not is_allowed(table[row], row, modules[dependency][0]):
                found.append(f"{folder}/CMakeLists.txt: {row} may not link {dependency}")
    return found


def is_generated(root: Path, include: str) -> bool:
    """A header that the CMakeLists.txt of its folder writes, into the same folder of the build tree."""
    folder, _, name = include.rpartition("/")
    build_file = root / folder / "CMakeLists.txt"
    return build_file.exists() and re.search(rf"(?<![\w-]){re.escape(name)}", build_file.read_text("utf-8")) is not None


def check_include_paths(root: Path, sources: list[Source]) -> list[str]:
    known = {source.path for source in sources}
    return [
        f'{source.path}: "{include}" is not the path of a file from the root of the repository'
        for source in sources
        for include in source.own_includes()
        if include not in known and not is_generated(root, include)
    ]


def check_vendor_words(sources: list[Source]) -> list[str]:
    found = []
    for source in sources:
        if source.is_test or VENDOR_FOLDERS.match(source.path):
            continue
        seen = vendors_in(source.code_words())
        found += [f"{source.path}: names the vendor {vendor} outside an adapter" for vendor in sorted(seen)]
    return found


def vendors_in(words: set[str]) -> set[str]:
    """Short names count as whole words only (draws, laws); long ones also as a part of one."""
    return {vendor for vendor in VENDORS if vendor in words or (len(vendor) > 3 and any(vendor in w for w in words))}


def check_vendor_headers(sources: list[Source]) -> list[str]:
    found, heavy, json_sources = [], set(), []
    for source in sources:
        for _, include in source.includes():
            if include == "duckdb.h" and source.folder != "core/warehouse/duckdb":
                found.append(f"{source.path}: duckdb.h belongs to core/warehouse/duckdb alone")
            if re.match(r"boost/(asio|beast)\b", include):
                heavy.add(source.path)
            if include == "boost/json/src.hpp":
                json_sources.append(source.path)
    files = {source.path: source for source in sources}
    own_headers = {path for path in heavy if path.endswith(".h") and path.startswith("core/net/")}
    for path in sorted(heavy):
        if not path.startswith("core/net/") and not files[path].is_test:
            found.append(f"{path}: Boost.Asio and Beast are included in core/net alone")
    # What counts is who compiles them: a .cc file, by itself or through a header of core/net.
    for source in sources:
        if source.path.endswith(".cc") and own_headers.intersection(source.own_includes()):
            heavy.add(source.path)
            if source.folder != "core/net":
                found.append(f"{source.path}: a header of core/net brings Boost.Asio or Beast into it")
    allowed = sorted(
        path for path in heavy if path.startswith("core/net/") and path.endswith(".cc") and not files[path].is_test
    )
    if len(allowed) > 2:
        found.append(f"{allowed[2]}: a third file that includes Boost.Asio or Beast; two at most")
    if len(json_sources) > 1:
        found.append(f"{json_sources[1]}: boost/json/src.hpp is included in one file alone")
    return found


def check_public_headers(sources: list[Source]) -> list[str]:
    """A header is public as soon as a file of another folder includes it."""
    users: dict[str, set[str]] = {}
    for source in sources:
        for include in source.own_includes():
            users.setdefault(include, set()).add(source.folder)
    return [
        f"{source.path}: a public header includes <{include}>, which is not the standard library's"
        for source in sources
        if source.is_header and not source.is_test and users.get(source.path, set()) - {source.folder}
        for kind, include in source.includes()
        if kind == "<" and not STANDARD_HEADER.match(include)
    ]


def check_sizes(root: Path) -> list[str]:
    found = []
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root)
        if file.suffix not in SIZED_SUFFIXES or GENERATED & set(path.parts) or not file.is_file():
            continue
        is_test = "tests" in path.parts or re.search(r"(_test|\.test|_contract)\.\w+$", path.name) is not None
        limit = TEST_LINES_MAX if is_test else SOURCE_LINES_MAX
        lines = file.read_text(encoding="utf-8").count("\n")
        if lines > limit:
            found.append(f"{path.as_posix()}: {lines} lines, at most {limit}")
    return found


def check_readmes(root: Path) -> list[str]:
    found = []
    for file in sorted(root.rglob("CMakeLists.txt")):
        folder = file.parent.relative_to(root)
        if folder == Path() or GENERATED & set(folder.parts):
            continue
        readme = file.parent / "README.md"
        if not readme.exists():
            found.append(f"{folder.as_posix()}: has no README.md")
        elif readme.read_text(encoding="utf-8").count("\n") not in README_LINES:
            found.append(f"{folder.as_posix()}/README.md: 10 to 40 lines are wanted")
    return found


def check_tree(root: Path) -> list[str]:
    """Every violation of the tree at `root`, in a stable order; empty if there is none."""
    table = parse_dependency_table((root / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    sources = read_sources(root)
    return [
        *check_table_has_no_cycle(table),
        *check_directions(sources, table),
        *check_links(parse_modules(root), table),
        *check_include_paths(root, sources),
        *check_vendor_words(sources),
        *check_vendor_headers(sources),
        *check_public_headers(sources),
        *check_sizes(root),
        *check_readmes(root),
    ]


if __name__ == "__main__":
    violations = check_tree(Path(__file__).resolve().parents[2])
    print("\n".join(violations) or "the tree keeps its rules")
    sys.exit(1 if violations else 0)
