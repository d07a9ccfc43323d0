"""A strict, hostile simulator of S3's REST API, for tests. See ../README.md."""
