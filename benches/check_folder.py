#!/usr/bin/env python3
"""Write a folder of 500 files with 10,000 metric filters, half Terraform and half CloudFormation, to time `trailql check` on.

    python3 benches/check_folder.py FOLDER [--names]
    time trailql check --fail-level never FOLDER > /dev/null

Two patterns in a hundred have a misspelt field; with --names five in a hundred a misspelt event name besides.
"""

import json
import random
import sys
from pathlib import Path

EVENTS = [
    ("s3", "DeleteBucket"), ("s3", "PutBucketPolicy"), ("s3", "GetObject"), ("iam", "CreateUser"),
    ("iam", "AttachRolePolicy"), ("ec2", "RunInstances"), ("ec2", "AuthorizeSecurityGroupIngress"),
    ("kms", "DisableKey"), ("cloudtrail", "StopLogging"), ("cloudtrail", "DeleteTrail"),
    ("signin", "ConsoleLogin"), ("sts", "AssumeRole"),
]
TEMPLATES = [
    '{{ ($.eventSource = "{source}.amazonaws.com") && ($.eventName = "{event}") }}',
    '{{ $.eventName = {event} && $.errorCode = "AccessDenied" && $.userIdentity.type != "AWSService" }}',
    '{{ ($.eventName = {event}) && ($.userIdentity.{field} = "user-{number}*") }}',
    '{{ $.eventName = "{event}" && $.sourceIPAddress != 10.* && $.recipientAccountId = "{account}" }}',
    '{{ ($.eventName = "{event}") && ($.awsRegion = "eu-*") && ($.readOnly IS FALSE) }}',
]


def pattern(random, number, names):
    source, event = random.choice(EVENTS)
    field = "arn"
    template = random.choice(TEMPLATES)
    if random.random() < 0.02:
        template, field = TEMPLATES[2], "userNam"
    if names and random.random() < 0.05:
        event = event[:-2] + event[-1]
    account = f"{random.randrange(10**12):012}"
    return template.format(source=source, event=event, field=field, number=number, account=account)


def terraform(name, pattern):
    return (
        f'resource "aws_cloudwatch_log_metric_filter" "{name}" {{\n  name           = "{name}"\n'
        f'  log_group_name = "trail"\n  pattern        = {json.dumps(pattern)}\n\n'
        f'  metric_transformation {{\n    name      = "{name}"\n    namespace = "trail"\n    value     = "1"\n  }}\n}}\n\n'
    )


def cloudformation(name, pattern):
    quoted = pattern.replace("'", "''")
    return (
        f"  {name}:\n    Type: AWS::Logs::MetricFilter\n    Properties:\n      LogGroupName: trail\n"
        f"      FilterPattern: '{quoted}'\n      MetricTransformations:\n        - MetricName: {name}\n"
        f"          MetricNamespace: trail\n          MetricValue: \"1\"\n"
    )


def main():
    folder = Path(sys.argv[1])
    names = "--names" in sys.argv
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(20261130)
    for file in range(500):
        filters = [(f"f{file}n{number}", pattern(source, number, names)) for number in range(20)]
        if file % 2 == 0:
            text = "".join(terraform(*one) for one in filters)
            (folder / f"filters-{file:03}.tf").write_text(text)
        else:
            text = "Resources:\n" + "".join(cloudformation(*one) for one in filters)
            (folder / f"template-{file:03}.yaml").write_text(text)


main()
