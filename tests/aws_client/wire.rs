//! What the services' protocols make of a request and an answer, by their models.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::moto::cbor;
use crate::moto::http::Message;
use crate::moto::model::Model;
use crate::recorder::Reply;

/// The instant of every timestamp of a sample.
const INSTANT: (&str, i64) = ("2026-11-30T08:00:00Z", 1_796_025_600);

/// The members of the request that was sent.
pub(crate) fn request(model: &Model, operation: &str, request: &Message) -> Value {
    let Some(shape) = model.operation(operation)["input"]["shape"].as_str() else { return json!({}) };
    match model.metadata("protocol") {
        "json" => {
            // botocore writes the prefix of CloudTrail with the namespace of its model, the SDK without; both are taken.
            let prefix = model.metadata("targetPrefix").rsplit('.').next().unwrap();
            assert_eq!(request.header("x-amz-target"), Some(format!("{prefix}.{operation}").as_str()));
            serde_json::from_slice(&request.body).unwrap()
        }
        "smithy-rpc-v2-cbor" => {
            let path = format!("/service/{}/operation/{operation}", model.metadata("targetPrefix"));
            assert_eq!(request.target(), path);
            assert_eq!(request.header("smithy-protocol"), Some("rpc-v2-cbor"));
            cbor::read(&request.body, |seconds| {
                assert_eq!(seconds, INSTANT.1);
                json!(INSTANT.0)
            })
        }
        "query" => {
            let mut form = form(std::str::from_utf8(&request.body).unwrap());
            assert_eq!(form.remove("Action").as_deref(), Some(operation));
            assert_eq!(form.remove("Version").as_deref(), Some(model.metadata("apiVersion")));
            let value = from_form(model, shape, "", &mut form).unwrap_or_else(|| json!({}));
            assert!(form.is_empty(), "{operation} does not have {form:?}");
            value
        }
        "rest-xml" => from_rest(model, operation, shape, request),
        protocol => panic!("{protocol}"),
    }
}

/// Names and values of a form or of a query string; `policy` and `policy=` are the same to a service.
fn form(text: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(k, v)| (decode(k), decode(v)))
        .collect()
}

fn from_form(model: &Model, shape: &str, at: &str, form: &mut BTreeMap<String, String>) -> Option<Value> {
    let definition = model.shape(shape);
    let below = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match definition["type"].as_str().unwrap() {
        "structure" => {
            let members: Map<_, _> = model
                .members(shape)
                .filter_map(|(name, member, shape)| {
                    let place = below(member["locationName"].as_str().unwrap_or(name));
                    Some((name.to_owned(), from_form(model, shape, &place, form)?))
                })
                .collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        "list" => {
            let member = &definition["member"];
            let name = member["locationName"].as_str().unwrap_or("member");
            let place = below(name);
            let item = |index, form: &mut _| {
                from_form(model, member["shape"].as_str().unwrap(), &format!("{place}.{index}"), form)
            };
            let items: Vec<_> = (1..).map_while(|index| item(index, form)).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        "map" => {
            let entries: Map<_, _> = (1..)
                .map_while(|index| {
                    let key = form.remove(&below(&format!("entry.{index}.key")))?;
                    let value = form.remove(&below(&format!("entry.{index}.value")))?;
                    Some((key, json!(value)))
                })
                .collect();
            (!entries.is_empty()).then_some(Value::Object(entries))
        }
        kind => scalar(kind, &form.remove(at)?),
    }
}

fn scalar(kind: &str, text: &str) -> Option<Value> {
    Some(match kind {
        "string" | "timestamp" => json!(text),
        "boolean" => json!(text.parse::<bool>().ok()?),
        "integer" | "long" => json!(text.parse::<i64>().ok()?),
        kind => panic!("{kind}"),
    })
}

fn from_rest(model: &Model, operation: &str, shape: &str, request: &Message) -> Value {
    let http = &model.operation(operation)["http"];
    assert_eq!(http["method"], request.method());
    let template = http["requestUri"].as_str().unwrap();
    let expected = template.replace("{Bucket}", "a-bucket");
    let split = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (path.trim_end_matches('/').to_owned(), form(query))
    };
    let (path, mut query) = split(request.target());
    // Newer clients name the operation where the path does not tell it.
    assert!(query.remove("x-id").is_none_or(|named| named == operation));
    let payload = model.shape(shape)["payload"].as_str();
    let mut members = Map::new();
    for (name, member, shape) in model.members(shape) {
        let kind = model.shape(shape)["type"].as_str().unwrap();
        let value = match member["location"].as_str() {
            Some("uri") => Some(json!("a-bucket")),
            Some("header") => {
                request.header(member["locationName"].as_str().unwrap()).and_then(|text| scalar(kind, text))
            }
            Some("querystring") => {
                query.remove(member["locationName"].as_str().unwrap()).and_then(|text| scalar(kind, &text))
            }
            Some(other) => panic!("{other}"),
            None if kind == "structure" => {
                let text = std::str::from_utf8(&request.body).unwrap();
                let document = roxmltree::Document::parse(text).unwrap();
                assert_eq!(document.root_element().tag_name().name(), member["locationName"]);
                Some(from_xml(model, shape, document.root_element()))
            }
            None if payload == Some(name) => Some(json!(String::from_utf8(request.body.clone()).unwrap())),
            None => None,
        };
        members.extend(value.map(|value| (name.to_owned(), value)));
    }
    assert_eq!((path, query), split(&expected), "{operation}");
    Value::Object(members)
}

fn from_xml(model: &Model, shape: &str, node: roxmltree::Node) -> Value {
    let definition = model.shape(shape);
    match definition["type"].as_str().unwrap() {
        "structure" => {
            let mut left: Vec<_> = node.children().filter(|child| child.is_element()).collect();
            let members = model.members(shape).filter_map(|(name, member, shape)| {
                let tag = member["locationName"].as_str().unwrap_or(name);
                let place = left.iter().position(|child| child.tag_name().name() == tag)?;
                Some((name.to_owned(), from_xml(model, shape, left.remove(place))))
            });
            let members = Value::Object(members.collect());
            assert!(left.is_empty(), "{shape} does not have {left:?}");
            members
        }
        "list" => {
            let member = &definition["member"];
            let items = node.children().filter(|child| child.is_element()).map(|child| {
                assert_eq!(child.tag_name().name(), member["locationName"].as_str().unwrap_or("member"));
                from_xml(model, member["shape"].as_str().unwrap(), child)
            });
            items.collect()
        }
        kind => scalar(kind, node.text().unwrap_or_default()).unwrap(),
    }
}

/// The answer of a service that has these members.
pub(crate) fn answer(model: &Model, operation: &str, members: &Value) -> Reply {
    let output = &model.operation(operation)["output"];
    let shape = output["shape"].as_str();
    match model.metadata("protocol") {
        "json" => {
            let body = shape.map_or(json!({}), |shape| with_seconds(model, shape, members));
            Reply::new(200, &[("Content-Type", "application/x-amz-json-1.1")], body.to_string())
        }
        "smithy-rpc-v2-cbor" => {
            let body = shape
                .map_or(vec![0xa0], |shape| cbor::write(model, shape, &with_seconds(model, shape, members)));
            Reply::new(200, &[("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")], body)
        }
        "query" => {
            let result = shape.map_or(String::new(), |shape| {
                xml(model, shape, members, output["resultWrapper"].as_str().unwrap_or("Result"))
            });
            let body = format!(
                "<{operation}Response xmlns=\"https://example.com/\">{result}\
                 <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>"
            );
            Reply::new(200, &[("Content-Type", "text/xml")], body)
        }
        "rest-xml" => rest(model, operation, shape, members),
        protocol => panic!("{protocol}"),
    }
}

/// JSON and CBOR send timestamps as seconds.
fn with_seconds(model: &Model, shape: &str, value: &Value) -> Value {
    match (model.shape(shape)["type"].as_str().unwrap(), value) {
        ("structure", Value::Object(members)) => model
            .members(shape)
            .filter_map(|(name, _, shape)| {
                Some((name.to_owned(), with_seconds(model, shape, members.get(name)?)))
            })
            .collect::<Map<_, _>>()
            .into(),
        ("list", Value::Array(items)) => {
            let member = model.shape(shape)["member"]["shape"].as_str().unwrap();
            items.iter().map(|item| with_seconds(model, member, item)).collect()
        }
        ("timestamp", _) => json!(INSTANT.1),
        _ => value.clone(),
    }
}

fn xml(model: &Model, shape: &str, value: &Value, tag: &str) -> String {
    let definition = model.shape(shape);
    let inner: String = match (definition["type"].as_str().unwrap(), value) {
        ("structure", Value::Object(members)) => model
            .members(shape)
            .filter_map(|(name, member, shape)| {
                let tag = member["locationName"].as_str().unwrap_or(name);
                Some(xml(model, shape, members.get(name)?, tag))
            })
            .collect(),
        ("list", Value::Array(items)) => {
            let member = &definition["member"];
            let tag = member["locationName"].as_str().unwrap_or("member");
            items.iter().map(|item| xml(model, member["shape"].as_str().unwrap(), item, tag)).collect()
        }
        ("map", Value::Object(entries)) => entries
            .iter()
            .map(|(key, value)| {
                let value = value.as_str().map_or_else(|| value.to_string(), escape);
                format!("<entry><key>{}</key><value>{value}</value></entry>", escape(key))
            })
            .collect(),
        (_, Value::String(text)) => escape(text),
        (_, other) => other.to_string(),
    };
    format!("<{tag}>{inner}</{tag}>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn rest(model: &Model, operation: &str, shape: Option<&str>, members: &Value) -> Reply {
    let Some(shape) = shape else { return Reply::new(200, &[], "") };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let headers: Vec<_> = model
        .members(shape)
        .filter(|(_, member, _)| member["location"] == "header")
        .map(|(name, member, _)| (member["locationName"].as_str().unwrap(), text(&members[name])))
        .collect();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = match (model.shape(shape)["payload"].as_str(), operation) {
        (Some(payload), _) => members[payload].as_str().unwrap().to_owned(),
        // The one answer in XML; what it is called is in the service's pages, and not in botocore's model.
        (None, "ListBuckets") => xml(model, shape, members, "ListAllMyBucketsResult"),
        (None, _) => String::new(),
    };
    Reply::new(200, &headers, body)
}
