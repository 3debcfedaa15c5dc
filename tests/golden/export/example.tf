# The stack `presigned-url`, written by `trailql export`.
# Presigned-URL access to S3 objects, counted, learnt and watched
# Note: the saved metric query `presigned-URL/by user` is not in the export, for there is no type of resource
#   for it.
# Note: the trail belongs to the management account of the organization: deploy it there, or name that account
#   with `--account`.
# Note: the policy of the bucket `example-organization-trail` must hold the statements of
#   `local.presigned_url_bucket_policy_statements`.
# Note: what is in the account already, such as what `trailql apply` made, needs `import` blocks beside this.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }

    awscc = {
      source  = "hashicorp/awscc"
      version = "~> 1.105"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "awscc" {
  region = "us-east-1"
}

data "aws_partition" "presigned_url" {}

data "aws_caller_identity" "presigned_url" {}

data "aws_organizations_organization" "presigned_url" {}

# Its events stay when the configuration goes.
resource "aws_cloudwatch_log_group" "aws_cloudtrail_logs_organization" {
  name              = "aws-cloudtrail-logs-organization"
  retention_in_days = 90
  skip_destroy      = true
}

# Lets the trail write into the log group.
resource "aws_iam_role" "organization_trail" {
  name        = "CloudTrailRoleForCloudWatchLogs_organization-trail"
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
}

resource "aws_iam_role_policy" "organization_trail" {
  name = "CloudTrailWritesToCloudWatchLogs"
  role = aws_iam_role.organization_trail.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AWSCloudTrailCreateLogStream"
        Effect = "Allow"
        Action = "logs:CreateLogStream"
        Resource = [
          "${aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.arn}:log-stream:${data.aws_caller_identity.presigned_url.account_id}_CloudTrail_us-east-1*",
          "${aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.arn}:log-stream:${data.aws_organizations_organization.presigned_url.id}_*",
        ]
      },
      {
        Sid    = "AWSCloudTrailPutLogEvents"
        Effect = "Allow"
        Action = "logs:PutLogEvents"
        Resource = [
          "${aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.arn}:log-stream:${data.aws_caller_identity.presigned_url.account_id}_CloudTrail_us-east-1*",
          "${aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.arn}:log-stream:${data.aws_organizations_organization.presigned_url.id}_*",
        ]
      },
    ]
  })
}

# The bucket is elsewhere. Its policy must hold these statements before the trail is made.
locals {
  presigned_url_bucket_policy_statements = [
    {
      Sid    = "CloudTrailAclCheck"
      Effect = "Allow"
      Principal = {
        Service = "cloudtrail.amazonaws.com"
      }
      Action   = "s3:GetBucketAcl"
      Resource = "arn:${data.aws_partition.presigned_url.partition}:s3:::example-organization-trail"
      Condition = {
        StringEquals = {
          "aws:SourceArn" = "arn:${data.aws_partition.presigned_url.partition}:cloudtrail:us-east-1:${data.aws_caller_identity.presigned_url.account_id}:trail/organization-trail"
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
      Resource = "arn:${data.aws_partition.presigned_url.partition}:s3:::example-organization-trail/AWSLogs/${data.aws_caller_identity.presigned_url.account_id}/*"
      Condition = {
        StringEquals = {
          "s3:x-amz-acl"  = "bucket-owner-full-control"
          "aws:SourceArn" = "arn:${data.aws_partition.presigned_url.partition}:cloudtrail:us-east-1:${data.aws_caller_identity.presigned_url.account_id}:trail/organization-trail"
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
      Resource = "arn:${data.aws_partition.presigned_url.partition}:s3:::example-organization-trail/AWSLogs/${data.aws_organizations_organization.presigned_url.id}/*"
      Condition = {
        StringEquals = {
          "s3:x-amz-acl"  = "bucket-owner-full-control"
          "aws:SourceArn" = "arn:${data.aws_partition.presigned_url.partition}:cloudtrail:us-east-1:${data.aws_caller_identity.presigned_url.account_id}:trail/organization-trail"
        }
      }
    },
  ]
}

resource "aws_cloudtrail" "organization_trail" {
  name                       = "organization-trail"
  s3_bucket_name             = "example-organization-trail"
  is_multi_region_trail      = true
  is_organization_trail      = true
  enable_log_file_validation = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.organization_trail.arn

  advanced_event_selector {
    name = "Management events"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Objects of S3"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
  }

  depends_on = [aws_iam_role_policy.organization_trail]
}

resource "aws_cloudwatch_log_metric_filter" "presigned_url_filter" {
  name           = "presigned-URL-filter"
  log_group_name = aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.name
  pattern        = "{ ($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString) }"

  metric_transformation {
    namespace     = "advanced-cloudtrail-event"
    name          = "presigned-URL"
    value         = "1"
    default_value = 0
    unit          = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "presigned_url_user_name_filter" {
  name           = "presigned-URL-userName-filter"
  log_group_name = aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.name
  pattern        = "{ ($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString) && ($.userIdentity.userName=*) }"

  metric_transformation {
    namespace = "advanced-cloudtrail-event"
    name      = "presigned-URL-userName"
    value     = "1"
    unit      = "Count"

    dimensions = {
      userName = "$.userIdentity.userName"
    }
  }
}

resource "awscc_cloudwatch_anomaly_detector" "presigned_url_sum" {
  single_metric_anomaly_detector = {
    namespace   = "advanced-cloudtrail-event"
    metric_name = "presigned-URL"
    stat        = "Sum"
  }

  configuration = {
    metric_time_zone = "UTC"
  }
}

resource "aws_sns_topic" "security" {
  name = "security"
}

resource "aws_cloudwatch_metric_alarm" "presigned_url_anomaly" {
  alarm_name          = "presigned-URL-anomaly"
  alarm_description   = "More downloads through presigned URLs than this hour of the week explains"
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "ad1"
  evaluation_periods  = 2
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.security.arn]

  metric_query {
    id          = "m1"
    return_data = true

    metric {
      namespace   = "advanced-cloudtrail-event"
      metric_name = "presigned-URL"
      period      = 300
      stat        = "Sum"
    }
  }

  metric_query {
    id          = "ad1"
    expression  = "ANOMALY_DETECTION_BAND(m1, 2)"
    return_data = true
  }

  depends_on = [awscc_cloudwatch_anomaly_detector.presigned_url_sum]
}

resource "aws_cloudwatch_query_definition" "presigned_url_account_of_a_user" {
  name            = "presigned-URL/account of a user"
  log_group_names = [aws_cloudwatch_log_group.aws_cloudtrail_logs_organization.name]

  query_string = chomp(<<-EOT
    filter userIdentity.userName = "unauthorizedUser"
    | stats count(*) as calls, earliest(sourceIPAddress) as ip by userIdentity.accountId
  EOT
  )
}

resource "aws_cloudwatch_dashboard" "presigned_url" {
  dashboard_name = "presigned-URL"

  dashboard_body = chomp(<<-EOT
    {"start": "-PT24H", "widgets": [
      {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties": {
        "region": "us-east-1", "title": "Presigned downloads and what was expected", "stat": "Sum", "period": 300,
        "metrics": [
          ["advanced-cloudtrail-event", "presigned-URL", {"id": "m1"}],
          [{"expression": "ANOMALY_DETECTION_BAND(m1, 2)", "label": "expected", "id": "ad1"}]]}},
      {"type": "metric", "x": 12, "y": 0, "width": 12, "height": 6, "properties": {
        "region": "us-east-1", "title": "By user", "view": "timeSeries", "period": 300,
        "metrics": [
          [{"expression": "SELECT SUM(\"presigned-URL-userName\") FROM \"advanced-cloudtrail-event\" GROUP BY userName", "id": "q1", "period": 300}]]}},
      {"type": "log", "x": 0, "y": 6, "width": 24, "height": 6, "properties": {
        "region": "us-east-1", "title": "Accounts", "view": "table",
        "query": "SOURCE 'aws-cloudtrail-logs-organization' | filter userIdentity.userName = \"unauthorizedUser\"\n| stats count(*) as calls by userIdentity.accountId"}}]}
  EOT
  )
}
