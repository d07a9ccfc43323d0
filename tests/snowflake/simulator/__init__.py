"""A strict simulator of Snowflake's SQL API v2, for tests. See README.md."""
