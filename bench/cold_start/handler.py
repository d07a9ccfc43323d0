"""The peer in Python: one object of S3 by boto3, served to Lambda's Runtime API as the managed runtime would."""

import json
import os
import urllib.request

import boto3

RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/"
S3 = boto3.client("s3")


def handle(event: dict) -> dict:
    answer = S3.get_object(Bucket=os.environ["BUCKET"], Key=os.environ["KEY"])["Body"].read().decode()
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": answer}


while True:
    with urllib.request.urlopen(RUNTIME + "next") as call:
        event, identity = json.load(call), call.headers["Lambda-Runtime-Aws-Request-Id"]
    body = json.dumps(handle(event)).encode()
    urllib.request.urlopen(f"{RUNTIME}{identity}/response", body).close()
