//! Raw JSON over records shaped like CloudTrail's: bytes a second, next to what counting line feeds takes.

use std::hint::black_box;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use trailql::json::{ElementScanner, Projection, Slots, Step};

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    #[expect(clippy::indexing_slicing, reason = "a die shows less than the number of its sides")]
    fn pick<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.roll(options.len() as u64) as usize]
    }

    fn id(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(b"0123456789abcdef"))).collect()
    }
}

const EVENTS: &[(&str, &str)] = &[
    ("s3.amazonaws.com", "GetObject"),
    ("s3.amazonaws.com", "ListObjects"),
    ("sts.amazonaws.com", "AssumeRole"),
    ("ec2.amazonaws.com", "DescribeInstances"),
    ("iam.amazonaws.com", "CreateServiceLinkedRole"),
    ("kms.amazonaws.com", "Decrypt"),
];

const AGENTS: &[&str] = &[
    "Mozilla",
    "[aws-cli/2.15.30 Python/3.11.8 Linux/5.10.205-195.807.amzn2.x86_64 exec-env/CloudShell]",
    "aws-sdk-go/1.44.157 (go1.19.3; linux; amd64) HashiCorp-terraform-exec/0.17.3",
];

/// A record of 0.6 to 2 KB, as compact as the service writes it.
fn record(dice: &mut Dice) -> String {
    let (source, name) = dice.pick(EVENTS);
    let account = 111_122_220_000 + dice.roll(40);
    let identity = match dice.roll(4) {
        0 => format!(r#"{{"type":"Root","principalId":"{account}","accountId":"{account}"}}"#),
        1 => format!(
            r#"{{"type":"AssumedRole","principalId":"AROA{}:session","accountId":"{account}","sessionContext":{{"sessionIssuer":{{"type":"Role","userName":"deployer"}},"webIdFederationData":{{}},"attributes":{{"mfaAuthenticated":"false","creationDate":"2024-09-02T00:00:00Z"}}}}}}"#,
            dice.id(16)
        ),
        _ => format!(
            r#"{{"type":"IAMUser","principalId":"AIDA{}","arn":"arn:aws:iam::{account}:user/user{:04}","accountId":"{account}","userName":"user{:04}"}}"#,
            dice.id(16),
            dice.roll(100),
            dice.roll(100)
        ),
    };
    let parameters = match dice.roll(6) {
        0 => "null".to_owned(),
        1 => format!(
            r#"{{"policyDocument":"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Resource\":\"{}\"}}]}}","force":true}}"#,
            dice.id(40)
        ),
        2 => format!(
            r#"{{"instancesSet":{{"items":[{{"instanceId":"i-{}"}}]}},"maxResults":{}}}"#,
            dice.id(17),
            dice.roll(1000)
        ),
        _ => format!(
            r#"{{"bucketName":"logs-{}","Host":"logs.s3.us-east-1.amazonaws.com","key":"{}/{}"}}"#,
            dice.id(8),
            dice.id(4),
            dice.id(32)
        ),
    };
    let method = dice.pick(&["AuthHeader", "AuthHeader", "AuthHeader", "QueryString"]);
    format!(
        r#"{{"eventVersion":"1.08","userIdentity":{identity},"eventTime":"2024-09-02T{:02}:{:02}:{:02}Z","eventSource":"{source}","eventName":"{name}","awsRegion":"{}","sourceIPAddress":"203.0.113.{}","userAgent":"{}","requestParameters":{parameters},"responseElements":null,"additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"{method}","x-amz-id-2":"{}","bytesTransferredOut":{}}},"requestID":"{}","eventID":"{}","readOnly":{},"resources":[{{"accountId":"{account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::logs"}}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.2","cipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","clientProvidedHostHeader":"logs.s3.us-east-1.amazonaws.com"}}}}"#,
        dice.roll(24),
        dice.roll(60),
        dice.roll(60),
        dice.pick(&["us-east-1", "eu-central-1", "ap-southeast-2"]),
        dice.roll(256),
        dice.pick(AGENTS),
        dice.id(64),
        dice.roll(100_000),
        dice.id(16).to_uppercase(),
        dice.id(32),
        dice.pick(&["true", "false"]),
    )
}

/// Some megabytes of records.
fn records() -> Vec<String> {
    let mut dice = Dice(2024);
    let mut size = 0;
    std::iter::repeat_with(|| record(&mut dice))
        .take_while(|record| {
            size += record.len();
            size < 4 << 20
        })
        .collect()
}

/// With a space behind each comma and colon between tokens, as Python writes JSON.
fn spaced(record: &str) -> String {
    let (mut out, mut in_string, mut escaped) = (String::new(), false, false);
    for c in record.chars() {
        out.push(c);
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            ',' | ':' if !in_string => out.push(' '),
            _ => {}
        }
    }
    out
}

fn key(name: &str) -> Step {
    Step::Key(name.into())
}

fn project(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, records: &[String], paths: &[Vec<Step>]) {
    let projection = Projection::new(paths);
    let mut slots = Slots::new();
    group.throughput(Throughput::Bytes(records.iter().map(|record| record.len() as u64).sum()));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for record in records {
                assert!(projection.project(record, &mut slots).is_ok());
                for slot in 0..paths.len() {
                    black_box(slots.node(record, slot));
                }
            }
        });
    });
}

fn json(criterion: &mut Criterion) {
    let records = records();
    let spaced: Vec<String> = records.iter().map(|record| spaced(record)).collect();
    let lines = records.join("\n");
    let array = format!("{}]", records.join(","));
    let mut group = criterion.benchmark_group("json");

    project(&mut group, "validate", &records, &[]);
    let one = [vec![key("userIdentity"), key("type")]];
    project(&mut group, "project/1", &records, &one);
    let two = [vec![key("eventName")], vec![key("additionalEventData"), key("AuthenticationMethod")]];
    project(&mut group, "project/2", &records, &two);
    project(&mut group, "project/2-spaced", &spaced, &two);
    let six = [
        vec![key("eventName")],
        vec![key("eventSource")],
        vec![key("errorCode")],
        vec![key("userIdentity"), key("accountId")],
        vec![key("awsRegion")],
        vec![key("resources"), Step::Index(0), key("ARN")],
    ];
    project(&mut group, "project/6", &records, &six);

    group.throughput(Throughput::Bytes(array.len() as u64));
    group.bench_function("split", |bencher| {
        let mut ends = Vec::new();
        bencher.iter(|| {
            let mut scanner = ElementScanner::new();
            for block in array.as_bytes().chunks(1 << 18) {
                ends.clear();
                black_box(scanner.scan(block, &mut ends));
            }
        });
    });

    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("memchr", |bencher| {
        bencher.iter(|| memchr::memchr_iter(b'\n', black_box(lines.as_bytes())).count());
    });
    group.finish();
}

criterion_group!(benches, json);
criterion_main!(benches);
