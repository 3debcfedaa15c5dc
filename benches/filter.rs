//! Filter patterns: parse, compile, search. Throughput in bytes, beside `memchr`'s own rate over the same bytes.
//!
//! The records are made here; `TRAILQL_BENCH_DATA` names an NDJSON file to use instead (its first 256 MB).
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::io::Read;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trailql::events::{Batch, InputForm, ReadOptions, Search, Source, UnitReader};
use trailql::{FilterPattern, Limits, Matcher};

const SEED: &str =
    "{ ($.eventName = GetObject) && ($.additionalEventData.AuthenticationMethod=QueryString) }";
const UNSELECTIVE: &str = "{ $.userIdentity.type = * }";
const POLICY_CHANGES: &str = "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}";

fn matcher(pattern: &str) -> Matcher {
    pattern.parse::<FilterPattern>().unwrap().compile(&Limits::default()).unwrap()
}

/// NDJSON records in the shape of CloudTrail's, one in two hundred of them a presigned download.
fn records() -> String {
    if let Some(path) = std::env::var_os("TRAILQL_BENCH_DATA") {
        let mut bytes = Vec::new();
        std::fs::File::open(path).unwrap().take(256 << 20).read_to_end(&mut bytes).unwrap();
        let end = memchr::memrchr(b'\n', &bytes).unwrap();
        bytes.truncate(end + 1);
        return String::from_utf8(bytes).unwrap();
    }
    let mut text = String::new();
    for n in 0..24_000u32 {
        let (name, extra) = match n % 200 {
            0 => (
                "GetObject",
                r#","additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"QueryString","x-amz-id-2":"t3fzmvusRwCnxYAU0FIx7GbKHRg6vi4Q5W/MQni9wzvXsFMlnx4y2lmBHYYprgR6RP/TUiRrPwc=","bytesTransferredOut":261423}"#,
            ),
            1..=9 => (
                "GetObject",
                r#","additionalEventData":{"SignatureVersion":"SigV4","AuthenticationMethod":"AuthHeader","bytesTransferredOut":59040}"#,
            ),
            10..=80 => ("DescribeInstances", ""),
            81..=140 => ("AssumeRole", ""),
            _ => ("GetBucketAcl", ""),
        };
        writeln!(
            text,
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROA{n:012}:session-{n}","arn":"arn:aws:sts::111122223333:assumed-role/reporting/session-{n}","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE{n:08}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{n:012}","arn":"arn:aws:iam::111122223333:role/reporting","accountId":"111122223333","userName":"reporting"}},"attributes":{{"creationDate":"2024-09-02T00:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2024-09-02T00:00:20Z","eventSource":"s3.amazonaws.com","eventName":"{name}","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{ip}","userAgent":"[aws-sdk-java/2.28.11 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.12 exec-env/AWS_ECS_FARGATE io/sync http/Apache]","requestParameters":{{"bucketName":"example-reports","Host":"example-reports.s3.us-east-1.amazonaws.com","key":"invoices/2024/03/{n:010}.parquet"}},"responseElements":null{extra},"requestID":"{n:016X}","eventID":"4d7ddfde-a1e0-4452-bc08-{n:012}","readOnly":true,"resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::example-reports/invoices/2024/03/{n:010}.parquet"}},{{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::example-reports"}}],"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"example-reports.s3.us-east-1.amazonaws.com"}}}}"#,
            ip = n % 250,
        )
        .unwrap();
    }
    text
}

/// Blocks of whole lines, as a reader hands them out.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let limit = rest.len().min(256 << 10);
        let end = memchr::memrchr(b'\n', &rest.as_bytes()[..limit]).map_or(rest.len(), |at| at + 1);
        let (block, behind) = rest.split_at(end);
        blocks.push(block);
        rest = behind;
    }
    blocks
}

fn count(search: &mut Search<'_>, batch: &Batch<'_>, found: &mut u64) -> ControlFlow<()> {
    let mut on_match = |_| {
        *found += 1;
        ControlFlow::Continue(())
    };
    search.matches(batch, &mut on_match, &mut |_, _| {})
}

fn search_blocks(matcher: &Matcher, blocks: &[&str]) -> u64 {
    let mut search = Search::new(matcher);
    let mut found = 0;
    for block in blocks {
        let batch = Batch::of_lines(block);
        let _ = count(&mut search, &batch, &mut found);
    }
    found
}

fn read_and_search(matcher: &Matcher, mut bytes: &[u8], form: InputForm) -> u64 {
    let mut search = Search::new(matcher);
    let mut found = 0;
    let mut reader = UnitReader::new(ReadOptions { form, ..ReadOptions::default() });
    reader.read_stream(Source::Stream, &mut bytes, &mut |batch| count(&mut search, batch, &mut found));
    found
}

fn texts(c: &mut Criterion) {
    let mut group = c.benchmark_group("pattern");
    for (name, pattern) in
        [("seed", SEED), ("policy_changes", POLICY_CHANGES), ("terms", "?ERROR ?\"bad request\"")]
    {
        group.throughput(Throughput::Bytes(pattern.len() as u64));
        group.bench_function(format!("parse/{name}"), |b| {
            b.iter(|| FilterPattern::parse(black_box(pattern)).unwrap())
        });
        let parsed = FilterPattern::parse(pattern).unwrap();
        group.bench_function(format!("compile/{name}"), |b| {
            b.iter(|| black_box(&parsed).compile(&Limits::default()).unwrap())
        });
    }
    group.finish();
}

fn searches(c: &mut Criterion) {
    let text = records();
    let blocks = blocks(&text);
    let mut group = c.benchmark_group("search");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("memchr_alone", |b| {
        b.iter(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count())
    });
    let patterns = [
        ("selective", SEED),
        ("unselective", UNSELECTIVE),
        ("policy_changes", POLICY_CHANGES),
        ("plain_text", "AuthHeader -QueryString"),
        ("everything", ""),
    ];
    for (name, pattern) in patterns {
        let matcher = matcher(pattern);
        group.bench_function(format!("in_memory/{name}"), |b| {
            b.iter(|| search_blocks(&matcher, black_box(&blocks)))
        });
    }
    for (name, pattern) in &patterns[..2] {
        let matcher = matcher(pattern);
        group.bench_function(format!("read/{name}"), |b| {
            b.iter(|| read_and_search(&matcher, black_box(text.as_bytes()), InputForm::Auto));
        });
    }
    group.finish();
}

fn delivery_files(c: &mut Criterion) {
    let text = records();
    let lines: Vec<&str> = text.lines().take(100_000).collect();
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let files: Vec<(Vec<u8>, usize)> = lines
        .chunks(5_000)
        .map(|chunk| {
            let document = format!("{{\"Records\":[{}]}}", chunk.join(","));
            let mut out = vec![0; compressor.gzip_compress_bound(document.len())];
            let length = compressor.gzip_compress(document.as_bytes(), &mut out).unwrap();
            out.truncate(length);
            (out, document.len())
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let units: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(index, (bytes, _))| {
            let path = folder.path().join(format!("{index:04}.json.gz"));
            std::fs::write(&path, bytes).unwrap();
            trailql::events::Unit::whole(Source::File(path))
        })
        .collect();
    let mut group = c.benchmark_group("delivery_files");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(files.iter().map(|(_, length)| *length as u64).sum()));
    group.bench_function("libdeflate_alone", |b| {
        let mut decompressor = libdeflater::Decompressor::new();
        let mut out = vec![0; files.iter().map(|(_, length)| *length).max().unwrap()];
        b.iter(|| {
            for (bytes, length) in &files {
                decompressor.gzip_decompress(black_box(bytes), &mut out[..*length]).unwrap();
            }
        });
    });
    for (name, pattern) in [("selective", SEED), ("unselective", UNSELECTIVE)] {
        let matcher = matcher(pattern);
        group.bench_function(name, |b| {
            let mut reader = UnitReader::new(ReadOptions::default());
            b.iter(|| {
                let mut search = Search::new(&matcher);
                let mut found = 0u64;
                for unit in &units {
                    reader.read(unit, &mut |batch| count(&mut search, batch, &mut found));
                }
                found
            });
        });
    }
    group.finish();
}

criterion_group!(benches, texts, searches, delivery_files);
criterion_main!(benches);
