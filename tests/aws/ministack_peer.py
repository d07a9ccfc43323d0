"""MiniStack, an emulator of AWS that others wrote, as a process. AUTH=true: it verifies signatures and permissions."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

VARIABLE = "REVOPS_MINISTACK_PYTHON"  # the Python of an environment made from ministack.txt
PATIENCE = 60.0


@dataclass
class MiniStack:
    process: subprocess.Popen[str]
    port: int

    @classmethod
    def start(cls, python: str, folder: Path, **more: str) -> MiniStack:
        """Everything on loopback, nothing of our environment, files in `folder`."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        places = {"TMPDIR": folder / "tmp", "STATE_DIR": folder / "state", "S3_DATA_DIR": folder / "s3"}
        for place in places.values():
            place.mkdir()
        environment = {name: str(place) for name, place in places.items()} | {
            "PATH": os.environ["PATH"],
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "DOCKER_HOST": "unix:///nonexistent",
            **more,
        }
        process = subprocess.Popen(
            [python, "-m", "ministack"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        assert any(re.search("Running on https?://", line) for line in process.stdout), "MiniStack does not start"
        threading.Thread(target=process.stdout.read, daemon=True).start()
        return cls(process, port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",
            ),
        )
