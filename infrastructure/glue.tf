# With enable_glue: the pipeline by region and by product on Spark, started by hand. Nothing of the dashboard needs it.

locals {
  glue_job_name = "${var.name_prefix}-revops-pipeline-aggregations"
  glue_script   = startswith(var.glue_script, "/") ? var.glue_script : "${path.module}/${var.glue_script}"
  glue_logs     = var.enable_glue ? toset(["error", "output"]) : toset([])
  # The host of snowflake_url, whichever form it has.
  snowflake_given = trimsuffix(trimprefix(var.snowflake_url, "https://"), "/")
  snowflake_name  = split(":", local.snowflake_given)[0]
  snowflake_host  = strcontains(local.snowflake_name, ".snowflakecomputing.") ? local.snowflake_name : "${local.snowflake_name}.snowflakecomputing.com"
}

resource "aws_s3_object" "glue_script" {
  count = var.enable_glue ? 1 : 0

  bucket       = aws_s3_bucket.data.id
  key          = "glue-jobs/pipeline_aggregations.py"
  source       = local.glue_script
  source_hash  = filesha256(local.glue_script)
  content_type = "text/x-python"
}

# Glue wants the user beside the key, so that this is another secret than the functions'. Put by hand, as that one is.
resource "aws_secretsmanager_secret" "glue" {
  count = var.enable_glue ? 1 : 0

  name                    = "${var.name_prefix}-revops/snowflake-glue"
  description             = "JSON for the connection of Glue: sfUser and pem_private_key"
  recovery_window_in_days = 0
}

resource "aws_glue_connection" "snowflake" {
  count = var.enable_glue ? 1 : 0

  name            = "${var.name_prefix}-revops-snowflake"
  description     = "Snowflake, by the key in ${aws_secretsmanager_secret.glue[0].name}"
  connection_type = "SNOWFLAKE"

  connection_properties = {
    SparkProperties = jsonencode(merge(
      { sfUrl = local.snowflake_host, secretId = aws_secretsmanager_secret.glue[0].name },
      var.snowflake_role == "" ? {} : { sfRole = var.snowflake_role },
    ))
  }
}

resource "aws_cloudwatch_log_group" "glue" {
  for_each = local.glue_logs

  name              = "/aws-glue/jobs/${local.glue_job_name}/${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_glue_job" "pipeline_aggregations" {
  count = var.enable_glue ? 1 : 0

  name              = local.glue_job_name
  description       = "RevOps dashboard: glue-jobs/pipeline_aggregations.py"
  role_arn          = aws_iam_role.glue[0].arn
  glue_version      = "5.0"
  worker_type       = "G.1X"
  number_of_workers = 2
  timeout           = 60
  max_retries       = 0
  connections       = [aws_glue_connection.snowflake[0].name]

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${aws_s3_bucket.data.bucket}/${aws_s3_object.glue_script[0].key}"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = {
    "--job-language"           = "python"
    "--custom-logGroup-prefix" = "/aws-glue/jobs/${local.glue_job_name}"
    "--connection"             = aws_glue_connection.snowflake[0].name
    "--database"               = var.snowflake_database
    "--schema"                 = var.snowflake_schema
    "--warehouse"              = var.snowflake_warehouse
    "--bucket"                 = aws_s3_bucket.data.bucket
    "--report_zone"            = var.report_zone
  }

  depends_on = [aws_iam_role_policy.glue, aws_cloudwatch_log_group.glue]
}

data "aws_iam_policy_document" "assumed_by_glue" {
  count = var.enable_glue ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "glue" {
  count = var.enable_glue ? 1 : 0

  name               = local.glue_job_name
  description        = "What glue-jobs/pipeline_aggregations.py may do"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_glue[0].json
}

data "aws_iam_policy_document" "glue" {
  count = var.enable_glue ? 1 : 0

  statement {
    sid       = "WriteItsLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in aws_cloudwatch_log_group.glue : "${group.arn}:*"]
  }

  statement {
    sid       = "ReadItsScript"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/${aws_s3_object.glue_script[0].key}"]
  }

  statement {
    sid       = "KeepCopies"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.data.arn}/pipeline/*"]
  }

  # As for the functions: without it a copy that is not there would be forbidden instead of not found.
  statement {
    sid       = "ListCopies"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.data.arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = ["pipeline/*"]
    }
  }

  statement {
    sid       = "ReadConnection"
    actions   = ["glue:GetConnection"]
    resources = [aws_glue_connection.snowflake[0].arn, replace(aws_glue_connection.snowflake[0].arn, "/:connection/.*$/", ":catalog")]
  }

  statement {
    sid       = "ReadSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.glue[0].arn]
  }
}

resource "aws_iam_role_policy" "glue" {
  count = var.enable_glue ? 1 : 0

  name   = "job"
  role   = aws_iam_role.glue[0].id
  policy = data.aws_iam_policy_document.glue[0].json
}
