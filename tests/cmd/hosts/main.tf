locals {
  log_group = "aws-cloudtrail-logs-organization"
}

resource "aws_cloudwatch_log_metric_filter" "root_usage" {
  name           = "root-usage"
  log_group_name = local.log_group
  pattern        = "{ $.userIdentity.type = \"root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"

  metric_transformation {
    name      = "RootUsage"
    namespace = "CIS"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_metric_filter" "writes" {
  name           = "bucket-policy"
  log_group_name = local.log_group
  pattern        = <<-EOT
    { $.eventSource = "s3.amazonaws.com" && $.readOnly = false
      && ($.eventName = "PutBucketPolicy" || $.eventName = "DeletBucketPolicy") && $.awsRegion = "${var.region}" }
  EOT

  metric_transformation {
    name      = "BucketPolicy"
    namespace = "CIS"
    value     = "1"
  }
}

resource "aws_cloudwatch_query_definition" "who" {
  name         = "who"
  query_string = "filter eventName = \"GetObject\"\nstats count(*) by userIdentity.username"
}
