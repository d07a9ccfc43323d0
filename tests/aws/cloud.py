"""The whole deployment in one process tree: the five functions under their Runtime APIs, with S3, Snowflake, Secrets
Manager and Lambda's Invoke simulated, and a gateway before them that turns HTTP into a REST API's events.

    cloud.py

The first line of output says where it listens. `/api/…` there is what browsers ask; `POST /night` is the schedule's
event; `POST /sale` adds the row in its JSON body, in the table's order, to Snowflake. It ends with its standard input.
"""

from __future__ import annotations

import base64
import json
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "snowflake"))

from lambda_peer import Function, Handler, Services, find_function
from s3_peer import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Simulator

import snowflake_peer

PROCESSOR = "sage-snowflake-data-processor"
ROUTES = {
    "/api/pipeline/by-region": "get_pipeline_by_region",
    "/api/pipeline/by-product": "get_pipeline_by_product",
    "/api/sales/last-month": "get_last_month_sales",
}
SAMPLE = [
    ["Sage Intacct", "North", "150000", "Negotiation", "Acme Corp", 15, "Closed"],
    ["Sage Intacct", "North", "75000", "Proposal", "TechStart", 20, "Open"],
    ["Sage Payroll", "South", "45000", "Qualification", "MidCorp", 10, "Open"],
    ["Sage HR", "East", "30000", "Negotiation", "SmallBiz", 5, "Closed"],
    ["Sage 50", "West", "22000", "Prospecting", "Startup", 8, "Closed"],
    ["Sage Intacct", "North", "95000", "Negotiation", "BigEnterprise", 3, "Closed"],
    ["Sage Payroll", "South", "42000", "Proposal", "RetailCo", 2, "Open"],
    ["Sage HR", "West", "31000", "Qualification", "ServiceInc", 4, "Closed"],
]


def sample_rows() -> list[list[str]]:
    today = datetime.now(UTC).date()
    return [
        [str(number), *sale[:5], (today - timedelta(days=int(sale[5]))).isoformat(), str(sale[6])]
        for number, sale in enumerate(SAMPLE, 1)
    ]


class Container:
    """A function that is called by one at a time, as one container of Lambda is."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.function, self.busy = Function(find_function(name), environment), threading.Lock()

    def __call__(self, event: Any) -> Any:
        with self.busy:
            return self.function.invoke(event)


class Cloud(Services):
    """Services, whose Invoke runs the processor; and the gateway on the same port."""

    def __init__(self) -> None:
        super().__init__()
        self.s3, self.snowflake = Simulator.start(), snowflake_peer.Simulator.start()
        self.snowflake.reset()
        self.secret = self.snowflake.key.private_pem.decode()
        self.snowflake.control("rows", {"rows": sample_rows(), "mode": "replace"})
        environment = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_ENDPOINT_URL_S3": self.s3.endpoint,
            "AWS_ENDPOINT_URL": f"http://{self.address}",
            "REVOPS_STORE_URL": f"s3://{BUCKET}",
            "REVOPS_PROCESSOR_FUNCTION": PROCESSOR,
            "SSL_CERT_FILE": self.snowflake.ca_file,
            "SNOWFLAKE_URL": f"https://localhost:{self.snowflake.port}",
            "SNOWFLAKE_ACCOUNT_NAME": "TESTORG-TESTACCOUNT",
            "SNOWFLAKE_USER": "REVOPS",
            "SNOWFLAKE_DATABASE": "REVOPS",
            "SNOWFLAKE_WAREHOUSE": "REVOPS_WH",
            "SNOWFLAKE_ROLE": "REVOPS_READER",
            "SNOWFLAKE_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:revops-AbCdEf",
        }
        names = [*ROUTES.values(), "revops_api", "snowflake_to_s3_processor"]
        self.functions = {name: Container(name, environment) for name in names}

    def process(self, event: Any) -> Any:
        return self.functions["snowflake_to_s3_processor"](event)

    def on_request(self, request: Handler, method: str, body: bytes) -> None:
        address = urlsplit(request.path)
        if address.path.startswith("/api/"):
            return self.through_the_gateway(request, method, body)
        if address.path == "/night":
            event = {"source": "aws.scheduler", "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
            return request.answer(200, json.dumps(self.process(event)).encode())
        if address.path == "/sale":
            self.snowflake.control("rows", {"rows": [json.loads(body)], "mode": "append"})
            return request.answer(200)
        known = len(self.invocations)
        super().on_request(request, method, body)
        for _, event in self.invocations[known:]:
            threading.Thread(target=self.process, args=(event,), daemon=True).start()
        return None

    def through_the_gateway(self, request: Handler, method: str, body: bytes) -> None:
        address = urlsplit(request.path)
        parameters: dict[str, list[str]] = {}
        for name, value in parse_qsl(address.query, keep_blank_values=True):
            parameters.setdefault(name, []).append(value)
        headers = {name: [value] for name, value in request.headers.items()}
        event = {
            "resource": "/api/{proxy+}",
            "path": address.path,
            "httpMethod": method,
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
            "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
            "multiValueQueryStringParameters": parameters or None,
            "requestContext": {"stage": "prod", "path": "/prod" + address.path, "httpMethod": method},
            "body": body.decode() or None,
            "isBase64Encoded": False,
        }
        answer = self.functions[ROUTES.get(address.path, "revops_api")](event)
        content = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        given = dict(answer.get("headers") or {})
        given |= {name: ", ".join(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
        given = {name: value for name, value in given.items() if name.lower() != "content-length"}
        return request.answer(answer["statusCode"], content, given)

    def close(self) -> None:
        for called in self.functions.values():
            called.function.close()
        super().close()
        self.snowflake.stop()
        self.s3.stop()


def main() -> None:
    # The end of the input ends it, so that the functions end too.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    cloud = Cloud()
    print(f"Listening on http://{cloud.address}", flush=True)
    sys.stdin.read()
    cloud.close()


if __name__ == "__main__":
    main()
