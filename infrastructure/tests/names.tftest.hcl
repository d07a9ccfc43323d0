# What people know by name stays as it was, and what is made has the shape that it should have.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  snowflake_url         = "abc123.us-east-1"
  snowflake_password    = ""
  snowflake_user        = "REVOPS"
  snowflake_database    = "SAGE_REVOPS"
  snowflake_schema      = "RAW"
  snowflake_warehouse   = "COMPUTE_WH"
  auth                  = "none"
  i_accept_a_public_api = true
  package_folder        = "tests/package"
  page_folder           = "tests/page"
}

run "functions" {
  assert {
    condition     = aws_lambda_function.processor.function_name == "sage-snowflake-data-processor"
    error_message = "The processor has another name."
  }

  assert {
    condition = toset([for function in aws_lambda_function.api : function.function_name]) == toset([
      "sage-get-pipeline-by-region", "sage-get-pipeline-by-product", "sage-get-last-month-sales", "sage-revops-api",
    ])
    error_message = "The API's functions have other names."
  }

  assert {
    condition = alltrue([for function in concat(values(aws_lambda_function.api), [aws_lambda_function.processor]) :
      function.runtime == "provided.al2023" && function.handler == "bootstrap" && function.architectures == tolist(["x86_64"])
      && function.source_code_hash != null && length(function.layers) == 0
    ])
    error_message = "A function is not a bootstrap on provided.al2023, or a change of its zip is not seen."
  }

  assert {
    condition     = aws_lambda_function.api["get_last_month_sales"].reserved_concurrent_executions == 2 && aws_lambda_function.processor.reserved_concurrent_executions == 1
    error_message = "The live function runs more than twice at once, or the processor more than once."
  }
}

run "environment" {
  assert {
    condition = alltrue([for function in concat(values(aws_lambda_function.api), [aws_lambda_function.processor]) :
      function.environment[0].variables["TZDIR"] == "/var/task/zoneinfo" && function.environment[0].variables["SSL_CERT_DIR"] == "/var/task/certs"
    ])
    error_message = "A function does not find its own zones, or looks for certificates that are not there."
  }

  assert {
    condition     = aws_lambda_function.processor.environment[0].variables["REVOPS_STORE_URL"] == "s3://${output.s3_bucket}"
    error_message = "The processor has another store than the output says."
  }

  assert {
    condition = alltrue([for variables in [aws_lambda_function.processor.environment[0].variables, aws_lambda_function.api["get_last_month_sales"].environment[0].variables] :
      variables["SNOWFLAKE_URL"] == "abc123.us-east-1" && variables["SNOWFLAKE_SCHEMA"] == "RAW" && variables["SNOWFLAKE_SECRET_ARN"] == aws_secretsmanager_secret.snowflake[0].arn
    ])
    error_message = "A function that asks Snowflake does not know how."
  }

  assert {
    condition = alltrue([for function in ["get_pipeline_by_region", "get_pipeline_by_product", "revops_api"] :
      !anytrue([for name in keys(aws_lambda_function.api[function].environment[0].variables) : startswith(name, "SNOWFLAKE")])
    ])
    error_message = "A function that does not ask Snowflake knows how."
  }

  assert {
    condition     = aws_lambda_function.api["revops_api"].environment[0].variables["REVOPS_CORS_ORIGINS"] == "${output.dashboard_url},http://localhost:5173"
    error_message = "The page's origins are not let in."
  }

  assert {
    condition     = aws_lambda_function.api["revops_api"].environment[0].variables["REVOPS_PROCESSOR_FUNCTION"] == aws_lambda_function.processor.arn
    error_message = "revops_api cannot start a refresh."
  }
}

run "schedule" {
  assert {
    condition     = aws_scheduler_schedule.nightly.schedule_expression == "cron(0 2 * * ? *)" && aws_scheduler_schedule.nightly.schedule_expression_timezone == "UTC"
    error_message = "The nightly run is not at 02:00 UTC."
  }

  assert {
    condition     = strcontains(aws_scheduler_schedule.nightly.target[0].input, "<aws.scheduler.scheduled-time>") && jsondecode(aws_scheduler_schedule.nightly.target[0].input).source == "aws.scheduler"
    error_message = "The processor is not told which scheduled time it serves."
  }

  assert {
    condition     = aws_scheduler_schedule.nightly.target[0].dead_letter_config[0].arn == aws_sqs_queue.failed_run.arn
    error_message = "A start that fails is lost."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.run_missing.period * aws_cloudwatch_metric_alarm.run_missing.evaluation_periods == 26 * 3600 && aws_cloudwatch_metric_alarm.run_missing.treat_missing_data == "breaching"
    error_message = "A run that is missing for 26 hours is no alarm."
  }
}

run "another_hour" {
  variables {
    refresh_hour_utc   = 4
    refresh_minute_utc = 30
    name_prefix        = "staging"
  }

  assert {
    condition     = aws_scheduler_schedule.nightly.schedule_expression == "cron(30 4 * * ? *)" && aws_lambda_function.api["revops_api"].environment[0].variables["REVOPS_SCHEDULE"] == "30 4 * * *"
    error_message = "The schedule and what the page says of it differ."
  }

  assert {
    condition     = aws_lambda_function.processor.function_name == "staging-snowflake-data-processor"
    error_message = "A second deployment would collide with the first."
  }
}

run "a_token_is_written_without_being_kept" {
  variables {
    snowflake_password         = "canary-4711"
    snowflake_password_version = 1
  }

  assert {
    condition     = length(aws_secretsmanager_secret_version.snowflake) == 1 && aws_secretsmanager_secret_version.snowflake[0].secret_string_wo_version == 1
    error_message = "The token is not written."
  }
}

run "no_secret_with_a_workload_identity" {
  variables {
    snowflake_workload_identity = true
  }

  assert {
    condition     = length(aws_secretsmanager_secret.snowflake) == 0 && output.next_1_put_key == null
    error_message = "There is a secret that nobody needs."
  }

  assert {
    condition = alltrue([for function in [aws_lambda_function.processor, aws_lambda_function.api["get_last_month_sales"]] :
      function.environment[0].variables["SNOWFLAKE_WORKLOAD_IDENTITY"] == "true" && !contains(keys(function.environment[0].variables), "SNOWFLAKE_SECRET_ARN")
    ])
    error_message = "A function looks for a secret, or does not know that it signs in as its role."
  }

  assert {
    condition = alltrue([for policy in [data.aws_iam_policy_document.processor, data.aws_iam_policy_document.function["get_last_month_sales"]] :
      [for statement in policy.statement : { for condition in statement.condition : condition.variable => { (condition.test) = tolist(condition.values) } } if statement.sid == "ProveItselfToSnowflake"] == [{
        "sts:IdentityTokenAudience" = { "ForAllValues:StringEquals" = tolist(["snowflakecomputing.com"]) }
        "sts:SigningAlgorithm"      = { "StringEquals" = tolist(["ES384"]) }
        "sts:DurationSeconds"       = { "NumericLessThanEquals" = tolist(["300"]) }
      }]
    ])
    error_message = "A role may ask for tokens for others, of another kind, or that last longer."
  }

  assert {
    condition     = alltrue([for function, policy in data.aws_iam_policy_document.function : function == "get_last_month_sales" || !contains(policy.statement[*].sid, "ProveItselfToSnowflake")])
    error_message = "A function that does not ask Snowflake may prove itself to it."
  }

  assert {
    condition     = toset(keys(output.snowflake_role_arns)) == toset(["get_last_month_sales", "snowflake_to_s3_processor"])
    error_message = "The output names other roles than those that ask Snowflake."
  }
}

run "a_layer_is_optional" {
  variables {
    layer_arn = "arn:aws:lambda:us-east-1:123456789012:layer:snowflake-connector:1"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.api : function.layers == tolist([var.layer_arn])])
    error_message = "The layer is not used."
  }

  assert {
    condition = alltrue([for function in concat(values(aws_lambda_function.api), [aws_lambda_function.processor]) :
      function.environment[0].variables["TZDIR"] == "/opt/zoneinfo" && function.environment[0].variables["SSL_CERT_DIR"] == "/opt/certs"
    ])
    error_message = "The layer's zones or certificates are not looked at."
  }
}
