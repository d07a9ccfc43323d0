"""A new Debian 12 root without anything, in which the steps of a Dockerfile run: a container without Docker."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
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
# $1 root, $2 folder, $3 a line of sh, then variables.
MOUNTS = ['mount -t proc proc "$1/proc"', 'mount --rbind /dev "$1/dev"']
INSIDE = 'exec chroot "$1" /usr/bin/env -i "${@:4}" /bin/sh -ec \'cd "$0" && eval "$1"\' "$2" "$3"'

INSTRUCTIONS = "FROM WORKDIR COPY RUN ENV USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD".split()


def parse(dockerfile: str) -> list[tuple[str, str]]:
    """Instruction and argument, line for line; ValueError for what is none of those that are understood."""
    steps = []
    for line in dockerfile.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, argument = line.partition(" ")
        if name not in INSTRUCTIONS or line.endswith("\\"):
            raise ValueError(f"not understood: {line}")
        steps.append((name, argument))
    return steps


def stages(steps: list[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """The steps after each FROM, by the name that it gives; the last one, which has none, by ""."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, argument in steps:
        if name == "FROM":
            base, _, called = argument.partition(" AS ")
            current = found.setdefault(called, [])
            argument = base
        current.append((name, argument))
    return found


@dataclass
class Container:
    """A root and what a Dockerfile has said about it."""

    root: Path
    folder: str = "/"
    user: str = "root"
    environment: dict[str, str] = field(default_factory=dict)
    # Written to while the rest is not, as a volume is.
    volumes: list[str] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def apply(self, steps: list[tuple[str, str]], sources: Path, others: dict[str, Path] | None = None) -> None:
        """All steps in their order; `others` are the roots of earlier stages. An AssertionError with what it said
        where one fails."""
        for name, argument in steps:
            if name == "FROM":
                assert re.fullmatch(r"debian:12(-slim)?", argument), f"this machine cannot have {argument}"
                self.debootstrap()
            elif name == "WORKDIR":
                self.folder = argument
                self.path(argument).mkdir(parents=True, exist_ok=True)
            elif name == "COPY" and argument == ". .":
                self.copy(sources)
            elif name == "COPY":
                self.copy_one(argument, sources, others or {})
            elif name == "RUN":
                self.run(argument)
            else:
                self.note(name, argument)

    def note(self, name: str, argument: str) -> None:
        """What only says how it is to be run."""
        if name == "ENV":
            variable, _, value = argument.partition("=")
            self.environment[variable] = value
        elif name == "USER":
            self.user = argument
        elif name == "VOLUME":
            self.volumes = json.loads(argument)
        elif name == "ENTRYPOINT":
            self.entry = json.loads(argument)
        elif name == "CMD":
            self.arguments = json.loads(argument)
        elif name == "HEALTHCHECK":
            self.health = json.loads(argument.partition("CMD ")[2])
        else:
            assert name == "EXPOSE", name

    def copy_one(self, argument: str, sources: Path, others: dict[str, Path]) -> None:
        """COPY [--from=STAGE] SOURCE TARGET, of one file, or of a folder's content, as root's."""
        *options, source, target = argument.split()
        start = others[options[0].removeprefix("--from=")] if options else sources
        found = start / source.lstrip("/")
        self.path(target).parent.mkdir(parents=True, exist_ok=True)
        said("cp", "-R", "--preserve=mode,links", "-T", str(found), str(self.path(target)))

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

    def started(self, arguments: list[str], variables: dict[str, str] | None = None) -> list[str]:
        """What `docker run --read-only --cap-drop ALL --security-opt no-new-privileges` starts, with its arguments or
        those of CMD. Volumes keep what is written."""
        return self.confined([*self.entry, *(arguments or self.arguments)], variables)

    def confined(self, command: list[str], variables: dict[str, str] | None = None) -> list[str]:
        """A command inside, as the user and with the rights of what `started` starts."""
        rights = f"setpriv --reuid {self.user} --regid {self.user} --clear-groups --bounding-set=-all --inh-caps=-all"
        both = self.environment | (variables or {})
        handed = " ".join(shlex.quote(f"{name}={value}") for name, value in both.items())
        line = f"exec env -i PATH=$PATH HOME=/ {handed} {rights} --no-new-privs {shlex.join(command)}"
        volumes = [f'mount --bind "$1{name}" "$1{name}"' for name in self.volumes]
        return self.words(line, ['mount --bind "$1" "$1"', *MOUNTS, *volumes, 'mount -o remount,bind,ro "$1"'])

    def words(self, command: str, mounts: list[str] = MOUNTS) -> list[str]:
        """What starts a line of sh inside; it ends with all that it has started when it is killed."""
        handed = [f"{name}={value}" for name, value in os.environ.items() if NETWORK_VARIABLES.match(name)]
        handed += [f"{name}={BUNDLE}" for name in BUNDLE_VARIABLES if name in os.environ]
        variables = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", *handed]
        script = "\n".join(["set -e", *mounts, INSIDE])
        inside = ["bash", "-c", script, "inside", str(self.root), self.folder, command, *variables]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", *inside]


def minimal_system(release: str, root: Path, *packages: str) -> None:
    wanted = [f"--include={','.join(packages)}"] if packages else []
    said("debootstrap", "--variant=minbase", *wanted, release, str(root), mirror())


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
