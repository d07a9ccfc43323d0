# What is refused before anything is made.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  snowflake_url       = "abc123.us-east-1"
  snowflake_user      = "REVOPS"
  snowflake_database  = "SAGE_REVOPS"
  snowflake_warehouse = "COMPUTE_WH"
  auth                = "cognito"
  admin_email         = "admin@example.com"
  package_folder      = "tests/package"
  page_folder         = "tests/page"
}

run "an_open_api_by_accident" {
  command = plan

  variables {
    auth = "none"
  }

  expect_failures = [var.auth]
}

run "another_kind_of_login" {
  command = plan

  variables {
    auth = "basic"
  }

  expect_failures = [var.auth]
}

run "a_login_without_users" {
  command = plan

  variables {
    admin_email = ""
  }

  expect_failures = [var.admin_email]
}

run "a_token_that_would_not_be_written" {
  command = plan

  variables {
    snowflake_password = "canary-4711"
  }

  expect_failures = [var.snowflake_password]
}

run "an_account_that_is_none" {
  command = plan

  variables {
    snowflake_url = "http://abc123 .snowflakecomputing.com/console"
  }

  expect_failures = [var.snowflake_url]
}

run "nothing_to_ask" {
  command = plan

  variables {
    snowflake_user      = ""
    snowflake_database  = ""
    snowflake_schema    = ""
    snowflake_warehouse = ""
  }

  expect_failures = [var.snowflake_user, var.snowflake_database, var.snowflake_schema, var.snowflake_warehouse]
}

run "every_origin" {
  command = plan

  variables {
    page_origins = ["*"]
  }

  expect_failures = [var.page_origins]
}

run "units_and_ranges" {
  command = plan

  variables {
    refresh_hour_utc           = 24
    refresh_minute_utc         = 1.5
    log_retention_days         = 31
    latency_alarm_ms           = 0
    api_requests_per_second    = 0
    live_requests_per_second   = 1000
    snowflake_password_version = -1
  }

  expect_failures = [
    var.refresh_hour_utc, var.refresh_minute_utc, var.log_retention_days, var.latency_alarm_ms,
    var.api_requests_per_second, var.live_requests_per_second, var.snowflake_password_version,
  ]
}

run "names_of_other_things" {
  command = plan

  variables {
    aws_region             = "virginia"
    name_prefix            = "AWS"
    api_kind               = "graphql"
    report_zone            = "UTC; DROP"
    report_currency        = "pounds"
    report_locale          = "english"
    alarm_email            = "nobody"
    layer_arn              = "snowflake-connector"
    snowflake_role         = "a role"
    snowflake_account_name = "a.b"
  }

  expect_failures = [
    var.aws_region, var.name_prefix, var.api_kind, var.report_zone, var.report_currency, var.report_locale,
    var.alarm_email, var.layer_arn, var.snowflake_role, var.snowflake_account_name,
  ]
}

run "functions_that_are_not_built" {
  command = plan

  variables {
    package_folder = "tests/absent"
  }

  expect_failures = [aws_lambda_function.processor]
}

run "a_page_that_is_not_built" {
  command = plan

  variables {
    page_folder = "tests/absent"
  }

  expect_failures = [aws_s3_object.entry]
}
