//! Dashboards, which an account has once for all Regions (`spec/metrics-insights.md` 7.1).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailql::provision::{Fault, Operation};

use super::cloudwatch::too_many_tags;
use super::request::{Answer, Request, made_of, refused, refused_with};
use super::tags::{self, Tags};
use super::world::Context;

#[derive(Default)]
pub(super) struct Dashboards {
    dashboards: BTreeMap<String, Dashboard>,
}

struct Dashboard {
    arn: String,
    body: String,
    tags: Tags,
}

/// What the service says of a body: an error refuses it, a warning comes with success.
#[derive(Default)]
struct Messages {
    errors: Vec<Value>,
    warnings: Vec<Value>,
}

impl Dashboards {
    pub(super) fn answer(operation: Operation) -> bool {
        matches!(
            operation,
            Operation::ListDashboards
                | Operation::GetDashboard
                | Operation::PutDashboard
                | Operation::DeleteDashboards
        )
    }

    pub(super) fn tags(&mut self, arn: &str) -> Option<&mut Tags> {
        self.dashboards
            .values_mut()
            .find(|dashboard| dashboard.arn == arn)
            .map(|dashboard| &mut dashboard.tags)
    }

    pub(super) fn call(&mut self, context: &Context, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::PutDashboard => self.put(context, request),
            Operation::GetDashboard => {
                request.only(&["DashboardName"])?;
                let name = request.required("DashboardName")?;
                let dashboard = self.dashboards.get(name).ok_or_else(|| missing(name))?;
                Ok(json!({
                    "DashboardArn": dashboard.arn, "DashboardBody": dashboard.body, "DashboardName": name,
                }))
            }
            Operation::ListDashboards => {
                request.only(&["DashboardNamePrefix"])?;
                let prefix = request.text("DashboardNamePrefix").unwrap_or_default();
                let listed = self.dashboards.iter().filter(|(name, _)| name.starts_with(prefix));
                let entry = |(name, dashboard): (&String, &Dashboard)| json!({ "DashboardName": name, "DashboardArn": dashboard.arn, "Size": dashboard.body.len() });
                Ok(json!({ "DashboardEntries": listed.map(entry).collect::<Vec<_>>() }))
            }
            Operation::DeleteDashboards => {
                request.only(&["DashboardNames"])?;
                let names = request.texts("DashboardNames");
                // As many as possible are deleted.
                let unknown: Vec<_> =
                    names.into_iter().filter(|name| self.dashboards.remove(*name).is_none()).collect();
                match unknown.first() {
                    Some(name) => Err(missing(name)),
                    None => Ok(json!({})),
                }
            }
            other => panic!("dashboards do not know {other}"),
        }
    }

    /// The body is replaced as a whole; tags count only when it is new.
    fn put(&mut self, context: &Context, request: Request<'_>) -> Answer {
        request.only(&["DashboardName", "DashboardBody", "Tags"])?;
        let name = request.required("DashboardName")?;
        if name.is_empty() || name.chars().count() > 255 || !made_of(name, "_-") {
            return Err(invalid_input("The value for field DashboardName contains invalid characters."));
        }
        let body = request.required("DashboardBody")?;
        let messages = validate(body);
        if !messages.errors.is_empty() {
            let all: Vec<_> =
                messages.errors.iter().map(|message| message["Message"].as_str().unwrap()).collect();
            let message = format!(
                "The dashboard body is invalid, there are {} validation errors: {}",
                all.len(),
                all.join("; ")
            );
            return Err(invalid_input(&message));
        }
        match self.dashboards.get_mut(name) {
            Some(dashboard) => dashboard.body = body.to_owned(),
            None => {
                let mut tags = Tags::new();
                tags::add(&mut tags, tags::of_list(request.list("Tags")), too_many_tags)?;
                let arn = context.global_arn("cloudwatch", &format!("dashboard/{name}"));
                self.dashboards.insert(name.to_owned(), Dashboard { arn, body: body.to_owned(), tags });
            }
        }
        Ok(json!({ "DashboardValidationMessages": messages.warnings }))
    }

    pub(super) fn snapshot(&self) -> Value {
        self.dashboards
            .iter()
            .map(|(name, dashboard)| {
                let body: Value = serde_json::from_str(&dashboard.body).unwrap();
                (name.clone(), json!({ "body": body, "tags": dashboard.tags }))
            })
            .collect()
    }
}

fn validate(body: &str) -> Messages {
    let mut messages = Messages::default();
    let mut error = |path: &str, message: &str| {
        messages.errors.push(json!({ "DataPath": path, "Message": message }));
    };
    let Ok(body @ Value::Object(_)) = serde_json::from_str::<Value>(body) else {
        error("", "The field DashboardBody must be a valid JSON object");
        return messages;
    };
    let Some(widgets) = body["widgets"].as_array() else {
        error("", "The dashboard body needs an array of widgets");
        return messages;
    };
    if widgets.len() > 500 {
        error("/widgets", "There are more than 500 widgets");
    }
    for (at, widget) in widgets.iter().enumerate() {
        let path = format!("/widgets/{at}");
        let properties = &widget["properties"];
        match widget["type"].as_str() {
            Some(kind @ ("metric" | "log")) => {
                if properties["region"].as_str().is_none() {
                    error(&format!("{path}/properties"), "Should have required property 'region'");
                }
                if kind == "metric"
                    && properties.get("metrics").is_none()
                    && properties.get("annotations").is_none()
                {
                    error(&format!("{path}/properties"), "Should have required property 'metrics'");
                }
            }
            Some("text" | "alarm" | "explorer") => {}
            _ => error(&format!("{path}/type"), "Should be equal to one of the allowed values"),
        }
        if widget["x"].is_number() != widget["y"].is_number() {
            error(&path, "Should have both x and y, or none of them");
        }
        let within = |member: &str, least: i64, most: i64| {
            widget
                .get(member)
                .is_none_or(|value| value.as_i64().is_some_and(|value| (least..=most).contains(&value)))
        };
        if !(within("x", 0, 23)
            && within("y", 0, i64::MAX)
            && within("width", 1, 24)
            && within("height", 1, 1000))
        {
            error(&path, "Is outside of the grid");
        }
    }
    for (at, widget) in widgets.iter().enumerate() {
        if widget["type"] == "metric" && widget["properties"]["metrics"] == json!([]) {
            messages.warnings.push(json!({
                "DataPath": format!("/widgets/{at}/properties/metrics"), "Message": "Should not have fewer than 1 items",
            }));
        }
    }
    messages
}

fn invalid_input(message: &str) -> Fault {
    refused("InvalidParameterInput", message)
}

fn missing(name: &str) -> Fault {
    refused_with(404, "ResourceNotFound", &format!("Dashboard {name} does not exist"))
}
