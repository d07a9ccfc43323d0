# What somebody should hear of. Without alarm_email the alarms are seen in CloudWatch alone.

resource "aws_sns_topic" "alarm" {
  name = "${var.name_prefix}-revops-alarms"
}

resource "aws_sns_topic_subscription" "alarm" {
  count = var.alarm_email == "" ? 0 : 1

  topic_arn = aws_sns_topic.alarm.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

# The processor logs this event at the end of every run that has published or found nothing new.
resource "aws_cloudwatch_log_metric_filter" "finished_run" {
  name           = "finished-run"
  log_group_name = aws_cloudwatch_log_group.processor.name
  pattern        = "{ $.event = \"refresh_finished\" }"

  metric_transformation {
    namespace = "${var.name_prefix}-revops"
    name      = "FinishedRuns"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "run_missing" {
  alarm_name          = "${var.name_prefix}-revops-run-missing"
  alarm_description   = "No run of ${local.processor_name} has finished for 26 hours: the figures are of the day before yesterday."
  namespace           = aws_cloudwatch_log_metric_filter.finished_run.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.finished_run.metric_transformation[0].name
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 26
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
  ok_actions          = [aws_sns_topic.alarm.arn]
}

resource "aws_cloudwatch_metric_alarm" "failed_run" {
  alarm_name          = "${var.name_prefix}-revops-failed-run"
  alarm_description   = "A run of ${local.processor_name} has failed; its log group says why."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.processor.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letter" {
  alarm_name          = "${var.name_prefix}-revops-dead-letter"
  alarm_description   = "A run was given up on: ${aws_sqs_queue.failed_run.name} holds what was asked for."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed_run.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  for_each = local.api_functions

  alarm_name          = "${var.name_prefix}-revops-throttled-${replace(each.key, "_", "-")}"
  alarm_description   = "${local.function_names[each.key]} was asked more at once than it may answer."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = aws_lambda_function.api[each.key].function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}

locals {
  gateway_dimensions = local.is_rest ? { ApiName = aws_api_gateway_rest_api.this[0].name, Stage = local.stage_name } : { ApiId = aws_apigatewayv2_api.this[0].id, Stage = "$default" }
}

resource "aws_cloudwatch_metric_alarm" "server_errors" {
  alarm_name          = "${var.name_prefix}-revops-5xx"
  alarm_description   = "More than one in twenty answers of the API says that something on this side is wrong."
  namespace           = "AWS/ApiGateway"
  metric_name         = local.is_rest ? "5XXError" : "5xx"
  dimensions          = local.gateway_dimensions
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 2
  threshold           = 0.05
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  alarm_name          = "${var.name_prefix}-revops-latency"
  alarm_description   = "One in twenty answers of the API takes longer than ${var.latency_alarm_ms} ms."
  namespace           = "AWS/ApiGateway"
  metric_name         = "Latency"
  dimensions          = local.gateway_dimensions
  extended_statistic  = "p95"
  period              = 300
  evaluation_periods  = 3
  threshold           = var.latency_alarm_ms
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarm.arn]
}
