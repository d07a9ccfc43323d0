# The REST API with its stage prod. Preflights and whatever has no function of its own go to revops_api, which answers
# every route as `revops serve` does; the sign-in is asked for here, so that nobody pays for what is refused.

locals {
  sections = toset(["pipeline", "sales"])

  # GET alone where a limit of its own hangs on the method; ANY elsewhere, so that 405 is answered like by `revops serve`.
  routes = {
    "api/pipeline/by-region"  = { function = "get_pipeline_by_region", method = "ANY" }
    "api/pipeline/by-product" = { function = "get_pipeline_by_product", method = "ANY" }
    "api/pipeline/{proxy+}"   = { function = "revops_api", method = "ANY" }
    "api/sales"               = { function = "revops_api", method = "ANY" }
    "api/sales/last-month"    = { function = "get_last_month_sales", method = "GET" }
    "api/{proxy+}"            = { function = "revops_api", method = "ANY" }
  }
  rest_routes = local.is_rest ? local.routes : {}
  rest_paths  = { for path in keys(local.rest_routes) : path => split("/", path) }
  rest_leaves = { for path, parts in local.rest_paths : path => parts if path != "api/sales" }

  rest_methods = merge(
    { for path, route in local.rest_routes : "${route.method} /${path}" => { path = path, method = route.method, function = route.function, is_closed = local.has_login } },
    { for path in keys(local.rest_routes) : "OPTIONS /${path}" => { path = path, method = "OPTIONS", function = "revops_api", is_closed = false } },
  )
  rest_resource_ids = merge(
    { for path, resource in aws_api_gateway_resource.route : path => resource.id },
    { for section, resource in aws_api_gateway_resource.section : "api/${section}" => resource.id },
  )
}

resource "aws_api_gateway_rest_api" "this" {
  count = local.is_rest ? 1 : 0

  name               = "${var.name_prefix}-revops-api"
  description        = "RevOps dashboard"
  binary_media_types = ["*/*"]

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "api" {
  count = local.is_rest ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_rest_api.this[0].root_resource_id
  path_part   = "api"
}

resource "aws_api_gateway_resource" "section" {
  for_each = local.is_rest ? local.sections : []

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = aws_api_gateway_resource.api[0].id
  path_part   = each.key
}

resource "aws_api_gateway_resource" "route" {
  for_each = local.rest_leaves

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  parent_id   = length(each.value) == 2 ? aws_api_gateway_resource.api[0].id : aws_api_gateway_resource.section[each.value[1]].id
  path_part   = each.value[length(each.value) - 1]
}

resource "aws_api_gateway_method" "this" {
  for_each = local.rest_methods

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  resource_id   = local.rest_resource_ids[each.value.path]
  http_method   = each.value.method
  authorization = each.value.is_closed ? "COGNITO_USER_POOLS" : "NONE"
  authorizer_id = each.value.is_closed ? aws_api_gateway_authorizer.cognito[0].id : null
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.rest_methods

  rest_api_id             = aws_api_gateway_rest_api.this[0].id
  resource_id             = local.rest_resource_ids[each.value.path]
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.api[each.value.function].invoke_arn
  timeout_milliseconds    = 29000
}

locals {
  # What the gateway itself refuses, in the contract's words.
  refusals = {
    DEFAULT_4XX                  = { status = null, code = "invalid_argument", retryable = false }
    DEFAULT_5XX                  = { status = null, code = "unavailable", retryable = true }
    ACCESS_DENIED                = { status = "403", code = "permission_denied", retryable = false }
    EXPIRED_TOKEN                = { status = "401", code = "unauthenticated", retryable = false }
    INTEGRATION_TIMEOUT          = { status = "504", code = "timeout", retryable = true }
    MISSING_AUTHENTICATION_TOKEN = { status = "403", code = "not_found", retryable = false }
    THROTTLED                    = { status = "429", code = "resource_exhausted", retryable = true }
    UNAUTHORIZED                 = { status = "401", code = "unauthenticated", retryable = false }
  }
  refusal_bodies = { for type, refusal in local.refusals : type => "{\"error\":{\"code\":\"${refusal.code}\",\"message\":$context.error.messageString,\"request_id\":\"$context.requestId\",\"retryable\":${refusal.retryable}}}" }
}

# Without the header these would show up in browsers as CORS errors. They hold no data.
resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.is_rest ? local.refusals : {}

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  response_type = each.key
  status_code   = each.value.status

  response_parameters = {
    "gatewayresponse.header.Access-Control-Allow-Origin" = "'*'"
  }

  response_templates = {
    "application/json" = local.refusal_bodies[each.key]
  }
}

resource "aws_api_gateway_deployment" "this" {
  count = local.is_rest ? 1 : 0

  rest_api_id = aws_api_gateway_rest_api.this[0].id

  triggers = {
    routes = sha1(jsonencode([
      local.rest_methods,
      { for function in keys(local.api_functions) : function => aws_lambda_function.api[function].invoke_arn },
      one(aws_api_gateway_authorizer.cognito[*].id),
      local.refusals,
      local.refusal_bodies,
      aws_api_gateway_rest_api.this[0].binary_media_types,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_api_gateway_integration.this, aws_api_gateway_gateway_response.this]
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.name_prefix}-revops-api"
  retention_in_days = var.log_retention_days
}

locals {
  # No address of a caller, no query: what people look for is nobody's business.
  access_log_format = jsonencode({
    requestId = "$context.requestId"
    time      = "$context.requestTime"
    method    = "$context.httpMethod"
    path      = "$context.path"
    status    = "$context.status"
    bytes     = "$context.responseLength"
    ms        = "$context.responseLatency"
    error     = "$context.error.message"
    cause     = "$context.integrationErrorMessage"
  })
}

resource "aws_api_gateway_stage" "prod" {
  count = local.is_rest ? 1 : 0

  rest_api_id   = aws_api_gateway_rest_api.this[0].id
  deployment_id = aws_api_gateway_deployment.this[0].id
  stage_name    = local.stage_name

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = local.access_log_format
  }

  depends_on = [aws_api_gateway_account.this]
}

locals {
  # The provider hands the path on as it is, and the service wants its slashes escaped.
  rest_limits = {
    "*/*"                          = var.api_requests_per_second
    "~1api~1sales~1last-month/GET" = var.live_requests_per_second
  }
}

resource "aws_api_gateway_method_settings" "this" {
  for_each = local.is_rest ? local.rest_limits : {}

  rest_api_id = aws_api_gateway_rest_api.this[0].id
  stage_name  = aws_api_gateway_stage.prod[0].stage_name
  method_path = each.key

  settings {
    metrics_enabled        = false
    logging_level          = "OFF"
    data_trace_enabled     = false
    throttling_rate_limit  = each.value
    throttling_burst_limit = 2 * each.value
  }
}

resource "aws_lambda_permission" "rest" {
  for_each = local.is_rest ? local.api_functions : {}

  statement_id  = "rest-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.api[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this[0].execution_arn}/*/*/api/*"
}

# API Gateway writes access logs as one role for the whole region of the account.
resource "aws_api_gateway_account" "this" {
  count = local.is_rest && var.manage_api_gateway_account ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.gateway_logs[0].arn

  depends_on = [aws_iam_role_policy_attachment.gateway_logs]
}

data "aws_iam_policy_document" "assumed_by_gateway" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "gateway_logs" {
  count = local.is_rest && var.manage_api_gateway_account ? 1 : 0

  name               = "${var.name_prefix}-revops-gateway-logs"
  description        = "Lets API Gateway write access logs"
  assume_role_policy = data.aws_iam_policy_document.assumed_by_gateway.json
}

# The service accepts no narrower role for this.
resource "aws_iam_role_policy_attachment" "gateway_logs" {
  count = local.is_rest && var.manage_api_gateway_account ? 1 : 0

  role       = aws_iam_role.gateway_logs[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}
