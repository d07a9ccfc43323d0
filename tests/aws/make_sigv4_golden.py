"""Writes contracts/goldens/aws/sigv4.json: signed requests from AWS's documentation, AWS's test suite and botocore.

    python tests/aws/make_sigv4_golden.py [--seed N] [--suite FOLDER]

The suite (Apache-2.0) travels in a crate; without --suite its recorded cases stay as they are:

    curl -L https://static.crates.io/crates/scratchstack-aws-signature/scratchstack-aws-signature-0.11.4.crate | tar xz
    ls scratchstack-aws-signature-0.11.4/src/aws-sig-v4-test-suite

core/net/aws/sigv4_test.cc signs every case anew; test_sigv4_golden.py asks the installed botocore again.
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

GOLDEN = Path(__file__).resolve().parents[2] / "contracts/goldens/aws/sigv4.json"
RANDOM_CASES = 120
SUITE_KEYS = {"id": "AKIDEXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
PAGE_KEYS = {"id": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
LEFT_OUT = {
    "get-header-value-multiline",  # folded lines, which no client of HTTP/1.1 may send
    "post-sts-header-after",  # a token that is added after signing
    "post-x-www-form-urlencoded-parameters",  # the crate's own reading: the body counts as a query
}
Case = dict[str, object]


def signed_names(authorization: str) -> str:
    return authorization.split("SignedHeaders=")[1].split(",")[0]


def page_cases() -> list[Case]:
    """docs.aws.amazon.com: Signature Calculations for the Authorization Header, "Examples"."""
    date = ["Date", "Fri, 24 May 2013 00:00:00 GMT"]
    reduced = ["x-amz-storage-class", "REDUCED_REDUNDANCY"]
    own = "host;x-amz-content-sha256;x-amz-date"
    rows = [
        (
            "get-object",
            "GET",
            "/test.txt",
            [["Range", "bytes=0-9"]],
            "",
            "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "put-object",
            "PUT",
            "/test%24file.text",
            [date, reduced],
            "Welcome to Amazon S3.",
            "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "get-lifecycle",
            "GET",
            "/?lifecycle",
            [],
            "",
            own,
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "list-objects",
            "GET",
            "/?max-keys=2&prefix=J",
            [],
            "",
            own,
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ]
    scope = "20130524/us-east-1/s3/aws4_request"
    return [
        {
            "name": name,
            "source": "s3-page",
            "method": method,
            "origin": ["https", "examplebucket.s3.amazonaws.com", 443],
            "target": target,
            "headers": headers,
            "body": body,
            "keys": PAGE_KEYS,
            "region": "us-east-1",
            "service": "s3",
            "at": "2013-05-24T00:00:00Z",
            "authorization": f"AWS4-HMAC-SHA256 Credential={PAGE_KEYS['id']}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}",
        }
        for name, method, target, headers, body, signed, signature in rows
    ]


def suite_case(folder: Path) -> Case:
    name = folder.name
    head, _, body = (folder / f"{name}.req").read_text("utf-8").replace("\r\n", "\n").partition("\n\n")
    line, *fields = head.split("\n")
    method, _, target = line.removesuffix(" HTTP/1.1").partition(" ")
    headers = [list(field.split(":", 1)) for field in fields]
    token = [value for field, value in headers if field.lower() == "x-amz-security-token"]
    return {
        "name": name,
        "source": "suite",
        "method": method,
        "origin": ["https", "example.amazonaws.com", 443],
        "target": target,
        "headers": [[f, v] for f, v in headers if f.lower() not in ("host", "x-amz-date", "x-amz-security-token")],
        "body": body,
        "keys": SUITE_KEYS | ({"token": token[0]} if token else {}),
        "region": "us-east-1",
        "service": "service",
        "at": "2015-08-30T12:36:00Z",
        "authorization": (folder / f"{name}.authz").read_text("utf-8").strip(),
    }


def suite_cases(suite: Path | None) -> list[Case]:
    if suite is None:
        return [case for case in json.loads(GOLDEN.read_text("utf-8"))["cases"] if case["source"] == "suite"]
    folders = sorted(file.parent for file in suite.rglob("*.req"))
    return [suite_case(folder) for folder in folders if folder.name not in LEFT_OUT]


def random_text(rng: random.Random, longest: int, marks: str) -> str:
    letters = "abcXYZ019-._~" + marks
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, longest)))


def random_target(rng: random.Random) -> str:
    """Encoded once, as a client sends it; paths with empty and dotted segments now and then."""
    segments = [
        rng.choice(["", ".", "..", "é/%"]) if rng.random() < 0.15 else random_text(rng, 8, " $&'()+,:;=@!*%/é€")
        for _ in range(rng.randint(0, 5))
    ]
    path = "/" + "/".join(quote(segment, safe="-._~") for segment in segments)
    query = "&".join(
        quote(random_text(rng, 6, " /+?=&%é") or "n", safe="-._~")
        + "="
        + quote(random_text(rng, 10, " /+?=&%é"), safe="-._~")
        for _ in range(rng.randint(0, 5))
    )
    return path + ("?" + query if query else "")


def random_case(rng: random.Random, number: int) -> Case:
    scheme = rng.choice(["https", "http"])
    port = rng.choice([443 if scheme == "https" else 80, 4566, 9000, 80 if scheme == "https" else 443])
    names = ["X-Amz-Meta-B", "x-amz-meta-a", "X-AMZ-TARGET", "x-amz-storage-class"]
    headers = [[name, random_text(rng, 20, '  ,;"/=')] for name in rng.sample(names, rng.randint(0, 4))]
    if rng.random() < 0.5:
        headers.append(["Content-Type", rng.choice(["application/json", "text/plain;  charset=utf-8"])])
    keys = {"id": f"AKIA{rng.randrange(10**12):012}", "secret": random_text(rng, 40, "/+") or "s"}
    if rng.random() < 0.5:
        keys["token"] = random_text(rng, 200, "/+=") or "t"
    instant = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(20 * 365 * 86400))
    return {
        "name": f"random-{number}",
        "source": "botocore",
        "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
        "origin": [scheme, rng.choice(["bucket.s3.eu-west-1.amazonaws.com", "127.0.0.1", "localhost"]), port],
        "target": random_target(rng),
        "headers": headers,
        "body": random_text(rng, 60, '{}":, é') if rng.random() < 0.6 else "",
        "keys": keys,
        "region": rng.choice(["us-east-1", "eu-central-1", "us-gov-west-1"]),
        "service": rng.choice(["s3", "s3", "secretsmanager", "sts", "bedrock"]),
        "at": instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def sign(case: Case) -> str:
    """What botocore puts into the Authorization field."""
    scheme, host, port = case["origin"]
    usual = 443 if scheme == "https" else 80
    url = f"{scheme}://{host}{'' if port == usual else f':{port}'}{case['target']}"
    request = AWSRequest(case["method"], url, headers=dict(case["headers"]), data=case["body"].encode())
    keys = Credentials(case["keys"]["id"], case["keys"]["secret"], case["keys"].get("token"))
    signer = S3SigV4Auth if case["service"] == "s3" else SigV4Auth
    now = datetime.fromisoformat(case["at"])
    with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: now, create=True):
        signer(keys, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


def random_cases(seed: int) -> list[Case]:
    rng = random.Random(seed)
    cases = [random_case(rng, number) for number in range(RANDOM_CASES)]
    return [case | {"authorization": sign(case)} for case in cases]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", type=Path)
    parser.add_argument("--seed", type=int, default=20261127)
    arguments = parser.parse_args()
    cases = [*page_cases(), *suite_cases(arguments.suite), *random_cases(arguments.seed)]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(f'{{"seed": {arguments.seed}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"seed {arguments.seed}: {len(cases)} cases in {GOLDEN}")


if __name__ == "__main__":
    main()
