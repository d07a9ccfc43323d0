output "api_url" {
  description = "What comes before /api/pipeline/by-region; with the stage of a REST API."
  value       = local.is_rest ? aws_api_gateway_stage.prod[0].invoke_url : trimsuffix(aws_apigatewayv2_stage.default[0].invoke_url, "/")
}

output "s3_bucket" {
  description = "The bucket of the snapshots; readable copies are under pipeline/by-region/ and pipeline/by-product/."
  value       = aws_s3_bucket.data.bucket
}

output "dashboard_url" {
  description = "The page."
  value       = local.dashboard_url
}

output "next_1_put_key" {
  description = "Command that puts the Snowflake user's private key into the secret; null with snowflake_workload_identity."
  value       = one([for secret in aws_secretsmanager_secret.snowflake : "aws secretsmanager put-secret-value --region ${var.aws_region} --secret-id ${secret.name} --secret-string file://rsa_key.p8"])
}

output "snowflake_role_arns" {
  description = "The roles that ask Snowflake, by their folder in lambdas/: with snowflake_workload_identity each is a user there (revops snowflake setup --aws-role)."
  value       = merge({ for function, is in local.api_functions : function => aws_iam_role.function[function].arn if is.asks_snowflake }, { (local.processor_folder) = aws_iam_role.processor.arn })
}

output "next_2_first_run" {
  description = "Command that runs the processor once and shows its report."
  value       = "aws lambda invoke --region ${var.aws_region} --function-name ${aws_lambda_function.processor.function_name} --cli-binary-format raw-in-base64-out --cli-read-timeout 900 --payload '{}' response.json && cat response.json"
}

output "user_pool_id" {
  description = "The pool of those who may sign in; null with auth = \"none\"."
  value       = one(aws_cognito_user_pool.this[*].id)
}

output "user_pool_client_id" {
  description = "The page's client in that pool; null with auth = \"none\"."
  value       = one(aws_cognito_user_pool_client.page[*].id)
}

output "function_names" {
  description = "Names of the functions, by their folder in lambdas/."
  value       = merge(local.function_names, { (local.processor_folder) = local.processor_name })
}

output "glue_job_name" {
  description = "The job to start with aws glue start-job-run; null without enable_glue."
  value       = one(aws_glue_job.pipeline_aggregations[*].name)
}
