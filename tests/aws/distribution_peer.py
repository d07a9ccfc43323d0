"""CloudFront as far as a browser sees it: a distribution's own configuration says which origin answers, and how."""

from __future__ import annotations

import fnmatch
import re
from typing import Any
from urllib.parse import urlsplit

import httpx
from botocore.exceptions import ClientError
from lambda_peer import Handler, Peer

# What each connection says for itself.
OF_THE_CONNECTION = {"connection", "content-length", "date", "host", "server", "transfer-encoding"}


def emulated(gateway: str, url: str) -> str:
    """Where the emulator answers for an API's own address, with a stage or without; it calls itself http, not https."""
    api = re.match(r"(?:https?://)+(\w+)\.execute-api\.(?:us-east-1\.amazonaws\.com|127\.0\.0\.1:\d+)(/prod)?$", url)
    assert api is not None, url
    if api[2]:
        return f"{gateway}/restapis/{api[1]}{api[2]}/_user_request_"
    return f"{gateway}/_aws/execute-api/{api[1]}/$default"


def without_connection(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in OF_THE_CONNECTION}


class Distribution(Peer):
    """Serves what the emulator was told to serve; API Gateway's host names are answered by `gateway`."""

    def __init__(self, cloudfront: Any, s3: Any, gateway: str, client: httpx.Client) -> None:
        [found] = cloudfront.list_distributions()["DistributionList"]["Items"]
        self.config = cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"]
        self.origins = {origin["Id"]: origin for origin in self.config["Origins"]["Items"]}
        policy = self.config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
        self.policy = cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]
        self.s3, self.gateway, self.client = s3, gateway, client
        self.asked: list[tuple[str, int]] = []
        super().__init__()

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        address = urlsplit(request.path)
        behaviours = self.config["CacheBehaviors"]["Items"]
        behaviour = next(
            (each for each in behaviours if fnmatch.fnmatch(address.path, each["PathPattern"])),
            self.config["DefaultCacheBehavior"],
        )
        origin = self.origins[behaviour["TargetOriginId"]]
        if "CustomOriginConfig" in origin and origin["CustomOriginConfig"].get("HTTPSPort"):
            status, headers, content = self.by_gateway(origin, request, method, body)
        else:
            status, headers, content = self.by_bucket(origin, address.path)
        self.asked.append((address.path, status))
        request.answer(status, content, headers)

    def by_gateway(
        self, origin: dict[str, Any], request: Handler, method: str, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        url = emulated(self.gateway, f"https://{origin['DomainName']}{origin['OriginPath']}") + request.path
        with self.client.stream(method, url, content=body, headers=without_connection(request.headers)) as answer:
            # As it came: a compressed body is the browser's to open.
            content = b"".join(answer.iter_raw())
            return answer.status_code, without_connection(answer.headers), content

    def by_bucket(self, origin: dict[str, Any], path: str) -> tuple[int, dict[str, str], bytes]:
        bucket = origin["DomainName"].split(".")[0]
        key = path.removeprefix("/") or self.config["DefaultRootObject"]
        try:
            found = self.s3.get_object(Bucket=bucket, Key=key)
        except ClientError:
            return 403, {}, b""
        csp = self.policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
        headers = {
            "Content-Type": found["ContentType"],
            "Cache-Control": found["CacheControl"],
            "Content-Security-Policy": csp["ContentSecurityPolicy"],
        }
        return 200, headers, found["Body"].read()
