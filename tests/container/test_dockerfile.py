"""Dockerfile and compose.yaml: what they say in every test run; their steps and what they start in a new root."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from fresh_root import Container, parse, stages

ROOT = Path(__file__).resolve().parents[2]
STEPS = parse((ROOT / "Dockerfile").read_text("utf-8"))
LAST = stages(STEPS)[""]
START = ROOT / "packaging/container-start"
Start = Callable[..., list[str]]

sys.path.insert(0, str(ROOT / "tests/program"))
from program_driver import Server, csv_text, sale  # noqa: E402

pytestmark = pytest.mark.timeout(3000)


def last(name: str) -> list[str]:
    return [argument for step, argument in LAST if step == name]


def test_what_is_copied_is_there() -> None:
    copied = [argument.split() for argument in last("COPY")]
    own = [words[0] for words in copied if not words[0].startswith("--from=")]
    assert own == ["packaging/container-start"]
    assert all((ROOT / name).is_file() for name in own)
    assert [words[0] for words in copied if words[0].startswith("--from=")] == ["--from=build"]
    assert list(stages(STEPS)) == ["build", ""]


def test_it_runs_as_nobody_in_particular_and_writes_into_volumes_alone() -> None:
    users = last("USER")
    assert users == ["revops"]
    assert LAST.index(("USER", "revops")) > max(at for at, (name, _) in enumerate(LAST) if name in ("COPY", "RUN"))
    assert last("VOLUME") == ['["/data", "/tmp"]']
    assert last("EXPOSE") == ["8080"]
    assert last("WORKDIR") == ["/"]


def test_compose_keeps_the_network_out_and_gives_no_rights() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    (service,) = compose["services"].values()
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert service["volumes"] == ["revops:/data"]
    assert set(compose["volumes"]) == {"revops"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("page", ["docs/install.md", "README.md", "Dockerfile", "compose.yaml"])
def test_no_page_publishes_the_port_to_the_network(page: str) -> None:
    commands = re.findall(r"^docker run .*$", (ROOT / page).read_text("utf-8"), re.M)
    for command in commands:
        assert re.findall(r"-p (\S+)", command) == ["127.0.0.1:8080:8080"], command


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs container-start with a program that notes how it is called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "revops").write_text(
        '#!/bin/sh\necho "$*" >>calls\n[ "$1" != demo ] || { mkdir -p data && : >data/warehouse.duckdb; }\n'
    )
    (programs / "revops").chmod(0o755)

    def run(*arguments: str, **variables: str) -> list[str]:
        (tmp_path / "calls").write_text("")
        environment = {"PATH": f"{programs}:{os.environ['PATH']}", **variables}
        done = subprocess.run(["bash", START, *arguments], cwd=tmp_path, env=environment, timeout=30, check=False)
        assert done.returncode == 0
        return (tmp_path / "calls").read_text().splitlines()

    yield run


def test_commands_are_handed_on(start: Start) -> None:
    assert start() == ["serve"]
    assert start("serve") == ["serve"]
    assert start("doctor") == ["doctor"]
    assert start("import", "a b.csv", "--mode", "replace") == ["import a b.csv --mode replace"]


def test_the_demo_is_made_once(start: Start) -> None:
    assert start("demo") == ["demo", "serve"]
    assert start("demo") == ["serve"]
    assert start("serve", REVOPS_DEMO="1") == ["serve"]


def test_the_variable_makes_the_demo_where_there_is_nothing(start: Start) -> None:
    assert start("serve", REVOPS_DEMO="") == ["serve"]
    assert start("doctor", REVOPS_DEMO="1") == ["doctor"]
    assert start(REVOPS_DEMO="1") == ["demo", "serve"]


def test_health_without_a_server_is_none() -> None:
    done = subprocess.run(
        ["bash", START, "health"], env={"REVOPS_LISTEN": "0.0.0.0:1"}, capture_output=True, timeout=30
    )
    assert done.returncode != 0


def needs_roots() -> None:
    if "REVOPS_CONTAINERS" not in os.environ:
        pytest.skip("a new root is made by ./dev check package and ./dev check image alone")
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("a new root needs root and debootstrap")


def built_stage(root: Path) -> Container:
    """From sources, as the Dockerfile says: some ten minutes."""
    if os.environ["REVOPS_CONTAINERS"] != "image":
        pytest.skip("sources are built in a new root by ./dev check image alone")
    built = Container(root)
    built.apply(stages(STEPS)["build"], ROOT)
    return built


def unpacked_stage(root: Path) -> Container:
    """What that leaves, from the archive that is there already."""
    (root / "opt/revops").mkdir(parents=True)
    archive = os.environ["REVOPS_PACKAGE"]
    subprocess.run(["tar", "-xzf", archive, "-C", root / "opt/revops", "--strip-components=1"], check=True)
    return Container(root)


@pytest.fixture(scope="module", params=[unpacked_stage, built_stage], ids=["archive", "sources"])
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    needs_roots()
    folder = tmp_path_factory.mktemp("image")
    try:
        build = request.param(folder / "build")
        made = Container(folder / "root")
        made.apply(LAST, ROOT, {"build": build.root})
        yield made
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=True)


@pytest.fixture
def fresh(image: Container) -> Container:
    """With an empty volume."""
    subprocess.run(["sh", "-c", f"rm -rf {image.path('/data')}/* {image.path('/data')}/.[!.]*"], check=True)
    return image


# The network is this machine's: a port of its own, where a container has 8080 to itself.
LISTEN = {"REVOPS_LISTEN": "127.0.0.1:0"}


def run(image: Container, arguments: list[str], log: Path, variables: dict[str, str]) -> Server:
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            image.started(arguments, variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    return Server(process, log)


def stop(server: Server) -> None:
    """As docker stop does: by a signal to the first process, which is to end by itself."""
    first = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text("ascii").split()[0]
    os.kill(int(first), signal.SIGTERM)
    assert server.process.wait(30) == 0, server.stderr()


def said(image: Container, command: list[str], variables: dict[str, str] = LISTEN) -> tuple[int, str]:
    done = subprocess.run(
        image.confined(command, variables), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def test_the_image_is_small_and_has_no_compiler(image: Container) -> None:
    assert not [name for name in ("cc", "gcc", "cmake", "node", "npm") if image.path(f"/usr/bin/{name}").exists()]
    assert not image.path("/src").exists()
    data = image.path("/data").stat()
    assert stat.S_IMODE(data.st_mode) == 0o700
    assert data.st_uid == 10001


def test_half_a_minute_to_the_demo(fresh: Container, tmp_path: Path) -> None:
    started = time.monotonic()
    server = run(fresh, [], tmp_path / "log", LISTEN | {"REVOPS_DEMO": "1"})
    try:
        assert b"<html" in server.ask("/").body
        assert server.get("/api/pipeline/by-region")["data"]
        assert time.monotonic() - started < 30
        health = said(fresh, fresh.health, {"REVOPS_LISTEN": f"127.0.0.1:{server.port}"})
        assert health == (0, "")
    finally:
        stop(server)


def test_commands_run_beside_it(fresh: Container, tmp_path: Path) -> None:
    """As docker exec runs them: they find /data, and the parser of foreign files can give up its rights."""
    server = run(fresh, ["demo"], tmp_path / "log", LISTEN)
    try:
        status, findings = said(fresh, ["revops", "doctor"])
        assert status == 0, findings
        assert re.search(r"^ok +import_jail: ", findings, re.M)
        sales = fresh.path("/tmp/sales.csv")
        sales.write_text(csv_text([sale(900001), sale(900002)]), encoding="utf-8")
        status, told = said(fresh, ["revops", "import", "/tmp/sales.csv", "--mode", "upsert"])
        assert (status, told.splitlines()[0]) == (0, "Took 2 rows.")
    finally:
        stop(server)


def test_nothing_but_the_volumes_can_be_written(fresh: Container) -> None:
    for folder, status in (("/data", 0), ("/tmp", 0), ("/", 1), ("/opt/revops", 1), ("/var/tmp", 1)):
        assert said(fresh, ["sh", "-c", f"touch {folder}/x 2>/dev/null || exit 1"])[0] == status, folder
    assert said(fresh, ["sh", "-c", "id -u && grep CapBnd /proc/self/status"]) == (
        0,
        "10001\nCapBnd:\t0000000000000000\n",
    )


def test_it_listens_on_every_address_because_the_image_says_so(fresh: Container, tmp_path: Path) -> None:
    every = {"REVOPS_LISTEN": "0.0.0.0:0"}
    status, told = said(fresh, ["revops", "serve"], every | {"REVOPS_PUBLISHED_ON_LOOPBACK": "0"})
    assert status == 1
    assert "refusing to listen on 0.0.0.0" in told
    stop(run(fresh, ["serve"], tmp_path / "log", every))
