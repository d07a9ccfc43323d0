"""A simulator as a command: one JSON line when ready, over when stdin is closed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .control import Control, serve_control


def make_parser(name: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name, description=description)
    parser.add_argument("--port", type=int, default=0, help="of the API; 0: the system chooses")
    parser.add_argument("--control-port", type=int, default=0, help="of the control plane, plain HTTP")
    return parser


def serve(control: Control, control_port: int, ca_file: Path | None) -> None:
    """Until stdin is closed; threads of abandoned clients may still run then."""
    plain = serve_control(control, control_port)
    ready = {"port": control.server.port, "control_port": plain.server_port}
    print(json.dumps(ready | ({"ca_file": str(ca_file)} if ca_file else {})), flush=True)
    while sys.stdin.buffer.read(65536):
        pass
    control.server.close()
    sys.stdout.flush()
