# The stack `rich`, written by `trailql export`.
# It's all here: # every kind, with "quotes" and ${name}
# Note: the saved metric query `rich/by user` is not in the export, for there is no type of resource for it.
# Note: the anomaly detector of `denied Sum` is without its `AdaptationSpeed = FAST`, which only
#   `PutAnomalyDetector` takes.
# Note: the anomaly detector of `denied Sum` is without its `OutlierFilteringStrength = STRICT`, which only
#   `PutAnomalyDetector` takes.
# Note: the trail belongs to the management account of the organization: deploy it there, or name that account
#   with `--account`.
# Note: the subscription of `security@example.com` to `security` is pending until it is confirmed there.
# Note: what is in the account already, such as what `trailql apply` made, needs `import` blocks beside this.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.69"
    }

    awscc = {
      source  = "hashicorp/awscc"
      version = "~> 1.105"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "awscc" {
  region = "eu-west-1"
}

data "aws_partition" "rich" {}

data "aws_caller_identity" "rich" {}

data "aws_organizations_organization" "rich" {}

# Its events stay when the configuration goes.
resource "aws_cloudwatch_log_group" "trail_rich_1" {
  name              = "/trail/rich#1"
  retention_in_days = 365
  kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  skip_destroy      = true

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }
}

# Lets the trail write into the log group.
resource "aws_iam_role" "rich_trail" {
  name        = "CloudTrailRoleForCloudWatchLogs_rich.trail"
  description = "CloudTrail writes its events into CloudWatch Logs"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = {
        Service = "cloudtrail.amazonaws.com"
      }
      Action = "sts:AssumeRole"
    }]
  })

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }
}

resource "aws_iam_role_policy" "rich_trail" {
  name = "CloudTrailWritesToCloudWatchLogs"
  role = aws_iam_role.rich_trail.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AWSCloudTrailCreateLogStream"
        Effect = "Allow"
        Action = "logs:CreateLogStream"
        Resource = [
          "${aws_cloudwatch_log_group.trail_rich_1.arn}:log-stream:${data.aws_caller_identity.rich.account_id}_CloudTrail_eu-west-1*",
          "${aws_cloudwatch_log_group.trail_rich_1.arn}:log-stream:${data.aws_organizations_organization.rich.id}_*",
        ]
      },
      {
        Sid    = "AWSCloudTrailPutLogEvents"
        Effect = "Allow"
        Action = "logs:PutLogEvents"
        Resource = [
          "${aws_cloudwatch_log_group.trail_rich_1.arn}:log-stream:${data.aws_caller_identity.rich.account_id}_CloudTrail_eu-west-1*",
          "${aws_cloudwatch_log_group.trail_rich_1.arn}:log-stream:${data.aws_organizations_organization.rich.id}_*",
        ]
      },
    ]
  })
}

resource "aws_s3_bucket" "rich_trail_bucket" {
  bucket = "rich-trail-bucket"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "rich_trail_bucket" {
  bucket                  = aws_s3_bucket.rich_trail_bucket.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "rich_trail_bucket" {
  bucket = aws_s3_bucket.rich_trail_bucket.bucket

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "CloudTrailAclCheck"
        Effect = "Allow"
        Principal = {
          Service = "cloudtrail.amazonaws.com"
        }
        Action   = "s3:GetBucketAcl"
        Resource = aws_s3_bucket.rich_trail_bucket.arn
        Condition = {
          StringEquals = {
            "aws:SourceArn" = "arn:${data.aws_partition.rich.partition}:cloudtrail:eu-west-1:${data.aws_caller_identity.rich.account_id}:trail/rich.trail"
          }
        }
      },
      {
        Sid    = "CloudTrailWrite"
        Effect = "Allow"
        Principal = {
          Service = "cloudtrail.amazonaws.com"
        }
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.rich_trail_bucket.arn}/all/of it/AWSLogs/${data.aws_caller_identity.rich.account_id}/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-acl"  = "bucket-owner-full-control"
            "aws:SourceArn" = "arn:${data.aws_partition.rich.partition}:cloudtrail:eu-west-1:${data.aws_caller_identity.rich.account_id}:trail/rich.trail"
          }
        }
      },
      {
        Sid    = "CloudTrailWriteOrganization"
        Effect = "Allow"
        Principal = {
          Service = "cloudtrail.amazonaws.com"
        }
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.rich_trail_bucket.arn}/all/of it/AWSLogs/${data.aws_organizations_organization.rich.id}/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-acl"  = "bucket-owner-full-control"
            "aws:SourceArn" = "arn:${data.aws_partition.rich.partition}:cloudtrail:eu-west-1:${data.aws_caller_identity.rich.account_id}:trail/rich.trail"
          }
        }
      },
    ]
  })
}

resource "aws_cloudtrail" "rich_trail" {
  name                          = "rich.trail"
  s3_bucket_name                = aws_s3_bucket.rich_trail_bucket.bucket
  s3_key_prefix                 = "all/of it"
  is_multi_region_trail         = false
  is_organization_trail         = true
  include_global_service_events = false
  enable_log_file_validation    = false
  kms_key_id                    = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail_rich_1.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.rich_trail.arn

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }

  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }

    field_selector {
      field      = "eventSource"
      not_equals = ["kms.amazonaws.com", "rdsdata.amazonaws.com"]
    }
  }

  advanced_event_selector {
    name = "Objects of two buckets"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field         = "resources.ARN"
      starts_with   = ["arn:aws:s3:::first/", "arn:aws:s3:::second/"]
      not_ends_with = [".tmp"]
    }
  }

  depends_on = [aws_iam_role_policy.rich_trail, aws_s3_bucket_policy.rich_trail_bucket]
}

resource "aws_cloudwatch_log_metric_filter" "downloads_4eed41" {
  name           = "downloads"
  log_group_name = aws_cloudwatch_log_group.trail_rich_1.name
  pattern        = "{ $.eventName = \"GetObject\" && $.userIdentity.userName = * }"

  metric_transformation {
    namespace = "rich"
    name      = "downloads"
    value     = "$.additionalEventData.bytesTransferredOut"
    unit      = "Bytes"

    dimensions = {
      "event source" = "$.eventSource"
      userName       = "$.userIdentity.userName"
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "downloads_d5fdc1" {
  name           = "Downloads"
  log_group_name = aws_cloudwatch_log_group.trail_rich_1.name
  pattern        = ""

  metric_transformation {
    namespace     = "rich"
    name          = "all"
    value         = "1"
    default_value = 0.5
    unit          = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "filter_404_or_other_if_quoted_single_back" {
  name           = "404 or $${other} %%{if} \"quoted\" 'single' \\ back"
  log_group_name = aws_cloudwatch_log_group.trail_rich_1.name
  pattern        = "{ $.errorMessage = \"a \\\"$${quote}\\\" %%{if} \\\\ and: # ü\" || $.errorCode = %^Access.*Denied$% }"

  metric_transformation {
    namespace     = "rich"
    name          = "denied"
    value         = "1"
    default_value = 0
  }
}

resource "awscc_cloudwatch_anomaly_detector" "denied_sum" {
  single_metric_anomaly_detector = {
    namespace   = "rich"
    metric_name = "denied"
    stat        = "Sum"
  }

  configuration = {
    metric_time_zone = "Europe/Berlin"
    excluded_time_ranges = [{
      start_time = "2026-11-27T00:00:00"
      end_time   = "2026-11-28T00:00:00"
    }]
  }

  metric_characteristics = {
    periodic_spikes = true
  }
}

resource "awscc_cloudwatch_anomaly_detector" "downloads_p99" {
  single_metric_anomaly_detector = {
    namespace   = "rich"
    metric_name = "downloads"
    dimensions = [
      {
        name  = "userName"
        value = "build"
      },
      {
        name  = "event source"
        value = "s3.amazonaws.com"
      },
    ]
    stat = "p99"
  }
}

resource "awscc_cloudwatch_anomaly_detector" "share_of_refusals" {
  metric_math_anomaly_detector = {
    metric_data_queries = [
      {
        id = "all"
        metric_stat = {
          metric = {
            namespace   = "rich"
            metric_name = "all"
          }
          period = 300
          stat   = "Sum"
        }
        return_data = false
      },
      {
        id = "denied"
        metric_stat = {
          metric = {
            namespace   = "rich"
            metric_name = "denied"
          }
          period = 300
          stat   = "Sum"
        }
        return_data = false
      },
      {
        id          = "share"
        expression  = "denied / all * 100"
        label       = "share of refusals"
        return_data = true
      },
    ]
  }
}

resource "aws_sns_topic" "security" {
  name = "security"

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }
}

resource "aws_sns_topic_subscription" "security_security_example_com" {
  topic_arn = aws_sns_topic.security.arn
  protocol  = "email"
  endpoint  = "security@example.com"
}

resource "aws_sns_topic_subscription" "security_arn_aws_sqs_eu_west_1_111122223333_alarms" {
  topic_arn = aws_sns_topic.security.arn
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:eu-west-1:111122223333:alarms"
}

resource "aws_sns_topic" "operations" {
  name = "operations"

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }
}

resource "aws_cloudwatch_metric_alarm" "a_lot_downloaded" {
  alarm_name = "a lot downloaded"

  alarm_description = chomp(<<-EOT
    Bytes: more than usual
    # second line
  EOT
  )

  namespace   = "rich"
  metric_name = "downloads"

  dimensions = {
    userName       = "build"
    "event source" = "s3.amazonaws.com"
  }

  extended_statistic                    = "p99"
  period                                = 300
  unit                                  = "Bytes"
  comparison_operator                   = "GreaterThanThreshold"
  threshold                             = 1500000
  evaluation_periods                    = 3
  datapoints_to_alarm                   = 2
  treat_missing_data                    = "notBreaching"
  evaluate_low_sample_count_percentiles = "ignore"
  actions_enabled                       = true
  alarm_actions                         = [aws_sns_topic.security.arn, "arn:aws:sns:eu-west-1:111122223333:elsewhere"]
  ok_actions                            = [aws_sns_topic.operations.arn]
  insufficient_data_actions             = [aws_sns_topic.operations.arn]

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }

  warm_up_configuration {
    warm_up_period_duration_in_minutes              = 30
    only_start_evaluating_after_warm_up_period_ends = true
  }
}

resource "aws_cloudwatch_metric_alarm" "refusals_beyond_the_band" {
  alarm_name          = "refusals beyond the band"
  comparison_operator = "LessThanLowerOrGreaterThanUpperThreshold"
  threshold_metric_id = "ad1"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.security.arn]

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }

  metric_query {
    id          = "m1"
    return_data = true

    metric {
      namespace   = "rich"
      metric_name = "denied"
      period      = 3600
      stat        = "Sum"
    }
  }

  metric_query {
    id          = "ad1"
    expression  = "ANOMALY_DETECTION_BAND(m1, 2.5)"
    label       = "what was expected"
    return_data = true
  }

  evaluation_window {
    wall_clock_window {
      timezone = "Europe/Berlin"
    }
  }

  depends_on = [awscc_cloudwatch_anomaly_detector.denied_sum]
}

resource "aws_cloudwatch_metric_alarm" "any_user" {
  alarm_name          = "any user"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 100
  evaluation_periods  = 2
  treat_missing_data  = "missing"
  alarm_actions       = [aws_sns_topic.security.arn]

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }

  metric_query {
    id          = "q1"
    expression  = "SELECT MAX(downloads) FROM SCHEMA(rich, \"event source\", userName) GROUP BY userName ORDER BY MAX() DESC"
    period      = 300
    return_data = true
  }
}

resource "aws_cloudwatch_metric_alarm" "share_of_refusals" {
  alarm_name          = "share of refusals"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.security.arn]

  tags = {
    Owner         = "o.neill"
    "cost centre" = "security: trail"
  }

  metric_query {
    id          = "all"
    return_data = false

    metric {
      namespace   = "rich"
      metric_name = "all"
      period      = 300
      stat        = "Sum"
      unit        = "Count"
    }
  }

  metric_query {
    id          = "denied"
    return_data = false

    metric {
      namespace   = "rich"
      metric_name = "denied"
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id          = "share"
    expression  = "denied / all * 100"
    return_data = true
  }
}

resource "aws_cloudwatch_query_definition" "rich_who" {
  name            = "rich/who"
  log_group_names = [aws_cloudwatch_log_group.trail_rich_1.name]

  query_string = <<-EOT
    fields @timestamp, userIdentity.arn
    # $${not} a %%{template}
      | filter eventName = "GetObject" and errorMessage like /\d+ "of" \\b/

    | stats count(*) as calls by userIdentity.arn
  EOT
}

# Of the Cloud Control provider, for aws_cloudwatch_query_definition has no parameters.
resource "awscc_logs_query_definition" "rich_of_a_user" {
  name            = "rich/of a user"
  query_string    = "filter userIdentity.userName = \"{{user}}\""
  log_group_names = [aws_cloudwatch_log_group.trail_rich_1.name, "elsewhere"]

  parameters = [{
    name          = "user"
    default_value = "build"
    description   = "whose calls"
  }]
}

resource "aws_cloudwatch_query_definition" "rich_elsewhere" {
  name         = "rich/elsewhere"
  query_string = "SOURCE 'elsewhere' | limit 5"
}

resource "aws_cloudwatch_dashboard" "rich" {
  dashboard_name = "rich"
  dashboard_body = "{\"widgets\": [{\"type\": \"text\", \"x\": 0, \"y\": 0, \"width\": 6, \"height\": 2, \"properties\": {\"markdown\": \"$${Nothing} %%{here}\"}}, {\"type\": \"log\", \"x\": 0, \"y\": 2, \"width\": 24, \"height\": 6, \"properties\": {\"region\": \"eu-west-1\", \"query\": \"SOURCE \\\"/trail/rich#1\\\" | filter userIdentity.userName = \\\"build\\\"\"}}]}"
}
