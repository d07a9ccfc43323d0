// The peer in Node: one object of S3 by the AWS SDK, served to Lambda's Runtime API as the managed runtime would.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
const s3 = new S3Client({ endpoint: process.env.AWS_ENDPOINT_URL_S3, forcePathStyle: true });

async function handle() {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: process.env.KEY }));
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: await Body.transformToString() };
}

for (;;) {
  const call = await fetch(`${runtime}next`);
  await call.json();
  const id = call.headers.get('lambda-runtime-aws-request-id');
  await fetch(`${runtime}${id}/response`, { method: 'POST', body: JSON.stringify(await handle()) });
}
