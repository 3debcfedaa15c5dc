//! What a policy document allows: as much of the policy language as trails, roles and buckets need.

use serde_json::Value;

/// Something that a policy is asked about.
pub(super) struct Asked<'a> {
    /// The service that acts; `None` for a policy of a role, which has no principal.
    pub(super) principal: Option<&'a str>,
    pub(super) action: &'a str,
    /// `None` for a trust policy, which has no resource.
    pub(super) resource: Option<&'a str>,
    /// What is known of the request.
    pub(super) conditions: &'a [(&'a str, &'a str)],
}

/// Whether a document is a policy at all.
pub(super) fn read(text: &str) -> Option<Value> {
    let document: Value = serde_json::from_str(text).ok()?;
    let complete = |statement: &Value| {
        matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"))
            && (statement.get("Action").is_some() || statement.get("NotAction").is_some())
    };
    let statements = statements(&document);
    (!statements.is_empty() && statements.iter().all(|statement| complete(statement))).then_some(document)
}

/// Whether some statement allows it and none denies it.
pub(super) fn allows(document: &Value, asked: &Asked<'_>) -> bool {
    let says = |effect: &str| {
        statements(document)
            .into_iter()
            .any(|statement| statement["Effect"] == effect && applies(statement, asked))
    };
    says("Allow") && !says("Deny")
}

pub(super) fn statements(document: &Value) -> Vec<&Value> {
    match &document["Statement"] {
        Value::Array(statements) => statements.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn applies(statement: &Value, asked: &Asked<'_>) -> bool {
    let principal = asked.principal.is_none_or(|service| match &statement["Principal"] {
        Value::String(all) => all == "*",
        principal => {
            texts(&principal["Service"]).contains(&service) || texts(&principal["AWS"]).contains(&"*")
        }
    });
    let action = texts(&statement["Action"])
        .iter()
        .any(|pattern| like(&pattern.to_lowercase(), &asked.action.to_lowercase()));
    let resource = asked
        .resource
        .is_none_or(|resource| texts(&statement["Resource"]).iter().any(|pattern| like(pattern, resource)));
    principal && action && resource && conditions_hold(&statement["Condition"], asked)
}

fn conditions_hold(conditions: &Value, asked: &Asked<'_>) -> bool {
    conditions.as_object().into_iter().flatten().all(|(operator, keys)| {
        keys.as_object().into_iter().flatten().all(|(key, wanted)| {
            let known = asked.conditions.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            let bare = operator.strip_suffix("IfExists");
            let Some((_, value)) = known else { return bare.is_some() };
            let wanted = texts(wanted);
            match bare.unwrap_or(operator) {
                "StringEquals" => wanted.contains(value),
                "StringLike" | "ArnLike" | "ArnEquals" => wanted.iter().any(|pattern| like(pattern, value)),
                _ => false,
            }
        })
    })
}

/// One text or a list of them.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `*` stands for any text, `?` for any character.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| like(rest, &text[at..]))
        }
        Some(c) => {
            let mut others = text.chars();
            others.next().is_some_and(|other| c == '?' || c == other)
                && like(&pattern[c.len_utf8()..], others.as_str())
        }
    }
}
