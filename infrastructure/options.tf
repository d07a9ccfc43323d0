# Variables that have a sensible value for everyone.

variable "page_origins" {
  description = "Origins of pages elsewhere that may read the API and sign in; by default the Vite development server."
  type        = list(string)
  default     = ["http://localhost:5173"]

  validation {
    condition     = alltrue([for origin in var.page_origins : can(regex("^(https://[a-z0-9.-]+(:[0-9]+)?|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$", origin))])
    error_message = "page_origins are https://NAME, or http://localhost:PORT, without a slash at the end; never *."
  }
}

variable "report_zone" {
  description = "Report time zone, a name of the IANA list: decides which date is today."
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_+/-]*$", var.report_zone))
    error_message = "report_zone is a name such as Europe/London."
  }
}

variable "report_currency" {
  description = "Currency of all amounts, ISO 4217; empty: plain numbers."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Z]{3})?$", var.report_currency))
    error_message = "report_currency is three capitals, such as GBP, or empty."
  }
}

variable "report_locale" {
  description = "How the page writes numbers and dates, a BCP 47 tag."
  type        = string
  default     = "en-GB"

  validation {
    condition     = can(regex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", var.report_locale))
    error_message = "report_locale is a tag such as en-GB."
  }
}

variable "refresh_hour_utc" {
  description = "Hour of the nightly run, in UTC."
  type        = number
  default     = 2

  validation {
    condition     = contains(range(24), var.refresh_hour_utc)
    error_message = "refresh_hour_utc is a whole number from 0 to 23."
  }
}

variable "refresh_minute_utc" {
  description = "Minute of the nightly run."
  type        = number
  default     = 0

  validation {
    condition     = contains(range(60), var.refresh_minute_utc)
    error_message = "refresh_minute_utc is a whole number from 0 to 59."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is one of the numbers that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "alarm_email" {
  description = "Where alarms are mailed to, once the address has confirmed; empty: nowhere, the topic is there all the same."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([^@\\s]+@[^@\\s]+\\.[^@\\s]+)?$", var.alarm_email))
    error_message = "alarm_email is a mail address, or empty."
  }
}

variable "latency_alarm_ms" {
  description = "The alarm's limit for the slowest twentieth of the API's answers, in milliseconds; live answers of a sleeping warehouse take seconds."
  type        = number
  default     = 10000

  validation {
    condition     = var.latency_alarm_ms >= 100 && var.latency_alarm_ms <= 29000
    error_message = "latency_alarm_ms is from 100 to 29000."
  }
}

variable "api_requests_per_second" {
  description = "Requests a second that the API takes in the long run; beyond them it answers 429."
  type        = number
  default     = 50

  validation {
    condition     = var.api_requests_per_second >= 1 && var.api_requests_per_second <= 10000
    error_message = "api_requests_per_second is from 1 to 10000."
  }
}

variable "live_requests_per_second" {
  description = "The same for the live route alone, which keeps Snowflake's warehouse awake."
  type        = number
  default     = 2

  validation {
    condition     = var.live_requests_per_second >= 1 && var.live_requests_per_second <= 100
    error_message = "live_requests_per_second is from 1 to 100."
  }
}

variable "reserve_concurrency" {
  description = "Two calls of the live function and one of the processor at a time. Only false for an account whose limit is 10 concurrent functions, which has none to reserve."
  type        = bool
  default     = true
}

variable "manage_api_gateway_account" {
  description = "Lets API Gateway write logs: one setting for the whole region of the account. False where it is set already."
  type        = bool
  default     = true
}

variable "destroy_deletes_history" {
  description = "Whether terraform destroy may delete a bucket that holds snapshots, the only copy of their history."
  type        = bool
  default     = true
}

variable "enable_glue" {
  description = "Also makes a job of Glue that computes the pipeline by region and by product on Spark, to be started by hand."
  type        = bool
  default     = false
}

variable "glue_script" {
  description = "Where that job's script lies; absolute, or from this folder."
  type        = string
  default     = "../glue-jobs/pipeline_aggregations.py"

  validation {
    condition     = endswith(var.glue_script, ".py")
    error_message = "glue_script is a Python file."
  }
}

variable "snowflake_workload_identity" {
  description = "Functions sign in to Snowflake as their own roles, by tokens of STS: there is no secret. The account's outbound web identity federation has to be on, and Snowflake has to know the roles."
  type        = bool
  default     = false
}

variable "layer_arn" {
  description = "ARN of the layer of Dockerfile.layer, with its version: certificates and zone files that are renewed without the functions; empty: none, since they need none."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+)?$", var.layer_arn))
    error_message = "layer_arn is arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION, or empty."
  }
}

variable "package_folder" {
  description = "Where ./dev package puts the functions' zip files; absolute, or from this folder."
  type        = string
  default     = "../build/lambda"

  validation {
    condition     = var.package_folder != ""
    error_message = "package_folder is empty."
  }
}

variable "page_folder" {
  description = "Where the built page lies; absolute, or from this folder."
  type        = string
  default     = "../frontend/dist"

  validation {
    condition     = var.page_folder != ""
    error_message = "page_folder is empty."
  }
}
