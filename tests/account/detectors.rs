//! Anomaly detectors: one for each metric and statistic (`spec/metrics-insights.md` 6.1).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailql::provision::{Fault, Operation};

use super::request::{Answer, Request, only, refused, refused_with};
use super::world::Context;

#[derive(Default)]
pub(super) struct Detectors {
    /// By what tells them apart.
    detectors: BTreeMap<String, Detector>,
}

struct Detector {
    id: String,
    /// What it is on: `SingleMetricAnomalyDetector` or `MetricMathAnomalyDetector`.
    on: (&'static str, Value),
    configuration: Value,
    characteristics: Value,
}

const SINGLE: &str = "SingleMetricAnomalyDetector";
const MATH: &str = "MetricMathAnomalyDetector";
const FLAT: [&str; 4] = ["Namespace", "MetricName", "Dimensions", "Stat"];

impl Detectors {
    pub(super) fn call(&mut self, context: &mut Context, most: usize, request: Request<'_>) -> Answer {
        match request.operation {
            Operation::PutAnomalyDetector => self.put(context, most, request),
            Operation::DescribeAnomalyDetectors => self.describe(context, request),
            Operation::DeleteAnomalyDetector => self.delete(context, request),
            other => panic!("detectors do not know {other}"),
        }
    }

    /// The same metric and statistic again: everything else is replaced, the id stays.
    fn put(&mut self, context: &mut Context, most: usize, request: Request<'_>) -> Answer {
        request.only(&[
            SINGLE,
            MATH,
            "Configuration",
            "MetricCharacteristics",
            "Namespace",
            "MetricName",
            "Dimensions",
            "Stat",
        ])?;
        let on = identity(request)?;
        let key = key(context, &on);
        // No page says what becomes of settings that a request leaves out.
        let before = self.detectors.get(&key).filter(|_| context.keeps_settings);
        let mut configuration = before.map_or_else(|| json!({}), |detector| detector.configuration.clone());
        if let Some(Value::Object(members)) = request.input.get("Configuration") {
            configuration.as_object_mut().unwrap().extend(members.clone());
        }
        check_configuration(request, &configuration)?;
        let characteristics = before.map_or(Value::Null, |detector| detector.characteristics.clone());
        let characteristics = request.input.get("MetricCharacteristics").cloned().unwrap_or(characteristics);
        if !self.detectors.contains_key(&key) && self.detectors.len() >= most {
            return Err(refused(
                "LimitExceededException",
                "The number of anomaly detectors exceeds the limit.",
            ));
        }
        let id = self.detectors.get(&key).map_or_else(|| context.id(), |detector| detector.id.clone());
        self.detectors.insert(key, Detector { id: id.clone(), on, configuration, characteristics });
        Ok(json!({ "AnomalyDetectorId": id }))
    }

    fn describe(&self, context: &Context, request: Request<'_>) -> Answer {
        request.only(&[
            "AnomalyDetectorIds",
            "Namespace",
            "MetricName",
            "Dimensions",
            "AnomalyDetectorTypes",
            "MaxResults",
        ])?;
        let ids = request.texts("AnomalyDetectorIds");
        let by_metric = ["Namespace", "MetricName", "Dimensions"].iter().any(|member| request.has(member));
        if !ids.is_empty() && by_metric {
            return Err(refused("InvalidParameterCombination", "Ids cannot be combined with a metric"));
        }
        let mut types = request.texts("AnomalyDetectorTypes");
        if types.is_empty() && ids.is_empty() {
            types.push("SINGLE_METRIC");
        }
        let wanted = |detector: &&Detector| {
            let (kind, of) = (detector.on.0, &detector.on.1);
            let kind = if kind == SINGLE { "SINGLE_METRIC" } else { "METRIC_MATH" };
            (types.is_empty() || types.contains(&kind))
                && (ids.is_empty() || ids.contains(&detector.id.as_str()))
                && request.text("Namespace").is_none_or(|namespace| of["Namespace"] == namespace)
                && request.text("MetricName").is_none_or(|name| of["MetricName"] == name)
                && (!request.has("Dimensions") || dimensions(of) == dimensions(&json!(request.input)))
        };
        let found: Vec<_> =
            self.detectors.values().filter(wanted).map(|detector| detector.described(context)).collect();
        Ok(json!({ "AnomalyDetectors": found }))
    }

    fn delete(&mut self, context: &Context, request: Request<'_>) -> Answer {
        request.only(&[
            "AnomalyDetectorId",
            SINGLE,
            MATH,
            "Namespace",
            "MetricName",
            "Dimensions",
            "Stat",
        ])?;
        let key = match request.text("AnomalyDetectorId") {
            Some(id) => {
                self.detectors.iter().find(|(_, detector)| detector.id == id).map(|(key, _)| key.clone())
            }
            None => Some(key(context, &identity(request)?)),
        };
        match key.and_then(|key| self.detectors.remove(&key)) {
            Some(_) => Ok(json!({})),
            None => {
                Err(refused_with(404, "ResourceNotFoundException", "The anomaly detector does not exist."))
            }
        }
    }

    pub(super) fn snapshot(&self) -> Value {
        let of = |detector: &Detector| {
            json!({
                detector.on.0: detector.on.1, "Configuration": detector.configuration,
                "MetricCharacteristics": detector.characteristics,
            })
        };
        self.detectors.values().map(of).collect()
    }
}

impl Detector {
    /// With the members that are out of use beside the others.
    fn described(&self, context: &Context) -> Value {
        let mut configuration = json!({ "ExcludedTimeRanges": [] });
        if context.describes_defaults {
            configuration["AdaptationSpeed"] = "NORMAL".into();
            configuration["OutlierFilteringStrength"] = "MODERATE".into();
        }
        configuration.as_object_mut().unwrap().extend(self.configuration.as_object().unwrap().clone());
        let mut all = Map::new();
        all.insert("AnomalyDetectorId".to_owned(), self.id.as_str().into());
        all.insert("Configuration".to_owned(), configuration);
        all.insert("StateValue".to_owned(), "PENDING_TRAINING".into());
        all.insert(self.on.0.to_owned(), self.on.1.clone());
        if self.on.0 == SINGLE && context.describes_defaults {
            all[SINGLE]
                .as_object_mut()
                .unwrap()
                .entry("AccountId")
                .or_insert(context.account.as_str().into());
        }
        if self.on.0 == SINGLE {
            all.extend(
                self.on.1.as_object().unwrap().clone().into_iter().filter(|(name, _)| name != "AccountId"),
            );
        }
        if !self.characteristics.is_null() {
            all.insert("MetricCharacteristics".to_owned(), self.characteristics.clone());
        }
        all.into()
    }
}

/// What the request is about, in one of the three ways to say it.
fn identity(request: Request<'_>) -> Result<(&'static str, Value), Fault> {
    let flat: Map<_, _> = FLAT
        .iter()
        .filter_map(|member| Some(((*member).to_owned(), request.input.get(*member)?.clone())))
        .collect();
    match (request.input.get(SINGLE), request.input.get(MATH), flat.is_empty()) {
        (Some(of), None, true) => single(request, of.clone()),
        (None, Some(of), true) => math(request, of.clone()),
        (None, None, false) => single(request, flat.into()),
        (None, None, true) => Err(refused("MissingParameter", "An anomaly detector needs a metric")),
        _ => Err(refused("InvalidParameterCombination", "Only one way to name the metric can be used")),
    }
}

fn single(request: Request<'_>, mut of: Value) -> Result<(&'static str, Value), Fault> {
    let members = of.as_object_mut().expect("a structure");
    only(request.operation, members, &["AccountId", "Namespace", "MetricName", "Dimensions", "Stat"])?;
    members.entry("Dimensions").or_insert_with(|| json!([]));
    for (member, most) in [("Namespace", 255), ("MetricName", 255), ("Stat", 50)] {
        match of[member].as_str().map(|text| text.chars().count()) {
            None => return Err(refused("MissingParameter", format!("The parameter {member} is required."))),
            Some(count) if count == 0 || count > most => return Err(invalid(member)),
            Some(_) => {}
        }
    }
    if of["Dimensions"].as_array().is_none_or(|list| list.len() > 30) {
        return Err(invalid("Dimensions"));
    }
    Ok((SINGLE, of))
}

fn math(request: Request<'_>, of: Value) -> Result<(&'static str, Value), Fault> {
    only(request.operation, of.as_object().expect("a structure"), &["MetricDataQueries"])?;
    let queries = of["MetricDataQueries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let returned = queries.iter().filter(|query| query["ReturnData"] != json!(false)).count();
    if returned != 1 || queries.len() > 20 {
        return Err(invalid("MetricDataQueries"));
    }
    Ok((MATH, of))
}

fn check_configuration(request: Request<'_>, of: &Value) -> Result<(), Fault> {
    let known = ["ExcludedTimeRanges", "MetricTimezone", "AdaptationSpeed", "OutlierFilteringStrength"];
    only(request.operation, of.as_object().expect("a structure"), &known)?;
    let ranges = of["ExcludedTimeRanges"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ordered = |range: &Value| {
        let time =
            |member: &str| range[member].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        time("StartTime").zip(time("EndTime")).is_some_and(|(start, end)| start < end)
    };
    if ranges.len() > 10 || !ranges.iter().all(ordered) {
        return Err(invalid("ExcludedTimeRanges"));
    }
    if of["MetricTimezone"].as_str().is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        return Err(invalid("MetricTimezone"));
    }
    let unknown =
        |member: &str, values: &[&str]| of[member].as_str().is_some_and(|value| !values.contains(&value));
    if unknown("AdaptationSpeed", &["FAST", "NORMAL", "SLOW"]) {
        return Err(invalid("AdaptationSpeed"));
    }
    if unknown("OutlierFilteringStrength", &["MINIMAL", "MODERATE", "STRICT"]) {
        return Err(invalid("OutlierFilteringStrength"));
    }
    Ok(())
}

fn invalid(member: &str) -> Fault {
    refused("InvalidParameterValue", format!("The value of parameter {member} is not valid."))
}

/// Dimensions are a set.
fn dimensions(of: &Value) -> Vec<String> {
    let mut all: Vec<_> = of["Dimensions"].as_array().into_iter().flatten().map(Value::to_string).collect();
    all.sort();
    all
}

/// The account of the caller is the one that is meant where none is said.
fn key(context: &Context, (kind, of): &(&'static str, Value)) -> String {
    let member = |name: &str| of[name].as_str().unwrap_or_default();
    match *kind {
        SINGLE => json!([
            if member("AccountId").is_empty() { &context.account } else { member("AccountId") },
            member("Namespace"),
            member("MetricName"),
            member("Stat"),
            dimensions(of)
        ])
        .to_string(),
        _ => of.to_string(),
    }
}
