# The page, and the API under the same address: the browser sees one origin and needs no CORS.

locals {
  api_domain = local.is_rest ? "${aws_api_gateway_rest_api.this[0].id}.execute-api.${var.aws_region}.amazonaws.com" : replace(aws_apigatewayv2_api.this[0].api_endpoint, "https://", "")
  page_files = toset([for file in fileset(local.page_folder, "**") : file if file != local.entry_file && !can(regex("\\.(br|gz)$", file))])

  # What a browser gets at each address that the page has (frontend/src/App.jsx), told where its sign-in is described.
  entry_file = "index.html"
  entries    = toset([local.entry_file, "data"])
  entry      = fileexists("${local.page_folder}/${local.entry_file}") ? file("${local.page_folder}/${local.entry_file}") : ""
  no_sign_in = "data-sign-in=\"\""

  content_types = {
    html  = "text/html; charset=utf-8"
    js    = "text/javascript; charset=utf-8"
    css   = "text/css; charset=utf-8"
    json  = "application/json"
    svg   = "image/svg+xml"
    woff2 = "font/woff2"
    wasm  = "application/wasm"
    txt   = "text/plain; charset=utf-8"
  }

  # As apps/revops/web_handler.cc sends it; the page also asks the sign-in for tokens, where there is one.
  connect_sources = local.has_login ? "'self' ${local.login_url}" : "'self'"
  content_security_policy = join("; ", [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src ${local.connect_sources}", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
    "object-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ])

  # CloudFront's own policies have the same ids in every account.
  caching_optimized_id   = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled_id    = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  all_viewer_but_host_id = "b689b0a8-53d0-40ab-baf2-738e2966ac8c"
}

resource "aws_s3_object" "page" {
  for_each = local.page_files

  bucket        = aws_s3_bucket.page.id
  key           = each.key
  source        = "${local.page_folder}/${each.key}"
  source_hash   = filemd5("${local.page_folder}/${each.key}")
  content_type  = lookup(local.content_types, element(split(".", each.key), -1), "application/octet-stream")
  cache_control = startswith(each.key, "assets/") ? "public, max-age=31536000, immutable" : "no-cache"

  depends_on = [aws_s3_bucket_ownership_controls.this]
}

resource "aws_s3_object" "entry" {
  for_each = local.entries

  bucket        = aws_s3_bucket.page.id
  key           = each.key
  content       = local.has_login ? replace(local.entry, local.no_sign_in, "data-sign-in=\"/sign-in.json\"") : local.entry
  content_type  = local.content_types.html
  cache_control = "no-cache"

  lifecycle {
    precondition {
      condition     = strcontains(local.entry, local.no_sign_in)
      error_message = "There is no index.html of this version in ${local.page_folder}: run ./dev package first."
    }
  }

  depends_on = [aws_s3_bucket_ownership_controls.this]
}

# What the page has to know of its deployment. Nothing in it is secret.
resource "aws_s3_object" "sign_in" {
  bucket        = aws_s3_bucket.page.id
  key           = "sign-in.json"
  content_type  = local.content_types.json
  cache_control = "no-cache"
  content = jsonencode(local.has_login ? {
    kind      = "cognito"
    issuer    = local.issuer
    client_id = aws_cognito_user_pool_client.page[0].id
    login_url = local.login_url
    scope     = "openid email"
    } : {
    kind      = "none"
    issuer    = null
    client_id = null
    login_url = null
    scope     = null
  })

  depends_on = [aws_s3_bucket_ownership_controls.this]
}

resource "aws_cloudfront_origin_access_control" "page" {
  name                              = "${var.name_prefix}-revops-page"
  description                       = "RevOps dashboard"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_response_headers_policy" "page" {
  name    = "${var.name_prefix}-revops-page"
  comment = "RevOps dashboard"

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }

  custom_headers_config {
    items {
      header   = "Permissions-Policy"
      value    = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
      override = true
    }

    items {
      header   = "Cross-Origin-Opener-Policy"
      value    = "same-origin"
      override = true
    }

    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "same-origin"
      override = true
    }
  }
}

resource "aws_cloudfront_distribution" "page" {
  comment             = "RevOps dashboard"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = "PriceClass_100"
  default_root_object = local.entry_file

  origin {
    origin_id                = "page"
    domain_name              = aws_s3_bucket.page.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.page.id
  }

  origin {
    origin_id   = "api"
    domain_name = local.api_domain
    origin_path = local.is_rest ? "/${local.stage_name}" : ""

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id           = "page"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_optimized_id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.page.id
  }

  ordered_cache_behavior {
    path_pattern             = "/api/*"
    target_origin_id         = "api"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = false
    cache_policy_id          = local.caching_disabled_id
    origin_request_policy_id = local.all_viewer_but_host_id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
