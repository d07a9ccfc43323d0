"""THIRD_PARTY_NOTICES.md names what the program links and what the page bundles."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTICES = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8").lower()
TOOLS = {"gtest", "threads", "pkgconfig", "python3"}
NAMES = {"absl": "abseil", "tomlplusplus": "toml++"}


def linked_libraries() -> list[str]:
    """What the build files look for: find_package(NAME …) and pkg_check_modules(… libNAME)."""
    files = [*ROOT.glob("cmake/*.cmake"), *ROOT.glob("apps/*/CMakeLists.txt"), *ROOT.glob("core/**/CMakeLists.txt")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    names = re.findall(r"find_package\((\w[\w-]*)", text)
    modules = re.findall(r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([^)]+)\)", text)
    names += [re.sub(r"^lib|(enc|dec|common)$", "", module) for line in modules for module in line.split()]
    return sorted({name.lower() for name in names} - TOOLS)


def bundled_packages() -> list[str]:
    manifest = ROOT / "frontend/package.json"
    return sorted(json.loads(manifest.read_text(encoding="utf-8"))["dependencies"]) if manifest.exists() else []


@pytest.mark.parametrize("name", [*linked_libraries(), *bundled_packages()])
def test_a_component_is_in_the_notices(name: str) -> None:
    assert NAMES.get(name, name) in NOTICES


def test_libraries_are_found_at_all() -> None:
    assert {"boost", "openssl", "zstd", "brotli"} <= set(linked_libraries())
