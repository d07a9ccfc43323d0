# The functions behind the API. Each has a role of its own with what it does and nothing else.

locals {
  api_functions = {
    get_pipeline_by_region  = { reads_store = true, asks_snowflake = false, starts_refresh = false, concurrency = -1 }
    get_pipeline_by_product = { reads_store = true, asks_snowflake = false, starts_refresh = false, concurrency = -1 }
    get_last_month_sales    = { reads_store = false, asks_snowflake = true, starts_refresh = false, concurrency = 2 }
    revops_api              = { reads_store = true, asks_snowflake = false, starts_refresh = true, concurrency = -1 }
  }
  packages = { for function in concat(keys(local.api_functions), [local.processor_folder]) : function => "${local.package_folder}/${function}.zip" }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.api_functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "api" {
  for_each = local.api_functions

  function_name                  = local.function_names[each.key]
  description                    = "RevOps dashboard: lambdas/${each.key}"
  role                           = aws_iam_role.function[each.key].arn
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = ["x86_64"]
  filename                       = local.packages[each.key]
  source_code_hash               = fileexists(local.packages[each.key]) ? filebase64sha256(local.packages[each.key]) : null
  memory_size                    = 512
  timeout                        = 28
  reserved_concurrent_executions = var.reserve_concurrency ? each.value.concurrency : -1
  layers                         = var.layer_arn == "" ? [] : [var.layer_arn]

  environment {
    variables = { for name, value in merge(
      local.system_environment,
      local.store_environment,
      local.gateway_environment,
      each.value.asks_snowflake ? local.snowflake_environment : {},
      each.value.starts_refresh ? { REVOPS_PROCESSOR_FUNCTION = aws_lambda_function.processor.arn } : {},
    ) : name => value if value != "" }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  lifecycle {
    precondition {
      condition     = fileexists(local.packages[each.key])
      error_message = "There is no ${local.packages[each.key]}: run ./dev package first."
    }
  }

  depends_on = [aws_iam_role_policy.function]
}

data "aws_iam_policy_document" "assumed_by_lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.api_functions

  name               = local.function_names[each.key]
  description        = "What lambdas/${each.key} may do"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_lambda.json
}

data "aws_iam_policy_document" "function" {
  for_each = local.api_functions

  statement {
    sid       = "WriteItsLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
  }

  dynamic "statement" {
    for_each = each.value.reads_store ? ["ReadSnapshots"] : []

    content {
      sid       = statement.value
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.data.arn}/revops/*"]
    }
  }

  # Without ListBucket an object that is not there would be forbidden instead of not found. A GET has no prefix in its
  # context, hence IfExists.
  dynamic "statement" {
    for_each = each.value.reads_store ? ["ListSnapshots"] : []

    content {
      sid       = statement.value
      actions   = ["s3:ListBucket"]
      resources = [aws_s3_bucket.data.arn]

      condition {
        test     = "StringLikeIfExists"
        variable = "s3:prefix"
        values   = ["revops/*"]
      }
    }
  }

  dynamic "statement" {
    for_each = each.value.starts_refresh ? ["KeepJobs"] : []

    content {
      sid       = statement.value
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.data.arn}/revops/jobs/*"]
    }
  }

  dynamic "statement" {
    for_each = each.value.starts_refresh ? ["StartRefresh"] : []

    content {
      sid       = statement.value
      actions   = ["lambda:InvokeFunction"]
      resources = [aws_lambda_function.processor.arn]
    }
  }

  dynamic "statement" {
    for_each = [for secret in aws_secretsmanager_secret.snowflake : secret if each.value.asks_snowflake]

    content {
      sid       = "ReadSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = each.value.asks_snowflake && var.snowflake_workload_identity ? ["ProveItselfToSnowflake"] : []

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
}

resource "aws_iam_role_policy" "function" {
  for_each = local.api_functions

  name   = "function"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.function[each.key].json
}
