//! Logs Insights: parse, check and compile; queries over files, in bytes, beside `memchr`'s own rate over the same bytes.
//!
//! The records are made here; `TRAILQL_BENCH_DATA` names an NDJSON file to use instead (its first 256 MB). Files are
//! read from the page cache, on one thread.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use trailql::eval::logs::{QueryWindow, RunLimits};
use trailql::events::{FileGroups, ReadOptions, Source};
use trailql::plan::logs::{CompileOptions, LogsPlan};
use trailql::{EpochMillis, LogsQuery};

const BYTES: usize = 256 << 20;
const TEXT_BYTES: usize = 32 << 20;

const SEED: &str =
    "filter userIdentity.userName =\"unauthorizedUser\"\n| stats count(*) by userIdentity.accountId";
const LONG: &str = r#"fields @timestamp, coalesce(userIdentity.userName, userIdentity.sessionContext.sessionIssuer.userName, userIdentity.type) as who
| filter eventSource in ["iam.amazonaws.com", "sts.amazonaws.com", "s3.amazonaws.com"] and (ispresent(errorCode) or readOnly = 0)
| filter userIdentity.invokedBy not like /amazonaws.com$/ and not isIpv4InSubnet(sourceIPAddress, "192.0.2.0/24")
| parse userIdentity.arn /assumed-role\/(?<role>[^\/]+)\/(?<session>.+)$/
| parse userAgent "*/* *" as client, version, rest
| fields case(errorCode like "Denied", "denied", ispresent(errorCode), "failed", "ok") as outcome, concat(who, "@", awsRegion) as place
| stats count(*) as calls, countDistinct(eventName) as names, sum(if(outcome = "ok", 0, 1)) / count(*) * 100 as failed, pct(strlen(@message), 95) as size, latest(@timestamp) as last by place, role, client, bin(5m) as t
| filter calls > 3 or failed >= 12.5
| stats max(calls) as peak, avg(failed) as mean, max(last) as seen by place
| sort peak desc, place
| limit 100"#;

const QUERIES: [(&str, &str); 5] = [
    ("count_by_name", "stats count(*) by eventName"),
    ("bins_by_user", r#"filter eventName = "GetObject" | stats count(*) by bin(5m), userIdentity.userName"#),
    ("parse_regex", r#"parse @message /"eventName":"(?<name>[A-Za-z]+)"/ | stats count(*) by name"#),
    ("newest_rows", r#"filter eventName = "GetObject" | fields @timestamp, eventName | limit 20"#),
    ("seed", SEED),
];

fn plan(query: &str) -> LogsPlan {
    query.parse::<LogsQuery>().unwrap().compile(&CompileOptions::default()).unwrap()
}

/// NDJSON records in the shape of CloudTrail's, two weeks of them, one in twenty a download.
fn records() -> String {
    if let Some(path) = std::env::var_os("TRAILQL_BENCH_DATA") {
        let mut bytes = Vec::new();
        std::fs::File::open(path).unwrap().take(BYTES as u64).read_to_end(&mut bytes).unwrap();
        let end = memchr::memrchr(b'\n', &bytes).unwrap();
        bytes.truncate(end + 1);
        return String::from_utf8(bytes).unwrap();
    }
    const NAMES: [&str; 20] = [
        "GetObject",
        "DescribeInstances",
        "DescribeVolumes",
        "DescribeSubnets",
        "AssumeRole",
        "AssumeRole",
        "Decrypt",
        "Decrypt",
        "GenerateDataKey",
        "PutObject",
        "ListBuckets",
        "GetBucketAcl",
        "GetBucketAcl",
        "GetCallerIdentity",
        "GetParameter",
        "LookupEvents",
        "ConsoleLogin",
        "RunInstances",
        "CreateUser",
        "ListUsers",
    ];
    let mut text = String::with_capacity(BYTES + 4_096);
    let mut n = 0_u64;
    while text.len() < BYTES {
        let name = NAMES[(n * 7 % 20) as usize];
        let (day, hour, minute, second) = (2 + n / 14_000 % 14, n / 600 % 24, n / 10 % 60, n % 60);
        writeln!(
            text,
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","principalId":"AIDA{n:016}","arn":"arn:aws:iam::111122223333:user/user-{user}","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE{user:09}","userName":"user-{user}","sessionContext":{{"attributes":{{"creationDate":"2024-09-02T00:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2024-09-{day:02}T{hour:02}:{minute:02}:{second:02}Z","eventSource":"s3.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{ip}","userAgent":"[aws-sdk-java/2.28.11 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.12 exec-env/AWS_ECS_FARGATE io/sync http/Apache]","requestParameters":{{"bucketName":"example-reports","Host":"example-reports.s3.us-east-1.amazonaws.com","key":"invoices/2024/03/{n:010}.parquet"}},"responseElements":null,"additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":{n}}},"requestID":"{n:016X}","eventID":"4d7ddfde-a1e0-4452-bc08-{n:012}","readOnly":true,"resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::example-reports/invoices/2024/03/{n:010}.parquet"}},{{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::example-reports"}}],"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"example-reports.s3.us-east-1.amazonaws.com"}}}}"#,
            user = n * 31 % 40,
            ip = n % 250,
        )
        .unwrap();
        n += 1;
    }
    text
}

/// Lines as services write them, of four shapes.
fn lines() -> String {
    let mut text = String::with_capacity(TEXT_BYTES + 4_096);
    let mut n = 0_u64;
    while text.len() < TEXT_BYTES {
        let (minute, second) = (n / 60 % 60, n % 60);
        let time = format!("2026-03-01T10:{minute:02}:{second:02}.{:03}Z", n % 1_000);
        let written = match n % 8 {
            0 => writeln!(text, "{time} [ERROR] disk full on host-{}: {} bytes left", n % 50, n % 4_096),
            1 | 2 => writeln!(text, "{time} [WARN] retry {} of request {n:08x}ab after timeout", n % 5),
            3 | 4 => {
                writeln!(text, "{time} [INFO] GET /orders/{n} from 192.0.2.{} took {} ms", n % 250, n % 900)
            }
            _ => writeln!(text, "{time} [INFO] started worker {} in {} ms", n % 16, n % 70),
        };
        written.unwrap();
        n += 1;
    }
    text
}

fn run(plan: &LogsPlan, path: &Path) -> usize {
    let sources = vec![Source::File(path.to_owned())];
    let mut groups = FileGroups::new(sources, Vec::new(), ReadOptions::default()).with_threads(1);
    let window = QueryWindow::everything(EpochMillis(0));
    plan.run(&window, &RunLimits::default(), &mut groups).unwrap().rows.len()
}

fn texts(c: &mut Criterion) {
    let mut group = c.benchmark_group("query");
    for (name, query) in [("seed", SEED), ("long", LONG)] {
        group.throughput(Throughput::Bytes(query.len() as u64));
        group.bench_function(format!("parse/{name}"), |b| {
            b.iter(|| black_box(query).parse::<LogsQuery>().unwrap());
        });
        let parsed: LogsQuery = query.parse().unwrap();
        group.bench_function(format!("check_and_compile/{name}"), |b| {
            b.iter(|| black_box(&parsed).compile(&CompileOptions::default()).unwrap());
        });
    }
    group.finish();
}

fn memchr_alone(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    group.bench_function("memchr_alone", |b| {
        b.iter(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count());
    });
}

fn throughput(c: &mut Criterion) {
    let text = records();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.ndjson");
    std::fs::write(&path, &text).unwrap();
    let mut group = c.benchmark_group("records");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    memchr_alone(&mut group, &text);
    for (name, query) in QUERIES {
        let plan = plan(query);
        group.bench_function(name, |b| b.iter(|| run(black_box(&plan), &path)));
    }
    group.finish();
}

fn text_lines(c: &mut Criterion) {
    let text = lines();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("service.log");
    std::fs::write(&path, &text).unwrap();
    let mut group = c.benchmark_group("text_lines");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    memchr_alone(&mut group, &text);
    for (name, query) in [
        ("pattern", "pattern @message"),
        ("count_errors", "filter @message like /ERROR|Exception/ | stats count(*) as n"),
    ] {
        let plan = plan(query);
        group.bench_function(name, |b| b.iter(|| run(black_box(&plan), &path)));
    }
    group.finish();
}

criterion_group!(benches, texts, throughput, text_lines);
criterion_main!(benches);
