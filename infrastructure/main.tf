# The dashboard on AWS. State is kept beside these files until a backend.tf names another place: README.md.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = var.aws_region

  default_tags {
    tags = { application = "revops" }
  }
}

locals {
  stage_name     = "prod"
  package_folder = startswith(var.package_folder, "/") ? var.package_folder : "${path.module}/${var.package_folder}"
  page_folder    = startswith(var.page_folder, "/") ? var.page_folder : "${path.module}/${var.page_folder}"

  dashboard_url    = "https://${aws_cloudfront_distribution.page.domain_name}"
  allowed_origins  = concat([local.dashboard_url], var.page_origins)
  has_login        = var.auth == "cognito"
  is_rest          = var.api_kind == "rest"
  function_names   = { for function in keys(local.api_functions) : function => "${var.name_prefix}-${replace(function, "_", "-")}" }
  processor_name   = "${var.name_prefix}-snowflake-data-processor"
  processor_folder = "snowflake_to_s3_processor"

  # Lambda's own system has no zone files, and certificates in one file alone: the functions bring theirs, unless the
  # layer has newer ones.
  system_folder = var.layer_arn == "" ? "/var/task" : "/opt"
  system_environment = {
    TZDIR        = "${local.system_folder}/zoneinfo"
    SSL_CERT_DIR = "${local.system_folder}/certs"
  }

  store_environment = {
    REVOPS_STORE_URL     = "s3://${aws_s3_bucket.data.bucket}"
    REVOPS_ZONE          = var.report_zone
    REVOPS_CURRENCY      = var.report_currency
    REVOPS_LOCALE        = var.report_locale
    REVOPS_SCHEDULE      = "${var.refresh_minute_utc} ${var.refresh_hour_utc} * * *"
    REVOPS_SCHEDULE_ZONE = "UTC"
  }

  snowflake_environment = {
    SNOWFLAKE_URL          = var.snowflake_url
    SNOWFLAKE_USER         = var.snowflake_user
    SNOWFLAKE_DATABASE     = var.snowflake_database
    SNOWFLAKE_SCHEMA       = var.snowflake_schema
    SNOWFLAKE_WAREHOUSE    = var.snowflake_warehouse
    SNOWFLAKE_ROLE         = var.snowflake_role
    SNOWFLAKE_ACCOUNT_NAME = var.snowflake_account_name
    SNOWFLAKE_SECRET_ARN   = join("", aws_secretsmanager_secret.snowflake[*].arn)

    SNOWFLAKE_WORKLOAD_IDENTITY = var.snowflake_workload_identity ? "true" : ""
  }

  # The action knows no resources: what a token may be asked for is all in its conditions.
  identity_token_conditions = {
    "sts:IdentityTokenAudience" = { test = "ForAllValues:StringEquals", value = "snowflakecomputing.com" }
    "sts:SigningAlgorithm"      = { test = "StringEquals", value = "ES384" }
    "sts:DurationSeconds"       = { test = "NumericLessThanEquals", value = "300" }
  }

  # API Gateway passes compressed answers on only where it is told that everything may be binary.
  gateway_environment = {
    REVOPS_CORS_ORIGINS    = join(",", local.allowed_origins)
    REVOPS_REST_API_BINARY = tostring(local.is_rest)
  }
}
