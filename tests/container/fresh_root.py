"""A new Debian 12 root without anything, in which the steps of a Dockerfile run: a container without Docker."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# How this machine reaches its registries, which a container of its own would be told by Docker's daemon.
NETWORK_FILES = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/pip.conf",
    "/etc/npmrc",
    "/usr/etc/npmrc",
    "/usr/local/etc/npmrc",
)
NETWORK_VARIABLES = re.compile(
    r"^((https?|no|all)_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST)|GO(PROXY|SUMDB)|npm_config_registry)$",
    re.I,
)
# Bundles of certificates, by whatever name a tool asks for them: inside it is Debian's.
BUNDLE_VARIABLES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# Certificates that this machine trusts besides Debian's.
OWN_AUTHORITIES = Path("/usr/local/share/ca-certificates")
INSIDE = """
set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" /usr/bin/env -i "${@:4}" /bin/sh -ec 'cd "$0" && eval "$1"' "$2" "$3"
"""


def parse(dockerfile: str) -> list[tuple[str, str]]:
    """Instruction and argument, line for line; ValueError for what is none of the five that are understood."""
    steps = []
    for line in dockerfile.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, argument = line.partition(" ")
        if name not in ("FROM", "WORKDIR", "COPY", "RUN", "ENV") or line.endswith("\\"):
            raise ValueError(f"not understood: {line}")
        steps.append((name, argument))
    return steps


@dataclass
class Container:
    root: Path
    folder: str = "/"

    def apply(self, steps: list[tuple[str, str]], sources: Path) -> None:
        """All steps in their order; an AssertionError with what it said where one fails."""
        for name, argument in steps:
            if name == "FROM":
                assert re.fullmatch(r"debian:12", argument), f"this machine cannot have {argument}"
                self.debootstrap()
            elif name == "WORKDIR":
                self.folder = argument
                self.path(argument).mkdir(parents=True)
            elif name == "COPY":
                assert argument == ". .", argument
                self.copy(sources)
            elif name == "RUN":
                self.run(argument)
            else:
                raise AssertionError(f"nobody has needed {name} so far")

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/")

    def debootstrap(self) -> None:
        minimal_system("bookworm", self.root)
        for name in NETWORK_FILES:
            if Path(name).is_file():
                self.path(name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(name, self.path(name))
        for name in ("sources.list", "sources.list.d", "apt.conf.d"):
            said(
                "sh", "-c", f"[ ! -e /etc/apt/{name} ] || cp -a /etc/apt/{name} {shlex.quote(str(self.root))}/etc/apt/"
            )
        if any(OWN_AUTHORITIES.glob("*.crt")):
            self.run("apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates")
            shutil.copytree(OWN_AUTHORITIES, self.path(str(OWN_AUTHORITIES)), dirs_exist_ok=True)
            self.run("update-ca-certificates")

    def copy(self, sources: Path) -> None:
        """What git knows of, as it lies there: .dockerignore leaves the rest away."""
        target = shlex.quote(str(self.path(self.folder)))
        said("sh", "-c", f"git ls-files -z | tar --null -T - -c | tar -xC {target} --no-same-owner", cwd=sources)

    def run(self, command: str) -> str:
        return said(*self.words(command))

    def words(self, command: str) -> list[str]:
        """What starts a line of sh inside; it ends with all that it has started when it is killed."""
        handed = [f"{name}={value}" for name, value in os.environ.items() if NETWORK_VARIABLES.match(name)]
        handed += [f"{name}={BUNDLE}" for name in BUNDLE_VARIABLES if name in os.environ]
        variables = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", *handed]
        inside = ["bash", "-c", INSIDE, "inside", str(self.root), self.folder, command, *variables]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", *inside]


def minimal_system(release: str, root: Path) -> None:
    said("debootstrap", "--variant=minbase", release, str(root), mirror())


def mirror() -> str:
    """Where this machine has its Debian from."""
    files = [*Path("/etc/apt").glob("sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    for file in files:
        found = re.search(r"^(?:URIs:|deb(?: \[.*?\])?) +(https?://\S*debian/?)(?:\s|$)", file.read_text("utf-8"), re.M)
        if found is not None:
            return found[1]
    return "http://deb.debian.org/debian"


def said(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-6000:]}"
    return done.stdout
