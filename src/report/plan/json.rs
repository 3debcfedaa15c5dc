//! A plan for a program.

use serde_json::{Value, json};

use crate::provision::{Action, Change, Difference, Outcome, Plan, ResourceId, without_secrets};

/// A plan as JSON: `changes` with their `action`, `differences` and the `calls` that are to be made, `problems` with `message` and
/// `help`, and what is `leftOut`. Passwords in endpoints are masked.
pub fn plan_json(plan: &Plan) -> Value {
    let problems =
        plan.problems.iter().map(|problem| json!({ "message": problem.to_string(), "help": problem.help() }));
    without_secrets(&json!({
        "stack": plan.stack,
        "account": plan.place.account,
        "region": plan.place.region,
        "changes": plan.changes.iter().map(change).collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
        "leftOut": plan.left_out,
    }))
}

fn change(change: &Change) -> Value {
    let none: &[Difference] = &[];
    let (action, differences) = match &change.action {
        Action::Create => ("create", none),
        Action::Update(differences) => ("update", differences.as_slice()),
        Action::Replace { differences, .. } => ("replace", differences.as_slice()),
        Action::Adopt => ("adopt", none),
        Action::Delete => ("delete", none),
        Action::Unchanged => ("unchanged", none),
        Action::Keep(_) => ("keep", none),
    };
    let more = match &change.action {
        Action::Keep(reason) => Some(("reason", json!(reason.to_string()))),
        Action::Replace { former, .. } => {
            Some(("replaces", json!({ "name": former.name, "key": former.key })))
        }
        _ => None,
    };
    let differences =
        differences.iter().map(|one| json!({ "path": one.path, "before": one.before, "after": one.after }));
    let calls = change
        .calls
        .iter()
        .map(|call| json!({ "operation": call.operation.to_string(), "input": call.input }));
    let mut value = named(&change.resource.id);
    if let Some(members) = value.as_object_mut() {
        members.insert("action".to_owned(), json!(action));
        members.insert("adopted".to_owned(), json!(change.adopted));
        members.insert("differences".to_owned(), differences.collect());
        members.insert("calls".to_owned(), calls.collect());
        members.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    value
}

fn named(id: &ResourceId) -> Value {
    json!({ "kind": id.kind.tag(), "name": id.name })
}

/// What became of a plan as JSON: `done`, `failed` with `message` and `help`, `remarks` of the services with `message`, `notTried`.
pub fn outcome_json(plan: &Plan, outcome: &Outcome) -> Value {
    let failed = outcome.failed.iter().map(|(id, failure)| {
        let advice = failure.advice(&plan.place);
        let mut value = named(id);
        if let Some(members) = value.as_object_mut() {
            members.insert("operation".to_owned(), json!(failure.call.operation.to_string()));
            members.insert("message".to_owned(), json!(advice.message));
            members.insert("help".to_owned(), json!(advice.help));
        }
        value
    });
    let remarks = outcome.remarks.iter().map(|(id, remark)| {
        let mut value = named(id);
        if let Some(members) = value.as_object_mut() {
            members.insert("message".to_owned(), json!(remark));
        }
        value
    });
    without_secrets(&json!({
        "done": outcome.done.iter().map(named).collect::<Vec<_>>(),
        "failed": failed.collect::<Vec<_>>(),
        "remarks": remarks.collect::<Vec<_>>(),
        "notTried": outcome.not_tried.iter().map(named).collect::<Vec<_>>(),
    }))
}
