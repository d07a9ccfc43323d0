# The job of Glue: nothing of it unless it is asked for, and then what it needs and no more.

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
  glue_script           = "tests/glue/job.py"
}

run "nothing_unless_it_is_asked_for" {
  assert {
    condition = (length(aws_glue_job.pipeline_aggregations) + length(aws_glue_connection.snowflake) + length(aws_s3_object.glue_script)
    + length(aws_secretsmanager_secret.glue) + length(aws_iam_role.glue) + length(aws_cloudwatch_log_group.glue)) == 0 && output.glue_job_name == null
    error_message = "Something of Glue is made that nobody asked for."
  }
}

run "job" {
  variables {
    enable_glue = true
    report_zone = "Europe/London"
  }

  assert {
    condition     = output.glue_job_name == "sage-revops-pipeline-aggregations" && aws_glue_job.pipeline_aggregations[0].glue_version == "5.0" && aws_glue_job.pipeline_aggregations[0].execution_property[0].max_concurrent_runs == 1
    error_message = "The job has another name or another Spark, or runs twice at once."
  }

  assert {
    condition     = aws_glue_job.pipeline_aggregations[0].command[0].script_location == "s3://${output.s3_bucket}/glue-jobs/pipeline_aggregations.py" && aws_s3_object.glue_script[0].source_hash == filesha256("tests/glue/job.py")
    error_message = "The job runs another script, or a change of it is not seen."
  }

  assert {
    condition = { for name in ["database", "schema", "warehouse", "bucket", "report_zone", "connection"] : name => aws_glue_job.pipeline_aggregations[0].default_arguments["--${name}"] } == {
      database    = "SAGE_REVOPS"
      schema      = "RAW"
      warehouse   = "COMPUTE_WH"
      bucket      = output.s3_bucket
      report_zone = "Europe/London"
      connection  = "sage-revops-snowflake"
    }
    error_message = "The job is told something else than the functions."
  }

  assert {
    condition     = aws_glue_job.pipeline_aggregations[0].connections == tolist(["sage-revops-snowflake"]) && jsondecode(aws_glue_connection.snowflake[0].connection_properties["SparkProperties"]) == { sfUrl = "abc123.us-east-1.snowflakecomputing.com", secretId = "sage-revops/snowflake-glue" }
    error_message = "The connection leads elsewhere, or holds a secret itself."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.glue : startswith(group.name, "${aws_glue_job.pipeline_aggregations[0].default_arguments["--custom-logGroup-prefix"]}/") && group.retention_in_days == 30]) && length(aws_cloudwatch_log_group.glue) == 2
    error_message = "The job logs into other groups than those that expire."
  }
}

run "addresses_as_people_paste_them" {
  variables {
    enable_glue    = true
    snowflake_url  = "https://my_org-account.snowflakecomputing.com:443/"
    snowflake_role = "REVOPS_READER"
  }

  assert {
    condition     = jsondecode(aws_glue_connection.snowflake[0].connection_properties["SparkProperties"]) == { sfUrl = "my_org-account.snowflakecomputing.com", secretId = "sage-revops/snowflake-glue", sfRole = "REVOPS_READER" }
    error_message = "The host is not taken out of the address, or the role is lost."
  }
}
