//! Everything that an account has, and who answers what.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailql::provision::{Call, Service};

use super::cloudwatch::CloudWatch;
use super::dashboards::Dashboards;
use super::iam::Iam;
use super::logs::Logs;
use super::organization::{self, Organization};
use super::request::{Answer, Request};
use super::s3::S3;
use super::sns::Sns;
use super::trails::{Surroundings, Trails};
use super::{ACCOUNT, REGION};

pub(super) struct World {
    pub(super) context: Context,
    pub(super) quotas: Quotas,
    pub(super) organization: Option<Organization>,
    pub(super) s3: S3,
    pub(super) iam: Iam,
    trails: Trails,
    dashboards: Dashboards,
    regions: BTreeMap<String, Regional>,
}

/// What a Region has of its own.
#[derive(Default)]
pub(super) struct Regional {
    pub(super) logs: Logs,
    pub(super) cloudwatch: CloudWatch,
    pub(super) sns: Sns,
}

/// Who calls, where and when.
pub(super) struct Context {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) describes_defaults: bool,
    pub(super) keeps_settings: bool,
    /// Seconds since the first call, of which each takes one.
    seconds: i64,
    ids: u64,
}

/// How much there may be.
pub(crate) struct Quotas {
    /// Metric filters of a log group.
    pub(crate) filters: usize,
    /// Those of them with a regex.
    pub(crate) regex_filters: usize,
    /// Trails of a Region.
    pub(crate) trails: usize,
    /// Anomaly detectors of a Region.
    pub(crate) detectors: usize,
    /// Alarms of a Region.
    pub(crate) alarms: usize,
    /// Log groups of a Region.
    pub(crate) log_groups: usize,
}

impl World {
    pub(super) fn new() -> Self {
        World {
            context: Context {
                account: ACCOUNT.to_owned(),
                region: REGION.to_owned(),
                describes_defaults: false,
                keeps_settings: false,
                seconds: 0,
                ids: 0,
            },
            quotas: Quotas {
                filters: 100,
                regex_filters: 5,
                trails: 5,
                detectors: 500,
                alarms: 5000,
                log_groups: 1_000_000,
            },
            organization: None,
            s3: S3::default(),
            iam: Iam::default(),
            trails: Trails::default(),
            dashboards: Dashboards::default(),
            regions: BTreeMap::new(),
        }
    }

    /// The Region of the caller.
    pub(super) fn here(&mut self) -> &mut Regional {
        self.regions.entry(self.context.region.clone()).or_default()
    }

    pub(super) fn call(&mut self, call: &Call) -> Answer {
        self.context.seconds += 1;
        let request = Request::of(call);
        let here = self.regions.entry(self.context.region.clone()).or_default();
        let context = &mut self.context;
        match call.operation.service() {
            Service::Sts => {
                request.only(&[])?;
                Ok(json!({ "UserId": "AIDAEXAMPLE", "Account": context.account, "Arn": context.caller() }))
            }
            Service::Organizations => {
                organization::call(self.organization.as_ref(), &context.account, request)
            }
            Service::S3 => self.s3.call(context, request),
            Service::Logs => here.logs.call(context, &self.quotas, request),
            Service::Iam => self.iam.call(context, request),
            Service::CloudTrail => {
                let surroundings = Surroundings {
                    organization: self.organization.as_ref(),
                    s3: &mut self.s3,
                    iam: &mut self.iam,
                    logs: &here.logs,
                    most: self.quotas.trails,
                };
                self.trails.call(context, surroundings, request)
            }
            Service::CloudWatch if Dashboards::answer(call.operation) => {
                self.dashboards.call(context, request)
            }
            Service::CloudWatch => here.cloudwatch.call(context, &self.quotas, &mut self.dashboards, request),
            Service::Sns => here.sns.call(context, request),
            other => panic!("the account does not have {other:?}"),
        }
    }

    pub(super) fn snapshot(&self) -> Value {
        let mut all = json!({
            "buckets": self.s3.snapshot(),
            "roles": self.iam.snapshot(),
            "trails": self.trails.snapshot(),
            "dashboards": self.dashboards.snapshot(),
        });
        for (region, here) in &self.regions {
            let parts = [
                ("logGroups", here.logs.groups_snapshot()),
                ("queryDefinitions", here.logs.queries_snapshot()),
                ("alarms", here.cloudwatch.alarms.snapshot()),
                ("anomalyDetectors", here.cloudwatch.detectors.snapshot()),
                ("topics", here.sns.snapshot()),
            ];
            for (name, part) in parts {
                let empty =
                    part.as_object().map_or(0, serde_json::Map::len) + part.as_array().map_or(0, Vec::len);
                if empty > 0 {
                    all[region][name] = part;
                }
            }
        }
        all
    }
}

impl Context {
    pub(super) fn partition(&self) -> &'static str {
        match &self.region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    pub(super) fn caller(&self) -> String {
        format!("arn:{}:iam::{}:user/alice", self.partition(), self.account)
    }

    /// An ARN in the Region of the caller.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        self.arn_of(&self.account, service, resource)
    }

    /// An ARN of an account in the Region of the caller.
    pub(super) fn arn_of(&self, account: &str, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{account}:{resource}", self.partition(), self.region)
    }

    /// An ARN without a Region.
    pub(super) fn global_arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}::{}:{resource}", self.partition(), self.account)
    }

    /// Milliseconds since 1970.
    pub(super) fn millis(&self) -> i64 {
        const FIRST_CALL: i64 = 1_796_025_600;
        (FIRST_CALL + self.seconds) * 1000
    }

    pub(super) fn time(&self) -> String {
        jiff::Timestamp::from_millisecond(self.millis()).unwrap().to_string()
    }

    /// An id that nobody else has.
    pub(super) fn id(&mut self) -> String {
        self.ids += 1;
        format!("{:08x}-0000-4000-8000-{:012x}", self.ids.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF, self.ids)
    }
}
