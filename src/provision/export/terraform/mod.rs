//! A stack as a Terraform configuration.

mod alarm;
mod body;
mod hcl;
mod json;
mod resources;
mod text;

use std::collections::BTreeSet;

use super::names::labels;
use super::outline::Outline;
use super::value::{Fact, Members, Value};
use super::{Note, NoteKind};
use body::{Argument, Block, Body};

/// The configuration in HCL.
pub(super) fn hcl_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let configuration = Configuration::of(outline);
    let head = head(outline, &configuration.notes);
    (hcl::text(&head, &configuration.blocks, &configuration.labels), configuration.notes)
}

/// The configuration in JSON.
pub(super) fn json_text(outline: &Outline<'_>) -> (String, Vec<Note>) {
    let configuration = Configuration::of(outline);
    let head = head(outline, &configuration.notes);
    (json::text(&head, &configuration.blocks, &configuration.labels), configuration.notes)
}

/// What resources are called, by their number in the stack.
struct Labels {
    log_group: String,
    has_log_group: bool,
    trail: String,
    bucket: String,
    topics: Vec<String>,
    region: Option<String>,
}

struct Configuration {
    blocks: Vec<Block>,
    labels: Labels,
    notes: Vec<Note>,
}

impl Configuration {
    fn of(outline: &Outline<'_>) -> Self {
        let labels = names(outline);
        let mut notes = outline.notes();
        let resources = resources::all(outline, &labels, &mut notes);
        notes.extend(to_do(outline));
        let mut facts = BTreeSet::new();
        for block in &resources {
            block.body.values(&mut |value| {
                value.facts(&mut |fact| {
                    facts.insert(fact);
                });
            });
        }
        let mut blocks = vec![required(&resources)];
        blocks.extend(providers(outline, &resources));
        blocks.extend(outline.asks_for_log_group().then(group_variable));
        blocks.extend(facts.iter().filter_map(|fact| data(*fact, &labels)));
        blocks.extend(resources);
        Configuration { blocks, labels, notes }
    }
}

fn names(outline: &Outline<'_>) -> Labels {
    use super::names::Named;
    let one = |kind, name: Option<&str>| {
        name.and_then(|name| labels(&[Named::by_name(kind, name)]).pop()).unwrap_or_default()
    };
    let stack = outline.stack;
    let trail = stack.trail.as_ref();
    Labels {
        log_group: one("Group", stack.log_group.as_ref().map(|group| group.log_group_name.as_str())),
        has_log_group: stack.log_group.is_some(),
        trail: one("Trail", trail.map(|trail| trail.name.as_str())),
        bucket: one("Bucket", trail.map(|trail| trail.s3_bucket_name.as_str())),
        topics: labels(&outline.topics()),
        region: stack.region.as_ref().map(|region| region.value.clone()),
    }
}

fn head(outline: &Outline<'_>, notes: &[Note]) -> Vec<String> {
    let mut head = vec![match &outline.stack.name {
        Some(name) => format!("The stack `{name}`, written by `trailql export`."),
        None => "Written by `trailql export`.".to_owned(),
    }];
    head.extend(outline.stack.description.iter().map(|description| description.value.clone()));
    let of = |kind| notes.iter().filter(move |note| note.kind == kind);
    let said = of(NoteKind::Missing).chain(of(NoteKind::ToDo));
    head.extend(said.map(|note| format!("Note: {}.", note.text)));
    head
}

fn to_do(outline: &Outline<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(trail) = &outline.stack.trail
        && outline.made_bucket_policy().is_none()
    {
        notes.push(Note::to_do(format!(
            "the policy of the bucket `{}` must hold the statements of `local.bucket_policy_statements`",
            trail.s3_bucket_name
        )));
    }
    notes
}

/// `terraform { required_providers { … } }`.
fn required(resources: &[Block]) -> Block {
    let is_there =
        |kind: &str| resources.iter().any(|block| block.labels.first().is_some_and(|one| one == kind));
    let uses_cloud_control = uses_cloud_control(resources);
    // Versions that are known to have what is used of them: see `tests/terraform_arguments.toml`.
    let warms_up = resources.iter().any(|block| block.body.has_block("warm_up_configuration"));
    let classic = if warms_up { "~> 6.64" } else { "~> 6.0" };
    let newer = is_there("awscc_cloudwatch_alarm") || is_there("awscc_logs_query_definition");
    let newest = resources.iter().any(|block| block.body.has_argument("warm_up_configuration"));
    let cloud_control = match (newest, newer) {
        (true, _) => "~> 1.100",
        (false, true) => "~> 1.96",
        (false, false) => "~> 1.0",
    };
    let provider =
        |source: &str, version: &str| Members::new().with("source", source).with("version", version);
    let mut providers = Body::new().with("aws", Value::Map(provider("hashicorp/aws", classic)));
    if uses_cloud_control {
        providers = providers.with("awscc", Value::Map(provider("hashicorp/awscc", cloud_control)));
    }
    Block::new("terraform", &[], Body::new().with_block("required_providers", providers))
}

fn uses_cloud_control(resources: &[Block]) -> bool {
    resources.iter().any(|block| block.labels.first().is_some_and(|kind| kind.starts_with("awscc_")))
}

/// Where the stack says in which Region it lives, both providers work there.
fn providers(outline: &Outline<'_>, resources: &[Block]) -> Vec<Block> {
    let Some(region) = &outline.stack.region else { return Vec::new() };
    let cloud_control = uses_cloud_control(resources).then_some("awscc");
    let provider = |name: &str| Block::new("provider", &[name], Body::new().with("region", region));
    std::iter::once("aws").chain(cloud_control).map(provider).collect()
}

fn group_variable() -> Block {
    let body = Body::new()
        .with_argument("type", Argument::Type("string"))
        .with("description", "The log group that the metric filters watch");
    Block::new("variable", &["log_group_name"], body)
}

/// What has to be asked for a fact.
fn data(fact: Fact, labels: &Labels) -> Option<Block> {
    let kind = match fact {
        Fact::Partition => "aws_partition",
        Fact::Account => "aws_caller_identity",
        Fact::Organization => "aws_organizations_organization",
        Fact::Region if labels.region.is_none() => "aws_region",
        Fact::Region | Fact::LogGroupArn | Fact::BucketArn => return None,
    };
    Some(Block::new("data", &[kind, "current"], Body::new()))
}
