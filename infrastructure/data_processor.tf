# The nightly job: Snowflake to S3, daily, one run at a time.

resource "aws_cloudwatch_log_group" "processor" {
  name              = "/aws/lambda/${local.processor_name}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "processor" {
  function_name                  = local.processor_name
  description                    = "RevOps dashboard: lambdas/${local.processor_folder}"
  role                           = aws_iam_role.processor.arn
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = ["x86_64"]
  filename                       = local.packages[local.processor_folder]
  source_code_hash               = fileexists(local.packages[local.processor_folder]) ? filebase64sha256(local.packages[local.processor_folder]) : null
  memory_size                    = 1769
  timeout                        = 900
  reserved_concurrent_executions = var.reserve_concurrency ? 1 : -1
  layers                         = var.layer_arn == "" ? [] : [var.layer_arn]

  environment {
    variables = { for name, value in merge(local.system_environment, local.store_environment, local.snowflake_environment) : name => value if value != "" }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.processor.name
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages[local.processor_folder])
      error_message = "There is no ${local.packages[local.processor_folder]}: run ./dev package first."
    }
  }

  depends_on = [aws_iam_role_policy.processor]
}

# A call that waits its turn behind a running one is dropped when that could have ended.
resource "aws_lambda_function_event_invoke_config" "processor" {
  function_name                = aws_lambda_function.processor.function_name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 900

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_run.arn
    }
  }
}

resource "aws_iam_role" "processor" {
  name               = local.processor_name
  description        = "What lambdas/${local.processor_folder} may do"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_lambda.json
}

data "aws_iam_policy_document" "processor" {
  statement {
    sid       = "WriteItsLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.processor.arn}:*"]
  }

  statement {
    sid       = "KeepSnapshots"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.data.arn}/revops/*", "${aws_s3_bucket.data.arn}/pipeline/*"]
  }

  statement {
    sid       = "ListSnapshots"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = ["revops/*", "pipeline/*"]
    }
  }

  dynamic "statement" {
    for_each = aws_secretsmanager_secret.snowflake

    content {
      sid       = "ReadSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = var.snowflake_workload_identity ? ["ProveItselfToSnowflake"] : []

    content {
      sid       = statement.value
      actions   = ["sts:GetWebIdentityToken"]
      resources = ["*"]

      dynamic "condition" {
        for_each = local.identity_token_conditions

        content {
          test     = condition.value.test
          variable = condition.key
          values   = [condition.value.value]
        }
      }
    }
  }

  statement {
    sid       = "ReportFailedRun"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed_run.arn]
  }
}

resource "aws_iam_role_policy" "processor" {
  name   = "function"
  role   = aws_iam_role.processor.id
  policy = data.aws_iam_policy_document.processor.json
}

resource "aws_sqs_queue" "failed_run" {
  name                      = "${local.processor_name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

# The value is put by hand, or written from snowflake_password without being kept. Gone at once when destroyed, so that
# the name is free again.
resource "aws_secretsmanager_secret" "snowflake" {
  count = var.snowflake_workload_identity ? 0 : 1

  name                    = "${var.name_prefix}-revops/snowflake"
  description             = "Private key (PEM) or access token of the Snowflake user"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "snowflake" {
  count = var.snowflake_password_version > 0 ? 1 : 0

  secret_id                = aws_secretsmanager_secret.snowflake[0].id
  secret_string_wo         = var.snowflake_password
  secret_string_wo_version = var.snowflake_password_version
}

resource "aws_scheduler_schedule_group" "this" {
  name = "${var.name_prefix}-revops"
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "${local.processor_name}-nightly"
  description                  = "Snowflake to S3"
  group_name                   = aws_scheduler_schedule_group.this.name
  schedule_expression          = "cron(${var.refresh_minute_utc} ${var.refresh_hour_utc} * * ? *)"
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.processor.arn
    role_arn = aws_iam_role.scheduler.arn
    # Not jsonencode: it would write the angle brackets in another way than EventBridge looks for.
    input = "{\"source\":\"aws.scheduler\",\"time\":\"<aws.scheduler.scheduled-time>\"}"

    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.failed_run.arn
    }
  }
}

data "aws_iam_policy_document" "assumed_by_scheduler" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_scheduler_schedule_group.this.arn]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name               = "${var.name_prefix}-revops-scheduler"
  description        = "Starts the nightly job"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_scheduler.json
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    sid       = "StartProcessor"
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.processor.arn]
  }

  statement {
    sid       = "ReportFailedStart"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failed_run.arn]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "schedule"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.scheduler.json
}
