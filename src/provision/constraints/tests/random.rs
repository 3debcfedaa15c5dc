//! Random requests that keep to the tables.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex_parsed;
use regex_syntax::hir::{Hir, HirKind, Repetition};
use serde_json::{Map, Value, json};

use crate::provision::constraints::pages::Rule;
use crate::provision::constraints::pattern::translate;
use crate::provision::constraints::table::{self, Kind, Member, Request};
use crate::provision::{Call, Operation};

pub(super) fn call() -> impl Strategy<Value = Call> {
    select(Operation::ALL).prop_flat_map(|operation| {
        let table = table::table().unwrap();
        let request = &table.requests[operation.to_string().as_str()];
        structure(request, "").prop_map(move |input| repaired(Call::new(operation, input)))
    })
}

fn structure(request: &'static Request, path: &str) -> BoxedStrategy<Value> {
    let path = path.to_owned();
    let named = request.structures.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
    let values: Vec<_> = named.iter().map(|named| value(request, named.path)).collect();
    (values, vec(any::<bool>(), named.len()), any::<Index>())
        .prop_map(move |(values, kept, choice)| {
            let mut members = Map::new();
            for ((named, value), kept) in named.iter().zip(values).zip(kept) {
                if kept || request.members[named.path].required || chosen(request, &path, named.name) {
                    members.insert(named.name.to_owned(), value);
                }
            }
            if request.members.get(path.as_str()).is_some_and(|member| member.kind == Kind::Union) {
                let only = named[choice.index(named.len())].name;
                members.retain(|name, _| name == only);
            }
            for of in exactly_one(request, &path) {
                let only = of[choice.index(of.len())];
                members.retain(|name, _| name == only || !of.contains(&name.as_str()));
            }
            for named in named.iter().filter(|named| request.rules.contains_key(named.path)) {
                for rule in &request.rules[named.path] {
                    match rule {
                        Rule::Without(others) if members.contains_key(named.name) => {
                            members.retain(|name, _| !others.contains(&name.as_str()));
                        }
                        Rule::With(other) if !members.contains_key(*other) => {
                            members.remove(named.name);
                        }
                        _ => {}
                    }
                }
            }
            Value::Object(members)
        })
        .boxed()
}

/// Whether a member may have to be there, because exactly one of some has to; those too many are taken out again.
fn chosen(request: &Request, path: &str, name: &str) -> bool {
    request.members.get(path).is_some_and(|member| member.kind == Kind::Union)
        || exactly_one(request, path).any(|of| of.contains(&name))
}

fn exactly_one<'r>(request: &'r Request, path: &str) -> impl Iterator<Item = &'r Vec<&'static str>> {
    request.rules.get(path).into_iter().flatten().filter_map(|rule| match rule {
        Rule::ExactlyOne(of) => Some(of),
        _ => None,
    })
}

fn value(request: &'static Request, path: &str) -> BoxedStrategy<Value> {
    let member = &request.members[path];
    match member.kind {
        Kind::String => text(request, path).prop_map(Value::from).boxed(),
        Kind::Integer | Kind::Long => integer(request, path),
        Kind::Double => (-1e9..1e9).prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Timestamp => (0..60).prop_map(|minute| json!(format!("2026-11-30T08:{minute:02}:00Z"))).boxed(),
        Kind::List => {
            let of = format!("{path}[]");
            vec(value(request, &of), size(request, path, member)).prop_map(Value::from).boxed()
        }
        Kind::Map => {
            let (key, of) = (format!("{path}{{key}}"), format!("{path}{{value}}"));
            let size = size(request, path, member);
            let entries = (text(request, &key), value(request, &of));
            vec(entries, size)
                .prop_filter("keys that differ", |entries| {
                    entries
                        .iter()
                        .enumerate()
                        .all(|(at, (key, _))| entries[..at].iter().all(|(other, _)| other != key))
                })
                .prop_map(|entries| Value::Object(entries.into_iter().collect()))
                .boxed()
        }
        Kind::Structure | Kind::Union => structure(request, path),
    }
}

fn size(request: &Request, path: &str, member: &Member) -> std::ops::RangeInclusive<usize> {
    let (least, most) = bounds(request, path, member);
    let least = usize::try_from(least.unwrap_or(0)).unwrap();
    least..=most.map_or(least + 2, |most| usize::try_from(most).unwrap().min(least + 2))
}

fn bounds(request: &Request, path: &str, member: &Member) -> (Option<i64>, Option<i64>) {
    let (mut least, mut most) = (member.least, member.most);
    for rule in request.rules.get(path).into_iter().flatten() {
        match rule {
            Rule::Least(bound) => least = Some(*bound),
            Rule::Most(bound) => most = Some(*bound),
            _ => {}
        }
    }
    (least, most)
}

fn integer(request: &'static Request, path: &str) -> BoxedStrategy<Value> {
    for rule in request.rules.get(path).into_iter().flatten() {
        if let Rule::OneOf(values) = rule {
            let values: Vec<i64> = values.iter().map(|value| value.parse().unwrap()).collect();
            return select(values).prop_map(Value::from).boxed();
        }
    }
    if path == "Period" || path.ends_with(".Period") || path.ends_with("[].Period") {
        return prop_oneof![Just(10_i64), Just(30), (1..100_i64).prop_map(|minutes| minutes * 60)]
            .prop_map(Value::from)
            .boxed();
    }
    let (least, most) = bounds(request, path, &request.members[path]);
    let least = least.unwrap_or(-5);
    (least..=most.unwrap_or(least + 1000)).prop_map(Value::from).boxed()
}

fn text(request: &'static Request, path: &str) -> BoxedStrategy<String> {
    let member = &request.members[path];
    let rules = request.rules.get(path).map(Vec::as_slice).unwrap_or_default();
    if let Some(values) = &member.one_of {
        return select(values.to_vec()).prop_map(str::to_owned).boxed();
    }
    let mut form = member.pattern.as_ref().map(|pattern| pattern.text);
    for rule in rules {
        match rule {
            Rule::OneOf(values) => return select(values.clone()).prop_map(str::to_owned).boxed(),
            Rule::Form { pattern, .. } => form = Some(pattern.text),
            _ => {}
        }
    }
    let (least, most) = bounds(request, path, member);
    let least = usize::try_from(least.unwrap_or(0)).unwrap();
    let most = most.map_or(usize::MAX, |most| usize::try_from(most).unwrap());
    let texts = match form {
        Some(form) => {
            let body = translate(form).unwrap();
            let hir = regex_syntax::parse(&body).unwrap();
            string_regex_parsed(&brief(&hir, least)).unwrap().boxed()
        }
        None => vec(any::<char>(), least..=(least + 8).min(most)).prop_map(String::from_iter).boxed(),
    };
    texts
        .prop_filter("within the bounds, and of no other form", move |text| {
            let count = text.chars().count();
            (least..=most).contains(&count)
                && rules.iter().all(|rule| match rule {
                    Rule::NotForm { pattern, .. } => !pattern.matches(text).unwrap(),
                    _ => true,
                })
        })
        .boxed()
}

/// The same with few repetitions, so that texts keep within their bounds.
fn brief(hir: &Hir, least: usize) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let most =
                repetition.max.unwrap_or(u32::MAX).min(repetition.min + 3 + u32::try_from(least).unwrap());
            let sub = Box::new(brief(&repetition.sub, least));
            Hir::repetition(Repetition { min: repetition.min, max: Some(most), greedy: true, sub })
        }
        HirKind::Capture(capture) => brief(&capture.sub, least),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| brief(part, least)).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(|part| brief(part, least)).collect())
        }
        _ => hir.clone(),
    }
}

/// What the pages say of several members together.
fn repaired(mut call: Call) -> Call {
    let number = |name: &str| call.input.get(name).and_then(Value::as_i64);
    if let (Some(some), Some(all)) = (number("DatapointsToAlarm"), number("EvaluationPeriods"))
        && some > all
    {
        call.input["DatapointsToAlarm"] = all.into();
    }
    if let Some(dimensions) =
        call.input.get("metricTransformations").and_then(|list| list[0].get("dimensions")?.as_object())
    {
        let left = 3 - dimensions.len();
        if let Some(system) = call.input.get_mut("emitSystemFieldDimensions").and_then(Value::as_array_mut) {
            system.truncate(left);
        }
    }
    if call.input.get("IsMultiRegionTrail") == Some(&true.into())
        && let Some(global) = call.input.get_mut("IncludeGlobalServiceEvents")
    {
        *global = true.into();
    }
    call
}
