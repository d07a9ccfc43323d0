variable "aws_region" {
  description = "Region of everything but the page's distribution, which is everywhere."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "aws_region is the name of a region, such as us-east-1."
  }
}

variable "name_prefix" {
  description = "What all names begin with; another one for a second deployment in the same account, also in another region: roles are everywhere."
  type        = string
  default     = "sage"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name_prefix)) && !can(regex("aws|amazon|cognito", var.name_prefix))
    error_message = "name_prefix is 2 to 20 of a-z, 0-9 and -, begins with a letter, and holds neither aws, amazon nor cognito."
  }
}

variable "snowflake_url" {
  description = "Account or address of Snowflake in any form that people paste: ORGANISATION-ACCOUNT, abc123.us-east-1, https://….snowflakecomputing.com."
  type        = string

  validation {
    condition     = can(regex("^(https://)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(:[0-9]+)?/?$", var.snowflake_url))
    error_message = "snowflake_url is an account such as abc123.us-east-1, or its https address."
  }
}

variable "snowflake_user" {
  description = "The Snowflake user whose key or token the secret holds."
  type        = string

  validation {
    condition     = var.snowflake_user != ""
    error_message = "snowflake_user is empty."
  }
}

variable "snowflake_password" {
  description = "A programmatic access token (Snowflake has ended passwords for services), in neither state nor plan; empty: the secret is put by hand, which is the way for a key pair."
  type        = string
  default     = ""
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = var.snowflake_password == "" || var.snowflake_password_version >= 1
    error_message = "With snowflake_password set snowflake_password_version = 1 as well, and a higher number whenever the value changes: Terraform cannot see a value that it does not keep."
  }
}

variable "snowflake_password_version" {
  description = "0: Terraform does not touch the secret's value. A number higher than before: it writes snowflake_password."
  type        = number
  default     = 0

  validation {
    condition     = var.snowflake_password_version >= 0 && floor(var.snowflake_password_version) == var.snowflake_password_version
    error_message = "snowflake_password_version is a whole number from 0."
  }
}

variable "snowflake_database" {
  description = "Database of FCT_SALES; upper case unless it was created in quotes."
  type        = string

  validation {
    condition     = var.snowflake_database != ""
    error_message = "snowflake_database is empty."
  }
}

variable "snowflake_schema" {
  description = "Schema of FCT_SALES."
  type        = string
  default     = "PUBLIC"

  validation {
    condition     = var.snowflake_schema != ""
    error_message = "snowflake_schema is empty."
  }
}

variable "snowflake_warehouse" {
  description = "The virtual warehouse that runs the statements."
  type        = string

  validation {
    condition     = var.snowflake_warehouse != ""
    error_message = "snowflake_warehouse is empty."
  }
}

variable "snowflake_role" {
  description = "The Snowflake role to use; empty: the default one of the user."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[^'\"\\s]*$", var.snowflake_role))
    error_message = "snowflake_role is one name, without blanks and quotes."
  }
}

variable "snowflake_account_name" {
  description = "The account as tokens name it, where it differs from the one in the address."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]*$", var.snowflake_account_name))
    error_message = "snowflake_account_name has letters, digits, _ and - alone."
  }
}

variable "auth" {
  description = "Who may read the API and the page's figures: \"cognito\" asks for a login, \"none\" is open to everyone who knows the address."
  type        = string

  validation {
    condition     = contains(["cognito", "none"], var.auth)
    error_message = "auth is \"cognito\" or \"none\"."
  }

  validation {
    condition     = var.auth != "none" || var.i_accept_a_public_api
    error_message = "auth = \"none\" shows your sales to everyone who knows the address. If that is meant, set i_accept_a_public_api = true."
  }
}

variable "i_accept_a_public_api" {
  description = "Has to be true for auth = \"none\"; does nothing else."
  type        = bool
  default     = false
}

variable "admin_email" {
  description = "The first user's address, who gets a temporary password by mail; needed with auth = \"cognito\"."
  type        = string
  default     = ""

  validation {
    condition     = var.auth != "cognito" || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.admin_email))
    error_message = "auth = \"cognito\" needs admin_email, the first user's address."
  }
}

variable "api_kind" {
  description = "\"rest\": a REST API with the stage prod. \"http\": an HTTP API, which costs less and has no stage in its address."
  type        = string
  default     = "rest"

  validation {
    condition     = contains(["rest", "http"], var.api_kind)
    error_message = "api_kind is \"rest\" or \"http\"."
  }
}
