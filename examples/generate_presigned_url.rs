//! Writes the data of `examples/presigned-url`: two weeks of an organization trail in which one user
//! suddenly downloads many objects through presigned URLs.
//!
//! ```text
//! cargo run --release --example generate_presigned_url -- [--out DIR] [--seed N]
//! ```
//!
//! It writes `events.ndjson.gz` (CloudTrail records, one a line, by event time) and `expected.json`
//! (what a correct metric must count). The counts come from the plan, which is drawn before any record
//! is written, so they owe nothing to a reader of records. All arithmetic is on integers: the same seed
//! gives the same records on every machine. Every account, name, key and address is invented.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::{env, fs};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Monday 2024-09-02T00:00:00Z.
const START: i64 = 1_725_235_200;
const DAYS: i64 = 14;
/// The period by which `expected.json` counts, in seconds.
const PERIOD: i64 = 300;

/// Day 11, at a quiet hour: 2024-09-12T03:10:00Z.
const ANOMALY_START: i64 = START + 10 * DAY + 3 * HOUR + 600;
const ANOMALY_SECONDS: i64 = 90 * 60;
/// Eight times the average rate of presigned downloads, which is six an hour.
const ANOMALY: i64 = 8 * 6 * ANOMALY_SECONDS / HOUR;

/// Who signs requests, from where, and what for.
#[derive(Clone, Copy)]
struct Principal {
    kind: Kind,
    account: &'static str,
    name: &'static str,
    ip: &'static str,
    agent: &'static str,
    /// How often it does each job, against the others who do it.
    jobs: &'static [(Job, i64)],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// An IAM user with a long-term access key.
    User,
    /// An IAM user signed in to the console, with a second factor.
    ConsoleUser,
    /// A role session: its `userIdentity` has no `userName`.
    Role,
    Root,
    Service,
}
use Kind::{ConsoleUser, Role, Root, Service, User};

#[derive(Clone, Copy, PartialEq)]
enum Job {
    /// Signs URLs that others follow.
    Presign,
    /// Reads objects with a signature in a header.
    Read,
    Administer,
    Click,
    Run,
    OwnTheAccount,
    Lambda,
    Trail,
}
use Job::{Administer, Click, Lambda, OwnTheAccount, Presign, Read, Run, Trail};

const MAIN: &str = "111122223333";
const ARCHIVE: &str = "444455556666";
const PARTNERS: &str = "777788889999";

const CLI: &str = "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.92 md/arch#x86_64 lang/python#3.11.9";
const BOTO: &str = "Boto3/1.35.10 md/Botocore#1.35.10 ua/2.0 os/linux#6.8.0 lang/python#3.12.3";
const JAVA: &str = "aws-sdk-java/2.28.11 Linux/5.10.223 OpenJDK_64-Bit_Server_VM/17.0.12 http/Apache";
const PROXY: &str = "AWS Internal";
const TRAIL: &str = "cloudtrail.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";
#[rustfmt::skip]
const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
];

#[rustfmt::skip]
const PRINCIPALS: &[Principal] = &[
    Principal { kind: User, account: MAIN, name: "app-backend", ip: "192.0.2.21", agent: JAVA, jobs: &[(Presign, 40), (Read, 20)] },
    Principal { kind: User, account: MAIN, name: "report-exporter", ip: "192.0.2.22", agent: BOTO, jobs: &[(Presign, 25), (Read, 30)] },
    Principal { kind: User, account: PARTNERS, name: "partner-gateway", ip: "198.51.100.14", agent: JAVA, jobs: &[(Presign, 18), (Read, 10)] },
    Principal { kind: User, account: ARCHIVE, name: "archive-reader", ip: "192.0.2.61", agent: BOTO, jobs: &[(Presign, 4), (Read, 6)] },
    Principal { kind: Role, account: PARTNERS, name: "media-portal", ip: "198.51.100.15", agent: JAVA, jobs: &[(Presign, 13), (Read, 14), (Run, 30)] },
    Principal { kind: Role, account: MAIN, name: "app-runtime", ip: "192.0.2.23", agent: BOTO, jobs: &[(Read, 20), (Run, 60)] },
    Principal { kind: Role, account: ARCHIVE, name: "nightly-archive", ip: "192.0.2.62", agent: BOTO, jobs: &[(Run, 8)] },
    Principal { kind: User, account: MAIN, name: "alice", ip: "203.0.113.8", agent: CLI, jobs: &[(Administer, 40)] },
    Principal { kind: User, account: PARTNERS, name: "bob", ip: "203.0.113.9", agent: CLI, jobs: &[(Administer, 30)] },
    Principal { kind: ConsoleUser, account: MAIN, name: "carol", ip: "203.0.113.10", agent: PROXY, jobs: &[(Click, 25)] },
    Principal { kind: ConsoleUser, account: PARTNERS, name: "dave", ip: "203.0.113.11", agent: PROXY, jobs: &[(Click, 10)] },
    Principal { kind: Root, account: MAIN, name: "root", ip: "203.0.113.12", agent: PROXY, jobs: &[(OwnTheAccount, 1)] },
    Principal { kind: Service, account: MAIN, name: LAMBDA, ip: LAMBDA, agent: LAMBDA, jobs: &[(Lambda, 20)] },
    Principal { kind: Service, account: PARTNERS, name: LAMBDA, ip: LAMBDA, agent: LAMBDA, jobs: &[(Lambda, 10)] },
    Principal { kind: Service, account: MAIN, name: TRAIL, ip: TRAIL, agent: TRAIL, jobs: &[(Trail, 1)] },
];

/// The user of the anomaly: not seen for ten days, then busy.
#[rustfmt::skip]
const STRANGER: Principal =
    Principal { kind: User, account: ARCHIVE, name: "unauthorizedUser", ip: "203.0.113.77", agent: "python-requests/2.32.3", jobs: &[] };

/// A kind of request. Its texts are parts of the record as JSON, with slots such as `<account>`; a
/// member that is absent is an empty text, which is not the same as `null`.
#[derive(Clone, Copy)]
struct Call {
    /// How many of it there are in the two weeks.
    count: i64,
    by: Job,
    source: &'static str,
    event: &'static str,
    reads: bool,
    request: &'static str,
    response: &'static str,
    error: &'static str,
    additional: &'static str,
    resources: &'static str,
}

/// The commonest call: it reads, succeeds, and has neither parameters nor a response.
const READ: Call = Call {
    count: 0,
    by: Administer,
    source: "sts",
    event: "GetCallerIdentity",
    reads: true,
    request: "null",
    response: "null",
    error: "",
    additional: "",
    resources: "",
};
const WRITE: Call = Call { reads: false, ..READ };

const SIGNED_GET: Call = Call {
    by: Read,
    source: "s3",
    event: "GetObject",
    request: OBJECT,
    additional: HEADER,
    resources: S3,
    ..READ
};
/// What the metric filter counts.
const PRESIGNED_GET: Call = Call { by: Presign, request: URL, additional: QUERY, ..SIGNED_GET };
#[rustfmt::skip]
const PRESIGNED_PUT: Call =
    Call { event: "PutObject", reads: false, response: r#"{"x-amz-server-side-encryption":"AES256"}"#, ..PRESIGNED_GET };

const OBJECT: &str = r#"{"bucketName":"<bucket>","Host":"<host>","key":"<key>"}"#;
const URL: &str = r#"{"X-Amz-Date":"<signed>","bucketName":"<bucket>","X-Amz-Algorithm":"AWS4-HMAC-SHA256","X-Amz-SignedHeaders":"host","Host":"<host>","X-Amz-Expires":"<lifetime>","key":"<key>"}"#;
const HEADER: &str = r#""additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":<in>,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<id2>","bytesTransferredOut":<out>},"#;
const QUERY: &str = r#""additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":<in>,"AuthenticationMethod":"QueryString","x-amz-id-2":"<id2>","bytesTransferredOut":<out>},"#;
const LOGIN: &str = r#""additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"<mfa>"},"#;
const S3: &str = r#""resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::<bucket>/<key>"},{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}],"#;
const KEY: &str = r#""resources":[{"accountId":"<account>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<region>:<account>:key/1234abcd-12ab-34cd-56ef-1234567890ab"}],"#;
const EXPIRED: &str = r#""errorCode":"AccessDenied","errorMessage":"Request has expired","#;
const NO_KEY: &str = r#""errorCode":"NoSuchKey","errorMessage":"The specified key does not exist.","#;
const DENIED: &str = r#""errorCode":"AccessDenied","errorMessage":"User: <arn> is not authorized to perform: <source>:<event> because no identity-based policy allows the <source>:<event> action","#;
const THROTTLED: &str = r#""errorCode":"ThrottlingException","errorMessage":"Rate exceeded","#;

#[rustfmt::skip]
const CALLS: &[Call] = &[
    // Presigned downloads: six an hour on average, thirty of which fail.
    Call { count: 6 * 24 * DAYS - 30, ..PRESIGNED_GET },
    Call { count: 20, error: EXPIRED, ..PRESIGNED_GET },
    Call { count: 10, error: NO_KEY, ..PRESIGNED_GET },
    // The near misses: presigned uploads, and downloads with the signature in a header.
    Call { count: 60, ..PRESIGNED_PUT },
    Call { count: 970, ..SIGNED_GET },
    Call { count: 10, error: NO_KEY, ..SIGNED_GET },
    // Management events.
    Call { count: 180, by: Run, source: "ec2", event: "DescribeInstances", request: r#"{"maxResults":1000,"instancesSet":{},"filterSet":{}}"#, ..READ },
    Call { count: 60, source: "ec2", event: "DescribeSecurityGroups", request: r#"{"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{}}"#, ..READ },
    Call { count: 20, source: "ec2", event: "CreateTags", request: r#"{"resourcesSet":{"items":[{"resourceId":"i-0123456789abcdef0"}]},"tagSet":{"items":[{"key":"team","value":"reports"}]}}"#, response: r#"{"requestId":"<id>","_return":true}"#, ..WRITE },
    Call { count: 9, source: "ec2", event: "TerminateInstances", request: r#"{"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0"}]}}"#, error: r#""errorCode":"Client.UnauthorizedOperation","errorMessage":"You are not authorized to perform this operation.","#, ..WRITE },
    Call { count: 240, by: Run, source: "kms", event: "Decrypt", request: r#"{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::example-reports-<account>"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#, resources: KEY, ..READ },
    Call { count: 100, by: Run, source: "kms", event: "GenerateDataKey", request: r#"{"keyId":"alias/reports","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::example-reports-<account>"},"keySpec":"AES_256"}"#, resources: KEY, ..READ },
    Call { count: 210, by: Lambda, event: "AssumeRole", request: r#"{"roleArn":"arn:aws:iam::<account>:role/render-report","roleSessionName":"render-report"}"#, response: r#"{"credentials":{"accessKeyId":"<new ASIA>","sessionToken":"EXAMPLETOKEN","expiration":"<later>"}}"#, resources: r#""resources":[{"accountId":"<account>","type":"AWS::IAM::Role","ARN":"arn:aws:iam::<account>:role/render-report"}],"#, ..READ },
    Call { count: 90, by: Trail, source: "s3", event: "GetBucketAcl", request: r#"{"bucketName":"example-trail","Host":"example-trail.s3.<region>.amazonaws.com","acl":""}"#, additional: HEADER, resources: r#""resources":[{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::example-trail"}],"#, ..READ },
    Call { count: 40, ..READ },
    Call { count: 8, event: "AssumeRole", error: DENIED, ..READ },
    Call { count: 40, source: "iam", event: "ListUsers", ..READ },
    Call { count: 25, source: "iam", event: "GetUser", request: r#"{"userName":"<name>"}"#, ..READ },
    Call { count: 6, by: Click, source: "iam", event: "CreateUser", request: r#"{"userName":"new-analyst"}"#, error: DENIED, ..WRITE },
    Call { count: 5, by: OwnTheAccount, source: "iam", event: "GetAccountSummary", ..READ },
    Call { count: 1, by: OwnTheAccount, source: "iam", event: "CreateAccessKey", request: r#"{"userName":"report-exporter"}"#, response: r#"{"accessKey":{"accessKeyId":"<new AKIA>","status":"Active","userName":"report-exporter","createDate":"<now>"}}"#, ..WRITE },
    Call { count: 75, by: Run, source: "ssm", event: "GetParameter", request: r#"{"name":"/reports/config","withDecryption":true}"#, ..READ },
    Call { count: 12, by: Run, source: "ssm", event: "GetParameter", request: r#"{"name":"/reports/config","withDecryption":true}"#, error: THROTTLED, ..READ },
    Call { count: 45, by: Run, source: "secretsmanager", event: "GetSecretValue", request: r#"{"secretId":"reports/database"}"#, ..READ },
    Call { count: 45, by: Run, source: "dynamodb", event: "DescribeTable", request: r#"{"tableName":"report-jobs"}"#, ..READ },
    Call { count: 20, source: "s3", event: "ListBuckets", request: r#"{"Host":"s3.<region>.amazonaws.com"}"#, additional: HEADER, ..READ },
    Call { count: 20, source: "lambda", event: "GetFunction20150331v2", request: r#"{"functionName":"render-report"}"#, ..READ },
    Call { count: 25, by: Click, source: "rds", event: "DescribeDBInstances", request: r#"{"dBInstanceIdentifier":"reports"}"#, ..READ },
    Call { count: 40, by: Click, source: "monitoring", event: "DescribeAlarms", request: r#"{"maxRecords":100}"#, ..READ },
    Call { count: 20, by: Click, source: "cloudtrail", event: "LookupEvents", request: r#"{"maxResults":50}"#, ..READ },
    Call { count: 25, by: Click, source: "signin", event: "ConsoleLogin", response: r#"{"ConsoleLogin":"Success"}"#, additional: LOGIN, ..WRITE },
    Call { count: 8, by: Click, source: "signin", event: "ConsoleLogin", response: r#"{"ConsoleLogin":"Failure"}"#, error: r#""errorMessage":"Failed authentication","#, additional: LOGIN, ..WRITE },
];

/// What the stranger tries first, and how many seconds before the anomaly.
#[rustfmt::skip]
const RECONNAISSANCE: [(i64, Call); 3] = [
    (420, READ),
    (330, Call { source: "iam", event: "ListUsers", error: DENIED, ..READ }),
    (170, Call { source: "s3", event: "ListBuckets", request: r#"{"Host":"s3.<region>.amazonaws.com"}"#, additional: HEADER, ..READ }),
];

fn main() -> Result<(), Box<dyn Error>> {
    let (mut out, mut seed) = (PathBuf::from("examples/presigned-url"), 1);
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match (arg.as_str(), args.next()) {
            ("--out", Some(dir)) => out = PathBuf::from(dir),
            ("--seed", Some(number)) => seed = number.parse()?,
            _ => return Err("usage: generate_presigned_url [--out DIR] [--seed N]".into()),
        }
    }
    fs::create_dir_all(&out)?;
    let file = fs::File::create(out.join("events.ndjson.gz"))?;
    // The encoder writes no file name and the modification time 0: the bytes depend on the seed alone.
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    let expected = generate(seed, &mut gzip)?;
    gzip.finish()?;
    fs::write(out.join("expected.json"), expected)?;
    Ok(())
}

/// Writes the records to `events`, one a line, and returns the text of `expected.json`.
pub(crate) fn generate(seed: u64, events: &mut impl Write) -> io::Result<String> {
    let mut rng = SplitMix64(seed);
    let steps = plan(&mut rng);
    for step in &steps {
        writeln!(events, "{}", record(step, &mut rng))?;
    }
    Ok(expected(&steps))
}

/// One request of the plan.
struct Step {
    time: i64,
    who: Principal,
    call: Call,
}

/// Draws every request, and puts them in the order of time.
fn plan(rng: &mut SplitMix64) -> Vec<Step> {
    let (people, machines) = (rhythm(rng, 0), rhythm(rng, 60));
    let mut steps = Vec::new();
    for &call in CALLS {
        let rhythm = if matches!(call.by, Run | Lambda | Trail) { &machines } else { &people };
        let weight = |who: &Principal| who.jobs.iter().find(|job| job.0 == call.by).map_or(0, |job| job.1);
        for _ in 0..call.count {
            let time = rng.pick(rhythm) + rng.below(PERIOD);
            steps.push(Step { time, who: rng.weighted(PRINCIPALS, weight), call });
        }
    }
    for (lead, call) in RECONNAISSANCE {
        steps.push(Step { time: ANOMALY_START - lead, who: STRANGER, call });
    }
    // A script that pauses between downloads: each has its own share of the ninety minutes.
    let share = ANOMALY_SECONDS / ANOMALY;
    for i in 0..ANOMALY {
        let error = if i % 20 == 19 { DENIED } else { "" };
        let time = ANOMALY_START + i * share + rng.below(share);
        steps.push(Step { time, who: STRANGER, call: Call { error, ..PRESIGNED_GET } });
    }
    steps.sort_by_key(|step| step.time);
    steps
}

/// The starts of the periods, each as often as it is busy: by the hour of the day (peak at 14:00 UTC, low
/// at 02:00), by the day of the week, give or take 30 %. `floor` is what never sleeps, in percent of the
/// average.
fn rhythm(rng: &mut SplitMix64, floor: i64) -> Vec<i64> {
    #[rustfmt::skip]
    const HOURS: [i64; 24] = [
        31, 23, 20, 23, 31, 43, 60, 79, 100, 121, 140, 157,
        169, 177, 180, 177, 169, 157, 140, 121, 100, 79, 60, 43,
    ];
    const MONDAY_TO_SUNDAY: [i64; 7] = [100, 105, 100, 100, 90, 40, 30];
    let days = MONDAY_TO_SUNDAY.iter().cycle().take(DAYS as usize);
    let hours = days.flat_map(|day| HOURS.map(|hour| floor + hour * day / 100));
    let periods = hours.flat_map(|weight| [weight; (HOUR / PERIOD) as usize]);
    let starts = (START..).step_by(PERIOD as usize);
    starts.zip(periods).flat_map(|(t, w)| vec![t; (w * (70 + rng.below(61)) / 100) as usize]).collect()
}

/// What a correct reader of the records must count, from the plan alone.
fn expected(steps: &[Step]) -> String {
    let (mut by_user, mut by_account) = (BTreeMap::new(), BTreeMap::new());
    let mut by_day = BTreeMap::<String, BTreeMap<String, u64>>::new();
    for Step { time, who, call } in steps {
        if call.event != "GetObject" || call.by != Presign {
            continue;
        }
        if who.kind == User {
            *by_user.entry(who.name).or_default() += 1;
        }
        *by_account.entry(who.account).or_default() += 1;
        let period = time - time % PERIOD;
        let day = by_day.entry(strftime(period, "%Y-%m-%d")).or_default();
        *day.entry(strftime(period, "%H:%M")).or_default() += 1;
    }
    let days: Vec<String> = by_day.iter().map(|(day, n)| format!("    \"{day}\": {}", object(n))).collect();
    let [start, end] = [ANOMALY_START, ANOMALY_START + ANOMALY_SECONDS].map(iso);
    let Principal { name, account, .. } = STRANGER;
    let lines = [
        format!("\"records\": {}", steps.len()),
        format!("\"presigned\": {}", by_account.values().sum::<u64>()),
        format!("\"presignedWithUserName\": {}", by_user.values().sum::<u64>()),
        format!("\"presignedByUserName\": {}", object(&by_user)),
        format!("\"presignedByAccountId\": {}", object(&by_account)),
        format!(
            r#""anomaly": {{"userName":"{name}","accountId":"{account}","start":"{start}","end":"{end}","presigned":{ANOMALY}}}"#
        ),
        format!("\"periodSeconds\": {PERIOD}"),
        format!("\"presignedPerPeriod\": {{\n{}\n  }}", days.join(",\n")),
    ];
    format!("{{\n  {}\n}}\n", lines.join(",\n  "))
}

fn object(counts: &BTreeMap<impl AsRef<str>, u64>) -> String {
    let members: Vec<String> = counts.iter().map(|(k, n)| format!("\"{}\":{n}", k.as_ref())).collect();
    format!("{{{}}}", members.join(","))
}

/// A record, its members in the order in which CloudTrail writes them.
const RECORD: &str = r#"{"eventVersion":"1.11","userIdentity":<identity>,"eventTime":"<time>","eventSource":"<source>.amazonaws.com","eventName":"<event>","awsRegion":"<region>","sourceIPAddress":"<ip>","userAgent":"<agent>",<error>"requestParameters":<request>,"responseElements":<response>,<additional><request ID>"eventID":"<event ID>","readOnly":<reads>,<resources>"eventType":"<type>","managementEvent":<management>,"recipientAccountId":"<account>",<shared>"eventCategory":"<category>"<tls><console>}"#;
const TLS: &str = r#","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"<host>"}"#;

/// The record of a request: the parts that its kind has, then the values that are its own.
fn record(Step { time, who, call }: &Step, rng: &mut SplitMix64) -> String {
    let (login, failed) = (call.source == "signin", !call.error.is_empty());
    let (presigned, data) = (call.by == Presign, matches!(call.by, Presign | Read));
    let service = who.kind == Service;
    let console = matches!(who.kind, ConsoleUser | Root) && !login;
    let parts = [
        ("identity", identity(who.kind, login, failed)),
        ("error", call.error),
        ("request", call.request),
        ("response", call.response),
        ("additional", call.additional),
        ("request ID", if login { "" } else { r#""requestID":"<id>","# }),
        ("reads", if call.reads { "true" } else { "false" }),
        ("resources", call.resources),
        ("type", if login { "AwsConsoleSignIn" } else { "AwsApiCall" }),
        ("management", if data { "false" } else { "true" }),
        ("shared", if service { r#""sharedEventID":"<shared ID>","# } else { "" }),
        ("category", if data { "Data" } else { "Management" }),
        // Calls by a service, or by the console for its user, come without the caller's connection.
        ("tls", if service || console { "" } else { TLS }),
        // A string in real records, unlike the booleans before it.
        ("console", if console { r#","sessionCredentialFromConsole":"true""# } else { "" }),
        ("host", host(call.source, data)),
        ("arn", arn(who.kind)),
    ];

    let (bucket, key) = s3_object(*time, who, rng);
    let (ip, agent) = client(who, call, rng);
    let lifetime = rng.pick(&[300, 300, 900, 3_600, 3_600, 86_400]);
    let age = rng.below(60) + if presigned && call.error == EXPIRED { lifetime } else { 0 };
    let size = 20_000 + rng.below(2_000_000);
    let [inward, outward] = match (data, call.reads, failed) {
        (true, false, _) => [size, 0],
        (true, true, false) => [0, size],
        _ => [0, 480],
    };
    let id = if call.source == "s3" { rng.text(16, BASE36) } else { rng.uuid() };
    let values = [
        ("id", id),
        ("id2", rng.text(55, BASE64) + "="),
        ("event ID", rng.uuid()),
        ("shared ID", rng.uuid()),
        ("time", iso(*time)),
        ("since", iso(time - 60 - rng.below(3 * HOUR))),
        ("signed", strftime(time - age, "%Y%m%dT%H%M%SZ")),
        ("now", strftime(*time, "%b %-d, %Y, %-I:%M:%S %p")),
        ("later", strftime(time + HOUR, "%b %-d, %Y, %-I:%M:%S %p")),
        ("lifetime", lifetime.to_string()),
        ("in", inward.to_string()),
        ("out", outward.to_string()),
        ("mfa", if failed { "No" } else { "Yes" }.to_owned()),
        ("bucket", bucket),
        ("key", key),
        ("ip", ip),
        ("agent", agent),
        ("AIDA", example_id("AIDA", 10, who.name)),
        ("AROA", example_id("AROA", 10, who.name)),
        ("AKIA", example_id("AKIA", 9, who.name)),
        ("ASIA", example_id("ASIA", 9, who.name)),
        ("new AKIA", format!("AKIA{}EXAMPLE", rng.text(9, BASE32))),
        ("new ASIA", format!("ASIA{}EXAMPLE", rng.text(9, BASE32))),
        ("source", call.source.to_owned()),
        ("event", call.event.to_owned()),
        ("region", region(who.account, call.source).to_owned()),
        ("account", who.account.to_owned()),
        ("name", who.name.to_owned()),
    ];
    let values = values.iter().map(|(slot, value)| (*slot, value.as_str()));
    fill(RECORD, &parts.into_iter().chain(values).collect::<Vec<_>>())
}

/// The text with each `<slot>` replaced by its part or value, whose own slots are filled too.
#[expect(clippy::expect_used, reason = "every slot of the tables above is closed and has a value")]
fn fill(text: &str, slots: &[(&str, &str)]) -> String {
    let mut pieces = text.split('<');
    let mut filled = pieces.next().map_or_else(String::new, str::to_owned);
    for piece in pieces {
        let (slot, rest) = piece.split_once('>').expect("a slot ends with `>`");
        let (_, value) = slots.iter().find(|(name, _)| *name == slot).expect("a slot has a value");
        filled += &fill(value, slots);
        filled += rest;
    }
    filled
}

/// `userIdentity`, with the members that its type has and no others. A sign-in comes before any session.
#[rustfmt::skip]
fn identity(kind: Kind, login: bool, failed: bool) -> &'static str {
    match kind {
        _ if login && failed => r#"{"type":"IAMUser","principalId":"<AIDA>","accountId":"<account>","accessKeyId":"","userName":"<name>"}"#,
        _ if login => r#"{"type":"IAMUser","principalId":"<AIDA>","arn":"<arn>","accountId":"<account>","userName":"<name>"}"#,
        User => r#"{"type":"IAMUser","principalId":"<AIDA>","arn":"<arn>","accountId":"<account>","accessKeyId":"<AKIA>","userName":"<name>"}"#,
        ConsoleUser => r#"{"type":"IAMUser","principalId":"<AIDA>","arn":"<arn>","accountId":"<account>","accessKeyId":"<ASIA>","userName":"<name>","sessionContext":{"attributes":{"creationDate":"<since>","mfaAuthenticated":"true"}}}"#,
        Role => r#"{"type":"AssumedRole","principalId":"<AROA>:<name>","arn":"<arn>","accountId":"<account>","accessKeyId":"<ASIA>","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"<AROA>","arn":"arn:aws:iam::<account>:role/<name>","accountId":"<account>","userName":"<name>"},"attributes":{"creationDate":"<since>","mfaAuthenticated":"false"}}}"#,
        Root => r#"{"type":"Root","principalId":"<account>","arn":"<arn>","accountId":"<account>","accessKeyId":"<ASIA>","sessionContext":{"attributes":{"creationDate":"<since>","mfaAuthenticated":"true"}}}"#,
        Service => r#"{"type":"AWSService","invokedBy":"<name>"}"#,
    }
}

fn arn(kind: Kind) -> &'static str {
    match kind {
        Root => "arn:aws:iam::<account>:root",
        Role => "arn:aws:sts::<account>:assumed-role/<name>/<name>",
        _ => "arn:aws:iam::<account>:user/<name>",
    }
}

fn host(source: &str, data: bool) -> &'static str {
    match source {
        "s3" if data => "<bucket>.s3.<region>.amazonaws.com",
        "iam" => "iam.amazonaws.com",
        "signin" => "signin.aws.amazon.com",
        _ => "<source>.<region>.amazonaws.com",
    }
}

/// Where an account works. Global services log to one region for all.
fn region(account: &str, source: &str) -> &'static str {
    if account == PARTNERS && !matches!(source, "iam" | "signin") { "eu-west-1" } else { "us-east-1" }
}

/// The object that is asked for: some report, or, by the stranger, the next employee's pay statement.
fn s3_object(time: i64, who: &Principal, rng: &mut SplitMix64) -> (String, String) {
    let (folder, kind) = rng.pick(&[("reports", "pdf"), ("exports", "csv"), ("invoices", "pdf")]);
    let (month, number) = (1 + rng.below(8), rng.below(400) * rng.below(400) / 400);
    if who.name == STRANGER.name {
        let number = 1 + (time - ANOMALY_START) * ANOMALY / ANOMALY_SECONDS;
        return (
            format!("example-payroll-{ARCHIVE}"),
            format!("statements/2024/08/employee-{number:04}.pdf"),
        );
    }
    (format!("example-reports-{}", who.account), format!("{folder}/2024/{month:02}/{number:06}.{kind}"))
}

/// Address and agent. Of a presigned request they are those of whoever follows the URL, not the signer's.
fn client(who: &Principal, call: &Call, rng: &mut SplitMix64) -> (String, String) {
    let (network, browser) = (rng.pick(&["192.0.2", "198.51.100", "203.0.113"]), rng.pick(BROWSERS));
    let follower = format!("{network}.{}", 100 + rng.below(150));
    match call.source {
        "signin" => (who.ip.to_owned(), browser.to_owned()),
        "s3" if call.by == Presign && who.name != STRANGER.name => (follower, format!("[{browser}]")),
        "s3" if who.kind != Service => (who.ip.to_owned(), format!("[{}]", who.agent)),
        _ => (who.ip.to_owned(), who.agent.to_owned()),
    }
}

/// An identifier that ends in `EXAMPLE`, the same wherever `name` occurs.
fn example_id(prefix: &str, length: usize, name: &str) -> String {
    let seed = name.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(257).wrapping_add(byte.into()));
    format!("{prefix}{}EXAMPLE", SplitMix64(seed).text(length, BASE32))
}

fn iso(time: i64) -> String {
    strftime(time, "%Y-%m-%dT%H:%M:%SZ")
}

fn strftime(time: i64, format: &str) -> String {
    jiff::Timestamp::constant(time, 0).strftime(format).to_string()
}

const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE36: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// SplitMix64: a small generator whose sequence is the same everywhere.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`.
    fn below(&mut self, bound: i64) -> i64 {
        ((u128::from(self.next()) * bound as u128) >> 64) as i64
    }

    #[expect(clippy::expect_used, reason = "the number drawn is below the length")]
    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len() as i64) as usize;
        *items.get(index).expect("there is something to pick from")
    }

    /// An item, as often as its weight says.
    #[expect(clippy::expect_used, reason = "the number drawn is below the sum of the weights")]
    fn weighted<T: Copy>(&mut self, items: &[T], weight: impl Fn(&T) -> i64) -> T {
        let mut left = self.below(items.iter().map(&weight).sum());
        let chosen = items.iter().find(|item| {
            left -= weight(item);
            left < 0
        });
        *chosen.expect("some weight is positive")
    }

    fn text(&mut self, length: usize, alphabet: &str) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet.as_bytes()))).collect()
    }

    /// A random (version 4) UUID.
    fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        let (middle, variant, last) = ((a >> 16) & 0xffff, (b >> 48) & 0x3fff | 0x8000, b & 0xffff_ffff_ffff);
        format!("{:08x}-{middle:04x}-4{:03x}-{variant:04x}-{last:012x}", a >> 32, a & 0xfff)
    }
}
