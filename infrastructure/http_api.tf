# api_kind = "http": the same routes for less money. The gateway itself answers for other origins; the page on its
# distribution is of the same origin.

locals {
  http_routes = local.is_rest ? {} : merge(
    { for path, route in local.routes : "${endswith(path, "{proxy+}") || path == "api/sales" ? "ANY" : "GET"} /${path}" => { function = route.function, is_closed = local.has_login } if path != "api/pipeline/{proxy+}" },
    { "OPTIONS /api/{proxy+}" = { function = "revops_api", is_closed = false } },
  )
  live_http_route = "GET /api/sales/last-month"
}

resource "aws_apigatewayv2_api" "this" {
  count = local.is_rest ? 0 : 1

  name          = "${var.name_prefix}-revops-api"
  description   = "RevOps dashboard"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins  = var.page_origins
    allow_methods  = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]
    allow_headers  = ["authorization", "content-type", "if-none-match"]
    expose_headers = ["etag", "location", "retry-after", "x-request-id"]
    max_age        = 600
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.is_rest ? {} : local.api_functions

  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.api[each.key].invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 29000
}

resource "aws_apigatewayv2_authorizer" "cognito" {
  count = !local.is_rest && local.has_login ? 1 : 0

  api_id           = aws_apigatewayv2_api.this[0].id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "cognito"

  jwt_configuration {
    issuer   = local.issuer
    audience = [aws_cognito_user_pool_client.page[0].id]
  }
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.http_routes

  api_id             = aws_apigatewayv2_api.this[0].id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.function].id}"
  authorization_type = each.value.is_closed ? "JWT" : "NONE"
  authorizer_id      = each.value.is_closed ? aws_apigatewayv2_authorizer.cognito[0].id : null
}

resource "aws_apigatewayv2_stage" "default" {
  count = local.is_rest ? 0 : 1

  api_id      = aws_apigatewayv2_api.this[0].id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.api_requests_per_second
    throttling_burst_limit = 2 * var.api_requests_per_second
  }

  route_settings {
    route_key              = aws_apigatewayv2_route.this[local.live_http_route].route_key
    throttling_rate_limit  = var.live_requests_per_second
    throttling_burst_limit = 2 * var.live_requests_per_second
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = local.access_log_format
  }
}

resource "aws_lambda_permission" "http" {
  for_each = local.is_rest ? {} : local.api_functions

  statement_id  = "http-api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.api[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this[0].execution_arn}/*/*/api/*"
}
