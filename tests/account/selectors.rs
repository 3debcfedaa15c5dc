//! Event selectors: what `PutEventSelectors` admits (`spec/filter-pattern.md` 7).

use serde_json::Value;
use trailql::provision::Fault;

use super::request::{Request, only, refused};

const OPERATORS: [&str; 6] =
    ["Equals", "NotEquals", "StartsWith", "NotStartsWith", "EndsWith", "NotEndsWith"];

pub(super) fn check(request: Request<'_>) -> Result<(), Fault> {
    let (basic, advanced) = (request.has("EventSelectors"), request.has("AdvancedEventSelectors"));
    if basic == advanced {
        return Err(invalid("either event selectors or advanced event selectors have to be given"));
    }
    if basic {
        return match request.list("EventSelectors").len() {
            1..=5 => Ok(()),
            _ => Err(invalid("a trail takes 1 to 5 event selectors")),
        };
    }
    let selectors = request.list("AdvancedEventSelectors");
    if selectors.is_empty() {
        return Err(invalid("there is no selector"));
    }
    let mut values = 0;
    for selector in selectors {
        only(request.operation, selector.as_object().expect("a selector"), &["Name", "FieldSelectors"])?;
        if selector["Name"].as_str().is_some_and(|name| name.chars().count() > 1000) {
            return Err(invalid("a name takes at most 1000 characters"));
        }
        let fields = selector["FieldSelectors"].as_array().map(Vec::as_slice).unwrap_or_default();
        for field in fields {
            let known: Vec<_> = OPERATORS.into_iter().chain(["Field"]).collect();
            only(request.operation, field.as_object().expect("a field selector"), &known)?;
            values += check_operators(field)?;
        }
        check_category(fields)?;
    }
    if values > 500 { Err(invalid("a trail takes at most 500 values")) } else { Ok(()) }
}

/// How many values there are.
fn check_operators(field: &Value) -> Result<usize, Fault> {
    let mut values = 0;
    for operator in OPERATORS {
        let Some(list) = field.get(operator) else { continue };
        let texts: Vec<_> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if texts.is_empty() || texts.iter().any(|text| !(1..=2048).contains(&text.chars().count())) {
            return Err(invalid("an operator takes at least one value, of 1 to 2048 characters"));
        }
        values += texts.len();
    }
    if values == 0 { Err(invalid("a field selector needs an operator")) } else { Ok(values) }
}

fn check_category(fields: &[Value]) -> Result<(), Fault> {
    let of = |name: &str| -> Vec<&Value> { fields.iter().filter(|field| field["Field"] == name).collect() };
    let equals = |field: &Value| -> Vec<String> {
        let list = field["Equals"].as_array();
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let only_equals = |field: &Value| OPERATORS.iter().skip(1).all(|operator| field.get(*operator).is_none());

    let [category] = of("eventCategory")[..] else {
        return Err(invalid("a selector needs one eventCategory"));
    };
    let category = match equals(category).as_slice() {
        [one] if only_equals(category) => one.clone(),
        _ => return Err(invalid("eventCategory takes one value with Equals")),
    };
    let types = of("resources.type");
    match (category.as_str(), types.as_slice()) {
        ("Data", [one]) if only_equals(one) && equals(one).len() == 1 => {}
        ("Data", _) => return Err(invalid("Data needs one resources.type with one value with Equals")),
        ("Management" | "NetworkActivity", []) => {}
        ("Management" | "NetworkActivity", _) => return Err(invalid("only Data takes resources.type")),
        _ => return Err(invalid("eventCategory is Management, Data or NetworkActivity")),
    }
    let allowed: &[&str] = match category.as_str() {
        "Management" => &["eventCategory", "eventSource", "readOnly"],
        "Data" => &[
            "eventCategory",
            "resources.type",
            "resources.ARN",
            "eventSource",
            "eventName",
            "eventType",
            "readOnly",
            "sessionCredentialFromConsole",
            "userIdentity.arn",
        ],
        _ => &["eventCategory", "eventSource", "eventName", "errorCode", "vpcEndpointId"],
    };
    for field in fields {
        let name = field["Field"].as_str().unwrap_or_default();
        if !allowed.contains(&name) {
            return Err(invalid(&format!("{category} does not take the field {name}")));
        }
        if name == "readOnly"
            && (!only_equals(field) || equals(field).iter().any(|value| value != "true" && value != "false"))
        {
            return Err(invalid("readOnly takes true or false with Equals"));
        }
    }
    Ok(())
}

fn invalid(message: &str) -> Fault {
    refused("InvalidEventSelectorsException", message)
}
