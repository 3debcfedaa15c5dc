//! What CloudWatch has in a Region: alarms and detectors; tags go by ARN.

use serde_json::json;
use trailql::provision::{Fault, Operation};

use super::alarms::Alarms;
use super::dashboards::Dashboards;
use super::detectors::Detectors;
use super::request::{Answer, Request, refused, refused_with};
use super::tags::{self, Tags};
use super::world::{Context, Quotas};

#[derive(Default)]
pub(super) struct CloudWatch {
    pub(super) alarms: Alarms,
    pub(super) detectors: Detectors,
}

impl CloudWatch {
    pub(super) fn call(
        &mut self,
        context: &mut Context,
        quotas: &Quotas,
        dashboards: &mut Dashboards,
        request: Request<'_>,
    ) -> Answer {
        match request.operation {
            Operation::ListAlarmTags => {
                request.only(&["ResourceARN"])?;
                Ok(json!({ "Tags": tags::as_list(self.tags(dashboards, request)?) }))
            }
            Operation::TagAlarm => {
                request.only(&["ResourceARN", "Tags"])?;
                let more = tags::of_list(request.list("Tags"));
                tags::add(self.tags(dashboards, request)?, more, too_many_tags)?;
                Ok(json!({}))
            }
            Operation::UntagAlarm => {
                request.only(&["ResourceARN", "TagKeys"])?;
                tags::remove(self.tags(dashboards, request)?, request.list("TagKeys"));
                Ok(json!({}))
            }
            Operation::DescribeAnomalyDetectors
            | Operation::PutAnomalyDetector
            | Operation::DeleteAnomalyDetector => self.detectors.call(context, quotas.detectors, request),
            _ => self.alarms.call(context, quotas.alarms, request),
        }
    }

    fn tags<'t>(
        &'t mut self,
        dashboards: &'t mut Dashboards,
        request: Request<'_>,
    ) -> Result<&'t mut Tags, Fault> {
        let arn = request.sized("ResourceARN", 1, 1024)?;
        let missing = || refused_with(404, "ResourceNotFoundException", &format!("{arn} does not exist"));
        self.alarms.tags(arn).or_else(|| dashboards.tags(arn)).ok_or_else(missing)
    }
}

pub(super) fn too_many_tags() -> Fault {
    refused("InvalidParameterValue", "A resource can have at most 50 tags.")
}
