//! Dashboards.

use serde_json::{Value, json};

use super::state::with;
use super::{Actual, Context, Kind, Manage, Resource, ResourceId};
use crate::provision::difference::Difference;
use crate::provision::{Call, Failure, Operation, Place};
use crate::stack::Dashboard;

/// A dashboard.
pub(in crate::provision) fn wanted(dashboard: &Dashboard) -> Resource {
    Resource {
        id: ResourceId::named(Kind::Dashboard, "DashboardName", &dashboard.dashboard_name),
        wanted: json!({ "DashboardBody": body(&dashboard.dashboard_body) }),
        needs: Vec::new(),
    }
}

/// The body as what it says; a text that is no JSON as itself.
fn body(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

pub(super) struct Dashboards;

impl Manage for Dashboards {
    fn read(&self, context: &Context<'_>, id: &ResourceId) -> Result<Option<Actual>, Failure> {
        let found = context.caller.look(&Call::new(Operation::GetDashboard, id.key.clone()))?;
        let written = found.as_ref().and_then(|answer| answer.get("DashboardBody")).and_then(Value::as_str);
        Ok(written.map(|written| Actual::of(json!({ "DashboardBody": body(written) }))))
    }

    fn create(&self, _: &Place, resource: &Resource) -> Vec<Call> {
        let body = match resource.wanted.get("DashboardBody") {
            Some(Value::String(text)) => text.clone(),
            Some(body) => body.to_string(),
            None => String::new(),
        };
        vec![Call::new(Operation::PutDashboard, with(&resource.id.key, json!({ "DashboardBody": body })))]
    }

    fn update(&self, place: &Place, resource: &Resource, _: &Actual, _: &[Difference]) -> Vec<Call> {
        self.create(place, resource)
    }

    fn delete(&self, _: &Place, resource: &Resource, _: &Actual) -> Vec<Call> {
        let input = json!({ "DashboardNames": [resource.id.name] });
        vec![Call::new(Operation::DeleteDashboards, input)]
    }

    fn arn(&self, place: &Place, id: &ResourceId) -> String {
        place.dashboard_arn(id.text("DashboardName"))
    }

    fn operations(&self) -> &'static [Operation] {
        &[Operation::GetDashboard, Operation::PutDashboard, Operation::DeleteDashboards]
    }
}
