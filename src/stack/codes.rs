//! The rules of stack files and event selectors: code, weight, a bad and a good example each.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

/// The rule with this code, whatever its case of letters.
///
/// ```
/// use trailql::stack::codes;
///
/// assert_eq!(codes::find("pr006").unwrap().title, "a name stands twice");
/// assert!(codes::find("PR999").is_none());
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.0.eq_ignore_ascii_case(code))
}

rules! {
    NOT_TOML "PR001" Error "the stack file is no TOML":
        "The file does not follow the syntax of TOML at this place.",
        "name = presigned" => "name = 'presigned'";
    SHAPE "PR002" Error "the file does not have the shape of a stack":
        "Members are spelled as in the service's requests; one that does not exist, is missing or has another type is refused.",
        "nam = 'presigned'" => "name = 'presigned'";
    TEXT "PR003" Error "a text that the service refuses":
        "Names have a length and an alphabet of their own.",
        "[logGroup]\nlogGroupName = 'cloud trail'\nretentionInDays = 90" => "[logGroup]\nlogGroupName = 'cloud-trail'\nretentionInDays = 90";
    NUMBER "PR004" Error "a number that the service refuses":
        "The service takes certain numbers only.",
        "[logGroup]\nlogGroupName = 'cloud-trail'\nretentionInDays = 91" => "[logGroup]\nlogGroupName = 'cloud-trail'\nretentionInDays = 90";
    CHOICE "PR005" Error "a word that the service does not know":
        "The member takes one of a few words.",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'Greater'"
            => "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    DUPLICATE "PR006" Error "a name stands twice":
        "The second definition would replace the first.",
        "topics = [{ Name = 'security' }, { Name = 'security' }]" => "topics = [{ Name = 'security' }, { Name = 'operations' }]";
    TRANSFORMATION "PR007" Error "the metric transformation does not fit":
        "A metric filter has exactly one transformation, and its value and dimensions are places in the events of its pattern.",
        "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = 'ERROR'\nmetricTransformations = [{ metricNamespace = 'n', metricName = 'm', metricValue = '1', dimensions = { user = '$.user' } }]"
            => "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.level = ERROR }'\nmetricTransformations = [{ metricNamespace = 'n', metricName = 'm', metricValue = '1', dimensions = { user = '$.user' } }]";
    STATISTIC "PR008" Error "there is no such statistic":
        "Statistics are `SampleCount`, `Average`, `Sum`, `Minimum`, `Maximum`, and forms such as `p99`, `tm90`, `TM(10%:90%)` or `PR(0:300)`.",
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Total' }"
            => "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }";
    DATA_SOURCE "PR009" Error "what is watched is not said, or said twice":
        "An alarm watches one metric, or `Metrics`; a detector one metric, or metric math.",
        "[[alarms]]\nAlarmName = 'a'\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'"
            => "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    DATA_QUERY "PR010" Error "an entry of `Metrics` does not fit":
        "Each entry has an `Id` of its own and either a metric or an expression over the others; one is the result.",
        "[[alarms]]\nAlarmName = 'a'\nMetrics = [{ Id = 'q1', Expression = 'SELECT SUM(m) FROM n' }]\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'"
            => "[[alarms]]\nAlarmName = 'a'\nMetrics = [{ Id = 'q1', Expression = 'SELECT SUM(m) FROM n', Period = 300 }]\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    BAND "PR011" Error "band and operator do not go together":
        "The three range operators compare with a band, which `ThresholdMetricId` names; the others with `Threshold`.",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanUpperThreshold'"
            => "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    EVALUATION "PR012" Error "the alarm cannot be evaluated like this":
        "M is at most N, and the periods that are looked at span a day at most, or a week for periods of an hour and more.",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nDatapointsToAlarm = 2\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'"
            => "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 2\nDatapointsToAlarm = 2\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    REFERENCE "PR013" Error "what is referred to is not in the stack":
        "`topic:NAME` names a topic of the same file; anything else is an ARN.",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\nAlarmActions = ['topic:security']"
            => "topics = [{ Name = 'security' }]\n[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'\nAlarmActions = ['topic:security']";
    TIME "PR014" Error "no time, or no time zone":
        "Excluded time ranges are spelled `yyyy-MM-ddTHH:mm:ss`; time zones by their name in the time zone database.",
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\nConfiguration = { MetricTimezone = 'Berlin' }"
            => "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\nConfiguration = { MetricTimezone = 'Europe/Berlin' }";
    DASHBOARD "PR015" Error "the dashboard's body does not fit":
        "The body is a JSON object with a list of widgets, each of a known type.",
        "dashboards = [{ DashboardName = 'd', DashboardBody = '[]' }]" => "dashboards = [{ DashboardName = 'd', DashboardBody = '{\"widgets\":[]}' }]";
    TOO_MANY "PR016" Error "more than the service allows":
        "The service has a quota for it.",
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\nConfiguration = { ExcludedTimeRanges = [{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' },{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' }] }"
            => "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\nConfiguration = { ExcludedTimeRanges = [{ StartTime = '2024-01-01T00:00:00', EndTime = '2024-01-02T00:00:00' }] }";
    TAG "PR017" Error "a tag that a service refuses":
        "Tags go to everything that takes tags, so that the strictest service decides: 1 to 128 letters, digits, spaces and `_ . : / = + - @`, values of at most 256, and of at least one where there is a trail. Keys that begin with `aws:` belong to AWS, those with `trailql:` tell what a stack made. The stack's name is the value of such a tag, and a resource has at most 50.",
        "tags = { 'aws:team' = 'security' }" => "tags = { team = 'security' }";
    KEY "PR018" Error "not the ARN of a key":
        "A log group is encrypted by a key that is named by its ARN; the id of a key and an alias are refused.",
        "[logGroup]\nlogGroupName = 'cloud-trail'\nretentionInDays = 90\nkmsKeyId = 'alias/logs'"
            => "[logGroup]\nlogGroupName = 'cloud-trail'\nretentionInDays = 90\nkmsKeyId = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'";
    TRAIL_SETTINGS "PR019" Error "the settings of the trail do not go together":
        "A trail of all Regions records the events of global services as well, and cannot be told to leave them out.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nIsMultiRegionTrail = true\nIncludeGlobalServiceEvents = false"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nIsMultiRegionTrail = true";
    NO_SUCH_METRIC "PR101" Warning "no metric filter of the stack emits this metric":
        "An alarm or query on a metric that nothing emits never has data; each set of dimensions is a metric of its own, and so is the same name in another namespace.",
        "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.eventName = GetObject }'\nmetricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', defaultValue = 0 }]\n[[alarms]]\nAlarmName = 'a'\nNamespace = 'trail'\nMetricName = 'download'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'"
            => "[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.eventName = GetObject }'\nmetricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1', defaultValue = 0 }]\n[[alarms]]\nAlarmName = 'a'\nNamespace = 'trail'\nMetricName = 'downloads'\nStatistic = 'Sum'\nPeriod = 300\nEvaluationPeriods = 1\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    NO_DETECTOR "PR102" Info "a band without a detector":
        "The service makes a detector with its own settings for a band that has none; the stack should say which.",
        "[[alarms]]\nAlarmName = 'a'\nMetrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'n', MetricName = 'm' }, Period = 300, Stat = 'Sum' } }, { Id = 'ad1', Expression = 'ANOMALY_DETECTION_BAND(m1, 2)' }]\nThresholdMetricId = 'ad1'\nEvaluationPeriods = 1\nComparisonOperator = 'GreaterThanUpperThreshold'"
            => "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }\n[[alarms]]\nAlarmName = 'a'\nMetrics = [{ Id = 'm1', MetricStat = { Metric = { Namespace = 'n', MetricName = 'm' }, Period = 300, Stat = 'Sum' } }, { Id = 'ad1', Expression = 'ANOMALY_DETECTION_BAND(m1, 2)' }]\nThresholdMetricId = 'ad1'\nEvaluationPeriods = 1\nComparisonOperator = 'GreaterThanUpperThreshold'";
    NOT_RECORDED "PR103" Warning "the trail does not record what the filter counts":
        "Object-level events of S3, items of DynamoDB and invocations of Lambda are data events; a trail records them only where an event selector says so. Selectors replace what it records by itself, so that management events need one as well, which may leave out sources, reads or writes.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nIsMultiRegionTrail = true\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }] }]\n[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.eventName = GetObject }'\nmetricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1' }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nIsMultiRegionTrail = true\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }] }]\n[[metricFilters]]\nfilterName = 'f'\nfilterPattern = '{ $.eventName = GetObject }'\nmetricTransformations = [{ metricNamespace = 'trail', metricName = 'downloads', metricValue = '1' }]";
    ALARM_SETTING "PR104" Warning "a setting of the alarm probably does something else":
        "The alarm is legal, but treats missing data, few samples or its actions in a way that hides what it is for.",
        "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nExtendedStatistic = 'p99'\nPeriod = 300\nEvaluationPeriods = 3\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'"
            => "[[alarms]]\nAlarmName = 'a'\nNamespace = 'n'\nMetricName = 'm'\nExtendedStatistic = 'p99'\nEvaluateLowSampleCountPercentile = 'ignore'\nPeriod = 300\nEvaluationPeriods = 3\nThreshold = 1\nComparisonOperator = 'GreaterThanThreshold'";
    OTHER_ACCOUNT "PR105" Info "the metric is that of another account":
        "A replay has the metric data of one account, and takes them for those of the account that is named.",
        "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum', AccountId = '111122223333' }"
            => "[[anomalyDetectors]]\nSingleMetricAnomalyDetector = { Namespace = 'n', MetricName = 'm', Stat = 'Sum' }";
    CATEGORY "ES001" Error "the category of events is not said":
        "Each selector has one `eventCategory`, compared by `Equals` with one value.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'readOnly', Equals = ['true'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', Equals = ['true'] }] }]";
    RESOURCE_TYPE "ES002" Error "the type of resources does not fit":
        "A selector of data events has exactly one `resources.type`, others have none.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }] }]";
    NETWORK_SOURCE "ES003" Error "network events need one event source":
        "A selector of network activity names one `eventSource` by `Equals`.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['NetworkActivity'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['NetworkActivity'] }, { Field = 'eventSource', Equals = ['s3.amazonaws.com'] }] }]";
    SELECTOR_OPERATOR "ES004" Error "the operator does not go with the field":
        "Some fields take `Equals` only, some are not there for this category of events.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', NotEquals = ['true'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', Equals = ['false'] }] }]";
    SELECTOR_VALUE "ES005" Error "the field has no such value":
        "`readOnly` and `sessionCredentialFromConsole` are `true` or `false`, categories have names of their own.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', Equals = ['yes'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'readOnly', Equals = ['true'] }] }]";
    SELECTOR_WILDCARD "ES006" Warning "a star means itself here":
        "Event selectors have no wildcards; `StartsWith` and `EndsWith` take their place.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['Get*'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', StartsWith = ['Get'] }] }]";
    SELECTOR_CONTRADICTION "ES007" Error "a value is asked for and excluded":
        "No event has it, so the selector records nothing for it.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['GetObject'], NotStartsWith = ['Get'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', Equals = ['GetObject'] }] }]";
    SELECTOR_REPEATED "ES008" Warning "a field stands twice in one selector":
        "Whether the service takes that is not documented; one entry can hold all operators.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', StartsWith = ['Get'] }, { Field = 'eventName', NotEquals = ['GetObjectAcl'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'eventName', StartsWith = ['Get'], NotEquals = ['GetObjectAcl'] }] }]";
    SELECTOR_ARN "ES009" Warning "the ARN selects something else":
        "`Equals` needs a whole object's ARN; a bucket's ARN under `StartsWith` without the slash also selects buckets whose names begin alike.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'resources.ARN', StartsWith = ['arn:aws:s3:::reports'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Data'] }, { Field = 'resources.type', Equals = ['AWS::S3::Object'] }, { Field = 'resources.ARN', StartsWith = ['arn:aws:s3:::reports/'] }] }]";
    SELECTOR_FIELD "ES010" Warning "the field is not known":
        "Fields are added now and then; this one was not there in November 2026.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }, { Field = 'awsRegion', Equals = ['us-east-1'] }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }] }]";
    SELECTOR_COUNT "ES011" Error "too many or too few values":
        "A condition has at least one value, all selectors of a trail together 500 at most.",
        "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory' }] }]"
            => "[trail]\nName = 'organization-trail'\nS3BucketName = 'trail-bucket'\nAdvancedEventSelectors = [{ FieldSelectors = [{ Field = 'eventCategory', Equals = ['Management'] }] }]";
}
