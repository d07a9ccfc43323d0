# Which function answers which route, and who is let through.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  snowflake_url       = "abc123.us-east-1"
  snowflake_password  = ""
  snowflake_user      = "REVOPS"
  snowflake_database  = "SAGE_REVOPS"
  snowflake_warehouse = "COMPUTE_WH"
  auth                = "cognito"
  admin_email         = "admin@example.com"
  package_folder      = "tests/package"
  page_folder         = "tests/page"
}

run "rest_with_login" {
  assert {
    condition = { for key, method in local.rest_methods : key => method.function } == {
      "ANY /api/pipeline/by-region"      = "get_pipeline_by_region"
      "ANY /api/pipeline/by-product"     = "get_pipeline_by_product"
      "ANY /api/pipeline/{proxy+}"       = "revops_api"
      "ANY /api/sales"                   = "revops_api"
      "GET /api/sales/last-month"        = "get_last_month_sales"
      "ANY /api/{proxy+}"                = "revops_api"
      "OPTIONS /api/pipeline/by-region"  = "revops_api"
      "OPTIONS /api/pipeline/by-product" = "revops_api"
      "OPTIONS /api/pipeline/{proxy+}"   = "revops_api"
      "OPTIONS /api/sales"               = "revops_api"
      "OPTIONS /api/sales/last-month"    = "revops_api"
      "OPTIONS /api/{proxy+}"            = "revops_api"
    }
    error_message = "A route leads elsewhere."
  }

  assert {
    condition     = alltrue([for key, method in aws_api_gateway_method.this : method.authorization == (startswith(key, "OPTIONS ") ? "NONE" : "COGNITO_USER_POOLS")])
    error_message = "A method is open, or a preflight needs a login."
  }

  assert {
    condition     = alltrue([for integration in aws_api_gateway_integration.this : integration.type == "AWS_PROXY" && integration.integration_http_method == "POST" && integration.timeout_milliseconds == 29000])
    error_message = "A function is not called as a proxy."
  }

  assert {
    condition     = aws_api_gateway_stage.prod[0].stage_name == "prod" && aws_api_gateway_rest_api.this[0].binary_media_types == tolist(["*/*"])
    error_message = "The stage is not prod, or compressed answers come as text."
  }

  assert {
    condition     = aws_api_gateway_method_settings.this["~1api~1sales~1last-month/GET"].settings[0].throttling_rate_limit == 2 && aws_api_gateway_method_settings.this["*/*"].settings[0].throttling_rate_limit == 50
    error_message = "The API or its live route has no limit."
  }

  assert {
    condition     = alltrue([for answer in aws_api_gateway_gateway_response.this : answer.response_parameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"])
    error_message = "A refusal by the gateway would look like a CORS error."
  }

  assert {
    condition     = length(aws_apigatewayv2_api.this) == 0
    error_message = "There are two APIs."
  }
}

run "login" {
  assert {
    condition     = aws_cognito_user_pool.this[0].admin_create_user_config[0].allow_admin_create_user_only
    error_message = "Everybody may sign up."
  }

  assert {
    condition     = aws_cognito_user.admin[0].username == "admin@example.com" && aws_cognito_user.admin[0].temporary_password == null && aws_cognito_user.admin[0].password == null
    error_message = "The first user is missing, or his password would be in the state."
  }

  assert {
    condition     = aws_cognito_user_pool_client.page[0].allowed_oauth_flows == toset(["code"]) && !aws_cognito_user_pool_client.page[0].generate_secret
    error_message = "The page's client signs in in another way than by a code, or has a secret that a page cannot keep."
  }

  assert {
    condition     = aws_cognito_user_pool_client.page[0].refresh_token_rotation[0].feature == "ENABLED" && aws_cognito_user_pool_client.page[0].logout_urls == aws_cognito_user_pool_client.page[0].callback_urls
    error_message = "A stolen refresh token stays good, or signing out leads elsewhere."
  }

  assert {
    condition     = aws_cognito_user_pool_client.page[0].callback_urls == toset(["${output.dashboard_url}/", "http://localhost:5173/"])
    error_message = "The sign-in leads elsewhere."
  }

  assert {
    condition     = jsondecode(aws_s3_object.sign_in.content).client_id == aws_cognito_user_pool_client.page[0].id && jsondecode(aws_s3_object.sign_in.content).kind == "cognito"
    error_message = "The page is not told how to sign in."
  }

  assert {
    condition     = alltrue([for key in ["index.html", "data"] : strcontains(aws_s3_object.entry[key].content, " data-sign-in=\"/sign-in.json\">")])
    error_message = "The page does not know that there is a sign-in."
  }
}

run "rest_open" {
  variables {
    auth                  = "none"
    i_accept_a_public_api = true
    admin_email           = ""
  }

  assert {
    condition     = alltrue([for method in aws_api_gateway_method.this : method.authorization == "NONE"])
    error_message = "The open API asks for a login."
  }

  assert {
    condition     = length(aws_cognito_user_pool.this) == 0 && length(aws_api_gateway_authorizer.cognito) == 0 && output.user_pool_id == null
    error_message = "There is a login that nobody asked for."
  }

  assert {
    condition     = jsondecode(aws_s3_object.sign_in.content).kind == "none"
    error_message = "The page asks for a login."
  }

  assert {
    condition     = aws_s3_object.entry["index.html"].content == file("tests/page/index.html")
    error_message = "The page looks for a login."
  }
}

run "http" {
  variables {
    api_kind = "http"
  }

  assert {
    condition = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_type } == {
      "GET /api/pipeline/by-region"  = "JWT"
      "GET /api/pipeline/by-product" = "JWT"
      "GET /api/sales/last-month"    = "JWT"
      "ANY /api/sales"               = "JWT"
      "ANY /api/{proxy+}"            = "JWT"
      "OPTIONS /api/{proxy+}"        = "NONE"
    }
    error_message = "A route is missing, open, or a preflight needs a login."
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.cognito[0].jwt_configuration[0].audience == toset([aws_cognito_user_pool_client.page[0].id])
    error_message = "Tokens of other clients are taken."
  }

  assert {
    condition     = length(aws_api_gateway_rest_api.this) == 0 && length(aws_api_gateway_account.this) == 0 && aws_lambda_function.api["revops_api"].environment[0].variables["REVOPS_REST_API_BINARY"] == "false"
    error_message = "There is a REST API as well."
  }
}

run "distribution" {
  assert {
    condition     = [for origin in aws_cloudfront_distribution.page.origin : origin.origin_path if origin.origin_id == "api"] == ["/prod"]
    error_message = "The distribution asks for another stage."
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.page.ordered_cache_behavior : behavior.path_pattern] == ["/api/*"] && aws_cloudfront_distribution.page.ordered_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "The API is not under the page's address, or its answers are cached for others."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.page.origin : origin.origin_access_control_id if origin.origin_id == "page"] == [aws_cloudfront_origin_access_control.page.id]
    error_message = "The page's bucket is read without signature."
  }

  assert {
    condition     = strcontains(local.content_security_policy, "; connect-src 'self' https://sage-revops-mock12345.auth.us-east-1.amazoncognito.com;")
    error_message = "The page may not reach the sign-in, or more than that."
  }

  assert {
    condition     = keys(aws_s3_object.page) == ["assets/index-1.js"] && toset(keys(aws_s3_object.entry)) == toset(["index.html", "data"]) && aws_s3_object.entry["data"].content_type == "text/html; charset=utf-8" && aws_s3_object.entry["data"].cache_control == "no-cache"
    error_message = "The page is not published as it should be."
  }
}
