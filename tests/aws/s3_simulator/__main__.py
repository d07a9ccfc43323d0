"""`python -m s3_simulator`: one JSON line when ready, over when stdin is closed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from simulation.program import make_parser, serve
from simulation.tls import make_server_context

from .control import Control
from .server import Server
from .settings import Settings

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")


def _names() -> list[str]:
    names = [f"{Settings().bucket}.localhost", "s3.amazonaws.com", "*.s3.amazonaws.com"]
    return names + [f"{prefix}s3.{region}.amazonaws.com" for region in REGIONS for prefix in ("", "*.")]


def main() -> None:
    parser = make_parser("s3_simulator", "A strict, hostile simulator of S3's REST API.")
    parser.add_argument("--tls", action="store_true", help="the API over TLS, trusted by ca_file")
    parser.add_argument("--tls-name", action="append", default=[], help="one more name for the certificate")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="s3-simulator-") as folder:
        context = ca_file = None
        if arguments.tls:
            names = [*_names(), *arguments.tls_name]
            context, ca_file = make_server_context(Path(folder), "S3 simulator CA", names)
        serve(Control(Server(context, arguments.port)), arguments.control_port, ca_file)
    os._exit(0)  # answers that hang may still be under way


if __name__ == "__main__":
    main()
