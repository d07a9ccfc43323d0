# auth = "cognito": who may look. Users are made by an administrator, nobody signs up by himself.

locals {
  issuer = local.has_login ? "https://cognito-idp.${var.aws_region}.amazonaws.com/${aws_cognito_user_pool.this[0].id}" : ""
  # Unique in the region, and nothing that one has to think up: the pool's own id.
  login_name   = local.has_login ? lower("${var.name_prefix}-revops-${element(split("_", aws_cognito_user_pool.this[0].id), 1)}") : ""
  login_url    = local.has_login ? "https://${local.login_name}.auth.${var.aws_region}.amazoncognito.com" : ""
  landing_urls = [for origin in local.allowed_origins : "${origin}/"]
}

resource "aws_cognito_user_pool" "this" {
  count = local.has_login ? 1 : 0

  name                     = "${var.name_prefix}-revops"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  deletion_protection      = "INACTIVE"
  mfa_configuration        = "OPTIONAL"

  software_token_mfa_configuration {
    enabled = true
  }

  admin_create_user_config {
    allow_admin_create_user_only = true
  }

  password_policy {
    minimum_length                   = 14
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = false
    temporary_password_validity_days = 7
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  count = local.has_login ? 1 : 0

  domain       = local.login_name
  user_pool_id = aws_cognito_user_pool.this[0].id
}

resource "aws_cognito_user_pool_client" "page" {
  count = local.has_login ? 1 : 0

  name                                 = "page"
  user_pool_id                         = aws_cognito_user_pool.this[0].id
  generate_secret                      = false
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = local.landing_urls
  logout_urls                          = local.landing_urls
  explicit_auth_flows                  = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
  enable_token_revocation              = true
  prevent_user_existence_errors        = "ENABLED"
  id_token_validity                    = 60
  access_token_validity                = 60
  refresh_token_validity               = 1

  # A page keeps no secret, so that a refresh token is good for once, and for another minute where an answer was lost.
  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 60
  }

  token_validity_units {
    id_token      = "minutes"
    access_token  = "minutes"
    refresh_token = "days"
  }
}

# Cognito makes the temporary password and mails it; it is nowhere here.
resource "aws_cognito_user" "admin" {
  count = local.has_login ? 1 : 0

  user_pool_id             = aws_cognito_user_pool.this[0].id
  username                 = var.admin_email
  desired_delivery_mediums = ["EMAIL"]

  attributes = {
    email          = var.admin_email
    email_verified = "true"
  }
}

resource "aws_api_gateway_authorizer" "cognito" {
  count = local.is_rest && local.has_login ? 1 : 0

  name            = "cognito"
  rest_api_id     = aws_api_gateway_rest_api.this[0].id
  type            = "COGNITO_USER_POOLS"
  provider_arns   = [aws_cognito_user_pool.this[0].arn]
  identity_source = "method.request.header.Authorization"
}
